//! Puts the definitions of an author's own commands before the formulas that use them, as each formula of a card is set alone.
//!
//! Knows names of commands, not what they look like.

use std::collections::{BTreeSet, HashMap};

use crate::ir::{Block, ChildMut, InlineKind, Run};
use crate::text::steps::counted;

/// So many bytes of definitions stand before a formula.
const MOST_BYTES: usize = 4096;

/// The commands of an author's own, by their names.
pub(super) struct Macros<'m> {
    /// Names without a backslash, with what they stand for.
    all: &'m [(String, String)],
    /// Of two with the same name the last, as in TeX.
    by_name: HashMap<&'m str, usize>,
}

impl<'m> Macros<'m> {
    /// Those of options.
    pub(super) fn of(all: &'m [(String, String)]) -> Self {
        let by_name = all.iter().enumerate().map(|(index, (name, _))| (name.as_str(), index)).collect();
        Self { all, by_name }
    }
}

/// Defines the commands of formulas that are among `macros`.
pub(super) fn define(blocks: &mut [Block], macros: &Macros<'_>) {
    if !macros.all.is_empty() {
        for block in blocks {
            block.for_each_child_mut(&mut |child| define_in(child, macros));
        }
    }
}

fn define_in(content: ChildMut<'_>, macros: &Macros<'_>) {
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

fn define_for(formula: &mut [Run], macros: &Macros<'_>) {
    let Some(Run::Text { text }) = formula.first_mut() else { return };
    let definitions = definitions(text, macros);
    if !definitions.is_empty() {
        text.insert_str(0, &definitions);
    }
}

/// The definitions of all commands that a formula uses, and of those that these use, as far as there is room for them.
fn definitions(formula: &str, macros: &Macros<'_>) -> String {
    let (mut used, mut todo, mut length) = (BTreeSet::new(), vec![formula], 0);
    while let Some(text) = todo.pop() {
        counted(text.len());
        for name in commands(text) {
            let Some((index, (name, body))) =
                macros.by_name.get(name).and_then(|index| Some((*index, macros.all.get(*index)?)))
            else {
                continue;
            };
            let longer = length + name.len() + body.len();
            if longer <= MOST_BYTES && used.insert(index) {
                length = longer;
                todo.push(body);
            }
        }
    }
    let mut out = String::new();
    for (name, body) in used.into_iter().filter_map(|index| macros.all.get(index)) {
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
    use crate::text::steps::taken_by;

    fn definitions_of(formula: &str, macros: &[(String, String)]) -> String {
        definitions(formula, &Macros::of(macros))
    }

    #[test]
    fn commands_are_defined_before_formulas_that_use_them() {
        let macros = [("C", "\\mathbb{C}"), ("v", "\\vec{#1}_{#2}"), ("CC", "\\C\\C"), ("loop", "\\loop")];
        let macros = macros.map(|(name, body)| (name.to_owned(), body.to_owned()));
        assert_eq!(definitions_of("x \\in \\C", &macros), "\\def\\C{\\mathbb{C}}");
        assert_eq!(definitions_of("\\v{a}{b} \\Cx \\\\C", &macros), "\\def\\v#1#2{\\vec{#1}_{#2}}");
        assert_eq!(definitions_of("\\CC", &macros), "\\def\\C{\\mathbb{C}}\\def\\CC{\\C\\C}");
        assert_eq!(definitions_of("\\loop x^2", &macros), "\\def\\loop{\\loop}");
        assert_eq!(definitions_of("x^2", &macros), "");
        let long = [("long".to_owned(), "x".repeat(MOST_BYTES))];
        assert_eq!(definitions_of("\\long", &long), "");
    }

    #[test]
    fn a_formula_looks_at_no_more_than_has_room_before_it() {
        let name = |number: usize| format!("a{}", "b".repeat(number));
        let chain: Vec<_> = (0..1_000).map(|number| (name(number), format!("\\{}", name(number + 1)))).collect();
        let (steps, found) = taken_by(|| definitions_of("\\a", &chain));
        assert!(found.starts_with("\\def\\a{\\ab}\\def\\ab{\\abb}") && found.len() <= MOST_BYTES);
        assert!(steps <= 2 * MOST_BYTES, "{steps}");
        let twice = ["x", "y"].map(|body| ("a".to_owned(), body.to_owned()));
        assert_eq!(definitions_of("\\a\\a", &twice), "\\def\\a{y}");
    }
}
