//! Why an article has its topic, what a correction teaches, and the reader's rules for topics.

use axum::http::StatusCode;
use broadsheet::jobs;
use broadsheet::library::articles;
use broadsheet::library::articles::NewArticle;
use classify::{Topic, TopicChoice, TopicReason};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tokio_util::sync::CancellationToken;

use crate::fixtures::{article, section_topic};
use crate::support::TestApp;

fn by_words(number: i64, topic: Topic) -> NewArticle {
    let reason = TopicReason::Words { words: vec!["ferry".into()] };
    NewArticle { topic_choice: TopicChoice { topic: Some(topic), reason, suggestions: vec![] }, ..article(number) }
}

/// Follows a redirect, without the fragment.
fn place(location: &str) -> &str {
    location.split('#').next().unwrap()
}

#[tokio::test]
async fn the_reason_leads_to_all_articles_filed_for_it() {
    let app = TestApp::new().await;
    for number in 1..=3 {
        app.add_article(&article(number)).await;
    }
    let id = app.add_article(&by_words(4, Topic::Politics)).await;
    app.add_article(&by_words(5, Topic::Politics)).await;
    app.add_article(&by_words(6, Topic::Sport)).await;
    let link = app.get(&format!("/article/{id}")).await.attributes("a[href*='reason=']", "href").remove(0);
    assert_eq!(link, "/articles?topic=politics&reason=words");
    let list = app.get(&link).await;
    assert_eq!(list.texts(".rows h2"), ["Ferry report 4", "Ferry report 5"]);
    assert!(list.texts(".chips a").iter().any(|chip| chip.starts_with("Words of the text")));
    assert!(list.text(".lede").starts_with("2 articles"), "{}", list.text(".lede"));
    let other = app.get("/articles?topic=politics&reason=section+Assembly&sort=oldest").await;
    assert_eq!(other.texts(".rows h2"), ["Ferry report 3", "Ferry report 2", "Ferry report 1"]);
    app.post(&format!("/article/{id}/action"), &[("action", "archive")]).await;
    assert_eq!(app.get(&link).await.texts(".rows h2"), ["Ferry report 5"]);
    assert_eq!(app.get(&format!("{link}&archived=1")).await.texts(".rows h2"), ["Ferry report 4"]);
}

#[tokio::test]
async fn a_correction_says_what_it_taught_and_can_be_taken_back() {
    let app = TestApp::new().await;
    let mut keeper = by_words(1, Topic::Politics);
    keeper.content.text = "The keeper of the lighthouse measures the tides with a brass gauge.".into();
    let id = app.add_article(&keeper).await;
    for number in 2..=4 {
        app.add_article(&article(number)).await;
    }
    let saved = app.post(&format!("/article/{id}/topic-and-tags"), &[("topic", "science"), ("list", "unread=1")]).await;
    let page = app.get(saved.location()).await;
    let notice = page.text(".notice p");
    assert!(notice.starts_with("Moved to Science. Learned from it: articles with words such as “"), "{notice}");
    assert_eq!(page.text(".kicker"), "Science");
    let undo = page.attributes(".notice form", "action").remove(0);
    let undone = app.post(&undo, &[("article", &id.to_string()), ("list", "unread=1")]).await;
    let page = app.get(undone.location()).await;
    assert!(page.text(".notice p").starts_with("Undone: it has its former topic again"));
    assert_eq!(page.text(".kicker"), "Politics");
    assert!(page.body.contains("Chosen for the word “ferry”."));
    assert!(undone.location().contains("list=unread%3D1"), "the list is still known");
    assert!(!app.get(saved.location()).await.text(".notice p").contains("Learned"), "that is over");
}

#[tokio::test]
async fn a_topic_of_ones_own_says_how_many_examples_it_needs() {
    let app = TestApp::new().await;
    for number in 1..=5 {
        let id = app.add_article(&article(number)).await;
        let saved = app.post(&format!("/article/{id}/topic-and-tags"), &[("new_topic", "Night trams")]).await;
        let notice = app.get(saved.location()).await.text(".notice p");
        let hint = app.get("/topic/night-trams").await.texts(".page-head .hint").concat();
        match number {
            1 => assert!(notice.contains("It has 1 example. Move 4 articles more here"), "{notice}"),
            5 => assert!(hint.is_empty() && notice.contains("Learned"), "{notice}"),
            _ => assert!(hint.contains(&format!("It has {number} examples.")), "{hint}"),
        }
    }
    let page = app.get("/topic/night-trams/filing").await;
    assert!(page.body.contains("It learns from 5 articles that you moved here."));
    let unsorted = app.get(place(&app.get("/topic/unsorted/edit").await.attributes(".lede a", "href")[1])).await;
    assert!(unsorted.body.contains("Articles for which no other topic is clear come here."));
}

#[tokio::test]
async fn a_rule_is_offered_after_a_correction_and_can_be_deleted() {
    let app = TestApp::new().await;
    let url = Some("https://harbour.example/quays/1".to_owned());
    let id = app.add_article(&NewArticle { url, ..article(1) }).await;
    assert!(!app.get(&format!("/article/{id}")).await.has(".topic-rules"), "nothing was corrected");
    assert_eq!(
        app.post(&format!("/article/{id}/topic-rule"), &[("section", "/x/")]).await.status,
        StatusCode::NOT_FOUND
    );
    app.post(&format!("/article/{id}/topic-and-tags"), &[("topic", "culture")]).await;
    let page = app.get(&format!("/article/{id}")).await;
    assert_eq!(
        page.texts(".topic-rules button"),
        ["Always file articles of The Harbour Post under Culture", "Only those under /quays/"]
    );
    let saved = app.post(&page.attributes(".topic-rules", "action")[0], &[("section", "/quays/")]).await;
    let page = app.get(saved.location()).await;
    assert_eq!(page.text(".notice p"), "Rule saved: new articles go to Culture.");
    let rules = app.get(place(&page.attributes(".notice a", "href")[0])).await;
    assert!(rules.text(".rows li").starts_with("All new articles of The Harbour Post under /quays/"));
    let delete = rules.attributes(".rows form", "action").remove(0);
    let source = rules.attributes(".rows [name=source]", "value").remove(0);
    // A merge leaves it to the topic that has the articles.
    app.post("/topic/culture/merge", &[("into", "unsorted"), ("confirmed", "yes")]).await;
    for link in ["/topic/unsorted/filing", "/topic/culture/filing"] {
        let merged = app.get(link).await;
        assert_eq!(merged.text("h1"), "How articles get to Unsorted");
        assert!(merged.text(".rows li").starts_with("All new articles of The Harbour Post under /quays/"), "{link}");
    }
    let deleted = app.post(&delete, &[("source", &source), ("section", "/quays/")]).await;
    assert!(!app.get(place(deleted.location())).await.has(".rows li"));
}

#[tokio::test]
async fn articles_that_came_all_at_once_are_learned_in_the_background() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let all: Vec<NewArticle> =
        (1..=45).map(|number| NewArticle { topic_choice: section_topic(Topic::Sport), ..article(number) }).collect();
    articles::add_many(&library, &all).await.unwrap();
    assert!(app.get("/topic/sport/filing").await.body.contains("There are no examples yet"));
    jobs::learn_topics(&app.app, &library, &CancellationToken::new()).await.unwrap();
    assert!(
        app.get("/topic/sport/filing").await.body.contains("It learns from 45 articles that publishers filed here.")
    );
}

#[tokio::test]
async fn articles_that_are_queued_again_teach_their_words_as_they_are_folded_now() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let all: Vec<NewArticle> =
        (1..=5).map(|number| NewArticle { topic_choice: section_topic(Topic::Sport), ..article(number) }).collect();
    articles::add_many(&library, &all).await.unwrap();
    jobs::learn_topics(&app.app, &library, &CancellationToken::new()).await.unwrap();
    let file = app.app.data_dir.join("libraries/1/library.db");
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    let known = "SELECT group_concat(hex(features)) FROM learned_example";
    let before: String = sqlx::query_scalar(known).fetch_one(&mut connection).await.unwrap();
    for statement in [
        "UPDATE learned_example SET features = x'11000000' WHERE article_id <> 3",
        "INSERT INTO learned_word (feature, topic_id, count) SELECT 17, id, 4 FROM learned_topic",
        "INSERT INTO learning_queue (article_id) SELECT article_id FROM learned_example",
    ] {
        sqlx::query(statement).execute(&mut connection).await.unwrap();
    }
    jobs::learn_topics(&app.app, &library, &CancellationToken::new()).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, String>(known).fetch_one(&mut connection).await.unwrap(), before);
    let left = "SELECT count(*) FROM learned_word WHERE feature = 17";
    let left: i64 = sqlx::query_scalar(left).fetch_one(&mut connection).await.unwrap();
    assert_eq!(left, 0, "the old word is forgotten");
}
