//! Times the matching of notes: `cargo bench --bench identity`.
//!
//! The notes are made up, of the lengths of real ones; each line says how many kept their identity, too.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]
#![expect(clippy::indexing_slicing, reason = "a program for who works on this: it may stop")]

use std::time::{Duration, Instant};

use deckle::api::identity::{Features, NoteSketches, Sketch, Sketches, Words, match_notes};
use deckle::api::ir::NoteTypeKey;

fn main() {
    let large = notes(100_000);
    time("100,000 notes, unchanged", &large, &large);
    time("100,000 notes, 100 edited", &large, &edited(&large, 1000));
    time("100,000 notes, all in another file", &large, &moved(&large));
    time("100,000 notes, all answers new", &large, &answered(&large));
    let notes = notes(20_000);
    time("20,000 notes, all edited", &notes, &edited(&notes, 1));
    let sums = sums(20_000, "plus");
    time("20,000 sums, all reworded", &sums, &self::sums(20_000, "and"));
    time("20,000 notes, all replaced", &notes, &large[60_000..80_000]);
    time("20,000 notes, 80,000 new", &notes, &large);
}

#[derive(Clone)]
struct Note {
    path: u32,
    front: String,
    back: String,
}

/// 200 notes a file; fronts of 6 to 13 words, backs of 12 to 43.
fn notes(count: u32) -> Vec<Note> {
    let mut chance = Chance(1);
    let note = |number| {
        let (front, back) = (6 + chance.below(8), 12 + chance.below(32));
        Note { path: number / 200, front: chance.sentence(front), back: chance.sentence(back) }
    };
    (0..count).map(note).collect()
}

/// Notes that differ by little but numbers.
fn sums(count: u32, word: &str) -> Vec<Note> {
    let sum = |number: u32| {
        let (one, other) = (number / 100 + 100, number % 100 + 100);
        let front = format!("How much is {one} {word} {other}?");
        Note { path: number / 200, front, back: (one + other).to_string() }
    };
    (0..count).map(sum).collect()
}

/// Every so many notes get a word in front and another in the middle of the back.
fn edited(notes: &[Note], every: usize) -> Vec<Note> {
    let mut chance = Chance(2);
    let mut notes = notes.to_vec();
    for note in notes.iter_mut().step_by(every) {
        note.front = format!("{} {}", chance.word(), note.front);
        let middle = note.back.len() / 2;
        note.back.insert_str(middle, &chance.word());
    }
    notes
}

/// All notes have a word more in their answers.
fn answered(notes: &[Note]) -> Vec<Note> {
    let mut chance = Chance(3);
    notes.iter().map(|note| Note { back: format!("{} {}", note.back, chance.word()), ..note.clone() }).collect()
}

fn moved(notes: &[Note]) -> Vec<Note> {
    notes.iter().map(|note| Note { path: note.path + 1000, ..note.clone() }).collect()
}

/// Xorshift: the same notes on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// One of some 5,000 words, the first ones more often, as in any language.
    fn word(&mut self) -> String {
        let rank = self.below(5000) * self.below(5000) / 5000;
        let syllables =
            ["ka", "ter", "in", "so", "vel", "mi", "cho", "un", "dra", "pe", "sta", "li", "qu", "o", "rin", "ba"];
        let mut word = String::new();
        let mut rest = rank as usize;
        while word.is_empty() || rest > 0 {
            word.push_str(syllables[rest % 16]);
            rest /= 16;
        }
        word
    }

    fn sentence(&mut self, words: u64) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<String>>().join(" ")
    }
}

/// The old sketches as the lock has them.
struct Sides<'a> {
    old: &'a [(String, String)],
    new: &'a [Note],
}

impl Sketches for Sides<'_> {
    fn of_old(&self, index: usize) -> NoteSketches {
        let (front, back) = &self.old[index];
        let read = |text| Sketch::decode(text).unwrap_or_default();
        NoteSketches { front: read(front), back: read(back) }
    }

    fn of_new(&self, index: usize) -> NoteSketches {
        sketches(&self.new[index])
    }

    fn words_of_new(&self, index: usize) -> [Words; 2] {
        let Note { front, back, .. } = &self.new[index];
        [front, back].map(|text| Words::of(text))
    }
}

fn sketches(note: &Note) -> NoteSketches {
    NoteSketches { front: Sketch::of_front(&note.front), back: Sketch::of_back(&note.back) }
}

fn features(notes: &[Note]) -> Vec<Features> {
    let features = |(note, position): (&Note, u32)| Features {
        note_type: NoteTypeKey::Basic,
        path: note.path,
        position,
        gone: false,
        front: hash(&note.front),
        back: hash(&note.back),
    };
    notes.iter().zip(0..).map(features).collect()
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The best of five runs; the new notes stand in the order of the old ones as far as these go.
fn time(what: &str, old: &[Note], new: &[Note]) {
    let (old_features, new_features) = (features(old), features(new));
    let encoded = |note| {
        let NoteSketches { front, back } = sketches(note);
        (front.encode(), back.encode())
    };
    let old_sketches: Vec<(String, String)> = old.iter().map(encoded).collect();
    let sides = Sides { old: &old_sketches, new };
    let mut best = Duration::MAX;
    let mut kept = 0;
    for _ in 0..5 {
        let start = Instant::now();
        let matching = match_notes(&old_features, &new_features, &[], &sides);
        best = best.min(start.elapsed());
        let pairs = matching.matches.iter().enumerate();
        kept = pairs.filter(|(new, found)| found.is_some_and(|found| found.old == *new)).count();
    }
    println!("{what:<36} {:>8.1} ms, {kept} of {} as they stood", best.as_secs_f64() * 1000.0, new.len());
}
