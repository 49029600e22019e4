//! Visible blocks that are not in the article, each with its reason.

use dom_query::{Document, NodeId, NodeRef, Tree};
use foldhash::HashSet;

use crate::cleanup::phrase_rules;
use crate::cleanup::visible_text::{VisibleText, VisibleTexts};
use crate::dom::tree;
use crate::dom::words;
use crate::metadata::Metadata;
use crate::page::{Reason, Reasons, RemovedBlock};

/// Maximum length of a removed block, in characters.
const MAX_TEXT_CHARS: usize = 2_000;
/// Maximum number of removed blocks.
const MAX_BLOCKS: usize = 200;

/// Collects removed blocks in page order, within limits. Neighbours with the same reason become one entry.
#[derive(Debug, Default)]
pub(crate) struct RemovedBlocks(Vec<RemovedBlock>);

impl RemovedBlocks {
    /// Adds a block and returns the index of its entry. Collapses white space; ignores empty text.
    pub(crate) fn push(&mut self, reason: Reason, text: &str) -> Option<usize> {
        let text = words::one_line(text, MAX_TEXT_CHARS);
        if text.is_empty() {
            return None;
        }
        let at = self.0.len();
        if let Some(last) = self.0.last_mut().filter(|last| last.reason == reason) {
            let together = last.text.chars().count() + text.chars().count() + 3;
            if together <= MAX_TEXT_CHARS {
                last.text.push_str(" · ");
                last.text.push_str(&text);
                return Some(at - 1);
            }
        }
        if at >= MAX_BLOCKS {
            return None;
        }
        self.0.push(RemovedBlock { reason, text });
        Some(at)
    }

    /// Returns the blocks in page order.
    pub(crate) fn into_vec(self) -> Vec<RemovedBlock> {
        self.0
    }
}

impl RemovedBlocks {
    /// Adds something other than text, without merging it with its neighbours.
    pub(crate) fn push_separate(&mut self, reason: Reason, text: &str) {
        let text = words::one_line(text, MAX_TEXT_CHARS);
        if !text.is_empty() && self.0.len() < MAX_BLOCKS / 4 {
            self.0.push(RemovedBlock { reason, text });
        }
    }
}

/// What is needed to compare the page with the article.
pub(crate) struct ArticleDiff<'a> {
    /// Text nodes in the article.
    pub(crate) kept: &'a HashSet<NodeId>,
    /// Reasons for text nodes removed by a rule.
    pub(crate) reasons: &'a Reasons,
    /// Shown above the article.
    pub(crate) metadata: &'a Metadata,
}

impl ArticleDiff<'_> {
    /// Adds all visible text that was not kept, block by block.
    pub(crate) fn collect_removed(&self, visible: &VisibleTexts, page: &Document, into: &mut RemovedBlocks) {
        self.for_each_block(visible, page, |_, removed| {
            if let Some((reason, text)) = removed {
                into.push(reason, &text);
            }
        });
    }

    /// Calls `found` for each block in page order, with the text nodes that share one outcome: kept (`None`), or
    /// removed with reason and text. The title counts as kept, since it is shown above the article.
    pub(crate) fn for_each_block(
        &self,
        visible: &VisibleTexts,
        page: &Document,
        mut found: impl FnMut(&[NodeId], Option<(Reason, String)>),
    ) {
        let VisibleTexts(seen) = visible;
        let is_kept = |seen: &VisibleText| self.kept.contains(&seen.text);
        let first = seen.iter().position(is_kept);
        let last = seen.iter().rposition(is_kept);
        // The texts of a block are joined with spaces, which the title may lack.
        let title_key = |text: &str| words::match_key(text).replace(' ', "");
        let title = title_key(&self.metadata.title);
        let mut title_shown = title.is_empty();
        let mut at = 0;
        while at < seen.len() {
            let start = at;
            let block = seen[at].block;
            at += seen[at..].iter().take_while(|seen| seen.block == block).count();
            let (kept, removed): (Vec<&VisibleText>, Vec<&VisibleText>) =
                seen[start..at].iter().partition(|seen| is_kept(seen));
            let ids = |seen: &[&VisibleText]| seen.iter().map(|seen| seen.text).collect::<Vec<_>>();
            if !kept.is_empty() {
                found(&ids(&kept), None);
            }
            // A text whose reason is known speaks for the others, such as the sign before it.
            let is_known = |seen: &&&VisibleText| self.reasons.contains_key(&seen.text);
            let Some(representative) = removed.iter().find(is_known).or(removed.first()) else { continue };
            let text = removed.iter().map(|seen| node_text(&page.tree, seen.text)).collect::<Vec<_>>().join(" ");
            // The title is shown above the article, so its first occurrence is not removed.
            if !title_shown && title_key(&text) == title {
                title_shown = true;
                found(&ids(&removed), None);
                continue;
            }
            let place = match (first, last) {
                (Some(first), _) if start < first => Reason::AboveTheArticle,
                (_, Some(last)) if start > last => Reason::BelowTheArticle,
                _ => Reason::NotPartOfTheArticle,
            };
            found(&ids(&removed), Some((self.reason(representative, &text).unwrap_or(place), text)));
        }
    }

    /// Returns the reason from a rule, from the text's own words, or from the surrounding elements.
    fn reason(&self, seen: &VisibleText, text: &str) -> Option<Reason> {
        let byline = || is_byline(&words::match_key(text), self.metadata).then_some(Reason::Details);
        self.reasons
            .get(&seen.text)
            .copied()
            .or_else(|| phrase_rules::find_line_reason(text))
            .or(seen.landmark_reason)
            .or_else(byline)
    }
}

fn node_text(tree: &Tree, id: NodeId) -> String {
    tree::read_text(&NodeRef::new(id, tree), str::to_owned).unwrap_or_default()
}

/// Returns whether a short block only gives the byline.
fn is_byline(key: &str, metadata: &Metadata) -> bool {
    let byline = metadata.byline.as_deref().map(words::match_key).filter(|byline| !byline.is_empty());
    key.split(' ').count() <= 15 && byline.is_some_and(|byline| key.contains(&byline))
}
