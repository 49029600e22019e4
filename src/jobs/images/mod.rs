//! Fetches the images of articles, after their text. `inline_images` keeps those that a page contains itself.

mod inline_images;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::app::App;
use crate::ingest::fetch::FetchedImage;
use crate::library::Library;
use crate::library::images::{self, DueImage, StoredImage};
use crate::ops::disk_space::DiskState;
use crate::storage::disk_full;

/// Images that are fetched at the same time.
const MAX_CONCURRENT: usize = 8;

/// Images that are fetched from one host at the same time. `fetch` allows two requests per host; the second is left for
/// the page of an article that somebody waits for.
const MAX_PER_HOST: usize = 1;

/// DueImage images that are searched for hosts that are not busy.
const LOOK_AHEAD: i64 = 1000;

/// How often to look for images that are due for a retry.
const POLL_INTERVAL: Duration = Duration::from_secs(20);

/// How often to look for room on a disk that is almost full.
const ROOM_POLL_INTERVAL: Duration = Duration::from_secs(2);

/// Why an image is not kept once images use as much room as they may.
const LIMIT_REACHED: &str = "The disk limit for images is reached (BROADSHEET_IMAGES_LIMIT).";

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
            () = tokio::time::sleep(if app.disk_state() == DiskState::Enough { POLL_INTERVAL } else { ROOM_POLL_INTERVAL }) => {}
        }
    }
}

/// Fetches all images of this library that are due. A slow image only delays those of its own host.
///
/// # Errors
/// The database fails, or the disk is full. Fetches in progress are finished first.
pub async fn fetch_due_images(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    let (mut tasks, mut running_images, mut first_error) = (JoinSet::new(), HashMap::new(), None);
    let mut was_woken = false;
    loop {
        if first_error.is_none() && !stop.is_cancelled() {
            match choose_next(app, library, &running_images).await {
                Ok((chosen, bytes_left)) => running_images.extend(chosen.into_iter().map(|due| {
                    let (app, library, stop) = (app.clone(), library.clone(), stop.clone());
                    let image = due.clone();
                    let task = tasks.spawn(async move { fetch_image(&app, &library, &image, bytes_left, &stop).await });
                    (task.id(), due)
                })),
                Err(error) => first_error = Some(error.into()),
            }
        }
        let ended = tokio::select! {
            biased;
            ended = tasks.join_next_with_id() => ended,
            () = app.wakeups.images.notified() => {
                was_woken = true;
                continue;
            }
        };
        let Some(ended) = ended else {
            if was_woken {
                // The images may be another library's.
                app.wakeups.images.notify_one();
            }
            return first_error.map_or(Ok(()), Err);
        };
        let (id, ended) = match ended {
            Ok((id, ended)) => (id, ended),
            Err(panic) => (panic.id(), Err(panic.into())),
        };
        if let (Some(due), Err(error)) = (running_images.remove(&id), ended) {
            first_error = record_internal_error(app, library, &due, error).await.err().or(first_error);
        }
    }
}

/// Returns the images to fetch next, besides the running ones, and the bytes that images may still use. While the disk is
/// almost full, there are none.
async fn choose_next(
    app: &App,
    library: &Library,
    running_images: &HashMap<Id, DueImage>,
) -> sqlx::Result<(Vec<DueImage>, i64)> {
    let mut chosen: Vec<DueImage> = Vec::new();
    if app.disk_state() != DiskState::Enough {
        return Ok((chosen, 0));
    }
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
    if disk_full::is_disk_full(error.as_ref()) {
        return Err(error);
    }
    tracing::error!(article = due.article_id, error = format_args!("{error:#}"), "couldn't save an image");
    let retry_at = images::next_attempt_at(due.attempts + 1, true, app.now());
    Ok(images::mark_failed(library, due, "Something went wrong in Broadsheet. See the server’s log.", retry_at).await?)
}

/// Fetches an image and saves it, or records why that failed. If there is no room for either, waits: an image that was
/// requested is not requested again for want of room.
async fn fetch_image(
    app: &App,
    library: &Library,
    due: &DueImage,
    bytes_left: i64,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let fail = async |problem: &str, retry_at: Option<Timestamp>| {
        app.write_when_there_is_room(stop, async || Ok(images::mark_failed(library, due, problem, retry_at).await?))
            .await
    };
    if bytes_left <= 0 {
        return fail(LIMIT_REACHED, None).await;
    }
    if extract::is_inline_image(&due.url) {
        return inline_images::keep(app, library, due, bytes_left, stop).await;
    }
    let Ok(url) = Url::parse(&due.url) else { return fail("The image’s link isn’t valid.", None).await };
    let page = due.page_url.as_deref().and_then(|page| Url::parse(page).ok());
    match app.fetcher.fetch_image(&url, page.as_ref()).await {
        Ok(image) => save_image(app, library, due, image, stop).await,
        Err(error) => {
            let retry_at = images::next_attempt_at(due.attempts + 1, error.is_transient(), app.now());
            fail(&error.user_message(), retry_at).await
        }
    }
    .with_context(|| format!("image {} of article {}", due.url, due.article_id))
}

/// Saves an image, as soon as there is room for it.
async fn save_image(
    app: &App,
    library: &Library,
    due: &DueImage,
    image: FetchedImage,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let measured = measure(&image)?;
    let bytes: Arc<[u8]> = image.bytes.into();
    app.write_when_there_is_room(stop, || images::save(library, due, Arc::clone(&bytes), &measured)).await
}

fn measure(image: &FetchedImage) -> anyhow::Result<StoredImage> {
    let size = imagesize::blob_size(&image.bytes).ok();
    let pixels = |length: usize| i64::try_from(length).ok().filter(|length| (1..=100_000).contains(length));
    Ok(StoredImage {
        media_type: image.media_type.to_owned(),
        size: i64::try_from(image.bytes.len())?,
        width: size.and_then(|size| pixels(size.width)),
        height: size.and_then(|size| pixels(size.height)),
    })
}
