//! Looking at all feeds at once, because the reader says so: how far that is, and stopping it.

mod store;

pub use store::{find, is_due, start, stop};

/// How far a refresh of all feeds is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Refresh {
    /// The feeds it is for.
    pub feeds: i64,
    /// Those that are still to be looked at.
    pub left: i64,
}

impl Refresh {
    /// Returns whether it is still running.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        self.left > 0
    }

    /// Returns how many were looked at.
    #[must_use]
    pub const fn done(&self) -> i64 {
        self.feeds - self.left
    }
}
