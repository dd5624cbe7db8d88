//! Turns the code of the sources into which module names which, and finds those that go round in circles.
//!
//! A path counts for the module in which its item is written: what a module hands on by `use` belongs to where it comes
//! from. What globs and macros bring in is not seen. Knows nothing of what is allowed.

use std::collections::{BTreeMap, BTreeSet};

/// A module's names from the root on; the root's own has none.
type ModulePath = Vec<String>;

/// Modules that stand side by side, under the same parent, and import each other in a circle.
///
/// Each counts with all that lies below it, so that at the root these are rooms. A module may name what lies below it and
/// be named from there: it is the roof over its files and holds what they share.
pub(crate) struct Circle {
    /// `parent: one, other`.
    pub(crate) members: String,
    /// Which of their modules names which, one a line.
    pub(crate) imports: String,
}

/// The circles among the modules of some files: their paths relative to `src`, and their code without comments.
pub(crate) fn circles<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Circle> {
    let modules = Modules::new(files);
    let mut levels: BTreeMap<ModulePath, Arrows> = BTreeMap::new();
    for (from, to) in modules.imports() {
        let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
        if let (Some(one), Some(other)) = (from.get(shared), to.get(shared)) {
            let arrows = levels.entry(from.iter().take(shared).cloned().collect()).or_default();
            let import = format!("{} names {}", from.join("::"), to.join("::"));
            arrows.entry((one.clone(), other.clone())).or_default().push(import);
        }
    }
    levels.iter().flat_map(|(parent, arrows)| circles_of(parent, arrows)).collect()
}

/// What modules that stand side by side name of each other.
type Arrows = BTreeMap<(String, String), Vec<String>>;

fn circles_of(parent: &ModulePath, arrows: &Arrows) -> Vec<Circle> {
    let names: BTreeSet<&str> = arrows.keys().map(|(one, _)| one.as_str()).collect();
    let mut reaches: BTreeSet<(&str, &str)> =
        arrows.keys().map(|(one, other)| (one.as_str(), other.as_str())).collect();
    for via in &names {
        let ends: Vec<&str> = reaches.iter().filter(|(from, _)| from == via).map(|(_, to)| *to).collect();
        let starts: Vec<&str> = reaches.iter().filter(|(_, to)| to == via).map(|(from, _)| *from).collect();
        reaches.extend(starts.iter().flat_map(|from| ends.iter().map(|to| (*from, *to))));
    }
    let with = |one: &str| -> BTreeSet<&str> {
        names
            .iter()
            .copied()
            .filter(|other| reaches.contains(&(one, other)) && reaches.contains(&(other, one)))
            .collect()
    };
    let groups: BTreeSet<BTreeSet<&str>> =
        names.iter().map(|one| with(one)).filter(|group| !group.is_empty()).collect();
    let circle = |group: &BTreeSet<&str>| {
        let is_in = |name: &String| group.contains(name.as_str());
        let within = arrows.iter().filter(|((one, other), _)| is_in(one) && is_in(other));
        let imports: Vec<&str> = within.flat_map(|(_, imports)| imports.iter().map(String::as_str)).collect();
        let members: Vec<&str> = group.iter().copied().collect();
        Circle { members: format!("{}: {}", parent.join("::"), members.join(", ")), imports: imports.join("\n") }
    };
    groups.iter().map(circle).collect()
}

struct Modules(BTreeMap<ModulePath, Module>);

struct Module {
    code: String,
    /// What `use` brings in, by the name that it has here.
    imported: BTreeMap<String, Vec<String>>,
}

impl Modules {
    fn new<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let module = |(file, code): (&str, &str)| {
            let names = file.trim_end_matches(".rs").split('/').filter(|name| *name != "lib");
            let imported = used(code).into_iter().map(|Used { path, name }| (name, path)).collect();
            (names.map(str::to_owned).collect(), Module { code: code.to_owned(), imported })
        };
        Self(files.map(module).collect())
    }

    /// Each pair of modules of which the first names the second.
    fn imports(&self) -> BTreeSet<(ModulePath, ModulePath)> {
        let mut imports = BTreeSet::new();
        for (from, module) in &self.0 {
            let used = used(&module.code).into_iter().map(|used| used.path);
            for path in used.chain(written(&module.code)) {
                imports.extend(self.home(from, &path, DEEPEST).map(|to| (from.clone(), to)));
            }
        }
        imports
    }

    /// The module in which the item of a path is written; `None` where the path begins with the name of another crate, or
    /// with one that an import brings in and that is counted there.
    fn home(&self, from: &ModulePath, path: &[String], depth: usize) -> Option<ModulePath> {
        let (mut at, mut rest) = (from.clone(), path);
        while let [first, others @ ..] = rest {
            match first.as_str() {
                "crate" | "deckle" => at.clear(),
                "super" => drop(at.pop()),
                "self" => {}
                _ => break,
            }
            rest = others;
        }
        let is_rooted = rest.len() < path.len();
        for (place, name) in rest.iter().enumerate() {
            at.push(name.clone());
            if self.0.contains_key(&at) {
                continue;
            }
            at.pop();
            let handed_on = self.0.get(&at).and_then(|module| module.imported.get(name)).filter(|_| depth > 0);
            let origin = handed_on.and_then(|path| self.home(&at, path, depth - 1));
            return (is_rooted || place > 0).then(|| origin.unwrap_or(at));
        }
        Some(at)
    }
}

/// So often an item is handed on at most.
const DEEPEST: usize = 8;

/// A path that `use` names, and the name that it gets.
struct Used {
    path: Vec<String>,
    name: String,
}

fn used(code: &str) -> Vec<Used> {
    let mut found = Vec::new();
    for (at, word) in code.match_indices("use ") {
        let before = code[..at].rsplit('\n').next().unwrap_or_default().trim();
        if before.is_empty() || before == "pub" || (before.starts_with("pub(") && before.ends_with(')')) {
            let tree = code[at + word.len()..].split(';').next().unwrap_or_default();
            branch(&[], tree, &mut found);
        }
    }
    found
}

/// Adds what a piece of a `use` tree names, behind the names of `stem`.
fn branch(stem: &[String], tree: &str, found: &mut Vec<Used>) {
    if let Some((head, group)) = tree.split_once('{') {
        let stem = [stem, &names(head)].concat();
        let mut depth = 0;
        let is_end = |c: char| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && depth == 0
        };
        let group = group.rsplit_once('}').map_or(group, |(group, _)| group);
        group.split(is_end).for_each(|piece| branch(&stem, piece, found));
        return;
    }
    let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias.trim())));
    let mut path = [stem, &names(path)].concat();
    path.pop_if(|last| last == "self");
    if let Some(name) = alias.or(path.last().map(String::as_str)).map(str::to_owned) {
        found.push(Used { path, name });
    }
}

/// The paths that stand in some code as a whole.
fn written(code: &str) -> impl Iterator<Item = Vec<String>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    code.split(move |c| !is_part(c)).filter(|word| word.contains("::")).map(names)
}

fn names(path: &str) -> Vec<String> {
    path.split("::").map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
