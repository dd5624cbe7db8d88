//! Writes the notes of projects as headings, and holds that they are the same notes afterwards, and that all else is there
//! still.

#![expect(clippy::expect_used, reason = "a test fails by a panic")]

mod case;
#[expect(dead_code, reason = "what is made of a project is looked at elsewhere")]
mod project;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use case::files_of_case;
use deckle::api::config::Syntaxes;
use deckle::api::files::World;
use deckle::api::ir::ChapterPart;
use deckle::api::pipeline::{self, Compiled, Formats, Goal, Reformatted, Request, Target, Wanted, compile, reformat};
use project::{File, NOW};
use proptest::prelude::*;

fn request(root: &Path) -> Request {
    let wanted = Wanted { formats: Formats::None, accept_loss: true, ..Wanted::default() };
    Request { start: root.to_owned(), wanted, ..Request::default() }
}

fn look(root: &Path) -> Compiled {
    compile(&World::at(NOW), &request(root), &|_| {}).expect("the project can be read")
}

fn to_headings(root: &Path, target: &Target) -> Reformatted {
    reformat(&World::at(NOW), &request(root), Goal::Headings, target).expect("it can be written anew")
}

/// The notes of each file, in source order: who they are, and all that they say.
fn notes(compiled: &Compiled) -> BTreeMap<String, Vec<String>> {
    let mut notes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for note in &compiled.collection.notes {
        let mut text = String::new();
        outline(&serde_json::to_value(note).expect("a note serialises"), &mut text);
        let mut tags: Vec<&str> = note.tags.iter().map(deckle::api::ir::Tag::as_str).collect();
        tags.sort_unstable();
        let path = compiled.sources.get(note.span.source).path.clone();
        notes.entry(path).or_default().push(format!("{text} {tags:?}"));
    }
    notes
}

/// A note's JSON without what stands for its place: where it stands, its headings, its time and position. Tags are a set.
fn outline(value: &serde_json::Value, text: &mut String) {
    match value {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                if !["span", "line", "due", "modified", "id", "context", "tags"].contains(&key.as_str()) {
                    text.push_str(key);
                    outline(value, text);
                }
            }
        }
        serde_json::Value::Array(array) => {
            text.push('[');
            for value in array {
                outline(value, text);
            }
            text.push(']');
        }
        leaf @ (serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_)) => text.push_str(&leaf.to_string()),
    }
}

/// The prose of each chapter, by its path.
fn prose(compiled: &Compiled) -> BTreeMap<String, Vec<String>> {
    let of = |parts: &[ChapterPart]| {
        let blocks = parts.iter().filter_map(|part| match part {
            ChapterPart::Prose { block } => Some(block),
            ChapterPart::Note { .. } | ChapterPart::Table(_) => None,
        });
        let text = |block| {
            let mut text = String::new();
            outline(&serde_json::to_value(block).expect("a block serialises"), &mut text);
            text
        };
        blocks.map(text).collect()
    };
    compiled.collection.chapters.iter().map(|chapter| (chapter.path.clone(), of(&chapter.parts))).collect()
}

/// The texts of all headings that are prose.
fn titles(compiled: &Compiled) -> Vec<String> {
    let parts = compiled.collection.chapters.iter().flat_map(|chapter| &chapter.parts);
    let titles = parts.filter_map(|part| match part {
        ChapterPart::Prose { block } => {
            let heading = serde_json::to_value(block).expect("a block serialises");
            let is_heading = heading.get("kind").and_then(serde_json::Value::as_str) == Some("heading");
            heading.get("content").filter(|_| is_heading).map(text_of)
        }
        ChapterPart::Note { .. } | ChapterPart::Table(_) => None,
    });
    titles.collect()
}

/// The text of inlines.
fn text_of(content: &serde_json::Value) -> String {
    let texts = content.as_array().into_iter().flatten().filter_map(|inline| inline.get("text"));
    texts.filter_map(serde_json::Value::as_str).collect()
}

/// What a note stands below may only lose what is no heading, and gains nothing.
fn assert_stands_below(then: &[String], now: &[String], headings: &[String]) {
    let mut rest = now.iter().peekable();
    for title in then {
        assert!(rest.next_if_eq(&title).is_some() || !headings.contains(title), "{then:?} and {now:?}");
    }
    assert_eq!(rest.next(), None, "{then:?} and {now:?}");
}

/// Every case below a folder with its path.
fn cases(folder: &str) -> Vec<(PathBuf, Vec<File>)> {
    let (mut folders, mut cases) = (vec![PathBuf::from(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the cases") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let files = files_of_case(&fs::read_to_string(&path).expect("a case"));
                cases.push((path, files));
            }
        }
    }
    cases.sort_by(|one, other| one.0.cmp(&other.0));
    cases
}

/// What came of a project's notes.
#[derive(Debug, Default)]
struct Count {
    written: usize,
    left: usize,
    refused: usize,
    /// Notes with other headings above them than before.
    moved: usize,
}

/// Writes a project's notes as headings, and holds what has to hold; `is_built` says whether there is a lock.
fn write(files: &[File], is_built: bool) -> Count {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    project::write(root, files);
    let before = look(root);
    if before.identity.is_none() {
        return Count::default();
    }
    if is_built && before.stop.is_none() {
        pipeline::write(&before, &request(root).wanted).expect("the lock is written");
    }
    let before = look(root);
    let shown = to_headings(root, &Target::Nowhere);
    assert_eq!(notes(&look(root)), notes(&before), "what is only shown is not written");
    let done = to_headings(root, &Target::Place);
    let changes = |done: &Reformatted| done.files.iter().map(|file| file.changes.clone()).collect::<Vec<_>>();
    assert_eq!(changes(&done), changes(&shown), "what is shown is what is done");
    let after = look(root);
    let (then, now) = (notes(&before), notes(&after));
    for (path, then) in &then {
        for (then, now) in then.iter().zip(now.get(path).into_iter().flatten()) {
            assert_eq!(then, now, "in {path}");
        }
    }
    assert!(then == now, "as many notes as before");
    // A note that is left out for what is wrong outside of its file is prose, in another form.
    if before.left_out.notes.is_empty() {
        assert_eq!(prose(&before), prose(&after));
    }
    let contexts: Vec<_> = before.collection.notes.iter().zip(&after.collection.notes).collect();
    let moved = contexts.iter().filter(|(then, now)| then.context != now.context).count();
    assert_eq!(moved, done.moved, "it is said of each");
    for (then, now) in contexts {
        assert_stands_below(&then.context, &now.context, &titles(&before));
    }
    let again = to_headings(root, &Target::Place);
    assert!(again.files.iter().all(|file| file.refused.is_none()), "{again:?}");
    assert_eq!(notes(&look(root)), now, "what is left may be written later");
    Count {
        written: done.files.iter().map(|file| file.notes).sum(),
        left: done.files.iter().map(|file| file.left.len()).sum(),
        refused: done.files.iter().filter(|file| file.refused.is_some()).count(),
        moved,
    }
}

/// In each case, with a lock and without, the notes stay who they are.
#[test]
fn the_notes_of_all_cases_are_the_same_as_headings() {
    for is_built in [false, true] {
        let mut all: BTreeMap<String, Count> = BTreeMap::new();
        // What has no `syntax` in it is written in our own way.
        let has_syntax = |file: &File| String::from_utf8_lossy(&file.bytes).contains("syntax");
        let cases = cases("tests/cases").into_iter().filter(|(_, files)| files.iter().any(has_syntax));
        for (path, files) in cases {
            println!("{}", path.display());
            let count = write(&files, is_built);
            let area = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
            let sum = all.entry(area.to_owned()).or_default();
            sum.written += count.written;
            sum.left += count.left;
            sum.refused += count.refused;
            sum.moved += count.moved;
        }
        all.retain(|_, count| count.written + count.left + count.refused > 0);
        println!("{all:#?}");
        let qa = all.get("qa").expect("cases of `qa`");
        assert!(qa.written >= 72 && qa.left <= 1, "{qa:?}");
        let slides = all.get("slides").expect("cases of `slides`");
        assert!(slides.written >= 20 && slides.left <= 4, "{slides:?}");
        let logseq = all.get("logseq").expect("cases of `logseq`");
        assert!(logseq.written >= 39 && logseq.left == 0 && logseq.moved <= 7, "{logseq:?}");
        let obsidian = all.get("obsidian").expect("cases of `obsidian`");
        assert!(obsidian.written >= 99 && obsidian.left <= 8, "{obsidian:?}");
        let start_end = all.get("start_end").expect("cases of `start-end`");
        assert!(start_end.written >= 68 && start_end.left <= 13, "{start_end:?}");
        assert!(all.values().all(|count| count.refused == 0), "{all:?}");
    }
}

/// What only the request said of how files are written, they say themselves afterwards, where notes are left in their old form
/// too.
#[test]
fn files_that_were_seen_to_be_written_otherwise_need_no_option_later() {
    let files = [
        File::new("a.md", "#flashcards\nLeaf::green\n\nOf ==two==, ==1;;one== is hidden.\n\nWhich?\n?\nThat.\n"),
        File::new("b.md", "---\ntags: [flashcards/b]\n---\n# B\n\nOne::two <!--SR:!2026-01-02,4,270-->\n"),
        File::new("c.md", "TARGET DECK: C\n\nText, STARTI [Basic] x? Back: y ENDI and more.\n"),
        File::new(
            "f.md",
            "deck:: F\n\n- Which? #card\n\t- This\n- tea\n\t- black #card\n\t\t- oxidised #card\n\t\t\t- fully\n",
        ),
        File::new("d.md", "---\ndeck: D\n---\n\n## A heading\n\nIts answer.\n"),
        File::new("e.md", "---\ndeck: E\n---\n\nQ: a\nA: b\n\nQ: c\nA: d\n\n## No note\n\nas long as `Q:` is.\n"),
    ];
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    project::write(root, &files);
    let asked = Request { syntaxes: Some(Syntaxes::auto()), paths: vec![PathBuf::from(".")], ..request(root) };
    let plain = Request { syntaxes: None, ..asked.clone() };
    let look = |request: &Request| compile(&World::at(NOW), request, &|_| {}).expect("the project can be read");
    let before = notes(&look(&asked));
    assert_eq!(before.len(), 6, "{before:?}");
    assert_ne!(notes(&look(&plain)), before);
    let done = reformat(&World::at(NOW), &asked, Goal::Headings, &Target::Place).expect("it can be written anew");
    assert!(!done.needs_option, "{done:?}");
    assert!(
        done.files.iter().any(|file| file.path.ends_with("c.md") && file.notes == 0 && file.left.len() == 1),
        "{done:?}"
    );
    assert_eq!(notes(&look(&plain)), before);
}

/// What is tidied says the same, and tidying it again changes nothing.
#[test]
fn all_cases_say_the_same_when_they_are_tidied() {
    let mut changed = 0;
    for (path, files) in cases("tests/cases") {
        println!("{}", path.display());
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        project::write(root, &files);
        let before = look(root);
        if before.identity.is_none() {
            continue;
        }
        let tidy = || {
            let done = reformat(&World::at(NOW), &request(root), Goal::Tidy, &Target::Place);
            done.expect("it can be tidied").files
        };
        let done = tidy();
        if done.is_empty() {
            continue;
        }
        // Its note shows the file that it stands in.
        let shows_itself = path.ends_with("book/commands-of-mdbook.md");
        assert!(done.iter().all(|file| file.refused.is_some() == shows_itself), "{done:?}");
        changed += 1;
        let after = look(root);
        assert_eq!(notes(&before), notes(&after));
        assert_eq!(prose(&before), prose(&after));
        let again = tidy();
        assert!(again.is_empty() || shows_itself, "twice is once: {again:?}");
    }
    assert!(changed > 15, "{changed}");
}

/// What stands between cards, and cards; each has a number in its texts.
const PIECES: &[&str] = &[
    "Q: What is N?\nA: It is N.\n\n",
    "Q: Two\nlines N?\nA:\n- N\n- and N\n---\n",
    "Q: - a list N\n\n  more\nA: `N`\n",
    "Q: ends {.cloze} {#N}\nA: > [!NOTE]\n> N\n\nAnswer N\n",
    "Q: N # C #\nA: a\n===\n\nb N\n",
    "Q: # N\nA: - - N\n\n\n    code N\n",
    "Q: Same\nA: N\n",
    "Q: ~~~\nN\n~~~\nA: | a | b |\n|---|---|\n| N | c |\n",
    "Q: *N* ==mark==\nA: {{c1::N}} <!-- x --> $N$\n",
    "Q: term N\nA: x\n: N\n",
    "Q: N[^1]\nA: y[^1]\n\n[^1]: note N\n\n",
    "C: A [gap] in N and [another `gap`].\n",
    "C: [[N]] ==x== [a](b) {{c1::y}} \\[z\\] $[N]$\n---\n",
    "C: - [N]\n- [two] parts\n\n",
    "Prose about N.\n\n",
    "# Part N\n\n",
    "## Section N\n\nText of N.\n\n",
    "### Deep N {.reversed tags=tN}\n\n",
    "###### Deepest N\n\n",
    "Setext N\n--------\n\ntext N\n\n",
    "Term N\n: means N\n\n",
    "<!-- comment N -->\n\n",
    "Q: half N\n\n",
    "A: lone N\n---\n",
    "C: none N\n---\n",
    "| a | b |\n|---|---|\n| N | c |\n\n",
    "```\nQ: code N\n```\n\n",
    "<div>\nN\n</div>\n\n",
    "## Note N {#id-N .note}\n\nAnswer N\n\n",
    "> Q: quoted N\n\n",
    "- element N\n\n  ",
];

const TOPS: &[&str] = &[
    "---\nsyntax: qa\n---\n",
    "---\nsyntax: qa, headings\ntags: [x]\n---\n\n",
    "---\ntitle: T\nsyntax:\n  - qa\n---\n",
    "---\ndeckle:\n  syntax: [qa]\n  deck: X::Y\n---\n",
    "",
    "---\nname = \"N: it's\"\nother = 1\n---\n",
    "---\nsyntax: qa\ntags-from-text: true\nbreaks: true\nonly-marked: true\n---\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Cards of any form between text of any form, with a lock and without: what holds for the cases holds.
    #[test]
    fn cards_between_text_are_the_same_as_headings(
        files in prop::collection::vec(
            (0..TOPS.len(), prop::collection::vec(0..PIECES.len(), 0..12), any::<bool>(), any::<bool>()),
            1..3,
        ),
        is_built in any::<bool>(),
    ) {
        let mut number = 0;
        let mut all = vec![File::new("deckle.yaml", "id: cases\nname: Cases\ndeck: Cases\nsyntax: qa\n")];
        for (index, (top, pieces, is_crlf, has_mark)) in files.into_iter().enumerate() {
            let mut text = TOPS.get(top).copied().unwrap_or_default().to_owned();
            for piece in pieces {
                number += 1;
                text += &PIECES.get(piece).copied().unwrap_or_default().replace('N', &number.to_string());
            }
            let options = [(is_crlf, " crlf"), (has_mark, " bom")];
            let options: String = options.into_iter().filter(|(is_given, _)| *is_given).map(|(_, option)| option).collect();
            all.push(File::new(&format!("{index}.md{options}"), &text));
        }
        write(&all, is_built);
    }
}
