//! Turns a file's front matter into one that says how the file is written from now on.

use std::ops::Range;

use crate::config::Settings;
use crate::config::syntax::{Syntax, Syntaxes};
use crate::ir::{DeckName, Tag};

/// What the front matter is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// How notes are written.
    pub syntaxes: Syntaxes,
    /// The title, where nothing else names it any more.
    pub title: Option<String>,
    /// The deck, where nothing else names it any more.
    pub deck: Option<DeckName>,
    /// Tags of all notes, where nothing else names them any more.
    pub tags: Vec<Tag>,
}

/// What stands before a file's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing that is read as settings.
    Nothing,
    /// YAML, at this place between its lines of dashes.
    Yaml(Range<usize>),
    /// TOML there.
    Toml(Range<usize>),
    /// Properties of a page of Logseq's there.
    Properties(Range<usize>),
    /// Settings in a form that nothing reads, with the lines around them.
    Unread(Range<usize>),
}

/// The ways that are in effect beside our own.
pub(super) fn with_headings(syntaxes: &Syntaxes) -> Syntaxes {
    Syntaxes::new(syntaxes.iter().chain([Syntax::Headings])).unwrap_or_default()
}

/// What to put in the place of which bytes of a text, where that has to say more than it does. `above` are the settings of its
/// folder.
pub(super) fn edit(text: &str, before: &Before, above: &Settings, wanted: &Wanted) -> Option<(Range<usize>, String)> {
    let names: Vec<&str> = wanted.syntaxes.iter().map(Syntax::name).collect();
    let syntax = format!("syntax: {}\n", names.join(", "));
    let own = wanted.lines();
    let is_known = above.syntaxes == wanted.syntaxes;
    match before {
        Before::Nothing | Before::Unread(_) if is_known && own.is_empty() => None,
        Before::Nothing => Some((0..0, format!("---\n{own}{syntax}---\n\n"))),
        Before::Yaml(place) => {
            let syntax = if is_known { None } else { Some(syntax) };
            in_yaml(text, place.clone(), &own, syntax, &names.join(", "))
        }
        Before::Toml(place) => Some((place.clone(), format!("{own}{syntax}{}", commented(text.get(place.clone())?)))),
        // Where its way stays in effect, they stand in the text, and else say what is said anew.
        Before::Properties(place) if wanted.syntaxes.has(Syntax::Logseq) => {
            let is_right = is_known && own.is_empty();
            let properties = text.get(place.clone())?;
            (!is_right).then(|| (place.clone(), format!("{own}{syntax}---\n\n{properties}")))
        }
        Before::Properties(place) => {
            Some((place.clone(), format!("{own}{syntax}{}", commented(text.get(place.clone())?))))
        }
        Before::Unread(place) => {
            let lines = text.get(place.clone())?.lines().filter(|line| line.trim_end() != "+++");
            let comments: String = lines.map(comment).collect();
            Some((place.clone(), format!("---\n{own}{syntax}{comments}---\n")))
        }
    }
}

/// What to put in the place of which bytes of YAML that stands in a text: lines of its own, and how notes are written, as a line
/// where it does not say so yet.
fn in_yaml(
    text: &str,
    place: Range<usize>,
    own: &str,
    syntax: Option<String>,
    names: &str,
) -> Option<(Range<usize>, String)> {
    let written = text.get(place.clone()).unwrap_or_default();
    if let Some(value) = value_of(written, "syntax") {
        let value = place.start + value.start..place.start + value.end;
        let is_right = text.get(value.clone()).is_some_and(|value| value.trim() == names);
        // The deck of a gate goes before it.
        let line = text.get(..value.start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
        return if own.is_empty() {
            (!is_right).then(|| (value, format!(" {names}")))
        } else {
            let key = text.get(line..value.start).unwrap_or_default();
            Some((line..value.end, format!("{own}{key} {names}")))
        };
    }
    let lines = format!("{own}{}", syntax.unwrap_or_default());
    let is_line_end = written.is_empty() || written.ends_with('\n');
    let lines = if is_line_end { lines } else { format!("\n{}", lines.trim_end()) };
    (!lines.trim().is_empty()).then_some((place.end..place.end, lines))
}

impl Wanted {
    /// The lines of what nothing else says any more.
    fn lines(&self) -> String {
        let title = self.title.as_ref().map(|title| format!("title: {}\n", scalar(title)));
        let deck = self.deck.as_ref().map(|deck| format!("deck: {}\n", scalar(deck.as_str())));
        title.into_iter().chain(deck).chain([tags(&self.tags)]).collect()
    }
}

fn tags(tags: &[Tag]) -> String {
    let tags: Vec<String> = tags.iter().map(|tag| scalar(tag.as_str())).collect();
    if tags.is_empty() { String::new() } else { format!("tags: [{}]\n", tags.join(", ")) }
}

/// Front matter without the first of its tags that is none of these; `None` where each is one.
pub(super) fn without_switch(yaml: &str, tags: &[Tag]) -> Option<String> {
    let (key, value) = ["tags", "tag"].into_iter().find_map(|key| Some((key, value_of(yaml, key)?)))?;
    let text = yaml.get(value.clone())?;
    let bare = |word: &str| word.trim_matches(['"', '\'', '#']).replace('/', "::");
    let is_switch = |word: &str| !tags.iter().any(|tag| tag.as_str().replace('/', "::") == bare(word));
    let separators = [',', ' ', '\t', '\r', '\n', '[', ']'];
    let mut words: Vec<&str> = text.split(separators).filter(|word| !word.is_empty() && *word != "-").collect();
    let switch = words.iter().position(|word| is_switch(word))?;
    words.remove(switch);
    let line = yaml.get(..value.start)?.rfind('\n').map_or(0, |end| end + 1);
    let indentation = yaml.get(line..value.start)?.split(key).next()?;
    let mut out = yaml.get(..line)?.to_owned();
    let mut rest = yaml.get(value.end..)?;
    if words.is_empty() {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    } else {
        out.extend([indentation, key, ": [", &words.join(", "), "]"]);
    }
    out.push_str(rest);
    Some(out)
}

/// Lines of another form as comments.
fn commented(lines: &str) -> String {
    lines.lines().map(comment).collect()
}

fn comment(line: &str) -> String {
    let line = line.trim_end();
    if line.is_empty() || line.starts_with('#') { format!("{line}\n") } else { format!("# {line}\n") }
}

/// Where the value of a key stands: from behind its colon to the end of its line, and over the lines of a list below it.
fn value_of(yaml: &str, key: &str) -> Option<Range<usize>> {
    let (mut at, mut found) = (0, None);
    for line in yaml.split_inclusive('\n') {
        let bare = line.trim_end();
        let text = bare.trim_start();
        let indentation = bare.len() - text.len();
        match &mut found {
            None => {
                let value = text.strip_prefix(key).and_then(|rest| rest.trim_start().strip_prefix(':'));
                found =
                    value.map(|value| (at + bare.len() - value.len()..at + bare.len(), indentation, value.is_empty()));
            }
            Some((range, outer, true)) if text.starts_with("- ") && indentation >= *outer => {
                range.end = at + bare.len();
            }
            Some(_) => break,
        }
        at += line.len();
    }
    found.map(|(range, _, _)| range)
}

/// A text as a scalar of YAML.
fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || " -_/:".contains(c))
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !["true", "false", "yes", "no", "null", "on", "off"].contains(&text.to_lowercase().as_str());
    if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_with_their_lists() {
        let value = |yaml: &'static str| value_of(yaml, "syntax").map(|range| yaml[range].to_owned());
        assert_eq!(value("a: b\nsyntax: qa\nc: d\n").as_deref(), Some(" qa"));
        assert_eq!(value("syntax:\n- qa\n- headings\nc: d\n").as_deref(), Some("\n- qa\n- headings"));
        assert_eq!(value("deckle:\n  syntax: [qa]\n").as_deref(), Some(" [qa]"));
        assert_eq!(value("syntaxes: x\n"), None);
    }

    #[test]
    fn a_tag_that_is_none_of_the_notes_goes() {
        let tags: Vec<Tag> = ["a", "b::c"].into_iter().filter_map(Tag::joined).collect();
        let without = |yaml: &str| without_switch(yaml, &tags);
        assert_eq!(without("x: y\ntags: [a, \"#z/1\", b/c]\nu: v\n").as_deref(), Some("x: y\ntags: [a, b/c]\nu: v\n"));
        assert_eq!(without("tags:\n  - z\n  - a\nu: v").as_deref(), Some("tags: [a]\nu: v"));
        assert_eq!(without("tags: z\nu: v\n").as_deref(), Some("u: v\n"));
        assert_eq!(without("tag: '#z'").as_deref(), Some(""));
        assert_eq!(without("tags: a, b::c\n"), None);
        assert_eq!(without("u: v\n"), None);
    }

    #[test]
    fn scalars_are_quoted_where_they_have_to_be() {
        assert_eq!(
            [scalar("A::B c"), scalar("yes"), scalar("it's"), scalar("a: b")],
            ["A::B c", "'yes'", "'it''s'", "'a: b'"]
        );
    }
}
