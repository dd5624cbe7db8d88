//! Counts how much code looks at, for tests that hold it to a bound: a clock would tell of the machine, too.
//!
//! Outside tests nothing is counted.

#[cfg(test)]
pub use self::tally::taken_by;

/// Counts so many steps of this thread, and gives their number: how many bytes were looked at, say.
#[inline]
#[cfg_attr(not(test), expect(clippy::missing_const_for_fn, reason = "it is none in tests"))]
pub fn counted(steps: usize) -> usize {
    #[cfg(test)]
    tally::add(steps);
    steps
}

#[cfg(test)]
mod tally {
    use std::cell::Cell;

    thread_local! {
        static TAKEN: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn add(steps: usize) {
        TAKEN.set(TAKEN.get() + steps);
    }

    /// How many steps this thread takes for something.
    pub fn taken_by<T>(work: impl FnOnce() -> T) -> (usize, T) {
        let before = TAKEN.get();
        let made = work();
        (TAKEN.get() - before, made)
    }
}
