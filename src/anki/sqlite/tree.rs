//! Turns rows and entries into a B-tree (1.6), from the leaves up.
//!
//! Of each level one page fills. A page that is full is written, and the level above gets its number. Knows nothing of records.

use super::pages::{Cells, HEADER, PAGE, Pages};
use super::record::{push_varint, varint_length};

/// What a tree holds, by the marks of its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Rows by their ids, all in leaves.
    Table,
    /// Entries by what they hold, in leaves and above them.
    Index,
}

impl Kind {
    fn leaf(self) -> u8 {
        match self {
            Self::Table => 0x0d,
            Self::Index => 0x0a,
        }
    }

    fn interior(self) -> u8 {
        match self {
            Self::Table => 0x05,
            Self::Index => 0x02,
        }
    }
}

/// What a leaf has for cells, and a page above leaves, which has a number more in its header.
const LEAF_ROOM: usize = PAGE - 8;
const INTERIOR_ROOM: usize = PAGE - 12;

/// The most bytes of a row that a leaf takes, and the fewest where that is too little (1.6, X and M).
const MOST: usize = PAGE - 35;
const FEWEST: usize = (PAGE - 12) * 32 / 255 - 23;

/// A tree as it grows.
pub struct Tree {
    kind: Kind,
    leaf: Cells,
    /// The last row's id.
    last: i64,
    /// From the leaves' parents up. A cell here is the number of a page below, and the key that its keys do not exceed.
    above: Vec<Cells>,
}

impl Tree {
    /// Of this kind, with nothing in it.
    pub fn new(kind: Kind) -> Self {
        Self { kind, leaf: Cells::default(), last: 0, above: Vec::new() }
    }

    /// Adds a row to a table.
    pub fn push_row(&mut self, id: i64, record: &[u8], pages: &mut Pages<'_>) {
        let (here, beyond) = record.split_at(local_length(record.len()));
        let varints = varint_length(record.len() as u64) + varint_length(id.cast_unsigned());
        let chain = if beyond.is_empty() { 0 } else { 4 };
        if !self.leaf.has_room(LEAF_ROOM, varints + here.len() + chain) {
            let mut key = Vec::new();
            push_varint(self.last.cast_unsigned(), &mut key);
            self.end_leaf(&key, pages);
        }
        let first = pages.next();
        pages.put_chain(beyond);
        let cell = self.leaf.begin();
        push_varint(record.len() as u64, cell);
        push_varint(id.cast_unsigned(), cell);
        cell.extend_from_slice(here);
        if !beyond.is_empty() {
            cell.extend_from_slice(&first.to_be_bytes());
        }
        self.last = id;
    }

    /// Adds an entry to an index. It is short enough for four of them to a page, which 60 integers are.
    pub fn push_entry(&mut self, record: &[u8], pages: &mut Pages<'_>) {
        if !self.leaf.has_room(LEAF_ROOM, varint_length(record.len() as u64) + record.len()) {
            // The entry between two leaves stands in neither.
            let last = self.leaf.pop();
            self.end_leaf(&last, pages);
        }
        let cell = self.leaf.begin();
        push_varint(record.len() as u64, cell);
        cell.extend_from_slice(record);
    }

    fn end_leaf(&mut self, key: &[u8], pages: &mut Pages<'_>) {
        let number = pages.put_cells(self.kind.leaf(), &self.leaf, None);
        self.leaf.clear();
        self.push_above(number, key, pages);
    }

    /// Tells the levels above the leaves of a page that is full: each tells the next one where it is full by that.
    fn push_above(&mut self, mut number: u32, key: &[u8], pages: &mut Pages<'_>) {
        let mut key = key.to_vec();
        for cells in &mut self.above {
            if cells.has_room(INTERIOR_ROOM, 4 + key.len()) {
                return push_cell(cells, number, &key);
            }
            // The last page below has no key of its own: it stands in the header, and its key goes up.
            let (right, up) = split_cell(cells.pop());
            let full = pages.put_cells(self.kind.interior(), cells, Some(right));
            cells.clear();
            push_cell(cells, number, &key);
            (number, key) = (full, up);
        }
        let mut root = Cells::default();
        push_cell(&mut root, number, &key);
        self.above.push(root);
    }

    /// The first page with these rows, of which it has all or none: `None` where there are too many.
    pub fn first_page(&self, pages: &Pages<'_>) -> Option<Vec<u8>> {
        let is_alone = self.above.is_empty() && self.leaf.has_room(LEAF_ROOM - HEADER, 0);
        is_alone.then(|| pages.first(self.kind.leaf(), &self.leaf))
    }

    /// Writes what is left, and says which page is the root.
    pub fn finish(self, pages: &mut Pages<'_>) -> u32 {
        let leaf = pages.put_cells(self.kind.leaf(), &self.leaf, None);
        let end = |right, cells: &Cells| pages.put_cells(self.kind.interior(), cells, Some(right));
        self.above.iter().fold(leaf, end)
    }
}

/// Puts a cell at the end: the page below it and its key.
fn push_cell(cells: &mut Cells, number: u32, key: &[u8]) {
    let cell = cells.begin();
    cell.extend_from_slice(&number.to_be_bytes());
    cell.extend_from_slice(key);
}

/// The page below a cell, and its key.
fn split_cell(mut cell: Vec<u8>) -> (u32, Vec<u8>) {
    let number = cell.first_chunk().map_or(0, |number| u32::from_be_bytes(*number));
    (number, cell.split_off(4.min(cell.len())))
}

/// How many bytes of a record stay in the leaf; the others go into a chain (1.6).
fn local_length(length: usize) -> usize {
    if length <= MOST {
        return length;
    }
    // So many that the chain's last page is full, where that leaves room.
    let full = FEWEST + (length - FEWEST) % (PAGE - 4);
    if full <= MOST { full } else { FEWEST }
}
