//! Turns a tree of YAML into settings, key by key, and reports every mistake at its place.
//!
//! Knows the names of all settings; not what their values are ([`values`]), nor how they are put upon each other.

mod broken;
mod values;

use std::collections::BTreeMap;
use std::ops::Range;

pub(super) use self::broken::nearly_settings;
use super::yaml::{self, Node, NodeKind, Tree};
use super::{Layer, Project, add_tags, print};
use crate::diagnostic::{Code, Cost, Diagnostic, suggest, suggest_only};
use crate::source::{Source, SourceId, Span};

/// Keys of one place: those that stand there alone, with the cascade's among them, which every place has.
macro_rules! keys {
    ([$($before:literal),*] [$($behind:literal),*]) => {
        &[
            $($before,)*
            "deck",
            "tags",
            "math",
            "html",
            "syntax",
            "syntax-options",
            "draft",
            "exclude-tags",
            "only-marked",
            "tags-from-text",
            "breaks",
            "bold-cloze",
            "embeds",
            $($behind,)*
        ]
    };
}

/// Keys of `deckle.yaml`.
const PROJECT_KEYS: &[&str] = keys!(
    ["id", "name", "content", "out", "site-url", "link", "templates", "media-roots", "media-limit", "forget-after", "packages", "decks"]
    ["print", "book"]
);

/// Keys of `_deck.yaml`.
const FOLDER_KEYS: &[&str] = keys!([]["title"]);

/// Keys that every place has.
const CASCADE_KEYS: &[&str] = keys!([] []);

/// Keys of front matter, and of `deckle:` in it.
pub(super) const FRONT_MATTER_KEYS: &[&str] = keys!([]["title"]);

/// Words that are near one of our keys and that other tools give a meaning: `path` (Hugo and others) is near `math`, `tabs`
/// near `tags`. And our own key for what is ours alone.
const FOREIGN_KEYS: &[&str] = &["path", "tabs"];

/// The key of YAML 1.1 that takes another mapping's keys in.
const MERGE: &str = "<<";

/// More keys than this are looked through for none.
const MAX_KEYS: usize = 100;

/// Reads a text or a part of one, and validates it.
pub(super) struct Reader<'a> {
    id: SourceId,
    source: &'a Source,
    tree: Tree,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    /// Parses the YAML at `range` of the source.
    pub(super) fn new(
        id: SourceId,
        source: &'a Source,
        range: Range<usize>,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let text = source.text.get(range.clone()).unwrap_or_default();
        let mut tree = yaml::parse(text, range.start);
        if let Some(fault) = tree.error.take() {
            diagnostics.push(broken::bad_yaml(id, source, &range, &fault));
        }
        Self { id, source, tree, diagnostics }
    }

    /// The settings of a project.
    pub(super) fn project(mut self) -> Project {
        let mut project = Project { content: "content".into(), out: "dist".into(), ..Project::default() };
        for (name, key, value) in self.root(true) {
            match name.as_str() {
                "id" => project.id = self.filled(&value).or(project.id),
                "name" => project.name = self.filled(&value).or(project.name),
                "content" => {
                    project.content = self.folder(&value, true).unwrap_or(project.content);
                    project.content_place = Some(self.span(&value));
                }
                "out" => project.out = self.folder(&value, false).unwrap_or(project.out),
                "site-url" => project.site_url = self.site_url(&value).or(project.site_url),
                "link" => project.link = self.link(&value).or(project.link),
                "templates" => {
                    project.templates = self.folder(&value, true).or(project.templates);
                    project.templates_place = Some(self.span(&value));
                }
                "media-roots" => project.media_roots = self.media_roots(&value),
                "media-limit" => project.media_limit = self.media_limit(&value).or(project.media_limit),
                "forget-after" => project.forget_after = self.forget_after(&value).or(project.forget_after),
                "packages" => project.packages = self.packages(&value).unwrap_or(project.packages),
                "decks" => self.decks(&value, &mut project),
                "print" => project.print = self.print(&value, &mut project.remarks),
                "book" => project.book = self.book(&value),
                _ => {
                    if !self.layer_key(&name, &key, &value, false, &mut project.layer) {
                        self.unknown(&name, &key, PROJECT_KEYS, None);
                    }
                }
            }
        }
        project
    }

    /// The settings of a folder.
    pub(super) fn folder_layer(mut self) -> Layer {
        let mut layer = Layer::default();
        for (name, key, value) in self.root(true) {
            if !self.layer_key(&name, &key, &value, true, &mut layer) {
                self.unknown(&name, &key, FOLDER_KEYS, None);
            }
        }
        layer
    }

    /// The settings of a file. Other tools' keys are left alone, near misses of ours are not. `has_deck` says whether a
    /// deck is in effect above.
    pub(super) fn front_matter(mut self, has_deck: bool) -> Layer {
        let (mut layer, mut own) = (Layer::default(), Layer::default());
        let mut syntax = None;
        for (name, key, value) in self.root(false) {
            if name == "deckle" {
                own = self.own_layer(&value);
            } else if name == "syntax" {
                syntax = Some(value);
            } else if name == "print" && self.has_only_keys(&value, print::KEYS) {
                self.unknown(&name, &key, FRONT_MATTER_KEYS, None);
            } else if !self.layer_key(&name, &key, &value, true, &mut layer)
                && !FOREIGN_KEYS.contains(&name.as_str())
                // Other tools have `title` too, with a capital for some: no word is a misspelling of it.
                && suggest(&name, CASCADE_KEYS.iter().copied().chain(["deckle"])).is_some()
            {
                self.near_ours(&name, &key);
            }
        }
        let mut layer = merge(layer, own);
        // Other tools have a `syntax` too.
        if let Some(value) = syntax.filter(|_| layer.deck.is_some() || (has_deck && !layer.no_deck)) {
            let outer = self.syntax(&value);
            layer.syntaxes = layer.syntaxes.or(outer);
        }
        layer
    }

    /// What stands under `deckle:`, where every key is ours.
    fn own_layer(&mut self, value: &Node) -> Layer {
        let mut layer = Layer::default();
        self.expect_map("deckle", value);
        for (name, key, inner) in self.entries(value, true) {
            if !self.layer_key(&name, &key, &inner, true, &mut layer) {
                self.unknown(&name, &key, FRONT_MATTER_KEYS, Some(value));
            }
        }
        layer
    }

    /// Reads a key of the cascade; false where it is none.
    fn layer_key(&mut self, name: &str, key: &Node, value: &Node, has_title: bool, layer: &mut Layer) -> bool {
        match name {
            "deck" => self.deck(key, value, layer),
            "tags" => layer.tags = self.tags(key, value),
            "math" => layer.math = self.truth("math", value).or(layer.math),
            "html" => layer.html = self.html(value).or(layer.html),
            "syntax" => layer.syntaxes = self.syntax(value).or(layer.syntaxes.take()),
            "syntax-options" => layer.options.add(&self.syntax_options(value)),
            "draft" => layer.draft = self.truth(name, value).or(layer.draft),
            "exclude-tags" => layer.exclude_tags = self.tags(key, value),
            "only-marked" => layer.only_marked = self.truth(name, value).or(layer.only_marked),
            "tags-from-text" => layer.tags_from_text = self.truth(name, value).or(layer.tags_from_text),
            "breaks" => layer.breaks = self.truth(name, value).or(layer.breaks),
            "bold-cloze" => layer.bold_cloze = self.truth(name, value).or(layer.bold_cloze),
            "embeds" => layer.embeds = self.embeds(value).or(layer.embeds),
            "title" if has_title => layer.title = self.text("title", value).or(layer.title.take()),
            _ => return false,
        }
        true
    }

    /// The outermost entries; anything but a mapping is a mistake.
    fn root(&mut self, ours: bool) -> Vec<(String, Node, Node)> {
        let Some(root) = self.tree.root.clone() else { return Vec::new() };
        match self.tree.kind(&root) {
            NodeKind::Null | NodeKind::Map(_) => {}
            NodeKind::Text { .. } | NodeKind::List(_) => {
                let span = self.span(&root);
                let diagnostic = Diagnostic::new(Code::BadYaml, span, "settings are `key: value` lines");
                let meant = self.source.text.get(span.range()).and_then(nearly_settings);
                self.diagnostics.push(match meant {
                    Some(meant) => diagnostic.help("write a colon and a blank behind each key").edit(span, meant),
                    None => diagnostic.caret("no key here"),
                });
            }
        }
        self.entries(&root, ours)
    }

    /// The entries of a mapping whose keys are text, each key once; a key given again is reported, and other kinds of keys
    /// where all keys are ours.
    fn entries(&mut self, map: &Node, ours: bool) -> Vec<(String, Node, Node)> {
        let NodeKind::Map(entries) = self.tree.kind(map) else { return Vec::new() };
        let mut first: BTreeMap<&str, (&Node, &Node)> = BTreeMap::new();
        let mut once = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let NodeKind::Text { text, .. } = self.tree.kind(key) else {
                if ours {
                    let diagnostic = Diagnostic::new(Code::UnknownKey, self.span(key), "a key is a word");
                    self.diagnostics.push(diagnostic);
                }
                continue;
            };
            if let Some((earlier, other)) = first.get(text.as_str()) {
                let (span, place) = (self.span(key), self.span(earlier));
                let diagnostic = Diagnostic::new(Code::DuplicateKey, span, format!("`{text}` is given twice"))
                    .caret("given again here")
                    .label(place, "first given here");
                self.diagnostics.push(match self.lines_of_same([earlier, other], [key, value]) {
                    Some(lines) => diagnostic.help("take one of them out: they say the same").fix(lines, ""),
                    None => diagnostic,
                });
            } else {
                first.insert(text, (key, value));
                if (ours || text == MERGE || text == "deckle" || FRONT_MATTER_KEYS.contains(&text.as_str()))
                    && let Some((place, message)) = self.beyond_yaml(text, key, value)
                {
                    let diagnostic = Diagnostic::new(Code::BadValue, self.span(place), message);
                    // Without its deck a file would be none of ours, and nothing would be said.
                    self.diagnostics.push(if text == "deck" { diagnostic.costing(Cost::File) } else { diagnostic });
                    continue;
                }
                once.push((text.clone(), key.clone(), value.clone()));
            }
        }
        once
    }

    /// The lines of an entry that is written as another one, where nothing else stands in them.
    fn lines_of_same(&self, earlier: [&Node; 2], again: [&Node; 2]) -> Option<Span> {
        let text = |[key, value]: [&Node; 2]| self.source.text.get(key.range.start..value.range.end);
        let written = text(again).filter(|written| text(earlier) == Some(written))?;
        let start = again[0].range.start;
        let (before, behind) = self.source.text.split_at_checked(start + written.len())?;
        let is_alone =
            before.get(..start)?.ends_with('\n') && behind.lines().next().is_none_or(|rest| rest.trim().is_empty());
        let end = before.len() + behind.find('\n').map_or(behind.len(), |end| end + 1);
        is_alone.then(|| Span::new(self.id, start..end))
    }

    /// What of an entry means something to other programs only: the place, and what is said of it.
    fn beyond_yaml<'n>(&self, name: &str, key: &'n Node, value: &'n Node) -> Option<(&'n Node, &'static str)> {
        if name == MERGE {
            return Some((key, "keys are not merged: write them here"));
        }
        self.tree.is_tagged(value).then_some((value, "a value with a tag of a program's own (`!…`) is not read"))
    }

    /// A key of a mapping whose keys are all ours; without one it is the outermost.
    fn unknown(&mut self, name: &str, key: &Node, known: &[&str], map: Option<&Node>) {
        if !known.contains(&name) && PROJECT_KEYS.contains(&name) {
            let diagnostic = Diagnostic::new(Code::UnknownKey, self.span(key), format!("`{name}` has no effect here"));
            let to_do = if name == "print" {
                "write it in deckle.yaml: for all decks, or under `decks:` for a top-level one"
            } else {
                "write it in deckle.yaml: it is the project's"
            };
            return self.diagnostics.push(diagnostic.help(to_do));
        }
        let only = suggest_only(name, known.iter().copied());
        let is_sure = only.is_some_and(|near| !self.has_key(map.or(self.tree.root.as_ref()), near));
        self.unknown_key(name, key, known, is_sure);
    }

    /// A key that other tools may know: only the same letters in another order are surely a slip.
    fn near_ours(&mut self, name: &str, key: &Node) {
        let known = [CASCADE_KEYS, &["deckle"]].concat();
        let is_slip = |near: &str| is_shuffled(name, near) && !self.has_key(self.tree.root.as_ref(), near);
        let is_sure = suggest_only(name, known.iter().copied()).is_some_and(is_slip);
        self.unknown_key(name, key, &known, is_sure);
    }

    fn unknown_key(&mut self, name: &str, key: &Node, known: &[&str], is_sure: bool) {
        let span = self.span(key);
        let mut diagnostic = Diagnostic::new(Code::UnknownKey, span, format!("unknown key `{name}`"));
        diagnostic = match suggest(name, known.iter().copied()) {
            Some(near) => {
                let diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
                if is_sure { diagnostic.fix(span, near) } else { diagnostic.edit(span, near) }
            }
            None => diagnostic.help(format!("the keys here are {}", list(known))),
        };
        self.diagnostics.push(diagnostic);
    }

    /// Whether a mapping has a key; of one with more than anybody writes it is taken for granted.
    fn has_key(&self, map: Option<&Node>, name: &str) -> bool {
        let Some(NodeKind::Map(entries)) = map.map(|map| self.tree.kind(map)) else { return false };
        entries.len() > MAX_KEYS || entries.iter().any(|(key, _)| self.tree.kind(key).as_text() == Some(name))
    }

    /// Whether a node is a mapping, and has no other keys than these.
    fn has_only_keys(&self, map: &Node, known: &[&str]) -> bool {
        let NodeKind::Map(entries) = self.tree.kind(map) else { return false };
        let is_known = |key: &Node| self.tree.kind(key).as_text().is_some_and(|key| known.contains(&key));
        !entries.is_empty() && entries.iter().all(|(key, _)| is_known(key))
    }

    fn bad_value(&mut self, node: &Node, message: impl Into<String>, help: &str) {
        let diagnostic = Diagnostic::new(Code::BadValue, self.span(node), message);
        self.diagnostics.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }

    fn span(&self, node: &Node) -> Span {
        Span::new(self.id, node.range.clone())
    }
}

/// `deckle:` is nearer to us than the keys beside it.
fn merge(mut layer: Layer, own: Layer) -> Layer {
    if own.deck.is_some() || own.no_deck {
        (layer.deck, layer.deck_place, layer.no_deck) = (own.deck, own.deck_place, own.no_deck);
    }
    layer.math = own.math.or(layer.math);
    layer.html = own.html.or(layer.html);
    layer.syntaxes = own.syntaxes.or(layer.syntaxes);
    layer.options.add(&own.options);
    layer.title = own.title.or(layer.title);
    layer.draft = own.draft.or(layer.draft);
    layer.only_marked = own.only_marked.or(layer.only_marked);
    layer.tags_from_text = own.tags_from_text.or(layer.tags_from_text);
    layer.breaks = own.breaks.or(layer.breaks);
    layer.bold_cloze = own.bold_cloze.or(layer.bold_cloze);
    layer.embeds = own.embeds.or(layer.embeds);
    add_tags(&mut layer.tags, &own.tags);
    add_tags(&mut layer.exclude_tags, &own.exclude_tags);
    layer
}

/// Whether two words have the same letters.
fn is_shuffled(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|word| {
        let mut letters: Vec<char> = word.to_lowercase().chars().collect();
        letters.sort_unstable();
        letters
    });
    one == other
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
