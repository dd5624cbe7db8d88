//! Turns a book into what makes its site installable, and lets it be read without a net: a manifest, icons, and a worker that
//! keeps all pages of one build together.
//!
//! Knows which files a reader needs; what mdBook makes of them, the worker finds out.

use std::path::Path;

use xxhash_rust::xxh3::xxh3_128;

use super::{MARK, SEARCH_FILE, STYLE_FILE, artifact};
use crate::artifact::{Artifact, slashed};
use crate::source::{Blob, Recipe};
use crate::text::address;

/// What a page does to be installed.
const INSTALL: &str = include_str!("../../../templates/book/install.js");

const WORKER: &str = include_str!("../../../templates/book/worker.js");

const ICON: &str = include_str!("../../../templates/book/icon.svg");

/// The icon in the sizes that Android asks for, in pixels.
const ICONS: [(u32, &[u8]); 2] = [
    (192, include_bytes!("../../../templates/book/icon-192.png")),
    (512, include_bytes!("../../../templates/book/icon-512.png")),
];

/// Of pictures and sounds so many bytes are kept on a reader's device; more is there over the net alone.
const MOST_MEDIA: u64 = 50 << 20;

/// Where the site is installable: at an address that browsers trust, which is one of `https`, or of this machine. Ends with a
/// slash.
fn scope(site_url: Option<&str>) -> Option<String> {
    let site = site_url?;
    let is_trusted = ["https://", "http://localhost", "http://127.0.0.1"].iter().any(|start| site.starts_with(start));
    is_trusted.then(|| format!("{}/", site.trim_end_matches('/')))
}

/// What is put behind the script of a site that is installable; nothing for others.
pub(super) fn script(site_url: Option<&str>) -> String {
    // A JSON string is a string of JavaScript as well, and a `<` in it ends no script.
    let quoted = |site: String| serde_json::Value::from(site).to_string().replace('<', "\\u003c");
    scope(site_url).map(|site| INSTALL.replace("\"SITE\"", &quoted(site))).unwrap_or_default()
}

/// The files that make the site of a book installable; none where it is not. `title` is the book's, `frame` a hash of what its
/// pages are framed with, `book` all else that it has but for what is to be downloaded.
pub(super) fn files(site_url: Option<&str>, title: &str, frame: u128, book: &[Artifact]) -> Vec<Artifact> {
    if scope(site_url).is_none() {
        return Vec::new();
    }
    let mut files = vec![artifact("manifest.webmanifest", manifest(title)), artifact("icon.svg", ICON.to_owned())];
    files.extend(ICONS.map(|(size, bytes)| artifact(&format!("icon-{size}.png"), bytes.to_vec())));
    let worker = worker(frame, book.iter().chain(&files));
    files.push(artifact("worker.js", worker));
    files
}

/// The manifest of an installed site: <https://www.w3.org/TR/appmanifest/>.
fn manifest(title: &str) -> String {
    let icon = |(size, _): (u32, &[u8])| {
        serde_json::json!({ "src": format!("icon-{size}.png"), "sizes": format!("{size}x{size}"), "type": "image/png",
                            "purpose": "any maskable" })
    };
    let drawing = serde_json::json!({ "src": "icon.svg", "sizes": "any", "type": "image/svg+xml" });
    let icons: Vec<serde_json::Value> = ICONS.map(icon).into_iter().chain([drawing]).collect();
    let manifest = serde_json::json!({
        "name": title,
        "start_url": "index.html",
        "scope": ".",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": icons,
    });
    format!("{manifest:#}\n")
}

/// The worker of this book, and of no other: its text changes with whatever readers see.
fn worker<'a>(frame: u128, book: impl Iterator<Item = &'a Artifact>) -> String {
    let mut hashes = WORKER.as_bytes().to_vec();
    hashes.extend(frame.to_le_bytes());
    hashes.extend(env!("CARGO_PKG_VERSION").as_bytes());
    let mut files = Vec::new();
    let mut media = 0;
    for Artifact { path, recipe, .. } in book {
        hashes.extend(slashed(path).as_bytes());
        hashes.extend(hash_of(recipe).to_le_bytes());
        let Ok(path) = path.strip_prefix(super::FOLDER) else { continue };
        let is_medium = path.starts_with("media");
        media += if is_medium { recipe.length().unwrap_or(MOST_MEDIA) } else { 0 };
        if !(is_medium && media > MOST_MEDIA) {
            files.extend(kept(path));
        }
    }
    let files = serde_json::Value::from(files).to_string();
    let version = format!("{:032x}", xxh3_128(&hashes));
    WORKER.replace("[\"FILES\"]", &files).replace("\"VERSION\"", &format!("\"{version}\""))
}

/// The address of what a file of the book is on the site, where it is kept; styles and scripts are found on the pages.
fn kept(path: &Path) -> Option<String> {
    let name = slashed(path);
    if [MARK, SEARCH_FILE, STYLE_FILE, "SUMMARY.md"].contains(&name.as_str()) {
        return None;
    }
    Some(address::percent_encode(&name.strip_suffix(".md").map_or(name.clone(), |page| format!("{page}.html"))))
}

/// A hash of what is in a file; of a medium that is not in memory, its checksum and length.
fn hash_of(recipe: &Recipe) -> u128 {
    match recipe {
        Recipe::There(there) => there.hash,
        Recipe::Blob(Blob::Memory(bytes)) => xxh3_128(bytes),
        Recipe::Blob(Blob::File(file)) => u128::from(file.crc32) | u128::from(file.length) << 32,
        // Neither is made for a book.
        Recipe::Pieces(_) | Recipe::Zip(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::source::BlobFile;

    fn medium(name: &str, length: u64) -> Artifact {
        let file = BlobFile { path: PathBuf::new(), length, crc32: 0 };
        artifact(&format!("media/{name}"), Blob::File(file.into()))
    }

    fn worker_of(book: &[Artifact]) -> String {
        worker(0, book.iter())
    }

    #[test]
    fn a_site_is_installable_where_browsers_trust_its_address() {
        for (site, is_installable) in [
            ("https://e.org/n", true),
            ("https://e.org/n/", true),
            ("http://localhost:8000/n", true),
            ("http://e.org/n", false),
            ("file:///n", false),
        ] {
            let names: Vec<String> = files(Some(site), "N", 0, &[]).iter().map(Artifact::slashed).collect();
            assert_eq!(names.contains(&"book/worker.js".to_owned()), is_installable, "{site}");
            assert_eq!(script(Some(site)).contains("navigator.serviceWorker.register"), is_installable, "{site}");
        }
        assert!(files(None, "N", 0, &[]).is_empty() && script(None).is_empty());
        assert!(
            script(Some("https://e.org/\"</script>")).contains("const site = \"https://e.org/\\\"\\u003c/script>/\";")
        );
    }

    #[test]
    fn a_worker_is_of_one_book() {
        let book = |text: &str| [artifact("a b.md", text.to_owned()), artifact("SUMMARY.md", String::new())];
        let (one, other) = (worker_of(&book("x")), worker_of(&book("y")));
        assert_eq!(one, worker_of(&book("x")));
        assert_ne!(one, other, "browsers look for a new worker by its bytes");
        assert_ne!(one, worker(1, book("x").iter()), "another theme is seen as well");
        assert!(one.contains("const FILES = [\"a%20b.html\"];"), "{one}");
        assert!(!one.contains("\"VERSION\"") && !one.contains("\"FILES\""));
        let renamed = worker_of(&[artifact("c.md", String::from("x"))]);
        assert!(renamed.contains("[\"c.html\"]"));
    }

    #[test]
    fn of_media_no_more_is_kept_than_a_phone_has_room_for() {
        let book = [medium("a.png", 1), medium("film.mp4", MOST_MEDIA), artifact("a.md", String::new())];
        assert!(worker_of(&book).contains("const FILES = [\"media/a.png\",\"a.html\"];"));
    }
}
