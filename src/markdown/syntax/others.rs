//! Finds cards of forms that are not in effect for their file: other people's, and ours where the settings do not say so.
//!
//! Knows lines, and of each form only what nothing else looks like. One card of a form may be anything; several are said, once.

use std::ops::Range;

use super::lines;
use crate::config::syntax::{Syntax, Syntaxes};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Span};

/// Says which forms a text has cards of that are not read.
pub(super) fn report(id: SourceId, text: &str, range: Range<usize>, syntaxes: &Syntaxes) -> Vec<Diagnostic> {
    let body = text.get(range.clone()).unwrap_or_default();
    let forms: Vec<Form> = FORMS
        .into_iter()
        .filter(|form| !form.is_in_effect(syntaxes) && form.signs.iter().all(|sign| body.contains(sign)))
        .collect();
    if forms.is_empty() {
        return Vec::new();
    }
    let is_gated = ["#flashcards", "<!--SR:"].iter().any(|sign| body.contains(sign));
    let mut found: Vec<Found> = forms.into_iter().map(Found::new).collect();
    let (mut fence, mut before, mut at) = (None, "", range.start);
    let mut lines = body.split_inclusive('\n').peekable();
    while let Some(whole) = lines.next() {
        let line = whole.trim_end();
        if !is_fenced(line, &mut fence) {
            let around = Around { before, behind: lines.peek().map_or("", |next| next.trim_end()), is_gated };
            for found in &mut found {
                found.line(line, at, &around);
            }
        }
        (before, at) = (line, at + whole.len());
    }
    let several = found.into_iter().filter(|found| found.count > 1);
    several.filter_map(|found| Some(found.form.diagnostic(Span::new(id, found.first?), found.count))).collect()
}

/// Lines beside another one, and what is known of the file.
struct Around<'a> {
    before: &'a str,
    behind: &'a str,
    /// Whether a tag says that the file has cards, as Spaced Repetition wants it.
    is_gated: bool,
}

/// A form of cards.
#[derive(Clone, Copy)]
struct Form {
    kind: Kind,
    /// What a text has that has such cards.
    signs: &'static [&'static str],
    what: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `Q:` and `A:`.
    Qa,
    /// A line of `?` between question and answer.
    Separated,
    /// `question::answer`, where the file says that it has such cards.
    Inline,
    /// Lines between `START` and `END`.
    Block,
    /// Elements of lists with `#card`.
    Logseq,
    /// `. . .` between question and answer.
    Slides,
}

const FORMS: [Form; 6] = [
    Form { kind: Kind::Qa, signs: &["Q:", "\nA:"], what: "between `Q:` and `A:`" },
    Form { kind: Kind::Separated, signs: &["\n?"], what: "with a line of `?`, as Spaced Repetition has them" },
    Form { kind: Kind::Inline, signs: &["::"], what: "with `::`, as Spaced Repetition has them" },
    Form { kind: Kind::Block, signs: &["START", "\nEND"], what: "between `START` and `END`" },
    Form { kind: Kind::Logseq, signs: &["#card", "- "], what: "with `#card`, as Logseq has them" },
    Form { kind: Kind::Slides, signs: &["\n. . ."], what: "with a line of `. . .`" },
];

impl Form {
    fn is_in_effect(self, syntaxes: &Syntaxes) -> bool {
        syntaxes.has(self.kind.syntax())
    }

    fn diagnostic(self, place: Span, count: usize) -> Diagnostic {
        let message = format!("{count} cards of this file, {}, are read as text", self.what);
        let name = self.kind.syntax().name();
        let help = format!(
            "`syntax: {name}` in the front matter reads them, `syntax: headings, {name}` both them and headings; \
             `--syntax auto` sees by itself how files are written"
        );
        Diagnostic::new(Code::NearCard, place, message).caret("the first of them").help(help)
    }
}

impl Kind {
    /// What reads such cards.
    fn syntax(self) -> Syntax {
        match self {
            Self::Qa => Syntax::Qa,
            Self::Separated | Self::Inline => Syntax::Obsidian,
            Self::Block => Syntax::StartEnd,
            Self::Logseq => Syntax::Logseq,
            Self::Slides => Syntax::Slides,
        }
    }
}

/// How many cards of a form there are.
struct Found {
    form: Form,
    count: usize,
    first: Option<Range<usize>>,
    /// Where a card began that is not complete.
    begun: Option<Range<usize>>,
}

impl Found {
    fn new(form: Form) -> Self {
        Self { form, count: 0, first: None, begun: None }
    }

    /// Looks at a line that starts at an offset.
    fn line(&mut self, line: &str, at: usize, around: &Around<'_>) {
        let place = at..at + line.len();
        let (begins, ends) = match self.form.kind {
            Kind::Qa => (line.starts_with("Q:"), line.starts_with("A:")),
            Kind::Block => (line == "START", line == "END"),
            Kind::Separated => {
                let is_one = matches!(line, "?" | "??") && !around.before.is_empty() && !around.behind.is_empty();
                (is_one, is_one)
            }
            Kind::Inline => {
                let is_one = around.is_gated && is_inline_card(line);
                (is_one, is_one)
            }
            Kind::Logseq => {
                let is_item = ["- ", "* ", "+ "].iter().any(|mark| line.trim_start().starts_with(mark));
                let is_one = is_item && line.split_whitespace().any(|word| word == "#card");
                (is_one, is_one)
            }
            Kind::Slides => {
                let is_one = line == ". . ." && around.before.is_empty() && around.behind.is_empty();
                (is_one, is_one)
            }
        };
        if begins {
            self.begun = Some(place);
        }
        if let Some(begun) = self.begun.take_if(|_| ends) {
            self.count += 1;
            self.first.get_or_insert(begun);
        }
    }
}

/// Whether a line is a question, two colons and its answer, and no property, path or code.
fn is_inline_card(line: &str) -> bool {
    let Some((front, back)) = line.split_once("::") else { return false };
    let front = front.trim_start_matches(['-', '*', '+', ' ', '\t']);
    let is_property = !front.contains(' ') && back.starts_with(' ');
    !front.trim().is_empty() && !back.trim_matches(':').trim().is_empty() && !line.contains('`') && !is_property
}

/// Whether a line is code in a fence, or opens or closes one.
pub(in crate::markdown) fn is_fenced(line: &str, fence: &mut Option<(char, usize)>) -> bool {
    let text = line.trim_start();
    let Some((sign, least)) = *fence else {
        *fence = lines::fence(text);
        return fence.is_some();
    };
    if text.len() >= least && text.trim_start_matches(sign).is_empty() {
        *fence = None;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        report(SourceId(0), text, 0..text.len(), &Syntaxes::default()).into_iter().map(|found| found.message).collect()
    }

    #[test]
    fn several_cards_of_a_form_are_said_once() {
        for (text, what) in [
            ("Q: a\nA: b\n\nQ: c\nA: d\nQ: e\n", "between `Q:`"),
            ("a\n?\nb\n\nc\nd\n??\ne\n", "with a line of `?`"),
            ("#flashcards\na b::c\n- d e :: f\n", "with `::`"),
            ("START\nBasic\na\nBack: b\nEND\n\nSTART\nBasic\nc\nBack: d\nEND\n", "between `START`"),
            ("- a #card\n\t- b\n- c #card\n\t- d\n", "with `#card`"),
            ("a\n\n. . .\n\nb\n\n---\n\nc\n\n. . .\n\nd\n", "with a line of `. . .`"),
        ] {
            let said = found(text);
            assert!(said.len() == 1 && said[0].starts_with("2 cards") && said[0].contains(what), "{said:?}");
        }
    }

    #[test]
    fn ordinary_notes_are_no_cards() {
        for text in [
            "Q: a\nA: b\n",
            "A: b\n\nA: c\n",
            "a\n?\nb\n\nwhat\n\n?\n\nc\n",
            "std::vec and a b::c\nf :: Int -> Int\ng :: Int\n",
            "#flashcards\nstatus:: draft\ndue:: now\n`a b::c` d\n",
            "```\nQ: a\nA: b\nQ: c\nA: d\n- x #card\n- y #card\n```\n",
            "I use #card and #card\n",
            "START\nx\nSTART\n",
            "~~~\n```\nQ: a\nA: b\nQ: c\nA: d\n~~~\n",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
