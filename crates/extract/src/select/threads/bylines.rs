//! Author and date above each post of a thread, for readers without the forum's layout.
//!
//! [`ThreadBylines::find`] collects names and dates before anything is selected, [`ThreadBylines::insert_above_posts`]
//! writes them above what was selected. A post is the smallest element that holds both a name and selected text, so no
//! forum software needs to be known.

use dom_query::{Document, NodeId, NodeRef, Tree};
use foldhash::{HashMap, HashSet};

use super::Assembled;
use super::mentions::{Mention, Mentions};
use crate::cleanup::reader_rules::RuleMatches;
use crate::dom::{tree, words};

/// Most texts of a line besides name and date that are looked at.
const MAX_LINE_TEXTS: usize = 8;
/// Most words of a line besides name and date.
const MAX_FILLER_WORDS: usize = 3;
/// Elements in front of which a byline is inserted, never inside.
const UNSPLITTABLE: &[&str] =
    &["blockquote", "ul", "ol", "dl", "table", "figure", "pre", "details", "p", "h1", "h2", "h3", "h4", "h5", "h6"];

/// The names and dates on the page of a thread.
#[derive(Default)]
pub(crate) struct ThreadBylines {
    mentions: Mentions,
    fillers: Fillers,
}

/// The other text nodes in the lines of names and dates, by line, which mean nothing without them: "Posted by …".
#[derive(Default)]
pub(super) struct Fillers(HashMap<NodeId, Vec<NodeId>>);

impl Fillers {
    /// Finds the other text nodes in the lines of names and dates, where these are few words.
    pub(super) fn find(page: &Document, mentions: &Mentions) -> Fillers {
        let named: HashSet<NodeId> = mentions.all().flat_map(|mention| mention.text_nodes.clone()).collect();
        let mut fillers: HashMap<NodeId, Vec<NodeId>> = HashMap::default();
        for line in mentions.all().filter_map(|mention| mention.line) {
            fillers.entry(line).or_insert_with(|| {
                let line = NodeRef::new(line, &page.tree);
                let texts = line.descendants_it().filter(tree::is_nonblank_text);
                let filler: Vec<NodeRef<'_>> =
                    texts.filter(|text| !named.contains(&text.id)).take(MAX_LINE_TEXTS).collect();
                let count: usize = filler.iter().filter_map(|text| tree::read_text(text, words::count)).sum();
                if count <= MAX_FILLER_WORDS && !tree::has_block(&line) {
                    filler.iter().map(|text| text.id).collect()
                } else {
                    Vec::new()
                }
            });
        }
        Fillers(fillers)
    }

    /// Iterates over the text nodes of a mention and the filler of its line.
    pub(super) fn line_nodes<'m>(&'m self, mention: &'m Mention) -> impl Iterator<Item = NodeId> + 'm {
        let filler = mention.line.and_then(|line| self.0.get(&line)).into_iter().flatten();
        mention.text_nodes.iter().chain(filler).copied()
    }
}

impl ThreadBylines {
    /// Finds names and dates on the page of a thread, before anything is removed from it.
    pub(crate) fn find(page: &Document) -> ThreadBylines {
        let mentions = Mentions::collect(page);
        ThreadBylines { fillers: Fillers::find(page, &mentions), mentions }
    }

    /// Inserts a byline above each post under `root`, in place of selected names and dates.
    ///
    /// The reader's rules come first: names and dates that they keep stay where they are, those that they remove are
    /// not inserted.
    pub(crate) fn insert_above_posts(&self, root: &NodeRef<'_>, decided: &RuleMatches) -> Assembled {
        let line_nodes = |mention| self.fillers.line_nodes(mention);
        let mentions: HashSet<NodeId> = self.mentions.all().flat_map(line_nodes).collect();
        let posts = PostStarts::find(root, |text| mentions.contains(text) || decided.kept.contains(text));
        let is_kept = |mention: &&Mention| !mention.text_nodes.iter().any(|text| decided.removed.contains_key(text));
        let (authors, dates) =
            (self.mentions.authors.iter().filter(is_kept), self.mentions.dates.iter().filter(is_kept));
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
            let date = dates.iter().find(|(post_start, ..)| *post_start == text).map(|(.., date)| *date);
            let line = write_byline(root.tree, &name.text, date.map(|date| date.text.as_str()));
            replaced.extend(line_nodes(name).chain(date.into_iter().flat_map(line_nodes)));
            insertion_point(&NodeRef::new(text, root.tree), &[root.id, post]).insert_before(&line);
            inserted.extend(line.descendants_it().filter(|node| node.is_text()).map(|node| node.id));
        }
        Assembled { inserted, replaced }
    }
}

/// Writes the line above a post.
pub(super) fn write_byline<'t>(tree: &'t Tree, name: &str, date: Option<&str>) -> NodeRef<'t> {
    let line = tree.new_element("p");
    let strong = tree.new_element("strong");
    strong.append_child(&tree.new_text(name));
    line.append_child(&strong);
    if let Some(date) = date {
        line.append_child(&tree.new_text(format!(" · {date}")));
    }
    line
}

fn is_inside(node: &NodeRef<'_>, root: &NodeRef<'_>) -> bool {
    node.ancestors_it(None).any(|above| above.id == root.id)
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
            if !text
                .ancestors_it(None)
                .any(|above| tree::has_name(&above, &["p"]) && !tree::class_and_id(&above).contains("author"))
            {
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
