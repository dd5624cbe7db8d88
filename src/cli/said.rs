//! Turns what a build says into bytes, and back.
//!
//! Knows nothing of what it says.

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

/// What was said, of [`Said::bytes`]. Of bytes that are none, it gives what can be read before the first that is wrong.
pub(super) fn unpack(said: &[u8]) -> impl Iterator<Item = (Saying, &str)> {
    let mut from = Unpack::new(said);
    std::iter::from_fn(move || {
        let saying = from.count().and_then(|number| Saying::ALL.get(number))?;
        Some((*saying, from.text()?))
    })
}
