//! Turns a text into a sketch: a small sample of its trigrams that tells how alike two texts are.
//!
//! Knows nothing of notes, nor which trigrams are common.

mod bits;

use std::sync::Arc;

use self::bits::{Reader, Writer};

/// How many trigrams of a front are kept: all of a front of up to 72 characters, and most have fewer.
const FRONT_SAMPLE: usize = 72;

/// How many trigrams of a back are kept. A likeness of 0.5 is then known to about 0.05.
const BACK_SAMPLE: usize = 104;

/// How many trigrams of a text are kept whose words are looked for.
const WORDS_SAMPLE: usize = 104;

/// How many trigrams are kept of a note that is gone, whose line in the lock has to be short.
const SHORT_SAMPLE: usize = 16;

/// The longest length that is told from longer ones: the bit above it says whether trigrams were left out.
const MAX_LENGTH: u16 = 0x7fff;

/// So many bits a hash has. Replayed histories keep as many notes as with 16; with 14, fewer.
const HASH_BITS: u32 = 15;

/// How many hashes there are.
pub(super) const HASHES: usize = 1 << HASH_BITS;

const LAST_HASH: u16 = u16::MAX >> (16 - HASH_BITS);

/// A sample of a text's trigrams: the lowest of their hashes.
///
/// The lowest hashes of two texts are the same draw from both, so the texts' likeness can be reckoned from what the
/// samples share below the end of the shorter one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sketch {
    /// In characters, white space collapsed; at most [`MAX_LENGTH`].
    length: u16,
    /// Whether trigrams were left out.
    sampled: bool,
    /// Ascending, each once; shared, for a sketch is made once and both compared and remembered.
    hashes: Arc<[u16]>,
}

impl Sketch {
    /// The sketch of a note's front: at most 134 characters in the lock.
    pub fn of_front(text: &str) -> Self {
        Self::of(text, FRONT_SAMPLE)
    }

    /// The sketch of a note's back: at most 184 characters in the lock.
    pub fn of_back(text: &str) -> Self {
        Self::of(text, BACK_SAMPLE)
    }

    fn of(text: &str, sample: usize) -> Self {
        let (mut hashes, length) = trigrams(text);
        hashes.sort_unstable();
        hashes.dedup();
        let length = u16::try_from(length).unwrap_or(MAX_LENGTH).min(MAX_LENGTH);
        let sampled = hashes.len() > sample;
        hashes.truncate(sample);
        Self { length, sampled, hashes: hashes.into() }
    }

    /// What a note that is gone keeps of its front: at most 44 characters in the lock.
    #[must_use]
    pub fn short(self) -> Self {
        self.cut(SHORT_SAMPLE)
    }

    /// What a note keeps of its back whose line has no room for all of it.
    #[must_use]
    pub(super) fn half(self) -> Self {
        self.cut(BACK_SAMPLE / 2)
    }

    fn cut(self, sample: usize) -> Self {
        if self.hashes.len() <= sample {
            return self;
        }
        let hashes = self.hashes.iter().take(sample).copied().collect();
        Self { length: self.length, sampled: true, hashes }
    }

    /// As it stands in the lock: base64url, without padding, of bits. They are the text's length (15), whether
    /// trigrams were left out (1), whether hashes have [`HASH_BITS`] (1), their number (7), and the gaps between them in
    /// Rice's code: a gap's lowest bits, as many as `gap_bits` says for the highest hash (15), behind the rest of it in unary.
    /// Never empty.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        self.encode_into(&mut text);
        text
    }

    /// Appends what [`Self::encode`] gives.
    pub(super) fn encode_into(&self, text: &mut String) {
        let mut writer = Writer::new(text);
        writer.push(u32::from(self.length), 15);
        writer.push(u32::from(self.sampled), 1);
        writer.push(1, 1);
        writer.push(self.hashes.len() as u32, 7);
        let Some((&last, others)) = self.hashes.split_last() else { return writer.finish() };
        writer.push(u32::from(last), HASH_BITS);
        let bits = gap_bits(last, self.hashes.len());
        let mut next = 0;
        for &hash in others {
            let gap = u32::from(hash) - next;
            writer.push_unary(gap >> bits);
            writer.push(gap, bits);
            next = u32::from(hash) + 1;
        }
        writer.finish();
    }

    /// Reads what [`Self::encode`] wrote, or a deckle before it: hashes had a bit more, the lowest one. `None` for all else.
    pub fn decode(text: &str) -> Option<Self> {
        let mut reader = Reader::new(text);
        let length = reader.read(15)? as u16;
        let sampled = reader.read(1)? == 1;
        let more = 1 - reader.read(1)?;
        let count = reader.read(7)? as usize;
        let mut hashes = Vec::with_capacity(count);
        if count > 0 {
            let last = reader.read(HASH_BITS + more)? as u16;
            let bits = gap_bits(last, count);
            let mut next = 0u32;
            while hashes.len() < count - 1 {
                let rest = reader.read_unary().filter(|rest| *rest <= u32::from(last) >> bits)?;
                next += (rest << bits) + reader.read(bits)?;
                hashes.push(u16::try_from(next).ok().filter(|&hash| hash < last)?);
                next += 1;
            }
            hashes.push(last);
        }
        if more > 0 {
            hashes = hashes.into_iter().map(|hash| hash >> more).collect();
            hashes.dedup();
        }
        reader.is_at_end().then_some(Self { length, sampled, hashes: hashes.into() })
    }

    /// The text's length in characters, as far as 32,767.
    pub fn length(&self) -> u16 {
        self.length
    }

    /// The hashes, ascending.
    pub(super) fn hashes(&self) -> &[u16] {
        &self.hashes
    }

    /// The highest hash up to which nothing was left out.
    pub(super) fn complete_to(&self) -> u16 {
        match self.hashes.last() {
            Some(&last) if self.sampled => last,
            Some(_) | None => LAST_HASH,
        }
    }

    /// The sketch of two texts taken as one.
    pub(super) fn union(&self, other: &Self) -> Self {
        let end = self.complete_to().min(other.complete_to());
        let both = self.hashes.iter().chain(other.hashes.iter()).copied();
        let mut hashes: Vec<u16> = both.filter(|&hash| hash <= end).collect();
        hashes.sort_unstable();
        hashes.dedup();
        let length = self.length.saturating_add(other.length).min(MAX_LENGTH);
        Self { length, sampled: self.sampled || other.sampled, hashes: hashes.into() }
    }
}

/// So many words are told from one another: those of a short text, and the first of another one.
const MAX_WORDS: usize = 32;

/// The words of a text, for comparing it with one of a few words. Never for the lock.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// Of the text, and of its words without the punctuation around them: "dog" stands in "dog, hound" only so.
    all: Sketch,
    /// Of each word, with that punctuation and without it.
    each: Vec<Sketch>,
    /// The words without punctuation.
    bare: Vec<Word>,
}

/// What trigrams a word has in a text, whatever stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    inner: Vec<u16>,
    /// One of these, and of those.
    starts: Vec<u16>,
    ends: Vec<u16>,
}

/// What stands beside a word.
const BESIDE: &str = " ,;.:!?/|()[]{}<>\"'`*_=+-–—…„“”‘’«»、。，；（）";

impl Word {
    fn of(word: &str) -> Option<Self> {
        let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        let (&first, &last) = (letters.first()?, letters.last()?);
        let second = letters.get(1).copied();
        let last_but_one = letters.len().checked_sub(2).and_then(|at| letters.get(at)).copied();
        let starts = BESIDE.chars().map(|beside| hash([beside, first, second.unwrap_or(' ')]));
        let ends = BESIDE.chars().map(|beside| hash([last_but_one.unwrap_or(' '), last, beside]));
        let inner = letters.windows(3).filter_map(|three| Some(hash(three.try_into().ok()?)));
        Some(Self { inner: inner.collect(), starts: starts.collect(), ends: ends.collect() })
    }
}

impl Words {
    /// The words of a text of any length.
    pub fn of(text: &str) -> Self {
        let bare: Vec<&str> = text.split(is_between).collect();
        let all = Sketch::of(text, WORDS_SAMPLE).union(&Sketch::of(&bare.join(" "), WORDS_SAMPLE));
        let whole = text.split_whitespace().take(MAX_WORDS).flat_map(|word| [word, word.trim_matches(is_between)]);
        let bare = bare.into_iter().filter(|word| !word.is_empty()).take(MAX_WORDS);
        let each = bare.clone().chain(whole).map(|word| Sketch::of(word, WORDS_SAMPLE)).collect();
        Self { all, each, bare: bare.filter_map(Word::of).collect() }
    }

    pub(super) fn all(&self) -> &Sketch {
        &self.all
    }

    /// Whether words of this text make up most of the other one, which is not cut: "Garten" does of "der Garten", and of
    /// no "Gartentüren", though that has all of its trigrams.
    pub(super) fn make_up(&self, other: &Sketch) -> bool {
        let has = |hash: &u16| other.hashes.binary_search(hash).is_ok();
        let words = self.each.iter().filter(|word| word.hashes.iter().all(has));
        let mut made: Vec<u16> = words.flat_map(|word| word.hashes.iter()).copied().collect();
        made.sort_unstable();
        made.dedup();
        2 * made.len() >= other.hashes.len()
    }

    /// Whether each word stands in the other text as a word, as far as that is known: "Garten" does in "Garten, m", and not in
    /// "Gartentür".
    pub(super) fn stand_in(&self, other: &Sketch) -> bool {
        let end = other.complete_to();
        let has = |hash: &u16| *hash > end || other.hashes.binary_search(hash).is_ok();
        let stands =
            |word: &Word| word.inner.iter().all(has) && word.starts.iter().any(has) && word.ends.iter().any(has);
        self.bare.iter().all(stands)
    }
}

fn is_between(c: char) -> bool {
    !c.is_alphanumeric()
}

/// How many bits of a gap are written as they are: those of a number 0.7 times the mean gap, which makes the code the shortest.
fn gap_bits(last: u16, count: usize) -> u32 {
    let mean = usize::from(last) * 7 / (count * 10);
    mean.max(1).ilog2() + u32::from(mean > 0 && !mean.is_power_of_two())
}

/// The hash of each three characters that follow one another, lower case, white space collapsed, a space put at both
/// ends; and the length of the text without these.
fn trigrams(text: &str) -> (Vec<u16>, usize) {
    let mut hashes = Vec::with_capacity(text.len());
    let mut length = 0;
    let mut last = [' ', ' '];
    let mut push = |c: char| {
        if last[0] != last[1] || last[1] != ' ' {
            hashes.push(hash([last[0], last[1], c]));
        }
        last = [last[1], c];
    };
    for word in text.split_whitespace() {
        for c in word.chars().flat_map(char::to_lowercase) {
            push(c);
            length += 1;
        }
        push(' ');
        length += 1;
    }
    (hashes, usize::saturating_sub(length, 1))
}

/// [`HASH_BITS`] of the three characters' 63. The rule never changes: sketches in locks are compared with new ones.
fn hash(trigram: [char; 3]) -> u16 {
    let bits = trigram.iter().fold(0u64, |bits, &c| bits << 21 | u64::from(c));
    // Fibonacci hashing, twice, since one turn leaves the first character's bits out of the result's lower ones.
    let once = bits.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let twice = (once ^ once >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (twice >> (64 - HASH_BITS)) as u16
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn short_texts_are_kept_whole_and_long_ones_sampled() {
        let short = Sketch::of_front("What is a Pod?");
        assert_eq!((short.length(), short.hashes().len(), short.complete_to()), (14, 14, LAST_HASH));
        let words: Vec<String> = (0..400).map(|number| number.to_string()).collect();
        let long = Sketch::of_front(&words.join(" "));
        assert_eq!(long.hashes().len(), FRONT_SAMPLE);
        assert_eq!(long.hashes().last(), Some(&long.complete_to()));
        assert_eq!(long.length(), 1489);
    }

    #[test]
    fn case_and_white_space_do_not_count() {
        assert_eq!(Sketch::of_back(" What\u{a0}is\n a Pod?"), Sketch::of_back("what is a POD?"));
        assert_ne!(Sketch::of_back("what is a pod?"), Sketch::of_back("what is a pot?"));
        assert_eq!(Sketch::of_back(" \n"), Sketch::default());
    }

    #[test]
    fn a_single_letter_and_a_single_ideograph_have_a_trigram() {
        assert_eq!(Sketch::of_front("a").hashes().len(), 1);
        assert_ne!(Sketch::of_front("水"), Sketch::of_front("火"));
    }

    #[test]
    fn encoded_sketches_fit_their_place_in_the_lock() {
        // Texts of 10 to 3,000 trigrams, none of them twice.
        for length in (10..3000).step_by(7) {
            let text: String = (0..length).filter_map(|number| char::from_u32(0x4e00 + number)).collect();
            let (front, back) = (Sketch::of_front(&text), Sketch::of_back(&text));
            assert!(front.encode().len() <= 134, "{length}: {}", front.encode().len());
            assert!(back.encode().len() <= 184, "{length}: {}", back.encode().len());
            assert!(front.short().encode().len() <= 44, "{length}");
        }
        assert_eq!(Sketch::default().encode(), "AACA");
    }

    /// The hashes were reckoned apart, in Python; a changed rule makes all that locks remember worthless.
    #[test]
    fn the_rule_never_changes() {
        let sketch = Sketch::of_front("Was ist ein Pod?");
        assert_eq!(&sketch.hashes()[..4], [0x06ad, 0x0b12, 0x14fb, 0x1983].map(|hash| hash >> 1));
        assert_eq!(sketch.encode(), "ACCQ7qJqxGSeZIZKdAkOE7vyrQDRrZcIijxXUp");
        assert_eq!(Sketch::decode("ACAQ7qM1aRkT0EhyU9AmHDO7-VaANjXJcMRQ8W6lM"), Some(sketch), "as deckle 0.1 wrote it");
    }

    #[test]
    fn what_was_not_written_by_encode_is_refused() {
        let sketch = Sketch::of_front("What is a Pod?").encode();
        let (start, end) = sketch.split_at(20);
        let damaged = [start.to_owned(), format!("{sketch}A"), format!("{start}A{end}"), format!("{start}ä{end}")];
        let ones = format!("{start}{}", "_".repeat(99_999));
        for text in damaged.iter().map(String::as_str).chain(["", "-", "AAA", "AAAAA", "AAA=", &ones]) {
            assert_eq!(Sketch::decode(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn decode_gives_back_what_encode_wrote(text in ".{0,200}") {
            for sketch in [Sketch::of_front(&text), Sketch::of_back(&text), Sketch::of_front(&text).short()] {
                prop_assert_eq!(Sketch::decode(&sketch.encode()), Some(sketch));
            }
        }

        #[test]
        fn decode_reads_only_one_form(text in "[A-Za-z0-9_-]{0,20}") {
            let is_of_now = |text: &str| Reader::new(text).read(17).is_some_and(|bits| bits & 1 == 1);
            if let Some(sketch) = Sketch::decode(&text).filter(|_| is_of_now(&text)) {
                prop_assert_eq!(sketch.encode(), text);
            }
        }
    }
}
