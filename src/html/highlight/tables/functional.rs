//! Languages of the families of ML, Lisp and Haskell.

use super::super::language::{Calls, Capitals, Comment, Hole, Language, PLAIN, Quote, words};
use super::Class::{Attribute, Constant, Function, Keyword, Type, Variable};
use super::{CHARACTER, DOUBLE, HASH, MARKS};

const HASKELL_LIKE: Language = Language {
    comments: &[Comment::Nested("{-", "-}"), Comment::Line("--")],
    quotes: &[Quote::new("\"\"\"").lines(), DOUBLE.lines(), CHARACTER],
    in_words: b"'",
    capitals: Capitals::Types,
    operators: b"+-*/%=<>!&|^~?:.$@\\",
    ..PLAIN
};

pub(in super::super) static HASKELL: Language = Language {
    words: &[
        (
            Keyword,
            words![
                as case class data default deriving do else family forall foreign hiding if import in infix infixl
                infixr instance let mdo module newtype of pattern proc qualified rec stock then type via where
            ],
        ),
        (Constant, words![False Just Left Nothing Right True otherwise undefined]),
        (
            Function,
            words![
                concatMap error filter fmap foldl foldr fst getLine head length map mapM_ null print pure putStr
                putStrLn read return sequence show snd sum tail traverse unwords zip zipWith
            ],
        ),
    ],
    ..HASKELL_LIKE
};

pub(in super::super) static ELM: Language = Language {
    words: &[
        (
            Keyword,
            words![
                alias as case command effect else exposing if import in infix let module of port subscription then
                type where
            ],
        ),
        (Constant, words![False Just Nothing True]),
    ],
    ..HASKELL_LIKE
};

pub(in super::super) static PURESCRIPT: Language = Language {
    words: &[
        (
            Keyword,
            words![
                ado as case class data derive do else forall foreign hiding if import in infix infixl infixr instance
                let module newtype of then type where
            ],
        ),
        (Constant, words![Just Left Nothing Right false true]),
    ],
    ..HASKELL_LIKE
};

/// Idris and Lean.
pub(in super::super) static PROVER: Language = Language {
    comments: &[Comment::Nested("/-", "-/"), Comment::Nested("{-", "-}"), Comment::Line("--")],
    words: &[
        (
            Keyword,
            words![
                abbrev axiom begin by calc case class constructor data def deriving do else end example export extends
                forall from fun have if implementation import in inductive infix infixl infixr instance interface
                intro lemma let match module mutual namespace noncomputable of open partial private protected public
                return rewrite section show simp sorry structure termination_by then theorem total universe variable
                where with
            ],
        ),
        (Constant, words![False True false none some true]),
    ],
    sigils: &[("#", Keyword), ("@", Attribute)],
    definitions: &[
        ("def", Function),
        ("theorem", Function),
        ("lemma", Function),
        ("structure", Type),
        ("inductive", Type),
        ("class", Type),
    ],
    ..HASKELL_LIKE
};

const ML_LIKE: Language = Language {
    comments: &[Comment::Nested("(*", "*)")],
    quotes: &[DOUBLE.lines().holes(&[Hole::Format]), CHARACTER],
    in_words: b"'",
    capitals: Capitals::Types,
    operators: b"+-*/%=<>!&|^~?:@",
    ..PLAIN
};

pub(in super::super) static OCAML: Language = Language {
    words: &[
        (
            Keyword,
            words![
                and as assert begin class constraint do done downto effect else end exception external for fun
                function functor if in include inherit initializer land lazy let lor lsl lsr lxor match method mod
                module mutable new nonrec object of open or private rec sig struct then to try type val virtual when
                while with
            ],
        ),
        (Type, words![array bool bytes char exn float int list option result string unit]),
        (Constant, words![None false true]),
    ],
    definitions: &[("let", Function), ("rec", Function), ("val", Function), ("type", Type), ("module", Type)],
    sigils: &[("~", Variable), ("?", Variable), ("#", Keyword)],
    ..ML_LIKE
};

pub(in super::super) static SML: Language = Language {
    words: &[
        (
            Keyword,
            words![
                abstype and andalso as case datatype do else end eqtype exception fn fun functor handle if in include
                infix infixr let local nonfix of op open orelse raise rec sharing sig signature struct structure then
                type val where while with withtype
            ],
        ),
        (Type, words![bool char int list option real string unit word]),
        (Constant, words![NONE SOME false nil true]),
    ],
    definitions: &[("fun", Function), ("val", Variable)],
    ..ML_LIKE
};

pub(in super::super) static FSHARP: Language = Language {
    comments: &[Comment::Nested("(*", "*)"), Comment::Line("//")],
    quotes: &[
        Quote::new("\"\"\"").raw().lines(),
        DOUBLE.holes(&[Hole::Braces]).prefixed(&["$"]),
        DOUBLE.raw().lines().prefixed(&["@"]),
        DOUBLE.lines().holes(&[Hole::Format]),
        CHARACTER,
    ],
    words: &[
        (
            Keyword,
            words![
                abstract and as assert async base begin class default delegate do done downcast downto elif else end
                exception extern finally fixed for fun function global if in inherit inline interface internal lazy
                let match member module mutable namespace new not of open or override private public rec return select
                static struct task then to try type upcast use val void when while with yield
            ],
        ),
        (Type, words![array bool byte char decimal float int int64 list obj option seq string unit]),
        (Constant, words![Error None Ok Some false null true]),
    ],
    definitions: &[("let", Function), ("member", Function), ("type", Type), ("module", Type)],
    sigils: &[("#", Keyword)],
    calls: Calls::Before,
    ..ML_LIKE
};

const LISP_LIKE: Language = Language {
    comments: &[Comment::Line(";"), Comment::Nested("#|", "|#")],
    quotes: &[DOUBLE.lines()],
    in_words: b"-+*/<>=!?%&.:$^~#",
    sigils: &[(":", Constant), ("&", Keyword)],
    calls: Calls::Behind,
    ..PLAIN
};

/// Common Lisp, Emacs Lisp, Scheme, Racket.
pub(in super::super) static LISP: Language = Language {
    words: &[
        (
            Keyword,
            &[
                "and",
                "begin",
                "block",
                "case",
                "catch",
                "cond",
                "condition-case",
                "declare",
                "def",
                "defclass",
                "defconst",
                "defconstant",
                "defcustom",
                "defgeneric",
                "define",
                "define-record-type",
                "define-syntax",
                "defmacro",
                "defmethod",
                "defpackage",
                "defparameter",
                "defstruct",
                "defun",
                "defvar",
                "do",
                "dolist",
                "dotimes",
                "else",
                "eval-when",
                "flet",
                "fn",
                "for",
                "if",
                "in-package",
                "labels",
                "lambda",
                "let",
                "let*",
                "let-syntax",
                "let-values",
                "letrec",
                "letrec*",
                "loop",
                "match",
                "module",
                "not",
                "or",
                "prog1",
                "progn",
                "provide",
                "quasiquote",
                "quote",
                "require",
                "return",
                "return-from",
                "set!",
                "setf",
                "setq",
                "struct",
                "syntax-rules",
                "tagbody",
                "throw",
                "unless",
                "unquote",
                "unwind-protect",
                "use-package",
                "values",
                "when",
                "while",
                "with-open-file",
            ],
        ),
        (Constant, &["#f", "#t", "nil", "t"]),
    ],
    definitions: &[
        ("defun", Function),
        ("defmacro", Function),
        ("defmethod", Function),
        ("defgeneric", Function),
        ("define", Function),
        ("defvar", Variable),
        ("defparameter", Variable),
        ("defconst", Variable),
        ("defcustom", Variable),
        ("setq", Variable),
        ("struct", Type),
    ],
    ..LISP_LIKE
};

pub(in super::super) static CLOJURE: Language = Language {
    words: &[
        (
            Keyword,
            &[
                "and",
                "as->",
                "case",
                "catch",
                "comment",
                "cond",
                "condp",
                "def",
                "definterface",
                "defmacro",
                "defmethod",
                "defmulti",
                "defn",
                "defn-",
                "defonce",
                "defprotocol",
                "defrecord",
                "deftype",
                "do",
                "doseq",
                "dotimes",
                "finally",
                "fn",
                "for",
                "if",
                "if-let",
                "if-not",
                "import",
                "let",
                "letfn",
                "loop",
                "new",
                "ns",
                "or",
                "quote",
                "recur",
                "reify",
                "require",
                "set!",
                "some->",
                "throw",
                "try",
                "use",
                "var",
                "when",
                "when-let",
                "when-not",
                "while",
                "with-open",
            ],
        ),
        (Constant, words![false nil true]),
    ],
    quotes: &[DOUBLE.lines().prefixed(&["", "#"]), Quote::new("\\").raw().character()],
    in_words: b"-+*/<>=!?%&.$'",
    definitions: &[
        ("defn", Function),
        ("defn-", Function),
        ("defmacro", Function),
        ("def", Variable),
        ("ns", Type),
        ("defrecord", Type),
        ("defprotocol", Type),
        ("deftype", Type),
    ],
    ..LISP_LIKE
};

pub(in super::super) static NIX: Language = Language {
    comments: &[Comment::Line("#"), Comment::Block("/*", "*/")],
    quotes: &[
        Quote::new("''").raw().lines().holes(&[Hole::Code("${", b'}')]),
        DOUBLE.lines().holes(&[Hole::Code("${", b'}')]),
    ],
    words: &[
        (Keyword, words![assert else if in inherit let or rec then with]),
        (Function, words![abort builtins derivation fetchTarball import map throw toString]),
        (Constant, words![false null true]),
    ],
    in_words: b"-'",
    key: b'=',
    operators: MARKS,
    ..PLAIN
};

pub(in super::super) static TYPST: Language = Language {
    comments: &[Comment::Line("//"), Comment::Nested("/*", "*/"), Comment::First("= "), Comment::First("== ")],
    quotes: &[DOUBLE, Quote::new("`").raw(), Quote::new("$").lines(), Quote::new("*").raw().classed(Type)],
    words: &[
        (Keyword, words![and as break context continue else for if import in include let not or return set show while]),
        (Constant, words![auto false none true]),
    ],
    in_words: b"-",
    sigils: &[("#", Keyword), ("@", Attribute), ("<", Attribute)],
    calls: Calls::Before,
    ..PLAIN
};

pub(in super::super) static JSONNET: Language = Language {
    comments: &[Comment::Line("//"), Comment::Line("#"), Comment::Block("/*", "*/")],
    quotes: &[Quote::between("|||", "|||").raw().lines(), DOUBLE.lines(), Quote::new("'").lines()],
    words: &[
        (Keyword, words![assert else error for function if import importbin importstr in local tailstrict then]),
        (Constant, words![false null self std super true]),
    ],
    key: b':',
    calls: Calls::Before,
    operators: b"+-*/%=<>!&|^~$",
    ..PLAIN
};

pub(in super::super) static JQ: Language = Language {
    comments: HASH,
    quotes: &[DOUBLE.holes(&[Hole::Code("\\(", b')')])],
    words: &[
        (Keyword, words![and as catch def elif else end foreach if import include label limit not or reduce then try]),
        (
            Function,
            words![
                add all any contains del empty endswith env error first flatten from_entries group_by has inputs join
                keys last length map max min paths range recurse select sort sort_by split startswith test to_entries
                tojson tonumber tostring type unique with_entries
            ],
        ),
        (Constant, words![false null true]),
    ],
    sigils: &[("$", Variable), ("@", Constant), (".", Attribute)],
    calls: Calls::Before,
    definitions: &[("def", Function)],
    operators: b"+-*/%=<>!|?,",
    ..PLAIN
};

pub(in super::super) static REGO: Language = Language {
    comments: HASH,
    quotes: &[DOUBLE, Quote::new("`").raw().lines()],
    words: &[
        (Keyword, words![as contains default else every if import in not package some with]),
        (Constant, words![data false input null true]),
    ],
    calls: Calls::Before,
    operators: MARKS,
    ..PLAIN
};
