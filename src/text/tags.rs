//! Turns HTML into the tags and comments in it and the text between them, each as it was written and with its place.
//!
//! Reads what HTML's own tokenizer reads (living standard, section 13.2.5), but decodes nothing. Does not know what a tag
//! means: that a script holds no tags, its reader has to say ([`Pieces::raw_text`]).

use std::ops::Range;

/// The pieces of HTML. All of them behind each other are the HTML.
pub fn pieces(html: &str) -> Pieces<'_> {
    Pieces { html, at: 0 }
}

/// The tags of HTML, outside comments.
pub fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    pieces(html).filter_map(|piece| if let Piece::Tag(tag) = piece { Some(tag) } else { None })
}

/// A piece of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// What is neither of the others, with any `<` that starts nothing.
    Text(&'a str),
    /// A tag.
    Tag(Tag<'a>),
    /// A comment, or what is read as one: `<!DOCTYPE html>`, `<?xml?>`, `</>`. One that nothing ends reaches to the end.
    Comment(&'a str),
}

/// A tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// All of it, from `<` to `>`.
    pub text: &'a str,
    /// Its name as written.
    pub name: &'a str,
    /// Offset of its `<` in the HTML.
    pub start: usize,
    /// Whether it is an end tag, `</a>`.
    pub is_end: bool,
    /// Whether its `>` is there. Where it is not, the tag reaches to the end of the HTML, and a browser shows nothing of it.
    pub is_closed: bool,
}

/// An attribute of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Its name as written.
    pub name: &'a str,
    /// Offset of its name in the HTML.
    pub start: usize,
    /// Its value as written, without quotes; `None` where no `=` follows the name.
    pub value: Option<&'a str>,
    /// Offset of its value in the HTML; behind the name where there is none.
    pub value_start: usize,
}

/// The elements of text (HTML, living standard, section 4.5), and older ones like them.
const INLINE: [&str; 24] = [
    "a", "abbr", "b", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
];

impl<'a> Tag<'a> {
    /// Whether this is its name. Case does not count.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Whether it stands within a word or a line; all others part words.
    pub fn is_inline(&self) -> bool {
        INLINE.iter().any(|name| self.is(name))
    }

    /// Where it stands in the HTML.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Its attributes in order; of equal ones, browsers take the first.
    pub fn attributes(&self) -> Attributes<'a> {
        let at = "<".len() + usize::from(self.is_end) + self.name.len();
        Attributes { tag: self.text, start: self.start, at }
    }

    /// Its first attribute of a name. Case does not count.
    pub fn attribute(&self, name: &str) -> Option<Attribute<'a>> {
        self.attributes().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }
}

impl Attribute<'_> {
    /// Where its value stands in the HTML; empty and behind the name where it has none.
    pub fn value_range(&self) -> Range<usize> {
        self.value_start..self.value_start + self.value.map_or(0, str::len)
    }
}

/// An iterator over the pieces of HTML.
#[derive(Debug, Clone)]
pub struct Pieces<'a> {
    html: &'a str,
    at: usize,
}

impl<'a> Pieces<'a> {
    /// Takes what stands before the end tag of a name, or all that is left: in `<script>` and the like, nothing is a tag.
    pub fn raw_text(&mut self, name: &str) -> &'a str {
        let rest = self.rest();
        let is_end = |at: &usize| {
            let after = rest.get(at + "</".len()..).unwrap_or_default();
            let is_name = after.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
            is_name && after.as_bytes().get(name.len()).is_none_or(|&byte| is_space(byte) || b"/>".contains(&byte))
        };
        let length = rest.match_indices("</").map(|(at, _)| at).find(is_end).unwrap_or(rest.len());
        self.take(length)
    }

    /// What is left.
    pub fn rest(&self) -> &'a str {
        self.html.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, _) = self.rest().split_at_checked(length).unwrap_or((self.rest(), ""));
        self.at += taken.len();
        taken
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let (rest, start) = (self.rest(), self.at);
        if rest.is_empty() {
            return None;
        }
        Some(match Markup::at_start(rest) {
            None => Piece::Text(self.take(text_length(rest))),
            Some(Markup::Comment) => Piece::Comment(self.take(comment_length(rest))),
            Some(Markup::Tag { is_end }) => {
                let (name, length, is_closed) = tag(rest, is_end);
                Piece::Tag(Tag { text: self.take(length), name, start, is_end, is_closed })
            }
        })
    }
}

/// An iterator over the attributes of a tag.
#[derive(Debug, Clone)]
pub struct Attributes<'a> {
    tag: &'a str,
    /// Offset of the tag in the HTML.
    start: usize,
    /// Offset in the tag.
    at: usize,
}

impl<'a> Attributes<'a> {
    /// What of the tag was not read yet, with the white space before it; once all are read, no more than ` />`.
    pub fn rest(&self) -> &'a str {
        self.tag.get(self.at..).unwrap_or_default()
    }

    /// Offset of the next attribute's name in the tag, or of the `>`, or of the end.
    fn next_name(&self) -> usize {
        self.offset_of(self.at, |byte| !is_space(byte) && byte != b'/')
    }

    /// The value behind a `=`, where it stands in the tag, and the offset behind its quotes.
    fn value(&self, from: usize) -> (Range<usize>, usize) {
        let from = self.offset_of(from, |byte| !is_space(byte));
        if let Some(quote @ (b'"' | b'\'')) = self.byte(from) {
            let end = self.offset_of(from + 1, |byte| byte == quote);
            return (from + 1..end, (end + 1).min(self.tag.len()));
        }
        let end = self.offset_of(from, |byte| is_space(byte) || byte == b'>');
        (from..end, end)
    }

    /// The offset of the first byte from `from` on that fits, or the end.
    fn offset_of(&self, from: usize, fits: impl Fn(u8) -> bool) -> usize {
        let rest = self.tag.as_bytes().get(from..).unwrap_or_default();
        rest.iter().position(|&byte| fits(byte)).map_or(self.tag.len(), |found| from + found)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.tag.as_bytes().get(at).copied()
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Attribute<'a>> {
        let name_start = self.next_name();
        if matches!(self.byte(name_start), None | Some(b'>')) {
            return None;
        }
        // A `=` at its start belongs to the name.
        let name_end = self.offset_of(name_start + 1, |byte| ends_name(byte) || byte == b'=');
        let behind = self.offset_of(name_end, |byte| !is_space(byte));
        let has_value = self.byte(behind) == Some(b'=');
        let (value, end) = if has_value { self.value(behind + 1) } else { (name_end..name_end, name_end) };
        self.at = end;
        Some(Attribute {
            name: self.tag.get(name_start..name_end).unwrap_or_default(),
            start: self.start + name_start,
            value_start: self.start + value.start,
            value: has_value.then(|| self.tag.get(value).unwrap_or_default()),
        })
    }
}

/// What a `<` starts.
enum Markup {
    Tag { is_end: bool },
    Comment,
}

impl Markup {
    fn at_start(text: &str) -> Option<Self> {
        match text.as_bytes() {
            [b'<', b'/', first, ..] if first.is_ascii_alphabetic() => Some(Self::Tag { is_end: true }),
            [b'<', first, ..] if first.is_ascii_alphabetic() => Some(Self::Tag { is_end: false }),
            [b'<', b'!' | b'?', ..] | [b'<', b'/', _, ..] => Some(Self::Comment),
            _ => None,
        }
    }
}

/// The length of the text at the start, which may begin with a `<`.
fn text_length(rest: &str) -> usize {
    let is_markup = |at: &usize| rest.get(*at..).is_some_and(|rest| Markup::at_start(rest).is_some());
    rest.match_indices('<').map(|(at, _)| at).find(is_markup).unwrap_or(rest.len())
}

fn comment_length(rest: &str) -> usize {
    let Some(inner) = rest.strip_prefix("<!--") else {
        return rest.find('>').map_or(rest.len(), |end| end + 1);
    };
    let end_at = |at: usize| {
        let rest = inner.get(at..)?;
        ["-->", "--!>"].into_iter().find(|end| rest.starts_with(end)).map(|end| at + end.len())
    };
    let inner_length = if inner.starts_with('>') {
        1
    } else if inner.starts_with("->") {
        2
    } else {
        inner.match_indices('-').find_map(|(at, _)| end_at(at)).unwrap_or(inner.len())
    };
    rest.len() - inner.len() + inner_length
}

/// The name of the tag at the start, the tag's length, and whether it is closed.
fn tag(rest: &str, is_end: bool) -> (&str, usize, bool) {
    let name_start = "<".len() + usize::from(is_end);
    let mut attributes = Attributes { tag: rest, start: 0, at: name_start };
    let name_end = attributes.offset_of(name_start, ends_name);
    attributes.at = name_end;
    while attributes.next().is_some() {}
    let end = attributes.next_name();
    let is_closed = attributes.byte(end).is_some();
    (rest.get(name_start..name_end).unwrap_or_default(), end + usize::from(is_closed), is_closed)
}

fn ends_name(byte: u8) -> bool {
    matches!(byte, b'>' | b'/') || is_space(byte)
}

fn is_space(byte: u8) -> bool {
    // Nearly all bytes are told by one comparison.
    byte <= b' ' && matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    use html5ever::tendril::StrTendril;
    use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
    use proptest::prelude::*;

    use super::*;

    /// What html5ever and the scanner are compared by.
    #[derive(Debug, Clone, PartialEq, Eq)]
    enum Seen {
        Text(String),
        Tag { name: String, is_end: bool, attributes: Vec<(String, String)> },
        Comment,
    }

    #[derive(Default)]
    struct Sink(RefCell<Vec<Seen>>);

    impl TokenSink for Sink {
        type Handle = ();

        fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
            match token {
                Token::TagToken(tag) => {
                    let attribute = |attribute: &html5ever::Attribute| {
                        (attribute.name.local.to_string(), attribute.value.to_string())
                    };
                    let attributes = tag.attrs.iter().map(attribute).collect();
                    let is_end = tag.kind == TagKind::EndTag;
                    self.0.borrow_mut().push(Seen::Tag { name: tag.name.to_string(), is_end, attributes });
                }
                Token::CharacterTokens(text) => push_text(&mut self.0.borrow_mut(), &text),
                Token::CommentToken(_) | Token::DoctypeToken(_) => self.0.borrow_mut().push(Seen::Comment),
                Token::NullCharacterToken | Token::EOFToken | Token::ParseError(_) => {}
            }
            TokenSinkResult::Continue
        }
    }

    fn push_text(seen: &mut Vec<Seen>, text: &str) {
        match seen.last_mut() {
            Some(Seen::Text(before)) => before.push_str(text),
            _ => seen.push(Seen::Text(text.to_owned())),
        }
    }

    fn seen_by_html5ever(html: &str) -> Vec<Seen> {
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from(html));
        let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
        let _ = tokenizer.feed(&queue);
        tokenizer.end();
        tokenizer.sink.0.into_inner()
    }

    /// Browsers drop a tag that is not closed, the second of equal attributes, all attributes of end tags, and `</>`.
    fn seen_by_scanner(html: &str) -> Vec<Seen> {
        let mut seen = Vec::new();
        for piece in pieces(html) {
            match piece {
                Piece::Text(text) => push_text(&mut seen, text),
                Piece::Comment("</>") => {}
                Piece::Comment(_) => seen.push(Seen::Comment),
                Piece::Tag(tag) if !tag.is_closed => {}
                Piece::Tag(tag) => {
                    let mut names = BTreeSet::new();
                    let attributes = tag
                        .attributes()
                        .map(|found| (found.name.to_ascii_lowercase(), found.value.unwrap_or_default().to_owned()))
                        .filter(|(name, _)| names.insert(name.clone()))
                        .collect();
                    seen.push(Seen::Tag { name: tag.name.to_ascii_lowercase(), is_end: tag.is_end, attributes });
                }
            }
        }
        seen
    }

    const PIECES: &[&str] = &[
        "<",
        "</",
        "<!--",
        "<!",
        "<?",
        "-->",
        "--!>",
        "->",
        "-",
        ">",
        "/>",
        "/",
        "=",
        "\"",
        "'",
        " ",
        "\n",
        "\t",
        "\u{c}",
        "a",
        "B",
        "img",
        "src",
        "ä",
        "1",
        "<b>",
        "</b>",
        "<a href=\"",
        "<x y='",
        "<!DOCTYPE ",
        "<![CDATA[",
        "]]>",
        "!",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        // html5ever also decodes entities and replaces NUL and CR LF, which are no matter of tags.
        #[test]
        fn html5ever_sees_the_same(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
            let html = pieces.concat();
            prop_assert_eq!(seen_by_scanner(&html), seen_by_html5ever(&html), "{:?}", html);
        }

        #[test]
        fn pieces_are_the_html_and_say_where_they_stand(html in "([<>/!?=\"' \n\r\0a&;-]|\\PC)*") {
            let mut all = String::new();
            for piece in pieces(&html) {
                match piece {
                    Piece::Text(text) | Piece::Comment(text) => all.push_str(text),
                    Piece::Tag(tag) => {
                        prop_assert_eq!(html.get(tag.range()), Some(tag.text));
                        for attribute in tag.attributes() {
                            prop_assert!(html.get(attribute.start..).is_some_and(|from| from.starts_with(attribute.name)));
                            prop_assert_eq!(html.get(attribute.value_range()), Some(attribute.value.unwrap_or_default()));
                        }
                        all.push_str(tag.text);
                    }
                }
            }
            prop_assert_eq!(all, html);
        }
    }

    #[test]
    fn tags_are_found_with_their_attributes() {
        let html = "<p a><!-- <img src=no> --><IMG src=\"a>b.png\" width=3/ alt></p><x y='";
        let tags: Vec<Tag<'_>> = tags(html).collect();
        let names: Vec<_> = tags.iter().map(|tag| (tag.name, tag.is_end, tag.is_closed)).collect();
        assert_eq!(names, [("p", false, true), ("IMG", false, true), ("p", true, true), ("x", false, false)]);
        let values: Vec<_> = tags[1].attributes().map(|attribute| (attribute.name, attribute.value)).collect();
        assert_eq!(values, [("src", Some("a>b.png")), ("width", Some("3/")), ("alt", None)]);
        assert_eq!(tags[1].attribute("SRC").and_then(|source| html.get(source.value_range())), Some("a>b.png"));
    }

    #[test]
    fn what_is_left_of_a_tag_keeps_its_end() {
        let tag = tags("<mspace width=\"1em\" />").next().unwrap();
        let mut attributes = tag.attributes();
        assert_eq!(attributes.by_ref().count(), 1);
        assert_eq!(attributes.rest(), " />");
    }

    #[test]
    fn nothing_is_a_tag_in_raw_text() {
        let mut pieces = pieces("<script>if (a<b) \"</scripts>\"</SCRIPT >x");
        pieces.next();
        assert_eq!(pieces.raw_text("script"), "if (a<b) \"</scripts>\"");
        assert!(matches!(pieces.next(), Some(Piece::Tag(tag)) if tag.is_end && tag.is("script")));
        assert_eq!(pieces.raw_text("style"), "x");
    }
}
