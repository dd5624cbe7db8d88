//! Turns a file's name and the properties at its top into what a page is: its title, its tags, its deck.
//!
//! Knows no cards. The properties stand in lines by themselves, in a first bullet, or between lines of dashes.

use std::ops::Range;

use super::marks::names;
use super::outline::{Node, property};
use crate::ir::{DeckName, Tag};
use crate::text::address;
use crate::text::path::stem;

/// What a page says of itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// Its title.
    pub(super) title: String,
    /// What it is tagged with.
    pub(super) tags: Vec<Tag>,
    /// Its deck, and where that is named.
    pub(super) deck: Option<(DeckName, Range<usize>)>,
    /// Whether the namespace of its title names its deck.
    namespace_is_deck: bool,
}

impl Page {
    /// The page of a file. `front` is the place of what stands between lines of dashes above it, `first` its first block.
    pub(super) fn of(path: &str, text: &str, front: Range<usize>, first: Option<&Node>) -> Self {
        let mut page = Self::default();
        for line in lines(text, front) {
            page.line(text, line);
        }
        let lines = first.map(|first| properties(text, first)).unwrap_or_default();
        for line in lines {
            page.line(text, line);
        }
        if page.title.is_empty() {
            page.title = title_of(path);
        }
        if page.namespace_is_deck && page.deck.is_none() {
            let namespace = page.title.rsplit_once('/').map(|(namespace, _)| deck(namespace));
            page.deck = namespace.flatten().map(|deck| (deck, 0..0));
        }
        page
    }

    fn line(&mut self, text: &str, line: Range<usize>) {
        let written = text.get(line.clone()).unwrap_or_default();
        let Some((key, value)) = property(written) else { return };
        let place = line.start + value..line.end;
        let (key, value) = (written.get(..key).unwrap_or_default(), written.get(value..).unwrap_or_default().trim());
        match key.to_ascii_lowercase().as_str() {
            "title" => value.clone_into(&mut self.title),
            "tags" => self.tags.extend(tags(value).filter(|tag| !tag.as_str().eq_ignore_ascii_case("card"))),
            "deck" => self.deck = deck(value).map(|deck| (deck, place)).or(self.deck.take()),
            "use-namespace-as-default-deck" => self.namespace_is_deck = value.eq_ignore_ascii_case("true"),
            _ => {}
        }
    }
}

/// Whether what stands between lines of dashes is properties, and not YAML.
pub(in crate::markdown) fn are_properties(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    lines.peek().is_some() && lines.all(|line| property(line).is_some())
}

/// The lines of properties that a page's first block starts with.
fn properties(text: &str, first: &Node) -> Vec<Range<usize>> {
    if first.has_bullet() && !first.is_properties() {
        return Vec::new();
    }
    let is_one = |line: &Range<usize>| text.get(line.clone()).is_some_and(|text| property(text).is_some());
    first.lines.iter().map(|line| line.text.clone()).take_while(is_one).collect()
}

/// Where what a page's first block says of the page ends, with a line of dashes below it; `None` where it says nothing.
pub(super) fn end_of_properties(text: &str, first: &Node) -> Option<usize> {
    let count = properties(text, first).len();
    let last = first.lines.get(count.checked_sub(1)?)?;
    let next = first.lines.get(count).filter(|next| text.get(next.text.clone()).is_some_and(is_dashes));
    Some(next.unwrap_or(last).end)
}

fn is_dashes(line: &str) -> bool {
    line.len() >= 3 && line.bytes().all(|byte| byte == b'-')
}

/// The lines of a piece of a text, without white space around them.
fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = range.start;
    text.get(range).unwrap_or_default().split_inclusive('\n').map(move |line| {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        start..(start + line.trim().len())
    })
}

/// The tags that a property's value names.
pub(super) fn tags(value: &str) -> impl Iterator<Item = Tag> + '_ {
    names(value).filter_map(|name| Tag::joined(&Tag::written(name))).take(Tag::MOST)
}

/// The deck that a property names: `A/B`, which may stand in brackets.
pub(super) fn deck(value: &str) -> Option<DeckName> {
    let bare = value.trim().trim_start_matches("[[").trim_end_matches("]]").trim_matches('"');
    let parts: Vec<&str> = bare.split('/').map(str::trim).filter(|part| !part.is_empty()).collect();
    DeckName::new(&parts.join("::"))
}

/// The title that a file's name stands for: `___` and `%2F` part namespaces, other characters are percent-encoded.
pub(super) fn title_of(path: &str) -> String {
    address::percent_decode(&stem(path).replace("___", "/")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::outline::outline;
    use super::*;

    fn page(path: &str, text: &str, front: Range<usize>) -> Page {
        let nodes = outline(text, front.end..text.len());
        Page::of(path, text, front, nodes.first())
    }

    #[test]
    fn names_of_files_are_titles() {
        for (path, title) in [
            ("pages/Tea___Leaves.md", "Tea/Leaves"),
            ("Tea%2FLeaves.md", "Tea/Leaves"),
            ("What%3F 50%25.md", "What? 50%"),
            ("茶.md", "茶"),
            ("50%.md", "50%"),
            ("journals/2024_05_01.md", "2024_05_01"),
        ] {
            assert_eq!(title_of(path), title, "{path}");
        }
    }

    #[test]
    fn pages_say_what_they_are() {
        let text = "title:: The page\ntags:: [[Tea]], black tea, #a/b\ndeck:: [[A/B]]\n\n- x\n";
        let found = page("x.md", text, 0..0);
        assert_eq!(found.title, "The page");
        assert_eq!(found.tags.iter().map(Tag::as_str).collect::<Vec<_>>(), ["Tea", "black-tea", "a::b"]);
        assert_eq!(found.deck.map(|(deck, place)| (deck.to_string(), &text[place])), Some(("A::B".into(), "[[A/B]]")));
        let bullet = page("x.md", "- title:: y\n  tags:: z\n- a\n", 0..0);
        assert_eq!((bullet.title.as_str(), bullet.tags.len()), ("y", 1));
        assert_eq!(page("x.md", "- a\n  title:: y\n", 0..0).title, "x");
        let deck =
            |path| page(path, "use-namespace-as-default-deck:: true\n", 0..0).deck.map(|(deck, _)| deck.to_string());
        assert_eq!((deck("A___B___c.md").as_deref(), deck("a.md")), (Some("A::B"), None));
        assert_eq!(page("x.md", "tags:: a\n---\n- b\n", 0..9).tags.len(), 1);
    }

    #[test]
    fn properties_end_with_their_dashes() {
        let end = |text: &str| end_of_properties(text, &outline(text, 0..text.len())[0]);
        assert_eq!(end("tags:: x\n---\n\n- a\n"), Some(13));
        assert_eq!(end("a:: b\nc:: d\ntext\n"), Some(12));
        assert_eq!(end("- a:: b\n- c\n"), Some(8));
        assert_eq!((end("text\na:: b\n"), end("- a\n  a:: b\n")), (None, None));
        assert!(are_properties("tags:: x\n\na:: b\n") && !are_properties("") && !are_properties("a: b\nc:: d\n"));
    }
}
