//! Locks through files, merges and damages.
#![expect(clippy::string_slice, reason = "a test fails by a panic")]

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Diagnostic;
use crate::identity::sketch::Sketch;
use crate::source::SourceId;

const ID: SourceId = SourceId(7);

fn parse(text: &str) -> (Lock, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let lock = Lock::parse(ID, text, &mut diagnostics);
    (lock, diagnostics)
}

fn remembered(seed: u64, text: &str) -> Remembered {
    let number = seed as u32;
    Remembered {
        guid: crate::identity::hash::guid(&[&seed.to_string()]),
        note_type: if seed.is_multiple_of(3) { NoteTypeKey::Cloze } else { NoteTypeKey::Basic },
        modified: 1_700_000_000 + i64::from(number % 100_000),
        content: (!seed.is_multiple_of(5)).then_some(seed & 0xffff_ffff_ffff),
        due: number % 1_000_000,
        front: seed.rotate_left(7) >> 16,
        back: seed.rotate_left(21) >> 16,
        front_sketch: Sketch::of_front(text),
        back_sketch: Sketch::of_back(&format!("{text} {seed}")),
        deck: text.chars().take(9).collect(),
        path: format!("content/{text}.md"),
        id: (seed.is_multiple_of(4)).then(|| format!("id {seed} {text}")),
        clozes: if seed.is_multiple_of(3) { "1AAAAAAAA.2~BBBBBBBB".to_owned() } else { "-".to_owned() },
        excerpt: text.chars().take(40).collect::<String>().trim_end().to_owned(),
    }
}

fn lock(notes: &[Remembered]) -> Lock {
    let mut lock = Lock::new("k3 x");
    for note in notes {
        lock.remember(note);
    }
    lock.types = NoteTypeKey::ALL
        .map(|key| LockedType { key, generation: 2, modified: 9, style: Hash(1), names: Hash(2) })
        .into();
    lock
}

fn lines(lock: &Lock) -> Vec<String> {
    lock.to_text().lines().map(str::to_owned).collect()
}

fn places<'a>(text: &'a str, diagnostics: &[Diagnostic]) -> Vec<(&'a str, usize)> {
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    diagnostics.iter().map(|found| (&text[found.span.range()], line(found.span.range().start))).collect()
}

#[test]
fn a_lock_that_was_read_and_not_changed_is_not_written() {
    let text = lock(&[remembered(1, "What is a Pod?"), remembered(12, "x")]).to_text();
    let (read, diagnostics) = parse(&text);
    assert_eq!(diagnostics, []);
    assert!(!read.is_dirty());
    assert_eq!(read.to_text(), text);
    assert_eq!(read.collection, "k3 x");
    assert_eq!(&text[read.collection_span.unwrap().range()], "collection k3+x");
    assert_eq!(read.note(&remembered(12, "x").guid).unwrap().remembered(), remembered(12, "x"));
}

#[test]
fn carriage_returns_are_no_damage() {
    let text = lock(&[remembered(1, "a"), remembered(2, "b")]).to_text();
    let (read, diagnostics) = parse(&text.replace('\n', "\r\n"));
    assert_eq!(diagnostics, []);
    assert_eq!(read.to_text(), text);
}

#[test]
fn lines_are_short() {
    let long = remembered(4, &"What is the difference between EC2 and Fargate? ".repeat(40));
    let long = Remembered { path: "content/ecs/ports.md".to_owned(), id: None, ..long };
    let mut lock = lock(std::slice::from_ref(&long));
    assert!(lock.notes[0].line().len() < 600, "{}", lock.notes[0].line());
    assert!(lock.bury(&long.guid));
    assert!(lock.gone[0].line().len() < 120, "{}", lock.gone[0].line());
    lock.day = Some(Day(20_000));
    let odd = remembered(5, &"%+\u{a0}".repeat(400));
    lock.remember(&odd);
    assert!(lock.bury(&odd.guid) && lock.gone.iter().all(|gone| gone.line().len() < 120));
    assert_eq!(lock.gone.iter().map(Tombstone::since).collect::<Vec<_>>(), [Some(Day(20_000)), None]);
}

/// Texts of each length, of as many different trigrams as there may be, with what their authors give them and 100 bytes more.
#[test]
fn no_line_is_longer_than_600_bytes() {
    let clozes = format!("=1-500:2*9:{}", "AA".repeat(56));
    for length in (0..1500).step_by(13) {
        let text: String = (0..length).filter_map(|number| char::from_u32(0x4e00 + number)).collect();
        let note = Remembered {
            modified: 9_999_999_999,
            due: u32::MAX,
            back_sketch: Sketch::of_back(&text),
            deck: "d".repeat(20),
            path: "p".repeat(60),
            id: Some("i".repeat(20)),
            clozes: clozes.clone(),
            excerpt: text.chars().map(|_| '\u{1}').take(40).collect(),
            ..remembered(3, &text)
        };
        let line = LockedNote::new(&note);
        assert!(line.line().len() < 600, "{}", line.line());
        assert_eq!(line.excerpt().is_empty(), length == 0);
        let plain = LockedNote::new(&Remembered { excerpt: "a b ".repeat(20), clozes: "-".to_owned(), ..note });
        assert_eq!(plain.excerpt(), "a b ".repeat(10).trim_end());
    }
}

#[test]
fn notes_are_buried_found_forgotten_and_put_back() {
    let note = remembered(3, "Wo steht der Köder für den Hecht im Teich?");
    let mut lock = lock(&[note.clone(), remembered(5, "x")]);
    assert!(lock.bury(&note.guid) && !lock.bury(&note.guid));
    assert_eq!((lock.notes().len(), lock.gone().len()), (1, 1));
    let gone = lock.tombstone(&note.guid).unwrap();
    assert_eq!((gone.excerpt().as_ref(), gone.modified()), ("Wo steht der Köder", note.modified));
    let (read, diagnostics) = parse(&lock.to_text());
    assert_eq!((diagnostics, read.to_text()), (Vec::new(), lock.to_text()));
    lock.remember(&note);
    assert_eq!((lock.notes().len(), lock.gone().len()), (2, 0));
    assert!(lock.bury(&note.guid) && lock.forget(&note.guid) && !lock.forget(&note.guid));
    assert_eq!(parse(&lock.to_text()).0.gone().len(), 0);
}

#[test]
fn of_two_lines_of_a_note_the_later_stands_and_the_living_beat_the_gone() {
    let old = remembered(8, "What is a Pod?");
    let new = Remembered { modified: old.modified + 5, excerpt: "What is a pot?".to_owned(), ..old.clone() };
    let mut gone = lock(std::slice::from_ref(&new));
    gone.bury(&new.guid);
    let (one, two, three) =
        (lines(&lock(std::slice::from_ref(&old))), lines(&lock(std::slice::from_ref(&new))), lines(&gone));
    let head = one[..4].join("\n");
    for order in [[&one[4], &two[4], &three[4]], [&three[4], &two[4], &one[4]]] {
        let text = format!("{head}\n{}\n{}\n{}\n", order[0], order[1], order[2]);
        let (read, diagnostics) = parse(&text);
        assert_eq!(diagnostics, []);
        assert!(read.is_dirty());
        assert_eq!(read.to_text(), lock(std::slice::from_ref(&new)).to_text());
    }
}

#[test]
fn the_higher_generation_of_a_note_type_stands() {
    let text = "deckle.lock 1\ncollection a\ntype cloze 2 5 AAAAAAAA AAAAAAAA\ntype cloze 1 9 AAAAAAAA AAAAAAAA\ntype basic 1 5 AAAAAAAA AAAAAAAA\ntype basic 1 7 AAAAAAAB AAAAAAAA\n";
    let (read, diagnostics) = parse(text);
    assert_eq!(diagnostics, []);
    let types: Vec<_> = read.types.iter().map(|one| (one.key, one.generation, one.modified)).collect();
    assert_eq!(types, [(NoteTypeKey::Basic, 1, 7), (NoteTypeKey::Cloze, 2, 5)]);
}

#[test]
fn every_damage_is_located() {
    let mut text = lock(&[remembered(1, "a"), remembered(2, "b"), remembered(3, "c")]).to_text();
    let good = text.clone();
    let line = good.lines().last().unwrap();
    let fields: Vec<&str> = line.split(' ').collect();
    let bad: [(usize, &str); 13] = [
        (0, "abc"),
        (0, "ABCDEFGHIJKLM"),
        (1, "d"),
        (2, "-5"),
        (2, "99999999999999999999"),
        (3, "xyz"),
        (4, "+7"),
        (5, "AAAAAAA="),
        (7, "A=B"),
        (9, "%x"),
        (10, "%ff"),
        (12, "1"),
        (13, "a%2"),
    ];
    for (place, field) in bad {
        let mut fields = fields.clone();
        fields[place] = field;
        text.push_str(&fields.join(" "));
        text.push('\n');
    }
    text.push_str("\nnot a line\ntype odd 1 1 AAAAAAAA AAAAAAAA\ntype basic x 1 AAAAAAAA AAAAAAAA\ncollection other\n");
    text.extend([line, " more\n"]);
    let (read, diagnostics) = parse(&text);
    assert!(diagnostics.iter().all(|found| found.code.name() == "bad-lock" && found.span.source == ID));
    let found = places(&text, &diagnostics);
    let mut expected: Vec<(&str, usize)> = bad.iter().zip(8..).map(|((_, field), line)| (*field, line)).collect();
    let more = format!("{line} more");
    expected.extend([
        ("", 21),
        ("not a line", 22),
        ("odd", 23),
        ("x", 24),
        ("collection other", 25),
        (more.as_str(), 26),
    ]);
    assert_eq!(found, expected);
    assert_eq!(read.notes().len(), 3);
}

#[test]
fn a_conflict_is_one_mistake() {
    let good = lock(&[remembered(1, "a"), remembered(2, "b")]).to_text();
    let lines: Vec<&str> = good.lines().collect();
    let text = format!(
        "{}\n<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n<<<<<<< HEAD\n||||||| base\n=======\n>>>>>>> other\n",
        lines[..4].join("\n"),
        lines[4],
        lines[5]
    );
    let (_, diagnostics) = parse(&text);
    assert_eq!(places(&text, &diagnostics), [("<<<<<<< HEAD", 5), ("<<<<<<< HEAD", 10)]);
    assert_eq!((diagnostics[0].labels.len(), diagnostics[1].labels.len()), (2, 3));
    assert!(diagnostics[0].help.as_deref().unwrap().contains("merge=union"));
}

#[test]
fn a_file_that_is_no_lock_is_refused() {
    let good = lock(&[remembered(1, "a")]).to_text();
    let (_, lines) = good.split_once('\n').unwrap();
    let marked = format!("<<<<<<< HEAD\n{good}");
    assert_eq!(refused(&marked).0, "<<<<<<< HEAD");
    assert!(refused(&marked).1.contains("merge=union"));
    // No deckle wrote a lock without a version.
    for header in ["", "x", "deckle.lock", "deckle.lock 0", "deckle.lock 01", "deckle.lock one", "deckle.lock 1 2"] {
        let (place, help) = refused(&format!("{header}\n{lines}"));
        assert_eq!(place, header);
        assert!(help.contains("last commit"), "{header}: {help}");
    }
}

#[test]
fn a_lock_of_a_later_version_is_refused_whatever_its_lines_are() {
    for version in ["3", "10", "4294967296"] {
        let (place, help) = refused(&format!("deckle.lock {version}\na line of another form\n"));
        assert_eq!(place, format!("deckle.lock {version}"));
        assert!(help.contains("update deckle"), "{help}");
    }
}

/// Where a lock is refused as a whole, and what is to be done about it.
fn refused(text: &str) -> (String, String) {
    let (read, diagnostics) = parse(text);
    let [refused] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
    assert_eq!((read.notes().len(), read.types.len(), refused.code.name()), (0, 0, "bad-lock"));
    (text[refused.span.range()].to_owned(), refused.help.clone().unwrap())
}

/// A lock as deckle 0.1 wrote it: this text never changes, whatever later versions are like.
const VERSION_1: &str = "\
deckle.lock 1
collection k3+x
type basic 1 1750086400 7FswApRM CXTVo68g
type cloze 1 1750086400 ww1Mj-Rm HmbYd8pC
2xnpayiyg3qir x b 1750086400 vKZ_PyaS Qorw3BO0 0JzvpheM AAgE7yKB6h90eTw Tide
vzruhfcbixtja c 1750086400 - 30 iE1BH52U l9gfowDo ABAIxK02OwjsMOJ1jAwB_r7w ADod_e8BssIDiF7GDmFWmLSh Sea content/s.md one 15tuS0Mp- Currents
";

/// The same as a deckle after 0.1 writes it, and a note of many deletions.
const VERSION_2: &str = "\
deckle.lock 2
collection k3+x
type basic 1 1750086400 7FswApRM CXTVo68g
type cloze 1 1750086400 ww1Mj-Rm HmbYd8pC
2xnpayiyg3qir x b 1750086400 vKZ_PyaS Qorw3BO0 0JzvpheM AAgE7yKB6h90eTw Tide 20255
vzruhfcbixtja c 1750086400 - 30 iE1BH52U l9gfowDo ABAIxK02OwjsMOJ1jAwB_r7w ADod_e8BssIDiF7GDmFWmLSh Sea content/s.md one 15tuS0Mp- Currents
wzruhfcbixtja c 1750086400 - 30 iE1BH52U l9gfowDo ABAIxK02OwjsMOJ1jAwB_r7w ADod_e8BssIDiF7GDmFWmLSh Sea content/s.md - =1-5.9~6-8.10-90:8WX4u5wbQFXgP4OxMhmaJLLVLl7bn4-AP_nhUpxrVpRwxzD3W Currents
";

#[test]
fn the_lines_of_each_version_say_the_same() {
    for (version, since) in [(VERSION_1, None), (VERSION_2, Some(Day(20_255)))] {
        says_what_was_remembered(version, since);
    }
}

#[test]
fn lines_of_both_versions_stand_in_one_lock() {
    let ours: Vec<&str> = VERSION_1.lines().collect();
    let theirs: Vec<&str> = VERSION_2.lines().collect();
    for [one, other] in [[&ours, &theirs], [&theirs, &ours]] {
        let merged: String =
            one.iter().chain(other.iter().filter(|line| !one.contains(line))).flat_map(|line| [line, "\n"]).collect();
        let (read, diagnostics) = parse(&merged);
        assert_eq!(diagnostics, []);
        assert!(read.is_dirty());
        assert_eq!((read.notes.len(), read.gone.len()), (2, 1));
        assert!(read.to_text().starts_with("deckle.lock 2\ncollection"), "{}", read.to_text());
    }
    let (_, diagnostics) = parse(&format!("{VERSION_1}deckle.lock 3\n"));
    assert_eq!(places(&format!("{VERSION_1}deckle.lock 3\n"), &diagnostics), [("deckle.lock 3", 7)]);
    let (_, diagnostics) = parse(&VERSION_2.replace(" 20255", " x"));
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
}

#[test]
fn a_lock_of_an_older_version_stays_one_until_a_line_is_made_anew() {
    let version = |lock: &Lock| lock.to_text().lines().next().unwrap_or_default().to_owned();
    assert_eq!(version(&lock(&[])), "deckle.lock 2");
    let (read, _) = parse(VERSION_1);
    let [there, gone] =
        [read.notes[0].remembered(), Remembered { guid: read.gone[0].guid().clone(), ..remembered(3, "") }];
    let mut less = read.clone();
    assert!(less.forget(&gone.guid));
    assert_eq!(version(&less), "deckle.lock 1");
    let mut one = read.clone();
    one.remember(&Remembered { due: 31, ..there.clone() });
    let mut two = read.clone();
    assert!(two.bury(&there.guid));
    let mut three = read.clone();
    assert!(three.renew(&[true, true], vec![LockedNote::new(&there)]).0);
    let mut four = read;
    assert!(four.renew(&[false, false], Vec::new()).0);
    for lock in [one, two, three, four] {
        assert_eq!(version(&lock), "deckle.lock 2");
    }
}

#[test]
fn what_is_long_gone_is_forgotten_with_the_next_change() {
    let notes: Vec<Remembered> = (0..5).map(|seed| remembered(seed, "What is a Pod?")).collect();
    let mut lock = lock(&notes);
    for (note, day) in notes.iter().take(4).zip([None, Some(100), Some(101), Some(100)]) {
        lock.day = day.map(Day);
        assert!(lock.bury(&note.guid));
    }
    let mut read = parse(&lock.to_text()).0;
    read.day = Some(Day(110));
    let asked = |guid: &Guid| *guid == notes[3].guid;
    assert_eq!((read.forget_older(9, &asked), read.is_dirty()), (0, false), "a time that goes by is no change");
    read.remember(&Remembered { due: 7, ..notes[4].clone() });
    assert_eq!((read.forget_older(9, &asked), read.gone().len()), (1, 3));
    assert_eq!(read.tombstone(&notes[1].guid).map(Tombstone::guid), None);
    let since = |note: &Remembered| read.tombstone(&note.guid).and_then(Tombstone::since);
    assert_eq!([&notes[0], &notes[2], &notes[3]].map(since), [110, 101, 100].map(|day| Some(Day(day))));
    assert_eq!(parse(&read.to_text()).1, []);
    let mut early = read.clone();
    early.day = Some(Day(3));
    assert_eq!(early.forget_older(9, &asked), 0, "SOURCE_DATE_EPOCH may lie before");
}

fn says_what_was_remembered(version: &str, since: Option<Day>) {
    let (read, diagnostics) = parse(version);
    assert_eq!(diagnostics, []);
    assert_eq!(read.gone[0].since(), since);
    let hash = |text| Hash::read(text).unwrap();
    let gone = Core {
        guid: Guid("2xnpayiyg3qir".to_owned()),
        note_type: NoteTypeKey::Basic,
        modified: 1_750_086_400,
        content: Some(hash("vKZ_PyaS")),
        front: hash("Qorw3BO0"),
        back: hash("0JzvpheM"),
    };
    let there = Core {
        guid: Guid("vzruhfcbixtja".to_owned()),
        note_type: NoteTypeKey::Cloze,
        content: None,
        front: hash("iE1BH52U"),
        back: hash("l9gfowDo"),
        ..gone.clone()
    };
    assert_eq!((read.gone[0].core(), read.notes[0].core()), (&gone, &there));
    assert_eq!(read.core(read.notes.len()), Some(&gone));
    let note = read.notes[0].remembered();
    let texts = [note.deck, note.path, note.id.unwrap_or_default(), note.clozes, note.excerpt];
    assert_eq!(texts, ["Sea", "content/s.md", "one", "15tuS0Mp-", "Currents"]);
    assert_eq!((note.due, read.types[1].generation), (30, 1));
    assert!(!read.is_dirty(), "a lock of an older version is not written for that alone");
}

#[test]
fn the_latest_version_is_what_is_written() {
    assert_eq!(parse(VERSION_1).0.to_text(), VERSION_1);
    assert_eq!(parse(VERSION_2).0.to_text(), VERSION_2);
}

fn any_notes() -> impl Strategy<Value = Vec<Remembered>> {
    let note = (any::<u64>(), ".{0,60}").prop_map(|(seed, text)| remembered(seed, &text));
    proptest::collection::vec(note, 0..12)
}

/// What git makes of two sides with `merge=union`: the common lines, and the lines of both sides where they differ.
fn union(base: &[String], ours: &[String], theirs: &[String]) -> String {
    let mut lines: Vec<&String> = base.iter().filter(|line| ours.contains(line) && theirs.contains(line)).collect();
    for line in ours.iter().chain(theirs).filter(|line| !base.contains(line)) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.into_iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

proptest! {
    #[test]
    fn any_memory_survives_its_file(notes in any_notes(), buried in any::<u16>()) {
        let mut lock = lock(&notes);
        for (place, note) in notes.iter().enumerate() {
            if buried >> place & 1 == 1 {
                lock.bury(&note.guid);
            }
        }
        let text = lock.to_text();
        let (read, diagnostics) = parse(&text);
        prop_assert_eq!(diagnostics, []);
        prop_assert!(!read.is_dirty());
        prop_assert_eq!(read.to_text(), text);
        for note in lock.notes() {
            prop_assert_eq!(read.note(note.guid()).map(LockedNote::remembered), Some(note.remembered()));
        }
    }

    #[test]
    fn a_merged_lock_is_right(notes in any_notes(), ours in any::<u32>(), theirs in any::<u32>()) {
        let base = lock(&notes);
        let side = |edits: u32, by: i64| {
            let mut side = base.clone();
            for (place, note) in base.notes().iter().enumerate() {
                match edits >> (2 * place) & 3 {
                    1 => drop(side.bury(note.guid())),
                    2 => side.remember(&Remembered { modified: note.modified() + by, due: 5, ..note.remembered() }),
                    _ => {}
                }
            }
            side
        };
        let (ours, theirs) = (side(ours, 3), side(theirs, 4));
        let merged = union(&lines(&base), &lines(&ours), &lines(&theirs));
        let (read, diagnostics) = parse(&merged);
        prop_assert_eq!(diagnostics, []);
        prop_assert_eq!(read.to_text(), parse(&union(&lines(&base), &lines(&theirs), &lines(&ours))).0.to_text());
        for note in base.notes() {
            let guid = note.guid();
            let edited = |side: &Lock| side.note(guid).filter(|one| one.modified() != note.modified()).map(LockedNote::modified);
            let latest = edited(&ours).max(edited(&theirs));
            if latest.is_some() {
                prop_assert_eq!(read.note(guid).map(LockedNote::modified), latest);
            } else {
                prop_assert_eq!(read.note(guid).is_some(), ours.note(guid).is_some() && theirs.note(guid).is_some());
            }
            prop_assert!(read.note(guid).is_some() != read.tombstone(guid).is_some());
        }
    }

    #[test]
    fn no_text_does_harm(text in any::<String>(), cut in any::<proptest::sample::Index>(), put in ".{0,5}") {
        parse(&text);
        parse(&format!("deckle.lock 1\n{text}"));
        let mut damaged = lock(&[remembered(1, "What is a Pod?"), remembered(3, "b")]).to_text();
        let at = damaged.floor_char_boundary(cut.index(damaged.len()));
        damaged.insert_str(at, &put);
        let (_, diagnostics) = parse(&damaged);
        for found in diagnostics {
            prop_assert!(damaged.get(found.span.range()).is_some());
        }
    }
}
