//! Turns attributes that say how HTML looks into those that only do that: which of them stay on which element, and what of a
//! style.
//!
//! What stays asks for no file and is laid over nothing. How large it is, and whether it shows, is up to its author.

use std::borrow::Cow;

/// Attributes of elements that browsers still give a look by (HTML living standard, section 15.3), with those that number
/// lists.
pub const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("br", &["clear"]),
    ("caption", &["align"]),
    ("col", &["align", "bgcolor", "valign", "width"]),
    ("colgroup", &["align", "bgcolor", "valign", "width"]),
    ("div", &["align"]),
    ("font", &["color", "face", "size"]),
    ("h1", &["align"]),
    ("h2", &["align"]),
    ("h3", &["align"]),
    ("h4", &["align"]),
    ("h5", &["align"]),
    ("h6", &["align"]),
    ("hr", &["align", "color", "noshade", "size", "width"]),
    ("img", &["align", "border", "height", "hspace", "vspace", "width"]),
    ("li", &["type", "value"]),
    ("ol", &["reversed", "start", "type"]),
    ("p", &["align"]),
    ("pre", &["width"]),
    (
        "table",
        &[
            "align",
            "bgcolor",
            "border",
            "bordercolor",
            "cellpadding",
            "cellspacing",
            "frame",
            "height",
            "rules",
            "width",
        ],
    ),
    ("tbody", &["align", "bgcolor", "valign"]),
    ("td", &["align", "bgcolor", "height", "nowrap", "valign", "width"]),
    ("tfoot", &["align", "bgcolor", "valign"]),
    ("th", &["align", "bgcolor", "height", "nowrap", "valign", "width"]),
    ("thead", &["align", "bgcolor", "valign"]),
    ("tr", &["align", "bgcolor", "height", "valign"]),
    ("ul", &["type"]),
];

/// Attributes that would be seen or heard and go all the same: they ask for files, or play by themselves.
const DROPPED: &[&str] = &["autoplay", "background", "srcset", "usemap"];

/// Properties of styles that stay. None of them takes a file, and none moves an element out of its place.
const PROPERTIES: &[&str] = &[
    "background-color",
    "border",
    "border-bottom",
    "border-collapse",
    "border-color",
    "border-left",
    "border-radius",
    "border-right",
    "border-spacing",
    "border-style",
    "border-top",
    "border-width",
    "break-inside",
    "caption-side",
    "clear",
    "color",
    "direction",
    "display",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "letter-spacing",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "min-height",
    "min-width",
    "overflow",
    "overflow-x",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "table-layout",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
    "word-spacing",
];

/// Whether an attribute would be seen or heard and is left out.
pub fn is_dropped(attribute: &str) -> bool {
    DROPPED.iter().any(|dropped| dropped.eq_ignore_ascii_case(attribute))
}

/// The declarations of a style that stay, `None` where none does; and the first that goes.
pub fn style(css: &str) -> (Option<Cow<'_, str>>, Option<&str>) {
    let declarations = || css.split(';').map(str::trim).filter(|declaration| !declaration.is_empty());
    let Some(gone) = declarations().find(|declaration| !stays(declaration)) else {
        return (declarations().next().map(|_| Cow::Borrowed(css)), None);
    };
    let kept: Vec<&str> = declarations().filter(|declaration| stays(declaration)).collect();
    ((!kept.is_empty()).then(|| Cow::Owned(kept.join("; "))), Some(gone))
}

fn stays(declaration: &str) -> bool {
    let Some((property, value)) = declaration.split_once(':') else { return false };
    let property = property.trim();
    let is_known = PROPERTIES.iter().any(|known| known.eq_ignore_ascii_case(property));
    // The short form of `background-color`.
    (is_known || property.eq_ignore_ascii_case("background")) && is_plain(value)
}

/// Whether a value is made of words, numbers and colours: it calls nothing but colours, and no number is below zero, which
/// would move what it is given to over what stands beside it.
fn is_plain(value: &str) -> bool {
    let is_sign = |c: char| c.is_alphanumeric() || c.is_whitespace() || "#%.,-+'\"()/".contains(c);
    let is_colour = |before: &str| ["rgb", "rgba", "hsl", "hsla"].iter().any(|name| ends_in_word(before, name));
    let mut calls: Vec<&str> = value.split('(').collect();
    calls.pop();
    let is_negative = |(before, after): (&str, &str)| {
        !before.ends_with(char::is_alphanumeric) && after.starts_with(|c: char| c.is_ascii_digit() || c == '.')
    };
    let mut dashes = value.split('-').zip(value.split('-').skip(1));
    value.chars().all(is_sign) && calls.into_iter().all(is_colour) && !dashes.any(is_negative) && !value.contains("/*")
}

/// Whether a text ends in a word, and not in a longer one.
fn ends_in_word(text: &str, word: &str) -> bool {
    let start = text.len().checked_sub(word.len()).and_then(|at| text.split_at_checked(at));
    start.is_some_and(|(before, end)| {
        end.eq_ignore_ascii_case(word) && !before.ends_with(|c: char| c.is_alphanumeric() || c == '-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_that_only_look_stay() {
        for css in [
            "color: red",
            "color:#f00;background:rgb(1, 2, 3) ; ",
            "width: 50%; max-width: 300px",
            "text-align:center",
            "font-family: 'Noto Sans', serif",
            "border: 1px solid hsla(1, 2%, 3%, .5); border-collapse: collapse",
            "margin: 0 auto",
        ] {
            assert_eq!(style(css), (Some(css.into()), None), "{css}");
        }
        assert_eq!(style(""), (None, None));
    }

    #[test]
    fn what_asks_for_files_or_leaves_its_place_goes() {
        for css in [
            "position: fixed",
            "background: url(https://x.org/a.png)",
            "background:u\\72l(x)",
            "background-image: none",
            "width: expression(alert(1))",
            "margin-left: -9999px",
            "margin: 0 -.5em",
            "color: red/**/",
            "color: red !important",
            "--x: 1",
            "z-index: 9",
            "content: 'x'",
            "color: var(--x)",
            "width: calc(1px - 5px)",
            "color: xrgb(1)",
            "color",
            "color: {}",
            "color: a@b",
        ] {
            assert_eq!(style(css), (None, Some(css)), "{css}");
        }
        let (kept, gone) = style("color: red; position: fixed; width: 3px; top: 0");
        assert_eq!((kept.as_deref(), gone), (Some("color: red; width: 3px"), Some("position: fixed")));
    }
}
