//! When a feed is looked at next.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::time::Duration;

use feeds::StatedRhythm;
use feeds::schedule::{Answer, Circumstances, Headers, History, MAX_INTERVAL, MIN_INTERVAL, Next, usual_gap};
use jiff::civil::Weekday;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use url::Url;

const HOUR: u64 = 3600;

fn now() -> Timestamp {
    // A Monday.
    "2026-10-05T08:00:00Z".parse().unwrap()
}

fn after(hours: u64) -> Timestamp {
    now() + SignedDuration::from_hours(hours as i64)
}

/// The times of items that came every so many hours, the newest just now.
fn every(hours: u64) -> Vec<Timestamp> {
    (0..10).map(|count| now() - SignedDuration::from_hours((count * hours) as i64)).collect()
}

/// Returns the seconds until the next look after an answer.
fn wait(answer: Answer, items: &[Timestamp], headers: Headers<'_>, rhythm: &StatedRhythm) -> u64 {
    let circumstances = Circumstances { now: now(), headers, rhythm, item_times: items, listed_span: None, seed: 1 };
    match History::default().note(answer, &circumstances) {
        Next::Look(at) | Next::HostWaits(at) => at.duration_since(now()).as_secs().unsigned_abs(),
        Next::Stop => panic!("stopped"),
    }
}

fn is_about(seconds: u64, expected: u64) -> bool {
    (expected..=expected + expected / 20 + 60).contains(&seconds)
}

#[test]
fn the_interval_follows_the_rhythm() {
    let wait = |items: &[Timestamp]| wait(Answer::Feed, items, Headers::default(), &StatedRhythm::default());
    assert!(is_about(wait(&every(6)), 2 * HOUR));
    assert!(is_about(wait(&every(1)), 20 * 60));
    assert!(is_about(wait(&[now(); 10]), HOUR), "{}", wait(&[now(); 10]));
    assert!(is_about(wait(&every(24 * 30)), 24 * HOUR));
    assert!(is_about(wait(&[]), HOUR));
    // A daily feed that is silent for a week is asked less often.
    let silent: Vec<Timestamp> = every(24).iter().map(|time| *time - SignedDuration::from_hours(24 * 7)).collect();
    assert!(is_about(wait(&silent), 14 * HOUR));
}

#[test]
fn feeds_and_servers_may_ask_for_more_time_but_not_for_years() {
    let rhythm = |seconds| StatedRhythm { ttl: Some(Duration::from_secs(seconds)), ..StatedRhythm::default() };
    let look = |headers, rhythm: &StatedRhythm| wait(Answer::NotModified, &every(6), headers, rhythm);
    let control = |text| Headers { cache_control: Some(text), ..Headers::default() };
    assert!(is_about(look(control("max-age=18000"), &rhythm(0)), 5 * HOUR));
    assert!(is_about(look(control("max-age=60"), &rhythm(60)), 2 * HOUR));
    assert!(is_about(look(Headers::default(), &rhythm(4 * HOUR)), 4 * HOUR));
    assert!(is_about(look(control("max-age=315360000"), &rhythm(0)), 24 * HOUR));
    let retry = Headers { retry_after: Some("864000"), ..Headers::default() };
    assert!(is_about(look(retry, &rhythm(0)), 10 * 24 * HOUR));
}

#[test]
fn a_wish_to_be_left_alone_loses_no_items() {
    let rhythm = StatedRhythm { ttl: Some(MAX_INTERVAL), ..StatedRhythm::default() };
    let circumstances = Circumstances {
        now: now(),
        headers: Headers::default(),
        rhythm: &rhythm,
        item_times: &every(1),
        listed_span: Some(Duration::from_secs(10 * HOUR)),
        seed: 1,
    };
    let Next::Look(at) = History::default().note(Answer::Feed, &circumstances) else { panic!() };
    assert!(at <= after(6), "{at}");
    // Where all items have the same date, nobody knows how fast they go.
    let alike = Circumstances { listed_span: Some(Duration::ZERO), ..circumstances };
    let Next::Look(at) = History::default().note(Answer::Feed, &alike) else { panic!() };
    assert!(at >= after(23), "{at}");
}

#[test]
fn quiet_hours_and_days_are_kept_in_utc() {
    let rhythm = StatedRhythm {
        skip_hours: (8..24).collect(),
        skip_days: vec![Weekday::Tuesday, Weekday::Wednesday],
        ..StatedRhythm::default()
    };
    let seconds = wait(Answer::Feed, &every(6), Headers::default(), &rhythm);
    let at = Offset::UTC.to_datetime(now() + SignedDuration::from_secs(seconds as i64));
    assert_eq!((at.weekday(), at.hour()), (Weekday::Thursday, 0));
    // One that is never to be asked means nothing by it.
    let never = StatedRhythm { skip_hours: (0..24).collect(), ..StatedRhythm::default() };
    assert!(is_about(wait(Answer::Feed, &every(6), Headers::default(), &never), 2 * HOUR));
}

#[test]
fn errors_wait_longer_each_time_and_a_success_forgets_them() {
    let (mut history, rhythm, items) = (History::default(), StatedRhythm::default(), every(6));
    let mut at = now();
    let mut waits = Vec::new();
    for _ in 0..8 {
        let circumstances = Circumstances {
            now: at,
            headers: Headers::default(),
            rhythm: &rhythm,
            item_times: &items,
            listed_span: None,
            seed: 3,
        };
        let Next::Look(next) = history.note(Answer::NotFound, &circumstances) else { panic!() };
        waits.push(next.duration_since(at).as_secs() / 3600);
        at = next;
    }
    assert!(waits.is_sorted() && waits[0] == 1 && waits[7] == 20, "{waits:?}");
    let circumstances = Circumstances {
        now: at,
        headers: Headers::default(),
        rhythm: &rhythm,
        item_times: &items,
        listed_span: None,
        seed: 3,
    };
    history.note(Answer::Feed, &circumstances);
    assert_eq!(history, History::default());
}

#[test]
fn a_feed_that_lists_little_is_asked_again_before_that_is_gone_unless_it_goes_on_failing() {
    let rhythm = StatedRhythm::default();
    let mut history = History::default();
    let mut fail = |hours: u64| {
        let circumstances = Circumstances {
            now: now(),
            headers: Headers::default(),
            rhythm: &rhythm,
            item_times: &every(1),
            listed_span: Some(Duration::from_secs(hours * HOUR)),
            seed: 1,
        };
        match history.note(Answer::NotFound, &circumstances) {
            Next::Look(at) => at.duration_since(now()).as_secs().unsigned_abs(),
            other => panic!("{other:?}"),
        }
    };
    for failure in 1..=12 {
        let seconds = fail(6);
        assert!(seconds <= 3 * HOUR + 10 * 60, "failure {failure}: {seconds}");
        assert!(seconds >= HOUR);
    }
    assert!(is_about(fail(6), 20 * HOUR), "it has failed for more than a day");
    // One that lists months may wait as before.
    let mut history = History { failures: 4, ..History::default() };
    let months = Circumstances {
        now: now(),
        headers: Headers::default(),
        rhythm: &rhythm,
        item_times: &every(24),
        listed_span: Some(Duration::from_secs(2_000 * HOUR)),
        seed: 1,
    };
    let Next::Look(at) = history.note(Answer::NotFound, &months) else { panic!("stopped") };
    assert!(is_about(at.duration_since(now()).as_secs().unsigned_abs(), 16 * HOUR));
}

#[test]
fn only_a_feed_that_is_gone_for_a_day_stops() {
    let (mut history, rhythm) = (History::default(), StatedRhythm::default());
    let mut note = |answer, hours| {
        let circumstances = Circumstances {
            now: after(hours),
            headers: Headers::default(),
            rhythm: &rhythm,
            item_times: &[],
            listed_span: None,
            seed: 3,
        };
        history.note(answer, &circumstances)
    };
    assert_ne!(note(Answer::Gone, 0), Next::Stop);
    assert_ne!(note(Answer::Gone, 23), Next::Stop);
    assert_ne!(note(Answer::Feed, 30), Next::Stop);
    assert_ne!(note(Answer::Gone, 40), Next::Stop);
    assert_ne!(note(Answer::NotFound, 70), Next::Stop);
    assert_eq!(note(Answer::Gone, 80), Next::Stop);
}

#[test]
fn a_host_that_asks_to_wait_is_not_an_error_of_its_feed() {
    let rhythm = StatedRhythm::default();
    let headers = Headers { rate_limit_reset: Some("7200"), ..Headers::default() };
    let circumstances =
        Circumstances { now: now(), headers, rhythm: &rhythm, item_times: &[], listed_span: None, seed: 3 };
    let mut history = History::default();
    let Next::HostWaits(until) = history.note(Answer::TooManyRequests, &circumstances) else { panic!() };
    assert!(until >= after(2) && until < after(3));
    assert_eq!(history.failures, 0);
    let circumstances = Circumstances { headers: Headers::default(), ..circumstances };
    let Next::HostWaits(until) = history.note(Answer::TooManyRequests, &circumstances) else { panic!() };
    assert!(until >= after(2), "the second time without a header, it waits longer");
    assert!(matches!(history.note(Answer::Unavailable, &circumstances), Next::Look(_)));
}

#[test]
fn a_feed_that_never_has_news_is_asked_afresh_once_in_eight_days() {
    let (mut history, rhythm, day) = (History::default(), StatedRhythm::default(), Some(MAX_INTERVAL));
    let circumstances = Circumstances {
        now: now(),
        headers: Headers::default(),
        rhythm: &rhythm,
        item_times: &[],
        listed_span: None,
        seed: 3,
    };
    assert!(!history.should_ask_afresh(after(1000), day, false));
    history.note(Answer::NotModified, &circumstances);
    assert!(!history.should_ask_afresh(after(8 * 24 - 1), day, false));
    assert!(history.should_ask_afresh(after(8 * 24), day, false));
    assert!(!history.should_ask_afresh(after(8 * 24), day, true));
    assert!(!history.should_ask_afresh(after(8 * 24), None, false));
    assert!(!history.should_ask_afresh(after(8 * 24), Some(MAX_INTERVAL * 7), false));
    history.asked_afresh = Some(after(8 * 24));
    assert!(!history.should_ask_afresh(after(15 * 24), day, false));
}

#[test]
fn a_new_address_is_taken_over_after_three_answers_in_two_days() {
    let (target, other) =
        (Url::parse("https://new.example.org/f").unwrap(), Url::parse("https://x.example.org/").unwrap());
    let mut history = History::default();
    assert_eq!(history.note_move(&target, after(0)), None);
    assert_eq!(history.note_move(&target, after(20)), None);
    assert_eq!(history.note_move(&other, after(40)), None, "another place begins anew");
    assert_eq!(history.note_move(&target, after(60)), None);
    assert_eq!(history.note_move(&target, after(70)), None);
    assert_eq!(history.note_move(&target, after(100)), None);
    assert_eq!(history.note_move(&target, after(108)), Some(target));
}

proptest! {
    #[test]
    fn the_next_look_is_neither_at_once_nor_never(
        times in prop::collection::vec(-4_000_000_000_i64..4_000_000_000, 0..20), ttl in any::<u64>(), span in any::<u32>(),
        texts in prop::collection::vec(prop::option::of("[a-zA-Z0-9=,:. -]{0,30}"), 4), seed in any::<u64>(), answer in 0..3_usize,
    ) {
        let items: Vec<Timestamp> = times.iter().map(|time| Timestamp::from_second(*time).unwrap()).collect();
        let rhythm = StatedRhythm { ttl: Some(Duration::from_secs(ttl)), ..StatedRhythm::default() };
        let text = |at: usize| texts[at].as_deref();
        let headers = Headers { cache_control: text(0), expires: text(1), retry_after: text(2), rate_limit_reset: text(3) };
        let circumstances = Circumstances { now: now(), headers, rhythm: &rhythm, item_times: &items, listed_span: Some(Duration::from_secs(span.into())), seed };
        let answer = [Answer::Feed, Answer::TooManyRequests, Answer::Unavailable][answer];
        match History::default().note(answer, &circumstances) {
            Next::Look(at) | Next::HostWaits(at) => {
                let wait = at.duration_since(now()).unsigned_abs();
                prop_assert!(wait >= MIN_INTERVAL && wait < Duration::from_secs(31 * 86_400), "{wait:?}");
            }
            Next::Stop => prop_assert!(false),
        }
        usual_gap(&items);
    }
}
