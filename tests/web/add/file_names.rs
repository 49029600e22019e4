//! Uploads of files with odd names: each is taken, and none costs the others.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::support::{Page, TestApp};

const EDGE: &str = "----edge4711";

/// Returns a page about a bird.
fn page_about(bird: &str) -> Vec<u8> {
    format!("<!doctype html><title>{bird}</title><p>The {bird} flew over the harbour on Monday and was not seen again.")
        .into_bytes()
}

/// Uploads files with these dispositions, the nth about bird n.
async fn upload(app: &TestApp, dispositions: &[Vec<u8>]) -> Page {
    let mut body = Vec::new();
    for (number, disposition) in dispositions.iter().enumerate() {
        let start = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"files\"; ");
        let bird = page_about(&format!("bird {number}"));
        body.extend([start.as_bytes(), disposition, b"\r\nContent-Type: text/html\r\n\r\n", &bird, b"\r\n"].concat());
    }
    body.extend(format!("--{EDGE}--\r\n").into_bytes());
    let request = Request::post("/import")
        .header("content-type", format!("multipart/form-data; boundary={EDGE}"))
        .header("sec-fetch-site", "same-origin");
    app.send(request.body(Body::from(body)).unwrap()).await
}

fn named(name: &[u8]) -> Vec<u8> {
    [b"filename=\"", name, b"\""].concat()
}

#[tokio::test]
async fn a_file_with_an_odd_name_is_taken_with_the_others() {
    let app = TestApp::new().await;
    let long = format!("{}.html", "x".repeat(3000));
    let files: Vec<(Vec<u8>, &str)> = vec![
        (named(b"first.html"), "first.html"),
        (named(b"a\x01b.html"), "ab.html"),
        (named(b"n\0u\x1bl\x7f.html"), "nul.html"),
        (named(b"caf\xe9\xff.html"), "caf\u{fffd}\u{fffd}.html"),
        (named("evil\u{202e}lmth.txt".as_bytes()), "evillmth.txt"),
        (named(br"C:\Users\Ann\pages\saved.html"), "saved.html"),
        (named(b"say %22hi%22; name=url.html"), "say \"hi\"; name=url.html"),
        (named(b"   "), "Unnamed file"),
        (named(long.as_bytes()), &long[..200]),
        (named(b"first.html"), "first.html"),
        (b"filename*=UTF-8''na%C3%AFve.html".to_vec(), "naïve.html"),
        (b"x-note=1".to_vec(), "Unnamed file"),
    ];
    let page = upload(&app, &files.iter().map(|(disposition, _)| disposition.clone()).collect::<Vec<_>>()).await;
    assert_eq!(
        (page.status, page.location()),
        (StatusCode::SEE_OTHER, "/imports?accepted=12&already=0"),
        "{}",
        page.body
    );
    let listed: Vec<String> = app.get("/imports").await.texts(".imports h2");
    let expected: Vec<&str> = files.iter().rev().map(|(_, name)| *name).collect();
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn a_bad_file_is_refused_by_its_visible_name_and_the_others_are_taken() {
    let app = TestApp::new().await;
    let files: [(&str, &[u8]); 3] = [
        ("good.html", &page_about("osprey")),
        ("pi\u{1}cture.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("also good.html", &page_about("eider")),
    ];
    let page = app.submit_import(&[], &files).await;
    assert!(page.body.contains("picture.html") && page.body.contains("2 queued, 1 rejected."), "{}", page.body);
    assert_eq!(app.import_count().await, 2);
}

#[tokio::test]
async fn hundreds_of_files_are_taken_and_thousands_are_refused() {
    let app = TestApp::new().await;
    let names = |count: usize| (0..count).map(|n| named(format!("page {n}.html").as_bytes())).collect::<Vec<_>>();
    let page = upload(&app, &names(300)).await;
    assert_eq!(page.location(), "/imports?accepted=300&already=0");
    let page = upload(&app, &names(2001)).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#file-problem").contains("over 2,000 files, so nothing was uploaded"));
    assert_eq!(app.import_count().await, 300);
}

#[tokio::test]
async fn a_field_left_empty_is_no_file_and_unknown_fields_are_ignored() {
    let app = TestApp::new().await;
    let fields = [("url", "https://a.example/1"), ("unknown", "x"), ("text", "")];
    let page = app.submit_import(&fields, &[("", b"")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    assert_eq!(app.import_count().await, 1);
}
