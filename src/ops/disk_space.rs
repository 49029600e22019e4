//! How much room the disk of the data folder has, and what Broadsheet leaves out when there is little.
//!
//! | state | when | what happens |
//! |---|---|---|
//! | enough | | everything |
//! | low | less is free than the reserve | no images and no large pages are fetched or accepted |
//! | full | a write failed, or less is free than a small article needs | jobs wait; reading and logging in go on |
//!
//! All states end by themselves. A failed write is remembered until space has become free; where that cannot be seen, as
//! with a quota, until some time has passed.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// A page is large above this many bytes. Pages of articles have 0.1 to 1 MB; those above 2 MB mostly contain images or
/// scripts.
pub const LARGE_PAGE_BYTES: usize = 2_000_000;

/// Free space that a small article needs: its page, its text and its index, and all of them again in the journals.
const MIN_ROOM: u64 = 1 << 20;

/// The default reserve: this part of the disk, but no more than so many bytes.
const RESERVE_DIVISOR: u64 = 20;
const MAX_DEFAULT_RESERVE: u64 = 500_000_000;

/// How long a failed write is remembered if no space becomes free. Doubles while writes go on failing.
const FIRST_RETRY: SignedDuration = SignedDuration::from_secs(5);
const LAST_RETRY: SignedDuration = SignedDuration::from_mins(5);

/// Whether there is room to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DiskState {
    /// There is.
    #[default]
    Enough,
    /// Less is free than the reserve.
    Low,
    /// Nothing can be written.
    Full,
}

/// The size of a disk, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskSize {
    /// Free, as available to unprivileged users.
    pub free: u64,
    /// In all.
    pub total: u64,
}

/// Measures a disk; `None` if its size is unknown.
type Measure = Box<dyn Fn() -> Option<DiskSize> + Send + Sync>;

/// The room on the disk of the data folder. Cheap to clone.
#[derive(Clone)]
pub struct DiskSpace(Arc<Inner>);

struct Inner {
    measure: Measure,
    min_free: Option<u64>,
    failed_write: Mutex<Option<FailedWrite>>,
}

/// The last write that failed for lack of room.
#[derive(Clone, Copy)]
struct FailedWrite {
    at: Timestamp,
    /// Free bytes at that time.
    free: u64,
    /// When to try again if no space becomes free.
    retry_after: SignedDuration,
}

impl DiskSpace {
    /// Measures the disk that holds `folder`. `min_free` is the reserve in bytes; `None` is the default.
    #[must_use]
    pub fn of_folder(folder: &Path, min_free: Option<u64>) -> Self {
        let folder = folder.to_owned();
        Self::new(move || measure(&folder), min_free)
    }

    /// As [`DiskSpace::of_folder`], with another way to measure.
    #[must_use]
    pub fn new(measure: impl Fn() -> Option<DiskSize> + Send + Sync + 'static, min_free: Option<u64>) -> Self {
        Self(Arc::new(Inner { measure: Box::new(measure), min_free, failed_write: Mutex::default() }))
    }

    /// Returns whether there is room to write.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> DiskState {
        let size = (self.0.measure)();
        let failed_write = *self.failed_write();
        if failed_write.is_some_and(|failed| !failed.is_over(size, now)) {
            return DiskState::Full;
        }
        match size {
            Some(size) if size.free < MIN_ROOM => DiskState::Full,
            Some(size) if size.free < self.reserve(size.total) => DiskState::Low,
            _ => DiskState::Enough,
        }
    }

    /// Returns how many bytes must be free for images and large pages; `None` if the size of the disk is unknown.
    #[must_use]
    pub fn reserve_bytes(&self) -> Option<u64> {
        (self.0.measure)().map(|size| self.reserve(size.total))
    }

    /// Records that a write failed for lack of room.
    pub fn report_full(&self, now: Timestamp) {
        let size = (self.0.measure)();
        let mut last = self.failed_write();
        let retry_after = match *last {
            // Several writes fail at the same time.
            Some(failed) if !failed.is_over(size, now) => failed.retry_after,
            Some(failed) if failed.is_recent(now) => (failed.retry_after * 2).min(LAST_RETRY),
            _ => FIRST_RETRY,
        };
        *last = Some(FailedWrite { at: now, free: size.map_or(u64::MAX, |size| size.free), retry_after });
    }

    fn reserve(&self, total: u64) -> u64 {
        self.0.min_free.unwrap_or_else(|| (total / RESERVE_DIVISOR).min(MAX_DEFAULT_RESERVE))
    }

    fn failed_write(&self) -> std::sync::MutexGuard<'_, Option<FailedWrite>> {
        self.0.failed_write.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FailedWrite {
    fn is_over(&self, size: Option<DiskSize>, now: Timestamp) -> bool {
        let free = size.map(|size| size.free);
        let has_room = free.is_none_or(|free| free >= MIN_ROOM);
        let became_free = free.is_some_and(|free| free >= self.free.saturating_add(MIN_ROOM));
        // A clock that was set back must not prolong the wait.
        has_room && (became_free || now.duration_since(self.at).abs() >= self.retry_after)
    }

    /// Returns whether the next failure is probably the same one again.
    fn is_recent(&self, now: Timestamp) -> bool {
        now.duration_since(self.at).abs() < self.retry_after * 3
    }
}

/// Measures the disk that holds `folder`.
#[must_use]
pub fn measure(folder: &Path) -> Option<DiskSize> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
    Some(DiskSize { free: bytes(disk.f_bavail), total: bytes(disk.f_blocks) })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    const NOON: Timestamp = Timestamp::constant(1_795_435_200, 0);
    const MIB: u64 = 1 << 20;

    /// A disk of 1000 MiB, of which `free` are free.
    fn disk(min_free: Option<u64>, free: u64) -> (DiskSpace, Arc<AtomicU64>) {
        let free = Arc::new(AtomicU64::new(free * MIB));
        let shared = Arc::clone(&free);
        let measure = move || Some(DiskSize { free: shared.load(Ordering::Relaxed), total: 1000 * MIB });
        (DiskSpace::new(measure, min_free), free)
    }

    fn seconds(count: i64) -> SignedDuration {
        SignedDuration::from_secs(count)
    }

    #[test]
    fn the_reserve_is_a_twentieth_of_the_disk_but_at_most_500_mb() {
        for (min_free, free, expected) in [
            (None, 50, DiskState::Enough),
            (None, 49, DiskState::Low),
            (None, 1, DiskState::Low),
            (None, 0, DiskState::Full),
            (Some(0), 1, DiskState::Enough),
            (Some(900 * MIB), 899, DiskState::Low),
        ] {
            assert_eq!(disk(min_free, free).0.state(NOON), expected, "{min_free:?} {free}");
        }
        let terabyte = || Some(DiskSize { free: 499_999_999, total: 1 << 40 });
        assert_eq!(DiskSpace::new(terabyte, None).state(NOON), DiskState::Low);
        assert_eq!(DiskSpace::new(terabyte, None).reserve_bytes(), Some(500_000_000));
        assert_eq!(DiskSpace::new(|| None, None).state(NOON), DiskState::Enough);
    }

    #[test]
    fn a_failed_write_counts_until_space_becomes_free() {
        let (space, free) = disk(None, 0);
        space.report_full(NOON);
        assert_eq!(space.state(NOON + seconds(3600)), DiskState::Full, "nothing has become free");
        free.store(100 * MIB, Ordering::Relaxed);
        assert_eq!(space.state(NOON), DiskState::Enough, "at once");
    }

    #[test]
    fn without_visible_free_space_writing_is_tried_again_ever_more_rarely() {
        let (space, _) = disk(None, 100);
        let mut now = NOON;
        for wait in [5, 10, 20, 40, 80, 160, 300, 300] {
            for _ in 0..6 {
                space.report_full(now);
            }
            assert_eq!(space.state(now + seconds(wait - 1)), DiskState::Full, "{wait}");
            now += seconds(wait);
            assert_eq!(space.state(now), DiskState::Enough, "{wait}");
        }
        now += seconds(3600);
        space.report_full(now);
        assert_eq!(space.state(now + seconds(5)), DiskState::Enough, "an old failure does not count");
        space.report_full(now);
        assert_eq!(space.state(now - seconds(3600)), DiskState::Enough, "a clock set back does not prolong the wait");
    }

    #[test]
    fn a_disk_that_is_measured_has_a_size() {
        let size = measure(Path::new("/")).unwrap();
        assert!(size.free <= size.total && size.total > 0);
        assert_eq!(measure(Path::new("/no such folder")), None);
    }
}
