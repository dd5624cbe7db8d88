//! Makes answers: a status, a body, and what a browser may do with it.
//!
//! Knows nothing of what is asked for.

use std::ops::Range;

use hyper::body::Bytes;
use hyper::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
    LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Response, StatusCode};
use serde::Serialize;

use super::body::Answered;

pub(super) type Answer = Response<Answered>;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What a page may load and run (<https://www.w3.org/TR/CSP3/>).
pub(super) const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Bytes of a media type.
pub(super) fn bytes(bytes: impl Into<Bytes>, media_type: &str, policy: &str) -> Answer {
    answer(StatusCode::OK, Answered::Whole(Some(bytes.into())), media_type, policy)
}

/// The part of some bytes that a `Range` asks for, or all of them: some browsers play and seek nothing else
/// (<https://httpwg.org/specs/rfc9110.html#range.requests>). Of several parts all are given, as is allowed.
pub(super) fn part(all: Vec<u8>, range: Option<&str>, media_type: &str, policy: &str) -> Answer {
    let length = all.len();
    let Some(wanted) = range.and_then(|range| wanted(range, length)) else {
        return with(bytes(all, media_type, policy), ACCEPT_RANGES, "bytes");
    };
    let (status, said) = if wanted.is_empty() {
        (StatusCode::RANGE_NOT_SATISFIABLE, format!("bytes */{length}"))
    } else {
        (StatusCode::PARTIAL_CONTENT, format!("bytes {}-{}/{length}", wanted.start, wanted.end - 1))
    };
    let body = Answered::Whole(Some(Bytes::from(all).slice(wanted)));
    with(answer(status, body, media_type, policy), CONTENT_RANGE, &said)
}

/// The bytes that a `Range` asks for: an empty range where there are none such, and `None` where it is no range of one part.
fn wanted(range: &str, length: usize) -> Option<Range<usize>> {
    let (first, last) = range.strip_prefix("bytes=")?.trim().split_once('-')?;
    let number =
        |digits: &str| digits.parse::<usize>().ok().filter(|_| digits.bytes().all(|digit| digit.is_ascii_digit()));
    if first.is_empty() {
        return Some(length.saturating_sub(number(last)?)..length);
    }
    let first = number(first)?;
    let last = if last.is_empty() { usize::MAX } else { number(last).filter(|last| *last >= first)? };
    Some(first.min(length)..last.saturating_add(1).min(length))
}

fn with(mut answer: Answer, name: HeaderName, value: &str) -> Answer {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers_mut().insert(name, value);
    }
    answer
}

/// A value as JSON.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Answer {
    match serde_json::to_vec(value) {
        Ok(json) => answer(status, Answered::Whole(Some(json.into())), "application/json", NOTHING),
        Err(_) => words(StatusCode::INTERNAL_SERVER_ERROR, "this cannot be written as JSON"),
    }
}

/// Words for who asks.
pub(super) fn words(status: StatusCode, words: &str) -> Answer {
    let body = Answered::Whole(Some(Bytes::from(format!("{words}\n"))));
    answer(status, body, "text/plain; charset=utf-8", NOTHING)
}

/// What comes.
pub(super) fn events(coming: tokio::sync::mpsc::Receiver<Bytes>) -> Answer {
    answer(StatusCode::OK, Answered::Coming(coming), "text/event-stream", NOTHING)
}

/// Where it is instead.
pub(super) fn elsewhere(address: &str) -> Answer {
    with(words(StatusCode::FOUND, address), LOCATION, address)
}

/// Lets pages of any origin show it: who knows the address may see it.
pub(super) fn for_any_origin(mut answer: Answer) -> Answer {
    answer.headers_mut().insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    answer
}

fn answer(status: StatusCode, body: Answered, media_type: &str, policy: &str) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let fixed = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (RESOURCE_POLICY, "same-origin"),
    ];
    let headers = answer.headers_mut();
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in [(CONTENT_TYPE, media_type), (CONTENT_SECURITY_POLICY, policy)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_is_given_where_one_is_asked_for() {
        for (range, found) in [
            ("bytes=0-1", Some(0..2)),
            ("bytes=2-", Some(2..5)),
            ("bytes=0-99", Some(0..5)),
            ("bytes=-2", Some(3..5)),
            ("bytes=-99", Some(0..5)),
            ("bytes=5-", Some(5..5)),
            ("bytes=-0", Some(5..5)),
            ("bytes=3-2", None),
            ("bytes=0-1,3-4", None),
            ("bytes=+1-2", None),
            ("bytes=", None),
            ("bytes=-", None),
            ("lines=0-1", None),
            ("bytes=0-99999999999999999999999", None),
        ] {
            assert_eq!(wanted(range, 5), found, "{range}");
        }
        assert_eq!(wanted("bytes=0-", 0), Some(0..0));
        let part = part(b"abcde".to_vec(), Some("bytes=1-2"), "audio/mpeg", NOTHING);
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(part.headers()[CONTENT_RANGE], "bytes 1-2/5");
    }
}
