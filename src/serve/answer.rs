//! Makes answers: a status, a body, and what a browser may do with it.
//!
//! Knows nothing of what is asked for.

use hyper::body::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
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
    let mut answer = words(StatusCode::FOUND, address);
    if let Ok(address) = HeaderValue::from_str(address) {
        answer.headers_mut().insert(LOCATION, address);
    }
    answer
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
