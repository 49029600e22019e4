//! Documents in whatever state they are served, read twice through the whole app.

use serde_json::Value;

use crate::cases::{self, Case, texts};
use crate::origin::Answer;
use crate::rss_shorthand::{hours, time};
use crate::support::set_clock;
use crate::world::{World, with_own_texts};

#[tokio::test]
async fn each_item_of_a_document_becomes_one_article_and_nothing_else_is_asked() {
    let mut failures = Vec::new();
    for case in cases::read("feeds") {
        failures.extend(check(&case).await.map(|it| format!("{}: {it}", case.name)));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

async fn check(case: &Case) -> Option<String> {
    let expected = &case.expected;
    let text = |key: &str| expected[key].as_str().map(str::to_owned);
    let url = text("url").unwrap().replace("https://", "http://");
    let status = expected["status"].as_u64().map_or(200, |status| u16::try_from(status).unwrap());
    let mut answer = Answer::new(status, case.bytes.clone());
    for (header, key) in [("content-type", "content_type"), ("content-encoding", "content_encoding")] {
        answer = text(key).into_iter().fold(answer, |answer, value| answer.with(header, value));
    }
    let served = url.clone();
    let world =
        World::start(move |asked, _| if asked.url == served { answer.clone() } else { Answer::new(404, "") }).await;
    if let Some(at) = text("fetched_at") {
        set_clock(at.parse().unwrap_or_else(|_| time(hours("1h"))));
    }
    let feed = world.follow(&url, with_own_texts()).await;
    world.look().await;
    let first = world.items(feed).await;
    world.run_hours(50).await;
    let second = world.items(feed).await;
    let asked = world.origin.asked();
    if second.len() != first.len() {
        return Some(format!("new at the second look: {second:#?}"));
    }
    let forbidden = texts(expected, "requests_must_not");
    if asked.iter().any(|it| it.url != url || forbidden.contains(&it.url.as_str())) || asked.len() < 2 {
        return Some(format!("asked {asked:#?}"));
    }
    check_count(expected, first.len())
}

fn check_count(expected: &Value, found: usize) -> Option<String> {
    let items = expected["items"].as_array().map_or(0, Vec::len);
    let is_fine = match (expected["parse"].as_str(), expected["articles"].as_u64()) {
        (Some("not_a_feed"), _) => found == 0,
        (_, Some(articles)) => found as u64 == articles,
        _ if expected["items_exact"] == true => found == items,
        _ => found >= items,
    };
    (!is_fine).then(|| format!("{found} articles of {items} items"))
}
