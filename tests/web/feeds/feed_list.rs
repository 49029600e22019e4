//! The list of feeds, and how each is doing.

use broadsheet::library::feeds::folders;
use broadsheet::library::feeds::{self, FeedSettings, NamedBy, NewFeed};
use jiff::SignedDuration;

use crate::feeds::site::{FEED, app_with_site, feed_of, follow_and_read, run_jobs};
use crate::mock_web::{MockResponse, MockWeb};
use crate::support::{TestApp, advance_clock, now};

async fn follow(app: &TestApp, url: &str, title: &str) -> i64 {
    let settings = FeedSettings { text_from: Some(feeds::TextFrom::Feed), ..FeedSettings::default() };
    let (url, title) = (url.parse().unwrap(), title.to_owned());
    let new = NewFeed { url, title, site_url: None, named_by: NamedBy::Reader, settings };
    feeds::follow(&app.library().await, &new, now()).await.unwrap().id()
}

#[tokio::test]
async fn without_feeds_the_page_says_how_to_begin() {
    let app = TestApp::new().await;
    let page = app.get("/feeds").await;
    assert!(page.text(".empty").contains("Follow your first site"));
    assert!(page.attributes("nav[aria-label=Main] a", "href").contains(&"/feeds".to_owned()));
    assert!(page.attributes("form[action='/feeds/refresh']", "action").is_empty());
}

#[tokio::test]
async fn feeds_are_listed_by_folder_with_how_they_are_doing() {
    let (app, web) = app_with_site([22, 21]).await;
    follow_and_read(&app).await;
    web.serve("http://hill.example/feed", MockResponse::status(404));
    let hills = follow(&app, "http://hill.example/feed", "Hills").await;
    let library = app.library().await;
    let news = folders::add(&library, None, "News").await.unwrap();
    let sea = folders::add(&library, Some(news), "Sea").await.unwrap();
    folders::move_feed(&library, 1, &[news, sea]).await.unwrap();
    run_jobs(&app).await;

    let page = app.get("/feeds").await;
    assert_eq!(page.texts(".source-group h2 bdi"), ["News", "News / Sea"]);
    assert_eq!(page.texts(".feed-name bdi"), ["Hills", "Harbour News", "Harbour News"]);
    let all = page.text("main");
    for words in
        ["2 feeds, 2 unread", "Looked at just now", "next look at", "newest article yesterday", "text from the feed"]
    {
        assert!(all.contains(words), "{words}: {all}");
    }
    assert!(page.text(".problem").contains("404"), "{}", page.text(".problem"));
    assert!(page.text(".problem").contains("Since 12:00."));

    let page = app.get("/feeds?sort=trouble").await;
    assert_eq!(page.texts(".feed-name bdi"), ["Hills", "Harbour News"]);
    assert!(app.get(&format!("/feed/{hills}")).await.text(".feed-head .problem").contains("404"));
}

#[tokio::test]
async fn many_feeds_stand_on_several_pages_and_are_found_by_name() {
    let app = TestApp::new().await;
    let library = app.library().await;
    for number in 0..401 {
        follow(&app, &format!("https://a{number:03}.example/feed"), &format!("Village {number:03}")).await;
    }
    let coast = folders::add(&library, None, "Coast").await.unwrap();
    folders::add(&library, None, "Empty").await.unwrap();
    for feed in 1..=250 {
        folders::move_feed(&library, feed, &[coast]).await.unwrap();
    }
    // 151 in no folder, then the folder, which goes on after its page.
    let first = app.get("/feeds").await;
    assert_eq!(first.texts(".feed-name bdi").len(), 200);
    assert_eq!(first.texts(".source-group h2 bdi"), ["Coast"]);
    assert!(first.text(".lede").contains("401 feeds"));
    assert_eq!(first.attributes(".pager a", "href"), ["/feeds?page=2"]);
    let second = app.get("/feeds?page=2").await;
    assert_eq!(second.texts(".feed-name bdi").first().unwrap(), "Village 049");
    assert_eq!(second.texts(".source-group h2 bdi"), ["Coast"]);
    let third = app.get("/feeds?page=3").await;
    assert_eq!(third.texts(".feed-name bdi"), ["Village 249"]);
    assert_eq!(third.texts(".source-group h2 bdi"), ["Coast", "Empty"]);
    assert_eq!(third.attributes(".pager a", "href"), ["/feeds?page=2"]);
    for beyond in ["/feeds?page=4", "/feeds?page=18446744073709551615"] {
        assert_eq!(app.get(beyond).await.texts(".feed-name bdi"), ["Village 249"], "the last page");
    }
    assert_eq!(app.get("/feeds?page=0").await.texts(".feed-name bdi").len(), 200);

    let found = app.get("/feeds?find=VILLÁGE+24").await;
    assert_eq!(found.texts(".feed-name bdi").len(), 10);
    assert_eq!(found.texts(".source-group h2 bdi"), ["Coast"], "no folder in which nothing was found");
    assert_eq!(found.attributes("#find", "value"), ["VILLÁGE 24"]);
    assert_eq!(app.get("/feeds?find=a400.example&sort=trouble").await.texts(".feed-name bdi"), ["Village 400"]);
    let pages = app.get("/feeds?find=village&sort=trouble").await;
    assert_eq!(pages.attributes(".pager a", "href"), ["/feeds?sort=trouble&find=village&page=2"]);
    assert!(app.get("/feeds?find=valley").await.text("main").contains("No feed has “valley” in its name or address."));
}

#[tokio::test]
async fn a_silent_feed_and_a_paused_one_say_so() {
    let (app, _web) = app_with_site([1]).await;
    let path = follow_and_read(&app).await;
    advance_clock(SignedDuration::from_hours(24 * 120));
    run_jobs(&app).await;
    assert!(app.get("/feeds").await.text(".feeds .hint").contains("Silent for long"));
    app.post(&format!("{path}/settings"), &[("pause", "open")]).await;
    assert!(app.get(&path).await.text(".feed-head .hint").contains("Paused until you resume it."));
}

#[tokio::test]
async fn trouble_of_a_site_is_no_fault_of_its_feeds_unless_it_lasts() {
    let (app, web) = app_with_site([1]).await;
    let path = follow_and_read(&app).await;
    web.serve(FEED, MockResponse::status(503));
    advance_clock(SignedDuration::from_hours(25));
    run_jobs(&app).await;
    let page = app.get("/feeds").await;
    assert!(!page.has(".feeds .problem"));
    assert!(page.text(".feeds .hint").contains("The site has a problem (503). It is asked again later. Since"));
    assert!(!app.get(&path).await.has(".feed-head .problem"));
    advance_clock(SignedDuration::from_hours(24 * 8));
    run_jobs(&app).await;
    assert!(app.get("/feeds").await.text(".feeds .problem").contains("The site has a problem (503)."));
}

#[tokio::test]
async fn refreshing_a_paused_feed_says_that_it_is_paused() {
    let (app, _web) = app_with_site([1]).await;
    let path = follow_and_read(&app).await;
    app.post(&format!("{path}/settings"), &[("pause", "open")]).await;
    let done = app.post(&format!("{path}/refresh"), &[]).await;
    assert!(app.get(done.location()).await.text(".notice").contains("The feed is paused."));
}

#[tokio::test]
async fn the_link_of_a_feed_that_became_another_leads_there() {
    let (app, web) = app_with_site([2, 1]).await;
    let path = follow_and_read(&app).await;
    const NEW: &str = "http://pier.example/feed";
    web.serve(NEW, feed_of("Harbour News", [2, 1]));
    let pier = follow(&app, NEW, "Pier").await;
    web.serve(FEED, MockResponse::redirect(NEW));
    for _ in 0..6 {
        advance_clock(SignedDuration::from_hours(25));
        run_jobs(&app).await;
    }
    assert_eq!(app.get(&path).await.location(), format!("/feed/{pier}"));
    assert_eq!(app.get("/feeds").await.texts(".feed-name bdi"), ["Harbour News"]);
    assert_eq!(app.get("/feed/99").await.status, axum::http::StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn all_feeds_are_refreshed_and_that_can_be_stopped() {
    let (app, web) = app_with_site([1]).await;
    let path = follow_and_read(&app).await;
    let planned = feeds::find(&app.library().await, 1).await.unwrap().unwrap().next_look_at;
    web.serve(FEED, feed_of("Harbour News", [2, 1]));
    app.post("/feeds/refresh", &[]).await;
    let page = app.get("/feeds").await;
    assert!(page.text("#refresh").contains("Looked at 0 of 1 feeds."));
    assert_eq!(page.attributes("#refresh", "data-live").len(), 1);
    app.post("/feeds/refresh/stop", &[]).await;
    let before = web.requests().len();
    run_jobs(&app).await;
    assert_eq!(web.requests().len(), before, "nothing is looked at after that");
    assert_eq!(feeds::find(&app.library().await, 1).await.unwrap().unwrap().next_look_at, planned);

    advance_clock(SignedDuration::from_mins(1));
    app.post("/feeds/refresh", &[]).await;
    run_jobs(&app).await;
    let page = app.get("/feeds").await;
    assert!(page.attributes("#refresh", "data-live").is_empty());
    assert!(page.text("main").contains("Looked at just now"));
    assert!(app.get(&path).await.text("#rows").contains("Boat 2"));
}

#[tokio::test]
async fn a_refresh_of_all_does_not_wait_for_feeds_that_nobody_asks() {
    let (app, _web) = app_with_site([1]).await;
    follow_and_read(&app).await;
    let paused = follow(&app, "http://hill.example/feed", "Hills").await;
    let unfollowed = follow(&app, "http://dune.example/feed", "Dunes").await;
    app.post("/feeds/refresh", &[]).await;
    assert!(app.get("/feeds").await.text("#refresh").contains("Looked at 0 of 3 feeds."));
    app.post(&format!("/feed/{paused}/settings"), &[("pause", "open")]).await;
    app.post(&format!("/feed/{unfollowed}/unfollow"), &[("confirmed", "yes")]).await;
    assert!(app.get("/feeds").await.text("#refresh").contains("Looked at 0 of 1 feeds."));
    run_jobs(&app).await;
    assert!(!app.get("/feeds").await.has("#refresh[data-live]"));
}

#[tokio::test]
async fn one_feed_is_refreshed_on_its_page() {
    let (app, web) = app_with_site([1]).await;
    let path = follow_and_read(&app).await;
    web.serve(FEED, feed_of("Harbour News", [2, 1]));
    let answer = app.post(&format!("{path}/refresh"), &[]).await;
    let page = app.get(answer.location()).await;
    assert!(page.text(".notice").contains("Refreshing"));
    assert_eq!(page.attributes("[data-live]", "id"), ["feed-1", "articles"]);
    assert!(page.text(".feed-head .hint").contains("without JavaScript, reload the page"), "{}", page.body);
    assert_eq!(page.attributes(".feed-head .hint a", "href"), [path.as_str()]);
    run_jobs(&app).await;
    let page = app.get(&path).await;
    assert!(page.text("#rows").contains("Boat 2") && page.attributes("[data-live]", "id").is_empty());
}

#[tokio::test]
async fn the_unread_articles_of_feeds_are_a_list_with_that_number() {
    let (app, web) = app_with_site([3, 2, 1]).await;
    follow_and_read(&app).await;
    // Two feeds have Boat 1, which is one article.
    web.serve("http://harbour.example/boats.xml", feed_of("All Boats", [1]));
    follow(&app, "http://harbour.example/boats.xml", "All Boats").await;
    run_jobs(&app).await;
    let first = app.get("/feed/1").await.attributes("#rows .card", "data-article").remove(0);
    let number_and_list = async || {
        let page = app.get("/feeds").await;
        let list = app.get(&page.attributes(".lede a", "href")[0]).await;
        (page.texts(".lede a").remove(0), list.attributes("#rows .card", "data-article").len())
    };
    assert_eq!(number_and_list().await, ("3 unread".to_owned(), 3));
    // What is kept has left the stream.
    app.post(&format!("/article/{first}/action"), &[("action", "star")]).await;
    assert_eq!(number_and_list().await, ("2 unread".to_owned(), 2));
}

#[tokio::test]
async fn hosts_that_ask_to_wait_are_one_line() {
    let web = MockWeb::start().await;
    let app = TestApp::with_mock_web(web.addr).await;
    for number in 1..=3 {
        web.serve(&format!("http://busy.example/{number}"), MockResponse::status(429));
        follow(&app, &format!("http://busy.example/{number}"), &format!("Busy {number}")).await;
    }
    run_jobs(&app).await;
    let page = app.get("/feeds").await;
    let lines: Vec<String> =
        page.texts(".hint").into_iter().filter(|text| text.starts_with("These sites ask to wait")).collect();
    assert!(lines.len() == 1 && lines[0].contains("busy.example until") && lines[0].contains("(3 feeds)"), "{lines:?}");
    assert!(page.texts(".problem").is_empty(), "that is no fault of the feeds");
}

#[tokio::test]
async fn nothing_fetched_for_two_hours_is_said_there_and_on_the_front_page() {
    let (app, web) = app_with_site([1]).await;
    follow_and_read(&app).await;
    let says_so = async || {
        let (list, front) = (app.get("/feeds").await, app.get("/").await);
        let words = "Nothing could be fetched for";
        assert_eq!(list.text("main").contains(words), front.text("main").contains(words));
        front.text("main").contains(words)
    };
    let wait = async |hours| {
        for _ in 0..hours {
            advance_clock(SignedDuration::from_hours(1));
            run_jobs(&app).await;
        }
    };
    // A site that answers with an error is reached.
    web.serve(FEED, MockResponse::status(502));
    wait(30).await;
    assert!(!says_so().await);
    // Nothing speaks TLS there.
    web.serve(FEED, MockResponse::redirect("https://harbour.example/"));
    wait(60).await;
    assert!(says_so().await);
    // Any answer ends it.
    web.serve("http://gone.example/feed", MockResponse::status(404));
    follow(&app, "http://gone.example/feed", "Gone").await;
    run_jobs(&app).await;
    assert!(!says_so().await);
    wait(60).await;
    assert!(!says_so().await, "it says nothing of the network");
}
