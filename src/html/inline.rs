//! Turns the pieces of a line of text into HTML.
//!
//! Knows no blocks.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use super::block::Tokens;
use super::closer::{end_line, opens_raw_text};
use super::{ClozeStyle, MathStyle, Playing, RawState, Writer, escape, escape_attribute, marks};
use crate::anki::limits::SOUND;
use crate::anki::mathjax;
use crate::ir::{
    Child, Hidden, HtmlLink, Inline, InlineKind, MediaRef, RawHtml, Run, Size, for_each_deletion, runs_text,
};
use crate::math;
use crate::text::address;
use crate::text::extension::MediaKind;
use crate::text::own_id::{own_fragment, own_id};
use crate::text::path::file_name;
use crate::text::tags::{self, Piece};

impl Writer<'_> {
    /// A line of text as a whole.
    pub(super) fn line(&mut self, content: &[Inline]) {
        let start = self.out.len();
        self.opens_raw_text = false;
        self.inlines(content);
        if self.opens_raw_text {
            end_line(&mut self.out, start);
        }
        self.witness();
    }

    /// Behind raw HTML, lets it show when a parser would not take this for what it is.
    pub(super) fn witness(&mut self) {
        if self.raw == RawState::Written && !self.style.trusts_html {
            self.out.push(marks::WITNESS);
        }
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        // What of the next text is written.
        let mut held = "";
        for (index, inline) in inlines.iter().enumerate() {
            match &inline.kind {
                InlineKind::Text { text } => self.text(text.get(std::mem::take(&mut held).len()..).unwrap_or_default()),
                InlineKind::Code { content } => {
                    self.element("code", |writer| writer.runs(content, &mut Tokens::plain()));
                }
                InlineKind::Math { display, content } => {
                    held = if self.style.playing == Playing::Paper && !display {
                        clinging(inlines.get(index + 1))
                    } else {
                        ""
                    };
                    self.out.push_str(if held.is_empty() { "" } else { "<span class=\"nb\">" });
                    self.math(*display, content);
                    if !held.is_empty() {
                        escape(held, &mut self.out);
                        self.out.push_str("</span>");
                    }
                }
                InlineKind::Emphasis { content } => self.element("em", |writer| writer.inlines(content)),
                InlineKind::Strong { content } => self.element("strong", |writer| writer.inlines(content)),
                InlineKind::Strikethrough { content } => self.element("del", |writer| writer.inlines(content)),
                InlineKind::Highlight { content } => self.element("mark", |writer| writer.inlines(content)),
                InlineKind::Link(link) => {
                    self.link(&link.url, link.address.as_deref(), link.title.as_deref(), &link.content);
                }
                InlineKind::Media(embed) => {
                    self.media(&embed.media, &embed.alt, embed.title.as_deref(), embed.size);
                }
                InlineKind::Footnote { number } => {
                    let _ = write!(self.out, "<sup class=\"footnote\">{number}</sup>");
                }
                InlineKind::Cloze(hidden) => {
                    let Hidden { cloze, content } = &**hidden;
                    self.deletion(cloze, Child::Inlines(content), |writer| writer.inlines(content));
                }
                InlineKind::Html { html } => self.raw_html(html),
                InlineKind::SoftBreak => self.soft_break(inlines.get(index + 1)),
                InlineKind::HardBreak => self.out.push_str("<br>"),
            }
        }
    }

    /// Text. MathJax would typeset from a literal `\(` on; a tag between the two characters stops it.
    fn text(&mut self, mut text: &str) {
        while let Some(at) = text.find('\\') {
            let (before, after) = text.split_at(at);
            let rest = after.get(1..).unwrap_or_default();
            escape(before, &mut self.out);
            self.out.push_str(if rest.is_empty() || rest.starts_with(['(', '[']) { "<span>\\</span>" } else { "\\" });
            text = rest;
        }
        escape(text, &mut self.out);
    }

    fn math(&mut self, display: bool, content: &[Run]) {
        match self.style.math {
            MathStyle::Tex => self.tex(display, content),
            MathStyle::MathMl => self.mathml(display, content),
        }
    }

    /// The delimiters of Anki's MathJax; TeX is text, and escaped like any other.
    fn tex(&mut self, display: bool, content: &[Run]) {
        let (open, close) = if display { ("\\[", "\\]") } else { ("\\(", "\\)") };
        self.out.push_str(open);
        let content = if self.style.trusts_html { Cow::Borrowed(content) } else { mathjax::tame(content) };
        self.runs(&mathjax::with_known_commands(&content), &mut Tokens::plain());
        self.out.push_str(close);
    }

    /// A formula is typeset as a whole, so its blanks are underscores of TeX. Where a deletion cannot be marked by itself,
    /// the formula is marked whole.
    fn mathml(&mut self, display: bool, content: &[Run]) {
        let marks = matches!(self.style.cloze, ClozeStyle::Gap | ClozeStyle::Marked);
        let numbers = if marks { deleted(content) } else { Vec::new() };
        if self.style.cloze == ClozeStyle::Marked
            && !numbers.is_empty()
            && let Some(mathml) = self.marked_mathml(display, content)
        {
            self.out.push_str(&mathml);
            return;
        }
        let mut tex = String::new();
        self.blanked_tex(content, &mut tex);
        if !numbers.is_empty() {
            self.open_marked("span", &numbers, None);
        }
        self.typeset(&tex, display);
        if !numbers.is_empty() {
            self.out.push_str("</span>");
        }
    }

    /// Each deletion as `<mtext class="cloze">` with a formula of its own in it, where HTML may stand and a script may write.
    /// `None` where that shows anything else than the formula typeset as a whole: `\mathbb` does not reach into a formula
    /// of its own, and an operator that stands alone loses its space.
    fn marked_mathml(&mut self, display: bool, content: &[Run]) -> Option<String> {
        let Marked { html, bare } = self.marked(display, content)?;
        let whole = math::to_mathml(&runs_text(content), display).ok()?;
        (without_rows(&bare) == without_rows(&whole)).then_some(html)
    }

    /// The outer formula has a placeholder for each deletion while it is typeset.
    fn marked(&mut self, display: bool, content: &[Run]) -> Option<Marked> {
        let (mut tex, mut deletions) = (String::new(), Vec::new());
        for run in content {
            match run {
                Run::Text { text } => tex.push_str(text),
                Run::Cloze { cloze, content } => {
                    let _ = write!(tex, "\\text{{{PLACEHOLDER}{}{PLACEHOLDER}}}", deletions.len());
                    deletions.push((cloze, self.marked(display, content)?));
                }
            }
        }
        let mut html = math::to_mathml(&tex, display).ok()?;
        let mut bare = html.clone();
        for (index, (cloze, inner)) in deletions.into_iter().enumerate() {
            let placeholder = format!("<mtext>{PLACEHOLDER}{index}{PLACEHOLDER}</mtext>");
            let (before, after) = html.split_once(&placeholder)?;
            let out = std::mem::replace(&mut self.out, before.to_owned());
            self.open_marked("mtext", &cloze.numbers, cloze.hint.as_deref());
            // A block would stand on a line of its own.
            self.out.push_str(&inner.html.replacen(" display=\"block\"", " displaystyle=\"true\"", 1));
            let _ = write!(self.out, "</mtext>{after}");
            html = std::mem::replace(&mut self.out, out);
            let (_, inner) = inner.bare.split_once('>')?;
            bare = bare.replacen(&placeholder, inner.strip_suffix("</math>")?, 1);
        }
        Some(Marked { html, bare })
    }

    fn typeset(&mut self, tex: &str, display: bool) {
        if let Ok(mathml) = math::to_mathml(tex, display) {
            self.out.push_str(&with_own_ids(mathml));
        } else {
            self.out.push_str("<code class=\"tex\">");
            escape(tex, &mut self.out);
            self.out.push_str("</code>");
        }
    }

    fn blanked_tex(&mut self, content: &[Run], tex: &mut String) {
        for run in content {
            match run {
                Run::Text { text } => tex.push_str(text),
                Run::Cloze { content, .. } if !self.blanks_tex() => self.blanked_tex(content, tex),
                Run::Cloze { cloze, content } => {
                    let hint: String =
                        cloze.hint.iter().flat_map(|hint| hint.chars()).filter(|&c| is_plain_in_tex(c)).collect();
                    let blank = format!("\\text{{{hint}\\_\\_\\_\\_\\_\\_}}");
                    let _ = match self.next_blank() {
                        Some(number) => write!(tex, "{{{{}}^{{\\text{{{number}}}}}{blank}}}"),
                        None => write!(tex, "{blank}"),
                    };
                    let out = std::mem::take(&mut self.out);
                    self.typeset(&runs_text(content), false);
                    self.answers.push(std::mem::replace(&mut self.out, out));
                }
            }
        }
    }

    fn blanks_tex(&self) -> bool {
        matches!(self.style.cloze, ClozeStyle::Blank | ClozeStyle::Gap) && !self.is_answer
    }

    /// A link; where it leads to nothing that its readers have, its text.
    fn link(&mut self, url: &str, address: Option<&str>, title: Option<&str>, content: &[Inline]) {
        let Some(url) = self.followed(url, address) else { return self.inlines(content) };
        if !self.style.trusts_html && !address::may_be_followed(url) {
            return self.inlines(content);
        }
        self.out.push_str("<a");
        // The book's links are led where they go in the end.
        let is_final = !self.style.trusts_html && self.style.playing != Playing::Browser;
        let url = if is_final { own_fragment(url) } else { Cow::Borrowed(url) };
        self.attribute("href", &url);
        if let Some(title) = title {
            self.attribute("title", title);
        }
        self.out.push('>');
        self.inlines(content);
        self.out.push_str("</a>");
    }

    /// Where a link leads in this output: cards and paper come without the other files of the project.
    fn followed<'b>(&self, url: &'b str, address: Option<&'b str>) -> Option<&'b str> {
        // The book's links are led where they go in the end.
        if self.style.playing == Playing::Browser || !address::is_path(url) { Some(url) } else { address }
    }

    fn media(&mut self, media: &MediaRef, alt: &str, title: Option<&str>, size: Size) {
        if let MediaRef::Remote { url } = media
            && !self.style.trusts_html
            && !address::may_be_shown(url)
        {
            return self.named(url, alt);
        }
        match self.style.playing {
            Playing::Anki => self.playing_media(media, alt, title, size),
            Playing::Paper => self.paper_media(media, alt, title, size),
            Playing::Browser => self.browser_media(media, alt, title, size),
        }
    }

    fn browser_media(&mut self, media: &MediaRef, alt: &str, title: Option<&str>, size: Size) {
        let (address, path) = match media {
            // What is not there has a name and no address: it stands in prose, or in a note that was left out.
            MediaRef::Local { path } if !self.style.media.contains_key(path.as_str()) => return self.named(path, alt),
            MediaRef::Local { path } => (self.packaged(path), path.as_str()),
            MediaRef::Remote { url } => (url.as_str(), address_path(url)),
        };
        match MediaKind::of(path).unwrap_or(MediaKind::Image) {
            MediaKind::Image => self.image(address, alt, title, size),
            MediaKind::Sound => self.browser_player("audio", address, alt, Size::default()),
            MediaKind::Video => self.browser_player("video", address, alt, size),
        }
    }

    /// A player that loads nothing before it is used.
    fn browser_player(&mut self, element: &str, address: &str, alt: &str, size: Size) {
        let few = if element == "audio" { " controlslist=\"nodownload noplaybackrate noremoteplayback\"" } else { "" };
        let _ = write!(self.out, "<{element} controls{few} preload=\"none\"");
        if !alt.is_empty() {
            self.attribute("aria-label", alt);
        }
        self.size(size);
        self.out.push_str("><source");
        self.attribute("src", address);
        let _ = write!(self.out, "></{element}>");
    }

    /// An image that is at hand; the name of anything else.
    fn paper_media(&mut self, media: &MediaRef, alt: &str, title: Option<&str>, size: Size) {
        let (address, path) = match media {
            MediaRef::Local { path } => (Some(self.packaged(path)), path.as_str()),
            MediaRef::Remote { url } if url.starts_with("data:image/") => (Some(url.as_str()), ""),
            MediaRef::Remote { url } => (None, url.as_str()),
        };
        match (address, MediaKind::of(address_path(path)).unwrap_or(MediaKind::Image)) {
            (Some(address), MediaKind::Image) => self.image(address, alt, title, size),
            (None, MediaKind::Image) | (_, MediaKind::Sound | MediaKind::Video) => self.named(path, alt),
        }
    }

    /// What stands for a medium that is not at hand.
    fn named(&mut self, path: &str, alt: &str) {
        let file = file_name(path);
        self.out.push_str("<span class=\"media\">");
        escape(if alt.is_empty() { file } else { alt }, &mut self.out);
        self.out.push_str("</span>");
    }

    fn playing_media(&mut self, media: &MediaRef, alt: &str, title: Option<&str>, size: Size) {
        match media {
            MediaRef::Local { path } => match MediaKind::of(path).unwrap_or(MediaKind::Image) {
                MediaKind::Image => self.image(self.packaged(path), alt, title, size),
                MediaKind::Sound | MediaKind::Video => self.play(self.packaged(path)),
            },
            MediaRef::Remote { url } => match MediaKind::of(address_path(url)).unwrap_or(MediaKind::Image) {
                MediaKind::Image => self.image(url, alt, title, size),
                MediaKind::Sound => self.player("audio", url, Size::default()),
                MediaKind::Video => self.player("video", url, size),
            },
        }
    }

    /// Anki takes a name as it is on disk, so it is never percent-encoded.
    fn image(&mut self, name: &str, alt: &str, title: Option<&str>, size: Size) {
        self.out.push_str("<img");
        self.attribute("src", name);
        self.attribute("alt", alt);
        if let Some(title) = title {
            self.attribute("title", title);
        }
        self.size(size);
        self.out.push('>');
    }

    /// Anki plays sounds and videos itself, in order, where it finds this.
    fn play(&mut self, name: &str) {
        self.out.push(marks::COMMAND);
        self.out.push_str(SOUND);
        escape(name, &mut self.out);
        self.out.push(']');
    }

    fn player(&mut self, element: &str, url: &str, size: Size) {
        let _ = write!(self.out, "<{element} controls");
        self.attribute("src", url);
        self.size(size);
        let _ = write!(self.out, "></{element}>");
    }

    fn size(&mut self, Size { width, height, percent }: Size) {
        let width = width.filter(|_| percent.is_none());
        for (name, pixels) in [("width", width), ("height", height)] {
            if let Some(pixels) = pixels {
                let _ = write!(self.out, " {name}=\"{pixels}\"");
            }
        }
        // HTML's own `width` takes pixels alone, though browsers take more.
        if let Some(percent) = percent {
            let _ = write!(self.out, " style=\"width:{percent}%\"");
        }
    }

    pub(super) fn attribute(&mut self, name: &str, value: &str) {
        let _ = write!(self.out, " {name}=\"");
        escape_attribute(value, &mut self.out);
        self.out.push('"');
    }

    /// A path's name in the output. One without a name is missing, and reported where all paths are checked.
    fn packaged<'b>(&self, path: &'b str) -> &'b str
    where
        Self: 'b,
    {
        self.style.media.get(path).copied().unwrap_or(path)
    }

    /// Raw HTML with the packaged names of its media.
    pub(super) fn raw_html(&mut self, html: &RawHtml) {
        if self.raw == RawState::Shown {
            return escape(&html.text, &mut self.out);
        }
        self.raw = RawState::Written;
        self.opens_raw_text |= !self.style.trusts_html && opens_raw_text(&html.text);
        let mut at = 0;
        let mut links = html.links.iter().peekable();
        for media in &html.media {
            while let Some(link) = links.next_if(|link| link.start < media.start) {
                at = self.raw_link(html, at, link);
            }
            // As of a Markdown picture that is not there, its text is what is left on a page.
            if self.style.playing == Playing::Browser && !self.style.media.contains_key(media.path.as_str()) {
                let attribute = around_value(&html.text, media.start..media.end);
                self.raw_text(html.text.get(at..attribute.start).unwrap_or_default());
                at = attribute.end;
                continue;
            }
            self.raw_text(html.text.get(at..media.start).unwrap_or_default());
            // The author's quotes may be single ones.
            let mut name = String::new();
            escape_attribute(self.packaged(&media.path), &mut name);
            self.out.push_str(&name.replace('\'', "&#39;"));
            at = media.end;
        }
        for link in links {
            at = self.raw_link(html, at, link);
        }
        self.raw_text(html.text.get(at..).unwrap_or_default());
    }

    /// What stands before the attribute of a link, and that, led where it goes; how far the HTML is out.
    fn raw_link(&mut self, html: &RawHtml, at: usize, link: &HtmlLink) -> usize {
        if self.style.playing == Playing::Browser {
            return at;
        }
        self.raw_text(html.text.get(at..link.start).unwrap_or_default());
        if let Some(address) = &link.address {
            self.out.push_str("href=\"");
            escape_attribute(address, &mut self.out);
            self.out.push('"');
        }
        link.end
    }

    fn raw_text(&mut self, text: &str) {
        self.out.extend(text.chars().map(|c| if marks::is_mark(c) { '\u{FFFD}' } else { c }));
    }

    /// A line end is a space, but not between scripts that are written without spaces.
    fn soft_break(&mut self, next: Option<&Inline>) {
        let after = match next.map(|inline| &inline.kind) {
            Some(InlineKind::Text { text }) => text.chars().next(),
            _ => None,
        };
        if !(self.out.chars().next_back().is_some_and(is_spaceless) && after.is_some_and(is_spaceless)) {
            self.out.push('\n');
        }
    }
}

/// The `src` attribute around its value.
fn around_value(html: &str, value: Range<usize>) -> Range<usize> {
    let before = html.get(..value.start).unwrap_or_default();
    let quote = before.chars().next_back().filter(|c| matches!(c, '"' | '\''));
    let before = before.strip_suffix(|c| quote == Some(c)).unwrap_or(before).trim_end();
    let name = before.strip_suffix('=').unwrap_or(before).trim_end();
    let is_closed = quote.is_some() && html.get(value.end..).and_then(|rest| rest.chars().next()) == quote;
    name.len().saturating_sub("src".len())..value.end + usize::from(is_closed)
}

/// A formula whose deletions are formulas in it, and the same without what marks them.
struct Marked {
    html: String,
    bare: String,
}

/// A formula whose `\label` and `\eqref` name ids that are the author's.
fn with_own_ids(mathml: String) -> String {
    const NAMES: [&str; 2] = [" id=\"", " href=\"#"];
    if !NAMES.iter().any(|name| mathml.contains(name)) {
        return mathml;
    }
    let mut out = String::with_capacity(mathml.len() + 64);
    for piece in tags::pieces(&mathml) {
        match piece {
            Piece::Tag(tag) => {
                let named = NAMES.iter().find_map(|name| Some((name, tag.text.split_once(name)?)));
                match named {
                    Some((name, (before, id))) => out.extend([before, name, &own_id(id)]),
                    None => out.push_str(tag.text),
                }
            }
            Piece::Text(text) | Piece::Comment(text) => out.push_str(text),
        }
    }
    out
}

/// Rows group and show nothing.
fn without_rows(mathml: &str) -> String {
    mathml.replace("<mrow>", "").replace("</mrow>", "")
}

/// Stands on both sides of a deletion's index in a formula; of a private area, as no formula is.
const PLACEHOLDER: char = '\u{F8FE}';

/// The numbers of the deletions, each once, ascending.
fn deleted(runs: &[Run]) -> Vec<u16> {
    let mut numbers = BTreeSet::new();
    for_each_deletion(Child::Runs(runs), &mut |cloze, _| numbers.extend(&cloze.numbers));
    numbers.into_iter().collect()
}

/// An address without what follows its path.
fn address_path(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// Chinese and Japanese letters and punctuation.
fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether a character means itself in TeX's text.
fn is_plain_in_tex(c: char) -> bool {
    !matches!(c, '\\' | '{' | '}' | '$' | '%' | '#' | '&' | '_' | '^' | '~')
}

/// The punctuation that closes a formula, at the start of what follows it: a line may break beside a box, whatever stands
/// there.
fn clinging(next: Option<&Inline>) -> &str {
    const CLOSING: &[char] = &['.', ',', ';', ':', '!', '?', ')', ']', '}', '…', '’', '”', '»', '%', '\''];
    match next.map(|next| &next.kind) {
        Some(InlineKind::Text { text }) => {
            let behind = text.trim_start_matches(CLOSING);
            text.get(..text.len() - behind.len()).unwrap_or_default()
        }
        Some(_) | None => "",
    }
}
