//! Author and date above each post of a thread, for readers without the forum's layout.
//!
//! [`ThreadBylines::find`] collects names and dates before anything is selected, [`ThreadBylines::insert_above_posts`]
//! writes them above what was selected. A post is the smallest element that holds both a name and selected text, so no
//! forum software needs to be known.

use dom_query::{Document, NodeId, NodeRef};
use foldhash::{HashMap, HashSet};

use crate::cleanup::reader_rules::RuleMatches;
use crate::dom::tree::{self, Walk};
use crate::dom::words;

/// Class names of a post's author.
const AUTHOR_CLASSES: &[&str] = &["username", "author", "poster", "postauthor", "nickname", "creator"];
/// Parts of URLs of user profiles.
const PROFILE_URL_PARTS: &[&str] =
    &["/members/", "member.php?u=", "action=profile", "/user/", "/users/", "/u/", "/profile/", "mode=viewprofile"];
/// Most words and characters of a name.
const MAX_NAME_LENGTH: (usize, usize) = (4, 40);
/// Most words of the line with a profile link.
const MAX_LINE_WORDS: usize = 8;
/// Most words of a line besides name and date.
const MAX_FILLER_WORDS: usize = 3;
/// Most names and dates that are collected.
const MAX_MENTIONS: usize = 2_000;
/// Elements in front of which a byline is inserted, never inside.
const UNSPLITTABLE: &[&str] =
    &["blockquote", "ul", "ol", "dl", "table", "figure", "pre", "details", "p", "h1", "h2", "h3", "h4", "h5", "h6"];

/// The names and dates on the page of a thread.
#[derive(Default)]
pub(crate) struct ThreadBylines {
    authors: Vec<Mention>,
    dates: Vec<Mention>,
}

/// A name or date, and where it stands.
struct Mention {
    text: String,
    /// Its text nodes on the page.
    text_nodes: Vec<NodeId>,
    /// Other text nodes of its line, which mean nothing without it: "Posted by …".
    filler: Vec<NodeId>,
    /// The block element that holds its line.
    line: Option<NodeId>,
    /// Its ancestors, nearest first.
    ancestors: Vec<NodeId>,
    /// How certain it is; higher is better.
    confidence: u8,
}

impl ThreadBylines {
    /// Finds names and dates on the page of a thread, before anything is removed from it.
    pub(crate) fn find(page: &Document) -> ThreadBylines {
        let mut bylines = ThreadBylines::default();
        tree::walk(
            &tree::body(page),
            |node| {
                let Some(name) = tree::element_name(node) else { return Walk::Skip };
                let is_full = bylines.authors.len() + bylines.dates.len() > MAX_MENTIONS;
                if is_full || matches!(&*name, "blockquote" | "nav" | "pre") || &*name == "p" && !has_author_class(node)
                {
                    return Walk::Skip;
                }
                if let Some(date) = find_date(node, &name) {
                    bylines.dates.push(Mention::new(node, date, 0));
                    return Walk::Skip;
                }
                match author_confidence(node, &name).and_then(|confidence| Some((confidence, find_name(node)?))) {
                    Some((confidence, text)) => {
                        bylines.authors.push(Mention::new(node, text, confidence));
                        Walk::Skip
                    }
                    None => Walk::Enter,
                }
            },
            |_| {},
        );
        bylines.find_fillers(page);
        bylines
    }

    /// Finds the other text nodes in the lines of names and dates, where these are few words.
    fn find_fillers(&mut self, page: &Document) {
        let all = || self.authors.iter().chain(&self.dates);
        let mentions: HashSet<NodeId> = all().flat_map(|mention| mention.text_nodes.clone()).collect();
        let mut fillers: HashMap<NodeId, Vec<NodeId>> = HashMap::default();
        for line in all().filter_map(|mention| mention.line) {
            fillers.entry(line).or_insert_with(|| {
                let line = NodeRef::new(line, &page.tree);
                let texts = line.descendants_it().filter(tree::is_nonblank_text);
                let filler: Vec<NodeRef<'_>> =
                    texts.filter(|text| !mentions.contains(&text.id)).take(MAX_LINE_WORDS).collect();
                let count: usize = filler.iter().filter_map(|text| tree::read_text(text, words::count)).sum();
                if count <= MAX_FILLER_WORDS && !tree::has_block(&line) {
                    filler.iter().map(|text| text.id).collect()
                } else {
                    Vec::new()
                }
            });
        }
        for mention in self.authors.iter_mut().chain(&mut self.dates) {
            mention.filler.extend(mention.line.and_then(|line| fillers.get(&line)).into_iter().flatten());
        }
    }

    /// Inserts a byline above each post under `root`, in place of selected names and dates.
    ///
    /// The reader's rules come first: names and dates that they keep stay where they are, those that they remove are
    /// not inserted. Returns the inserted text nodes, and those of the page that they replace.
    pub(crate) fn insert_above_posts(
        &self,
        root: &NodeRef<'_>,
        decided: &RuleMatches,
    ) -> (HashSet<NodeId>, Vec<NodeId>) {
        let mentions: HashSet<NodeId> = self.authors.iter().chain(&self.dates).flat_map(Mention::line_nodes).collect();
        let posts = PostStarts::find(root, |text| mentions.contains(text) || decided.kept.contains(text));
        let is_kept = |mention: &&Mention| !mention.text_nodes.iter().any(|text| decided.removed.contains_key(text));
        let (authors, dates) = (self.authors.iter().filter(is_kept), self.dates.iter().filter(is_kept));
        let (authors, dates) = (posts.assign(authors), posts.assign(dates));
        if authors.is_empty() {
            return Default::default();
        }
        for text in mentions
            .difference(&decided.kept)
            .map(|id| NodeRef::new(*id, root.tree))
            .filter(|text| is_inside(text, root))
        {
            text.remove_from_parent();
        }
        let (mut inserted, mut replaced) = (HashSet::default(), Vec::new());
        for (text, post, name) in authors {
            let line = root.tree.new_element("p");
            let strong = root.tree.new_element("strong");
            strong.append_child(&root.tree.new_text(name.text.as_str()));
            line.append_child(&strong);
            replaced.extend(name.line_nodes());
            if let Some(date) = dates.iter().find(|(post_start, ..)| *post_start == text).map(|(.., date)| date) {
                line.append_child(&root.tree.new_text(format!(" · {}", date.text)));
                replaced.extend(date.line_nodes());
            }
            insertion_point(&NodeRef::new(text, root.tree), &[root.id, post]).insert_before(&line);
            inserted.extend(line.descendants_it().filter(|node| node.is_text()).map(|node| node.id));
        }
        (inserted, replaced)
    }
}

fn is_inside(node: &NodeRef<'_>, root: &NodeRef<'_>) -> bool {
    node.ancestors_it(None).any(|above| above.id == root.id)
}

impl Mention {
    fn new(node: &NodeRef<'_>, text: String, confidence: u8) -> Mention {
        let text_nodes = node.descendants_it().filter(|inside| inside.is_text()).map(|inside| inside.id).collect();
        let line = tree::enclosing_block(node).map(|block| block.id);
        Mention {
            text,
            text_nodes,
            filler: Vec::new(),
            line,
            ancestors: node.ancestors_it(None).map(|above| above.id).collect(),
            confidence,
        }
    }

    /// Iterates over its own text nodes and the filler of its line.
    fn line_nodes(&self) -> impl Iterator<Item = NodeId> {
        self.text_nodes.iter().chain(&self.filler).copied()
    }
}

/// Returns how certain it is that an element is an author's name, by schema.org property, class and link target; `None`
/// if it is not.
fn author_confidence(node: &NodeRef<'_>, name: &str) -> Option<u8> {
    let is = |node: &NodeRef<'_>, wanted: &str| node.attr("itemprop").is_some_and(|property| &*property == wanted);
    let is_in_author = || node.ancestors_it(Some(3)).any(|above| is(&above, "author"));
    if is(node, "author") || is(node, "name") && is_in_author() {
        return Some(3);
    }
    if name != "p" && has_author_class(node) {
        return Some(if is_in_author() { 2 } else { 1 });
    }
    // A name within a sentence is somebody else's.
    let is_alone =
        || tree::enclosing_block(node).is_some_and(|block| words::count(&tree::line_text(&block)) <= MAX_LINE_WORDS);
    (name == "a" && links_to_profile(node) && is_alone()).then(|| if is_in_author() { 2 } else { 0 })
}

fn has_author_class(node: &NodeRef<'_>) -> bool {
    tree::class_and_id(node).split(' ').any(is_author_class)
}

fn links_to_profile(link: &NodeRef<'_>) -> bool {
    link.attr("href").is_some_and(|to| PROFILE_URL_PARTS.iter().any(|part| to.contains(part)))
}

/// Returns the name in an element: the first part marked as a name that is as short as one, else all its text if that
/// is.
fn find_name(node: &NodeRef<'_>) -> Option<String> {
    let inside = tree::elements(node, |inside| links_to_profile(inside) || inside.has_attr("itemprop"));
    let texts = inside.iter().map(tree::line_text).chain([tree::line_text(node)]);
    let fits = |text: &String| {
        text.chars().any(char::is_alphabetic)
            && words::count(text) <= MAX_NAME_LENGTH.0
            && (2..=MAX_NAME_LENGTH.1).contains(&text.chars().count())
    };
    texts.filter(|text| !text.is_empty()).find(fits)
}

/// Whether a class names an author: `author`, `post_author`, `author-name`, but not `author-box`.
fn is_author_class(class: &str) -> bool {
    let mut parts = class.rsplit(['_', '-']);
    match parts.next() {
        Some("name") => parts.any(|part| matches!(part, "user" | "author" | "poster" | "member")),
        Some(last) => AUTHOR_CLASSES.contains(&last),
        None => false,
    }
}

/// Returns the date in an element as shown or, where that is relative ("two years ago"), as stated for machines.
fn find_date(node: &NodeRef<'_>, name: &str) -> Option<String> {
    let stated = match name {
        "time" => tree::attribute(node, "datetime"),
        _ => tree::attribute(node, "itemprop")
            .filter(|property| matches!(property.as_str(), "datePublished" | "dateCreated"))
            .and_then(|_| tree::attribute(node, "content").or_else(|| tree::attribute(node, "datetime"))),
    }?;
    let day = stated.get(..10).filter(|day| day.parse::<jiff::civil::Date>().is_ok())?;
    let text = tree::line_text(node);
    let after = text.split_once(&day[..4]).map(|(_, after)| after);
    let is_full = after.is_some_and(|after| !after.starts_with(char::is_numeric)) && words::count(&text) <= 6;
    Some(if is_full { text } else { day.to_owned() })
}

/// For each element with selected text, its first text node.
struct PostStarts(HashMap<NodeId, NodeId>);

impl PostStarts {
    fn find(root: &NodeRef<'_>, is_other: impl Fn(&NodeId) -> bool) -> PostStarts {
        let mut first = HashMap::default();
        for text in root.descendants_it().filter(|node| tree::is_nonblank_text(node) && !is_other(&node.id)) {
            for above in text.ancestors_it(None) {
                if first.contains_key(&above.id) {
                    break;
                }
                first.insert(above.id, text.id);
            }
        }
        PostStarts(first)
    }

    /// Assigns each mention to a post: the smallest element that holds both, since a name above all posts also precedes
    /// the first.
    ///
    /// Returns the post's first text node, its element and the mention, in page order.
    fn assign<'s>(&self, mentions: impl Iterator<Item = &'s Mention>) -> Vec<(NodeId, NodeId, &'s Mention)> {
        let mut best: HashMap<NodeId, (usize, NodeId, &Mention)> = HashMap::default();
        let mut order = Vec::new();
        for mention in mentions {
            let mut depths = (1..=mention.ancestors.len()).rev().zip(&mention.ancestors);
            let Some((depth, post, text)) = depths.find_map(|(depth, id)| Some((depth, *id, *self.0.get(id)?))) else {
                continue;
            };
            let best_match = best.entry(text).or_insert_with(|| {
                order.push(text);
                (depth, post, mention)
            });
            if (depth, mention.confidence) > (best_match.0, best_match.2.confidence) {
                *best_match = (depth, post, mention);
            }
        }
        let found = |text: NodeId| best.get(&text).map(|(_, post, mention)| (text, *post, *mention));
        order.into_iter().filter_map(found).collect()
    }
}

/// Returns the element before which a byline for a text is inserted: the outermost list, quotation or paragraph that
/// holds it, within `limits`.
fn insertion_point<'a>(text: &NodeRef<'a>, limits: &[NodeId]) -> NodeRef<'a> {
    let mut outermost = *text;
    let mut at = *text;
    while let Some(above) = at.parent().filter(|above| !limits.contains(&above.id)) {
        let name = tree::name(&above);
        if UNSPLITTABLE.contains(&&*name) || (tree::is_inline(&name) && outermost.id == at.id) {
            outermost = above;
        }
        at = above;
    }
    outermost
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Selects only the text in `p` and returns the page with bylines.
    fn insert_bylines(page: &str) -> String {
        let parsed = crate::parse::parse_page(page).tree;
        let bylines = ThreadBylines::find(&parsed);
        let body = tree::body(&parsed);
        for text in body.descendants().into_iter().filter(tree::is_nonblank_text) {
            if !text.ancestors_it(None).any(|above| tree::has_name(&above, &["p"]) && !has_author_class(&above)) {
                text.remove_from_parent();
            }
        }
        bylines.insert_above_posts(&body, &RuleMatches::default());
        crate::sanitize::normalize::normalize_tree(&body, None);
        crate::sanitize::sanitize_tree(&body, None).as_str().to_owned()
    }

    #[test]
    fn each_post_gets_its_author_and_date() {
        let rain = "<p>Rain.</p><p>More.</p>";
        for (page, wanted) in [
            (
                format!("<div><b class=username>Ann</b><time datetime=2025-03-01>2 years ago</time>{rain}</div>"),
                "<p><strong>Ann</strong> · 2025-03-01</p><p>Rain.</p><p>More.</p>",
            ),
            (
                format!(
                    "<div>{rain}<i><a href=/users/7/bo>Bo</a> edited</i><b itemprop=author><a href=/users/8/cy>Cy</a> 1,204</b></div>"
                ),
                "<p><strong>Cy</strong></p><p>Rain.</p><p>More.</p>",
            ),
            (
                format!(
                    "<div><p class=author>by <a href='?mode=viewprofile&u=2'>Di</a> » <time datetime=2025-03-01>1 March 2025</time></p>{rain}</div>"
                ),
                "<p><strong>Di</strong> · 1 March 2025</p><p>Rain.</p><p>More.</p>",
            ),
            (
                format!(
                    "<h1>Wet <a class=username>Ann</a></h1><ol><li><a class=username>Ann</a><blockquote><p>Sun?</p></blockquote>{rain}<li><a class=username>Bo</a><p>No.</p></ol>"
                ),
                "<ol><li><p><strong>Ann</strong></p><blockquote><p>Sun?</p></blockquote><p>Rain.</p><p>More.</p></li>\
                 <li><p><strong>Bo</strong></p><p>No.</p></li></ol>",
            ),
            (
                "<div><a class=username>Ann</a><p>As <a href=/members/bo>Bo</a> says.</p></div>".to_owned(),
                "<p><strong>Ann</strong></p><p>As Bo says.</p>",
            ),
        ] {
            assert_eq!(insert_bylines(&page).replace('\n', ""), wanted, "{page}");
        }
    }
}
