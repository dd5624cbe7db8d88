//! Turns cells into pages with numbers.
//!
//! Knows nothing of what is in cells.

/// The size of a page in bytes, of which none is reserved: SQLite's own, and so Anki's.
pub const PAGE: usize = 4096;

/// The length of what stands before the cells of the first page.
pub const HEADER: usize = 100;

/// The page at 1 GiB, in which SQLite locks files and which holds nothing (1.4).
const LOCK_PAGE: u32 = (0x4000_0000 / PAGE) as u32 + 1;

/// SQLite 3.7.0, the first that keeps the number of pages in the header.
const VERSION: u32 = 3_007_000;

/// Pages as they are written.
pub struct Pages<'a> {
    put: &'a mut dyn FnMut(&[u8]),
    /// The one that is being laid out.
    page: Vec<u8>,
    /// The number of the last one.
    last: u32,
}

impl<'a> Pages<'a> {
    /// None yet; the first is kept free.
    pub fn new(put: &'a mut dyn FnMut(&[u8])) -> Self {
        Self { put, page: Vec::with_capacity(PAGE), last: 1 }
    }

    /// The number that the next page will have.
    pub fn next(&self) -> u32 {
        after(self.last)
    }

    /// Writes a page of a tree, and says which it is.
    pub fn put_cells(&mut self, kind: u8, cells: &Cells, right: Option<u32>) -> u32 {
        self.page.clear();
        cells.lay_out(kind, right, &mut self.page);
        self.put()
    }

    /// Writes what has no room in a cell as a chain of pages (1.7), each with the number of the one behind it. They have no
    /// others among them, and begin with [`Self::next`].
    pub fn put_chain(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (here, rest) = bytes.split_at(bytes.len().min(PAGE - 4));
            let behind = if rest.is_empty() { 0 } else { after(self.next()) };
            self.page.clear();
            self.page.extend_from_slice(&behind.to_be_bytes());
            self.page.extend_from_slice(here);
            self.put();
            bytes = rest;
        }
    }

    fn put(&mut self) -> u32 {
        if self.next() != self.last + 1 {
            (self.put)(&[0; PAGE]);
        }
        self.last = self.next();
        self.page.resize(PAGE, 0);
        (self.put)(&self.page);
        self.last
    }

    /// The first page: the database's header (1.3), and the cells of its schema.
    pub fn first(&self, schema: u8, cells: &Cells) -> Vec<u8> {
        let mut page = b"SQLite format 3\0".to_vec();
        page.extend_from_slice(&(PAGE as u16).to_be_bytes());
        // A rollback journal, no reserved bytes, and fractions of payload that never change.
        page.extend_from_slice(&[1, 1, 0, 64, 32, 32]);
        // How often it was changed, pages, the first free page, free pages, schemas so far, the schema's format, cache size,
        // root for auto-vacuum, UTF-8.
        let numbers = [1, self.last, 0, 0, 1, 4, 0, 0, 1];
        page.extend(numbers.into_iter().flat_map(u32::to_be_bytes));
        page.resize(HEADER - 8, 0);
        // The change for which the number of pages holds.
        page.extend([1, VERSION].into_iter().flat_map(u32::to_be_bytes));
        cells.lay_out(schema, None, &mut page);
        page
    }
}

/// The number of the page behind one.
fn after(number: u32) -> u32 {
    if number + 1 == LOCK_PAGE { number + 2 } else { number + 1 }
}

/// The cells of a page as it fills, in the order of their keys.
#[derive(Debug, Default)]
pub struct Cells {
    bytes: Vec<u8>,
    /// Where each of them starts.
    starts: Vec<u16>,
}

impl Cells {
    /// Whether a page of `room` bytes has room for a cell of this length as well.
    pub fn has_room(&self, room: usize, length: usize) -> bool {
        // The pointer to a cell takes two bytes.
        2 * (self.starts.len() + 1) + self.bytes.len() + length <= room
    }

    /// Begins another cell, which goes at the end of these bytes.
    pub fn begin(&mut self) -> &mut Vec<u8> {
        self.starts.push(self.bytes.len() as u16);
        &mut self.bytes
    }

    /// Takes the last cell away.
    pub fn pop(&mut self) -> Vec<u8> {
        let start = self.starts.pop().unwrap_or_default();
        self.bytes.split_off(usize::from(start).min(self.bytes.len()))
    }

    /// Takes all away.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.starts.clear();
    }

    /// Fills a page up, at whose start something may stand: the tree's header, the places of the cells, and at the end the cells (1.6).
    fn lay_out(&self, kind: u8, right: Option<u32>, page: &mut Vec<u8>) {
        let content = PAGE - self.bytes.len();
        page.push(kind);
        // No free bytes among the cells.
        page.extend([0, self.starts.len() as u16, content as u16].into_iter().flat_map(u16::to_be_bytes));
        page.push(0);
        page.extend(right.into_iter().flat_map(u32::to_be_bytes));
        page.extend(self.starts.iter().flat_map(|start| (content as u16 + start).to_be_bytes()));
        page.resize(content, 0);
        page.extend_from_slice(&self.bytes);
    }
}
