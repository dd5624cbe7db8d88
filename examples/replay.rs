//! Replays edit histories through the matching of notes and prints who kept an identity.
//!
//! `cargo run --release --example replay -- histories.jsonl [--show]`; `examples/habits.rs` makes such histories.
//!
//! Each line of the file is one commit of a collection: `old` and `new`, the notes (`path`, `front`, `back`) of the files
//! that it touched, before and after; `same`, pairs of places in these two lists that are one note; and perhaps `names`, a
//! number for each of `new` that says who it is, so that a note that comes back is told from a stranger. All commits of a
//! collection are built in turn, as `deckle build` would: what the one before left is kept as in `deckle.lock`, notes that
//! are gone included. Of a pair that was not kept the build has asked, or it was silent. `--show` prints the texts of all
//! pairs that were not kept.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]
#![expect(clippy::indexing_slicing, reason = "a program for who works on this: it may stop")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

use deckle::api::identity::{Features, How, Matching, NoteSketches, Question, Sketch, Sketches, Words, match_notes};
use deckle::api::ir::NoteTypeKey;
use serde::Deserialize;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let show = arguments.iter().any(|argument| argument == "--show");
    let path =
        arguments.iter().find(|argument| !argument.starts_with("--")).ok_or("usage: replay HISTORIES [--show]")?;
    let mut collections: BTreeMap<String, Collection> = BTreeMap::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let commit: Commit = serde_json::from_str(line)?;
        collections.entry(commit.collection.clone()).or_default().build(&commit, show);
    }
    let (mut groups, mut sum) = (BTreeMap::<&str, Tally>::new(), Tally::default());
    for (name, collection) in &collections {
        groups.entry(group(name)).or_default().add(&collection.tally);
        sum.add(&collection.tally);
    }
    for (name, tally) in &groups {
        tally.print(name);
    }
    sum.print("all");
    Ok(())
}

/// Collections of one name, but for `/` and a number behind it, are counted together.
fn group(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(group, _)| group)
}

#[derive(Deserialize)]
struct Commit {
    collection: String,
    step: u32,
    old: Vec<Text>,
    new: Vec<Text>,
    same: Vec<(usize, usize)>,
    #[serde(default)]
    names: Vec<usize>,
}

#[derive(Deserialize, Clone, PartialEq)]
struct Text {
    path: String,
    front: String,
    back: String,
}

/// A note with the identity that the last build gave it.
struct Named {
    text: Text,
    identity: usize,
    /// How it got an identity that had been there before.
    how: Option<How>,
    /// The identities that the build asked about.
    asked: Vec<usize>,
}

impl Named {
    /// Its identity is given by the next build.
    fn new(text: &Text) -> Self {
        Self { text: text.clone(), identity: usize::MAX, how: None, asked: Vec::new() }
    }
}

/// The notes of each file.
type Files = BTreeMap<String, Vec<Named>>;

/// A collection after some commits.
#[derive(Default)]
struct Collection {
    files: Files,
    /// What is remembered; an identity is the place in here.
    lock: Vec<Locked>,
    paths: BTreeMap<String, u32>,
    /// Who has which identity, where commits name their notes.
    named: Names,
    tally: Tally,
}

/// Identity → who was the last to have it.
type Names = BTreeMap<usize, usize>;

/// What the lock remembers of a note: the features, and the sketches as they are written.
struct Locked {
    features: Features,
    front: String,
    back: String,
}

impl Collection {
    fn build(&mut self, commit: &Commit, show: bool) {
        let before = self.before(commit);
        for text in &commit.old {
            self.files.remove(&text.path);
        }
        for text in &commit.new {
            self.files.remove(&text.path);
        }
        for text in &commit.new {
            self.files.entry(text.path.clone()).or_default().push(Named::new(text));
        }
        let (matching, texts) = self.identify();
        let mut after = Identities::default();
        for text in &commit.new {
            after.take(&self.files, text);
        }
        let judge = Judge { commit, before: &before.of, after: &after.of, named: &self.named, show };
        judge.count(&mut self.tally);
        self.named.extend(after.of.iter().map(|note| note.number).zip(commit.names.iter().copied()));
        self.tally.count_questions(&matching);
        if show {
            matching.ties.iter().for_each(|tie| show_question("tie", tie, &texts));
            matching.near.iter().for_each(|near| show_question("near", near, &texts));
        }
    }

    /// The identities of the commit's old notes. Files that it knows and that were not seen yet are built first.
    fn before(&mut self, commit: &Commit) -> Identities {
        let mut expected: BTreeMap<&str, Vec<&Text>> = BTreeMap::new();
        for text in &commit.old {
            expected.entry(&text.path).or_default().push(text);
        }
        let mut unseen = false;
        for (path, texts) in expected {
            let known =
                self.files.get(path).is_some_and(|known| known.iter().map(|note| &note.text).eq(texts.iter().copied()));
            if !known {
                unseen = true;
                let notes = texts.into_iter().map(Named::new).collect();
                self.files.insert(path.to_owned(), notes);
            }
        }
        if unseen {
            self.identify();
        }
        let mut before = Identities::default();
        for text in &commit.old {
            before.take(&self.files, text);
        }
        before
    }

    /// Gives all notes their identities and brings the lock up to date.
    fn identify(&mut self) -> (Matching, Vec<Text>) {
        let texts: Vec<Text> = self.files.values().flatten().map(|note| note.text.clone()).collect();
        let new: Vec<Features> = texts.iter().zip(0..).map(|(text, position)| self.features(text, position)).collect();
        let old: Vec<Features> = self.lock.iter().map(|locked| locked.features).collect();
        let sides = Sides { lock: &self.lock, texts: &texts };
        let start = Instant::now();
        let matching = match_notes(&old, &new, &[], &sides);
        self.tally.time += start.elapsed();
        self.lock.iter_mut().for_each(Locked::bury);
        let notes = self.files.values_mut().flatten();
        let mut asked = vec![Vec::new(); new.len()];
        for question in matching.near.iter().chain(&matching.ties).chain(&matching.halves) {
            asked[question.new].push(question.old);
        }
        for (((found, features), asked), note) in matching.matches.iter().zip(new).zip(asked).zip(notes) {
            let locked = Locked::new(features, &note.text);
            note.identity = found.map_or(self.lock.len(), |found| found.old);
            note.how = found.map(|found| found.how);
            note.asked = asked;
            match self.lock.get_mut(note.identity) {
                Some(place) => *place = locked,
                None => self.lock.push(locked),
            }
        }
        (matching, texts)
    }

    fn features(&mut self, text: &Text, position: u32) -> Features {
        let next = self.paths.len() as u32;
        let path = *self.paths.entry(text.path.clone()).or_insert(next);
        let (front, back) = (hash(&text.front), hash(&text.back));
        Features { note_type: NoteTypeKey::Basic, path, position, gone: false, front, back }
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.split_whitespace().for_each(|word| word.hash(&mut hasher));
    hasher.finish()
}

impl Locked {
    fn new(features: Features, text: &Text) -> Self {
        let (front, back) = (Sketch::of_front(&text.front).encode(), Sketch::of_back(&text.back).encode());
        Self { features, front, back }
    }

    /// Leaves what the lock keeps of a note that is gone; one that is still there is written anew.
    fn bury(&mut self) {
        self.features.gone = true;
        self.front = read(&self.front).short().encode();
        self.back = Sketch::default().encode();
    }
}

fn read(sketch: &str) -> Sketch {
    Sketch::decode(sketch).unwrap_or_default()
}

struct Sides<'a> {
    lock: &'a [Locked],
    texts: &'a [Text],
}

impl Sketches for Sides<'_> {
    fn of_old(&self, index: usize) -> NoteSketches {
        let Locked { front, back, .. } = &self.lock[index];
        NoteSketches { front: read(front), back: read(back) }
    }

    fn of_new(&self, index: usize) -> NoteSketches {
        let Text { front, back, .. } = &self.texts[index];
        NoteSketches { front: Sketch::of_front(front), back: Sketch::of_back(back) }
    }

    fn words_of_new(&self, index: usize) -> [Words; 2] {
        let Text { front, back, .. } = &self.texts[index];
        [front, back].map(|text| Words::of(text))
    }
}

/// Identities in the order of a commit's list, read off file by file.
#[derive(Default)]
struct Identities {
    of: Vec<Identity>,
    /// How many notes of each file were read.
    read: BTreeMap<String, usize>,
}

impl Identities {
    fn take(&mut self, files: &Files, text: &Text) {
        let next = self.read.entry(text.path.clone()).or_default();
        let note = files.get(&text.path).and_then(|notes| notes.get(*next));
        *next += 1;
        self.of.push(note.map_or_else(Identity::default, Identity::of));
    }
}

/// What a build said of a note.
struct Identity {
    number: usize,
    how: Option<How>,
    asked: Vec<usize>,
}

impl Identity {
    fn of(note: &Named) -> Self {
        Self { number: note.identity, how: note.how, asked: note.asked.clone() }
    }
}

impl Default for Identity {
    fn default() -> Self {
        Self { number: usize::MAX, how: None, asked: Vec::new() }
    }
}

/// Compares the identities of a commit's notes with the truth.
struct Judge<'a> {
    commit: &'a Commit,
    before: &'a [Identity],
    after: &'a [Identity],
    named: &'a Names,
    show: bool,
}

impl Judge<'_> {
    fn count(&self, tally: &mut Tally) {
        tally.builds += 1;
        let same: BTreeSet<usize> = self.commit.same.iter().map(|&(_, new)| new).collect();
        let fresh: Vec<usize> = (0..self.commit.new.len()).filter(|new| !same.contains(new)).collect();
        for &(old, new) in &self.commit.same {
            self.count_pair(old, new, &fresh, tally);
        }
        for &new in &fresh {
            self.count_new(new, tally);
        }
    }

    fn count_new(&self, new: usize, tally: &mut Tally) {
        let Identity { number, how, asked } = &self.after[new];
        if let Some(&name) = self.commit.names.get(new)
            && self.named.values().any(|known| *known == name)
        {
            return self.count_back(name, new, tally);
        }
        match how {
            Some(How::Similar(_) | How::Pinned) => {
                tally.inherited += 1;
                self.show("inherited", self.before.iter().position(|other| other.number == *number), new);
            }
            // What has the same texts as another note, or one that was gone, is that note for all that anybody can tell.
            Some(How::Same | How::Moved | How::Returned) => tally.returned += 1,
            None => tally.born += 1,
        }
        tally.idle += asked.len();
    }

    /// A note that was away.
    fn count_back(&self, name: usize, new: usize, tally: &mut Tally) {
        let Identity { number, how, asked } = &self.after[new];
        let is_named = |identity: &usize| self.named.get(identity) == Some(&name);
        let outcome = match how {
            Some(_) if is_named(number) => Outcome::Kept,
            Some(_) => Outcome::Wrong,
            None if asked.iter().any(is_named) => Outcome::Asked,
            None => Outcome::Silent,
        };
        tally.classes.entry("back").or_default().count(outcome);
        self.show_loss(outcome, None, new);
    }

    fn count_pair(&self, old: usize, new: usize, fresh: &[usize], tally: &mut Tally) {
        let (old_text, new_text) = (&self.commit.old[old], &self.commit.new[new]);
        let known = self.before[old].number;
        let outcome = match &self.after[new] {
            Identity { number, .. } if *number == known => Outcome::Kept,
            Identity { how: Some(_), .. } => Outcome::Wrong,
            Identity { asked, .. } if asked.contains(&known) => Outcome::Asked,
            Identity { .. } => Outcome::Silent,
        };
        for class in classes(old_text, new_text) {
            tally.classes.entry(class).or_default().count(outcome);
        }
        if old_text.back != new_text.back && fresh.iter().any(|&other| is_part(old_text, &self.commit.new[other])) {
            tally.classes.entry("split").or_default().count(outcome);
        }
        self.show_loss(outcome, Some(old), new);
    }

    fn show_loss(&self, outcome: Outcome, old: Option<usize>, new: usize) {
        match outcome {
            Outcome::Kept => {}
            Outcome::Asked => self.show("asked", old, new),
            Outcome::Silent => self.show("silent", old, new),
            Outcome::Wrong => self.show("wrong", old, new),
        }
    }

    fn show(&self, word: &str, old: Option<usize>, new: usize) {
        if !self.show {
            return;
        }
        println!("{word} in {} {}", self.commit.collection, self.commit.step);
        if let Some(old) = old {
            print_text('-', &self.commit.old[old]);
        }
        print_text('+', &self.commit.new[new]);
    }
}

fn show_question(word: &str, question: &Question, texts: &[Text]) {
    println!("{word} {} with {}", question.score, question.old);
    print_text('+', &texts[question.new]);
}

fn print_text(sign: char, text: &Text) {
    println!("  {sign} {}: {}\n      {}", text.path, text.front, text.back);
}

/// What was done to a note; some of it in one go.
fn classes(old: &Text, new: &Text) -> Vec<&'static str> {
    if (&old.front, &old.back) == (&new.front, &new.back) {
        return vec![if old.path == new.path { "untouched" } else { "moved" }];
    }
    let mut classes = vec!["edited"];
    if old.front != new.front {
        classes.push("front edited");
    }
    if (words(&old.front), words(&old.back)) == (words(&new.back), words(&new.front)) {
        classes.push("swapped");
    }
    let is_held = |old: &str, new: &str| words(old).is_subset(&words(new));
    if is_held(&old.front, &new.front) && is_held(&old.back, &new.back) {
        classes.push("added text");
    }
    classes
}

/// Whether nearly all of a new note's answer, and no little of it, was a note's before.
fn is_part(old: &Text, part: &Text) -> bool {
    let (old, part) = (words(&old.back), words(&part.back));
    part.len() >= 4 && 10 * part.intersection(&old).count() >= 8 * part.len()
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[derive(Clone, Copy)]
enum Outcome {
    Kept,
    Asked,
    Silent,
    Wrong,
}

#[derive(Default)]
struct Outcomes {
    kept: u32,
    asked: u32,
    silent: u32,
    wrong: u32,
}

impl Outcomes {
    fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Kept => self.kept += 1,
            Outcome::Asked => self.asked += 1,
            Outcome::Silent => self.silent += 1,
            Outcome::Wrong => self.wrong += 1,
        }
    }

    fn add(&mut self, other: &Self) {
        self.kept += other.kept;
        self.asked += other.asked;
        self.silent += other.silent;
        self.wrong += other.wrong;
    }

    fn print(&self, word: &str) {
        let Self { kept, asked, silent, wrong } = self;
        let all = kept + asked + silent + wrong;
        let share = 100.0 * f64::from(*kept) / f64::from(all.max(1));
        println!("  {word:<12} {all:>6}: {kept} kept ({share:.1} %), {asked} asked, {silent} silent, {wrong} wrong");
    }
}

#[derive(Default)]
struct Tally {
    builds: u32,
    /// By what was done to a note.
    classes: BTreeMap<&'static str, Outcomes>,
    born: u32,
    inherited: u32,
    returned: u32,
    /// Questions about notes that were no old one.
    idle: usize,
    similar: usize,
    near: usize,
    ties: usize,
    time: Duration,
}

impl Tally {
    fn count_questions(&mut self, matching: &Matching) {
        let how = || matching.matches.iter().flatten().map(|found| found.how);
        self.similar += how().filter(|how| matches!(how, How::Similar(_))).count();
        self.near += matching.near.len();
        self.ties += matching.ties.len();
    }

    fn add(&mut self, other: &Self) {
        self.builds += other.builds;
        for (class, outcomes) in &other.classes {
            self.classes.entry(class).or_default().add(outcomes);
        }
        self.born += other.born;
        self.inherited += other.inherited;
        self.returned += other.returned;
        self.idle += other.idle;
        self.similar += other.similar;
        self.near += other.near;
        self.ties += other.ties;
        self.time += other.time;
    }

    fn print(&self, name: &str) {
        println!("{name}: {} builds, matched in {:.1} ms", self.builds, self.time.as_secs_f64() * 1000.0);
        self.classes.iter().for_each(|(class, outcomes)| outcomes.print(class));
        let new = self.born + self.inherited + self.returned;
        let Self { inherited, returned, .. } = self;
        println!("  {:<12} {new:>6}: {inherited} took an old note's identity, {returned} with its very text", "new");
        let Self { similar, near, ties, idle, .. } = self;
        println!(
            "  {similar} pairs by similarity, {near} near misses, {ties} pairs in ties; {idle} questions were idle"
        );
    }
}
