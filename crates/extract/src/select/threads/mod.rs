//! Threads: pages of posts by several people, found by their shape.
//!
//! - `mentions` collects names and dates, `survey` what the elements of a page hold and how they look.
//! - `posts` finds the texts of posts: elements that look alike, with a name each. `nesting` tells who answers whom.
//! - `link_cards` shortens previews of linked pages in posts.
//! - `shape` tells threads from other pages.
//! - `bylines` puts author and date above posts where the shape is not found and the trees select the text.

pub(crate) mod bylines;
mod link_cards;
mod mentions;
mod nesting;
mod posts;
mod shape;
mod survey;

use dom_query::{Document, NodeId, NodeRef};
use foldhash::{HashMap, HashSet};
use jiff::civil::Date;

use crate::cleanup::reader_rules::RuleMatches;
use crate::dom::tree::{self, Walk};
use crate::dom::words;
use crate::sanitize::allow_list::REPLY_CLASS;
use bylines::{Fillers, write_byline};
use mentions::Mentions;
use posts::SurveyedPage;
use shape::is_thread;
use survey::Survey;

/// Characters in which two texts must agree to be the same.
const COMPARED_CHARS: usize = 60;

/// The posts of a page.
pub(crate) struct Thread {
    /// The element that they are moved into.
    pub(crate) root: NodeId,
    posts: Vec<Post>,
}

/// A post of a thread.
struct Post {
    text: NodeId,
    /// The elements beside the text, in page order, if the text is a paragraph of several; with the text itself.
    parts: Vec<NodeId>,
    name: String,
    date: Option<String>,
    day: Option<Date>,
    /// The text nodes of name and date on the page, and of the few words in their lines.
    details: Vec<NodeId>,
    level: usize,
}

/// What the assembly of a thread did to the texts of its page.
#[derive(Default)]
pub(crate) struct Assembled {
    /// The text nodes that were inserted.
    pub(crate) inserted: HashSet<NodeId>,
    /// Those of the page that they replace.
    pub(crate) replaced: Vec<NodeId>,
}

/// Whether other signs than its shape say that a page is a thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Expected {
    Thread,
    Anything,
}

impl Thread {
    /// Finds the posts of a page before anything is removed from it. Adds an empty element for them.
    pub(crate) fn find(page: &Document, expected: Expected, title: &str) -> Option<Thread> {
        let mentions = Mentions::collect(page);
        if mentions.authors.len() < 2 {
            return None;
        }
        let survey = Survey::take(page, &mentions);
        let surveyed = SurveyedPage { page, survey: &survey, mentions: &mentions };
        let found = posts::find(&surveyed);
        if found.len() < 2 || !is_thread(&surveyed, &found, expected, title) {
            return None;
        }
        let fillers = Fillers::find(page, &mentions);
        let levels = nesting::levels(page, &found);
        let mentioned = |post: &posts::Post| {
            let date = post.date.map(|date| mentions.dates[date].node);
            [Some(post.text.node), Some(mentions.authors[post.author].node), date].into_iter().flatten()
        };
        let others: HashSet<NodeId> = found.iter().flat_map(mentioned).collect();
        let posts = found
            .iter()
            .zip(levels)
            .map(|(post, level)| {
                let (author, date) = (&mentions.authors[post.author], post.date.map(|date| &mentions.dates[date]));
                Post {
                    text: post.text.node,
                    parts: find_parts(&NodeRef::new(post.text.node, &page.tree), &others, &survey),
                    name: author.text.clone(),
                    date: date.map(|date| date.text.clone()),
                    day: date.and_then(|date| date.day),
                    details: std::iter::once(author)
                        .chain(date)
                        .flat_map(|mention| fillers.line_nodes(mention))
                        .collect(),
                    level,
                }
            })
            .collect();
        let posts = without_copies(page, posts);
        let root = page.tree.new_element("div");
        tree::body(page).append_child(&root);
        Some(Thread { root: root.id, posts })
    }

    /// Returns the name and day of the opening post.
    pub(crate) fn opening(&self) -> (&str, Option<Date>) {
        self.posts.first().map_or(("", None), |post| (&post.name, post.day))
    }

    /// Returns the text nodes of all posts, and those among them that no post has twice.
    pub(crate) fn texts(&self, page: &Document) -> (HashSet<NodeId>, HashSet<NodeId>) {
        let (mut all, mut single) = (HashSet::default(), HashSet::default());
        for post in &self.posts {
            let mut seen: HashSet<String> = HashSet::default();
            for part in &post.parts {
                let part = NodeRef::new(*part, &page.tree);
                for node in part.descendants_it().filter(tree::is_nonblank_text) {
                    all.insert(node.id);
                    let start = tree::read_text(&node, |text| text.trim().chars().take(COMPARED_CHARS).collect());
                    if start.is_some_and(|start: String| start.len() < COMPARED_CHARS || seen.insert(start)) {
                        single.insert(node.id);
                    }
                }
            }
        }
        (all, single)
    }

    /// Moves the posts into the element for them, each below its author's name and date and within the post that it
    /// answers. What the reader's rules keep outside of posts stays between them.
    pub(crate) fn assemble(&self, page: &Document, decided: &RuleMatches) -> Assembled {
        let root = NodeRef::new(self.root, &page.tree);
        let mut done = Assembled::default();
        let mut open: Vec<NodeRef<'_>> = vec![root];
        for unit in self.units(page, decided) {
            let Unit::Post(post) = unit else {
                if let (Unit::Kept(node), Some(last)) = (unit, open.last()) {
                    last.append_child(&NodeRef::new(node, &page.tree));
                }
                continue;
            };
            // What a rule removes may be detached as a whole, with its content.
            let stays = |inside: &NodeRef<'_>| tree::is_content(inside) && !decided.removed.contains_key(&inside.id);
            let holds_content = |part: &NodeRef<'_>| stays(part) || part.descendants_it().any(|inside| stays(&inside));
            let parts = post.parts.iter().map(|part| NodeRef::new(*part, &page.tree)).filter(holds_content);
            let parts: Vec<NodeRef<'_>> = parts.collect();
            if parts.is_empty() {
                continue;
            }
            open.truncate(post.level + 1);
            while open.len() <= post.level {
                let reply = page.tree.new_element("blockquote");
                reply.set_attr("class", REPLY_CLASS);
                if let Some(last) = open.last() {
                    last.append_child(&reply);
                }
                open.push(reply);
            }
            let Some(place) = open.last() else { continue };
            if !post.details.iter().any(|text| decided.removed.contains_key(text)) {
                let line = write_byline(&page.tree, &post.name, post.date.as_deref());
                done.inserted.extend(line.descendants_it().filter(NodeRef::is_text).map(|text| text.id));
                done.replaced.extend(&post.details);
                place.append_child(&line);
            }
            for part in parts {
                place_part(place, &part);
            }
        }
        done
    }
}

/// What is put into a thread, in the order of the page.
enum Unit<'a> {
    Post(&'a Post),
    /// An element outside of all posts that the reader's rules keep.
    Kept(NodeId),
}

impl Thread {
    fn units(&self, page: &Document, decided: &RuleMatches) -> Vec<Unit<'_>> {
        if decided.kept.is_empty() {
            return self.posts.iter().map(Unit::Post).collect();
        }
        let posts: HashMap<NodeId, &Post> = self.posts.iter().map(|post| (post.text, post)).collect();
        let parts: HashSet<NodeId> = self.posts.iter().flat_map(|post| post.parts.iter().copied()).collect();
        let mut units = Vec::new();
        tree::walk(
            &tree::body(page),
            |node| {
                if let Some(post) = posts.get(&node.id) {
                    units.push(Unit::Post(post));
                    return Walk::Skip;
                }
                if parts.contains(&node.id) {
                    return Walk::Skip;
                }
                let holds_kept = || node.descendants_it().any(|inside| decided.kept.contains(&inside.id));
                let is_kept = decided.kept.contains(&node.id);
                if is_kept
                    || node.is_element()
                        && !tree::is_inline(&tree::name(node))
                        && !tree::has_block(node)
                        && holds_kept()
                {
                    units.push(Unit::Kept(node.id));
                    return Walk::Skip;
                }
                Walk::Enter
            },
            |_| {},
        );
        units
    }
}

/// Drops posts that the page holds again with more of their text: previews, and copies for scripts. The remaining one
/// has the earlier date.
fn without_copies(page: &Document, posts: Vec<Post>) -> Vec<Post> {
    let mut kept: Vec<Post> = Vec::new();
    let mut by_start: HashMap<String, usize> = HashMap::default();
    for mut post in posts {
        let key = words::match_key(&tree::line_text(&NodeRef::new(post.text, &page.tree)));
        let start: String = key.chars().take(COMPARED_CHARS).collect();
        let known = by_start.get(&format!("{} {start}", post.name)).copied();
        match known.filter(|_| start.len() >= COMPARED_CHARS) {
            Some(at) => {
                let earlier = words::match_key(&tree::line_text(&NodeRef::new(kept[at].text, &page.tree)));
                if key.len() > earlier.len() {
                    (kept[at].text, kept[at].parts) = (post.text, post.parts);
                }
                // The thread's own heading may tell when it was last answered.
                if kept[at].day.is_none() || post.day.is_some() && post.day < kept[at].day {
                    (kept[at].date, kept[at].day) = (post.date.take(), post.day);
                }
                kept[at].details.extend(post.details);
            }
            None => {
                by_start.insert(format!("{} {start}", post.name), kept.len());
                kept.push(post);
            }
        }
    }
    kept
}

/// Elements that stand beside each other in a text.
const PART_NAMES: &[&str] =
    &["p", "pre", "ul", "ol", "dl", "blockquote", "table", "figure", "picture", "img", "h3", "h4", "h5", "h6"];

/// Returns the elements of a post in page order: the one that was found and, if it is a paragraph among others, those
/// around it, up to a name, a date or another post.
fn find_parts(text: &NodeRef<'_>, others: &HashSet<NodeId>, survey: &Survey) -> Vec<NodeId> {
    if !tree::has_name(text, &["p", "pre", "ul", "ol", "blockquote"]) {
        return vec![text.id];
    }
    // A list of links alone leads to other pages.
    let is_text = |node: &NodeRef<'_>| {
        survey.spans.get(&node.id).is_some_and(|span| span.plain > 0)
            || std::iter::once(*node).chain(node.descendants_it()).any(|inside| tree::has_name(&inside, &["img"]))
    };
    let is_part = |node: &NodeRef<'_>| {
        tree::has_name(node, PART_NAMES)
            && is_text(node)
            && !others.contains(&node.id)
            && node.descendants_it().all(|inside| !others.contains(&inside.id))
    };
    let run = |next: fn(&NodeRef<'_>) -> Option<NodeId>| -> Vec<NodeId> {
        std::iter::successors(next(text), |id| next(&NodeRef::new(*id, text.tree)))
            .map(|id| NodeRef::new(id, text.tree))
            .filter(NodeRef::is_element)
            .take_while(is_part)
            .map(|node| node.id)
            .collect()
    };
    let before = run(|node| node.prev_sibling().map(|node| node.id));
    let after = run(|node| node.next_sibling().map(|node| node.id));
    before.into_iter().rev().chain([text.id]).chain(after).collect()
}

/// Moves an element of a post to the post's place in the thread.
fn place_part(place: &NodeRef<'_>, part: &NodeRef<'_>) {
    remove_hidden(part);
    link_cards::shorten(part);
    if tree::is_inline(&tree::name(part)) && !tree::has_name(part, &["img", "picture"]) {
        part.rename("p");
    } else if tree::has_name(part, &["td", "dd", "li"]) {
        part.rename("div");
    }
    place.append_child(part);
}

/// Removes what no reader sees, and signatures, from a post.
fn remove_hidden(text: &NodeRef<'_>) {
    tree::elements(text, survey::is_apart).iter().for_each(NodeRef::remove_from_parent);
}
