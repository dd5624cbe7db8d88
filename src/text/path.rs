//! Takes paths apart whose parts are joined by `/`, as the project's own are on every system.
//!
//! Knows no disk.

use unicode_normalization::UnicodeNormalization;

/// The folder that a path lies in; empty where it lies in none.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The last part of a path without its extension.
pub fn stem(path: &str) -> &str {
    let name = file_name(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The path as it goes from a folder that it is or lies below; `None` where it does not. The empty folder holds all.
pub fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// The folder that a path lies in if it is called so from there: the other way round than [`below`].
pub fn before<'a>(path: &'a str, below: &str) -> &'a str {
    path.strip_suffix(below).unwrap_or_default().trim_end_matches('/')
}

/// A name in a folder; the empty folder adds nothing.
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The path that another one means from a folder, without `.` and `..`; what leads out of all folders starts with `..`.
pub fn resolve(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// How many folders one goes up and down from a folder to another.
pub fn steps(from: &str, to: &str) -> usize {
    let parts = |path| str::split(path, '/').filter(|part| !part.is_empty());
    let same = parts(from).zip(parts(to)).take_while(|(one, other)| one == other).count();
    parts(from).count() + parts(to).count() - 2 * same
}

/// A path as it is from a folder: up with `..`, and down.
pub fn relative(folder: &str, path: &str) -> String {
    let parts = |path| str::split(path, '/').filter(|part| !part.is_empty());
    let same = parts(folder).zip(parts(parent(path))).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..", parts(folder).count() - same);
    up.chain(parts(path).skip(same)).collect::<Vec<_>>().join("/")
}

/// The form in which disks compare names that know no case and take all normal forms of Unicode for one.
pub fn fold(path: &str) -> String {
    if path.is_ascii() { path.to_ascii_lowercase() } else { path.to_lowercase().nfc().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_as_they_are_from_a_folder() {
        assert_eq!((relative("", "a/b.md"), relative("a", "a/b.md")), ("a/b.md".into(), "b.md".into()));
        assert_eq!(relative("a/c/d", "a/b/e.md"), "../../b/e.md");
        assert_eq!(relative("x/b", "b/e.md"), "../../b/e.md");
    }

    #[test]
    fn paths_are_taken_apart() {
        assert_eq!((parent("a/b/c.d.md"), file_name("a/b/c.d.md"), stem("a/b/c.d.md")), ("a/b", "c.d.md", "c.d"));
        assert_eq!((parent("a"), file_name("a"), stem("a.b/c")), ("", "a", "c"));
        assert_eq!((join("", "a"), join("a/b", "c")), ("a".to_owned(), "a/b/c".to_owned()));
    }

    #[test]
    fn paths_go_from_a_folder() {
        assert_eq!([resolve("a/b", "../c"), resolve("", "./x//../c"), resolve("a", "/c/")], ["a/c", "c", "a/c"]);
        assert_eq!([resolve("a", "../../c"), resolve("../a", "../../c"), resolve("", "./")], ["../c", "../../c", ""]);
    }

    #[test]
    fn steps_go_up_and_down() {
        assert_eq!([steps("a/b", "a/b"), steps("a/b", "a"), steps("a/b", "a/c/d"), steps("", "a")], [0, 1, 3, 1]);
    }

    #[test]
    fn a_folder_holds_itself_and_what_is_below_and_no_namesake() {
        assert_eq!([below("a/b", "a"), below("a", "a"), below("a/b", "")], [Some("b"), Some(""), Some("a/b")]);
        assert_eq!([before("a/b/c", "b/c"), before("c", "c"), before("a/b", "c")], ["a", "", ""]);
        assert_eq!([below("ab/c", "a"), below("b", "a"), below("a", "a/b")], [None; 3]);
    }
}
