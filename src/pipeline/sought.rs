//! Turns paths of media that lead to nothing, or out of the project, into the files that people's editors would find.
//!
//! Knows names and folders; nothing is opened but the settings of a vault.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::gathered::Plan;
use super::vaults;
use crate::artifact;
use crate::check::Sought;
use crate::config::vault;
use crate::files::World;
use crate::markdown::MediaUse;
use crate::text::extension::MediaKind;
use crate::text::path::{below, file_name, fold, join, parent, steps};

/// For each path what was found for it, and its place. `wanted` has with each use the folder of the note that it is in. Of
/// several files the one that has the most of the path's end is taken, then the one in the vault's folder for attachments,
/// then the nearest to the note.
pub(super) fn seek<'a>(
    world: &World,
    plan: &Plan,
    wanted: impl Iterator<Item = (&'a MediaUse, &'a str)>,
) -> BTreeMap<String, (Sought, PathBuf)> {
    let wishes: Vec<Wish<'_>> = wanted.filter_map(|(media, folder)| Wish::new(media, folder)).collect();
    let names: BTreeSet<String> = wishes.iter().filter_map(|wish| wish.folded.last().cloned()).collect();
    if names.is_empty() {
        return BTreeMap::new();
    }
    let found = world.seek(&plan.bounds, &names, [&plan.out, Path::new(artifact::LIST)]);
    let found: BTreeMap<String, Namesakes> =
        found.into_iter().map(|(name, places)| (name, Namesakes::new(plan, places))).collect();
    let mut vaults = Vaults { world, plan, settings: BTreeMap::new() };
    let sought = wishes.iter().filter_map(|wish| {
        let namesakes = found.get(wish.folded.last()?)?;
        Some((wish.path.to_owned(), wish.choose(namesakes, &mut vaults)?))
    });
    sought.collect()
}

/// A file of a name that is wanted.
struct Namesake {
    /// Relative to the root.
    path: String,
    /// The same, [`fold`]ed.
    folded: String,
    place: PathBuf,
}

/// All files of one name. Of a thousand pictures that are called alike, each is found at once by the folder that its note
/// names.
struct Namesakes {
    all: Vec<Namesake>,
    /// Folded name and folder → which of all. Only looked up, never walked, so its order does not matter.
    by_folder: HashMap<String, Vec<usize>>,
    /// The folded paths, to be looked up as well.
    folded: HashSet<String>,
}

impl Namesakes {
    fn new(plan: &Plan, places: Vec<PathBuf>) -> Self {
        let place = |place: PathBuf| {
            let path = plan.path_of(&place);
            Namesake { folded: fold(&path), path, place }
        };
        let all: Vec<Namesake> = places.into_iter().map(place).collect();
        let mut by_folder: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, place) in all.iter().enumerate() {
            let mut parts = place.folded.rsplit('/');
            if let (Some(name), Some(folder)) = (parts.next(), parts.next()) {
                by_folder.entry(join(folder, name)).or_default().push(index);
            }
        }
        let folded = all.iter().map(|place| place.folded.clone()).collect();
        Self { all, by_folder, folded }
    }

    /// Those that may be the best for a wish: where one has its very name and its folder, none else.
    fn near(&self, wish: &Wish<'_>) -> Vec<&Namesake> {
        let indices = match wish.folded.as_slice() {
            [.., folder, name] => self.by_folder.get(&join(folder, name)).map(Vec::as_slice).unwrap_or_default(),
            [] | [_] => &[],
        };
        let near: Vec<&Namesake> = indices.iter().filter_map(|index| self.all.get(*index)).collect();
        if near.iter().any(|place| wish.has_its_name(place)) { near } else { self.all.iter().collect() }
    }
}

/// A path for which there is no file.
struct Wish<'a> {
    path: &'a str,
    /// Of the note that names it.
    folder: &'a str,
    /// The path as the note has it, as far as that is known, part by part.
    parts: Vec<&'a str>,
    /// The same, [`fold`]ed; the last one is the file's name.
    folded: Vec<String>,
    /// Whether it goes from the note's folder or from one above it; else it leads out, or is of another system.
    is_inside: bool,
}

impl<'a> Wish<'a> {
    /// Of what lies outside only images and sounds are looked for: nothing else is meant to be packed. Of any other file that
    /// is embedded by its name is said that it is no picture, as of one that lies at its path.
    fn new(media: &'a MediaUse, folder: &'a str) -> Option<Self> {
        let path = media.path.as_str();
        // A path that starts with `/` may be written as it goes from the root.
        let from_root = || media.others.iter().find(|other| path.ends_with(other.as_str()));
        let written = below(path, folder).or_else(|| from_root().map(String::as_str)).unwrap_or(path);
        let parts = written.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
        let parts: Vec<&str> = parts.collect();
        let is_inside = !path.starts_with("..") && !path.contains('\\');
        let name = parts.last()?;
        if MediaKind::of(name).is_none() && !(is_inside && Path::new(name).extension().is_some()) {
            return None;
        }
        Some(Self { path, folder, folded: parts.iter().map(|part| fold(part)).collect(), parts, is_inside })
    }

    fn name(&self) -> &'a str {
        self.parts.last().copied().unwrap_or_default()
    }

    fn choose(&self, namesakes: &Namesakes, vaults: &mut Vaults<'_>) -> Option<(Sought, PathBuf)> {
        // That the name is written in another case is said elsewhere, where the path leads to the very file otherwise.
        if namesakes.folded.contains(&fold(self.path)) {
            return None;
        }
        let attachments = vaults.attachments(self.folder);
        let rank = |place: &Namesake| {
            let is_attached = attachments.as_deref() == Some(parent(&place.path));
            (self.has_its_name(place), self.same_parts(place), is_attached)
        };
        let ranked: Vec<_> = namesakes.near(self).into_iter().map(|place| (rank(place), place)).collect();
        let highest = ranked.iter().map(|(rank, _)| *rank).max()?;
        let (has_its_name, same_parts, _) = highest;
        let best = || ranked.iter().filter(|(rank, _)| *rank == highest).map(|(_, place)| *place);
        let taken = best().min_by_key(|place| (steps(self.folder, parent(&place.path)), place.path.as_str()))?;
        let other = best().find(|other| other.path != taken.path).map(|other| other.path.clone());
        let is_usual = self.is_inside && has_its_name && same_parts == self.parts.len();
        Some((Sought { file: taken.path.clone(), other, is_usual }, taken.place.clone()))
    }

    /// Whether a file's name is the one that is written, case and all.
    fn has_its_name(&self, place: &Namesake) -> bool {
        let name = file_name(&place.path);
        name == self.name() || name.nfc().eq(self.name().nfc())
    }

    /// How many parts at the end of a path are those that the note has.
    fn same_parts(&self, place: &Namesake) -> usize {
        let same = place.folded.split('/').rev().zip(self.folded.iter().rev());
        same.take_while(|(part, written)| part == written).count()
    }
}

/// The settings of vaults, each read once.
struct Vaults<'a> {
    world: &'a World,
    plan: &'a Plan,
    /// Folder, relative to the root → the settings of the vault that it is, if it is one.
    settings: BTreeMap<String, Option<String>>,
}

impl Vaults<'_> {
    /// The folder for attachments of notes in a folder, both relative to the root.
    fn attachments(&mut self, folder: &str) -> Option<String> {
        let above = folder.match_indices('/').rev().filter_map(|(at, _)| folder.get(..at));
        for vault in std::iter::once(folder).chain(above).chain(std::iter::once("")) {
            let (world, plan) = (self.world, self.plan);
            let settings = self
                .settings
                .entry(vault.to_owned())
                .or_insert_with(|| vaults::read(world, &plan.bounds, &plan.root.join(join(vault, vault::SETTINGS))));
            if let Some(settings) = settings {
                return Some(join(vault, &vault::attachments(settings, below(folder, vault)?)?));
            }
        }
        None
    }
}
