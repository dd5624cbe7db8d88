//! Turns TeX of an author's into TeX that Anki's MathJax only typesets.
//!
//! MathJax takes commands that make links, set styles, classes and ids, or load what does (its extensions `html`, `mathml`
//! and `require`): a link may run a script, and a style may lay a formula over the whole card.

mod form;
mod known;

use std::borrow::Cow;
use std::ops::Range;

use crate::ir::{Run, runs_text};
use crate::text::address;

use known::with_known_names;
pub use known::{Fault, fault, knows_environment};

/// Commands that do more than to typeset.
const ACTIVE: &[&str] = &["class", "cssId", "data", "href", "mmlToken", "require", "style"];

/// The same runs, with what does more than to typeset as the name that it was written by. Links that may be followed stay.
pub fn tame(content: &[Run]) -> Cow<'_, [Run]> {
    let text = runs_text(content);
    if !ACTIVE.iter().any(|name| text.contains(name)) && !text.contains("\\bbox") {
        return Cow::Borrowed(content);
    }
    Cow::Owned(tame_runs(content, None))
}

/// The first command of a formula of which fields hold no more than its name, where its author's HTML is not trusted.
pub fn named(tex: &str) -> Option<Range<usize>> {
    known::commands(tex).find_map(|(at, name)| {
        let end = at + 1 + name.len();
        is_active(name, tex.get(end..)?, None).then_some(at..end)
    })
}

/// The same runs, with the names that Anki's MathJax knows.
pub fn with_known_commands(content: &[Run]) -> Cow<'_, [Run]> {
    if are_known(content) { Cow::Borrowed(content) } else { Cow::Owned(known_runs(content)) }
}

fn are_known(content: &[Run]) -> bool {
    content.iter().all(|run| match run {
        Run::Text { text } => matches!(with_known_names(text), Cow::Borrowed(_)),
        Run::Cloze { content, .. } => are_known(content),
    })
}

fn known_runs(content: &[Run]) -> Vec<Run> {
    let known = content.iter().map(|run| match run {
        Run::Text { text } => Run::Text { text: with_known_names(text).into_owned() },
        Run::Cloze { cloze, content } => Run::Cloze { cloze: cloze.clone(), content: known_runs(content) },
    });
    known.collect()
}

/// `after` is the character that stands behind the runs.
fn tame_runs(content: &[Run], after: Option<char>) -> Vec<Run> {
    let mut behind = after;
    let mut tamed = Vec::with_capacity(content.len());
    for run in content.iter().rev() {
        tamed.push(match run {
            Run::Text { text } => Run::Text { text: tame_text(text, behind) },
            Run::Cloze { cloze, content } => Run::Cloze { cloze: cloze.clone(), content: tame_runs(content, behind) },
        });
        behind = first_character(std::slice::from_ref(run)).or(behind);
    }
    tamed.reverse();
    tamed
}

/// The first character of runs.
fn first_character(content: &[Run]) -> Option<char> {
    content.iter().find_map(|run| match run {
        Run::Text { text } => text.chars().next(),
        Run::Cloze { content, .. } => first_character(content),
    })
}

fn tame_text(text: &str, after: Option<char>) -> String {
    let (mut tamed, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, command)) = rest.split_once('\\') {
        tamed.push_str(before);
        let length = command.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(command.len());
        let (name, behind) = command.split_at_checked(length).unwrap_or((command, ""));
        if name.is_empty() {
            // Not a command's start: `\\` is a line's end, `\{` a brace.
            let width = command.chars().next().map_or(0, char::len_utf8);
            let (escaped, behind) = command.split_at_checked(width).unwrap_or((command, ""));
            tamed.push('\\');
            tamed.push_str(escaped);
            rest = behind;
            continue;
        }
        if is_active(name, behind, after) {
            tamed.push_str("\\mathrm{");
            tamed.push_str(name);
            tamed.push('}');
        } else {
            tamed.push('\\');
            tamed.push_str(name);
            // A name that a deletion cuts in two is one when the card is shown.
            if behind.is_empty() && after.is_some_and(|after| after.is_ascii_alphabetic()) {
                tamed.push_str("{}");
            }
        }
        rest = behind;
    }
    tamed.push_str(rest);
    tamed
}

/// Whether a command does more than to typeset. `behind` is what stands behind its name, `after` the character behind that.
fn is_active(name: &str, behind: &str, after: Option<char>) -> bool {
    // Up to what ends an argument, or cannot be in it: many that never close cost no more than one.
    let argument = |open: char, ends: &[char]| {
        let inner = behind.trim_start().strip_prefix(open)?;
        inner.split_at_checked(inner.find(ends)?)
    };
    match name {
        "href" => !argument('{', &['}', '\\', '{', '#'])
            .is_some_and(|(link, rest)| rest.starts_with('}') && address::may_be_followed(link)),
        // A frame, a colour and a width are its usual arguments; it takes any style.
        "bbox" => argument('[', &[']', '\\']).map_or(after.is_some(), |(style, rest)| {
            let style = style.to_ascii_lowercase();
            rest.starts_with('\\') || ["position", "url"].iter().any(|word| style.contains(word))
        }),
        // What it loads has a plain name, and its commands are tamed by theirs; a path would lead elsewhere.
        "require" => {
            let name = behind
                .trim_start()
                .strip_prefix('{')
                .map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric()));
            !name.is_some_and(|rest| rest.starts_with('}'))
        }
        name => ACTIVE.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Cloze;
    use crate::source::{SourceId, Span};

    fn text(text: &str) -> Run {
        Run::Text { text: text.to_owned() }
    }

    fn tamed(tex: &str) -> String {
        runs_text(&tame(&[text(tex)]))
    }

    #[test]
    fn formulas_stay_as_they_are() {
        for tex in [
            "x^2 \\frac{a}{b} \\\\ \\{href\\} \\text{style, class}",
            "\\hrefx \\classy \\stylea",
            "\\href{https://example.com/}{x}",
            "\\\\href{javascript:x}",
            "\\bbox[5px, border: 2px solid red]{x}",
            "\\displaystyle \\scriptstyle x",
            "\\require{cancel}",
        ] {
            assert_eq!(tamed(tex), tex);
        }
    }

    #[test]
    fn what_does_more_than_to_typeset_is_its_name() {
        for (tex, expected) in [
            ("\\href{javascript:x}{y}", "\\mathrm{href}{javascript:x}{y}"),
            ("\\href {  JavaScript:x}{y}", "\\mathrm{href} {  JavaScript:x}{y}"),
            ("\\href{java\\script:x}{y}", "\\mathrm{href}{java\\script:x}{y}"),
            ("\\href\\x{y}", "\\mathrm{href}\\x{y}"),
            ("\\href{data:text/html,x}{y}", "\\mathrm{href}{data:text/html,x}{y}"),
            ("\\let\\x\\href \\x{javascript:x}{y}", "\\let\\x\\mathrm{href} \\x{javascript:x}{y}"),
            ("\\def\\x#1{\\href{#1}}", "\\def\\x#1{\\mathrm{href}{#1}}"),
            ("\\require{../x}", "\\mathrm{require}{../x}"),
            ("\\style{position:fixed}{x}", "\\mathrm{style}{position:fixed}{x}"),
            (
                "\\class{x}{y}\\cssId{x}{y}\\data{a=b}{y}",
                "\\mathrm{class}{x}{y}\\mathrm{cssId}{x}{y}\\mathrm{data}{a=b}{y}",
            ),
            ("\\mmlToken{mi}[href=\"javascript:x\"]{y}", "\\mathrm{mmlToken}{mi}[href=\"javascript:x\"]{y}"),
            ("\\bbox[position:fixed]{x}", "\\mathrm{bbox}[position:fixed]{x}"),
        ] {
            assert_eq!(tamed(tex), expected, "{tex}");
        }
    }

    #[test]
    fn a_name_that_a_deletion_cuts_in_two_is_none() {
        let cloze = |content| Run::Cloze {
            cloze: Cloze { span: Span::new(SourceId(0), 0..0), numbers: vec![1], hint: None, assigned: false }.into(),
            content: vec![content],
        };
        let runs = [text("\\hr"), cloze(text("ef{javascript:x}{y}"))];
        assert_eq!(runs_text(&tame(&runs)), "\\hr{}ef{javascript:x}{y}");
        let runs = [cloze(text("\\hr")), text("ef{javascript:x}{y}")];
        assert_eq!(runs_text(&tame(&runs)), "\\hr{}ef{javascript:x}{y}");
        let runs = [text("\\href"), cloze(text("{javascript:x}")), text("{y}")];
        assert_eq!(runs_text(&tame(&runs)), "\\mathrm{href}{javascript:x}{y}");
    }
}
