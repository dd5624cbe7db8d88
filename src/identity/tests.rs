//! Notes through their edits, from Markdown to the lock and back.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::config::Settings;
use crate::ir::{self, Chapter, DeckName, Media, Note, SourceFile};
use crate::markdown;
use crate::source::{Source, SourceId};

const NOW: i64 = 1_700_000_000;

/// A collection of files, each in the deck that its first line names behind `@`, or in `ECS`.
fn collection(files: &[(&str, &str)]) -> Collection {
    let mut notes = Vec::new();
    for (id, (path, text)) in (0..).map(SourceId).zip(files) {
        let deck = text.strip_prefix('@').and_then(|text| text.lines().next()).unwrap_or("ECS");
        let settings = Settings { deck: DeckName::new(deck), ..Settings::default() };
        let text = if text.starts_with('@') { text.split_once('\n').map_or("", |(_, rest)| rest) } else { text };
        let source = Source { path: (*path).to_owned(), text: text.to_owned() };
        notes.extend(markdown::read(id, &source, path, &settings).notes);
    }
    Collection {
        version: ir::VERSION,
        id: "test".into(),
        name: "Test".into(),
        site_url: None,
        place_link: None,
        outline: Vec::new(),
        sources: files.iter().map(|(path, _)| SourceFile { path: (*path).to_owned() }).collect(),
        decks: Vec::new(),
        note_types: note_types("test", "Test", &BTreeMap::new()),
        notes,
        media: Vec::new(),
        chapters: Vec::<Chapter>::new(),
    }
}

/// One build after another, a day apart, each with the lock of the last one as it stands in its file.
struct Builds {
    lock: Option<String>,
    now: i64,
}

impl Builds {
    fn new() -> Self {
        Self { lock: None, now: NOW }
    }

    fn lock(&self) -> Option<Lock> {
        let mut diagnostics = Vec::new();
        let lock = self.lock.as_ref().map(|text| Lock::parse(SourceId(99), text, &mut diagnostics));
        assert_eq!(diagnostics, []);
        lock
    }

    fn build(&mut self, files: &[(&str, &str)]) -> (Collection, Outcome) {
        self.build_collection(collection(files))
    }

    fn build_collection(&mut self, mut collection: Collection) -> (Collection, Outcome) {
        self.now += 86_400;
        let outcome = assign(
            &mut collection,
            &mut LeftOut::default(),
            self.lock(),
            Clock { now: self.now, source_date_epoch: false },
        );
        assert_eq!(outcome.diagnostics, []);
        self.lock = Some(outcome.lock.to_text());
        (collection, outcome)
    }
}

fn guids(collection: &Collection) -> Vec<&str> {
    collection.notes.iter().map(|note| note.guid.0.as_str()).collect()
}

fn times(collection: &Collection) -> Vec<i64> {
    collection.notes.iter().map(|note| (note.modified - NOW) / 86_400).collect()
}

fn dues(collection: &Collection) -> Vec<u32> {
    collection.notes.iter().map(|note| note.due).collect()
}

const POD: &str = "## What is a pod of Kubernetes?\n\nThe smallest unit that is placed.\n\n";
const TASK: &str = "## What is a task of ECS?\n\nA running copy of a task definition.\n\n";
const ROLE: &str = "## Who needs the execution role?\n\nThe agent, to pull images and to write logs.\n\n";

#[test]
fn without_a_lock_all_is_new_and_positions_are_spaced() {
    let (built, outcome) = Builds::new().build(&[("a.md", &[POD, TASK].concat()), ("b.md", "@K8s\n## x\n\ny\n")]);
    assert_eq!(dues(&built), [250_000, 251_000, 250_000]);
    assert_eq!(times(&built), [1, 1, 1]);
    assert_eq!((outcome.report.new, outcome.changed, outcome.lock.is_dirty()), (3, true, true));
    assert_eq!(outcome.lock.notes().len(), 3);
    assert!(built.note_types.iter().all(|one| one.modified == NOW + 86_400));
}

#[test]
fn a_lock_with_narrow_gaps_is_spaced_anew_where_one_is_full_and_that_is_said() {
    let note = |number: u32| format!("## What is number {number}?\n\nThe answer {number}\n\n");
    let numbered = |numbers: std::ops::Range<u32>| numbers.map(note).collect::<Vec<String>>().concat();
    let mut builds = Builds::new();
    builds.build(&[("a.md", &numbered(10..14))]);
    // As deckle 0.1 spaced them at first.
    let wide = |text: String, number: u32| {
        text.replace(&format!(" {} ", 250_000 + 1000 * number), &format!(" {} ", 10 * number + 10))
    };
    builds.lock = (0..4).fold(builds.lock.take(), |lock, number| lock.map(|text| wide(text, number)));
    let (read, outcome) = builds.build(&[("a.md", &numbered(10..14))]);
    assert_eq!((dues(&read), outcome.changed), (vec![10, 20, 30, 40], false));
    let (few, outcome) = builds.build(&[("a.md", &numbered(6..14))]);
    assert_eq!((&dues(&few)[4..], outcome.report.repositioned), (&[10, 20, 30, 40][..], vec![]));
    let (many, outcome) = builds.build(&[("a.md", &numbered(0..14))]);
    assert!(dues(&many).is_sorted_by(|one, next| next - one >= 1000), "{:?}", dues(&many));
    assert_eq!(outcome.report.repositioned, [Repositioned { deck: "ECS".to_owned(), notes: 8 }]);
    let (_, outcome) = builds.build(&[("a.md", &(numbered(50..99) + &numbered(0..14)))]);
    assert_eq!(outcome.report.repositioned, []);
}

#[test]
fn the_second_build_of_the_same_tree_changes_nothing() {
    let files = [("a.md", [POD, TASK, "## List {.list}\n\n- a\n- b\n"].concat())];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let mut builds = Builds::new();
    let (first, _) = builds.build(&files);
    let text = builds.lock.clone();
    let (second, outcome) = builds.build(&files);
    assert_eq!(first.notes, second.notes);
    assert_eq!(first.note_types, second.note_types);
    assert!(!outcome.changed && !outcome.lock.is_dirty());
    assert_eq!(outcome.report, Report::default());
    assert_eq!(builds.lock, text);
}

#[test]
fn an_edited_word_keeps_the_note_and_raises_its_time_alone() {
    let mut builds = Builds::new();
    let (first, _) = builds.build(&[("a.md", &[POD, TASK, ROLE].concat())]);
    let before = builds.lock.clone().unwrap();
    let edited = TASK.replace("running copy", "started copy").replace("What is", "What's");
    let (second, outcome) = builds.build(&[("a.md", &[POD, &edited, ROLE].concat())]);
    assert_eq!(guids(&first), guids(&second));
    assert_eq!(times(&second), [1, 2, 1]);
    let kept = &outcome.report.kept;
    assert_eq!((kept.len(), kept[0].note, kept[0].was.as_str()), (1, 1, "What is a task of ECS?"));
    assert_eq!((outcome.report.edited, outcome.report.new, outcome.changed), (1, 0, true));
    let after = builds.lock.unwrap();
    assert_eq!(after.lines().filter(|line| !before.contains(line)).count(), 1);
}

#[test]
fn moving_a_note_to_another_file_deck_and_heading_does_not_touch_it() {
    let mut builds = Builds::new();
    let (first, _) = builds.build(&[("a.md", &[POD, TASK, ROLE].concat())]);
    let (second, outcome) =
        builds.build(&[("a.md", &[POD, ROLE].concat()), ("b.md", &["@K8s\n# Tasks\n\n", TASK].concat())]);
    let expected = [guids(&first)[0], guids(&first)[2], guids(&first)[1]];
    assert_eq!(guids(&second), expected);
    assert_eq!(times(&second), [1, 1, 1]);
    assert!(outcome.changed, "the lock says where it stands");
    assert_eq!((outcome.report.edited, outcome.report.gone.len()), (0, 0));
}

#[test]
fn insertions_in_front_come_first() {
    let mut builds = Builds::new();
    builds.build(&[("a.md", &[POD, TASK].concat())]);
    let (second, _) = builds.build(&[("a.md", &[ROLE, POD, "## new\n\nx\n\n", TASK].concat())]);
    assert_eq!(dues(&second), [249_000, 250_000, 250_500, 251_000]);
}

#[test]
fn a_note_that_is_gone_is_reported_once_and_comes_back_unchanged() {
    let mut builds = Builds::new();
    let (first, _) = builds.build(&[("a.md", &[POD, TASK, ROLE].concat())]);
    let (_, outcome) = builds.build(&[("a.md", &[POD, ROLE].concat())]);
    let gone = &outcome.report.gone;
    assert_eq!((gone.len(), gone[0].guid.0.as_str(), gone[0].path.as_str()), (1, guids(&first)[1], "a.md"));
    assert_eq!(gone[0].search, format!("nid:{}", crate::apkg::number(&gone[0].guid)));
    assert_eq!(gone[0].text_search.as_deref(), Some("\"Front:*What*is*a*task*of*ECS*\""));
    assert_eq!(outcome.report.losses, [Loss { deck: "ECS".into(), lost: 1, had: 3 }]);
    let (_, outcome) = builds.build(&[("a.md", &[POD, ROLE].concat())]);
    assert_eq!((outcome.report, outcome.changed), (Report::default(), false));
    let (back, outcome) = builds.build(&[("a.md", &[POD, TASK, ROLE].concat())]);
    assert_eq!((guids(&back), times(&back)), (guids(&first), vec![1, 1, 1]));
    assert_eq!((outcome.report.revived, outcome.report.new, outcome.lock.gone().len()), (1, 0, 0));
}

#[test]
fn a_note_that_comes_back_edited_has_its_guid_and_a_later_time() {
    let mut builds = Builds::new();
    let (first, _) = builds.build(&[("a.md", &[POD, TASK].concat())]);
    builds.build(&[("a.md", POD)]);
    let (back, outcome) = builds.build(&[("a.md", &[POD, &TASK.replace("of ECS", "in ECS")].concat())]);
    assert_eq!((guids(&back), times(&back)), (guids(&first), vec![1, 3]));
    assert_eq!(outcome.report.revived, 1);
}

#[test]
fn each_note_has_one_fate() {
    let mut builds = Builds::new();
    let tagged = |tag: &str| format!("## Which tag?\n\n{tag}, of course. #{tag}\n\n");
    let (first, outcome) = builds.build(&[("a.md", &[POD, TASK, ROLE, &tagged("one")].concat())]);
    let fates = |collection: &Collection, outcome: &Outcome| -> Vec<Fate> {
        collection.notes.iter().filter_map(|note| outcome.fates.of(&outcome.lock, &note.guid)).collect()
    };
    assert_eq!(fates(&first, &outcome), [Fate::New; 4]);
    let names = |place: usize| &first.notes[place].guid;
    builds.build(&[("a.md", &[POD, TASK, &tagged("one")].concat())]);
    let edited = TASK.replace("running copy", "started copy").replace("What is", "What's");
    let stamped = format!("## Which tag? {{#dk-{}}}\n\ntwo, of course.\n\n", names(3));
    let (last, outcome) =
        builds.build(&[("b.md", &[&edited, ROLE, &stamped, "## A boat\n\nFloats on water.\n"].concat())]);
    assert_eq!(fates(&last, &outcome), [Fate::Kept, Fate::Back, Fate::Edited, Fate::New]);
    assert_eq!(outcome.fates.of(&outcome.lock, names(0)), Some(Fate::Gone));
    assert_eq!(outcome.fates.of(&outcome.lock, &Guid::default()), None);
    let was = |guid: &Guid| outcome.fates.was(guid).map(|note| note.excerpt().into_owned());
    assert_eq!(was(names(1)).as_deref(), Some("What is a task of ECS?"));
    assert_eq!(was(names(3)).as_deref(), Some("Which tag?"));
    assert_eq!((was(names(0)), was(names(2)), was(&last.notes[3].guid)), (None, None, None));
    let (again, outcome) =
        builds.build(&[("c.md", &[&edited, ROLE, &stamped, "## A boat\n\nFloats on water.\n"].concat())]);
    assert_eq!(fates(&again, &outcome), [Fate::Same; 4], "moved, and not edited");
}

#[test]
fn a_new_note_never_gets_the_guid_of_another() {
    let mut builds = Builds::new();
    let (first, _) = builds.build(&[("a.md", &[POD, TASK].concat())]);
    // The old front is born again while its note lives on under another one.
    let reworded = POD.replace("What is a pod of Kubernetes?", "What is a pod in Kubernetes?");
    let reborn = "## What is a pod of Kubernetes?\n\nQuite another answer: a school of whales, of course.\n\n";
    let (second, _) = builds.build(&[("a.md", &[&reworded, TASK, reborn].concat())]);
    assert_eq!(guids(&second)[..2], guids(&first));
    assert!(!guids(&first).contains(&guids(&second)[2]));
}

#[test]
fn an_id_may_be_added_changed_and_taken_out() {
    let mut builds = Builds::new();
    let (first, _) = builds.build(&[("a.md", &[POD, TASK].concat())]);
    let named = |id: &str| TASK.replace("ECS?", &format!("ECS? {{#{id}}}"));
    for text in [named("task"), named("other"), TASK.to_owned(), named("task")] {
        let (next, outcome) = builds.build(&[("a.md", &[POD, &text].concat())]);
        assert_eq!((guids(&next), times(&next)), (guids(&first), vec![1, 1]), "{text}");
        assert_eq!(outcome.report.new, 0);
    }
    let rewritten = "## Wholly another text {#task}\n\nnothing stayed\n";
    let (next, outcome) = builds.build(&[("a.md", &[POD, rewritten].concat())]);
    assert_eq!((guids(&next), outcome.report.kept.len()), (guids(&first), 0));
}

#[test]
fn a_stamp_is_the_guid() {
    let mut builds = Builds::new();
    let (first, _) = builds.build(&[("a.md", &[POD, TASK].concat())]);
    let stamp = guids(&first)[1].to_owned();
    let stamped = format!("## Wholly another text {{#dk-{stamp}}}\n\nnothing stayed\n");
    let (next, _) = builds.build(&[("a.md", &[POD, &stamped].concat())]);
    assert_eq!(guids(&next), guids(&first));
    let foreign = TASK.replace("ECS?", "ECS? {#dk-aaaaaaaaaaaaa}");
    let (next, _) = builds.build(&[("a.md", &[POD, &foreign].concat())]);
    assert_eq!(guids(&next)[1], "aaaaaaaaaaaaa");
}

#[test]
fn a_named_note_comes_back_by_its_name() {
    let mut builds = Builds::new();
    let named = TASK.replace("ECS?", "ECS? {#task}");
    let (first, _) = builds.build(&[("a.md", &[POD, &named].concat())]);
    builds.build(&[("a.md", POD)]);
    let (back, outcome) = builds.build(&[("a.md", &[POD, "## Wholly another {#task}\n\ntext\n"].concat())]);
    assert_eq!((guids(&back), outcome.report.revived), (guids(&first), 1));
}

#[test]
fn crossing_to_the_other_note_type_is_a_new_note_and_said_so() {
    let mut builds = Builds::new();
    let (first, _) = builds.build(&[("a.md", &[POD, TASK].concat())]);
    let crossed = TASK.replace("running copy", "{{c1::running copy}}");
    let (second, outcome) = builds.build(&[("a.md", &[POD, &crossed].concat())]);
    assert_eq!(guids(&first)[0], guids(&second)[0]);
    assert_ne!(guids(&first)[1], guids(&second)[1]);
    let asked = &outcome.report.crossed;
    assert_eq!(
        (asked.len(), asked[0].old.0.as_str(), asked[0].guid.0.as_str()),
        (1, guids(&first)[1], guids(&second)[1])
    );
    let mut builds = Builds::new();
    let named = TASK.replace("ECS?", "ECS? {#task}");
    let (first, _) = builds.build(&[("a.md", &named)]);
    let (second, outcome) = builds.build(&[("a.md", &named.replace("running copy", "{{c1::running copy}}"))]);
    assert_ne!(guids(&first), guids(&second));
    assert_eq!(outcome.report.crossed.len(), 1);
}

#[test]
fn switches_change_a_note_and_not_who_it_is() {
    let mut builds = Builds::new();
    let (first, _) = builds.build(&[("a.md", TASK)]);
    for (day, class) in [(2, "{.reversed}"), (3, "{.typed}"), (4, "")] {
        let (next, outcome) = builds.build(&[("a.md", &TASK.replace("ECS?", &format!("ECS? {class}")))]);
        assert_eq!((guids(&next), times(&next)), (guids(&first), vec![day]));
        assert_eq!(outcome.report.kept, []);
    }
}

#[test]
fn numbers_of_list_parts_stay() {
    let mut builds = Builds::new();
    let list = |parts: &str| format!("## The steps of a deployment {{.list}}\n\n{parts}");
    builds.build(&[("a.md", &list("1. pull\n1. create\n1. start\n"))]);
    let cards =
        |collection: &Collection| -> Vec<u16> { collection.notes[0].cards().iter().map(|card| card.ordinal).collect() };
    let (next, _) = builds.build(&[("a.md", &list("1. plan\n1. pull\n1. start\n"))]);
    assert_eq!(cards(&next), [0, 2, 3], "the second part went and a new one came");
    let (next, outcome) = builds.build(&[("a.md", &list("1. plan\n1. pull\n1. start\n"))]);
    assert_eq!((cards(&next), outcome.changed), (vec![0, 2, 3], false));
}

#[test]
fn restyled_templates_have_a_later_time_and_the_same_id() {
    let mut builds = Builds::new();
    let (first, _) = builds.build(&[("a.md", POD)]);
    let style = BTreeMap::from([("style.css".to_owned(), "p {}".to_owned())]);
    let restyled = Collection { note_types: note_types("test", "Test", &style), ..collection(&[("a.md", POD)]) };
    let (second, outcome) = builds.build_collection(restyled);
    for (first, second) in first.note_types.iter().zip(&second.note_types) {
        assert_eq!((first.id, first.modified + 86_400), (second.id, second.modified));
    }
    assert_eq!(outcome.report.raised, []);
    assert!(outcome.changed);
}

#[test]
fn another_set_of_fields_raises_the_generation_and_the_id() {
    let mut builds = Builds::new();
    let (first, _) = builds.build(&[("a.md", POD)]);
    let mut more = collection(&[("a.md", POD)]);
    more.note_types[0].fields.swap(2, 3);
    let (second, outcome) = builds.build_collection(more.clone());
    assert_ne!(first.note_types[0].id, second.note_types[0].id);
    assert_eq!(first.note_types[1].id, second.note_types[1].id);
    assert_eq!(outcome.report.raised, [NoteTypeKey::Basic]);
    let (third, outcome) = builds.build_collection(more);
    assert_eq!((third.note_types[0].id, outcome.changed), (second.note_types[0].id, false));
}

#[test]
fn a_clock_behind_the_lock_still_counts_on() {
    let mut builds = Builds::new();
    builds.build(&[("a.md", &[POD, TASK].concat())]);
    let mut edited = collection(&[("a.md", &[POD, &TASK.replace("copy", "instance")].concat())]);
    let outcome =
        assign(&mut edited, &mut LeftOut::default(), builds.lock(), Clock { now: 5, source_date_epoch: true });
    assert_eq!(edited.notes[1].modified, NOW + 86_401);
    assert_eq!(outcome.report.newer_than_epoch, Some(NOW + 86_400));
    let outcome =
        assign(&mut edited, &mut LeftOut::default(), builds.lock(), Clock { now: 5, source_date_epoch: false });
    assert_eq!(outcome.report.newer_than_epoch, None);
}

#[test]
fn the_last_time_that_there_is_does_no_harm() {
    let mut builds = Builds::new();
    builds.build(&[("a.md", &[POD, TASK].concat())]);
    builds.lock = builds.lock.map(|text| text.replace(&(NOW + 86_400).to_string(), &i64::MAX.to_string()));
    let mut edited = collection(&[("a.md", &[POD, &TASK.replace("copy", "instance")].concat())]);
    edited.note_types[0].css.push_str("p {}");
    let (edited, outcome) = builds.build_collection(edited);
    assert_eq!(outcome.report.edited, 1);
    assert!(edited.notes.iter().all(|note| note.modified == i64::MAX) && edited.note_types[0].modified == i64::MAX);
}

#[test]
fn a_lock_of_another_collection_is_refused() {
    let mut builds = Builds::new();
    builds.build(&[("a.md", POD)]);
    let mut foreign = Collection { id: "other".into(), ..collection(&[("a.md", POD)]) };
    let outcome =
        assign(&mut foreign, &mut LeftOut::default(), builds.lock(), Clock { now: NOW, source_date_epoch: false });
    assert_eq!(outcome.diagnostics.len(), 1);
    assert_eq!((outcome.diagnostics[0].code, outcome.diagnostics[0].span.source), (Code::BadLock, SourceId(99)));
}

#[test]
fn another_picture_under_the_same_name_is_a_change_and_another_folder_is_not() {
    let text = "## What is this?\n\n![](a.png)\n";
    let with = |path: &str, file: &str, sha: &str| {
        let media = Media {
            file: None,
            path: file.into(),
            name: format!("a-{sha}.png"),
            sha256: sha.into(),
            size: None,
            blob: Vec::new().into(),
        };
        Collection { media: vec![media], ..collection(&[(path, text)]) }
    };
    let mut builds = Builds::new();
    let (first, _) = builds.build_collection(with("x/a.md", "x/a.png", "01"));
    let (moved, _) = builds.build_collection(with("y/a.md", "y/a.png", "01"));
    assert_eq!((guids(&first), times(&moved)), (guids(&moved), vec![1]));
    let (redrawn, _) = builds.build_collection(with("y/a.md", "y/a.png", "02"));
    assert_eq!((guids(&first), times(&redrawn)), (guids(&redrawn), vec![3]));
}

#[test]
fn a_mass_loss_is_told_from_a_small_one() {
    let loss = |lost, had| Loss { deck: "D".into(), lost, had };
    assert!(loss(20, 199).is_mass() && loss(500, 500).is_mass());
    assert!(!loss(19, 19).is_mass() && !loss(20, 200).is_mass());
}

/// Notes of which each two differ, numbered.
fn numbered(number: usize) -> String {
    let words = ["cluster", "service", "subnet", "listener", "volume", "gateway", "secret", "metric", "probe", "quota"];
    let word = |place: usize| words[(number / 10usize.pow(place as u32)) % 10];
    let id = number * 7919 % 1009;
    format!(
        "## How does the {} {id} meet its {}?\n\nBy way of {} {number} and {}.\n\n",
        word(0),
        word(1),
        word(1),
        word(0)
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever order and files the same notes come in, each keeps its GUID and its time, and the positions rise.
    #[test]
    fn any_permutation_and_any_split_keep_everyone(
        order in Just((0..40usize).collect::<Vec<_>>()).prop_shuffle(),
        files in proptest::collection::vec(0..5usize, 40),
    ) {
        let mut builds = Builds::new();
        let text: String = (0..40).map(numbered).collect();
        let (first, _) = builds.build(&[("a.md", &text)]);
        let who = |note: &Note| (ir::normalised_front(note), (note.guid.clone(), note.modified));
        let before: BTreeMap<_, _> = first.notes.iter().map(who).collect();
        let names = ["a.md", "b.md", "c/d.md", "e.md", "f.md"];
        let mut texts = vec![String::new(); 5];
        for &number in &order {
            texts[files[number]].push_str(&numbered(number));
        }
        let split: Vec<(&str, &str)> = names.iter().copied().zip(texts.iter().map(String::as_str)).collect();
        let (second, outcome) = builds.build(&split);
        let after: BTreeMap<_, _> = second.notes.iter().map(who).collect();
        prop_assert_eq!(before, after);
        prop_assert!(dues(&second).is_sorted_by(|one, next| one < next));
        prop_assert_eq!((outcome.report.new, outcome.report.edited, outcome.report.gone.len()), (0, 0, 0));
        let (_, outcome) = builds.build(&split);
        prop_assert!(!outcome.changed && !outcome.lock.is_dirty());
    }

    /// Two branches of a repository each build and git keeps the lines of both: nobody's GUID is lost.
    #[test]
    fn both_sides_of_a_merge_keep_everyone(ours in 0..12usize, theirs in 0..12usize, common in 0..12usize) {
        let text = |edited: &[usize], added: &[usize]| -> String {
            let note = |number| if edited.contains(&number) { numbered(number).replace("By way of", "By means of") } else { numbered(number) };
            (0..12).chain(added.iter().copied()).map(note).collect()
        };
        let mut base = Builds::new();
        let (first, _) = base.build(&[("a.md", &text(&[], &[]))]);
        let side = |edited: &[usize], added: &[usize], later: i64| {
            let mut builds = Builds { lock: base.lock.clone(), now: base.now + later };
            let (built, _) = builds.build(&[("a.md", &text(edited, added))]);
            (built, builds.lock.unwrap())
        };
        let (_, one) = side(&[ours, common], &[40], 5);
        let (_, two) = side(&[theirs, common], &[50], 9);
        let mut merged: Vec<&str> = one.lines().collect();
        merged.extend(two.lines().filter(|line| !one.contains(line)));
        let mut builds = Builds { lock: Some(merged.join("\n") + "\n"), now: base.now + 100 };
        let (last, outcome) = builds.build(&[("a.md", &text(&[ours, theirs, common], &[40, 50]))]);
        prop_assert_eq!(&guids(&last)[..12], &guids(&first)[..]);
        prop_assert_eq!((outcome.report.new, outcome.report.edited, outcome.report.kept.len()), (0, 0, 0));
    }
}
