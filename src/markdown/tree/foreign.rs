//! Puts content in the place of foreign markup in a text.

use std::ops::Range;

use super::build::Builder;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Embed, Inline, InlineKind, RawHtml, plain_text};
use crate::markdown::cloze::is_escaped;
use crate::markdown::foreign::attributes;
use crate::markdown::foreign::inline::{self, Mark, MarkKind, Shown};
use crate::markdown::foreign::{size, terms};
use crate::markdown::html;
use crate::source::Span;
use crate::text::hidden;

/// What is said of an embedded note that stays outside.
const EMBED: &str = "a note is not put into another one: this is a link to it";

/// Whether it is said of an embedded note that it stays outside.
pub(in crate::markdown) fn is_of_embed(found: &Diagnostic) -> bool {
    found.code == Code::ForeignMarkup && found.message == EMBED
}

impl Builder<'_, '_> {
    /// The content of one parent with what is foreign in it read.
    pub(super) fn read_foreign(&mut self, content: Vec<Inline>, in_link: bool) -> Vec<Inline> {
        if !content.iter().any(|inline| inline.kind.as_text().is_some_and(inline::may_hold)) {
            return content;
        }
        // Asked once for each: a text may hold many marks.
        let can_be_cut: Vec<bool> = content.iter().map(|inline| self.can_be_cut(inline)).collect();
        let whole = content.iter().zip(&can_be_cut).filter(|(_, can_be_cut)| !**can_be_cut);
        let place = Place {
            limit: content.last().map_or(0, |last| last.span.end as usize),
            whole: whole.map(|(inline, _)| inline.span).collect(),
            takes_links: !(in_link || self.is_in_link() || self.input.escapes_brackets),
        };
        let mut done = Vec::with_capacity(content.len());
        let mut rest = content.into_iter().zip(can_be_cut);
        let mut next = rest.next();
        // What stands before this offset of the source is done.
        let mut at = 0;
        while let Some((inline, can_be_cut)) = next.take() {
            let (start, end) = (inline.span.start as usize, inline.span.end as usize);
            at = self.picture_attributes(&mut done, &inline, &place).unwrap_or(at.max(start));
            if at >= end && at > start {
                next = rest.next();
            } else if can_be_cut && let Some(mark) = self.first_mark(&inline, at, &place) {
                done.extend(part(&inline, at, mark.range.start));
                at = mark.range.end;
                let (taken, behind) = take((inline, can_be_cut), &mut rest, &mark.range);
                next = behind;
                self.push_mark(&mut done, mark, taken);
            } else {
                if at == start {
                    done.push(inline);
                } else {
                    done.extend(part(&inline, at, end));
                }
                next = rest.next();
            }
        }
        done
    }

    /// The first foreign markup behind an offset that starts in a text.
    fn first_mark(&self, inline: &Inline, from: usize, place: &Place) -> Option<Mark> {
        let source = self.input.source.text.as_str();
        let begins = source.get(from..inline.span.end as usize)?.bytes().enumerate();
        let begins = begins.filter(|(_, byte)| matches!(byte, b'[' | b'!' | b'^' | b'~')).map(|(at, _)| from + at);
        begins.filter(|at| !is_escaped(source.as_bytes(), *at)).find_map(|at| {
            let mark = inline::mark(source, at, place.limit)?;
            let is_link = matches!(mark.kind, MarkKind::Link { .. } | MarkKind::Transclusion { .. });
            (place.can_end_at(mark.range.end) && (place.takes_links || !is_link)).then_some(mark)
        })
    }

    /// Whether it is a text that is in the source as it is.
    fn can_be_cut(&self, inline: &Inline) -> bool {
        inline.kind.as_text().is_some_and(|text| self.input.text(inline.span) == text)
    }

    /// Puts down what foreign markup means; `taken` is what stood in its place.
    fn push_mark(&mut self, done: &mut Vec<Inline>, mark: Mark, taken: Vec<Inline>) {
        let span = Span::new(self.input.id, mark.range.clone());
        match mark.kind {
            MarkKind::Embed { address, place, alt, title, size } => {
                let (alt, behind) = size::split_alt(&alt);
                let embed = Embed {
                    media: self.media(&address, span.with(place.start..place.end)),
                    alt: hidden::without(alt).into_owned(),
                    title: Some(title).filter(|title| !title.is_empty()),
                    size: size.or(behind),
                };
                done.push(Inline { span, kind: InlineKind::Media(embed.into()) });
            }
            MarkKind::Link { address, title, text } => {
                done.push(self.link(address, title, shown(&text, taken, span), span));
            }
            MarkKind::Transclusion { address, text } => {
                self.report_transclusion(span);
                done.push(self.link(address, String::new(), shown(&text, taken, span), span));
            }
            MarkKind::Raised(place) => raise(done, "sup", clip(taken, place.start, place.end), span),
            MarkKind::Lowered(place) => raise(done, "sub", clip(taken, place.start, place.end), span),
        }
    }

    /// Puts down what stands in the place of an image that names a note.
    pub(super) fn push_transclusion(&mut self, url: &str, content: Vec<Inline>, span: Span) {
        self.report_transclusion(span);
        let content = if plain_text(&content).trim().is_empty() {
            let text = hidden::without(inline::name_of(url)).into_owned();
            vec![Inline { span, kind: InlineKind::Text { text } }]
        } else {
            content
        };
        let link = self.link(url.to_owned(), String::new(), content, span);
        self.push_inline(link);
    }

    /// Says that a picture's text is a number, which to Obsidian is its width.
    pub(super) fn report_bare_size(&mut self, alt: &str, span: Span) {
        let is_size = alt.len() >= 2 && alt.parse::<u32>().is_ok_and(|width| (16..=1600).contains(&width));
        let start = span.start as usize + "![".len();
        if !is_size || self.input.source.text.get(start..start + alt.len()) != Some(alt) {
            return;
        }
        self.diagnostics.push(
            Diagnostic::new(
                Code::ForeignMarkup,
                span.with(start..start + alt.len()),
                format!("`{alt}` is the picture's text, and no size"),
            )
            .help(format!("write `|{alt}` for a width in pixels, or words for those who do not see it"))
            .edit(span.with(start..start), "|"),
        );
    }

    /// Says which lines of a definition list are terms for their author alone.
    pub(super) fn report_swallowed_terms(&mut self, list: Span) {
        for at in terms::swallowed(self.input.text(list)) {
            let start = list.start as usize + at;
            let text = self.input.text(list.with(start..list.end as usize));
            let end = start + text.lines().next().map_or(0, |line| line.trim_end().len());
            self.diagnostics.push(
                Diagnostic::new(
                    Code::NearCard,
                    list.with(start..end),
                    "this belongs to the definition above, and is no term",
                )
                .help("put an empty line before each term")
                .edit(list.with(start..start), "\n"),
            );
        }
    }

    /// Says which lines of a paragraph would be headings but for a blank behind their marks, or for their marks' width.
    pub(super) fn report_near_headings(&mut self, content: &[Inline]) {
        let (source, mut starts) = (&self.input.source.text, true);
        for inline in content {
            let place = inline.span.start as usize;
            let line = source.get(place..).filter(|_| starts && inline.kind.as_text().is_some());
            starts = inline.kind.is_break();
            let Some((marks, heading)) = line.and_then(near_heading) else { continue };
            // One in a quote or an item, or with a backslash before it, would be none, or is its author's.
            let before = source.get(..place).unwrap_or_default();
            let indent = before.trim_end_matches(' ');
            if !(indent.is_empty() || indent.ends_with('\n')) || before.len() - indent.len() > 3 {
                continue;
            }
            let place = inline.span.with(place..place + marks);
            self.diagnostics.push(
                Diagnostic::new(Code::NearCard, place, "this is read as text, and is no heading")
                    .help("put a blank behind the `##` of a heading; `\\##` is text")
                    .edit(place, heading),
            );
        }
    }

    /// Says that an embedded note stays outside.
    fn report_transclusion(&mut self, span: Span) {
        self.diagnostics.push(
            Diagnostic::new(Code::ForeignMarkup, span, EMBED)
                .help("`embeds: expand` puts notes in that stand in a paragraph of their own; or write the text here, or take the `!` out"),
        );
    }

    /// The attributes that stand right behind a picture, which is the last thing done: where they end.
    fn picture_attributes(&mut self, done: &mut [Inline], next: &Inline, place: &Place) -> Option<usize> {
        let Some(Inline { span, kind: InlineKind::Media(embed) }) = done.last_mut() else { return None };
        if span.end != next.span.start || !next.kind.as_text()?.starts_with('{') {
            return None;
        }
        let start = span.end as usize;
        let found = attributes::of_picture(self.input.source.text.get(start..place.limit)?)?;
        let end = start + found.length;
        if !place.can_end_at(end) {
            return None;
        }
        embed.size = found.size.or(embed.size);
        if found.loses {
            let place = span.with(start..end);
            let message = format!("`{}` is left out", self.input.text(place));
            self.diagnostics.push(
                Diagnostic::new(Code::ForeignMarkup, place, message)
                    .caret("only sizes are read")
                    .help("write the width: `![text|300](picture.png)` in pixels, `|50%` as a part of the line"),
            );
        }
        Some(end)
    }

    /// Takes the id behind a paragraph, a heading or a term off, which other tools link to.
    pub(super) fn drop_block_id(&self, content: &mut Vec<Inline>) {
        // What another tool wrote into a comment may stand behind it.
        let is_blank = |inline: &Inline| {
            inline.kind.is_break() || inline.kind.as_text().is_some_and(|text| text.trim().is_empty())
        };
        let is_comment =
            |inline: &Inline| matches!(&inline.kind, InlineKind::Html { html } if html::comment(&html.text).is_some());
        let Some(last) = content.iter().rposition(|inline| !is_blank(inline) && !is_comment(inline)) else { return };
        let Some(kept) = content.get(last).and_then(|inline| self.before_block_id(inline)) else { return };
        let stands_alone = last == 0 || content.get(last - 1).is_some_and(|before| before.kind.is_break());
        let behind = content.split_off(last + 1);
        let Some(Inline { span, kind: InlineKind::Text { text } }) = content.last_mut() else { return };
        if text.starts_with('^') && !stands_alone {
            return content.extend(behind);
        }
        span.end = span.start + kept as u32;
        text.truncate(kept);
        while content.pop_if(|inline| is_blank(inline)).is_some() {}
        content.extend(behind.into_iter().filter(is_comment));
    }

    /// How much of a text that ends in a block's id stands before it.
    fn before_block_id(&self, inline: &Inline) -> Option<usize> {
        let text = inline.kind.as_text()?.trim_end();
        let at = text.rfind('^').filter(|at| inline::is_block_id(&text[*at..]))?;
        let before = &text[..at];
        let is_apart = before.is_empty() || before.ends_with(char::is_whitespace);
        let is_written = is_apart && self.can_be_cut(inline);
        let is_escaped = is_escaped(self.input.source.text.as_bytes(), inline.span.start as usize + at);
        (is_written && !is_escaped).then(|| before.trim_end().len())
    }
}

/// What bounds foreign markup in the content of one parent.
struct Place {
    /// Offset in the source behind the content.
    limit: usize,
    /// What markup holds all of, or nothing: all but text, in order.
    whole: Vec<Span>,
    /// Whether links may stand here: within each other they cannot.
    takes_links: bool,
}

impl Place {
    fn can_end_at(&self, end: usize) -> bool {
        let next = self.whole.partition_point(|span| span.end as usize <= end);
        self.whole.get(next).is_none_or(|span| span.start as usize >= end)
    }
}

/// Takes what stands between two offsets off the content, from the one on that it starts in; and the one that goes on
/// behind it, or is next. With each stands whether it can be cut.
fn take(
    first: (Inline, bool),
    rest: &mut impl Iterator<Item = (Inline, bool)>,
    range: &Range<usize>,
) -> (Vec<Inline>, Option<(Inline, bool)>) {
    let mut taken = Vec::new();
    let mut next = Some(first);
    while let Some((inline, can_be_cut)) = next {
        let (start, end) = (inline.span.start as usize, inline.span.end as usize);
        if start >= range.end {
            return (taken, Some((inline, can_be_cut)));
        }
        if can_be_cut {
            taken.extend(part(&inline, range.start.max(start), range.end.min(end)));
            if end > range.end {
                return (taken, Some((inline, can_be_cut)));
            }
        } else {
            taken.push(inline);
        }
        next = rest.next();
    }
    (taken, None)
}

/// Raised or lowered content, as raw HTML would say it.
fn raise(done: &mut Vec<Inline>, tag: &str, content: Vec<Inline>, span: Span) {
    let html = |text: String, span| Inline {
        span,
        kind: InlineKind::Html { html: RawHtml { text, media: Vec::new(), links: Vec::new() }.into() },
    };
    let (start, end) = (span.start as usize, span.end as usize);
    done.push(html(format!("<{tag}>"), span.with(start..start + 1)));
    done.extend(content);
    done.push(html(format!("</{tag}>"), span.with(end - 1..end)));
}

/// What a link shows of what stood in its place.
fn shown(text: &Shown, taken: Vec<Inline>, span: Span) -> Vec<Inline> {
    match text {
        Shown::Written(place) => clip(taken, place.start, place.end),
        Shown::Made(text) => {
            let text = hidden::without(text).into_owned();
            vec![Inline { span, kind: InlineKind::Text { text } }]
        }
    }
}

/// What of the content stands between two offsets.
fn clip(content: Vec<Inline>, start: usize, end: usize) -> Vec<Inline> {
    let mut clipped = Vec::with_capacity(content.len());
    for inline in content {
        let (from, to) = (inline.span.start as usize, inline.span.end as usize);
        if from >= start && to <= end {
            clipped.push(inline);
        } else {
            clipped.extend(part(&inline, from.max(start), to.min(end)));
        }
    }
    clipped
}

/// A piece of a text between two offsets of the source; `None` where nothing is there.
fn part(inline: &Inline, start: usize, end: usize) -> Option<Inline> {
    let from = inline.span.start as usize;
    let text = inline.kind.as_text()?.get(start.checked_sub(from)?..end.checked_sub(from)?)?;
    let kind = InlineKind::Text { text: text.to_owned() };
    (!text.is_empty()).then(|| Inline { span: inline.span.with(start..end), kind })
}

/// How long the marks are of a line that would be a heading but for the blank behind them, and what they should be. Two of them at
/// least, for one starts a tag or a directive; six at most; `＃` is what an input method for Japanese or Chinese writes.
fn near_heading(line: &str) -> Option<(usize, String)> {
    let mark = line.chars().next().filter(|mark| ['#', '＃'].contains(mark))?;
    let behind = line.trim_start_matches(mark);
    let marks = line.len() - behind.len();
    let count = marks / mark.len_utf8();
    let next = behind.trim_start_matches([' ', '\t']).chars().next()?;
    let is_said = next.is_alphanumeric() || next.is_whitespace() || "\"'`*_$([{<«„“「『¿¡".contains(next);
    let is_near =
        (2..=6).contains(&count) && is_said && !behind.trim_start().is_empty() && !['\n', '\r'].contains(&next);
    let blank = if behind.starts_with([' ', '\t']) { "" } else { " " };
    is_near.then(|| (marks, format!("{}{blank}", "#".repeat(count))))
}
