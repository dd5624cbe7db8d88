//! What the scanner has to know of a language to tell its tokens apart: comments, quotes, words, marks.
//!
//! Knows no language. `Language { …, ..PLAIN }` says what is special about one, builders of [`Quote`] what about a quote.

use super::Class;

/// The tokens of a language.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "a language has each of these or has it not")]
pub(super) struct Language {
    pub(super) comments: &'static [Comment],
    pub(super) quotes: &'static [Quote],
    /// Words with a class of their own; each list is sorted, in lower case where case does not count.
    pub(super) words: &'static [(Class, &'static [&'static str])],
    /// Whether `SELECT` and `select` are one word.
    pub(super) folds_case: bool,
    /// What may stand within a word, beside letters, digits and `_`.
    pub(super) in_words: &'static [u8],
    /// What, directly before a word, gives it a class.
    pub(super) sigils: &'static [(&'static str, Class)],
    /// What words with a capital are.
    pub(super) capitals: Capitals,
    pub(super) calls: Calls,
    /// Whether `name!` is a call.
    pub(super) has_macros: bool,
    /// Word → what the next one names.
    pub(super) definitions: &'static [(&'static str, Class)],
    /// Whether the names in the parentheses behind a function's come before their types.
    pub(super) has_parameters: bool,
    /// What begins an annotation that reaches to its closing bracket.
    pub(super) annotations: &'static [&'static str],
    pub(super) operators: &'static [u8],
    /// The mark behind a string or a word that makes it a key; 0 where there is none.
    pub(super) key: u8,
    /// Whether a `/` where a value may stand begins a regular expression.
    pub(super) has_regexes: bool,
    /// What a word that is the first of its line is: a command, an instruction.
    pub(super) first: Option<Class>,
    /// What begins a text whose last line is the word behind it.
    pub(super) heredocs: &'static [&'static str],
    /// Whether tags may stand where a value may.
    pub(super) has_tags: bool,
    /// Whether brackets at the start of a line hold a heading.
    pub(super) has_sections: bool,
    /// Whether a backslash, outside of quotes, takes a mark its meaning.
    pub(super) has_escapes: bool,
}

/// No language: numbers, and nothing else.
pub(super) const PLAIN: Language = Language {
    comments: &[],
    quotes: &[],
    words: &[],
    folds_case: false,
    in_words: b"",
    sigils: &[],
    capitals: Capitals::Plain,
    calls: Calls::None,
    has_macros: false,
    definitions: &[],
    has_parameters: false,
    annotations: &[],
    operators: b"",
    key: 0,
    has_regexes: false,
    first: None,
    heredocs: &[],
    has_tags: false,
    has_sections: false,
    has_escapes: false,
};

#[derive(Clone, Copy)]
pub(super) enum Comment {
    /// Up to the line's end.
    Line(&'static str),
    /// As `Line`, where nothing or white space stands before it.
    Apart(&'static str),
    /// As `Line`, where only white space stands before it on its line.
    First(&'static str),
    Block(&'static str, &'static str),
    /// From a line that begins so through one that begins with what closes it.
    Lines(&'static str, &'static str),
    /// A block in which others may stand.
    Nested(&'static str, &'static str),
}

/// What a word that begins with a capital is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Capitals {
    Plain,
    /// `ABC` is a constant.
    Constants,
    /// `Abc` is a type.
    Types,
    /// `Abc` is a type, `ABC` a constant.
    Both,
    /// `Abc` and `ABC` are variables.
    Variables,
}

/// What makes a word the name of what is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Calls {
    None,
    /// A parenthesis directly behind it, unless the word is a type by its capital.
    Before,
    /// A parenthesis directly behind it, whatever the word looks like.
    AnyBefore,
    /// A parenthesis directly before it.
    Behind,
}

/// A quoted text.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "a quote is each of these or is it not")]
pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// Letters that may stand directly before it.
    pub(super) prefixes: &'static [&'static str],
    pub(super) escape: Escape,
    /// Whether it reaches over line ends; else it ends with its line.
    pub(super) has_lines: bool,
    pub(super) holes: &'static [Hole],
    pub(super) class: Class,
    /// Whether as many `#` may stand before it as behind it.
    pub(super) has_hashes: bool,
    /// Whether it is one character, and else no quote at all: `'a` of Rust.
    pub(super) is_character: bool,
    /// Whether it stands directly behind no value: there it is an operator.
    pub(super) is_apart: bool,
    /// Whether it is a comment where it is the first of its line.
    pub(super) is_comment: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    None,
    /// This byte before another character.
    By(u8),
    /// The closing quote twice.
    Doubled,
}

/// What is not text within a quote.
#[derive(Clone, Copy)]
pub(super) enum Hole {
    /// Code between this and a closing bracket.
    Code(&'static str, u8),
    /// Code between single braces, where two of them stand for one.
    Braces,
    /// A word directly behind this byte.
    Word(u8),
    /// A `%` with what printf takes, or braces with a name or nothing in them.
    Format,
}

impl Quote {
    /// A quote on one line, in which a backslash escapes.
    pub(super) const fn new(mark: &'static str) -> Self {
        Self {
            open: mark,
            close: mark,
            prefixes: &[],
            escape: Escape::By(b'\\'),
            has_lines: false,
            holes: &[],
            class: Class::String,
            has_hashes: false,
            is_character: false,
            is_apart: false,
            is_comment: false,
        }
    }

    pub(super) const fn between(open: &'static str, close: &'static str) -> Self {
        Self { open, close, ..Self::new("") }
    }

    pub(super) const fn prefixed(self, prefixes: &'static [&'static str]) -> Self {
        Self { prefixes, ..self }
    }

    pub(super) const fn escaped(self, escape: Escape) -> Self {
        Self { escape, ..self }
    }

    pub(super) const fn raw(self) -> Self {
        self.escaped(Escape::None)
    }

    pub(super) const fn lines(self) -> Self {
        Self { has_lines: true, ..self }
    }

    pub(super) const fn holes(self, holes: &'static [Hole]) -> Self {
        Self { holes, ..self }
    }

    pub(super) const fn classed(self, class: Class) -> Self {
        Self { class, ..self }
    }

    pub(super) const fn hashes(self) -> Self {
        Self { has_hashes: true, ..self }
    }

    pub(super) const fn character(self) -> Self {
        Self { is_character: true, ..self }
    }

    pub(super) const fn apart(self) -> Self {
        Self { is_apart: true, ..self }
    }

    pub(super) const fn comment(self) -> Self {
        Self { is_comment: true, ..self }
    }
}

/// Words as a list of strings; they stand sorted.
macro_rules! words {
    ($($word:tt)*) => { &[$(stringify!($word)),*] };
}
pub(super) use words;
