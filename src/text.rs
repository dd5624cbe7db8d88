//! Turns text into other text: what every room needs and none owns.
//!
//! Knows neither notes nor formats.

pub mod data;
pub mod slug;
