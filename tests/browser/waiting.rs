//! An import that takes a while: its page turns into the article by itself, its line in the list into a link.

use broadsheet::accounts::FIRST_LIBRARY_ID;
use broadsheet::jobs;
use tokio_util::sync::CancellationToken;

use crate::mock_web::MockResponse;
use crate::support::{Stage, report_page};

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_wait_for_an_import_keep_themselves_up_to_date() {
    let stage = Stage::new().await;
    stage.stop_jobs().await;
    for (address, subject) in [("http://harbourpost.example/1", "Osprey"), ("http://harbourpost.example/2", "Kestrel")]
    {
        stage
            .web
            .serve(address, MockResponse::html(report_page("The Harbour Post", "Politics", "Ferries", subject, 1)));
    }

    let first = stage.queue_import("http://harbourpost.example/1").await;
    stage.visit(&format!("/import/{first}")).await;
    assert_eq!(stage.text("[aria-current=step]").await, "Queued");
    work_off(&stage).await;
    stage.until_article().await;
    assert_eq!(stage.text("article h1").await, "The long story of the Osprey");

    let second = stage.queue_import("http://harbourpost.example/2").await;
    stage.visit("/imports").await;
    stage.value("window.isSame = true").await;
    let row = format!("#import-{second}");
    assert!(
        stage.has(&format!("{row}[data-live]")).await && !stage.has(&format!("{row} h2 a[href^='/article/']")).await
    );
    work_off(&stage).await;
    stage.until(&format!("document.querySelector({:?})", format!("{row} h2 a[href^='/article/']"))).await;
    assert_eq!(stage.value("window.isSame").await, true, "the page was not loaded anew");
    assert_eq!(stage.text(&format!("{row} h2")).await, "The long story of the Kestrel");
    assert!(stage.text("#said").await.contains("The long story of the Kestrel"), "it is said aloud too");
    stage.close().await;
}

async fn work_off(stage: &Stage) {
    let library = stage.app.libraries.get(FIRST_LIBRARY_ID, stage.app.now()).await.unwrap();
    jobs::process_imports(&stage.app, &library, &CancellationToken::new()).await.unwrap();
}
