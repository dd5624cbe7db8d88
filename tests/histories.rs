//! Every Markdown file under `tests/histories` is a test: the edits of a project, and who is who after each build.
//!
//! The prose at its top says what it shows. Steps follow, each with a line `=== …` at its head:
//!
//! | Step | What it does |
//! |---|---|
//! | `=== write PATH` | the lines below become that file |
//! | `=== edit PATH` | the lines below are a patch: `-` goes, `+` comes, a space stays, `@@` stands between two places. What goes and stays is found by its text, which must occur once |
//! | `=== move OLD -> NEW`, `=== delete PATH` | a file, or a folder with all in it |
//! | `=== deckle ARGS` | runs deckle; `{name}` stands for that note's GUID. The lines below are what is expected |
//!
//! Paths are relative to the folder of the notes; `deckle.yaml`, `deckle.lock` and `templates` lie above it. Without a
//! `deckle.yaml`, the project has one, and the deck `History` is in effect.
//!
//! | Expected of a build | It holds when |
//! |---|---|
//! | `new NAME: TEXT` | the note with this text has a GUID that no note had before; it is called NAME from now on |
//! | `edited NAME…`, `edited NAME: TEXT` | the GUID stays, its content differs, and so its modification time rises to the build's |
//! | `moved NAME…` | GUID, content and time stay; its position, deck or package may be others |
//! | `gone NAME…` | no note has the GUID any more |
//! | `back NAME: TEXT` | a note that was gone has its GUID again |
//! | `dated NAME…` | GUID and content stay, the time rises |
//! | `order NAME…` | new cards come in this order |
//! | `cards NAME: 1 2` | the note has these cards, the first one being 1 |
//! | `deck NAME: DECK`, `type NAME: TYPE`, `text NAME: TEXT` | its cards lie there; its note type is of that name; its fields hold that text |
//! | `says TEXT` | stdout or stderr holds the text |
//! | `quiet` | neither says anything of identity |
//! | `lines N` | at most N lines of the lock were taken out, and at most N put in |
//! | `fails: TEXT` | the run ends with a status other than 0 and says so; neither lock nor package changed |
//!
//! A note that is not named in a build must be there with its old GUID, content, time and position. So a build after an
//! edit names all that the edit may touch. TEXT is the whole first field as a reader sees it, or else part of a note's
//! fields that no other note has. The notes of the first build are all new; those that later steps name get names.
//!
//! After each build, some things hold for every history: a rebuild a day later leaves lock and packages as they are, byte
//! for byte, and says nothing of identity; so does a build with `--frozen` of a copy in another folder, which has the lock
//! and no packages; modification times rise just where content changed; the lock is sorted and its lines are short.

#![expect(clippy::expect_used, reason = "a test fails by a panic")]

mod machine;
mod packed;
mod script;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use machine::{DAY, Machine, START, Said, Seen, Snapshot};
use script::{Expectation, Hunk, Step};

/// Bytes of a lock's line, without its end.
const LIVE_LINE: usize = 600;
const TOMBSTONE: usize = 120;

type Notes = BTreeMap<String, Seen>;

#[expect(clippy::needless_pass_by_value, reason = "datatest-stable hands the text over")]
fn history(_: &Path, text: String) -> datatest_stable::Result<()> {
    let machine = Machine::new();
    machine.write("deckle.yaml", "id: history\nname: History\ndeck: History\n");
    let mut history = History { machine, day: 0, names: BTreeMap::new(), past: BTreeSet::new(), notes: Notes::new() };
    for (number, step) in script::read(&text)?.iter().enumerate() {
        history.take(step).map_err(|problem| format!("step {}: {problem}", number + 1))?;
    }
    if history.names.is_empty() { Err("no build names a note".into()) } else { Ok(()) }
}

struct History {
    machine: Machine,
    /// Days since the history began; each run of deckle has one of its own.
    day: i64,
    /// Name → GUID.
    names: BTreeMap<String, String>,
    /// All GUIDs that notes had so far.
    past: BTreeSet<String>,
    /// The notes of the last build.
    notes: Notes,
}

impl History {
    fn take(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Write { path, text } => self.machine.write(path, text),
            Step::Edit { path, hunks } => self.machine.write(path, &patched(self.machine.read(path), hunks)?),
            Step::Move { from, to } => self.rename(from, to),
            Step::Delete { path } => {
                let path = self.machine.path_of(path);
                let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                gone.map_err(|error| format!("{}: {error}", path.display()))?;
            }
            Step::Run { args, expectations } => {
                return self.run(args, expectations).map_err(|problem| format!("deckle {}: {problem}", args.join(" ")));
            }
        }
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) {
        let (from, to) = (self.machine.path_of(from), self.machine.path_of(to));
        fs::create_dir_all(to.parent().expect("a folder")).expect("the folder is made");
        fs::rename(from, to).expect("the file is moved");
    }

    fn run(&mut self, args: &[String], expectations: &[Expectation]) -> Result<(), String> {
        let args: Vec<String> = args.iter().map(|arg| self.with_guids(arg)).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        self.day += 1;
        let time = START + self.day * DAY;
        let before = self.machine.snapshot();
        let said = self.machine.deckle(&args, time);
        let failure = expectations.iter().find(|expectation| expectation.verb == "fails");
        if said.is_success != failure.is_none() {
            return Err(format!("deckle said:\n{}", said.text));
        }
        if failure.is_some() && self.machine.snapshot() != before {
            return Err("a run that fails leaves lock and packages as they were".to_owned());
        }
        let is_build = args.first() == Some(&"build") && failure.is_none();
        let mut problems = if is_build { self.check_build(expectations, time)? } else { Vec::new() };
        problems.extend(expectations.iter().filter_map(|expectation| saying(expectation, &said)));
        if is_build {
            let after = self.machine.snapshot();
            problems.extend(expectations.iter().filter_map(|expectation| lock_lines(expectation, &before, &after)));
            problems.extend(lock_form(&after.lock));
            problems.extend(self.rebuilt(&args, &after, time));
        }
        if problems.is_empty() { Ok(()) } else { Err(format!("{}\ndeckle said:\n{}", problems.join("\n"), said.text)) }
    }

    fn with_guids(&self, arg: &str) -> String {
        self.names.iter().fold(arg.to_owned(), |arg, (name, guid)| arg.replace(&format!("{{{name}}}"), guid))
    }

    /// Looks who is who after a build; gives what is not as it was meant.
    fn check_build(&mut self, expectations: &[Expectation], time: i64) -> Result<Vec<String>, String> {
        let notes = self.machine.snapshot().notes()?;
        let is_first = self.past.is_empty();
        let mut problems = Vec::new();
        let mut named = BTreeSet::new();
        for expectation in expectations {
            let mut change = Change { notes: &notes, named: &mut named, time };
            problems.extend(self.check(expectation, &mut change)?);
        }
        if !is_first {
            problems.extend(self.check_others(&notes, &named));
        }
        problems.extend(self.check_times(&notes, &named));
        self.past.extend(notes.keys().cloned());
        self.notes = notes;
        Ok(problems)
    }

    fn check(&mut self, expectation: &Expectation, change: &mut Change<'_>) -> Result<Vec<String>, String> {
        let Expectation { verb, names, text } = expectation;
        if verb == "new" {
            let [name] = names.as_slice() else { return Err("`new` takes one name".to_owned()) };
            return self.check_new(name, text.as_deref().unwrap_or(name), change).map(Vec::from_iter);
        }
        let Some(fits) = identity_of(verb) else { return self.check_place(expectation, change.notes) };
        let mut problems = Vec::new();
        for name in names {
            let guid = self.guid(name)?.clone();
            change.named.insert(guid.clone());
            let problem = fits(self.notes.get(&guid), change.notes.get(&guid), change.time);
            problems.extend(problem.map(|problem| format!("{name} ({guid}) is not {verb}: {problem}")));
            if let Some(text) = text {
                let found = find(change.notes, text)?;
                if found.note.guid != guid {
                    problems.push(format!("{name} ({guid}) is not {text:?}, which has {}", found.note.guid));
                }
            }
        }
        Ok(problems)
    }

    fn check_new(&mut self, name: &str, text: &str, change: &mut Change<'_>) -> Result<Option<String>, String> {
        let guid = find(change.notes, text)?.note.guid.clone();
        let old = self.names.iter().find(|(_, known)| **known == guid).map_or("not named", |(name, _)| name);
        let problem = self.past.contains(&guid).then(|| format!("{name} is not new: {guid} was that of {old}"));
        change.named.insert(guid.clone());
        match self.names.insert(name.to_owned(), guid) {
            Some(_) => Err(format!("{name} names another note already")),
            None => Ok(problem),
        }
    }

    /// What is expected of decks, cards and order.
    fn check_place(&self, expectation: &Expectation, notes: &Notes) -> Result<Vec<String>, String> {
        let Expectation { verb, names, text } = expectation;
        let named = names.iter().map(|name| {
            let guid = self.guid(name)?;
            notes.get(guid).ok_or_else(|| format!("{name} ({guid}) is not there"))
        });
        let named: Vec<&Seen> = match verb.as_str() {
            "says" | "quiet" | "lines" | "fails" => return Ok(Vec::new()),
            _ => named.collect::<Result<_, _>>()?,
        };
        let text = text.as_deref().unwrap_or_default();
        let differs = |found: String| (found != text).then(|| format!("{verb} of {}: {found}", names.join(" ")));
        let number = |ordinal: i64| (ordinal + 1).to_string();
        Ok(match (verb.as_str(), named.as_slice()) {
            ("order", named) => {
                let rises = named.is_sorted_by(|a, b| a.package == b.package && a.due() < b.due());
                let found: Vec<i64> = named.iter().map(|seen| seen.due()).collect();
                (!rises).then(|| format!("positions of {}: {found:?}", names.join(" "))).into_iter().collect()
            }
            ("cards", [seen]) => {
                let found: Vec<String> = seen.note.cards.iter().map(|card| number(card.ordinal)).collect();
                differs(found.join(" ")).into_iter().collect()
            }
            ("deck", [seen]) => {
                let decks: BTreeSet<&str> = seen.note.cards.iter().map(|card| card.deck.as_str()).collect();
                differs(decks.into_iter().collect::<Vec<_>>().join(" ")).into_iter().collect()
            }
            ("type", [seen]) => {
                let found = seen.note.note_type.split(" (").next().unwrap_or_default();
                differs(found.to_owned()).into_iter().collect()
            }
            ("text", [seen]) if seen.text().contains(text) => Vec::new(),
            ("text", [seen]) => vec![format!("text of {}: {}", names.join(" "), seen.text())],
            _ => return Err(format!("nothing to expect is called {verb} with {} names", names.len())),
        })
    }

    /// Notes that no expectation names are as they were, and none of them came or went.
    fn check_others(&self, notes: &Notes, named: &BTreeSet<String>) -> Vec<String> {
        let all: BTreeSet<&String> =
            self.notes.keys().chain(notes.keys()).filter(|guid| !named.contains(*guid)).collect();
        let problem = |guid: &String| match (self.notes.get(guid), notes.get(guid)) {
            (None, Some(seen)) => Some(format!("{guid} came: {}", seen.text())),
            (Some(seen), None) => Some(format!("{guid} went: {}", seen.text())),
            (Some(old), Some(new)) => stays(old, new).map(|problem| format!("{guid}, {}: {problem}", new.front())),
            (None, None) => None,
        };
        all.into_iter().filter_map(problem).collect()
    }

    /// Content differs just where the time does, but for notes that were said to be dated anew.
    fn check_times(&self, notes: &Notes, named: &BTreeSet<String>) -> Vec<String> {
        let problem = |(guid, new): (&String, &Seen)| {
            let old = self.notes.get(guid)?;
            let rose = new.note.modified > old.note.modified;
            (rose && new.is_like(old) && !named.contains(guid))
                .then(|| format!("{guid}, {}: dated anew without a change", new.front()))
                .or_else(|| {
                    (!rose && !new.is_like(old)).then(|| format!("{guid}, {}: changed in silence", new.front()))
                })
        };
        notes.iter().filter_map(problem).collect()
    }

    /// Builds again on another day, here and on another machine: nothing may differ.
    fn rebuilt(&self, args: &[&str], after: &Snapshot, time: i64) -> Vec<String> {
        let mut problems = Vec::new();
        let again = self.machine.deckle(args, time + DAY / 2);
        if self.machine.snapshot() != *after || !again.is_success {
            problems.push(format!("a rebuild differs; it said:\n{}", again.text));
        }
        let frozen: Vec<&str> = args.iter().copied().chain(["--frozen"]).collect();
        let other = self.machine.checkout();
        let there = other.deckle(&frozen, time + DAY / 2);
        if other.snapshot() != *after || !there.is_success {
            problems.push(format!("a frozen build elsewhere differs; it said:\n{}", there.text));
        }
        for said in [again, there] {
            let lines: Vec<&str> =
                said.beyond_the_summary().into_iter().filter(|line| speaks_of_identity(line)).collect();
            problems.extend((!lines.is_empty()).then(|| format!("a rebuild says: {}", lines.join("\n"))));
        }
        problems
    }

    fn guid(&self, name: &str) -> Result<&String, String> {
        self.names.get(name).ok_or_else(|| format!("no note is called {name}"))
    }
}

/// What a build made, and which of its notes were spoken of.
struct Change<'a> {
    notes: &'a Notes,
    named: &'a mut BTreeSet<String>,
    time: i64,
}

/// What a verb claims of a note before and after a build of a time; gives what is wrong with that.
type Claim = fn(Option<&Seen>, Option<&Seen>, i64) -> Option<String>;

fn identity_of(verb: &str) -> Option<Claim> {
    Some(match verb {
        "edited" => |old, new, time| match (old, new) {
            (Some(old), Some(new)) if new.is_like(old) => Some("its content is the same".to_owned()),
            (Some(_), Some(new)) => is_dated(new, time),
            (None, _) | (_, None) => Some("it was not there, or is not".to_owned()),
        },
        "moved" => |old, new, _| match (old, new) {
            (Some(old), Some(new)) if !new.is_like(old) => Some(format!("its content differs: {}", new.text())),
            (Some(old), Some(new)) if old.note.modified != new.note.modified => Some("its time differs".to_owned()),
            (Some(_), Some(_)) => None,
            (None, _) | (_, None) => Some("it was not there, or is not".to_owned()),
        },
        "dated" => |old, new, time| match (old, new) {
            (Some(old), Some(new)) if !new.is_like(old) => Some(format!("its content differs: {}", new.text())),
            (Some(_), Some(new)) => is_dated(new, time),
            (None, _) | (_, None) => Some("it was not there, or is not".to_owned()),
        },
        "gone" => |old, new, _| match (old, new) {
            (Some(_), None) => None,
            (None, _) => Some("it was not there".to_owned()),
            (_, Some(new)) => Some(format!("it is {}", new.text())),
        },
        "back" => |old, new, time| match (old, new) {
            (None, Some(new)) => is_dated(new, time),
            (Some(_), _) => Some("it was not gone".to_owned()),
            (_, None) => Some("it is not there".to_owned()),
        },
        _ => return None,
    })
}

fn is_dated(new: &Seen, time: i64) -> Option<String> {
    (new.note.modified != time).then(|| format!("its time is {}, the build's {time}", new.note.modified))
}

fn stays(old: &Seen, new: &Seen) -> Option<String> {
    if !new.is_like(old) {
        return Some(format!("its content differs: {}", new.text()));
    }
    if old.note.modified != new.note.modified {
        return Some("its time differs".to_owned());
    }
    let places = [old, new].map(|seen| (seen.package.as_str(), seen.due()));
    (places[0] != places[1]).then(|| format!("its place was {:?} and is {:?}", places[0], places[1]))
}

/// The note whose first field is this text, or else whose fields hold it.
fn find<'a>(notes: &'a Notes, text: &str) -> Result<&'a Seen, String> {
    let with_front: Vec<&Seen> = notes.values().filter(|seen| seen.front() == text).collect();
    let with_text: Vec<&Seen> = notes.values().filter(|seen| seen.text().contains(text)).collect();
    match (with_front.as_slice(), with_text.as_slice()) {
        ([only], _) | ([], [only]) => Ok(only),
        (found, _) if !found.is_empty() => Err(format!("{} notes have the front {text:?}", found.len())),
        (_, found) => Err(format!(
            "{} notes hold {text:?}: {:?}",
            found.len(),
            notes.values().map(Seen::text).collect::<Vec<_>>()
        )),
    }
}

fn saying(expectation: &Expectation, said: &Said) -> Option<String> {
    let line = || [expectation.names.join(" "), expectation.text.clone().unwrap_or_default()];
    match expectation.verb.as_str() {
        "says" | "fails" => {
            let wanted = line().into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
            (!said.text.contains(&wanted)).then(|| format!("it does not say {wanted:?}"))
        }
        "quiet" => {
            let lines: Vec<&str> =
                said.beyond_the_summary().into_iter().filter(|line| speaks_of_identity(line)).collect();
            (!lines.is_empty()).then(|| format!("it is not quiet: {}", lines.join("\n")))
        }
        _ => None,
    }
}

fn speaks_of_identity(line: &str) -> bool {
    ["kept", "gone", "deckle ids", "new note", "history"].iter().any(|word| line.contains(word))
}

fn lock_lines(expectation: &Expectation, before: &Snapshot, after: &Snapshot) -> Option<String> {
    if expectation.verb != "lines" {
        return None;
    }
    let most: usize = expectation.names.first()?.parse().expect("a number of lines");
    let lines = |snapshot: &Snapshot| -> BTreeSet<String> { snapshot.lock.lines().map(str::to_owned).collect() };
    let (before, after) = (lines(before), lines(after));
    let found = [before.difference(&after).count(), after.difference(&before).count()];
    found.iter().any(|count| *count > most).then(|| format!("lines of the lock out and in: {found:?}"))
}

/// The lock is sorted, ends with a line, and its lines are short.
fn lock_form(lock: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if !lock.starts_with("deckle.lock 1\n") || !lock.ends_with('\n') || lock.contains('\r') {
        problems.push("the lock has no proper head or end".to_owned());
    }
    let notes: Vec<&str> =
        lock.lines().filter(|line| line.split(' ').next().is_some_and(|word| word.len() == 13)).collect();
    if !notes.is_sorted() {
        problems.push("the lock is not sorted".to_owned());
    }
    for line in notes {
        let most = if line.split(' ').nth(1) == Some("x") { TOMBSTONE } else { LIVE_LINE };
        if line.len() > most {
            problems.push(format!("{} bytes in the line {line}", line.len()));
        }
    }
    problems
}

fn patched(mut text: String, hunks: &[Hunk]) -> Result<String, String> {
    for Hunk { old, new } in hunks {
        let starts: Vec<usize> = text
            .match_indices(old.as_str())
            .map(|(at, _)| at)
            .filter(|at| text.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with('\n')))
            .collect();
        let [at] = starts.as_slice() else { return Err(format!("the text occurs {} times: {old:?}", starts.len())) };
        text.replace_range(*at..at + old.len(), new);
    }
    Ok(text)
}

datatest_stable::harness! {
    { test = history, root = "tests/histories", pattern = r"\.md$" },
}
