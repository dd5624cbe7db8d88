//! Looks at the whole collection for what no single file shows: duplicate fronts, media that are missing or unused,
//! math that will not typeset. And at a project's own card templates.
//!
//! Knows the disk only as a listing.

mod formulas;
mod links;
mod mentions;
mod sounds;
mod templates;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::xxh3_128;

use crate::diagnostic::{Code, Cost, Diagnostic, suggest};
use crate::ir::{Collection, DeckName, LeftOut, Note, normalised_front};
use crate::markdown::MediaUse;
use crate::source::{SourceId, Sources, Span};
use crate::text::extension::{MediaKind, is_markdown};
use crate::text::file_content::Oddity;
use crate::text::parcel::Parcel;
use crate::text::path::{file_name, fold};
use crate::text::svg::Lost;
pub use links::{DeadLink, Gone, dead_link};
pub use sounds::{Own, check_sounds};
pub use templates::check_template;

/// All mistakes that only the whole shows. `left_out` are the notes that are not in it, those among them whose media are
/// missing.
pub fn check_collection(
    collection: &Collection,
    sources: &Sources,
    left_out: &LeftOut,
    uses: &[MediaUse],
    folders: &Folders,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    check_fronts(&collection.notes, &mut diagnostics);
    check_media_exist(collection, left_out, uses, folders, &mut diagnostics);
    check_drawings(uses, folders, &mut diagnostics);
    check_media_are_shown(collection, uses, folders, &mut diagnostics);
    formulas::check_formulas(collection, sources, &mut diagnostics);
    diagnostics
}

/// The decks of the settings that no note is in: their names are perhaps misspelt. `places` says where each is named.
pub fn check_decks<'a>(notes: impl Iterator<Item = &'a Note>, places: &[(DeckName, Span)]) -> Vec<Diagnostic> {
    let named: BTreeSet<&DeckName> = notes.map(|note| &note.deck).collect();
    let used: BTreeSet<DeckName> =
        named.into_iter().flat_map(|deck| deck.parents().chain(std::iter::once(deck.clone()))).collect();
    let unused = places.iter().filter(|(deck, _)| !used.contains(deck));
    unused
        .map(|(deck, place)| {
            let diagnostic = Diagnostic::new(Code::UnusedDeck, *place, format!("the deck `{deck}` has no notes"));
            match suggest(deck.as_str(), used.iter().map(DeckName::as_str)) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help("mend the name, or take the entry out until the deck has notes"),
            }
        })
        .collect()
}

/// The files of the folders that matter: those of the notes, and those that media uses point into.
#[derive(Debug, Default)]
pub struct Folders {
    /// Folder (relative to the project's root, `""` for the root itself) → names of the files in it, sorted.
    pub files: BTreeMap<String, Vec<String>>,
    /// The folders that hold note files: only there are unused media reported.
    pub with_notes: Vec<String>,
    /// Paths of media that are there under the same name in another normal form of Unicode.
    pub respelt: BTreeSet<String>,
    /// Paths of media that are there under another path.
    pub sought: BTreeMap<String, Sought>,
    /// Paths of media that are not read, and why.
    pub refused: BTreeMap<String, Refusal>,
    /// Paths of drawings that hold more than they show, and lost that.
    pub cleaned: BTreeMap<String, Lost>,
    /// Paths of media that not every reader shows or plays, and why.
    pub odd: BTreeMap<String, Oddity>,
}

/// What was found for a path that leads to nothing, or out of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// The file, relative to the project's root.
    pub file: String,
    /// Another one that might as well be meant.
    pub other: Option<String>,
    /// Whether editors find it by what is written, so that nothing has to be mended.
    pub is_usual: bool,
}

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is in none of the project's folders, or its path leads through others.
    Outside,
    /// It is a pipe, a device or a socket.
    Special,
    /// It is larger than so many bytes.
    TooLarge(u64),
    /// It is nothing that is shown or played: a page would run in the reader's site.
    NoMedium,
}

impl Folders {
    fn contains(&self, path: &str) -> bool {
        let (folder, name) = split_path(path);
        let Some(names) = self.files.get(folder) else { return self.respelt.contains(path) };
        names.binary_search_by(|candidate| candidate.as_str().cmp(name)).is_ok()
            || self.respelt.contains(path)
            // Disks of macOS find such a name by themselves.
            || (!name.is_ascii() && names.iter().any(|candidate| candidate.nfc().eq(name.nfc())))
    }

    /// All paths under the form that case-insensitive disks compare.
    fn folded(&self) -> HashMap<String, String> {
        let paths = self.files.iter().flat_map(|(folder, names)| names.iter().map(|name| join_path(folder, name)));
        paths.map(|path| (fold(&path), path)).collect()
    }
}

fn check_fronts(notes: &[Note], diagnostics: &mut Vec<Diagnostic>) {
    let asked = |(place, note): (usize, &Note)| Some((question(note)?, place as u32));
    let mut asked: Vec<(u128, u32)> = notes.par_iter().enumerate().filter_map(asked).collect();
    asked.par_sort_unstable();
    let again = asked.chunk_by(|(one, _), (other, _)| one == other).filter(|same| same.len() > 1);
    let mut again: Vec<&[(u128, u32)]> = again.collect();
    // In the order of the second ones.
    again.sort_unstable_by_key(|same| same.get(1).map(|(_, place)| *place));
    let notes_of = |same: &[(u128, u32)]| same.iter().filter_map(|(_, place)| notes.get(*place as usize)).collect();
    let again = again.into_iter().map(notes_of).filter_map(|notes: Vec<&Note>| duplicate_front(&notes));
    diagnostics.extend(again);
}

/// What a note asks, where, as 128 bits of xxh3: the texts of all notes at once would take as much memory as they do. `None`
/// where it asks nothing.
fn question(note: &Note) -> Option<u128> {
    let front = normalised_front(note);
    if front.is_empty() {
        return None;
    }
    let mut asked = Parcel::default();
    asked.text(note.deck.as_str());
    asked.count(note.context.len());
    note.context.iter().for_each(|heading| asked.text(heading));
    asked.text(&front);
    Some(xxh3_128(asked.as_bytes()))
}

/// How many places of one mistake are shown beside the first.
const MAX_PLACES: usize = 4;

fn duplicate_front(notes: &[&Note]) -> Option<Diagnostic> {
    let (first, second) = (notes.first()?, notes.get(1)?);
    let often = match notes.len() {
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    };
    let message = format!("the deck `{}` asks this {often}", second.deck);
    let others = notes.iter().skip(2).take(MAX_PLACES);
    let diagnostic = others.fold(
        Diagnostic::new(Code::DuplicateFront, second.span, message)
            .caret("asks the same")
            .label(first.span, "asked here first"),
        |diagnostic, other| diagnostic.label(other.span, "and here"),
    );
    Some(diagnostic.help("say in each question what sets it off, or make one note of them"))
}

/// Said once of each file: it is the file that is to be mended.
fn check_drawings(uses: &[MediaUse], folders: &Folders, diagnostics: &mut Vec<Diagnostic>) {
    let mut said = HashSet::new();
    for used in uses {
        let Some(lost) = folders.cleaned.get(&used.path).filter(|_| said.insert(&used.path)) else { continue };
        let file = file_name(&used.path);
        let odd = |message| Diagnostic::new(Code::OddMedia, used.span, message);
        diagnostics.extend(lost.broken_at.map(|line| {
            odd(format!("`{file}` ends at line {line}, at the first mistake in its XML"))
                .caret("what follows is missing from the picture")
                .help("export it anew, or open it in a browser, which says what is wrong there")
        }));
        diagnostics.extend((lost.is_mended && lost.broken_at.is_none()).then(|| {
            odd(format!("`{file}` is no well-formed XML, so browsers show nothing of it"))
                .caret("packed is one that they show")
                .help("export it anew; often it is an `&`, `&nbsp;` or a missing `xmlns`")
        }));
        diagnostics.extend(lost.is_recoded.then(|| {
            odd(format!("`{file}` says that it is written in an encoding which is not read"))
                .caret("its letters may be others")
                .help("save it in UTF-8")
        }));
        diagnostics.extend(lost.acts.then(|| {
            Diagnostic::new(Code::UnsafeHtml, used.span, format!("what `{file}` does besides showing is left out"))
                .caret("it holds what is no drawing, such as scripts, or asks for something elsewhere")
                .help("save the picture as plain SVG, or as PNG")
        }));
    }
}

/// Said once of each file: it is the file that is to be mended.
fn check_media_are_shown(
    collection: &Collection,
    uses: &[MediaUse],
    folders: &Folders,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut said = HashSet::new();
    for used in uses {
        let Some(&odd) = folders.odd.get(&used.path).filter(|_| said.insert(&used.path)) else { continue };
        let file = collection.sources.get(used.span.source.0 as usize).map_or("", |source| source.path.as_str());
        diagnostics.push(odd_medium(used.span, &path_from(file, &used.path), odd));
    }
}

fn odd_medium(place: Span, path: &str, odd: Oddity) -> Diagnostic {
    let found = |message: String| Diagnostic::new(Code::OddMedia, place, message);
    match odd {
        Oddity::Empty => found(format!("`{path}` is empty")).caret("has no bytes").help("save the file again"),
        Oddity::Other(what) => found(format!("`{path}` holds {what}"))
            .caret("not what its name says")
            .help("put the picture, sound or film itself there, under a name that ends as its format says"),
        Oddity::Unshown(format) => found(format!("many readers cannot show {format}"))
            .caret("neither Anki on the desktop nor AnkiDroid does, and few browsers do")
            .help("save it as JPEG or PNG"),
        Oddity::Unplayed(format) | Oddity::UnplayedFilm(format) => {
            let other = if matches!(odd, Oddity::UnplayedFilm(_)) { "MP4" } else { "MP3" };
            found(format!("many readers cannot play {format}"))
                .caret("Anki on the desktop does, Android and most browsers do not")
                .help(format!("save it as {other}"))
        }
    }
}

/// What is not there costs the notes that use it; in prose it costs nothing.
fn check_media_exist(
    collection: &Collection,
    left_out: &LeftOut,
    uses: &[MediaUse],
    folders: &Folders,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if !folders.sought.is_empty() {
        diagnostics.extend(uses.iter().filter_map(|wanted| {
            let file = collection.sources.get(wanted.span.source.0 as usize).map_or("", |source| source.path.as_str());
            sought(wanted, file, folders.sought.get(&wanted.path)?)
        }));
    }
    let is_there = |path: &String| folders.contains(path) && !folders.refused.contains_key(path);
    let is_there = |path: &String| is_there(path) || folders.sought.contains_key(path);
    let missing: Vec<&MediaUse> = uses.iter().filter(|wanted| !is_there(&wanted.path)).collect();
    if missing.is_empty() {
        return;
    }
    let mut of_notes = HashSet::new();
    for note in &left_out.notes {
        note.for_each_media(&mut |path| of_notes.extend([(note.span.source, path)]));
    }
    let folded = folders.folded();
    diagnostics.extend(missing.into_iter().map(|wanted| {
        let is_of_note = of_notes.contains(&(wanted.span.source, wanted.path.as_str()));
        let file = collection.sources.get(wanted.span.source.0 as usize).map_or("", |source| source.path.as_str());
        missing_medium(wanted, file, folders, &folded).costing(if is_of_note { Cost::Note } else { Cost::Nothing })
    }));
}

fn sought(wanted: &MediaUse, file: &str, found: &Sought) -> Option<Diagnostic> {
    let taken = path_from(file, &found.file);
    if !found.is_usual {
        let message = format!("there is no `{}` in the project; `{taken}` is taken", path_from(file, &wanted.path));
        let diagnostic = Diagnostic::new(Code::MisplacedMedia, wanted.span, message).caret("no such file");
        let diagnostic = diagnostic.help(format!("write `{taken}`, or put the file where the path leads"));
        // That is what is taken. What has to be escaped is written in as many ways as there are places for it.
        let is_plain = wanted.is_exact && taken.bytes().all(is_plain_byte);
        return Some(if is_plain { diagnostic.fix(wanted.span, taken) } else { diagnostic });
    }
    let other = path_from(file, found.other.as_ref()?);
    let diagnostic = Diagnostic::new(Code::AmbiguousMedia, wanted.span, "several files have this name");
    Some(
        diagnostic
            .caret(format!("`{taken}` is taken, the nearest"))
            .help(format!("write which is meant: `{taken}` or `{other}`")),
    )
}

fn missing_medium(wanted: &MediaUse, file: &str, folders: &Folders, folded: &HashMap<String, String>) -> Diagnostic {
    if let Some(&refusal) = folders.refused.get(&wanted.path) {
        return refused(wanted, file, refusal);
    }
    match folded.get(&fold(&wanted.path)) {
        Some(real) => media_case(wanted, file, real),
        None if wanted.is_rooted => Diagnostic::new(
            Code::MissingMedia,
            wanted.span,
            format!("cannot find `{}`", wanted.path),
        )
        .caret("no such file")
        .help("a path that starts with `/` goes from the folder of all notes; put the file there, or mend the path"),
        None => {
            Diagnostic::new(Code::MissingMedia, wanted.span, format!("cannot find `{}`", path_from(file, &wanted.path)))
                .caret("no such file")
                .help("the path is relative to this file; put the file there, or mend the path")
        }
    }
}

fn refused(wanted: &MediaUse, file: &str, refusal: Refusal) -> Diagnostic {
    let path = path_from(file, &wanted.path);
    match refusal {
        Refusal::Outside => {
            Diagnostic::new(Code::OutsideMedia, wanted.span, format!("`{path}` leads out of the project"))
                .caret("no file outside is read")
                .help("put the file into the project, or name its folder by `media-roots` in `deckle.yaml`")
        }
        Refusal::Special => Diagnostic::new(Code::MissingMedia, wanted.span, format!("`{path}` is no plain file"))
            .caret("a pipe, a device or a socket")
            .help("put the image or the sound itself there"),
        Refusal::NoMedium => {
            Diagnostic::new(Code::MissingMedia, wanted.span, format!("`{path}` is no picture, sound or film"))
                .caret("nothing that a card can show or play")
                .help("name it in a link, `[…](…)`, or put a picture of it there")
        }
        Refusal::TooLarge(limit) => {
            Diagnostic::new(Code::LargeMedia, wanted.span, format!("`{path}` is larger than {}", megabytes(limit)))
                .help("make it smaller; `media-limit` in `deckle.yaml` sets another limit, and AnkiWeb takes 100 MB")
        }
    }
}

/// Bytes in units of 1,048,576.
fn megabytes(bytes: u64) -> String {
    let millionths = (bytes % (1 << 20) * 1_000_000) >> 20;
    let text = format!("{}.{millionths:06}", bytes >> 20);
    format!("{} MB", text.trim_end_matches('0').trim_end_matches('.'))
}

fn media_case(wanted: &MediaUse, file: &str, real: &str) -> Diagnostic {
    let message = format!("the file is named `{}`", path_from(file, real));
    let diagnostic = Diagnostic::new(Code::MediaCase, wanted.span, message)
        .caret("written differently here")
        .help("write the name as the file has it: not every system takes one for the other");
    match case_edit(wanted, real) {
        Some((span, replacement)) if wanted.is_exact => diagnostic.fix(span, replacement),
        Some((span, replacement)) => diagnostic.edit(span, replacement),
        None => diagnostic,
    }
}

/// The edit of the path's end, from the first part that differs. Only where both ends are plain ASCII, which nobody
/// percent-encodes: else it is unknown how many bytes the source spends on them.
fn case_edit(wanted: &MediaUse, real: &str) -> Option<(Span, String)> {
    let same = wanted.path.split('/').zip(real.split('/')).take_while(|(wanted, real)| wanted == real);
    let start: usize = same.map(|(part, _)| part.len() + 1).sum();
    let (old, new) = (wanted.path.get(start..)?, real.get(start..)?);
    let length = u32::try_from(old.len()).ok()?;
    let fits = length <= wanted.span.end.checked_sub(wanted.span.start)?;
    (fits && old.bytes().chain(new.bytes()).all(is_plain_byte))
        .then(|| (Span { start: wanted.span.end - length, ..wanted.span }, new.to_owned()))
}

fn is_plain_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._-/".contains(&byte)
}

/// A path as it is written in a file: messages do not depend on the folder that deckle was started in.
fn path_from(file: &str, path: &str) -> String {
    // An address with that scheme leads to no place of the project: see `markdown::media`.
    if path.starts_with("../file:") {
        return path.trim_start_matches("../").to_owned();
    }
    let folder: Vec<&str> = split_path(file).0.split('/').filter(|part| !part.is_empty()).collect();
    let parts: Vec<&str> = path.split('/').collect();
    let same = folder.iter().zip(&parts).take_while(|(a, b)| a == b).count();
    let down = parts.get(same..).unwrap_or_default().join("/");
    "../".repeat(folder.len() - same) + &down
}

/// The paths of media beside notes that nothing uses, by folder and name. Where a note file beside one was not read (only
/// another one was named), that one may use it, and nothing is said. `texts` are the sources.
pub fn unused_media(collection: &Collection, uses: &[MediaUse], folders: &Folders, texts: &[&str]) -> Vec<String> {
    let named = uses.iter().map(|wanted| folders.sought.get(&wanted.path).map_or(&wanted.path, |found| &found.file));
    let named: HashSet<String> = named.map(|path| fold(path)).collect();
    let read: HashSet<&str> = collection.sources.iter().map(|source| source.path.as_str()).collect();
    let with_notes: HashSet<&str> =
        read.iter().filter(|path| is_note_file(file_name(path))).map(|path| split_path(path).0).collect();
    let mut unused: Vec<String> = Vec::new();
    for folder in folders.with_notes.iter().filter(|folder| with_notes.contains(folder.as_str())) {
        let Some(files) = folders.files.get(folder) else { continue };
        let is_unread = |name: &String| is_note_file(name) && !read.contains(join_path(folder, name).as_str());
        if files.iter().any(is_unread) {
            continue;
        }
        let media = files.iter().filter(|name| MediaKind::of(name).is_some()).map(|name| join_path(folder, name));
        unused.extend(media.filter(|path| !named.contains(&fold(path))));
    }
    if unused.is_empty() {
        return unused;
    }
    // Embeds and front matter use files, too, and links lead to them.
    let sought = unused.iter().map(|path| fold(file_name(path))).collect();
    let mentioned = mentions::mentioned(&sought, texts.iter().copied());
    unused.retain(|path| !mentioned.contains(&fold(file_name(path))));
    unused
}

/// What is said of such a file, which has no text: its place is its path.
pub fn unused_medium(path: &str, id: SourceId) -> Diagnostic {
    Diagnostic::new(Code::UnusedMedia, Span::new(id, 0..0), format!("no note uses `{}`", file_name(path)))
        .help("use it in a note beside it, or take it out of this folder")
}

/// Hidden files are not read, whatever they hold.
fn is_note_file(name: &str) -> bool {
    !name.starts_with('.') && is_markdown(name)
}

fn split_path(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn join_path(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Edit, Safety};
    use crate::ir::{self, Block, BlockKind, Inline, InlineKind, NoteBody, SourceFile};

    fn span(start: u32, end: u32) -> Span {
        Span { source: SourceId(0), start, end }
    }

    fn edit(span: Span, replacement: &str) -> Edit {
        Edit { span, replacement: replacement.to_owned(), further: Vec::new(), safety: Safety::Safe }
    }

    fn note(front: &str, deck: &str, at: u32) -> Note {
        let paragraph = |text: &str| {
            let content = vec![Inline { span: span(at, at + 1), kind: InlineKind::Text { text: text.into() } }];
            vec![Block { span: span(at, at + 1), kind: BlockKind::Paragraph { content } }]
        };
        let body = NoteBody::Basic { front: paragraph(front), back: paragraph("x"), reversed: false, typed: None };
        Note { deck: DeckName::new(deck).unwrap(), span: span(at, at + 1), ..Note::bare(body) }
    }

    fn collection(notes: Vec<Note>) -> Collection {
        let sources = ["deckle.yaml", "content/a.md", "content/b.md", "content/sub/c.md"];
        Collection {
            version: ir::VERSION,
            id: "test".into(),
            name: "Test".into(),
            site_url: None,
            place_link: None,
            outline: Vec::new(),
            sources: sources.iter().map(|&path| SourceFile { path: path.into() }).collect(),
            decks: Vec::new(),
            note_types: Vec::new(),
            notes,
            media: Vec::new(),
            chapters: Vec::new(),
        }
    }

    fn folders_of(files: &[(&str, &[&str])], note_folders: &[&str]) -> Folders {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<String>>();
        Folders {
            files: files.iter().map(|&(folder, names)| (folder.to_owned(), owned(names))).collect(),
            with_notes: owned(note_folders),
            ..Folders::default()
        }
    }

    fn uses(paths: &[&str]) -> Vec<MediaUse> {
        (0..)
            .zip(paths)
            .map(|(at, &path)| {
                let span = span(at * 100, at * 100 + 50);
                MediaUse { path: path.into(), others: Vec::new(), span, is_exact: true, is_rooted: false }
            })
            .collect()
    }

    fn check(collection: &Collection, uses: &[MediaUse], folders: &Folders) -> Vec<Diagnostic> {
        check_collection(collection, &Sources::default(), &LeftOut::default(), uses, folders)
    }

    fn codes(diagnostics: &[Diagnostic]) -> Vec<Code> {
        diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
    }

    #[test]
    fn fronts_are_compared_within_a_deck() {
        let notes = vec![note("a  b", "D", 0), note("a b", "D", 10), note("a b", "E", 20), note("A b", "D", 30)];
        let found = check(&collection(notes), &[], &Folders::default());
        assert_eq!(codes(&found), [Code::DuplicateFront]);
        assert_eq!((found[0].span, found[0].labels[0].span), (span(10, 11), span(0, 1)));
    }

    #[test]
    fn empty_fronts_are_no_duplicates() {
        let found = check(&collection(vec![note(" ", "D", 0), note("", "D", 10)]), &[], &Folders::default());
        assert_eq!(found, []);
    }

    #[test]
    fn missing_media_and_wrong_case_are_told_apart() {
        let folders = folders_of(
            &[("", &["r.png"]), ("content", &["a.png", "gru\u{308}n.png"]), ("content/img", &["b c.png"])],
            &[],
        );
        let found = check(
            &collection(Vec::new()),
            &uses(&[
                "content/a.png",
                "r.png",
                "content/A.PNG",
                "content/IMG/B c.png",
                "content/gr\u{fc}n.png",
                "content/GR\u{fc}N.png",
                "x.png",
            ]),
            &folders,
        );
        assert_eq!(codes(&found), [Code::MediaCase, Code::MediaCase, Code::MediaCase, Code::MissingMedia]);
        assert_eq!(found[0].edit, Some(edit(span(245, 250), "a.png")));
        assert_eq!(found[1].edit, None, "the space may be written as %20");
        assert_eq!(found[2].message, "the file is named `content/gru\u{308}n.png`", "by case, not by normal form");
    }

    #[test]
    fn sizes_are_told_without_zeros() {
        assert_eq!([100 << 20, 3 << 19, 65, 0].map(megabytes), ["100 MB", "1.5 MB", "0.000061 MB", "0 MB"]);
    }

    #[test]
    fn a_folder_of_another_case_is_part_of_the_edit() {
        let folders = folders_of(&[("content/img", &["b.png"])], &[]);
        let found = check(&collection(Vec::new()), &uses(&["content/IMG/b.png"]), &folders);
        assert_eq!(found[0].edit, Some(edit(span(41, 50), "img/b.png")));
    }

    #[test]
    fn paths_go_from_the_file_that_names_them() {
        assert_eq!(path_from("content/a.md", "content/img/b.png"), "img/b.png");
        assert_eq!(path_from("content/x/a.md", "content/b.png"), "../b.png");
        assert_eq!(path_from("content/x/a.md", "b.png"), "../../b.png");
        assert_eq!(path_from("a.md", "content/b.png"), "content/b.png");
    }

    #[test]
    fn unused_media_are_those_beside_notes() {
        let folders = folders_of(
            &[
                ("content", &["a.md", "a.png", "b.png", "notes.txt"]),
                ("content/img", &["c.png"]),
                ("content/sub", &["d.mp3"]),
            ],
            &["content", "content/sub"],
        );
        let found = unused_media(&collection(Vec::new()), &uses(&["content/a.png"]), &folders, &[]);
        assert_eq!(found, ["content/b.png", "content/sub/d.mp3"]);
        let said = unused_medium("content/b.png", SourceId(7));
        assert_eq!((said.message.as_str(), said.span), ("no note uses `b.png`", Span::new(SourceId(7), 0..0)));
    }

    #[test]
    fn what_a_note_file_that_was_not_read_may_use_is_not_unused() {
        let folders = folders_of(&[("content", &["a.md", "b.png", "unread.md"])], &["content"]);
        assert_eq!(unused_media(&collection(Vec::new()), &[], &folders, &[]), [""; 0]);
    }

    #[test]
    fn a_file_named_in_another_case_is_not_unused_as_well() {
        let folders = folders_of(&[("content", &["a.png"])], &["content"]);
        let (collection, uses) = (collection(Vec::new()), uses(&["content/A.png"]));
        assert_eq!(codes(&check(&collection, &uses, &folders)), [Code::MediaCase]);
        assert_eq!(unused_media(&collection, &uses, &folders, &[]), [""; 0]);
    }
}
