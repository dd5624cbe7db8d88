//! The codes of all diagnostics: name, what the mistake costs, one line and the explanation that `deckle explain` prints.
//!
//! One table, so that a code without an explanation does not compile.

use super::Cost::{self, Build, File, Note, Nothing};

/// What the program does about a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mends {
    /// Nothing: only its author knows what was meant.
    Never,
    /// It shows an edit, in some of its forms at least.
    Shown,
    /// `deckle check --fix` mends it, in some of its forms at least.
    Fixed,
}

/// What stands behind the cost in the table; nothing where only the author can mend it.
macro_rules! mends {
    () => {
        Mends::Never
    };
    ($mends:ident) => {
        Mends::$mends
    };
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $cost:ident $(, $mends:ident)?;)*) => {
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

            /// What it costs where it usually stands: in a note or its file.
            pub fn cost(self) -> Cost {
                match self {
                    $(Self::$variant => $cost,)*
                }
            }

            /// What the program does about it.
            pub fn mends(self) -> Mends {
                match self {
                    $(Self::$variant => mends!($($mends)?),)*
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
    BadEncoding = "bad-encoding", File;
    /// A file of notes that is too large.
    LargeFile = "large-file", File;
    /// A character that nobody sees and that is left out.
    HiddenCharacter = "hidden-character", Nothing, Fixed;
    /// Settings that are not valid YAML.
    BadYaml = "bad-yaml", File, Fixed;
    /// Front matter in a form that is not read, such as TOML between `+++`.
    FrontMatterForm = "front-matter-form", Nothing, Fixed;
    /// A key that no setting has.
    UnknownKey = "unknown-key", Nothing, Fixed;
    /// A key given twice.
    DuplicateKey = "duplicate-key", Nothing, Fixed;
    /// A setting with a value of the wrong kind.
    BadValue = "bad-value", Nothing, Fixed;
    /// A tag with white space in it.
    BadTag = "bad-tag", Nothing, Fixed;
    /// A deck name with an empty part, or one that Anki changes.
    BadDeckName = "bad-deck-name", File, Fixed;
    /// A word in heading attributes that is nearly one of ours.
    MisspeltAttribute = "misspelt-attribute", Note, Fixed;
    /// A class in heading attributes that means nothing to deckle.
    UnknownClass = "unknown-class", Note;
    /// Attributes that cannot go together, or not here.
    ConflictingAttributes = "conflicting-attributes", Note;
    /// A `<!-- deckle: … -->` comment that cannot be read or stands before nothing.
    BadDirective = "bad-directive", Note, Fixed;
    /// A note without a back.
    MissingBack = "missing-back", Note;
    /// A note without a front.
    EmptyFront = "empty-front", Note;
    /// `<!-- back -->` where it cannot split a note.
    MisplacedBack = "misplaced-back", Note, Fixed;
    /// A heading made by underlining that became a note.
    SetextNote = "setext-note", Nothing;
    /// A deletion without its end.
    UnclosedCloze = "unclosed-cloze", Note;
    /// A deletion with nothing in it.
    EmptyCloze = "empty-cloze", Note;
    /// A deletion that starts and ends in different parents.
    CrossingCloze = "crossing-cloze", Note;
    /// A deletion with a number that Anki does not take.
    ClozeNumber = "cloze-number", Note, Shown;
    /// A cloze note without a deletion.
    NoDeletion = "no-deletion", Note;
    /// `{.list}` without a list.
    MissingList = "missing-list", Note;
    /// `{.rows}` without a table that has a header.
    MissingHeader = "missing-header", Note;
    /// A table row with more cells than the header.
    SurplusCells = "surplus-cells", Note, Fixed;
    /// A typed note with a back that nobody can type.
    UntypableBack = "untypable-back", Nothing;
    /// An amount of money that is read as math.
    MoneyAsMath = "money-as-math", Nothing, Shown;
    /// A deletion where none makes a card.
    StrayDeletion = "stray-deletion", Nothing, Shown;
    /// What looks like a formula and is read as text.
    NearMath = "near-math", Nothing, Shown;
    /// Math that will not typeset.
    BadMath = "bad-math", Nothing, Shown;
    /// A lock file with a line that cannot be read.
    BadLock = "bad-lock", Build;
    /// A lock that is lost, or that git passes over.
    LostLock = "lost-lock", Nothing;
    /// An explicit id on two notes.
    DuplicateId = "duplicate-id", Nothing, Fixed;
    /// Two notes of a deck that ask the same.
    DuplicateFront = "duplicate-front", Nothing;
    /// An image or sound that is not there.
    MissingMedia = "missing-media", Note;
    /// An image or sound that is not in the project.
    OutsideMedia = "outside-media", Note;
    /// An image or sound that is elsewhere in the project than its path says.
    MisplacedMedia = "misplaced-media", Nothing, Fixed;
    /// An image or sound that is named without its folder, and there are several.
    AmbiguousMedia = "ambiguous-media", Nothing;
    /// An image or sound that is larger than allowed.
    LargeMedia = "large-media", Note;
    /// An image or sound whose file name differs by case.
    MediaCase = "media-case", Nothing, Fixed;
    /// An image or sound that many readers, or all, can neither show nor play.
    OddMedia = "odd-media", Nothing;
    /// An image or sound in a folder of notes that no note uses.
    UnusedMedia = "unused-media", Nothing;
    /// An image or sound that is somewhere on the network.
    RemoteMedia = "remote-media", Nothing;
    /// A link to what is not there.
    DeadLink = "dead-link", Nothing;
    /// A link of a table of contents that makes no chapter.
    LostChapter = "lost-chapter", Nothing;
    /// Raw HTML that is dropped because it could run code.
    UnsafeHtml = "unsafe-html", Nothing;
    /// Blocks nested too deep.
    TooDeep = "too-deep", Note;
    /// Markup of another tool that is not read.
    ForeignMarkup = "foreign-markup", Nothing, Shown;
    /// A command of mdBook that is not run.
    BookCommand = "book-command", Nothing;
    /// What is nearly a card in the syntax of its file, and is read as prose.
    NearCard = "near-card", Nothing, Shown;
    /// A card with more on a side than fits at a readable size.
    PrintOverflow = "print-overflow", Nothing;
    /// A settings file under a name that is not read.
    MisnamedSettings = "misnamed-settings", Nothing;
    /// A note file, a `_deck.yaml` or a folder that is not read.
    SkippedFile = "skipped-file", Nothing;
    /// A deck's name in two spellings that differ by case.
    DeckCase = "deck-case", Nothing, Shown;
    /// A deck that is named and has no notes.
    UnusedDeck = "unused-deck", Nothing;
    /// A template of the project's own that plays the question's sounds again with the answer.
    RepeatedSound = "repeated-sound", Nothing;
    /// A template of the project's own that cannot be read or filled in.
    BadTemplate = "bad-template", Build, Fixed;
    /// Settings of the site that mdBook does not take.
    BadBookToml = "bad-book-toml", Nothing;
}

impl Code {
    /// The code with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// What the program does about it, in a sentence or two.
    pub fn remedy(self) -> &'static str {
        match self.mends() {
            Mends::Fixed => {
                "`deckle check --fix` mends it wherever there is no doubt what is meant. Where there is, at most an edit is shown."
            }
            Mends::Shown => {
                "An edit is shown where one is likely. It is for you to decide: `deckle check --fix` leaves it alone."
            }
            Mends::Never => "Only you know what is meant: `deckle check --fix` leaves it alone.",
        }
    }

    /// What it costs, in a sentence or two.
    pub fn price(self) -> String {
        let price = match self.cost() {
            Nothing if self == Self::BadBookToml => {
                "It is a warning, and costs the new site: that stays as it was, and all else is built. Where the site alone is asked for \
                 (`deckle build -f site`) it is an error: nothing is written."
            }
            Nothing => "It is a warning, and costs nothing.",
            Note => {
                "It is a warning, and costs the note it stands in: that is left out, is prose in the book, and stays in `deckle.lock` \
                 as it was."
            }
            File => {
                "It is a warning, and costs the file: that is left out, and its notes stay in `deckle.lock` as they were."
            }
            Build => return "It is an error: nothing is written.".to_owned(),
        };
        let strict = if self.is_of_settings() {
            " In `deckle.yaml` and `_deck.yaml` it is an error: nothing is written."
        } else {
            ""
        };
        format!("{price}{strict}")
    }

    /// Whether settings of many files may have it.
    fn is_of_settings(self) -> bool {
        matches!(
            self,
            Self::BadEncoding
                | Self::BadYaml
                | Self::UnknownKey
                | Self::DuplicateKey
                | Self::BadValue
                | Self::BadTag
                | Self::BadDeckName
        )
    }

    /// The explanation's first line: what the code means, in a phrase.
    pub fn title(self) -> &'static str {
        self.explanation().lines().next().unwrap_or_default().trim_start_matches("# ")
    }
}
