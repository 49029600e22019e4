//! The pages that came along in an export, as HTML documents that extraction reads like any other.

use super::archive::Archive;
use super::saved_link::{PageSource, SavedLink, StoredPage};
use crate::ingest::fetch;
use crate::ingest::html_page::{PageHead, write_page};
use crate::library::snapshots::{Snapshot, SnapshotFormat};

/// Larger pages are left out.
const MAX_BYTES: usize = 16 << 20;

/// Returns the page of a link.
///
/// # Errors
/// A sentence for the reader: it is in the file, but cannot be read.
pub(super) fn read(
    archive: Option<&mut Archive>,
    link: &SavedLink,
    max_bytes: usize,
) -> Result<Option<Snapshot>, String> {
    let (html, source) = match (&link.page, archive) {
        (Some(StoredPage::Html(source)), _) => (source.html.clone(), source),
        (Some(StoredPage::Entry(name, source)), Some(archive)) => {
            let bytes = archive.read(name)?;
            (fetch::decode(&bytes, Some("text/html; charset=utf-8")).into_source(), source)
        }
        _ => return Ok(None),
    };
    if html.trim().is_empty() {
        return Ok(None);
    }
    if html.len() > max_bytes.min(MAX_BYTES) {
        return Err("The page that came along is too large.".to_owned());
    }
    let page = write_document(link, source, &html);
    Ok(Some(Snapshot {
        url: link.url.as_ref().map(ToString::to_string),
        content_type: Some("text/html; charset=utf-8".to_owned()),
        format: SnapshotFormat::Html,
        bytes: page.into_bytes(),
    }))
}

/// Gives a text the head that it lacks.
fn write_document(link: &SavedLink, source: &PageSource, html: &str) -> String {
    let start = html[..html.floor_char_boundary(1024)].to_ascii_lowercase();
    if ["<head>", "<head ", "<title"].iter().any(|tag| start.contains(tag)) {
        return html.to_owned();
    }
    let head = PageHead {
        title: link.title.as_deref().unwrap_or_default(),
        author: source.author.as_deref(),
        published: source.published.as_deref(),
        ..PageHead::default()
    };
    write_page(&head, html)
}
