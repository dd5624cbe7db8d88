//! Makes up edit histories, each of one habit of authors, with who is who known: one JSON line a build, as `replay` reads them.
//!
//! `cargo run --release --example habits -- [HISTORIES] [SEED] > histories.jsonl`
//!
//! Texts are of invented words, some of them frequent, so that notes share what notes of a language share.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]
#![expect(clippy::indexing_slicing, reason = "a program for who works on this: it may stop")]

use std::error::Error;

use serde::Serialize;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let histories: usize = arguments.next().map_or(Ok(420), |count| count.parse())?;
    let seed: u64 = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    for number in 0..histories {
        let (name, habit) = HABITS[number % HABITS.len()];
        let mut author = Author { dice: seed << 32 | number as u64, notes: Vec::new(), next: 0 };
        (0..40).for_each(|_| author.dice ^= author.roll(1 << 20) as u64);
        let mut builds = vec![author.notes.clone()];
        habit(&mut author, &mut builds);
        builds.push(author.notes.clone());
        for (step, pair) in (1..).zip(builds.windows(2)) {
            println!("{}", serde_json::to_string(&commit(name, number, step, &pair[0], &pair[1]))?);
        }
    }
    Ok(())
}

/// What an author does, and the notes of each build but the last.
type Habit = fn(&mut Author, &mut Vec<Vec<Note>>);

/// What authors do to their notes. Each begins with its notes, keeps a build where it says so, and edits.
const HABITS: [(&str, Habit); 46] = [
    ("one answer of many chapters in a file", chapters_in_a_file),
    ("one answer of many chapters in files", chapters_in_files),
    ("text added to word pairs", added_text),
    ("articles put before words", articles),
    ("a file translated", translated),
    ("a long note split", split),
    ("a variant put beside", variant),
    ("sides swapped", swapped),
    ("reordered and edited", reordered),
    ("short words in a renamed file", renamed_words),
    ("a renamed file, edited", renamed),
    ("a row of a table for another", rows),
    ("a note of a pattern for another", pattern),
    ("newest first, edited", newest_first),
    ("one of twins rewritten", twins),
    ("one deleted, one added in its place", replaced),
    ("one deleted, one added elsewhere", deleted_and_added),
    ("reworded on both sides", reworded),
    ("a file away and back, edited", away),
    ("deleted and pasted back, reworded", pasted),
    ("merged files, edited", merged),
    ("a chapter for another in a file", chapter_for_another),
    ("a chapter's file for another", file_for_another),
    ("compounds for words", compounds),
    ("words for words", words_for_words),
    ("a pattern of texts, one for another", texts_of_a_pattern),
    ("a pattern on both sides, some for others", pattern_on_both_sides),
    ("a pattern, one reworded", pattern_reworded),
    ("numbered questions, one put between", numbered),
    ("a note split in halves", halves),
    ("swapped and edited", swapped_and_edited),
    ("half a file translated and moved", half_translated),
    ("words taken from pairs", taken_text),
    ("a text reworded", text_reworded),
    ("words for compounds", words_for_compounds),
    ("a list sorted anew, with more", sorted_anew),
    ("notes rewritten a year later", rewritten),
    ("answers translated, questions kept", answers_translated),
    ("a table's rows extended", rows_extended),
    ("definitions renamed", renamed_terms),
    ("typos mended", typos),
    ("text flowed anew by a formatter", reflowed),
    ("headings renumbered", renumbered),
    ("a file split in two, reworded", file_split),
    ("sorted, half of the answers extended", sorted_and_extended),
    ("answers of two files change places", answers_swapped),
];

fn answers_swapped(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    if author.roll(2) == 0 {
        author.vocabulary("a.md", 3, 20);
        author.vocabulary("b.md", 3, 20);
    } else {
        author.prose("a.md", 3, 20);
        author.prose("b.md", 3, 20);
    }
    let half = author.notes.iter().filter(|note| note.path == "a.md").count();
    let (one, other) = (author.roll(half), half + author.roll(author.notes.len() - half));
    builds.push(author.notes.clone());
    let (back, is_edited) = (author.notes[one].back.clone(), author.roll(2) == 0);
    author.notes[one].back = std::mem::replace(&mut author.notes[other].back, back);
    if is_edited {
        let back = author.notes[one].back.clone();
        author.notes[one].back = author.reworded(&back, 20);
    }
}

fn sorted_anew(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.vocabulary("words.md", 15, 60);
    builds.push(author.notes.clone());
    for _ in 0..author.between(3, 15) {
        let (front, back) = (author.word(), author.word());
        author.add("words.md", &front, &back);
    }
    for place in 0..author.notes.len() {
        if author.roll(4) == 0 {
            let more = author.word();
            let back = &mut author.notes[place].back;
            *back = format!("{back}; {more}");
        }
    }
    author.notes.sort_by(|one, other| one.front.cmp(&other.front));
}

/// Sections keep their order, most answers are reworded, some questions too, a few notes go and a few come.
fn rewritten(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("lecture.md", 15, 40);
    builds.push(author.notes.clone());
    for place in (0..author.notes.len()).rev() {
        let Note { front, back, .. } = author.notes[place].clone();
        match author.roll(10) {
            0 => drop(author.notes.remove(place)),
            1 => {
                let (front, back) = (author.question(6), author.sentence(12));
                author.insert(place, "lecture.md", &front, &back);
            }
            2..4 => author.notes[place].front = author.reworded(&front, 25),
            4..8 => author.notes[place].back = author.reworded(&back, 40),
            _ => {}
        }
    }
}

fn answers_translated(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("interview.md", 5, 30);
    builds.push(author.notes.clone());
    for place in 0..author.notes.len() {
        author.notes[place].back = author.sentence(12);
    }
}

fn rows_extended(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    let (subject, purpose) = (author.word(), author.word());
    for _ in 0..author.between(4, 20) {
        let (front, back) = (author.word(), author.sentence(3));
        author.add("table.md", &format!("{subject}: {front}"), &format!("{purpose}: {back}"));
    }
    builds.push(author.notes.clone());
    let column = author.word();
    for place in 0..author.notes.len() {
        let more = author.sentence(2);
        let back = &mut author.notes[place].back;
        *back = format!("{back} {column}: {more}");
    }
    let (front, back) = (author.word(), author.sentence(3));
    let at = author.roll(author.notes.len() + 1);
    author.insert(at, "table.md", &format!("{subject}: {front}"), &format!("{purpose}: {back} {column}: no"));
}

fn renamed_terms(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    for _ in 0..author.between(6, 30) {
        let front = author.word();
        author.write("terms.md", &front, 12);
    }
    builds.push(author.notes.clone());
    for place in 0..author.notes.len() {
        if author.roll(4) == 0 {
            author.notes[place].front = author.word();
        }
    }
}

/// A letter of some words is another one, has gone or has come.
fn typos(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    if author.roll(2) == 0 {
        author.vocabulary("notes.md", 5, 40);
    } else {
        author.prose("notes.md", 5, 40);
    }
    builds.push(author.notes.clone());
    for place in 0..author.notes.len() {
        if author.roll(2) == 0 {
            let Note { front, back, .. } = author.notes[place].clone();
            let is_front = author.roll(2) == 0;
            let mended = author.mended(if is_front { &front } else { &back });
            *(if is_front { &mut author.notes[place].front } else { &mut author.notes[place].back }) = mended;
        }
    }
}

/// Quotes, dashes and marks of emphasis are other ones.
fn reflowed(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("notes.md", 5, 40);
    for note in &mut author.notes {
        note.back = note.back.replace(" the ", " *the* ").replace(" of ", " - ").replace(" is ", " \"is\" ");
    }
    builds.push(author.notes.clone());
    for note in &mut author.notes {
        note.back = note.back.replace('*', "_").replace(" - ", " — ").replace('"', "'");
        note.front = note.front.replace(" is ", " _is_ ");
    }
}

fn renumbered(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    let count = author.between(4, 20);
    for number in 0..count {
        let front = author.sentence(2);
        author.write("course.md", &format!("1.{number} {front}"), 12);
    }
    builds.push(author.notes.clone());
    let (at, front, back) = (author.roll(count), author.sentence(2), author.sentence(12));
    for (number, note) in author.notes.iter_mut().enumerate().skip(at) {
        let (_, title) = note.front.split_once(' ').unwrap_or_default();
        note.front = format!("1.{} {title}", number + 1);
    }
    author.insert(at, "course.md", &format!("1.{at} {front}"), &back);
}

fn file_split(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("notes.md", 10, 40);
    author.prose("other.md", 3, 20);
    builds.push(author.notes.clone());
    let all = author.notes.iter().filter(|note| note.path == "notes.md").count();
    author
        .notes
        .iter_mut()
        .filter(|note| note.path == "notes.md")
        .skip(all / 2)
        .for_each(|note| note.path = "more.md".into());
    author.edit_some(40);
}

fn sorted_and_extended(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("notes.md", 10, 40);
    builds.push(author.notes.clone());
    for place in 0..author.notes.len() {
        if author.roll(2) == 0 {
            let more = author.sentence(8);
            let back = &mut author.notes[place].back;
            *back = format!("{back} {more}");
        }
    }
    author.notes.sort_by(|one, other| one.front.cmp(&other.front));
}

fn chapter_for_another(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    let headings = ["Definition", "Intuition", "Example"];
    let chapters = author.between(3, 8);
    for _ in 0..chapters {
        author.write_all("course.md", &headings);
    }
    builds.push(author.notes.clone());
    let chapter = author.roll(chapters);
    author.notes.drain(3 * chapter..3 * chapter + 3);
    let place = if author.roll(3) == 0 { chapter } else { author.roll(chapters) };
    for (number, heading) in headings.iter().enumerate() {
        let back = author.sentence(12);
        author.insert(3 * place + number, "course.md", heading, &back);
    }
}

fn file_for_another(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    let headings = ["Definition", "Intuition", "Example", "Why?"];
    let chapters = author.between(3, 8);
    for chapter in 0..chapters {
        author.write_all(&format!("{chapter}.md"), &headings);
    }
    builds.push(author.notes.clone());
    let chapter = author.roll(chapters);
    author.notes.drain(4 * chapter..4 * chapter + 4);
    author.write_all("new.md", &headings);
}

fn compounds(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.vocabulary("words.md", 5, 30);
    builds.push(author.notes.clone());
    for _ in 0..author.between(1, 4) {
        let place = author.any();
        let old = author.notes.remove(place);
        let (front, back) = (format!("{}{}", old.front, author.word()), format!("{} {}", old.back, author.word()));
        let at = if author.roll(2) == 0 { place } else { author.roll(author.notes.len() + 1) };
        author.insert(at, "words.md", &front, &back);
    }
}

fn words_for_compounds(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.vocabulary("words.md", 5, 30);
    for _ in 0..author.between(1, 4) {
        let place = author.any();
        let (front, back) = (author.word(), author.word());
        let Note { front: word, back: meaning, .. } = author.notes[place].clone();
        (author.notes[place].front, author.notes[place].back) = (format!("{word}{front}"), format!("{meaning} {back}"));
        builds.push(author.notes.clone());
        author.notes.remove(place);
        author.insert(place, "words.md", &word, &meaning);
    }
}

fn words_for_words(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.vocabulary("words.md", 5, 40);
    builds.push(author.notes.clone());
    for place in 0..author.notes.len() {
        if author.roll(3) == 0 {
            author.notes.remove(place);
            let (front, back) = (author.word(), author.word());
            author.insert(place, "words.md", &front, &back);
        }
    }
}

fn texts_of_a_pattern(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    let (start, middle) = (author.sentence(3), author.sentence(2));
    let text = |author: &mut Author| format!("{start} {} {middle} {}.", author.word(), author.word());
    for _ in 0..author.between(2, 12) {
        let front = text(author);
        author.add("texts.md", &front, "");
    }
    builds.push(author.notes.clone());
    let place = author.any();
    author.notes.remove(place);
    let (at, front) = (author.roll(author.notes.len() + 1), text(author));
    author.insert(at, "texts.md", &front, "");
}

fn pattern_on_both_sides(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    let (front, back) = (author.sentence(5), author.sentence(5));
    let side = |author: &mut Author, side: &str| format!("{side} {} {}", author.word(), author.word());
    for _ in 0..author.between(2, 20) {
        let (front, back) = (side(author, &front), side(author, &back));
        author.add("table.md", &front, &back);
    }
    builds.push(author.notes.clone());
    for _ in 0..author.between(1, 4) {
        if author.notes.len() > 1 {
            let place = author.any();
            author.notes.remove(place);
        }
        let (front, back, at) = (side(author, &front), side(author, &back), author.roll(author.notes.len() + 1));
        author.insert(at, "table.md", &front, &back);
    }
}

fn pattern_reworded(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    let pattern = author.sentence(3);
    for _ in 0..author.between(3, 12) {
        let (front, back) = (author.word() + &author.word(), author.word() + &author.word());
        author.add("table.md", &format!("{pattern} {front}?"), &back);
    }
    builds.push(author.notes.clone());
    let (place, more, other) = (author.any(), author.word(), author.sentence(2));
    let Note { front, back, .. } = &mut author.notes[place];
    match author.dice >> 40 & 3 {
        0 => *front = front.replace(&pattern, &other),
        1 => *front = format!("{more} {front}"),
        2 => *back = more,
        _ => (*front, *back) = (front.replace('?', " now?"), format!("{back} {more}")),
    }
}

fn numbered(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    let words = author.between(1, 12);
    for number in 0..author.between(4, 20) {
        author.write("quiz.md", &format!("Question {number}"), words);
    }
    builds.push(author.notes.clone());
    let (at, back) = (author.any(), author.sentence(words));
    author.insert(at, "quiz.md", "", &back);
    for (number, note) in author.notes.iter_mut().enumerate() {
        note.front = format!("Question {number}");
    }
}

fn halves(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("notes.md", 3, 20);
    let place = author.any();
    author.notes[place].back = author.sentence(30);
    builds.push(author.notes.clone());
    let old = author.notes[place].clone();
    let words: Vec<&str> = old.back.split(' ').collect();
    let (one, other) = words.split_at(15);
    author.notes[place].back = one.join(" ");
    let (front, next) = (author.reworded(&old.front, 10), author.reworded(&old.front, 30));
    author.notes[place].front = front;
    author.insert(place + 1, "notes.md", &next, &other.join(" "));
}

fn swapped_and_edited(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("words.md", 5, 30);
    builds.push(author.notes.clone());
    for place in 0..author.notes.len() {
        let Note { front, back, .. } = author.notes[place].clone();
        author.notes[place].front = author.reworded(&back, 10);
        author.notes[place].back = author.reworded(&front, 10);
    }
}

fn half_translated(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("notes.md", 4, 30);
    author.prose("other.md", 4, 30);
    builds.push(author.notes.clone());
    let is_moved = author.roll(2) == 0;
    for place in 0..author.notes.len() {
        if author.notes[place].path == "notes.md" {
            if author.roll(2) == 0 {
                (author.notes[place].front, author.notes[place].back) = (author.question(6), author.sentence(12));
            }
            if is_moved {
                author.notes[place].path = "moved.md".into();
            }
        }
    }
}

fn taken_text(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.vocabulary("words.md", 10, 60);
    let words = author.notes.clone();
    for note in &mut author.notes {
        (note.front, note.back) =
            (format!("the {}, {}", note.front, note.back), format!("{} ({})", note.back, note.front));
    }
    builds.push(author.notes.clone());
    for (note, word) in author.notes.iter_mut().zip(words) {
        (note.front, note.back) = (word.front, word.back);
    }
}

fn text_reworded(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    for _ in 0..author.between(4, 20) {
        let text = author.sentence(14);
        author.add("texts.md", &text, "");
    }
    builds.push(author.notes.clone());
    for place in 0..author.notes.len() {
        if author.roll(3) == 0 {
            let text = author.notes[place].front.clone();
            author.notes[place].front = author.reworded(&text, 25);
        }
    }
}

fn chapters_in_a_file(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    let headings = ["Definition", "Intuition", "Example", "Why?"];
    for _ in 0..author.between(3, 12) {
        author.write_all("course.md", &headings);
    }
    builds.push(author.notes.clone());
    for _ in 0..author.between(1, 3) {
        let place = author.any();
        author.notes[place].back = author.sentence(12);
    }
}

fn chapters_in_files(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    for chapter in 0..author.between(3, 12) {
        let headings = ["Definition", "Intuition", "Example", "v"];
        author.write_all(&format!("{chapter}.md"), &headings);
    }
    builds.push(author.notes.clone());
    for _ in 0..author.between(1, 4) {
        let place = author.any();
        author.notes[place].back = author.sentence(12);
    }
}

fn added_text(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.vocabulary("words.md", 10, 60);
    builds.push(author.notes.clone());
    let share = author.between(30, 100);
    for place in 0..author.notes.len() {
        if author.roll(100) < share {
            let (front, back) = (author.sentence(2), author.sentence(5));
            let note = &mut author.notes[place];
            note.front = format!("{}, {front}", note.front);
            note.back = format!("{}; {back}", note.back);
        }
    }
}

fn articles(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.vocabulary("words.md", 3, 40);
    builds.push(author.notes.clone());
    for place in 0..author.notes.len() {
        let (article, more) = (["der", "die", "das"][author.roll(3)], author.word());
        let note = &mut author.notes[place];
        note.front = format!("{article} {}", note.front);
        note.back =
            if author.dice & 64 == 0 { format!("{}, {more}", note.back) } else { format!("{} ({more})", note.back) };
    }
}

fn translated(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("other.md", 5, 20);
    author.prose("notes.md", 3, 30);
    builds.push(author.notes.clone());
    for place in 0..author.notes.len() {
        if author.notes[place].path == "notes.md" {
            let (front, back) = (author.question(6), author.sentence(12));
            (author.notes[place].front, author.notes[place].back) = (front, back);
        }
    }
}

fn split(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("notes.md", 3, 20);
    let place = author.any();
    author.notes[place].back = author.sentence(45);
    builds.push(author.notes.clone());
    let old = author.notes[place].clone();
    let words: Vec<&str> = old.back.split(' ').collect();
    let parts = author.between(2, 4);
    // The first part is the longest, and has most of the question: that is who it is.
    let ends: Vec<usize> = (0..=parts).map(|part| if part == 0 { 0 } else { 45 - 12 * (parts - part) }).collect();
    author.notes[place].back = words[..ends[1]].join(" ");
    let reworded = author.reworded(&old.front, 20);
    author.notes[place].front = reworded;
    for part in 1..parts {
        let front = author.reworded(&old.front, 60);
        author.insert(place + part, "notes.md", &front, &words[ends[part]..ends[part + 1]].join(" "));
    }
}

fn variant(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.vocabulary("words.md", 5, 20);
    builds.push(author.notes.clone());
    let place = author.any();
    let old = author.notes[place].clone();
    let more = author.word();
    if author.roll(2) == 0 {
        author.notes[place].back = format!("{}, {more}", old.back);
    }
    let front = format!("{} {}", author.word(), old.front);
    let at = place + author.roll(2);
    author.insert(at, "words.md", &front, &old.back);
}

fn swapped(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    if author.roll(2) == 0 {
        author.vocabulary("words.md", 5, 30);
    } else {
        author.prose("words.md", 5, 30);
    }
    builds.push(author.notes.clone());
    let share = author.between(20, 100);
    for place in 0..author.notes.len() {
        if author.roll(100) < share {
            let Note { front, back, .. } = &mut author.notes[place];
            std::mem::swap(front, back);
        }
    }
}

fn reordered(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("notes.md", 10, 40);
    builds.push(author.notes.clone());
    author.shuffle();
    author.edit_some(50);
}

fn renamed_words(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.vocabulary("words.md", 3, 20);
    author.prose("other.md", 3, 20);
    builds.push(author.notes.clone());
    for place in 0..author.notes.len() {
        if author.notes[place].path == "words.md" {
            author.notes[place].path = "vocabulary.md".into();
            author.notes[place].back = author.sentence(3);
        }
    }
}

fn renamed(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("notes.md", 5, 30);
    author.prose("other.md", 3, 20);
    builds.push(author.notes.clone());
    author.notes.iter_mut().filter(|note| note.path == "notes.md").for_each(|note| note.path = "new.md".into());
    author.edit_some(60);
}

fn rows(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    let (subject, purpose) = (author.word(), author.word());
    for _ in 0..author.between(2, 6) {
        let (front, back) = (author.word(), author.sentence(3));
        author.add("table.md", &format!("{subject}: {front}"), &format!("{purpose}: {back}"));
    }
    builds.push(author.notes.clone());
    let place = author.any();
    author.notes.remove(place);
    let (front, back) = (author.word(), author.sentence(3));
    author.add("table.md", &format!("{subject}: {front}"), &format!("{purpose}: {back}"));
}

fn pattern(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    let pattern = author.sentence(3);
    for _ in 0..author.between(1, 12) {
        let (front, back) = (author.word(), author.word());
        author.add("table.md", &format!("{pattern} {front}?"), &back);
    }
    builds.push(author.notes.clone());
    let place = author.any();
    author.notes.remove(place);
    let (front, back) = (author.word(), author.word());
    let at = author.roll(author.notes.len() + 1);
    author.insert(at, "table.md", &format!("{pattern} {front}?"), &back);
}

fn newest_first(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("diary.md", 5, 20);
    for _ in 0..author.between(5, 20) {
        builds.push(author.notes.clone());
        let (front, back) = (author.question(6), author.sentence(12));
        author.insert(0, "diary.md", &front, &back);
        author.edit_some(8);
    }
}

fn twins(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("notes.md", 4, 20);
    let front = if author.roll(2) == 0 { author.question(6) } else { author.word() };
    for _ in 0..2 {
        let (at, back) = (author.roll(author.notes.len() + 1), author.sentence(12));
        author.insert(at, "notes.md", &front, &back);
    }
    builds.push(author.notes.clone());
    let twins: Vec<usize> = (0..author.notes.len()).filter(|&place| author.notes[place].front == front).collect();
    let place = twins[author.roll(twins.len())];
    author.notes[place].back = author.sentence(12);
}

fn replaced(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    if author.roll(2) == 0 {
        author.vocabulary("notes.md", 5, 20);
    } else {
        author.prose("notes.md", 5, 20);
    }
    builds.push(author.notes.clone());
    let (place, is_short) = (author.any(), author.notes[0].back.len() < 40);
    author.notes.remove(place);
    let (front, back) =
        if is_short { (author.word(), author.word()) } else { (author.question(6), author.sentence(12)) };
    author.insert(place, "notes.md", &front, &back);
}

fn deleted_and_added(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("notes.md", 10, 30);
    builds.push(author.notes.clone());
    for _ in 0..author.between(1, 6) {
        let place = author.any();
        author.notes.remove(place);
        let (at, front, back) = (author.roll(author.notes.len() + 1), author.question(6), author.sentence(12));
        author.insert(at, "notes.md", &front, &back);
    }
}

fn reworded(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("notes.md", 10, 30);
    builds.push(author.notes.clone());
    for place in 0..author.notes.len() {
        if author.roll(3) == 0 {
            let Note { front, back, .. } = author.notes[place].clone();
            let strength = author.between(10, 70);
            let (front, back) = (author.reworded(&front, strength), author.reworded(&back, strength));
            (author.notes[place].front, author.notes[place].back) = (front, back);
        }
    }
}

fn away(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    if author.roll(2) == 0 {
        author.vocabulary("notes.md", 5, 20);
    } else {
        author.prose("notes.md", 5, 20);
    }
    author.prose("other.md", 10, 20);
    builds.push(author.notes.clone());
    let (away, here) = author.notes.clone().into_iter().partition(|note| note.path == "notes.md");
    author.notes = here;
    builds.push(author.notes.clone());
    author.notes.extend::<Vec<Note>>(away);
    author.edit_some(30);
}

fn pasted(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    author.prose("notes.md", 10, 20);
    builds.push(author.notes.clone());
    let place = author.any();
    let mut note = author.notes.remove(place);
    builds.push(author.notes.clone());
    if author.roll(2) == 0 {
        note.back = author.reworded(&note.back, 50);
    } else {
        note.front = author.reworded(&note.front, 50);
    }
    author.notes.insert(place, note);
}

fn merged(author: &mut Author, builds: &mut Vec<Vec<Note>>) {
    for path in ["a.md", "b.md", "c.md"] {
        author.prose(path, 3, 15);
    }
    builds.push(author.notes.clone());
    author.notes.iter_mut().for_each(|note| note.path = "a.md".into());
    author.edit_some(30);
}

/// A note; `id` says who it is.
#[derive(Clone)]
struct Note {
    id: usize,
    path: String,
    front: String,
    back: String,
}

/// Writes and edits notes, as the dice fall.
struct Author {
    dice: u64,
    notes: Vec<Note>,
    next: usize,
}

impl Author {
    /// A number below `sides`.
    fn roll(&mut self, sides: usize) -> usize {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.dice >> 33) as usize) % sides.max(1)
    }

    fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.roll(high - low)
    }

    fn any(&mut self) -> usize {
        self.roll(self.notes.len())
    }

    /// One of some 1,500 words, the short ones more often.
    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 40] = [
            "ba", "ken", "lo", "tri", "sa", "mun", "de", "vor", "pi", "gel", "ru", "sta", "no", "fim", "che", "wal",
            "ti", "or", "ex", "qui", "bra", "ne", "ful", "ha", "jo", "lin", "mes", "pra", "su", "ton", "u", "vi",
            "xen", "yar", "zo", "ing", "er", "al", "co", "dis",
        ];
        let count = [1, 2, 2, 2, 3, 3][self.roll(6)];
        (0..count).map(|_| SYLLABLES[self.roll(40)]).collect()
    }

    /// So many words; every third one is a frequent one.
    fn sentence(&mut self, words: usize) -> String {
        const FREQUENT: [&str; 12] = ["the", "of", "a", "is", "to", "in", "and", "which", "for", "that", "with", "by"];
        let word = |author: &mut Self| match author.roll(3) {
            0 => FREQUENT[author.roll(12)].to_owned(),
            _ => author.word(),
        };
        (0..words).map(|_| word(self)).collect::<Vec<_>>().join(" ")
    }

    fn question(&mut self, words: usize) -> String {
        let opening = ["What is", "Which", "Why does", "How do you", "When is"][self.roll(5)];
        format!("{opening} {}?", self.sentence(words))
    }

    /// The text with so many per cent of its words changed, left out or added to.
    fn reworded(&mut self, text: &str, strength: usize) -> String {
        let mut words = Vec::new();
        for word in text.split(' ') {
            if self.roll(100) >= strength {
                words.push(word.to_owned());
                continue;
            }
            match self.roll(3) {
                0 => words.push(self.word()),
                1 => words.extend([word.to_owned(), self.word()]),
                _ => {}
            }
        }
        if words.is_empty() { self.word() } else { words.join(" ") }
    }

    /// The text with a letter of one of its words changed, left out or put in.
    fn mended(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        let at = self.roll(letters.len());
        let letter = char::from(b'a' + self.roll(26) as u8);
        match self.roll(3) {
            0 => letters[at] = letter,
            1 if letters.len() > 2 => drop(letters.remove(at)),
            _ => letters.insert(at, letter),
        }
        letters.into_iter().collect()
    }

    fn add(&mut self, path: &str, front: &str, back: &str) {
        self.insert(self.notes.len(), path, front, back);
    }

    fn insert(&mut self, at: usize, path: &str, front: &str, back: &str) {
        let note = Note { id: self.next, path: path.to_owned(), front: front.to_owned(), back: back.to_owned() };
        self.next += 1;
        self.notes.insert(at, note);
    }

    fn write(&mut self, path: &str, front: &str, words: usize) {
        let back = self.sentence(words);
        self.add(path, front, &back);
    }

    fn write_all(&mut self, path: &str, fronts: &[&str]) {
        for front in fronts {
            self.write(path, front, 12);
        }
    }

    fn vocabulary(&mut self, path: &str, low: usize, high: usize) {
        for _ in 0..self.between(low, high) {
            let (front, back) = (self.word(), self.word());
            self.add(path, &front, &back);
        }
    }

    fn prose(&mut self, path: &str, low: usize, high: usize) {
        for _ in 0..self.between(low, high) {
            let front = self.question(6);
            self.write(path, &front, 12);
        }
    }

    fn shuffle(&mut self) {
        for place in (1..self.notes.len()).rev() {
            let other = self.roll(place + 1);
            self.notes.swap(place, other);
        }
    }

    /// Edits so many per cent of the notes: an answer, a question, or words of both.
    fn edit_some(&mut self, share: usize) {
        for place in 0..self.notes.len() {
            if self.roll(100) >= share {
                continue;
            }
            let Note { front, back, .. } = self.notes[place].clone();
            match self.roll(4) {
                0 => self.notes[place].back = self.sentence(12),
                1 => self.notes[place].back = self.reworded(&back, 30),
                2 => self.notes[place].front = self.reworded(&front, 30),
                _ => {
                    self.notes[place].front = self.reworded(&front, 15);
                    self.notes[place].back = self.reworded(&back, 15);
                }
            }
        }
    }
}

#[derive(Serialize)]
struct Commit<'a> {
    collection: String,
    step: usize,
    old: Vec<Text<'a>>,
    new: Vec<Text<'a>>,
    /// Notes of both sides that are one.
    same: Vec<(usize, usize)>,
    /// Who each new one is, in all builds.
    names: Vec<usize>,
}

#[derive(Serialize)]
struct Text<'a> {
    path: &'a str,
    front: &'a str,
    back: &'a str,
}

fn commit<'a>(name: &str, number: usize, step: usize, old: &'a [Note], new: &'a [Note]) -> Commit<'a> {
    let (old, new) = (by_path(old), by_path(new));
    let place = |id: usize| old.iter().position(|note| note.id == id);
    let same = (0..).zip(&new).filter_map(|(at, note)| Some((place(note.id)?, at))).collect();
    let texts = |notes: &[&'a Note]| {
        notes.iter().map(|note| Text { path: &note.path, front: &note.front, back: &note.back }).collect()
    };
    let names = new.iter().map(|note| note.id).collect();
    Commit { collection: format!("{name}/{number}"), step, old: texts(&old), new: texts(&new), same, names }
}

/// A file's notes stand together.
fn by_path(notes: &[Note]) -> Vec<&Note> {
    let mut notes: Vec<&Note> = notes.iter().collect();
    notes.sort_by(|one, other| one.path.cmp(&other.path));
    notes
}
