//! Turns a line of version 1 or 2 into a record; [`super::super`] shows the form.
//!
//! Every line of version 1 is one of version 2, so that lines are kept as they are, and one lock may hold both: git merges a
//! branch where an older deckle built with one where a newer one did.

use super::super::damage::Damage;
use super::super::line::{self, Core, GONE, Line, LockedNote, Tombstone};
use super::super::{LockedType, NAME, type_word};
use super::{Record, Version};
use crate::identity::field::{Hash, NONE, decode, is_base64, is_decodable};
use crate::identity::{clozes, hash};
use crate::ir::{Guid, NoteTypeKey};

/// Reads a line; where it is damaged, says which field and how.
pub(super) fn read(text: &str, line: impl FnOnce() -> Line) -> Result<Record, Damage> {
    if is_sound_tombstone(text.as_bytes()) {
        return Ok(Record::Gone(Tombstone::read(line())));
    }
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
        [_, GONE, ..] => check_tombstone(fields).map(|()| Record::Gone(Tombstone::read(line()))),
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
    Ok(LockedNote::read(core, read_number(due, 4)?, deck_at, line))
}

/// Whether a line is surely that of a gone note, without damage. Looks at each byte once, as most locks have ever more of these
/// lines; what is unusual is left to [`check_tombstone`], which says what is wrong.
fn is_sound_tombstone(line: &[u8]) -> bool {
    let Some((guid, [b' ', b'x', b' ', b'b' | b'c', b' ', rest @ ..])) = line.split_at_checked(hash::GUID_LENGTH)
    else {
        return false;
    };
    let mut fields = rest.split(|byte| *byte == b' ');
    let mut next = || fields.next().unwrap_or_default();
    let is_base64 = |field: &[u8]| field.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let is_hash = |field: &[u8]| field.len() == 8 && is_base64(field);
    let is_number =
        |field: &[u8], most: usize| (1..=most).contains(&field.len()) && field.iter().all(u8::is_ascii_digit);
    let (modified, content, front, back) = (next(), next(), next(), next());
    let (sketch, excerpt) = (next(), next());
    guid.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
        && is_number(modified, 18)
        && (is_hash(content) || content == NONE.as_bytes())
        && is_hash(front)
        && is_hash(back)
        && !sketch.is_empty()
        && is_base64(sketch)
        && !excerpt.is_empty()
        && !excerpt.contains(&b'%')
        && fields.next().is_none_or(|since| is_number(since, 9))
        && fields.next().is_none()
}

fn check_tombstone(fields: &[&str]) -> Result<(), Damage> {
    let (&[guid, _, kind, modified, content, front, back, sketch, excerpt]
    | &[guid, _, kind, modified, content, front, back, sketch, excerpt, _]) = fields
    else {
        return Err(Damage::fields(fields.len(), GONE_FIELDS));
    };
    fields.get(line::GONE_SINCE).map_or(Ok(0), |since| read_number::<u32>(since, line::GONE_SINCE))?;
    check_sketch(sketch, line::GONE_SKETCH)?;
    check_text(excerpt, line::GONE_EXCERPT)?;
    read_guid(guid)?;
    read_letter(kind, 2)?;
    read_number::<i64>(modified, 3)?;
    read_content(content, 4)?;
    read_hash(front, 5)?;
    read_hash(back, 6)?;
    Ok(())
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LINES: [&str; 3] = [
        "2xnpayiyg3qir x b 1750086400 vKZ_PyaS Qorw3BO0 0JzvpheM AAgE7yKB6h90eTw Tide 20255",
        "2xnpayiyg3qir x c 1750086400 - Qorw3BO0 0JzvpheM AAgE7yKB6h90eTw Tide+ändert",
        "2xnpayiyg3qir x b 1 vKZ_PyaS Qorw3BO0 0JzvpheM A - 0",
    ];

    fn checked(line: &str) -> bool {
        let fields: Vec<&str> = line.split(' ').collect();
        check_tombstone(&fields).is_ok()
    }

    #[test]
    fn sound_lines_are_passed_at_a_glance() {
        for line in LINES {
            assert!(is_sound_tombstone(line.as_bytes()) && checked(line), "{line}");
            assert!(!is_sound_tombstone(format!("{line} more 1").as_bytes()));
        }
    }

    proptest! {
        #[test]
        fn no_damage_is_passed(place in 0..3usize, at in any::<proptest::sample::Index>(), put in "[ a-zA-Z0-9=%+_ä-]{0,3}", cut in 0..4usize) {
            let mut line = LINES[place].to_owned();
            let at = line.floor_char_boundary(at.index(line.len()));
            let end = line.ceil_char_boundary((at + cut).min(line.len()));
            line.replace_range(at..end, &put);
            if is_sound_tombstone(line.as_bytes()) {
                prop_assert!(checked(&line), "{}", line);
            }
        }
    }
}
