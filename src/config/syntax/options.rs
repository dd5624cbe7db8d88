//! Turns the options of syntaxes, as settings give them, into options that each syntax reads.
//!
//! Knows which options there are; neither YAML nor whose settings they are, and not what notes look like.

mod headings;
mod logseq;
mod obsidian;
mod qa;
mod slides;
mod start_end;

use std::sync::{Arc, LazyLock};

pub use self::headings::HeadingsOptions;
pub use self::logseq::LogseqOptions;
pub use self::obsidian::ObsidianOptions;
pub use self::qa::QaOptions;
pub use self::slides::SlidesOptions;
pub use self::start_end::{StartEndOptions, Style};
use super::Syntax;

/// The options of all syntaxes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyntaxOptions {
    /// Those of `start-end`.
    pub start_end: StartEndOptions,
    /// Those of `qa`.
    pub qa: QaOptions,
    /// Those of `slides`.
    pub slides: SlidesOptions,
    /// Those of `obsidian`.
    pub obsidian: ObsidianOptions,
    /// Those of `logseq`.
    pub logseq: LogseqOptions,
    /// Those of `headings`.
    pub headings: HeadingsOptions,
}

/// The options that one place sets, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptionsLayer(Vec<(Syntax, String, Value)>);

/// What an option is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text, as it is; a number or a truth as it is written.
    Text(String),
    /// Several values.
    List(Vec<Value>),
    /// Values by names, in order.
    Map(Vec<(String, Value)>),
}

/// Why an option cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// There is no option of this name; [`keys`] are those that are.
    UnknownKey,
    /// The option takes something else: what.
    Form(&'static str),
}

impl SyntaxOptions {
    /// What layers make of the options that nobody sets; the last one counts.
    pub fn new<'l>(layers: impl IntoIterator<Item = &'l OptionsLayer>) -> Arc<Self> {
        static DEFAULT: LazyLock<Arc<SyntaxOptions>> = LazyLock::new(Arc::default);
        let mut set = layers.into_iter().flat_map(|layer| &layer.0).peekable();
        if set.peek().is_none() {
            return Arc::clone(&DEFAULT);
        }
        let mut options = Self::default();
        for (syntax, key, value) in set {
            // What cannot be set was said when the layer was made.
            let _ = options.set(*syntax, key, value);
        }
        Arc::new(options)
    }

    fn set(&mut self, syntax: Syntax, key: &str, value: &Value) -> Result<(), Mistake> {
        match syntax {
            Syntax::StartEnd => self.start_end.set(key, value),
            Syntax::Qa => self.qa.set(key, value),
            Syntax::Slides => self.slides.set(key, value),
            Syntax::Obsidian => self.obsidian.set(key, value),
            Syntax::Logseq => self.logseq.set(key, value),
            Syntax::Headings => self.headings.set(key, value),
        }
    }
}

impl OptionsLayer {
    /// Sets an option.
    ///
    /// # Errors
    /// There is no such option, or it does not take the value; the layer stays as it was.
    pub fn set(&mut self, syntax: Syntax, key: &str, value: Value) -> Result<(), Mistake> {
        SyntaxOptions::default().set(syntax, key, &value)?;
        self.0.push((syntax, key.to_owned(), value));
        Ok(())
    }

    /// Puts a nearer layer upon this one.
    pub fn add(&mut self, layer: &Self) {
        self.0.extend_from_slice(&layer.0);
    }

    /// Puts a layer below this one.
    pub fn add_below(&mut self, layer: &Self) {
        self.0.splice(0..0, layer.0.iter().cloned());
    }

    /// Whether it sets nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of what it sets, each with its syntax.
    pub fn keys(&self) -> impl Iterator<Item = (Syntax, &str)> {
        self.0.iter().map(|(syntax, key, _)| (*syntax, key.as_str()))
    }
}

/// The names of a syntax's options, in the order of the documentation.
pub fn keys(syntax: Syntax) -> &'static [&'static str] {
    match syntax {
        Syntax::StartEnd => start_end::KEYS,
        Syntax::Qa => qa::KEYS,
        Syntax::Slides => slides::KEYS,
        Syntax::Obsidian => obsidian::KEYS,
        Syntax::Logseq => logseq::KEYS,
        Syntax::Headings => headings::KEYS,
    }
}

impl Value {
    /// A truth.
    ///
    /// # Errors
    /// It is none.
    pub fn truth(&self) -> Result<bool, Mistake> {
        match self {
            Self::Text(text) if text == "true" => Ok(true),
            Self::Text(text) if text == "false" => Ok(false),
            Self::Text(_) | Self::List(_) | Self::Map(_) => Err(Mistake::Form("`true` or `false`")),
        }
    }

    /// A text without white space around it, which may be empty.
    ///
    /// # Errors
    /// It is none.
    pub fn text(&self) -> Result<String, Mistake> {
        match self {
            Self::Text(text) => Ok(text.trim().to_owned()),
            Self::List(_) | Self::Map(_) => Err(Mistake::Form("a text")),
        }
    }

    /// A text of one line that says something.
    ///
    /// # Errors
    /// It is none.
    pub fn word(&self) -> Result<String, Mistake> {
        let word = self.text()?;
        if word.is_empty() || word.contains('\n') { Err(Mistake::Form("a text of one line")) } else { Ok(word) }
    }

    /// Texts that say something: a list, or one alone.
    ///
    /// # Errors
    /// One of them is none.
    pub fn words(&self) -> Result<Vec<String>, Mistake> {
        match self {
            Self::Text(text) if text.trim().is_empty() => Ok(Vec::new()),
            Self::Text(_) => Ok(vec![self.word()?]),
            Self::List(list) => list.iter().map(Self::word).collect(),
            Self::Map(_) => Err(Mistake::Form("a list of texts")),
        }
    }

    /// Values by names.
    ///
    /// # Errors
    /// It is something else.
    pub fn entries(&self) -> Result<&[(String, Self)], Mistake> {
        match self {
            Self::Map(entries) => Ok(entries),
            Self::Text(_) | Self::List(_) => Err(Mistake::Form("names with a value each")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_layer_counts_and_what_is_wrong_is_not_set() {
        let text = |text: &str| Value::Text(text.to_owned());
        let (mut vault, mut own) = (OptionsLayer::default(), OptionsLayer::default());
        assert_eq!(vault.set(Syntax::Obsidian, "inline", text(";;")), Ok(()));
        assert_eq!(vault.set(Syntax::Obsidian, "separator", text("??")), Ok(()));
        assert_eq!(own.set(Syntax::Obsidian, "inline", text("->")), Ok(()));
        assert_eq!(own.set(Syntax::Obsidian, "inline", text("a\nb")), Err(Mistake::Form("a text of one line")));
        assert_eq!(own.set(Syntax::Qa, "inline", text("x")), Err(Mistake::UnknownKey));
        let options = SyntaxOptions::new([&vault, &own]);
        assert_eq!((options.obsidian.inline.as_str(), options.obsidian.separator.as_str()), ("->", "??"));
        assert_eq!(*SyntaxOptions::new([]), SyntaxOptions::default());
        for syntax in Syntax::ALL {
            for key in keys(syntax) {
                let set =
                    SyntaxOptions::default().set(syntax, key, &Value::Map(vec![(String::new(), Value::List(vec![]))]));
                assert_ne!(set, Err(Mistake::UnknownKey), "{key}");
            }
        }
    }
}
