//! Closes the elements that need a look at the source: alerts, images, math and raw HTML.

use super::build::Builder;
use std::borrow::Cow;

use crate::config::HtmlPolicy;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    AlertKind, Block, BlockKind, HtmlLink, HtmlMedia, Inline, InlineKind, MAX_HTML_DEPTH, MediaRef, RawHtml, Run,
    plain_text,
};
use crate::markdown::{LinkUse, MediaUse, html, media, scan};
use crate::source::Span;
use crate::text::tags::{Attribute, Tag, tags};
use crate::text::{address, entity};

impl Builder<'_, '_> {
    /// A quote, or an alert where its first line starts with `[!KIND]`.
    ///
    /// Read here because pulldown-cmark takes `[!NOTE] Title`, `[!note]-` and `[!HINT]` for plain quotes.
    pub(super) fn close_quote(&mut self, span: Span, mut blocks: Vec<Block>) {
        let kind = match take_marker(&self.input.source.text, &mut blocks) {
            Some((kind, title)) => BlockKind::Alert { kind, title, blocks },
            None => BlockKind::Quote { blocks },
        };
        self.push_block(Block { span, kind });
    }

    pub(super) fn close_image(&mut self, url: &str, title: String, span: Span, alt: &[Inline]) {
        let alt = plain_text(alt);
        let (alt, width, height) = media::split_size(&alt);
        let reference = self.media(url, span);
        let kind = InlineKind::Media {
            media: reference,
            alt: alt.to_owned(),
            title: Some(title).filter(|title| !title.is_empty()),
            width,
            height,
        };
        self.push_inline(Inline { span, kind });
    }

    /// Notes down where a link leads to a path. `span` holds the address somewhere.
    pub(super) fn note_link(&mut self, url: &str, span: Span) {
        // What may run something is said to be left out where that is so.
        if address::is_path(url) && address::may_be_followed(url) {
            self.tree.links.push(LinkUse { url: url.to_owned(), span: self.place_of(url, span).0 });
        }
    }

    /// Where in a span an address stands, and whether it is sure that it is the address; the span itself where it is written
    /// otherwise.
    fn place_of(&self, address: &str, span: Span) -> (Span, bool) {
        let text = self.input.text(span);
        // Behind the text that stands for the image, and before a title: both may say the same.
        let behind = ["](", "](<"].iter().find_map(|open| Some(text.rfind(&format!("{open}{address}"))? + open.len()));
        let Some(at) = behind.or_else(|| text.rfind(address)).filter(|_| !address.is_empty()) else {
            return (span, false);
        };
        let start = span.start as usize + at;
        let is_sure = behind.is_some() || text.matches(address).nth(1).is_none();
        (span.with(start..start + address.len()), is_sure)
    }

    /// What an address names; notes the use, or says that it is remote. `span` holds the address somewhere.
    fn media(&mut self, address: &str, span: Span) -> MediaRef {
        let (place, is_exact) = self.place_of(address, span);
        let (reference, others) = media::resolve(address, &self.input.source.path, self.input.content);
        match &reference {
            MediaRef::Local { path } => {
                let is_exact = is_exact && !address.contains(['?', '#']);
                self.tree.media.push(MediaUse { path: path.clone(), others, span: place, is_exact });
            }
            MediaRef::Remote { url } if url.starts_with("data:") => {}
            MediaRef::Remote { .. } => self.diagnostics.push(
                Diagnostic::new(Code::RemoteMedia, place, "this file is on the network and is not packaged")
                    .help("save it beside the note and name it by its path, so that cards work offline"),
            ),
        }
        reference
    }

    pub(super) fn math(&mut self, tex: &str, display: bool, span: Span) {
        let text = self.input.scanned.restore(tex);
        if !display && scan::is_money(&self.input.source.text, &span.range()) {
            let text = self.input.text(span).to_owned();
            return self.push_inline(Inline { span, kind: InlineKind::Text { text } });
        }
        if !display && reads_like_money(&text) {
            let dollar = span.with(span.start as usize..span.start as usize + 1);
            self.diagnostics.push(
                Diagnostic::new(Code::MoneyAsMath, span, "this looks like money and is read as math")
                    .help("write `\\$` for a dollar, or set `math: false`")
                    .edit(dollar, "\\$"),
            );
        }
        self.push_inline(Inline { span, kind: InlineKind::Math { display, content: vec![Run::Text { text }] } });
    }

    /// Reports `\( … \)` and `\[ … \]`: to Markdown they are escaped brackets.
    pub(super) fn report_anki_math(&mut self, text: &str, span: Span) {
        if self.input.escapes_brackets {
            return;
        }
        let start = span.start as usize;
        let source = &self.input.source.text;
        let Some(bracket) =
            text.chars().next().filter(|_| start > 0 && source.as_bytes().get(start - 1) == Some(&b'\\'))
        else {
            return;
        };
        match (bracket, self.escaped_bracket) {
            ('(' | '[', _) => self.escaped_bracket = Some(span.with(start - 1..start + 1)),
            (')' | ']', Some(open)) => {
                self.escaped_bracket = None;
                let inner = source.get(open.end as usize..start - 1).unwrap_or_default().trim();
                let dollars = if bracket == ')' { "$" } else { "$$" };
                // `\[optional\]` is an ordinary escape.
                if source[open.range()].ends_with(if bracket == ')' { '(' } else { '[' })
                    && inner.contains(['\\', '^', '_', '='])
                {
                    let whole = span.with(open.start as usize..start + 1);
                    self.diagnostics.push(
                        Diagnostic::new(Code::AnkiMath, whole, "math between Anki's delimiters is read as plain text")
                            .help("write it between dollars")
                            .edit(whole, format!("{dollars}{inner}{dollars}")),
                    );
                }
            }
            _ => {}
        }
    }

    pub(super) fn inline_html(&mut self, text: &str, span: Span) {
        let text = self.input.scanned.restore(text);
        if self.input.html == HtmlPolicy::Sanitize && !html::starts_markup(&text) {
            return self.push_inline(Inline { span, kind: InlineKind::Text { text } });
        }
        let is_break = text.to_ascii_lowercase().trim_end_matches([' ', '/', '>']) == "<br";
        let kind = if is_break { InlineKind::HardBreak } else { InlineKind::Html { html: self.raw_html(text, span) } };
        self.push_inline(Inline { span, kind });
    }

    pub(super) fn close_html(&mut self, mut text: String, span: Span) {
        if self.input.html == HtmlPolicy::Sanitize {
            if !html::starts_markup(text.trim_start()) {
                let kind = InlineKind::Text { text: text.trim().to_owned() };
                let content = vec![Inline { span, kind }];
                return self.push_block(Block { span, kind: BlockKind::Paragraph { content } });
            }
            if let Cow::Owned(escaped) = html::escape_unknown(&text) {
                text = escaped;
            }
        }
        let html = self.raw_html(text, span);
        self.push_block(Block { span, kind: BlockKind::Html { html } });
    }

    fn raw_html(&mut self, text: String, span: Span) -> RawHtml {
        let (mut found, mut links) = (Vec::new(), Vec::new());
        let text = self.limit_nesting(text, span);
        let place = self.placing(&text, span);
        for tag in tags(&text).filter(|tag| !tag.is_end) {
            if self.input.html == HtmlPolicy::Sanitize
                && let Some((what, range)) = html::unsafe_part(&tag)
            {
                self.diagnostics.push(
                    Diagnostic::new(Code::UnsafeHtml, place(range), format!("{what} is left out"))
                        .help("`html: trust` in the settings packs raw HTML as it is"),
                );
            }
            self.report_poster(&tag, &place);
            let names_media = ["img", "audio", "video", "source"].iter().any(|name| tag.is(name));
            if let Some(source) = tag.attribute("src").filter(|_| names_media)
                && let value = source.value_range()
                && let MediaRef::Local { path } =
                    self.media(&entity::decode(&text[value.clone()]), place(value.clone()))
            {
                found.push(HtmlMedia { start: value.start, end: value.end, path });
            }
            if let Some(link) = tag.attribute("href").filter(|_| tag.is("a")).and_then(|href| html_link(&text, &href)) {
                let place = place(link.start..link.end);
                self.note_link(&link.url, place);
                links.push(link);
            }
        }
        RawHtml { text, media: found, links }
    }

    /// Anki packs what it finds in `src` alone, and would call the picture unused.
    fn report_poster(&mut self, tag: &Tag<'_>, place: &impl Fn(std::ops::Range<usize>) -> Span) {
        let Some(poster) = tag.attribute("poster").filter(|_| tag.is("video")) else { return };
        let address = entity::decode(poster.value.unwrap_or_default());
        let (named, _) = media::resolve(&address, &self.input.source.path, self.input.content);
        let is_local = matches!(named, MediaRef::Local { .. });
        if is_local && !address.trim().is_empty() {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::UnsafeHtml,
                    place(poster.value_range()),
                    "the `poster` of this video is not packed",
                )
                .caret("Anki takes what stands in `src` alone")
                .help("put the picture above the video, by `![…](…)`"),
            );
        }
    }

    /// Tags that nest too deep become text, which is said once a section.
    fn limit_nesting(&mut self, text: String, span: Span) -> String {
        let (limited, Some(first)) = self.nesting.limit(&text) else { return text };
        let place = self.placing(text.trim_end(), span)(first);
        let limited = limited.into_owned();
        if !self.says_too_deep {
            self.says_too_deep = true;
            let message = format!("this HTML is nested more than {MAX_HTML_DEPTH} levels deep, or has more attributes");
            self.diagnostics.push(
                Diagnostic::new(Code::TooDeep, place, message)
                    .caret("is text from here on")
                    .help("close what is open, or take some of the elements around it away"),
            );
        }
        limited
    }

    /// Offsets in the HTML are offsets in the source where the parser stripped no indentation or quote marks.
    fn placing(&self, text: &str, span: Span) -> impl Fn(std::ops::Range<usize>) -> Span + use<> {
        let verbatim = self.input.text(span).starts_with(text);
        move |range: std::ops::Range<usize>| {
            let start = span.start as usize;
            if verbatim { span.with(start + range.start..start + range.end) } else { span }
        }
    }
}

/// A link of raw HTML, if it leads to a path.
fn html_link(html: &str, href: &Attribute<'_>) -> Option<HtmlLink> {
    let url = entity::decode(href.value?);
    let end = href.value_range().end;
    let quote = href.value_start.checked_sub(1).and_then(|before| html.as_bytes().get(before));
    let is_quoted = matches!(quote, Some(b'"' | b'\'')) && html.as_bytes().get(end) == quote;
    let end = end + usize::from(is_quoted);
    (address::is_path(&url) && address::may_be_followed(&url)).then(|| HtmlLink {
        start: href.start,
        end,
        url: url.into(),
        address: None,
    })
}

/// Amounts: it starts with a digit and has a word of two letters or more that is no TeX command.
fn reads_like_money(tex: &str) -> bool {
    tex.starts_with(|c: char| c.is_ascii_digit())
        && tex.split_whitespace().skip(1).any(|word| {
            let word = word.trim_end_matches([',', '.', ';']);
            word.len() >= 2 && word.chars().all(|c| c.is_ascii_alphabetic())
        })
}

/// Takes the `[!KIND]` line off a quote's first paragraph: the kind and the title behind it.
fn take_marker(source: &str, blocks: &mut Vec<Block>) -> Option<(AlertKind, Vec<Inline>)> {
    let Some(Block { span, kind: BlockKind::Paragraph { content } }) = blocks.first_mut() else { return None };
    let start = span.start as usize;
    let line = source.get(span.range())?.lines().next()?;
    let (word, rest) = line.strip_prefix("[!")?.split_once(']')?;
    if word.is_empty() || !word.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_') {
        return None;
    }
    if !matches!(content.first()?.kind, InlineKind::Text { .. }) {
        return None;
    }
    // Obsidian's fold marks; a card shows alerts open.
    let fold = usize::from(rest.starts_with(['+', '-']));
    let marker_end = (start + line.len() - rest.len() + fold) as u32;
    let line_end = (start + line.len()) as u32;
    let mut title = Vec::new();
    let mut body = Vec::new();
    for inline in std::mem::take(content) {
        let Some(inline) = behind(inline, marker_end) else { continue };
        if inline.span.start < line_end {
            title.push(inline);
        } else if !(body.is_empty() && matches!(inline.kind, InlineKind::SoftBreak | InlineKind::HardBreak)) {
            body.push(inline);
        }
    }
    trim_start(&mut title);
    if body.is_empty() {
        blocks.remove(0);
    } else {
        *content = body;
    }
    Some((alert_kind(word), title))
}

/// The part of an inline that stands behind an offset.
fn behind(inline: Inline, offset: u32) -> Option<Inline> {
    if inline.span.end <= offset {
        return None;
    }
    let Some(text) = inline.kind.as_text().filter(|_| inline.span.start < offset) else { return Some(inline) };
    let text = text.get((offset - inline.span.start) as usize..)?.to_owned();
    let span = inline.span.with(offset as usize..inline.span.end as usize);
    Some(Inline { span, kind: InlineKind::Text { text } })
}

fn trim_start(content: &mut Vec<Inline>) {
    if let Some(Inline { kind: InlineKind::Text { text }, span }) = content.first_mut() {
        let spaces = text.len() - text.trim_start().len();
        text.drain(..spaces);
        span.start += spaces as u32;
        if text.is_empty() {
            content.remove(0);
        }
    }
}

fn alert_kind(word: &str) -> AlertKind {
    match word.to_lowercase().as_str() {
        "tip" | "hint" => AlertKind::Tip,
        "note" | "info" => AlertKind::Note,
        "important" => AlertKind::Important,
        "warning" => AlertKind::Warning,
        "caution" => AlertKind::Caution,
        other => AlertKind::Other(other.to_owned()),
    }
}
