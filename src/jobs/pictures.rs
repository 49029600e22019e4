//! Fetches the pictures of articles, after their text.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::app::App;
use crate::library::Library;
use crate::pictures::{self, Due, Kept};

/// Pictures under way at the same time.
const AT_ONCE: i64 = 8;

/// How often it is looked for pictures whose next try has come.
const LOOK: Duration = Duration::from_secs(20);

/// Until told to stop: fetches what is due in any library.
pub(super) async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        for library in app.every_library().await {
            if let Err(error) = fetch_due(&app, &library, &stop).await {
                tracing::error!(library = library.id(), "fetching pictures: {error:#}");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.work.pictures.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Fetches all pictures of this library that are due now.
///
/// # Errors
/// The database fails, or there is no room.
pub async fn fetch_due(app: &App, library: &Library, stop: &CancellationToken) -> anyhow::Result<()> {
    while !stop.is_cancelled() {
        let due = pictures::due(library, app.now(), AT_ONCE).await?;
        if due.is_empty() {
            return Ok(());
        }
        let room = i64::try_from(app.pictures_limit).unwrap_or(i64::MAX) - pictures::total_size(library).await?;
        let mut under_way = JoinSet::new();
        for due in by_host(due) {
            under_way.spawn(one_by_one(app.clone(), library.clone(), due, room, stop.clone()));
        }
        while let Some(ended) = under_way.join_next().await {
            ended??;
        }
    }
    Ok(())
}

/// Pictures of the same host together.
fn by_host(due: Vec<Due>) -> impl Iterator<Item = Vec<Due>> {
    let mut hosts: BTreeMap<Option<String>, Vec<Due>> = BTreeMap::new();
    for due in due {
        let host = Url::parse(&due.address).ok().and_then(|address| address.host_str().map(str::to_owned));
        hosts.entry(host).or_default().push(due);
    }
    hosts.into_values()
}

/// Pictures of one host, one after the other: the fetcher lets few requests to a host at once, and the page of an article
/// that somebody waits for must not stand behind pictures.
async fn one_by_one(
    app: App,
    library: Library,
    due: Vec<Due>,
    room: i64,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    for due in due {
        if stop.is_cancelled() {
            break;
        }
        one(&app, &library, due, room).await?;
    }
    Ok(())
}

async fn one(app: &App, library: &Library, due: Due, room: i64) -> anyhow::Result<()> {
    if room <= 0 {
        let problem = "The limit for pictures is reached (BROADSHEET_PICTURES_LIMIT).";
        return Ok(pictures::gone_wrong(library, &due, problem, None).await?);
    }
    let Ok(address) = Url::parse(&due.address) else {
        return Ok(pictures::gone_wrong(library, &due, "This is no address of a picture.", None).await?);
    };
    match app.fetcher.picture(&address).await {
        Ok(picture) => keep(library, &due, picture.bytes, picture.media_type).await,
        Err(error) => {
            let next = pictures::next_try(due.tries + 1, error.may_pass(), app.now());
            Ok(pictures::gone_wrong(library, &due, &error.words(), next).await?)
        }
    }
    .with_context(|| format!("picture {} of article {}", due.address, due.article))
}

/// The bytes first, then the row that names them.
async fn keep(library: &Library, due: &Due, bytes: Vec<u8>, media_type: &str) -> anyhow::Result<()> {
    let size = imagesize::blob_size(&bytes).ok();
    let pixels = |length: usize| i64::try_from(length).ok().filter(|length| (1..=100_000).contains(length));
    let kept = Kept {
        media_type: media_type.to_owned(),
        size: i64::try_from(bytes.len())?,
        width: size.and_then(|size| pixels(size.width)),
        height: size.and_then(|size| pixels(size.height)),
    };
    let hash = crate::library::pictures::keep(library, bytes).await?;
    Ok(pictures::arrived(library, due, &hash, &kept).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_one_host_stand_in_one_row_and_those_of_others_beside_it() {
        let due = |address: &str| Due { article: 1, address: address.into(), tries: 0 };
        let rows = by_host(vec![
            due("https://a.example/1"),
            due("https://b.example/2"),
            due("https://A.example:8080/3"),
            due("no address"),
        ]);
        let rows: Vec<Vec<String>> =
            rows.map(|row| row.into_iter().map(|due| due.address).collect::<Vec<_>>()).collect();
        assert_eq!(
            rows,
            [vec!["no address"], vec!["https://a.example/1", "https://A.example:8080/3"], vec!["https://b.example/2"]]
        );
    }
}
