//! Turns what stands on the pages into `search-index.js`, which `search.js` looks words up in: a script, since a page that was
//! opened without a server may read nothing else.
//!
//! It sets three globals. `deckleSplit` gives the words of a question, folded: decomposed, in lower case, without marks.
//! `deckleTexts` are the cards and the sections of prose: `#` and an id, and a title in HTML; behind those of a page's first
//! one stand its address from the site's root, and its title. `deckleWords` are the words that a text has beside its title,
//! each with the gaps between the texts that have it, counted from the one before the first, as characters. Knows nothing of
//! how pages look.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rayon::prelude::*;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::html;
use crate::ir::{
    Block, BlockKind, Child, Inline, InlineKind, Leaf, Note, NoteBody, for_each_leaf, plain_text, runs_text,
};
use crate::site::pages::{Page, Part, Site};
use crate::text::entity;
use crate::text::tags::{self, Piece, Tag};

/// The index's file.
pub(super) const FILE: &str = "search-index.js";

/// What is found of a title, in characters.
const LONGEST_TITLE: usize = 90;

/// Words of more bytes are data that nobody asks for.
const LONGEST_WORD: usize = 64;

/// Characters of scripts that are written without spaces: pairs of them are looked up. Thai and Lao, Burmese, Khmer, kana and
/// Han, those beyond the Basic Multilingual Plane too.
const DENSE: [(char, char); 6] = [
    ('\u{e00}', '\u{eff}'),
    ('\u{1000}', '\u{109f}'),
    ('\u{1780}', '\u{17ff}'),
    ('\u{3005}', '\u{30ff}'),
    ('\u{31f0}', '\u{9fff}'),
    ('\u{20000}', '\u{3ffff}'),
];

/// Letters that no decomposition parts, and how people write them who do not have them; and the other form of sigma.
const LETTERS: [(char, &str); 10] = [
    ('ß', "ss"),
    ('ς', "σ"),
    ('ø', "o"),
    ('ł', "l"),
    ('đ', "d"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ı', "i"),
    ('þ', "th"),
    ('ð', "d"),
];

/// Greek letters as TeX names them, and as formulas show them, in lower case.
const GREEK: [(&str, char); 33] = [
    ("\\alpha", 'α'),
    ("\\beta", 'β'),
    ("\\gamma", 'γ'),
    ("\\delta", 'δ'),
    ("\\epsilon", 'ε'),
    ("\\zeta", 'ζ'),
    ("\\eta", 'η'),
    ("\\theta", 'θ'),
    ("\\iota", 'ι'),
    ("\\kappa", 'κ'),
    ("\\lambda", 'λ'),
    ("\\mu", 'μ'),
    ("\\nu", 'ν'),
    ("\\xi", 'ξ'),
    ("\\pi", 'π'),
    ("\\rho", 'ρ'),
    ("\\sigma", 'σ'),
    ("\\tau", 'τ'),
    ("\\upsilon", 'υ'),
    ("\\phi", 'φ'),
    ("\\chi", 'χ'),
    ("\\psi", 'ψ'),
    ("\\omega", 'ω'),
    ("\\Gamma", 'γ'),
    ("\\Delta", 'δ'),
    ("\\Theta", 'θ'),
    ("\\Lambda", 'λ'),
    ("\\Xi", 'ξ'),
    ("\\Pi", 'π'),
    ("\\Sigma", 'σ'),
    ("\\Phi", 'φ'),
    ("\\Psi", 'ψ'),
    ("\\Omega", 'ω'),
];

/// The index of all pages.
pub(super) fn index(site: &Site<'_>) -> String {
    let pages: Vec<Indexed> = site.pages.par_iter().map(|page| Indexed::new(page, site)).collect();
    let mut words: BTreeMap<String, Gaps> = BTreeMap::new();
    let mut texts = Vec::new();
    for page in pages {
        let before = texts.len();
        for (word, own) in page.words {
            let gaps = words.entry(word).or_default();
            for text in own {
                gaps.add(before + text);
            }
        }
        texts.extend(page.texts);
    }
    let words: Vec<(String, String)> = words.into_iter().map(|(word, gaps)| (word, gaps.gaps)).collect();
    let mut dense = String::new();
    for (first, last) in DENSE {
        let _ = write!(dense, "\\u{{{:x}}}-\\u{{{:x}}}", u32::from(first), u32::from(last));
    }
    let word = format!("/[{dense}]{{1,2}}|((?![{dense}])[\\p{{Alpha}}\\p{{N}}])+[+#]*/gu");
    let fold = r#"text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "")"#;
    format!(
        "var deckleSplit = (text) => {fold}.match({word}) ?? [];\nvar deckleTexts = {};\nvar deckleWords = {};\n",
        json(&texts),
        json(&words)
    )
}

/// What can be written always is: strings, numbers and lists of them.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "[]".to_owned())
}

/// The texts that have a word: a character for each gap, 34 above it in Unicode, and as much more as there are surrogates
/// where it would be one.
#[derive(Debug, Default)]
struct Gaps {
    gaps: String,
    /// The text behind the last one.
    next: usize,
}

impl Gaps {
    /// Texts come in order. None have a gap that Unicode has no character for: a site of a million cards is no page.
    fn add(&mut self, text: usize) {
        let code = u32::try_from(text + 1 - self.next + 34).unwrap_or(u32::MAX);
        let code = if code < 0xd800 { code } else { code.saturating_add(0x800) };
        self.gaps.push(char::from_u32(code).unwrap_or(char::MAX));
        self.next = text + 1;
    }
}

/// A page's texts, and its words with the texts that have them.
#[derive(Default)]
struct Indexed {
    texts: Vec<Vec<String>>,
    words: BTreeMap<String, Vec<usize>>,
}

impl Indexed {
    fn new(page: &Page<'_>, site: &Site<'_>) -> Self {
        let mut indexed = Self::default();
        let mut ids = page.ids.iter();
        let mut section = Section { anchor: String::new(), title: page.title.clone(), text: page.title.clone() };
        let mut is_empty = true;
        for part in &page.parts {
            match part {
                Part::Prose(Block { kind: BlockKind::Heading { content, .. }, .. }) => {
                    let title = plain_text(content);
                    let anchor = ids.next().map(|id| format!("#{id}")).unwrap_or_default();
                    // The page's title is its first heading, where it begins with one.
                    if !std::mem::take(&mut is_empty) {
                        indexed.add(page, &section);
                    }
                    section = Section { anchor, text: format!("{title}\n"), title };
                }
                Part::Prose(block) => {
                    is_empty = false;
                    gather(std::slice::from_ref(block), &mut section.text);
                }
                Part::Note(note) => {
                    if let Some(note) = site.collection.notes.get(*note) {
                        indexed.add(page, &Section::of_note(note));
                    }
                }
            }
        }
        indexed.add(page, &section);
        indexed
    }

    fn add(&mut self, page: &Page<'_>, section: &Section) {
        let mut title = String::new();
        html::escape(&section.title, &mut title);
        let in_title = words_of_title(&title);
        let text = self.texts.len();
        for_each_word(&section.text, true, &mut |word| {
            if word.len() > LONGEST_WORD || in_title.iter().any(|own| own.starts_with(word)) {
                return;
            }
            match self.words.get_mut(word) {
                Some(texts) if texts.last() == Some(&text) => {}
                Some(texts) => texts.push(text),
                None => drop(self.words.insert(word.to_owned(), vec![text])),
            }
        });
        let mut entry = vec![section.anchor.clone(), title];
        if self.texts.is_empty() {
            let mut page_title = String::new();
            html::escape(&page.title, &mut page_title);
            entry.extend([page.address(), page_title]);
        }
        self.texts.push(entry);
    }
}

/// The words by which `search.js` finds a title without being told; pairs of characters it would tear apart.
fn words_of_title(title: &str) -> Vec<String> {
    let mut words = Vec::new();
    for_each_word(title, false, &mut |word| {
        if !word.contains(is_dense) {
            words.push(word.to_owned());
        }
    });
    words
}

/// What is found: a card, or prose below a heading.
struct Section {
    /// `#` and an id, or nothing.
    anchor: String,
    title: String,
    text: String,
}

impl Section {
    fn of_note(note: &Note) -> Self {
        let mut text = String::new();
        note.contents().for_each(|blocks| gather(blocks, &mut text));
        for tag in &*note.tags {
            text.push(' ');
            text.push_str(tag.as_str());
        }
        Self { anchor: format!("#a-{}", note.guid), title: title(note), text }
    }
}

/// What a card asks, on one line.
fn title(note: &Note) -> String {
    let blocks = match &note.body {
        NoteBody::Basic { front, .. } => front,
        NoteBody::Cloze { heading, text } if heading.is_empty() => text,
        NoteBody::Cloze { heading, .. } => heading,
    };
    let mut line = String::new();
    for block in blocks {
        if line.len() > LONGEST_TITLE {
            break;
        }
        if !line.is_empty() {
            line.push_str(" · ");
        }
        asked(block, &mut line);
    }
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST_TITLE) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

/// A block's text with gaps for its deletions; of a column of a table its value.
fn asked(block: &Block, line: &mut String) {
    if let BlockKind::Labelled(labelled) = &block.kind {
        return asked_inlines(&labelled.content, line);
    }
    if let BlockKind::Cloze { .. } = &block.kind {
        return line.push_str(GAP);
    }
    if opens_raw_text(block) {
        return;
    }
    block.for_each_child(&mut |child| {
        line.push(' ');
        match child {
            Child::Blocks(blocks) => blocks.iter().for_each(|block| asked(block, line)),
            Child::Inlines(content) => asked_inlines(content, line),
            Child::Runs(runs) => line.push_str(&runs_text(runs)),
        }
    });
}

const GAP: &str = "[…]";

fn asked_inlines(content: &[Inline], line: &mut String) {
    for inline in content {
        if let InlineKind::Cloze(_) = inline.kind {
            line.push_str(GAP);
        } else if let Some(Child::Inlines(content)) = inline.child() {
            asked_inlines(content, line);
        } else {
            line.push_str(&plain_text(std::slice::from_ref(inline)));
        }
    }
}

/// The text of blocks, that of formulas and names in code in other forms as well. What stands in a script or a style is no text;
/// nor is the rest of a paragraph with one.
fn gather(blocks: &[Block], text: &mut String) {
    for block in blocks {
        if let BlockKind::Html { html } = &block.kind {
            gather_html(&html.text, text);
        } else if !opens_raw_text(block) {
            gather_leaves(block, text);
        }
    }
}

/// What can be read of raw HTML.
fn gather_html(html: &str, text: &mut String) {
    let mut pieces = tags::pieces(html);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(piece) => text.push_str(&entity::decode(piece)),
            Piece::Tag(tag) if is_raw_text(&tag) => {
                pieces.raw_text(tag.name);
            }
            Piece::Tag(_) | Piece::Comment(_) => {}
        }
    }
}

/// Elements whose text is a program's, or for readers that know them not.
const RAW_TEXT: [&str; 8] = ["iframe", "math", "noembed", "noframes", "noscript", "script", "style", "template"];

fn is_raw_text(tag: &Tag<'_>) -> bool {
    !tag.is_end && RAW_TEXT.iter().any(|name| tag.is(name))
}

/// Whether such an element begins in it, which its text stands behind.
fn opens_raw_text(block: &Block) -> bool {
    let mut opens = false;
    block.for_each_child(&mut |child| opens |= child_opens_raw_text(child));
    opens
}

fn child_opens_raw_text(child: Child<'_>) -> bool {
    let opens = |inline: &Inline| {
        if let InlineKind::Html { html } = &inline.kind {
            return tags::tags(&html.text).any(|tag| is_raw_text(&tag));
        }
        inline.child().is_some_and(child_opens_raw_text)
    };
    match child {
        Child::Blocks(blocks) => blocks.iter().any(opens_raw_text),
        Child::Inlines(content) => content.iter().any(opens),
        Child::Runs(_) => false,
    }
}

fn gather_leaves(block: &Block, text: &mut String) {
    for_each_leaf(std::slice::from_ref(block), &mut |leaf| match leaf {
        Leaf::Text(piece) | Leaf::Media(_, piece) => {
            text.push_str(piece);
            if piece.contains(['\\', '^', '_']) {
                other_forms(piece, text);
            }
        }
        Leaf::Break => text.push('\n'),
        Leaf::HtmlMedia(_) => {}
    });
}

/// `mc^2` as what is asked for `mc²`, and TeX's Greek letters as what is seen.
fn other_forms(piece: &str, text: &mut String) {
    text.push(' ');
    text.extend(piece.chars().filter(|c| !matches!(c, '\\' | '^' | '_' | '{' | '}')));
    if piece.contains('\\') {
        let names = GREEK.iter().filter(|(name, _)| piece.contains(name));
        names.for_each(|(_, letter)| text.extend([' ', *letter]));
    }
    text.push(' ');
}

/// Text as `search.js` folds what is asked.
fn fold(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { decomposed(text).collect::<String>().to_lowercase() }
}

fn decomposed(text: &str) -> impl Iterator<Item = char> {
    text.nfkd().filter(|c| !is_combining_mark(*c))
}

/// Calls `f` for each word of a text, folded; `in_all_forms`: for its other forms too.
fn for_each_word(text: &str, in_all_forms: bool, f: &mut impl FnMut(&str)) {
    let mut words =
        Words { word: String::new(), humps: Vec::new(), is_dense: false, is_at_end: false, in_all_forms, f };
    if text.is_ascii() {
        text.chars().for_each(|c| words.add(c));
    } else {
        decomposed(text).for_each(|c| words.add(c));
    }
    words.end();
}

/// The words of a text, character by character.
struct Words<'f, F> {
    /// As it was written.
    word: String,
    /// Where capitals stand in it behind small letters: names in code are found by each of their parts.
    humps: Vec<usize>,
    /// Whether it is one character of a [`DENSE`] script.
    is_dense: bool,
    /// Whether it has come to the signs that may end a word, as in `C++`.
    is_at_end: bool,
    in_all_forms: bool,
    f: &'f mut F,
}

impl<F: FnMut(&str)> Words<'_, F> {
    fn add(&mut self, c: char) {
        if is_dense(c) {
            self.add_dense(c);
        } else if c.is_alphabetic() || c.is_numeric() {
            if self.is_dense || self.is_at_end {
                self.end();
            }
            if c.is_uppercase() && self.word.ends_with(char::is_lowercase) {
                self.humps.push(self.word.len());
            }
            self.word.push(c);
        } else if matches!(c, '+' | '#') && !self.word.is_empty() && !self.is_dense {
            self.is_at_end = true;
            self.word.push(c);
        } else {
            self.end();
        }
    }

    fn add_dense(&mut self, c: char) {
        if self.is_dense {
            self.word.push(c);
            (self.f)(&self.word);
            self.word.clear();
        } else {
            self.end();
        }
        self.word.push(c);
        self.is_dense = true;
    }

    fn end(&mut self) {
        if !self.word.is_empty() {
            let word = fold(&self.word);
            (self.f)(&word);
            if self.in_all_forms {
                self.other_forms(&word);
            }
        }
        self.word.clear();
        self.humps.clear();
        (self.is_dense, self.is_at_end) = (false, false);
    }

    /// A word as those write it who lack its letters, and the parts of a name.
    fn other_forms(&mut self, word: &str) {
        if !word.is_ascii() {
            let other = LETTERS.iter().fold(word.to_owned(), |word, (letter, plain)| word.replace(*letter, plain));
            if other != word {
                (self.f)(&other);
            }
        }
        for hump in &self.humps {
            (self.f)(&fold(self.word.get(*hump..).unwrap_or_default()));
        }
    }
}

fn is_dense(c: char) -> bool {
    c >= '\u{e00}' && DENSE.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let mut found = Vec::new();
        for_each_word(text, true, &mut |word| found.push(word.to_owned()));
        found.join(" ")
    }

    #[test]
    fn scripts_and_styles_are_no_text() {
        for (html, expected) in [
            ("<p>a &amp; b</p>", "a & b"),
            ("a<script>x</script>b<STYLE>y</style >c<!-- z -->", "abc"),
            ("<script>x<b>y</b>", ""),
            ("<iframe>x</iframe><noscript>y</noscript>z", "z"),
        ] {
            let mut text = String::new();
            gather_html(html, &mut text);
            assert_eq!(text, expected, "{html}");
        }
    }

    #[test]
    fn words_are_folded() {
        for (text, folded) in [
            ("Café, NAÏVE e\u{301}", "cafe naive e"),
            ("Straße Σοφός", "straße strasse σοφος σοφοσ"),
            ("Smørrebrød ŁÓDŹ", "smørrebrød smorrebrod łodz lodz"),
            ("İstanbul Ⅳ ﬁn", "istanbul iv fin"),
            ("Ёлка и ЙОД", "елка и иод"),
            ("أهلاً كِتَاب", "اهلا كتاب"),
            ("taskRoleArn host_port x::y()", "taskrolearn rolearn arn host port x y"),
            ("C++ and C#; a+b # Title", "c++ and c# a+ b title"),
            ("東京都へAWSで", "東京 京都 都へ へ aws て"),
            ("カ ガ ｶﾞ", "カ カ カ"),
            ("한국 어", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8} \u{110b}\u{1165}"),
        ] {
            assert_eq!(words(text), folded, "{text}");
        }
    }

    #[test]
    fn formulas_are_found_as_they_are_written_and_seen() {
        let mut text = String::new();
        other_forms("E = mc^2 + \\alpha_{1}", &mut text);
        assert_eq!(words(&text), "e mc2 alpha1 α");
    }

    #[test]
    fn gaps_lead_from_text_to_text() {
        let mut gaps = Gaps::default();
        for text in [0, 1, 5, 60_000] {
            gaps.add(text);
        }
        assert_eq!(gaps.gaps, "##&\u{f27d}");
    }
}
