//! Turns TeX into MathML, and says what will not typeset.
//!
//! Knows nothing of notes.

mod chemistry;
mod dialect;
mod lines;
mod macros;
mod rules;
mod scan;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use math_core::{LatexError, LatexToMathML, MathDisplay};

use crate::text::pairs::Pairs;

/// TeX as a `<math>` element of MathML Core, without line ends of its own.
///
/// `tex` is what stands between the dollars; `display` sets it as a block.
///
/// # Errors
/// When the TeX is not well-formed, or uses a command that math-core does not know. MathJax may still know it.
pub fn to_mathml(tex: &str, display: bool) -> Result<String, MathError> {
    match translated(tex) {
        Cow::Borrowed(tex) => typeset(tex, display),
        Cow::Owned(read) => typeset(&read, display).map_err(|error| error.moved(&read, tex)),
    }
}

fn typeset(tex: &str, display: bool) -> Result<String, MathError> {
    let commands = tex.bytes().filter(|byte| matches!(byte, b'\\' | b'^' | b'_' | b'{' | b'[' | b'(' | b'~')).count();
    if commands <= FEW {
        convert(tex, display)
    } else if commands <= MOST {
        convert_on_a_large_stack(tex, display, commands)
    } else {
        Err(MathError::too_long(tex))
    }
}

/// TeX as [`to_mathml`] takes it: with what stands for commands that an author defined, and for those that math-core lacks.
pub fn translated(tex: &str) -> Cow<'_, str> {
    dialect::translate(tex)
}

/// The argument at the start of a piece of TeX, without braces around it, and what stands behind it: a group, a command or a
/// character.
pub fn argument(tex: &str) -> Option<(&str, &str)> {
    scan::argument(tex, &Pairs::of(tex))
}

/// Why a formula will not typeset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MathError {
    /// What is wrong: a phrase that starts in lower case.
    pub message: String,
    /// Byte range in the TeX, on character boundaries; empty at its end where something is missing there.
    pub range: Range<usize>,
}

/// Built once: it keeps no state between formulas, so all threads share it.
static CONVERTER: LazyLock<LatexToMathML> = LazyLock::new(LatexToMathML::default);

/// math-core descends at most once for each command, group, script and fence, and passes over all blanks to what stands behind them
/// for each of them. So many fit on any thread's stack.
const FEW: usize = 50;
/// A formula with more commands is refused: it would fill pages.
const MOST: usize = 5_000;
/// Bytes of stack for one level: a debug build was measured to need more than 12 KiB and less than 24 KiB.
const STACK_OF_A_LEVEL: usize = 32 * 1024;

fn convert_on_a_large_stack(tex: &str, display: bool, levels: usize) -> Result<String, MathError> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(levels * STACK_OF_A_LEVEL);
        let thread = builder.spawn_scoped(scope, || convert(tex, display));
        thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_else(|| Err(MathError::too_long(tex)))
    })
}

fn convert(tex: &str, display: bool) -> Result<String, MathError> {
    let mode = if display { MathDisplay::Block } else { MathDisplay::Inline };
    match CONVERTER.convert_with_local_state(tex, mode) {
        Ok(converted) => Ok(lines::draw(converted.mathml)),
        Err(error) => Err(MathError::new(&error, tex)),
    }
}

impl MathError {
    fn too_long(tex: &str) -> Self {
        Self { message: "the formula is too long to typeset".into(), range: 0..tex.len() }
    }

    /// The same of TeX that was translated: at what is wrong where that is in it, else at all of it.
    fn moved(self, read: &str, tex: &str) -> Self {
        let wrong = read.get(self.range.clone()).unwrap_or_default();
        let start = if self.range.start == read.len() { Some(tex.len()) } else { tex.find(wrong) };
        let start = start.filter(|start| !wrong.is_empty() || *start == tex.len());
        let range = start.map_or(0..tex.len(), |start| start..start + wrong.len());
        Self { range, ..self }
    }

    fn new(error: &LatexError, tex: &str) -> Self {
        let start = tex.floor_char_boundary(error.0.start);
        let end = tex.ceil_char_boundary(error.0.end).max(start);
        Self { message: phrase(&error.error_message()), range: start..end }
    }
}

/// A sentence of math-core's as a phrase of ours: lower case at its start, no full stop, names in backticks.
fn phrase(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.').replace('"', "`");
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_math_elements() {
        let inline = to_mathml("x^2", false).unwrap();
        assert!(inline.starts_with("<math>") && inline.contains("<msup>"), "{inline}");
        let display = to_mathml(r"\sum_{i=0}^N x_i < y", true).unwrap();
        assert!(display.starts_with(r#"<math display="block">"#) && display.contains("&lt;"), "{display}");
    }

    #[test]
    fn errors_say_what_and_where() {
        let error = to_mathml(r"a + \nosuch{x}", false).unwrap_err();
        assert_eq!(error, MathError { message: r"unknown command `\nosuch`".into(), range: 4..11 });
        let error = to_mathml(r"\frac{1}{2", false).unwrap_err();
        assert!(error.message.starts_with("expected closing token"), "{error:?}");
        assert!(error.range.end <= 10);
    }

    #[test]
    fn ranges_end_on_characters() {
        for tex in ["ä\\nosuchü", "\\text{ä", "ü}", "\\left(ß", "é^", "\\begin{ö}"] {
            let error = to_mathml(tex, false).unwrap_err();
            assert!(tex.get(error.range.clone()).is_some(), "{tex}: {error:?}");
        }
    }

    #[test]
    fn deep_nesting_needs_no_more_than_the_stack_that_it_gets() {
        let pieces = [
            "{",
            r"\left(",
            r"\frac",
            "x^",
            r"\sqrt{",
            r"\begin{matrix}",
            r"\not",
            r"\hat ",
            r"\sqrt[",
            r"\color{red}",
            "~",
        ];
        for piece in pieces {
            for count in [FEW / 2, 2_400, 30_000] {
                let _: Result<String, MathError> = to_mathml(&piece.repeat(count), false);
            }
        }
        let nested = |count| "{".repeat(count) + "x" + &"}".repeat(count);
        assert!(to_mathml(&nested(2_000), false).is_ok());
        assert!(to_mathml(&nested(MOST + 1), false).is_err());
    }

    #[test]
    fn threads_share_the_converter() {
        let formulas: Vec<String> = (0..64).map(|n| format!(r"\frac{{{n}}}{{x_{n}}}")).collect();
        let alone: Vec<_> = formulas.iter().map(|tex| to_mathml(tex, false)).collect();
        let together: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = formulas.iter().map(|tex| scope.spawn(|| to_mathml(tex, false))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(alone, together);
    }
}
