//! Turns the paths in links into what they lead to: addresses on the site for those who have no other file of the project,
//! and a word on each that leads to nothing.
//!
//! Asks the site which page it is, and the disk whether there is anything else; opens nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use super::gathered::Plan;
use crate::artifact;
use crate::check::{DeadLink, Gone, dead_link};
use crate::diagnostic::{Diagnostic, suggest};
use crate::files::{self, Spellings, World};
use crate::ir::{Collection, for_each_link_mut};
use crate::markdown::LinkUse;
use crate::site::pages::{Lead, Site, Spot};
use crate::source::SourceId;
use crate::text::address;
use crate::text::path::{file_name, fold, parent, stem};

/// So many names are compared with what links call for: each dead link of a few is told what is near, and a thousand of
/// them in a folder of thousands take no time.
const MAX_COMPARED: usize = 200_000;

/// Gives the links in notes their addresses, and reports those that lead to nothing. Notes have their GUIDs by now: pages
/// name cards by them. `moved` has for old paths of files those of the files that their notes are in now.
pub(super) fn follow(
    world: &World,
    plan: &Plan,
    collection: &mut Collection,
    links: &[LinkUse],
    moved: &BTreeMap<String, String>,
) -> Vec<Diagnostic> {
    if links.is_empty() {
        return Vec::new();
    }
    let mut follower = Follower::new(world, plan, collection, moved);
    let mut addresses: HashMap<(SourceId, &str), Option<String>> = HashMap::new();
    for link in links {
        let key = (link.span.source, link.url.as_str());
        // What was reported once is counted with its like.
        if !addresses.contains_key(&key) || follower.dead_urls.contains(&key) {
            addresses.insert(key, follower.follow(link));
        }
    }
    let diagnostics = follower.report();
    let with_links: BTreeSet<SourceId> = links.iter().map(|link| link.span.source).collect();
    for note in collection.notes.iter_mut().filter(|note| with_links.contains(&note.span.source)) {
        let source = note.span.source;
        for_each_link_mut(note, &mut |url, address| *address = addresses.get(&(source, url)).cloned().flatten());
    }
    diagnostics
}

struct Follower<'a, 'l> {
    world: &'a World,
    plan: &'a Plan,
    site: Site<'a>,
    spellings: Spellings<'a>,
    /// Path → whether something is there, or the project cannot know.
    known: HashMap<String, Existence>,
    dead: Vec<DeadLink>,
    /// For each of `dead` the paths, [`fold`]ed, whose ends may be that of a file anywhere in the project.
    wishes: Vec<Vec<String>>,
    /// What is reported of a file → its index in `dead`.
    said: BTreeMap<(SourceId, Gone), usize>,
    dead_urls: BTreeSet<(SourceId, &'l str)>,
    /// Folder → the files of notes in it, to be told as near; made where one is wanted.
    by_folder: Option<HashMap<String, Vec<String>>>,
    moved: &'a BTreeMap<String, String>,
    left_to_compare: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Existence {
    There,
    Nowhere,
    Outside,
}

impl<'a, 'l> Follower<'a, 'l> {
    fn new(world: &'a World, plan: &'a Plan, collection: &'a Collection, moved: &'a BTreeMap<String, String>) -> Self {
        Self {
            world,
            plan,
            site: Site::new(collection),
            spellings: Spellings::new(world, &plan.bounds),
            known: HashMap::new(),
            dead: Vec::new(),
            wishes: Vec::new(),
            said: BTreeMap::new(),
            dead_urls: BTreeSet::new(),
            by_folder: None,
            moved,
            left_to_compare: MAX_COMPARED,
        }
    }

    /// The address of what a link leads to, if it is on the site. What is not there is noted down.
    fn follow(&mut self, link: &'l LinkUse) -> Option<String> {
        let collection = self.site.collection;
        let file = collection.sources.get(link.span.source.0 as usize).map_or("", |file| file.path.as_str());
        if link.url.trim().is_empty() {
            self.note_dead(link, Gone::Address);
            return None;
        }
        match self.site.lead(file, &link.url) {
            Lead::Elsewhere | Lead::Medium(_) => None,
            Lead::File(path) => {
                match self.existence(&path) {
                    Existence::There => {}
                    // Whoever names single files knows what lies beside them.
                    Existence::Outside if self.plan.is_loose => {}
                    Existence::Outside => self.note_dead(link, Gone::Outside(path)),
                    Existence::Nowhere if link.may_lack => {}
                    Existence::Nowhere => self.note_dead(link, Gone::File(path)),
                }
                None
            }
            Lead::Page { page, spot } => {
                let page = self.site.pages.get(page)?;
                let is_own = page.source == file;
                let address = match &spot {
                    Spot::Raw(id) if is_own => return Some(format!("#{id}")),
                    Spot::Top | Spot::Missing => page.address(),
                    Spot::Id(id) | Spot::Raw(id) => format!("{}#{}", page.address(), address::percent_encode(id)),
                };
                let source = page.source.to_owned();
                let address = collection.site_url.as_ref().map(|site| format!("{site}/{address}"));
                if spot == Spot::Missing {
                    let fragment = link.url.split_once('#').map_or("", |(_, fragment)| fragment);
                    self.note_dead(link, Gone::Place(source, address::percent_decode(fragment).into_owned()));
                }
                address
            }
        }
    }

    fn existence(&mut self, path: &str) -> Existence {
        if let Some(known) = self.known.get(path) {
            return *known;
        }
        let found = names(path);
        let found = found.iter().map(|path| self.look_up(path)).find(|found| *found != Existence::Nowhere);
        let existence = found.unwrap_or(Existence::Nowhere);
        self.known.insert(path.to_owned(), existence);
        existence
    }

    fn look_up(&mut self, path: &str) -> Existence {
        let Plan { root, bounds, .. } = self.plan;
        match self.world.follow(bounds, &root.join(path)) {
            Ok(files::Lead::File(_) | files::Lead::Folder | files::Lead::Special) => Existence::There,
            Ok(files::Lead::Outside) => Existence::Outside,
            Ok(files::Lead::Nothing) | Err(_) => {
                let spelt = self.spellings.find(root, path).or_else(|| self.spellings.find_by_case(root, path));
                if spelt.is_some() { Existence::There } else { Existence::Nowhere }
            }
        }
    }

    fn note_dead(&mut self, link: &'l LinkUse, gone: Gone) {
        self.dead_urls.insert((link.span.source, &link.url));
        let key = (link.span.source, gone);
        if let Some(dead) = self.said.get(&key).and_then(|index| self.dead.get_mut(*index)) {
            dead.others += 1;
            return;
        }
        let moved = match &key.1 {
            Gone::File(path) => names(path).iter().find_map(|name| self.moved.get(name)).cloned(),
            Gone::Place(..) | Gone::Outside(_) | Gone::Address => None,
        };
        let is_moved = moved.is_some();
        let near = match &key.1 {
            Gone::File(path) => moved.or_else(|| self.near_file(path, link.span.source)),
            Gone::Place(file, fragment) => self.near_place(file, fragment),
            Gone::Outside(_) | Gone::Address => None,
        };
        let wishes = if matches!(key.1, Gone::File(_)) { wishes(&link.url) } else { Vec::new() };
        self.wishes.push(wishes);
        let gone = key.1.clone();
        self.dead.push(DeadLink { span: link.span, gone, near, is_moved, others: 0, is_wiki: link.is_wiki });
        self.said.insert(key, self.dead.len() - 1);
    }

    /// A file of that name elsewhere, or one beside it of nearly that name; never the one with the link.
    fn near_file(&mut self, path: &str, from: SourceId) -> Option<String> {
        let own = self.site.collection.sources.get(from.0 as usize).map_or("", |file| file.path.as_str());
        if let Some(namesake) = self.site.namesake(path).filter(|namesake| *namesake != own) {
            return Some(namesake.to_owned());
        }
        let by_folder = self.by_folder.get_or_insert_with(|| {
            let mut folders: HashMap<String, Vec<String>> = HashMap::new();
            for page in self.site.pages.iter().filter(|page| !page.is_part) {
                folders.entry(parent(page.source).to_owned()).or_default().push(page.source.to_owned());
            }
            folders
        });
        let files = by_folder.get(parent(path))?;
        self.left_to_compare = self.left_to_compare.checked_sub(files.len())?;
        let others = || files.iter().filter(|file| *file != own);
        let near = nearest(stem(path), others().map(|file| stem(file)))?;
        others().find(|file| stem(file) == near).cloned()
    }

    fn near_place(&mut self, file: &str, fragment: &str) -> Option<String> {
        let anchors = self.site.anchors(file)?;
        self.left_to_compare = self.left_to_compare.checked_sub(anchors.len())?;
        // Nobody writes the id of a card by hand.
        let is_readable = |anchor: &&str| !anchor.starts_with("c-") && !anchor.starts_with("a-");
        nearest(fragment, anchors.filter(is_readable)).map(str::to_owned)
    }

    fn report(self) -> Vec<Diagnostic> {
        let is_there = self.found_elsewhere();
        let sources = &self.site.collection.sources;
        let file = |link: &DeadLink| sources.get(link.span.source.0 as usize).map_or("", |file| file.path.as_str());
        let dead = self.dead.iter().zip(is_there).filter(|(_, is_there)| !is_there);
        dead.map(|(link, _)| dead_link(link, file(link))).collect()
    }

    /// For each of `dead` whether there is such a file anywhere: one in no deck or a draft has no page, and any other file
    /// is no note, but editors of vaults find them by their names.
    fn found_elsewhere(&self) -> Vec<bool> {
        let names = self.wishes.iter().flatten().map(|path| file_name(path).to_owned());
        let names: BTreeSet<String> = names.filter(|name| !name.is_empty()).collect();
        if names.is_empty() {
            return vec![false; self.dead.len()];
        }
        let found = self.world.seek(&self.plan.bounds, &names, [&self.plan.out, Path::new(artifact::LIST)]);
        let paths: Vec<String> = found.into_values().flatten().map(|place| fold(&self.plan.path_of(&place))).collect();
        // All ends of the paths, so that a thousand files of one name are not gone through for each link.
        let ends: HashSet<&str> = paths.iter().flat_map(|path| ends(path)).collect();
        self.wishes.iter().map(|paths| paths.iter().any(|path| ends.contains(path.as_str()))).collect()
    }
}

/// What a file may be called that a path leads to: pages of mdBook are written as they are called in the end.
fn names(path: &str) -> [String; 3] {
    let stem = path.strip_suffix(".html").unwrap_or(path);
    [path.to_owned(), format!("{stem}.md"), format!("{stem}.markdown")]
}

/// A path, and what is left of it when folders are taken away in front.
fn ends(path: &str) -> impl Iterator<Item = &str> {
    std::iter::once(path).chain(path.match_indices('/').filter_map(|(at, _)| path.get(at + 1..)))
}

/// What an address may call a file wherever that is, [`fold`]ed: a path that goes up is the end of none.
fn wishes(url: &str) -> Vec<String> {
    let path = url.trim().split(['#', '?']).next().unwrap_or_default();
    let path = fold(address::percent_decode(path).trim_start_matches('/'));
    let stem = path.strip_suffix(".html").unwrap_or(&path);
    let notes = ["md", "markdown"].map(|extension| format!("{stem}.{extension}"));
    notes.into_iter().chain([path.clone()]).collect()
}

/// What a name is a misspelling of. One or two letters are a third of a name or more: all would be near.
fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.chars().nth(2).is_none() { None } else { suggest(name, candidates) }
}
