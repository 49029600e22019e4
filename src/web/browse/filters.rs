//! From what an address asks for to what the library is asked: words become numbers, days become times, and what makes no
//! sense becomes a sentence instead of an error.

use jiff::civil::Date;

use crate::library::Library;
use crate::library::articles::lists::Filter;
use crate::library::tags::truncate_for_display;
use crate::library::{search, sources, tags, topics};
use crate::web::browse::list_url::ListUrl;
use crate::web::shell::dates::{self, Present};

/// What an address asks for, understood.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    /// As the library is asked.
    pub filter: Filter,
    /// The address without what could not be understood.
    pub url: ListUrl,
    /// The name of the topic.
    pub topic: Option<String>,
    /// The reader made that topic.
    pub topic_is_own: bool,
    /// The name of the source.
    pub source: Option<String>,
    /// The name of the tag.
    pub tag: Option<String>,
    /// First day.
    pub since: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// What could not be understood, in sentences.
    pub problems: Vec<String>,
}

/// Understands an address. What cannot be understood is left out of the filter and told.
///
/// # Errors
/// The database fails.
pub(crate) async fn understand(library: &Library, url: ListUrl, present: &Present) -> sqlx::Result<Chosen> {
    let mut chosen = Chosen { url, ..Chosen::default() };
    chosen.filter.unread = chosen.url.unread;
    chosen.filter.starred = chosen.url.starred;
    chosen.filter.archived = chosen.url.archived;
    if let Some(slug) = chosen.url.topic.take() {
        match topics::find(library, &slug).await? {
            Some(topic) => chosen.choose_topic(topic),
            None => chosen
                .problems
                .push(format!("No topic called “{}”, so that filter was ignored.", truncate_for_display(&slug))),
        }
    }
    if let Some(domain) = chosen.url.source.take() {
        match sources::find(library, &domain).await? {
            Some(source) => chosen.choose_source(source),
            None => chosen
                .problems
                .push(format!("No articles from “{}”, so that filter was ignored.", truncate_for_display(&domain))),
        }
    }
    if let Some(slug) = chosen.url.tag.take() {
        match tags::find(library, &slug).await? {
            Some(tag) => chosen.choose_tag(tag),
            None => chosen
                .problems
                .push(format!("Nothing is tagged “{}”, so that filter was ignored.", truncate_for_display(&slug))),
        }
    }
    chosen.choose_days(present);
    chosen.choose_words();
    Ok(chosen)
}

impl Chosen {
    pub fn choose_topic(&mut self, topic: topics::Topic) {
        self.filter.topic = Some(topic.slug.clone());
        self.url.topic = Some(topic.slug);
        self.topic = Some(topic.name);
        self.topic_is_own = topic.is_custom;
    }

    pub fn choose_source(&mut self, source: sources::Source) {
        self.filter.source_id = Some(source.id);
        self.url.source = Some(source.domain);
        self.source = Some(source.name);
    }

    pub fn choose_tag(&mut self, tag: tags::Tag) {
        self.filter.tag_id = Some(tag.id);
        self.url.tag = Some(tag.slug);
        self.tag = Some(tag.name);
    }

    fn choose_days(&mut self, present: &Present) {
        self.since = self.url.since.take().and_then(|typed| self.day(&typed));
        self.until = self.url.until.take().and_then(|typed| self.day(&typed));
        if let (Some(since), Some(until)) = (self.since, self.until)
            && since > until
        {
            (self.since, self.until) = (None, None);
            let (since, until) = (dates::in_full(since), dates::in_full(until));
            self.problems.push(format!("{since} is after {until}, so both dates were ignored."));
        }
        self.filter.since = self.since.and_then(|day| present.beginning_of(day));
        self.filter.until = self.until.and_then(|day| present.end_of(day));
        self.url.since = self.since.map(|day| day.to_string());
        self.url.until = self.until.map(|day| day.to_string());
    }

    fn day(&mut self, typed: &str) -> Option<Date> {
        let day = Date::strptime("%Y-%m-%d", typed).ok();
        if day.is_none() {
            self.problems.push(format!(
                "“{}” isn’t a date and was ignored. Use the form 2026-11-23.",
                truncate_for_display(typed)
            ));
        }
        day
    }

    fn choose_words(&mut self) {
        let Some(typed) = self.url.q.take() else { return };
        self.filter.fts_query = search::build_fts_query(&typed);
        if self.filter.fts_query.is_some() {
            self.url.q = Some(typed);
        } else {
            self.problems.push(format!(
                "“{}” has nothing to search for. Enter at least one word to include.",
                truncate_for_display(&typed)
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::*;

    async fn understood(query: &str) -> Chosen {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path(), 1).await.unwrap();
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        understand(&library, ListUrl::parse(query), &Present::new(now, TimeZone::UTC)).await.unwrap()
    }

    #[tokio::test]
    async fn days_hold_from_their_first_to_their_last_moment() {
        let chosen = understood("topic=sport&since=2026-11-01&until=2026-11-02&unread").await;
        let filter = Filter {
            topic: Some("sport".into()),
            unread: true,
            since: Some("2026-11-01T00:00:00Z".parse().unwrap()),
            until: Some("2026-11-03T00:00:00Z".parse().unwrap()),
            ..Filter::default()
        };
        assert_eq!(chosen.filter, filter);
        assert_eq!(chosen.topic.as_deref(), Some("Sport"));
        assert!(chosen.problems.is_empty());
    }

    #[tokio::test]
    async fn what_makes_no_sense_is_told_and_left_out() {
        for (query, said) in [
            ("topic=gossip", "No topic called “gossip”"),
            ("source=nowhere.example", "No articles from “nowhere.example”"),
            ("tag=nothing", "Nothing is tagged “nothing”"),
            ("since=2026-02-30", "“2026-02-30” isn’t a date"),
            ("until=yesterday", "“yesterday” isn’t a date"),
            ("since=2026-11-02&until=2026-11-01", "2 November 2026 is after 1 November 2026"),
            ("q=--", "“--” has nothing to search for"),
        ] {
            let chosen = understood(query).await;
            assert_eq!(chosen.filter, Filter::default(), "{query}");
            assert!(chosen.url.is_everything(), "{query}");
            assert!(chosen.problems.len() == 1 && chosen.problems[0].starts_with(said), "{:?}", chosen.problems);
        }
    }
}
