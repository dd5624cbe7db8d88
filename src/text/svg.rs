//! Turns a drawing in SVG into one that only shows things: no scripts, no event handlers, nothing from elsewhere.
//!
//! Reads it as an XML parser does (XML 1.0, Namespaces in XML 1.0), up to the first mistake: behind one a browser reads
//! nothing. What is in a drawing is told by names; how it looks is none of this file's business.

mod css;
mod declared;
mod policy;
mod scan;

use std::borrow::Cow;
use std::collections::BTreeSet;

use self::declared::Declared;
use self::policy::{Element, Fate};
use self::scan::{Piece, Scanner};

/// What is in a file that should be a drawing.
#[derive(Debug, PartialEq, Eq)]
pub enum Drawing {
    /// Nothing that does anything: the file may stay as it is, byte for byte.
    Harmless,
    /// What is left of it, and what is not.
    Cleaned(Vec<u8>, Lost),
    /// No drawing, or one that is compressed.
    Unreadable,
}

/// What a drawing had that what is left of it has not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lost {
    /// Whether something would have run, or asked for something elsewhere.
    pub acts: bool,
    /// The one-based line of the first mistake in its XML.
    pub broken_at: Option<usize>,
    /// Whether it says that it is written in an encoding which is not read.
    pub is_recoded: bool,
    /// Whether it is no well-formed XML for what is put right in what is left: an `&` that stands for nothing, as in `&nbsp;`, no
    /// `xmlns`, prefixes that nobody declares, attributes given twice, `--` in a comment, text around it. Browsers show nothing of such
    /// a file.
    pub is_mended: bool,
}

/// Whether a file might be XML: pictures and sounds never start like that.
pub fn may_be(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    is_wide(head) || head.trim_ascii_start().first() == Some(&b'<')
}

/// Whether the mark of UTF-16 stands at the start.
fn is_wide(head: &[u8]) -> bool {
    head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF")
}

/// So many bytes may a drawing have from which something is taken out: what is harmless is never copied.
const MOST_CLEANED: usize = 16 << 20;

/// Looks through a drawing.
pub fn clean(bytes: &[u8]) -> Drawing {
    let Some(text) = decoded(bytes) else { return Drawing::Unreadable };
    let is_recoded = !is_wide(bytes) && !scan::has_usual_encoding(&text);
    let seen = cleaned(&text, is_recoded, false);
    match seen {
        Drawing::Cleaned(..) if text.len() > MOST_CLEANED => Drawing::Unreadable,
        Drawing::Cleaned(..) => cleaned(&text, is_recoded, true),
        Drawing::Harmless | Drawing::Unreadable => seen,
    }
}

/// `is_recoded`: in another encoding it might say something else, so nothing of it stays as it is. `writes` says whether what is
/// left is wanted.
fn cleaned(text: &str, is_recoded: bool, writes: bool) -> Drawing {
    let mut cleaner = Cleaner { writes, lost: Lost { is_recoded, ..Lost::default() }, ..Cleaner::default() };
    let mut scanner = Scanner::new(text);
    let mut is_whole = true;
    while is_whole && let Some(piece) = scanner.next_piece(&mut cleaner.declared) {
        is_whole = cleaner.take(piece);
    }
    is_whole &= scanner.is_at_end() && cleaner.open.is_empty();
    cleaner.lost.is_mended |= scanner.had_mistake;
    cleaner.lost.broken_at = (!is_whole).then(|| scanner.line_in(text));
    cleaner.finish()
}

/// UTF-8; UTF-16 behind its mark; what is neither is taken byte by byte, which leaves the markup what it is.
fn decoded(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let wide = |of: fn([u8; 2]) -> u16, bytes: &[u8]| {
        let (pairs, _) = bytes.as_chunks::<2>();
        char::decode_utf16(pairs.iter().copied().map(of)).map(|c| c.unwrap_or('\u{FFFD}')).collect()
    };
    let text: Cow<'_, str> = match bytes {
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(wide(u16::from_le_bytes, rest)),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(wide(u16::from_be_bytes, rest)),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
        },
    };
    (text.trim_start().starts_with('<') && !text.contains('\0')).then_some(text)
}

/// So many elements may lie within each other, and so many namespaces be in effect.
const MOST: usize = 1_000;

#[derive(Default)]
struct Cleaner {
    /// Whether `out` is written to.
    writes: bool,
    out: String,
    open: Vec<Open>,
    /// Prefixes and what they stand for, innermost last.
    namespaces: Vec<(String, String)>,
    declared: Declared,
    /// How many elements are open within the outermost one that goes, with itself.
    hidden: usize,
    has_root: bool,
    lost: Lost,
}

struct Open {
    name: String,
    /// How many of the namespaces were there before.
    namespaces: usize,
    /// What a style holds, until its end.
    style: Option<String>,
}

impl Cleaner {
    /// Whether to go on.
    fn take(&mut self, piece: Piece<'_>) -> bool {
        match piece {
            Piece::Text(text) => self.text(&text),
            Piece::Start(tag) => return self.start(&tag),
            Piece::End(name) => return self.end(name),
            Piece::Instruction(target) => self.lost.acts |= target.eq_ignore_ascii_case("xml-stylesheet"),
            Piece::Nothing => {}
        }
        true
    }

    fn text(&mut self, text: &str) {
        match self.open.last_mut().map(|open| &mut open.style) {
            // Text around a drawing.
            None => self.lost.is_mended |= !text.trim().is_empty(),
            Some(Some(style)) => style.push_str(text),
            Some(None) if self.hidden == 0 && self.writes => push_escaped(text, false, &mut self.out),
            Some(None) => {}
        }
    }

    fn start(&mut self, tag: &scan::Tag<'_>) -> bool {
        let before = self.namespaces.len();
        for (name, value) in &tag.attributes {
            let prefix = if *name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") };
            self.namespaces.extend(prefix.map(|prefix| (prefix.to_owned(), value.clone())));
        }
        let (prefix, local) = tag.name.split_once(':').unwrap_or(("", tag.name));
        let is_first = self.open.is_empty();
        let namespace = self.namespaces.iter().rev().find(|(known, _)| known == prefix).map(|(_, uri)| uri.as_str());
        let element = Element::new(namespace.unwrap_or_default(), local);
        if is_first && (self.has_root || !element.is_drawing() || local != "svg") {
            return false;
        }
        let (is_unbound, lacks_namespace) =
            (!is_declared(prefix, namespace.is_some()), is_first && namespace.is_none());
        if lacks_namespace {
            self.namespaces.push((String::new(), NAMESPACE.to_owned()));
        }
        // Nobody draws so deep, and each name is sought in all namespaces.
        if self.open.len().max(self.namespaces.len()) > MOST {
            return false;
        }
        self.has_root = true;
        if !self.writes {
            self.out.clear();
        }
        let goes = element.fate(&tag.attributes) == Fate::Goes;
        self.lost.acts |= goes;
        self.lost.is_mended |= is_unbound || lacks_namespace;
        let hides = self.hidden > 0 || goes || is_unbound;
        if hides {
            self.hidden += usize::from(!tag.is_empty);
        } else {
            self.write_start(tag, &element, lacks_namespace);
        }
        if tag.is_empty {
            self.namespaces.truncate(before);
        } else {
            let style = (!hides && element.is_style()).then(String::new);
            self.open.push(Open { name: tag.name.to_owned(), namespaces: before, style });
        }
        true
    }

    fn write_start(&mut self, tag: &scan::Tag<'_>, element: &Element, lacks_namespace: bool) {
        self.out.push('<');
        self.out.push_str(tag.name);
        if lacks_namespace {
            self.out.extend([" xmlns=\"", NAMESPACE, "\""]);
        }
        let mut given = BTreeSet::new();
        for (name, value) in &tag.attributes {
            let (prefix, local) = name.split_once(':').unwrap_or(("", name));
            let is_declared = is_declared(prefix, self.namespaces.iter().any(|(known, _)| known == prefix));
            // What `xlink` was is known where nobody says it.
            let name = if is_declared { *name } else { local };
            if !is_declared || given.contains(name) {
                self.lost.is_mended = true;
                if prefix != "xlink" || given.contains(name) {
                    continue;
                }
            }
            given.insert(name);
            let kept = element.attribute(name, value);
            self.lost.acts |= kept.as_deref() != Some(value);
            if let Some(kept) = kept.filter(|_| self.writes) {
                self.out.extend([" ", name, "=\""]);
                push_escaped(&kept, true, &mut self.out);
                self.out.push('"');
            }
        }
        self.out.push_str(if tag.is_empty { "/>" } else { ">" });
    }

    fn end(&mut self, name: &str) -> bool {
        if self.open.last().is_none_or(|open| open.name != name) {
            return false;
        }
        self.close();
        true
    }

    fn close(&mut self) {
        let Some(Open { name, namespaces, style }) = self.open.pop() else { return };
        self.namespaces.truncate(namespaces);
        if self.hidden > 0 {
            self.hidden -= 1;
            return;
        }
        if let Some(style) = style {
            let harmless = css::harmless(&style);
            self.lost.acts |= harmless.as_deref() != Some(style.as_str());
            push_escaped(&harmless.unwrap_or_default(), false, &mut self.out);
        }
        self.out.extend(["</", &name, ">"]);
    }

    fn finish(mut self) -> Drawing {
        self.lost.acts |= self.declared.does_something;
        self.lost.is_mended |= self.declared.had_unknown_name;
        while !self.open.is_empty() {
            self.close();
        }
        match (self.has_root, self.lost == Lost::default()) {
            (false, _) => Drawing::Unreadable,
            (true, true) => Drawing::Harmless,
            (true, false) => Drawing::Cleaned(self.out.into_bytes(), self.lost),
        }
    }
}

/// The namespace of drawings (SVG 2, 1.3).
const NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// Whether a prefix stands for something, be it what needs no declaration.
fn is_declared(prefix: &str, is_found: bool) -> bool {
    is_found || matches!(prefix, "" | "xml" | "xmlns")
}

fn push_escaped(text: &str, is_value: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' if !is_value => out.push(c),
            '\n' | '\t' | '\r' => out.push_str(match c {
                '\n' => "&#10;",
                '\t' => "&#9;",
                _ => "&#13;",
            }),
            // No XML holds them, not even as numbers.
            c if c.is_ascii_control() => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests;
