//! Turns well-formed HTML into a block of raw HTML that mdBook puts on the page as it stands.
//!
//! Five things would change it there: a blank line ends the block; `{{#include …}}` is a command wherever it stands; a
//! class `language-…` outside `<pre>` stops mdBook with a panic, and inside it has the code highlighted once more; a link
//! to a note's file leads nowhere; the page for printing gathers pages of all folders in the outermost one, and mends the
//! addresses of links and images there, but not those of players.

use std::borrow::Cow;

use crate::html;
use crate::site::pages::Target;

/// Rewrites the HTML. `follow` says where links lead.
pub(super) fn settle(html: &str, follow: &dyn Fn(&str) -> Target) -> String {
    let mut settled = Settler { out: String::with_capacity(html.len() + html.len() / 16), verbatim: 0, follow };
    let mut rest = html.trim();
    while let Some(at) = rest.find(['<', '{', '\n', '\r']) {
        let (text, special) = rest.split_at(at);
        settled.out.push_str(text);
        rest = settled.special(special);
    }
    settled.out.push_str(rest);
    settled.out
}

struct Settler<'a> {
    out: String,
    /// How many elements are open in which white space counts.
    verbatim: usize,
    follow: &'a dyn Fn(&str) -> Target,
}

impl Settler<'_> {
    /// Takes what a special character starts, and gives what is left.
    fn special<'t>(&mut self, text: &'t str) -> &'t str {
        let rest = text.get(1..).unwrap_or_default();
        match text.as_bytes().first() {
            Some(b'{') => self.out.push_str("&#123;"),
            Some(b'\n') if self.verbatim > 0 => self.out.push_str("&#10;"),
            Some(b'\n') => {
                self.out.push('\n');
                return rest.trim_start_matches([' ', '\t', '\n', '\r']);
            }
            Some(b'<') => return self.tag(text),
            Some(_) | None => {}
        }
        rest
    }

    fn tag<'t>(&mut self, text: &'t str) -> &'t str {
        let end = tag_end(text);
        let (tag, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        let name = tag.trim_start_matches(['<', '/']);
        let name = name.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
        if matches!(name, "pre" | "textarea") {
            self.verbatim = if tag.starts_with("</") { self.verbatim.saturating_sub(1) } else { self.verbatim + 1 };
        }
        if let Some(doubled) = doubled(name, tag) {
            self.out.push_str(&escape(&doubled));
        } else if tag.contains(['{', '\n', '\r']) || tag.contains("language-") || (name == "a" && tag.contains("href="))
        {
            self.attributes(name, tag);
        } else {
            self.out.push_str(tag);
        }
        if matches!(name, "script" | "style") && !tag.starts_with("</") { self.program(name, rest) } else { rest }
    }

    /// A start tag, attribute by attribute; all values stand in double quotes.
    fn attributes(&mut self, name: &str, tag: &str) {
        self.out.push('<');
        self.out.push_str(name);
        let mut rest = tag.get(1 + name.len()..).unwrap_or_default();
        while let Some((before, after)) = rest.split_once("=\"") {
            let attribute = before.trim();
            let (value, after) = after.split_once('"').unwrap_or((after, ""));
            if let Some(value) = self.value(name, attribute, value) {
                self.out.push(' ');
                self.out.push_str(attribute);
                self.out.push_str("=\"");
                self.out.push_str(&escape(&value));
                self.out.push('"');
            }
            rest = after;
        }
        self.out.push_str(rest.trim_end());
    }

    /// A value as it is to be; none where the attribute goes.
    fn value<'t>(&self, element: &str, attribute: &str, value: &'t str) -> Option<Cow<'t, str>> {
        if attribute.ends_with("class") {
            let classes = value.split_whitespace().filter(|class| !class.starts_with("language-"));
            let classes = classes.collect::<Vec<_>>().join(" ");
            return (!classes.is_empty()).then_some(Cow::Owned(classes));
        }
        if element != "a" || attribute != "href" {
            return Some(Cow::Borrowed(value));
        }
        match (self.follow)(&unescape(value)) {
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
    fn program<'t>(&mut self, name: &str, text: &'t str) -> &'t str {
        let end = text.find(&format!("</{name}")).unwrap_or(text.len());
        let (program, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        for line in program.lines().filter(|line| !line.trim().is_empty()) {
            self.out.push_str(&line.replace("{{", "{ {"));
            self.out.push('\n');
        }
        rest
    }
}

/// A player's tag with two sources in the place of an address that leads out of the folder: the one that was written, and
/// the one that is right in the outermost folder. A source's tag becomes two likewise.
fn doubled(name: &str, tag: &str) -> Option<String> {
    let is_player = matches!(name, "audio" | "video");
    let (before, rest) = tag.split_once(" src=\"../").filter(|_| is_player || name == "source")?;
    let (address, after) = rest.split_once('"')?;
    let outermost = address.trim_start_matches("../");
    Some(if is_player {
        format!("{before}{after}<source src=\"../{address}\"><source src=\"{outermost}\">")
    } else {
        format!("{tag}{before} src=\"{outermost}\"{after}")
    })
}

/// What would mean something in a value.
fn escape(value: &str) -> String {
    value.replace('{', "&#123;").replace('\n', "&#10;").replace('\r', "")
}

/// Offset behind the `>` that ends the tag; `>` in quotes does not.
fn tag_end(text: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The entities that our own escaping and the sanitiser's writes in values.
fn unescape(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#10;", "\n"), ("&amp;", "&")];
    Cow::Owned(entities.iter().fold(value.to_owned(), |value, (entity, with)| value.replace(entity, with)))
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
        assert_eq!(settled("<a title=\"a>b\" href=\"x.md\">x</a>"), "<a title=\"a>b\" href=\"y.html\">x</a>");
    }
}
