//! Removes leftovers: rules that separate nothing, tables and headings without text, permalink signs.

use dom_query::NodeRef;

use crate::dom::tree::{self, Walk};

/// The text of links from a heading to itself.
const PERMALINK_SYMBOLS: &[&str] = &["¶", "#", "§", "🔗", ""];
/// Signs that parted two elements of which one is gone.
const LEFT_SIGNS: &[&str] = &[",", ":", ";", ".", "|"];
/// Removes leftovers from a tree that is otherwise normalized.
pub(super) fn remove(root: &NodeRef<'_>) {
    for paragraph in tree::elements(root, |node| tree::has_name(node, &["p"])) {
        tidy_paragraph(&paragraph);
    }
    let mut figures = Vec::new();
    for node in tree::elements(root, |node| is_candidate(&tree::name(node))) {
        match &*tree::name(&node) {
            "table" => remove_if_empty(&node),
            "figure" => figures.push(node),
            _ => remove_if_empty(&node),
        }
    }
    // Two nested figures around one image become one.
    for figure in figures {
        let inside = |name| tree::elements(&figure, |node| tree::has_name(node, &[name]));
        if let ([inner], [_]) = (inside("figure").as_slice(), inside("img").as_slice()) {
            // The caption of the outer figure stays the caption of the image.
            let has_words = figure.children_it(false).any(|child| tree::has_name(&child, &["figcaption"]));
            tree::unwrap(if has_words { inner } else { &figure });
        }
    }
    remove_redundant_rules(root);
}

/// Removes a paragraph of a lone sign, and moves targets of links from an empty one to what follows.
fn tidy_paragraph(paragraph: &NodeRef<'_>) {
    /// More nodes are no leftover.
    const MAX_NODES: usize = 8;
    let inside: Vec<NodeRef<'_>> = paragraph.descendants_it().take(MAX_NODES + 1).collect();
    if inside.len() > MAX_NODES || inside.iter().any(|node| tree::has_name(node, &["img"])) {
        return;
    }
    let text = tree::line_text(paragraph);
    if LEFT_SIGNS.contains(&text.trim()) {
        paragraph.remove_from_parent();
        return;
    }
    let mut targets = inside.iter().filter(|node| node.is_element()).peekable();
    let holds_targets =
        targets.peek().is_some() && targets.all(|node| tree::has_name(node, &["a"]) && node.has_attr("id"));
    if !text.trim().is_empty() || !holds_targets {
        return;
    }
    let next =
        paragraph.next_element_sibling().filter(|next| tree::has_name(next, &["p", "h2", "h3", "h4", "h5", "h6"]));
    let Some(next) = next.filter(|next| tree::has_visible_text(next)) else { return };
    for target in inside.iter().rev().filter(|node| node.is_element()) {
        target.remove_attr("href");
        match next.first_child() {
            Some(first) => first.insert_before(target),
            None => next.append_child(target),
        }
    }
    paragraph.remove_from_parent();
}

fn is_candidate(name: &str) -> bool {
    is_heading(name) || matches!(name, "table" | "figure")
}

fn remove_if_empty(node: &NodeRef<'_>) {
    if !tree::has_visible_text(node) && !tree::has_image(node) {
        node.remove_from_parent();
    }
}

/// Removes links from headings to themselves.
pub(super) fn remove_permalinks(links: &[NodeRef<'_>]) {
    for link in links.iter().filter(|link| link.attr("href").is_some_and(|to| to.contains('#'))) {
        let in_heading = || link.ancestors_it(Some(3)).any(|above| is_heading(&tree::name(&above)));
        if PERMALINK_SYMBOLS.contains(&tree::line_text(link).as_str()) && in_heading() && !tree::has_image(link) {
            link.remove_from_parent();
        }
    }
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Removes rules at the start and end of the article, and repeated ones.
fn remove_redundant_rules(root: &NodeRef<'_>) {
    let mut pending: Option<NodeRef<'_>> = None;
    let mut found = false;
    let mut redundant = Vec::new();
    tree::walk(
        root,
        |node| {
            if tree::has_name(node, &["hr"]) {
                if found && pending.is_none() {
                    pending = Some(*node);
                } else {
                    redundant.push(*node);
                }
            } else if tree::is_content(node) {
                found = true;
                pending = None;
            }
            Walk::Enter
        },
        |_| {},
    );
    redundant.into_iter().chain(pending).for_each(|rule| rule.remove_from_parent());
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    #[test]
    fn removes_elements_without_a_purpose() {
        for (html, wanted) in [
            ("<hr><p>A.</p><hr><hr><p>B.</p><hr>", "<p>A.</p><hr><p>B.</p>"),
            ("<p>A.</p><table><tr><td> </td><td></td></tr></table>", "<p>A.</p>"),
            ("<h2 id=m></h2><p>A.</p>", "<p>A.</p>"),
            ("<h2>Rain<a href='#rain'>¶</a></h2><p>A.</p>", "<h2>Rain</h2><p>A.</p>"),
            ("<p>A.</p>&nbsp;<p>B.</p>", "<p>A.</p><p>B.</p>"),
            (
                "<figure><figure><img src='https://a.example/r.jpg'></figure><figcaption>Rain</figcaption></figure>",
                "<figure><img src=\"https://a.example/r.jpg\" alt=\"\"><figcaption>Rain</figcaption></figure>",
            ),
            ("<p>A.</p><p>* * *</p><p>B.</p>", "<p>A.</p><hr><p>B.</p>"),
            ("<p>A.</p><p>* B.</p>", "<p>A.</p><p>* B.</p>"),
            ("<p>A.</p><p>|</p><p>B.</p>", "<p>A.</p><p>B.</p>"),
            (
                "<p>A.</p><p><a name=b></a></p><h2>B</h2><p>C, see <a href='#b'>B</a>.</p>",
                "<p>A.</p><h2><a id=\"a-b\" rel=\"noopener noreferrer\"></a>B</h2><p>C, see <a href=\"#a-b\" rel=\"noopener noreferrer\">B</a>.</p>",
            ),
        ] {
            assert_eq!(sanitize_html(html, None).as_str().replace('\n', ""), wanted, "{html}");
        }
    }
}
