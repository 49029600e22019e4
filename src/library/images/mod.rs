//! Images of articles: which must be fetched, which are stored, which have failed. Their bytes are in
//! [`crate::library::image_files`].

mod store;

pub(super) use store::set_for_article;
pub use store::{
    DueImage, StoredImage, count_due, delete_unreferenced, find, find_due, is_lead_image_expected, is_referenced,
    mark_failed, mark_stored, total_size,
};

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::library::{Library, bool_from_integer, image_files};

/// Delays before the second and the third attempt to fetch an image. After that, it is given up.
const RETRY_DELAYS: [SignedDuration; 2] = [SignedDuration::from_mins(2), SignedDuration::from_hours(6)];

/// Saves an image: first its file, then the row that refers to it. If the program ends in between, the file is left, and
/// [`delete_files_without_row`] deletes it.
///
/// # Errors
/// The disk is full, or the database fails.
pub async fn save(library: &Library, due: &DueImage, bytes: Arc<[u8]>, image: &StoredImage) -> anyhow::Result<()> {
    let _no_deletion = library.image_files_lock.read().await;
    let hash = image_files::save(library, bytes).await?;
    Ok(mark_stored(library, due, &hash, image).await?)
}

/// Deletes image files that no row refers to, and returns their number.
///
/// # Errors
/// The folder or the database cannot be read, or a file cannot be deleted.
pub async fn delete_files_without_row(library: &Library) -> anyhow::Result<usize> {
    let folder = library.clone();
    let mut deleted = 0;
    for hash in tokio::task::spawn_blocking(move || image_files::list(&folder)).await?? {
        if is_referenced(library, &hash).await? {
            continue;
        }
        // Its row may just be about to be written.
        let _no_saving = library.image_files_lock.write().await;
        if !is_referenced(library, &hash).await? {
            image_files::delete(library, &hash)?;
            deleted += 1;
        }
    }
    Ok(deleted)
}

/// Returns when to fetch an image again after this many failed attempts; `None` if never. Only transient errors are
/// retried.
#[must_use]
pub fn next_attempt_at(attempts: i64, is_transient: bool, now: Timestamp) -> Option<Timestamp> {
    let delay = usize::try_from(attempts).ok().and_then(|attempts| RETRY_DELAYS.get(attempts.saturating_sub(1)))?;
    is_transient.then(|| now + *delay)
}

/// An image of an article, for the article's page.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Image {
    /// URL at the publisher.
    pub url: String,
    /// Hash of our copy.
    pub hash: Option<String>,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// Whether it may still be fetched.
    #[serde(deserialize_with = "bool_from_integer")]
    pub is_pending: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::test_library;

    #[test]
    fn an_image_is_requested_at_most_three_times() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(next_attempt_at(1, true, now), Some(now + SignedDuration::from_mins(2)));
        assert_eq!(next_attempt_at(2, true, now), Some(now + SignedDuration::from_hours(6)));
        assert_eq!(next_attempt_at(3, true, now), None);
        assert_eq!(next_attempt_at(1, false, now), None);
    }

    #[tokio::test]
    async fn files_without_a_row_are_deleted_and_images_being_saved_are_not() {
        let (library, _folder) = test_library().await;
        let due = |name: &str| DueImage {
            article_id: 1,
            url: format!("https://a.example/{name}"),
            attempts: 0,
            page_url: None,
        };
        let png = StoredImage { media_type: "image/png".into(), size: 1, width: None, height: None };
        save(&library, &due("kept"), b"kept".to_vec().into(), &png).await.unwrap();
        image_files::save(&library, b"left by a kill".to_vec()).await.unwrap();
        assert_eq!(delete_files_without_row(&library).await.unwrap(), 1);
        let saving = (0..40_u8).map(|n| {
            let (library, due, png) = (library.clone(), due("new"), png.clone());
            tokio::spawn(async move { save(&library, &due, vec![n].into(), &png).await.unwrap() })
        });
        let saving: Vec<_> = saving.collect();
        for _ in 0..20 {
            assert_eq!(delete_files_without_row(&library).await.unwrap(), 0);
        }
        for saved in saving {
            saved.await.unwrap();
        }
        assert_eq!(image_files::list(&library).unwrap().len(), 41);
    }
}
