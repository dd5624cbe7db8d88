//! Turns the signals that end a program into a word that it can heed, so that it takes along what it started.
//!
//! Knows nothing of what that is.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::SigId;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

/// As long as it is there, Ctrl-C and the like end nothing but what asks whether they came; then they end the program, as
/// they would have.
#[derive(Debug)]
pub struct Interrupts {
    signal: Arc<AtomicUsize>,
    registered: Vec<SigId>,
}

/// A terminal that is closed ends its programs by a signal of its own.
const SIGNALS: &[i32] = &[
    SIGINT,
    SIGTERM,
    #[cfg(unix)]
    signal_hook::consts::SIGHUP,
];

impl Interrupts {
    /// Heeds them from now on.
    ///
    /// # Errors
    /// The system does not let them be heeded.
    pub fn heed() -> io::Result<Self> {
        let signal = Arc::new(AtomicUsize::new(0));
        let mut interrupts = Self { signal, registered: Vec::new() };
        for &number in SIGNALS {
            let value = usize::try_from(number).unwrap_or_default();
            let id = flag::register_usize(number, Arc::clone(&interrupts.signal), value)?;
            interrupts.registered.push(id);
        }
        Ok(interrupts)
    }

    /// Whether one came.
    pub fn came(&self) -> bool {
        self.signal.load(Ordering::Relaxed) != 0
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        let signal = self.signal.load(Ordering::Relaxed);
        if let Some(signal) = i32::try_from(signal).ok().filter(|signal| *signal != 0) {
            // It ends the program.
            let _ = low_level::emulate_default_handler(signal);
        }
        for id in self.registered.drain(..) {
            low_level::unregister(id);
        }
    }
}
