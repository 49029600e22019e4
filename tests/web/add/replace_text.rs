//! Text pasted for an existing article: nothing pasted is lost.

use axum::http::StatusCode;
use broadsheet::library::articles::{self, ArticleAction, NewArticle};
use broadsheet::library::imports::{self, Failure, ImportState, NewImport};
use extract::Verdict;

use crate::fixtures::{article, sample_image};
use crate::support::{Page, TestApp, now};

/// A copied text without date and author.
const FULL_TEXT: &str = "Ferry report 1\n\nThe ferry was late, and nobody minded, for the rain was warm that day.\n\nIt left the \
                     harbour at noon with nine passengers and a dog, and came back without the dog.";

/// URL of article 1.
const URL: &str = "https://harbour.example/1";

/// Article 1, of which only the start is available.
fn paywalled_article() -> NewArticle {
    let mut new = article(1);
    new.content.verdict = Verdict::Paywalled;
    new
}

impl TestApp {
    /// Pastes a text with its original URL.
    async fn paste(&self, text: &str, from: &str) -> Page {
        self.submit_import(&[("text", text), ("format", "text"), ("original_url", from)], &[]).await
    }
}

#[tokio::test]
async fn text_pasted_with_the_url_of_a_paywalled_article_replaces_its_text() {
    let app = TestApp::new().await;
    let id = app.add_article(&paywalled_article()).await;
    let answer = app.paste(FULL_TEXT, "http://www.harbour.example/1?utm_source=x").await;
    assert_eq!(answer.location(), format!("/article/{id}?done=text-replaced"));
    let page = app.get(answer.location()).await;
    assert!(page.text(".text").contains("came back without the dog") && !page.has(".page-notice"), "{}", page.body);
    assert_eq!(page.text(".notice p"), "Replaced with your pasted text.");
    app.post(&page.attributes(".notice form", "action")[0], &[("version", "previous")]).await;
    assert!(
        !app.get(&format!("/article/{id}")).await.text(".text").contains("dog"),
        "the previous version can be restored"
    );
}

#[tokio::test]
async fn before_replacing_a_complete_article_the_reader_is_asked() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    let asked = app.paste(FULL_TEXT, URL).await;
    assert_eq!((asked.status, asked.text("h1").as_str()), (StatusCode::OK, "Already in your library"));
    assert_eq!(asked.attributes(".lede a", "href"), [format!("/article/{id}")]);
    assert!(asked.texts(".changes ins").concat().contains("came back without the dog"), "{}", asked.body);
    assert!(asked.text(".changes").contains("Removed"), "the saved text is compared with the new one");
    assert!(!asked.text("main").contains('<'), "no markup is shown");
    assert!(asked.text("textarea[name=text]").contains("came back without the dog"), "nothing pasted is lost");
    assert!(
        !app.get(&format!("/article/{id}")).await.text(".text").contains("dog"),
        "nothing is changed before the reader decides"
    );

    let field = |name: &str| asked.attributes(&format!("input[name={name}]"), "value")[0].clone();
    let (article, kind, from) = (field("article"), field("format"), field("original_url"));
    let fields = [("article", article.as_str()), ("format", &kind), ("original_url", &from), ("text", FULL_TEXT)];
    let answer = app.submit_import(&fields, &[]).await;
    assert_eq!(answer.location(), format!("/article/{id}?done=text-replaced"));
    assert!(app.get(answer.location()).await.text(".text").contains("came back without the dog"));
    let same = app.paste(FULL_TEXT, URL).await;
    assert_eq!(same.location(), format!("/article/{id}?done=already-saved"), "the texts are the same");
}

#[tokio::test]
async fn the_reader_returns_to_the_list_after_pasting_a_text() {
    let app = TestApp::new().await;
    let id = app.add_article(&paywalled_article()).await;
    let article = app.get(&format!("/article/{id}?list=starred%3D1")).await;
    let form = app.get(article.attributes(".page-notice a[href*='#text']", "href")[0].trim_end_matches("#text")).await;
    assert_eq!(form.attributes("[name=list]", "value"), ["starred=1"]);
    let fields = [("article", "1"), ("list", "starred=1"), ("format", "text")];
    let short = app.submit_import(&[&fields[..], &[("text", "hi")]].concat(), &[]).await;
    assert_eq!(short.attributes("[name=list]", "value"), ["starred=1"], "after a problem too");
    let done = app.submit_import(&[&fields[..], &[("text", FULL_TEXT)]].concat(), &[]).await;
    assert_eq!(done.location(), format!("/article/{id}?list=starred%3D1&done=text-replaced"));

    let other = format!("{FULL_TEXT} Nobody asked the dog.");
    let fields = [("list", "starred=1"), ("format", "text"), ("original_url", URL), ("text", &other)];
    let asked = app.submit_import(&fields, &[]).await;
    assert_eq!(
        asked.attributes(".lede a, p .button[href]", "href"),
        vec![format!("/article/{id}?list=starred%3D1"); 2]
    );
    assert_eq!(asked.attributes("form [name=list]", "value"), ["starred=1"]);
}

#[tokio::test]
async fn metadata_missing_from_a_pasted_text_is_kept() {
    let app = TestApp::new().await;
    let mut new = paywalled_article();
    new.content.lead_image = Some(sample_image("ferry.jpg"));
    new.content.images = vec![sample_image("ferry.jpg")];
    let id = app.add_article(&new).await;
    let before = app.get(&format!("/article/{id}")).await;
    let page = app.get(app.paste(FULL_TEXT, URL).await.location()).await;
    assert_eq!(page.text(".byline"), "Ines Marlowe");
    assert_eq!(page.text(".facts time"), before.text(".facts time"));
    assert!(page.has(".hero"), "{}", page.body);
    assert!(page.text(".tag-list").contains("Ferries"));

    let said = format!("{}\nBy Tom Hale\n12 May 2024\n\n{}", &FULL_TEXT[..14], &FULL_TEXT[16..]);
    app.submit_import(&[("article", &id.to_string()), ("text", &said), ("format", "text")], &[]).await;
    let page = app.get(&format!("/article/{id}")).await;
    assert_eq!((page.text(".byline").as_str(), page.text(".facts time").as_str()), ("Tom Hale", "12 May 2024"));
}

#[tokio::test]
async fn metadata_of_an_interstitial_is_not_kept() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.content.verdict = Verdict::Interstitial;
    app.add_article(&new).await;
    let page = app.get(app.paste(FULL_TEXT, URL).await.location()).await;
    assert!(!page.has(".byline") && !page.has(".facts time"), "{}", page.body);
}

#[tokio::test]
async fn a_text_too_short_for_an_article_brings_the_form_back() {
    let app = TestApp::new().await;
    let id = app.add_article(&paywalled_article()).await;
    for (article, from) in [(id.to_string(), ""), (String::new(), URL)] {
        let fields = [("article", article.as_str()), ("text", "hi"), ("format", "text"), ("original_url", from)];
        let page = app.submit_import(&fields, &[]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(page.text("#pasted-text").trim(), "hi");
        assert!(
            page.text("#pasted-text-problem").starts_with("No article was found: the text is too short"),
            "{}",
            page.body
        );
    }
    assert!(app.get(&format!("/article/{id}")).await.text(".text").contains("nobody minded"));
}

#[tokio::test]
async fn pasting_text_restores_an_article_from_the_trash() {
    let app = TestApp::new().await;
    let id = app.add_article(&paywalled_article()).await;
    articles::apply_action(&app.library().await, id, ArticleAction::Delete, now()).await.unwrap();
    let page = app.get(app.paste(FULL_TEXT, URL).await.location()).await;
    assert!(page.text(".text").contains("without the dog") && page.has("button[value=delete]"), "{}", page.body);
}

#[tokio::test]
async fn a_failed_import_leads_to_the_existing_article_once_its_text_is_pasted() {
    let app = TestApp::new().await;
    let library = app.library().await;
    let input = NewImport { url: Some(URL.parse().unwrap()), snapshot_id: None, file_name: None, replaces_id: None };
    imports::accept(&library, &input, now()).await.unwrap();
    let import = imports::claim_next(&library, &[], now()).await.unwrap().unwrap().id;
    let failure = Failure { code: "timeout".into(), message: "The site did not answer.".into() };
    imports::fail(&library, import, &failure, now()).await.unwrap();
    let id = app.add_article(&paywalled_article()).await;
    let fields = [("replaces", &*import.to_string()), ("text", FULL_TEXT), ("format", "text"), ("original_url", URL)];
    let answer = app.submit_import(&fields, &[]).await;
    assert_eq!(answer.location(), format!("/article/{id}?done=text-replaced"));
    let state = imports::find(&library, import).await.unwrap().unwrap().state;
    assert!(matches!(state, ImportState::Done { article_id: Some(article), .. } if article == id), "{state:?}");
}
