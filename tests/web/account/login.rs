//! Logging in and out, changing the password, and the limit of login attempts.

use axum::http::StatusCode;
use broadsheet::accounts::{Accounts, Password};
use broadsheet::jobs;
use jiff::SignedDuration;

use crate::support::{TestApp, advance_clock, capture_log};

const PAGE: &str = "/settings/password";

#[tokio::test]
async fn a_stranger_logs_in_and_returns_to_the_requested_page() {
    let app = TestApp::logged_in_as_ann().await;
    let stranger = app.another_browser();
    let page = stranger.get("/settings/password?changed=1").await;
    assert_eq!(
        (page.status, page.location()),
        (StatusCode::SEE_OTHER, "/login?next=%2Fsettings%2Fpassword%3Fchanged%3D1")
    );
    let page = stranger.get(page.location()).await;
    let next = page.attributes("input[name=next]", "value").remove(0);
    let page = stranger.post("/login", &[("name", "ann"), ("password", "correct horse"), ("next", &next)]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/settings/password?changed=1"));
    assert_eq!(stranger.get(PAGE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn requests_other_than_for_pages_get_status_401() {
    let app = TestApp::logged_in_as_ann().await;
    let stranger = app.another_browser();
    let page = stranger
        .post(PAGE, &[("current", "correct horse"), ("new", "battery staple"), ("repeat", "battery staple")])
        .await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert_eq!(page.text("h1"), "Please log in");
    let request = axum::http::Request::get(PAGE).header("accept", "application/json").body(axum::body::Body::empty());
    assert_eq!(stranger.send(request.unwrap()).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_wrong_password_brings_the_form_back_with_the_name_only() {
    let app = TestApp::logged_in_as_ann().await;
    let stranger = app.another_browser();
    let known = stranger.log_in("Ann", "not her password").await;
    let unknown = stranger.log_in("Bob", "not her password").await;
    assert_eq!(known.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(known.attributes("input[name=name]", "value"), ["Ann"]);
    assert!(known.text("[role=alert]").contains("Wrong username or password"));
    assert!(!known.body.contains("not her password"));
    assert_eq!(known.body.replace("Ann", "Bob"), unknown.body, "an unknown name looks the same");
    assert!(stranger.cookie_header().is_empty());
    for none in [String::new(), "horse".to_owned(), "x".repeat(10_000)] {
        let page = stranger.log_in("Ann", &none).await;
        assert!(
            page.text("[role=alert]").contains("Wrong username or password"),
            "length rules are not mentioned here"
        );
    }
}

#[tokio::test]
async fn each_login_replaces_the_session() {
    let app = TestApp::logged_in_as_ann().await;
    let old = app.cookie("broadsheet");
    let thief = app.another_browser();
    thief.set_cookie("broadsheet", &old);
    assert_eq!(thief.get(PAGE).await.status, StatusCode::OK);
    app.log_in("Ann", "correct horse").await;
    assert_ne!(app.cookie("broadsheet"), old);
    assert_eq!(app.get(PAGE).await.status, StatusCode::OK);
    assert_eq!(thief.get(PAGE).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn logging_out_ends_the_session() {
    let app = TestApp::logged_in_as_ann().await;
    let replay = app.another_browser();
    replay.set_cookie("broadsheet", &app.cookie("broadsheet"));
    assert_eq!(replay.get(PAGE).await.status, StatusCode::OK);
    let page = app.post("/logout", &[]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/login"));
    assert_eq!(app.cookie("broadsheet"), "");
    assert_eq!(replay.get(PAGE).await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.get("/logout").await.status, StatusCode::METHOD_NOT_ALLOWED, "a link cannot log anyone out");
}

#[tokio::test]
async fn changing_the_password_ends_all_other_sessions() {
    let app = TestApp::logged_in_as_ann().await;
    let phone = app.another_browser();
    phone.log_in("Ann", "correct horse").await;
    assert_eq!(phone.get(PAGE).await.status, StatusCode::OK);
    let wrong =
        app.post(PAGE, &[("current", "wrong horse"), ("new", "battery staple"), ("repeat", "battery staple")]).await;
    assert!(wrong.text("[role=alert]").contains("not your current password"));
    let short = app.post(PAGE, &[("current", "correct horse"), ("new", "short"), ("repeat", "short")]).await;
    assert!(short.text("[role=alert]").contains("at least 8"));
    let slip = app.post(PAGE, &[("current", "correct horse"), ("new", "battery staple"), ("repeat", "batery staple")]);
    assert!(slip.await.text("[role=alert]").starts_with("The passwords don’t match."));
    let page =
        app.post(PAGE, &[("current", "correct horse"), ("new", "battery staple"), ("repeat", "battery staple")]).await;
    assert!(app.get(page.location()).await.text("[role=status]").contains("Password changed"));
    assert_eq!(phone.get(PAGE).await.status, StatusCode::SEE_OTHER);
    assert_eq!(phone.log_in("Ann", "correct horse").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(phone.log_in("Ann", "battery staple").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn passwords_are_compared_beyond_72_bytes() {
    let app = TestApp::with_config(crate::support::TestConfig { listen: "0.0.0.0:8080", ..Default::default() }).await;
    let long = "a".repeat(72);
    app.set_up("Ann", &format!("{long}b")).await;
    let stranger = app.another_browser();
    assert_eq!(stranger.log_in("Ann", &format!("{long}c")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(stranger.log_in("Ann", &format!("{long}b")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn after_ten_wrong_passwords_even_the_right_one_waits() {
    let app = TestApp::logged_in_as_ann().await;
    let guesser = app.another_browser();
    for _ in 0..10 {
        assert_eq!(guesser.log_in("Ann", "a wrong guess").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let page = guesser.log_in("Ann", "correct horse").await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.text("main").contains("Too many login attempts") && page.header("retry-after") == "901");
    assert_eq!(app.get(PAGE).await.status, StatusCode::OK, "existing sessions continue");
    advance_clock(SignedDuration::from_mins(15));
    assert_eq!(guesser.log_in("Ann", "correct horse").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_locked_account_can_still_change_its_password_which_unlocks_it() {
    let app = TestApp::logged_in_as_ann().await;
    let log = capture_log();
    let guesser = app.another_browser();
    for _ in 0..11 {
        guesser.log_in("Ann", "a wrong guess").await;
    }
    let warnings: Vec<_> = log.text().lines().filter(|line| line.contains("WARN")).map(str::to_owned).collect();
    assert!(warnings.len() == 1 && warnings[0].contains("name=\"Ann\" address=127.0.0.1"), "{warnings:?}");
    let change =
        app.post(PAGE, &[("current", "correct horse"), ("new", "battery staple"), ("repeat", "battery staple")]).await;
    assert_eq!(change.status, StatusCode::SEE_OTHER);
    assert_eq!(guesser.log_in("Ann", "battery staple").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_password_set_on_the_command_line_unlocks_the_account() {
    let app = TestApp::logged_in_as_ann().await;
    let guesser = app.another_browser();
    for _ in 0..10 {
        guesser.log_in("Ann", "a wrong guess").await;
    }
    let command_line = Accounts::open(app.folder()).await.unwrap();
    assert!(command_line.set_password("Ann", &Password::parse("battery staple").unwrap()).await.unwrap());
    assert_eq!(guesser.log_in("Ann", "battery staple").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn changing_the_password_counts_wrong_guesses_too() {
    let app = TestApp::logged_in_as_ann().await;
    for _ in 0..10 {
        let guess = app
            .post(PAGE, &[("current", "a wrong guess"), ("new", "battery staple"), ("repeat", "battery staple")])
            .await;
        assert_eq!(guess.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let change =
        app.post(PAGE, &[("current", "correct horse"), ("new", "battery staple"), ("repeat", "battery staple")]).await;
    assert_eq!(change.status, StatusCode::TOO_MANY_REQUESTS, "the password form is limited too");
    assert_eq!(app.another_browser().log_in("Ann", "correct horse").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_lasts_thirty_days_from_the_last_visit() {
    let app = TestApp::logged_in_as_ann().await;
    assert_eq!(app.get(PAGE).await.header("set-cookie"), "", "a session is not renewed on its first day");
    advance_clock(SignedDuration::from_hours(29 * 24));
    assert!(app.get(PAGE).await.header("set-cookie").contains("Max-Age=2592000"));
    advance_clock(SignedDuration::from_hours(29 * 24));
    assert_eq!(app.get(PAGE).await.status, StatusCode::OK);
    advance_clock(SignedDuration::from_hours(31 * 24));
    assert_eq!(app.get(PAGE).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_session_cookie_has_strict_attributes() {
    let app = TestApp::logged_in_as_ann().await;
    let cookie = app.log_in("Ann", "correct horse").await.header("set-cookie").to_owned();
    let (token, flags) = cookie.split_once("; ").unwrap();
    assert_eq!(flags, "Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000");
    assert_eq!(token.strip_prefix("broadsheet=").unwrap().len(), 64);

    let app = TestApp::behind_proxy().await;
    let cookie = app.log_in("Ann", "correct horse").await.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-broadsheet=") && cookie.ends_with("; Secure"), "{cookie}");
    let neighbour = app.another_browser();
    neighbour.set_cookie("broadsheet", &app.cookie("__Host-broadsheet"));
    assert_eq!(neighbour.get(PAGE).await.status, StatusCode::SEE_OTHER, "a cookie without the prefix is ignored");
}

#[tokio::test]
async fn no_secret_is_in_the_log() {
    let log = capture_log();
    let app = TestApp::logged_in_as_ann().await;
    app.get(&format!("/setup?token={}", app.app.accounts.setup_token().reveal())).await;
    let stranger = app.another_browser();
    stranger.log_in("Ann", "a wrong guess").await;
    stranger.get("/login?next=/secret-path-of-next").await;
    app.post(PAGE, &[("current", "correct horse"), ("new", "battery staple"), ("repeat", "battery staple")]).await;
    app.get("/a-path-that-is-logged?secret-query").await;
    let text = log.text();
    assert!(text.contains("path=\"/a-path-that-is-logged\" status=404"), "{text}");
    let cookies = [app.cookie("broadsheet"), app.cookie("broadsheet-device")];
    let secrets =
        ["a wrong guess", "a+wrong+guess", "correct", "battery", "secret-", app.app.accounts.setup_token().reveal()];
    for secret in secrets.into_iter().chain(cookies.iter().map(String::as_str)) {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn a_clock_that_is_decades_ahead_for_a_while_ends_no_session() {
    let app = TestApp::logged_in_as_ann().await;
    assert_eq!(app.get("/articles").await.status, StatusCode::OK);
    jobs::clean_up(&app.app).await;
    let decades = SignedDuration::from_hours(24 * 365 * 70);
    advance_clock(decades);
    assert_eq!(app.get("/articles").await.status, StatusCode::SEE_OTHER, "the session has expired, as it seems");
    jobs::clean_up(&app.app).await;
    advance_clock(-decades);
    assert_eq!(app.get("/articles").await.status, StatusCode::OK);
}
