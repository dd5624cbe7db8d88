//! Reads attributes: `{#id .class key=value}` at a heading's end and `<!-- deckle: … -->`.
//!
//! Braces are common in headings (`set {a, b}`, `arn:aws:ecs:{region}`), so they are attributes only where every word
//! in them is one; what is nearly one of ours is reported, all else stays text. Knows nothing of notes.

mod near;
mod words;

use std::ops::Range;

use self::words::{QUOTE_MARKS, Word, half_quoted, unquoted, words};
use crate::diagnostic::{Code, Cost, Diagnostic, suggest, suggest_only};
use crate::ir::{DeckName, Tag};
use crate::source::{SourceId, Span};
use crate::text::hidden;

pub(super) use self::near::{are_attributes, may_be_near, of_comment, report as report_near};
pub(super) use self::words::is_unseen;

/// The classes that mean something, as they are written.
const CLASSES: [(&str, Class); 9] = [
    ("basic", Class::Basic),
    ("cloze", Class::Cloze),
    ("list", Class::List),
    ("note", Class::Note),
    ("prose", Class::Prose),
    ("reversed", Class::Reversed),
    ("rows", Class::Rows),
    ("terms", Class::Terms),
    ("typed", Class::Typed),
];

const KEYS: [&str; 2] = ["deck", "tags"];

/// Classes of notes that are not made yet.
const PLANNED: [(&str, &str); 2] = [("choice", "multiple choice"), ("occlusion", "image occlusion")];

/// What an attribute's class asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A question and its answer, whatever looks like a deletion in it.
    Basic,
    /// `==x==` are deletions.
    Cloze,
    /// Every list item is a deletion.
    List,
    /// A heading with its whole subtree is one note.
    Note,
    /// Text of the book.
    Prose,
    /// A second card asks the other way round.
    Reversed,
    /// Every table row is a note.
    Rows,
    /// Every term of the definition lists is a note.
    Terms,
    /// The answer is typed.
    Typed,
}

impl Class {
    /// As it is written, with its dot.
    pub(super) fn name(self) -> String {
        CLASSES.iter().find(|(_, class)| *class == self).map_or_else(String::new, |(name, _)| format!(".{name}"))
    }

    /// Whether it says what a heading becomes, so that only one of its kind can be given.
    pub(super) fn is_kind(self) -> bool {
        match self {
            Self::Basic | Self::Cloze | Self::List | Self::Prose | Self::Rows | Self::Terms => true,
            Self::Note | Self::Reversed | Self::Typed => false,
        }
    }
}

/// What attributes say, each with its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    /// The explicit id, with what is to be taken out to take it away.
    pub id: Option<(String, Span)>,
    /// Classes, each once.
    pub classes: Vec<(Class, Span)>,
    /// More tags.
    pub tags: Vec<Tag>,
    /// Another deck.
    pub deck: Option<DeckName>,
    /// Where it is named.
    pub deck_place: Option<Span>,
    /// Where mistakes stand that cost the note: what it was to be is not known.
    pub mistakes: Vec<Span>,
}

impl Attributes {
    /// Whether a class is given.
    pub(super) fn has(&self, class: Class) -> bool {
        self.place(class).is_some()
    }

    /// Where a class is given.
    pub(super) fn place(&self, class: Class) -> Option<Span> {
        self.classes.iter().find(|(given, _)| *given == class).map(|(_, span)| *span)
    }

    /// Takes in what another place says of the same thing.
    pub(super) fn merge(&mut self, other: Self) {
        self.id = other.id.or(self.id.take());
        for (class, span) in other.classes {
            self.add_class(class, span);
        }
        self.tags.extend(other.tags);
        self.deck_place = other.deck_place.or(self.deck_place);
        self.deck = other.deck.or(self.deck.take());
        self.mistakes.extend(other.mistakes);
    }

    /// Takes down which of these cost the note.
    pub(super) fn note_mistakes(&mut self, diagnostics: &[Diagnostic]) {
        let costly = diagnostics.iter().filter(|found| found.cost == Cost::Note);
        self.mistakes.extend(costly.map(|found| found.span));
    }

    /// Says what has to go with the id.
    fn place_id(&mut self, words: &[Word<'_>], all: &Range<usize>) {
        let Some((_, place)) = &mut self.id else { return };
        let index = words.iter().position(|word| word.range == place.range());
        *place = place.with(index.map_or(all.clone(), |index| removed(words, index, all)));
    }

    /// Takes in what is said of the same thing and gives way to these.
    pub(super) fn merge_below(&mut self, other: Self) {
        self.merge_before(other);
    }

    /// Takes in what stands before these attributes and means the same thing: what is said last counts.
    fn merge_before(&mut self, before: Self) {
        let behind = std::mem::replace(self, before);
        self.merge(behind);
    }

    /// Each place that they have.
    pub(super) fn for_each_place(&mut self, on_place: &mut impl FnMut(&mut Span)) {
        let Self { id, classes, tags: _, deck: _, deck_place, mistakes } = self;
        let places = id.iter_mut().map(|(_, place)| place).chain(classes.iter_mut().map(|(_, place)| place));
        places.chain(deck_place).chain(mistakes).for_each(on_place);
    }

    fn add_class(&mut self, class: Class, span: Span) {
        if !self.has(class) {
            self.classes.push((class, span));
        }
    }
}

/// What has to go with a word: the white space beside it; of a single word all that holds it.
fn removed(words: &[Word<'_>], index: usize, all: &Range<usize>) -> Range<usize> {
    let range = |index: usize| words.get(index).map_or(all.clone(), |word| word.range.clone());
    match index.checked_sub(1) {
        _ if index + 1 < words.len() => range(index).start..range(index + 1).start,
        Some(before) => range(before).end..range(index).end,
        None => all.clone(),
    }
}

/// Attributes at the end of a heading's text, which lies at `range`: them, and the bytes they take with the space before.
/// They may be in several braces.
pub(super) fn trailing(
    id: SourceId,
    text: &str,
    range: Range<usize>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(Attributes, Range<usize>)> {
    let (mut attributes, mut taken) = last_braces(id, text, range.clone(), looks_like_attribute, diagnostics)?;
    // A word without a mark is text where other braces stand behind it.
    let is_marked = |word: &str| word.contains(['.', '#', '=']) && looks_like_attribute(word);
    while let Some((before, more)) = last_braces(id, text, range.start..taken.start, is_marked, diagnostics) {
        attributes.merge_before(before);
        taken.start = more.start;
    }
    Some((attributes, taken))
}

/// The last braces of a text, where all that is in them are attributes; `is_attribute` says so of a word, where white space
/// stands before them.
fn last_braces(
    id: SourceId,
    text: &str,
    range: Range<usize>,
    is_attribute: impl Fn(&str) -> bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(Attributes, Range<usize>)> {
    let line = text[range.clone()].trim_end();
    let is_nothing = |c: char| c.is_whitespace() || is_unseen(c);
    let inner_end = line.trim_end_matches(is_nothing).strip_suffix('}')?.len();
    let open = line[..inner_end].rfind('{')?;
    let before = line[..open].trim_end_matches(is_unseen);
    if line[open..inner_end].contains('}') {
        return None;
    }
    // Kramdown writes `{: .class}`.
    let start = open + 1 + usize::from(line[open + 1..inner_end].starts_with(':'));
    let inner = range.start + start..range.start + inner_end;
    let words = words(&text[inner.clone()], inner.start);
    let stands_apart = before.is_empty() || before.ends_with([' ', '\t']);
    let is_ours = |word: &str| if stands_apart { is_attribute(word) } else { is_surely_ours(word) };
    if words.is_empty() || !are_ours(&words, is_ours) || (!stands_apart && is_text(before, &words)) {
        return None;
    }
    let known = diagnostics.len();
    let all = range.start + before.trim_end_matches(is_nothing).len()..range.start + line.len();
    let mut attributes = read_words(id, &words, &all, diagnostics);
    attributes.note_mistakes(diagnostics.get(known..).unwrap_or_default());
    attributes.place_id(&words, &all);
    Some((attributes, all))
}

/// Whether all words are attributes; a mark alone is one too many where there are others.
fn are_ours(words: &[Word<'_>], is_ours: impl Fn(&str) -> bool) -> bool {
    let is_mark = |word: &&Word<'_>| is_lone_mark(&word.text);
    words.iter().all(|word| is_ours(&word.text) || is_mark(&word)) && !words.iter().all(|word| is_mark(&word))
}

fn is_lone_mark(word: &str) -> bool {
    matches!(word, "." | "#")
}

/// Whether braces right behind a text belong to it, as those of code and formulas do: they are escaped, or name only an id,
/// as a template might (`#{x}`).
fn is_text(before: &str, words: &[Word<'_>]) -> bool {
    let is_named_only = words.iter().all(|word| word.text.starts_with('#')) && !before.ends_with(char::is_alphanumeric);
    before.ends_with(['\\', '$', '#', '%', '=', '`']) || is_named_only
}

/// The inside of braces with its words in our order: the id, classes, tags, the deck; `None` where one of them is something else.
pub(super) fn in_order(inner: &str) -> Option<String> {
    let rank = |word: &str| match word.split_once('=') {
        _ if word.starts_with('#') => Some(0),
        _ if word.starts_with('.') => Some(1),
        Some(("tags", _)) => Some(2),
        Some(("deck", _)) => Some(3),
        Some(_) | None => None,
    };
    let words = words(inner, 0).into_iter();
    let ranked = words.map(|word| Some((rank(&word.text)?, inner.get(word.range)?)));
    let mut ranked = ranked.collect::<Option<Vec<_>>>()?;
    ranked.sort_by_key(|(rank, _)| *rank);
    let words: Vec<&str> = ranked.into_iter().map(|(_, word)| word).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The attributes of a `deckle:` comment; `inner` is what stands behind the colon, at `start`. They may be in braces.
pub(super) fn directive(id: SourceId, inner: &str, start: usize, diagnostics: &mut Vec<Diagnostic>) -> Attributes {
    let bare = inner.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(inner);
    let from = start + inner.find(bare).unwrap_or_default();
    let (known, mut words) = (diagnostics.len(), words(bare, from));
    let mut strange: Option<Range<usize>> = None;
    words.retain(|word| {
        let fits = looks_like_attribute(&word.text);
        if !fits {
            let from = strange.as_ref().map_or(word.range.start, |strange| strange.start);
            strange = Some(from..word.range.end);
        } else if let Some(strange) = strange.take() {
            diagnostics.push(no_attributes(id, inner, start, strange));
        }
        fits
    });
    diagnostics.extend(strange.map(|strange| no_attributes(id, inner, start, strange)));
    let all = start..start + inner.len();
    let mut attributes = read_words(id, &words, &all, diagnostics);
    attributes.note_mistakes(diagnostics.get(known..).unwrap_or_default());
    // `<!-- deckle: -->` says nothing, and does no harm.
    attributes.place_id(&words, &all);
    attributes
}

/// Words of a directive that are none; `inner` is its text, which stands at `start`.
fn no_attributes(id: SourceId, inner: &str, start: usize, place: Range<usize>) -> Diagnostic {
    let written = inner.get(place.start - start..place.end - start).unwrap_or_default();
    let what = if written.contains(char::is_whitespace) { "are no attributes" } else { "is no attribute" };
    let message = format!("`{written}` {what}");
    Diagnostic::new(Code::BadDirective, Span::new(id, place), message)
        .help("write `.class`, `#id`, `tags=a,b` or `deck=A::B`, with spaces between")
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_:.".contains(c))
}

/// Whether a word is an attribute, or so nearly one of ours that taking it for text would hide a mistake.
fn looks_like_attribute(word: &str) -> bool {
    if let Some(id) = word.strip_prefix('#') {
        return is_id(unquoted(id));
    }
    if let Some(class) = word.strip_prefix('.') {
        return class.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && class.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    }
    if let Some((key, value)) = word.split_once('=') {
        return match key {
            "id" => value.is_empty() || is_id(unquoted(value)),
            "class" | "deck" | "tags" => true,
            _ => !value.is_empty() && near_key(key).is_some(),
        };
    }
    // A bare word is common in braces (`{role}`, `{types}`): only ours, or a long near miss of it, is a mistake.
    CLASSES.iter().any(|(name, _)| *name == word) || (word.len() >= 6 && near_class(word).is_some())
}

/// Whether a word is an attribute even in braces right behind a text, where code has its own (`jsonpath={.items}`).
fn is_surely_ours(word: &str) -> bool {
    if let Some(id) = word.strip_prefix('#') {
        return is_id(unquoted(id)) && id.starts_with(char::is_alphabetic) && id.len() > 1;
    }
    if let Some(class) = word.strip_prefix('.') {
        let is_ours = CLASSES.iter().any(|(name, _)| *name == class);
        return is_ours || (class.len() >= 6 && near_class(class).is_some());
    }
    word.split_once('=').is_some_and(|(key, value)| KEYS.contains(&key) && !value.is_empty())
}

fn near_class(word: &str) -> Option<&'static str> {
    suggest(word, CLASSES.iter().map(|(name, _)| *name))
}

fn near_key(word: &str) -> Option<&'static str> {
    match word {
        "tag" => Some("tags"),
        _ => suggest(word, KEYS),
    }
}

/// What words say; `all` is what has to go where all of them go.
fn read_words(id: SourceId, words: &[Word<'_>], all: &Range<usize>, diagnostics: &mut Vec<Diagnostic>) -> Attributes {
    let mut attributes = Attributes::default();
    for (index, word) in words.iter().enumerate() {
        let span = Span::new(id, word.range.clone());
        let pair = word.text.split_once('=');
        let is_empty = is_lone_mark(&word.text) || pair.is_some_and(|(_, value)| unquoted(value).trim().is_empty());
        if is_empty {
            diagnostics.push(empty(word, span).fix(span.with(removed(words, index, all)), ""));
        } else if let Some(name) = word.text.strip_prefix('#') {
            report_joined(name, span, diagnostics);
            attributes.id = Some((unquoted(name).to_owned(), span));
        } else if let Some((key, value)) = pair {
            read_pair(word, key, value, span, &mut attributes, diagnostics);
        } else {
            read_class(&word.text, span, &mut attributes, diagnostics);
        }
    }
    attributes
}

/// A word that says nothing.
fn empty(word: &Word<'_>, span: Span) -> Diagnostic {
    let code = match word.text.split_once('=') {
        Some(("deck", _)) => Code::BadDeckName,
        Some(("tags", _)) => Code::BadTag,
        Some(_) | None => Code::MisspeltAttribute,
    };
    Diagnostic::new(code, span, format!("nothing stands behind `{}`", word.text.trim_matches(['"', '\''])))
        .costing(Cost::Nothing)
        .help("write what it is to be, or take it out")
}

/// Says that an id ends with a class, for lack of a space.
fn report_joined(name: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) {
    let Some((id, class)) = name.rsplit_once('.') else { return };
    if CLASSES.iter().any(|(known, _)| *known == class) {
        diagnostics.push(
            Diagnostic::new(Code::MisspeltAttribute, span, format!("`.{class}` is read as part of the id"))
                .costing(Cost::Nothing)
                .help(format!("write `#{id} .{class}`, with a space between"))
                .edit(span, format!("#{id} .{class}")),
        );
    }
}

fn read_class(word: &str, span: Span, attributes: &mut Attributes, diagnostics: &mut Vec<Diagnostic>) {
    let name = word.trim_start_matches('.');
    if let Some((_, class)) = CLASSES.iter().find(|(known, _)| word.starts_with('.') && *known == name) {
        return attributes.add_class(*class, span);
    }
    if let Some((_, what)) = PLANNED.iter().find(|(planned, _)| *planned == name) {
        return diagnostics.push(
            Diagnostic::new(Code::UnknownClass, span, format!("`{word}` is not read yet"))
                .help(format!("deckle makes no notes of {what} so far: take it out, or write `.prose`")),
        );
    }
    diagnostics.push(match near_class(name) {
        Some(near) => misspelt_class(word, name, near, span),
        None => Diagnostic::new(Code::UnknownClass, span, format!("the class `{word}` means nothing to deckle")).help(
            "the classes are `.reversed`, `.typed`, `.cloze`, `.list`, `.rows`, `.terms`, `.note`, `.prose` and `.basic`",
        ),
    });
}

/// Without a dot it may be a word of the heading's text.
fn misspelt_class(word: &str, bare: &str, near: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::MisspeltAttribute, span, format!("`{word}` is no attribute"))
        .caret(format!("did you mean `.{near}`?"))
        .help(format!("write `.{near}`"));
    let is_sure = bare == near || suggest_only(bare, CLASSES.iter().map(|(name, _)| *name)).is_some();
    if word.starts_with('.') && is_sure {
        diagnostic.fix(span, format!(".{near}"))
    } else {
        diagnostic.edit(span, format!(".{near}"))
    }
}

fn read_pair(
    word: &Word<'_>,
    key: &str,
    value: &str,
    span: Span,
    attributes: &mut Attributes,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let bare = unquoted(value);
    // Where the value is written, if it is written as it is read.
    let is_as_written = word.text.len() == span.range().len();
    let half = half_quoted(bare);
    if half {
        diagnostics.push(half_quote(bare, span));
    }
    let opened = if half { bare.trim_start_matches(QUOTE_MARKS) } else { bare };
    let ahead = key.len() + 1 + bare.len() - opened.len();
    let start = value.find(bare).filter(|_| is_as_written).map(|at| span.start as usize + ahead + at);
    let value = if half { opened.trim_end_matches(QUOTE_MARKS) } else { opened };
    match key {
        "id" => attributes.id = Some((value.to_owned(), span)),
        "class" => value.split_whitespace().for_each(|class| {
            let class = class.strip_prefix('.').unwrap_or(class);
            read_class(&format!(".{class}"), span, attributes, diagnostics);
        }),
        "tags" => read_tags(value, start, span, attributes, diagnostics),
        "deck" => read_deck(value, start, span, attributes, diagnostics),
        _ => {
            let near = near_key(key).unwrap_or("tags");
            diagnostics.push(
                Diagnostic::new(Code::MisspeltAttribute, span, format!("`{key}` is no attribute"))
                    .caret(format!("did you mean `{near}=`?"))
                    .help(format!("write `{near}={value}`"))
                    .fix(span.with(span.start as usize..span.start as usize + key.len()), near),
            );
        }
    }
}

/// A quote without its other one.
fn half_quote(value: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::MisspeltAttribute, span, format!("`{value}` has one quote alone"))
        .costing(Cost::Nothing)
        .help("take it out, or write the other one")
}

fn read_tags(
    written: &str,
    start: Option<usize>,
    span: Span,
    attributes: &mut Attributes,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let value = hidden::without(written);
    let words = value.split([',', ';', '，', '、']).map(str::trim).filter(|tag| !tag.is_empty());
    if words.clone().nth(Tag::MOST).is_some() {
        let message = format!("more than {} tags; the others are left out", Tag::MOST);
        diagnostics.push(Diagnostic::new(Code::BadTag, span, message).help("give each note few of them"));
    }
    for word in words.take(Tag::MOST) {
        let tag = Tag::written(word);
        let (tag, joined) = (tag.as_ref(), Tag::joined(&tag));
        if Tag::new(tag).is_none() {
            let place = start.and_then(|start| place_in(written, word, start, span));
            let message = format!("the tag `{tag}` has white space in it");
            let found = Diagnostic::new(Code::BadTag, place.unwrap_or(span), message)
                .help("join its words with `-` or `_`; commas stand between tags");
            diagnostics.push(match (&joined, place) {
                (Some(joined), Some(place)) => found.fix(place, joined.as_str()),
                (_, None) | (None, _) => found,
            });
        }
        attributes.tags.extend(joined);
    }
}

fn read_deck(
    value: &str,
    start: Option<usize>,
    span: Span,
    attributes: &mut Attributes,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if let Some(deck) = DeckName::new(&hidden::without(value)) {
        (attributes.deck, attributes.deck_place) = (Some(deck), Some(span));
        return;
    }
    let message = format!("the deck name {}", DeckName::fault(value));
    let found = Diagnostic::new(Code::BadDeckName, span, message)
        .costing(Cost::Nothing)
        .help("write a name on each side of every `::`");
    let parts: Vec<&str> = value.split("::").map(str::trim).filter(|part| !part.is_empty()).collect();
    diagnostics.push(match start.zip(DeckName::new(&parts.join("::"))) {
        Some((start, joined)) => found.fix(span.with(start..start + value.len()), joined.as_str()),
        None => found,
    });
}

/// The place of a part of a text that starts at `start`; `None` where it stands there more than once.
fn place_in(text: &str, part: &str, start: usize, span: Span) -> Option<Span> {
    let at = text.find(part).filter(|at| text.rfind(part) == Some(*at))?;
    Some(span.with(start + at..start + at + part.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(heading: &str) -> Option<String> {
        trailing(SourceId(0), heading, 0..heading.len(), &mut Vec::new())
            .map(|(_, taken)| heading[..taken.start].to_owned())
    }

    #[test]
    fn braces_that_are_no_attributes_stay() {
        for heading in [
            "set {a, b}",
            "arn:aws:ecs:{region}",
            "JSON {\"a\": 1}",
            "\\frac{a}{b}",
            "x\\{.cloze}",
            "jsonpath={.items}",
            "x{.center}",
            "Ruby #{x}",
            "a function f{#1}",
            "the set {x=1}",
            "{}",
            "a { }",
            "{region}",
            "Rust {list[0]}",
        ] {
            assert_eq!(cut(heading), None, "{heading}");
        }
    }

    #[test]
    fn attributes_go_with_the_space_before() {
        assert_eq!(cut("ECS cluster {#cluster .reversed}").as_deref(), Some("ECS cluster"));
        assert_eq!(cut("x {tags=a,b deck=\"A::B C\"}").as_deref(), Some("x"));
        assert_eq!(cut("{.prose}").as_deref(), Some(""));
        assert_eq!(cut("JSON {a} {.typed}").as_deref(), Some("JSON {a}"));
        assert_eq!(cut("A X{.reversed}").as_deref(), Some("A X"));
        assert_eq!(cut("A {.reversed} {.typed}").as_deref(), Some("A"));
        assert_eq!(cut("A {#a}{.typed} ").as_deref(), Some("A"));
        assert_eq!(cut("A {list} {#a}").as_deref(), Some("A {list}"));
    }

    #[test]
    fn other_ways_of_writing_attributes_are_read() {
        let read = |heading: &str| {
            let mut diagnostics = Vec::new();
            let found = trailing(SourceId(0), heading, 0..heading.len(), &mut diagnostics);
            assert_eq!(diagnostics, [], "{heading}");
            let (attributes, _) = found.unwrap_or_else(|| panic!("{heading}"));
            let classes = attributes.classes.iter().map(|(class, _)| class.name());
            let tags = attributes.tags.iter().map(|tag| tag.as_str().to_owned());
            let id = attributes.id.map(|(id, _)| format!("#{id}"));
            id.into_iter().chain(classes).chain(tags).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(read("A {#one, .reversed}"), "#one .reversed");
        assert_eq!(read("A {.reversed,.typed,}"), ".reversed .typed");
        assert_eq!(read("A {: .reversed #x}"), "#x .reversed");
        assert_eq!(read("A {:.reversed}"), ".reversed");
        assert_eq!(read("A {id=one class=\"reversed typed\"}"), "#one .reversed .typed");
        assert_eq!(read("A {#'one' id=\"two\"}"), "#two");
        assert_eq!(read("A {#one} {#two .typed}"), "#two .typed");
        assert_eq!(read("A{tags=a/b,#c}"), "a::b c");
        assert_eq!(read("A {tags='a, b'}"), "a b");
    }

    #[test]
    fn places_in_values_with_one_quote_are_those_in_the_text() {
        for (heading, mended) in [
            ("A {tags=“net, b c}", "A {tags=“net, b-c}"),
            ("A {tags=“ä, b c}", "A {tags=“ä, b-c}"),
            ("A {tags=「b c, net}", "A {tags=「b-c, net}"),
            ("A {tags=\"net, b c}", "A {tags=\"net, b-c}"),
            ("A {tags=\"net, b c\"}", "A {tags=\"net, b-c\"}"),
            ("A {deck=“Net::::b}", "A {deck=“Net::b}"),
            ("A {deck=Net::::b”}", "A {deck=Net::b”}"),
            ("A {deck=\"“Net::::b\"}", "A {deck=\"“Net::b\"}"),
        ] {
            let mut found = Vec::new();
            trailing(SourceId(0), heading, 0..heading.len(), &mut found);
            let mut text = heading.to_owned();
            for edit in found.into_iter().filter_map(|found| found.edit) {
                text.replace_range(edit.span.range(), &edit.replacement);
            }
            assert_eq!(text, mended, "{heading}");
        }
    }

    #[test]
    fn near_misses_are_reported() {
        for heading in ["x {.revesed}", "x {reversed}", "x{.reversd}", "x {tag=a}", "x {dekc=A}"] {
            let mut diagnostics = Vec::new();
            trailing(SourceId(0), heading, 0..heading.len(), &mut diagnostics);
            assert_eq!(diagnostics.first().map(|d| d.code), Some(Code::MisspeltAttribute), "{heading}");
        }
    }
}
