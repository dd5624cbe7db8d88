//! Turns the texts of a note's sides into the forms that it may have under a heading, those that read best first.
//!
//! Whether a form is read as the note again is for [`super`] to see.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::ir::{
    Block, BlockKind, Child, Cloze, DeckName, Inline, InlineKind, Note, NoteBody, NoteKind, Run, Tag, for_each_cloze,
    for_each_deletion,
};
use crate::markdown::syntax;
use crate::source::{Excerpt, Span};

/// How a note is written under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    /// 1 to 6.
    pub level: u8,
    /// The heading's text; empty where all of the front stands below it, or there is none.
    heading: String,
    /// What of the front stands below the heading.
    above: String,
    /// What answers, or the text with deletions.
    body: String,
    /// What it has to say of itself to be read as that note.
    classes: Vec<&'static str>,
    /// Whether deletions are `==x==`.
    pub has_marks: bool,
}

/// What a note says of itself that the place it stands at does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Own {
    pub id: Option<String>,
    pub reversed: bool,
    pub typed: bool,
    pub tags: Vec<Tag>,
    pub deck: Option<DeckName>,
}

impl Form {
    /// The note as Markdown, without a line end behind it.
    pub(super) fn write(&self, own: &Own) -> String {
        let mut text = "#".repeat(usize::from(self.level));
        let attributes = self.attributes(own);
        for part in [&self.heading, &attributes].into_iter().filter(|part| !part.is_empty()) {
            text.push(' ');
            text.push_str(part);
        }
        if !self.above.is_empty() {
            let _ = write!(text, "\n\n{}\n\n<!-- back -->", self.above);
        }
        if !self.body.is_empty() {
            let _ = write!(text, "\n\n{}", self.body);
        }
        text
    }

    fn attributes(&self, own: &Own) -> String {
        let mut words: Vec<String> = own.id.iter().map(|id| format!("#{id}")).collect();
        words.extend(self.classes.iter().map(|class| (*class).to_owned()));
        words.extend(own.reversed.then(|| ".reversed".to_owned()));
        words.extend(own.typed.then(|| ".typed".to_owned()));
        if !own.tags.is_empty() {
            let tags: Vec<&str> = own.tags.iter().map(Tag::as_str).collect();
            words.push(format!("tags={}", tags.join(",")));
        }
        words.extend(own.deck.as_ref().map(|deck| format!("deck={}", quoted(deck.as_str()))));
        if words.is_empty() { String::new() } else { format!("{{{}}}", words.join(" ")) }
    }
}

/// A value as attributes hold it.
fn quoted(value: &str) -> String {
    if value.contains(|c: char| c.is_whitespace() || "{},;'\"".contains(c)) {
        format!("\"{value}\"")
    } else {
        value.to_owned()
    }
}

/// The forms of a note with these texts, under a heading of this level at least. Footnotes with the labels `doubles` are given
/// others, which nothing else of the file has.
pub(super) fn forms(note: &Note, texts: &[Excerpt; 2], level: u8, doubles: &BTreeSet<String>) -> Vec<Form> {
    let deepest = highest_heading(note);
    let level = match deepest {
        // A heading in a note has to stand below the note's own.
        Some(deepest) if deepest <= level => deepest.saturating_sub(1).max(1),
        Some(_) | None => level,
    };
    let mut forms = Vec::new();
    for &hiding in Hiding::of(note) {
        let Some(sides) = hiding.write(note, texts) else { continue };
        let sides = sides.map(|side| relabelled(&side, doubles, note.line));
        for [front, back] in &spellings(&sides, note) {
            for classes in classes(note, hiding, deepest.is_some()) {
                for (heading, above) in fronts(front) {
                    let (body, classes, has_marks) = (back.clone(), classes.clone(), hiding == Hiding::Marks);
                    forms.push(Form { level, heading, above, body, classes, has_marks });
                }
            }
        }
    }
    forms
}

/// The highest level of the headings in a note.
pub(super) fn highest_heading(note: &Note) -> Option<u8> {
    note.sides().into_iter().flatten().filter_map(heading_level).min()
}

/// The sides of a note as other ways may have to be spelled here, the likeliest first.
fn spellings(sides: &[String; 2], note: &Note) -> Vec<[String; 2]> {
    let mut spellings: Vec<[String; 2]> = Vec::new();
    let mut add = |sides: [String; 2]| {
        if !spellings.contains(&sides) {
            spellings.push(sides);
        }
    };
    // What mentions no footnote may do so beside others' footnotes.
    let [front, back] = note.sides().map(|blocks| !mentions_footnotes(Child::Blocks(blocks)));
    let [front_text, back_text] = sides;
    add([(front, front_text), (back, back_text)].map(
        |(is_bare, text)| {
            if is_bare { text.replace("[^", "\\[^") } else { text.clone() }
        },
    ));
    add(sides.clone());
    add(sides.each_ref().map(|side| without_deletions(side)));
    // The collection's root is the folder of all notes, which a slash stands for.
    add(sides.each_ref().map(|side| side.replace("](@/", "](/")));
    // Brackets that are no formula.
    add(sides.each_ref().map(|side| side.replace("\\(", "(").replace("\\)", ")")));
    add(sides.each_ref().map(|side| without_underline(side)));
    spellings
}

/// A text without the line below its first paragraph that makes it a heading.
fn without_underline(text: &str) -> String {
    let is_underline = |line: &str| {
        let line = line.trim();
        !line.is_empty() && (line.bytes().all(|byte| byte == b'=') || line.bytes().all(|byte| byte == b'-'))
    };
    let mut at = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if line.trim().is_empty() {
            break;
        }
        if index > 0 && is_underline(line) {
            let behind = text.get(at + line.len()..).unwrap_or_default();
            return format!("{}{behind}", text.get(..at).unwrap_or_default().trim_end_matches('\n').to_owned() + "\n")
                .trim_end()
                .to_owned();
        }
        at += line.len();
    }
    text.to_owned()
}

fn mentions_footnotes(content: Child<'_>) -> bool {
    let mut found = false;
    match content {
        Child::Blocks(blocks) => {
            for block in blocks {
                block.for_each_child(&mut |child| found |= mentions_footnotes(child));
            }
        }
        Child::Inlines(content) => {
            for inline in content {
                found |= matches!(inline.kind, InlineKind::Footnote { .. });
                found |= inline.child().is_some_and(mentions_footnotes);
            }
        }
        Child::Runs(_) => {}
    }
    found
}

/// A text whose `{{c1::…}}` hide nothing: the braces of deletions are ours, and are put in later.
fn without_deletions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, piece) in text.split("{{c").enumerate() {
        if index > 0 {
            out.push_str(if piece.starts_with(|c: char| c.is_ascii_digit()) && !out.ends_with('\\') {
                "\\{{c"
            } else {
                "{{c"
            });
        }
        out.push_str(piece);
    }
    out
}

/// A text whose footnotes have other labels, where theirs are defined in it and elsewhere.
fn relabelled(text: &str, doubles: &BTreeSet<String>, line: usize) -> String {
    let labels = text.split("[^").skip(1).filter_map(|piece| piece.split_once(']'));
    let defined = labels.filter(|(_, behind)| behind.starts_with(':')).map(|(label, _)| label);
    let own: BTreeSet<&str> = defined.filter(|label| doubles.contains(*label)).collect();
    let mut pieces = text.split("[^");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let _ = match piece.split_once(']').filter(|(label, _)| own.contains(label)) {
            Some((label, behind)) => write!(out, "[^{label}-{line}]{behind}"),
            None => write!(out, "[^{piece}"),
        };
    }
    out
}

/// The labels of footnotes that a text defines more than once.
pub(super) fn double_labels(text: &str) -> BTreeSet<String> {
    let label = |line: &str| {
        let (label, rest) = line.trim_start().strip_prefix("[^")?.split_once(']')?;
        rest.starts_with(':').then(|| label.to_owned())
    };
    let (mut once, mut doubles) = (BTreeSet::new(), BTreeSet::new());
    for label in text.lines().filter_map(label) {
        if !once.insert(label.clone()) {
            doubles.insert(label);
        }
    }
    doubles
}

fn heading_level(block: &Block) -> Option<u8> {
    if let BlockKind::Heading { level, .. } = &block.kind { Some(*level) } else { None }
}

/// What the heading says, and what stands below it.
fn fronts(front: &str) -> Vec<(String, String)> {
    if front.is_empty() {
        return vec![(String::new(), String::new())];
    }
    let mut fronts = Vec::new();
    let line = front.lines().next().unwrap_or_default().trim();
    let below = front.get(front.find('\n').map_or(front.len(), |end| end + 1)..).unwrap_or_default();
    let below_text = clean(below);
    // What stands right below the first line is a part of its block.
    if below.lines().next().is_none_or(|next| next.trim().is_empty()) {
        fronts.push((line.to_owned(), below_text.clone()));
        let escaped = escaped(line);
        if escaped != line {
            fronts.push((escaped, below_text.clone()));
        }
        // A heading may ask itself; its attributes are said anew.
        if let Some(title) = title(line) {
            let bare = title.rfind(" {").filter(|_| title.ends_with('}')).and_then(|at| title.get(..at));
            fronts
                .extend([Some(title), bare].into_iter().flatten().map(|title| (title.to_owned(), below_text.clone())));
        }
    }
    fronts.push((String::new(), front.to_owned()));
    fronts
}

/// What a heading says; `None` where a line is none.
fn title(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - text.len())).then_some(text)?.strip_prefix(' ').map(str::trim)
}

/// A line whose end no heading takes for attributes, or for the signs that close it.
fn escaped(line: &str) -> String {
    let mut escaped = line.to_owned();
    let at = if line.ends_with('}') {
        line.rfind('{')
    } else if line.ends_with('#') {
        Some(line.trim_end_matches('#').len())
    } else {
        None
    };
    if let Some(at) = at {
        escaped.insert(at, '\\');
    }
    escaped
}

/// What a note may have to say of itself, the least first.
fn classes(note: &Note, hiding: Hiding, holds_headings: bool) -> Vec<Vec<&'static str>> {
    let kinds: &[&[&str]] = match (&note.body, hiding) {
        (NoteBody::Basic { .. }, _) => &[&[], &[".basic"]],
        (NoteBody::Cloze { .. }, _) if note.kind == NoteKind::List => &[&[".list"]],
        (NoteBody::Cloze { .. }, Hiding::Marks) => &[&[".cloze"]],
        (NoteBody::Cloze { .. }, Hiding::Nothing | Hiding::Numbers) => &[&[], &[".cloze"]],
    };
    let all = kinds.iter().map(|kinds| kinds.iter().copied().chain(holds_headings.then_some(".note")).collect());
    all.collect()
}

/// How deletions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hiding {
    /// There are none.
    Nothing,
    /// `==x==`, to which deckle gives the numbers.
    Marks,
    /// `{{c1::x::hint}}`.
    Numbers,
}

impl Hiding {
    /// Those that keep the numbers of a note.
    fn of(note: &Note) -> &'static [Self] {
        let (mut is_any, mut are_free) = (false, true);
        for blocks in note.sides() {
            for_each_cloze(blocks, &mut |cloze| {
                is_any = true;
                are_free &= cloze.assigned && cloze.hint.is_none() && cloze.numbers.len() == 1;
            });
        }
        match (is_any, are_free) {
            (false, _) => &[Self::Nothing],
            (true, true) => &[Self::Marks, Self::Numbers],
            (true, false) => &[Self::Numbers],
        }
    }

    /// The texts with the deletions written so; `None` where one of them is not in its text.
    fn write(self, note: &Note, texts: &[Excerpt; 2]) -> Option<[String; 2]> {
        let [front, back] = note.sides();
        let [front_text, back_text] = texts;
        Some([self.write_side(front, front_text)?, self.write_side(back, back_text)?])
    }

    fn write_side(self, blocks: &[Block], text: &Excerpt) -> Option<String> {
        let (mut openings, mut closings) = (Vec::new(), Vec::new());
        let mut are_there = true;
        if self != Self::Nothing {
            for_each_deletion(Child::Blocks(blocks), &mut |cloze, content| {
                if let Child::Inlines(content) = content {
                    let found = words(content).and_then(|inner| self.marks(cloze, inner, text));
                    are_there &= found.is_some();
                    let [opening, closing] = found.map_or([None, None], |found| found.map(Some));
                    openings.extend(opening);
                    closings.extend(closing);
                }
            });
        }
        // Deletions of the same words come with the outer one first; a closing one before an opening one.
        closings.reverse();
        closings.extend(openings);
        formulas(Child::Blocks(blocks), &mut |span, tex| closings.extend(expanded(span, tex, text)));
        are_there.then(|| clean(&replaced(text.text(), closings)))
    }

    /// What stands in the place of the signs around a deletion; themselves where they are ours.
    fn marks(self, cloze: &Cloze, inner: Span, text: &Excerpt) -> Option<[Replacement; 2]> {
        let find = |place: u32| text.find(place as usize);
        let inner = find(inner.start)?..find(inner.end)?;
        // Where no piece of the source is beside them, the signs stand there, in their line.
        let around = text.around(inner.clone());
        let before = text.text().get(around.start..inner.start)?.rfind('\n').map_or(0, |end| end + 1);
        let behind = text.text().get(inner.end..around.end)?;
        let behind = inner.end + behind.find('\n').unwrap_or(behind.len());
        let outer = find(cloze.span.start).unwrap_or(around.start + before)..find(cloze.span.end).unwrap_or(behind);
        let is_ours =
            text.text().get(outer.clone()).is_some_and(|text| text.starts_with("{{c") && text.ends_with("}}"));
        if inner.start < outer.start || inner.end < inner.start || outer.end < inner.end {
            return None;
        }
        let [before, behind] = match self {
            Self::Nothing => [String::new(), String::new()],
            Self::Marks => ["==".to_owned(), "==".to_owned()],
            Self::Numbers if is_ours => [outer.start..inner.start, inner.end..outer.end]
                .map(|signs| text.text().get(signs).unwrap_or_default().to_owned()),
            Self::Numbers => {
                let numbers: Vec<String> = cloze.numbers.iter().map(u16::to_string).collect();
                let hint = cloze.hint.as_ref().map(|hint| format!("::{hint}")).unwrap_or_default();
                [format!("{{{{c{}::", numbers.join(",")), format!("{hint}}}}}")]
            }
        };
        Some([
            Replacement { at: outer.start, end: inner.start, text: before },
            Replacement { at: inner.end, end: outer.end, text: behind },
        ])
    }
}

/// Calls `f` for each formula with its place and its TeX.
fn formulas(content: Child<'_>, f: &mut impl FnMut(Span, &str)) {
    match content {
        Child::Blocks(blocks) => blocks.iter().for_each(|block| block.for_each_child(&mut |child| formulas(child, f))),
        Child::Inlines(content) => {
            for inline in content {
                if let InlineKind::Math { content, .. } = &inline.kind
                    && let [Run::Text { text }] = content.as_slice()
                {
                    f(inline.span, text);
                }
                inline.child().into_iter().for_each(|child| formulas(child, f));
            }
        }
        Child::Runs(_) => {}
    }
}

/// A formula with what its author's own commands stand for, where it stands in a line and has some.
fn expanded(span: Span, tex: &str, text: &Excerpt) -> Option<Replacement> {
    let (at, end) = (text.find(span.start as usize)?, text.find(span.end as usize)?);
    let written = text.text().get(at..end)?;
    let dollars = if written.starts_with("$$") { "$$" } else { "$" };
    let inner = written.strip_prefix(dollars)?.strip_suffix(dollars)?;
    let is_other = inner.trim() != tex.trim() && !inner.contains('\n') && inner.contains('\\');
    is_other.then(|| Replacement { at, end, text: format!("{dollars}{tex}{dollars}") })
}

/// What a deletion hides, without others that hide just the same.
fn words(content: &[Inline]) -> Option<Span> {
    let (first, last) = content.first().zip(content.last())?;
    if let (InlineKind::Cloze(hidden), [_]) = (&first.kind, content) {
        return words(&hidden.content);
    }
    Some(first.span.to(last.span))
}

/// A text for the bytes from one offset to another.
struct Replacement {
    at: usize,
    end: usize,
    text: String,
}

fn replaced(text: &str, mut replacements: Vec<Replacement>) -> String {
    replacements.sort_by_key(|replacement| replacement.at);
    let (mut out, mut at) = (String::with_capacity(text.len() + 8 * replacements.len()), 0);
    for Replacement { at: from, end, text: new } in replacements {
        out.push_str(text.get(at..from).unwrap_or_default());
        out.push_str(&new);
        at = end.max(at);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// A text without empty lines above it and white space behind it, that leaves no fence open. Where it starts, indentation says
/// something.
fn clean(text: &str) -> String {
    let text = text.trim_end();
    let lead = text.len() - text.trim_start().len();
    let lead = text.get(..lead).and_then(|lead| lead.rfind('\n')).map_or(0, |end| end + 1);
    let mut clean = text.get(lead..).unwrap_or_default().to_owned();
    if let Some(fence) = open_fence(&clean) {
        clean.push('\n');
        clean.push_str(&fence);
    }
    clean
}

/// The fence that a text opens and does not close: a text that is read by itself ends it. One in a quote or an element of a list
/// ends with that.
fn open_fence(text: &str) -> Option<String> {
    let line = syntax::open_fence(text)?.trim_start_matches(' ');
    let sign = line.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    Some(line.chars().take_while(|c| *c == sign).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_fences_are_closed() {
        assert_eq!(clean("\n\n  a\n~~~~ x\n```\nb\n"), "  a\n~~~~ x\n```\nb\n~~~~");
        assert_eq!(open_fence("```\na\n````\n"), None);
        assert_eq!(open_fence("``` a`b\n    ~~~\n"), None);
        assert_eq!((open_fence("- ~~~~\n  a\n  ~~~~\n"), open_fence("> ```\n> a")), (None, None));
    }

    #[test]
    fn footnotes_defined_elsewhere_too_get_other_labels() {
        let doubles = double_labels("[^a]: x\n[^b]: y\n[^c]: z\n[^a]: x\n[^b]: y\n");
        assert_eq!(doubles.iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(
            relabelled("q[^a][^b][^c]\n\n[^a]: see [^a]\n[^c]: [^", &doubles, 7),
            "q[^a-7][^b][^c]\n\n[^a-7]: see [^a-7]\n[^c]: [^"
        );
    }

    #[test]
    fn a_front_may_be_underlined() {
        assert_eq!(without_underline("a\nb\n===\n\nc\n---\n"), "a\nb\n\nc\n---");
        assert_eq!(["a\n---", "a\n\n---", "---\na", "a"].map(without_underline), ["a", "a\n\n---", "---\na", "a"]);
    }

    #[test]
    fn a_heading_may_be_the_front() {
        assert_eq!(
            ["# a", "###### b {.c}", "#a", "####### a", "a", "#"].map(title),
            [Some("a"), Some("b {.c}"), None, None, None, None]
        );
    }

    #[test]
    fn ends_that_a_heading_eats_are_escaped() {
        assert_eq!(
            ["a {.b}", "C#", "C ##", "a", "{x} {y}"].map(escaped),
            ["a \\{.b}", "C\\#", "C \\##", "a", "{x} \\{y}"]
        );
    }
}
