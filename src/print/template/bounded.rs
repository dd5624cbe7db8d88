//! Holds a project's own template to what ends: it may come with the notes of strangers.
//!
//! Handlebars has no bounds: a partial that calls itself takes all of the stack, and loops within loops take for ever. So
//! partials do not call partials, nothing lies deeper than [`MOST_NESTED`], and what is written is counted.

use std::collections::BTreeSet;
use std::io;

use handlebars::template::{DecoratorTemplate, HelperTemplate, Parameter, TemplateElement};
use handlebars::{Output, Template};

/// So deep may blocks and expressions lie within each other; the built-in ones need four.
const MOST_NESTED: usize = 16;

/// So many bytes may a page have, without its images.
const MOST_BYTES: usize = 64 << 20;

/// So many rounds may loops take, and so many pieces be written: a second or two.
const MOST_STEPS: usize = 4_000_000;

/// Stands at the start of each block, so that rounds that write nothing are counted. Unicode keeps it for a program's inside.
const STEP: char = '\u{FDEF}';

/// What is wrong with a template, and where: line and column, both from 1.
pub(super) type Fault = (Option<(usize, usize)>, String);

/// Finds what lies too deep, before the recursion of a parser does.
///
/// # Errors
/// Where that is.
pub(super) fn check_depth(text: &str) -> Result<(), Fault> {
    // How many blocks each block stands for: `{{else if}}` opens one that no end tag of its own closes.
    let mut open: Vec<usize> = Vec::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once("{{") {
        let inner = behind.trim_start_matches(['{', '~', ' ']);
        let end = inner.find("}}").unwrap_or(inner.len());
        let (tag, after) = inner.split_at_checked(end).unwrap_or((inner, ""));
        match tag.chars().next() {
            Some('#' | '^') => open.push(1),
            Some('/') => drop(open.pop()),
            _ if behind.starts_with("{{") => open.push(1),
            _ if tag.trim_start().starts_with("else ") => {
                open.iter_mut().next_back().into_iter().for_each(|count| *count += 1);
            }
            _ => {}
        }
        if open.iter().sum::<usize>() + nested(tag) > MOST_NESTED {
            let before = text.len() - behind.len();
            return Err((place(text, before), format!("it nests more than {MOST_NESTED} deep")));
        }
        rest = after;
    }
    Ok(())
}

/// How many brackets are open at most.
fn nested(tag: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for c in tag.chars() {
        match c {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

fn place(text: &str, at: usize) -> Option<(usize, usize)> {
    let before = text.get(..at)?;
    let line = before.rsplit('\n').next()?;
    Some((before.matches('\n').count() + 1, line.chars().count().saturating_sub(1).max(1)))
}

/// The template as one whose rounds can be counted.
///
/// # Errors
/// It calls a partial that is not its own, or one from within another.
pub(super) fn hold(mut template: Template) -> Result<Template, Fault> {
    let mut names = BTreeSet::new();
    collect_names(&mut template, &mut names);
    hold_elements(&mut template, &names, false)?;
    Ok(template)
}

fn collect_names(template: &mut Template, names: &mut BTreeSet<String>) {
    for element in &mut template.elements {
        if let TemplateElement::DecoratorBlock(block) = element
            && let Some(Parameter::Literal(name)) = block.params.first()
        {
            names.extend(name.as_str().map(str::to_owned));
        }
        children(element).into_iter().flatten().for_each(|child| collect_names(child, names));
    }
}

fn hold_elements(template: &mut Template, names: &BTreeSet<String>, is_partial: bool) -> Result<(), Fault> {
    for (index, element) in template.elements.iter_mut().enumerate() {
        if let Some(fault) = partial_fault(element, names, is_partial) {
            let place = template.mapping.get(index).map(|mapping| (mapping.0, mapping.1));
            return Err((place, fault));
        }
        let is_partial =
            is_partial || matches!(element, TemplateElement::DecoratorBlock(_) | TemplateElement::PartialBlock(_));
        for child in children(element).into_iter().flatten() {
            hold_elements(child, names, is_partial)?;
            child.elements.insert(0, TemplateElement::RawString(STEP.to_string()));
            if let Some(first) = child.mapping.first().cloned() {
                child.mapping.insert(0, first);
            }
        }
    }
    Ok(())
}

fn partial_fault(element: &TemplateElement, names: &BTreeSet<String>, is_partial: bool) -> Option<String> {
    let (TemplateElement::PartialExpression(call) | TemplateElement::PartialBlock(call)) = element else { return None };
    match call.name.as_name() {
        Some("@partial-block") => None,
        Some(name) if names.contains(name) && !is_partial => None,
        Some(name) if names.contains(name) => Some(format!("the partial `{name}` is called from within another one")),
        Some(name) => Some(format!("there is no partial `{name}` in this file")),
        None => Some("the name of a partial stands in the file itself".to_owned()),
    }
}

fn children(element: &mut TemplateElement) -> [Option<&mut Template>; 2] {
    match element {
        TemplateElement::HelperBlock(block)
        | TemplateElement::Expression(block)
        | TemplateElement::HtmlExpression(block) => {
            let HelperTemplate { template, inverse, .. } = block.as_mut();
            [template.as_mut(), inverse.as_mut()]
        }
        TemplateElement::DecoratorBlock(block)
        | TemplateElement::DecoratorExpression(block)
        | TemplateElement::PartialExpression(block)
        | TemplateElement::PartialBlock(block) => {
            let DecoratorTemplate { template, .. } = block.as_mut();
            [template.as_mut(), None]
        }
        TemplateElement::RawString(_) | TemplateElement::Comment(_) | _ => [None, None],
    }
}

/// A page on its way out.
#[derive(Default)]
pub(super) struct Page {
    pub(super) text: String,
    steps: usize,
}

impl Page {
    /// Why no more is written to it, if so.
    pub(super) fn excess(&self) -> Option<String> {
        if self.text.len() > MOST_BYTES {
            Some(format!("it makes a page of more than {} MB", MOST_BYTES >> 20))
        } else {
            (self.steps > MOST_STEPS).then(|| "its loops do not come to an end".to_owned())
        }
    }
}

impl Output for Page {
    fn write(&mut self, piece: &str) -> Result<(), io::Error> {
        self.steps += 1;
        self.text.extend(piece.split(STEP));
        if self.text.len() > MOST_BYTES || self.steps > MOST_STEPS {
            return Err(io::Error::other("a page has its bounds"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_too_deep_is_found_at_its_place() {
        let nested = |open: &str, count| format!("ä\n {}", open.repeat(count));
        for open in ["{{#if a}}", "{{~# each a}}", "{{^a}}", "{{{{raw}}}}"] {
            assert_eq!(check_depth(&nested(open, MOST_NESTED)), Ok(()), "{open}");
            let (place, _) = check_depth(&nested(open, MOST_NESTED + 1)).unwrap_err();
            let width = open.chars().count();
            assert_eq!(place, Some((2, 2 + MOST_NESTED * width)), "{open}");
        }
        let chain = |count| format!("{{{{#if a}}}}{}{{{{/if}}}}", "{{else if a}}".repeat(count));
        assert!(check_depth(&chain(MOST_NESTED - 1)).is_ok() && check_depth(&chain(MOST_NESTED)).is_err());
        assert!(check_depth(&chain(3).repeat(100)).is_ok() && check_depth("{{/a}}{{a}}}}{{").is_ok());
        for open in ["(", "[", "{"] {
            assert!(check_depth(&format!("{{{{a {}", open.repeat(100_000))).is_err(), "{open}");
        }
    }

    #[test]
    fn partials_are_of_the_file_and_call_none() {
        let held = |text: &str| hold(Template::compile(text).unwrap()).map(drop).map_err(|(place, _)| place.unwrap());
        assert_eq!(held("{{#*inline \"a\"}}x{{/inline}}{{> a}}{{#each b}}{{> a}}{{/each}}"), Ok(()));
        assert_eq!(held("{{#*inline \"a\"}}{{> @partial-block}}{{/inline}}{{#> a}}x{{/a}}"), Ok(()));
        for (text, place) in [
            ("a\n {{> b}}", (2, 2)),
            ("{{> (lookup a \"b\")}}", (1, 1)),
            ("{{#*inline \"a\"}}{{> a}}{{/inline}}", (1, 17)),
            ("{{#*inline \"a\"}}{{#if b}}{{> a}}{{/if}}{{/inline}}", (1, 26)),
            ("{{#*inline \"a\"}}x{{/inline}}{{#> a}}{{> a}}{{/a}}", (1, 37)),
            ("{{#*inline \"a\"}}{{#> a}}x{{/a}}{{/inline}}{{> a}}", (1, 17)),
        ] {
            assert_eq!(held(text), Err(place), "{text}");
        }
    }

    #[test]
    fn pages_have_their_bounds() {
        let mut page = Page::default();
        assert!((0..MOST_STEPS).all(|_| page.write(&STEP.to_string()).is_ok()));
        assert!(page.excess().is_none() && page.text.is_empty());
        assert!(page.write("a").is_err() && page.excess().is_some_and(|excess| excess.contains("loops")));
        let mut page = Page::default();
        assert!(page.write(&"a".repeat(MOST_BYTES)).is_ok() && page.excess().is_none());
        assert!(page.write("a").is_err() && page.excess().is_some_and(|excess| excess.contains("64 MB")));
    }
}
