//! What is done to a topic itself, as the operation log stores it. Names are those at that time.

mod store;

pub(in crate::library::articles) use store::{file_by_section, merge, revert, set};
pub(in crate::library) use store::{list_in_topic, list_meant_for, move_back, move_some};

use serde::{Deserialize, Serialize};

/// Something done to a topic: what, and to which one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicChange {
    /// Slug of the topic.
    pub slug: String,
    /// What it was called.
    pub name: String,
    /// What is done.
    #[serde(flatten)]
    pub what: TopicEdit,
}

/// What is done to a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum TopicEdit {
    /// It has another name.
    Rename {
        /// The name.
        to: String,
    },
    /// It is not in menus any more.
    Hide,
    /// It is in menus again.
    Show,
    /// It had no articles and is gone.
    Delete,
    /// Another topic takes its articles, old and new.
    Merge {
        /// Slug of the other topic.
        into: String,
        /// What that is called.
        into_name: String,
    },
    /// It takes articles by the publisher's section from now on.
    BeginSections {
        /// The section, by its slug.
        section: String,
    },
    /// It takes no articles by the publisher's section any more.
    EndSections {
        /// The section, by its slug.
        section: String,
    },
    /// It takes articles that are here already, by the publisher's section.
    FileBySection,
}

impl TopicEdit {
    /// Returns whether it is for articles, apart from the topic.
    #[must_use]
    pub const fn moves_articles(&self) -> bool {
        matches!(self, Self::Merge { .. } | Self::FileBySection)
    }
}
