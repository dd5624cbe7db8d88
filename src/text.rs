//! Turns text into other text: what every room needs and none owns.
//!
//! Knows neither notes nor formats.

pub mod address;
pub mod book_command;
pub mod bytes;
pub mod data;
pub mod day;
pub mod entity;
pub mod extension;
pub mod file_content;
pub mod file_slug;
pub mod foreign_id;
pub mod gitignore;
pub mod heading_id;
pub mod hidden;
pub mod nesting;
pub mod own_id;
pub mod pairs;
pub mod parcel;
pub mod path;
pub mod presentation;
pub mod question;
pub mod shell;
pub mod steps;
pub mod svg;
pub mod tags;
pub mod visible;
pub mod words;
