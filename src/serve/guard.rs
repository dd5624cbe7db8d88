//! Decides who is answered: a browser of this machine that shows our own page, and nobody whom another page sends.
//!
//! A page of the web may send requests to this machine, and may have its own name lead here (DNS rebinding). What browsers say
//! of a request (`Host`, `Origin`, `Sec-Fetch-*`; <https://www.w3.org/TR/fetch-metadata/>) tells them apart. Knows nothing of
//! what is asked for.

use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, ORIGIN};
use hyper::{Method, Uri};

/// The names that this machine has for itself.
pub(super) const NAMES: [&str; 2] = ["127.0.0.1", "localhost"];

/// Carries the token that a write asks for.
pub(super) const TOKEN: &str = "x-deckle-token";

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// Whom a door is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// Our own page, and who types its address.
    Own,
    /// Frames of our page, and what is in them: to a browser another origin on the same site.
    Framed,
    /// Whoever knows the address, which nobody can guess: cards have no origin.
    Secret,
}

/// The name by which a browser asks for this machine; `None` where it is not one of ours at this port.
pub(super) fn host<'r>(headers: &'r HeaderMap, uri: &'r Uri, port: u16) -> Option<&'r str> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    // One name and no other, be it in the line of the request itself.
    if hosts.next().is_some() || uri.authority().is_some_and(|authority| authority.as_str() != host) {
        return None;
    }
    own_name(host, port)
}

fn own_name(host: &str, port: u16) -> Option<&str> {
    // Browsers leave the usual port out.
    let (name, digits) = host.rsplit_once(':').unwrap_or((host, "80"));
    let is_ours = digits == port.to_string() && NAMES.iter().any(|known| known.eq_ignore_ascii_case(name));
    is_ours.then_some(name)
}

/// Whether a request came by itself or from our own page.
pub(super) fn may_pass(headers: &HeaderMap, door: Door, ports: [u16; 2]) -> bool {
    if door == Door::Secret {
        return true;
    }
    let own = match door {
        Door::Own | Door::Secret => ports[0],
        Door::Framed => ports[1],
    };
    let is_own_origin = |origin: &str| origin.strip_prefix("http://").is_some_and(|host| own_name(host, own).is_some());
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let is_own = text(&ORIGIN).is_none_or(is_own_origin);
    let is_near = match text(&FETCH_SITE) {
        None | Some("same-origin" | "none") => true,
        // The frame itself, and nothing that another program on this machine would have a page load.
        Some("same-site") => door == Door::Framed && text(&FETCH_MODE) == Some("navigate"),
        Some(_) => false,
    };
    is_own && is_near
}

/// Whether a request may write: it knows the token, and is one that no form can send.
pub(super) fn may_write(method: &Method, headers: &HeaderMap, token: &str) -> bool {
    let is_json = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == b"application/json");
    let given = headers.get(TOKEN).map_or(&b""[..], |given| given.as_bytes());
    // As long for a near miss as for any other.
    let differs = given.iter().zip(token.as_bytes()).fold(0, |differs, (one, other)| differs | (one ^ other));
    method == Method::POST && is_json && given.len() == token.len() && differs == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_names_of_this_machine_at_the_port_are_hosts() {
        let uri = "/".parse().unwrap();
        for (host_name, is_ours) in [
            ("127.0.0.1:4000", true),
            ("localhost:4000", true),
            ("LOCALHOST:4000", true),
            ("[::1]:4000", false),
            ("127.0.0.1:4001", false),
            ("127.0.0.1", false),
            ("localhost.:4000", false),
            ("evil.example:4000", false),
            ("127.0.0.1.nip.example:4000", false),
            ("127.0.0.1:4000@evil.example", false),
            ("evil.example#127.0.0.1:4000", false),
            ("", false),
        ] {
            assert_eq!(host(&headers(&[("host", host_name)]), &uri, 4000).is_some(), is_ours, "{host_name}");
        }
        assert_eq!(host(&headers(&[]), &uri, 4000), None);
        assert_eq!(host(&headers(&[("host", "localhost")]), &uri, 80), Some("localhost"));
        let twice = headers(&[("host", "localhost:4000"), ("host", "evil.example")]);
        assert_eq!(host(&twice, &uri, 4000), None);
        let elsewhere = "http://evil.example/".parse().unwrap();
        assert_eq!(host(&headers(&[("host", "localhost:4000")]), &elsewhere, 4000), None);
    }

    #[test]
    fn no_other_page_passes() {
        let passes = |door, pairs: &[(&'static str, &str)]| may_pass(&headers(pairs), door, [4000, 5000]);
        for (origin, is_ours) in [
            ("http://127.0.0.1:4000", true),
            ("http://localhost:4000", true),
            ("http://localhost:5000", false),
            ("https://localhost:4000", false),
            ("http://evil.example", false),
            ("http://evil.example:4000", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(passes(Door::Own, &[("origin", origin)]), is_ours, "{origin}");
        }
        for (site, own, framed) in [
            ("same-origin", true, true),
            ("none", true, true),
            ("same-site", false, false),
            ("cross-site", false, false),
        ] {
            assert_eq!(passes(Door::Own, &[("sec-fetch-site", site)]), own, "{site}");
            assert_eq!(passes(Door::Framed, &[("sec-fetch-site", site)]), framed, "{site}");
        }
        let frame = [("sec-fetch-site", "same-site"), ("sec-fetch-mode", "navigate")];
        assert!(passes(Door::Framed, &frame));
        assert!(!passes(Door::Own, &frame));
    }

    #[test]
    fn only_who_knows_the_token_writes() {
        let json = ("content-type", "application/json");
        let may = |method: Method, pairs: &[(&'static str, &str)]| may_write(&method, &headers(pairs), "secret");
        assert!(may(Method::POST, &[json, (TOKEN, "secret")]));
        assert!(!may(Method::PUT, &[json, (TOKEN, "secret")]));
        assert!(!may(Method::POST, &[(TOKEN, "secret")]));
        assert!(!may(Method::POST, &[("content-type", "text/plain"), (TOKEN, "secret")]));
        for wrong in ["", "secre", "secrets", "Secret"] {
            assert!(!may(Method::POST, &[json, (TOKEN, wrong)]), "{wrong}");
        }
        assert!(!may(Method::POST, &[json]));
    }
}
