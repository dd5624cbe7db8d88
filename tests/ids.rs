//! Runs the builds and commands that say and answer who is who, and compares what they say to the letter.
#![expect(clippy::string_slice, clippy::unwrap_used, reason = "a test fails by panicking")]

mod said;

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use said::said;

/// Four notes whose GUIDs are those of their births.
const SEA: &str = "\
---
deck: Sea
---
# Sea

Tide
: The rise and fall of the sea, twice a day.

## How salty is the water of the sea?

35 g a litre.

## Which fish {.rows}

| Fish | Lives |
|---|---|
| Cod | in cold water |

## Currents {.cloze}

The ==Gulf Stream== warms Europe.
";

#[test]
fn a_build_says_who_is_who_only_where_it_was_not_certain() {
    let folder = sea();
    insta::assert_snapshot!(deckle(&folder, 1, &["build"]), @r"
    status 0
    --- stdout
    Built 1 deck, 4 notes, 4 cards, 0 media files from 1 file in T s
      wrote dist/sea.apkg (N)
      wrote deckle.lock (N)
    ");
    folder.edit("How salty is the water of the sea?", "How much salt is there in the water of the sea?");
    folder.edit("Tide\n: The rise and fall of the sea, twice a day.\n", "");
    insta::assert_snapshot!(deckle(&folder, 2, &["build"]), @r#"
    status 0
    --- stdout
    Built 1 deck, 3 notes, 3 cards, 0 media files from 1 file in T s
      1 heading not a note
      since the last build: 1 note edited, 1 gone
      wrote dist/sea.apkg (N)
      wrote deckle.lock (N)
    --- stderr
    content/sea.md:7: kept (85 % like "How salty is the water of the sea?"); if it is another note: `deckle ids split dkktfztjwx3v2`
    content/sea.md: gone: "Tide"; to find it in Anki: nid:1512980119607
    "#);
    insta::assert_snapshot!(deckle(&folder, 3, &["build", "-v"]), @r"
    status 0
    --- stdout
    Built 1 deck, 3 notes, 3 cards, 0 media files from 1 file in T s
      1 heading not a note
      unchanged dist/sea.apkg (N)
    --- stderr
    content/sea.md: 3 notes
    content/sea.md:4: not a note: Sea
    ");
}

#[test]
fn the_report_is_silenced_and_carried_as_json() {
    let folder = sea();
    deckle(&folder, 1, &["build"]);
    folder.edit("How salty is the water of the sea?", "How much salt is there in the water of the sea?");
    folder.edit("Tide\n: The rise and fall of the sea, twice a day.\n", "");
    insta::assert_snapshot!(deckle(&folder, 2, &["build", "--frozen", "-q"]), @r"
    status 1
    --- stderr
    error: deckle.lock would change (1 note edited, 1 gone); nothing was written
    run `deckle build` and commit deckle.lock
    ");
    insta::assert_snapshot!(deckle(&folder, 2, &["build", "--frozen", "--message-format", "json"]), @r#"
    status 1
    --- stdout
    {"kind":"kept","path":"content/sea.md","line":7,"column":1,"guid":"dkktfztjwx3v2","was":"How salty is the water of the sea?","score":0.859,"command":"deckle ids split dkktfztjwx3v2"}
    {"kind":"gone","path":"content/sea.md","guid":"kxnbsa5u7yedh","was":"Tide","search":"nid:1512980119607"}
    {"kind":"frozen","changes":"1 note edited, 1 gone"}
    {"cards":3,"decks":1,"errors":0,"files":1,"files_in_no_deck":0,"files_left_out":0,"files_with_trusted_html":0,"kind":"summary","left_out":0,"media":0,"notes":3,"prose_headings":1,"warnings":0,"written":false}
    --- stderr
    error: deckle.lock would change (1 note edited, 1 gone); nothing was written
    run `deckle build` and commit deckle.lock
    "#);
    insta::assert_snapshot!(deckle(&folder, 0, &["build", "-q"]), @"status 0");
}

#[test]
fn what_a_build_asks_is_open_until_it_is_answered() {
    let folder = sea();
    deckle(&folder, 1, &["build"]);
    folder.edit("How salty is the water of the sea?", "Who owns the bottom of it?");
    folder.edit("35 g a litre.", "Nobody does.");
    let said = deckle(&folder, 2, &["build"]);
    assert!(said.contains("new, where \"How salty is the water of the sea?\" of content/sea.md stood"), "{said}");
    let said = deckle(&folder, 2, &["ids", "review"]);
    assert!(said.contains("1 question open, and nobody at a terminal to answer"), "{said}");
    let said = deckle(&folder, 2, &["ids", "review", "--json"]);
    let (_, command) = said.split_once("\"command\":\"deckle ids keep ").unwrap();
    let guids: Vec<&str> = command.split('"').next().unwrap().split(' ').collect();
    assert!(said.contains("\"text\":\"Who owns the bottom of it?\""), "{said}");
    // In full, though the package has the new text in its place by now.
    assert!(said.contains(r#""sides":["Who owns the bottom of it?","Nobody does."]"#), "{said}");
    assert!(said.contains(r#""old_sides":["How salty is the water of the sea?","35 g a litre."]"#), "{said}");
    // Nothing but an answer, or another note, closes it.
    deckle(&folder, 3, &["build"]);
    assert_eq!(deckle(&folder, 3, &["ids", "review", "--json"]), said);
    deckle(&folder, 3, &["ids", "keep", guids[0], guids[1]]);
    let said = deckle(&folder, 3, &["ids", "review"]);
    assert!(said.contains("no open questions"), "{said}");
    let file = folder.path("dist/.deckle-questions");
    assert!(file.is_file());
    deckle(&folder, 4, &["build"]);
    assert!(!file.exists(), "what asks nothing is taken away");
}

#[test]
fn a_text_that_no_package_has_is_looked_for_once() {
    let folder = sea();
    deckle(&folder, 1, &["build"]);
    let package = fs::read(folder.path("dist/sea.apkg")).unwrap();
    fs::remove_file(folder.path("dist/sea.apkg")).unwrap();
    folder.edit("How salty is the water of the sea?", "Who owns the bottom of it?");
    folder.edit("35 g a litre.", "Nobody does.");
    deckle(&folder, 2, &["build"]);
    let questions = || fs::read_to_string(folder.path("dist/.deckle-questions")).unwrap();
    let asked = questions();
    assert!(asked.contains("\"old\":") && !asked.contains("\"sides\":"), "{asked}");
    // It has the text, and is not opened for it.
    fs::write(folder.path("dist/old.apkg"), package).unwrap();
    deckle(&folder, 3, &["build"]);
    assert_eq!(questions(), asked);
    let said = deckle(&folder, 3, &["ids", "review", "--json"]);
    assert!(said.contains("\"kind\":\"question\"") && !said.contains("\"old_sides\":"), "{said}");
}

#[test]
fn a_file_of_questions_that_makes_no_sense_asks_nothing() {
    let folder = sea();
    deckle(&folder, 1, &["build"]);
    let file = folder.path("dist/.deckle-questions");
    let forged = format!(
        "{{}}\nnot json\n{}\n",
        r#"{"new":"../../etc","old":"x","was":"\u001b[2J","old_path":null,"score":2147483647,"is_taken":true}"#
    );
    fs::write(&file, forged.as_bytes()).unwrap();
    let said = deckle(&folder, 2, &["ids", "review"]);
    assert!(said.contains("no open questions"), "{said}");
    fs::write(&file, b"\xff\xfe\x00").unwrap();
    assert!(deckle(&folder, 2, &["build"]).starts_with("status 0"));
}

#[test]
fn a_build_that_is_older_than_the_lock_says_so() {
    let folder = sea();
    deckle(&folder, 9, &["build"]);
    insta::assert_snapshot!(deckle(&folder, 1, &["build"]), @r"
    status 0
    --- stdout
    Built 1 deck, 4 notes, 4 cards, 0 media files from 1 file in T s
      unchanged dist/sea.apkg (N)
    --- stderr
    warning: SOURCE_DATE_EPOCH is older than the last change in deckle.lock (1750777600); edited notes get later times
    ");
}

#[test]
fn frozen_makes_and_changes_no_lock() {
    let folder = sea();
    insta::assert_snapshot!(deckle(&folder, 1, &["build", "--frozen"]), @r"
    status 1
    --- stderr
    error: there is no deckle.lock, and `--frozen` makes none; nothing was written
    run `deckle build` and commit deckle.lock
    ");
    assert!(!folder.path("deckle.lock").exists() && !folder.path("dist").exists());
    deckle(&folder, 1, &["build"]);
    let lock = folder.read("deckle.lock");
    insta::assert_snapshot!(deckle(&folder, 2, &["build", "--frozen"]), @r"
    status 0
    --- stdout
    Built 1 deck, 4 notes, 4 cards, 0 media files from 1 file in T s
      unchanged dist/sea.apkg (N)
    ");
    folder.edit("35 g", "About 35 g");
    insta::assert_snapshot!(deckle(&folder, 3, &["build", "--frozen"]), @r#"
    status 1
    --- stderr
    error: deckle.lock would change (1 note edited); nothing was written
    run `deckle build` and commit deckle.lock
    "#);
    assert_eq!(folder.read("deckle.lock"), lock);
}

#[test]
fn a_check_writes_no_lock() {
    let folder = sea();
    deckle(&folder, 1, &["check"]);
    assert!(!folder.path("deckle.lock").exists());
}

#[test]
fn a_note_that_is_left_out_leaves_the_lock_alone() {
    let folder = sea();
    deckle(&folder, 1, &["build"]);
    let lock = folder.read("deckle.lock");
    folder.edit("35 g a litre.\n", "");
    let said = deckle(&folder, 2, &["build", "--frozen"]);
    assert!(said.contains("status 0") && said.contains("warning[missing-back]"), "{said}");
    assert_eq!(folder.read("deckle.lock"), lock);
}

#[test]
fn a_note_that_is_left_out_is_found_by_its_place() {
    let folder = sea();
    deckle(&folder, 1, &["build"]);
    folder.edit("35 g a litre.\n", "");
    for place in ["content/sea.md:9", "content/sea.md:10"] {
        let said = deckle(&folder, 2, &["ids", "show", place]);
        assert!(said.contains("state      held") && said.contains("How salty is the water"), "{said}");
    }
}

#[test]
fn many_lost_notes_stop_a_build() {
    let folder = project(&[("deckle.yaml", "id: sea\ndeck: Sea\n")]);
    let text = (0..30).fold("# Sea\n".to_owned(), |mut text, number| {
        write!(text, "\n## Which fish has the number {number}?\n\nThe fish {number}.\n").unwrap();
        text
    });
    folder.write("content/sea.md", &text);
    deckle(&folder, 1, &["build"]);
    let cut = text.find("\n## Which fish has the number 8?").unwrap();
    folder.write("content/sea.md", &text[..cut]);
    insta::assert_snapshot!(deckle(&folder, 2, &["build"]), @r#"
    status 1
    --- stderr
    content/sea.md: gone: "Which fish has the number 10?"; to find it in Anki: nid:1056992052157; if that finds nothing: "Front:*Which*fish*has*the*number*10*"
    content/sea.md: gone: "Which fish has the number 11?"; to find it in Anki: nid:1115437271178; if that finds nothing: "Front:*Which*fish*has*the*number*11*"
    content/sea.md: gone: "Which fish has the number 12?"; to find it in Anki: nid:1032612161560; if that finds nothing: "Front:*Which*fish*has*the*number*12*"
    content/sea.md: gone: "Which fish has the number 13?"; to find it in Anki: nid:1221821215344; if that finds nothing: "Front:*Which*fish*has*the*number*13*"
    content/sea.md: gone: "Which fish has the number 14?"; to find it in Anki: nid:1428162754947; if that finds nothing: "Front:*Which*fish*has*the*number*14*"
    content/sea.md: gone: "Which fish has the number 15?"; to find it in Anki: nid:1205665903166; if that finds nothing: "Front:*Which*fish*has*the*number*15*"
    content/sea.md: gone: "Which fish has the number 16?"; to find it in Anki: nid:1136471521430; if that finds nothing: "Front:*Which*fish*has*the*number*16*"
    content/sea.md: gone: "Which fish has the number 17?"; to find it in Anki: nid:1090677416724; if that finds nothing: "Front:*Which*fish*has*the*number*17*"
    content/sea.md: gone: "Which fish has the number 18?"; to find it in Anki: nid:1460993632393; if that finds nothing: "Front:*Which*fish*has*the*number*18*"
    content/sea.md: gone: "Which fish has the number 19?"; to find it in Anki: nid:1490471702662; if that finds nothing: "Front:*Which*fish*has*the*number*19*"
    … and 12 more like these; `-v` shows all
    error: 22 of 30 notes of Sea would be gone; nothing was written
    if that is meant, `--accept-loss` says so
    "#);
    let before = folder.read("deckle.lock");
    insta::assert_snapshot!(deckle(&folder, 2, &["ids", "stamp"]).lines().last().unwrap(), @"error: the lock would lose many notes; `deckle build` says which, and has to be run before");
    assert_eq!((folder.read("deckle.lock"), folder.read("content/sea.md").as_str()), (before, &text[..cut]));
    insta::assert_snapshot!(deckle(&folder, 2, &["build", "--accept-loss", "-q"]), @"status 0");
    assert_eq!(folder.read("deckle.lock").lines().filter(|line| line.contains(" x ")).count(), 22);
}

#[test]
fn notes_are_listed_and_shown() {
    let folder = sea();
    deckle(&folder, 1, &["build"]);
    folder.edit("35 g", "About 35 g");
    folder.edit("| Cod | in cold water |\n", "| Cod | in cold water |\n| Eel | in rivers and in the sea |\n");
    folder.edit("Tide\n: The rise and fall of the sea, twice a day.\n", "");
    insta::assert_snapshot!(deckle(&folder, 2, &["ids", "list"]), @r"
    status 0
    --- stdout
    dkktfztjwx3v2  kept    content/sea.md:7  How salty is the water of the sea?
    pstzdlm2a3oth  same    content/sea.md:15  Which fish Fish Cod
    sdmwiq4hjspoj  new     content/sea.md:16  Which fish Fish Eel
    ju3nf3msmsnz3  same    content/sea.md:18  Currents
    ");
    insta::assert_snapshot!(deckle(&folder, 2, &["ids", "list", "--gone", "--message-format", "json"]), @r#"
    status 0
    --- stdout
    {"kind":"note","guid":"kxnbsa5u7yedh","state":"gone","excerpt":"Tide"}
    "#);
    insta::assert_snapshot!(deckle(&folder, 2, &["ids", "show", "content/sea.md:9"]), @r"
    status 0
    --- stdout
    guid       dkktfztjwx3v2
    text       How salty is the water of the sea?
    state      kept
    place      content/sea.md:7
    deck       Sea
    note type  Basic
    position   251000
    changed    1750172800 (Unix seconds)
    ");
    insta::assert_snapshot!(deckle(&folder, 2, &["ids", "show", "content/sea.md"]), @r"
    status 2
    --- stderr
    error: several notes are in content/sea.md; add `:` and a line
    ");
    insta::assert_snapshot!(deckle(&folder, 2, &["ids", "show", "content/sea.md:2"]), @r"
    status 2
    --- stderr
    error: there is no note at content/sea.md:2; `deckle ids list` shows all
    ");
    let said = deckle(&folder, 2, &["ids", "split", "content/sea.md:99"]);
    assert!(said.contains("error: content/sea.md ends at line ") && said.starts_with("status 2"), "{said}");
    insta::assert_snapshot!(deckle(&folder, 2, &["ids", "show", "aaaaaaaaaaaaa"]), @r"
    status 2
    --- stderr
    error: the lock knows no note aaaaaaaaaaaaa; `deckle ids list` shows all
    ");
}

#[test]
fn answers_change_the_lock() {
    let folder = sea();
    deckle(&folder, 1, &["build"]);
    let guid = |place: &str| {
        let said = deckle(&folder, 3, &["ids", "show", place]);
        said.lines().find_map(|line| line.strip_prefix("guid       ")).unwrap().to_owned()
    };
    let old = guid("content/sea.md:9");
    folder.edit("## How salty is the water of the sea?\n\n35 g a litre.", "## Boats\n\nFloat.");
    deckle(&folder, 2, &["build"]);
    let new = guid("content/sea.md:9");
    assert_ne!(old, new);
    let tide = guid("content/sea.md:6");
    assert!(deckle(&folder, 3, &["ids", "keep", &tide, &new]).contains("is there; only a gone note's GUID"));
    let cloze = guid("content/sea.md:19");
    assert!(deckle(&folder, 3, &["ids", "keep", &old, &cloze]).contains("Anki cannot make one the other"));
    let kept = deckle(&folder, 3, &["ids", "keep", &old, "content/sea.md:9"]);
    assert_eq!(kept, format!("status 0\n--- stdout\n{new} is {old} again; build and import\n"));
    assert_eq!(guid("content/sea.md:9"), old);
    assert!(deckle(&folder, 4, &["build", "--frozen"]).starts_with("status 0"));
    let split = deckle(&folder, 3, &["ids", "split", &format!("dk-{old}")]);
    let third = guid("content/sea.md:9");
    assert_eq!(split, format!("status 0\n--- stdout\n{old} is gone, and its note is {third} now; build and import\n"));
    assert!(third != old && deckle(&folder, 4, &["build", "--frozen"]).starts_with("status 0"));
    assert!(deckle(&folder, 3, &["ids", "forget", &third]).contains("is there"));
    assert_eq!(deckle(&folder, 3, &["ids", "forget", &old]), "status 0\n--- stdout\nForgot 1 note\n");
    assert!(deckle(&folder, 3, &["ids", "forget", &old]).contains("the lock knows no note"));
    assert!(!folder.read("deckle.lock").contains(&old));
}

#[test]
fn stamps_go_behind_headings_and_terms() {
    let folder = sea();
    folder.edit("## Currents {.cloze}", "## Currents {.cloze} ##");
    deckle(&folder, 1, &["build"]);
    let before = folder.read("content/sea.md").replace('\n', "\r\n");
    folder.write("content/sea.md", &format!("\u{feff}{before}"));
    insta::assert_snapshot!(deckle(&folder, 2, &["ids", "stamp"]), @r"
    status 0
    --- stdout
    Wrote 3 ids
    --- stderr
    content/sea.md:17: a row has no place for an id
    ");
    let after = folder.read("content/sea.md");
    let after = after.strip_prefix('\u{feff}').unwrap();
    insta::assert_snapshot!(after.replace("\r\n", "\n"), @r"
    ---
    deck: Sea
    ---
    # Sea

    Tide {#dk-kxnbsa5u7yedh}
    : The rise and fall of the sea, twice a day.

    ## How salty is the water of the sea? {#dk-dkktfztjwx3v2}

    35 g a litre.

    ## Which fish {.rows}

    | Fish | Lives |
    |---|---|
    | Cod | in cold water |

    ## Currents {.cloze #dk-ju3nf3msmsnz3} ##

    The ==Gulf Stream== warms Europe.
    ");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count(), "line ends stay");
    insta::assert_snapshot!(deckle(&folder, 3, &["build", "--frozen"]), @r"
    status 0
    --- stdout
    Built 1 deck, 4 notes, 4 cards, 0 media files from 1 file in T s
      unchanged dist/sea.apkg (N)
    ");
    insta::assert_snapshot!(deckle(&folder, 4, &["ids", "stamp"]), @r"
    status 0
    --- stdout
    Wrote 0 ids; 3 notes had an id
    --- stderr
    content/sea.md:17: a row has no place for an id
    ");
    folder.edit("## How salty is the water of the sea?", "## Boats");
    folder.edit("35 g a litre.", "Float.");
    insta::assert_snapshot!(deckle(&folder, 5, &["build"]), @r"
    status 0
    --- stdout
    Built 1 deck, 4 notes, 4 cards, 0 media files from 1 file in T s
      since the last build: 1 note edited
      wrote dist/sea.apkg (N)
      wrote deckle.lock (N)
    ");
    assert!(deckle(&folder, 6, &["ids", "split", "content/sea.md:9"]).contains("the id in its text says"));
}

#[test]
fn cards_of_qa_get_no_stamps() {
    let folder = sea();
    let cards = "---\ndeck: Sea\nsyntax: [headings, qa]\n---\n## Depth\n\n11 km.\n\nQ: Salt?\nA: 35 g.\n---\nC: [Tides] come twice.\n";
    folder.write("content/sea.md", cards);
    deckle(&folder, 1, &["build"]);
    insta::assert_snapshot!(deckle(&folder, 2, &["ids", "stamp"]), @r"
    status 0
    --- stdout
    Wrote 1 id
    --- stderr
    content/sea.md: its syntax has no place for an id (lines 9, 12)
    ");
    let stamped = folder.read("content/sea.md");
    let (before, behind) = stamped.split_once(" {#dk-").unwrap();
    assert_eq!(format!("{before}{}", &behind[14..]), cards, "nothing else changes");
    let text = "---\ndeck: Sea\nsyntax: qa\n---\nQ: Salt?\nA: 35 g.\n---\nC: [Tides] come twice.\n";
    folder.write("content/sea.md", text);
    assert!(deckle(&folder, 3, &["ids", "stamp"]).contains("Wrote 0 ids\n"));
    assert_eq!(folder.read("content/sea.md"), text);
}

#[test]
fn a_lost_lock_is_recovered_from_a_package() {
    let folder = sea();
    deckle(&folder, 1, &["build"]);
    folder.edit("How salty is the water of the sea?", "How much salt is there in the water of the sea?");
    deckle(&folder, 2, &["build"]);
    let (lock, package) = (folder.read("deckle.lock"), fs::read(folder.path("dist/sea.apkg")).unwrap());
    let said = deckle(&folder, 3, &["ids", "recover", "dist/sea.apkg"]);
    assert!(said.contains("deckle.lock knows all 4 notes in the packages, and nothing of theirs is later"), "{said}");
    assert_eq!(folder.read("deckle.lock"), lock);
    fs::remove_file(folder.path("deckle.lock")).unwrap();
    insta::assert_snapshot!(deckle(&folder, 3, &["ids", "recover", "dist/sea.apkg"]), @r"
    status 0
    --- stdout
    Recovered 4 notes, 4 of them written now as then
    `deckle build` finds the others again where they resemble what they were
    ");
    insta::assert_snapshot!(deckle(&folder, 4, &["build"]), @r"
    status 0
    --- stdout
    Built 1 deck, 4 notes, 4 cards, 0 media files from 1 file in T s
      unchanged dist/sea.apkg (N)
    ");
    assert!(fs::read(folder.path("dist/sea.apkg")).unwrap() == package, "the same bytes");
    assert_eq!(folder.read("deckle.lock"), lock);
    // What was edited since then is found by resemblance.
    fs::remove_file(folder.path("deckle.lock")).unwrap();
    deckle(&folder, 5, &["ids", "recover", "dist/sea.apkg"]);
    folder.edit("The ==Gulf Stream== warms Europe.", "The ==Gulf Stream== warms the north of Europe.");
    folder.edit("twice a day", "two times a day");
    insta::assert_snapshot!(deckle(&folder, 6, &["build"]), @r#"
    status 0
    --- stdout
    Built 1 deck, 4 notes, 4 cards, 0 media files from 1 file in T s
      since the last build: 2 notes edited
      wrote dist/sea.apkg (N)
      wrote deckle.lock (N)
    "#);
}

#[test]
fn a_build_without_its_lock_stops_and_names_the_command() {
    let folder = sea();
    deckle(&folder, 1, &["build"]);
    folder.edit("How salty is the water of the sea?", "How much salt is there in the water of the sea?");
    deckle(&folder, 2, &["build"]);
    fs::remove_file(folder.path("deckle.lock")).unwrap();
    let said = deckle(&folder, 3, &["build"]);
    for piece in [
        "status 1\n",
        "warning[lost-lock]: there is no lock, and dist/sea.apkg holds 4 notes built with one, of which 1 would get another \
         GUID, and readers would get it once more, without its reviews\n",
        "`git checkout HEAD -- deckle.lock`; where there is none, `deckle ids recover dist/sea.apkg`\n",
        "error: readers would get notes once more, for the lock is lost or lines of it; nothing was written\n",
        "mend it as is said above; `--accept-loss` begins anew\n",
    ] {
        assert!(said.contains(piece), "{piece}: {said}");
    }
    assert!(deckle(&folder, 3, &["check"]).contains("warning[lost-lock]"));
    // A folder with a blank in its name, and more packages than are named.
    let text = "## Where is A?\n\nHere.\n";
    let decks = ["a", "b", "c", "d", "e", "f"];
    for deck in decks {
        folder.write(&format!("content/{deck}.md"), &format!("---\ndeck: {deck}\n---\n{}", text.replace('A', deck)));
    }
    deckle(&folder, 3, &["build", "-o", "my out", "--accept-loss"]);
    fs::remove_file(folder.path("deckle.lock")).unwrap();
    folder.edit("How much salt is there in the water of the sea?", "How salty is the sea?");
    let said = deckle(&folder, 4, &["build", "-o", "my out"]);
    assert!(said.contains("my out/a.apkg (1), my out/b.apkg (1), my out/c.apkg (1), my out/d.apkg (1), my out/e.apkg (1) and 2 more hold 10 notes"), "{said}");
    assert!(said.contains("`deckle ids recover 'my out/'*.apkg`"), "{said}");
}

#[cfg(unix)]
#[test]
fn packages_that_a_link_leads_to_are_not_read() {
    let (folder, elsewhere) = (sea(), sea());
    deckle(&folder, 1, &["build"]);
    fs::rename(folder.path("dist"), elsewhere.path("dist")).unwrap();
    fs::remove_file(folder.path("deckle.lock")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path("dist"), folder.path("dist")).unwrap();
    assert!(!deckle(&folder, 2, &["check"]).contains("lost-lock"));
    fs::remove_file(folder.path("dist")).unwrap();
    fs::rename(elsewhere.path("dist"), folder.path("dist")).unwrap();
    assert!(deckle(&folder, 2, &["check"]).contains("lost-lock"));
}

#[test]
fn a_time_that_nobody_can_have_is_not_believed() {
    let folder = sea();
    deckle(&folder, 1, &["build"]);
    let lock = folder.read("deckle.lock");
    folder.edit("35 g a litre.", "39 g a litre.");
    // The year 2100.
    assert!(deckle(&folder, 27_300, &["build"]).starts_with("status 0"));
    folder.edit("39 g a litre.", "35 g a litre.");
    folder.write("deckle.lock", &lock);
    let said = deckle(&folder, 2, &["build", "--frozen"]);
    assert!(said.starts_with("status 0") && !said.contains("readers have"), "{said}");
}

#[test]
fn what_a_renamed_deck_leaves_behind_is_said() {
    let folder = sea();
    folder.write("deckle.yaml", "id: sea\n");
    assert!(deckle(&folder, 1, &["build", "-f", "print"]).contains("wrote dist/sea.apkg"));
    folder.edit("deck: Sea", "deck: Ocean");
    let said = deckle(&folder, 2, &["build", "-f", "print"]);
    for piece in [
        "the deck \"Sea\" is \"Ocean\" now (4 notes): readers keep their cards in \"Sea\"",
        "warning: dist/sea.apkg is of an earlier build, and no deck makes it any more",
        "  removed dist/print/sea-cards.html\n",
        "  removed dist/print/sea-sheet.html\n",
    ] {
        assert!(said.contains(piece), "{piece}: {said}");
    }
    // As long as it lies there, and whatever else is built.
    let said = deckle(&folder, 3, &["build", "-f", "print"]);
    assert!(said.contains("warning: dist/sea.apkg is of") && !said.contains("removed"), "{said}");
    let json = deckle(&folder, 3, &["build", "--message-format", "json"]);
    assert!(json.contains("{\"kind\":\"stale-package\",\"path\":\"dist/sea.apkg\"}"), "{json}");
    // One of somebody else is nobody's business.
    fs::remove_file(folder.path("dist/sea.apkg")).unwrap();
    let other = sea();
    other.write("deckle.yaml", "id: other\n");
    deckle(&other, 1, &["build"]);
    fs::copy(other.path("dist/sea.apkg"), folder.path("dist/other.apkg")).unwrap();
    assert!(!deckle(&folder, 4, &["build"]).contains("warning"));
}

#[test]
fn a_package_beside_the_others_is_read_once_and_again_when_it_is_another() {
    let folder = sea();
    deckle(&folder, 1, &["build"]);
    let first = fs::read(folder.path("dist/sea.apkg")).unwrap();
    folder.edit("35 g a litre.", "39 g a litre.");
    deckle(&folder, 2, &["build"]);
    let (lock, published) = (folder.read("deckle.lock"), fs::read(folder.path("dist/sea.apkg")).unwrap());
    folder.edit("39 g a litre.", "36 g a litre.");
    deckle(&folder, 3, &["build"]);
    // The mistake of yesterday is what readers have: the lock and the text went back two days.
    fs::write(folder.path("dist/sea.apkg"), published).unwrap();
    fs::write(folder.path("dist/first.apkg"), first).unwrap();
    let said = deckle(&folder, 4, &["build"]);
    assert!(!said.contains("a later text"), "what they have is older: {said}");
    assert!(folder.read("dist/.deckle-packages").contains("first.apkg"));
    let later = fs::read(folder.path("dist/sea.apkg")).unwrap();
    folder.write("deckle.lock", &lock);
    folder.edit("36 g a litre.", "39 g a litre.");
    fs::remove_dir_all(folder.path("dist")).unwrap();
    assert!(!deckle(&folder, 5, &["build"]).contains("a later text"), "nothing is there to tell");
    folder.write("later", "");
    fs::write(folder.path("later"), later).unwrap();
    let said = deckle(&folder, 6, &["ids", "recover", "later"]);
    assert!(
        said.contains("Of 4 notes in the packages, 1 went back in deckle.lock, and the next build dates them anew"),
        "{said}"
    );
    assert!(deckle(&folder, 7, &["build"]).contains("since the last build: 1 note edited"));
}

#[test]
fn a_time_that_cannot_be_true_is_not_believed() {
    /// In the year 2102.
    const FAR: i64 = 28_000;
    let far = sea();
    deckle(&far, FAR, &["build"]);
    let package = fs::read(far.path("dist/sea.apkg")).unwrap();
    let times = |lock: &str| {
        let words = lock.split([' ', '\n']).filter_map(|word| word.parse::<i64>().ok());
        words.filter(|&time| time > 4_102_444_800).count()
    };
    assert!(times(&far.read("deckle.lock")) > 4);
    fs::remove_file(far.path("deckle.lock")).unwrap();
    deckle(&far, 3, &["ids", "recover", "dist/sea.apkg"]);
    assert_eq!(times(&far.read("deckle.lock")), 0, "{}", far.read("deckle.lock"));
    // Nor does it hide what is true.
    let folder = sea();
    deckle(&folder, 1, &["build"]);
    let lock = folder.read("deckle.lock");
    folder.edit("35 g a litre.", "39 g a litre.");
    deckle(&folder, 2, &["build"]);
    folder.edit("39 g a litre.", "35 g a litre.");
    folder.write("deckle.lock", &lock);
    fs::write(folder.path("dist/far.apkg"), package).unwrap();
    let said = deckle(&folder, 3, &["build"]);
    assert!(said.contains("a later text of this note"), "{said}");
}

#[test]
fn an_empty_folder_whose_lock_git_passes_over_is_warned_of() {
    let folder = project(&[("e/.gitignore", "*.lock\n")]);
    let said = deckle(&folder, 1, &["build", "e"]);
    assert!(said.contains("git passes deckle.lock over"), "{said}");
}

#[test]
fn what_is_no_package_of_this_project_recovers_nothing() {
    let folder = sea();
    deckle(&folder, 1, &["build"]);
    fs::remove_file(folder.path("deckle.lock")).unwrap();
    folder.write("deckle.yaml", "id: other\n");
    insta::assert_snapshot!(deckle(&folder, 2, &["ids", "recover", "dist/sea.apkg"]), @r"
    status 2
    --- stderr
    error: no note in it belongs to the collection `other`; is `id` in deckle.yaml right?
    ");
    insta::assert_snapshot!(deckle(&folder, 2, &["ids", "recover", "content/sea.md"]), @r"
    status 3
    --- stderr
    error: cannot read content/sea.md: it is no Anki package: not a zip
    ");
    insta::assert_snapshot!(deckle(&folder, 2, &["ids", "recover", "nope.apkg"]), @r"
    status 3
    --- stderr
    error: cannot read nope.apkg: no such file or directory
    ");
    assert!(!folder.path("deckle.lock").exists());
}

#[test]
fn files_without_a_project_share_the_lock_of_their_folder() {
    let folder = project(&[
        ("notes/a.md", "## Which sea is red?\n\nThe Red Sea.\n"),
        ("notes/b.md", "## Which sea is dead?\n\nThe Dead Sea.\n"),
    ]);
    deckle(&folder, 1, &["build", "notes/a.md"]);
    let guid = |path: &str| {
        let said = deckle(&folder, 2, &["ids", "list", path]);
        said.lines().last().unwrap().split(' ').next().unwrap().to_owned()
    };
    let a = guid("notes/a.md");
    deckle(&folder, 2, &["build", "notes/b.md"]);
    let b = guid("notes/b.md");
    assert_eq!((guid("notes/a.md"), a == b), (a.clone(), false));
    // The whole folder, and then from within it: the same notes, whatever their paths are relative to.
    insta::assert_snapshot!(deckle(&folder, 3, &["build", "notes"]), @r"
    status 0
    --- stdout
    Built 1 deck, 2 notes, 2 cards, 0 media files from 2 files in T s
      wrote dist/notes.apkg (N)
      wrote notes/deckle.lock (N)
    ");
    assert_eq!((guid("notes/a.md"), guid("notes/b.md")), (a.clone(), b.clone()));
    folder.write("notes/b.md", "## Which of the seas is dead?\n\nThe Dead Sea.\n");
    let lock = folder.read("notes/deckle.lock");
    insta::assert_snapshot!(deckle(&folder, 4, &["build", "notes/b.md"]), @r#"
    status 0
    --- stdout
    Built 1 deck, 1 note, 1 card, 0 media files from 1 file in T s
      since the last build: 1 note edited
      wrote dist/b.apkg (N)
      wrote notes/deckle.lock (N)
    --- stderr
    notes/b.md:1: kept (78 % like "Which sea is dead?"); if it is another note: `deckle ids split ghxgfkvyykodz --lock notes/deckle.lock`
    "#);
    assert_eq!((guid("notes/a.md"), guid("notes/b.md")), (a, b));
    assert_eq!(folder.read("notes/deckle.lock").lines().count(), lock.lines().count());
}

#[test]
fn a_damaged_lock_is_shown_without_a_project() {
    let folder = project(&[("sea/a.md", "## Which sea is red?\n\nThe Red Sea.\n")]);
    deckle(&folder, 1, &["build", "sea/a.md"]);
    folder.write("sea/b.md", "## Which sea is dead?\n\nThe Dead Sea.\n");
    folder.write("sea/deckle.lock", &folder.read("sea/deckle.lock").replacen("collection a", "collektion a", 1));
    insta::assert_snapshot!(deckle(&folder, 2, &["build", "sea/b.md"]), @r"
    status 1
    --- stderr
    error[bad-lock]: 14 fields belong here, and there are 2
     --> sea/deckle.lock:2:1
      |
    2 | collektion a
      | ^^^^^^^^^^^^ damaged
      |
      = help: take the file back from your last commit, for instance by `git checkout -- deckle.lock`

    error: 1 error; nothing was written
    `deckle explain bad-lock` says more
    ");
}

#[test]
fn answers_are_taken_without_a_project() {
    let folder = project(&[("notes/sea.md", "## Which sea is dead?\n\nThe Dead Sea.\n")]);
    deckle(&folder, 1, &["build", "notes/sea.md"]);
    folder.write("notes/sea.md", "## Which of the seas is dead?\n\nThe Dead Sea.\n");
    let said = deckle(&folder, 2, &["build", "notes/sea.md"]);
    let command = said.rsplit_once("`deckle ").unwrap().1.split('`').next().unwrap();
    let words: Vec<&str> = command.split(' ').collect();
    assert_eq!((words[..2].to_vec(), words[3..].to_vec()), (vec!["ids", "split"], vec!["--lock", "notes/deckle.lock"]));
    assert!(deckle(&folder, 3, &words).contains(&format!("{} is gone", words[2])));
    let inside = Folder { root: folder.path("notes"), ..folder };
    let said = deckle(&inside, 4, &["ids", "list", "--gone"]);
    assert!(said.contains(words[2]), "{said}");
    assert!(deckle(&inside, 5, &["build"]).contains("no deckle.yaml in"), "a build is told what to build");
}

#[test]
fn the_lock_may_lie_elsewhere() {
    let folder = sea();
    deckle(&folder, 1, &["build", "--lock", "locks/mine.lock"]);
    assert!(!folder.path("deckle.lock").exists());
    assert!(folder.read("locks/mine.lock").starts_with("deckle.lock 2\ncollection sea\n"));
    assert!(deckle(&folder, 2, &["build", "--frozen", "--lock", "locks/mine.lock"]).starts_with("status 0"));
    folder.write("locks/mine.lock", "deckle.lock 1\nx\n");
    insta::assert_snapshot!(deckle(&folder, 3, &["build", "--lock", "locks/mine.lock"]), @r"
    status 1
    --- stderr
    error[bad-lock]: 14 fields belong here, and there are 1
     --> locks/mine.lock:2:1
      |
    2 | x
      | ^ damaged
      |
      = help: take the file back from your last commit, for instance by `git checkout -- deckle.lock`

    error: 1 error; nothing was written
    `deckle explain bad-lock` says more
    ");
}

#[test]
fn a_copy_with_the_id_takes_no_line_of_a_file_that_cannot_be_read() {
    let note = "## Q one? {#i1}\n\nOne.\n";
    let folder = project(&[("deckle.yaml", "id: aaaaaa\ndeck: D\n"), ("content/a.md", note)]);
    let build = |day| deckle(&folder, day, &["build", "-q"]);
    build(1);
    let first = folder.read("deckle.lock");
    folder.write("content/b.md", "## Q two? {#i1}\n\nTwo.\n");
    build(2);
    folder.write("content/a.md", &format!("---\ndeck: [\n---\n{note}"));
    build(3);
    folder.write("content/a.md", note);
    fs::remove_file(folder.path("content/b.md")).unwrap();
    build(4);
    let (line, now) = (first.lines().last().unwrap(), folder.read("deckle.lock"));
    assert!(now.lines().any(|now| now == line), "{first}{now}");
}

struct Folder {
    /// Goes when this goes.
    _temporary: TempDir,
    root: PathBuf,
}

impl Folder {
    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Puts a text in place of another one in the notes.
    fn edit(&self, old: &str, new: &str) {
        let text = self.read("content/sea.md");
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let old = old.replace('\n', line_end);
        assert_eq!(text.matches(&old).count(), 1, "{old}");
        self.write("content/sea.md", &text.replace(&old, new));
    }
}

fn sea() -> Folder {
    project(&[("deckle.yaml", "id: sea\n"), ("content/sea.md", SEA)])
}

fn project(files: &[(&str, &str)]) -> Folder {
    let temporary = tempfile::tempdir().unwrap();
    let folder = Folder { root: temporary.path().to_owned(), _temporary: temporary };
    for (path, text) in files {
        folder.write(path, text);
    }
    folder
}

/// What a run on a day says.
fn deckle(folder: &Folder, day: i64, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deckle"));
    command.args(args).current_dir(&folder.root).env_remove("NO_COLOR");
    // Identity shows in packages; pages are tested elsewhere.
    if args.first() == Some(&"build") {
        command.args(["-f", "apkg"]);
    }
    let output = command.env("SOURCE_DATE_EPOCH", (1_750_000_000 + day * 86_400).to_string()).output().unwrap();
    said(output)
}

#[test]
fn a_decks_name_in_other_letters_is_no_other_deck() {
    let folder = project(&[("deckle.yaml", "id: sea\n")]);
    folder.write("content/sea.md", "---\ndeck: X\n---\n## Which fish?\n\nAny.\n\n## Which sea?\n\nAll.\n");
    deckle(&folder, 1, &["build"]);
    folder.write("content/b.md", "---\ndeck: x\n---\n## Which ship?\n\nNone.\n");
    insta::assert_snapshot!(deckle(&folder, 2, &["build"]), @r"
    status 0
    --- stdout
    Built 1 deck, 3 notes, 3 cards, 0 media files from 2 files in T s
      1 warning
      since the last build: 1 note new
      wrote dist/x.apkg (N)
      wrote deckle.lock (N)
    --- stderr
    warning[deck-case]: `x` and `X` are one deck for Anki
     --> content/b.md:2:7
      |
    2 | deck: x
      |       ^
      |
     ::: content/sea.md:2:7
      |
    2 | deck: X
      |       - `X` stands here
      |
    help: write `X`: all their notes are built under that name, in one package
      |
    2 - deck: x
    2 + deck: X
      |
    ");
    folder.edit("deck: X", "deck: x");
    insta::assert_snapshot!(deckle(&folder, 3, &["build"]), @r"
    status 0
    --- stdout
    Built 1 deck, 3 notes, 3 cards, 0 media files from 2 files in T s
      wrote dist/x.apkg (N)
      wrote deckle.lock (N)
    ");
}
