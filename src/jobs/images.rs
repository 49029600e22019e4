//! Fetches the pictures of articles, after their text.

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

/// Pictures under way at the same time.
const AT_ONCE: usize = 8;

/// Of these at one host. `fetch` asks no host for more than two things at once, and the second place is left to the page
/// of an article that somebody waits for.
const AT_ONE_HOST: usize = 1;

/// DueImage pictures that are looked through for hosts that are not busy.
const LOOK_AHEAD: i64 = 1000;

/// How often it is looked for pictures whose next try has come.
const LOOK: Duration = Duration::from_secs(20);

/// Until told to stop: fetches what is due in any library.
pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        for library in app.every_library().await {
            if let Err(error) = fetch_due(&app, &library, &stop).await {
                tracing::error!(library = library.id(), error = format_args!("{error:#}"), "couldn't fetch images");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.work.pictures.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Fetches all pictures of this library that are due now. One that is slow keeps only its own site waiting.
///
/// # Errors
/// The database fails, or there is no room. What was in hand has been ended all the same.
pub async fn fetch_due(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    let (mut under_way, mut in_hand, mut trouble) = (JoinSet::new(), HashMap::new(), None);
    loop {
        if trouble.is_none() && !stop.is_cancelled() {
            match next(app, library, &in_hand).await {
                Ok((next, room)) => in_hand.extend(next.into_iter().map(|due| {
                    let task = under_way.spawn(one(app.clone(), library.clone(), due.clone(), room));
                    (task.id(), due)
                })),
                Err(error) => trouble = Some(error.into()),
            }
        }
        let Some(ended) = under_way.join_next_with_id().await else { return trouble.map_or(Ok(()), Err) };
        let (id, ended) = match ended {
            Ok((id, ended)) => (id, ended),
            Err(panic) => (panic.id(), Err(panic.into())),
        };
        if let (Some(due), Err(error)) = (in_hand.remove(&id), ended) {
            trouble = our_fault(app, library, &due, error).await.err().or(trouble);
        }
    }
}

/// What can be begun now, beside what is in hand, and the bytes that pictures may still take.
async fn next(app: &App, library: &Library, in_hand: &HashMap<Id, DueImage>) -> sqlx::Result<(Vec<DueImage>, i64)> {
    let mut chosen: Vec<DueImage> = Vec::new();
    let due = images::find_due(library, app.now(), LOOK_AHEAD).await?;
    for due in due {
        let begun = || in_hand.values().chain(&chosen);
        if begun().count() == AT_ONCE {
            break;
        }
        let is_begun = begun().any(|other| (other.article_id, &other.url) == (due.article_id, &due.url));
        let at_its_host = begun().filter(|other| host(&other.url) == host(&due.url)).count();
        if !is_begun && at_its_host < AT_ONE_HOST {
            chosen.push(due);
        }
    }
    let room = i64::try_from(app.pictures_limit).unwrap_or(i64::MAX) - images::total_size(library).await?;
    Ok((chosen, room))
}

/// The host in an address, as it is written there.
fn host(address: &str) -> &str {
    let after_scheme = address.split_once("://").map_or(address, |(_, rest)| rest);
    after_scheme.split(['/', '?', '#']).next().unwrap_or_default()
}

/// A fault that is not the picture's is logged, and the picture has its next try later, so that it does not stand in the
/// way of those behind it. A full disk, though, is one for all.
async fn our_fault(app: &App, library: &Library, due: &DueImage, error: anyhow::Error) -> anyhow::Result<()> {
    if database::is_disk_full(error.as_ref()) {
        return Err(error);
    }
    tracing::error!(article = due.article_id, error = format_args!("{error:#}"), "couldn't save an image");
    let next = images::next_attempt_at(due.attempts + 1, true, app.now());
    Ok(images::mark_failed(library, due, "Something went wrong in Broadsheet. See the server’s log.", next).await?)
}

async fn one(app: App, library: Library, due: DueImage, room: i64) -> anyhow::Result<()> {
    if room <= 0 {
        let problem = "The disk limit for images is reached (BROADSHEET_IMAGES_LIMIT).";
        return Ok(images::mark_failed(&library, &due, problem, None).await?);
    }
    let Ok(address) = Url::parse(&due.url) else {
        return Ok(images::mark_failed(&library, &due, "The image’s link isn’t valid.", None).await?);
    };
    match app.fetcher.picture(&address).await {
        Ok(picture) => keep(&library, &due, picture.bytes, picture.media_type).await,
        Err(error) => {
            let next = images::next_attempt_at(due.attempts + 1, error.may_pass(), app.now());
            Ok(images::mark_failed(&library, &due, &error.words(), next).await?)
        }
    }
    .with_context(|| format!("image {} of article {}", due.url, due.article_id))
}

/// The bytes first, then the row that names them.
async fn keep(library: &Library, due: &DueImage, bytes: Vec<u8>, media_type: &str) -> anyhow::Result<()> {
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
