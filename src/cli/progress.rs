//! Turns the pipeline's steps into a bar on the terminal, for work that takes over half a second.

use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::Output;
use crate::files;
use crate::pipeline::Step;

/// Work that takes less is done before a bar is read.
const PATIENCE: f64 = 0.5;

/// A bar that shows itself only when it has to.
pub(super) struct Bar {
    line: ProgressBar,
    elapsed: Box<dyn Fn() -> f64 + Send + Sync>,
    /// Whether the bar may still become visible.
    waits: Mutex<bool>,
}

impl Bar {
    /// A bar that waits; where it would be in the way it stays hidden.
    pub(super) fn new(is_wanted: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{msg:>9} [{bar:30}] {pos}/{len}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { line: bar, elapsed: Box::new(files::timer()), waits: Mutex::new(is_wanted && Output::has_terminal()) }
    }

    /// Takes a step of the pipeline.
    pub(super) fn step(&self, step: Step) {
        match step {
            Step::Files(count) => {
                self.line.set_length(2 * count as u64);
                self.line.set_message("reading");
            }
            Step::File | Step::Page => self.line.inc(1),
            Step::Emit => self.line.set_message("packing"),
            Step::Write => self.line.set_message("writing"),
            Step::Pages(count) => {
                self.line.set_length(count as u64);
                self.line.set_position(0);
                self.line.set_message("printing");
            }
            Step::Still => {}
        }
        self.show_when_due();
    }

    /// Takes the bar away, so that text can follow.
    pub(super) fn clear(&self) {
        self.line.finish_and_clear();
    }

    /// Seconds since it was made.
    pub(super) fn elapsed(&self) -> f64 {
        (self.elapsed)()
    }

    fn show_when_due(&self) {
        // Another thread that holds the lock does the same.
        let Ok(mut waits) = self.waits.try_lock() else { return };
        if *waits && self.elapsed() > PATIENCE {
            *waits = false;
            self.line.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}
