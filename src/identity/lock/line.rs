//! Turns a note's line into what it says, and what is remembered of a note into its line.
//!
//! A line that was read is kept as it is, so that what did not change costs nothing to write; the fields that only few
//! notes need are read out of it when they are asked for, and of a gone note all. Knows nothing of the file around the line.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::{Arc, OnceLock};

use crate::identity::clozes;
use crate::identity::field::{Hash, NONE, decode, encode};
use crate::identity::sketch::Sketch;
use crate::ir::{Guid, NoteTypeKey};

/// A note that was there at the last build: what is read of its line at once, and the line itself.
#[derive(Debug, Clone)]
pub struct LockedNote {
    core: Core,
    due: u32,
    /// Where in the line the deck stands, in bytes.
    deck_at: u32,
    line: Line,
}

/// A note that was there once and is gone. Its line is read when somebody asks: a collection remembers ever more of these
/// notes, and most builds need none.
#[derive(Debug, Clone)]
pub struct Tombstone {
    core: OnceLock<Box<Core>>,
    line: Line,
}

/// What the line of a note says of it whether it is there or gone. Every version of the lock has this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) struct Core {
    pub(in crate::identity) guid: Guid,
    pub(in crate::identity) note_type: NoteTypeKey,
    /// Unix seconds of its last change.
    pub(in crate::identity) modified: i64,
    /// Of all that is packed of it; `None` where that is not known.
    pub(in crate::identity) content: Option<Hash>,
    /// Of its front's text.
    pub(in crate::identity) front: Hash,
    /// Of its back's text.
    pub(in crate::identity) back: Hash,
}

/// A day, as the number of days since 1970 (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub(in crate::identity) u32);

impl Day {
    /// That of a time in unix seconds.
    pub(in crate::identity) fn of(time: i64) -> Self {
        Self(u32::try_from(time.max(0) / (24 * 60 * 60)).unwrap_or(u32::MAX))
    }
}

impl Core {
    /// What the line of a gone note says. It was looked at before, so that nothing in it cannot be read.
    fn of_gone(line: &str) -> Self {
        let mut fields = line.split(' ');
        let mut next = || fields.next().unwrap_or(NONE);
        let guid = Guid(next().to_owned());
        next();
        Self {
            guid,
            note_type: if next() == letter(NoteTypeKey::Cloze) { NoteTypeKey::Cloze } else { NoteTypeKey::Basic },
            modified: next().parse().unwrap_or_default(),
            content: Hash::read(next()),
            front: Hash::read(next()).unwrap_or_default(),
            back: Hash::read(next()).unwrap_or_default(),
        }
    }
}

/// All that a note's line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// Who it is.
    pub guid: Guid,
    /// The note type it is a note of.
    pub note_type: NoteTypeKey,
    /// Unix seconds of its last change.
    pub modified: i64,
    /// 48 bits of a hash of all that is packed of it; `None` where that is not known, so that the next build takes it for
    /// edited.
    pub content: Option<u64>,
    /// Its position within its package.
    pub due: u32,
    /// 48 bits of a hash of its front's text.
    pub front: u64,
    /// 48 bits of a hash of its back's text.
    pub back: u64,
    /// The sketch of its front.
    pub front_sketch: Sketch,
    /// The sketch of its back.
    pub back_sketch: Sketch,
    /// Its top-level deck.
    pub deck: String,
    /// The file it stands in.
    pub path: String,
    /// The id its author gave it.
    pub id: Option<String>,
    /// Its deletions and their numbers, as one field; `-` where it has none.
    pub clozes: String,
    /// How its text begins.
    pub excerpt: String,
}

/// Of a note that is there, so many characters of its text are shown, and so many bytes at most; enough to know it by.
const EXCERPT: usize = 40;
const EXCERPT_BYTES: usize = 80;

/// So many bytes the line of a note that is there takes at most, as long as deck, path and id, which are their author's, take
/// no more than 100; its end is one more. Where room is short, the excerpt is, and then the sketch of the back.
const LIVE_LINE: usize = 599;

/// So many bytes are there for an excerpt on any line.
const LEAST_EXCERPT: usize = 24;

/// Of a gone note so many bytes are shown at most, and no more than its line has room for.
const SHORT_EXCERPT: usize = 20;

/// So many bytes the line of a gone note takes at most; its end is one more.
const GONE_LINE: usize = 119;

/// The places of the fields that are read when they are asked for.
pub(super) const FRONT_SKETCH: usize = 7;
pub(super) const BACK_SKETCH: usize = 8;
pub(super) const DECK: usize = 9;
pub(super) const PATH: usize = 10;
pub(super) const ID: usize = 11;
pub(super) const CLOZES: usize = 12;
pub(super) const LIVE_EXCERPT: usize = 13;
pub(super) const GONE_SKETCH: usize = 7;
pub(super) const GONE_EXCERPT: usize = 8;
pub(super) const GONE_SINCE: usize = 9;

impl LockedNote {
    /// The note with a line of its own.
    pub fn new(note: &Remembered) -> Self {
        let core = Core {
            guid: note.guid.clone(),
            note_type: note.note_type,
            modified: note.modified,
            content: note.content.map(Hash),
            front: Hash(note.front),
            back: Hash(note.back),
        };
        let mut line = String::with_capacity(LIVE_LINE);
        let _ = write!(line, "{} {} {} ", note.guid, letter(note.note_type), note.modified);
        push_content(core.content, &mut line);
        let _ = write!(line, " {} {} {} ", note.due, core.front, core.back);
        note.front_sketch.encode_into(&mut line);
        line.push(' ');
        let (back_at, tail) = (line.len(), tail(note));
        note.back_sketch.encode_into(&mut line);
        if line.len() + tail.len() + LEAST_EXCERPT > LIVE_LINE {
            line.truncate(back_at);
            note.back_sketch.clone().half().encode_into(&mut line);
        }
        let deck_at = line.len() as u32 + 1;
        line.push_str(&tail);
        let room = LIVE_LINE.saturating_sub(line.len()).clamp(LEAST_EXCERPT, EXCERPT_BYTES);
        line.push_str(&excerpt_field(&note.excerpt, EXCERPT, room));
        // Most are half as long, and stay until the end of the build.
        line.shrink_to_fit();
        Self { core, due: note.due, deck_at, line: Line::Made(line) }
    }

    /// As [`Remembered::content`].
    pub fn content(&self) -> Option<u64> {
        self.core.content.map(|hash| hash.0)
    }

    /// A note whose line was read; `line` is of the form that [`Self::new`] gives.
    pub(super) fn read(core: Core, due: u32, deck_at: u32, line: Line) -> Self {
        Self { core, due, deck_at, line }
    }

    /// Who it is.
    pub fn guid(&self) -> &Guid {
        &self.core.guid
    }

    /// The note type it is a note of.
    pub fn note_type(&self) -> NoteTypeKey {
        self.core.note_type
    }

    /// Unix seconds of its last change.
    pub fn modified(&self) -> i64 {
        self.core.modified
    }

    pub(in crate::identity) fn core(&self) -> &Core {
        &self.core
    }

    /// Its line, without the line end.
    pub(in crate::identity) fn line(&self) -> &str {
        self.line.text()
    }

    fn text(&self, place: usize) -> Cow<'_, str> {
        self.line.decoded(place)
    }

    /// All that its line says.
    pub fn remembered(&self) -> Remembered {
        let text = |place| self.text(place).into_owned();
        let Core { guid, note_type, modified, content, front, back } = self.core.clone();
        Remembered {
            guid,
            note_type,
            modified,
            content: content.map(|hash| hash.0),
            due: self.due,
            front: front.0,
            back: back.0,
            front_sketch: self.front_sketch(),
            back_sketch: self.back_sketch(),
            deck: text(DECK),
            path: text(PATH),
            id: self.id().map(Cow::into_owned),
            clozes: self.clozes().to_owned(),
            excerpt: text(LIVE_EXCERPT),
        }
    }

    /// What stays of it when it is gone, since the `day`, where that is known.
    pub(super) fn tombstone(&self, day: Option<Day>) -> Tombstone {
        Tombstone::new(&self.core, &self.front_sketch().short(), &self.excerpt(), day)
    }

    /// Its position within its package.
    pub fn due(&self) -> u32 {
        self.due
    }

    /// Its top-level deck.
    pub fn deck(&self) -> Cow<'_, str> {
        self.text(DECK)
    }

    /// The file it stood in.
    pub fn path(&self) -> Cow<'_, str> {
        self.text(PATH)
    }

    /// The id its author gave it.
    pub fn id(&self) -> Option<Cow<'_, str>> {
        (self.line.field(ID) != NONE).then(|| self.text(ID))
    }

    /// How its text begins: at most 40 characters, and 80 bytes.
    pub fn excerpt(&self) -> Cow<'_, str> {
        self.text(LIVE_EXCERPT)
    }

    pub(in crate::identity) fn front_sketch(&self) -> Sketch {
        Sketch::decode(self.line.field(FRONT_SKETCH)).unwrap_or_default()
    }

    pub(in crate::identity) fn back_sketch(&self) -> Sketch {
        Sketch::decode(self.line.field(BACK_SKETCH)).unwrap_or_default()
    }

    /// Whether all that is packed of it is the same; not where that is not known.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.core.content.is_some() && self.core.content == other.core.content
    }

    /// The ordinals of the cards of its deletions, sorted; `None` where no deletions are remembered.
    pub fn cloze_ordinals(&self) -> Option<Vec<u16>> {
        clozes::ordinals(self.clozes())
    }

    /// Its deletions and their numbers; `-` where it has none.
    pub(in crate::identity) fn clozes(&self) -> &str {
        self.place()[3]
    }

    /// Its deck, path, id and deletions as they stand in the line, still encoded: they are compared more often than read.
    pub(in crate::identity) fn place(&self) -> [&str; 4] {
        let mut fields = self.tail().splitn(5, ' ');
        [(); 4].map(|()| fields.next().unwrap_or(NONE))
    }

    /// Its deck, still encoded.
    pub(in crate::identity) fn deck_field(&self) -> &str {
        self.place()[0]
    }

    /// Its path, still encoded.
    pub(in crate::identity) fn path_field(&self) -> &str {
        self.tail().split(' ').nth(1).unwrap_or(NONE)
    }

    /// What stands behind the sketches, which are long.
    fn tail(&self) -> &str {
        self.line.text().get(self.deck_at as usize..).unwrap_or_default()
    }
}

impl Tombstone {
    fn new(core: &Core, sketch: &Sketch, excerpt: &str, day: Option<Day>) -> Self {
        let mut line = String::with_capacity(GONE_LINE);
        let _ = write!(line, "{} {GONE} {} {} ", core.guid, letter(core.note_type), core.modified);
        push_content(core.content, &mut line);
        let _ = write!(line, " {} {} ", core.front, core.back);
        sketch.encode_into(&mut line);
        line.push(' ');
        let day = day.map(|Day(day)| format!(" {day}")).unwrap_or_default();
        let room = GONE_LINE.saturating_sub(line.len() + day.len()).min(SHORT_EXCERPT);
        line.push_str(&excerpt_field(excerpt, SHORT_EXCERPT, room));
        line.push_str(&day);
        Self { core: OnceLock::from(Box::new(core.clone())), line: Line::Made(line) }
    }

    /// A note whose line was looked at; `line` is of the form that [`Self::new`] gives.
    pub(super) fn read(line: Line) -> Self {
        Self { core: OnceLock::new(), line }
    }

    /// Who it was, as it stands in the line.
    pub(super) fn key(&self) -> &str {
        self.line.field(0)
    }

    /// Who it was.
    pub fn guid(&self) -> &Guid {
        &self.core().guid
    }

    /// The note type it was a note of.
    pub fn note_type(&self) -> NoteTypeKey {
        self.core().note_type
    }

    /// Unix seconds of its last change.
    pub fn modified(&self) -> i64 {
        self.core().modified
    }

    pub(in crate::identity) fn core(&self) -> &Core {
        self.core.get_or_init(|| Box::new(Core::of_gone(self.line.text())))
    }

    /// Its line, without the line end.
    pub(in crate::identity) fn line(&self) -> &str {
        self.line.text()
    }

    /// The same, known to be gone since a day.
    pub(super) fn dated(&self, day: Day) -> Self {
        Self::new(self.core(), &self.front_sketch(), &self.excerpt(), Some(day))
    }

    /// How its text began: at most 20 bytes.
    pub fn excerpt(&self) -> Cow<'_, str> {
        self.line.decoded(GONE_EXCERPT)
    }

    /// The day on which it went; `None` where that is not known.
    pub(in crate::identity) fn since(&self) -> Option<Day> {
        self.line.field(GONE_SINCE).parse().ok().map(Day)
    }

    pub(in crate::identity) fn front_sketch(&self) -> Sketch {
        Sketch::decode(self.line.field(GONE_SKETCH)).unwrap_or_default()
    }
}

/// What stands in place of the note type where a note is gone.
pub(super) const GONE: &str = "x";

/// A line's text: a piece of the file, or made anew.
#[derive(Debug, Clone)]
pub(super) enum Line {
    Read { file: Arc<str>, start: u32, end: u32 },
    Made(String),
}

impl Line {
    fn text(&self) -> &str {
        match self {
            Self::Read { file, start, end } => file.get(*start as usize..*end as usize).unwrap_or_default(),
            Self::Made(text) => text,
        }
    }

    fn field(&self, place: usize) -> &str {
        self.text().split(' ').nth(place).unwrap_or(NONE)
    }

    fn decoded(&self, place: usize) -> Cow<'_, str> {
        decode(self.field(place)).unwrap_or_default()
    }
}

/// What stands for a note type in a line.
pub(super) fn letter(key: NoteTypeKey) -> &'static str {
    match key {
        NoteTypeKey::Basic => "b",
        NoteTypeKey::Cloze => "c",
    }
}

fn push_content(content: Option<Hash>, line: &mut String) {
    let _ = match content {
        Some(hash) => write!(line, "{hash}"),
        None => line.write_str(NONE),
    };
}

/// What stands between the sketches and the excerpt, with a space at both ends.
fn tail(note: &Remembered) -> String {
    let id = note.id.as_deref().map_or(NONE.into(), encode);
    let clozes = if note.clozes.is_empty() { NONE } else { &note.clozes };
    format!(" {} {} {id} {clozes} ", encode(&note.deck), encode(&note.path))
}

/// The start of a text: so many characters, and as a field so many bytes, at most.
fn excerpt_field(text: &str, characters: usize, room: usize) -> Cow<'_, str> {
    let most = encode(cut(text, characters, room));
    if most.len() <= room {
        return most;
    }
    let fields = (0..room).rev().map(|bytes| encode(cut(text, characters, bytes)));
    fields.into_iter().find(|field| field.len() <= room).unwrap_or(Cow::Borrowed(NONE))
}

/// The start of a text: so many characters and bytes at most.
fn cut(text: &str, characters: usize, bytes: usize) -> &str {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at).min(bytes);
    text.get(..text.floor_char_boundary(end)).unwrap_or_default().trim_end()
}
