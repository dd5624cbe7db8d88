//! Turns the text of a case into the files of its project.

use crate::project::File;

/// The files of a case: `note.md` up to the first line `=== path`, then that file, and so on.
pub(crate) fn files_of_case(text: &str) -> Vec<File> {
    let (mut files, mut name, mut body) = (Vec::new(), "note.md", String::new());
    for line in text.split_inclusive('\n') {
        if let Some(next) = line.strip_prefix("=== ") {
            if !(files.is_empty() && body.is_empty()) {
                files.push(File::new(name, &body));
            }
            (name, body) = (next, String::new());
        } else {
            body.push_str(line);
        }
    }
    files.push(File::new(name, &body));
    files
}
