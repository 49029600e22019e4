//! What the program has done since it started, for monitoring programs. Counts alone: no names, links or titles.

use std::sync::Arc;
use std::time::Duration;

use feeds::schedule::Answer;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Bounds of the times of requests, in seconds: from pages as they should be to those that readers would give up on.
const REQUEST_SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];

/// Counters, by the value of their only label.
type Counters = Family<[(&'static str, &'static str); 1], Counter>;

/// The counters of the program. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Metrics {
    requests: Counters,
    request_seconds: Arc<Histogram>,
    imports: Counters,
    feed_looks: Counters,
    new_items: Arc<Counter>,
}

/// How an import ended, or that it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportEnd {
    /// With an article.
    Article,
    /// With an article that was there already.
    Known,
    /// It failed.
    Failed,
    /// It waits for its site or for room on the disk.
    Waits,
    /// Nobody asks for it any more.
    Unwanted,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            requests: Counters::default(),
            request_seconds: Arc::new(Histogram::new(REQUEST_SECONDS)),
            imports: Counters::default(),
            feed_looks: Counters::default(),
            new_items: Arc::default(),
        }
    }
}

impl Metrics {
    /// Counts a request that was answered with this status.
    pub fn count_request(&self, status: u16, took: Duration) {
        let class = match status {
            200..=299 => "2xx",
            300..=399 => "3xx",
            400..=499 => "4xx",
            _ => "5xx",
        };
        self.requests.get_or_create(&[("status", class)]).inc();
        self.request_seconds.observe(took.as_secs_f64());
    }

    /// Counts an import that has been tried.
    pub fn count_import(&self, end: ImportEnd) {
        let outcome = match end {
            ImportEnd::Article => "article",
            ImportEnd::Known => "known",
            ImportEnd::Failed => "failed",
            ImportEnd::Waits => "waits",
            ImportEnd::Unwanted => "unwanted",
        };
        self.imports.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// Counts a look at a feed, and the items that were new.
    pub fn count_feed_look(&self, answer: Answer, new_items: usize) {
        let answer = match answer {
            Answer::Feed => "feed",
            Answer::NotModified => "not_modified",
            Answer::NotFound => "not_found",
            Answer::Gone => "gone",
            Answer::TooManyRequests => "too_many_requests",
            Answer::Unavailable => "unavailable",
            Answer::Refused => "refused",
            Answer::NotThisFeed => "not_this_feed",
            Answer::NoList => "no_list",
        };
        self.feed_looks.get_or_create(&[("answer", answer)]).inc();
        self.new_items.inc_by(u64::try_from(new_items).unwrap_or(u64::MAX));
    }

    /// Adds the counters to what is reported.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("requests", "Requests, by the class of their status", self.requests.clone());
        registry.register("request_seconds", "How long requests took", self.request_seconds.as_ref().clone());
        registry.register("imports", "Imports that were tried, by outcome", self.imports.clone());
        registry.register("feed_looks", "Looks at feeds, by answer", self.feed_looks.clone());
        registry.register("feed_items", "Items of feeds that were new", self.new_items.as_ref().clone());
    }
}
