//! Turns the settings of a vault into where its editor puts attachments.
//!
//! Source: Obsidian's `.obsidian/app.json`, key `attachmentFolderPath`: `/` is the vault itself, `./` the note's own folder,
//! `./x` a folder in that, anything else a folder of the vault.

use serde_json::Value;

/// Where those settings are, from the vault's folder.
pub const SETTINGS: &str = ".obsidian/app.json";

/// The folder that attachments of a note in `folder` are in; both relative to the vault, parts joined by `/`. `None` where
/// the settings do not say so, or are none.
pub fn attachments(settings: &str, folder: &str) -> Option<String> {
    let settings: Value = serde_json::from_str(settings).ok()?;
    let path = settings.get("attachmentFolderPath")?.as_str()?;
    let (from, path) = path.strip_prefix("./").map_or(("", path), |path| (folder, path));
    let parts = from.split('/').chain(path.split('/')).filter(|part| !matches!(*part, "" | "."));
    Some(parts.collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attachments_lie_in_the_vault_or_beside_the_note() {
        let folder = |path: &str| attachments(&format!(r#"{{"a": 1, "attachmentFolderPath": "{path}"}}"#), "a/b");
        let folder = |path: &str| folder(path).expect("a folder");
        assert_eq!(["/", "./", "./x", "x/y", "/x/", "."].map(folder), ["", "a/b", "a/b/x", "x/y", "x", ""]);
        for other in ["", "{", "[]", "{}", r#"{"attachmentFolderPath": 1}"#] {
            assert_eq!(attachments(other, ""), None);
        }
    }
}
