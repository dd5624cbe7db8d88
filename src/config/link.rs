//! Turns the text of `link:` into an address with places to fill in.
//!
//! Knows the names of the places, not what goes there.

use crate::text::address;

/// An address in which `{path}` and the like stand for what differs from note to note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkPattern {
    /// As it was written.
    pub written: String,
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
}

/// A piece of a [`LinkPattern`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A text that stays.
    Text(String),
    /// `{path}`: the file's path from the project's folder.
    Path,
    /// `{chapter}`: the file's path from the content folder.
    Chapter,
    /// `{file}`: the file's whole path on this machine, without a `/` at its start.
    File,
    /// `{line}`: the note's line, counted from 1.
    Line,
}

/// The places, by their names.
const PLACES: [(&str, Piece); 4] =
    [("path", Piece::Path), ("chapter", Piece::Chapter), ("file", Piece::File), ("line", Piece::Line)];

/// Why a text is no pattern.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault<'t> {
    /// It is no address that a link may lead to.
    NoAddress,
    /// No place has this name.
    NoPlace(&'t str),
    /// A brace without its other one.
    Brace,
}

/// The names of the places.
pub(super) fn names() -> [&'static str; 4] {
    PLACES.map(|(name, _)| name)
}

/// Reads a text.
pub(super) fn read(text: &str) -> Result<LinkPattern, Fault<'_>> {
    let is_address = address::scheme(text).is_some() && address::may_be_followed(text);
    if !is_address || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(Fault::NoAddress);
    }
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').ok_or(Fault::Brace)?;
        let place = PLACES.into_iter().find(|(known, _)| *known == name).map(|(_, place)| place);
        pieces.extend(text_piece(before)?);
        pieces.push(place.ok_or(Fault::NoPlace(name))?);
        rest = behind;
    }
    pieces.extend(text_piece(rest)?);
    Ok(LinkPattern { written: text.to_owned(), pieces })
}

fn text_piece(text: &str) -> Result<Option<Piece>, Fault<'_>> {
    if text.contains('}') {
        return Err(Fault::Brace);
    }
    Ok((!text.is_empty()).then(|| Piece::Text(text.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_from_text() {
        let pieces = |text| read(text).unwrap().pieces;
        let text = |text: &str| Piece::Text(text.to_owned());
        assert_eq!(pieces("obsidian://open?vault=V&file={path}"), [text("obsidian://open?vault=V&file="), Piece::Path]);
        assert_eq!(
            pieces("vscode://file/{file}:{line}"),
            [text("vscode://file/"), Piece::File, text(":"), Piece::Line]
        );
        assert_eq!(pieces("https://e.org/{chapter}#"), [text("https://e.org/"), Piece::Chapter, text("#")]);
        assert_eq!(pieces("https://e.org"), [text("https://e.org")]);
    }

    #[test]
    fn what_is_no_pattern_says_why() {
        for text in
            ["{path}", "a/{path}", "javascript:{path}", "//e.org", "https://e.org/a b", "ms-msdt:/{path}", "c:/{path}"]
        {
            assert_eq!(read(text), Err(Fault::NoAddress), "{text}");
        }
        for text in ["https://{path", "https://path}", "https://{path}}", "https://a}{path}"] {
            assert_eq!(read(text), Err(Fault::Brace), "{text}");
        }
        for (text, name) in [("https://{pth}", "pth"), ("https://{}", ""), ("https://{{path}}", "{path")] {
            assert_eq!(read(text), Err(Fault::NoPlace(name)), "{text}");
        }
    }
}
