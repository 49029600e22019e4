//! A site with a feed in the mock web, and the jobs that read it.

use broadsheet::jobs::{look_at_due_feeds, process_imports};
use tokio_util::sync::CancellationToken;

use crate::mock_web::{MockResponse, MockWeb};
use crate::support::TestApp;

pub const SITE: &str = "http://harbour.example/";
pub const FEED: &str = "http://harbour.example/news.xml";

/// A feed with these items, the first being the newest. All have whole texts.
pub fn feed_of(title: &str, numbers: impl IntoIterator<Item = u32>) -> MockResponse {
    let paragraph = "The harbour was quiet, and the boats lay where they had been left the evening before. ".repeat(15);
    let items: String = numbers
        .into_iter()
        .map(|number| {
            format!(
                "<item><title>Boat {number}</title><link>http://harbour.example/{number}</link><guid>{title}-{number}</guid>\
                 <pubDate>{number:02} Nov 2026 08:00:00 GMT</pubDate>\
                 <description>&lt;p&gt;{paragraph} It was boat {number}.&lt;/p&gt;</description></item>"
            )
        })
        .collect();
    let feed = format!("<rss version='2.0'><channel><title>{title}</title><link>{SITE}</link>{items}</channel></rss>");
    MockResponse::new("application/rss+xml", feed)
}

/// A front page that declares feeds: addresses and titles.
pub fn page_with(feeds: &[(&str, &str)]) -> MockResponse {
    let links: String = feeds
        .iter()
        .map(|(url, title)| format!("<link rel='alternate' type='application/rss+xml' href='{url}' title='{title}'>"))
        .collect();
    MockResponse::html(format!("<!doctype html><title>Harbour</title>{links}<p>Welcome."))
}

/// An app, and a web with one site whose front page declares one feed.
pub async fn app_with_site(numbers: impl IntoIterator<Item = u32>) -> (TestApp, MockWeb) {
    let web = MockWeb::start().await;
    web.serve(SITE, page_with(&[("/news.xml", "Harbour News")]));
    web.serve(FEED, feed_of("Harbour News", numbers));
    let app = TestApp::with_mock_web(web.addr).await;
    (app, web)
}

/// Has the jobs do what is due.
pub async fn run_jobs(app: &TestApp) {
    let stop = CancellationToken::new();
    look_at_due_feeds(&app.app, &stop).await.unwrap();
    process_imports(&app.app, &app.library().await, &stop).await.unwrap();
}

/// Finds the feeds of the site and follows the first one. Returns the path of its page.
pub async fn follow(app: &TestApp) -> String {
    let page = app.post("/feeds/find", &[("url", SITE)]).await;
    let value = |name: &str| page.attributes(&format!(".found form input[name={name}]"), "value").remove(0);
    let (url, title, site, named_by) = (value("url"), value("title"), value("site_url"), value("named_by"));
    let form = [
        ("url", url.as_str()),
        ("title", title.as_str()),
        ("site_url", site.as_str()),
        ("named_by", named_by.as_str()),
    ];
    let location = app.post("/feeds/follow", &form).await.location().to_owned();
    location.split('?').next().unwrap().to_owned()
}

/// Follows the site, and has its articles fetched with the text of the feed.
pub async fn follow_and_read(app: &TestApp) -> String {
    let path = follow(app).await;
    app.post(&format!("{path}/settings"), &[("text", "feed")]).await;
    run_jobs(app).await;
    path
}
