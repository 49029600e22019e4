//! What a reader hands in, made ready for the queue: an address, a pasted page or text, files. Reading it is pure; only
//! [`enqueue`] writes.

mod urls_in_text;
mod files;
mod html_detection;

pub use files::{MAX_URLS, UploadedFile, read_files};
pub use html_detection::looks_like_html;
pub use urls_in_text::read_urls;

use jiff::Timestamp;
use url::Url;

use crate::ingest::fetch;
use crate::library::Library;
use crate::library::imports::{self, Accepted, Input};
use crate::library::snapshots::{self, Form, Snapshot};

/// Something that can be imported, not yet kept anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRequest {
    /// Where the article is; `None` when it was pasted or read from a file without one.
    pub url: Option<Url>,
    /// The page itself; `None`: it is to be fetched.
    pub page: Option<Snapshot>,
    /// The name of the file it came from.
    pub file_name: Option<String>,
    /// The failed import that begins anew with it, where the reader says so.
    pub replaces: Option<i64>,
}

impl ImportRequest {
    /// What a list calls it.
    #[must_use]
    pub fn display_name(&self) -> String {
        let url = self.url.as_ref().map(Url::to_string);
        url.or_else(|| self.file_name.clone()).unwrap_or_else(|| "Pasted text".to_owned())
    }
}

/// Something that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedInput {
    /// What it was: a file's name, a line of a list.
    pub name: String,
    /// Why not, and what to do, in a sentence.
    pub problem: String,
}

/// What a reader says pasted text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PasteFormat {
    /// Let Broadsheet look.
    #[default]
    Auto,
    /// A page's source.
    Html,
    /// Plain text.
    Text,
}

impl PasteFormat {
    /// The kind of this word; [`PasteFormat::Auto`] for any other.
    #[must_use]
    pub fn parse(value: &str) -> Self {
        [Self::Html, Self::Text].into_iter().find(|format| format.as_str() == value).unwrap_or_default()
    }

    /// Its word in a form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Html => "html",
            Self::Text => "text",
        }
    }
}

impl From<Form> for PasteFormat {
    fn from(form: Form) -> Self {
        match form {
            Form::Html => Self::Html,
            Form::Text => Self::Text,
        }
    }
}

/// What is wrong with a pasted page, by the field it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasteError {
    /// The text, and why.
    Page(String),
    /// The address given with it, and why.
    Url(String),
}

/// Reads an address that was typed or pasted.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn read_url(text: &str) -> Result<ImportRequest, String> {
    let url = fetch::parse_url(text).map_err(|error| error.user_message())?;
    Ok(ImportRequest { url: Some(url), page: None, file_name: None, replaces: None })
}

/// Reads a pasted page or text, and the address it came from, which may be empty.
///
/// # Errors
/// Which of the two is wrong, and a sentence.
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
        source_url => Some(fetch::parse_url(source_url).map_err(|error| PasteError::Url(error.user_message()))?),
    };
    let form = match format {
        PasteFormat::Html => Form::Html,
        PasteFormat::Text => Form::Text,
        PasteFormat::Auto if looks_like_html(text) => Form::Html,
        PasteFormat::Auto => Form::Text,
    };
    // A browser hands in UTF-8, whatever the page says of the bytes it once came as.
    let content_type = match form {
        Form::Html => "text/html; charset=utf-8",
        Form::Text => "text/plain; charset=utf-8",
    };
    let page = Snapshot {
        address: url.as_ref().map(Url::to_string),
        content_type: Some(content_type.to_owned()),
        form,
        bytes: text.as_bytes().to_vec(),
    };
    Ok(ImportRequest { url, page: Some(page), file_name: None, replaces: None })
}

/// Keeps what is to be imported and puts it into the queue. When this returns, all of it is on disk; the answers stand in
/// the order of the inputs.
///
/// # Errors
/// The database fails or the disk is full; then nothing was accepted.
pub async fn enqueue(library: &Library, requests: &[ImportRequest], now: Timestamp) -> anyhow::Result<Vec<Accepted>> {
    let mut inputs = Vec::with_capacity(requests.len());
    for request in requests {
        let snapshot = match &request.page {
            Some(page) => Some(snapshots::keep(library, page, now).await?),
            None => None,
        };
        inputs.push(Input {
            address: request.url.clone(),
            snapshot,
            name: request.file_name.clone(),
            replaces: request.replaces,
        });
    }
    Ok(imports::accept_all(library, &inputs, now).await?)
}

#[cfg(test)]
mod tests;
