//! Languages with braces around blocks.

use super::super::language::{Calls, Capitals, Comment, Escape, Hole, Language, PLAIN, Quote, words};
use super::super::markup::{Hole as TemplateHole, Markup};
use super::Class::{Attribute, Constant, Function, Keyword, Type, Variable};
use super::{CHARACTER, DOUBLE, FORMAT, HASH, NESTED_SLASHES, NO_COLON, SINGLE, SLASHES};

const BRACES: Language = Language {
    comments: SLASHES,
    quotes: &[DOUBLE, SINGLE],
    capitals: Capitals::Both,
    calls: Calls::Before,
    operators: NO_COLON,
    ..PLAIN
};

const C_QUOTES: &[Quote] = &[FORMAT.prefixed(&["", "L", "u8", "u", "U"]), SINGLE.prefixed(&["", "L", "u8", "u", "U"])];

const C_KEYWORDS: &[&str] = words![
    _Alignas _Alignof _Atomic _Generic _Noreturn _Static_assert _Thread_local alignas alignof asm auto break case
    const constexpr continue default do else enum extern for goto if inline register restrict return sizeof static
    static_assert struct switch thread_local typedef typeof union volatile while
];

const C_TYPES: &[&str] = words![
    FILE _Bool bool char double float int int16_t int32_t int64_t int8_t intptr_t long off_t ptrdiff_t short signed
    size_t ssize_t time_t uint16_t uint32_t uint64_t uint8_t uintptr_t unsigned void wchar_t
];

pub(in super::super) static C: Language = Language {
    quotes: C_QUOTES,
    words: &[(Keyword, C_KEYWORDS), (Type, C_TYPES), (Constant, words![NULL false nullptr stderr stdin stdout true])],
    sigils: &[("#", Keyword)],
    capitals: Capitals::Constants,
    definitions: &[("struct", Type), ("enum", Type), ("union", Type)],
    ..BRACES
};

pub(in super::super) static CPP: Language = Language {
    quotes: &[
        Quote::between("R\"(", ")\"").raw().lines(),
        FORMAT.prefixed(&["", "L", "u8", "u", "U"]),
        SINGLE.prefixed(&["", "L", "u8", "u", "U"]),
    ],
    words: &[
        (
            Keyword,
            words![
                __device__ __global__ __host__ __shared__ alignas alignof and and_eq asm auto bitand bitor break case
                catch class co_await co_return co_yield compl concept const const_cast consteval constexpr constinit
                continue decltype default delete do dynamic_cast else enum explicit export extern final for friend
                goto if import inline module mutable namespace new noexcept not not_eq operator or or_eq override
                private protected public register reinterpret_cast requires return sizeof static static_assert
                static_cast struct switch template thread_local throw try typedef typeid typename union using virtual
                volatile while xor xor_eq
            ],
        ),
        (
            Type,
            words![
                String bool boolean byte char char16_t char32_t char8_t double float int int16_t int32_t int64_t
                int8_t long map optional pair set shared_ptr short signed size_t ssize_t string string_view uint16_t
                uint32_t uint64_t uint8_t unique_ptr unordered_map unordered_set unsigned vector void wchar_t
            ],
        ),
        (Constant, words![HIGH INPUT LOW NULL OUTPUT false nullptr this true]),
    ],
    sigils: &[("#", Keyword)],
    definitions: &[
        ("class", Type),
        ("struct", Type),
        ("enum", Type),
        ("union", Type),
        ("namespace", Type),
        ("concept", Type),
        ("typename", Type),
    ],
    annotations: &["[["],
    ..BRACES
};

pub(in super::super) static OBJECTIVE_C: Language = Language {
    quotes: &[FORMAT.prefixed(&["", "@", "L"]), SINGLE],
    words: &[
        (
            Keyword,
            words![
                __block __strong __weak assign auto break case class const continue copy default do else enum extern
                for goto if in inline namespace new nonatomic nonnull nullable private protected public readonly
                register return sizeof static strong struct switch template throw try typedef union using virtual
                volatile weak while
            ],
        ),
        (
            Type,
            words![
                BOOL Class IMP NSInteger NSString NSUInteger SEL bool char double float id instancetype int long short
                signed unsigned void
            ],
        ),
        (Constant, words![NO NULL Nil YES false nil nullptr self super this true]),
    ],
    sigils: &[("#", Keyword), ("@", Keyword)],
    definitions: &[("struct", Type), ("enum", Type), ("class", Type)],
    ..BRACES
};

pub(in super::super) static CSHARP: Language = Language {
    quotes: &[
        Quote::new("\"\"\"").raw().lines().prefixed(&["$", ""]),
        DOUBLE.escaped(Escape::Doubled).lines().holes(&[Hole::Braces]).prefixed(&["$@", "@$"]),
        DOUBLE.escaped(Escape::Doubled).lines().prefixed(&["@"]),
        DOUBLE.holes(&[Hole::Braces]).prefixed(&["$"]),
        DOUBLE,
        SINGLE,
    ],
    words: &[
        (
            Keyword,
            words![
                abstract add and as async await base break case catch checked class const continue default delegate do
                else enum event explicit extern file finally fixed for foreach get global goto if implicit in init
                interface internal into is join let lock managed namespace new not on operator or orderby out override
                params partial private protected public readonly record ref remove required return scoped sealed
                select set sizeof stackalloc static struct switch this throw try typeof unchecked unmanaged unsafe
                using value var virtual volatile when where while with yield
            ],
        ),
        (
            Type,
            words![
                bool byte char decimal double dynamic float int long nint nuint object sbyte short string uint ulong
                ushort void
            ],
        ),
        (Constant, words![false null true]),
    ],
    sigils: &[("#", Keyword)],
    calls: Calls::AnyBefore,
    definitions: &[
        ("class", Type),
        ("struct", Type),
        ("interface", Type),
        ("enum", Type),
        ("record", Type),
        ("namespace", Type),
        ("new", Type),
    ],
    ..BRACES
};

pub(in super::super) static JAVA: Language = Language {
    quotes: &[Quote::new("\"\"\"").lines(), FORMAT, SINGLE],
    words: &[
        (
            Keyword,
            words![
                abstract assert break case catch class const continue default do else enum exports extends final
                finally for goto if implements import instanceof interface module native new non_sealed opens package
                permits private protected provides public record requires return sealed static strictfp switch
                synchronized throw throws transient transitive try uses var volatile when while with yield
            ],
        ),
        (Type, words![boolean byte char double float int long short void]),
        (Constant, words![false null super this true]),
    ],
    sigils: &[("@", Attribute)],
    definitions: &[("class", Type), ("interface", Type), ("enum", Type), ("record", Type)],
    ..BRACES
};

pub(in super::super) static GROOVY: Language = Language {
    quotes: &[Quote::new("\"\"\"").lines().holes(DOLLARS), Quote::new("'''").lines(), DOUBLE.holes(DOLLARS), SINGLE],
    words: &[
        (
            Keyword,
            words![
                abstract as assert break case catch class const continue def default do else enum extends final
                finally for goto if implements import in instanceof interface native new package private protected
                public return static strictfp switch synchronized throw throws trait transient try var volatile while
            ],
        ),
        (Type, words![boolean byte char double float int long short void]),
        (Constant, words![false it null super this true]),
    ],
    sigils: &[("@", Attribute)],
    has_regexes: true,
    definitions: &[("class", Type), ("interface", Type), ("enum", Type), ("trait", Type)],
    ..BRACES
};

/// `$name` and `${…}`.
const DOLLARS: &[Hole] = &[Hole::Code("${", b'}'), Hole::Word(b'$')];

const JS_QUOTES: &[Quote] = &[DOUBLE, SINGLE, Quote::new("`").lines().holes(&[Hole::Code("${", b'}')])];

pub(in super::super) static JAVASCRIPT: Language = Language {
    quotes: JS_QUOTES,
    words: &[
        (
            Keyword,
            words![
                as async await break case catch class const continue debugger default delete do else export extends
                finally for from function get if import in instanceof let new of return set static switch throw try
                typeof using var void while with yield
            ],
        ),
        (Constant, words![Infinity NaN arguments false globalThis null super this true undefined]),
    ],
    in_words: b"$",
    sigils: &[("@", Attribute), ("#", Variable)],
    definitions: &[("class", Type), ("function", Function)],
    has_parameters: true,
    has_regexes: true,
    has_tags: true,
    ..BRACES
};

const TS_WORDS: &[(super::Class, &[&str])] = &[
    (
        Keyword,
        words![
            abstract accessor as asserts async await break case catch class const continue debugger declare default
            delete do else enum export extends finally for from function get global if implements import in infer
            instanceof interface is keyof let module namespace new of out override private protected public readonly
            return satisfies set static switch throw try type typeof unique using var while with yield
        ],
    ),
    (Type, words![any bigint boolean never number object string symbol unknown void]),
    (Constant, words![Infinity NaN arguments false globalThis null super this true undefined]),
];

pub(in super::super) static TYPESCRIPT: Language = Language {
    words: TS_WORDS,
    definitions: &[
        ("class", Type),
        ("function", Function),
        ("interface", Type),
        ("type", Type),
        ("enum", Type),
        ("namespace", Type),
    ],
    has_tags: false,
    ..JAVASCRIPT_BASE
};

pub(in super::super) static TSX: Language = Language { has_tags: true, ..TYPESCRIPT_BASE };

const JAVASCRIPT_BASE: Language = Language {
    quotes: JS_QUOTES,
    in_words: b"$",
    sigils: &[("@", Attribute), ("#", Variable)],
    has_parameters: true,
    has_regexes: true,
    ..BRACES
};

const TYPESCRIPT_BASE: Language = Language {
    words: TS_WORDS,
    definitions: &[
        ("class", Type),
        ("function", Function),
        ("interface", Type),
        ("type", Type),
        ("enum", Type),
        ("namespace", Type),
    ],
    ..JAVASCRIPT_BASE
};

pub(in super::super) static QML: Language = Language {
    words: &[
        (
            Keyword,
            words![
                alias break case catch component const continue default delete do else enum for function if import in
                instanceof let new on pragma property readonly required return signal switch throw try typeof var
                while with
            ],
        ),
        (Type, words![bool color date double int list real string url variant]),
        (Constant, words![false null parent root this true undefined]),
    ],
    definitions: &[("function", Function), ("signal", Function)],
    key: b':',
    ..JAVASCRIPT_BASE
};

pub(in super::super) static ACTIONSCRIPT: Language = Language {
    words: &[
        (
            Keyword,
            words![
                as break case catch class const continue default delete do dynamic each else extends final finally for
                function get if implements import in include instanceof interface internal is namespace native new
                override package private protected public return set static switch throw try typeof use var while with
            ],
        ),
        (Type, words![Array Boolean Number Object String int uint void]),
        (Constant, words![Infinity NaN false null super this true undefined]),
    ],
    definitions: &[("class", Type), ("function", Function), ("interface", Type)],
    ..JAVASCRIPT_BASE
};

pub(in super::super) static GO: Language = Language {
    quotes: &[FORMAT, SINGLE, Quote::new("`").raw().lines()],
    words: &[
        (
            Keyword,
            words![
                break case chan const continue default defer else fallthrough for func go goto if import interface map
                package range return select struct switch type var
            ],
        ),
        (
            Type,
            words![
                any bool byte comparable complex128 complex64 error float32 float64 int int16 int32 int64 int8 rune
                string uint uint16 uint32 uint64 uint8 uintptr
            ],
        ),
        (Constant, words![false iota nil true]),
    ],
    calls: Calls::AnyBefore,
    definitions: &[("func", Function), ("type", Type)],
    has_parameters: true,
    ..BRACES
};

/// `go.mod` and `go.work`.
pub(in super::super) static GO_MOD: Language = Language {
    comments: SLASHES,
    words: &[(Keyword, words![exclude go module replace require retract tool toolchain use])],
    quotes: &[DOUBLE],
    sigils: &[],
    in_words: b".-/",
    operators: b"=>",
    ..PLAIN
};

pub(in super::super) static RUST: Language = Language {
    comments: NESTED_SLASHES,
    quotes: &[
        DOUBLE.raw().lines().hashes().prefixed(&["r", "br", "cr"]),
        FORMAT.lines().prefixed(&["", "b", "c"]),
        CHARACTER.prefixed(&["", "b"]),
    ],
    words: &[
        (
            Keyword,
            words![
                Self as async await break const continue crate dyn else enum extern fn for gen if impl in let loop
                macro_rules match mod move mut pub ref return static struct super trait try type union unsafe use
                where while yield
            ],
        ),
        (Type, words![bool char f32 f64 i128 i16 i32 i64 i8 isize str u128 u16 u32 u64 u8 usize]),
        (Constant, words![false self true]),
    ],
    has_macros: true,
    definitions: &[
        ("fn", Function),
        ("struct", Type),
        ("enum", Type),
        ("trait", Type),
        ("type", Type),
        ("union", Type),
        ("mod", Type),
    ],
    has_parameters: true,
    annotations: &["#![", "#["],
    operators: NO_COLON,
    ..BRACES
};

pub(in super::super) static KOTLIN: Language = Language {
    comments: NESTED_SLASHES,
    quotes: &[Quote::new("\"\"\"").raw().lines().holes(DOLLARS), DOUBLE.holes(DOLLARS), SINGLE],
    words: &[
        (
            Keyword,
            words![
                abstract actual annotation as break by catch class companion const constructor continue crossinline
                data do dynamic else enum expect external final finally for fun get if import in infix init inline
                inner interface internal is lateinit noinline object open operator out override package private
                protected public reified return sealed set suspend tailrec throw try typealias val value var vararg
                when where while
            ],
        ),
        (Constant, words![false it null super this true]),
    ],
    sigils: &[("@", Attribute)],
    definitions: &[("fun", Function), ("class", Type), ("interface", Type), ("object", Type), ("typealias", Type)],
    has_parameters: true,
    ..BRACES
};

pub(in super::super) static SWIFT: Language = Language {
    comments: NESTED_SLASHES,
    quotes: &[
        Quote::new("\"\"\"").lines().holes(&[Hole::Code("\\(", b')')]),
        DOUBLE.holes(&[Hole::Code("\\(", b')')]),
        DOUBLE.raw().hashes(),
    ],
    words: &[
        (
            Keyword,
            words![
                Self actor any as associatedtype async await borrowing break case catch class consuming continue
                convenience default defer deinit didSet do dynamic each else enum extension fallthrough fileprivate
                final for func get guard if import in indirect infix init inout internal is isolated lazy let macro
                mutating nonisolated nonmutating open operator optional override package postfix precedencegroup
                prefix private protocol public repeat required rethrows return set some static struct subscript switch
                throw throws try typealias unowned var weak where while willSet
            ],
        ),
        (Constant, words![false nil self super true]),
    ],
    sigils: &[("@", Attribute), ("#", Keyword), ("$", Variable)],
    definitions: &[
        ("func", Function),
        ("class", Type),
        ("struct", Type),
        ("enum", Type),
        ("protocol", Type),
        ("actor", Type),
        ("extension", Type),
        ("typealias", Type),
    ],
    has_parameters: true,
    ..BRACES
};

pub(in super::super) static SCALA: Language = Language {
    comments: NESTED_SLASHES,
    quotes: &[
        Quote::new("\"\"\"").raw().lines().holes(DOLLARS).prefixed(&["s", "f", "raw"]),
        Quote::new("\"\"\"").raw().lines(),
        DOUBLE.holes(DOLLARS).prefixed(&["s", "f", "raw"]),
        DOUBLE,
        CHARACTER,
    ],
    words: &[
        (
            Keyword,
            words![
                abstract case catch class def derives do else end enum export extends extension final finally for
                forSome given if implicit import infix inline lazy match new object opaque open override package
                private protected return sealed then throw trait transparent try type using val var while with yield
            ],
        ),
        (Constant, words![None false null super this true]),
    ],
    sigils: &[("@", Attribute)],
    definitions: &[
        ("def", Function),
        ("class", Type),
        ("object", Type),
        ("trait", Type),
        ("type", Type),
        ("enum", Type),
    ],
    has_parameters: true,
    ..BRACES
};

pub(in super::super) static DART: Language = Language {
    comments: NESTED_SLASHES,
    quotes: &[
        Quote::new("\"\"\"").lines().holes(DOLLARS),
        Quote::new("'''").lines().holes(DOLLARS),
        DOUBLE.raw().prefixed(&["r"]),
        SINGLE.raw().prefixed(&["r"]),
        DOUBLE.holes(DOLLARS),
        SINGLE.holes(DOLLARS),
    ],
    words: &[
        (
            Keyword,
            words![
                abstract as assert async await base break case catch class const continue covariant default deferred
                do dynamic else enum export extends extension external factory final finally for get hide if
                implements import in interface is late library mixin new on operator part required rethrow return
                sealed set show static switch sync throw try typedef var when while with yield
            ],
        ),
        (Type, words![bool double int num void]),
        (Constant, words![false null super this true]),
    ],
    sigils: &[("@", Attribute)],
    definitions: &[("class", Type), ("enum", Type), ("mixin", Type), ("extension", Type), ("typedef", Type)],
    ..BRACES
};

const PHP_HOLES: &[Hole] = &[Hole::Code("{$", b'}'), Hole::Code("${", b'}'), Hole::Word(b'$')];

pub(in super::super) static PHP: Language = Language {
    comments: &[Comment::Line("//"), Comment::Block("/*", "*/"), Comment::Apart("# "), Comment::First("##")],
    quotes: &[DOUBLE.lines().holes(PHP_HOLES), SINGLE.lines()],
    words: &[
        (
            Keyword,
            words![
                abstract and array as break callable case catch class clone const continue declare default die do echo
                else elseif empty enddeclare endfor endforeach endif endswitch endwhile enum eval exit extends final
                finally fn for foreach from function global goto if implements include include_once instanceof
                insteadof interface isset list match namespace new or print private protected public readonly require
                require_once return static switch throw trait try unset use var while xor yield
            ],
        ),
        (Type, words![bool float int iterable mixed never object string void]),
        (Constant, &["$this", "FALSE", "NULL", "TRUE", "false", "null", "parent", "self", "true"]),
    ],
    sigils: &[("$", Variable)],
    definitions: &[
        ("function", Function),
        ("class", Type),
        ("interface", Type),
        ("trait", Type),
        ("enum", Type),
        ("namespace", Type),
    ],
    annotations: &["#["],
    operators: b"+-*/%=<>!&|^~?.",
    heredocs: &["<<<"],
    ..BRACES
};

pub(in super::super) static D: Language = Language {
    comments: &[Comment::Line("//"), Comment::Block("/*", "*/"), Comment::Nested("/+", "+/")],
    quotes: &[DOUBLE.raw().prefixed(&["r"]), FORMAT.lines(), Quote::new("`").raw().lines(), SINGLE],
    words: &[
        (
            Keyword,
            words![
                abstract alias align asm assert auto body break case cast catch class const continue debug default
                delegate delete deprecated do else enum export extern final finally for foreach foreach_reverse
                function goto if immutable import in inout interface invariant is lazy mixin module new nothrow out
                override package pragma private protected public pure ref return scope shared static struct switch
                synchronized template throw try typeid typeof union unittest version while with
            ],
        ),
        (
            Type,
            words![
                bool byte char dchar double dstring float int long real short size_t string ubyte uint ulong ushort
                void wchar wstring
            ],
        ),
        (Constant, words![false null super this true]),
    ],
    sigils: &[("@", Attribute)],
    definitions: &[("class", Type), ("struct", Type), ("interface", Type), ("enum", Type), ("union", Type)],
    ..BRACES
};

pub(in super::super) static ZIG: Language = Language {
    quotes: &[FORMAT, SINGLE, Quote::between("\\\\", "\n").raw()],
    words: &[
        (
            Keyword,
            words![
                addrspace align allowzero and anyframe anytype asm async await break callconv catch comptime const
                continue defer else enum errdefer error export extern fn for if inline linksection noalias noinline
                nosuspend opaque or orelse packed pub resume return struct suspend switch test threadlocal try union
                unreachable usingnamespace var volatile while
            ],
        ),
        (
            Type,
            words![
                anyerror anyopaque bool c_int comptime_float comptime_int f128 f16 f32 f64 f80 i128 i16 i32 i64 i8
                isize noreturn type u1 u128 u16 u32 u64 u8 usize void
            ],
        ),
        (Constant, words![false null true undefined]),
    ],
    sigils: &[("@", Function)],
    definitions: &[("fn", Function)],
    has_parameters: true,
    ..BRACES
};

pub(in super::super) static ODIN: Language = Language {
    comments: NESTED_SLASHES,
    quotes: &[FORMAT, SINGLE, Quote::new("`").raw().lines()],
    words: &[
        (
            Keyword,
            words![
                asm auto_cast bit_set break case cast context continue defer distinct do dynamic else enum fallthrough
                for foreign if import in map matrix not_in or_break or_continue or_else or_return package proc return
                struct switch transmute typeid union using when where
            ],
        ),
        (
            Type,
            words![
                any bool byte cstring f16 f32 f64 i128 i16 i32 i64 i8 int rawptr rune string u128 u16 u32 u64 u8 uint
                uintptr
            ],
        ),
        (Constant, words![false nil true]),
    ],
    sigils: &[("@", Attribute), ("#", Attribute), ("$", Variable)],
    ..BRACES
};

pub(in super::super) static SOLIDITY: Language = Language {
    words: &[
        (
            Keyword,
            words![
                abstract anonymous as assembly break calldata case catch constant constructor continue contract
                default delete do else emit enum error event external fallback final for function if immutable import
                indexed interface internal is let library mapping memory modifier new override payable pragma private
                public pure receive return returns solidity storage struct switch throw transient try type unchecked
                using view virtual while
            ],
        ),
        (
            Type,
            words![
                address bool byte bytes bytes32 bytes4 fixed int int256 string uint uint128 uint16 uint256 uint32
                uint64 uint8 var
            ],
        ),
        (Constant, words![block days ether false gwei hours minutes msg now seconds super this true tx weeks wei]),
    ],
    definitions: &[
        ("function", Function),
        ("contract", Type),
        ("interface", Type),
        ("library", Type),
        ("struct", Type),
        ("enum", Type),
        ("event", Function),
        ("modifier", Function),
        ("error", Function),
    ],
    ..BRACES
};

pub(in super::super) static SHADER: Language = Language {
    words: &[
        (
            Keyword,
            words![
                alias attribute bind break buffer case cbuffer centroid const const_assert continue continuing default
                diagnostic discard do else enable enum false fn for group highp if in inout invariant layout let loop
                lowp mediump out override precision readonly return shared smooth static struct switch texture true
                uniform var varying while writeonly
            ],
        ),
        (
            Type,
            words![
                array atomic bool bvec2 bvec3 bvec4 double f16 f32 float float2 float3 float4 float4x4 half i32
                image2D int isampler2D ivec2 ivec3 ivec4 mat2 mat2x2 mat3 mat3x3 mat4 mat4x4 ptr sampler sampler2D
                sampler2DShadow sampler3D samplerCube texture_2d u32 uint uvec2 uvec3 uvec4 vec2 vec2f vec3 vec3f vec4
                vec4f void
            ],
        ),
    ],
    sigils: &[("#", Keyword), ("@", Attribute), ("gl_", Constant)],
    definitions: &[("struct", Type), ("fn", Function)],
    ..BRACES
};

/// JavaScript's words between `{{` and `}}` of a template, and what templates add to them.
pub(in super::super) static TEMPLATE: Language = Language {
    quotes: &[DOUBLE, SINGLE],
    words: &[
        (
            Keyword,
            words![
                and as block by call do each elif else elseif elsif end endblock endcall endfor endif endmacro endset
                endunless endwith extends filter for from if import in include is let log macro not only or partial
                raw render set unless url verbatim with without yield
            ],
        ),
        (Constant, words![False None True false nil none null this true undefined]),
    ],
    sigils: &[("@", Variable), ("$", Variable), ("#", Keyword), ("/", Keyword)],
    capitals: Capitals::Plain,
    calls: Calls::Before,
    operators: NO_COLON,
    ..PLAIN
};

const BARS: &[TemplateHole] =
    &[("{{!--", "--}}", None), ("{{", "}}", Some(&TEMPLATE)), ("{%", "%}", Some(&TEMPLATE)), ("{#", "#}", None)];

pub(in super::super) static HTML: Markup = Markup::html(&JAVASCRIPT, BARS);
pub(in super::super) static XML: Markup = Markup::xml(&JAVASCRIPT);
/// Components, whose scripts may have types.
pub(in super::super) static COMPONENT: Markup = Markup::html(
    &TYPESCRIPT,
    &[
        ("{{", "}}", Some(&TYPESCRIPT)),
        ("{#", "}", Some(&TEMPLATE)),
        ("{:", "}", Some(&TEMPLATE)),
        ("{/", "}", Some(&TEMPLATE)),
        ("{@", "}", Some(&TEMPLATE)),
    ],
);
pub(in super::super) static PHP_PAGE: Markup =
    Markup::html(&JAVASCRIPT, &[("<?php", "?>", Some(&PHP)), ("<?=", "?>", Some(&PHP))]);
pub(in super::super) static RUBY_PAGE: Markup = Markup::html(
    &JAVASCRIPT,
    &[
        ("<%#", "%>", None),
        ("<%=", "%>", Some(&super::RUBY)),
        ("<%-", "%>", Some(&super::RUBY)),
        ("<%", "%>", Some(&super::RUBY)),
    ],
);
pub(in super::super) static ELIXIR_PAGE: Markup = Markup::html(
    &JAVASCRIPT,
    &[("<%#", "%>", None), ("<%=", "%>", Some(&super::ELIXIR)), ("<%", "%>", Some(&super::ELIXIR))],
);
pub(in super::super) static JAVA_PAGE: Markup = Markup::html(
    &JAVASCRIPT,
    &[
        ("<%--", "--%>", None),
        ("<%@", "%>", Some(&JAVA)),
        ("<%=", "%>", Some(&JAVA)),
        ("<%", "%>", Some(&JAVA)),
        ("${", "}", Some(&JAVA)),
    ],
);
pub(in super::super) static BASIC_PAGE: Markup = Markup::html(&JAVASCRIPT, &[("<%", "%>", Some(&super::VISUAL_BASIC))]);

pub(in super::super) static PROTO: Language = Language {
    words: &[
        (
            Keyword,
            words![
                enum extend extensions group import map message oneof option optional package public repeated required
                reserved returns rpc service stream syntax to weak
            ],
        ),
        (
            Type,
            words![
                bool bytes double fixed32 fixed64 float int32 int64 sfixed32 sfixed64 sint32 sint64 string uint32
                uint64
            ],
        ),
        (Constant, words![false true]),
    ],
    definitions: &[("message", Type), ("service", Type), ("enum", Type), ("rpc", Function)],
    ..BRACES
};

pub(in super::super) static GRAPHQL: Language = Language {
    comments: HASH,
    quotes: &[Quote::new("\"\"\"").lines().comment(), DOUBLE],
    words: &[
        (
            Keyword,
            words![
                directive enum extend fragment implements input interface mutation on query repeatable scalar schema
                subscription type union
            ],
        ),
        (Type, words![Boolean Float ID Int String]),
        (Constant, words![false null true]),
    ],
    sigils: &[("$", Variable), ("@", Attribute)],
    definitions: &[
        ("type", Type),
        ("enum", Type),
        ("input", Type),
        ("interface", Type),
        ("query", Function),
        ("mutation", Function),
        ("fragment", Function),
    ],
    key: b':',
    operators: b"!|&=",
    ..BRACES
};
