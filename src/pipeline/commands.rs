//! Runs mdBook's commands in notes and prose, and takes out what other preprocessors of books put there.
//!
//! What is included is text of code, and comes from plain files of the project; how commands are written is up to
//! [`book_command`].

use std::collections::{BTreeSet, HashMap};

use super::gathered::Plan;
use crate::Error;
use crate::diagnostic::{Code, Diagnostic};
use crate::files::{Lead, World};
use crate::ir::{Block, BlockKind, ChapterPart, ChildMut, Inline, InlineKind, NoteBody, Run, Shared};
use crate::markdown::Document;
use crate::source::{Source, SourceId, Sources, Span};
use crate::text::book_command::{self, Command};
use crate::text::path::{parent, resolve};
use crate::text::tags::{self, Piece};
use crate::text::{entity, hidden};

/// So many bytes may be included in a file of notes.
const MAX_INCLUDED: usize = 4 << 20;

/// So many bytes are read through for a file of notes: a line far down costs all that stands above it.
const MAX_READ_THROUGH: usize = 64 << 20;

/// So often is said in a file what is wrong with its commands.
const MAX_SAID: usize = 100;

/// Changes the documents that hold commands, and reports what cannot be run.
///
/// # Errors
/// A file that is there cannot be read.
pub(super) fn run(world: &World, plan: &Plan, sources: &Sources, documents: &mut [Document]) -> Result<(), Error> {
    let mut files = Files { world, plan, texts: HashMap::new() };
    for (file, document) in plan.notes.iter().zip(documents) {
        let source = sources.get(file.source);
        let may_hold = |signs: &[&str]| signs.iter().any(|sign| source.text.contains(sign));
        let holds_some = may_hold(&["{{#"]) || (plan.is_book && may_hold(&["rust", "<Listing", "r["]));
        if !holds_some {
            continue;
        }
        let mut runner = Runner {
            id: file.source,
            source,
            files: &mut files,
            included: 0,
            read_through: 0,
            said: BTreeSet::new(),
            diagnostics: Vec::new(),
            failed: None,
        };
        runner.document(document);
        let Runner { diagnostics, failed, .. } = runner;
        document.diagnostics.extend(diagnostics);
        failed.map_or(Ok(()), Err)?;
    }
    Ok(())
}

/// The files that are included, each read once.
struct Files<'a> {
    world: &'a World,
    plan: &'a Plan,
    /// Path → its text, or why there is none.
    texts: HashMap<String, Result<String, &'static str>>,
}

impl Files<'_> {
    fn read(&mut self, path: &str) -> Result<Result<&str, &'static str>, Error> {
        if !self.texts.contains_key(path) {
            let text = self.open(path)?;
            self.texts.insert(path.to_owned(), text);
        }
        Ok(match self.texts.get(path) {
            Some(Ok(text)) => Ok(text),
            Some(Err(why)) => Err(why),
            None => Err("there is no such file"),
        })
    }

    /// Hidden files are not read, whatever they hold.
    fn open(&self, path: &str) -> Result<Result<String, &'static str>, Error> {
        let place = self.plan.root.join(path);
        let is_hidden = |path: &str| path.split('/').any(|part| part.starts_with('.') && part != "..");
        Ok(match self.world.follow(&self.plan.bounds, &place) {
            _ if is_hidden(path) => Err("hidden files are not read"),
            // By a link, too.
            Ok(Lead::File(real)) if is_hidden(&self.plan.path_of(&real)) => Err("hidden files are not read"),
            Ok(Lead::File(_)) => match self.world.read_texts(&[&place], &|| {})?.pop() {
                Some(text) if text.bad.is_none() => Ok(hidden::without(&text.text).into_owned()),
                Some(_) | None => Err("it is too large, or no UTF-8"),
            },
            Ok(Lead::Outside) => Err("it leads out of the project"),
            Ok(Lead::Folder | Lead::Special | Lead::Nothing) | Err(_) => Err("there is no such file"),
        })
    }
}

struct Runner<'r, 'a> {
    id: SourceId,
    source: &'r Source,
    files: &'r mut Files<'a>,
    /// How many bytes so far.
    included: usize,
    /// How many bytes were looked at for them.
    read_through: usize,
    /// Where what is wrong was said: a footnote may stand in several notes.
    said: BTreeSet<Span>,
    diagnostics: Vec<Diagnostic>,
    failed: Option<Error>,
}

impl Runner<'_, '_> {
    fn document(&mut self, document: &mut Document) {
        for note in &mut document.notes {
            let sides = match &mut note.body {
                NoteBody::Basic { front, back, .. } => [front, back],
                NoteBody::Cloze { heading, text } => [heading, text],
            };
            let footnotes = note.footnotes.iter_mut().map(|footnote| &mut footnote.blocks);
            for blocks in sides.into_iter().chain([&mut note.hint, &mut note.extra]).chain(footnotes) {
                self.blocks(blocks);
            }
        }
        if self.files.plan.is_book {
            for note in &mut document.notes {
                let mut titles = note.context.to_vec();
                titles.iter_mut().for_each(take_titles);
                note.context = Shared::or_new(Some(&note.context), &titles);
            }
        }
        // Prose of a book that mdBook hands over stays as it is: mdBook runs what stands in it.
        let is_handed_over = self.files.plan.is_book && self.files.plan.outline.is_empty();
        let Some(chapter) = document.chapter.as_mut().filter(|_| !is_handed_over) else { return };
        chapter.footnotes.iter_mut().for_each(|footnote| self.blocks(&mut footnote.blocks));
        for part in std::mem::take(&mut chapter.parts) {
            let ChapterPart::Prose { mut block } = part else {
                chapter.parts.push(part);
                continue;
            };
            self.block(&mut block);
            chapter.parts.extend((!is_empty(&block)).then_some(ChapterPart::Prose { block }));
        }
    }

    fn blocks(&mut self, blocks: &mut Vec<Block>) {
        let only = if blocks.len() == 1 { blocks.first().cloned() } else { None };
        for block in blocks.iter_mut() {
            self.block(block);
        }
        // What was nothing but a command is gone; but a side of a card keeps what it has.
        if blocks.iter().any(|block| !is_empty(block)) {
            blocks.retain(|block| !is_empty(block));
        } else if let (Some(only), [last]) = (only, blocks.as_mut_slice()) {
            *last = only;
        }
    }

    fn block(&mut self, block: &mut Block) {
        let span = block.span;
        match &mut block.kind {
            BlockKind::Code { language, content } => {
                let is_rust = language.as_deref() == Some("rust");
                // Where there are deletions, their places in the code are meant.
                match content.as_mut_slice() {
                    [Run::Text { text }] => self.code(text, span, is_rust),
                    runs => runs.iter().for_each(|run| self.refuse(run, span)),
                }
            }
            BlockKind::Paragraph { content } => {
                if let Some(code) = self.playground(content) {
                    let content = vec![Run::Text { text: code }];
                    block.kind = BlockKind::Code { language: Some("rust".into()), content };
                    return;
                }
                if self.files.plan.is_book {
                    take_rule(content);
                    content.iter_mut().for_each(name_listing);
                    content.retain(|inline| inline.kind.as_text() != Some(""));
                }
                self.inlines(content);
            }
            BlockKind::Heading { .. }
            | BlockKind::Quote { .. }
            | BlockKind::Alert(_)
            | BlockKind::List { .. }
            | BlockKind::Table(_)
            | BlockKind::Definitions { .. }
            | BlockKind::Labelled(_)
            | BlockKind::Cloze { .. }
            | BlockKind::Html { .. }
            | BlockKind::Rule => block.for_each_child_mut(&mut |child| self.child(child)),
        }
    }

    fn child(&mut self, child: ChildMut<'_>) {
        match child {
            ChildMut::Blocks(blocks) => self.blocks(blocks),
            ChildMut::Inlines(content) => self.inlines(content),
            ChildMut::Runs(_) => {}
        }
    }

    fn inlines(&mut self, content: &mut Vec<Inline>) {
        for inline in content.iter_mut() {
            let span = inline.span;
            if let InlineKind::Text { text } = &mut inline.kind {
                self.text(text, span);
            } else {
                inline.child_mut().into_iter().for_each(|child| self.child(child));
            }
        }
        content.retain(|inline| inline.kind.as_text() != Some(""));
    }

    /// Takes titles out of a text, which say nothing on its page, and reports other commands.
    fn text(&mut self, text: &mut String, span: Span) {
        let is_escaped =
            span.range().start.checked_sub(1).and_then(|at| self.source.text.as_bytes().get(at)) == Some(&b'\\');
        for command in book_command::commands(&text.clone()).into_iter().rev() {
            if command.range.start == 0 && is_escaped {
                continue;
            }
            // Template languages have commands of the same look.
            if is_include(&command) {
                let help = format!("put the text of `{}` here, or the command into a fence of code", command.what);
                self.report(command.name, command.what, span, "is not run here", &help);
            } else if is_title(&command) && self.files.plan.is_book {
                text.replace_range(command.range, "");
            }
        }
    }

    /// Says of the commands beside a deletion that they are not run.
    fn refuse(&mut self, run: &Run, span: Span) {
        let Run::Text { text } = run else { return };
        for command in book_command::commands(text).iter().filter(|command| is_include(command)) {
            let help = "put the code itself here, or take the deletions out";
            self.report(command.name, command.what, span, "is not run where code has deletions", help);
        }
    }

    /// A sample of code that stands by itself: `{{#playground x.rs}}`.
    fn playground(&mut self, content: &[Inline]) -> Option<String> {
        let [Inline { kind: InlineKind::Text { text }, span }] = content else { return None };
        let found = book_command::commands(text);
        let [command @ Command { name: "playground", range, .. }] = found.as_slice() else { return None };
        (range.len() == text.trim().len()).then(|| self.include(command, *span)).flatten().map(|code| code + "\n")
    }

    /// Includes what the commands of a text of code ask for, and leaves hidden lines out.
    fn code(&mut self, text: &mut String, span: Span, is_rust: bool) {
        let before = text.clone();
        let mut out = String::new();
        let mut at = 0;
        for command in book_command::commands(&before) {
            if let Some(included) = self.include(&command, span) {
                out.push_str(before.get(at..command.range.start).unwrap_or_default());
                out.push_str(&included);
                at = command.range.end;
            }
        }
        if at > 0 {
            out.push_str(before.get(at..).unwrap_or_default());
            *text = out;
        }
        if is_rust && self.files.plan.is_book {
            *text = book_command::without_hidden(text).unwrap_or_else(|| std::mem::take(text));
        }
    }

    /// The text that a command asks for; `None` where there is none, which is reported, or the command is another one.
    fn include(&mut self, command: &Command<'_>, span: Span) -> Option<String> {
        let Command { name, what, .. } = command;
        if !is_include(command) {
            return None;
        }
        let (path, lines) = book_command::split_lines(what);
        let path = resolve(parent(&self.source.path), path);
        let help = "mend the path: it goes from this file, to a plain file of the project; `\\{{#` shows a command";
        let text = match self.files.read(&path) {
            Ok(Ok(text)) => {
                self.read_through = self.read_through.saturating_add(text.len());
                if self.read_through > MAX_READ_THROUGH { Err("too much is read for it") } else { Ok(lines.of(text)) }
            }
            Ok(Err(why)) => Err(why),
            Err(failed) => {
                self.failed.get_or_insert(failed);
                return None;
            }
        };
        match text {
            Ok(Some(text)) if self.included.saturating_add(text.len()) <= MAX_INCLUDED => {
                self.included += text.len();
                Some(text)
            }
            Ok(Some(_)) => {
                self.report(name, what, span, "is not run: a file may include 4 MiB", "include less");
                None
            }
            Ok(None) => {
                self.report(name, what, span, "is not run: the file has no such anchor", "mend the anchor's name");
                None
            }
            Err(why) => {
                self.report(name, what, span, &format!("is not run: {why}"), help);
                None
            }
        }
    }

    fn report(&mut self, name: &str, what: &str, span: Span, why: &str, help: &str) {
        if self.said.len() >= MAX_SAID {
            return;
        }
        let written = self.source.text.get(span.range()).unwrap_or_default();
        let command = format!("{{{{#{name}");
        // The like of it may stand there several times: the first that was not named yet.
        let places = written.match_indices(&command).map(|(at, _)| {
            let end = written.get(at..).and_then(|rest| rest.find("}}")).map_or(at + command.len(), |end| at + end + 2);
            Span::new(self.id, span.start as usize + at..span.start as usize + end)
        });
        let is_it = |place: &Span| self.source.text.get(place.range()).is_some_and(|text| text.contains(what));
        let place = places.filter(is_it).find(|place| !self.said.contains(place)).unwrap_or(span);
        if self.said.insert(place) {
            let more = if self.said.len() == MAX_SAID { ", nor may others be below" } else { "" };
            let message = format!("the command `{name}` of mdBook {why}{more}");
            self.diagnostics.push(Diagnostic::new(Code::BookCommand, place, message).help(help));
        }
    }
}

fn is_include(command: &Command<'_>) -> bool {
    matches!(command.name, "include" | "rustdoc_include" | "playground")
}

/// Whether a command gives its page a title. Template languages have blocks that are called so.
fn is_title(command: &Command<'_>) -> bool {
    command.name == "title" && !command.what.is_empty()
}

fn is_empty(block: &Block) -> bool {
    matches!(&block.kind, BlockKind::Paragraph { content } if content.is_empty())
}

/// Takes titles of pages out of the text of a heading.
fn take_titles(heading: &mut String) {
    for Command { range, .. } in book_command::commands(&heading.clone()).into_iter().rev().filter(is_title) {
        heading.replace_range(range, "");
    }
    heading.truncate(heading.trim_end().len());
}

/// Takes the name of a rule (`r[items.fn]`) off the start of a paragraph: it stands on a line of its own.
fn take_rule(content: &mut Vec<Inline>) {
    let ends = match content.as_slice() {
        [Inline { kind: InlineKind::Text { text }, .. }] => is_rule(text),
        [Inline { kind: InlineKind::Text { text }, .. }, next, ..] => is_rule(text) && next.kind.is_break(),
        _ => false,
    };
    if ends {
        content.drain(..content.len().min(2));
    }
}

fn is_rule(text: &str) -> bool {
    let Some(id) = text.trim().strip_prefix("r[").and_then(|rest| rest.strip_suffix(']')) else { return false };
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    id.split('.').all(is_part)
}

/// Says of a listing what it is called, in the place of its tag: `<Listing number="1-1" caption="x" file-name="y">`.
fn name_listing(inline: &mut Inline) {
    let InlineKind::Text { text } = &mut inline.kind else { return };
    let trimmed = text.trim();
    if trimmed == "</Listing>" {
        text.clear();
        return;
    }
    let Some(tag) = tags::tags(trimmed).next().filter(|tag| tag.name == "Listing" && tag.text.len() == trimmed.len())
    else {
        return;
    };
    let value = |name| tag.attribute(name).and_then(|attribute| attribute.value).filter(|value| !value.is_empty());
    let number = value("number").map(|number| format!("Listing {number}"));
    let caption = value("caption").map(shown_text);
    let named = [number, caption].into_iter().flatten().collect::<Vec<_>>().join(": ");
    let file = value("file-name").map(|file| if named.is_empty() { file.to_owned() } else { format!(" ({file})") });
    *text = named + &file.unwrap_or_default();
}

/// What a reader sees of HTML.
fn shown_text(html: &str) -> String {
    let texts = tags::pieces(html).filter_map(|piece| if let Piece::Text(text) = piece { Some(text) } else { None });
    entity::decode(&texts.collect::<String>()).into_owned()
}
