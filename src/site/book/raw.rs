//! Turns well-formed HTML into a block of raw HTML that mdBook puts on the page as it stands.
//!
//! Five things would change it there: a blank line ends the block; `{{#include …}}` is a command wherever it stands; a
//! class `language-…` outside `<pre>` stops mdBook with a panic, and inside it has the code highlighted once more; a link
//! to a note's file leads nowhere; the page for printing gathers pages of all folders in the outermost one, and mends the
//! addresses of links and images there, but not those of players.

use std::borrow::Cow;

use crate::html;
use crate::site::pages::Target;
use crate::text::entity;
use crate::text::tags::{self, Attribute, Piece, Tag};

/// Rewrites the HTML. `follow` says where links lead.
pub(super) fn settle(html: &str, follow: &dyn Fn(&str) -> Target) -> String {
    let out = String::with_capacity(html.len() + html.len() / 16);
    let mut settled = Settler { out, verbatim: 0, formula: None, follow };
    let mut pieces = tags::pieces(html.trim());
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => settled.text(text),
            Piece::Tag(tag) => {
                settled.tag(&tag);
                if !tag.is_end && matches!(tag.name, "script" | "style") {
                    settled.program(pieces.raw_text(tag.name));
                }
            }
            // They say nothing to a reader, and what makes HTML well-formed leaves none.
            Piece::Comment(_) => {}
        }
    }
    settled.out
}

/// Formulas with more to be seen, in bytes, may be wider than a phone.
const MOST_IN_LINE: usize = 24;

struct Settler<'a> {
    out: String,
    /// How many elements are open in which white space counts.
    verbatim: usize,
    /// Where the formula in a line starts that is open, and how many bytes of it are to be seen.
    formula: Option<(usize, usize)>,
    follow: &'a dyn Fn(&str) -> Target,
}

impl Settler<'_> {
    fn text(&mut self, mut text: &str) {
        if let Some((_, shown)) = &mut self.formula {
            *shown += text.len();
        }
        while let Some((before, special)) =
            text.bytes().position(means_something).and_then(|at| text.split_at_checked(at))
        {
            self.out.push_str(before);
            text = special.get(1..).unwrap_or_default();
            match special.as_bytes().first() {
                Some(b'{') => self.out.push_str("&#123;"),
                Some(b'\n') if self.verbatim > 0 => self.out.push_str("&#10;"),
                Some(b'\n') => {
                    self.out.push('\n');
                    text = text.trim_start_matches([' ', '\t', '\n', '\r']);
                }
                Some(_) | None => {}
            }
        }
        self.out.push_str(text);
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        if matches!(tag.name, "pre" | "textarea") {
            self.verbatim = if tag.is_end { self.verbatim.saturating_sub(1) } else { self.verbatim + 1 };
        }
        if tag.name == "math" && !tag.is_end {
            self.formula = (!tag.text.contains("block")).then_some((self.out.len(), 0));
        }
        if let Some(doubled) = doubled(tag) {
            self.out.push_str(&escape(&doubled));
        } else if tag.text.bytes().any(means_something)
            || tag.text.contains("language-")
            || (tag.name == "a" && tag.text.contains("href="))
        {
            self.attributes(tag);
        } else {
            self.out.push_str(tag.text);
        }
        if tag.name == "math" && tag.is_end {
            self.close_formula();
        }
    }

    /// A long formula in a line scrolls by itself, and not its page: no browser breaks it.
    fn close_formula(&mut self) {
        if let Some((start, shown)) = self.formula.take()
            && shown > MOST_IN_LINE
            && self.out.is_char_boundary(start)
        {
            self.out.insert_str(start, "<span class=\"formula\">");
            self.out.push_str("</span>");
        }
    }

    /// A start tag, attribute by attribute; all values stand in double quotes.
    fn attributes(&mut self, tag: &Tag<'_>) {
        self.out.push('<');
        self.out.push_str(tag.name);
        let mut attributes = tag.attributes();
        for Attribute { name, value, .. } in attributes.by_ref() {
            let Some(value) = value else {
                self.out.push(' ');
                self.out.push_str(name);
                continue;
            };
            if let Some(value) = self.value(tag.name, name, value) {
                self.out.push(' ');
                self.out.push_str(name);
                self.out.push_str("=\"");
                self.out.push_str(&escape(&value));
                self.out.push('"');
            }
        }
        self.out.push_str(attributes.rest().trim_end());
    }

    /// A value as it is to be; none where the attribute goes.
    fn value<'t>(&self, element: &str, attribute: &str, value: &'t str) -> Option<Cow<'t, str>> {
        if attribute == "class" {
            let classes = value.split_whitespace().filter(|class| !class.starts_with("language-"));
            let classes = classes.collect::<Vec<_>>().join(" ");
            return (!classes.is_empty()).then_some(Cow::Owned(classes));
        }
        if element != "a" || attribute != "href" {
            return Some(Cow::Borrowed(value));
        }
        match (self.follow)(&entity::decode(value)) {
            Target::Same => Some(Cow::Borrowed(value)),
            Target::Nowhere => None,
            Target::Address(address) => {
                let mut escaped = String::with_capacity(address.len());
                html::escape_attribute(&address, &mut escaped);
                Some(Cow::Owned(escaped))
            }
        }
    }

    /// A script or a style, in which entities mean nothing.
    fn program(&mut self, program: &str) {
        for line in program.lines().filter(|line| !line.trim().is_empty()) {
            self.out.push_str(&line.replace("{{", "{ {"));
            self.out.push('\n');
        }
    }
}

/// A player's tag with two sources in the place of an address that leads out of the folder: the one that was written, and
/// the one that is right in the outermost folder. A source's tag becomes two likewise.
fn doubled(tag: &Tag<'_>) -> Option<String> {
    let is_player = matches!(tag.name, "audio" | "video");
    if !is_player && tag.name != "source" {
        return None;
    }
    let (before, rest) = tag.text.split_once(" src=\"../")?;
    let (address, after) = rest.split_once('"')?;
    let outermost = address.trim_start_matches("../");
    Some(if is_player {
        format!("{before}{after}<source src=\"../{address}\"><source src=\"{outermost}\">")
    } else {
        format!("{}{before} src=\"{outermost}\"{after}", tag.text)
    })
}

/// Whether mdBook or we would read something into a byte of text or of a value.
fn means_something(byte: u8) -> bool {
    matches!(byte, b'{' | b'\n' | b'\r')
}

/// What would mean something in a value.
fn escape(value: &str) -> String {
    value.replace('{', "&#123;").replace('\n', "&#10;").replace('\r', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(html: &str) -> String {
        settle(html, &|url| match url {
            "x.md" => Target::Address("y.html".to_owned()),
            "gone.md" => Target::Nowhere,
            _ => Target::Same,
        })
    }

    #[test]
    fn no_line_is_blank() {
        assert_eq!(settled("a\n \n\t\nb\n"), "a\nb");
        assert_eq!(
            settled("<pre>a\n\n b</pre>\n\n<p title=\"a\n\nb\">"),
            "<pre>a&#10;&#10; b</pre>\n<p title=\"a&#10;&#10;b\">"
        );
    }

    #[test]
    fn no_command_is_left() {
        assert_eq!(settled("{{#include x}}"), "&#123;&#123;#include x}}");
        assert_eq!(settled("<p title=\"{{#x}}\">"), "<p title=\"&#123;&#123;#x}}\">");
        assert_eq!(settled("<script>a = {{}};\n\nb</script>c"), "<script>a = { {}};\nb\n</script>c");
    }

    #[test]
    fn classes_of_languages_go() {
        assert_eq!(settled("<code class=\"language-rust\">x</code>"), "<code>x</code>");
        assert_eq!(settled("<p class=\"a language-b c\" id=\"d\">"), "<p class=\"a c\" id=\"d\">");
    }

    #[test]
    fn players_find_their_files_on_the_page_for_printing() {
        assert_eq!(
            settled("<audio controls=\"\" src=\"../../a.mp3\" title=\"{\">"),
            "<audio controls=\"\" title=\"&#123;\"><source src=\"../../a.mp3\"><source src=\"a.mp3\">"
        );
        assert_eq!(
            settled("<source src=\"../a\" type=\"b\">"),
            "<source src=\"../a\" type=\"b\"><source src=\"a\" type=\"b\">"
        );
        assert_eq!(
            settled("<video src=\"a.mp4\"><img src=\"../b.png\">"),
            "<video src=\"a.mp4\"><img src=\"../b.png\">"
        );
    }

    #[test]
    fn links_lead_to_pages() {
        assert_eq!(settled("<a href=\"x.md\" title=\"t\">x</a>"), "<a href=\"y.html\" title=\"t\">x</a>");
        assert_eq!(settled("<a href=\"gone.md\">x</a>"), "<a>x</a>");
        assert_eq!(settled("<a href=\"?a&amp;b\">x</a>"), "<a href=\"?a&amp;b\">x</a>");
        assert_eq!(settled("<a href=\"&#120;.md\">x</a>"), "<a href=\"y.html\">x</a>");
        assert_eq!(settled("<a title=\"a>b\" href=\"x.md\">x</a>"), "<a title=\"a>b\" href=\"y.html\">x</a>");
    }
}
