//! The page of a topic: its lead, its sources, its counts, and World, Local and Opinion.

use axum::http::StatusCode;
use broadsheet::library::articles::NewArticle;
use broadsheet::library::image_files;
use broadsheet::library::images::{self, DueImage, StoredImage};
use classify::wide_sections::{SectionChoice, WideSection};
use classify::{Topic, TopicChoice, TopicReason};

use crate::fixtures::{article, sample_image, section_topic};
use crate::support::{Page, TestApp};

fn from_source(number: i64, domain: &str) -> NewArticle {
    let mut new = article(number);
    let url = format!("https://{domain}/{number}");
    new.url_keys = vec![broadsheet::urls::UrlKey::from_url(&url.parse().unwrap())];
    new.url = Some(url);
    (new.source.domain, new.source.name) = (domain.to_owned(), domain.to_owned());
    new
}

/// Adds an article whose lead image is stored.
async fn add_with_image(app: &TestApp, mut new: NewArticle) -> i64 {
    let lead = sample_image("lead.jpg");
    new.content.lead_image = Some(lead.clone());
    new.content.images = vec![lead.clone()];
    let id = app.add_article(&new).await;
    let library = app.library().await;
    let hash = image_files::save(&library, b"bytes".to_vec()).await.unwrap();
    let kept = StoredImage { media_type: "image/jpeg".into(), size: 5, width: Some(800), height: Some(600) };
    let due = DueImage { article_id: id, url: lead.url.into(), attempts: 0, page_url: None };
    images::mark_stored(&library, &due, &hash, &kept).await.unwrap();
    id
}

#[tokio::test]
async fn a_topic_is_led_by_its_newest_unread_article_with_an_image() {
    let app = TestApp::new().await;
    app.add_article(&article(1)).await;
    let lead = add_with_image(&app, article(2)).await;
    add_with_image(&app, article(3)).await;
    let page = app.get("/topic/politics").await;
    assert_eq!(page.text(".lead-row h2"), "Ferry report 2");
    assert_eq!(page.texts(".rows h2"), ["Ferry report 2", "Ferry report 1", "Ferry report 3"], "each once");
    assert!(page.has(".lead-row img[alt='']") && page.has(".lead-row .tick input[form=bulk]"));
    assert!(page.text(".lede").ends_with("3 articles, 3 unread"));
    assert_eq!(page.text(".week-line .week-numbers"), "3 this week, 0 last week");
    assert_eq!(page.attributes("#bulk input[name=page]", "value"), [format!("{lead},1,3")]);
    app.post(&format!("/article/{lead}/action"), &[("action", "read")]).await;
    assert_eq!(app.get("/topic/politics").await.text(".lead-row h2"), "Ferry report 3");
    // Under any filter it is the same page, with the same bar; elsewhere there is no lead.
    let unread = app.get("/articles?topic=politics&unread=1").await;
    assert_eq!(unread.texts(".rows h2"), ["Ferry report 3", "Ferry report 1"]);
    for list in ["/articles", "/articles?topic=politics&sort=oldest", "/source/harbour.example", "/tag/ferries"] {
        assert!(!app.get(list).await.has(".lead-row"), "{list}");
    }
    let bar = |page: &Page| page.texts(".filters h2");
    assert_eq!(bar(&app.get("/topic/politics").await), bar(&app.get("/articles").await));
}

#[tokio::test]
async fn a_topic_is_shown_by_its_sources() {
    let app = TestApp::new().await;
    for number in 1..=6 {
        app.add_article(&from_source(number, "harbour.example")).await;
    }
    app.add_article(&from_source(7, "valley.example")).await;
    let mut elsewhere = from_source(8, "orchard.example");
    elsewhere.topic_choice = section_topic(Topic::Sport);
    app.add_article(&elsewhere).await;
    let list = app.get("/topic/politics").await;
    assert_eq!(list.texts(".views [aria-current]"), ["All articles"]);
    let by_source = list.attributes(".views a", "href").remove(1);
    let page = app.get(&by_source).await;
    assert_eq!(page.texts(".views [aria-current]"), ["By source"]);
    assert_eq!(page.texts(".source-group h2 a"), ["harbour.example", "valley.example"], "the largest first");
    assert_eq!(page.texts(".source-group h2 .count"), ["6 articles", "1 article"]);
    assert_eq!(page.texts(".source-group:first-of-type h3").len(), 4);
    assert_eq!(
        page.attributes(".source-group h2 a", "href"),
        ["/articles?topic=politics&source=harbour.example", "/articles?topic=politics&source=valley.example"]
    );
    assert!(!page.has(".lead-row") && !page.has(".pager") && !page.has("#sort"));
    assert_eq!(page.text("#bulk .scope label:nth-of-type(2)"), "These 5");
    assert!(!app.get("/articles?by=source").await.has(".views"), "only a topic has it");
    assert_eq!(
        app.get("/topic/politics?by=source").await.texts(".source-group h3").len(),
        5,
        "its short link does too"
    );
}

#[tokio::test]
async fn all_articles_of_a_topic_are_marked_read_and_that_is_undone() {
    let app = TestApp::new().await;
    for number in 1..=3 {
        app.add_article(&article(number)).await;
    }
    let page = app.get("/topic/politics").await;
    let list = page.attributes(".list-tools form input[name=list]", "value").remove(0);
    let seen = page.attributes(".list-tools form input[name=seen_up_to]", "value").remove(0);
    let form = [("list", &*list), ("scope", "all"), ("seen_up_to", &*seen), ("action", "read")];
    let done = app.get(app.post("/articles/change", &form).await.location()).await;
    assert!(done.text(".notice p").starts_with("Marked 3 articles read."));
    assert!(done.text(".lede").ends_with("3 articles, none unread"));
    let button = |name| done.attributes(".notice button", name).remove(0);
    let undo = done.attributes(".notice form", "action").remove(0);
    let undone = app.get(app.post(&undo, &[(&button("name"), &button("value"))]).await.location()).await;
    assert!(undone.text(".lede").ends_with("3 articles, 3 unread"));
}

/// An article that the publisher filed under World. What it is about is told by its words.
fn from_world(number: i64, reason: TopicReason) -> NewArticle {
    let mut new = article(number);
    new.topic_choice = TopicChoice { topic: Some(Topic::Conflict), reason, suggestions: vec![Topic::Politics] };
    let reason = TopicReason::Section { word: "World news".into() };
    new.section = Some(SectionChoice { section: WideSection::World, reason });
    new
}

fn words() -> TopicReason {
    TopicReason::Words { words: vec!["truce".into()] }
}

#[tokio::test]
async fn world_is_a_topic_once_the_reader_wants_it() {
    let app = TestApp::new().await;
    let topic_of = async |id: i64| app.get(&format!("/article/{id}")).await.text(".kicker");
    let press = async |section: &str, action: &str| {
        app.post("/topics/sections", &[("section", section), ("action", action)]).await
    };
    let before = app.add_article(&from_world(1, words())).await;
    let mut by_url = from_world(2, words());
    by_url.section = None;
    by_url.url = Some("https://harbour.example/world/2".into());
    let by_url = app.add_article(&by_url).await;
    assert_eq!(topic_of(before).await, "War and conflict");
    assert_eq!(app.get("/topics").await.texts(".wide-sections button").len(), 3);
    let begun = app.get(press("world", "begin").await.location()).await;
    assert!(begun.text(".notice p").starts_with("Began to sort new articles into “World” by their sections."));
    assert_eq!(begun.attributes(".wide-sections li a", "href"), ["/topic/world"]);
    let new = app.add_article(&from_world(3, words())).await;
    let particular = app.add_article(&from_world(4, TopicReason::Url { word: "/sport/".into() })).await;
    assert_eq!((topic_of(new).await, topic_of(particular).await), ("World".into(), "War and conflict".into()));
    let page = app.get(&format!("/article/{new}")).await;
    assert!(page.text("main").contains("The publisher filed it under “World news”."), "it says why");
    assert_eq!(page.texts(".topic-suggestions button")[0], "War and conflict");
    assert_eq!(topic_of(before).await, "War and conflict", "what is here moves when the reader says so");

    let moved = app.get(press("world", "file").await.location()).await;
    assert!(moved.text(".notice p").starts_with("Moved 2 articles to “World” by their sections."));
    assert_eq!((topic_of(before).await, topic_of(by_url).await), ("World".into(), "World".into()));
    let button = |name| moved.attributes(".notice button", name).remove(0);
    let undo = moved.attributes(".notice form", "action").remove(0);
    app.post(&undo, &[(&button("name"), &button("value"))]).await;
    assert_eq!(
        (topic_of(before).await, topic_of(by_url).await),
        ("War and conflict".into(), "War and conflict".into())
    );

    press("world", "end").await;
    let later = app.add_article(&from_world(5, words())).await;
    assert_eq!((topic_of(later).await, topic_of(new).await), ("War and conflict".into(), "World".into()));
    for (section, action) in [("gossip", "begin"), ("world", "sing")] {
        assert!(press(section, action).await.status.is_client_error(), "{section} {action}");
    }
    assert_eq!(press("world", "file").await.status, StatusCode::SEE_OTHER, "nothing to do is no error");
}

#[tokio::test]
async fn a_section_topic_can_be_renamed_merged_and_undone() {
    let app = TestApp::new().await;
    let topic_of = async |id: i64| app.get(&format!("/article/{id}")).await.text(".kicker");
    let begun = app.post("/topics/sections", &[("section", "world"), ("action", "begin")]).await;
    let page = app.get(begun.location()).await;
    let button = |name| page.attributes(".notice button", name).remove(0);
    let undo = page.attributes(".notice form", "action").remove(0);
    app.post(&undo, &[(&button("name"), &button("value"))]).await;
    assert_eq!(app.get("/topic/world").await.status, StatusCode::NOT_FOUND, "the undo leaves no empty topic");
    app.post("/topics/sections", &[("section", "world"), ("action", "begin")]).await;
    app.post("/topic/world/edit", &[("name", "Abroad")]).await;
    let id = app.add_article(&from_world(1, words())).await;
    assert_eq!(topic_of(id).await, "Abroad");
    app.post("/topic/world/merge", &[("into", "politics"), ("confirmed", "yes")]).await;
    let next = app.add_article(&from_world(2, words())).await;
    assert_eq!((topic_of(id).await, topic_of(next).await), ("Politics".into(), "Politics".into()));
    // It takes the section for that topic until the reader ends it.
    let press = async |action: &str| app.post("/topics/sections", &[("section", "world"), ("action", action)]).await;
    let listed = app.get("/topics").await;
    assert_eq!(listed.attributes(".wide-sections li a", "href"), ["/topic/politics"]);
    assert_eq!(listed.texts(".wide-sections button").len(), 4, "file and end it, or begin the others");
    let ended = app.get(press("end").await.location()).await;
    assert!(ended.text(".notice p").starts_with("Stopped sorting articles into “Politics” by their sections."));
    let later = app.add_article(&from_world(4, words())).await;
    assert_eq!(topic_of(later).await, "War and conflict");
    let begun = app.get(press("begin").await.location()).await;
    assert_eq!(begun.texts(".wide-sections li a"), ["World"], "it is there again");
    let last = app.add_article(&from_world(5, words())).await;
    assert_eq!(topic_of(last).await, "World");
}
