//! A page or text that is handed in for an article that is here: nothing that was pasted is lost.

use axum::http::StatusCode;
use broadsheet::library::articles::{self, ArticleAction, NewArticle};
use broadsheet::library::imports::{self, Failure, ImportState, NewImport};
use extract::Verdict;

use crate::fixtures::{article, sample_image};
use crate::support::{Page, TestApp, now};

/// A text that somebody copied, without a word of when and by whom it was written.
const WHOLE: &str = "Ferry report 1\n\nThe ferry was late, and nobody minded, for the rain was warm that day.\n\nIt left the \
                     harbour at noon with nine passengers and a dog, and came back without the dog.";

/// Where article 1 is from.
const ADDRESS: &str = "https://harbour.example/1";

/// Article 1, of which only the beginning is here.
fn stub() -> NewArticle {
    let mut new = article(1);
    new.content.verdict = Verdict::Paywalled;
    new
}

impl TestApp {
    /// Pastes a text and says where it is from.
    async fn paste(&self, text: &str, from: &str) -> Page {
        self.post_import(&[("page", text), ("kind", "text"), ("pasted_address", from)], &[]).await
    }
}

#[tokio::test]
async fn a_text_pasted_with_the_address_of_a_stub_becomes_its_text() {
    let app = TestApp::new().await;
    let id = app.add_article(&stub()).await;
    let answer = app.paste(WHOLE, "http://www.harbour.example/1?utm_source=x").await;
    assert_eq!(answer.location(), format!("/article/{id}?done=pasted"));
    let page = app.get(answer.location()).await;
    assert!(page.text(".text").contains("came back without the dog") && !page.has(".advice"), "{}", page.body);
    assert_eq!(page.text(".notice p"), "Replaced with your pasted text.");
    app.post(&page.attributes(".notice form", "action")[0], &[("undo", "text")]).await;
    assert!(
        !app.get(&format!("/article/{id}")).await.text(".text").contains("dog"),
        "the text before can be taken back"
    );
}

#[tokio::test]
async fn where_the_whole_article_is_here_its_reader_is_asked_which_text_is_to_stay() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    let asked = app.paste(WHOLE, ADDRESS).await;
    assert_eq!((asked.status, asked.text("h1").as_str()), (StatusCode::OK, "Already in your library"));
    assert_eq!(asked.attributes(".lede a", "href"), [format!("/article/{id}")]);
    assert!(asked.text("#page").contains("came back without the dog"), "{}", asked.body);
    assert!(!app.get(&format!("/article/{id}")).await.text(".text").contains("dog"), "nothing is changed unasked");

    let field = |name: &str| asked.attributes(&format!("input[name={name}]"), "value")[0].clone();
    let (article, kind, from) = (field("article"), field("kind"), field("pasted_address"));
    let fields = [("article", article.as_str()), ("kind", &kind), ("pasted_address", &from), ("page", WHOLE)];
    let answer = app.post_import(&fields, &[]).await;
    assert_eq!(answer.location(), format!("/article/{id}?done=pasted"));
    assert!(app.get(answer.location()).await.text(".text").contains("came back without the dog"));
    let same = app.paste(WHOLE, ADDRESS).await;
    assert_eq!(same.location(), format!("/article/{id}?done=already"), "there is nothing to choose from");
}

#[tokio::test]
async fn what_a_pasted_text_says_nothing_of_stays_as_it_was_known() {
    let app = TestApp::new().await;
    let mut new = stub();
    new.content.lead_image = Some(sample_image("ferry.jpg"));
    new.content.images = vec![sample_image("ferry.jpg")];
    let id = app.add_article(&new).await;
    let before = app.get(&format!("/article/{id}")).await;
    let page = app.get(app.paste(WHOLE, ADDRESS).await.location()).await;
    assert_eq!(page.text(".byline"), "Ines Marlowe");
    assert_eq!(page.text(".facts time"), before.text(".facts time"));
    assert!(page.has(".hero"), "{}", page.body);
    assert!(page.text(".tag-list").contains("Ferries"));

    let said = format!("{}\nBy Tom Hale\n12 May 2024\n\n{}", &WHOLE[..14], &WHOLE[16..]);
    app.post_import(&[("article", &id.to_string()), ("page", &said), ("kind", "text")], &[]).await;
    let page = app.get(&format!("/article/{id}")).await;
    assert_eq!((page.text(".byline").as_str(), page.text(".facts time").as_str()), ("Tom Hale", "12 May 2024"));
}

#[tokio::test]
async fn what_is_known_of_a_question_is_not_known_of_the_article() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.content.verdict = Verdict::Interstitial;
    app.add_article(&new).await;
    let page = app.get(app.paste(WHOLE, ADDRESS).await.location()).await;
    assert!(!page.has(".byline") && !page.has(".facts time"), "{}", page.body);
}

#[tokio::test]
async fn a_text_too_short_for_an_article_that_is_here_comes_back_as_it_was_typed() {
    let app = TestApp::new().await;
    let id = app.add_article(&stub()).await;
    for (article, from) in [(id.to_string(), ""), (String::new(), ADDRESS)] {
        let fields = [("article", article.as_str()), ("page", "hi"), ("kind", "text"), ("pasted_address", from)];
        let page = app.post_import(&fields, &[]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(page.text("#page").trim(), "hi");
        assert!(page.text("#page-problem").starts_with("No article was found: the text is too short"), "{}", page.body);
    }
    assert!(app.get(&format!("/article/{id}")).await.text(".text").contains("nobody minded"));
}

#[tokio::test]
async fn an_article_in_the_trash_comes_back_with_the_text_that_was_pasted_for_it() {
    let app = TestApp::new().await;
    let id = app.add_article(&stub()).await;
    articles::apply_action(&app.library().await, id, ArticleAction::Delete, now()).await.unwrap();
    let page = app.get(app.paste(WHOLE, ADDRESS).await.location()).await;
    assert!(page.text(".text").contains("without the dog") && page.has("button[value=delete]"), "{}", page.body);
}

#[tokio::test]
async fn a_failed_import_whose_page_is_pasted_leads_to_the_article_that_was_here() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let input =
        NewImport { url: Some(ADDRESS.parse().unwrap()), snapshot_id: None, file_name: None, replaces_id: None };
    imports::accept(&library, &input, now()).await.unwrap();
    let import = imports::claim_next(&library, now()).await.unwrap().unwrap().id;
    let failure = Failure { code: "timeout".into(), message: "The site did not answer.".into() };
    imports::fail(&library, import, &failure, now()).await.unwrap();
    let id = app.add_article(&stub()).await;
    let fields = [("from", &*import.to_string()), ("page", WHOLE), ("kind", "text"), ("pasted_address", ADDRESS)];
    let answer = app.post_import(&fields, &[]).await;
    assert_eq!(answer.location(), format!("/article/{id}?done=pasted"));
    let state = imports::find(&library, import).await.unwrap().unwrap().state;
    assert!(matches!(state, ImportState::Done { article_id: Some(article), .. } if article == id), "{state:?}");
}
