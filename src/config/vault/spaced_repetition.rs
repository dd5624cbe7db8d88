//! Turns what the plug-in Spaced Repetition keeps in a vault into options of `obsidian`.
//!
//! Source: obsidian-spaced-repetition 1.15.4, `src/data/settings.ts` (`SRSettings`, `upgradeSettings`). In older versions three
//! switches stood in the place of `clozePatterns`, or `disableClozeCards` alone, and `flashcardsTag` in that of `flashcardTags`.

use serde_json::{Map, Value as Json};

use crate::config::syntax::{OptionsLayer, Syntax, Value};

/// The options that settings set; `None` where they are none.
pub fn read(text: &str) -> Option<OptionsLayer> {
    let data: Json = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let settings = data.get("settings")?.as_object()?;
    let mut layer = OptionsLayer::default();
    let mut set = |key: &str, value: Option<Value>| {
        // What the plug-in itself would not take says nothing.
        let _ = value.map(|value| layer.set(Syntax::Obsidian, key, value));
    };
    set("tags", list(settings, "flashcardTags").or_else(|| word(settings, "flashcardsTag")));
    set("folders-as-decks", truth(settings, "convertFoldersToDecks").map(|is_true| text_of(&is_true.to_string())));
    set("inline", word(settings, "singleLineCardSeparator"));
    set("inline-reversed", word(settings, "singleLineReversedCardSeparator"));
    set("separator", word(settings, "multilineCardSeparator"));
    set("separator-reversed", word(settings, "multilineReversedCardSeparator"));
    set("end", word(settings, "multilineCardEndMarker"));
    set("clozes", clozes(settings));
    set("ignore", list(settings, "noteFoldersToIgnore"));
    set("ignore-tags", list(settings, "flashcardTagsToIgnore"));
    Some(layer)
}

/// The switches of older versions, each with the pattern that it stands for, and whether it is on by default.
const SWITCHES: [(&str, &str, bool); 3] = [
    ("convertHighlightsToClozes", "==[123;;]answer[;;hint]==", true),
    ("convertBoldTextToClozes", "**[123;;]answer[;;hint]**", false),
    ("convertCurlyBracketsToClozes", "{{[123;;]answer[;;hint]}}", false),
];

/// The patterns of deletions; those of older versions are switched on one by one.
fn clozes(settings: &Map<String, Json>) -> Option<Value> {
    if let Some(Json::Array(patterns)) = settings.get("clozePatterns") {
        // One that the plug-in cannot read takes none of the others away.
        let is_pattern = |pattern: &&str| {
            let mut alone = OptionsLayer::default();
            alone.set(Syntax::Obsidian, "clozes", Value::List(vec![text_of(pattern)])).is_ok()
        };
        return Some(Value::List(texts(patterns).filter(is_pattern).map(text_of).collect()));
    }
    let is_off = truth(settings, "disableClozeCards");
    if is_off.is_none() && SWITCHES.iter().all(|(key, _, _)| truth(settings, key).is_none()) {
        return None;
    }
    let is_on = |(key, _, by_default): &&(&str, &str, bool)| truth(settings, key).unwrap_or(*by_default);
    let on = SWITCHES.iter().filter(is_on).filter(|_| is_off != Some(true));
    Some(Value::List(on.map(|(_, pattern, _)| text_of(pattern)).collect()))
}

fn text_of(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn truth(settings: &Map<String, Json>, key: &str) -> Option<bool> {
    settings.get(key)?.as_bool()
}

fn word(settings: &Map<String, Json>, key: &str) -> Option<Value> {
    settings.get(key)?.as_str().map(text_of)
}

fn list(settings: &Map<String, Json>, key: &str) -> Option<Value> {
    let list = settings.get(key)?.as_array()?;
    Some(Value::List(texts(list).map(text_of).collect()))
}

/// The texts of a list that say something: an empty field of the settings' window is kept as an empty text.
fn texts(list: &[Json]) -> impl Iterator<Item = &str> {
    list.iter().filter_map(Json::as_str).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::syntax::{ClozePattern, ObsidianOptions, SyntaxOptions};

    fn options(settings: &str) -> Option<ObsidianOptions> {
        let layer = read(&format!("{{\"settings\": {settings}, \"buryList\": []}}"))?;
        Some(SyntaxOptions::new([&layer]).obsidian.clone())
    }

    #[test]
    fn every_setting_is_read() {
        let found = options(
            r##"{"flashcardTags": ["#UL", "#🧠/x", ""], "convertFoldersToDecks": true, "singleLineCardSeparator": "->->->",
            "singleLineReversedCardSeparator": " <> ", "multilineCardSeparator": "!", "multilineReversedCardSeparator": "",
            "multilineCardEndMarker": "+++", "clozePatterns": ["**[123;;]answer[;;hint]**", "broken"],
            "convertHighlightsToClozes": true, "noteFoldersToIgnore": ["templates", " "], "flashcardTagsToIgnore": ["#no"]}"##,
        );
        let wanted = ObsidianOptions {
            tags: vec!["UL".into(), "🧠/x".into()],
            folders_as_decks: true,
            inline: "->->->".into(),
            inline_reversed: " <> ".into(),
            separator: "!".into(),
            separator_reversed: String::new(),
            end: "+++".into(),
            clozes: vec![ClozePattern::bold()],
            ignore: vec!["templates".into()],
            ignore_tags: vec!["no".into()],
        };
        assert_eq!(found, Some(wanted));
    }

    #[test]
    fn older_versions_switch_deletions_on() {
        let clozes = |settings: &str| options(settings).map(|options| options.clozes);
        let (marks, bold, curly) = (ClozePattern::highlights(), ClozePattern::bold(), ClozePattern::curly());
        assert_eq!(clozes(r#"{"convertBoldTextToClozes": true}"#), Some(vec![marks.clone(), bold]));
        assert_eq!(
            clozes(r#"{"convertHighlightsToClozes": false, "convertCurlyBracketsToClozes": true}"#),
            Some(vec![curly])
        );
        assert_eq!(clozes(r#"{"disableClozeCards": true}"#), Some(vec![]));
        assert_eq!(clozes(r#"{"disableClozeCards": false}"#), Some(vec![marks.clone()]));
        assert_eq!(clozes(r#"{"clozePatterns": [], "convertHighlightsToClozes": true}"#), Some(vec![]));
        assert_eq!(clozes("{}"), Some(vec![marks]));
        let tags = |settings: &str| options(settings).map(|options| options.tags.join(" "));
        assert_eq!(tags(r##"{"flashcardsTag": "#a #b/c"}"##), Some("a b/c".to_owned()));
    }

    #[test]
    fn what_is_of_another_form_says_nothing() {
        assert_eq!(
            options(r#"{"flashcardTags": 1, "singleLineCardSeparator": ["x"]}"#),
            Some(ObsidianOptions::default())
        );
        for text in ["", "[]", "{}", "{\"settings\": []}", "nothing", "{\"settings\": {}"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert!(read("\u{feff}{\"settings\": {}}").is_some_and(|layer| layer.is_empty()));
    }
}
