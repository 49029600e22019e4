//! Removes boilerplate that names itself by class, id or role (`class_names`) or that the rules for its site name
//! (`site_rules`), and what its place betrays: copies for machines, cards inside sentences, other articles. Runs before
//! the article is selected, so that boilerplate cannot be selected.

mod class_names;
mod hover_cards;
mod machine_copies;
mod named_boxes;
mod other_articles;
mod site_rules;

use std::sync::LazyLock;

use dom_query::{Document, NodeRef};
use foldhash::HashMap;
use url::Url;

use crate::cleanup::remove_with_reason;
use crate::dom::text_sizes;
use crate::dom::tree::{self, Walk};
use crate::page::{Reason, Reasons};
use class_names::CLASS_NAMES;
use machine_copies::MachineCopies;
use named_boxes::PostText;
pub(crate) use named_boxes::is_named_after_comments;
use other_articles::OtherArticles;

/// Removes boilerplate elements, except those with a large share of the page's text and those that would be removed for
/// `protected_reason`.
pub(crate) fn remove(page: &Document, url: Option<&Url>, protected_reason: Option<Reason>, reasons: &mut Reasons) {
    let body = tree::body(page);
    let rules = site_rules::find_site(url).map_or(&[][..], |site| site.remove);
    for (selector, reason) in rules {
        if let Some(found) = page.try_select(selector) {
            found.nodes().iter().for_each(|node| remove_with_reason(node, *reason, reasons));
        }
    }
    let sizes = text_sizes::measure(&body);
    let total = sizes.get(&body.id).map_or(0, |size| size.bytes).max(1);
    let mut boxes: Vec<(NodeRef<'_>, Reason)> = Vec::new();
    let mut post = PostText::default();
    let (mut copies, mut others) = (MachineCopies::default(), OtherArticles::default());
    tree::walk(
        &body,
        |node| {
            if !node.is_element() {
                return Walk::Skip;
            }
            let own = sizes.get(&node.id).map_or(0, |size| size.bytes);
            let name = tree::name(node);
            post.add(node, &name);
            copies.add(node);
            others.add(node, &name);
            let is_below_post = |reason: Reason| reason == Reason::Comments && post.is_post();
            let named = find_box_reason(node).or_else(|| find_reason_by_word(node, own, &post));
            match named.filter(|reason| {
                Some(*reason) != protected_reason && (own <= max_bytes(*reason, total) || is_below_post(*reason))
            }) {
                Some(reason) => {
                    boxes.push((*node, reason));
                    Walk::Skip
                }
                None => Walk::Enter,
            }
        },
        |_| {},
    );
    boxes.extend(copies.find(&body));
    // In a thread, each post is an article.
    if protected_reason.is_none() {
        boxes.extend(others.find(url).into_iter().map(|other| (other, Reason::RelatedLinks)));
    }
    for (node, reason) in boxes {
        remove_with_reason(&node, reason, reasons);
    }
}

/// Returns how many bytes of text an element may contain, of `total` on the page, for its name to be trusted.
fn max_bytes(reason: Reason, total: usize) -> usize {
    match reason {
        Reason::Comments => total * 9 / 10,
        Reason::RelatedLinks | Reason::CookieNotice => total / 3,
        _ => (total / 5).max(200),
    }
}

/// Returns what a single word in a box's name says, together with its content and the post above it.
fn find_reason_by_word(node: &NodeRef<'_>, bytes: usize, post: &PostText) -> Option<Reason> {
    if !tree::has_name(node, &["div", "section", "aside", "ul", "ol"]) {
        return None;
    }
    let names = tree::class_and_id(node);
    if !named_boxes::may_be_named(&names) {
        return None;
    }
    if post.is_post() && named_boxes::is_named_comments(node, &names) {
        return Some(Reason::Comments);
    }
    named_boxes::is_offer(node, &names, bytes).then_some(Reason::Promotion)
}

/// Returns what an element's role, class or id says about its contents.
fn find_box_reason(node: &NodeRef<'_>) -> Option<Reason> {
    let role = tree::attribute(node, "role").unwrap_or_default();
    match role.as_str() {
        "tooltip" => return Some(Reason::NotPartOfTheArticle),
        "navigation" | "menu" | "menubar" => return Some(Reason::Navigation),
        "alertdialog" | "dialog" => return Some(Reason::CookieNotice),
        _ => {}
    }
    let name = tree::name(node);
    // Inline text that a script shows on demand, such as explanations and notes; and MediaWiki's messages to editors.
    let is_aside = || {
        tree::is_hidden(node)
            || node.attr("aria-hidden").is_some_and(|value| &*value == "true")
            || node.has_class("citation-comment")
    };
    if &*name == "span" && node.has_class("mw-editsection") {
        return Some(Reason::Navigation);
    }
    if &*name == "span" && is_aside() {
        return Some(Reason::NotPartOfTheArticle);
    }
    if hover_cards::is_hover_card(node, &name) {
        return Some(Reason::RelatedLinks);
    }
    if matches!(&*name, "body" | "html" | "article" | "main" | "img" | "a" | "p" | "figure" | "table")
        || tree::is_inline(&name)
    {
        return None;
    }
    let element = node.element_ref()?;
    let named = element.attrs.iter().filter(|attribute| matches!(&*attribute.name.local, "class" | "id"));
    // Of several names, the first in the list counts.
    let found = named.flat_map(|attribute| attribute.value.split_ascii_whitespace()).filter_map(find_group).min()?;
    Some(CLASS_NAMES[found].0)
}

/// Longer than every name in the list.
const MAX_NAME_BYTES: usize = 32;

/// Returns the index in [`CLASS_NAMES`] of a class or id, ignoring case, with `_` and `__` read as `-`.
fn find_group(word: &str) -> Option<usize> {
    // Runs for every class and id of a page, so it does not allocate.
    let mut normalized = [0; MAX_NAME_BYTES];
    let mut length = 0;
    for (at, byte) in word.bytes().enumerate() {
        if byte != b'_' || !word.as_bytes()[..at].ends_with(b"_") {
            *normalized.get_mut(length)? = if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() };
            length += 1;
        }
    }
    GROUP_BY_NAME.get(normalized.get(..length)?).copied()
}

/// The index in [`CLASS_NAMES`] for each name.
static GROUP_BY_NAME: LazyLock<HashMap<&'static [u8], usize>> = LazyLock::new(|| {
    CLASS_NAMES
        .iter()
        .enumerate()
        .flat_map(|(at, (_, names))| names.iter().map(move |name| (name.as_bytes(), at)))
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_boilerplate_class_in_any_spelling() {
        for (at, name) in
            CLASS_NAMES.iter().enumerate().flat_map(|(at, (_, names))| names.iter().map(move |name| (at, name)))
        {
            for written in [name.to_string(), name.to_uppercase(), name.replace('-', "_"), name.replace('-', "__")] {
                assert!(
                    find_group(&written).is_some_and(|group| CLASS_NAMES[group].0 == CLASS_NAMES[at].0),
                    "{written}"
                );
            }
        }
        assert_eq!(find_group(&"ad-".repeat(20)), None);
    }

    #[test]
    fn removes_edit_links_of_any_wiki() {
        let rain = "It rained all day, and the river rose until the lower bridge was under water.";
        let html = format!(
            "<h1>Rain</h1><p>{rain}</p><h2>North<span class=mw-editsection>[<a href=/e>edit</a> | <a href=/s>source</a>]</span></h2>\
             <p>{rain} So it did in the north.</p>"
        );
        let source = crate::page::Source::Html(&html);
        let page = crate::page::Page { source, url: None, now: jiff::Timestamp::UNIX_EPOCH, rules: &[] };
        assert!(crate::article(&page).body.as_str().contains("<h2>North</h2>"));
    }

    #[test]
    fn removes_wiki_editor_notes() {
        let html =
            "<p>It rained all day. Act 1986. <span class='error citation-comment'>Cite requires a journal</span>";
        let page = crate::page::Page {
            source: crate::page::Source::Html(html),
            url: None,
            now: jiff::Timestamp::UNIX_EPOCH,
            rules: &[],
        };
        assert_eq!(crate::article(&page).text, "It rained all day. Act 1986.");
    }
}
