//! Every Markdown file under `tests/histories` is a test: the edits of a project, and who is who after each build.
//!
//! The prose at its top says what it shows. Steps follow, each with a line `=== …` at its head:
//!
//! - `=== write PATH`: the lines below become that file.
//! - `=== edit PATH`: the lines below are a patch. `-` goes, `+` comes, a space stays, and `@@` stands between two places.
//!   What goes and stays is found by its text, which must occur once.
//! - `=== move OLD -> NEW`, `=== delete PATH`: a file, or a folder with all in it.
//! - `=== revert`: notes and lock become what they were before the last build that changed the lock, as by `git revert`; the
//!   packages stay.
//! - `=== deckle ARGS`: runs deckle; `{name}` stands for that note's GUID. The lines below are what is expected.
//!
//! Paths are relative to the folder of the notes; `deckle.yaml`, `deckle.lock` and `templates` lie above it. Without a
//! `deckle.yaml`, the project has one, and the deck `History` is in effect.
//!
//! Of a build can be expected:
//!
//! - `new NAME: TEXT`: the note with this text has a GUID that no note had before; it is called NAME from now on.
//! - `edited NAME…`, `edited NAME: TEXT`: the GUID stays, the content differs, the modification time is the build's.
//! - `moved NAME…`: GUID, content and time stay; position, deck and package may be others.
//! - `gone NAME…`: no note has the GUID any more.
//! - `back NAME: TEXT`: a note that was gone has its GUID again.
//! - `dated NAME…`: GUID and content stay, the time is the build's.
//! - `order NAME…`: new cards come in this order, in one package.
//! - `cards NAME: 1 2`, `deck NAME: DECK`, `type NAME: TYPE`, `text NAME: TEXT`: the note has these cards, the first one
//!   being 1; they lie there; its note type is of that name; its fields hold that text.
//! - `lines N`: at most N lines of the lock were taken out, and at most N put in.
//!
//! Of every run:
//!
//! - `says TEXT`: stdout or stderr holds the text.
//! - `quiet`: neither speaks of identity.
//! - `fails: TEXT`: the status is not 0, and the text is said; neither lock nor package changed.
//!
//! A note that is not named in a build must be there with its old GUID, content, time and position. So a build after an
//! edit names all that the edit may touch. TEXT is the whole first field as a reader sees it, or else part of a note's
//! fields and `#tags` that no other note has. The notes of the first build are all new; those that later steps name get names.
//!
//! After each build, some things hold for every history. A later rebuild leaves lock and packages as they are, byte for
//! byte, and does not speak of identity. Nor does a build with `--frozen` in another folder, which has the lock and no
//! packages; it makes the same bytes. Modification times rise just where content changed. The lock is sorted, and its
//! lines are short.

#![expect(clippy::expect_used, reason = "a test fails by a panic")]

mod claims;
mod machine;
mod packed;
mod script;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;

use claims::{Notes, find, identity_of, lock_form, lock_lines, place, saying, speaking_of_identity, stays};
use machine::{DAY, Machine, START, Seen, Snapshot};
use script::{Expectation, Hunk, Step};

#[expect(clippy::needless_pass_by_value, reason = "datatest-stable hands the text over")]
fn history(_: &Path, text: String) -> datatest_stable::Result<()> {
    let machine = Machine::new();
    machine.write("deckle.yaml", "id: history\nname: History\ndeck: History\n");
    let mut history = History {
        machine,
        day: 0,
        committed: [None, None],
        names: BTreeMap::new(),
        notes: Notes::new(),
        gone: Notes::new(),
    };
    for (number, step) in script::read(&text).map_err(Problem)?.iter().enumerate() {
        history.take(step).map_err(|problem| Problem(format!("step {}: {problem}", number + 1)))?;
    }
    if history.names.is_empty() { Err("no build names a note".into()) } else { Ok(()) }
}

/// What is wrong; shown as it is, in several lines.
struct Problem(String);

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Problem {}

struct History {
    machine: Machine,
    /// Days since the history began; each run of deckle has one of its own.
    day: i64,
    /// What was committed before the last build that changed the lock, and now.
    committed: [Option<Machine>; 2],
    /// Name → GUID.
    names: BTreeMap<String, String>,
    /// The notes of the last build.
    notes: Notes,
    /// Those of earlier builds that the last one lacks, as they were.
    gone: Notes,
}

impl History {
    fn take(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Write { path, text } => self.machine.write(path, text),
            Step::Edit { path, hunks } => self.machine.write(path, &patched(self.machine.read(path), hunks)?),
            Step::Move { from, to } => self.machine.rename(from, to),
            Step::Delete { path } => {
                let path = self.machine.path_of(path);
                let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                gone.map_err(|error| format!("{}: {error}", path.display()))?;
            }
            Step::Revert => {
                self.machine.take_over(self.committed[0].as_ref().ok_or("nothing to revert to")?);
            }
            Step::Run { args, expectations } => {
                return self.run(args, expectations).map_err(|problem| format!("deckle {}: {problem}", args.join(" ")));
            }
        }
        Ok(())
    }

    fn run(&mut self, args: &[String], expectations: &[Expectation]) -> Result<(), String> {
        let args: Vec<String> = args.iter().map(|arg| self.with_guids(arg)).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        self.day += 1;
        let time = START + self.day * DAY;
        let before = self.machine.snapshot();
        let said = self.machine.deckle(&args, time);
        let after = self.machine.snapshot();
        let must_fail = expectations.iter().any(|expectation| expectation.verb == "fails");
        if said.is_success == must_fail {
            return Err(format!("it said:\n{}", said.text));
        }
        let mut problems: Vec<String> = expectations.iter().filter_map(|one| saying(one, &said)).collect();
        if must_fail && after != before {
            problems.push("a run that fails leaves lock and packages as they were".to_owned());
        }
        if after.lock != before.lock {
            self.committed = [self.committed[1].take(), Some(self.machine.checkout())];
        }
        if !must_fail && args.first() == Some(&"build") {
            problems.extend(self.check_build(expectations, &after, time)?);
            problems.extend(expectations.iter().filter_map(|one| lock_lines(one, &before, &after)));
            problems.extend(lock_form(&after.lock));
            problems.extend(self.rebuild(&args, &after, time));
        }
        if problems.is_empty() { Ok(()) } else { Err(format!("{}\nit said:\n{}", problems.join("\n"), said.text)) }
    }

    fn with_guids(&self, arg: &str) -> String {
        self.names.iter().fold(arg.to_owned(), |arg, (name, guid)| arg.replace(&format!("{{{name}}}"), guid))
    }

    /// Looks who is who after a build; gives what is not as it was meant.
    fn check_build(
        &mut self,
        expectations: &[Expectation],
        after: &Snapshot,
        time: i64,
    ) -> Result<Vec<String>, String> {
        let notes = after.notes()?;
        let mut problems = Vec::new();
        let mut named = BTreeSet::new();
        for expectation in expectations {
            let mut change = Change { notes: &notes, named: &mut named, time };
            problems.extend(self.check(expectation, &mut change)?);
        }
        if !self.notes.is_empty() {
            problems.extend(self.check_others(&notes, &named));
        }
        problems.extend(self.check_times(&notes, &named));
        self.gone.append(&mut self.notes);
        self.gone.retain(|guid, _| !notes.contains_key(guid));
        self.notes = notes;
        Ok(problems)
    }

    fn check(&mut self, expectation: &Expectation, change: &mut Change<'_>) -> Result<Vec<String>, String> {
        let Expectation { verb, names, text } = expectation;
        if verb == "new" {
            let [name] = names.as_slice() else { return Err("`new` takes one name".to_owned()) };
            return self.check_new(name, text.as_deref().unwrap_or(name), change).map(Vec::from_iter);
        }
        let Some(claim) = identity_of(verb) else { return self.check_place(expectation, change.notes) };
        let mut problems = Vec::new();
        for name in names {
            let guid = self.guid(name)?.clone();
            change.named.insert(guid.clone());
            let problem = claim(self.notes.get(&guid), change.notes.get(&guid), change.time);
            problems.extend(problem.map(|problem| format!("{name} ({guid}) is not {verb}: {problem}")));
            let found = text.as_ref().map(|text| find(change.notes, text)).transpose()?;
            let other = found.filter(|found| found.note.guid != guid);
            problems.extend(other.map(|other| format!("{name} ({guid}) is not {}: {}", other.note.guid, other.text())));
        }
        Ok(problems)
    }

    fn check_new(&mut self, name: &str, text: &str, change: &mut Change<'_>) -> Result<Option<String>, String> {
        let guid = find(change.notes, text)?.note.guid.clone();
        let old = self.notes.get(&guid).or_else(|| self.gone.get(&guid));
        let problem = old.map(|old| format!("{name} is not new: {guid} was that of {}", old.text()));
        change.named.insert(guid.clone());
        match self.names.insert(name.to_owned(), guid) {
            Some(_) => Err(format!("{name} names another note already")),
            None => Ok(problem),
        }
    }

    fn check_place(&self, expectation: &Expectation, notes: &Notes) -> Result<Vec<String>, String> {
        if ["says", "quiet", "lines", "fails"].contains(&expectation.verb.as_str()) {
            return Ok(Vec::new());
        }
        let mut named = Vec::new();
        for name in &expectation.names {
            let guid = self.guid(name)?;
            named.push(notes.get(guid).ok_or_else(|| format!("{name} ({guid}) is not there"))?);
        }
        place(expectation, &named).map(Vec::from_iter)
    }

    /// Notes that no expectation names are as they were, and none of them came or went.
    fn check_others(&self, notes: &Notes, named: &BTreeSet<String>) -> Vec<String> {
        let all = self.notes.keys().chain(notes.keys()).filter(|guid| !named.contains(*guid));
        let problem = |guid: &String| match (self.notes.get(guid), notes.get(guid)) {
            (None, Some(seen)) => Some(format!("{guid} came: {}", seen.text())),
            (Some(seen), None) => Some(format!("{guid} went: {}", seen.text())),
            (Some(old), Some(new)) => stays(old, new).map(|problem| format!("{guid}, {}: {problem}", new.front())),
            (None, None) => None,
        };
        all.collect::<BTreeSet<&String>>().into_iter().filter_map(problem).collect()
    }

    /// Content differs just where the time does, but for notes that were said to be dated anew, or to be back.
    fn check_times(&self, notes: &Notes, named: &BTreeSet<String>) -> Vec<String> {
        let problem = |(guid, new): (&String, &Seen)| {
            let old = self.notes.get(guid).or_else(|| self.gone.get(guid))?;
            let rose = new.note.modified > old.note.modified;
            let what = match (rose, new.is_like(old)) {
                (true, true) if !named.contains(guid) => "dated anew without a change",
                (false, false) => "changed in silence",
                (true | false, true) | (true, false) => return None,
            };
            Some(format!("{guid}, {}: {what}", new.front()))
        };
        notes.iter().filter_map(problem).collect()
    }

    /// Builds again at a later time, here and on another machine: nothing may differ, and there is nothing to say.
    fn rebuild(&self, args: &[&str], after: &Snapshot, time: i64) -> Vec<String> {
        let again = self.machine.deckle(args, time + DAY / 2);
        let mut problems = Vec::new();
        if !again.is_success || self.machine.snapshot() != *after {
            problems.push(format!("a rebuild differs; it said:\n{}", again.text));
        }
        let frozen = ["--frozen"].into_iter().filter(|flag| !args.contains(flag));
        let other = self.machine.checkout();
        let there = other.deckle(&args.iter().copied().chain(frozen).collect::<Vec<_>>(), time + DAY / 2);
        let made = other.snapshot();
        let is_same = made.packages.iter().all(|(name, bytes)| after.packages.get(name) == Some(bytes));
        if !there.is_success || made.lock != after.lock || made.packages.is_empty() || !is_same {
            problems.push(format!("a frozen build elsewhere differs; it said:\n{}", there.text));
        }
        let spoken = [&again, &there].map(speaking_of_identity);
        problems.extend(spoken.into_iter().flatten().map(|line| format!("a rebuild says: {line}")));
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
