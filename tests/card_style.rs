//! Holds the style of Anki's cards to what its readers need: contrast in light and night, and structure that web views of
//! 2020 show.

#![expect(clippy::panic, clippy::string_slice, reason = "a test fails by a panic")]

use std::collections::BTreeMap;

const STYLE: &str = include_str!("../templates/anki/style.css");

/// Rules as selector and body; those of a media query stand by themselves.
fn rules(css: &str) -> Vec<(String, String)> {
    let mut text = String::new();
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        text.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let rule = |part: &str| {
        let (head, body) = part.rsplit_once('{')?;
        let selector = head.rsplit('{').next().unwrap_or_default();
        Some((selector.split_whitespace().collect::<Vec<_>>().join(" "), body.trim().to_owned()))
    };
    text.split('}').filter_map(rule).collect()
}

/// The colours that a rule gives to variables.
fn colours(selector: &str) -> BTreeMap<String, [f64; 3]> {
    let rules = rules(STYLE);
    let (_, body) = rules.iter().find(|(found, _)| found == selector).unwrap_or_else(|| panic!("no rule `{selector}`"));
    let colour = |declaration: &str| {
        let (name, value) = declaration.split_once(':')?;
        let digits = value.trim().strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok().map(f64::from);
        Some((name.trim().trim_start_matches("--deckle-").to_owned(), [part(0)?, part(2)?, part(4)?]))
    };
    body.split(';').filter_map(colour).collect()
}

/// WCAG 2.2: relative luminance, and the ratio of two.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let [red, green, blue] = colour.map(|part| {
            let part = part / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// What is written on what.
const PAIRS: &[(&str, &[&str])] = &[
    ("page", &["ink", "quiet", "accent", "important", "warning", "right", "wrong"]),
    (
        "panel",
        &[
            "ink",
            "quiet",
            "accent",
            "important",
            "warning",
            "right",
            "wrong",
            "keyword",
            "string",
            "comment",
            "number",
            "function",
            "type",
            "constant",
            "variable",
            "operator",
            "tag",
            "attribute",
        ],
    ),
    ("cloze-panel", &["cloze"]),
    ("mark", &["ink"]),
    ("right-panel", &["right"]),
    ("wrong-panel", &["wrong"]),
    ("missed-panel", &["missed"]),
];

#[test]
fn text_stands_out_by_day_and_night() {
    for selector in [":root", ".card.nightMode, .nightMode .card"] {
        let colours = colours(selector);
        let colour = |name: &str| *colours.get(name).unwrap_or_else(|| panic!("no colour `{name}` in `{selector}`"));
        for (ground, inks) in PAIRS {
            for ink in *inks {
                let found = contrast(colour(ground), colour(ink));
                assert!(found >= 4.5, "{selector}: {ink} on {ground} has {found:.2} to 1");
            }
        }
    }
}

#[test]
fn night_has_each_colour_of_day() {
    let [day, night] = [":root", ".card.nightMode, .nightMode .card"].map(colours);
    assert!(day.len() > 25);
    assert_eq!(day.keys().collect::<Vec<_>>(), night.keys().collect::<Vec<_>>());
}

/// Chromium 80: it takes no selector lists within others, and of logical properties one side each. A rule with an unknown
/// selector goes as a whole, so that what may go stands by itself.
#[test]
fn structure_needs_no_web_view_of_today() {
    let rules = rules(STYLE);
    assert!(rules.len() > 80);
    for (selector, body) in &rules {
        for newer in [":is(", ":where(", "&", "@layer", ":focus-visible", "@container"] {
            assert!(!selector.contains(newer), "`{newer}` in `{selector}`");
        }
        let alone = listed(selector).iter().all(|one| one.contains(":has("));
        assert!(!selector.contains(":has(") || alone, "`{selector}` goes where `:has()` is unknown");
        for declaration in body.split(';') {
            let (property, value) = declaration.split_once(':').unwrap_or_default();
            let newer = [
                "margin-block",
                "margin-inline",
                "padding-block",
                "padding-inline",
                "border-block",
                "inset",
                "aspect-ratio",
                "gap",
            ];
            assert!(!newer.contains(&property.trim()), "`{}` in `{selector}`", property.trim());
            assert!(!["light-dark(", "color-mix(", "dvh", "lh"].iter().any(|newer| value.contains(newer)), "`{value}`");
        }
    }
    let structure = [".sheet td", ".alert", "p:last-child", ".sheet td.right", ".front > .table"];
    for wanted in structure {
        assert!(
            rules.iter().any(|(selector, _)| selector.split(", ").any(|one| one == wanted)),
            "no rule for `{wanted}`"
        );
    }
}

/// The selectors of a list, whatever lists they hold.
fn listed(selector: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, character) in selector.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                found.push(selector[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(selector[start..].trim());
    found
}

/// All that a person may restyle is at the head, by one kind of name.
#[test]
fn variables_have_one_name_and_one_place() {
    let rules = rules(STYLE);
    let (first, _) = rules.first().expect("a rule");
    assert_eq!(first, ":root");
    let used: Vec<&str> = STYLE.split("var(").skip(1).filter_map(|rest| rest.split([')', ',']).next()).collect();
    for name in used {
        assert!(name.starts_with("--deckle-"), "{name}");
        assert!(STYLE.contains(&format!("  {name}:")), "{name} is not defined");
    }
}
