//! Holds what all connections share: the project, who waits for changes, and the files that were made.
//!
//! Knows nothing of requests.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::body::Bytes;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::pipeline::{Change, Failure, Format, Live, Showing};
use crate::source::Recipe;

/// So many changes wait for a browser that is slow; then it has to ask for all of it.
const WAITING: usize = 64;

/// What all connections share.
#[derive(Debug)]
pub(super) struct Shared {
    live: Mutex<Live>,
    showing: Mutex<Arc<Showing>>,
    waiting: Mutex<Vec<Sender<Bytes>>>,
    outputs: Mutex<[Option<Outputs>; 2]>,
    /// The ports of notes and pages.
    pub(super) ports: [u16; 2],
    /// What a write has to know.
    pub(super) token: String,
    /// The folder that media are in.
    pub(super) media: String,
}

/// What formats made, at a revision.
#[derive(Debug, Clone)]
struct Outputs {
    revision: u64,
    files: Arc<BTreeMap<String, Recipe>>,
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
        let showing = Mutex::new(live.showing());
        Self {
            live: Mutex::new(live),
            showing,
            waiting: Mutex::default(),
            outputs: Mutex::default(),
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
        let before = live.showing();
        let change = live.refresh();
        let now = live.showing();
        *lock(&self.showing) = Arc::clone(&now);
        if change.is_seen(&before) {
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

    /// A file of an output; made where that was not done since the notes changed.
    pub(super) fn output(&self, made: Made, path: &str) -> Result<Option<Recipe>, Failure> {
        let mut outputs = lock(&self.outputs);
        let [print, site] = &mut *outputs;
        let (outputs, formats) = match made {
            Made::Print => (print, &[Format::Print][..]),
            Made::Site => (site, &[Format::Apkg, Format::Print, Format::Book, Format::Site][..]),
        };
        let revision = self.showing().revision;
        if outputs.as_ref().is_none_or(|outputs| outputs.revision != revision) {
            let files = Arc::new(lock(&self.live).outputs(formats)?);
            *outputs = Some(Outputs { revision, files });
        }
        Ok(outputs.as_ref().and_then(|outputs| outputs.files.get(path).cloned()))
    }

    /// Mends a problem of this state; `None` where it is not the state any more, or has no such problem.
    pub(super) fn mend(&self, id: &str, revision: u64) -> Option<Result<bool, Failure>> {
        let live = lock(&self.live);
        let showing = live.showing();
        let problem = showing.problems.iter().find(|problem| problem.id == id && problem.fix.is_some());
        problem.filter(|_| showing.revision == revision).map(|problem| live.mend(problem))
    }
}

/// What panicked while it held a lock has left nothing half-done: each holds one value, which is put in its place whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
