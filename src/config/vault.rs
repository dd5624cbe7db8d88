//! Turns the settings of a vault into where its editor puts attachments and has templates.
//!
//! Source: Obsidian's `.obsidian/app.json`, key `attachmentFolderPath`: `/` is the vault itself, `./` the note's own folder,
//! `./x` a folder in that, anything else a folder of the vault.

use serde_json::Value;

/// Where those settings are, from the vault's folder.
pub const SETTINGS: &str = ".obsidian/app.json";

/// The settings that name folders of templates, each with its key: of the program's own plug-in, and of Templater.
pub const TEMPLATES: [(&str, &str); 2] =
    [(".obsidian/templates.json", "folder"), (".obsidian/plugins/templater-obsidian/data.json", "templates_folder")];

/// The folder of the vault that templates are in, parts joined by `/`; `None` where the settings do not say so, are none, or
/// mean the vault itself.
pub fn templates(settings: &str, key: &str) -> Option<String> {
    let settings: Value = serde_json::from_str(settings).ok()?;
    let path = settings.get(key)?.as_str()?;
    let parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
    Some(parts.collect::<Vec<_>>().join("/")).filter(|path| !path.is_empty())
}

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
    fn templates_lie_in_a_folder_of_their_own() {
        let folder = |path: &str| templates(&format!(r#"{{"folder": "{path}"}}"#), "folder");
        assert_eq!(folder("/a/b/").as_deref(), Some("a/b"));
        assert_eq!(["", "/", "."].map(folder), [None, None, None]);
        assert_eq!((templates("[]", "folder"), templates(r#"{"folder": 1}"#, "folder")), (None, None));
    }

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
