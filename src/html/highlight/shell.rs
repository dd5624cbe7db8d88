//! Turns what is typed into a Unix shell into tokens.
//!
//! As the Shell Command Language of POSIX has it, with what bash and zsh add, as far as colours need. Linear in the code; what is
//! open is kept in a list.

use super::Class;
use super::brush::{Brush, is_blank, is_letter, is_word};
use super::heredoc::Heredocs;
use super::language::words;

const KEYWORDS: &[&str] = words![
    case coproc do done elif else end esac fi for foreach function if in repeat return select switch then time until
    while
];

/// Commands that declare or set what is named behind them.
const DECLARING: &[&str] = words![alias declare export let local readonly typeset unset];

/// Keywords behind which no command comes.
const NAMING: &[&str] = words![case coproc for foreach function in return select switch];

/// What the brush still sees.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Commands.
    Commands,
    /// What stands behind a command.
    Arguments,
    /// Commands in which `$(…)` is a variable, as in a recipe for make.
    Recipe,
}

/// Paints all that the brush still sees.
pub(super) fn paint(kind: Kind, brush: &mut Brush<'_>) {
    let expects_command = kind != Kind::Arguments;
    let mut shell = Shell {
        brush,
        kind,
        frames: Vec::new(),
        heredocs: Heredocs::default(),
        expects_command,
        is_declaring: kind == Kind::Arguments,
        awaits_in: false,
    };
    while !shell.brush.is_done() {
        shell.step();
    }
}

/// Quotes and substitutions that may be open at once; what opens further ones is text.
const MAX_FRAMES: usize = 64;

struct Shell<'b, 'a> {
    brush: &'b mut Brush<'a>,
    kind: Kind,
    frames: Vec<Frame>,
    heredocs: Heredocs<'a>,
    expects_command: bool,
    /// Whether the words of the command are names that are given values.
    is_declaring: bool,
    /// Whether the `in` of a `for` or `case` is still to come.
    awaits_in: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// `"…"`
    Quoted,
    /// `${…}`, or `$(…)` of make, with what closes it.
    Variable(u8),
    /// `$((…))`, with how many parentheses are open in it.
    Sum(u32),
    /// `$(…)`, `(…)` and `` `…` ``, with what closes it.
    Commands(u8),
}

impl Shell<'_, '_> {
    fn step(&mut self) {
        match self.frames.last().copied() {
            Some(Frame::Quoted) => self.quoted(),
            Some(Frame::Variable(close)) => self.variable(close),
            Some(Frame::Sum(open)) => self.sum(open),
            Some(Frame::Commands(_)) | None => self.code(),
        }
    }

    fn code(&mut self) {
        let byte = self.brush.byte();
        match byte {
            b'\n' => self.line_end(),
            b' ' | b'\t' | b'\r' => self.brush.plain(self.brush.run(is_blank)),
            b'#' if is_apart(self.brush.byte_before()) => self.brush.paint(self.brush.line(), Class::Comment),
            b'\\' if matches!(self.brush.byte_at(1), b'\n' | b'\r') => self.brush.plain(2),
            b'\\' => self.brush.paint(2, Class::Constant),
            b'\'' | b'"' | b'$' | b'`' => self.text(byte),
            b'|' | b'&' | b';' | b'<' | b'>' | b'(' | b')' => self.operator(byte),
            b'{' | b'}' | b'!' if self.expects_command => self.brush.plain(1),
            _ => self.word(),
        }
    }

    fn line_end(&mut self) {
        self.brush.plain(1);
        self.start_command();
        self.heredocs.read(self.brush, Class::String);
    }

    fn start_command(&mut self) {
        self.expects_command = self.kind != Kind::Arguments || !self.frames.is_empty();
        self.is_declaring = !self.expects_command;
        self.awaits_in = false;
    }

    /// What may stand within quotes and outside of them.
    fn text(&mut self, byte: u8) {
        match byte {
            b'\'' => self.brush.paint(self.brush.run_behind(1, |byte| byte != b'\'') + 2, Class::String),
            b'"' => self.enter(1, Class::String, Frame::Quoted),
            b'`' if self.frames.contains(&Frame::Commands(b'`')) => self.leave_backticks(),
            b'`' => self.enter(1, Class::Operator, Frame::Commands(b'`')),
            _ => self.dollar(),
        }
        if byte != b'`' {
            self.expects_command &= byte == b'$' && !self.frames.is_empty();
        }
    }

    fn enter(&mut self, length: usize, class: Class, frame: Frame) {
        self.brush.paint(length, class);
        if self.frames.len() < MAX_FRAMES {
            self.frames.push(frame);
            if matches!(frame, Frame::Commands(_)) {
                self.start_command();
            }
        }
    }

    fn leave_backticks(&mut self) {
        self.brush.paint(1, Class::Operator);
        while self.frames.pop().is_some_and(|frame| frame != Frame::Commands(b'`')) {}
        self.expects_command = false;
    }

    fn dollar(&mut self) {
        let next = self.brush.byte_at(1);
        match next {
            b'(' if self.kind == Kind::Recipe => self.enter(2, Class::Variable, Frame::Variable(b')')),
            b'(' if self.brush.byte_at(2) == b'(' => self.enter(3, Class::Operator, Frame::Sum(0)),
            b'(' => self.enter(2, Class::Operator, Frame::Commands(b')')),
            b'{' => self.enter(2, Class::Variable, Frame::Variable(b'}')),
            b'\'' if self.frames.last() != Some(&Frame::Quoted) => self.ansi_quoted(),
            b'$' if self.kind == Kind::Recipe => self.brush.plain(1),
            next if is_letter(next) => {
                self.brush.paint(1 + self.brush.run_behind(1, is_word), Class::Variable);
            }
            b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'!' | b'-' | b'$' | b'<' | b'^' | b'+' => {
                self.brush.paint(2, Class::Variable);
            }
            _ if self.frames.last() == Some(&Frame::Quoted) => self.brush.paint(1, Class::String),
            _ => self.brush.plain(1),
        }
    }

    /// `$'…'`, in which a backslash escapes.
    fn ansi_quoted(&mut self) {
        let mut is_escaped = false;
        let inner = self.brush.run_behind(2, |byte| {
            let goes_on = is_escaped || byte != b'\'';
            is_escaped = byte == b'\\' && !is_escaped;
            goes_on
        });
        self.brush.paint(inner + 3, Class::String);
    }

    fn operator(&mut self, byte: u8) {
        let heredoc = if self.brush.starts_with("<<-") { "<<-" } else { "<<" };
        let opens = self.brush.starts_with("<<") && self.brush.byte_at(2) != b'<' && self.opens_heredoc(heredoc);
        if opens {
            return;
        }
        match byte {
            b'(' => return self.parenthesis(),
            b')' => return self.closing(),
            b'<' if self.brush.starts_with("<<<") => self.brush.paint(3, Class::Operator),
            b'&' if self.brush.byte_at(1) == b'>' => self.brush.paint(2, Class::Operator),
            _ => self.brush.paint(1, Class::Operator),
        }
        let is_redirection = matches!(byte, b'<' | b'>');
        let follows_one = byte == b'&' && matches!(self.brush.byte_before(), b'>');
        if !is_redirection && !follows_one {
            self.start_command();
        } else if self.brush.byte() == b'&' {
            let digits = self.brush.run_behind(1, |byte| byte.is_ascii_digit() || byte == b'-');
            self.brush.paint(1, Class::Operator);
            if digits > 0 {
                self.brush.paint(digits, Class::Number);
            }
        }
    }

    fn opens_heredoc(&mut self, mark: &str) -> bool {
        self.heredocs.open(self.brush, mark)
    }

    /// A subshell, `name()`, or the list of an array.
    fn parenthesis(&mut self) {
        let is_array = self.brush.byte_before() == b'=';
        if self.expects_command && self.brush.starts_with("((") {
            return self.enter(2, Class::Operator, Frame::Sum(0));
        }
        self.brush.plain(1);
        if self.frames.len() < MAX_FRAMES {
            self.frames.push(Frame::Commands(b')'));
        }
        self.start_command();
        self.expects_command = !is_array;
    }

    /// The end of a subshell or a substitution, or of a pattern of `case`.
    fn closing(&mut self) {
        let is_open = self.frames.last() == Some(&Frame::Commands(b')'));
        let was_empty = self.brush.byte_before() == b'(';
        if is_open {
            self.frames.pop();
            self.brush.paint_as(1, (self.frames.last() == Some(&Frame::Quoted)).then_some(Class::Operator));
            self.expects_command = was_empty;
        } else {
            self.brush.plain(1);
            self.start_command();
        }
    }

    fn word(&mut self) {
        let length = self.brush.run(is_plain).max(1);
        let text = self.brush.rest().get(..length).unwrap_or_default();
        let equals = text.find('=').filter(|at| is_name(text.get(..*at).unwrap_or_default()));
        if let Some(at) = equals.filter(|_| self.expects_command || self.is_declaring) {
            let name = text.get(..at).unwrap_or_default().trim_end_matches('+').len();
            self.brush.paint(name, Class::Variable);
            self.brush.paint(at + 1 - name, Class::Operator);
        } else if self.expects_command {
            self.command(text);
        } else {
            self.argument(text);
        }
    }

    fn command(&mut self, text: &str) {
        let is_keyword = KEYWORDS.binary_search(&text).is_ok();
        let declares = DECLARING.binary_search(&text).is_ok();
        self.brush.paint(text.len(), if is_keyword || declares { Class::Keyword } else { Class::Function });
        self.is_declaring = declares;
        self.expects_command = is_keyword && NAMING.binary_search(&text).is_err();
        self.awaits_in = matches!(text, "for" | "case" | "select" | "foreach");
    }

    fn argument(&mut self, text: &str) {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let class = if self.awaits_in && text == "in" {
            self.awaits_in = false;
            Some(Class::Keyword)
        } else if is_number {
            Some(Class::Number)
        } else if text.starts_with('-') && text.len() > 1 {
            let length = text.find('=').unwrap_or(text.len());
            return self.brush.paint(length, Class::Variable);
        } else if self.is_declaring && self.kind != Kind::Arguments && is_name(text) {
            Some(Class::Variable)
        } else if matches!(text, "=" | "==" | "!=" | "=~") || text.starts_with('=') {
            let length = text.bytes().take_while(|byte| b"=!~".contains(byte)).count();
            return self.brush.paint(length, Class::Operator);
        } else if matches!(text, "[[" | "]]" | "[" | "]") {
            Some(Class::Function)
        } else {
            None
        };
        self.brush.paint_as(text.len(), class);
    }

    fn quoted(&mut self) {
        let length = self.brush.run(|byte| !matches!(byte, b'"' | b'\\' | b'$' | b'`'));
        if length > 0 {
            return self.brush.paint(length, Class::String);
        }
        match self.brush.byte() {
            b'"' => {
                self.brush.paint(1, Class::String);
                self.frames.pop();
                self.expects_command = false;
            }
            b'\\' if self.brush.byte_at(1) == b'\n' => self.brush.paint(1, Class::Constant),
            b'\\' if b"\"\\$`nt".contains(&self.brush.byte_at(1)) => self.brush.paint(2, Class::Constant),
            b'\\' => self.brush.paint(2, Class::String),
            byte => self.text(byte),
        }
    }

    fn variable(&mut self, close: u8) {
        let byte = self.brush.byte();
        match byte {
            byte if byte == close => {
                self.brush.paint(1, Class::Variable);
                self.frames.pop();
                self.expects_command = false;
            }
            b'"' | b'$' | b'`' => self.text(byte),
            b'\\' => self.brush.paint(2, Class::Constant),
            byte if is_word(byte) => self.brush.paint(self.brush.run(is_word), Class::Variable),
            b'\n' if self.kind == Kind::Recipe => {
                self.frames.pop();
            }
            byte if byte.is_ascii_whitespace() => self.brush.plain(1),
            _ => self.brush.paint(1, Class::Operator),
        }
    }

    fn sum(&mut self, open: u32) {
        let byte = self.brush.byte();
        match byte {
            b'(' => self.replace(Frame::Sum(open + 1)),
            b')' if open > 0 => self.replace(Frame::Sum(open - 1)),
            b')' => {
                self.brush.paint(if self.brush.byte_at(1) == b')' { 2 } else { 1 }, Class::Operator);
                self.frames.pop();
                self.expects_command = false;
            }
            b'"' | b'$' | b'`' => self.text(byte),
            b'0'..=b'9' => self.brush.paint(self.brush.run(is_word), Class::Number),
            byte if is_letter(byte) => self.brush.plain(self.brush.run(is_word)),
            byte if byte.is_ascii_whitespace() => self.brush.plain(1),
            _ => self.brush.paint(1, Class::Operator),
        }
    }

    fn replace(&mut self, frame: Frame) {
        self.brush.plain(1);
        self.frames.pop();
        self.frames.push(frame);
    }
}

/// Whether a `#` behind a byte begins a comment.
fn is_apart(before: u8) -> bool {
    before.is_ascii_whitespace() || b";(|&".contains(&before)
}

fn is_plain(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !b"|&;<>()$`\\\"'".contains(&byte)
}

/// Whether a text is a variable's name, with an index at most or the `+` of `+=`.
fn is_name(text: &str) -> bool {
    let name = text.split('[').next().unwrap_or_default();
    let name = name.strip_suffix('+').unwrap_or(name);
    name.bytes().next().is_some_and(is_letter) && name.bytes().all(is_word)
}
