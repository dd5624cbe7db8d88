//! Turns a note's fields into what a row holds of them: one text, and what Anki sorts by.
//!
//! Knows nothing of what fields hold, but which one is the link.

use std::ops::Range;

use super::sort_field::SortField;
use crate::anki::note_type::{self, Role};
use crate::anki::schema11::SEPARATOR;
use crate::ir::NoteTypeKey;
use crate::text::parcel::{Parcel, Unpack};

/// What is longer, in bytes, is not kept; the longest of people's notes have a tenth of that.
const MOST_KEPT: usize = 128 << 10;

/// What takes time of a note's row.
#[derive(Debug)]
pub struct Packed {
    /// The fields, parted by [`SEPARATOR`], and behind them the text of the sort field.
    texts: String,
    /// Where the fields end.
    fields_end: usize,
    /// Where in the fields the link is.
    link: Range<usize>,
    /// Of the sort field.
    checksum: u32,
}

impl Packed {
    /// Of the fields of a note of this type, in their order.
    pub(super) fn new(key: NoteTypeKey, fields: Vec<String>) -> Self {
        let fields = separable(fields);
        let mut link = 0..0;
        for (field, text) in note_type::fields(key).iter().zip(&fields) {
            if field.role == Role::Link {
                link.end = link.start + text.len();
                break;
            }
            link.start += text.len() + SEPARATOR.len_utf8();
        }
        let SortField { text, checksum } = SortField::new(fields.first().map_or("", String::as_str));
        let length: usize = fields.iter().map(|field| field.len() + SEPARATOR.len_utf8()).sum();
        let mut texts = String::with_capacity(length + text.len());
        for (place, field) in fields.iter().enumerate() {
            if place > 0 {
                texts.push(SEPARATOR);
            }
            texts.push_str(field);
        }
        let fields_end = texts.len();
        texts.push_str(&text);
        Self { texts, fields_end, link, checksum }
    }

    /// How many bytes [`Self::pack`] adds at most.
    pub fn room(&self) -> usize {
        self.texts.len() + 5 * 10
    }

    /// Adds it to a parcel.
    pub fn pack(&self, parcel: &mut Parcel) {
        parcel.text(&self.texts);
        for number in [self.fields_end, self.link.start, self.link.end] {
            parcel.count(number);
        }
        parcel.number(u64::from(self.checksum));
    }

    /// What [`Self::pack`] added.
    pub fn unpack(from: &mut Unpack<'_>) -> Option<Self> {
        let texts = from.text()?.to_owned();
        let (fields_end, link) = (from.count()?, from.count()?..from.count()?);
        let checksum = from.number()?.try_into().ok()?;
        let fields = texts.get(..fields_end)?;
        fields.get(link.clone())?;
        Some(Self { texts, fields_end, link, checksum })
    }

    /// The same with another link.
    pub(super) fn with_link(mut self, link: String) -> Self {
        let link = without_separator(link);
        if self.texts.get(self.link.clone()) != Some(&link) {
            self.fields_end = self.fields_end - self.link.len() + link.len();
            self.texts.replace_range(self.link.clone(), &link);
            self.link.end = self.link.start + link.len();
        }
        self
    }

    /// Whether to keep it costs no more than to make it again: what is held of a few long notes is held while others are made.
    pub(super) fn is_worth_keeping(&self) -> bool {
        self.texts.len() <= MOST_KEPT
    }

    /// The fields, and the text of the sort field.
    pub(super) fn texts(&self) -> (&str, &str) {
        self.texts.split_at(self.fields_end)
    }

    /// Anki's checksum of the sort field.
    pub(super) fn checksum(&self) -> u32 {
        self.checksum
    }
}

/// Fields as a row holds them: with a space for what would part one in two. Left out, it would join braces that mean nothing
/// apart.
pub(super) fn separable(fields: Vec<String>) -> Vec<String> {
    fields.into_iter().map(without_separator).collect()
}

fn without_separator(field: String) -> String {
    if field.contains(SEPARATOR) { field.replace(SEPARATOR, " ") } else { field }
}
