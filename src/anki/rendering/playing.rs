//! Takes out of a side what plays, and leaves where its button stands.
//!
//! Knows nothing of buttons.

use std::fmt::Write as _;

use super::filters::plain;
use crate::text::entity;

/// What a side plays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Played {
    /// A sound or video, by the name of its file.
    File(String),
    /// A text that is read out.
    Speech {
        /// The text.
        text: String,
        /// The language, as in `en_US`.
        language: String,
    },
}

/// The HTML with `[anki:play:q:0]` for the first thing that plays, `q` being the side; and what plays.
pub fn take_played(html: &str, side: char) -> (String, Vec<Played>) {
    let (mut out, mut played, mut rest) = (String::with_capacity(html.len()), Vec::new(), html);
    // Where nothing ends any more, nothing is looked for: texts may be long.
    let last_bracket = html.rfind(']').unwrap_or_default();
    let last_end = html.rfind("[/anki:tts]").unwrap_or_default();
    while let Some((before, from)) = rest.find('[').and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        let at = html.len() - from.len();
        let file = (at < last_bracket).then(|| file(from)).flatten();
        let one = file.or_else(|| (at < last_end).then(|| speech(from)).flatten());
        if let Some((one, behind)) = one {
            let _ = write!(out, "[anki:play:{side}:{}]", played.len());
            played.push(one);
            rest = behind;
        } else {
            out.push('[');
            rest = from.strip_prefix('[').unwrap_or_default();
        }
    }
    out.push_str(rest);
    (out, played)
}

/// The HTML without what plays.
pub fn without_played(html: &str) -> String {
    let (marked, played) = take_played(html, 'x');
    let (mut out, mut rest) = (String::with_capacity(marked.len()), marked.as_str());
    for number in 0..played.len() {
        let (before, behind) = rest.split_once(&format!("[anki:play:x:{number}]")).unwrap_or(("", rest));
        out.push_str(before);
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn file(text: &str) -> Option<(Played, &str)> {
    let (name, behind) = text.strip_prefix("[sound:")?.split_once(']')?;
    (!name.is_empty()).then(|| (Played::File(entity::decode(name).into_owned()), behind))
}

fn speech(text: &str) -> Option<(Played, &str)> {
    let (options, behind) = text.strip_prefix("[anki:tts")?.split_once(']')?;
    let (text, behind) = behind.split_once("[/anki:tts]")?;
    let language = options.split_whitespace().find_map(|option| option.strip_prefix("lang=")).unwrap_or_default();
    Some((Played::Speech { text: plain(text), language: language.to_owned() }, behind))
}
