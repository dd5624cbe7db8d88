//! Turns HTML that holds what an author wrote raw into HTML that only shows things: no scripts, no event handlers, no
//! style of its own, every tag closed.
//!
//! The whole text goes through, the author's tags and our own between them, because a raw tag may open in one block and
//! close in another. Entities do not survive a parser, so this comes before [`super::cloze::write_marks`].

use std::borrow::Cow;
use std::sync::LazyLock;

use ammonia::Builder;

use super::Playing;
use crate::text::address::{self, starts_address};

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
    "aria-label",
    "aria-hidden",
    "aria-describedby",
    "data-n",
    "data-hint",
];

/// Links into other programs that people note things in.
const SCHEMES: &[&str] = &["data", "obsidian", "zotero", "logseq", "anki", "vscode", "file"];

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

/// Sanitises HTML.
pub(super) fn sanitize(html: &str, playing: Playing) -> String {
    static ANKI: LazyLock<Builder<'static>> = LazyLock::new(|| builder(Playing::Anki));
    static PAPER: LazyLock<Builder<'static>> = LazyLock::new(|| builder(Playing::Paper));
    static BROWSER: LazyLock<Builder<'static>> = LazyLock::new(|| builder(Playing::Browser));
    let builder = match playing {
        Playing::Anki => &ANKI,
        Playing::Paper => &PAPER,
        Playing::Browser => &BROWSER,
    };
    builder.clean(html).to_string()
}

fn builder(playing: Playing) -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .add_tags(TAGS)
        .add_generic_attributes(ATTRIBUTES)
        .add_tag_attributes("details", &["open"])
        .add_tag_attributes("font", &["color"])
        .add_url_schemes(SCHEMES)
        .link_rel(None)
        .attribute_filter(move |element, attribute, value| {
            let keeps = keeps_attribute(element, attribute, value) && !asks_the_network(playing, attribute, value);
            keeps.then_some(Cow::Borrowed(value))
        });
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
fn asks_the_network(playing: Playing, attribute: &str, value: &str) -> bool {
    playing == Playing::Paper && matches!(attribute, "src" | "poster") && address::may_lead_elsewhere(value)
}

/// A `data:` address may be shown, and nothing else: as a link it is a page of its own.
fn keeps_attribute(element: &str, attribute: &str, value: &str) -> bool {
    let is_shown = attribute == "src" && matches!(element, "img" | "audio" | "video" | "source");
    is_shown || is_said(attribute) || !starts_address(value, "data:")
}

/// Whether an attribute holds words and no address.
fn is_said(attribute: &str) -> bool {
    matches!(attribute, "title" | "alt" | "aria-label" | "data-hint" | "label")
}
