//! Turns HTML that its author is trusted with into well-formed HTML: every tag is closed, all values stand in double quotes.
//!
//! mdBook warns of a tag that is left open and takes what follows into it. Scripts and styles are kept.

use std::cell::RefCell;
use std::fmt::Write as _;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use crate::html;

/// Closes what is open and leaves out ends of what is not.
pub(super) fn balance(html: &str) -> String {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    // It stops before the end only where a sink asks it to, and this one does not.
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let mut balanced = tokenizer.sink.balanced.into_inner();
    balanced.close_down_to(0);
    balanced.out
}

#[derive(Default)]
struct Sink {
    balanced: RefCell<Balanced>,
}

#[derive(Default)]
struct Balanced {
    out: String,
    /// Names of the elements that are open.
    open: Vec<String>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut balanced = self.balanced.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return balanced.start(&tag),
            Token::TagToken(tag) => balanced.end(&tag.name),
            Token::CharacterTokens(text) if balanced.is_program() => balanced.out.push_str(&text),
            Token::CharacterTokens(text) => html::escape(&text, &mut balanced.out),
            Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

impl Balanced {
    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let _ = write!(self.out, "<{}", tag.name);
        for attribute in &tag.attrs {
            let name: &str = &attribute.name.local;
            if name.contains(['"', '\'', '<', '=']) {
                continue;
            }
            let _ = write!(self.out, " {name}=\"");
            html::escape_attribute(&attribute.value, &mut self.out);
            self.out.push('"');
        }
        if tag.self_closing && !is_void(&tag.name) {
            let _ = write!(self.out, "></{}>", tag.name);
            return TokenSinkResult::Continue;
        }
        self.out.push('>');
        if !is_void(&tag.name) {
            self.open.push(tag.name.to_string());
        }
        match &*tag.name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" => TokenSinkResult::RawData(RawKind::Rawtext),
            _ => TokenSinkResult::Continue,
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(at) = self.open.iter().rposition(|open| open == name) {
            self.close_down_to(at);
        }
    }

    fn close_down_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(name) = self.open.pop() {
                let _ = write!(self.out, "</{name}>");
            }
        }
    }

    fn is_program(&self) -> bool {
        matches!(self.open.last().map(String::as_str), Some("script" | "style"))
    }
}

/// Elements that have no end tag (HTML, section 13.1.2).
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_is_closed_and_closes_something() {
        assert_eq!(balance("<b>a<p>b</b></i> c<br/>"), "<b>a<p>b</p></b> c<br>");
        assert_eq!(balance("<a href=x title='\"'>y"), "<a href=\"x\" title=\"&quot;\">y</a>");
        assert_eq!(balance("<math><mspace/></math>"), "<math><mspace></mspace></math>");
    }

    #[test]
    fn scripts_are_kept() {
        assert_eq!(balance("<script>if (a < b && c) {}</script>&amp;"), "<script>if (a < b && c) {}</script>&amp;");
    }
}
