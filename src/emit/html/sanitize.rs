//! Turns HTML that holds what an author wrote raw into HTML that only shows things: no scripts, no event handlers, no
//! style of its own, every tag closed.
//!
//! The whole text goes through, the author's tags and our own between them, because a raw tag may open in one block and
//! close in another. Entities do not survive a parser, so this comes before [`super::cloze::write_marks`].

use std::borrow::Cow;
use std::sync::LazyLock;

use ammonia::Builder;

/// Tags besides those that ammonia allows by itself.
const TAGS: &[&str] =
    &["audio", "video", "source", "track", "picture", "section", "main", "tfoot", "address", "big", "font"];

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

/// What formulas are made of: the elements of MathML Core that math-core writes.
const MATH_TAGS: &[&str] = &[
    "math",
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
];

/// Their attributes.
const MATH_ATTRIBUTES: &[&str] = &[
    "accent",
    "accentunder",
    "columnalign",
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
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "notation",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
];

/// Links into other programs that people note things in.
const SCHEMES: &[&str] = &["data", "obsidian", "zotero", "logseq", "anki", "vscode", "file"];

/// Sanitises HTML.
pub(super) fn sanitize(html: &str) -> String {
    static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(builder);
    BUILDER.clean(html).to_string()
}

fn builder() -> Builder<'static> {
    let mut builder = Builder::default();
    for tag in MATH_TAGS {
        builder.add_tag_attributes(tag, MATH_ATTRIBUTES);
    }
    builder
        .add_tags(TAGS)
        .add_tags(MATH_TAGS)
        .add_generic_attributes(ATTRIBUTES)
        .add_tag_attributes("audio", &["src", "controls", "loop", "muted", "preload"])
        .add_tag_attributes("video", &["src", "controls", "loop", "muted", "preload", "poster", "width", "height"])
        .add_tag_attributes("source", &["src", "type"])
        .add_tag_attributes("track", &["src", "kind", "srclang", "label"])
        .add_tag_attributes("details", &["open"])
        .add_tag_attributes("font", &["color"])
        .add_url_schemes(SCHEMES)
        .link_rel(None)
        .attribute_filter(|element, attribute, value| {
            keeps_attribute(element, attribute, value).then_some(Cow::Borrowed(value))
        });
    builder
}

/// A `data:` address may be shown, and nothing else: as a link it is a page of its own.
fn keeps_attribute(element: &str, attribute: &str, value: &str) -> bool {
    let is_data = value.trim_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    !is_data || (attribute == "src" && matches!(element, "img" | "audio" | "video" | "source")) || attribute == "title"
}
