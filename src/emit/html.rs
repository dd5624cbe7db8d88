//! Content as HTML.
