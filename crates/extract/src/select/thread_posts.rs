//! Who says what in a thread: above each post stands who wrote it and when, for whoever reads it without the boxes around.
//!
//! Names and days are found before anything is chosen ([`Voices::of`]) and written above what was chosen of their posts
//! ([`Voices::write`]). A post is the smallest element that holds both a name and text that stays, so that no forum has to be known.

use dom_query::{Document, NodeId, NodeRef};
use foldhash::{HashMap, HashSet};

use crate::cleanup::reader_rules::RuleMatches;
use crate::dom::tree::{self, Walk};
use crate::dom::words;

/// Words in class names of the one who wrote a post.
const NAMED: &[&str] = &["username", "author", "poster", "postauthor", "nickname", "creator"];
/// Parts of addresses that lead to the one who wrote a post.
const MEMBERS: &[&str] =
    &["/members/", "member.php?u=", "action=profile", "/user/", "/users/", "/u/", "/profile/", "mode=viewprofile"];
/// Words and letters of a name.
const LONGEST_NAME: (usize, usize) = (4, 40);
/// Words of the line in which the link to the one who wrote may stand.
const MOST_BESIDE: usize = 8;
/// Words of a line beside a name and a day.
const MOST_LEFT: usize = 3;
/// Posts of a page, and far more.
const MOST: usize = 2_000;
/// What a line does not stand in but above.
const WHOLES: &[&str] =
    &["blockquote", "ul", "ol", "dl", "table", "figure", "pre", "details", "p", "h1", "h2", "h3", "h4", "h5", "h6"];

/// What a page says of those who write on it.
#[derive(Default)]
pub(crate) struct Voices {
    names: Vec<Said>,
    days: Vec<Said>,
}

/// A name or a day, where it stood.
struct Said {
    text: String,
    /// Its own texts on the page.
    texts: Vec<NodeId>,
    /// What else stands in its line and says nothing without it.
    rest: Vec<NodeId>,
    /// The line it stands in.
    block: Option<NodeId>,
    /// The elements around it, the nearest first.
    around: Vec<NodeId>,
    /// How far it is believed.
    belief: u8,
}

impl Voices {
    /// Looks for names and days on a thread's page of which nothing is taken out yet.
    pub(crate) fn of(page: &Document) -> Voices {
        let mut voices = Voices::default();
        tree::walk(
            &tree::body(page),
            |node| {
                let Some(name) = tree::element_name(node) else { return Walk::Skip };
                let is_full = voices.names.len() + voices.days.len() > MOST;
                if is_full || matches!(&*name, "blockquote" | "nav" | "pre") || &*name == "p" && !is_named(node) {
                    return Walk::Skip;
                }
                if let Some(day) = day(node, &name) {
                    voices.days.push(Said::at(node, day, 0));
                    return Walk::Skip;
                }
                match belief(node, &name).and_then(|belief| Some((belief, name_in(node)?))) {
                    Some((belief, text)) => {
                        voices.names.push(Said::at(node, text, belief));
                        Walk::Skip
                    }
                    None => Walk::Enter,
                }
            },
            |_| {},
        );
        voices.add_rests(page);
        voices
    }

    /// What is left of a line without its names and days says nothing: "Posted by …".
    fn add_rests(&mut self, page: &Document) {
        let all = || self.names.iter().chain(&self.days);
        let said: HashSet<NodeId> = all().flat_map(|one| one.texts.clone()).collect();
        let mut rests: HashMap<NodeId, Vec<NodeId>> = HashMap::default();
        for block in all().filter_map(|one| one.block) {
            rests.entry(block).or_insert_with(|| {
                let block = NodeRef::new(block, &page.tree);
                let texts = block.descendants_it().filter(tree::is_nonblank_text);
                let rest: Vec<NodeRef<'_>> = texts.filter(|text| !said.contains(&text.id)).take(MOST_BESIDE).collect();
                let count: usize = rest.iter().filter_map(|text| tree::read_text(text, words::count)).sum();
                if count <= MOST_LEFT && !tree::has_block(&block) {
                    rest.iter().map(|text| text.id).collect()
                } else {
                    Vec::new()
                }
            });
        }
        for one in self.names.iter_mut().chain(&mut self.days) {
            one.rest.extend(one.block.and_then(|block| rests.get(&block)).into_iter().flatten());
        }
    }

    /// Writes a line above each post of what was chosen, `root`, in place of names and days that were chosen with it, unless
    /// rules have decided about them: what they have put back stays where it is and is no post, what they take out is not
    /// written. Answers the texts of these lines, and those that said the same on the page.
    pub(crate) fn write(&self, root: &NodeRef<'_>, decided: &RuleMatches) -> (HashSet<NodeId>, Vec<NodeId>) {
        let said: HashSet<NodeId> = self.names.iter().chain(&self.days).flat_map(Said::line).collect();
        let posts = Posts::of(root, |text| said.contains(text) || decided.kept.contains(text));
        let is_left = |one: &&Said| !one.texts.iter().any(|text| decided.removed.contains_key(text));
        let (names, days) = (self.names.iter().filter(is_left), self.days.iter().filter(is_left));
        let (names, days) = (posts.first(names), posts.first(days));
        if names.is_empty() {
            return Default::default();
        }
        for text in
            said.difference(&decided.kept).map(|id| NodeRef::new(*id, root.tree)).filter(|text| is_in(text, root))
        {
            text.remove_from_parent();
        }
        let (mut written, mut told) = (HashSet::default(), Vec::new());
        for (text, post, name) in names {
            let line = root.tree.new_element("p");
            let strong = root.tree.new_element("strong");
            strong.append_child(&root.tree.new_text(name.text.as_str()));
            line.append_child(&strong);
            told.extend(name.line());
            if let Some(day) = days.iter().find(|(of, ..)| *of == text).map(|(.., day)| day) {
                line.append_child(&root.tree.new_text(format!(" · {}", day.text)));
                told.extend(day.line());
            }
            place(&NodeRef::new(text, root.tree), &[root.id, post]).insert_before(&line);
            written.extend(line.descendants_it().filter(|node| node.is_text()).map(|node| node.id));
        }
        (written, told)
    }
}

fn is_in(node: &NodeRef<'_>, root: &NodeRef<'_>) -> bool {
    node.ancestors_it(None).any(|above| above.id == root.id)
}

impl Said {
    fn at(node: &NodeRef<'_>, text: String, belief: u8) -> Said {
        let texts = node.descendants_it().filter(|inside| inside.is_text()).map(|inside| inside.id).collect();
        let block = tree::enclosing_block(node).map(|block| block.id);
        Said {
            text,
            texts,
            rest: Vec::new(),
            block,
            around: node.ancestors_it(None).map(|above| above.id).collect(),
            belief,
        }
    }

    /// Its texts, and those that go with it.
    fn line(&self) -> impl Iterator<Item = NodeId> {
        self.texts.iter().chain(&self.rest).copied()
    }
}

/// How far an element is believed to be the name of one who writes: by where a link leads, by a class, by schema.org's words.
fn belief(node: &NodeRef<'_>, name: &str) -> Option<u8> {
    let is = |node: &NodeRef<'_>, wanted: &str| node.attr("itemprop").is_some_and(|property| &*property == wanted);
    let by_author = || node.ancestors_it(Some(3)).any(|above| is(&above, "author"));
    if is(node, "author") || is(node, "name") && by_author() {
        return Some(3);
    }
    if name != "p" && is_named(node) {
        return Some(if by_author() { 2 } else { 1 });
    }
    // A name within a sentence is that of another one.
    let is_alone =
        || tree::enclosing_block(node).is_some_and(|block| words::count(&tree::line_text(&block)) <= MOST_BESIDE);
    (name == "a" && leads_to_member(node) && is_alone()).then(|| if by_author() { 2 } else { 0 })
}

fn is_named(node: &NodeRef<'_>) -> bool {
    tree::class_and_id(node).split(' ').any(is_name_of_class)
}

fn leads_to_member(link: &NodeRef<'_>) -> bool {
    link.attr("href").is_some_and(|to| MEMBERS.iter().any(|part| to.contains(part)))
}

/// What an element that is a name says: the name by itself in it, or all of it.
fn name_in(node: &NodeRef<'_>) -> Option<String> {
    let inside = tree::elements(node, |inside| leads_to_member(inside) || inside.has_attr("itemprop"));
    let texts = inside.iter().map(tree::line_text).chain([tree::line_text(node)]);
    let fits = |text: &String| {
        text.chars().any(char::is_alphabetic)
            && words::count(text) <= LONGEST_NAME.0
            && (2..=LONGEST_NAME.1).contains(&text.chars().count())
    };
    texts.filter(|text| !text.is_empty()).find(fits)
}

/// `author`, `post_author`, `author-name`, but not `author-box`.
fn is_name_of_class(mark: &str) -> bool {
    let mut parts = mark.rsplit(['_', '-']);
    match parts.next() {
        Some("name") => parts.any(|part| matches!(part, "user" | "author" | "poster" | "member")),
        Some(last) => NAMED.contains(&last),
        None => false,
    }
}

/// The day an element tells, as it stands there or, where that is "two years ago", as machines read it.
fn day(node: &NodeRef<'_>, name: &str) -> Option<String> {
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

/// For each element around the text that stays, the first text in it.
struct Posts(HashMap<NodeId, NodeId>);

impl Posts {
    fn of(root: &NodeRef<'_>, is_other: impl Fn(&NodeId) -> bool) -> Posts {
        let mut first = HashMap::default();
        for text in root.descendants_it().filter(|node| tree::is_nonblank_text(node) && !is_other(&node.id)) {
            for above in text.ancestors_it(None) {
                if first.contains_key(&above.id) {
                    break;
                }
                first.insert(above.id, text.id);
            }
        }
        Posts(first)
    }

    /// For each first text of a post what is said of it: by the smallest element that holds both, since a name above all posts
    /// stands before the first of them too. In the page's order, with that element.
    fn first<'s>(&self, said: impl Iterator<Item = &'s Said>) -> Vec<(NodeId, NodeId, &'s Said)> {
        let mut best: HashMap<NodeId, (usize, NodeId, &Said)> = HashMap::default();
        let mut order = Vec::new();
        for one in said {
            let mut depths = (1..=one.around.len()).rev().zip(&one.around);
            let Some((depth, post, text)) = depths.find_map(|(depth, id)| Some((depth, *id, *self.0.get(id)?))) else {
                continue;
            };
            let known = best.entry(text).or_insert_with(|| {
                order.push(text);
                (depth, post, one)
            });
            if (depth, one.belief) > (known.0, known.2.belief) {
                *known = (depth, post, one);
            }
        }
        let found = |text: NodeId| best.get(&text).map(|(_, post, one)| (text, *post, *one));
        order.into_iter().filter_map(found).collect()
    }
}

/// What a line that belongs above a text stands before: the outermost list, quotation or paragraph around it within `limits`.
fn place<'a>(text: &NodeRef<'a>, limits: &[NodeId]) -> NodeRef<'a> {
    let mut top = *text;
    let mut at = *text;
    while let Some(above) = at.parent().filter(|above| !limits.contains(&above.id)) {
        let name = tree::name(&above);
        if WHOLES.contains(&&*name) || (tree::is_inline(&name) && top.id == at.id) {
            top = above;
        }
        at = above;
    }
    top
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page with the lines above its posts, of which everything in `p` stays and nothing else.
    fn written(page: &str) -> String {
        let parsed = crate::parse::parse_page(page).tree;
        let voices = Voices::of(&parsed);
        let body = tree::body(&parsed);
        for text in body.descendants().into_iter().filter(tree::is_nonblank_text) {
            if !text.ancestors_it(None).any(|above| tree::has_name(&above, &["p"]) && !is_named(&above)) {
                text.remove_from_parent();
            }
        }
        voices.write(&body, &RuleMatches::default());
        crate::sanitize::normalize::normalize_tree(&body, None);
        crate::sanitize::sanitize_tree(&body, None).as_str().to_owned()
    }

    #[test]
    fn above_each_post_stands_who_wrote_it_and_when() {
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
            assert_eq!(written(&page).replace('\n', ""), wanted, "{page}");
        }
    }
}
