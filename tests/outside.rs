//! Builds trees with secrets beside the project, and ways to them in it, and holds that no byte of a secret comes into an
//! output or a message; and that nothing but plain files is opened.
#![cfg(unix)]
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by a panic")]

use std::fs::{self, File};
use std::io::{Cursor, Read};
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use deckle::api::diagnostic::render::Renderer;
use deckle::api::files::{World, bytes_of};
use deckle::api::pipeline::{Compiled, Format, Formats, Request, Wanted, compile};
use tempfile::TempDir;

/// What no output may hold: longer than what base64 takes at a time.
const SECRET: &str = "the-secret-of-another-folder-0123456789-abcdefghijklmnopqrstuvwxyz";

/// Addresses in `content/note.md` that lead out of the project as they are written.
const UPWARDS: &[&str] = &[
    "../../outside/secret.png",
    "..%2f..%2foutside%2fsecret.png",
    "..%2F..%2Foutside/secret.png",
    "%2e%2e/%2e%2e/outside/secret.png",
    "%2E%2e%2f%2e%2E%2foutside%2fsecret.png",
    ".%2e/%2e./outside/secret.png",
    ".//..//../outside//secret.png",
    "./././.././../outside/./secret.png",
    "a/../../../outside/secret.png",
    "a/b/../../../../outside/secret.png",
    "/../../outside/secret.png",
    "/../../../../../../../../outside/secret.png",
    "../../project/../outside/secret.png",
    "../../outside/secret.png?x=1#y",
    "../../outside/secret%2epng",
    "../../outside/secret.svg",
    "../../outside/secret.mp3",
    "../../outside/secret.mp4",
    "../../outside/secret",
    "../../outside/there-is-none.png",
    "../../outside",
    "../..",
    "file:///etc/hostname",
    "FILE:///etc/hostname",
    "file:../../outside/secret.png",
    "file://localhost/etc/hostname",
    "../../outside/secret.png%20",
    "../../outside/secret.png.",
];

/// Addresses that name nothing, whatever they look like; on Windows some of them would lead out.
const NOWHERE: &[&str] = &[
    "/../outside/secret.png",
    "/etc/hostname",
    "%2fetc%2fhostname",
    "/proc/self/environ",
    "/dev/zero",
    "C:/Windows/win.ini",
    "C:%5cWindows%5cwin.ini",
    "C:secret.png",
    "%5c%5cserver%5cshare%5cx.png",
    "%5c%5c%3f%5cC:%5cx.png",
    "..%5c..%5coutside%5csecret.png",
    "%252e%252e/%252e%252e/outside/secret.png",
    "..%252f..%252foutside%252fsecret.png",
    "...//.../outside/secret.png",
    "..%20/..%20/outside/secret.png",
    "../..%00/outside/secret.png",
    "secret.png%00.png",
    "%ff%fe/secret.png",
    "NUL",
    "~/secret.png",
    "$HOME/secret.png",
];

/// Names in `content/` that lead out of it by a link.
const LINKS: &[&str] = &[
    "link.png",
    "chain.png",
    "absolute.png",
    "dir/secret.png",
    "dir/none.png",
    "dir/../link.png",
    "chain-of-dirs/secret.png",
    "environ.png",
    "zero.png",
    "root/etc/hostname",
    "fd/0",
];

/// Ways to name a medium, `@` is the address.
const FORMS: &[&str] = &[
    "![alt](<@>)",
    "![alt](<@> \"title\")",
    "![alt|300x200](<@>)",
    "![alt][ref]\n\n[ref]: <@>",
    "![ref]\n\n[ref]: <@> 'title'",
    "> ![in a quote](<@>)",
    "| a |\n|---|\n| ![in a cell](<@>) |",
    "<img src=\"@\">",
    "<IMG alt=x SRC='@'>",
    "<audio controls src=\"@\"></audio>",
    "<video src=\"@\"></video>",
    "<audio><source src=\"@\"></audio>",
];

/// Ways that pack nothing, whatever stands there.
const UNPACKED: &[&str] = &[
    "[link](<@>)",
    "<a href=\"@\">link</a>",
    "<object data=\"@\"></object>",
    "<embed src=\"@\">",
    "<iframe src=\"@\"></iframe>",
    "<video poster=\"@\"></video>",
    "<img srcset=\"@ 2x\">",
    "<track src=\"@\">",
    "<link rel=stylesheet href=\"@\">",
    "<style>body { background: url(@) }</style>",
    "<svg><image href=\"@\"/></svg>",
    "`![code](@)`",
    "<!-- ![comment](@) -->",
];

#[test]
fn paths_that_lead_out_are_refused_in_every_form() {
    let tree = Tree::new();
    // The first form with each address, and the others with a third of them each.
    let third = |form: usize| move |&(at, _): &(usize, &&str)| form == 0 || at % 3 == form % 3;
    let addresses = || UPWARDS.iter().chain(LINKS).enumerate();
    for (index, form) in FORMS.iter().enumerate() {
        for (_, address) in addresses().filter(third(index)) {
            tree.expect(form, address, "outside-media");
        }
    }
    for (index, form) in UNPACKED.iter().enumerate() {
        for (_, address) in addresses().filter(third(index + 1)) {
            assert_no_secret(&tree.build_note(&form.replace('@', address)), &format!("{form} {address}"));
        }
    }
}

#[test]
fn the_name_of_what_leads_out_is_sought_inside() {
    let tree = Tree::new();
    for name in ["secret.png", "secret.mp3", "secret.mp4", "x.png"] {
        tree.put(&format!("project/pictures/{name}"), "inside");
    }
    tree.put("project/pictures/secret.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    tree.put("project/pictures/secret", "no picture");
    tree.put("project/content/.hidden/hostname.png", "hidden");
    let absolute = tree.place("outside/secret.png").display().to_string();
    let others = [
        absolute.as_str(),
        "file:///home/me/x.png",
        "file:x.png",
        "file://server/share/x.png",
        "C:/x.png",
        "C:%5cpictures%5cx.png",
        "%5c%5cserver%5cshare%5cx.png",
        "%5c%5c%3f%5cC:%5cx.png",
        "..%5c..%5coutside%5csecret.png",
        "~/secret.png",
        "dir/secret.png",
    ];
    let named =
        |address: &&str| ["secret.png", "secret.svg", "secret.mp3", "secret.mp4"].iter().any(|n| address.ends_with(n));
    for (index, address) in UPWARDS.iter().copied().filter(named).chain(others).enumerate() {
        let form = FORMS[index % FORMS.len()];
        let compiled = tree.build_note(&form.replace('@', address));
        let said = said(&compiled);
        assert!(said.contains("[misplaced-media]") && !said.contains("error["), "{form} {address}: {said}");
        let media: Vec<_> = compiled.collection.media.iter().filter_map(|media| media.file.as_deref()).collect();
        assert!(matches!(media[..], [only] if only.starts_with("pictures/")), "{form} {address}: {media:?}");
        assert_no_secret(&compiled, address);
    }
    // What is no picture, is hidden, or leads out where it is found, is not what is meant.
    for address in ["../../outside/secret", "file:///etc/hostname.png", "../../outside/link.png", "/a/b/deckle.yaml"] {
        let compiled = tree.build_note(&format!("![x](<{address}>)"));
        assert!(compiled.collection.media.is_empty() && said(&compiled).contains("-media]"), "{address}");
    }
}

#[test]
fn the_settings_of_a_vault_lead_nowhere_else() {
    for path in ["../outside", "/../outside", "./../../outside", "../../outside", "dir"] {
        let tree = Tree::new();
        tree.put("project/.obsidian/app.json", &format!(r#"{{"attachmentFolderPath": "{path}"}}"#));
        tree.expect("![x](@)", "secret.png", "missing-media");
    }
    let tree = Tree::new();
    fs::create_dir(tree.place("project/.obsidian")).expect("a folder");
    tree.put("outside/app.json", r#"{"attachmentFolderPath": "two"}"#);
    symlink("../../outside/app.json", tree.place("project/.obsidian/app.json")).expect("a link");
    tree.put("project/one/x.png", "one");
    tree.put("project/two/x.png", "two");
    let compiled = tree.build_note("![x](x.png)");
    assert!(said(&compiled).contains("[ambiguous-media]"), "what lies outside says nothing");
    assert_eq!(compiled.collection.media[0].file.as_deref(), Some("one/x.png"));
}

#[test]
fn the_secret_would_be_seen() {
    let tree = Tree::new();
    tree.put("project/content/in.png", SECRET);
    tree.put("project/content/in.svg", &format!("<svg xmlns='http://www.w3.org/2000/svg'><!--{SECRET}--></svg>"));
    for picture in ["in.png", "in.svg"] {
        let compiled = tree.build_note(&format!("![x]({picture})"));
        let seen = compiled.artifacts.iter().filter(|made| holds_secret(&bytes_of(&made.recipe).expect("bytes")));
        let seen: Vec<_> = seen.map(|made| made.path.display().to_string()).collect();
        assert_eq!(seen.len(), 7, "the package, both printed pages, all three in the book, and its own file: {seen:?}");
    }
}

#[test]
fn what_names_nothing_is_missing() {
    let tree = Tree::new();
    for form in [FORMS[0], FORMS[7]] {
        for address in NOWHERE {
            tree.expect(form, address, "missing-media");
        }
    }
    let absolute = tree.place("outside/secret.png");
    tree.expect(FORMS[0], absolute.to_str().expect("a path in UTF-8"), "missing-media");
    tree.expect(FORMS[0], "//localhost/etc/hostname", "remote-media");
    tree.expect("![x](<@>)", "..\\\\..\\\\outside\\\\secret.png", "missing-media");
    tree.expect("![x](@)", "..\\/..\\/outside/secret.png", "outside-media");
    tree.expect("![x](@)", "&#46;&#46;/&period;./outside/secret.png", "outside-media");
    tree.expect("<img src='@'>", "&#46;&#46;/&#46;&#46;/outside/secret.png", "outside-media");
    tree.expect("<img src='@'>", " ../../outside/secret.png", "missing-media");
    tree.expect("<img src='@'>", "fi\nle:///etc/hostname", "missing-media");
}

#[test]
fn what_is_no_file_is_not_opened() {
    let tree = Tree::new();
    let _socket = tree.specials("project/content", "png");
    for name in ["pipe.png", "socket.png", "to-pipe.png"] {
        let said = tree.expect("![x](<@>)", name, "missing-media");
        assert!(said.contains("a pipe, a device or a socket"), "{said}");
    }
    for name in ["loop.png", "loop-a.png", "loop-dir/x.png", "folder.png", "nowhere.png"] {
        tree.expect("![x](<@>)", name, "missing-media");
    }
}

#[test]
fn what_lies_in_the_project_is_packed() {
    let tree = Tree::new();
    tree.put("project/assets/x.png", "inside");
    fs::hard_link(tree.place("project/assets/x.png"), tree.place("project/content/hard.png")).expect("a hard link");
    symlink("../assets", tree.place("project/content/pictures")).expect("a link");
    symlink("pictures/x.png", tree.place("project/content/soft.png")).expect("a link");
    for address in [
        "../assets/x.png",
        "/assets/x.png",
        "..%2fassets%2fx.png",
        "pictures/x.png",
        "hard.png",
        "soft.png",
        "../content/../assets/x.png",
        "a/b/../../../assets/x.png",
    ] {
        let compiled = tree.build_note(&format!("![x]({address})"));
        let said = said(&compiled).replace("warning[unused-media]", "");
        assert!(!said.contains("error[") && !said.contains("warning["), "{address}: {said}");
        assert_eq!(compiled.collection.media.len(), 1, "{address}");
    }
}

#[test]
fn notes_outside_are_named_and_not_read() {
    let tree = Tree::new();
    let _socket = tree.specials("project/content", "md");
    let content = |name: &str| tree.place("project/content").join(name);
    symlink("../../outside/secret.md", content("linked.md")).expect("a link");
    symlink("linked.md", content("chain.md")).expect("a link");
    symlink("../../outside", content("notes")).expect("a link");
    symlink("/dev/zero", content("zero.md")).expect("a link");
    symlink("/proc/self/environ", content("environ.md")).expect("a link");
    symlink(".", content("again")).expect("a link");
    fs::create_dir(content("part")).expect("a folder");
    symlink("../../../outside/_deck.yaml", content("part/_deck.yaml")).expect("a link");
    tree.put("project/content/part/b.md", "## Two?\n\nYes.\n");
    let compiled = tree.build_note("Answer.");
    let said = said(&compiled);
    let skipped = [
        "chain.md",
        "environ.md",
        "linked.md",
        "loop-a.md",
        "loop-b.md",
        "loop.md",
        "nowhere.md",
        "part/_deck.yaml",
        "pipe.md",
        "socket.md",
        "to-pipe.md",
        "zero.md",
    ];
    for name in skipped.iter().chain(&["dir", "chain-of-dirs", "root", "fd", "notes"]) {
        assert!(said.contains(&format!("--> content/{name}:1:1\n")), "{name}: {said}");
    }
    assert_eq!(compiled.collection.notes.len(), 2);
    assert!(compiled.collection.notes.iter().all(|note| note.tags.is_empty()));
    assert_no_secret(&compiled, "notes");
}

#[test]
fn a_note_that_is_named_is_held_to_the_same() {
    let tree = Tree::new();
    let _socket = tree.specials("loose", "md");
    tree.put("loose/a.md", "## One?\n\nYes.\n");
    symlink("../outside/secret.md", tree.place("loose/linked.md")).expect("a link");
    for name in ["linked.md", "pipe.md", "socket.md", "to-pipe.md"] {
        for paths in [vec![name], vec!["a.md", name]] {
            let compiled = tree.build("loose", &paths);
            assert!(said(&compiled).contains("warning[skipped-file]"), "{name}");
            assert_eq!(compiled.collection.notes.len(), paths.len() - 1, "{name}");
            assert_no_secret(&compiled, name);
        }
    }
}

#[test]
fn a_lock_names_no_notes_outside() {
    let tree = Tree::new();
    tree.put("loose/a.md", "## One?\n\nYes.\n");
    tree.put("loose/b.md", &format!("## Two?\n\n{SECRET}\n"));
    let built =
        Command::new(env!("CARGO_BIN_EXE_deckle")).current_dir(tree.place("loose")).args(["build", "."]).status();
    assert!(built.expect("deckle runs").success());
    let read = |compiled: &Compiled| compiled.sources.iter().filter(|(_, source)| source.text.contains(SECRET)).count();
    assert_eq!(read(&tree.build("loose", &["a.md"])), 1, "what the lock names is read");
    fs::rename(tree.place("loose/b.md"), tree.place("outside/b.md")).expect("it is moved");
    let lock = fs::read_to_string(tree.place("loose/deckle.lock")).expect("a lock");
    assert!(lock.contains(" b.md "));
    let absolute = tree.place("outside/b.md").display().to_string();
    for path in ["../outside/b.md", "./../outside/b.md", "x/../../outside/b.md", absolute.as_str()] {
        tree.put("loose/deckle.lock", &lock.replace(" b.md ", &format!(" {path} ")));
        let compiled = tree.build("loose", &["a.md"]);
        assert_eq!((read(&compiled), said(&compiled).as_str()), (0, ""), "{path}");
    }
}

#[test]
fn settings_that_are_links_out_end_the_build() {
    for (name, settings) in [
        ("deckle.lock", ""),
        ("deckle.yaml", ""),
        ("templates/anki/style.css", "templates: templates\n"),
        ("templates/print/cards.css", "templates: templates\n"),
    ] {
        let tree = Tree::new();
        tree.put("project/deckle.yaml", &format!("id: x\ndeck: X\n{settings}"));
        tree.note("Answer.");
        let place = tree.place("project").join(name);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        drop(fs::remove_file(&place));
        symlink(tree.place("outside/secret.png"), &place).expect("a link");
        let run = Command::new(env!("CARGO_BIN_EXE_deckle")).current_dir(tree.place("project")).arg("build").output();
        let run = run.expect("deckle runs");
        let said = String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned();
        assert!(said.contains("is a link that leads out of the project"), "{name}: {said}");
        assert!(!said.contains(SECRET) && !run.status.success() && !tree.place("project/dist").exists(), "{name}");
    }
}

#[test]
fn without_a_project_a_file_has_its_vault_and_a_folder_itself() {
    for marker in [".obsidian", "logseq", "book.toml", ".git", ""] {
        let tree = Tree::new();
        tree.put("vault/notes/deep/a.md", "## One?\n\n![x](../../assets/x.png)\n");
        tree.put("vault/assets/x.png", "picture");
        if !marker.is_empty() {
            tree.put(&format!("vault/{marker}/x"), "");
        }
        let is_read = |start: &str, path: &str| {
            let compiled = tree.build(start, &[path]);
            let said = said(&compiled);
            assert_eq!(said.is_empty(), compiled.collection.media.len() == 1, "{said}");
            assert!(said.is_empty() || said.starts_with("warning[outside-media]"), "{said}");
            said.is_empty()
        };
        assert_eq!(is_read("vault/notes/deep", "a.md"), !marker.is_empty(), "{marker}");
        assert_eq!(is_read("", "vault/notes/deep/a.md"), !marker.is_empty(), "{marker}");
        assert!(!is_read("vault", "notes"), "{marker}");
        assert!(is_read("vault", "."), "{marker}");
    }
}

#[test]
fn other_folders_are_named_in_the_settings() {
    let tree = Tree::new();
    tree.put("shared/deep/x.png", "picture");
    symlink("../../shared/deep", tree.place("project/content/pictures")).expect("a link");
    symlink("../outside/secret.png", tree.place("shared/out.png")).expect("a link");
    for roots in ["../shared", "[../shared]", "[pictures, ../shared/deep/../]", "[../outside/../shared]"] {
        fs::create_dir_all(tree.place("project/pictures")).expect("a folder");
        tree.put("project/deckle.yaml", &format!("id: x\ndeck: X\nmedia-roots: {roots}\n"));
        for address in ["../../shared/deep/x.png", "pictures/x.png"] {
            assert_eq!(tree.build_note(&format!("![x]({address})")).collection.media.len(), 1, "{roots} {address}");
        }
        for address in ["../../shared/out.png", "../../outside/secret.png", "../../shared2/y.png"] {
            tree.expect("![x](@)", address, "outside-media");
        }
    }
    symlink("..", tree.place("project/up")).expect("a link");
    for roots in ["..", "../..", "/", "up", "content/../..", "../project", "[.]", "C:\\", "~/../.."] {
        tree.put("project/deckle.yaml", &format!("id: x\ndeck: X\nmedia-roots: {roots}\n"));
        let said = tree.expect("![x](@)", "../../outside/secret.png", "outside-media");
        assert!(said.contains("error[bad-value]"), "{roots}: {said}");
    }
}

#[test]
fn large_files_are_not_read() {
    let tree = Tree::new();
    for (limit, bytes, is_read) in [
        ("", 100 * 1024 * 1024 + 1, false),
        ("", 100 * 1024, true),
        ("media-limit: 1\n", 1024 * 1024, true),
        ("media-limit: 1\n", 1024 * 1024 + 1, false),
        ("media-limit: 0.5\n", 512 * 1024 + 1, false),
        ("", 1 << 40, false),
    ] {
        tree.put("project/deckle.yaml", &format!("id: x\ndeck: X\n{limit}"));
        for name in ["large.png", "large.svg"] {
            let path = tree.place("project/content").join(name);
            if is_read && name == "large.svg" {
                // What is read has to be a drawing where its name says so.
                let drawing = b"<svg xmlns='http://www.w3.org/2000/svg'/>";
                fs::write(&path, [&drawing[..], &vec![b' '; bytes as usize - drawing.len()]].concat()).expect("a file");
            } else {
                File::create(&path).and_then(|file| file.set_len(bytes)).expect("a file with nothing in it");
            }
            tree.note(&format!("![x]({name})"));
            let compiled =
                compile_in_time(World::at(0), Request { start: tree.place("project"), ..Request::default() });
            assert_eq!(compiled.collection.media.len(), usize::from(is_read), "{limit} {bytes}");
            assert_eq!(said(&compiled).contains("warning[large-media]"), !is_read, "{limit} {bytes}");
            fs::remove_file(tree.place("project/content").join(name)).expect("it goes");
        }
    }
}

#[test]
fn an_unsaved_text_outside_is_outside() {
    let tree = Tree::new();
    tree.note("![x](../../outside/open.svg)\n\n![x](new.svg)");
    let mut world = World::at(0);
    world.overlay(&tree.place("outside/open.svg"), format!("<svg><!--{SECRET}--></svg>")).expect("a path");
    world.overlay(&tree.place("project/content/new.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>").expect("a path");
    let compiled = compile_in_time(world, request(tree.place("project"), &[]));
    assert_eq!(compiled.collection.media.len(), 1);
    assert!(said(&compiled).contains("warning[outside-media]: `../../outside/open.svg`"));
}

#[test]
fn a_folder_of_notes_that_leads_out_is_not_walked() {
    let tree = Tree::new();
    fs::remove_dir_all(tree.place("project/content")).expect("it goes");
    symlink("../outside", tree.place("project/content")).expect("a link");
    for paths in [&[][..], &["content"], &["content/secret.md"]] {
        let compiled = tree.build("project", paths);
        assert!(said(&compiled).contains("warning[skipped-file]"), "{paths:?}: {}", said(&compiled));
        assert!(compiled.collection.notes.is_empty());
        assert_no_secret(&compiled, "a folder of notes");
    }
}

#[test]
fn an_output_folder_elsewhere_is_no_folder_of_notes() {
    let tree = Tree::new();
    fs::remove_dir_all(tree.place("project/content")).expect("it goes");
    tree.put("project/deckle.yaml", "id: x\ndeck: X\ncontent: .\n");
    tree.put("project/a.md", "## One?\n\nYes.\n");
    symlink("../outside", tree.place("project/dist")).expect("a link");
    assert_eq!(said(&tree.build("project", &[])), "");
}

#[test]
fn files_of_our_own_that_are_pipes_are_not_waited_for() {
    for name in ["dist/.deckle-files", "deckle.lock"] {
        let tree = Tree::new();
        tree.note("Answer.");
        fs::create_dir(tree.place("project/dist")).expect("a folder");
        assert!(Command::new("mkfifo").arg(tree.place("project").join(name)).status().expect("mkfifo").success());
        let mut build = Command::new(env!("CARGO_BIN_EXE_deckle"));
        build.current_dir(tree.place("project")).arg("build");
        let run = in_time(move || build.output().expect("deckle runs"));
        assert!(String::from_utf8_lossy(&run.stderr).contains("it is a pipe, a device or a socket"), "{name}: {run:?}");
    }
}

/// A project with links out of it, and secrets beside it.
struct Tree {
    folder: TempDir,
}

impl Tree {
    fn new() -> Self {
        let tree = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        tree.put("project/deckle.yaml", "id: x\ndeck: X\n");
        for name in ["secret.png", "secret.mp3", "secret.mp4", "secret"] {
            tree.put(&format!("outside/{name}"), SECRET);
        }
        tree.put("outside/secret.svg", &format!("<svg xmlns='http://www.w3.org/2000/svg'><!--{SECRET}--></svg>"));
        tree.put("outside/secret.md", &format!("---\ndeck: S\n---\n## {SECRET}?\n\n{SECRET}\n"));
        tree.put("outside/_deck.yaml", &format!("tags: [{SECRET}]\n"));
        fs::create_dir(tree.place("project/content")).expect("a folder");
        for (name, target) in [
            ("link.png", "../../outside/secret.png"),
            ("chain.png", "chain-2.png"),
            ("chain-2.png", "link.png"),
            ("absolute.png", tree.place("outside/secret.png").to_str().expect("a path in UTF-8")),
            ("dir", "../../outside"),
            ("chain-of-dirs", "dir"),
            ("environ.png", "/proc/self/environ"),
            ("zero.png", "/dev/zero"),
            ("root", "/"),
            ("fd", "/proc/self/fd"),
        ] {
            symlink(target, tree.place("project/content").join(name)).expect("a link");
        }
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

    /// A pipe, a socket, links to the pipe, to nothing and in circles, and a folder, all with this ending.
    fn specials(&self, folder: &str, ending: &str) -> UnixListener {
        let place = |name: &str| self.place(folder).join(format!("{name}.{ending}"));
        fs::create_dir_all(place("folder")).expect("a folder");
        assert!(Command::new("mkfifo").arg(place("pipe")).status().expect("mkfifo").success());
        for (name, target) in
            [("to-pipe", "pipe"), ("loop", "loop"), ("loop-a", "loop-b"), ("loop-b", "loop-a"), ("nowhere", "gone")]
        {
            symlink(format!("{target}.{ending}"), place(name)).expect("a link");
        }
        symlink("loop-dir", self.place(folder).join("loop-dir")).expect("a link");
        UnixListener::bind(place("socket")).expect("a socket")
    }

    fn note(&self, body: &str) {
        self.put("project/content/note.md", &format!("## Question?\n\n{body}\n"));
    }

    fn build_note(&self, body: &str) -> Compiled {
        self.note(body);
        self.build("project", &[])
    }

    fn build(&self, start: &str, paths: &[&str]) -> Compiled {
        compile_in_time(World::at(0), request(self.place(start), paths))
    }

    /// Builds a note with this in it, and gives what was said, which has the code in it.
    fn expect(&self, form: &str, address: &str, code: &str) -> String {
        let what = form.replace('@', address);
        let compiled = self.build_note(&what);
        let said = said(&compiled);
        assert!(said.contains(&format!("[{code}]")), "{what}\n{said}");
        assert!(compiled.collection.media.is_empty(), "{what}");
        assert_no_secret(&compiled, &what);
        said
    }
}

fn request(start: PathBuf, paths: &[&str]) -> Request {
    let formats = Formats::These(vec![Format::Apkg, Format::Print, Format::Book, Format::Json]);
    let wanted = Wanted { formats, accept_loss: true, ..Wanted::default() };
    Request { start, paths: paths.iter().map(PathBuf::from).collect(), wanted, ..Request::default() }
}

fn compile_in_time(world: World, request: Request) -> Compiled {
    in_time(move || compile(&world, &request, &|_| {}).expect("it compiles"))
}

/// A pipe that is opened waits for ever.
fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    receiver.recv_timeout(Duration::from_secs(30)).expect("an answer within half a minute")
}

/// All messages, but the warnings of the links that lie in every tree.
fn said(compiled: &Compiled) -> String {
    let mut painter = Renderer::new(&compiled.sources, false);
    let is_given = |text: &String| {
        ["dir", "chain-of-dirs", "root", "fd"].iter().any(|name| text.contains(&format!("--> content/{name}:1:1\n")))
    };
    let rendered: Vec<String> = compiled.diagnostics.iter().map(|found| painter.render(found)).collect();
    let is_alone = rendered.iter().filter(|text| text.starts_with("warning[skipped-file]")).count() <= 4;
    rendered.into_iter().filter(|text| !(is_alone && is_given(text))).collect()
}

fn assert_no_secret(compiled: &Compiled, what: &str) {
    for artifact in &compiled.artifacts {
        let bytes = bytes_of(&artifact.recipe).expect("the bytes of an artifact");
        assert!(!holds_secret(&bytes), "{what}: {}", artifact.path.display());
    }
    assert!(compiled.sources.iter().all(|(_, source)| !source.text.contains(SECRET)), "{what}: a source");
    assert!(!said(compiled).contains(SECRET), "{what}: a message");
}

/// Whether the secret is in the bytes, as it is, in base64 wherever that starts, or in what lies in a zip.
fn holds_secret(bytes: &[u8]) -> bool {
    let encoded = (0..3).map(|start| base64(&SECRET.as_bytes()[start..start + 60]));
    encoded.chain([SECRET.to_owned()]).any(|text| contains(bytes, text.as_bytes()))
        || members(bytes).any(|member| holds_secret(&member))
}

fn members(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let mut archive = bytes.starts_with(b"PK").then(|| zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip"));
    let count = archive.as_ref().map_or(0, zip::ZipArchive::len);
    (0..count).map(move |index| {
        let mut member = Vec::new();
        let archive = archive.as_mut().expect("a zip with members");
        archive.by_index(index).expect("a member").read_to_end(&mut member).expect("its bytes");
        member
    })
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Of a multiple of three bytes.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = bytes.chunks_exact(3).flat_map(|three| {
        let bits = three.iter().fold(0, |bits, &byte| bits << 8 | usize::from(byte));
        [18, 12, 6, 0].map(|shift| char::from(DIGITS[bits >> shift & 63]))
    });
    digits.collect()
}
