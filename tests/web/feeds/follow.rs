//! Finding the feeds of a site, and following one.

use axum::http::StatusCode;
use broadsheet::library::feeds::{self, NamedBy};
use jiff::SignedDuration;

use crate::feeds::site::{FEED, SITE, app_with_site, feed_of, follow_and_read, page_with, run_jobs};
use crate::mock_web::{MockResponse, MockWeb};
use crate::support::{TestApp, advance_clock};

#[tokio::test]
async fn a_site_is_followed_by_its_link() {
    let (app, _web) = app_with_site((1..=12).rev()).await;
    let page = app.post("/feeds/find", &[("url", " http://harbour.example ")]).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text(".found");
    for words in ["Boat 12", "Boat 10", "about 7 articles a week", "whole texts", "Follow Harbour News"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("Boat 9"), "three titles are enough");
    assert!(feeds::list(&app.library().await).await.unwrap().is_empty(), "looking follows nothing");

    let form = [("url", FEED), ("title", "Harbour News"), ("site_url", SITE), ("named_by", "page")];
    let answer = app.post("/feeds/follow", &form).await;
    assert_eq!(answer.location(), "/feed/1?followed=new");
    let page = app.get(answer.location()).await;
    assert!(page.text(".notice").contains("Following “Harbour News”. The newest 10 articles are unread"));
    assert_eq!(page.text(".feed-head .status"), "Looking at the feed.");
    run_jobs(&app).await;
    let page = app.get("/feed/1").await;
    assert!(page.text(".feed-head").contains("articles"), "{}", page.body);
    let feed = feeds::find(&app.library().await, 1).await.unwrap().unwrap();
    assert_eq!((feed.named_by, feed.site_url.unwrap().as_str()), (NamedBy::File, SITE));

    let found = app.post("/feeds/find", &[("url", SITE)]).await;
    assert!(found.text(".found").contains("Already followed"));
    assert_eq!(found.attributes(".found a", "href"), ["/feed/1"]);
    let again = app.post("/feeds/follow", &form).await;
    assert_eq!(again.location(), "/feed/1?followed=already");

    // A bookmark of what was just done offers no undo of it later.
    assert_eq!(app.get(answer.location()).await.texts(".notice button"), ["Undo"]);
    advance_clock(SignedDuration::from_mins(11));
    assert!(!app.get(answer.location()).await.has(".notice"));
    assert!(!app.get("/feed/1?followed=again").await.has(".notice button"));
    assert!(app.get("/feed/1?saved=settings").await.text(".notice").contains("Settings saved."));
}

#[tokio::test]
async fn the_newest_ten_of_a_first_look_are_unread() {
    let (app, _web) = app_with_site((1..=12).rev()).await;
    let path = follow_and_read(&app).await;
    let page = app.get(&path).await;
    assert!(page.text(".feed-head .lede").contains("12 articles, 10 unread"), "{}", page.text(".feed-head"));
    assert_eq!(page.attributes("#rows .card", "data-article").len(), 12);
    assert_eq!(page.attributes("#rows .card.unread", "data-article").len(), 10);
}

#[tokio::test]
async fn a_page_with_several_feeds_offers_the_main_one_first_and_comments_apart() {
    let web = MockWeb::start().await;
    web.serve(
        SITE,
        page_with(&[
            ("/comments/feed", "Comments"),
            ("/all.xml", "Everything"),
            ("/sea.xml", "The Sea"),
            ("/gone", "Gone"),
        ]),
    );
    for (path, title) in [("all.xml", "Everything"), ("sea.xml", "The Sea"), ("comments/feed", "Comments")] {
        web.serve(&format!("{SITE}{path}"), feed_of(title, [u32::try_from(title.len()).unwrap()]));
    }
    let app = TestApp::with_mock_web(web.addr).await;
    let page = app.post("/feeds/find", &[("url", SITE)]).await;
    assert_eq!(page.texts(".found > li > h3"), ["Everything", "The Sea", "Gone", "Comments"]);
    assert_eq!(page.texts(".folded .found > li > h3"), ["Comments"]);
    assert_eq!(page.texts(".found .button.primary"), ["Follow Everything"]);
    assert!(page.text(".found .problem").contains("404"), "one that does not answer now may be followed all the same");
}

#[tokio::test]
async fn two_formats_of_one_feed_are_offered_once() {
    let web = MockWeb::start().await;
    web.serve(SITE, page_with(&[("/rss", "RSS"), ("/atom", "Atom")]));
    web.serve(&format!("{SITE}rss"), feed_of("Harbour", [1, 2]));
    web.serve(&format!("{SITE}atom"), feed_of("Harbour (Atom)", [1, 2]));
    let app = TestApp::with_mock_web(web.addr).await;
    let page = app.post("/feeds/find", &[("url", SITE)]).await;
    assert_eq!(page.texts(".found .button.primary"), ["Follow Harbour"]);
    assert_eq!(page.attributes(".found form", "action").len(), 1);
}

#[tokio::test]
async fn feeds_are_looked_for_where_they_usually_are_but_politely() {
    let web = MockWeb::start().await;
    let home = MockResponse::html("<title>Harbour</title><p>Welcome to the harbour.");
    for path in ["", "feed", "feed/"] {
        web.serve(&format!("{SITE}{path}"), home.clone());
    }
    web.serve(&format!("{SITE}rss"), feed_of("Harbour", [1]));
    let app = TestApp::with_mock_web(web.addr).await;
    let page = app.post("/feeds/find", &[("url", SITE)]).await;
    assert_eq!(page.texts(".found .button.primary"), ["Follow Harbour"], "{}", page.body);
    assert!(web.requests().len() <= 11, "{:?}", web.requests());
}

#[tokio::test]
async fn what_has_no_feed_says_so_and_may_be_saved_as_an_article() {
    let web = MockWeb::start().await;
    web.serve(SITE, page_with(&[]));
    let app = TestApp::with_mock_web(web.addr).await;
    for (typed, words) in [
        (SITE, "No feed was found at harbour.example"),
        ("http://harbour.example/nothing", "404"),
        ("", "Enter the link"),
        ("ftp://harbour.example/", ""),
        ("http://192.168.1.1/feed", "private network"),
    ] {
        let page = app.post("/feeds/find", &[("url", typed)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(page.text("#url-problem").contains(words), "{typed}: {}", page.text("#url-problem"));
        assert_eq!(page.attributes("#url", "value"), [typed]);
    }
    let page = app.post("/feeds/find", &[("url", SITE)]).await;
    assert_eq!(page.attributes("form[action='/import'] input[name=save]", "value"), ["page"]);
}

#[tokio::test]
async fn a_page_of_a_stranger_names_no_feed_at_home() {
    let web = MockWeb::start().await;
    web.serve(SITE, page_with(&[("http://127.0.0.1/feed", "Inside"), ("http://192.168.1.1/feed", "Router")]));
    let app = TestApp::with_mock_web(web.addr).await;
    let page = app.post("/feeds/find", &[("url", SITE)]).await;
    assert!(page.attributes(".found form", "action").is_empty(), "{}", page.body);
    assert!(web.requests().iter().all(|url| url.starts_with("harbour.example")), "{:?}", web.requests());
}

#[tokio::test]
async fn the_form_alone_asks_nobody() {
    let (app, web) = app_with_site([1]).await;
    let page = app.get("/feeds/follow?url=http://harbour.example/").await;
    assert_eq!(page.attributes("#url", "value"), [SITE]);
    assert!(web.requests().is_empty());
}

#[tokio::test]
async fn the_box_for_links_asks_which_is_meant_only_for_sites_and_feeds() {
    let (app, web) = app_with_site([1]).await;
    let page = app.post("/import", &[("url", SITE)]).await;
    assert_eq!(page.texts(".found .button.primary"), ["Follow Harbour News"]);
    let hidden = |name: &str| page.attributes(&format!("form[action='/import'] input[name={name}]"), "value").remove(0);
    let (url, save) = (hidden("url"), hidden("save"));
    let saved = app.post("/import", &[("url", &url), ("save", &save)]).await;
    assert!(saved.location().starts_with("/import/"), "{}", saved.location());

    let feed = app.post("/import", &[("url", FEED)]).await;
    assert_eq!(feed.texts(".found .button.primary"), ["Follow Harbour News"]);

    let before = web.requests().len();
    let article = app.post("/import", &[("url", "http://harbour.example/2026/late-boat")]).await;
    assert!(article.location().starts_with("/import/"), "{}", article.location());
    assert_eq!(web.requests().len(), before, "the link of an article asks nobody before it is accepted");
}

#[tokio::test]
async fn an_import_that_finds_a_feed_leads_to_following_it() {
    let web = MockWeb::start().await;
    web.serve("http://harbour.example/latest", feed_of("Harbour News", [1]));
    let app = TestApp::with_mock_web(web.addr).await;
    let status = app.post("/import", &[("url", "http://harbour.example/latest")]).await.location().to_owned();
    run_jobs(&app).await;
    let page = app.get(&status).await;
    assert!(page.text(".status.failed").contains("That’s a feed. Follow it"), "{}", page.body);
    let url = page.attributes("form[action='/feeds/find'] input", "value").remove(0);
    let page = app.post("/feeds/find", &[("url", &url)]).await;
    assert_eq!(page.texts(".found .button.primary"), ["Follow Harbour News"]);
}
