//! Turns texts into the file names that stand in them, however they are written: in an embed, a link, a tag, front matter.
//!
//! Knows no syntax. What a text names is used by whoever wrote it, be it packed or not.

use std::collections::HashSet;

use crate::text::address::percent_decode;
use crate::text::path::fold;

/// How far before its extension a name may start, in bytes: disks take 255.
const MAX_NAME: usize = 255;

/// How many words a name may have before a line is not looked through any further.
const MAX_STARTS: usize = 24;

/// Those of `names`, which are [`fold`]ed, that stand in one of the texts.
pub(super) fn mentioned<'t>(names: &HashSet<String>, texts: impl Iterator<Item = &'t str>) -> HashSet<String> {
    let extensions: HashSet<&str> = names.iter().filter_map(|name| Some(name.rsplit_once('.')?.1)).collect();
    let mut found = HashSet::new();
    for text in texts {
        for (dot, _) in text.match_indices('.') {
            let rest = text.get(dot + 1..).unwrap_or_default();
            let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count().min(8);
            let extension = rest.get(..length).unwrap_or_default().to_ascii_lowercase();
            if extensions.contains(extension.as_str()) {
                found.extend(name_before(text, dot + 1 + length, names));
            }
        }
    }
    found
}

/// The name that ends at an offset: of all that start behind something that may stand before a name, the longest.
fn name_before(text: &str, end: usize, names: &HashSet<String>) -> Option<String> {
    let start = text.ceil_char_boundary(end.saturating_sub(MAX_NAME));
    let before = text.get(start..end)?;
    let line = before.rsplit(['\n', '\r']).next()?;
    let may_precede = |c: char| c.is_whitespace() || "/\\()<>\"'[]|=:{}`,;!".contains(c);
    let starts = line.char_indices().rev().filter(|(_, c)| may_precede(*c)).map(|(at, c)| at + c.len_utf8());
    let starts = starts.take(MAX_STARTS).chain([0]);
    starts
        .filter_map(|at| line.get(at..))
        .map(|name| fold(&percent_decode(name)))
        .filter(|name| names.contains(name))
        .last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_are_written() {
        let names: HashSet<String> =
            ["a.png", "b c.png", "ü.jpg", "d.e.svg", "f.mp3", "no.png", "g.png"].map(fold).into();
        let found = |text: &str| {
            let mut found: Vec<String> = mentioned(&names, std::iter::once(text)).into_iter().collect();
            found.sort();
            found.join(" ")
        };
        for (text, expected) in [
            ("![[a.png]] ![[b c.png|300]]", "a.png b c.png"),
            ("[x](img/b%20c.png) <img src='A.PNG'>", "a.png b c.png"),
            ("cover: ü.jpg\nx: \"d.e.svg\"", "d.e.svg ü.jpg"),
            ("[sound:f.mp3] poster=g.png", "f.mp3 g.png"),
            ("[r]: <b c.png>\nurl(a.png) C:\\x\\g.png", "a.png b c.png g.png"),
            ("aa.png xa.png a.pngx a.pn .png png.", ""),
            ("", ""),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn long_lines_take_no_longer_than_short_ones() {
        let names: HashSet<String> = [fold("a.png")].into();
        assert!(mentioned(&names, std::iter::once("x x.png ".repeat(50_000).as_str())).is_empty());
    }
}
