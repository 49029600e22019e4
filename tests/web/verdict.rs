//! What is said of pages that are no whole article, and what differs after an article was extracted again.

use axum::http::StatusCode;
use broadsheet::library::articles::{NextPage, versions};
use extract::Verdict;

use crate::fixtures::{article, clean_html};
use crate::support::{TestApp, now};

#[tokio::test]
async fn a_stub_says_so_and_takes_the_pasted_page_in_its_place() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.content.verdict = Verdict::Paywalled;
    let id = app.add_article(&new).await;
    let page = app.get(&format!("/article/{id}")).await;
    assert!(page.text(".advice p").starts_with("Only the start of this article"));
    assert_eq!(page.attributes(".advice a", "href")[0], format!("/import?article={id}#text"));

    let form = app.get(&format!("/import?article={id}")).await;
    assert_eq!(form.attributes("#pasted-address", "value"), ["https://harbour.example/1"]);
    assert_eq!(form.attributes("input[name=article]", "value"), [id.to_string()]);
    let whole = "Ferry report 1\n\nThe ferry was late, and nobody minded, for the rain was warm that day.\n\nIt left \
                 the harbour at noon with nine passengers and a dog, and came back without the dog.";
    let answer = app.post_import(&[("article", &id.to_string()), ("page", whole), ("kind", "text")], &[]).await;
    assert_eq!(answer.location(), format!("/article/{id}?done=pasted"));
    let page = app.get(answer.location()).await;
    assert!(page.text(".text").contains("came back without the dog") && !page.has(".advice"), "{}", page.body);
}

#[tokio::test]
async fn what_is_kept_as_it_is_says_nothing_any_more() {
    let app = TestApp::new().await;
    for (verdict, words) in [
        (Verdict::Listing, "a list, not a single article"),
        (Verdict::Interstitial, "a cookie, login or bot check"),
        (Verdict::Video, "mainly a video"),
        (Verdict::Thread, "The replies on this page were saved"),
        (Verdict::Product, "a product page"),
        (Verdict::Document, "one page of a longer document"),
    ] {
        let mut new = article(verdict as i64 + 1);
        new.content.verdict = verdict;
        let id = app.add_article(&new).await;
        let page = app.get(&format!("/article/{id}")).await;
        assert!(page.text(".advice p").contains(words), "{}", page.body);
        let answer = app.post(&format!("/article/{id}/keep"), &[]).await;
        assert_eq!(answer.location(), format!("/article/{id}?done=kept"));
        let page = app.get(answer.location()).await;
        assert!(!page.has(".advice"));
        assert_eq!(page.text(".notice p"), "Dismissed.");
    }
    let id = app.add_article(&article(9)).await;
    assert!(!app.get(&format!("/article/{id}")).await.has(".advice"), "an article needs no advice");
    assert_eq!(app.post("/article/999/keep", &[]).await.status, StatusCode::NOT_FOUND);
}

/// A page that calls itself of this kind, in short.
fn page_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Paywalled => {
            "<article><h1>The ferry</h1><p>The ferry was late again, and this time the harbour board knew why before it left.</p>\
             <p>Subscribe to continue reading.</p></article>"
        }
        Verdict::Interstitial => {
            "<h1>One more step</h1><p>The harbour board likes to know who reads about its ferry, and asks for a little patience \
             until that is clear.</p><p>Verify you are human by answering below.</p>"
        }
        _ => {
            "<h1>The ferry</h1><div class='topic-body crawler-post'><p>I waited at the old pier and the ferry left without me, so \
             what is one to do about it?</p></div><div class='topic-body crawler-post'><p>Wait for the next one, as all of us \
             did before you, and bring something to read.</p></div>"
        }
    }
}

#[tokio::test]
async fn the_list_of_imports_says_what_is_no_whole_article_and_where_to_go_on() {
    let app = TestApp::new().await;
    for (verdict, words, step) in [
        (Verdict::Paywalled, "Only the start", "/import?article=1#text"),
        (Verdict::Interstitial, "login or bot check", "/import?article=2#text"),
        (Verdict::Thread, "replies may be missing", "/import?article=3#text"),
    ] {
        let address = format!("https://harbour.example/{verdict:?}");
        let page = format!("<!doctype html><title>The ferry</title>{}", page_of(verdict));
        app.post_import(&[("page", &page), ("kind", "html"), ("pasted_address", &address)], &[]).await;
        app.work_off().await;
        let list = app.get("/imports").await;
        assert!(list.texts(".imports li:first-child p")[1].contains(words), "{verdict:?}: {}", list.body);
        assert_eq!(list.attributes(".imports li:first-child p:not(.meta) a", "href"), [step]);
    }
    app.post("/article/3/keep", &[]).await;
    assert!(
        !app.get("/imports").await.has(".imports li:first-child p:not(.meta)"),
        "what is kept as it is says nothing"
    );
}

#[tokio::test]
async fn an_article_that_goes_on_elsewhere_says_where_and_why() {
    let app = TestApp::new().await;
    let mut new = article(1);
    let problem = Some("The site did not answer.".to_owned());
    new.content.next_page = Some(NextPage { url: "https://harbour.example/1?page=2".into(), error_message: problem });
    let id = app.add_article(&new).await;
    let page = app.get(&format!("/article/{id}")).await;
    assert!(page.text(".advice p").ends_with("The site did not answer."));
    assert!(page.attributes(".advice a", "href").contains(&"https://harbour.example/1?page=2".to_owned()));
}

#[tokio::test]
async fn the_page_own_day_is_shown_whatever_day_it_is_here() {
    let app = TestApp::new().await;
    let mut new = article(1);
    new.content.published_at = Some("2026-11-20T00:00:00+14:00".parse().unwrap());
    new.content.published_date = Some("2026-11-20".parse().unwrap());
    let id = app.add_article(&new).await;
    let page = app.get(&format!("/article/{id}")).await;
    assert_eq!(page.text(".facts time"), "20 November 2026");
    assert_eq!(page.attributes(".facts time", "datetime"), ["2026-11-20"]);
}

#[tokio::test]
async fn what_is_different_is_shown_and_can_be_taken_back() {
    let app = TestApp::new().await;
    let id = app.add_article(&article(1)).await;
    assert_eq!(app.get(&format!("/article/{id}/differences")).await.status, StatusCode::NOT_FOUND);
    let mut content = article(1).content;
    content.title = "Ferry report one".into();
    content.text = format!("{}\n\nA word <i>more</i>.", content.text);
    content.html = clean_html("<p>Other.</p>");
    versions::replace(&app.library().await, id, &content, now()).await.unwrap();
    let page = app.get(&format!("/article/{id}/differences")).await;
    assert_eq!(page.texts("div.changes ins"), ["A word <i>more</i>."]);
    assert!(!page.has("div.changes del"));
    assert_eq!(page.texts("dl del"), ["Ferry report 1"]);
    assert!(page.body.contains("1 unchanged paragraph"));
    assert!(app.get(&format!("/article/{id}")).await.body.contains(&format!("/article/{id}/differences")));
    let answer = app.post(&format!("/article/{id}/undo"), &[]).await;
    let page = app.get(answer.location()).await;
    assert_eq!(page.text("h1"), "Ferry report 1");
    assert_eq!(page.text(".notice p"), "Version restored.");
    assert_eq!(app.get(&format!("/article/{id}/differences")).await.text("button.primary"), "Use newer version");
}
