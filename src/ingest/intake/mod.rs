//! Reads what a reader adds (URLs, pasted pages and texts, files) into import requests. Pure except for [`enqueue`]
//! and [`receive_export`], which store them.

mod urls_in_text;
mod link_finder;
mod files;
mod link_lists;
mod html_tokens;
mod shortcuts;
pub mod exports;
mod receive_export;
mod html_detection;

pub use files::{UploadedFile, read_files};
pub use html_detection::looks_like_html;
pub use receive_export::{AfterReceiving, receive_export};
pub use urls_in_text::{find_shared_urls, read_urls};

use std::collections::HashSet;

use jiff::Timestamp;
use url::Url;

use crate::ingest::fetch;
use crate::library::Library;
use crate::library::imports::{self, Accepted, NewImport};
use crate::library::snapshots::{self, Snapshot, SnapshotFormat};
use crate::urls::UrlKey;

/// URLs per list: the largest collections that other services export.
pub const MAX_URLS: usize = 100_000;

/// An import that is not queued yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRequest {
    /// The article's URL; `None` if it was pasted or uploaded without one.
    pub url: Option<Url>,
    /// The page; `None` if it must be fetched.
    pub page: Option<Snapshot>,
    /// The name of the file it came from.
    pub file_name: Option<String>,
    /// The failed import that it replaces.
    pub replaces: Option<i64>,
}

impl ImportRequest {
    /// Returns its URL, its file name, or "Pasted text".
    #[must_use]
    pub fn display_name(&self) -> String {
        let url = self.url.as_ref().map(Url::to_string);
        url.or_else(|| self.file_name.clone()).unwrap_or_else(|| "Pasted text".to_owned())
    }
}

/// NewImport that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedInput {
    /// A file's name, or a line of a list.
    pub name: String,
    /// What is wrong and what to do, in sentences for the reader.
    pub problem: String,
}

/// The format of pasted text, as chosen by the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PasteFormat {
    /// Detect it.
    #[default]
    Auto,
    /// HTML source.
    Html,
    /// Plain text.
    Text,
}

impl PasteFormat {
    /// Parses a form value; anything unknown is [`PasteFormat::Auto`].
    #[must_use]
    pub fn parse(value: &str) -> Self {
        [Self::Html, Self::Text].into_iter().find(|format| format.as_str() == value).unwrap_or_default()
    }

    /// Returns its form value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Html => "html",
            Self::Text => "text",
        }
    }
}

impl From<SnapshotFormat> for PasteFormat {
    fn from(form: SnapshotFormat) -> Self {
        match form {
            SnapshotFormat::Html => Self::Html,
            SnapshotFormat::Text => Self::Text,
        }
    }
}

/// A problem with pasted input, by form field, with a message for the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasteError {
    /// The text is invalid.
    Page(String),
    /// The URL is invalid.
    Url(String),
}

/// Reads a URL that was typed or pasted.
///
/// # Errors
/// A message for the reader.
pub fn read_url(text: &str) -> Result<ImportRequest, String> {
    let url = parse_url(text).map_err(|error| error.user_message())?;
    Ok(ImportRequest { url: Some(url), page: None, file_name: None, replaces: None })
}

/// Parses a URL as people paste it: without the marks around it and those that cannot be seen.
fn parse_url(text: &str) -> Result<Url, fetch::Error> {
    match urls_in_text::find_single_url(text) {
        Some(url) => fetch::parse_url(&url).map_err(|error| match error {
            fetch::Error::InvalidUrl(_) => fetch::Error::InvalidUrl(text.trim().to_owned()),
            error => error,
        }),
        None => fetch::parse_url(text),
    }
}

/// Reads a pasted page or text and its URL, which may be empty.
///
/// # Errors
/// Which of the two is invalid, with a message for the reader.
pub fn read_paste(text: &str, format: PasteFormat, source_url: &str) -> Result<ImportRequest, PasteError> {
    if text.trim().is_empty() {
        return Err(PasteError::Page("Nothing was pasted. Paste the article’s text or the page’s HTML.".into()));
    }
    if let Some(problem) = files::find_binary_problem(text) {
        return Err(PasteError::Page(problem));
    }
    if urls_in_text::is_only_urls(text) {
        let problem = "That’s only a link. Use the link field at the top.";
        return Err(PasteError::Page(problem.into()));
    }
    let url = match source_url.trim() {
        "" => None,
        source_url => Some(parse_url(source_url).map_err(|error| PasteError::Url(error.user_message()))?),
    };
    let form = match format {
        PasteFormat::Html => SnapshotFormat::Html,
        PasteFormat::Text => SnapshotFormat::Text,
        PasteFormat::Auto if looks_like_html(text) => SnapshotFormat::Html,
        PasteFormat::Auto => SnapshotFormat::Text,
    };
    // Browsers send pasted text as UTF-8, whatever charset the page declares.
    let content_type = match form {
        SnapshotFormat::Html => "text/html; charset=utf-8",
        SnapshotFormat::Text => "text/plain; charset=utf-8",
    };
    let page = Snapshot {
        url: url.as_ref().map(Url::to_string),
        content_type: Some(content_type.to_owned()),
        format: form,
        bytes: text.as_bytes().to_vec(),
    };
    Ok(ImportRequest { url, page: Some(page), file_name: None, replaces: None })
}

/// Rejects inputs with a page over `max_bytes`, for which there is no room on the disk.
#[must_use]
pub fn reject_large_pages(
    inputs: Vec<Result<ImportRequest, RejectedInput>>,
    max_bytes: usize,
) -> Vec<Result<ImportRequest, RejectedInput>> {
    let has_room = |request: &ImportRequest| request.page.as_ref().is_none_or(|page| page.bytes.len() <= max_bytes);
    let check = |input: Result<ImportRequest, RejectedInput>| {
        input.and_then(|request| if has_room(&request) { Ok(request) } else { Err(no_room(&request, max_bytes)) })
    };
    inputs.into_iter().map(check).collect()
}

fn no_room(request: &ImportRequest, max_bytes: usize) -> RejectedInput {
    let megabytes = max_bytes / 1_000_000;
    let problem = format!("It’s over {megabytes} MB, and the disk is almost full. Free some space, then try again.");
    RejectedInput { name: request.display_name(), problem }
}

/// Reads pasted text that is a list of links; `None` for any other text.
#[must_use]
pub fn read_pasted_list(text: &str) -> Option<Vec<Result<ImportRequest, RejectedInput>>> {
    let name = "Pasted text";
    if looks_like_html(text) {
        return link_lists::parse_html_list(name, text);
    }
    let is_markdown = true;
    link_lists::parse_text_list(name, text, link_lists::max_chars_beside_links(is_markdown))
}

/// Removes links that were handed in before in the same list. Returns the rest, and how many were removed.
#[must_use]
pub fn drop_repeated(
    inputs: Vec<Result<ImportRequest, RejectedInput>>,
) -> (Vec<Result<ImportRequest, RejectedInput>>, usize) {
    let (mut seen, total) = (HashSet::new(), inputs.len());
    let is_first = |input: &Result<ImportRequest, RejectedInput>| match input {
        Ok(ImportRequest { url: Some(url), page: None, .. }) => seen.insert(UrlKey::from_url(url)),
        _ => true,
    };
    let rest: Vec<_> = inputs.into_iter().filter(is_first).collect();
    let repeated = total - rest.len();
    (rest, repeated)
}

/// Stores requests and puts them into the import queue. All of them are on disk when this returns. The results are in
/// the order of the requests.
///
/// # Errors
/// The database fails or the disk is full. Nothing is queued then, unless the error is an [`imports::PartlyAccepted`].
pub async fn enqueue(library: &Library, requests: &[ImportRequest], now: Timestamp) -> anyhow::Result<Vec<Accepted>> {
    let mut inputs = Vec::with_capacity(requests.len());
    for request in requests {
        let snapshot = match &request.page {
            Some(page) => Some(snapshots::save(library, page, now).await?),
            None => None,
        };
        inputs.push(NewImport {
            url: request.url.clone(),
            snapshot_id: snapshot,
            file_name: request.file_name.clone(),
            replaces_id: request.replaces,
        });
    }
    Ok(imports::accept_all(library, &inputs, now).await?)
}

#[cfg(test)]
mod tests;
