//! Merging and splitting sources: what follows for articles, rules and keywords, and undoing it.

use extract::{Action, Rule};

use crate::library::articles::changes::BulkAction;
use crate::library::articles::edits::{self, Edits};
use crate::library::articles::tests::{article, library_with, noon};
use crate::library::articles::{self, NewArticle};
use crate::library::operations::tests::{counts, finish, look, run, undo};
use crate::library::operations::{self, BATCH_SIZE, Merged, OperationState};
use crate::library::rules::{self, NewRule, PreviewCounts};
use crate::library::sources::{self, NewSource};
use crate::library::{Library, consistency, tags};

/// An article of a host below a domain.
fn from_host(host: &str, domain: &str, number: i64) -> NewArticle {
    NewArticle { source: NewSource { domain: domain.into(), name: domain.into() }, ..article(host, number) }
}

async fn add(library: &Library, new: &NewArticle) -> i64 {
    articles::add(library, new).await.unwrap().id()
}

async fn merge(library: &Library, from: &str, into: &str) -> i64 {
    let from = sources::find(library, from).await.unwrap().unwrap();
    let into = sources::find(library, into).await.unwrap().unwrap();
    let merged = operations::merge_sources(library, &from, &into, noon()).await.unwrap();
    let Merged::Begun(id) = merged else { panic!("{merged:?}") };
    id
}

async fn split(library: &Library, from: &str, host: &str) -> i64 {
    let from = sources::find(library, from).await.unwrap().unwrap();
    operations::split_source(library, &from, host, noon()).await.unwrap().unwrap().0
}

async fn finish_all(library: &Library) {
    while let Some(id) = operations::find_unfinished(library).await.unwrap() {
        finish(library, id).await;
    }
}

/// Which sources have how many articles. Each has a page that shows them.
async fn places(library: &Library) -> Vec<(String, i64)> {
    assert_eq!(consistency::count_wrong_counts(library).await.unwrap(), 0);
    let listed = sources::list(library, (i64::MAX, ""), 9).await.unwrap();
    for source in &listed {
        let shown = sources::find(library, &source.domain).await.unwrap().unwrap();
        assert_eq!(shown.domain, source.domain, "articles are stranded in a source that was merged");
    }
    listed.into_iter().map(|source| (source.domain, source.articles)).collect()
}

fn expected(places: &[(&str, i64)]) -> Vec<(String, i64)> {
    places.iter().map(|(domain, articles)| ((*domain).to_owned(), *articles)).collect()
}

#[tokio::test]
async fn a_source_that_is_merged_on_before_all_its_articles_have_come_keeps_none() {
    let late: i64 = 30;
    let of_a = i64::try_from(BATCH_SIZE).unwrap() + late;
    let mut all: Vec<_> = (1..=of_a).map(|number| article("a.example", number)).collect();
    all.extend([article("b.example", 1), article("b.example", 2), article("c.example", 1)]);
    let (library, _folder) = library_with(&all).await;
    let first = merge(&library, "a.example", "b.example").await;
    operations::run_batch(&library, first, noon()).await.unwrap();
    let second = merge(&library, "b.example", "c.example").await;
    for _ in 0..9 {
        operations::run_batch(&library, second, noon()).await.unwrap();
    }
    finish_all(&library).await;
    assert_eq!(places(&library).await, expected(&[("c.example", of_a + 3)]));
    undo(&library, second).await;
    assert_eq!(places(&library).await, expected(&[("b.example", of_a + 2), ("c.example", 1)]));
    assert_eq!(counts(&library, second).await, (of_a + 2, of_a + 2, OperationState::Undone));
    undo(&library, first).await;
    assert_eq!(places(&library).await, expected(&[("a.example", of_a), ("b.example", 2), ("c.example", 1)]));
}

#[tokio::test]
async fn merges_are_undone_in_any_order() {
    let all = [article("a.example", 1), article("b.example", 1), article("c.example", 1)];
    let (library, _folder) = library_with(&all).await;
    let first = merge(&library, "a.example", "b.example").await;
    finish_all(&library).await;
    let second = merge(&library, "b.example", "c.example").await;
    finish_all(&library).await;
    undo(&library, first).await;
    assert_eq!(places(&library).await, expected(&[("c.example", 3)]), "it has changed since");
    assert_eq!(counts(&library, first).await, (1, 0, OperationState::Undone));
    undo(&library, second).await;
    assert_eq!(places(&library).await, expected(&[("b.example", 2), ("c.example", 1)]));
}

#[tokio::test]
async fn a_split_is_undone_wherever_its_source_is_by_then() {
    for into in ["news.example", "blog.post.example"] {
        let (library, _folder) = library_with(&[article("post.example", 1), article("news.example", 1)]).await;
        let blog = |number| from_host("blog.post.example", "post.example", number);
        add(&library, &blog(1)).await;
        let first = split(&library, "post.example", "blog.post.example").await;
        finish_all(&library).await;
        add(&library, &blog(2)).await;
        merge(&library, "post.example", into).await;
        finish_all(&library).await;
        undo(&library, first).await;
        let articles: i64 = places(&library).await.iter().filter(|(domain, _)| domain == into).map(|(_, n)| n).sum();
        assert_eq!(articles, if into == "news.example" { 4 } else { 3 }, "{into}");
    }
}

#[tokio::test]
async fn what_arrived_meanwhile_goes_with_a_source_that_comes_back() {
    let all = [article("a.example", 1), article("b.example", 1), article("c.example", 1)];
    let (library, _folder) = library_with(&all).await;
    let merged = merge(&library, "a.example", "b.example").await;
    finish_all(&library).await;
    for number in 2..=i64::try_from(BATCH_SIZE).unwrap() + 20 {
        add(&library, &from_host("www.a.example", "a.example", number)).await;
    }
    add(&library, &article("b.example", 2)).await;
    let edited = add(&library, &article("a.example", 999)).await;
    edits::save(&library, edited, &Edits { source: Some("c.example".into()), ..Edits::default() }).await.unwrap();
    merge(&library, "c.example", "b.example").await;
    finish_all(&library).await;
    undo(&library, merged).await;
    let arrived = i64::try_from(BATCH_SIZE).unwrap() + 19;
    assert_eq!(
        places(&library).await,
        expected(&[("a.example", 1 + arrived), ("b.example", 4)]),
        "the reader’s choice stays"
    );
    assert_eq!(counts(&library, merged).await, (1, 1, OperationState::Undone));
}

async fn selectors(library: &Library, domain: &str) -> Vec<String> {
    let stored = rules::list_for_domain(library, domain).await.unwrap();
    stored.into_iter().map(|stored| stored.rule.selector.to_string()).collect()
}

async fn save_rule(library: &Library, domain: &str, selector: &str) {
    let new = NewRule {
        rule: Rule { selector: selector.parse().unwrap(), action: Action::Keep },
        article_id: None,
        replaces_id: None,
    };
    let counts = PreviewCounts { articles_changed: 1, articles_tried: 1 };
    rules::save(library, domain, &new, counts, noon()).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_host_is_split_off_without_what_has_another_source_below_it() {
    let (library, _folder) = library_with(&[article("post.example", 1)]).await;
    for (host, number) in
        [("news.post.example", 1), ("blog.post.example", 1), ("shop.post.example", 1), ("www.post.example", 9)]
    {
        add(&library, &from_host(host, "post.example", number)).await;
    }
    split(&library, "post.example", "news.post.example").await;
    split(&library, "post.example", "blog.post.example").await;
    finish_all(&library).await;
    merge(&library, "blog.post.example", "news.post.example").await;
    merge(&library, "post.example", "news.post.example").await;
    finish_all(&library).await;
    assert_eq!(places(&library).await, expected(&[("news.post.example", 5)]));
    let above = split(&library, "news.post.example", "post.example").await;
    finish_all(&library).await;
    let apart = expected(&[("post.example", 3), ("news.post.example", 2)]);
    assert_eq!(places(&library).await, apart, "its own and those of a source that was merged stay");
    for (host, number) in [("news.post.example", 2), ("blog.post.example", 2), ("shop.post.example", 2)] {
        add(&library, &from_host(host, "post.example", number)).await;
    }
    let more = expected(&[("news.post.example", 4), ("post.example", 4)]);
    assert_eq!(places(&library).await, more, "new articles go the same ways");
    undo(&library, above).await;
    assert_eq!(places(&library).await, expected(&[("news.post.example", 8)]));
}

#[tokio::test]
async fn the_rules_of_a_split_are_undone_with_it() {
    let (library, _folder) = library_with(&[article("post.example", 1)]).await;
    add(&library, &from_host("blog.post.example", "post.example", 1)).await;
    save_rule(&library, "post.example", ".map").await;
    save_rule(&library, "post.example", ".note").await;
    let first = split(&library, "post.example", "blog.post.example").await;
    finish_all(&library).await;
    assert_eq!(selectors(&library, "blog.post.example").await, [".map", ".note"]);
    save_rule(&library, "blog.post.example", ".new").await;
    undo(&library, first).await;
    assert_eq!(selectors(&library, "blog.post.example").await, [""; 0]);
    assert_eq!(selectors(&library, "post.example").await, [".map", ".note", ".new"], "a later correction stays");
    // A host that is a source of its own keeps its rules.
    add(&library, &article("other.example", 1)).await;
    let stray = add(&library, &article("other.example", 2)).await;
    save_rule(&library, "other.example", ".own").await;
    edits::save(&library, stray, &Edits { source: Some("post.example".into()), ..Edits::default() }).await.unwrap();
    let second = split(&library, "post.example", "other.example").await;
    finish_all(&library).await;
    assert_eq!(selectors(&library, "other.example").await, [".own", ".map", ".note", ".new"]);
    undo(&library, second).await;
    assert_eq!(selectors(&library, "other.example").await, [".own"]);
}

/// An article whose publisher gives a keyword.
fn with_keyword(domain: &str, number: i64) -> NewArticle {
    NewArticle { keywords: vec![format!("Word {number}")], tags: Vec::new(), ..article(domain, number) }
}

async fn tags_of(library: &Library, id: i64) -> Vec<String> {
    look(library, id).await.2
}

async fn takes_keywords(library: &Library, domain: &str) -> bool {
    let source = sources::find(library, domain).await.unwrap().unwrap();
    sources::find_details(library, source.id).await.unwrap().unwrap().takes_keywords
}

#[tokio::test]
async fn keywords_become_tags_after_a_merge_if_they_did_in_one_of_the_two() {
    for taking in ["a.example", "b.example"] {
        let (library, _folder) = library_with(&[with_keyword("a.example", 1), with_keyword("b.example", 2)]).await;
        tags::set_takes_keywords(&library, taking, true).await.unwrap();
        while tags::take_next_keywords(&library, 9).await.unwrap() {}
        let first = merge(&library, "a.example", "b.example").await;
        finish_all(&library).await;
        assert!(takes_keywords(&library, "b.example").await);
        assert_eq!(tags_of(&library, 1).await, ["Word 1"], "{taking}");
        let new = add(&library, &with_keyword("a.example", 3)).await;
        assert_eq!(tags_of(&library, new).await, ["Word 3"], "{taking}");
        undo(&library, first).await;
        assert_eq!(counts(&library, first).await, (1, 1, OperationState::Undone));
        for source in ["a.example", "b.example"] {
            assert_eq!(takes_keywords(&library, source).await, source == taking, "{taking}: {source}");
        }
        assert_eq!(tags_of(&library, 1).await.is_empty(), taking == "b.example", "{taking}");
    }
}

#[tokio::test]
async fn a_tag_that_was_taken_off_does_not_return_with_a_merge() {
    let (library, _folder) = library_with(&[with_keyword("a.example", 1), with_keyword("b.example", 2)]).await;
    for source in ["a.example", "b.example"] {
        tags::set_takes_keywords(&library, source, true).await.unwrap();
    }
    while tags::take_next_keywords(&library, 9).await.unwrap() {}
    run(&library, BulkAction::DeleteTag("Word 1".into()), &[1]).await;
    merge(&library, "a.example", "b.example").await;
    finish_all(&library).await;
    assert_eq!(tags_of(&library, 1).await, [""; 0]);
}

#[tokio::test]
async fn a_host_that_is_split_off_takes_keywords_as_before() {
    let (library, _folder) = library_with(&[with_keyword("post.example", 1)]).await;
    let blog = |number| NewArticle {
        source: NewSource { domain: "post.example".into(), name: "post.example".into() },
        ..with_keyword("blog.post.example", number)
    };
    let old = add(&library, &blog(2)).await;
    tags::set_takes_keywords(&library, "post.example", true).await.unwrap();
    // The job has not come to it yet.
    split(&library, "post.example", "blog.post.example").await;
    finish_all(&library).await;
    assert!(takes_keywords(&library, "blog.post.example").await);
    let new = add(&library, &blog(3)).await;
    assert_eq!(
        (tags_of(&library, old).await, tags_of(&library, new).await),
        (vec!["Word 2".into()], vec!["Word 3".into()])
    );
}
