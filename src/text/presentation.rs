//! Knows which attributes that give raw HTML a look stay on which element, beside its [`style`](super::style).
//!
//! What stays is shown inside of the text that it stands in: nothing here asks for a file.

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

/// Whether an attribute would be seen or heard and is left out.
pub fn is_dropped(attribute: &str) -> bool {
    DROPPED.iter().any(|dropped| dropped.eq_ignore_ascii_case(attribute))
}
