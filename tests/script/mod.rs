//! Reads the script of a history: what changes on disk, and what is expected of each build.
//!
//! The format is described at the head of `tests/histories.rs`.

/// A step of a history.
pub(crate) enum Step {
    /// A file gets this text, whether it was there or not.
    Write { path: String, text: String },
    /// Pieces of a file are replaced.
    Edit { path: String, hunks: Vec<Hunk> },
    /// A file or folder gets another path.
    Move { from: String, to: String },
    /// A file or folder goes.
    Delete { path: String },
    /// Notes and lock become what they were before the last build that changed the lock; packages stay.
    Revert,
    /// deckle runs with these words behind its name.
    Run { args: Vec<String>, expectations: Vec<Expectation> },
}

/// Lines that stand in a file once, and those that come in their place.
pub(crate) struct Hunk {
    pub(crate) old: String,
    pub(crate) new: String,
}

/// A line below a run.
pub(crate) struct Expectation {
    pub(crate) verb: String,
    /// The words behind the verb, up to a colon.
    pub(crate) names: Vec<String>,
    /// What stands behind the colon.
    pub(crate) text: Option<String>,
}

/// Reads a script; the prose above its first `===` is for people.
pub(crate) fn read(script: &str) -> Result<Vec<Step>, String> {
    let mut steps: Vec<(&str, String)> = Vec::new();
    for line in script.split_inclusive('\n') {
        if let Some(head) = line.strip_prefix("=== ") {
            steps.push((head.trim(), String::new()));
        } else if let Some((_, body)) = steps.last_mut() {
            body.push_str(line);
        }
    }
    steps.into_iter().map(|(head, body)| step(head, body)).collect()
}

fn step(head: &str, body: String) -> Result<Step, String> {
    let (verb, rest) = head.split_once(' ').unwrap_or((head, ""));
    let wants_none = |step: Step| if body.trim().is_empty() { Ok(step) } else { Err(format!("lines below {head:?}")) };
    match verb {
        "write" => Ok(Step::Write { path: rest.to_owned(), text: body }),
        "edit" => Ok(Step::Edit { path: rest.to_owned(), hunks: hunks(&body)? }),
        "move" => {
            let (from, to) = rest.split_once(" -> ").ok_or("`move` needs OLD -> NEW")?;
            wants_none(Step::Move { from: from.to_owned(), to: to.to_owned() })
        }
        "revert" => wants_none(Step::Revert),
        "delete" => wants_none(Step::Delete { path: rest.to_owned() }),
        "deckle" => Ok(Step::Run {
            args: rest.split_whitespace().map(str::to_owned).collect(),
            expectations: body.lines().filter(|line| !line.trim().is_empty()).map(expectation).collect(),
        }),
        _ => Err(format!("no step is called {verb:?}")),
    }
}

/// As in a patch: `-` goes, `+` comes, a space stays; `@@` stands between two places.
fn hunks(body: &str) -> Result<Vec<Hunk>, String> {
    let mut hunks = vec![Hunk { old: String::new(), new: String::new() }];
    for line in body.trim_end_matches('\n').lines() {
        let hunk = hunks.last_mut().ok_or("a hunk")?;
        let mut put = |is_old: bool, is_new: bool, text: &str| {
            for side in [is_old.then_some(&mut hunk.old), is_new.then_some(&mut hunk.new)].into_iter().flatten() {
                side.push_str(text);
                side.push('\n');
            }
        };
        match (line.strip_prefix('-'), line.strip_prefix('+')) {
            (Some(text), _) => put(true, false, text),
            (_, Some(text)) => put(false, true, text),
            (None, None) if line == "@@" => hunks.push(Hunk { old: String::new(), new: String::new() }),
            (None, None) if line.is_empty() => put(true, true, ""),
            (None, None) => {
                let text = line.strip_prefix(' ').ok_or_else(|| format!("no line of a patch: {line}"))?;
                put(true, true, text);
            }
        }
    }
    Ok(hunks)
}

fn expectation(line: &str) -> Expectation {
    let (head, text) = match line.split_once(": ") {
        Some((head, text)) => (head, Some(text.trim().to_owned())),
        None => (line, None),
    };
    let mut words = head.split_whitespace().map(str::to_owned);
    Expectation { verb: words.next().unwrap_or_default(), names: words.collect(), text }
}
