//! Turns data into pages through the templates of `templates/print/`, built in or a project's own.
//!
//! Knows no notes. What is wrong with a project's template is a diagnostic at its place; the built-in one then stands in.

mod bounded;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use handlebars::{Context, Handlebars, RenderContext, RenderErrorReason, Renderable, Template};
use serde::Serialize;

use self::bounded::{Fault, Page};
use crate::Error;
use crate::diagnostic::{self, Code, Diagnostic};
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
    /// The script that refines the size of a sheet's type where it runs.
    Columns,
    /// A style that follows the one of cards and of sheets; there is none unless a project has it.
    AddedStyle,
}

impl File {
    /// All of them.
    const ALL: [Self; 7] =
        [Self::Cards, Self::Sheet, Self::CardsStyle, Self::SheetStyle, Self::Fit, Self::Columns, Self::AddedStyle];

    fn name(self) -> &'static str {
        match self {
            Self::Cards => "cards.html.hbs",
            Self::Sheet => "sheet.html.hbs",
            Self::CardsStyle => "cards.css",
            Self::SheetStyle => "sheet.css",
            Self::Fit => "fit.js",
            Self::Columns => "sheet.js",
            Self::AddedStyle => "print.css",
        }
    }

    fn built_in(self) -> &'static str {
        match self {
            Self::Cards => include_str!("../../templates/print/cards.html.hbs"),
            Self::Sheet => include_str!("../../templates/print/sheet.html.hbs"),
            Self::CardsStyle => include_str!("../../templates/print/cards.css"),
            Self::SheetStyle => include_str!("../../templates/print/sheet.css"),
            Self::Fit => include_str!("../../templates/print/fit.js"),
            Self::Columns => include_str!("../../templates/print/sheet.js"),
            Self::AddedStyle => "",
        }
    }

    fn is_template(self) -> bool {
        matches!(self, Self::Cards | Self::Sheet)
    }
}

/// Files of `templates/print/` that stay the built-in ones: whoever copies the whole folder has them too.
const FIXED: [&str; 2] = ["raw.css", "test.css"];

/// What raw HTML may ask for on every page, whichever style that has: sizes are measured on these terms.
const RAW_STYLE: &str = include_str!("../../templates/print/raw.css");

/// The templates in effect.
pub(super) struct Templates<'a> {
    engine: Handlebars<'static>,
    overrides: &'a BTreeMap<String, Override>,
    /// Those of the project's own that are in effect.
    own: BTreeSet<&'static str>,
    /// What is wrong with the project's own.
    faults: Mutex<Vec<Diagnostic>>,
}

impl<'a> Templates<'a> {
    /// Compiles the templates; a project's own that cannot be compiled is reported and left out.
    pub(super) fn new(overrides: &'a BTreeMap<String, Override>) -> Self {
        let faults = overrides.iter().filter_map(|(name, own)| unknown(name, own).or_else(|| ends_early(name, own)));
        let mut faults: Vec<Diagnostic> = faults.collect();
        let (mut engine, mut own) = (Handlebars::new(), BTreeSet::new());
        engine.set_strict_mode(true);
        for file in File::ALL.into_iter().filter(|file| file.is_template()) {
            match overrides.get(file.name()).map(|own| compile(file, own)) {
                Some(Ok(template)) => {
                    engine.register_template(file.name(), template);
                    own.insert(file.name());
                    continue;
                }
                Some(Err(fault)) => faults.push(*fault),
                None => {}
            }
            // The built-in ones compile: a test renders them.
            let _ = engine.register_template_string(file.name(), file.built_in());
        }
        Self { engine, overrides, own, faults: Mutex::new(faults) }
    }

    /// Fills a page in. Where a template of the project's own names what the data lack, that is kept for
    /// [`Self::into_faults`], and the page is empty.
    ///
    /// # Errors
    /// The built-in template names what the data lack.
    pub(super) fn render(&self, file: File, data: &impl Serialize) -> Result<String, Error> {
        let Some(own) = self.overrides.get(file.name()).filter(|_| self.own.contains(file.name())) else {
            let page = self.engine.render(file.name(), data);
            return page.map_err(|error| Error::new("cannot fill in the template", file.name(), error));
        };
        Ok(self.render_own(file, data).unwrap_or_else(|(place, reason)| {
            let mut fault = bad_template(own, place, "fill in", &reason);
            fault.help = former(&reason).map(str::to_owned).or(fault.help);
            self.faults.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
            String::new()
        }))
    }

    fn render_own(&self, file: File, data: &impl Serialize) -> Result<String, Fault> {
        let Some(template) = self.engine.get_template(file.name()) else { return Ok(String::new()) };
        let mut page = Page::default();
        let rendered = Context::wraps(data).and_then(|context| {
            let mut rendering = RenderContext::new(template.name.as_ref());
            template.render(&self.engine, &context, &mut rendering, &mut page)
        });
        match rendered {
            Ok(()) => Ok(page.text),
            Err(error) => {
                let place = error.line_no.zip(error.column_no);
                Err((place, page.excess().unwrap_or_else(|| reason(error.reason()))))
            }
        }
    }

    /// Whether nothing can be found wrong with them when pages are filled in.
    pub(super) fn are_sound(&self) -> bool {
        self.own.is_empty()
    }

    /// What is wrong with the project's own templates, each fault once.
    pub(super) fn into_faults(self) -> Vec<Diagnostic> {
        let mut faults = self.faults.into_inner().unwrap_or_else(PoisonError::into_inner);
        diagnostic::sort(&mut faults);
        faults.dedup();
        faults
    }

    /// The style of a page, what holds raw HTML to the room on paper, and behind both the one that a project adds to all pages.
    pub(super) fn styles(&self, file: File) -> [&str; 3] {
        [self.text(file), RAW_STYLE, self.text(File::AddedStyle)]
    }

    /// A style or a script, as it stands.
    pub(super) fn text(&self, file: File) -> &str {
        self.overrides.get(file.name()).map_or_else(|| file.built_in(), |own| &own.text)
    }
}

fn compile(file: File, own: &Override) -> Result<Template, Box<Diagnostic>> {
    let fault = |(place, reason): Fault| Box::new(bad_template(own, place, "read", &reason));
    bounded::check_depth(&own.text).map_err(fault)?;
    let template = Template::compile_with_name(&own.text, file.name().to_owned());
    let template = template.map_err(|error| fault((error.pos(), error.reason().to_string())))?;
    bounded::hold(template).map_err(fault)
}

/// A file that takes the place of no built-in one does nothing.
fn unknown(name: &str, own: &Override) -> Option<Diagnostic> {
    let known = File::ALL.map(File::name);
    if known.contains(&name) || FIXED.contains(&name) {
        return None;
    }
    let line = own.text.lines().next().unwrap_or_default().len();
    let message = format!("there is no template `{name}` to take the place of");
    let help = match diagnostic::suggest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are `{}`", known.join("`, `")),
    };
    Some(Diagnostic::new(Code::BadTemplate, own.span.with(0..line), message).help(help))
}

/// A style or a script in which its own element ends: the rest would stand on the page as text.
fn ends_early(name: &str, own: &Override) -> Option<Diagnostic> {
    let end = match Path::new(name).extension()?.to_str()? {
        "css" => "</style",
        "js" => "</script",
        _ => return None,
    };
    let at = own.text.to_ascii_lowercase().find(end)?;
    let message = format!("`{end}` ends what this file is put into, even in a comment or a string");
    let diagnostic = Diagnostic::new(Code::BadTemplate, own.span.with(at..at + end.len()), message);
    Some(diagnostic.help("write `<\\/` in place of `</`, or leave it out"))
}

/// What templates were once given, and what to write now.
const FORMER: [(&str, &str); 2] = [
    (
        "cells",
        "cards come as finished HTML: write `{{{cards}}}` in place of all from `{{#each cells}}` to its `{{/each}}`",
    ),
    (
        "sections",
        "notes come as finished HTML: write `{{{notes}}}` in place of all from `{{#each sections}}` to its `{{/each}}`",
    ),
];

/// What to write in place of what is not there any more: `cells`, `this.cells`.
fn former(reason: &str) -> Option<&'static str> {
    let name = reason.strip_suffix('`')?.rsplit(['`', '.', '/']).next()?;
    FORMER.iter().find(|(former, _)| *former == name).map(|(_, mend)| *mend)
}

fn reason(reason: &RenderErrorReason) -> String {
    if let RenderErrorReason::MissingVariable(Some(name)) = reason {
        format!("there is no `{name}`")
    } else {
        reason.to_string()
    }
}

/// `place` is line and column, both from 1.
fn bad_template(own: &Override, place: Option<(usize, usize)>, action: &str, reason: &impl Display) -> Diagnostic {
    let (line, column) = place.unwrap_or((1, 1));
    let before: usize = own.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = own.text.get(before..).unwrap_or_default();
    let column = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.trim_end().len(), |(at, _)| at);
    let start = before + column;
    let reason = reason.to_string();
    let mut letters = reason.trim_end_matches('.').chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase()).map(String::from).unwrap_or_default();
    let message = format!("cannot {action} this template: {first}{}", letters.as_str());
    Diagnostic::new(Code::BadTemplate, own.span.with(start..start), message)
        .help("compare it with the built-in one of the same name")
}
