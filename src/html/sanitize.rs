//! Turns HTML that holds what an author wrote raw into HTML that only shows things: no scripts, no event handlers, no
//! style but a plain one, every tag closed, no id that could be another one's.
//!
//! The whole text goes through, the author's tags and our own between them, because a raw tag may open in one block and
//! close in another. Entities do not survive a parser, so this comes before [`super::cloze::write_marks`].

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;

use super::Playing;
use super::marks::{WITNESS, is_mark};
use crate::ir;
use crate::text::address;
use crate::text::hidden;
use crate::text::nesting::Nesting;
use crate::text::own_id::{own_fragment, own_id, own_ids};
use crate::text::presentation;

/// How many elements may be open at once: the author's of several sections, and our own around and in them.
const MAX_DEPTH: usize = 2 * ir::MAX_HTML_DEPTH;

/// So many bytes may a parser add to HTML because of what authors left open: [`Nesting::reopened`]; and so many times as many
/// as there are.
const MAX_REOPENED: (usize, usize) = (4 << 20, 8);

/// Tags besides those that ammonia allows by itself.
const TAGS: &[&str] = &["picture", "section", "main", "tfoot", "address", "big", "font"];

/// Tags that play, and those in them.
const PLAYERS: &[&str] = &["audio", "video", "source", "track"];

/// Attributes that any tag may have.
const ATTRIBUTES: &[&str] = &[
    "class",
    "id",
    "lang",
    "dir",
    "title",
    "role",
    "hidden",
    "style",
    "aria-label",
    "aria-hidden",
    "aria-describedby",
    "data-n",
    "data-hint",
];

/// Classes that mean something to the scripts and styles of a page, a word each: of mdBook, of our book, of printed pages.
/// Some lay an element over the page. Anki has none of them.
const PAGE_CLASSES: &str = "active answer bookmark boring buttons card chapter clip-button content controls cut \
    deck-about deck-size downloads drawing editable empty fold footnotes grid header hidden hint hljs icon-button \
    key left-buttons line mark next on-this-page options over page panel play-button playground previous prose \
    question reset-button result right-buttons ruler settings sheet spacer spans spinner-wrapper stage sticky study \
    theme toggle tooltiptext turned visually-hidden";

/// What such classes start with where there are many.
const PAGE_CLASS_STARTS: [&str; 10] =
    ["ace_", "chapter-", "deckle-", "fa-", "mdbook-", "menu-", "nav-", "page-", "search", "sidebar"];

/// The elements of MathML Core, for paper and browsers: there formulas are typeset before this.
const MATH_TAGS: &[&str] = &[
    "math",
    "annotation",
    "maction",
    "menclose",
    "merror",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "ms",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "none",
    "semantics",
];

/// What our formulas say of their elements; presentation only.
const MATH_ATTRIBUTES: &[&str] = &[
    "accent",
    "accentunder",
    "columnalign",
    "columnspacing",
    "columnspan",
    "depth",
    "display",
    "displaystyle",
    "fence",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathbackground",
    "mathcolor",
    "mathsize",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "notation",
    "rowspacing",
    "rowspan",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
];

/// Sanitises HTML. `None` where a parser takes what stands behind a raw tag for something else than it is: a mark is gone,
/// another one's, or within a tag; or where it would repeat raw tags without end.
pub(super) fn sanitize(html: &str, playing: Playing) -> Option<String> {
    static ANKI: LazyLock<Builder<'static>> = LazyLock::new(|| builder(Playing::Anki));
    static PAPER: LazyLock<Builder<'static>> = LazyLock::new(|| builder(Playing::Paper));
    static BROWSER: LazyLock<Builder<'static>> = LazyLock::new(|| builder(Playing::Browser));
    let builder = match playing {
        Playing::Anki => &ANKI,
        Playing::Paper => &PAPER,
        Playing::Browser => &BROWSER,
    };
    let mut nesting = Nesting::new(MAX_DEPTH);
    let limited = nesting.limit(html).0;
    if nesting.reopened() > MAX_REOPENED.0.saturating_add(MAX_REOPENED.1.saturating_mul(html.len())) {
        return None;
    }
    let clean = builder.clean(&limited).to_string();
    if marks_of(&clean) != marks_of(html) {
        return None;
    }
    // Entities make hidden characters.
    Some(hidden::without_but(&clean, is_mark).replace(WITNESS, ""))
}

/// The marks that stand for deletions and commands, in order, and how many [`WITNESS`]es there are: they may change places
/// with each other, as text in a table does that is in none of its cells.
fn marks_of(html: &str) -> (Vec<char>, usize) {
    let marks: Vec<char> = html.chars().filter(|&c| is_mark(c)).collect();
    let witnesses = marks.iter().filter(|&&mark| mark == WITNESS).count();
    (marks.into_iter().filter(|&mark| mark != WITNESS).collect(), witnesses)
}

fn builder(playing: Playing) -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .add_tags(TAGS)
        .add_generic_attributes(ATTRIBUTES)
        .add_tag_attributes("details", &["open"])
        // What may be shown and what may be followed are different things, and told apart below.
        .url_schemes(address::schemes().chain(["data"]).collect::<HashSet<_>>())
        .link_rel(None)
        .attribute_filter(move |_, attribute, value| kept(playing, attribute, value));
    for (tag, attributes) in presentation::ATTRIBUTES {
        builder.add_tag_attributes(tag, *attributes);
    }
    match playing {
        Playing::Anki => add_players(&mut builder),
        // What stands in a player for those who cannot play stays.
        Playing::Paper => add_math(&mut builder),
        Playing::Browser => {
            add_players(&mut builder);
            add_math(&mut builder);
        }
    }
    builder
}

fn add_players(builder: &mut Builder<'static>) {
    builder
        .add_tags(PLAYERS)
        .add_tag_attributes("audio", &["src", "controls", "loop", "muted", "preload"])
        .add_tag_attributes("video", &["src", "controls", "loop", "muted", "preload", "poster", "width", "height"])
        .add_tag_attributes("source", &["src", "type"])
        .add_tag_attributes("track", &["src", "kind", "srclang", "label"]);
}

fn add_math(builder: &mut Builder<'static>) {
    builder.add_tags(MATH_TAGS);
    for tag in MATH_TAGS {
        builder.add_tag_attributes(tag, MATH_ATTRIBUTES);
    }
}

/// Whether a browser would ask for the attribute's value while it shows a page. Paper has no network, so what is there
/// must not be asked for, and what stands in its place (`alt`) is shown.
fn asks_the_network(playing: Playing, value: &str) -> bool {
    playing == Playing::Paper && address::may_lead_elsewhere(value)
}

/// The value that an attribute has in the end; `None` where it goes.
fn kept<'v>(playing: Playing, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    // What Anki makes of a deletion would end the attribute.
    if value.contains(is_mark) {
        return kept(playing, attribute, &value.replace(is_mark, "\u{FFFD}"))
            .map(|value| Cow::Owned(value.into_owned()));
    }
    // Lines of code are taken apart on paper, and nobody hovers there.
    if playing == Playing::Paper && value.contains(['\n', '\r']) {
        return kept(playing, attribute, &value.replace(['\n', '\r'], " ")).map(|value| Cow::Owned(value.into_owned()));
    }
    match attribute {
        "id" if value.is_empty() => None,
        "id" => Some(own_id(value)),
        "headers" | "aria-describedby" => Some(Cow::Owned(own_ids(value))),
        "class" if playing == Playing::Anki => Some(Cow::Borrowed(value)),
        "class" => own_classes(value),
        // Those of the project are not packed.
        "poster" if address::scheme(value).is_none() && !value.starts_with("//") => None,
        "src" | "poster" => {
            let is_shown = address::may_be_shown(value) && !asks_the_network(playing, value);
            is_shown.then_some(Cow::Borrowed(value))
        }
        "style" => presentation::style(value).0,
        "href" | "cite" if !address::may_be_followed(value) => None,
        // The book's links are led where they go in the end.
        "href" if playing != Playing::Browser => Some(own_fragment(value)),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// The classes that belong to no page.
fn own_classes(classes: &str) -> Option<Cow<'_, str>> {
    let is_own = |class: &&str| {
        let lower = class.to_ascii_lowercase();
        let is_page = PAGE_CLASSES.split_whitespace().any(|page| page == lower);
        !is_page && !PAGE_CLASS_STARTS.iter().any(|start| lower.starts_with(start))
    };
    if classes.split_whitespace().all(|class| is_own(&class)) {
        return Some(Cow::Borrowed(classes));
    }
    let own: Vec<&str> = classes.split_whitespace().filter(is_own).collect();
    (!own.is_empty()).then(|| Cow::Owned(own.join(" ")))
}
