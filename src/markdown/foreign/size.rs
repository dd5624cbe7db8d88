//! Turns what people write of a picture's size, in all the dialects that have it, into that size.
//!
//! Knows none of the places where it is written.

use crate::ir::Size;

/// A size as it stands behind a bar or an equals sign: `300`, `300x200`, `300x`, `x200`, `50%`.
pub(in crate::markdown) fn of_pair(text: &str) -> Option<Size> {
    let (width, height) = text.trim().split_once(['x', 'X']).unwrap_or((text.trim(), ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut size = Size::default();
    if !width.is_empty() {
        is_number(width.strip_suffix('%').unwrap_or(width)).then_some(())?;
        set_width(&mut size, width).then_some(())?;
    }
    if !height.is_empty() {
        size.height = Some(is_number(height).then(|| height.parse().ok())??);
    }
    (size != Size::default()).then_some(size)
}

/// Alt text that ends in a size behind a bar, as Obsidian writes it (`alt|300`): the text, and the size.
pub(in crate::markdown) fn split_alt(alt: &str) -> (&str, Size) {
    // A bare number is an alt text like any other, unless a bar says that it is a size.
    let found = alt.rsplit_once('|').and_then(|(text, size)| Some((text.trim_end(), of_pair(size)?)));
    found.unwrap_or((alt, Size::default()))
}

/// Sets the width by a value as attributes have it: `300`, `300px`, `20.5`, `5cm`, `50%`. Whether it is one.
pub(in crate::markdown) fn set_width(size: &mut Size, value: &str) -> bool {
    let Some(percent) = value.strip_suffix('%') else {
        let pixels = pixels(value);
        size.width = pixels.or(size.width);
        return pixels.is_some();
    };
    let percent = whole(percent).filter(|percent| *percent > 0).and_then(|percent| u8::try_from(percent.min(100)).ok());
    size.percent = percent.or(size.percent);
    percent.is_some()
}

/// Sets the height, of which nothing is a part.
pub(in crate::markdown) fn set_height(size: &mut Size, value: &str) -> bool {
    let pixels = pixels(value);
    size.height = pixels.or(size.height);
    pixels.is_some()
}

/// Units of length, and how many of them are how many CSS pixels (CSS Values and Units, section 6.2).
const UNITS: [(&str, u64, u64); 5] = [("pt", 3, 4), ("mm", 254, 960), ("cm", 254, 9_600), ("in", 1, 96), ("em", 1, 16)];

/// A length in CSS pixels.
fn pixels(value: &str) -> Option<u32> {
    let unit = UNITS.iter().find_map(|(unit, units, pixels)| Some((value.strip_suffix(unit)?, units, pixels)));
    let Some((number, units, pixels)) = unit else { return whole(value.strip_suffix("px").unwrap_or(value)) };
    let (whole, rest) = number.trim().split_once('.').unwrap_or((number.trim(), ""));
    let hundredths = format!("{whole}{:0<2}", rest.get(..rest.len().min(2))?);
    let length = hundredths.parse::<u64>().ok()?.checked_mul(*pixels)? / units;
    u32::try_from(length.checked_add(50)? / 100).ok().filter(|length| *length > 0)
}

/// A number without what stands behind its point.
fn whole(number: &str) -> Option<u32> {
    number.trim().split('.').next().unwrap_or_default().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(width: u32, height: u32, percent: u8) -> Size {
        let some = |number| Some(number).filter(|number| *number > 0);
        Size { width: some(width), height: some(height), percent: Some(percent).filter(|percent| *percent > 0) }
    }

    #[test]
    fn pairs_are_read() {
        for (text, expected) in [
            ("300", size(300, 0, 0)),
            ("300x200", size(300, 200, 0)),
            ("300x", size(300, 0, 0)),
            ("x200", size(0, 200, 0)),
            (" 40X30 ", size(40, 30, 0)),
            ("50%", size(0, 0, 50)),
            ("50%x", size(0, 0, 50)),
            ("250%", size(0, 0, 100)),
        ] {
            assert_eq!(of_pair(text), Some(expected), "{text}");
        }
        for text in ["", "x", "a", "3x4x5", "0%", "%", "50%%", "-3", "+3", "3px", "1.5", "x50%", "99999999999"] {
            assert_eq!(of_pair(text), None, "{text}");
        }
    }

    #[test]
    fn sizes_stand_behind_a_bar() {
        assert_eq!(split_alt("a|300"), ("a", size(300, 0, 0)));
        assert_eq!(split_alt("a |300x200"), ("a", size(300, 200, 0)));
        assert_eq!(split_alt("|40"), ("", size(40, 0, 0)));
        assert_eq!(split_alt("a|b|50%"), ("a|b", size(0, 0, 50)));
        for text in ["2024", "a|b", "50%", "300x200"] {
            assert_eq!(split_alt(text), (text, Size::default()));
        }
    }

    #[test]
    fn values_of_attributes_have_units() {
        for (value, expected) in [
            ("300", size(300, 0, 0)),
            ("300px", size(300, 0, 0)),
            ("20.5", size(20, 0, 0)),
            ("33.3%", size(0, 0, 33)),
            ("2.54cm", size(96, 0, 0)),
            ("1in", size(96, 0, 0)),
            ("12pt", size(16, 0, 0)),
            ("2em", size(32, 0, 0)),
            ("auto", size(0, 0, 0)),
            ("-1cm", size(0, 0, 0)),
            ("1e9cm", size(0, 0, 0)),
            ("99999999999999999999cm", size(0, 0, 0)),
            ("11529215046068469.75em", size(0, 0, 0)),
            ("184467440737095516.15in", size(0, 0, 0)),
            ("99999999999.5%", size(0, 0, 0)),
            ("0.001mm", size(0, 0, 0)),
            (".5in", size(48, 0, 0)),
            ("ä.ßcm", size(0, 0, 0)),
        ] {
            let mut read = Size::default();
            assert_eq!(set_width(&mut read, value), expected != Size::default(), "{value}");
            assert_eq!(read, expected, "{value}");
        }
    }
}
