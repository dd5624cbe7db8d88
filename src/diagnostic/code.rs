//! The codes of all diagnostics: name, severity, one line and the explanation that `deckle explain` prints.
//!
//! One table, so that a code without an explanation does not compile.

use super::Severity::{self, Error, Warning};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $severity:ident;)*) => {
        /// The kind of a mistake. Its name is stable: people put it into scripts and searches.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $variant,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name that messages show and `deckle explain` takes.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Whether it stops a build.
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$variant => $severity,)*
                }
            }

            /// What it means and how to mend it, as Markdown: a title line, then text with a wrong and a right example.
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("explain/", $name, ".md")),)*
                }
            }
        }
    };
}

codes! {
    /// A file is not UTF-8.
    BadEncoding = "bad-encoding", Error;
    /// Settings that are not valid YAML.
    BadYaml = "bad-yaml", Error;
    /// Front matter in a form that is not read, such as TOML between `+++`.
    FrontMatterForm = "front-matter-form", Error;
    /// A key that no setting has.
    UnknownKey = "unknown-key", Error;
    /// A key given twice.
    DuplicateKey = "duplicate-key", Error;
    /// A setting with a value of the wrong kind.
    BadValue = "bad-value", Error;
    /// A tag with white space in it.
    BadTag = "bad-tag", Error;
    /// A deck name with an empty part.
    BadDeckName = "bad-deck-name", Error;
    /// A word in heading attributes that is nearly one of ours.
    MisspeltAttribute = "misspelt-attribute", Error;
    /// A class in heading attributes that means nothing to deckle.
    UnknownClass = "unknown-class", Warning;
    /// Attributes that cannot go together, or not here.
    ConflictingAttributes = "conflicting-attributes", Error;
    /// A `<!-- deckle: … -->` comment that cannot be read or stands before nothing.
    BadDirective = "bad-directive", Error;
    /// A note without a back.
    MissingBack = "missing-back", Error;
    /// A note without a front.
    EmptyFront = "empty-front", Error;
    /// `<!-- back -->` where it cannot split a note.
    MisplacedBack = "misplaced-back", Error;
    /// A heading made by underlining that became a note.
    SetextNote = "setext-note", Warning;
    /// A deletion without its end.
    UnclosedCloze = "unclosed-cloze", Error;
    /// A deletion with nothing in it.
    EmptyCloze = "empty-cloze", Error;
    /// A deletion that starts and ends in different parents.
    CrossingCloze = "crossing-cloze", Error;
    /// A deletion with a number that Anki does not take.
    ClozeNumber = "cloze-number", Error;
    /// A cloze note without a deletion.
    NoDeletion = "no-deletion", Error;
    /// `{.list}` without a list.
    MissingList = "missing-list", Error;
    /// `{.rows}` without a table that has a header.
    MissingHeader = "missing-header", Error;
    /// A table row with more cells than the header.
    SurplusCells = "surplus-cells", Error;
    /// A typed note with a back that nobody can type.
    UntypableBack = "untypable-back", Error;
    /// An amount of money that is read as math.
    MoneyAsMath = "money-as-math", Warning;
    /// A deletion where none makes a card.
    StrayDeletion = "stray-deletion", Warning;
    /// Math between Anki's own delimiters, which Markdown takes for escaped brackets.
    AnkiMath = "anki-math", Warning;
    /// Math that will not typeset.
    BadMath = "bad-math", Warning;
    /// A lock file with a line that cannot be read.
    BadLock = "bad-lock", Error;
    /// An explicit id on two notes.
    DuplicateId = "duplicate-id", Error;
    /// Two notes of a deck that ask the same.
    DuplicateFront = "duplicate-front", Warning;
    /// An image or sound that is not there.
    MissingMedia = "missing-media", Error;
    /// An image or sound that is not in the project.
    OutsideMedia = "outside-media", Error;
    /// An image or sound that is elsewhere in the project than its path says.
    MisplacedMedia = "misplaced-media", Warning;
    /// An image or sound that is named without its folder, and there are several.
    AmbiguousMedia = "ambiguous-media", Warning;
    /// An image or sound that is larger than allowed.
    LargeMedia = "large-media", Error;
    /// An image or sound whose file name differs by case.
    MediaCase = "media-case", Error;
    /// An image or sound in a folder of notes that no note uses.
    UnusedMedia = "unused-media", Warning;
    /// An image or sound that is somewhere on the network.
    RemoteMedia = "remote-media", Warning;
    /// Raw HTML that is dropped because it could run code.
    UnsafeHtml = "unsafe-html", Warning;
    /// Blocks nested too deep.
    TooDeep = "too-deep", Error;
    /// What is nearly a card in the syntax of its file, and is read as prose.
    NearCard = "near-card", Warning;
    /// A card with more on a side than fits at a readable size.
    PrintOverflow = "print-overflow", Warning;
    /// A settings file under a name that is not read.
    MisnamedSettings = "misnamed-settings", Warning;
    /// A note file, a `_deck.yaml` or a folder that is not read.
    SkippedFile = "skipped-file", Warning;
    /// A deck that is described and has no notes.
    UnusedDeck = "unused-deck", Warning;
    /// A template of the project's own that cannot be read or filled in.
    BadTemplate = "bad-template", Error;
}

impl Code {
    /// The code with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// The explanation's first line: what the code means, in a phrase.
    pub fn title(self) -> &'static str {
        self.explanation().lines().next().unwrap_or_default().trim_start_matches("# ")
    }
}
