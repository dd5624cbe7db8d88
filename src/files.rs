//! Reads what is on disk and writes what was made: the only module that touches disk, clock or environment.
//!
//! Knows no setting, no Markdown and no format; paths inside a root are text with `/` between their parts.

mod media;
mod read;
mod recipe;
mod surroundings;
mod walk;
mod write;
mod zip;

pub use media::read_media;
pub use read::{Text, read_bytes, read_text, read_text_if_there, read_texts};
pub use recipe::bytes_of;
pub use surroundings::{now, random_id, timer, variable, working_folder};
pub use walk::{Folder, Found, absolute, find_misnamed_project, find_project, is_folder, is_missing, list_names, walk};
pub use write::{Listing, NewFile, Outcome, compare, create_new, remove_all, write_all};
