//! Keeps the images that a page contains itself: takes them out of the stored page instead of fetching them.

use std::collections::HashMap;

use tokio_util::sync::CancellationToken;

use super::save_image;
use crate::app::App;
use crate::ingest::extraction::ArticlePages;
use crate::ingest::fetch::FetchedImage;
use crate::library::Library;
use crate::library::images::{self, DueImage};

/// Images of one page that are kept at once.
const MAX_AT_ONCE: i64 = 1_000;

/// Keeps this image, and all others of its article that the page contains, so that the page is read once.
pub(super) async fn keep(
    app: &App,
    library: &Library,
    due: &DueImage,
    bytes_left: i64,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let Some(pages) = ArticlePages::load_for_article(library, due.article_id).await? else {
        return mark_lost(app, library, due, "The page that contains the image is no longer stored.", stop).await;
    };
    let now = app.now();
    let found = app.extractor.run_in_turn(pages.source_bytes(), move || pages.inline_images(now)).await?;
    let mut found: HashMap<String, Vec<u8>> =
        found.into_iter().map(|image| (String::from(image.url), image.bytes)).collect();
    let mut bytes_left = bytes_left;
    let is_sibling = |other: &DueImage| other.article_id == due.article_id && extract::is_inline_image(&other.url);
    let mut wanted = images::find_due(library, now, MAX_AT_ONCE).await?;
    wanted.retain(|other| is_sibling(other) && other.url != due.url);
    wanted.insert(0, due.clone());
    for image in wanted {
        let Some(kept) = found.remove(&image.url).and_then(FetchedImage::recognize) else {
            mark_lost(app, library, &image, "The page doesn’t contain the image any more.", stop).await?;
            continue;
        };
        bytes_left -= i64::try_from(kept.bytes.len())?;
        if bytes_left < 0 {
            mark_lost(app, library, &image, super::LIMIT_REACHED, stop).await?;
        } else {
            save_image(app, library, &image, kept, stop).await?;
        }
    }
    Ok(())
}

/// Records why an image cannot be had. Trying again would not help.
async fn mark_lost(
    app: &App,
    library: &Library,
    image: &DueImage,
    problem: &str,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    app.write_when_there_is_room(stop, async || Ok(images::mark_failed(library, image, problem, None).await?)).await
}
