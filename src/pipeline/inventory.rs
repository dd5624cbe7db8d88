//! Turns a compilation into what there is: notes, cards by kind, words and media of each deck and file, and what is due to be
//! split.
//!
//! Knows nothing of how it is shown.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Compiled;
use crate::diagnostic::Code;
use crate::ir::{Card, DeckName, Leaf, Media, Note, NoteBody, NoteKind, for_each_leaf};
use crate::site::pages::MOST_CARDS;
use crate::source::SourceId;
use crate::text::words::count_words;

/// What there is.
#[derive(Debug)]
pub struct Inventory<'a> {
    /// Decks that have notes of their own, by name; what is in the decks below them does not count.
    pub decks: Vec<(&'a str, Stock)>,
    /// The note files, in reading order.
    pub files: Vec<(&'a str, Stock)>,
    /// All of it.
    pub all: Stock,
    /// What is due to be split, in reading order.
    pub due: Vec<Due<'a>>,
}

/// What a deck or a file has.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Stock {
    /// How many notes.
    pub notes: usize,
    /// How many cards of each kind; no kind that there is none of.
    pub cards: BTreeMap<CardKind, usize>,
    /// How many words the notes have, on all their sides.
    pub words: usize,
    /// How many media files the notes name, each counted once.
    pub media: usize,
    /// How large these are together, in bytes.
    pub media_bytes: u64,
}

impl Stock {
    /// How many cards of all kinds.
    pub fn all_cards(&self) -> usize {
        self.cards.values().sum()
    }
}

/// What a card asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CardKind {
    /// The answer of a heading.
    Basic,
    /// The question to an answer.
    Reversed,
    /// An answer that is typed.
    Typed,
    /// What a term means.
    Definition,
    /// A row of a table.
    Row,
    /// What is hidden in a text.
    Cloze,
    /// An item of a list.
    List,
}

impl CardKind {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Basic, Self::Reversed, Self::Typed, Self::Definition, Self::Row, Self::Cloze, Self::List];

    /// Its name for people and programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Reversed => "reversed",
            Self::Typed => "typed",
            Self::Definition => "definition",
            Self::Row => "row",
            Self::Cloze => "cloze",
            Self::List => "list",
        }
    }

    fn of(note: &Note, card: Card) -> Self {
        if let NoteBody::Basic { typed, .. } = &note.body {
            if card.ordinal > 0 {
                return Self::Reversed;
            }
            if typed.is_some() {
                return Self::Typed;
            }
        }
        match note.kind {
            NoteKind::Basic => Self::Basic,
            NoteKind::Definition => Self::Definition,
            NoteKind::Row => Self::Row,
            NoteKind::Cloze => Self::Cloze,
            NoteKind::List => Self::List,
        }
    }
}

/// What is due to be split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due<'a> {
    /// A note that no printed card holds in type that can be read.
    Note {
        /// The path of its file.
        path: &'a str,
        /// Its one-based line.
        line: usize,
        /// The first line of what it asks.
        name: String,
    },
    /// A file with more cards than a page of the site has.
    File {
        /// Its path.
        path: &'a str,
        /// How many.
        cards: usize,
    },
}

/// What a compilation found; of what is due to be split, notes are only known where formats were [checked](super::Formats).
pub fn inventory(compiled: &Compiled) -> Inventory<'_> {
    let media: HashMap<&str, &Media> =
        compiled.collection.media.iter().map(|media| (media.path.as_str(), media)).collect();
    let mut decks: BTreeMap<&DeckName, Count<'_>> = BTreeMap::new();
    let mut files: BTreeMap<SourceId, Count<'_>> = BTreeMap::new();
    let mut all = Count::default();
    for note in &compiled.collection.notes {
        let found = Count::of(note);
        decks.entry(&note.deck).or_default().add(&found);
        files.entry(note.span.source).or_default().add(&found);
        all.add(&found);
    }
    let stock = |count: Option<&Count<'_>>| count.map(|count| count.stock(&media)).unwrap_or_default();
    let files: Vec<(SourceId, Stock)> =
        compiled.tally.files.iter().map(|file| (*file, stock(files.get(file)))).collect();
    let due = due(compiled, &files);
    Inventory {
        decks: decks.iter().map(|(deck, count)| (deck.as_str(), count.stock(&media))).collect(),
        files: files.into_iter().map(|(file, stock)| (compiled.sources.shown_path(file), stock)).collect(),
        all: stock(Some(&all)),
        due,
    }
}

/// What is found of some notes.
#[derive(Default)]
struct Count<'a> {
    stock: Stock,
    media: BTreeSet<&'a str>,
}

impl<'a> Count<'a> {
    fn of(note: &'a Note) -> Self {
        let mut count = Self::default();
        count.stock.notes = 1;
        for card in note.cards() {
            *count.stock.cards.entry(CardKind::of(note, card)).or_default() += 1;
        }
        // A word may be in several pieces.
        let mut text = String::new();
        for blocks in note.contents() {
            for_each_leaf(blocks, &mut |leaf| match leaf {
                Leaf::Text(piece) | Leaf::Media(_, piece) => text.push_str(piece),
                Leaf::Break => text.push(' '),
                Leaf::HtmlMedia(_) => {}
            });
        }
        count.stock.words = count_words(&text);
        note.for_each_media(&mut |path| {
            count.media.insert(path);
        });
        count
    }

    fn add(&mut self, other: &Self) {
        self.stock.notes += other.stock.notes;
        for (kind, count) in &other.stock.cards {
            *self.stock.cards.entry(*kind).or_default() += count;
        }
        self.stock.words += other.stock.words;
        self.media.extend(&other.media);
    }

    /// The sum, with the media that are there.
    fn stock(&self, media: &HashMap<&str, &Media>) -> Stock {
        // Two paths may be one file, which is packed once.
        let files: BTreeMap<&str, u64> = self
            .media
            .iter()
            .filter_map(|path| media.get(path))
            .map(|media| (media.name.as_str(), media.blob.length()))
            .collect();
        Stock { media: files.len(), media_bytes: files.values().sum(), ..self.stock.clone() }
    }
}

fn due<'a>(compiled: &'a Compiled, files: &[(SourceId, Stock)]) -> Vec<Due<'a>> {
    let overflows = compiled.diagnostics.iter().filter(|found| found.code == Code::PrintOverflow);
    let overflows: BTreeSet<(SourceId, u32)> = overflows.map(|found| (found.span.source, found.span.start)).collect();
    let mut notes: BTreeMap<SourceId, Vec<&Note>> = BTreeMap::new();
    for note in &compiled.collection.notes {
        if overflows.contains(&(note.span.source, note.span.start)) {
            notes.entry(note.span.source).or_default().push(note);
        }
    }
    let mut due = Vec::new();
    for (file, stock) in files {
        let (path, cards) = (compiled.sources.shown_path(*file), stock.all_cards());
        due.extend((cards > MOST_CARDS).then_some(Due::File { path, cards }));
        let notes = notes.get(file).into_iter().flatten();
        due.extend(notes.map(|note| Due::Note { path, line: note.line, name: first_line(note) }));
    }
    due
}

fn first_line(note: &Note) -> String {
    let (mut line, mut is_whole) = (String::new(), false);
    for blocks in note.sides() {
        for_each_leaf(blocks, &mut |leaf| match leaf {
            Leaf::Text(text) | Leaf::Media(_, text) if !is_whole => line.push_str(text),
            Leaf::Text(_) | Leaf::Media(..) | Leaf::HtmlMedia(_) => {}
            Leaf::Break => is_whole |= !line.trim().is_empty(),
        });
    }
    line.trim().lines().next().unwrap_or_default().to_owned()
}
