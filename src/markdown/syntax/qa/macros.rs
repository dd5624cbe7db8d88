//! Puts the definitions of an author's own commands before the formulas that use them, as each formula of a card is set alone.
//!
//! Knows names of commands, not what they look like.

use crate::ir::{Block, ChildMut, InlineKind, Run};

/// So many bytes of definitions stand before a formula.
const MOST_BYTES: usize = 4096;

/// Defines the commands of formulas that `macros` has: names without a backslash, with what they stand for.
pub(super) fn define(blocks: &mut [Block], macros: &[(String, String)]) {
    if !macros.is_empty() {
        for block in blocks {
            block.for_each_child_mut(&mut |child| define_in(child, macros));
        }
    }
}

fn define_in(content: ChildMut<'_>, macros: &[(String, String)]) {
    match content {
        ChildMut::Blocks(blocks) => define(blocks, macros),
        ChildMut::Inlines(content) => {
            for inline in content {
                if let InlineKind::Math { content, .. } = &mut inline.kind {
                    define_for(content, macros);
                } else if let Some(child) = inline.child_mut() {
                    define_in(child, macros);
                }
            }
        }
        ChildMut::Runs(_) => {}
    }
}

fn define_for(formula: &mut [Run], macros: &[(String, String)]) {
    let Some(Run::Text { text }) = formula.first_mut() else { return };
    let definitions = definitions(text, macros);
    if !definitions.is_empty() {
        text.insert_str(0, &definitions);
    }
}

/// The definitions of all commands that a formula uses, and of those that these use.
fn definitions(formula: &str, macros: &[(String, String)]) -> String {
    let mut is_used = vec![false; macros.len()];
    let mut todo = vec![formula];
    while let Some(text) = todo.pop() {
        for name in commands(text) {
            let found = macros.iter().zip(&mut is_used).find(|((known, _), is_used)| known == name && !**is_used);
            if let Some(((_, body), is_used)) = found {
                *is_used = true;
                todo.push(body);
            }
        }
    }
    let mut out = String::new();
    for ((name, body), _) in macros.iter().zip(is_used).filter(|(_, is_used)| *is_used) {
        let most = (1..=9_usize).rev().find(|number| body.contains(&format!("#{number}"))).unwrap_or_default();
        let arguments = "#1#2#3#4#5#6#7#8#9".get(..2 * most).unwrap_or_default();
        let definition = format!("\\def\\{name}{arguments}{{{body}}}");
        if out.len() + definition.len() <= MOST_BYTES {
            out.push_str(&definition);
        }
    }
    out
}

/// The names of the commands in a formula.
fn commands(tex: &str) -> impl Iterator<Item = &str> {
    let mut rest = tex;
    std::iter::from_fn(move || {
        let (_, behind) = rest.split_once('\\')?;
        let end = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
        let end = if end == 0 { behind.chars().next().map_or(0, char::len_utf8) } else { end };
        let (name, behind) = behind.split_at_checked(end)?;
        rest = behind;
        Some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_defined_before_formulas_that_use_them() {
        let macros = [("C", "\\mathbb{C}"), ("v", "\\vec{#1}_{#2}"), ("CC", "\\C\\C"), ("loop", "\\loop")];
        let macros = macros.map(|(name, body)| (name.to_owned(), body.to_owned()));
        assert_eq!(definitions("x \\in \\C", &macros), "\\def\\C{\\mathbb{C}}");
        assert_eq!(definitions("\\v{a}{b} \\Cx \\\\C", &macros), "\\def\\v#1#2{\\vec{#1}_{#2}}");
        assert_eq!(definitions("\\CC", &macros), "\\def\\C{\\mathbb{C}}\\def\\CC{\\C\\C}");
        assert_eq!(definitions("\\loop x^2", &macros), "\\def\\loop{\\loop}");
        assert_eq!(definitions("x^2", &macros), "");
        let long = [("long".to_owned(), "x".repeat(MOST_BYTES))];
        assert_eq!(definitions("\\long", &long), "");
    }
}
