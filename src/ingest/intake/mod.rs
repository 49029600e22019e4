//! What a reader hands in, made ready for the queue: an address, a pasted page or text, files. Reading it is pure; only
//! [`hand_in`] writes.

mod urls_in_text;
mod files;
mod html_detection;

pub use files::{File, MOST_ADDRESSES, files};
pub use html_detection::looks_like_a_page;
pub use urls_in_text::addresses;

use jiff::Timestamp;
use url::Url;

use crate::ingest::fetch;
use crate::library::Library;
use crate::library::imports::{self, Accepted, NewImport};
use crate::library::snapshots::{self, Snapshot, SnapshotFormat};

/// Something that can be imported, not yet kept anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// Where the article is; `None` when it was pasted or read from a file without one.
    pub address: Option<Url>,
    /// The page itself; `None`: it is to be fetched.
    pub page: Option<Snapshot>,
    /// The name of the file it came from.
    pub name: Option<String>,
    /// The failed import that begins anew with it, where the reader says so.
    pub replaces: Option<i64>,
}

impl Ready {
    /// What a list calls it.
    #[must_use]
    pub fn called(&self) -> String {
        let address = self.address.as_ref().map(Url::to_string);
        address.or_else(|| self.name.clone()).unwrap_or_else(|| "Pasted text".to_owned())
    }
}

/// Something that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What it was: a file's name, a line of a list.
    pub what: String,
    /// Why not, and what to do, in a sentence.
    pub problem: String,
}

/// What a reader says pasted text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Let Broadsheet look.
    #[default]
    Auto,
    /// A page's source.
    Html,
    /// Plain text.
    Text,
}

impl Kind {
    /// The kind of this word; [`Kind::Auto`] for any other.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        [Self::Html, Self::Text].into_iter().find(|kind| kind.word() == word).unwrap_or_default()
    }

    /// Its word in a form.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Html => "html",
            Self::Text => "text",
        }
    }
}

impl From<SnapshotFormat> for Kind {
    fn from(form: SnapshotFormat) -> Self {
        match form {
            SnapshotFormat::Html => Self::Html,
            SnapshotFormat::Text => Self::Text,
        }
    }
}

/// What is wrong with a pasted page, by the field it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadPaste {
    /// The text, and why.
    Page(String),
    /// The address given with it, and why.
    Address(String),
}

/// Reads an address that was typed or pasted.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn address(text: &str) -> Result<Ready, String> {
    let address = fetch::parse_address(text).map_err(|error| error.words())?;
    Ok(Ready { address: Some(address), page: None, name: None, replaces: None })
}

/// Reads a pasted page or text, and the address it came from, which may be empty.
///
/// # Errors
/// Which of the two is wrong, and a sentence.
pub fn pasted(text: &str, kind: Kind, from: &str) -> Result<Ready, BadPaste> {
    if text.trim().is_empty() {
        return Err(BadPaste::Page("Nothing was pasted. Paste the article’s text or the page’s HTML.".into()));
    }
    if let Some(problem) = files::no_text(text) {
        return Err(BadPaste::Page(problem));
    }
    if urls_in_text::are_all_there_is(text) {
        let problem = "That’s only a link. Use the link field at the top.";
        return Err(BadPaste::Page(problem.into()));
    }
    let address = match from.trim() {
        "" => None,
        from => Some(fetch::parse_address(from).map_err(|error| BadPaste::Address(error.words()))?),
    };
    let form = match kind {
        Kind::Html => SnapshotFormat::Html,
        Kind::Text => SnapshotFormat::Text,
        Kind::Auto if looks_like_a_page(text) => SnapshotFormat::Html,
        Kind::Auto => SnapshotFormat::Text,
    };
    // A browser hands in UTF-8, whatever the page says of the bytes it once came as.
    let content_type = match form {
        SnapshotFormat::Html => "text/html; charset=utf-8",
        SnapshotFormat::Text => "text/plain; charset=utf-8",
    };
    let page = Snapshot {
        url: address.as_ref().map(Url::to_string),
        content_type: Some(content_type.to_owned()),
        format: form,
        bytes: text.as_bytes().to_vec(),
    };
    Ok(Ready { address, page: Some(page), name: None, replaces: None })
}

/// Keeps what is to be imported and puts it into the queue. When this returns, all of it is on disk; the answers stand in
/// the order of the inputs.
///
/// # Errors
/// The database fails or the disk is full; then nothing was accepted.
pub async fn hand_in(library: &Library, ready: &[Ready], now: Timestamp) -> anyhow::Result<Vec<Accepted>> {
    let mut inputs = Vec::with_capacity(ready.len());
    for one in ready {
        let snapshot = match &one.page {
            Some(page) => Some(snapshots::save(library, page, now).await?),
            None => None,
        };
        inputs.push(NewImport {
            url: one.address.clone(),
            snapshot_id: snapshot,
            file_name: one.name.clone(),
            replaces_id: one.replaces,
        });
    }
    Ok(imports::accept_all(library, &inputs, now).await?)
}

#[cfg(test)]
mod tests;
