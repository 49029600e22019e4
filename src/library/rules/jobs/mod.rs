//! Sources whose articles are being extracted again, since their rules have changed.

mod store;

pub(in crate::library::rules) use store::queue;
pub use store::{advance_job, next_job};
pub(in crate::library) use store::{end, queue_for_source};

/// A source whose articles are being extracted again, and the progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleJob {
    /// The source.
    pub source_id: i64,
    /// Articles with this id or a higher one are done.
    pub before_article_id: i64,
    generation: i64,
}
