//! A request from elsewhere that a proxy passes on, with default settings here: it looks like one from this computer,
//! and must open nothing. Each proxy's own headers are replayed; `docs/security.md` has the table.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, Version};

use crate::support::{Browser, Page, TestApp, form_body};

/// How a proxy with a minimal configuration passes on a request for `news.example.org`.
struct Proxy {
    name: &'static str,
    version: Version,
    host: &'static str,
    /// What it adds.
    headers: &'static [(&'static str, &'static str)],
}

const PUBLIC_NAME: &str = "news.example.org";
const OUR_ADDRESS: &str = "127.0.0.1:8080";

const PROXIES: &[Proxy] = &[
    Proxy {
        name: "nginx until 1.29.6, proxy_pass only",
        version: Version::HTTP_10,
        host: OUR_ADDRESS,
        headers: &[("connection", "close")],
    },
    Proxy {
        name: "nginx, proxy_pass to localhost, with the lines for WebSocket",
        version: Version::HTTP_11,
        host: "localhost",
        headers: &[("connection", "upgrade")],
    },
    Proxy { name: "nginx, with Host", version: Version::HTTP_11, host: PUBLIC_NAME, headers: &[] },
    Proxy {
        name: "nginx, with the usual headers",
        version: Version::HTTP_11,
        host: OUR_ADDRESS,
        headers: &[("x-real-ip", "203.0.113.9"), ("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "https")],
    },
    Proxy {
        name: "Caddy",
        version: Version::HTTP_11,
        host: PUBLIC_NAME,
        headers: &[
            ("via", "2.0 Caddy"),
            ("x-forwarded-for", "203.0.113.9"),
            ("x-forwarded-host", PUBLIC_NAME),
            ("x-forwarded-proto", "https"),
        ],
    },
    Proxy {
        name: "Caddy, header_up Host {upstream_hostport}",
        version: Version::HTTP_11,
        host: OUR_ADDRESS,
        headers: &[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-host", PUBLIC_NAME)],
    },
    Proxy {
        name: "Traefik",
        version: Version::HTTP_11,
        host: PUBLIC_NAME,
        headers: &[
            ("x-forwarded-for", "203.0.113.9"),
            ("x-forwarded-host", PUBLIC_NAME),
            ("x-forwarded-port", "443"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-server", "a1b2c3"),
            ("x-real-ip", "203.0.113.9"),
        ],
    },
    Proxy {
        name: "Apache, ProxyPass",
        version: Version::HTTP_11,
        host: OUR_ADDRESS,
        headers: &[
            ("x-forwarded-for", "203.0.113.9"),
            ("x-forwarded-host", PUBLIC_NAME),
            ("x-forwarded-server", PUBLIC_NAME),
            ("connection", "Keep-Alive"),
        ],
    },
    Proxy {
        name: "Apache, ProxyAddHeaders off, disablereuse",
        version: Version::HTTP_11,
        host: OUR_ADDRESS,
        headers: &[("connection", "close")],
    },
    Proxy { name: "HAProxy", version: Version::HTTP_11, host: PUBLIC_NAME, headers: &[] },
    Proxy {
        name: "HAProxy, option forwardfor, http-request set-header Host",
        version: Version::HTTP_11,
        host: "localhost:8080",
        headers: &[("x-forwarded-for", "203.0.113.9")],
    },
    Proxy {
        name: "Tailscale serve",
        version: Version::HTTP_11,
        host: "desk.tail1234.ts.net",
        headers: &[
            ("tailscale-user-login", "eve@example.org"),
            ("x-forwarded-for", "100.64.0.7"),
            ("x-forwarded-host", "desk.tail1234.ts.net"),
            ("x-forwarded-proto", "https"),
        ],
    },
    Proxy {
        name: "cloudflared, httpHostHeader",
        version: Version::HTTP_11,
        host: "localhost:8080",
        headers: &[
            ("cf-connecting-ip", "203.0.113.9"),
            ("cf-ray", "8f00-AMS"),
            ("cf-visitor", "{\"scheme\":\"https\"}"),
            ("cdn-loop", "cloudflare; loops=1"),
        ],
    },
    Proxy {
        name: "ngrok, --host-header=rewrite",
        version: Version::HTTP_11,
        host: "localhost:8080",
        headers: &[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-host", "abc.ngrok.app")],
    },
    Proxy {
        name: "Envoy",
        version: Version::HTTP_11,
        host: PUBLIC_NAME,
        headers: &[("x-envoy-expected-rq-timeout-ms", "15000"), ("x-forwarded-proto", "https"), ("x-request-id", "7")],
    },
    Proxy {
        name: "IIS, ARR",
        version: Version::HTTP_11,
        host: OUR_ADDRESS,
        headers: &[("x-original-url", "/"), ("x-arr-log-id", "7"), ("max-forwards", "10")],
    },
];

/// What a stranger's program or browser sends with a request.
const STRANGERS: &[&[(&str, &str)]] = &[
    &[],
    &[("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")],
    &[("sec-fetch-site", "same-origin"), ("origin", "https://news.example.org")],
    &[("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:8080"), ("x-forwarded-for", "127.0.0.1")],
    &[("sec-fetch-site", "same-origin"), ("origin", "http://localhost:8080"), ("host", "localhost:8080")],
];

async fn send(browser: &Browser, proxy: &Proxy, method: Method, path: &str, headers: &[(&str, &str)]) -> Page {
    // The stranger's Host is replaced by the proxy, or added to, which is no Host.
    let request = Request::builder().method(method).uri(path).version(proxy.version).header("host", proxy.host);
    let request =
        headers.iter().chain(proxy.headers).fold(request, |request, (name, value)| request.header(*name, *value));
    let body = form_body(&[("name", "Eve"), ("password", "correct horse"), ("repeat", "correct horse")]);
    browser.send(request.header("content-type", "application/x-www-form-urlencoded").body(body).unwrap()).await
}

#[tokio::test]
async fn through_a_proxy_nothing_opens_without_an_account() {
    let app = TestApp::new().await;
    for proxy in PROXIES {
        for stranger in STRANGERS {
            for path in ["/", "/articles", "/settings", "/setup", "/no-such-page"] {
                let page = send(&app, proxy, Method::GET, path, stranger).await;
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{path} through {} with {stranger:?}", proxy.name);
                assert!(page.text("main").contains("create an account"), "{}: {}", proxy.name, page.text("main"));
                assert!(page.text("main details").contains("BROADSHEET_BASE_URL"), "{}", proxy.name);
            }
            for path in ["/setup", "/import", "/article/1/action"] {
                let page = send(&app, proxy, Method::POST, path, stranger).await;
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{path} through {} with {stranger:?}", proxy.name);
            }
        }
    }
    assert_eq!(app.app.accounts.count_people().await.unwrap(), 0);
}

#[tokio::test]
async fn the_page_says_what_gave_the_proxy_away() {
    let app = TestApp::new().await;
    for (name, expected) in
        [("nginx until", "used HTTP/1.0"), ("Apache, ProxyAdd", "a Connection header"), ("Caddy", "the header via")]
    {
        let proxy = PROXIES.iter().find(|proxy| proxy.name.starts_with(name)).unwrap();
        let page = send(&app, proxy, Method::GET, "/", &[]).await;
        assert!(page.text("details p").contains(expected), "{}", page.text("details p"));
        assert!(
            page.texts("main > div > p")[0].starts_with("Broadsheet has no account yet, so it opens only in a browser")
        );
        assert!(!page.texts("main > div > p")[0].contains("BROADSHEET_"));
    }
}

#[tokio::test]
async fn with_a_public_url_every_proxy_that_passes_on_the_name_works() {
    let app = TestApp::behind_proxy().await;
    for proxy in PROXIES.iter().filter(|proxy| proxy.host == PUBLIC_NAME) {
        let read = [("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        assert_eq!(send(&app, proxy, Method::GET, "/settings", &read).await.status, StatusCode::OK, "{}", proxy.name);
        let change = [("sec-fetch-site", "same-origin"), ("origin", "https://news.example.org")];
        let page = send(&app, proxy, Method::POST, "/settings/display", &change).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", proxy.name);
        let stranger = app.another_browser();
        assert_eq!(send(&stranger, proxy, Method::POST, "/import", &change).await.status, StatusCode::UNAUTHORIZED);
    }
    let unnamed = PROXIES.iter().find(|proxy| proxy.host == OUR_ADDRESS).unwrap();
    let page = send(&app, unnamed, Method::GET, "/", &[]).await;
    assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST);
    assert!(page.text("main").contains("Open Broadsheet at https://news.example.org."));
}

#[tokio::test]
async fn with_an_account_but_no_public_url_a_stranger_has_to_log_in() {
    let app = TestApp::new().await;
    app.set_up("Ann", "correct horse").await;
    for proxy in PROXIES {
        let stranger = app.another_browser();
        let status = send(&stranger, proxy, Method::POST, "/import", &[("sec-fetch-site", "same-origin")]).await.status;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{}", proxy.name);
        let status = send(&app, proxy, Method::GET, "/settings", &[("sec-fetch-site", "none")]).await.status;
        assert_eq!(status, StatusCode::OK, "Ann through {}", proxy.name);
    }
}

/// What Chromium and Firefox send with every request to this computer.
const BROWSER: &[(&str, &str)] =
    &[("connection", "keep-alive"), ("accept-encoding", "gzip, deflate, br, zstd"), ("dnt", "1")];

#[tokio::test]
async fn a_browser_on_this_computer_needs_no_account() {
    let app = TestApp::new().await;
    // The last one comes through an SSH tunnel, which ends on this computer and has a port of its own.
    for host in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "localhost:9999"] {
        let mut browser = app.another_browser();
        browser.host = host.to_owned();
        browser.headers = BROWSER.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        assert_eq!(browser.get("/").await.status, StatusCode::OK, "{host}");
        let typed = [("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate"), ("sec-fetch-user", "?1")];
        let origin = format!("http://{host}");
        let submitted = [("sec-fetch-site", "same-origin"), ("origin", origin.as_str())];
        for (method, headers) in [(Method::GET, &typed[..]), (Method::GET, &submitted[..1]), (Method::POST, &submitted)]
        {
            let form = Request::builder().method(method).uri("/import");
            let form = headers.iter().fold(form, |form, (name, value)| form.header(*name, *value));
            let form = form.header("content-type", "application/x-www-form-urlencoded");
            let page = browser.send(form.body(form_body(&[("input", "")])).unwrap()).await;
            assert!(page.status != StatusCode::FORBIDDEN, "{host} {headers:?}: {}", page.body);
        }
    }
    assert_eq!(app.get("/").await.status, StatusCode::OK, "a program without any of these headers, such as curl");
}

#[tokio::test]
async fn a_link_on_another_site_leads_here_after_a_question() {
    let app = TestApp::new().await;
    let link = "/bookmarklet?url=https%3A%2F%2Fharbour.example%2F2&title=%22Late%22";
    for site in ["cross-site", "same-site"] {
        let headers = [("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        let request = headers.iter().fold(Request::get(link), |request, (name, value)| request.header(*name, *value));
        let page = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((page.status, page.text("h1")), (StatusCode::FORBIDDEN, "Continue to Broadsheet?".to_owned()));
        let way_on = page.attributes("main a.button", "href").remove(0);
        assert_eq!(way_on, link);
        let request = Request::get(&way_on).header("sec-fetch-site", "same-origin");
        let page = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("https://harbour.example/2"), "the form is filled in");
    }
    let foreign = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    for (asked, ours) in [("//evil.example/x", "/evil.example/x"), ("///evil.example/x?a=b", "/evil.example/x?a=b")] {
        let request = foreign.iter().fold(Request::get(asked), |request, (name, value)| request.header(*name, *value));
        let page = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(page.location(), ours, "a path of our own");
        let request = foreign.iter().fold(Request::get(ours), |request, (name, value)| request.header(*name, *value));
        let page = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(page.attributes("main a.button", "href"), [ours], "the way on is ours");
    }
    let request =
        foreign.iter().fold(Request::get("//\\evil.example/x"), |request, (name, value)| request.header(*name, *value));
    if let Ok(request) = request.body(Body::empty()) {
        let page = app.send(request).await;
        assert_eq!(page.attributes("main a.button", "href"), ["/"], "browsers take a backslash for a slash");
    }
}
