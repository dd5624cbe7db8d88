//! Reads what is on disk and writes what was made: the only module that touches disk, clock or environment.
//!
//! A compilation sees all of it through a [`World`]. Knows no setting, no Markdown and no format; paths inside a root are
//! text with `/` between their parts.

mod bounds;
mod browser;
mod door;
mod inside;
mod kept;
mod listing;
mod look;
mod mdbook;
mod media;
mod open;
mod path;
mod read;
mod recipe;
mod reserve;
mod revision;
mod sealed;
mod seek;
mod seen;
mod stamp;
mod surroundings;
mod temporary;
mod walk;
mod watching;
mod world;
mod write;
mod zip;

pub use bounds::{Bounds, Lead, Spellings};
pub use browser::{Browser, Interrupts, PrintedPage, pdf_mark};
pub use door::{listen, show};
pub use inside::stays_in;
pub use kept::{KeptFile, is_still_there, pack_kept, unpack_kept};
pub use listing::{Listing, compare, remove_all};
pub use mdbook::{BookSettings, Misset, SiteFiles, SiteSource, Unmade, can_be_pieces, is_list, is_plain, render_site};
pub use media::Medium;
pub use path::absolute;
pub use read::{Bad, MAX_NOTES, Text};
pub use recipe::bytes_of;
pub use reserve::{Reserved, reserve};
pub use revision::Revision;
pub use sealed::{MOST_SEALED, Unsealed, seal, unseal};
pub use seen::{Again, CACHE, see_again};
pub use surroundings::{random_id, secret, terminal_width, timer, variable, working_folder};
pub use walk::{Folder, Found, Skip, Skipped};
pub use watching::Watching;
pub use world::World;
pub use write::{
    NewFile, Outcome, beginning, create_new, held, is_other_file, is_there, length, put_all, tidy, write_all,
};
