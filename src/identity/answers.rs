//! Turns an answer about who is who into a changed lock.
//!
//! Knows nothing of who asked, nor of files: the caller writes the lock.

use super::birth;
use super::lock::Lock;
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
    remembered.modified = remembered.modified.max(tombstone.modified() + 1);
    lock.bury(new);
    lock.forget(new);
    lock.remember(&remembered);
    Ok(())
}

/// A note that kept its GUID by resemblance is another one: it gets a GUID of its own, which is the result, and the old
/// one is gone. `before` is the lock of the last build, which knows the old one's text; `front` is the note's, as
/// [`crate::ir::normalised_front`] has it.
pub fn split(lock: &mut Lock, before: Option<&Lock>, old: &Guid, front: &str) -> Result<Guid, Denial> {
    let mut remembered = lock.note(old).ok_or_else(|| absent(lock, old))?.remembered();
    if remembered.id.as_deref().is_some_and(is_stamp) {
        return Err(Denial::Stamped(old.clone()));
    }
    let is_free = |guid: &Guid| lock.note(guid).is_none() && lock.tombstone(guid).is_none();
    let new = birth::fresh(&lock.collection, remembered.note_type, front, is_free);
    if let Some(was) = before.and_then(|before| before.note(old)) {
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
