//! Turns code into tokens, each with the class that the style colours.
//!
//! Knows nothing of HTML. Syntaxes are loaded when the first block with a known language comes along, and equal blocks are
//! parsed once.

mod names;
mod powershell;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

/// The tokens of `code`, one behind the other and without gaps; `None` where the language is unknown, or the code is too long
/// or cannot be parsed. Parsing is linear in the code.
pub(super) fn highlight(language: &str, code: &str) -> Option<Arc<[Token]>> {
    static PARSED: LazyLock<Mutex<Parsed>> = LazyLock::new(Mutex::default);
    let name = names::grammar(language)?;
    if code.len() > MAX_CODE || code.lines().any(|line| line.len() > MAX_LINE) {
        return None;
    }
    if name == "powershell" {
        return Some(powershell::tokens(code).into());
    }
    // By token (`rust`), extension (`rs`) or the grammar's own name.
    let syntax = SYNTAXES.find_syntax_by_token(name)?;
    let is_session = names::is_session(language);
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
/// Classes by the first word of their scopes, in order.
static CLASSES: LazyLock<Vec<(u16, Vec<(Scope, Option<&'static str>)>)>> = LazyLock::new(|| {
    let mut classes: Vec<(u16, Vec<_>)> = Vec::new();
    for (prefix, class) in SCOPES {
        let Ok(scope) = Scope::new(prefix) else { continue };
        let class = (scope, Some(*class).filter(|class| !class.is_empty()));
        match classes.iter_mut().find(|(word, _)| *word == scope.atom_at(0)) {
            Some((_, others)) => others.push(class),
            None => classes.push((scope.atom_at(0), vec![class])),
        }
    }
    classes
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
    ("markup.inserted", "hl-string"),
    ("markup.deleted", "hl-tag"),
    ("markup.changed", "hl-number"),
    ("meta.diff", "hl-comment"),
    ("markup.heading", "hl-keyword"),
    ("markup.raw.inline", "hl-string"),
    ("markup.bold", "hl-type"),
    ("markup.underline.link", "hl-function"),
];

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
    let known = |scope: &Scope| {
        let (_, classes) = CLASSES.iter().find(|(word, _)| *word == scope.atom_at(0))?;
        classes.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope))
    };
    let class = stack.scopes.iter().rev().find_map(known)?.1;
    // Keys of JSON are strings by scope, and attributes to the reader.
    let is_key = class == Some("hl-string") && stack.scopes.iter().any(|scope| MAPPING_KEY.is_prefix_of(*scope));
    if is_key { Some("hl-attribute") } else { class }
}

static MAPPING_KEY: LazyLock<Scope> = LazyLock::new(|| Scope::new("meta.mapping.key").unwrap_or_default());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_linguist_and_highlight_js_are_known() {
        const NAMED: &str = "actionscript adoc apache apacheconf applescript arduino asciidoc asm assembly awk bash bash-session bat \
            batch bibtex c c# c++ clj clojure clojurescript cmake cmd coffee coffeescript console cpp crystal cs csharp css csv \
            cuda d dart delphi diff docker dockerfile dos dot dotenv elisp elixir elm emacs-lisp erb erl erlang ex exs f# f90 fish \
            fortran fs fsharp gdscript geojson gitconfig gitignore glsl gnuplot go golang gql graphql graphviz groovy haskell hbs \
            hcl hs html http ini ipython java javascript jinja jinja2 jq js json json5 jsonc jsonl jsp jsx julia kotlin ksh kt \
            latex less lisp lua make makefile markdown matlab md mdx mjs mk mssql mysql nasm nginx nim nix node objc objective-c \
            objectivec ocaml octave patch perl pgsql php plist plpgsql plsql postgres postgresql powershell properties proto \
            protobuf ps1 psql purescript pwsh py py3 pycon python python3 r racket rb regex rs rst ruby rust scala scheme scss sh \
            shell shell-session shellsession sol solidity sql sqlite svelte svg swift systemverilog tcl terraform tex tf toml ts \
            tsql tsx typescript typst v verilog vhdl vim viml vue xml xsl yaml yml zig zsh";
        let (mut unknown, mut plain) = (Vec::new(), Vec::new());
        for language in NAMED.split_whitespace() {
            let code = "if x == \"a\" then return 1 # b // c\nlet y = 'd'; SELECT 1 -- <a b=\"c\">\n\
            $ ls -l\n-a\n+b\nFROM x\nGET / HTTP/1.1\n{% if x %}\n\\section{a} [a-z]+ **b**\n";
            let code = if language == "http" { "GET / HTTP/1.1\nHost: x\n" } else { code };
            match highlight(language, code) {
                None => unknown.push(language),
                Some(tokens) if tokens.iter().all(|token| token.class.is_none()) => plain.push(language),
                Some(_) => {}
            }
        }
        assert_eq!(unknown, [""; 0]);
        assert_eq!(plain, [""; 0]);
    }

    /// Each name leads to a grammar, and none is written in vain.
    #[test]
    fn each_name_of_the_table_is_needed() {
        let mut known = Vec::new();
        for (name, others) in names::NAMES {
            let grammar = SYNTAXES.find_syntax_by_token(name).map(|syntax| &syntax.name);
            assert!(grammar.is_some() || *name == "powershell", "{name}");
            for other in *others {
                assert_eq!(*other, other.to_lowercase());
                let own = SYNTAXES.find_syntax_by_token(other).map(|syntax| &syntax.name);
                if own.is_some() && own == grammar {
                    known.push(*other);
                }
            }
        }
        assert_eq!(known, [""; 0], "they are known by themselves");
    }
}
