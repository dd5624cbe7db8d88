//! Turns messages into bytes on stdout and stderr; a reader that hangs up ends nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, IsTerminal, Write, stderr, stdout};

use super::said::{self, Said, Saying};
use super::{Color, MessageFormat, ReadArgs};
use crate::Error;
use crate::diagnostic::{Code, Diagnostic, Severity, json, render::Renderer};
use crate::files;
use crate::pipeline::Compiled;
use crate::text::hidden;

/// So many of one code are shown to people, unless all are wanted: who makes a mistake a thousand times mends it after the
/// first.
const MOST_OF_A_CODE: usize = 100;

/// So many are shown of those that say the same words, where there are more than a few: each is about another note, and the
/// next one says nothing new.
const MOST_OF_THE_SAME: usize = 3;

/// So many of the same are still a few.
const FEW: usize = 5;

/// Where the program speaks.
pub(super) struct Output {
    colours: bool,
    /// Why stdout takes no more.
    closed: Option<std::io::Error>,
    /// What was said, where it may be said once more.
    said: Option<Said>,
}

impl Output {
    pub(super) fn new(color: Color) -> Self {
        let colours = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => stderr().is_terminal() && files::variable("NO_COLOR").is_none(),
        };
        Self { colours, closed: None, said: None }
    }

    /// Whether results may be coloured: where people look at them, and unless they said otherwise.
    pub(super) fn has_colours(&self) -> bool {
        self.colours && stdout().is_terminal()
    }

    /// Takes down what is said from now on.
    pub(super) fn take_down(&mut self) {
        self.said = Some(Said::default());
    }

    /// What was said since, to [say it again](Self::say_again).
    pub(super) fn said(&self) -> &[u8] {
        self.said.as_ref().map_or(&[], Said::bytes)
    }

    /// All that changes what is said, beside arguments.
    pub(super) fn form(&self) -> String {
        format!("colours: {}", self.colours)
    }

    /// Puts a result on stdout, as long as it takes it.
    pub(super) fn result(&mut self, text: &str) {
        self.saying(Saying::Result, text);
        self.put_result(text);
    }

    /// Puts a result on stdout that is another one each time, and for which `saying` stands.
    pub(super) fn result_of(&mut self, saying: Saying, text: &str) {
        self.saying(saying, "");
        self.put_result(text);
    }

    /// Puts lines on stderr, as [`message`] does.
    pub(super) fn message(&mut self, lines: &str) {
        self.put(&hidden::shown_lines(lines, false));
    }

    /// Puts a text on stderr.
    pub(super) fn put(&mut self, text: &str) {
        self.saying(Saying::Message, text);
        put(text);
    }

    /// Says once more what was [`said`](Self::said), with other texts for how long it took and for what became of files.
    /// What comes from a file is filtered as if an author had written it.
    pub(super) fn say_again(&mut self, said: &[u8], seconds: &str, files: &str) {
        for (saying, text) in said::unpack(said) {
            let shown = hidden::shown_again(text, self.colours);
            match saying {
                Saying::Result => self.result(&shown),
                Saying::Message => self.put(&shown),
                Saying::Seconds => self.result(seconds),
                Saying::Files => self.result(files),
            }
        }
    }

    fn saying(&mut self, saying: Saying, text: &str) {
        if let Some(said) = &mut self.said {
            said.add(saying, text);
        }
    }

    fn put_result(&mut self, text: &str) {
        if self.closed.is_none() {
            let mut out = stdout().lock();
            self.closed = out.write_all(text.as_bytes()).and_then(|()| out.flush()).err();
        }
    }

    /// Puts an author's text on stdout: as it is, for programs; where people look at it, with numbers in the place of characters
    /// that a terminal would obey.
    pub(super) fn text(&mut self, text: &str) {
        if stdout().is_terminal() { self.result(&hidden::shown_lines(text, false)) } else { self.result(text) }
    }

    /// Puts an object on a line of stdout.
    pub(super) fn json(&mut self, value: &impl serde::Serialize) {
        // Serialising plain data into memory fails for no value of ours.
        if let Ok(line) = serde_json::to_string(value) {
            self.json_lines(&format!("{line}\n"));
        }
    }

    /// Puts lines of JSON on stdout.
    pub(super) fn json_lines(&mut self, lines: &str) {
        self.result(&hidden::shown_json(lines));
    }

    /// Why a result was lost. That the reader has gone (`deckle … | head`) is no failure of ours.
    pub(super) fn failure(&mut self) -> Option<Error> {
        let cause = self.closed.take().filter(|cause| cause.kind() != ErrorKind::BrokenPipe)?;
        Some(Error::new("cannot write", "to stdout", cause))
    }

    pub(super) fn error(&mut self, text: &str) {
        self.titled("error", "\u{1b}[1m\u{1b}[91m", text);
    }

    pub(super) fn warning(&mut self, text: &str) {
        self.titled("warning", "\u{1b}[1m\u{1b}[33m", text);
    }

    /// Shows what is wrong with the notes, and one line that counts it, with `outcome` behind it.
    pub(super) fn diagnostics(&mut self, compiled: &Compiled, args: &ReadArgs, outcome: &str) {
        match args.message_format {
            MessageFormat::Json => self.json_lines(&json::to_lines(&compiled.diagnostics, &compiled.sources)),
            MessageFormat::Human => self.rendered(compiled, args, outcome),
        }
    }

    /// Whether a progress bar would be seen and not be in the way.
    pub(super) fn has_terminal() -> bool {
        stderr().is_terminal() && files::variable("TERM").as_deref() != Some("dumb")
    }

    fn rendered(&mut self, compiled: &Compiled, args: &ReadArgs, outcome: &str) {
        let is_told = |found: &&Diagnostic| !args.quiet || args.deny_warnings || found.severity() == Severity::Error;
        let told = compiled.diagnostics.iter().filter(is_told);
        let mut renderer = Renderer::new(&compiled.sources, self.colours);
        let text = if args.verbose {
            told.map(|found| renderer.render(found)).collect()
        } else {
            summed_up(&told.collect::<Vec<_>>(), &mut renderer)
        };
        self.put(&text);
        let (errors, warnings) = compiled.counts();
        if compiled.has_mistakes() {
            let counted = [(errors, "error"), (warnings, "warning")];
            let counted = counted.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| number(count, word));
            let denied = if errors == 0 { ", which `--deny-warnings` takes for errors" } else { "" };
            let lost = left_out(compiled).map(|lost| format!("; {lost} would be left out")).unwrap_or_default();
            self.error(&format!("{}{denied}{lost}{outcome}", counted.collect::<Vec<_>>().join(" and ")));
            // Where there are errors a warning did not stop anything, and `--quiet` may not even have shown it.
            let is_cause = |found: &&Diagnostic| errors == 0 || found.severity() == Severity::Error;
            if let Some(first) = compiled.diagnostics.iter().find(is_cause) {
                self.message(&format!("`deckle explain {}` says more\n", first.code.name()));
            }
        }
    }

    fn titled(&mut self, title: &str, style: &str, text: &str) {
        let (style, reset) = if self.colours { (style, "\u{1b}[0m") } else { ("", "") };
        self.put(&format!("{style}{title}{reset}: {}\n", hidden::shown(text)));
    }
}

/// The first of those that say the same, and how many more there are.
fn summed_up(told: &[&Diagnostic], renderer: &mut Renderer<'_>) -> String {
    let mut same: BTreeMap<(Code, &str), (usize, BTreeSet<_>)> = BTreeMap::new();
    for found in told {
        same.entry((found.code, &found.message)).or_default().0 += 1;
    }
    let (mut text, mut shown, mut of_code) = (String::new(), BTreeMap::new(), BTreeMap::new());
    for found in told {
        let key = (found.code, found.message.as_str());
        let Some((count, files)) = same.get_mut(&key) else { continue };
        let most = if *count <= FEW || found.severity() == Severity::Error { usize::MAX } else { MOST_OF_THE_SAME };
        let shown: &mut usize = shown.entry(key).or_default();
        if *shown == most {
            files.insert(found.span.source);
            continue;
        }
        *shown += 1;
        let of_code: &mut usize = of_code.entry(found.code).or_default();
        *of_code += 1;
        if *of_code <= MOST_OF_A_CODE {
            text.push_str(&renderer.render(found));
        }
    }
    for ((code, message), (count, files)) in same.iter().filter(|(_, (_, files))| !files.is_empty()) {
        let (more, files) = (count - MOST_OF_THE_SAME, number(files.len(), "file"));
        let message = hidden::shown(message);
        text = format!("{text}… {more} more of `{}`, {message}, in {files}; `-v` shows all\n", code.name());
    }
    for (code, count) in of_code.into_iter().filter(|(_, count)| *count > MOST_OF_A_CODE) {
        text = format!("{text}… {} more of `{}`; `-v` shows all\n", count - MOST_OF_A_CODE, code.name());
    }
    text
}

/// Puts lines on stderr. Names in them are [`hidden::shown`], so that none ends its line.
pub(super) fn message(lines: &str) {
    put(&hidden::shown_lines(lines, false));
}

/// Puts a text on stderr; where stderr is closed there is nobody to tell.
fn put(text: &str) {
    let mut err = stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// `2 notes and 1 file`: what is left out because of mistakes, if anything.
pub(super) fn left_out(compiled: &Compiled) -> Option<String> {
    let counted = [(compiled.left_out.notes.len(), "note"), (compiled.left_out.files.len(), "file")];
    let counted = counted.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| number(count, word));
    Some(counted.collect::<Vec<_>>().join(" and ")).filter(|counted| !counted.is_empty())
}

/// `1 note`, `2 notes`.
pub(super) fn number(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// Bytes for people, in steps of 1000 as file managers show them.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_again_is_obeyed_by_no_terminal() {
        let sly = "\u{1b}[1mbold\u{1b}[0m \u{1b}[2J\u{1b}]0;title\u{7}\u{9b}2J\u{202e}\r\n";
        let mut said = Said::default();
        said.add(Saying::Message, sly);
        said.add(Saying::Result, sly);
        let shown = r"bold\u{1b}[0m \u{1b}[2J\u{1b}]0;title\u{7}\u{9b}2J\u{202e}\r";
        for (color, bold) in [(Color::Never, r"\u{1b}[1m"), (Color::Always, "\u{1b}[1m")] {
            let mut output = Output::new(color);
            output.take_down();
            output.say_again(said.bytes(), "", "");
            let reset = if output.colours { shown.replace(r"\u{1b}[0m", "\u{1b}[0m") } else { shown.to_owned() };
            let expected = format!("{bold}{reset}\n");
            let again: Vec<_> = said::unpack(output.said()).collect();
            assert_eq!(again, [(Saying::Message, &*expected), (Saying::Result, &*expected)]);
        }
    }
}
