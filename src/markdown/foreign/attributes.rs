//! Turns the attributes that other dialects write behind a picture (`{width=300}`, `{: .x}`, `{:height 1, :width 2}`) into its
//! size.

use super::size;
use crate::ir::Size;

/// What stands in braces behind a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::markdown) struct PictureAttributes {
    /// Bytes up to the brace that closes them.
    pub length: usize,
    /// The size.
    pub size: Size,
    /// Whether something in them is to be seen that is not read.
    pub loses: bool,
}

/// The attributes that a text starts with, which follows a picture; `None` where its braces hold something else.
pub(in crate::markdown) fn of_picture(text: &str) -> Option<PictureAttributes> {
    let inner = text.strip_prefix('{')?;
    let end = inner.find(['{', '}', '\n', '\r']).filter(|end| inner[*end..].starts_with('}'))?;
    let mut found = PictureAttributes { length: end + "{}".len(), size: Size::default(), loses: false };
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
        let is_read = match name.to_ascii_lowercase().as_str() {
            "width" | "w" => size::set_width(&mut self.size, value),
            "height" | "h" => size::set_height(&mut self.size, value),
            "id" | "alt" | "loading" => return,
            _ => false,
        };
        self.loses |= !is_read;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        let read = |text| of_picture(text).map(|found| (&text[..found.length], found.size, found.loses));
        let size = |width, height, percent| Size { width, height, percent };
        for (text, expected, loses) in [
            ("{width=300}", size(Some(300), None, None), false),
            ("{: width=\"300px\" height='20'}", size(Some(300), Some(20), None), false),
            ("{:height 10, :width 20.5}", size(Some(20), Some(10), None), false),
            ("{#fig:a width=50%}", size(None, None, Some(50)), false),
            ("{w=\"33.3%\"}", size(None, None, Some(33)), false),
            ("{width=2.54cm}", size(Some(96), None, None), false),
            ("{height=50%}", size(None, None, None), true),
            ("{.center}", size(None, None, None), true),
        ] {
            assert_eq!(read(text), Some((text, expected, loses)), "{text}");
        }
        assert_eq!(read("{width=300} x").map(|found| found.0), Some("{width=300}"));
        for text in ["{", "{}", "{x}", "{{c1::x}}", "{a\n=b}", "{width}", "x"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
