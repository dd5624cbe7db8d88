//! Turns a request into the folders where a change may be one of what it gives.

use std::path::PathBuf;

use super::gathered;
use super::{Failure, Request};
use crate::files::World;

/// The folders that a build reads from, and what it writes: the output folder and the lock, which are no sources.
///
/// # Errors
/// As for [`compile`](super::compile).
pub fn watched(world: &World, request: &Request) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Failure> {
    let plan = gathered::gather(world, request, &|_| {})?.plan;
    let project = (!plan.is_loose).then(|| plan.root.clone());
    let folders = project.into_iter().chain(plan.bounds.folders().map(PathBuf::from)).collect();
    Ok((folders, vec![plan.out, plan.lock.path]))
}
