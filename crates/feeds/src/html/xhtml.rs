//! Elements of XML written as HTML: the XHTML of Atom, and HTML that somebody forgot to escape.

use super::elements::is_void;
use super::urls::absolute_value;
use crate::markup::entities::{escape, escape_attribute};
use crate::markup::scope::Scope;
use crate::markup::tree::{Element, Node};

/// Writes what is in an element as HTML, with absolute addresses.
pub(crate) fn inner_html(element: &Element, scope: &Scope) -> String {
    let mut html = String::new();
    write_children(element, scope, &mut html);
    html
}

/// Returns the content of an element that holds HTML: escaped, or as elements.
pub(crate) fn content(element: &Element, scope: &Scope) -> String {
    let has_elements = element.elements().next().is_some();
    match has_elements {
        true => inner_html(element, scope),
        false => element.text().unwrap_or_default(),
    }
}

fn write_children(element: &Element, scope: &Scope, html: &mut String) {
    for child in &element.children {
        match child {
            Node::Text(text) => html.push_str(&escape(text)),
            Node::Element(child) => write_element(child, &scope.inside(child), html),
        }
    }
}

fn write_element(element: &Element, scope: &Scope, html: &mut String) {
    let name = element.local_name();
    html.push_str(&format!("<{name}"));
    for (attribute, value) in element.attributes.iter().filter(|(attribute, _)| !attribute.starts_with("xml:")) {
        let absolute = absolute_value(attribute, value, &scope.base);
        html.push_str(&format!(" {attribute}=\"{}\"", escape_attribute(absolute.as_deref().unwrap_or(value))));
    }
    html.push('>');
    if is_void(name) {
        // Their content stands behind them.
        return write_children(element, scope, html);
    }
    write_children(element, scope, html);
    // What has no end tag may be no element at all: `Vec<T>`.
    if element.is_closed {
        html.push_str(&format!("</{name}>"));
    }
}
