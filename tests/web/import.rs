//! Handing in: by address, by text, by files; what comes back when something is wrong with it.

use std::time::Instant;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use broadsheet::jobs;
use broadsheet::library::imports::{self, ImportState};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::mock_web::{MockResponse, MockWeb};
use crate::support::{Page, TestApp};

/// A page of the played web with an article about this bird.
pub fn article_about(bird: &str) -> MockResponse {
    MockResponse::html(format!(
        "<!doctype html><html lang=en><title>The {bird} was late</title><body><main><article><h1>The {bird} was late</h1>\
         <p>The ferry {bird} came in two hours late on Monday, the harbour board said in a statement at noon.</p>\
         <p>Passengers of the {bird} waited in the rain and were given soup, which most of them called very good.</p>\
         <p>The board promised that the {bird} will sail on time from the first of May, weather permitting.</p></article></main>"
    ))
}

impl TestApp {
    /// A browser at a fresh program whose imports are worked off as they come, from a played web.
    pub async fn with_jobs(web: &MockWeb) -> (Self, Worker) {
        let app = Self::with_mock_web(web.addr).await;
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        jobs::start(&app.app, &tracker, &stop);
        (app, Worker(stop))
    }

    /// Works off all that waits.
    pub async fn work_off(&self) {
        jobs::process_imports(&self.app, &self.library().await, &CancellationToken::new()).await.unwrap();
    }

    /// How many imports there are.
    pub async fn import_count(&self) -> usize {
        imports::list(&self.library().await, i64::MAX, 1000).await.unwrap().len()
    }

    /// Sends the form as a browser does: fields, then files.
    pub async fn post_import(&self, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Page {
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

/// Stops working when it is dropped.
pub struct Worker(CancellationToken);

impl Drop for Worker {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

#[tokio::test]
async fn an_address_leads_to_its_article() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/late", article_about("Osprey"));
    let (app, _worker) = TestApp::with_jobs(&web).await;
    let page = app.post("/import", &[("address", " http://harbour.example/late ")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/article/1"));
    assert_eq!(app.get("/article/1").await.text("article h1"), "The Osprey was late");
}

#[tokio::test]
async fn a_site_that_keeps_us_waiting_leads_to_the_page_of_its_import_within_three_seconds() {
    let app = TestApp::new().await;
    let begun = Instant::now();
    let page = app.post("/import", &[("address", "http://harbour.example/late")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/import/1"));
    assert!(begun.elapsed().as_secs_f32() < 3.0, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn an_article_that_is_here_is_not_fetched_again() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/late", article_about("Osprey"));
    let (app, _worker) = TestApp::with_jobs(&web).await;
    app.post("/import", &[("address", "http://harbour.example/late")]).await;
    let page = app.post("/import", &[("address", "https://www.harbour.example/late/?utm_source=x#top")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/article/1?done=already"));
    assert_eq!(app.get(page.location()).await.text(".notice p"), "Already in your library.");
    assert_eq!(web.requests().iter().filter(|asked| asked.contains("late")).count(), 1);
}

#[tokio::test]
async fn a_form_with_a_bad_address_comes_back_with_what_was_typed() {
    let app = TestApp::new().await;
    let page = app.post("/import", &[("address", "harbour post \"ferries\"")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.attributes("#address[aria-invalid=true]", "value"), ["harbour post \"ferries\""]);
    assert!(page.text("#address-problem").contains("“harbour post \"ferries\"” isn’t a link"));
    assert_eq!(page.attributes("#address", "aria-describedby"), ["address-problem"]);
    assert_eq!(app.import_count().await, 0);
}

#[tokio::test]
async fn several_addresses_in_the_box_are_as_many_imports() {
    let app = TestApp::new().await;
    let page = app.post("/import", &[("address", "https://a.example/1\r\nhttps://a.example/2")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/imports?accepted=2&already=0"));
    assert_eq!(app.get("/imports").await.texts(".imports h2"), ["a.example/2", "a.example/1"]);
}

#[tokio::test]
async fn an_address_of_something_else_than_the_web_is_refused() {
    let app = TestApp::new().await;
    for address in ["javascript:alert(1)", "file:///etc/passwd", "https://me:secret@harbour.example/"] {
        let page = app.post("/import", &[("address", address)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        assert_eq!(page.texts("#address-problem").len(), 1, "{address}");
    }
    assert_eq!(app.import_count().await, 0);
}

#[tokio::test]
async fn one_way_at_a_time() {
    let app = TestApp::new().await;
    let nothing = app.post_import(&[("address", " "), ("page", "\n")], &[]).await;
    assert!(nothing.text("#address-problem").starts_with("Enter a link, paste text or choose a file."));
    let both = app.post_import(&[("address", "https://a.example/"), ("page", "Words &amp; more")], &[]).await;
    assert_eq!(both.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((both.texts("#address-problem").len(), both.texts("#page-problem").len()), (1, 1));
    assert_eq!(both.attributes("#address", "value"), ["https://a.example/"]);
    assert_eq!(both.text("#page"), "Words &amp; more", "not changed on the way");
    let address_alone = app.post_import(&[("pasted_address", "https://a.example/")], &[]).await;
    assert_eq!(address_alone.attributes("#pasted-address", "value"), ["https://a.example/"]);
    assert!(address_alone.text("#page-problem").contains("Paste the text, or put the link at the top"));
    let with_file = app.post_import(&[("page", "Words")], &[("a.txt", b"Words")]).await;
    assert!(with_file.text("#file-problem").contains("choose them again"));
    assert_eq!(app.import_count().await, 0);
}

#[tokio::test]
async fn a_pasted_text_is_an_article_of_the_site_it_is_said_to_be_from() {
    let web = MockWeb::start().await;
    let (app, _worker) = TestApp::with_jobs(&web).await;
    let text = "The ferry is late again\n\nThe ferry was late again on Monday, the harbour board said in a statement.\n\n\
                Passengers waited for two hours in the rain and were given soup.";
    let fields = [("address", ""), ("page", text), ("kind", "auto"), ("pasted_address", "harbour.example/late")];
    let page = app.post_import(&fields, &[("", b"")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/article/1"), "{}", page.body);
    let article = app.get("/article/1").await;
    assert_eq!(article.text("article h1"), "The ferry is late again");
    assert!(article.body.contains("/source/harbour.example"));
    assert!(web.requests().iter().all(|asked| !asked.contains("late")), "nothing was fetched");
}

#[tokio::test]
async fn what_was_pasted_as_text_is_not_read_as_markup() {
    let web = MockWeb::start().await;
    let (app, _worker) = TestApp::with_jobs(&web).await;
    let text =
        "<p>How a paragraph is written</p>\n\nIt begins with a tag and ends with another one, as was shown above.";
    let page = app.post_import(&[("page", text), ("kind", "text")], &[]).await;
    assert!(page.location().starts_with("/article/"), "{} {}", page.location(), page.body);
    assert!(app.get("/article/1").await.text("article").contains("<p>How a paragraph is written</p>"));
}

#[tokio::test]
async fn a_bad_address_of_a_pasted_text_keeps_the_text_and_the_choice() {
    let app = TestApp::new().await;
    let page =
        app.post_import(&[("page", "<b>Words</b>\nMore"), ("kind", "html"), ("pasted_address", "nowhere")], &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#pasted-address-problem").contains("“nowhere” isn’t a link"));
    assert_eq!(page.text("#page"), "<b>Words</b> More");
    assert_eq!(page.attributes("input[name=kind][checked]", "value"), ["html"]);
}

#[tokio::test]
async fn twenty_addresses_in_a_file_are_twenty_imports() {
    let app = TestApp::new().await;
    let list: String = (1..=20).map(|number| format!("https://harbour.example/{number}\r\n")).collect();
    let page = app.post_import(&[], &[("links.txt", list.as_bytes())]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/imports?accepted=20&already=0"));
    let page = app.get(page.location()).await;
    assert_eq!(page.text(".notice"), "20 queued.");
    assert_eq!(page.texts(".imports > li").len(), 20);
    assert_eq!(page.texts(".imports h2")[0], "harbour.example/20");
}

#[tokio::test]
async fn pages_and_texts_in_files_are_an_article_each() {
    let web = MockWeb::start().await;
    let app = TestApp::with_mock_web(web.addr).await;
    let text =
        "Soup for all\n\nThere was soup for everybody who waited in the rain on Monday, and there was enough of it.";
    // Saved in another charset than ours: the bytes are kept as they are, and the page says what they are.
    let mut page =
        b"<!doctype html><meta charset=iso-8859-1><title>The caf\xe9</title><article><h1>The caf\xe9</h1>".to_vec();
    page.extend_from_slice(
        b"<p>The caf\xe9 at the harbour was full on Monday, since everybody wanted to sit in the dry.</p>",
    );
    page.extend_from_slice(
        b"<p>Its owner said that she had never before sold so much soup on a single day in May.</p></article>",
    );
    let answer = app.post_import(&[], &[("C:\\saved\\cafe.html", &page), ("soup.txt", text.as_bytes())]).await;
    assert_eq!(answer.location(), "/imports?accepted=2&already=0");
    app.work_off().await;
    let mut titles = app.get("/imports").await.texts(".imports h2");
    titles.sort();
    assert_eq!(titles, ["Soup for all", "The café"]);
}

#[tokio::test]
async fn what_is_refused_is_listed_with_its_reason_and_the_rest_taken() {
    let app = TestApp::new().await;
    let list = b"https://a.example/1\nhttps://a.example/1/\nferry timetable\nhttps://a.example/3\nhttps://a.example/4";
    let page = app.post_import(&[], &[("links.txt", list), ("paper.pdf", b"%PDF-1.7")]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text("[role=status]"), "4 queued, 2 rejected.");
    assert_eq!(page.texts(".imports h2"), ["links.txt, line 3", "paper.pdf"]);
    let reasons = page.texts(".imports .failed");
    assert!(reasons[0].contains("“ferry timetable” isn’t a link") && reasons[1].contains("a PDF file"));
    assert_eq!(app.import_count().await, 3, "the same address waits once");
}

#[tokio::test]
async fn a_single_file_that_is_refused_brings_the_form_back() {
    let app = TestApp::new().await;
    let page = app.post_import(&[], &[("photo.html", b"\xFF\xD8\xFF\xE0")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#file-problem").starts_with("photo.html: This is an image."));
    assert_eq!(app.import_count().await, 0);
}

#[tokio::test]
async fn an_oversized_upload_is_refused_with_a_sentence() {
    let app = TestApp::new().await;
    let large = vec![b'x'; 33 * 1024 * 1024];
    let page = app.post_import(&[("address", "https://typed.example/")], &[("large.txt", &large)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.text("#file-problem").contains("over 32 MB, so nothing was uploaded"));
    assert_eq!(page.attributes("#address", "value"), ["https://typed.example/"]);
    assert_eq!(app.import_count().await, 0);
    let page = app.post_import(&[], &[("just-right.txt", &large[..31 * 1024 * 1024])]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
}

#[tokio::test]
async fn what_makes_no_sense_does_no_harm() {
    let app = TestApp::new().await;
    for (kind, body) in [
        ("multipart/form-data", "--edge\r\n"),
        (
            "multipart/form-data; boundary=edge",
            "--edge\r\nContent-Disposition: form-data; name=\"address\"\r\n\r\nhttps",
        ),
        ("multipart/form-data; boundary=edge", "\0\0\0"),
        ("application/json", "{\"address\":1}"),
        ("application/x-www-form-urlencoded", "address=%FF%FE&kind=%00&from=x"),
    ] {
        let request = Request::post("/import").header("content-type", kind).header("sec-fetch-site", "same-origin");
        let page = app.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind} {body:?}");
    }
    assert_eq!(app.import_count().await, 0);
}

#[tokio::test]
async fn a_get_fills_the_form_in_and_writes_nothing() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let before = library.generation();
    let page = app.get("/bookmarklet?url=https%3A%2F%2Fa.example%2F1%3Fb%3Dc%26d&title=A%20%3Cb%3Etitle").await;
    assert_eq!(page.attributes("#address", "value"), ["https://a.example/1?b=c&d"]);
    let back = page.attributes("input[name=back]", "value").remove(0);
    assert_eq!(
        app.get(&back).await.attributes("#address", "value"),
        ["https://a.example/1?b=c&d"],
        "a theme loses nothing"
    );
    let shared = app.get("/bookmarklet?title=A+title&text=Read%20this%20https%3A%2F%2Fa.example%2F2").await;
    assert_eq!(shared.attributes("#address", "value"), ["https://a.example/2"]);
    let text = app.get("/bookmarklet?title=A+title&text=Only%20words").await;
    assert_eq!(
        (text.text("#page"), text.attributes("#address", "value")),
        ("A title Only words".into(), vec![String::new()])
    );
    app.get("/import?address=https%3A%2F%2Fa.example%2F1&from=99").await;
    assert_eq!((library.generation(), app.import_count().await), (before, 0));
}

#[tokio::test]
async fn a_text_pasted_in_place_of_a_failed_import_takes_it_off_the_list() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/late", MockResponse::status(403));
    let (app, _worker) = TestApp::with_jobs(&web).await;
    let failed_page = app.post("/import", &[("address", "http://harbour.example/late")]).await;
    let failed = app.get(failed_page.location()).await;
    assert!(failed.text(".state.failed").contains("(403)"));
    let instead = failed.attributes("a.button", "href").remove(0);
    let form = app.get(instead.split('#').next().unwrap()).await;
    assert_eq!(form.attributes("#pasted-address", "value"), ["http://harbour.example/late"]);
    let from = form.attributes("input[name=from]", "value").remove(0);
    let text =
        "The ferry is late again\n\nThe ferry was late again on Monday, the harbour board said in a statement at noon.";
    let kept = app.post_import(&[("from", &from), ("page", " "), ("pasted_address", "x")], &[]).await;
    assert_eq!(
        kept.attributes("input[name=from]", "value"),
        std::slice::from_ref(&from),
        "a form that comes back still knows"
    );
    let fields = [("from", from.as_str()), ("page", text), ("pasted_address", "http://harbour.example/late")];
    let page = app.post_import(&fields, &[]).await;
    assert_eq!(page.location(), "/article/1");
    assert_eq!(app.get(failed_page.location()).await.location(), "/article/1", "its page leads on");
    let left = imports::list(&app.library().await, i64::MAX, 9).await.unwrap();
    assert!(matches!(left.as_slice(), [only] if matches!(only.state, ImportState::Done { .. })), "{left:?}");
}

#[tokio::test]
async fn a_pasted_text_that_gives_no_article_is_there_to_be_corrected() {
    let web = MockWeb::start().await;
    let (app, _worker) = TestApp::with_jobs(&web).await;
    let failed = app.post_import(&[("page", "Hello <world>")], &[]).await;
    let failed = app.get(failed.location()).await;
    assert!(failed.text(".state.failed").starts_with("No article was found: the text is too short"));
    let form = app.get(&failed.attributes("a.button", "href")[0]).await;
    assert_eq!((form.text("#page"), form.text("h1")), ("Hello <world>".into(), "Add articles".into()));
    assert_eq!(form.attributes("input[name=kind][checked]", "value"), ["text"]);
}

#[tokio::test]
async fn an_address_in_the_box_for_text_is_told_where_it_belongs() {
    let app = TestApp::new().await;
    let page = app.post_import(&[("page", "https://a.example/1\n")], &[]).await;
    assert!(page.text("#page-problem").starts_with("That’s only a link."));
    assert_eq!(app.import_count().await, 0);
}

#[tokio::test]
async fn only_a_reader_hands_in() {
    let app = TestApp::logged_in_as_ann().await;
    let stranger = app.another_browser();
    let page = stranger.post("/import", &[("address", "https://a.example/1")]).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert_eq!(stranger.get("/bookmarklet?url=https://a.example/1").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_breaks_off_on_its_way_is_not_taken_for_the_whole() {
    let app = TestApp::new().await;
    let form = "application/x-www-form-urlencoded";
    let half = "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\nThe ferry was";
    for (kind, start, breaks) in [
        (form, "page=The+ferry+was+late", true),
        ("multipart/form-data; boundary=edge", half, true),
        ("multipart/form-data; boundary=edge", half, false),
    ] {
        let end = breaks.then(|| Err(std::io::Error::other("the line went dead")));
        let body = Body::from_stream(futures_util::stream::iter([Ok(start.to_owned())].into_iter().chain(end)));
        let request = Request::post("/import").header("content-type", kind).header("sec-fetch-site", "same-origin");
        let page = app.send(request.body(body).unwrap()).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind} {breaks}");
        assert!(page.text("#file-problem").contains("was interrupted"), "{kind} {breaks}");
    }
    assert_eq!(app.import_count().await, 0);
}
