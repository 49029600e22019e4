//! Where counts come from: kept ones if there are any for a filter, else a survey of the newest articles of the list.

use std::sync::Arc;

use crate::library::Library;
use crate::library::articles::lists::facets::store::{self, Counted, Surveyed};
use crate::library::articles::lists::store::AccessPath;
use crate::library::articles::lists::{Count, Filter};
use crate::library::lanes::{Lane, Lanes};

/// Articles that a survey looks at. A page makes a few, and shows what they find as "120+" if there may be more.
const SURVEY_SIZE: usize = 200;

/// Articles of a search that a survey looks at: all, since a search finds no more.
const SEARCH_SURVEY_SIZE: usize = 1000;

/// Counts the articles of filters. What was counted once is not counted again.
pub(super) struct Counter<'a> {
    pub library: &'a Library,
    kept: Vec<(TagAndSource, KeptCounts)>,
    surveys: Vec<(Filter, Tags, Arc<Surveyed>)>,
}

/// Id of a tag and of a source.
type TagAndSource = (Option<i64>, Option<i64>);

/// Counts that triggers keep, per topic; `''` is any.
type KeptCounts = Arc<Vec<Counted<String>>>;

/// Whether a survey counts tags, which is most of its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tags {
    Counted,
    Skipped,
}

/// The counts of a filter.
pub(super) enum Counts {
    /// Those that triggers keep.
    Kept(KeptCounts),
    /// Those of a survey.
    Surveyed(Arc<Surveyed>),
}

impl<'a> Counter<'a> {
    pub const fn new(library: &'a Library) -> Self {
        Self { library, kept: Vec::new(), surveys: Vec::new() }
    }

    /// Returns the counts of a filter, per topic.
    pub async fn count(&mut self, filter: &Filter) -> sqlx::Result<Counts> {
        if is_kept(filter) {
            return self.find_kept(filter.tag_id, filter.source_id).await.map(Counts::Kept);
        }
        self.survey(filter, Tags::Skipped).await.map(Counts::Surveyed)
    }

    async fn find_kept(&mut self, tag_id: Option<i64>, source_id: Option<i64>) -> sqlx::Result<KeptCounts> {
        let key = (tag_id, source_id);
        if let Some((_, counts)) = self.kept.iter().find(|(other, _)| *other == key) {
            return Ok(counts.clone());
        }
        let counts = Arc::new(store::count_per_topic(self.library, tag_id, source_id).await?);
        self.kept.push((key, counts.clone()));
        Ok(counts)
    }

    /// Surveys the newest articles of a list. One survey that counted tags serves those that need none.
    pub async fn survey(&mut self, filter: &Filter, tags: Tags) -> sqlx::Result<Arc<Surveyed>> {
        let key = without_unused_states(filter);
        let suits = |done: &Tags| *done == Tags::Counted || tags == Tags::Skipped;
        if let Some((.., survey)) = self.surveys.iter().find(|(other, done, _)| *other == key && suits(done)) {
            return Ok(survey.clone());
        }
        let survey = Arc::new(self.survey_lanes(&key, tags).await?);
        self.surveys.push((key, tags, survey.clone()));
        Ok(survey)
    }

    /// Surveys both lanes one by one, if their index keeps them apart.
    async fn survey_lanes(&mut self, key: &Filter, tags: Tags) -> sqlx::Result<Surveyed> {
        if key.lanes == Lanes::Both && AccessPath::of(key).keeps_lanes_apart() {
            let in_lane = |lane: Lane| Filter { lanes: lane.into(), ..key.clone() };
            let kept = Box::pin(self.survey(&in_lane(Lane::Kept), tags)).await?;
            let stream = Box::pin(self.survey(&in_lane(Lane::Stream), tags)).await?;
            return Ok(kept.add(&stream));
        }
        let size = survey_size(key);
        let limit = i64::try_from(size + 1).expect("a small number fits");
        let limit_with_tags = match tags {
            Tags::Counted => i64::try_from(SURVEY_SIZE).expect("a small number fits"),
            Tags::Skipped => 0,
        };
        store::survey(self.library, key, (limit, limit_with_tags)).await
    }
}

impl Counts {
    /// Returns the number of articles of the filter, in its topic.
    pub fn total(&self, filter: &Filter) -> Count {
        match self {
            Self::Kept(counts) => kept(counts, filter.topic.as_deref().unwrap_or_default(), filter),
            Self::Surveyed(survey) => survey.total(filter),
        }
    }

    /// Returns the number of articles of the filter, in another topic.
    pub fn in_topic(&self, topic: &str, filter: &Filter) -> Count {
        match self {
            Self::Kept(counts) => kept(counts, topic, filter),
            Self::Surveyed(survey) => survey.in_topic(topic, filter),
        }
    }
}

impl Surveyed {
    /// Returns what the surveys of two lanes found together. There may be more in both if there may be in one.
    fn add(&self, other: &Self) -> Self {
        fn join<T: Clone>(one: &[T], other: &[T]) -> Vec<T> {
            [one, other].concat()
        }
        Self {
            walked: self.walked.max(other.walked),
            topics: join(&self.topics, &other.topics),
            sources: join(&self.sources, &other.sources),
            articles_with_tags: self.articles_with_tags + other.articles_with_tags,
            tags: join(&self.tags, &other.tags),
        }
    }

    /// Returns the number of articles that the filter admits.
    fn total(&self, filter: &Filter) -> Count {
        self.counted(sum(&self.topics, |_| true, filter), filter)
    }

    fn in_topic(&self, topic: &str, filter: &Filter) -> Count {
        self.counted(sum(&self.topics, |key| key == topic, filter), filter)
    }

    pub fn in_source(&self, source_id: i64, filter: &Filter) -> Count {
        self.counted(sum(&self.sources, |key| *key == source_id, filter), filter)
    }

    pub fn with_tag(&self, tag_id: i64, filter: &Filter) -> Count {
        let found: i64 = self.topics.iter().map(|(_, _, articles)| articles).sum();
        let count = self.counted(sum(&self.tags, |key| *key == tag_id, filter), filter);
        let has_all_tags = i64::try_from(self.articles_with_tags).is_ok_and(|articles| articles == found);
        Count { may_be_more: count.may_be_more || !has_all_tags, ..count }
    }

    fn counted(&self, articles: i64, filter: &Filter) -> Count {
        Count { articles, may_be_more: self.walked > survey_size(filter) }
    }
}

/// Returns the keys that the filter admits, the most common first.
pub(super) fn most_common(counted: &[Counted<i64>], filter: &Filter, limit: usize) -> Vec<i64> {
    let mut totals: Vec<(i64, i64)> = Vec::new();
    for (key, marks, articles) in counted {
        if !filter.admits(*marks) {
            continue;
        }
        match totals.iter_mut().find(|(other, _)| other == key) {
            Some((_, total)) => *total += articles,
            None => totals.push((*key, *articles)),
        }
    }
    totals.sort_by_key(|(key, total)| (-total, *key));
    totals.truncate(limit);
    totals.into_iter().map(|(key, _)| key).collect()
}

/// Returns the number of articles with marks that the filter admits.
pub(super) fn sum_marks(counts: &[(u8, i64)], filter: &Filter) -> Count {
    Count::exact(counts.iter().filter(|(marks, _)| filter.admits(*marks)).map(|(_, articles)| articles).sum())
}

/// Returns whether triggers keep the counts of a filter.
pub(super) const fn is_kept(filter: &Filter) -> bool {
    filter.since.is_none()
        && filter.until.is_none()
        && filter.matches.is_none()
        && filter.reason.is_none()
        && filter.feed_id.is_none()
        && filter.folder_id.is_none()
        && !(filter.tag_id.is_some() && filter.source_id.is_some())
}

fn kept(counts: &[Counted<String>], topic: &str, filter: &Filter) -> Count {
    Count::exact(sum(counts, |key| key == topic, filter))
}

fn sum<K>(counts: &[Counted<K>], is_wanted: impl Fn(&K) -> bool, filter: &Filter) -> i64 {
    let wanted = counts.iter().filter(|(key, marks, _)| is_wanted(key) && filter.admits(*marks));
    wanted.map(|(_, _, articles)| articles).sum()
}

fn survey_size(filter: &Filter) -> usize {
    if filter.matches.is_some() { SEARCH_SURVEY_SIZE } else { SURVEY_SIZE }
}

/// Returns the filter without the states that its index does not tell apart, so that one survey serves them all.
fn without_unused_states(filter: &Filter) -> Filter {
    let states = match AccessPath::of(filter) {
        AccessPath::Search | AccessPath::Tag | AccessPath::Reason | AccessPath::Feed | AccessPath::Folder => {
            (false, false, false)
        }
        AccessPath::StarredInSource | AccessPath::StarredInTopic | AccessPath::Starred => (false, true, false),
        AccessPath::UnreadInTopic | AccessPath::Unread => (true, false, false),
        AccessPath::Source | AccessPath::Topic | AccessPath::Newest => (false, false, filter.archived),
    };
    let (unread, starred, archived) = states;
    let lanes = if AccessPath::of(filter).keeps_lanes_apart() { filter.lanes } else { Lanes::Both };
    Filter { unread, starred, archived, lanes, ..filter.clone() }
}
