//! How deep each post stands in its thread.

use dom_query::{Document, NodeId, NodeRef};
use foldhash::HashMap;

use super::posts::Post;
use crate::dom::tree;

/// The deepest level that is shown; deeper posts stand there too.
pub(super) const MAX_LEVEL: usize = 6;
/// Attributes that state the level of a post.
const LEVEL_ATTRIBUTES: &[&str] = &["depth", "data-depth", "data-level", "data-indent", "indent", "aria-level"];
/// Words before the level in a class name.
const LEVEL_CLASSES: &[&str] = &["depth", "level", "indent", "lvl"];
/// Most elements of a post that are asked for its level.
const MAX_ASKED: usize = 40;

/// Returns the level of each post, from 0.
pub(super) fn levels(page: &Document, posts: &[Post]) -> Vec<usize> {
    let mut levels = nested_levels(page, posts);
    if levels.iter().all(|level| *level == 0)
        && let Some(stated) = stated_levels(page, posts)
    {
        levels = stated;
    }
    levels.into_iter().map(|level| level.min(MAX_LEVEL)).collect()
}

/// Returns levels by the elements within each other: a post answers the one that comes first in an element around both
/// and stands higher in it. What answers the opening post is not indented, unless other answers stand apart from both.
fn nested_levels(page: &Document, posts: &[Post]) -> Vec<usize> {
    let mut around: HashMap<NodeId, (usize, usize)> = HashMap::default();
    let ancestors = |post: &Post| -> Vec<NodeId> {
        NodeRef::new(post.text.node, &page.tree).ancestors_it(None).map(|above| above.id).collect()
    };
    for (at, post) in posts.iter().enumerate() {
        for above in ancestors(post) {
            around.entry(above).or_insert((0, at)).0 += 1;
        }
    }
    let mut levels: Vec<usize> = Vec::with_capacity(posts.len());
    for (at, post) in posts.iter().enumerate() {
        let depth = post.text.depth;
        let answered = ancestors(post)
            .iter()
            .filter_map(|above| around.get(above))
            .find(|(_, first)| *first != at && posts[*first].text.depth < depth);
        levels.push(match answered {
            // Everything on the page is below the opening post. Its own comments are in an element with it alone.
            Some((count, 0)) if *count == posts.len() => 0,
            Some((_, first)) => levels.get(*first).map_or(0, |level| level + 1),
            None => 0,
        });
    }
    levels
}

/// Returns the levels that posts state, if they differ. The opening post has none.
fn stated_levels(page: &Document, posts: &[Post]) -> Option<Vec<usize>> {
    let mut around: HashMap<NodeId, usize> = HashMap::default();
    for post in posts {
        for above in NodeRef::new(post.text.node, &page.tree).ancestors_it(None) {
            *around.entry(above.id).or_default() += 1;
        }
    }
    let stated: Vec<Option<u32>> = posts
        .iter()
        .map(|post| {
            let text = NodeRef::new(post.text.node, &page.tree);
            let own: Vec<NodeRef<'_>> = text.ancestors_it(None).take_while(|above| around[&above.id] == 1).collect();
            let inside = own.last().into_iter().flat_map(|area| area.descendants_it().take(MAX_ASKED));
            own.iter().copied().chain(inside).find_map(|node| stated_level(&node))
        })
        .collect();
    let mut known: Vec<u32> = stated.iter().flatten().copied().collect();
    known.sort_unstable();
    known.dedup();
    if known.len() < 2 || stated.iter().skip(1).any(Option::is_none) {
        return None;
    }
    Some(stated.iter().map(|level| level.and_then(|level| known.binary_search(&level).ok()).unwrap_or(0)).collect())
}

/// Returns the level or indentation that an element states, in a unit of its own.
fn stated_level(node: &NodeRef<'_>) -> Option<u32> {
    let element = node.element_ref()?;
    let attribute = |name: &str| node.attr(name)?.trim().parse::<u32>().ok();
    let by_attribute = || LEVEL_ATTRIBUTES.iter().find_map(|name| attribute(name));
    let by_class = || {
        element.class()?.split_ascii_whitespace().find_map(|class| {
            let digits = class.trim_start_matches(|letter: char| !letter.is_ascii_digit());
            let name = class.strip_suffix(digits)?.trim_end_matches(['-', '_']);
            LEVEL_CLASSES.contains(&name.rsplit(['-', '_']).next()?).then(|| digits.parse().ok()).flatten()
        })
    };
    let by_style = || {
        let style = node.attr("style")?.to_ascii_lowercase();
        ["margin-left", "padding-left", "margin-inline-start"].iter().find_map(|name| {
            let value = style.split_once(name)?.1.trim_start_matches([':', ' ']);
            let digits = value.split(|letter: char| !letter.is_ascii_digit()).next()?;
            digits.parse().ok()
        })
    };
    // A blank picture pushes the text to the side.
    let by_spacer = || {
        let height = attribute("height").filter(|_| tree::has_name(node, &["img"]))?;
        (height <= 1).then(|| attribute("width")).flatten()
    };
    by_attribute().or_else(by_class).or_else(by_style).or_else(by_spacer)
}
