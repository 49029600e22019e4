//! What all exports are turned into: the links that a reader saved elsewhere, and what they had done with them.

use jiff::Timestamp;
use url::Url;

/// The longest text that is kept of a title, a note or a passage, in characters.
const MAX_CHARS: usize = 10_000;

/// The most tags of a link. More are no work of a person.
const MAX_TAGS: usize = 100;

/// A link that was saved in another service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SavedLink {
    /// Where it stands in the file: `line 12`.
    pub place: String,
    /// `None` for a newsletter or a note that has only its content.
    pub url: Option<Url>,
    /// Its title there.
    pub title: Option<String>,
    /// The reader's tags, and the folders it was in.
    pub tags: Vec<String>,
    /// When it was saved.
    pub saved_at: Option<Timestamp>,
    /// It was archived.
    pub archived: bool,
    /// It was a favourite.
    pub starred: bool,
    /// It was read.
    pub read: bool,
    /// The page as that service kept it.
    pub page: Option<StoredPage>,
    /// Passages that the reader marked, and notes.
    pub highlights: Vec<Highlight>,
}

/// A page that came with the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredPage {
    /// HTML source.
    Html(PageSource),
    /// The name of an entry of the archive, which is read when it is stored.
    Entry(String, PageSource),
}

/// What is known of a stored page. `html` is empty if it is in an entry of the archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageSource {
    /// HTML source, perhaps only the text without a head.
    pub html: String,
    /// Author.
    pub author: Option<String>,
    /// Date, as the file gives it.
    pub published: Option<String>,
}

/// A passage that the reader marked, or a note.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Highlight {
    /// The passage; empty for a note on the whole article.
    pub quote: String,
    /// The reader's words.
    pub note: Option<String>,
    /// When it was made, in Unix seconds.
    pub created_at: Option<i64>,
}

/// A part of a file that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Where it stands in the file: `line 12`.
    pub place: String,
    /// What stands there.
    pub text: String,
    /// Why it is left out, as a sentence.
    pub reason: String,
}

/// A line of a report: a link, or what was left out.
pub type Record = Result<SavedLink, LeftOut>;

impl SavedLink {
    /// Begins a link with its URL.
    ///
    /// # Errors
    /// It is none that can be fetched.
    pub(super) fn new(place: String, url: &str, title: &str) -> Result<Self, LeftOut> {
        let title = clean_title(title, url);
        match crate::ingest::intake::parse_url(url) {
            Ok(parsed) => Ok(Self { place, url: Some(parsed), title, ..Self::default() }),
            Err(error) => {
                let reason = if url.trim().is_empty() { "It has no link.".to_owned() } else { error.user_message() };
                let text = if url.trim().is_empty() { title.unwrap_or_default() } else { shorten(url) };
                Err(LeftOut { place, text, reason })
            }
        }
    }

    /// Adds tags: trimmed, without empty ones and repetitions.
    pub(super) fn add_tags<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        for name in names {
            if self.tags.len() >= MAX_TAGS {
                return;
            }
            let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
            let is_here = self.tags.iter().any(|tag| tag.to_lowercase() == name.to_lowercase());
            if !name.is_empty() && !is_here {
                self.tags.push(name);
            }
        }
    }

    /// Adds the names of a path of folders as tags.
    pub(super) fn add_folders(&mut self, path: &str) {
        self.add_tags(path.split('/'));
    }

    /// Adds a passage or a note, if there is one.
    pub(super) fn add_highlight(&mut self, quote: &str, note: Option<&str>, created_at: Option<Timestamp>) {
        let note = note.map(|note| clip(note.trim())).filter(|note| !note.is_empty());
        let quote = clip(quote.trim());
        if !quote.is_empty() || note.is_some() {
            self.highlights.push(Highlight { quote, note, created_at: created_at.map(Timestamp::as_second) });
        }
    }
}

/// Returns a title on one line; `None` if it is none.
pub(super) fn clean_title(title: &str, url: &str) -> Option<String> {
    let title = clip(&title.split_whitespace().collect::<Vec<_>>().join(" "));
    let is_none = title.is_empty()
        || title == url.trim()
        || ["untitled", "no title found", "problem loading page"].contains(&title.to_lowercase().as_str());
    (!is_none).then_some(title)
}

pub(super) fn shorten(text: &str) -> String {
    crate::library::tags::truncate_for_display(text)
}

fn clip(text: &str) -> String {
    text.chars().take(MAX_CHARS).collect()
}
