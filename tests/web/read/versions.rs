//! All texts of an article that its publisher has changed, and the difference between any two.

use axum::http::StatusCode;
use broadsheet::library::articles::NewArticle;
use broadsheet::library::articles::versions::item_changes::{self, Change, ChangedArticle};
use broadsheet::library::articles::versions::{self, earlier};
use jiff::SignedDuration;

use crate::fixtures::article;
use crate::support::{Page, TestApp, advance_clock, now};

/// Changes an article as its publisher does, an hour later.
async fn change(app: &TestApp, id: i64, title: &str, text: &str) {
    advance_clock(SignedDuration::from_hours(1));
    let library = app.library().await;
    let mut content = versions::load_current(&library, id).await.unwrap().unwrap();
    (content.title, content.text) = (title.to_owned(), text.to_owned());
    let changed = ChangedArticle { article: id, snapshot_id: None, content, change: Change::Text };
    assert!(item_changes::change(&library, &changed, now()).await.unwrap());
    advance_clock(SignedDuration::from_hours(1));
}

async fn act(app: &TestApp, id: i64, action: &str) {
    app.post(&format!("/article/{id}/action"), &[("action", action)]).await;
}

/// Returns the value of a text in the form.
async fn key(app: &TestApp, id: i64, position: usize) -> String {
    earlier::list(&app.library().await, id).await.unwrap()[position].id.to_string()
}

fn chosen(page: &Page) -> Vec<String> {
    page.attributes("option[selected]", "value")
}

#[tokio::test]
async fn an_article_that_was_never_changed_has_one_text() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    let page = app.get(&format!("/article/{id}/versions")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text(".empty").starts_with("There is only one text of this article."));
    assert!(!page.has("form.comparison"));
    let shown = app.get(&format!("/article/{id}")).await;
    assert!(!shown.has(".changed-note") && !shown.has("[data-versions]"));
    for path in ["/article/99/versions", "/article/x/versions"] {
        assert_eq!(app.get(path).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(app.post("/article/99/seen", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_changed_since_it_was_read_is_shown_word_by_word_until_it_is_seen() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    change(&app, id, "Ferry report", "The ferry was late.\n\nNobody minded the rain.").await;
    assert!(!app.get(&format!("/article/{id}")).await.has(".changed-note"), "it was not read yet");
    assert!(!app.get("/articles").await.has(".changed-label"));
    act(&app, id, "read").await;
    assert!(!app.get(&format!("/article/{id}")).await.has(".changed-note"), "it was not changed since");
    change(&app, id, "Ferry report, corrected", "The ferry was nine hours late.\n\nNobody minded the rain.").await;
    change(&app, id, "Ferry report, corrected", "The ferry was nine days late.\n\nNobody minded the rain.").await;
    assert_eq!(app.get("/articles").await.texts(".changed-label"), ["Changed"]);

    let shown = app.get(&format!("/article/{id}?list=unread%3D1")).await;
    assert_eq!(shown.text(".changed-note"), "Changed since you read it today. Show what changed");
    assert!(shown.has("[data-mark-read-url]"), "reading it to the end counts");
    let page = app.get(&shown.attributes(".changed-note a", "href")[0]).await;
    assert_eq!(chosen(&page), [key(&app, id, 1).await, "now".to_owned()], "from the text that was read");
    assert_eq!(page.texts(".changes del"), ["removed: Ferry report"]);
    assert_eq!(page.texts(".changes ins"), ["added: Ferry report, corrected", "added: nine days"]);
    assert!(page.text("#difference + p").ends_with(": 1 paragraph changed."), "{}", page.text("#difference + p"));
    assert_eq!(page.attributes("input[name=list]", "value")[0], "unread=1", "the list is not forgotten");
    assert!(page.text("form[data-seen]").contains("Changed since you read it today."));

    let answer = app.post(&format!("/article/{id}/seen"), &[("list", "unread=1")]).await;
    assert_eq!(answer.location(), format!("/article/{id}?list=unread%3D1"));
    let shown = app.get(answer.location()).await;
    assert!(!shown.has(".changed-note") && shown.has("[data-versions]"));
    assert!(!app.get("/articles").await.has(".changed-label"));
    assert!(!app.get(&format!("/article/{id}/versions")).await.has("form[data-seen]"));
    change(&app, id, "Ferry report, corrected", "The ferry came.").await;
    assert!(app.get(&format!("/article/{id}")).await.has(".changed-note"));
    act(&app, id, "read").await;
    assert!(!app.get(&format!("/article/{id}")).await.has(".changed-note"), "it was read again");
}

#[tokio::test]
async fn what_arrived_read_was_never_seen() {
    let app = TestApp::new().await;
    let id = app.add_article(&NewArticle { is_read: true, ..article(1) }).await;
    change(&app, id, "Ferry report", "The ferry was late.\n\nNobody minded the rain.").await;
    assert!(!app.get(&format!("/article/{id}")).await.has(".changed-note"));
    assert!(!app.get("/articles").await.has(".changed-label"));
}

#[tokio::test]
async fn any_two_texts_are_compared_by_a_link() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    for text in ["The mill stands still.", "The mill turns slowly.", "The mill turns very slowly."] {
        change(&app, id, "Mill", text).await;
    }
    let page = app.get(&format!("/article/{id}/versions")).await;
    assert_eq!(page.texts(".texts li").len(), 4);
    assert!(
        page.texts(".texts li")[0].contains("from the feed (newest)")
            && page.texts(".texts li")[3].contains("from the page")
    );
    assert_eq!(page.texts(".changes ins"), ["added: very"], "the last change");
    let (first, second) = (key(&app, id, 1).await, key(&app, id, 2).await);
    let forwards = app.get(&format!("/article/{id}/versions?from={first}&to={second}")).await;
    assert_eq!(forwards.texts(".changes del"), ["removed: stands still"]);
    assert_eq!(forwards.texts(".changes ins"), ["added: turns slowly"]);
    assert_eq!(chosen(&forwards), [first.clone(), second.clone()]);
    let backwards = app.get(&format!("/article/{id}/versions?from={second}&to={first}")).await;
    assert_eq!(backwards.texts(".changes ins"), ["added: stands still"]);
    let each = page.attributes(".texts a", "href");
    assert!(each.len() == 3 && each[2].ends_with(&format!("to={first}#difference")), "{each:?}");

    let same = app.get(&format!("/article/{id}/versions?from=now&to=now")).await;
    assert_eq!(same.text(".problem"), "Choose two different texts to compare.");
    for lost in ["from=999", "to=x", "from=<b>&to=now"] {
        let page = app.get(&format!("/article/{id}/versions?{}", lost.replace('<', "%3C").replace('>', "%3E"))).await;
        assert!(page.status == StatusCode::OK && page.text(".problem").starts_with("That text isn’t kept"), "{lost}");
        assert_eq!(chosen(&page), [second.clone(), "now".to_owned()]);
    }
    let other = app.add_article(&article(2)).await;
    change(&app, other, "Other", "Another text altogether.").await;
    let page = app.get(&format!("/article/{other}/versions?from={first}")).await;
    assert!(page.has(".problem"), "a text of another article");
}

#[tokio::test]
async fn texts_cannot_bring_markup_into_the_comparison() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    change(&app, id, "<i>Mill</i>", "The <script>alert(1)</script> mill & wheel stand.").await;
    change(&app, id, "Mill", "The <script>alert(2)</script> mill & wheel stand.").await;
    let page = app.get(&format!("/article/{id}/versions")).await;
    assert!(!page.body.contains("<script>alert") && !page.body.contains("<i>Mill"), "{}", page.body);
    assert_eq!(page.texts(".changes ins")[1], "added: 2");
}
