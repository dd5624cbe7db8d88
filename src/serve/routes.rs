//! Turns requests into answers: which address shows what.
//!
//! Paths are looked up among what there is, and lead to no file. Knows no format.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use hyper::body::{Body, Incoming};
use hyper::header::RANGE;
use hyper::{Method, Request, StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::answer::{self, Answer};
use super::guard::{self, Door, NAMES};
use super::shared::{Made, Shared};
use crate::pipeline::{Failure, Mended, Showing, Side, card, media_bytes};
use crate::text::address::percent_decode;
use crate::text::extension::media_type;

/// Which of the two origins is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// That of the notes.
    Notes,
    /// That of printed pages and the site.
    Pages,
}

/// The longest request for a mend, in bytes.
const MOST_ASKED: usize = 4096;

/// Files of the page, by their names below `/assets/`.
const ASSETS: &[(&str, &str, &str)] = &[
    ("page.css", "text/css; charset=utf-8", include_str!("../../templates/serve/page.css")),
    ("page.js", "text/javascript; charset=utf-8", include_str!("../../templates/serve/page.js")),
    ("dom.js", "text/javascript; charset=utf-8", include_str!("../../templates/serve/dom.js")),
    ("list.js", "text/javascript; charset=utf-8", include_str!("../../templates/serve/list.js")),
    ("note.js", "text/javascript; charset=utf-8", include_str!("../../templates/serve/note.js")),
    ("pages.js", "text/javascript; charset=utf-8", include_str!("../../templates/serve/pages.js")),
];

const PAGE: &str = include_str!("../../templates/serve/page.html");

/// Frames printed pages and the site in their own origin.
const FRAME: &str = include_str!("../../templates/serve/frame.html");

/// A request for a mend.
#[derive(Debug, Deserialize)]
struct Asked {
    id: String,
    revision: u64,
}

/// What came of one.
#[derive(Debug, Serialize)]
struct Told<'a> {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}

/// A request without its body.
struct Visit {
    method: Method,
    uri: Uri,
    /// The name that the browser has for this machine.
    name: String,
    /// The part of it that is wanted, as the header says it.
    range: Option<String>,
}

/// Answers a request. Answers are made on threads of their own: some take long.
pub(super) async fn answer(request: Request<Incoming>, room: Room, shared: Arc<Shared>) -> Result<Answer, Infallible> {
    let (head, body) = request.into_parts();
    let port = match room {
        Room::Notes => shared.ports[0],
        Room::Pages => shared.ports[1],
    };
    let Some(name) = guard::host(&head.headers, &head.uri, port).map(str::to_owned) else {
        return Ok(answer::words(StatusCode::FORBIDDEN, "this is answered for this machine alone"));
    };
    let door = match room {
        Room::Pages => Door::Framed,
        Room::Notes if head.uri.path().starts_with(&shared.media) => Door::Secret,
        Room::Notes => Door::Own,
    };
    if !guard::may_pass(&head.headers, door, shared.ports) {
        return Ok(answer::words(StatusCode::FORBIDDEN, "another page asked for this"));
    }
    let range = head.headers.get(RANGE).and_then(|range| Some(range.to_str().ok()?.to_owned()));
    let visit = Visit { method: head.method, uri: head.uri, name, range };
    let is_mend = room == Room::Notes && visit.uri.path() == "/api/fix";
    if is_mend {
        if !guard::may_write(&visit.method, &head.headers, &shared.token) {
            return Ok(answer::words(StatusCode::FORBIDDEN, "only the page itself may write"));
        }
        let Some(body) = whole(body).await else {
            return Ok(answer::words(StatusCode::PAYLOAD_TOO_LARGE, "so much is no request for a mend"));
        };
        return Ok(on_a_thread(move || mend(&body, &shared)).await);
    }
    if visit.method != Method::GET && visit.method != Method::HEAD {
        return Ok(answer::words(StatusCode::METHOD_NOT_ALLOWED, "this can only be read"));
    }
    if room == Room::Notes && visit.uri.path() == "/events" {
        return Ok(answer::events(shared.changes()));
    }
    if room == Room::Notes {
        return Ok(on_a_thread(move || notes(&visit, &shared)).await);
    }
    let waiting = Arc::clone(&shared);
    let _turn = waiting.turn.lock().await;
    Ok(on_a_thread(move || page(visit.uri.path(), &visit, &shared)).await)
}

async fn on_a_thread(make: impl FnOnce() -> Answer + Send + 'static) -> Answer {
    let answer = tokio::task::spawn_blocking(make).await;
    answer.unwrap_or_else(|_| answer::words(StatusCode::INTERNAL_SERVER_ERROR, "this could not be made"))
}

/// All of a body; `None` where it is too long, or breaks off.
async fn whole(mut body: Incoming) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        if let Ok(piece) = frame.ok()?.into_data() {
            bytes.extend_from_slice(&piece);
        }
        if bytes.len() > MOST_ASKED {
            return None;
        }
    }
    Some(bytes)
}

fn mend(body: &[u8], shared: &Shared) -> Answer {
    let Ok(Asked { id, revision }) = serde_json::from_slice(body) else {
        return answer::words(StatusCode::BAD_REQUEST, "this is no request for a mend");
    };
    let (status, message) = match shared.mend(&id, revision) {
        None => (StatusCode::CONFLICT, "the notes are others by now"),
        Some(Ok(Mended::Gone)) => (StatusCode::CONFLICT, "the text is another one by now"),
        Some(Ok(Mended::Done)) => return answer::json(StatusCode::OK, &Told { ok: true, message: None }),
        Some(Ok(Mended::Harmful)) => {
            (StatusCode::OK, "this edit would cost a note, or make it another one: do it by hand")
        }
        Some(Err(failure)) => {
            return answer::json(StatusCode::OK, &Told { ok: false, message: Some(&failure.words()) });
        }
    };
    answer::json(status, &Told { ok: false, message: Some(message) })
}

/// The page of the notes, and all that it asks for.
fn notes(visit: &Visit, shared: &Shared) -> Answer {
    let path = visit.uri.path();
    if let Some(name) = path.strip_prefix(&shared.media) {
        return medium(&percent_decode(name), visit.range.as_deref(), &shared.showing());
    }
    let mut parts = path.strip_prefix('/').unwrap_or_default().split('/');
    let found = match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(""), None, ..) => Some(front(shared)),
        (Some("assets"), Some(name), None, ..) => asset(name),
        (Some("api"), Some("state"), None, ..) => Some(answer::json(StatusCode::OK, &*shared.showing())),
        (Some("api"), Some("note"), Some(id), None, _) => {
            let showing = shared.showing();
            showing.note(&percent_decode(id)).map(|note| answer::json(StatusCode::OK, &note))
        }
        (Some("card"), Some(id), Some(ordinal), Some(side), None) => {
            card_side(&percent_decode(id), ordinal, side, visit, shared)
        }
        (Some("out"), ..) => path.strip_prefix("/out").map(|path| {
            let query = visit.uri.query().map_or_else(String::new, |query| format!("?{query}"));
            answer::elsewhere(&format!("http://{}:{}{path}{query}", visit.name, shared.ports[1]))
        }),
        _ => None,
    };
    found.unwrap_or_else(|| answer::words(StatusCode::NOT_FOUND, "there is nothing here"))
}

fn front(shared: &Shared) -> Answer {
    let frames = hosts(shared.ports[1], "");
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         frame-src 'self' {frames}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    );
    answer::bytes(PAGE.replace("{{token}}", &shared.token), "text/html; charset=utf-8", &policy)
}

fn asset(name: &str) -> Option<Answer> {
    let (_, media_type, text) = ASSETS.iter().find(|(known, ..)| *known == name)?;
    Some(answer::bytes(*text, media_type, answer::NOTHING))
}

/// A side of a card. What authors write may run, in an origin of its own, and reads nothing but its media.
fn card_side(id: &str, ordinal: &str, side: &str, visit: &Visit, shared: &Shared) -> Option<Answer> {
    let showing = shared.showing();
    let side = match side {
        "question" => Side::Question,
        "answer" => Side::Answer,
        _ => return None,
    };
    let is_night = visit.uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "night=1"));
    let place = showing.place_of(id)?;
    let html = card(showing.collection()?, place, ordinal.parse().ok()?, side, is_night, &shared.media)?;
    let media = hosts(shared.ports[0], &shared.media);
    let policy = format!(
        "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' {media}; \
         style-src 'unsafe-inline' {media}; img-src data: blob: {media}; media-src data: blob: {media}; \
         font-src data: {media}; base-uri {media}; form-action 'none'; frame-ancestors 'self'"
    );
    Some(answer::bytes(html, "text/html; charset=utf-8", &policy))
}

fn medium(name: &str, range: Option<&str>, showing: &Showing) -> Answer {
    match media_bytes(showing, name) {
        Some(Ok(bytes)) => {
            let policy = format!("sandbox; {}", answer::NOTHING);
            answer::for_any_origin(answer::part(bytes, range, media_type(name), &policy))
        }
        Some(Err(_)) => answer::words(StatusCode::NOT_FOUND, "this file cannot be read any more"),
        None => answer::words(StatusCode::NOT_FOUND, "the notes have no such file"),
    }
}

/// A file of printed pages or of the site.
fn page(path: &str, visit: &Visit, shared: &Shared) -> Answer {
    let path = percent_decode(path.trim_start_matches('/'));
    // Their own policies stand in them; who may frame them can only be said here.
    let framed = format!("frame-ancestors http://{}:{} 'self'", visit.name, shared.ports[0]);
    if path == ".frame" {
        let policy = format!(
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; frame-src 'self'; {framed}"
        );
        return answer::bytes(FRAME, "text/html; charset=utf-8", &policy);
    }
    let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.into_owned() };
    let made = if path.starts_with("print/") { Made::Print } else { Made::Site };
    let bytes = match shared.output(made, &path) {
        Ok(None) => return answer::words(StatusCode::NOT_FOUND, "no output has such a file"),
        Ok(Some(recipe)) => crate::pipeline::recipe_bytes(&recipe).map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    match bytes {
        Ok(bytes) => answer::bytes(bytes, page_type(&path), &framed),
        Err(failure) => answer::words(StatusCode::INTERNAL_SERVER_ERROR, &failure.words()),
    }
}

/// The media type of a file of the outputs.
fn page_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json" | "webmanifest") => "application/json",
        Some("woff2") => "font/woff2",
        Some("woff") => "font/woff",
        Some("svg") => "image/svg+xml",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        Some(_) | None => media_type(path),
    }
}

/// A path on this machine at a port, by all its names.
fn hosts(port: u16, path: &str) -> String {
    NAMES.map(|name| format!("http://{name}:{port}{path}")).join(" ")
}
