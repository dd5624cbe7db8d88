//! Turns a file's text into the same text, tidied: white space, marks of lists and emphasis, the order of attributes.
//!
//! Knows what is likely to mean the same, and reads what comes of it: an edit that changes a note or the prose is left out.

mod edits;

use std::collections::VecDeque;

use self::edits::{Group, edits};
use super::rewrite::{Content, content};
use super::{File, read_file};
use crate::config::syntax::Syntaxes;
use crate::source::{Change, Patched, Source};

/// What to put into the place of what in a text, ascending; nothing where it is tidy, or not written in our own way.
pub fn tidy(file: File<'_>) -> Vec<Change> {
    let document = read_file(file, true);
    let is_ours = document.trace.as_ref().is_some_and(|trace| trace.settings.syntaxes == Syntaxes::default());
    let mut patched = Patched::new(file.source.text.clone());
    if !is_ours {
        return Vec::new();
    }
    let wanted = content(&document);
    let (math, start) = (document.trace.as_ref().is_none_or(|trace| trace.settings.math), document.layout.start);
    // What was tidied may leave more to tidy.
    for _ in 0..MAX_ROUNDS {
        let source = Source { path: file.source.path.clone(), text: patched.text.clone() };
        let found = edits(file.id, &source, start, math);
        let mut budget = MAX_READINGS;
        let right = right(file, &patched, &found, &wanted, &mut budget);
        if right.is_empty() {
            break;
        }
        patched.apply(&right);
    }
    patched.changes()
}

/// So often is looked for more.
const MAX_ROUNDS: usize = 6;

/// So often is a text read to find which edits change what it says.
const MAX_READINGS: usize = 40;

/// Those of the edits that change nothing of what the text says: all of them, or halves of them, and halves of those.
fn right(file: File<'_>, patched: &Patched, groups: &[Group], wanted: &Content, budget: &mut usize) -> Group {
    let mut kept: Group = Vec::new();
    let mut rest = VecDeque::from([groups]);
    while let Some(some) = rest.pop_front() {
        if some.is_empty() || *budget == 0 {
            continue;
        }
        *budget -= 1;
        let mut all: Group = kept.iter().chain(some.iter().flatten()).cloned().collect();
        all.sort_by_key(|edit| (edit.range.start, edit.range.end));
        let are_apart = all.is_sorted_by(|one, next| one.range.end <= next.range.start && one.range != next.range);
        let mut tried = patched.clone();
        if are_apart {
            tried.apply(&all);
        }
        let source = Source { path: file.source.path.clone(), text: tried.text };
        if are_apart && content(&read_file(File { source: &source, ..file }, false)) == *wanted {
            kept = all;
        } else if some.len() > 1 {
            let (first, second) = some.split_at(some.len() / 2);
            rest.push_front(second);
            rest.push_front(first);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::ir::DeckName;
    use crate::source::SourceId;

    fn tidied(text: &str) -> String {
        let settings = Settings { deck: DeckName::new("D"), ..Settings::default() };
        let source = Source { path: "a.md".into(), text: text.into() };
        let file = File { id: SourceId(0), source: &source, chapter: "a.md", settings: &settings };
        let mut patched = Patched::new(text.to_owned());
        patched.apply(&tidy(file));
        patched.text
    }

    #[test]
    fn white_space_and_marks_are_the_same_everywhere() {
        for (text, tidy) in [
            ("# a  \n## b\nc   \n\n\n\nd\n\n\n", "# a\n\n## b\n\nc\n\nd\n"),
            ("## a\n\n* b\n* c\n\n+ d\n", "## a\n\n- b\n- c\n\n+ d\n"),
            ("## a\n\n_b_ __c__ *d* _e *f* g_\n", "## a\n\n*b* **c** *d* *e *f* g*\n"),
            ("## a {.reversed tags=x #b}\n\nc\n", "## a {#b .reversed tags=x}\n\nc\n"),
            ("## a\n\nb   \nc \nd\n", "## a\n\nb  \nc\nd\n"),
            ("## a\r\nb\r\n\r\n\r\nc\r\n", "## a\r\n\r\nb\r\n\r\nc\r\n"),
            ("## a\n\n```\nb  \n\n\n* c\n_d_\n```\n", "## a\n\n```\nb  \n\n\n* c\n_d_\n```\n"),
            ("---\ntitle: x\n---\n\n\n\n## a\n<!-- back -->\nb\n", "---\ntitle: x\n---\n\n## a\n\n<!-- back -->\nb\n"),
            ("## a\n\n$$\n_x_\n\n\n* y  \n$$\n", "## a\n\n$$\n_x_\n\n\n* y  \n$$\n"),
            ("## a\n\n<!-- b  \n\n\n* c\n-->\nd\n", "## a\n\n<!-- b  \n\n\n* c\n-->\nd\n"),
            ("a_b_c `_d_` \\_e\\_\n", "a_b_c `_d_` \\_e\\_\n"),
            ("## b\n\nc", "## b\n\nc\n"),
            ("", ""),
        ] {
            assert_eq!(tidied(text), tidy, "{text:?}");
            assert_eq!(tidied(tidy), tidy, "twice is once: {text:?}");
        }
    }
}
