//! Databases as SQLite itself reads them.

use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::Value as Read;

use super::*;

const TABLE: Table = Table { name: "t", columns: "id integer primary key, a, b, n integer" };
const INDEXES: [Index; 2] =
    [Index { name: "ix_n", table: "t", columns: "n" }, Index { name: "ix_n_n", table: "t", columns: "n, n" }];

/// A row: its id, two values, and an integer that is indexed.
type Row = (i64, [Own; 2], i64);

/// A value that owns its text.
#[derive(Debug, Clone, PartialEq)]
enum Own {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
}

impl Own {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Integer(number) => Value::Integer(*number),
            Self::Real(number) => Value::Real(*number),
            Self::Text(text) => Value::Text(text),
        }
    }

    fn of(read: Read) -> Self {
        match read {
            Read::Null => Self::Null,
            Read::Integer(number) => Self::Integer(number),
            Read::Real(number) => Self::Real(number),
            Read::Text(text) => Self::Text(text),
            Read::Blob(bytes) => panic!("{bytes:?}"),
        }
    }
}

/// The database of these rows, between an empty table and a table of one row.
fn written(rows: &[Row]) -> Vec<u8> {
    let mut pages = Vec::new();
    let mut put = |page: &[u8]| pages.extend_from_slice(page);
    let mut database = Database::new(&mut put);
    database.table(Table { name: "none", columns: "a integer not null" }, |_| {});
    database.table(TABLE, |table| {
        let mut record = Vec::new();
        for (id, [a, b], number) in rows {
            record.clear();
            push_record(&[Value::Null, a.value(), b.value(), Value::Integer(*number)], &mut record);
            table.push(*id, &record);
        }
    });
    let mut keys: Vec<[i64; 2]> = rows.iter().map(|(id, _, number)| [*number, *id]).collect();
    keys.sort_unstable();
    database.index(INDEXES[0], keys.iter().copied());
    database.index(INDEXES[1], keys.iter().map(|[number, id]| [*number, *number, *id]));
    database.table(Table { name: "one", columns: "id integer primary key" }, |table| table.push(7, &[2, 0]));
    let mut first = database.finish().unwrap();
    first.extend(pages);
    first
}

/// What SQLite has to say of a database, and the rows that it reads, in the order of their ids.
fn read(bytes: &[u8]) -> (Vec<String>, Vec<Row>) {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.deserialize_read_exact("main", bytes, bytes.len(), true).unwrap();
    connection.pragma_update(None, "cell_size_check", true).unwrap();
    let mut said = Vec::new();
    for pragma in ["integrity_check", "quick_check"] {
        connection.pragma_query(None, pragma, |row| row.get(0).map(|text| said.push(text))).unwrap();
    }
    assert_eq!(connection.query_row("select count(*), sum(id) from one", [], |row| row.get(1)), Ok(7));
    assert_eq!(connection.query_row("select count(*) from none", [], |row| row.get(0)), Ok(0));
    let mut statement = connection.prepare("select id, a, b, n from t").unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, [Own::of(row.get(1)?), Own::of(row.get(2)?)], row.get(3)?));
    let rows = statement.query_map([], row).unwrap().map(Result::unwrap).collect();
    (said, rows)
}

/// Asserts that SQLite finds nothing wrong, and reads what was written.
#[track_caller]
fn assert_read(mut rows: Vec<Row>) {
    rows.sort_by_key(|(id, ..)| *id);
    rows.dedup_by_key(|(id, ..)| *id);
    let (said, read) = read(&written(&rows));
    assert_eq!(said, ["ok", "ok"]);
    assert!(read == rows, "{} rows of {}, or other ones", read.len(), rows.len());
}

/// Integers of all lengths.
fn integer() -> impl Strategy<Value = i64> {
    (any::<i64>(), 0..64).prop_map(|(number, shift)| number >> shift)
}

fn value() -> impl Strategy<Value = Own> {
    let text = (".{0,60}|[\\x00a]{0,9}", prop_oneof![4 => Just(1), 1 => 1..200_usize]);
    prop_oneof![
        1 => Just(Own::Null),
        3 => integer().prop_map(Own::Integer),
        1 => any::<f64>().prop_filter("no NaN", |number| !number.is_nan()).prop_map(Own::Real),
        4 => text.prop_map(|(text, times)| Own::Text(text.repeat(times))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sqlite_reads_what_was_written(
        rows in prop::collection::vec((integer(), [value(), value()], integer()), 0..300),
    ) {
        assert_read(rows);
    }

    /// A column of integers takes numbers for texts that are some, and SQLite tells which.
    #[test]
    fn texts_become_the_numbers_that_sqlite_makes_of_them(
        text in "[ \\t\u{b}]?[+-]?[0-9]{0,15}(\\.[0-9]{0,3})?([eE][+-]?[0-9]{0,3})?[ \\n]?|[-0-9+.eE inf_x]{0,9}|-?92233720368547758[0-9]{2}",
    ) {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("create table t (n integer)").unwrap();
        connection.execute("insert into t values (?)", [&text]).unwrap();
        let read = connection.query_row("select n from t", [], |row| row.get(0)).unwrap();
        let own = with_integer_affinity(&text);
        match (Own::of(read), own) {
            // SQLite's reckoning is off by a bit where there are many digits.
            (Own::Real(read), Value::Real(own)) => {
                prop_assert!(read.to_bits() == own.to_bits() || (read / own - 1.0).abs() < 1e-15);
            }
            (read, own) => prop_assert_eq!(read.value(), own),
        }
    }
}

#[test]
fn a_table_may_have_no_row_or_one_or_many() {
    let row = |id: i64| (id, [Own::Text(format!("row {id}")), Own::Null], id % 7);
    for count in [0, 1, 2, 300, 100_000] {
        assert_read((-count / 2..count - count / 2).map(row).collect());
    }
    assert_read([i64::MIN, -1, 0, 1, i64::MAX].map(row).into());
}

#[test]
fn indexes_have_three_levels_where_they_need_them() {
    let row = |id: i64| (i64::MIN + id, [Own::Null, Own::Null], i64::MAX - id);
    assert_read((0..60_000).map(row).collect());
}

/// Around each length from which a row needs another page, and those at which its last page is full or has a byte.
#[test]
fn rows_of_any_length_are_read() {
    let text = |length: usize| Own::Text("x".repeat(length));
    let lengths = [0, 1, 480, 489, 3_500].into_iter().chain(4_030..4_070).chain(4_550..4_600).chain(8_100..8_200);
    let long = [100_000, 1 << 20, 5_000_000];
    assert_read((0..).zip(lengths.chain(long)).map(|(id, length)| (id, [text(length), Own::Null], 3)).collect());
}

#[test]
fn definitions_have_to_fit_on_a_page() {
    let finish = |count: usize, columns: &'static str| {
        let mut put = |_: &[u8]| {};
        let mut database = Database::new(&mut put);
        (0..count).for_each(|_| database.table(Table { name: "t", columns }, |_| {}));
        database.finish().map(|page| page.len())
    };
    let columns = "a text not null, b text not null, c text not null, d text not null, e text not null";
    assert_eq!(finish(28, columns).unwrap(), pages::PAGE);
    assert!(finish(40, columns).is_err());
}

/// SQLite locks a file at 1 GiB, and has that page for nothing else. Chains go over it as well.
#[test]
fn the_page_of_locks_stays_empty() {
    let (mut count, mut filled, mut next) = (0_u32, Vec::new(), Vec::new());
    let mut put = |page: &[u8]| {
        count += 1;
        assert_eq!(page.len(), pages::PAGE);
        if count > 262_140 && count < 262_148 {
            filled.push(page.iter().any(|byte| *byte != 0));
            next.push(u32::from_be_bytes(*page.first_chunk().unwrap()));
        }
    };
    let mut pages = Pages::new(&mut put);
    pages.put_chain(&vec![1; 262_150 * (pages::PAGE - 4)]);
    // The first page of the file is not among these: the 262,144th of them is number 262,145.
    assert_eq!(filled, [true, true, true, false, true, true, true]);
    assert_eq!(next, [262_143, 262_144, 262_146, 0, 262_147, 262_148, 262_149]);
}
