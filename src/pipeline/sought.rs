//! Turns paths of media that lead to nothing, or out of the project, into the files that people's editors would find.
//!
//! Knows names and folders; nothing is opened but the settings of a vault.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::gathered::Plan;
use crate::artifact;
use crate::check::Sought;
use crate::config::vault;
use crate::files::{Lead, World};
use crate::text::extension::MediaKind;
use crate::text::path::{below, file_name, fold, join, parent};

/// For each path what was found for it, and its place. `wanted` has with each path the folder of a note that names it. Of
/// several files the one that has the most of the path's end is taken, then the one in the vault's folder for attachments,
/// then the nearest to the note.
pub(super) fn seek<'a>(
    world: &World,
    plan: &Plan,
    wanted: impl Iterator<Item = (&'a str, &'a str)>,
) -> BTreeMap<String, (Sought, PathBuf)> {
    let wishes: Vec<Wish<'_>> = wanted.filter_map(|(path, folder)| Wish::new(path, folder)).collect();
    let names: BTreeSet<String> = wishes.iter().map(|wish| fold(wish.name())).collect();
    if names.is_empty() {
        return BTreeMap::new();
    }
    let found = world.seek(&plan.bounds, &names, [&plan.out, Path::new(artifact::LIST)]);
    let mut vaults = Vaults { world, plan, settings: BTreeMap::new() };
    let sought = wishes.iter().filter_map(|wish| {
        let places = found.get(&fold(wish.name()))?;
        Some((wish.path.to_owned(), wish.choose(places, plan, &mut vaults)?))
    });
    sought.collect()
}

/// A path for which there is no file.
struct Wish<'a> {
    path: &'a str,
    /// Of the note that names it.
    folder: &'a str,
    /// The path as the note has it, as far as that is known, part by part.
    parts: Vec<&'a str>,
    /// Whether it goes from the note's folder or from one above it; else it leads out, or is of another system.
    is_inside: bool,
}

impl<'a> Wish<'a> {
    /// Only images and sounds are looked for: nothing else in a project is meant to be packed.
    fn new(path: &'a str, folder: &'a str) -> Option<Self> {
        let written = below(path, folder).unwrap_or(path);
        let parts = written.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
        let parts: Vec<&str> = parts.collect();
        let is_inside = !path.starts_with("..") && !path.contains('\\');
        MediaKind::of(parts.last()?).is_some().then_some(Self { path, folder, parts, is_inside })
    }

    fn name(&self) -> &'a str {
        self.parts.last().copied().unwrap_or_default()
    }

    fn choose(&self, places: &[PathBuf], plan: &Plan, vaults: &mut Vaults<'_>) -> Option<(Sought, PathBuf)> {
        let paths: Vec<(String, &PathBuf)> = places.iter().map(|place| (plan.path_of(place), place)).collect();
        // That the name is written in another case is said elsewhere, where the path leads to the very file otherwise.
        if paths.iter().any(|(path, _)| fold(path) == fold(self.path)) {
            return None;
        }
        let attachments = vaults.attachments(self.folder);
        let rank = |path: &str| {
            let is_attached = attachments.as_deref() == Some(parent(path));
            Reverse((file_name(path).nfc().eq(self.name().nfc()), self.same_parts(path), is_attached))
        };
        let key = |(path, _): &&(String, &PathBuf)| (rank(path), steps(self.folder, parent(path)), path.clone());
        let (path, place) = paths.iter().min_by_key(key)?;
        let other = paths.iter().find(|(other, _)| other != path && rank(other) == rank(path));
        let is_same = file_name(path).nfc().eq(self.name().nfc());
        let is_usual = self.is_inside && is_same && self.same_parts(path) == self.parts.len();
        let other = other.map(|(other, _)| other.clone());
        Some((Sought { file: path.clone(), other, is_usual }, (*place).clone()))
    }

    /// How many parts at the end of a path are those that the note has.
    fn same_parts(&self, path: &str) -> usize {
        let same = path.split('/').rev().zip(self.parts.iter().rev());
        same.take_while(|(part, written)| fold(part) == fold(written)).count()
    }
}

/// How many folders one goes up and down from a folder to another.
fn steps(from: &str, to: &str) -> usize {
    let parts = |path: &'_ str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (parts(from), parts(to));
    let same = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    from.len() + to.len() - 2 * same
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
                .or_insert_with(|| read(world, plan, &join(vault, vault::SETTINGS)));
            if let Some(settings) = settings {
                return Some(join(vault, &vault::attachments(settings, below(folder, vault)?)?));
            }
        }
        None
    }
}

/// Settings of another program that are not there, or cannot be read, say nothing.
fn read(world: &World, plan: &Plan, path: &str) -> Option<String> {
    let place = plan.root.join(path);
    let Ok(Lead::File(_)) = world.follow(&plan.bounds, &place) else { return None };
    world.refuse_larger(&place, 1).ok()?;
    Some(world.read_text(&place).ok()?.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_up_and_down() {
        assert_eq!([steps("a/b", "a/b"), steps("a/b", "a"), steps("a/b", "a/c/d"), steps("", "a")], [0, 1, 3, 1]);
    }
}
