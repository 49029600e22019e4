//! Stories: articles on one event in lists and on their page, read, split and joined by hand, in the trash and after a restart.

use axum::http::StatusCode;
use broadsheet::library::articles::{self, ArticleAction, NewArticle};
use broadsheet::library::sources::NewSource;
use broadsheet::library::stories;
use jiff::SignedDuration;

use crate::fixtures::article;
use crate::support::{Page, TestApp, now};

/// Texts of three papers on a ferry that ran aground, the last one a copy of the first, and of one on bread.
const TEXTS: [(&str, &str, &str); 4] = [
    (
        "coast.example",
        "Ferry Maren Dawn hits rocks off Kestrel",
        "The Maren Dawn struck rocks off Kestrel in fog with 212 people aboard. Lifeboats from Ostrand came at once.",
    ),
    (
        "harbour.example",
        "All 212 safe after Maren Dawn strikes rocks",
        "Lifeboats from Ostrand brought all 212 people from the Maren Dawn ashore at Kestrel. Divers will look at the hull tomorrow.",
    ),
    (
        "copy.example",
        "Maren Dawn: ferry on rocks",
        "The Maren Dawn struck rocks off Kestrel in fog with 212 people aboard. Lifeboats from Ostrand came at once.",
    ),
    ("bread.example", "Tarn bakery wins prize", "A baker in Tarn has won a prize for a loaf of rye with walnuts."),
];

fn told(number: usize) -> NewArticle {
    let (domain, title, text) = TEXTS[number];
    let mut new = article(i64::try_from(number).unwrap() + 1);
    new.content.title = title.to_owned();
    new.content.text = text.to_owned();
    new.content.published_at = Some(now() - SignedDuration::from_hours(10 - i64::try_from(number).unwrap()));
    new.source = NewSource { domain: domain.to_owned(), name: domain.to_owned() };
    new
}

async fn file_all(app: &TestApp) {
    while stories::file_next(&app.library().await).await.unwrap() {}
}

/// Adds all four, and finds their stories.
async fn app_with_story() -> TestApp {
    let app = TestApp::new().await;
    for number in 0..TEXTS.len() {
        app.add_article(&told(number)).await;
    }
    file_all(&app).await;
    app
}

async fn story_of(app: &TestApp, article: i64) -> Option<i64> {
    stories::find_of_article(&app.library().await, article).await.unwrap()
}

async fn press_undo(app: &TestApp, page: &Page) -> Page {
    let button = |name| page.attributes(".notice button", name).remove(0);
    let (name, value) = (button("name"), button("value"));
    let answer = app.post(&page.attributes(".notice form", "action").remove(0), &[(&name, &value)]).await;
    app.get(answer.location()).await
}

#[tokio::test]
async fn a_story_is_one_card_in_lists_and_has_a_page_of_its_own() {
    let app = app_with_story().await;
    let list = app.get("/articles").await;
    assert_eq!(list.texts(".rows h2"), ["Tarn bakery wins prize", "Maren Dawn: ferry on rocks"]);
    assert_eq!(list.texts(".also-in"), ["Also in coast.example, harbour.example · Story of 3 articles"]);
    let page = app.get(&list.attributes(".also-in a:last-child", "href").remove(0)).await;
    assert_eq!(page.text("h1"), TEXTS[0].1);
    assert_eq!(page.text(".lede"), "3 articles by 2 publishers", "a copy is no publisher of its own");
    assert_eq!(page.texts(".timeline h3"), [TEXTS[0].1, TEXTS[1].1, TEXTS[2].1]);
    assert_eq!(page.texts(".timeline .day").len(), 1);
    assert!(page.texts(".adds li").contains(&"Divers will look at the hull tomorrow.".to_owned()));
    assert!(page.body.contains("Same text as <bdi>coast.example</bdi>"));
    assert!(
        page.texts(".moment .hint")
            .iter()
            .any(|why| why.starts_with("In this story because of:") && why.contains("Maren"))
    );
    assert_eq!(app.get("/story/99").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/story/x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn reading_a_story_settles_all_of_it_and_can_be_undone() {
    let app = app_with_story().await;
    let story = story_of(&app, 1).await.unwrap();
    let done = app.post(&format!("/story/{story}/read"), &[]).await;
    let page = app.get(done.location()).await;
    assert_eq!(page.text(".notice p"), "Marked 3 articles read.");
    assert!(!page.has(".timeline .unread") && !page.body.contains("Read this story"));
    let undone = press_undo(&app, &page).await;
    assert_eq!(undone.texts(".timeline .unread").len(), 3);
}

#[tokio::test]
async fn whoever_wants_it_reads_a_story_with_one_of_its_articles() {
    let app = app_with_story().await;
    let unread = async || app.get("/articles?unread=1").await.texts(".rows h2").len();
    app.post("/article/1/action", &[("action", "read")]).await;
    assert!(app.get("/article/2").await.body.contains("Mark read"), "that one alone");
    assert_eq!(app.get("/settings").await.texts("#stories ~ form [aria-pressed=true]"), ["This article"]);
    app.post("/settings/stories", &[("reads", "story")]).await;
    assert_eq!(app.get("/settings").await.texts("#stories ~ form [aria-pressed=true]"), ["All of its story"]);
    app.post("/article/2/action", &[("action", "read")]).await;
    assert_eq!(unread().await, 1, "the bakery is left");
    assert!(app.get("/recent-changes").await.body.contains("Marked 1 article read"));
}

#[tokio::test]
async fn articles_are_split_off_and_never_come_back_by_themselves() {
    let app = app_with_story().await;
    let story = story_of(&app, 1).await.unwrap();
    let url = format!("/story/{story}/split");
    let nothing = app.post(&url, &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(nothing.text(".problem"), "Select the articles that don’t belong to this story.");
    let all = app.post(&url, &[("article", "1"), ("article", "2"), ("article", "3")]).await;
    assert_eq!(all.text(".problem"), "Leave at least one article in the story.");
    let done = app.post(&url, &[("article", "2")]).await;
    let page = app.get(done.location()).await;
    assert_eq!(page.texts(".timeline h3").len(), 2);
    assert!(
        page.text(".notice p").starts_with("Split 1 article off the story “Ferry Maren Dawn"),
        "{}",
        page.text(".notice p")
    );
    assert_eq!(story_of(&app, 2).await, None);

    // It is looked at again and stays apart.
    let library = app.library().await;
    articles::apply_action(&library, 2, ArticleAction::Delete, now()).await.unwrap();
    articles::apply_action(&library, 2, ArticleAction::Restore, now()).await.unwrap();
    file_all(&app).await;
    assert_eq!(story_of(&app, 2).await, None);

    let undone = press_undo(&app, &page).await;
    assert_eq!(undone.texts(".timeline h3").len(), 3, "{}", undone.body);
}

#[tokio::test]
async fn stories_are_joined_by_a_link_and_parted_by_undo() {
    let app = app_with_story().await;
    let story = story_of(&app, 1).await.unwrap();
    let url = format!("/story/{story}/join");
    for (form, problem) in [
        (&[][..], "Choose a story, or paste the link of one."),
        (&[("link", "https://bread.example/4")][..], "That isn’t the link of an article or story in this library."),
        (&[("link", "/article/99")][..], "There is no such article or story, or it is in the trash."),
        (&[("link", "/article/2")][..], "These articles are in this story already."),
    ] {
        let refused = app.post(&url, form).await;
        assert_eq!((refused.status, refused.text(".problem")), (StatusCode::UNPROCESSABLE_ENTITY, problem.to_owned()));
        let typed = form.first().map_or("", |(_, value)| *value);
        assert_eq!(refused.attributes("#link", "value"), [typed], "what was typed is kept");
    }
    let done = app.post(&url, &[("link", "http://127.0.0.1:8080/article/4?list=x")]).await;
    let page = app.get(done.location()).await;
    assert_eq!(page.texts(".timeline h3").len(), 4);
    assert!(page.texts(".moment .hint").contains(&"In this story because you joined it.".to_owned()));
    let undone = press_undo(&app, &page).await;
    assert_eq!(undone.texts(".timeline h3").len(), 3);
    assert_eq!(story_of(&app, 4).await, None);
}

#[tokio::test]
async fn the_trash_leaves_stories_right_and_a_restart_gives_the_same() {
    let mut app = app_with_story().await;
    let story = story_of(&app, 1).await.unwrap();
    let library = app.library().await;
    articles::apply_action(&library, 3, ArticleAction::Delete, now()).await.unwrap();
    assert_eq!(app.get(&format!("/story/{story}")).await.texts(".timeline h3").len(), 2, "at once");
    articles::apply_action(&library, 1, ArticleAction::Delete, now()).await.unwrap();
    assert_eq!(app.get(&format!("/story/{story}")).await.status, StatusCode::NOT_FOUND, "one article is no story");
    file_all(&app).await;
    for id in [1, 3] {
        articles::apply_action(&library, id, ArticleAction::Restore, now()).await.unwrap();
    }
    drop(library);
    app.restart(([127, 0, 0, 1], 1).into()).await;
    file_all(&app).await;
    let story = story_of(&app, 1).await;
    assert!(story.is_some() && story_of(&app, 2).await == story && story_of(&app, 3).await == story);
    assert_eq!(story_of(&app, 4).await, None);
    assert_eq!(stories::count_waiting(&app.library().await).await.unwrap(), 0);
}

#[tokio::test]
async fn the_order_of_arrival_does_not_matter_and_a_changed_text_is_looked_at_again() {
    let app = TestApp::new().await;
    for number in [2, 3, 1, 0] {
        app.add_article(&told(number)).await;
        file_all(&app).await;
    }
    let story = story_of(&app, 1).await;
    assert!(story.is_some() && story_of(&app, 3).await == story && story_of(&app, 4).await == story);
    assert_eq!(story_of(&app, 2).await, None);
}
