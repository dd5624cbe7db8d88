//! Turns clock, environment, terminal and the system's randomness into plain values.

use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use xxhash_rust::xxh3::xxh3_64;

use super::stamp::Stamp;
use crate::Error;
use crate::text::parcel::Parcel;

/// Unix seconds of the build: `SOURCE_DATE_EPOCH` where it is set, else the clock.
///
/// # Errors
/// `SOURCE_DATE_EPOCH` is set and is not a whole number of seconds
/// (<https://reproducible-builds.org/specs/source-date-epoch/>).
pub(super) fn now() -> Result<i64, Error> {
    let Some(text) = variable("SOURCE_DATE_EPOCH") else {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        return Ok(i64::try_from(since.as_secs()).unwrap_or(i64::MAX));
    };
    let seconds = text.trim().parse::<u32>();
    seconds.map(i64::from).map_err(|cause| Error::new("cannot read the time in", "SOURCE_DATE_EPOCH", cause))
}

/// Starts to measure; the function it gives says how many seconds have passed.
pub fn timer() -> impl Fn() -> f64 {
    let start = Instant::now();
    move || start.elapsed().as_secs_f64()
}

/// An environment variable; `None` where it is unset, empty or not UTF-8.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// How many columns the terminal of the standard streams has; `None` where there is none.
pub fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size().map(|(terminal_size::Width(width), _)| usize::from(width))
}

/// The folder that the program was started in.
pub fn working_folder() -> Result<PathBuf, Error> {
    std::env::current_dir().map_err(|cause| Error::new("cannot find", "the working folder", cause))
}

/// What this program is, on this machine, as a number: of the stamp of its file, as where it lies on the disk and when it
/// came there. Another build of it has another one. `None` where its file is not found.
///
/// Who makes a project elsewhere cannot know it, so nothing that comes with a project is taken for what was kept here. It is
/// no secret from an account of this machine, which can look at the same file, nor from whoever has a file that was sealed
/// with it: the hash is none that cryptographers made. What they could forge they could as well write into the outputs.
pub(super) fn program() -> Option<u64> {
    let path = std::env::current_exe().ok()?;
    let mut parcel = Parcel::default();
    parcel.bytes(path.as_os_str().as_encoded_bytes());
    Stamp::new(&std::fs::metadata(&path).ok()?).pack(&mut parcel);
    Some(xxh3_64(&parcel.into_bytes()))
}

/// A text that nobody can guess: 128 bits of the system's, hexadecimal.
///
/// # Errors
/// The system gives none.
pub fn secret() -> Result<String, Error> {
    let mut bytes = [0; 16];
    let failed = |cause| Error::new("cannot get", "random bytes", std::io::Error::other(cause));
    getrandom::fill(&mut bytes).map_err(failed)?;
    Ok(format!("{:032x}", u128::from_le_bytes(bytes)))
}

/// A new id for a collection: 10 characters of lower-case base32, 50 bits. The system seeds the hash; time and process
/// are mixed in, so that two machines with a poor seed still differ.
pub fn random_id() -> String {
    let seed = RandomState::new();
    let moment = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let mut bits = seed.hash_one((moment, std::process::id()));
    let mut id = String::with_capacity(10);
    for _ in 0..10 {
        let digit = (bits & 31) as u8;
        id.push(char::from(if digit < 26 { b'a' + digit } else { b'2' + (digit - 26) }));
        bits >>= 5;
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_are_base32() {
        let ids: std::collections::BTreeSet<String> = (0..50).map(|_| random_id()).collect();
        assert_eq!(ids.len(), 50);
        assert!(ids.iter().all(|id| id.len() == 10 && id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'))));
    }
}
