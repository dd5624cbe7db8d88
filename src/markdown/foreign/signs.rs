//! Finds other tools' markup in a line of text: where it is, what it is, and what to write instead.
//!
//! Knows no content. What it names is never read, and prose hardly ever holds it by chance.

use std::ops::Range;

use crate::text::bytes::holds_any;

/// A text within a line.
#[derive(Debug, Clone, Copy)]
pub(in crate::markdown) struct Line<'a> {
    pub text: &'a str,
    /// Whether it starts the line; else emphasis, code, a link or a picture stands right before it.
    pub starts: bool,
    /// Whether it ends the line.
    pub ends: bool,
    /// Whether it ends the block.
    pub is_last: bool,
}

/// Markup that is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::markdown) struct Sign {
    /// Where it is in the text.
    pub range: Range<usize>,
    /// What happens to it.
    pub what: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

/// Whether a text may hold any; most hold none.
pub(in crate::markdown) fn may_hold(text: &str) -> bool {
    holds_any(text, *br":{%#^![(=?\<+|@") || matches!(text.trim(), "START" | "END") || text.starts_with("FILE TAGS")
}

/// What is found in a line, each kind once.
pub(in crate::markdown) fn find(line: &Line<'_>) -> Vec<Sign> {
    let whole = if line.starts { at_start(line) } else { None };
    if let Some((what, help)) = whole {
        let start = line.text.len() - line.text.trim_start().len();
        return vec![Sign { range: start..line.text.trim_end().len(), what, help }];
    }
    // Each is looked for only where its signs are: most texts hold none of them.
    let has = |signs: &[u8]| signs.iter().all(|sign| line.text.as_bytes().contains(sign));
    let kinds = [
        if has(b"{") || has(b"<%") { templates(line.text) } else { None },
        if has(b"(") || has(b"{") { blocks_of_logseq(line.text) } else { None },
        if has(b":") { fields(line).or_else(|| emoji(line.text)) } else { None },
        if has(b"+") || has(b"|") { marked(line.text) } else { None },
        if has(b"[^") { notes(line.text) } else { None },
        if has(b"![") { pictures(line.text) } else { None },
        if has(b"[") || has(b"<") { of_anki(line.text) } else { None },
        if has(b"{}") { attributes(line) } else { None },
    ];
    kinds.into_iter().flatten().collect()
}

/// What a line starts with that is markup as a whole.
fn at_start(line: &Line<'_>) -> Option<(&'static str, &'static str)> {
    let text = line.text.trim();
    if let Some(found) = box_of(text) {
        return Some(found);
    }
    if text.starts_with("@import \"") || text.starts_with("@include ") {
        return Some(("another file is not put here", "write the text here that is to be seen"));
    }
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let is_alone = line.ends;
    let key = word.strip_suffix("::").filter(|key| is_word(key) && !key.contains([':', '.']));
    if key.is_some() && (!rest.trim().is_empty() || is_alone) {
        return Some(("a property is read as text", "take it out, or write it as a sentence"));
    }
    if matches!(word, "sr-due:" | "sr-interval:" | "sr-ease:") {
        return Some(("the schedule of another tool is read as text", "take it out: Anki keeps its own"));
    }
    if (word == "ID:" && is_number_of_note(rest)) || word.strip_prefix("ID:").is_some_and(is_number_of_note) {
        return Some(("the number of a note in another tool is read as text", "write it as a comment: `<!--ID: …-->`"));
    }
    let is_setting =
        ["TARGET DECK", "FILE TAGS", "FROZEN - ", "(cards-deck:"].iter().any(|start| text.starts_with(start));
    if is_setting {
        return Some(("a setting of another tool is read as text", "write `deck:` and `tags:` in the front matter"));
    }
    if !is_alone || !text.starts_with(['[', '{', '\\', ':', '%']) {
        return None;
    }
    match text.to_ascii_lowercase().as_str() {
        "[toc]" | "[[toc]]" | "[[_toc_]]" | "{:toc}" => Some(("a table of contents is read as text", "take it out")),
        "\\newpage" | "\\pagebreak" | "\\tableofcontents" | "\\clearpage" => {
            Some(("a command of LaTeX is read as text", "take it out: cards have no pages"))
        }
        "%" => Some((
            "a line of `%` is read as text",
            "where it parts front and back, say so: `syntax-options: {headings: {back: \"%\"}}`, or `{slides: {pause: \"%\"}}`",
        )),
        ":logbook:" | ":properties:" | ":end:" => Some(("a drawer is read as text", "take it out")),
        _ if text.starts_with("%%") => {
            Some(("a remark that is never closed", "close it with `%%`, or write `<!-- … -->`"))
        }
        _ => None,
    }
}

/// Boxes, tabs and containers.
fn box_of(text: &str) -> Option<(&'static str, &'static str)> {
    const HELP: &str = "write a box as a quote that starts with `[!NOTE]`, `[!TIP]` or `[!WARNING]`";
    // Of its two ends the one that says more.
    if text.starts_with(":::") && !text.trim_start_matches(':').trim().is_empty() {
        return Some(("a container between `:::` is read as text", HELP));
    }
    let is_admonition = ["!!! ", "!!!+ ", "??? ", "???+ "]
        .iter()
        .any(|start| text.strip_prefix(start).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase())));
    if is_admonition {
        return Some(("a box of MkDocs is read as text", HELP));
    }
    text.starts_with("=== \"").then_some(("a tab of MkDocs is read as text", "write a heading, or bold text"))
}

/// Commands of site builders: `{% x %}`, `{{< x >}}`, `{{% x %}}`; of templates in Obsidian: `<% x %>`, `{{title}}`; and edits as
/// `CriticMarkup` has them: `{++x++}`.
fn templates(text: &str) -> Option<Sign> {
    let of_template =
        between(text, "<%", "%>").or_else(|| ["{{title", "{{date", "{{time"].iter().find_map(|open| field(text, open)));
    if let Some(range) = of_template {
        return Some(sign(range, "a command of a template is read as text", "write what it would put here"));
    }
    let edits = [("{++", "++}"), ("{--", "--}"), ("{~~", "~~}"), ("{>>", "<<}")];
    if let Some(range) = edits.iter().find_map(|(open, close)| between(text, open, close)) {
        return Some(sign(range, "an edit that is not carried out is read as text", "write the text as it is to be"));
    }
    let found =
        [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}")].iter().find_map(|(open, close)| between(text, open, close));
    found.map(|range| sign(range, "a command of a site builder is read as text", "write what it would put here"))
}

/// A field of a template: its name, and how it is to be written behind a colon.
fn field(text: &str, open: &str) -> Option<Range<usize>> {
    let start = text.find(open)?;
    let rest = &text[start + open.len()..];
    let length = rest.find(['{', '}', '\n']).filter(|end| rest[*end..].starts_with("}}"))?;
    (length == 0 || rest.starts_with(':')).then_some(start..start + open.len() + length + "}}".len())
}

/// Text that is inserted (`++x++`) or hidden (`||x||`).
fn marked(text: &str) -> Option<Sign> {
    const INSERTED: (&str, &str) = ("text between `++` is read as it is", "write `<ins>…</ins>`");
    const HIDDEN: (&str, &str) = ("text between `||` is read as it is", "write it in the answer, or in `> [!NOTE]`");
    [("++", INSERTED), ("||", HIDDEN)].into_iter().find_map(|(mark, (what, help))| {
        let open = text
            .find(mark)
            .filter(|open| !text[..*open].ends_with(|c: char| c.is_alphanumeric() || c == '{' || mark.contains(c)))?;
        let inner = &text[open + mark.len()..];
        let inner = &inner[..inner.find(mark)?];
        let behind = &text[open + 2 * mark.len() + inner.len()..];
        let is_closed = !behind.starts_with(|c: char| c.is_alphanumeric() || mark.contains(c) || c == '=');
        let is_word = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() > 2;
        // `++count` and `count++`, the norm of `x - y` and conditions are no words between marks.
        let (mut words, is_apart) = (inner.split(' '), inner.starts_with(char::is_alphanumeric));
        let first = words.next().unwrap_or_default();
        let last = words.next_back();
        let are_words = is_word(first) && last.is_none_or(|last| is_word(last) && last != first);
        (is_closed && is_apart && are_words && !inner.contains(['=', '&', '(', ';']))
            .then(|| sign(open..open + 2 * mark.len() + inner.len(), what, help))
    })
}

/// Whether the text of a list's element starts with a box that is none: `[/]`, `[-]` and their like, which themes of Obsidian draw,
/// or one that touches its text.
pub(in crate::markdown) fn boxed(text: &str) -> Option<Sign> {
    let inner = text.strip_prefix('[')?;
    let mark = inner.chars().next()?;
    let behind = inner[mark.len_utf8()..].strip_prefix(']');
    if let Some(behind) = behind.filter(|_| "/->!?*<\"~+".contains(mark)) {
        let help = "write `[ ]` or `[x]`, or what it means";
        return behind.starts_with(' ').then(|| sign(0.."[/]".len(), "this mark of a task is read as text", help));
    }
    let touched = if mark == ']' { Some(&inner[1..]) } else { behind.filter(|_| matches!(mark, 'x' | 'X' | ' ')) };
    touched.filter(|behind| behind.starts_with(char::is_alphanumeric) || (mark == ']' && behind.starts_with(' '))).map(
        |behind| {
            let length = text.len() - behind.len();
            sign(0..length, "this box of a task is read as text", "write `[ ]` or `[x]`, and a blank behind it")
        },
    )
}

/// Whether code is a query or a control of one of Obsidian's plug-ins.
pub(in crate::markdown) fn is_query(code: &str) -> bool {
    let is_control = ["INPUT[", "BUTTON[", "VIEW["].iter().any(|start| code.starts_with(start)) && code.ends_with(']');
    let starts = ["= this.", "=this.", "= [[", "=[[", "$= dv.", "$=dv.", "dv: "];
    starts.iter().any(|start| code.starts_with(start)) || is_control
}

/// What Logseq puts other things in the place of.
const COMMANDS: [&str; 6] = ["{{embed ", "{{query ", "{{cards ", "{{video ", "{{renderer ", "{{youtube"];

/// `((uuid))` and `{{embed …}}` of Logseq.
fn blocks_of_logseq(text: &str) -> Option<Sign> {
    let reference = text.match_indices("((").find_map(|(at, _)| {
        let rest = &text[at + 2..];
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))?;
        let (id, behind) = (&rest[..length], rest[length..].strip_prefix("))")?);
        let is_one =
            id.contains('-') && id.len() > 5 && !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '(');
        (is_one && !behind.starts_with(|c: char| c.is_alphanumeric() || c == ')')).then_some(at..at + length + 4)
    });
    if let Some(range) = reference {
        return Some(sign(range, "the block that is meant is not put here", "write its text"));
    }
    // What stands in it may be a link, where the text ends.
    let start = COMMANDS.iter().find_map(|command| text.find(command));
    let found = start.map(|start| start..text[start..].find("}}").map_or(text.len(), |end| start + end + 2));
    found.map(|range| sign(range, "a command of Logseq is read as text", "write what it would show, or link to it"))
}

/// So long may the name of a property be, in bytes.
const MAX_NAME: usize = 60;

/// Fields of Dataview within a line: `[key:: value]`.
fn fields(line: &Line<'_>) -> Option<Sign> {
    let text = line.text;
    let found = text.match_indices(":: ").find_map(|(at, _)| {
        let name = text[..at].bytes().rev().take(MAX_NAME).position(|byte| matches!(byte, b'[' | b'('))?;
        let open = at - name - 1;
        let close = if text[open..].starts_with('[') { ']' } else { ')' };
        let end = text[at..].find(['[', ']', '(', ')']);
        // What stands behind it may be a link, where the text ends.
        let end = match end {
            None if at + ":: ".len() == text.len() && !line.ends => text.len(),
            end => at + end.filter(|end| text[at + end..].starts_with(close))? + 1,
        };
        is_word(&text[open + 1..at]).then_some(open..end)
    });
    found.map(|range| sign(range, "a property is read as text", "take it out, or write it as a sentence"))
}

/// Footnotes in the line (`^[words]`), and those that are nowhere written.
fn notes(text: &str) -> Option<Sign> {
    let label = |from: usize| {
        let end = text[from..].find(['[', ']'])?;
        text[from + end..].starts_with(']').then(|| &text[from..from + end])
    };
    let inline = text.match_indices("^[").find_map(|(at, _)| {
        let inner = label(at + 2)?;
        inner.trim().contains(' ').then(|| at..at + inner.len() + "^[]".len())
    });
    if let Some(range) = inline {
        return Some(sign(
            range,
            "a footnote in the line is read as text",
            "write `[^1]` here, and `[^1]: …` in a paragraph of its own",
        ));
    }
    let found = text.match_indices("[^").find_map(|(at, _)| {
        let label = label(at + 2)?;
        let is_number = !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| at..at + label.len() + "[^]".len())
    });
    found.map(|range| {
        sign(
            range,
            "no text of this footnote is found",
            "write it as `[^1]: …`, in a paragraph of its own; with `syntax: qa`, within its card",
        )
    })
}

/// What was to be a picture and is none for Markdown.
fn pictures(text: &str) -> Option<Sign> {
    let last = text.rfind(')')?;
    let found = text.match_indices("![").find_map(|(at, _)| {
        let alt = text[at + 2..].find(['[', ']'])?;
        let open = at + 2 + alt;
        let length = text[open..].strip_prefix("](").filter(|_| open < last)?.find(')')?;
        Some(at..open + length + "]()".len())
    });
    found.map(|range| {
        sign(range, "this picture is read as text", "write its path without spaces, or between `<` and `>`")
    })
}

/// What Anki has for its templates and fields.
fn of_anki(text: &str) -> Option<Sign> {
    let found = ["[sound:", "[anki:"].iter().find_map(|open| between(text, open, "]"));
    let found = found.or_else(|| between(text, "<AnkiTags", ">"));
    found.map(|range| {
        sign(
            range,
            "what Anki means by this is read as text",
            "name sounds by their whole file names: `[sound:word.mp3]`; write tags as `{tags=a,b}`",
        )
    })
}

/// Attributes of Pandoc and Kramdown, behind a block or a piece of it.
fn attributes(line: &Line<'_>) -> Option<Sign> {
    let text = line.text;
    let found = text.match_indices('{').find_map(|(at, _)| {
        let inner = &text[at + 1..at + 1 + text[at + 1..].find(['{', '}'])?];
        let end = at + 1 + inner.len() + 1;
        let before = &text[..at];
        let stands_behind = before.ends_with(']') || (at == 0 && !line.starts);
        let ends_line = line.ends && text.get(end..)?.trim().is_empty();
        let is_apart = before.ends_with([' ', '\t']) || before.is_empty() || before.ends_with(char::is_alphabetic);
        let is_sign = stands_behind || (ends_line && is_apart);
        (is_sign && text.get(end - 1..)?.starts_with('}') && are_attributes(inner)).then_some(at..end)
    });
    found.map(|range| {
        sign(range, "attributes that mean nothing here are read as text", "take them out, or write them as code")
    })
}

/// Whether all words between braces are attributes.
fn are_attributes(inner: &str) -> bool {
    let (inner, is_kramdown) = inner.strip_prefix(':').map_or((inner, false), |rest| (rest, true));
    let mut words = inner.split_whitespace().peekable();
    let has_mark = is_kramdown || words.clone().any(|word| word.starts_with(['.', '#']) || word.starts_with("width="));
    let is_attribute = |word: &str| match word.split_once('=') {
        Some((key, value)) => is_word(key) && key.len() > 1 && !value.is_empty() && !value.starts_with('='),
        None => word.strip_prefix(['.', '#']).is_some_and(is_word),
    };
    has_mark && words.peek().is_some() && words.all(is_attribute)
}

/// Names of pictures: `:smile:`.
fn emoji(text: &str) -> Option<Sign> {
    let found = text.match_indices(':').find_map(|(at, _)| {
        let rest = &text[at + 1..];
        let length =
            rest.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '+' | '-')))?;
        let (name, behind) = (&rest[..length], rest[length..].strip_prefix(':')?);
        let stands_apart = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == ':')
            && !behind.starts_with(|c: char| c.is_alphanumeric() || c == ':');
        let is_name = length > 1 && name.contains(|c: char| c.is_ascii_lowercase());
        (stands_apart && (is_name || matches!(name, "+1" | "-1" | "100"))).then(|| at..at + length + 2)
    });
    found.map(|range| sign(range, "the name of a picture is read as text", "write the character itself"))
}

/// Where two signs enclose something.
fn between(text: &str, open: &str, close: &str) -> Option<Range<usize>> {
    let start = text.find(open)?;
    let end = text[start + open.len()..].find(close)?;
    Some(start..start + open.len() + end + close.len())
}

fn sign(range: Range<usize>, what: &'static str, help: &'static str) -> Sign {
    Sign { range, what, help }
}

/// Whether a text is a name: a letter, and letters, digits, `-` and `_`.
fn is_word(text: &str) -> bool {
    text.starts_with(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'))
}

/// Anki numbers notes by the time: thirteen digits.
fn is_number_of_note(text: &str) -> bool {
    let text = text.trim();
    text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in a line of its own.
    fn found(text: &str) -> Vec<&str> {
        let line = Line { text, starts: true, ends: true, is_last: true };
        if !may_hold(text) {
            return Vec::new();
        }
        find(&line).into_iter().map(|sign| &text[sign.range]).collect()
    }

    #[test]
    fn lines_of_other_tools_are_found_whole() {
        for text in [
            "::: tip Title",
            ":::{.callout-note}",
            "!!! note \"Title\"",
            "??? info",
            "=== \"Tab\"",
            "id:: 64b1",
            "card-type:: basic",
            "collapsed:: true",
            "sr-due: 2026-01-01",
            "ID: 1700000000000",
            "TARGET DECK: A::B",
            "FILE TAGS: a b",
            "(cards-deck: A)",
            "[TOC]",
            "[[_TOC_]]",
            "\\newpage",
            ":LOGBOOK:",
            "%% to do",
            "{: .note}",
            "{:toc}",
            "{.class #id}",
        ] {
            assert_eq!(found(text), [text], "{text}");
        }
    }

    #[test]
    fn markup_within_lines_is_found_at_its_place() {
        for (text, sign) in [
            ("a {% include x.html %} b", "{% include x.html %}"),
            ("{{< youtube x >}}", "{{< youtube x >}}"),
            ("see ((64b1a3b0-1c1c-4a5e-9a55-0123456789ab))", "((64b1a3b0-1c1c-4a5e-9a55-0123456789ab))"),
            ("{{embed [x]}}", "{{embed [x]}}"),
            ("a [due:: 2026] b", "[due:: 2026]"),
            ("a ^[as he says] b", "^[as he says]"),
            ("a[^12].", "[^12]"),
            ("![x](a b)", "![x](a b)"),
            ("[sound:x]", "[sound:x]"),
            ("[text]{.smallcaps} b", "{.smallcaps}"),
            ("A picture {#fig:one width=50%}", "{#fig:one width=50%}"),
            ("Heading{.center}", "{.center}"),
            ("good :smile: x", ":smile:"),
            ("<AnkiTags a b/>", "<AnkiTags a b/>"),
            ("an ++inserted++ word", "++inserted++"),
            ("a ||spoiler for all||.", "||spoiler for all||"),
            ("on <% tp.date.now() %>", "<% tp.date.now() %>"),
            ("{{title}} of", "{{title}}"),
            ("on {{date:YYYY}}", "{{date:YYYY}}"),
            ("a {++b++}", "{++b++}"),
            ("see ((block-ref))", "((block-ref))"),
            ("@import \"x.md\"", "@import \"x.md\""),
        ] {
            assert_eq!(found(text), [sign], "{text}");
        }
    }

    #[test]
    fn many_beginnings_cost_no_more_than_one() {
        for start in ["((", "[a:: ", ":: ", "^[", "[^", "[^1", "![](", "![", "{", "{% ", "[sound:", ":a", "{{<", "{.a"]
        {
            assert_eq!(found(&format!("x {}", start.repeat(300_000))), [""; 0], "{start}");
        }
    }

    #[test]
    fn boxes_of_tasks_are_told_from_other_brackets() {
        for text in ["[/] half", "[-] gone", "[>] later", "[?] ask", "[x]done", "[]none", "[] none", "[ ]open"] {
            assert!(boxed(text).is_some(), "{text}");
        }
        for text in
            ["[ ] open", "[x] done", "[1] x", "[a] x", "[link](x)", "[/](x)", "[-1] x", "[]()", "[", "[]", "[?]"]
        {
            assert_eq!(boxed(text), None, "{text}");
        }
    }

    #[test]
    fn queries_are_told_from_code() {
        assert!(["= this.file", "=[[a]].b", "$= dv.x", "INPUT[toggle:x]"].into_iter().all(is_query));
        assert!(!["= 5", "=SUM(A1)", "$=", "$= x", "INPUT", "this.x"].into_iter().any(is_query));
    }

    #[test]
    fn prose_is_no_markup() {
        for text in [
            "std::vec::Vec",
            "f :: Int -> Int",
            "at 12:30:45, 10:00: x",
            "a: b: c",
            "{a, b} and {x=1}",
            "arn:aws:ecs:{region}",
            "jsonpath={.items}",
            "${.x} and {.items} of it",
            "what?? yes!!",
            "x = {y | z}",
            "100 % of 5%",
            "[^a-z]+",
            "^[a-z]$",
            "a[1](b)",
            "#1",
            "(see: x)",
            "Rust's `::`",
            "urn:isbn:123:4",
            "C::D:: ",
            "((a)) + ((b))",
            "{{x}}",
            "!important",
            "a ? b : c",
            ":::",
            "DELETE",
            "ID: 12",
            "a :b: c d:e:f",
            "[link] (text)",
            "{1, 2}",
            "set {a}",
            "the policy {Effect=Allow}",
            "C++ and C++",
            "++i and j++",
            "++count and count++",
            "a || b || c",
            "(a||b||c)",
            "the norm ||x|| and ||v - w||",
            "x ||= y",
            "{{ title }} {{titles}}",
            "((a - b))",
            "x((a-b-c-d))",
            "see user@import \"x\"",
        ] {
            let none: [&str; 0] = [];
            assert_eq!(found(text), none, "{text}");
        }
    }
}
