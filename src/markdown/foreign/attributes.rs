//! Turns the attributes that other dialects write behind a picture (`{width=300}`, `{: .x}`, `{:height 1, :width 2}`) into its
//! size.

/// What stands in braces behind a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::markdown) struct PictureAttributes {
    /// Bytes up to the brace that closes them.
    pub length: usize,
    /// Width and height in CSS pixels.
    pub size: [Option<u32>; 2],
    /// Whether something in them is to be seen that is not read.
    pub loses: bool,
}

/// The attributes that a text starts with, which follows a picture; `None` where its braces hold something else.
pub(in crate::markdown) fn of_picture(text: &str) -> Option<PictureAttributes> {
    let inner = text.strip_prefix('{')?;
    let end = inner.find(['{', '}', '\n', '\r']).filter(|end| inner[*end..].starts_with('}'))?;
    let mut found = PictureAttributes { length: end + "{}".len(), size: [None, None], loses: false };
    let words = inner[..end].split([' ', '\t', ',']).filter(|word| !word.is_empty());
    let mut words = words.map(|word| word.strip_prefix(':').unwrap_or(word)).filter(|word| !word.is_empty()).peekable();
    words.peek()?;
    while let Some(word) = words.next() {
        match word.split_once('=') {
            Some((name, value)) => found.set(name, value),
            // Logseq writes them as Clojure does.
            None if matches!(word, "width" | "height") => found.set(word, words.next()?),
            None if word.starts_with('#') => {}
            None if word.starts_with('.') => found.loses = true,
            None => return None,
        }
    }
    Some(found)
}

impl PictureAttributes {
    fn set(&mut self, name: &str, value: &str) {
        let value = value.trim_matches(['"', '\'']);
        let [width, height] = &mut self.size;
        let slot = match name.to_ascii_lowercase().as_str() {
            "width" | "w" => width,
            "height" | "h" => height,
            "id" | "alt" | "loading" => return,
            _ => return self.loses = true,
        };
        let number = value.strip_suffix("px").unwrap_or(value).split('.').next().unwrap_or_default();
        *slot = number.parse().ok().or(*slot);
        self.loses |= slot.is_none();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_in_pixels_are_read() {
        let read = |text| of_picture(text).map(|found| (&text[..found.length], found.size, found.loses));
        assert_eq!(read("{width=300} x"), Some(("{width=300}", [Some(300), None], false)));
        assert_eq!(
            read("{: width=\"300px\" height='20'}"),
            Some(("{: width=\"300px\" height='20'}", [Some(300), Some(20)], false))
        );
        assert_eq!(read("{:height 10, :width 20.5}"), Some(("{:height 10, :width 20.5}", [Some(20), Some(10)], false)));
        assert_eq!(read("{#fig:a width=50%}"), Some(("{#fig:a width=50%}", [None, None], true)));
        assert_eq!(read("{.center}"), Some(("{.center}", [None, None], true)));
        for text in ["{", "{}", "{x}", "{{c1::x}}", "{a\n=b}", "{width}", "x"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
