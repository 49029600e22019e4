//! From the one command to the first article: the program itself, with a fresh data folder.

use crate::mock_web::{MockResponse, MockWeb};
use crate::server_process::ServerProcess;
use crate::support::{Browser, report_page};

#[tokio::test(flavor = "multi_thread")]
async fn after_the_one_command_there_is_something_to_read_and_a_box_to_paste_into() {
    let web = MockWeb::start().await;
    let folder = tempfile::tempdir().unwrap();
    let allowed = [("BROADSHEET_ALLOW_HOSTS", web.addr.to_string())];
    let program = ServerProcess::start(&folder.path().join("data"), &allowed);
    let browser = Browser::open(&format!("http://{}", program.address)).await;

    browser.visit("/").await;
    assert_eq!(browser.text(".lead h2").await, "Welcome to Broadsheet");
    browser.choose("Welcome to Broadsheet").await;
    browser.until_article().await;
    let welcome = browser.text(".text").await;
    assert!(welcome.contains("Paste a link into the box"), "{welcome}");

    browser.choose("Broadsheet").await;
    web.serve(
        &format!("{}/osprey", web.addr),
        MockResponse::html(report_page("Harbour", "Politics", "Ferries", "Osprey", 1)),
    );
    browser.fill("#address", &format!("http://{}/osprey", web.addr)).await;
    browser.choose("Add article").await;
    browser.until_article().await;
    assert_eq!(browser.text("article h1").await, "The long story of the Osprey");
    assert_eq!(browser.complaints().await, [""; 0]);
    browser.close().await;
}
