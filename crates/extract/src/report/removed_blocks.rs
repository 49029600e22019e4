//! What was visible on the page and is not in the article, each block with its reason.

use dom_query::{Document, NodeId, NodeRef, Tree};
use foldhash::HashSet;

use crate::cleanup::phrase_rules;
use crate::cleanup::visible_text::{VisibleText, VisibleTexts};
use crate::dom::tree;
use crate::dom::words;
use crate::metadata::Metadata;
use crate::page::{Reason, Reasons, RemovedBlock};

/// Longest text of one removed block, in characters.
const LONGEST: usize = 2_000;
/// Most removed blocks that are listed.
const MOST: usize = 200;

/// Collects removed blocks in page order, within bounds: neighbours of one reason become one entry.
#[derive(Debug, Default)]
pub(crate) struct Collected(Vec<RemovedBlock>);

impl Collected {
    /// Notes a block and says which entry of the list it is in; white space is squeezed, an empty text is ignored.
    pub(crate) fn note(&mut self, reason: Reason, text: &str) -> Option<usize> {
        let text = words::one_line(text, LONGEST);
        if text.is_empty() {
            return None;
        }
        let at = self.0.len();
        if let Some(last) = self.0.last_mut().filter(|last| last.reason == reason) {
            let together = last.text.chars().count() + text.chars().count() + 3;
            if together <= LONGEST {
                last.text.push_str(" · ");
                last.text.push_str(&text);
                return Some(at - 1);
            }
        }
        if at >= MOST {
            return None;
        }
        self.0.push(RemovedBlock { reason, text });
        Some(at)
    }

    /// The list.
    pub(crate) fn into_list(self) -> Vec<RemovedBlock> {
        self.0
    }
}

impl Collected {
    /// Notes something that is not text, never merged with its neighbours.
    pub(crate) fn note_alone(&mut self, reason: Reason, text: &str) {
        let text = words::one_line(text, LONGEST);
        if !text.is_empty() && self.0.len() < MOST / 4 {
            self.0.push(RemovedBlock { reason, text });
        }
    }
}

/// What is known when the page is compared with the article.
pub(crate) struct LeftOut<'a> {
    /// The texts that are in the article.
    pub(crate) kept: &'a HashSet<NodeId>,
    /// Why texts were taken out by a rule.
    pub(crate) reasons: &'a Reasons,
    /// What is shown above the article.
    pub(crate) known: &'a Metadata,
}

impl LeftOut<'_> {
    /// Notes every text that is not among the kept, block by block.
    pub(crate) fn note_all(&self, visible: &VisibleTexts, page: &Document, into: &mut Collected) {
        self.each(visible, page, |_, gone| {
            if let Some((reason, text)) = gone {
                into.note(reason, &text);
            }
        });
    }

    /// Shows block by block the texts that share one outcome, in page order: those that are in the article or above it, and
    /// those that were left out, with the reason and their words.
    pub(crate) fn each(
        &self,
        visible: &VisibleTexts,
        page: &Document,
        mut found: impl FnMut(&[NodeId], Option<(Reason, String)>),
    ) {
        let VisibleTexts(seen) = visible;
        let is_kept = |seen: &VisibleText| self.kept.contains(&seen.text);
        let first = seen.iter().position(is_kept);
        let last = seen.iter().rposition(is_kept);
        // Texts of one block are put together with spaces, which a title has not everywhere.
        let title_key = |text: &str| words::match_key(text).replace(' ', "");
        let title = title_key(&self.known.title);
        let mut title_shown = title.is_empty();
        let mut at = 0;
        while at < seen.len() {
            let start = at;
            let block = seen[at].block;
            at += seen[at..].iter().take_while(|seen| seen.block == block).count();
            let (kept, gone): (Vec<&VisibleText>, Vec<&VisibleText>) =
                seen[start..at].iter().partition(|seen| is_kept(seen));
            let ids = |seen: &[&VisibleText]| seen.iter().map(|seen| seen.text).collect::<Vec<_>>();
            if !kept.is_empty() {
                found(&ids(&kept), None);
            }
            let Some(one) = gone.first() else { continue };
            let text = gone.iter().map(|seen| text_of(&page.tree, seen.text)).collect::<Vec<_>>().join(" ");
            // The title stands above the article, so its first appearance is not left out.
            if !title_shown && title_key(&text) == title {
                title_shown = true;
                found(&ids(&gone), None);
                continue;
            }
            let place = match (first, last) {
                (Some(first), _) if start < first => Reason::AboveTheArticle,
                (_, Some(last)) if start > last => Reason::BelowTheArticle,
                _ => Reason::NotPartOfTheArticle,
            };
            found(&ids(&gone), Some((self.reason(one, &text).unwrap_or(place), text)));
        }
    }

    /// The reason a text itself gives: a rule's, its own words', or that of the elements around it.
    fn reason(&self, seen: &VisibleText, text: &str) -> Option<Reason> {
        let detail = || is_detail(&words::match_key(text), self.known).then_some(Reason::Details);
        self.reasons
            .get(&seen.text)
            .copied()
            .or_else(|| phrase_rules::find_line_reason(text))
            .or(seen.landmark_reason)
            .or_else(detail)
    }
}

fn text_of(tree: &Tree, id: NodeId) -> String {
    tree::read_text(&NodeRef::new(id, tree), str::to_owned).unwrap_or_default()
}

/// Whether a short block only gives the byline.
fn is_detail(key: &str, known: &Metadata) -> bool {
    let byline = known.byline.as_deref().map(words::match_key).filter(|byline| !byline.is_empty());
    key.split(' ').count() <= 15 && byline.is_some_and(|byline| key.contains(&byline))
}
