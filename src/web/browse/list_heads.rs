//! What stands above the articles of a feed or a folder.

use crate::library::Library;
use crate::web::browse::feed_head::FeedHead;
use crate::web::browse::folder_head::FolderHead;
use crate::web::browse::list_words::ListKind;
use crate::web::shell::action_notice::Notice;
use crate::web::shell::dates::LocalClock;

/// What stands above a list, if it is that of a feed or a folder.
#[derive(Default)]
pub(crate) struct ListHeads {
    /// How the feed is doing.
    pub feed: Option<FeedHead>,
    /// What is in the folder.
    pub folder: Option<FolderHead>,
}

impl ListHeads {
    /// Finds what stands above a list, and says what was just done, as the query says.
    ///
    /// # Errors
    /// The database fails.
    pub async fn find(
        library: &Library,
        kind: ListKind<'_>,
        query: &str,
        clock: &LocalClock,
    ) -> sqlx::Result<(Self, Option<Notice>)> {
        let (feed, feed_notice) = FeedHead::find(library, kind, query, clock).await?.unzip();
        let folder = FolderHead::find(library, kind, query).await?;
        let folder_notice = folder.as_ref().and_then(FolderHead::notice);
        Ok((Self { feed, folder }, feed_notice.flatten().or(folder_notice)))
    }

    /// Returns whether there is nothing.
    pub const fn is_empty(&self) -> bool {
        self.feed.is_none() && self.folder.is_none()
    }
}
