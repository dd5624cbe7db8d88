//! Turns the collection into the study site.
//!
//! [`pages`] says which page holds what, [`book`] writes them.

pub mod book;
pub mod pages;
