//! Turns an answer about who is who into a changed lock.
//!
//! Knows nothing of who asked, nor of files: the caller writes the lock.

use super::birth;
use super::lock::{Lock, LockedNote};
use crate::ir::Guid;

/// The note that is called `new` takes back the GUID of a gone one; nobody is called `new` any more.
pub fn keep(lock: &mut Lock, old: &Guid, new: &Guid) -> Result<(), Denial> {
    let note = lock.note(new).ok_or_else(|| absent(lock, new))?;
    let tombstone = lock.tombstone(old).ok_or_else(|| match lock.note(old) {
        Some(_) => Denial::IsThere(old.clone()),
        None => Denial::Unknown(old.clone()),
    })?;
    if note.note_type() != tombstone.note_type() {
        return Err(Denial::OtherNoteType);
    }
    if note.id().is_some_and(|id| is_stamp(&id)) {
        return Err(Denial::Stamped(new.clone()));
    }
    let mut remembered = note.remembered();
    remembered.guid = old.clone();
    // Anki takes the text in only if it is newer than the one it has.
    remembered.modified = remembered.modified.max(tombstone.modified().saturating_add(1));
    lock.bury(new);
    lock.forget(new);
    lock.remember(&remembered);
    Ok(())
}

/// A note that kept its GUID by resemblance is another one: it gets a GUID of its own, which is the result, and the old
/// one is gone. `was` is what was remembered of the old one, where that is another text
/// ([`Fates::was`](super::Fates::was)); `front` is the note's, as [`crate::ir::normalised_front`] has it.
pub fn split(lock: &mut Lock, was: Option<&LockedNote>, old: &Guid, front: &str) -> Result<Guid, Denial> {
    let mut remembered = lock.note(old).ok_or_else(|| absent(lock, old))?.remembered();
    if remembered.id.as_deref().is_some_and(is_stamp) {
        return Err(Denial::Stamped(old.clone()));
    }
    let is_free = |guid: &Guid| lock.note(guid).is_none() && lock.tombstone(guid).is_none();
    let new = birth::fresh(&lock.collection, remembered.note_type, front, is_free);
    if let Some(was) = was {
        lock.remember(&was.remembered());
    }
    lock.bury(old);
    remembered.guid = new.clone();
    lock.remember(&remembered);
    Ok(new)
}

/// Takes a gone note out of the lock for good.
pub fn forget(lock: &mut Lock, guid: &Guid) -> Result<(), Denial> {
    if lock.note(guid).is_some() {
        return Err(Denial::IsThere(guid.clone()));
    }
    if lock.forget(guid) { Ok(()) } else { Err(Denial::Unknown(guid.clone())) }
}

/// Why an answer makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denial {
    /// The lock knows no such note.
    Unknown(Guid),
    /// The note is gone.
    IsGone(Guid),
    /// The note is there.
    IsThere(Guid),
    /// One of the two is a cloze note and the other is not.
    OtherNoteType,
    /// The id in the note's text says who it is.
    Stamped(Guid),
}

fn absent(lock: &Lock, guid: &Guid) -> Denial {
    match lock.tombstone(guid) {
        Some(_) => Denial::IsGone(guid.clone()),
        None => Denial::Unknown(guid.clone()),
    }
}

fn is_stamp(id: &str) -> bool {
    birth::stamped(id).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::lock::Remembered;
    use crate::identity::sketch::Sketch;
    use crate::ir::NoteTypeKey;

    fn guid(letter: char) -> Guid {
        Guid(letter.to_string().repeat(13))
    }

    fn note(letter: char, note_type: NoteTypeKey, modified: i64) -> Remembered {
        Remembered {
            guid: guid(letter),
            note_type,
            modified,
            content: Some(u64::from(letter)),
            due: 10,
            front: u64::from(letter),
            back: 1,
            front_sketch: Sketch::of_front(&letter.to_string()),
            back_sketch: Sketch::default(),
            deck: "Sea".into(),
            path: "sea.md".into(),
            id: None,
            clozes: "-".into(),
            excerpt: letter.to_string(),
        }
    }

    /// `a` is gone, `b` is there; `c` is there, a cloze note; `d` is there and stamped.
    fn lock() -> Lock {
        let mut lock = Lock::new("sea");
        lock.remember(&note('a', NoteTypeKey::Basic, 50));
        lock.bury(&guid('a'));
        lock.remember(&note('b', NoteTypeKey::Basic, 20));
        lock.remember(&note('c', NoteTypeKey::Cloze, 20));
        lock.remember(&Remembered { id: Some(format!("dk-{}", guid('d'))), ..note('d', NoteTypeKey::Basic, 20) });
        lock
    }

    #[test]
    fn a_kept_note_has_its_old_guid_and_a_time_that_readers_take() {
        let mut lock = lock();
        keep(&mut lock, &guid('a'), &guid('b')).unwrap();
        let kept = lock.note(&guid('a')).unwrap().remembered();
        assert_eq!(kept, Remembered { guid: guid('a'), modified: 51, ..note('b', NoteTypeKey::Basic, 20) });
        assert!(lock.note(&guid('b')).is_none() && lock.tombstone(&guid('b')).is_none());
        assert!(lock.tombstone(&guid('a')).is_none());
    }

    #[test]
    fn answers_that_make_no_sense_change_nothing() {
        let mut lock = lock();
        let text = lock.to_text();
        assert_eq!(keep(&mut lock, &guid('a'), &guid('c')), Err(Denial::OtherNoteType));
        assert_eq!(keep(&mut lock, &guid('a'), &guid('d')), Err(Denial::Stamped(guid('d'))));
        assert_eq!(keep(&mut lock, &guid('a'), &guid('e')), Err(Denial::Unknown(guid('e'))));
        assert_eq!(keep(&mut lock, &guid('a'), &guid('a')), Err(Denial::IsGone(guid('a'))));
        assert_eq!(keep(&mut lock, &guid('b'), &guid('b')), Err(Denial::IsThere(guid('b'))));
        assert_eq!(keep(&mut lock, &guid('e'), &guid('b')), Err(Denial::Unknown(guid('e'))));
        assert_eq!(split(&mut lock, None, &guid('d'), "d"), Err(Denial::Stamped(guid('d'))));
        assert_eq!(split(&mut lock, None, &guid('a'), "a"), Err(Denial::IsGone(guid('a'))));
        assert_eq!(forget(&mut lock, &guid('b')), Err(Denial::IsThere(guid('b'))));
        assert_eq!(lock.to_text(), text);
        forget(&mut lock, &guid('a')).unwrap();
        assert_eq!(forget(&mut lock, &guid('a')), Err(Denial::Unknown(guid('a'))));
    }

    #[test]
    fn a_split_note_is_born_anew_and_the_old_one_is_remembered_as_it_was() {
        let mut lock = lock();
        let mut before = Lock::new("sea");
        before.remember(&Remembered { excerpt: "was".into(), ..note('b', NoteTypeKey::Basic, 10) });
        let new = split(&mut lock, before.note(&guid('b')), &guid('b'), "b").unwrap();
        assert_eq!(lock.tombstone(&guid('b')).unwrap().excerpt(), "was");
        let split_off = lock.note(&new).unwrap().remembered();
        assert_eq!(split_off, Remembered { guid: new.clone(), ..note('b', NoteTypeKey::Basic, 20) });
        let third = split(&mut lock, None, &new, "b").unwrap();
        assert!(third != new && lock.tombstone(&new).is_some(), "the next occurrence of the same front");
    }
}
