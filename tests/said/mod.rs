//! Turns a run of the program into text that can be compared to the letter.

use std::fmt::Write;
use std::process::Output;

/// Status, stdout and stderr; times and sizes are taken out.
pub(crate) fn said(output: Output) -> String {
    let mut said = format!("status {}\n", output.status.code().unwrap());
    for (name, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
        if !bytes.is_empty() {
            write!(said, "--- {name}\n{}", String::from_utf8(bytes).unwrap()).unwrap();
        }
    }
    said.lines().map(without_figures).collect::<Vec<_>>().join("\n") + "\n"
}

fn without_figures(line: &str) -> String {
    if let (true, Some((before, _))) = (line.starts_with("Built "), line.rsplit_once(" in ")) {
        return format!("{before} in T s");
    }
    match line.rsplit_once(" (") {
        Some((before, size)) if line.starts_with("  ") && size.ends_with("B)") => format!("{before} (N)"),
        Some(_) | None => line.to_owned(),
    }
}
