//! Says which way of writing notes a text shows, for `syntax: auto`.
//!
//! Only what nothing else looks like is a sign: a lone `::`, a line of `?`, `---`, `==x==` and headings are in any notes.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{obsidian, others, qa};
use crate::config::Settings;
use crate::config::syntax::{StartEndOptions, Syntax, SyntaxOptions};
use crate::markdown::File;

/// The way that a text is written in; `None` where it is one of a vault and shows none, and so holds no cards. `yaml` is the
/// place of its front matter, `body` that of the text behind it.
pub(in crate::markdown) fn seen(
    file: File<'_>,
    yaml: Option<Range<usize>>,
    body: Range<usize>,
    settings: &Settings,
) -> Option<Syntax> {
    let text = |range: Range<usize>| file.source.text.get(range).unwrap_or_default();
    let options = settings.syntax_options();
    let mut signs =
        Signs { had_toml: yaml.clone().is_some_and(|yaml| qa::read_toml(text(yaml)).is_some()), ..Signs::default() };
    let (mut fence, mut above) = (None, "");
    let mut lines = text(body.clone()).lines().map(str::trim_end).peekable();
    while let Some(line) = lines.next() {
        if !others::is_fenced(line, &mut fence) {
            let around = [above, lines.peek().copied().unwrap_or_default()];
            signs.line(line, around, &options);
        }
        above = line;
    }
    let syntax = signs.syntax().or_else(|| {
        let is_gated = obsidian::gate(file, yaml, body, settings).deck.is_some();
        is_gated.then_some(Syntax::Obsidian)
    });
    syntax.or_else(|| settings.vault.is_none().then_some(Syntax::Headings))
}

/// What was seen so far.
#[derive(Default)]
struct Signs {
    /// The ways that were seen, but for `qa` and tags of `obsidian`.
    seen: BTreeSet<Syntax>,
    /// How many lines stand below one that begins a block.
    block: Option<usize>,
    had_toml: bool,
    /// Whether a line with `Q:` waits for its answer.
    is_asked: bool,
    pairs: usize,
    clozes: usize,
    /// Whether a rule or a heading of level 1 stands above.
    is_slide: bool,
}

impl Signs {
    /// The first way that was seen, in the order of their signs.
    fn syntax(&self) -> Option<Syntax> {
        let is_qa = self.pairs > 1 || self.pairs == 1 && self.had_toml || self.clozes > 1;
        let is_seen = |syntax: &Syntax| self.seen.contains(syntax) || (*syntax == Syntax::Qa && is_qa);
        [Syntax::StartEnd, Syntax::Qa, Syntax::Slides, Syntax::Logseq, Syntax::Obsidian].into_iter().find(is_seen)
    }

    /// Takes in a line outside of fences; `around` are those above and below it.
    fn line(&mut self, line: &str, [above, below]: [&str; 2], options: &SyntaxOptions) {
        self.start_end(line, below, &options.start_end);
        self.qa(line, options);
        let is_alone = above.is_empty() && below.is_empty();
        let is_pause = self.is_slide && is_alone && line.trim() == options.slides.pause;
        self.is_slide |= is_rule(line) && above.is_empty() || line.starts_with("# ");
        let is_block = is_card(line) || line.trim_start().starts_with("card-repeats::");
        let signs =
            [(is_pause, Syntax::Slides), (is_block, Syntax::Logseq), (line.contains("<!--SR:"), Syntax::Obsidian)];
        self.seen.extend(signs.into_iter().filter(|(is_seen, _)| *is_seen).map(|(_, syntax)| syntax));
    }

    fn start_end(&mut self, line: &str, below: &str, options: &StartEndOptions) {
        let mut is_seen = false;
        if line == options.begin {
            self.block.get_or_insert(0);
        } else if let Some(lines) = &mut self.block {
            is_seen = *lines > 0 && line.starts_with(options.end.as_str());
            *lines += 1;
        }
        let inline = line.split_once(options.begin_inline.as_str()).map(|(_, note)| note.trim_start());
        is_seen |= inline.is_some_and(|note| note.starts_with('[') && note.contains(options.end_inline.as_str()));
        // inka2 writes such lines above its notes, which are numbered.
        let is_above_number = below.starts_with(|c: char| c.is_ascii_digit());
        is_seen |= !is_above_number && has_id(line);
        self.seen.extend(is_seen.then_some(Syntax::StartEnd));
    }

    fn qa(&mut self, line: &str, options: &SyntaxOptions) {
        let word = |index: usize, usual| options.qa.tags.get(index).map_or(usual, String::as_str);
        let behind = |word: &str| line.strip_prefix(word)?.strip_prefix(':');
        if behind(word(0, "Q")).is_some() {
            self.is_asked = true;
        } else if behind(word(1, "A")).is_some() {
            self.pairs += usize::from(self.is_asked);
            self.is_asked = false;
        } else if let Some(text) = behind(word(2, "C")) {
            self.is_asked = false;
            let bracketed = text.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
            self.clozes +=
                usize::from(bracketed.is_some_and(|(hidden, rest)| !hidden.is_empty() && !rest.starts_with('(')));
        }
    }
}

/// Three or more of `-`, `*` or `_`, with blanks between them or none.
fn is_rule(line: &str) -> bool {
    let mut signs = line.chars().filter(|c| !c.is_whitespace());
    let Some(sign) = signs.next().filter(|sign| matches!(sign, '-' | '*' | '_')) else { return false };
    signs.by_ref().take(2).filter(|other| *other == sign).count() == 2 && signs.all(|other| other == sign)
}

/// Whether a line holds `<!--ID: n-->`, with the 13 digits of an id of Anki's.
fn has_id(line: &str) -> bool {
    let mut ids = line.split("<!--ID:").skip(1);
    ids.any(|rest| {
        let digits = rest.trim_start();
        let end = digits.trim_start_matches(|c: char| c.is_ascii_digit());
        digits.len() - end.len() == 13 && end.trim_start().starts_with("-->")
    })
}

/// Whether an element of a list refers to the page `card`, outside of code.
fn is_card(line: &str) -> bool {
    let element = line.trim_start();
    if !element.starts_with(['-', '*', '+']) || !element.get(1..).is_some_and(|rest| rest.starts_with(' ')) {
        return false;
    }
    // What lies between two backticks is code.
    element.split('`').step_by(2).any(|text| {
        let lower = text.to_ascii_lowercase();
        let is_tag = |(at, tag): (usize, &str)| {
            let before = lower.get(..at).and_then(|before| before.chars().next_back());
            let behind = lower.get(at + tag.len()..).and_then(|behind| behind.chars().next());
            before.is_none_or(char::is_whitespace) && behind.is_none_or(|c| !c.is_alphanumeric() && !"-_/".contains(c))
        };
        lower.contains("[[card]]") || lower.match_indices("#card").any(is_tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::vault::Vault;
    use crate::source::{Source, SourceId};

    fn seen_in(text: &str, in_vault: bool) -> Option<Syntax> {
        let source = Source { path: "a.md".into(), text: text.into() };
        let settings = Settings { vault: in_vault.then(|| Vault::default().into()), ..Settings::default() };
        let file = File { id: SourceId(0), source: &source, chapter: "a.md", settings: &settings };
        seen(file, None, 0..text.len(), &settings)
    }

    #[test]
    fn each_way_has_signs_of_its_own() {
        for (text, syntax) in [
            ("START\nBasic\na\nBack: b\nEND\n", Syntax::StartEnd),
            ("a::b\n<!--ID: 1700000000004-->\n", Syntax::StartEnd),
            ("x STARTI [Basic] a Back: b ENDI y\n", Syntax::StartEnd),
            ("Q: a\nA: b\n\nQ: c\nA: d\n", Syntax::Qa),
            ("C: a [b]\nC: [c] d\n", Syntax::Qa),
            ("---\n\na\n\n. . .\n\nb\n", Syntax::Slides),
            ("# a\n\nx\n\n. . .\n\nb\n", Syntax::Slides),
            ("- a #card\n\t- b\n", Syntax::Logseq),
            ("* a [[Card]]\n", Syntax::Logseq),
            ("- a #[[card]]\n", Syntax::Logseq),
            ("- a\n  card-repeats:: 3\n", Syntax::Logseq),
            ("a::b\n<!--SR:!2025-01-02,4,270-->\n", Syntax::Obsidian),
            ("```x``` is code within a line\n\n- a #card\n\t- b\n", Syntax::Logseq),
        ] {
            assert_eq!(seen_in(text, true), Some(syntax), "{text}");
        }
    }

    #[test]
    fn what_is_in_any_notes_is_no_sign() {
        for text in [
            "",
            "a::b\n\nc\n?\nd\n\n---\n\n==x==\n",
            "START\nEND\n",
            "Q: a\nA: b\n",
            "C: see [1](x)\nC: see [2](x)\n",
            "```\n- a #card\n<!--SR:!-->\nQ: a\nA: b\nQ: a\nA: b\n```\n",
            "- `#card` marks one\n- #cards #card/x #flashcard [[Logseq/Card]]\n",
            "a #card\n",
            "a\n. . .\nb\n\n---\n",
            "<!--ID:1700000000004-->\n1. a\n\n> b\n",
            "<!--ID: 17-->\n",
        ] {
            assert_eq!(seen_in(text, true), None, "{text}");
            assert_eq!(seen_in(text, false), Some(Syntax::Headings), "{text}");
        }
    }
}
