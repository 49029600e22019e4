//! Fetching pages: requests, results, and error messages.

use broadsheet::ingest::fetch::{BlockReason, BlockedUrl, Document, Error, NetworkError};

use crate::fake_network::{FakeNetwork, ReceivedRequest, Response, article, html, response, url};

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
    let cookies = |request: &ReceivedRequest| {
        request.head.lines().find_map(|line| line.strip_prefix("cookie: ").map(str::to_owned)).unwrap_or_default()
    };
    let sent: Vec<String> = requests.iter().map(cookies).collect();
    let mut last: Vec<&str> = sent[2].split("; ").collect();
    last.sort_unstable();
    assert_eq!((sent[0].as_str(), sent[1].as_str(), last, sent[3].as_str()), ("", "id=1", vec!["b=2", "id=1"], ""));
    for request in requests {
        for name in ["referer:", "authorization:", "proxy-", "x-forwarded", "dnt:", "secret"] {
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
        let host = "a.test".to_owned();
        let asked_to_wait = Error::AskedToWait { status, retry_after: None, host };
        assert_eq!(error, if status == 429 { asked_to_wait } else { Error::Status(status) });
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
        (Error::NoArchivedCopy, ["Internet Archive has no copy", "paste it here"]),
        (Error::TooManyRedirects(20), ["more than 20 times", "paste it here"]),
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

#[tokio::test]
async fn a_page_behind_a_cookie_is_had_and_another_fetch_starts_without_it() {
    let network = FakeNetwork::serving(|request| {
        let knows = request.head.contains("\r\ncookie: seen=1");
        Response::Bytes(if knows {
            html(&article("behind"))
        } else {
            response(302, &[("Set-Cookie", "seen=1; Path=/; HttpOnly"), ("Location", "/story?again")], "")
        })
    })
    .await;
    let fetcher = network.fetcher();
    for _ in 0..2 {
        let page = fetcher.fetch_page(&url("http://a.test/story")).await.unwrap();
        assert_eq!((page.url.path(), network.take_requests().len()), ("/story", 2));
    }
}

#[tokio::test]
async fn a_site_says_when_to_ask_again() {
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    let date = ("Date", "Mon, 23 Nov 2026 11:00:00 GMT");
    for (status, header, expected) in [
        (429, "30", Some("2026-11-23T12:00:30Z")),
        (503, "Mon, 23 Nov 2026 11:01:00 GMT", Some("2026-11-23T12:01:00Z")),
        (503, "soon", None),
        (403, "30", None),
    ] {
        let network = FakeNetwork::serving_everywhere(response(status, &[("Retry-After", header), date], "")).await;
        let error = network.fetcher().fetch_page(&url("http://a.test/")).await.unwrap_err();
        let asked = match &error {
            Error::AskedToWait { retry_after, host, .. } => {
                assert_eq!(host, "a.test");
                retry_after.as_ref().map(|wait| wait.time(now).to_string())
            }
            _ => None,
        };
        assert_eq!(asked.as_deref(), expected, "{status} {header}");
        assert_eq!(error.code(), Error::Status(status).code());
        assert_eq!(error.user_message(), Error::Status(status).user_message());
    }
}

#[tokio::test]
async fn a_page_that_is_whole_needs_no_end_of_the_connection() {
    let chunked = |body: &str| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n";
        format!("{head}{:x}\r\n{body}\r\n", body.len()).into_bytes()
    };
    let whole = format!("{}</html>\n", article("whole"));
    let network = FakeNetwork::serving_everywhere(chunked(&whole)).await;
    let page = network.fetcher().fetch_page(&url("http://a.test/")).await.unwrap();
    assert_eq!(page.bytes, whole.as_bytes());
    let network = FakeNetwork::serving_everywhere(chunked(&article("half"))).await;
    let error = network.fetcher().fetch_page(&url("http://a.test/")).await.unwrap_err();
    assert_eq!(error, NetworkError::ConnectionBroken("a.test".into()).into());
}
