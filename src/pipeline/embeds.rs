//! Puts embedded notes (`![[Note]]`, `![[Note#Heading]]`) in where the settings say so: documents are read by themselves, and
//! here one becomes content of another.
//!
//! Knows which file a name means, and how deep and how much may be put in; what a note holds is [`markdown`]'s.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::gathered::Plan;
use crate::config::Embeds;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Block, BlockKind, ChapterPart, Child, ChildMut, InlineKind, NoteBody};
use crate::markdown::{self, Document, File, Part, Parts, Passage, read_passage};
use crate::source::{SourceId, Sources, Span};
use crate::text::address;
use crate::text::path::{fold, join, parent, resolve, stem, steps};

/// So deep notes are put into each other.
const MAX_DEPTH: usize = 3;

/// So many bytes are put into a file at most.
const MAX_EMBEDDED: usize = 4 << 20;

/// Puts embedded notes into the documents of the plan's files whose settings say so.
pub(super) fn expand(plan: &Plan, sources: &Sources, documents: &mut [Document]) {
    let wants = |source: SourceId, document: &Document| {
        document.embeds == Embeds::Expand && sources.get(source).text.contains("![")
    };
    let pairs = || plan.notes.iter().zip(documents.iter());
    if !pairs().any(|(file, document)| wants(file.source, document)) {
        return;
    }
    let library = Library::new(plan, sources);
    for (index, (file, document)) in plan.notes.iter().zip(documents).enumerate() {
        if wants(file.source, document) {
            let (stack, level, left) = (Vec::new(), 0, MAX_EMBEDDED);
            Expander { library: &library, own: index, stack, level, left, found: Found::default() }.document(document);
        }
    }
}

/// The files that may be embedded.
struct Library<'a> {
    plan: &'a Plan,
    sources: &'a Sources,
    /// Paths as [`named`] has them → the first file of each, in reading order.
    by_path: HashMap<String, usize>,
    /// Names without extension, [`fold`]ed → files with such paths, in reading order.
    by_stem: HashMap<String, Vec<(usize, String)>>,
    /// The parts of each file that was asked for one.
    parts: Vec<OnceCell<Parts>>,
}

impl<'a> Library<'a> {
    fn new(plan: &'a Plan, sources: &'a Sources) -> Self {
        let mut by_path = HashMap::new();
        let mut by_stem: HashMap<String, Vec<(usize, String)>> = HashMap::new();
        for (index, file) in plan.notes.iter().enumerate() {
            let path = &sources.get(file.source).path;
            by_path.entry(named(path)).or_insert(index);
            by_stem.entry(fold(stem(path))).or_default().push((index, named(path)));
        }
        let parts = plan.notes.iter().map(|_| OnceCell::new()).collect();
        Self { plan, sources, by_path, by_stem, parts }
    }

    fn file(&self, index: usize) -> Option<File<'a>> {
        let file = self.plan.notes.get(index)?;
        let source = self.sources.get(file.source);
        Some(File { id: file.source, source, chapter: &file.chapter, settings: &file.settings })
    }

    /// The file that an address in another one means: at that path, or the nearest one of that name.
    fn find(&self, from: usize, path: &str) -> Option<usize> {
        if path.is_empty() {
            return Some(from);
        }
        let own = &self.file(from)?.source.path;
        let beside = named(&resolve(parent(own), path));
        let anywhere = named(path.trim_start_matches('/'));
        let is_at = [&beside, &anywhere].into_iter().filter_map(|path| self.by_path.get(path)).min();
        let near = |index: usize| self.file(index).map(|file| steps(parent(own), parent(&file.source.path)));
        is_at.copied().or_else(|| {
            let files = self.by_stem.get(&fold(stem(path)))?.iter();
            let ends = files.filter(|(_, path)| below_any(path, &anywhere)).map(|(index, _)| *index);
            ends.min_by_key(|index| near(*index))
        })
    }

    /// Where a part of a file lies.
    fn place(&self, index: usize, part: Part<'_>) -> Option<Range<usize>> {
        let text = &self.file(index)?.source.text;
        self.parts.get(index)?.get_or_init(|| Parts::of(text)).find(part)
    }
}

/// How a path names a note: without extension, [`fold`]ed.
fn named(path: &str) -> String {
    fold(&join(parent(path), stem(path)))
}

/// Whether a path ends with another one, folder by folder.
fn below_any(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|folders| folders.is_empty() || folders.ends_with('/'))
}

/// What is put into a document.
#[derive(Default)]
struct Found {
    media: Vec<markdown::MediaUse>,
    links: Vec<markdown::LinkUse>,
    said: Vec<Diagnostic>,
    /// Where an embed stood that is put in.
    places: Vec<Span>,
}

struct Expander<'a> {
    library: &'a Library<'a>,
    /// The file that is expanded.
    own: usize,
    /// What is being put in: files, and where in them.
    stack: Vec<(usize, usize)>,
    /// How deep blocks stand in others at the place at hand.
    level: usize,
    /// How many bytes may still be put in.
    left: usize,
    found: Found,
}

impl Expander<'_> {
    fn document(mut self, document: &mut Document) {
        for note in &mut document.notes {
            let [one, other] = match &mut note.body {
                NoteBody::Basic { front, back, .. } => [front, back],
                NoteBody::Cloze { heading, text } => [heading, text],
            };
            for blocks in [one, other, &mut note.hint, &mut note.extra] {
                self.blocks(blocks, self.own, None);
            }
        }
        if let Some(chapter) = &mut document.chapter {
            let parts = std::mem::take(&mut chapter.parts);
            chapter.parts = parts.into_iter().flat_map(|part| self.part(part)).collect();
        }
        let Found { media, links, said, mut places } = self.found;
        let said_of: BTreeSet<Span> = said.iter().map(|said| said.span).collect();
        document.diagnostics.retain(|found| !markdown::is_of_embed(found) || !said_of.contains(&found.span));
        places.sort_unstable();
        let is_put_in = |span: Span| places.binary_search_by(|place| within(*place, span)).is_ok();
        document.links.retain(|link| !is_put_in(link.span));
        document.diagnostics.retain(|found| !(markdown::is_of_embed(found) && is_put_in(found.span)));
        document.diagnostics.extend(said);
        document.media.extend(media);
        document.links.extend(links);
        document.media.sort_by_key(|media| media.span);
        document.links.sort_by_key(|link| link.span);
    }

    fn part(&mut self, part: ChapterPart) -> Vec<ChapterPart> {
        match part {
            ChapterPart::Prose { block } => {
                let mut blocks = vec![*block];
                self.blocks(&mut blocks, self.own, None);
                blocks.into_iter().map(|block| ChapterPart::Prose { block: block.into() }).collect()
            }
            ChapterPart::Note { .. } | ChapterPart::Table(_) => vec![part],
        }
    }

    /// Puts notes into content of a file. `place` is where all of it comes to stand, if that is not where it does.
    fn blocks(&mut self, blocks: &mut Vec<Block>, file: usize, place: Option<Span>) {
        let mut done = Vec::with_capacity(blocks.len());
        for mut block in std::mem::take(blocks) {
            let embed = self.embed(&block, file);
            let at = place.unwrap_or(block.span);
            let passage = embed.and_then(|(path, part)| self.passage(&path, Part::of(part.as_deref()), file, at));
            if let Some(passage) = passage {
                self.found.places.extend(place.is_none().then_some(at));
                done.extend(passage);
                continue;
            }
            block.for_each_child_mut(&mut |child| {
                if let ChildMut::Blocks(blocks) = child {
                    self.level += 1;
                    self.blocks(blocks, file, place);
                    self.level -= 1;
                }
            });
            done.push(block);
        }
        *blocks = done;
    }

    /// The path of an embed that is all that a block holds, and what is named of the note there.
    fn embed(&self, block: &Block, file: usize) -> Option<(String, Option<String>)> {
        let BlockKind::Paragraph { content } = &block.kind else { return None };
        let [inline] = content.as_slice() else { return None };
        let InlineKind::Link(link) = &inline.kind else { return None };
        let text = self.library.file(file)?.source.text.get(inline.span.range())?.strip_prefix("![")?;
        let (path, fragment) = link.url.split_once('#').map_or((&*link.url, None), |(path, rest)| (path, Some(rest)));
        let fragment = match text.strip_prefix('[') {
            // The address that is made of a wiki's name leaves blocks out.
            Some(name) => name.split(['|', ']']).next()?.split_once('#').map(|(_, place)| place.into()),
            None => fragment.map(address::percent_decode),
        };
        Some((address::percent_decode(path).into_owned(), fragment.map(std::borrow::Cow::into_owned)))
    }

    /// What an embed in a file names, which comes to stand at `place`; `None` where it stays a link.
    fn passage(&mut self, path: &str, part: Part<'_>, from: usize, place: Span) -> Option<Vec<Block>> {
        let index = self.library.find(from, path)?;
        let file = self.library.file(index)?;
        let Some(range) = self.library.place(index, part) else {
            let help = "write the text of one of its headings behind the `#`, or the id of a block behind `#^`";
            return self.stay(place, "there is no such part in the note: this is a link to it", help);
        };
        // A part is put in within another one of its note, but not within itself.
        let key = (index, range.start);
        if self.stack.contains(&key) || (index == self.own && part == Part::Whole) {
            return self.stay(
                place,
                "a note is not put into itself: this is a link to it",
                "take one of the embeds out",
            );
        }
        if self.stack.len() == MAX_DEPTH {
            let help = "embed what it holds by itself, or take the `!` out";
            return self.stay(place, "notes are put into each other three deep: this is a link", help);
        }
        let Some(left) = self.left.checked_sub(range.len()) else {
            return self.stay(place, "more than 4 MiB would be put into this file: this is a link", "take the `!` out");
        };
        self.left = left;
        let own = self.library.file(self.own)?;
        let mut passage = read_passage(file, range, parent(&own.source.path));
        if self.level + depth(&passage.blocks) > ir::MAX_DEPTH {
            let message = format!("this would be nested more than {} levels deep: this is a link", ir::MAX_DEPTH);
            return self.stay(place, &message, "embed it further out, or take the `!` out");
        }
        self.stack.push(key);
        self.blocks(&mut passage.blocks, index, Some(place));
        self.stack.pop();
        passage.move_to(place);
        let Passage { blocks, media, links } = passage;
        self.found.media.extend(media);
        self.found.links.extend(links);
        Some(blocks)
    }

    /// Says why an embed stays a link.
    fn stay(&mut self, place: Span, message: &str, help: &str) -> Option<Vec<Block>> {
        self.found.said.push(Diagnostic::new(Code::ForeignMarkup, place, message).help(help));
        None
    }
}

/// How many levels of blocks there are.
fn depth(blocks: &[Block]) -> usize {
    let mut deepest = 0;
    for block in blocks {
        block.for_each_child(&mut |child| {
            if let Child::Blocks(blocks) = child {
                deepest = deepest.max(depth(blocks));
            }
        });
    }
    if blocks.is_empty() { 0 } else { deepest + 1 }
}

/// How a place stands to a smaller one.
fn within(place: Span, span: Span) -> std::cmp::Ordering {
    if place.end <= span.start && place.end < span.end {
        std::cmp::Ordering::Less
    } else if place.start > span.start {
        std::cmp::Ordering::Greater
    } else {
        std::cmp::Ordering::Equal
    }
}
