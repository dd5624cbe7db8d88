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

#![warn(clippy::missing_docs_in_private_items)]

mod cli;
mod pipeline;

mod files;

mod config;
mod diagnostic;
mod source;

mod markdown;

mod ir;

mod check;
mod math;

mod identity;

mod anki;
mod html;

mod apkg;
mod json;
mod print;
mod serve;
mod site;

mod artifact;
mod text;

mod error;

pub use cli::run;
pub use error::Error;

/// What tests and benches take from the rooms. What neither they nor [`run`] need is dead code, and the compiler says so.
pub mod api {
    pub use crate::artifact::Artifact;

    /// What Anki is.
    pub mod anki {
        pub use crate::anki::cloze::numbers_in;
        pub use crate::anki::limits::MAX_MEDIA_NAME;
        pub use crate::anki::media_name::{media_name, part_names};
        pub use crate::anki::{note_type, package};
    }
    /// Packages.
    pub mod apkg {
        pub use crate::apkg::{Packing, emit, fields};
    }
    /// Settings.
    pub mod config {
        pub use crate::config::print;
        pub use crate::config::syntax::{Syntax, Syntaxes};
        pub use crate::config::{BookOptions, HtmlPolicy, Settings, read_folder, read_project};
    }
    /// The author's mistakes.
    pub mod diagnostic {
        pub use crate::diagnostic::{Code, Diagnostic, Edit, Mends, Safety, Severity, diff, render};
    }
    /// Who is who.
    pub mod identity {
        pub use crate::identity::matching::{Features, How, Matching, NoteSketches, Question, Sketches, match_notes};
        pub use crate::identity::sketch::{Sketch, Words};
        pub use crate::identity::{Clock, Lock, assign, note_types, recover};
    }
    /// What is outside.
    pub mod files {
        pub use crate::files::{World, bytes_of};
    }
    /// The collection.
    pub mod ir {
        pub use crate::ir::{
            Block, BlockKind, Chapter, ChapterPart, Cloze, Collection, Deck, DeckName, Embed, Footnote, Guid, Hidden,
            Inline, InlineKind, LeftOut, Media, MediaRef, Note, NoteBody, NoteKind, NoteTypeKey, RENDER_VERSION,
            RawHtml, Run, Size, SourceFile, Tag, VERSION,
        };
    }
    /// The reader.
    pub mod markdown {
        pub use crate::markdown::read;
    }
    /// The steps.
    pub mod pipeline {
        pub use crate::pipeline::{
            Compiled, Fixed, Format, Formats, Goal, Kept, KeptPieces, Options, Reformatted, Request, Side, Target,
            Wanted, Workspace, card, card_name, compile, emit, fix, reformat, write,
        };
    }
    /// Printed pages.
    pub mod print {
        pub use crate::print::{Printing, emit, images_beside};
    }
    /// Texts.
    pub mod source {
        pub use crate::source::{Blob, BlobFile, Source, SourceId, Sources, Span};
    }
}
