//! Resolves links: to an absolute URL, or to a target in the same article.

use std::collections::HashSet;

use dom_query::NodeRef;
use url::Url;

use crate::dom::tree::{self, attribute};
use crate::dom::urls;
use crate::dom::words;
use crate::sanitize::allow_list::ID_PREFIX;

/// Makes links absolute. A link within the page points to its target in the article if it is there, else to the
/// original page. Only targets keep their id or name.
pub(super) fn resolve(links: &[NodeRef<'_>], named_elements: &[NodeRef<'_>], base: Option<&Url>) {
    let ids: Vec<String> = named_elements.iter().map(|node| id_or_name(node).unwrap_or_default()).collect();
    let ids_in_page: HashSet<&str> = ids.iter().map(|id| strip_id_prefix(id)).collect();
    let mut targets = HashSet::new();
    for link in links {
        if let Some(target) = resolve_link(link, &ids_in_page, base) {
            targets.insert(target);
        }
    }
    for (node, id) in named_elements.iter().zip(&ids) {
        node.remove_attrs(&["id", "name"]);
        // Of several equal ids browsers use the first.
        if words::is_plain_token(id, 80) && targets.remove(strip_id_prefix(id)) {
            node.set_attr("id", id);
        }
    }
    for link in links.iter().filter(|link| !link.has_attr("href") && !link.has_attr("id")) {
        tree::unwrap(link);
    }
}

/// Resolves one link. Returns the id of its target in this page, if any.
fn resolve_link(link: &NodeRef<'_>, ids_in_page: &HashSet<&str>, base: Option<&Url>) -> Option<String> {
    let href = attribute(link, "href")?;
    if let Some(target) = local_target(&href, base).filter(|target| ids_in_page.contains(target.as_str())) {
        link.set_attr("href", &format!("#{ID_PREFIX}{target}"));
        return Some(target);
    }
    let elsewhere = match href.strip_prefix('#').map(strip_id_prefix) {
        Some("" | "top") => None,
        Some(id) => base.and_then(|base| urls::resolve_link(&format!("#{id}"), Some(base))),
        None => urls::resolve_link(&href, base),
    };
    match elsewhere {
        Some(url) => link.set_attr("href", url.as_str()),
        None => link.remove_attr("href"),
    }
    None
}

fn id_or_name(node: &NodeRef<'_>) -> Option<String> {
    attribute(node, "id").or_else(|| attribute(node, "name"))
}

/// Strips our prefix, which ids have if the page was sanitized before.
fn strip_id_prefix(id: &str) -> &str {
    id.strip_prefix(ID_PREFIX).unwrap_or(id)
}

/// Returns the id within this page that a link points to, without our prefix.
fn local_target(href: &str, base: Option<&Url>) -> Option<String> {
    let (page, id) = href.split_once('#')?;
    let id = words::is_plain_token(id, 80).then(|| strip_id_prefix(id).to_owned())?;
    if page.is_empty() {
        return Some(id);
    }
    let base = base?;
    let page = base.join(page).ok()?;
    let mut here = base.clone();
    here.set_fragment(None);
    (page == here).then_some(id)
}
