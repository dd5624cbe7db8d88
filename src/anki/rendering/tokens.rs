//! Turns a card template into its text, fields and sections.
//!
//! Knows no fields.

/// A piece of a template.
#[derive(Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// What stands for itself; a comment too.
    Text(&'a str),
    /// `{{filter:Field}}`
    Field {
        /// Its name.
        name: &'a str,
        /// In the order in which they are applied: the last one that is written comes first.
        filters: Vec<&'a str>,
    },
    /// `{{#Field}}`, `{{^Field}}`
    Open {
        /// The field's name.
        name: &'a str,
        /// Whether it is shown where the field is empty.
        is_negated: bool,
    },
    /// `{{/Field}}`
    Close(&'a str),
}

/// What says, at the start of a template, that it has other brackets.
const OLD_BRACKETS: &str = "{{=<% %>=}}";

/// The pieces of a template, or what is wrong with it.
pub fn tokens(template: &str) -> Result<Vec<Token<'_>>, String> {
    let old = template.trim_start().strip_prefix(OLD_BRACKETS);
    let brackets = if old.is_some() { ("<%", "%>") } else { ("{{", "}}") };
    let (mut tokens, mut rest) = (Vec::new(), old.unwrap_or(template));
    while !rest.is_empty() {
        let (text, behind) = text(rest, brackets.0);
        if !text.is_empty() {
            tokens.push(Token::Text(text));
        }
        rest = behind;
        if let Some(inside) = rest.strip_prefix(brackets.0) {
            let Some((inside, behind)) = inside.split_once(brackets.1) else {
                return Err(format!("{} is not closed", brackets.0));
            };
            tokens.push(tag(inside));
            rest = behind;
        }
    }
    Ok(tokens)
}

/// What stands before the next bracket that is in no comment, and the rest.
fn text<'a>(template: &'a str, bracket: &str) -> (&'a str, &'a str) {
    let mut at = 0;
    while let Some(rest) = template.get(at..) {
        let start = rest.find(bracket).unwrap_or(rest.len());
        let comment = rest.get(..start).and_then(|before| before.find("<!--"));
        let behind = comment.and_then(|comment| Some(comment + rest.get(comment..)?.find("-->")? + "-->".len()));
        match behind {
            Some(behind) => at += behind,
            None => return template.split_at_checked(at + start).unwrap_or((template, "")),
        }
    }
    (template, "")
}

fn tag(inside: &str) -> Token<'_> {
    let inside = inside.trim_start_matches('{').trim();
    if inside.chars().nth(1).is_some() {
        if let Some(name) = inside.strip_prefix('#') {
            return Token::Open { name: name.trim_start(), is_negated: false };
        }
        if let Some(name) = inside.strip_prefix('^') {
            return Token::Open { name: name.trim_start(), is_negated: true };
        }
        if let Some(name) = inside.strip_prefix('/') {
            return Token::Close(name.trim_start());
        }
    }
    let mut parts = inside.rsplit(':');
    let name = parts.next().unwrap_or_default();
    Token::Field { name, filters: parts.collect() }
}
