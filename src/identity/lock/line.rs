//! Turns a note's line into what it says, and what is remembered of a note into its line.
//!
//! A line that was read is kept as it is, so that what did not change costs nothing to write; the fields that only few
//! notes need are read out of it when they are asked for. Knows nothing of the file around the line.

use std::borrow::Cow;
use std::sync::Arc;

use super::field::{Hash, NONE, decode, encode, is_base64, is_decodable};
use crate::identity::hash;
use crate::identity::sketch::Sketch;
use crate::ir::{Guid, NoteTypeKey};

/// A note that was there at the last build.
#[derive(Debug, Clone)]
pub struct LockedNote {
    guid: Guid,
    note_type: NoteTypeKey,
    modified: i64,
    due: u32,
    content: Option<Hash>,
    front: Hash,
    back: Hash,
    /// Where in the line the deck stands.
    deck_at: u32,
    line: Line,
}

/// A note that was there once and is gone.
#[derive(Debug, Clone)]
pub struct Tombstone {
    guid: Guid,
    note_type: NoteTypeKey,
    modified: i64,
    content: Option<Hash>,
    front: Hash,
    back: Hash,
    line: Line,
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

/// How many fields the line of a note has that is there.
const LIVE_FIELDS: usize = 14;

/// How many fields the line of a note has that is gone.
const GONE_FIELDS: usize = 9;

/// Of a note that is there, so many characters of its text are shown; enough to know it by.
const EXCERPT: usize = 40;

/// Of a gone note so many bytes are shown at most, and no more than its line has room for.
const SHORT_EXCERPT: usize = 20;

/// So many bytes the line of a gone note takes at most; its end is one more.
const GONE_LINE: usize = 119;

/// The places of the fields that are read when they are asked for.
const FRONT_SKETCH: usize = 7;
const BACK_SKETCH: usize = 8;
const DECK: usize = 9;
const PATH: usize = 10;
const ID: usize = 11;
const CLOZES: usize = 12;
const LIVE_EXCERPT: usize = 13;
const GONE_SKETCH: usize = 7;
const GONE_EXCERPT: usize = 8;

impl LockedNote {
    /// The note with a line of its own.
    pub fn new(note: &Remembered) -> Self {
        let line = [
            note.guid.0.as_str(),
            letter(note.note_type),
            &note.modified.to_string(),
            &content_field(note.content.map(Hash)),
            &note.due.to_string(),
            &Hash(note.front).to_string(),
            &Hash(note.back).to_string(),
            &note.front_sketch.encode(),
            &note.back_sketch.encode(),
            &encode(&note.deck),
            &encode(&note.path),
            &note.id.as_deref().map_or(NONE.into(), encode),
            if note.clozes.is_empty() { NONE } else { &note.clozes },
            &encode(cut(&note.excerpt, EXCERPT, usize::MAX)),
        ]
        .join(" ");
        let deck_at = line.split(' ').take(DECK).map(|field| field.len() + 1).sum::<usize>() as u32;
        Self {
            guid: note.guid.clone(),
            note_type: note.note_type,
            modified: note.modified,
            due: note.due,
            content: note.content.map(Hash),
            front: Hash(note.front),
            back: Hash(note.back),
            deck_at,
            line: Line::Made(line),
        }
    }

    /// Reads a line; where it is damaged, says which field and how.
    pub(super) fn read(fields: &[&str], line: Line) -> Result<Self, Damage> {
        let &[
            guid,
            kind,
            modified,
            content,
            due,
            front,
            back,
            front_sketch,
            back_sketch,
            deck,
            path,
            id,
            clozes,
            excerpt,
        ] = fields
        else {
            return Err(Damage::fields(fields.len(), LIVE_FIELDS));
        };
        for (place, sketch) in [(FRONT_SKETCH, front_sketch), (BACK_SKETCH, back_sketch)] {
            Damage::unless(is_base64(sketch), place, "a sketch is base64url")?;
        }
        for (place, text) in [(DECK, deck), (PATH, path), (ID, id), (LIVE_EXCERPT, excerpt)] {
            Damage::unless(is_decodable(text), place, "a text takes `%` and two digits for what is not seen")?;
        }
        Damage::unless(
            clozes == NONE || crate::identity::clozes::is_readable(clozes),
            CLOZES,
            "not the numbers of deletions",
        )?;
        Ok(Self {
            guid: read_guid(guid)?,
            note_type: read_letter(kind, 1)?,
            modified: read_number(modified, 2)?,
            content: read_content(content, 3)?,
            due: read_number(due, 4)?,
            front: read_hash(front, 5)?,
            back: read_hash(back, 6)?,
            deck_at: fields.iter().take(DECK).map(|field| field.len() + 1).sum::<usize>() as u32,
            line,
        })
    }

    /// All that its line says.
    pub fn remembered(&self) -> Remembered {
        let text = |place| self.text(place).into_owned();
        Remembered {
            guid: self.guid.clone(),
            note_type: self.note_type,
            modified: self.modified,
            content: self.content.map(|hash| hash.0),
            due: self.due,
            front: self.front.0,
            back: self.back.0,
            front_sketch: self.front_sketch(),
            back_sketch: self.back_sketch(),
            deck: text(DECK),
            path: text(PATH),
            id: self.id().map(Cow::into_owned),
            clozes: self.clozes().to_owned(),
            excerpt: text(LIVE_EXCERPT),
        }
    }

    /// What stays of it when it is gone.
    pub(super) fn tombstone(&self) -> Tombstone {
        let mut line = [
            self.guid.0.as_str(),
            GONE,
            letter(self.note_type),
            &self.modified.to_string(),
            &content_field(self.content),
            &self.front.to_string(),
            &self.back.to_string(),
            &self.front_sketch().short().encode(),
            "",
        ]
        .join(" ");
        line.push_str(&short_excerpt(&self.excerpt(), GONE_LINE.saturating_sub(line.len())));
        Tombstone {
            guid: self.guid.clone(),
            note_type: self.note_type,
            modified: self.modified,
            content: self.content,
            front: self.front,
            back: self.back,
            line: Line::Made(line),
        }
    }

    /// Who it is.
    pub fn guid(&self) -> &Guid {
        &self.guid
    }

    /// The note type it is a note of.
    pub fn note_type(&self) -> NoteTypeKey {
        self.note_type
    }

    /// Unix seconds of its last change.
    pub fn modified(&self) -> i64 {
        self.modified
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

    /// How its text begins: at most 40 characters.
    pub fn excerpt(&self) -> Cow<'_, str> {
        self.text(LIVE_EXCERPT)
    }

    pub(in crate::identity) fn content(&self) -> Option<Hash> {
        self.content
    }

    pub(in crate::identity) fn front(&self) -> Hash {
        self.front
    }

    pub(in crate::identity) fn back(&self) -> Hash {
        self.back
    }

    pub(in crate::identity) fn front_sketch(&self) -> Sketch {
        Sketch::decode(self.line.field(FRONT_SKETCH)).unwrap_or_default()
    }

    pub(in crate::identity) fn back_sketch(&self) -> Sketch {
        Sketch::decode(self.line.field(BACK_SKETCH)).unwrap_or_default()
    }

    /// Its deletions and their numbers; `-` where it has none.
    pub(in crate::identity) fn clozes(&self) -> &str {
        self.line.field(CLOZES)
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

    /// Its line, without the line end.
    pub(super) fn line(&self) -> &str {
        self.line.text()
    }

    fn text(&self, place: usize) -> Cow<'_, str> {
        decode(self.line.field(place)).unwrap_or_default()
    }
}

impl Tombstone {
    /// Reads a line; where it is damaged, says which field and how.
    pub(super) fn read(fields: &[&str], line: Line) -> Result<Self, Damage> {
        let &[guid, _, kind, modified, content, front, back, sketch, excerpt] = fields else {
            return Err(Damage::fields(fields.len(), GONE_FIELDS));
        };
        Damage::unless(is_base64(sketch), GONE_SKETCH, "a sketch is base64url")?;
        Damage::unless(is_decodable(excerpt), GONE_EXCERPT, "a text takes `%` and two digits for what is not seen")?;
        Ok(Self {
            guid: read_guid(guid)?,
            note_type: read_letter(kind, 2)?,
            modified: read_number(modified, 3)?,
            content: read_content(content, 4)?,
            front: read_hash(front, 5)?,
            back: read_hash(back, 6)?,
            line,
        })
    }

    /// Who it was.
    pub fn guid(&self) -> &Guid {
        &self.guid
    }

    /// The note type it was a note of.
    pub fn note_type(&self) -> NoteTypeKey {
        self.note_type
    }

    /// Unix seconds of its last change.
    pub fn modified(&self) -> i64 {
        self.modified
    }

    /// How its text began: at most 20 bytes.
    pub fn excerpt(&self) -> Cow<'_, str> {
        decode(self.line.field(GONE_EXCERPT)).unwrap_or_default()
    }

    pub(in crate::identity) fn content(&self) -> Option<Hash> {
        self.content
    }

    pub(in crate::identity) fn front(&self) -> Hash {
        self.front
    }

    pub(in crate::identity) fn back(&self) -> Hash {
        self.back
    }

    pub(in crate::identity) fn sketch(&self) -> Sketch {
        Sketch::decode(self.line.field(GONE_SKETCH)).unwrap_or_default()
    }

    /// Its line, without the line end.
    pub(super) fn line(&self) -> &str {
        self.line.text()
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
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Damage {
    /// Which field; `None` where it is the line.
    pub(super) field: Option<usize>,
    /// What is wrong with it.
    pub(super) what: String,
}

impl Damage {
    pub(super) fn unless(right: bool, field: usize, what: &str) -> Result<(), Self> {
        if right { Ok(()) } else { Err(Self { field: Some(field), what: what.to_owned() }) }
    }

    pub(super) fn fields(found: usize, wanted: usize) -> Self {
        Self { field: None, what: format!("{wanted} fields belong here, and there are {found}") }
    }
}

pub(super) fn read_number<T: std::str::FromStr>(text: &str, field: usize) -> Result<T, Damage> {
    let number = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    number.ok_or_else(|| Damage { field: Some(field), what: "not a whole number".to_owned() })
}

pub(super) fn read_hash(text: &str, field: usize) -> Result<Hash, Damage> {
    Hash::read(text)
        .ok_or_else(|| Damage { field: Some(field), what: "a hash is 8 characters of base64url".to_owned() })
}

fn read_content(text: &str, field: usize) -> Result<Option<Hash>, Damage> {
    if text == NONE { Ok(None) } else { read_hash(text, field).map(Some) }
}

fn read_guid(text: &str) -> Result<Guid, Damage> {
    Damage::unless(hash::is_guid(text), 0, "a GUID is 13 characters of lower-case base32")?;
    Ok(Guid(text.to_owned()))
}

fn read_letter(text: &str, field: usize) -> Result<NoteTypeKey, Damage> {
    let key = NoteTypeKey::ALL.into_iter().find(|&key| letter(key) == text);
    key.ok_or_else(|| Damage { field: Some(field), what: "the note type is `b` or `c`".to_owned() })
}

fn letter(key: NoteTypeKey) -> &'static str {
    match key {
        NoteTypeKey::Basic => "b",
        NoteTypeKey::Cloze => "c",
    }
}

fn content_field(content: Option<Hash>) -> String {
    content.map_or_else(|| NONE.to_owned(), |hash| hash.to_string())
}

/// The start of a text as a field of so many bytes at most.
fn short_excerpt(text: &str, room: usize) -> String {
    let fields = (0..=SHORT_EXCERPT).rev().map(|bytes| encode(cut(text, SHORT_EXCERPT, bytes)));
    fields.map(Cow::into_owned).find(|field| field.len() <= room).unwrap_or_else(|| NONE.to_owned())
}

/// The start of a text: so many characters and bytes at most.
fn cut(text: &str, characters: usize, bytes: usize) -> &str {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at).min(bytes);
    text.get(..text.floor_char_boundary(end)).unwrap_or_default().trim_end()
}
