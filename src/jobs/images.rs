//! Fetches the images of articles, after their text.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;
use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::app::App;
use crate::library::Library;
use crate::library::images::{self, DueImage, StoredImage};
use crate::storage::database;

/// Images that are fetched at the same time.
const MAX_CONCURRENT: usize = 8;

/// Images that are fetched from one host at the same time. `fetch` allows two requests per host; the second is left for
/// the page of an article that somebody waits for.
const MAX_PER_HOST: usize = 1;

/// DueImage images that are searched for hosts that are not busy.
const LOOK_AHEAD: i64 = 1000;

/// How often to look for images that are due for a retry.
const POLL_INTERVAL: Duration = Duration::from_secs(20);

/// Fetches due images in all libraries until `stop`.
pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        for library in app.open_all_libraries().await {
            if let Err(error) = fetch_due_images(&app, &library, &stop).await {
                tracing::error!(library = library.id(), error = format_args!("{error:#}"), "couldn't fetch images");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.wakeups.images.notified() => {}
            () = tokio::time::sleep(POLL_INTERVAL) => {}
        }
    }
}

/// Fetches all images of this library that are due. A slow image only delays those of its own host.
///
/// # Errors
/// The database fails, or the disk is full. Fetches in progress are finished first.
pub async fn fetch_due_images(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    let (mut tasks, mut running_images, mut first_error) = (JoinSet::new(), HashMap::new(), None);
    loop {
        if first_error.is_none() && !stop.is_cancelled() {
            match choose_next(app, library, &running_images).await {
                Ok((chosen, bytes_left)) => running_images.extend(chosen.into_iter().map(|due| {
                    let task = tasks.spawn(fetch_image(app.clone(), library.clone(), due.clone(), bytes_left));
                    (task.id(), due)
                })),
                Err(error) => first_error = Some(error.into()),
            }
        }
        let Some(ended) = tasks.join_next_with_id().await else { return first_error.map_or(Ok(()), Err) };
        let (id, ended) = match ended {
            Ok((id, ended)) => (id, ended),
            Err(panic) => (panic.id(), Err(panic.into())),
        };
        if let (Some(due), Err(error)) = (running_images.remove(&id), ended) {
            first_error = record_internal_error(app, library, &due, error).await.err().or(first_error);
        }
    }
}

/// Returns the images to fetch next, besides the running ones, and the bytes that images may still use.
async fn choose_next(
    app: &App,
    library: &Library,
    running_images: &HashMap<Id, DueImage>,
) -> sqlx::Result<(Vec<DueImage>, i64)> {
    let mut chosen: Vec<DueImage> = Vec::new();
    let due = images::find_due(library, app.now(), LOOK_AHEAD).await?;
    for due in due {
        let started = || running_images.values().chain(&chosen);
        if started().count() == MAX_CONCURRENT {
            break;
        }
        let is_started = started().any(|other| (other.article_id, &other.url) == (due.article_id, &due.url));
        let at_same_host = started().filter(|other| url_host(&other.url) == url_host(&due.url)).count();
        if !is_started && at_same_host < MAX_PER_HOST {
            chosen.push(due);
        }
    }
    let bytes_left = i64::try_from(app.images_limit).unwrap_or(i64::MAX) - images::total_size(library).await?;
    Ok((chosen, bytes_left))
}

/// Returns the host of a URL as written.
fn url_host(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    after_scheme.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Logs an error that is not the image's fault and schedules a retry, so that the image does not block those after it.
/// Returns the error if the disk is full, which affects all images.
async fn record_internal_error(
    app: &App,
    library: &Library,
    due: &DueImage,
    error: anyhow::Error,
) -> anyhow::Result<()> {
    if database::is_disk_full(error.as_ref()) {
        return Err(error);
    }
    tracing::error!(article = due.article_id, error = format_args!("{error:#}"), "couldn't save an image");
    let retry_at = images::next_attempt_at(due.attempts + 1, true, app.now());
    Ok(images::mark_failed(library, due, "Something went wrong in Broadsheet. See the server’s log.", retry_at).await?)
}

async fn fetch_image(app: App, library: Library, due: DueImage, bytes_left: i64) -> anyhow::Result<()> {
    if bytes_left <= 0 {
        let problem = "The disk limit for images is reached (BROADSHEET_IMAGES_LIMIT).";
        return Ok(images::mark_failed(&library, &due, problem, None).await?);
    }
    let Ok(url) = Url::parse(&due.url) else {
        return Ok(images::mark_failed(&library, &due, "The image’s link isn’t valid.", None).await?);
    };
    let page = due.page_url.as_deref().and_then(|page| Url::parse(page).ok());
    match app.fetcher.fetch_image(&url, page.as_ref()).await {
        Ok(image) => store_image(&library, &due, image.bytes, image.media_type).await,
        Err(error) => {
            let retry_at = images::next_attempt_at(due.attempts + 1, error.is_transient(), app.now());
            Ok(images::mark_failed(&library, &due, &error.user_message(), retry_at).await?)
        }
    }
    .with_context(|| format!("image {} of article {}", due.url, due.article_id))
}

/// Writes the file first, then the row that refers to it.
async fn store_image(library: &Library, due: &DueImage, bytes: Vec<u8>, media_type: &str) -> anyhow::Result<()> {
    let size = imagesize::blob_size(&bytes).ok();
    let pixels = |length: usize| i64::try_from(length).ok().filter(|length| (1..=100_000).contains(length));
    let kept = StoredImage {
        media_type: media_type.to_owned(),
        size: i64::try_from(bytes.len())?,
        width: size.and_then(|size| pixels(size.width)),
        height: size.and_then(|size| pixels(size.height)),
    };
    let hash = crate::library::image_files::save(library, bytes).await?;
    Ok(images::mark_stored(library, due, &hash, &kept).await?)
}
