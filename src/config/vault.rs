//! Turns the settings of a vault into where its editor puts attachments and has templates, and into options of the syntaxes
//! that its plug-ins read.
//!
//! Source: Obsidian's `.obsidian/app.json`, key `attachmentFolderPath`: `/` is the vault itself, `./` the note's own folder,
//! `./x` a folder in that, anything else a folder of the vault.

mod hashcards;
mod logseq;
mod obsidian_to_anki;
mod spaced_repetition;

use std::sync::Arc;

use serde_json::Value;

use super::syntax::{OptionsLayer, SyntaxOptions};

/// A vault of Obsidian or a graph of Logseq, and what it says of how its notes are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vault {
    /// Its folder, relative to the project's root.
    pub root: String,
    options: OptionsLayer,
    /// What they make of those that nobody sets: each file of the vault asks for that.
    made: Arc<SyntaxOptions>,
}

impl Vault {
    /// A vault that sets these options.
    pub fn new(root: String, options: OptionsLayer) -> Self {
        let made = SyntaxOptions::new([&options]);
        Self { root, options, made }
    }

    /// The options of the ways in which its notes are written, with a nearer layer upon them.
    pub fn syntax_options(&self, above: &OptionsLayer) -> Arc<SyntaxOptions> {
        if above.is_empty() { Arc::clone(&self.made) } else { SyntaxOptions::new([&self.options, above]) }
    }
}

/// The folder that makes a folder a vault of Obsidian, and the file that makes one a graph of Logseq.
pub const MARKS: [&str; 2] = [".obsidian", "logseq/config.edn"];

/// A reader of settings: the options that a text sets; `None` where it is none of its settings.
type ReadOptions = fn(&str) -> Option<OptionsLayer>;

/// Where settings of syntaxes are, from the vault's folder, and what reads them.
pub const OPTIONS: [(&str, ReadOptions); 3] = [
    (".obsidian/plugins/obsidian-spaced-repetition/data.json", spaced_repetition::read),
    (".obsidian/plugins/obsidian-to-anki-plugin/data.json", obsidian_to_anki::read),
    ("logseq/config.edn", logseq::read),
];

pub use self::hashcards::{MACROS, read as read_macros};

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
    use crate::config::syntax::Syntax;

    #[test]
    fn options_are_made_once_for_all_files_that_set_none() {
        let mut options = OptionsLayer::default();
        let text = |text: &str| crate::config::syntax::Value::Text(text.to_owned());
        options.set(Syntax::Obsidian, "inline", text(";;")).unwrap();
        let vault = Vault::new(String::new(), options.clone());
        let [one, other] = [0, 1].map(|_| vault.syntax_options(&OptionsLayer::default()));
        assert!(Arc::ptr_eq(&one, &other) && one.obsidian.inline == ";;");
        options.set(Syntax::Obsidian, "inline", text("->")).unwrap();
        assert_eq!(vault.syntax_options(&options).obsidian.inline, "->");
    }

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
