//! What a history's expectations claim of notes, of the lock and of what was said. Each gives what is wrong.

use std::collections::{BTreeMap, BTreeSet};

use crate::machine::{Said, Seen, Snapshot};
use crate::script::Expectation;

/// Bytes of a lock's line, without its end.
const LIVE_LINE: usize = 600;
const TOMBSTONE: usize = 120;

/// GUID → note.
pub(crate) type Notes = BTreeMap<String, Seen>;

/// A claim about a note before and after a build of a time.
pub(crate) type Claim = fn(Option<&Seen>, Option<&Seen>, i64) -> Option<String>;

/// The claim of a verb that speaks of identity.
pub(crate) fn identity_of(verb: &str) -> Option<Claim> {
    Some(match verb {
        "edited" => edited,
        "moved" => moved,
        "dated" => dated,
        "gone" => gone,
        "back" => back,
        _ => return None,
    })
}

fn edited(old: Option<&Seen>, new: Option<&Seen>, time: i64) -> Option<String> {
    match (old, new) {
        (Some(old), Some(new)) if new.is_like(old) => Some("its content is the same".to_owned()),
        (Some(_), Some(new)) => is_dated(new, time),
        (None, _) | (_, None) => Some(absent(old, new)),
    }
}

fn moved(old: Option<&Seen>, new: Option<&Seen>, _: i64) -> Option<String> {
    match (old, new) {
        (Some(old), Some(new)) if !new.is_like(old) => Some(format!("its content differs: {}", new.text())),
        (Some(old), Some(new)) => (old.note.modified != new.note.modified).then(|| "its time differs".to_owned()),
        (None, _) | (_, None) => Some(absent(old, new)),
    }
}

fn dated(old: Option<&Seen>, new: Option<&Seen>, time: i64) -> Option<String> {
    match (old, new) {
        (Some(old), Some(new)) if !new.is_like(old) => Some(format!("its content differs: {}", new.text())),
        (Some(_), Some(new)) => is_dated(new, time),
        (None, _) | (_, None) => Some(absent(old, new)),
    }
}

fn gone(old: Option<&Seen>, new: Option<&Seen>, _: i64) -> Option<String> {
    match (old, new) {
        (Some(_), None) => None,
        (_, Some(new)) => Some(format!("it is there: {}", new.text())),
        (None, None) => Some(absent(old, new)),
    }
}

fn back(old: Option<&Seen>, new: Option<&Seen>, _: i64) -> Option<String> {
    match (old, new) {
        (None, Some(_)) => None,
        (Some(_), _) => Some("it was there".to_owned()),
        (None, None) => Some(absent(old, new)),
    }
}

fn is_dated(new: &Seen, time: i64) -> Option<String> {
    (new.note.modified != time).then(|| format!("its time is {}, the build's {time}", new.note.modified))
}

fn absent(old: Option<&Seen>, new: Option<&Seen>) -> String {
    let [before, after] = [old, new].map(|seen| seen.map_or("absent".to_owned(), Seen::text));
    format!("before {before}, after {after}")
}

/// That a note is what it was and where it was.
pub(crate) fn stays(old: &Seen, new: &Seen) -> Option<String> {
    let places = [old, new].map(|seen| (seen.package.as_str(), seen.due()));
    moved(Some(old), Some(new), 0)
        .or_else(|| (places[0] != places[1]).then(|| format!("its place was {:?} and is {:?}", places[0], places[1])))
}

/// The claims about decks, cards and order; an error where there is no such claim.
pub(crate) fn place(expectation: &Expectation, notes: &[&Seen]) -> Result<Option<String>, String> {
    let Expectation { verb, names, text } = expectation;
    let text = text.as_deref().unwrap_or_default();
    let (found, is_right) = match (verb.as_str(), notes) {
        ("order", notes) => {
            let places: Vec<_> = notes.iter().map(|note| (note.package.as_str(), note.due())).collect();
            let rises = places.is_sorted_by(|one, next| one.0 == next.0 && one.1 < next.1);
            (format!("{places:?}"), rises && places.len() > 1)
        }
        ("text", [note]) => (note.text(), note.text().contains(text)),
        ("cards", [note]) => is(text, note.note.cards.iter().map(|card| (card.ordinal + 1).to_string())),
        ("deck", [note]) => is(text, note.note.cards.iter().map(|card| card.deck.clone()).collect::<BTreeSet<_>>()),
        ("type", [note]) => is(text, note.note.note_type.split(" (").take(1).map(str::to_owned)),
        (_, _) => return Err(format!("nothing to expect is called {verb} with {} names", names.len())),
    };
    Ok((!is_right).then(|| format!("{verb} of {}: {found}", names.join(" "))))
}

fn is(text: &str, found: impl IntoIterator<Item = String>) -> (String, bool) {
    let found = found.into_iter().collect::<Vec<String>>().join(" ");
    let is_right = found == text;
    (found, is_right)
}

/// The note whose first field is this text, or else whose fields hold it; an error where it is not one.
pub(crate) fn find<'a>(notes: &'a Notes, text: &str) -> Result<&'a Seen, String> {
    let with_front: Vec<&Seen> = notes.values().filter(|seen| seen.front() == text).collect();
    let with_text: Vec<&Seen> = notes.values().filter(|seen| seen.text().contains(text)).collect();
    match (with_front.as_slice(), with_text.as_slice()) {
        ([only], _) | ([], [only]) => Ok(only),
        (fronts, texts) => {
            let all = notes.values().map(Seen::text).collect::<Vec<_>>().join("\n");
            Err(format!("{} fronts are {text:?} and {} notes hold it, of:\n{all}", fronts.len(), texts.len()))
        }
    }
}

/// The claims about what a run said.
pub(crate) fn saying(expectation: &Expectation, said: &Said) -> Option<String> {
    let Expectation { verb, names, text } = expectation;
    match verb.as_str() {
        "says" | "fails" => {
            let words = (!names.is_empty()).then(|| names.join(" "));
            let wanted = words.into_iter().chain(text.clone()).collect::<Vec<String>>().join(": ");
            (!said.text.contains(&wanted)).then(|| format!("it does not say {wanted:?}"))
        }
        "quiet" => speaking_of_identity(said).first().map(|line| format!("it is not quiet: {line}")),
        _ => None,
    }
}

/// The lines of a run that are about who is who.
pub(crate) fn speaking_of_identity(said: &Said) -> Vec<&str> {
    let words = [": kept (", ": new, ", " is gone", "deckle ids", "note type"];
    said.text.lines().filter(|line| words.iter().any(|word| line.contains(word))).collect()
}

/// The claim about lines of the lock.
pub(crate) fn lock_lines(expectation: &Expectation, before: &Snapshot, after: &Snapshot) -> Option<String> {
    if expectation.verb != "lines" {
        return None;
    }
    let most: usize = expectation.names.first()?.parse().expect("a number of lines");
    let [before, after] = [before, after].map(|snapshot| snapshot.lock.lines().collect::<BTreeSet<&str>>());
    let found = [before.difference(&after).count(), after.difference(&before).count()];
    found.iter().any(|count| *count > most).then(|| format!("lines of the lock out and in: {found:?}"))
}

/// What holds for any lock: it has a header, is sorted, and its lines are short.
pub(crate) fn lock_form(lock: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if !(lock.starts_with("deckle.lock 1\n") || lock.starts_with("deckle.lock 2\n"))
        || !lock.ends_with('\n')
        || lock.contains('\r')
    {
        problems.push("the lock has no proper head or end".to_owned());
    }
    let is_note = |line: &&str| line.split(' ').next().is_some_and(|word| word.len() == 13);
    let notes: Vec<&str> = lock.lines().filter(is_note).collect();
    if !notes.is_sorted() {
        problems.push("the lock is not sorted".to_owned());
    }
    let most = |line: &str| if line.split(' ').nth(1) == Some("x") { TOMBSTONE } else { LIVE_LINE };
    let long = notes.into_iter().filter(|line| line.len() > most(line));
    problems.extend(long.map(|line| format!("{} bytes in the line {line}", line.len())));
    problems
}
