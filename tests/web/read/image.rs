//! Images, whose bytes come from publishers.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use broadsheet::ingest::fetch::{Fetcher, Policy, Resolver};
use broadsheet::ingest::intake::{self, PasteFormat};
use broadsheet::jobs;
use broadsheet::library::articles::article_page;
use broadsheet::library::image_files;
use broadsheet::library::images::{self, DueImage, StoredImage};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::fixtures::{article, sample_image};
use crate::mock_web::{MockResponse, MockWeb};
use crate::support::TestApp;

/// Stores these bytes as an image of an article and returns its URL.
async fn store_image(app: &TestApp, bytes: &[u8], media_type: &str) -> String {
    let library = app.library().await;
    let mut new = article(1);
    new.content.images = vec![sample_image("pier")];
    let id = app.add_article(&new).await;
    let hash = image_files::save(&library, bytes.to_vec()).await.unwrap();
    let due = DueImage { article_id: id, url: sample_image("pier").url.into(), attempts: 0, page_url: None };
    let size = i64::try_from(bytes.len()).unwrap();
    let kept = StoredImage { media_type: media_type.into(), size, width: None, height: None };
    images::mark_stored(&library, &due, &hash, &kept).await.unwrap();
    format!("/image/{}", hash.as_str())
}

#[tokio::test]
async fn an_image_is_sent_unchanged_and_sandboxed() {
    let app = TestApp::new().await;
    let bytes: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    let url = store_image(&app, &bytes, "image/jpeg").await;
    let page = app.get(&url).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.bytes, bytes);
    assert_eq!(page.header("content-type"), "image/jpeg");
    assert_eq!(page.header("content-length"), bytes.len().to_string());
    assert_eq!(page.header("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    assert!(page.header("content-security-policy").ends_with("sandbox"));

    let again = Request::get(&url).header("if-none-match", page.header("etag")).body(Body::empty()).unwrap();
    let again = app.send(again).await;
    assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn an_svg_is_sandboxed() {
    let app = TestApp::new().await;
    let url =
        store_image(&app, b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>", "image/svg+xml").await;
    let page = app.get(&url).await;
    assert_eq!(page.header("content-type"), "image/svg+xml");
    assert!(page.header("content-security-policy").contains("sandbox"));
}

#[tokio::test]
async fn no_other_file_is_served() {
    let app = TestApp::new().await;
    let url = store_image(&app, b"bytes", "image/png").await;
    let library = app.library().await;
    for path in ["/image/..%2f..%2flibrary.db", "/image/library.db", &format!("/image/{}", "0".repeat(64))] {
        assert_eq!(app.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    image_files::delete(&library, &image_files::ImageHash::compute(b"bytes")).unwrap();
    assert_eq!(app.get(&url).await.status, StatusCode::NOT_FOUND);
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// Adds an article with images at these URLs.
async fn add_with_images(app: &TestApp, urls: impl Iterator<Item = String>) -> i64 {
    let mut new = article(1);
    let picture = |url: String| extract::Image { url: Url::parse(&url).unwrap(), description: String::new() };
    new.content.images = urls.map(picture).collect();
    app.add_article(&new).await
}

#[tokio::test]
async fn images_of_an_unresponsive_host_do_not_delay_others() {
    let asked = Arc::new(Notify::new());
    let bell = asked.clone();
    let router = axum::Router::new().fallback(move |request: axum::extract::Request| {
        let bell = bell.clone();
        async move {
            if request.headers()[header::HOST] == "silent.example" {
                std::future::pending::<()>().await;
            }
            bell.notify_one();
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = TestApp::with_mock_web(listener.local_addr().unwrap()).await;
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let silent = (0..50).map(|n| format!("http://silent.example/{n}.png"));
    add_with_images(&app, silent.chain(["http://waiting.example/1.png".to_owned()])).await;
    let (library, stop) = (app.library().await, CancellationToken::new());
    tokio::select! {
        ended = jobs::fetch_due_images(&app.app, &library, &stop) => panic!("the job ended too early: {ended:?}"),
        asked = tokio::time::timeout(Duration::from_secs(10), asked.notified()) => asked.expect("the other host is asked"),
    }
    server.abort();
}

#[tokio::test]
async fn a_page_is_fetched_while_images_of_its_site_are_waiting() {
    let asked = Arc::new(Notify::new());
    let bell = asked.clone();
    let router = axum::Router::new().fallback(move |request: axum::extract::Request| {
        let bell = bell.clone();
        async move {
            if request.uri().path().ends_with(".png") {
                bell.notify_one();
                std::future::pending::<()>().await;
            }
            axum::response::Html("<p>The boats came in.</p>")
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = TestApp::with_mock_web(listener.local_addr().unwrap()).await;
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    add_with_images(&app, (0..9).map(|n| format!("http://harbour.example/{n}.png"))).await;
    let (library, stop) = (app.library().await, CancellationToken::new());
    let page = async {
        asked.notified().await;
        app.app.fetcher.fetch_page(&Url::parse("http://harbour.example/boats").unwrap()).await
    };
    tokio::select! {
        ended = jobs::fetch_due_images(&app.app, &library, &stop) => panic!("the job ended too early: {ended:?}"),
        page = tokio::time::timeout(Duration::from_secs(10), page) => {
            page.expect("the page is fetched meanwhile").unwrap();
        }
    }
    server.abort();
}

#[tokio::test]
async fn an_image_that_panics_is_retried_later_and_the_others_arrive() {
    let web = MockWeb::start().await;
    web.serve("harbour.example/pier.png", MockResponse::new("image/png", PNG));
    let mut app = TestApp::new().await;
    let resolver = Resolver::scripted(web.addr, |name| {
        assert_ne!(name, "fault.example", "a bug");
        Ok(vec![[93, 184, 216, 34].into()])
    });
    app.app.fetcher = Fetcher::new(Policy::default(), resolver).unwrap();
    let urls = ["http://fault.example/1.png", "http://harbour.example/pier.png"];
    let id = add_with_images(&app, urls.into_iter().map(str::to_owned)).await;
    let library = app.library().await;
    jobs::fetch_due_images(&app.app, &library, &CancellationToken::new()).await.unwrap();
    let found = article_page::find_page(&library, id).await.unwrap().unwrap().1.images;
    let state: Vec<_> = found.iter().map(|picture| (picture.hash.is_some(), picture.is_pending)).collect();
    assert_eq!(state, [(false, true), (true, false)]);
}

#[tokio::test]
async fn images_that_a_page_contains_are_kept_and_need_no_request() {
    use base64::Engine as _;
    let header = [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &640_u32.to_be_bytes(), &480_u32.to_be_bytes()].concat();
    let png = [&header[..], b"\x08\x06\0\0\0"].concat();
    let data = base64::engine::general_purpose::STANDARD.encode(&png);
    let prose = "The ferry stayed on the northern bank, where its crew played cards and waited for the sun.";
    let html = format!(
        "<article><h1>High water</h1><p>{prose}</p><figure><img src='data:image/png;base64,{data}' alt=Ferry>\
         <figcaption>The ferry</figcaption></figure><p>{prose} Twice.</p><figure><svg viewBox='0 0 300 120'>\
         <path d='M0 0L9 9'/><script>x()</script></svg><figcaption>Levels</figcaption></figure><p>{prose} Again.</p>"
    );
    let app = TestApp::new().await;
    let request = intake::read_paste(&html, PasteFormat::Html, "").unwrap();
    let (library, stop) = (app.library().await, CancellationToken::new());
    intake::enqueue(&library, &[request], app.app.now()).await.unwrap();
    jobs::process_imports(&app.app, &library, &stop).await.unwrap();
    jobs::fetch_due_images(&app.app, &library, &stop).await.unwrap();
    let page = app.get("/article/1").await;
    let hashes: Vec<&str> = page.body.split("src=\"/image/").skip(1).map(|rest| &rest[..64]).collect();
    assert_eq!(hashes.len(), 2, "{}", page.body);
    assert!(!page.body.contains("inline-image.invalid"), "{}", page.body);
    let ferry = app.get(&format!("/image/{}", hashes[0])).await;
    assert_eq!(ferry.headers[header::CONTENT_TYPE], "image/png");
    let levels = app.get(&format!("/image/{}", hashes[1])).await;
    assert_eq!(levels.headers[header::CONTENT_TYPE], "image/svg+xml");
    assert!(levels.body.contains("<path") && !levels.body.contains("script"), "{}", levels.body);
}

#[tokio::test]
async fn an_image_of_a_new_article_does_not_wait_for_one_that_never_comes() {
    let (asked, silent_asked) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (bell, silent_bell) = (asked.clone(), silent_asked.clone());
    let router = axum::Router::new().fallback(move |request: axum::extract::Request| {
        let (bell, silent_bell) = (bell.clone(), silent_bell.clone());
        async move {
            if request.headers()[header::HOST] == "silent.example" {
                silent_bell.notify_one();
                std::future::pending::<()>().await;
            }
            bell.notify_one();
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = TestApp::with_mock_web(listener.local_addr().unwrap()).await;
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    add_with_images(&app, ["http://silent.example/1.png".to_owned()].into_iter()).await;
    let (library, stop) = (app.library().await, CancellationToken::new());
    let arrival = async {
        silent_asked.notified().await;
        let mut new = article(2);
        new.content.images = vec![extract::Image {
            url: Url::parse("http://harbour.example/2.png").unwrap(),
            description: String::new(),
        }];
        app.add_article(&new).await;
        app.app.wakeups.images.notify_one();
        asked.notified().await;
    };
    tokio::select! {
        ended = jobs::fetch_due_images(&app.app, &library, &stop) => panic!("the job ended too early: {ended:?}"),
        arrived = tokio::time::timeout(Duration::from_secs(10), arrival) => arrived.expect("the new image is asked for"),
    }
    server.abort();
}

/// Returns a picture of 1,200 by 900 pixels as PNG.
fn photograph() -> Vec<u8> {
    let mut state = 7_u32;
    let noise = image::RgbImage::from_fn(1200, 900, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb([state.to_be_bytes()[0], state.to_be_bytes()[1], 99])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    noise.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn a_list_shows_a_small_copy_and_the_article_the_original() {
    let app = TestApp::new().await;
    let bytes = photograph();
    let url = store_image(&app, &bytes, "image/png").await;
    let small = app.get(&format!("{url}/small")).await;
    assert_eq!((small.status, small.header("content-type")), (StatusCode::OK, "image/jpeg"));
    assert!(small.bytes.len() < 30_000 && bytes.len() > 1_000_000, "{} of {}", small.bytes.len(), bytes.len());
    let copy = image::load_from_memory(&small.bytes).unwrap();
    assert_eq!((copy.width(), copy.height()), (240, 180));
    assert_eq!(small.header("cache-control"), "private, max-age=31536000, immutable");
    assert!(small.header("content-security-policy").ends_with("sandbox"));
    let again = Request::get(format!("{url}/small")).header("if-none-match", small.header("etag"));
    assert_eq!(app.send(again.body(Body::empty()).unwrap()).await.status, StatusCode::NOT_MODIFIED);
    assert_ne!(small.header("etag"), app.get(&url).await.header("etag"));
    assert_eq!(app.get(&url).await.bytes, bytes);

    let library = app.library().await;
    image_files::delete(&library, &image_files::ImageHash::compute(&bytes)).unwrap();
    assert_eq!(app.get(&format!("{url}/small")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_not_made_small_is_sent_as_it_is() {
    let app = TestApp::new().await;
    let drawing = b"<svg xmlns='http://www.w3.org/2000/svg'/>";
    let url = store_image(&app, drawing, "image/svg+xml").await;
    for _ in 0..2 {
        let page = app.get(&format!("{url}/small")).await;
        assert_eq!((page.header("content-type"), page.bytes.as_slice()), ("image/svg+xml", &drawing[..]));
        assert!(page.header("content-security-policy").ends_with("sandbox"));
    }
}
