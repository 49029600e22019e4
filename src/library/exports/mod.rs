//! Files that other services hand out: one row per file and one per link in it, with what became of it. The report of an
//! import is counted from these rows.

mod store;

pub(super) use store::{PendingLink, is_in_file, pending, record, states_of_import};
pub use store::{
    add_links, count, create, delete, find, interrupt, interrupt_unfinished, list_done, list_imports, list_links,
    list_open, next_importing, set_state,
};

use jiff::Timestamp;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Id, as in `/import/file/{id}`.
    pub id: i64,
    /// Name of the file.
    pub name: String,
    /// Who wrote it, as shown.
    pub service: String,
    /// JSON: what was found in it.
    pub found: String,
    /// How far it is.
    pub state: ExportState,
    /// When it was handed in.
    pub created_at: Timestamp,
}

/// How far the import of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportState {
    /// Its links are being stored.
    Receiving,
    /// Its links were not all stored, since the program ended meanwhile or something failed. Nothing of it is imported.
    Interrupted,
    /// The reader has not said yes.
    Preview,
    /// Its links are being queued.
    Importing,
    /// All its links are queued, or were here.
    Done,
}

impl ExportState {
    const ALL: [Self; 5] = [Self::Receiving, Self::Interrupted, Self::Preview, Self::Importing, Self::Done];

    /// Returns the value of the column `state`. Those that are interrupted have a column of their own.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Interrupted => "interrupted",
            Self::Preview => "preview",
            Self::Importing => "importing",
            Self::Done => "done",
        }
    }

    fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.as_str() == word).unwrap_or(Self::Done)
    }
}

/// A link of a file, to be stored.
#[derive(Debug, Clone, Default)]
pub struct NewLink {
    /// Where it stands in the file.
    pub place: String,
    /// `None` if it has only its page.
    pub url: Option<String>,
    /// What is shown of it.
    pub title: Option<String>,
    /// What the reader had done with it.
    pub state: SavedState,
    /// The page that came along, saved already.
    pub snapshot_id: Option<i64>,
    /// Why it cannot be imported: a sentence.
    pub problem: Option<String>,
}

/// What a reader had done with an article in another service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SavedState {
    /// Names of tags.
    pub tags: Vec<String>,
    /// When it was saved.
    pub saved_at: Option<Timestamp>,
    /// It was archived.
    pub is_archived: bool,
    /// It was a favourite.
    pub is_starred: bool,
    /// It was read.
    pub is_read: bool,
    /// Marked passages and notes.
    pub highlights: Vec<Highlight>,
}

/// A passage that the reader marked, or a note.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Highlight {
    /// The passage; empty for a note on the whole article.
    pub quote: String,
    /// The reader's words; empty if there are none.
    pub note: String,
    /// When it was made, in Unix seconds.
    pub created_at: Option<i64>,
}

/// What became of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkOutcome {
    /// Not looked at yet.
    Pending,
    /// Its import has not ended.
    Queued,
    /// It is a new article.
    New,
    /// It was here.
    Existing,
    /// It was in the trash and is restored.
    Restored,
    /// The same link stands in the file before.
    Repeated,
    /// Its import has failed.
    Failed,
    /// It cannot be imported.
    Rejected,
}

impl LinkOutcome {
    /// All outcomes, in the order of a report.
    pub const ALL: [Self; 8] = [
        Self::New,
        Self::Existing,
        Self::Restored,
        Self::Repeated,
        Self::Queued,
        Self::Pending,
        Self::Failed,
        Self::Rejected,
    ];

    /// Returns the value of the column `outcome`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Queued => "queued",
            Self::New => "new",
            Self::Existing => "existing",
            Self::Restored => "restored",
            Self::Repeated => "repeated",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
        }
    }

    /// Parses the value of the column `outcome`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// A line of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRow {
    /// Row id, for the next page.
    pub id: i64,
    /// Where it stands in the file.
    pub place: String,
    /// The link, if it has one.
    pub url: Option<String>,
    /// What is shown of it.
    pub title: Option<String>,
    /// What became of it.
    pub outcome: LinkOutcome,
    /// Why it was rejected or has failed.
    pub problem: Option<String>,
    /// The article, while it exists.
    pub article_id: Option<i64>,
    /// The import, while it is listed.
    pub import_id: Option<i64>,
}
