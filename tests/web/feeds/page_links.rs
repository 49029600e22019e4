//! `/feeds/links` and what leads there: following the new links on a page that has no feed.

use axum::http::StatusCode;
use broadsheet::library::feeds::{self, Feed};

use crate::feeds::site::{SITE, feed_of, run_jobs};
use crate::mock_web::{MockResponse, MockWeb};
use crate::support::{Page, TestApp};

const STORIES: [&str; 6] = [
    "The evening boat is late again",
    "Harbour board meets on Monday",
    "New lights for the north pier",
    "Why the tide tables were wrong",
    "A storm closes the sea wall",
    "The old crane is for sale",
];

/// A front page with a list of stories, one of notices, and a menu.
fn front_page(head: &str) -> MockResponse {
    let stories: String = STORIES
        .iter()
        .enumerate()
        .map(|(number, title)| format!("<article><h2><a href='/s/{number}'>{title}</a></h2><p>Teaser.</article>"))
        .collect();
    let notices: String =
        (1..=4).map(|n| format!("<p class='notice'><a href='/n/{n}'>Notice {n} to mariners</a>")).collect();
    MockResponse::html(format!(
        "<!doctype html><title>Harbour &amp; Sea</title>{head}<nav><a href='/about'>About the harbour</a></nav>\
         <main>{stories}</main><aside>{notices}</aside><script>alert(1)</script><img src='http://tracker.example/x.png'>"
    ))
}

async fn app_with(page: MockResponse) -> (TestApp, MockWeb) {
    let web = MockWeb::start().await;
    web.serve(SITE, page);
    for (number, title) in STORIES.iter().enumerate() {
        let text = "The harbour was quiet, and the boats lay where they had been left. ".repeat(12);
        let page = format!("<!doctype html><title>{title}</title><article><h1>{title}</h1><p>{text}</article>");
        web.serve(&format!("{SITE}s/{number}"), MockResponse::html(page));
    }
    let app = TestApp::with_mock_web(web.addr).await;
    (app, web)
}

/// Sends the first form with this action as it stands, with what is given besides.
async fn send(app: &TestApp, page: &Page, action: &str, more: &[(&str, &str)]) -> Page {
    send_to(app, page, (action, action), more).await
}

/// Sends the first form with an action to an address, as a button with one of its own does.
async fn send_to(app: &TestApp, page: &Page, (action, to): (&str, &str), more: &[(&str, &str)]) -> Page {
    let selector = format!("form[action='{action}']:has(input[name=url]) input[type=hidden]");
    let names = page.attributes(&selector, "name");
    let values = page.attributes(&selector, "value");
    let mut fields: Vec<(&str, &str)> = Vec::new();
    for (name, value) in names.iter().zip(&values) {
        if !fields.iter().any(|(known, _)| known == name) {
            fields.push((name, value));
        }
    }
    fields.extend(more);
    app.post(to, &fields).await
}

async fn feed(app: &TestApp, id: i64) -> Feed {
    feeds::find(&app.library().await, id).await.unwrap().unwrap()
}

#[tokio::test]
async fn an_address_that_was_followed_as_a_feed_and_is_a_page_is_followed_by_its_links() {
    let (app, _web) = app_with(front_page("")).await;
    let followed = app.post("/feeds/follow", &[("url", SITE)]).await;
    assert_eq!(followed.location(), "/feed/1?followed=new");
    run_jobs(&app).await;
    assert!(app.get("/feed/1").await.has(".feed-head .problem"), "it is no feed");
    let page = app.post("/feeds/find", &[("url", SITE)]).await;
    assert!(!page.body.contains("Already followed."));
    let followed = send(&app, &page, "/feeds/follow", &[]).await;
    assert_eq!(followed.location(), "/feed/1?followed=already");
    run_jobs(&app).await;
    assert_eq!(app.get("/feed/1").await.attributes("#rows .card", "data-article").len(), 6);
    // Following its address once more changes nothing.
    let page = app.post("/feeds/find", &[("url", SITE)]).await;
    assert!(page.body.contains("Already followed."));
}

#[tokio::test]
async fn a_page_that_was_followed_by_its_links_and_is_a_feed_now_is_followed_as_that() {
    let (app, web) = app_with(front_page("")).await;
    let page = app.post("/feeds/find", &[("url", SITE)]).await;
    send(&app, &page, "/feeds/follow", &[]).await;
    run_jobs(&app).await;
    web.serve(SITE, feed_of("Harbour News", [12, 11]));
    crate::support::advance_clock(jiff::SignedDuration::from_hours(25));
    run_jobs(&app).await;
    assert!(app.get("/feed/1").await.text(".feed-head .problem").contains("leads to a feed now"));
    let page = app.post("/feeds/find", &[("url", SITE)]).await;
    send(&app, &page, "/feeds/follow", &[]).await;
    run_jobs(&app).await;
    assert_eq!(feed(&app, 1).await.settings.links, None);
    assert!(app.get("/feed/1").await.text("#rows").contains("Boat 12"));
}

#[tokio::test]
async fn a_page_without_a_feed_is_followed_by_its_links() {
    let (app, _web) = app_with(front_page("")).await;
    let page = app.post("/feeds/find", &[("url", SITE)]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text("#links").contains("Follow new links on this page"), "{}", page.body);
    assert_eq!(page.texts(".found > li:first-child > ul > li"), STORIES[..5]);
    assert_eq!(page.texts(".found > li:first-child > h3"), ["6 links"]);
    let followed = send(&app, &page, "/feeds/follow", &[]).await;
    assert_eq!(followed.location(), "/feed/1?followed=new");
    run_jobs(&app).await;
    let list = app.get("/feed/1").await;
    assert_eq!(list.attributes("#rows .card.unread", "data-article").len(), 6, "{}", list.body);
    assert!(list.text(".feed-head .meta").contains("new links on a page"));
    assert_eq!(
        (feed(&app, 1).await.title.as_str(), list.texts("h1").remove(0).as_str()),
        ("Harbour & Sea", "Harbour & Sea")
    );

    let again = app.post("/feeds/find", &[("url", SITE)]).await;
    assert!(again.body.contains("Already followed."));
    assert!(again.attributes("form[action='/feeds/follow'] input", "name").is_empty());
}

#[tokio::test]
async fn the_box_for_links_asks_for_front_pages_with_a_long_list() {
    let (app, _web) = app_with(front_page("")).await;
    let page = app.post("/import", &[("url", SITE)]).await;
    assert!(page.has("#links") && page.has("form[action='/import'] input[name=save]"), "{}", page.body);
}

#[tokio::test]
async fn links_are_a_second_choice_where_there_is_a_feed() {
    let (app, web) = app_with(front_page("<link rel=alternate type='application/rss+xml' href='/rss'>")).await;
    web.serve(&format!("{SITE}rss"), feed_of("Harbour", [1]));
    let page = app.post("/feeds/find", &[("url", SITE)]).await;
    assert_eq!(page.texts(".found .button.primary"), ["Follow Harbour"]);
    assert!(page.text(".folded summary").contains("Follow new links on this page instead"));
    assert!(page.has(".folded input[name=links]"));
}

#[tokio::test]
async fn the_list_is_chosen_by_pointing_at_one_of_its_links() {
    let (app, web) = app_with(front_page("")).await;
    let found = app.post("/feeds/find", &[("url", SITE)]).await;
    let choice = send(&app, &found, "/feeds/links", &[]).await;
    assert_eq!(choice.status, StatusCode::OK);
    assert!(choice.has(".sketch input[type=radio]") && !choice.has(".sketch input[checked]"));
    let labels = choice.texts(".sketch label");
    let values = choice.attributes(".sketch input", "value");
    let notice = labels.iter().position(|label| label == "Notice 2 to mariners").unwrap();
    // Nothing of the page itself is shown or loaded: no pictures, scripts or links.
    assert!(!choice.body.contains("tracker.example") && !choice.body.contains("alert(1)"));
    assert!(choice.attributes(".sketch a", "href").is_empty());

    assert!(choice.has("button[formaction='/feeds/links']"));
    let shown = send_to(&app, &choice, ("/feeds/follow", "/feeds/links"), &[("links", &values[notice])]).await;
    let shown = if shown.has("#chosen") { shown } else { panic!("{}", shown.body) };
    assert_eq!(shown.text("#chosen"), "4 links in this list");
    assert_eq!(shown.attributes(".sketch input[checked]", "value"), [values[notice].clone()]);
    let followed = send(&app, &shown, "/feeds/follow", &[("links", &values[notice])]).await;
    assert_eq!(followed.location(), "/feed/1?followed=new");
    assert_eq!(feed(&app, 1).await.settings.links.unwrap().to_string(), values[notice]);
    assert!(web.requests().iter().all(|url| url.starts_with("harbour.example")), "{:?}", web.requests());
}

#[tokio::test]
async fn the_settings_offer_the_choice_again_and_keep_the_list() {
    let (app, _web) = app_with(front_page("")).await;
    let found = app.post("/feeds/find", &[("url", SITE)]).await;
    send(&app, &found, "/feeds/follow", &[]).await;
    run_jobs(&app).await;
    let before = feed(&app, 1).await.settings.links.unwrap();
    let settings = app.get("/feed/1/settings").await;
    assert!(settings.text("main").contains("List of links") && !settings.has("input[name=text]"), "{}", settings.body);
    app.post("/feed/1/settings", &[("name", "Mine")]).await;
    assert_eq!(feed(&app, 1).await.settings.links, Some(before.clone()));

    let choice = app.post("/feed/1/links", &[]).await;
    assert_eq!(choice.text("#chosen"), "6 links in this list", "{}", choice.body);
    let values = choice.attributes(".sketch input", "value");
    let other = values.iter().find(|value| **value != before.to_string() && value.contains("notice")).unwrap();
    let saved = app.post("/feed/1/links/save", &[("links", other)]).await;
    assert_eq!(saved.location(), "/feed/1?saved=links");
    assert_eq!(feed(&app, 1).await.settings.links.unwrap().to_string(), *other);
    assert!(app.get(saved.location()).await.text(".notice").contains("The list is chosen."));
    run_jobs(&app).await;
    assert!(feed(&app, 1).await.articles >= 6, "what was there stays");
}

#[tokio::test]
async fn what_cannot_be_chosen_says_why() {
    let (app, web) = app_with(MockResponse::html("<!doctype html><title>App</title><div id=root></div>")).await;
    web.serve(
        "http://harbour.example/few",
        MockResponse::html("<title>Few</title><p>See <a href='/one'>one page</a>."),
    );
    for (path, fields, words) in [
        ("/feeds/links", vec![("url", SITE)], "no links"),
        ("/feeds/links", vec![("url", "")], "Enter the link"),
        ("/feeds/links", vec![("url", "http://192.168.1.1/")], "private network"),
        ("/feeds/links", vec![("url", "http://harbour.example/gone")], "404"),
        ("/feeds/links", vec![("url", "http://harbour.example/few"), ("links", "p:has(a)")], "isn’t on the page"),
        ("/feeds/links", vec![("url", "http://harbour.example/few"), ("links", "ul > li > a")], "isn’t on the page"),
        ("/feeds/follow", vec![("url", SITE), ("links", "<script>")], "isn’t on the page"),
    ] {
        let page = app.post(path, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(page.text("main .problem").contains(words), "{fields:?}: {}", page.text("main"));
        assert!(!page.body.contains("<script>\""), "{fields:?}");
    }
    assert!(feeds::list(&app.library().await).await.unwrap().is_empty());
    let few = app.post("/feeds/find", &[("url", "http://harbour.example/few")]).await;
    assert_eq!(few.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        few.text("#links").contains("Follow new links") && few.body.contains("Point at an article"),
        "{}",
        few.body
    );
    assert_eq!(app.post("/feed/9/links", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.post("/feed/9/links/save", &[("links", "ul > a")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_hostile_page_is_only_text() {
    let entries: String = (0..5)
        .map(|n| {
            format!("<li class='x\"&gt;&lt;script&gt;' id='\"><script>alert({n})</script>'><a href='/p/{n}' onclick='x()' style='position:fixed'>&lt;script&gt;alert({n})&lt;/script&gt; and words</a></li>")
        })
        .collect();
    let outside = "<ul class=out><li><a href='javascript:x()'>One script is here</a><li><a href='data:text/html,x'>Two data are here</a></ul>";
    let (app, web) = app_with(MockResponse::html(format!(
        "<!doctype html><title>&lt;script&gt;t()&lt;/script&gt;</title><base href='http://evil.example/'><ul>{entries}</ul>{outside}\
         <form action='http://evil.example/'><input name=links value=x></form><iframe src='http://evil.example/'></iframe>"
    )))
    .await;
    for path in ["/feeds/find", "/feeds/links"] {
        let page = app.post(path, &[("url", SITE)]).await;
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<script>t()"), "{path}: {}", page.body);
        assert!(
            !page.body.contains("onclick") && !page.body.contains("position:fixed") && !page.body.contains("<iframe")
        );
        assert!(
            page.attributes("main form", "action")
                .iter()
                .all(|action| action.starts_with("/feeds/") || action == "/import")
        );
        assert!(!page.body.contains("javascript:") && !page.body.contains("data:text"));
    }
    assert!(web.requests().iter().all(|url| url.starts_with("harbour.example")), "{:?}", web.requests());
}

#[tokio::test]
async fn lists_of_links_go_out_and_in_with_lists_of_feeds() {
    let (app, _web) = app_with(front_page("")).await;
    let found = app.post("/feeds/find", &[("url", SITE)]).await;
    send(&app, &found, "/feeds/follow", &[]).await;
    let links = feed(&app, 1).await.settings.links;
    let list = app.get("/feeds/feeds.opml").await.body;
    assert!(list.contains("bs:links="), "{list}");
    let other = TestApp::new().await;
    let plain = list.replace("bs:links=", "bs:other=").replace("harbour.example", "plain.example");
    for text in [list, plain] {
        other.post("/feeds/list", &[("text", text.as_str())]).await;
    }
    assert_eq!((feed(&other, 1).await.settings.links, feed(&other, 2).await.settings.links), (links, None));
}

#[tokio::test]
async fn a_page_that_was_unfollowed_is_followed_again_with_its_list() {
    let (app, _web) = app_with(front_page("")).await;
    let found = app.post("/feeds/find", &[("url", SITE)]).await;
    send(&app, &found, "/feeds/follow", &[]).await;
    run_jobs(&app).await;
    let links = feed(&app, 1).await.settings.links;
    app.post("/feed/1/unfollow", &[("confirmed", "yes")]).await;
    let page = app.get("/feed/1").await;
    send(&app, &page, "/feeds/follow", &[]).await;
    let again = feed(&app, 1).await;
    assert_eq!((again.unfollowed_at, again.settings.links), (None, links));
}
