//! Headers, origins and limits of every request.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::support::{Page, TestApp, TestConfig, form_body, form_request};

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; \
    connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

fn assert_security_headers(page: &Page) {
    assert_eq!(page.header("content-security-policy"), POLICY);
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "no-referrer, same-origin");
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(page.header("cross-origin-resource-policy"), "same-origin");
    assert!(page.header("permissions-policy").contains("camera=()"));
    assert!(!page.header("cache-control").is_empty());
}

#[tokio::test]
async fn every_response_has_the_security_headers() {
    let app = TestApp::logged_in_as_ann().await;
    let stranger = app.another_browser();
    let foreign = form_request("/logout").header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    let huge =
        form_request("/login").header("sec-fetch-site", "same-origin").body(Body::from(vec![b'a'; 2 << 20])).unwrap();
    for (page, status) in [
        (stranger.get("/login").await, 200),
        (app.get("/settings/password").await, 200),
        (app.get("/no-such-page").await, 404),
        (stranger.get("/no-such-page").await, 303),
        (app.post("/login", &[]).await, 422),
        (app.get("/logout").await, 405),
        (app.send(foreign).await, 403),
        (app.send(huge).await, 413),
        (app.get("/login?next=%ff%00").await, 303),
        (app.get("/static/app.css").await, 200),
        (app.get("/static/none.css").await, 404),
        (app.get("/healthcheck").await, 200),
    ] {
        assert_eq!(page.status.as_u16(), status, "{}", page.body);
        assert_security_headers(&page);
    }
}

#[tokio::test]
async fn an_error_page_keeps_the_theme_and_hides_the_error() {
    let app = TestApp::logged_in_as_ann().await;
    app.set_cookie("broadsheet-theme", "dark");
    let page = app.get("/no-such-page/%3Cscript%3E").await;
    assert_eq!(page.text("h1"), "Not found");
    assert_eq!(page.attributes("html", "data-theme"), ["dark"]);
    assert!(page.has("form[action='/logout']"), "the reader's menu");
    assert!(!page.body.contains("<script>"));
    app.app.accounts.database().close().await;
    crate::support::advance_clock(jiff::SignedDuration::from_secs(60));
    let page = app.get("/").await;
    assert_eq!((page.status, page.text("h1")), (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong".to_owned()));
    assert!(page.text("code").len() == 16 && !page.body.contains("pool"), "{}", page.body);
    assert_eq!(app.get("/healthcheck").await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn changes_must_come_from_the_same_origin() {
    let app = TestApp::logged_in_as_ann().await;
    let host = "http://127.0.0.1:8080";
    for (headers, allowed) in [
        (vec![("sec-fetch-site", "same-origin")], true),
        (vec![("sec-fetch-site", "same-origin"), ("origin", "null")], true),
        (vec![("sec-fetch-site", "cross-site"), ("origin", host)], false),
        (vec![("sec-fetch-site", "same-site"), ("origin", host)], false),
        (vec![("sec-fetch-site", "none")], false),
        (vec![("origin", host)], true),
        (vec![("origin", "http://127.0.0.1:9090")], false),
        (vec![("origin", "http://evil.example")], false),
        (vec![("origin", "https://127.0.0.1:8080")], false),
        (vec![("origin", "null")], false),
        (vec![("referer", "http://127.0.0.1:8080/login")], false),
        (vec![], false),
    ] {
        for path in ["/login", "/logout", "/setup", "/settings/password", "/no-such-page"] {
            let request =
                headers.iter().fold(form_request(path), |request, (name, value)| request.header(*name, *value));
            let page = app.another_browser().send(request.body(form_body(&[("password", "x")])).unwrap()).await;
            assert_eq!(page.status != StatusCode::FORBIDDEN, allowed, "{path} {headers:?}");
        }
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::from_bytes(b"ANYTHING").unwrap()] {
        let request = Request::builder().method(method).uri("/settings/password").body(Body::empty()).unwrap();
        assert_eq!(app.send(request).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(app.get("/settings/password").await.status, StatusCode::OK, "Ann is still logged in");
}

#[tokio::test]
async fn behind_a_proxy_the_public_url_is_the_origin() {
    let app = TestApp::behind_proxy().await;
    for (origin, allowed) in
        [("https://news.example.org", true), ("http://news.example.org", false), ("http://127.0.0.1:8080", false)]
    {
        let request = form_request("/logout").header("origin", origin).body(Body::empty()).unwrap();
        let page = app.another_browser().send(request).await;
        assert_eq!(page.status == StatusCode::SEE_OTHER, allowed, "{origin}");
    }
}

#[tokio::test]
async fn no_login_redirects_to_another_site() {
    let app = TestApp::logged_in_as_ann().await;
    for evil in ["//e", "/\\e", "\\\\e", "///e", "https:e", "\t//e", "/\t/e", "https://e/", "/.//e"] {
        let page = app.post("/login", &[("name", "Ann"), ("password", "correct horse"), ("next", evil)]).await;
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/"), "{evil:?}");
        let query: String = url::form_urlencoded::byte_serialize(evil.as_bytes()).collect();
        assert_eq!(app.get(&format!("/login?next={query}")).await.location(), "/", "{evil:?}");
    }
    for ours in ["/%09/e", "/%5ce", "/articles?topic=science"] {
        let page = app.post("/login", &[("name", "Ann"), ("password", "correct horse"), ("next", ours)]).await;
        assert_eq!(page.location(), ours);
    }
}

#[tokio::test]
async fn login_attempts_behind_a_proxy_are_counted_by_forwarded_address() {
    let app = TestApp::behind_proxy().await;
    let mut guesser = app.another_browser();
    guesser.headers = vec![("x-forwarded-for", "10.0.0.1, 198.51.100.7".to_owned())];
    for number in 0..50 {
        // All names are different and unknown, so only the IP address counts.
        let page = guesser.log_in(&format!("name {number}"), "a wrong guess").await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(guesser.log_in("another", "a wrong guess").await.status, StatusCode::TOO_MANY_REQUESTS);
    guesser.headers = vec![("x-forwarded-for", "10.0.0.1, 198.51.100.8".to_owned())];
    assert_eq!(guesser.log_in("another", "a wrong guess").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn static_files_are_cached_for_good_by_their_hash() {
    let app = TestApp::logged_in_as_ann().await;
    let page = app.another_browser().get("/login").await;
    let mut urls = page.attributes("link[rel=stylesheet], link[rel=icon], link[rel=manifest]", "href");
    urls.extend(page.attributes("script", "src"));
    assert!(urls.iter().any(|url| url.starts_with("/static/app.css?v=")), "{urls:?}");
    for url in urls {
        let file = app.another_browser().get(&url).await;
        assert_eq!(file.status, StatusCode::OK, "{url}");
        assert!(file.header("cache-control").contains("immutable"), "{url}");
        let again = Request::get(&url).header("if-none-match", file.header("etag")).body(Body::empty()).unwrap();
        let again = app.send(again).await;
        assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0), "{url}");
    }
    let old = app.get("/static/app.css?v=0123456789abcdef").await;
    assert_eq!(
        (old.header("content-type"), old.header("cache-control")),
        ("text/css; charset=utf-8", "public, max-age=3600")
    );
}

#[tokio::test]
async fn no_path_leaves_the_static_folder() {
    let app = TestApp::logged_in_as_ann().await;
    for path in [
        "..%2fCargo.toml",
        "../Cargo.toml",
        "%2e%2e/Cargo.toml",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "app.css%00",
        "icons",
    ] {
        assert_eq!(app.get(&format!("/static/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn pages_are_compressed_on_request() {
    let app = TestApp::with_config(TestConfig::default()).await;
    let request = Request::get("/setup").header("accept-encoding", "gzip, br").body(Body::empty()).unwrap();
    let page = app.send(request).await;
    assert_eq!((page.status, page.header("content-encoding")), (StatusCode::OK, "br"));
    let font = "/static/fonts/newsreader-5.3.0-latin-400-normal.woff2";
    let request = Request::get(font).header("accept-encoding", "gzip, br").body(Body::empty()).unwrap();
    let font = app.send(request).await;
    assert_eq!((font.header("content-encoding"), font.header("content-type")), ("", "font/woff2"));
}

#[tokio::test]
async fn a_damaged_library_is_said_to_be_with_what_to_do() {
    let app = TestApp::new().await;
    let file = app.app.libraries.folder(1).join("library.db");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    app.app.libraries.close().await;
    std::fs::write(&file, "This is a letter, and no database at all. ".repeat(200)).unwrap();
    let page = app.get("/articles").await;
    assert_eq!((page.status, page.text("h1").as_str()), (StatusCode::INTERNAL_SERVER_ERROR, "Damaged library"));
    let said = page.text("main");
    assert!(said.contains("broadsheet doctor") && said.contains("broadsheet restore"), "{said}");
    let error = app.app.libraries.get(1).await.err().unwrap();
    assert!(format!("{error:#}").contains("library.db is damaged"), "{error:#}");
}

#[tokio::test]
async fn only_errors_of_the_server_have_a_request_id_and_a_lost_login_leads_back() {
    let app = TestApp::new().await;
    assert!(!app.get("/nothing-here").await.text("main").contains("Request ID"));
    let app = TestApp::logged_in_as_ann().await;
    let refused = app.another_browser().post("/article/1/action", &[("action", "star")]).await;
    assert_eq!((refused.status, refused.text("h1").as_str()), (StatusCode::UNAUTHORIZED, "Please log in"));
    assert_eq!(refused.attributes("main .button", "href"), ["/login"]);
}
