//! Turns the notes of a deck into what a cheat sheet lists: chapters, the headings that notes stand under, notes and
//! tables of them.
//!
//! Knows no HTML. A note's context says which headings are above it; the chapter's prose says how they were written.

use std::collections::BTreeMap;

use crate::ir::{BlockKind, Chapter, ChapterPart, Collection, Inline, Note, Table, plain_text};

/// The chapters that have notes of a top-level deck, in reading order, for each of these.
pub(in crate::print) fn chapters(collection: &Collection) -> BTreeMap<&str, Vec<SheetChapter<'_>>> {
    let mut decks: BTreeMap<&str, Vec<SheetChapter<'_>>> = BTreeMap::new();
    for chapter in &collection.chapters {
        for (deck, sections) in read(collection, chapter) {
            decks.entry(deck).or_default().push(SheetChapter { deck: None, title: &chapter.title, sections });
        }
    }
    decks
}

/// Chapters that stand under the name of their deck, where the first of them does not say it.
pub(in crate::print) fn of_deck<'a>(deck: &'a str, mut chapters: Vec<SheetChapter<'a>>) -> Vec<SheetChapter<'a>> {
    if let Some(first) = chapters.first_mut() {
        first.deck = Some(deck).filter(|deck| *deck != first.title);
    }
    chapters
}

/// A chapter of the sheet.
pub(in crate::print) struct SheetChapter<'a> {
    /// The deck that starts with it, where several are on the sheet.
    pub(super) deck: Option<&'a str>,
    pub(super) title: &'a str,
    pub(super) sections: Vec<Section<'a>>,
}

/// Notes that stand under the same headings.
pub(super) struct Section<'a> {
    /// The highest first: all of them, and in a file those that do not stand above it already.
    pub(super) headings: Vec<Heading<'a>>,
    /// How many of all the section before has too.
    known: usize,
    pub(super) entries: Vec<Entry<'a>>,
}

/// A heading above notes.
#[derive(Clone, Copy)]
pub(super) struct Heading<'a> {
    /// 1 right below the chapter's title.
    pub(super) level: usize,
    /// As the note knows it.
    pub(super) text: &'a str,
    /// As it was written, where the chapter holds it as prose.
    pub(super) content: Option<&'a [Inline]>,
}

/// What the sheet lists.
pub(super) enum Entry<'a> {
    Note(&'a Note),
    /// Rows of a table.
    Table(&'a Table, Vec<Row<'a>>),
}

/// A row of a table.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) note: &'a Note,
    /// The columns of the answer's blocks.
    pub(super) columns: &'a [usize],
}

/// What is in one file.
pub(super) struct SheetFile<'a> {
    /// How many chapters ended in the files before it.
    pub(super) before: usize,
    pub(super) chapters: Vec<SheetChapter<'a>>,
}

/// Parts chapters into files of so many notes at most. A chapter starts in a file that has room for all of it, and a
/// longer one is parted at its sections; a table stays whole.
pub(super) fn files(chapters: Vec<SheetChapter<'_>>, most: usize) -> Vec<SheetFile<'_>> {
    let mut files: Vec<SheetFile<'_>> = Vec::new();
    let mut room = 0;
    for (index, SheetChapter { deck, title, sections }) in chapters.into_iter().enumerate() {
        let sections: Vec<Section<'_>> = sections.into_iter().flat_map(|section| section.parted(most)).collect();
        if sections.iter().map(Section::notes).sum::<usize>() > room {
            room = 0;
        }
        for section in sections {
            if section.notes() > room {
                files.push(SheetFile { before: index, chapters: Vec::new() });
                room = most;
            }
            room = room.saturating_sub(section.notes());
            if let Some(file) = files.last_mut() {
                file.push(index, (deck, title), section);
            }
        }
    }
    files
}

impl<'a> SheetFile<'a> {
    /// Adds a section of the chapter with this index.
    fn push(&mut self, index: usize, (deck, title): (Option<&'a str>, &'a str), mut section: Section<'a>) {
        if self.before + self.chapters.len() <= index {
            self.chapters.push(SheetChapter { deck, title, sections: Vec::new() });
        } else {
            section.headings.drain(..section.known);
        }
        if let Some(chapter) = self.chapters.last_mut() {
            chapter.sections.push(section);
        }
    }
}

impl Entry<'_> {
    fn notes(&self) -> usize {
        match self {
            Self::Note(_) => 1,
            Self::Table(_, rows) => rows.len(),
        }
    }
}

/// The sections of each top-level deck that has notes in a chapter.
fn read<'a>(collection: &'a Collection, chapter: &'a Chapter) -> BTreeMap<&'a str, Vec<Section<'a>>> {
    let mut prose = BTreeMap::new();
    let mut readers: BTreeMap<&str, Reader<'_>> = BTreeMap::new();
    let mut enter = |prose: &Prose<'a>, note: &'a Note, entry| {
        readers.entry(note.deck.top()).or_default().entry(&chapter.title, prose, note, entry);
    };
    for part in &chapter.parts {
        match part {
            ChapterPart::Prose { block } => {
                if let BlockKind::Heading { content, .. } = &block.kind {
                    prose.insert(plain_text(content).trim().to_owned(), content.as_slice());
                }
            }
            ChapterPart::Note { note } => {
                if let Some(note) = collection.notes.get(*note) {
                    enter(&prose, note, Entry::Note(note));
                }
            }
            ChapterPart::Table(table) => {
                let mut decks: BTreeMap<&str, Vec<Row<'_>>> = BTreeMap::new();
                for row in &table.rows {
                    if let Some(note) = collection.notes.get(row.note) {
                        decks.entry(note.deck.top()).or_default().push(Row { note, columns: &row.columns });
                    }
                }
                for rows in decks.into_values() {
                    if let Some(first) = rows.first() {
                        enter(&prose, first.note, Entry::Table(table, rows));
                    }
                }
            }
        }
    }
    readers.into_iter().map(|(deck, reader)| (deck, reader.sections)).collect()
}

/// The text of each heading so far → how it was last written.
type Prose<'a> = BTreeMap<String, &'a [Inline]>;

/// Where a deck's notes in a chapter have got to.
#[derive(Default)]
struct Reader<'a> {
    /// The headings above the last note.
    context: &'a [String],
    /// The same as the sheet shows them.
    headings: Vec<Heading<'a>>,
    sections: Vec<Section<'a>>,
}

impl<'a> Reader<'a> {
    /// Takes an entry, which stands where `note` does.
    fn entry(&mut self, title: &str, prose: &Prose<'a>, note: &'a Note, entry: Entry<'a>) {
        // The chapter's title stands above all of it already.
        let own = note.context.first().is_some_and(|first| first == title);
        let context = note.context.get(usize::from(own)..).unwrap_or_default();
        if context != self.context || self.sections.is_empty() {
            let known = self.go_to(context, prose);
            self.sections.push(Section { headings: self.headings.clone(), known, entries: Vec::new() });
        }
        if let Some(section) = self.sections.last_mut() {
            section.entries.push(entry);
        }
    }

    /// Takes the headings of a context; gives how many of them the one before has.
    fn go_to(&mut self, context: &'a [String], prose: &Prose<'a>) -> usize {
        let known = context.iter().zip(self.context).take_while(|(new, old)| new == old).count();
        let new = context.iter().enumerate().skip(known);
        let heading = |(index, text): (usize, &'a String)| Heading {
            level: index + 1,
            text,
            content: prose.get(text.trim()).copied(),
        };
        self.headings.truncate(known);
        self.headings.extend(new.map(heading));
        self.context = context;
        known
    }
}

impl Section<'_> {
    fn notes(&self) -> usize {
        self.entries.iter().map(Entry::notes).sum()
    }

    /// This section in parts of so many notes at most, or of one entry that has more.
    fn parted(self, most: usize) -> Vec<Self> {
        let Self { headings, mut known, entries } = self;
        let mut parts: Vec<Self> = Vec::new();
        let mut room = 0;
        for entry in entries {
            let notes = entry.notes();
            if let Some(part) = parts.last_mut().filter(|_| notes <= room) {
                part.entries.push(entry);
            } else {
                parts.push(Section { headings: headings.clone(), known, entries: vec![entry] });
                (known, room) = (headings.len(), most);
            }
            room = room.saturating_sub(notes);
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::NoteBody;

    fn note() -> Note {
        Note::bare(NoteBody::Cloze { heading: Vec::new(), text: Vec::new() })
    }

    fn section<'a>(headings: &[&'a str], known: usize, notes: usize, note: &'a Note) -> Section<'a> {
        let heading = |(index, &text): (usize, &&'a str)| Heading { level: index + 1, text, content: None };
        let headings = headings.iter().enumerate().map(heading).collect();
        Section { headings, known, entries: (0..notes).map(|_| Entry::Note(note)).collect() }
    }

    #[test]
    fn each_file_says_all_headings_above_its_notes_once() {
        let note = note();
        let sections = vec![
            section(&["Upper", "Lower one"], 0, 6, &note),
            section(&["Upper", "Lower two"], 1, 6, &note),
            section(&["Upper", "Lower three"], 1, 2, &note),
            section(&["Last"], 0, 12, &note),
        ];
        let files = files(vec![SheetChapter { deck: None, title: "x", sections }], 10);
        let said =
            |section: &Section<'_>| section.headings.iter().map(|heading| heading.text).collect::<Vec<_>>().join(", ");
        let said = |file: &SheetFile<'_>| file.chapters[0].sections.iter().map(said).collect::<Vec<_>>().join(" / ");
        let said: Vec<String> = files.iter().map(said).collect();
        assert_eq!(said, ["Upper, Lower one", "Upper, Lower two / Lower three", "Last", "Last"]);
    }

    #[test]
    fn files_hold_whole_chapters_where_they_can() {
        let note = note();
        let section = |&notes: &usize| section(&[], 0, notes, &note);
        let parted = |chapters: &[&[usize]]| {
            let chapter = |sections: &&[usize]| SheetChapter {
                deck: None,
                title: "x",
                sections: sections.iter().map(section).collect(),
            };
            let files = files(chapters.iter().map(chapter).collect(), 10);
            let notes = |chapter: &SheetChapter<'_>| chapter.sections.iter().map(Section::notes).collect::<Vec<_>>();
            files
                .iter()
                .map(|file| (file.before, file.chapters.iter().map(notes).collect::<Vec<_>>()))
                .collect::<Vec<_>>()
        };
        assert_eq!(parted(&[]), []);
        assert_eq!(parted(&[&[4], &[3, 3], &[1]]), [(0, vec![vec![4], vec![3, 3]]), (2, vec![vec![1]])]);
        assert_eq!(parted(&[&[4], &[6, 3], &[1]]), [(0, vec![vec![4]]), (1, vec![vec![6, 3], vec![1]])]);
        assert_eq!(
            parted(&[&[2], &[8, 8], &[2]]),
            [(0, vec![vec![2]]), (1, vec![vec![8]]), (1, vec![vec![8], vec![2]])]
        );
        assert_eq!(parted(&[&[25]]), [(0, vec![vec![10]]), (0, vec![vec![10]]), (0, vec![vec![5]])]);
    }

    #[test]
    fn sections_are_parted_between_tables_by_their_rows() {
        let note = note();
        let table = Table { span: note.span, alignments: Vec::new(), header: Vec::new(), rows: Vec::new() };
        let parts = |tables: &[usize]| {
            let row = Row { note: &note, columns: &[] };
            let entries = tables.iter().map(|&rows| Entry::Table(&table, vec![row; rows])).collect();
            let parts = Section { headings: Vec::new(), known: 0, entries }.parted(10);
            parts.iter().map(Section::notes).collect::<Vec<_>>()
        };
        assert_eq!(parts(&[4; 6]), [8, 8, 8]);
        assert_eq!(parts(&[2, 12, 5, 5, 1]), [2, 12, 10, 1]);
        assert!(parts(&[]).is_empty());
    }
}
