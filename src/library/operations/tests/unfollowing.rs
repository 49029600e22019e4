//! Following a feed again that was unfollowed.

use feeds::opml::{self, List};

use crate::library::Library;
use crate::library::articles::tests::{library_with, noon};
use crate::library::feeds::lists::FollowedList;
use crate::library::feeds::{self as followed, Feed, FeedSettings, NamedBy, NewFeed, folders};
use crate::library::operations::{self, OperationState};

fn list() -> List {
    opml::read(b"https://post.example/feed", &|_| true).unwrap().list
}

/// Follows the feed of the list, which the reader gives a name and a folder. Returns the folder, too.
async fn follow(library: &Library) -> (Feed, i64) {
    operations::follow_all(library, &list(), noon()).await.unwrap();
    let id = followed::list(library).await.unwrap().remove(0).id;
    let own = FeedSettings { name: Some("My post".into()), newest: Some(7), ..FeedSettings::default() };
    followed::change_settings(library, id, &own).await.unwrap();
    let folder = folders::add(library, None, "Mine").await.unwrap();
    folders::move_feed(library, id, &[folder]).await.unwrap();
    (followed::find(library, id).await.unwrap().unwrap(), folder)
}

async fn folder_of(library: &Library, feed: i64) -> Option<i64> {
    let folders = folders::list(library).await.unwrap();
    folders.into_iter().find(|folder| folder.feeds.contains(&feed)).map(|folder| folder.id)
}

#[tokio::test]
async fn a_feed_that_was_unfollowed_comes_back_by_a_list_as_it_was() {
    let (library, _folder) = library_with(&[]).await;
    let (feed, folder) = follow(&library).await;
    let operation = operations::unfollow(&library, &feed, noon()).await.unwrap().unwrap();
    assert_eq!(folder_of(&library, feed.id).await, None);
    let done = operations::follow_all(&library, &list(), noon()).await.unwrap();
    assert_eq!(done, FollowedList { new: 1, known: 0 });
    let back = followed::find(&library, feed.id).await.unwrap().unwrap();
    assert_eq!((back.settings, back.unfollowed_at), (feed.settings, None));
    assert_eq!(folder_of(&library, feed.id).await, Some(folder));
    let undone = operations::find(&library, operation).await.unwrap().unwrap();
    assert_eq!(undone.state, OperationState::Undoing, "its articles come back, too");
    let again = operations::follow_all(&library, &list(), noon()).await.unwrap();
    assert_eq!(again, FollowedList { new: 0, known: 1 });
}

#[tokio::test]
async fn a_feed_keeps_its_settings_also_when_the_operation_that_unfollowed_it_is_gone() {
    let (library, _folder) = library_with(&[]).await;
    let (feed, _) = follow(&library).await;
    let operation = operations::unfollow(&library, &feed, noon()).await.unwrap().unwrap();
    while operations::run_batch(&library, operation, noon()).await.unwrap() == operations::Progress::Unfinished {}
    let later = noon() + operations::RETENTION + operations::RETENTION;
    while operations::delete_old(&library, later).await.unwrap() {}
    assert!(operations::find(&library, operation).await.unwrap().is_none());
    let (title, settings) = ("Another name".to_owned(), FeedSettings::default());
    let new = NewFeed { url: feed.url.clone(), title, site_url: None, named_by: NamedBy::Reader, settings };
    followed::follow(&library, &new, noon()).await.unwrap();
    let back = followed::find(&library, feed.id).await.unwrap().unwrap();
    assert_eq!((back.settings, back.unfollowed_at), (feed.settings, None));
}

#[tokio::test]
async fn only_what_ended_a_feed_brings_it_back() {
    let (library, _folder) = library_with(&[]).await;
    let (feed, _) = follow(&library).await;
    let operation = operations::unfollow(&library, &feed, noon()).await.unwrap().unwrap();
    let mut tx = library.begin_write().await.unwrap();
    assert!(!followed::follow_again(&mut tx, feed.id, Some(operation + 1)).await.unwrap());
    assert!(followed::follow_again(&mut tx, feed.id, Some(operation)).await.unwrap());
    assert!(!followed::follow_again(&mut tx, feed.id, Some(operation)).await.unwrap());
}
