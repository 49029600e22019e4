//! Puts declared shadow roots in place: the contents of `<template shadowrootmode>` are what a browser shows of the
//! element around it, with its own children in the slots (HTML standard, 4.2.5 and 4.12.4).

use dom_query::{Document, NodeRef};
use foldhash::HashMap;
use memchr::memmem;

use crate::dom::tree::{self, attribute};

/// Slots at this depth are not filled, so that roots within roots cannot make the tree deeper than the parser would.
const MAX_DEPTH: usize = 100;

/// Replaces the children of each element with a declared shadow root by what a browser shows.
pub(super) fn place(tree: &Document, html: &str) {
    if memmem::find(html.as_bytes(), b"shadowroot").is_none() {
        return;
    }
    let mut templates = find_templates(&tree.root());
    templates.reverse();
    while let Some(template) = templates.pop() {
        let Some(host) = template.parent() else { continue };
        let own: Vec<NodeRef<'_>> = host.children_it(false).filter(|child| child.id != template.id).collect();
        let contents = template.element_ref().and_then(|element| element.template_contents);
        let Some(contents) = contents.map(|id| NodeRef::new(id, &tree.tree)) else { continue };
        let shown: Vec<NodeRef<'_>> = contents.children_it(false).collect();
        // A second root of the same element is an ordinary template.
        own.iter().filter(|child| is_root(child)).for_each(NodeRef::remove_from_parent);
        template.remove_from_parent();
        own.iter().for_each(NodeRef::remove_from_parent);
        shown.iter().for_each(|node| host.append_child(node));
        let mut inner: Vec<NodeRef<'_>> = shown.iter().flat_map(find_templates).collect();
        fill_slots(&host, &shown, own.into_iter().filter(|child| !is_root(child)));
        // Elements around others come first: they decide where these are.
        inner.reverse();
        templates.extend(inner);
    }
}

fn is_root(node: &NodeRef<'_>) -> bool {
    tree::has_name(node, &["template"]) && (node.has_attr("shadowrootmode") || node.has_attr("shadowroot"))
}

/// Returns the shadow roots in an element, in document order, without those in other templates.
fn find_templates<'a>(root: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    std::iter::once(*root).chain(root.descendants_it()).filter(is_root).collect()
}

/// Moves the children of an element into the slots of its shadow root. A slot without any keeps its own content.
fn fill_slots<'a>(host: &NodeRef<'a>, shown: &[NodeRef<'a>], children: impl Iterator<Item = NodeRef<'a>>) {
    let mut by_slot: HashMap<String, Vec<NodeRef<'a>>> = HashMap::default();
    for child in children {
        by_slot.entry(attribute(&child, "slot").unwrap_or_default()).or_default().push(child);
    }
    let slots: Vec<NodeRef<'a>> = shown
        .iter()
        .flat_map(|node| std::iter::once(*node).chain(node.descendants_it()))
        .filter(|node| tree::has_name(node, &["slot"]))
        .collect();
    for slot in slots {
        let is_deep = slot.ancestors_it(Some(MAX_DEPTH)).count() == MAX_DEPTH;
        let name = attribute(&slot, "name").unwrap_or_default();
        let is_filled =
            |nodes: &Vec<NodeRef<'a>>| nodes.iter().any(|node| node.is_element() || tree::is_nonblank_text(node));
        if !is_deep && let Some(nodes) = by_slot.get(&name).filter(|nodes| is_filled(nodes)) {
            slot.remove_children();
            for node in nodes {
                slot.append_child(node);
            }
            by_slot.remove(&name);
        }
        // A slot may itself be what goes into a slot of an inner element.
        if slot.has_attr("slot") {
            slot.rename("span");
            slot.remove_attr("name");
        } else {
            let children: Vec<NodeRef<'a>> = slot.children_it(false).collect();
            children.iter().filter(|child| child.is_element()).for_each(|child| child.remove_attr("slot"));
            tree::unwrap(&slot);
        }
    }
    // Children without a slot are not shown.
    let mut left: Vec<NodeRef<'a>> = by_slot.into_values().flatten().filter(tree::has_visible_text).collect();
    if !left.is_empty() {
        left.sort_by_key(|node| node.id);
        let hidden = host.tree.new_element("div");
        hidden.set_attr("hidden", "");
        left.iter().for_each(|node| hidden.append_child(node));
        host.append_child(&hidden);
    }
}

#[cfg(test)]
mod tests {
    fn shown(html: &str) -> String {
        let page = crate::parse::parse_page(&format!("<body>{html}")).tree;
        crate::dom::tree::body(&page).inner_html().to_string()
    }

    #[test]
    fn shadow_roots_are_shown_with_their_slots() {
        for (html, wanted) in [
            ("<x-a><template shadowrootmode=open><p>Rain</p></template></x-a>", "<x-a><p>Rain</p></x-a>"),
            (
                "<x-a><template shadowrootmode=open><b><slot></slot></b><i><slot name=end>none</slot></i></template>\
                 It <u>rained</u><s slot=end>hard</s></x-a>",
                "<x-a><b>It <u>rained</u></b><i><s>hard</s></i></x-a>",
            ),
            (
                "<x-a><template shadowroot=open><i><slot name=end>none</slot></i></template></x-a>",
                "<x-a><i>none</i></x-a>",
            ),
            (
                "<x-a><template shadowrootmode=closed><x-b><template shadowrootmode=open><h2><slot name=head></slot></h2>\
                 <slot></slot></template><slot name=title slot=head></slot><slot></slot></x-b></template><p>It rained.</p>\
                 <span slot=title>Rain</span></x-a>",
                "<x-a><x-b><h2><span><span slot=\"title\">Rain</span></span></h2> <p>It rained.</p></x-b></x-a>",
            ),
            (
                "<x-a><template shadowrootmode=open><slot name=a></slot></template><p>Nowhere</p><p slot=a>Here</p></x-a>",
                "<x-a><p>Here</p><div hidden=\"\"><p>Nowhere</p></div></x-a>",
            ),
            (
                "<x-a><template shadowrootmode=open><slot></slot></template><x-b><template shadowrootmode=open>Rain</template></x-b></x-a>",
                "<x-a><x-b>Rain</x-b></x-a>",
            ),
            ("<template><p>Rain</p></template>", "<template><p>Rain</p></template>"),
        ] {
            assert_eq!(shown(html).replace("> <", "><"), wanted.replace("> <", "><"), "{html}");
        }
    }

    #[test]
    fn nested_shadow_roots_stay_within_the_depth_limit() {
        let open = "<x-a><template shadowrootmode=open><div><div><div><slot></slot></div></div></div></template>";
        let page = crate::parse::parse_page(&open.repeat(5_000)).tree;
        let deepest = page.root().descendants_it().map(|node| node.ancestors_it(None).count()).max();
        assert!(deepest.is_some_and(|deepest| deepest < 800), "{deepest:?}");
    }
}
