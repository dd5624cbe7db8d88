//! Builds into folders that hold links, other people's files and what killed builds left, and holds that nothing is written,
//! changed or removed but outputs; and that builds at once do not meet.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test fails by a panic")]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// What is somebody else's.
const THEIRS: &str = "somebody else's";

#[test]
fn no_output_leaves_its_folder_by_a_link() {
    for (name, target) in [
        ("dist/x.apkg", "theirs/file"),
        ("dist/print", "theirs"),
        ("dist/book", "theirs"),
        ("dist/book/sub", "theirs"),
        ("dist/site", "theirs"),
        ("dist/site/index.html", "theirs/file"),
        ("dist/book/SUMMARY.md", "theirs/file"),
        ("dist/print/x-cards.html", "theirs/file"),
        ("dist/.deckle-files", "theirs/file"),
        ("dist/deckle.json", "theirs/file"),
        ("dist/print", "project/content"),
        ("dist/x.apkg", "project/content/note.md"),
    ] {
        let tree = Tree::new();
        tree.put("project/content/sub/note.md", "## Another question?\n\nAnswer.\n");
        let before = tree.others();
        tree.link(&format!("project/{name}"), target);
        for _ in 0..2 {
            let run = tree.deckle(&["build", "-f", "apkg,print,book,site,json"]);
            assert!(matches!(run.status.code(), Some(2 | 3)), "{name}: {}", said(&run));
            assert!(
                target == "project/content" || said(&run).contains(name.rsplit('/').next().expect("a name")),
                "{name}: {}",
                said(&run)
            );
        }
        assert_eq!(tree.others(), before, "{name}");
        assert!(!tree.place("project/deckle.lock").exists(), "{name}: nothing was written");
    }
}

#[test]
fn a_link_within_the_output_folder_and_the_folder_itself_are_followed() {
    let tree = Tree::new();
    fs::create_dir_all(tree.place("large/pages")).expect("a folder");
    tree.link("project/dist", "large");
    symlink("pages", tree.place("large/print")).expect("a link");
    // One that leads nowhere makes room.
    symlink("../theirs/none", tree.place("large/x.apkg")).expect("a link");
    let before = tree.others();
    assert!(tree.deckle(&["build", "-o", "dist"]).status.success());
    assert!(tree.place("large/pages/x-cards.html").is_file() && tree.place("large/x.apkg").is_file());
    assert!(fs::symlink_metadata(tree.place("large/print")).expect("a link").is_symlink());
    assert_eq!(tree.others(), before);
}

#[test]
fn hard_links_are_not_written_through() {
    let tree = Tree::new();
    fs::create_dir_all(tree.place("project/dist/print")).expect("a folder");
    for name in ["x.apkg", "print/x-cards.html", ".deckle-files"] {
        fs::hard_link(tree.place("theirs/file"), tree.place("project/dist").join(name)).expect("a hard link");
    }
    fs::hard_link(tree.place("theirs/file"), tree.place("project/dist/print/.deckle-0123456789ab.tmp"))
        .expect("a link");
    let before = tree.others();
    assert!(tree.deckle(&["build"]).status.success());
    assert_eq!(tree.others(), before);
}

#[test]
fn nothing_is_linked_to_what_a_link_leads_to() {
    let tree = Tree::new();
    tree.put("project/content/note.md", "## Question?\n\n![x](x.png)\n");
    tree.put("project/content/x.png", &"picture".repeat(9));
    assert!(tree.deckle(&["build"]).status.success());
    let made = fs::read_dir(tree.place("project/dist/book/media")).expect("a folder").next().expect("a picture");
    let made = made.expect("a picture").path();
    fs::remove_file(&made).expect("it goes");
    symlink(tree.place("project/content/x.png"), &made).expect("a link");
    assert!(tree.deckle(&["build", "--print", "images=files"]).status.success());
    assert_eq!(fs::metadata(tree.place("project/content/x.png")).expect("a picture").nlink(), 1);
}

#[test]
fn a_list_of_any_content_removes_outputs_alone() {
    let tree = Tree::new();
    assert!(tree.deckle(&["build"]).status.success());
    tree.put("project/dist/book/theirs/deep.md", THEIRS);
    tree.put("project/dist/other/file", THEIRS);
    tree.link("project/dist/book/link", "theirs");
    tree.link("project/dist/book/unlisted", "theirs");
    tree.link("project/dist/book/file-link", "theirs/file");
    fs::create_dir(tree.place("project/dist/book/folder")).expect("a folder");
    let absolute = tree.place("theirs/file").display().to_string();
    let list = fs::read(tree.place("project/dist/.deckle-files")).expect("a list");
    let evil = [
        "../theirs/file",
        "../../theirs/file",
        "book/../../../theirs/file",
        "book/./../theirs/file",
        "./book/theirs/deep.md",
        absolute.as_str(),
        "book/link/file",
        "book/link/deep/file",
        "book/unlisted/file",
        "book/unlisted/deep/file",
        "book/file-link/x",
        "book/link",
        "book/folder",
        "book",
        "other/file",
        "content/note.md",
        "",
        "book/",
        "book/nul\0byte",
        "book/\u{1b}[31m",
        "\u{feff}book/x",
        "print/\r",
    ];
    let list = [list, evil.join("\n").into_bytes(), b"\n\xff\xfe/book\n".to_vec(), vec![b'y'; 5000]].concat();
    fs::write(tree.place("project/dist/.deckle-files"), list).expect("a list");
    let before = tree.others();
    let run = tree.deckle(&["build"]);
    assert!(run.status.success(), "{}", said(&run));
    assert_eq!(tree.others(), before);
    for kept in ["book/theirs/deep.md", "other/file", "book/folder", "book/SUMMARY.md"] {
        assert!(tree.place("project/dist").join(kept).exists(), "{kept}");
    }
    assert!(fs::symlink_metadata(tree.place("project/dist/book/link")).is_err(), "the list names the link itself");
    // What a list elsewhere names is not taken away either.
    let list = tree.place("project/dist/.deckle-files");
    tree.put("theirs/list", &(fs::read_to_string(&list).expect("a list") + "book/stale.md\n"));
    tree.put("project/dist/book/stale.md", THEIRS);
    fs::remove_file(&list).expect("it goes");
    tree.link("project/dist/.deckle-files", "theirs/list");
    assert_eq!(tree.deckle(&["build"]).status.code(), Some(3));
    assert!(tree.place("project/dist/book/stale.md").exists());
    fs::remove_file(&list).expect("it goes");
    File::create(&list).and_then(|list| list.set_len((64 << 20) + 1)).expect("a huge list");
    let run = tree.deckle(&["build"]);
    assert!(run.status.code() == Some(3) && said(&run).contains("larger than 64 MiB"), "{}", said(&run));
}

#[test]
fn what_a_killed_build_left_goes_and_no_other_file() {
    let tree = Tree::new();
    assert!(tree.deckle(&["build"]).status.success());
    let left = ["dist/", "dist/book/", "dist/print/", ""].map(|folder| format!("{folder}.deckle-aB3456789xyz.tmp"));
    let similar = [
        "dist/.deckle-backup",
        "dist/.deckle-0123456789a.tmp",
        "dist/.deckle-0123456789abc.tmp",
        "dist/.deckle-0123456789a_.tmp",
        "dist/deckle-0123456789ab.tmp",
        "dist/.deckle-0123456789ab.tmp~",
        "dist/.deckle-0123456789ab",
        "dist/other/.deckle-0123456789ab.tmp",
        "dist/.deckle-folder678901.tmp/file",
        "content/.deckle-0123456789ab.tmp",
    ];
    for name in left.iter().map(String::as_str).chain(similar) {
        tree.put(&format!("project/{name}"), THEIRS);
    }
    tree.link("project/dist/print/.deckle-link45678901.tmp", "theirs/file");
    tree.put("theirs/.deckle-0123456789ab.tmp", THEIRS);
    tree.link("project/dist/book/out", "theirs");
    let list = fs::read_to_string(tree.place("project/dist/.deckle-files")).expect("a list");
    tree.put("project/dist/.deckle-files", &format!("{list}book/out/page.md\n"));
    let run = tree.deckle(&["build", "--frozen"]);
    assert!(run.status.success(), "{}", said(&run));
    let is_there = |name: &str| fs::symlink_metadata(tree.place("project").join(name)).is_ok();
    assert!(is_there(&left[3]), "whoever must not write the lock leaves its folder alone");
    assert!(tree.deckle(&["build"]).status.success());
    for name in &left {
        assert!(!is_there(name), "{name}");
    }
    for name in similar.iter().chain(&["dist/print/.deckle-link45678901.tmp", "../theirs/.deckle-0123456789ab.tmp"]) {
        assert!(is_there(name), "{name}");
    }
    // A page that no build makes any more lay beside it.
    tree.put("project/dist/book/gone/.deckle-aB3456789xyz.tmp", THEIRS);
    let list = fs::read_to_string(tree.place("project/dist/.deckle-files")).expect("a list");
    tree.put("project/dist/.deckle-files", &format!("{list}book/gone/page.md\n"));
    tree.put("project/dist/book/gone/page.md", "old");
    assert!(tree.deckle(&["build"]).status.success());
    assert!(!is_there("dist/book/gone"));
}

#[test]
fn a_build_waits_for_another_and_goes_by_its_lock() {
    let tree = Tree::new();
    for (folder, out) in [("project/dist", "dist"), ("project", "other")] {
        fs::create_dir_all(tree.place(folder)).expect("a folder");
        let held = File::open(tree.place(folder)).expect("the folder");
        held.lock().expect("it is reserved");
        let mut build = tree.start(&["build", "-o", out, "-f", "apkg"]);
        thread::sleep(Duration::from_millis(400));
        assert!(build.try_wait().expect("a status").is_none(), "{folder}");
        let is_there = tree.place("project").join(out).join("x.apkg").exists();
        assert!(!is_there, "{folder}: nothing is written meanwhile");
        // The other one remembers this, and the first must not forget it.
        let lock = "deckle.lock 1\ncollection other\n";
        tree.put("project/deckle.lock", lock);
        tree.put("project/deckle.yaml", "deck: X\n");
        drop(held);
        let run = build.wait_with_output().expect("deckle ends");
        assert!(run.status.success() && said(&run).contains("waiting for another deckle"), "{folder}: {}", said(&run));
        let lock = fs::read_to_string(tree.place("project/deckle.lock")).expect("a lock");
        assert!(lock.contains("collection other"), "{folder}: {lock}");
    }
}

#[test]
fn builds_at_once_leave_what_one_leaves() {
    let tree = Tree::new();
    for note in 0..60 {
        tree.put(&format!("project/content/{}/{note}.md", note % 7), &format!("## Question {note}?\n\nAnswer.\n"));
    }
    for _ in 0..4 {
        let builds: Vec<Child> = (0..4).map(|_| tree.start(&["build"])).collect();
        for build in builds {
            let run = build.wait_with_output().expect("deckle ends");
            assert!(run.status.success(), "{}", said(&run));
        }
        let at_once = snapshot(&tree.place("project"));
        assert!(tree.deckle(&["build", "--frozen"]).status.success());
        assert!(snapshot(&tree.place("project")) == at_once);
        assert!(at_once.keys().all(|path| !path.display().to_string().contains(".deckle-") || is_list(path)));
        fs::remove_dir_all(tree.place("project/dist")).expect("it goes");
        fs::remove_file(tree.place("project/deckle.lock")).expect("it goes");
    }
}

#[test]
fn a_killed_build_leaves_old_or_new_and_the_next_is_as_if_it_never_was() {
    let (tree, twin) = (Tree::new(), Tree::new());
    let write = |tree: &Tree, version: usize| {
        for note in 0..150 {
            let text = format!("## Question {note}?\n\nAnswer {version}.\n");
            tree.put(&format!("project/content/{}/{note}.md", note % 9), &text);
        }
    };
    write(&twin, 0);
    assert!(twin.deckle(&["build"]).status.success());
    let old = snapshot(&twin.place("project"));
    write(&twin, 1);
    assert!(twin.deckle(&["build"]).status.success());
    let new = snapshot(&twin.place("project"));
    write(&tree, 0);
    assert!(tree.deckle(&["build"]).status.success());
    write(&tree, 1);
    let mut killed = 0;
    for pause in (0..30).map(|step| Duration::from_millis(step * 9)) {
        let mut build = tree.start(&["build"]);
        thread::sleep(pause);
        killed += usize::from(build.try_wait().expect("a status").is_none());
        build.kill().expect("it dies, or is dead");
        drop(build.wait_with_output().expect("its end"));
        for (path, bytes) in snapshot(&tree.place("project")) {
            let is_whole = [&old, &new].iter().any(|whole| whole.get(&path) == Some(&bytes));
            let is_left = path.display().to_string().contains(".deckle-");
            assert!(is_whole || is_left, "{} after {pause:?}", path.display());
        }
    }
    assert!(killed > 5, "{killed} of 30 were killed at work");
    assert!(tree.deckle(&["build"]).status.success());
    assert!(snapshot(&tree.place("project")) == new);
}

#[test]
fn outputs_never_become_notes() {
    let tree = Tree::new();
    let count = |run: &Output| {
        let said = said(run);
        assert!(run.status.success(), "{said}");
        let from = said.split(" from ").nth(1).and_then(|rest| rest.split(' ').next()).map(str::to_owned);
        from.expect("a count of files")
    };
    for out in ["content/dist", "content/sub/dist", ".", "..", "content/.hidden"] {
        assert_eq!(count(&tree.deckle(&["build", "-o", out])), "1", "{out}");
        for other in [out, "elsewhere"] {
            assert_eq!(count(&tree.deckle(&["build", "-o", other])), "1", "{out} and then {other}");
        }
    }
    tree.put("loose/note.md", "## Question?\n\nAnswer.\n");
    let loose = |args: &[&str]| tree.run("loose", args);
    assert_eq!(count(&loose(&["build", "note.md", "-o", "."])), "1");
    assert_eq!(count(&loose(&["build", "."])), "1", "the book that lies beside the note is no note");
}

#[test]
fn outputs_never_lie_where_notes_do() {
    let before = |tree: &Tree| snapshot(&tree.place("project"));
    for args in [
        &["build", "-o", "content"][..],
        &["build", "-o", "content/"],
        &["build", "-o", "content/../content"],
        &["build", "-o", "to-content"],
        &["check"],
    ] {
        let tree = Tree::new();
        tree.link("project/to-content", "project/content");
        if args == ["check"] {
            tree.put("project/deckle.yaml", "id: x\ndeck: X\nout: content\n");
        }
        let old = before(&tree);
        let run = tree.deckle(args);
        assert!(run.status.code() == Some(2) && said(&run).contains("among the outputs"), "{args:?}: {}", said(&run));
        assert!(before(&tree) == old, "{args:?}");
    }
    let tree = Tree::new();
    tree.put("project/deckle.yaml", "id: x\ndeck: X\ncontent: book\n");
    tree.put("project/book/note.md", "## Question?\n\nAnswer.\n");
    let run = tree.deckle(&["build", "-o", "."]);
    assert!(run.status.code() == Some(2) && said(&run).contains("among the outputs"), "{}", said(&run));
    tree.put("loose/note.md", "## Question?\n\nAnswer.\n");
    assert_eq!(tree.run("loose", &["build", ".", "-o", "."]).status.code(), Some(2));
    assert!(!tree.place("loose/book").exists());
}

#[test]
fn an_output_folder_that_comes_with_a_project_leads_nowhere_else() {
    for (out, link) in [("dist", "dist"), ("made/dist", "made"), ("a/../dist", "dist")] {
        let tree = Tree::new();
        fs::create_dir_all(tree.place("victim/dist")).expect("a folder");
        tree.put("project/deckle.yaml", &format!("id: x\ndeck: X\nout: {out}\n"));
        tree.link(&format!("project/{link}"), "victim");
        let old = snapshot(&tree.place("victim"));
        let run = tree.deckle(&["build"]);
        assert!(run.status.code() == Some(3) && said(&run).contains("leads out of the project"), "{}", said(&run));
        assert!(snapshot(&tree.place("victim")) == old && !tree.place("project/deckle.lock").exists(), "{link}");
        assert_eq!(tree.deckle(&["check"]).status.code(), Some(0));
        // Who names it means it.
        assert_eq!(tree.deckle(&["build", "-o", out]).status.code(), Some(0));
    }
    let tree = Tree::new();
    fs::create_dir_all(tree.place("project/made")).expect("a folder");
    tree.link("project/dist", "project/made");
    assert_eq!(tree.deckle(&["build"]).status.code(), Some(0));
}

#[test]
fn what_somebody_else_made_stays() {
    // A book of their own, where ours would lie.
    let tree = Tree::new();
    tree.put("project/dist/book/SUMMARY.md", THEIRS);
    tree.put("project/dist/notes.txt", THEIRS);
    let run = tree.deckle(&["build"]);
    assert!(run.status.code() == Some(3) && said(&run).contains("deckle did not make it"), "{}", said(&run));
    assert!(!tree.place("project/dist/x.apkg").exists() && !tree.place("project/deckle.lock").exists());
    // Where nothing of theirs is in the way, ours lies beside it; and later goes without it.
    fs::rename(tree.place("project/dist/book/SUMMARY.md"), tree.place("project/dist/book/theirs.md")).expect("a name");
    assert!(tree.deckle(&["build"]).status.success());
    fs::remove_file(tree.place("project/content/note.md")).expect("it goes");
    tree.put("project/content/other.md", "## Another?\n\nAnswer.\n");
    assert!(tree.deckle(&["build", "--accept-loss"]).status.success());
    assert!(!tree.place("project/dist/book/note.md").exists());
    for kept in ["dist/book/theirs.md", "dist/notes.txt"] {
        assert_eq!(fs::read_to_string(tree.place("project").join(kept)).expect("a file"), THEIRS);
    }
    // A book of ours without a list was committed, and is taken for ours.
    fs::remove_file(tree.place("project/dist/.deckle-files")).expect("it goes");
    tree.put("project/content/other.md", "## Another?\n\nAnother answer.\n");
    assert!(tree.deckle(&["build"]).status.success());
}

#[test]
fn a_package_or_page_of_somebody_else_is_not_written_over() {
    for name in ["x.apkg", "print/x-cards.html", "print/x-sheet.html", "deckle.json"] {
        let tree = Tree::new();
        let path = format!("project/dist/{name}");
        tree.put(&path, THEIRS);
        let run = tree.deckle(&["build", "-f", "apkg,print,book,site,json"]);
        assert!(run.status.code() == Some(3) && said(&run).contains("deckle did not make it"), "{}", said(&run));
        assert_eq!(fs::read_to_string(tree.place(&path)).expect("a file"), THEIRS);
        assert!(!tree.place("project/deckle.lock").exists(), "{name}: nothing was written");
        // What a build made, the next one may write over, whatever became of it.
        fs::remove_file(tree.place(&path)).expect("it goes");
        assert!(tree.deckle(&["build", "-f", "apkg,print,book,json"]).status.success());
        tree.put(&path, THEIRS);
        assert!(tree.deckle(&["build", "-f", "apkg,print,book,json"]).status.success());
        assert_ne!(fs::read(tree.place(&path)).expect("a file"), THEIRS.as_bytes());
        // A list of an older version names no packages, and no project.
        let list = fs::read_to_string(tree.place("project/dist/.deckle-files")).expect("a list");
        let old: Vec<&str> = list.lines().filter(|line| line.contains('/')).collect();
        tree.put("project/dist/.deckle-files", &(old.join("\n") + "\n"));
        tree.put(&path, THEIRS);
        assert!(tree.deckle(&["build", "-f", "apkg,print,book,json"]).status.success());
    }
}

#[test]
fn two_projects_do_not_write_into_one_folder() {
    let tree = Tree::new();
    tree.put("second/deckle.yaml", "id: second\ndeck: Second\n");
    tree.put("second/content/note.md", "## Another question?\n\nAnswer.\n");
    assert!(tree.deckle(&["build", "-o", "../out"]).status.success());
    let before = fs::read_dir(tree.place("out/print")).expect("a folder").count();
    let run = tree.run("second", &["build", "-o", "../out"]);
    assert!(run.status.code() == Some(3) && said(&run).contains("what is made of the project"), "{}", said(&run));
    assert!(!tree.place("second/deckle.lock").exists() && !tree.place("out/second.apkg").exists());
    assert_eq!(
        fs::read_dir(tree.place("out/print")).expect("a folder").count(),
        before,
        "no page of the first is gone"
    );
    assert!(tree.deckle(&["build", "-o", "../out"]).status.success());
    // Files without a project lie beside it, as long as they make no book.
    tree.put("loose/note.md", "## Loose?\n\nAnswer.\n");
    assert!(tree.run("loose", &["build", "note.md", "-o", "../out", "-f", "apkg,print"]).status.success());
    let run = tree.run("loose", &["build", "note.md", "-o", "../out"]);
    assert_eq!(run.status.code(), Some(3), "{}", said(&run));
    assert!(tree.deckle(&["build", "-o", "../out"]).status.success());
}

#[test]
fn packages_of_two_projects_lie_in_one_folder() {
    let tree = Tree::new();
    tree.put("second/deckle.yaml", "id: second\ndeck: Second\n");
    tree.put("second/content/note.md", "## Another question?\n\nAnswer.\n");
    let packages = ["build", "-o", "../out", "-f", "apkg"];
    for edition in ["Answer.", "Another answer."] {
        tree.put("project/content/note.md", &format!("## Question?\n\n{edition}\n"));
        tree.put("second/content/note.md", &format!("## Another question?\n\n{edition}\n"));
        for folder in ["project", "second"] {
            let run = tree.run(folder, &packages);
            assert!(run.status.success(), "{folder} {edition}: {}", said(&run));
        }
    }
    // Pages of one of them lie there too, and of the other none may.
    for args in [&["build", "-o", "../out"][..], &["build", "-o", "../out", "-f", "apkg,json"]] {
        let run = tree.deckle(args);
        assert!(run.status.success(), "{}", said(&run));
    }
    assert!(tree.run("second", &packages).status.success());
    let run = tree.run("second", &["build", "-o", "../out"]);
    assert!(run.status.code() == Some(3) && said(&run).contains("made of the project `x`"), "{}", said(&run));
    // A package, or the data, of the same name.
    let before = snapshot(&tree.place("out"));
    let run = tree.run("second", &["build", "-o", "../out", "-f", "apkg,json"]);
    assert!(run.status.code() == Some(3) && said(&run).contains("another project made it"), "{}", said(&run));
    tree.put("second/deckle.yaml", "id: second\ndeck: X\n");
    let run = tree.run("second", &packages);
    assert!(run.status.code() == Some(3) && said(&run).contains("another project made it"), "{}", said(&run));
    assert_eq!(snapshot(&tree.place("out")), before);
}

#[test]
fn what_a_project_made_is_its_own_without_a_list() {
    for formats in ["apkg", "print", "json,json-schema", "apkg,print,json", "apkg,print,book,json"] {
        let tree = Tree::new();
        assert!(tree.deckle(&["build", "-f", formats]).status.success());
        for hidden in [".deckle-files", ".deckle-packages"] {
            let _ = fs::remove_file(tree.place("project/dist").join(hidden));
        }
        tree.put("project/content/note.md", "## Question?\n\nAnother answer.\n");
        let run = tree.deckle(&["build", "-f", formats]);
        assert!(run.status.success(), "{formats}: {}", said(&run));
    }
    // Of a page that the project designs nothing is sure.
    let tree = Tree::new();
    tree.put("project/deckle.yaml", "id: x\ndeck: X\ntemplates: templates\n");
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/print/cards.html.hbs");
    let template = fs::read_to_string(template).expect("a template");
    let lines: Vec<&str> = template.lines().filter(|line| !line.contains("Content-Security-Policy")).collect();
    tree.put("project/templates/print/cards.html.hbs", &(lines.join("\n") + "\n"));
    let run = tree.deckle(&["build", "-f", "print"]);
    assert!(run.status.success(), "{}", said(&run));
    fs::remove_file(tree.place("project/dist/.deckle-files")).expect("it goes");
    tree.put("project/content/note.md", "## Question?\n\nAnother answer.\n");
    let run = tree.deckle(&["build", "-f", "print"]);
    assert!(run.status.success(), "{}", said(&run));
}

#[test]
fn a_project_whose_first_build_finds_no_notes_builds_later() {
    let tree = Tree::new();
    tree.put("project/deckle.yaml", "name: X\n");
    assert!(tree.deckle(&["build"]).status.success());
    tree.put("project/deckle.yaml", "name: X\ndeck: X\n");
    let run = tree.deckle(&["build"]);
    assert!(run.status.success() && tree.place("project/dist/x.apkg").exists(), "{}", said(&run));
}

#[test]
fn a_project_with_another_id_begins_anew() {
    for formats in ["apkg", "apkg,print,book,json"] {
        for has_list in [true, false] {
            let tree = Tree::new();
            assert!(tree.deckle(&["build", "-f", formats]).status.success());
            fs::remove_file(tree.place("project/deckle.lock")).expect("it goes");
            if !has_list {
                fs::remove_file(tree.place("project/dist/.deckle-files")).expect("it goes");
            }
            tree.put("project/deckle.yaml", "id: other\ndeck: X\n");
            let run = tree.deckle(&["build", "-f", formats]);
            assert!(run.status.code() == Some(1) && said(&run).contains("begins anew"), "{}", said(&run));
            let run = tree.deckle(&["build", "-f", formats, "--accept-loss"]);
            assert!(run.status.success(), "{formats} {has_list}: {}", said(&run));
            let list = fs::read_to_string(tree.place("project/dist/.deckle-files")).expect("a list");
            assert!(!list.lines().any(|line| line.starts_with("# of ") && line.ends_with(" x")), "{list}");
            assert!(tree.deckle(&["build"]).status.success());
        }
    }
    let help = said(&Tree::new().deckle(&["build", "--help"]));
    assert!(help.contains("the lock is lost"), "{help}");
}

#[test]
fn a_note_is_not_written_over() {
    let tree = Tree::new();
    // A book with our script, so that it passes for ours.
    tree.put("loose/book/deckle.js", "");
    tree.put("loose/book/note.md", "## Question?\n\nAnswer.\n");
    let run = tree.run("loose", &["build", "book/note.md", "-o", "."]);
    assert!(run.status.code() == Some(3) && said(&run).contains("it is read for this build"), "{}", said(&run));
    assert!(fs::read_to_string(tree.place("loose/book/note.md")).expect("a note").starts_with("## Question?"));
}

#[test]
fn an_output_that_cannot_be_written_is_named_and_nothing_else_changes() {
    for (name, is_folder) in
        [("dist", false), ("dist/book", false), ("dist/x.apkg", true), ("dist/.deckle-files", true)]
    {
        let tree = Tree::new();
        let place = tree.place("project").join(name);
        if is_folder {
            fs::create_dir_all(place.join("full")).expect("a folder");
        } else {
            tree.put(&format!("project/{name}"), THEIRS);
        }
        let run = tree.deckle(&["build"]);
        assert!(run.status.code() == Some(3) && said(&run).contains(name), "{name}: {}", said(&run));
        assert!(place.is_dir() == is_folder && !tree.place("project/deckle.lock").exists(), "{name}");
    }
}

#[test]
fn a_disk_that_is_full_changes_nothing() {
    let tree = Tree::new();
    for note in 0..40 {
        tree.put(&format!("project/content/{note}.md"), &format!("## Question {note}?\n\n{}\n", "Answer. ".repeat(99)));
    }
    assert!(tree.deckle(&["build"]).status.success());
    let old = snapshot(&tree.place("project"));
    tree.put("project/content/1.md", &format!("## Question 1?\n\n{}\n", "Other. ".repeat(999)));
    // No file may have more than 16 kB: the system ends whoever writes more by a signal, as a full disk would by an error.
    let script = format!("ulimit -f 16; exec {} build", env!("CARGO_BIN_EXE_deckle"));
    let run = Command::new("sh").args(["-c", &script]).current_dir(tree.place("project")).output().expect("a shell");
    assert!(!run.status.success());
    let changed =
        |path: &PathBuf, bytes: &Vec<u8>| !is_left(path) && !path.ends_with("1.md") && old.get(path) != Some(bytes);
    let now = snapshot(&tree.place("project"));
    assert!(!now.iter().any(|(path, bytes)| changed(path, bytes)));
    assert!(tree.deckle(&["build"]).status.success());
    assert!(!snapshot(&tree.place("project")).keys().any(|path| is_left(path)));
}

#[test]
fn closed_and_full_streams_end_no_build() {
    let deckle = env!("CARGO_BIN_EXE_deckle");
    for (redirection, status) in [
        (">&-", &[0][..]),
        ("2>&-", &[0]),
        (">&- 2>&- <&-", &[0]),
        ("| true", &[0]),
        ("2>&1 | true", &[0]),
        (">/dev/full", &[3]),
        ("2>/dev/full", &[0]),
        ("--message-format json >/dev/full", &[3]),
        ("--message-format json | true", &[0]),
    ] {
        for command in ["build", "check"] {
            let tree = Tree::new();
            tree.put("project/content/odd.md", "## Other?\n\n<script>x</script> Text.\n");
            let script = format!("set -o pipefail; {deckle} {command} {redirection}");
            let shell = Command::new("bash").args(["-c", &script]).current_dir(tree.place("project")).output();
            let run = shell.expect("a shell");
            let is_silent = command == "check" && !redirection.contains("json");
            let ended = run.status.code().unwrap_or(-1);
            assert!(status.contains(&ended) || (is_silent && ended == 0), "{command} {redirection}: {ended}");
            assert!(!said(&run).contains("panicked"), "{command} {redirection}: {}", said(&run));
            assert_eq!(tree.place("project/dist/x.apkg").exists(), command == "build", "{redirection}");
        }
    }
}

#[test]
fn names_that_no_text_can_hold_are_named() {
    use std::os::unix::ffi::OsStrExt;
    let tree = Tree::new();
    let name = |bytes: &[u8]| tree.place("project/content").join(std::ffi::OsStr::from_bytes(bytes));
    fs::write(name(b"bad-\xff.md"), "## Other?\n\nAnswer.\n").expect("a file");
    fs::write(name(b"bad-\xfe.txt"), "nothing").expect("a file");
    fs::write(name(b".\xfe.md"), "nothing").expect("a file");
    fs::create_dir(name(b"folder-\xfe")).expect("a folder");
    let odd = ["-f.md", " space .md", "tab\t.md", "line\nfeed.md", "deckle.yaml.md", "CON.md", "a:b.md"];
    for (index, odd) in odd.into_iter().enumerate() {
        fs::write(name(odd.as_bytes()), format!("## Question {index}?\n\nAnswer.\n")).expect("a file");
    }
    fs::create_dir(name(b"folder.md")).expect("a folder");
    let run = tree.deckle(&["build"]);
    assert!(run.status.success(), "{}", said(&run));
    assert!(said(&run).contains("2 warnings") && said(&run).contains("8 notes"), "{}", said(&run));
    for shown in ["bad-\u{fffd}.md", "folder-\u{fffd}"] {
        assert!(said(&run).contains(&format!("--> content/{shown}")), "{}", said(&run));
    }
}

#[test]
fn folders_of_any_depth_end() {
    let tree = Tree::new();
    let mut place = tree.place("project/content");
    for depth in 1..=102 {
        place.push("d");
        fs::create_dir(&place).expect("a folder");
        fs::write(place.join("n.md"), format!("## Question {depth}?\n\nAnswer.\n")).expect("a file");
    }
    let run = tree.deckle(&["check"]);
    assert!(run.status.success() && said(&run).contains("too many folders"), "{}", said(&run));
    assert!(said(&run).contains("101 notes"), "{}", said(&run));
}

#[test]
fn a_lock_of_any_content_ends() {
    let tree = Tree::new();
    assert!(tree.deckle(&["build"]).status.success());
    let lock = fs::read(tree.place("project/deckle.lock")).expect("a lock");
    let head = lock.split_inclusive(|byte| *byte == b'\n').next().expect("a line").to_vec();
    let cut = |at: usize| lock[..at].to_vec();
    let conflict = [&head[..], b"<<<<<<< HEAD\n=======\n>>>>>>> x\n"].concat();
    let mut many = vec![cut(lock.len() / 2), cut(7), conflict, vec![0; 5000], b"\xff".repeat(5000), b"\n".repeat(5000)];
    many.push([&head[..], &b"x\n".repeat(300_000)].concat());
    for number in ["99999999999999999999999", "-1", "1e9", "0x10", "\u{663}"] {
        many.push(String::from_utf8_lossy(&lock).replace(" b ", &format!(" b {number}")).into_bytes());
    }
    for bytes in many {
        fs::write(tree.place("project/deckle.lock"), &bytes).expect("a lock");
        let run = tree.deckle(&["build"]);
        let said = said(&run);
        assert!(run.status.code() == Some(1) && said.contains("[bad-lock]"), "{said}");
        assert!(fs::read(tree.place("project/deckle.lock")).expect("a lock") == bytes, "it is left as it was");
        assert!(bytes.len() < 600_000 || said.contains("error: 200 errors"), "not each of 300,000 is told");
    }
    let crlf = String::from_utf8_lossy(&lock).replace('\n', "\r\n");
    fs::write(tree.place("project/deckle.lock"), crlf).expect("a lock");
    assert!(tree.deckle(&["build"]).status.success());
    assert_eq!(fs::read(tree.place("project/deckle.lock")).expect("a lock"), lock);
    File::create(tree.place("project/deckle.lock"))
        .and_then(|lock| lock.set_len((512 << 20) + 1))
        .expect("a huge lock");
    let run = tree.deckle(&["build"]);
    assert!(run.status.code() == Some(3) && said(&run).contains("larger than 512 MiB"), "{}", said(&run));
}

#[test]
fn what_is_no_file_is_named_whatever_it_stands_for() {
    for name in ["deckle.lock", "dist/.deckle-files", "templates/anki/style.css", "content/_deck.yaml", "content/x.md"]
    {
        for kind in ["pipe", "folder", "device", "loop"] {
            let tree = Tree::new();
            tree.put("project/deckle.yaml", "id: x\ndeck: X\ntemplates: templates\n");
            fs::create_dir(tree.place("project/templates")).expect("a folder");
            let place = tree.place("project").join(name);
            fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
            match kind {
                "pipe" => assert!(Command::new("mkfifo").arg(&place).status().expect("mkfifo").success()),
                "folder" => fs::create_dir(&place).expect("a folder"),
                "device" => symlink("/dev/zero", &place).expect("a link"),
                _ => symlink(place.file_name().expect("a name"), &place).expect("a link"),
            }
            let mut build = tree.start(&["build"]);
            let mut naps = 0;
            while build.try_wait().expect("a status").is_none() && naps < 500 {
                thread::sleep(Duration::from_millis(40));
                naps += 1;
            }
            let _ = build.kill();
            let run = build.wait_with_output().expect("its end");
            let last = name.rsplit('/').next().expect("a name");
            // A folder is no list of templates, and may have any name.
            let is_free = kind == "folder" && ["style.css", "_deck.yaml", "x.md"].contains(&last);
            // What is no plain file is no template.
            let is_free = is_free || last == "style.css";
            let fits = run.status.code().is_some_and(|code| is_free == (code == 0) || name.starts_with("content"));
            assert!(fits && (is_free || said(&run).contains(last)), "{name} {kind}: {}", said(&run));
        }
    }
}

#[test]
fn files_keep_their_permissions_and_what_is_unchanged_its_time() {
    let tree = Tree::new();
    assert!(tree.deckle(&["build"]).status.success());
    let names = ["dist/x.apkg", "dist/book/note.md", "deckle.lock"];
    let data = |name: &str| fs::metadata(tree.place("project").join(name)).expect("a file");
    for name in names {
        fs::set_permissions(tree.place("project").join(name), fs::Permissions::from_mode(0o640)).expect("permissions");
    }
    let times = names.map(|name| (data(name).mtime_nsec(), data(name).ino()));
    assert!(tree.deckle(&["build"]).status.success());
    assert_eq!(names.map(|name| (data(name).mtime_nsec(), data(name).ino())), times);
    tree.put("project/content/note.md", "## Question?\n\nAnother answer.\n");
    assert!(tree.deckle(&["build"]).status.success());
    assert!(names.iter().all(|name| data(name).mode() & 0o777 == 0o640));
    assert_ne!(names.map(|name| (data(name).mtime_nsec(), data(name).ino())), times);
}

#[test]
fn a_book_on_stdin_that_is_none_ends() {
    let tree = Tree::new();
    let inputs = [(&b"[{}, {\"items\": ["[..], 1, 2), (b"\0", 70 << 20, 3), (b"[", 1 << 20, 2), (b"\xff", 1 << 20, 2)];
    for (input, times, status) in inputs.into_iter().chain([(&b""[..], 0, 2)]) {
        let mut run = tree.start(&["mdbook"]);
        let mut stdin = run.stdin.take().expect("stdin");
        // It may stop reading.
        let _ = stdin.write_all(&input.repeat(times));
        drop(stdin);
        let run = run.wait_with_output().expect("its end");
        assert!(run.status.code() == Some(status) && run.stdout.is_empty(), "{}", said(&run));
    }
}

/// A project with one note, and somebody else's folder beside it.
struct Tree {
    folder: TempDir,
}

impl Tree {
    fn new() -> Self {
        let tree = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        tree.put("project/deckle.yaml", "id: x\ndeck: X\n");
        tree.put("project/content/note.md", "## Question?\n\nAnswer.\n");
        tree.put("theirs/file", THEIRS);
        tree.put("theirs/deep/file", THEIRS);
        tree
    }

    fn place(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        let place = self.place(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        fs::write(place, text).expect("a file");
    }

    fn link(&self, path: &str, target: &str) {
        let place = self.place(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        symlink(self.place(target), place).expect("a link");
    }

    /// All that is not deckle's to write: the notes and what lies beside the project.
    fn others(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut all = snapshot(&self.place("theirs"));
        all.extend(snapshot(&self.place("project/content")));
        all
    }

    fn deckle(&self, args: &[&str]) -> Output {
        self.start(args).wait_with_output().expect("deckle ends")
    }

    fn run(&self, folder: &str, args: &[&str]) -> Output {
        self.command(folder, args).output().expect("deckle runs")
    }

    fn start(&self, args: &[&str]) -> Child {
        let mut command = self.command("project", args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("deckle starts")
    }

    fn command(&self, folder: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deckle"));
        command.current_dir(self.place(folder)).args(args).env("SOURCE_DATE_EPOCH", "1750000000");
        command
    }
}

fn said(run: &Output) -> String {
    String::from_utf8_lossy(&[run.stdout.clone(), run.stderr.clone()].concat()).into_owned()
}

/// All plain files below a folder, but what a build keeps for the next one.
fn snapshot(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let entry = entry.expect("an entry");
            let kind = entry.file_type().expect("a kind");
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && entry.file_name() != ".deckle-cache" {
                let path = entry.path().strip_prefix(root).expect("a path below").to_owned();
                files.insert(path, fs::read(entry.path()).expect("bytes"));
            }
        }
    }
    files
}

fn is_list(path: &Path) -> bool {
    path.ends_with(".deckle-files") || path.ends_with(".deckle-packages")
}

fn is_left(path: &Path) -> bool {
    !is_list(path) && path.display().to_string().contains(".deckle-")
}
