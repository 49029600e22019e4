//! The reader's tags, and the publisher's keywords that may become some.

use axum::http::StatusCode;
use broadsheet::jobs;
use broadsheet::library::articles::NewArticle;
use broadsheet::library::tags;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tokio_util::sync::CancellationToken;

use crate::fixtures::article;
use crate::support::TestApp;

fn article_with_keywords(number: i64, keywords: &[&str]) -> NewArticle {
    let keywords = keywords.iter().map(|&keyword| keyword.to_owned()).collect();
    NewArticle { keywords, ..article(number) }
}

async fn names(app: &TestApp, id: i64) -> Vec<String> {
    let tags = tags::list_for_article(&app.library().await, id).await.unwrap();
    tags.into_iter().map(|tag| tag.name).collect()
}

#[tokio::test]
async fn keywords_are_no_tags_until_the_reader_takes_them() {
    let app = TestApp::new().await;
    let id = app.add_article(&article_with_keywords(1, &["Ferries", "Night trams", "Budget, public"])).await;
    assert_eq!(names(&app, id).await, ["Ferries"], "its own tag");
    let page = app.get(&format!("/article/{id}")).await;
    assert_eq!(page.attributes(".keyword-suggestions button", "value"), ["Night trams", "Budget, public"]);
    let path = page.attributes(".keyword-suggestions", "action").remove(0);
    let taken = app.post(&path, &[("keyword", "Budget, public")]).await;
    let page = app.get(taken.location().split('#').next().unwrap()).await;
    assert_eq!(names(&app, id).await, ["Budget public", "Ferries"], "a tag has no comma");
    assert_eq!(page.attributes(".keyword-suggestions button", "value"), ["Night trams"]);
    for (path, keyword) in [("/article/99/keywords", "a"), (path.as_str(), "!!")] {
        assert_eq!(app.post(path, &[("keyword", keyword)]).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn all_keywords_of_a_source_become_tags_if_the_reader_says_so() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let mut ids = Vec::new();
    for number in 1..=45 {
        ids.push(app.add_article(&article_with_keywords(number, &["Quays", &format!("Pier {number}")])).await);
    }
    let page = app.get(&format!("/article/{}", ids[0])).await;
    let form = "form:has(button[name=take])";
    assert!(page.text(form).contains("Always add the keywords of The Harbour Post as tags"));
    let path = page.attributes(form, "action").remove(0);
    app.post(&path, &[("take", "true"), ("article", &ids[0].to_string())]).await;
    jobs::take_keywords(&app.app, &library, &CancellationToken::new()).await.unwrap();
    for (id, number) in ids.iter().zip(1..) {
        assert_eq!(names(&app, *id).await, ["Ferries".to_owned(), format!("Pier {number}"), "Quays".to_owned()]);
    }
    let new = app.add_article(&article_with_keywords(90, &["Locks"])).await;
    assert_eq!(names(&app, new).await, ["Ferries", "Locks"]);

    let page = app.get(&format!("/article/{new}")).await;
    assert!(page.text(form).contains("Stop adding"));
    let answer = app.post(&path, &[("take", "false")]).await;
    assert_eq!(answer.location(), "/source/harbour.example");
    let later = app.add_article(&article_with_keywords(91, &["Locks"])).await;
    assert_eq!(names(&app, later).await, ["Ferries"], "older articles keep theirs");
    assert_eq!(app.post("/source/nowhere.example/keywords", &[("take", "true")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn two_windows_do_not_undo_each_others_tags() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    let path = format!("/article/{id}/topic-and-tags");
    let form = |tags| [("topic", "politics"), ("tags_before", "Ferries"), ("tags", tags)];
    app.post(&path, &form("Ferries, Boats")).await;
    app.post(&path, &form("Ferries, Piers")).await;
    assert_eq!(names(&app, id).await, ["Boats", "Ferries", "Piers"]);
    app.post(&path, &form("Locks")).await;
    assert_eq!(names(&app, id).await, ["Boats", "Locks", "Piers"], "only what was changed is");
}

#[tokio::test]
async fn a_tag_saved_in_an_old_window_leaves_the_article_in_its_new_topic() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    let (page, path) = (format!("/article/{id}"), format!("/article/{id}/topic-and-tags"));
    let before = app.get(&page).await.attributes("#topic-and-tags [name=topic_before]", "value");
    assert_eq!(before, ["politics"]);
    app.post(&path, &[("topic", "sport")]).await;
    app.post(&path, &[("topic_before", "politics"), ("topic", "politics"), ("tags", "Ferries, Piers")]).await;
    assert_eq!((app.get(&page).await.text(".kicker"), names(&app, id).await.len()), ("Sport".to_owned(), 2));
    app.post(&path, &[("topic_before", "politics"), ("topic", "science")]).await;
    assert_eq!(app.get(&page).await.text(".kicker"), "Science", "one that was chosen counts");
    app.post(&path, &[("topic_before", "politics"), ("topic", "politics"), ("new_topic", "Politics")]).await;
    assert_eq!(app.get(&page).await.text(".kicker"), "Politics", "as does one that was typed");
}

/// Sends the form for topic and tags as the page has it, with another line of tags.
async fn save_tags(app: &TestApp, id: i64, tags: &str) {
    let page = app.get(&format!("/article/{id}")).await;
    let before = page.attributes("#topic-and-tags [name=tags_before]", "value").remove(0);
    let form = [("topic", "politics"), ("tags_before", before.as_str()), ("tags", tags)];
    app.post(&format!("/article/{id}/topic-and-tags"), &form).await;
}

#[tokio::test]
async fn a_tag_with_a_comma_can_be_removed() {
    let app = TestApp::new().await;
    let id = app.add_article(&article_with_keywords(1, &["Port Ellis, North"])).await;
    app.post(&format!("/article/{id}/keywords"), &[("keyword", "Port Ellis, North")]).await;
    assert_eq!(names(&app, id).await, ["Ferries", "Port Ellis North"]);
    save_tags(&app, id, "Ferries").await;
    assert_eq!(names(&app, id).await, ["Ferries"]);

    let renamed = app.post("/tag/ferries/edit", &[("name", "Ferries, boats")]).await;
    assert!(renamed.location().starts_with("/tag/ferries-boats"), "{}", renamed.location());
    assert_eq!(names(&app, id).await, ["Ferries boats"]);
    save_tags(&app, id, "Piers").await;
    assert_eq!(names(&app, id).await, ["Piers"]);
}

#[tokio::test]
async fn a_tag_that_was_stored_with_a_comma_can_be_kept_and_removed() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    let file = app.app.data_dir.join("libraries/1/library.db");
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    sqlx::query("UPDATE tag SET name = 'Ferries, boats', slug = 'ferries-boats'")
        .execute(&mut connection)
        .await
        .unwrap();
    save_tags(&app, id, "Ferries boats, Piers").await;
    assert_eq!(names(&app, id).await, ["Ferries, boats", "Piers"]);
    save_tags(&app, id, "Piers").await;
    assert_eq!(names(&app, id).await, ["Piers"]);
}

#[tokio::test]
async fn a_tag_is_spelled_as_it_was_typed_last() {
    let app = TestApp::new().await;
    let ids = [app.add_article(&article(1)).await, app.add_article(&article(2)).await];
    let path = format!("/article/{}/topic-and-tags", ids[0]);
    app.post(&path, &[("topic", "politics"), ("tags_before", "Ferries"), ("tags", "FERRIES, Cafe\u{301}")]).await;
    assert_eq!(names(&app, ids[0]).await, ["Caf\u{e9}", "FERRIES"]);
    assert_eq!(names(&app, ids[1]).await, ["FERRIES"], "it is one tag");
    let path = format!("/article/{}/topic-and-tags", ids[1]);
    app.post(&path, &[("topic", "politics"), ("tags_before", "FERRIES"), ("tags", "FERRIES, Caf\u{e9}")]).await;
    let all = tags::list(&app.library().await, (i64::MAX, ""), 9).await.unwrap();
    assert_eq!(
        all.iter().map(|tag| (tag.name.as_str(), tag.articles)).collect::<Vec<_>>(),
        [("Caf\u{e9}", 2), ("FERRIES", 2)]
    );
}
