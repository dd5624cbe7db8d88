//! Turns HTML whose elements nest deeper than a parser takes in good time into HTML in which the tags of those are text.
//!
//! A browser's way with tags looks through all that is open at each of them: 100,000 open elements take minutes. Does not
//! know which elements hold which: one that nothing has to end is not counted.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::tags::{self, Tag};

/// The elements that are open.
#[derive(Debug)]
pub struct Nesting {
    limit: usize,
    depth: usize,
    /// Name → how many are open, and how many inside them are text. Only looked up, never walked, so its order does not
    /// matter.
    open: HashMap<String, (usize, usize)>,
    /// Which of [`FORMATTING`] are open, and what each costs to open anew; innermost last.
    formatting: Vec<(usize, usize)>,
    /// What they cost together.
    weight: usize,
    reopened: usize,
}

/// What an element takes besides the bytes of its tag.
const ELEMENT: usize = 32;

/// More attributes than this make a tag text: each is compared with all before it.
pub const MAX_ATTRIBUTES: usize = 200;

/// The longest name of an element that nests, as `blockquote` and `annotation-xml`.
const MAX_NAME: usize = 32;

impl Nesting {
    /// Nothing is open, and as many elements may be.
    pub fn new(limit: usize) -> Self {
        Self { limit, depth: 0, open: HashMap::new(), formatting: Vec::new(), weight: 0, reopened: 0 }
    }

    /// How much a browser might make of the HTML so far besides what is written, in bytes: whatever ends a block ends what
    /// is bold in it, and what follows is bold all the same, by a tag of its own (HTML, section 13.2.4.3).
    pub fn reopened(&self) -> usize {
        self.reopened
    }

    /// The HTML with the tags that are too much as text, and where the first of them stands. The next HTML goes on from
    /// here.
    pub fn limit<'a>(&mut self, html: &'a str) -> (Cow<'a, str>, Option<Range<usize>>) {
        let mut limited = String::new();
        let mut from = 0;
        let mut first = None;
        for tag in tags::tags(html).filter(|tag| !self.takes(tag)) {
            limited.push_str(html.get(from..tag.start).unwrap_or_default());
            limited.push_str("&lt;");
            from = tag.start + "<".len();
            first.get_or_insert(tag.start..tag.start + "<".len() + usize::from(tag.is_end) + tag.name.len());
        }
        if first.is_none() {
            return (Cow::Borrowed(html), None);
        }
        limited.push_str(html.get(from..).unwrap_or_default());
        (Cow::Owned(limited), first)
    }

    /// Whether as many of these as one likes are no deeper than one.
    fn is_flat(&self, tag: &Tag<'_>, name: &str) -> bool {
        let is_in = |name: &str| self.open.get(name).is_some_and(|(open, _)| *open > 0);
        // There each tag opens an element, whatever it is called, unless it ends itself.
        if is_in("svg") || is_in("math") {
            return tag.text.ends_with("/>");
        }
        match name {
            "rb" | "rt" | "rp" => is_in("ruby"),
            "optgroup" => is_in("select"),
            _ => ENDED_BY_OTHERS.contains(&name),
        }
    }

    fn takes(&mut self, tag: &Tag<'_>) -> bool {
        if !tag.is_end && tag.attributes().nth(MAX_ATTRIBUTES).is_some() {
            return false;
        }
        let name = tag.name.get(..MAX_NAME).unwrap_or(tag.name).to_ascii_lowercase();
        let format = FORMATTING.iter().position(|known| *known == name);
        let is_taken = if tag.is_end {
            let is_taken = self.closes(&name);
            if let Some(at) = self.formatting.iter().rposition(|(open, _)| is_taken && Some(*open) == format) {
                self.weight -= self.formatting.remove(at).1;
            }
            is_taken
        } else if self.is_flat(tag, &name) {
            true
        } else {
            let is_taken = self.opens(name);
            if let Some(format) = format.filter(|_| is_taken) {
                self.formatting.push((format, tag.text.len() + ELEMENT));
                self.weight += tag.text.len() + ELEMENT;
                return true;
            }
            is_taken
        };
        self.reopened = self.reopened.saturating_add(if is_taken { self.weight } else { 0 });
        is_taken
    }

    fn closes(&mut self, name: &str) -> bool {
        let Some((open, texts)) = self.open.get_mut(name) else { return true };
        if *texts > 0 {
            *texts -= 1;
            return false;
        }
        if *open > 0 {
            *open -= 1;
            self.depth -= 1;
        }
        true
    }

    fn opens(&mut self, name: String) -> bool {
        let (open, texts) = self.open.entry(name).or_default();
        if self.depth >= self.limit {
            *texts += 1;
            return false;
        }
        *open += 1;
        self.depth += 1;
        true
    }
}

/// The elements that go on behind the end of what they stand in (HTML, section 13.2.4.3).
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements without an end tag, those whose end tag may be left out, so that the next of them ends them, and those that a
/// browser passes over outside of a table (HTML, sections 13.1.2 and 13.2.6.4.7).
const ENDED_BY_OTHERS: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "dt", "dd", "option", "caption", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th", "html", "head",
    "body",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(html: &str) -> String {
        Nesting::new(3).limit(html).0.into_owned()
    }

    #[test]
    fn tags_that_are_too_deep_are_text() {
        let deep = format!("{}x{}", "<b>".repeat(5), "</b>".repeat(5));
        assert_eq!(limit(&deep), "<b><b><b>&lt;b>&lt;b>x&lt;/b>&lt;/b></b></b></b>");
        assert_eq!(Nesting::new(3).limit(&deep).1, Some(9..11));
        assert_eq!(limit("<a><b></a>").len(), 10);
        assert_eq!(limit("<a><i></a><a><i></a><a><i></a>"), "<a><i></a><a><i></a><a>&lt;i></a>", "nothing ends them");
    }

    #[test]
    fn what_follows_each_other_is_not_deep() {
        for flat in ["<b>x</b>", "<li>x", "<p>x", "<br>", "<IMG src=x/>", "</b>", "<td>x", "<B>x</b>"] {
            assert_eq!(limit(&flat.repeat(9)), flat.repeat(9));
        }
        for flat in ["<ruby>a<rt>b</ruby>", "<svg><path d=x/></svg>"] {
            assert_eq!(limit(&flat.repeat(9)), flat.repeat(9));
        }
        assert_eq!(limit("<ruby><rt><rt><rt><rt>").matches("&lt;").count(), 0);
        assert_eq!(limit("<rt><rt><rt><rt>").matches("&lt;").count(), 1);
        assert_eq!(limit("<svg><td><td><td>").matches("&lt;").count(), 1);
        let mut nesting = Nesting::new(3);
        assert_eq!(nesting.limit("<b><i>").0, "<b><i>");
        assert_eq!(nesting.limit("<u><s>").0, "<u>&lt;s>", "pieces go on from each other");
    }

    #[test]
    fn what_a_browser_opens_anew_is_counted() {
        let reopened = |html: &str| {
            let mut nesting = Nesting::new(3);
            let _ = nesting.limit(html);
            nesting.reopened()
        };
        let bold = "<b>".len() + ELEMENT;
        for (html, expected) in [
            ("<b>x</b><p>x", 0),
            ("<p><b>x<p>x", bold),
            ("<P><B>x</P><p>x</B></p>", 2 * bold),
            ("<div><font color=red>x</div>", "<font color=red>".len() + ELEMENT),
            ("<b><i></b><p>", 2 * bold),
            ("<i><i><i><b><p></b></i><p>", 3 * bold + 2 * bold + 2 * bold),
            ("<svg><b/><b/></svg>", 0),
        ] {
            assert_eq!(reopened(html), expected, "{html}");
        }
    }

    #[test]
    fn a_tag_has_so_many_attributes() {
        let tag = |count: usize| {
            let attributes: Vec<String> = (0..count).map(|n| format!("a{n}=x")).collect();
            format!("<a {}>", attributes.join(" "))
        };
        assert_eq!(limit(&tag(MAX_ATTRIBUTES)), tag(MAX_ATTRIBUTES));
        assert!(limit(&tag(MAX_ATTRIBUTES + 1)).starts_with("&lt;a a0"));
    }
}
