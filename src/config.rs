//! Turns `deckle.yaml`, a folder's `_deck.yaml` and a file's front matter into one cascade of settings.
//!
//! Knows YAML and the names of settings; not Markdown, not where the files lie.

mod link;
pub mod print;
mod reader;
pub mod syntax;
pub mod vault;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use print::PrintLayer;
use reader::Reader;
use syntax::{OptionsLayer, SyntaxOptions, Syntaxes};
use vault::Vault;

pub use self::link::{LinkPattern, Piece};
use crate::diagnostic::{Cost, Diagnostic};
use crate::ir::{DeckName, Tag};
use crate::source::{Source, SourceId, Span};

/// Reads `deckle.yaml`.
pub fn read_project(id: SourceId, source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Project {
    let mut project =
        strictly(diagnostics, |diagnostics| Reader::new(id, source, 0..source.text.len(), diagnostics).project());
    diagnostics.append(&mut project.remarks);
    project
}

/// Reads a folder's `_deck.yaml`.
pub fn read_folder(id: SourceId, source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Layer {
    strictly(diagnostics, |diagnostics| Reader::new(id, source, 0..source.text.len(), diagnostics).folder_layer())
}

/// Reads the YAML of a file's front matter, which lies at `range` of the source, without its `---` lines. `above` are the
/// settings of its folder: what other tools may mean is not ours to judge in a file without a deck.
pub fn read_front_matter(
    id: SourceId,
    source: &Source,
    range: Range<usize>,
    above: &Settings,
    diagnostics: &mut Vec<Diagnostic>,
) -> Layer {
    Reader::new(id, source, range, diagnostics).front_matter(above.deck.is_some())
}

/// Whether a text is YAML's mapping of settings and nothing else: each key is a word that starts in lower case.
pub fn is_mapping(text: &str) -> bool {
    maps_only(text, |word| word.starts_with(char::is_lowercase) && !word.contains(char::is_whitespace))
}

/// Whether a text is YAML's mapping of what front matter holds, and nothing else: our keys, and `title`.
pub fn are_of_front_matter(text: &str) -> bool {
    maps_only(text, |word| word == "deckle" || reader::FRONT_MATTER_KEYS.contains(&word))
}

/// Whether a text is YAML's mapping of such keys.
fn maps_only(text: &str, is_such: impl Fn(&str) -> bool) -> bool {
    let tree = yaml::parse(text, 0);
    let root = tree.root.as_ref().filter(|_| tree.error.is_none()).map(|root| tree.kind(root));
    let is_key = |key: &yaml::Node| is_such(tree.kind(key).as_text().unwrap_or_default());
    matches!(root, Some(yaml::NodeKind::Map(entries)) if entries.iter().all(|(key, _)| is_key(key)))
}

/// The lines of a text as settings of front matter, if each of them is nearly one.
pub fn nearly_settings(text: &str) -> Option<String> {
    reader::nearly_settings(text)
}

/// Reads settings of many files: what is wrong there stops the build.
fn strictly<T>(diagnostics: &mut Vec<Diagnostic>, read: impl FnOnce(&mut Vec<Diagnostic>) -> T) -> T {
    let known = diagnostics.len();
    let settings = read(diagnostics);
    diagnostics.iter_mut().skip(known).for_each(|found| found.cost = Cost::Build);
    settings
}

/// What `deckle.yaml` says.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// The collection id; `None` where the file gives none.
    pub id: Option<String>,
    /// What people call the collection.
    pub name: Option<String>,
    /// The folder of the notes, relative to the project's root; `content` unless given.
    pub content: String,
    /// Where the file says so.
    pub content_place: Option<Span>,
    /// The folder of the outputs, relative to the project's root; `dist` unless given.
    pub out: String,
    /// The study site's address without a slash at its end.
    pub site_url: Option<String>,
    /// Where cards lead to the places that their notes are written in; to the site unless given.
    pub link: Option<LinkPattern>,
    /// A folder with templates that take the place of the built-in ones, relative to the root.
    pub templates: Option<String>,
    /// Where the file says so.
    pub templates_place: Option<Span>,
    /// Folders outside of the project that media may come from, relative to the root, and where the file names them.
    pub media_roots: Vec<(String, Span)>,
    /// The largest file that is packed, in bytes; Anki's limit unless given.
    pub media_limit: Option<u64>,
    /// After how many days a note that is gone is forgotten; `None` for never.
    pub forget_after: Option<u32>,
    /// How notes are dealt out to packages.
    pub packages: Packages,
    /// Descriptions of decks.
    pub decks: Vec<(DeckName, String)>,
    /// How decks are printed.
    pub print: PrintLayer,
    /// How single top-level decks are printed, by name.
    pub deck_prints: Vec<(String, PrintLayer)>,
    /// What is wrong with them, and stops nothing.
    remarks: Vec<Diagnostic>,
    /// What the study site is like.
    pub book: BookOptions,
    /// Where each deck is named that has a description or options, by name.
    pub deck_places: Vec<(DeckName, Span)>,
    /// The cascade's lowest step.
    pub layer: Layer,
    /// Where the settings of folders name their decks.
    pub folder_decks: Vec<(DeckName, Span)>,
}

/// How notes are dealt out to packages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Packages {
    /// A package for each top-level deck.
    #[default]
    PerDeck,
    /// One for all.
    One,
}

/// What `book` in `deckle.yaml` says of the study site, and what else of it no collection has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookOptions {
    /// The first page's title; the collection's name unless given.
    pub title: Option<String>,
    /// What it is about, in Markdown, for the first page.
    pub description: Option<String>,
    /// Whether chapters have study mode.
    pub study: bool,
    /// How many new cards study mode asks a day unless its reader says otherwise; its own number unless given.
    pub new_per_day: Option<u32>,
    /// Whether it plays the sounds of a card that is turned, unless its reader says otherwise.
    pub sound: bool,
    /// What folders are called, by their paths relative to the content folder.
    pub folders: BTreeMap<String, String>,
    /// Files of `templates/book/` that take the place of built-in ones, or are added to them: name → text.
    pub files: BTreeMap<String, String>,
    /// A hash of what its pages are framed with: the settings of mdBook and the theme.
    pub frame: u128,
}

impl Default for BookOptions {
    fn default() -> Self {
        Self {
            title: None,
            description: None,
            study: true,
            new_per_day: None,
            sound: true,
            folders: BTreeMap::new(),
            files: BTreeMap::new(),
            frame: 0,
        }
    }
}

/// One step of the cascade: what one place says. The next step adds tags and replaces the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layer {
    /// The deck's name; `Some` puts a deck into effect.
    pub deck: Option<DeckName>,
    /// Where it is named.
    pub deck_place: Option<Span>,
    /// `deck: false`: the deck in effect so far is so no more. Never together with a name.
    pub no_deck: bool,
    /// More tags.
    pub tags: Vec<Tag>,
    /// Whether `$` starts math.
    pub math: Option<bool>,
    /// What happens to raw HTML.
    pub html: Option<HtmlPolicy>,
    /// How notes are written.
    pub syntaxes: Option<Syntaxes>,
    /// Options of the ways in which they are.
    pub options: OptionsLayer,
    /// The chapter's title, or the folder's: no step hands it on.
    pub title: Option<String>,
    /// Whether files are left out, because they are not finished.
    pub draft: Option<bool>,
    /// More tags that leave notes out.
    pub exclude_tags: Vec<Tag>,
    /// Whether only headings are notes that say so.
    pub only_marked: Option<bool>,
    /// Whether `#words` in text are tags.
    pub tags_from_text: Option<bool>,
    /// Whether lines end where they end in the source.
    pub breaks: Option<bool>,
    /// Whether what is bold in a `{.cloze}` note is a deletion.
    pub bold_cloze: Option<bool>,
    /// What becomes of embedded notes.
    pub embeds: Option<Embeds>,
}

/// What happens to raw HTML in packages and sites.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HtmlPolicy {
    /// What could run code is dropped.
    #[default]
    Sanitize,
    /// It is packed as it is.
    Trust,
}

/// The settings in effect at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The deck in effect; `None` where no notes are read.
    pub deck: Option<DeckName>,
    /// All tags, each once.
    pub tags: Vec<Tag>,
    /// Whether `$` starts math.
    pub math: bool,
    /// What happens to raw HTML.
    pub html: HtmlPolicy,
    /// How notes are written.
    pub syntaxes: Syntaxes,
    /// What is set of the options of the ways in which they are.
    pub options: OptionsLayer,
    /// The vault around the file, which says what nothing else sets.
    pub vault: Option<Arc<Vault>>,
    /// Whether files are left out, because they are not finished.
    pub draft: bool,
    /// What files are for.
    pub purpose: Purpose,
    /// The tags that leave notes out, and those below them do.
    pub exclude_tags: Vec<Tag>,
    /// Whether only headings are notes that say so: by a class, an id or the tag `card`.
    pub only_marked: bool,
    /// What is read in text that Markdown does not read there.
    pub reading: Reading,
}

/// What files are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be read.
    Notes,
    /// Another program makes notes of them: they hold none themselves.
    Templates,
}

/// What is read in text that Markdown does not read there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reading {
    /// `#words` are tags.
    pub tags: bool,
    /// Lines end where they end in the source.
    pub breaks: bool,
    /// What is bold in a `{.cloze}` note is a deletion.
    pub bold_cloze: bool,
    /// What becomes of embedded notes.
    pub embeds: Embeds,
}

/// What becomes of a note that is embedded in another one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Embeds {
    /// A link leads to it.
    #[default]
    Link,
    /// It is put in.
    Expand,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            deck: None,
            tags: Vec::new(),
            math: true,
            html: HtmlPolicy::Sanitize,
            syntaxes: Syntaxes::default(),
            options: OptionsLayer::default(),
            vault: None,
            draft: false,
            purpose: Purpose::Notes,
            exclude_tags: Vec::new(),
            only_marked: false,
            reading: Reading::default(),
        }
    }
}

impl Settings {
    /// These settings with one more step of the cascade upon them.
    #[must_use]
    pub fn with(&self, layer: &Layer) -> Self {
        let mut settings = self.clone();
        settings.deck = layer.deck.clone().or(if layer.no_deck { None } else { settings.deck });
        settings.add_tags(&layer.tags);
        settings.math = layer.math.unwrap_or(settings.math);
        settings.html = layer.html.unwrap_or(settings.html);
        settings.syntaxes = layer.syntaxes.clone().unwrap_or(settings.syntaxes);
        settings.options.add(&layer.options);
        settings.draft = layer.draft.unwrap_or(settings.draft);
        add_tags(&mut settings.exclude_tags, &layer.exclude_tags);
        settings.only_marked = layer.only_marked.unwrap_or(settings.only_marked);
        let Reading { tags, breaks, bold_cloze, embeds } = settings.reading;
        settings.reading = Reading {
            tags: layer.tags_from_text.unwrap_or(tags),
            breaks: layer.breaks.unwrap_or(breaks),
            bold_cloze: layer.bold_cloze.unwrap_or(bold_cloze),
            embeds: layer.embeds.unwrap_or(embeds),
        };
        settings
    }

    /// Whether a note with these tags is left out.
    pub fn excludes(&self, tags: &[Tag]) -> bool {
        // To Anki tags are the same in capitals.
        let is_below = |tag: &str, above: &str| {
            let parts = tag.split_at_checked(above.len());
            parts.is_some_and(|(start, rest)| {
                start.eq_ignore_ascii_case(above) && (rest.is_empty() || rest.starts_with("::"))
            })
        };
        let is_excluded = |tag: &Tag| self.exclude_tags.iter().any(|above| is_below(tag.as_str(), above.as_str()));
        !self.exclude_tags.is_empty() && tags.iter().any(is_excluded)
    }

    /// The options of the ways in which notes are written: those of the vault, and what is set above them.
    pub fn syntax_options(&self) -> Arc<SyntaxOptions> {
        match &self.vault {
            Some(vault) => vault.syntax_options(&self.options),
            None => SyntaxOptions::new([&self.options]),
        }
    }

    /// Adds the tags that are not there yet.
    pub fn add_tags(&mut self, tags: &[Tag]) {
        add_tags(&mut self.tags, tags);
    }
}

/// Adds the tags that are not there yet.
fn add_tags(tags: &mut Vec<Tag>, more: &[Tag]) {
    let mut known: BTreeSet<&Tag> = tags.iter().collect();
    let new: Vec<Tag> = more.iter().filter(|tag| known.insert(tag)).cloned().collect();
    tags.extend(new);
}

#[cfg(test)]
mod tests {
    #![expect(clippy::string_slice, reason = "a test fails by a panic")]

    use super::*;
    use crate::diagnostic::Code;

    /// Reads front matter, and says each mistake as code, text under the caret and message.
    fn front_matter(text: &str) -> (Layer, Vec<(Code, String)>) {
        let source = Source { path: "a.md".into(), text: format!("---\n{text}---\n") };
        let mut diagnostics = Vec::new();
        let above = Settings { deck: DeckName::new("D"), ..Settings::default() };
        let layer = read_front_matter(SourceId(0), &source, 4..4 + text.len(), &above, &mut diagnostics);
        (layer, places(&source, &diagnostics))
    }

    fn project(text: &str) -> (Project, Vec<(Code, String)>) {
        let source = Source { path: "deckle.yaml".into(), text: text.into() };
        let mut diagnostics = Vec::new();
        let project = read_project(SourceId(0), &source, &mut diagnostics);
        (project, places(&source, &diagnostics))
    }

    fn places(source: &Source, diagnostics: &[Diagnostic]) -> Vec<(Code, String)> {
        diagnostics.iter().map(|d| (d.code, source.text[d.span.range()].to_owned())).collect()
    }

    fn tags(layer: &Layer) -> Vec<&str> {
        layer.tags.iter().map(Tag::as_str).collect()
    }

    #[test]
    fn front_matter_is_read_and_other_tools_keys_are_left_alone() {
        let (layer, mistakes) = front_matter(
            "title: Ports\naliases: [a, b]\ndate: 2026-01-02\npath: x\ndeck: 'AWS :: ECS'\ntags: aws, ecs #x\nmath: false\n",
        );
        assert_eq!(mistakes, []);
        assert_eq!(layer.deck, DeckName::new("AWS::ECS"));
        assert_eq!(tags(&layer), ["aws", "ecs"]);
        assert_eq!((layer.math, layer.title.as_deref()), (Some(false), Some("Ports")));
    }

    #[test]
    fn our_own_map_goes_above_the_keys_beside_it() {
        let (layer, mistakes) = front_matter("deckle:\n  deck: B\n  tags: [x]\n  html: trust\ndeck: A\ntags: [y]\n");
        assert_eq!(mistakes, []);
        assert_eq!(layer.deck, DeckName::new("B"));
        assert_eq!(tags(&layer), ["y", "x"]);
        assert_eq!(layer.html, Some(HtmlPolicy::Trust));
    }

    #[test]
    fn every_mistake_of_front_matter_is_found_at_its_place() {
        let (layer, mistakes) = front_matter(
            "dekc: A\ntags: [ok, two words, \"\"]\nmath: yes\nhtml: trusted\nsyntax: obsidain\ndeck: A::::B\ndeck: C\ndeckle:\n  tilte: x\n",
        );
        let found: Vec<_> = mistakes.iter().map(|(code, text)| (code.name(), text.as_str())).collect();
        assert_eq!(
            found,
            [
                ("duplicate-key", "deck"),
                ("unknown-key", "dekc"),
                ("bad-tag", "two words"),
                ("bad-tag", "\"\""),
                ("bad-value", "yes"),
                ("bad-value", "trusted"),
                ("bad-deck-name", "A::::B"),
                ("unknown-key", "tilte"),
                ("bad-value", "obsidain"),
            ]
        );
        assert_eq!(tags(&layer), ["ok", "two-words"]);
    }

    #[test]
    fn syntaxes_are_a_list_or_words_and_every_wrong_one_is_found() {
        let read = |text: &str| front_matter(text).0.syntaxes;
        let both = Syntaxes::new([syntax::Syntax::Headings, syntax::Syntax::Qa]);
        assert_eq!(read("syntax: qa\n"), Syntaxes::new([syntax::Syntax::Qa]));
        for list in ["qa headings", "headings, qa", "[qa, headings, qa]", "\n- headings\n- qa"] {
            assert_eq!(read(&format!("syntax: {list}\n")), both, "{list}");
        }
        for nothing in ["", "[]", "''"] {
            assert_eq!(front_matter(&format!("syntax: {nothing}\n")), (Layer::default(), Vec::new()));
        }
        let (layer, mistakes) = front_matter("syntax: qa, heading slide\n");
        assert_eq!(layer.syntaxes, Syntaxes::new([syntax::Syntax::Qa]));
        assert_eq!(mistakes, [(Code::BadValue, "heading".into()), (Code::BadValue, "slide".into())]);
        assert_eq!(read("syntax: auto\n"), Some(Syntaxes::auto()));
        assert_eq!(front_matter("syntax: [auto, qa]\n").1, [(Code::BadValue, "auto".into())]);
        assert_eq!(front_matter("syntax: {a: b}\n").1, [(Code::BadValue, "{a: b}".into())]);
    }

    #[test]
    fn options_of_syntaxes_are_read_and_every_mistake_in_them_is_found() {
        let (layer, mistakes) = front_matter(
            "syntax-options:\n  obsidian: {tags: ['#a', b], inline: ';;', folders-as-decks: true}\n  \
             start-end:\n    fields: {Word: [Front, Back]}\n    end: ~\n",
        );
        assert_eq!(mistakes, [(Code::BadValue, "~".into())]);
        let options = Settings::default().with(&layer).syntax_options();
        assert_eq!((options.obsidian.tags.join(" "), options.obsidian.inline.as_str()), ("a b".to_owned(), ";;"));
        assert!(options.obsidian.folders_as_decks);
        assert_eq!(options.start_end.fields, [("Word".to_owned(), vec!["Front".to_owned(), "Back".to_owned()])]);
        let (_, mistakes) = front_matter(
            "syntax-options:\n  obsidan: {}\n  qa: [a]\n  obsidian: {inlin: x, folders-as-decks: maybe}\n",
        );
        let found: Vec<_> = mistakes.iter().map(|(code, text)| (code.name(), text.as_str())).collect();
        let wanted =
            [("unknown-key", "obsidan"), ("bad-value", "[a]"), ("unknown-key", "inlin"), ("bad-value", "maybe")];
        assert_eq!(found, wanted);
    }

    #[test]
    fn syntax_means_something_else_to_other_tools_where_there_is_no_deck() {
        let said = |text: &str| {
            let source = Source { path: "a.md".into(), text: text.into() };
            let mut diagnostics = Vec::new();
            read_front_matter(SourceId(0), &source, 0..text.len(), &Settings::default(), &mut diagnostics);
            diagnostics.len()
        };
        assert_eq!(said("syntax: python\n"), 0);
        assert_eq!(said("deckle: {syntax: python}\n"), 1);
        assert_eq!(said("syntax: python\ndeck: A\n"), 1);
        assert_eq!(said("syntax: python\ndeck: false\n"), 0);
    }

    #[test]
    fn a_comment_in_place_of_tags_is_a_mistake() {
        assert_eq!(front_matter("tags: #aws\n").1, [(Code::BadValue, "#aws".into())]);
        assert_eq!(front_matter("tags: # none yet\n").1, []);
        assert_eq!(front_matter("tags:\nmath:\n").1, []);
    }

    #[test]
    fn a_deck_is_a_name_or_false() {
        assert_eq!(front_matter("deck:\n"), (Layer::default(), vec![(Code::BadValue, "deck".into())]));
        assert_eq!(front_matter("deck: ~\n").1, [(Code::BadValue, "~".into())]);
        assert_eq!(front_matter("deck: true\n").1, [(Code::BadValue, "true".into())]);
        assert_eq!(front_matter("deck: 'false'\n").0.deck, DeckName::new("false"));
        let (layer, mistakes) = front_matter("deck: false\n");
        assert_eq!((layer.deck.as_ref(), layer.no_deck, mistakes), (None, true, Vec::new()));
        let above = Settings { deck: DeckName::new("A"), ..Settings::default() };
        assert_eq!(above.with(&layer).deck, None);
        assert_eq!(front_matter("deck: A\ndeckle: {deck: false}\n").0, layer);
        assert_eq!(front_matter("deck: false\ndeckle: {deck: A}\n").0.deck, DeckName::new("A"));
        assert!(!front_matter("deck: false\ndeckle: {deck: A}\n").0.no_deck);
    }

    #[test]
    fn a_project_is_read_whole() {
        let (project, mistakes) = project(
            "id: k3\nname: Notes\ncontent: ./a/b/\nout: ../x\nsite-url: https://e.org/n/\ntemplates: t\n\
             decks:\n  A::B: {description: Ports}\n  C: In short\n  D:\nprint: {paper: a4}\nbook:\ntags: x\n",
        );
        assert_eq!(mistakes, []);
        assert_eq!((project.id.as_deref(), project.name.as_deref()), (Some("k3"), Some("Notes")));
        assert_eq!((project.content.as_str(), project.out.as_str()), ("a/b", "../x"));
        assert_eq!(project.site_url.as_deref(), Some("https://e.org/n"));
        let decks: Vec<_> = project.decks.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(decks, [("A::B", "Ports"), ("C", "In short")]);
        assert_eq!(tags(&project.layer), ["x"]);
    }

    #[test]
    fn every_mistake_of_a_project_is_found_at_its_place() {
        let (_, mistakes) = project(
            "nmae: x\nid: []\ncontent: ../up\nsite-url: example.org\ntitle: T\nprint: a4\n? [a]\n: b\n\
             decks:\n  A: [text]\n  B: {descr: x}\n  'C::': {}\n  ' A': {}\n",
        );
        let found: Vec<_> = mistakes.iter().map(|(code, text)| (code.name(), text.as_str())).collect();
        assert_eq!(
            found,
            [
                ("unknown-key", "[a]"),
                ("unknown-key", "nmae"),
                ("bad-value", "[]"),
                ("bad-value", "../up"),
                ("bad-value", "example.org"),
                ("unknown-key", "title"),
                ("bad-value", "a4"),
                ("bad-value", "[text]"),
                ("unknown-key", "descr"),
                ("bad-deck-name", "'C::'"),
                ("duplicate-key", "' A'"),
            ]
        );
    }

    #[test]
    fn print_options_are_read_and_every_mistake_in_them_is_found() {
        let (read, mistakes) = project(
            "print: {preset: 10, back-offset: [0.5, -1], key: }\ndecks:\n  A: {description: x, print: {paper: a5}}\n",
        );
        assert_eq!(mistakes, []);
        let options = print::PrintOptions::default().with(&read.print);
        assert_eq!((options.preset, options.back_offset), (print::Preset::PerPage(10), [0.5, -1.0]));
        assert_eq!(read.deck_prints.len(), 1);
        assert_eq!(options.with(&read.deck_prints[0].1).paper, print::Paper::A5);
        let (_, mistakes) = project(
            "print:\n  presets: 8\n  paper: A3\n  duplex: [a]\n  back-offset: 1\n  key: {a: b}\ndecks:\n  A::B:\n    print: {}\n",
        );
        let found: Vec<_> = mistakes.iter().map(|(code, text)| (code.name(), text.as_str())).collect();
        assert_eq!(
            found,
            [
                ("unknown-key", "presets"),
                ("bad-value", "A3"),
                ("bad-value", "[a]"),
                ("bad-value", "1"),
                ("bad-value", "{a: b}"),
                ("bad-value", "print"),
            ]
        );
    }

    #[test]
    fn broken_yaml_is_located_and_what_stands_before_it_is_still_checked() {
        let (layer, mistakes) = front_matter("dekc: A\nmath: false\ntags: [a\nhtml: trust\n");
        assert_eq!(mistakes[0].0, Code::BadYaml);
        assert_eq!(mistakes[1], (Code::UnknownKey, "dekc".into()));
        assert_eq!(layer.math, Some(false));
        assert_eq!(front_matter("just text\n").1, [(Code::BadYaml, "just text".into())]);
        assert_eq!(front_matter("deck: A: B\n").1[0].0, Code::BadYaml);
        assert_eq!(front_matter("deck:\n\ttags: x\n").1[0].0, Code::BadYaml);
        assert_eq!(project("deck: A\n---\ndeck: B\n").1[0], (Code::BadYaml, "---".into()));
    }

    #[test]
    fn odd_documents_do_no_harm() {
        let mut bomb = String::from("a0: &a0 [x, x]\n");
        for level in 1..60 {
            let items = vec![format!("*a{}", level - 1); 9].join(", ");
            bomb.extend([format!("a{level}: &a{level} [{items}]\n")]);
        }
        bomb.push_str("tags: *a59\n");
        assert_eq!(front_matter(&bomb).1[0].0, Code::BadYaml);
        assert_eq!(tags(&front_matter("x: &t [a, b]\r\ntags: *t\r\n").0), ["a", "b"]);
        for text in [
            "",
            "\u{feff}deck: A\n",
            "&a [*a]\n",
            "*none\n",
            "? \n",
            "1: 2\n~: 3\n",
            "a: |\n",
            "\t\n",
            "\0\n",
            "%YAML 9\n",
        ] {
            front_matter(text);
            project(text);
        }
        let deep = "[".repeat(100_000);
        assert_eq!(front_matter(&format!("{deep}\n")).1[0].0, Code::BadYaml);
    }

    proptest::proptest! {
        /// Words and signs of YAML in any order: every span is a piece of the text, and nothing panics.
        #[test]
        fn no_text_does_harm(pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "deck", "tags", "decks", "deckle", "math", ":", ": ", "::", "- ", "[", "]", "{", "}", "\n", "\r\n", "  ",
                "\t", "&a ", "*a", "!!str ", "|", ">", "'", "\"", "#", "? ", "---\n", "...\n", "%", "ä", "\u{0}", ",", "<<",
            ]),
            0..40,
        )) {
            let text = pieces.concat();
            front_matter(&text);
            project(&text);
        }
    }
}
