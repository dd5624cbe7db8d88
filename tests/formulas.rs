//! Holds `check` to what the two readers of formulas do: of each everyday formula in `tests/math/formulas.txt` it says which
//! of them does not typeset it, and nothing where both do.
//!
//! What Anki does was written down when its MathJax was asked (`tests/math/run.py`), of the TeX that packages hold; what paper and
//! site do is looked at.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]

#[expect(dead_code, reason = "other tests look at the rest")]
mod packed;
#[expect(dead_code, reason = "other tests look at the rest")]
mod project;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use deckle::api::files::bytes_of;
use project::{Compiled, File, compile};

/// Which readers do not typeset a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Failing {
    anki: bool,
    paper: bool,
}

#[test]
fn what_a_reader_does_not_typeset_is_said_and_nothing_else() {
    let formulas = lines("formulas.txt");
    let compiled = compiled(&formulas);
    let said = said(&compiled, formulas.len());
    let verdicts = lines("anki.txt");
    let on_site = on_site(&compiled);
    assert_eq!([said.len(), verdicts.len(), on_site.len()], [formulas.len(); 3]);
    let mut wrong = String::new();
    for (((formula, said), verdict), paper) in formulas.iter().zip(&said).zip(&verdicts).zip(&on_site) {
        let does = Failing { anki: verdict != "right", paper: *paper };
        if *said != does {
            let _ = writeln!(wrong, "{formula}\n  does {does:?}\n  said {said:?}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    let failing = |anki, paper| said.iter().filter(|said| **said == Failing { anki, paper }).count();
    assert!(failing(false, false) > 250 && failing(true, false) > 3 && failing(true, true) > 10);
}

#[test]
fn anki_was_asked_about_what_packages_hold() {
    let recorded = lines("fields.txt");
    let fields = fields(&compiled(&lines("formulas.txt")));
    if fields != recorded {
        let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("formulas-fields.txt");
        fs::write(&made, fields.join("\n") + "\n").expect("the TeX is written");
        let differs = recorded.iter().zip(&fields).find(|(recorded, now)| recorded != now);
        panic!(
            "not the TeX of tests/math/fields.txt; the first difference: {differs:#?}\nPut {} there and ask Anki's MathJax \
            again with tests/math/run.py.",
            made.display()
        );
    }
}

/// A project with a note for each formula.
fn compiled(formulas: &[String]) -> Compiled {
    let mut text = String::new();
    for (index, formula) in formulas.iter().enumerate() {
        let _ = writeln!(text, "## Formula {index}\n\n$$ {formula} $$\n");
    }
    compile(&[File::new("note.md", &text)])
}

/// What `check` says of each formula: they stand four lines apart.
fn said(compiled: &Compiled, count: usize) -> Vec<Failing> {
    let mut said = vec![Failing::default(); count];
    for found in &compiled.diagnostics {
        let text = &compiled.sources.get(found.span.source).text;
        let line = text.get(..found.span.start as usize).expect("a place in the text").matches('\n').count();
        let (anki, paper) = match found.message.split(' ').next() {
            Some("in") => (true, false),
            Some("on") => (false, true),
            Some("cannot") => (true, true),
            // Both leave a comment out.
            Some("`%`") => continue,
            _ => panic!("{}", found.message),
        };
        assert_eq!(found.code.name(), "bad-math", "{}", found.message);
        *said.get_mut(line / 4).expect("a formula") = Failing { anki, paper };
    }
    said
}

/// Of each note, whether the site shows TeX in the place of a formula.
fn on_site(compiled: &Compiled) -> Vec<bool> {
    let mut shown = Vec::new();
    for page in compiled.book.iter().filter(|page| page.path.extension().is_some_and(|extension| extension == "md")) {
        let bytes = bytes_of(&page.recipe).expect("its bytes");
        let text = String::from_utf8_lossy(&bytes);
        for card in text.split("<details class=\"card\"").skip(1) {
            let (_, number) = card.split_once("Formula ").expect("the note's front");
            let end = number.find('<').expect("its end");
            let number: usize = number.get(..end).and_then(|number| number.parse().ok()).expect("its number");
            shown.push((number, card.contains("<code class=\"tex\">")));
        }
    }
    shown.sort_unstable();
    shown.into_iter().map(|(_, is_tex)| is_tex).collect()
}

/// The TeX of each note's field.
fn fields(compiled: &Compiled) -> Vec<String> {
    let [package] = compiled.packages.as_slice() else { panic!("one package") };
    let notes = packed::read(&bytes_of(&package.recipe).expect("its bytes")).notes;
    let backs = notes.iter().filter_map(|note| note.fields.iter().find(|(name, _)| name == "Back"));
    let tex = backs.map(|(_, html)| {
        let tex = html.trim().trim_start_matches("\\[").trim_end_matches("\\]").trim();
        tex.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
            .replace("&#125;", "}")
            .replace("&quot;", "\"")
    });
    tex.collect()
}

fn lines(name: &str) -> Vec<String> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/math").join(name);
    fs::read_to_string(&path).unwrap_or_default().lines().map(str::to_owned).collect()
}
