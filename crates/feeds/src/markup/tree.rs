//! XML as a tree, of whatever stands there: tags that close nothing are skipped, elements left open are closed, and an item
//! inside an item ends it.

use std::collections::{BTreeSet, HashMap};

use super::attributes::{self, Attribute};
use super::entities;
use super::namespaces::{Declarations, Namespace};
use super::scanner::{Dialect, Piece, Scanner, Tag};
use crate::limits::{MAX_DEPTH, MAX_NODES};

/// An element and what is in it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Element {
    /// As written, with its prefix.
    pub(crate) name: String,
    pub(crate) namespace: Namespace,
    /// Names as written, and values.
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
    /// Whether it has an end tag of its own.
    pub(crate) is_closed: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// Returns the name without its prefix, as written.
    pub(crate) fn local_name(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or_default()
    }

    /// Returns whether it is the element `name` of `namespace`, whatever the case.
    pub(crate) fn is(&self, namespace: Namespace, name: &str) -> bool {
        self.namespace == namespace && self.local_name().eq_ignore_ascii_case(name)
    }

    /// Returns the value of an attribute, trimmed; its prefix and case do not matter. `None` if it is empty.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let is_it = |written: &str| written.rsplit(':').next().is_some_and(|local| local.eq_ignore_ascii_case(name));
        let value = self.attributes.iter().find(|(written, _)| is_it(written)).map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty())
    }

    /// Returns the elements in it.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Returns the first element `name` of `namespace` in it.
    pub(crate) fn child(&self, namespace: Namespace, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.is(namespace, name))
    }

    /// Returns its text and that of all elements in it, trimmed. `None` if there is none.
    pub(crate) fn text(&self) -> Option<String> {
        let mut text = String::new();
        self.collect_text(&mut text);
        let trimmed = text.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    fn collect_text(&self, text: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(part) => text.push_str(part),
                Node::Element(element) => element.collect_text(text),
            }
        }
    }
}

/// What had to be repaired.
#[derive(Debug, Clone, Default)]
pub(crate) struct Repairs {
    /// Elements that the end of the document cut off. Those of items are half items.
    pub(crate) cut_off: Vec<String>,
    /// Tags that close nothing, that are not closed, or that are written wrong.
    pub(crate) tags: usize,
    pub(crate) bare_ampersands: usize,
    pub(crate) html_names: usize,
    pub(crate) forbidden_characters: usize,
    pub(crate) undeclared_prefixes: BTreeSet<String>,
    /// Some elements were too many or too deep.
    pub(crate) exceeds_limits: bool,
}

/// Reads the tree from the tag that `is_root` accepts. Returns the root and what stands before it, if any.
pub(crate) fn read(source: &str, is_root: impl Fn(&Tag<'_>) -> bool) -> Option<(Element, Repairs)> {
    let mut scanner = Scanner::new(source, Dialect::Xml);
    let mut builder = Builder::default();
    while let Some((_, piece)) = scanner.next_piece() {
        match piece {
            Piece::Start(tag) if builder.has_begun || is_root(&tag) => builder.open(&tag),
            _ if !builder.has_begun => {}
            Piece::End(name) => builder.close(name),
            Piece::Text(text) => builder.push_text(text),
            Piece::Verbatim(text) => builder.push_verbatim(text),
            _ => {}
        }
        if builder.root.is_some() {
            break;
        }
    }
    let is_cut_off = scanner.faults.is_cut_off;
    builder.repairs.tags += scanner.faults.repaired_tags + scanner.faults.bare_brackets;
    builder.finish(is_cut_off)
}

#[derive(Default)]
struct Builder {
    has_begun: bool,
    open: Vec<Element>,
    root: Option<Element>,
    /// How many elements of each name are open, and how many are not told apart, since they are too deep.
    open_names: HashMap<String, usize>,
    deeper_names: HashMap<String, usize>,
    declarations: Declarations,
    nodes: usize,
    repairs: Repairs,
}

impl Builder {
    fn open(&mut self, tag: &Tag<'_>) {
        self.has_begun = true;
        self.end_open_item(tag.name);
        self.nodes += 1 + tag.attributes.len();
        if self.open.len() >= MAX_DEPTH || self.nodes > MAX_NODES {
            self.repairs.exceeds_limits = true;
            if !tag.is_closed {
                *self.deeper_names.entry(key(tag.name)).or_default() += 1;
            }
            return;
        }
        let element = self.element(tag);
        match tag.is_closed {
            true => {
                self.declarations.leave(self.open.len());
                self.add(element);
            }
            false => {
                *self.open_names.entry(key(tag.name)).or_default() += 1;
                self.open.push(element);
            }
        }
    }

    fn element(&mut self, tag: &Tag<'_>) -> Element {
        let depth = self.open.len();
        let mut attributes = Vec::new();
        for Attribute { name, value } in &tag.attributes {
            if !self.declarations.declare(depth, name, value) {
                attributes.push(((*name).to_owned(), value.clone().into_owned()));
            }
        }
        let prefix = tag.name.split_once(':').map_or("", |(prefix, _)| prefix);
        let namespace = self.declarations.resolve(prefix);
        Element { name: tag.name.to_owned(), namespace, attributes, children: Vec::new(), is_closed: tag.is_closed }
    }

    /// Closes an item whose end tag is missing, with what is open in it: no item is in an item of its own feed.
    fn end_open_item(&mut self, name: &str) {
        if !is_item(name) || self.open_names.get(&key(name)).is_none_or(|count| *count == 0) {
            return;
        }
        let around = self.open.iter().rposition(|it| it.name.eq_ignore_ascii_case(name) || is_feed(it.local_name()));
        let Some(at) = around.filter(|at| is_item(self.open[*at].local_name())) else { return };
        while self.open.len() > at {
            self.repairs.tags += 1;
            self.pop();
        }
    }

    fn close(&mut self, name: &str) {
        let key = key(name);
        if let Some(deeper) = self.deeper_names.get_mut(&key).filter(|count| **count > 0) {
            *deeper -= 1;
            return;
        }
        if self.open_names.get(&key).is_none_or(|count| *count == 0) {
            self.repairs.tags += 1;
            return;
        }
        self.deeper_names.clear();
        while let Some(top) = self.open.last_mut() {
            let is_it = top.name.eq_ignore_ascii_case(name);
            top.is_closed |= is_it;
            self.repairs.tags += usize::from(!is_it);
            self.pop();
            if is_it {
                break;
            }
        }
    }

    fn pop(&mut self) {
        let Some(element) = self.open.pop() else { return };
        if let Some(count) = self.open_names.get_mut(&key(&element.name)) {
            *count -= 1;
        }
        self.declarations.leave(self.open.len());
        self.add(element);
    }

    /// Adds a finished element to the one around it.
    fn add(&mut self, element: Element) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(element)),
            None => self.root = Some(element),
        }
    }

    fn push_text(&mut self, text: &str) {
        let (decoded, faults) = entities::decode(text);
        self.repairs.bare_ampersands += faults.bare_ampersands + faults.unknown_names;
        self.repairs.html_names += faults.html_names;
        self.repairs.forbidden_characters += faults.forbidden_characters;
        self.push_verbatim(&decoded);
    }

    fn push_verbatim(&mut self, text: &str) {
        let Some(parent) = self.open.last_mut() else { return };
        if let Some(Node::Text(before)) = parent.children.last_mut() {
            before.push_str(text);
            return;
        }
        self.nodes += 1;
        if self.nodes <= MAX_NODES {
            parent.children.push(Node::Text(text.to_owned()));
        }
    }

    fn finish(mut self, is_cut_off: bool) -> Option<(Element, Repairs)> {
        if self.root.is_none() {
            let open = self.open.iter().map(|element| element.local_name().to_ascii_lowercase());
            self.repairs.cut_off = open.collect();
            self.drop_half_item();
        }
        while self.root.is_none() && !self.open.is_empty() {
            self.pop();
        }
        if is_cut_off && self.repairs.cut_off.is_empty() {
            self.repairs.tags += 1;
        }
        self.repairs.undeclared_prefixes = self.declarations.undeclared;
        Some((self.root?, self.repairs))
    }

    /// Forgets the item that the end of the document cuts off.
    fn drop_half_item(&mut self) {
        if let Some(at) = self.open.iter().position(|element| is_item(element.local_name())) {
            self.open.truncate(at);
        }
    }
}

fn is_item(name: &str) -> bool {
    ["item", "entry"].iter().any(|item| name.rsplit(':').next().is_some_and(|name| name.eq_ignore_ascii_case(item)))
}

/// Returns whether an element has items. A feed may stand in the text of an item.
fn is_feed(name: &str) -> bool {
    ["feed", "channel", "rdf"].iter().any(|feed| name.eq_ignore_ascii_case(feed))
}

fn key(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// Returns whether a tag has this name, whatever its prefix and case.
pub(crate) fn has_local_name(tag: &Tag<'_>, names: &[&str]) -> bool {
    let local = tag.name.rsplit(':').next().unwrap_or_default();
    names.iter().any(|name| name.eq_ignore_ascii_case(local))
}

/// Returns the value of an attribute of a tag, trimmed and not empty.
pub(crate) fn attribute_of<'t>(tag: &'t Tag<'_>, name: &str) -> Option<&'t str> {
    attributes::find(&tag.attributes, name).map(str::trim).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(element: &Element) -> String {
        let children = element.children.iter().map(|child| match child {
            Node::Element(child) => outline(child),
            Node::Text(text) => text.clone(),
        });
        format!("{}({})", element.name, children.collect::<String>())
    }

    fn tree(source: &str) -> (String, Repairs) {
        let (root, repairs) = read(source, |_| true).unwrap();
        (outline(&root), repairs)
    }

    #[test]
    fn broken_trees_are_repaired() {
        for (source, expected) in [
            ("<a><b>x<br>y</b>z</a>", "a(b(xbr(y))z)"),
            ("<a></i>x</A>", "a(x)"),
            ("<a><item>1<item>2</a>", "a(item(1)item(2))"),
            ("<a><item><t>1<item><t>2</t></item></a>", "a(item(t(1))item(t(2)))"),
            ("<a><entry><b><c>1<item>2</item><entry>3</entry></a>", "a(entry(b(c(1item(2))))entry(3))"),
            ("<a><entry><feed><entry>1</entry></feed></entry></a>", "a(entry(feed(entry(1))))"),
            ("<a><t>5 <b and c</t><u>d</u></a>", "a(t(5 <b and c)u(d))"),
            ("<a><b>x", "a(b(x))"),
            ("<a><item><t>1</t></item><item><t>2", "a(item(t(1)))"),
            ("<a>1<![CDATA[<&amp;]]>&amp;</a><c/>", "a(1<&amp;&)"),
        ] {
            assert_eq!(tree(source).0, expected, "{source}");
        }
    }

    #[test]
    fn what_is_nested_too_deep_belongs_to_the_deepest() {
        let source = format!("<a><b>{}x{}</b><c>y</c></a>", "<i>".repeat(300), "</i>".repeat(300));
        let (found, repairs) = tree(&source);
        assert!(found.ends_with("c(y))"), "{found}");
        assert!(repairs.exceeds_limits);
    }

    #[test]
    fn namespaces_are_known_by_address_or_else_by_prefix() {
        let source = "<rss xmlns:x='http://purl.org/dc/elements/1.1/'><x:date/><dc:date/><media:y xmlns:media='urn:z'/><media:y/></rss>";
        let (root, repairs) = read(source, |_| true).unwrap();
        let namespaces: Vec<Namespace> = root.elements().map(|element| element.namespace).collect();
        assert_eq!(namespaces, [Namespace::DublinCore, Namespace::DublinCore, Namespace::Unknown, Namespace::Media]);
        assert_eq!(repairs.undeclared_prefixes.into_iter().collect::<Vec<_>>(), ["dc", "media"]);
    }
}
