//! Keeps the questions of builds about who is who until they are answered: a file beside the packages.
//!
//! Knows nothing of how they are put. Without the file nothing is lost but the questions: each was said by its build.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::published::texts_of;
use super::{Compiled, Failure, Identity, keep, split};
use crate::Error;
use crate::files::{self, NewFile, World};
use crate::identity::{self, Lock, Score};
use crate::ir::{Guid, SideTexts, side_texts};

/// The file's name, in the output folder: a line of JSON a question.
const FILE: &str = ".deckle-questions";

/// A note that may be another one than deckle took it for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenQuestion {
    /// The GUID that it has now.
    pub new: String,
    /// The GUID that it might have.
    pub old: String,
    /// How the old note's text began.
    pub was: String,
    /// Where the old note stood, as messages name files; `None` where it was gone before.
    pub old_path: Option<String>,
    /// How alike they are, in thousandths.
    pub score: i32,
    /// Whether another note has the old one's GUID and would have to give it back.
    pub is_taken: bool,
    /// The old note's front and back, where a package had them when it was asked: the first [`MOST_TEXT`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sides: Option<[String; 2]>,
    /// Whether packages were looked at for them: those that lie there later have no older text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_sought: bool,
}

/// So much is kept of a side, in characters: more than anybody reads to know a note again.
const MOST_TEXT: usize = 4000;

impl OpenQuestion {
    fn of(question: &identity::Question, is_taken: bool) -> Self {
        let Score(score) = question.score;
        let (new, old) = (question.guid.to_string(), question.old.to_string());
        let (was, old_path) = (question.was.clone(), question.path.clone());
        Self { new, old, was, old_path, score, is_taken, sides: None, is_sought: false }
    }

    /// Whether the answer could still be yes.
    fn is_open(&self, lock: &Lock) -> bool {
        let (new, old) = (Guid(self.new.clone()), Guid(self.old.clone()));
        let is_there = lock.note(&old).is_some();
        new != old && lock.note(&new).is_some() && (lock.tombstone(&old).is_some() || self.is_taken && is_there)
    }

    /// The commands that answer yes; `option` names the lock, where they do not find it by themselves.
    pub fn command(&self, option: &str) -> String {
        let Self { new, old, is_taken, .. } = self;
        let keep = format!("deckle ids keep {old} {new}{option}");
        if *is_taken { format!("deckle ids split {old}{option} && {keep}") } else { keep }
    }
}

/// All questions without an answer, those of this compilation and of earlier builds, the likeliest first.
///
/// # Errors
/// The file cannot be read.
pub fn open_questions(world: &World, compiled: &Compiled) -> Result<Vec<OpenQuestion>, Failure> {
    let Some(identity) = &compiled.identity else { return Ok(Vec::new()) };
    let earlier = world.read_text_if_there(&path(compiled))?;
    let questions = merged(identity, earlier.as_ref().map_or("", |file| file.text.as_str()));
    Ok(with_sides(world, compiled, questions))
}

/// Adds what the packages have of the old notes, which is gone when the build puts others in their place.
fn with_sides(world: &World, compiled: &Compiled, mut questions: Vec<OpenQuestion>) -> Vec<OpenQuestion> {
    let is_unknown = |question: &&OpenQuestion| question.sides.is_none() && !question.is_sought;
    let guids: BTreeSet<String> = questions.iter().filter(is_unknown).map(|question| question.old.clone()).collect();
    let texts = texts_of(world, &compiled.plan.out, &compiled.collection.id, &guids, MOST_TEXT);
    for question in questions.iter_mut().filter(|question| is_unknown(&&**question)) {
        question.sides = texts.get(&question.old).map(|texts| texts.sides.clone());
        question.is_sought = true;
    }
    questions
}

/// The front and back of the note that a question is about, as the packages' texts are.
pub fn new_sides(compiled: &Compiled, question: &OpenQuestion) -> Option<[String; 2]> {
    let note = compiled.collection.notes.iter().find(|note| note.guid.0 == question.new)?;
    let SideTexts { front, back, .. } = side_texts(note);
    Some([front, back].map(|side| side.chars().take(MOST_TEXT).collect()))
}

/// The note is the old one. The lock is written at once.
///
/// # Errors
/// The answer makes no sense any more, or the lock cannot be written.
pub fn answer_yes(compiled: &mut Compiled, question: &OpenQuestion) -> Result<(), Failure> {
    let (old, new) = (Guid(question.old.clone()), Guid(question.new.clone()));
    let lock = compiled.identity.as_ref().map(|identity| &identity.lock);
    if question.is_taken && lock.is_some_and(|lock| lock.note(&old).is_some()) {
        split(compiled, &old)?;
    }
    keep(compiled, &old, &new)
}

/// Leaves these questions, and no others, to be asked again.
///
/// # Errors
/// The file cannot be written.
pub fn leave_open(compiled: &Compiled, questions: &[OpenQuestion]) -> Result<(), Failure> {
    let Some(identity) = &compiled.identity else { return Ok(()) };
    let path = path(compiled);
    let open: Vec<&OpenQuestion> = questions.iter().filter(|question| question.is_open(&identity.lock)).collect();
    let text = to_text(open.into_iter());
    Ok(File { path, text }.put(&compiled.plan.out)?)
}

/// The file as it is to be.
pub(super) struct File {
    path: PathBuf,
    text: String,
}

impl File {
    /// Writes it, or takes it away where nothing is left to ask.
    ///
    /// # Errors
    /// It cannot be written or removed.
    pub(super) fn put(self, out: &Path) -> Result<(), Error> {
        if self.text.is_empty() {
            return files::remove_all(out, &[self.path]);
        }
        files::write_all(&[NewFile::new(self.path, self.text).within(out)]).map(drop)
    }
}

/// The file as a build leaves it; `None` where there was none and there is nothing to ask.
pub(super) fn file(world: &World, compiled: &Compiled) -> Option<File> {
    let identity = compiled.identity.as_ref()?;
    let path = path(compiled);
    // What cannot be read is no reason to build nothing.
    let earlier = world.read_text_if_there(&path).ok().flatten();
    let questions = merged(identity, earlier.as_ref().map_or("", |file| file.text.as_str()));
    let questions = with_sides(world, compiled, questions);
    let is_wanted = earlier.is_some() || !questions.is_empty();
    is_wanted.then(|| File { path, text: to_text(questions.iter()) })
}

fn path(compiled: &Compiled) -> PathBuf {
    compiled.plan.out.join(FILE)
}

fn to_text<'a>(questions: impl Iterator<Item = &'a OpenQuestion>) -> String {
    questions.filter_map(|question| Some(serde_json::to_string(question).ok()? + "\n")).collect()
}

/// Those of a compilation before those of earlier builds, then by how alike the notes are; each pair once.
fn merged(identity: &Identity, earlier: &str) -> Vec<OpenQuestion> {
    let report = &identity.report;
    let asked = report.near.iter().chain(&report.ties).map(|question| OpenQuestion::of(question, false));
    let taken = report.halves.iter().map(|question| OpenQuestion::of(question, true));
    let known = earlier.lines().filter_map(|line| serde_json::from_str::<OpenQuestion>(line).ok());
    let known: Vec<OpenQuestion> = known.collect();
    let pair = |question: &OpenQuestion| (question.new.clone(), question.old.clone());
    let by_pair: BTreeMap<(String, String), &OpenQuestion> = known.iter().map(|known| (pair(known), known)).collect();
    let mut asked: Vec<OpenQuestion> = asked.chain(taken).collect();
    for question in &mut asked {
        // What is asked again was looked for.
        if let Some(same) = by_pair.get(&pair(question)) {
            (question.sides, question.is_sought) = (same.sides.clone(), same.is_sought);
        }
    }
    let mut seen = BTreeSet::new();
    let all = asked.into_iter().chain(known);
    let mut open: Vec<OpenQuestion> =
        all.filter(|question| question.is_open(&identity.lock) && seen.insert(pair(question))).collect();
    open.sort_by_key(|question| std::cmp::Reverse(question.score));
    open
}
