//! Turns what the plug-in Obsidian_to_Anki keeps in a vault into options of `start-end`.
//!
//! Source: Obsidian_to_Anki 3.6.0, `main.ts` (`getDefaultSettings`, `saveAllData`). Regular expressions are not run: those of the
//! plug-in's own wiki are known by what they are made of.

use serde_json::{Map, Value as Json};

use crate::config::syntax::{OptionsLayer, Syntax, Value};

/// The words of `Syntax`, each with its option.
const WORDS: [(&str, &str); 8] = [
    ("Begin Note", "begin"),
    ("End Note", "end"),
    ("Begin Inline Note", "begin-inline"),
    ("End Inline Note", "end-inline"),
    ("Target Deck Line", "target-deck"),
    ("File Tags Line", "file-tags"),
    ("Delete Note Line", "delete"),
    ("Frozen Fields Line", "frozen"),
];

/// The truths of `Defaults`, each with its option.
const TRUTHS: [(&str, &str); 2] =
    [("CurlyCloze", "curly-clozes"), ("CurlyCloze - Highlights to Clozes", "highlight-clozes")];

/// The deck that the plug-in names where nobody says otherwise: Anki's own.
const NO_DECK: &str = "Default";

/// The options that settings set; `None` where they are none.
pub fn read(text: &str) -> Option<OptionsLayer> {
    let json: Json = serde_json::from_str(text).ok()?;
    let settings = json.get("settings")?.as_object()?;
    let mut layer = OptionsLayer::default();
    // What an option does not take is as if it were not there: another program wrote it.
    let mut set = |key: &str, value: Value| {
        let _ = layer.set(Syntax::StartEnd, key, value);
    };
    let part = |name: &str| settings.get(name).and_then(Json::as_object);
    let word = |part: &Map<String, Json>, name: &str| part.get(name).and_then(Json::as_str).map(str::to_owned);
    if let Some(syntax) = part("Syntax") {
        for (name, key) in WORDS {
            if let Some(word) = word(syntax, name) {
                set(key, Value::Text(word));
            }
        }
    }
    if let Some(defaults) = part("Defaults") {
        for (name, key) in TRUTHS {
            if let Some(truth) = defaults.get(name).and_then(Json::as_bool) {
                set(key, Value::Text(truth.to_string()));
            }
        }
        if let Some(deck) = word(defaults, "Deck").filter(|deck| deck != NO_DECK) {
            set("deck", Value::Text(deck));
        }
    }
    for (name, key) in [("FOLDER_DECKS", "folder-decks"), ("FOLDER_TAGS", "folder-tags")] {
        let folders = texts(part(name)).map(|(folder, text)| (folder, Value::Text(text))).collect::<Vec<_>>();
        if !folders.is_empty() {
            set(key, Value::Map(folders));
        }
    }
    // Older versions have a switch for all of them.
    let are_off = part("Defaults").and_then(|defaults| defaults.get("Regex")).and_then(Json::as_bool) == Some(false);
    let styles: Vec<(String, Value)> = texts(part("CUSTOM_REGEXPS").filter(|_| !are_off))
        .filter_map(|(note_type, regexp)| Some((note_type, Value::Text(style(&regexp)?))))
        .collect();
    if !styles.is_empty() {
        set("style", Value::Map(styles));
    }
    if let Some(fields) = json.get("fields_dict").and_then(Json::as_object).filter(|fields| !fields.is_empty()) {
        let names = |names: &Json| {
            let names = names.as_array().into_iter().flatten().filter_map(Json::as_str);
            Value::List(names.map(|name| Value::Text(name.to_owned())).collect())
        };
        set("fields", Value::Map(fields.iter().map(|(name, fields)| (name.clone(), names(fields))).collect()));
    }
    Some(layer)
}

/// The texts of a mapping that say something.
fn texts(map: Option<&Map<String, Json>>) -> impl Iterator<Item = (String, String)> + '_ {
    let entries = map.into_iter().flatten();
    let texts = entries.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.trim().to_owned())));
    texts.filter(|(_, text)| !text.is_empty())
}

/// The style of a regular expression, as the plug-in's wiki has them; `None` where it is of another make.
fn style(regexp: &str) -> Option<String> {
    if let Some(rest) = regexp.strip_prefix("^#") {
        return Some(format!("header {}", least_level(rest)?));
    }
    if let Some((question, answer)) = question(regexp) {
        return Some(format!("question {question} {answer}"));
    }
    if let Some((_, rest)) = regexp.split_once(") #") {
        let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '/' | '-')).collect();
        return (!word.is_empty()).then(|| format!("neuracache #{word}"));
    }
    let has = |piece: &str| regexp.contains(piece);
    let is_table = regexp.starts_with("\\|") || regexp.starts_with("^\\|");
    let name = if is_table {
        "table"
    } else if has(")-{3") || has(")---") {
        "ruled"
    } else if has(":{2}") || has("::(") || has(":: (") || has("::\\s") {
        "remnote"
    } else if has("{.*") || has("{{c") || has("==.*") || has("{.+") || has("==.+") {
        "cloze"
    } else {
        return None;
    };
    Some(name.to_owned())
}

/// How many `#` a heading has at least, of what stands behind the first one in the expression.
fn least_level(rest: &str) -> Option<usize> {
    if let Some(count) = rest.strip_prefix('{') {
        let digits: String = count.chars().take_while(char::is_ascii_digit).collect();
        return digits.parse().ok().filter(|least| (1..=6).contains(least));
    }
    let marks = rest.len() - rest.trim_start_matches('#').len();
    rest.trim_start_matches('#').starts_with(['+', ' ', '(', '\\']).then_some(1 + marks).filter(|least| *least <= 6)
}

/// The words before question and answer, where an expression has each at a line's start before a colon: `^Q: (…)\n*A: (…)`.
fn question(regexp: &str) -> Option<(&str, &str)> {
    let (question, rest) = regexp.strip_prefix('^')?.split_once(": (")?;
    let (before, _) = rest.rsplit_once(": (")?;
    let start = before.rfind(|c: char| !c.is_alphanumeric()).map_or(0, |at| at + 1);
    // What stands for a line end is no part of the word behind it.
    let answer = before.get(start..)?;
    let answer = if before.get(..start)?.ends_with('\\') { answer.get(1..)? } else { answer };
    let is_word = |word: &str| !word.is_empty() && word.chars().all(char::is_alphanumeric);
    (is_word(question) && is_word(answer)).then_some((question, answer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::syntax::{StartEndOptions, Style, SyntaxOptions};

    fn options(text: &str) -> StartEndOptions {
        SyntaxOptions::new([&read(text).unwrap()]).start_end.clone()
    }

    #[test]
    fn every_setting_is_read() {
        let options = options(
            r#"{"settings": {
                "CUSTOM_REGEXPS": {"Basic": "^(.*[^\\n:]{1}):{2}([^\\n:]{1}.*)", "Cloze": "", "Mine": "(((("},
                "FOLDER_DECKS": {"a/b": "B", "c": ""}, "FOLDER_TAGS": {"a": "x y"},
                "Syntax": {"Begin Note": "BEGIN", "End Note": "STOP", "Begin Inline Note": "{{", "End Inline Note": "}}",
                    "Target Deck Line": "DECK", "File Tags Line": "TAGS", "Delete Note Line": "GONE", "Frozen Fields Line": "ICE"},
                "Defaults": {"Deck": "Spanish", "CurlyCloze": true, "CurlyCloze - Highlights to Clozes": true}},
              "fields_dict": {"Word": ["Front", "Back", "Sound"]}}"#,
        );
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let wanted = StartEndOptions {
            begin: "BEGIN".into(),
            end: "STOP".into(),
            begin_inline: "{{".into(),
            end_inline: "}}".into(),
            target_deck: "DECK".into(),
            file_tags: "TAGS".into(),
            delete: "GONE".into(),
            frozen: "ICE".into(),
            deck: Some("Spanish".into()),
            folder_decks: vec![pair("a/b", "B")],
            folder_tags: vec![pair("a", "x y")],
            curly_clozes: true,
            highlight_clozes: true,
            styles: vec![("Basic".into(), Style::Remnote)],
            fields: vec![("Word".into(), ["Front", "Back", "Sound"].map(str::to_owned).to_vec())],
        };
        assert_eq!(options, wanted);
    }

    #[test]
    fn what_is_not_as_the_plug_in_writes_it_says_nothing() {
        for text in ["", "{", "[]", "{}", r#"{"settings": []}"#] {
            assert_eq!(read(text), None, "{text}");
        }
        for text in [
            r#"{"settings": {}}"#,
            r#"{"settings": {"Syntax": {"Begin Note": "", "End Note": 1}, "Defaults": {"CurlyCloze": "yes", "Deck": "Default"}}}"#,
            r#"{"settings": {"Syntax": [], "FOLDER_DECKS": {"a": 1}, "CUSTOM_REGEXPS": {"Basic": 1}}, "fields_dict": {}}"#,
            r#"{"settings": {"Defaults": {"Regex": false}, "CUSTOM_REGEXPS": {"Basic": "^#+(.+)"}}}"#,
        ] {
            assert_eq!(options(text), StartEndOptions::default(), "{text}");
        }
    }

    #[test]
    fn regular_expressions_are_known_by_their_make() {
        for (regexp, known) in [
            ("^(.*[^\\n:]{1}):{2}([^\\n:]{1}.*)", "remnote"),
            ("^#+(.+)\\n*((?:\\n(?:^[^\\n#].{0,2}$|^[^\\n#].{3}(?<!<!--).*))+)", "header 1"),
            ("^#{3,}(.+)\\n*((?:\\n(?:^[^\\n#].{0,2}$|^[^\\n#].{3}(?<!<!--).*))+)", "header 3"),
            ("^#### (.+)\\n*((?:\\n.*)+)", "header 4"),
            ("^Q: ((?:.+\\n)*)\\n*A: (.+(?:\\n(?:^.{1,3}$|^.{4}(?<!<!--).*))*)", "question Q A"),
            ("^Q: ((?:[^\\n][\\n]?)+)\\n+A: ((?:[^\\n][\\n]?)+)", "question Q A"),
            ("((?:[^\\n][\\n]?)+) #flashcard ?\\n*((?:\\n(?:^.{1,3}$|^.{4}(?<!<!--).*))+)", "neuracache #flashcard"),
            ("((?:[^\\n][\\n]?)+) #clozecard ?\\n*((?:\\n(?:^.{1,3}$|^.{4}(?<!<!--).*))+)", "neuracache #clozecard"),
            ("((?:[^\\n][\\n]?)+\\n)-{3,}((?:\\n(?:^.{1,3}$|^.{4}(?<!<!--).*))*)", "ruled"),
            ("\\|([^\\n|]+)\\|\\n\\|(?:[^\\n|]+)\\|\\n\\|([^\\n|]+)\\|\\n?", "table"),
            ("((?:.+\\n)*(?:.*{.*)(?:\\n(?:^.{1,3}$|^.{4}(?<!<!--).*))*)", "cloze"),
            ("((?:.+\\n)*(?:.*{{c.*)(?:\\n(?:^.{1,3}$|^.{4}(?<!<!--).*))*)", "cloze"),
            ("((?:.+\\n)*(?:.*==.*)(?:\\n(?:^.{1,3}$|^.{4}(?<!<!--).*))*)", "cloze"),
        ] {
            assert_eq!(style(regexp).as_deref(), Some(known), "{regexp}");
        }
        for other in ["", "((((", "^>(.*)", "^- (.*) -> (.*)", "^#", "^#{9,}(.+)", "(.*) #(.*)"] {
            assert_eq!(style(other), None, "{other}");
        }
    }
}
