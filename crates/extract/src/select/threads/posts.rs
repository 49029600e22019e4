//! Finds the posts of a thread: elements that look alike, hold much of the page's text, and have a name each.

use dom_query::{Document, NodeId, NodeRef};
use foldhash::{HashMap, HashSet};

use super::mentions::{Mention, Mentions};
use super::survey::{Alike, Span, Survey};
use crate::dom::tree;

/// How many kinds of elements are tried as the texts of posts.
const MAX_TRIED: usize = 24;
/// How many kinds of posts one thread may have: questions, answers and comments on both.
const MAX_KINDS: usize = 3;
/// Most steps from the name of the opening post to its date.
const MAX_DATE_DISTANCE: usize = 4;

/// Least words of an opening post that looks different from its answers.
const MIN_OPENING_WORDS: usize = 4;

/// A page with what is known about it.
pub(super) struct SurveyedPage<'a> {
    pub(super) page: &'a Document,
    pub(super) survey: &'a Survey,
    pub(super) mentions: &'a Mentions,
}

/// A post: its text, and the names and dates by their index.
pub(super) struct Post {
    pub(super) text: Span,
    pub(super) author: usize,
    pub(super) date: Option<usize>,
}

/// The texts of posts, and how many of them are in each element around them.
struct Texts {
    spans: Vec<Span>,
    /// The number of texts in an element, and the first of them.
    around: HashMap<NodeId, (usize, usize)>,
}

/// The names or dates of posts.
struct Owned {
    /// The best mention for each text.
    of_text: Vec<Option<usize>>,
    /// Mentions that belong to no text.
    left: Vec<usize>,
}

/// The text that a mention belongs to.
#[derive(Clone, Copy)]
struct Owner {
    text: usize,
    bond: Bond,
}

/// How a mention belongs to a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bond {
    /// It stands in an element with this text alone.
    Alone,
    /// The text is the first in an element around both.
    First,
    /// The text follows.
    Next,
}

/// Returns the posts in page order; none if the page does not have the shape of a thread.
pub(super) fn find(surveyed: &SurveyedPage<'_>) -> Vec<Post> {
    let SurveyedPage { page, survey, mentions } = *surveyed;
    let Some(mut texts) = best_texts(page, survey, mentions) else { return Vec::new() };
    for _ in 1..MAX_KINDS {
        match more_texts(page, survey, mentions, &texts) {
            Some(more) => texts = more,
            None => break,
        }
    }
    let authors = texts.own(&mentions.authors, survey);
    let dates = texts.own(&mentions.dates, survey);
    let mut posts: Vec<Post> = Vec::new();
    for (at, text) in texts.spans.iter().enumerate() {
        if let Some(author) = authors.of_text[at] {
            posts.push(Post { text: *text, author, date: dates.of_text[at] });
        }
    }
    if let Some(opening) = find_opening(surveyed, &texts, &authors, &dates) {
        posts.insert(0, opening);
    }
    posts
}

/// Returns the elements that hold most words of posts with a name each.
fn best_texts(page: &Document, survey: &Survey, mentions: &Mentions) -> Option<Texts> {
    let mut best: Option<((usize, usize, usize), Texts)> = None;
    for alike in survey.alike.iter().take(MAX_TRIED) {
        let texts = Texts::new(page, alike.spans.clone()).named(page, mentions, survey);
        if texts.spans.len() < 2 {
            continue;
        }
        // Of nearly equal ones, those closest to the words, unless these are single paragraphs.
        let words = texts.spans.iter().map(|span| span.plain).sum::<usize>();
        let depth = texts.spans.iter().map(|span| span.depth).sum::<usize>() / texts.spans.len();
        let is_better = best.as_ref().is_none_or(|((known, few, deep), _)| {
            let nearly = words * 100 >= known * 97 && known * 100 >= words * 97;
            let (count, few) = (texts.spans.len(), *few);
            match nearly {
                true if count * 2 > few * 3 => false,
                true => few * 2 > count * 3 || depth > *deep,
                false => words > *known,
            }
        });
        if is_better {
            best = Some(((words, texts.spans.len(), depth), texts));
        }
    }
    best.map(|(_, texts)| texts)
}

/// Returns the texts together with those of another kind that stand among them, each with a name of its own.
fn more_texts(page: &Document, survey: &Survey, mentions: &Mentions, texts: &Texts) -> Option<Texts> {
    let container = texts.container(page, survey)?;
    let known = texts.spans.len();
    let mut best: Option<(usize, Texts)> = None;
    for alike in survey.alike.iter().take(MAX_TRIED * 2) {
        let others: Vec<Span> = others_in(alike, &container, texts);
        if others.len() < 2 {
            continue;
        }
        let mut all = texts.spans.clone();
        all.extend(&others);
        all.sort_by_key(|span| span.start);
        let all = Texts::new(page, all).named(page, mentions, survey);
        let others: HashSet<NodeId> = others.iter().map(|span| span.node).collect();
        let dates = all.own(&mentions.dates, survey);
        let added = all.spans.iter().zip(&dates.of_text).filter(|(span, _)| others.contains(&span.node));
        let dated = added.clone().filter(|(_, date)| date.is_some()).count();
        let added = added.map(|(span, _)| span);
        let words: usize = added.clone().map(|span| span.words).sum();
        let added = added.count();
        if all.spans.len() == known + added
            && dated * 10 >= others.len() * 7
            && best.as_ref().is_none_or(|(most, _)| words > *most)
        {
            best = Some((words, all));
        }
    }
    best.map(|(_, texts)| texts)
}

/// Returns the elements of a kind that stand in a container, outside of known texts.
fn others_in(alike: &Alike, container: &Span, texts: &Texts) -> Vec<Span> {
    let is_apart = |span: &Span| {
        let next = texts.spans.partition_point(|text| text.end <= span.start);
        texts.spans.get(next).is_none_or(|text| text.start >= span.end)
    };
    let in_container = |span: &&Span| span.start >= container.start && span.end <= container.end;
    alike.spans.iter().filter(in_container).filter(|span| is_apart(span)).copied().collect()
}

impl Texts {
    fn new(page: &Document, spans: Vec<Span>) -> Texts {
        let mut around: HashMap<NodeId, (usize, usize)> = HashMap::default();
        for (at, span) in spans.iter().enumerate() {
            around.entry(span.node).or_insert((0, at)).0 += 1;
            for above in NodeRef::new(span.node, &page.tree).ancestors_it(None) {
                around.entry(above.id).or_insert((0, at)).0 += 1;
            }
        }
        Texts { spans, around }
    }

    /// Keeps the texts that have a name.
    fn named(self, page: &Document, mentions: &Mentions, survey: &Survey) -> Texts {
        let authors = self.own(&mentions.authors, survey);
        let named: Vec<Span> =
            self.spans.iter().zip(&authors.of_text).filter(|(_, name)| name.is_some()).map(|(span, _)| *span).collect();
        if named.len() == self.spans.len() { self } else { Texts::new(page, named) }
    }

    /// Returns the smallest element around all texts.
    fn container(&self, page: &Document, survey: &Survey) -> Option<Span> {
        let first = NodeRef::new(self.spans.first()?.node, &page.tree);
        let is_around_all = |above: &NodeRef<'_>| self.around[&above.id].0 == self.spans.len();
        let around = first.ancestors_it(None).find(is_around_all)?;
        survey.spans.get(&around.id).copied()
    }

    /// Returns the text that a mention belongs to: the only one in the smallest element around it that has any. Where it
    /// has several, the mention heads the one that follows.
    fn owner(&self, mention: &Mention, survey: &Survey) -> Option<Owner> {
        let (count, first) = *mention.ancestors.iter().find_map(|above| self.around.get(above))?;
        if count == 1 {
            let is_inside = mention.ancestors.contains(&self.spans[first].node);
            return (!is_inside).then_some(Owner { text: first, bond: Bond::Alone });
        }
        let place = *survey.places.get(&mention.node)?;
        let next = self.spans.partition_point(|text| text.start < place);
        let bond = if next == first { Bond::First } else { Bond::Next };
        (next < self.spans.len()).then_some(Owner { text: next, bond })
    }

    /// Assigns mentions to texts. Mentions of the kind that most texts have count first.
    fn own(&self, mentions: &[Mention], survey: &Survey) -> Owned {
        let owners: Vec<Option<Owner>> = mentions.iter().map(|mention| self.owner(mention, survey)).collect();
        let mut kinds: HashMap<(u64, bool), HashSet<usize>> = HashMap::default();
        for (mention, owner) in mentions.iter().zip(&owners) {
            if let Some(owner) = owner {
                kinds.entry((mention.kind, owner.bond == Bond::Next)).or_default().insert(owner.text);
            }
        }
        let mut owned = Owned { of_text: vec![None; self.spans.len()], left: Vec::new() };
        let mut rank_of = vec![None; self.spans.len()];
        for (at, mention) in mentions.iter().enumerate() {
            let Some(Owner { text, bond }) = owners[at] else {
                owned.left.push(at);
                continue;
            };
            let coverage = kinds.get(&(mention.kind, bond == Bond::Next)).map_or(0, HashSet::len);
            // A single name above a list heads nothing in it, and a link to a single word may be a keyword.
            let least = match (bond, mention.confidence) {
                (Bond::Next, _) => 7,
                (_, 0) => 5,
                _ => 0,
            };
            if coverage * 10 < self.spans.len() * least {
                owned.left.push(at);
                continue;
            }
            // Of dates in plain text the latest is that of the post; others tell when its author joined.
            let day = mention.day.filter(|_| mention.confidence == 0);
            let rank = Some((bond == Bond::Alone, coverage, mention.confidence, day));
            if rank > rank_of[text] {
                let earlier = owned.of_text[text].replace(at);
                rank_of[text] = rank;
                owned.left.extend(earlier.filter(|at| owners[*at].is_some_and(|owner| owner.bond != Bond::Alone)));
            } else if bond != Bond::Alone {
                owned.left.push(at);
            }
        }
        owned.left.sort_unstable();
        owned
    }
}

/// Finds an opening post that looks different from its answers.
fn find_opening(surveyed: &SurveyedPage<'_>, texts: &Texts, authors: &Owned, dates: &Owned) -> Option<Post> {
    let SurveyedPage { page, survey, mentions } = *surveyed;
    let first = texts.spans.first()?.start;
    let place = |mention: &Mention| survey.places.get(&mention.node).copied().unwrap_or(usize::MAX);
    for author in authors.left.iter().copied().filter(|at| place(&mentions.authors[*at]) < first) {
        let mention = &mentions.authors[author];
        let near: Vec<NodeId> = mention.ancestors.iter().take(MAX_DATE_DISTANCE).copied().collect();
        let is_near = |date: &&usize| {
            let date = &mentions.dates[**date];
            let is_in_line = date.line.is_some() && date.line == mention.line;
            is_in_line || mention.confidence > 0 && date.ancestors.iter().any(|above| near.contains(above))
        };
        let Some(date) = dates.left.iter().find(is_near).copied() else { continue };
        let is_own = |above: &&NodeId| !texts.around.contains_key(above);
        let Some(area) = mention.ancestors.iter().take_while(is_own).last() else { continue };
        let area = NodeRef::new(*area, &page.tree);
        // The text may stand below a header that holds the name alone.
        let below = std::iter::successors(area.next_sibling(), NodeRef::next_sibling);
        let below = below.filter(NodeRef::is_element).take_while(|next| !texts.around.contains_key(&next.id));
        let details = [mention, &mentions.dates[date]];
        if let Some(text) = std::iter::once(area).chain(below).find_map(|area| main_text(&area, survey, details)) {
            return Some(Post { text, author, date: Some(date) });
        }
    }
    None
}

/// Returns the element in an area with most words outside of links, apart from those with the name and the date.
fn main_text(area: &NodeRef<'_>, survey: &Survey, details: [&Mention; 2]) -> Option<Span> {
    let mut best = survey.spans.get(&area.id).filter(|span| span.plain >= MIN_OPENING_WORDS).copied();
    let details: HashSet<NodeId> =
        details.iter().flat_map(|mention| mention.ancestors.iter().copied().chain([mention.node])).collect();
    if details.contains(&area.id) {
        best = None;
    }
    tree::walk(
        area,
        |node| {
            if !node.is_element() || tree::has_name(node, &["h1", "h2", "h3", "h4", "h5", "h6"]) {
                return tree::Walk::Skip;
            }
            if details.contains(&node.id) {
                return tree::Walk::Enter;
            }
            if let Some(span) = survey.spans.get(&node.id).filter(|span| span.plain >= MIN_OPENING_WORDS) {
                let is_more = best.is_none_or(|best| span.plain > best.plain);
                if is_more {
                    best = Some(*span);
                }
            }
            tree::Walk::Skip
        },
        |_| {},
    );
    let mut best = best?;
    while let Some(inner) = NodeRef::new(best.node, area.tree)
        .children_it(false)
        .filter_map(|child| survey.spans.get(&child.id))
        .find(|inner| {
            inner.words == best.words
                && !tree::has_name(&NodeRef::new(inner.node, area.tree), &["p", "pre", "blockquote"])
        })
    {
        best = *inner;
    }
    Some(best)
}
