//! The feed that a page or a form is about.

use crate::library::Library;
use crate::library::feeds::{self, Feed};
use crate::web::shell::{Error, Result};

/// Finds a feed that is followed.
///
/// # Errors
/// It is not followed, or the database fails.
pub(super) async fn find_followed(library: &Library, id: i64) -> Result<Feed> {
    let feed = feeds::find(library, id).await?;
    feed.filter(|feed| feed.unfollowed_at.is_none()).ok_or(Error::NotFound)
}
