//! Every address of the program: strangers are turned away, other sites change nothing, and looking changes nothing.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use broadsheet::library::articles::{Content, versions};
use broadsheet::library::image_files;
use broadsheet::library::images::{self, DueImage, StoredImage};
use broadsheet::library::imports::{self, Failure};
use broadsheet::library::topics;

use crate::fixtures::{article, sample_image};
use crate::support::{Browser, TestApp, form_request, now};

const GET: &[Method] = &[Method::GET];
const POST: &[Method] = &[Method::POST];
const BOTH: &[Method] = &[Method::GET, Method::POST];

/// Whom an address is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum For {
    /// A stranger may ask.
    Anybody,
    Readers,
}
use For::{Anybody, Readers};

/// Every route of `src/web/mod.rs`: as it is written there, an address of something that exists in [`app_with_content`], what it
/// may be asked by, and whom it is for.
const ROUTES: &[(&str, &str, &[Method], For)] = &[
    ("/login", "/login", BOTH, Anybody),
    ("/logout", "/logout", POST, Anybody),
    ("/setup", "/setup", BOTH, Anybody),
    ("/static/{*name}", "/static/app.css", GET, Anybody),
    ("/manifest.webmanifest", "/manifest.webmanifest", GET, Anybody),
    ("/favicon.ico", "/favicon.ico", GET, Anybody),
    ("/settings/reading", "/settings/reading", POST, Anybody),
    ("/healthcheck", "/healthcheck", GET, Anybody),
    ("/", "/", GET, Readers),
    ("/article/{id}", "/article/1", GET, Readers),
    ("/article/{id}/original", "/article/1/original", GET, Readers),
    ("/article/{id}/mark", "/article/1/mark", POST, Readers),
    ("/article/{id}/labels", "/article/1/labels", POST, Readers),
    ("/article/{id}/extract", "/article/1/extract", POST, Readers),
    ("/article/{id}/blocks", "/article/1/blocks", GET, Readers),
    ("/article/{id}/differences", "/article/1/differences", GET, Readers),
    ("/article/{id}/undo", "/article/1/undo", POST, Readers),
    ("/article/{id}/keep", "/article/1/keep", POST, Readers),
    ("/articles", "/articles?q=ferry&unread=1&topic=politics", GET, Readers),
    ("/topic/{slug}", "/topic/politics", GET, Readers),
    ("/topic/{slug}/edit", "/topic/sea-sky/edit", BOTH, Readers),
    ("/topic/{slug}/remove", "/topic/sea-sky/remove", POST, Readers),
    ("/source/{domain}", "/source/harbour.example", GET, Readers),
    ("/source/{domain}/rules", "/source/harbour.example/rules", POST, Readers),
    (
        "/source/{domain}/rules/preview",
        "/source/harbour.example/rules/preview?article=1&selector=p&action=keep",
        GET,
        Readers,
    ),
    ("/source/{domain}/rules/{rule}/remove", "/source/harbour.example/rules/1/remove", POST, Readers),
    ("/tag/{slug}", "/tag/ferries", GET, Readers),
    ("/topics", "/topics", GET, Readers),
    ("/sources", "/sources", GET, Readers),
    ("/tags", "/tags", GET, Readers),
    ("/trash", "/trash", GET, Readers),
    ("/picture/{hash}", PICTURE, GET, Readers),
    ("/import", "/import", BOTH, Readers),
    ("/bookmarklet", "/bookmarklet?url=https%3A%2F%2Fharbour.example%2F2&title=Late", GET, Readers),
    ("/import/{id}", "/import/1", GET, Readers),
    ("/import/{id}/retry", "/import/1/retry", POST, Readers),
    ("/import/{id}/remove", "/import/1/remove", POST, Readers),
    ("/imports", "/imports?state=failed", GET, Readers),
    ("/imports/retry", "/imports/retry", POST, Readers),
    ("/settings", "/settings", GET, Readers),
    ("/settings/password", "/settings/password", BOTH, Readers),
    ("/keys", "/keys", GET, Readers),
];

/// The SHA-256 of `bytes`.
const PICTURE: &str = "/picture/277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9";

/// Ann's library with one of everything: an article (1) with a picture and a text before, one in the trash, a failed import (1).
async fn app_with_content() -> TestApp {
    let app = TestApp::logged_in_as_ann().await;
    let library = app.library().await;
    let mut new = article(1);
    new.content.images = vec![sample_image("pier")];
    new.snapshot_id =
        Some(app.store_snapshot("<article><p>The ferry was late, and nobody minded.</p></article>").await);
    assert_eq!(app.add_article(&new).await, 1);
    let hash = image_files::save(&library, b"bytes".to_vec()).await.unwrap();
    assert_eq!(PICTURE, format!("/picture/{}", hash.as_str()));
    let due = DueImage { article_id: 1, url: sample_image("pier").url.into(), attempts: 0 };
    let kept = StoredImage { media_type: "image/png".into(), size: 5, width: None, height: None };
    images::mark_stored(&library, &due, &hash, &kept).await.unwrap();
    let again = Content { text: "The ferry was early.".into(), ..new.content };
    versions::replace(&library, 1, &again, now()).await.unwrap();
    let deleted = app.add_article(&article(2)).await;
    assert_eq!(
        app.post(&format!("/article/{deleted}/mark"), &[("mark", "delete")]).await.status,
        StatusCode::SEE_OTHER
    );
    let input = imports::NewImport {
        url: Some("https://harbour.example/3".parse().unwrap()),
        snapshot_id: None,
        file_name: None,
        replaces_id: None,
    };
    imports::accept(&library, &input, now()).await.unwrap();
    let import = imports::claim_next(&library, now()).await.unwrap().unwrap();
    let failure = Failure { code: "status-404".into(), message: "It is gone.".into() };
    imports::fail(&library, import.id, &failure, now()).await.unwrap();
    assert_eq!(import.id, 1);
    topics::add_custom(&library, "Sea & Sky").await.unwrap().unwrap();
    app
}

/// How often anything has been written so far, database by database; there is no other way to write than the one counted.
async fn writes(app: &TestApp) -> Vec<u64> {
    let library = app.library().await;
    let libraries = library.databases().map(|(_, database)| database.generation());
    libraries.into_iter().chain([app.app.accounts.database().generation()]).collect()
}

async fn ask(browser: &Browser, method: &Method, address: &str, site: &str) -> StatusCode {
    let request = Request::builder().method(method).uri(address).header("sec-fetch-site", site);
    browser.send(request.body(Body::empty()).unwrap()).await.status
}

#[test]
fn the_table_holds_every_route() {
    let source = include_str!("../../src/web/mod.rs").split("#[cfg(test)]").next().unwrap();
    let written: BTreeSet<&str> =
        source.split(".route(").skip(1).map(|route| route.trim_start().split('"').nth(1).unwrap()).collect();
    let known: BTreeSet<&str> = ROUTES.iter().map(|(route, ..)| *route).collect();
    assert_eq!(written, known);
    assert!(!source.contains(".nest") && !source.contains("_service("), "what has no `.route` is not in the table");
}

#[tokio::test]
async fn each_route_answers_to_the_methods_of_the_table_and_no_other() {
    let app = app_with_content().await;
    for (_, address, methods, _) in ROUTES {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            // A stranger at what is for readers is turned away whatever the method, so Ann asks. She stays logged in.
            let ann = app.clone();
            let answered = ask(&ann, &method, address, "same-origin").await != StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(answered, methods.contains(&method), "{method} {address}");
            if *address == "/logout" {
                app.log_in("Ann", "correct horse").await;
            }
        }
    }
}

#[tokio::test]
async fn a_stranger_is_turned_away_from_all_but_the_doors_and_changes_nothing() {
    let app = app_with_content().await;
    let (stranger, before) = (app.another_browser(), writes(&app).await);
    for (_, address, methods, _) in ROUTES.iter().filter(|(.., whom)| *whom == Readers) {
        for method in *methods {
            assert_eq!(
                ask(&stranger, method, address, "same-origin").await,
                StatusCode::UNAUTHORIZED,
                "{method} {address}"
            );
        }
        let page = stranger.get(address).await;
        let sent_to_login = page.status == StatusCode::SEE_OTHER && page.location().starts_with("/login");
        assert!(sent_to_login, "GET {address}: {}", page.status);
    }
    assert_eq!(writes(&app).await, before);
}

#[tokio::test]
async fn before_there_is_an_account_nobody_from_elsewhere_gets_in() {
    let app = TestApp::with_config(crate::support::TestConfig { listen: "0.0.0.0:8080", ..Default::default() }).await;
    for (_, address, methods, _) in ROUTES.iter().filter(|(route, .., whom)| *whom == Readers || *route == "/setup") {
        for method in *methods {
            let status = ask(&app, method, address, "same-origin").await;
            // The form of the set-up page is refused as such when it is empty.
            let refused = [StatusCode::FORBIDDEN, StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNSUPPORTED_MEDIA_TYPE];
            assert!(refused.contains(&status), "{method} {address}: {status}");
        }
    }
}

#[tokio::test]
async fn no_other_site_changes_anything_with_the_readers_cookie() {
    let app = app_with_content().await;
    let before = writes(&app).await;
    for (_, address, methods, _) in ROUTES.iter().filter(|(_, _, methods, _)| methods.contains(&Method::POST)) {
        for site in ["cross-site", "same-site", "none"] {
            assert_eq!(ask(&app, &Method::POST, address, site).await, StatusCode::FORBIDDEN, "{address} from {site}");
        }
        for origin in ["null", "http://evil.example", "https://127.0.0.1:8080", "http://127.0.0.1:8081"] {
            let request = form_request(address).header("origin", origin).body(Body::empty()).unwrap();
            assert_eq!(app.send(request).await.status, StatusCode::FORBIDDEN, "{address} from {origin}, {methods:?}");
        }
    }
    assert_eq!(writes(&app).await, before);
}

#[tokio::test]
async fn looking_at_a_page_changes_no_row() {
    let app = app_with_content().await;
    let before = writes(&app).await;
    for (_, address, ..) in ROUTES.iter().filter(|(_, _, methods, _)| methods.contains(&Method::GET)) {
        for method in [Method::GET, Method::HEAD] {
            for site in ["same-origin", "cross-site"] {
                let status = ask(&app, &method, address, site).await;
                assert!(status.is_success() || status.is_redirection(), "{method} {address}: {status}");
            }
        }
    }
    assert_eq!(writes(&app).await, before);
    assert_eq!(app.post("/article/1/mark", &[("mark", "star")]).await.status, StatusCode::SEE_OTHER);
    assert_ne!(writes(&app).await, before, "a change would be noticed");
}
