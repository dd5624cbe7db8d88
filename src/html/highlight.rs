//! Turns code into tokens, each with the class that the style colours.
//!
//! Knows nothing of HTML. Nothing is made ready before a block of code comes along, and equal blocks are read once. Each reader
//! is linear in the code, whatever is left open in it.

mod brush;
mod css;
mod heredoc;
mod language;
mod lines;
mod markup;
mod names;
mod powershell;
mod prose;
mod scanner;
mod settings;
mod shell;
mod tables;
mod yaml;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use brush::Brush;
use names::Reader;

/// The tokens of `code`, one behind the other and without gaps; `None` where the language is unknown, or the code too long.
pub(super) fn highlight(language: &str, code: &str) -> Option<Arc<[Token]>> {
    static READ: LazyLock<Mutex<Read>> = LazyLock::new(Mutex::default);
    let reader = names::reader(language)?;
    if code.len() > MAX_CODE {
        return None;
    }
    let read = || READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(tokens) = read().get(language, code) {
        return Some(tokens);
    }
    let tokens: Arc<[Token]> = tokens(reader, code).into();
    read().insert(language, code, &tokens);
    Some(tokens)
}

/// The longest code that has colours, in bytes. Spans make HTML of marks thirty times as long.
const MAX_CODE: usize = 256 * 1024;

/// So many bytes of code and tokens are kept. A server reads a block anew with each change of it, and needs the old ones no more.
const MAX_KEPT: usize = 16 * 1024 * 1024;

/// What was read.
#[derive(Default)]
struct Read {
    /// Language → code → its tokens. Only looked up, never walked, so its order does not matter.
    blocks: HashMap<String, HashMap<String, Arc<[Token]>>>,
    /// How many bytes of code and tokens are in it.
    bytes: usize,
}

impl Read {
    fn get(&self, language: &str, code: &str) -> Option<Arc<[Token]>> {
        self.blocks.get(language)?.get(code).map(Arc::clone)
    }

    /// Forgets all others where they would be too many.
    fn insert(&mut self, language: &str, code: &str, tokens: &Arc<[Token]>) {
        let bytes = code.len() + size_of_val::<[Token]>(tokens);
        if self.bytes + bytes > MAX_KEPT {
            *self = Self::default();
        }
        self.bytes += bytes;
        self.blocks.entry(language.to_owned()).or_default().insert(code.to_owned(), Arc::clone(tokens));
    }
}

/// A piece of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Offset behind its last byte.
    pub(super) end: usize,
    /// Its class; none where it has the colour of the text.
    pub(super) class: Option<Class>,
}

/// What a token is to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Attribute,
    Comment,
    Constant,
    Function,
    Keyword,
    Number,
    Operator,
    String,
    Tag,
    Type,
    Variable,
}

impl Class {
    /// The name of its class in HTML.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Attribute => "hl-attribute",
            Self::Comment => "hl-comment",
            Self::Constant => "hl-constant",
            Self::Function => "hl-function",
            Self::Keyword => "hl-keyword",
            Self::Number => "hl-number",
            Self::Operator => "hl-operator",
            Self::String => "hl-string",
            Self::Tag => "hl-tag",
            Self::Type => "hl-type",
            Self::Variable => "hl-variable",
        }
    }
}

fn tokens(reader: &Reader, code: &str) -> Vec<Token> {
    let mut brush = Brush::new(code);
    paint(reader, &mut brush);
    brush.finish()
}

fn paint(reader: &Reader, brush: &mut Brush<'_>) {
    match reader {
        Reader::Scanner(language) => scanner::paint(language, brush),
        Reader::Markup(markup) => markup::paint(markup, brush),
        Reader::Php if brush.rest().contains("<?") => markup::paint(&tables::PHP_PAGE, brush),
        Reader::Php => scanner::paint(&tables::PHP, brush),
        Reader::Prose(prose) => prose::paint(prose, brush, &fenced),
        Reader::Settings(settings) => settings::paint(settings, brush),
        Reader::Lines(prefixes) => lines::prefixed(prefixes, brush),
        Reader::Css => css::paint(brush),
        Reader::Dockerfile => lines::dockerfile(brush),
        Reader::Http => lines::http(brush),
        Reader::Makefile => lines::makefile(brush),
        Reader::PowerShell => powershell::paint(brush),
        Reader::Regex => lines::regex(brush),
        Reader::Session => session(brush),
        Reader::Shell => shell::paint(shell::Kind::Commands, brush),
        Reader::Yaml => yaml::paint(brush),
    }
}

/// Code within prose; prose within prose is not looked into.
fn fenced(language: &str, brush: &mut Brush<'_>) {
    let name = language.split(|c: char| c.is_whitespace() || c == '{').next().unwrap_or_default().to_lowercase();
    match names::reader(&name) {
        Some(reader) if !matches!(reader, Reader::Prose(_)) => paint(reader, brush),
        Some(_) | None => {
            let all = brush.rest().len();
            brush.paint(all, Class::String);
        }
    }
}

/// Commands with their prompts and what they printed, which has no colours.
fn session(brush: &mut Brush<'_>) {
    while !brush.is_done() {
        let prompt = ["$ ", "# ", "> ", "% "].iter().find(|prompt| brush.starts_with(prompt));
        let Some(prompt) = prompt else {
            brush.plain(brush.line() + 1);
            continue;
        };
        brush.paint(prompt.len(), Class::Comment);
        let length = lines::continued(brush.rest(), false);
        if length > 0 {
            brush.lend(length, |brush| shell::paint(shell::Kind::Commands, brush));
        }
    }
}

#[cfg(test)]
mod tests;
