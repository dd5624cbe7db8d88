//! Turns a project's own card templates into diagnostics where Anki would show an error in place of a card.
//!
//! Knows not where files lie.

use std::ops::Range;

use crate::anki::note_type::{self, ADDED_STYLE, Needs, Role, STYLE};
use crate::anki::template::{
    CLOZE_FILTER, FILTERS, FRONT_SIDE, SILENT_FILTERS, SPECIAL_FIELDS, VOICES_FILTER, YOUNG_FIELD, is_card_condition,
};
use crate::diagnostic::{Code, Diagnostic, suggest, suggest_only};
use crate::ir::NoteTypeKey;
use crate::source::{SourceId, Span};

/// Checks one file of `templates/anki/`.
pub fn check_template(name: &str, id: SourceId, text: &str) -> Vec<Diagnostic> {
    let mut template = Template { id, text, side: None, diagnostics: Vec::new() };
    match files().find(|(file, _)| *file == name) {
        None => template.unknown_file(name),
        // Anki reads such a text with other brackets; nobody writes it any more.
        Some((_, Some(_))) if text.trim_start().starts_with("{{=") => {}
        Some((_, Some(side))) => {
            template.side = Some(side);
            template.check();
        }
        Some((_, None)) => {}
    }
    template.diagnostics
}

/// The fields that a template shows, each with its place, but for those whose sounds do not play there.
pub(super) fn shown_fields(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut template = Template { id: SourceId(0), text, side: None, diagnostics: Vec::new() };
    let is_silent = |filter: &&str| SILENT_FILTERS.contains(&filter_word(filter));
    let tags = template.tags().into_iter().filter(|tag| tag.kind == Kind::Field && !tag.filters.iter().any(is_silent));
    tags.map(|tag| (tag.range, tag.name)).collect()
}

/// A side of a card.
#[derive(Debug, Clone, Copy)]
struct Side {
    note_type: NoteTypeKey,
    is_front: bool,
    /// The field that has to be filled for the card to exist, and switches it on and off.
    switch: Option<&'static str>,
}

/// The files that may take the place of built-in ones; the styles are of no side.
fn files() -> impl Iterator<Item = (&'static str, Option<Side>)> {
    let sides = NoteTypeKey::ALL.into_iter().flat_map(|note_type| {
        note_type::templates(note_type).iter().flat_map(move |template| {
            let is_switched = matches!(template.needs, Needs::All(roles) if roles.contains(&Role::Reverse));
            let switch = note_type::place_of(note_type, Role::Reverse).filter(|_| is_switched);
            let switch = switch.and_then(|place| note_type::field_names(note_type).nth(place));
            let side = |is_front| Some(Side { note_type, is_front, switch });
            [(template.front.name, side(true)), (template.back.name, side(false))]
        })
    });
    [STYLE, ADDED_STYLE].into_iter().map(|style| (style.name, None)).chain(sides)
}

struct Template<'a> {
    id: SourceId,
    text: &'a str,
    side: Option<Side>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Template<'a> {
    fn check(&mut self) {
        let (mut open, mut filters): (Vec<Tag<'a>>, Vec<&str>) = (Vec::new(), Vec::new());
        let mut shows_field = false;
        let tags = self.tags();
        for tag in tags {
            match tag.kind {
                Kind::Open | Kind::OpenEmpty => {
                    self.check_condition(&tag);
                    open.push(tag);
                }
                Kind::Close => self.close(&mut open, &tag),
                Kind::Field => {
                    shows_field |= self.check_field(&tag, &mut filters);
                    self.check_switch(&tag, &open);
                }
            }
        }
        for tag in open {
            let name = tag.name;
            self.report(
                tag.range,
                format!("the section `{name}` is not closed"),
                format!("write `{{{{/{name}}}}}` where it ends"),
            );
        }
        self.check_whole(shows_field, filters.contains(&CLOZE_FILTER));
    }

    /// What stands between `{{` and `}}`, in order; comments are passed over, as Anki does.
    fn tags(&mut self) -> Vec<Tag<'a>> {
        let (mut tags, mut at) = (Vec::new(), 0);
        while let Some(start) = self.find(at, "{{") {
            if let Some(comment) = self.find(at, "<!--").filter(|comment| *comment < start) {
                at = self.find(comment, "-->").map_or(self.text.len(), |end| end + 3);
                continue;
            }
            let Some(end) = self.find(start, "}}") else {
                self.report(start..start + 2, "`{{` is not closed", "write `}}` behind the field's name");
                break;
            };
            tags.extend(self.text.get(start + 2..end).map(|inner| Tag::new(inner, start..end + 2)));
            at = end + 2;
        }
        tags
    }

    fn find(&self, from: usize, word: &str) -> Option<usize> {
        self.text.get(from..)?.find(word).map(|at| from + at)
    }

    fn close(&mut self, open: &mut Vec<Tag<'a>>, tag: &Tag<'_>) {
        let Some(last) = open.pop() else {
            let message = format!("no section `{}` is open here", tag.name);
            let help = format!("open it with `{{{{#{}}}}}`, or leave this out", tag.name);
            return self.report(tag.range.clone(), message, help);
        };
        if last.name != tag.name {
            let message = format!("the section `{}` is still open here", last.name);
            let diagnostic = Diagnostic::new(Code::BadTemplate, Span::new(self.id, tag.range.clone()), message)
                .label(Span::new(self.id, last.range), "opened here")
                .help(format!("sections close in turn: write `{{{{/{}}}}}` here", last.name));
            self.diagnostics.push(diagnostic);
            // The outer section is closed by it, so that one mistake is told once.
            open.pop_if(|outer| outer.name == tag.name);
        }
    }

    /// `{{#c1}}` asks for a cloze card's number.
    fn check_condition(&mut self, tag: &Tag<'_>) {
        if !(is_card_condition(tag.name) && self.side.is_some_and(|side| side.note_type == NoteTypeKey::Cloze)) {
            self.check_name(tag);
        }
    }

    /// Whether the tag shows a field of the note.
    fn check_field(&mut self, tag: &Tag<'a>, filters: &mut Vec<&'a str>) -> bool {
        for filter in &tag.filters {
            let word = filter_word(filter);
            if !FILTERS.contains(&word) {
                self.report_near(tag, word, FILTERS, format!("there is no filter `{word}`"));
            }
            filters.push(word);
        }
        if tag.name.is_empty() && tag.filters == [VOICES_FILTER] {
            return false;
        }
        self.check_name(tag) && !SPECIAL_FIELDS.contains(&tag.name)
    }

    /// What is shown on the front of a card that not every note has, whether it has it or not, makes one of every note
    /// (special fields too, on Anki 26.5 and later).
    fn check_switch(&mut self, tag: &Tag<'_>, open: &[Tag<'_>]) {
        let Some(Side { is_front: true, switch: Some(switch), .. }) = self.side else { return };
        let is_inside = open.iter().any(|outer| outer.kind == Kind::Open && outer.name == switch);
        let is_known = self.known().any(|name| name == tag.name);
        if is_known && !is_inside && tag.name != FRONT_SIDE {
            let message =
                format!("`{{{{{}}}}}` outside of `{{{{#{switch}}}}}` makes a second card of every note", tag.name);
            let help = format!("move it between `{{{{#{switch}}}}}` and `{{{{/{switch}}}}}`");
            self.report(tag.range.clone(), message, help);
        }
    }

    fn check_name(&mut self, tag: &Tag<'_>) -> bool {
        if tag.name == YOUNG_FIELD {
            let message = format!("not every Anki has `{YOUNG_FIELD}`");
            self.report(tag.range.clone(), message, "Anki 24.11 and older refuse all cards of this type: take it out");
            return true;
        }
        let known: Vec<&str> = self.known().collect();
        let is_known = known.contains(&tag.name);
        if !is_known {
            self.report_near(tag, tag.name, &known, format!("there is no field `{}`", tag.name));
        }
        is_known
    }

    fn known(&self) -> impl Iterator<Item = &'static str> + use<> {
        let fields = self.side.into_iter().flat_map(|side| note_type::field_names(side.note_type));
        fields.chain(SPECIAL_FIELDS.iter().copied())
    }

    /// What Anki asks of a side as a whole.
    fn check_whole(&mut self, shows_field: bool, has_cloze: bool) {
        let Some(side) = self.side.filter(|_| self.diagnostics.is_empty()) else { return };
        let end = self.text.lines().next().unwrap_or_default().len();
        if side.note_type == NoteTypeKey::Cloze && !has_cloze {
            self.report(0..end, "no deletions are shown here", "write `{{cloze:Text}}` where the text stands");
        } else if side.is_front && !shows_field {
            self.report(0..end, "no field is shown here", "write at least one, such as `{{Front}}`");
        }
    }

    fn unknown_file(&mut self, name: &str) {
        let known: Vec<&str> = files().map(|(file, _)| file).collect();
        self.report(0..0, format!("there is no template `{name}` to take the place of"), near(name, &known));
    }

    /// Reports a word of a tag that is none of those that are known. A section has another tag that says it.
    fn report_near(&mut self, tag: &Tag<'_>, word: &str, known: &[&str], message: String) {
        let Tag { range, kind, .. } = tag;
        let found = Diagnostic::new(Code::BadTemplate, Span::new(self.id, range.clone()), message);
        let found = found.help(near(word, known));
        let text = self.text.get(range.clone()).unwrap_or_default();
        let is_alone = |at: &usize| *kind == Kind::Field && !word.is_empty() && text.rfind(word) == Some(*at);
        let at = text.find(word).filter(is_alone);
        self.diagnostics.push(match at.zip(suggest_only(word, known.iter().copied())) {
            Some((at, near)) => {
                let start = range.start + at;
                found.fix(Span::new(self.id, start..start + word.len()), near)
            }
            None => found,
        });
    }

    fn report(&mut self, range: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let diagnostic = Diagnostic::new(Code::BadTemplate, Span::new(self.id, range), message);
        self.diagnostics.push(diagnostic.help(help));
    }
}

/// `{{…}}`.
struct Tag<'a> {
    /// With its braces.
    range: Range<usize>,
    kind: Kind,
    /// The field's.
    name: &'a str,
    /// In the order they are written.
    filters: Vec<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `{{Field}}`
    Field,
    /// `{{#Field}}`
    Open,
    /// `{{^Field}}`
    OpenEmpty,
    /// `{{/Field}}`
    Close,
}

impl<'a> Tag<'a> {
    /// A field behind its filters; the last part is the name. Three braces are taken for two.
    fn new(inner: &'a str, range: Range<usize>) -> Self {
        let inner = inner.trim_start_matches('{').trim();
        let kinds = [('#', Kind::Open), ('^', Kind::OpenEmpty), ('/', Kind::Close)];
        let marked = kinds.into_iter().find_map(|(mark, kind)| Some((kind, inner.strip_prefix(mark)?)));
        let (kind, rest) = marked.unwrap_or((Kind::Field, inner));
        if kind != Kind::Field {
            return Self { range, kind, name: rest.trim(), filters: Vec::new() };
        }
        let (filters, name) = rest.rsplit_once(':').map_or(("", rest), |(filters, name)| (filters, name));
        let filters = filters.split(':').map(str::trim).filter(|filter| !filter.is_empty()).collect();
        Self { range, kind, name: name.trim(), filters }
    }
}

/// A filter without its options.
fn filter_word(filter: &str) -> &str {
    filter.split_whitespace().next().unwrap_or_default()
}

fn near(word: &str, known: &[&str]) -> String {
    match suggest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::string_slice, reason = "a test fails by a panic")]

    use super::*;

    fn found(name: &str, text: &str) -> Vec<(String, String)> {
        let diagnostics = check_template(name, SourceId(0), text);
        diagnostics.into_iter().map(|found| (text[found.span.range()].to_owned(), found.message)).collect()
    }

    fn messages(name: &str, text: &str) -> Vec<String> {
        found(name, text).into_iter().map(|(_, message)| message).collect()
    }

    #[test]
    fn what_anki_takes_is_taken() {
        for text in [
            "{{Front}} {{ text:Front }} {{type:nc:Typed}} {{tts en_US voices=A,B speed=1.1:Front}} {{hint:Hint}}",
            "{{#Hint}}{{^Typed}}{{Front}}{{/Typed}}{{/Hint}}",
            "{{Front}} {{Tags}} {{Type}} {{Deck}} {{Subdeck}} {{Card}} {{CardFlag}} {{#Tags}}x{{/Tags}}",
            "{{{Front}}} <!-- {{Frnt}} {{#x}} --> {{tts-voices:}} {{furigana:kana:Back}} } }} {",
            "{{=<% %>=}} <%Front%> {{x",
        ] {
            assert_eq!(messages("basic-front.html", text), [""; 0], "{text}");
        }
        assert_eq!(messages("basic-back.html", "{{FrontSide}}"), [""; 0]);
        assert_eq!(messages("cloze-front.html", "{{#c1}}{{cloze:Text}}{{/c1}}{{type:cloze:Text}}"), [""; 0]);
        assert_eq!(messages("style.css", "a { b: {{c}} }"), [""; 0]);
    }

    #[test]
    fn what_breaks_each_card_is_found_at_its_place() {
        let text =
            "ä {{Front}}\n{{Frnt}}{{#x}}y{{/x}}{{hnit:Hint}}{{}}\n{{#Hint}}{{^Back}}{{/Hint}}{{/Link}}{{#Extra}}{{Back";
        let found = found("basic-back.html", text);
        let found: Vec<_> = found.iter().map(|(text, message)| (text.as_str(), message.as_str())).collect();
        assert_eq!(
            found,
            [
                ("{{", "`{{` is not closed"),
                ("{{Frnt}}", "there is no field `Frnt`"),
                ("{{#x}}", "there is no field `x`"),
                ("{{hnit:Hint}}", "there is no filter `hnit`"),
                ("{{}}", "there is no field ``"),
                ("{{/Hint}}", "the section `Back` is still open here"),
                ("{{/Link}}", "no section `Link` is open here"),
                ("{{#Extra}}", "the section `Extra` is not closed"),
            ]
        );
    }

    #[test]
    fn a_side_shows_what_its_note_type_is_for() {
        assert_eq!(messages("basic-front.html", "{{#Hint}}{{Deck}}{{/Hint}}"), ["no field is shown here"]);
        assert_eq!(messages("cloze-back.html", "{{Text}}"), ["no deletions are shown here"]);
        assert_eq!(messages("basic-back.html", ""), [""; 0]);
    }

    #[test]
    fn a_second_card_is_only_for_notes_that_ask_for_one() {
        let front = |text: &str| messages("basic-reversed-front.html", text);
        let inside = "{{#Reverse}}{{#Back}}{{Back}}{{/Back}} {{Tags}} {{^Hint}}{{Deck}}{{/Hint}}{{/Reverse}}";
        assert_eq!(front(inside), [""; 0]);
        let silent = "x {{FrontSide}} {{tts-voices:}} {{#Extra}}y{{/Extra}}";
        assert_eq!(front(&format!("{silent}{{{{#Extra}}}}{inside}{{{{/Extra}}}}")), [""; 0]);
        for field in ["Front", "Back", "text:Back", "hint:Extra", "type:Typed", "Reverse"]
            .into_iter()
            .chain(["Tags", "Deck", "Subdeck", "Type", "Card", "CardFlag"])
        {
            for (before, after) in [("", ""), ("{{#Back}}", "{{/Back}}"), ("{{^Reverse}}", "{{/Reverse}}")] {
                let found = front(&format!("{inside}{before}{{{{{field}}}}}{after}"));
                let name = field.rsplit(':').next().unwrap();
                let message =
                    format!("`{{{{{name}}}}}` outside of `{{{{#Reverse}}}}` makes a second card of every note");
                assert_eq!(found, [message], "{field}");
            }
        }
        assert_eq!(messages("basic-reversed-back.html", "{{Front}}{{Tags}}"), [""; 0]);
        assert_eq!(messages("basic-front.html", "{{Front}}{{Tags}}"), [""; 0]);
    }

    #[test]
    fn a_field_that_old_ankis_lack_is_found() {
        for text in ["{{CardID}}{{Front}}", "{{text:CardID}}{{Front}}", "{{#CardID}}{{Front}}{{/CardID}}"] {
            assert_eq!(messages("basic-front.html", text), ["not every Anki has `CardID`"], "{text}");
        }
        let told = messages("basic-reversed-front.html", "{{#Reverse}}{{Back}}{{/Reverse}}{{CardID}}");
        assert_eq!(told, ["not every Anki has `CardID`"]);
    }

    #[test]
    fn a_file_that_takes_no_ones_place_is_found() {
        assert_eq!(messages("extra.css", "a { b: {{c}} }"), [""; 0]);
        let found = check_template("sytle.css", SourceId(0), "");
        assert_eq!(found[0].help.as_deref(), Some("did you mean `style.css`?"));
        assert_eq!(check_template("Card.HTML", SourceId(0), "").len(), 1);
    }

    #[test]
    fn odd_texts_do_no_harm() {
        for text in ["{{", "}}", "{{{{", "{{ä", "{{#}}", "{{/}}", "{{:}}", "{{::}}", "<!--", "<!-- {{", "{{#}}{{/}}{{^"]
        {
            for (name, _) in files() {
                check_template(name, SourceId(0), text);
            }
        }
    }
}
