//! Turns ids that authors give into ids that no page, program or script has of its own: Anki, mdBook, study mode and the
//! pages themselves find their parts by id, and so does the `window` of a browser.

use std::borrow::Cow;

/// Stands before the ids of authors.
const PREFIX: &str = "user-content-";

/// An id as it stands in an output. What has become one stays.
pub fn own_id(id: &str) -> Cow<'_, str> {
    if id.starts_with(PREFIX) { Cow::Borrowed(id) } else { Cow::Owned(format!("{PREFIX}{id}")) }
}

/// Several ids, parted by white space.
pub fn own_ids(ids: &str) -> String {
    ids.split_whitespace().map(own_id).collect::<Vec<_>>().join(" ")
}

/// An address within a page whose ids are [own](own_id); other addresses stay.
pub fn own_fragment(address: &str) -> Cow<'_, str> {
    match address.trim().strip_prefix('#') {
        Some(id) if !id.is_empty() => Cow::Owned(format!("#{}", own_id(id))),
        Some(_) | None => Cow::Borrowed(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_what_names_them_are_told_from_others_once() {
        let own = own_id("answer");
        assert_eq!((own.as_ref(), own_id(&own)), ("user-content-answer", own.clone()));
        assert_eq!(own_ids(" a  b "), "user-content-a user-content-b");
        assert_eq!(own_fragment("#a"), "#user-content-a");
        assert_eq!((own_fragment("#"), own_fragment("a#b")), ("#".into(), "a#b".into()));
    }
}
