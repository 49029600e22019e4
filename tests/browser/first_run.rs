//! From the first start to the first article, with the real program and an empty data folder.

use crate::program::Program;
use crate::site::{Answer, Web};
use crate::support::{Browser, news_page};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_offers_a_welcome_article_and_a_field_for_links() {
    let web = Web::start().await;
    let folder = tempfile::tempdir().unwrap();
    let allowed = [("BROADSHEET_ALLOW_HOSTS", web.origin.to_string())];
    let program = Program::start(&folder.path().join("data"), &allowed);
    let browser = Browser::open(&format!("http://{}", program.address)).await;

    browser.visit("/").await;
    assert_eq!(browser.text(".lead h2").await, "Welcome to Broadsheet");
    browser.click_text("Welcome to Broadsheet").await;
    browser.wait_for_article().await;
    let welcome = browser.text(".text").await;
    assert!(welcome.contains("Paste a link into the box"), "{welcome}");

    browser.click_text("Broadsheet").await;
    web.put(&format!("{}/osprey", web.origin), Answer::html(news_page("Harbour", "Politics", "Ferries", "Osprey", 1)));
    browser.fill("#url", &format!("http://{}/osprey", web.origin)).await;
    browser.click_text("Add article").await;
    browser.wait_for_article().await;
    assert_eq!(browser.text("article h1").await, "The long story of the Osprey");
    assert_eq!(browser.console_errors().await, [""; 0]);
    browser.close().await;
}
