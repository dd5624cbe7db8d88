//! `deckle diff`: says what readers get who have one state of the notes and import another.

mod markdown;
mod marked;
mod page;
mod text;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::output::{Output, number};
use super::progress::Bar;
use super::{LockArgs, Status, messages};
use crate::files::World;
use crate::pipeline::{self, Compared, Counts, Difference, Failure, NoteChange, NoteDifference, State};

/// Compares two states; 1 where they differ, as `diff` does.
pub(super) fn run(args: &DiffArgs, output: &mut Output) -> Result<Status, Failure> {
    let world = World::system()?;
    let request = args.lock.request(&[])?;
    let state = |name: &Option<String>, usual: State| name.as_ref().map_or(usual, |name| state(name, &world));
    let [old, new] = [state(&args.old, State::LastBuild), state(&args.new, State::Now)];
    let bar = Bar::new(true);
    let compared = pipeline::difference(&world, &request, [&old, &new], &|step| bar.step(step))?;
    bar.clear();
    let difference = match compared {
        Compared::Difference(difference) => difference,
        Compared::Mistakes(compiled, name) => {
            output.diagnostics(&compiled, &messages(), &format!("; no package is made of {name}"));
            return Ok(Status::Mistakes);
        }
    };
    match args.format {
        Form::Text => output.result(&text::text(&difference, output.has_colours(), args.verbose)),
        Form::Markdown => output.result(&markdown::markdown(&difference)),
        Form::Html => output.result(&page::page(&difference)),
        Form::Json => output.json(&difference),
    }
    Ok(if difference.is_empty() { Status::Success } else { Status::Mistakes })
}

/// A package where a name says so, packages where there is such a folder, else a revision.
fn state(name: &str, world: &World) -> State {
    let is_package = Path::new(name).extension().is_some_and(|end| end.eq_ignore_ascii_case("apkg"));
    let is_folder = || world.is_folder(Path::new(name)).unwrap_or_default();
    if is_package || is_folder() { State::Packages(PathBuf::from(name)) } else { State::Revision(name.to_owned()) }
}

/// Arguments of `deckle diff`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  deckle diff                              what the next build changes for who has the last one
  deckle diff v1.2                         for who has what was tagged v1.2
  deckle diff HEAD~3 HEAD                  between two revisions
  deckle diff old.apkg dist/notes.apkg     between two packages, of whatever program
  deckle diff HEAD --format markdown       for a pull request

Exit status: 0 where nothing is different, 1 where something is or the notes have errors.")]
pub(super) struct DiffArgs {
    /// What readers have: a package (.apkg), a folder of packages, or a revision in git [default: the packages of the last build, else its deckle.lock]
    old: Option<String>,
    /// What they import: a package, a folder of packages, or a revision [default: what a build would make now]
    new: Option<String>,
    /// How to show it
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: Form,
    /// Show whole texts, and each note where many differ alike
    #[arg(short, long)]
    verbose: bool,
    #[command(flatten)]
    lock: LockArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Lines for a terminal
    Text,
    /// For a comment or a job's summary on a forge
    Markdown,
    /// A page of its own
    Html,
    /// One object
    Json,
}

/// `2 notes added, 1 updated`; what there is none of is left out, and so is what is as it was.
fn summary(difference: &Difference) -> String {
    let Counts { added, updated, dated, held_back, conflicting, gone, same } = difference.counts;
    let kinds = [
        (added, "added"),
        (updated, "updated"),
        (dated, "updated with the same text"),
        (held_back, "held back"),
        (conflicting, "in conflict"),
        (gone, "gone"),
    ];
    let mut parts: Vec<String> = Vec::new();
    for (count, what) in kinds.into_iter().filter(|(count, _)| *count > 0) {
        let count = if parts.is_empty() { number(count, "note") } else { count.to_string() };
        parts.push(format!("{count} {what}"));
    }
    match (parts.is_empty(), difference.is_empty()) {
        (true, true) => format!("nothing is different; {}", number(same, "note")),
        (true, false) => format!("{} as before", number(same, "note")),
        (false, _) => format!("{}; {same} as before", parts.join(", ")),
    }
}

/// What is to be known of the outcome, and what to do: lines.
fn remarks(difference: &Difference) -> Vec<String> {
    let Counts { held_back, conflicting, gone, .. } = difference.counts;
    let lost = difference.notes.iter().filter(|note| !note.cards_lost.is_empty()).count();
    let mut remarks = Vec::new();
    if !difference.unknown.is_empty() {
        remarks.push(
            "there are no packages of the last build: deckle.lock says which notes, deletions, note types and top-level \
             decks it had, and not their texts, tags and media"
                .to_owned(),
        );
    }
    if conflicting > 0 {
        remarks.push(format!(
            "{} of another note type: readers get nothing of that, unless they tick \"Merge note types\"",
            is_are(conflicting)
        ));
    }
    if held_back > 0 {
        remarks.push(format!(
            "{} with another text and no later date: readers keep theirs, unless they import with \"Update notes: Always\"",
            is_are(held_back)
        ));
    }
    if gone > 0 {
        let whom = if gone == 1 { "it" } else { "them" };
        remarks.push(format!("{} gone, and readers keep what they have of {whom}", is_are(gone)));
    }
    if lost > 0 {
        remarks
            .push("cards that a note lost stay with readers, empty, until they use Anki's \"Empty Cards\"".to_owned());
    }
    remarks
}

/// The notes to be shown one by one, and in few words those that are alike: notes of which only the tags differ, and the same
/// tags, with how many there are.
fn alike(difference: &Difference) -> (Vec<&NoteDifference>, Vec<(OtherTags<'_>, usize)>) {
    let mut counts: BTreeMap<OtherTags<'_>, usize> = BTreeMap::new();
    for tags in difference.notes.iter().filter_map(only_tags) {
        *counts.entry(tags).or_default() += 1;
    }
    counts.retain(|_, count| *count >= ALIKE);
    let is_single = |note: &&NoteDifference| only_tags(note).is_none_or(|tags| !counts.contains_key(&tags));
    (difference.notes.iter().filter(is_single).collect(), counts.into_iter().collect())
}

/// From so many notes on that are alike they are counted.
const ALIKE: usize = 3;

/// The tags that a note loses and gains, where nothing else of it differs.
fn only_tags(note: &NoteDifference) -> Option<OtherTags<'_>> {
    let [old, new] = note.tags.as_ref()?;
    let is_only = note.kind == NoteChange::Updated
        && note.fields.is_empty()
        && note.cards_gained.is_empty()
        && note.cards_lost.is_empty();
    is_only.then(|| tags(old, new))
}

/// The tags that are only old, and those that are only new.
type OtherTags<'a> = [Vec<&'a str>; 2];

fn tags<'a>(old: &'a [String], new: &'a [String]) -> OtherTags<'a> {
    let without = |tags: &'a [String], others: &[String]| {
        tags.iter().filter(|tag| !others.contains(tag)).map(String::as_str).collect()
    };
    [without(old, new), without(new, old)]
}

fn is_are(count: usize) -> String {
    format!("{} {}", number(count, "note"), if count == 1 { "is" } else { "are" })
}
