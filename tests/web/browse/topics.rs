//! Renaming, hiding, merging and deleting topics.

use axum::http::StatusCode;
use broadsheet::library::articles::{self, NewArticle};
use broadsheet::library::consistency;
use classify::Topic;

use crate::fixtures::{article, section_topic};
use crate::support::{Page, TestApp};

fn filed(number: i64, topic: Topic) -> NewArticle {
    NewArticle { topic_choice: section_topic(topic), ..article(number) }
}

async fn topic_of(app: &TestApp, id: i64) -> String {
    app.get(&format!("/article/{id}")).await.text(".kicker")
}

/// Presses the button of the notice, and opens the page it leads to.
async fn press_undo(app: &TestApp, page: &Page) -> Page {
    let button = |name| page.attributes(".notice button", name).remove(0);
    let (name, value) = (button("name"), button("value"));
    let answer = app.post(&page.attributes(".notice form", "action").remove(0), &[(&name, &value)]).await;
    app.get(answer.location()).await
}

/// The names of topics in menus: front page, filters, the form for many articles, and the article's form.
async fn menus(app: &TestApp, id: i64) -> [Vec<String>; 4] {
    let list = app.get("/articles").await;
    [
        app.get("/").await.texts(".section > h2 a, .edition-top .kicker"),
        list.texts(".filters section:first-child li a"),
        list.texts("#bulk-topic option"),
        app.get(&format!("/article/{id}")).await.texts("#topic option"),
    ]
}

#[tokio::test]
async fn a_built_in_topic_is_renamed_everywhere_and_keeps_its_link() {
    let app = TestApp::new().await;
    for number in 1..=2 {
        app.add_article(&filed(number, Topic::Conflict)).await;
    }
    let edit = app.get("/topic/conflict").await.attributes(".page-head a", "href").remove(0);
    assert_eq!(app.get(&edit).await.attributes("#name", "value"), ["War and conflict"]);
    let bad = app.post(&edit, &[("name", "!!")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text("#name-problem").starts_with("“!!” can’t be a topic"));
    assert_eq!(bad.attributes("#name", "value"), ["!!"], "what was typed is kept");
    let renamed = app.post(&edit, &[("name", " Peace &  war ")]).await;
    let page = app.get(renamed.location()).await;
    assert!(renamed.location().starts_with("/topic/conflict?"));
    assert_eq!(page.text("h1"), "Peace & war");
    assert!(page.text(".notice p").starts_with("Renamed the topic “War and conflict” to “Peace & war”."));
    assert_eq!(topic_of(&app, 1).await, "Peace & war");
    for names in menus(&app, 1).await {
        assert!(names.contains(&"Peace & war".to_owned()), "{names:?}");
    }
    assert!(app.get("/topics").await.texts(".index th a").contains(&"Peace & war".to_owned()));
    assert!(app.get("/keyboard-shortcuts").await.has("dd a[href='/topic/conflict']"));
    // The same name is no change.
    assert_eq!(app.post(&edit, &[("name", "Peace & war")]).await.location(), "/topic/conflict");
    let undone = press_undo(&app, &page).await;
    assert!(undone.text(".notice p").starts_with("Undone: the topic is as it was before."));
    assert_eq!(topic_of(&app, 1).await, "War and conflict");
}

#[tokio::test]
async fn the_suggestions_for_an_article_have_the_readers_names() {
    let app = TestApp::new().await;
    app.add_article(&filed(1, Topic::Politics)).await;
    let suggested = async || app.get("/article/1").await.texts(".topic-suggestions button");
    app.post("/topic/business/edit", &[("name", "Money")]).await;
    assert_eq!(suggested().await, ["Money"]);
    app.post("/topic/business/merge", &[("into", "society"), ("confirmed", "yes")]).await;
    assert_eq!(suggested().await, ["Society"], "or that of the topic that took its articles");
    let undo = app.get("/recent-changes").await.attributes("form[action$='/undo']", "action").remove(0);
    app.post(&undo, &[]).await;
    app.post("/topic/business/hide", &[]).await;
    assert_eq!(suggested().await, [""; 0], "a hidden topic is not suggested");
}

#[tokio::test]
async fn a_hidden_topic_leaves_the_menus_and_its_articles_are_found() {
    let app = TestApp::new().await;
    let sport = app.add_article(&filed(1, Topic::Sport)).await;
    let politics: Vec<_> = (2..=3).map(|number| filed(number, Topic::Politics)).collect();
    for new in &politics {
        app.add_article(new).await;
    }
    let hidden = app.post("/topic/sport/hide", &[]).await;
    let page = app.get(hidden.location()).await;
    assert!(page.text(".notice p").starts_with("Hid the topic “Sport”."));
    assert_eq!(page.attributes(".hidden-topic a", "href"), ["/topic/sport"]);
    assert!(!page.texts(".index th a").contains(&"Sport".to_owned()));
    for names in menus(&app, 2).await {
        assert!(!names.contains(&"Sport".to_owned()), "{names:?}");
    }
    let front = app.get("/").await;
    assert_eq!(front.texts(".lead h2, .tops h3"), ["Ferry report 2", "Ferry report 3"], "nor does it lead");
    assert!(front.texts(".recently-added h3").contains(&"Ferry report 1".to_owned()), "what was just added is there");
    assert_eq!(app.get("/articles").await.texts(".rows h2").len(), 3);
    assert_eq!(app.get("/articles?q=ferry").await.texts(".rows h2").len(), 3);
    let own = app.get("/topic/sport").await;
    assert_eq!(own.texts(".rows h2"), ["Ferry report 1"]);
    assert!(own.texts(".filters [aria-current]").contains(&"Sport".to_owned()), "beside its own list it is named");
    let form = app.get(&format!("/article/{sport}")).await;
    assert_eq!(form.texts("#topic option[selected]"), ["Sport"], "its articles do not move by saving the form");
    let shown = app.post("/topic/sport/show", &[]).await;
    assert!(app.get(shown.location()).await.text(".notice p").starts_with("Showed the topic “Sport” again."));
    assert!(menus(&app, 1).await[1..].iter().all(|names| names.contains(&"Sport".to_owned())));
    // And back, by the undo of the first.
    let again = press_undo(&app, &page).await;
    assert!(again.text(".notice p").starts_with("The topic has changed since"));
}

#[tokio::test]
async fn topics_are_merged_after_a_question_and_new_articles_follow() {
    let app = TestApp::new().await;
    for (number, topic) in [(1, Topic::Crime), (2, Topic::Crime), (3, Topic::Society)] {
        app.add_article(&filed(number, topic)).await;
    }
    let choose = app.post("/topic/crime/merge", &[("into", "")]).await;
    assert_eq!(choose.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(choose.text("#into-problem"), "Choose the topic that takes its articles.");
    let question = app.post("/topic/crime/merge", &[("into", "society")]).await;
    assert_eq!(question.text("h1"), "Merge “Crime” into “Society”?");
    assert!(question.text(".lede").starts_with("2 articles in “Crime” move to “Society”"));
    let by_name = app.post("/topic/crime/edit", &[("name", "society")]).await;
    assert_eq!(by_name.text("h1"), question.text("h1"), "typing its name asks the same");
    let merged = app.post("/topic/crime/merge", &[("into", "society"), ("confirmed", "yes")]).await;
    let page = app.get(merged.location()).await;
    assert!(page.text(".notice p").starts_with("Merged the topic “Crime” into “Society”, with 2 articles."));
    assert_eq!(page.texts(".rows h2").len(), 3);
    let arrived = app.add_article(&filed(4, Topic::Crime)).await;
    assert_eq!(topic_of(&app, arrived).await, "Society");
    assert_eq!(app.get("/topic/crime").await.text("h1"), "Society", "its old link leads there");
    assert_eq!(app.get("/articles?topic=crime").await.texts(".rows h2").len(), 4);
    assert_eq!(app.get("/topic/crime/edit").await.status, StatusCode::NOT_FOUND);
    for names in menus(&app, 1).await {
        assert!(!names.contains(&"Crime".to_owned()), "{names:?}");
    }
    press_undo(&app, &page).await;
    assert_eq!((topic_of(&app, 1).await, topic_of(&app, arrived).await), ("Crime".into(), "Crime".into()));
    assert_eq!(topic_of(&app, 3).await, "Society");
    assert_eq!(consistency::count_wrong_counts(&app.library().await).await.unwrap(), 0);
}

#[tokio::test]
async fn only_an_own_topic_without_articles_is_deleted() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    let file = async |topic: &str| app.post(&format!("/article/{id}/topic-and-tags"), &[("new_topic", topic)]).await;
    file("Sea & Sky").await;
    let full = app.get("/topic/sea-sky/edit").await;
    assert!(!full.has("form[action='/topic/sea-sky/delete']") && full.text("main").contains("once it has no articles"));
    let refused = app.post("/topic/sea-sky/delete", &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(topic_of(&app, id).await, "Sea & Sky");
    app.post(&format!("/article/{id}/action"), &[("action", "delete")]).await;
    assert!(app.get("/topic/sea-sky/edit").await.text("main").contains("articles in the trash"));
    file("Culture").await;
    assert!(app.get("/topic/sea-sky/edit").await.has("form[action='/topic/sea-sky/delete']"));
    let deleted = app.post("/topic/sea-sky/delete", &[]).await;
    let page = app.get(deleted.location()).await;
    assert!(page.text(".notice p").starts_with("Deleted the topic “Sea & Sky”."));
    assert_eq!(app.get("/topic/sea-sky").await.status, StatusCode::NOT_FOUND);
    let undone = press_undo(&app, &page).await;
    assert_eq!(undone.text("h1"), "Topics");
    assert_eq!(app.get("/topic/sea-sky").await.text("h1"), "Sea & Sky");
    for built_in in ["/topic/politics", "/topic/unsorted"] {
        assert_eq!(app.post(&format!("{built_in}/delete"), &[]).await.status, StatusCode::NOT_FOUND);
        assert!(!app.get(&format!("{built_in}/edit")).await.has("#delete"));
    }
}

#[tokio::test]
async fn unsorted_has_another_name_but_is_not_merged() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.topic_choice = classify::TopicChoice::default();
    let id = app.add_article(&new).await;
    assert!(!app.get("/topic/unsorted/edit").await.has("#merge"));
    app.post("/topic/unsorted/edit", &[("name", "Inbox")]).await;
    assert_eq!(topic_of(&app, id).await, "Inbox");
    for (path, form) in [
        ("/topic/unsorted/merge", &[("into", "sport"), ("confirmed", "yes")][..]),
        ("/topic/unsorted/edit", &[("name", "Sport")]),
    ] {
        assert_eq!(app.post(path, form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(articles::find(&app.library().await, id).await.unwrap().unwrap().topic, "unsorted");
}
