//! Settings: looks, room on the disk, the account, the bookmark; the keys; what a telephone installs.

use axum::http::StatusCode;

use crate::support::{TestApp, TestConfig};

#[tokio::test]
async fn looks_are_remembered_for_a_year_and_lead_back_to_the_page() {
    let app = TestApp::new().await;
    let page = app.post("/settings/reading", &[("theme", "dark"), ("back", "/articles?unread=1")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/articles?unread=1"));
    assert_eq!(page.header("set-cookie"), "broadsheet-theme=dark; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000");
    app.post("/settings/reading", &[("size", "5")]).await;
    app.post("/settings/reading", &[("width", "wide")]).await;
    let page = app.get("/settings").await;
    let root = |name| page.attributes("html", name).remove(0);
    assert_eq!((root("data-theme"), root("data-size"), root("data-width")), ("dark".into(), "5".into(), "wide".into()));
    assert_eq!(page.texts("#main .choice [aria-pressed=true]"), ["Dark", "5", "Wide"]);
}

#[tokio::test]
async fn looks_that_nobody_offered_are_not_remembered() {
    let app = TestApp::new().await;
    let page =
        app.post("/settings/reading", &[("theme", "x\"; Secure"), ("size", "9"), ("back", "//evil.example")]).await;
    assert_eq!((page.location(), page.header("set-cookie")), ("/", ""));
    let proxied = TestApp::behind_proxy().await;
    let page = proxied.post("/settings/reading", &[("theme", "light")]).await;
    assert!(page.header("set-cookie").ends_with("; Secure"));
}

#[tokio::test]
async fn a_stranger_at_the_door_may_have_it_dark_too() {
    let app = TestApp::logged_in_as_ann().await;
    let stranger = app.another_browser();
    let page = stranger.post("/settings/reading", &[("theme", "dark"), ("back", "/login")]).await;
    assert_eq!(stranger.get(page.location()).await.attributes("html", "data-theme"), ["dark"]);
    assert_eq!(stranger.get("/settings").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_room_on_the_disk_is_told_with_the_limit_for_pictures() {
    let mut app = TestApp::new().await;
    let page = app.get("/settings").await;
    assert_eq!(page.texts(".facts-list dt").len(), 4);
    assert!(page.texts(".facts-list dd").iter().all(|size| size.ends_with("iB") || size.ends_with("bytes")));
    assert!(!page.has("meter"), "without a limit there is nothing to measure");
    app.set_images_limit(5 << 30);
    let page = app.get("/settings").await;
    assert_eq!(page.attributes("meter", "aria-label"), ["Images: 0 bytes of 5 GiB"]);
    assert_eq!(page.attributes("meter", "max"), [(5_u64 << 30).to_string()]);
}

#[tokio::test]
async fn the_account_is_made_or_its_password_changed_there() {
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
async fn the_bookmark_leads_to_where_the_reader_sees_us() {
    let app = TestApp::new().await;
    let link = |page: &crate::support::Page| page.attributes("a.bookmarklet", "href").remove(0);
    let page = app.get("/settings").await;
    assert!(link(&page).starts_with("javascript:void open('http://127.0.0.1:8080/bookmarklet?url='+"));
    assert_eq!(page.text("#main details code"), link(&page), "for those who cannot drag");
    assert_eq!(link(&app.get("/import").await), link(&page));
    let proxied = TestApp::behind_proxy().await;
    assert!(link(&proxied.get("/settings").await).contains("'https://news.example.org/bookmarklet?url='"));
}

#[tokio::test]
async fn the_keys_stand_on_a_page_that_the_script_shows_too() {
    let app = TestApp::new().await;
    let page = app.get("/keys").await;
    assert_eq!(page.text("#keys #keys-title"), "Keyboard shortcuts");
    let keys = page.texts("#keys kbd");
    for key in ["j", "k", "n", "p", "o", "v", "m", "s", "f", "/", "?", "g"] {
        assert!(keys.iter().any(|known| known == key), "{key}");
    }
}

#[tokio::test]
async fn a_telephone_can_install_us_and_share_to_us() {
    let app = TestApp::with_config(TestConfig { listen: "0.0.0.0:8080", ..TestConfig::default() }).await;
    app.set_up("Ann", "correct horse").await;
    // Browsers ask for it without cookies.
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
