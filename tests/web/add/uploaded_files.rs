//! Adding articles by files: lists of links, pages and texts.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::mock_web::MockWeb;
use crate::support::TestApp;

#[tokio::test]
async fn a_file_of_twenty_urls_becomes_twenty_imports() {
    let app = TestApp::new().await;
    let list: String = (1..=20).map(|number| format!("https://harbour.example/{number}\r\n")).collect();
    let page = app.submit_import(&[], &[("links.txt", list.as_bytes())]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/imports?accepted=20&already=0"));
    let page = app.get(page.location()).await;
    assert_eq!(page.text(".notice"), "20 queued.");
    assert_eq!(page.texts(".imports > li").len(), 20);
    assert_eq!(page.texts(".imports h2")[0], "harbour.example/20");
}

#[tokio::test]
async fn each_html_or_text_file_becomes_an_article() {
    let web = MockWeb::start().await;
    let app = TestApp::with_mock_web(web.addr).await;
    let text =
        "Soup for all\n\nThere was soup for everybody who waited in the rain on Monday, and there was enough of it.";
    // In another charset: the bytes are stored unchanged, and the page declares its charset.
    let mut page =
        b"<!doctype html><meta charset=iso-8859-1><title>The caf\xe9</title><article><h1>The caf\xe9</h1>".to_vec();
    page.extend_from_slice(
        b"<p>The caf\xe9 at the harbour was full on Monday, since everybody wanted to sit in the dry.</p>",
    );
    page.extend_from_slice(
        b"<p>Its owner said that she had never before sold so much soup on a single day in May.</p></article>",
    );
    let answer = app.submit_import(&[], &[("C:\\saved\\cafe.html", &page), ("soup.txt", text.as_bytes())]).await;
    assert_eq!(answer.location(), "/imports?accepted=2&already=0");
    app.process_imports().await;
    let mut titles = app.get("/imports").await.texts(".imports h2");
    titles.sort();
    assert_eq!(titles, ["Soup for all", "The café"]);
}

#[tokio::test]
async fn rejected_lines_and_files_are_listed_with_reasons_and_the_rest_queued() {
    let app = TestApp::new().await;
    let list = b"https://a.example/1\nhttps://a.example/1/\nferry timetable\nhttps://a.example/3\nhttps://a.example/4";
    let page = app.submit_import(&[], &[("links.txt", list), ("paper.pdf", b"%PDF-1.7")]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text("[role=status]"), "3 queued, 2 rejected, 1 repeated.");
    assert_eq!(page.texts(".imports h2"), ["links.txt, line 3", "paper.pdf"]);
    let reasons = page.texts(".imports .failed");
    assert!(reasons[0].contains("“ferry timetable” isn’t a link") && reasons[1].contains("a PDF file"));
    assert_eq!(app.import_count().await, 3, "the same URL is queued once");
}

#[tokio::test]
async fn a_single_rejected_file_brings_the_form_back() {
    let app = TestApp::new().await;
    let page = app.submit_import(&[], &[("photo.html", b"\xFF\xD8\xFF\xE0")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#file-problem").starts_with("photo.html: This is an image."));
    assert_eq!(app.import_count().await, 0);
}

#[tokio::test]
async fn an_oversized_upload_is_rejected_with_a_message() {
    let app = TestApp::new().await;
    let large = vec![b'x'; 33 * 1024 * 1024];
    let page = app.submit_import(&[("url", "https://typed.example/")], &[("large.txt", &large)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.text("#file-problem").contains("over 32 MB, so nothing was uploaded"));
    assert_eq!(page.attributes("#url", "value"), ["https://typed.example/"]);
    assert_eq!(app.import_count().await, 0);
    let page = app.submit_import(&[], &[("just-right.txt", &large[..31 * 1024 * 1024])]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
}

#[tokio::test]
async fn an_interrupted_upload_is_rejected() {
    let app = TestApp::new().await;
    let form = "application/x-www-form-urlencoded";
    let half = "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\nThe ferry was";
    for (kind, start, breaks) in [
        (form, "text=The+ferry+was+late", true),
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
