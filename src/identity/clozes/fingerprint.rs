//! Turns the text of a deletion into 8 digits, by which it is known again.
//!
//! Knows nothing of deletions but that a note has few of them: 48 bits tell them apart.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Two digits of a hash of the text, then six samples of its trigrams.
///
/// A sample is the lowest of the trigrams' hashes, each sample with hashes of its own, so that two texts agree in as many
/// samples as they share trigrams (`MinHash`).
#[derive(Debug, Clone, Copy, Eq, Hash)]
#[cfg_attr(not(test), derive(PartialEq))]
#[cfg_attr(test, expect(clippy::derived_hash_with_manual_eq, reason = "it is the same, and counted"))]
pub(super) struct Fingerprint([u8; Fingerprint::LENGTH]);

impl Fingerprint {
    /// In the lock, and in digits.
    pub(super) const LENGTH: usize = 8;

    /// White space and case do not count for the samples.
    #[expect(clippy::indexing_slicing, reason = "six bits are below 64")]
    pub(super) fn of(text: &str) -> Self {
        // To readers a letter and its accent apart are what they are together.
        let text = if is_nfc(text) { Cow::Borrowed(text) } else { text.nfc().collect::<String>().into() };
        let words: Vec<&str> = text.split_whitespace().collect();
        let whole = xxh3_64(words.join(" ").as_bytes());
        let characters: Vec<char> = format!(" {} ", words.join(" ").to_lowercase()).chars().collect();
        let mut lowest = [u64::MAX; SAMPLES];
        for trigram in characters.windows(3) {
            let bytes: String = trigram.iter().collect();
            for (seed, lowest) in (1..).zip(&mut lowest) {
                *lowest = xxh3_64_with_seed(bytes.as_bytes(), seed).min(*lowest);
            }
        }
        let samples = lowest.into_iter();
        let mut bits = [whole, whole >> 6].into_iter().chain(samples);
        Self([(); Self::LENGTH].map(|()| ALPHABET[bits.next().unwrap_or_default() as usize & 63]))
    }

    /// Reads the first digits of one, as [`Self::push`] wrote them.
    pub(super) fn read(text: &str) -> Option<Self> {
        text.bytes().all(|byte| ALPHABET.contains(&byte)).then_some(())?;
        let mut digits = [UNKNOWN; Self::LENGTH];
        digits.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self(digits))
    }

    /// The first digits, `width` of them.
    pub(super) fn push(self, width: usize, field: &mut String) {
        field.extend(self.0.iter().take(width).map(|&digit| char::from(digit)));
    }

    /// As it is known where only its first digits are, `width` of them: the others are all the same.
    pub(super) fn cut(self, width: usize) -> Self {
        let mut digits = self.0;
        digits.iter_mut().skip(width).for_each(|digit| *digit = UNKNOWN);
        Self(digits)
    }

    /// How many samples agree of those that both have whose first `width` digits are known: 0 to 6.
    pub(super) fn alike(self, other: Self, width: usize) -> usize {
        let known = self.0.iter().zip(other.0).take(width).skip(Self::LENGTH - SAMPLES);
        known.filter(|(one, other)| *one == other).count()
    }
}

/// Stands for a digit that is not known.
const UNKNOWN: u8 = b'-';

const SAMPLES: usize = 6;

/// The digits of base64url (RFC 4648 §5).
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::steps;

    impl PartialEq for Fingerprint {
        fn eq(&self, other: &Self) -> bool {
            steps::counted(1);
            self.0 == other.0
        }
    }

    #[test]
    fn edited_texts_agree_and_others_do_not() {
        let text = Fingerprint::of("the scheduler places the task on an instance");
        let alike = |other| text.alike(Fingerprint::of(other), Fingerprint::LENGTH);
        assert_eq!(alike("The  scheduler places the task on an instance"), 6);
        assert!(alike("the scheduler places tasks on an instance") >= 3);
        assert!(alike("8080") < 2);
        assert_eq!(Fingerprint::of("Zu\u{308}rich"), Fingerprint::of("Z\u{fc}rich"));
    }

    /// Fingerprints in locks are compared with new ones.
    #[test]
    fn the_rule_never_changes() {
        let text = Fingerprint::of("port 80");
        assert_eq!(Fingerprint::read("dtiyU_Ro"), Some(text));
        assert_eq!(Fingerprint::read("dtiyU"), Some(text.cut(5)));
        assert_eq!((text.alike(text.cut(5), 5), text.alike(text.cut(2), 2)), (3, 0));
    }

    #[test]
    fn broken_fingerprints_are_refused() {
        for text in ["AAAAAAAAA", "AAAA AAA", "AAAAAAä"] {
            assert_eq!(Fingerprint::read(text), None, "{text}");
        }
    }
}
