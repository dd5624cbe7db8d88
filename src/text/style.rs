//! Turns an author's `style` attribute into what of it may stand: colours, sizes and the like of the element itself.
//!
//! Nothing that asks for a file, lies over what is around it, or hides.

/// Properties that change the looks of the element alone.
const PROPERTIES: &[&str] = &[
    "background-color",
    "border-collapse",
    "color",
    "direction",
    "font-family",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "list-style-type",
    "max-height",
    "max-width",
    "text-align",
    "text-decoration",
    "text-decoration-color",
    "text-decoration-line",
    "text-decoration-style",
    "text-transform",
    "vertical-align",
    "width",
    "word-break",
];

/// Functions that a value may have.
const FUNCTIONS: &[&str] = &["rgb", "rgba", "hsl", "hsla"];

/// What of a style may stand, and the names of the properties that may not; their values are as the attribute has them, without
/// entities.
pub fn split(style: &str) -> (String, Vec<&str>) {
    let (mut kept, mut dropped) = (String::new(), Vec::new());
    for declaration in style.split(';').map(str::trim).filter(|declaration| !declaration.is_empty()) {
        let (name, value) = declaration.split_once(':').unwrap_or((declaration, ""));
        let (name, value) = (name.trim(), value.trim());
        let lower = name.to_ascii_lowercase();
        // A background of one colour is one.
        let known = if lower == "background" { "background-color" } else { &lower };
        if PROPERTIES.contains(&known) && is_harmless(value) {
            kept.push_str(if kept.is_empty() { "" } else { "; " });
            kept.extend([known, ": ", value]);
        } else {
            dropped.push(name);
        }
    }
    (kept, dropped)
}

/// Words, numbers and colours: no addresses, escapes, comments, quotes or other functions.
fn is_harmless(value: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " #%.,+-!()".contains(c);
    if value.is_empty() || !value.chars().all(is_plain) {
        return false;
    }
    let mut calls = value.split('(');
    let last = calls.next_back();
    calls.all(|before| {
        let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '-').map_or(0, |at| at + 1);
        before.get(start..).is_some_and(|name| FUNCTIONS.iter().any(|function| name.eq_ignore_ascii_case(function)))
    }) && last.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_sizes_stay() {
        for (style, kept) in [
            ("color: red", "color: red"),
            ("COLOR:#fff;width:50%;", "color: #fff; width: 50%"),
            (
                "text-align:center ; background: rgb(1, 2, 3)!important",
                "text-align: center; background-color: rgb(1, 2, 3)!important",
            ),
            ("font-weight:bold;font-style:italic", "font-weight: bold; font-style: italic"),
            ("height: 2.5em; max-width: -5px", "height: 2.5em; max-width: -5px"),
            (" ; ; ", ""),
            ("", ""),
        ] {
            assert_eq!(split(style), (kept.to_owned(), Vec::new()), "{style}");
        }
    }

    #[test]
    fn what_asks_or_lies_over_goes() {
        for style in [
            "position:fixed",
            "background:url(x.png)",
            "background:URL( x )",
            "color:expression(hit())",
            "width:calc(1px)",
            "color:var(--x)",
            "color:\\72 ed",
            "color:/**/red",
            "color:'red'",
            "color",
            "color:",
            "margin-left:-9em",
            "-moz-binding:x",
            "display:none",
            "color:rgb(url(x))",
            "color:(x",
            "color:r\u{e9}d",
        ] {
            let (kept, dropped) = split(style);
            assert_eq!((kept.as_str(), dropped.len()), ("", 1), "{style}");
        }
        assert_eq!(split("color:red;float:left;width:1px"), ("color: red; width: 1px".to_owned(), vec!["float"]));
    }
}
