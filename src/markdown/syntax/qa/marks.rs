//! Finds the lines at which cards may begin and end. Fenced code and HTML comments are opaque.
//!
//! Knows lines, not cards: which of them belong together is up to [`super`].

use std::ops::Range;

use super::near::{Near, Part, near};
use crate::config::syntax::{Style, Syntax, SyntaxOptions, Syntaxes};
use crate::markdown::syntax::machinery::{FileLine, Id, file_line};

/// A line that means something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) kind: MarkKind,
    /// The line, without the line end.
    pub(super) line: Range<usize>,
    /// How many bytes of it are the tag.
    pub(super) tag: usize,
}

/// What a line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// It starts with `Q:`.
    Question,
    /// It starts with `A:`.
    Answer,
    /// It starts with `C:`.
    Cloze,
    /// It starts with `T:`: a term that a definition follows.
    Term,
    /// It starts with `D:`: the definition of a term.
    Definition,
    /// It is an id, as Obsidian_to_Anki writes it.
    Id,
    /// It names the deck or the tags of the whole file; `true` says that the next line does.
    FileWide(bool),
    /// It is `---`.
    Rule,
    /// It is a heading that starts with `#`.
    Heading,
    /// A comment starts it, and an empty line stands above.
    Comment,
    /// Text behind two empty lines or more.
    Apart,
}

/// The words that lines start with which are parts of cards.
pub(super) struct Tags {
    tags: Vec<(String, MarkKind)>,
    /// What lines of the whole file start with.
    file_wide: [String; 2],
}

impl Tags {
    /// Those that options name, those of hashcards where they name none.
    pub(super) fn new(options: &SyntaxOptions, syntaxes: &Syntaxes) -> Self {
        let style = options.start_end.styles.iter().find_map(|(_, style)| match style {
            Style::Question { tags } => Some(tags.as_slice()),
            Style::Remnote
            | Style::Header { .. }
            | Style::Neuracache { .. }
            | Style::Ruled
            | Style::Table
            | Style::Cloze => None,
        });
        let own = options.qa.tags.as_slice();
        let of_style = style.filter(|_| own.is_empty() && syntaxes.has(Syntax::StartEnd)).unwrap_or(own);
        let kinds = [MarkKind::Question, MarkKind::Answer, MarkKind::Cloze];
        let words = of_style.iter().map(String::as_str).chain(["Q", "A", "C"].into_iter().skip(of_style.len()));
        let tag = |(word, kind): (&str, MarkKind)| {
            let needs_colon = word.ends_with(char::is_alphanumeric);
            (if needs_colon { format!("{word}:") } else { word.to_owned() }, kind)
        };
        let terms = [("T:".to_owned(), MarkKind::Term), ("D:".to_owned(), MarkKind::Definition)];
        let file_wide = [options.start_end.target_deck.clone(), options.start_end.file_tags.clone()];
        Self { tags: words.zip(kinds).map(tag).chain(terms).collect(), file_wide }
    }

    /// What starts a part of a card, as it is written.
    pub(super) fn word(&self, part: Part) -> &str {
        let kind = match part {
            Part::Question => MarkKind::Question,
            Part::Answer => MarkKind::Answer,
            Part::Cloze => MarkKind::Cloze,
        };
        self.tags.iter().find(|(_, of)| *of == kind).map_or("", |(tag, _)| tag)
    }

    /// Whether a line is of the whole file, and whether it is the next one that says what.
    fn of_file(&self, line: &str) -> Option<bool> {
        self.file_wide.iter().find_map(|word| match file_line(line, word) {
            FileLine::Here(_) => Some(false),
            FileLine::Below => Some(true),
            FileLine::Near | FileLine::Other => None,
        })
    }

    /// What a line starts, and the bytes of the tag. A tag in a list may be indented.
    fn of(&self, line: &str) -> Option<(MarkKind, usize)> {
        self.tags.iter().find_map(|(tag, kind)| {
            let is_listed = tag.starts_with(['-', '*', '+']) && !tag.starts_with("**");
            let text = if is_listed { line.trim_start() } else { line };
            text.starts_with(tag.as_str()).then(|| (*kind, line.len() - text.len() + tag.len()))
        })
    }
}

/// What is found in a text.
pub(super) struct Found {
    /// The lines that mean something.
    pub(super) marks: Vec<Mark>,
    /// Those that nearly start a part of a card.
    pub(super) near: Vec<Near>,
    /// Where a fence opens that is never closed and has marks behind it.
    pub(super) open_fence: Option<Range<usize>>,
    /// Terms without a definition, and definitions without a term: they are text.
    pub(super) lone: Vec<Mark>,
}

/// The marks of a text.
pub(super) fn marks(text: &str, range: Range<usize>, tags: &Tags) -> Found {
    let text = text.get(..range.end).unwrap_or_default();
    let mut scan = Scan {
        tags,
        marks: Vec::new(),
        near: Vec::new(),
        blanks: 1,
        opaque: None,
        last_comment_end: text.rfind("-->"),
    };
    let mut at = range.start;
    for line in text.get(range.start..).unwrap_or_default().split_inclusive('\n') {
        scan.line(line.trim_end(), at);
        at += line.len();
    }
    let open_fence = match scan.opaque {
        Some(Opaque::Fence { line, hides: true, .. }) => Some(line),
        Some(Opaque::Fence { .. } | Opaque::Comment) | None => None,
    };
    let (marks, lone) = with_pairs(scan.marks);
    Found { marks, near: scan.near, open_fence, lone }
}

/// Parts terms with a definition behind them, and all else, from terms and definitions that stand alone.
fn with_pairs(marks: Vec<Mark>) -> (Vec<Mark>, Vec<Mark>) {
    let is_tag = |kind: MarkKind| {
        matches!(kind, MarkKind::Question | MarkKind::Answer | MarkKind::Cloze | MarkKind::Term | MarkKind::Definition)
    };
    if !marks.iter().any(|mark| matches!(mark.kind, MarkKind::Term | MarkKind::Definition)) {
        return (marks, Vec::new());
    }
    // From the end on: what a term is followed by is known.
    let (mut kept, mut lone, mut pending) = (Vec::new(), Vec::new(), None::<Mark>);
    for mark in marks.into_iter().rev() {
        match mark.kind {
            MarkKind::Definition => lone.extend(pending.replace(mark)),
            MarkKind::Term => match pending.take() {
                Some(definition) => kept.extend([definition, mark]),
                None => lone.push(mark),
            },
            kind @ (MarkKind::Question
            | MarkKind::Answer
            | MarkKind::Cloze
            | MarkKind::Id
            | MarkKind::FileWide(_)
            | MarkKind::Rule
            | MarkKind::Heading
            | MarkKind::Comment
            | MarkKind::Apart) => {
                let ends = is_tag(kind) || matches!(kind, MarkKind::Rule | MarkKind::Heading);
                lone.extend(pending.take_if(|_| ends));
                kept.push(mark);
            }
        }
    }
    lone.extend(pending);
    kept.sort_by_key(|mark| mark.line.start);
    lone.sort_by_key(|mark| mark.line.start);
    (kept, lone)
}

struct Scan<'s> {
    tags: &'s Tags,
    marks: Vec<Mark>,
    near: Vec<Near>,
    /// How many empty lines stand above.
    blanks: usize,
    opaque: Option<Opaque>,
    last_comment_end: Option<usize>,
}

/// What lines are in that mean nothing.
enum Opaque {
    Comment,
    Fence {
        sign: char,
        length: usize,
        line: Range<usize>,
        /// Whether one of them would have meant something.
        hides: bool,
    },
}

impl Scan<'_> {
    fn line(&mut self, line: &str, at: usize) {
        match &mut self.opaque {
            Some(Opaque::Comment) => {
                if line.contains("-->") {
                    self.opaque = None;
                }
            }
            Some(Opaque::Fence { sign, length, hides, .. }) => {
                let signs = line.trim_start();
                let is_bare = signs.trim_start_matches(*sign).is_empty();
                *hides |= self.tags.of(line).is_some();
                if is_bare && signs.len() >= *length && indentation(line) <= DEEPEST {
                    self.opaque = None;
                }
            }
            None if line.is_empty() => return self.blanks += 1,
            None => self.open_line(line, at),
        }
        self.blanks = 0;
    }

    /// A line that is not opaque and not empty.
    fn open_line(&mut self, line: &str, at: usize) {
        let tag = self.tags.of(line);
        if tag.is_none() {
            self.near.extend(near(line, at));
        }
        let mark = tag.or_else(|| Some((self.kind(line)?, 0)));
        self.marks.extend(mark.map(|(kind, tag)| Mark { kind, line: at..at + line.len(), tag }));
        let rest = tag.map_or(line, |(_, length)| line[length..].trim_start());
        if let Some((sign, length)) = fence(rest) {
            self.opaque = Some(Opaque::Fence { sign, length, line: at..at + line.len(), hides: false });
        } else if let Some(comment) = comment(line) {
            // A comment that never ends is none.
            let ends_below = self.last_comment_end.is_some_and(|end| end > at + line.len());
            self.opaque = (!comment.contains("-->") && ends_below).then_some(Opaque::Comment);
        }
    }

    fn kind(&self, line: &str) -> Option<MarkKind> {
        if line.trim() == "---" {
            Some(MarkKind::Rule)
        } else if Id::alone(line, 0).is_some_and(|id| id.is_whole()) {
            Some(MarkKind::Id)
        } else if let Some(is_below) = self.tags.of_file(line) {
            Some(MarkKind::FileWide(is_below))
        } else if is_heading(line) {
            Some(MarkKind::Heading)
        } else if comment(line).is_some() && self.blanks > 0 {
            Some(MarkKind::Comment)
        } else {
            (self.blanks > 1).then_some(MarkKind::Apart)
        }
    }
}

/// How many spaces may stand before a fence, a heading or a comment (CommonMark).
const DEEPEST: usize = 3;

/// The spaces before a line's text; a tab is deeper than any of what is looked for may stand.
fn indentation(line: &str) -> usize {
    let spaces = line.len() - line.trim_start_matches(' ').len();
    if line[spaces..].starts_with('\t') { usize::MAX } else { spaces }
}

/// The sign of a fence that opens here, and how often it stands there.
fn fence(line: &str) -> Option<(char, usize)> {
    let text = line.trim_start();
    let sign = text.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let info = text.trim_start_matches(sign);
    let length = text.len() - info.len();
    (length >= 3 && indentation(line) <= DEEPEST && !(sign == '`' && info.contains('`'))).then_some((sign, length))
}

fn is_heading(line: &str) -> bool {
    let text = line.trim_start();
    let behind = text.trim_start_matches('#');
    let level = text.len() - behind.len();
    indentation(line) <= DEEPEST && (1..=6).contains(&level) && (behind.is_empty() || behind.starts_with([' ', '\t']))
}

/// What stands behind the opening of a comment that starts the line.
fn comment(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("<!--").filter(|_| indentation(line) <= DEEPEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Found {
        marks(text, 0..text.len(), &Tags::new(&SyntaxOptions::default(), &Syntaxes::default()))
    }

    fn kinds(text: &str) -> Vec<MarkKind> {
        found(text).marks.into_iter().map(|mark| mark.kind).collect()
    }

    #[test]
    fn tags_stand_at_the_first_column() {
        use MarkKind::{Answer, Cloze, Question, Rule};
        assert_eq!(kinds("Q:a\r\nA: b\r\n--- \r\nC: [c]"), [Question, Answer, Rule, Cloze]);
        assert_eq!(kinds(" Q: a\n- A: b\nq: a\n**C:** d\nFAQ: e\n"), []);
    }

    #[test]
    fn what_is_opaque_hides_tags_up_to_its_own_end() {
        use MarkKind::{Answer, Comment, Question};
        assert_eq!(kinds("Q: x\nA: ```\nQ: y\n~~~\n````\nQ: z\n"), [Question, Answer, Question]);
        assert_eq!(kinds("~~~~md\nQ: x\n~~~\n~~~~\nQ: y\n"), [Question]);
        assert_eq!(kinds("``` a`b\nQ: x\n"), [Question]);
        assert_eq!(kinds("    ```\nQ: x\n"), [Question]);
        assert_eq!(kinds("<!--\nQ: x\n-->\nQ: y\n"), [Comment, Question]);
        assert_eq!(kinds("a\n<!-- b -->\nQ: y\n"), [Question]);
        assert_eq!(kinds("<!-- never closed\nQ: y\n"), [Comment, Question]);
    }

    #[test]
    fn a_fence_that_never_closes_is_told_where_it_hides_something() {
        let open = |text: &str| found(text).open_fence.map(|range| text[range].to_owned());
        assert_eq!(open("```\nQ: x\n"), Some("```".into()));
        assert_eq!(open("```\nx\n"), None);
        assert_eq!(open("```\nQ: x\n```\n"), None);
    }

    #[test]
    fn terms_have_definitions() {
        use MarkKind::{Answer, Apart, Definition, Id, Question, Term};
        assert_eq!(kinds("T: a\n\n\nx\nD: b\nQ: c\nA: d\n"), [Term, Apart, Definition, Question, Answer]);
        assert_eq!(kinds("T: a\nQ: b\nD: c\nA: d\nT: e\n---\nD: f\nD: g\n"), [Question, Answer, MarkKind::Rule]);
        assert_eq!(found("T: a\nQ: b\nD: c\nA: d\nT: e\n---\nD: f\nD: g\n").lone.len(), 5);
        assert_eq!(kinds("<!--ID: 1700000000001-->\nID: 1700000000001\nID: 7\n"), [Id, Id]);
    }

    #[test]
    fn other_words_are_tags_where_options_say_so() {
        use MarkKind::{Answer, Cloze, Question};
        let kinds = |words: &[&str], text: &str| {
            let mut options = SyntaxOptions::default();
            options.qa.tags = words.iter().map(|word| (*word).to_owned()).collect();
            let tags = Tags::new(&options, &Syntaxes::default());
            let marks = marks(text, 0..text.len(), &tags).marks;
            marks
                .into_iter()
                .map(|mark| (mark.kind, text[mark.line.start..][..mark.tag].to_owned()))
                .collect::<Vec<_>>()
        };
        let one = |kind, tag: &str| (kind, tag.to_owned());
        assert_eq!(
            kinds(&["F", "Antwort"], "F: a\nAntwort: b\nQ: c\nC: [d]\n"),
            [one(Question, "F:"), one(Answer, "Antwort:"), one(Cloze, "C:"),]
        );
        assert_eq!(
            kinds(&["**Q:**", "**A:**"], "**Q:** a\n**A:** b\n"),
            [one(Question, "**Q:**"), one(Answer, "**A:**")]
        );
        assert_eq!(kinds(&["- Q", "- A"], "- Q: a\n  - A: b\n"), [one(Question, "- Q:"), one(Answer, "  - A:")]);
    }

    #[test]
    fn headings_and_text_that_stands_apart_are_marked() {
        use MarkKind::{Apart, Heading, Question};
        assert_eq!(kinds("# a\n#b\n    # c\n######\n\n\n\nQ: x\n\n\ny\n"), [Heading, Heading, Question, Apart]);
    }
}
