//! The first run: who has access before there is an account, and how the first account is created.

use axum::http::StatusCode;

use crate::support::{Browser, TestApp, TestConfig};

/// A page for readers. Without an account it redirects to `/setup`.
const PAGE: &str = "/settings/password";

async fn has_access(browser: &Browser) -> bool {
    let page = browser.get(PAGE).await;
    match page.status {
        StatusCode::SEE_OTHER if page.location() == "/setup" => true,
        StatusCode::FORBIDDEN | StatusCode::MISDIRECTED_REQUEST => false,
        _ => panic!("{page:?}"),
    }
}

#[tokio::test]
async fn without_an_account_only_loopback_requests_have_access() {
    for listen in ["127.0.0.1:8080", "[::1]:8080", "0.0.0.0:8080", "[::]:8080", "192.168.1.2:8080"] {
        let app = TestApp::with_config(TestConfig { listen, ..TestConfig::default() }).await;
        for peer in ["127.0.0.1:5", "[::1]:5", "[::ffff:127.0.0.1]:5", "192.168.1.9:5", "203.0.113.7:5"] {
            for host in
                ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "evil.example", "192.168.1.2", ""]
            {
                for header in [None, Some("x-forwarded-for"), Some("forwarded"), Some("x-real-ip"), Some("via")] {
                    let mut browser = app.another_browser();
                    browser.peer = peer.parse().unwrap();
                    browser.host = host.to_owned();
                    browser.headers = header.map(|name| (name, "127.0.0.1".to_owned())).into_iter().collect();
                    let within = (listen.starts_with("127") || listen.starts_with("[::1]"))
                        && (peer.contains("127.0.0.1") || peer.starts_with("[::1]"))
                        && !["evil.example", "192.168.1.2", ""].contains(&host)
                        && header.is_none();
                    assert_eq!(has_access(&browser).await, within, "{listen} {peer} {host} {header:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn two_host_headers_count_as_none() {
    let app = TestApp::new().await;
    let mut browser = app.another_browser();
    browser.headers = vec![("host", "localhost".to_owned())];
    assert!(!has_access(&browser).await);
}

#[tokio::test]
async fn the_local_reader_creates_an_account_and_must_log_in_from_then_on() {
    let app = TestApp::new().await;
    assert!(app.app.setup_link().await.unwrap().is_none(), "no link is needed");
    assert!(app.get("/setup").await.has("form[action='/setup']:not(:has([name=token]))"));
    let short = app.post("/setup", &[("name", "Ann"), ("password", "short"), ("repeat", "short")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(short.attributes("input[name=name]", "value"), ["Ann"]);
    assert!(short.text("[role=alert]").contains("at least 8"));
    let slip = app.post("/setup", &[("name", "Ann"), ("password", "correct horse"), ("repeat", "corect horse")]).await;
    assert_eq!(slip.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(slip.text("[role=alert]").starts_with("The passwords don’t match."), "a typing error locks nobody out");
    let page = app.post("/setup", &[("name", "Ann"), ("password", "correct horse"), ("repeat", "correct horse")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(app.get(PAGE).await.status, StatusCode::OK);
    let other = app.another_browser();
    assert!(other.get(PAGE).await.location().starts_with("/login"), "even on this computer");
}

#[tokio::test]
async fn from_elsewhere_only_the_setup_link_works_and_only_once() {
    let app = TestApp::with_config(TestConfig { listen: "0.0.0.0:8080", ..TestConfig::default() }).await;
    let link = app.app.setup_link().await.unwrap().unwrap();
    let path = link.strip_prefix("http://localhost:8080").unwrap();
    let token = path.strip_prefix("/setup?token=").unwrap();
    for path in ["/", PAGE, "/setup", "/setup?token=", "/setup?token=0", "/no-such-page"] {
        let page = app.get(path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        assert!(page.text("main").contains("isn’t set up yet") && !page.body.contains(token), "{path}");
    }
    assert_eq!(app.get("/login").await.location(), "/");
    assert_eq!(
        app.post("/setup", &[("name", "Eve"), ("password", "correct horse"), ("repeat", "correct horse")]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(app.log_in("Eve", "correct horse").await.status, StatusCode::UNPROCESSABLE_ENTITY);

    assert_eq!(app.get(path).await.attributes("input[name=token]", "value"), [token]);
    app.set_up("Ann", "correct horse").await;
    let late = app.another_browser();
    assert_eq!(late.get(path).await.location(), "/login");
    let again = late
        .post(
            "/setup",
            &[("name", "Eve"), ("password", "correct horse"), ("repeat", "correct horse"), ("token", token)],
        )
        .await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, "/login"));
    assert_eq!(app.app.accounts.count_people().await.unwrap(), 1);
    assert!(app.app.setup_link().await.unwrap().is_none());
}

#[tokio::test]
async fn with_a_public_url_the_local_reader_needs_the_setup_link_too() {
    let app =
        TestApp::with_config(TestConfig { base_url: Some("https://news.example.org"), ..TestConfig::default() }).await;
    assert!(app.app.setup_link().await.unwrap().unwrap().starts_with("https://news.example.org/setup?token="));
    assert_eq!(app.get(PAGE).await.status, StatusCode::FORBIDDEN);
    let mut careless_proxy = app.another_browser();
    careless_proxy.host = "127.0.0.1:8080".to_owned();
    let page = careless_proxy.get(PAGE).await;
    assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST);
    assert!(page.text("main").contains("Open Broadsheet at https://news.example.org."));
    assert_eq!(careless_proxy.get("/healthcheck").await.body, "ok");
}

#[tokio::test]
async fn an_owner_given_in_the_settings_is_created_once() {
    use broadsheet::accounts::{OwnerSetup, Password, Username};
    let app = TestApp::with_config(TestConfig { listen: "0.0.0.0:8080", ..TestConfig::default() }).await;
    let accounts = &app.app.accounts;
    let (name, password) = (Username::parse("Ann").unwrap(), Password::parse("correct horse").unwrap());
    assert!(matches!(accounts.ensure_owner(&name, &password, app.app.now()).await.unwrap(), OwnerSetup::Created(_)));
    let other = Password::parse("battery staple").unwrap();
    assert_eq!(accounts.ensure_owner(&name, &other, app.app.now()).await.unwrap(), OwnerSetup::AlreadyExists);
    assert_eq!(app.log_in("Ann", "correct horse").await.status, StatusCode::SEE_OTHER);
}
