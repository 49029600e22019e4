//! Settings: display, storage, account, bookmarklet; keyboard shortcuts; installing on a phone.

use axum::http::StatusCode;

use crate::support::{TestApp, TestConfig};

#[tokio::test]
async fn display_settings_are_remembered_for_a_year() {
    let app = TestApp::new().await;
    let page = app.post("/settings/display", &[("theme", "dark"), ("return_to", "/articles?unread=1")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/articles?unread=1"));
    assert_eq!(page.header("set-cookie"), "broadsheet-theme=dark; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000");
    app.post("/settings/display", &[("size", "5")]).await;
    app.post("/settings/display", &[("width", "wide")]).await;
    let page = app.get("/settings").await;
    let root = |name| page.attributes("html", name).remove(0);
    assert_eq!((root("data-theme"), root("data-size"), root("data-width")), ("dark".into(), "5".into(), "wide".into()));
    assert_eq!(page.texts("#main .choice [aria-pressed=true]"), ["Dark", "5", "Wide", "Next article", "This article"]);
}

#[tokio::test]
async fn unknown_display_settings_are_ignored() {
    let app = TestApp::new().await;
    let page = app
        .post("/settings/display", &[("theme", "x\"; Secure"), ("size", "9"), ("return_to", "//evil.example")])
        .await;
    assert_eq!((page.location(), page.header("set-cookie")), ("/", ""));
    let proxied = TestApp::behind_proxy().await;
    let page = proxied.post("/settings/display", &[("theme", "light")]).await;
    assert!(page.header("set-cookie").ends_with("; Secure"));
}

#[tokio::test]
async fn the_login_page_can_be_dark() {
    let app = TestApp::logged_in_as_ann().await;
    let stranger = app.another_browser();
    let page = stranger.post("/settings/display", &[("theme", "dark"), ("return_to", "/login")]).await;
    assert_eq!(stranger.get(page.location()).await.attributes("html", "data-theme"), ["dark"]);
    assert_eq!(stranger.get("/settings").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_settings_page_shows_storage_and_the_image_limit() {
    let mut app = TestApp::new().await;
    let page = app.get("/settings").await;
    assert_eq!(page.texts(".facts-list dt").len(), 4);
    assert!(page.texts(".facts-list dd").iter().all(|size| size.ends_with("iB") || size.ends_with("bytes")));
    assert!(!page.has("meter"), "no meter without a limit");
    app.set_images_limit(5 << 30);
    let page = app.get("/settings").await;
    assert_eq!(page.attributes("meter", "aria-label"), ["Images: 0 bytes of 5 GiB"]);
    assert_eq!(page.attributes("meter", "max"), [(5_u64 << 30).to_string()]);
}

#[tokio::test]
async fn the_settings_page_leads_to_setup_or_changes_the_password() {
    let app = TestApp::new().await;
    assert_eq!(app.get("/settings").await.attributes("#main a.button[href='/setup']", "href").len(), 1);
    app.post("/setup", &[("name", "Ann"), ("password", "correct horse"), ("repeat", "correct horse")]).await;
    let page = app.get("/settings").await;
    assert!(page.body.contains("Logged in as Ann.") && !page.has("a[href='/setup']"));
    let fields = page.attributes("form[action='/settings/password'] input", "name");
    assert_eq!(fields, ["name", "current", "new", "repeat"]);
    let page = app
        .post(
            "/settings/password",
            &[("current", "correct horse"), ("new", "battery staple"), ("repeat", "battery staple")],
        )
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_bookmarklet_opens_the_origin_the_reader_sees() {
    let app = TestApp::new().await;
    let link = |page: &crate::support::Page| page.attributes("a.bookmarklet", "href").remove(0);
    let page = app.get("/settings").await;
    assert!(link(&page).starts_with("javascript:void open('http://127.0.0.1:8080/bookmarklet?url='+"));
    assert_eq!(page.text("#main details code"), link(&page), "shown for copying");
    assert_eq!(link(&app.get("/import").await), link(&page));
    let proxied = TestApp::behind_proxy().await;
    assert!(link(&proxied.get("/settings").await).contains("'https://news.example.org/bookmarklet?url='"));
}

#[tokio::test]
async fn all_keyboard_shortcuts_are_listed() {
    let app = TestApp::new().await;
    let page = app.get("/keyboard-shortcuts").await;
    assert_eq!(page.text("#keyboard-shortcuts #keyboard-shortcuts-title"), "Keyboard shortcuts");
    let keys = page.texts("#keyboard-shortcuts kbd");
    for key in ["j", "k", "n", "p", "o", "v", "m", "s", "f", "/", "?", "g"] {
        assert!(keys.iter().any(|known| known == key), "{key}");
    }
}

#[tokio::test]
async fn a_phone_can_install_the_app_and_share_to_it() {
    let app = TestApp::with_config(TestConfig { listen: "0.0.0.0:8080", ..TestConfig::default() }).await;
    app.set_up("Ann", "correct horse").await;
    // Browsers request it without cookies.
    let stranger = app.another_browser();
    let page = stranger.get("/manifest.webmanifest").await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "application/manifest+json"));
    let manifest: serde_json::Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(manifest["share_target"]["action"], "/bookmarklet");
    assert_eq!(manifest["share_target"]["method"], "GET");
    for icon in manifest["icons"].as_array().unwrap() {
        let icon = stranger.get(icon["src"].as_str().unwrap()).await;
        assert!(icon.status == StatusCode::OK && icon.header("content-type").starts_with("image/"));
    }
    let favicon = stranger.get("/favicon.ico").await;
    assert_eq!(stranger.get(favicon.location()).await.header("content-type"), "image/png");
}
