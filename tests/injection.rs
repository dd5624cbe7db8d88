//! Nothing that an author writes runs anywhere: each line of `tests/injection/payloads.txt`, in each place where authors
//! write, is packed, printed and made a chapter of, and what comes out is parsed as a browser does.
//!
//! What may be there is listed here anew, and not asked of what is tested.

#![expect(clippy::expect_used, clippy::string_slice, reason = "a test fails by a panic")]

mod dom;
#[expect(dead_code, reason = "other tests look at the rest")]
mod packed;
#[expect(dead_code, reason = "other tests look at the rest")]
mod project;

use std::collections::BTreeSet;

use deckle::api::files::bytes_of;
use dom::Element;
use project::{Compiled, File, compile};

/// Where a payload stands: `@` in a file.
const PLACES: &[(&str, &str)] = &[
    ("heading", "# @\n\n## Q?\n\nA.\n"),
    ("question", "## @?\n\nA.\n\n## Next?\n\nB.\n"),
    ("answer", "## Q?\n\n@\n\nBehind.\n\n## Next?\n\nB.\n"),
    ("sentence", "## Q?\n\nBefore @ and **behind**.\n\n- one @\n- two\n"),
    ("definition", "## Q? {.list}\n\n@\n: Before @ behind.\n"),
    ("cell", "## Q?\n\n| a @ | b |\n|---|---|\n| @ | c |\n"),
    ("deletion", "## Q {.cloze}\n\nBefore ==@== behind, ==then== @.\n"),
    ("around deletions", "## Q {.cloze}\n\n@\n\n==one== and @ ==two::@==\n"),
    ("footnote", "## Q?\n\nA[^1] b[^2].\n\n[^1]: @\n[^2]: x @ y\n"),
    ("alert", "## Q?\n\nA.\n\n> [!TIP] @\n> @\n\n> [!NOTE]\n> x @\n"),
    ("alt", "## Q?\n\n![@](https://e.org/a.png)\n\n![x](https://e.org/a.png \"@\")\n"),
    ("code", "## Q?\n\n```@\n@\n```\n\n`` @ `` and `@`\n"),
    ("attributes", "## Q? {#i .@}\n\n### In it {#@}\n\nA.\n"),
    ("front matter", "---\ntitle: '@'\ndeck: 'D @'\ntags: ['#']\n---\n\n## Q?\n\nA.\n"),
    ("links", "## Q?\n\n[a](@) [b](<@>) [c][r] [r] <@>\n\n[r]: @\n[@]: https://e.org\n"),
    ("label", "## Q?\n\n[@](https://e.org '@') and [x][@].\n"),
    ("quote", "> @\n\nProse.\n\n## Q?\n\n> - @\n>   - @\n"),
    ("prose", "# T\n\n@\n\nx @ y\n\n| @ |\n|---|\n| @ |\n\nT\n: @\n\n[^1] @\n\n[^1]: @\n\n## Q?\n\nA.\n"),
    ("math", "## Q?\n\n$@$ and\n\n$$\n@\n$$\n"),
];

#[test]
fn nothing_of_an_author_runs() {
    let compiled = compiled();
    assert!(
        compiled.packages.len() > 1 && !compiled.pages.is_empty() && compiled.book.len() > 1000,
        "{}",
        compiled.rendered
    );
    let mut faults = Vec::new();
    for package in &compiled.packages {
        let packed = packed::read(&bytes_of(&package.recipe).expect("its bytes"));
        for (name, _) in &packed.decks {
            faults.extend(faults_of_name(name));
        }
        for note in packed.notes {
            faults.extend([&note.tags, &note.note_type].into_iter().filter_map(|name| faults_of_name(name)));
            for (name, html) in &note.fields {
                let place = format!("{} {name}", note.fields.last().map_or("", |(_, link)| link));
                faults.extend(faults_of_field(html).into_iter().map(|fault| format!("{place}: {fault}")));
            }
        }
    }
    for page in compiled.pages.iter().filter(|page| page.path.extension().is_some_and(|end| end == "html")) {
        let html = String::from_utf8(bytes_of(&page.recipe).expect("its bytes")).expect("UTF-8");
        faults.extend(faults_of_page(&html).into_iter().map(|fault| format!("{}: {fault}", page.path.display())));
    }
    for chapter in compiled.book.iter().filter(|made| made.path.extension().is_some_and(|end| end == "md")) {
        let text = String::from_utf8(bytes_of(&chapter.recipe).expect("its bytes")).expect("UTF-8");
        faults.extend(faults_of_chapter(&text).into_iter().map(|fault| format!("{}: {fault}", chapter.path.display())));
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults[..faults.len().min(40)].join("\n"));
}

/// The project of all payloads in all places, without the files that have mistakes: those come to nothing.
fn compiled() -> Compiled {
    let payloads = include_str!("injection/payloads.txt").lines();
    let payloads: Vec<String> =
        payloads.map(|line| line.replace("\\t", "\t").replace("\\x01", "\u{1}").replace("\\x0c", "\u{c}")).collect();
    let mut files = Vec::new();
    for (place, text) in PLACES {
        for (number, payload) in payloads.iter().enumerate() {
            let mut text = text
                .replace('@', &if *place == "front matter" { payload.replace('\'', "''") } else { payload.clone() });
            // A tag has no white space.
            text = text.replace(
                "tags: ['#']",
                &format!("tags: ['{}']", payload.replace('\'', "''").replace(char::is_whitespace, "/")),
            );
            text.push_str("\n[jsref]: javascript:hit()\n[jsref2]: <java&#115;cript:hit()>\n[^inj]: x\n");
            files.push(File::new(&format!("{}-{number}.md", place.replace(' ', "-")), &text));
        }
    }
    let all = files.len();
    loop {
        let compiled = compile(&files);
        if !compiled.packages.is_empty() {
            assert!(files.len() * 10 > all * 6, "{} of {all} files have no mistakes", files.len());
            return compiled;
        }
        let wrong = |diagnostic: &deckle::api::diagnostic::Diagnostic| {
            compiled.sources.get(diagnostic.span.source).path.clone()
        };
        let stops =
            compiled.diagnostics.iter().filter(|found| found.severity() == deckle::api::diagnostic::Severity::Error);
        let wrong: BTreeSet<String> = stops.map(wrong).collect();
        let before = files.len();
        files.retain(|file| !wrong.contains(&format!("content/{}", file.path)));
        assert!(files.len() < before, "{}", compiled.rendered);
    }
}

fn faults_of_field(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for parent in ["div", "td", "span"] {
        let once = again(parent, html, &mut faults);
        let twice = again(parent, &once, &mut faults);
        if twice != again(parent, &twice, &mut faults) {
            faults.push(format!("is another one each time it is parsed: {html}"));
        }
    }
    let lower = html.to_ascii_lowercase();
    for command in ["[sound:", "[anki:", "[latex]", "[$]", "[$$]", "[[type:"] {
        if lower.contains(command) {
            faults.push(format!("{command} in {html}"));
        }
    }
    faults
}

/// Anki puts names into cards as they are.
fn faults_of_name(name: &str) -> Option<String> {
    (dom::inside("div", name).len() > 1).then(|| format!("the name {name}"))
}

/// What the HTML is when it was parsed, and looked at.
fn again(parent: &str, html: &str, faults: &mut Vec<String>) -> String {
    let elements = dom::inside(parent, html);
    faults.extend(elements.iter().skip(1).filter_map(fault).map(|fault| format!("{fault} in {html}")));
    dom::again(parent, html)
}

/// 50 mm, to see whether a printer keeps sizes.
const RULER: &str = "<svg viewBox=\"-0.5 -0.2 51 2.4\" aria-hidden=\"true\">\
    <path d=\"M0 0V2M10 1V2M20 1V2M30 1V2M40 1V2M50 0V2M0 2H50\"/></svg>";

fn faults_of_page(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    // The one drawing that is a page's own.
    let html = &html.replace(RULER, "");
    for element in dom::page(html) {
        let is_frame = ["html", "head", "body", "meta", "title", "style", "script"].contains(&element.name.as_str());
        if element.name == "script" && !element.text.contains("document.fonts") {
            faults.push(element.text.clone());
        }
        let found = if is_frame { fault_of_attributes(&element) } else { fault(&element) };
        faults.extend(found.filter(|fault| !fault.starts_with("style=\"--") && !fault.starts_with("style=\"left")));
        if element.attributes.iter().any(|(_, value)| value.starts_with("http"))
            && element.name != "a"
            && !["q", "blockquote"].contains(&element.name.as_str())
        {
            faults.push(format!("{} asks the network", element.name));
        }
    }
    let policy = html.split("script-src ").nth(1).and_then(|rest| rest.split(';').next()).unwrap_or_default();
    if policy != "'none'" && !policy.starts_with("'sha256-") {
        faults.push(format!("scripts of {policy} may run"));
    }
    if html.matches("<script").count() > 1 || html.matches("</style").count() > 1 {
        faults.push("more than one script or style".to_owned());
    }
    faults
}

/// mdBook puts raw HTML on the page as it stands, and text means itself.
fn faults_of_chapter(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if text.contains("{{") {
        faults.push("a command of mdBook".to_owned());
    }
    for block in text.split("\n\n").filter(|block| !block.starts_with('<')) {
        for (at, _) in block.match_indices("](") {
            let address = block[at + 2..].split(')').next().unwrap_or_default();
            if !is_harmless(address) {
                faults.push(format!("a link to {address}"));
            }
        }
    }
    let own = ["study", "data-"];
    for element in dom::page(text) {
        let is_frame = ["html", "head", "body"].contains(&element.name.as_str());
        faults.extend(fault(&element).filter(|_| !is_frame));
        let is_ours = element.attributes.iter().any(|(name, value)| {
            (name == "class" && own.iter().any(|own| value.contains(own))) || name == "data-page" || name == "data-kind"
        });
        let classes = element
            .attributes
            .iter()
            .find(|(name, _)| name == "class")
            .map(|(_, value)| value.as_str())
            .unwrap_or_default();
        let hooks = ["sidebar", "nav-chapters", "next", "playground", "editable", "deckle-study"];
        if !is_ours && hooks.iter().any(|hook| classes.split_whitespace().any(|class| class == *hook)) {
            faults.push(format!("the class {classes}"));
        }
        if element.attributes.iter().any(|(name, value)| name == "data-page" && value.strip_suffix(".html").is_none()) {
            faults.push("a page of the study mode".to_owned());
        }
    }
    faults
}

/// What is wrong with an element.
fn fault(element: &Element) -> Option<String> {
    const ELEMENTS: &str = "a abbr acronym address area article aside audio b bdi bdo big blockquote br caption center cite \
        code col colgroup data dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup \
        hr i img ins kbd li main map mark nav ol p picture pre q rp rt rtc ruby s samp section small source span strike strong \
        sub summary sup table tbody td tfoot th thead time tr track tt u ul var video wbr";
    const MATH: &str = "math annotation merror mfrac mi mn mo mover mpadded mphantom mroot mrow ms mspace msqrt mstyle msub \
        msubsup msup mtable mtd mtext mtr munder munderover semantics maction menclose mmultiscripts mprescripts none";
    let is_known = match element.name.split_once(' ') {
        Some(("math", name)) => MATH.split_whitespace().any(|known| known == name),
        Some(_) => false,
        None => ELEMENTS.split_whitespace().any(|known| known == element.name),
    };
    if is_known { fault_of_attributes(element) } else { Some(format!("<{}>", element.name)) }
}

fn fault_of_attributes(element: &Element) -> Option<String> {
    const NEVER: [&str; 19] = [
        "srcdoc",
        "srcset",
        "formaction",
        "action",
        "ping",
        "background",
        "xlink:href",
        "name",
        "for",
        "usemap",
        "form",
        "contenteditable",
        "tabindex",
        "autofocus",
        "popover",
        "popovertarget",
        "is",
        "autoplay",
        "target",
    ];
    let is_math = element.name.starts_with("math ");
    element.attributes.iter().find_map(|(name, value)| {
        let is_wrong = match name.as_str() {
            "href" | "src" | "poster" | "cite" => !is_harmless(value),
            "id" | "headers" | "aria-describedby" => value.split_whitespace().any(|id| !is_own(id)),
            "style" => !is_math && !is_plain_style(value),
            "form" if is_math => false,
            "name" if element.name == "meta" => false,
            name => name.starts_with("on") || NEVER.contains(&name),
        };
        is_wrong.then(|| format!("{name}=\"{value}\" of <{}>", element.name))
    })
}

/// Whether a style gives a look alone: nothing is called or asked for, and nothing is laid elsewhere.
fn is_plain_style(style: &str) -> bool {
    const MOVES: [&str; 12] = [
        "position",
        "z-index",
        "transform",
        "inset",
        "top",
        "left",
        "right",
        "bottom",
        "animation",
        "filter",
        "content",
        "--",
    ];
    let lower = style.to_ascii_lowercase();
    let moves = lower.split(';').any(|declaration| MOVES.iter().any(|start| declaration.trim().starts_with(start)));
    let calls = ["url", "expression", "\\", "@", "image", "behavio", "binding", "script", "/*", "{", "<", ": -", " -."];
    !moves && !calls.iter().any(|word| lower.contains(word))
}

/// Ids of ours: cards and footnotes, with what follows.
fn is_own(id: &str) -> bool {
    let is_guid = |rest: &str| rest.strip_suffix("-2").unwrap_or(rest).len() == 13;
    id.starts_with("user-content-")
        || ["c-", "a-"].iter().any(|start| id.strip_prefix(start).is_some_and(is_guid))
        || id.strip_prefix("fn-").is_some_and(|number| number.parse::<u32>().is_ok())
}

/// Whether an address is a path or has a scheme that runs nothing, as a browser reads it.
fn is_harmless(address: &str) -> bool {
    let read: String = address.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let read = read.trim_start_matches(|c: char| c <= ' ').to_ascii_lowercase();
    let Some((scheme, rest)) = read.split_once(':') else { return true };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c));
    !is_scheme || ["http", "https", "mailto"].contains(&scheme) || (scheme == "data" && rest.starts_with("image/"))
}
