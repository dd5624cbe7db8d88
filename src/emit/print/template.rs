//! Turns data into pages through the templates of `templates/print/`, built in or a project's own.
//!
//! Knows no notes. What is wrong with a project's template is a diagnostic at its place; the built-in one then stands in.

use std::collections::BTreeMap;

use handlebars::{Handlebars, TemplateError};
use serde::Serialize;

use crate::Error;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// A template of the project's own.
#[derive(Debug, Clone)]
pub struct Override {
    /// Its text.
    pub text: String,
    /// The whole file.
    pub span: Span,
}

/// A file of `templates/print/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum File {
    /// The page of cut-out cards.
    Cards,
    /// The page of a cheat sheet.
    Sheet,
    /// The style of cards.
    CardsStyle,
    /// The style of sheets.
    SheetStyle,
    /// The script that refines sizes where it runs.
    Fit,
}

impl File {
    /// All of them.
    const ALL: [Self; 5] = [Self::Cards, Self::Sheet, Self::CardsStyle, Self::SheetStyle, Self::Fit];

    fn name(self) -> &'static str {
        match self {
            Self::Cards => "cards.html.hbs",
            Self::Sheet => "sheet.html.hbs",
            Self::CardsStyle => "cards.css",
            Self::SheetStyle => "sheet.css",
            Self::Fit => "fit.js",
        }
    }

    fn built_in(self) -> &'static str {
        match self {
            Self::Cards => include_str!("../../../templates/print/cards.html.hbs"),
            Self::Sheet => include_str!("../../../templates/print/sheet.html.hbs"),
            Self::CardsStyle => include_str!("../../../templates/print/cards.css"),
            Self::SheetStyle => include_str!("../../../templates/print/sheet.css"),
            Self::Fit => include_str!("../../../templates/print/fit.js"),
        }
    }

    fn is_template(self) -> bool {
        matches!(self, Self::Cards | Self::Sheet)
    }
}

/// The templates in effect.
pub(super) struct Templates<'a> {
    engine: Handlebars<'static>,
    overrides: &'a BTreeMap<String, Override>,
}

impl<'a> Templates<'a> {
    /// Compiles the templates; a project's own that cannot be compiled is reported and left out.
    pub(super) fn new(overrides: &'a BTreeMap<String, Override>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        for file in File::ALL.into_iter().filter(|file| file.is_template()) {
            let own = overrides.get(file.name());
            let compiled = own.map(|own| engine.register_template_string(file.name(), &own.text).map_err(|e| (own, e)));
            if let Some(Err((own, error))) = &compiled {
                diagnostics.push(bad_template(own, error));
            }
            if !matches!(compiled, Some(Ok(()))) {
                // The built-in ones compile: a test renders them.
                let _ = engine.register_template_string(file.name(), file.built_in());
            }
        }
        Self { engine, overrides }
    }

    /// Fills a page in.
    ///
    /// # Errors
    /// The template names what the data lack.
    pub(super) fn render(&self, file: File, data: &impl Serialize) -> Result<String, Error> {
        self.engine
            .render(file.name(), data)
            .map_err(|cause| Error::new("cannot fill in the template", file.name(), cause))
    }

    /// A style or a script, as it stands.
    pub(super) fn text(&self, file: File) -> &str {
        self.overrides.get(file.name()).map_or_else(|| file.built_in(), |own| &own.text)
    }
}

fn bad_template(own: &Override, error: &TemplateError) -> Diagnostic {
    let (line, column) = error.pos().unwrap_or((1, 1));
    let before: usize = own.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let at = (before + column.saturating_sub(1)).min(own.text.len());
    let start = own.text.floor_char_boundary(at);
    let span = own.span.with(start..start);
    Diagnostic::new(Code::BadTemplate, span, format!("cannot read this template: {}", error.reason()))
}
