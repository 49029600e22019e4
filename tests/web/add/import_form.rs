//! Adding articles by link, text and files, and what the form says if something is wrong.

use std::time::Instant;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use broadsheet::jobs;
use broadsheet::library::imports::{self, ImportState};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::mock_web::{MockResponse, MockWeb};
use crate::support::{Page, TestApp};

/// Returns an article about this bird.
pub fn article_about(bird: &str) -> MockResponse {
    MockResponse::html(format!(
        "<!doctype html><html lang=en><title>The {bird} was late</title><body><main><article><h1>The {bird} was late</h1>\
         <p>The ferry {bird} came in two hours late on Monday, the harbour board said in a statement at noon.</p>\
         <p>Passengers of the {bird} waited in the rain and were given soup, which most of them called very good.</p>\
         <p>The board promised that the {bird} will sail on time from the first of May, weather permitting.</p></article></main>"
    ))
}

impl TestApp {
    /// Returns an app that processes imports as they come, from a fake web.
    pub async fn with_jobs(web: &MockWeb) -> (Self, Worker) {
        let app = Self::with_mock_web(web.addr).await;
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        jobs::start(&app.app, &tracker, &stop);
        (app, Worker(stop))
    }

    /// Processes all queued imports.
    pub async fn process_imports(&self) {
        jobs::process_imports(&self.app, &self.library().await, &CancellationToken::new()).await.unwrap();
    }

    /// Returns the number of imports.
    pub async fn import_count(&self) -> usize {
        imports::list(&self.library().await, i64::MAX, 1000).await.unwrap().len()
    }

    /// Submits the form as a browser does: fields, then files.
    pub async fn submit_import(&self, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Page {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, bytes) in files {
            let head = format!("--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(b"Content-Type: application/octet-stream\r\n\r\n");
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--edge--\r\n");
        let request = Request::post("/import")
            .header("content-type", "multipart/form-data; boundary=edge")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}

/// Stops the jobs when dropped.
pub struct Worker(CancellationToken);

impl Drop for Worker {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

#[tokio::test]
async fn a_url_leads_to_its_article() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/late", article_about("Osprey"));
    let (app, _worker) = TestApp::with_jobs(&web).await;
    let page = app.post("/import", &[("url", " http://harbour.example/late ")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/article/1"));
    assert_eq!(app.get("/article/1").await.text("article h1"), "The Osprey was late");
}

#[tokio::test]
async fn a_slow_site_leads_to_the_import_page_within_three_seconds() {
    let app = TestApp::new().await;
    let begun = Instant::now();
    let page = app.post("/import", &[("url", "http://harbour.example/late")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/import/1"));
    assert!(begun.elapsed().as_secs_f32() < 3.0, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_saved_article_is_not_fetched_again() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/late", article_about("Osprey"));
    let (app, _worker) = TestApp::with_jobs(&web).await;
    app.post("/import", &[("url", "http://harbour.example/late")]).await;
    let page = app.post("/import", &[("url", "https://www.harbour.example/late/?utm_source=x#top")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/article/1?done=already-saved"));
    assert_eq!(app.get(page.location()).await.text(".notice p"), "Already in your library.");
    assert_eq!(web.requests().iter().filter(|asked| asked.contains("late")).count(), 1);
}

#[tokio::test]
async fn an_invalid_url_brings_the_form_back_filled_in() {
    let app = TestApp::new().await;
    let page = app.post("/import", &[("url", "harbour post \"ferries\"")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.attributes("#url[aria-invalid=true]", "value"), ["harbour post \"ferries\""]);
    assert!(page.text("#url-problem").contains("“harbour post \"ferries\"” isn’t a link"));
    assert_eq!(page.attributes("#url", "aria-describedby"), ["url-problem"]);
    assert_eq!(app.import_count().await, 0);
}

#[tokio::test]
async fn several_urls_in_the_field_become_several_imports() {
    let app = TestApp::new().await;
    let page = app.post("/import", &[("url", "https://a.example/1\r\nhttps://a.example/2")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/imports?accepted=2&already=0"));
    assert_eq!(app.get("/imports").await.texts(".imports h2"), ["a.example/2", "a.example/1"]);
}

#[tokio::test]
async fn only_http_urls_without_a_password_are_accepted() {
    let app = TestApp::new().await;
    for url in ["javascript:alert(1)", "file:///etc/passwd", "https://me:secret@harbour.example/"] {
        let page = app.post("/import", &[("url", url)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        assert_eq!(page.texts("#url-problem").len(), 1, "{url}");
    }
    assert_eq!(app.import_count().await, 0);
}

#[tokio::test]
async fn url_text_and_files_exclude_each_other() {
    let app = TestApp::new().await;
    let nothing = app.submit_import(&[("url", " "), ("text", "\n")], &[]).await;
    assert!(nothing.text("#url-problem").starts_with("Enter a link, paste text or choose a file."));
    let both = app.submit_import(&[("url", "https://a.example/"), ("text", "Words &amp; more")], &[]).await;
    assert_eq!(both.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((both.texts("#url-problem").len(), both.texts("#pasted-text-problem").len()), (1, 1));
    assert_eq!(both.attributes("#url", "value"), ["https://a.example/"]);
    assert_eq!(both.text("#pasted-text"), "Words &amp; more", "unchanged");
    let address_alone = app.submit_import(&[("original_url", "https://a.example/")], &[]).await;
    assert_eq!(address_alone.attributes("#original-url", "value"), ["https://a.example/"]);
    assert!(address_alone.text("#pasted-text-problem").contains("Paste the text, or put the link at the top"));
    let with_file = app.submit_import(&[("text", "Words")], &[("a.txt", b"Words")]).await;
    assert!(with_file.text("#file-problem").contains("choose them again"));
    assert_eq!(app.import_count().await, 0);
}

#[tokio::test]
async fn a_pasted_text_belongs_to_the_site_of_its_original_url() {
    let web = MockWeb::start().await;
    let (app, _worker) = TestApp::with_jobs(&web).await;
    let text = "The ferry is late again\n\nThe ferry was late again on Monday, the harbour board said in a statement.\n\n\
                Passengers waited for two hours in the rain and were given soup.";
    let fields = [("url", ""), ("text", text), ("format", "auto"), ("original_url", "harbour.example/late")];
    let page = app.submit_import(&fields, &[("", b"")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/article/1"), "{}", page.body);
    let article = app.get("/article/1").await;
    assert_eq!(article.text("article h1"), "The ferry is late again");
    assert!(article.body.contains("/source/harbour.example"));
    assert!(web.requests().iter().all(|asked| !asked.contains("late")), "nothing was fetched");
}

#[tokio::test]
async fn text_pasted_as_plain_text_is_not_parsed_as_html() {
    let web = MockWeb::start().await;
    let (app, _worker) = TestApp::with_jobs(&web).await;
    let text =
        "<p>How a paragraph is written</p>\n\nIt begins with a tag and ends with another one, as was shown above.";
    let page = app.submit_import(&[("text", text), ("format", "text")], &[]).await;
    assert!(page.location().starts_with("/article/"), "{} {}", page.location(), page.body);
    assert!(app.get("/article/1").await.text("article").contains("<p>How a paragraph is written</p>"));
}

#[tokio::test]
async fn an_invalid_original_url_keeps_the_text_and_the_format() {
    let app = TestApp::new().await;
    let page = app
        .submit_import(&[("text", "<b>Words</b>\nMore"), ("format", "html"), ("original_url", "nowhere")], &[])
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#original-url-problem").contains("“nowhere” isn’t a link"));
    assert_eq!(page.text("#pasted-text"), "<b>Words</b> More");
    assert_eq!(page.attributes("input[name=format][checked]", "value"), ["html"]);
}

#[tokio::test]
async fn malformed_requests_are_rejected() {
    let app = TestApp::new().await;
    for (kind, body) in [
        ("multipart/form-data", "--edge\r\n"),
        ("multipart/form-data; boundary=edge", "--edge\r\nContent-Disposition: form-data; name=\"url\"\r\n\r\nhttps"),
        ("multipart/form-data; boundary=edge", "\0\0\0"),
        ("application/json", "{\"url\":1}"),
        ("application/x-www-form-urlencoded", "url=%FF%FE&format=%00&replaces=x"),
    ] {
        let request = Request::post("/import").header("content-type", kind).header("sec-fetch-site", "same-origin");
        let page = app.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind} {body:?}");
    }
    assert_eq!(app.import_count().await, 0);
}

#[tokio::test]
async fn a_get_prefills_the_form_and_writes_nothing() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let before = library.generation();
    let page = app.get("/bookmarklet?url=https%3A%2F%2Fa.example%2F1%3Fb%3Dc%26d&title=A%20%3Cb%3Etitle").await;
    assert_eq!(page.attributes("#url", "value"), ["https://a.example/1?b=c&d"]);
    let back = page.attributes("input[name=return_to]", "value").remove(0);
    assert_eq!(
        app.get(&back).await.attributes("#url", "value"),
        ["https://a.example/1?b=c&d"],
        "switching the theme keeps the form"
    );
    let shared = app.get("/bookmarklet?title=A+title&text=Read%20this%20https%3A%2F%2Fa.example%2F2").await;
    assert_eq!(shared.attributes("#url", "value"), ["https://a.example/2"]);
    let text = app.get("/bookmarklet?title=A+title&text=Only%20words").await;
    assert_eq!(
        (text.text("#pasted-text"), text.attributes("#url", "value")),
        ("A title Only words".into(), vec![String::new()])
    );
    app.get("/import?url=https%3A%2F%2Fa.example%2F1&replaces=99").await;
    assert_eq!((library.generation(), app.import_count().await), (before, 0));
}

#[tokio::test]
async fn a_shared_link_is_read_as_the_field_reads_it() {
    let app = TestApp::new().await;
    for (query, expected) in [
        ("text=Read%3A%20https%3A%2F%2Fa.example%2F1.", "https://a.example/1"),
        ("text=Look%20(https%3A%2F%2Fa.example%2F1)", "https://a.example/1"),
        ("title=%E7%9C%8Bhttps%3A%2F%2Fa.example%2F1%EF%BC%8C", "https://a.example/1"),
        ("url=view-source%3Ahttps%3A%2F%2Fa.example%2F1", "https://a.example/1"),
        ("text=%E2%81%A8https%3A%2F%2Fa.example%2F1%E2%81%A9", "https://a.example/1"),
        ("text=https%3A%2F%2Fa.example%2F1%20and%20https%3A%2F%2Fb.example", "https://a.example/1 https://b.example"),
    ] {
        let page = app.get(&format!("/bookmarklet?{query}")).await;
        assert_eq!(page.attributes("#url", "value"), [expected], "{query}");
    }
    let doubled = app.get("//bookmarklet?url=https%3A%2F%2Fa.example%2F1").await;
    assert_eq!(
        (doubled.status, doubled.location()),
        (StatusCode::TEMPORARY_REDIRECT, "/bookmarklet?url=https%3A%2F%2Fa.example%2F1")
    );
}

#[tokio::test]
async fn a_link_that_may_be_broken_comes_back_with_a_question() {
    let app = TestApp::new().await;
    let page = app.post("/import", &[("url", "https://harbour.example/the-la te-ferry")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#url-problem").starts_with("Is “te-ferry” part of the link"), "{}", page.text("#url-problem"));
    assert_eq!(page.attributes("#url", "value"), ["https://harbour.example/the-la te-ferry"]);
    let page = app.post("/import", &[("url", "https://harbour.example/the-late- ferry")]).await;
    assert_eq!(page.location(), "/import/1");
    assert!(app.get("/import/1").await.body.contains("https://harbour.example/the-late-ferry"));
}

#[tokio::test]
async fn a_pasted_text_replaces_a_failed_import() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/late", MockResponse::status(403));
    let (app, _worker) = TestApp::with_jobs(&web).await;
    let failed_page = app.post("/import", &[("url", "http://harbour.example/late")]).await;
    let failed = app.get(failed_page.location()).await;
    assert!(failed.text(".status.failed").contains("(403)"));
    let instead = failed.attributes("a.button", "href").remove(0);
    let form = app.get(instead.split('#').next().unwrap()).await;
    assert_eq!(form.attributes("#original-url", "value"), ["http://harbour.example/late"]);
    let from = form.attributes("input[name=replaces]", "value").remove(0);
    let text =
        "The ferry is late again\n\nThe ferry was late again on Monday, the harbour board said in a statement at noon.";
    let kept = app.submit_import(&[("replaces", &from), ("text", " "), ("original_url", "x")], &[]).await;
    assert_eq!(
        kept.attributes("input[name=replaces]", "value"),
        std::slice::from_ref(&from),
        "the returned form still replaces the import"
    );
    let fields = [("replaces", from.as_str()), ("text", text), ("original_url", "http://harbour.example/late")];
    let page = app.submit_import(&fields, &[]).await;
    assert_eq!(page.location(), "/article/1");
    assert_eq!(app.get(failed_page.location()).await.location(), "/article/1", "its page redirects to the article");
    let left = imports::list(&app.library().await, i64::MAX, 9).await.unwrap();
    assert!(matches!(left.as_slice(), [only] if matches!(only.state, ImportState::Done { .. })), "{left:?}");
}

#[tokio::test]
async fn a_pasted_text_without_an_article_can_be_edited() {
    let web = MockWeb::start().await;
    let (app, _worker) = TestApp::with_jobs(&web).await;
    let failed = app.submit_import(&[("text", "Hello <world>")], &[]).await;
    let failed = app.get(failed.location()).await;
    assert!(failed.text(".status.failed").starts_with("No article was found: the text is too short"));
    let form = app.get(&failed.attributes("a.button", "href")[0]).await;
    assert_eq!((form.text("#pasted-text"), form.text("h1")), ("Hello <world>".into(), "Add articles".into()));
    assert_eq!(form.attributes("input[name=format][checked]", "value"), ["text"]);
}

#[tokio::test]
async fn links_pasted_as_text_are_links() {
    let app = TestApp::new().await;
    let list =
        "- [The ferry](https://a.example/1)\n- [Soup](https://a.example/2)\n- [The ferry](https://a.example/1)\n";
    let page = app.submit_import(&[("text", list)], &[]).await;
    assert_eq!(page.location(), "/imports?accepted=2&already=0&repeated=1");
    assert_eq!(app.get(page.location()).await.text(".notice"), "2 queued, 1 repeated.");
    let page =
        app.submit_import(&[("text", "https://a.example/3"), ("original_url", "https://a.example/4")], &[]).await;
    assert!(page.text("#pasted-text-problem").starts_with("That’s only a link."));
    assert_eq!(app.import_count().await, 2);
}

#[tokio::test]
async fn only_a_reader_can_import() {
    let app = TestApp::logged_in_as_ann().await;
    let stranger = app.another_browser();
    let page = stranger.post("/import", &[("url", "https://a.example/1")]).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert_eq!(stranger.get("/bookmarklet?url=https://a.example/1").await.status, StatusCode::SEE_OTHER);
}
