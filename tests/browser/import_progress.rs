//! The page of a running import turns into the article, and its row in the list into a link.

use broadsheet::accounts::FIRST_LIBRARY_ID;
use broadsheet::jobs;
use tokio_util::sync::CancellationToken;

use crate::mock_web::MockResponse;
use crate::support::{TestEnv, report_page};

#[tokio::test(flavor = "multi_thread")]
async fn pages_with_running_imports_update_themselves() {
    let env = TestEnv::new().await;
    env.stop_jobs().await;
    for (url, subject) in [("http://harbourpost.example/1", "Osprey"), ("http://harbourpost.example/2", "Kestrel")] {
        env.web.serve(url, MockResponse::html(report_page("The Harbour Post", "Politics", "Ferries", subject, 1)));
    }

    let first = env.queue_import("http://harbourpost.example/1").await;
    env.visit(&format!("/import/{first}")).await;
    assert_eq!(env.text("[aria-current=step]").await, "Queued");
    process_imports(&env).await;
    env.wait_for_article().await;
    assert_eq!(env.text("article h1").await, "The long story of the Osprey");

    let second = env.queue_import("http://harbourpost.example/2").await;
    env.visit("/imports").await;
    env.evaluate("window.isSame = true").await;
    let row = format!("#import-{second}");
    assert!(env.has(&format!("{row}[data-live]")).await && !env.has(&format!("{row} h2 a[href^='/article/']")).await);
    process_imports(&env).await;
    env.wait_until(&format!("document.querySelector({:?})", format!("{row} h2 a[href^='/article/']"))).await;
    assert_eq!(env.evaluate("window.isSame").await, true, "the page was not reloaded");
    assert_eq!(env.text(&format!("{row} h2")).await, "The long story of the Kestrel");
    assert!(env.text("#status-message").await.contains("The long story of the Kestrel"), "screen readers announce it");
    env.close().await;
}

async fn process_imports(env: &TestEnv) {
    let library = env.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
    jobs::process_imports(&env.app, &library, &CancellationToken::new()).await.unwrap();
}
