//! Turns a note into the texts of its fields.
//!
//! Knows nothing of tables; how blocks look is up to [`html`].

use std::collections::BTreeMap;
use std::fmt::Write;
use std::hash::Hash;

use super::packed::Packed;
use crate::anki::cloze;
use crate::anki::note_type::{self, Field, Role};
use crate::artifact::{Ingredients, Key, Made};
use crate::html::{self, ClozeStyle, MathStyle, Playing, Style};
use crate::ir::{Block, Collection, Footnote, Note, NoteBody, NoteTypeKey, PlacePiece, Shared};
use crate::site::pages::Site;
use crate::text::address::percent_encode;
use crate::text::hidden;
use crate::text::path::below;

/// What all notes of a collection share.
pub(super) struct FieldRenderer<'a> {
    /// The collection itself.
    pub(super) collection: &'a Collection,
    /// Path → name.
    media: BTreeMap<&'a str, &'a str>,
    /// The study site, where its address is known.
    site: Option<(&'a str, Site<'a>)>,
    /// What is kept of the last time; `None` where nothing is to be kept.
    pub(super) made: Option<&'a Made<Packed>>,
}

impl<'a> FieldRenderer<'a> {
    pub(super) fn new(collection: &'a Collection, made: Option<&'a Made<Packed>>) -> Self {
        let media = collection.media.iter().map(|media| (media.path.as_str(), media.name.as_str())).collect();
        let site = collection.site_url.as_deref().map(|address| (address, Site::new(collection)));
        Self { collection, media, site, made }
    }

    /// The id of a note type; 0 where the collection lacks it, which Anki refuses.
    pub(super) fn note_type_id(&self, key: NoteTypeKey) -> i64 {
        self.collection.note_types.iter().find(|note_type| note_type.key == key).map_or(0, |note_type| note_type.id)
    }

    /// The fields in the order of [`note_type::fields`]. `index` is the note's in [`Collection::notes`].
    pub(super) fn fields(&self, note: &Note, index: usize, above: &mut Above) -> Vec<String> {
        let fields = note_type::fields(note.note_type()).iter();
        fields.map(|&Field { role, .. }| self.safe_field(role, note, index, above)).collect()
    }

    /// All that [`Self::fields`] are made of, but for what only [`Role::Link`] is: its page changes with the notes before it.
    pub(super) fn key(&self, note: &Note) -> Key {
        let mut made_of = Ingredients::default();
        note.hash(&mut made_of);
        note.for_each_media(&mut |path| self.media.get(path).hash(&mut made_of));
        made_of.key()
    }

    /// A field as it may stand in a note of its type.
    pub(super) fn safe_field(&self, role: Role, note: &Note, index: usize, above: &mut Above) -> String {
        match (note.note_type(), role) {
            // Anki looks for deletions in every field of a cloze note and would make cards of those outside the text.
            (NoteTypeKey::Cloze, role) if role != Role::Text => cloze::defused(self.field(role, note, index, above)),
            (NoteTypeKey::Basic | NoteTypeKey::Cloze, role) => self.field(role, note, index, above),
        }
    }

    fn field(&self, role: Role, note: &Note, index: usize, above: &mut Above) -> String {
        let render = |blocks: &[Block]| self.render(blocks, note, ClozeStyle::Unwrapped);
        match role {
            Role::Front | Role::Back | Role::Text | Role::Reverse | Role::Typed => self.body_field(role, note),
            Role::Hint => render(&note.hint),
            Role::Extra => render(&note.extra),
            Role::Source => sources(&note.footnotes, render),
            Role::Context => above.of(note, self.collection).context.clone(),
            Role::Link => self.link(note, index, &above.of(note, self.collection).place),
        }
    }

    /// A field that question and answer are in; empty where the note has none of that role.
    fn body_field(&self, role: Role, note: &Note) -> String {
        match &note.body {
            NoteBody::Basic { front, .. } if role == Role::Front => self.render(front, note, ClozeStyle::Unwrapped),
            NoteBody::Basic { back, .. } if role == Role::Back => self.render(back, note, ClozeStyle::Unwrapped),
            NoteBody::Basic { reversed: true, .. } if role == Role::Reverse => "1".to_owned(),
            NoteBody::Basic { typed: Some(typed), .. } if role == Role::Typed => html::plain(typed),
            NoteBody::Cloze { heading, text } if role == Role::Text => self.cloze_text(heading, text, note),
            NoteBody::Basic { .. } | NoteBody::Cloze { .. } => String::new(),
        }
    }

    fn cloze_text(&self, heading: &[Block], text: &[Block], note: &Note) -> String {
        let text = self.render(text, note, ClozeStyle::Anki);
        if heading.is_empty() {
            return text;
        }
        let (start, end) = note_type::HEADING;
        format!("{start}{}{end}{text}", self.render(heading, note, ClozeStyle::Anki))
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

    /// Where the note was written: an address where the project has a pattern for it, or a site; else its file. The heading
    /// above it finds it there: the number of its line would be another one with each line above it, and readers get what
    /// was when the note changed.
    fn link(&self, note: &Note, index: usize, place: &str) -> String {
        let page = || self.site.as_ref().and_then(|(address, site)| Some((address, site.page_of(index)?)));
        let on_site = || page().map(|(address, page)| format!("{address}/{}#c-{}", page.address(), note.guid));
        match place_address(self.collection, note).or_else(on_site) {
            Some(address) => format!("<a href=\"{}\">{place}</a>", html::plain(&address)),
            None => place.to_owned(),
        }
    }
}

/// Where the project says that the place of a note is.
pub fn place_address(collection: &Collection, note: &Note) -> Option<String> {
    let file = collection.sources.get(note.span.source.0 as usize)?.path.as_str();
    let mut address = String::new();
    for piece in &collection.place_link.as_ref()?.pieces {
        match piece {
            PlacePiece::Text { text } => address.push_str(text),
            PlacePiece::Path { from } => address.push_str(&percent_encode(below(file, from).unwrap_or(file))),
            PlacePiece::Line => {
                let _ = write!(address, "{}", note.line);
            }
        }
    }
    Some(address)
}

/// What the notes below one heading share. Those that come one after the other mostly do.
#[derive(Default)]
pub(super) struct Above {
    /// The file and the headings that the rest is made of.
    of: Option<(usize, Shared<String>)>,
    /// The headings above the note.
    context: String,
    /// Its file, and the last of them.
    place: String,
}

impl Above {
    fn of(&mut self, note: &Note, collection: &Collection) -> &Self {
        let (source, headings) = (note.span.source.0 as usize, &note.context);
        if self.of.as_ref().is_none_or(|of| of.0 != source || *of.1 != **headings) {
            let file = collection.sources.get(source).map_or("", |file| file.path.as_str());
            let heading = headings.last().map(|heading| format!(" › {heading}")).unwrap_or_default();
            self.place = html::plain(&format!("{}{heading}", hidden::shown(file)));
            self.context = html::plain(&headings.join(" › "));
            self.of = Some((source, headings.clone()));
        }
        self
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::config::{HtmlPolicy, Settings};
    use crate::ir::{self, DeckName, SourceFile};
    use crate::markdown;
    use crate::source::{Source, SourceId};

    /// Pieces of which deletions are made, and what surrounds and resembles them.
    const PIECES: &[&str] = &[
        "{{c1::",
        "{{c2::",
        "{{c1,3::",
        "{{c,1::",
        "{{c1,::",
        "{{c0::",
        "{{c501::",
        "{{c4|h}::",
        "{{c4|h::",
        "{{c",
        "{{",
        "{",
        "}}",
        "}",
        "::",
        ":",
        "==",
        "`",
        "$",
        "$$",
        "**",
        "_",
        "a",
        " ",
        "\n",
        "\n\n",
        "- ",
        "> ",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<title>",
        "<textarea>",
        "<noscript>",
        "<template>",
        "</template>",
        "<table>",
        "<tr><td>",
        "</table>",
        "<select>",
        "<svg>",
        "<math>",
        "<div title=\"",
        "<![CDATA[",
        "<p",
        "<img alt=\"",
        "\">",
        "&#123;",
        "&colon;",
        "\\{",
        "\\",
        "|",
        "[x](",
        ")",
        "[^1]",
        "\n\n[^1]: ",
        "```\n",
        "\n\n> [!TIP]\n> ",
        "\n\n> [!NOTE]\n> ",
    ];

    fn collection(text: &str, html: HtmlPolicy) -> Collection {
        let source = Source { path: "{{c7::a}}.md".into(), text: text.into() };
        let settings = Settings { deck: DeckName::new("D"), html, ..Settings::default() };
        let notes = markdown::read(SourceId(0), &source, "a.md", &settings).notes;
        Collection {
            version: ir::VERSION,
            id: "x".into(),
            name: "x".into(),
            site_url: None,
            place_link: None,
            outline: Vec::new(),
            sources: vec![SourceFile { path: source.path }],
            decks: Vec::new(),
            note_types: Vec::new(),
            notes,
            media: Vec::new(),
            chapters: Vec::new(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn anki_sees_the_cards_that_are_meant(
            pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24),
            trusts_html in any::<bool>(),
        ) {
            let html = if trusts_html { HtmlPolicy::Trust } else { HtmlPolicy::default() };
            let text = format!("# {{{{c8::above}}}}\n\n## {{{{c9::x}}}} {{.cloze}}\n\n=={}", pieces.concat());
            let collection = collection(&text, html);
            let renderer = FieldRenderer::new(&collection, None);
            let clozes = collection.notes.iter().filter(|note| note.note_type() == NoteTypeKey::Cloze);
            for (index, note) in clozes.enumerate() {
                let fields = renderer.fields(note, index, &mut Above::default());
                let seen: BTreeSet<u16> = fields.iter().flat_map(|field| cloze::numbers_in(field)).collect();
                let meant: BTreeSet<u16> = note.cards().iter().map(|card| card.ordinal + 1).collect();
                prop_assert_eq!(seen, meant, "{:?}", fields);
            }
        }
    }
}
