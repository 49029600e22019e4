//! Follows all feeds of a list, and lists what is followed.

use std::collections::HashMap;

use feeds::opml::{Child, Folder, List};
use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::feeds::lists::{FollowedList, to_listed, to_listed_keep, to_new_feed};
use crate::library::feeds::{self as followed, Followed, folders};

/// Feeds in one transaction.
const BATCH: usize = 100;

/// Follows all feeds of a list, in its folders. Those that are followed already keep their settings.
///
/// # Errors
/// The database fails. What was followed before stays; the same list can be taken again.
pub async fn follow_all(library: &Library, list: &List, now: Timestamp) -> sqlx::Result<FollowedList> {
    let (mut feeds, mut done) = (Vec::with_capacity(list.feeds.len()), FollowedList::default());
    for batch in list.feeds.chunks(BATCH) {
        let mut tx = library.begin_write().await?;
        for listed in batch {
            let followed = followed::follow_in(&mut tx, &to_new_feed(listed), now).await?;
            match followed {
                Followed::Already(_) => done.known += 1,
                Followed::New(_) | Followed::Again(_) => done.new += 1,
            }
            feeds.push(followed);
        }
        tx.commit().await?;
    }
    // Each folder stands behind the one that it is in.
    let mut folder_ids: Vec<Option<i64>> = vec![None; list.folders.len()];
    for (position, folder) in list.folders.iter().enumerate() {
        for children in folder.children.chunks(BATCH) {
            let mut tx = library.begin_write().await?;
            for child in children {
                match (*child, folder_ids[position]) {
                    (Child::Folder(inner), parent) => {
                        let name = &list.folders[inner].name;
                        folder_ids[inner] = Some(folders::add_in(&mut tx, parent, name).await?);
                    }
                    (Child::Feed(feed), Some(folder)) => put_in_folder(&mut tx, folder, feeds[feed]).await?,
                    (Child::Feed(_), None) => {}
                }
            }
            tx.commit().await?;
        }
    }
    Ok(done)
}

async fn put_in_folder(tx: &mut SqliteConnection, folder: i64, feed: Followed) -> sqlx::Result<()> {
    // No list may remove articles, and the folder may have a limit.
    if !matches!(feed, Followed::New(_)) {
        folders::keep_despite_folder(tx, folder, feed.id()).await?;
    }
    folders::put_feed_in(tx, folder, feed.id()).await
}

/// Returns what is followed, as a list.
///
/// # Errors
/// The database fails.
pub async fn export(library: &Library) -> sqlx::Result<List> {
    let (feeds, stored) = (followed::list(library).await?, folders::list(library).await?);
    let feed_positions: HashMap<i64, usize> = feeds.iter().enumerate().map(|(at, feed)| (feed.id, at)).collect();
    let folder_positions: HashMap<i64, usize> =
        stored.iter().enumerate().map(|(at, folder)| (folder.id, at + 1)).collect();
    let mut list = List {
        title: Some("Feeds in Broadsheet".into()),
        folders: vec![Folder::default()],
        feeds: feeds.iter().map(to_listed).collect(),
    };
    let mut is_placed = vec![false; feeds.len()];
    for folder in &stored {
        let placed: Vec<usize> = folder.feeds.iter().filter_map(|feed| feed_positions.get(feed).copied()).collect();
        placed.iter().for_each(|feed| is_placed[*feed] = true);
        let children = placed.into_iter().map(Child::Feed).collect();
        list.folders.push(Folder { name: folder.name.clone(), children, keep: folder.keep.map(to_listed_keep) });
    }
    for (at, folder) in stored.iter().enumerate() {
        let parent = folder.parent_id.and_then(|parent| folder_positions.get(&parent).copied()).unwrap_or(0);
        list.folders[parent].children.push(Child::Folder(at + 1));
    }
    let loose = (0..feeds.len()).filter(|feed| !is_placed[*feed]);
    list.folders[0].children.extend(loose.map(Child::Feed));
    Ok(list)
}
