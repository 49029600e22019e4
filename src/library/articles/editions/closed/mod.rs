//! Editions of days that have ended: their order and sections, as they were when the day ended.

mod store;

pub use store::{close, find, find_last, find_neighbors, list};

use crate::library::articles::editions::{Item, Place};

/// An edition as it was stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClosedEdition {
    /// Its stories in order, without those whose article was deleted for good.
    pub items: Vec<ClosedItem>,
    /// How many had no room.
    pub left_out: i64,
}

/// A story of a stored edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedItem {
    /// The article, and its place.
    pub item: Item,
    /// What its section was called.
    pub section_name: Option<String>,
}

/// A line of the list of editions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Stories that were in it.
    pub articles: i64,
}

impl Place {
    /// Returns the word that is stored.
    const fn as_str(&self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Top => "top",
            Self::Section(_) => "section",
            Self::Brief => "brief",
        }
    }

    /// Reads what is stored.
    fn parse(word: &str, section: Option<String>) -> Self {
        match (word, section) {
            ("lead", _) => Self::Lead,
            ("top", _) => Self::Top,
            ("section", Some(section)) => Self::Section(section),
            _ => Self::Brief,
        }
    }
}
