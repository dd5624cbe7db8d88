//! Turns a line of version 1 or 2 into a record; [`super::super`] shows the form.
//!
//! Every line of version 1 is one of version 2, so that lines are kept as they are, and one lock may hold both: git merges a
//! branch where an older deckle built with one where a newer one did.

use super::super::damage::Damage;
use super::super::line::{self, Buried, Core, GONE, Line, Live, Locked, LockedNote, Tombstone};
use super::super::{LockedType, NAME, type_word};
use super::{Record, Version};
use crate::identity::field::{Hash, NONE, decode, is_base64, is_decodable};
use crate::identity::{clozes, hash};
use crate::ir::{Guid, NoteTypeKey};

/// Reads a line; where it is damaged, says which field and how.
pub(super) fn read(text: &str, line: impl FnOnce() -> Line) -> Result<Record, Damage> {
    let mut fields = [""; MOST_FIELDS];
    let mut count = 0;
    for field in text.split(' ') {
        if let Some(place) = fields.get_mut(count) {
            *place = field;
        }
        count += 1;
    }
    let fields = fields.get(..count).ok_or_else(|| Damage::line("too many fields"))?;
    match fields {
        ["collection", name] => {
            let name = decode(name).ok_or_else(|| Damage::line("not a collection's id"))?;
            Ok(Record::Collection(name.into_owned()))
        }
        ["type", rest @ ..] => note_type(rest).map(Record::NoteType),
        // The first line of the other side of a merge.
        [NAME, _] => Version::of(text).map(Record::Version).map_err(|_| Damage::line("a later deckle wrote it")),
        [_, GONE, ..] => tombstone(fields, line()).map(Record::Gone),
        _ => note(fields, line()).map(Record::Note),
    }
}

/// One more than a line has at most.
const MOST_FIELDS: usize = 15;

/// How many fields the line of a note has that is there.
const LIVE_FIELDS: usize = 14;

/// How many fields the line of a note has that is gone; version 1 does not say since when.
const GONE_FIELDS: usize = 10;

fn note(fields: &[&str], line: Line) -> Result<LockedNote, Damage> {
    let &[guid, kind, modified, content, due, front, back, front_sketch, back_sketch, deck, path, id, clozes, excerpt] =
        fields
    else {
        return Err(Damage::fields(fields.len(), LIVE_FIELDS));
    };
    for (place, sketch) in [(line::FRONT_SKETCH, front_sketch), (line::BACK_SKETCH, back_sketch)] {
        check_sketch(sketch, place)?;
    }
    for (place, text) in [(line::DECK, deck), (line::PATH, path), (line::ID, id), (line::LIVE_EXCERPT, excerpt)] {
        check_text(text, place)?;
    }
    let has_numbers = clozes == NONE || clozes::is_readable(clozes);
    Damage::unless(has_numbers, line::CLOZES, "not the numbers of deletions")?;
    let core = Core {
        guid: read_guid(guid)?,
        note_type: read_letter(kind, 1)?,
        modified: read_number(modified, 2)?,
        content: read_content(content, 3)?,
        front: read_hash(front, 5)?,
        back: read_hash(back, 6)?,
    };
    let deck_at = fields.iter().take(line::DECK).map(|field| field.len() + 1).sum::<usize>() as u32;
    Ok(Locked::read(core, Live { due: read_number(due, 4)?, deck_at }, line))
}

fn tombstone(fields: &[&str], line: Line) -> Result<Tombstone, Damage> {
    let (&[guid, _, kind, modified, content, front, back, sketch, excerpt]
    | &[guid, _, kind, modified, content, front, back, sketch, excerpt, _]) = fields
    else {
        return Err(Damage::fields(fields.len(), GONE_FIELDS));
    };
    fields.get(line::GONE_SINCE).map_or(Ok(0), |since| read_number::<u32>(since, line::GONE_SINCE))?;
    check_sketch(sketch, line::GONE_SKETCH)?;
    check_text(excerpt, line::GONE_EXCERPT)?;
    let core = Core {
        guid: read_guid(guid)?,
        note_type: read_letter(kind, 2)?,
        modified: read_number(modified, 3)?,
        content: read_content(content, 4)?,
        front: read_hash(front, 5)?,
        back: read_hash(back, 6)?,
    };
    Ok(Locked::read(core, Buried, line))
}

fn note_type(fields: &[&str]) -> Result<LockedType, Damage> {
    let &[word, generation, modified, style, names] = fields else {
        return Err(Damage::fields(fields.len() + 1, 6));
    };
    let key = NoteTypeKey::ALL.into_iter().find(|&key| type_word(key) == word);
    Ok(LockedType {
        key: key.ok_or_else(|| Damage { field: Some(1), what: "no such note type".to_owned() })?,
        generation: read_number(generation, 2)?,
        modified: read_number(modified, 3)?,
        style: read_hash(style, 4)?,
        names: read_hash(names, 5)?,
    })
}

fn check_sketch(field: &str, place: usize) -> Result<(), Damage> {
    Damage::unless(is_base64(field), place, "a sketch is base64url")
}

fn check_text(field: &str, place: usize) -> Result<(), Damage> {
    Damage::unless(is_decodable(field), place, "a text takes `%` and two digits for what is not seen")
}

fn read_number<T: std::str::FromStr>(text: &str, field: usize) -> Result<T, Damage> {
    let number = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    number.ok_or_else(|| Damage { field: Some(field), what: "not a whole number".to_owned() })
}

fn read_hash(text: &str, field: usize) -> Result<Hash, Damage> {
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
    let key = NoteTypeKey::ALL.into_iter().find(|&key| line::letter(key) == text);
    key.ok_or_else(|| Damage { field: Some(field), what: "the note type is `b` or `c`".to_owned() })
}
