//! Packages as others make them: whole, damaged and hostile.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use rusqlite::config::DbConfig;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::schema11::note_types::PackagedField;
use super::*;

fn packed(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// What is in a package of three notes.
const SCHEMA: &str = r#"
    create table col (models text, decks text);
    insert into col values (
        '{"7": {"name": "Basic (x)", "mod": 5, "css": "p", "flds": [{"name": "Front"}],
            "tmpls": [{"name": "Card 1", "qfmt": "q", "afmt": "a"}]}}',
        '{"1": {"name": "Default"}, "3": {"name": "Sea::Salt"}}');
    create table notes (id integer, guid text, mid integer, mod integer, tags text, flds text);
    insert into notes values (2, 'last', 7, 9, '', 'a'), (3, 'first', 7, 9, '', 'b');
    insert into notes values (1, 'one', 7, 8, ' a b::c ', 'front' || char(31) || 'back' || char(31));
    create table cards (nid integer, ord integer, type integer, due integer, did integer);
    insert into cards values (1, 1, 0, 20, 1), (1, 0, 0, 10, 3), (1, 2, 2, 3, 1), (2, 0, 1, 99, 8), (3, 0, 0, 9, 1);
"#;

fn database(guid: &str) -> Vec<u8> {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(&SCHEMA.replace("'one'", &format!("'{guid}'"))).unwrap();
    connection.serialize("main").unwrap().to_vec()
}

fn refusal(members: &[(&str, &[u8])]) -> String {
    read(Path::new("x.apkg"), Cursor::new(packed(members))).unwrap_err().to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_is_an_error_or_goes_unseen(places in prop::collection::vec((any::<u16>(), any::<u8>()), 1..40)) {
        let mut bytes = database("one");
        for (place, byte) in &places {
            let place = usize::from(*place) % bytes.len();
            bytes[place] = *byte;
        }
        let _ = read(Path::new("x"), Cursor::new(packed(&[("collection.anki2", &bytes)])));
        let mut package = packed(&[("collection.anki2", &database("one"))]);
        for (place, byte) in places {
            let place = usize::from(place) % package.len();
            package[place] = byte;
        }
        let _ = read(Path::new("x"), Cursor::new(package));
    }
}

#[test]
fn both_legacy_containers_are_read() {
    let (one, two) = (database("one"), database("two"));
    let old = read(Path::new("x"), Cursor::new(packed(&[("collection.anki2", &one), ("media", b"{}")]))).unwrap();
    let note_type = PackagedNoteType {
        id: 7,
        name: "Basic (x)".into(),
        modified: 5,
        fields: vec![PackagedField { name: "Front".into(), id: None }],
        templates: vec![PackagedTemplate { name: "Card 1".into(), front: "q".into(), back: "a".into(), id: None }],
        css: "p".into(),
    };
    assert_eq!(old.note_types, [note_type]);
    let guids: Vec<&str> = old.notes.iter().map(|note| note.guid.as_str()).collect();
    assert_eq!(guids, ["first", "one", "last"]);
    let note = PackagedNote {
        id: 1,
        guid: "one".into(),
        note_type: 7,
        modified: 8,
        tags: vec!["a".into(), "b::c".into()],
        fields: vec!["front".into(), "back".into(), String::new()],
        due: 10,
        deck: "Sea::Salt".into(),
        cards: vec![0, 1, 2],
    };
    assert_eq!(old.notes[1], note);
    assert_eq!((old.notes[2].due, old.notes[2].deck.as_str()), (0, ""));
    for meta in [&[("meta", [8, 2].as_slice())][..], &[]] {
        let members = [meta, &[("collection.anki2", one.as_slice()), ("collection.anki21", &two)]].concat();
        assert_eq!(read(Path::new("x"), Cursor::new(packed(&members))).unwrap().notes[1].guid, "two");
    }
}

#[test]
fn what_cannot_be_read_is_refused_in_words() {
    let said = read(Path::new("x.apkg"), Cursor::new(b"no zip")).unwrap_err().to_string();
    assert_eq!(said, "cannot read x.apkg: it is no Anki package: not a zip");
    assert!(refusal(&[("meta", &[8, 3]), ("collection.anki21b", b"")]).contains("\"Support older Anki versions\""));
    assert!(refusal(&[("meta", &[8, 4])]).contains("version 4"));
    assert!(refusal(&[("meta", b"x")]).contains("version in it cannot be read"));
    assert!(refusal(&[("media", b"{}")]).contains("there is no collection.anki2 in it"));
    assert!(refusal(&[("collection.anki2", b"SQLite")]).starts_with("cannot read x.apkg: "));
    assert!(refusal(&[("collection.anki2", &database("x")[..4096])]).starts_with("cannot read x.apkg: "));
    assert!(refusal(&[("collection.anki2", b"")]).ends_with("its database is empty"));
    assert!(refusal(&[("meta", &[8; 1025])]).contains("meta in it is 1025 bytes long, and at most 1024 are unpacked"));
}

/// What is said of a package with the database of [`database`] after these statements; nothing where it is read.
fn said_after(statements: &str) -> String {
    let mut connection = Connection::open_in_memory().unwrap();
    let bytes = database("one");
    connection.deserialize_read_exact("main", bytes.as_slice(), bytes.len(), false).unwrap();
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).unwrap();
    connection.execute_batch(statements).unwrap();
    let bytes = connection.serialize("main").unwrap().to_vec();
    let read = read(Path::new("x.apkg"), Cursor::new(packed(&[("collection.anki2", &bytes)])));
    read.map_or_else(|error| error.to_string(), |_| String::new())
}

/// A table with the columns of `notes` and none of its rows.
const COLUMNS: &str = "id integer, guid text, mid integer, mod integer, tags text, flds text";

#[test]
fn only_plain_tables_are_read() {
    const LOOP: &str = "with recursive n(x) as (select 1 union all select x + 1 from n) select";
    for (statements, said) in [
        ("drop table notes", "there is no table notes"),
        ("drop table cards", "there is no table cards"),
        ("drop table col", "there is no table col"),
        ("alter table notes drop column flds", "no such column: flds"),
        ("drop table notes; create view notes as select 1 id", "notes in its database is no plain table"),
        (
            "alter table notes rename to n; create view NOTES as select * from n",
            "notes in its database is no plain table",
        ),
        (
            &format!("drop table cards; create view cards as {LOOP} x nid, 0 ord, 0 type, 0 due, 1 did from n"),
            "cards in its database is no plain table",
        ),
        (
            &format!("drop table col; create view col as {LOOP} max(x) models, '' decks from n"),
            "col in its database is no plain table",
        ),
        (
            &format!("drop table notes; create virtual table notes using fts5({})", "id, guid, mid, mod, tags, flds"),
            "notes in its database is no plain table",
        ),
        (
            "drop table cards; create virtual table cards using rtree(nid, ord, type)",
            "cards in its database is no plain table",
        ),
        (
            "drop table notes; create table notes (id integer, guid text, mid integer, mod integer, tags text, raw text, flds text as (replace(raw, 'a', zeroblob(1000000000))))",
            "notes in its database computes its columns",
        ),
        (
            "drop table notes; create table notes (id integer, guid text, mid integer, mod integer, tags text, raw text, flds text as (raw || raw) stored)",
            "notes in its database computes its columns",
        ),
        ("alter table cards add column odd as (zeroblob(1000000000))", "cards in its database computes its columns"),
        (
            "pragma writable_schema = on; update sqlite_master set sql = 'create table notes (' where name = 'notes'",
            "malformed database schema",
        ),
        ("pragma writable_schema = on; update sqlite_master set rootpage = 99 where name = 'notes'", "malformed"),
        ("pragma writable_schema = on; update sqlite_master set rootpage = 1 where name = 'notes'", "malformed"),
        (
            "pragma writable_schema = on; update sqlite_master set type = 'view', rootpage = 0 where name = 'notes'",
            "malformed",
        ),
    ] {
        let found = said_after(statements);
        assert!(found.starts_with("cannot read x.apkg: ") && found.contains(said), "{statements}: {found}");
    }
}

#[test]
fn what_a_schema_holds_besides_is_not_run() {
    for statements in [
        "create trigger t after insert on notes begin select load_extension('x'); end",
        "create view v as with recursive n(x) as (select 1 union all select x from n) select x from n",
        "create virtual table f using fts5(x)",
        "create table g (a, b as (zeroblob(1000000000)))",
        "create index i on notes (length(flds)); create unique index j on notes (guid) where length(flds) > 0",
        "alter table notes add column more text default 'x'; alter table notes add column most blob",
        "create index k on notes (guid); analyze; update sqlite_stat1 set stat = '9 9 9 9 9'",
        "insert into notes select id + 10, guid || id, mid, mod, tags, flds from notes",
        "pragma writable_schema = on; update sqlite_master set sql = replace(sql, 'flds text', 'flds text check (abs(-9223372036854775808) > 0)') where name = 'notes'",
    ] {
        assert_eq!(said_after(statements), "", "{statements}");
    }
}

#[test]
fn rows_that_are_not_ankis_are_named() {
    for (statements, said) in [
        ("delete from col", "returned no rows"),
        ("update col set models = null", "Invalid column type Null at index: 0, name: models"),
        ("update col set models = '[]'", "its models cannot be read"),
        ("update col set decks = '{'", "its decks cannot be read"),
        (&format!("update col set models = '{}'", "[".repeat(100_000)), "its models cannot be read"),
        ("update notes set guid = null where id = 3", "its note 3 cannot be read"),
        ("update notes set guid = zeroblob(3) where id = 3", "its note 3 cannot be read"),
        ("update notes set flds = cast(x'ff41' as text) where id = 3", "its note 3 cannot be read: invalid utf-8"),
        ("update notes set mid = 'x' where id = 3", "its note 3 cannot be read"),
        ("update notes set mod = 1e300 where id = 3", "its note 3 cannot be read"),
        ("update notes set id = 'x' where id = 3", "Invalid column type Text at index: 0, name: id"),
        ("update cards set due = 'x'", "Invalid column type Text at index: 2"),
    ] {
        let found = said_after(statements);
        assert!(found.starts_with("cannot read x.apkg: ") && found.contains(said), "{statements}: {found}");
    }
    for odd in ["flds = 'a' || char(0) || 'b'", "guid = char(10)", "flds = ''", "guid = 5", "id = -1", "mod = -1"] {
        assert_eq!(said_after(&format!("update notes set {odd} where id = 3")), "", "{odd}");
    }
}

#[test]
fn what_is_too_much_is_refused() {
    let row = |fields: &str| format!("insert into notes values (9, 'x', 7, 1, '', {fields})");
    let many = |count: u32, of: &str| {
        format!(
            "with recursive n(x) as (select 1 union all select x + 1 from n where x < {count}) insert into notes select {of} from n"
        )
    };
    for (statements, said) in [
        (row("printf('%.*c', 33554433, 'x')"), "too big"),
        (row("replace(printf('%.*c', 800000, 'x'), 'x', char(31))"), "its notes take more than 16 MiB"),
        (many(6, "x, 'g', 7, 1, '', printf('%.*c', 3000000, 'x')"), "its notes take more than 16 MiB"),
        (many(60_000, "x, '', 0, 0, '', ''"), "its notes take more than 16 MiB"),
        (
            format!(
                "{}; update col set decks = json_object('1', json_object('name', printf('%.*c', 2000000, 'x'))); insert into cards select id, 0, 0, 0, 1 from notes",
                many(9, "x + 10, '', 0, 0, '', ''")
            ),
            "its notes take more than 16 MiB",
        ),
        (
            (0..1001).map(|table| format!("create table t{table} (x)")).collect::<Vec<_>>().join(";"),
            "too many schema objects",
        ),
        (
            format!(
                "drop table notes; create table notes ({COLUMNS}, {})",
                (0..95).map(|column| format!("c{column}")).collect::<Vec<_>>().join(",")
            ),
            "too many columns",
        ),
        (format!("create table t (x, y check (x in ({})))", "1,".repeat(40_000) + "1"), "too big"),
    ] {
        let found = said_after(&statements);
        assert!(found.starts_with("cannot read x.apkg: ") && found.contains(said), "{statements:.99}: {found}");
    }
}

#[test]
fn a_database_may_have_192_mib_and_has_what_it_is_said_to_have() {
    let said_with_size = |size: u32| {
        let mut package = packed(&[("collection.anki2", &database("one"))]);
        let header = package.windows(4).position(|mark| mark == b"PK\x01\x02").unwrap();
        package[header + 24..header + 28].copy_from_slice(&size.to_le_bytes());
        read(Path::new("x.apkg"), Cursor::new(package)).unwrap_err().to_string()
    };
    let said = said_with_size((192 << 20) + 1);
    assert!(said.contains("collection.anki2 in it is 201326593 bytes long, and at most 201326592"), "{said}");
    assert!(said_with_size(192 << 20).contains("it is damaged"));
    assert!(said_with_size(4096).contains("malformed"));
}

#[test]
fn all_else_that_sqlite_can_do_is_forbidden() {
    let bytes = database("one");
    let connection = database::open(&mut bytes.as_slice(), bytes.len(), &["col", "notes"]).unwrap();
    assert!(connection.prepare("select guid from notes").is_ok());
    for statement in [
        "select nid from cards",
        "select length(guid) from notes",
        "select load_extension('x')",
        "select 1 from json_each('[]')",
        "with recursive n(x) as (select 1 union all select x from n) select x from n",
        "attach 'x' as y",
        "pragma journal_mode",
        "pragma writable_schema = on",
        "insert into notes values (1)",
        "update notes set guid = 1",
        "delete from notes",
        "drop table notes",
        "create table x (y)",
        "create temp table x (y)",
        "begin",
        "analyze",
    ] {
        let said = connection.prepare(statement).map_or_else(|error| error.to_string(), |_| String::new());
        assert!(said.contains("not authorized") || said.contains("prohibited"), "{statement}: {said}");
    }
    for (config, is_on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        assert_eq!(connection.db_config(config), Ok(is_on), "{config:?}");
    }
}

/// The size of pages, in bytes.
const PAGE: usize = 512;

/// Pages that are each the next one's parent many times over: a file of kilobytes with more rows than anybody can read.
#[test]
fn a_table_without_end_is_left() {
    const LEVELS: u32 = 12;
    let mut connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(&format!("pragma page_size = {PAGE}")).unwrap();
    connection.execute_batch(SCHEMA).unwrap();
    let root: u32 =
        connection.query_row("select rootpage from sqlite_master where name = 'cards'", [], |row| row.get(0)).unwrap();
    connection
        .execute_batch(&format!(
            "create table room (x); insert into room values (zeroblob({}))",
            PAGE * LEVELS as usize
        ))
        .unwrap();
    let mut bytes = connection.serialize("main").unwrap().to_vec();
    let pages = (bytes.len() / PAGE) as u32;
    let leaf = bytes[(root as usize - 1) * PAGE..][..PAGE].to_vec();
    let chain: Vec<u32> = [root].into_iter().chain(pages - LEVELS + 1..=pages).collect();
    for (&page, &child) in chain.iter().zip(&chain[1..]) {
        bytes[(page as usize - 1) * PAGE..][..PAGE].copy_from_slice(&parent(child));
    }
    bytes[(pages as usize - 1) * PAGE..].copy_from_slice(&leaf);
    let read = read(Path::new("x.apkg"), Cursor::new(packed(&[("collection.anki2", &bytes)])));
    assert_eq!(read.unwrap_err().to_string(), "cannot read x.apkg: its rows take too long to read");
}

/// A page of a table's tree whose children are all the same one.
fn parent(child: u32) -> [u8; PAGE] {
    const CELLS: u16 = 60;
    let mut page = [0; PAGE];
    page[0] = 5;
    page[3..5].copy_from_slice(&CELLS.to_be_bytes());
    page[8..12].copy_from_slice(&child.to_be_bytes());
    for cell in 0..CELLS {
        let start = PAGE - 5 * (usize::from(cell) + 1);
        page[start..start + 4].copy_from_slice(&child.to_be_bytes());
        page[start + 4] = cell as u8;
        page[12 + 2 * usize::from(cell)..][..2].copy_from_slice(&(start as u16).to_be_bytes());
        page[5..7].copy_from_slice(&(start as u16).to_be_bytes());
    }
    page
}
