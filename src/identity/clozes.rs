//! Keeps the numbers of deletions stable.
pub(super) fn is_readable(_: &str) -> bool {
    true
}
