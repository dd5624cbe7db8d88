//! Turns a file's text into one whose notes are written in our own way: headings with their answers below. All else stays.
//!
//! What is written is read again: a note that would not be the same stays as it is, and is said. Knows no syntax: a note is
//! written with the texts that its sides were read of.

mod content;
mod form;
mod levels;
mod settings;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use self::content::{content_digest, footnotes, headings, is_same, prose, switches};
use self::form::{Form, Own, double_labels, forms, highest_heading};
use self::levels::levels;
use self::settings::{Before, Wanted, with_headings, without_switch};
use self::written::{Origin, Writer, Written};
use super::assemble::{Made, Trace, TracedClaim};
use super::syntax::insert_word;
use super::{Document, File, read_file, syntax};
use crate::config::Settings;
use crate::config::syntax::{Syntax, Syntaxes};
use crate::ir::{Block, ChapterPart, DeckName, Note, NoteBody, NoteKind, Tag};
use crate::source::{Change, Excerpt, Source, Span};

pub(super) use self::content::{Content, content};

/// The file with its notes in our own way; `None` where none is written in another one. Notes that start at the offsets of
/// `ids` are given these ids, unless they have one. `later` are the settings of the file's folder when it is read the next time:
/// what they do not say of how it is written, its front matter says.
pub fn rewrite(file: File<'_>, ids: &BTreeMap<u32, String>, later: &Settings) -> Option<Rewritten> {
    let mut document = read_file(file, true);
    let trace = document.trace.take()?;
    let is_ours = document.syntaxes.iter().all(|syntax| *syntax == Syntax::Headings);
    if is_ours && (file.settings == later || is_read_alike(file, &document, later)) {
        return None;
    }
    let mut rewriter = Rewriter::new(file, document, *trace, ids, later);
    rewriter.keeps_syntaxes = is_ours;
    for _ in 0..MAX_ROUNDS {
        let written = rewriter.write();
        if rewriter.learn(&written) {
            return Some(rewriter.finish(&written));
        }
    }
    rewriter.give_up();
    Some(rewriter.finish(&rewriter.write()))
}

/// Whether a file says the same with other settings.
fn is_read_alike(file: File<'_>, document: &Document, later: &Settings) -> bool {
    let read = read_file(File { settings: later, ..file }, false);
    content(document) == content(&read) && document.chapter.is_some() == read.chapter.is_some()
}

/// So often is a file written and read again at most.
const MAX_ROUNDS: usize = 24;

/// A file with its notes in our own way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// What is put into the place of what, in the order of the text; nothing where no note was written anew.
    pub changes: Vec<Change>,
    /// How many notes were written anew.
    pub notes: usize,
    /// Those that stay as they are.
    pub left: Vec<Left>,
}

/// A note that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its one-based line.
    pub line: usize,
    /// Why.
    pub why: Why,
}

/// Why a note is not written anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The heading above it is one of the sixth level.
    TooDeep,
    /// It holds a heading as high as its own would have to be.
    Heading,
    /// It stands in a line with other text.
    InLine,
    /// No text below a heading is read as it.
    Form,
    /// What stands around it would be read otherwise.
    Surroundings,
}

/// A note that is written in another way.
struct Item {
    /// Its place among the notes of the document.
    note: usize,
    range: Range<usize>,
    form: Result<Form, Why>,
    /// The form beside the ways that other notes are left in: `==x==` says something there too.
    beside: Option<Form>,
    own: Own,
    /// Of its content.
    digest: u64,
}

struct Rewriter<'a> {
    file: File<'a>,
    /// The settings that the new text is read with.
    later: &'a Settings,
    document: Document,
    trace: Trace,
    /// In the order of the text.
    items: Vec<Item>,
    /// The place of a note among those of the document → that among the items.
    by_note: BTreeMap<usize, usize>,
    /// What is put into text that stays, by its offset.
    insertions: BTreeMap<usize, String>,
    /// What the front matter has to say, because what said it is no longer read.
    front: Front,
    /// Whether the other ways stay in effect, because text that stays would be read otherwise without them.
    keeps_syntaxes: bool,
    /// The labels of footnotes that are defined more than once: in a note each counts for itself.
    doubles: BTreeSet<String>,
    /// The titles of headings that are no notes.
    headings: BTreeSet<String>,
}

/// What the front matter says anew.
#[derive(Debug, Default)]
struct Front {
    title: Option<String>,
    deck: Option<DeckName>,
    tags: Vec<Tag>,
}

impl<'a> Rewriter<'a> {
    fn new(file: File<'a>, document: Document, trace: Trace, ids: &BTreeMap<u32, String>, later: &'a Settings) -> Self {
        let levels = levels(&document, &file.source.text);
        let mut by_start: BTreeMap<u32, usize> = BTreeMap::new();
        for (index, note) in document.notes.iter().enumerate() {
            by_start.insert(note.span.start, index);
        }
        let mut items = Vec::new();
        for claim in &trace.claims {
            let Made::Note(start) = claim.made else { continue };
            let Some(&index) = by_start.get(&start) else { continue };
            let Some(note) = document.notes.get(index) else { continue };
            let id = note.id.clone().or_else(|| ids.get(&start).cloned());
            let own = Own { id, ..Own::default() };
            let digest = content_digest(note, &[]);
            let form = Err(Why::Form);
            items.push(Item { note: index, range: claim.range.clone(), form, beside: None, own, digest });
        }
        let by_note = items.iter().enumerate().map(|(index, item): (usize, &Item)| (item.note, index)).collect();
        let insertions = BTreeMap::new();
        let doubles = double_labels(&file.source.text);
        let headings = headings(&document, file.source);
        let (front, keeps_syntaxes) = (Front::default(), false);
        let mut rewriter =
            Self { file, later, document, trace, items, by_note, insertions, front, keeps_syntaxes, doubles, headings };
        // Where no other deck is in effect, front matter without one says nothing to us.
        if file.settings.deck.is_none() && !rewriter.front_matter_has("deck") {
            rewriter.front.deck.clone_from(&rewriter.trace.settings.deck);
        }
        for index in 0..rewriter.items.len() {
            let forms = rewriter.forms(index, &levels);
            if let Some(item) = rewriter.items.get_mut(index) {
                (item.form, item.beside) =
                    forms.map_or_else(|why| (Err(why), None), |(form, beside)| (Ok(form), beside));
            }
        }
        let left: Vec<(usize, Why)> = rewriter
            .items
            .iter()
            .enumerate()
            .filter_map(|(index, item)| Some((index, *item.form.as_ref().err()?)))
            .collect();
        for (index, why) in left {
            rewriter.refuse(index, why);
        }
        rewriter
    }

    /// The first form of a note that is read as the same, and the first one without marks if that has some.
    fn forms(&self, index: usize, levels: &BTreeMap<usize, Option<u8>>) -> Result<(Form, Option<Form>), Why> {
        let item = self.items.get(index).ok_or(Why::Form)?;
        if !item.range.is_empty() && self.stands_in_line(&item.range) {
            return Err(Why::InLine);
        }
        let level = levels.get(&item.note).copied().flatten().ok_or(Why::TooDeep)?;
        let note = self.document.notes.get(item.note).ok_or(Why::Form)?;
        let Some([Some(front), Some(back)]) = self.trace.notes.get(item.note) else { return Err(Why::Form) };
        let texts: [Excerpt; 2] = [front.clone(), back.clone()];
        let mut forms = forms(note, &texts, level, &self.doubles).into_iter();
        let form = forms.find(|form| self.is_right(form, note, item));
        let form = form.ok_or_else(|| if highest_heading(note) == Some(1) { Why::Heading } else { Why::Form })?;
        let beside =
            if form.has_marks { forms.find(|form| !form.has_marks && self.is_right(form, note, item)) } else { None };
        Ok((form, beside))
    }

    /// Whether text stands beside a note in its first or last line.
    fn stands_in_line(&self, range: &Range<usize>) -> bool {
        let text = &self.file.source.text;
        let before = text.get(..range.start).and_then(|before| before.rsplit('\n').next());
        let behind = text.get(range.end..).and_then(|behind| behind.split('\n').next());
        let ends_line = text.get(range.clone()).is_some_and(|text| text.ends_with('\n'));
        // What has no text of its own stands behind what it is read of.
        let is_between = range.is_empty() && (before == Some("") || range.end == text.len());
        // The mark of an element stands there for what is claimed in it.
        let is_text = |before: &str| !before.bytes().all(|byte| b"-*+ \t".contains(&byte));
        !is_between
            && (before.is_some_and(is_text) || (!ends_line && behind.is_some_and(|behind| !behind.trim().is_empty())))
    }

    /// Whether a form, read by itself, is the note, and ends where it ends.
    fn is_right(&self, form: &Form, note: &Note, item: &Item) -> bool {
        let footnotes = self.footnotes_of(note, item);
        let text = format!("{}\n\n# deckle {{.note}}\n\nx\n{footnotes}", form.write(&item.own));
        let source = Source { path: self.file.source.path.clone(), text };
        let settings = Settings { syntaxes: Syntaxes::default(), ..self.trace.settings.clone() };
        let read = read_file(File { source: &source, settings: &settings, ..self.file }, false);
        let [first, last] = read.notes.as_slice() else { return false };
        let is_last = matches!(&last.body, NoteBody::Basic { front, .. } if front.len() == 1) && last.span.start > 0;
        read.left_out.is_empty() && is_last && is_same(note, first) && content_digest(first, &[]) == item.digest
    }

    /// The footnotes that a note mentions and that stand outside of it.
    fn footnotes_of(&self, note: &Note, item: &Item) -> String {
        let layout = &self.document.layout;
        let mut text = String::new();
        for span in note.footnotes.iter().filter_map(|footnote| footnote.blocks.first()).map(|block| block.span) {
            let within = [&layout.note_footnotes, &layout.prose_footnotes].into_iter().filter_map(|all| {
                let behind = all.partition_point(|all| all.start <= span.start);
                all.get(behind.checked_sub(1)?).filter(|found| found.end >= span.end)
            });
            for found in within.filter(|found| !item.range.contains(&(found.start as usize))) {
                text.push('\n');
                text.push_str(self.file.source.text.get(found.range()).unwrap_or_default());
                text.push('\n');
            }
        }
        text
    }

    /// The text as all that is known so far has it.
    fn write(&self) -> Written {
        let text = &self.file.source.text;
        let mut writer = Writer::new(text.len(), self.line_end());
        let is_whole = self.is_whole();
        let start = self.document.layout.start;
        self.write_front_matter(&mut writer, start, is_whole);
        let mut items = self.items.iter().enumerate().peekable();
        let mut at = start;
        let mut left = None;
        for (place, claim) in self.trace.claims.iter().enumerate() {
            let item = match claim.made {
                Made::Note(_) => items.next_if(|(_, item)| item.range == claim.range),
                Made::Prose(_) | Made::Nothing => None,
            };
            if claim.range.is_empty() && left == Some(claim.range.start) {
                continue;
            }
            match (item, claim.made) {
                (None, Made::Nothing) if self.members(place).next().is_some() => {
                    if !self.is_tree_written(place, is_whole) {
                        left = Some(claim.range.end);
                        continue;
                    }
                    self.keep(&mut writer, at..claim.range.start);
                    writer.is_apart = true;
                }
                (None, Made::Prose(_)) if claim.text.is_some() => {
                    writer.prose(claim.text.as_deref().unwrap_or_default());
                }
                (Some((index, Item { form: Ok(form), beside, own, .. })), _) => {
                    let form = beside.as_ref().filter(|_| !is_whole).unwrap_or(form);
                    let line = text.get(..claim.range.start).and_then(|text| text.rfind('\n')).map_or(0, |end| end + 1);
                    let line = line.max(at);
                    let tags =
                        if is_whole { 0 } else { lines_of_tags(text.get(line..claim.range.end).unwrap_or_default()) };
                    self.keep(&mut writer, at..line + tags);
                    writer.note(&form.write(own), index);
                }
                (None, Made::Prose(end)) if is_whole => {
                    let end = end.clamp(claim.range.start, claim.range.end);
                    self.keep(&mut writer, at..claim.range.start);
                    writer.is_apart = true;
                    self.keep(&mut writer, claim.range.start..end);
                    writer.comment(text.get(end..claim.range.end).unwrap_or_default());
                }
                (None, Made::Nothing) if is_whole => {
                    self.keep(&mut writer, at..claim.range.start);
                    writer.comment(text.get(claim.range.clone()).unwrap_or_default());
                }
                (Some(_) | None, Made::Note(_) | Made::Prose(_) | Made::Nothing) => continue,
            }
            at = at.max(claim.range.end);
        }
        self.keep(&mut writer, at..text.len());
        writer.finish()
    }

    /// Whether nothing is left that is written in another way.
    fn is_whole(&self) -> bool {
        !self.keeps_syntaxes && self.items.iter().all(|item| item.form.is_ok())
    }

    /// What stands before the text.
    fn before(&self) -> Before {
        let (syntaxes, start) = (&self.file.settings.syntaxes, self.document.layout.start);
        let Some(place) = self.trace.front_matter.clone() else { return Before::Nothing };
        let written = self.file.source.text.get(place.clone()).unwrap_or_default();
        let may_be = |syntax| syntaxes.has(syntax) || syntaxes.is_auto() || self.trace.settings.syntaxes.has(syntax);
        if start == 0 {
            // It was read as text.
            Before::Nothing
        } else if place.start == start {
            Before::Unread(0..start)
        } else if may_be(Syntax::Qa) && syntax::read_toml(written).is_some() {
            Before::Toml(place)
        } else if may_be(Syntax::Logseq) && syntax::are_properties(written) {
            Before::Properties(place)
        } else {
            Before::Yaml(place)
        }
    }

    fn write_front_matter(&self, writer: &mut Writer, start: usize, is_whole: bool) {
        let text = &self.file.source.text;
        let settings = &self.trace.settings;
        let is_any = self.items.iter().any(|item| item.form.is_ok());
        let syntaxes = match (is_whole, is_any) {
            (true, _) => Syntaxes::default(),
            (false, true) => with_headings(&settings.syntaxes),
            (false, false) => settings.syntaxes.clone(),
        };
        let before = self.before();
        let is_toml = matches!(before, Before::Toml(_));
        // What stays as it is names its deck itself.
        let deck = self.front.deck.clone().filter(|_| is_any).or_else(|| settings.deck.clone().filter(|_| is_toml));
        let (title, tags) = (self.front.title.clone(), self.front.tags.clone());
        let wanted = Wanted { syntaxes, title, deck, tags };
        // A tag that put a deck into effect is one of the notes' where nothing takes it for that.
        let is_switch = is_whole && settings.syntaxes.has(Syntax::Obsidian);
        let bare = match &before {
            Before::Yaml(place) if is_switch => {
                text.get(place.clone()).and_then(|yaml| without_switch(yaml, &settings.tags)).zip(Some(place.clone()))
            }
            Before::Yaml(_) | Before::Toml(_) | Before::Properties(_) | Before::Unread(_) | Before::Nothing => None,
        };
        let edit = match bare {
            Some((bare, place)) => {
                let edit = settings::edit(&bare, &Before::Yaml(0..bare.len()), self.later, &wanted);
                let mut whole = bare;
                if let Some((range, new)) = edit {
                    whole.replace_range(range, &new);
                }
                Some((place, whole))
            }
            None => settings::edit(text, &before, self.later, &wanted),
        };
        match edit {
            // Front matter without anything in it says nothing.
            Some((range, new)) if range.start > 0 && new.trim().is_empty() => {}
            Some((range, new)) => {
                writer.keep(0..range.start, text.get(0..range.start).unwrap_or_default());
                writer.put(&new);
                writer.keep(range.end..start, text.get(range.end..start).unwrap_or_default());
            }
            None => writer.keep(0..start, text.get(0..start).unwrap_or_default()),
        }
        writer.body = writer.out.text.len();
    }

    /// Puts text that stays, with what is inserted into it.
    fn keep(&self, writer: &mut Writer, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let text = self.file.source.text.get(range.clone()).unwrap_or_default();
        if !writer.begin(text) {
            return;
        }
        let lead = writer.lead(text);
        let mut at = range.start + lead;
        for (place, new) in self.insertions.range(range.clone()) {
            let place = (*place).max(at);
            writer.keep(at..place, self.file.source.text.get(at..place).unwrap_or_default());
            writer.put(new);
            at = place;
        }
        writer.keep(at..range.end, self.file.source.text.get(at..range.end).unwrap_or_default());
    }

    fn line_end(&self) -> &'static str {
        let text = &self.file.source.text;
        let first = text.find('\n').and_then(|at| text.get(..at));
        if first.is_some_and(|line| line.ends_with('\r')) { "\r\n" } else { "\n" }
    }

    /// Reads a text and takes in what is not as it was; whether all is.
    fn learn(&mut self, written: &Written) -> bool {
        let source = Source { path: self.file.source.path.clone(), text: written.text.clone() };
        let read = read_file(File { source: &source, settings: self.later, ..self.file }, false);
        if read.chapter.is_none() {
            return self.give_up();
        }
        // The first heading that is prose is the title: so what is prose has to be right before.
        self.learn_notes(written, &read) && self.learn_prose(&read) && self.learn_title(&read)
    }

    /// Compares the titles of the chapter; whether they are the same.
    fn learn_title(&mut self, read: &Document) -> bool {
        let title = self.title();
        let is_same = title == read.chapter.as_ref().map(|chapter| chapter.title.as_str());
        if !is_same && self.may_name() {
            self.front.title = title.map(str::to_owned);
        } else if !is_same {
            self.give_up();
        }
        is_same
    }

    fn title(&self) -> Option<&str> {
        self.document.chapter.as_ref().map(|chapter| chapter.title.as_str())
    }

    /// Whether the front matter may yet say the title.
    fn may_name(&self) -> bool {
        self.front.title.is_none() && !self.front_matter_has("title")
    }

    fn learn_notes(&mut self, written: &Written, read: &Document) -> bool {
        let mut is_right = true;
        let mut found: BTreeMap<usize, &Note> = BTreeMap::new();
        let (mut once, mut strange, mut torn) = (BTreeSet::new(), Vec::new(), Vec::new());
        let olds: BTreeMap<u32, usize> =
            self.document.notes.iter().enumerate().map(|(index, note)| (note.span.start, index)).collect();
        let was_left_out: BTreeSet<u32> = self.document.left_out.iter().map(|note| note.span.start).collect();
        for (note, is_left_out) in
            read.notes.iter().map(|note| (note, false)).chain(read.left_out.iter().map(|note| (note, true)))
        {
            match written.origin(note.span.start as usize) {
                Origin::Item(index) if is_left_out || !once.insert(index) => torn.push(index),
                Origin::Item(index) => {
                    found.extend(self.items.get(index).map(|item| (item.note, note)));
                }
                Origin::Kept(at) => match olds.get(&(at as u32)) {
                    Some(old) if !is_left_out => {
                        found.insert(*old, note);
                    }
                    Some(_) | None if is_left_out && was_left_out.contains(&(at as u32)) => {}
                    Some(_) | None => strange.push((at, note)),
                },
                Origin::None => {}
            }
        }
        // What was prose may hold notes that are missed.
        let known = self.insertions.len();
        for (at, note) in strange {
            is_right &= self.make_prose(at, note);
        }
        if self.insertions.len() > known {
            return false;
        }
        for index in torn {
            is_right &= self.refuse(index, Why::Form);
        }
        if !self.keeps_syntaxes && self.has_more_tags(&found) {
            // One of the front matter may be another syntax's switch.
            self.keeps_syntaxes = true;
            return false;
        }
        for index in 0..self.document.notes.len() {
            is_right &= self.compare(index, found.get(&index).copied());
        }
        if !is_right && self.is_whole() {
            self.gather();
        }
        is_right
    }

    /// Whether a note that was read again has a tag that it did not have.
    fn has_more_tags(&self, found: &BTreeMap<usize, &Note>) -> bool {
        let old = |index: usize| self.document.notes.get(index);
        found
            .iter()
            .any(|(index, read)| old(*index).is_some_and(|old| read.tags.iter().any(|tag| !old.tags.contains(tag))))
    }

    /// Says once, in the front matter, what all notes would say of themselves.
    fn gather(&mut self) {
        if self.items.len() != self.document.notes.len() || self.items.len() < 2 {
            return;
        }
        let decks: BTreeSet<_> = self.items.iter().map(|item| item.own.deck.clone()).collect();
        let deck = decks.first().cloned().flatten().filter(|_| decks.len() == 1 && self.front.deck.is_none());
        if deck.is_some() && !self.front_matter_has("deck") {
            self.items.iter_mut().for_each(|item| item.own.deck = None);
            self.front.deck = deck;
        }
        let mut tags = self.items.first().map(|item| item.own.tags.clone()).unwrap_or_default();
        for item in &self.items {
            tags.retain(|tag| item.own.tags.contains(tag));
        }
        if self.front.tags.is_empty() && !tags.is_empty() && !self.front_matter_has("tags") {
            self.items.iter_mut().for_each(|item| item.own.tags.retain(|tag| !tags.contains(tag)));
            self.front.tags = tags;
        }
    }

    fn front_matter_has(&self, key: &str) -> bool {
        let Before::Yaml(place) = self.before() else { return false };
        self.file.source.text.get(place).is_some_and(|text| text.contains(&format!("{key}:")))
    }

    /// Compares a note with what was read of it, and takes in what it has to say of itself; whether it is the same.
    fn compare(&mut self, index: usize, read: Option<&Note>) -> bool {
        let is_written = |item: &&usize| self.items.get(**item).is_some_and(|item| item.form.is_ok());
        let item = self.by_note.get(&index).filter(is_written).copied();
        let Some(note) = self.document.notes.get(index) else { return true };
        let (Some(read), Some(position)) = (read, item) else {
            let is_kept = read.is_some_and(|read| {
                is_same(note, read)
                    && content_digest(note, &note.tags) == content_digest(read, &read.tags)
                    && note.id == read.id
                    && note.deck == read.deck
                    && self.stands_below(&note.context, &read.context)
            });
            return match item {
                Some(position) => self.refuse(position, Why::Surroundings),
                None => is_kept || self.refuse_behind(index),
            };
        };
        // The page of an outline has a name that no heading says.
        let page = note.context.first().filter(|_| read.context.is_empty() && self.may_name());
        if let Some(page) = page.filter(|page| self.title() == Some(page.as_str())) {
            self.front.title = Some(page.clone());
            return false;
        }
        let is_below = self.stands_below(&note.context, &read.context);
        let Some(item) = self.items.get_mut(position) else { return true };
        let before = item.own.clone();
        let missing: Vec<Tag> = note.tags.iter().filter(|tag| !read.tags.contains(tag)).cloned().collect();
        let is_more = read.tags.iter().any(|tag| !note.tags.contains(tag));
        item.own.tags.extend(missing.iter().cloned());
        if note.deck != read.deck {
            item.own.deck = Some(note.deck.clone());
        }
        let ([reversed, typed], [is_reversed, is_typed]) = (switches(note), switches(read));
        item.own.reversed |= reversed && !is_reversed;
        item.own.typed |= typed && !is_typed;
        let has_id = read.id == item.own.id;
        let content = content_digest(read, &[]) == item.digest && is_same(note, read);
        let is_beyond = is_more || (is_reversed && !reversed) || (is_typed && !typed) || !has_id || !content;
        let differs = !missing.is_empty() || note.deck != read.deck || reversed != is_reversed || typed != is_typed;
        let is_told = differs && item.own == before;
        if is_beyond || is_told {
            self.refuse(position, Why::Form)
        } else if is_below {
            !differs
        } else {
            self.refuse(position, Why::Surroundings)
        }
    }

    /// Whether a note that stood below these titles may stand below others: below the same headings and no more. Cards are
    /// none, nor are the page of an outline and its blocks.
    fn stands_below(&self, old: &[String], new: &[String]) -> bool {
        let mut rest = new.iter().peekable();
        let is_kept = |title: &String| rest.next_if(|new| *new == title).is_some() || !self.headings.contains(title);
        old.iter().all(is_kept) && rest.next().is_none()
    }

    /// Says of what has become a note that it is prose.
    fn make_prose(&mut self, at: usize, note: &Note) -> bool {
        let text = &self.file.source.text;
        let place = if note.kind == NoteKind::Definition {
            let block = self.prose_at(at).map(|block| block.span.start as usize);
            block.map(|start| {
                (
                    text.get(..start).and_then(|text| text.rfind('\n')).map_or(0, |end| end + 1),
                    "<!-- deckle: .prose -->\n\n".to_owned(),
                )
            })
        } else {
            let length = note.span.range().len();
            insert_word(text, Span::new(note.span.source, at..at + length), ".prose").ok()
        };
        match place {
            Some((at, word)) if !self.insertions.contains_key(&at) => {
                self.insertions.insert(at, word);
                false
            }
            Some(_) | None => self.refuse_near(at),
        }
    }

    /// The block of prose that holds an offset.
    fn prose_at(&self, at: usize) -> Option<&Block> {
        let parts = &self.document.chapter.as_ref()?.parts;
        let start = |part: &ChapterPart| match part {
            ChapterPart::Prose { block } => block.span.start,
            ChapterPart::Note { note } => self.document.notes.get(*note).map_or(0, |note| note.span.start),
            ChapterPart::Table(table) => table.span.start,
        };
        let behind = parts.partition_point(|part| start(part) as usize <= at);
        match parts.get(behind.checked_sub(1)?)? {
            ChapterPart::Prose { block } => Some(block),
            ChapterPart::Note { .. } | ChapterPart::Table(_) => None,
        }
    }

    /// Compares the prose with what was read of it; whether it is the same.
    fn learn_prose(&mut self, read: &Document) -> bool {
        let (old, new) = (prose(&self.document), prose(read));
        let same = old.iter().zip(&new).take_while(|(old, new)| old.0 == new.0).count();
        if same == old.len() && same == new.len() {
            return footnotes(&self.document) == footnotes(read) || self.give_up();
        }
        if self.is_whole() {
            self.keeps_syntaxes = true;
            return false;
        }
        let place = old.get(same).map_or(usize::MAX..usize::MAX, |(_, place)| place.clone());
        let is_within = |(_, item): &(usize, &Item)| item.form.is_ok() && place.contains(&item.range.start);
        let within: Vec<usize> = self.items.iter().enumerate().filter(is_within).map(|(index, _)| index).collect();
        for index in &within {
            self.refuse(*index, Why::Surroundings);
        }
        if within.is_empty() {
            self.refuse_near(place.start);
        }
        false
    }

    /// Leaves a note as it is, and those that are written in one piece with it.
    fn refuse(&mut self, index: usize, why: Why) -> bool {
        let Some(item) = self.items.get_mut(index) else { return false };
        item.form = Err(why);
        if item.range.is_empty() {
            let at = item.range.start;
            let others = self.of_tree(at);
            for item in self.items.get_mut(others).into_iter().flatten().filter(|item| item.form.is_ok()) {
                item.form = Err(Why::Surroundings);
            }
        }
        false
    }

    /// The items that are written in the piece of the file that ends here: they have no place of their own in it.
    fn of_tree(&self, end: usize) -> Range<usize> {
        let first = self.items.partition_point(|item| item.range.start < end);
        let count = self.items.iter().skip(first).take_while(|item| item.range == (end..end)).count();
        first..first + count
    }

    /// What is claimed behind a piece, because it has no place of its own in that.
    fn members(&self, claim: usize) -> impl Iterator<Item = &TracedClaim> {
        let end = self.trace.claims.get(claim).filter(|claim| !claim.range.is_empty()).map(|claim| claim.range.end);
        let behind = self.trace.claims.iter().skip(claim + 1);
        behind.take_while(move |member| end.is_some_and(|end| member.range == (end..end)))
    }

    /// Whether all that is claimed behind such a piece can stand in its place.
    fn is_tree_written(&self, claim: usize, is_whole: bool) -> bool {
        let mut prose = self.members(claim).filter(|member| matches!(member.made, Made::Prose(_)));
        let end = self.trace.claims.get(claim).map_or(0, |claim| claim.range.end);
        let items = self.items.get(self.of_tree(end)).unwrap_or_default();
        prose.all(|member| member.text.is_some())
            && (is_whole || !items.is_empty())
            && items.iter().all(|item| item.form.is_ok())
    }

    /// Leaves the note as it is that stands right behind another one, which it may have made the parent of itself; else the one
    /// before that.
    fn refuse_behind(&mut self, index: usize) -> bool {
        let notes = &self.document.notes;
        let behind = (index + 1..notes.len()).find(|next| {
            let kind = |note: usize| notes.get(note).map(|note| note.kind);
            kind(*next) != Some(NoteKind::Row) || self.by_note.contains_key(next)
        });
        let item = behind.and_then(|note| self.by_note.get(&note).copied());
        match item.filter(|item| self.items.get(*item).is_some_and(|item| item.form.is_ok())) {
            Some(item) => self.refuse(item, Why::Surroundings),
            None => self.refuse_near(self.document.notes.get(index).map_or(0, |note| note.span.start as usize)),
        }
    }

    /// Leaves the note as it is that stands before an offset, or the next one behind it.
    fn refuse_near(&mut self, at: usize) -> bool {
        let is_written = |(_, item): &(usize, &Item)| item.form.is_ok();
        let items = || self.items.iter().enumerate().filter(is_written);
        let before = items().take_while(|(_, item)| item.range.start <= at).last();
        match before.or_else(|| items().next()).map(|(index, _)| index) {
            Some(index) => self.refuse(index, Why::Surroundings),
            None => self.give_up(),
        }
    }

    /// Leaves all notes as they are.
    fn give_up(&mut self) -> bool {
        self.items.iter_mut().for_each(|item| item.form = Err(Why::Surroundings));
        self.insertions.clear();
        false
    }

    fn finish(&self, written: &Written) -> Rewritten {
        let line = |item: &Item| self.document.notes.get(item.note).map_or(1, |note| note.line);
        let left =
            self.items.iter().filter_map(|item| Some(Left { line: line(item), why: *item.form.as_ref().err()? }));
        let left: Vec<Left> = left.collect();
        let notes = self.items.len() - left.len();
        let is_as_before = notes == 0 && self.file.settings == self.later;
        let changes = if is_as_before { Vec::new() } else { written.changes(&self.file.source.text) };
        Rewritten { changes, notes, left }
    }
}

/// How long the lines of tags are that a text starts with: they may say where the cards below are, too.
fn lines_of_tags(text: &str) -> usize {
    let is_tag = |word: &str| word.strip_prefix('#').is_some_and(|name| name.starts_with(|c: char| c != '#'));
    let is_of_tags = |line: &&str| !line.trim().is_empty() && line.split_whitespace().all(is_tag);
    text.split_inclusive('\n').take_while(is_of_tags).map(str::len).sum()
}
