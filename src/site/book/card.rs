//! Turns a note into a card of the site: a block of raw HTML that can be read without a script.
//!
//! Knows neither pages nor files: links and media are its [`Surroundings`]'.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{balance, raw};
use crate::html::{self, ClozeStyle, MathStyle, Playing, Style};
use crate::ir::{Block, BlockKind, Footnote, Guid, Inline, Note, NoteBody, Tag, for_each_cloze};
use crate::site::pages::Target;

/// The cards of a note, each a block of raw HTML without blank lines: `<details class="card" id="c-GUID">` with the
/// question in its `<summary>` and the answer in `<div id="a-GUID">`. A reversed note is one block with a mark, since its two
/// cards would answer each other; links to the second one, with `-2` behind its ids, lead there too. A cloze note is one
/// block: gaps above, `<span class="cloze" data-n="1">` around each deletion in the answer.
pub fn card(note: &Note, around: &Surroundings<'_>) -> String {
    let render = |blocks: &[Block]| around.render(blocks, ClozeStyle::Unwrapped, note.trusts_html);
    let hint = labelled("details", "hint", "<summary>Hint</summary>", &render(&note.hint));
    let end =
        labelled("div", "extra", "", &render(&note.extra)) + &labelled("div", "source", "", &sources(note, &render));
    let card = |card: &Face<'_>| around.settle(&card.html(note, &end));
    match &note.body {
        NoteBody::Basic { front, back, reversed, typed } => {
            let (question, answer) = (&render(front), &render(back));
            let kind = if typed.is_some() { "typed" } else { "basic" };
            let ordinals = if *reversed { "0 1" } else { "0" };
            card(&Face { kind, ordinals, both_ways: *reversed, typed: typed.as_deref(), question, hint: &hint, answer })
        }
        NoteBody::Cloze { heading, text } => {
            let render = |blocks: &[Block], cloze| around.render(blocks, cloze, note.trusts_html);
            let title = labelled("div", "heading", "", &render(heading, ClozeStyle::Gap));
            let question = title + &labelled("div", "text", "", &render(text, ClozeStyle::Gap));
            let mut answer = labelled("div", "text", "", &render(text, ClozeStyle::Marked));
            if has_deletions(heading) {
                answer.insert_str(0, &labelled("div", "heading", "", &render(heading, ClozeStyle::Marked)));
            }
            let ordinals: Vec<String> = note.cards().iter().map(|card| card.ordinal.to_string()).collect();
            let ordinals = &ordinals.join(" ");
            let (question, answer) = (&question, &answer);
            card(&Face { kind: "cloze", ordinals, both_ways: false, typed: None, question, hint: &hint, answer })
        }
    }
}

/// The cards of a table's rows, which share what they ask, below what is `above` them; one block of raw HTML without blank
/// lines. What they share is on each card too, for study mode.
pub fn group(above: &str, rows: &[&Note], around: &Surroundings<'_>) -> String {
    let is_named = rows.first().is_some_and(|row| question_of_row(row).is_some());
    let mut html = format!("<div class=\"group{}\" role=\"group\">{}", if is_named { " named" } else { "" }, above);
    for row in rows {
        html.push('\n');
        html.push_str(&card(row, around));
    }
    html + "</div>"
}

/// What the note of a table's row asks with all rows of it: its heading; none where there is none.
pub(super) fn question_of_row(note: &Note) -> Option<&[Inline]> {
    let [front, _] = note.sides();
    let [Block { kind: BlockKind::Paragraph { content }, .. }, _, ..] = front else { return None };
    Some(content)
}

/// Path of a medium → its address from a page.
pub type Media<'a> = BTreeMap<&'a str, &'a str>;

/// What is a page's own.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// Where media are.
    pub media: &'a Media<'a>,
    /// Where links lead.
    pub follow: &'a dyn Fn(&str) -> Target,
}

impl Surroundings<'_> {
    fn render(&self, blocks: &[Block], cloze: ClozeStyle, trusts_html: bool) -> String {
        if blocks.is_empty() {
            return String::new();
        }
        well_formed(html::render(blocks, &self.style(cloze, trusts_html)), trusts_html)
    }

    pub(super) fn style(&self, cloze: ClozeStyle, trusts_html: bool) -> Style<'_> {
        Style { media: self.media, cloze, math: MathStyle::MathMl, playing: Playing::Browser, trusts_html }
    }

    /// Well-formed HTML as a block of a chapter.
    pub(super) fn settle(&self, html: &str) -> String {
        raw::settle(html, self.follow)
    }
}

/// What went through the sanitiser, or is our own, is well-formed. Each piece is closed by itself, so that none closes
/// what stands around it.
pub(super) fn well_formed(html: String, trusts_html: bool) -> String {
    if trusts_html { balance::balance(&html) } else { html }
}

/// What one card shows.
struct Face<'a> {
    kind: &'a str,
    /// Anki's ordinals, parted by spaces.
    ordinals: &'a str,
    /// Whether the answer asks for the question too.
    both_ways: bool,
    typed: Option<&'a str>,
    question: &'a str,
    hint: &'a str,
    answer: &'a str,
}

impl Face<'_> {
    fn html(&self, note: &Note, end: &str) -> String {
        let Self { kind, ordinals, both_ways, typed, question, hint, answer } = self;
        let guid = &note.guid;
        let mut html = format!("<details class=\"card\" id=\"c-{guid}\" data-kind=\"{kind}\"");
        let tags: Vec<&str> = note.tags.iter().map(Tag::as_str).collect();
        attribute("data-deck", note.deck.as_str(), &mut html);
        attribute("data-tags", &tags.join(" "), &mut html);
        let is_one = *kind != "cloze" && !both_ways;
        attribute(if is_one { "data-ord" } else { "data-ords" }, ordinals, &mut html);
        if let Some(typed) = typed {
            attribute("data-answer", typed, &mut html);
        }
        let (mark, second) = if *both_ways { marks(guid) } else { Default::default() };
        let _ = write!(
            html,
            "><summary>{question}{mark}</summary>{second}{hint}<div id=\"a-{guid}\" class=\"answer\">{answer}{end}</div></details>"
        );
        html
    }
}

/// What says that a card is asked both ways, and where links to the second card's answer lead.
fn marks(guid: &Guid) -> (String, String) {
    let mark = format!("<span class=\"both\" id=\"c-{guid}-2\" role=\"img\" aria-label=\"asked both ways\">⇄</span>");
    (mark, format!("<span id=\"a-{guid}-2\"></span>"))
}

fn attribute(name: &str, value: &str, html: &mut String) {
    let _ = write!(html, " {name}=\"");
    html::escape_attribute(value, html);
    html.push('"');
}

/// An element around HTML; nothing around nothing.
fn labelled(element: &str, class: &str, title: &str, html: &str) -> String {
    if html.is_empty() { String::new() } else { format!("<{element} class=\"{class}\">{title}{html}</{element}>") }
}

/// A single source as it stands; more of them under the numbers by which the text refers to them.
fn sources(note: &Note, render: &impl Fn(&[Block]) -> String) -> String {
    match note.footnotes.as_slice() {
        [] => String::new(),
        [only] => render(&only.blocks),
        many => {
            let item =
                |Footnote { number, blocks }: &Footnote| format!("<li value=\"{number}\">{}</li>", render(blocks));
            format!("<ol>{}</ol>", many.iter().map(item).collect::<String>())
        }
    }
}

fn has_deletions(blocks: &[Block]) -> bool {
    let mut found = false;
    for_each_cloze(blocks, &mut |_| found = true);
    found
}
