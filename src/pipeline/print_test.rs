//! Turns the options of a project, where there is one, into a sheet on the disk that shows what a printer does to them.
//!
//! Knows no format; what is on the sheet is up to [`crate::print`].

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Failure;
use super::output::Output;
use crate::Error;
use crate::config::print::{PrintLayer, PrintOptions};
use crate::files::{self, Browser, Interrupts, NewFile, World};
use crate::print;

/// A sheet that is asked for.
#[derive(Debug)]
pub struct PrintTest {
    /// The folder that paths are relative to; the project is looked for from here upwards.
    pub start: PathBuf,
    /// Where the page goes: a file, or a folder for one of the usual name.
    pub page: PathBuf,
    /// Options that go above the project's.
    pub print: PrintLayer,
}

/// The page's name in a folder that is named.
const NAME: &str = "print-test.html";

/// A browser takes less for two pages.
const PATIENCE: Duration = Duration::from_mins(2);

/// Writes the sheet as a page.
///
/// # Errors
/// The page cannot be written, or something else lies in its place.
pub fn print_test(world: &World, test: &PrintTest) -> Result<Output, Failure> {
    let root = world.find_project(&files::absolute(&test.start)?);
    // What is wrong with settings a build says.
    let project = root.and_then(|root| super::memory::project(world, &root).ok());
    let options = project.map_or_else(PrintOptions::default, |project| PrintOptions::default().with(&project.print));
    let mut path = test.start.join(&test.page);
    if world.is_folder(&path).unwrap_or_default() {
        path.push(NAME);
    }
    let mark = print::CALIBRATION_MARK;
    if files::is_there(&path) && !files::beginning(&path, mark.len() as u64).starts_with(mark) {
        return Err(Error::new("cannot write", path, "deckle did not make it; name another file with `-o FILE`").into());
    }
    let written = files::write_all(&[NewFile::new(path.clone(), print::calibration(&options.with(&test.print)))])?;
    let (outcome, size) = written.first().copied().unwrap_or((files::Outcome::Unchanged, 0));
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    Ok(Output::new(&folder, path, outcome, size))
}

/// Prints the page into a PDF beside it; `None` where there is no browser.
///
/// # Errors
/// The browser fails, or something else lies in the PDF's place.
pub fn print_test_pdf(page: &Output, browser: Option<&Path>) -> Result<Option<Output>, Failure> {
    let pdf = page.path.with_extension("pdf");
    if files::is_there(&pdf) && files::pdf_mark(&pdf).is_none() {
        return Err(Error::new("cannot write", pdf, "deckle did not make it; name another file with `-o FILE`").into());
    }
    let Some(browser) = Browser::find(browser)? else { return Ok(None) };
    let interrupts = Interrupts::heed().map_err(|cause| Error::new("cannot heed", "signals", cause))?;
    let printed = browser.print(&page.path, &pdf, "print-test", PATIENCE, &interrupts, &|| {})?;
    let folder = pdf.parent().unwrap_or(Path::new("")).to_owned();
    Ok(Some(Output::new(&folder, pdf, files::Outcome::Written, printed.size)))
}
