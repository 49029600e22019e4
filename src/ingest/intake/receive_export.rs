//! Stores a file of another service with its links, so that the reader can look at it and then have it imported.

use std::time::Instant;

use jiff::Timestamp;
use tokio::task::spawn_blocking;

use crate::ingest::intake::exports::{Export, Highlight, LeftOut, Record};
use crate::library::Library;
use crate::library::exports::{self, ExportState, NewLink, SavedState};
use crate::library::snapshots::{self, Snapshot};

/// Links in one transaction.
const BATCH: usize = 200;

/// A batch ends behind the page with which it has this many bytes.
const BATCH_BYTES: usize = 32 << 20;

/// What was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterReceiving {
    /// The reader looks at it first.
    Preview,
    /// It is imported at once.
    Import,
}

/// Stores a file. Returns its id. If this fails or the program ends meanwhile, the file is interrupted, and
/// nothing of it is imported.
///
/// # Errors
/// The database or the disk fails.
pub async fn receive_export(
    library: &Library,
    export: Export,
    after: AfterReceiving,
    now: Timestamp,
) -> anyhow::Result<i64> {
    let found = serde_json::to_string(&export.count())?;
    let id = exports::create(library, (&export.file_name, export.service.name(), &found), now).await?;
    if let Err(error) = store_all(library, id, export, after, now).await {
        // On a full disk this fails too; then a job says it a while later.
        exports::interrupt(library, id).await.ok();
        return Err(error);
    }
    Ok(id)
}

async fn store_all(
    library: &Library,
    id: i64,
    export: Export,
    after: AfterReceiving,
    now: Timestamp,
) -> anyhow::Result<()> {
    store_links(library, id, export, now).await?;
    let next = match after {
        AfterReceiving::Preview => ExportState::Preview,
        AfterReceiving::Import => ExportState::Importing,
    };
    let is_moved_on = exports::set_state(library, id, ExportState::Receiving, next).await?;
    anyhow::ensure!(is_moved_on, "the file was removed before all its links were stored");
    Ok(())
}

async fn store_links(library: &Library, id: i64, mut export: Export, now: Timestamp) -> anyhow::Result<()> {
    let mut records = std::mem::take(&mut export.records).into_iter();
    let started_at = Instant::now();
    loop {
        // Unpacking pages takes a while, in which requests would wait.
        let read = move || {
            let links = read_batch(&mut export, &mut records, BATCH_BYTES, now);
            (export, records, links)
        };
        let links;
        (export, records, links) = spawn_blocking(read).await?;
        if links.is_empty() {
            return Ok(());
        }
        let mut ready = Vec::with_capacity(links.len());
        for (mut link, page) in links {
            if let Some(page) = page {
                link.snapshot_id = Some(snapshots::save(library, &page, now).await?);
            }
            ready.push(link);
        }
        exports::add_links(library, id, &ready, now + started_at.elapsed()).await?;
    }
}

fn read_batch(
    export: &mut Export,
    records: &mut impl Iterator<Item = Record>,
    max_bytes: usize,
    now: Timestamp,
) -> Vec<(NewLink, Option<Snapshot>)> {
    let (mut links, mut bytes) = (Vec::new(), 0);
    while links.len() < BATCH && bytes < max_bytes {
        let Some(record) = records.next() else { break };
        let (link, page) = to_new_link(export, record, now);
        bytes += page.as_ref().map_or(0, |page| page.bytes.len());
        links.push((link, page));
    }
    links
}

fn to_new_link(export: &mut Export, record: Record, now: Timestamp) -> (NewLink, Option<Snapshot>) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::intake::UploadedFile;
    use crate::ingest::intake::exports::read_export;

    #[test]
    fn a_batch_ends_where_its_pages_are_too_many_bytes() {
        let item = |number: usize| {
            let (url, content) = (format!("https://a.example/{number}"), "The ferry was late. ".repeat(50));
            serde_json::json!({"url": url, "title": "Late", "is_archived": 0, "is_starred": 0, "content": content})
        };
        let bytes = serde_json::Value::Array((0..10).map(item).collect()).to_string().into_bytes();
        let mut export = read_export(&UploadedFile { name: "w.json".to_owned(), bytes }).unwrap().unwrap();
        let mut records = std::mem::take(&mut export.records).into_iter();
        let mut next = || {
            let batch = read_batch(&mut export, &mut records, 3_000, Timestamp::UNIX_EPOCH);
            assert!(batch.iter().all(|(_, page)| page.is_some()));
            batch.len()
        };
        assert_eq!([next(), next(), next(), next(), next()], [3, 3, 3, 1, 0]);
    }
}
