//! Images arrive while their article is read: without a reload, and without moving the text.

use broadsheet::accounts::FIRST_LIBRARY_ID;
use broadsheet::jobs;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::mock_web::MockResponse;
use crate::support::{TestEnv, report_page};

const ARTICLE: &str = "http://harbourpost.example/1";
const PICTURE: &[u8] = include_bytes!("site/depot.png");

/// Imports an article with a lead image, one in a link, one in the text and one that is gone, without fetching them.
async fn import_without_images(env: &TestEnv) -> String {
    env.stop_jobs().await;
    let picture =
        |name: &str| format!("<img src='http://pictures.example/{name}.png' width=640 height=420 alt='The {name}'>");
    let lead = "<meta property=og:image content='http://pictures.example/quay.png'><body>";
    let page = report_page("The Harbour Post", "Politics", "Ferries", "Osprey", 1)
        .replacen("<body>", lead, 1)
        .replacen(
            "in autumn is",
            &format!("in <a href='http://pictures.example/album'>{}</a> autumn is", picture("pier")),
            1,
        )
        .replacen("in winter is", &format!("in {} winter {} is", picture("mast"), picture("gone")), 1);
    env.web.serve(ARTICLE, MockResponse::html(page));
    let import = env.queue_import(ARTICLE).await;
    let library = env.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
    jobs::process_imports(&env.app, &library, &CancellationToken::new()).await.unwrap();
    // Its page would wait for the lead image; the article does not.
    let done = broadsheet::library::imports::find(&library, import).await.unwrap().unwrap();
    let broadsheet::library::imports::ImportState::Done { article_id: Some(article), .. } = done.state else {
        panic!("the article is added")
    };
    format!("/article/{article}")
}

async fn fetch_images(env: &TestEnv) {
    for name in ["quay", "pier", "mast"] {
        env.web.serve(&format!("http://pictures.example/{name}.png"), MockResponse::new("image/png", PICTURE));
    }
    let library = env.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
    jobs::fetch_due_images(&env.app, &library, &CancellationToken::new()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn images_arrive_by_themselves_and_what_is_read_stays_in_place() {
    let env = TestEnv::new().await;
    let article = import_without_images(&env).await;
    env.set_screen(800, 500).await;
    env.visit(&article).await;
    assert_eq!(env.texts(".image-pending").await.len(), 4);
    env.run_script(
        "document.querySelector('.text > p:last-of-type').scrollIntoView({ behavior: 'instant' })",
        json!([]),
    )
    .await;
    let place = "Math.round(document.querySelector('.text > p:last-of-type').getBoundingClientRect().top)";
    let before = env.evaluate(place).await;
    env.evaluate("window.isSame = true").await;
    fetch_images(&env).await;
    env.wait_until("document.querySelectorAll('article img').length === 3").await;
    assert_eq!(env.evaluate(place).await, before, "the text has not moved");
    assert_eq!(env.evaluate("window.isSame").await, true, "the page was not reloaded");
    assert_eq!(env.texts(".image-pending").await, [""; 0]);
    assert!(env.text(".image-missing").await.starts_with("The gone"));
    assert!(env.has("figure.hero img[width][height]").await);
    let link = "[...document.querySelectorAll('.text a[href=\"http://pictures.example/album\"]')].map(a => a.innerHTML.startsWith('<img'))";
    assert_eq!(env.evaluate(link).await, json!([true]), "the image is in its link, and nothing is left over");
    let whole = "[...document.querySelectorAll('article .hero, article .text')].map(part => part.outerHTML.replace(/\\s+/g, ' '))";
    let arrived = env.evaluate(whole).await;
    env.reload().await;
    assert_eq!(env.evaluate(whole).await, arrived, "the article is as at the next view");
    assert!(!env.has("script[src*='images.js']").await, "nothing is asked for any more");
    assert_eq!(env.console_errors().await, [""; 0]);
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_images_are_there_at_the_next_view() {
    let env = TestEnv::new().await;
    let article = import_without_images(&env).await;
    env.disable_javascript().await;
    env.visit(&article).await;
    env.find("p.hero .image-pending").await;
    fetch_images(&env).await;
    env.visit(&article).await;
    env.find("figure.hero img[width][height]").await;
    env.close().await;
}
