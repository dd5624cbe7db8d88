//! Turns a place in a line into the foreign markup that starts there: links and embeds of wikis (`[[x]]`, `![[x|300]]`), sounds as
//! Anki writes them (`[sound:x]`), addresses with spaces in them, raised and lowered text (`x^2^`, `H~2~O`), ids of blocks
//! (`^id`).
//!
//! Reads the source, not what the parser made of it; whether the place is text at all is for its caller to know. Every search
//! ends at the first character that cannot belong to what it looks for, so that many beginnings in a line cost no more than one.

use std::ops::Range;

use super::size;
use crate::ir::Size;
use crate::text::address;
use crate::text::bytes::holds_any;
use crate::text::extension::{self, MediaKind};
use crate::text::heading_id::heading_id;

/// Foreign markup in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::markdown) struct Mark {
    /// All of it.
    pub range: Range<usize>,
    /// What it is.
    pub kind: MarkKind,
}

/// What foreign markup is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::markdown) enum MarkKind {
    /// A picture or a sound.
    Embed {
        /// Where it is, as Markdown writes it.
        address: String,
        /// Where that is written.
        place: Range<usize>,
        /// The text in its place, with its size behind a bar if that is written so.
        alt: String,
        /// The title, if there is one.
        title: String,
        /// The size, where one is written behind the address.
        size: Size,
    },
    /// A link.
    Link {
        /// Where it leads, as Markdown writes it.
        address: String,
        /// The title, if there is one.
        title: String,
        /// What is shown.
        text: Shown,
    },
    /// A note that is put into another one, which nothing here does: a link to it.
    Transclusion {
        /// As of a link.
        address: String,
        /// What is shown.
        text: Shown,
    },
    /// Text above the line; where it stands.
    Raised(Range<usize>),
    /// Text below the line.
    Lowered(Range<usize>),
}

/// What a link shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::markdown) enum Shown {
    /// What is written there.
    Written(Range<usize>),
    /// Another text than is written.
    Made(String),
}

/// Whether a text may hold any; most texts hold none.
pub(in crate::markdown) fn may_hold(text: &str) -> bool {
    holds_any(text, *b"[^~{")
}

/// The foreign markup of `text` that starts at `at` and ends at `limit` or before.
pub(in crate::markdown) fn mark(text: &str, at: usize, limit: usize) -> Option<Mark> {
    // Not cut at the line's end, which would be searched anew for each beginning in it.
    let line = text.get(at..limit)?;
    let before = text[..at].chars().next_back();
    match line.as_bytes().first()? {
        b'!' if line.starts_with("![[") => wiki(line, at, 1),
        b'!' if line.starts_with("![") => spaced(line, at, 1),
        b'[' if line.starts_with("[[") && !is_index(before) => wiki(line, at, 0),
        b'[' => sound(line, at).or_else(|| spaced(line, at, 0)),
        b'^' => raised(line, at, before),
        b'~' if before != Some('~') => raised(line, at, before),
        _ => None,
    }
}

/// Whether brackets behind a character are an index (`x[[1]]`) and no link. Scripts without spaces between words link anywhere.
fn is_index(before: Option<char>) -> bool {
    before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ']' | ')'))
}

/// `[[target|text]]`, and behind `!` as an embed; `marks` are the bytes before the brackets.
fn wiki(line: &str, at: usize, marks: usize) -> Option<Mark> {
    let start = marks + 2;
    let inner = line.get(start..)?;
    let end = inner.find(['[', ']', '\n', '\r'])?;
    let written = inner.get(..end).filter(|_| inner[end..].starts_with("]]"))?;
    let range = at..at + start + end + 2;
    let bar = written.find('|');
    // In a table a backslash stands before the bar.
    let target = written.get(..bar.unwrap_or(end))?;
    let target = if bar.is_some() { target.trim_end_matches('\\') } else { target };
    let shown = bar.map(|bar| bar + 1..end).filter(|shown| !written[shown.clone()].trim().is_empty());
    if !names_page(target) {
        return None;
    }
    let (from, name) = (at + start, target.trim());
    let place = from + target.len() - target.trim_start().len();
    let place = place..place + name.len();
    if marks > 0 && is_file(path_of(name)) {
        let alt = shown.map_or("", |shown| &written[shown]).replace("\\|", "|");
        let alt =
            if alt.is_empty() || alt.contains('|') || size::of_pair(&alt).is_none() { alt } else { format!("|{alt}") };
        let (address, title, size) = (encoded(path_of(name)), String::new(), Size::default());
        return Some(Mark { range, kind: MarkKind::Embed { address, place, alt, title, size } });
    }
    let text =
        shown.map_or_else(|| page_text(name, place), |shown| Shown::Written(from + shown.start..from + shown.end));
    let address = page_address(name);
    let kind = if marks > 0 {
        MarkKind::Transclusion { address, text }
    } else {
        MarkKind::Link { address, title: String::new(), text }
    };
    Some(Mark { range, kind })
}

/// Whether brackets hold the name of a page. What a shell tests (`[[ -f x ]]`) and what a matrix or a printed list starts with
/// (`[[1]]`) is none.
fn names_page(target: &str) -> bool {
    let is_index = target.len() <= 3 && target.bytes().all(|byte| byte.is_ascii_digit());
    let is_quoted = target.starts_with(['"', '\'']);
    // Anki's own `[[type:Field]]` of old, and what some builders put a table of contents in the place of.
    let is_command =
        target.starts_with("type:") || ["toc", "_toc_"].iter().any(|word| target.eq_ignore_ascii_case(word));
    !target.trim().is_empty() && !target.starts_with(' ') && !is_index && !is_quoted && !is_command
}

/// Whether an address names a note of the project.
pub(in crate::markdown) fn is_note(url: &str) -> bool {
    address::scheme(url).is_none() && !url.starts_with("//") && extension::is_markdown(path_of(url))
}

/// The name of the file that an address names.
pub(in crate::markdown) fn name_of(url: &str) -> &str {
    path_of(url).rsplit('/').next().unwrap_or_default()
}

/// An address without what names a place in its file.
pub(in crate::markdown) fn path_of(name: &str) -> &str {
    name.split(['#', '?']).next().unwrap_or_default()
}

/// Whether a wiki's name has an extension that is no note's.
fn is_file(path: &str) -> bool {
    !extension::is_markdown(path) && has_extension(path)
}

/// Whether a path ends in what looks like an extension: few letters, and digits behind the first of them (`a.mp3`, not `v1.2`).
fn has_extension(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        let is_word = extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let starts_as_one = extension.starts_with(|c: char| c.is_ascii_alphabetic()) || extension == "7z";
        !stem.is_empty() && (1..=10).contains(&extension.len()) && is_word && starts_as_one
    })
}

/// The text of a link that gives none: `Page#Head` is `Page > Head`.
fn page_text(name: &str, place: Range<usize>) -> Shown {
    let parts: Vec<&str> = name.split('#').map(str::trim).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [_] if !name.contains('#') => Shown::Written(place),
        parts => {
            Shown::Made(parts.iter().filter(|part| !part.starts_with('^')).copied().collect::<Vec<_>>().join(" > "))
        }
    }
}

/// A wiki's name of a page, and of a place in it, as an address. The page is a Markdown file, whose name may ask something
/// (`what?`); its block has no address.
fn page_address(name: &str) -> String {
    let path = name.split('#').next().unwrap_or_default().trim();
    let place = name.rsplit_once('#').map_or("", |(_, place)| place.trim());
    let end = if path.is_empty() || has_extension(path) { "" } else { ".md" };
    let fragment =
        if place.is_empty() || place.starts_with('^') { String::new() } else { format!("#{}", heading_id(place)) };
    format!("{}{end}{fragment}", encoded(path))
}

/// A path as an address, whichever slashes it has.
fn encoded(path: &str) -> String {
    address::percent_encode(&path.replace('\\', "/"))
}

/// `[sound:name]`.
fn sound(line: &str, at: usize) -> Option<Mark> {
    let inner = line.strip_prefix("[sound:")?;
    let name = inner.get(..inner.find(['[', ']', '\n', '\r'])?).filter(|name| inner[name.len()..].starts_with(']'))?;
    MediaKind::of(name)?;
    let start = "[sound:".len();
    let place = at + start..at + start + name.len();
    let (alt, title, size) = (String::new(), String::new(), Size::default());
    let kind = MarkKind::Embed { address: encoded(name), place, alt, title, size };
    Some(Mark { range: at..at + start + name.len() + 1, kind })
}

/// A link or an image whose address Markdown takes for none: it has spaces in it, or a size behind it.
fn spaced(line: &str, at: usize, marks: usize) -> Option<Mark> {
    let start = marks + 1;
    let inner = line.get(start..)?;
    let text = start..start + inner.find(['[', ']', '\n', '\r'])?;
    let open = text.end + "](".len();
    let behind = line.get(text.end..)?.strip_prefix("](")?;
    let length = closing(behind)?;
    let range = at..at + open + length + 1;
    let (written, title) = split_title(behind.get(..length)?);
    let (written, size) = split_size(written);
    let path = written.trim();
    let is_read = path.contains([' ', '\t']) || (marks > 0 && size != Size::default());
    let name = path.split(['#', '?']).next().unwrap_or_default();
    if !is_read
        || path.is_empty()
        || path.contains(['<', '>'])
        || !(has_extension(name) || address::scheme(path).is_some())
    {
        return None;
    }
    let place = at + open + written.len() - written.trim_start().len();
    let place = place..place + path.len();
    // Blanks are all that is encoded: the rest is written as Markdown has it.
    let address = path.replace(' ', "%20").replace('\t', "%09");
    let shown = Shown::Written(at + text.start..at + text.end);
    let title = title.to_owned();
    let kind = if marks == 0 {
        MarkKind::Link { address, title, text: shown }
    } else {
        let alt = line[text].to_owned();
        MarkKind::Embed { address, place, alt, title, size }
    };
    Some(Mark { range, kind })
}

/// How long an address is up to the `)` that ends it; pairs of them may stand within.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            b'[' | b']' | b'`' | b'\n' | b'\r' => return None,
            _ => {}
        }
    }
    None
}

/// An address and the title behind it, in quotes or parentheses.
fn split_title(text: &str) -> (&str, &str) {
    let trimmed = text.trim_end();
    let titled = [(" \"", '"'), (" '", '\''), (" (", ')')].into_iter().find_map(|(open, close)| {
        // The title of an address without spaces is read by the parser.
        trimmed.strip_suffix(close)?.rsplit_once(open)
    });
    titled.unwrap_or((text, ""))
}

/// An address and the size behind it: `x.png =300x200`.
fn split_size(text: &str) -> (&str, Size) {
    let found = text.trim_end().rsplit_once(" =").and_then(|(address, size)| Some((address, size::of_pair(size)?)));
    found.unwrap_or((text, Size::default()))
}

/// `x^2^` and `H~2~O`: within a word, and without white space. What is raised may stand before its word as well (`^14^C`).
fn raised(line: &str, at: usize, before: Option<char>) -> Option<Mark> {
    let mark = line.chars().next()?;
    let inner = line.get(1..)?;
    let end = inner
        .find(|c: char| !(c.is_alphanumeric() || is_sign(c) || matches!(c, '.' | ',' | '(' | ')' | '\'' | '*')))?;
    let content = inner.get(..end).filter(|content| !content.is_empty() && inner[end..].starts_with(mark))?;
    let after = inner[end + 1..].chars().next();
    let follows = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, ')' | ']' | '^' | '~' | '*' | '}'));
    let leads = mark == '^' && !follows && after.is_some_and(char::is_alphanumeric) && before.is_none_or(opens_word);
    // A sum in between (`2^3+4^5`) and a tower (`2^3^4`) are typed by hand and mean something else.
    let is_sum = content.trim_start_matches(is_sign).trim_end_matches(is_sign).contains(is_sign);
    let goes_on = after.is_some_and(|c| c.is_alphanumeric() || c == '(');
    let is_tower = content.ends_with(|c: char| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit());
    let has_word = content.contains(|c: char| c.is_alphanumeric() || is_sign(c));
    let is_whole = content.matches('(').count() == content.matches(')').count();
    if !(follows || leads) || (is_sum && goes_on) || is_tower || !has_word || !is_whole || after == Some(mark) {
        return None;
    }
    let place = at + 1..at + 1 + end;
    let kind = if mark == '^' { MarkKind::Raised(place) } else { MarkKind::Lowered(place) };
    Some(Mark { range: at..at + end + 2, kind })
}

fn is_sign(c: char) -> bool {
    matches!(c, '+' | '-' | '\u{2212}' | '\u{2013}' | '\u{b1}')
}

fn opens_word(before: char) -> bool {
    before.is_whitespace() || matches!(before, '(' | '[' | '"' | '\'')
}

/// Whether a text is the id of a block: `^` and letters, digits and dashes. A short number is an exponent.
pub(in crate::markdown) fn is_block_id(text: &str) -> bool {
    text.strip_prefix('^').is_some_and(|id| {
        let is_number = id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        !id.is_empty()
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !(is_number && id.len() < 6)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kind of markup at the first place of a line that has some, and what is written there.
    fn found(line: &str) -> Option<(&str, MarkKind)> {
        let mark = (0..line.len()).filter(|at| line.is_char_boundary(*at)).find_map(|at| mark(line, at, line.len()))?;
        Some((&line[mark.range.clone()], mark.kind))
    }

    fn link(line: &str) -> Option<String> {
        let (_, MarkKind::Link { address, title, text }) = found(line)? else { return None };
        let title = if title.is_empty() { title } else { format!(" ({title})") };
        Some(match text {
            Shown::Written(place) => format!("{} -> {address}{title}", &line[place]),
            Shown::Made(text) => format!("{text} => {address}"),
        })
    }

    fn embed(line: &str) -> Option<String> {
        let (_, MarkKind::Embed { address, place, alt, title, size }) = found(line)? else {
            return None;
        };
        let Size { width, height, percent: _ } = size;
        Some(format!("{address} {} {alt:?} {title:?} {width:?} {height:?}", &line[place]).replace("None", "-"))
    }

    #[test]
    fn links_of_wikis_are_links_to_files() {
        assert_eq!(link("l'[[Other page]]s").as_deref(), Some("Other page -> Other%20page.md"));
        assert_eq!(link("[[other|the alias]]").as_deref(), Some("the alias -> other.md"));
        assert_eq!(link(r"| [[x\|y]] |").as_deref(), Some("y -> x.md"));
        assert_eq!(link("[[other#Part two]]").as_deref(), Some("other > Part two => other.md#part-two"));
        assert_eq!(link("[[#Part]]").as_deref(), Some("Part => #part"));
        assert_eq!(link("[[a#b#c|d]]").as_deref(), Some("d -> a.md#c"));
        assert_eq!(link("[[a#^x1]]").as_deref(), Some("a => a.md"));
        assert_eq!(link("[[what? now]]").as_deref(), Some("what? now -> what%3F%20now.md"));
        assert_eq!(link("[[what?.md#how?]]").as_deref(), Some("what?.md > how? => what%3F.md#how"));
        assert_eq!(link("[[a.md]] 見る[[b]]").as_deref(), Some("a.md -> a.md"));
        assert_eq!(link("見る[[v1.2|]]").as_deref(), Some("v1.2 -> v1.2.md"));
        for text in [
            "x[[1]]",
            "[[1]]",
            "[[ -f x ]]",
            "[[]]",
            "[[a]",
            "[[a [b]]",
            "[a[[b]]",
            "df[[\"a\"]]",
            "f()[[i]]",
            "[[\"a\"]]",
            "[[type:A]]",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn embeds_and_sounds_are_media() {
        assert_eq!(embed("![[pic.png]]").as_deref(), Some("pic.png pic.png \"\" \"\" - -"));
        assert_eq!(
            embed("![[sub\\pic 2.png|300x20]]").as_deref(),
            Some("sub/pic%202.png sub\\pic 2.png \"|300x20\" \"\" - -")
        );
        assert_eq!(embed("![[p.png|alt|300]]").as_deref(), Some("p.png p.png \"alt|300\" \"\" - -"));
        assert_eq!(embed("[sound:a b.mp3]").as_deref(), Some("a%20b.mp3 a b.mp3 \"\" \"\" - -"));
        assert_eq!(found("[sound:a]"), None);
        assert!(matches!(found("![[Page#Part]]"), Some((_, MarkKind::Transclusion { .. }))));
        assert_eq!(embed("![[a.pdf#page=2]]").as_deref(), Some("a.pdf a.pdf#page=2 \"\" \"\" - -"));
    }

    #[test]
    fn addresses_may_hold_spaces() {
        assert_eq!(
            embed("![a picture](my pic.png)").as_deref(),
            Some("my%20pic.png my pic.png \"a picture\" \"\" - -")
        );
        assert_eq!(embed("![](a (1) b.png \"t\")").as_deref(), Some("a%20(1)%20b.png a (1) b.png \"\" \"t\" - -"));
        assert_eq!(embed("![](p.png =300x200)").as_deref(), Some("p.png p.png \"\" \"\" Some(300) Some(200)"));
        assert_eq!(embed("![](p.png =x200)").as_deref(), Some("p.png p.png \"\" \"\" - Some(200)"));
        assert_eq!(link("[see](my note.md#part)").as_deref(), Some("see -> my%20note.md#part"));
        for title in ["\"A (b) title\"", "'A (b) title'", "(A (b) title)"] {
            let written = format!("[see](my note.md {title})");
            let expected = if title.starts_with('(') { None } else { Some("see -> my%20note.md (A (b) title)") };
            assert_eq!(link(&written).as_deref(), expected, "{title}");
        }
        assert_eq!(link("[see](my note.md (T))").as_deref(), Some("see -> my%20note.md (T)"));
        assert_eq!(link("[see](it's my.md)").as_deref(), Some("see -> it's%20my.md"));
        for text in ["f[x](a b)", "![x](a b)", "[x](y.md)", "![](a b.png", "![](<a b.png>)", "[a] (b c.md)", "![x](=3)"]
        {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn words_have_raised_and_lowered_parts() {
        let part = |text| match found(text) {
            Some((_, MarkKind::Raised(place))) => Some(format!("^{}", &text[place])),
            Some((_, MarkKind::Lowered(place))) => Some(format!("_{}", &text[place])),
            _ => None,
        };
        for (text, expected) in [
            ("x^2^", "^2"),
            ("H~2~O", "_2"),
            ("Na^+^ and", "^+"),
            ("10^-3^ m", "^-3"),
            ("x^n+1^.", "^n+1"),
            ("^14^C", "^14"),
            ("CO~2~", "_2"),
            ("~4~^2-^", "^2-"),
            ("(a)~ij~", "_ij"),
            ("1^er^ mai", "^er"),
        ] {
            assert_eq!(part(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "2^3+4^5",
            "2^3^4",
            "2^3 and 4^5",
            "a ~b~ c",
            "~b~",
            "~~b~~",
            "^_^",
            "o^_^o",
            "x^^y",
            "[^1]",
            "a^ b^",
            "C:\\P~1\\M~1",
            "~/a ~/b",
            "5 ^2^ 6",
            "x^2",
            "^a^",
        ] {
            assert_eq!(part(text), None, "{text}");
        }
    }

    #[test]
    fn ids_of_blocks_are_no_exponents() {
        for id in ["^abc123", "^37066d", "^my-id", "^123456"] {
            assert!(is_block_id(id), "{id}");
        }
        for text in ["^2", "^10", "^", "^a b", "^a^", "abc", "^x_y", "^-1"] {
            assert!(!is_block_id(text), "{text}");
        }
    }

    #[test]
    fn many_beginnings_cost_no_more_than_one() {
        for start in ["[[", "![[", "![](", "[sound:", "x^(", "![](("] {
            let line = start.repeat(200_000);
            assert_eq!((0..line.len()).filter(|at| mark(&line, *at, line.len()).is_some()).count(), 0, "{start}");
        }
    }
}
