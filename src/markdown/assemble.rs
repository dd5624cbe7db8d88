//! Puts a file together out of what its syntaxes find in it: headings, prose and notes, in source order.
//!
//! Knows what every syntax needs: what headings hand down to the notes below them, how footnotes are numbered, what becomes
//! of a note's blocks. Where notes begin and end is up to [`super::syntax`].

mod comments;
mod file_text;
mod footnotes;
mod lines;
mod notes;
mod trace;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use self::comments::strip_comments;
use self::file_text::FileText;
use self::footnotes::Numbering;
use self::lines::Lines;
use self::notes::Parts;
use super::attributes::{Attributes, Class};
use super::cloze::{self, Deletions, Wanted};
use super::scan::{self, MathForms};
use super::tree::{self, Tree};
use super::{Document, File};
use crate::config::syntax::{Syntax, SyntaxOptions};
use crate::config::{HtmlPolicy, Reading, Settings};
use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::ir::{
    Alignment, Block, BlockKind, Cell, Chapter, ChapterPart, Grid, Inline, Note, NoteBody, NoteKind, Shared, Table,
    TableRow, Tag, shrink_blocks,
};
use crate::source::{Excerpt, Source, SourceId, Span};
use crate::text::path::before;

pub(super) use self::notes::show;
pub(super) use self::trace::{Made, Trace, TracedClaim};

/// A file that is being put together.
pub(super) struct Assembler<'a> {
    context: FileText<'a>,
    settings: &'a Settings,
    options: Arc<SyntaxOptions>,
    /// The title that the front matter gives the file.
    title: Option<&'a str>,
    /// What the file calls itself in the way of its syntax; empty where it does not.
    page_title: String,
    /// The headings above the place at hand, the highest first.
    parents: Vec<Parent>,
    /// What notes below these have as their context; `None` where none asked for it yet.
    titles: Option<Shared<String>>,
    /// The tags of the last note: most of the next ones have the same.
    tags: Shared<Tag>,
    prose_footnotes: Numbering,
    lines: Lines<'a>,
    parts: Vec<ChapterPart>,
    /// How many bytes the notes so far have of what is written once and stands in many of them.
    repeated: usize,
    /// How many notes were made of this file, those that are left out too.
    made: usize,
    /// What other syntaxes give to headings, by where those start.
    given: BTreeMap<u32, Attributes>,
    /// Where the notes start that are prose because they were left out when the file was read before.
    left_out: BTreeSet<u32>,
    /// Where mistakes start that cost the note around them, if there is one; found in content.
    costly: BTreeSet<u32>,
    /// Where those start that did cost a note.
    charged: BTreeSet<u32>,
    /// All that notes are written in.
    extents: Vec<Span>,
    /// Links that are none, because they hold tags.
    tag_links: Vec<Span>,
    document: &'a mut Document,
}

/// So many bytes may the notes of a file have of what is written once: the headings above them, a table's header, tags,
/// footnotes. All of a file twice over fits in; a heading of a megabyte above a thousand notes does not.
const MAX_REPEATED: usize = 32 * 1024 * 1024;

/// So many notes may be in a file. The shortest are seven bytes long, and take some kilobytes each until they are put out.
const MAX_NOTES: usize = 200_000;

/// A heading without its attributes.
pub(super) struct Heading {
    /// 1 to 6.
    pub(super) level: u8,
    /// Its text.
    pub(super) content: Vec<Inline>,
    /// Its text's place.
    pub(super) span: Span,
}

/// A note as its syntax found it.
pub(super) struct Draft {
    /// Which syntax it is written in.
    pub(super) syntax: Syntax,
    /// How it was written.
    pub(super) kind: NoteKind,
    /// What asks, or stands above the text.
    pub(super) front: Vec<Block>,
    /// What answers, or the text with deletions.
    pub(super) back: Vec<Block>,
    /// What the note's own attributes say.
    pub(super) attributes: Attributes,
    /// What names the note. No other one of the file starts there.
    pub(super) span: Span,
    /// All that it is written in: a mistake in there may cost it.
    pub(super) extent: Span,
}

/// A table whose rows are notes, without them.
pub(super) struct TableDraft {
    /// Where it stands.
    pub(super) span: Span,
    /// One for each column.
    pub(super) alignments: Vec<Alignment>,
    /// The header row.
    pub(super) header: Vec<Cell>,
}

/// A heading with notes below it, and what it hands down to them.
struct Parent {
    level: u8,
    title: String,
    settings: Settings,
    reversed: bool,
    typed: bool,
}

impl Heading {
    /// Its text without markup.
    pub(super) fn title(&self, source: &Source) -> String {
        cloze::title(&self.content, source)
    }

    /// It as a block of the book.
    pub(super) fn block(self, attributes: &Attributes) -> Block {
        let id = attributes.id.as_ref().map(|(id, _)| id.as_str().into());
        Block { span: self.span, kind: BlockKind::Heading { level: self.level, content: self.content, id } }
    }

    /// Its text as a paragraph, beside it.
    pub(super) fn paragraph(&self) -> Block {
        Block { span: self.span, kind: BlockKind::Paragraph { content: self.content.clone() } }
    }

    /// Its text as a paragraph.
    pub(super) fn into_paragraph(self) -> Block {
        Block { span: self.span, kind: BlockKind::Paragraph { content: self.content } }
    }
}

impl<'a> Assembler<'a> {
    /// An empty file. The notes that start at `left_out` are to be prose.
    pub(super) fn new(
        file: File<'a>,
        settings: &'a Settings,
        title: Option<&'a str>,
        left_out: BTreeSet<u32>,
        document: &'a mut Document,
    ) -> Self {
        let File { id, source, chapter, settings: _ } = file;
        Self {
            context: FileText { id, source, content: before(&source.path, chapter), footnotes: Vec::new() },
            settings,
            options: settings.syntax_options(),
            title,
            page_title: String::new(),
            parents: Vec::new(),
            titles: None,
            tags: Shared::default(),
            prose_footnotes: Numbering::default(),
            lines: Lines::new(&source.text),
            parts: Vec::new(),
            repeated: 0,
            made: 0,
            given: BTreeMap::new(),
            left_out,
            costly: BTreeSet::new(),
            charged: BTreeSet::new(),
            extents: Vec::new(),
            tag_links: Vec::new(),
            document,
        }
    }

    /// The content of a piece of the text; its media, labels and footnotes are the file's from here on. `source` is the
    /// file's own, or has blanks in the place of some of it.
    /// `escapes_brackets` says whether `\[` is a bracket for sure, and not math as Anki writes it.
    pub(super) fn parse(&mut self, source: &Source, range: Range<usize>, escapes_brackets: bool) -> Tree {
        let known = self.document.diagnostics.len();
        let mut tree = self.tree(source, range.clone(), escapes_brackets);
        if let Some(trace) = &mut self.document.trace {
            let mut excerpt = Excerpt::default();
            excerpt.push(source, range);
            trace.parse(excerpt, &tree.blocks);
        }
        self.take_in(&mut tree);
        self.costly.extend(costly(&self.document.diagnostics, known));
        tree
    }

    /// As [`Self::parse`], of a text put together from pieces of the source: what is read of it has its places there.
    pub(super) fn parse_excerpt(&mut self, excerpt: &Excerpt, escapes_brackets: bool) -> Tree {
        let (known, footnotes) = (self.document.diagnostics.len(), self.context.footnotes.len());
        let source = excerpt.to_source(self.context.source);
        let mut tree = self.tree(&source, 0..source.text.len(), escapes_brackets);
        let mut move_out = |place: &mut Span| *place = excerpt.place(*place);
        tree.for_each_place(&mut move_out);
        for footnote in self.context.footnotes.iter_mut().skip(footnotes) {
            footnote.for_each_place(&mut move_out);
        }
        self.document.diagnostics.iter_mut().skip(known).for_each(|found| found.move_out_of(excerpt));
        if let Some(trace) = &mut self.document.trace {
            trace.parse(excerpt.clone(), &tree.blocks);
        }
        self.take_in(&mut tree);
        self.costly.extend(costly(&self.document.diagnostics, known));
        tree
    }

    /// A part of the text as content that is no note's: comments are taken out, marks are highlights.
    pub(super) fn content(&mut self, range: Range<usize>) -> Vec<Block> {
        let mut blocks = self.parse(self.context.source, range, false).blocks;
        strip_comments(&mut blocks, &mut self.document.diagnostics);
        cloze::resolve(&mut blocks, Wanted::HIGHLIGHTS, self.context.source, &mut self.document.diagnostics);
        blocks
    }

    /// The text of the first block of an excerpt without what marks it; nothing else is kept of it.
    pub(super) fn title_of(&mut self, excerpt: &Excerpt) -> String {
        let (known, footnotes) = (self.document.diagnostics.len(), self.context.footnotes.len());
        let source = excerpt.to_source(self.context.source);
        let tree = self.tree(&source, 0..source.text.len(), false);
        self.document.diagnostics.truncate(known);
        self.context.footnotes.truncate(footnotes);
        let first = tree.blocks.into_iter().next().map(|block| block.kind);
        let Some(BlockKind::Paragraph { content } | BlockKind::Heading { content, .. }) = first else {
            return String::new();
        };
        cloze::title(&content, &source)
    }

    /// Makes what the file has of media, links and labels out of what a piece of it has.
    fn take_in(&mut self, tree: &mut Tree) {
        self.document.media.append(&mut tree.media);
        self.document.links.append(&mut tree.links);
        self.document.layout.labels.append(&mut tree.labels);
    }

    /// The content of a text; the file's footnotes so far come with those in it.
    fn tree(&mut self, source: &Source, range: Range<usize>, escapes_brackets: bool) -> Tree {
        let id = self.context.id;
        let Settings { math, html, reading: Reading { breaks, .. }, .. } = *self.settings;
        let start = range.start;
        let forms = MathForms { dollars: math, brackets: !escapes_brackets };
        let scanned = scan::scan(id, source, range.clone(), forms, &mut self.document.diagnostics);
        let footnotes = std::mem::take(&mut self.context.footnotes);
        let (end, content) = (range.end, self.context.content);
        let input =
            tree::Input { id, source, start, end, scanned, math, content, html, breaks, escapes_brackets, footnotes };
        let mut tree = tree::build(input, &mut self.document.diagnostics);
        self.context.footnotes = std::mem::take(&mut tree.footnotes);
        tree
    }

    /// Finds the deletions of a text that is to be a note's, for a syntax that has to know of them; `marks` says whether `==x==` are
    /// some.
    pub(super) fn resolve(&mut self, blocks: &mut [Block], marks: bool) {
        let known = self.document.diagnostics.len();
        let wanted = Wanted { deletions: Deletions::Everywhere, strays: false, marks_are_deletions: marks };
        cloze::resolve(blocks, wanted, self.context.source, &mut self.document.diagnostics);
        self.costly.extend(costly(&self.document.diagnostics, known));
    }

    /// Says what the heading that starts at an offset has of another syntax.
    pub(super) fn give(&mut self, heading: usize, attributes: Attributes) {
        self.given.insert(heading as u32, attributes);
    }

    /// What was given to the heading that starts there.
    pub(super) fn take_given(&mut self, heading: Span) -> Option<Attributes> {
        self.given.remove(&heading.start)
    }

    /// Leaves the headings of this level and those below them: what follows does not stand under them.
    pub(super) fn leave(&mut self, level: u8) {
        while self.parents.pop_if(|parent| parent.level >= level).is_some() {
            self.titles = None;
        }
    }

    /// Goes below a heading: it is the context of what follows, and its attributes are meant for that.
    pub(super) fn enter(&mut self, level: u8, title: String, attributes: &Attributes) {
        self.document.deck_places.extend(attributes.deck.clone().zip(attributes.deck_place));
        let (reversed, typed) = self.switches(attributes);
        let settings = self.parents.last().map_or(self.settings, |parent| &parent.settings);
        let settings = with_attributes(settings, attributes).into_owned();
        self.parents.push(Parent { level, title, settings, reversed, typed });
        self.titles = None;
    }

    /// A heading that is no note, as prose. `holds_notes` says whether notes are right below it: then it surprises nobody.
    pub(super) fn heading(&mut self, heading: Heading, attributes: &Attributes, holds_notes: bool) {
        if let Some(count) = self.document.prose_headings.as_mut().filter(|_| !holds_notes) {
            *count += 1;
        }
        self.prose(heading.block(attributes));
    }

    /// A block of the book.
    pub(super) fn prose(&mut self, block: Block) {
        let mut blocks = vec![block];
        strip_comments(&mut blocks, &mut self.document.diagnostics);
        cloze::resolve(&mut blocks, Wanted::HIGHLIGHTS, self.context.source, &mut self.document.diagnostics);
        self.prose_footnotes.renumber(&mut blocks, &self.context);
        shrink_blocks(&mut blocks);
        self.parts.extend(blocks.into_iter().map(|block| ChapterPart::Prose { block: block.into() }));
    }

    /// Whether the note that starts there is prose.
    pub(super) fn leaves_out(&self, span: Span) -> bool {
        self.left_out.contains(&span.start)
    }

    /// A heading with nothing below it: prose, though it may have been a note.
    pub(super) fn bare(&mut self, draft: Draft) {
        let known = self.document.diagnostics.len();
        let note = self.build(draft);
        self.document.diagnostics.truncate(known);
        self.document.bare.extend(note);
    }

    /// What cannot even be begun as a note, and why.
    pub(super) fn fail(&mut self, draft: Draft, why: Diagnostic) {
        let why = why.costing(Cost::Note);
        self.charged.insert(why.span.start);
        self.hold(draft);
        self.document.diagnostics.push(why);
    }

    /// What cannot even be begun as a note, where it is said of another one why.
    pub(super) fn hold(&mut self, draft: Draft) {
        let known = self.document.diagnostics.len();
        let note = self.build(draft);
        self.document.diagnostics.truncate(known);
        self.document.left_out.extend(note);
    }

    /// A note, unless something is wrong that costs it.
    pub(super) fn note(&mut self, draft: Draft) {
        if let Some(note) = self.make(draft) {
            self.parts.push(ChapterPart::Note { note });
        }
    }

    /// A table and the notes of its rows, each with the places of all its cells.
    pub(super) fn table(&mut self, table: TableDraft, rows: impl IntoIterator<Item = (Draft, Vec<Span>)>) {
        let row = |(draft, cells): (Draft, Vec<Span>)| {
            let note = self.make(draft)?;
            let made = self.document.notes.get(note)?;
            Some(TableRow { note, columns: columns(made, &cells) })
        };
        let rows: Vec<TableRow> = rows.into_iter().filter_map(row).collect();
        if rows.is_empty() {
            return;
        }
        let TableDraft { span, alignments, header } = table;
        let kind = BlockKind::Table(Grid { alignments: Vec::new(), header, rows: Vec::new() }.into());
        let mut blocks = vec![Block { span, kind }];
        strip_comments(&mut blocks, &mut self.document.diagnostics);
        cloze::resolve(&mut blocks, Wanted::HIGHLIGHTS, self.context.source, &mut self.document.diagnostics);
        Numbering::default().renumber(&mut blocks, &self.context);
        if let Some(Block { kind: BlockKind::Table(grid), .. }) = blocks.pop() {
            let header = grid.header;
            self.parts.push(ChapterPart::Table(Box::new(Table { span, alignments, header, rows })));
        }
    }

    /// Whether a note may have so many bytes of what stands in others too. Where it may not, that is said, once, and the file
    /// is left out.
    pub(super) fn repeats(&mut self, bytes: usize, place: Span) -> bool {
        let before = self.repeated;
        self.repeated = before.saturating_add(bytes);
        let has_room = self.repeated <= MAX_REPEATED;
        if before <= MAX_REPEATED && !has_room {
            let message = "the notes of this file repeat 32 MiB of their headings, tags and footnotes";
            let diagnostic = Diagnostic::new(Code::LargeFile, place, message);
            self.report(diagnostic.help("write shorter ones, or make several files of it"));
        }
        has_room
    }

    /// Counts a note. Where it is one too many that is said, once, and the file is left out.
    fn is_one_more(&mut self, place: Span) -> bool {
        self.made += 1;
        if self.made == MAX_NOTES + 1 {
            let message = format!("this file has more than {MAX_NOTES} notes");
            self.report(Diagnostic::new(Code::LargeFile, place, message).help("make several files of it"));
        }
        self.made <= MAX_NOTES
    }

    /// Puts a note into the document; its index there, unless something is wrong that costs it.
    fn make(&mut self, draft: Draft) -> Option<usize> {
        let (syntax, extent, known) = (draft.syntax, draft.extent, self.document.diagnostics.len());
        let mut mistakes: Vec<u32> = draft.attributes.mistakes.iter().map(|place| place.start).collect();
        let sides =
            self.document.trace.as_ref().map(|trace| [&draft.front, &draft.back].map(|side| trace.text_of(side)));
        let note = self.build(draft)?;
        mistakes.extend(costly(&self.document.diagnostics, known));
        let footnotes = note.footnotes.iter().flat_map(|footnote| &footnote.blocks).map(|block| block.span);
        for place in footnotes.chain([extent]) {
            mistakes.extend(self.costly.range(place.start..place.end));
            self.extents.push(place);
        }
        if !mistakes.is_empty() || self.settings.excludes(&note.tags) {
            self.charged.extend(mistakes);
            self.document.left_out.push(note);
            return None;
        }
        self.document.notes.push(note);
        self.document.syntaxes.push(syntax);
        if let (Some(trace), Some(sides)) = (&mut self.document.trace, sides) {
            trace.notes.push(sides);
        }
        Some(self.document.notes.len() - 1)
    }

    /// Makes a note, as far as it can be read.
    fn build(&mut self, draft: Draft) -> Option<Note> {
        let context = self.titles_above();
        let titles = context.iter().map(String::len);
        let tags = self.parents.last().map_or(self.settings, |parent| &parent.settings).tags.iter();
        let shared = titles.chain(tags.map(|tag| tag.as_str().len())).sum();
        if !self.repeats(shared, draft.span) || !self.is_one_more(draft.span) {
            return None;
        }
        let (reversed, typed) = self.switches(&draft.attributes);
        let deck = draft.attributes.deck.clone().zip(draft.attributes.deck_place);
        // Each row of a table has the attributes of its heading.
        self.document.decks.extend(deck.filter(|deck| self.document.decks.last() != Some(deck)));
        let settings = self.parents.last().map_or(self.settings, |parent| &parent.settings);
        let settings = with_attributes(settings, &draft.attributes);
        let parts = Parts {
            reversed,
            typed,
            line: self.lines.line_of(draft.span.start as usize),
            context,
            known_tags: self.tags.clone(),
            syntax: draft.syntax,
            kind: draft.kind,
            front: draft.front,
            back: draft.back,
            attributes: draft.attributes,
            span: draft.span,
        };
        let mut note = notes::build(&self.context, parts, &settings, &mut self.document.diagnostics)?;
        note.shrink();
        self.tags.clone_from(&note.tags);
        let footnotes =
            note.footnotes.iter().flat_map(|footnote| &footnote.blocks).map(|block| block.span.range().len());
        self.repeats(footnotes.sum(), note.span).then_some(note)
    }

    /// The headings above the place at hand; the file's title where there are none.
    fn titles_above(&mut self) -> Shared<String> {
        let (parents, file) = (&self.parents, self.title);
        let titles = self.titles.get_or_insert_with(|| {
            let titles = parents.iter().map(|parent| &parent.title).filter(|title| !title.is_empty());
            let titles: Vec<String> = titles.cloned().collect();
            let titles = if titles.is_empty() { file.map(str::to_owned).into_iter().collect() } else { titles };
            titles.into()
        });
        titles.clone()
    }

    /// Says that links lead nowhere, because they were read as something else.
    pub(super) fn forget_links(&mut self, places: Vec<Span>) {
        self.tag_links.extend(places);
    }

    /// Says what is wrong.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.document.diagnostics.push(diagnostic);
    }

    /// What is wrong so far.
    pub(super) fn diagnostics(&mut self) -> &mut Vec<Diagnostic> {
        &mut self.document.diagnostics
    }

    /// Takes down what syntaxes claimed, where somebody asked, each with the blocks of it that stand elsewhere.
    pub(super) fn trace_claims<'c>(&mut self, claims: impl Iterator<Item = (TracedClaim, &'c [Block])>) {
        if let Some(trace) = &mut self.document.trace {
            for (mut claim, blocks) in claims {
                let text = Some(blocks).filter(|blocks| !blocks.is_empty()).and_then(|blocks| trace.text_of(blocks));
                claim.text = text.map(|text| text.text().to_owned());
                trace.claims.push(claim);
            }
        }
    }

    /// Which source it is.
    pub(super) fn id(&self) -> SourceId {
        self.context.id
    }

    /// The source.
    pub(super) fn source(&self) -> &'a Source {
        self.context.source
    }

    /// The folder of all notes.
    pub(super) fn folder(&self) -> &'a str {
        self.context.content
    }

    /// The options of the ways in which notes are written.
    pub(super) fn options(&self) -> Arc<SyntaxOptions> {
        Arc::clone(&self.options)
    }

    /// The settings of the file.
    pub(super) fn settings(&self) -> &'a Settings {
        self.settings
    }

    /// The title that the front matter gives the file.
    pub(super) fn title(&self) -> Option<&'a str> {
        self.title
    }

    /// Says what the file is called in the way of its syntax, where its front matter gives it no title.
    pub(super) fn call(&mut self, title: &str) {
        title.clone_into(&mut self.page_title);
    }

    /// Whether only headings are notes that say so.
    pub(super) fn wants_marks(&self) -> bool {
        self.settings.only_marked
    }

    /// The text of the heading right above the place at hand.
    pub(super) fn title_above(&self) -> &str {
        self.parents.last().map_or("", |parent| &parent.title)
    }

    /// Media on the network are missing on cards that are studied offline; of prose nobody makes cards.
    fn forget_remote_media_of_prose(&mut self) {
        let is_remote = |found: &Diagnostic| found.code == Code::RemoteMedia;
        if !self.document.diagnostics.iter().any(is_remote) {
            return;
        }
        // Ends by starts, without those within others.
        let mut ends: BTreeMap<u32, u32> = BTreeMap::new();
        self.extents.sort_unstable();
        for extent in &self.extents {
            let is_within = ends.last_key_value().is_some_and(|(_, end)| *end >= extent.end);
            if !is_within {
                ends.insert(extent.start, extent.end);
            }
        }
        let is_in_note = |at: u32| ends.range(..=at).next_back().is_some_and(|(_, end)| at < *end);
        self.document.diagnostics.retain(|found| !is_remote(found) || is_in_note(found.span.start));
    }

    /// Puts the chapter into the document.
    pub(super) fn finish(mut self) {
        self.forget_remote_media_of_prose();
        let footnotes = self.prose_footnotes.sources(&self.context, &mut self.document.diagnostics);
        let numbering = &self.prose_footnotes;
        // Pieces are not parsed in the order in which they stand.
        self.document.layout.labels.sort_unstable();
        self.document.media.sort_by_key(|media| media.span);
        self.document.links.sort_by_key(|link| link.span);
        // Of Logseq's, a card inside a card is read with it, and by itself.
        self.document.layout.labels.dedup();
        self.document.media.dedup_by(|later, first| (later.span, &later.path) == (first.span, &first.path));
        self.document.links.dedup();
        if self.settings.syntaxes.has(Syntax::Logseq) {
            for link in &mut self.document.links {
                link.may_lack = link.is_wiki;
            }
            let mut said = BTreeSet::new();
            self.document.diagnostics.retain(|found| said.insert((found.span, found.message.clone())));
        }
        if !self.tag_links.is_empty() {
            let starts: BTreeMap<u32, u32> = self.tag_links.iter().map(|link| (link.start, link.end)).collect();
            let is_tag = |at: u32| starts.range(..=at).next_back().is_some_and(|(_, end)| at < *end);
            self.document.links.retain(|link| !is_tag(link.span.start));
        }
        self.document.layout.place_footnotes(&self.context.footnotes, |index| numbering.mentions(index));
        self.parts.shrink_to_fit();
        let trusts_html = self.settings.html == HtmlPolicy::Trust;
        let chapter =
            Chapter { path: String::new(), title: self.page_title, parts: self.parts, trusts_html, footnotes };
        self.document.chapter = Some(chapter);
        self.document.left_out.sort_by_key(|note| note.span);
        // What stands in prose costs nothing.
        let in_prose = |found: &&mut Diagnostic| found.cost == Cost::Note && !self.charged.contains(&found.span.start);
        self.document.diagnostics.iter_mut().filter(in_prose).for_each(|found| found.cost = Cost::Nothing);
    }

    /// Whether a note with these attributes is reversed, and whether it is typed.
    fn switches(&self, attributes: &Attributes) -> (bool, bool) {
        let parent = self.parents.last();
        (
            attributes.has(Class::Reversed) || parent.is_some_and(|parent| parent.reversed),
            attributes.has(Class::Typed) || parent.is_some_and(|parent| parent.typed),
        )
    }
}

/// Where those start, of the mistakes behind the first `known` ones, that cost a note.
fn costly(diagnostics: &[Diagnostic], known: usize) -> impl Iterator<Item = u32> {
    let new = diagnostics.get(known..).unwrap_or_default().iter();
    new.filter(|found| found.cost == Cost::Note).map(|found| found.span.start)
}

/// The columns of the answer's blocks, which have the places of their cells; these ascend.
fn columns(note: &Note, cells: &[Span]) -> Vec<usize> {
    let NoteBody::Basic { back, .. } = &note.body else { return Vec::new() };
    back.iter().filter_map(|block| cells.binary_search(&block.span).ok()).collect()
}

fn with_attributes<'s>(settings: &'s Settings, attributes: &Attributes) -> Cow<'s, Settings> {
    if attributes.tags.is_empty() && attributes.deck.is_none() {
        return Cow::Borrowed(settings);
    }
    let mut settings = settings.clone();
    settings.add_tags(&attributes.tags);
    settings.deck = attributes.deck.clone().or(settings.deck);
    Cow::Owned(settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::DeckName;
    use crate::markdown::read;

    /// How many notes are read of a text, and where it is said that the file is left out.
    fn notes(text: String) -> (usize, Vec<Span>) {
        let source = Source { path: "a.md".into(), text };
        let settings = Settings { deck: DeckName::new("D"), ..Settings::default() };
        let document = read(SourceId(0), &source, "a.md", &settings);
        let said = document.diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::LargeFile);
        (document.notes.len(), said.map(|diagnostic| diagnostic.span).collect())
    }

    #[test]
    fn what_is_written_once_stands_in_so_many_notes() {
        let long = "w".repeat(1024 * 1024);
        let under = |count: usize| notes(format!("# {long}\n\n{}", "## Q\n\nA\n\n".repeat(count)));
        assert_eq!(under(32), (32, Vec::new()));
        let (read, said) = under(40);
        assert_eq!((read, said.len()), (0, 1));
        let rows = |count: usize| notes(format!("## Q {{.rows}}\n\n|a|{long}|\n|-|-|\n{}", "|c|d|\n".repeat(count)));
        let (read, said) = rows(40);
        assert_eq!((read, said.len()), (0, 1));
        let mentions = "## Q\n\nA[^1]\n\n".repeat(40);
        let (read, said) = notes(format!("{mentions}[^1]: {long}\n"));
        assert_eq!((read, said.len()), (0, 1));
    }
}
