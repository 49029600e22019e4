//! How much arrived in each topic in the last seven days, and in the seven before.

mod store;

pub use store::count_weeks;

/// Articles of a topic that are looked at for one week; above, the number is a lower bound.
pub const MAX_COUNTED: i64 = 1000;

/// What arrived in a topic and is not in the trash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weeks {
    /// Slug of the topic.
    pub slug: String,
    /// In the last seven days, up to [`MAX_COUNTED`].
    pub this_week: i64,
    /// In the seven days before, up to [`MAX_COUNTED`].
    pub last_week: i64,
}
