//! Reads what vaults of Obsidian say of themselves, as far as files may be read from there.
//!
//! Knows where those settings are, not what they mean: that is [`vault`]'s.

use std::collections::BTreeSet;
use std::path::Path;

use crate::config::vault;
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
