//! The part of a page that is its article: as the page itself suggests, and as the reader's rules correct it.

use dom_query::{Document, NodeId, NodeRef};
use foldhash::{HashMap, HashSet};
use url::Url;

use super::{PageFacts, page_metadata};
use crate::cleanup::reader_rules::RuleMatches;
use crate::cleanup::visible_text::VisibleTexts;
use crate::cleanup::{self, ArticleContext, boilerplate};
use crate::dom::tree::{self, Walk, attribute};
use crate::dom::{urls, words};
use crate::metadata::Metadata;
use crate::page::{Reason, Reasons};
use crate::prepare;
use crate::report::removed_blocks::ArticleDiff;
use crate::sanitize::allow_list::{self, ElementPolicy};
use crate::sanitize::normalize;
use crate::select::model::Models;
use crate::select::threads::Assembled;
use crate::select::threads::bylines::ThreadBylines;
use crate::select::{self, SelectedContent};

/// The article in the tree of its page, in normal form.
pub(super) struct Selection {
    /// The page without everything that was removed.
    pub(super) tree: Document,
    root: NodeId,
    /// Text nodes that are shown but are no running text: captions, footnotes, tables at the side.
    pub(super) supplementary: HashSet<NodeId>,
    /// Its text nodes and images, and the text nodes whose content it repeats in other words.
    kept: HashSet<NodeId>,
    reasons: Reasons,
    /// What rules removed from it.
    pub(super) removed_by_rules: RemovedByRules,
}

/// What rules removed from an article.
#[derive(Default)]
pub(super) struct RemovedByRules {
    pub(super) words: usize,
    /// Removed images of which the article holds no other copy.
    images: Vec<Url>,
}

/// What the selection of the article depends on.
pub(super) struct Pipeline<'a> {
    pub(super) facts: &'a PageFacts,
    pub(super) url: Option<&'a Url>,
    pub(super) protected_reason: Option<Reason>,
    pub(super) bylines: ThreadBylines,
    /// What a reader could see on the page.
    pub(super) visible: &'a VisibleTexts,
    pub(super) models: &'a Models,
}

impl Selection {
    pub(super) fn root(&self) -> NodeRef<'_> {
        NodeRef::new(self.root, &self.tree.tree)
    }

    /// Tells for each text of the page whether it was removed, and why.
    pub(super) fn left_out<'a>(&'a self, known: &'a Metadata) -> ArticleDiff<'a> {
        ArticleDiff { kept: &self.kept, reasons: &self.reasons, metadata: known }
    }

    /// Whether a text node is in the article.
    pub(super) fn keeps(&self, text: NodeId) -> bool {
        self.kept.contains(&text)
    }

    /// Whether rules removed an image.
    pub(super) fn has_removed_image(&self, image: &Url) -> bool {
        self.removed_by_rules.images.iter().any(|removed| urls::is_same_image(removed, image))
    }
}

impl RemovedByRules {
    fn find(page: &Document, selected: &HashSet<NodeId>, decided: &RuleMatches) -> RemovedByRules {
        let at = |id: &NodeId| NodeRef::new(*id, &page.tree);
        let src_url = |id: &NodeId| attribute(&at(id), "src").and_then(|src| urls::resolve_http(&src, None));
        let (removed, left): (Vec<&NodeId>, Vec<&NodeId>) =
            selected.iter().partition(|id| decided.removed.contains_key(id));
        let left: HashSet<Url> = left.into_iter().chain(&decided.kept).filter_map(src_url).collect();
        RemovedByRules {
            words: removed.iter().filter_map(|id| tree::read_text(&at(id), words::count)).sum(),
            images: removed.into_iter().filter_map(src_url).filter(|removed| !left.contains(removed)).collect(),
        }
    }
}

impl Pipeline<'_> {
    /// Selects the article, regardless of rules.
    pub(super) fn select(&self, tree: Document) -> Selection {
        let mut reasons = Reasons::default();
        boilerplate::remove(&tree, self.url, self.protected_reason, &mut reasons);
        let none = RuleMatches::default();
        let assembled = self.facts.thread.as_ref().map(|thread| thread.assemble(&tree, &none));
        let selected = if let Some(thread) = &self.facts.thread {
            let (texts, single) = thread.texts(&tree);
            SelectedContent::every_post(thread.root, texts, single)
        } else if self.facts.needs_scripts {
            SelectedContent::nothing(&tree)
        } else if let Some(element) = self.facts.script_text {
            SelectedContent::entire_element(element)
        } else if self.facts.exceeds_limits {
            SelectedContent::entire_page(&tree)
        } else {
            select::select_content(&tree, &page_metadata(&self.facts.metadata, self.protected_reason), self.models)
        };
        let mut selection = Selection {
            tree,
            root: selected.root,
            supplementary: selected.supplementary,
            kept: HashSet::default(),
            reasons,
            removed_by_rules: RemovedByRules::default(),
        };
        let metadata = &self.facts.metadata;
        let byline = metadata.byline.as_deref().unwrap_or_default();
        let root = NodeRef::new(selection.root, &selection.tree.tree);
        cleanup::screen_reader_text::remove(&root, &mut selection.reasons);
        cleanup::named_images::remove(&root, byline, self.url);
        let Assembled { inserted, replaced } = self.normalize(&mut selection, assembled, &none);
        let is_thread = self.protected_reason == Some(Reason::Comments);
        let context = ArticleContext {
            title: &metadata.title,
            byline,
            deliberate_repeats: &selected.deliberate_repeats,
            certain: &selected.certain,
            inserted: &inserted,
            is_thread,
            visible: self.visible,
        };
        let root = NodeRef::new(selection.root, &selection.tree.tree);
        cleanup::remove_clutter(&root, &context, &mut selection.reasons);
        selection.kept = content_nodes(&root).chain(replaced).collect();
        selection
    }

    /// Removes from a selection what rules remove, and adds what they keep.
    ///
    /// Both happen on the original page and after the selection, so that a rule changes nothing but what it points at.
    /// If rules remove the entire selection, it was wrong; then another is made on the page without what they removed.
    pub(super) fn apply_rules(&self, original: Document, selection: Selection, mut decided: RuleMatches) -> Selection {
        let is_text = |id: &NodeId| tree::is_nonblank_text(&NodeRef::new(*id, &original.tree));
        let is_left = selection.kept.iter().any(|id| !decided.removed.contains_key(id) && is_text(id));
        let selection = if is_left || !decided.kept.is_empty() {
            selection
        } else {
            let rest = original.clone();
            let is_taken = |content: &NodeId| decided.removed.contains_key(content);
            retain_content(&rest, |content| !is_taken(content), is_taken);
            self.select(rest)
        };
        let present: HashSet<NodeId> = content_nodes(&selection.root()).collect();
        decided.kept.retain(|id| !present.contains(id));
        copy_alt_texts(&original, &selection);
        let root = find_common_root(&original, selection.root, &decided.kept);
        let removed_by_rules = RemovedByRules::find(&original, &selection.kept, &decided);
        let stays =
            |id: &NodeId| decided.kept.contains(id) || selection.kept.contains(id) && !decided.removed.contains_key(id);
        retain_content(&original, stays, |content| {
            selection.reasons.contains_key(content) || decided.removed.contains_key(content)
        });
        unwrap_kept_buttons(&original, &decided.kept);
        let root = self.facts.thread.as_ref().map_or(root, |thread| thread.root);
        let mut selection = Selection { tree: original, root, removed_by_rules, ..selection };
        let assembled = self.facts.thread.as_ref().map(|thread| thread.assemble(&selection.tree, &decided));
        let Assembled { replaced, .. } = self.normalize(&mut selection, assembled, &decided);
        let root = NodeRef::new(selection.root, &selection.tree.tree);
        cleanup::captions_to_paragraphs(&root);
        normalize::remove_empty_elements(&root);
        selection.kept = content_nodes(&root).chain(replaced).collect();
        selection.reasons.extend(decided.removed);
        selection
    }

    /// Brings the selection into normal form and, unless a thread is assembled, inserts author and date above each post.
    fn normalize(&self, selection: &mut Selection, assembled: Option<Assembled>, decided: &RuleMatches) -> Assembled {
        let root = NodeRef::new(selection.root, &selection.tree.tree);
        let assembled = assembled.unwrap_or_else(|| self.bylines.insert_above_posts(&root, decided));
        selection.supplementary.extend(&assembled.inserted);
        selection.supplementary.extend(prepare::formulas::find_display_formulas(&root));
        selection.supplementary.extend(prepare::images::missing::find_captions(&root));
        normalize::normalize_tree(&root, self.facts.base.as_ref());
        assembled
    }
}

/// Iterates over the text nodes and images in an element.
fn content_nodes(root: &NodeRef<'_>) -> impl Iterator<Item = NodeId> {
    root.descendants_it().filter(|node| node.is_text() || tree::has_name(node, &["img"])).map(|node| node.id)
}

/// Removes all texts and images from a page except those that `stays` accepts.
///
/// An element is removed as well if all its content is removed for a `reason`. Otherwise it stays empty, since it may
/// be the cell of a row or part of the layout.
fn retain_content(page: &Document, stays: impl Fn(&NodeId) -> bool, reason: impl Fn(&NodeId) -> bool) {
    let body = tree::body(page);
    let mut left = HashSet::default();
    let holds = |content: &NodeRef<'_>| stays(&content.id) || content.is_text() && !reason(&content.id);
    for content in body.descendants_it().filter(|node| tree::is_content(node) && holds(node)) {
        content.ancestors_it(None).take_while(|above| left.insert(above.id)).for_each(drop);
    }
    let mut removed = Vec::new();
    tree::walk(
        &body,
        |node| {
            if tree::is_content(node) {
                if !stays(&node.id) {
                    removed.push(*node);
                }
                return Walk::Skip;
            }
            // A cell keeps its column.
            if left.contains(&node.id) || tree::has_name(node, &["td", "th"]) {
                return Walk::Enter;
            }
            if node.descendants_it().any(|inside| tree::is_content(&inside)) {
                removed.push(*node);
            }
            Walk::Skip
        },
        |_| {},
    );
    removed.iter().for_each(NodeRef::remove_from_parent);
}

/// Turns buttons into plain text if the reader's rules keep their words; other words on buttons are never part of an
/// article.
fn unwrap_kept_buttons(page: &Document, kept: &HashSet<NodeId>) {
    for text in kept {
        for above in NodeRef::new(*text, &page.tree).ancestors(Some(3)) {
            if tree::has_name(&above, &["button"]) {
                above.rename("span");
            }
        }
    }
}

/// Copies `alt` texts that cleanup wrote in the selection to the original page.
fn copy_alt_texts(page: &Document, selection: &Selection) {
    for image in tree::images(&selection.root()) {
        let original = NodeRef::new(image.id, &page.tree);
        if let Some(words) = attribute(&image, "alt").filter(|_| attribute(&original, "alt").is_none()) {
            original.set_attr("alt", &words);
        }
    }
}

/// Finds the smallest container that holds the selection and all kept content, without splitting lists or tables.
fn find_common_root(page: &Document, selected_root: NodeId, kept: &HashSet<NodeId>) -> NodeId {
    let selected_root = NodeRef::new(selected_root, &page.tree);
    let ancestors: Vec<NodeRef<'_>> = std::iter::once(selected_root).chain(selected_root.ancestors_it(None)).collect();
    let depths: HashMap<NodeId, usize> = ancestors.iter().enumerate().map(|(depth, node)| (node.id, depth)).collect();
    let (mut seen, mut outermost) = (HashSet::default(), 0);
    for id in kept {
        let content = NodeRef::new(*id, &page.tree);
        let mut above = content.ancestors_it(None).take_while(|above| seen.insert(above.id));
        outermost = above.find_map(|above| depths.get(&above.id)).map_or(outermost, |depth| outermost.max(*depth));
    }
    let is_group = |node: &&NodeRef<'_>| {
        let name = tree::name(node);
        allow_list::element_policy(&name) == ElementPolicy::Unwrap && !tree::is_inline(&name)
    };
    let group = ancestors[outermost..].iter().find(is_group).filter(|_| outermost > 0);
    group.map_or(selected_root.id, |group| group.id)
}
