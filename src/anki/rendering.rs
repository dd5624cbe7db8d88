//! Turns card templates and the fields of a note into the HTML of both sides of a card, as Anki shows them.
//!
//! Measured in Anki 26.9.3. Knows neither what fields hold nor the page around a card.

mod deletions;
mod filled;
mod filters;
mod playing;
mod stripped;
mod tokens;

use std::fmt::Write as _;

use self::filled::shows_nothing;
use self::filters::filtered;
pub use self::filters::plain;
use self::playing::take_played;
pub use self::playing::{Played, without_played};
use self::tokens::{Token, tokens};
use super::template::{FRONT_SIDE, is_card_condition};

pub use self::deletions::typed;

/// What a card is made of, beside its templates.
#[derive(Debug)]
pub struct Ingredients<'a> {
    /// The fields by name, special ones too.
    pub fields: Vec<(&'a str, String)>,
    /// Anki's template index; the number of a cloze card less one.
    pub ordinal: u16,
    /// Whether it is a card of deletions.
    pub is_cloze: bool,
}

/// A side of a card.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Its HTML: `[anki:play:q:0]` where the first thing that the question plays is, `[[type:Name]]` where one types.
    pub html: String,
    /// What it plays.
    pub played: Vec<Played>,
}

/// The question and the answer.
pub fn render(front: &str, back: &str, card: &Ingredients<'_>) -> [Rendered; 2] {
    let sides = side(front, card, true, "").and_then(|front| {
        if front.is_blank && !card.is_cloze {
            return Err(BLANK.to_owned());
        }
        let (html, played) = take_played(&front.html, 'q');
        let answer = side(back, card, false, &html)?;
        Ok([Rendered { html, played }, answered(&answer.html)])
    });
    sides.unwrap_or_else(|fault| {
        let html = format!("Anki shows an error in place of this card: {fault}");
        [0, 1].map(|_| Rendered { html: html.clone(), played: Vec::new() })
    })
}

/// What Anki says of a question that shows no field.
const BLANK: &str = "The front of this card is blank.";

/// A side on which nothing is taken out yet.
struct Filled {
    html: String,
    /// Whether none of its fields that are shown has anything in it.
    is_blank: bool,
}

fn answered(answer: &str) -> Rendered {
    let (html, played) = take_played(answer, 'a');
    Rendered { html, played }
}

/// A side, or what of its template Anki refuses.
fn side(template: &str, card: &Ingredients<'_>, is_question: bool, front_side: &str) -> Result<Filled, String> {
    // Of each open section, whether it is shown.
    let (mut html, mut open): (String, Vec<(&str, bool)>) = (String::new(), Vec::new());
    let mut is_blank = true;
    for token in tokens(template)? {
        let is_shown = open.iter().all(|(_, is_shown)| *is_shown);
        match token {
            Token::Text(text) if is_shown => html.push_str(text),
            Token::Open { name, is_negated } => open.push((name, card.is_filled(name)? != is_negated)),
            Token::Close(name) => {
                if open.pop().is_none_or(|(opened, _)| opened != name) {
                    return Err(format!("a section ends with {{{{/{name}}}}} that is not the last one opened"));
                }
            }
            Token::Field { name: FRONT_SIDE, .. } if is_shown => html.push_str(front_side),
            Token::Text(_) | Token::Field { name: FRONT_SIDE, .. } => {}
            Token::Field { name: "", filters } if !filters.is_empty() => {}
            Token::Field { name, filters } => {
                let text = card.field(name).ok_or_else(|| format!("there is no field {name}"))?;
                if is_shown {
                    is_blank &= shows_nothing(text);
                    html.push_str(&filtered(text, &filters, name, card.ordinal + 1, is_question));
                }
            }
        }
    }
    match open.last() {
        None => Ok(Filled { html, is_blank }),
        Some((name, _)) => Err(format!("the section {name} is not closed")),
    }
}

impl Ingredients<'_> {
    /// What a field holds.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, text)| text.as_str())
    }

    fn is_filled(&self, name: &str) -> Result<bool, String> {
        let mut number = String::from("c");
        let _ = write!(number, "{}", u32::from(self.ordinal) + 1);
        match self.field(name) {
            Some(text) => Ok(!shows_nothing(text)),
            None if self.is_cloze && name == number => Ok(true),
            None if is_card_condition(name) => Ok(false),
            None => Err(format!("there is no field {name}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(front: &str, back: &str, fields: &[(&'static str, &str)]) -> [String; 2] {
        let fields = fields.iter().map(|&(name, text)| (name, text.to_owned())).collect();
        render(front, back, &Ingredients { fields, ordinal: 0, is_cloze: true }).map(|side| side.html)
    }

    /// What Anki 26.9.3 shows of them.
    #[test]
    fn sides_are_those_of_anki() {
        let fields = &[
            ("A", "<b>x</b> [sound:a.mp3]"),
            ("B", "<br> <div></div>"),
            ("C", "}} {{c1::x {{c2::y::h}}::k}} {{c1::z"),
        ];
        for (template, expected) in [
            ("{{A}}|{{text:A}}", "<b>x</b> [anki:play:q:0]|x [anki:play:q:1]"),
            ("{{#A}}1{{/A}}{{^A}}2{{/A}}{{#B}}3{{/B}}{{^B}}4{{/B}}{{#c1}}5{{/c1}}{{^c2}}6{{/c2}}", "1456"),
            ("{{{B}}}<!-- {{A}} {{#x}} -->{{tts-voices:}}", "<br> <div></div>}<!-- {{A}} {{#x}} -->"),
            (
                "{{type:A}}{{type:nc:A}}{{type:cloze:C}}{{nosuch:B}}",
                "[[type:A]][[type:nc:A]][[type:cloze:C]]<br> <div></div>",
            ),
            ("{{=<% %>=}}<%B%>{{B}}<%#B%>x<%/B%>", "<br> <div></div>{{B}}"),
            (
                "{{cloze:C}}|{{cloze-only:C}}",
                "}} <span class=\"cloze\" data-cloze=\"x&#x20;&lt;span&#x20;class&#x3D;&quot;cloze&#x2D;inactive&quot;&#x20;data\
                &#x2D;ordinal&#x3D;&quot;2&quot;&gt;y&lt;&#x2F;span&gt;\" data-ordinal=\"1\">[k]</span> |k",
            ),
        ] {
            assert_eq!(shown(template, "", fields)[0], expected, "{template}");
        }
        assert_eq!(shown("{{A}}", "{{FrontSide}}{{A}}", fields)[1], "<b>x</b> [anki:play:q:0]<b>x</b> [anki:play:a:0]");
    }

    #[test]
    fn what_anki_refuses_is_said() {
        for template in [
            "{{A",
            "{{#A}}",
            "{{/A}}",
            "{{#A}}{{#B}}{{/A}}{{/B}}",
            "{{Nope}}",
            "{{^A}}{{Nope}}{{/A}}",
            "{{#Nope}}{{/Nope}}",
        ] {
            let [question, answer] = shown(template, "", &[("A", "a"), ("B", "b")]);
            assert!(question.starts_with("Anki shows an error") && question == answer, "{template}: {question}");
        }
    }

    #[test]
    fn a_question_without_a_field_is_blank() {
        let blank = |front: &str| {
            let fields = [("A", "a".to_owned()), ("B", "<br>".to_owned())];
            let card = Ingredients { fields: fields.into(), ordinal: 0, is_cloze: false };
            render(front, "{{A}}", &card).iter().all(|side| side.html.ends_with(BLANK))
        };
        for template in ["x{{B}}", "{{#B}}{{A}}{{/B}}", "{{FrontSide}}", "{{text:B}}", "{{text:}}"] {
            assert!(blank(template), "{template}");
        }
        for template in ["{{A}}", "{{^B}}{{A}}{{/B}}", "{{B}}{{hint:A}}"] {
            assert!(!blank(template), "{template}");
        }
    }
}
