//! Asks `deckle serve` as browsers do, and as pages that want to read somebody's notes would.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod program;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use program::{command, project};

const SETTINGS: &str = "id: tea\nname: Tea\nlink: 'vscode://file/notes/{path}:{line}'\n";
const PROSE: &str = "---\ndeck: Hot::Tea\n---\n# Leaves\n\nOld prose.\n";
const NOTE: &str = "---\ndeck: Hot::Tea\ntags: [warm]\n---\n# Drinks\n\n## What is tea? {.reversed}\n\n![leaf](leaf.svg) Leaves in water.\n\n\
    ## How long?\n\n4 min\n\n## Which {.cloze}\n\n==Green== or ==black==.\n";
const LEAF: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>";

/// A project that is served.
struct Served {
    folder: TempDir,
    child: Child,
    port: u16,
    token: String,
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|cause| panic!("{cause}: {}", self.body))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.split_once(": ").filter(|(key, _)| *key == name).map(|(_, value)| value))
    }
}

impl Served {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = project(files);
        Self::of(folder, &[])
    }

    fn of(folder: TempDir, args: &[&str]) -> Self {
        let mut serve = command(folder.path(), &[&["serve"], args].concat());
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("http://127.0.0.1:").and_then(|rest| rest.strip_suffix('/'));
        let mut served = Self { folder, child, port: port.unwrap().parse().unwrap(), token: String::new() };
        let page = served.get("/").body;
        let token = page.split("deckle-token\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
        token.unwrap().clone_into(&mut served.token);
        served
    }

    fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port))
    }

    /// With headers in the place of the usual one, each with its line end.
    fn get_with(&self, path: &str, headers: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n"))
    }

    fn ask(&self, request: &str) -> Answer {
        ask(self.port, request)
    }

    fn fix(&self, body: &Value, headers: &str) -> Answer {
        let body = body.to_string();
        self.ask(&format!(
            "POST /api/fix HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: {}\r\n{headers}Connection: close\r\n\r\n{body}",
            self.port,
            body.len()
        ))
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.path().join(path)).unwrap()
    }

    /// Changes as they come.
    fn events(&self) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        write!(stream, "GET /events HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", self.port).unwrap();
        let mut events = BufReader::new(stream);
        let mut line = String::new();
        // It listens once it says when to come again.
        while !line.starts_with("retry:") {
            line.clear();
            events.read_line(&mut line).unwrap();
        }
        events
    }

    fn id_of(&self, title: &str) -> String {
        let state = self.get("/api/state").json();
        let notes = state.get("notes").and_then(Value::as_array).unwrap();
        let note = notes.iter().find(|note| note["title"].as_str().unwrap().starts_with(title));
        note.unwrap_or_else(|| panic!("{title}: {state}"))["id"].as_str().unwrap().to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ask(port: u16, request: &str) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    // A door that is shut in the middle of a request has answered before.
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// The data of the next change.
fn next(events: &mut BufReader<TcpStream>) -> Value {
    loop {
        let mut line = String::new();
        assert_ne!(events.read_line(&mut line).unwrap(), 0, "no more changes");
        if let Some(data) = line.strip_prefix("data: ") {
            return serde_json::from_str(data).unwrap();
        }
    }
}

/// The first change that is like this; what comes before it is passed over.
fn next_that(events: &mut BufReader<TcpStream>, is_it: impl Fn(&Value) -> bool) -> Value {
    loop {
        let change = next(events);
        if is_it(&change) {
            return change;
        }
    }
}

fn tea() -> Served {
    Served::new(&[("deckle.yaml", SETTINGS), ("content/tea.md", NOTE), ("content/leaf.svg", LEAF)])
}

#[test]
fn a_project_is_shown() {
    let served = tea();
    let state = served.get("/api/state").json();
    assert_eq!((&state["revision"], &state["project"], &state["stop"]), (&json!(1), &json!("Tea"), &Value::Null));
    assert_eq!(state["counts"], json!({"notes": 3, "cards": 5, "errors": 0, "warnings": 0}));
    assert_eq!(state["decks"], json!([{"name": "Hot::Tea", "notes": 3}]));
    assert_eq!(state["tags"], json!([{"name": "warm", "notes": 3}]));
    assert_eq!(state["files"], json!([{"path": "content/tea.md", "notes": 3, "problems": 0}]));
    let pages: Vec<&str> =
        state["pages"].as_array().unwrap().iter().map(|page| page["name"].as_str().unwrap()).collect();
    assert_eq!(pages, ["print/hot-cards.html", "print/hot-sheet.html", "site/index.html"]);
    let id = served.id_of("What is tea?");
    let note = served.get(&format!("/api/note/{id}")).json();
    assert_eq!(note["source"], "## What is tea? {.reversed}\n\n![leaf](leaf.svg) Leaves in water.");
    assert_eq!((&note["line"], &note["change"], &note["kind"]), (&json!(7), &json!("new"), &json!("basic")));
    assert_eq!(note["open"], "vscode://file/notes/content/tea.md:7");
    assert_eq!(note["breadcrumb"], json!(["Drinks"]));
    assert_eq!(note["cards"].as_array().unwrap().len(), 2);
    let answer = served.get(&format!("/card/{id}/0/answer"));
    assert!(answer.body.contains("Leaves in water."), "{}", answer.body);
    assert!(served.get(&format!("/card/{id}/0/question?night=1")).body.contains("nightMode"));
    // A picture is found below the folder that the card names.
    let media = answer.body.split("<base href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let name = answer.body.split("<img src=\"").nth(1).unwrap().split('"').next().unwrap();
    let picture = served.get(&format!("{media}{name}"));
    assert_eq!(
        (picture.status, picture.header("content-type"), picture.body.as_str()),
        (200, Some("image/svg+xml"), LEAF)
    );
    let host = format!("Host: 127.0.0.1:{}\r\nRange: bytes=1-3\r\n", served.port);
    let part = served.get_with(&format!("{media}{name}"), &host);
    assert_eq!((part.status, part.body.as_str()), (206, "svg"));
    for nothing in [
        "/card/x/0/answer",
        "/api/note/x",
        &format!("/card/{id}/2/answer"),
        &format!("/card/{id}/0/side"),
        "/x",
        "/assets/x",
    ] {
        assert_eq!(served.get(nothing).status, 404, "{nothing}");
    }
    assert!(!served.folder.path().join("dist").exists() && !served.folder.path().join("deckle.lock").exists());
}

#[test]
fn changes_are_told_as_they_are_saved() {
    let served = tea();
    let ids = [served.id_of("What is tea?"), served.id_of("How long?")];
    let mut events = served.events();
    served.write("content/tea.md", &NOTE.replace("4 min", "5 min"));
    let change = next(&mut events);
    assert_eq!((&change["revision"], &change["focus"]), (&json!(2), &json!(ids[1])));
    assert_eq!(change["changed"].as_array().unwrap().len(), 1, "{change}");
    assert_eq!((&change["gone"], &change["order"]), (&json!([]), &Value::Null));
    assert!(served.get(&format!("/card/{}/0/answer", ids[1])).body.contains("5 min"));
    // Settings that are broken keep what there was.
    served.write("deckle.yaml", "id: [\n");
    let broken = next_that(&mut events, |change| !change["stop"].is_null());
    assert!(broken["stop"].as_str().unwrap().starts_with("deckle.yaml:"), "{broken}");
    assert_eq!((&broken["gone"], broken["problems"].as_array().unwrap().len()), (&json!([]), 1));
    assert_eq!(served.get("/api/state").json()["notes"].as_array().unwrap().len(), 3);
    served.write("deckle.yaml", SETTINGS);
    next_that(&mut events, |change| change["stop"].is_null());
    // A note that goes, and one that comes, in a folder that comes.
    fs::create_dir_all(served.folder.path().join("content/more")).unwrap();
    served.write("content/more/milk.md", "---\ndeck: Milk\n---\n## Is it white?\n\nYes.\n");
    let more = next_that(&mut events, |change| !change["order"].is_null());
    assert_eq!(more["order"].as_array().unwrap().len(), 4);
    assert_eq!(more["decks"].as_array().unwrap().len(), 2);
    served.write("content/tea.md", &NOTE.replace("## How long?\n\n4 min\n\n", ""));
    let less = next_that(&mut events, |change| change["gone"] != json!([]));
    assert_eq!(less["gone"], json!([ids[1]]));
}

#[test]
fn a_side_that_changes_is_told_from_one_that_stays() {
    let served = tea();
    let id = served.id_of("How long?");
    let sides = || {
        let sides = served.get(&format!("/api/note/{id}")).json()["cards"][0]["sides"].take();
        [sides[0].as_str().unwrap().to_owned(), sides[1].as_str().unwrap().to_owned()]
    };
    let before = sides();
    assert_ne!(before[0], before[1]);
    let mut events = served.events();
    served.write("content/tea.md", &NOTE.replace("4 min", "5 min"));
    next(&mut events);
    let after = sides();
    assert_eq!(before[0], after[0]);
    assert_ne!(before[1], after[1]);
}

#[test]
fn pages_are_those_of_what_is_shown() {
    let served = tea();
    served.write("content/leaves.md", PROSE);
    let mut events = served.events();
    served.write("content/leaves.md", PROSE);
    let page = |path: &str| {
        let address = served.get(&format!("/out/{path}")).header("location").unwrap().to_owned();
        let (port, path) = address.strip_prefix("http://127.0.0.1:").unwrap().split_once('/').unwrap();
        let port: u16 = port.parse().unwrap();
        ask(port, &format!("GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"))
    };
    while !page("site/leaves.html").body.contains("Old prose.") {
        next(&mut events);
    }
    // Prose is in no note, and told of all the same.
    served.write("content/leaves.md", &PROSE.replace("Old", "New"));
    let change = next(&mut events);
    assert_eq!((change["changed"].as_array().unwrap().len(), &change["focus"]), (0, &Value::Null), "{change}");
    assert!(page("site/leaves.html").body.contains("New prose."));
    served.write("deckle.yaml", &format!("{SETTINGS}print:\n  preset: 2\n"));
    next(&mut events);
    assert!(page("print/hot-cards.html").body.contains("148.5"), "a card is half a page");
    // The last good state has pages as well.
    served.write("deckle.yaml", "id: [\n");
    next_that(&mut events, |change| !change["stop"].is_null());
    assert!(page("site/leaves.html").body.contains("New prose."));
    assert!(page("print/hot-cards.html").body.contains("How long?"));
}

#[test]
fn notes_in_the_output_folder_are_told_of() {
    let settings = "id: tea\nname: Tea\nout: .\n";
    let served = Served::new(&[("deckle.yaml", settings), ("content/tea.md", NOTE), ("content/leaf.svg", LEAF)]);
    let mut events = served.events();
    served.write("content/tea.md", &NOTE.replace("4 min", "5 min"));
    assert_eq!(next(&mut events)["changed"].as_array().unwrap().len(), 1);
}

#[test]
fn what_all_notes_share_is_no_edit_of_one() {
    let settings = format!("{SETTINGS}templates: templates\n");
    let style = ("templates/anki/extra.css", ".card { color: red }\n");
    let served =
        Served::new(&[("deckle.yaml", &settings), ("content/tea.md", NOTE), ("content/leaf.svg", LEAF), style]);
    let mut events = served.events();
    served.write(style.0, ".card { color: teal }\n");
    let change = next_that(&mut events, |change| change["changed"] != json!([]));
    assert_eq!((change["changed"].as_array().unwrap().len(), &change["focus"]), (3, &Value::Null), "{change}");
    served.write("deckle.yaml", &settings.replace("name: Tea", "name: Coffee"));
    assert_eq!(next(&mut events)["project"], "Coffee");
    // A build beside dates what is new since then.
    let built = Command::new(env!("CARGO_BIN_EXE_deckle")).arg("build").current_dir(served.folder.path()).output();
    assert!(built.unwrap().status.success());
    let change = next_that(&mut events, |change| change["changed"] != json!([]));
    assert!(change["changed"].as_array().unwrap().iter().all(|note| note["change"] == "same"), "{change}");
    assert_eq!(change["focus"], Value::Null);
}

#[test]
fn what_does_not_fit_on_paper_is_told_until_it_does() {
    let served = tea();
    let id = served.id_of("How long?");
    let codes = || {
        let problems = served.get(&format!("/api/note/{id}")).json()["problems"].take();
        problems.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut events = served.events();
    let long = NOTE.replace("4 min", &"Many words. ".repeat(400));
    served.write("content/tea.md", &long);
    next(&mut events);
    assert_eq!(codes(), ["print-overflow"]);
    served.write("content/tea.md", &long.replace("Leaves in", "Leaves of a bush in"));
    next(&mut events);
    assert_eq!(codes(), ["print-overflow"], "it is there still, though another note was edited");
    served.write("content/tea.md", NOTE);
    next(&mut events);
    assert_eq!(codes(), [""; 0]);
}

#[test]
fn pages_to_print_and_the_site_are_another_origin() {
    let served = tea();
    let there = served.get("/out/print/hot-cards.html");
    let address = there.header("location").unwrap();
    let (port, path) = address.strip_prefix("http://127.0.0.1:").unwrap().split_once('/').unwrap();
    let port: u16 = port.parse().unwrap();
    assert_ne!(port, served.port);
    let get = |path: &str, host: u16, more: &str| {
        ask(port, &format!("GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{host}\r\n{more}Connection: close\r\n\r\n"))
    };
    assert!(get(path, port, "").body.contains("How long?"));
    let site = get("site/index.html", port, "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: navigate\r\n");
    assert!(site.body.contains("Tea"), "{}", site.head);
    assert!(site.header("content-security-policy").unwrap().contains(&format!("http://127.0.0.1:{}", served.port)));
    assert_eq!(get("site/", port, "").status, 200);
    for (path, host, more) in [
        ("site/index.html", served.port, ""),
        ("site/index.html", port, "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"),
        ("site/index.html", port, "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors\r\n"),
        ("site/index.html", port, "Origin: http://evil.example\r\n"),
    ] {
        assert_eq!(get(path, host, more).status, 403, "{host} {more}");
    }
    for nothing in
        ["api/state", "../deckle.yaml", "site/..%2f..%2fdeckle.yaml", "deckle.yaml", "content/tea.md", "hot.lock"]
    {
        assert_eq!(get(nothing, port, "").status, 404, "{nothing}");
    }
    assert!(!served.folder.path().join("dist").exists());
}

#[test]
fn nobody_else_reads_notes() {
    let served = tea();
    let port = served.port;
    let id = served.id_of("How long?");
    let paths = [
        "/".to_owned(),
        "/api/state".to_owned(),
        format!("/api/note/{id}"),
        format!("/card/{id}/0/answer"),
        "/events".to_owned(),
    ];
    for path in &paths {
        for headers in [
            "Host: evil.example\r\n".to_owned(),
            format!("Host: evil.example:{port}\r\n"),
            format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n"),
            format!("Host: 127.0.0.1:{}\r\n", port.wrapping_add(1)),
            format!("Host: 127.0.0.1:{port}\r\nOrigin: http://evil.example\r\n"),
            format!("Host: 127.0.0.1:{port}\r\nOrigin: null\r\n"),
            format!("Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{}\r\n", port.wrapping_add(1)),
            format!("Host: 127.0.0.1:{port}\r\nSec-Fetch-Site: cross-site\r\n"),
            format!("Host: 127.0.0.1:{port}\r\nSec-Fetch-Site: same-site\r\nSec-Fetch-Mode: navigate\r\n"),
        ] {
            let answer = served.get_with(path, &headers);
            assert!(matches!(answer.status, 400 | 403), "{path} {headers}: {}", answer.head);
            assert!(!answer.body.contains("tea") && !answer.body.contains("4 min"), "{path} {headers}");
        }
    }
    let elsewhere =
        format!("GET http://evil.example/api/state HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    assert_eq!(served.ask(&elsewhere).status, 403);
    assert_eq!(served.ask("GET /api/state HTTP/1.0\r\n\r\n").status, 403);
    // No answer may be framed, sniffed or kept by others.
    for path in &paths[..4] {
        let answer = served.get(path);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors '"), "{path}: {policy}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
    assert!(served.get(&paths[3]).header("content-security-policy").unwrap().starts_with("sandbox allow-scripts;"));
}

#[cfg(unix)]
#[test]
fn no_file_outside_of_the_notes_is_served() {
    let folder = project(&[("deckle.yaml", SETTINGS), ("content/tea.md", NOTE), ("content/leaf.svg", LEAF)]);
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.svg"), "<svg>secret</svg>").unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.svg"), folder.path().join("content/link.svg")).unwrap();
    fs::write(folder.path().join("content/link.md"), "---\ndeck: Link\n---\n## A link?\n\n![x](link.svg)\n").unwrap();
    fs::write(folder.path().join("content/unused.svg"), LEAF).unwrap();
    let served = Served::of(folder, &[]);
    let card = served.get(&format!("/card/{}/0/answer", served.id_of("What is tea?"))).body;
    let media = card.split("<base href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut paths: Vec<String> =
        ["link.svg", "unused.svg", "secret.svg", "..%2f..%2fdeckle.yaml", "../deckle.yaml", "%2e%2e/", ""]
            .iter()
            .map(|name| format!("{media}{name}"))
            .collect();
    paths.extend(
        [
            "/../deckle.yaml",
            "/..%2fdeckle.yaml",
            "/%2e%2e%2fdeckle.yaml",
            "/assets/../page.html",
            "/assets/..%2fpage.html",
            "/assets/%2e%2e/page.html",
            "/deckle.yaml",
            "/content/tea.md",
            "/media/leaf.svg",
            "//etc/passwd",
            "/etc/passwd",
            "/api/note/..%2f..%2fdeckle.yaml",
            "/card/..%2f/0/answer",
        ]
        .map(str::to_owned),
    );
    for path in &paths {
        let answer = served.get(path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.head);
        assert!(!answer.body.contains("secret") && !answer.body.contains("id: tea"), "{path}");
    }
    let problems = served.get("/api/state").json()["problems"].to_string();
    assert!(problems.contains("`link.svg` leads out of the project"), "{problems}");
}

#[test]
fn nothing_is_written_without_the_token() {
    let misspelt = NOTE.replace("tags: [warm]", "tgas: [warm]");
    let served = Served::new(&[("deckle.yaml", SETTINGS), ("content/tea.md", &misspelt), ("content/leaf.svg", LEAF)]);
    let state = served.get("/api/state").json();
    let problem =
        state["problems"].as_array().unwrap().iter().find(|problem| problem["code"] == "unknown-key").unwrap();
    assert!(problem["fix"]["title"].is_string() && problem["text"].as_str().unwrap().contains("tgas"), "{problem}");
    let body = json!({"id": problem["id"], "revision": state["revision"]});
    let token = format!("X-Deckle-Token: {}\r\n", served.token);
    let json_type = "Content-Type: application/json\r\n";
    for headers in [
        json_type.to_owned(),
        token.clone(),
        format!("Content-Type: text/plain\r\n{token}"),
        format!("{json_type}X-Deckle-Token: \r\n"),
        format!("{json_type}X-Deckle-Token: {}x\r\n", served.token),
        format!("{json_type}{token}Origin: http://evil.example\r\n"),
        format!("{json_type}{token}Sec-Fetch-Site: cross-site\r\n"),
    ] {
        assert_eq!(served.fix(&body, &headers).status, 403, "{headers}");
    }
    for method in ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let request = format!(
            "{method} /api/fix HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{json_type}{token}Connection: close\r\n\r\n",
            served.port
        );
        assert_eq!(served.ask(&request).status, 403, "{method}");
    }
    let post = format!(
        "POST /api/state HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        served.port
    );
    assert_eq!(served.ask(&post).status, 405);
    let headers = format!("{json_type}{token}");
    assert_eq!(served.fix(&json!({"id": problem["id"], "revision": 7}), &headers).status, 409);
    assert_eq!(served.fix(&json!({"id": "nothing", "revision": state["revision"]}), &headers).status, 409);
    assert_eq!(served.fix(&json!("x"), &headers).status, 400);
    assert_eq!(served.fix(&json!({"id": "x".repeat(5000), "revision": 1}), &headers).status, 413);
    assert_eq!(served.read("content/tea.md"), misspelt);
    let mut events = served.events();
    let mended = served.fix(&body, &headers);
    assert_eq!((mended.status, mended.json()), (200, json!({"ok": true})));
    assert_eq!(served.read("content/tea.md"), NOTE);
    let change = next(&mut events);
    assert_eq!(change["counts"]["warnings"], 0, "{change}");
}

#[test]
fn settings_that_are_wrong_at_the_start_may_be_mended() {
    let served = Served::new(&[("deckle.yaml", "id: [\n"), ("content/tea.md", NOTE), ("content/leaf.svg", LEAF)]);
    let state = served.get("/api/state").json();
    assert!(state["stop"].as_str().unwrap().starts_with("deckle.yaml:1:"), "{state}");
    assert_eq!(state["notes"], json!([]));
    let mut events = served.events();
    served.write("deckle.yaml", SETTINGS);
    let change = next_that(&mut events, |change| change["stop"].is_null());
    assert_eq!(change["changed"].as_array().unwrap().len(), 3);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_at_once_and_gives_the_port_back() {
    let mut served = tea();
    let _events = served.events();
    let id = served.child.id().to_string();
    Command::new("kill").args(["-INT", &id]).status().unwrap();
    served.child.wait().unwrap();
    assert!(std::net::TcpListener::bind(("127.0.0.1", served.port)).is_ok());
}

#[test]
fn a_port_that_is_taken_is_said() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = project(&[("deckle.yaml", SETTINGS), ("content/tea.md", NOTE)]);
    let output = command(folder.path(), &["serve", "--port", &port]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&format!("cannot listen on port {port}")), "{said}");
}
