//! Turns what a build says into bytes, and says it once more.
//!
//! Knows nothing of what it says.

use super::output::Output;
use crate::text::parcel::{Parcel, Unpack};

/// What was said, in its order.
#[derive(Debug, Default)]
pub(super) struct Said {
    parcel: Parcel,
}

/// What becomes of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Saying {
    /// It is on stdout.
    Result,
    /// It is on stderr.
    Message,
    /// It says on stdout how long it took.
    Seconds,
    /// It says on stdout what became of files.
    Files,
}

impl Saying {
    const ALL: [Self; 4] = [Self::Result, Self::Message, Self::Seconds, Self::Files];
}

impl Said {
    /// What was said so far.
    pub(super) fn bytes(&self) -> &[u8] {
        self.parcel.as_bytes()
    }

    /// Adds what is said next.
    pub(super) fn add(&mut self, saying: Saying, text: &str) {
        self.parcel.number(saying as u64);
        self.parcel.text(text);
    }
}

/// Says once more what was said, with other texts for how long it took and for what became of files. Of bytes that are none
/// of [`Said`] it says nothing.
pub(super) fn say_again(said: &[u8], seconds: &str, files: &str, output: &mut Output) {
    let mut from = Unpack::new(said);
    while let Some(saying) = from.count().and_then(|number| Saying::ALL.get(number)) {
        let Some(text) = from.text() else { return };
        match saying {
            Saying::Result => output.result(text),
            Saying::Message => output.put(text),
            Saying::Seconds => output.result(seconds),
            Saying::Files => output.result(files),
        }
    }
}
