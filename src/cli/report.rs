//! Turns what identity reports into lines: one a note, with its place and the command that answers it.
//!
//! Knows nothing of how notes are told from each other.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use super::output::{Output, number, size};
use super::{MessageFormat, ReadArgs};
use crate::identity::{
    Double, Gone, Kept, Loss, MovedId, Question, Redecked, Renumbered, Report, Repositioned, Score, TakenBack,
};
use crate::pipeline::{Compiled, PlaceFinder, Refusal};
use crate::text::day::day;
use crate::text::hidden;

/// So many lines of a kind are shown, unless more are asked for: what is longer is an event of its own, not a list to read.
const SHOWN: usize = 10;

/// Shows the report of a build: for people on stderr, or as JSON lines on stdout.
pub(super) fn show(compiled: &Compiled, args: &ReadArgs, output: &mut Output) {
    let Some(identity) = &compiled.identity else { return };
    let entries = entries(compiled, &identity.report, &identity.option);
    match args.message_format {
        MessageFormat::Json => entries.iter().for_each(|entry| output.json(entry)),
        MessageFormat::Human if args.quiet => {}
        MessageFormat::Human => {
            output.message(&lines(&entries, args.verbose));
            if let Some(newest) = identity.report.newer_than_epoch {
                output.warning(&format!(
                    "SOURCE_DATE_EPOCH is older than the last change in deckle.lock ({newest}); edited notes get later times"
                ));
            }
        }
    }
}

/// Says that images are not in the printed pages, where nobody said where they are.
pub(super) fn show_images_beside(bytes: u64, args: &ReadArgs, output: &mut Output) {
    match args.message_format {
        MessageFormat::Json => output.json(&Entry::ImagesBeside { bytes }),
        MessageFormat::Human if args.quiet => {}
        MessageFormat::Human => output.message(&format!(
            "the images of the printed pages ({}) lie beside them in print/media; `print: {{images: inline}}` puts them in\n",
            size(bytes)
        )),
    }
}

/// Says which packages lie there that nothing is made for any more: what is imported of them is of yesterday for good.
pub(super) fn show_stale(packages: &[String], args: &ReadArgs, output: &mut Output) {
    for path in packages {
        match args.message_format {
            MessageFormat::Json => output.json(&Entry::StalePackage { path: path.clone() }),
            MessageFormat::Human if args.quiet => {}
            MessageFormat::Human => output.warning(&format!(
                "{} is of an earlier build, and no deck makes it any more: its notes are in other packages now, or gone; take it away, and publish the others",
                hidden::shown(path)
            )),
        }
    }
}

/// Says why the lock forbade to write.
pub(super) fn refuse(refusal: &Refusal, compiled: &Compiled, args: &ReadArgs, output: &mut Output) {
    let (refused, help) = match refusal {
        Refusal::NoLock => {
            let text = "there is no deckle.lock, and `--frozen` makes none; nothing was written".to_owned();
            (Entry::NoLock, (text, "run `deckle build` and commit deckle.lock".to_owned()))
        }
        Refusal::Frozen => {
            let changes = compiled.identity.as_ref().map(|identity| changes(&identity.report)).unwrap_or_default();
            let changes =
                if changes.is_empty() { "notes stand elsewhere or have other ids".to_owned() } else { changes };
            let text = format!("deckle.lock would change ({changes}); nothing was written");
            let is_behind = compiled.identity.as_ref().is_some_and(|identity| !identity.report.overtaken.is_empty());
            let other = if is_behind { ", or remove packages of earlier builds that were never published" } else { "" };
            (Entry::Frozen { changes }, (text, format!("run `deckle build` and commit deckle.lock{other}")))
        }
        Refusal::LostLock(remedy) => {
            let text = "readers would get notes once more, for the lock is lost or lines of it; nothing was written";
            let help = "mend it as is said above; `--accept-loss` begins anew".to_owned();
            (Entry::LostLock { remedy: remedy.clone() }, (text.to_owned(), help))
        }
        Refusal::Loss(losses) => {
            let lost = losses.iter().map(|loss| format!("{} of {} notes of {}", loss.lost, loss.had, loss.deck));
            let text = format!("{} would be gone; nothing was written", lost.collect::<Vec<_>>().join(", "));
            let losses = losses.iter().map(LossEntry::new).collect();
            (Entry::Loss { losses }, (text, "if that is meant, `--accept-loss` says so".to_owned()))
        }
    };
    if args.message_format == MessageFormat::Json {
        output.json(&refused);
    }
    output.error(&help.0);
    output.message(&format!("{}\n", help.1));
}

/// `3 notes new, 1 edited, 2 gone`; empty where nothing of that happened.
pub(super) fn changes(report: &Report) -> String {
    let counts = [
        (report.new, "new"),
        (report.edited, "edited"),
        (report.gone.len(), "gone"),
        (report.revived, "back"),
        (report.forgotten, "forgotten"),
        (report.overtaken.notes.len(), "taken back"),
    ];
    let mut words: Vec<String> = Vec::new();
    for (count, word) in counts.into_iter().filter(|(count, _)| *count > 0) {
        let count = if words.is_empty() { number(count, "note") } else { count.to_string() };
        words.push(format!("{count} {word}"));
    }
    words.join(", ")
}

/// A line of the report. The names of kinds and fields are stable.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Entry {
    /// A note kept its GUID by resemblance.
    Kept(NoteEntry),
    /// A new note may be an old one.
    Near(NoteEntry),
    /// A note may be one of several old ones.
    Tie(NoteEntry),
    /// A new note is like an old one that another note is now.
    Half(NoteEntry),
    /// A note is of another note type than the old one that it resembles.
    Crossed(NoteEntry),
    /// A note is gone.
    Gone {
        path: String,
        guid: String,
        was: String,
        search: String,
        /// What finds it by its text.
        #[serde(skip_serializing_if = "Option::is_none")]
        text_search: Option<String>,
        /// Where a note with the same text stands.
        #[serde(skip_serializing_if = "Option::is_none")]
        twin: Option<TwinEntry>,
    },
    /// Notes of a package were put further apart.
    Repositioned { deck: String, notes: usize },
    /// A note type has another id.
    Raised { note_type: &'static str, import_option: &'static str },
    /// A note has the explicit id of another one.
    MovedId {
        path: String,
        line: usize,
        guid: String,
        id: String,
        was: String,
        /// Where the other one's text stands.
        #[serde(skip_serializing_if = "Option::is_none")]
        stands: Option<String>,
    },
    /// A note got the GUID of another one on another branch, and has its own now.
    Double { path: String, line: usize, guid: String, old: String, elder: String, command: String },
    /// Deletions have other numbers than they had.
    Renumbered { path: String, line: usize, deletions: Vec<DeletionEntry> },
    /// Notes went to another top-level deck.
    Redecked { from: String, to: String, notes: usize, is_whole: bool },
    /// Readers have a later edition of a note, and another.
    TakenBack { path: String, line: usize, guid: String, was: String, modified: i64 },
    /// Readers have a later edition of a note type's style.
    StyleTakenBack { note_type: &'static str },
    /// `SOURCE_DATE_EPOCH` is older than the lock's newest change.
    OldEpoch { newest: i64 },
    /// The images of printed pages lie beside them.
    ImagesBeside { bytes: u64 },
    /// A package that no deck makes any more.
    StalePackage { path: String },
    /// There is no lock.
    NoLock,
    /// The lock would change.
    Frozen { changes: String },
    /// The lock is lost, or lines of it.
    LostLock { remedy: String },
    /// Decks would lose many notes.
    Loss { losses: Vec<LossEntry> },
}

#[derive(Debug, Serialize)]
struct NoteEntry {
    path: String,
    line: usize,
    column: usize,
    guid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<String>,
    was: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_path: Option<String>,
    /// 0 to 1.
    score: f64,
    /// What to run if deckle is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
}

#[derive(Debug, Serialize)]
struct TwinEntry {
    path: String,
    line: usize,
    guid: String,
}

#[derive(Debug, Serialize)]
struct DeletionEntry {
    text: String,
    was: u16,
    is: u16,
}

#[derive(Debug, Serialize)]
struct LossEntry {
    deck: String,
    lost: usize,
    had: usize,
}

impl LossEntry {
    fn new(loss: &Loss) -> Self {
        Self { deck: loss.deck.clone(), lost: loss.lost, had: loss.had }
    }
}

/// Below, two notes are not alike but by chance: the one stands where the other stood.
const ALIKE: f64 = 0.3;

/// The option of Anki's import dialogue that converts notes to a note type of another id.
const MERGE: &str = "Merge note types";

fn entries(compiled: &Compiled, report: &Report, option: &str) -> Vec<Entry> {
    let mut places = compiled.places();
    let mut entries: Vec<Entry> = Vec::new();
    for Kept { span, guid, was, score, .. } in &report.kept {
        let (path, line, column) = places.of(*span);
        let command = Some(format!("deckle ids split {guid}{option}"));
        let score = likeness(*score);
        let (guid, was) = (guid.to_string(), was.clone());
        entries.push(Entry::Kept(NoteEntry {
            path,
            line,
            column,
            guid,
            old: None,
            was,
            old_path: None,
            score,
            command,
        }));
    }
    let keep = |old: &str, guid: &str| Some(format!("deckle ids keep {old} {guid}{option}"));
    let take =
        |old: &str, guid: &str| Some(format!("deckle ids split {old}{option} && deckle ids keep {old} {guid}{option}"));
    let no_way = |_: &str, _: &str| None;
    let mut question = |question: &Question, command: &dyn Fn(&str, &str) -> Option<String>| {
        let (path, line, column) = places.of(question.span);
        let (guid, old) = (question.guid.to_string(), question.old.to_string());
        let command = command(&old, &guid);
        let score = likeness(question.score);
        let (old, was, old_path) = (Some(old), question.was.clone(), question.path.clone());
        NoteEntry { path, line, column, guid, old, was, old_path, score, command }
    };
    entries.extend(likeliest(&report.near).map(|near| Entry::Near(question(near, &keep))));
    entries.extend(report.ties.iter().map(|tie| Entry::Tie(question(tie, &keep))));
    entries.extend(likeliest(&report.halves).map(|half| Entry::Half(question(half, &take))));
    entries.extend(report.crossed.iter().map(|crossed| Entry::Crossed(question(crossed, &no_way))));
    let mut gone: Vec<&Gone> = report.gone.iter().collect();
    gone.sort_by(|one, next| (&one.path, &one.excerpt).cmp(&(&next.path, &next.excerpt)));
    entries.extend(gone.into_iter().map(|gone| Entry::Gone {
        path: gone.path.clone(),
        guid: gone.guid.to_string(),
        was: gone.excerpt.clone(),
        search: gone.search.clone(),
        text_search: gone.text_search.clone(),
        twin: gone.twin.as_ref().map(|(span, guid)| {
            let (path, line, _) = places.of(*span);
            TwinEntry { path, line, guid: guid.to_string() }
        }),
    }));
    entries.extend(moves(report, option, &mut places));
    let repositioned = report.repositioned.iter();
    entries.extend(
        repositioned.map(|Repositioned { deck, notes }| Entry::Repositioned { deck: deck.clone(), notes: *notes }),
    );
    let raised = report.raised.iter().map(|key| Entry::Raised { note_type: key.as_str(), import_option: MERGE });
    entries.extend(raised);
    entries.extend(report.newer_than_epoch.map(|newest| Entry::OldEpoch { newest }));
    entries
}

/// What became of ids, numbers of deletions, decks, and what readers have.
fn moves(report: &Report, option: &str, places: &mut PlaceFinder<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for MovedId { span, guid, id, was, stands } in &report.moved_ids {
        let (path, line, _) = places.of(*span);
        let stands = stands.map(|stands| {
            let (path, line, _) = places.of(stands);
            format!("{path}:{line}")
        });
        let (guid, id, was) = (guid.to_string(), id.clone(), was.clone());
        entries.push(Entry::MovedId { path, line, guid, id, was, stands });
    }
    for Double { guid: old, elder, younger } in &report.doubles {
        let (path, line, _) = places.of(*elder);
        let elder = format!("{path}:{line}");
        entries.extend(younger.iter().map(|(span, guid)| {
            let (path, line, _) = places.of(*span);
            let (guid, old, elder) = (guid.to_string(), old.to_string(), elder.clone());
            let command = format!("deckle ids split {old}{option} && deckle ids keep {old} {guid}{option}");
            Entry::Double { path, line, guid, old, elder, command }
        }));
    }
    for (span, deletions) in &report.renumbered {
        let (path, line, _) = places.of(*span);
        let entry = |found: &Renumbered| DeletionEntry { text: found.text.clone(), was: found.was, is: found.is };
        entries.push(Entry::Renumbered { path, line, deletions: deletions.iter().map(entry).collect() });
    }
    entries.extend(report.redecked.iter().map(|Redecked { from, to, notes, is_whole }| Entry::Redecked {
        from: from.clone(),
        to: to.clone(),
        notes: *notes,
        is_whole: *is_whole,
    }));
    entries.extend(report.overtaken.notes.iter().map(|TakenBack { span, guid, was, modified }| {
        let (path, line, _) = places.of(*span);
        Entry::TakenBack { path, line, guid: guid.to_string(), was: was.clone(), modified: *modified }
    }));
    let styles = report.overtaken.note_types.iter().map(|key| Entry::StyleTakenBack { note_type: key.as_str() });
    entries.extend(styles);
    entries
}

/// The likeliest first, then as they stand.
fn likeliest(questions: &[Question]) -> impl Iterator<Item = &Question> {
    let mut questions: Vec<&Question> = questions.iter().collect();
    questions.sort_by_key(|question| std::cmp::Reverse(question.score));
    questions.into_iter()
}

/// `28 of es.md, 3 of fr.md`: where questions that are not shown are, the files with most of them first.
fn by_file(questions: &[Entry]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for question in questions {
        if let Entry::Near(note) | Entry::Tie(note) | Entry::Half(note) = question {
            *counts.entry(&note.path).or_default() += 1;
        }
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let named: Vec<String> = counts.iter().take(3).map(|(path, count)| format!("{count} of {path}")).collect();
    if counts.len() > 3 { format!("{}, …", named.join(", ")) } else { named.join(", ") }
}

/// The lines for people; of each kind only the first, unless all are wanted.
fn lines(entries: &[Entry], all: bool) -> String {
    let mut text = String::new();
    for kind in entries.chunk_by(|one, next| std::mem::discriminant(one) == std::mem::discriminant(next)) {
        let shown = if all || kind.len() <= SHOWN + 1 { kind.len() } else { SHOWN };
        for line in kind.iter().take(shown).filter_map(line) {
            text.push_str(&hidden::shown(&line));
            text.push('\n');
        }
        let others = kind.get(shown..).unwrap_or_default();
        if matches!(others.first(), Some(Entry::Near(_) | Entry::Tie(_) | Entry::Half(_))) {
            let (count, files) = (number(others.len(), "more question"), by_file(others));
            let _ = writeln!(text, "… and {count} ({}); `deckle ids review` goes through them", hidden::shown(&files));
        } else if !others.is_empty() {
            let _ = writeln!(text, "… and {} more like these; `-v` shows all", kind.len() - shown);
        }
    }
    text
}

/// An entry for people; `None` for what is told elsewhere.
fn line(entry: &Entry) -> Option<String> {
    Some(match entry {
        Entry::Kept(NoteEntry { path, line, was, score, command, .. }) => {
            let command = command.as_deref().unwrap_or_default();
            let score = shown(*score);
            format!("{path}:{line}: kept ({score} like \"{was}\"); if it is another note: `{command}`")
        }
        Entry::Near(note) => {
            let NoteEntry { path, line, score, command, .. } = note;
            let (command, old) = (command.as_deref().unwrap_or_default(), old(note));
            if *score < ALIKE {
                format!("{path}:{line}: new, where {old} stood; if it is that one: `{command}`")
            } else {
                format!("{path}:{line}: new, but {} like {old}; if it is that one: `{command}`", shown(*score))
            }
        }
        Entry::Half(note) => {
            let NoteEntry { path, line, score, command, .. } = note;
            let (command, old, score) = (command.as_deref().unwrap_or_default(), old(note), shown(*score));
            format!(
                "{path}:{line}: new, but {score} like {old}, which another note is now; if it is that one: `{command}`"
            )
        }
        Entry::Tie(note) => {
            let NoteEntry { path, line, score, command, .. } = note;
            let (command, old, score) = (command.as_deref().unwrap_or_default(), old(note), shown(*score));
            format!(
                "{path}:{line}: new, for it is {score} like {old} and as much like another; if it is that one: `{command}`"
            )
        }
        Entry::Crossed(note) => {
            let (path, line, old) = (&note.path, note.line, old(note));
            format!("{path}:{line}: new: Anki cannot turn {old} into a note of another note type")
        }
        Entry::Gone { path, was, search, text_search, twin, .. } => {
            let place = if path.is_empty() { String::new() } else { format!("{path}: ") };
            let twin =
                twin.as_ref().map(|twin| format!("the same text is {} at {}:{}; ", twin.guid, twin.path, twin.line));
            let (twin, by_text) = (twin.unwrap_or_default(), by_text(text_search.as_deref()));
            format!("{place}gone: \"{was}\"; {twin}to find it in Anki: {search}{by_text}")
        }
        Entry::Repositioned { deck, notes } => repositioned(deck, *notes),
        Entry::Raised { note_type, import_option } => {
            format!("the note type {note_type} has other fields or cards: tick \"{import_option}\" when you import")
        }
        Entry::MovedId { path, line, id, was, stands, .. } => moved_id(path, *line, id, was, stands.as_deref()),
        Entry::Double { path, line, old, elder, command, .. } => double(path, *line, old, elder, command),
        Entry::Renumbered { path, line, deletions } => renumbered(path, *line, deletions),
        Entry::Redecked { from, to, notes, is_whole } => redecked(from, to, *notes, *is_whole),
        Entry::TakenBack { path, line, modified, .. } => {
            taken_back(&format!("{path}:{line}"), &format!("text of this note, of {}", day(*modified)))
        }
        Entry::StyleTakenBack { note_type } => taken_back("templates", &format!("style of the note type {note_type}")),
        Entry::OldEpoch { .. }
        | Entry::ImagesBeside { .. }
        | Entry::StalePackage { .. }
        | Entry::NoLock
        | Entry::Frozen { .. }
        | Entry::LostLock { .. }
        | Entry::Loss { .. } => return None,
    })
}

/// The search for readers whose note has another id: that was another's when they imported it.
fn by_text(search: Option<&str>) -> String {
    search.map_or_else(String::new, |search| format!("; if that finds nothing: {search}"))
}

/// Positions of notes that readers have stay as they are in Anki.
fn repositioned(deck: &str, notes: usize) -> String {
    format!(
        "{deck}: {} moved further apart among new cards, since there was no room between two; who has them keeps their old \
         places, so that what is new may come a little early or late",
        number(notes, "note")
    )
}

/// The lock is behind a package: it went back, or that is of another branch.
fn taken_back(place: &str, what: &str) -> String {
    format!(
        "{place}: a package of an earlier build has a later {what}; dated anew, so that an import brings this one to \
         readers who have that: commit deckle.lock, or remove the package where it was never published"
    )
}

/// An id is who a note is, whatever it says.
fn moved_id(path: &str, line: usize, id: &str, was: &str, stands: Option<&str>) -> String {
    let other = match stands {
        Some(stands) => format!("that one, at {stands}, is new to readers"),
        None => "that one is not there any more".to_owned(),
    };
    format!(
        "{path}:{line}: its id `{id}` moved here from \"{was}\", and readers' reviews of that with it; {other}: put the id back unless that is meant"
    )
}

/// Two branches gave two notes the GUID of one birth.
fn double(path: &str, line: usize, old: &str, elder: &str, command: &str) -> String {
    format!(
        "{path}:{line}: new, for {elder} asks the same, got the same GUID on another branch ({old}) and is the elder; if readers are to keep this one: `{command}`"
    )
}

/// Numbers are cards: a text that has another number is asked on another card.
fn renumbered(path: &str, line: usize, deletions: &[DeletionEntry]) -> String {
    let one = |found: &DeletionEntry| {
        let text: String = found.text.chars().take(EXCERPT).collect();
        format!("\"{text}\" was c{} and is c{}", found.was, found.is)
    };
    let few: Vec<String> = deletions.iter().take(FEW).map(one).collect();
    let more = if deletions.len() > FEW { ", and so on" } else { "" };
    format!(
        "{path}:{line}: {}{more}: readers' reviews stay with the number, and go on with another text; leave each text its number, and give new ones numbers that no text had",
        few.join(", ")
    )
}

/// Of a deletion so many characters are shown.
const EXCERPT: usize = 30;

/// Of a note so many deletions are shown.
const FEW: usize = 3;

/// Anki files a note's cards once, when it is new.
fn redecked(from: &str, to: &str, notes: usize, is_whole: bool) -> String {
    let notes = number(notes, "note");
    if is_whole {
        format!(
            "the deck \"{from}\" is \"{to}\" now ({notes}): readers keep their cards in \"{from}\", and get only new ones in \"{to}\", unless they rename the deck in Anki before they import"
        )
    } else {
        format!(
            "{notes} went from the deck \"{from}\" to \"{to}\": readers who have them keep their cards where they are, until they move them in Anki"
        )
    }
}

/// The old note that a question is about.
fn old(note: &NoteEntry) -> String {
    match &note.old_path {
        Some(path) => format!("\"{}\" of {path}", note.was),
        None => format!("\"{}\", which is gone", note.was),
    }
}

/// From 0 to 1; neighbours that stand together again may lift a score beyond that.
fn likeness(score: Score) -> f64 {
    (f64::from(score.0) / 1000.0).clamp(0.0, 1.0)
}

/// How like two notes are, in thousandths, for people.
pub(super) fn likeness_shown(thousandths: i32) -> String {
    let score = likeness(Score(thousandths));
    if score < ALIKE { "another text at the same place".to_owned() } else { format!("{} like", shown(score)) }
}

/// A likeness in per cent, rounded down: what falls short of a bound never looks as if it reached it.
fn shown(score: f64) -> String {
    // Neighbours count as well, so an edited note may reach the whole; it is not the same text all the same.
    format!("{} %", (score * 100.0 + 1e-6).floor().min(99.0))
}
