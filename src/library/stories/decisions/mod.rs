//! What the reader decided of stories: that articles belong together or do not. Decisions are about pairs of articles, so they hold
//! whatever stories come and go, and the program never joins or parts them otherwise.

mod store;

pub(in crate::library) use store::{join, revert, split};

use serde::{Deserialize, Serialize};

/// What was decided of an article, as the log stores it: pairs of another article and whether they belong together; `None` if nothing was
/// decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::library) struct Decided(pub Vec<(i64, Option<bool>)>);

impl Decided {
    /// Returns it as JSON.
    pub(in crate::library) fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

/// A change of what was decided of an article.
pub(in crate::library) struct Decision {
    /// The article that was split off or joined.
    pub article: i64,
    /// What held before.
    pub before: Decided,
    /// What holds now.
    pub after: Decided,
}
