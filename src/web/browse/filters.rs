//! Turns the query of a list into a library filter: names become ids, dates become times. An invalid part becomes a
//! message instead of an error.

use std::time::Duration;

use jiff::civil::Date;
use query::{Condition, Place, Typed};

use crate::library::Library;
use crate::library::articles::lists::{self, Filter, Sort};
use crate::library::lanes::{self, LaneSetting, Lanes};
use crate::library::tags::truncate_for_display;
use crate::library::{feeds, query_names, search, sources, tags, topics};
use crate::web::browse::query_problem::QueryProblem;
use crate::web::browse::reason_words;
use crate::web::shell::dates::{self, LocalClock};
use crate::web::shell::list_url::ListUrl;

/// The filters of a list, resolved.
#[derive(Debug, Default)]
pub(crate) struct ActiveFilters {
    /// The filter for the library.
    pub filter: Filter,
    /// The URL without its invalid parts.
    pub url: ListUrl,
    /// The order: that of the URL, else the one remembered for the list.
    pub sort: Sort,
    pub topic: Option<String>,
    pub source: Option<String>,
    pub tag: Option<String>,
    /// There are lanes to choose from.
    pub has_lanes: bool,
    pub feed: Option<String>,
    pub folder: Option<String>,
    /// Why the articles have their topic.
    pub reason: Option<String>,
    /// First day.
    pub since: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// The search took too long and found nothing.
    pub is_search_stopped: bool,
    /// What of the query was not understood or not used.
    pub query_problems: Vec<QueryProblem>,
    /// What else is invalid or was not used, as sentences.
    pub problems: Vec<String>,
}

/// Resolves the filters of a URL. Invalid ones are ignored and reported in `problems`.
pub(crate) async fn resolve(
    library: &Library,
    url: ListUrl,
    clock: &LocalClock,
    search_time: Duration,
) -> sqlx::Result<ActiveFilters> {
    let mut active = ActiveFilters { url, ..ActiveFilters::default() };
    active.filter.unread = active.url.unread;
    active.filter.starred = active.url.starred;
    active.filter.archived = active.url.archived;
    if let Some(slug) = active.url.topic.take() {
        match topics::find(library, &slug).await? {
            Some(topic) => active.set_topic(topic),
            None => active
                .problems
                .push(format!("No topic called “{}”, so that filter was ignored.", truncate_for_display(&slug))),
        }
    }
    if let Some(domain) = active.url.source.take() {
        match sources::find(library, &domain).await? {
            Some(source) => active.set_source(source),
            None => active
                .problems
                .push(format!("No articles from “{}”, so that filter was ignored.", truncate_for_display(&domain))),
        }
    }
    if let Some(slug) = active.url.tag.take() {
        match tags::find(library, &slug).await? {
            Some(tag) => active.set_tag(tag),
            None => active
                .problems
                .push(format!("Nothing is tagged “{}”, so that filter was ignored.", truncate_for_display(&slug))),
        }
    }
    if let Some(id) = active.url.feed.take() {
        match feeds::find(library, id.parse().unwrap_or_default()).await? {
            Some(feed) => active.set_feed(&feed),
            None => active
                .problems
                .push(format!("No feed called “{}”, so that filter was ignored.", truncate_for_display(&id))),
        }
    }
    if let Some(id) = active.url.folder.take() {
        match feeds::folders::find(library, id.parse().unwrap_or_default()).await? {
            Some(folder) => active.set_folder(folder),
            None => active
                .problems
                .push(format!("No folder called “{}”, so that filter was ignored.", truncate_for_display(&id))),
        }
    }
    active.set_lanes(lanes::find(library).await?);
    active.set_reason();
    active.set_dates(clock);
    active.set_search(library, clock, search_time).await?;
    active.set_sort(library, clock).await?;
    Ok(active)
}

impl ActiveFilters {
    pub fn set_topic(&mut self, topic: topics::Topic) {
        self.filter.topic = Some(topic.slug.clone());
        self.url.topic = Some(topic.slug);
        self.topic = Some(topic.name);
    }

    pub fn set_source(&mut self, source: sources::Source) {
        self.filter.source_id = Some(source.id);
        self.url.source = Some(source.domain);
        self.source = Some(source.name);
    }

    pub fn set_tag(&mut self, tag: tags::Tag) {
        self.filter.tag_id = Some(tag.id);
        self.url.tag = Some(tag.slug);
        self.tag = Some(tag.name);
    }

    /// The URL names the lanes from here on, so that the links and forms of a list are for what it shows, whatever is chosen
    /// in another window. Without a stream, nothing says anything of lanes.
    fn set_lanes(&mut self, setting: LaneSetting) {
        self.has_lanes = setting.has_stream || self.url.lane == Some(Lanes::Stream);
        self.filter.lanes = self.url.lane.unwrap_or(setting.shown());
        self.url.lane = self.has_lanes.then_some(self.filter.lanes);
    }

    pub fn set_feed(&mut self, feed: &feeds::Feed) {
        self.filter.feed_id = Some(feed.id);
        self.url.feed = Some(feed.id.to_string());
        self.feed = Some(feed.display_name().to_owned());
    }

    pub fn set_folder(&mut self, folder: feeds::folders::Folder) {
        self.filter.folder_id = Some(folder.id);
        self.url.folder = Some(folder.id.to_string());
        self.folder = Some(folder.name);
    }

    fn set_reason(&mut self) {
        let Some(key) = self.url.reason.take() else { return };
        self.reason = reason_words::describe(&key);
        if self.reason.is_some() {
            self.filter.reason = Some(key.clone());
            self.url.reason = Some(key);
        } else {
            let shown = truncate_for_display(&key);
            self.problems.push(format!("“{shown}” isn’t a reason for a topic, so that filter was ignored."));
        }
    }

    fn set_dates(&mut self, clock: &LocalClock) {
        self.since = self.url.since.take().and_then(|typed| self.parse_date(&typed));
        self.until = self.url.until.take().and_then(|typed| self.parse_date(&typed));
        if let (Some(since), Some(until)) = (self.since, self.until)
            && since > until
        {
            (self.since, self.until) = (None, None);
            let (since, until) = (dates::format_date(since), dates::format_date(until));
            self.problems.push(format!("{since} is after {until}, so both dates were ignored."));
        }
        self.filter.since = self.since.and_then(|day| clock.start_of_day(day));
        self.filter.until = self.until.and_then(|day| clock.end_of_day(day));
        self.url.since = self.since.map(|day| day.to_string());
        self.url.until = self.until.map(|day| day.to_string());
    }

    fn parse_date(&mut self, typed: &str) -> Option<Date> {
        let day = Date::strptime("%Y-%m-%d", typed).ok();
        if day.is_none() {
            self.problems.push(format!(
                "“{}” isn’t a date and was ignored. Use the form 2026-11-23.",
                truncate_for_display(typed)
            ));
        }
        day
    }

    async fn set_sort(&mut self, library: &Library, clock: &LocalClock) -> sqlx::Result<()> {
        let start = random_start(clock);
        let typed = self.url.sort.take();
        let chosen = typed.as_deref().and_then(|typed| Sort::parse(typed, start));
        if let Some(typed) = typed.filter(|_| chosen.is_none()) {
            self.problems.push(format!("“{}” isn’t an order, so it was ignored.", truncate_for_display(&typed)));
        }
        let remembered = match (chosen, self.url.sort_key()) {
            (None, Some(list)) => lists::find_sort(library, &list).await?,
            _ => None,
        };
        let remembered = remembered.and_then(|sort| Sort::parse(&sort, start));
        self.sort = chosen.or(remembered).unwrap_or_default().within(&self.filter);
        self.url.sort = match self.sort {
            // The next page and the way back must begin at the same place.
            Sort::Random(start) => Some(format!("random-{start}")),
            sort => chosen.is_some().then(|| sort.as_str().to_owned()),
        };
        Ok(())
    }

    /// Runs the search, so that the list and its counts share one.
    async fn set_search(&mut self, library: &Library, clock: &LocalClock, limit: Duration) -> sqlx::Result<()> {
        let Some(text) = self.url.q.take() else { return Ok(()) };
        let typed = Typed::parse(&text).with_open_end();
        let meaning = query_names::understand(library, &typed, &clock.query_setting()).await?;
        self.query_problems = meaning.problems.iter().map(|problem| QueryProblem::new(&text, problem)).collect();
        let Some(condition) = meaning.condition else {
            let shown = truncate_for_display(&text);
            self.problems.push(format!("“{shown}” has nothing to search for. Enter at least one word."));
            return Ok(());
        };
        if condition.asks(&|part| matches!(part, Condition::In(Place::Kept | Place::Stream))) {
            // The query itself chooses.
            self.filter.lanes = Lanes::Both;
            self.url.lane = self.has_lanes.then_some(Lanes::Both);
        }
        if search::is_indexing(library).await? {
            self.problems.push("The search is being renewed, so older articles may be missing for a while.".to_owned());
        }
        let found = search::find(library, &condition, limit).await?;
        self.is_search_stopped = found.is_none();
        let matches = found.unwrap_or_else(search::Matches::none);
        if matches.is_partial {
            self.problems.push(
                "Only the newest articles were looked through, so older ones may be missing. Add a word, source or tag.".to_owned(),
            );
        }
        self.filter.matches = Some(matches);
        self.url.q = Some(text);
        Ok(())
    }
}

/// Returns where a shuffled list begins: elsewhere each day.
fn random_start(clock: &LocalClock) -> u32 {
    let today = clock.today();
    let number = u32::from(today.year().unsigned_abs()) * 1000 + u32::from(today.day_of_year().unsigned_abs());
    number.wrapping_mul(2_654_435_761)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::*;

    async fn resolve_query(query: &str) -> ActiveFilters {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path(), 1).await.unwrap();
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        resolve(&library, ListUrl::parse(query), &LocalClock::new(now, TimeZone::UTC), search::MAX_TIME).await.unwrap()
    }

    #[tokio::test]
    async fn dates_include_the_whole_first_and_last_day() {
        let active = resolve_query("topic=sport&since=2026-11-01&until=2026-11-02&unread").await;
        let filter = Filter {
            topic: Some("sport".into()),
            unread: true,
            since: Some("2026-11-01T00:00:00Z".parse().unwrap()),
            until: Some("2026-11-03T00:00:00Z".parse().unwrap()),
            ..Filter::default()
        };
        assert_eq!(active.filter, filter);
        assert_eq!(active.topic.as_deref(), Some("Sport"));
        assert!(active.problems.is_empty());
    }

    #[tokio::test]
    async fn a_query_says_what_of_it_was_not_understood_and_where() {
        let active = resolve_query("q=ferry+is:gone+winter").await;
        let [problem] = &active.query_problems[..] else { panic!("{:?}", active.query_problems) };
        assert_eq!((problem.before.as_str(), problem.place.as_str()), ("ferry ", "is:gone"));
        assert!(problem.sentence.starts_with("“is:gone” isn’t known"));
        assert!(active.filter.matches.is_some() && active.problems.is_empty());
    }

    #[tokio::test]
    async fn an_invalid_filter_is_ignored_and_reported() {
        for (query, problem) in [
            ("topic=gossip", "No topic called “gossip”"),
            ("source=nowhere.example", "No articles from “nowhere.example”"),
            ("tag=nothing", "Nothing is tagged “nothing”"),
            ("feed=7", "No feed called “7”"),
            ("folder=7", "No folder called “7”"),
            ("reason=gossip", "“gossip” isn’t a reason"),
            ("since=2026-02-30", "“2026-02-30” isn’t a date"),
            ("until=yesterday", "“yesterday” isn’t a date"),
            ("since=2026-11-02&until=2026-11-01", "2 November 2026 is after 1 November 2026"),
            ("q=--", "“--” has nothing to search for"),
            ("sort=best", "“best” isn’t an order"),
        ] {
            let active = resolve_query(query).await;
            assert_eq!(active.filter, Filter::default(), "{query}");
            assert!(active.url.is_unfiltered(), "{query}");
            assert!(active.problems.len() == 1 && active.problems[0].starts_with(problem), "{:?}", active.problems);
        }
    }
}
