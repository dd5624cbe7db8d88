//! Turns a note into the texts of its fields.
//!
//! Knows nothing of tables; how blocks look is up to [`html`].

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::html::{self, ClozeStyle, MathStyle, Playing, Style};
use crate::ir::{Block, Collection, Footnote, Note, NoteBody, NoteTypeKey};
use crate::site::pages::Site;

/// What all notes of a collection share.
pub(super) struct Context<'a> {
    /// The collection itself.
    pub(super) collection: &'a Collection,
    /// Path → name.
    media: BTreeMap<&'a str, &'a str>,
    /// The study site, where its address is known.
    site: Option<(&'a str, Site<'a>)>,
}

impl<'a> Context<'a> {
    pub(super) fn new(collection: &'a Collection) -> Self {
        let media = collection.media.iter().map(|media| (media.path.as_str(), media.name.as_str())).collect();
        let site = collection.site_url.as_deref().map(|address| (address, Site::new(collection)));
        Self { collection, media, site }
    }

    /// The id of a note type; 0 where the collection lacks it, which Anki refuses.
    pub(super) fn note_type_id(&self, key: NoteTypeKey) -> i64 {
        self.collection.note_types.iter().find(|note_type| note_type.key == key).map_or(0, |note_type| note_type.id)
    }

    /// The fields in the order of [`NoteTypeKey::fields`]. `index` is the note's in [`Collection::notes`].
    pub(super) fn fields(&self, note: &Note, index: usize) -> Vec<String> {
        let render = |blocks: &[Block]| self.render(blocks, note, ClozeStyle::Unwrapped);
        let hint = render(&note.hint);
        let extra = render(&note.extra);
        let source = sources(&note.footnotes, render);
        let context = escape(&note.context.join(" › "));
        let link = self.link(note, index);
        match &note.body {
            NoteBody::Basic { front, back, reversed, typed } => {
                let reverse = if *reversed { "1".to_owned() } else { String::new() };
                let typed = typed.as_deref().map(escape).unwrap_or_default();
                vec![render(front), render(back), hint, extra, source, context, link, reverse, typed]
            }
            NoteBody::Cloze { heading, text } => {
                let text = self.cloze_text(heading, text, note);
                let others = [String::new(), hint, extra, source, context, link].map(defuse);
                std::iter::once(text).chain(others).collect()
            }
        }
    }

    fn cloze_text(&self, heading: &[Block], text: &[Block], note: &Note) -> String {
        let text = self.render(text, note, ClozeStyle::Anki);
        if heading.is_empty() {
            return text;
        }
        format!("<div class=\"heading\">{}</div>{text}", self.render(heading, note, ClozeStyle::Anki))
    }

    fn render(&self, blocks: &[Block], note: &Note, cloze: ClozeStyle) -> String {
        if blocks.is_empty() {
            return String::new();
        }
        html::render(
            blocks,
            &Style {
                media: &self.media,
                cloze,
                math: MathStyle::Tex,
                playing: Playing::Anki,
                trusts_html: note.trusts_html,
            },
        )
    }

    /// Where the note was written: on the site where there is one, else in its file.
    fn link(&self, note: &Note, index: usize) -> String {
        let file = self.collection.sources.get(note.span.source.0 as usize).map_or("", |file| file.path.as_str());
        let place = escape(&format!("{file}:{}", note.line));
        let page = self.site.as_ref().and_then(|(address, site)| Some((address, site.page_of(index)?)));
        match page {
            Some((address, page)) => {
                let address = escape(&format!("{address}/{}#c-{}", page.address(), note.guid));
                format!("<a href=\"{address}\">{place}</a>")
            }
            None => place,
        }
    }
}

/// A single source as it stands; more of them under the numbers by which the text refers to them.
fn sources(footnotes: &[Footnote], render: impl Fn(&[Block]) -> String) -> String {
    match footnotes {
        [] => String::new(),
        [only] => render(&only.blocks),
        many => {
            let mut list = String::from("<ol>");
            for footnote in many {
                let _ = write!(list, "<li value=\"{}\">{}</li>", footnote.number, render(&footnote.blocks));
            }
            list.push_str("</ol>");
            list
        }
    }
}

/// Anki looks for deletions in every field of a cloze note and would make cards of those outside the text.
fn defuse(field: String) -> String {
    if field.contains("{{c") { field.replace("{{c", "{&#123;c") } else { field }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deletions_outside_the_text_make_no_cards() {
        assert_eq!(defuse("a {{c1::b}} {{x}}".to_owned()), "a {&#123;c1::b}} {{x}}");
    }
}
