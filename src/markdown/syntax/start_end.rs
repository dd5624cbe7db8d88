//! Notes between lines of `START` and `END`, within lines and in shapes of their own, as Obsidian_to_Anki has them.
//!
//! Which words begin and end notes, which note types there are and which shapes are notes, the settings of the vault say. The
//! form is that of Obsidian_to_Anki 3.6.0 (`src/note.ts`, `src/file.ts`, `src/setting-to-data.ts`). What stands outside of notes is
//! left to headings.

mod blocks;
mod drafts;
mod file_wide;
mod inline;
mod lines;
mod near;
mod search;
mod shapes;
mod types;
mod written;

use std::ops::Range;

use self::drafts::Drafts;
use self::search::{Named, search};
use super::{Claimed, Gate, machinery};
use crate::config::Settings;
use crate::markdown::File;
use crate::markdown::assemble::Assembler;
use crate::markdown::attributes::Attributes;
use crate::source::Source;

pub(in crate::markdown) use self::file_wide::{FileWide, widen};

/// Takes the notes out of a text: `rest` is the source without what other syntaxes claimed.
pub(super) fn read(rest: &Source, range: Range<usize>, assembler: &mut Assembler<'_>) -> Vec<Claimed> {
    let known = assembler.diagnostics().len();
    let options = assembler.options();
    let syntaxes = &assembler.settings().syntaxes;
    let found = search(&rest.text, range, &options, syntaxes);
    for near in near::reported(found.near) {
        let diagnostic = near.diagnostic(assembler.id());
        assembler.report(diagnostic);
    }
    let mut claimed: Vec<Claimed> = found.machinery.into_iter().map(|range| Claimed { range, claim: None }).collect();
    for Named { heading, id, tags } in found.named {
        let tags = tags.and_then(|tags| rest.text.get(tags)).unwrap_or_default();
        let (id, tags) = (Some(id.explicit(assembler.id())), machinery::tags(tags).collect());
        assembler.give(heading, Attributes { id, tags, ..Attributes::default() });
    }
    let mut drafts = Drafts::new(rest, &options.start_end, found.frozen, assembler);
    for written in found.notes {
        claimed.push(drafts.claim(written));
    }
    near::count(assembler.diagnostics(), known);
    claimed.sort_by_key(|claimed| claimed.range.start);
    claimed
}

/// The deck that the file puts into effect.
pub(super) fn gate(file: File<'_>, body: Range<usize>, settings: &Settings) -> Gate {
    FileWide::of(file, body, settings).into_gate()
}

#[cfg(test)]
mod tests {
    use crate::config::Settings;
    use crate::config::syntax::{Syntax, Syntaxes, Value};
    use crate::diagnostic::Code;
    use crate::ir::{DeckName, for_each_cloze};
    use crate::markdown::{Document, read};
    use crate::source::{Source, SourceId};
    use crate::text::steps;

    fn document(text: &str, syntaxes: &[Syntax]) -> Document {
        let syntaxes = Syntaxes::new(syntaxes.iter().copied()).unwrap();
        let mut settings = Settings { deck: DeckName::new("x"), syntaxes, ..Settings::default() };
        let styles =
            ["remnote", "neuracache", "ruled", "table", "cloze", "header 2"].map(|style| Value::Text(style.into()));
        let mut set = |key: &str, value| settings.options.set(Syntax::StartEnd, key, value).unwrap();
        set("style", Value::List(styles.to_vec()));
        set("curly-clozes", Value::Text("true".into()));
        set("highlight-clozes", Value::Text("true".into()));
        read(SourceId(0), &Source { path: "a.md".into(), text: text.into() }, "a.md", &settings)
    }

    #[test]
    fn what_stands_in_each_note_is_bounded() {
        let frozen = format!("FROZEN - Basic:\nBack: {}\n\n", "w ".repeat(512 * 1024));
        let notes = |count: usize| {
            let document =
                document(&format!("{frozen}{}", "START\nBasic\na\nBack: b\nEND\n".repeat(count)), &[Syntax::StartEnd]);
            (document.notes.len(), document.diagnostics.iter().filter(|found| found.code == Code::LargeFile).count())
        };
        assert_eq!((notes(20), notes(40)), ((20, 0), (0, 1)));
    }

    #[test]
    fn what_counts_up_to_a_number_that_is_given_stays_there() {
        let text = "START\nCloze\n{a} and {b} and {c1:d} and {4:e}\nEND\n";
        let note = &document(text, &[Syntax::StartEnd]).notes[0];
        let mut found = Vec::new();
        for blocks in note.sides() {
            for_each_cloze(blocks, &mut |cloze| found.push((cloze.numbers[0], cloze.assigned)));
        }
        assert_eq!(found, [(1, false), (2, true), (1, false), (4, false)]);
    }

    #[test]
    fn of_text_for_each_note_of_a_type_the_last_counts() {
        let text = "FROZEN - Basic:\nBack: first\n\nSTART\nBasic\na\nBack: b\nEND\n\nFROZEN - Basic:\nFront: last\n\n";
        let note = &document(text, &[Syntax::StartEnd]).notes[0];
        let json = serde_json::to_string(note).unwrap();
        assert!(json.contains("last") && !json.contains("first"), "{json}");
    }

    #[test]
    fn text_for_each_note_is_looked_at_once_a_note() {
        let notes = "START\nBasic\na\nBack: b\nEND\n\n";
        for frozen in ["FROZEN - Basic:\nBack: x\n\n", "FROZEN - N:\nBack: x\n\n"] {
            let cost = |count: usize| {
                let frozen: String = (0..count).map(|index| frozen.replace('N', &index.to_string())).collect();
                let text = frozen + &notes.repeat(count);
                steps::taken_by(|| document(&text, &[Syntax::StartEnd])).0
            };
            let (few, many) = (cost(100), cost(400));
            assert!(many <= 5 * few + 1_000, "{frozen:?}: {few} and {many}");
        }
    }

    #[test]
    fn of_many_notes_that_are_none_for_one_reason_the_first_is_said() {
        let said = |count: usize| {
            let document = document(&"START\nBasic\na\nEND\n\n".repeat(count), &[Syntax::StartEnd]);
            (document.left_out.len(), document.diagnostics.into_iter().map(|found| found.message).collect::<Vec<_>>())
        };
        let (left_out, messages) = said(7);
        assert_eq!((left_out, messages), (7, vec!["a note without an answer, and 6 more in this file".to_owned()]));
        assert_eq!(said(5).1.len(), 5);
    }

    proptest::proptest! {
        /// Blocks, notes in lines, shapes and lists in any order: every place is a piece of the text, and nothing panics.
        #[test]
        fn no_text_does_harm(pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "\nSTART\n", "\nEND\n", "\nEND", "STARTI ", " ENDI ", "[Basic]", "\nBasic\n", "\nCloze\n", "\nMine\n", "\nBack:", " Back: ",
                "\nFront:", "\nTags: a b\n", " Tags: a ", "\n<!--ID: 1700000000001-->\n", "\nID: 1700000000002\n", "\nDELETE\n",
                "\nTARGET DECK\n", "\nTARGET DECK: D\n", "\nFILE TAGS: t\n", "\nFROZEN - Basic:\n", "::", " :: ", "{", "}", "{2:", "{{c1::x}}",
                "==", "\n---\n", "\n| a |\n|---|\n| b |\n", " #flashcard\n", "\n", "\r\n", "\n\n", " ", "\t", "`", "\n```\n", "\n~~~x\n", "$", "\n$$\n",
                "<!--", "-->", "%%", "\n# ", "\n## ", "\n- ", "\n> ", "[^1]", "\n[^1]: ", "ü", "**", "a", "\nQ: ", "\nA: ",
            ]),
            0..40,
        )) {
            let text = pieces.concat();
            for syntaxes in [&[Syntax::StartEnd][..], &[Syntax::StartEnd, Syntax::Qa, Syntax::Headings]] {
                let document = document(&text, syntaxes);
                assert_eq!(document.syntaxes.len(), document.notes.len());
                for part in document.chapter.into_iter().flat_map(|chapter| chapter.parts) {
                    assert!(part.notes().all(|note| note < document.notes.len()));
                }
                let places = document.notes.iter().map(|note| note.span);
                for span in places.chain(document.diagnostics.iter().map(|diagnostic| diagnostic.span)) {
                    assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
                }
            }
        }
    }
}
