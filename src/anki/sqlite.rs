//! Turns rows that come in order into the pages of a SQLite database, each page once and for good.
//!
//! The form is that of <https://www.sqlite.org/fileformat2.html>, whose sections the files here name: a database in UTF-8
//! without free pages, as `VACUUM` leaves it. Nothing is sorted, looked up or gone back to, so that a page can be packed
//! while the next one fills; only the first page, which says where the others belong, comes last. Knows nothing of Anki.

mod pages;
mod record;
mod tree;

use std::io;

use pages::Pages;
use record::push_integers;
pub use record::{Value, push_record, with_integer_affinity};
use tree::{Kind, Tree};

/// A table whose first column is `id integer primary key`, or which has no rows.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, as SQL has them between the brackets.
    pub columns: &'static str,
}

/// An index of columns that hold integers only.
#[derive(Debug, Clone, Copy)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// The name of its table.
    pub table: &'static str,
    /// Its columns, as SQL has them between the brackets.
    pub columns: &'static str,
}

/// A database as it is written.
pub struct Database<'a> {
    pages: Pages<'a>,
    /// The rows of `sqlite_schema` (2.6).
    schema: Tree,
    definitions: i64,
}

impl<'a> Database<'a> {
    /// An empty database. `put` takes its pages but for the first, in their order.
    pub fn new(put: &'a mut dyn FnMut(&[u8])) -> Self {
        Self { pages: Pages::new(put), schema: Tree::new(Kind::Table), definitions: 0 }
    }

    /// Adds a table with what `fill` puts into it.
    pub fn table(&mut self, table: Table, fill: impl FnOnce(&mut Rows<'_, 'a>)) {
        let Table { name, columns } = table;
        let mut rows = Rows { pages: &mut self.pages, tree: Tree::new(Kind::Table) };
        fill(&mut rows);
        let root = rows.tree.finish(&mut self.pages);
        self.add_to_schema("table", name, name, root, &format!("CREATE TABLE {name} ({columns})"));
    }

    /// Adds an index. Of each row of its table, an entry has the values of the columns, and then the row's id; entries ascend.
    pub fn index<const N: usize>(&mut self, index: Index, entries: impl IntoIterator<Item = [i64; N]>) {
        let Index { name, table, columns } = index;
        let (mut tree, mut record) = (Tree::new(Kind::Index), Vec::new());
        for entry in entries {
            record.clear();
            push_integers(entry, &mut record);
            tree.push_entry(&record, &mut self.pages);
        }
        let root = tree.finish(&mut self.pages);
        self.add_to_schema("index", name, table, root, &format!("CREATE INDEX {name} on {table} ({columns})"));
    }

    fn add_to_schema(&mut self, kind: &str, name: &str, table: &str, root: u32, sql: &str) {
        let mut record = Vec::new();
        let [kind, name, table, sql] = [kind, name, table, sql].map(Value::Text);
        push_record(&[kind, name, table, Value::Integer(root.into()), sql], &mut record);
        self.definitions += 1;
        self.schema.push_row(self.definitions, &record, &mut self.pages);
    }

    /// The first page.
    ///
    /// # Errors
    /// It has no room for all definitions, which take 3.9 KiB or more then.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        let page = self.schema.first_page(&self.pages);
        page.ok_or_else(|| io::Error::other("the tables' definitions take more than a page"))
    }
}

/// The rows of a table.
pub struct Rows<'d, 'a> {
    pages: &'d mut Pages<'a>,
    tree: Tree,
}

impl Rows<'_, '_> {
    /// Adds a row, whose id is higher than those before. `record` is what [`push_record`] makes of the columns, with
    /// [`Value::Null`] for the id.
    pub fn push(&mut self, id: i64, record: &[u8]) {
        self.tree.push_row(id, record, self.pages);
    }
}

#[cfg(test)]
mod tests;
