//! Tags that may mean the same: forms of a word, spellings, abbreviations. Found by keys, each tag once, so that thousands
//! of tags are compared in some milliseconds.

mod store;

pub use store::{delete_distinct, keep_apart, list_rare, load};

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde::Deserialize;

/// Letters of the shortest name in which one wrong letter is looked for: among shorter ones, many differ by one.
const MIN_LETTERS_WITH_TYPO: usize = 8;

/// Letters of the shortest name whose last `s` is taken for a plural.
const MIN_LETTERS_WITH_PLURAL: usize = 5;

/// Names that share all but one letter and are compared with each other.
const MAX_COMPARED: usize = 20;

/// Words of the longest abbreviation that is looked for in a name.
const MAX_ALIAS_WORDS: usize = 3;

/// A tag with what it is compared by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ComparedTag {
    /// Slug, as in URLs.
    pub slug: String,
    /// Name.
    pub name: String,
    /// The stems of its words; `None`: not known yet.
    pub key: Option<String>,
    /// Articles not deleted.
    pub articles: i64,
}

/// All tags that have articles, and what is known about their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct AllTags {
    /// The tags.
    pub tags: Vec<ComparedTag>,
    /// The slug of each other name, and that of its tag.
    pub aliases: Vec<(String, String)>,
    /// Slugs of pairs that are known to be different, in order.
    pub distinct: Vec<(String, String)>,
}

impl AllTags {
    /// Returns whether the first two of these tags, by their slugs, are known to be different.
    #[must_use]
    pub fn keeps_apart(&self, slugs: &[String]) -> bool {
        let [one, other, ..] = slugs else { return false };
        let pair = (one.min(other), one.max(other));
        self.distinct.iter().any(|(slug, other)| (slug, other) == pair)
    }
}

/// Returns the groups of tags that may mean the same, largest first. In a group, the tag with most articles is the first.
#[must_use]
pub fn find_groups(all: &AllTags) -> Vec<Vec<&ComparedTag>> {
    let mut groups = Groups::new(all);
    groups.join_by_keys();
    groups.join_by_typo();
    let mut found: HashMap<usize, Vec<&ComparedTag>> = HashMap::new();
    for at in 0..all.tags.len() {
        let root = groups.root(at);
        found.entry(root).or_default().push(&all.tags[at]);
    }
    let mut found: Vec<Vec<&ComparedTag>> = found.into_values().filter(|group| group.len() > 1).collect();
    let articles = |group: &[&ComparedTag]| group.iter().map(|tag| tag.articles).sum::<i64>();
    for group in &mut found {
        group.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.slug.cmp(&b.slug)));
    }
    found.sort_by(|a, b| articles(b).cmp(&articles(a)).then_with(|| a[0].slug.cmp(&b[0].slug)));
    found
}

/// Which tags belong together so far.
struct Groups<'a> {
    all: &'a AllTags,
    /// For each tag another of its group, or itself.
    parents: Vec<usize>,
    /// The letters of each slug, without accents and hyphens.
    letters: Vec<String>,
    /// The groups that each is kept apart from, both by the tags that stand for them.
    apart: HashMap<usize, HashSet<usize>>,
}

impl<'a> Groups<'a> {
    fn new(all: &'a AllTags) -> Self {
        let letters = all.tags.iter().map(|tag| squeeze(&classify::key_phrases::key(&tag.slug, None))).collect();
        let places: HashMap<&str, usize> =
            all.tags.iter().enumerate().map(|(at, tag)| (tag.slug.as_str(), at)).collect();
        let mut apart: HashMap<usize, HashSet<usize>> = HashMap::new();
        for (one, other) in &all.distinct {
            if let (Some(one), Some(other)) = (places.get(one.as_str()), places.get(other.as_str())) {
                apart.entry(*one).or_default().insert(*other);
                apart.entry(*other).or_default().insert(*one);
            }
        }
        Self { all, parents: (0..all.tags.len()).collect(), letters, apart }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    /// Joins the groups of two tags, unless a tag of one is kept apart from one of the other. Returns whether they are one now.
    fn join(&mut self, one: usize, other: usize) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        if self.apart.get(&one).is_some_and(|groups| groups.contains(&other)) {
            return false;
        }
        let (root, child) = (one.min(other), one.max(other));
        if root != child {
            self.parents[child] = root;
            for group in self.apart.remove(&child).unwrap_or_default() {
                let of_group = self.apart.entry(group).or_default();
                of_group.remove(&child);
                of_group.insert(root);
                self.apart.entry(root).or_default().insert(group);
            }
        }
        true
    }

    /// Joins tags of the same letters, stems or plural, and those that say the same with other names.
    fn join_by_keys(&mut self) {
        let aliases: HashMap<&str, &str> =
            self.all.aliases.iter().map(|(alias, tag)| (alias.as_str(), tag.as_str())).collect();
        let mut seen: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, tag) in self.all.tags.iter().enumerate() {
            let written_out = write_out(&tag.slug, &aliases);
            let written_out = written_out.map(|slug| squeeze(&classify::key_phrases::key(&slug, None)));
            let mut keys: Vec<String> = written_out.into_iter().chain([self.letters[at].clone()]).collect();
            let singular = |letters: &String| letters.strip_suffix('s').map(str::to_owned);
            let is_long = |letters: &&String| letters.chars().count() >= MIN_LETTERS_WITH_PLURAL;
            let singulars: Vec<String> = keys.iter().filter(is_long).filter_map(singular).collect();
            keys.extend(singulars);
            keys.extend(tag.key.as_deref().map(squeeze));
            keys.sort_unstable();
            keys.dedup();
            for key in keys.into_iter().filter(|key| !key.is_empty()) {
                seen.entry(key).or_default().push(at);
            }
        }
        for same in seen.into_values() {
            for (place, at) in same.iter().enumerate() {
                // The first is enough, unless the two are kept apart.
                same[..place].iter().any(|other| self.join(*other, *at));
            }
        }
    }

    /// Joins long names that differ in one letter: each is looked up without any one of its letters.
    fn join_by_typo(&mut self) {
        let mut shortened: Vec<(u64, usize)> = Vec::new();
        let mut rest = String::new();
        for (at, letters) in self.letters.iter().enumerate() {
            if letters.chars().count() < MIN_LETTERS_WITH_TYPO {
                continue;
            }
            shortened.push((hash(letters), at));
            for (place, letter) in letters.char_indices() {
                rest.clear();
                rest.push_str(&letters[..place]);
                rest.push_str(&letters[place + letter.len_utf8()..]);
                shortened.push((hash(&rest), at));
            }
        }
        shortened.sort_unstable();
        for same in shortened.chunk_by(|one, other| one.0 == other.0) {
            for (place, (_, one)) in same.iter().take(MAX_COMPARED).enumerate() {
                for (_, other) in same.iter().take(MAX_COMPARED).skip(place + 1) {
                    if one != other && differs_in_one_letter(&self.letters[*one], &self.letters[*other]) {
                        self.join(*one, *other);
                    }
                }
            }
        }
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn squeeze(key: &str) -> String {
    key.replace('-', "")
}

/// Writes abbreviations in a slug out, where another name says what one means.
fn write_out(slug: &str, aliases: &HashMap<&str, &str>) -> Option<String> {
    if aliases.is_empty() {
        return None;
    }
    let words: Vec<&str> = slug.split('-').collect();
    for length in (1..=words.len().min(MAX_ALIAS_WORDS)).rev() {
        for start in 0..=words.len() - length {
            if let Some(tag) = aliases.get(words[start..start + length].join("-").as_str()) {
                let written: Vec<&str> = words[..start]
                    .iter()
                    .copied()
                    .chain([*tag])
                    .chain(words[start + length..].iter().copied())
                    .collect();
                return Some(written.join("-"));
            }
        }
    }
    None
}

/// Returns whether one letter is wrong, missing, or has changed places with the next. Numbers that differ mean different
/// things.
fn differs_in_one_letter(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let end = one[start..].iter().rev().zip(other[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (left, right) = (&one[start..one.len() - end], &other[start..other.len() - end]);
    let has_number = left.iter().chain(right).any(|letter| letter.is_numeric());
    let is_swap = left.len() == 2 && right.len() == 2 && left[0] == right[1] && left[1] == right[0];
    !has_number && (left.len() <= 1 && right.len() <= 1 || is_swap)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::tags::{key, slugify};

    fn all(names: &[&str]) -> AllTags {
        let tag = |(name, articles): (&&str, i64)| ComparedTag {
            slug: slugify(name),
            name: (*name).to_owned(),
            key: Some(key(name, Some("en"))),
            articles,
        };
        AllTags { tags: names.iter().zip((1..=100).rev()).map(tag).collect(), ..AllTags::default() }
    }

    fn groups(all: &AllTags) -> Vec<Vec<&str>> {
        find_groups(all).into_iter().map(|group| group.into_iter().map(|tag| tag.name.as_str()).collect()).collect()
    }

    #[test]
    fn forms_and_spellings_of_a_name_are_found() {
        for pair in [
            ["Ferry", "Ferries"],
            ["Café", "Cafe"],
            ["New York", "NewYork"],
            ["climate change", "Climate-changes"],
            ["Accommodation", "Accomodation"],
            ["Investigation", "Investigaiton"],
            ["Élections", "elections"],
            ["Voting machine", "voting machines"],
            ["Kraftwerken", "Kraftwerke"],
        ] {
            assert_eq!(groups(&all(&pair)), [pair.to_vec()], "{pair:?}");
        }
    }

    #[test]
    fn other_names_are_left_alone() {
        let names = [
            "C",
            "C++",
            "C#",
            "Iran",
            "Iraq",
            "Austria",
            "Australia",
            "Election 2024",
            "Election 2026",
            "Windows 10",
            "Windows 11",
            "Gulf",
            "Golf",
            "North Korea",
            "South Korea",
            "🚀",
            "🦀",
            "Київ",
            "東京",
            "News",
            "Wales",
        ];
        assert!(groups(&all(&names)).is_empty(), "{:?}", groups(&all(&names)));
    }

    #[test]
    fn an_abbreviation_is_found_where_another_name_says_so() {
        let mut tags = all(&["United States", "US", "US elections", "United States election", "UK"]);
        assert_eq!(groups(&tags).len(), 0);
        tags.aliases.push(("us".into(), "united-states".into()));
        assert_eq!(groups(&tags), [vec!["United States", "US"], vec!["US elections", "United States election"]]);
    }

    #[test]
    fn a_pair_that_is_kept_apart_stays_so() {
        let mut tags = all(&["Port", "Ports", "Organ", "Organs"]);
        assert_eq!(groups(&tags).len(), 2);
        tags.distinct.push(("organ".into(), "organs".into()));
        assert_eq!(groups(&tags), [["Port", "Ports"]]);
    }

    #[test]
    fn a_pair_that_is_kept_apart_meets_in_no_group_of_others() {
        for names in [["Organ", "Organs", "organ's"], ["Accommodation", "Accomodation", "Acommodation"]] {
            let slugs = names.map(slugify);
            for [one, other, third] in [[0, 1, 2], [0, 2, 1], [1, 2, 0], [1, 0, 2], [2, 0, 1], [2, 1, 0]] {
                let mut tags = all(&[names[one], names[other], names[third]]);
                assert_eq!(groups(&tags).concat().len(), 3, "{names:?}");
                for (left, right) in [(0, 1), (0, 2), (1, 2)] {
                    let pair = (slugs[left].clone(), slugs[right].clone());
                    tags.distinct = vec![(pair.0.clone().min(pair.1.clone()), pair.0.max(pair.1))];
                    let found = groups(&tags);
                    let is_together =
                        found.iter().any(|group| [left, right].iter().all(|at| group.contains(&names[*at])));
                    assert!(!is_together, "{found:?} {:?}", tags.distinct);
                    assert_eq!(found.concat().len(), 2, "the third goes with one of them: {found:?}");
                }
            }
        }
    }

    #[test]
    fn look_alikes_of_a_tag_that_is_kept_apart_from_all_still_meet() {
        let mut tags = all(&["Organs", "Organ", "organ's", "Or gan"]);
        for other in ["organ", "organ-s", "or-gan"] {
            tags.distinct.push((other.min("organs").to_owned(), other.max("organs").to_owned()));
        }
        assert_eq!(groups(&tags), [["Organ", "organ's", "Or gan"]]);
    }

    #[test]
    fn the_largest_group_and_tag_come_first() {
        let mut tags = all(&["Pier", "Quay", "Quays", "Piers", "Lock"]);
        tags.tags[3].articles = 1000;
        assert_eq!(groups(&tags), [["Piers", "Pier"], ["Quay", "Quays"]]);
    }

    /// As many comparisons as tags, not as pairs: else this test would take minutes.
    #[test]
    fn twenty_thousand_tags_are_compared_at_once() {
        let tag = |name: &str| ComparedTag { slug: slugify(name), name: name.to_owned(), key: None, articles: 1 };
        let mut tags: Vec<ComparedTag> =
            (0..20_000).map(|number| tag(&format!("Harbour of the town {}", spell(number)))).collect();
        tags.push(tag("Harbor of the town aaaaaaaa"));
        let all = AllTags { tags, ..AllTags::default() };
        assert_eq!(groups(&all), [["Harbor of the town aaaaaaaa", "Harbour of the town AAAAAAAA"]]);
    }

    fn spell(mut number: u32) -> String {
        let mut letters = String::new();
        for _ in 0..4 {
            letters.push(char::from(b'A' + u8::try_from(number % 26).unwrap()));
            number /= 26;
        }
        letters.repeat(2)
    }
}
