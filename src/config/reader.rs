//! Turns a tree of YAML into settings, key by key, and reports every mistake at its place.
//!
//! Knows the names and kinds of all settings; not how they are put upon each other.

use std::collections::BTreeMap;
use std::ops::Range;

use super::link::{self, LinkPattern};
use super::print::{self, Mistake, PrintLayer};
use super::syntax::{self, Misnamed, Syntax, Syntaxes};
use super::yaml::{self, Node, NodeKind, Tree};
use super::{BookOptions, HtmlPolicy, Layer, Project, add_tags};
use crate::diagnostic::{Code, Cost, Diagnostic, Safety, suggest, suggest_only};
use crate::ir::{DeckName, Tag};
use crate::source::{Source, SourceId, Span};
use crate::text::address;

/// Keys of `deckle.yaml`.
const PROJECT_KEYS: &[&str] = &[
    "id",
    "name",
    "content",
    "out",
    "site-url",
    "link",
    "templates",
    "media-roots",
    "media-limit",
    "decks",
    "deck",
    "tags",
    "math",
    "html",
    "syntax",
    "draft",
    "exclude-tags",
    "only-marked",
    "tags-from-text",
    "breaks",
    "bold-cloze",
    "print",
    "book",
];

/// Keys of `_deck.yaml`.
const FOLDER_KEYS: &[&str] = &[
    "deck",
    "tags",
    "math",
    "html",
    "syntax",
    "draft",
    "exclude-tags",
    "only-marked",
    "tags-from-text",
    "breaks",
    "bold-cloze",
];

/// Keys of front matter, and of `deckle:` in it.
const FRONT_MATTER_KEYS: &[&str] = &[
    "deck",
    "tags",
    "math",
    "html",
    "syntax",
    "title",
    "draft",
    "exclude-tags",
    "only-marked",
    "tags-from-text",
    "breaks",
    "bold-cloze",
];

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
            diagnostics.push(bad_yaml(id, source, &range, &fault));
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
                "decks" => self.decks(&value, &mut project),
                "print" => project.print = self.print(&value),
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
            if !self.layer_key(&name, &key, &value, false, &mut layer) {
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
            } else if !self.layer_key(&name, &key, &value, true, &mut layer)
                && !FOREIGN_KEYS.contains(&name.as_str())
                // Other tools have `title` too, with a capital for some: no word is a misspelling of it.
                && suggest(&name, FOLDER_KEYS.iter().copied().chain(["deckle"])).is_some()
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
    fn layer_key(&mut self, name: &str, key: &Node, value: &Node, in_file: bool, layer: &mut Layer) -> bool {
        match name {
            "deck" => self.deck(key, value, layer),
            "tags" => layer.tags = self.tags(key, value),
            "math" => layer.math = self.truth("math", value).or(layer.math),
            "html" => layer.html = self.html(value).or(layer.html),
            "syntax" => layer.syntaxes = self.syntax(value).or(layer.syntaxes.take()),
            "draft" => layer.draft = self.truth(name, value).or(layer.draft),
            "exclude-tags" => layer.exclude_tags = self.tags(key, value),
            "only-marked" => layer.only_marked = self.truth(name, value).or(layer.only_marked),
            "tags-from-text" => layer.tags_from_text = self.truth(name, value).or(layer.tags_from_text),
            "breaks" => layer.breaks = self.truth(name, value).or(layer.breaks),
            "bold-cloze" => layer.bold_cloze = self.truth(name, value).or(layer.bold_cloze),
            "title" if in_file => layer.title = self.text("title", value).or(layer.title.take()),
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
                let diagnostic = Diagnostic::new(Code::BadYaml, self.span(&root), "settings are `key: value` lines");
                self.diagnostics.push(diagnostic.caret("no key here"));
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
        let only = suggest_only(name, known.iter().copied());
        let is_sure = only.is_some_and(|near| !self.has_key(map.or(self.tree.root.as_ref()), near));
        self.unknown_key(name, key, known, is_sure);
    }

    /// A key that other tools may know: only the same letters in another order are surely a slip.
    fn near_ours(&mut self, name: &str, key: &Node) {
        let known = [FOLDER_KEYS, &["deckle"]].concat();
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

    /// A scalar as text; `None` where nothing is given or it is none, which is reported.
    fn text(&mut self, name: &str, value: &Node) -> Option<String> {
        match self.tree.kind(value) {
            NodeKind::Text { text, .. } => Some(text.clone()),
            NodeKind::Null => None,
            NodeKind::List(_) | NodeKind::Map(_) => {
                self.bad_value(value, format!("`{name}` is one text"), "");
                None
            }
        }
    }

    /// A text that says something.
    fn filled(&mut self, value: &Node) -> Option<String> {
        let text = match self.tree.kind(value) {
            NodeKind::Text { text, .. } => text.trim().to_owned(),
            NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => String::new(),
        };
        if text.is_empty() {
            self.bad_value(value, "a text is expected here", "write a text, or leave the key out");
            return None;
        }
        Some(text)
    }

    fn truth(&mut self, name: &str, value: &Node) -> Option<bool> {
        let (word, plain) = match self.tree.kind(value) {
            NodeKind::Null => return None,
            NodeKind::Text { text, plain } => (text.to_ascii_lowercase(), *plain),
            NodeKind::List(_) | NodeKind::Map(_) => (String::new(), true),
        };
        let quotes = if plain { "" } else { ", without quotes" };
        let (truth, is_exact) = match word.as_str() {
            "true" => (Some(true), plain),
            "false" => (Some(false), plain),
            "yes" | "on" => (Some(true), false),
            "no" | "off" => (Some(false), false),
            _ => (None, false),
        };
        if is_exact {
            return truth;
        }
        let span = self.span(value);
        let diagnostic = Diagnostic::new(Code::BadValue, span, format!("`{name}` is `true` or `false`"));
        self.diagnostics.push(match truth {
            Some(truth) => diagnostic.help(format!("write `{truth}`{quotes}")).fix(span, truth.to_string()),
            None => diagnostic,
        });
        None
    }

    fn html(&mut self, value: &Node) -> Option<HtmlPolicy> {
        let word = self.text("html", value)?;
        match word.as_str() {
            "sanitize" => Some(HtmlPolicy::Sanitize),
            "trust" => Some(HtmlPolicy::Trust),
            _ => {
                self.bad_word(value, "`html` is `sanitize` or `trust`", &word, &["sanitize", "trust"]);
                // What lets a page run something is nobody's guess.
                self.make_unsafe();
                None
            }
        }
    }

    /// `a b`, `a, b` or a list.
    fn syntax(&mut self, value: &Node) -> Option<Syntaxes> {
        let nodes = match self.tree.kind(value) {
            NodeKind::List(nodes) => nodes.clone(),
            NodeKind::Null => Vec::new(),
            NodeKind::Text { .. } | NodeKind::Map(_) => vec![value.clone()],
        };
        let mut syntaxes = Vec::new();
        for node in &nodes {
            let text = self.text("syntax", node).unwrap_or_default();
            for word in syntax::words(&text) {
                match Syntax::named(word) {
                    Ok(syntax) => syntaxes.push(syntax),
                    Err(why) => self.misnamed_syntax(&self.word(node, word), word, why),
                }
            }
        }
        Syntaxes::new(syntaxes)
    }

    fn misnamed_syntax(&mut self, place: &Node, word: &str, why: Misnamed) {
        match why {
            Misnamed::NotReadYet => {
                let help = format!("those that are read are {}", list(&Syntax::names()));
                self.bad_value(place, format!("the syntax `{word}` is not read yet"), &help);
            }
            Misnamed::Unknown => {
                self.bad_word(place, format!("there is no syntax `{word}`"), word, &Syntax::names());
            }
        }
    }

    /// The place of a word in a text, where it stands there as it is.
    fn word(&self, node: &Node, word: &str) -> Node {
        let mut place = node.clone();
        let written = self.source.text.get(node.range.clone());
        if let Some(at) = written.and_then(|written| written.find(word)) {
            place.range = node.range.start + at..node.range.start + at + word.len();
        }
        place
    }

    fn bad_word(&mut self, node: &Node, message: impl Into<String>, word: &str, known: &[&str]) {
        let span = self.span(node);
        let diagnostic = Diagnostic::new(Code::BadValue, span, message);
        // Any number is near to any other.
        let near = suggest(word, known.iter().copied()).filter(|near| !near.bytes().all(|byte| byte.is_ascii_digit()));
        let is_sure = suggest_only(word, known.iter().copied()).is_some() && self.stands_at(word, node);
        self.diagnostics.push(match near {
            Some(near) if is_sure => diagnostic.help(format!("did you mean `{near}`?")).fix(span, near),
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")).edit(span, near),
            None => diagnostic.help(format!("write {}", list(known))),
        });
    }

    /// `a b`, `a, b` or a list.
    fn tags(&mut self, key: &Node, value: &Node) -> Vec<Tag> {
        let mut tags = Vec::new();
        match self.tree.kind(value).clone() {
            NodeKind::Null => self.expect_no_comment(key),
            NodeKind::Text { text, .. } => {
                for word in text.split(|c: char| c == ',' || c.is_whitespace()) {
                    if !word.trim_start_matches('#').is_empty() {
                        self.tag(value, word, &mut tags);
                    }
                }
            }
            NodeKind::List(nodes) => {
                for node in &nodes {
                    match self.tree.kind(node).clone() {
                        NodeKind::Null => self.expect_no_comment(node),
                        NodeKind::Text { text, .. } => self.tag(node, &text, &mut tags),
                        NodeKind::List(_) | NodeKind::Map(_) => self.bad_value(node, "a tag is one word", ""),
                    }
                }
            }
            NodeKind::Map(_) => {
                let name = self.tree.kind(key).as_text().unwrap_or("tags").to_owned();
                let help = format!("write `{name}: [first, second]`");
                self.bad_value(value, format!("`{name}` is a list of words"), &help);
            }
        }
        let mut once = Vec::new();
        add_tags(&mut once, &tags);
        if once.len() > Tag::MOST {
            let message = format!("more than {} tags; the others are left out", Tag::MOST);
            let diagnostic = Diagnostic::new(Code::BadTag, self.span(key), message);
            self.diagnostics.push(diagnostic.help("give each note few of them"));
            once.truncate(Tag::MOST);
        }
        once
    }

    fn tag(&mut self, node: &Node, text: &str, tags: &mut Vec<Tag>) {
        let text = Tag::written(text);
        let text = text.as_ref();
        if let Some(tag) = Tag::new(text) {
            tags.push(tag);
            return;
        }
        let span = self.span(node);
        if text.is_empty() {
            self.diagnostics.push(Diagnostic::new(Code::BadTag, span, "empty tag"));
            return;
        }
        let tag = Tag::joined(text);
        let joined = tag.as_ref().map(|tag| tag.as_str().to_owned()).unwrap_or_default();
        tags.extend(tag.filter(|tag| !tags.contains(tag)));
        let diagnostic = Diagnostic::new(Code::BadTag, span, format!("tag `{text}` has white space in it"));
        let help = format!("Anki splits tags at white space; write `{joined}`, or two tags");
        let written = scalar(&joined);
        self.diagnostics.push(diagnostic.help(help).fix(span, written));
    }

    /// `tags: #aws` is a key without a value and a comment, which surely nobody means.
    fn expect_no_comment(&mut self, before: &Node) {
        let rest = self.source.text.get(before.range.end..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default();
        let comment = line.split_once('#').filter(|(_, comment)| comment.starts_with(|c: char| c.is_alphanumeric()));
        if let Some((blank, _)) = comment {
            let start = before.range.end + blank.len();
            let span = Span::new(self.id, start..before.range.end + line.trim_end().len());
            let diagnostic = Diagnostic::new(Code::BadValue, span, "`#` starts a comment in YAML, so no tag is given")
                .help("leave the `#` out");
            let written = self.source.text.get(span.range()).unwrap_or_default();
            let tags: Option<Vec<&str>> = written.split_whitespace().map(|word| word.strip_prefix('#')).collect();
            let is_tag = |tag: &&str| !tag.is_empty() && scalar(tag) == **tag;
            // A comment may be one: only tags and nothing else are surely tags.
            self.diagnostics.push(match tags.filter(|tags| tags.iter().all(is_tag)) {
                Some(tags) => diagnostic.fix(span, tags.join(" ")),
                None => diagnostic.edit(span.with(start..start + 1), ""),
            });
        }
    }

    /// A name, or `false`.
    fn deck(&mut self, key: &Node, value: &Node, layer: &mut Layer) {
        let word = match self.tree.kind(value) {
            NodeKind::Null => String::new(),
            NodeKind::Text { text, plain: true } => text.to_ascii_lowercase(),
            NodeKind::Text { .. } | NodeKind::List(_) | NodeKind::Map(_) => "a name".to_owned(),
        };
        match word.as_str() {
            "false" => layer.no_deck = true,
            "" | "true" => {
                let place = self.span(if value.range.is_empty() { key } else { value });
                let diagnostic = Diagnostic::new(Code::BadValue, place, "`deck` is given no name").costing(Cost::File);
                self.diagnostics.push(diagnostic.help("write a name, or `false` where no notes are to be read"));
            }
            _ => match self.tree.kind(value).clone() {
                NodeKind::Text { text, .. } => layer.deck = self.deck_name(value, &text),
                NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => {
                    let diagnostic = Diagnostic::new(Code::BadValue, self.span(value), "`deck` is one text");
                    self.diagnostics.push(diagnostic.costing(Cost::File));
                }
            },
        }
    }

    fn deck_name(&mut self, node: &Node, text: &str) -> Option<DeckName> {
        let name = DeckName::new(text);
        if name.is_none() {
            let parts: Vec<&str> = text.split("::").map(str::trim).filter(|part| !part.is_empty()).collect();
            let message = if parts.is_empty() {
                "a deck needs a name".to_owned()
            } else {
                format!("deck name `{text}` {}", DeckName::fault(text))
            };
            let span = self.span(node);
            let diagnostic = Diagnostic::new(Code::BadDeckName, span, message);
            let joined = parts.join("::");
            // Of a text that is no YAML only a part may have been read.
            let behind = self.source.text.get(span.range().end..).unwrap_or_default();
            let is_whole = behind.is_empty() || behind.starts_with(|c: char| c.is_whitespace() || ",]}".contains(c));
            self.diagnostics.push(match DeckName::new(&joined) {
                Some(_) if is_whole => diagnostic.help(format!("write `{joined}`")).fix(span, scalar(&joined)),
                Some(_) | None => diagnostic,
            });
        }
        name
    }

    /// `decks:`: each deck's description and how it is printed.
    fn decks(&mut self, value: &Node, project: &mut Project) {
        self.expect_map("decks", value);
        let mut seen: BTreeMap<DeckName, Span> = BTreeMap::new();
        for (text, key, options) in self.entries(value, true) {
            let Some(name) = self.deck_name(&key, &text) else { continue };
            let span = self.span(&key);
            if let Some(&earlier) = seen.get(&name) {
                let diagnostic = Diagnostic::new(Code::DuplicateKey, span, format!("deck `{name}` is given twice"));
                self.diagnostics.push(diagnostic.caret("given again here").label(earlier, "first given here"));
                continue;
            }
            seen.insert(name.clone(), span);
            self.deck_options(&name, &options, project);
        }
        project.deck_places = seen.into_iter().collect();
    }

    /// Options as a mapping; a text alone is the description.
    fn deck_options(&mut self, deck: &DeckName, options: &Node, project: &mut Project) {
        match self.tree.kind(options) {
            NodeKind::Text { text, .. } => return project.decks.push((deck.clone(), text.clone())),
            NodeKind::List(_) => {
                self.bad_value(options, "a deck's options are keys and values", "write `description: …`");
            }
            NodeKind::Null | NodeKind::Map(_) => {}
        }
        for (name, key, value) in self.entries(options, true) {
            match name.as_str() {
                "description" => {
                    let description = self.text("description", &value);
                    project.decks.extend(description.map(|description| (deck.clone(), description)));
                }
                "print" if deck.as_str() == deck.top() => {
                    let layer = self.print(&value);
                    project.deck_prints.push((deck.top().to_owned(), layer));
                }
                "print" => {
                    let message = format!("`{deck}` is printed as a part of `{}`", deck.top());
                    let diagnostic = Diagnostic::new(Code::BadValue, self.span(&key), message);
                    self.diagnostics.push(diagnostic.help(format!("give `print` to the deck `{}`", deck.top())));
                }
                _ => self.unknown(&name, &key, &["description", "print"], Some(options)),
            }
        }
    }

    /// `print:`.
    fn print(&mut self, map: &Node) -> PrintLayer {
        self.expect_map("print", map);
        let mut layer = PrintLayer::default();
        for (name, key, value) in self.entries(map, true) {
            let text = match self.tree.kind(&value) {
                NodeKind::Text { text, .. } => text.trim().to_owned(),
                NodeKind::Null if print::KEYS.contains(&name.as_str()) => continue,
                NodeKind::Null | NodeKind::Map(_) => String::new(),
                NodeKind::List(nodes) => {
                    let words = nodes.iter().map(|node| self.tree.kind(node).as_text().unwrap_or_default());
                    words.collect::<Vec<_>>().join(" ")
                }
            };
            match layer.set(&name, &text) {
                Ok(()) => {}
                Err(Mistake::UnknownKey) => self.unknown(&name, &key, print::KEYS, Some(map)),
                Err(Mistake::Word(words)) => {
                    self.bad_word(&value, format!("`{name}` does not take `{text}`"), &text, words);
                }
                Err(Mistake::Form(form)) => {
                    self.bad_value(&value, format!("`{name}` does not take `{text}`"), &format!("write {form}"));
                }
            }
        }
        layer
    }

    /// `book:`.
    fn book(&mut self, map: &Node) -> BookOptions {
        self.expect_map("book", map);
        let mut book = BookOptions::default();
        for (name, key, value) in self.entries(map, true) {
            match name.as_str() {
                "title" => book.title = self.filled(&value),
                "study" => book.study = self.truth("study", &value).unwrap_or(book.study),
                _ => self.unknown(&name, &key, &["title", "study"], Some(map)),
            }
        }
        book
    }

    fn expect_map(&mut self, name: &str, value: &Node) {
        if let NodeKind::Text { .. } | NodeKind::List(_) = self.tree.kind(value) {
            self.bad_value(
                value,
                format!("`{name}` holds keys and values"),
                "write them below it, indented by two spaces",
            );
        }
    }

    /// A folder relative to the project's root, without `./` and slashes at its ends; `""` is the root itself.
    fn folder(&mut self, value: &Node, inside: bool) -> Option<String> {
        let text = self.filled(value)?.replace('\\', "/");
        let is_absolute = text.starts_with('/') || text.as_bytes().get(1) == Some(&b':');
        if inside && (is_absolute || text.split('/').any(|part| part == "..")) {
            let help = "write a path relative to `deckle.yaml`, without `..`";
            self.bad_value(value, "the folder must lie in the project", help);
            return None;
        }
        let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        Some(format!("{}{}", if text.starts_with('/') { "/" } else { "" }, parts.join("/")))
    }

    /// A folder or a list of them. One that holds the project would open all that lies around it.
    fn media_roots(&mut self, value: &Node) -> Vec<(String, Span)> {
        let nodes = match self.tree.kind(value) {
            NodeKind::List(nodes) => nodes.clone(),
            NodeKind::Null => Vec::new(),
            NodeKind::Text { .. } | NodeKind::Map(_) => vec![value.clone()],
        };
        let mut folders = Vec::new();
        for node in &nodes {
            let Some(folder) = self.folder(node, false) else { continue };
            let is_whole = folder.starts_with('/') || folder.as_bytes().get(1) == Some(&b':');
            if is_whole || folder.split('/').all(|part| part == "..") {
                let help = "write a path relative to `deckle.yaml`, such as `../pictures`";
                self.bad_value(node, "a folder beside the project is expected here", help);
            } else {
                folders.push((folder, self.span(node)));
            }
        }
        folders
    }

    /// Megabytes of 1,048,576 bytes, as Anki counts them.
    #[expect(clippy::cast_sign_loss, reason = "what is below 0 is none")]
    fn media_limit(&mut self, value: &Node) -> Option<u64> {
        let text = self.filled(value)?;
        let megabytes = text.parse::<f64>().ok().filter(|megabytes| (0.0..1e6).contains(megabytes));
        if megabytes.is_none() {
            self.bad_value(value, "`media-limit` is a number of megabytes", "write a number, such as `20` or `0.5`");
        }
        megabytes.map(|megabytes| (megabytes * 1_048_576.0) as u64)
    }

    fn site_url(&mut self, value: &Node) -> Option<String> {
        let text = self.filled(value)?;
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        if host.is_none_or(|host| host.is_empty() || host.contains(char::is_whitespace)) {
            let is_editor = address::scheme(&text).is_some() && host.is_none();
            let help = if is_editor {
                "cards lead into an editor by `link`, such as `link: obsidian://open?vault=V&file={path}`"
            } else {
                "write it whole, such as `https://example.org/notes`"
            };
            self.bad_value(value, "not an address of a site", help);
            return None;
        }
        Some(text.trim_end_matches('/').to_owned())
    }

    fn link(&mut self, value: &Node) -> Option<LinkPattern> {
        let text = self.filled(value)?;
        let fault = match link::read(&text) {
            Ok(pattern) => return Some(pattern),
            Err(fault) => fault,
        };
        let names = link::names();
        match fault {
            link::Fault::NoAddress => {
                let help =
                    "write it whole, such as `obsidian://open?vault=V&file={path}` or `vscode://file/{file}:{line}`";
                self.bad_value(value, "not an address that a link may lead to", help);
            }
            link::Fault::NoPlace(name) => {
                let place = self.word(value, &format!("{{{name}}}"));
                let known = names.map(|name| format!("`{{{name}}}`")).join(", ");
                let help = match suggest(name, names) {
                    Some(near) => format!("did you mean `{{{near}}}`?"),
                    None => format!("what is filled in is {known}; write `%7B` and `%7D` for braces"),
                };
                self.bad_value(&place, format!("nothing is filled in for `{{{name}}}`"), &help);
            }
            link::Fault::Brace => {
                self.bad_value(value, "a brace without its other one", "write `%7B` and `%7D` for braces");
            }
        }
        None
    }

    /// Whether a node is a word as it stands, without quotes and escapes.
    fn stands_at(&self, word: &str, node: &Node) -> bool {
        self.source.text.get(node.range.clone()) == Some(word)
    }

    /// Leaves the edit of the last diagnostic to the author.
    fn make_unsafe(&mut self) {
        if let Some(edit) = self.diagnostics.last_mut().and_then(|found| found.edit.as_mut()) {
            edit.safety = Safety::Unsafe;
        }
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
        (layer.deck, layer.no_deck) = (own.deck, own.no_deck);
    }
    layer.math = own.math.or(layer.math);
    layer.html = own.html.or(layer.html);
    layer.syntaxes = own.syntaxes.or(layer.syntaxes);
    layer.title = own.title.or(layer.title);
    layer.draft = own.draft.or(layer.draft);
    layer.only_marked = own.only_marked.or(layer.only_marked);
    layer.tags_from_text = own.tags_from_text.or(layer.tags_from_text);
    layer.breaks = own.breaks.or(layer.breaks);
    layer.bold_cloze = own.bold_cloze.or(layer.bold_cloze);
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

/// A text as YAML has it on a line, in a list between brackets as well: plain where that is surely read as text.
fn scalar(text: &str) -> String {
    let is_letter = |c: char| c.is_alphanumeric() || "-_/.".contains(c);
    let is_word = |part: &str| part.starts_with(char::is_alphabetic) && part.chars().all(is_letter);
    if text.split("::").all(is_word) && !matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "null") {
        return text.to_owned();
    }
    between_quotes(text)
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// `range` is all of the YAML.
fn bad_yaml(id: SourceId, source: &Source, range: &Range<usize>, fault: &yaml::Fault) -> Diagnostic {
    let span = Span::new(id, fault.range.clone());
    let before = source.text.get(..fault.range.start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let diagnostic = Diagnostic::new(Code::BadYaml, span, format!("this is not valid YAML: {}", fault.message));
    let is_tab = source.text.get(fault.range.clone()) == Some("\t") || fault.message.contains("tab");
    if is_tab || line.starts_with('\t') {
        with_spaces(diagnostic.help("indent with spaces: YAML takes no tabs"), source, range)
    } else if fault.message.contains("levels deep") || fault.message.contains("aliases") {
        diagnostic
    } else if line.contains(": ") || line.ends_with(':') {
        let diagnostic = diagnostic.help("put a value that has `: `, quotes or brackets in it between quotes");
        match unquoted(&source.text, range, fault.range.start) {
            Some((value, quoted)) => diagnostic.fix(span.with(value), quoted),
            None => diagnostic,
        }
    } else {
        diagnostic
    }
}

/// With two spaces for each tab that indents a line. That is sure only where all lines are indented by tabs and nothing else,
/// and each that is deeper stands below a key without a value.
fn with_spaces(diagnostic: Diagnostic, source: &Source, range: &Range<usize>) -> Diagnostic {
    let (mut at, mut depth, mut opens) = (range.start, 0, false);
    let mut tabs: Vec<(Span, String)> = Vec::new();
    for line in source.text.get(range.clone()).unwrap_or_default().split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if !line.trim().is_empty() {
            if line.get(..indent).is_some_and(|indent| indent.contains(' ')) || (indent > depth && !opens) {
                return diagnostic;
            }
            if indent > 0 {
                tabs.push((diagnostic.span.with(at..at + indent), "  ".repeat(indent)));
            }
            (depth, opens) = (indent, line.trim_end().ends_with(':'));
        }
        at += line.len();
    }
    let Some(((first, spaces), others)) = tabs.split_first() else { return diagnostic };
    let diagnostic = diagnostic.fix(*first, spaces.as_str());
    others.iter().fold(diagnostic, |diagnostic, (tab, spaces)| diagnostic.together_with(*tab, spaces.as_str()))
}

/// The value of a `key: value` line that the parser stumbled over, because it holds a `: ` or starts with what starts no text;
/// and the value between quotes. Only where nothing but a text can be meant: it is all on one line, and holds no comment.
fn unquoted(text: &str, range: &Range<usize>, at: usize) -> Option<(Range<usize>, String)> {
    let start = text.get(range.start..at)?.rfind('\n').map_or(range.start, |end| range.start + end + 1);
    let (line, behind) = text.get(start..range.end)?.split_once('\n')?;
    let next_is_deeper = behind.starts_with([' ', '\t', '-']);
    let line = line.trim_end();
    let (key, value) = line.split_once(": ")?;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    let takes_text = !["tags", "deckle", "decks", "print", "book", "media-roots"].contains(&key);
    let is_text = value.starts_with(|c: char| c.is_alphanumeric() || "@`%".contains(c));
    let is_plain =
        !value.contains(" #") && !value.contains(|c: char| c.is_control() || ('\u{2028}'..='\u{2029}').contains(&c));
    let needs_quotes = value.contains(": ") || value.ends_with(':') || value.starts_with(['@', '`', '%']);
    if !(is_key && takes_text && is_text && is_plain && needs_quotes) || next_is_deeper {
        return None;
    }
    Some((start + line.len() - value.len()..start + line.len(), between_quotes(value)))
}

fn between_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
