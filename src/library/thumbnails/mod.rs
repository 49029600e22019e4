//! Small copies of images, for lists: `thumbnails/ab/cdef…`, named as the images they are made of. They are made when first
//! needed and can always be made again, so no row knows them and no backup has them. Where the original is shown
//! instead, since it is small or no image that [`render`](render::render) reads, the file is empty.

mod decoding;
pub mod for_books;
mod render;

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::library::Library;
use crate::library::image_files::{self, ImageHash};

/// Images that are decoded at the same time.
const MAX_CONCURRENT: usize = 2;

/// How long a request waits for a small copy that is still to be made. Making it goes on.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// Largest file of an image that is decoded, in bytes.
const MAX_FILE_BYTES: i64 = 40_000_000;

/// What to show in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thumbnail {
    /// The small copy: its media type and bytes.
    Small(&'static str, Vec<u8>),
    /// The original, since it is small or no image that is made small.
    Original,
    /// The original, until the small copy is made.
    OriginalForNow,
}

/// Makes small copies, a few at a time. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Thumbnailer {
    turns: Arc<Semaphore>,
}

impl Default for Thumbnailer {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(MAX_CONCURRENT)) }
    }
}

impl Thumbnailer {
    /// Returns the small copy of a stored image, and makes it if it is not there yet.
    ///
    /// # Errors
    /// A file cannot be read.
    pub async fn find_or_make(&self, library: &Library, hash: &ImageHash, size: i64) -> anyhow::Result<Thumbnail> {
        if let Some(found) = read(library, hash).await? {
            return Ok(found);
        }
        if size > MAX_FILE_BYTES {
            return Ok(Thumbnail::Original);
        }
        let (making, library, hash) = (self.clone(), library.clone(), hash.clone());
        let made = tokio::spawn(async move { making.make(&library, &hash).await });
        tokio::time::timeout(MAX_WAIT, made).await.map_or(Ok(Thumbnail::OriginalForNow), |made| made?)
    }

    async fn make(&self, library: &Library, hash: &ImageHash) -> anyhow::Result<Thumbnail> {
        let _turn = self.turns.acquire().await?;
        // Another request may have made it meanwhile.
        if let Some(found) = read(library, hash).await? {
            return Ok(found);
        }
        let original = image_files::path(library, hash);
        let rendering = tokio::task::spawn_blocking(move || {
            Ok::<_, std::io::Error>(render::render(&fs::read(original)?).unwrap_or_default())
        });
        // A decoder that panics has met a file that it cannot read.
        let small = match rendering.await {
            Ok(small) => small?,
            Err(_) => Vec::new(),
        };
        let (library, hash, bytes) = (library.clone(), hash.clone(), small.clone());
        let saved =
            tokio::task::spawn_blocking(move || image_files::write_atomically(&path(&library, &hash), &bytes)).await?;
        if let Err(error) = saved {
            // It is made again next time.
            tracing::warn!(%error, "couldn't keep a small copy of an image");
        }
        Ok(thumbnail(small))
    }
}

fn thumbnail(bytes: Vec<u8>) -> Thumbnail {
    match render::media_type(&bytes) {
        Some(media_type) => Thumbnail::Small(media_type, bytes),
        None => Thumbnail::Original,
    }
}

async fn read(library: &Library, hash: &ImageHash) -> std::io::Result<Option<Thumbnail>> {
    match tokio::fs::read(path(library, hash)).await {
        Ok(bytes) => Ok(Some(thumbnail(bytes))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn path(library: &Library, hash: &ImageHash) -> PathBuf {
    let (start, name) = hash.as_str().split_at(2);
    library.folder().join("thumbnails").join(start).join(name)
}

/// Deletes the small copies of images that are no longer stored. Returns their number.
///
/// # Errors
/// A folder cannot be read, or a file cannot be deleted.
pub async fn delete_without_image(library: &Library) -> anyhow::Result<usize> {
    let library = library.clone();
    tokio::task::spawn_blocking(move || {
        let mut deleted = 0;
        for hash in image_files::list_in(&library.folder().join("thumbnails"))? {
            if !image_files::path(&library, &hash).exists() {
                fs::remove_file(path(&library, &hash))?;
                deleted += 1;
            }
        }
        Ok(deleted)
    })
    .await?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::test_library;

    /// A picture with this many pixels in each direction.
    fn picture(side: u32) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let dots =
            image::RgbImage::from_fn(side, side, |x, y| image::Rgb([(x * 7) as u8, (y * 13) as u8, (x * y) as u8]));
        dots.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[tokio::test]
    async fn a_small_copy_is_made_once_and_deleted_with_its_image() {
        let (library, _folder) = test_library().await;
        let bytes = picture(900);
        let hash = image_files::save(&library, bytes.clone()).await.unwrap();
        let thumbnails = Thumbnailer::default();
        let made = thumbnails.find_or_make(&library, &hash, 1).await.unwrap();
        let Thumbnail::Small("image/jpeg", small) = &made else { panic!("{made:?}") };
        assert!(small.len() * 5 < bytes.len(), "{} of {} bytes", small.len(), bytes.len());
        fs::write(image_files::path(&library, &hash), b"damaged").unwrap();
        assert_eq!(thumbnails.find_or_make(&library, &hash, 1).await.unwrap(), made, "it is not made again");
        assert_eq!(delete_without_image(&library).await.unwrap(), 0);
        image_files::delete(&library, &hash).unwrap();
        assert_eq!(delete_without_image(&library).await.unwrap(), 1);
        assert!(thumbnails.find_or_make(&library, &hash, 1).await.is_err(), "there is nothing to make it of");
    }

    #[tokio::test]
    async fn what_cannot_be_made_small_is_tried_once() {
        let (library, _folder) = test_library().await;
        let hash = image_files::save(&library, b"<svg/>".to_vec()).await.unwrap();
        let thumbnails = Thumbnailer::default();
        assert_eq!(thumbnails.find_or_make(&library, &hash, 6).await.unwrap(), Thumbnail::Original);
        assert_eq!(fs::read(path(&library, &hash)).unwrap(), b"", "noted");
        let large = image_files::save(&library, picture(300)).await.unwrap();
        let too_large = thumbnails.find_or_make(&library, &large, MAX_FILE_BYTES + 1).await.unwrap();
        assert_eq!((too_large, path(&library, &large).exists()), (Thumbnail::Original, false));
    }
}
