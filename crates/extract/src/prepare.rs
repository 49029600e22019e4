//! The tree made readable: without scripts ([`resolve`]), and in one canonical form of few elements
//! ([`canonical`]), so that the same text looks the same whatever page it came from.

use std::collections::HashSet;

use dom_query::NodeRef;
use url::Url;

use crate::clean::ID_PREFIX;
use crate::tree::{self, attribute};
use crate::{embeds, pictures, urls};

/// Resolves pictures and embeds and drops what needs scripts. Answers the addresses of tracking
/// pixels.
pub(crate) fn resolve(root: &NodeRef<'_>, base: Option<&Url>) -> Vec<String> {
    for node in tree::elements(root, |node| tree::is_any(node, &["script", "style", "template", "link", "meta"])) {
        node.remove_from_parent();
    }
    let trackers = pictures::resolve(root, base);
    embeds::resolve(root, base);
    trackers
}

/// Names that mean the same as a plainer one.
const RENAMED: &[(&str, &str)] = &[
    ("h1", "h2"),
    ("tt", "code"),
    ("strike", "s"),
    ("acronym", "abbr"),
    ("menu", "ul"),
    ("dir", "ul"),
    ("rtc", "rt"),
    ("listing", "pre"),
    ("plaintext", "pre"),
    ("xmp", "pre"),
];

/// Elements that only group others or only style them.
const GROUPS: &[&str] = &[
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "nav",
    "center",
    "address",
    "hgroup",
    "form",
    "fieldset",
    "legend",
    "body",
    "html",
    "search",
    "dialog",
    "noscript",
    "amp-layout",
    "p",
];

/// Brings the inside of `root` into canonical form: paragraphs instead of groups, plain names, links
/// that work anywhere, no empty elements.
pub(crate) fn canonical(root: &NodeRef<'_>, base: Option<&Url>) {
    for node in root.descendants() {
        if node.is_comment() {
            node.remove_from_parent();
        } else if node.is_element() {
            let name = tree::name(&node);
            if let Some((_, plain)) = RENAMED.iter().find(|(from, _)| *from == name) {
                node.rename(plain);
            }
        }
    }
    links(root, base);
    layout_tables(root);
    groups(root);
    for list in tree::elements(root, |node| tree::is_any(node, &["br"])) {
        lonely_break(&list);
    }
    empty(root);
}

/// Tables that only put things beside each other become groups: those with a table or several
/// paragraphs in one cell, and those of one cell.
fn layout_tables(root: &NodeRef<'_>) {
    for table in tree::elements(root, |node| tree::is_any(node, &["table"])) {
        let inside = table.descendants();
        let count = |names: &[&str]| inside.iter().filter(|node| tree::is_any(node, names)).count();
        let is_data = count(&["th", "caption", "thead"]) > 0;
        let cells: Vec<&NodeRef<'_>> = inside.iter().filter(|node| tree::is_any(node, &["td"])).collect();
        let holds_pages = count(&["table"]) > 0 || (cells.len() <= 30 && cells.iter().any(|cell| is_page(cell)));
        if !(holds_pages && !is_data || cells.len() == 1) {
            continue;
        }
        for node in &inside {
            let own = node.ancestors_it(Some(3)).find(|above| tree::is_any(above, &["table"]));
            let part = tree::is_any(node, &["tbody", "tr", "td", "th", "thead", "tfoot", "caption"]);
            if part && own.is_some_and(|own| own.id == table.id) {
                node.rename("div");
            }
        }
        table.rename("div");
    }
}

/// Whether a cell holds a text rather than a fact.
fn is_page(cell: &NodeRef<'_>) -> bool {
    let blocks = cell.descendants_it().filter(|node| tree::is_any(node, &["p", "br"])).take(3).count();
    blocks >= 2 && tree::line(cell).chars().count() > 400
}

/// Makes links absolute; a link within the page leads to its target in the article, if that is there, else to the
/// target on the original page.
fn links(root: &NodeRef<'_>, base: Option<&Url>) {
    let ids: HashSet<String> = tree::elements(root, |node| node.has_attr("id") || node.has_attr("name"))
        .iter()
        .filter_map(|node| attribute(node, "id").or_else(|| attribute(node, "name")))
        .map(|id| bare(&id).to_owned())
        .collect();
    let mut targets = HashSet::new();
    for link in tree::elements(root, |node| tree::is_any(node, &["a"])) {
        let Some(address) = attribute(&link, "href") else {
            continue;
        };
        if let Some(target) = local_target(&address, base).filter(|target| ids.contains(target)) {
            link.set_attr("href", &format!("#{ID_PREFIX}{target}"));
            targets.insert(target);
            continue;
        }
        let elsewhere = match address.strip_prefix('#').map(bare) {
            Some("" | "top") => None,
            Some(id) => base.and_then(|base| urls::link(&format!("#{id}"), Some(base))),
            None => urls::link(&address, base),
        };
        match elsewhere {
            Some(url) => link.set_attr("href", url.as_str()),
            None => link.remove_attr("href"),
        }
    }
    for node in tree::elements(root, |node| node.has_attr("id") || node.has_attr("name")) {
        let name = attribute(&node, "id").or_else(|| attribute(&node, "name")).unwrap_or_default();
        node.remove_attrs(&["id", "name"]);
        if targets.contains(bare(&name)) && crate::clean::is_plain(&name, 80) {
            node.set_attr("id", &name);
        }
    }
    for link in
        tree::elements(root, |node| tree::is_any(node, &["a"]) && !node.has_attr("href") && !node.has_attr("id"))
    {
        tree::unwrap(&link);
    }
}

/// An id without our prefix, which it has when the page has come through the allow-list before.
fn bare(id: &str) -> &str {
    id.strip_prefix(ID_PREFIX).unwrap_or(id)
}

/// The id within this page that a link leads to, without our prefix.
fn local_target(address: &str, base: Option<&Url>) -> Option<String> {
    let plain = |id: &str| crate::clean::is_plain(id, 80).then(|| bare(id).to_owned());
    if let Some(id) = address.strip_prefix('#') {
        return plain(id);
    }
    let base = base?;
    let (page, id) = address.split_once('#')?;
    let page = base.join(page).ok()?;
    let mut here = base.clone();
    here.set_fragment(None);
    (page == here).then(|| plain(id)).flatten()
}

/// Groups become paragraphs: innermost first, each run of inline content directly inside a group is
/// wrapped in `p`, and the group itself is taken away.
fn groups(root: &NodeRef<'_>) {
    let mut found = tree::elements(root, |node| tree::is_any(node, GROUPS));
    found.reverse();
    for group in found {
        let is_card = tree::is_any(&group, &["p"]) && group.has_class("embed");
        if tree::is_any(&group, &["p"]) && !holds_blocks(&group) {
            if !is_card {
                keep_direction(&group);
            }
            continue;
        }
        let inside_line = group.parent().is_some_and(|parent| takes_lines(&parent)) && !holds_blocks(&group);
        if !inside_line {
            wrap_runs(&group);
        }
        tree::unwrap(&group);
    }
    wrap_runs(root);
}

fn keep_direction(paragraph: &NodeRef<'_>) {
    paragraph.retain_attrs(&["dir", "lang", "id"]);
}

fn holds_blocks(node: &NodeRef<'_>) -> bool {
    node.children_it(false).any(|child| is_block(&child))
}

/// A block, or a line element with one inside.
fn is_block(node: &NodeRef<'_>) -> bool {
    if !node.is_element() {
        return false;
    }
    let name = tree::name(node);
    if name == "br" {
        return false;
    }
    !tree::is_inline(&name) || (name != "img" && tree::has_block(node))
}

/// Elements whose text is a line of its own already, so that a lone group inside needs no paragraph.
fn takes_lines(node: &NodeRef<'_>) -> bool {
    // At most two are looked at: a page may put a hundred thousand groups into one element.
    let only = || {
        node.children_it(false).filter(|child| child.is_element() || tree::is_filled_text(child)).take(2).count() == 1
    };
    let name = tree::name(node);
    tree::is_inline(&name)
        || matches!(
            name.as_str(),
            "p" | "h2" | "h3" | "h4" | "h5" | "h6" | "figcaption" | "caption" | "summary" | "dt" | "pre"
        )
        || (matches!(name.as_str(), "li" | "td" | "th" | "dd") && only())
}

/// Wraps each run of inline children in a paragraph; two breaks in a row end one.
fn wrap_runs(group: &NodeRef<'_>) {
    let mut run: Vec<NodeRef<'_>> = Vec::new();
    for child in group.children() {
        if is_block(&child) {
            wrap(&mut run);
        } else if tree::is_any(&child, &["br"]) && ends_with_break(&run) {
            child.remove_from_parent();
            wrap(&mut run);
        } else {
            run.push(child);
        }
    }
    wrap(&mut run);
}

fn ends_with_break(run: &[NodeRef<'_>]) -> bool {
    run.iter().rev().find(|node| !tree::is_blank_text(node)).is_some_and(|node| tree::is_any(node, &["br"]))
}

fn wrap(run: &mut Vec<NodeRef<'_>>) {
    let nodes = std::mem::take(run);
    let filled = |node: &NodeRef<'_>| !tree::is_blank_text(node) && !tree::is_any(node, &["br"]);
    let (Some(first), Some(last)) = (nodes.iter().position(filled), nodes.iter().rposition(filled)) else {
        for node in nodes.iter().filter(|node| node.is_element()) {
            node.remove_from_parent();
        }
        return;
    };
    let paragraph = nodes[0].tree.new_element("p");
    nodes[first].insert_before(&paragraph);
    for (at, node) in nodes.iter().enumerate() {
        if (first..=last).contains(&at) {
            paragraph.append_child(node);
        } else {
            node.remove_from_parent();
        }
    }
}

/// A break that begins or ends its block breaks nothing.
fn lonely_break(line_break: &NodeRef<'_>) {
    let in_block = line_break.parent().is_some_and(|parent| !tree::is_inline(&tree::name(&parent)));
    let first = only_blank(line_break.prev_sibling(), |node| node.prev_sibling());
    let last = only_blank(line_break.next_sibling(), |node| node.next_sibling());
    if in_block && (first || last) {
        line_break.remove_from_parent();
    }
}

/// Whether nothing but white space follows in the direction that `step` takes.
fn only_blank<'a>(mut at: Option<NodeRef<'a>>, step: impl Fn(&NodeRef<'a>) -> Option<NodeRef<'a>>) -> bool {
    while let Some(node) = at {
        if !tree::is_blank_text(&node) {
            return false;
        }
        at = step(&node);
    }
    true
}

/// Takes away elements without text, picture or rule, innermost first.
pub(crate) fn empty(root: &NodeRef<'_>) {
    let mut found =
        tree::elements(root, |node| !tree::is_any(node, &["img", "hr", "br", "wbr", "td", "th", "col", "colgroup"]));
    found.reverse();
    for node in found {
        let filled = node
            .children_it(false)
            .any(|child| (child.is_element() && !tree::is_any(&child, &["br", "wbr"])) || tree::is_filled_text(&child));
        let row = tree::is_any(&node, &["tr", "tbody", "thead", "table"]) && tree::has_text(&node);
        if !filled && !row {
            if node.children_it(false).next().is_some() && tree::is_inline(&tree::name(&node)) {
                tree::unwrap(&node);
            } else if !node.has_attr("id") {
                node.remove_from_parent();
            }
        }
    }
}
