//! Recognises files in which other services hand out a library, by their content, and turns each into links with what the
//! reader had done with them. Pure.
//!
//! ```text
//! bytes → zip | table | JSON | page → Service, Vec<Record>
//! ```

mod saved_link;
mod dates;
mod tag_syntax;
mod archive;
mod tables;
mod json;
mod bookmarks;
mod zips;
mod stored_pages;

pub use saved_link::{Highlight, LeftOut, Record, SavedLink};

use std::collections::BTreeSet;

use crate::ingest::fetch;
use crate::ingest::intake::files::clean_name;
use crate::ingest::intake::{MAX_URLS, RejectedInput, UploadedFile};
use crate::library::snapshots::Snapshot;
use archive::Archive;
use saved_link::StoredPage;

/// A service that writes exports, or a form that several have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Pocket, before and after 2024.
    Pocket,
    /// Instapaper.
    Instapaper,
    /// Omnivore.
    Omnivore,
    /// Bookmarks in the form that all browsers have, and many services.
    Bookmarks,
    /// Raindrop.io.
    Raindrop,
    /// Readwise Reader.
    Readwise,
    /// wallabag.
    Wallabag,
    /// Pinboard.
    Pinboard,
    /// Matter.
    Matter,
    /// Readeck.
    Readeck,
    /// Linkwarden.
    Linkwarden,
    /// Karakeep, once Hoarder.
    Karakeep,
    /// Feedbin.
    Feedbin,
    /// Starred articles in the form of Google Reader: FreshRSS, Inoreader, Feedly.
    Starred,
    /// A table with a column of links.
    Table,
    /// JSON with links.
    Links,
    /// JSON with nothing in it.
    Empty,
}

impl Service {
    /// Returns its name, as a page shows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pocket => "Pocket",
            Self::Instapaper => "Instapaper",
            Self::Omnivore => "Omnivore",
            Self::Bookmarks => "Bookmarks",
            Self::Raindrop => "Raindrop.io",
            Self::Readwise => "Readwise Reader",
            Self::Wallabag => "wallabag",
            Self::Pinboard => "Pinboard",
            Self::Matter => "Matter",
            Self::Readeck => "Readeck",
            Self::Linkwarden => "Linkwarden",
            Self::Karakeep => "Karakeep",
            Self::Feedbin => "Feedbin",
            Self::Starred => "Starred articles of a feed reader",
            Self::Table => "Table of links",
            Self::Links => "List of links",
            Self::Empty => "Empty list",
        }
    }
}

/// A file of another service.
#[derive(Debug)]
pub struct Export {
    /// Name of the file.
    pub file_name: String,
    /// Who wrote it.
    pub service: Service,
    /// What is in it, in the order of the file.
    pub records: Vec<Record>,
    /// Where the pages are, if they came along in an archive.
    archive: Option<Archive>,
    /// Larger pages are left out.
    max_page_bytes: usize,
}

/// What was found in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Found {
    /// Links that can be imported.
    pub links: usize,
    /// Lines that cannot.
    pub left_out: usize,
    /// Different tags and folders.
    pub tags: usize,
    /// Links that were archived.
    pub archived: usize,
    /// Favourites.
    pub starred: usize,
    /// Links that were read.
    pub read: usize,
    /// Marked passages and notes.
    pub highlights: usize,
    /// Pages that came along.
    pub pages: usize,
    /// First and last date of saving, in Unix seconds.
    pub saved_between: Option<(i64, i64)>,
}

/// Reads a file of another service; `None` for any other file.
///
/// # Errors
/// A sentence for the reader: the file is one, but cannot be imported.
#[must_use]
pub fn read_export(file: &UploadedFile) -> Option<Result<Export, String>> {
    let file_name = clean_name(&file.name);
    if file.bytes.starts_with(b"PK\x03\x04") || file.bytes.starts_with(b"PK\x05\x06") {
        return zips::read(file_name, file.bytes.clone());
    }
    let text = fetch::decode(&file.bytes, None).into_source();
    let read = read_text(&text)?;
    Some(read.and_then(|(service, records)| Export::new(file_name, service, records, None)))
}

/// Takes the files of other services out of uploaded files. Returns them, the files that are left, and those that cannot be
/// imported.
#[must_use]
pub fn take_exports(files: Vec<UploadedFile>) -> (Vec<Export>, Vec<UploadedFile>, Vec<RejectedInput>) {
    let (mut exports, mut rest, mut rejected) = (Vec::new(), Vec::new(), Vec::new());
    for file in files {
        match read_export(&file) {
            None => rest.push(file),
            Some(Ok(export)) => exports.push(export),
            Some(Err(problem)) => rejected.push(RejectedInput { name: clean_name(&file.name), problem }),
        }
    }
    (exports, rest, rejected)
}

/// Reads the text of a file.
fn read_text(text: &str) -> Option<Result<(Service, Vec<Record>), String>> {
    let start = text.trim_start_matches(['\u{feff}', '\u{fffe}']).trim_start();
    match start.bytes().next()? {
        b'{' | b'[' => json::read_json(start).map(Ok),
        b'<' => bookmarks::read_bookmarks(start).map(Ok),
        _ => tables::read_table(text.trim_start_matches('\u{feff}')),
    }
}

impl Export {
    fn new(
        file_name: String,
        service: Service,
        records: Vec<Record>,
        archive: Option<Archive>,
    ) -> Result<Self, String> {
        if records.len() > MAX_URLS {
            return Err(format!("This file has {} links; the limit is {MAX_URLS}. Split it.", records.len()));
        }
        if records.is_empty() {
            return Err("There’s nothing in this file.".to_owned());
        }
        let mut records: Vec<Record> = records.into_iter().map(|record| check(record, archive.is_some())).collect();
        sort_by_date(&mut records);
        Ok(Self { file_name, service, records, archive, max_page_bytes: usize::MAX })
    }

    /// Leaves out pages that are larger than this.
    #[must_use]
    pub fn limit_pages(self, max_page_bytes: usize) -> Self {
        Self { max_page_bytes, ..self }
    }

    /// Counts what was found.
    #[must_use]
    pub fn count(&self) -> Found {
        let links: Vec<&SavedLink> = self.records.iter().filter_map(|record| record.as_ref().ok()).collect();
        let tags: BTreeSet<String> = links.iter().flat_map(|link| &link.tags).map(|tag| tag.to_lowercase()).collect();
        let count = |has: fn(&SavedLink) -> bool| links.iter().filter(|link| has(link)).count();
        let dates = || links.iter().filter_map(|link| link.saved_at).map(jiff::Timestamp::as_second);
        Found {
            links: links.len(),
            left_out: self.records.len() - links.len(),
            tags: tags.len(),
            archived: count(|link| link.archived),
            starred: count(|link| link.starred),
            read: count(|link| link.read),
            highlights: links.iter().map(|link| link.highlights.len()).sum(),
            pages: links.iter().filter(|link| link.page.is_some()).count(),
            saved_between: dates().min().zip(dates().max()),
        }
    }

    /// Returns the page of a link as that service kept it.
    ///
    /// # Errors
    /// A sentence for the reader: it is in the file, but cannot be read.
    pub fn read_page(&mut self, link: &SavedLink) -> Result<Option<Snapshot>, String> {
        stored_pages::read(self.archive.as_mut(), link, self.max_page_bytes)
    }
}

/// Drops a page that is in no archive; leaves out what then has nothing left.
fn check(record: Record, has_archive: bool) -> Record {
    let mut link = record?;
    if !has_archive && matches!(link.page, Some(StoredPage::Entry(..))) {
        link.page = None;
    }
    if link.url.is_some() || link.page.is_some() {
        return Ok(link);
    }
    let reason = "It has no link, and its text isn’t in the file.".to_owned();
    Err(LeftOut { place: link.place, text: link.title.unwrap_or_default(), reason })
}

/// Sorts by the date of saving, oldest first, so that the newest are the last to be added here, too. One without a date stays
/// behind the one before it.
fn sort_by_date(records: &mut [Record]) {
    let date = |record: &Record| record.as_ref().ok().and_then(|link| link.saved_at);
    let is_newest_first = {
        let dates: Vec<_> = records.iter().filter_map(date).collect();
        dates.first() > dates.last()
    };
    if is_newest_first {
        records.reverse();
    }
    let mut before = None;
    records.sort_by_cached_key(|record| {
        before = date(record).or(before);
        before
    });
}
