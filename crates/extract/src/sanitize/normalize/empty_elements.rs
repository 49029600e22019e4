//! What is left when everything else has gone: rules that part nothing, tables without a word, marks that only link to themselves.

use dom_query::NodeRef;

use crate::dom::tree::{self, Walk};

/// Signs of a link from a heading to itself.
const MARKS: &[&str] = &["¶", "#", "§", "🔗", ""];
/// Takes away what says nothing, where the rest is in canonical form.
pub(super) fn remove(root: &NodeRef<'_>) {
    let mut figures = Vec::new();
    for node in tree::elements(root, |node| is_looked_at(&tree::name(node))) {
        match &*tree::name(&node) {
            "table" => remove_empty(&node),
            "figure" => figures.push(node),
            _ => remove_empty(&node),
        }
    }
    // A frame around a frame around one picture.
    for figure in figures {
        let inside = |name| tree::elements(&figure, |node| tree::is_any(node, &[name]));
        if let ([inner], [_]) = (inside("figure").as_slice(), inside("img").as_slice()) {
            // The words under the outer one stay words under the picture.
            let has_words = figure.children_it(false).any(|child| tree::is_any(&child, &["figcaption"]));
            tree::unwrap(if has_words { inner } else { &figure });
        }
    }
    rules(root);
}

fn is_looked_at(name: &str) -> bool {
    is_heading(name) || matches!(name, "table" | "figure")
}

fn remove_empty(node: &NodeRef<'_>) {
    if !tree::has_text(node) && !tree::has_image(node) {
        node.remove_from_parent();
    }
}

/// Links from headings to themselves.
pub(super) fn permalinks(links: &[NodeRef<'_>]) {
    for link in links.iter().filter(|link| link.attr("href").is_some_and(|to| to.contains('#'))) {
        let in_heading = || link.ancestors_it(Some(3)).any(|above| is_heading(&tree::name(&above)));
        if MARKS.contains(&tree::line(link).as_str()) && in_heading() && !tree::has_image(link) {
            link.remove_from_parent();
        }
    }
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h2" | "h3" | "h4" | "h5" | "h6")
}

/// A rule parts what is above it from what is below; where either is missing, or another rule, it goes.
fn rules(root: &NodeRef<'_>) {
    let mut waiting: Option<NodeRef<'_>> = None;
    let mut found = false;
    let mut idle = Vec::new();
    tree::walk(
        root,
        |node| {
            if tree::is_any(node, &["hr"]) {
                if found && waiting.is_none() {
                    waiting = Some(*node);
                } else {
                    idle.push(*node);
                }
            } else if tree::is_content(node) {
                found = true;
                waiting = None;
            }
            Walk::Into
        },
        |_| {},
    );
    idle.into_iter().chain(waiting).for_each(|rule| rule.remove_from_parent());
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    #[test]
    fn what_parts_or_frames_nothing_goes() {
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
        ] {
            assert_eq!(sanitize_html(html, None).as_str().replace('\n', ""), wanted, "{html}");
        }
    }
}
