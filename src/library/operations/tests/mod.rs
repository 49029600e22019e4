//! Operations on many articles: done in batches, interrupted, undone.

mod lanes;
mod sources;
mod topic_changes;
mod unfollowing;

use jiff::{SignedDuration, Timestamp};

use crate::library::articles::changes::BulkAction;
use crate::library::articles::lists::{self, Filter, Position};
use crate::library::articles::tests::{article, library_with, noon};
use crate::library::articles::{self, ArticleAction};
use crate::library::operations::{self, BATCH_SIZE, OperationState, Progress};
use crate::library::{Library, tags, topics};

async fn library_of(count: usize) -> (Library, tempfile::TempDir) {
    let all: Vec<_> = (1..=i64::try_from(count).unwrap()).map(|n| article("example.org", n)).collect();
    library_with(&all).await
}

async fn start(library: &Library, action: BulkAction, articles: &[i64], at: Timestamp) -> i64 {
    operations::start(library, &action, None, articles, at).await.unwrap()
}

async fn finish(library: &Library, id: i64) {
    while operations::run_batch(library, id, noon()).await.unwrap() == Progress::Unfinished {}
}

async fn run(library: &Library, action: BulkAction, articles: &[i64]) -> i64 {
    let id = start(library, action, articles, noon()).await;
    finish(library, id).await;
    id
}

async fn undo(library: &Library, id: i64) {
    assert!(operations::undo(library, id).await.unwrap());
    finish(library, id).await;
}

/// State, topic and tags of an article.
async fn look(library: &Library, id: i64) -> (articles::ArticleState, String, Vec<String>) {
    let article = articles::find(library, id).await.unwrap().unwrap();
    let tags = tags::list_for_article(library, id).await.unwrap();
    (article.state, article.topic, tags.into_iter().map(|tag| tag.name).collect())
}

async fn counts(library: &Library, id: i64) -> (i64, i64, OperationState) {
    let operation = operations::find(library, id).await.unwrap().unwrap();
    (operation.articles, operation.restored, operation.state)
}

#[tokio::test]
async fn each_action_is_undone_as_one() {
    let (library, _folder) = library_of(4).await;
    topics::add_custom(&library, "Harbours").await.unwrap().unwrap();
    articles::apply_action(&library, 3, ArticleAction::Read, noon()).await.unwrap();
    articles::apply_action(&library, 3, ArticleAction::Star, noon()).await.unwrap();
    articles::apply_action(&library, 3, ArticleAction::Archive, noon()).await.unwrap();
    articles::apply_action(&library, 4, ArticleAction::Delete, noon()).await.unwrap();
    let mut before = Vec::new();
    for id in 1..=4 {
        before.push(look(&library, id).await);
    }
    for (action, changed) in [
        (BulkAction::Read, 2),
        (BulkAction::Unread, 1),
        (BulkAction::Star, 2),
        (BulkAction::Unstar, 1),
        (BulkAction::Archive, 2),
        (BulkAction::Unarchive, 1),
        (BulkAction::Delete, 3),
        (BulkAction::Tag(vec!["Ferries".into(), "Sea".into(), "Hills".into()]), 3),
        (BulkAction::Topic("harbours".into()), 3),
        (BulkAction::Topic("gossip".into()), 0),
    ] {
        let id = run(&library, action.clone(), &[1, 2, 3, 4, 999]).await;
        assert_eq!(counts(&library, id).await, (changed, 0, OperationState::Done), "{action:?}");
        undo(&library, id).await;
        assert_eq!(counts(&library, id).await, (changed, changed, OperationState::Undone), "{action:?}");
        for (id, before) in (1..=4).zip(&before) {
            assert_eq!(look(&library, id).await, *before, "{action:?} {id}");
        }
        assert!(!operations::undo(&library, id).await.unwrap(), "it is undone once");
    }
    assert!(tags::find(&library, "ferries").await.unwrap().is_some());
}

#[tokio::test]
async fn an_undo_keeps_what_was_changed_since() {
    let (library, _folder) = library_of(5).await;
    let archived = run(&library, BulkAction::Archive, &[1, 2, 3, 4, 5]).await;
    let later = noon() + SignedDuration::from_hours(1);
    articles::apply_action(&library, 1, ArticleAction::Unarchive, later).await.unwrap();
    articles::apply_action(&library, 1, ArticleAction::Archive, later).await.unwrap();
    articles::apply_action(&library, 2, ArticleAction::Unarchive, later).await.unwrap();
    run(&library, BulkAction::Delete, &[3]).await;
    run(&library, BulkAction::Purge, &[3]).await;
    undo(&library, archived).await;
    assert_eq!(counts(&library, archived).await, (5, 2, OperationState::Undone));
    assert!(look(&library, 1).await.0.archived, "archived again by hand");
    for id in [2, 4, 5] {
        assert!(!look(&library, id).await.0.archived, "{id}");
    }
    let moved = run(&library, BulkAction::Topic("sport".into()), &[4, 5]).await;
    run(&library, BulkAction::Topic("science".into()), &[5]).await;
    undo(&library, moved).await;
    assert_eq!((look(&library, 4).await.1.as_str(), look(&library, 5).await.1.as_str()), ("unsorted", "science"));
}

#[tokio::test]
async fn an_interrupted_operation_goes_on_with_the_same_articles() {
    let count = BATCH_SIZE * 2 + 30;
    let (library, folder) = library_of(count).await;
    let all = lists::list_ids(&library, &Filter::default(), i64::MAX).await.unwrap();
    let id = start(&library, BulkAction::Archive, &all, noon()).await;
    operations::run_batch(&library, id, noon()).await.unwrap();
    library.close().await;

    let library = Library::open(folder.path(), 1).await.unwrap();
    assert_eq!(operations::find_unfinished(&library).await.unwrap(), Some(id));
    assert_eq!(counts(&library, id).await.2, OperationState::Running);
    let new = article("example.org", 9999);
    articles::add(&library, &new).await.unwrap();
    finish(&library, id).await;
    assert_eq!(counts(&library, id).await, (i64::try_from(count).unwrap(), 0, OperationState::Done));
    let left = lists::list(&library, &Filter::default(), Position::START, 9).await.unwrap();
    assert_eq!(left.cards.len(), 1, "the article that arrived meanwhile is not archived");

    assert!(operations::undo(&library, id).await.unwrap());
    operations::run_batch(&library, id, noon()).await.unwrap();
    assert_eq!(counts(&library, id).await.2, OperationState::Undoing);
    library.close().await;
    let library = Library::open(folder.path(), 1).await.unwrap();
    finish(&library, id).await;
    assert_eq!(lists::list_ids(&library, &Filter::default(), i64::MAX).await.unwrap().len(), count + 1);
    assert_eq!(operations::find_unfinished(&library).await.unwrap(), None);
}

#[tokio::test]
async fn undoing_a_running_operation_stops_it() {
    let (library, _folder) = library_of(BATCH_SIZE + 5).await;
    let all = lists::list_ids(&library, &Filter::default(), i64::MAX).await.unwrap();
    let id = start(&library, BulkAction::Delete, &all, noon()).await;
    operations::run_batch(&library, id, noon()).await.unwrap();
    undo(&library, id).await;
    let batch = i64::try_from(BATCH_SIZE).unwrap();
    assert_eq!(counts(&library, id).await, (batch, batch, OperationState::Undone));
    assert_eq!(lists::list_ids(&library, &Filter::default(), i64::MAX).await.unwrap().len(), all.len());
}

#[tokio::test]
async fn only_articles_in_the_trash_are_purged_and_that_cannot_be_undone() {
    let (library, _folder) = library_of(2).await;
    articles::apply_action(&library, 1, ArticleAction::Delete, noon()).await.unwrap();
    let id = run(&library, BulkAction::Purge, &[1, 2]).await;
    assert_eq!(counts(&library, id).await.0, 1);
    assert!(articles::find(&library, 1).await.unwrap().is_none());
    assert!(articles::find(&library, 2).await.unwrap().is_some());
    assert!(!operations::undo(&library, id).await.unwrap());
    assert!(!operations::find(&library, id).await.unwrap().unwrap().can_undo());
}

#[tokio::test]
async fn operations_are_forgotten_after_thirty_days() {
    let (library, _folder) = library_of(3).await;
    let old = run(&library, BulkAction::Star, &[1, 2, 3]).await;
    let day = SignedDuration::from_hours(24);
    while operations::delete_old(&library, noon() + day * 30).await.unwrap() {}
    assert!(operations::find(&library, old).await.unwrap().is_some());
    operations::renew(&library, noon() + day * 10).await.unwrap();
    while operations::delete_old(&library, noon() + day * 31).await.unwrap() {}
    assert_eq!(operations::list(&library, i64::MAX, 9).await.unwrap().len(), 1, "a wrong clock took nothing");
    while operations::delete_old(&library, noon() + day * 41).await.unwrap() {}
    assert_eq!(operations::list(&library, i64::MAX, 9).await.unwrap(), []);
}
