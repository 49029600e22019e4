//! What was visible on the page and is not in the article, each block with its reason.

use std::cell::RefCell;

use dom_query::{Document, NodeId, NodeRef, Tree};
use foldhash::{HashMap, HashSet};
use serde::{Deserialize, Serialize};

use crate::html::Reasons;
use crate::judge;
use crate::metadata::Metadata;
use crate::tree::{self, Walk};
use crate::words;

/// Longest text of one removed block, in characters.
const LONGEST: usize = 2_000;
/// Most removed blocks that are listed.
const MOST: usize = 200;

/// A block of the page that is not part of the article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Why it was left out.
    pub reason: Reason,
    /// Its text as it stood on the page, one line, at most 2,000 characters; for a tracking pixel
    /// its address.
    pub text: String,
}

/// Why a block was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// Paid for by somebody else.
    Advertisement,
    /// The publisher advertising itself: apps, memberships, "have you seen our…".
    Promotion,
    /// A newsletter or notification to sign up for.
    Newsletter,
    /// Links to other articles.
    RelatedLinks,
    /// The title again.
    RepeatedTitle,
    /// A caption that already stands elsewhere.
    RepeatedCaption,
    /// A paragraph that already stands elsewhere.
    RepeatedText,
    /// A caption without its picture, or a heading with nothing below it.
    Orphan,
    /// Menus, breadcrumbs, the way around the site.
    Navigation,
    /// What readers wrote.
    Comments,
    /// A picture that only counts visits.
    TrackingPixel,
    /// Something to fill in.
    Form,
    /// Something that is empty without scripts.
    ScriptOnlyWidget,
    /// Buttons that send the article elsewhere.
    ShareButtons,
    /// Consent to cookies and other notices laid over the page.
    CookieNotice,
    /// Byline, date and the like, which are shown above the article.
    Details,
    /// Who the author is.
    AuthorNote,
    /// Rights, terms and addresses of the publisher.
    Legal,
    /// The page's own head.
    PageHeader,
    /// The page's own foot.
    PageFooter,
    /// A box at the side.
    Aside,
    /// Before the article begins.
    AboveTheArticle,
    /// In the middle, but not chosen.
    NotPartOfTheArticle,
    /// After the article ends.
    BelowTheArticle,
}

impl Reason {
    /// Whether it says what something is, and not only where it stands.
    pub(crate) const fn is_stated(self) -> bool {
        !matches!(self, Reason::AboveTheArticle | Reason::NotPartOfTheArticle | Reason::BelowTheArticle | Reason::Aside)
    }

    /// The reason in words, for people; lower case.
    pub fn words(&self) -> &'static str {
        match self {
            Reason::Advertisement => "advertisement",
            Reason::Promotion => "promotion",
            Reason::Newsletter => "newsletter",
            Reason::RelatedLinks => "related links",
            Reason::RepeatedTitle => "repeated title",
            Reason::RepeatedCaption => "repeated caption",
            Reason::RepeatedText => "repeated text",
            Reason::Orphan => "fragment",
            Reason::Navigation => "navigation",
            Reason::Comments => "comments",
            Reason::TrackingPixel => "tracking pixel",
            Reason::Form => "form",
            Reason::ScriptOnlyWidget => "interactive widget",
            Reason::ShareButtons => "share buttons",
            Reason::CookieNotice => "cookie notice",
            Reason::Details => "byline and date",
            Reason::AuthorNote => "about the author",
            Reason::Legal => "legal notice",
            Reason::PageHeader => "page header",
            Reason::PageFooter => "page footer",
            Reason::Aside => "sidebar",
            Reason::AboveTheArticle => "above the article",
            Reason::NotPartOfTheArticle => "not part of the article",
            Reason::BelowTheArticle => "below the article",
        }
    }
}

/// Collects removed blocks in page order, within bounds: neighbours of one reason become one entry.
#[derive(Debug, Default)]
pub(crate) struct Collected(Vec<Removed>);

impl Collected {
    /// Notes a block and says which entry of the list it is in; white space is squeezed, an empty text is ignored.
    pub(crate) fn note(&mut self, reason: Reason, text: &str) -> Option<usize> {
        let text = crate::words::one_line(text, LONGEST);
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
        self.0.push(Removed { reason, text });
        Some(at)
    }

    /// The list.
    pub(crate) fn into_list(self) -> Vec<Removed> {
        self.0
    }
}

impl Collected {
    /// Notes something that is not text, never merged with its neighbours.
    pub(crate) fn note_alone(&mut self, reason: Reason, text: &str) {
        let text = crate::words::one_line(text, LONGEST);
        if !text.is_empty() && self.0.len() < MOST / 4 {
            self.0.push(Removed { reason, text });
        }
    }
}

/// Every text that a reader of the page could see, in page order.
pub(crate) struct Visible(Vec<Seen>);

struct Seen {
    text: NodeId,
    block: NodeId,
    /// What the elements around it say it is.
    around: Option<Reason>,
}

impl Visible {
    /// Reads the prepared tree, before anything is taken out of it.
    pub(crate) fn of(page: &Document) -> Visible {
        let mut seen = Vec::new();
        let body = tree::body(page);
        let around: RefCell<Vec<(NodeId, Reason)>> = RefCell::default();
        tree::walk(
            &body,
            |node| {
                if tree::is_filled_text(node) {
                    let block = tree::block_of(node).map_or(body.id, |block| block.id);
                    let around = around.borrow().last().map(|(_, reason)| *reason);
                    seen.push(Seen { text: node.id, block, around });
                }
                let name = tree::name(node);
                if !node.is_element() || tree::is_unseen(&name) || tree::is_reading_aid(&name) || tree::is_hidden(node)
                {
                    return Walk::Past;
                }
                if let Some(reason) = says(node) {
                    around.borrow_mut().push((node.id, reason));
                }
                Walk::Into
            },
            |node| {
                let mut around = around.borrow_mut();
                if around.last().is_some_and(|(id, _)| *id == node.id) {
                    around.pop();
                }
            },
        );
        Visible(seen)
    }

    /// Where each text stands among the others.
    pub(crate) fn places(&self) -> HashMap<NodeId, usize> {
        self.0.iter().enumerate().map(|(place, seen)| (seen.text, place)).collect()
    }

    /// Whether more than so many words stood between two places.
    pub(crate) fn has_more_words_between(&self, tree: &Tree, (before, after): (usize, usize), most: usize) -> bool {
        let texts = self.0.get(before + 1..after).unwrap_or_default();
        let mut count = 0;
        texts.iter().any(|seen| {
            count += tree::read_text(&NodeRef::new(seen.text, tree), words::count).unwrap_or(0);
            count > most
        })
    }

    /// Notes every text that is not among the kept, block by block.
    pub(crate) fn left_out(&self, page: &Document, facts: &LeftOut<'_>, into: &mut Collected) {
        self.each(page, facts, |_, gone| {
            if let Some((reason, text)) = gone {
                into.note(reason, &text);
            }
        });
    }

    /// Shows block by block the texts that share one outcome, in page order: those that are in the article or above it, and
    /// those that were left out, with the reason and their words.
    pub(crate) fn each(
        &self,
        page: &Document,
        facts: &LeftOut<'_>,
        mut found: impl FnMut(&[NodeId], Option<(Reason, String)>),
    ) {
        let is_kept = |seen: &Seen| facts.kept.contains(&seen.text);
        let first = self.0.iter().position(is_kept);
        let last = self.0.iter().rposition(is_kept);
        // Texts of one block are put together with spaces, which a title has not everywhere.
        let title_key = |text: &str| words::key(text).replace(' ', "");
        let title = title_key(&facts.known.title);
        let mut title_shown = title.is_empty();
        let mut at = 0;
        while at < self.0.len() {
            let start = at;
            let block = self.0[at].block;
            at += self.0[at..].iter().take_while(|seen| seen.block == block).count();
            let (kept, gone): (Vec<&Seen>, Vec<&Seen>) = self.0[start..at].iter().partition(|seen| is_kept(seen));
            let ids = |seen: &[&Seen]| seen.iter().map(|seen| seen.text).collect::<Vec<_>>();
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
            found(&ids(&gone), Some((facts.reason(one, &text).unwrap_or(place), text)));
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
    /// The reason a text itself gives: a rule's, its own words', or that of the elements around it.
    fn reason(&self, seen: &Seen, text: &str) -> Option<Reason> {
        let detail = || is_detail(&words::key(text), self.known).then_some(Reason::Details);
        self.reasons.get(&seen.text).copied().or_else(|| judge::alone(text)).or(seen.around).or_else(detail)
    }
}

fn text_of(tree: &Tree, id: NodeId) -> String {
    tree::read_text(&NodeRef::new(id, tree), str::to_owned).unwrap_or_default()
}

/// Whether a short block only gives the byline.
fn is_detail(key: &str, known: &Metadata) -> bool {
    let byline = known.byline.as_deref().map(words::key).filter(|byline| !byline.is_empty());
    key.split(' ').count() <= 15 && byline.is_some_and(|byline| key.contains(&byline))
}

/// What an element says of everything in it.
fn says(node: &NodeRef<'_>) -> Option<Reason> {
    match &*tree::name(node) {
        "nav" | "menu" => Some(Reason::Navigation),
        "form" | "select" | "button" | "fieldset" => Some(Reason::Form),
        "aside" => Some(Reason::Aside),
        "dialog" => Some(Reason::CookieNotice),
        "time" => Some(Reason::Details),
        "footer" => Some(Reason::PageFooter),
        "header" => Some(Reason::PageHeader),
        _ => match tree::attribute(node, "role").unwrap_or_default().as_str() {
            "navigation" | "menu" | "menubar" => Some(Reason::Navigation),
            "banner" => Some(Reason::PageHeader),
            "contentinfo" => Some(Reason::PageFooter),
            "complementary" => Some(Reason::Aside),
            _ => None,
        },
    }
}
