//! The part of a page that is its article: as the page itself has it, and as its reader's rules correct that.

use dom_query::{Document, NodeId, NodeRef};
use foldhash::{HashMap, HashSet};
use url::Url;

use super::{Told, known};
use crate::cleanup::reader_rules::Decided;
use crate::cleanup::visible_text::Visible;
use crate::cleanup::{self, About, boilerplate};
use crate::dom::tree::{self, Walk, attribute};
use crate::dom::{urls, words};
use crate::metadata::Metadata;
use crate::page::{Reason, Reasons};
use crate::prepare;
use crate::report::removed_blocks::ArticleDiff;
use crate::sanitize::allow_list::{self, Fate};
use crate::sanitize::normalize;
use crate::select::model::Models;
use crate::select::thread_posts::Voices;
use crate::select::{self, Chosen};

/// The article on a page, in canonical form.
pub(super) struct Part {
    /// The page without what was taken out of it.
    pub(super) tree: Document,
    root: NodeId,
    /// Texts that are shown and are no running text.
    pub(super) beside: HashSet<NodeId>,
    /// The texts and pictures of it, and texts that stand in it in other words.
    kept: HashSet<NodeId>,
    reasons: Reasons,
    /// What rules have taken out of it.
    pub(super) lost: Lost,
}

/// What rules have taken out of an article.
#[derive(Default)]
pub(super) struct Lost {
    pub(super) words: usize,
    /// Those that stand nowhere else in it.
    pictures: Vec<Url>,
}

/// What the way from a page to its article depends on.
pub(super) struct Way<'a> {
    pub(super) told: &'a Told,
    pub(super) url: Option<&'a Url>,
    pub(super) subject: Option<Reason>,
    pub(super) voices: Voices,
    /// What could be seen on the page.
    pub(super) visible: &'a Visible,
    pub(super) models: &'a Models,
}

impl Part {
    pub(super) fn root(&self) -> NodeRef<'_> {
        NodeRef::new(self.root, &self.tree.tree)
    }

    /// What says of a text of the page whether it was left out, and why.
    pub(super) fn facts<'a>(&'a self, known: &'a Metadata) -> ArticleDiff<'a> {
        ArticleDiff { kept: &self.kept, reasons: &self.reasons, metadata: known }
    }

    /// Whether rules have taken a picture out.
    pub(super) fn has_lost(&self, picture: &Url) -> bool {
        self.lost.pictures.iter().any(|lost| urls::is_same_picture(lost, picture))
    }
}

impl Lost {
    fn of(page: &Document, chosen: &HashSet<NodeId>, decided: &Decided) -> Lost {
        let at = |id: &NodeId| NodeRef::new(*id, &page.tree);
        let address = |id: &NodeId| attribute(&at(id), "src").and_then(|address| urls::web(&address, None));
        let (gone, left): (Vec<&NodeId>, Vec<&NodeId>) = chosen.iter().partition(|id| decided.taken.contains_key(id));
        let left: HashSet<Url> = left.into_iter().chain(&decided.kept).filter_map(address).collect();
        Lost {
            words: gone.iter().filter_map(|id| tree::read_text(&at(id), words::count)).sum(),
            pictures: gone.into_iter().filter_map(address).filter(|gone| !left.contains(gone)).collect(),
        }
    }
}

impl Way<'_> {
    /// Chooses the article, without a thought of rules.
    pub(super) fn choose(&self, tree: Document) -> Part {
        let mut reasons = Reasons::default();
        boilerplate::remove(&tree, self.url, self.subject, &mut reasons);
        let chosen = if self.told.capped {
            Chosen::whole(&tree)
        } else {
            select::choose(&tree, &known(&self.told.metadata, self.subject), self.models)
        };
        let mut part = Part {
            tree,
            root: chosen.root,
            beside: chosen.beside,
            kept: HashSet::default(),
            reasons,
            lost: Lost::default(),
        };
        let metadata = &self.told.metadata;
        let byline = metadata.byline.as_deref().unwrap_or_default();
        let root = NodeRef::new(part.root, &part.tree.tree);
        cleanup::screen_reader_text::remove(&root, &mut part.reasons);
        cleanup::named_images::remove(&root, byline, self.url);
        let (ours, said) = self.make_canonical(&mut part, &Decided::default());
        let is_thread = self.subject == Some(Reason::Comments);
        let (meant, certain, visible) = (&chosen.meant, &chosen.certain, self.visible);
        let about = About { title: &metadata.title, byline, meant, certain, ours: &ours, is_thread, visible };
        let root = NodeRef::new(part.root, &part.tree.tree);
        cleanup::after(&root, &about, &mut part.reasons);
        part.kept = contents(&root).chain(said).collect();
        part
    }

    /// What is left of a choice without what rules take out, and with what they keep. Both are added and taken from the whole page at
    /// the end, so that nothing else comes or goes with them.
    ///
    /// Where nothing is left the choice was wrong as a whole: then another is made on the page without what was taken out.
    pub(super) fn correct(&self, whole: Document, chosen: Part, mut decided: Decided) -> Part {
        let is_text = |id: &NodeId| tree::is_filled_text(&NodeRef::new(*id, &whole.tree));
        let is_left = chosen.kept.iter().any(|id| !decided.taken.contains_key(id) && is_text(id));
        let chosen = if is_left || !decided.kept.is_empty() {
            chosen
        } else {
            let rest = whole.clone();
            let is_taken = |content: &NodeId| decided.taken.contains_key(content);
            leave(&rest, |content| !is_taken(content), is_taken);
            self.choose(rest)
        };
        let there: HashSet<NodeId> = contents(&chosen.root()).collect();
        decided.kept.retain(|id| !there.contains(id));
        describe_pictures(&whole, &chosen);
        let root = root(&whole, chosen.root, &decided.kept);
        let lost = Lost::of(&whole, &chosen.kept, &decided);
        let stays =
            |id: &NodeId| decided.kept.contains(id) || chosen.kept.contains(id) && !decided.taken.contains_key(id);
        leave(&whole, stays, |content| chosen.reasons.contains_key(content) || decided.taken.contains_key(content));
        show_buttons(&whole, &decided.kept);
        let mut part = Part { tree: whole, root, lost, ..chosen };
        let (_, said) = self.make_canonical(&mut part, &decided);
        let root = NodeRef::new(part.root, &part.tree.tree);
        cleanup::open_captions(&root);
        normalize::empty(&root);
        part.kept = contents(&root).chain(said).collect();
        part.reasons.extend(decided.taken);
        part
    }

    /// Brings the part into canonical form, with a line above each post of a thread. Answers the texts that are ours, and those of
    /// the page that say the same.
    fn make_canonical(&self, part: &mut Part, decided: &Decided) -> (HashSet<NodeId>, Vec<NodeId>) {
        let root = NodeRef::new(part.root, &part.tree.tree);
        let (ours, said) = self.voices.write(&root, decided);
        part.beside.extend(&ours);
        part.beside.extend(prepare::formulas::alone(&root));
        normalize::canonical(&root, self.told.base.as_ref());
        (ours, said)
    }
}

/// The texts and pictures in an element.
fn contents(root: &NodeRef<'_>) -> impl Iterator<Item = NodeId> {
    root.descendants_it().filter(|node| node.is_text() || tree::is_any(node, &["img"])).map(|node| node.id)
}

/// Takes out of a page all texts and pictures but those that stay. An element in which all went for a `reason` goes itself; another
/// is left, since it may be a cell of a row or part of what is around it.
fn leave(page: &Document, stays: impl Fn(&NodeId) -> bool, reason: impl Fn(&NodeId) -> bool) {
    let body = tree::body(page);
    let mut left = HashSet::default();
    let holds = |content: &NodeRef<'_>| stays(&content.id) || content.is_text() && !reason(&content.id);
    for content in body.descendants_it().filter(|node| tree::is_content(node) && holds(node)) {
        content.ancestors_it(None).take_while(|above| left.insert(above.id)).for_each(drop);
    }
    let mut gone = Vec::new();
    tree::walk(
        &body,
        |node| {
            if tree::is_content(node) {
                if !stays(&node.id) {
                    gone.push(*node);
                }
                return Walk::Past;
            }
            // A cell keeps its place in the row.
            if left.contains(&node.id) || tree::is_any(node, &["td", "th"]) {
                return Walk::Into;
            }
            if node.descendants_it().any(|inside| tree::is_content(&inside)) {
                gone.push(*node);
            }
            Walk::Past
        },
        |_| {},
    );
    gone.iter().for_each(NodeRef::remove_from_parent);
}

/// Words on buttons are no text of an article; those that a reader has put back become plain words.
fn show_buttons(page: &Document, kept: &HashSet<NodeId>) {
    for text in kept {
        for above in NodeRef::new(*text, &page.tree).ancestors(Some(3)) {
            if tree::is_any(&above, &["button"]) {
                above.rename("span");
            }
        }
    }
}

/// What the choice has found out about pictures, on the page as it was.
fn describe_pictures(page: &Document, chosen: &Part) {
    for image in tree::images(&chosen.root()) {
        let own = NodeRef::new(image.id, &page.tree);
        if let Some(words) = attribute(&image, "alt").filter(|_| attribute(&own, "alt").is_none()) {
            own.set_attr("alt", &words);
        }
    }
}

/// The smallest group around what was chosen that also holds what is kept; lists and tables are not cut open.
fn root(page: &Document, chosen: NodeId, kept: &HashSet<NodeId>) -> NodeId {
    let chosen = NodeRef::new(chosen, &page.tree);
    let around: Vec<NodeRef<'_>> = std::iter::once(chosen).chain(chosen.ancestors_it(None)).collect();
    let places: HashMap<NodeId, usize> = around.iter().enumerate().map(|(place, node)| (node.id, place)).collect();
    let (mut seen, mut outermost) = (HashSet::default(), 0);
    for id in kept {
        let content = NodeRef::new(*id, &page.tree);
        let mut above = content.ancestors_it(None).take_while(|above| seen.insert(above.id));
        outermost = above.find_map(|above| places.get(&above.id)).map_or(outermost, |place| outermost.max(*place));
    }
    let is_group = |node: &&NodeRef<'_>| {
        let name = tree::name(node);
        allow_list::fate(&name) == Fate::Opened && !tree::is_inline(&name)
    };
    let group = around[outermost..].iter().find(is_group).filter(|_| outermost > 0);
    group.map_or(chosen.id, |group| group.id)
}
