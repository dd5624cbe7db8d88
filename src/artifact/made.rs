//! Keeps what outputs make of notes from one time to the next, and gives it again where it would be made the same.
//!
//! Knows neither notes nor outputs: what a thing is made of says who makes it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Mutex, PoisonError};

use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::source::Recipe;

/// Things that an output made, by all that they were made of.
#[derive(Debug)]
pub struct Made<T> {
    /// How many of the last time's things were taken from the time before.
    pub reused: usize,
    /// How many were made anew.
    pub anew: usize,
    /// Of the time before, what nobody took.
    before: Mutex<ByKey<T>>,
    now: Mutex<ByKey<T>>,
}

/// Things by what they are made of, which is a hash already.
type ByKey<T> = HashMap<Key, T, BuildHasherDefault<Half>>;

/// Takes half of a [`Key`] for its hash.
#[derive(Debug, Default)]
struct Half(u64);

impl Hasher for Half {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }

    fn write_u128(&mut self, number: u128) {
        self.0 = number as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl<T> Default for Made<T> {
    fn default() -> Self {
        Self { reused: 0, anew: 0, before: Mutex::default(), now: Mutex::default() }
    }
}

impl<T> Made<T> {
    /// Calls `with`, which may [`take`](Self::take) what the last time [`put`](Self::put) in. What it does not put in is
    /// forgotten. Without anything to keep, it is told so.
    pub fn again<R>(made: Option<&mut Self>, with: impl FnOnce(Option<&Self>) -> R) -> R {
        let Some(made) = made else { return with(None) };
        let before = std::mem::take(unlocked(&mut made.now));
        let count = before.len();
        *unlocked(&mut made.before) = before;
        let result = with(Some(made));
        made.reused = count.saturating_sub(std::mem::take(unlocked(&mut made.before)).len());
        // What failed midway has put less in than it took.
        made.anew = unlocked(&mut made.now).len().saturating_sub(made.reused);
        result
    }

    /// What was made of the same, once.
    pub fn take(&self, key: Key) -> Option<T> {
        self.before.lock().unwrap_or_else(PoisonError::into_inner).remove(&key)
    }

    /// All that is kept for the next time, in the order of keys.
    pub fn kept(&mut self) -> Vec<(Key, &T)> {
        let mut kept: Vec<(Key, &T)> = unlocked(&mut self.now).iter().map(|(key, thing)| (*key, thing)).collect();
        kept.sort_unstable_by_key(|(key, _)| *key);
        kept
    }

    /// Keeps things for the next time.
    pub fn put(&self, things: impl IntoIterator<Item = (Key, T)>) {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).extend(things);
    }
}

fn unlocked<T>(things: &mut Mutex<T>) -> &mut T {
    things.get_mut().unwrap_or_else(PoisonError::into_inner)
}

/// All that a thing was made of, as one number: 128 bits of xxh3. Another program may have others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub u128);

/// A page that was made.
#[derive(Debug, Clone)]
pub struct KeptPage {
    /// The page.
    pub recipe: Recipe,
    /// Whether there are formulas on it.
    pub has_math: bool,
    /// The addresses on it that lead elsewhere, and what they led to.
    pub links: Vec<(String, String)>,
}

/// Takes down all that a thing is made of, one after the other. Whatever has its [`Hash`](std::hash::Hash) can be written.
#[derive(Debug)]
pub struct Ingredients(Vec<u8>);

impl Default for Ingredients {
    /// Nothing yet, and room for what a note of a hundred words is made of.
    fn default() -> Self {
        Self(Vec::with_capacity(1024))
    }
}

impl Ingredients {
    /// Of what was written.
    pub fn key(&self) -> Key {
        Key(xxh3_128(&self.0))
    }
}

impl Hasher for Ingredients {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn write_u8(&mut self, number: u8) {
        self.0.push(number);
    }

    /// Lengths, and which variant of an enum it is: small numbers take a byte; seven bits go into each (LEB128).
    fn write_usize(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    fn finish(&self) -> u64 {
        xxh3_64(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::hash::Hash;

    use super::*;

    fn key(made_of: impl Hash) -> Key {
        let mut ingredients = Ingredients::default();
        made_of.hash(&mut ingredients);
        ingredients.key()
    }

    #[test]
    fn what_is_put_in_is_there_the_next_time_and_once() {
        let mut made = Made::default();
        let mut turn = |keys: &[u8]| {
            Made::again(Some(&mut made), |made| {
                let made = made.unwrap();
                let taken: Vec<Option<&str>> = keys.iter().map(|&of| made.take(key(of))).collect();
                made.put(keys.iter().map(|&of| (key(of), "thing")));
                taken
            })
        };
        assert_eq!(turn(&[1, 2]), [None, None]);
        assert_eq!(turn(&[1, 1, 3]), [Some("thing"), None, None]);
        assert_eq!(turn(&[2, 3]), [None, Some("thing")]);
        assert_eq!((made.reused, made.anew), (1, 1));
    }

    #[test]
    fn keys_tell_apart_what_is_written_apart() {
        let keys =
            [key(("ab", "c")), key(("a", "bc")), key(127_usize), key(128_usize), key([1_usize, 0]), key([0_usize, 1])];
        for (place, one) in keys.iter().enumerate() {
            assert!(!keys[place + 1..].contains(one), "{place}");
        }
        assert_eq!(key(vec![Some("a")]), key([Some("a")].as_slice()));
    }
}
