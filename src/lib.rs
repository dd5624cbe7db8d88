//! deckle compiles Markdown notes into Anki packages, printable HTML and an mdBook study site.
//!
//! Data flows one way, and the modules stand in its order:
//!
//! 1. [`files`] reads what is on disk, or in an editor above it,
//! 2. [`config`] turns settings into one cascade,
//! 3. [`markdown`] turns each file into prose and notes ([`ir`]), in parallel; it cannot fail, it reports ([`diagnostic`]),
//! 4. [`check`] looks at the whole collection, with [`math`] at every formula,
//! 5. [`identity`] says who is who across edits,
//! 6. [`apkg`], [`mod@print`], [`site`] and [`json`] turn the [`ir::Collection`] into [`artifact`]s,
//! 7. [`files`] writes them.
//!
//! [`pipeline::compile`] takes all of them but the last, and is the only way through; [`cli`] is what people call.

pub mod cli;
pub mod pipeline;

pub mod files;

pub mod config;
pub mod diagnostic;
pub mod source;

pub mod markdown;

pub mod ir;

pub mod check;
pub mod math;

pub mod identity;

pub mod anki;
pub mod html;

pub mod apkg;
pub mod json;
pub mod print;
pub mod site;

pub mod artifact;
pub mod text;

mod error;

pub use error::Error;
