//! What the first walk asks of every element, read from its attributes once.

use dom_query::NodeRef;

/// The attributes of an element that many steps of the preparation ask for.
#[derive(Default)]
pub(super) struct Attributes {
    /// Its classes, in lower case.
    pub(super) classes: String,
    pub(super) role: String,
    pub(super) has_id: bool,
    pub(super) has_style: bool,
    /// It has an attribute that a control has, or one that names what it opens.
    pub(super) may_control: bool,
    /// It has an attribute that line numbers have.
    pub(super) may_number: bool,
}

impl Attributes {
    pub(super) fn read(node: &NodeRef<'_>) -> Attributes {
        let mut attributes = Attributes::default();
        let Some(element) = node.element_ref() else { return attributes };
        for attribute in &element.attrs {
            match attribute.name.local.as_ref() {
                "class" => attributes.classes = attribute.value.to_ascii_lowercase(),
                "role" => attributes.role = attribute.value.to_string(),
                "id" => attributes.has_id = !attribute.value.is_empty(),
                "style" => attributes.has_style = true,
                "data-line-number" | "unselectable" => attributes.may_number = true,
                "for" => attributes.may_control = true,
                name if name.starts_with("aria-") || name.starts_with("data-") => attributes.may_control = true,
                _ => {}
            }
        }
        attributes
    }
}
