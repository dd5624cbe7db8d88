//! Parses HTML as a browser does, with html5ever, into the elements that there are.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{
    Attribute, ExpandedName, LocalName, Namespace, ParseOpts, QualName, ns, parse_document, parse_fragment,
};

/// An element, as `Element { name: "svg a", … }` where it is none of HTML.
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// Of its own text nodes.
    pub(crate) text: String,
}

/// The elements of a page, in order.
pub(crate) fn page(html: &str) -> Vec<Element> {
    let document = parse_document(Dom::default(), ParseOpts::default()).one(StrTendril::from(html));
    elements(&document)
}

/// The elements that HTML makes as the inside of an element.
pub(crate) fn inside(parent: &str, html: &str) -> Vec<Element> {
    let name = QualName::new(None, ns!(html), LocalName::from(parent));
    let fragment = parse_fragment(Dom::default(), ParseOpts::default(), name, Vec::new(), true);
    elements(&fragment.one(StrTendril::from(html)))
}

/// HTML as a browser writes it down again.
pub(crate) fn again(parent: &str, html: &str) -> String {
    let name = QualName::new(None, ns!(html), LocalName::from(parent));
    let fragment = parse_fragment(Dom::default(), ParseOpts::default(), name, Vec::new(), true);
    let mut out = String::new();
    let root = fragment.one(StrTendril::from(html));
    // A fragment hangs below an element `html`.
    for child in root.children.borrow().iter().flat_map(|html| html.children.borrow().clone()) {
        write(&child, &mut out);
    }
    out
}

type Handle = Rc<Node>;

#[derive(Default)]
struct Node {
    name: Option<QualName>,
    text: RefCell<String>,
    attributes: RefCell<Vec<Attribute>>,
    children: RefCell<Vec<Handle>>,
    parent: RefCell<Weak<Node>>,
    is_text: bool,
    is_integration_point: Cell<bool>,
    contents: RefCell<Option<Handle>>,
}

#[derive(Default)]
struct Dom {
    document: Handle,
}

struct Name<'a>(&'a QualName);

impl std::fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.local)
    }
}

impl ElemName for Name<'_> {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl Dom {
    fn take_out(node: &Handle) -> Option<(Handle, usize)> {
        let parent = node.parent.borrow().upgrade()?;
        let at = parent.children.borrow().iter().position(|child| Rc::ptr_eq(child, node))?;
        Some((parent, at))
    }

    fn put(parent: &Handle, at: usize, child: NodeOrText<Handle>) {
        let child = match child {
            NodeOrText::AppendNode(node) => node,
            NodeOrText::AppendText(text) => {
                let before = at.checked_sub(1).and_then(|at| parent.children.borrow().get(at).cloned());
                if let Some(before) = before.filter(|before| before.is_text) {
                    before.text.borrow_mut().push_str(&text);
                    return;
                }
                Rc::new(Node { is_text: true, text: RefCell::new(text.to_string()), ..Node::default() })
            }
        };
        if let Some((old, at)) = Self::take_out(&child) {
            old.children.borrow_mut().remove(at);
        }
        *child.parent.borrow_mut() = Rc::downgrade(parent);
        let at = at.min(parent.children.borrow().len());
        parent.children.borrow_mut().insert(at, child);
    }
}

impl TreeSink for Dom {
    type Handle = Handle;
    type Output = Handle;
    type ElemName<'a> = Name<'a>;

    fn finish(self) -> Handle {
        self.document
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.document.clone()
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> Name<'a> {
        Name(target.name.as_ref().expect("an element"))
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Handle {
        let contents = flags.template.then(Rc::default);
        Rc::new(Node {
            name: Some(name),
            attributes: RefCell::new(attrs),
            is_integration_point: Cell::new(flags.mathml_annotation_xml_integration_point),
            contents: RefCell::new(contents),
            ..Node::default()
        })
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        Rc::default()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        Rc::default()
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let end = parent.children.borrow().len();
        Self::put(parent, end, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        if element.parent.borrow().upgrade().is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.contents.borrow().clone().expect("a template")
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        Rc::ptr_eq(x, y)
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        if let Some((parent, at)) = Self::take_out(sibling) {
            Self::put(&parent, at, child);
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        let mut own = target.attributes.borrow_mut();
        for attribute in attrs {
            if own.iter().all(|known| known.name != attribute.name) {
                own.push(attribute);
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        if let Some((parent, at)) = Self::take_out(target) {
            parent.children.borrow_mut().remove(at);
        }
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let children = std::mem::take(&mut *node.children.borrow_mut());
        for child in children {
            *child.parent.borrow_mut() = Rc::downgrade(new_parent);
            new_parent.children.borrow_mut().push(child);
        }
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &Handle) -> bool {
        handle.is_integration_point.get()
    }
}

fn elements(root: &Handle) -> Vec<Element> {
    let (mut found, mut rest) = (Vec::new(), vec![root.clone()]);
    while let Some(node) = rest.pop() {
        if let Some(name) = &node.name {
            let attribute = |attribute: &Attribute| {
                (attribute.name.local.to_string().to_ascii_lowercase(), attribute.value.to_string())
            };
            let texts = node.children.borrow();
            let texts = texts.iter().filter(|child| child.is_text).map(|child| child.text.borrow().clone());
            found.push(Element {
                name: named(name),
                attributes: node.attributes.borrow().iter().map(attribute).collect(),
                text: texts.collect(),
            });
        }
        rest.extend(node.contents.borrow().clone());
        rest.extend(node.children.borrow().iter().rev().cloned());
    }
    found
}

fn named(name: &QualName) -> String {
    let ExpandedName { ns, local } = name.expanded();
    if *ns == ns!(html) {
        local.to_string()
    } else if *ns == ns!(mathml) {
        format!("math {local}")
    } else {
        format!("svg {local}")
    }
}

/// The HTML fragment serialisation algorithm (living standard, 13.3), as browsers have it that leave `<` in attributes.
fn write(node: &Handle, out: &mut String) {
    let Some(name) = &node.name else {
        let text = node.text.borrow();
        let parent = node.parent.borrow().upgrade().and_then(|parent| parent.name.clone());
        let is_raw = parent.is_some_and(|parent| {
            let raw = ["style", "script", "xmp", "iframe", "noembed", "noframes", "plaintext", "noscript"];
            parent.ns == ns!(html) && raw.contains(&&*parent.local)
        });
        out.push_str(&if is_raw { text.clone() } else { escaped(&text).replace('<', "&lt;").replace('>', "&gt;") });
        return;
    };
    out.extend(["<", &name.local]);
    for attribute in node.attributes.borrow().iter() {
        out.extend([" ", &attribute.name.local, "=\"", &escaped(&attribute.value).replace('"', "&quot;"), "\""]);
    }
    out.push('>');
    let is_void =
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
    if name.ns == ns!(html) && is_void.contains(&&*name.local) {
        return;
    }
    for child in node.contents.borrow().as_ref().unwrap_or(node).children.borrow().iter() {
        write(child, out);
    }
    out.extend(["</", &name.local, ">"]);
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('\u{a0}', "&nbsp;")
}
