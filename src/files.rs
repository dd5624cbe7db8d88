//! Reads what is on disk and writes what was made: the only module that touches disk, clock or environment.
//!
//! A compilation sees all of it through a [`World`]. Knows no setting, no Markdown and no format; paths inside a root are
//! text with `/` between their parts.

mod bounds;
mod media;
mod open;
mod path;
mod read;
mod recipe;
mod surroundings;
mod walk;
mod world;
mod write;
mod zip;

pub use bounds::{Bounds, Lead, Spellings};
pub use media::Medium;
pub use path::absolute;
pub use read::Text;
pub use recipe::bytes_of;
pub use surroundings::{random_id, timer, variable, working_folder};
pub use walk::{Folder, Found, Skipped};
pub use world::World;
pub use write::{Listing, NewFile, Outcome, compare, create_new, remove_all, write_all};
