//! Every route: strangers are turned away, other sites change nothing, and GET changes nothing.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use broadsheet::library::articles::{Content, versions};
use broadsheet::library::exports::{self, ExportState};
use broadsheet::library::feeds;
use broadsheet::library::image_files;
use broadsheet::library::images::{self, DueImage, StoredImage};
use broadsheet::library::imports::{self, Failure};
use broadsheet::library::stories;
use broadsheet::library::topics;
use broadsheet::web::{self, Permission};

use crate::fixtures::{article, sample_image};
use crate::golden;
use crate::support::{Browser, TestApp, form_request, now};

/// URLs of what exists in [`app_with_data`], for routes with parameters or a query.
const EXAMPLES: &[(&str, &str)] = &[
    ("/static/{*name}", "/static/app.css"),
    ("/articles", "/articles?q=ferry&unread=1&topic=politics"),
    ("/topic/{slug}", "/topic/politics"),
    ("/topic/{slug}/edit", "/topic/sea-sky/edit"),
    ("/topic/{slug}/hide", "/topic/sea-sky/hide"),
    ("/topic/{slug}/show", "/topic/sea-sky/show"),
    ("/topic/{slug}/merge", "/topic/sea-sky/merge"),
    ("/topic/{slug}/delete", "/topic/sea-sky/delete"),
    ("/topic/{slug}/filing", "/topic/politics/filing"),
    ("/topic/{slug}/filing/delete-rule", "/topic/politics/filing/delete-rule"),
    ("/topic/{slug}/arrange", "/topic/sea-sky/arrange"),
    ("/topics/{number}", "/topics/1"),
    ("/source/{domain}/rules/preview", "/source/harbour.example/rules/preview?article=1&selector=p&action=keep"),
    ("/tag/{slug}", "/tag/ferries"),
    ("/tag/{slug}/edit", "/tag/ferries/edit"),
    ("/tag/{slug}/delete", "/tag/ferries/delete"),
    ("/image/{hash}", IMAGE),
    ("/image/{hash}/small", "/image/277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9/small"),
    ("/opds/edition/{file}", "/opds/edition/2026-11-23.epub"),
    ("/opds/{token}", "/opds/0123"),
    ("/opds/{token}/editions", "/opds/0123/editions"),
    ("/opds/{token}/edition/{file}", "/opds/0123/edition/2026-11-23.epub"),
    ("/edition/{day}", "/edition/2026-11-23"),
    ("/bookmarklet", "/bookmarklet?url=https%3A%2F%2Fharbour.example%2F2&title=Late"),
    ("/imports", "/imports?state=failed"),
    ("/article/{id}/recording/{recording}", NO_RECORDING),
];

const NO_RECORDING: &str = "/article/1/recording/1";

struct Route {
    method: Method,
    path: &'static str,
    permission: Permission,
    /// A URL that this route answers.
    example: String,
}

/// Returns whether a route has answered. There is no publisher here that has the recording.
fn has_answered(example: &str, status: StatusCode) -> bool {
    let may_be_missing = example == NO_RECORDING || example.starts_with("/opds/");
    status.is_success()
        || status.is_redirection()
        || may_be_missing && status == StatusCode::NOT_FOUND
        || example.starts_with("/opds") && status == StatusCode::UNAUTHORIZED
}

/// Returns every route of the program.
fn routes() -> Vec<Route> {
    let example = |path: &'static str| match EXAMPLES.iter().find(|(route, _)| *route == path) {
        Some((_, example)) => (*example).to_owned(),
        None => path.replace("{id}", "1").replace("{domain}", "harbour.example").replace("{rule}", "1"),
    };
    let route = |(method, path, permission)| Route { method, path, permission, example: example(path) };
    web::routes().into_iter().map(route).collect()
}

/// The SHA-256 of `bytes`.
const IMAGE: &str = "/image/277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9";

/// Creates Ann's library with an article (1) that has an image and a previous version, a deleted article, and a failed
/// import (1).
async fn app_with_data() -> TestApp {
    let app = TestApp::logged_in_as_ann().await;
    let library = app.library().await;
    let mut new = article(1);
    new.content.images = vec![sample_image("pier")];
    new.snapshot_id =
        Some(app.store_snapshot("<article><p>The ferry was late, and nobody minded.</p></article>").await);
    assert_eq!(app.add_article(&new).await, 1);
    let hash = image_files::save(&library, b"bytes".to_vec()).await.unwrap();
    assert_eq!(IMAGE, format!("/image/{}", hash.as_str()));
    let due = DueImage { article_id: 1, url: sample_image("pier").url.into(), attempts: 0, page_url: None };
    let kept = StoredImage { media_type: "image/png".into(), size: 5, width: None, height: None };
    images::mark_stored(&library, &due, &hash, &kept).await.unwrap();
    let again = Content { text: "The ferry was early.".into(), ..new.content };
    versions::replace(&library, 1, &again, now()).await.unwrap();
    let deleted = app.add_article(&article(2)).await;
    assert_eq!(
        app.post(&format!("/article/{deleted}/action"), &[("action", "delete")]).await.status,
        StatusCode::SEE_OTHER
    );
    // Story 1: two sources with one text.
    for number in [5, 6] {
        let mut told = article(number);
        told.source.domain = format!("paper-{number}.example");
        told.content.title = "Maren Dawn hits rocks off Kestrel".to_owned();
        told.content.text =
            "The Maren Dawn struck rocks off Kestrel in fog; lifeboats from Ostrand brought 212 people ashore."
                .to_owned();
        app.add_article(&told).await;
    }
    while stories::file_next(&library).await.unwrap() {}
    let feed = feeds::NewFeed {
        url: "https://harbour.example/feed".parse().unwrap(),
        title: "Harbour".into(),
        site_url: None,
        named_by: feeds::NamedBy::Reader,
        settings: feeds::FeedSettings::default(),
    };
    feeds::follow(&library, &feed, now()).await.unwrap();
    feeds::folders::add(&library, None, "News").await.unwrap();
    let input = imports::NewImport {
        url: Some("https://harbour.example/3".parse().unwrap()),
        snapshot_id: None,
        file_name: None,
        replaces_id: None,
    };
    imports::accept(&library, &input, now()).await.unwrap();
    let import = imports::claim_next(&library, &[], now()).await.unwrap().unwrap();
    let failure = Failure { code: "status-404".into(), message: "It is gone.".into() };
    imports::fail(&library, import.id, &failure, now()).await.unwrap();
    assert_eq!(import.id, 1);
    topics::add_custom(&library, "Sea & Sky").await.unwrap().unwrap();
    let file = exports::create(&library, ("p.csv", "Pocket", "{}"), now()).await.unwrap();
    assert!(exports::set_state(&library, file, ExportState::Receiving, ExportState::Preview).await.unwrap());
    app
}

/// Returns the number of writes per database. Every write is counted.
async fn write_counts(app: &TestApp) -> Vec<u64> {
    let library = app.library().await;
    let libraries = library.databases().map(|(_, database)| database.generation());
    libraries.into_iter().chain([app.app.accounts.database().generation()]).collect()
}

async fn request_status(browser: &Browser, method: &Method, url: &str, site: &str) -> StatusCode {
    request_status_with(browser, method, url, &[("sec-fetch-site", site)]).await
}

async fn request_status_with(
    browser: &Browser,
    method: &Method,
    url: &str,
    headers: &[(&'static str, &str)],
) -> StatusCode {
    let request = Request::builder().method(method).uri(url);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    browser.send(request.body(Body::empty()).unwrap()).await.status
}

#[test]
fn the_list_of_routes_is_reviewed() {
    let mut routes = routes();
    routes.sort_by_key(|route| (route.path, route.method.to_string()));
    let width = routes.iter().map(|route| route.path.len()).max().unwrap();
    let lines = routes.iter().map(|Route { method, path, permission, .. }| {
        let permission = format!("{permission:?}").to_lowercase();
        format!("{:<4} {path:<width$} {permission}\n", method.as_str())
    });
    golden::compare("tests/golden/routes.txt", &lines.collect::<String>());
}

#[tokio::test]
async fn each_route_answers_to_its_methods_only() {
    let app = app_with_data().await;
    let routes = routes();
    for Route { path, example, .. } in &routes {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            // A stranger is turned away whatever the method, so Ann asks. She stays logged in.
            let ann = app.clone();
            let answered =
                request_status(&ann, &method, example, "same-origin").await != StatusCode::METHOD_NOT_ALLOWED;
            let is_listed = routes.iter().any(|route| route.path == *path && route.method == method);
            assert_eq!(answered, is_listed, "{method} {example}");
            if *path == "/logout" {
                app.log_in("Ann", "correct horse").await;
            }
        }
    }
}

#[tokio::test]
async fn a_stranger_is_turned_away_from_readers_routes_and_changes_nothing() {
    let app = app_with_data().await;
    let (stranger, before) = (app.another_browser(), write_counts(&app).await);
    for Route { method, example, .. } in routes().iter().filter(|route| route.permission == Permission::Reader) {
        let status = request_status(&stranger, method, example, "same-origin").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {example}");
        let page = stranger.get(example).await;
        let sent_to_login = page.status == StatusCode::SEE_OTHER && page.location().starts_with("/login");
        assert!(sent_to_login, "GET {example}: {}", page.status);
    }
    assert_eq!(write_counts(&app).await, before);
}

#[tokio::test]
async fn before_there_is_an_account_every_other_computer_is_refused() {
    let app = TestApp::with_config(crate::support::TestConfig { listen: "0.0.0.0:8080", ..Default::default() }).await;
    let is_closed = |route: &&Route| route.permission == Permission::Reader || route.path == "/setup";
    for Route { method, example, .. } in routes().iter().filter(is_closed) {
        let status = request_status(&app, method, example, "same-origin").await;
        // The empty form of the setup page is rejected as such.
        let refused = [StatusCode::FORBIDDEN, StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNSUPPORTED_MEDIA_TYPE];
        assert!(refused.contains(&status), "{method} {example}: {status}");
    }
}

#[tokio::test]
async fn another_site_changes_nothing_with_the_readers_cookie() {
    let app = app_with_data().await;
    let before = write_counts(&app).await;
    for Route { example, .. } in routes().iter().filter(|route| route.method == Method::POST) {
        for site in ["cross-site", "same-site", "none"] {
            assert_eq!(
                request_status(&app, &Method::POST, example, site).await,
                StatusCode::FORBIDDEN,
                "{example} from {site}"
            );
        }
        for origin in ["null", "http://evil.example", "https://127.0.0.1:8080", "http://127.0.0.1:8081"] {
            let request = form_request(example).header("origin", origin).body(Body::empty()).unwrap();
            assert_eq!(app.send(request).await.status, StatusCode::FORBIDDEN, "{example} from {origin}");
        }
    }
    assert_eq!(write_counts(&app).await, before);
}

#[tokio::test]
async fn another_site_loads_nothing_in_the_background() {
    let (app, local) = (app_with_data().await, TestApp::new().await);
    let refused = [
        ("cross-site", "navigate", "iframe"),
        ("cross-site", "navigate", "frame"),
        ("cross-site", "navigate", "object"),
        ("cross-site", "navigate", "embed"),
        ("cross-site", "no-cors", "image"),
        ("cross-site", "no-cors", "script"),
        ("cross-site", "cors", "empty"),
        ("cross-site", "no-cors", "document"),
        ("same-site", "navigate", "iframe"),
        ("same-site", "no-cors", "image"),
        ("new-in-2030", "no-cors", "image"),
    ];
    for Route { example, .. } in routes().iter().filter(|route| route.method == Method::GET) {
        for (site, mode, dest) in refused {
            let headers = [("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", dest)];
            for browser in [&*app, &*local, &app.another_browser()] {
                let status = request_status_with(browser, &Method::GET, example, &headers).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{example} {headers:?}");
            }
        }
        let link = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        let followed = request_status_with(&app, &Method::GET, example, &link).await;
        assert!(has_answered(example, followed), "a link to {example}: {followed}");
        assert_eq!(request_status_with(&app, &Method::HEAD, example, &link).await, StatusCode::FORBIDDEN, "{example}");
        let prefetch = [&link[..], &[("sec-purpose", "prefetch")]].concat();
        assert_eq!(request_status_with(&app, &Method::GET, example, &prefetch).await, StatusCode::FORBIDDEN);
        let script = [("origin", "http://evil.example")];
        assert_eq!(request_status_with(&app, &Method::GET, example, &script).await, StatusCode::FORBIDDEN, "{example}");
    }
    assert_eq!(request_status(&app, &Method::OPTIONS, "/", "cross-site").await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn no_page_redirects_to_another_site() {
    let app = app_with_data().await;
    for Route { example, .. } in routes().iter().filter(|route| route.method == Method::GET) {
        let page = app.get(example).await;
        assert!(!page.location().contains("//"), "{example} leads to {}", page.location());
    }
}

#[tokio::test]
async fn a_get_changes_no_row() {
    let app = app_with_data().await;
    let before = write_counts(&app).await;
    for Route { example, .. } in routes().iter().filter(|route| route.method == Method::GET) {
        for method in [Method::GET, Method::HEAD] {
            for site in ["same-origin", "none"] {
                let status = request_status(&app, &method, example, site).await;
                assert!(has_answered(example, status), "{method} {example}: {status}");
            }
        }
    }
    assert_eq!(write_counts(&app).await, before);
    assert_eq!(app.post("/article/1/action", &[("action", "star")]).await.status, StatusCode::SEE_OTHER);
    assert_ne!(write_counts(&app).await, before, "a change would be noticed");
}
