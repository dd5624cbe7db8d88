//! Shows a project in a browser while it is written: a page of its cards, the printed pages and the site, over HTTP on this
//! machine alone.
//!
//! Is handed its listeners, and asks [`Live`] for all that it shows; knows no format. The only room that is asynchronous:
//! many connections wait for the next change at once.
//!
//! Printed pages and the site may run scripts of their own. They have another port, so that to a browser they are another
//! origin, which reads neither notes nor the token that a mend asks for.

mod answer;
mod body;
mod guard;
mod routes;
mod shared;

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};

use self::routes::Room;
use self::shared::Shared;
use crate::Error;
use crate::pipeline::{Change, Failure, Live, Showing};

/// More browsers than a person has wait at the door.
const MOST_CONNECTIONS: usize = 200;

/// So many answers are made at once.
const MOST_WORKERS: usize = 8;

/// So long may a browser take to ask.
const PATIENCE: Duration = Duration::from_secs(10);

/// A project that is shown.
#[derive(Debug)]
pub struct Server {
    shared: Arc<Shared>,
}

impl Server {
    /// Shows a project: its notes on one listener, its pages on the other. `secrets` are two texts that nobody can guess.
    /// It goes on until the program ends.
    ///
    /// # Errors
    /// The system gives no thread, or takes a listener away.
    pub fn start(live: Live, [notes, pages]: [TcpListener; 2], secrets: [String; 2]) -> Result<Self, Error> {
        let failed = |cause| Error::new("cannot serve", "on this machine", cause);
        let port = |listener: &TcpListener| listener.local_addr().map(|address| address.port()).map_err(failed);
        let ports = [port(&notes)?, port(&pages)?];
        for listener in [&notes, &pages] {
            listener.set_nonblocking(true).map_err(failed)?;
        }
        let shared = Arc::new(Shared::new(live, ports, secrets));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .max_blocking_threads(MOST_WORKERS)
            .build()
            .map_err(failed)?;
        let served = Arc::clone(&shared);
        let serve = move || {
            runtime.block_on(async {
                tokio::spawn(accept(pages, Room::Pages, Arc::clone(&served)));
                accept(notes, Room::Notes, served).await;
            });
        };
        std::thread::Builder::new().name("serve".to_owned()).spawn(serve).map_err(failed)?;
        Ok(Self { shared })
    }

    /// Looks at the disk again, and tells all who look on. Gives what is shown now, and what of it is other than before.
    pub fn refresh(&self) -> (Arc<Showing>, Change) {
        self.shared.refresh()
    }

    /// The request's paths and settings, for who watches them.
    ///
    /// # Errors
    /// As for [`crate::pipeline::watched`].
    pub fn watched(&self) -> Result<(Vec<std::path::PathBuf>, Vec<std::path::PathBuf>), Failure> {
        self.shared.watched()
    }
}

/// Takes in who comes.
async fn accept(listener: TcpListener, room: Room, shared: Arc<Shared>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let there = Arc::new(AtomicUsize::new(0));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // As many files are open as may be.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let guest = Guest::new(&there);
        if guest.is_too_many() {
            continue;
        }
        let _ = stream.set_nodelay(true);
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let answer = service_fn(move |request| routes::answer(request, room, Arc::clone(&shared)));
            let mut door = http1::Builder::new();
            door.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(32 << 10);
            // Whoever hangs up is no mistake.
            let _ = door.serve_connection(TokioIo::new(stream), answer).await;
            drop(guest);
        });
    }
}

/// Somebody who is there.
struct Guest {
    there: Arc<AtomicUsize>,
}

impl Guest {
    fn new(there: &Arc<AtomicUsize>) -> Self {
        there.fetch_add(1, Ordering::Relaxed);
        Self { there: Arc::clone(there) }
    }

    fn is_too_many(&self) -> bool {
        self.there.load(Ordering::Relaxed) > MOST_CONNECTIONS
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.there.fetch_sub(1, Ordering::Relaxed);
    }
}
