//! Lists and marks through their edits.

use proptest::prelude::*;

use super::*;
use crate::ir::{BlockKind, Cloze, Hidden, Inline, InlineKind, for_each_cloze};
use crate::source::{SourceId, Span};
use crate::text::steps;

const SPAN: Span = Span { source: SourceId(0), start: 0, end: 0 };

/// A cloze note of deletions, each with its author's number or none; those get the lowest free ones, as the reader does it.
fn note(deletions: &[(Option<u16>, &str)]) -> Note {
    let mut free = (1..=MAX_CLOZE_NUMBER).filter(|number| !deletions.iter().any(|(own, _)| *own == Some(*number)));
    let content = deletions.iter().map(|&(own, text)| {
        let numbers = own.or_else(|| free.next()).into_iter().collect();
        let cloze = Cloze { span: SPAN, numbers, hint: None, assigned: own.is_none() };
        let content = vec![Inline { span: SPAN, kind: InlineKind::Text { text: text.into() } }];
        Inline { span: SPAN, kind: InlineKind::Cloze(Hidden { cloze, content }.into()) }
    });
    let text = vec![Block { span: SPAN, kind: BlockKind::Paragraph { content: content.collect() } }];
    Note { span: SPAN, ..Note::bare(NoteBody::Cloze { heading: Vec::new(), text }) }
}

fn numbers(note: &Note) -> Vec<u16> {
    let NoteBody::Cloze { text, .. } = &note.body else { return Vec::new() };
    let mut numbers = Vec::new();
    for_each_cloze(text, &mut |cloze| numbers.extend_from_slice(&cloze.numbers));
    numbers
}

/// The numbers after each version of a note's marks.
fn through(versions: &[&[&str]]) -> Vec<Vec<u16>> {
    let mut memory: Option<String> = None;
    let mut all = Vec::new();
    for texts in versions {
        let marks: Vec<(Option<u16>, &str)> = texts.iter().map(|&text| (None, text)).collect();
        let mut note = note(&marks);
        let next = assign(&mut note, || memory.as_deref());
        assert!(is_readable(&next), "{next}");
        memory = Some(next);
        all.push(numbers(&note));
    }
    all
}

#[test]
fn an_insertion_in_front_takes_a_new_number() {
    assert_eq!(through(&[&["create", "run"], &["plan", "create", "run"]])[1], [3, 1, 2]);
}

#[test]
fn moved_parts_keep_their_numbers() {
    assert_eq!(through(&[&["a b c", "d e f", "g h i"], &["g h i", "a b c", "d e f"]])[1], [3, 1, 2]);
}

#[test]
fn edited_parts_keep_their_numbers() {
    let edited = through(&[&["create", "run", "stop"], &["create", "execute", "stop"]]);
    assert_eq!(edited[1], [1, 2, 3]);
    let edited_and_moved = through(&[
        &["the image is pulled from the registry", "create", "run"],
        &["create", "stop", "run", "the image was pulled from the registry"],
    ]);
    assert_eq!(edited_and_moved[1], [2, 4, 3, 1]);
}

#[test]
fn the_number_of_a_part_that_is_gone_is_not_used_again() {
    let all = through(&[&["create", "run", "stop"], &["create", "stop"], &["create", "stop", "bury it for good"]]);
    assert_eq!(all[1..], [vec![1, 3], vec![1, 3, 4]]);
}

#[test]
fn a_part_that_is_back_has_its_number_again() {
    let all = through(&[&["create", "run", "stop"], &["create", "stop"], &["create", "stop", "run"]]);
    assert_eq!(all[2], [1, 3, 2]);
}

#[test]
fn parts_of_the_same_text_keep_their_order() {
    assert_eq!(through(&[&["80", "80", "443"], &["443", "80", "80"]])[1], [3, 1, 2]);
}

#[test]
fn an_authors_number_is_left_alone_and_handed_down() {
    let mut authored = note(&[(Some(2), "create"), (None, "run")]);
    let memory = assign(&mut authored, || None);
    assert_eq!(numbers(&authored), [2, 1]);
    let mut marked = note(&[(None, "run"), (None, "create")]);
    assign(&mut marked, || Some(&memory));
    assert_eq!(numbers(&marked), [1, 2]);
    let mut taken = note(&[(Some(1), "stop"), (None, "run")]);
    assign(&mut taken, || Some(&memory));
    assert_eq!(numbers(&taken), [1, 3]);
}

#[test]
fn more_numbers_than_anki_takes_are_used_again() {
    let texts: Vec<String> = (0..500).map(|number| format!("old {number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let all = through(&[&texts, &["quite another text"]]);
    assert_eq!(all[1].len(), 1);
    assert!((1..=500).contains(&all[1][0]));
}

/// Of many deletions less is remembered of each, and all keep their numbers: as they are, where one is put between them, where
/// some are edited where they stand, where one goes, and where it is back.
#[test]
fn many_parts_keep_their_numbers() {
    for count in [10, 11, 12, 14, 15, 22, 23, 50, 54, 56, 57, 90, 300] {
        let texts: Vec<String> =
            (0..count).map(|number| format!("part {number} of a long list, {}", number * 7)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let own: Vec<u16> = (1..=count).collect();
        let middle = usize::from(count / 3);
        let mut more = texts.clone();
        more.insert(middle, "quite another one");
        let mut fewer = texts.clone();
        fewer.remove(middle);
        let mut edited = more.clone();
        edited[1] = "something else";
        edited[middle + 3] = "something new";
        let all = through(&[&texts, &texts, &more, &edited, &texts, &fewer, &texts]);
        assert_eq!((&all[0], &all[1]), (&own, &own), "{count}");
        if count > 54 {
            // In a group with one put in nothing is known of each: they are new, and no number goes to another text.
            let group = usize::from(count).div_ceil(56);
            for (place, (text, number)) in more.iter().zip(&all[2]).enumerate() {
                let before = texts.iter().position(|other| other == text).map(|before| before as u16 + 1);
                let is_near = place.abs_diff(middle) <= group;
                assert!(Some(*number) == before || is_near && *number > count, "{count}: {text} {number}");
            }
            continue;
        }
        let mut with_more = own.clone();
        with_more.insert(middle, count + 1);
        assert_eq!((&all[2], &all[3]), (&with_more, &with_more), "{count}");
        assert_eq!((&all[4], &all[6]), (&own, &own), "{count}");
        let mut without = own.clone();
        without.remove(middle);
        assert_eq!(all[5], without, "{count}");
    }
}

/// A line of version 1 that says all of a note is left as it is, though it would be written otherwise now.
#[test]
fn many_entries_of_an_older_lock_say_the_same() {
    let texts: Vec<(Option<u16>, String)> = (0..40).map(|number| (None, format!("part {number}"))).collect();
    let texts: Vec<(Option<u16>, &str)> = texts.iter().map(|(own, text)| (*own, text.as_str())).collect();
    let mut note = note(&texts);
    let field = assign(&mut note, || None);
    let entry = |(number, (_, text)): (usize, &(Option<u16>, &str))| {
        let mut entry = (number + 1).to_string();
        Fingerprint::of(text).push(Fingerprint::LENGTH, &mut entry);
        entry
    };
    let old: Vec<String> = texts.iter().enumerate().map(entry).collect();
    let old = old.join(".");
    assert!(old != field && old.len() > 300);
    assert!(says_same(&old, &field) && says_same(&field, &field) && !says_same(&old.replace("12", "13"), &field));
    assert_eq!(assign(&mut note, || Some(&old)), field);
}

/// Of notes of more deletions than are remembered each by each, all keep their numbers while they are as they were, and where each
/// was edited where it stands; and those of other groups whatever is added or taken away.
#[test]
fn the_groups_of_very_many_parts_keep_their_numbers() {
    let texts: Vec<String> = (0..90).map(|number| format!("part {number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let own: Vec<u16> = (1..=90).collect();
    let mut edited = texts.clone();
    (edited[20], edited[85]) = ("x", "y");
    let mut fewer = edited.clone();
    fewer.drain(40..44);
    let mut last = fewer.clone();
    last.push("quite another one");
    let all = through(&[&texts, &edited, &fewer, &last]);
    assert_eq!(all[1], own);
    assert_eq!(all[2], [&own[..40], &own[44..]].concat());
    assert_eq!(all[3], [&own[..40], &own[44..], &[91]].concat());
}

#[test]
fn other_notes_remember_nothing() {
    assert_eq!(assign(&mut note(&[]), || None), "-");
    for field in
        ["", "1", "1AAAAAAAA.", "0AAAAAAAA", "501AAAAAAAA", "+1AAAAAAAA", "1~~AAAAAAAA", "xAAAAAAAA", "1AAAAäAAA"]
    {
        assert!(!is_readable(field), "{field}");
    }
}

proptest! {
    /// Whatever is done to a list, no number stands twice, and none that was used goes to another text.
    #[test]
    fn numbers_are_never_given_to_something_else(
        versions in proptest::collection::vec(proptest::collection::vec(0..30u32, 0..12), 1..6),
    ) {
        let words = ["elastic container", "task role", "port map", "log group", "bridge mode", "fargate spot"];
        let text = |&number: &u32| format!("{} {number}{number}{number}", words[number as usize % words.len()]);
        let mut memory: Option<String> = None;
        for version in versions {
            let mut version = version;
            version.sort_unstable();
            version.dedup();
            let texts: Vec<String> = version.iter().map(text).collect();
            let marks: Vec<(Option<u16>, &str)> = texts.iter().map(|text| (None, text.as_str())).collect();
            let mut note = note(&marks);
            let old = memory.as_deref().and_then(Memory::read).unwrap_or_default().entries;
            let next = assign(&mut note, || memory.as_deref());
            let given = numbers(&note);
            let mut distinct = given.clone();
            distinct.sort_unstable();
            distinct.dedup();
            prop_assert_eq!(distinct.len(), texts.len());
            for (text, number) in texts.iter().zip(&given) {
                let fingerprint = Fingerprint::of(text);
                if let Some(entry) = old.iter().find(|entry| entry.fingerprint == Some(fingerprint)) {
                    prop_assert_eq!(entry.number, *number, "the same text keeps its number");
                }
            }
            for entry in &old {
                prop_assert!(Memory::read(&next).unwrap().entries.iter().any(|next| next.number == entry.number), "no number is forgotten");
            }
            memory = Some(next);
        }
    }

    #[test]
    fn no_field_does_harm(field in "[0-9A-Za-z~._-]{0,60}") {
        if is_readable(&field) {
            assign(&mut note(&[(None, "a"), (None, "b")]), || Some(&field));
        }
    }
}

#[test]
fn many_numbered_texts_are_gathered_in_their_order() {
    let texts: Vec<String> = (0..2_000).map(|at| format!("text {at}")).collect();
    let mut gathered = Gathered { width: Fingerprint::LENGTH, ..Gathered::default() };
    let (compared, ()) = steps::taken_by(|| {
        for _ in 0..2 {
            for (text, number) in texts.iter().zip((1..=MAX_CLOZE_NUMBER).cycle()) {
                let cloze = Cloze { span: SPAN, numbers: vec![number], hint: None, assigned: false };
                let hidden = [Inline { span: SPAN, kind: InlineKind::Text { text: text.as_str().into() } }];
                gather(&cloze, Child::Inlines(&hidden), &mut gathered);
            }
        }
    });
    assert!(compared <= 8 * texts.len(), "{compared}");
    assert_eq!(gathered.all.first().map(|(_, text, _)| text.as_str()), Some("text 0"));
    assert!(gathered.places.iter().all(|(text, at)| gathered.all.get(*at).is_some_and(|(other, ..)| other == text)));
}
