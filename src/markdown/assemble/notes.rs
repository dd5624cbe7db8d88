//! Turns the blocks of one note into its fields: hints and extras out of alerts, sources out of footnotes, deletions
//! numbered.
//!
//! Knows what a note is; which blocks belong to one is up to [`crate::markdown::syntax`].

use super::comments::strip_comments;
use super::file_text::FileText;
use super::footnotes::Numbering;
use crate::anki::cloze::may_start;
use crate::config::syntax::Syntax;
use crate::config::{HtmlPolicy, Settings};
use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::ir::{
    Alert, AlertKind, Block, BlockKind, Child, Cloze, Footnote, Guid, Inline, InlineKind, Note, NoteBody, NoteKind,
    Shared, Tag, plain_text, runs_text,
};
use crate::markdown::attributes::{Attributes, Class};
use crate::markdown::cloze::{self, Deletions, Wanted};
use crate::markdown::foreign::report::{self, Reads};
use crate::markdown::foreign::tags;
use crate::markdown::html;
use crate::source::Span;
use crate::text::hidden;

/// What a note is made of.
pub(super) struct Parts {
    pub syntax: Syntax,
    pub kind: NoteKind,
    /// What asks, or stands above the text.
    pub front: Vec<Block>,
    /// What answers, or the text with deletions.
    pub back: Vec<Block>,
    /// What the note's own attributes say.
    pub attributes: Attributes,
    /// Whether the note, or a heading above it, asks for a reversed card.
    pub reversed: bool,
    /// Whether the note, or a heading above it, asks to type the answer.
    pub typed: bool,
    /// What names the note.
    pub span: Span,
    pub line: usize,
    /// The headings above it.
    pub context: Shared<String>,
    /// The tags of the note before it.
    pub known_tags: Shared<Tag>,
}

/// Makes the note, as far as it can be read; what is wrong says whether it can be one. `None` where no deck is in effect.
pub(super) fn build(
    context: &FileText<'_>,
    mut parts: Parts,
    settings: &Settings,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Note> {
    let deck = settings.deck.clone()?;
    let asked = Asked::of(&parts);
    let (mut hint, mut extra) = take_alerts(&mut parts.front);
    let (hint_behind, extra_behind) = take_alerts(&mut parts.back);
    hint.extend(hint_behind);
    extra.extend(extra_behind);
    strip_comments(&mut parts.front, diagnostics);
    for blocks in [&mut parts.back, &mut hint, &mut extra] {
        strip_comments(blocks, diagnostics);
    }
    let is_cloze = find_deletions(context, &mut parts, asked, settings, diagnostics);
    for blocks in [&mut hint, &mut extra] {
        // Anki takes a field of `<p></p>` for a filled one.
        if !have_content(blocks, settings.html == HtmlPolicy::Trust) {
            blocks.clear();
        }
        cloze::resolve(blocks, Wanted::HIGHLIGHTS, context.source, diagnostics);
    }
    let tags = note_tags(&mut parts, [&mut hint, &mut extra], &context.source.text, settings);
    // Those of Logseq are tags of the note, and are text as well.
    let reads_tags = settings.reading.tags || parts.syntax == Syntax::Logseq;
    let (source, reads) = (&context.source.text, Reads { tags: reads_tags, math: settings.math });
    match parts.syntax {
        Syntax::Headings => report::report_front(&parts.front, source, reads, diagnostics),
        Syntax::StartEnd | Syntax::Qa | Syntax::Slides | Syntax::Obsidian | Syntax::Logseq => {
            report::report(&parts.front, source, reads, diagnostics);
        }
    }
    for blocks in [&parts.back, &hint, &extra] {
        report::report(blocks, source, reads, diagnostics);
    }
    report::report_ticked(&parts.front, diagnostics);
    let mut numbering = Numbering::default();
    for blocks in [&mut parts.front, &mut parts.back, &mut hint, &mut extra] {
        numbering.renumber(blocks, context);
    }
    let footnotes = numbering.sources(context, diagnostics);
    let body = if is_cloze {
        cloze_body(&mut parts, diagnostics)
    } else {
        let (has_fields, is_trusted) = (!hint.is_empty() || !extra.is_empty(), settings.html == HtmlPolicy::Trust);
        basic_body(&mut parts, has_fields, is_trusted, diagnostics)
    };
    Some(Note { tags, ..note(parts, body, settings, deck, hint, extra, footnotes) })
}

fn note(
    parts: Parts,
    body: NoteBody,
    settings: &Settings,
    deck: crate::ir::DeckName,
    hint: Vec<Block>,
    extra: Vec<Block>,
    footnotes: Vec<Footnote>,
) -> Note {
    Note {
        guid: Guid::default(),
        modified: 0,
        due: 0,
        kind: match body {
            NoteBody::Cloze { .. } if parts.kind == NoteKind::Basic => NoteKind::Cloze,
            NoteBody::Cloze { .. } | NoteBody::Basic { .. } => parts.kind,
        },
        id_place: parts.attributes.id.as_ref().map(|(_, place)| *place),
        id: parts.attributes.id.map(|(id, _)| id),
        deck,
        tags: Shared::default(),
        body,
        hint,
        extra,
        footnotes,
        context: parts.context,
        span: parts.span,
        line: parts.line,
        trusts_html: settings.html == HtmlPolicy::Trust,
    }
}

/// The tags of a note: those in effect, and where the settings say so, those in its text.
fn note_tags(parts: &mut Parts, fields: [&mut Vec<Block>; 2], source: &str, settings: &Settings) -> Shared<Tag> {
    if !settings.reading.tags {
        return Shared::or_new(Some(&parts.known_tags), &settings.tags);
    }
    let mut settings = settings.clone();
    let found = [&mut parts.front, &mut parts.back].into_iter().chain(fields);
    let found = found.flat_map(|blocks| tags::take(blocks, source));
    let found: Vec<Tag> = found.take(Tag::MOST).filter_map(|tag| Tag::new(&Tag::written(&tag))).collect();
    settings.add_tags(&found);
    Shared::or_new(Some(&parts.known_tags), &settings.tags)
}

/// What the attributes ask of a note's text.
#[derive(Clone, Copy)]
struct Asked {
    cloze: bool,
    list: bool,
    basic: bool,
}

impl Asked {
    fn of(parts: &Parts) -> Self {
        let has = |class| parts.attributes.has(class);
        Self { cloze: has(Class::Cloze), list: has(Class::List), basic: has(Class::Basic) }
    }
}

/// Finds deletions in front and back, numbers them, and says whether this is a cloze note.
fn find_deletions(
    context: &FileText<'_>,
    parts: &mut Parts,
    asked: Asked,
    settings: &Settings,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let known = diagnostics.len();
    let is_row = parts.kind == NoteKind::Row;
    let may_delete = || {
        let spans = [span_of(&parts.front), span_of(&parts.back)].into_iter().flatten();
        spans.filter_map(|span| context.source.text.get(span.range())).any(may_start)
    };
    // A row's front reaches from its heading to its cell, so that each row would search all the rows above it.
    let has_braces = match parts.syntax {
        Syntax::Headings => !is_row,
        Syntax::StartEnd => asked.cloze,
        Syntax::Qa | Syntax::Slides | Syntax::Obsidian | Syntax::Logseq => false,
    };
    let may_have = !asked.basic && has_braces && may_delete();
    let deletions = if may_have { Deletions::Everywhere } else { Deletions::Nowhere };
    let wanted = Wanted { deletions, strays: !has_braces, marks_are_deletions: asked.cloze };
    cloze::resolve(&mut parts.front, wanted, context.source, diagnostics);
    cloze::resolve(&mut parts.back, wanted, context.source, diagnostics);
    if has_braces && !asked.basic {
        cloze::report_near(&parts.front, &context.source.text, diagnostics);
        cloze::report_near(&parts.back, &context.source.text, diagnostics);
    }
    if asked.cloze && settings.reading.bold_cloze {
        cloze::delete_bold(&mut parts.front);
        cloze::delete_bold(&mut parts.back);
    }
    if asked.list {
        delete_list_elements(parts, diagnostics);
        parts.kind = NoteKind::List;
    }
    cloze::number([&mut parts.front, &mut parts.back], diagnostics);
    let mut found = false;
    crate::ir::for_each_cloze(&parts.front, &mut |_| found = true);
    crate::ir::for_each_cloze(&parts.back, &mut |_| found = true);
    let is_torn = diagnostics
        .iter()
        .skip(known)
        .any(|new| new.cost == Cost::Note && matches!(new.code, Code::UnclosedCloze | Code::CrossingCloze));
    if asked.cloze
        && !found
        && !is_torn
        && let Some(place) = parts.attributes.place(Class::Cloze)
    {
        diagnostics.push(
            Diagnostic::new(Code::NoDeletion, place, "a cloze note without a deletion")
                .help(if parts.back.iter().any(cloze::has_bold) {
                    "mark what to hide as `==words==` or `{{c1::words}}`; with `bold-cloze: true`, `**words**` is hidden too"
                } else {
                    "mark what to hide as `==words==` or `{{c1::words}}`, or take `.cloze` out"
                }),
        );
    }
    found || is_torn || asked.cloze || asked.list
}

fn span_of(blocks: &[Block]) -> Option<Span> {
    blocks.first().zip(blocks.last()).map(|(first, last)| first.span.to(last.span))
}

/// Hides every element of the top-level lists.
fn delete_list_elements(parts: &mut Parts, diagnostics: &mut Vec<Diagnostic>) {
    let mut found = false;
    for block in &mut parts.back {
        let BlockKind::List { items, .. } = &mut block.kind else { continue };
        for element in items {
            let blocks = std::mem::take(&mut element.blocks);
            found = true;
            let Some(span) = span_of(&blocks) else {
                diagnostics.push(
                    Diagnostic::new(Code::EmptyCloze, element.span, "an empty part of a list note hides nothing")
                        .help("write its text, or take the line out"),
                );
                continue;
            };
            let cloze = Cloze { span, numbers: Vec::new(), hint: None, assigned: true }.into();
            element.blocks = vec![Block { span, kind: BlockKind::Cloze { cloze, blocks } }];
        }
    }
    if !found {
        let place = parts.attributes.place(Class::List).unwrap_or(parts.span);
        diagnostics.push(
            Diagnostic::new(Code::MissingList, place, "a list note without a list")
                .help("write its parts as a list, each on a line that starts with `1.` or `-`"),
        );
    }
}

fn cloze_body(parts: &mut Parts, diagnostics: &mut Vec<Diagnostic>) -> NoteBody {
    for class in [Class::Reversed, Class::Typed] {
        if let Some(place) = parts.attributes.place(class) {
            diagnostics.push(
                Diagnostic::new(Code::ConflictingAttributes, place, format!("`{}` in a cloze note", class.name()))
                    .caret("goes with a question and an answer")
                    .help("take it out, or ask with a heading and answer without deletions"),
            );
        }
    }
    NoteBody::Cloze { heading: std::mem::take(&mut parts.front), text: std::mem::take(&mut parts.back) }
}

fn basic_body(parts: &mut Parts, has_fields: bool, is_trusted: bool, diagnostics: &mut Vec<Diagnostic>) -> NoteBody {
    let (front, back) = (std::mem::take(&mut parts.front), std::mem::take(&mut parts.back));
    let missing = if !have_content(&front, is_trusted) {
        Some(empty_front(parts))
    } else if !have_content(&back, is_trusted) {
        Some(missing_back(parts, has_fields))
    } else {
        None
    };
    let asks_to_type = parts.typed && missing.is_none();
    diagnostics.extend(missing);
    let typed = if asks_to_type { typed_answer(&back, parts, diagnostics) } else { None };
    NoteBody::Basic { front, back, reversed: parts.reversed, typed }
}

fn empty_front(parts: &Parts) -> Diagnostic {
    if parts.syntax == Syntax::Headings {
        return Diagnostic::new(Code::EmptyFront, parts.span, "a note that asks nothing")
            .help("write the question here, or `{.prose}` for text that is no note");
    }
    Diagnostic::new(Code::NearCard, parts.span, "a card that asks nothing")
        .costing(Cost::Note)
        .help(format!("write the question as text {}", places_of(parts.syntax)[0]))
}

/// Where question and answer of a card stand.
fn places_of(syntax: Syntax) -> [&'static str; 2] {
    match syntax {
        Syntax::StartEnd => ["in its first field", "in its second field"],
        Syntax::Qa => ["behind `Q:`", "behind `A:`"],
        Syntax::Slides => ["above the pause", "below the pause"],
        Syntax::Obsidian => ["before the separator", "behind the separator"],
        Syntax::Logseq => ["in the block", "in blocks below it"],
        Syntax::Headings => ["in the heading", "below the heading"],
    }
}

fn missing_back(parts: &Parts, has_fields: bool) -> Diagnostic {
    if parts.syntax != Syntax::Headings {
        return Diagnostic::new(Code::NearCard, parts.span, "a card without an answer")
            .costing(Cost::Note)
            .help(format!("write the answer as text {}", places_of(parts.syntax)[1]));
    }
    let help = match parts.kind {
        NoteKind::Row => "fill a cell behind the first one, or take the row out",
        NoteKind::Definition => "write what the term means behind the `:`",
        NoteKind::Basic | NoteKind::Cloze | NoteKind::List if has_fields => {
            "write the answer as text: `[!TIP]` is a hint before it, `[!NOTE]` stands below it"
        }
        NoteKind::Basic | NoteKind::Cloze | NoteKind::List => {
            "write the answer below it, or `{.prose}` behind the heading if it is no note"
        }
    };
    Diagnostic::new(Code::MissingBack, parts.span, "a note without an answer").help(help)
}

/// The plain text of a back that is one paragraph of text.
fn typed_answer(back: &[Block], parts: &Parts, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let content = match back {
        [Block { kind: BlockKind::Paragraph { content }, .. }] => Some(content),
        [Block { kind: BlockKind::Labelled(labelled), .. }] => Some(&labelled.content),
        _ => None,
    };
    let answer = content.filter(|content| can_be_typed(content)).map(|content| plain_text(content).trim().to_owned());
    if answer.is_none() {
        let (place, caret) = untypable(back, content.map(Vec::as_slice)).unwrap_or((parts.span, ONE_PARAGRAPH));
        diagnostics.push(
            Diagnostic::new(Code::UntypableBack, place, "an answer that cannot be typed")
                .caret(caret)
                .label(parts.attributes.place(Class::Typed).unwrap_or(parts.span), "asks to type the answer")
                .help("shorten the answer to the words to type and move the rest to `> [!NOTE]`, or take `.typed` out"),
        );
    }
    answer
}

const ONE_PARAGRAPH: &str = "must be one paragraph of plain text";

/// What of a back nobody can type: within its only paragraph, or beside it.
fn untypable(back: &[Block], content: Option<&[Inline]>) -> Option<(Span, &'static str)> {
    if let Some(content) = content {
        return more_than_text(content);
    }
    let is_paragraph = |block: &Block| matches!(block.kind, BlockKind::Paragraph { .. });
    let other = back.iter().find(|block| !is_paragraph(block)).or(back.get(1))?;
    Some((other.span, ONE_PARAGRAPH))
}

fn can_be_typed(content: &[Inline]) -> bool {
    more_than_text(content).is_none()
}

/// The first piece of content that is more than text, and what it is.
fn more_than_text(content: &[Inline]) -> Option<(Span, &'static str)> {
    content.iter().find_map(|inline| {
        let what = match &inline.kind {
            InlineKind::Cloze(_) => "a deletion cannot be typed",
            InlineKind::Math { .. } => "a formula cannot be typed",
            InlineKind::Media(_) => "a picture or sound cannot be typed",
            InlineKind::Html { .. } => "raw HTML cannot be typed",
            InlineKind::HardBreak => "a line break cannot be typed",
            InlineKind::Text { .. }
            | InlineKind::Code { .. }
            | InlineKind::Emphasis { .. }
            | InlineKind::Strong { .. }
            | InlineKind::Strikethrough { .. }
            | InlineKind::Highlight { .. }
            | InlineKind::Link(_)
            | InlineKind::Footnote { .. }
            | InlineKind::SoftBreak => {
                let Some(Child::Inlines(content)) = inline.child() else { return None };
                return more_than_text(content);
            }
        };
        Some((inline.span, what))
    })
}

fn have_content(blocks: &[Block], is_trusted: bool) -> bool {
    blocks.iter().any(|block| has_content(block, is_trusted))
}

/// Whether a block shows anything; `is_trusted` says whether its raw HTML comes through as it is.
fn has_content(block: &Block, is_trusted: bool) -> bool {
    match &block.kind {
        BlockKind::Paragraph { content } | BlockKind::Heading { content, .. } => show(content, is_trusted),
        BlockKind::Labelled(labelled) => show(&labelled.content, is_trusted),
        BlockKind::Html { html } => html::shows(&html.text, is_trusted),
        BlockKind::Code { content, .. } => !hidden::is_blank(&runs_text(content)),
        BlockKind::Quote { blocks } | BlockKind::Cloze { blocks, .. } => have_content(blocks, is_trusted),
        BlockKind::Alert(alert) => show(&alert.title, is_trusted) || have_content(&alert.blocks, is_trusted),
        BlockKind::List { items, .. } => items.iter().any(|element| have_content(&element.blocks, is_trusted)),
        BlockKind::Table(grid) => {
            grid.header.iter().chain(grid.rows.iter().flatten()).any(|cell| show(&cell.content, is_trusted))
        }
        BlockKind::Definitions { .. } => true,
        BlockKind::Rule => false,
    }
}

/// Whether inlines show anything.
pub(in crate::markdown) fn show(content: &[Inline], is_trusted: bool) -> bool {
    content.iter().any(|inline| shows(inline, is_trusted))
}

fn shows(inline: &Inline, is_trusted: bool) -> bool {
    match inline.child() {
        Some(Child::Inlines(content)) => show(content, is_trusted),
        Some(Child::Blocks(blocks)) => have_content(blocks, is_trusted),
        Some(Child::Runs(runs)) => !hidden::is_blank(&runs_text(runs)),
        None => {
            if let InlineKind::Html { html } = &inline.kind {
                return html::shows(&html.text, is_trusted);
            }
            let is_medium = matches!(inline.kind, InlineKind::Media(_));
            inline.kind.as_text().map_or(is_medium, |text| !hidden::is_blank(text))
        }
    }
}

/// Takes the alerts that are fields out of a note's blocks: hints, extras.
fn take_alerts(blocks: &mut Vec<Block>) -> (Vec<Block>, Vec<Block>) {
    let mut hint = Vec::new();
    let mut extra = Vec::new();
    if !blocks.iter().any(|block| matches!(block.kind, BlockKind::Alert(_))) {
        return (hint, extra);
    }
    for block in std::mem::take(blocks) {
        let field = match block.kind.alert() {
            Some(AlertKind::Tip) => &mut hint,
            Some(AlertKind::Note) => &mut extra,
            Some(AlertKind::Important | AlertKind::Warning | AlertKind::Caution | AlertKind::Other(_)) | None => {
                blocks.push(block);
                continue;
            }
        };
        if let BlockKind::Alert(alert) = block.kind {
            push_alert(field, *alert, block.span);
        }
    }
    (hint, extra)
}

fn push_alert(field: &mut Vec<Block>, alert: Alert, span: Span) {
    let Alert { title, blocks, .. } = alert;
    if !title.is_empty() {
        let strong = Inline { span, kind: InlineKind::Strong { content: title } };
        field.push(Block { span, kind: BlockKind::Paragraph { content: vec![strong] } });
    }
    field.extend(blocks);
}
