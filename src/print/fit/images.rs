//! Turns an image's bytes into its size in CSS pixels.
//!
//! Knows the heads of PNG, GIF, JPEG, WebP and SVG, no more.

use crate::text::extension::media_type;
use crate::text::tags::{self, Tag};

/// What an image says of its size, taken from its bytes as they come.
pub struct ImageHead {
    is_drawing: bool,
    /// The first bytes; of a drawing all.
    kept: Vec<u8>,
    segments: Segments,
}

/// So many bytes say it in all formats but JPEG and SVG.
const KEPT: usize = 32;

impl ImageHead {
    /// That of a file whose bytes are to come.
    pub fn new(path: &str) -> Self {
        let is_drawing = media_type(path) == "image/svg+xml";
        Self { is_drawing, kept: Vec::new(), segments: Segments::default() }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.is_drawing {
            return self.kept.extend_from_slice(bytes);
        }
        let room = KEPT.saturating_sub(self.kept.len());
        self.kept.extend(bytes.iter().take(room));
        self.segments.push(bytes);
    }

    /// Width and height, when all bytes have come; `None` where the format is another one, or the image does not say.
    pub fn size(&self) -> Option<[f32; 2]> {
        let bytes = self.kept.as_slice();
        let size = if self.is_drawing {
            svg(std::str::from_utf8(bytes).ok()?)
        } else {
            png(bytes).or_else(|| gif(bytes)).or_else(|| webp(bytes)).or_else(|| self.segments.size_in(bytes))
        };
        size.filter(|[width, height]| *width >= 1.0 && *height >= 1.0)
    }
}

/// ISO/IEC 15948: the first chunk is `IHDR`, width and height at its start.
fn png(bytes: &[u8]) -> Option<[f32; 2]> {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n").then_some(())?;
    Some([large(bytes.get(16..20)?)?, large(bytes.get(20..24)?)?])
}

/// The logical screen's size follows the signature.
fn gif(bytes: &[u8]) -> Option<[f32; 2]> {
    (bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a")).then_some(())?;
    let &[a, b, c, d] = bytes.get(6..10)? else { return None };
    Some([f32::from(u16::from_le_bytes([a, b])), f32::from(u16::from_le_bytes([c, d]))])
}

/// RFC 9649: lossy, lossless and extended files say it in three ways.
fn webp(bytes: &[u8]) -> Option<[f32; 2]> {
    (bytes.starts_with(b"RIFF") && bytes.get(8..12)? == b"WEBP").then_some(())?;
    let at = |place: usize| bytes.get(place).copied().map(u32::from);
    let sides = match bytes.get(12..16)? {
        b"VP8 " => [at(26)? | (at(27)? & 0x3F) << 8, at(28)? | (at(29)? & 0x3F) << 8],
        b"VP8L" => {
            let bits = at(21)? | at(22)? << 8 | at(23)? << 16 | at(24)? << 24;
            [(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1]
        }
        b"VP8X" => [(at(24)? | at(25)? << 8 | at(26)? << 16) + 1, (at(27)? | at(28)? << 8 | at(29)? << 16) + 1],
        _ => return None,
    };
    Some([side(sides[0])?, side(sides[1])?])
}

/// ITU-T T.81: segments up to a start of frame, which holds height and width. Photographs have 100 kB and more before it.
#[derive(Default)]
struct Segments {
    /// How many bytes have come.
    seen: u64,
    /// How many bytes stand before the segment.
    before: u64,
    /// The segment's first bytes.
    head: Vec<u8>,
    /// Whether the segments are at their end, or are none.
    is_over: bool,
    size: Option<[f32; 2]>,
}

/// Up to width and height, where it is a start of frame.
const SEGMENT_HEAD: usize = 9;

impl Segments {
    fn push(&mut self, bytes: &[u8]) {
        let start = self.seen;
        self.seen += bytes.len() as u64;
        while !self.is_over {
            // Behind the two bytes of the signature; what came before this call has been taken or is passed over.
            let wanted = 2 + self.before + self.head.len() as u64 - start;
            let rest = usize::try_from(wanted).ok().and_then(|wanted| bytes.get(wanted..)).unwrap_or_default();
            self.head.extend(rest.iter().take(SEGMENT_HEAD - self.head.len()));
            let &[marker, kind, high, low, _, a, b, c, d] = self.head.as_slice() else { return };
            let is_frame = matches!(kind, 0xC0..=0xCF) && !matches!(kind, 0xC4 | 0xC8 | 0xCC);
            self.is_over = marker != 0xFF || is_frame;
            if marker == 0xFF && is_frame {
                self.size = Some([[c, d], [a, b]].map(|side| f32::from(u16::from_be_bytes(side))));
            }
            // The next one may start within the bytes that are there, or far behind them.
            let length = 2 + usize::from(u16::from_be_bytes([high, low]));
            self.before += length as u64;
            self.head.drain(..length.min(SEGMENT_HEAD));
        }
    }

    /// The size, where the image's first bytes are a JPEG's.
    fn size_in(&self, first: &[u8]) -> Option<[f32; 2]> {
        self.size.filter(|_| first.starts_with(b"\xFF\xD8"))
    }
}

/// The size of an SVG file's outermost element.
fn svg(text: &str) -> Option<[f32; 2]> {
    // XML lets the name stand behind that of its namespace.
    drawing_size(&tags::tags(text).find(|tag| tag.name.rsplit(':').next() == Some("svg")).filter(|tag| tag.is_closed)?)
}

/// A drawing's `width` and `height`, else those of its `viewBox`: then the image takes what it gets, which is said by a
/// width that no page has.
pub(super) fn drawing_size(tag: &Tag<'_>) -> Option<[f32; 2]> {
    if let (Some(width), Some(height)) = (side_of(tag, "width"), side_of(tag, "height")) {
        return Some([width, height]);
    }
    let view = tag.attribute("viewBox")?.value?;
    let numbers: Vec<f32> = view.split([' ', ',']).filter_map(|number| number.parse().ok()).collect();
    match numbers[..] {
        [_, _, width, height] if width > 0.0 => Some([WIDE, WIDE * height / width]),
        _ => None,
    }
}

/// A side that a tag gives its image, in CSS pixels.
pub(super) fn side_of(tag: &Tag<'_>, name: &str) -> Option<f32> {
    length(tag.attribute(name)?.value?)
}

/// The same where a style may say it too, which counts for more.
pub(super) fn shown_side(tag: &Tag<'_>, name: &str) -> Option<f32> {
    declared(tag, name).map_or_else(|| side_of(tag, name), length)
}

/// What a tag's style declares a property to be; of several, the last counts.
pub(super) fn declared<'t>(tag: &Tag<'t>, property: &str) -> Option<&'t str> {
    let declarations = tag.attribute("style")?.value?.rsplit(';').filter_map(|declaration| declaration.split_once(':'));
    let mut values = declarations.filter(|(name, _)| name.trim().eq_ignore_ascii_case(property));
    values.next().map(|(_, value)| value)
}

/// The part of its line's width that a tag gives its image.
pub(super) fn share_of(tag: &Tag<'_>) -> Option<f32> {
    let width = || tag.attribute("width")?.value;
    let percent: f32 = declared(tag, "width").or_else(width)?.trim().strip_suffix('%')?.parse().ok()?;
    (percent > 0.0).then(|| percent.min(100.0) / 100.0)
}

/// Wider than any page, in CSS pixels.
const WIDE: f32 = 5_000.0;

/// CSS's lengths, in CSS pixels; a percentage is none.
pub(super) fn length(text: &str) -> Option<f32> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let pixels = match unit.trim() {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "mm" => 96.0 / 25.4,
        "cm" => 960.0 / 25.4,
        "in" => 96.0,
        "em" | "rem" => 16.0,
        _ => return None,
    };
    Some(number.parse::<f32>().ok()? * pixels)
}

fn large(bytes: &[u8]) -> Option<f32> {
    side(bytes.iter().fold(0, |number, &byte| number << 8 | u32::from(byte)))
}

/// Browsers show no image with sides of more than 65535 pixels.
fn side(pixels: u32) -> Option<f32> {
    u16::try_from(pixels).ok().map(f32::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, whether the bytes come at once or one by one.
    fn size(path: &str, bytes: &[u8]) -> Option<[f32; 2]> {
        let [mut at_once, mut one_by_one] = [ImageHead::new(path), ImageHead::new(path)];
        at_once.push(bytes);
        bytes.chunks(1).for_each(|byte| one_by_one.push(byte));
        assert_eq!(at_once.size(), one_by_one.size());
        at_once.size()
    }

    #[test]
    fn sizes_are_read_from_heads() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x2c\0\0\0\xc8";
        assert_eq!(size("a.png", png), Some([300.0, 200.0]));
        assert_eq!(size("a.gif", b"GIF89a\x2c\x01\xc8\0"), Some([300.0, 200.0]));
        let jpeg = b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xC2\0\x0b\x08\0\xc8\x01\x2c";
        assert_eq!(size("a.jpg", jpeg), Some([300.0, 200.0]));
        let long = [b"\xFF\xD8\xFF\xE1\xFF\xFF".as_slice(), &vec![0; 65_533], &jpeg[2..]].concat();
        assert_eq!(size("a.jpg", &long), Some([300.0, 200.0]));
        assert_eq!(size("a.jpg", &long[..65_541]), None);
        let mut webp = b"RIFF\0\0\0\0WEBPVP8X".to_vec();
        webp.extend([10, 0, 0, 0, 0, 0, 0, 0, 43, 1, 0, 199, 0, 0]);
        assert_eq!(size("a.webp", &webp), Some([300.0, 200.0]));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn segments_of_any_length_are_followed(bytes in prop::collection::vec(
            prop_oneof![Just(0xFF), Just(0xC0), 0..12_u8, any::<u8>()],
            0..60,
        )) {
            size("a.jpg", &[b"\xFF\xD8".as_slice(), &bytes].concat());
        }
    }

    #[test]
    fn drawings_say_their_size_or_their_shape() {
        assert_eq!(size("a.svg", b"<svg width='10mm' height=\"96\">"), Some([960.0 / 25.4, 96.0]));
        assert_eq!(size("a.svg", b"<?xml?><svg stroke-width='2' viewBox='0 0 4 3'>"), Some([WIDE, WIDE * 0.75]));
        assert_eq!(size("a.svg", b"<!-- <svg --><s:svg width=\"3\" height=\"4\">"), Some([3.0, 4.0]));
        assert_eq!(size("a.svg", b"<svg width='100%' height='100%'>"), None);
        assert_eq!((size("a.png", b""), size("a.jpg", b"\xFF\xD8\xFF"), size("a.svg", b"<svg")), (None, None, None));
    }
}
