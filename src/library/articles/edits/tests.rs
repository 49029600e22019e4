use jiff::civil::date;

use super::*;
use crate::library::articles::lists::{self, Filter, Position};
use crate::library::articles::tests::{article, library_with, noon};
use crate::library::articles::{self, Article, NewArticle, article_page, versions};
use crate::library::sources::{self, NewSource};
use crate::library::{Library, operations, search};

async fn current(library: &Library) -> Article {
    articles::find(library, 1).await.unwrap().unwrap()
}

async fn titles(library: &Library, filter: &Filter) -> Vec<String> {
    let found = lists::list(library, filter, Position::START, 9).await.unwrap();
    found.cards.into_iter().map(|card| card.title).collect()
}

async fn find(library: &Library, words: &str) -> Vec<String> {
    let matches = search::find_typed(library, words).await;
    titles(library, &Filter { matches, ..Filter::default() }).await
}

fn edits() -> Edits {
    Edits {
        title: Some("The patient heron".into()),
        byline: Some(Some("Bo Ek".into())),
        date: Some(Some(date(2019, 3, 4))),
        language: Some(None),
        source: Some("b.example".into()),
    }
}

async fn originals(library: &Library) -> Vec<(Detail, Option<String>)> {
    let (_, context) = article_page::find_page(library, 1).await.unwrap().unwrap();
    context.edits.into_iter().map(|edit| (edit.detail, edit.original)).collect()
}

#[tokio::test]
async fn lists_search_order_and_counts_follow_an_edit_and_going_back() {
    let (library, _folder) = library_with(&[article("a.example", 1), article("b.example", 2)]).await;
    assert!(save(&library, 1, &edits()).await.unwrap());
    let edited = current(&library).await;
    assert_eq!((edited.title.as_str(), edited.byline.as_deref()), ("The patient heron", Some("Bo Ek")));
    assert_eq!((edited.language, edited.source_domain.as_str()), (None, "b.example"));
    assert_eq!(edited.published_date, Some(date(2019, 3, 4)));
    assert_eq!(find(&library, "heron").await, ["The patient heron"]);
    assert_eq!(find(&library, "\"Report 1\"").await, [""; 0]);
    assert_eq!(find(&library, "ferry").await, ["Report 2", "The patient heron"], "the older is last");
    let tagged = Filter { tag_id: Some(1), ..Filter::default() };
    assert_eq!(titles(&library, &tagged).await, ["Report 2", "The patient heron"], "in its tags too");
    let counts = async || {
        let listed = sources::list(&library, (i64::MAX, ""), 9).await.unwrap();
        listed.into_iter().map(|source| (source.domain, source.articles)).collect::<Vec<_>>()
    };
    assert_eq!(counts().await, [("b.example".to_owned(), 2)]);
    assert_eq!(originals(&library).await.len(), 5);

    for detail in [Detail::Title, Detail::Byline, Detail::Date, Detail::Language, Detail::Source] {
        assert!(go_back(&library, 1, detail).await.unwrap());
        assert!(!go_back(&library, 1, detail).await.unwrap(), "it is not edited any more");
    }
    let (now, before) = (current(&library).await, article("a.example", 1).content);
    assert_eq!((now.title, now.byline, now.language), (before.title, before.byline, before.language));
    assert_eq!((now.published_at, now.published_date), (before.published_at, before.published_date));
    assert_eq!(find(&library, "\"Report 1\"").await, ["Report 1"]);
    assert_eq!(titles(&library, &tagged).await, ["Report 1", "Report 2"]);
    assert_eq!(counts().await, [("a.example".to_owned(), 1), ("b.example".to_owned(), 1)]);
}

#[tokio::test]
async fn edits_stay_when_the_text_is_replaced_and_the_original_follows() {
    let (library, _folder) = library_with(&[article("a.example", 1), article("b.example", 2)]).await;
    save(&library, 1, &edits()).await.unwrap();
    let mut extracted = versions::load_current(&library, 1).await.unwrap().unwrap();
    assert_eq!((extracted.title.as_str(), extracted.byline.as_deref()), ("Report 1", None), "as the page gives it");
    extracted.title = "Report one".into();
    extracted.text = "Another text.".into();
    assert!(versions::replace(&library, 1, &extracted, noon()).await.unwrap());
    let edited = current(&library).await;
    assert_eq!((edited.title.as_str(), edited.source_domain.as_str()), ("The patient heron", "b.example"));
    assert_eq!((edited.published_date, edited.language), (Some(date(2019, 3, 4)), None));
    assert_eq!(find(&library, "heron").await, ["The patient heron"]);
    assert!(originals(&library).await.contains(&(Detail::Title, Some("Report one".into()))));

    assert!(versions::restore_previous(&library, 1, noon()).await.unwrap());
    assert_eq!(current(&library).await.title, "The patient heron");
    go_back(&library, 1, Detail::Title).await.unwrap();
    assert_eq!(current(&library).await.title, "Report 1");
    assert_eq!(current(&library).await.byline.as_deref(), Some("Bo Ek"), "other edits stay");
}

#[tokio::test]
async fn suggested_tags_follow_an_edit_and_going_back() {
    let new = |number, title: &str, language: &str| {
        let mut new = article("a.example", number);
        new.content.title = title.into();
        new.content.text = "Quinta Vale is a town. The mayor of Quinta Vale, Odo Lark, spoke about night trams.".into();
        new.content.language = Some(language.into());
        new
    };
    let (old, title) = ("Quinta Vale waits", "Night trams for Odo Lark");
    let (library, _folder) = library_with(&[new(1, old, "en"), new(2, title, "en"), new(3, old, "de")]).await;
    let of = async |id| article_page::find_page(&library, id).await.unwrap().unwrap().1.candidates;
    let before = of(1).await;
    for (detail, edits, like) in [
        (Detail::Title, Edits { title: Some(title.into()), ..Edits::default() }, 2),
        (Detail::Language, Edits { language: Some(Some("de".into())), ..Edits::default() }, 3),
    ] {
        assert_ne!(of(like).await, before);
        save(&library, 1, &edits).await.unwrap();
        assert_eq!(of(1).await, of(like).await, "{detail:?}");
        go_back(&library, 1, detail).await.unwrap();
        assert_eq!(of(1).await, before, "{detail:?}");
    }
}

#[tokio::test]
async fn typing_the_original_again_ends_an_edit_and_editing_twice_keeps_it() {
    let (library, _folder) = library_with(&[article("a.example", 1)]).await;
    let title = |text: &str| Edits { title: Some(text.into()), ..Edits::default() };
    save(&library, 1, &title("One")).await.unwrap();
    save(&library, 1, &title("Two")).await.unwrap();
    assert_eq!(originals(&library).await, [(Detail::Title, Some("Report 1".into()))]);
    save(&library, 1, &title("Report 1")).await.unwrap();
    assert_eq!(originals(&library).await, []);
    // A date without a day of its own, taken away and given back.
    save(&library, 1, &Edits { date: Some(None), ..Edits::default() }).await.unwrap();
    assert_eq!((current(&library).await.published_at, originals(&library).await.len()), (None, 1));
    go_back(&library, 1, Detail::Date).await.unwrap();
    assert_eq!(current(&library).await.published_at, article("a.example", 1).content.published_at);
    assert!(!save(&library, 99, &title("Nowhere")).await.unwrap());
}

#[tokio::test]
async fn the_original_source_is_where_an_article_from_there_goes_by_now() {
    let blog = |number| NewArticle {
        source: NewSource { domain: "a.example".into(), name: "a.example".into() },
        ..article("blog.a.example", number)
    };
    let (library, _folder) = library_with(&[blog(1), blog(2), article("b.example", 3), article("c.example", 4)]).await;
    let source = |domain: &str| Edits { source: Some(domain.into()), ..Edits::default() };
    save(&library, 1, &source("b.example")).await.unwrap();
    assert_eq!(originals(&library).await, [(Detail::Source, Some("a.example".into()))]);
    let find = async |domain: &str| sources::find(&library, domain).await.unwrap().unwrap();
    operations::split_source(&library, &find("a.example").await, "blog.a.example", noon()).await.unwrap().unwrap();
    assert_eq!(originals(&library).await, [(Detail::Source, Some("blog.a.example".into()))]);
    save(&library, 1, &source("a.example")).await.unwrap();
    assert_eq!(current(&library).await.source_domain, "a.example", "that is the reader’s choice now");
    go_back(&library, 1, Detail::Source).await.unwrap();
    assert_eq!(
        (current(&library).await.source_domain, originals(&library).await),
        ("blog.a.example".into(), Vec::new())
    );
    // Merged, and edited while it is.
    let (blog, into) = (find("blog.a.example").await, find("b.example").await);
    let merged = operations::merge_sources(&library, &blog, &into, noon()).await.unwrap();
    let operations::Merged::Begun(merge) = merged else { panic!() };
    while let Some(id) = operations::find_unfinished(&library).await.unwrap() {
        operations::run_batch(&library, id, noon()).await.unwrap();
    }
    save(&library, 1, &source("c.example")).await.unwrap();
    assert_eq!(originals(&library).await, [(Detail::Source, Some("b.example".into()))]);
    operations::undo(&library, merge).await.unwrap();
    while operations::run_batch(&library, merge, noon()).await.unwrap() == operations::Progress::Unfinished {}
    assert_eq!(current(&library).await.source_domain, "c.example");
    go_back(&library, 1, Detail::Source).await.unwrap();
    assert_eq!(current(&library).await.source_domain, "blog.a.example");
}

#[test]
fn dates_are_stored_and_read_back() {
    for date in [DateValue { at: -5, day: None }, DateValue::from_day(date(1605, 1, 9))] {
        assert_eq!(DateValue::parse(&date.to_string()), Some(date));
    }
    assert_eq!(DateValue::parse("soon"), None);
}
