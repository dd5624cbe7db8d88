//! The decks in `col.decks`, written and read: JSON that maps their ids to them.
//!
//! Knows nothing of which decks there are.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

/// A deck. `md` says that the description is Markdown, as Anki has it since 2.1.41; older ones show it as it stands.
pub fn deck(id: i64, name: &str, description: &str, modified: i64) -> Value {
    json!({
        "id": id, "name": name, "mod": modified, "usn": -1, "desc": description, "md": true, "dyn": 0, "conf": 1,
        "collapsed": false, "browserCollapsed": true, "extendNew": 0, "extendRev": 0,
        "newToday": [0, 0], "revToday": [0, 0], "lrnToday": [0, 0], "timeToday": [0, 0]
    })
}

/// The decks, by id.
pub fn read(decks: &str) -> serde_json::Result<BTreeMap<i64, PackagedDeck>> {
    serde_json::from_str(decks)
}

/// A deck of a package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PackagedDeck {
    /// Its full name.
    pub name: String,
    /// Shown on its page.
    #[serde(rename = "desc", default)]
    pub description: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let decks = json!({ "3": deck(3, "Sea::Salt", "x", 5), "1": deck(1, "Default", "", 5) }).to_string();
        let known = |name: &str, text: &str| PackagedDeck { name: name.to_owned(), description: text.to_owned() };
        let decks_read = BTreeMap::from([(1, known("Default", "")), (3, known("Sea::Salt", "x"))]);
        assert_eq!(read(&decks).unwrap_or_default(), decks_read);
    }
}
