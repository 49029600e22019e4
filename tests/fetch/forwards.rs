//! Pages that only lead to another page are followed; pages that are meant to be read are not.

use broadsheet::ingest::fetch::{Error, Policy};

use crate::fake_network::{FakeNetwork, Response, article, html, response, url};

/// Fetches `/here`, which serves this page, and returns the path that it ends at.
async fn follow(page: &str) -> String {
    let page = page.to_owned();
    let network = FakeNetwork::serving(move |request| {
        Response::Bytes(match request.path.as_str() {
            "/here" => html(&page),
            _ => html(&article("arrived")),
        })
    })
    .await;
    let fetched = network.fetcher().fetch_page(&url("http://a.test/here")).await.unwrap();
    format!("{}{}", fetched.url.host_str().unwrap(), fetched.url.path())
}

#[tokio::test]
async fn pages_that_only_lead_on_are_followed() {
    for (page, target) in [
        ("<title>Moved</title><script>location.replace('/there')</script><p>Redirecting…", "a.test/there"),
        (r#"<script>setTimeout(function(){window.location.href = "http:\/\/b.test\/x";}, 3000)</script>"#, "b.test/x"),
        ("<body onload=\"location.assign('/there')\">One moment", "a.test/there"),
        (r#"<script>var target = "/there"; top.location = target;</script>Please wait"#, "a.test/there"),
        (
            "<h1>Redirect Notice</h1><p>The previous page is sending you to <a href='http://b.test/x'>http://b.test/x</a>.\
             <p>If you do not want to visit that page, you can <a href='#'>return to the previous page</a>.",
            "b.test/x",
        ),
        (
            "<title>You are leaving Harbour</title><nav><a href=/>Home</a></nav><p>We are not responsible for other sites.\
             <a href='https://b.test/x' rel=nofollow>Continue</a>",
            "b.test/x",
        ),
        ("<h1>Sie verlassen unsere Seite</h1><p>Weiter zu <a href='http://b.test/x'>b.test/x</a>", "b.test/x"),
        (
            "<meta http-equiv=refresh content='10; url=/there'><h1>This page has moved</h1><a href=/there>Go</a>",
            "a.test/there",
        ),
        ("<html><head><title>Harbour</title></head><frameset><frame src=/there></frameset></html>", "a.test/there"),
        ("<frameset cols=20%,*><frame name=menu src=/menu><frame name=main src=/there></frameset>", "a.test/there"),
        ("<body><iframe src=/there style='width:100%;height:100%'></iframe>", "a.test/there"),
    ] {
        let page = format!("<!doctype html>{page}");
        // The mock speaks no TLS, and the target is asked for either way.
        let page = page.replace("https://", "http://");
        assert_eq!(follow(&page).await, target, "{page}");
    }
}

#[tokio::test]
async fn pages_to_read_are_not_left() {
    for page in [
        format!("<script>location.replace('/there')</script>{}", article("news")),
        "<script>if (top != self) top.location = self.location</script><p>A short note about the ferry.".to_owned(),
        "<script>button.onclick = () => location.reload()</script><p>A short note about the ferry.".to_owned(),
        "<p>The council has put its plan online. See <a href='http://b.test/plan'>the plan</a> for more.".to_owned(),
        format!(
            "<h1>External links</h1>{}<a href='http://b.test/'>http://b.test/</a>",
            "<p>One of many words. ".repeat(30)
        ),
        "<p>Two videos: <iframe src='http://b.test/1'></iframe><iframe src='http://b.test/2'></iframe>".to_owned(),
    ] {
        assert_eq!(follow(&format!("<!doctype html>{page}")).await, "a.test/here", "{page}");
    }
}

#[tokio::test]
async fn pages_that_lead_in_circles_end_and_are_guarded_like_redirects() {
    let network = FakeNetwork::serving(|request| {
        let number: u32 = request.path.trim_start_matches('/').parse().unwrap_or_default();
        Response::Bytes(html(&format!("<script>location.replace('/{}')</script>Wait", number + 1)))
    })
    .await;
    network.fetcher().fetch_page(&url("http://a.test/0")).await.unwrap();
    assert_eq!(network.take_requests().len(), 4, "three are followed");

    let inside =
        FakeNetwork::serving_everywhere(html("<script>location.replace('http://127.0.0.1/admin')</script>")).await;
    let error = inside.fetcher().fetch_page(&url("http://a.test/")).await.unwrap_err();
    assert!(matches!(error, Error::BlockedUrl(_)), "{error:?}");
    assert_eq!(inside.take_requests().len(), 1);
}

#[tokio::test]
async fn a_wrapped_link_is_fetched_from_its_site() {
    let network = FakeNetwork::serving(|request| {
        Response::Bytes(match request.path.as_str() {
            "/short" => response(301, &[("Location", "http://www.google.com/amp/b.test/x")], ""),
            _ => html(&article("arrived")),
        })
    })
    .await;
    let fetcher = network.fetcher();
    for link in ["http://www.google.com/url?q=http://b.test/x", "http://a.test/short"] {
        assert_eq!(fetcher.fetch_page(&url(link)).await.unwrap().url.as_str(), "http://b.test/x");
    }
    assert!(network.take_requests().iter().all(|request| !request.host.contains("google")));
}

#[tokio::test]
async fn a_dead_page_is_had_from_the_archive_with_its_own_url() {
    let network = FakeNetwork::serving(|request| {
        assert_eq!(request.host, "archive.test");
        Response::Bytes(match request.path.as_str() {
            "/web/2id_/http://a.test/x?y=1" => {
                response(302, &[("Location", "/web/20240131120000id_/http://a.test/x?y=1")], "")
            }
            "/web/20240131120000id_/http://a.test/x?y=1" => html(&article("from the archive")),
            _ => response(404, &[], ""),
        })
    })
    .await;
    let policy = Policy { archive: url("http://archive.test/"), ..Policy::default() };
    let fetcher = network.fetcher_with_policy(policy);
    let page = fetcher.fetch_archived_page(&url("http://a.test/x?y=1#part")).await.unwrap();
    assert_eq!((page.url.as_str(), page.archived_on), ("http://a.test/x?y=1", Some(jiff::civil::date(2024, 1, 31))));
    let error = fetcher.fetch_archived_page(&url("http://a.test/never")).await.unwrap_err();
    assert_eq!((error.code(), error.is_transient()), ("no-archived-copy", false));
}
