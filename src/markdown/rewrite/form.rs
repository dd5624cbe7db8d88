//! Turns the texts of a note's sides into the forms that it may have under a heading, those that read best first.
//!
//! Whether a form is read as the note again is for [`super`] to see.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::ir::{
    Block, BlockKind, Child, Cloze, DeckName, Note, NoteBody, NoteKind, Tag, for_each_cloze, for_each_deletion,
};
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
    let [front, back] = note.sides();
    let deepest = front.iter().chain(back).filter_map(heading_level).min();
    let level = match deepest {
        // A heading in a note has to stand below the note's own.
        Some(deepest) if deepest <= level => deepest.saturating_sub(1).max(1),
        Some(_) | None => level,
    };
    let mut forms = Vec::new();
    for &hiding in Hiding::of(note) {
        let Some(sides) = hiding.write(note, texts) else { continue };
        let sides = sides.map(|side| relabelled(&side, doubles, note.line));
        let braces = sides.each_ref().map(|side| without_deletions(side));
        let written: &[[String; 2]] = if braces == sides { &[sides] } else { &[sides, braces] };
        for [front, back] in written {
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
        let mut marks = Vec::new();
        let mut are_there = true;
        if self != Self::Nothing {
            for_each_deletion(Child::Blocks(blocks), &mut |cloze, content| {
                if let Child::Inlines(content) = content {
                    let ends = content.first().zip(content.last()).map(|(first, last)| first.span.to(last.span));
                    let found = ends.and_then(|inner| self.marks(cloze, inner, text));
                    are_there &= found.is_some();
                    marks.extend(found.into_iter().flatten());
                }
            });
        }
        are_there.then(|| clean(&replaced(text.text(), marks)))
    }

    /// What stands in the place of the signs around a deletion; themselves where they are ours.
    fn marks(self, cloze: &Cloze, inner: Span, text: &Excerpt) -> Option<[Replacement; 2]> {
        let find = |place: u32| text.find(place as usize);
        let inner = find(inner.start)?..find(inner.end)?;
        // At an end of the text the signs stand in no piece of the source.
        let around = text.around(inner.clone());
        let outer = find(cloze.span.start).unwrap_or(around.start)..find(cloze.span.end).unwrap_or(around.end);
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

/// A text for the bytes from one offset to another.
struct Replacement {
    at: usize,
    end: usize,
    text: String,
}

fn replaced(text: &str, mut replacements: Vec<Replacement>) -> String {
    // Those of nested deletions come with their outer one.
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

/// The fence that a text opens and does not close: a text that is read by itself ends it.
fn open_fence(text: &str) -> Option<String> {
    let mut open: Option<&str> = None;
    for line in text.lines() {
        let bare = line.trim_start_matches(' ');
        let Some(sign) = bare.chars().next().filter(|sign| matches!(sign, '`' | '~')) else { continue };
        let length = bare.len() - bare.trim_start_matches(sign).len();
        let (fence, info) = bare.split_at_checked(length)?;
        if length < 3 || line.len() - bare.len() > 3 {
            continue;
        }
        match open {
            Some(before) if before.starts_with(sign) && length >= before.len() && info.trim().is_empty() => open = None,
            None if !(sign == '`' && info.contains('`')) => open = Some(fence),
            Some(_) | None => {}
        }
    }
    open.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_fences_are_closed() {
        assert_eq!(clean("\n\n  a\n~~~~ x\n```\nb\n"), "  a\n~~~~ x\n```\nb\n~~~~");
        assert_eq!(open_fence("```\na\n````\n"), None);
        assert_eq!(open_fence("``` a`b\n    ~~~\n"), None);
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
