//! The font of formulas, as a style that needs no other file.

use std::sync::LazyLock;

use crate::text::data;

/// The style that embeds the math font where a page has math, else nothing.
///
/// The font is Noto Sans Math 3.0 (SIL Open Font License 1.1, `src/html/math-OFL.txt`) with the characters that TeX
/// has commands for.
pub fn math_face(has_math: bool) -> &'static str {
    static FACE: LazyLock<String> = LazyLock::new(|| {
        let address = data::address("font/woff2", include_bytes!("math.woff2"));
        format!("@font-face {{ font-family: \"deckle math\"; src: url({address}) format(\"woff2\") }}")
    });
    if has_math { &FACE } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_math_font_comes_only_with_math() {
        assert_eq!(math_face(false), "");
        assert!(math_face(true).contains("url(data:font/woff2;base64,d09GMg"), "a WOFF 2 file starts with wOF2");
    }
}
