//! deckle compiles Markdown notes into Anki packages, printable HTML and an mdBook study site.
//!
//! Data flows one way, and the modules stand in its order:
//!
//! 1. [`files`] reads what is on disk,
//! 2. [`config`] turns settings into one cascade,
//! 3. [`markdown`] turns each file into prose and notes ([`ir`]), in parallel; it cannot fail, it reports ([`diagnostic`]),
//! 4. [`check`] looks at the whole collection, with [`math`] at every formula,
//! 5. [`identity`] says who is who across edits,
//! 6. [`emit`] turns the [`ir::Collection`] into artifacts,
//! 7. [`files`] writes them.
//!
//! [`package`] reads packages back, where identity has to be recovered from one.
//!
//! [`pipeline`] holds these steps and what stops a build; [`cli`] is what people call.

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

pub mod package;

pub mod identity;

pub mod emit;

mod error;

pub use error::Error;
