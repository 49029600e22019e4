//! Stores a file of another service with its links, so that the reader can look at it and then have it imported.

use jiff::Timestamp;
use tokio::task::spawn_blocking;

use crate::ingest::intake::exports::{Export, Highlight, LeftOut, SavedLink};
use crate::library::Library;
use crate::library::exports::{self, ExportState, NewLink, SavedState};
use crate::library::snapshots::{self, Snapshot};

/// Links in one transaction.
const BATCH: usize = 200;

/// What was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterReceiving {
    /// The reader looks at it first.
    Preview,
    /// It is imported at once.
    Import,
}

/// Stores a file. Returns its id. If the program ends meanwhile, the file counts as not handed in.
///
/// # Errors
/// The database or the disk fails.
pub async fn receive_export(
    library: &Library,
    mut export: Export,
    after: AfterReceiving,
    now: Timestamp,
) -> anyhow::Result<i64> {
    let found = serde_json::to_string(&export.count())?;
    let id = exports::create(library, (&export.file_name, export.service.name(), &found), now).await?;
    let mut records = std::mem::take(&mut export.records).into_iter();
    loop {
        let batch: Vec<_> = records.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        // Unpacking pages takes a while, in which requests would wait.
        let read = move || {
            let links: Vec<_> = batch.into_iter().map(|record| to_new_link(&mut export, record, now)).collect();
            (export, links)
        };
        let (returned, links) = spawn_blocking(read).await?;
        export = returned;
        let mut ready = Vec::with_capacity(links.len());
        for (mut link, page) in links {
            if let Some(page) = page {
                link.snapshot_id = Some(snapshots::save(library, &page, now).await?);
            }
            ready.push(link);
        }
        exports::add_links(library, id, &ready).await?;
    }
    let next = match after {
        AfterReceiving::Preview => ExportState::Preview,
        AfterReceiving::Import => ExportState::Importing,
    };
    exports::set_state(library, id, ExportState::Receiving, next).await?;
    Ok(id)
}

fn to_new_link(export: &mut Export, record: Result<SavedLink, LeftOut>, now: Timestamp) -> (NewLink, Option<Snapshot>) {
    let rejected = |place: String, text: String, problem: String| {
        (NewLink { place, title: Some(text), problem: Some(problem), ..NewLink::default() }, None)
    };
    let link = match record {
        Ok(link) => link,
        Err(LeftOut { place, text, reason }) => return rejected(place, text, reason),
    };
    let page = match export.read_page(&link) {
        // The page itself can still be fetched.
        Err(_) if link.url.is_some() => None,
        Err(problem) => return rejected(link.place, link.title.unwrap_or_default(), problem),
        Ok(page) => page,
    };
    if link.url.is_none() && page.is_none() {
        let problem = "It has no link, and its text is empty.".to_owned();
        return rejected(link.place, link.title.unwrap_or_default(), problem);
    }
    let state = SavedState {
        tags: link.tags,
        saved_at: link.saved_at.filter(|date| *date <= now),
        is_archived: link.archived,
        is_starred: link.starred,
        is_read: link.read,
        highlights: link.highlights.into_iter().map(to_stored).collect(),
    };
    let url = link.url.map(String::from);
    (NewLink { place: link.place, url, title: link.title, state, ..NewLink::default() }, page)
}

fn to_stored(highlight: Highlight) -> exports::Highlight {
    let Highlight { quote, note, created_at } = highlight;
    exports::Highlight { quote, note: note.unwrap_or_default(), created_at }
}
