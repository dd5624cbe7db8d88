//! Turns a rendered side into what Anki's reviewer puts on the screen: buttons for what plays, a box to type into, formulas.
//!
//! Knows neither notes nor the page around a card.

use std::fmt::Write as _;

use super::{Ingredients, Rendered, Side, escape, rendering};
use crate::anki::rendering::{Played, plain};
use crate::math;
use crate::text::entity;
use crate::text::tags::{Piece, pieces};

/// Elements in which MathJax looks for no formula.
const WITHOUT_FORMULAS: &[&str] = &["pre", "code", "textarea", "noscript", "math", "select", "option"];

/// The HTML of a side, and whether there are formulas in it.
pub(super) fn finished(sides: &[Rendered; 2], card: &Ingredients<'_>, side: Side) -> (String, bool) {
    let [question, answer] = sides;
    let html = match side {
        Side::Question => &question.html,
        Side::Answer => &answer.html,
    };
    let (html, has_math) = with_formulas(html);
    let html = with_boxes(&html, card, side);
    (with_buttons(&html, [&question.played, &answer.played]), has_math)
}

/// With MathML where Anki's MathJax finds TeX.
fn with_formulas(html: &str) -> (String, bool) {
    if !html.contains("\\(") && !html.contains("\\[") {
        return (html.to_owned(), false);
    }
    let (mut out, mut has_math, mut closed_to) = (String::with_capacity(html.len() * 2), false, Vec::new());
    let mut pieces = pieces(html);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) if closed_to.is_empty() => has_math |= push_text(text, &mut out),
            Piece::Text(text) | Piece::Comment(text) => out.push_str(text),
            Piece::Tag(tag) => {
                out.push_str(tag.text);
                if tag.is_closed && !tag.is_end && (tag.is("script") || tag.is("style")) {
                    out.push_str(pieces.raw_text(tag.name));
                } else if let Some(name) = WITHOUT_FORMULAS.iter().find(|name| tag.is(name)) {
                    if !tag.is_end {
                        closed_to.push(name);
                    } else if closed_to.last() == Some(&name) {
                        closed_to.pop();
                    }
                }
            }
        }
    }
    (out, has_math)
}

/// Whether there are formulas in the text.
fn push_text(text: &str, out: &mut String) -> bool {
    // Where no formula ends any more, none is looked for: texts may be long.
    let (mut rest, mut has_math, mut ends) = (text, false, [true, true]);
    while let Some((before, from)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        if let Some((tex, is_display, behind)) = formula(from, &mut ends) {
            push_formula(&entity::decode(tex), is_display, out);
            (rest, has_math) = (behind, true);
        } else {
            out.push('\\');
            rest = from.strip_prefix('\\').unwrap_or_default();
        }
    }
    out.push_str(rest);
    has_math
}

/// The TeX of a formula that the text begins with, whether it is a line of its own, and what stands behind it.
fn formula<'a>(text: &'a str, [inline_ends, display_ends]: &mut [bool; 2]) -> Option<(&'a str, bool, &'a str)> {
    let (inside, end, is_display, ends) = match text.strip_prefix("\\(") {
        Some(inside) => (inside, "\\)", false, inline_ends),
        None => (text.strip_prefix("\\[")?, "\\]", true, display_ends),
    };
    let found = ends.then(|| inside.split_once(end)).flatten();
    *ends = found.is_some();
    found.map(|(tex, behind)| (tex, is_display, behind))
}

fn push_formula(tex: &str, is_display: bool, out: &mut String) {
    if let Ok(mathml) = math::to_mathml(tex, is_display) {
        out.push_str(&mathml);
    } else {
        out.push_str("<code class=\"tex\">");
        escape(tex, out);
        out.push_str("</code>");
    }
}

/// With a box where one types, and on the answer with what would have been right.
fn with_boxes(html: &str, card: &Ingredients<'_>, side: Side) -> String {
    let (mut out, mut rest) = (String::with_capacity(html.len()), html);
    // Anki moves the line above the answer, so that what was typed stands below it.
    let is_typed = side == Side::Answer && typed(html).is_some_and(|(_, name, _)| expected(name, card).is_some());
    let is_ruled = is_typed && html.contains(RULE);
    let unruled;
    if is_ruled {
        unruled = html.replace(RULE, "");
        rest = &unruled;
    }
    while let Some((before, name, behind)) = typed(rest) {
        out.push_str(before);
        if let Some(expected) = expected(name, card) {
            if is_ruled {
                out.push_str(RULE);
            }
            push_box(&expected, side, &mut out);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// As Anki looks for it.
const RULE: &str = "<hr id=answer>";

fn typed(html: &str) -> Option<(&str, &str, &str)> {
    let (before, inside) = html.split_once("[[type:")?;
    let (name, behind) = inside.split_once("]]")?;
    Some((before, name, behind))
}

/// What is to be typed; `None` where it is nothing, and no box is shown.
fn expected(name: &str, card: &Ingredients<'_>) -> Option<String> {
    let text = if let Some(field) = name.strip_prefix("cloze:") {
        rendering::typed(card.field(field)?, card.ordinal + 1)
    } else {
        card.field(name.strip_prefix("nc:").unwrap_or(name))?.to_owned()
    };
    let silent = rendering::without_played(&text);
    Some(plain(&on_one_line(&silent)).trim().to_owned()).filter(|text| !text.is_empty())
}

/// With a blank for each run of what ends lines.
fn on_one_line(html: &str) -> String {
    const ENDS: [&str; 6] = ["\n", "<br>", "<br/>", "<br />", "<div>", "</div>"];
    let (mut line, mut rest, mut is_ending) = (String::with_capacity(html.len()), html, false);
    while let Some(first) = rest.chars().next() {
        let is_end = |end: &&&str| rest.get(..end.len()).is_some_and(|start| start.eq_ignore_ascii_case(end));
        let end = ENDS.iter().find(is_end);
        match end {
            Some(_) if is_ending => {}
            Some(_) => line.push(' '),
            None => line.push(first),
        }
        is_ending = end.is_some();
        rest = rest.get(end.map_or(first.len_utf8(), |end| end.len())..).unwrap_or_default();
    }
    line
}

fn push_box(expected: &str, side: Side, out: &mut String) {
    let font = "font-family: 'Arial'; font-size: 20px";
    match side {
        Side::Question => {
            let _ = write!(
                out,
                "<center><input type=\"text\" id=\"typeans\" aria-label=\"Your answer\" autocomplete=\"off\" style=\"{font}\"></center>"
            );
        }
        Side::Answer => {
            let _ = write!(out, "<div style=\"{font}\"><code id=typeans>");
            let mut text = String::new();
            escape(expected, &mut text);
            out.push_str(&text.replace('"', "&quot;").replace('\'', "&#x27;"));
            out.push_str("</code></div>");
        }
    }
}

/// With buttons for what plays: of the question's by `q`, of the answer's by `a`.
fn with_buttons(html: &str, [question, answer]: [&[Played]; 2]) -> String {
    let (mut out, mut rest) = (String::with_capacity(html.len()), html);
    while let Some((before, inside)) = rest.split_once("[anki:play:") {
        out.push_str(before);
        let found = inside.split_once(']').and_then(|(which, behind)| {
            let (side, number) = which.split_once(':')?;
            let played = if side == "q" { question } else { answer };
            Some((which, played.get(number.parse::<usize>().ok()?)?, behind))
        });
        rest = if let Some((which, played, behind)) = found {
            push_button(which, played, &mut out);
            behind
        } else {
            out.push_str("[anki:play:");
            inside
        };
    }
    out.push_str(rest);
    out
}

/// `which` stands in it, as in Anki's own mark.
fn push_button(which: &str, played: &Played, out: &mut String) {
    let attribute = crate::html::plain;
    let what = match played {
        Played::File(name) => format!("data-file=\"{0}\" title=\"{0}\" aria-label=\"Play {0}\"", attribute(name)),
        Played::Speech { text, language } => {
            format!(
                "data-text=\"{0}\" data-language=\"{1}\" title=\"{0}\" aria-label=\"Read out\"",
                attribute(text),
                attribute(language)
            )
        }
    };
    let _ = write!(
        out,
        "<a class=\"replay-button soundLink\" href=\"#\" role=\"button\" data-play=\"{}\" {what}>\
        <svg class=\"playImage\" viewBox=\"0 0 64 64\" aria-hidden=\"true\"><circle cx=\"32\" cy=\"32\" r=\"29\"></circle>\
        <path d=\"M24 18v28l26-14z\"></path></svg></a>",
        attribute(which)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(fields: &[(&'static str, &str)]) -> Ingredients<'static> {
        let fields = fields.iter().map(|&(name, text)| (name, text.to_owned())).collect();
        Ingredients { fields, ordinal: 0, is_cloze: true }
    }

    fn sides(question: &str, answer: &str) -> [Rendered; 2] {
        [question, answer].map(|html| Rendered { html: html.to_owned(), played: vec![Played::File("a\"b.mp3".into())] })
    }

    #[test]
    fn formulas_are_set_where_mathjax_finds_them() {
        let (html, has_math) = with_formulas(
            "\\(a &lt; b\\) \\[x\\] <p title=\"\\(t\\)\"> <pre>\\(p\\)</pre> <script>\\(s\\)</script> \\(open",
        );
        assert!(has_math);
        assert!(
            html.starts_with("<math>") && html.contains("<math display=\"block\">") && html.contains("&lt;"),
            "{html}"
        );
        assert!(html.ends_with("<p title=\"\\(t\\)\"> <pre>\\(p\\)</pre> <script>\\(s\\)</script> \\(open"), "{html}");
        assert_eq!(with_formulas("\\(a<b\\)").0, "\\(a<b\\)", "to a browser, a tag");
        assert_eq!(with_formulas("\\(\\nosuch &lt;\\)").0, "<code class=\"tex\">\\nosuch &lt;</code>");
        assert_eq!(with_formulas("<code>\\(</code>\\)"), ("<code>\\(</code>\\)".to_owned(), false));
    }

    #[test]
    fn what_is_typed_stands_below_the_line() {
        let card = card(&[
            ("A", "<b>x</b> &amp; \"y\"<br>z[sound:a.mp3]"),
            ("B", ""),
            ("C", "{{c1::one}} {{c2::two}}"),
            ("D", "{{c1::one}} {{c1::one}}"),
            ("E", "{{c1::one}} {{c1::one}} {{c1::two}}"),
        ]);
        let shown = |answer: &str| finished(&sides("", answer), &card, Side::Answer).0;
        assert_eq!(
            shown("[[type:A]]-<hr id=answer>+"),
            "<hr id=answer><div style=\"font-family: 'Arial'; font-size: 20px\"><code id=typeans>x &amp; &quot;y&quot; z</code></div>-+"
        );
        assert!(shown("[[type:cloze:C]]").contains("<code id=typeans>one</code>"));
        assert_eq!(shown("[[type:B]]<hr id=answer>"), "<hr id=answer>");
        assert!(shown("[[type:cloze:D]]").contains("<code id=typeans>one</code>"), "the same twice is typed once");
        assert!(shown("[[type:cloze:E]]").contains("<code id=typeans>one, one, two</code>"));
        let question = finished(&sides("[[type:nc:A]]", ""), &card, Side::Question).0;
        assert!(
            question.contains("<input type=\"text\" id=\"typeans\"") && !question.contains("x &amp;"),
            "{question}"
        );
    }

    #[test]
    fn what_plays_has_a_button() {
        let html = finished(&sides("", "[anki:play:q:0] [anki:play:a:1] [anki:play:"), &card(&[]), Side::Answer).0;
        assert!(html.contains("data-play=\"q:0\" data-file=\"a&quot;b.mp3\""), "{html}");
        assert!(html.ends_with(" [anki:play:a:1] [anki:play:"), "{html}");
    }
}
