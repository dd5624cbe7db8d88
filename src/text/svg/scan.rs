//! Turns XML into its pieces, and stops where it is none.

use super::declared::Declared;

/// A piece of XML.
pub(super) enum Piece<'t> {
    /// Characters, with what stood for them.
    Text(String),
    /// A start tag, or one of an empty element.
    Start(Tag<'t>),
    /// The name of an end tag.
    End(&'t str),
    /// The target of a processing instruction.
    Instruction(&'t str),
    /// A comment or the declarations at the start.
    Nothing,
}

/// A start tag.
pub(super) struct Tag<'t> {
    pub(super) name: &'t str,
    /// Names and values; entities are characters.
    pub(super) attributes: Vec<(&'t str, String)>,
    /// Whether it ends in `/>`.
    pub(super) is_empty: bool,
}

/// What is left of a text.
pub(super) struct Scanner<'t> {
    rest: &'t str,
    /// Whether something was passed over that no XML has: a parser reads no further there.
    pub(super) had_mistake: bool,
}

/// Whether the encoding that a text says it has leaves ASCII what it is.
pub(super) fn has_usual_encoding(text: &str) -> bool {
    let Some((declaration, _)) = text.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) else {
        return true;
    };
    let Some((_, named)) = declaration.split_once("encoding") else { return true };
    let name =
        named.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\'')).to_ascii_lowercase();
    ["utf-8", "us-ascii", "ascii", "iso-8859-", "windows-125", "latin1"].iter().any(|usual| name.starts_with(usual))
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let rest = text.trim_start();
        let is_late = rest.len() < text.len() && rest.starts_with("<?xml");
        // XML 1.0, 2.2.
        let has_controls = text.bytes().any(|byte| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r'));
        Self { rest, had_mistake: is_late || has_controls }
    }

    /// Whether all of the text was read.
    pub(super) fn is_at_end(&self) -> bool {
        self.rest.trim_start().is_empty()
    }

    /// The one-based line of the text where what is left begins.
    pub(super) fn line_in(&self, text: &str) -> usize {
        let read = text.len().saturating_sub(self.rest.len());
        1 + text.bytes().take(read).filter(|byte| *byte == b'\n').count()
    }

    /// The next piece; `None` at the end and at a mistake.
    pub(super) fn next_piece(&mut self, declared: &mut Declared) -> Option<Piece<'t>> {
        if let Some(inner) = self.rest.strip_prefix("<!--") {
            let comment = self.up_to(inner, "-->")?;
            // XML 1.0, 2.5.
            self.had_mistake |= comment.contains("--") || comment.ends_with('-');
            return Some(Piece::Nothing);
        }
        if let Some(inner) = self.rest.strip_prefix("<![CDATA[") {
            return self.up_to(inner, "]]>").map(|text| Piece::Text(text.to_owned()));
        }
        if let Some(inner) = self.rest.strip_prefix("<?") {
            let target = self.up_to(inner, "?>")?.split_whitespace().next().unwrap_or_default();
            return Some(Piece::Instruction(target));
        }
        if let Some(inner) = self.rest.strip_prefix("<!DOCTYPE") {
            self.rest = declared.read(inner)?;
            return Some(Piece::Nothing);
        }
        if let Some(inner) = self.rest.strip_prefix("</") {
            let name = self.up_to(inner, ">")?.trim_end();
            return is_name(name).then_some(Piece::End(name));
        }
        if let Some(inner) = self.rest.strip_prefix('<') {
            return self.tag(inner, declared).map(Piece::Start);
        }
        let length = self.rest.find('<').unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        (!text.is_empty()).then(|| Piece::Text(declared.decoded(text)))
    }

    /// What stands before an end, which is passed over.
    fn up_to(&mut self, inner: &'t str, end: &str) -> Option<&'t str> {
        let (before, rest) = inner.split_once(end)?;
        self.rest = rest;
        Some(before)
    }

    fn tag(&mut self, inner: &'t str, declared: &mut Declared) -> Option<Tag<'t>> {
        let (name, mut rest) = split_name(inner)?;
        let mut attributes = Vec::new();
        loop {
            let after = rest.trim_start();
            if let Some(behind) = after.strip_prefix('>') {
                self.rest = behind;
                return Some(Tag { name, attributes, is_empty: false });
            }
            if let Some(behind) = after.strip_prefix("/>") {
                self.rest = behind;
                return Some(Tag { name, attributes, is_empty: true });
            }
            let (attribute, behind) = split_name(after).filter(|_| after.len() < rest.len())?;
            let value = behind.trim_start().strip_prefix('=')?.trim_start();
            let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let (value, behind) = value.get(1..)?.split_once(quote).filter(|(value, _)| !value.contains('<'))?;
            attributes.push((attribute, declared.decoded(value)));
            rest = behind;
        }
    }
}

fn split_name(text: &str) -> Option<(&str, &str)> {
    let length = text.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/' | '<' | '"' | '\''))?;
    text.split_at_checked(length).filter(|(name, _)| is_name(name))
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.') || !c.is_ascii())
}
