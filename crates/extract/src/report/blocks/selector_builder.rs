//! Which selector points best at an element: one that will point at its equals on the next page too.
//!
//! Ids and classes are words that the makers of a site chose, so they last; numbers and hashes in them are made by programs and do
//! not. A selector is good when it says what kind of thing is meant and matches few others. Only where nothing else tells an
//! element from its neighbours does its place among them.

use dom_query::{Document, NodeId, NodeRef};
use foldhash::{HashMap, HashSet};

use super::{Inside, SelectorCandidate, SelectorScope};
use crate::dom::selector::{Selector, find_all};
use crate::dom::tree;

/// Attributes whose values say what an element is.
const TELLING: &[&str] =
    &["role", "itemprop", "data-component", "data-testid", "data-module", "data-type", "aria-label"];
/// So many elements are few whatever they hold.
const FEW: usize = 3;
/// More are never few.
const MANY: usize = 40;
/// What is made alike is at most this part of the article.
const PART: usize = 4;
/// Elements above one that are looked at.
const ABOVE: usize = 8;
/// Words that say how something looks or that it is there at the moment, not what it is.
const VAGUE: &[&str] = &[
    "active",
    "current",
    "open",
    "closed",
    "first",
    "last",
    "even",
    "odd",
    "left",
    "right",
    "center",
    "hidden",
    "visible",
    "clearfix",
    "row",
    "col",
    "column",
    "columns",
    "container",
    "wrapper",
    "inner",
    "outer",
    "flex",
    "grid",
    "block",
    "inline",
    "relative",
    "absolute",
    "fixed",
    "sticky",
    "loaded",
    "lazyloaded",
    "show",
    "hide",
    "small",
    "medium",
    "large",
    "root",
    "app",
    // Our own, on the card of whatever a page embeds.
    "embed",
];

/// How much of the page a word or pair of words points at.
#[derive(Debug, Clone, Copy, Default)]
struct Reached {
    elements: usize,
    bytes: usize,
}

/// How much each simple selector of the page points at.
pub(super) struct Index<'a> {
    page: &'a Document,
    insides: &'a HashMap<NodeId, Inside>,
    reached: HashMap<String, Reached>,
    whole: usize,
}

impl<'a> Index<'a> {
    pub(super) fn of(page: &'a Document, insides: &'a HashMap<NodeId, Inside>) -> Self {
        let body = tree::body(page);
        let whole = insides.get(&body.id).map_or(0, |inside| inside.bytes);
        let mut index = Self { page, insides, reached: HashMap::default(), whole };
        for node in body.descendants_it().filter(NodeRef::is_element) {
            let bytes = insides.get(&node.id).map_or(0, |inside| inside.bytes);
            for simple in simple(&node) {
                let reached = index.reached.entry(simple).or_default();
                reached.elements += 1;
                reached.bytes += bytes;
            }
        }
        index
    }

    /// Ways to point at each of some elements, the best first.
    pub(super) fn point(&self, elements: &[NodeRef<'_>]) -> Vec<Vec<SelectorCandidate>> {
        let candidates: Vec<Vec<(Selector, SelectorScope)>> =
            elements.iter().map(|node| self.candidates(node)).collect();
        let mut unique: Vec<&Selector> = Vec::new();
        let mut places = HashMap::<&Selector, usize>::default();
        for (selector, _) in candidates.iter().flatten() {
            places.entry(selector).or_insert_with(|| {
                unique.push(selector);
                unique.len() - 1
            });
        }
        let found = find_all(self.page, &unique);
        let matches = |selector: &Selector| &found[places[selector]];
        let selectors = elements.iter().zip(&candidates).map(|(node, candidates)| {
            let mut selectors: Vec<SelectorCandidate> = Vec::new();
            let mut known: Vec<(usize, usize)> = Vec::new();
            for (selector, scope) in candidates {
                let matched = matches(selector);
                // Sorted by the page's order, which is not that of the numbers.
                let is_meant = match scope {
                    SelectorScope::Container => self.is_part(matched),
                    SelectorScope::Similar => matched.contains(&node.id) && self.is_few(matched),
                    SelectorScope::Single => matched.len() == 1 && matched[0] == node.id,
                };
                let has_one = *scope != SelectorScope::Container && selectors.iter().any(|known| known.scope == *scope);
                if !is_meant || has_one {
                    continue;
                }
                // Three boxes and the one around the three are the same to a reader.
                let covered = self.covered(matched);
                if !known.contains(&covered) {
                    known.push(covered);
                    let scope = if matched.len() == 1 && *scope == SelectorScope::Similar {
                        SelectorScope::Single
                    } else {
                        *scope
                    };
                    selectors.push(SelectorCandidate { selector: selector.clone(), matches: matched.len(), scope });
                }
            }
            if selectors.iter().all(|candidate| candidate.scope == SelectorScope::Container) {
                Vec::new()
            } else {
                selectors
            }
        });
        selectors.collect()
    }

    /// Bytes of text and pictures of the article in some elements, each of which holds the same one of them.
    fn covered(&self, matched: &[NodeId]) -> (usize, usize) {
        let all: HashSet<NodeId> = matched.iter().copied().collect();
        let is_outermost =
            |id: &&NodeId| !NodeRef::new(**id, &self.page.tree).ancestors_it(None).any(|above| all.contains(&above.id));
        let insides = matched.iter().filter(is_outermost).filter_map(|id| self.insides.get(id));
        insides.fold((0, 0), |sums, it| (sums.0 + it.bytes, sums.1 + it.pictures))
    }

    /// Something of the article, and less than half of it.
    fn is_part(&self, matched: &[NodeId]) -> bool {
        let shown: usize = matched.iter().filter_map(|id| self.insides.get(id)).map(|it| it.shown).sum();
        shown > 0 && shown * 2 <= self.insides.get(&tree::body(self.page).id).map_or(0, |inside| inside.shown)
    }

    /// Few elements, or many with little in them; and little of the article, since what points at much of it points at nothing in it.
    fn is_few(&self, matched: &[NodeId]) -> bool {
        let insides = || matched.iter().filter_map(|id| self.insides.get(id));
        let (bytes, shown) = insides().fold((0, 0), |sums, it| (sums.0 + it.bytes, sums.1 + it.shown));
        let article = self.insides.get(&tree::body(self.page).id).map_or(0, |inside| inside.shown);
        let is_little = shown * PART <= article;
        matched.len() == 1 || is_little && self.are_few(Reached { elements: matched.len(), bytes })
    }

    fn are_few(&self, reached: Reached) -> bool {
        let little = reached.bytes * 8 <= self.whole;
        reached.elements == 1
            || little && reached.elements <= MANY
            || reached.elements <= FEW && reached.bytes * 3 <= self.whole
    }

    fn candidates(&self, node: &NodeRef<'_>) -> Vec<(Selector, SelectorScope)> {
        let own = simple(node);
        let mut found: Vec<(String, SelectorScope)> = Vec::new();
        let mut alike: Vec<&String> = own.iter().filter(|it| self.are_few(self.reach_of(it))).collect();
        // The first word that is rare enough; a longer one is only better where it points at fewer.
        alike.sort_by_key(|it| (self.reach_of(it).elements > FEW, it.matches(['.', '#', '[']).count() > 1));
        found.extend(alike.into_iter().map(|it| (it.clone(), SelectorScope::Similar)));
        let context = node.ancestors_it(Some(ABOVE)).find_map(|above| self.best(&above));
        if let Some(context) = &context {
            let last =
                own.first().filter(|it| !it.starts_with('#')).cloned().unwrap_or_else(|| tree::name(node).to_string());
            found.push((format!("{context} {last}"), SelectorScope::Similar));
        }
        found.extend(self.path(node).map(|path| (path, SelectorScope::Single)));
        let kept = self.insides.get(&node.id).is_some_and(|inside| inside.shown > 0);
        if kept {
            found.extend(self.around(node).into_iter().map(|around| (around, SelectorScope::Container)));
        }
        found.into_iter().filter_map(|(text, scope)| Some((text.parse().ok()?, scope))).collect()
    }

    fn reach_of(&self, simple: &str) -> Reached {
        self.reached.get(simple).copied().unwrap_or_default()
    }

    /// The simple selector that points at this element alone.
    fn best(&self, node: &NodeRef<'_>) -> Option<String> {
        simple(node).into_iter().find(|it| self.reach_of(it).elements == 1)
    }

    /// Boxes around an element that hold more than it and less than half of the article, the nearest first.
    fn around(&self, node: &NodeRef<'_>) -> Vec<String> {
        let shown = |node: &NodeRef<'_>| self.insides.get(&node.id).map_or(0, |inside| inside.shown);
        let whole = shown(&tree::body(self.page));
        let mut least = shown(node);
        let mut found = Vec::new();
        for above in node.ancestors_it(Some(ABOVE)) {
            if shown(&above) <= least || shown(&above) * 2 > whole {
                continue;
            }
            if let Some(pointing) = simple(&above).into_iter().find(|it| self.are_few(self.reach_of(it))) {
                least = shown(&above);
                found.push(pointing);
            }
        }
        found.truncate(2);
        found
    }

    /// The way from the nearest element that can be named down to this one, by places where names do not tell. On a page nested
    /// deeper than a selector may be, steps between the two are left open.
    fn path(&self, node: &NodeRef<'_>) -> Option<String> {
        let mut steps = Vec::new();
        let mut at = *node;
        while steps.len() < ABOVE - 1 {
            let name = tree::name(&at);
            let anchor = self.best(&at).or_else(|| (&*name == "body").then(|| name.to_string()));
            let is_anchored = anchor.is_some();
            steps.push(anchor.unwrap_or_else(|| step(&at, &name)));
            if is_anchored {
                steps.reverse();
                return Some(steps.join(" > "));
            }
            at = at.parent()?;
        }
        steps.reverse();
        let far = std::iter::once(at).chain(at.ancestors_it(None)).find_map(|above| self.best(&above));
        Some(far.into_iter().chain([steps.join(" > ")]).collect::<Vec<_>>().join(" "))
    }
}

/// An element by its name and, if it has sisters of that name, its place among them.
fn step(node: &NodeRef<'_>, name: &str) -> String {
    let (mut place, mut sisters) = (1, false);
    let mut before = node.prev_sibling();
    while let Some(sibling) = before {
        place += usize::from(tree::has_name(&sibling, &[name]));
        before = sibling.prev_sibling();
    }
    let mut after = node.next_sibling();
    while let Some(sibling) = after.filter(|_| place == 1 && !sisters) {
        sisters = tree::has_name(&sibling, &[name]);
        after = sibling.next_sibling();
    }
    if place > 1 || sisters { format!("{name}:nth-of-type({place})") } else { name.to_owned() }
}

/// Selectors of one step that match an element, those that say most about it first.
fn simple(node: &NodeRef<'_>) -> Vec<String> {
    let name = tree::name(node);
    let mut found: Vec<String> =
        tree::attribute(node, "id").filter(|id| is_lasting(id)).map(|id| format!("#{id}")).into_iter().collect();
    let classes = tree::attribute(node, "class").unwrap_or_default();
    let classes: Vec<&str> = classes.split_ascii_whitespace().filter(|class| is_lasting(class)).take(6).collect();
    found.extend(classes.iter().map(|class| format!(".{class}")));
    found.extend(classes.iter().map(|class| format!("{name}.{class}")));
    if let [first, second, ..] = classes[..] {
        found.push(format!(".{first}.{second}"));
    }
    for attribute in TELLING {
        let value =
            tree::attribute(node, attribute).filter(|value| value.len() <= 60 && !value.contains(['"', '\\', ']']));
        found.extend(value.filter(|value| !has_number(value)).map(|value| format!("{name}[{attribute}=\"{value}\"]")));
    }
    found
}

/// Whether a class or id was chosen by a person, for what the element is.
fn is_lasting(word: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let starts = word.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let parts = || word.split(['-', '_']).filter(|part| !part.is_empty());
    // `mb-4`, `p-2`: a distance, not a thing.
    let is_measure = parts().count() == 2 && parts().any(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    (2..=40).contains(&word.len())
        && starts
        && word.chars().all(plain)
        && !is_measure
        && !VAGUE.contains(&word.to_ascii_lowercase().as_str())
        && !has_number(word)
        && !parts().any(is_hash)
}

/// Three digits in a row: the number of an article, a year.
fn has_number(word: &str) -> bool {
    word.as_bytes().windows(3).any(|three| three.iter().all(u8::is_ascii_digit))
}

/// Letters and digits, or capitals, mixed as no person mixes them.
fn is_hash(part: &str) -> bool {
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let is_digit = |letter: char| letter.is_ascii_digit();
    let inner_digit = part.len() >= 5 && part.trim_end_matches(is_digit).contains(is_digit);
    let rises =
        part.as_bytes().windows(2).filter(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase()).count();
    let vowels = part.bytes().filter(|byte| b"aeiouyAEIOUY".contains(byte)).count();
    inner_digit
        || (digits >= 2 && part.len() >= 5)
        || (rises >= 2 && part.len() <= 8)
        || (part.len() >= 6 && vowels == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_people_chose_last_and_those_that_programs_made_do_not() {
        for word in [
            "promo",
            "article-body",
            "ArticleBody",
            "related_links",
            "h2",
            "entry-content",
            "newsletter-signup",
            "wp-block-quote",
        ] {
            assert!(is_lasting(word), "{word}");
        }
        for word in [
            "post-12345",
            "css-1q2w3e4",
            "sc-bdVaJa",
            "mb-4",
            "flex",
            "a",
            "y2k9x1",
            "hs2024",
            "btn--xkcdqr",
            "3col",
            "sm:w-full",
        ] {
            assert!(!is_lasting(word), "{word}");
        }
    }
}
