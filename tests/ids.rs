//! Runs the commands that say and answer who is who, and compares what they say to the letter.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod folder;

use std::fs;

use folder::Folder;

