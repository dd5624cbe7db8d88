//! Turns what stands before a file's text, and what its settings say, into what its text is read by; `None` of it where the
//! file is none of ours.
//!
//! Knows nothing of notes.

use std::ops::Range;

use super::front_matter;
use super::syntax::{self, FileWide, Gate};
use super::{Document, File};
use crate::config::syntax::{Syntax, Syntaxes};
use crate::config::{self, Layer, Purpose, Settings};
use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::ir::DeckName;
use crate::source::{Source, SourceId, Span};
use crate::text::path::stem;

/// What a file's text is read by.
pub(super) struct Head {
    /// Those in effect; a deck is.
    pub settings: Settings,
    /// The chapter's title, if the front matter has one.
    pub title: Option<String>,
    /// Where the front matter lies.
    pub yaml: Option<Range<usize>>,
    /// Where the text lies.
    pub body: Range<usize>,
}

impl Head {
    /// Reads it; what is found goes to the document. `None` where nothing more is to be read: no deck is in effect, or the file
    /// is left out.
    pub(super) fn read(file: File<'_>, document: &mut Document) -> Option<Self> {
        let File { id, source, chapter, settings } = file;
        let found = front_matter::find(id, source, &mut document.diagnostics);
        let (yaml, start) = found.map_or((None, 0), |found| (Some(found.yaml), found.end));
        let layer =
            yaml.clone().map(|yaml| front_matter(id, source, yaml, chapter, settings, &mut document.diagnostics));
        let mut layer = layer.unwrap_or_default();
        let is_prose = is_no_front_matter(settings, source, yaml.clone(), &mut document.diagnostics);
        let body = if is_prose { 0 } else { start }..source.text.len();
        document.has_no_deck = layer.no_deck;
        let title = layer.title.as_deref().map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
        let title = title.filter(|title| !title.is_empty());
        let mut settings = settings.with(&layer);
        if settings.syntaxes.is_auto() {
            let Some(seen) = syntax::seen(file, yaml.clone(), body.clone(), &settings) else {
                *document = Document { has_no_deck: true, ..Document::default() };
                return None;
            };
            document.seen = Some(seen);
            settings.syntaxes = Syntaxes::from(seen);
        }
        if settings.syntaxes.has(Syntax::Slides) && layer.deck.is_none() && !layer.no_deck {
            take_name(file, yaml.clone().unwrap_or_default(), &mut layer, &mut document.diagnostics);
            settings.deck = layer.deck.clone().or(settings.deck);
        }
        let gate = Gate::of(file, yaml.as_ref(), &body, &settings, layer.no_deck);
        settings.deck = settings.deck.or(gate.deck);
        syntax::take_tags(&mut settings);
        if !is_ours(file, yaml.clone(), &layer, &settings, gate.said, document) {
            return None;
        }
        add_file_lines(file, body.clone(), layer.deck.is_some(), &mut settings, document);
        document.decks.extend(layer.deck.zip(layer.deck_place));
        Some(Self { settings, title, yaml, body })
    }
}

/// Whether notes are read of a file; `said` is what is said where none are. Says so of the document.
fn is_ours(
    file: File<'_>,
    yaml: Option<Range<usize>>,
    layer: &Layer,
    settings: &Settings,
    said: Vec<Diagnostic>,
    document: &mut Document,
) -> bool {
    let text = |range: Range<usize>| file.source.text.get(range).unwrap_or_default();
    if document.diagnostics.iter().any(|found| found.cost == Cost::File) {
        let text = text(yaml.clone().unwrap_or(0..file.source.text.len()));
        document.is_left_out = settings.deck.is_some() || (!layer.no_deck && front_matter::names_deck(text));
    }
    let is_draft = settings.draft && settings.deck.is_some();
    let is_template = settings.purpose == Purpose::Templates && layer.deck.is_none();
    let is_of_other = || front_matter::is_of_other_program(text(yaml.unwrap_or_default()));
    let is_other = settings.deck.is_some() && (is_template || syntax::passes_over(file, settings) || is_of_other());
    document.is_of_other_program = is_other;
    document.is_left_out |= is_draft || is_other;
    let is_ours = settings.deck.is_some() && !document.is_left_out;
    if !is_ours && (is_draft || is_other || !document.is_left_out) {
        document.diagnostics = said;
    }
    is_ours
}

/// Whether what stands where front matter does is text for all that: in a file of cards, where it is neither YAML nor TOML, and names
/// nothing of ours.
fn is_no_front_matter(
    settings: &Settings,
    source: &Source,
    yaml: Option<Range<usize>>,
    diagnostics: &mut [Diagnostic],
) -> bool {
    let text = yaml.and_then(|yaml| source.text.get(yaml)).unwrap_or_default();
    let is_broken = diagnostics.iter().any(|found| found.cost == Cost::File);
    let is_prose = is_broken && settings.syntaxes.has(Syntax::Qa) && !front_matter::names_deck(text);
    if is_prose {
        diagnostics.iter_mut().filter(|found| found.cost == Cost::File).for_each(|found| found.cost = Cost::Nothing);
    }
    is_prose
}

/// Puts into effect what lines of a file say of all of it; `is_named` says whether its front matter names a deck.
fn add_file_lines(
    file: File<'_>,
    body: Range<usize>,
    is_named: bool,
    settings: &mut Settings,
    document: &mut Document,
) {
    let (deck, said) = FileWide::of(file, body, settings).apply(settings, is_named);
    document.decks.extend(deck);
    document.diagnostics.extend(said);
    syntax::widen(settings);
}

/// What front matter says: YAML, or TOML where the syntax of the folder has that. Properties of a page of Logseq are read with
/// its text.
fn front_matter(
    id: SourceId,
    source: &Source,
    range: Range<usize>,
    chapter_path: &str,
    above: &Settings,
    diagnostics: &mut Vec<Diagnostic>,
) -> Layer {
    let text = source.text.get(range.clone()).unwrap_or_default();
    let may_be_properties = above.syntaxes.has(Syntax::Logseq) || above.syntaxes.is_auto();
    if may_be_properties && syntax::are_properties(text) {
        return Layer::default();
    }
    let toml = if above.syntaxes.has(Syntax::Qa) || above.syntaxes.is_auto() { syntax::read_toml(text) } else { None };
    let Some(toml) = toml else { return config::read_front_matter(id, source, range, above, diagnostics) };
    let Some((name, place)) = toml.name else { return Layer::default() };
    let span = Span::new(id, range.start + place.start..range.start + place.end);
    Layer { deck: deck_below(&name, span, chapter_path, above, diagnostics), ..Layer::default() }
}

/// Takes the deck's name out of YAML front matter, where slides have it. It has no place: an edit of decks leaves it alone.
fn take_name(file: File<'_>, yaml: Range<usize>, layer: &mut Layer, diagnostics: &mut Vec<Diagnostic>) {
    let text = file.source.text.get(yaml.clone()).unwrap_or_default();
    let Some((name, place)) = syntax::slides_name(text) else { return };
    let span = Span::new(file.id, yaml.start + place.start..yaml.start + place.end);
    layer.deck = deck_below(&name, span, file.chapter, file.settings, diagnostics);
}

/// The deck that a file names, below that of its folder.
fn deck_below(
    name: &str,
    place: Span,
    chapter_path: &str,
    above: &Settings,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<DeckName> {
    // A deck that is called after the file stands for it, and gives way to the file's own name for it.
    let file_settings = above;
    let above = above.deck.as_ref().map_or("", DeckName::as_str);
    let (folder, last) = above.rsplit_once("::").unwrap_or(("", above));
    let is_flat = file_settings.syntax_options().qa.flat;
    let folder = if is_flat {
        ""
    } else if last == stem(chapter_path) {
        folder
    } else {
        above
    };
    let deck = DeckName::new(&if folder.is_empty() { name.to_owned() } else { format!("{folder}::{name}") });
    if deck.is_none() {
        let message = format!("the deck name {}", DeckName::fault(name));
        diagnostics
            .push(Diagnostic::new(Code::BadDeckName, place, message).help("write a name on each side of every `::`"));
    }
    deck
}
