//! Turns a compilation into what an edit must not make worse: who the notes are, and what is left out.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Severity;
use crate::ir::{Guid, MediaIndex, digest};
use crate::pipeline::Compiled;
use crate::source::SourceId;

/// What counts of a compilation, for each source by its path: sources are numbered anew each time.
pub(super) struct Judged {
    sources: BTreeMap<String, Stand>,
    /// Whether notes have GUIDs; they have none where there are errors.
    has_identity: bool,
}

/// How a file stands.
#[derive(Default)]
struct Stand {
    losses: Losses,
    /// What is built: the notes' fields as a hash, and who they are.
    notes: BTreeSet<(u64, Guid)>,
}

/// What a file costs, the worst first.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Losses {
    errors: usize,
    /// Whether it yields nothing, because it is left out or no deck is in effect.
    is_unread: bool,
    notes: usize,
}

impl Judged {
    /// Looks at all notes.
    pub(super) fn new(compiled: &Compiled) -> Self {
        let Compiled { sources, collection, left_out, diagnostics, plan, .. } = compiled;
        let path = |id: SourceId| sources.get(id).path.clone();
        let stands = sources.iter().map(|(_, source)| (source.path.clone(), Stand::default()));
        let mut stands: BTreeMap<String, Stand> = stands.collect();
        let chapters: BTreeSet<&str> = collection.chapters.iter().map(|chapter| chapter.path.as_str()).collect();
        for file in &plan.notes {
            let is_unread = !chapters.contains(file.chapter.as_str());
            stands.entry(path(file.source)).or_default().losses.is_unread = is_unread;
        }
        for note in &left_out.notes {
            stands.entry(path(note.span.source)).or_default().losses.notes += 1;
        }
        for found in diagnostics.iter().filter(|found| found.severity() == Severity::Error) {
            stands.entry(path(found.span.source)).or_default().losses.errors += 1;
        }
        let media: MediaIndex<'_> = collection.media.iter().map(|media| (media.path.as_str(), media)).collect();
        let mut buffer = Vec::new();
        for note in &collection.notes {
            let fields = digest(note, &media, collection.link_addresses(), &mut buffer);
            stands.entry(path(note.span.source)).or_default().notes.insert((fields, note.guid.clone()));
        }
        Self { sources: stands, has_identity: compiled.identity.is_some() }
    }

    /// Whether all is as good as it was: no file costs more, no note has become another one, and none was made of text. One whose fields changed is still
    /// there, in its file; one whose fields did not is who it was.
    pub(super) fn is_no_worse_than(&self, before: &Self) -> bool {
        let new = Stand::default();
        self.sources.iter().all(|(path, now)| {
            let then = before.sources.get(path).unwrap_or(&new);
            let may_tell = before.has_identity && self.has_identity;
            now.losses <= then.losses && (!may_tell || (now.keeps(then) && !now.bears_more_than(then)))
        }) && before.sources.keys().all(|path| self.sources.contains_key(path))
    }
}

impl Stand {
    /// Whether notes are there that were not, more than had been left out: what was text has become a question.
    fn bears_more_than(&self, then: &Self) -> bool {
        let known: BTreeSet<&Guid> = then.notes.iter().map(|(_, guid)| guid).collect();
        let born = self.notes.iter().filter(|(_, guid)| !known.contains(guid)).count();
        !then.losses.is_unread && born > then.losses.notes.saturating_sub(self.losses.notes)
    }

    fn keeps(&self, then: &Self) -> bool {
        let guids: BTreeSet<&Guid> = self.notes.iter().map(|(_, guid)| guid).collect();
        let fields: BTreeSet<u64> = self.notes.iter().map(|(fields, _)| *fields).collect();
        then.notes.iter().all(|note| {
            let (before, guid) = note;
            self.notes.contains(note) || (guids.contains(guid) && !fields.contains(before))
        })
    }
}
