//! Builds selectors that also match the same element on other pages of the site.
//!
//! Ids and classes chosen by people are stable; those with numbers or hashes are generated. A good selector describes
//! the kind of element and matches few others. The position among siblings is used only where nothing else identifies
//! the element.

use dom_query::{Document, NodeId, NodeRef};
use foldhash::{HashMap, HashSet};

use super::{ElementSummary, SelectorCandidate, SelectorScope};
use crate::dom::selector::{Selector, find_all};
use crate::dom::tree;

/// Attributes whose values describe an element.
const DESCRIPTIVE_ATTRIBUTES: &[&str] =
    &["role", "itemprop", "data-component", "data-testid", "data-module", "data-type", "aria-label"];
/// This many elements are few, whatever they hold.
const ALWAYS_FEW: usize = 3;
/// More elements than this are never few.
const NEVER_FEW: usize = 40;
/// Similar elements hold at most one part in this many of the article.
const MAX_ARTICLE_FRACTION: usize = 4;
/// Maximum number of ancestors that are considered.
const MAX_ANCESTORS: usize = 8;
/// Class names for appearance or state rather than content.
const GENERIC_CLASSES: &[&str] = &[
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
    // Set by this crate on embeds.
    "embed",
];

/// How much of the page a simple selector covers.
#[derive(Debug, Clone, Copy, Default)]
struct Coverage {
    elements: usize,
    bytes: usize,
}

/// The coverage of each simple selector of the page.
pub(super) struct SelectorIndex<'a> {
    page: &'a Document,
    summaries: &'a HashMap<NodeId, ElementSummary>,
    coverage: HashMap<String, Coverage>,
    whole: usize,
}

impl<'a> SelectorIndex<'a> {
    pub(super) fn new(page: &'a Document, summaries: &'a HashMap<NodeId, ElementSummary>) -> Self {
        let body = tree::body(page);
        let whole = summaries.get(&body.id).map_or(0, |inside| inside.bytes);
        let mut index = Self { page, summaries, coverage: HashMap::default(), whole };
        for node in body.descendants_it().filter(NodeRef::is_element) {
            let bytes = summaries.get(&node.id).map_or(0, |inside| inside.bytes);
            for selector in simple_selectors(&node) {
                let coverage = index.coverage.entry(selector).or_default();
                coverage.elements += 1;
                coverage.bytes += bytes;
            }
        }
        index
    }

    /// Returns the selectors of each element, the best first.
    pub(super) fn candidates_for_all(&self, elements: &[NodeRef<'_>]) -> Vec<Vec<SelectorCandidate>> {
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
                // Matches are in page order, not in the order of their ids.
                let is_meant = match scope {
                    SelectorScope::Container => self.is_part(matched),
                    SelectorScope::Similar => matched.contains(&node.id) && self.is_few(matched),
                    SelectorScope::Single => matched.len() == 1 && matched[0] == node.id,
                };
                let has_one = *scope != SelectorScope::Container && selectors.iter().any(|known| known.scope == *scope);
                if !is_meant || has_one {
                    continue;
                }
                // Three boxes and their common container look the same to a reader.
                let covered = self.covered_content(matched);
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

    /// Sums bytes of text and images of the article over the outermost matched elements, to detect equal coverage.
    fn covered_content(&self, matched: &[NodeId]) -> (usize, usize) {
        let all: HashSet<NodeId> = matched.iter().copied().collect();
        let is_outermost =
            |id: &&NodeId| !NodeRef::new(**id, &self.page.tree).ancestors_it(None).any(|above| all.contains(&above.id));
        let summaries = matched.iter().filter(is_outermost).filter_map(|id| self.summaries.get(id));
        summaries.fold((0, 0), |sums, it| (sums.0 + it.bytes, sums.1 + it.images))
    }

    /// Returns whether the elements hold some of the article, and at most half of it.
    fn is_part(&self, matched: &[NodeId]) -> bool {
        let shown: usize = matched.iter().filter_map(|id| self.summaries.get(id)).map(|it| it.shown).sum();
        shown > 0 && shown * 2 <= self.summaries.get(&tree::body(self.page).id).map_or(0, |inside| inside.shown)
    }

    /// Returns whether the elements are few, or many with little text, and hold little of the article. A selector for
    /// much of it does not describe a block.
    fn is_few(&self, matched: &[NodeId]) -> bool {
        let summaries = || matched.iter().filter_map(|id| self.summaries.get(id));
        let (bytes, shown) = summaries().fold((0, 0), |sums, it| (sums.0 + it.bytes, sums.1 + it.shown));
        let article = self.summaries.get(&tree::body(self.page).id).map_or(0, |inside| inside.shown);
        let is_little = shown * MAX_ARTICLE_FRACTION <= article;
        matched.len() == 1 || is_little && self.are_few(Coverage { elements: matched.len(), bytes })
    }

    fn are_few(&self, coverage: Coverage) -> bool {
        let little = coverage.bytes * 8 <= self.whole;
        coverage.elements == 1
            || little && coverage.elements <= NEVER_FEW
            || coverage.elements <= ALWAYS_FEW && coverage.bytes * 3 <= self.whole
    }

    fn candidates(&self, node: &NodeRef<'_>) -> Vec<(Selector, SelectorScope)> {
        let own = simple_selectors(node);
        let mut found: Vec<(String, SelectorScope)> = Vec::new();
        let mut similar: Vec<&String> = own.iter().filter(|it| self.are_few(self.coverage_of(it))).collect();
        // The first name that is rare enough; a longer selector is only better if it matches fewer elements.
        similar.sort_by_key(|it| (self.coverage_of(it).elements > ALWAYS_FEW, it.matches(['.', '#', '[']).count() > 1));
        found.extend(similar.into_iter().map(|it| (it.clone(), SelectorScope::Similar)));
        let context = node.ancestors_it(Some(MAX_ANCESTORS)).find_map(|above| self.unique_selector(&above));
        if let Some(context) = &context {
            let last =
                own.first().filter(|it| !it.starts_with('#')).cloned().unwrap_or_else(|| tree::name(node).to_string());
            found.push((format!("{context} {last}"), SelectorScope::Similar));
        }
        found.extend(self.path_selector(node).map(|path| (path, SelectorScope::Single)));
        let kept = self.summaries.get(&node.id).is_some_and(|inside| inside.shown > 0);
        if kept {
            found.extend(self.containers(node).into_iter().map(|container| (container, SelectorScope::Container)));
        }
        found.into_iter().filter_map(|(text, scope)| Some((text.parse().ok()?, scope))).collect()
    }

    fn coverage_of(&self, selector: &str) -> Coverage {
        self.coverage.get(selector).copied().unwrap_or_default()
    }

    /// Returns the simple selector that matches only this element.
    fn unique_selector(&self, node: &NodeRef<'_>) -> Option<String> {
        simple_selectors(node).into_iter().find(|it| self.coverage_of(it).elements == 1)
    }

    /// Returns up to two ancestors that hold more of the article than the element, and at most half of it, the nearest
    /// first.
    fn containers(&self, node: &NodeRef<'_>) -> Vec<String> {
        let shown = |node: &NodeRef<'_>| self.summaries.get(&node.id).map_or(0, |inside| inside.shown);
        let whole = shown(&tree::body(self.page));
        let mut least = shown(node);
        let mut found = Vec::new();
        for above in node.ancestors_it(Some(MAX_ANCESTORS)) {
            if shown(&above) <= least || shown(&above) * 2 > whole {
                continue;
            }
            if let Some(pointing) = simple_selectors(&above).into_iter().find(|it| self.are_few(self.coverage_of(it))) {
                least = shown(&above);
                found.push(pointing);
            }
        }
        found.truncate(2);
        found
    }

    /// Returns the path from the nearest identifiable ancestor, with positions where names are ambiguous. On a page
    /// nested deeper than a selector may be, the steps in between are left open.
    fn path_selector(&self, node: &NodeRef<'_>) -> Option<String> {
        let mut steps = Vec::new();
        let mut at = *node;
        while steps.len() < MAX_ANCESTORS - 1 {
            let name = tree::name(&at);
            let anchor = self.unique_selector(&at).or_else(|| (&*name == "body").then(|| name.to_string()));
            let is_anchored = anchor.is_some();
            steps.push(anchor.unwrap_or_else(|| path_step(&at, &name)));
            if is_anchored {
                steps.reverse();
                return Some(steps.join(" > "));
            }
            at = at.parent()?;
        }
        steps.reverse();
        let far = std::iter::once(at).chain(at.ancestors_it(None)).find_map(|above| self.unique_selector(&above));
        Some(far.into_iter().chain([steps.join(" > ")]).collect::<Vec<_>>().join(" "))
    }
}

/// Returns the name of an element, with its position if it has siblings of that name.
fn path_step(node: &NodeRef<'_>, name: &str) -> String {
    let (mut place, mut has_siblings) = (1, false);
    let mut before = node.prev_sibling();
    while let Some(sibling) = before {
        place += usize::from(tree::has_name(&sibling, &[name]));
        before = sibling.prev_sibling();
    }
    let mut after = node.next_sibling();
    while let Some(sibling) = after.filter(|_| place == 1 && !has_siblings) {
        has_siblings = tree::has_name(&sibling, &[name]);
        after = sibling.next_sibling();
    }
    if place > 1 || has_siblings { format!("{name}:nth-of-type({place})") } else { name.to_owned() }
}

/// Returns the single-step selectors that match an element, the most descriptive first.
fn simple_selectors(node: &NodeRef<'_>) -> Vec<String> {
    let name = tree::name(node);
    let mut found: Vec<String> =
        tree::attribute(node, "id").filter(|id| is_stable_name(id)).map(|id| format!("#{id}")).into_iter().collect();
    let classes = tree::attribute(node, "class").unwrap_or_default();
    // We state languages ourselves, for several blocks alike.
    let is_own = |class: &&str| !class.starts_with("language-");
    let stable = classes.split_ascii_whitespace().filter(is_own).filter(|class| is_stable_name(class));
    let classes: Vec<&str> = stable.take(6).collect();
    found.extend(classes.iter().map(|class| format!(".{class}")));
    found.extend(classes.iter().map(|class| format!("{name}.{class}")));
    if let [first, second, ..] = classes[..] {
        found.push(format!(".{first}.{second}"));
    }
    for attribute in DESCRIPTIVE_ATTRIBUTES {
        let value =
            tree::attribute(node, attribute).filter(|value| value.len() <= 60 && !value.contains(['"', '\\', ']']));
        found.extend(value.filter(|value| !has_number(value)).map(|value| format!("{name}[{attribute}=\"{value}\"]")));
    }
    found
}

/// Returns whether a class or id was chosen by a person to describe the content.
fn is_stable_name(word: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let starts = word.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let parts = || word.split(['-', '_']).filter(|part| !part.is_empty());
    // `mb-4`, `p-2`: a spacing, not a kind of content.
    let is_measure = parts().count() == 2 && parts().any(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    (2..=40).contains(&word.len())
        && starts
        && word.chars().all(plain)
        && !is_measure
        && !GENERIC_CLASSES.contains(&word.to_ascii_lowercase().as_str())
        && !has_number(word)
        && !parts().any(is_hash)
}

/// Returns whether the word has three digits in a row, like an article id or a year.
fn has_number(word: &str) -> bool {
    word.as_bytes().windows(3).any(|three| three.iter().all(u8::is_ascii_digit))
}

/// Returns whether letters, digits or capitals are mixed as in generated names.
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
    fn class_names_chosen_by_people_are_stable_and_generated_ones_are_not() {
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
            assert!(is_stable_name(word), "{word}");
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
            assert!(!is_stable_name(word), "{word}");
        }
    }
}
