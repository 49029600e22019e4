//! What decides which story comes first. A story weighs the sum of
//!
//! | part | weight | from |
//! |---|---|---|
//! | reach | log2(1 + sources) | how many sources tell it; one that told it on an earlier day counts half as much per two days |
//! | rarity | √(2 / articles a month), at most 1 | the rarest of its sources: who writes twice a month is not drowned by forty a day |
//! | freshness | 0 to 0.5 | how late it came, from the first to the last moment of the edition |
//! | topic | 0.4 if pinned, and up to 0.6 | the share of the topic's articles that the reader keeps |
//! | form | −0.5 | no date, or no article, such as a list of links |
//!
//! and −0.3 for each story of the same source that is in the edition already. Nothing depends on the current time, so
//! an edition keeps its order from one view to the next, and nothing on whether articles are read.

use crate::library::articles::editions::Day;
use crate::library::articles::editions::material::{Candidate, Pace, TopicInterest};

const DAY_SECONDS: f64 = 86_400.0;

/// What each further story of the same source loses.
const REPETITION: f64 = 0.3;

/// Weight of one source of a story, by when it last told it.
pub(super) fn weigh_source(told_at: i64, day: &Day) -> f64 {
    let days_before = to_f64((day.starts_at - told_at).max(0)) / DAY_SECONDS;
    0.5_f64.powf(days_before / 2.0)
}

/// Weight of how many sources tell a story: the sum of [`weigh_source`].
pub(super) fn weigh_reach(sources: f64) -> f64 {
    (1.0 + sources).log2()
}

/// Weight of a source that writes seldom.
pub(super) fn weigh_rarity(pace: Option<&Pace>, day: &Day) -> f64 {
    let Some(pace) = pace else { return 1.0 };
    let months = (to_f64(day.ends_at - pace.since) / DAY_SECONDS / 30.0).max(1.0 / 30.0);
    // Whoever wrote less than ten articles so far may be new here, so those count as a month's.
    let months = if pace.articles < Pace::MOST { months.max(1.0) } else { months };
    (2.0 / (to_f64(pace.articles) / months).max(2.0)).sqrt()
}

/// Weight of when a story came.
pub(super) fn weigh_freshness(sorted_at: i64, day: &Day) -> f64 {
    let length = to_f64((day.ends_at - day.published_from).max(1));
    (to_f64(sorted_at - day.published_from) / length).clamp(0.0, 1.0) / 2.0
}

/// Weight of what the story is about.
pub(super) fn weigh_topic(topic: Option<&TopicInterest>) -> f64 {
    let Some(topic) = topic else { return 0.0 };
    let share = (to_f64(topic.kept) + 1.0) / (to_f64(topic.articles) + 2.0);
    0.6 * share.min(1.0) + if topic.is_pinned { 0.4 } else { 0.0 }
}

/// What is hardly news weighs less.
pub(super) const fn weigh_form(candidate: &Candidate) -> f64 {
    if candidate.is_article && candidate.is_dated { 0.0 } else { -0.5 }
}

/// Weight of a story of a source of which so many are in the edition.
pub(super) fn weigh_repetition(earlier: usize) -> f64 {
    -REPETITION * f64::from(u32::try_from(earlier).unwrap_or(u32::MAX))
}

/// Seconds and counts here are far below the 2⁵³ that fit exactly.
#[expect(clippy::cast_precision_loss, reason = "far below 2⁵³")]
const fn to_f64(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Day =
        Day { starts_at: 864_000, ends_at: 950_400, arrived_from: 864_000, published_from: 777_600, fill_to: 0 };

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn a_source_of_an_earlier_day_counts_half_per_two_days() {
        assert!(close(weigh_source(DAY.starts_at + 5, &DAY), 1.0));
        assert!(close(weigh_source(DAY.starts_at - 2 * 86_400, &DAY), 0.5));
        assert!(close(weigh_source(DAY.starts_at - 4 * 86_400, &DAY), 0.25));
        assert!(close(weigh_reach(1.0), 1.0) && close(weigh_reach(3.0), 2.0) && close(weigh_reach(7.0), 3.0));
    }

    #[test]
    fn who_writes_twice_a_month_weighs_more_than_who_writes_forty_a_day() {
        let rarity = |articles, days: i64| {
            weigh_rarity(Some(&Pace { source: 1, articles, since: DAY.ends_at - days * 86_400 }), &DAY)
        };
        assert!(close(rarity(10, 150), 1.0), "twice a month");
        assert!((0.15..0.3).contains(&rarity(10, 7)), "{}", rarity(10, 7));
        assert!(rarity(10, 0) < 0.1);
        assert!(rarity(3, 1) > 0.8, "three articles ever");
        assert!(close(weigh_rarity(None, &DAY), 1.0));
    }

    #[test]
    fn later_articles_pinned_topics_and_what_is_kept_weigh_more() {
        assert!(close(weigh_freshness(DAY.ends_at, &DAY), 0.5) && close(weigh_freshness(0, &DAY), 0.0));
        let topic = |kept, articles, is_pinned| {
            weigh_topic(Some(&TopicInterest { slug: "sport".into(), is_pinned, kept, articles }))
        };
        assert!(topic(0, 0, true) > topic(0, 0, false));
        assert!(topic(90, 100, false) > topic(10, 100, false));
        assert!(close(weigh_topic(None), 0.0));
        assert!(weigh_repetition(2) < weigh_repetition(1) && close(weigh_repetition(0), 0.0));
    }
}
