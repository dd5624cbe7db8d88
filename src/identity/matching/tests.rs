//! Edits made by hand and at random, and who must be who after them.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Note {
    of: NoteTypeKey,
    path: u32,
    front: String,
    back: String,
    gone: bool,
}

fn note(front: &str, back: &str) -> Note {
    Note { of: NoteTypeKey::Basic, path: 0, front: front.into(), back: back.into(), gone: false }
}

impl Note {
    fn at(self, path: u32) -> Self {
        Self { path, ..self }
    }

    fn gone(self) -> Self {
        Self { gone: true, ..self }
    }

    fn cloze(self) -> Self {
        Self { of: NoteTypeKey::Cloze, ..self }
    }
}

/// What a collection may hold beside the notes that a test is about.
fn pods() -> Vec<Note> {
    vec![
        note("What is a Pod?", "The smallest unit that Kubernetes schedules: containers that share a network."),
        note("What does a Deployment do?", "It keeps so many replicas of a Pod running and rolls out new versions."),
        note("What is a Service for?", "A stable address and name in front of Pods that come and go."),
        note("Where does a cluster keep its state?", "In etcd, a store of keys and values that agrees by Raft."),
        note("Which component puts Pods on nodes?", "The scheduler: it filters nodes and then scores what is left."),
    ]
}

struct Sides<'a> {
    old: &'a [Note],
    new: &'a [Note],
}

impl Sketches for Sides<'_> {
    fn of_old(&self, index: usize) -> NoteSketches {
        let note = &self.old[index];
        if note.gone {
            return NoteSketches { front: Sketch::of_front(&note.front).short(), ..NoteSketches::default() };
        }
        sketches(note)
    }

    fn of_new(&self, index: usize) -> NoteSketches {
        sketches(&self.new[index])
    }

    fn words_of_new(&self, index: usize) -> [Words; 2] {
        let note = &self.new[index];
        [&note.front, &note.back].map(|text| Words::of(text))
    }
}

fn sketches(note: &Note) -> NoteSketches {
    NoteSketches { front: Sketch::of_front(&note.front), back: Sketch::of_back(&note.back) }
}

fn features(notes: &[Note]) -> Vec<Features> {
    let features = |(note, position): (&Note, u32)| Features {
        note_type: note.of,
        path: note.path,
        position,
        gone: note.gone,
        front: hash(&note.front),
        back: hash(&note.back),
    };
    notes.iter().zip(0..).map(features).collect()
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn run(old: &[Note], new: &[Note]) -> Matching {
    match_notes(&features(old), &features(new), &[], &Sides { old, new })
}

/// For each new note the index of the old one.
fn olds(matching: &Matching) -> Vec<Option<usize>> {
    matching.matches.iter().map(|found| found.map(|found| found.old)).collect()
}

fn hows(matching: &Matching) -> Vec<Option<How>> {
    matching.matches.iter().map(|found| found.map(|found| found.how)).collect()
}

/// The collection with its first note changed: that note's old index and score, and that nothing else was touched.
#[track_caller]
fn change_first(old: Note, new: Note) -> (Matching, Option<Score>) {
    let mut before = pods();
    let mut after = pods();
    before[0] = old;
    after[0] = new;
    let matching = run(&before, &after);
    assert_eq!(olds(&matching)[1..], [Some(1), Some(2), Some(3), Some(4)]);
    let score = matching.matches[0].map(|found| {
        assert_eq!(found.old, 0);
        match found.how {
            How::Similar(score) => score,
            How::Pinned | How::Same | How::Moved | How::Returned => Score(1000),
        }
    });
    (matching, score)
}

#[track_caller]
fn kept(old: Note, new: Note) -> Score {
    change_first(old, new).1.expect("the same note")
}

#[track_caller]
fn is_new(old: Note, new: Note) {
    assert_eq!(change_first(old, new).1, None);
}

#[test]
fn unchanged_notes_stay_and_others_are_moved() {
    let mut new = pods();
    new.reverse();
    new[1].path = 7;
    let matching = run(&pods(), &new);
    assert_eq!(olds(&matching), [Some(4), Some(3), Some(2), Some(1), Some(0)]);
    assert_eq!(hows(&matching)[..3], [Some(How::Same), Some(How::Moved), Some(How::Same)]);
}

#[test]
fn a_typo_a_new_wording_and_a_new_answer_keep_the_note() {
    let pod = pods().swap_remove(0);
    assert!(kept(note("Waht is a Pod?", &pod.back), pod.clone()) >= Score(900));
    assert!(kept(pod.clone(), note("Explain Pods in one sentence.", &pod.back)) >= Score(900));
    let question = "What does Kubernetes schedule?";
    assert!(
        kept(note(question, "Pods."), note(question, "Groups of containers, each called by a funny name."))
            >= Score(900)
    );
}

#[test]
fn a_place_alone_says_nothing() {
    let pod = pods().swap_remove(0);
    is_new(pod, note("Who wrote The Art of Computer Programming?", "Donald Knuth, since 1962."));
}

#[test]
fn a_short_front_needs_its_back_in_another_file() {
    is_new(note("Why?", "Since nodes fail."), note("Why?", "To save money.").at(1));
    kept(note("Why?", "Since nodes fail."), note("Why?", "Since some nodes fail.").at(1));
    is_new(note("Why?", "Since nodes fail."), note("How?", "To save money."));
}

#[test]
fn a_word_keeps_its_note_through_a_new_translation() {
    kept(note("犬", "dog"), note("犬", "dog; hound"));
    kept(note("Hund", "cat"), note("Hund", "dog"));
    kept(note("Hund", "dog"), note("der Hund", "dog"));
}

#[test]
fn a_front_that_occurs_twice_needs_its_back() {
    let front = "What is missing in this program?";
    let old = [note(front, "The semicolon."), note(front, "An import of HashMap.")];
    let new = [note(front, "An import of the HashMap."), note(front, "Everything, it is empty.")];
    assert_eq!(olds(&run(&old, &new)), [Some(1), None]);
}

#[test]
fn a_copy_in_another_file_is_the_new_note() {
    let mut new = pods();
    new.insert(0, pods().swap_remove(2).at(1));
    assert_eq!(olds(&run(&pods(), &new)), [None, Some(0), Some(1), Some(2), Some(3), Some(4)]);
}

#[test]
fn of_two_copies_in_a_file_the_one_among_its_old_neighbours_is_the_old_note() {
    let mut new = pods();
    new.insert(0, pods().swap_remove(2));
    assert_eq!(olds(&run(&pods(), &new)), [None, Some(0), Some(1), Some(2), Some(3), Some(4)]);
}

#[test]
fn where_one_of_two_copies_is_deleted_the_other_one_stays() {
    let mut old = pods();
    old.push(pods().swap_remove(1));
    old.push(note("What is a node?", "A machine."));
    let mut new = old.clone();
    new.remove(1);
    assert_eq!(olds(&run(&old, &new)), [Some(0), Some(2), Some(3), Some(4), Some(5), Some(6)]);
}

#[test]
fn many_copies_are_paired_in_order() {
    let old = vec![note("What?", "That."); 300];
    let new = vec![note("What?", "That."); 200];
    let expected: Vec<Option<usize>> = (0..200).map(Some).collect();
    assert_eq!(olds(&run(&old, &new)), expected);
}

#[test]
fn what_was_deleted_comes_back() {
    let mut old = pods();
    old[3].gone = true;
    let matching = run(&old, &pods());
    assert_eq!(matching.matches[3], Some(Match { old: 3, how: How::Returned }));
    let mut new = pods();
    new[3].back = "Nowhere, until a disk is bought.".into();
    assert!(matches!(run(&old, &new).matches[3], Some(Match { old: 3, how: How::Similar(_) })));
}

#[test]
fn a_live_note_goes_before_one_that_is_gone() {
    let pod = pods().swap_remove(0);
    let old = [pod.clone().gone(), pod.clone().at(1), pod.clone().gone()];
    assert_eq!(olds(&run(&old, &[pod.clone().at(2)])), [Some(1)]);
    assert_eq!(olds(&run(&old, &[pod.clone().at(2), pod])), [Some(0), Some(1)]);
}

#[test]
fn a_new_note_like_one_that_is_gone_is_new() {
    let mut old = pods();
    old.push(note("How large is an unsigned integer of 16 bits?", "65,535").gone());
    let mut new = pods();
    new.push(note("How large is a signed integer of 64 bits?", "9,223,372,036,854,775,807"));
    assert_eq!(olds(&run(&old, &new))[5], None);
}

#[test]
fn of_a_split_note_the_better_half_stays() {
    let both = note(
        "What are Pods and what are Services?",
        "Pods are groups of containers; Services are their stable addresses.",
    );
    let pods = note("What are Pods?", "Pods are groups of containers that share a network.");
    let services = note("What are Services?", "Services are their stable addresses.");
    let matching = run(&[both], &[pods, services]);
    assert_eq!(olds(&matching).iter().flatten().count(), 1);
    assert_eq!(matching.ties, []);
}

#[test]
fn two_old_notes_as_near_are_a_question_and_neither_is_taken() {
    let one = note("How large is the largest u16?", "65,535, that is two to the sixteenth less one");
    let other = note("How large is the largest u15?", "65,535, that is two to the sixteenth less one");
    let merged = note("How large is the largest u17?", "65,535, that is two to the sixteenth less one");
    let matching = run(&[one, other], &[merged]);
    assert_eq!(olds(&matching), [None]);
    assert_eq!(asked(&[matching.ties, matching.near].concat()), [(0, 0), (0, 1)]);
}

#[test]
fn what_is_too_unlike_is_a_question() {
    let old = note("How does a Service find the Pods that it stands for?", "By labels.");
    let new = note("How does a Deployment count the replicas that it owns?", "By a selector of labels.");
    let (matching, score) = change_first(old, new);
    assert_eq!(score, None);
    assert_eq!(matching.near.len(), 1);
    assert_eq!((matching.near[0].new, matching.near[0].old), (0, 0));
    assert!((350..500).contains(&matching.near[0].score.0), "{:?}", matching.near);
}

#[test]
fn a_note_of_the_other_type_is_new_and_said_to_have_crossed() {
    let mut new = pods();
    new[3] = note("Where does a cluster keep its state? In etcd, a store of keys and values that agrees by Raft.", "")
        .cloze();
    let matching = run(&pods(), &new);
    assert_eq!(olds(&matching)[3], None);
    let crossed: Vec<(usize, usize)> = matching.crossings.iter().map(|crossing| (crossing.new, crossing.old)).collect();
    assert_eq!(crossed, [(3, 3)]);
}

#[test]
fn texts_without_a_back_are_told_by_their_front() {
    let old = note("Kubernetes keeps its state in etcd, which agrees by Raft.", "").cloze();
    let new = note("Kubernetes keeps all of its state in etcd, which agrees by Raft.", "").cloze();
    assert!(kept(old, new) >= Score(800));
}

#[test]
fn another_file_costs_a_little_unless_the_old_one_has_become_it() {
    let edited = || {
        let mut notes = pods();
        notes[0].front = "What exactly is a Pod?".into();
        notes
    };
    let score = |new: Vec<Note>| match run(&pods(), &new).matches[0] {
        Some(Match { old: 0, how: How::Similar(score) }) => score,
        other => panic!("{other:?}"),
    };
    let mut away = edited();
    away[0].path = 1;
    let renamed = edited().into_iter().map(|note| note.at(1)).collect();
    let stayed = score(edited());
    assert_eq!(stayed, score(renamed));
    // The other file costs 100, and the neighbour behind it 50; and so does the place that is nobody else's.
    assert_eq!(stayed.0 - score(away).0, 200);
}

/// For each question its new and its old note.
fn asked(questions: &[Question]) -> Vec<(usize, usize)> {
    questions.iter().map(|question| (question.new, question.old)).collect()
}

#[test]
fn notes_of_a_pattern_are_strangers_and_their_neighbours_tell_whom_to_ask_about() {
    let sum = |a: u32, b: u32| note(&format!("Sum of {a} and {b}, by heart?"), &format!("{}", a + b));
    let old = [sum(1, 2), pods().swap_remove(0), sum(1, 3), pods().swap_remove(1)];
    let new = [sum(1, 4), pods().swap_remove(0), sum(1, 5), pods().swap_remove(1)];
    let matching = run(&old, &new);
    assert_eq!(olds(&matching), [None, Some(1), None, Some(3)]);
    assert!([(0, 0), (2, 2)].iter().all(|pair| asked(&matching.near).contains(pair)), "{:?}", matching.near);
}

/// The lock lists notes by GUID, which says nothing of their order.
#[test]
fn of_pairs_as_sure_the_first_place_gets_the_first_note() {
    let sum = |number: u32| note(&format!("How much is {number}, by heart?"), "");
    let (old, new) = ([sum(1), sum(2), sum(3), sum(4)], [sum(5), sum(6), sum(7), sum(8)]);
    let mut listed = features(&old);
    listed.reverse();
    let notes: Vec<Note> = old.iter().rev().cloned().collect();
    let matching = match_notes(&listed, &features(&new), &[], &Sides { old: &notes, new: &new });
    let first: Vec<(usize, usize)> = (0..4).map(|new| (new, 3 - new)).collect();
    assert!(first.iter().all(|pair| asked(&matching.near).contains(pair)), "{:?}", matching.near);
}

#[test]
fn the_same_question_of_many_chapters_keeps_its_note_through_a_new_answer() {
    let chapter = |path: u32| {
        ["Definition", "Intuition", "Why?"]
            .map(|front| note(front, &format!("{front} of chapter {path}: {}", path * 7)).at(path))
    };
    let old: Vec<Note> = (0..4).flat_map(chapter).collect();
    let mut new = old.clone();
    new[4].back = "Pictures say more, here at least.".into();
    new[9].back = "What was meant from the very start.".into();
    assert_eq!(olds(&run(&old, &new)), (0..12).map(Some).collect::<Vec<_>>());
    // The same chapters in one file: where one note stands between its neighbours, it is that one.
    let [old, new] = [old, new].map(|notes| notes.into_iter().map(|note| note.at(0)).collect::<Vec<_>>());
    assert_eq!(olds(&run(&old, &new)), (0..12).map(Some).collect::<Vec<_>>());
}

#[test]
fn a_chapter_for_another_one_is_no_heir_of_its_headings() {
    let chapter =
        |number: u32| ["Definition", "Intuition", "Why?"].map(|front| note(front, &format!("{}", number * 123_457)));
    let old: Vec<Note> = (1..5).flat_map(chapter).collect();
    let new: Vec<Note> = [1, 3, 9, 4].into_iter().flat_map(chapter).collect();
    let matching = run(&old, &new);
    assert_eq!(olds(&matching)[6..9], [None, None, None]);
    assert_eq!(olds(&matching)[..6], [0, 1, 2, 6, 7, 8].map(Some));
}

#[test]
fn words_of_a_renamed_file_keep_their_notes_through_new_answers() {
    let words = [("猫", "cat, the animal"), ("犬", "dog"), ("Hund", "dog"), ("Ei", "egg")];
    let answers = ["ねこ — a small furry pet", "いぬ; canine", "der Hund, die Hunde: canine", "das Ei, laid by hens"];
    let old = words.map(|(front, back)| note(front, back));
    let new: Vec<Note> = words.iter().zip(answers).map(|((front, _), back)| note(front, back).at(1)).collect();
    assert_eq!(olds(&run(&old, &new)), [0, 1, 2, 3].map(Some));
}

#[test]
fn text_added_to_both_sides_of_word_pairs_keeps_them() {
    let old = [("Hund", "dog"), ("Katze", "cat"), ("Vogel", "bird"), ("el contrato", "the contract")];
    let new = [
        ("der Hund", "dog, hound"),
        ("die Katze", "cat (female)"),
        ("der Vogel", "bird; fowl"),
        ("el contrato, los contratos", "the contract: firmar el contrato"),
    ];
    let [old, new] = [old, new].map(|words| words.map(|(front, back)| note(front, back)));
    assert_eq!(olds(&run(&old, &new)), [0, 1, 2, 3].map(Some));
    assert_eq!(olds(&run(&new, &old)), [0, 1, 2, 3].map(Some), "and taken from them");
}

#[test]
fn a_compound_is_another_word() {
    let old = [note("Katze", "cat"), note("Haus", "house"), note("Berg", "mountain")];
    let new = [note("Haus", "house"), note("Katzenklo", "litter box"), note("Berg", "mountain")];
    assert_eq!(olds(&run(&old, &new)), [Some(1), None, Some(2)]);
}

/// Each has all trigrams of the word that it begins with.
#[test]
fn a_compound_that_ends_as_its_first_word_does_is_another_word() {
    for (word, compound) in [("Garten", "Gartenhecken"), ("Waren", "Warenproben"), ("Ofen", "Ofenwaffen")] {
        let old = [note(word, "a thing"), note("Haus", "house"), note("Berg", "mountain")];
        let new = [note(compound, "a thing more"), note("Haus", "house"), note("Berg", "mountain")];
        let matching = run(&old, &new);
        assert_eq!((olds(&matching)[0], asked(&matching.near)), (None, vec![(0, 0)]), "{compound}");
        let edited = [note(&format!("der {word}"), "a thing more"), note("Haus", "house"), note("Berg", "mountain")];
        assert_eq!(olds(&run(&old, &edited))[0], Some(0), "{word}");
    }
}

#[test]
fn a_word_with_another_translation_keeps_its_note_beside_a_variant() {
    let others = [note("Haus", "house"), note("Berg", "mountain")];
    for (word, variant) in [("Ton", "heller Ton"), ("Stellung", "die Stellung"), ("Anordnung", "eine Anordnung")] {
        let old = [&[note(word, "sound")], &others[..]].concat();
        for more in ["sound, clay", "clay; sound", "the sound of all that there is", "sound (music)"] {
            let new = [&[note(word, more), note(variant, "sound")], &others[..]].concat();
            assert_eq!(olds(&run(&old, &new)), [Some(0), None, Some(1), Some(2)], "{word}: {more}");
        }
    }
}

#[test]
fn a_word_and_its_translation_that_grew_are_another_word() {
    let others = [note("Haus", "house"), note("Berg", "mountain")];
    let grown = [
        ("Eisenbahn", "railway line", "Eisenbahner", "railway liner man"),
        ("Landschaft", "landscape", "Landschafter", "landscapers all"),
    ];
    for (front, back, new_front, new_back) in grown {
        let [old, new] = [note(front, back), note(new_front, new_back)].map(|note| [&[note], &others[..]].concat());
        for (old, new) in [(&old, &new), (&new, &old)] {
            let matching = run(old, new);
            assert_eq!((olds(&matching)[0], asked(&matching.near)), (None, vec![(0, 0)]), "{front}");
        }
    }
    let [old, typo] = [note("Addresse", "adress book"), note("Adresse", "address book")];
    assert_eq!(olds(&run(&[&[old], &others[..]].concat(), &[&[typo], &others[..]].concat()))[0], Some(0), "but a typo");
}

#[test]
fn texts_of_a_pattern_that_share_a_syllable_are_strangers() {
    let text = |one: &str, other: &str| note(&format!("The council of Europe {one} saw a {other}."), "");
    let all = [("quitilin", "xen"), ("erlindis", "deerdis"), ("gel", "tonfuljo"), ("oruxen", "quiti"), ("ne", "u")];
    let old = all.map(|(one, other)| text(one, other));
    let mut new = old.clone();
    new[3] = text("or", "mes");
    let matching = run(&old, &new);
    assert_eq!((olds(&matching)[3], asked(&matching.near)), (None, vec![(3, 3)]));
    new[3] = text("oruxen", "mes");
    assert_eq!(olds(&run(&old, &new))[3], Some(3), "but for the one that kept a word of its own");
}

#[test]
fn a_number_that_is_asked_anew_is_no_variant_of_what_went_on() {
    let quiz = |answers: &[&str]| -> Vec<Note> {
        (1..).zip(answers).map(|(number, answer): (u32, _)| note(&format!("Question {number}"), answer)).collect()
    };
    let old = quiz(&["Paris", "by Raft", "the scheduler", "65,535"]);
    let new = quiz(&["Paris", "never", "by Raft", "the scheduler", "65,535"]);
    let matching = run(&old, &new);
    assert_eq!(olds(&matching), [Some(0), None, Some(1), Some(2), Some(3)]);
    assert_eq!(matching.halves, []);
    // Who answers "yes" is told by nothing, and no loss is silent.
    let (old, new) =
        (quiz(&["yes", "yes", "never", "by Raft"]), quiz(&["yes", "the scheduler", "yes", "never", "by Raft"]));
    let matching = run(&old, &new);
    let is_known = |new: usize, old: usize| {
        olds(&matching)[new] == Some(old)
            || asked(&matching.near).contains(&(new, old))
            || asked(&matching.halves).contains(&(new, old))
    };
    assert!(is_known(0, 0) && is_known(2, 1) && is_known(3, 2) && is_known(4, 3), "{matching:?}");
}

#[test]
fn what_may_come_back_with_its_file_is_asked_about_if_it_is_little_alike() {
    let away: Vec<Note> = pods().into_iter().map(Note::gone).collect();
    let mut back = pods();
    back[1].front = "Deployments, in a word, do what for us?".into();
    back[1].back = "Versions, and replicas that run.".into();
    let matching = run(&away, &back);
    assert_eq!((olds(&matching)[1], asked(&matching.near)), (None, vec![(1, 1)]));
    assert_eq!(asked(&run(&away, &back[1..2]).near), [], "but not where its file is not back");
}

/// The note keeps its question and half of its answer; the other half is nobody, and is not passed over.
#[test]
fn a_part_of_an_answer_beside_the_note_that_kept_the_question_is_asked_about() {
    let (one, other) = ("It keeps so many replicas of a Pod running", "and rolls out new versions of all of them.");
    let mut old = pods();
    old[1].back = format!("{one} {other}");
    let mut new = old.clone();
    new[1].back = one.into();
    new.insert(2, note("And when there is a new version?", other));
    let matching = run(&old, &new);
    assert_eq!(olds(&matching)[..4], [Some(0), Some(1), None, Some(2)]);
    assert_eq!(asked(&matching.halves), [(2, 1)]);
    let mut unlike = new.clone();
    unlike[2].back = "A Job is for what ends by itself.".into();
    assert_eq!(run(&old, &unlike).halves, [], "but not about what is no part");
    new.swap(1, 2);
    new.remove(0);
    assert_eq!(asked(&run(&old, &new).halves), [(0, 1)], "where an old note is left as well");
}

/// The pods, and instead of the second one these; and who the first five are then, where the second was this one.
fn in_place(was: &Note, new: &[Note]) -> Vec<Option<usize>> {
    let (mut old, mut news) = (pods(), pods());
    old[1] = was.clone();
    news.splice(1..2, new.iter().cloned());
    olds(&run(&old, &news))[1..=new.len()].to_vec()
}

const PARTS: [&str; 3] = [
    "It counts the tasks that run and starts others where some are missing.",
    "It spreads them over zones, so that the loss of one does not stop all.",
    "It asks the load balancer which of them are healthy and replaces the others.",
];

#[test]
fn of_parts_that_are_as_likely_the_first_keeps_the_note() {
    let was = note("How does a service keep its tasks?", &PARTS.join(" "));
    let part = |number: usize, front| note(front, PARTS[number]);
    let [running, apart] = ["How does a service keep its tasks up?", "How does a service keep all its tasks?"];
    assert_eq!(in_place(&was, &[part(0, running), part(1, apart)]), [Some(1), None]);
    assert_eq!(in_place(&was, &[part(0, apart), part(1, running)]), [Some(1), None]);
    assert_eq!(
        in_place(&was, &[part(0, "Why are some missing?"), part(1, apart)]),
        [None, Some(1)],
        "but no other one"
    );
}

/// What is put before its note and has much of its text takes nothing from it, unless both are parts of what it was.
#[test]
fn a_variant_before_a_note_is_no_part_of_it() {
    let was = note("How does a service keep its tasks?", &PARTS.join(" "));
    let edited = note("How does a service keep tasks?", &PARTS.join(" ").replace("the loss of one", "a loss"));
    let short = note("How does a service keep its task?", &PARTS[..2].join(" "));
    assert_eq!(in_place(&was, &[short, edited]), [None, Some(1)]);
    let was = note("What does a Deployment do?", PARTS[0]);
    let edited =
        note("What does the Deployment do?", "It counts tasks that run and starts some where others are missing.");
    let variant =
        note("What does a Deployments do?", "It counts the tasks that run and stops others where one is missing.");
    assert_eq!(in_place(&was, &[variant, edited]), [None, Some(1)], "of two that are whole, the likeliest is it");
}

#[test]
fn two_answers_of_a_chapter_are_rewritten_at_once() {
    let chapter = |number: u32| {
        ["Definition", "Intuition", "Example", "Why?"].map(|front| note(front, &format!("{}", number * 123_457)))
    };
    let old: Vec<Note> = (1..5).flat_map(chapter).collect();
    let mut new = old.clone();
    new[5].back = "What was meant from the very start.".into();
    new[6].back = "One that everybody knows, from home.".into();
    assert_eq!(olds(&run(&old, &new)), (0..16).map(Some).collect::<Vec<_>>());
    for (number, note) in new.iter_mut().enumerate().skip(4).take(4) {
        note.back = format!("Another chapter {number} altogether.");
    }
    assert_eq!(olds(&run(&old, &new))[4..8], [None; 4], "all of them may be another chapter");
}

#[test]
fn a_file_for_another_one_is_not_asked_about_for_its_headings() {
    let chapter = |path: u32| {
        ["Definition", "Intuition", "Why?"].map(|front| note(front, &format!("{}", path * 123_457)).at(path))
    };
    let old: Vec<Note> = (0..4).flat_map(chapter).collect();
    let new: Vec<Note> = [0, 1, 3, 9].into_iter().flat_map(chapter).collect();
    let matching = run(&old, &new);
    assert_eq!((&olds(&matching)[9..], asked(&matching.near)), (&[None; 3][..], vec![]));
}

#[test]
fn swapped_sides_are_the_same_note() {
    let words = [("Hund", "dog"), ("Katze", "cat"), ("Vogel", "bird"), ("dog", "an animal that barks")];
    let old = words.map(|(front, back)| note(front, back));
    let new = words.map(|(front, back)| note(back, front));
    assert_eq!(olds(&run(&old, &new)), [0, 1, 2, 3].map(Some));
}

#[test]
fn a_row_for_another_one_is_a_stranger() {
    let row =
        |service: &str, purpose: &str| note(&format!("Service: {service}"), &format!("What it is for: {purpose}"));
    let old = [row("EC2", "virtual machines"), row("ECS", "containers"), row("EKS", "Kubernetes")];
    let new = [row("ECS", "containers"), row("EKS", "Kubernetes"), row("Lambda", "functions")];
    assert_eq!(olds(&run(&old, &new)), [Some(1), Some(2), None]);
}

#[test]
fn another_capital_is_a_stranger() {
    let capital = |land: &str, city: &str| note(&format!("Capital of {land}?"), city);
    let all = [capital("Italy", "Rome"), capital("France", "Paris"), capital("Chile", "Santiago")];
    let mut new = all.clone();
    new[1] = capital("Spain", "Madrid");
    let matching = run(&all, &new);
    assert_eq!(olds(&matching), [Some(0), None, Some(2)]);
    assert_eq!(asked(&matching.near), [(1, 1)], "but asked about, at that place");
    assert_eq!(olds(&run(&all[1..2], &new[1..2])), [None], "nor where there is no other");
}

#[test]
fn numbered_questions_go_with_their_answers() {
    let quiz = |answers: &[&str]| -> Vec<Note> {
        (1..).zip(answers).map(|(number, answer): (u32, _)| note(&format!("Question {number}"), answer)).collect()
    };
    let old = quiz(&["Paris", "by Raft", "the scheduler", "65,535", "yes"]);
    let new = quiz(&["Paris", "by Raft", "never", "the scheduler", "65,535", "yes"]);
    assert_eq!(olds(&run(&old, &new)), [Some(0), Some(1), None, Some(2), Some(3), Some(4)]);
}

#[test]
fn a_translated_file_is_asked_about_note_by_note() {
    let new: Vec<Note> = [
        ("Was ist ein Pod?", "Die kleinste Einheit, die Kubernetes plant: Behälter mit einem gemeinsamen Netz."),
        ("Wozu dient ein Deployment?", "Es hält so viele Kopien eines Pods am Leben und bringt neue Versionen aus."),
        ("Wofür gibt es einen Service?", "Eine feste Adresse und ein Name vor Pods, die kommen und gehen."),
        ("Wo hält ein Cluster seinen Zustand?", "In etcd, einem Speicher für Schlüssel und Werte, durch Raft einig."),
        ("Was bringt Pods auf Knoten?", "Der Planer: er filtert Knoten und bewertet, was übrig ist."),
    ]
    .map(|(front, back)| note(front, back))
    .to_vec();
    let matching = run(&pods(), &new);
    let by_place: Vec<(usize, usize)> =
        (0..5).filter(|&new| olds(&matching)[new].is_none()).map(|new| (new, new)).collect();
    assert!(by_place.len() > 3 && by_place.iter().all(|pair| asked(&matching.near).contains(pair)), "{matching:?}");
}

#[test]
fn a_variant_beside_a_note_is_new_and_said_to_be_as_like() {
    let mut old = pods();
    old.push(note("String", "text that owns its bytes"));
    let mut new = pods();
    new.push(note("String", "text that owns all of its bytes"));
    new.push(note("Number String", "text that owns its bytes"));
    let matching = run(&old, &new);
    assert_eq!(olds(&matching)[5..], [Some(5), None]);
    assert_eq!(asked(&matching.halves), [(6, 5)]);
}

#[test]
fn an_answer_that_many_notes_have_is_no_evidence() {
    let claim = |text: &str| note(&format!("True or false: {text}?"), "True");
    let others = ["a Pod has one address", "nodes may be virtual", "etcd agrees by Raft"].map(claim);
    let old = [&others[..], &[claim("a Service balances load")]].concat();
    let new = [&others[..], &[claim("kubectl reads YAML")]].concat();
    assert_eq!(olds(&run(&old, &new)), [Some(0), Some(1), Some(2), None]);
    let edited = [&others[..], &[claim("a Service balances the load")]].concat();
    assert_eq!(olds(&run(&old, &edited)), [Some(0), Some(1), Some(2), Some(3)]);
}

#[test]
fn an_explicit_id_decides_first() {
    let (old, new) = (pods(), pods());
    let pins = [(4, 0), (4, 1), (99, 2), (2, 99)];
    let matching = match_notes(&features(&old), &features(&new), &pins, &Sides { old: &old, new: &new });
    assert_eq!(matching.matches[0], Some(Match { old: 4, how: How::Pinned }));
    assert_eq!(olds(&matching)[1..4], [Some(1), Some(2), Some(3)]);
}

#[test]
fn nothing_comes_of_nothing() {
    let nothing = run(&[], &[]);
    assert_eq!(nothing.matches, []);
    assert_eq!(olds(&run(&[], &pods())), [None; 5]);
    assert_eq!(olds(&run(&[note("", "")], &[note(" ", "x")])), [None]);
}

/// Compared with all others, 3,000 notes would make 9 million pairs: a minute without optimisation.
#[test]
fn thousands_of_edited_notes_find_themselves() {
    let notes = |word: &str| -> Vec<Note> {
        let about = |number: u32| {
            let (one, other) = (number * 7919 % 5003, number * 104_729 % 4999);
            note(&format!("{word} does {one} do to {other}?"), &format!("It adds {} to it.", one * 31 + other))
        };
        (0..3000).map(about).collect()
    };
    let found = olds(&run(&notes("What"), &notes("What exactly")));
    let expected: Vec<Option<usize>> = (0..3000).map(Some).collect();
    assert_eq!(found, expected);
}

/// Notes of few words, so that many share a front, a back or both.
fn any_notes() -> impl Strategy<Value = Vec<Note>> {
    let side =
        || prop::collection::vec(prop::sample::select(vec!["Pod", "node", "what", "is", "the", "state of"]), 0..6);
    let one = (side(), side(), 0..3u32, any::<bool>());
    let notes = one.prop_map(|(front, back, path, cloze)| {
        let note = note(&front.join(" "), &back.join(" ")).at(path);
        if cloze { note.cloze() } else { note }
    });
    prop::collection::vec(notes, 0..40)
}

proptest! {
    /// The texts of what a note was and is are the same, whatever the order and the files, and all old notes are found.
    #[test]
    fn permutations_and_other_files_keep_all(
        old in any_notes(), paths in prop::collection::vec(0..9u32, 40), order in Just((0..40usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let moved: Vec<Note> = old.iter().zip(&paths).map(|(note, &path)| note.clone().at(path)).collect();
        let new: Vec<Note> = order.iter().filter_map(|&index| moved.get(index)).cloned().collect();
        let found = olds(&run(&old, &new));
        prop_assert_eq!(found.iter().flatten().collect::<BTreeSet<_>>().len(), old.len());
        for (found, new) in found.iter().zip(&new) {
            prop_assert_eq!(found.map(|found| old[found].clone().at(new.path)), Some(new.clone()));
        }
    }

    /// Nothing depends on the order in which the sides are listed, where positions tell the order in the files.
    #[test]
    fn the_order_of_the_lists_does_not_count(old in any_notes(), order in Just((0..40usize).collect::<Vec<_>>()).prop_shuffle()) {
        let (plain, new) = (features(&old), features(&old));
        let shuffled: Vec<usize> = order.into_iter().filter(|&index| index < old.len()).collect();
        let listed: Vec<Features> = shuffled.iter().map(|&index| plain[index]).collect();
        let notes: Vec<Note> = shuffled.iter().map(|&index| old[index].clone()).collect();
        let matching = match_notes(&listed, &new, &[], &Sides { old: &notes, new: &old });
        let found: Vec<Option<usize>> = olds(&matching).into_iter().map(|found| found.map(|found| shuffled[found])).collect();
        prop_assert_eq!(found, (0..old.len()).map(Some).collect::<Vec<_>>());
    }

    /// Whatever was edited, an old note becomes one new note of its type at most, and questions are about what is open.
    #[test]
    fn pairs_are_sound(old in any_notes(), new in any_notes(), gone in prop::collection::vec(any::<bool>(), 40)) {
        let old: Vec<Note> = old.into_iter().zip(gone).map(|(note, gone)| Note { gone, ..note }).collect();
        let matching = run(&old, &new);
        let found = olds(&matching);
        let all: Vec<usize> = found.iter().flatten().copied().collect();
        prop_assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        for (found, new) in found.iter().zip(&new) {
            prop_assert!(found.is_none_or(|found| old[found].of == new.of));
        }
        for question in matching.near.iter().chain(&matching.crossings) {
            prop_assert_eq!(found[question.new], None);
            prop_assert!(!all.contains(&question.old));
        }
        prop_assert_eq!(run(&old, &new), matching);
    }
}
