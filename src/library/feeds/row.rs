//! Rows of the table `feed`, and its JSON columns.

use std::time::Duration;

use feeds::StatedRhythm;
use feeds::schedule::{History, Move};
use jiff::Timestamp;
use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::library::feeds::Keep;
use crate::library::feeds::{Feed, FeedSettings, LookError, NamedBy, TextFrom, Validators};

/// Paused until the reader says otherwise: the last second that a timestamp has.
pub(super) fn pause_column(until: Option<Timestamp>) -> Option<i64> {
    until.map(Timestamp::as_second)
}

/// A row, as it stands in the table.
pub(super) struct Row {
    pub id: i64,
    pub url: String,
    pub site_url: Option<String>,
    pub title: String,
    pub name: Option<String>,
    pub named_by: String,
    pub followed_at: i64,
    pub unfollowed_at: Option<i64>,
    pub paused_until: Option<i64>,
    pub newest: Option<i64>,
    pub never_unread: bool,
    pub text_choice: Option<String>,
    pub keep_kind: Option<String>,
    pub keep_count: Option<i64>,
    pub links: Option<String>,
    pub declared_feed: Option<String>,
    pub known_feed: Option<String>,
    pub measured_text: Option<String>,
    pub measured_at: Option<i64>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub validators_url: Option<String>,
    pub guid: Option<String>,
    pub self_url: Option<String>,
    pub rhythm: String,
    pub history: String,
    pub listed_span: Option<i64>,
    pub body_hash: Option<i64>,
    pub problems: String,
    pub error_code: Option<String>,
    pub error_message: Option<String>,
    pub moved_from: Option<String>,
    pub moved_at: Option<i64>,
    pub next_look_at: Option<i64>,
    pub looked_at: Option<i64>,
    pub succeeded_at: Option<i64>,
    pub new_item_at: Option<i64>,
    pub articles: i64,
    pub unread: i64,
}

/// Selects rows of feeds; the rest of the statement follows.
macro_rules! feed_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"SELECT f.id AS "id!", f.url AS "url!", f.site_url, f.title AS "title!", f.name, f.named_by AS "named_by!",
                      f.followed_at AS "followed_at!", f.unfollowed_at, f.paused_until, f.newest,
                      f.never_unread AS "never_unread!: bool", f.text_choice, f.keep_kind, f.keep_count, f.links, f.declared_feed,
                      f.known_feed, f.measured_text, f.measured_at, f.etag,
                      f.last_modified, f.validators_url, f.guid, f.self_url, f.rhythm AS "rhythm!",
                      f.history AS "history!", f.listed_span, f.body_hash, f.problems AS "problems!", f.error_code,
                      f.error_message, f.moved_from, f.moved_at, f.next_look_at, f.looked_at, f.succeeded_at, f.new_item_at,
                      f.articles AS "articles!", f.unread AS "unread!" "# + $rest $(, $argument)*
        )
    };
}
pub(super) use feed_rows;

impl From<Row> for Option<Feed> {
    /// `None` if its address or its list of links is none: the row is damaged.
    fn from(row: Row) -> Self {
        let url = |text: Option<String>| text.and_then(|text| Url::parse(&text).ok());
        let text_from = |word: Option<String>| word.as_deref().and_then(TextFrom::parse);
        let (measured, measured_at) = (text_from(row.measured_text), time(row.measured_at));
        Some(Feed {
            id: row.id,
            url: Url::parse(&row.url).ok()?,
            site_url: url(row.site_url),
            title: row.title,
            named_by: if row.named_by == "reader" { NamedBy::Reader } else { NamedBy::File },
            followed_at: time(Some(row.followed_at)).unwrap_or_default(),
            unfollowed_at: time(row.unfollowed_at),
            settings: FeedSettings {
                name: row.name,
                paused_until: time(row.paused_until),
                newest: row.newest.and_then(|count| u32::try_from(count).ok()),
                never_unread: row.never_unread,
                text_from: text_from(row.text_choice),
                keep: Keep::from_columns(row.keep_kind.as_deref(), row.keep_count),
                links: match row.links {
                    Some(links) => Some(links.parse().ok()?),
                    None => None,
                },
            },
            measured_text: measured.zip(measured_at),
            validators: row.validators_url.map(|url| Validators {
                url,
                etag: row.etag,
                last_modified: row.last_modified,
            }),
            guid: row.guid,
            self_url: url(row.self_url),
            rhythm: read_rhythm(&row.rhythm),
            history: read_history(&row.history),
            listed_span: row.listed_span.and_then(|span| u64::try_from(span).ok()),
            body_hash: row.body_hash,
            problems: serde_json::from_str(&row.problems).unwrap_or_default(),
            error: row.error_code.zip(row.error_message).map(|(code, message)| LookError { code, message }),
            moved: row.moved_from.zip(time(row.moved_at)),
            declared_feed: url(row.declared_feed),
            known_feed: url(row.known_feed),
            next_look_at: time(row.next_look_at),
            looked_at: time(row.looked_at),
            succeeded_at: time(row.succeeded_at),
            new_item_at: time(row.new_item_at),
            articles: row.articles,
            unread: row.unread,
        })
    }
}

fn time(seconds: Option<i64>) -> Option<Timestamp> {
    seconds.and_then(|seconds| Timestamp::from_second(seconds).ok())
}

/// The column `rhythm`. Durations are in seconds; days are counted from Monday, which is 1.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct StoredRhythm {
    ttl: Option<u64>,
    update_interval: Option<u64>,
    skip_hours: Vec<i8>,
    skip_days: Vec<i8>,
}

pub(super) fn write_rhythm(rhythm: &StatedRhythm) -> String {
    let stored = StoredRhythm {
        ttl: rhythm.ttl.map(|ttl| ttl.as_secs()),
        update_interval: rhythm.update_interval.map(|interval| interval.as_secs()),
        skip_hours: rhythm.skip_hours.clone(),
        skip_days: rhythm.skip_days.iter().map(|day| day.to_monday_one_offset()).collect(),
    };
    serde_json::json!(stored).to_string()
}

fn read_rhythm(json: &str) -> StatedRhythm {
    let stored: StoredRhythm = serde_json::from_str(json).unwrap_or_default();
    StatedRhythm {
        ttl: stored.ttl.map(Duration::from_secs),
        update_interval: stored.update_interval.map(Duration::from_secs),
        skip_hours: stored.skip_hours,
        skip_days: stored.skip_days.iter().filter_map(|day| Weekday::from_monday_one_offset(*day).ok()).collect(),
    }
}

/// The column `history`. Times are Unix seconds.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct StoredHistory {
    failures: u32,
    refusals: u32,
    misses: u32,
    gone_since: Option<i64>,
    unmodified_since: Option<i64>,
    asked_afresh: Option<i64>,
    moved_to: Option<String>,
    moved_answers: u32,
    moved_since: i64,
}

pub(super) fn write_history(history: &History) -> String {
    let seconds = |time: Option<Timestamp>| time.map(Timestamp::as_second);
    let moved = history.moved.as_ref();
    let stored = StoredHistory {
        failures: history.failures,
        refusals: history.refusals,
        misses: history.misses,
        gone_since: seconds(history.gone_since),
        unmodified_since: seconds(history.unmodified_since),
        asked_afresh: seconds(history.asked_afresh),
        moved_to: moved.map(|moved| moved.target.to_string()),
        moved_answers: moved.map(|moved| moved.answers).unwrap_or_default(),
        moved_since: moved.map(|moved| moved.since.as_second()).unwrap_or_default(),
    };
    serde_json::json!(stored).to_string()
}

fn read_history(json: &str) -> History {
    let stored: StoredHistory = serde_json::from_str(json).unwrap_or_default();
    let target = stored.moved_to.and_then(|url| Url::parse(&url).ok());
    History {
        failures: stored.failures,
        refusals: stored.refusals,
        misses: stored.misses,
        gone_since: time(stored.gone_since),
        unmodified_since: time(stored.unmodified_since),
        asked_afresh: time(stored.asked_afresh),
        moved: target.map(|target| Move {
            target,
            answers: stored.moved_answers,
            since: time(Some(stored.moved_since)).unwrap_or_default(),
        }),
    }
}
