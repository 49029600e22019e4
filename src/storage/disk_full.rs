//! Recognizes a full disk in errors.

use std::error::Error;
use std::io::ErrorKind;

/// SQLite's result codes for a disk without room. It has one code for a full disk, but an exceeded quota and a delayed
/// allocation that fails come as errors of writing, syncing or enlarging a file.
const CODES: [&str; 5] = ["13", "778", "1034", "1546", "4874"];

/// Returns whether the error, or one of its causes, is a full disk.
#[must_use]
pub fn is_disk_full(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|cause| {
        let code = database_code(cause);
        let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        code.is_some_and(|code| CODES.contains(&code.as_str()))
            || matches!(kind, Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
    })
}

/// Returns whether the same write may succeed later: the disk is full, or the database is busy, out of memory, or could
/// not be opened.
#[must_use]
pub fn is_temporary(error: &(dyn Error + 'static)) -> bool {
    const BUSY: i64 = 5;
    const LOCKED: i64 = 6;
    const NO_MEMORY: i64 = 7;
    const INTERRUPTED: i64 = 9;
    const IO_ERROR: i64 = 10;
    const CANNOT_OPEN: i64 = 14;
    is_disk_full(error)
        || causes(error).any(|cause| {
            // The lowest byte of an extended code is its primary code.
            let primary = database_code(cause).and_then(|code| code.parse::<i64>().ok()).map(|code| code & 0xff);
            matches!(primary, Some(BUSY | LOCKED | NO_MEMORY | INTERRUPTED | IO_ERROR | CANNOT_OPEN))
                || matches!(cause.downcast_ref(), Some(sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed))
        })
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

fn database_code(error: &(dyn Error + 'static)) -> Option<String> {
    match error.downcast_ref::<sqlx::Error>() {
        Some(sqlx::Error::Database(database)) => database.code().map(std::borrow::Cow::into_owned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_recognized_below_other_errors() {
        for (kind, is_full) in
            [(ErrorKind::StorageFull, true), (ErrorKind::QuotaExceeded, true), (ErrorKind::NotFound, false)]
        {
            let error = anyhow::Error::from(std::io::Error::from(kind)).context("saving an image");
            assert_eq!(is_disk_full(error.as_ref()), is_full, "{kind}");
            assert_eq!(is_temporary(error.as_ref()), is_full, "{kind}");
        }
        assert!(!is_disk_full(&sqlx::Error::PoolTimedOut) && is_temporary(&sqlx::Error::PoolTimedOut));
        assert!(!is_temporary(&sqlx::Error::RowNotFound));
    }
}
