//! Turns code into tokens, each with the class that the style colours.
//!
//! Knows nothing of HTML. Syntaxes are loaded when the first block with a known language comes along, and equal blocks are
//! parsed once.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

/// The tokens of `code`, one behind the other and without gaps; `None` where the language is unknown, or the code is too long
/// or cannot be parsed. Parsing is linear in the code.
pub(super) fn highlight(language: &str, code: &str) -> Option<Arc<[Token]>> {
    static PARSED: LazyLock<Mutex<Parsed>> = LazyLock::new(Mutex::default);
    let syntax =
        find_syntax(language).filter(|_| code.len() <= MAX_CODE && code.lines().all(|line| line.len() <= MAX_LINE))?;
    let is_session = is_session(language);
    let key = (syntax.name.as_str(), is_session, code.to_owned());
    let parsed = || PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(tokens) = parsed().get(&key) {
        return tokens.clone();
    }
    let tokens = tokenize(syntax, code, is_session).map(Arc::from);
    parsed().insert(key, tokens.clone());
    tokens
}

/// The longest code that has colours, in bytes: a grammar reads about 300 kB a second.
const MAX_CODE: usize = 64 * 1024;

/// The longest line, in bytes: a grammar may look through what is left of a line at each of its characters.
const MAX_LINE: usize = 2000;

/// A piece of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Offset behind its last byte.
    pub(super) end: usize,
    /// Its class; none where it has the colour of the text.
    pub(super) class: Option<&'static str>,
}

/// Name of a syntax, whether it is a session, and code → its tokens. Only looked up, never walked, so its order does not
/// matter.
type Parsed = HashMap<(&'static str, bool, String), Option<Arc<[Token]>>>;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Prefix of a scope → class; the first that fits is taken, so the narrower ones stand first.
static CLASSES: LazyLock<Vec<(Scope, Option<&'static str>)>> = LazyLock::new(|| {
    let class = |(prefix, class): &(&str, &'static str)| {
        Some((Scope::new(prefix).ok()?, Some(*class).filter(|class| !class.is_empty())))
    };
    SCOPES.iter().filter_map(class).collect()
});

const SCOPES: &[(&str, &str)] = &[
    ("comment", "hl-comment"),
    ("constant.numeric", "hl-number"),
    ("constant.character.escape", "hl-constant"),
    ("constant", "hl-constant"),
    ("string", "hl-string"),
    ("variable.function", "hl-function"),
    ("variable.parameter", "hl-variable"),
    ("variable.language", "hl-constant"),
    ("variable.other.member", ""),
    ("variable.other.readwrite", "hl-variable"),
    ("variable", "hl-variable"),
    ("entity.name.function", "hl-function"),
    ("entity.name.tag.yaml", "hl-attribute"),
    ("entity.name.tag.toml", "hl-attribute"),
    ("entity.name.tag", "hl-tag"),
    ("entity.other.attribute-name", "hl-attribute"),
    ("entity.name", "hl-type"),
    ("entity.other.inherited-class", "hl-type"),
    ("support.function", "hl-function"),
    ("support.macro", "hl-function"),
    ("support.constant", "hl-constant"),
    ("support", "hl-type"),
    ("keyword.operator.word", "hl-keyword"),
    ("keyword.operator", "hl-operator"),
    ("keyword", "hl-keyword"),
    ("storage.type", "hl-keyword"),
    ("storage", "hl-keyword"),
    ("punctuation.definition.comment", "hl-comment"),
];

/// By token (`rust`), extension (`rs`) or one of the names that people use besides.
fn find_syntax(language: &str) -> Option<&'static SyntaxReference> {
    let language = match language {
        "" | "text" | "txt" | "plain" | "plaintext" | "none" => return None,
        "shell" | "zsh" => "bash",
        session if is_session(session) => "bash",
        "hcl" => "terraform",
        "jsonc" | "json5" => "json",
        "golang" => "go",
        "docker" | "containerfile" => "dockerfile",
        "c#" => "cs",
        other => other,
    };
    SYNTAXES.find_syntax_by_token(language)
}

/// What was typed into a shell, with its prompts, and what came back.
fn is_session(language: &str) -> bool {
    matches!(language, "console" | "shell-session" | "sh-session" | "shellsession" | "terminal")
}

fn tokenize(syntax: &SyntaxReference, code: &str, is_session: bool) -> Option<Vec<Token>> {
    let mut parser = Parser::new(syntax);
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut goes_on = false;
    for line in code.split_inclusive('\n') {
        let prompt = if is_session && !goes_on { prompt_length(line) } else { Some(0) };
        if is_session && !goes_on {
            parser = Parser::new(syntax);
        }
        if let Some(prompt) = prompt {
            push(&mut tokens, start + prompt, Some("hl-comment"));
            parser.line(line.get(prompt..)?, start + prompt, &mut tokens)?;
        }
        goes_on = prompt.is_some() && line.trim_end().ends_with('\\');
        // Line ends have no class, so that a span never runs over one; nor has what a command printed.
        start += line.len();
        push(&mut tokens, start, None);
    }
    Some(tokens)
}

/// The length of the prompt that a line of a session starts with; `None` where it is output.
fn prompt_length(line: &str) -> Option<usize> {
    ["$ ", "# ", "> ", "% "].iter().find(|prompt| line.starts_with(**prompt)).map(|prompt| prompt.len())
}

/// Where a parse has got to.
struct Parser {
    state: ParseState,
    stack: ScopeStack,
}

impl Parser {
    fn new(syntax: &SyntaxReference) -> Self {
        Self { state: ParseState::new(syntax), stack: ScopeStack::new() }
    }

    /// Appends the tokens of one line, which starts at `start` in the code, up to its line end.
    fn line(&mut self, line: &str, start: usize, tokens: &mut Vec<Token>) -> Option<()> {
        let end = start + line.trim_end().len();
        for (at, operation) in self.state.parse_line(line, &SYNTAXES).ok()? {
            push(tokens, (start + at).min(end), class(&self.stack));
            self.stack.apply(&operation).ok()?;
        }
        push(tokens, end, class(&self.stack));
        Some(())
    }
}

fn push(tokens: &mut Vec<Token>, end: usize, class: Option<&'static str>) {
    match tokens.last_mut() {
        Some(last) if last.end >= end => {}
        Some(last) if last.class == class => last.end = end,
        None if end == 0 => {}
        Some(_) | None => tokens.push(Token { end, class }),
    }
}

/// The class of the innermost scope that has one.
fn class(stack: &ScopeStack) -> Option<&'static str> {
    let known = |scope: &&Scope| CLASSES.iter().find(|(prefix, _)| prefix.is_prefix_of(**scope));
    let class = stack.scopes.iter().rev().find_map(|scope| known(&scope))?.1;
    // Keys of JSON are strings by scope, and attributes to the reader.
    let is_key = class == Some("hl-string") && stack.scopes.iter().any(|scope| MAPPING_KEY.is_prefix_of(*scope));
    if is_key { Some("hl-attribute") } else { class }
}

static MAPPING_KEY: LazyLock<Scope> = LazyLock::new(|| Scope::new("meta.mapping.key").unwrap_or_default());
