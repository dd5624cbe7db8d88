//! Says whether a file has cards, and of which deck: by its tags, or by its folder.

use std::ops::Range;

use super::{Deck, machinery, tags};
use crate::config::Settings;
use crate::config::syntax::{ObsidianOptions, Syntax};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{DeckName, Tag};
use crate::source::{SourceId, Span};
use crate::text::gitignore;
use crate::text::path::parent;

/// Whether a file has cards.
pub(super) enum Switch {
    /// It has; those that say nothing else are of this deck.
    On(Deck),
    /// Nothing says that it has.
    Off,
    /// Something says that it has none.
    Ignored,
}

impl Switch {
    /// Looks at a file: its front matter is at `yaml` of the text, its text at `body`, and `path` goes from the folder of the
    /// vault.
    pub(super) fn of(
        text: &str,
        yaml: Option<Range<usize>>,
        body: Range<usize>,
        path: &str,
        options: &ObsidianOptions,
        math: bool,
    ) -> Self {
        if passes_over(path, options) {
            return Self::Ignored;
        }
        let found = tags::switches(text, yaml, body, options, math);
        if found.iter().any(|found| tags::is_among(found.tag, &options.ignore_tags)) {
            return Self::Ignored;
        }
        if options.folders_as_decks {
            let name = DeckName::new(&parent(path).replace('/', "::"));
            return name.map_or(Self::Off, |name| Self::On(Deck { name, place: None, tags: Vec::new() }));
        }
        let deck = found.iter().find_map(|found| Some((tags::deck(found.tag)?, found.range.clone())));
        deck.map_or(Self::Off, |(name, place)| Self::On(Deck { name, place: Some(place), tags: Vec::new() }))
    }
}

/// Whether a pattern of the settings means a path: the path starts with it, or fits it.
fn is_ignored(path: &str, pattern: &str) -> bool {
    let pattern = pattern.strip_prefix('/').unwrap_or(pattern);
    path.starts_with(pattern) || alternatives(pattern).iter().any(|pattern| gitignore::fits(pattern, path))
}

/// What a pattern with braces stands for: `{a,b}.md` is `a.md` or `b.md`.
fn alternatives(pattern: &str) -> Vec<String> {
    /// More than this nobody writes.
    const MOST: usize = 64;
    let mut open = vec![pattern.to_owned()];
    let mut done = Vec::new();
    while let Some(pattern) = open.pop().filter(|_| open.len() + done.len() < MOST) {
        let parts = pattern.rsplit_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
        match parts.filter(|(_, (inner, _))| inner.contains(',')) {
            Some((before, (inner, behind))) => {
                open.extend(inner.split(',').take(MOST).map(|one| format!("{before}{one}{behind}")));
            }
            None => done.push(pattern),
        }
    }
    done
}

/// What to say of a file that was reviewed, though nothing says that it has cards.
pub(super) fn was_reviewed(id: SourceId, text: &str) -> Option<Diagnostic> {
    let place = machinery::first_schedule(text)?;
    let tag = text.lines().flat_map(|line| tags::in_line(line, 0, true)).map(|found| found.tag).next();
    let message = match tag {
        Some(tag) => format!("this file was reviewed before, but its tag `#{tag}` is in no list of tags for cards"),
        None => "this file was reviewed before, but has no tag for cards".to_owned(),
    };
    let help = match tag {
        Some(tag) => format!("`syntax-options: {{obsidian: {{tags: [{tag}]}}}}` reads its cards"),
        None => "write one of the tags that `tags` in `syntax-options` names into it".to_owned(),
    };
    Some(Diagnostic::new(Code::NearCard, Span::new(id, place), message).help(help))
}

/// Whether the settings say of a path that its file holds no cards.
pub(super) fn passes_over(path: &str, options: &ObsidianOptions) -> bool {
    options.ignore.iter().any(|pattern| is_ignored(path, pattern))
}

/// Takes the tag that puts a deck into effect out of the tags that notes have: it is no word of theirs.
pub(in crate::markdown) fn take_tags(settings: &mut Settings) {
    if settings.tags.is_empty() || !settings.syntaxes.has(Syntax::Obsidian) {
        return;
    }
    let options = settings.syntax_options();
    let options = &options.obsidian;
    let is_switch = |tag: &Tag| tags::is_among(&tag.as_str().replace("::", "/"), &options.tags);
    if !options.folders_as_decks
        && let Some(first) = settings.tags.iter().position(is_switch)
    {
        settings.tags.remove(first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_paths_as_in_the_plug_in() {
        for (pattern, path) in [
            ("templates", "templates/t.md"),
            ("templates", "templates-old/t.md"),
            ("/templates/", "templates/a/t.md"),
            ("**/*.excalidraw.md", "a/b/x.excalidraw.md"),
            ("**/*.excalidraw.md", "x.excalidraw.md"),
            ("*.md", "x.md"),
            ("{a,b}/**", "b/c/x.md"),
            ("a/{b,c}/{d,e}.md", "a/c/d.md"),
            ("**/[0-9]*.md", "x/2024.md"),
        ] {
            assert!(is_ignored(path, pattern), "{pattern}: {path}");
        }
        for (pattern, path) in [
            ("templates", "a/templates/t.md"),
            ("*.md", "a/x.md"),
            ("**/*.excalidraw.md", "x.md"),
            ("{a,b}/**", "c/x.md"),
            ("!a", "b"),
            ("{", "a"),
        ] {
            assert!(!is_ignored(path, pattern), "{pattern}: {path}");
        }
        assert!(alternatives(&"{a,b}".repeat(40)).len() <= 64);
        // Each alternative holds all that stands around the braces.
        assert!(alternatives(&format!("{}{{{}b}}", "x".repeat(500_000), "a,".repeat(250_000))).len() <= 64);
    }
}
