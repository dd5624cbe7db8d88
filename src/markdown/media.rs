//! Turns the address of an image or a sound into a path of the project.
//!
//! Does not look whether the file is there.

use crate::ir::MediaRef;
use crate::text::address;
use crate::text::extension::MediaKind;
use crate::text::path::{self, parent};

/// What an address names, seen from a file at `source_path`; and the other paths that it may mean, the likelier ones first.
/// `content` is the folder of all notes, from which a path goes that starts with `/`.
///
/// Percent signs are decoded, because Anki takes names as they are on disk. An address with a scheme is left as it is; but
/// one of `file:` names a file, and lies outside of every project: what comes of it starts with `../file:`.
pub(super) fn resolve(written: &str, source_path: &str, content: &str) -> (MediaRef, Vec<String>) {
    if let Some(path) = address::scheme(written).filter(|name| name.eq_ignore_ascii_case("file")).map(str::len) {
        let path = written.get(path + 1..).unwrap_or_default().trim_start_matches('/');
        return (MediaRef::Local { path: format!("../file:/{}", address::percent_decode(path)) }, Vec::new());
    }
    if address::scheme(written).is_some() || written.starts_with("//") {
        return (MediaRef::Remote { url: written.to_owned() }, Vec::new());
    }
    let named = without_query(written);
    // As hashcards has it: from the folder of all notes. Or a folder is called so.
    if let Some(rooted) = named.strip_prefix("@/") {
        let (reference, mut others) = resolve(&format!("/{rooted}"), source_path, content);
        others.push(path::resolve(parent(source_path), &address::percent_decode(named)));
        return (reference, others);
    }
    let decoded = address::percent_decode(named);
    let is_rooted = named.starts_with('/');
    let folder = if is_rooted { content } else { parent(source_path) };
    let mut others = Vec::new();
    if is_rooted && !content.is_empty() {
        others.push(path::resolve("", &decoded));
    }
    // Some exports write names to the disk as they stand in addresses.
    if decoded != named {
        others.push(path::resolve(folder, named));
    }
    (MediaRef::Local { path: path::resolve(folder, &decoded) }, others)
}

/// An address without what follows its path. A `#` or `?` may be a part of the name: where there is no picture or sound else.
fn without_query(written: &str) -> &str {
    let path = written.split(['?', '#']).next().unwrap_or_default();
    if MediaKind::of(path).is_none() && MediaKind::of(written).is_some() { written } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(address: &str) -> String {
        match resolve(address, "content/ecs/ports.md", "content") {
            (MediaRef::Local { path }, others) if others.is_empty() => path,
            (MediaRef::Local { path }, others) => format!("{path} or {}", others.join(", ")),
            (MediaRef::Remote { url }, _) => format!("remote {url}"),
        }
    }

    #[test]
    fn addresses_become_paths() {
        assert_eq!(path("a%20b.png"), "content/ecs/a b.png or content/ecs/a%20b.png");
        assert_eq!(path("../img/./a.png"), "content/img/a.png");
        assert_eq!(path("/img/a.png"), "content/img/a.png or img/a.png");
        assert_eq!(path("/img/a+b%2B.png"), "content/img/a+b+.png or img/a+b+.png, content/img/a+b%2B.png");
        assert_eq!(path("a.png?raw=true#b.png"), "content/ecs/a.png");
        assert_eq!(path("C#.png"), "content/ecs/C#.png");
        assert_eq!(path("what?.mp3"), "content/ecs/what?.mp3");
        assert_eq!(path("a.txt#b"), "content/ecs/a.txt");
        assert_eq!(path("../../../a.png"), "../a.png");
        assert_eq!(path("@/img/a.png"), "content/img/a.png or img/a.png, content/ecs/@/img/a.png");
        assert_eq!(path("100%.png"), "content/ecs/100%.png");
        assert_eq!(path("C:/a.png"), "content/ecs/C:/a.png");
        assert_eq!(path("file:///C:/a%20b.png"), "../file:/C:/a b.png");
        assert_eq!(path("FILE:a.png"), "../file:/a.png");
        assert_eq!(path("https://x.org/a.png"), "remote https://x.org/a.png");
        assert_eq!(path("data:image/png;base64,AA"), "remote data:image/png;base64,AA");
    }
}
