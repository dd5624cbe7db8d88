//! Says where the notes of an old file are now.
//!
//! Knows nothing of likeness.

use std::collections::{BTreeSet, HashMap};

use super::pairing::Pairing;
use super::repeated::Repeated;

/// The files that were renamed, or whose notes went elsewhere together.
pub(super) struct Paths {
    /// Where most notes of an old file are now.
    followed: HashMap<u32, u32>,
    /// Where the notes of a new file were.
    sources: HashMap<u32, u32>,
    /// New files most of whose notes, where they were not there at the last build, had been gone.
    revived: BTreeSet<u32>,
}

impl Paths {
    /// What has a pair says where its file went; and so does a question that nobody else asks, whatever became of its answer.
    pub(super) fn of(pairing: &Pairing, old: &Repeated, new: &Repeated) -> Self {
        let pairs = pairing.matches.iter().zip(pairing.new);
        let paired = pairs.filter_map(|(found, new)| {
            let old = &pairing.old[found.as_ref()?.old];
            (!old.gone).then_some((old.path, new.path))
        });
        let mut moved: Vec<(u32, u32)> = paired.collect();
        moved.extend(same_questions(pairing, old, new));
        moved.sort_unstable();
        let files = moved.chunk_by(|one, other| one.0 == other.0);
        let most = files.filter_map(|file| {
            let mut targets = file.chunk_by(|one, other| one == other);
            targets.find(|target| 2 * target.len() > file.len())?.first().copied()
        });
        let followed: HashMap<u32, u32> = most.collect();
        let sources = sources(pairing, &followed);
        Self { followed, sources, revived: revived(pairing) }
    }

    /// The old path of a file: its own, where there was such a file.
    pub(super) fn source(&self, new: u32) -> u32 {
        self.sources.get(&new).copied().unwrap_or(new)
    }

    /// Where most notes of an old file are now, where that is another file.
    pub(super) fn target(&self, old: u32) -> Option<u32> {
        self.followed.get(&old).copied().filter(|&target| target != old)
    }

    /// Whether a file was away and is back.
    pub(super) fn is_back(&self, new: u32) -> bool {
        self.revived.contains(&new)
    }

    /// Whether a note at the one path is still in its file at the other.
    pub(super) fn is_same(&self, old: u32, new: u32) -> bool {
        old == new || self.followed.get(&old) == Some(&new)
    }
}

/// For each file that was not there the one that became it. Where one file came and one went, that is a renamed one, too.
fn sources(pairing: &Pairing, followed: &HashMap<u32, u32>) -> HashMap<u32, u32> {
    let live = pairing.old.iter().filter(|note| !note.gone);
    let old: BTreeSet<u32> = live.map(|note| note.path).collect();
    let new: BTreeSet<u32> = pairing.new.iter().map(|note| note.path).collect();
    let (mut went, mut came): (BTreeSet<u32>, BTreeSet<u32>) = (&old - &new, &new - &old);
    let mut sources = HashMap::new();
    for path in &old - &new {
        let target = followed.get(&path).filter(|target| came.remove(target));
        if let Some(&target) = target {
            went.remove(&path);
            sources.insert(target, path);
        }
    }
    if let (Some(&path), Some(&target), 1, 1) = (went.first(), came.first(), went.len(), came.len()) {
        sources.insert(target, path);
    }
    sources
}

fn revived(pairing: &Pairing) -> BTreeSet<u32> {
    let mut counts: HashMap<u32, (usize, usize)> = HashMap::new();
    for (found, new) in pairing.matches.iter().zip(pairing.new) {
        match found {
            Some(found) if pairing.old[found.old].gone => counts.entry(new.path).or_default().0 += 1,
            Some(_) => {}
            None => counts.entry(new.path).or_default().1 += 1,
        }
    }
    counts.into_iter().filter(|(_, (back, open))| back >= open && *back > 0).map(|(path, _)| path).collect()
}

/// The paths of open notes with the same front that no other note of a side has.
fn same_questions(pairing: &Pairing, old: &Repeated, new: &Repeated) -> Vec<(u32, u32)> {
    let open_old = pairing.open_old().map(|index| &pairing.old[index as usize]);
    let mut fronts: Vec<(u64, u32)> =
        open_old.filter(|note| !note.gone && !old.has_front(note)).map(|note| (note.front, note.path)).collect();
    fronts.sort_unstable();
    let open_new = pairing.open_new().map(|index| &pairing.new[index as usize]).filter(|note| !new.has_front(note));
    let same = open_new.filter_map(|note| {
        let at = fronts.binary_search_by_key(&note.front, |&(front, _)| front).ok()?;
        Some((fronts[at].1, note.path))
    });
    same.collect()
}
