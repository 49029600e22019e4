//! Composes an edition: which stories are in it, in which order, and in which section. Pure, and the same for the same
//! material.

#[cfg(test)]
mod tests;

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap, HashSet};

use crate::library::articles::editions::material::{Candidate, Material, Origin};
use crate::library::articles::editions::{Day, weights};

/// Stories in an edition, so that it can be read to its end.
const MAX_ITEMS: usize = 60;

/// Stories beside the lead.
const TOPS: usize = 4;

/// Of these, how many may be of one topic.
const TOPS_PER_TOPIC: usize = 2;

/// Stories in a section: all of them fill its space.
const SECTION: std::ops::RangeInclusive<usize> = 3..=5;

/// Stories in brief, of topics with too few for a section, or too many.
const BRIEFS: usize = 16;

/// Of the first stories, how many may lead.
const LEAD_CANDIDATES: usize = 8;

/// How much less than the first a story with an image may weigh, to lead.
const IMAGE_ADVANTAGE: f64 = 0.75;

/// A shorter article takes about a minute to read, too little for a lead.
const MIN_LEAD_WORDS: i64 = 250;

/// An edition: its stories in order, the lead first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Composition {
    /// The stories that are in it.
    pub items: Vec<Item>,
    /// How many had no room.
    pub left_out: usize,
}

/// A story in an edition, or an article that is in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Id of the article that tells it.
    pub article: i64,
    /// Where it is.
    pub place: Place,
}

/// A place in an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// On top.
    Lead,
    /// Beside the lead.
    Top,
    /// In the section of a topic, by its slug.
    Section(String),
    /// Among those in brief, of all topics.
    Brief,
}

/// A story before it has a place.
#[derive(Debug)]
struct Story<'a> {
    article: &'a Candidate,
    weight: f64,
}

/// Composes the edition of a day.
#[must_use]
pub fn compose(material: &Material, day: &Day) -> Composition {
    let mut stories = rank(collect_stories(choose(&material.candidates, day.fill_to), material, day));
    if stories.is_empty() {
        return Composition::default();
    }
    let count = stories.len();
    let lead = stories.remove(choose_lead(&stories));
    let tops = take_tops(&mut stories);
    let (sections, briefs) = divide(stories, MAX_ITEMS - 1 - tops.len());
    let mut items = vec![Item { article: lead.article.id, place: Place::Lead }];
    items.extend(tops.iter().map(|story| Item { article: story.article.id, place: Place::Top }));
    for topic in &material.topics {
        let section = sections.iter().find(|section| section[0].article.topic == topic.slug);
        items.extend(
            section
                .into_iter()
                .flatten()
                .map(|story| Item { article: story.article.id, place: Place::Section(topic.slug.clone()) }),
        );
    }
    items.extend(briefs.iter().map(|story| Item { article: story.article.id, place: Place::Brief }));
    Composition { left_out: count - items.len(), items }
}

/// Returns the candidates that are in: those that arrived, and as many older ones as are missing, the newest first.
fn choose(candidates: &[Candidate], fill_to: usize) -> Vec<&Candidate> {
    let mut sorted: Vec<&Candidate> = candidates.iter().collect();
    sorted.sort_by_key(|candidate| (candidate.origin, Reverse((candidate.sorted_at, candidate.id))));
    let mut known = HashSet::new();
    sorted.retain(|candidate| known.insert(candidate.id));
    let arrived = sorted.iter().take_while(|candidate| candidate.origin == Origin::Arrived).count();
    sorted.truncate(arrived.max(fill_to));
    sorted
}

/// Joins the articles of a story, and weighs each story.
fn collect_stories<'a>(candidates: Vec<&'a Candidate>, material: &Material, day: &Day) -> Vec<Story<'a>> {
    let mut sources: HashMap<i64, HashMap<i64, i64>> = HashMap::new();
    for telling in &material.tellings {
        let told_at = sources.entry(telling.story).or_default().entry(telling.source).or_insert(i64::MIN);
        *told_at = telling.arrived_at.max(*told_at);
    }
    let mut stories: HashMap<(Option<i64>, i64), Vec<&Candidate>> = HashMap::new();
    for candidate in candidates {
        // An article in no story is one by itself.
        let key = (candidate.story, candidate.story.map_or(candidate.id, |_| 0));
        stories.entry(key).or_default().push(candidate);
    }
    stories
        .into_iter()
        .filter_map(|((story, _), articles)| {
            let sources = story.and_then(|story| sources.get(&story));
            weigh(&articles, sources, material, day)
        })
        .collect()
}

fn weigh<'a>(
    articles: &[&'a Candidate],
    sources: Option<&HashMap<i64, i64>>,
    material: &Material,
    day: &Day,
) -> Option<Story<'a>> {
    let article = *articles.iter().max_by_key(|article| presentability(article))?;
    let told_at: Vec<i64> =
        sources.map_or_else(|| vec![article.arrived_at], |sources| sources.values().copied().collect());
    let mut each: Vec<f64> = told_at.into_iter().map(|told_at| weights::weigh_source(told_at, day)).collect();
    // So that the sum does not depend on the order of a hash map.
    each.sort_by(f64::total_cmp);
    let pace = |source| material.paces.iter().find(|pace| pace.source == source);
    let rarity = articles.iter().map(|article| weights::weigh_rarity(pace(article.source), day));
    let latest = articles.iter().map(|article| article.sorted_at).max()?;
    let topic = material.topics.iter().find(|topic| topic.slug == article.topic);
    let weight = weights::weigh_reach(each.iter().sum())
        + rarity.max_by(f64::total_cmp)?
        + weights::weigh_freshness(latest, day)
        + weights::weigh_topic(topic)
        + weights::weigh_form(article);
    Some(Story { article, weight })
}

/// Returns by what the articles of a story are compared: the highest tells it.
fn presentability(article: &Candidate) -> impl Ord + use<> {
    let is_long = article.words >= MIN_LEAD_WORDS;
    (
        !article.is_copy,
        article.is_article && article.is_dated,
        is_long,
        article.has_image,
        article.sorted_at,
        article.id,
    )
}

/// A story in the queue, at the weight it had when it was put there.
struct Queued<'a> {
    story: Story<'a>,
    weight: f64,
}

impl Ord for Queued<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let age = |queued: &Self| (queued.story.article.sorted_at, queued.story.article.id);
        self.weight.total_cmp(&other.weight).then_with(|| age(self).cmp(&age(other)))
    }
}

impl PartialOrd for Queued<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Queued<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Queued<'_> {}

/// Sorts stories, the heaviest first. Each makes further ones of its source lighter.
fn rank(stories: Vec<Story<'_>>) -> Vec<Story<'_>> {
    let mut queue: BinaryHeap<Queued<'_>> =
        stories.into_iter().map(|story| Queued { weight: story.weight, story }).collect();
    let mut taken: HashMap<i64, usize> = HashMap::new();
    let mut ranked = Vec::with_capacity(queue.len());
    while let Some(Queued { story, weight }) = queue.pop() {
        let of_source = taken.entry(story.article.source).or_default();
        let now = story.weight + weights::weigh_repetition(*of_source);
        if now < weight {
            // Others of its source came before it since it was put there.
            queue.push(Queued { story, weight: now });
        } else {
            *of_source += 1;
            ranked.push(story);
        }
    }
    ranked
}

/// Returns the position of the story that leads: the first with an image, if it weighs almost as much as the first
/// without. Both are dated and long enough, if any is.
fn choose_lead(ranked: &[Story<'_>]) -> usize {
    let may_lead =
        |story: &Story<'_>| story.article.is_article && story.article.is_dated && story.article.words >= MIN_LEAD_WORDS;
    let first = ranked.iter().position(may_lead).or_else(|| ranked.iter().position(|story| story.article.is_dated));
    let first = first.unwrap_or(0);
    let least = ranked[first].weight - IMAGE_ADVANTAGE;
    let with_image = ranked
        .iter()
        .take(LEAD_CANDIDATES)
        .position(|story| story.article.has_image && may_lead(story) && story.weight >= least);
    with_image.unwrap_or(first)
}

/// Takes the stories beside the lead, of different topics.
fn take_tops<'a>(ranked: &mut Vec<Story<'a>>) -> Vec<Story<'a>> {
    let mut tops: Vec<Story<'a>> = Vec::with_capacity(TOPS);
    let mut rest = Vec::with_capacity(ranked.len());
    for story in ranked.drain(..) {
        let of_topic = tops.iter().filter(|top| top.article.topic == story.article.topic).count();
        if tops.len() < TOPS && of_topic < TOPS_PER_TOPIC {
            tops.push(story);
        } else {
            rest.push(story);
        }
    }
    // One topic alone fills it, too.
    let missing = (TOPS - tops.len()).min(rest.len());
    tops.extend(rest.drain(..missing));
    *ranked = rest;
    tops
}

/// Divides the rest into sections, at most `room` stories in all. What fits into none is in brief.
fn divide(ranked: Vec<Story<'_>>, room: usize) -> (Vec<Vec<Story<'_>>>, Vec<Story<'_>>) {
    let mut sections: Vec<Vec<Story<'_>>> = Vec::new();
    let mut briefs: Vec<Story<'_>> = Vec::new();
    let mut placed = 0;
    for story in ranked {
        if placed == room {
            break;
        }
        match sections.iter_mut().find(|section| section[0].article.topic == story.article.topic) {
            Some(section) if section.len() < *SECTION.end() => section.push(story),
            Some(_) if briefs.len() < BRIEFS => briefs.push(story),
            Some(_) => continue,
            None => sections.push(vec![story]),
        }
        placed += 1;
    }
    let (sections, small): (Vec<_>, Vec<_>) =
        sections.into_iter().partition(|section| section.len() >= *SECTION.start());
    briefs.extend(small.into_iter().flatten());
    briefs.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| b.article.id.cmp(&a.article.id)));
    briefs.truncate(BRIEFS);
    (sections.into_iter().map(put_image_first).collect(), briefs)
}

/// Puts the first story that has an image on top of its section.
fn put_image_first(mut section: Vec<Story<'_>>) -> Vec<Story<'_>> {
    if let Some(at) = section.iter().position(|story| story.article.has_image) {
        section[..=at].rotate_right(1);
    }
    section
}
