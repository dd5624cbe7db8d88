//! Turns a note into its cards: what is on their sides, and how large it is set.
//!
//! Knows nothing of sheets; sizes are up to [`super::super::fit`].

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hash::Hash;
use std::ops::Range;

use crate::artifact::{Ingredients, Key};
use crate::html::{self, ClozeStyle, MathStyle, Playing, Style};
use crate::ir::{
    Block, BlockKind, Child, Footnote, Inline, InlineKind, Leaf, Note, NoteBody, NoteKind, for_each_cloze,
    for_each_leaf, plain_text,
};
use crate::print::drawing::mark_drawings;
use crate::print::fit::{self, Content, Fit, ImageSizes, Most};
use crate::print::language;
use crate::print::layout::Grid;
use crate::print::metrics::{self, ASKED_SIZE, EXTRA_SIZE, HINT_SIZE, SOURCE_SIZE};
use crate::text::question::asks;

/// Sets the cards of notes: all that they depend on beside the note.
pub(super) struct Setter<'a> {
    /// The addresses of media; `None` where sides are measured and not rendered.
    media: Option<&'a BTreeMap<&'a str, &'a str>>,
    sizes: &'a ImageSizes<'a>,
    /// Width and height of a card in millimetres.
    card: [f32; 2],
    pub(super) padding: Padding,
}

/// A card: what is on its sides.
#[derive(Debug)]
pub struct Sides {
    /// Whether it is its note's first card.
    pub(super) is_first: bool,
    pub(super) front: SideHtml,
    pub(super) back: SideHtml,
    /// The front as one line of text, for the answer key.
    pub(super) question: String,
    /// The same as HTML where formulas are in it.
    pub(super) typeset: Option<String>,
}

impl Sides {
    /// How the sides that are printed are set, each with its name.
    pub(super) fn printed(&self, front_only: bool) -> Vec<(&'static str, &Fit)> {
        let sides = [("front", &self.front.fit), ("back", &self.back.fit)];
        sides.into_iter().take(if front_only { 1 } else { 2 }).collect()
    }

    /// Whether there are formulas.
    pub(super) fn has_math(&self) -> bool {
        [&self.front, &self.back].into_iter().any(SideHtml::has_math)
    }
}

/// A side, as HTML but for what its place among the cards says: which side of the card it is, whether it stands upside
/// down, and its number.
#[derive(Debug)]
pub(super) struct SideHtml {
    /// Classes besides `card`, `front` and `back`, each after a space: `short`, `squeezed`, `halved`, `beside`, `wide`, `over`.
    classes: String,
    /// From behind the classes to the number in the footer.
    html: String,
    /// Where the text itself is in it, without what stands above and below.
    body: Range<usize>,
    /// The language, where the script tells it; else empty.
    pub(super) lang: &'static str,
    pub(super) fit: Fit,
}

impl SideHtml {
    /// The text itself.
    pub(super) fn body(&self) -> &str {
        self.html.get(self.body.clone()).unwrap_or_default()
    }

    /// Whether there are formulas.
    pub(super) fn has_math(&self) -> bool {
        self.html.contains("<math")
    }

    /// The whole side. `side` is `front` or `back`.
    pub(super) fn write(&self, side: &str, turned: bool, number: usize, out: &mut String) {
        let (classes, turned) = (&self.classes, if turned { " turned" } else { "" });
        let _ = write!(
            out,
            "<article class=\"card {side}{classes}{turned}\"{}{number}</span></footer>\n</article>\n",
            self.html
        );
    }
}

/// What stands on a side, each piece of it HTML.
#[derive(Default)]
struct Parts {
    /// What stands above the text of a cloze note.
    heading: String,
    /// What the rows of a table are asked for.
    asked: String,
    body: String,
    /// Whether the body is a line without an element of its own.
    is_bare: bool,
    /// Whether the body is made of labels and what is said under them.
    facts: bool,
    /// What stands below or beside it, and not in the answer key.
    picture: String,
    /// Whether a line to write on belongs below it.
    typed: bool,
    extra: String,
    source: String,
    hint: String,
}

impl Parts {
    /// Appends them; gives where the body is.
    fn write(&self, out: &mut String) -> Range<usize> {
        out.push_str("<div class=\"text\" dir=\"auto\">");
        element("heading", &self.heading, out);
        element("asked", &self.asked, out);
        out.push_str(if self.facts { "<div class=\"body facts\">" } else { "<div class=\"body\">" });
        let is_pictured = !self.picture.is_empty();
        out.push_str(if is_pictured && self.is_bare { "<div>" } else { "" });
        let start = out.len();
        out.push_str(&self.body);
        let body = start..out.len();
        out.push_str(if is_pictured && self.is_bare { "</div>" } else { "" });
        if is_pictured {
            let _ = write!(out, "<p>{}</p>", self.picture);
        }
        out.push_str("</div>");
        if self.typed {
            out.push_str("<div class=\"line\"></div>");
        }
        element("extra", &self.extra, out);
        element("source", &self.source, out);
        element("hint", &self.hint, out);
        out.push_str("</div>");
        body
    }
}

/// Nothing where there is nothing to stand in it.
fn element(class: &str, html: &str, out: &mut String) {
    if !html.is_empty() {
        let _ = write!(out, "<div class=\"{class}\">{html}</div>");
    }
}

/// Between a card's edge and its text, in millimetres.
pub(super) struct Padding {
    pub(super) sides: f32,
    pub(super) top: f32,
    /// With the room for the footer.
    pub(super) bottom: f32,
}

/// What the footer takes, in millimetres: its line, and as much above it as keeps it apart.
const FOOTER: f32 = metrics::FOOTER_LINE + 1.0;

impl Padding {
    /// Desktop printers leave 4.2 mm and more of a sheet's edge white.
    fn new(grid: &Grid) -> Self {
        let top = (grid.card[1] * 0.07).clamp(4.3, 9.0);
        Self { sides: top.max(5.0), top, bottom: top + FOOTER }
    }
}

/// What the boxes of extras and hints take on both sides, and above and below beside a block's gap, in their own em. The
/// line beside an extra, of 0.3 mm, is 0.2 em wide at 5 pt.
const EXTRA_BOX: [f32; 2] = [metrics::EXTRA_INDENT + 0.4, 0.0];
const HINT_BOX: [f32; 2] = [0.0, metrics::HINT_GAP - metrics::GAP];

/// How many cards a note has here: [`Setter::cards`].
pub(super) fn count(note: &Note) -> usize {
    match &note.body {
        NoteBody::Basic { reversed: true, .. } => 2,
        NoteBody::Basic { .. } | NoteBody::Cloze { .. } => 1,
    }
}

impl<'a> Setter<'a> {
    /// For the cards of a grid.
    pub(super) fn new(grid: &Grid, sizes: &'a ImageSizes<'a>, media: Option<&'a BTreeMap<&'a str, &'a str>>) -> Self {
        Self { media, sizes, card: grid.card, padding: Padding::new(grid) }
    }

    /// All that [`Self::cards`] are made of, as one number.
    pub(super) fn key(&self, note: &Note) -> Key {
        let Self { media, sizes, card, padding: Padding { sides, top, bottom } } = self;
        let mut made_of = Ingredients::default();
        note.hash(&mut made_of);
        [card[0], card[1], *sides, *top, *bottom].map(f32::to_bits).hash(&mut made_of);
        media.is_some().hash(&mut made_of);
        note.for_each_media(&mut |path| {
            media.as_ref().and_then(|media| media.get(path)).hash(&mut made_of);
            sizes.get(path).map(|size| size.map(f32::to_bits)).hash(&mut made_of);
        });
        made_of.key()
    }

    /// The cards of a note, in the order of their ordinals; a cloze note has one, with all its gaps.
    pub(super) fn cards(&self, note: &Note) -> Vec<Sides> {
        match &note.body {
            NoteBody::Basic { front, back, reversed, typed } => {
                let (asked, front) = match row(note) {
                    Some(Row { table, term, is_asked }) => (if is_asked { table } else { &[] }, term),
                    None => (&[][..], front.as_slice()),
                };
                let question = self.question(note, (asked, front), &note.hint, typed.is_some());
                let mut cards = vec![self.sides(true, note, front, question, self.answer(note, back))];
                if *reversed {
                    let question = self.question(note, (asked, back), &[], false);
                    cards.push(self.sides(false, note, back, question, self.answer(note, front)));
                }
                cards
            }
            NoteBody::Cloze { heading, text } => vec![self.cloze(note, heading, text)],
        }
    }

    /// `asked`: what stands above it in small letters, and the question itself.
    fn question(&self, note: &Note, asked: (&[Block], &[Block]), hint: &[Block], typed: bool) -> SideHtml {
        let (asked, blocks) = asked;
        let mut content = Content::new(note.trusts_html);
        content.push(asked, ASKED_SIZE, self.sizes);
        self.push(&mut content, blocks);
        if typed {
            content.push_line();
        }
        content.push_boxed(hint, HINT_SIZE, HINT_BOX, self.sizes);
        let body = self.render(note, blocks);
        let facts = are_facts(blocks);
        let (asked, hint) = (self.render(note, asked), self.render(note, hint));
        let parts = Parts { asked, body, facts, typed, hint, ..Parts::default() };
        self.side(note, &content, &parts, is_short(blocks))
    }

    fn answer(&self, note: &Note, blocks: &[Block]) -> SideHtml {
        let mut content = Content::new(note.trusts_html);
        self.push(&mut content, blocks);
        let is_bare = matches!(blocks, [Block { kind: BlockKind::Paragraph { .. }, .. }]);
        let parts = Parts { body: self.render(note, blocks), is_bare, facts: are_facts(blocks), ..Parts::default() };
        self.with_rest(note, content, parts, is_short(blocks))
    }

    /// Adds a side's own text to what is to be measured.
    fn push(&self, content: &mut Content, blocks: &[Block]) {
        let start = content.len();
        match only_picture(blocks) {
            Some(picture) => content.push_pictured(blocks, picture, self.sizes),
            None if are_facts(blocks) => content.push_facts(blocks, self.sizes),
            None => content.push(blocks, 1.0, self.sizes),
        }
        content.end_body(start);
    }

    /// A side with what stands below answers.
    fn with_rest(&self, note: &Note, mut content: Content, parts: Parts, short: bool) -> SideHtml {
        let is_picture = matches!(&note.extra[..], [only] if !parts.facts && is_picture(only) && content.put_beside(only, self.sizes));
        if !is_picture {
            content.push_boxed(&note.extra, EXTRA_SIZE, EXTRA_BOX, self.sizes);
        }
        for footnote in &note.footnotes {
            content.push(&footnote.blocks, SOURCE_SIZE, self.sizes);
        }
        let extra = self.render(note, &note.extra);
        let (picture, extra) = if is_picture { (extra, String::new()) } else { (String::new(), extra) };
        let parts = Parts { picture, extra, source: self.sources(note), ..parts };
        self.side(note, &content, &parts, short)
    }

    /// The text with blanks, and behind it what belongs into them.
    fn cloze(&self, note: &Note, heading: &[Block], text: &[Block]) -> Sides {
        let (mut content, mut key) = (Content::new(note.trusts_html), Content::new(note.trusts_html));
        let mut answer_pieces = content.push_blanks(heading, true, self.sizes);
        answer_pieces.extend(content.push_blanks(text, false, self.sizes));
        content.end_body(0);
        content.push_boxed(&note.hint, HINT_SIZE, HINT_BOX, self.sizes);
        let many = answer_pieces.len() > 1;
        key.push(heading, EXTRA_SIZE, self.sizes);
        key.push_answers(answer_pieces);
        key.end_body(0);
        // The numbers of a list are numbers enough.
        let is_numbered = many && !(is_list_of_deletions(text) && deletions(heading) == 0);
        let (heading_html, mut answers) = self.blanks(note, heading, is_numbered.then_some(1));
        let (body, more) = self.blanks(note, text, is_numbered.then_some(answers.len() + 1));
        answers.extend(more);
        let parts = Parts { heading: heading_html, body, hint: self.render(note, &note.hint), ..Parts::default() };
        let front = self.side(note, &content, &parts, heading.is_empty() && is_short(text));
        let parts = Parts {
            heading: self.render(note, heading),
            body: answer_list(&answers),
            is_bare: !many,
            ..Parts::default()
        };
        let back = self.with_rest(note, key, parts, !many);
        self.sides(true, note, if heading.is_empty() { text } else { heading }, front, back)
    }

    fn sides(&self, is_first: bool, note: &Note, asked: &[Block], front: SideHtml, back: SideHtml) -> Sides {
        Sides { is_first, front, back, question: first_line(note, asked), typeset: self.typeset_line(note, asked) }
    }

    /// [`first_line`] as HTML where there are formulas in it.
    fn typeset_line(&self, note: &Note, blocks: &[Block]) -> Option<String> {
        let (media, content) = (self.media.as_ref()?, line_of(blocks.first()?)?);
        let mut line = String::new();
        if let Some(Row { table, .. }) = row(note) {
            html::escape(&(text_line(table) + " › "), &mut line);
        }
        has_formula(content).then(|| {
            formulas_in_text(content, &style(note, media, ClozeStyle::Unwrapped), &mut line);
            line
        })
    }

    fn side(&self, note: &Note, content: &Content, parts: &Parts, short: bool) -> SideHtml {
        let Padding { sides, top, bottom } = self.padding;
        let [width, height] = self.card;
        let room = [width - 2.0 * sides, height - top - bottom];
        let fit = fit::fit(content, room, &Most::new(height, short));
        let short = short && content.lines(room, &fit) < CENTRED;
        let mut classes = String::new();
        let applying = [
            (short, " short"),
            (fit.squeezes, " squeezed"),
            (fit.way.halves_lists, " halved"),
            (fit.way.beside, " beside"),
            (content.has_images(), " wide"),
            (!fit.is_whole, " over"),
        ];
        for (_, class) in applying.into_iter().filter(|(applies, _)| *applies) {
            classes.push_str(class);
        }
        let lang = language::of_note(note);
        let (html, body) = if self.media.is_some() {
            frame(note, content.has_images(), &fit, lang, parts)
        } else {
            (String::new(), 0..0)
        };
        SideHtml { classes, html, body, lang, fit }
    }

    fn render(&self, note: &Note, blocks: &[Block]) -> String {
        match &self.media {
            Some(media) if !blocks.is_empty() => {
                mark_drawings(html::render(blocks, &style(note, media, ClozeStyle::Unwrapped)))
            }
            Some(_) | None => String::new(),
        }
    }

    /// Blocks with blanks, and what belongs into these. `first` is the number of the first of them, where they have any.
    fn blanks(&self, note: &Note, blocks: &[Block], first: Option<usize>) -> (String, Vec<String>) {
        let style = self.media.as_ref().map(|media| style(note, media, ClozeStyle::Blank));
        let (html, answers) = style.map(|style| html::render_blanks(blocks, &style, first)).unwrap_or_default();
        (mark_drawings(html), answers)
    }

    /// A single source as it stands; more of them under their numbers.
    fn sources(&self, note: &Note) -> String {
        let render = |footnote: &Footnote| self.render(note, &footnote.blocks);
        match &note.footnotes[..] {
            [] => String::new(),
            [only] => render(only),
            many => {
                let mut list = String::new();
                for footnote in many {
                    let _ = write!(list, "<div><sup>{}</sup> {}</div>", footnote.number, render(footnote));
                }
                list
            }
        }
    }
}

/// [`SideHtml::html`], and where the body is in it.
fn frame(note: &Note, has_images: bool, fit: &Fit, lang: &str, parts: &Parts) -> (String, Range<usize>) {
    let mut html = format!(" style=\"--size:{}pt", number(fit.points));
    if has_images {
        let _ = write!(html, ";--image:{}mm", number(fit.image));
    }
    if fit.way.beside {
        let [width, height] = fit.picture.map(number);
        let _ = write!(html, ";--picture:{width}mm;--image-height:{height}mm");
    }
    if fit.formula < 1.0 {
        let _ = write!(html, ";--formula:{}", number(fit.formula));
    }
    if fit.drawing < 1.0 {
        // Rounded up, a line would be a hair too long.
        let _ = write!(html, ";--drawing:{}", number((fit.drawing * 1000.0).floor() / 1000.0));
    }
    html.push('"');
    if !lang.is_empty() {
        let _ = write!(html, " lang=\"{lang}\"");
    }
    html.push_str(">\n");
    let body = parts.write(&mut html);
    html.push_str("\n<footer>");
    if !fit.is_whole {
        html.push_str("<strong class=\"notice\">✂ more than fits</strong>");
    }
    html.push_str("<span class=\"place\" dir=\"auto\">");
    let table = row(note).filter(|row| !row.is_asked).map(|row| text_line(row.table));
    let place = table.as_ref().map_or(&note.context[..], std::slice::from_ref);
    for (index, heading) in place.iter().enumerate() {
        html.push_str(if index == 0 { "" } else { " › " });
        html::escape(heading, &mut html);
    }
    html.push_str("</span><span class=\"number\">");
    (html, body)
}

/// The front of a note that was a row of a table.
struct Row<'a> {
    /// The table's name.
    table: &'a [Block],
    /// What the row is about.
    term: &'a [Block],
    /// Whether the name is a question, or a sentence, that the card needs.
    is_asked: bool,
}

/// A longer name may not have the room that a card has at its foot.
const LONGEST_NAME: usize = 40;

/// The name of a table is what its cards have in common: it stands at their foot, and the term takes the card.
fn row(note: &Note) -> Option<Row<'_>> {
    match &note.body {
        NoteBody::Basic { front, .. } if note.kind == NoteKind::Row => {
            let (table, term) = front.split_at_checked(1)?;
            let name = text_line(table);
            let is_asked = name.len() > LONGEST_NAME || asks(&name);
            (!term.is_empty()).then_some(Row { table, term, is_asked })
        }
        NoteBody::Basic { .. } | NoteBody::Cloze { .. } => None,
    }
}

/// Whether a side is made of several cells of a row, each under its column's name.
fn are_facts(blocks: &[Block]) -> bool {
    blocks.len() > 1 && blocks.iter().all(|block| block.kind.labelled().is_some())
}

fn is_picture(block: &Block) -> bool {
    matches!(&block.kind, BlockKind::Paragraph { content } if html::is_picture(content))
}

/// The only picture among blocks, where text is beside it.
fn only_picture(blocks: &[Block]) -> Option<usize> {
    let mut pictures = blocks.iter().enumerate().filter(|(_, block)| is_picture(block)).map(|(at, _)| at);
    let only = pictures.next().filter(|_| blocks.len() > 1)?;
    pictures.next().is_none().then_some(only)
}

/// Fewer lines than this are centred; more of them are read from where lines start.
const CENTRED: f32 = 3.6;

fn style<'a>(note: &Note, media: &'a BTreeMap<&'a str, &'a str>, cloze: ClozeStyle) -> Style<'a> {
    Style { media, cloze, math: MathStyle::MathMl, playing: Playing::Paper, trusts_html: note.trusts_html }
}

/// Whether a side is a line or two, to be set in its middle.
fn is_short(blocks: &[Block]) -> bool {
    let [Block { kind: BlockKind::Paragraph { .. } | BlockKind::Labelled(_), .. }] = blocks else { return false };
    let mut length = 0;
    for_each_leaf(blocks, &mut |leaf| match leaf {
        Leaf::Text(text) => length += text.len(),
        Leaf::Media(..) | Leaf::HtmlMedia(_) | Leaf::Break => {}
    });
    length <= 160
}

/// Whether a text is a list that counts from 1, with one deletion in each item.
fn is_list_of_deletions(text: &[Block]) -> bool {
    let [Block { kind: BlockKind::List { start: Some(1), items, .. }, .. }] = text else { return false };
    items.iter().all(|item| deletions(&item.blocks) == 1)
}

fn deletions(blocks: &[Block]) -> usize {
    let mut count = 0;
    for_each_cloze(blocks, &mut |_| count += 1);
    count
}

/// What belongs into blanks: by their numbers where there are several.
fn answer_list(answers: &[String]) -> String {
    match answers {
        [only] => only.clone(),
        many => {
            let mut list = String::from("<ol class=\"answers\">");
            for answer in many {
                let _ = write!(list, "<li>{answer}</li>");
            }
            list.push_str("</ol>");
            list
        }
    }
}

/// The first block as text without markup, on one line; of a row of a table behind that one's name.
fn first_line(note: &Note, blocks: &[Block]) -> String {
    let mut line = row(note).map_or_else(String::new, |Row { table, .. }| text_line(table) + " › ");
    match blocks.first().map(|block| (block, block.kind.labelled())) {
        Some((_, Some(labelled))) => line.push_str(&one_line(&plain_text(&labelled.content))),
        Some((block, None)) => line.push_str(&text_line(std::slice::from_ref(block))),
        None => {}
    }
    line
}

/// The text of a block that is a line of it.
fn line_of(block: &Block) -> Option<&[Inline]> {
    if let BlockKind::Paragraph { content } | BlockKind::Heading { content, .. } = &block.kind {
        return Some(content);
    }
    block.kind.labelled().map(|labelled| labelled.content.as_slice())
}

fn has_formula(content: &[Inline]) -> bool {
    content.iter().any(|inline| {
        matches!(inline.kind, InlineKind::Math { .. })
            || inline.child().is_some_and(|child| match child {
                Child::Inlines(content) => has_formula(content),
                Child::Blocks(_) | Child::Runs(_) => false,
            })
    })
}

/// Text without markup on one line, and formulas as they are on cards.
fn formulas_in_text(content: &[Inline], style: &Style<'_>, line: &mut String) {
    for inline in content {
        match (&inline.kind, inline.child()) {
            (InlineKind::Math { .. }, _) => line.push_str(&html::render_line(std::slice::from_ref(inline), style)),
            (_, Some(Child::Inlines(content))) => formulas_in_text(content, style, line),
            _ => html::escape(&plain_text(std::slice::from_ref(inline)).replace('\n', " "), line),
        }
    }
}

/// Blocks as text without markup, on one line.
fn text_line(blocks: &[Block]) -> String {
    let mut text = String::new();
    for_each_leaf(blocks, &mut |leaf| match leaf {
        Leaf::Text(piece) => text.push_str(piece),
        Leaf::Media(..) | Leaf::HtmlMedia(_) => {}
        Leaf::Break => text.push(' '),
    });
    one_line(&text)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A length or size for CSS: at most three decimals.
pub(super) fn number(value: f32) -> String {
    // Exact: a thousand times as much needs no more than the bits of an `f64`, and halves go to the even digit, as formatting has it.
    let thousandths = (f64::from(value) * 1000.0).round_ties_even().abs() as i64;
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let (whole, part) = (thousandths / 1000, thousandths % 1000);
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{sign}{whole}.{part:03}");
    digits.trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn formatted(value: f32) -> String {
        format!("{value:.3}").trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    #[test]
    fn numbers_are_those_of_formatting() {
        for value in [0.0, -0.0, 0.5, 12.0, 10.5, 100.0, 0.0625, 0.1875, 3.0005, 0.0004, 0.9996, -1.25, 1e6, 148.5] {
            assert_eq!(number(value), formatted(value), "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_number_is_that_of_formatting(value in -20_000.0_f32..20_000.0, sixteenths in i16::MIN..i16::MAX) {
            prop_assert_eq!(number(value), formatted(value));
            let half = f32::from(sixteenths) / 16.0;
            prop_assert_eq!(number(half), formatted(half));
        }
    }
}
