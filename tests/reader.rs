//! Feeds the reader what nobody would write: it must not panic, and every span must lie in its source.
#![expect(clippy::indexing_slicing, reason = "a test fails by a panic")]

use deckle::api::config::Settings;
use deckle::api::ir::DeckName;
use deckle::api::markdown;
use deckle::api::source::{Source, SourceId, Span};
use proptest::prelude::*;

/// Pieces that mean something to the reader, and some that only look so.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "  ",
    "    ",
    "\t",
    "# ",
    "## ",
    "### ",
    "---\n",
    "===\n",
    "+++\n",
    "```\n",
    "```rust\n",
    "~~~\n",
    "`",
    "``",
    "*",
    "**",
    "_",
    "~~",
    "==",
    "=",
    "{",
    "}",
    "{{",
    "}}",
    "{{c1::",
    "{{c2,3::",
    "{{c0::",
    "{{c1|hint::",
    "::",
    ":",
    "\n: ",
    "\n:   ",
    "$",
    "$$",
    "$5",
    "\\",
    "\\{",
    "\\$",
    "|",
    "\n|---|---|\n",
    "\n| a | b |\n",
    "- ",
    "1. ",
    "- [x] ",
    "> ",
    "> [!TIP]",
    "> [!note]- t",
    "[^1]",
    "\n[^1]: ",
    "[",
    "]",
    "](",
    ")",
    "![",
    "<",
    ">",
    "<!-- back -->",
    "<!-- deckle: .cloze -->",
    "<!--",
    "-->",
    "<br>",
    "<img src=\"a.png\" onclick=x>",
    "<div>\n",
    "</div>",
    " {.cloze}",
    " {.list}",
    " {.rows}",
    " {.terms}",
    " {.note}",
    " {.prose}",
    " {.typed .reversed}",
    " {#id}",
    " {tags=a_b deck=A::B}",
    " {.revesed}",
    "&amp;",
    "&#123;",
    "&",
    "a",
    "word",
    "ä",
    "日本",
    "שלום",
    "🦀",
    "\u{1}",
    "\u{0}",
    "\u{feff}",
    "\u{301}",
    "e\u{301}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        check(&pieces.concat());
    }
}

#[test]
fn deep_nesting_is_bounded() {
    for piece in ["> ", "- ", "**a ", "[", "{{c1::", "==a ", "<b>", "`{{c1::", "$a{{c1::", "(", "_a *b ", "![", "1. "] {
        check(&format!("## x\n\n{}", piece.repeat(5000)));
        check(&format!("## x\n\n{}", format!("{piece}\n").repeat(2000)));
    }
    for (open, close) in
        [("==x ", "y== "), ("{{c1::x ", "y}} "), ("**x ", "y** "), ("[x ", "y](z) "), ("`{{c1::x` ", "`}}` ")]
    {
        check(&format!("## x {{.cloze}}\n\n{}{}", open.repeat(5000), close.repeat(5000)));
    }
}

#[expect(clippy::expect_used, reason = "a test says what broke")]
fn check(text: &str) {
    let source = Source { path: "a.md".into(), text: text.into() };
    let settings = Settings { deck: DeckName::new("D"), ..Settings::default() };
    let document = markdown::read(SourceId(0), &source, "a.md", &settings);
    for diagnostic in &document.diagnostics {
        assert_span(text, diagnostic.span);
        diagnostic.labels.iter().for_each(|label| assert_span(text, label.span));
    }
    for note in &document.notes {
        assert_span(text, note.span);
    }
    let json = serde_json::to_value((&document.notes, &document.chapter)).expect("the IR serialises");
    assert_spans(text, &json);
}

fn assert_span(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
}

fn assert_spans(text: &str, value: &serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            if let Some(serde_json::Value::Array(span)) = fields.get("span") {
                let at = |index: usize| span[index].as_u64().unwrap_or(u64::MAX) as usize;
                assert!(text.get(at(1)..at(2)).is_some(), "{span:?} in {text:?}");
            }
            fields.values().for_each(|value| assert_spans(text, value));
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| assert_spans(text, value)),
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => {}
    }
}
