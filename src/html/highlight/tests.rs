use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::text::steps;

/// So often a byte may be looked at.
const MOST_LOOKS: usize = 20;

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

#[test]
fn each_name_means_one_thing() {
    let mut seen = HashSet::new();
    for name in names::NAMES.iter().flat_map(|(_, names)| *names) {
        assert_eq!(*name, name.to_lowercase());
        assert!(seen.insert(*name), "{name} stands twice");
    }
}

/// They are looked for by halves.
#[test]
fn words_are_sorted_and_have_one_class() {
    for (reader, names) in names::NAMES {
        let Reader::Scanner(language) = reader else { continue };
        let mut seen = HashSet::new();
        for (_, words) in language.words {
            assert!(words.is_sorted(), "{names:?}: {words:?}");
            for word in *words {
                assert!(seen.insert(*word), "{names:?}: {word} stands twice");
                assert!(!language.folds_case || *word == word.to_lowercase(), "{names:?}: {word}");
            }
        }
    }
}

/// What opens and closes something in one language or another.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "\"", "'", "`", "\"\"\"", "'''", "''", "$$", "|||", "%w[", "qq{", "r#\"", "\"#", "#\"", "R\"(", ")\"", "f\"", "$\"", "@\"", "\\", "\\\"",
    "\\(", "${", "#{", "$(", "$((", "))", "{{", "}}", "{%", "%}", "<%", "%>", "<?php", "?>", "{", "}", "(", ")", "[", "]", "[[", "]]", "<",
    ">", "</", "/>", "<a", "<a ", "<script>", "</script>", "<style>", "</style>", "<!--", "-->", "<![CDATA[", "]]>", "&", "&amp;", "/*",
    "*/", "//", "/", "/[", "#", "##", "#[", "--", "--[[", "{-", "-}", "(*", "*)", ";", ":", "::", ",", ".", "..", "=", "==", "=>", "->",
    "|", "||", "!", "?", "@", "@a.b", "$x", ":x", "%", "%d", "~", "^", "+", "-", "*", "<<EOF", "<<~A", "<<<X", "<<EOF\n", "EOF", "A", "1",
    "0x1F", "1.5e-3", "a", "fn", "def", "class", "if", "f(", "return", "var", "é", "\u{1F600}", " ", "  ", "\t", "\n", "\r\n", "\n  ",
    "- ", "a: ", "|\n", "---\n", "```\n", "```rust\n", "FROM ", "RUN ", "$ ", "GET /", "\\\n", "[a]", "# ", "@@", "\0", "](", "](a", "`` ",
    "'\\", "'a", "b'", "\"\\", "b'\\", "\"\\(", "'\\\n", "\"\\\\", "$'\\", "#\\", "a'",
];

proptest! {
    #[test]
    fn tokens_are_the_code(
        reader in 0..names::NAMES.len(),
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40),
    ) {
        let (reader, names) = &names::NAMES[reader];
        let code = pieces.concat();
        let found = tokens(reader, &code);
        let mut at = 0;
        for token in &found {
            let text = code.get(at..token.end).unwrap_or_default();
            prop_assert!(!text.is_empty(), "{:?} {:?}", names, found);
            prop_assert!(token.class.is_none() || !text.contains('\n'), "{:?} {:?}", names, found);
            at = token.end;
        }
        prop_assert_eq!(at, code.len());
    }
}

/// Whatever is left open, no reader looks through the rest at each byte.
#[test]
fn what_is_left_open_is_read_once() {
    for language in ["rust", "python", "ruby", "tsx", "bash", "yaml", "scss", "html", "markdown"] {
        let reader = names::reader(language).unwrap();
        for piece in PIECES {
            let code = piece.repeat(6_000 / piece.len());
            let (looked_at, found) = steps::taken_by(|| tokens(reader, &code));
            assert_eq!(found.last().map(|token| token.end), Some(code.len()));
            assert!(looked_at <= MOST_LOOKS * code.len(), "{language}: {piece:?}: {looked_at} of {}", code.len());
        }
    }
}

#[test]
fn what_is_open_within_more_than_is_kept_is_text() {
    let holes = |language: &str, piece: &str| {
        let found = tokens(names::reader(language).unwrap(), &piece.repeat(100));
        found.iter().filter(|token| token.class == Some(Class::Keyword)).count()
    };
    // A quote and a hole each.
    assert_eq!(holes("js", "`${"), 32);
    assert_eq!(holes("ruby", "\"#{"), 32);
    assert_eq!(holes("kotlin", "\"${"), 32);
}

/// A quote that ends with its line closes what is open in it: the brace behind it closes nothing, and a quote begins.
#[test]
fn a_hole_ends_with_the_quote_that_it_is_in() {
    for (language, code) in [("python", "x = f\"{a\n}\" # b\"\n"), ("kotlin", "\"${a\n}\" // b\"\n")] {
        let found = tokens(names::reader(language).unwrap(), code);
        assert_eq!(found.iter().rev().find_map(|token| token.class), Some(Class::String), "{language}");
    }
}

#[test]
fn what_was_read_is_kept_up_to_a_bound() {
    let tokens: Arc<[Token]> = vec![Token { end: 1, class: None }; 100_000].into();
    let size = size_of_val::<[Token]>(&tokens);
    let mut read = Read::default();
    for version in 0..100 {
        let code = format!("let x = {version};");
        read.insert("rust", &code, &tokens);
        assert_eq!(read.get("rust", &code).as_deref(), Some(&*tokens));
        let kept: usize = read.blocks.values().map(HashMap::len).sum();
        assert!(kept * size <= MAX_KEPT && kept * size <= read.bytes, "{kept}");
    }
}

#[test]
fn what_closes_nowhere_is_looked_for_once() {
    let code = "](".repeat(6_000);
    let (looked_at, _) = steps::taken_by(|| tokens(names::reader("markdown").unwrap(), &code));
    assert!(looked_at <= MOST_LOOKS * code.len(), "{looked_at}");
}

/// The case shows what each reader makes of its languages.
#[test]
fn each_reader_is_in_the_case() {
    let case = include_str!("../../../tests/cases/code/every-language.md");
    let fences: HashSet<&str> = case.lines().filter_map(|line| line.strip_prefix("```")).collect();
    let missing =
        names::NAMES.iter().map(|(_, names)| *names).filter(|names| !names.iter().any(|name| fences.contains(name)));
    assert_eq!(missing.collect::<Vec<_>>(), [&[""; 0]; 0]);
}
