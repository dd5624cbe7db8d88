//! Turns the characters of addresses into percent signs and back, and tells schemes from paths (RFC 3986).
//!
//! Does not know where an address leads.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What a path keeps as it is besides letters and digits: the other unreserved characters, and `/`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A path as an address: all but the unreserved characters and `/` become `%` and the digits of their UTF-8.
pub fn percent_encode(path: &str) -> String {
    utf8_percent_encode(path, ENCODED).to_string()
}

/// What an address says with its `%20` and the like. A `%` that no two digits follow, and bytes that are no UTF-8, stay
/// as they were written: there may be a file of that name, and two addresses never become one.
pub fn percent_decode(address: &str) -> Cow<'_, str> {
    let mut rest = address;
    let mut decoded = String::new();
    while let Some((before, from_percent)) = rest.find('%').and_then(|at| rest.split_at_checked(at)) {
        decoded.push_str(before);
        let (run, after) = from_percent.split_at_checked(run_length(from_percent)).unwrap_or((from_percent, ""));
        push_decoded(run, &mut decoded);
        rest = after;
    }
    if decoded.is_empty() {
        return Cow::Borrowed(address);
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The scheme that an address starts with. It has two letters at least: `C:` is a drive, and no scheme has only one.
pub fn scheme(address: &str) -> Option<&str> {
    split_scheme(address).map(|(scheme, _)| scheme).filter(|scheme| scheme.len() > 1)
}

/// Whether an address is a path, or a place in the same file: it has neither scheme nor host.
pub fn is_path(address: &str) -> bool {
    scheme(address).is_none() && !address.starts_with("//")
}

/// Whether an address starts so, in lower case, for a browser.
pub fn starts_address(address: &str, start: &str) -> bool {
    let mut read = as_read(address);
    start.chars().all(|c| read.next() == Some(c))
}

/// Whether a browser might ask another host for what stands at an address.
///
/// This errs on the other side than [`scheme`], which asks what an author meant: whatever has a `:` before its path is
/// taken for an address elsewhere.
pub fn may_lead_elsewhere(address: &str) -> bool {
    let has_scheme = address.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '?', '#']));
    starts_address(address, "//") || (has_scheme && !starts_address(address, "data:"))
}

/// Schemes that links may have: they lead to pages, people and files, and into programs that people note things in. None of
/// them runs what stands behind it.
pub fn schemes() -> impl Iterator<Item = &'static str> {
    const SCHEMES: &str = "anki bear bitcoin craftdocs doi drafts evernote file ftp ftps gemini geo gopher hook http https im irc ircs \
        joplin logseq magnet mailto marginnote3app marginnote4app matrix message mms mx news nntp notion obsidian \
        omnifocus onenote openpgp4fpr roam sip sms smsto ssh tel things ulysses url urn vscode vscode-insiders vscodium \
        webcal wtai \
        x-devonthink-item xmpp zotero";
    SCHEMES.split(' ')
}

/// Whether a link may lead there: to a path, or by one of [these](schemes), as a browser reads it. A file is on this machine: one
/// of another would be asked for with the reader's name and password.
pub fn may_be_followed(address: &str) -> bool {
    match split_scheme(&as_read(address).collect::<String>()) {
        None => true,
        Some(("file", rest)) => matches!(rest.bytes().take_while(|&byte| byte == b'/').count(), 1 | 3),
        Some((scheme, _)) => schemes().any(|known| known == scheme),
    }
}

/// Whether what stands at an address may be shown or played in a page: at a path, on the web, or in the address itself, as
/// long as that is no document.
pub fn may_be_shown(address: &str) -> bool {
    match split_scheme(&as_read(address).collect::<String>()) {
        None | Some(("http" | "https", _)) => true,
        Some(("data", rest)) => ["image/", "audio/", "video/"].iter().any(|kind| rest.starts_with(kind)),
        Some(_) => false,
    }
}

/// An address as a browser reads it: without white space and control characters, which it skips or might skip, in lower case,
/// with `/` for `\`.
fn as_read(address: &str) -> impl Iterator<Item = char> {
    let read = address.chars().filter(|c| !c.is_whitespace() && !c.is_control());
    read.map(|c| if c == '\\' { '/' } else { c.to_ascii_lowercase() })
}

/// The scheme of an address and what follows it. Even of one letter: a browser knows no drives.
fn split_scheme(address: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = address.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte));
    is_scheme.then_some((scheme, rest))
}

/// How long the run of percent signs with their digits is at the start of a text that starts with `%`; 1 where no digits
/// follow.
fn run_length(text: &str) -> usize {
    let is_encoded = |three: &&[u8]| matches!(three, [b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit());
    (3 * text.as_bytes().chunks_exact(3).take_while(is_encoded).count()).max(1)
}

/// Characters are encoded whole, so what is no UTF-8 within a run is none with what surrounds it either.
fn push_decoded(run: &str, decoded: &mut String) {
    let bytes: Vec<u8> = percent_decode_str(run).collect();
    let mut written = run;
    for chunk in bytes.utf8_chunks() {
        decoded.push_str(chunk.valid());
        if chunk.invalid().is_empty() {
            continue;
        }
        let as_written = written.get(3 * chunk.valid().len()..).unwrap_or_default();
        let (invalid, after) = as_written.split_at_checked(3 * chunk.invalid().len()).unwrap_or((as_written, ""));
        decoded.push_str(invalid);
        written = after;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn percents_are_decoded_where_they_are_utf8() {
        assert_eq!(percent_decode("a%20b%C3%A4%zz%"), "a bä%zz%");
        assert_eq!(percent_decode("%ff%20%C3%fF%C3%A4%c3"), "%ff %C3%fFä%c3");
        assert_eq!(percent_decode("%C3ä%"), "%C3ä%");
        assert_eq!(percent_decode("100%.png"), "100%.png");
        assert_eq!(percent_encode("ä b/c.html"), "%C3%A4%20b/c.html");
        assert!(matches!(percent_decode("a.png"), Cow::Borrowed(_)));
    }

    #[test]
    fn schemes_are_told_from_paths_and_drives() {
        assert_eq!((scheme("https://e.org"), scheme("mailto:a@b")), (Some("https"), Some("mailto")));
        assert_eq!((scheme("C:/a.png"), scheme("a/b:c.md"), scheme("#x:y"), scheme("1a:b")), (None, None, None, None));
    }

    #[test]
    fn what_a_browser_might_ask_for_is_elsewhere() {
        assert!(["//e.org/a", "\\\\e.org", "ht\ntps://e.org", "c:/a.png"].into_iter().all(may_lead_elsewhere));
        assert!(!["a/b:c.png", "DA\tTA:image/png,", "?a:b", "a.png"].into_iter().any(may_lead_elsewhere));
    }

    #[test]
    fn links_lead_to_paths_and_by_schemes_that_run_nothing() {
        let followed =
            ["a.md", "#x:y", "?a:b", "a/b:c", "//e.org", "HTTPS://e.org", "mailto:a@b", "1a:b", "file:///a/b.pdf"];
        for address in
            followed.into_iter().chain(["file:/a", "obsidian://x", "ä:b", "javascript%3Ax", "./javascript:x"])
        {
            assert!(may_be_followed(address), "{address}");
        }
        for address in [
            "javascript:x",
            "JAVA\tscript:x",
            "\u{1}javascript:x",
            " java\u{0}script:x",
            "vbscript:x",
            "data:text/html,x",
            "blob:x",
            "filesystem:x",
            "view-source:x",
            "ms-msdt:/id",
            "search-ms:x",
            "playsound:q:0",
            "c:/a",
            "file://h/a",
            "file:\\\\h\\a",
            "file:////h/a",
            "about:blank",
            "livescript:x",
            "jar:x",
            "chrome:x",
            "\u{a0}javascript:x",
        ] {
            assert!(!may_be_followed(address), "{address}");
        }
    }

    #[test]
    fn pictures_are_shown_and_documents_are_not() {
        for address in ["a.png", "https://e.org/a.png", "DATA:image/png;base64,AA", "data: audio/mpeg,x", "//e.org/a"] {
            assert!(may_be_shown(address), "{address}");
        }
        for address in
            ["javascript:x", "data:text/html,x", "data:,x", "data:application/xml,x", "file:///a.png", "blob:x"]
        {
            assert!(!may_be_shown(address), "{address}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded_to_the_same(path in any::<String>()) {
            let encoded = percent_encode(&path);
            prop_assert!(encoded.is_ascii());
            prop_assert_eq!(percent_decode(&encoded), path);
        }

        #[test]
        fn any_address_can_be_decoded(address in "(%[0-9a-fA-F]{0,2}|[aä%])*") {
            let _ = percent_decode(&address);
        }
    }
}
