//! Finds the formulas that Markdown's rules for blocks and escapes would tear, so that they can be taken out of the parser's
//! text before it sees them.
//!
//! `$$ … $$` is whole whatever stands at its lines' beginnings, blank lines included, where it closes before its section ends.
//! `$ … $` and `\( … \)` reach over lines that follow each other, but not over the start of an item, a heading or a row.
//! `\[ … \]` and `\begin{…} … \end{…}` begin a line and end one. What the parser reads as it is, is left to it.

use std::cell::Cell;
use std::ops::Range;

use super::lines::{Begins, Line, Lines, held, starts_line};
use super::regions::{Container, Regions};
use super::{binds, closes, is_money, is_unspaced, opens};
use crate::anki::mathjax;
use crate::text::steps::counted;

/// A formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::markdown) struct Formula {
    /// Where all of it stands.
    pub range: Range<usize>,
    /// Whether it stands on a line of its own.
    pub display: bool,
    /// Its TeX: lines without the marks of the quotes and items that they stand in.
    pub tex: String,
}

/// What [`find`] found.
pub(super) struct Found {
    /// Formulas that the parser does not read as they are, ascending.
    pub formulas: Vec<Formula>,
    /// Formulas between single dollars that an item or a row cuts: from the first dollar to the other one.
    pub cut: Vec<Range<usize>>,
    /// Whether what stands behind a formula may be another thing once that is gone, so that the text is to be searched again.
    pub again: bool,
}

/// Whether a text may hold a formula that [`find`] would find. Nearly all formulas stand in a line, between dollars.
pub(super) fn may_occur(text: &str) -> bool {
    let has_any = |opens: &[&str]| opens.iter().any(|open| text.contains(open));
    text.contains('\\') && has_any(&["\\begin{", "\\(", "\\["])
        || text.contains('$') && (has_any(&["$`", "[$"]) || has_odd_line(text))
}

/// Whether a line has an odd number of dollars, or of pairs of them.
fn has_odd_line(text: &str) -> bool {
    let mut rest = text;
    while let Some(behind) = rest.find('$').and_then(|at| rest.get(at..)) {
        let (line, next) = behind.split_once('\n').unwrap_or((behind, ""));
        if !is_even(line, "$") || !is_even(line, "$$") {
            return true;
        }
        rest = next;
    }
    false
}

/// Finds the formulas of `text`, which is `original` with other things in the place of some of it. `taken` stands for formulas
/// that are found already; `reads_brackets` is false where `\(` and `\[` are brackets for sure.
/// `regions` is what the parser makes of `text`.
pub(super) fn find(text: &str, original: &str, taken: char, reads_brackets: bool, regions: &Regions) -> Found {
    let found = Found { formulas: Vec::new(), cut: Vec::new(), again: false };
    let budget = Cell::new(SEARCHED.saturating_mul(text.len()));
    let open = Vec::new();
    let mut search =
        Search { text, original, taken, regions, reads_brackets, found, budget, open, line_end: 0, passed: 0 };
    search.run();
    search.found
}

/// How often a text is searched at most for what closes what opens in it.
const SEARCHED: usize = 16;

struct Search<'a> {
    text: &'a str,
    original: &'a str,
    taken: char,
    regions: &'a Regions,
    reads_brackets: bool,
    found: Found,
    /// Bytes that may yet be searched.
    budget: Cell<usize>,
    /// The quotes and items that hold the place at hand.
    open: Vec<&'a Container>,
    /// Where the line of the place at hand ends, its line end included.
    line_end: usize,
    /// Where the last formula ended: what the parser takes to begin within it does not.
    passed: usize,
}

/// A formula of which it is known where it stands.
struct Whole {
    range: Range<usize>,
    /// Where its TeX stands.
    tex: Range<usize>,
    display: bool,
    /// Whether an item or a row cuts it, so that it is none.
    is_cut: bool,
}

/// How what closes a formula is looked for.
struct Sought<'s> {
    open: &'s str,
    close: &'s str,
    /// Whether it may reach over blank lines, items and rows.
    is_block: bool,
}

impl Search<'_> {
    fn run(&mut self) {
        let (regions, mut next, mut at) = (self.regions, 0, 0);
        let may_open = |byte| matches!(byte, b'$' | b'\\' | b'[');
        while let Some(found) = self.text.get(at..).and_then(|rest| rest.bytes().position(may_open)) {
            at += found;
            let is_next_line = at >= self.line_end;
            while let Some(container) = regions.containers.get(next).filter(|container| container.range.start <= at) {
                self.open.retain(|open| container.range.start < open.range.end);
                if container.range.start >= self.passed {
                    self.open.push(container);
                }
                next += 1;
            }
            self.open.retain(|open| at < open.range.end);
            if is_next_line {
                self.enter_line(at);
            }
            at = self.pass(at);
        }
    }

    /// Takes note of the line of a place. What it only goes on with the text of does not hold it.
    fn enter_line(&mut self, at: usize) {
        let (before, rest) = self.text.split_at_checked(at).unwrap_or((self.text, ""));
        self.line_end = at + rest.find('\n').map_or(rest.len(), |end| end + 1);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = self.text.get(start..self.line_end).unwrap_or_default();
        self.open.truncate(held(line, start, &self.open));
    }

    /// Looks at a place where a formula may open; where to go on.
    fn pass(&mut self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let literal = before_or_at(&self.regions.literal, at, |literal| literal.range.start);
        let is_real = |range: &Range<usize>| self.passed <= range.start && at < range.end;
        if let Some(literal) = literal.filter(|literal| is_real(&literal.range)) {
            return literal.range.end;
        }
        let math = before_or_at(&self.regions.math, at, |math| math.start).filter(|math| is_real(math));
        let is_display = |math: &Range<usize>| self.text.get(math.start..).is_some_and(|text| text.starts_with("$$"));
        let math = math.filter(|math| is_display(math) || !is_money(self.text, math));
        if let Some(math) = math.filter(|math| math.start < at || !rest.starts_with("$$") && !rest.starts_with("$`")) {
            return math.end;
        }
        match self.whole(at, rest) {
            Some(Whole { range, is_cut: true, .. }) => {
                self.found.cut.push(range);
                at + skipped(rest)
            }
            Some(whole) if math == Some(&whole.range) && !rest.starts_with("$`") => whole.range.end,
            Some(whole) => self.take(&whole),
            None => at + skipped(rest),
        }
    }

    /// The formula that opens at a place.
    fn whole(&self, at: usize, rest: &str) -> Option<Whole> {
        let inline = |open, close| Sought { open, close, is_block: false };
        if rest.starts_with("$$") {
            self.dollars(at)
        } else if rest.starts_with("$`") {
            let whole = self.between(at, &inline("$`", "`$"))?;
            self.text.get(whole.tex.clone()).filter(|tex| !tex.contains('`') && self.stands_apart(&whole.range))?;
            Some(whole)
        } else if rest.starts_with('$') {
            self.dollar(at)
        } else if rest.starts_with("[$$]") {
            self.between(at, &inline("[$$]", "[/$$]")).map(|whole| Whole { display: true, ..whole })
        } else if rest.starts_with("[$]") {
            self.between(at, &inline("[$]", "[/$]"))
        } else if rest.starts_with("\\begin{") {
            self.environment(at, rest)
        } else if self.reads_brackets {
            self.brackets(at, rest)
        } else {
            None
        }
    }

    /// `$$ … $$`.
    fn dollars(&self, at: usize) -> Option<Whole> {
        if self.text.get(at..)?.starts_with("$$$") {
            return None;
        }
        let (is_first, is_last) = (starts_line(self.text, at), self.ends_line(at + 2));
        let is_block = is_first || is_last;
        let whole = self.between(at, &Sought { open: "", close: "$$", is_block })?;
        let close = whole.tex.end;
        let is_apart = starts_line(self.text, close) || is_first && self.ends_line(close + 2);
        (is_apart || !self.is_torn(&whole)).then_some(Whole { display: true, ..whole })
    }

    /// `$ … $` over lines of which the parser takes one for a block.
    fn dollar(&self, at: usize) -> Option<Whole> {
        let before = self.text.get(..at)?.chars().next_back();
        if !opens(before, self.text.get(at + 1..)?.chars().next()) {
            return None;
        }
        let mut depth = 0_usize;
        let lines = self.lines(at + 1);
        let mut is_cut = false;
        for (index, Line { range, begins }) in lines.enumerate() {
            is_cut |= index > 0 && begins == Begins::Item;
            if index > 0 && matches!(begins, Begins::Blank | Begins::Section) {
                return None;
            }
            let close = closing_dollar(self.text.get(range.clone())?, &mut depth).map(|close| range.start + close);
            self.spend(&(range.start..close.unwrap_or(range.end)))?;
            let Some(close) = close else { continue };
            let tex = self.text.get(at + 1..close)?;
            let after = self.text.get(close + 1..)?.chars().next();
            if index == 0 || !closes(tex.chars().next_back(), after) || !reads_like_tex(tex) {
                return None;
            }
            return Some(Whole { range: at..close + 1, tex: at + 1..close, display: false, is_cut });
        }
        None
    }

    /// `\( … \)` and `\[ … \]`, and the same with two backslashes, which is how other tools have them written.
    fn brackets(&self, at: usize, rest: &str) -> Option<Whole> {
        const FORMS: [[&str; 2]; 4] = [["\\(", "\\)"], ["\\\\(", "\\\\)"], ["\\[", "\\]"], ["\\\\[", "\\\\]"]];
        let [open, close] = FORMS.into_iter().find(|[open, _]| rest.starts_with(open))?;
        let display = open.ends_with('[');
        if display && !starts_line(self.text, at) {
            return None;
        }
        let whole = self.between(at, &Sought { open, close, is_block: display })?;
        let tex = self.text.get(whole.tex.clone())?;
        let is_formula = if display {
            self.ends_line(whole.range.end) && (tex.contains('\n') || reads_like_tex(tex))
        } else {
            tex.contains(['^', '_', '=']) || has_command(tex)
        };
        is_formula.then_some(Whole { display, ..whole })
    }

    /// `\begin{…} … \end{…}` on lines of its own.
    fn environment(&self, at: usize, rest: &str) -> Option<Whole> {
        let (name, _) = rest.strip_prefix("\\begin{")?.split_once('}')?;
        if !mathjax::knows_environment(name) || !starts_line(self.text, at) {
            return None;
        }
        let (begin, end) = (format!("\\begin{{{name}}}"), format!("\\end{{{name}}}"));
        let mut depth = 0_usize;
        for (index, Line { range, begins }) in self.lines(at).enumerate() {
            if index > 0 && begins == Begins::Section {
                return None;
            }
            self.spend(&range)?;
            let line = self.text.get(range.clone())?;
            depth = (depth + line.matches(&begin).count()).saturating_sub(line.matches(&end).count());
            if depth == 0 {
                let range = at..range.start + line.trim_end().len();
                return line.trim_end().ends_with(&end).then_some(Whole {
                    tex: range.clone(),
                    range,
                    display: true,
                    is_cut: false,
                });
            }
        }
        None
    }

    /// What stands from a place to what closes it.
    fn between(&self, at: usize, sought: &Sought<'_>) -> Option<Whole> {
        let &Sought { open, close, is_block } = sought;
        let from = at + open.len().max(close.len() * usize::from(open.is_empty()));
        for (index, Line { range, begins }) in self.lines(from).enumerate() {
            let ends = match begins {
                Begins::Section => true,
                Begins::Blank | Begins::Item => !is_block,
                Begins::Text => false,
            };
            let line = self.text.get(range.clone())?;
            // `$$ … $$` at the start of a line is a formula of its own. The first line is looked through from each place in it.
            let is_other = || open.is_empty() && line.trim_start().starts_with(close) && is_even(line, close);
            if index > 0 && (ends || is_other()) {
                return None;
            }
            let closed = self.close(range.clone(), sought);
            self.spend(&(range.start..closed.map_or(range.end, |(place, _)| place)))?;
            match closed {
                Some((place, true)) => {
                    let range = at..place + close.len();
                    return Some(Whole { range, tex: from..place, display: false, is_cut: false });
                }
                Some((_, false)) => return None,
                None => {}
            }
        }
        None
    }

    /// Where a line has what closes (true), or opens another one (false). What stands in code closes nothing.
    fn close(&self, line: Range<usize>, sought: &Sought<'_>) -> Option<(usize, bool)> {
        let mut at = line.start;
        while at < line.end {
            let rest = self.text.get(at..line.end)?;
            let closes = rest.starts_with(sought.close);
            if closes || !sought.open.is_empty() && rest.starts_with(sought.open) {
                let literal = before_or_at(&self.regions.literal, at, |literal| literal.range.start);
                let code = literal.filter(|literal| literal.is_inline_code && at < literal.range.end);
                match code {
                    Some(code) => at = code.range.end,
                    None => return Some((at, closes)),
                }
            } else {
                let escape = usize::from(rest.starts_with('\\'));
                at += escape + rest.get(escape..)?.chars().next().map_or(0, char::len_utf8);
            }
        }
        None
    }

    /// Puts a formula down, unless it holds one that was found before; where to go on.
    fn take(&mut self, whole: &Whole) -> usize {
        let is_free =
            |range: &Range<usize>| self.text.get(range.clone()).is_some_and(|text| !text.contains(self.taken));
        if is_free(&whole.range) && self.text.get(whole.tex.clone()).is_some_and(|tex| !tex.trim().is_empty()) {
            self.found.again |= self.is_torn(whole);
            let tex = self.content(whole.tex.clone());
            self.found.formulas.push(Formula { range: whole.range.clone(), display: whole.display, tex });
            self.passed = whole.range.end;
        }
        whole.range.end
    }

    /// TeX without the marks of what holds its lines.
    fn content(&self, range: Range<usize>) -> String {
        if self.open.is_empty() {
            return self.original.get(range).unwrap_or_default().to_owned();
        }
        let mut lines = Lines::new(self.original, range, self.line_end, &self.open);
        let mut content = String::new();
        let first = lines.next().and_then(|line| self.original.get(line.range));
        content.push_str(first.unwrap_or_default());
        for line in lines {
            content.push('\n');
            content.push_str(self.original.get(line.range).unwrap_or_default());
        }
        content
    }

    /// The lines from a place on. A heading and a cell end with their line.
    fn lines(&self, at: usize) -> Lines<'_> {
        let closed = before_or_at(&self.regions.closed, at, |closed| closed.start).filter(|closed| at <= closed.end);
        Lines::new(self.text, at..closed.map_or(self.text.len(), |closed| closed.end), self.line_end, &self.open)
    }

    /// Counts what is searched; `None` where it is too much.
    fn spend(&self, line: &Range<usize>) -> Option<()> {
        self.budget.set(self.budget.get().checked_sub(counted(line.len() + 1))?);
        Some(())
    }

    /// Whether lines of a formula begin as blocks do, or are blank.
    fn is_torn(&self, whole: &Whole) -> bool {
        self.lines(whole.tex.start)
            .skip(1)
            .take_while(|line| line.range.start <= whole.tex.end)
            .any(|line| line.begins != Begins::Text)
    }

    /// Whether nothing but blanks stands behind a place in its line.
    fn ends_line(&self, at: usize) -> bool {
        let rest = self.text.get(at..).unwrap_or_default();
        rest.trim_start_matches([' ', '\t', '\r']).chars().next().is_none_or(|next| next == '\n')
    }

    /// Whether no letter or digit touches it that it would be a part of.
    fn stands_apart(&self, range: &Range<usize>) -> bool {
        let before = self.text.get(..range.start).and_then(|before| before.chars().next_back());
        let after = self.text.get(range.end..).and_then(|after| after.chars().next());
        !before.into_iter().chain(after).any(binds)
    }
}

/// The last of a list that starts at a place or before it.
fn before_or_at<T>(list: &[T], at: usize, start: impl Fn(&T) -> usize) -> Option<&T> {
    list.get(list.partition_point(|item| start(item) <= at).checked_sub(1)?)
}

/// How much to go on where nothing opens: behind an escaped character, and behind dollars that stand together.
fn skipped(rest: &str) -> usize {
    let mut characters = rest.chars();
    match characters.next() {
        Some('\\') => 1 + characters.next().map_or(0, char::len_utf8),
        Some('$') => rest.len() - rest.trim_start_matches('$').len(),
        Some(other) => other.len_utf8(),
        None => 1,
    }
}

/// Whether a text has something an even number of times.
fn is_even(text: &str, what: &str) -> bool {
    counted(text.len());
    text.matches(what).count().is_multiple_of(2)
}

/// The first dollar that is neither escaped nor within braces; `depth` is how many of those are open.
pub(super) fn closing_dollar(line: &str, depth: &mut usize) -> Option<usize> {
    let mut is_escaped = false;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'{' => *depth += 1,
            b'}' => *depth = depth.saturating_sub(1),
            b'$' if *depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// Whether what stands between two dollars is prose of a script without spaces rather than TeX: letters of it stand outside of
/// braces, behind an amount or with nothing that only TeX has.
pub(super) fn reads_like_unspaced_prose(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut is_prose = |c: char| {
        depth = (depth + usize::from(c == '{')).saturating_sub(usize::from(c == '}'));
        depth == 0 && is_unspaced(c)
    };
    let is_amount = text.starts_with(|c: char| c.is_ascii_digit());
    (is_amount || !(has_command(text) || text.contains(['^', '_', '=']))) && text.chars().any(&mut is_prose)
}

/// Whether a text holds a command of TeX.
fn has_command(tex: &str) -> bool {
    tex.split('\\').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || "{}|,;:!".contains(c)))
}

/// Whether a text is TeX and no prose, amount or variable of a shell: it holds a command or a raised sign, or a lowered one without
/// a word.
pub(in crate::markdown) fn is_surely_tex(text: &str) -> bool {
    let is_command = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic());
    let has_word = || text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().nth(1).is_some());
    text.split('\\').skip(1).any(is_command) || text.contains(['^', '_']) && !has_word()
}

/// Whether what may be prose or TeX is TeX rather: it holds what only that has, or no word.
fn reads_like_tex(text: &str) -> bool {
    let is_word = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    has_command(text) || text.contains(['^', '_', '=', '<', '>']) || !text.split_whitespace().any(is_word)
}
