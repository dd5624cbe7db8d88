//! Turns a compilation into what a page shows of it: a line for each note, and all of one.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::{Serialize, Serializer};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::super::preview::{self, Side};
use super::super::{Compiled, Failure, Format, KeptPieces};
use super::problem::{Problem, Problems};
use crate::Error;
use crate::apkg;
use crate::artifact::Emitted;
use crate::diagnostic::Severity;
use crate::identity::Fate;
use crate::ir::{ChapterPart, Collection, Leaf, MediaIndex, Note, NoteKind, NoteTypeKey, digest, for_each_leaf};
use crate::print;

/// How many characters of a question name its note.
const TITLE: usize = 120;

/// What there is to be shown.
#[derive(Debug, Default, Serialize)]
pub struct Showing {
    /// Counts compilations.
    pub revision: u64,
    /// What the collection is called.
    pub project: String,
    /// The notes, in reading order.
    pub notes: Vec<Summary>,
    /// What is wrong, in reading order; as JSON what is in no note.
    #[serde(serialize_with = "outside")]
    pub problems: Vec<Problem>,
    /// How many there are of each.
    pub counts: Counts,
    /// Decks, tags, files and pages.
    #[serde(flatten)]
    pub parts: Parts,
    /// Why the notes are not those on the disk.
    pub stop: Option<String>,
    /// What the notes were compiled to; shared by the states that show the same.
    #[serde(skip)]
    compiled: Option<std::sync::Arc<Compiled>>,
    /// Of all that notes, pages and site are made of.
    #[serde(skip)]
    pub(super) made_of: u64,
    /// Id of a note → its place among the notes.
    #[serde(skip)]
    places: HashMap<String, usize>,
}

/// Those that are in no note.
fn outside<S: Serializer>(problems: &[Problem], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(problems.iter().filter(|problem| problem.note.is_none()))
}

/// How many there are.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Notes.
    pub notes: usize,
    /// Cards.
    pub cards: usize,
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

/// What notes can be chosen by, and the pages that can be looked at.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Parts {
    /// Decks with notes of their own.
    pub decks: Vec<Named>,
    /// Tags.
    pub tags: Vec<Named>,
    /// Note files, in reading order.
    pub files: Vec<FileShown>,
    /// What formats make.
    pub pages: Vec<Page>,
}

/// Something that has notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// What it is called.
    pub name: String,
    /// How many notes it has.
    pub notes: usize,
}

/// A note file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileShown {
    /// Its path, as messages show it.
    pub path: String,
    /// How many notes are in it.
    pub notes: usize,
    /// How much is wrong in it.
    pub problems: usize,
}

/// A page that a format makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// Its path below the output folder.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// `cards`, `sheet` or `site`.
    pub kind: &'static str,
}

/// A note in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Its GUID.
    pub id: String,
    /// Its deck.
    pub deck: String,
    /// Its file's path, as messages show it.
    pub file: String,
    /// Its line there, counted from 1.
    pub line: usize,
    /// The beginning of its question, as plain text.
    pub title: String,
    /// How it was written.
    pub kind: &'static str,
    /// Its tags.
    pub tags: Vec<String>,
    /// How many cards it has.
    pub cards: usize,
    /// What became of it since the last build: `new`, `edited` or `same`.
    pub change: &'static str,
    /// How much is wrong with it.
    pub problems: usize,
    /// Of all that its cards show.
    pub digest: String,
    /// Of what its author wrote of them.
    #[serde(skip)]
    pub(super) content: u64,
}

/// All of a note.
#[derive(Debug, Serialize)]
pub struct NoteView<'a> {
    /// The number of the state.
    pub revision: u64,
    /// It in a line.
    #[serde(flatten, serialize_with = "without_count")]
    pub summary: &'a Summary,
    /// The problems that are in it.
    pub problems: Vec<&'a Problem>,
    /// Its cards.
    pub cards: Vec<CardShown>,
    /// Whether its raw HTML, scripts too, comes through as it is.
    pub trusted: bool,
    /// The headings above it.
    pub breadcrumb: &'a [String],
    /// Its Markdown, as it is in the file.
    pub source: &'a str,
    /// Where it was written, for an editor; `None` where the project does not say how.
    pub open: Option<String>,
}

/// A line without the number of problems, where they are there themselves.
fn without_count<S: Serializer>(summary: &Summary, serializer: S) -> Result<S::Ok, S::Error> {
    let mut line = serde_json::to_value(summary).map_err(serde::ser::Error::custom)?;
    if let Some(line) = line.as_object_mut() {
        line.remove("problems");
    }
    line.serialize(serializer)
}

/// A card.
#[derive(Debug, Serialize)]
pub struct CardShown {
    /// Its ordinal.
    pub ord: u16,
    /// What it is called.
    pub name: String,
    /// Hashes of what question and answer show. Media are named by their bytes, so that another picture counts.
    pub sides: [String; 2],
}

impl Showing {
    /// What a compilation shows. With errors it has no GUIDs, and the notes before stay.
    pub(super) fn of(compiled: Compiled, before: &Self) -> Self {
        let Problems { shown: problems, by_note, by_file } = Problems::of(&compiled);
        let (errors, warnings) = compiled.counts();
        if compiled.identity.is_none() || errors > 0 {
            let found = problems.iter().find(|problem| problem.severity == Severity::Error);
            let stop = found.map(|found| format!("{}:{}: {}", found.file, found.line, found.message));
            let stop = stop.or_else(|| Some("the notes have errors".to_owned()));
            // They are in files of another state, whose notes are not shown.
            let problems: Vec<Problem> =
                problems.into_iter().map(|problem| Problem { note: None, ..problem }).collect();
            let counts = Counts { errors, warnings, ..before.counts };
            return Self { problems, counts, stop, ..before.as_before() };
        }
        let notes = summaries(&compiled, &by_note);
        let cards = notes.iter().map(|note| note.cards).sum();
        Self {
            revision: before.revision + 1,
            project: compiled.collection.name.clone(),
            places: notes.iter().enumerate().map(|(place, note)| (note.id.clone(), place)).collect(),
            counts: Counts { notes: notes.len(), cards, errors, warnings },
            parts: parts(&compiled, &notes, &by_file),
            made_of: made_of(&compiled),
            notes,
            problems,
            stop: None,
            compiled: Some(compiled.into()),
        }
    }

    /// The notes before, where there is no compilation.
    pub(super) fn stopped(before: &Self, failure: &Failure) -> Self {
        Self { stop: Some(failure.words()), ..before.as_before() }
    }

    fn as_before(&self) -> Self {
        Self {
            revision: self.revision + 1,
            project: self.project.clone(),
            notes: self.notes.iter().map(|note| Summary { problems: 0, ..note.clone() }).collect(),
            problems: Vec::new(),
            counts: self.counts,
            parts: self.parts.clone(),
            stop: None,
            made_of: self.made_of,
            compiled: self.compiled.clone(),
            places: self.places.clone(),
        }
    }

    /// Whether both show the same compilation.
    pub(super) fn has_notes_of(&self, other: &Self) -> bool {
        match (&self.compiled, &other.compiled) {
            (Some(own), Some(other)) => std::sync::Arc::ptr_eq(own, other),
            (None, None) => true,
            _ => false,
        }
    }

    /// What formats make of it; nothing where nothing was compiled yet.
    pub(super) fn outputs(&self, formats: &[Format], pieces: &mut KeptPieces) -> Result<(Emitted, bool), Error> {
        let none = || Ok((Emitted::default(), false));
        self.compiled.as_ref().map_or_else(none, |compiled| compiled.outputs(formats, Some(pieces), &|| ()))
    }

    /// What the notes were compiled to; `None` where nothing was compiled yet.
    pub fn collection(&self) -> Option<&Collection> {
        self.compiled.as_ref().map(|compiled| &compiled.collection)
    }

    /// The place of a note in the collection.
    pub fn place_of(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// All of a note.
    pub fn note(&self, id: &str) -> Option<NoteView<'_>> {
        let place = self.place_of(id)?;
        let (summary, compiled) = (self.notes.get(place)?, self.compiled.as_ref()?);
        let note = compiled.collection.notes.get(place)?;
        let side = |ordinal: u16, side: Side| {
            let html = preview::card(&compiled.collection, place, ordinal, side, false, "");
            format!("{:016x}", xxh3_64(html.unwrap_or_default().as_bytes()))
        };
        let card = |crate::ir::Card { ordinal: ord, .. }: crate::ir::Card| CardShown {
            ord,
            name: preview::card_name(note, ord),
            sides: [Side::Question, Side::Answer].map(|one| side(ord, one)),
        };
        Some(NoteView {
            revision: self.revision,
            summary,
            problems: self.problems.iter().filter(|problem| problem.note.as_deref() == Some(id)).collect(),
            cards: note.cards().into_iter().map(card).collect(),
            trusted: note.trusts_html,
            breadcrumb: &note.context,
            source: source_of(compiled, note),
            open: apkg::place_address(&compiled.collection, note),
        })
    }
}

/// The lines of a note in its file: to where the next note begins, or text that belongs to none.
fn source_of<'a>(compiled: &'a Compiled, note: &Note) -> &'a str {
    let (text, start) = (compiled.sources.get(note.span.source).text.as_str(), note.span.start);
    let begin = |part: &ChapterPart| match part {
        ChapterPart::Prose { block } => Some(block.span),
        ChapterPart::Table(table) => Some(table.span),
        ChapterPart::Note { .. } => None,
    };
    let prose = compiled.collection.chapters.iter().flat_map(|chapter| chapter.parts.iter().filter_map(begin));
    let begins = prose.chain(compiled.collection.notes.iter().map(|note| note.span));
    let begins = begins.filter(|begin| begin.source == note.span.source && begin.start > start);
    let end = begins.map(|begin| begin.start as usize).min().unwrap_or(text.len());
    let start_of = |offset: usize| text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let first = start_of(start as usize);
    // What begins in the same line, as cells of a table do, ends it.
    let last = start_of(end).max(first);
    let last = if last > first && end < text.len() { last } else { end };
    text.get(first..last).unwrap_or_default().trim_end()
}

/// A hash of all texts and media, and of what the site is framed with.
fn made_of(compiled: &Compiled) -> u64 {
    let mut hash = Xxh3::new();
    for (_, source) in compiled.sources.iter() {
        hash.update(source.path.as_bytes());
        hash.update(&xxh3_64(source.text.as_bytes()).to_le_bytes());
    }
    for media in &compiled.collection.media {
        hash.update(media.sha256.as_bytes());
    }
    hash.update(&compiled.plan.book.frame.to_le_bytes());
    hash.digest()
}

fn summaries(compiled: &Compiled, by_note: &HashMap<usize, usize>) -> Vec<Summary> {
    let Compiled { collection, identity, sources, .. } = compiled;
    let media: MediaIndex<'_> = collection.media.iter().map(|media| (media.path.as_str(), media)).collect();
    let types: HashMap<NoteTypeKey, u64> = collection.note_types.iter().map(|one| (one.key, look(one))).collect();
    let word = |fate: Fate| match fate {
        Fate::Same | Fate::Gone | Fate::Held => "same",
        Fate::New | Fate::Back => "new",
        Fate::Edited | Fate::Kept => "edited",
    };
    let summary = |buffer: &mut Vec<u8>, (place, note): (usize, &Note)| {
        let id = note.guid.0.clone();
        let known = identity.as_ref().and_then(|identity| Some((identity, identity.lock.note(&note.guid)?)));
        // Who is who was found by such a hash.
        let content = known.and_then(|(_, locked)| locked.content());
        let content = content.unwrap_or_else(|| digest(note, &media, collection.link_addresses(), buffer));
        let mut hash = Xxh3::with_seed(types.get(&note.note_type()).copied().unwrap_or_default());
        hash.update(&content.to_le_bytes());
        for heading in &*note.context {
            hash.update(heading.as_bytes());
            hash.update(&[0]);
        }
        Summary {
            deck: note.deck.as_str().to_owned(),
            file: sources.shown_path(note.span.source).to_owned(),
            line: note.line,
            title: title(note),
            kind: kind(note.kind),
            tags: note.tags.iter().map(|tag| tag.as_str().to_owned()).collect(),
            cards: note.cards().len(),
            change: known.map_or("same", |(identity, locked)| word(identity.fates.of_note(locked))),
            problems: by_note.get(&place).copied().unwrap_or_default(),
            digest: format!("{:016x}", hash.digest()),
            content,
            id,
        }
    };
    collection.notes.par_iter().enumerate().map_init(Vec::new, summary).collect()
}

/// What all cards of a note type have in common.
fn look(note_type: &crate::ir::NoteType) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(note_type.css.as_bytes());
    for template in &note_type.templates {
        for text in [&template.name, &template.front, &template.back] {
            hash.update(text.as_bytes());
            hash.update(&[0]);
        }
    }
    hash.digest()
}

/// The beginning of the question on one line; of what shows no text, its file.
fn title(note: &Note) -> String {
    let mut text = String::new();
    let [front, back] = note.sides();
    for side in [front, back] {
        for_each_leaf(side, &mut |leaf| match leaf {
            Leaf::Text(piece) => text.push_str(piece),
            Leaf::Media(_, alt) => text.push_str(alt),
            Leaf::HtmlMedia(_) => {}
            Leaf::Break => text.push(' '),
        });
        if !text.trim().is_empty() {
            break;
        }
    }
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

fn kind(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::Basic => "basic",
        NoteKind::Definition => "definition",
        NoteKind::Row => "row",
        NoteKind::Cloze => "cloze",
        NoteKind::List => "list",
    }
}

fn parts(compiled: &Compiled, notes: &[Summary], by_file: &HashMap<String, usize>) -> Parts {
    let (mut decks, mut tags) = (BTreeMap::new(), BTreeMap::new());
    for note in notes {
        *decks.entry(note.deck.as_str()).or_default() += 1;
        for tag in &note.tags {
            *tags.entry(tag.as_str()).or_default() += 1;
        }
    }
    let named = |counts: BTreeMap<&str, usize>| {
        counts.into_iter().map(|(name, notes)| Named { name: name.to_owned(), notes }).collect()
    };
    let file = |(path, notes): (&str, usize)| {
        let problems = by_file.get(path).copied().unwrap_or_default();
        FileShown { path: path.to_owned(), notes, problems }
    };
    Parts {
        decks: named(decks),
        tags: named(tags),
        files: compiled.notes_by_file().into_iter().map(file).collect(),
        pages: pages(compiled),
    }
}

/// The pages that formats make of a collection: of print two a top-level deck, and the site, where there is one.
fn pages(compiled: &Compiled) -> Vec<Page> {
    let printed = print::first_pages(&compiled.collection, &compiled.plan.printing);
    let printed = printed.into_iter().map(|(name, title, is_sheet)| Page {
        name,
        title,
        kind: if is_sheet { "sheet" } else { "cards" },
    });
    let site = compiled.plan.selected.is_none().then(|| Page {
        name: "site/index.html".to_owned(),
        title: compiled.collection.name.clone(),
        kind: "site",
    });
    printed.chain(site).collect()
}
