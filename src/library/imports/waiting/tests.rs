use super::*;
use crate::library::imports::{self, ImportState, NewImport};
use crate::library::{Library, test_library};

const NOON: Timestamp = Timestamp::constant(1_795_435_200, 0);

async fn accept(library: &Library, urls: &[&str]) {
    for url in urls {
        let url = Some(url::Url::parse(url).unwrap());
        let input = NewImport { url, snapshot_id: None, file_name: None, replaces_id: None };
        imports::accept(library, &input, NOON).await.unwrap();
    }
}

async fn claim(library: &Library, now: Timestamp) -> Option<Import> {
    let next = imports::find_next(library, &[], now).await.unwrap();
    let claimed = imports::claim_next(library, &[], now).await.unwrap();
    assert_eq!(next.is_some(), claimed.is_some());
    claimed
}

fn busy() -> Failure {
    Failure { code: "status-503".into(), message: "The site has a problem (503). Try again later.".into() }
}

/// Postpones an import that its host has refused, and returns when it runs again.
async fn postpone(library: &Library, import: &Import, asked: Option<i64>, now: Timestamp) -> Option<Timestamp> {
    let asked = asked.map(|seconds| now + SignedDuration::from_secs(seconds));
    let host = import.url.as_deref().and_then(|url| url.split('/').nth(2)).map(str::to_owned);
    let postponed = Postponement::new(import, busy(), (host, asked), now)?;
    imports::postpone(library, import.id, &postponed, now).await.unwrap();
    Some(postponed.next_attempt)
}

fn after(seconds: i64) -> Timestamp {
    NOON + SignedDuration::from_secs(seconds)
}

#[tokio::test]
async fn one_host_has_two_places_and_the_others_go_on() {
    let (library, _folder) = test_library().await;
    accept(&library, &["http://slow.example/1", "http://slow.example/2", "http://slow.example/3"]).await;
    accept(&library, &["http://slow.example/4", "http://quick.example/1"]).await;
    let mut claimed = Vec::new();
    while let Some(import) = claim(&library, NOON).await {
        claimed.push(import.url.unwrap());
    }
    assert_eq!(claimed, ["http://slow.example/1", "http://slow.example/2", "http://quick.example/1"]);
    imports::fail(&library, 1, &busy(), NOON).await.unwrap();
    assert_eq!(claim(&library, NOON).await.unwrap().id, 3, "a place is free again");
}

#[tokio::test]
async fn a_host_that_asks_to_wait_is_left_alone_and_then_goes_on() {
    let (library, _folder) = test_library().await;
    accept(&library, &["http://busy.example/1", "http://busy.example/2", "http://other.example/1"]).await;
    let first = claim(&library, NOON).await.unwrap();
    assert_eq!(postpone(&library, &first, Some(90), NOON).await, Some(after(90)));
    assert_eq!(claim(&library, NOON).await.unwrap().id, 3, "only the other host is asked");
    assert!(claim(&library, after(89)).await.is_none());
    assert_eq!(imports::next_due(&library, NOON).await.unwrap(), Some(after(90)));
    let waiting = imports::find(&library, 1).await.unwrap().unwrap();
    assert_eq!((waiting.waits_until, waiting.postponements, waiting.attempts), (Some(after(90)), 1, 0));
    assert_eq!(waiting.wait_reason, Some(busy()));
    let neighbour = imports::find(&library, 2).await.unwrap().unwrap();
    assert_eq!((neighbour.waits_until, neighbour.wait_reason), (Some(after(90)), None));
    assert_eq!(claim(&library, after(90)).await.unwrap().id, 1);
    assert_eq!(claim(&library, after(90)).await.unwrap().id, 2);
}

#[tokio::test]
async fn a_site_that_does_not_answer_is_asked_more_and_more_rarely_and_for_a_day() {
    let (library, _folder) = test_library().await;
    accept(&library, &["http://down.example/1"]).await;
    let (mut now, mut waits) = (NOON, Vec::new());
    loop {
        let import = claim(&library, now).await.unwrap();
        let Some(next) = postpone(&library, &import, None, now).await else { break };
        waits.push(next.duration_since(now).as_secs());
        now = next;
    }
    assert!(waits.is_sorted() && waits.len() < 15 && waits[0] <= 10, "{waits:?}");
    let day: i64 = waits.iter().sum();
    assert!((18 * 3600..=24 * 3600).contains(&day), "{waits:?}");
}

#[tokio::test]
async fn a_site_that_asks_to_wait_for_days_is_given_up() {
    let (library, _folder) = test_library().await;
    accept(&library, &["http://busy.example/1"]).await;
    let import = claim(&library, NOON).await.unwrap();
    assert_eq!(postpone(&library, &import, Some(3 * 24 * 3600), NOON).await, None);
    assert_eq!(postpone(&library, &import, Some(-7), NOON).await, Some(after(1)), "a date that is past");
}

#[tokio::test]
async fn a_wait_can_be_stopped_or_cut_short() {
    let (library, _folder) = test_library().await;
    accept(&library, &["http://busy.example/1", "http://busy.example/2", "http://other.example/1"]).await;
    let first = claim(&library, NOON).await.unwrap();
    postpone(&library, &first, Some(600), NOON).await;
    assert!(imports::retry(&library, 1, NOON).await.unwrap());
    assert_eq!(claim(&library, NOON).await.unwrap().id, 1, "tried at once, whatever its host has said");
    postpone(&library, &first, Some(600), NOON).await;
    assert!(imports::stop(&library, 1, NOON).await.unwrap());
    let stopped = imports::find(&library, 1).await.unwrap().unwrap();
    let ImportState::Failed { message, code } = stopped.state else { panic!("{stopped:?}") };
    assert_eq!(code, "stopped-by-reader");
    assert!(message.starts_with("You stopped this import. The site has a problem (503)."), "{message}");
    assert!(!imports::stop(&library, 1, NOON).await.unwrap(), "it has ended");
    assert_eq!(imports::stop_all_postponed(&library, NOON).await.unwrap(), 1, "the other one of that host");
    assert_eq!(claim(&library, NOON).await.unwrap().id, 3);
    assert!(imports::retry(&library, 1, NOON).await.unwrap(), "a stopped import can be tried again");
}

#[tokio::test]
async fn very_many_waits_are_stopped_in_several_transactions() {
    let (library, _folder) = test_library().await;
    let urls: Vec<String> = (0..250).map(|number| format!("http://busy.example/{number}")).collect();
    accept(&library, &urls.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let first = claim(&library, NOON).await.unwrap();
    postpone(&library, &first, Some(600), NOON).await;
    assert_eq!(imports::stop_all_postponed(&library, NOON).await.unwrap(), 250);
    assert_eq!(imports::stop_all_postponed(&library, NOON).await.unwrap(), 0);
}

#[tokio::test]
async fn a_page_pasted_while_its_site_is_busy_is_read_at_once() {
    let (library, _folder) = test_library().await;
    accept(&library, &["http://busy.example/1"]).await;
    let import = claim(&library, NOON).await.unwrap();
    postpone(&library, &import, Some(600), NOON).await;
    let url = Some(url::Url::parse("http://busy.example/1").unwrap());
    let pasted = NewImport { url, snapshot_id: Some(7), file_name: None, replaces_id: None };
    imports::accept(&library, &pasted, NOON).await.unwrap();
    assert_eq!(claim(&library, NOON).await.unwrap().snapshot_id, Some(7));
}

#[tokio::test]
async fn a_link_that_waits_and_is_added_again_is_tried_now_unless_its_host_asked_to_wait() {
    let (library, _folder) = test_library().await;
    accept(&library, &["http://down.example/1", "http://busy.example/1"]).await;
    let (down, busy_one) = (claim(&library, NOON).await.unwrap(), claim(&library, NOON).await.unwrap());
    let postponed = Postponement::new(&down, busy(), (None, None), NOON).unwrap();
    imports::postpone(&library, down.id, &postponed, NOON).await.unwrap();
    postpone(&library, &busy_one, Some(600), NOON).await;
    assert!(claim(&library, NOON).await.is_none());
    accept(&library, &["http://down.example/1", "http://busy.example/1"]).await;
    assert_eq!(claim(&library, NOON).await.unwrap().id, down.id);
    assert!(claim(&library, NOON).await.is_none(), "the busy host is left alone");
}

#[tokio::test]
async fn the_host_that_is_asked_is_that_of_the_page_a_link_leads_to() {
    let (library, _folder) = test_library().await;
    accept(&library, &["http://busy.example/1"]).await;
    let wrapped = |number| format!("https://www.google.com/url?sa=t&url=http%3A%2F%2Fbusy.example%2F{number}");
    accept(&library, &[&wrapped(2), "https://www.google.com/url?sa=t&url=http%3A%2F%2Fother.example%2F3"]).await;
    let first = claim(&library, NOON).await.unwrap();
    postpone(&library, &first, Some(600), NOON).await;
    assert_eq!(claim(&library, NOON).await.unwrap().id, 3, "the wrapper is not what is busy");
    assert!(claim(&library, NOON).await.is_none());
}

#[tokio::test]
async fn a_copy_from_the_archive_waits_for_the_archive_and_not_for_its_site() {
    let (library, _folder) = test_library().await;
    accept(&library, &["http://down.example/1", "http://down.example/2"]).await;
    let first = claim(&library, NOON).await.unwrap();
    imports::fail(&library, first.id, &busy(), NOON).await.unwrap();
    let second = claim(&library, NOON).await.unwrap();
    postpone(&library, &second, Some(600), NOON).await;
    assert!(imports::fetch_from_archive(&library, first.id, "archive.example", NOON).await.unwrap());
    let copy = claim(&library, NOON).await.expect("its site is not asked");
    assert!(copy.id == first.id && copy.is_from_archive);
    let pause = Some(("archive.example".to_owned(), after(90)));
    let postponed = Postponement { failure: busy(), next_attempt: after(1), pause };
    imports::postpone(&library, copy.id, &postponed, NOON).await.unwrap();
    assert!(claim(&library, after(89)).await.is_none(), "the archive has asked to wait");
    assert_eq!(claim(&library, after(90)).await.unwrap().id, copy.id);
}

#[tokio::test]
async fn a_failed_copy_is_taken_from_its_site_when_all_are_tried_again() {
    let (library, _folder) = test_library().await;
    for tried_by in ["retry", "retry_all"] {
        accept(&library, &["http://gone.example/1"]).await;
        let import = claim(&library, NOON).await.unwrap();
        imports::fail(&library, import.id, &busy(), NOON).await.unwrap();
        imports::fetch_from_archive(&library, import.id, "archive.example", NOON).await.unwrap();
        let copy = claim(&library, NOON).await.unwrap();
        imports::note_archived(&library, copy.id, jiff::civil::date(2024, 1, 31)).await.unwrap();
        imports::fail(&library, copy.id, &busy(), NOON).await.unwrap();
        let tried = match tried_by {
            "retry" => u64::from(imports::retry(&library, copy.id, NOON).await.unwrap()),
            _ => imports::retry_all(&library, NOON).await.unwrap(),
        };
        let again = claim(&library, NOON).await.unwrap();
        assert_eq!(
            (tried, again.id, again.is_from_archive, again.archived_on),
            (1, copy.id, false, None),
            "{tried_by}"
        );
        imports::fail(&library, again.id, &busy(), NOON).await.unwrap();
    }
}
