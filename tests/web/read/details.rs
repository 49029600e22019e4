//! Editing title, byline, date, source and language of an article.

use axum::http::StatusCode;
use broadsheet::library::rules::{self, NewRule};
use broadsheet::library::sources::NewSource;
use extract::{Action, Rule};

use crate::fixtures::article;
use crate::support::{TestApp, now};

/// An article of The Harbour Post, and one of the Hill Herald.
async fn app_with_articles() -> TestApp {
    let app = TestApp::new().await;
    let mut first = article(1);
    first.received_at = "2026-11-23T12:00:00Z".parse().unwrap();
    app.add_article(&first).await;
    let mut other = article(2);
    other.source = NewSource { domain: "hillherald.example".into(), name: "Hill Herald".into() };
    app.add_article(&other).await;
    app
}

const EDIT: &str = "/article/1/details";

/// The fields of the form, with the hidden ones.
const DETAIL_FIELDS: &str = "#edit-details .field > input";

#[tokio::test]
async fn a_reader_edits_the_details_of_an_article_and_goes_back_to_the_original() {
    let app = app_with_articles().await;
    let page = app.get("/article/1").await;
    let fields = ["title", "byline", "date", "source", "language"];
    let shown: Vec<String> = fields.map(|name| page.attributes(&format!("#detail-{name}"), "value").concat()).into();
    assert_eq!(shown, ["Ferry report 1", "Ines Marlowe", "2026-11-23", "The Harbour Post", "English"]);
    assert!(!page.has(".originals"));

    let form = [
        ("title", " A  ferry, at last "),
        ("byline", ""),
        ("date", "2019-03-04"),
        ("source", "hill herald"),
        ("language", "German"),
    ];
    let saved = app.post(EDIT, &form).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/article/1?done=details-saved"));
    let page = app.get(saved.location()).await;
    assert!(page.text(".notice").starts_with("Details saved."), "{}", page.body);
    assert_eq!((page.text("h1"), page.texts(".byline")), ("A ferry, at last".to_owned(), vec![]));
    assert_eq!(page.attributes("h1", "lang"), ["de"]);
    assert_eq!(page.text(".facts .meta a"), "Hill Herald");
    assert_eq!(page.text(".facts time"), "4 March 2019");
    assert_eq!(
        page.texts(".originals p span"),
        [
            "Original title: Ferry report 1",
            "Original source: harbour.example",
            "Original language: English",
            "Original date: 23 November 2026",
            "Original byline: Ines Marlowe",
        ]
    );
    assert_eq!(app.get("/source/hillherald.example").await.texts(".rows h2").len(), 2);
    assert_eq!(app.get("/articles?q=last").await.texts(".rows h2"), ["A ferry, at last"]);

    let back = app.post("/article/1/details/original", &[("detail", "title")]).await;
    assert_eq!(back.location(), "/article/1?done=original-restored");
    let page = app.get(back.location()).await;
    assert_eq!((page.text("h1"), page.texts(".originals p").len()), ("Ferry report 1".to_owned(), 4));
}

#[tokio::test]
async fn bad_details_are_rejected_with_a_sentence_each_and_nothing_is_saved() {
    let app = app_with_articles().await;
    let long = "x".repeat(501);
    for (field, value, reason) in [
        ("title", "  ", "An article needs a title."),
        ("title", &long, "This title has 501 characters. Shorten it to 500."),
        ("byline", &long, "This byline has 501 characters. Shorten it to 500."),
        ("date", "soon", "“soon” isn’t a date. Write it as year-month-day, such as 2026-03-04."),
        ("date", "2026-02-30", "“2026-02-30” isn’t a date. Write it as year-month-day, such as 2026-03-04."),
        (
            "date",
            "2026-12-24",
            "24 December 2026 is after the day on which the article was saved, 23 November 2026. Choose an earlier day.",
        ),
        ("date", "0007-01-01", "“0007-01-01” is too long ago. Give a year from 1000 on."),
        ("source", "", "Enter the name or domain of a source."),
        (
            "source",
            "Valley Voice",
            "No source is called “Valley Voice”. Enter its name as it is listed, or its domain.",
        ),
        (
            "language",
            "Seal",
            "No language called “Seal” is known. Write its English name, such as German, or its code, such as de.",
        ),
    ] {
        let page =
            app.post(EDIT, &[("byline", "Someone else"), (field, value)][usize::from(field == "byline")..]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
        assert_eq!(page.text("#edit-details[open] .problem"), reason);
        assert_eq!(page.attributes(&format!("#detail-{field}[aria-invalid]"), "value"), [value]);
        assert_eq!(app.get("/article/1").await.text(".byline"), "Ines Marlowe", "{field}={value}");
    }
    assert_eq!(app.post("/article/9/details", &[("title", "x")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_that_changes_nothing_edits_nothing() {
    let app = app_with_articles().await;
    let page = app.get("/article/1").await;
    let fields = ["title", "byline", "date", "source", "language"];
    let values = fields.map(|name| page.attributes(&format!("#detail-{name}"), "value").concat());
    let form: Vec<(&str, &str)> = fields.into_iter().zip(values.iter().map(String::as_str)).collect();
    app.post(EDIT, &form).await;
    assert!(!app.get("/article/1").await.has(".originals"));
}

#[tokio::test]
async fn an_old_form_saves_only_what_was_changed_in_it() {
    let app = app_with_articles().await;
    let page = app.get("/article/1").await;
    let (names, values) = (page.attributes(DETAIL_FIELDS, "name"), page.attributes(DETAIL_FIELDS, "value"));
    assert_eq!(names.len(), 10, "{names:?}");
    let old: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(values.iter().map(String::as_str)).collect();
    let elsewhere =
        [("title", "Late"), ("byline", "Bo"), ("date", "2019-03-04"), ("source", "Hill Herald"), ("language", "de")];
    app.post(EDIT, &elsewhere).await;
    let shown = async || {
        let page = app.get("/article/1").await;
        page.attributes("#edit-details .field > input:not([type=hidden])", "value")
    };
    let edited = shown().await;
    assert_eq!(edited, ["Late", "Bo", "2019-03-04", "Hill Herald", "German"]);
    app.post(EDIT, &old).await;
    assert_eq!(shown().await, edited, "nothing was changed in it");
    let typed = |name: &str, value| {
        let field = |(shown, old)| (shown, if shown == name { value } else { old });
        old.iter().copied().map(field).collect::<Vec<_>>()
    };
    app.post(EDIT, &typed("byline", "Cleo")).await;
    assert_eq!(shown().await, ["Late", "Cleo", "2019-03-04", "Hill Herald", "German"]);
    let rejected = app.post(EDIT, &typed("date", "soon")).await;
    let kept = rejected.attributes("#edit-details [name=title_before]", "value");
    assert_eq!(kept, ["Ferry report 1"], "the rejected form is as old as before");

    app.post("/article/1/details/original", &[("detail", "title")]).await;
    app.post(EDIT, &typed("title", "Ferry report 1")).await;
    assert!(!app.get("/article/1").await.texts(".originals").concat().contains("title"), "it is no edit");
}

#[tokio::test]
async fn of_two_sources_with_one_name_the_domain_decides() {
    let app = app_with_articles().await;
    let mut twin = article(3);
    twin.source = NewSource { domain: "hillherald.test".into(), name: "Hill Herald".into() };
    app.add_article(&twin).await;
    let page = app.post(EDIT, &[("source", "Hill Herald")]).await;
    let reason =
        "Several sources are called “Hill Herald”. Enter the domain of one: hillherald.example, hillherald.test.";
    assert_eq!(page.text("#edit-details .problem"), reason);
    app.post(EDIT, &[("source", "HillHerald.TEST")]).await;
    assert_eq!(app.get("/article/1").await.attributes(".facts .meta a", "href"), ["/source/hillherald.test"]);
}

#[tokio::test]
async fn the_rules_for_one_article_go_with_it_to_another_source() {
    let app = app_with_articles().await;
    let library = app.library().await;
    let rule = Rule { selector: ".note".parse().unwrap(), action: Action::Keep };
    let new = NewRule { rule: rule.clone(), article_id: Some(1), replaces_id: None };
    rules::save_for_article(&library, "harbour.example", &new, None, now()).await.unwrap().unwrap();
    app.post(EDIT, &[("source", "Hill Herald")]).await;
    assert_eq!(rules::load_for_article(&library, 1).await.unwrap(), std::slice::from_ref(&rule));
    app.post("/article/1/details/original", &[("detail", "source")]).await;
    assert_eq!(rules::load_for_article(&library, 1).await.unwrap(), [rule]);
    assert_eq!(app.get("/article/1").await.text(".facts .meta a"), "The Harbour Post");
}
