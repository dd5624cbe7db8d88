//! Images and sounds: how content names them, and what is packed.

use schemars::JsonSchema;
use serde::Serialize;

use crate::source::Blob;

/// How content names an image or a sound.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum MediaRef {
    /// A file of the project.
    Local {
        /// Relative to the project's root, percent-decoded, without `.` and `..` in the middle, parts joined by `/`.
        path: String,
    },
    /// Something on the network or inline (`data:`), left as it is.
    Remote {
        /// The address as written.
        url: String,
    },
}

/// How large content wants an image to be. Without any of it, it is as large as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Size {
    /// CSS pixels, where given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// CSS pixels, where given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Its width as a part of that of what holds it, 1 to 100, where given; a width in pixels gives way to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
}

impl Size {
    /// This, and what it does not say as the other one does.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let has_width = self.width.is_some() || self.percent.is_some();
        let width = if has_width { self } else { other };
        Self { width: width.width, height: self.height.or(other.height), percent: width.percent }
    }
}

/// A file that content uses.
#[derive(Clone, Serialize, JsonSchema)]
pub struct Media {
    /// As in [`MediaRef::Local`].
    pub path: String,
    /// Where the file is, as in [`MediaRef::Local`], if it was found elsewhere than at `path`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The name in packages and sites: `stem-<hash8>.ext`, in NFC, safe on every system.
    pub name: String,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Width and height of an image in CSS pixels; `None` where it does not say, or is none.
    #[serde(skip)]
    pub size: Option<[f32; 2]>,
    /// The file's bytes.
    #[serde(skip)]
    pub blob: Blob,
}

impl std::fmt::Debug for Media {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Media({} as {}, {} bytes)", self.path, self.name, self.blob.length())
    }
}
