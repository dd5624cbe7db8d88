//! Turns a file's first bytes into what it is, and says what is odd about it under its name.
//!
//! Knows what readers of cards and pages show and play: Chromium, in which Anki on the desktop draws, Firefox, and Android's
//! players. Does not look whether the rest of a file is what its start says.

use super::extension::{MediaKind, media_type};

/// What is odd about a picture, a sound or a film that is packed all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// It has no bytes.
    Empty,
    /// It is none of what its name says, but this.
    Other(&'static str),
    /// A picture in this format, which neither Chromium nor Firefox nor Android shows.
    Unshown(&'static str),
    /// A sound in this format, which neither Chromium nor Firefox nor Android plays.
    Unplayed(&'static str),
    /// A film in this format, of which the same is true.
    UnplayedFilm(&'static str),
}

/// So many bytes of a file say what it is: what may stand before a drawing's first element counts.
pub const MOST_LOOKED_AT: usize = 1024;

/// What is odd about a file of that name and length with these first bytes. What starts like nothing known is not odd.
pub fn oddity(name: &str, length: u64, head: &[u8]) -> Option<Oddity> {
    let kind = MediaKind::of(name)?;
    if length == 0 {
        return Some(Oddity::Empty);
    }
    let content = content(head);
    let is_drawing = media_type(name) == "image/svg+xml";
    match (content, kind) {
        (Some(Content::Other(what)), MediaKind::Image | MediaKind::Sound | MediaKind::Video) => {
            Some(Oddity::Other(what))
        }
        (Some(Content::Drawing), MediaKind::Image) if is_drawing => None,
        (Some(Content::Drawing), MediaKind::Image | MediaKind::Sound | MediaKind::Video) => Some(Oddity::Other("SVG")),
        (Some(Content::Picture(rare)), MediaKind::Image) => rare.map(Oddity::Unshown),
        (Some(Content::Picture(_)), MediaKind::Sound | MediaKind::Video) => Some(Oddity::Other("a picture")),
        (Some(Content::Played(_)), MediaKind::Image) => Some(Oddity::Other("a sound or a film")),
        (Some(Content::Played(rare)), MediaKind::Sound | MediaKind::Video) => rare.or_else(|| unplayed(name)),
        (None, MediaKind::Image) => unshown(name),
        (None, MediaKind::Sound | MediaKind::Video) => unplayed(name),
    }
}

/// What a file is.
enum Content {
    /// A picture; its format if that is seldom shown.
    Picture(Option<&'static str>),
    /// SVG, which is shown only under its own name.
    Drawing,
    /// A sound or a film; what is odd about it if it is seldom played.
    Played(Option<Oddity>),
    /// Nothing that is shown or played.
    Other(&'static str),
}

/// Signatures at the start of files: RFC 2083 and its like for the formats themselves, WHATWG MIME Sniffing for most of them.
fn content(head: &[u8]) -> Option<Content> {
    let starts = |signature: &[u8]| head.starts_with(signature);
    let is_riff = |kind: &[u8]| starts(b"RIFF") && head.get(8..12) == Some(kind);
    let is_form = |kind: &[u8]| starts(b"FORM") && head.get(8..12) == Some(kind);
    if head.get(4..8) == Some(b"ftyp") {
        return Some(boxed(head));
    }
    if starts(b"\x89PNG\r\n\x1a\n") || starts(b"GIF8") || starts(b"\xFF\xD8\xFF") || is_riff(b"WEBP") {
        Some(Content::Picture(None))
    } else if starts(b"II*\0") || starts(b"MM\0*") {
        Some(Content::Picture(Some("TIFF")))
    } else if starts(b"\0\0\0\x0CJXL \r\n\x87\n") {
        Some(Content::Picture(Some("JPEG XL")))
    } else if is_riff(b"AVI ") {
        Some(Content::Played(Some(Oddity::UnplayedFilm("AVI"))))
    } else if is_form(b"AIFF") || is_form(b"AIFC") {
        Some(Content::Played(Some(Oddity::Unplayed("AIFF"))))
    } else if starts(b"FLV\x01") {
        Some(Content::Played(Some(Oddity::UnplayedFilm("Flash video"))))
    } else if starts(b"\x30\x26\xB2\x75\x8E\x66\xCF\x11") {
        Some(Content::Played(Some(Oddity::UnplayedFilm("Windows Media"))))
    } else if starts(b"OggS") || starts(b"ID3") || starts(b"fLaC") || starts(b"\x1A\x45\xDF\xA3") || is_riff(b"WAVE") {
        Some(Content::Played(None))
    } else {
        other(head)
    }
}

/// A file of boxes by its brands (ISO/IEC 14496-12; 23008-12 for HEIF): AVIF may call itself HEIF first.
fn boxed(head: &[u8]) -> Content {
    let length = head.first_chunk().map_or(0, |length| u32::from_be_bytes(*length) as usize);
    let brands = head.get(8..length.min(head.len())).unwrap_or_default();
    let has = |brand: &[u8]| brands.chunks_exact(4).any(|one| one == brand);
    let is_major = |brands: &[&[u8]]| brands.iter().any(|brand| head.get(8..12) == Some(*brand));
    if has(b"avif") || has(b"avis") {
        Content::Picture(None)
    } else if is_major(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        Content::Picture(Some("HEIC"))
    } else {
        Content::Played(None)
    }
}

/// What people have under the names of pictures and sounds by mistake.
fn other(head: &[u8]) -> Option<Content> {
    let starts = |signature: &[u8]| head.starts_with(signature);
    if starts(b"version https://git-lfs.github.com/") {
        return Some(Content::Other("a pointer of Git LFS"));
    }
    if starts(b"%PDF-") {
        return Some(Content::Other("a PDF document"));
    }
    if starts(b"PK\x03\x04") {
        return Some(Content::Other("a zip archive"));
    }
    let text = String::from_utf8_lossy(head.get(..head.len().min(MOST_LOOKED_AT)).unwrap_or_default()).to_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with("<!doctype html") || text.starts_with("<html") {
        return Some(Content::Other("a web page"));
    }
    let is_drawing = text.starts_with("<svg") || (text.starts_with("<?xml") && text.contains("<svg"));
    is_drawing.then_some(Content::Drawing)
}

/// The format that a name says, if it is seldom shown.
fn unshown(name: &str) -> Option<Oddity> {
    match media_type(name) {
        "image/heic" => Some(Oddity::Unshown("HEIC")),
        "image/tiff" => Some(Oddity::Unshown("TIFF")),
        "image/jxl" => Some(Oddity::Unshown("JPEG XL")),
        _ => None,
    }
}

/// The format that a name says, if it is seldom played.
fn unplayed(name: &str) -> Option<Oddity> {
    match media_type(name) {
        "audio/aiff" => Some(Oddity::Unplayed("AIFF")),
        "video/x-msvideo" => Some(Oddity::UnplayedFilm("AVI")),
        "video/x-flv" => Some(Oddity::UnplayedFilm("Flash video")),
        "video/x-ms-wmv" => Some(Oddity::UnplayedFilm("Windows Media")),
        "video/mpeg" => Some(Oddity::UnplayedFilm("MPEG-1")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_readers_cannot_show_is_odd() {
        let odd = |name: &str, head: &[u8]| oddity(name, head.len() as u64, head);
        for (name, head, expected) in [
            ("a.png", b"".as_slice(), Oddity::Empty),
            ("a.mp3", b"", Oddity::Empty),
            ("a.heic", b"?", Oddity::Unshown("HEIC")),
            ("a.HEIF", b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Oddity::Unshown("HEIC")),
            ("photo.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Oddity::Unshown("HEIC")),
            ("a.tif", b"II*\0????", Oddity::Unshown("TIFF")),
            ("a.png", b"MM\0*????", Oddity::Unshown("TIFF")),
            ("a.jxl", b"\xFF\x0A", Oddity::Unshown("JPEG XL")),
            ("a.png", b"<svg xmlns='x'/>", Oddity::Other("SVG")),
            ("a.jpg", b"\xEF\xBB\xBF<?xml version='1.0'?>\n<svg/>", Oddity::Other("SVG")),
            ("a.png", b"%PDF-1.7", Oddity::Other("a PDF document")),
            ("a.gif", b"version https://git-lfs.github.com/spec/v1\n", Oddity::Other("a pointer of Git LFS")),
            ("a.mp3", b"\n<!DOCTYPE HTML>", Oddity::Other("a web page")),
            ("a.mp3", b"\x89PNG\r\n\x1a\n", Oddity::Other("a picture")),
            ("a.png", b"ID3\x03", Oddity::Other("a sound or a film")),
            ("a.jpg", b"\0\0\0\x18ftypisom", Oddity::Other("a sound or a film")),
            ("a.webp", b"PK\x03\x04", Oddity::Other("a zip archive")),
            ("a.aif", b"FORM????AIFF", Oddity::Unplayed("AIFF")),
            ("a.wav", b"FORM????AIFC", Oddity::Unplayed("AIFF")),
            ("a.avi", b"RIFF????AVI ", Oddity::UnplayedFilm("AVI")),
            ("a.mpg", b"?", Oddity::UnplayedFilm("MPEG-1")),
            ("a.mp4", b"\x30\x26\xB2\x75\x8E\x66\xCF\x11", Oddity::UnplayedFilm("Windows Media")),
        ] {
            assert_eq!(odd(name, head), Some(expected), "{name}");
        }
    }

    #[test]
    fn what_readers_make_the_best_of_is_not() {
        for (name, head) in [
            ("a.png", b"\xFF\xD8\xFF\xE0".as_slice()),
            ("a.jpg", b"RIFF????WEBPVP8 "),
            ("a.heic", b"\xFF\xD8\xFF\xE1"),
            ("a.avif", b"\0\0\0\x1Cftypmif1\0\0\0\0mif1avifmiaf"),
            ("a.png", b"not really a picture"),
            ("a.svg", b"<svg/>"),
            ("a.mp3", b"\0\0\0\x18ftypM4A "),
            ("a.mp3", b"\xFF\xFB\x90"),
            ("a.ogg", b"OggS"),
            ("a.webm", b"\x1A\x45\xDF\xA3"),
            ("a.mov", b"\0\0\0\x14ftypqt  "),
            ("a.txt", b""),
        ] {
            assert_eq!(oddity(name, head.len() as u64, head), None, "{name}");
        }
    }
}
