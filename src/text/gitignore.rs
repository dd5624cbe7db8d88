//! Turns the text of a `.gitignore` into whether git passes a file over.
//!
//! The rules are those of gitignore(5): the last line that fits counts, `!` takes back, what ends in `/` is a folder, and what
//! holds a `/` elsewhere is a path from the file's own folder. Knows nothing of other ignore files, nor of what git tracks.

use super::path::below;

/// Which line a file is passed over for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ignored<'a> {
    /// The place of its ignore file among those that were given.
    pub file: usize,
    /// The one-based line.
    pub line: usize,
    /// Its text.
    pub text: &'a str,
}

/// The line that a file is passed over for. `files` are ignore files, those that count more first: the folder that each lies
/// in, and its text. That folder and `path` go from the repository's top, with `/` between their parts.
pub fn ignored<'a>(files: &[(&str, &'a str)], path: &str) -> Option<Ignored<'a>> {
    let folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
    // What lies in a folder that is passed over cannot be taken back.
    let of_folder = folders.filter_map(|folder| last_fit(files, folder, true)).find(|(_, is_ignored)| *is_ignored);
    let of_file = || last_fit(files, path, false).filter(|(_, is_ignored)| *is_ignored);
    of_folder.or_else(of_file).map(|(line, _)| line)
}

/// The line that decides on a path, and whether it is passed over by it.
fn last_fit<'a>(files: &[(&str, &'a str)], path: &str, is_folder: bool) -> Option<(Ignored<'a>, bool)> {
    files.iter().enumerate().find_map(|(file, (base, whole))| {
        let path = below(path, base).filter(|path| !path.is_empty())?;
        let lines: Vec<&str> = whole.lines().take(MAX_LINES).collect();
        lines.into_iter().enumerate().rev().find_map(|(at, text)| {
            let pattern = Pattern::read(text)?;
            let line = Ignored { file, line: at + 1, text };
            pattern.fits(path, is_folder).then_some((line, !pattern.takes_back))
        })
    })
}

/// Whether a path fits a pattern that goes from where the path does: `*` is any name's part, `**` any number of folders.
pub fn fits(pattern: &str, path: &str) -> bool {
    let (parts, names): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    fit(&parts, &names, |part| *part == ANY_FOLDERS, |one, name| name_fits(one, name))
}

/// So many lines are looked at; the longest such files have a few thousand.
const MAX_LINES: usize = 20_000;

/// A line that says something.
struct Pattern<'a> {
    /// Without the marks around it.
    parts: Vec<&'a str>,
    takes_back: bool,
    is_of_folders: bool,
}

impl<'a> Pattern<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let line = without_blanks(line);
        let (line, takes_back) = line.strip_prefix('!').map_or((line, false), |line| (line, true));
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let (line, is_of_folders) = line.strip_suffix('/').map_or((line, false), |line| (line, true));
        let is_anywhere = !line.contains('/');
        let line = line.strip_prefix('/').unwrap_or(line);
        // At the end it is what lies in the folder, not the folder.
        let inside = line.ends_with("/**").then_some("*");
        let parts = is_anywhere.then_some(ANY_FOLDERS).into_iter().chain(line.split('/')).chain(inside).collect();
        Some(Self { parts, takes_back, is_of_folders })
    }

    fn fits(&self, path: &str, is_folder: bool) -> bool {
        let names: Vec<&str> = path.split('/').collect();
        (is_folder || !self.is_of_folders)
            && fit(&self.parts, &names, |part| *part == ANY_FOLDERS, |one, name| name_fits(one, name))
    }
}

/// Stands for any number of folders.
const ANY_FOLDERS: &str = "**";

/// Blanks at a line's end say nothing, unless a backslash stands before them.
fn without_blanks(line: &str) -> &str {
    let bare = line.trim_end_matches([' ', '\r']);
    let is_kept = bare.ends_with('\\') && bare.len() < line.len();
    if is_kept { line.get(..=bare.len()).unwrap_or(bare) } else { bare }
}

fn name_fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<Glyph>, Vec<char>) = (glyphs(pattern), name.chars().collect());
    fit(&pattern, &name, |glyph| matches!(glyph, Glyph::Any), |glyph, &c| glyph.fits(c))
}

/// Whether a row of patterns fits a row of things, one each; those that are `any` fit as many as there are. Where it fails, the
/// last `any` takes one more: no earlier one has to be asked again.
fn fit<P, T>(patterns: &[P], things: &[T], any: impl Fn(&P) -> bool, one: impl Fn(&P, &T) -> bool) -> bool {
    let (mut pattern, mut thing) = (0, 0);
    let mut again: Option<(usize, usize)> = None;
    while let Some(next) = things.get(thing) {
        match patterns.get(pattern) {
            Some(found) if any(found) => {
                again = Some((pattern + 1, thing));
                pattern += 1;
            }
            Some(found) if one(found, next) => (pattern, thing) = (pattern + 1, thing + 1),
            Some(_) | None => {
                let Some((behind, taken)) = again else { return false };
                again = Some((behind, taken + 1));
                (pattern, thing) = (behind, taken + 1);
            }
        }
    }
    patterns.iter().skip(pattern).all(any)
}

/// A piece of a name's pattern.
enum Glyph {
    /// `*`: any characters.
    Any,
    /// `?`: any character.
    One,
    Char(char),
    /// `[a-z]`: one of these ranges, or with `!` none of them.
    Class {
        is_not: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Glyph {
    fn fits(&self, c: char) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::Char(own) => *own == c,
            Self::Class { is_not, ranges } => *is_not != ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)),
        }
    }
}

fn glyphs(pattern: &str) -> Vec<Glyph> {
    let mut glyphs = Vec::new();
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        glyphs.push(match c {
            '*' => Glyph::Any,
            '?' => Glyph::One,
            '\\' => Glyph::Char(rest.next().unwrap_or('\\')),
            '[' => match class(rest.as_str()) {
                Some((class, behind)) => {
                    rest = behind.chars();
                    class
                }
                None => Glyph::Char('['),
            },
            c => Glyph::Char(c),
        });
    }
    glyphs
}

/// What stands behind a `[`, and what stands behind its `]`.
fn class(text: &str) -> Option<(Glyph, &str)> {
    let (text, is_not) = text.strip_prefix(['!', '^']).map_or((text, false), |text| (text, true));
    // A `]` at the start is one of them.
    let first = text.chars().next()?.len_utf8();
    let end = first + text.get(first..)?.find(']')?;
    let (mut ranges, mut inner) = (Vec::new(), text.get(..end)?.chars());
    while let Some(from) = inner.next() {
        let to = inner.as_str().strip_prefix('-').and_then(|rest| rest.chars().next());
        if to.is_some() {
            inner.nth(1);
        }
        ranges.push((from, to.unwrap_or(from)));
    }
    Some((Glyph::Class { is_not, ranges }, text.get(end + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_ignored(text: &str, path: &str) -> bool {
        ignored(&[("", text)], path).is_some()
    }

    /// As `git check-ignore --no-index` 2.47 says of each.
    #[test]
    fn lines_mean_what_they_mean_to_git() {
        for text in [
            "deckle.lock",
            "/deckle.lock",
            "*.lock",
            "**/deckle.lock",
            "*",
            "deckle.*",
            "d?ckle.lock",
            "[a-d]eckle.lock",
            "[!e]eckle.lock",
            "deckle.lock  ",
            "# no\r\n*.lock\r\n",
            "!deckle.lock\n*.lock",
            "deckle\\.lock",
            "*.lo*k*",
        ] {
            assert!(is_ignored(text, "deckle.lock"), "{text}");
        }
        for text in [
            "",
            "# deckle.lock",
            "deckle.lock/",
            "*.lock\n!deckle.lock",
            "a/*.lock",
            "deckle.lock\\ ",
            "[a-c]eckle.lock",
            "lock",
            "[!d]eckle.lock",
            "dist/",
            "?.lock",
            "*.lock?",
            "[deckle.lock",
            "/*/deckle.lock",
        ] {
            assert!(!is_ignored(text, "deckle.lock"), "{text}");
        }
    }

    #[test]
    fn paths_go_from_the_folder_of_the_file() {
        for text in [
            "notes/",
            "/notes",
            "notes/deckle.lock",
            "n*/*.lock",
            "notes/**",
            "**/deckle.lock",
            "deckle.lock",
            "*\n!deckle.lock",
        ] {
            assert!(is_ignored(text, "notes/deckle.lock"), "{text}");
        }
        for text in [
            "/deckle.lock",
            "notes/*/deckle.lock",
            "other/",
            "*/\n!notes/",
            "note",
            "notes/**\n!notes/deckle.lock",
            "/notes/**\n!deckle.lock",
            "**/notes/**\n!deckle.lock",
            "notes/deckle.lock/**",
            "notes/**/",
        ] {
            assert!(!is_ignored(text, "notes/deckle.lock"), "{text}");
        }
        assert!(is_ignored("a/**/deckle.lock", "a/b/c/deckle.lock") && is_ignored("a/**/deckle.lock", "a/deckle.lock"));
    }

    #[test]
    fn the_line_is_named() {
        let found = ignored(&[("", "dist/\n\n*.lock\n")], "deckle.lock");
        assert_eq!(found, Some(Ignored { file: 0, line: 3, text: "*.lock" }));
    }

    #[test]
    fn the_nearest_file_decides_unless_a_folder_above_is_passed_over() {
        let file_of = |files: &[(&str, &str)]| ignored(files, "a/deckle.lock").map(|found| found.file);
        assert_eq!(file_of(&[("a", "!*.lock"), ("", "*.lock")]), None);
        assert_eq!(file_of(&[("a", "/deckle.lock"), ("", "!*.lock")]), Some(0));
        assert_eq!(file_of(&[("a", "dist/"), ("", "*.lock")]), Some(1));
        assert_eq!(file_of(&[("a", "!deckle.lock"), ("", "/a/")]), Some(1));
    }

    #[test]
    fn no_pattern_takes_long() {
        let text = format!("{}b\n", "*a".repeat(2_000));
        assert!(!is_ignored(&text, &"a".repeat(2_000)));
    }
}
