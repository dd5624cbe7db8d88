//! Turns the values of settings into what they mean, each kind by a function of its own, and reports those that mean nothing.
//!
//! Knows no key but for messages.

use std::collections::BTreeMap;

use super::broken::scalar;
use super::{Reader, list};
use crate::config::link::{self, LinkPattern};
use crate::config::print::{self, Conflict, Mistake, PrintLayer};
use crate::config::syntax::{self, AUTO, Mistake as OptionMistake, OptionsLayer, Syntax, Syntaxes, Value};
use crate::config::yaml::{Node, NodeKind};
use crate::config::{BookOptions, Embeds, HtmlPolicy, Layer, Packages, Project, add_tags};
use crate::diagnostic::{Code, Cost, Diagnostic, Safety, suggest, suggest_only};
use crate::ir::{DeckName, Tag};
use crate::source::Span;
use crate::text::address;

/// So deep options are: names, lists, texts.
const MAX_OPTION_DEPTH: usize = 3;

impl Reader<'_> {
    /// A scalar as text; `None` where nothing is given or it is none, which is reported.
    pub(super) fn text(&mut self, name: &str, value: &Node) -> Option<String> {
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
    pub(super) fn filled(&mut self, value: &Node) -> Option<String> {
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

    pub(super) fn truth(&mut self, name: &str, value: &Node) -> Option<bool> {
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

    pub(super) fn html(&mut self, value: &Node) -> Option<HtmlPolicy> {
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

    /// What becomes of embedded notes.
    pub(super) fn embeds(&mut self, value: &Node) -> Option<Embeds> {
        let word = self.text("embeds", value)?;
        match word.as_str() {
            "expand" => Some(Embeds::Expand),
            "link" => Some(Embeds::Link),
            _ => {
                self.bad_word(value, "`embeds` is `link` or `expand`", &word, &["link", "expand"]);
                None
            }
        }
    }

    /// How notes are dealt out to packages.
    pub(super) fn packages(&mut self, value: &Node) -> Option<Packages> {
        let word = self.text("packages", value)?;
        match word.as_str() {
            "one" => Some(Packages::One),
            "per-deck" => Some(Packages::PerDeck),
            _ => {
                self.bad_word(value, "`packages` is `one` or `per-deck`", &word, &["one", "per-deck"]);
                None
            }
        }
    }

    /// `a b`, `a, b` or a list.
    pub(super) fn syntax(&mut self, value: &Node) -> Option<Syntaxes> {
        let nodes = match self.tree.kind(value) {
            NodeKind::List(nodes) => nodes.clone(),
            NodeKind::Null => Vec::new(),
            NodeKind::Text { .. } | NodeKind::Map(_) => vec![value.clone()],
        };
        let mut syntaxes = Vec::new();
        let is_alone = nodes.len() == 1;
        for node in &nodes {
            let text = self.text("syntax", node).unwrap_or_default();
            if is_alone && text.trim() == AUTO {
                return Some(Syntaxes::auto());
            }
            for word in syntax::words(&text) {
                match Syntax::named(word) {
                    Some(syntax) => syntaxes.push(syntax),
                    None => self.misnamed_syntax(&self.word(node, word), word),
                }
            }
        }
        Syntaxes::new(syntaxes)
    }

    fn misnamed_syntax(&mut self, place: &Node, word: &str) {
        if word == AUTO {
            return self.bad_value(place, "`auto` stands alone", "take it out, or the others");
        }
        let names: Vec<&str> = Syntax::ALL.into_iter().map(Syntax::name).chain([AUTO]).collect();
        self.bad_word(place, format!("there is no syntax `{word}`"), word, &names);
    }

    /// `syntax-options:`, by syntaxes.
    pub(super) fn syntax_options(&mut self, map: &Node) -> OptionsLayer {
        self.expect_map("syntax-options", map);
        let mut layer = OptionsLayer::default();
        for (name, key, value) in self.entries(map, true) {
            let Some(syntax) = Syntax::named(&name) else {
                self.unknown(&name, &key, &Syntax::ALL.map(Syntax::name), Some(map));
                continue;
            };
            self.expect_map(&name, &value);
            for (name, key, inner) in self.entries(&value, true) {
                let Some(set) = self.option_value(&inner, MAX_OPTION_DEPTH) else {
                    self.bad_value(&inner, format!("`{name}` is empty"), "give it a value, or take it out");
                    continue;
                };
                match layer.set(syntax, &name, set) {
                    Ok(()) => {}
                    Err(OptionMistake::UnknownKey) => self.unknown(&name, &key, syntax::keys(syntax), Some(&value)),
                    Err(OptionMistake::Form(form)) => {
                        self.bad_value(&inner, format!("`{name}` is {form}"), "");
                    }
                }
            }
        }
        layer
    }

    /// A value of an option; `None` where it is empty, or deeper than any option is.
    fn option_value(&self, node: &Node, depth: usize) -> Option<Value> {
        let inner = |node: &Node| self.option_value(node, depth.checked_sub(1)?);
        match self.tree.kind(node) {
            NodeKind::Null => None,
            NodeKind::Text { text, .. } => Some(Value::Text(text.clone())),
            NodeKind::List(nodes) => Some(Value::List(nodes.iter().map(inner).collect::<Option<_>>()?)),
            NodeKind::Map(entries) => {
                let entry =
                    |(key, value): &(Node, Node)| Some((self.tree.kind(key).as_text()?.to_owned(), inner(value)?));
                Some(Value::Map(entries.iter().map(entry).collect::<Option<_>>()?))
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
    pub(super) fn tags(&mut self, key: &Node, value: &Node) -> Vec<Tag> {
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
    pub(super) fn deck(&mut self, key: &Node, value: &Node, layer: &mut Layer) {
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
                NodeKind::Text { text, .. } => {
                    layer.deck = self.deck_name(value, &text);
                    layer.deck_place = layer.deck.as_ref().map(|_| self.span(value));
                }
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
                format!("deck name {}", DeckName::fault(text))
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
    pub(super) fn decks(&mut self, value: &Node, project: &mut Project) {
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
                    let layer = self.print(&value, &mut project.remarks);
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

    /// `print:`. What options leave each other to say is a remark: there is a page all the same.
    pub(super) fn print(&mut self, map: &Node, remarks: &mut Vec<Diagnostic>) -> PrintLayer {
        self.expect_map("print", map);
        let mut layer = PrintLayer::default();
        let entries = self.entries(map, true);
        for (name, key, value) in &entries {
            let text = match self.tree.kind(value) {
                NodeKind::Text { text, .. } => text.trim().to_owned(),
                NodeKind::Null if print::KEYS.contains(&name.as_str()) => continue,
                NodeKind::Null | NodeKind::Map(_) => String::new(),
                NodeKind::List(nodes) => {
                    let words = nodes.iter().map(|node| self.tree.kind(node).as_text().unwrap_or_default());
                    words.collect::<Vec<_>>().join(" ")
                }
            };
            match layer.set(name, &text) {
                Ok(()) => {}
                Err(Mistake::UnknownKey) => self.unknown(name, key, print::KEYS, Some(map)),
                Err(Mistake::Word(words)) => {
                    self.bad_word(value, format!("`{name}` does not take `{text}`"), &text, words);
                }
                Err(Mistake::Form(form)) => {
                    self.bad_value(value, format!("`{name}` does not take `{text}`"), &format!("write {form}"));
                }
            }
        }
        if let Some(Conflict { key, message, help }) = layer.conflict()
            && let Some((_, _, value)) = entries.iter().find(|(name, ..)| name == key)
        {
            remarks.push(Diagnostic::new(Code::BadValue, self.span(value), message).help(help));
        }
        layer
    }

    /// `book:`.
    pub(super) fn book(&mut self, map: &Node) -> BookOptions {
        self.expect_map("book", map);
        let mut book = BookOptions::default();
        for (name, key, value) in self.entries(map, true) {
            match name.as_str() {
                "title" => book.title = self.filled(&value),
                "description" => book.description = self.filled(&value),
                "study" => book.study = self.truth("study", &value).unwrap_or(book.study),
                "new-per-day" => book.new_per_day = self.new_per_day(&value).or(book.new_per_day),
                "sound" => book.sound = self.truth("sound", &value).unwrap_or(book.sound),
                _ => self.unknown(&name, &key, &["title", "description", "study", "new-per-day", "sound"], Some(map)),
            }
        }
        book
    }

    pub(super) fn expect_map(&mut self, name: &str, value: &Node) {
        if let NodeKind::Text { .. } | NodeKind::List(_) = self.tree.kind(value) {
            self.bad_value(
                value,
                format!("`{name}` holds keys and values"),
                "write them below it, indented by two spaces",
            );
        }
    }

    /// A folder relative to the project's root, without `./` and slashes at its ends; `""` is the root itself.
    pub(super) fn folder(&mut self, value: &Node, inside: bool) -> Option<String> {
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
    pub(super) fn media_roots(&mut self, value: &Node) -> Vec<(String, Span)> {
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
    pub(super) fn media_limit(&mut self, value: &Node) -> Option<u64> {
        let text = self.filled(value)?;
        let megabytes = text.parse::<f64>().ok().filter(|megabytes| (0.0..1e6).contains(megabytes));
        if megabytes.is_none() {
            self.bad_value(value, "`media-limit` is a number of megabytes", "write a number, such as `20` or `0.5`");
        }
        megabytes.map(|megabytes| (megabytes * 1_048_576.0) as u64)
    }

    /// A number of days.
    pub(super) fn forget_after(&mut self, value: &Node) -> Option<u32> {
        let text = self.filled(value)?;
        let days = text.split_once(' ').and_then(|(number, unit)| {
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            let number: u32 = number.parse().ok().filter(|&number| is_number && number > 0)?;
            let days = match unit.trim_start().strip_suffix('s').unwrap_or(unit.trim_start()) {
                "day" => 1,
                "week" => 7,
                "month" => 30,
                "year" => 365,
                _ => return None,
            };
            number.checked_mul(days)
        });
        if days.is_none() {
            let help = "write a number with `days`, `weeks`, `months` or `years` behind it, such as `2 years`; without the setting, nothing is forgotten";
            self.bad_value(value, "`forget-after` is a time", help);
        }
        days
    }

    /// A number of cards, as many as Anki's own setting takes.
    fn new_per_day(&mut self, value: &Node) -> Option<u32> {
        let text = self.filled(value)?;
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let cards = text.parse().ok().filter(|&cards: &u32| is_number && cards <= 9999);
        if cards.is_none() {
            self.bad_value(value, "`new-per-day` is a number of cards", "write a number from `0` to `9999`");
        }
        cards
    }

    pub(super) fn site_url(&mut self, value: &Node) -> Option<String> {
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

    pub(super) fn link(&mut self, value: &Node) -> Option<LinkPattern> {
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
}
