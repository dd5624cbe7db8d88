//! Turns notes as they are written into drafts: fields become front, back and extras, braces become deletions.
//!
//! Knows note types; not where notes stand in a file.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::types::{self, Cards, Kind, Misnamed, Role};
use super::written::{Field, Form, Written};
use crate::config::syntax::{StartEndOptions, Syntax};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Alert, AlertKind, Block, BlockKind, Inline, InlineKind, NoteKind, for_each_cloze};
use crate::markdown::assemble::{Assembler, Draft};
use crate::markdown::attributes::{Attributes, Class};
use crate::markdown::syntax::{Claim, Claimed, machinery};
use crate::source::{Excerpt, Source, Span};
use crate::text::steps::counted;

/// Makes drafts of the notes of a file.
pub(super) struct Drafts<'r, 'a> {
    rest: &'r Source,
    options: &'r StartEndOptions,
    /// What each note of a type gets.
    frozen: BTreeMap<String, Vec<Field>>,
    assembler: &'r mut Assembler<'a>,
    /// The note types of which it was said that they have more than two fields.
    wide: BTreeSet<String>,
}

/// What the fields of a note hold.
#[derive(Default)]
struct Content {
    front: Vec<Block>,
    back: Vec<Block>,
    /// What stands below the answer, as alerts that become a field of their own.
    extra: Vec<Block>,
    /// Whether the field that asks for a second card holds something.
    reverses: bool,
    /// Where the first field stands that has no place of its own.
    wide: Option<(String, Span)>,
}

impl<'r, 'a> Drafts<'r, 'a> {
    /// Nothing is made yet. `rest` is the source without what other syntaxes claimed.
    pub(super) fn new(
        rest: &'r Source,
        options: &'r StartEndOptions,
        frozen: BTreeMap<String, Vec<Field>>,
        assembler: &'r mut Assembler<'a>,
    ) -> Self {
        Self { rest, options, frozen, assembler, wide: BTreeSet::new() }
    }

    /// What a note becomes.
    pub(super) fn claim(&mut self, written: Written) -> Claimed {
        let range = match written.form {
            Form::Inline => self.with_mark(written.whole.clone()),
            Form::Block | Form::Shape => written.whole.clone(),
        };
        let claim = if written.is_deleted { None } else { Some(self.note(written)) };
        Claimed { range, claim }
    }

    /// A note within a line, with the mark before it where it is all that an element of a list holds.
    fn with_mark(&self, note: Range<usize>) -> Range<usize> {
        let (before, behind) = (self.rest.text.get(..note.start), self.rest.text.get(note.end..));
        let ends_line = behind.is_some_and(|behind| {
            let behind = behind.trim_start_matches([' ', '\t']);
            behind.is_empty() || behind.starts_with(['\n', '\r'])
        });
        let bare = before.unwrap_or_default().trim_end_matches([' ', '\t']);
        let margin = bare.strip_suffix(['-', '*', '+']).filter(|_| ends_line && bare.len() < note.start);
        let is_mark = |margin: &&str| {
            let above = margin.trim_end_matches([' ', '\t']);
            above.is_empty() || above.ends_with('\n')
        };
        margin.filter(is_mark).map_or(note.start, str::len)..note.end
    }

    fn note(&mut self, written: Written) -> Claim {
        let kind = types::kind(&written.note_type);
        let span = self.named(&written);
        if self.assembler.leaves_out(span) {
            return Claim::Prose(self.prose(&written));
        }
        if let Some(why) = self.fault(&written, kind) {
            let half = self.half(&written, kind, span);
            self.assembler.fail(half, why);
            return Claim::Prose(self.prose(&written));
        }
        let mut content = self.content(&written, kind);
        if kind.is_cloze {
            let is_field = |block: &Block| matches!(block.kind.alert(), Some(AlertKind::Tip | AlertKind::Note));
            if !self.delete(&mut content.front, is_field) {
                let why = near(span, "a cloze note without a deletion").help(self.deletions());
                let half = self.half(&written, kind, span);
                // A paragraph with braces is no note for that.
                if written.form != Form::Shape || written.id.is_some() {
                    self.assembler.fail(half, why);
                }
                return Claim::Prose([content.front, content.extra].concat());
            }
        }
        if let Some((field, place)) = content.wide.take().filter(|_| self.wide.insert(written.note_type.clone())) {
            let message = format!("the field `{field}` of `{}` stands below the answer", written.note_type);
            let help = "notes have a front, a back, and what stands below that; other fields of this type do as well";
            self.assembler.report(Diagnostic::new(Code::NearCard, place, message).help(help));
        }
        Claim::Note(Box::new(self.draft(written, kind, content, span)))
    }

    /// What makes a note none, before its fields are read.
    fn fault(&self, written: &Written, kind: Kind) -> Option<Diagnostic> {
        let place = self.span(written.type_place.clone());
        let name = &written.note_type;
        match &written.fault {
            Some(Misnamed::NotThere(Some(meant))) => {
                let found = near(place, format!("there is no note type `{name}`"));
                let found = found.help(format!("did you mean `{meant}`?"));
                return Some(if written.form == Form::Block { found.edit(place, meant.clone()) } else { found });
            }
            Some(Misnamed::NotThere(None)) => {
                let help = "`fields_dict` in the settings of the vault lists those that there are";
                return Some(near(place, format!("there is no note type `{name}` in this vault")).help(help));
            }
            Some(Misnamed::Text) => {
                let help = "write the name of a note type there, such as `Basic`";
                return Some(near(place, "a note whose first line is no note type").help(help));
            }
            None => {}
        }
        let roles = self.roles(written, kind);
        let holds = |role: Role| {
            let fields = written.fields.iter().zip(&roles).filter(|(_, of)| **of == role);
            fields
                .into_iter()
                .any(|(field, _)| !field.is_empty(&self.rest.text) || self.is_frozen(written, &field.name))
        };
        if written.fields.iter().all(|field| field.is_empty(&self.rest.text)) && !holds(Role::Front) {
            return Some(near(place, "a note with nothing below its note type").help("write its fields there"));
        }
        if !holds(Role::Front) {
            let help = "write the question there; or the note type, if this is the question";
            return Some(near(place, "nothing stands in the first field of this note").help(help));
        }
        if kind.is_cloze || holds(Role::Back) {
            return None;
        }
        let back = written.fields.iter().zip(&roles).find(|(_, role)| **role == Role::Back);
        let back = back.map_or("Back", |(field, _)| field.name.as_str());
        let help = format!("write `{back}:` before the answer, at the start of its line");
        let found = near(self.named(written), "a note without an answer").help(help);
        Some(match self.near_back(written, back) {
            Some(place) => found.edit(self.span(place), format!("{back}:")),
            None => found,
        })
    }

    /// Where a line of a note nearly names its back: in other letters, in bold, in a list, or with white space before it.
    fn near_back(&self, written: &Written, back: &str) -> Option<Range<usize>> {
        let mut pieces = written.fields.iter().flat_map(|field| &field.pieces);
        pieces.find_map(|piece| {
            let mut at = piece.start;
            self.rest.text.get(piece.clone())?.split_inclusive('\n').find_map(|line| {
                let start = at;
                at += line.len();
                let bare = line.trim_start_matches([' ', '\t', '*', '_', '-', '+', '#', '>']);
                let word = bare.get(..back.len()).filter(|word| word.eq_ignore_ascii_case(back))?;
                let rest = bare.get(word.len()..)?;
                let behind = rest.trim_start_matches([' ', '*', '_']);
                let behind = behind.strip_prefix([':', '：'])?.trim_start_matches(['*', '_']);
                Some(start..start + line.len() - behind.len())
            })
        })
    }

    fn is_frozen(&self, written: &Written, field: &str) -> bool {
        self.frozen_of(written).iter().any(|frozen| frozen.name == field && !frozen.is_empty(&self.rest.text))
    }

    /// What each note of a type gets.
    fn frozen_of(&self, written: &Written) -> &[Field] {
        let fields = self.frozen.get(&written.note_type).map_or(&[][..], Vec::as_slice);
        counted(fields.iter().map(|field| field.pieces.len()).sum());
        fields
    }

    /// The roles of a note's fields. Where its back is empty, the first other field with text answers.
    fn roles(&self, written: &Written, kind: Kind) -> Vec<Role> {
        let names: Vec<String> = written.fields.iter().map(|field| field.name.clone()).collect();
        let mut roles = types::roles(kind, &names);
        let is_full = |index: usize| written.fields.get(index).is_some_and(|field| !field.is_empty(&self.rest.text));
        let back = roles.iter().position(|role| *role == Role::Back);
        if let Some(back) = back.filter(|back| !is_full(*back) && written.form != Form::Shape) {
            let other = (0..roles.len()).find(|index| roles.get(*index) == Some(&Role::Extra(true)) && is_full(*index));
            if let Some(other) = other {
                roles.swap(back, other);
            }
        }
        roles
    }

    /// Reads the fields of a note.
    fn content(&mut self, written: &Written, kind: Kind) -> Content {
        let mut content = Content::default();
        for (field, role) in written.fields.iter().zip(self.roles(written, kind)) {
            let mut blocks = self.blocks(field, written.form);
            blocks.extend(self.frozen_blocks(written, &field.name));
            let place = || field.first_line(&self.rest.text).map_or(written.whole.clone(), |line| line);
            match role {
                Role::Front => content.front = blocks,
                Role::Back => content.back = blocks,
                Role::Switch => content.reverses = !blocks.is_empty(),
                Role::Extra(_) if blocks.is_empty() => {}
                Role::Extra(is_named) => {
                    let span = self.span(place());
                    let text = InlineKind::Text { text: field.name.clone() };
                    let title = if is_named { vec![Inline { span, kind: text }] } else { Vec::new() };
                    if is_named {
                        content.wide.get_or_insert((field.name.clone(), span));
                    }
                    let alert = Alert { kind: AlertKind::Note, title, blocks };
                    content.extra.push(Block { span, kind: BlockKind::Alert(alert.into()) });
                }
            }
        }
        content
    }

    /// What each note of a type has in a field.
    fn frozen_blocks(&mut self, written: &Written, field: &str) -> Vec<Block> {
        let fields = self.frozen_of(written).iter().filter(|frozen| frozen.name == field);
        let fields: Vec<Field> = fields.cloned().collect();
        let mut blocks = Vec::new();
        for field in fields {
            let bytes = field.pieces.iter().map(ExactSizeIterator::len).sum();
            if self.assembler.repeats(bytes, self.span(written.whole.clone())) {
                blocks.extend(self.blocks(&field, Form::Block));
            }
        }
        blocks
    }

    /// The blocks of a field. Its white space at both ends counts as little as in the tool; below the line of its name,
    /// indentation is a part of the text, but for that of all its lines.
    fn blocks(&mut self, field: &Field, form: Form) -> Vec<Block> {
        let text = &self.rest.text;
        let mut pieces: Vec<Range<usize>> = field.pieces.iter().filter_map(|piece| trimmed(text, piece)).collect();
        let indented = |piece: &Range<usize>| text.get(piece.clone()).is_some_and(|text| text.starts_with([' ', '\t']));
        match pieces.as_mut_slice() {
            [] => Vec::new(),
            [piece] if !indented(piece) => {
                let piece = piece.clone();
                self.assembler.parse(self.rest, piece, false).blocks
            }
            pieces => {
                let mut excerpt = Excerpt::default();
                for piece in pieces {
                    if !excerpt.text().is_empty() {
                        // The rows of a table stand one below the other.
                        excerpt.put(if form == Form::Shape { "\n\n" } else { "\n" });
                    }
                    push_dedented(&mut excerpt, self.rest, piece.clone());
                }
                self.assembler.parse_excerpt(&excerpt, false).blocks
            }
        }
    }

    /// Finds the deletions of a text, and says whether there are any outside of what becomes a field of its own.
    fn delete(&mut self, blocks: &mut Vec<Block>, is_field: impl Fn(&Block) -> bool) -> bool {
        if self.options.curly_clozes {
            for block in blocks.iter_mut().filter(|block| !is_field(block)) {
                crate::markdown::cloze::delete_braces(std::slice::from_mut(block), &self.rest.text);
            }
        }
        self.assembler.resolve(blocks, self.options.highlight_clozes);
        crate::markdown::cloze::count_up(blocks);
        let mut found = false;
        for block in blocks.iter().filter(|block| !is_field(block)) {
            for_each_cloze(std::slice::from_ref(block), &mut |_| found = true);
        }
        found
    }

    fn deletions(&self) -> &'static str {
        match (self.options.curly_clozes, self.options.highlight_clozes) {
            (true, true) => "mark what to hide as `{words}`, `==words==` or `{{c1::words}}`",
            (true, false) => "mark what to hide as `{words}` or `{{c1::words}}`",
            (false, true) => "mark what to hide as `==words==` or `{{c1::words}}`",
            (false, false) => {
                "mark what to hide as `{{c1::words}}`; `syntax-options: {start-end: {curly-clozes: true}}` reads `{words}` as well"
            }
        }
    }

    fn draft(&self, written: Written, kind: Kind, content: Content, span: Span) -> Draft {
        let Content { front, mut back, extra, reverses, wide: _ } = content;
        let place = self.span(written.type_place.clone());
        let class = match kind.cards {
            Cards::Plain => None,
            Cards::Reversed => Some(Class::Reversed),
            Cards::MayReverse => reverses.then_some(Class::Reversed),
            Cards::Typed => Some(Class::Typed),
        };
        let classes = class.filter(|_| !kind.is_cloze).map(|class| (class, place)).into_iter().collect();
        let (front, note_kind) = if kind.is_cloze {
            back = front;
            (Vec::new(), NoteKind::Cloze)
        } else {
            (front, NoteKind::Basic)
        };
        back.extend(extra);
        let attributes = Attributes { classes, ..self.attributes(&written) };
        let extent = self.span(written.whole);
        Draft { syntax: Syntax::StartEnd, kind: note_kind, front, back, attributes, span, extent }
    }

    fn attributes(&self, written: &Written) -> Attributes {
        let tags = written.tags.iter().filter_map(|place| self.rest.text.get(place.clone()));
        let tags = tags.flat_map(machinery::tags).collect();
        let id = written.id.clone().map(|id| id.explicit(self.assembler.id()));
        Attributes { id, tags, ..Attributes::default() }
    }

    /// What there is of a note that cannot be one, as plain text.
    fn half(&self, written: &Written, kind: Kind, span: Span) -> Draft {
        let plain = |role: Role| {
            let fields = written.fields.iter().zip(self.roles(written, kind)).filter(|(_, of)| *of == role);
            let pieces =
                fields.flat_map(|(field, _)| &field.pieces).filter_map(|piece| trimmed(&self.rest.text, piece));
            let block = |range: Range<usize>| {
                let text = self.rest.text.get(range.clone()).unwrap_or_default().to_owned();
                let content = vec![Inline { span: self.span(range.clone()), kind: InlineKind::Text { text } }];
                Block { span: self.span(range), kind: BlockKind::Paragraph { content } }
            };
            pieces.map(block).collect::<Vec<_>>()
        };
        let (front, back) = (plain(Role::Front), plain(Role::Back));
        let content = Content { front, back, ..Content::default() };
        Draft { extent: span, ..self.draft(written.clone(), kind, content, span) }
    }

    /// A note as prose: what is written of it, but for its tags and its id.
    fn prose(&mut self, written: &Written) -> Vec<Block> {
        let (whole, id) = (written.whole.clone(), written.id.as_ref().map(|id| id.place.clone()));
        let mut excerpt = Excerpt::default();
        let mut at = whole.start;
        let mut cuts: Vec<Range<usize>> = written.strays.iter().cloned().chain(id).collect();
        cuts.sort_by_key(|cut| cut.start);
        for cut in cuts.into_iter().filter(|cut| whole.start <= cut.start && cut.end <= whole.end) {
            excerpt.push(self.rest, at..cut.start.max(at));
            at = at.max(cut.end);
        }
        excerpt.push(self.rest, at..whole.end);
        self.assembler.parse_excerpt(&excerpt, false).blocks
    }

    /// What names a note: the first line with text of its first field that has any.
    fn named(&self, written: &Written) -> Span {
        let line = written.fields.iter().find_map(|field| field.first_line(&self.rest.text));
        self.span(line.unwrap_or_else(|| written.type_place.clone()))
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.assembler.id(), range)
    }
}

fn near(place: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::NearCard, place, message)
}

/// A piece of a field without white space around it, but for the indentation of a line that is whole; `None` where nothing
/// stands there.
fn trimmed(text: &str, piece: &Range<usize>) -> Option<Range<usize>> {
    let inner = text.get(piece.clone())?.trim_end();
    let lead = inner.len() - inner.trim_start().len();
    let lead = inner.get(..lead)?.rfind('\n').map_or(lead, |line_end| line_end + 1);
    let starts_line = piece.start == 0 || text.get(..piece.start).is_some_and(|before| before.ends_with('\n'));
    let is_first = !inner.get(..inner.len() - inner.trim_start().len())?.contains('\n');
    let start = if starts_line && is_first { piece.start } else { piece.start + lead };
    (!inner.is_empty()).then_some(start..piece.start + inner.len())
}

/// Puts lines into an excerpt without the indentation that the first one of them has, as far as they have it.
fn push_dedented(excerpt: &mut Excerpt, source: &Source, range: Range<usize>) {
    let text = source.text.get(range.clone()).unwrap_or_default();
    let margin = columns(text.lines().next().unwrap_or_default());
    let mut at = range.start;
    for line in text.split_inclusive('\n') {
        let cut = indentation(line, margin);
        excerpt.push(source, at + cut..at + line.len());
        at += line.len();
    }
}

/// How many columns of white space a line starts with; tabs go on to multiples of four.
fn columns(line: &str) -> usize {
    let blanks = line.chars().take_while(|c| matches!(c, ' ' | '\t'));
    blanks.fold(0, |width, c| if c == '\t' { width / 4 * 4 + 4 } else { width + 1 })
}

/// How many bytes of white space a line starts with, so many columns at most.
fn indentation(line: &str, most: usize) -> usize {
    let mut width = 0;
    let blanks = line.bytes().take_while(|byte| {
        width = match byte {
            b' ' => width + 1,
            b'\t' => width / 4 * 4 + 4,
            _ => return false,
        };
        width <= most
    });
    blanks.count()
}
