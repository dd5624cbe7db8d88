//! Content trees made by hand, and the HTML they must become.

use super::*;
use crate::ir::{
    Alignment, Cell, Cloze, Embed, Grid, Hidden, HtmlLink, HtmlMedia, Inline, InlineKind, Link, ListItem, MediaRef,
    RawHtml, Run, Size,
};
use crate::source::{SourceId, Span};

const SPAN: Span = Span { source: SourceId(0), start: 0, end: 0 };

fn block(kind: BlockKind) -> Block {
    Block { span: SPAN, kind }
}

fn inline(kind: InlineKind) -> Inline {
    Inline { span: SPAN, kind }
}

fn text(text: &str) -> Inline {
    inline(InlineKind::Text { text: text.into() })
}

fn raw(text: &str) -> Inline {
    inline(InlineKind::Html { html: RawHtml { text: text.into(), media: Vec::new(), links: Vec::new() }.into() })
}

fn link(url: &str, content: &str) -> Inline {
    inline(InlineKind::Link(Link { url: url.into(), address: None, title: None, content: vec![text(content)] }.into()))
}

fn media(path: &str) -> Inline {
    let media = MediaRef::Local { path: path.into() };
    let size = Size { width: Some(30), ..Size::default() };
    inline(InlineKind::Media(Embed { media, alt: "a \"b\"".into(), title: None, size }.into()))
}

fn paragraph(content: Vec<Inline>) -> Block {
    block(BlockKind::Paragraph { content })
}

fn number(number: u16, hint: Option<&str>) -> Cloze {
    Cloze { span: SPAN, numbers: vec![number], hint: hint.map(Into::into), assigned: false }
}

fn cloze(content: Vec<Inline>) -> Inline {
    inline(InlineKind::Cloze(Hidden { cloze: number(1, None), content }.into()))
}

fn run(text: &str) -> Run {
    Run::Text { text: text.into() }
}

fn run_cloze(text: &str) -> Run {
    Run::Cloze { cloze: number(1, None).into(), content: vec![run(text)] }
}

fn code(language: &str, content: Vec<Run>) -> Block {
    block(BlockKind::Code { language: Some(language.into()), content })
}

fn anki(blocks: &[Block]) -> String {
    with(blocks, ClozeStyle::Anki, false)
}

fn line(content: Vec<Inline>) -> String {
    anki(&[paragraph(content)])
}

fn with(blocks: &[Block], cloze: ClozeStyle, trusts_html: bool) -> String {
    let media = BTreeMap::from([("pics/a b.png", "a b-1234.png"), ("s.mp3", "s&t-1234.mp3")]);
    render(blocks, &Style { media: &media, cloze, math: MathStyle::Tex, playing: Playing::Anki, trusts_html })
}

#[test]
fn a_single_paragraph_stands_bare() {
    assert_eq!(line(vec![text("1 < 2 & \"3\"")]), "1 &lt; 2 &amp; \"3\"");
    assert_eq!(anki(&[paragraph(vec![text("a")]), paragraph(vec![text("b")])]), "<p>a</p>\n<p>b</p>");
}

#[test]
fn braces_inside_a_deletion_do_not_close_it() {
    assert_eq!(line(vec![cloze(vec![text("a}}b}")])]), "{{c1::a&#125;&#125;b&#125;}}");
    let math =
        inline(InlineKind::Math { display: false, content: vec![run("x^{2"), run_cloze("\\frac{a}{b}<c"), run("}")] });
    assert_eq!(line(vec![math]), "\\(x^{2{{c1::\\frac{a&#125;{b&#125;&lt;c}}}\\)");
}

#[test]
fn colons_inside_a_deletion_start_no_hint() {
    assert_eq!(line(vec![cloze(vec![text("Vec::new:::x")])]), "{{c1::Vec:&#58;new:&#58;:x}}");
    assert_eq!(line(vec![cloze(vec![text(":a")])]), "{{c1::&#58;a}}");
    let hinted =
        inline(InlineKind::Cloze(Hidden { cloze: number(2, Some("a::b}}")), content: vec![text("x:")] }.into()));
    assert_eq!(line(vec![hinted]), "{{c2::x&#58;::a:&#58;b&#125;&#125;}}");
    assert_eq!(line(vec![text("Vec::new")]), "Vec::new");
}

#[test]
fn an_address_inside_a_deletion_starts_no_hint() {
    let html = line(vec![cloze(vec![link("urn::a}}", "x")])]);
    assert_eq!(html, "{{c1::<a href=\"urn:&#58;a&#125;&#125;\">x</a>}}");
}

#[test]
fn prose_that_looks_like_a_cloze_is_none() {
    assert_eq!(line(vec![text("{{c1::x}}")]), "{&#123;c1::x}}");
    assert_eq!(line(vec![text("{{{c1::x}}}")]), "{{&#123;c1::x}}}");
    assert_eq!(line(vec![text("{{c,1::x}}")]), "{&#123;c,1::x}}");
    assert_eq!(line(vec![text("{"), cloze(vec![text("x")]), text("}")]), "&#123;{{c1::x}}}");
    assert_eq!(line(vec![text("{{ .Name }}")]), "{{ .Name }}");
}

#[test]
fn deletions_nest_and_have_several_numbers() {
    let both = Cloze { span: SPAN, numbers: vec![1, 2], hint: None, assigned: false };
    let inner = inline(InlineKind::Cloze(Hidden { cloze: number(3, Some("h")), content: vec![text("b")] }.into()));
    let outer = inline(InlineKind::Cloze(Hidden { cloze: both, content: vec![text("a "), inner, text("} c")] }.into()));
    assert_eq!(line(vec![outer.clone()]), "{{c1::{{c2::a {{c3::b::h}}&#125; c}}}}");
    assert_eq!(with(&[paragraph(vec![outer])], ClozeStyle::Unwrapped, false), "a b} c");
}

/// Anki takes ten within each other: nothing is written that makes more of them than the author did.
#[test]
fn numbers_are_nested_as_deep_as_anki_goes() {
    let deletion = |numbers: Vec<u16>, content: Vec<Inline>| {
        let cloze = Cloze { span: SPAN, numbers, hint: Some("h".into()), assigned: false };
        inline(InlineKind::Cloze(Hidden { cloze, content }.into()))
    };
    assert_eq!(line(vec![deletion(vec![1, 2, 3], vec![text("a")])]), "{{c1::{{c2::{{c3::a::h}}::h}}::h}}");
    let ten = line(vec![deletion((1..=10).collect(), vec![text("a")])]);
    assert!(ten.starts_with("{{c1::{{c2::") && ten.contains("{{c10::a::h}}::h}}"), "{ten}");
    let eleven = line(vec![deletion((1..=11).collect(), vec![text("a")])]);
    assert_eq!(eleven, "{{c1,2,3,4,5,6,7,8,9,10,11::a::h}}");
    let inner = deletion((7..=11).collect(), vec![text("a")]);
    let outer = line(vec![deletion((1..=6).collect(), vec![inner])]);
    assert_eq!(outer, "{{c1,2,3,4,5,6::{{c7::{{c8::{{c9::{{c10::{{c11::a::h}}::h}}::h}}::h}}::h}}::h}}");
    let outer = line(vec![deletion(vec![1], vec![deletion((2..=11).collect(), vec![text("a")])])]);
    assert_eq!(outer, "{{c1::{{c2,3,4,5,6,7,8,9,10,11::a::h}}::h}}");
}

#[test]
fn a_deletion_holds_the_blocks_of_a_list_item() {
    let hidden = block(BlockKind::Cloze { cloze: number(1, None).into(), blocks: vec![paragraph(vec![text("x")])] });
    let item = ListItem { span: SPAN, checked: None, blocks: vec![hidden] };
    let list = block(BlockKind::List { start: Some(3), tight: true, items: vec![item] });
    assert_eq!(anki(&[list]), "<ol start=\"3\"><li>{{c1::x}}</li></ol>");
    let blocks = vec![paragraph(vec![text("x")]), block(BlockKind::Rule)];
    let hidden = block(BlockKind::Cloze { cloze: number(1, None).into(), blocks });
    let item = ListItem { span: SPAN, checked: None, blocks: vec![hidden] };
    let list = block(BlockKind::List { start: None, tight: true, items: vec![item] });
    assert_eq!(anki(&[list]), "<ul><li>{{c1::x\n<hr>}}</li></ul>");
}

#[test]
fn tokens_are_split_at_the_bounds_of_deletions() {
    let html = anki(&[code("rust", vec![run("let s = \"a"), run_cloze("b}}::c"), run("d\";\n")])]);
    let string = |text: &str| format!("<span class=\"hl-string\">{text}</span>");
    assert!(html.starts_with("<pre><code class=\"hl\"><span class=\"hl-keyword\">let</span> "), "{html}");
    let hidden = format!("{}{{{{c1::{}}}}}{}", string("\"a"), string("b&#125;&#125;:&#58;c"), string("d\""));
    assert!(html.contains(&hidden), "{html}");
    assert!(html.ends_with(";</code></pre>"), "{html}");
}

#[test]
fn code_without_a_known_language_is_plain() {
    assert_eq!(anki(&[code("nosuch", vec![run("a <b>\n")])]), "<pre><code>a &lt;b&gt;</code></pre>");
}

#[test]
fn highlighting_changes_no_text() {
    for (language, source) in [
        ("rust", "fn main() {\n    // é\n    let x: Vec<u8> = vec![1, 0xff];\n}\n"),
        ("json", "{\n  \"key\": [\"value\\n\", 1.5, true, null]\n}\n"),
        ("console", "$ aws ecs run-task --cluster \"$NAME\" # comment"),
        ("yaml", "a: &x 1\nb: 'c'\n\n"),
        ("python", "def f(x):\n    \"\"\"doc\n    two\"\"\"\n    return x + 1\n"),
        ("dockerfile", "FROM alpine:3\nRUN apk add curl\n"),
        ("terraform", "resource \"aws_ecs_cluster\" \"x\" {\n  name = var.name\n}\n"),
        ("toml", "[a]\nb = 1\n"),
        ("html", "<p class=\"a\">unclosed"),
    ] {
        let tokens = highlight::highlight(language, source).unwrap();
        assert!(tokens.iter().any(|token| token.class.is_some()), "{language} has no colours");
        assert_eq!(tokens.last().unwrap().end, source.len(), "{language}");
        let html = anki(&[code(language, vec![run(source)])]);
        let (mut shown, mut rest) = (String::new(), html.as_str());
        while let Some((before, after)) = rest.split_once('<') {
            shown.push_str(before);
            rest = after.split_once('>').unwrap().1;
        }
        let shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        assert_eq!(shown, source.strip_suffix('\n').unwrap_or(source), "{language}");
    }
}

#[test]
fn what_a_command_printed_is_plain() {
    let session = "$ echo 'a' \\\n  \"b\"\nif 'x' then\n$ ls\n";
    let html = anki(&[code("console", vec![run(session)])]);
    assert!(html.contains("<span class=\"hl-comment\">$ </span><span class=\"hl-function\">echo</span>"), "{html}");
    assert!(html.contains("<span class=\"hl-string\">\"b\"</span>\nif 'x' then\n<span"), "{html}");
}

#[test]
fn keys_and_values_of_json_differ() {
    let html = anki(&[code("json", vec![run("{\"k\": \"v\"}")])]);
    assert!(html.contains("<span class=\"hl-attribute\">\"k\"</span>"), "{html}");
    assert!(html.contains("<span class=\"hl-string\">\"v\"</span>"), "{html}");
}

#[test]
fn raw_html_is_sanitised_and_deletions_survive() {
    let html = line(vec![
        raw("<b onclick=\"x()\">"),
        cloze(vec![text("a}} b::c <d>")]),
        raw("</b><script>alert(1)</script><kbd class=\"k\" style=\"color:red\">"),
        text("{{c1::y}} & [sound:a.mp3]"),
    ]);
    let expected = "<b>{{c1::a&#125;&#125; b:&#58;c &lt;d&gt;}}</b><kbd class=\"k\" style=\"color:red\">{&#123;c1::y}} &amp; \
         &#91;sound:a.mp3]</kbd>";
    assert_eq!(html, expected);
}

#[test]
fn raw_html_that_is_left_open_swallows_nothing() {
    for open in ["<!-- a", "<!--> <!-- a", "<script>a", "<textarea>", "<?a"] {
        let html = RawHtml { text: open.to_owned(), media: Vec::new(), links: Vec::new() }.into();
        let blocks = [
            block(BlockKind::Quote { blocks: vec![block(BlockKind::Html { html })] }),
            paragraph(vec![cloze(vec![text("hidden")])]),
        ];
        assert!(anki(&blocks).contains("{{c1::hidden}}"), "{open}: {}", anki(&blocks));
    }
}

#[test]
fn entities_in_raw_html_cannot_make_deletions() {
    assert_eq!(line(vec![raw("<i>"), text("x"), raw("</i>&lcub;&#x7b;c1::y&#125;}")]), "<i>x</i>{&#123;c1::y}}");
    assert_eq!(
        line(vec![cloze(vec![raw("<i>a&colon;&colon;b&rcub;&rcub;</i>")])]),
        "{{c1::<i>a:&#58;b&#125;&#125;</i>}}"
    );
}

#[test]
fn sanitising_leaves_our_own_html_alone() {
    let sample = [
        code("rust", vec![run("let a = 1;\n")]),
        paragraph(vec![media("pics/a b.png"), media("s.mp3"), link("obsidian://x", "y")]),
        paragraph(vec![inline(InlineKind::Math { display: true, content: vec![run("a<b")] })]),
        block(BlockKind::List {
            start: None,
            tight: true,
            items: vec![ListItem { span: SPAN, checked: Some(true), blocks: vec![paragraph(vec![text("t")])] }],
        }),
    ];
    let plain = anki(&sample);
    let mut mixed = sample.to_vec();
    mixed.push(paragraph(vec![raw("<kbd>"), raw("</kbd>")]));
    let sanitised = anki(&mixed);
    assert_eq!(sanitised, plain + "\n<p><kbd></kbd></p>");
}

#[test]
fn addresses_that_hold_their_data_are_shown_and_lead_nowhere() {
    let shown = |html: &str| line(vec![raw(html), text("x")]);
    for scheme in
        ["data:", "DATA:", " data:", "da\nta:", "\td\u{1}ata:", "&#100;ata:", "d&#x41;ta&colon;", "da&Tab;ta:"]
    {
        for html in [format!("<a href=\"{scheme}text/html,y\">"), format!("<a href='{scheme}image/png;base64,AA=='>")] {
            assert_eq!(shown(&html), "<a>x</a>", "{html}");
        }
        assert_eq!(shown(&format!("<q cite=\"{scheme},y\">")), "<q>x</q>");
        assert_eq!(shown(&format!("<video poster=\"{scheme},y\"></video>")), "<video></video>x");
        let image = shown(&format!("<img src=\"{scheme}image/png;base64,AA==\">"));
        assert!(image.starts_with("<img src=\"") && image.contains("image/png;base64,AA=="), "{image}");
    }
    assert_eq!(shown("<a href=\"database.md\">"), "<a href=\"database.md\">x</a>");
    let said = "<b title=\"data: 1\" aria-label=\"data: 2\" data-hint=\"data: 3\">x</b><img alt=\"data: 4\">";
    assert_eq!(line(vec![raw(said)]), said);
}

#[test]
fn paper_asks_the_network_for_nothing_and_keeps_formulas() {
    let math = |tex| inline(InlineKind::Math { display: false, content: vec![run(tex)] });
    let style = Style {
        media: &BTreeMap::new(),
        cloze: ClozeStyle::Strong,
        math: MathStyle::MathMl,
        playing: Playing::Paper,
        trusts_html: false,
    };
    let formula = render(&[paragraph(vec![math(r"\sqrt{x^2} \le \frac{1}{2}")])], &style);
    let raw = raw(
        "<img src=\"https://a.b/c.png\" alt=\"x\"><img src=' //a.b/d'><img src=\"/\n/a.b/d\"><img src=\"\\\\a.b/d\">\
         <img src=\"e.png\"><img src=\"DATA:image/png,y\"><i>",
    );
    let html = render(&[paragraph(vec![raw, math(r"\sqrt{x^2} \le \frac{1}{2}"), cloze(vec![text("y")])])], &style);
    let expected = format!(
        r#"<img alt="x"><img><img><img><img src="e.png"><img src="DATA:image/png,y"><i>{formula}<b class="cloze">y</b></i>"#
    );
    assert_eq!(html, expected);
}

#[test]
fn raw_html_stays_where_it_is_trusted() {
    let content = [paragraph(vec![raw("<b onclick=\"x()\">"), text("[sound:a.mp3]"), raw("</b>")])];
    assert_eq!(with(&content, ClozeStyle::Anki, true), "<b onclick=\"x()\">[sound:a.mp3]</b>");
}

#[test]
fn details_may_open_and_close_in_different_blocks() {
    let html = |text: &str| {
        block(BlockKind::Html { html: RawHtml { text: text.into(), media: Vec::new(), links: Vec::new() }.into() })
    };
    let blocks = [html("<details><summary>More</summary>\n"), paragraph(vec![text("x")]), html("</details>\n")];
    assert_eq!(anki(&blocks), "<details><summary>More</summary>\n\n<p>x</p>\n</details>\n");
}

#[test]
fn media_get_their_packaged_names() {
    assert_eq!(
        line(vec![media("pics/a b.png"), media("s.mp3")]),
        "<img src=\"a b-1234.png\" alt=\"a &quot;b&quot;\" width=\"30\">[sound:s&amp;t-1234.mp3]"
    );
    let text = "<img src=\"pics/a%20b.png\" onerror=\"x()\">".to_owned();
    let media = vec![HtmlMedia { start: 10, end: 24, path: "pics/a b.png".into() }];
    assert_eq!(
        line(vec![inline(InlineKind::Html { html: RawHtml { text, media, links: Vec::new() }.into() })]),
        "<img src=\"a b-1234.png\">"
    );
}

#[test]
fn a_packaged_name_cannot_end_its_attribute() {
    let text = "<img src='x'>".to_owned();
    let html =
        RawHtml { text, media: vec![HtmlMedia { start: 10, end: 11, path: "it's.png".into() }], links: Vec::new() }
            .into();
    let content = [paragraph(vec![inline(InlineKind::Html { html })])];
    assert_eq!(with(&content, ClozeStyle::Anki, true), "<img src='it&#39;s.png'>");
    assert_eq!(with(&content, ClozeStyle::Anki, false), "<img src=\"it's.png\">");
}

#[test]
fn unwrapped_text_holds_no_marks() {
    let content = [paragraph(vec![cloze(vec![text("a}}")]), media("s.mp3"), text("{{c1::x}} [sound:y]")])];
    let html = with(&content, ClozeStyle::Unwrapped, false);
    assert_eq!(html, "a}}[sound:s&amp;t-1234.mp3]{&#123;c1::x}} &#91;sound:y]");
}

#[test]
fn remote_media_keep_their_address() {
    let at = |url: &str| {
        let media = MediaRef::Remote { url: url.into() };
        line(vec![inline(InlineKind::Media(
            Embed { media, alt: String::new(), title: None, size: Size::default() }.into(),
        ))])
    };
    assert_eq!(at("https://x/y.png?a=1&b"), "<img src=\"https://x/y.png?a=1&amp;b\" alt=\"\">");
    assert_eq!(at("https://x/y.mp3"), "<audio controls src=\"https://x/y.mp3\"></audio>");
}

#[test]
fn links_to_paths_are_text_unless_their_address_is_known() {
    let led = |url: &str, address: Option<&str>| {
        let address = address.map(str::to_owned);
        line(vec![inline(InlineKind::Link(
            Link { url: url.into(), address, title: None, content: vec![text("x")] }.into(),
        ))])
    };
    assert_eq!(led("a.md#b", None), "x");
    assert_eq!(led("#b", None), "x");
    assert_eq!(led("a.md", Some("https://e.org/a.html?b&c")), "<a href=\"https://e.org/a.html?b&amp;c\">x</a>");
    assert_eq!(led("#b", Some("#b")), "<a href=\"#user-content-b\">x</a>");
    assert_eq!(led("a.md", Some("javascript:x")), "x");
    assert_eq!(led("https://e.org", None), "<a href=\"https://e.org\">x</a>");
}

#[test]
fn raw_links_to_paths_are_led_beside_raw_media() {
    let raw = |address: Option<&str>| {
        let html = "<a href='a.md' title=\"t\"><img src=\"p.png\"></a><a class=c href=b.md></a>".to_owned();
        let links = [(3, 14), (57, 66)].map(|(start, end)| HtmlLink {
            start,
            end,
            url: "a.md".into(),
            address: address.map(str::to_owned),
        });
        let media = vec![HtmlMedia { start: 35, end: 40, path: "p.png".into() }];
        let html = RawHtml { text: html, media, links: links.into() }.into();
        line(vec![inline(InlineKind::Html { html }), text("x")])
    };
    assert_eq!(raw(None), "<a title=\"t\"><img src=\"p.png\"></a><a class=\"c\"></a>x");
    let address = "https://e.org/?a&b";
    assert_eq!(
        raw(Some(address)),
        "<a href=\"https://e.org/?a&amp;b\" title=\"t\"><img src=\"p.png\"></a><a class=\"c\" href=\"https://e.org/?a&amp;b\"></a>x"
    );
}

#[test]
fn links_that_run_scripts_are_only_text() {
    assert_eq!(line(vec![link("java\tScript:x()", "y")]), "y");
    assert_eq!(
        with(&[paragraph(vec![link("javascript:x", "y")])], ClozeStyle::Anki, true),
        "<a href=\"javascript:x\">y</a>"
    );
    assert_eq!(line(vec![link("http:a?b=\"c\"&d", "y")]), "<a href=\"http:a?b=&quot;c&quot;&amp;d\">y</a>");
}

#[test]
fn commands_of_anki_in_text_are_text() {
    assert_eq!(
        line(vec![text("[sound:x] [$] [latex] [[type:Back]] [x]")]),
        "&#91;sound:x] &#91;$] &#91;latex] &#91;[type:Back]] [x]"
    );
    assert_eq!(line(vec![text("\\(a\\) \\x")]), "<span>\\</span>(a\\) \\x");
}

#[test]
fn the_marks_for_deletions_cannot_be_written() {
    assert_eq!(line(vec![text("\u{FDD0}1\u{FDD1}x\u{FDD2}")]), "\u{FFFD}1\u{FFFD}x\u{FFFD}");
}

#[test]
fn line_ends_between_chinese_characters_are_no_spaces() {
    let broken = |a, b| line(vec![text(a), inline(InlineKind::SoftBreak), text(b)]);
    assert_eq!(broken("漢", "字"), "漢字");
    assert_eq!(broken("漢", "a"), "漢\na");
}

/// As on paper: blanks, MathML, nothing that plays.
fn paper(blocks: &[Block]) -> (String, Vec<String>) {
    let media = BTreeMap::from([("pics/a b.png", "data:image/png;base64,AA=="), ("s.mp3", "data:audio/mpeg,x")]);
    let (cloze, math, playing) = (ClozeStyle::Blank, MathStyle::MathMl, Playing::Paper);
    render_blanks(blocks, &Style { media: &media, cloze, math, playing, trusts_html: false }, None)
}

fn math(content: Vec<Run>) -> Inline {
    inline(InlineKind::Math { display: false, content })
}

#[test]
fn blanks_hold_their_hints_and_give_their_answers_in_order() {
    let content = vec![text("x"), cloze(vec![text("y")])];
    let hinted = inline(InlineKind::Cloze(Hidden { cloze: number(2, Some("a < b")), content }.into()));
    let (html, answers) = paper(&[paragraph(vec![text("1 "), cloze(vec![text("one")]), text(" 2 "), hinted])]);
    assert_eq!(html, "1 <span class=\"blank\"></span> 2 <span class=\"blank\">a &lt; b</span>");
    assert_eq!(answers, ["one", "xy"], "a deletion within another is part of the outer one's answer");
}

#[test]
fn blanks_in_code_use_their_tokens_up() {
    let (html, answers) =
        paper(&[code("rust", vec![run("fn "), run_cloze("f"), run("(x: "), run_cloze("u32"), run(") {}\n")])]);
    assert_eq!(html.matches("<span class=\"blank\"></span>").count(), 2);
    assert!(html.contains("<span class=\"hl-keyword\">fn</span>") && !html.contains("u32"), "{html}");
    assert!(answers[0].contains('f') && answers[1].contains("u32"), "{answers:?}");
}

#[test]
fn formulas_are_typeset_with_lines_for_their_blanks() {
    let (html, answers) = paper(&[paragraph(vec![math(vec![run("a^2 = "), run_cloze(r"\frac{b}{c}")])])]);
    assert!(html.starts_with("<math>") && html.contains("<mtext>______</mtext>") && !html.contains("mfrac"), "{html}");
    assert!(answers[0].contains("<mfrac><mi>b</mi><mi>c</mi></mfrac>"), "{answers:?}");
    let (html, _) = paper(&[paragraph(vec![math(vec![run(r"\nosuch < 1")])])]);
    assert_eq!(html, r#"<code class="tex">\nosuch &lt; 1</code>"#);
}

#[test]
fn paper_shows_images_that_are_at_hand_and_names_everything_else() {
    let image = r#"<img src="data:image/png;base64,AA==" alt="a &quot;b&quot;" width="30">"#;
    let (html, _) = paper(&[paragraph(vec![text("a "), media("pics/a b.png"), text(" b")])]);
    assert_eq!(html, format!("a {image} b"));
    let (html, _) = paper(&[paragraph(vec![text("a "), media("s.mp3")])]);
    assert_eq!(html, r#"a <span class="media">a "b"</span>"#);
    let remote = |url: &str| {
        let media = MediaRef::Remote { url: url.into() };
        inline(InlineKind::Media(Embed { media, alt: String::new(), title: None, size: Size::default() }.into()))
    };
    let (html, _) = paper(&[paragraph(vec![text("a "), remote("https://e.org/x/cat.png?s=1")])]);
    assert_eq!(html, r#"a <span class="media">cat.png?s=1</span>"#);
    let (html, _) = paper(&[paragraph(vec![text("a "), remote("data:image/gif;base64,AA==")])]);
    assert!(html.starts_with("a <img src=\"data:image/gif"), "{html}");
}

#[test]
fn code_that_is_too_long_has_no_colours() {
    let line = "x = [1] + (2)\n";
    assert!(highlight::highlight("python", &line.repeat(18_000)).is_some());
    assert!(highlight::highlight("python", &line.repeat(256 * 1024 / line.len() + 1)).is_none());
}

#[test]
fn html_is_sanitised_up_to_a_depth_and_without_hidden_characters() {
    let html = sanitize::sanitize(&"<div>".repeat(1000), Playing::Anki).unwrap();
    assert_eq!((html.matches("<div>").count(), html.matches("&lt;div&gt;").count()), (400, 600));
    let html = sanitize::sanitize("<b title='&#31;&#x202e;x'>&#27;&#31;y&#xffff;</b>", Playing::Anki).unwrap();
    assert_eq!(html, "<b title=\"x\">y</b>");
}

#[test]
fn what_is_left_open_is_not_repeated_without_end() {
    let html = |count: usize| {
        let open: Vec<String> = (0..count).map(|number| format!("<font color=\"c{number}\">")).collect();
        format!("<div>{}</div>{}", open.concat(), "<p>x</p>".repeat(20_000))
    };
    let some = sanitize::sanitize(&html(2), Playing::Anki).unwrap();
    assert_eq!(some.matches("<font").count(), 2 * 20_001);
    assert_eq!(sanitize::sanitize(&html(150), Playing::Anki), None);
    let long = format!("<div><b title=\"{}\"></div>{}", "x".repeat(100_000), "<p>x".repeat(2_000));
    assert_eq!(sanitize::sanitize(&long, Playing::Browser), None);
}

#[test]
fn a_picture_by_itself_is_told_from_an_icon_in_a_sentence_on_paper_only() {
    let is_picture = |content: Vec<Inline>| paper(&[paragraph(content)]).0.contains("<span class=\"picture\"><img ");
    assert!(is_picture(vec![media("pics/a b.png")]));
    assert!(is_picture(vec![media("pics/a b.png"), inline(InlineKind::SoftBreak)]));
    assert!(is_picture(vec![raw("<IMG src=\"a.png\" width=22>")]));
    assert!(!is_picture(vec![text("a"), media("pics/a b.png")]));
    assert!(!is_picture(vec![media("pics/a b.png"), text("?")]));
    assert!(!is_picture(vec![media("pics/a b.png"), media("pics/a b.png")]));
    assert!(!is_picture(vec![text("a "), raw("<img src=\"a.png\" width=22>"), text(" b")]));
    assert!(!anki(&[paragraph(vec![media("pics/a b.png")])]).contains("picture"));
}

#[test]
fn on_paper_code_breaks_at_spaces_and_what_closes_a_formula_stays_with_it() {
    let shown = |content| paper(&[paragraph(content)]).0;
    let code = |code| inline(InlineKind::Code { content: vec![run(code)] });
    assert_eq!(
        shown(vec![code("a --b-c - 1 -> x")]),
        "<code>a <span class=\"nb\">--b</span><span class=\"nb\">-c</span> - 1 -&gt; x</code>"
    );
    assert_eq!(line(vec![code("a --b")]), "<code>a --b</code>", "of paper alone");
    let behind =
        |behind| shown(vec![math(vec![run("x")]), text(behind)]).split_once("</math>").map(|(_, end)| end.to_owned());
    assert_eq!(behind("?) y").as_deref(), Some("?)</span> y"));
    assert_eq!(behind(" y").as_deref(), Some(" y"));
}

#[test]
fn numbers_are_whole_on_paper() {
    let cell = |content| Cell { span: SPAN, content: vec![content] };
    let code = inline(InlineKind::Code { content: vec![run("10 000")] });
    let cells =
        [text("65535"), code, text("12.5 GB"), text("a 1"), text("2 different words"), text("t2"), text("−3 °C")];
    let whole = [true, true, true, false, false, false, true];
    for (cell, expected) in cells.into_iter().map(cell).zip(whole) {
        assert_eq!(is_number(&cell.content), expected, "{:?}", cell.content);
        let table = Grid { alignments: vec![Alignment::Right], header: Vec::new(), rows: vec![vec![cell]] };
        let html = paper(&[block(BlockKind::Table(table.into()))]).0;
        assert_eq!(html.contains("<td class=\"right whole\">"), expected, "{html}");
    }
}
