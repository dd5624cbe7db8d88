//! Turns pages to print into readable text: each side of each card with its size, in the order of the cards.
#![expect(clippy::string_slice, reason = "a test fails by a panic")]

use std::fmt::Write;

use deckle::api::Artifact;
use deckle::api::files;

/// The sides of all cards; `data:` addresses are cut short.
pub(crate) fn text_of(pages: &[Artifact]) -> String {
    let mut text = String::new();
    for page in pages {
        let path = page.path.to_str().expect("a path in UTF-8");
        if let Some((_, file)) = path.split_once('/').filter(|(_, file)| file.contains("-cards")) {
            let html = html_of(page);
            let count = html.matches("<section class=\"page ").count();
            writeln!(text, "--- {file}, {count} pages").expect("a string takes it");
            let mut sides: Vec<Side> = html.split("<article ").skip(1).map(side).collect();
            sides.sort_by_key(|side| (side.number, side.is_back));
            text.extend(sides.into_iter().map(|side| side.text));
        } else if path.contains("/media/") {
            writeln!(text, "--- {path}").expect("a string takes it");
        }
    }
    text
}

/// What the cheat sheets hold, a piece a line; `data:` addresses are cut short.
pub(crate) fn sheets_of(pages: &[Artifact]) -> String {
    let mut text = String::new();
    for page in pages {
        let path = page.path.to_str().expect("a path in UTF-8");
        if let Some((_, file)) = path.split_once('/').filter(|(_, file)| file.ends_with("-sheet.html")) {
            let html = html_of(page);
            let main = between(&html, "<main class=\"sheet\">", "</main>").expect("the sheet's main part");
            writeln!(text, "--- {file}").expect("strings take all");
            let main = without_data(main).replace(" dir=\"auto\"", "");
            for line in main.lines().filter(|line| !line.trim().is_empty()) {
                writeln!(text, "{line}").expect("strings take all");
            }
        }
    }
    text
}

fn html_of(page: &Artifact) -> String {
    String::from_utf8(files::bytes_of(&page.recipe).expect("its bytes")).expect("HTML in UTF-8")
}

struct Side {
    number: usize,
    is_back: bool,
    text: String,
}

fn side(article: &str) -> Side {
    let (head, body) = article.split_once('>').expect("a tag");
    let (body, foot) = body.split_once("<footer>").expect("a footer");
    let class = between(head, "class=\"card ", "\"").expect("classes");
    let style = between(head, "--size:", "\"").expect("a size");
    let size = style.split(";--image:").next().expect("a size");
    let lang = between(head, "lang=\"", "\"").map(|lang| format!(" {lang}")).unwrap_or_default();
    let number = between(foot, "class=\"number\">", "<").and_then(|number| number.parse().ok()).expect("a number");
    let place = between(foot, "class=\"place\" dir=\"auto\">", "<").expect("a place");
    let place = if place.is_empty() { String::new() } else { format!(" [{place}]") };
    let body = body.trim().strip_prefix("<div class=\"text\" dir=\"auto\">").expect("a text");
    let body =
        without_data(body.strip_suffix("</div>").expect("its end")).replace("</div><div class=", "</div>\n<div class=");
    let text = format!("# {number} {class} {size}{lang}{place}\n{body}\n");
    Side { number, is_back: class.starts_with("back"), text }
}

fn without_data(html: &str) -> String {
    let mut text = String::new();
    for (index, piece) in html.split(";base64,").enumerate() {
        let data = piece.find('"').filter(|_| index > 0).unwrap_or(0);
        text.push_str(if index > 0 { ";base64,…" } else { "" });
        text.push_str(&piece[data..]);
    }
    text
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}
