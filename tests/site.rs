//! Makes sites with settings that are wrong, hostile or another book's, and beside other people's files.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod program;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use program::{command, project};
use tempfile::TempDir;

const SETTINGS: &str = "[book]\ntitle = \"N\"\nsrc = \"dist/book\"\n\n[output.html]\nadditional-css = [\"dist/book/deckle.css\"]\n\
                        additional-js = [\"dist/book/deckle.js\"]\n\n[output.html.print]\nenable = false\n";

/// A project of two files with these settings of its site.
fn notes(book_toml: &str) -> TempDir {
    project(&[
        ("deckle.yaml", "id: site\nname: N\ndeck: N\n"),
        ("content/tea.md", "# Tea\n\n## Is it hot?\n\nYes.\n"),
        ("content/milk.md", "# Milk\n\n## Is it white?\n\nYes.\n"),
        ("book.toml", book_toml),
    ])
}

/// Status and all that is said.
fn deckle(folder: &Path, args: &[&str]) -> (i32, String) {
    let output = command(folder, args).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

fn put(folder: &Path, name: &str, text: &str) {
    fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
    fs::write(folder.join(name), text).unwrap();
}

fn page(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join("dist/site").join(name)).unwrap()
}

#[test]
fn wrong_settings_cost_the_site_alone() {
    let folder = notes(SETTINGS);
    let root = folder.path();
    assert_eq!(deckle(root, &["build"]).0, 0);
    let before = page(root, "tea.html");
    let broken_template =
        [("theme/index.hbs", "{{#if title}}"), ("theme/head.hbs", "{{fa \"solid\" \"no-such-icon\"}}")];
    for (settings, theme) in [
        ("[book\n", None),
        ("src = 1\n", None),
        ("[book]\nsrc = \"dist/book\"\n[output.html]\nadditional_css = []\n", None),
        (SETTINGS, Some(broken_template[0])),
        (SETTINGS, Some(broken_template[1])),
    ] {
        put(root, "book.toml", settings);
        let (name, text) = theme.unwrap_or(("theme/none", ""));
        put(root, name, text);
        put(root, "content/tea.md", &format!("# Tea\n\n## Is it hot?\n\n{settings:.9} {name}.\n"));
        let (status, said) = deckle(root, &["build"]);
        assert!(status == 0 && said.contains("warning[bad-book-toml]") && said.contains("wrote dist/n.apkg"), "{said}");
        assert_eq!(page(root, "tea.html"), before, "{said}");
        let (status, said) = deckle(root, &["build", "-f", "site"]);
        assert!(status == 1 && said.contains("error[bad-book-toml]"), "{said}");
        assert_eq!(page(root, "tea.html"), before, "{said}");
        fs::remove_dir_all(root.join("theme")).unwrap();
    }
    put(root, "book.toml", SETTINGS);
    assert_eq!(deckle(root, &["build"]).0, 0);
    assert_ne!(page(root, "tea.html"), before, "what was mended is made");
}

#[test]
fn a_refusal_names_what_its_reader_knows() {
    let folder = notes("");
    for (from, why) in [
        ("/tea.html/x", "failed to create directory `tea.html`"),
        ("/index.html", "existing chapter at `/index.html`; Either delete the redirect"),
    ] {
        let settings = format!("{SETTINGS}[output.html.redirect]\n\"{from}\" = \"milk.html\"\n");
        put(folder.path(), "book.toml", &settings);
        let (status, said) = deckle(folder.path(), &["build", "-f", "site"]);
        assert!(status == 1 && said.contains(why), "{said}");
    }
}

#[test]
fn settings_read_and_write_nothing_outside_and_start_nothing() {
    for more in [
        "[output.html]\nadditional-css = [\"../secret.css\"]\n",
        "[output.html]\nadditional-js = [\"link.js\"]\n",
        "[output.html]\ntheme = \"..\"\n",
        "[output.html]\ninput-404 = \"../../secret.css\"\n",
        "[output.html.redirect]\n\"/../../../written.html\" = \"x\"\n",
        "[preprocessor.evil]\ncommand = \"touch started\"\n",
        "[output.evil]\ncommand = \"touch started\"\n",
    ] {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("notes");
        put(outer.path(), "secret.css", "secret");
        put(&root, "deckle.yaml", "id: site\nname: N\ndeck: N\n");
        put(&root, "content/tea.md", "# Tea\n\n## Is it hot?\n\nYes.\n");
        put(&root, "book.toml", &format!("[book]\nsrc = \"dist/book\"\n{more}"));
        std::os::unix::fs::symlink("../secret.css", root.join("link.js")).unwrap();
        let (status, said) = deckle(&root, &["build"]);
        assert!(status == 0, "{more}: {said}");
        let names: Vec<_> = fs::read_dir(outer.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names.len(), 2, "{more}: {names:?}");
        assert!(!root.join("started").exists() && !root.join("dist/started").exists(), "{more}");
        let holds_secret = |path: &Path| fs::read_to_string(path).is_ok_and(|text| text.contains("secret"));
        let mut folders = vec![root.join("dist")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    assert!(!holds_secret(&path), "{more}: {}", path.display());
                }
            }
        }
    }
}

#[test]
fn what_somebody_else_put_there_stays() {
    let folder = notes(SETTINGS);
    let root = folder.path();
    // A site of somebody else's.
    put(root, "dist/site/index.html", "theirs");
    let (status, said) = deckle(root, &["build"]);
    assert!(status == 3 && said.contains("deckle did not make it"), "{said}");
    assert!(!root.join("dist/n.apkg").exists(), "nothing is written");
    // One that mdBook made of this book.
    put(root, "dist/site/deckle.js", "");
    put(root, "dist/site/theirs.txt", "theirs");
    assert_eq!(deckle(root, &["build"]).0, 0);
    assert!(page(root, "index.html").contains("<main>"));
    fs::rename(root.join("content/milk.md"), root.join("content/cream.md")).unwrap();
    assert_eq!(deckle(root, &["build"]).0, 0);
    assert!(!root.join("dist/site/milk.html").exists() && root.join("dist/site/cream.html").exists());
    assert_eq!(page(root, "theirs.txt"), "theirs");
}

#[test]
fn settings_of_another_book_are_passed_over_and_that_is_said() {
    let folder = notes("[book]\ntitle = \"Theirs\"\nsrc = \"src\"\n");
    let (status, said) = deckle(folder.path(), &["build", "-v"]);
    assert!(status == 0 && said.contains("book.toml is another book's"), "{said}");
    assert!(!page(folder.path(), "tea.html").contains("Theirs"));
    put(folder.path(), "book.toml", SETTINGS);
    assert!(!deckle(folder.path(), &["build", "-v"]).1.contains("another book's"));
}

#[test]
fn what_did_not_change_is_not_written() {
    let folder = notes(SETTINGS);
    let root = folder.path();
    let inode = |name: &str| fs::metadata(root.join("dist/site").join(name)).unwrap().ino();
    assert_eq!(deckle(root, &["build"]).0, 0);
    let names = ["milk.html", "toc.html", "404.html", "tea.html"];
    let before = names.map(inode);
    put(root, "content/tea.md", "# Tea\n\n## Is it hot?\n\nNo.\n");
    assert_eq!(deckle(root, &["build"]).0, 0);
    let now = names.map(inode);
    assert_eq!(now[..3], before[..3]);
    assert!(now[3] != before[3] && page(root, "tea.html").contains("No."));
    assert_eq!(inode("n.apkg"), fs::metadata(root.join("dist/n.apkg")).unwrap().ino(), "one file on the disk");
}

#[test]
fn a_site_alone_leaves_no_book_behind() {
    let folder = notes(SETTINGS);
    let root = folder.path();
    assert_eq!(deckle(root, &["build", "-f", "site"]).0, 0);
    assert!(page(root, "tea.html").contains("Is it hot?"));
    for other in ["book", "n.apkg", "print"] {
        assert!(!root.join("dist").join(other).exists(), "{other}");
    }
    // All that its pages offer is there, at first and where it is made anew.
    for text in ["Yes.", "No."] {
        put(root, "content/tea.md", &format!("# Tea\n\n## Is it hot?\n\n{text}\n"));
        assert_eq!(deckle(root, &["build", "-f", "site"]).0, 0);
        for offered in ["n.apkg", "print/n-cards.html", "print/n-sheet.html"] {
            assert!(page(root, "index.html").contains(offered), "{offered}");
            assert!(fs::metadata(root.join("dist/site").join(offered)).unwrap().len() > 1000, "{offered}");
        }
        assert!(page(root, "print/n-cards.html").contains(text));
    }
    // Some files alone make no site.
    assert_eq!(deckle(root, &["build"]).0, 0);
    let before = page(root, "milk.html");
    let (status, said) = deckle(root, &["build", "content/tea.md"]);
    assert!(status == 0 && said.contains("study site not made anew"), "{said}");
    assert_eq!(page(root, "milk.html"), before);
}
