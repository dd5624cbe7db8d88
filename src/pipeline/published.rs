//! Turns the packages in the output folder into what is to be said of the lock: that it is lost, that lines of it are, or that
//! it speaks of earlier texts than readers have.
//!
//! A file beside the packages says for which lock they were looked at, so that only what changed without deckle is read
//! again. Without it nothing is lost but that time. What packages mean is up to [`crate::identity`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use super::gathered::Plan;
use super::{Formats, Wanted, ignored};
use crate::Error;
use crate::anki::package;
use crate::diagnostic::{Code, Diagnostic};
use crate::files::{self, NewFile, World};
use crate::identity::{Fate, Fates, Lock, Lost, Overtaken, PackedTexts, Published, packed_texts};
use crate::ir::{Collection, Guid};
use crate::source::{Source, Sources, Span};
use crate::text::path::{fold, join};
use crate::text::shell::quoted;

/// The file's name, in the output folder.
const FILE: &str = ".deckle-packages";

/// So many packages are looked at, the first by name.
const MOST_PACKAGES: usize = 256;

/// So many of them may turn out to be unreadable, which may take a second each.
const MOST_UNREADABLE: usize = 8;

/// So many packages are named, one by one.
const NAMED: usize = 5;

/// Looks at what lies in the output folder; `None` where nothing is to be made.
pub(super) fn look(world: &World, plan: &Plan, sources: &Sources, id: &str, wanted: &Wanted) -> Option<Shelf> {
    if wanted.formats == Formats::None {
        return None;
    }
    let lock = plan.lock.source.map(|lock| xxh3_64(sources.get(lock).text.as_bytes()));
    let mut shelf = Shelf { lock, published: Published::new(id), ..Shelf::default() };
    let leads_out = plan.out_stays_in.as_ref().is_some_and(|root| !world.stays_in(root, &plan.out));
    if leads_out {
        return Some(shelf);
    }
    let known = Known::read(world, &plan.out).filter(|known| lock == Some(known.lock));
    let mut unreadable = 0;
    for name in packages(world, &plan.out) {
        let path = plan.out.join(&name);
        let Some(checksum) = checksum(world, &path) else { continue };
        let known = known.as_ref().and_then(|known| known.packages.get(&name));
        let is_ours = match known.filter(|(seen, _)| *seen == checksum) {
            Some((_, is_ours)) => *is_ours,
            // To be looked at by the next build: nothing is remembered of it.
            None if unreadable == MOST_UNREADABLE => continue,
            None => {
                let read = world.open_file(&path).and_then(|file| package::read(&path, file));
                unreadable += usize::from(read.is_err());
                read.is_ok_and(|package| shelf.take(name.clone(), &package))
            }
        };
        shelf.packages.insert(name, (checksum, is_ours));
    }
    Some(shelf)
}

/// Where to say what is wrong with the lock: in it, else where the project begins. Of a folder without any text the lock is
/// that text, which is empty.
pub(super) fn place(plan: &Plan, sources: &mut Sources) -> Span {
    let first = || sources.iter().next().map(|(id, _)| id);
    let known = plan.lock.source.or_else(first);
    let empty = || Source { path: plan.path_of(&plan.lock.path), text: String::new() };
    Span::new(known.unwrap_or_else(|| sources.push(empty())), 0..0)
}

/// What lies in the output folder.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// The hash of the lock's text; `None` where there is no lock.
    lock: Option<u64>,
    /// What was read.
    published: Published,
    /// The packages that were read and hold notes of this collection, with how many.
    read: Vec<(String, usize)>,
    /// Those that were read and hold notes of deckle's and none of this collection.
    strange: Vec<String>,
    /// Name → checksum, and whether it holds notes of this collection.
    packages: BTreeMap<String, (u32, bool)>,
}

/// What comes of it to hold a build against the packages.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// What was dated anew.
    pub(super) overtaken: Overtaken,
    /// What is wrong with the lock.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What to do about a lock that is lost, where readers would get notes once more.
    pub(super) remedy: Option<String>,
}

impl Shelf {
    fn take(&mut self, name: String, package: &package::Package) -> bool {
        let ours = self.published.take(package);
        if ours > 0 {
            self.read.push((name, ours));
        } else if package.notes.iter().any(|note| crate::identity::is_guid(&note.guid)) {
            self.strange.push(name);
        }
        ours > 0
    }

    /// The names of the packages that hold notes of this collection.
    pub(super) fn ours(&self) -> impl Iterator<Item = &str> {
        self.packages.iter().filter(|(_, (_, is_ours))| *is_ours).map(|(name, _)| name.as_str())
    }

    /// Whether the package of this name holds notes of this collection.
    pub(super) fn is_ours(&self, name: &str) -> bool {
        self.ours().any(|ours| fold(ours) == fold(name))
    }

    /// Whether there is a package of this name that holds none.
    pub(super) fn is_others(&self, name: &str) -> bool {
        !self.is_ours(name) && self.packages.keys().any(|other| fold(other) == fold(name))
    }

    /// Whether the package of this name was read and holds notes of deckle's and none of this collection.
    pub(super) fn is_strange(&self, name: &str) -> bool {
        self.strange.iter().any(|strange| fold(strange) == fold(name))
    }

    /// Whether what holds notes of deckle's and none of this collection is of the collection `id`.
    pub(super) fn knows_id(&self, id: &str) -> bool {
        self.published.id_among([id].into_iter()).is_some()
    }

    /// The notes in packages that the lock does not know.
    pub(super) fn unknown(&self, lock: Option<&Lock>) -> Vec<Guid> {
        self.published.unknown(lock)
    }

    /// Dates anew what readers have in a later edition, and says what became of notes that the lock did not know. `lock` and
    /// `fates` are those of this build, `place` is where to say what is wrong.
    pub(super) fn compare(
        &self,
        world: &World,
        plan: &Plan,
        unknown: &[Guid],
        collection: &mut Collection,
        (lock, fates): (&mut Lock, &Fates),
        place: Span,
    ) -> Compared {
        let diagnostics = ignored::warn(world, plan, place).into_iter().collect();
        let mut compared = Compared { diagnostics, ..Compared::default() };
        if self.published.is_empty() {
            return compared;
        }
        compared.overtaken = self.published.overtake(collection, lock, world.now);
        let is_gone = plan.lock.source.is_none();
        if unknown.is_empty() && (!is_gone || self.strange.is_empty()) {
            return compared;
        }
        let redated = self.published.redate(unknown, collection, lock, world.now);
        let is_new = |guid: &Guid| fates.of(lock, guid) == Some(Fate::New);
        let lost = self.published.lost(unknown, collection, lock, &is_new);
        let is_other = is_gone && self.read.is_empty() && lost.strange > 0;
        let found = if is_other {
            self.other_id(plan, collection, lost, place)
        } else if is_gone && !self.read.is_empty() || lost.changed > 0 {
            self.lost(plan, lost, place)
        } else if redated > 0 {
            self.found_again(plan, redated, place)
        } else {
            return compared;
        };
        let is_loss = is_other || lost.changed > 0 || is_gone && lost.absent > 0;
        compared.remedy = found.help.clone().filter(|_| is_loss);
        compared.diagnostics.push(found);
        compared
    }

    fn lost(&self, plan: &Plan, lost: Lost, place: Span) -> Diagnostic {
        let Lost { kept, changed, absent, .. } = lost;
        let all = number(self.read.iter().map(|(_, notes)| notes).sum());
        let hold = format!("{} {}", self.named(plan), if self.read.len() == 1 { "holds" } else { "hold" });
        let cost = "would get another GUID, and readers would get it once more, without its reviews";
        let (message, caret) = if plan.lock.source.is_some() {
            let changed = number(changed);
            (format!("{hold} {changed} of these files that the lock does not know: each {cost}"), "lines are lost")
        } else if changed + absent > 0 {
            let others = changed + absent;
            (format!("there is no lock, and {hold} {all} built with one, of which {others} {cost}"), "the lock is lost")
        } else {
            let cost = if kept == 1 { "keeps its GUID" } else { "keep their GUIDs" };
            let cost = format!("{cost}; what did not change since is dated as there");
            (format!("there is no lock, and {hold} {all} built with one, of which {kept} {cost}"), "the lock is lost")
        };
        let recover = recover(plan, self.read.iter().map(|(name, _)| name));
        let help = format!(
            "take deckle.lock back from your last commit, as by `git checkout HEAD -- deckle.lock`; where there is none, {recover}"
        );
        Diagnostic::new(Code::LostLock, place, message).caret(caret).help(help)
    }

    /// Of lines that are lost without harm.
    fn found_again(&self, plan: &Plan, redated: usize, place: Span) -> Diagnostic {
        let hold = format!("{} {}", self.named(plan), if self.read.len() == 1 { "holds" } else { "hold" });
        let keep =
            if redated == 1 { "it keeps its GUID, and the time" } else { "they keep their GUIDs, and the times" };
        let redated = number(redated);
        let message = format!("{hold} {redated} of these files that the lock does not know: {keep} from there");
        Diagnostic::new(Code::LostLock, place, message).caret("lines are lost").help(
            "nothing is left to do; a merge keeps the lines of both sides with `deckle.lock merge=union` in `.gitattributes`",
        )
    }

    fn other_id(&self, plan: &Plan, collection: &Collection, lost: Lost, place: Span) -> Diagnostic {
        let named = named(plan, self.strange.iter().map(String::as_str));
        let recover = recover(plan, self.strange.iter());
        let message = format!(
            "there is no lock, and {named} {} {} of these files under another collection id: readers would get all once \
             more, without their reviews",
            if self.strange.len() == 1 { "holds" } else { "hold" },
            number(lost.strange)
        );
        let decks = collection.decks.iter().map(|deck| deck.name.top());
        let candidates = decks.chain([collection.name.as_str()]);
        let old = self.published.id_among(candidates).map(|id| format!("`id: {}`", serde_json::Value::from(id)));
        let help = format!(
            "put the old id back into deckle.yaml{}, and take deckle.lock back from your last commit; where there is none, {recover}",
            old.map_or_else(|| " (`git log -p deckle.yaml` shows it)".to_owned(), |old| format!(", {old}"))
        );
        Diagnostic::new(Code::LostLock, place, message).caret(format!("this one is `{}`", collection.id)).help(help)
    }

    /// The packages, with how many notes each has where they are several.
    fn named(&self, plan: &Plan) -> String {
        let counted = |(name, notes): &(String, usize)| match self.read.len() {
            1 => name.clone(),
            _ => format!("{name} ({notes})"),
        };
        let all: Vec<String> = self.read.iter().map(counted).collect();
        named(plan, all.iter().map(String::as_str))
    }
}

/// The command that makes a lock of packages, or adds to it.
fn recover<'a>(plan: &Plan, packages: impl ExactSizeIterator<Item = &'a String>) -> String {
    let paths: Vec<PathBuf> = match packages.len() {
        0..=NAMED => packages.map(|name| plan.out.join(name)).collect(),
        _ => vec![plan.out.join("*.apkg")],
    };
    let words: Vec<String> = paths.iter().map(|path| command_word(plan, path)).collect();
    format!("`deckle ids recover{} {}`", plan.lock.option, words.join(" "))
}

fn number(notes: usize) -> String {
    if notes == 1 { "1 note".to_owned() } else { format!("{notes} notes") }
}

/// Names of files in the output folder.
fn named<'a>(plan: &Plan, names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let count = names.len();
    let folder = plan.out.strip_prefix(plan.shown_from()).unwrap_or(&plan.out).display().to_string();
    let shown: Vec<String> = names.take(NAMED).map(|name| join(&folder, name)).collect();
    let more = if count > NAMED { format!(" and {} more", count - NAMED) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

fn command_word(plan: &Plan, path: &Path) -> String {
    let shown = path.strip_prefix(plan.shown_from()).unwrap_or(path).display().to_string();
    // A shell finds what the star stands for.
    match shown.strip_suffix("*.apkg") {
        Some(folder) if !folder.is_empty() => format!("{}*.apkg", quoted(folder)),
        Some(_) | None => quoted(&shown).into_owned(),
    }
}

/// Both sides of these notes as the packages in the output folder have them, in their latest edition, by GUID. What cannot be
/// read says nothing.
pub(super) fn texts_of(
    world: &World,
    out: &Path,
    collection: &str,
    guids: &BTreeSet<String>,
    most: usize,
) -> BTreeMap<String, PackedTexts> {
    let mut latest: BTreeMap<String, PackedTexts> = BTreeMap::new();
    let (mut unreadable, wanted) = (0, |guid: &str| guids.contains(guid));
    for name in if guids.is_empty() { Vec::new() } else { packages(world, out) } {
        let path = out.join(name);
        let read = world.open_file(&path).and_then(|file| package::read(&path, file));
        unreadable += usize::from(read.is_err());
        if unreadable > MOST_UNREADABLE {
            break;
        }
        for texts in read.iter().flat_map(|package| packed_texts(package, collection, most, &wanted)) {
            if latest.get(&texts.guid).is_none_or(|known| known.modified < texts.modified) {
                latest.insert(texts.guid.clone(), texts);
            }
        }
    }
    latest
}

pub(super) fn packages(world: &World, out: &Path) -> Vec<String> {
    let names = world.list_names(out).unwrap_or_default().into_iter();
    let is_package = |name: &String| Path::new(name).extension().is_some_and(|end| end.eq_ignore_ascii_case("apkg"));
    names.filter(is_package).take(MOST_PACKAGES).collect()
}

fn checksum(world: &World, path: &Path) -> Option<u32> {
    world.open_file(path).ok().and_then(package::checksum)
}

/// What the file says.
struct Known {
    /// The hash of the text of the lock that the packages were looked at for.
    lock: u64,
    /// Name → checksum, and whether it holds notes of this collection.
    packages: BTreeMap<String, (u32, bool)>,
}

impl Known {
    /// Nothing where it is not there, or not of this form.
    fn read(world: &World, out: &Path) -> Option<Self> {
        let path = out.join(FILE);
        let text = if world.is_missing(&path) { None } else { world.read_settings(&path).ok() }?.text;
        let mut lines = text.lines();
        let lock = u64::from_str_radix(lines.next()?.strip_prefix("lock ")?, 16).ok()?;
        let package = |line: &str| {
            let (mark, rest) = line.split_once(' ')?;
            let (checksum, name) = rest.split_once(' ')?;
            Some((name.to_owned(), (u32::from_str_radix(checksum, 16).ok()?, mark == OURS)))
        };
        Some(Self { lock, packages: lines.map_while(package).collect() })
    }

    fn to_text(&self) -> String {
        let mut text = format!("lock {:016x}\n", self.lock);
        for (name, (checksum, is_ours)) in &self.packages {
            let _ = writeln!(text, "{} {checksum:08x} {name}", if *is_ours { OURS } else { OTHERS });
        }
        text
    }
}

/// What stands before a package of this collection, and before another.
const OURS: &str = "+";
const OTHERS: &str = "-";

/// Remembers for which lock the packages were looked at: the one whose text is `lock`, else the one that was there before.
/// `made` are the names of those that this build made.
///
/// # Errors
/// The file cannot be written.
pub(super) fn remember(
    world: &World,
    plan: &Plan,
    shelf: &Shelf,
    lock: Option<u64>,
    made: &BTreeSet<String>,
) -> Result<(), Error> {
    let Some(lock) = lock.or(shelf.lock) else { return Ok(()) };
    let package = |name: String| {
        let checksum = checksum(world, &plan.out.join(&name))?;
        let is_ours = made.contains(&name) || shelf.packages.get(&name)?.1;
        Some((name, (checksum, is_ours)))
    };
    let known = Known { lock, packages: packages(world, &plan.out).into_iter().filter_map(package).collect() };
    files::write_all(&[NewFile::new(plan.out.join(FILE), known.to_text()).within(&plan.out)]).map(drop)
}

/// The hash of a lock's text.
pub(super) fn hash_of(lock: &str) -> u64 {
    xxh3_64(lock.as_bytes())
}
