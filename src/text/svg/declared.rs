//! What a drawing declares at its start: entities of its own, which may stand for whole drawings, and attributes that each
//! element has.

use std::collections::BTreeMap;

use crate::text::entity;

/// So many bytes may entities of a drawing's own become. Those that programs write stand for a namespace.
const MOST: usize = 1 << 20;

#[derive(Default)]
pub(super) struct Declared {
    /// Entities that are plain text.
    entities: BTreeMap<String, String>,
    /// How many bytes they became so far.
    length: usize,
    /// Whether something is declared that may not stay.
    pub(super) does_something: bool,
    /// Whether an `&` stood for nothing.
    pub(super) had_unknown_name: bool,
}

impl Declared {
    /// Reads what follows `<!DOCTYPE`; gives what follows it.
    pub(super) fn read<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let (_, mut rest) = outside_quotes(text, &['[', '>'])?;
        if rest.starts_with('>') {
            return rest.get(1..);
        }
        rest = rest.get(1..)?;
        loop {
            rest = rest.trim_start();
            if let Some(behind) = rest.strip_prefix(']') {
                return behind.trim_start().strip_prefix('>');
            } else if let Some(inner) = rest.strip_prefix("<!--") {
                rest = inner.split_once("-->")?.1;
            } else if let Some(inner) = rest.strip_prefix("<?") {
                rest = inner.split_once("?>")?.1;
            } else if let Some(inner) = rest.strip_prefix("<!") {
                let (declaration, behind) = outside_quotes(inner, &['>'])?;
                self.declare(declaration);
                rest = behind.get(1..)?;
            } else {
                // `%entity;` reads more declarations.
                self.does_something = true;
                rest = rest.get(rest.chars().next()?.len_utf8()..)?;
            }
        }
    }

    fn declare(&mut self, declaration: &str) {
        if let Some((name, value)) = plain_entity(declaration) {
            // The first of equal ones is meant.
            self.entities.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        } else if !declaration.starts_with("ELEMENT") && !declaration.starts_with("NOTATION") {
            self.does_something = true;
            // What is more than text stands for nothing.
            let name = declaration.strip_prefix("ENTITY").and_then(|rest| rest.split_whitespace().next());
            self.entities.extend(name.map(|name| (name.to_owned(), String::new())));
        }
    }

    /// Characters for all that stands for them. What stands for nothing is as HTML has it, or as it is written: an XML parser
    /// reads no further there (XML 1.0, 4.1), and nothing of the drawing would be seen.
    pub(super) fn decoded(&mut self, text: &str) -> String {
        let mut decoded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('&') {
            decoded.push_str(before);
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '#' | '_' | '-' | '.' | ':'));
            let (name, behind) = after.split_at_checked(end.unwrap_or(after.len())).unwrap_or((after, ""));
            let Some(behind) = behind.strip_prefix(';') else {
                decoded.push('&');
                self.had_unknown_name = true;
                rest = after;
                continue;
            };
            rest = behind;
            let character = entity::entity(&format!("&{name};")).map(|(c, _)| c);
            if let Some(c) = character.filter(|_| name != "nbsp") {
                decoded.push(c);
            } else if let Some(own) = self.entities.get(name) {
                self.length += own.len();
                if self.length <= MOST {
                    decoded.push_str(own);
                } else {
                    self.does_something = true;
                }
            } else {
                self.had_unknown_name = true;
                match character {
                    Some(c) => decoded.push(c),
                    None => decoded.extend(["&", name, ";"]),
                }
            }
        }
        decoded.push_str(rest);
        decoded
    }
}

/// The name and the value of an entity that is plain text.
fn plain_entity(declaration: &str) -> Option<(&str, &str)> {
    let (name, value) = declaration.strip_prefix("ENTITY")?.trim().split_once(char::is_whitespace)?;
    let value = value.trim();
    let inner = ['"', '\''].iter().find_map(|&quote| value.strip_prefix(quote)?.strip_suffix(quote))?;
    (name != "%" && !inner.contains(['<', '&', '%', '"', '\''])).then_some((name, inner))
}

/// A text up to the first of some characters that stands in no quotes, and the rest from there on.
fn outside_quotes<'t>(text: &'t str, ends: &[char]) -> Option<(&'t str, &'t str)> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if ends.contains(&c) => return text.split_at_checked(at),
            Some(_) | None => {}
        }
    }
    None
}
