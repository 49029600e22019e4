//! From the first start to the first article, with the real program and an empty data folder.

use crate::mock_web::{MockResponse, MockWeb};
use crate::server_process::ServerProcess;
use crate::support::{Browser, report_page};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_offers_a_welcome_article_and_a_field_for_links() {
    let web = MockWeb::start().await;
    let folder = tempfile::tempdir().unwrap();
    let allowed = [("BROADSHEET_ALLOW_HOSTS", web.addr.to_string())];
    let program = ServerProcess::start(&folder.path().join("data"), &allowed);
    let browser = Browser::open(&format!("http://{}", program.address)).await;

    browser.visit("/").await;
    assert_eq!(browser.text(".lead h2").await, "Welcome to Broadsheet");
    browser.click_text("Welcome to Broadsheet").await;
    browser.wait_for_article().await;
    let welcome = browser.text(".text").await;
    assert!(welcome.contains("Paste a link into the box"), "{welcome}");

    browser.click_text("Broadsheet").await;
    web.serve(
        &format!("{}/osprey", web.addr),
        MockResponse::html(report_page("Harbour", "Politics", "Ferries", "Osprey", 1)),
    );
    browser.fill("#url", &format!("http://{}/osprey", web.addr)).await;
    browser.click_text("Add article").await;
    browser.wait_for_article().await;
    assert_eq!(browser.text("article h1").await, "The long story of the Osprey");
    assert_eq!(browser.console_errors().await, [""; 0]);
    browser.close().await;
}
