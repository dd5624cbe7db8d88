//! Turns paths into absolute ones.

use std::path::{Component, Path, PathBuf};

use crate::Error;

/// The path from the root of the disk, without `.` and `..`; symbolic links stay as they are.
pub fn absolute(path: &Path) -> Result<PathBuf, Error> {
    let path = std::path::absolute(path).map_err(|cause| Error::new("cannot find", path, cause))?;
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => clean.push(part),
        }
    }
    Ok(clean)
}
