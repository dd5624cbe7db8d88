//! What holds for any input, each as a function that panics where it does not. Fuzzers (`fuzz/`) look for such inputs, and
//! the tests in `tests/fuzz_seeds.rs` give them all that is known already.
//!
//! No disk is touched: projects lie in an editor above it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
#[cfg(test)]
use std::io::Read;
use std::path::Path;
use std::sync::LazyLock;

use deckle::api::anki::package::{self, Package};
use deckle::api::anki::{MAX_MEDIA_NAME, media_name, note_type, numbers_in, part_names};
use deckle::api::config::{HtmlPolicy, Settings, Syntax, Syntaxes, read_folder, read_project};
use deckle::api::diagnostic::{Diagnostic, Edit, render};
use deckle::api::files::{World, bytes_of};
use deckle::api::identity::{Clock, Lock, assign, note_types, recover};
use deckle::api::ir::{
    Chapter, ChapterPart, Collection, DeckName, LeftOut, Media, Note, NoteTypeKey, SourceFile, VERSION,
};
use deckle::api::pipeline::{self, Format, Formats, Request, Wanted};
use deckle::api::source::{Source, SourceId, Sources};
use deckle::api::{apkg, markdown};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// Unix seconds of every build.
const NOW: i64 = 1_750_000_000;

/// Source → IR: any text is read, and what is wrong with it is shown at places that are in it.
pub(crate) fn source(text: &str) {
    let (sources, id) = sources(text);
    let document = markdown::read(id, sources.get(id), "note.md", &settings_of(text.len()));
    show(&document.diagnostics, &sources);
    let parts = document.chapter.iter().flat_map(|chapter| &chapter.parts);
    let placed: BTreeSet<usize> = parts.flat_map(ChapterPart::notes).collect();
    assert_eq!(placed, (0..document.notes.len()).collect(), "each note stands in the chapter");
}

/// The settings of a folder; which of them, the length of a text says.
fn settings_of(length: usize) -> Settings {
    let deck = DeckName::new("Deck");
    let both = Syntaxes::new([Syntax::Headings, Syntax::Qa]).unwrap_or_default();
    match length % 4 {
        0 => Settings { deck, html: HtmlPolicy::Trust, ..Settings::default() },
        1 => Settings { deck, syntaxes: both, ..Settings::default() },
        2 => Settings { deck, syntaxes: ways(length / 4), ..Settings::default() },
        _ => Settings { deck, ..Settings::default() },
    }
}

/// Each way of writing notes alone, all at once, and those that a file is seen to be written in.
fn ways(which: usize) -> Syntaxes {
    let which = which % (Syntax::ALL.len() + 2);
    match Syntax::ALL.get(which) {
        Some(syntax) => (*syntax).into(),
        None if which == Syntax::ALL.len() => Syntaxes::new(Syntax::ALL).unwrap_or_default(),
        None => Syntaxes::auto(),
    }
}

fn sources(text: &str) -> (Sources, SourceId) {
    let mut sources = Sources::default();
    let id = sources.push(Source { path: "note.md".to_owned(), text: text.to_owned() });
    (sources, id)
}

/// Shows diagnostics as people see them. No message is told line by line by its input, nor is a colour.
fn show(diagnostics: &[Diagnostic], sources: &Sources) {
    let mut painter = render::Renderer::new(sources, false);
    for found in diagnostics {
        let edit = found.edit.iter().flat_map(Edit::pieces).map(|(span, _)| span);
        for span in found.labels.iter().map(|label| label.span).chain(edit).chain([found.span]) {
            let text = &sources.get(span.source).text;
            assert!(text.get(span.range()).is_some(), "{} at {:?} of {}", found.message, span.range(), text.len());
        }
    }
    // What one is shown with does not hang on the others.
    for found in diagnostics.iter().take(4) {
        painter.render(found);
    }
}

/// IR → each output: a project of one file is built, its package read again, and all of it is what it was.
pub(crate) fn outputs(text: &str) {
    let compiled = compile(text);
    show(&compiled.diagnostics, &compiled.sources);
    assert_spans(&compiled);
    let mut notes = 0;
    for artifact in &compiled.artifacts {
        let bytes = bytes_of(&artifact.recipe).expect("an artifact in memory");
        if artifact.path.extension().is_some_and(|extension| extension == "apkg")
            && artifact.path.components().count() == 1
        {
            notes += packed(&bytes, &artifact.path).notes.len();
        } else if artifact.path.extension().is_none_or(|extension| extension != "apkg" && extension != "png") {
            assert!(std::str::from_utf8(&bytes).is_ok(), "{} is no text", artifact.path.display());
        }
    }
    if compiled.stop.is_none() {
        assert_eq!(notes, compiled.collection.notes.len(), "each note is in a package");
    }
    assert_cards(&compiled.collection);
}

fn compile(text: &str) -> pipeline::Compiled {
    let root = Path::new("/there-is-no-such-folder");
    let mut world = World::at(NOW);
    let trust = if text.len().is_multiple_of(4) { "html: trust\n" } else { "" };
    let project =
        format!("id: fuzz\nname: Fuzz\ndeck: Deck\nsite-url: https://example.org\ntemplates: templates\n{trust}");
    world.overlay(&root.join("deckle.yaml"), project).expect("an absolute path");
    world.overlay(&root.join("content/note.md"), text).expect("an absolute path");
    // To read our own templates takes longer than all the rest.
    if !text.len().is_multiple_of(8) {
        for (name, template) in TEMPLATES {
            world.overlay(&root.join("templates/print").join(name), *template).expect("an absolute path");
        }
    }
    let formats = Formats::These(vec![Format::Apkg, Format::Book, Format::Print, Format::Json]);
    let wanted = Wanted { formats, accept_loss: true, ..Wanted::default() };
    let lock = Some("deckle.lock".into());
    let request = Request { start: root.to_owned(), lock, wanted, ..Request::default() };
    pipeline::compile(&world, &request, &|_| {}).expect("a project in memory")
}

/// Pages to print with nothing on them but what authors wrote.
const TEMPLATES: &[(&str, &str)] = &[
    ("cards.html.hbs", "{{title}}{{#each pages}}{{#each cells}}{{#if side}}{{{body}}}|{{/if}}{{/each}}{{/each}}"),
    (
        "sheet.html.hbs",
        "{{title}}{{#each chapters}}{{title}}{{#each sections}}{{#each headings}}{{{html}}}{{/each}}\
            {{#each notes}}{{{head}}}{{{given}}}{{{body}}}{{{extra}}}{{/each}}{{/each}}{{/each}}",
    ),
];

fn packed(bytes: &[u8], path: &Path) -> Package {
    package::read(path, Cursor::new(bytes)).expect("a package of our own")
}

/// Every span of the IR lies in its text, on the borders of characters.
fn assert_spans(compiled: &pipeline::Compiled) {
    let mut values = vec![serde_json::to_value(&compiled.collection).expect("JSON")];
    while let Some(value) = values.pop() {
        match value {
            Value::Object(map) => {
                if let Some(span) = map.get("span") {
                    let (source, start, end): (u32, usize, usize) =
                        serde_json::from_value(span.clone()).expect("three numbers");
                    let text = &compiled.sources.get(SourceId(source)).text;
                    assert!(text.get(start..end).is_some(), "no text at {start}..{end}");
                }
                values.extend(map.into_iter().map(|(_, value)| value));
            }
            Value::Array(array) => values.extend(array),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// Cloze escaping: the cards that Anki makes of what we pack are those that were meant.
pub(crate) fn clozes(text: &str) {
    let is_qa = text.len() % 4 == 1;
    let start = if is_qa { "C: " } else { "# D\n\n## Q {.cloze}\n\n" };
    let text = format!("{start}{text}");
    let syntaxes = Syntaxes::new([if is_qa { Syntax::Qa } else { Syntax::Headings }]).unwrap_or_default();
    let settings = Settings { deck: DeckName::new("Deck"), syntaxes, ..Settings::default() };
    let mut collection = collection(read_notes(&text, &settings));
    build(&mut collection, None);
    assert_cards(&collection);
}

fn collection(notes: Vec<Note>) -> Collection {
    Collection {
        version: VERSION,
        id: "fuzz".to_owned(),
        name: "Fuzz".to_owned(),
        site_url: None,
        place_link: None,
        outline: Vec::new(),
        sources: vec![SourceFile { path: "note.md".to_owned() }],
        decks: Vec::new(),
        note_types: note_types("fuzz", "Fuzz", &BTreeMap::new()),
        notes,
        media: Vec::new(),
        chapters: Vec::<Chapter>::new(),
    }
}

/// Anki looks for deletions in all fields of a cloze note.
fn assert_cards(collection: &Collection) {
    for (note, fields) in collection.notes.iter().zip(apkg::fields(collection)) {
        if note.note_type() == NoteTypeKey::Cloze {
            let meant: BTreeSet<u16> = note.cards().iter().map(|card| card.ordinal + 1).collect();
            let seen: BTreeSet<u16> = fields.iter().flat_map(|field| numbers_in(field)).collect();
            assert_eq!(seen, meant, "{fields:?}");
        }
        assert!(fields.iter().all(|field| !field.contains('\u{1f}')), "a field's end in a field");
        assert_eq!(fields.len(), note_type::fields(note.note_type()).len());
    }
}

/// Settings: any text is read as `deckle.yaml`, `_deck.yaml` and front matter, and what is wrong is shown where it is.
pub(crate) fn settings(text: &str) {
    let (mut texts, id) = sources(text);
    let mut diagnostics = Vec::new();
    read_project(id, texts.get(id), &mut diagnostics);
    read_folder(id, texts.get(id), &mut diagnostics);
    let front =
        texts.push(Source { path: "note.md".to_owned(), text: format!("---\n{text}\n---\n\n# D\n\n## Q\n\nA\n") });
    let read = markdown::read(front, texts.get(front), "note.md", &settings_of(text.len()));
    diagnostics.extend(read.diagnostics);
    show(&diagnostics, &texts);
}

/// Lock: a text without damage is a lock whose text is read as the same lock.
pub(crate) fn lock(text: &str) {
    for text in [Cow::Borrowed(text), format!("deckle.lock 1\ncollection fuzz\n{text}").into()] {
        let (sources, id) = sources(&text);
        let mut diagnostics = Vec::new();
        let lock = Lock::parse(id, &text, &mut diagnostics);
        show(&diagnostics, &sources);
        if diagnostics.is_empty() {
            assert_survives(&lock);
            build_on(lock);
        }
    }
}

/// Builds some notes on what a lock remembers: each has a GUID of its own and a position, and all of it is remembered.
fn build_on(lock: Lock) {
    const NOTES: &str = "# D\n\n## Q\n\nA\n\n## B\n\nB\n\n## C {.cloze}\n\nA ==b== {{c1::c}}\n";
    static COLLECTION: LazyLock<Collection> = LazyLock::new(|| collection(read_notes(NOTES, &settings_of(2))));
    let mut collection = COLLECTION.clone();
    let lock = build(&mut collection, Some(lock));
    assert_survives(&lock);
    let guids: BTreeSet<&str> = collection.notes.iter().map(|note| note.guid.0.as_str()).collect();
    assert_eq!(guids.len(), collection.notes.len());
    for note in &collection.notes {
        assert!((1..1_000_000).contains(&note.due) && note.modified > 0, "{note:?}");
        assert!(lock.note(&note.guid).is_some(), "{note:?}");
    }
}

/// Says who is who, and gives what is to be remembered.
fn build(collection: &mut Collection, lock: Option<Lock>) -> Lock {
    assign(collection, &mut LeftOut::default(), lock, Clock { now: NOW, source_date_epoch: false }).lock
}

fn read_notes(text: &str, settings: &Settings) -> Vec<Note> {
    let (sources, id) = sources(text);
    markdown::read(id, sources.get(id), "note.md", settings).notes
}

fn assert_survives(lock: &Lock) {
    let (text, mut diagnostics) = (lock.to_text(), Vec::new());
    let again = Lock::parse(SourceId(0), &text, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:?}\n{text}");
    assert!(!again.is_dirty(), "{text}");
    assert_eq!(again.to_text(), text);
}

/// Package reader: any bytes are read or refused; what is read can be recovered and remembered. The first byte says whether
/// the others are the package or the database in it.
pub(crate) fn packages(bytes: &[u8]) {
    let Some((&kind, rest)) = bytes.split_first() else { return };
    let package = if kind.is_multiple_of(4) { Cow::Borrowed(rest) } else { stored("collection.anki2", rest).into() };
    let Ok(mut package) = package::read(Path::new("x.apkg"), Cursor::new(package.as_ref())) else { return };
    let mut collection = collection(Vec::new());
    let lock = build(&mut collection, None);
    for (number, note) in package.notes.iter_mut().enumerate() {
        note.note_type = collection.note_types[number % collection.note_types.len()].id;
        note.guid = format!("{number:a>13}").replace(|c: char| c.is_ascii_digit(), "b");
    }
    for (note_type, known) in package.note_types.iter_mut().zip(&collection.note_types) {
        note_type.id = known.id;
    }
    let (lock, _) = recover(&collection, &[package], &lock, None);
    assert_survives(&lock);
}

/// The database of the package that is built of a text; `None` where there is none.
#[cfg(test)]
pub(crate) fn database(text: &str) -> Option<Vec<u8>> {
    let compiled = compile(text);
    let package = compiled.artifacts.iter().find(|made| made.path.extension().is_some_and(|end| end == "apkg"))?;
    let bytes = bytes_of(&package.recipe).expect("an artifact in memory");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut database = Vec::new();
    archive.by_name("collection.anki2").expect("a database").read_to_end(&mut database).expect("a member");
    Some(database)
}

/// A zip of one member as it is.
pub(crate) fn stored(name: &str, bytes: &[u8]) -> Vec<u8> {
    let (crc32, size, length) = (crc32fast::hash(bytes), bytes.len() as u32, name.len() as u16);
    let mut fields = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    fields.extend([crc32, size, size].map(u32::to_le_bytes).concat());
    fields.extend([length, 0].map(u16::to_le_bytes).concat());
    let mut zip = [b"PK\x03\x04", fields.as_slice(), name.as_bytes(), bytes].concat();
    let start = zip.len() as u32;
    zip.extend([b"PK\x01\x02\x14\0", fields.as_slice(), &[0; 14], name.as_bytes()].concat());
    let contents = zip.len() as u32 - start;
    zip.extend(
        [b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(), &contents.to_le_bytes(), &start.to_le_bytes(), &[0; 2]].concat(),
    );
    zip
}

/// Media names: those that are one to any disk are one name of the same bytes, and no disk objects to a name. A line is a
/// path; its first character says which of four files it is, two of which have hashes that begin alike.
pub(crate) fn media_names(text: &str) {
    const HASHES: [&str; 4] = ["0", "1", "00000000f", "00000000e"];
    let media = |line: &str| {
        let mut characters = line.chars();
        let which = characters.next().map_or(0, |c| c as usize % HASHES.len());
        let sha256 = format!("{:0<64}", HASHES[which]);
        let path = characters.as_str().to_owned();
        let name = media_name(&path, sha256.split_at(8).0);
        Media { path, file: None, name, sha256, size: None, blob: Vec::new().into() }
    };
    let mut all: Vec<Media> = text.lines().map(media).collect();
    part_names(&mut all);
    let mut owners: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for Media { name, sha256, .. } in &all {
        assert!(name.len() <= MAX_MEDIA_NAME, "{name}");
        assert!(is_safe(name), "{name:?}");
        for folded in
            [name.to_lowercase(), name.to_uppercase(), name.nfd().collect(), name.to_uppercase().nfc().collect()]
        {
            let owner = owners.entry(folded).or_insert((name, sha256));
            assert_eq!(*owner, (name.as_str(), sha256.as_str()));
        }
    }
}

/// Whether a name is one on every disk: no separators, no dots but one, nothing that Windows keeps for itself.
fn is_safe(name: &str) -> bool {
    const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let lower = stem.to_lowercase();
    let is_port = |start| lower.strip_prefix(start).is_some_and(|number: &str| number.chars().count() == 1);
    let is_plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    !stem.is_empty()
        && stem.chars().all(is_plain)
        && !stem.starts_with(['-', '_'])
        && extension.chars().all(|c| c.is_ascii_alphanumeric())
        && !RESERVED.contains(&lower.as_str())
        && !is_port("com")
        && !is_port("lpt")
        && name.nfc().eq(name.chars())
}
