//! Suggested tags: taken with one click, turned down, and found in the articles of older versions.

use axum::http::StatusCode;
use broadsheet::jobs;
use broadsheet::library::articles::NewArticle;
use broadsheet::library::tags;
use extract::Verdict;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tokio_util::sync::CancellationToken;

use crate::fixtures::article;
use crate::support::{Page, TestApp};

const TEXT: &str = "The night ferry to Port Ellis will run from May, said Tamsin Roe of the Bank of Ellery. Night ferries \
    stopped in 2019. The Bank of Ellery lends the money, and Port Ellis pays it back.";

/// An article about night ferries, without tags.
fn ferries(number: i64, keywords: &[&str]) -> NewArticle {
    let mut new = article(number);
    new.content.title = "Night ferries return".to_owned();
    new.content.text = TEXT.to_owned();
    new.keywords = keywords.iter().map(|&keyword| keyword.to_owned()).collect();
    new.tags = Vec::new();
    new
}

fn suggested(page: &Page) -> Vec<String> {
    page.attributes(".tag-suggestions [name=add]", "value")
}

async fn names(app: &TestApp, id: i64) -> Vec<String> {
    let tags = tags::list_for_article(&app.library().await, id).await.unwrap();
    tags.into_iter().map(|tag| tag.name).collect()
}

async fn press(app: &TestApp, id: i64, button: &str, name: &str) -> Page {
    let answer = app.post(&format!("/article/{id}/suggested-tags"), &[(button, name)]).await;
    assert!(answer.location().ends_with("#article-tags"), "{}", answer.location());
    app.get(answer.location().split('#').next().unwrap()).await
}

async fn press_undo(app: &TestApp, id: i64, page: &Page) -> Page {
    let button = |name| page.attributes("#article-tags .notice button", name).remove(0);
    press(app, id, &button("name"), &button("value")).await
}

#[tokio::test]
async fn a_suggested_tag_is_added_with_one_click_and_undone() {
    let app = TestApp::new().await;
    let id = app.add_article(&ferries(1, &["Harbour board", "Politics", "The Harbour Post"])).await;
    let page = app.get(&format!("/article/{id}")).await;
    let first = suggested(&page);
    assert_eq!(first[0], "Harbour board", "the keywords first, without topic and source");
    assert!(first.contains(&"Port Ellis".to_owned()) && first.len() <= 5, "{first:?}");
    assert!(!first.iter().any(|name| name == "Politics" || name == "The Harbour Post"), "{first:?}");
    assert!(names(&app, id).await.is_empty(), "none is added by itself");

    let page = press(&app, id, "add", "Port Ellis").await;
    assert_eq!(page.text("#article-tags .notice p"), "Tagged “Port Ellis”.");
    assert_eq!(page.texts(".tag-list li"), ["Port Ellis"]);
    assert!(!suggested(&page).contains(&"Port Ellis".to_owned()));
    let page = press_undo(&app, id, &page).await;
    assert!(names(&app, id).await.is_empty());
    assert_eq!(suggested(&page), first);
}

#[tokio::test]
async fn the_readers_own_tags_come_first_in_whatever_form_the_text_has() {
    let app = TestApp::new().await;
    let mut other = article(7);
    other.tags = ["Night Ferry", "Bank of Ellery", "Whales", "Money matters"].map(str::to_owned).to_vec();
    app.add_article(&other).await;
    let id = app.add_article(&ferries(1, &["Harbour board"])).await;
    let page = app.get(&format!("/article/{id}")).await;
    let found = suggested(&page);
    assert_eq!(found[2], "Harbour board", "{found:?}");
    assert!(found[..2].contains(&"Night Ferry".to_owned()) && found[..2].contains(&"Bank of Ellery".to_owned()));
    assert!(page.text(".tag-suggestions details").contains("Night Ferry one of your tags"));
    press(&app, id, "add", "Night Ferry").await;
    assert_eq!(names(&app, id).await, ["Night Ferry"], "spelled as it was");
}

#[tokio::test]
async fn another_name_of_a_tag_suggests_the_tag() {
    let app = TestApp::new().await;
    let mut other = article(7);
    other.tags = vec!["Ellis, Port of".to_owned()];
    app.add_article(&other).await;
    app.post("/tag/ellis-port-of/names", &[("aliases", "Port Ellis")]).await;
    let id = app.add_article(&ferries(1, &["Port Ellis"])).await;
    let found = suggested(&app.get(&format!("/article/{id}")).await);
    assert_eq!(found[0], "Ellis Port of");
    assert!(!found.contains(&"Port Ellis".to_owned()), "{found:?}");
}

#[tokio::test]
async fn a_suggestion_is_turned_down_for_one_article_or_for_all() {
    let app = TestApp::new().await;
    let ids = [app.add_article(&ferries(1, &[])).await, app.add_article(&ferries(2, &[])).await];
    let of = async |id: i64| suggested(&app.get(&format!("/article/{id}")).await);
    assert!(of(ids[0]).await.contains(&"Port Ellis".to_owned()));

    let page = press(&app, ids[0], "decline", "Port Ellis").await;
    assert_eq!(page.text("#article-tags .notice p"), "“Port Ellis” won’t be suggested for this article again.");
    assert!(!suggested(&page).contains(&"Port Ellis".to_owned()));
    assert!(of(ids[1]).await.contains(&"Port Ellis".to_owned()));
    let page = press_undo(&app, ids[0], &page).await;
    assert!(suggested(&page).contains(&"Port Ellis".to_owned()));

    let page = press(&app, ids[0], "never", "Port Ellis").await;
    assert_eq!(page.text("#article-tags .notice p"), "“Port Ellis” won’t be suggested for any article.");
    for id in ids {
        assert!(!of(id).await.contains(&"Port Ellis".to_owned()), "{id}");
    }
    let tidy = app.get("/tags/tidy").await;
    assert_eq!(tidy.attributes("[action='/tags/tidy/suggest'] button", "value"), ["Port Ellis"]);
    app.post("/tags/tidy/suggest", &[("name", "Port Ellis")]).await;
    assert!(of(ids[1]).await.contains(&"Port Ellis".to_owned()));
}

#[tokio::test]
async fn what_was_turned_down_stays_away_in_all_its_forms_where_no_language_is_given() {
    let app = TestApp::new().await;
    let without_language = |number: i64| {
        let mut new = ferries(number, &[]);
        new.content.language = None;
        new
    };
    let mut other = article(70);
    other.tags = vec!["Night Ferry".to_owned()];
    app.add_article(&other).await;
    let mut ids = Vec::new();
    for new in [without_language(1), without_language(2), ferries(3, &[])] {
        ids.push(app.add_article(&new).await);
    }
    let of = async |id: i64| {
        let found = suggested(&app.get(&format!("/article/{id}")).await).into_iter();
        found.filter(|name| name.to_lowercase().starts_with("night ferr")).collect::<Vec<_>>()
    };
    assert_eq!(of(ids[0]).await, ["Night Ferry"]);
    press(&app, ids[0], "decline", "Night Ferry").await;
    assert_eq!((of(ids[0]).await, of(ids[1]).await), (Vec::new(), vec!["Night Ferry".to_owned()]));
    press(&app, ids[1], "never", "Night Ferry").await;
    for id in ids {
        assert_eq!(of(id).await, [""; 0], "{id}");
    }
}

#[tokio::test]
async fn what_an_article_without_a_language_is_tagged_with_is_not_suggested_in_another_form() {
    let app = TestApp::new().await;
    let mut new = ferries(1, &[]);
    new.content.language = None;
    new.tags = vec!["Night Ferry".to_owned()];
    let id = app.add_article(&new).await;
    let found = suggested(&app.get(&format!("/article/{id}")).await);
    assert!(found.iter().all(|name| !name.to_lowercase().starts_with("night ferr")), "{found:?}");
}

#[tokio::test]
async fn notices_are_shown_only_if_they_are_true() {
    let app = TestApp::new().await;
    let id = app.add_article(&ferries(1, &[])).await;
    for done in ["added", "declined", "never"] {
        let page = app.get(&format!("/article/{id}?suggestion={done}&name=Port+Ellis")).await;
        assert!(!page.has("#article-tags .notice"), "{done}");
    }
    for (path, form) in [
        ("/article/99/suggested-tags".to_owned(), [("add", "Sea")]),
        (format!("/article/{id}/suggested-tags"), [("add", "!!")]),
        (format!("/article/{id}/suggested-tags"), [("other", "Sea")]),
    ] {
        assert_eq!(app.post(&path, &form).await.status, StatusCode::NOT_FOUND, "{path} {form:?}");
    }
}

#[tokio::test]
async fn articles_of_older_versions_get_their_suggestions_in_the_background() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let mut other = article(70);
    other.tags = vec!["Night Ferry".to_owned()];
    app.add_article(&other).await;
    let mut ids = Vec::new();
    for number in 1..=45 {
        ids.push(app.add_article(&ferries(number, &["Harbour board"])).await);
    }
    let file = app.app.data_dir.join("libraries/1/library.db");
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    for statement in [
        "DELETE FROM article_phrases WHERE article_id % 2 = 0",
        "UPDATE article_phrases SET phrases = '[]', language = NULL",
        "UPDATE tag SET key = NULL",
        "INSERT INTO tag_alias (slug, name, key, tag_id) SELECT 'late-boats', 'Late boats', 'old', id FROM tag",
        "INSERT INTO declined_tag (article_id, slug, name, key) VALUES (3, 'harbours', 'Harbours', 'old')",
        "INSERT INTO never_suggested (slug, name, key) VALUES ('lenders', 'Lenders', 'old')",
        "INSERT INTO stale_key (kind, slug) VALUES ('tag', 'night-ferry'), ('alias', 'late-boats'), ('never', 'lenders'),
                ('tag', 'gone')",
        "INSERT INTO stale_key (kind, slug, article_id) VALUES ('declined', 'harbours', 3)",
        "UPDATE article_phrases SET language = 'en', phrases = '[[\"old\",\"Old\",true]]' WHERE article_id % 3 = 0",
        "INSERT INTO phrase_job (id, before_article_id) SELECT 1, max(id) + 1 FROM article",
    ] {
        sqlx::query(statement).execute(&mut connection).await.unwrap();
    }
    assert!(!suggested(&app.get(&format!("/article/{}", ids[0])).await).contains(&"Night Ferry".to_owned()));
    jobs::find_key_phrases(&app.app, &library, &CancellationToken::new()).await.unwrap();
    for id in ids {
        let found = suggested(&app.get(&format!("/article/{id}")).await);
        assert_eq!(found[..2], ["Night Ferry", "Harbour board"], "{id}");
    }
    let left = "SELECT (SELECT count(*) FROM phrase_job) + (SELECT count(*) FROM stale_key)";
    assert_eq!(sqlx::query_scalar::<_, i64>(left).fetch_one(&mut connection).await.unwrap(), 0);
    let keys =
        "SELECT key FROM tag_alias UNION ALL SELECT key FROM declined_tag UNION ALL SELECT key FROM never_suggested";
    let keys: Vec<String> = sqlx::query_scalar(keys).fetch_all(&mut connection).await.unwrap();
    assert_eq!(keys, ["late-boat", "harbour", "lender"]);
}

#[tokio::test]
async fn suggestions_are_renewed_with_the_text() {
    let app = TestApp::new().await;
    let mut part = ferries(1, &[]);
    part.content.verdict = Verdict::Paywalled;
    let id = app.add_article(&part).await;
    let text = "Quinta Vale is a town. The mayor of Quinta Vale, Odo Lark, spoke about trams for a long while, and trams \
        were all that anybody in Quinta Vale wished to hear about that day, as Odo Lark knew well.";
    let form = [("text", text), ("format", "text"), ("original_url", "https://harbour.example/1")];
    app.submit_import(&form, &[]).await;
    let found = suggested(&app.get(&format!("/article/{id}")).await);
    assert!(found.contains(&"Quinta Vale".to_owned()), "{found:?}");
}
