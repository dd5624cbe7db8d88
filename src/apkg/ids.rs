//! Turns GUIDs into the ids of notes and cards.
//!
//! Knows nothing of decks and packages. In Anki, sync, deletions and reviews go by id alone: two notes of two projects with
//! one id are one note, and a note with two ids in two packages is two. So an id comes from nothing but the GUID.

use std::collections::VecDeque;

use xxhash_rust::xxh3::xxh3_64;

use super::{NumberedCard, NumberedNote};
use crate::ir::{Card, Guid, Note};

/// 2001-01-01T00:00:00Z in Unix milliseconds: Anki takes an id for the time of creation, and rewrites those in the future.
const FIRST: i64 = 978_307_200_000;

/// The milliseconds up to 2019-12-31T00:00:00Z. What clashes in the last of them still lies before 2020.
const SPAN: u64 = 599_443_200_000;

/// The notes in source order, with ids. A note's is its GUID's number; a card's is the same number with the ordinal added.
///
/// Of notes that claim one id the lowest GUID gets it, of cards the lowest ordinal, then GUID; the others take the next ones
/// that nobody claims. Two of 100,000 notes do so once in 120 collections, two of 1,000 once in a million. So whatever else
/// is added, moved or removed, what is alone with its claim has the id that it claims.
pub(super) fn numbered(notes: &[Note]) -> Vec<NumberedNote<'_>> {
    let numbered = notes.iter().enumerate().map(|(index, note)| {
        let id = number(&note.guid);
        let card = |card: Card| NumberedCard { id: id + i64::from(card.ordinal), ordinal: card.ordinal };
        NumberedNote { note, index, id, cards: note.cards().into_iter().map(card).collect() }
    });
    let mut numbered: Vec<NumberedNote<'_>> = numbered.collect();
    settle(numbered.iter_mut().map(|one| Claim::new(&mut one.id, 0, &one.note.guid)).collect());
    let cards = numbered.iter_mut().flat_map(|one| {
        let guid = &one.note.guid;
        one.cards.iter_mut().map(move |card| Claim::new(&mut card.id, card.ordinal, guid))
    });
    settle(cards.collect());
    numbered
}

/// The id that a note claims: one of the milliseconds of the span, from 64 bits of xxh3. Readers have the note under it unless it was
/// another's when they imported it.
pub fn number(guid: &Guid) -> i64 {
    FIRST + i64::try_from(xxh3_64(guid.0.as_bytes()) % SPAN).unwrap_or_default()
}

/// Who wants which id.
struct Claim<'a> {
    number: i64,
    ordinal: u16,
    guid: &'a Guid,
    /// What the claimant gets.
    id: &'a mut i64,
}

impl<'a> Claim<'a> {
    fn new(id: &'a mut i64, ordinal: u16, guid: &'a Guid) -> Self {
        Self { number: *id, ordinal, guid, id }
    }
}

/// Gives each number to the first that claims it, and those that nobody claims to the others.
fn settle(mut claims: Vec<Claim<'_>>) {
    claims.sort_by_key(|claim| (claim.number, claim.ordinal, claim.guid));
    let mut waiting: VecDeque<&mut i64> = VecDeque::new();
    // One more than the highest that is taken.
    let mut free = i64::MIN;
    for claim in claims {
        if claim.number < free {
            waiting.push_back(claim.id);
            continue;
        }
        while free < claim.number
            && let Some(id) = waiting.pop_front()
        {
            *id = free;
            free += 1;
        }
        free = claim.number + 1;
    }
    for (id, free) in waiting.into_iter().zip(free..) {
        *id = free;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn settled(claims: &[i64]) -> Vec<i64> {
        let guid = Guid::default();
        let mut ids = claims.to_vec();
        settle(ids.iter_mut().map(|id| Claim::new(id, 0, &guid)).collect());
        ids
    }

    #[test]
    fn who_clashes_takes_the_next_one_that_nobody_claims() {
        assert_eq!(settled(&[3, 5, 9]), [3, 5, 9]);
        assert_eq!(settled(&[5, 5, 5, 6, 9]), [5, 7, 8, 6, 9]);
        assert_eq!(settled(&[5, 5, 6, 6, 7]), [5, 8, 6, 9, 7]);
        assert_eq!(settled(&[1, 1]), [1, 2]);
        assert_eq!(settled(&[]), [0; 0]);
    }

    #[test]
    fn the_lowest_ordinal_comes_first_and_then_the_lowest_guid() {
        let [a, b] = ["a", "b"].map(|guid| Guid(guid.to_owned()));
        let mut ids = [8, 8, 8, 9];
        let claimants = [(1, &a), (0, &b), (0, &a), (1, &b)];
        let claims = ids.iter_mut().zip(claimants).map(|(id, (ordinal, guid))| Claim::new(id, ordinal, guid));
        settle(claims.collect());
        assert_eq!(ids, [11, 10, 8, 9]);
    }

    /// The values are those of Python's `xxhash`; a changed hash is a note twice for everybody who has two releases on two
    /// devices.
    #[test]
    fn numbers_never_change() {
        assert_eq!(number(&Guid("cbifpuppm5ip3".into())), 1_443_927_777_463);
        assert_eq!(number(&Guid::default()), 1_339_099_603_138);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn numbers_lie_in_the_span(guid in "[a-z2-7]{13}|\\PC*") {
            let number = number(&Guid(guid));
            prop_assert!((FIRST..1_577_750_400_000).contains(&number), "{number}");
        }

        #[test]
        fn all_differ_and_the_first_of_equal_ones_stays(mut claims in prop::collection::vec(0i64..40, 0..40)) {
            claims.sort_unstable();
            let mut settled = settled(&claims);
            for (place, claim) in claims.iter().enumerate() {
                let first = place == 0 || claims[place - 1] != *claim;
                prop_assert_eq!(first, settled[place] == *claim);
                prop_assert!(settled[place] >= *claim);
            }
            settled.sort_unstable();
            settled.dedup();
            prop_assert_eq!(settled.len(), claims.len());
        }
    }
}
