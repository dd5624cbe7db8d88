//! Turns a database of anybody's into a connection that reads rows of plain tables and does nothing else.
//!
//! What a schema can do is not run: views, functions, virtual tables, triggers and generated columns are refused before the
//! first row is read; no index and no constraint is looked at, and `PRAGMA quick_check` would do so. The bytes are in memory
//! and cannot be written. Knows nothing of what the tables hold.

use std::io::Read;

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OptionalExtension};

use super::super::container::Refusal;

/// The longest text, or row, that is read, in bytes: note types with their styles lie in one.
const MAX_LENGTH: i32 = 32 << 20;

/// The longest definition of a table that is read, in bytes. Anki's longest has 500.
const MAX_SQL: i32 = 64 << 10;

/// The most tables, indexes and triggers that a schema may have. Anki's has 11.
const MAX_SCHEMA: i32 = 1_000;

/// The most columns that a table may have. Anki's have 18.
const MAX_COLUMNS: i32 = 100;

/// How many of its steps SQLite takes between two looks at what is left of them.
const STEPS: i32 = 10_000;

/// How many times that it may take: a second. The rows of 100,000 notes take two million steps.
const MAX_STEPS: u32 = 5_000;

/// Opens a database whose bytes `read` gives, exactly `size` of them. Only these tables can be read.
///
/// # Errors
/// It is shorter or damaged, or one of the tables is not there, or not plain.
pub fn open(read: &mut dyn Read, size: usize, tables: &'static [&'static str]) -> Result<Connection, Refusal> {
    let mut connection = Connection::open_in_memory()?;
    if size == 0 {
        return Err("its database is empty".into());
    }
    connection.pragma_update(None, "cell_size_check", true)?;
    // SQLite reads nothing of it yet, and takes this for an attached database, which is forbidden from here on.
    connection.deserialize_read_exact("main", read, size, true)?;
    harden(&mut connection, tables)?;
    for table in tables {
        check_table(&connection, table)?;
    }
    Ok(connection)
}

fn harden(connection: &mut Connection, tables: &'static [&'static str]) -> rusqlite::Result<()> {
    for (config, is_on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        connection.set_db_config(config, is_on)?;
    }
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, MAX_LENGTH),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, MAX_SQL),
        (Limit::SQLITE_LIMIT_SCHEMA, MAX_SCHEMA),
        (Limit::SQLITE_LIMIT_COLUMN, MAX_COLUMNS),
    ] {
        connection.set_limit(limit, most)?;
    }
    connection.progress_handler(STEPS, Some(steps_left()))?;
    connection.authorizer(Some(move |context: AuthContext<'_>| {
        if is_allowed(&context.action, tables) { Authorization::Allow } else { Authorization::Deny }
    }))
}

/// Counts down, and says when there are none left.
fn steps_left() -> impl FnMut() -> bool + Send + 'static {
    let mut left = MAX_STEPS;
    move || {
        left = left.saturating_sub(1);
        left == 0
    }
}

/// Whether SQLite may do this: read these tables and their definitions, and nothing else.
#[expect(clippy::wildcard_enum_match_arm, reason = "whatever else SQLite can do is forbidden")]
fn is_allowed(action: &AuthAction<'_>, tables: &[&str]) -> bool {
    match action {
        AuthAction::Select | AuthAction::Pragma { pragma_name: "table_xinfo", .. } => true,
        AuthAction::Read { table_name, .. } => {
            *table_name == "sqlite_master" || tables.iter().any(|table| table_name.eq_ignore_ascii_case(table))
        }
        _ => false,
    }
}

fn check_table(connection: &Connection, table: &str) -> Result<(), Refusal> {
    const FIND: &str = "select type = 'table' and rootpage > 0 from sqlite_master \
        where name = ? collate nocase and type in ('table', 'view')";
    match connection.query_row(FIND, [table], |row| row.get(0)).optional()? {
        Some(true) => {}
        Some(false) => return Err(format!("{table} in its database is no plain table").into()),
        None => return Err(format!("there is no table {table} in its database").into()),
    }
    let mut columns = connection.prepare(&format!("pragma table_xinfo({table})"))?;
    let mut hidden = columns.query_map([], |row| row.get::<_, i64>("hidden"))?;
    if hidden.try_fold(false, |any, hidden| hidden.map(|hidden| any || hidden != 0))? {
        return Err(format!("{table} in its database computes its columns").into());
    }
    Ok(())
}
