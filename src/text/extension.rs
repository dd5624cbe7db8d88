//! Turns the end of a file's name into what the file is.
//!
//! Does not look into files.

/// What a media file is for a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    /// Shown.
    Image,
    /// Played.
    Sound,
    /// Shown and played.
    Video,
}

impl MediaKind {
    /// The kind that a file name's extension stands for; `None` where it is no media that Anki plays or shows.
    pub fn of(path: &str) -> Option<Self> {
        media_format(path).map(|format| format.kind)
    }
}

/// The media type of a file (IANA's registry; RFC 2046 for what is none of Anki's media).
pub fn media_type(path: &str) -> &'static str {
    media_format(path).map_or("application/octet-stream", |format| format.media_type)
}

/// Whether a zip makes a file smaller: most pictures and sounds are compressed already, and what is unknown may be.
pub fn shrinks(path: &str) -> bool {
    media_format(path).is_some_and(|format| !format.is_compressed)
}

/// Whether a file may hold notes.
pub fn is_markdown(name: &str) -> bool {
    extension(name)
        .is_some_and(|extension| ["md", "markdown"].iter().any(|known| known.eq_ignore_ascii_case(extension)))
}

struct MediaFormat {
    /// In lower case; those that only some write stand beside the usual one.
    extensions: &'static [&'static str],
    kind: MediaKind,
    media_type: &'static str,
    is_compressed: bool,
}

const fn format(
    extensions: &'static [&'static str],
    kind: MediaKind,
    media_type: &'static str,
    is_compressed: bool,
) -> MediaFormat {
    MediaFormat { extensions, kind, media_type, is_compressed }
}

/// What Anki shows and plays. Where IANA has no type of its own for a format, browsers' one stands here.
const MEDIA_FORMATS: [MediaFormat; 31] = [
    format(&["png"], MediaKind::Image, "image/png", true),
    format(&["jpg", "jpeg", "jpe", "jfif", "pjpeg"], MediaKind::Image, "image/jpeg", true),
    format(&["gif"], MediaKind::Image, "image/gif", true),
    format(&["svg"], MediaKind::Image, "image/svg+xml", false),
    format(&["webp"], MediaKind::Image, "image/webp", true),
    format(&["avif"], MediaKind::Image, "image/avif", true),
    format(&["bmp"], MediaKind::Image, "image/bmp", false),
    format(&["ico"], MediaKind::Image, "image/vnd.microsoft.icon", false),
    format(&["tif", "tiff"], MediaKind::Image, "image/tiff", false),
    format(&["apng"], MediaKind::Image, "image/apng", true),
    format(&["heic", "heif"], MediaKind::Image, "image/heic", true),
    format(&["jxl"], MediaKind::Image, "image/jxl", true),
    format(&["mp3"], MediaKind::Sound, "audio/mpeg", true),
    format(&["ogg", "oga", "opus", "spx"], MediaKind::Sound, "audio/ogg", true),
    format(&["wav"], MediaKind::Sound, "audio/wav", false),
    format(&["flac"], MediaKind::Sound, "audio/flac", true),
    format(&["m4a"], MediaKind::Sound, "audio/mp4", true),
    format(&["aac"], MediaKind::Sound, "audio/aac", true),
    format(&["aiff", "aif"], MediaKind::Sound, "audio/aiff", false),
    format(&["mka"], MediaKind::Sound, "audio/matroska", true),
    format(&["weba"], MediaKind::Sound, "audio/webm", true),
    format(&["3gp"], MediaKind::Sound, "audio/3gpp", true),
    format(&["mp4", "m4v"], MediaKind::Video, "video/mp4", true),
    format(&["webm"], MediaKind::Video, "video/webm", true),
    format(&["mkv"], MediaKind::Video, "video/matroska", true),
    format(&["mov"], MediaKind::Video, "video/quicktime", true),
    format(&["avi"], MediaKind::Video, "video/x-msvideo", true),
    format(&["mpg", "mpeg"], MediaKind::Video, "video/mpeg", true),
    format(&["flv"], MediaKind::Video, "video/x-flv", true),
    format(&["wmv"], MediaKind::Video, "video/x-ms-wmv", true),
    format(&["ogv"], MediaKind::Video, "video/ogg", true),
];

fn media_format(path: &str) -> Option<&'static MediaFormat> {
    let extension = extension(path)?;
    let is_named = |format: &&MediaFormat| format.extensions.iter().any(|known| known.eq_ignore_ascii_case(extension));
    MEDIA_FORMATS.iter().find(is_named)
}

fn extension(path: &str) -> Option<&str> {
    path.rsplit_once('.').map(|(_, extension)| extension)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn extensions_say_what_a_file_is() {
        assert_eq!((MediaKind::of("a/b.PNG"), media_type("a/b.PNG")), (Some(MediaKind::Image), "image/png"));
        assert_eq!((MediaKind::of("a.oga"), media_type("a.oga")), (Some(MediaKind::Sound), "audio/ogg"));
        assert_eq!((MediaKind::of("a.txt"), media_type("a.txt")), (None, "application/octet-stream"));
        assert_eq!((MediaKind::of("png"), MediaKind::of("")), (None, None));
        assert!(shrinks("a.SVG") && shrinks("a.wav") && !shrinks("a.png") && !shrinks("a.txt"));
        assert!(is_markdown("a.Markdown") && is_markdown("a.b.md") && !is_markdown("md") && !is_markdown("a.mdx"));
    }

    #[test]
    fn each_extension_stands_once_and_in_lower_case() {
        let all: Vec<&str> = MEDIA_FORMATS.iter().flat_map(|format| format.extensions).copied().collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        for format in &MEDIA_FORMATS {
            let kind = format.media_type.split('/').next();
            let expected = match format.kind {
                MediaKind::Image => "image",
                MediaKind::Sound => "audio",
                MediaKind::Video => "video",
            };
            assert_eq!(kind, Some(expected), "{}", format.media_type);
            assert!(format.extensions.iter().all(|extension| *extension == extension.to_ascii_lowercase()));
        }
    }
}
