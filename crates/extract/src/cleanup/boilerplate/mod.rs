//! Boxes that say by their class, id or role (`class_names`) what they are, or that a site's own rules name (`site_rules`).
//! They are taken out before the choice, so that they cannot be chosen.

mod class_names;
mod site_rules;

use std::cell::RefCell;
use std::sync::LazyLock;

use dom_query::{Document, NodeId, NodeRef};
use foldhash::HashMap;
use url::Url;

use crate::cleanup::take;
use crate::dom::tree::{self, Walk};
use crate::page::{Reason, Reasons};
use class_names::BOXES;

/// Takes out boxes that name themselves, unless one holds a good part of the page's text or what the page is about, its `subject`.
pub(crate) fn remove(page: &Document, url: Option<&Url>, subject: Option<Reason>, reasons: &mut Reasons) {
    let body = tree::body(page);
    let rules = site_rules::of(url).map_or(&[][..], |site| site.remove);
    for (selector, reason) in rules {
        if let Some(found) = page.try_select(selector) {
            found.nodes().iter().for_each(|node| take(node, *reason, reasons));
        }
    }
    let texts = texts(&body);
    let whole = texts.get(&body.id).copied().unwrap_or(0).max(1);
    let mut boxes: Vec<(NodeRef<'_>, Reason)> = Vec::new();
    tree::walk(
        &body,
        |node| {
            if !node.is_element() {
                return Walk::Skip;
            }
            let own = texts.get(&node.id).copied().unwrap_or(0);
            match named_box(node).filter(|reason| Some(*reason) != subject && own <= allowed(*reason, whole)) {
                Some(reason) => {
                    boxes.push((*node, reason));
                    Walk::Skip
                }
                None => Walk::Enter,
            }
        },
        |_| {},
    );
    for (node, reason) in boxes {
        take(&node, reason, reasons);
    }
}

/// How many bytes of text a box may hold, of `whole` on the page, and still be believed by its name.
fn allowed(reason: Reason, whole: usize) -> usize {
    match reason {
        Reason::Comments => whole * 9 / 10,
        Reason::RelatedLinks | Reason::CookieNotice => whole / 3,
        _ => (whole / 5).max(200),
    }
}

/// What an element says by its role, class or id that everything in it is.
fn named_box(node: &NodeRef<'_>) -> Option<Reason> {
    let role = tree::attribute(node, "role").unwrap_or_default();
    match role.as_str() {
        "tooltip" => return Some(Reason::NotPartOfTheArticle),
        "navigation" | "menu" | "menubar" => return Some(Reason::Navigation),
        "alertdialog" | "dialog" => return Some(Reason::CookieNotice),
        _ => {}
    }
    let name = tree::name(node);
    // Words within a line that a script shows on demand: explanations, notes. And what MediaWiki tells its editors.
    let is_aside = || {
        tree::is_hidden(node)
            || node.attr("aria-hidden").is_some_and(|value| &*value == "true")
            || node.has_class("citation-comment")
    };
    if &*name == "span" && is_aside() {
        return Some(Reason::NotPartOfTheArticle);
    }
    if matches!(&*name, "body" | "html" | "article" | "main" | "img" | "a" | "p" | "figure" | "table")
        || tree::is_inline(&name)
    {
        return None;
    }
    let element = node.element_ref()?;
    let named = element.attrs.iter().filter(|attribute| matches!(&*attribute.name.local, "class" | "id"));
    // Of several the one that stands first in the list.
    let found = named.flat_map(|attribute| attribute.value.split_ascii_whitespace()).filter_map(place).min()?;
    Some(BOXES[found].0)
}

/// Room for the longest of the words.
const LONGEST: usize = 32;

/// The place of a word in [`BOXES`], if it is one of theirs: in small letters, `_` and `__` like `-`.
fn place(word: &str) -> Option<usize> {
    // Asked of every word of a page, so that nothing is allocated.
    let mut plain = [0; LONGEST];
    let mut length = 0;
    for (at, byte) in word.bytes().enumerate() {
        if byte != b'_' || !word.as_bytes()[..at].ends_with(b"_") {
            *plain.get_mut(length)? = if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() };
            length += 1;
        }
    }
    NAMES.get(plain.get(..length)?).copied()
}

/// For each word, its place in [`BOXES`].
static NAMES: LazyLock<HashMap<&'static [u8], usize>> = LazyLock::new(|| {
    BOXES.iter().enumerate().flat_map(|(at, (_, names))| names.iter().map(move |name| (name.as_bytes(), at))).collect()
});

/// Bytes of text inside each element.
fn texts(body: &NodeRef<'_>) -> HashMap<NodeId, usize> {
    let open = RefCell::new(vec![0_usize]);
    let mut texts = HashMap::default();
    tree::walk(
        body,
        |node| {
            if let Some(bytes) = tree::read_text(node, |text| text.trim().len()) {
                if let Some(top) = open.borrow_mut().last_mut() {
                    *top += bytes;
                }
                return Walk::Skip;
            }
            if tree::is_non_text(&tree::name(node)) {
                return Walk::Skip;
            }
            open.borrow_mut().push(0);
            Walk::Enter
        },
        |node| {
            let mut open = open.borrow_mut();
            let own = open.pop().unwrap_or(0);
            texts.insert(node.id, own);
            if let Some(parent) = open.last_mut() {
                *parent += own;
            }
        },
    );
    let whole = open.borrow().first().copied().unwrap_or(0);
    texts.insert(body.id, whole);
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_boilerplate_class_in_any_spelling() {
        for (at, name) in BOXES.iter().enumerate().flat_map(|(at, (_, names))| names.iter().map(move |name| (at, name)))
        {
            for written in [name.to_string(), name.to_uppercase(), name.replace('-', "_"), name.replace('-', "__")] {
                assert!(place(&written).is_some_and(|place| BOXES[place].0 == BOXES[at].0), "{written}");
            }
        }
        assert_eq!(place(&"ad-".repeat(20)), None);
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
