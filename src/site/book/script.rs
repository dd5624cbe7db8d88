//! Joins the parts of study mode into the one script of a site. Knows nothing of what they do.

use std::sync::LazyLock;

/// In the order of their names. They share one scope; only `start.js` does something when it is read.
const PARTS: [&str; 8] = [
    include_str!("../../../templates/book/deckle/cards.js"),
    include_str!("../../../templates/book/deckle/ending.js"),
    include_str!("../../../templates/book/deckle/panel.js"),
    include_str!("../../../templates/book/deckle/progress.js"),
    include_str!("../../../templates/book/deckle/schedule.js"),
    include_str!("../../../templates/book/deckle/sitting.js"),
    include_str!("../../../templates/book/deckle/start.js"),
    include_str!("../../../templates/book/deckle/typed.js"),
];

/// Study mode. Lines that are comments are left to the parts: they would be a fifth of what readers load.
pub fn script() -> &'static str {
    static SCRIPT: LazyLock<String> = LazyLock::new(|| {
        let lines = PARTS.iter().flat_map(|part| part.lines());
        let lines = lines.filter(|line| !line.is_empty() && !line.trim_start().starts_with("//"));
        let opening = ["// Made of templates/book/deckle/*.js of deckle.", "\"use strict\";", "(() => {"];
        let all = opening.into_iter().chain(lines).chain(["})();"]);
        all.flat_map(|line| [line, "\n"]).collect()
    });
    &SCRIPT
}

/// Search over cards and prose, of which `search.js` is the whole: what is no comment, without its indentation.
pub(super) fn search() -> String {
    let lines = include_str!("../../../templates/book/search.js").lines().map(str::trim_start);
    lines.filter(|line| !line.is_empty() && !line.starts_with("//")).flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_part_is_in_the_script() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/book/deckle");
        let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let texts: Vec<String> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        assert_eq!(texts, PARTS);
        for text in texts {
            assert!(text.lines().filter(|line| line.starts_with("function")).all(|line| script().contains(line)));
        }
    }
}
