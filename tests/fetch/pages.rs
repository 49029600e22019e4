//! Fetching pages: requests, results, and error messages.

use broadsheet::ingest::fetch::{BlockReason, BlockedUrl, Document, Error, NetworkError};

use crate::fake_network::{FakeNetwork, Response, article, html, response, url};

#[tokio::test]
async fn page_has_its_final_url_bytes_and_text() {
    let network = FakeNetwork::serving(|request| {
        Response::Bytes(match request.path.as_str() {
            "/old" => response(301, &[("Location", "new?a=1")], ""),
            _ => response(200, &[("Content-Type", "text/html; charset=koi8-r")], b"<p>\xF0\xD2\xC9\xD7\xC5\xD4</p>"),
        })
    })
    .await;
    let page = network.fetcher().fetch_page(&url("http://a.test/old")).await.unwrap();
    assert_eq!(page.url.as_str(), "http://a.test/new?a=1");
    assert_eq!(page.bytes, b"<p>\xF0\xD2\xC9\xD7\xC5\xD4</p>");
    assert_eq!(page.content_type.as_deref(), Some("text/html; charset=koi8-r"));
    assert_eq!(page.document, Document::Html("<p>Привет</p>".into()));
}

#[tokio::test]
async fn requests_name_the_program_and_nothing_about_the_reader() {
    let network = FakeNetwork::serving(|request| {
        Response::Bytes(match request.path.as_str() {
            "/1" => response(302, &[("Location", "/2"), ("Set-Cookie", "id=1; Path=/")], ""),
            "/2" => response(
                200,
                &[("Content-Type", "text/html"), ("Set-Cookie", "b=2")],
                "<meta http-equiv=refresh content='0;/3'>",
            ),
            _ => html(&article("words")),
        })
    })
    .await;
    let fetcher = network.fetcher();
    fetcher.fetch_page(&url("http://a.test/1#secret")).await.unwrap();
    fetcher.fetch_page(&url("http://a.test/3")).await.unwrap();
    let requests = network.take_requests();
    assert_eq!(requests.len(), 4);
    for request in requests {
        for name in ["cookie:", "referer:", "authorization:", "proxy-", "x-forwarded", "dnt:", "secret"] {
            assert!(!request.head.contains(name), "{name} in {}", request.head);
        }
        assert!(request.head.contains(concat!("broadsheet/", env!("CARGO_PKG_VERSION"))));
        assert!(request.head.contains("\r\naccept: text/html,"));
        for packed in ["gzip", "br", "deflate"] {
            let accepts = request.head.lines().find(|line| line.starts_with("accept-encoding:"));
            assert!(accepts.unwrap().contains(packed), "{}", request.head);
        }
    }
}

#[tokio::test]
async fn plain_text_is_a_page() {
    let network =
        FakeNetwork::serving_everywhere(response(200, &[("Content-Type", "text/plain")], "A title\n\n1 < 2")).await;
    let page = network.fetcher().fetch_page(&url("http://a.test/a.txt")).await.unwrap();
    assert_eq!(page.document, Document::Text("A title\n\n1 < 2".into()));
}

#[tokio::test]
async fn other_file_types_are_named() {
    for (content_type, body, kind) in [
        ("application/pdf", &b"%PDF-1.7 ..."[..], "a PDF file"),
        ("text/html", b"%PDF-1.7 ...", "a PDF file"),
        ("audio/mpeg", b"ID3\x04\0\0", "an audio file"),
        ("video/mp4", b"\0\0\0\x18ftypisom....", "a video"),
        ("application/zip", b"PK\x03\x04....", "an archive or office document"),
        ("image/png", b"\x89PNG\r\n\x1A\n....", "an image"),
        ("application/json", b"{\"a\": 1}", "JSON data"),
        ("application/rss+xml", b"<?xml version='1.0'?><rss/>", "a feed"),
        ("multipart/related", b"--A\nContent-Type: text/html\n\n<p>a", "a web archive"),
        ("text/html", b"", "an empty page"),
    ] {
        let network = FakeNetwork::serving_everywhere(response(200, &[("Content-Type", content_type)], body)).await;
        let error = network.fetcher().fetch_page(&url("http://a.test/")).await.unwrap_err();
        assert_eq!(error, Error::NotAPage { kind }, "{content_type}");
        assert!(error.user_message().starts_with(&format!("That’s {kind}.")));
        assert!(!error.is_transient());
    }
}

#[tokio::test]
async fn video_is_rejected_after_its_first_bytes() {
    let film = response(200, &[("Content-Type", "application/octet-stream")], b"\x1A\x45\xDF\xA3");
    let network = FakeNetwork::serving(move |_| Response::Endless(film.clone(), vec![7; 8192])).await;
    let error = network.fetcher().fetch_page(&url("http://a.test/")).await.unwrap_err();
    assert_eq!(error, Error::NotAPage { kind: "a video" });
}

#[tokio::test]
async fn each_status_has_its_own_message() {
    let mut sentences = Vec::new();
    for (status, code, is_transient) in [
        (401, "status-401", false),
        (403, "status-403", false),
        (404, "status-404", false),
        (410, "status-410", false),
        (429, "status-429", true),
        (500, "status-5xx", true),
        (503, "status-5xx", true),
        (418, "status", false),
        (304, "status", false),
    ] {
        let network =
            FakeNetwork::serving_everywhere(response(status, &[("Content-Type", "text/html")], "<h1>Sorry</h1>")).await;
        let error = network.fetcher().fetch_page(&url("http://a.test/")).await.unwrap_err();
        assert_eq!(error, Error::Status(status));
        assert_eq!((error.code(), error.is_transient()), (code, is_transient), "{status}");
        assert!(error.user_message().contains(&status.to_string()));
        sentences.push(error.user_message());
    }
    sentences.sort();
    let all = sentences.len();
    sentences.dedup();
    assert_eq!(sentences.len(), all);
}

#[tokio::test]
async fn redirect_without_location_is_a_status_error() {
    let network = FakeNetwork::serving_everywhere(response(302, &[], "")).await;
    let error = network.fetcher().fetch_page(&url("http://a.test/")).await.unwrap_err();
    assert_eq!(error, Error::Status(302));
}

#[test]
fn messages_say_what_happened_and_what_to_do() {
    let refused = |reason| Error::BlockedUrl(BlockedUrl { host: "a.test".into(), reason });
    let host = || "a.test".to_owned();
    for (error, says) in [
        (Error::InvalidUrl("hello".into()), ["“hello”", "Paste"]),
        (refused(BlockReason::Scheme("ftp".into())), ["“ftp:”", "https://"]),
        (refused(BlockReason::Credentials), ["password", "Remove"]),
        (
            refused(BlockReason::InternalAddress("on a private network")),
            ["a.test is on a private network", "BROADSHEET_ALLOW_HOSTS"],
        ),
        (
            refused(BlockReason::NamedFromOutside("on a private network", 8080)),
            ["Another site led to a.test, which is on a private network", "BROADSHEET_ALLOW_HOSTS: a.test:8080"],
        ),
        (refused(BlockReason::Port(25)), ["Port 25 of a.test", "BROADSHEET_ALLOW_PORTS"]),
        (Error::Timeout(std::time::Duration::from_secs(30)), ["too long", "Try again"]),
        (Error::TooLarge(25 << 20), ["25 MB", "Check"]),
        (Error::NotAnImage, ["image", "Open the original"]),
        (Error::BotCheck, ["blocked automated access", "paste it here"]),
        (Error::ConsentPage, ["cookies", "paste the page here"]),
        (Error::TooManyRedirects(5), ["more than 5 times", "paste it here"]),
        (NetworkError::HostNotFound(host()).into(), ["No site named a.test", "Check"]),
        (
            NetworkError::ConnectionRefused("https://a.test".into()).into(),
            ["https://a.test refused the connection", "try http://"],
        ),
        (NetworkError::Unreachable(host()).into(), ["a.test is unreachable", "Try again"]),
        (NetworkError::InvalidCertificate(host()).into(), ["certificate", "paste it here"]),
        (NetworkError::NotTls("https://a.test".into()).into(), ["https://a.test doesn’t support HTTPS", "Try http://"]),
        (NetworkError::HandshakeFailed(host()).into(), ["The secure connection to a.test failed", "paste it here"]),
        (NetworkError::ConnectionBroken(host()).into(), ["a.test dropped", "Try again"]),
    ] {
        let words = error.user_message();
        assert!(says.iter().all(|part| words.contains(part)), "{words}");
        assert!(words.ends_with('.') && !words.contains("  "), "{words}");
    }
}

#[tokio::test]
async fn forwarding_page_is_followed() {
    for forwarding in [
        html(
            "<!doctype html><title>Moved</title><noscript><META HTTP-EQUIV=Refresh CONTENT=\"1; URL='/there?a=1&amp;b=2'\"></noscript><p>Redirecting…",
        ),
        response(200, &[("Content-Type", "text/html"), ("Refresh", "0;url=/there?a=1&b=2")], "<p>One moment"),
    ] {
        let network = FakeNetwork::serving(move |request| {
            Response::Bytes(match request.path.as_str() {
                "/here" => forwarding.clone(),
                _ => html(&article("arrived")),
            })
        })
        .await;
        let page = network.fetcher().fetch_page(&url("http://a.test/here")).await.unwrap();
        assert_eq!(page.url.as_str(), "http://a.test/there?a=1&b=2");
    }
}

#[tokio::test]
async fn refresh_of_a_page_with_content_is_ignored() {
    for staying in [
        format!("<meta http-equiv=refresh content='0;/there'>{}", article("news")),
        "<meta http-equiv=refresh content='300;/there'><p>A short live ticker".to_owned(),
        "<meta http-equiv=refresh content='0;/here#top'><p>A short page".to_owned(),
        "<meta http-equiv=refresh content='0'><p>A short page".to_owned(),
        "<!-- <meta http-equiv=refresh content='0;/there'> --><p>A short page".to_owned(),
        "<script>'<meta http-equiv=refresh content=0;/there>'</script><p>A short page".to_owned(),
    ] {
        let network = FakeNetwork::serving_everywhere(html(&staying)).await;
        let page = network.fetcher().fetch_page(&url("http://a.test/here")).await.unwrap();
        assert_eq!(page.url.as_str(), "http://a.test/here", "{staying}");
        assert_eq!(network.take_requests().len(), 1);
    }
}
