//! Lists of followed feeds: OPML in and out, and plain lists of addresses.
//!
//! A list is a stranger's input. Nothing in it is expanded or fetched, no setting of another program is taken over, and none
//! of ours that would delete anything.

mod builder;
mod plain;
mod read;
mod report;
mod settings;
mod write;

use url::Url;

pub use read::read;
pub use report::{Outcome, ReportLine};
pub use settings::{Keep, NAMESPACE, Pause, Settings, WholeText};
pub use write::write;

/// The most outlines of a list that are read.
pub const MAX_OUTLINES: usize = 100_000;

/// The deepest nesting of folders. What is nested deeper goes to the deepest.
pub const MAX_FOLDER_DEPTH: usize = 32;

/// The most folders of a list. The feeds of others go to the folder around them.
pub const MAX_FOLDERS: usize = 1_000;

/// Feeds in folders. A feed may be in several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The title of the list.
    pub title: Option<String>,
    /// The folders; the first one is the list itself, without a name.
    pub folders: Vec<Folder>,
    /// Every feed once.
    pub feeds: Vec<ListedFeed>,
}

/// A folder, with what is in it in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub children: Vec<Child>,
    /// How long the articles of its feeds stay, if the reader decided that. It is written, and never read.
    pub keep: Option<Keep>,
}

/// Something in a folder, by its position in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Child {
    /// A position in [`List::folders`].
    Folder(usize),
    /// A position in [`List::feeds`].
    Feed(usize),
}

/// A feed of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedFeed {
    /// Its address.
    pub url: Url,
    /// Its name.
    pub name: String,
    /// The page it belongs to.
    pub site_link: Option<Url>,
    /// Our own settings.
    pub settings: Settings,
}

impl Default for List {
    fn default() -> Self {
        List { title: None, folders: vec![Folder::default()], feeds: Vec::new() }
    }
}

/// A list as it was read, and what became of each of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The list.
    pub list: List,
    /// One entry for each outline that is no folder of the list.
    pub report: Vec<ReportLine>,
}

/// The file is no list of feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is no list of feeds: it has neither outlines (OPML) nor links.")]
pub struct NotAList;
