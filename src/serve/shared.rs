//! Holds what all connections share: the project, who waits for changes, and the files that were made.
//!
//! Knows nothing of requests.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::body::Bytes;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::pipeline::{Change, Failure, Format, Live, Mended, Outputs, Request, Showing, mend};
use crate::source::Recipe;

/// So many changes wait for a browser that is slow; then it has to ask for all of it.
const WAITING: usize = 64;

/// What all connections share.
#[derive(Debug)]
pub(super) struct Shared {
    live: Mutex<Live>,
    request: Request,
    showing: Mutex<Arc<Showing>>,
    waiting: Mutex<Vec<Sender<Bytes>>>,
    outputs: [Mutex<Outputs>; 2],
    /// Who makes a page to print, or a page of the site: one after the other, so that threads are left for all else.
    pub(super) turn: tokio::sync::Mutex<()>,
    /// The ports of notes and pages.
    pub(super) ports: [u16; 2],
    /// What a write has to know.
    pub(super) token: String,
    /// The folder that media are in.
    pub(super) media: String,
}

/// Which files are made together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    /// Pages to print.
    Print,
    /// The site, and what it has to download.
    Site,
}

impl Shared {
    pub(super) fn new(live: Live, ports: [u16; 2], [token, media]: [String; 2]) -> Self {
        let (showing, request) = (Mutex::new(live.showing()), live.request().clone());
        let site = [Format::Apkg, Format::Print, Format::Book, Format::Site];
        Self {
            live: Mutex::new(live),
            request,
            showing,
            waiting: Mutex::default(),
            outputs: [&[Format::Print][..], &site].map(|formats| Mutex::new(Outputs::new(formats))),
            turn: tokio::sync::Mutex::default(),
            ports,
            token,
            media: format!("/media/{media}/"),
        }
    }

    pub(super) fn showing(&self) -> Arc<Showing> {
        Arc::clone(&lock(&self.showing))
    }

    pub(super) fn refresh(&self) -> (Arc<Showing>, Change) {
        let mut live = lock(&self.live);
        let change = live.refresh();
        let now = live.showing();
        *lock(&self.showing) = Arc::clone(&now);
        if change.is_seen {
            let json = serde_json::to_string(&change).unwrap_or_default();
            let event = Bytes::from(format!("event: change\ndata: {json}\n\n"));
            // Who is gone, or does not keep up, has to come again.
            lock(&self.waiting).retain(|waiting| waiting.try_send(event.clone()).is_ok());
        }
        (now, change)
    }

    pub(super) fn watched(&self) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Failure> {
        lock(&self.live).watched()
    }

    /// Changes as they come.
    pub(super) fn changes(&self) -> Receiver<Bytes> {
        let (send, receive) = channel(WAITING);
        // So that a browser knows at once that it is heard.
        let _ = send.try_send(Bytes::from_static(b"retry: 1000\n\n"));
        let mut waiting = lock(&self.waiting);
        waiting.retain(|waiting| !waiting.is_closed());
        waiting.push(send);
        receive
    }

    /// A file of an output, as the notes that are shown make it.
    pub(super) fn output(&self, made: Made, path: &str) -> Result<Option<Recipe>, Failure> {
        let [print, site] = &self.outputs;
        let outputs = match made {
            Made::Print => print,
            Made::Site => site,
        };
        lock(outputs).file(&self.showing(), path)
    }

    /// Mends a problem of this state; `None` where it is not the state any more, or has no such problem.
    pub(super) fn mend(&self, id: &str, revision: u64) -> Option<Result<Mended, Failure>> {
        let showing = self.showing();
        let problem = showing.problems.iter().find(|problem| problem.id == id && problem.fix.is_some());
        problem.filter(|_| showing.revision == revision).map(|problem| mend(&self.request, problem))
    }
}

/// What panicked while it held a lock: the next compilation puts all in its place, and what is kept is known by what it is
/// made of.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
