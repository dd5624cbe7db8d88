//! The languages that the scanner reads, and what is marked up with others inside.

mod braces;
mod data;
mod functional;
mod older;
mod scripts;

pub(super) use braces::*;
pub(super) use data::*;
pub(super) use functional::*;
pub(super) use older::*;
pub(super) use scripts::*;

use super::Class;
use super::language::{Comment, Escape, Hole, Quote};

const DOUBLE: Quote = Quote::new("\"");
const SINGLE: Quote = Quote::new("'");
/// With what `printf` and its like take.
const FORMAT: Quote = DOUBLE.holes(&[Hole::Format]);
const DOUBLED: Quote = DOUBLE.escaped(Escape::Doubled);
const SINGLE_DOUBLED: Quote = SINGLE.escaped(Escape::Doubled);
/// `'x'`, or a name behind a `'`.
const CHARACTER: Quote = SINGLE.character();

const SLASHES: &[Comment] = &[Comment::Line("//"), Comment::Block("/*", "*/")];
const NESTED_SLASHES: &[Comment] = &[Comment::Line("//"), Comment::Nested("/*", "*/")];
const HASH: &[Comment] = &[Comment::Line("#")];

const MARKS: &[u8] = b"+-*/%=<>!&|^~?:";
/// Without the colon that stands between a name and its type.
const NO_COLON: &[u8] = b"+-*/%=<>!&|^~?";
