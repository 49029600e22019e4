//! Snapshots against the articles and imports that refer to them. Each is decompressed, one after the other.

use std::io::{Read as _, sink};

use jiff::Timestamp;

use crate::library::consistency::store::{self, CompressedPage};
use crate::library::{Library, articles, snapshots};

/// Rows changed in one transaction.
const BATCH: usize = 500;

/// What does not agree.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SnapshotProblems {
    /// Number of pages read.
    pub pages: usize,
    /// Snapshots that articles refer to and that are gone.
    pub missing: Vec<i64>,
    /// Snapshots that cannot be read.
    pub damaged: Vec<i64>,
    /// Snapshots that nothing refers to.
    pub unused: Vec<i64>,
}

/// Compares snapshots with references. Those stored after `started_before` may be waiting for their row, so they count
/// as used.
///
/// # Errors
/// A database fails.
pub async fn check_snapshots(library: &Library, started_before: Timestamp) -> anyhow::Result<SnapshotProblems> {
    let mut problems = SnapshotProblems::default();
    let mut after = 0;
    while let Some(page) = store::next_snapshot(library, after).await? {
        after = page.id;
        problems.pages += 1;
        let first = page.first_id.unwrap_or(page.id);
        let is_used = || async {
            Ok::<_, sqlx::Error>(!articles::find_referenced_snapshots(library, &[first]).await?.is_empty())
        };
        if !is_intact(&page) {
            // A further page is of no use alone, so the first stands for all.
            if problems.damaged.last() != Some(&first) && store::has_snapshot(library, first).await? {
                problems.damaged.push(first);
            }
        } else if page.first_id.is_none() && page.stored_at < started_before.as_second() && !is_used().await? {
            problems.unused.push(page.id);
        }
    }
    let mut after = 0;
    loop {
        let referenced = store::list_snapshot_references(library, after).await?;
        let Some(last) = referenced.last() else { return Ok(problems) };
        after = *last;
        for id in referenced {
            // A server may have deleted both in the meantime, the row first.
            if !store::has_snapshot(library, id).await?
                && !articles::find_referenced_snapshots(library, &[id]).await?.is_empty()
            {
                problems.missing.push(id);
            }
        }
    }
}

fn is_intact(page: &CompressedPage) -> bool {
    let Ok(decoder) = zstd::Decoder::new(page.content.as_slice()) else { return false };
    // One byte more than promised is enough to know, so that a damaged page cannot grow without end.
    let limit = u64::try_from(page.uncompressed_size).unwrap_or_default();
    std::io::copy(&mut decoder.take(limit + 1), &mut sink()).is_ok_and(|size| size == limit)
}

/// Deletes damaged and unused snapshots, and the references to snapshots that are gone. The articles stay.
///
/// # Errors
/// A database fails.
pub async fn repair_snapshots(library: &Library, problems: &SnapshotProblems) -> anyhow::Result<()> {
    let gone: Vec<i64> = problems.missing.iter().chain(&problems.damaged).copied().collect();
    for batch in gone.chunks(BATCH) {
        store::forget_snapshots(library, batch).await?;
    }
    let deleted: Vec<i64> = problems.damaged.iter().chain(&problems.unused).copied().collect();
    for batch in deleted.chunks(BATCH) {
        snapshots::delete(library, batch).await?;
    }
    Ok(())
}
