//! Turns printed pages that lie on the disk into PDFs beside them, by a browser.
//!
//! A PDF says in itself of which page it was printed, so that it is printed again where that is another one, and where it is
//! gone. No two PDFs of one page are the same bytes: a browser dates them. Knows no format.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::output::Output;
use super::{Compiled, Progress, Step};
use crate::Error;
use crate::artifact::{self, Artifact};
use crate::files::{self, Browser, Interrupts, Outcome, PrintedPage};
use crate::print;

/// Why pages have no PDF, or an older one.
#[derive(Debug)]
pub enum Unprinted {
    /// No browser is installed. The first of the pages, to be printed by hand.
    NoBrowser(PathBuf),
    /// The browser failed.
    Failed {
        /// At these, in the order of their pages.
        errors: Vec<Error>,
        /// So many pages were not tried, for it failed at the first ones.
        untried: usize,
    },
}

/// The PDFs of a build.
#[derive(Debug, Default)]
pub(super) struct Printed {
    /// Those that are there, each with the hash of its bytes.
    pub(super) outputs: Vec<(Output, u128)>,
    /// Why there are no others.
    pub(super) unprinted: Option<Unprinted>,
}

/// The PDFs that a build speaks of, relative to the output folder with `/` between the parts: those that are wanted, and
/// others that are there and were printed of what their page is still. What else a list names of them is stale.
///
/// # Errors
/// A file that goes into a page was changed, or cannot be read.
pub(super) fn spoken_of(compiled: &Compiled) -> Result<Vec<String>, Error> {
    let (out, pictures) = (&compiled.plan.out, pictures(compiled));
    let mut all = Vec::new();
    for page in compiled.artifacts.iter().filter(|made| is_page(made)) {
        let path = pdf_of(&page.path);
        let is_current = || match files::pdf_mark(&out.join(&path)) {
            Some(mark) => Ok(files::held(&out.join(&page.path), &page.recipe)?
                .is_some_and(|hash| mark == printed_of(hash, &pictures))),
            None => Ok(false),
        };
        if page.pdf || is_current()? {
            all.push(artifact::slashed(&path));
        }
    }
    Ok(all)
}

/// The first of the PDFs that are wanted in whose place there is a file that is none of deckle's; `known` is what the list of
/// earlier builds names.
pub(super) fn foreign(compiled: &Compiled, known: &BTreeSet<String>) -> Option<PathBuf> {
    let paths = compiled.artifacts.iter().filter(|made| made.pdf).map(|page| pdf_of(&page.path));
    let mut strange = paths.filter(|path| !known.contains(&artifact::slashed(path)));
    let out = &compiled.plan.out;
    strange
        .find(|path| files::is_there(&out.join(path)) && files::pdf_mark(&out.join(path)).is_none())
        .map(|path| out.join(path))
}

/// Prints the pages for which it is wanted, and that lie there with bytes of these hashes, one for each artifact; those of
/// which there is a PDF already are not printed again.
///
/// # Errors
/// The system lets nobody heed signals.
pub(super) fn print(
    compiled: &Compiled,
    hashes: &[u128],
    browser: Option<&Path>,
    progress: &Progress<'_>,
) -> Result<Printed, Error> {
    let (out, pictures) = (&compiled.plan.out, pictures(compiled));
    let pages = compiled.artifacts.iter().zip(hashes).filter(|(made, _)| made.pdf);
    let pages: Vec<Page> = pages.map(|(made, hash)| Page::new(out, made, printed_of(*hash, &pictures))).collect();
    let missing: Vec<&Page> = pages.iter().filter(|page| page.there.is_none()).collect();
    let (mut made, mut unprinted) = (HashMap::new(), None);
    if let Some(first) = missing.first() {
        match Browser::find(browser) {
            Ok(Some(browser)) => (made, unprinted) = print_all(&browser, &missing, progress)?,
            Ok(None) => unprinted = Some(Unprinted::NoBrowser(first.path.clone())),
            Err(error) => unprinted = Some(Unprinted::Failed { errors: vec![error], untried: missing.len() }),
        }
    }
    let output = |page: &Page| {
        let anew = made.get(&page.pdf).map(|printed| (Outcome::Written, printed));
        let (outcome, printed) = anew.or(page.there.as_ref().map(|printed| (Outcome::Unchanged, printed)))?;
        Some((Output::new(out, page.pdf.clone(), outcome, printed.size), printed.hash))
    };
    Ok(Printed { outputs: pages.iter().filter_map(output).collect(), unprinted })
}

/// A page that is to have a PDF.
struct Page {
    path: PathBuf,
    pdf: PathBuf,
    /// What it is printed of.
    mark: String,
    /// Its PDF, where there is one already.
    there: Option<PrintedPage>,
}

impl Page {
    fn new(out: &Path, made: &Artifact, mark: String) -> Self {
        let pdf = out.join(pdf_of(&made.path));
        let there = files::pdf_mark(&pdf).filter(|known| *known == mark).and_then(|_| PrintedPage::of(&pdf).ok());
        Self { path: out.join(&made.path), pdf, mark, there }
    }
}

/// Prints pages, as many at a time as there are processors. One that fails does not keep others from it, but where the first
/// ones all fail, so would the rest.
fn print_all(
    browser: &Browser,
    pages: &[&Page],
    progress: &Progress<'_>,
) -> Result<(HashMap<PathBuf, PrintedPage>, Option<Unprinted>), Error> {
    let interrupts = Interrupts::heed().map_err(|cause| Error::new("cannot heed", "signals", cause))?;
    progress(Step::Pages(pages.len()));
    let (done, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let print = |page: &&Page| {
        if interrupts.came() || (failed.load(Ordering::Relaxed) >= MOST_IN_VAIN && done.load(Ordering::Relaxed) == 0) {
            return None;
        }
        let patience = patience(files::length(&page.path));
        let printed =
            browser.print(&page.path, &page.pdf, &page.mark, patience, &interrupts, &|| progress(Step::Still));
        let counter = if printed.is_ok() { &done } else { &failed };
        counter.fetch_add(1, Ordering::Relaxed);
        progress(Step::Page);
        Some(printed.map(|printed| (page.pdf.clone(), printed)))
    };
    let results: Vec<_> = pages.par_iter().with_max_len(1).map(print).collect();
    let untried = results.iter().filter(|result| result.is_none()).count();
    let (mut made, mut errors) = (HashMap::new(), Vec::new());
    for result in results.into_iter().flatten() {
        match result {
            Ok((pdf, printed)) => drop(made.insert(pdf, printed)),
            Err(error) => errors.push(error),
        }
    }
    let unprinted = (!errors.is_empty()).then_some(Unprinted::Failed { errors, untried });
    Ok((made, unprinted))
}

/// After so many pages that fail, and none that does not, no more are tried.
const MOST_IN_VAIN: usize = 2;

/// How long a page of so many bytes may take: one of a thousand cards has a megabyte and takes some seconds where nothing
/// else goes on, and a machine may have much else to do.
fn patience(bytes: u64) -> Duration {
    Duration::from_secs(120 + bytes / 15_000)
}

/// What a page is printed of, as a line: its bytes, and the pictures that lie beside it.
fn printed_of(page: u128, pictures: &str) -> String {
    format!("{:032x}", xxh3_128(format!("{page:032x} {pictures}").as_bytes()))
}

/// All pictures that lie beside pages. A page has only some of them; who has so many that they lie there changes them less
/// often than notes.
fn pictures(compiled: &Compiled) -> String {
    let beside = Path::new(print::FOLDER).join(print::IMAGES);
    if !compiled.artifacts.iter().any(|made| made.path.starts_with(&beside)) {
        return String::new();
    }
    let lines =
        compiled.collection.media.iter().flat_map(|media| [media.name.as_str(), " ", media.sha256.as_str(), "\n"]);
    lines.collect()
}

fn is_page(made: &Artifact) -> bool {
    made.path.starts_with(print::FOLDER) && made.path.extension().is_some_and(|end| end == "html")
}

fn pdf_of(page: &Path) -> PathBuf {
    page.with_extension("pdf")
}
