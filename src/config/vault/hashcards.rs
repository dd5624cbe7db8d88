//! Turns the `macros.tex` of a collection of hashcards into options of `qa`.
//!
//! Source: hashcards 0.4.0, `README.md`: each line is a command and, behind a blank, what it stands for.

use crate::config::syntax::{OptionsLayer, Syntax, Value};

/// The file, from the collection's folder.
pub const MACROS: &str = "macros.tex";

/// So many commands are read.
const MOST: usize = 1000;

/// The options that a text sets; `None` where it is no such file.
pub fn read(text: &str) -> Option<OptionsLayer> {
    let one = |line: &str| {
        let (name, body) = line.trim().strip_prefix('\\')?.split_once([' ', '\t'])?;
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
        (is_name && !body.trim().is_empty()).then(|| (name.to_owned(), Value::Text(body.trim().to_owned())))
    };
    let macros: Vec<(String, Value)> = text.lines().filter_map(one).take(MOST).collect();
    let mut layer = OptionsLayer::default();
    let is_set = !macros.is_empty() && layer.set(Syntax::Qa, "macros", Value::Map(macros)).is_ok();
    is_set.then_some(layer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::syntax::SyntaxOptions;

    #[test]
    fn each_line_is_a_command() {
        let layer = read("\\C \\mathbb{C}\r\n% a comment\n\n\\vec \\mathbf{#1}\n\\1 x\n\\empty\nname body\n").unwrap();
        let pair = |name: &str, body: &str| (name.to_owned(), body.to_owned());
        let wanted = [pair("C", "\\mathbb{C}"), pair("vec", "\\mathbf{#1}")];
        assert_eq!(SyntaxOptions::new([&layer]).qa.macros, wanted);
        assert_eq!((read(""), read("\\documentclass{x}\n")), (None, None));
    }
}
