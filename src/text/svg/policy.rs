//! Which elements and attributes of a drawing stay.

use std::borrow::Cow;

use super::css;
use crate::text::address;

/// What becomes of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Stays,
    /// With all that is in it.
    Goes,
}

/// An element by its name.
pub(super) struct Element {
    language: Language,
    /// In lower case.
    name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    /// SVG, or what says nothing else.
    Svg,
    Html,
    MathMl,
    /// What a drawing program notes for itself, and browsers pass over.
    Other,
    /// What other programs carry out.
    Program,
}

/// Elements that hold what is no drawing, or run it. Browsers know some of HTML's in SVG too.
const ACTIVE: &str = "animation applet audio base button canvas embed form frame frameset handler iframe input \
    link listener meta object param script select source textarea video";

/// Elements of HTML that show text: programs put the labels of their boxes into a drawing's `foreignObject` with them.
const LABELS: &str = "a abbr address article aside b bdi bdo big blockquote body br caption center cite code col colgroup dd del \
    details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i ins kbd label legend li main mark nav nobr ol \
    p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr";

/// Attributes that hold an address, besides `href`.
const ADDRESSES: &str = "action archive background base cite classid codebase data formaction longdesc manifest ping poster \
    profile src srcdoc srcset usemap";

impl Element {
    pub(super) fn new(namespace: &str, name: &str) -> Self {
        let namespace = namespace.trim();
        let language = match namespace {
            "" | "http://www.w3.org/2000/svg" => Language::Svg,
            "http://www.w3.org/1999/xhtml" => Language::Html,
            "http://www.w3.org/1998/Math/MathML" => Language::MathMl,
            "http://www.w3.org/2001/XInclude"
            | "http://www.w3.org/2003/XInclude"
            | "http://www.w3.org/2001/xml-events"
            | "http://www.w3.org/1999/XSL/Transform" => Language::Program,
            other if other.contains("mozilla.org") => Language::Program,
            _ => Language::Other,
        };
        Self { language, name: name.to_ascii_lowercase() }
    }

    /// Whether a drawing may start with it.
    pub(super) fn is_drawing(&self) -> bool {
        self.language == Language::Svg && self.name == "svg"
    }

    /// Whether its text is CSS.
    pub(super) fn is_style(&self) -> bool {
        self.name == "style" && self.language == Language::Svg
    }

    /// Whether it stays. What is moved from one value to another counts as well: it may be a link's address.
    pub(super) fn fate(&self, attributes: &[(&str, String)]) -> Fate {
        let goes = match self.language {
            Language::Program => true,
            Language::Html => !is_among(LABELS, &self.name),
            Language::Svg | Language::MathMl | Language::Other => is_among(ACTIVE, &self.name),
        };
        let moves = attributes
            .iter()
            .any(|(name, value)| local(name).eq_ignore_ascii_case("attributename") && is_active(value));
        if goes || moves { Fate::Goes } else { Fate::Stays }
    }

    /// What an attribute's value is in the end; `None` where the attribute goes.
    pub(super) fn attribute<'v>(&self, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
        let local = local(name).to_ascii_lowercase();
        let as_is = Some(Cow::Borrowed(value));
        if name == "xmlns" || name.starts_with("xmlns:") {
            return as_is;
        }
        if local.starts_with("on") {
            return None;
        }
        if self.language == Language::Other {
            return as_is;
        }
        match local.as_str() {
            "href" => self.may_refer(value).then_some(Cow::Borrowed(value)),
            _ if is_among(ADDRESSES, &local) => None,
            _ if runs(value) => None,
            _ => css::harmless(value)
                .or_else(|| (local != "style" && !value.contains('(')).then_some(Cow::Borrowed(value))),
        }
    }

    fn may_refer(&self, address: &str) -> bool {
        match self.name.as_str() {
            "a" => address::may_be_followed(address),
            "image" | "feimage" => address.trim().starts_with('#') || is_picture(address),
            _ => address.trim().starts_with('#'),
        }
    }
}

/// Whether an attribute that is moved does something.
fn is_active(attribute: &str) -> bool {
    let name = local(attribute.trim()).to_ascii_lowercase();
    name.starts_with("on") || name == "style" || name == "href" || is_among(ADDRESSES, &name)
}

fn runs(value: &str) -> bool {
    let read: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    ["javascript:", "vbscript:", "data:text"].iter().any(|script| read.to_ascii_lowercase().contains(script))
}

fn is_picture(address: &str) -> bool {
    address.trim_start().get(..11).is_some_and(|start| start.eq_ignore_ascii_case("data:image/"))
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn is_among(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|known| known == word)
}
