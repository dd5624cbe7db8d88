//! Turns spellings of deck names that are one deck in Anki into the one that most notes have, and says where the others stand, and
//! where Anki changes the one.
//!
//! Knows nothing of who names a deck but the place.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::anki::deck_name::{changed_deck_name, trimmed_part};
use crate::config::Project;
use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::ir::{DeckName, Note};
use crate::markdown::Document;
use crate::print::Printing;
use crate::source::{Sources, Span};

/// Gives all notes of a deck one spelling of its name, so that they are in one package, and what `deckle.yaml` says of the deck holds
/// for all of them.
pub(super) fn unify(
    documents: &mut [Document],
    project: &mut Project,
    printing: &mut Printing,
    sources: &Sources,
) -> Vec<Diagnostic> {
    let decks = counted(documents);
    let usual = Usual::of(&decks);
    let settings = project.deck_places.iter().chain(&project.folder_decks).map(|(name, _)| name);
    let mut names = decks.iter().map(|counted| &counted.name).chain(settings).chain(&project.layer.deck);
    if names.all(|name| usual.spelling(name).is_none() && changed_deck_name(name.as_str()).is_none()) {
        return Vec::new();
    }
    let given = Named::new(&decks, documents, project);
    let mut diagnostics = say(&usual, &given, sources);
    let built = given.places.iter().filter(|(name, _)| usual.spelling(name).is_none());
    diagnostics.extend(built.filter_map(|(name, span)| changed(name, *span, &given, sources)));
    for document in documents {
        let notes = document.notes.iter_mut().chain(&mut document.left_out).chain(&mut document.bare);
        notes.for_each(|note| usual.respell(&mut note.deck));
        document.deck_places.iter_mut().for_each(|(name, _)| usual.respell(name));
    }
    project.deck_places.iter_mut().for_each(|(name, _)| usual.respell(name));
    // Of two descriptions the one under the usual name holds: the last.
    project.decks.sort_by_key(|(name, _)| usual.spelling(name).is_none());
    project.decks.iter_mut().for_each(|(name, _)| usual.respell(name));
    for (name, options) in std::mem::take(&mut printing.decks) {
        let usual_name = DeckName::new(&name).and_then(|name| usual.spelling(&name));
        match usual_name {
            Some(usual_name) => drop(printing.decks.entry(usual_name.as_str().to_owned()).or_insert(options)),
            None => drop(printing.decks.insert(name, options)),
        }
    }
    diagnostics
}

/// A deck's name as notes have it.
struct Counted {
    name: DeckName,
    notes: usize,
    /// The first of them.
    place: Span,
}

/// The decks of all notes, also of those that cannot be built so far, in source order.
fn counted(documents: &[Document]) -> Vec<Counted> {
    let mut decks: Vec<Counted> = Vec::new();
    let mut places: HashMap<DeckName, usize> = HashMap::new();
    // Notes of a deck stand together.
    let mut last: Option<usize> = None;
    for note in documents.iter().flat_map(|document| document.notes.iter().chain(&document.left_out)) {
        let Note { deck, span, .. } = note;
        if let Some(counted) = last.and_then(|last| decks.get_mut(last)).filter(|counted| counted.name == *deck) {
            counted.notes += 1;
            continue;
        }
        let place = *places.entry(deck.clone()).or_insert(decks.len());
        match decks.get_mut(place) {
            Some(counted) => counted.notes += 1,
            None => decks.push(Counted { name: deck.clone(), notes: 1, place: *span }),
        }
        last = Some(place);
    }
    decks
}

/// The usual spellings: folded name of a deck → its last part.
struct Usual(HashMap<String, String>);

impl Usual {
    /// For each part of a name the spelling that most notes have, the first of equals; none that Anki changes where there is another.
    fn of(decks: &[Counted]) -> Self {
        // Folded name → each spelling of its last part, with its notes and its place among them.
        let mut spellings: HashMap<String, HashMap<&str, (usize, usize)>> = HashMap::new();
        for counted in decks {
            for (folded, part) in parts(&counted.name) {
                let known = spellings.entry(folded).or_default();
                let place = known.len();
                known.entry(part).or_insert((0, place)).0 += counted.notes;
            }
        }
        let best = |(folded, known): (String, HashMap<&str, (usize, usize)>)| {
            let rank = |part: &str, (notes, place)| (trimmed_part(part) == part, notes, Reverse(place));
            let best = known.into_iter().max_by_key(|(part, counted)| rank(part, *counted));
            best.map(|(part, _)| (folded, part.to_owned()))
        };
        Self(spellings.into_iter().filter_map(best).collect())
    }

    /// The usual spelling of a name; `None` where it is that, and of a deck without notes.
    fn spelling(&self, name: &DeckName) -> Option<DeckName> {
        let usual = parts(name).map(|(folded, _)| self.0.get(&folded).map(String::as_str));
        DeckName::new(&usual.collect::<Option<Vec<&str>>>()?.join("::")).filter(|usual| usual != name)
    }

    fn respell(&self, name: &mut DeckName) {
        if let Some(usual) = self.spelling(name) {
            *name = usual;
        }
    }
}

/// The parts of a name, each with the folded name of the deck that it ends.
fn parts(name: &DeckName) -> impl Iterator<Item = (String, &str)> {
    let mut above = String::new();
    name.as_str().split("::").map(move |part| {
        if !above.is_empty() {
            above.push_str("::");
        }
        above.push_str(&DeckName::folded(trimmed_part(part)));
        (above.clone(), part)
    })
}

/// Where decks are named.
struct Named {
    /// Each place that names a deck, and the first note of a deck that no place names.
    places: Vec<(DeckName, Span)>,
    /// What such a place names.
    names: HashSet<DeckName>,
}

impl Named {
    fn new(decks: &[Counted], documents: &[Document], project: &Project) -> Self {
        let own = project.layer.deck.clone().zip(project.layer.deck_place);
        let settings = own.into_iter().chain(project.folder_decks.iter().chain(&project.deck_places).cloned());
        let in_files = documents.iter().flat_map(|document| document.decks.iter().chain(&document.deck_places));
        let mut places: Vec<(DeckName, Span)> = settings.chain(in_files.cloned()).collect();
        let names: HashSet<DeckName> = places.iter().map(|(name, _)| name.clone()).collect();
        let nameless = decks.iter().filter(|counted| !names.contains(&counted.name));
        places.extend(nameless.map(|counted| (counted.name.clone(), counted.place)));
        Self { places, names }
    }

    /// Where exactly a name stands at its place; `None` where it is written in another way, or not at all.
    fn written(&self, sources: &Sources, place: Span, name: &DeckName) -> Option<Span> {
        let text = sources.get(place.source).text.get(place.range()).filter(|_| self.names.contains(name))?;
        let at = place.start as usize + text.rfind(name.as_str())?;
        Some(place.with(at..at + name.as_str().len()))
    }
}

/// One mistake at each place that names a deck in another spelling than the usual one.
fn say(usual: &Usual, named: &Named, sources: &Sources) -> Vec<Diagnostic> {
    let mut standing: HashMap<String, Span> = HashMap::new();
    for (name, span) in &named.places {
        for deck in name.parents().chain(std::iter::once(name.clone())) {
            standing.entry(deck.as_str().to_owned()).or_insert(*span);
        }
    }
    let mistakes = named.places.iter().filter_map(|(name, span)| {
        let meant = usual.spelling(name)?;
        let (is, other) = differing(name, &meant)?;
        let message = format!("`{is}` and `{other}` are one deck for Anki");
        let found = Diagnostic::new(Code::DeckCase, *span, message)
            .help(format!("write `{meant}`: all their notes are built under that name, in one package"));
        let found = match standing.get(&other) {
            Some(place) => found.label(*place, format!("`{other}` stands here")),
            None => found,
        };
        Some(match named.written(sources, *span, name) {
            Some(place) => found.edit(place, meant.as_str()),
            None => found,
        })
    });
    mistakes.collect()
}

/// The topmost decks of two names in which they differ.
fn differing(one: &DeckName, other: &DeckName) -> Option<(String, String)> {
    let parts = one.as_str().split("::").zip(other.as_str().split("::"));
    let end = parts.take_while(|(one, other)| one == other).count() + 1;
    let top = |name: &DeckName| name.as_str().split("::").take(end).collect::<Vec<_>>().join("::");
    Some((top(one), top(other))).filter(|(one, other)| one != other)
}

/// What is said of a name that is another one in Anki.
fn changed(name: &DeckName, span: Span, named: &Named, sources: &Sources) -> Option<Diagnostic> {
    let changed = changed_deck_name(name.as_str())?;
    let parts = || name.as_str().split("::");
    let found = Diagnostic::new(Code::BadDeckName, span, format!("in Anki the deck `{name}` is `{changed}`"));
    let found = found.costing(Cost::Nothing);
    if parts().any(|part| trimmed_part(part).is_empty()) {
        return Some(found.help("give each part a name that is more than `:`"));
    }
    let why = if parts().any(|part| trimmed_part(part) != part) {
        "it takes `:` from the ends of a name's parts"
    } else {
        "`<` before a letter would be HTML on cards that show their deck"
    };
    let found = found.help(format!("{why}: write `{changed}`, or another name"));
    Some(match named.written(sources, span, name) {
        Some(place) => found.edit(place, changed),
        None => found,
    })
}
