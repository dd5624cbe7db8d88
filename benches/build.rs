//! Times the steps of a build on generated notes: reading, checking, and making packages; and a build after an edit.
//!
//! `cargo bench`; `cargo bench -- read` for one step. Times of whole commands beside other tools: `benches/peers`.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use deckle::api::apkg;
use deckle::api::config::Settings;
use deckle::api::files::World;
use deckle::api::ir::DeckName;
use deckle::api::markdown;
use deckle::api::pipeline::{self, Format, Formats, Request, Wanted, Workspace};
use deckle::api::source::{Source, SourceId};

criterion_group!(benches, read, build, again);
criterion_main!(benches);

/// One file's Markdown to notes.
fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    let settings = Settings { deck: DeckName::new("Bench"), ..Settings::default() };
    for kind in [Kind::Plain, Kind::Mixed] {
        let source = Source { path: "bench.md".into(), text: notes(kind, 1_000) };
        group.throughput(Throughput::Bytes(source.text.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(kind.name()), |bencher| {
            bencher.iter(|| markdown::read(SourceId(0), black_box(&source), "bench.md", &settings));
        });
    }
    group.finish();
}

/// The whole way from a folder to packages in memory, and its last step.
fn build(criterion: &mut Criterion) {
    let world = World::at(1_750_000_000);
    let mut group = criterion.benchmark_group("build");
    group.sample_size(20);
    for kind in [Kind::Plain, Kind::Mixed] {
        let Ok(folder) = tempfile::tempdir() else { continue };
        for file in 0..10 {
            let text = format!("---\ndeck: Bench::{file}\n---\n{}", notes(kind, 1_000));
            if std::fs::write(folder.path().join(format!("{file}.md")), text).is_err() {
                return;
            }
        }
        let request = Request { start: folder.path().into(), paths: vec![folder.path().into()], ..Request::default() };
        group.throughput(Throughput::Elements(10_000));
        group.bench_function(BenchmarkId::new("check", kind.name()), |bencher| {
            bencher.iter(|| {
                pipeline::compile(&world, &request, &|_| {}).map(|compiled| compiled.collection.notes.len()).ok()
            });
        });
        let Ok(compiled) = pipeline::compile(&world, &request, &|_| {}) else { continue };
        group.bench_function(BenchmarkId::new("apkg", kind.name()), |bencher| {
            bencher.iter(|| apkg::emit(black_box(&compiled.collection), &apkg::Packing::default(), None));
        });
    }
    group.finish();
}

/// What an edit of one file costs in a project of 10,000 notes in 100 files: anew, and with what is kept. `check` is all
/// up to who is who, `apkg` the packages with it, `print` the pages.
fn again(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("again");
    group.sample_size(20);
    let Ok(folder) = tempfile::tempdir() else { return };
    let texts: Vec<String> = (0..100).map(|file| format!("---\ndeck: Bench::{file}\n---\n{}", part(file))).collect();
    for (file, text) in texts.iter().enumerate() {
        if std::fs::write(folder.path().join(format!("{file}.md")), text).is_err() {
            return;
        }
    }
    let edited = folder.path().join("50.md");
    let one = |format| Formats::These(vec![format]);
    for (what, formats) in [("check", Formats::None), ("apkg", one(Format::Apkg)), ("print", one(Format::Print))] {
        let wanted = Wanted { formats, ..Wanted::default() };
        let (start, paths) = (folder.path().to_owned(), vec![folder.path().to_owned()]);
        let request = Request { start, paths, wanted, ..Request::default() };
        let mut workspace = Workspace { world: World::at(1_750_000_000), ..Workspace::default() };
        let mut number = 0;
        let mut edit = |world: &mut World| {
            number += 1;
            let line = format!("\n## Line {number}?\n\nIt is new.\n");
            world.overlay(&edited, texts.get(50).cloned().unwrap_or_default() + &line).is_ok()
        };
        group.bench_function(BenchmarkId::new(what, "anew"), |bencher| {
            bencher.iter(|| {
                edit(&mut workspace.world);
                pipeline::compile(&workspace.world, &request, &|_| {}).is_ok()
            });
        });
        group.bench_function(BenchmarkId::new(what, "kept"), |bencher| {
            bencher.iter(|| {
                edit(&mut workspace.world);
                workspace.compile(&request, &|_| {}).is_ok()
            });
        });
    }
    group.finish();
}

/// 100 notes of which each other file has others.
fn part(file: usize) -> String {
    notes(Kind::Mixed, 100).replace("## ", &format!("## {file}: "))
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// A question and a sentence.
    Plain,
    /// Every kind of note, with code, math and tables.
    Mixed,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Mixed => "mixed",
        }
    }
}

fn notes(kind: Kind, count: usize) -> String {
    let mut text = String::from("# Chapter\n\n");
    for number in 0..count {
        let _ = match (kind, number % 5) {
            (Kind::Plain, _) | (Kind::Mixed, 0) => {
                writeln!(
                    text,
                    "## What is word {number}?\n\nThe **answer** is `code{number}`, in a sentence of some length.\n"
                )
            }
            (Kind::Mixed, 1) => {
                writeln!(text, "## Text {number} {{.cloze}}\n\nThe ==hidden== word and {{{{c5::$x_{number}$}}}}.\n")
            }
            (Kind::Mixed, 2) => writeln!(text, "## Code {number}\n\n```rust\nlet x{number} = {number}; // why\n```\n"),
            (Kind::Mixed, 3) => writeln!(text, "## List {number} {{.list}}\n\n1. One\n2. Two\n3. Three\n"),
            (Kind::Mixed, _) => {
                writeln!(text, "## Rows {number} {{.rows}}\n\n| A | B |\n|---|---|\n| a{number} | b |\n")
            }
        };
    }
    text
}
