//! Languages that are mostly run as scripts.

use super::super::language::{Calls, Capitals, Comment, Escape, Hole, Language, PLAIN, Quote, words};
use super::Class::{Attribute, Constant, Function, Keyword, Type, Variable};
use super::{DOUBLE, DOUBLED, HASH, MARKS, NO_COLON, SINGLE, SINGLE_DOUBLED};

const SCRIPT: Language = Language {
    comments: HASH,
    quotes: &[DOUBLE, SINGLE],
    capitals: Capitals::Both,
    calls: Calls::Before,
    operators: NO_COLON,
    ..PLAIN
};

const RAW: &[&str] = &["r", "R", "rb", "br", "Rb", "bR", "RB", "BR"];
const FORMATTED: &[&str] = &["f", "F", "t", "rf", "fr", "Rf", "fR", "RF"];
const PLAIN_PREFIXES: &[&str] = &["", "b", "B", "u", "U"];

pub(in super::super) static PYTHON: Language = Language {
    quotes: &[
        Quote::new("\"\"\"").lines().holes(&[Hole::Braces]).prefixed(FORMATTED),
        Quote::new("'''").lines().holes(&[Hole::Braces]).prefixed(FORMATTED),
        Quote::new("\"\"\"").lines().comment().prefixed(PLAIN_PREFIXES),
        Quote::new("'''").lines().comment().prefixed(PLAIN_PREFIXES),
        Quote::new("\"\"\"").raw().lines().comment().prefixed(RAW),
        Quote::new("'''").raw().lines().comment().prefixed(RAW),
        DOUBLE.holes(&[Hole::Braces]).prefixed(FORMATTED),
        SINGLE.holes(&[Hole::Braces]).prefixed(FORMATTED),
        DOUBLE.holes(&[Hole::Format]).prefixed(PLAIN_PREFIXES),
        SINGLE.holes(&[Hole::Format]).prefixed(PLAIN_PREFIXES),
        DOUBLE.escaped(Escape::By(b'\\')).prefixed(RAW),
        SINGLE.escaped(Escape::By(b'\\')).prefixed(RAW),
    ],
    words: &[
        (
            Keyword,
            words![
                and as assert async await break case cdef class continue cpdef ctypedef def del elif else except exec
                finally for from global if import in is lambda match nonlocal not or pass raise return try while with
                yield
            ],
        ),
        (Type, words![bool bytearray bytes complex dict float frozenset int list object set str tuple type]),
        (Constant, words![Ellipsis False None NotImplemented True cls self]),
    ],
    sigils: &[("@", Attribute)],
    definitions: &[("def", Function), ("class", Type)],
    has_parameters: true,
    ..SCRIPT
};

pub(in super::super) static VYPER: Language = PYTHON_LIKE;

const PYTHON_LIKE: Language = Language {
    words: &[
        (
            Keyword,
            words![
                and assert break class continue def elif else enum event extends for from func if implements import in
                interface is match not onready or pass raise return setget signal static struct tool var while
            ],
        ),
        (
            Type,
            words![
                Array Dictionary NodePath String Vector2 Vector3 address bool bytes32 decimal float int int128 uint256
                void
            ],
        ),
        (Constant, words![False INF NAN None PI TAU True false msg null self super true]),
    ],
    quotes: &[Quote::new("\"\"\"").lines().comment(), DOUBLE, SINGLE],
    sigils: &[("@", Attribute), ("$", Variable)],
    definitions: &[
        ("def", Function),
        ("func", Function),
        ("class", Type),
        ("class_name", Type),
        ("struct", Type),
        ("signal", Function),
    ],
    has_parameters: true,
    ..SCRIPT
};

pub(in super::super) static GDSCRIPT: Language = Language {
    words: &[
        (
            Keyword,
            words![
                and as assert await break breakpoint class class_name const continue elif else enum export extends for
                func if in is master match not onready or pass preload puppet remote return setget signal static super
                sync tool var when while yield
            ],
        ),
        (Type, words![Array Color Dictionary NodePath String Vector2 Vector3 bool float int void]),
        (Constant, words![INF NAN PI TAU false null self true]),
    ],
    ..PYTHON_LIKE
};

const RUBY_HOLES: &[Hole] = &[Hole::Code("#{", b'}')];

pub(in super::super) static RUBY: Language = Language {
    comments: &[Comment::Lines("=", "=end"), Comment::Line("#")],
    quotes: &[
        DOUBLE.lines().holes(RUBY_HOLES),
        SINGLE.lines(),
        Quote::new("`").lines().holes(RUBY_HOLES),
        Quote::between("%w[", "]").lines(),
        Quote::between("%i[", "]").lines(),
        Quote::between("%w(", ")").lines(),
        Quote::between("%i(", ")").lines(),
        Quote::between("%q(", ")").lines(),
        Quote::between("%Q(", ")").lines().holes(RUBY_HOLES),
        Quote::between("%(", ")").lines().holes(RUBY_HOLES),
        Quote::between("%r{", "}").lines().holes(RUBY_HOLES),
    ],
    words: &[
        (
            Keyword,
            words![
                BEGIN END alias and attr_accessor attr_reader attr_writer begin break case catch class def do else
                elsif end ensure extend fail for if in include lambda loop module next not or prepend private proc
                protected public raise redo refine require require_relative rescue retry return super then throw undef
                unless until when while yield
            ],
        ),
        (Function, words![format p print printf puts]),
        (Constant, words![__FILE__ __LINE__ __method__ false nil self true]),
    ],
    in_words: b"?!",
    sigils: &[("@@", Variable), ("@", Variable), ("$", Variable), (":", Constant)],
    definitions: &[("def", Function), ("class", Type), ("module", Type)],
    has_parameters: true,
    has_regexes: true,
    heredocs: &["<<~", "<<-", "<<"],
    ..SCRIPT
};

pub(in super::super) static CRYSTAL: Language = Language {
    words: &[
        (
            Keyword,
            words![
                abstract alias annotation as asm begin break case class def do else elsif end ensure enum extend for
                fun getter if in include instance lib macro module next of out pointerof private property protected
                require rescue return select setter sizeof struct super then typeof uninitialized union unless until
                verbatim when while with yield
            ],
        ),
        (Constant, words![false nil self true]),
    ],
    definitions: &[
        ("def", Function),
        ("class", Type),
        ("module", Type),
        ("struct", Type),
        ("enum", Type),
        ("macro", Function),
        ("lib", Type),
    ],
    quotes: &[DOUBLE.lines().holes(RUBY_HOLES), SINGLE, Quote::new("`").lines()],
    ..RUBY_BASE
};

const RUBY_BASE: Language = Language {
    in_words: b"?!",
    sigils: &[("@@", Variable), ("@[", Attribute), ("@", Variable), ("$", Variable), (":", Constant)],
    has_parameters: true,
    has_regexes: true,
    heredocs: &["<<-"],
    ..SCRIPT
};

pub(in super::super) static COFFEESCRIPT: Language = Language {
    comments: &[Comment::Block("###", "###"), Comment::Line("#")],
    quotes: &[
        Quote::new("\"\"\"").lines().holes(RUBY_HOLES),
        Quote::new("'''").lines(),
        DOUBLE.lines().holes(RUBY_HOLES),
        SINGLE.lines(),
    ],
    words: &[
        (
            Keyword,
            words![
                and break by case catch class const continue debugger delete do else extends finally for function if
                import in instanceof is isnt let loop new not of or own return super switch then throw try typeof
                unless until var when while yield
            ],
        ),
        (Constant, words![Infinity NaN false no null off on this true undefined yes]),
    ],
    in_words: b"$",
    sigils: &[("@", Variable)],
    definitions: &[("class", Type)],
    has_regexes: true,
    ..SCRIPT
};

pub(in super::super) static ELIXIR: Language = Language {
    quotes: &[
        Quote::new("\"\"\"").lines().holes(RUBY_HOLES).prefixed(&["", "~s", "~S", "~H"]),
        DOUBLE.lines().holes(RUBY_HOLES).prefixed(&["", "~s"]),
        SINGLE.lines().holes(RUBY_HOLES),
        Quote::between("~w[", "]").lines(),
        Quote::between("~w(", ")").lines(),
        Quote::between("~r/", "/"),
        Quote::between("~s(", ")").lines(),
        Quote::between("~D[", "]"),
    ],
    words: &[
        (
            Keyword,
            words![
                after alias and case catch cond def defdelegate defexception defguard defimpl defmacro defmacrop
                defmodule defoverridable defp defprotocol defstruct do else end fn for if import in not or quote raise
                receive require rescue super throw try unless unquote use when with
            ],
        ),
        (Constant, words![__MODULE__ false nil true]),
    ],
    in_words: b"?!",
    sigils: &[("@", Attribute), (":", Constant)],
    definitions: &[("def", Function), ("defp", Function), ("defmacro", Function), ("defmodule", Type)],
    has_parameters: true,
    operators: b"+-*/=<>!&|^~",
    ..SCRIPT
};

pub(in super::super) static ERLANG: Language = Language {
    comments: &[Comment::Line("%")],
    quotes: &[DOUBLE.lines(), SINGLE.classed(Constant)],
    words: &[
        (
            Keyword,
            words![
                after and andalso band begin bnot bor bsl bsr bxor case catch cond div end export fun if import let
                module not of or orelse receive record rem spec try type when xor
            ],
        ),
        (Constant, words![error false ok true undefined]),
    ],
    sigils: &[("?", Constant), ("-", Keyword)],
    capitals: Capitals::Variables,
    operators: b"+-*/=<>!|:",
    ..SCRIPT
};

pub(in super::super) static PERL: Language = Language {
    comments: &[Comment::Lines("=", "=cut"), Comment::Apart("#"), Comment::First("#")],
    quotes: &[
        DOUBLE.lines().holes(&[Hole::Word(b'$'), Hole::Word(b'@')]),
        SINGLE.lines(),
        Quote::new("`").lines(),
        Quote::between("qw(", ")").lines(),
        Quote::between("qw/", "/").lines(),
        Quote::between("qw{", "}").lines(),
        Quote::between("q{", "}").lines(),
        Quote::between("qq{", "}").lines(),
        Quote::between("q(", ")").lines(),
        Quote::between("qq(", ")").lines(),
        Quote::between("qr{", "}").lines(),
        Quote::between("qr/", "/"),
        Quote::between("m{", "}").lines(),
        Quote::between("m/", "/"),
    ],
    words: &[
        (
            Keyword,
            words![
                and catch cmp continue default die do else elsif eq eval finally for foreach ge given goto gt if last
                le local lt my ne next no not or our package redo require return state sub try unless until use
                wantarray when while xor
            ],
        ),
        (
            Function,
            words![
                bless chomp close defined delete each exists grep join keys lc length map open pop print printf push
                ref reverse say scalar shift sort splice split sprintf substr uc undef unshift values warn
            ],
        ),
        (Constant, words![__DATA__ __END__ __FILE__ __LINE__ __PACKAGE__]),
    ],
    sigils: &[("$#", Variable), ("$", Variable), ("@", Variable), ("%", Variable)],
    definitions: &[("sub", Function), ("package", Type)],
    has_regexes: true,
    heredocs: &["<<~", "<<"],
    operators: b"+-*/%=<>!&|^~?.",
    ..SCRIPT
};

pub(in super::super) static LUA: Language = Language {
    comments: &[Comment::Block("--[[", "]]"), Comment::Block("--[==[", "]==]"), Comment::Line("--")],
    quotes: &[
        Quote::between("[[", "]]").raw().lines(),
        Quote::between("[==[", "]==]").raw().lines(),
        DOUBLE,
        SINGLE,
        Quote::new("`").lines(),
    ],
    words: &[
        (
            Keyword,
            words![
                and break continue do else elseif end export for function goto if in local not or repeat return then
                type until while
            ],
        ),
        (Constant, words![_ENV _G false nil self true]),
    ],
    definitions: &[("function", Function)],
    has_parameters: true,
    capitals: Capitals::Constants,
    operators: b"+-*/%=<>~^#.",
    ..SCRIPT
};

pub(in super::super) static R: Language = Language {
    quotes: &[DOUBLE.lines(), SINGLE.lines(), Quote::new("`")],
    words: &[
        (Keyword, words![break else for function if in next repeat return while]),
        (Function, words![library require source]),
        (Constant, words![F FALSE Inf NA NA_character_ NA_integer_ NULL NaN T TRUE]),
    ],
    in_words: b".",
    capitals: Capitals::Plain,
    operators: b"+-*/%=<>!&|^~?:$@",
    ..SCRIPT
};

pub(in super::super) static JULIA: Language = Language {
    comments: &[Comment::Nested("#=", "=#"), Comment::Line("#")],
    quotes: &[
        Quote::new("\"\"\"").lines().comment().holes(JULIA_HOLES),
        DOUBLE.lines().holes(JULIA_HOLES).prefixed(&["", "r", "raw", "b", "v"]),
        Quote::new("'").character(),
        Quote::new("`").lines(),
    ],
    words: &[
        (
            Keyword,
            words![
                abstract baremodule begin break catch const continue do else elseif end export finally for function
                global if import in isa let local macro module mutable primitive public quote return struct try type
                using where while
            ],
        ),
        (Constant, words![Inf NaN false im missing nothing pi true]),
    ],
    in_words: b"!",
    sigils: &[("@", Function), (":", Constant)],
    definitions: &[("function", Function), ("struct", Type), ("module", Type), ("macro", Function), ("type", Type)],
    has_parameters: true,
    operators: MARKS,
    ..SCRIPT
};

const JULIA_HOLES: &[Hole] = &[Hole::Code("$(", b')'), Hole::Word(b'$')];

pub(in super::super) static NIM: Language = Language {
    comments: &[Comment::Nested("#[", "]#"), Comment::Line("#")],
    quotes: &[
        Quote::new("\"\"\"").raw().lines(),
        DOUBLE.raw().prefixed(&["r"]),
        DOUBLE.prefixed(&["", "fmt"]),
        SINGLE.character(),
    ],
    words: &[
        (
            Keyword,
            words![
                addr and as asm bind block break case cast concept const continue converter defer discard distinct div
                do elif else end enum except export finally for from func if import in include interface is isnot
                iterator let macro method mixin mod not notin object of or out proc ptr raise ref return shl shr
                static template try tuple type using var when while xor yield
            ],
        ),
        (
            Type,
            words![
                array auto bool byte char cstring float float32 float64 int int16 int32 int64 int8 openArray seq set
                string uint uint8 void
            ],
        ),
        (Constant, words![false nil off on result self true]),
    ],
    definitions: &[
        ("proc", Function),
        ("func", Function),
        ("method", Function),
        ("template", Function),
        ("macro", Function),
        ("iterator", Function),
    ],
    has_parameters: true,
    operators: b"+-*/%=<>!&|^~?@$",
    ..SCRIPT
};

pub(in super::super) static TCL: Language = Language {
    comments: &[Comment::First("#")],
    quotes: &[DOUBLE.lines().holes(&[Hole::Word(b'$')])],
    words: &[
        (
            Keyword,
            words![
                break case catch continue else elseif error eval expr for foreach global if namespace package proc
                rename return set switch then try unset uplevel upvar variable while
            ],
        ),
        (
            Function,
            words![
                append array concat dict format incr info join lappend lindex list llength lsort open puts regexp
                regsub split string
            ],
        ),
    ],
    sigils: &[("$", Variable)],
    definitions: &[("proc", Function)],
    ..SCRIPT
};

pub(in super::super) static AWK: Language = Language {
    quotes: &[DOUBLE],
    words: &[
        (
            Keyword,
            words![
                BEGIN BEGINFILE END ENDFILE break continue delete do else exit for func function getline if in next
                nextfile print printf return switch while
            ],
        ),
        (
            Function,
            words![gensub gsub index int length match rand split sprintf strftime sub substr system tolower toupper],
        ),
        (Constant, words![ARGC ARGV ENVIRON FILENAME FNR FS NF NR OFS ORS RLENGTH RS RSTART SUBSEP]),
    ],
    sigils: &[("$", Variable)],
    definitions: &[("function", Function)],
    has_parameters: true,
    has_regexes: true,
    operators: b"+-*/%=<>!&|^~?:$",
    ..SCRIPT
};

pub(in super::super) static VIM: Language = Language {
    comments: &[Comment::First("\""), Comment::Apart("\" "), Comment::First("#")],
    quotes: &[DOUBLE, SINGLE_DOUBLED],
    words: &[
        (
            Keyword,
            words![
                abort augroup autocmd break call catch command const continue def echo echom echomsg else elseif end
                enddef endfor endfunction endif endtry endwhile execute filetype finally finish for func function if
                imap import in inoremap let map nmap nnoremap noremap normal plugin return set setlocal silent source
                syntax throw try unlet unmap var vim9script vmap vnoremap while
            ],
        ),
        (Constant, words![false null true v]),
    ],
    in_words: b":#",
    sigils: &[("&", Variable), ("@", Variable), ("<", Constant)],
    definitions: &[("function", Function), ("def", Function)],
    capitals: Capitals::Plain,
    ..SCRIPT
};

pub(in super::super) static BATCH: Language = Language {
    comments: &[Comment::First("rem"), Comment::First("@rem"), Comment::First("::")],
    quotes: &[DOUBLE.raw(), Quote::new("%").raw().classed(Variable), Quote::new("!").raw().classed(Variable)],
    words: &[
        (
            Keyword,
            words![
                call defined do else endlocal equ errorlevel exist exit for geq goto gtr if in leq lss neq not
                setlocal shift start
            ],
        ),
        (
            Function,
            words![
                cd chdir cls copy del dir echo erase find findstr md mkdir more move pause popd pushd rd reg ren
                rename rmdir set setx tasklist timeout title type where xcopy
            ],
        ),
    ],
    folds_case: true,
    in_words: b"-.",
    sigils: &[("%%", Variable), (":", Function), ("/", Variable)],
    capitals: Capitals::Plain,
    calls: Calls::None,
    operators: b"=<>|&@",
    ..SCRIPT
};

pub(in super::super) static APPLESCRIPT: Language = Language {
    comments: &[Comment::Line("--"), Comment::Line("#"), Comment::Nested("(*", "*)")],
    quotes: &[DOUBLE],
    words: &[
        (
            Keyword,
            words![
                a about and application as at by considering contains continue copy date display div does else end
                equal error every exit first for from get given if ignoring in into is last local log mod my not of on
                or prop property put ref repeat return returning script second set tell text that the then thru
                timeout times to transaction try until use while whose with without
            ],
        ),
        (Constant, words![false me missing null pi result true value]),
    ],
    capitals: Capitals::Plain,
    ..SCRIPT
};

pub(in super::super) static VISUAL_BASIC: Language = Language {
    comments: &[Comment::Line("'"), Comment::First("rem")],
    quotes: &[DOUBLED],
    words: &[
        (
            Keyword,
            words![
                addhandler and andalso as byref byval call case catch class const continue declare dim do each else
                elseif end enum erase event exit finally for friend from function get goto handles if implements
                imports in inherits interface is isnot let lib like loop me mod module mustinherit mybase namespace
                new next not of on option optional or orelse overloads overridable overrides paramarray partial
                private property protected public raiseevent readonly redim resume return select set shadows shared
                static step stop structure sub then throw to try until using wend when while with writeonly xor
            ],
        ),
        (Type, words![boolean byte char date decimal double integer long object short single string variant]),
        (Constant, words![false nothing null true]),
    ],
    folds_case: true,
    definitions: &[("function", Function), ("sub", Function), ("class", Type), ("module", Type)],
    operators: b"+-*/=<>&^",
    ..SCRIPT
};
