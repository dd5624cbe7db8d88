//! Keeps a short list once that many notes have: their tags, the headings above them.
//!
//! Does not know what is in it.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

/// A list whose clone is the same list. To change it, make another one.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Shared<T>(Arc<[T]>);

impl<T: Clone + PartialEq> Shared<T> {
    /// These elements: the list that is there if it has them, else a new one.
    pub fn or_new(known: Option<&Self>, elements: &[T]) -> Self {
        known.filter(|known| ***known == *elements).cloned().unwrap_or_else(|| Self(elements.into()))
    }
}

impl<T> Deref for Shared<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> From<Vec<T>> for Shared<T> {
    fn from(elements: Vec<T>) -> Self {
        Self(elements.into())
    }
}

impl<'a, T> IntoIterator for &'a Shared<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

/// As of any list.
impl<T: JsonSchema> JsonSchema for Shared<T> {
    fn inline_schema() -> bool {
        <[T]>::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        <[T]>::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        <[T]>::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        <[T]>::json_schema(generator)
    }
}
