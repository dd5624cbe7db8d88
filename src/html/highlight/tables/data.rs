//! Languages of queries, configurations and descriptions.

use super::super::language::{Calls, Capitals, Comment, Escape, Hole, Language, PLAIN, Quote, words};
use super::Class::{Attribute, Constant, Function, Keyword, Type, Variable};
use super::{DOUBLE, DOUBLED, HASH, NO_COLON, SINGLE, SINGLE_DOUBLED, SLASHES};

/// With the comments and the unquoted keys of its relatives.
pub(in super::super) static JSON: Language = Language {
    comments: &[Comment::Line("//"), Comment::Block("/*", "*/"), Comment::Apart("#")],
    quotes: &[DOUBLE, SINGLE],
    words: &[(Constant, words![Infinity NaN false null true])],
    in_words: b"-$",
    key: b':',
    ..PLAIN
};

pub(in super::super) static TOML: Language = Language {
    comments: HASH,
    quotes: &[Quote::new("\"\"\"").lines(), Quote::new("'''").raw().lines(), DOUBLE, SINGLE.raw()],
    words: &[(Constant, words![false inf nan true])],
    in_words: b"-",
    key: b'=',
    has_sections: true,
    operators: b"=",
    ..PLAIN
};

pub(in super::super) static HCL: Language = Language {
    comments: &[Comment::Line("#"), Comment::Line("//"), Comment::Block("/*", "*/")],
    quotes: &[DOUBLE.holes(&[Hole::Code("${", b'}'), Hole::Code("%{", b'}')])],
    words: &[
        (
            Keyword,
            words![
                backend check data dynamic else for if import in lifecycle locals module moved output provider
                provisioner removed required_providers resource terraform variable
            ],
        ),
        (Type, words![any bool list map number object set string tuple]),
        (Constant, words![count each false local null path self true var]),
    ],
    in_words: b"-",
    calls: Calls::Before,
    key: b'=',
    heredocs: &["<<-", "<<"],
    operators: NO_COLON,
    ..PLAIN
};

pub(in super::super) static SQL: Language = Language {
    comments: &[Comment::Line("--"), Comment::Block("/*", "*/"), Comment::Apart("# ")],
    quotes: &[
        SINGLE_DOUBLED.lines().prefixed(&["", "N", "E", "B", "X", "U&"]),
        DOUBLED.lines(),
        Quote::new("`").raw(),
        Quote::new("$$").raw().lines(),
    ],
    words: &[
        (
            Keyword,
            words![
                action add after all alter analyze and any as asc attach authorization auto_increment autoincrement
                backup before begin between by cascade case change check cluster collate column columns comment commit
                conflict constraint copy create cross cube current cursor database databases deallocate declare
                default deferrable deferred delete delimiter desc describe detach distinct do drop each else elseif
                end engine escape except exclude exec execute exists explain extension external fetch filter first
                following for force foreign from full function generated glob global go grant group grouping groups
                having identity if ignore ilike immediate in include index inherits inner inout insert instead
                intersect interval into is isnull join key language last lateral leading left level like limit local
                lock log loop matched materialized merge minus modify natural next no not nothing notify notnull nulls
                of off offset on only open or order out outer over overlaps owner partition percent pivot plan pragma
                preceding prepare primary privileges procedure public qualify raise range read recursive references
                refresh regexp reindex release rename repeat replace reset restrict return returning returns revoke
                right rlike rollback rollup row rows savepoint schema select sequence session set sets share show
                similar some start statement storage stored switch symmetric table tables tablesample temp temporary
                then ties to top trailing transaction trigger truncate unbounded uncommitted union unique unlock
                unnest unpivot until update usage use user using vacuum values view virtual when where while window
                with within without work
            ],
        ),
        (
            Type,
            words![
                array bigint bigserial binary bit blob bool boolean bytea char character clob date datetime datetime2
                dec decimal double enum float float64 geography geometry inet int int2 int4 int64 int8 integer json
                jsonb long longtext mediumint money nchar ntext number numeric nvarchar precision real serial smallint
                string struct text time timestamp timestamptz timetz tinyint tinytext uniqueidentifier unsigned uuid
                varbinary varchar varchar2 varying xml
            ],
        ),
        (Constant, words![current_date current_time current_timestamp current_user false null true unknown]),
    ],
    folds_case: true,
    sigils: &[("@", Variable), (":", Variable), ("$", Variable)],
    calls: Calls::Before,
    operators: b"+-*/%=<>!&|^~",
    ..PLAIN
};

pub(in super::super) static NGINX: Language = Language {
    comments: &[Comment::Apart("#"), Comment::First("#")],
    quotes: &[DOUBLE.lines().holes(&[Hole::Word(b'$')]), SINGLE.lines().holes(&[Hole::Word(b'$')])],
    words: &[(Constant, words![off on])],
    in_words: b"-./",
    sigils: &[("$", Variable), ("@", Function)],
    first: Some(Keyword),
    operators: b"~=^*",
    ..PLAIN
};

/// Apache's, with sections in angle brackets.
pub(in super::super) static APACHE: Language = Language {
    comments: &[Comment::First("#")],
    quotes: &[DOUBLE, SINGLE],
    words: &[(Constant, words![all denied granted none off on])],
    folds_case: true,
    in_words: b"-",
    sigils: &[("</", Type), ("<", Type), ("%", Constant), ("$", Variable)],
    first: Some(Keyword),
    operators: b">",
    ..PLAIN
};

pub(in super::super) static CMAKE: Language = Language {
    comments: &[Comment::Nested("#[[", "]]"), Comment::Line("#")],
    quotes: &[
        DOUBLE.lines().holes(&[Hole::Code("${", b'}')]),
        Quote::between("${", "}").raw().classed(Variable),
        Quote::between("$<", ">").raw().classed(Variable),
    ],
    words: &[
        (
            Keyword,
            words![
                break continue else elseif endforeach endfunction endif endmacro endwhile foreach function if macro
                return while
            ],
        ),
        (Constant, words![FALSE INTERFACE NO OFF ON PRIVATE PUBLIC REQUIRED TRUE YES]),
    ],
    calls: Calls::AnyBefore,
    capitals: Capitals::Constants,
    definitions: &[],
    ..PLAIN
};

pub(in super::super) static CSV: Language =
    Language { quotes: &[DOUBLED.lines()], in_words: b" -./:@", operators: b",;|\t", ..PLAIN };

pub(in super::super) static DOT: Language = Language {
    comments: &[Comment::Line("//"), Comment::Block("/*", "*/"), Comment::First("#")],
    quotes: &[DOUBLE.lines()],
    words: &[(Keyword, words![digraph edge graph node strict subgraph])],
    folds_case: true,
    key: b'=',
    operators: b"-=>",
    ..PLAIN
};

pub(in super::super) static TEX: Language = Language {
    comments: &[Comment::Line("%")],
    quotes: &[
        Quote::new("$$").raw().lines(),
        Quote::new("$").raw().lines(),
        Quote::between("\\[", "\\]").raw().lines(),
        Quote::between("\\(", "\\)").raw().lines(),
    ],
    words: &[(
        Keyword,
        &[
            "\\begin",
            "\\documentclass",
            "\\else",
            "\\end",
            "\\fi",
            "\\include",
            "\\input",
            "\\let",
            "\\newcommand",
            "\\newenvironment",
            "\\renewcommand",
            "\\usepackage",
        ],
    )],
    sigils: &[("\\", Function)],
    has_escapes: true,
    operators: b"&^_~",
    ..PLAIN
};

pub(in super::super) static BIBTEX: Language = Language {
    comments: &[Comment::First("%")],
    quotes: &[DOUBLE.lines()],
    in_words: b"-:",
    sigils: &[("@", Keyword)],
    key: b'=',
    operators: b"=#",
    ..PLAIN
};

pub(in super::super) static ROFF: Language = Language {
    comments: &[Comment::First(".\\\""), Comment::Line("\\\"")],
    quotes: &[DOUBLE],
    sigils: &[(".", Keyword)],
    has_escapes: true,
    ..PLAIN
};

pub(in super::super) static GNUPLOT: Language = Language {
    comments: HASH,
    quotes: &[DOUBLE, SINGLE],
    words: &[
        (
            Keyword,
            words![
                axes do else every fit for if index load notitle plot replot reset set splot term terminal title unset
                using while with
            ],
        ),
        (Function, words![abs cos exp log10 sin sqrt tan]),
        (Constant, words![NaN pi]),
    ],
    calls: Calls::Before,
    operators: NO_COLON,
    ..PLAIN
};

pub(in super::super) static PUPPET: Language = Language {
    comments: HASH,
    quotes: &[DOUBLE.lines().holes(&[Hole::Code("${", b'}'), Hole::Word(b'$')]), SINGLE.lines()],
    words: &[
        (
            Keyword,
            words![and case class default define else elsif if import in include inherits node or require unless],
        ),
        (Constant, words![absent false latest present running true undef]),
    ],
    sigils: &[("$", Variable)],
    capitals: Capitals::Types,
    definitions: &[("class", Type), ("define", Type)],
    operators: NO_COLON,
    ..PLAIN
};

pub(in super::super) static ROBOT: Language = Language {
    comments: &[Comment::Apart("#"), Comment::First("*")],
    quotes: &[
        Quote::between("${", "}").raw().classed(Variable),
        Quote::between("@{", "}").raw().classed(Variable),
        Quote::between("&{", "}").raw().classed(Variable),
        Quote::between("[", "]").raw().classed(Attribute),
    ],
    words: &[(
        Keyword,
        words![AND ELSE END EXCEPT FINALLY FOR IF IN Library RANGE RETURN Resource TRY VAR Variables WHILE],
    )],
    ..PLAIN
};

/// Lines of programs about themselves.
pub(in super::super) static LOG: Language = Language {
    quotes: &[DOUBLE, Quote::between("[", "]").raw().classed(Attribute)],
    words: &[
        (super::Class::Tag, words![CRITICAL ERROR Error FATAL PANIC error fatal]),
        (Constant, words![WARN WARNING Warning warn warning]),
        (Keyword, words![DEBUG INFO NOTICE TRACE debug info]),
    ],
    in_words: b"-.:/",
    ..PLAIN
};

pub(in super::super) static CRONTAB: Language = Language {
    comments: &[Comment::First("#")],
    quotes: &[DOUBLE, SINGLE],
    sigils: &[("@", Keyword), ("$", Variable)],
    in_words: b"-./",
    key: b'=',
    operators: b"*=|<>&",
    ..PLAIN
};

pub(in super::super) static SASSY: Language = Language {
    comments: SLASHES,
    quotes: &[DOUBLE, SINGLE],
    words: &[(Keyword, words![and else for if in not only or return unless while])],
    in_words: b"-",
    sigils: &[
        ("$", Variable),
        ("@", Keyword),
        (".", Attribute),
        ("#", Attribute),
        ("&", super::Class::Tag),
        ("%", Attribute),
        ("!", Keyword),
        ("=", Function),
        ("+", Function),
    ],
    calls: Calls::Before,
    key: b':',
    operators: b"+*/=><",
    ..PLAIN
};

/// Templates of tags without brackets: Haml, Slim, Pug.
pub(in super::super) static INDENTED_TAGS: Language = Language {
    comments: &[Comment::First("-#"), Comment::First("//"), Comment::First("/")],
    quotes: &[DOUBLE.holes(&[Hole::Code("#{", b'}')]), SINGLE],
    words: &[(Keyword, words![block case do doctype each else elsif end extends for if in include mixin unless while])],
    in_words: b"-",
    sigils: &[
        ("%", super::Class::Tag),
        (".", Attribute),
        ("#", Attribute),
        ("@", Variable),
        (":", Constant),
        ("$", Variable),
    ],
    key: b'=',
    first: Some(super::Class::Tag),
    operators: b"=-",
    ..PLAIN
};

pub(in super::super) static NSIS: Language = Language {
    comments: &[Comment::Line(";"), Comment::Apart("#"), Comment::Block("/*", "*/")],
    quotes: &[DOUBLE.escaped(Escape::By(b'$')), SINGLE, Quote::new("`")],
    words: &[(Constant, words![OFF ON admin false none true user])],
    sigils: &[("$", Variable), ("!", Keyword), ("/", Attribute)],
    first: Some(Keyword),
    ..PLAIN
};

pub(in super::super) static NINJA: Language = Language {
    comments: &[Comment::First("#")],
    quotes: &[Quote::between("${", "}").raw().classed(Variable)],
    words: &[(Keyword, words![build default include phony pool rule subninja])],
    in_words: b"-./",
    sigils: &[("$", Variable)],
    key: b'=',
    operators: b"=:|",
    ..PLAIN
};

/// Packages of Haskell, and mails and settings with `name: value`.
pub(in super::super) static FIELDS: Language = Language {
    comments: &[Comment::First("--"), Comment::First(">"), Comment::First("#")],
    words: &[
        (
            Constant,
            words![
                False True
            ],
        ),
        (
            Keyword,
            words![
                benchmark common else executable if library test_suite
            ],
        ),
    ],
    quotes: &[DOUBLE],
    in_words: b"-.@",
    key: b':',
    operators: b"<>=&|^,",
    ..PLAIN
};

pub(in super::super) static LIVESCRIPT: Language = Language {
    comments: &[Comment::Block("/*", "*/"), Comment::Line("#")],
    quotes: &[Quote::new("\"\"\"").lines(), Quote::new("'''").lines(), DOUBLE.holes(&[Hole::Code("#{", b'}')]), SINGLE],
    words: &[
        (
            Keyword,
            words![
                and break by case catch class const continue default do else export extends fallthrough finally for
                from function if import in is isnt let match new not of or otherwise return switch then throw til to
                try typeof unless until var when while yield
            ],
        ),
        (Constant, words![false no null off on this true undefined void yes]),
    ],
    in_words: b"-$",
    sigils: &[("@", Variable), ("\\", super::Class::String)],
    capitals: Capitals::Both,
    calls: Calls::Before,
    operators: NO_COLON,
    ..PLAIN
};
