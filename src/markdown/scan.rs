//! Makes a file's text ready for the parser: what pulldown-cmark would take for syntax and is none is replaced byte for
//! byte, so that every offset stays.
//!
//! Seven things are: remarks of Obsidian's ([`super::foreign::comments`]), colons that define nothing, formulas that it would tear,
//! attributes at the end of headings (the parser swallows any final `{…}`, so its own reading of them is off and they are read
//! here), dollars that are money, marks of quotes and lists that nest too deep, and what hides emphasis beside Chinese, Japanese
//! and Korean. Knows nothing of content.

mod containers;
mod emphasis;
mod formulas;
mod lines;
mod regions;

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Options};

use self::regions::Regions;
use super::attributes::{self, Attributes};
use super::foreign::{comments, terms};
use crate::diagnostic::{Code, Cost, Diagnostic};
use crate::source::{Source, SourceId, Span};
use crate::text::{entity, hidden};

pub(super) use self::formulas::{Formula, is_surely_tex};
pub(super) use self::lines::starts_line;

/// A text ready for the parser.
pub(super) struct Scanned<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// Stands for a `$` that is no math.
    pub dollar: char,
    /// Whether `dollar` occurs.
    pub has_dollars: bool,
    /// What stands for a `>` and for a blank that would nest too deep, where they occur.
    pub marks: Option<[char; 2]>,
    /// What stands for a `:` that starts a line and no definition, where it occurs.
    pub colon: Option<char>,
    /// What stands for characters beside emphasis, and which those are, ascending.
    pub stand_ins: Vec<(char, char)>,
    /// Stands for each byte of the formulas.
    pub taken: char,
    /// Formulas that the parser would tear, with their places in the source, ascending.
    pub formulas: Vec<Formula>,
    /// Attributes of headings by the heading's offset in the source, ascending.
    pub attributes: Vec<(usize, Attributes)>,
}

/// The parser's options; `math` says whether `$` starts math.
pub(super) fn options(math: bool) -> Options {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_DEFINITION_LIST;
    if math { options | Options::ENABLE_MATH } else { options }
}

/// What of dollars and brackets is read as math.
#[derive(Debug, Clone, Copy)]
pub(super) struct MathForms {
    /// Whether anything is.
    pub dollars: bool,
    /// Whether `\(` and `\[` are; else they are brackets for sure.
    pub brackets: bool,
}

/// Scans a piece of the text.
pub(super) fn scan<'a>(
    id: SourceId,
    source: &'a Source,
    range: Range<usize>,
    math: MathForms,
    diagnostics: &mut Vec<Diagnostic>,
) -> Scanned<'a> {
    let start = range.start;
    let text = source.text.get(range).unwrap_or_default();
    let mut unused = unused_characters(text);
    let mut scanned = Scanned {
        text: Cow::Borrowed(text),
        dollar: unused.next().unwrap_or('\u{1}'),
        has_dollars: false,
        marks: None,
        colon: None,
        stand_ins: Vec::new(),
        taken: unused.next().unwrap_or('\u{4}'),
        formulas: Vec::new(),
        attributes: Vec::new(),
    };
    if let Some(hidden) = comments::hide(text, || literal(text, options(math.dollars))) {
        diagnostics.extend(comments::directives(text, &hidden).map(|(at, meant)| remark(id, start, at, meant)));
        scanned.text = Cow::Owned(hidden);
    }
    if let surplus @ [_, ..] = containers::surplus(&scanned.text).as_slice() {
        scanned.replace_marks(surplus, [unused.next().unwrap_or('\u{2}'), unused.next().unwrap_or('\u{3}')]);
    }
    if let colons @ [_, ..] = terms::stray_colons(&scanned.text).as_slice() {
        let colon = unused.next().unwrap_or('\u{5}');
        scanned.colon = Some(colon);
        scanned.replace(colons.iter().copied(), |_| colon);
    }
    let mut regions = None;
    if math.dollars && formulas::may_occur(text) {
        regions = scanned.take_formulas(id, text, start, math.brackets, diagnostics);
    }
    let math = math.dollars;
    let mut wants_attributes = has_attribute_line(text);
    // Each round turns the first dollar of every wrong pair into text, which halves them at least. What still pairs up
    // after these rounds is left to the tree, which restores it as plain text.
    for _ in 0..MAX_ROUNDS {
        if !(wants_attributes || math && scanned.text.contains('$')) {
            break;
        }
        let found = regions.take().unwrap_or_else(|| Regions::of(&scanned.text, options(math)));
        let money = scanned.money(text, &found);
        if wants_attributes {
            scanned.take_attributes(id, source, start, &found.headings, diagnostics);
        }
        if money.is_empty() {
            break;
        }
        wants_attributes = false;
        scanned.replace_dollars(&money);
    }
    if let Some(emphasis::Mended { text, stand_ins }) = emphasis::mend(&scanned.text) {
        (scanned.text, scanned.stand_ins) = (Cow::Owned(text), stand_ins);
    }
    scanned
}

/// Where the parser finds what is not read, ascending: code, raw HTML, addresses, and math.
pub(super) fn literal(text: &str, options: Options) -> Vec<Range<usize>> {
    let Regions { literal, math, closed: _, containers: _, singles: _, headings: _ } = Regions::of(text, options);
    let mut ranges: Vec<Range<usize>> = literal.into_iter().map(|literal| literal.range).chain(math).collect();
    ranges.sort_unstable_by_key(|range| range.start);
    ranges
}

const MAX_ROUNDS: usize = 16;

/// How often formulas are looked for: a torn one may hide another.
const MAX_SEARCHES: usize = 4;

impl Scanned<'_> {
    /// A piece of the parser's text with its dollars back, and without hidden characters, which entities make as well.
    pub(super) fn restore(&self, text: &str) -> String {
        let mut text = Cow::Borrowed(text);
        if self.has_dollars && text.contains(self.dollar) {
            text = Cow::Owned(text.replace(self.dollar, "$"));
        }
        if let Some([quote, blank]) = self.marks.filter(|marks| text.contains(marks)) {
            text = Cow::Owned(text.replace(quote, ">").replace(blank, " "));
        }
        if let Some(colon) = self.colon.filter(|colon| text.contains(*colon)) {
            text = Cow::Owned(text.replace(colon, ":"));
        }
        if !self.stand_ins.is_empty() && !text.is_ascii() {
            text = Cow::Owned(text.chars().map(|c| self.meant(c)).collect());
        }
        match hidden::without(&text) {
            Cow::Borrowed(_) => text.into_owned(),
            Cow::Owned(text) => text,
        }
    }

    /// The character that another one stands in for beside emphasis.
    fn meant(&self, character: char) -> char {
        let found = self.stand_ins.binary_search_by_key(&character, |(stand_in, _)| *stand_in);
        found.ok().and_then(|index| self.stand_ins.get(index)).map_or(character, |(_, meant)| *meant)
    }

    /// Takes the formulas out that the parser would tear, and says which single dollars nearly hold one. Gives what the parser
    /// makes of the text, if that is known.
    fn take_formulas(
        &mut self,
        id: SourceId,
        original: &str,
        start: usize,
        reads_brackets: bool,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Regions> {
        let (mut cut, mut known) = (Vec::new(), None);
        for _ in 0..MAX_SEARCHES {
            let regions = Regions::of(&self.text, options(true));
            let found = formulas::find(&self.text, original, self.taken, reads_brackets, &regions);
            cut = found.cut;
            if found.formulas.is_empty() {
                known = Some(regions);
                break;
            }
            let ranges = found.formulas.iter().flat_map(|formula| formula.range.clone());
            let taken = self.taken;
            self.replace(ranges, |_| taken);
            self.formulas.extend(found.formulas);
            if !found.again {
                break;
            }
        }
        diagnostics.extend(cut.into_iter().map(|range| cut_formula(id, original, start, range)));
        self.formulas.sort_unstable_by_key(|formula| formula.range.start);
        for Formula { range, .. } in &mut self.formulas {
            *range = range.start + start..range.end + start;
        }
        known
    }

    /// The dollars that open what the parser takes for math and that is none.
    fn money(&self, original: &str, regions: &Regions) -> Vec<usize> {
        let is_taken = |range: &Range<usize>| self.text.get(range.clone()).is_some_and(|tex| tex.contains(self.taken));
        let wrong = regions.singles.iter().filter(|range| is_money(original, range) || is_taken(range));
        wrong.map(|range| range.start).collect()
    }

    /// The index of the first formula at a place of the source or behind it.
    pub(super) fn formula_from(&self, place: usize) -> usize {
        self.formulas.partition_point(|formula| formula.range.start < place)
    }

    /// An event of the parser's with what is written in the place of formulas where none can be: in code and HTML.
    pub(super) fn put_back<'e>(&self, event: Event<'e>, written: &str) -> Event<'e> {
        let (Event::Code(text)
        | Event::InlineMath(text)
        | Event::DisplayMath(text)
        | Event::Html(text)
        | Event::InlineHtml(text)) = &event
        else {
            return event;
        };
        if !text.contains(self.taken) || self.formulas.is_empty() {
            event
        } else if matches!(event, Event::Code(_)) {
            Event::Code(written.trim_matches('`').to_owned().into())
        } else if matches!(event, Event::InlineMath(_)) {
            Event::InlineMath(written.trim_matches('$').to_owned().into())
        } else if matches!(event, Event::DisplayMath(_)) {
            Event::DisplayMath(written.trim_matches('$').to_owned().into())
        } else if matches!(event, Event::Html(_)) {
            Event::Html(written.to_owned().into())
        } else {
            Event::InlineHtml(written.to_owned().into())
        }
    }

    /// Takes marks of quotes and lists their meaning; the offsets are those of a `>` or a blank.
    fn replace_marks(&mut self, offsets: &[usize], marks: [char; 2]) {
        self.marks = Some(marks);
        let [quote, blank] = marks;
        self.replace(offsets.iter().copied(), |mark| if mark == b'>' { quote } else { blank });
    }

    fn replace_dollars(&mut self, offsets: &[usize]) {
        self.has_dollars = true;
        let dollar = self.dollar;
        self.replace(offsets.iter().copied(), |_| dollar);
    }

    /// Puts other characters of one byte in the place of the bytes at the offsets, which ascend and make whole characters.
    fn replace(&mut self, offsets: impl IntoIterator<Item = usize>, other: impl Fn(u8) -> char) {
        let mut text = String::with_capacity(self.text.len());
        let mut from = 0;
        for at in offsets {
            text.push_str(self.text.get(from..at).unwrap_or_default());
            text.extend(self.text.as_bytes().get(at).map(|&byte| other(byte)));
            from = at + 1;
        }
        text.push_str(&self.text[from..]);
        self.text = Cow::Owned(text);
    }

    fn take_attributes(
        &mut self,
        id: SourceId,
        source: &Source,
        start: usize,
        headings: &[Range<usize>],
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let mut text = String::with_capacity(self.text.len());
        let mut from = 0;
        for heading in headings {
            let range = heading_text(&source.text, heading.start + start..heading.end + start);
            let found = attributes::trailing(id, &source.text, range.clone(), diagnostics);
            let end = found.as_ref().map_or(range.end, |(_, taken)| taken.start);
            attributes::report_near(id, &source.text, range.start..end, diagnostics);
            if let Some((attributes, taken)) = found {
                let taken = taken.start - start..taken.end - start;
                text.push_str(&self.text[from..taken.start]);
                text.extend(self.text[taken.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
                from = taken.end;
                self.attributes.push((heading.start + start, attributes));
            }
        }
        if from > 0 {
            text.push_str(&self.text[from..]);
            self.text = Cow::Owned(text);
        }
    }
}

/// What to say of a remark of Obsidian's that was to speak to deckle.
fn remark(id: SourceId, start: usize, range: Range<usize>, meant: String) -> Diagnostic {
    let place = Span::new(id, start + range.start..start + range.end);
    Diagnostic::new(Code::BadDirective, place, "this remark says nothing to deckle")
        .costing(Cost::Nothing)
        .help(format!("write `{meant}`"))
        .fix(place, meant)
}

/// What to say of a formula that the item or row cuts that one of its lines begins.
fn cut_formula(id: SourceId, text: &str, start: usize, range: Range<usize>) -> Diagnostic {
    let span = |range: Range<usize>| Span::new(id, start + range.start..start + range.end);
    let joined = text.get(range.clone()).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let message = "the list or table that a line of this formula begins cuts it";
    Diagnostic::new(Code::NearMath, span(range.clone()), message)
        .help("write it in one line, or between `$$`")
        .edit(span(range), joined)
}

/// Whether `range`, a heading's, is underlined (`text` over `---`) and not marked by `#`.
pub(super) fn is_setext(text: &str, range: &Range<usize>) -> bool {
    let marked = text.get(range.clone()).unwrap_or_default().trim_start();
    let behind = marked.trim_start_matches('#');
    marked.len() == behind.len() || !(behind.is_empty() || behind.starts_with([' ', '\t', '\n', '\r']))
}

/// Whether an underlined heading's underline may have been meant as a rule: exactly `---`.
pub(super) fn may_be_rule(text: &str, range: &Range<usize>) -> bool {
    let heading = text.get(range.clone()).unwrap_or_default().trim_end();
    heading.lines().next_back().is_some_and(|line| line.trim() == "---")
}

/// The bytes of a heading's text with its opening `#`s, without the closing ones or the underline.
fn heading_text(text: &str, range: Range<usize>) -> Range<usize> {
    let slice = text.get(range.clone()).unwrap_or_default().trim_end();
    let kept = if is_setext(text, &range) {
        slice.rfind('\n').map_or(slice, |end| slice[..end].trim_end())
    } else {
        let bare = slice.trim_end_matches('#').trim_end_matches([' ', '\t']);
        let closed = bare.len() < slice.len() && !bare.is_empty() && slice[bare.len()..].starts_with([' ', '\t']);
        if closed { bare } else { slice }
    };
    range.start..range.start + kept.len()
}

/// Whether a line may be a heading's that ends in attributes or in what is nearly some, which is worth a look at the headings.
fn has_attribute_line(text: &str) -> bool {
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let is_braced = || line.trim_end().trim_end_matches('#').trim_end().ends_with('}') && line.contains('{');
        let mut is_underlined = || lines.peek().is_some_and(|next| next.trim_start().starts_with(['=', '-']));
        if (is_marked(line) || is_underlined()) && (is_braced() || attributes::may_be_near(line)) {
            return true;
        }
    }
    false
}

/// Whether a line starts as a heading does: where the text starts, behind its byte order mark.
fn is_marked(line: &str) -> bool {
    line.trim_start_matches(|c: char| c.is_whitespace() || hidden::is_hidden(c)).starts_with('#')
}

/// Whether math can open between these characters: no letter or digit before it that it would be a part of, no space behind it.
fn opens(before: Option<char>, after: Option<char>) -> bool {
    !before.is_some_and(binds) && after.is_some_and(|after| !after.is_whitespace())
}

/// Whether math can close between these characters: no space before it, no letter or digit behind it that it would be a part of.
fn closes(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(|before| !before.is_whitespace()) && !after.is_some_and(binds)
}

/// Whether a character makes one word with a dollar that touches it.
pub(super) fn binds(character: char) -> bool {
    character.is_alphanumeric() && !is_unspaced(character)
}

/// Whether a character is a letter of a script that writes words, or a word and its particle, without a space: Thai, Lao,
/// Tibetan, Myanmar, Khmer, Hangul, the kana, Bopomofo and Han, by their blocks (Unicode, Blocks.txt).
fn is_unspaced(character: char) -> bool {
    let is_in_block = matches!(character,
        '\u{0E00}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..='\u{9FFF}'
        | '\u{A960}'..='\u{A97F}' | '\u{A9E0}'..='\u{A9FF}' | '\u{AA60}'..='\u{AA7F}' | '\u{AC00}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FFDC}' | '\u{1AFF0}'..='\u{1B16F}' | '\u{20000}'..='\u{3FFFF}');
    is_in_block && character.is_alphabetic()
}

/// Whether what the parser takes for inline math, dollars included, is none by our stricter rule.
pub(super) fn is_money(text: &str, range: &Range<usize>) -> bool {
    let Some(inner) = text.get(range.start + 1..range.end.saturating_sub(1)) else { return false };
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    // The first dollar behind the opening one decides: where it cannot close, nothing does. Those in `\text{…}` do not count.
    let crosses = formulas::closing_dollar(inner, &mut 0).is_some();
    let touches = before.into_iter().chain(after).any(is_unspaced);
    crosses
        || !opens(before, inner.chars().next())
        || !closes(inner.chars().next_back(), after)
        || touches && formulas::reads_like_unspaced_prose(inner)
}

/// Characters of one byte that the text does not hold, and that no entity in it stands for, to stand for others.
///
/// Punctuation first: to emphasis it is what a dollar is, and an address may hold it, which a control character would end.
fn unused_characters(text: &str) -> impl Iterator<Item = char> + '_ {
    const CANDIDATES: &str = "^%@;?/,'+\"QZXJKVWYqzxjkv";
    let decoded = entity::decode(text);
    let is_named = |candidate| NAMES.iter().any(|(c, name)| *c == candidate && text.contains(name));
    let has_entities = matches!(decoded, Cow::Owned(_));
    let is_used = move |candidate: char| {
        text.contains(candidate) || has_entities && (decoded.contains(candidate) || is_named(candidate))
    };
    CANDIDATES.chars().chain('\u{1}'..='\u{8}').filter(move |candidate| !is_used(*candidate))
}

/// Entities for those characters, besides those that [`entity::decode`] knows (HTML, section 13.5).
const NAMES: [(char, &str); 9] = [
    ('^', "&Hat;"),
    ('%', "&percnt;"),
    ('@', "&commat;"),
    ('?', "&quest;"),
    ('/', "&sol;"),
    (',', "&comma;"),
    ('+', "&plus;"),
    ('"', "&QUOT;"),
    ('j', "&fjlig;"),
];

#[cfg(test)]
mod tests {
    use pulldown_cmark::Parser;

    use super::*;
    use crate::text::steps;

    const MATH: MathForms = MathForms { dollars: true, brackets: true };

    fn dollars(text: &str) -> String {
        let source = Source { path: "a.md".into(), text: text.into() };
        let scanned = scan(SourceId(0), &source, 0..source.text.len(), MATH, &mut Vec::new());
        if scanned.has_dollars { scanned.text.replace(scanned.dollar, "¤") } else { scanned.text.into_owned() }
    }

    #[test]
    fn money_is_no_math() {
        assert_eq!(dollars("$5-$10"), "¤5-$10");
        assert_eq!(dollars("US$5 and $x$"), "US$5 and $x$");
        assert_eq!(dollars("$HOME/bin:$PATH"), "¤HOME/bin:$PATH");
        assert_eq!(dollars("$x^2$, $$y$$"), "$x^2$, $$y$$");
        assert_eq!(dollars("$n$th, 2$n$"), "¤n¤th, 2¤n$");
    }

    #[test]
    fn letters_of_scripts_without_spaces_may_touch_math() {
        for text in [
            "変数$x$は",
            "微分は$\\frac{dy}{dx}$です",
            "函数$f(x)$在点$x_0$处",
            "변수$x$는 $5$는",
            "ตัวแปร$x$คือ",
            "速さは$5\\,\\text{メートル}$です",
            "値$x_{最大}$は",
            "値は$5$です",
            "々$x$ー",
        ] {
            assert_eq!(dollars(text), text);
        }
        for (text, expected) in [
            ("$5円と$10", "¤5円と$10"),
            ("値は5ドル$、10ドル$です", "値は5ドル¤、10ドル$です"),
            ("本は$5円、傘は$です", "本は¤5円、傘は$です"),
            ("彼は5$と10$です", "彼は5¤と10$です"),
            ("値は$5と$x$です", "値は¤5と$x$です"),
            ("値は５$x$です", "値は５¤x$です"),
        ] {
            assert_eq!(dollars(text), expected);
        }
        assert_eq!(dollars("5ドル$"), "5ドル$");
    }

    #[test]
    fn no_entity_becomes_what_stands_for_others() {
        let text = "&Hat;&percnt;&commat;&semi;&quest;&sol;&comma;&apos;&plus;&QUOT;&fjlig;&#81;&#x5a;&#1;";
        let texts = Parser::new(text).filter_map(|event| if let Event::Text(text) = event { Some(text) } else { None });
        let decoded: String = texts.map(|text| text.to_string()).collect();
        assert_eq!(decoded, "^%@;?/,'+\"fjQZ\u{1}");
        assert!(unused_characters(text).next().is_some());
        assert_eq!(unused_characters(text).find(|unused| decoded.contains(*unused)), None);
        let source = Source { path: "a.md".into(), text: "$5-$10 &Hat; &#37;".into() };
        let scanned = scan(SourceId(0), &source, 0..source.text.len(), MATH, &mut Vec::new());
        assert_eq!((scanned.has_dollars, scanned.restore("^ %")), (true, "^ %".to_owned()));
    }

    #[test]
    fn a_line_of_dollars_is_looked_through_a_few_times() {
        for piece in
            ["$$ ", "$$", "$$ a ", "a $$ b $", "$", "$ ", "\\( ", "\\[ ", "$` ", "[$] ", "$$\n", "$$ \n\n", "- $$ "]
        {
            let cost = |count: usize| {
                let source = Source { path: "a.md".into(), text: piece.repeat(count) };
                steps::taken_by(|| scan(SourceId(0), &source, 0..source.text.len(), MATH, &mut Vec::new())).0
            };
            let (few, many) = (cost(500), cost(2000));
            assert!(many <= 5 * few + 10_000, "{piece:?}: {few} and {many}");
        }
    }

    #[test]
    fn the_parser_is_shown_no_line_that_nests_without_end() {
        for marker in [">", "> ", "- ", "1. ", "> * "] {
            let text = format!("{}x > y\nz\n", marker.repeat(500));
            let source = Source { path: "a.md".into(), text };
            let scanned = scan(SourceId(0), &source, 0..source.text.len(), MATH, &mut Vec::new());
            assert_eq!(containers::surplus(&source.text).len(), 1, "{marker:?}");
            assert_eq!(containers::surplus(&scanned.text).len(), 0, "{marker:?}");
            assert_eq!(scanned.text.len(), source.text.len());
            assert_eq!(scanned.restore(&scanned.text), source.text);
        }
    }

    #[test]
    fn attributes_become_spaces() {
        let source = Source { path: "a.md".into(), text: "## x_y {tags=a_b} ##\n```\n## z {.cloze}\n```\n".into() };
        let scanned = scan(SourceId(0), &source, 0..source.text.len(), MATH, &mut Vec::new());
        assert_eq!(scanned.text, "## x_y            ##\n```\n## z {.cloze}\n```\n");
        assert_eq!(scanned.attributes.len(), 1);
    }
}
