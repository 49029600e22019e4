//! Strangers who guess passwords: they do not lock out the reader, who is told about them.

use axum::http::StatusCode;
use jiff::SignedDuration;

use crate::support::{Browser, TestApp, advance_clock, take_pauses};

/// Guesses Ann's password from many addresses.
async fn guess(app: &TestApp, times: u8) {
    let mut guesser = app.another_browser();
    for number in 0..times {
        guesser.peer = ([203, 0, 113, number], 40_000).into();
        guesser.log_in("Ann", "a wrong guess").await;
    }
}

fn is_in(status: StatusCode) -> bool {
    status == StatusCode::SEE_OTHER
}

/// What the front page says about failed logins.
async fn notice(browser: &Browser) -> Vec<String> {
    browser.get("/").await.texts("form[action='/login-notice/dismiss'] p")
}

#[tokio::test]
async fn strangers_do_not_lock_out_a_browser_that_is_known() {
    let app = TestApp::logged_in_as_ann().await;
    app.post("/logout", &[]).await;
    guess(&app, 30).await;
    let stranger = app.another_browser();
    assert_eq!(stranger.log_in("Ann", "correct horse").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(is_in(app.log_in("Ann", "correct horse").await.status), "Ann's own browser");
    app.post("/logout", &[]).await;
    for _ in 0..10 {
        assert_eq!(app.log_in("Ann", "mistyped by her").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(app.log_in("Ann", "correct horse").await.status, StatusCode::TOO_MANY_REQUESTS, "a thief of her laptop");
    advance_clock(SignedDuration::from_mins(15));
    assert!(is_in(app.log_in("Ann", "correct horse").await.status));
}

#[tokio::test]
async fn a_browser_stays_known_when_the_password_changes_and_when_the_session_is_renewed() {
    let app = TestApp::logged_in_as_ann().await;
    let phone = app.another_browser();
    phone.log_in("Ann", "correct horse").await;
    let change = [("current", "correct horse"), ("new", "battery staple"), ("repeat", "battery staple")];
    app.post("/settings/password", &change).await;
    guess(&app, 20).await;
    assert!(is_in(phone.log_in("Ann", "battery staple").await.status));
    let issued = phone.cookie("broadsheet-device");
    advance_clock(SignedDuration::from_hours(20 * 24));
    phone.get("/").await;
    assert_ne!(phone.cookie("broadsheet-device"), issued, "it lasts a year from the last visit");
    phone.post("/logout", &[]).await;
    guess(&app, 20).await;
    assert!(is_in(phone.log_in("Ann", "battery staple").await.status));
}

#[tokio::test]
async fn a_device_cookie_opens_nothing_and_is_kept_from_scripts_and_other_sites() {
    let app = TestApp::logged_in_as_ann().await;
    let stranger = app.another_browser();
    stranger.set_cookie("broadsheet-device", &app.cookie("broadsheet-device"));
    assert!(stranger.get("/").await.location().starts_with("/login"));
    for (app, name, secure) in
        [(app, "broadsheet-device", ""), (TestApp::behind_proxy().await, "__Host-broadsheet-device", "; Secure")]
    {
        let page = app.log_in("Ann", "correct horse").await;
        let cookies = page.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
        let device = cookies.filter_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('=')).next().unwrap();
        let (_, flags) = device.split_once("; ").unwrap();
        assert_eq!(flags, format!("Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000{secure}"));
    }
}

#[tokio::test]
async fn answers_become_slow_before_they_are_refused() {
    let app = TestApp::logged_in_as_ann().await;
    take_pauses();
    guess(&app, 12).await;
    assert_eq!(take_pauses(), [1, 2, 4, 8, 8, 8, 8], "after three that are free; the last two are refused at once");
    assert!(is_in(app.log_in("Ann", "correct horse").await.status));
    assert!(take_pauses().is_empty(), "Ann's own browser does not wait");
    let stranger = app.another_browser();
    for _ in 0..4 {
        stranger.log_in("Nobody", "a wrong guess").await;
    }
    assert_eq!(take_pauses(), [1], "an unknown name is as slow");
}

#[tokio::test]
async fn the_next_login_tells_of_failed_ones_until_the_notice_is_dismissed() {
    let app = TestApp::logged_in_as_ann().await;
    assert!(notice(&app).await.is_empty());
    guess(&app, 4).await;
    assert!(notice(&app).await.is_empty(), "they are told at the next login");
    let phone = app.another_browser();
    phone.log_in("Ann", "correct horse").await;
    let told = notice(&phone).await.remove(0);
    assert!(told.starts_with("4 logins with your name failed since your last one, the latest on "), "{told}");
    assert!(phone.get("/articles").await.has("form.notice[role=status] a[href='/settings/password']"), "on every page");
    assert!(notice(&app).await.is_empty() && !app.another_browser().get("/login").await.body.contains("failed"));
    let back = phone.post("/login-notice/dismiss", &[("return_to", "/articles?unread=1")]).await;
    assert_eq!((back.status, back.location()), (StatusCode::SEE_OTHER, "/articles?unread=1"));
    assert!(notice(&phone).await.is_empty());
    phone.log_in("Ann", "correct horse").await;
    assert!(notice(&phone).await.is_empty(), "only those since the last login are told");
}

#[tokio::test]
async fn only_strangers_attempts_on_an_existing_name_are_told() {
    let app = TestApp::logged_in_as_ann().await;
    app.post("/logout", &[]).await;
    app.log_in("Ann", "mistyped by her").await;
    app.another_browser().log_in("Nobody", "a wrong guess").await;
    app.log_in("Ann", "correct horse").await;
    assert!(notice(&app).await.is_empty());
    app.another_browser().log_in("ann", "a wrong guess").await;
    app.log_in("Ann", "correct horse").await;
    assert!(notice(&app).await[0].starts_with("One login with your name failed since your last one, on "));
    app.post(
        "/settings/password",
        &[("current", "correct horse"), ("new", "battery staple"), ("repeat", "battery staple")],
    )
    .await;
    assert_eq!(notice(&app).await.len(), 1, "a new password does not hide it");
}

#[tokio::test]
async fn a_new_password_gives_the_session_a_new_token() {
    let app = TestApp::logged_in_as_ann().await;
    let (old, thief) = (app.cookie("broadsheet"), app.another_browser());
    thief.set_cookie("broadsheet", &old);
    assert_eq!(thief.get("/settings").await.status, StatusCode::OK);
    let wrong = [("current", "a wrong guess"), ("new", "battery staple"), ("repeat", "battery staple")];
    app.post("/settings/password", &wrong).await;
    assert_eq!(app.cookie("broadsheet"), old, "no change, no new token");
    let change = [("current", "correct horse"), ("new", "battery staple"), ("repeat", "battery staple")];
    app.post("/settings/password", &change).await;
    assert_ne!(app.cookie("broadsheet"), old);
    assert_eq!(app.get("/settings").await.status, StatusCode::OK);
    assert_eq!(thief.get("/settings").await.status, StatusCode::SEE_OTHER);
}
