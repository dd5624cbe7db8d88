//! Pairs notes that ask the same in the same file, where nobody else there does.
//!
//! Knows nothing of likeness: a new answer makes no other note of a question, be it as short as a word.

use super::answers::Answers;
use super::pairing::Pairing;
use super::paths::Paths;
use super::rating::SAME_FRONT;
use super::{Features, How, Score};
use crate::ir::NoteTypeKey;

/// Makes the pairs: first in the files of the same path, then in those that were renamed.
///
/// Where one of the two has another open note's very answer, or has it for a question, likeness has to decide.
pub(super) fn pair_same(pairing: &mut Pairing, paths: &Paths, answers: &Answers) {
    pair_by(pairing, answers, Some);
    if pairing.open_old().any(|old| paths.target(pairing.old[old as usize].path).is_some()) {
        pair_by(pairing, answers, |path| paths.target(path));
    }
}

/// What has to be the same, the note's index last.
type Asked = (u32, NoteTypeKey, u64, u32);

fn pair_by(pairing: &mut Pairing, answers: &Answers, place: impl Fn(u32) -> Option<u32>) {
    let old = alone(pairing.old, |note| place(note.path));
    let new = alone(pairing.new, |note| Some(note.path));
    let mut at = 0;
    for (path, note_type, front, new) in new {
        let key = (path, note_type, front);
        let asked = |&(path, note_type, front, _): &Asked| (path, note_type, front);
        at += old[at..].iter().take_while(|old| asked(old) < key).count();
        let Some(&(.., old)) = old.get(at).filter(|old| asked(old) == key) else { continue };
        let (old, new) = (old as usize, new as usize);
        if pairing.is_open(old, new) && !answers.are_elsewhere(&pairing.old[old], &pairing.new[new]) {
            pairing.pair(old, new, How::Similar(Score(SAME_FRONT)));
        }
    }
}

/// The notes whose front no other note of their file has, in order; all notes of a side count, be they paired or not.
fn alone(notes: &[Features], place: impl Fn(&Features) -> Option<u32>) -> Vec<Asked> {
    let live = (0u32..).zip(notes).filter(|(_, note)| !note.gone);
    let mut asked: Vec<Asked> =
        live.filter_map(|(index, note)| Some((place(note)?, note.note_type, note.front, index))).collect();
    asked.sort_unstable();
    let groups = asked.chunk_by(|one, next| (one.0, one.1, one.2) == (next.0, next.1, next.2));
    groups
        .filter_map(|group| match group {
            &[one] => Some(one),
            [..] => None,
        })
        .collect()
}
