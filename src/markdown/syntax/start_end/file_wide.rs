//! Finds what a file says of all its notes: its deck and its tags; and what the vault's settings say of its folder.
//!
//! Source: Obsidian_to_Anki 3.6.0, `src/setting-to-data.ts` (`DECK_REGEXP`, `TAG_REGEXP`) and `src/files-manager.ts`: the file's own
//! line counts before its folder's setting, and a folder's before those of the folders above it.

use std::ops::Range;

use super::lines::Lines;
use crate::config::Settings;
use crate::config::syntax::{StartEndOptions, Style, Syntax};
use crate::diagnostic::Diagnostic;
use crate::ir::{DeckName, Tag};
use crate::markdown::File;
use crate::markdown::syntax::Gate;
use crate::markdown::syntax::machinery::{self, FileLine, file_line};
use crate::source::Span;
use crate::text::hidden;
use crate::text::path::{below, parent, stem};

/// What a file says of all its notes.
#[derive(Debug, Default)]
pub(in crate::markdown) struct FileWide {
    /// Its deck, and where it is named.
    deck: Option<(DeckName, Span)>,
    /// The deck of its folder.
    folder_deck: Option<DeckName>,
    /// The deck of whatever has no other one.
    default_deck: Option<DeckName>,
    /// Its tags and those of its folders.
    tags: Vec<Tag>,
    /// Whether it looks as if it had notes.
    has_notes: bool,
    said: Vec<Diagnostic>,
}

impl FileWide {
    /// What a file says in the text at `body`.
    pub(in crate::markdown) fn of(file: File<'_>, body: Range<usize>, settings: &Settings) -> Self {
        let (has_own, has_qa) = (settings.syntaxes.has(Syntax::StartEnd), settings.syntaxes.has(Syntax::Qa));
        let text = file.source.text.get(body.clone()).unwrap_or_default();
        if !has_own && !has_qa {
            return Self::default();
        }
        let options = settings.syntax_options();
        let mut found = Self::default();
        if has_qa && options.qa.flat {
            found.default_deck = DeckName::new(&hidden::without(stem(&file.source.path)));
        }
        let options = &options.start_end;
        if has_own {
            found.of_folder(file, options, settings);
            found.has_notes =
                [&options.begin, &options.begin_inline].into_iter().any(|word| text.contains(word.as_str()))
                    || text.contains("ID: ");
        }
        if text.contains(options.target_deck.as_str()) || text.contains(options.file_tags.as_str()) {
            found.of_lines(file, body, options);
        }
        found
    }

    fn of_folder(&mut self, file: File<'_>, options: &StartEndOptions, settings: &Settings) {
        let vault = settings.vault.as_ref().map_or("", |vault| vault.root.as_str());
        let folder = parent(&file.source.path);
        let within = below(folder, vault).unwrap_or(folder);
        let holds = |named: &str| below(within, named.trim_matches('/')).is_some();
        let decks = options.folder_decks.iter().filter(|(named, _)| holds(named));
        let nearest = decks.max_by_key(|(named, _)| named.trim_matches('/').len());
        self.folder_deck = nearest.and_then(|(_, deck)| DeckName::new(deck));
        self.default_deck = options.deck.as_deref().and_then(DeckName::new).or(self.default_deck.take());
        for (_, tags) in options.folder_tags.iter().filter(|(named, _)| holds(named)) {
            self.tags.extend(machinery::tags(tags));
        }
    }

    fn of_lines(&mut self, file: File<'_>, body: Range<usize>, options: &StartEndOptions) {
        let lines = Lines::new(&file.source.text, body);
        let mut literal = lines.literal();
        let (mut has_deck, mut has_tags) = (false, false);
        for index in 0..lines.len() {
            let (line, at) = (lines.text(index), lines.range(index).start);
            if literal.holds(line, at) {
                continue;
            }
            if !has_deck && let Some((name, place)) = value(&lines, index, &options.target_deck) {
                has_deck = true;
                let deck = machinery::deck(file.id, name, place.clone(), &mut self.said);
                self.deck = deck.map(|deck| (deck, Span::new(file.id, place)));
            } else if !has_tags && let Some((text, _)) = value(&lines, index, &options.file_tags) {
                has_tags = true;
                self.tags.extend(machinery::tags(text));
            }
        }
    }

    /// It as what puts a deck into effect: the file's own line, or its folder's setting where it looks as if it had notes.
    pub(super) fn into_gate(self) -> Gate {
        let folder_deck = self.folder_deck.filter(|_| self.has_notes);
        Gate { deck: self.deck.map(|(deck, _)| deck).or(folder_deck), said: self.said }
    }

    /// Puts it into effect; `is_named` says whether the front matter names a deck. Gives the deck and the place that names it, and
    /// what is wrong.
    pub(in crate::markdown) fn apply(
        self,
        settings: &mut Settings,
        is_named: bool,
    ) -> (Option<(DeckName, Span)>, Vec<Diagnostic>) {
        settings.add_tags(&self.tags);
        let of_vault = self.folder_deck.or(self.default_deck).filter(|_| !is_named);
        let deck = self.deck.as_ref().map(|(deck, _)| deck.clone()).or(of_vault);
        settings.deck = deck.or(settings.deck.take());
        (self.deck, self.said)
    }
}

/// What a line says that starts with a word for all of a file, and where it says so.
fn value<'t>(lines: &Lines<'t>, index: usize, word: &str) -> Option<(&'t str, Range<usize>)> {
    let text = match file_line(lines.text(index), word) {
        FileLine::Here(text) => return Some((text, lines.range(index).end - text.len()..lines.range(index).end)),
        FileLine::Below if index + 1 < lines.len() => lines.text(index + 1).trim(),
        FileLine::Below | FileLine::Near | FileLine::Other => return None,
    };
    let place = super::blocks::trimmed(lines, index + 1);
    Some((text, place))
}

/// Names the syntaxes that read what the shapes of notes are read as.
pub(in crate::markdown) fn widen(settings: &mut Settings) {
    if !settings.syntaxes.has(Syntax::StartEnd) {
        return;
    }
    let options = settings.syntax_options();
    for (_, style) in &options.start_end.styles {
        match style {
            Style::Header { least } => settings.syntaxes.add_headings(*least),
            Style::Question { .. } => settings.syntaxes.add(Syntax::Qa),
            Style::Remnote | Style::Neuracache { .. } | Style::Ruled | Style::Table | Style::Cloze => {}
        }
    }
}
