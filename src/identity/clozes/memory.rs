//! Turns what is remembered of a note's deletions into one field of a line, and back.
//!
//! Knows nothing of notes. Each number that was used has an entry: those of deletions that are there in source order, then
//! those of gone ones. Few entries are written one by one, parted by `.`: the number, `~` where the deletion is gone, and its
//! fingerprint of 8 digits, as in `1QkAbCdEf.2~QkAbCdEf`. That is all that version 1 of the lock knows.
//!
//! Many are written together, as in `=1-30.32~31:2QkAb…`, so that no note makes a line long: the numbers, `1-30` for those that
//! follow one another and `1*3` for one three times, the gone ones behind `~`; then how many digits there are of each
//! fingerprint, and those. Where even two digits of each would be too many, those of gone deletions are left out; and where
//! that is not enough, as of more than 56, so many that follow one another have two digits together: `:2*3:Ab…`.

use std::fmt::Write;

use super::fingerprint::Fingerprint;
use crate::anki::limits::MAX_CLOZE_NUMBER;
use crate::identity::field::NONE;

/// What is remembered of a note's deletions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Memory {
    /// Those that are there in source order, then the gone ones.
    pub(super) entries: Vec<Entry>,
    /// So many digits of the fingerprints are known.
    pub(super) width: usize,
    /// Of the entries that are there and have no fingerprint of their own, so many together; the last ones may be fewer.
    pub(super) group: usize,
    /// The fingerprints of those groups.
    pub(super) groups: Vec<Fingerprint>,
}

/// A number that was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) number: u16,
    /// Whether the deletion is not there any more.
    pub(super) gone: bool,
    /// `None` where it is not known.
    pub(super) fingerprint: Option<Fingerprint>,
}

/// So many bytes the entries take at most that are written one by one.
const MOST_BYTES: usize = 112;

/// So many digits fingerprints take together at most.
const MOST_DIGITS: usize = 112;

/// How many digits of each fingerprint are written: all, those that tell whether a text was edited, those that tell whether it
/// is the same.
const WIDTHS: [usize; 3] = [Fingerprint::LENGTH, 5, LEAST];
const LEAST: usize = 2;

/// More entries than that are not remembered: a number is one of 500.
const MOST_ENTRIES: usize = 1 << 16;

/// Stands behind the number of a deletion that is not there any more, and before the numbers of all of them.
const GONE: char = '~';

/// What entries begin with that are written together.
const TOGETHER: char = '=';

impl Default for Memory {
    fn default() -> Self {
        Self { entries: Vec::new(), width: Fingerprint::LENGTH, group: 1, groups: Vec::new() }
    }
}

impl Memory {
    /// Reads a field; `None` where [`Self::to_field`] did not write it.
    pub(super) fn read(field: &str) -> Option<Self> {
        if field == NONE {
            return Some(Self::default());
        }
        if let Some(field) = field.strip_prefix(TOGETHER) {
            return read_together(field);
        }
        let entries = field.split('.').map(Entry::read).collect::<Option<_>>()?;
        Some(Self { entries, ..Self::default() })
    }

    /// The field; `-` where there is nothing.
    pub(super) fn to_field(&self) -> String {
        if self.entries.is_empty() {
            return NONE.to_owned();
        }
        let is_short = |field: &String| field.len() <= MOST_BYTES;
        self.one_by_one().filter(is_short).unwrap_or_else(|| self.together())
    }

    /// The entries of what is there.
    pub(super) fn there(&self) -> &[Entry] {
        let there = self.entries.iter().take_while(|entry| !entry.gone).count();
        self.entries.get(..there).unwrap_or_default()
    }

    /// `None` where there are too many, or digits are not known.
    fn one_by_one(&self) -> Option<String> {
        if self.width < Fingerprint::LENGTH || self.entries.len() * (Fingerprint::LENGTH + 2) > MOST_BYTES + 1 {
            return None;
        }
        let mut field = String::new();
        for Entry { number, gone, fingerprint } in &self.entries {
            let _ = write!(field, "{number}");
            field.extend(gone.then_some(GONE));
            (*fingerprint)?.push(self.width, &mut field);
            field.push('.');
        }
        field.pop();
        Some(field)
    }

    fn together(&self) -> String {
        let (there, all) = (self.there().len(), self.entries.len().min(MOST_ENTRIES));
        let is_known = self.entries.iter().all(|entry| entry.fingerprint.is_some());
        let fits = |width: usize, count: usize| width * count <= MOST_DIGITS;
        let of_all = WIDTHS.into_iter().filter(|&width| is_known && width <= self.width && fits(width, all));
        let of_there = WIDTHS.into_iter().filter(|&width| fits(width, there)).map(|width| (width, there));
        let chosen = of_all.map(|width| (width, all)).chain(of_there).next();
        let mut field = TOGETHER.to_string();
        let (now, gone) = self.entries.get(..all).unwrap_or_default().split_at(there.min(all));
        push_numbers(now, &mut field);
        if !gone.is_empty() {
            field.push(GONE);
            push_numbers(gone, &mut field);
        }
        let _ = write!(field, ":{}", chosen.map_or(LEAST, |(width, _)| width));
        if let Some((width, count)) = chosen {
            let digits = self.entries.iter().take(count).filter_map(|entry| entry.fingerprint);
            digits.for_each(|digits| digits.push(width, &mut field));
        } else {
            let size = (now.len() * LEAST).div_ceil(MOST_DIGITS);
            let _ = write!(field, "*{size}:");
            for group in now.chunks(size) {
                of_group(group.iter().filter_map(|entry| entry.fingerprint)).push(LEAST, &mut field);
            }
        }
        field
    }
}

/// The fingerprint of some deletions together.
pub(super) fn of_group(fingerprints: impl Iterator<Item = Fingerprint>) -> Fingerprint {
    let mut digits = String::new();
    fingerprints.for_each(|fingerprint| fingerprint.push(Fingerprint::LENGTH, &mut digits));
    Fingerprint::of(&digits).cut(LEAST)
}

/// Reads what follows [`TOGETHER`].
fn read_together(field: &str) -> Option<Memory> {
    let (numbers, digits) = field.split_once(':')?;
    let (there, gone) = numbers.split_once(GONE).map_or((numbers, None), |(there, gone)| (there, Some(gone)));
    let mut entries = Vec::new();
    if !there.is_empty() || gone.is_none() {
        read_numbers(there, false, &mut entries)?;
    }
    let there = entries.len();
    gone.map_or(Some(()), |gone| read_numbers(gone, true, &mut entries))?;
    let (width, digits) = digits.split_at_checked(1)?;
    let width = WIDTHS.into_iter().find(|known| known.to_string() == width)?;
    let count = digits.len() / width;
    let mut prints = (0..count).map(|place| Fingerprint::read(digits.get(place * width..(place + 1) * width)?));
    if let Some(grouped) = digits.strip_prefix('*') {
        let (size, digits) = grouped.split_once(':').filter(|(size, _)| width == LEAST && is_digits(size, '*'))?;
        let group: usize = size.parse().ok().filter(|size| *size > 1)?;
        let digit = |at: usize| Fingerprint::read(digits.get(at * LEAST..(at + 1) * LEAST)?);
        let groups = (0..there.div_ceil(group)).map(digit).collect::<Option<Vec<_>>>()?;
        let is_all = groups.len() * LEAST == digits.len();
        return is_all.then_some(Memory { entries, width, group, groups });
    }
    if digits.len() != count * width || count != there && count != entries.len() {
        return None;
    }
    for entry in entries.iter_mut().take(count) {
        entry.fingerprint = Some(prints.next().flatten()?);
    }
    Some(Memory { entries, width, ..Memory::default() })
}

/// The numbers of entries: one, those that follow one another, or one several times, parted by `.`.
fn push_numbers(entries: &[Entry], field: &mut String) {
    let numbers: Vec<u16> = entries.iter().map(|entry| entry.number).collect();
    let mut rest = numbers.as_slice();
    while let Some(&first) = rest.first() {
        let rising = rest.iter().zip(first..).take_while(|(number, next)| *number == next).count();
        let same = rest.iter().take_while(|number| **number == first).count();
        let taken = rising.max(same);
        let _ = match taken {
            1 => write!(field, "{first}"),
            _ if rising == taken => write!(field, "{first}-{}", usize::from(first) + taken - 1),
            _ => write!(field, "{first}*{taken}"),
        };
        rest = rest.get(taken..).unwrap_or_default();
        if !rest.is_empty() {
            field.push('.');
        }
    }
}

fn read_numbers(field: &str, gone: bool, entries: &mut Vec<Entry>) -> Option<()> {
    for run in field.split('.') {
        let (first, step, count) = if let Some((first, last)) = run.split_once('-') {
            let (first, last) = (read_number(first)?, read_number(last)?);
            (first, 1, usize::from(last.checked_sub(first).filter(|more| *more > 0)?) + 1)
        } else if let Some((number, times)) = run.split_once('*') {
            let times = times.parse().ok().filter(|&times| times > 1 && is_digits(run, '*'))?;
            (read_number(number)?, 0, times)
        } else {
            (read_number(run)?, 0, 1)
        };
        if count > MOST_ENTRIES - entries.len() {
            return None;
        }
        let numbers = (0..count as u16).map(|place| first + step * place);
        entries.extend(numbers.map(|number| Entry { number, gone, fingerprint: None }));
    }
    Some(())
}

fn is_digits(text: &str, between: char) -> bool {
    text.split(between).all(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn read_number(text: &str) -> Option<u16> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| is_number && (1..=MAX_CLOZE_NUMBER).contains(number))
}

impl Entry {
    /// Reads an entry that stands by itself.
    fn read(text: &str) -> Option<Self> {
        let (number, fingerprint) = text.split_at_checked(text.len().checked_sub(Fingerprint::LENGTH)?)?;
        let (number, gone) = number.strip_suffix(GONE).map_or((number, false), |number| (number, true));
        let fingerprint = Some(Fingerprint::read(fingerprint)?);
        Some(Self { number: read_number(number)?, gone, fingerprint })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn memory(there: &[u16], gone: &[u16]) -> Memory {
        let entry = |(number, gone): (u16, bool)| Entry {
            number,
            gone,
            fingerprint: Some(Fingerprint::of(&format!("deletion {number}"))),
        };
        let there = there.iter().map(|&number| (number, false));
        let entries = there.chain(gone.iter().map(|&number| (number, true))).map(entry).collect();
        Memory { entries, ..Memory::default() }
    }

    fn field(there: impl IntoIterator<Item = u16>, gone: impl IntoIterator<Item = u16>) -> String {
        let (there, gone): (Vec<u16>, Vec<u16>) = (there.into_iter().collect(), gone.into_iter().collect());
        memory(&there, &gone).to_field()
    }

    #[test]
    fn few_entries_are_written_as_ever_and_many_together() {
        assert_eq!(field([1], [2]), "13WIHSEhF.2~v4IS_EnF");
        assert!(!field(1..=11, []).starts_with(TOGETHER));
        let starts = |field: String, start: &str| assert!(field.starts_with(start), "{field}");
        starts(field(1..=14, []), "=1-14:83WIHSEhF");
        starts(field(1..=15, []), "=1-15:53WIHS");
        starts(field([1, 2, 3, 9, 4, 4, 4], 10..=50), "=1-3.9.4*3~10-50:23W");
        starts(field(1..=14, 15..=90), "=1-14~15-90:83WIHSEhF");
        starts(field([], 1..=90), "=~1-90:8");
        starts(field(1..=500, []), "=1-500:2*9:");
    }

    #[test]
    fn no_field_is_long() {
        for there in 0..=500 {
            for gone in [0, 1, 10, 500 - there] {
                let field = field(1..=there, there + 1..=there + gone.min(500 - there));
                assert!(field.len() <= 140, "{field}");
            }
        }
    }

    #[test]
    fn what_was_not_written_is_refused() {
        let good = field(1..=15, []);
        assert!(Memory::read(&good).is_some());
        let many = field(1..=60, []);
        assert!(
            Memory::read(&many).is_some_and(|read| (read.group, read.groups.len(), read.entries.len()) == (2, 30, 60))
        );
        let damaged = [
            format!("{good}A"),
            good.replace(":5", ":4"),
            good.replace("1-15", "1-16"),
            good.replace("1-15", "15-1"),
            good.replace("1-15", "1-1.2-15"),
            good.replace("1-15", "+1-15"),
            good.replace("1-15", "0-14"),
            good.replace("1-15", "1*1.1-14"),
            good.replace("1-15", "1*+2.3-15"),
            format!("{good}:AAAAAAAA"),
            format!("{many}A"),
            many.replace("1-60", "1-61"),
            many.replace(":2*2", ":5*2"),
            many.replace(":2*2", ":2*1"),
            many.replace(":2*2", ":2*+2"),
            "=1*65537:8".to_owned(),
            "=1*65536.1:8".to_owned(),
        ];
        for field in damaged.iter().map(String::as_str).chain(["=", "=:", "=:8", "=1", "=1:", "=~:8", "=1~:8", "=1:ä"])
        {
            assert_eq!(Memory::read(field), None, "{field}");
        }
    }

    proptest! {
        #[test]
        fn the_numbers_survive_and_so_does_what_is_written_of_the_texts(
            there in proptest::collection::vec(1..=500u16, 0..80),
            gone in proptest::collection::vec(1..=500u16, 0..80),
        ) {
            let written = memory(&there, &gone);
            let field = written.to_field();
            let read = Memory::read(&field).unwrap();
            let numbers = |memory: &Memory| -> Vec<(u16, bool)> {
                memory.entries.iter().map(|entry| (entry.number, entry.gone)).collect()
            };
            prop_assert_eq!(numbers(&read), numbers(&written));
            for (read, written) in read.entries.iter().zip(&written.entries) {
                if let Some(fingerprint) = read.fingerprint {
                    prop_assert_eq!(Some(fingerprint), written.fingerprint.map(|full| full.cut(Memory::read(&field).unwrap().width)));
                }
            }
        }

        #[test]
        fn no_field_does_harm(field in "=?[0-9*~.:-]{0,20}:[0-9A-Za-z_-]{0,40}") {
            if let Some(read) = Memory::read(&field) {
                let _ = read.to_field();
            }
        }
    }
}
