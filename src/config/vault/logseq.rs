//! Turns `logseq/config.edn`, which marks a graph of Logseq, into options of `logseq`.
//!
//! Nothing in it says how cards are written: what changes them is in their own text, and what the plug-in for Anki is set to
//! lies outside of the graph. `:preferred-format` is what new pages are written in; of a graph of both kinds the Markdown is
//! read, and files of Org mode never are.

use crate::config::syntax::OptionsLayer;

/// The options that settings set; `None` where they are none, which is no map of EDN.
pub fn read(text: &str) -> Option<OptionsLayer> {
    let mut rest = text.trim_start_matches('\u{feff}');
    loop {
        // Commas are white space in EDN.
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        match rest.strip_prefix(';') {
            Some(comment) => rest = comment.split_once('\n').map_or("", |(_, behind)| behind),
            None => return rest.starts_with('{').then(OptionsLayer::default),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_a_map() {
        for text in ["{:preferred-format :markdown}", " ;; a\n;b\r\n, {\n", "\u{feff}{:preferred-format :org}"] {
            assert_eq!(read(text), Some(OptionsLayer::default()), "{text}");
        }
        for text in ["", "; {", "[:a]", ":preferred-format :markdown"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
