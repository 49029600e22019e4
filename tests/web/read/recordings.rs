//! Recordings of articles, played through our own server.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::feeds::site::{FEED, app_with_site, follow_and_read};
use crate::mock_web::{MockResponse, MockWeb};
use crate::support::{Page, TestApp};

const FILE: &str = "http://media.example/1.mp3";

/// A feed with one item, which has these files.
fn feed(files: &str) -> MockResponse {
    let text = "The harbour was quiet, and the boats lay where they had been left the evening before. ".repeat(15);
    let feed = format!(
        "<rss version='2.0' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'><channel><title>Harbour Talk</title>\
         <link>http://harbour.example/</link><item><title>Talk</title><link>http://harbour.example/1</link><guid>1</guid>\
         <description>&lt;p&gt;{text}&lt;/p&gt;</description><itunes:duration>1:02:03</itunes:duration>{files}</item></channel></rss>"
    );
    MockResponse::new("application/rss+xml", feed)
}

/// An app with an article whose item has these files.
async fn app_with(files: &str) -> (TestApp, MockWeb) {
    let (app, web) = app_with_site([]).await;
    web.serve(FEED, feed(files));
    follow_and_read(&app).await;
    (app, web)
}

async fn play(app: &TestApp, path: &str, range: Option<&str>) -> Page {
    let mut request = Request::get(path);
    if let Some(range) = range {
        request = request.header("range", range);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_recording_has_a_player_that_loads_nothing_by_itself_and_plays_through_our_server() {
    let file = format!("<enclosure url='{FILE}' type='audio/mpeg' length='24000000'/>");
    let (app, web) = app_with(&file).await;
    web.serve(FILE, MockResponse::new("audio/mpeg", "0123456789"));
    let page = app.get("/article/1").await;
    assert_eq!(page.attributes(".players audio", "preload"), ["none"]);
    assert_eq!(page.text(".players figcaption"), "Audio, 1:02:03, 24 MB · Open the file at media.example");
    assert_eq!(page.attributes(".players a", "href"), [FILE]);
    assert!(!page.has(".text .embed"), "the link in the text gives way: {}", page.body);
    assert!(page.header("content-security-policy").contains("media-src 'self'"));
    assert!(!web.requests().iter().any(|url| url.contains("media.example")), "nothing is fetched before it is played");

    let player = page.attributes(".players audio", "src").remove(0);
    let whole = play(&app, &player, None).await;
    assert_eq!((whole.status, whole.body.as_str()), (StatusCode::OK, "0123456789"));
    assert_eq!(whole.header("content-type"), "audio/mpeg");
    assert!(
        whole.header("content-security-policy").ends_with("sandbox")
            && whole.header("cache-control").contains("no-store")
    );
    let part = play(&app, &player, Some("bytes=2-5")).await;
    assert_eq!((part.status, part.body.as_str()), (StatusCode::PARTIAL_CONTENT, "2345"));
    assert_eq!(part.header("content-range"), "bytes 2-5/10");
    let rest = play(&app, &player, Some("bytes=7-")).await;
    assert_eq!((rest.status, rest.body.as_str()), (StatusCode::PARTIAL_CONTENT, "789"));
    assert_eq!(play(&app, &player, Some("bytes=99-")).await.status, StatusCode::RANGE_NOT_SATISFIABLE);
    let many = play(&app, &player, Some("bytes=0-1,4-5")).await;
    assert_eq!((many.status, many.body.as_str()), (StatusCode::OK, "0123456789"), "several ranges are ignored");
}

#[tokio::test]
async fn only_recordings_of_this_article_are_fetched() {
    let (app, web) = app_with(&format!("<enclosure url='{FILE}' type='audio/mpeg' length='9'/>")).await;
    web.serve(FILE, MockResponse::new("audio/mpeg", "0123456789"));
    let player = app.get("/article/1").await.attributes(".players audio", "src").remove(0);
    for path in [
        "/article/1/recording/99",
        &player.replace("/article/1/", "/article/2/"),
        "/article/1/recording/x",
        "/article/x/recording/1",
        "/article/1/recording/http%3A%2F%2Fmedia.example%2F1.mp3",
    ] {
        assert_eq!(play(&app, path, None).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!web.requests().iter().any(|url| url.contains("media.example")));
}

#[tokio::test]
async fn what_is_no_recording_or_leads_into_our_own_network_is_not_sent_on() {
    let (app, web) = app_with(&format!("<enclosure url='{FILE}' type='audio/mpeg' length='9'/>")).await;
    let player = app.get("/article/1").await.attributes(".players audio", "src").remove(0);
    let private = "http://127.0.0.1:7561/router";
    for (answer, words) in [
        (MockResponse::html("<script>alert(1)</script>"), "something else"),
        (MockResponse::new("image/svg+xml", "<svg/>"), "something else"),
        (MockResponse::new("audio/x-mpegurl", "#EXTM3U\nhttp://tracker.example/1.ts"), "something else"),
        (MockResponse::status(404), "couldn’t be fetched"),
        (MockResponse::redirect(private), "couldn’t be fetched"),
        (MockResponse::redirect("http://169.254.169.254/latest"), "couldn’t be fetched"),
        (MockResponse::redirect("http://[::1]/"), "couldn’t be fetched"),
        (MockResponse::redirect("file:///etc/passwd"), "couldn’t be fetched"),
        (MockResponse::redirect(FILE), "couldn’t be fetched"),
    ] {
        web.serve(FILE, answer);
        let page = play(&app, &player, None).await;
        assert!(page.status == StatusCode::BAD_GATEWAY && page.body.contains(words), "{} {}", page.status, page.body);
        assert!(page.header("content-type").starts_with("text/html") && !page.body.contains("alert(1)"));
    }
    web.serve(FILE, MockResponse::redirect("http://other.example/1.mp3"));
    web.serve("http://other.example/1.mp3", MockResponse::new("application/octet-stream", "0123456789"));
    let page = play(&app, &player, Some("bytes=0-3")).await;
    assert_eq!((page.body.as_str(), page.header("content-type")), ("0123", "audio/mpeg"), "as the feed says");
}

#[tokio::test]
async fn films_are_played_and_other_files_stay_links() {
    let files = "<enclosure url='http://media.example/a.pdf' type='application/pdf' length='9'/>\
                 <enclosure url='http://127.0.0.1:7561/a.mp3' type='audio/mpeg' length='9'/>\
                 <enclosure url='http://media.example/a.mp4' type='video/mp4' length='9'/>\
                 <enclosure url='http://media.example/a.m3u8' type='application/x-mpegurl' length='9'/>";
    let (app, web) = app_with(files).await;
    let page = app.get("/article/1").await;
    assert_eq!(page.attributes(".players video", "preload"), ["none"]);
    assert!(page.body.contains("http://media.example/a.pdf"));
    let private = page.attributes(".players audio", "src").remove(0);
    let answer = play(&app, &private, None).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{}", answer.body);
    assert!(!web.requests().iter().any(|url| url.contains("127.0.0.1:7561")));
}

#[tokio::test]
async fn a_recording_that_moves_is_played_from_where_it_is_now() {
    let (app, web) = app_with(&format!("<enclosure url='{FILE}' type='audio/mpeg' length='9'/>")).await;
    web.serve(FEED, feed("<enclosure url='http://media.example/2.mp3' type='audio/mpeg' length='9'/>"));
    crate::support::advance_clock(jiff::SignedDuration::from_hours(48));
    let open = app.get("/article/1").await.attributes(".players audio", "src").remove(0);
    crate::feeds::site::run_jobs(&app).await;
    assert_eq!(app.get("/article/1").await.attributes(".players a", "href"), ["http://media.example/2.mp3"]);
    web.serve("http://media.example/2.mp3", MockResponse::new("audio/mpeg", "0123456789"));
    assert_eq!(play(&app, &open, Some("bytes=4-")).await.body, "456789", "a player that is open goes on");
}
