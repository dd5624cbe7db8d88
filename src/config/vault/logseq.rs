//! Turns `logseq/config.edn`, which marks a graph of Logseq, into options of `logseq`.

use crate::config::syntax::OptionsLayer;

/// The options that settings set; `None` where they are none.
pub fn read(_: &str) -> Option<OptionsLayer> {
    Some(OptionsLayer::default())
}
