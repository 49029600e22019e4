//! The trash.

use broadsheet::library::articles::{self, ArticleAction};
use jiff::SignedDuration;

use crate::fixtures::article;
use crate::support::{TestApp, advance_clock, now};

#[tokio::test]
async fn the_trash_shows_the_days_left_and_restores_articles() {
    let app = TestApp::new().await;
    assert!(app.get("/trash").await.body.contains("The trash is empty."));
    for number in 1..=2 {
        let id = app.add_article(&article(number)).await;
        articles::apply_action(&app.library().await, id, ArticleAction::Delete, now()).await.unwrap();
        advance_clock(SignedDuration::from_hours(36));
    }
    let page = app.get("/trash").await;
    assert_eq!(page.texts(".rows h2"), ["Ferry report 2", "Ferry report 1"]);
    assert!(page.texts(".meta")[0].ends_with("29 days left"), "{:?}", page.texts(".meta"));
    assert!(page.texts(".meta")[1].ends_with("27 days left"));
    let action = page.attributes(".rows form", "action").remove(0);
    let answer = app.post(&action, &[("return_to", "trash"), ("action", "restore")]).await;
    assert_eq!(answer.location(), "/trash");
    assert_eq!(app.get("/trash").await.texts(".rows h2"), ["Ferry report 1"]);
    assert_eq!(app.get("/articles").await.texts(".rows h2"), ["Ferry report 2"]);
}
