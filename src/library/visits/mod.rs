//! When somebody last opened a library. Feeds of one that nobody opens are looked at once a day.
//!
//! Requests only note the time in memory, since a GET changes nothing; the job of feeds stores it.

mod store;

pub use store::{is_deserted, settle};

use jiff::SignedDuration;

/// A library that nobody has opened for this long is deserted.
pub const ABSENCE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A later visit is stored after this time.
const STORED_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// Whether anybody reads a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visit {
    /// It was opened within the last 30 days.
    Usual,
    /// It was opened just now, for the first time in 30 days.
    Return,
    /// It was not opened for 30 days.
    Deserted,
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::library::articles::tests::{library_with, noon};

    fn day(day: i64) -> Timestamp {
        noon() + SignedDuration::from_hours(24 * day)
    }

    #[tokio::test]
    async fn a_library_is_deserted_after_thirty_days_until_it_is_opened() {
        let (library, _folder) = library_with(&[]).await;
        assert_eq!(settle(&library, day(0)).await.unwrap(), Visit::Usual, "one of an older version was opened now");
        assert_eq!(settle(&library, day(29)).await.unwrap(), Visit::Usual);
        assert!(!is_deserted(&library, day(29)).await.unwrap());
        assert_eq!(settle(&library, day(31)).await.unwrap(), Visit::Deserted);
        assert!(is_deserted(&library, day(31)).await.unwrap());
        library.note_opened(day(40));
        assert!(!is_deserted(&library, day(40)).await.unwrap(), "before it is stored, too");
        assert_eq!(settle(&library, day(40)).await.unwrap(), Visit::Return);
        assert_eq!(settle(&library, day(40)).await.unwrap(), Visit::Usual, "a return happens once");
    }

    #[tokio::test]
    async fn a_visit_is_stored_once_a_day_and_outlives_the_program() {
        let (library, folder) = library_with(&[]).await;
        settle(&library, day(0)).await.unwrap();
        library.note_opened(day(20));
        settle(&library, day(20)).await.unwrap();
        drop(library);
        let library = crate::library::Library::open(folder.path(), 1).await.unwrap();
        assert!(!is_deserted(&library, day(45)).await.unwrap());
        assert!(is_deserted(&library, day(51)).await.unwrap());
    }
}
