//! Turns the places where systems have their programs into a browser that can print: Chromium, Chrome or Edge.
//!
//! Nothing is started. Knows no arguments.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The program of a path, or of a name that is sought in `PATH`.
pub(super) fn named(name: &OsStr) -> Option<PathBuf> {
    let path = Path::new(name);
    if path.components().count() > 1 || path.is_absolute() {
        return is_program(path).then(|| path.to_owned());
    }
    let found = in_path(&[name.to_owned()], &|name| env::var_os(name)).find(|path| is_program(path));
    found.or_else(|| is_program(path).then(|| path.to_owned()))
}

/// The first browser in `PATH`, then in the usual places.
pub(super) fn usual() -> Option<PathBuf> {
    candidates(System::HERE, &|name| env::var_os(name)).into_iter().find(|path| is_program(path))
}

/// A system, by where it has its programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    Windows,
    Mac,
    /// Linux, and what is like it.
    Unix,
}

impl System {
    const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::Mac
    } else {
        Self::Unix
    };
}

/// Names in `PATH`, the better known to be free of a company's services first.
const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge-stable",
    "microsoft-edge",
];

/// The same on Windows.
const WINDOWS_NAMES: &[&str] = &["chrome.exe", "chromium.exe", "msedge.exe"];

/// Where snaps and the makers' own packages put them, should `PATH` not lead there.
const UNIX_PLACES: &[&str] = &["/snap/bin/chromium", "/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge"];

/// Below `/Applications`, be it the system's or a person's own.
const MAC_PLACES: &[&str] = &[
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];

/// Below the folders that Windows has for programs. Edge comes with it, and is last.
const WINDOWS_PLACES: &[&[&str]] = &[
    &["Chromium", "Application", "chrome.exe"],
    &["Google", "Chrome", "Application", "chrome.exe"],
    &["Microsoft", "Edge", "Application", "msedge.exe"],
];

/// The folders of programs on Windows, by variables of the environment.
const WINDOWS_FOLDERS: &[&str] = &["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"];

/// Where a browser may be, the better places first.
fn candidates(system: System, variable: &dyn Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
    let names = match system {
        System::Windows => WINDOWS_NAMES,
        System::Mac | System::Unix => NAMES,
    };
    let names: Vec<OsString> = names.iter().map(OsString::from).collect();
    let mut places: Vec<PathBuf> = in_path(&names, variable).collect();
    match system {
        System::Unix => places.extend(UNIX_PLACES.iter().map(PathBuf::from)),
        System::Mac => {
            let own = variable("HOME").map(|home| Path::new(&home).join("Applications"));
            let folders: Vec<PathBuf> = [Some(PathBuf::from("/Applications")), own].into_iter().flatten().collect();
            places.extend(MAC_PLACES.iter().flat_map(|place| folders.iter().map(move |folder| folder.join(place))));
        }
        System::Windows => {
            let folders: Vec<PathBuf> =
                WINDOWS_FOLDERS.iter().filter_map(|name| variable(name)).map(PathBuf::from).collect();
            let place = |parts: &&[&str]| parts.iter().collect::<PathBuf>();
            places.extend(
                WINDOWS_PLACES
                    .iter()
                    .map(place)
                    .flat_map(|place| folders.iter().map(move |folder| folder.join(&place))),
            );
        }
    }
    places
}

/// Files of these names in the folders of `PATH`, the first name in all of them first. A folder that is relative to where
/// one is could be a stranger's, and is left out.
fn in_path<'a>(
    names: &'a [OsString],
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> impl Iterator<Item = PathBuf> + use<'a> {
    let path = variable("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).filter(|folder| folder.is_absolute()).collect();
    names.iter().flat_map(move |name| folders.iter().map(|folder| folder.join(name)).collect::<Vec<_>>())
}

fn is_program(path: &Path) -> bool {
    let Ok(data) = path.metadata() else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        data.is_file() && data.permissions().mode() & 0o111 != 0
    }
    #[cfg(not(unix))]
    data.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is looked for on a system with these variables, with `/` between parts.
    fn sought(system: System, variables: &[(&str, &str)]) -> Vec<String> {
        let variable = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        let shown = |path: PathBuf| path.to_string_lossy().replace('\\', "/");
        candidates(system, &variable).into_iter().map(shown).collect()
    }

    #[cfg(unix)]
    #[test]
    fn names_are_sought_in_path_before_usual_places_and_never_where_one_is() {
        let found = sought(System::Unix, &[("PATH", "/a:bin::.:/b")]);
        let start = ["/a/chromium", "/b/chromium", "/a/chromium-browser", "/b/chromium-browser"];
        assert_eq!(found[..4], start);
        assert_eq!(found[2 * NAMES.len()..], *UNIX_PLACES);
        assert!(found.iter().all(|path| path.starts_with('/')), "{found:?}");
        let found = sought(System::Mac, &[("PATH", "/a"), ("HOME", "/Users/me")]);
        let chrome = "Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
        for place in [format!("/{chrome}"), format!("/Users/me/{chrome}")] {
            assert!(found.contains(&place), "{found:?}");
        }
    }

    #[test]
    fn windows_has_edge_where_nothing_else_is() {
        let variables = [("ProgramFiles", "C:/P"), ("ProgramFiles(x86)", "C:/P86"), ("LocalAppData", "C:/L")];
        let found = sought(System::Windows, &variables);
        assert!(found.contains(&"C:/L/Google/Chrome/Application/chrome.exe".to_owned()), "{found:?}");
        assert_eq!(found.last().map(String::as_str), Some("C:/L/Microsoft/Edge/Application/msedge.exe"));
        assert_eq!(found.len(), 9);
        assert_eq!(sought(System::Windows, &[]), [""; 0]);
    }

    #[cfg(unix)]
    #[test]
    fn only_programs_are_found() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chromium");
        assert_eq!(named(path.as_os_str()), None);
        std::fs::write(&path, "").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(named(path.as_os_str()), None, "it may not be run");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(named(path.as_os_str()), Some(path.clone()));
        assert_eq!(named(folder.path().as_os_str()), None, "it is a folder");
        assert!(named("sh".as_ref()).is_some_and(|path| path.is_absolute()));
    }
}
