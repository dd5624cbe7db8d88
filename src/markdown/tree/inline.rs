//! Closes the elements that need a look at the source: alerts, images, math and raw HTML.

use super::build::Builder;
use std::borrow::Cow;

use super::within_html;
use crate::anki::mathjax;
use crate::config::HtmlPolicy;
use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::ir::{
    Alert, AlertKind, Block, BlockKind, Embed, HtmlLink, HtmlMedia, Inline, InlineKind, Link, MAX_HTML_DEPTH, MediaRef,
    RawHtml, Run, plain_text,
};
use crate::markdown::foreign::{inline, size};
use crate::markdown::{LinkUse, MediaUse, attributes, html, media, scan};
use crate::source::Span;
use crate::text::tags::{Attribute, Tag, tags};
use crate::text::{address, entity, hidden};

impl Builder<'_, '_> {
    /// A quote, or an alert where its first line starts with `[!KIND]`.
    ///
    /// Read here because pulldown-cmark takes `[!NOTE] Title`, `[!note]-` and `[!HINT]` for plain quotes.
    pub(super) fn close_quote(&mut self, span: Span, mut blocks: Vec<Block>) {
        let kind = match take_marker(&self.input.source.text, &mut blocks) {
            Some((kind, title)) => BlockKind::Alert(Alert { kind, title, blocks }.into()),
            None => BlockKind::Quote { blocks },
        };
        self.push_block(Block { span, kind });
    }

    pub(super) fn close_image(&mut self, url: &str, title: String, span: Span, content: Vec<Inline>) {
        if inline::is_note(url) {
            return self.push_transclusion(url, content, span);
        }
        let alt = plain_text(&content);
        self.report_bare_size(&alt, span);
        let (alt, size) = size::split_alt(&alt);
        let reference = self.media(url, span);
        let title = Some(title).filter(|title| !title.is_empty());
        let embed = Embed { media: reference, alt: alt.to_owned(), title, size };
        self.push_inline(Inline { span, kind: InlineKind::Media(embed.into()) });
    }

    /// A link; notes down where it leads.
    pub(super) fn link(&mut self, url: String, title: String, content: Vec<Inline>, span: Span) -> Inline {
        self.note_link(&url, span);
        let title = Some(title).filter(|title| !title.is_empty());
        Inline { span, kind: InlineKind::Link(Link { url, address: None, title, content }.into()) }
    }

    /// Notes down where a link leads to a path. `span` holds the address somewhere.
    fn note_link(&mut self, url: &str, span: Span) {
        // What may run something is said to be left out where that is so.
        if address::is_path(url) && address::may_be_followed(url) {
            let text = self.input.text(span).trim_start_matches('!');
            let is_wiki = text.starts_with("[[") && text.ends_with("]]");
            self.tree.links.push(LinkUse {
                url: url.to_owned(),
                span: self.place_of(url, span).0,
                is_wiki,
                may_lack: false,
            });
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
    pub(super) fn media(&mut self, address: &str, span: Span) -> MediaRef {
        let (place, is_exact) = self.place_of(address, span);
        let (reference, others) = media::resolve(address, &self.input.source.path, self.input.content);
        match &reference {
            MediaRef::Local { path } => {
                let is_exact = is_exact && !address.contains(['?', '#']);
                let is_rooted = address.starts_with('/') || address.starts_with("@/");
                self.tree.media.push(MediaUse { path: path.clone(), others, span: place, is_exact, is_rooted });
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
        // The parser takes the backslash of `\|` away in a cell, which makes absolute values of norms.
        let marks = if display { 2 } else { 1 };
        let written = self.input.text(span);
        let written = written.get(marks..written.len().saturating_sub(marks)).filter(|_| self.is_in_cell());
        let text = written.map_or_else(|| self.input.scanned.restore(tex), |tex| hidden::without(tex).into_owned());
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

    /// Notes the dollars of a text down that are in its source as they are, and reports a tag of Anki's for LaTeX.
    pub(super) fn note_dollars(&mut self, text: &str, restored: &str, span: Span) {
        let (source, start) = (&self.input.source.text, span.start as usize);
        if text.len() == restored.len() && restored.contains('$') && text.len() == span.range().len() {
            let before = source.get(..start).unwrap_or_default();
            let escapes = before.len() - before.trim_end_matches('\\').len();
            let dollars = restored.match_indices('$').map(|(at, _)| start + at);
            self.dollars.extend(dollars.filter(|at| *at > start || escapes % 2 == 0));
        }
        let environment = text.strip_prefix("\\begin{").map(|rest| rest.split(['{', '}']).next().unwrap_or_default());
        let environment = environment.filter(|name| !mathjax::knows_environment(name));
        if let Some(environment) = environment
            && self.input.math
            && scan::starts_line(source, start)
        {
            let message = format!("`\\begin{{{environment}}}` is LaTeX that no card can show");
            let place = span.with(start..(start + "\\begin{}".len() + environment.len()).min(span.end as usize));
            self.diagnostics.push(
                Diagnostic::new(Code::NearMath, place, message).caret("is read as text").help("write it in Markdown"),
            );
        }
        let is_tag = restored == "latex" && source.get(..start).is_some_and(|before| before.ends_with('['));
        if is_tag && self.input.math {
            self.diagnostics.push(
                Diagnostic::new(Code::NearMath, span, "what stands between `[latex]` and `[/latex]` is read as text")
                    .help("write the formula between dollars"),
            );
        }
    }

    /// Reports what nearly is math among the dollars of a block that are text.
    pub(super) fn report_near_math(&mut self) {
        let dollars = std::mem::take(&mut self.dollars);
        let mut rest = dollars.as_slice();
        while let Some((&first, behind)) = rest.split_first() {
            let run = rest.iter().zip(first..).take_while(|(place, expected)| **place == *expected).count();
            rest = rest.get(run..).unwrap_or_default();
            let next = rest.first().copied().filter(|_| run == 1);
            if run == 2 && self.opens_display(first) {
                let span = self.input.span(first - self.input.start..first + 2 - self.input.start);
                self.diagnostics.push(
                    Diagnostic::new(Code::NearMath, span, "nothing closes this formula before its section ends")
                        .caret("is read as text")
                        .help("write `$$` behind it; for two dollars write `\\$\\$`"),
                );
            } else if let Some((span, tex)) = next.and_then(|next| self.spaced_formula(first, next)) {
                rest = behind.get(1..).unwrap_or_default();
                self.diagnostics.push(
                    Diagnostic::new(Code::NearMath, span, "blanks beside its dollars make text of this formula")
                        .help("write the dollars beside the formula")
                        .edit(span, tex),
                );
            } else if let Some((span, whole)) = next.and_then(|next| self.touched_letter(first, next)) {
                rest = behind.get(1..).unwrap_or_default();
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::NearMath,
                        span,
                        "a letter or digit beside its dollars makes text of this formula",
                    )
                    .help("part them, or take both between the dollars")
                    .edit(span, whole),
                );
            } else if let Some(span) = next.and_then(|next| self.touched_formula(first, next)) {
                rest = behind.get(1..).unwrap_or_default();
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::NearMath,
                        span,
                        "a letter or digit beside its dollars makes text of this formula",
                    )
                    .help("take it between the dollars too (a letter as `\\text{…}`), or put a blank there"),
                );
            }
        }
    }

    /// Whether two dollars look as if they opened a formula.
    fn opens_display(&self, at: usize) -> bool {
        let source = &self.input.source.text;
        let behind = source.get(at + 2..).unwrap_or_default();
        self.input.math && (scan::starts_line(source, at) || behind.trim_start().starts_with('\\'))
    }

    /// What stands from one dollar to another, and the formula that it would be without the blanks in it at its ends.
    fn spaced_formula(&self, open: usize, close: usize) -> Option<(Span, String)> {
        let source = &self.input.source.text;
        let inner = source.get(open + 1..close)?;
        let tex = inner.trim();
        let outside =
            source.get(..open)?.chars().next_back().into_iter().chain(source.get(close + 1..)?.chars().next());
        let is_letter = tex.len() == 1 && tex.starts_with(char::is_alphabetic);
        let is_formula = is_letter || tex.contains(['\\', '^', '_', '=', '<', '>']) && !reads_like_money(tex);
        let is_near = is_formula && tex.len() < inner.len() && !inner.contains(['\n', '$']);
        let start = self.input.start;
        (self.input.math && is_near && !outside.into_iter().any(scan::binds))
            .then(|| (self.input.span(open - start..close + 1 - start), format!("${tex}$")))
    }

    /// A single letter between dollars with the end of a number's word behind it (`$k$th`) or a number before it (`2$n$`), and
    /// what is surely meant. Of letters nothing else is sure: `$a$b` is a program's.
    fn touched_letter(&self, open: usize, close: usize) -> Option<(Span, String)> {
        let (source, start) = (&self.input.source.text, self.input.start);
        let letter =
            source.get(open + 1..close).filter(|tex| tex.len() == 1 && tex.starts_with(char::is_alphabetic))?;
        let (before, behind) = (source.get(..open)?, source.get(close + 1..)?);
        let end = behind.find(|c: char| !c.is_alphanumeric()).unwrap_or(behind.len());
        let word = behind.get(..end).unwrap_or_default();
        let number = before.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = before.get(number.len()..).unwrap_or_default();
        let is_apart = |text: &str| !text.ends_with(|c: char| scan::binds(c) || matches!(c, '.' | ',' | '$' | '\\'));
        let (range, whole) = if matches!(word, "th" | "st" | "nd" | "rd") && digits.is_empty() && is_apart(before) {
            (open..close + 1 + end, format!("${letter}$-{word}"))
        } else if !digits.is_empty() && word.is_empty() && is_apart(number) && !behind.starts_with('$') {
            (number.len()..close + 1, format!("${digits}{letter}$"))
        } else {
            return None;
        };
        self.input.math.then(|| (self.input.span(range.start - start..range.end - start), whole))
    }

    /// What stands from one dollar to another that a letter or digit touches, where it is TeX for sure.
    fn touched_formula(&self, open: usize, close: usize) -> Option<Span> {
        let (source, start) = (&self.input.source.text, self.input.start);
        let tex = source.get(open + 1..close)?;
        let outside =
            source.get(..open)?.chars().next_back().into_iter().chain(source.get(close + 1..)?.chars().next());
        let is_bare = tex.trim().len() == tex.len() && !tex.contains(['\n', '`', '$']);
        let is_near = self.input.math && is_bare && outside.into_iter().any(scan::binds) && scan::is_surely_tex(tex);
        is_near.then(|| self.input.span(open - start..close + 1 - start))
    }

    pub(super) fn inline_html(&mut self, text: &str, span: Span) {
        if self.is_removed(span) {
            return;
        }
        let text = self.input.scanned.restore(text);
        if self.input.html == HtmlPolicy::Sanitize && !html::starts_markup(&text) {
            return self.push_inline(Inline { span, kind: InlineKind::Text { text } });
        }
        let is_break = text.to_ascii_lowercase().trim_end_matches([' ', '/', '>']) == "<br";
        let kind =
            if is_break { InlineKind::HardBreak } else { InlineKind::Html { html: self.raw_html(text, span).into() } };
        if let InlineKind::Html { html } = &kind {
            self.report_comment(&html.text, span);
        }
        let drawing = if let InlineKind::Html { html } = &kind { self.drawing_in(&html.text, span) } else { None };
        if let Some((_, end)) = drawing {
            self.removed = span.start as usize..end;
        }
        self.push_inline(Inline { span, kind });
    }

    pub(super) fn close_html(&mut self, mut text: String, span: Span) {
        if self.is_removed(span) {
            return;
        }
        if self.input.html == HtmlPolicy::Sanitize {
            if !html::starts_markup(text.trim_start()) {
                let kind = InlineKind::Text { text: text.trim().to_owned() };
                let content = vec![Inline { span, kind }];
                return self.push_block(Block { span, kind: BlockKind::Paragraph { content } });
            }
            text = self.without_drawings(text, span);
            if let Cow::Owned(escaped) = html::escape_unknown(&text) {
                text = escaped;
            }
            if text.trim().is_empty() {
                return;
            }
        }
        self.report_comment(&text, span);
        self.report_markdown(&text, span);
        let html = self.raw_html(text, span).into();
        self.push_block(Block { span, kind: BlockKind::Html { html } });
    }

    /// Says that raw HTML holds what would be Markdown elsewhere.
    fn report_markdown(&mut self, html: &str, span: Span) {
        let Some((kind, range)) = within_html::find(html) else { return };
        let (code, what) = match kind {
            within_html::Kind::Deletion => (Code::StrayDeletion, "a deletion in raw HTML makes no card"),
            within_html::Kind::Formula if !self.input.math => return,
            within_html::Kind::Formula => (Code::NearMath, "a formula in raw HTML is read as text"),
            within_html::Kind::Mark => (Code::ForeignMarkup, "this Markdown stands in raw HTML, and is read as text"),
        };
        let place = self.placing(html.trim_end(), span)(range);
        let help = "put an empty line behind the tag before it, and one before the tag behind it";
        self.diagnostics.push(Diagnostic::new(code, place, what).help(help));
    }

    /// Says that a comment nearly speaks to deckle, or hides all that is below it.
    fn report_comment(&mut self, html: &str, span: Span) {
        let Some(inner) = html.trim_start().strip_prefix("<!--") else { return };
        let Some(end) = inner.find("-->") else {
            let place = self.placing(html.trim_end(), span)(0.."<!--".len());
            return self.diagnostics.push(
                Diagnostic::new(Code::NearCard, place, "this comment is never closed, and hides all that is below it")
                    .help("close it with `-->`"),
            );
        };
        if !matches!(html::comment(html), Some((html::Comment::Other, _))) {
            return;
        }
        let Some((meant, is_ours)) = attributes::of_comment(&inner[..end]) else { return };
        let start = html.len() - html.trim_start().len();
        let place = self.placing(html.trim_end(), span)(start..start + "<!---->".len() + end);
        let found = Diagnostic::new(Code::BadDirective, place, "this comment says nothing to deckle")
            .costing(Cost::Nothing)
            .help(format!("write `{meant}`"));
        self.diagnostics.push(if is_ours { found.fix(place, meant) } else { found.edit(place, meant) });
    }

    /// Takes drawings and formulas out of raw HTML, and says so: of what is left of them without their tags, nothing would be
    /// meant to be read. One that goes on behind the block is taken out of what follows as well.
    fn without_drawings(&mut self, text: String, span: Span) -> String {
        let (kept, found) = html::without_drawings(&text);
        let place = self.placing(text.trim_end(), span);
        for (name, range) in &found {
            self.report_unsafe(&format!("`<{name}>`"), place(range.clone()));
        }
        let mut kept = if found.is_empty() { text } else { kept.into_owned() };
        if let Some((start, end)) = self.drawing_in(&kept, span) {
            let rest = kept.split_off(start);
            // Its tag alone is looked at, for what is said of it.
            self.raw_html(
                rest.get(..rest.find('>').map_or(rest.len(), |end| end + 1)).unwrap_or_default().to_owned(),
                span,
            );
            self.removed = span.end as usize..end;
        }
        kept
    }

    /// Where a drawing or formula starts in HTML that it does not end in, and where it ends in the source behind that.
    fn drawing_in(&mut self, html: &str, span: Span) -> Option<(usize, usize)> {
        let from = span.end as usize;
        if self.input.html == HtmlPolicy::Trust || from < self.no_drawing_ends_before {
            return None;
        }
        let tag = tags(html).find(|tag| html::drawing(tag).is_some())?;
        let rest = self.input.source.text.get(from..self.input.end)?;
        // A heading is no part of one that was left open.
        let rest = rest.find("\n#").map_or(rest, |end| &rest[..end]);
        let end = html::drawing_end(html::drawing(&tag)?, rest).map(|length| from + length);
        if end.is_none() {
            self.no_drawing_ends_before = from + rest.len();
        }
        Some((tag.start, end?))
    }

    fn report_unsafe(&mut self, what: &str, place: Span) {
        self.diagnostics.push(
            Diagnostic::new(Code::UnsafeHtml, place, format!("{what} is left out"))
                .help("`html: trust` in the settings packs raw HTML as it is"),
        );
    }

    fn raw_html(&mut self, text: String, span: Span) -> RawHtml {
        let (mut found, mut links) = (Vec::new(), Vec::new());
        let text = self.limit_nesting(text, span);
        let place = self.placing(&text, span);
        for tag in tags(&text).filter(|tag| !tag.is_end) {
            if self.input.html == HtmlPolicy::Sanitize
                && let Some((what, range)) = html::unsafe_part(&tag)
            {
                self.report_unsafe(&what, place(range));
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

    /// Offsets in the HTML are offsets in the source where the parser stripped no indentation or quote marks, and nothing was
    /// taken out or escaped. Else what stands there is looked for.
    fn placing(&self, text: &str, span: Span) -> impl Fn(std::ops::Range<usize>) -> Span + use<> {
        let source = self.input.text(span);
        let is_verbatim = source.starts_with(text);
        let both = (!is_verbatim && source.len() <= MOST_LOOKED_THROUGH).then(|| (text.to_owned(), source.to_owned()));
        move |range: std::ops::Range<usize>| {
            let start = span.start as usize;
            if is_verbatim {
                return span.with(start + range.start..start + range.end);
            }
            let place = both.as_ref().and_then(|(text, source)| {
                let (piece, before) = (text.get(range.clone())?, text.get(..range.start)?);
                // Where as many are in both, none was taken out.
                let is_whole = !piece.is_empty() && source.matches(piece).count() == text.matches(piece).count();
                let (at, _) = source.match_indices(piece).nth(before.matches(piece).count()).filter(|_| is_whole)?;
                Some(span.with(start + at..start + at + piece.len()))
            });
            place.unwrap_or(span)
        }
    }
}

/// So many bytes of HTML are looked through for each place in it.
const MOST_LOOKED_THROUGH: usize = 16 * 1024;

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

/// Amounts: it starts with a digit and has a word of two letters or more that is no TeX command, and nothing that compares.
fn reads_like_money(tex: &str) -> bool {
    tex.starts_with(|c: char| c.is_ascii_digit())
        && !tex.contains(['=', '<', '>', '\\', '^', '_', '≤', '≥', '≠', '≈'])
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
    // Behind a bar Obsidian's themes say how it is laid out.
    let word = word.split_once('|').map_or(word, |(word, _)| word);
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
