//! Packs a database and media into the zip that Anki opens.
//!
//! Knows nothing of what the database holds.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{DATABASE, MEDIA};
use crate::ir::Media;
use crate::text::extension::shrinks;

/// The level of zlib. Of 54 MB, 2 makes 7.9 MB in 90 ms, 1 makes 9.7 MB in 56 ms, and 6 makes 7.5 MB in 240 ms.
const LEVEL: i64 = 2;

/// The package's bytes. `media` are numbered in their order.
///
/// Every member bears the date 1980-01-01, the first that a zip can write.
pub fn zip(database: &[u8], media: &[&Media]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(DATABASE, options(CompressionMethod::Deflated))?;
    writer.write_all(database)?;
    writer.start_file(MEDIA, options(CompressionMethod::Deflated))?;
    writer.write_all(map(media).as_bytes())?;
    for (number, medium) in media.iter().enumerate() {
        writer.start_file(number.to_string(), options(method(&medium.name)))?;
        writer.write_all(&medium.bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// `{"0":"name",…}`, by number and not in the order of the digits.
fn map(media: &[&Media]) -> String {
    let entry = |(number, medium): (usize, &&Media)| {
        let name = serde_json::Value::from(medium.name.as_str());
        format!("\"{number}\":{name}")
    };
    let entries: Vec<String> = media.iter().enumerate().map(entry).collect();
    format!("{{{}}}", entries.join(","))
}

fn options(method: CompressionMethod) -> SimpleFileOptions {
    let level = (method == CompressionMethod::Deflated).then_some(LEVEL);
    SimpleFileOptions::default()
        .compression_method(method)
        .compression_level(level)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
}

fn method(name: &str) -> CompressionMethod {
    if shrinks(name) { CompressionMethod::Deflated } else { CompressionMethod::Stored }
}
