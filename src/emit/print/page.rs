//! Turns what cards and sheets share into what their pages need: the deck, its images, the head of the HTML.
//!
//! Knows neither cards nor sheets.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;

use rayon::prelude::*;

use super::template::Templates;
use super::{Artifact, FOLDER, slug};
use crate::config::print::{Images, PrintOptions};
use crate::emit::print::Printing;
use crate::ir::{Collection, Media, MediaKind, Note};

/// What all pages share.
pub(super) struct Context<'a> {
    /// The whole collection, for its chapters and sources.
    pub(super) collection: &'a Collection,
    /// Where images are found from a page.
    pub(super) images: ImageSources<'a>,
    /// The templates in effect.
    pub(super) templates: Templates<'a>,
}

/// A top-level deck with notes in it.
pub(super) struct Deck<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its part of file names.
    pub(super) slug: String,
    /// Its notes and those of its sub-decks, in source order, with their indices in [`Collection::notes`].
    pub(super) notes: Vec<(usize, &'a Note)>,
    /// How it is printed.
    pub(super) options: PrintOptions,
}

impl Deck<'_> {
    /// The page of a `kind` that is the deck's, or the `index`-th after the first one where it goes on in more of them.
    pub(super) fn page(&self, kind: &str, index: usize, html: String) -> Artifact {
        let number = if index == 0 { String::new() } else { format!("-{}", index + 1) };
        let path = PathBuf::from(format!("{FOLDER}/{}-{kind}{number}.html", self.slug));
        Artifact { path, bytes: html.into_bytes() }
    }
}

/// The top-level decks that have notes, sorted by name.
pub(super) fn decks<'a>(collection: &'a Collection, printing: &Printing) -> Vec<Deck<'a>> {
    let mut notes: BTreeMap<&str, Vec<(usize, &Note)>> = BTreeMap::new();
    for (index, note) in collection.notes.iter().enumerate() {
        notes.entry(note.deck.top()).or_default().push((index, note));
    }
    let names: Vec<&str> = notes.keys().copied().collect();
    let options = |name: &str| *printing.decks.get(name).unwrap_or(&printing.options);
    let slugs = slug::slugs(&names);
    notes
        .into_iter()
        .zip(slugs)
        .map(|((name, notes), slug)| Deck { name, slug, notes, options: options(name) })
        .collect()
}

/// The addresses of images. Paper plays nothing, so sounds and videos have none.
pub(super) struct ImageSources<'a> {
    media: Vec<&'a Media>,
    /// `data:` addresses, in the order of `media`.
    inline: Vec<String>,
    /// Addresses relative to a page.
    files: Vec<String>,
}

impl<'a> ImageSources<'a> {
    /// Encodes the images that some deck wants inline.
    pub(super) fn new(collection: &'a Collection, decks: &[Deck<'_>]) -> Self {
        let is_image = |media: &&Media| MediaKind::of(&media.path) == Some(MediaKind::Image);
        let media: Vec<&Media> = collection.media.iter().filter(is_image).collect();
        let wants = |images| decks.iter().any(|deck| deck.options.images == images);
        let inline = if wants(Images::Inline) {
            media.par_iter().map(|one| data_address(media_type(&one.path), &one.bytes)).collect()
        } else {
            Vec::new()
        };
        let files = if wants(Images::Files) {
            media.iter().map(|media| format!("{IMAGES}/{}", media.name)).collect()
        } else {
            Vec::new()
        };
        Self { media, inline, files }
    }

    /// Path of a medium → its address, for [`crate::emit::html::Style::media`].
    pub(super) fn addresses(&self, images: Images) -> BTreeMap<&str, &str> {
        let addresses = match images {
            Images::Inline => &self.inline,
            Images::Files => &self.files,
        };
        self.media.iter().zip(addresses).map(|(media, address)| (media.path.as_str(), address.as_str())).collect()
    }

    /// The files beside the pages, where a deck wants them; each once.
    pub(super) fn artifacts(&self) -> Vec<Artifact> {
        let mut seen = BTreeSet::new();
        let files = self.media.iter().zip(&self.files).filter(|(_, address)| seen.insert(address.as_str()));
        files
            .map(|(media, address)| Artifact { path: PathBuf::from(FOLDER).join(address), bytes: media.bytes.clone() })
            .collect()
    }
}

/// Where images lie beside pages.
const IMAGES: &str = "media";

/// The style that embeds the math font where a page has math, else nothing.
///
/// The font is Noto Sans Math 3.0 (SIL Open Font License 1.1, `src/emit/print/math-OFL.txt`) with the characters that TeX
/// has commands for.
pub(in crate::emit) fn math_face(has_math: bool) -> &'static str {
    static FACE: LazyLock<String> = LazyLock::new(|| {
        let address = data_address("font/woff2", include_bytes!("math.woff2"));
        format!("@font-face {{ font-family: \"deckle math\"; src: url({address}) format(\"woff2\") }}")
    });
    if has_math { &FACE } else { "" }
}

/// RFC 2397, in base64 (RFC 4648).
fn data_address(media_type: &str, bytes: &[u8]) -> String {
    let mut address = format!("data:{media_type};base64,");
    address.reserve(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let sextet = (bits >> (18 - 6 * place) & 63) as usize;
            let digit = ALPHABET.get(sextet).filter(|_| place <= chunk.len());
            address.push(digit.map_or('=', |&digit| char::from(digit)));
        }
    }
    address
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The media types of images that browsers show (IANA's registry).
fn media_type(path: &str) -> &'static str {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "bmp" => "image/bmp",
        "ico" => "image/vnd.microsoft.icon",
        "tif" | "tiff" => "image/tiff",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_addresses_are_base64_with_padding() {
        assert_eq!(data_address(media_type("a.PNG"), b"foobar"), "data:image/png;base64,Zm9vYmFy");
        assert_eq!(data_address(media_type("a.svg"), b"fooba"), "data:image/svg+xml;base64,Zm9vYmE=");
        assert_eq!(data_address("x/y", b"\xFF\xEF\xBE\xFB"), "data:x/y;base64,/++++w==");
        assert_eq!(data_address("x/y", b""), "data:x/y;base64,");
    }

    #[test]
    fn the_math_font_comes_only_with_math() {
        assert_eq!(math_face(false), "");
        assert!(math_face(true).contains("url(data:font/woff2;base64,d09GMg"), "a WOFF 2 file starts with wOF2");
    }
}
