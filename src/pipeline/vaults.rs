//! Reads what vaults of Obsidian and graphs of Logseq say of themselves, as far as files may be read from there.
//!
//! Knows where those settings are, not what they mean: that is [`vault`]'s.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::config::syntax::OptionsLayer;
use crate::config::vault::{self, Vault};
use crate::files::{Bounds, Lead, World};
use crate::text::path::{join, parent};

/// Settings of another program; those that are not there, or cannot be read, say nothing.
pub(super) fn read(world: &World, bounds: &Bounds, place: &Path) -> Option<String> {
    let Ok(Lead::File(_)) = world.follow(bounds, place) else { return None };
    world.refuse_larger(place, 1).ok()?;
    Some(world.read_text(place).ok()?.text)
}

/// So many folders deep below the root vaults are looked for.
const DEEPEST: usize = 2;

/// The folders of templates among those of `files`, relative to the root as they are.
pub(super) fn template_folders<'a>(
    world: &World,
    bounds: &Bounds,
    root: &Path,
    files: impl Iterator<Item = &'a str>,
) -> Vec<String> {
    let folders: BTreeSet<&str> = files.map(parent).collect();
    let above = folders.into_iter().flat_map(|folder| {
        let parts = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]).take(DEEPEST);
        parts.filter_map(move |end| folder.get(..end)).chain([""])
    });
    let vaults: BTreeSet<&str> = above.collect();
    let read = |vault: &str| {
        let settings = vault::TEMPLATES.iter().filter_map(|(path, key)| {
            let text = read(world, bounds, &root.join(join(vault, path)))?;
            Some(join(vault, &vault::templates(&text, key)?))
        });
        settings.collect::<Vec<_>>()
    };
    vaults.into_iter().flat_map(read).collect()
}

/// The vaults around folders, as far as they lie in a project.
pub(super) struct Vaults<'w> {
    world: &'w World,
    bounds: &'w Bounds,
    root: &'w Path,
    /// By folders relative to the root; of one without a vault of its own it is that of the folder above.
    known: BTreeMap<String, Option<Arc<Vault>>>,
    /// The settings of syntaxes that were read: their paths, and what they set.
    pub(super) read: Vec<VaultSettings>,
}

/// Settings of a vault that say how notes are written.
#[derive(Debug, Clone)]
pub struct VaultSettings {
    /// As messages show it.
    pub path: String,
    /// The options that they set.
    pub options: Vec<String>,
}

impl<'w> Vaults<'w> {
    /// Nothing is read yet; all paths are relative to `root`.
    pub(super) fn new(world: &'w World, bounds: &'w Bounds, root: &'w Path) -> Self {
        Self { world, bounds, root, known: BTreeMap::new(), read: Vec::new() }
    }

    /// The vault around a folder.
    pub(super) fn around(&mut self, folder: &str) -> Option<Arc<Vault>> {
        // From the folder up to the first one that is known, and down again.
        let mut unknown = Vec::new();
        let mut at = Some(folder);
        while let Some(folder) = at.filter(|folder| !self.known.contains_key(*folder)) {
            unknown.push(folder);
            at = (!folder.is_empty()).then(|| parent(folder));
        }
        let mut vault = at.and_then(|folder| self.known.get(folder)).cloned().flatten();
        for folder in unknown.into_iter().rev() {
            vault = self.open(folder).map(Arc::new).or(vault);
            self.known.insert(folder.to_owned(), vault.clone());
        }
        vault
    }

    /// The vault that a folder is.
    fn open(&mut self, folder: &str) -> Option<Vault> {
        let place = |path: &str| self.root.join(join(folder, path));
        let is_there = |mark: &str| {
            let lead = self.world.follow(self.bounds, &place(mark));
            matches!(lead, Ok(Lead::File(_) | Lead::Folder))
        };
        vault::MARKS.into_iter().find(|mark| is_there(mark))?;
        let mut set = OptionsLayer::default();
        for (path, read_options) in vault::OPTIONS {
            let Some(options) = read(self.world, self.bounds, &place(path)).and_then(|text| read_options(&text)) else {
                continue;
            };
            let names = options.keys().map(|(_, key)| key.to_owned()).collect();
            set.add(&options);
            self.read.push(VaultSettings { path: join(folder, path), options: names });
        }
        Some(Vault::new(folder.to_owned(), set))
    }
}

/// The commands in formulas that collections of hashcards define for all files below their folder.
pub(super) struct Macros<'w> {
    world: &'w World,
    bounds: &'w Bounds,
    root: &'w Path,
    /// By folders relative to the root.
    known: BTreeMap<String, Option<Arc<OptionsLayer>>>,
}

impl<'w> Macros<'w> {
    /// Nothing is read yet; all paths are relative to `root`.
    pub(super) fn new(world: &'w World, bounds: &'w Bounds, root: &'w Path) -> Self {
        Self { world, bounds, root, known: BTreeMap::new() }
    }

    /// The options for files of a folder: those of the nearest file of commands above them.
    pub(super) fn around(&mut self, folder: &str) -> Option<Arc<OptionsLayer>> {
        let mut unknown = Vec::new();
        let mut at = Some(folder);
        while let Some(folder) = at.filter(|folder| !self.known.contains_key(*folder)) {
            unknown.push(folder);
            at = (!folder.is_empty()).then(|| parent(folder));
        }
        let mut found = at.and_then(|folder| self.known.get(folder)).cloned().flatten();
        for folder in unknown.into_iter().rev() {
            let text = read(self.world, self.bounds, &self.root.join(join(folder, vault::MACROS)));
            found = text.and_then(|text| vault::read_macros(&text)).map(Arc::new).or(found);
            self.known.insert(folder.to_owned(), found.clone());
        }
        found
    }
}
