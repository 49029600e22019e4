//! The memory that all imports may use together. A page takes several times its size while it is read, and six large
//! ones at once would take a gigabyte. So each page is weighed by its bytes, and waits until there is room.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The budget where the machine has plenty of memory.
pub const MAX_DEFAULT_BYTES: u64 = 512 * 1024 * 1024;

/// Memory that reading a page takes, for each byte of the page: its bytes, its text as UTF-8, the tree and the article.
/// Measured with `cargo bench --bench hostile`: at most 8 for pages of 25 MB.
const BYTES_PER_PAGE_BYTE: u64 = 8;

/// What one permit stands for.
const UNIT: u64 = 64 * 1024;

const NEVER_CLOSED: &str = "the semaphore is never closed";

/// A budget. Clones share it.
#[derive(Debug, Clone)]
pub struct MemoryBudget {
    permits: Arc<Semaphore>,
    total: u32,
    /// For one reservation that may grow although all is taken: else those that wait to grow would wait for each other.
    exception: Arc<Semaphore>,
}

/// A part of the budget, given back when dropped.
#[derive(Debug)]
pub struct Reservation {
    part: OwnedSemaphorePermit,
    exception: Option<OwnedSemaphorePermit>,
    budget: MemoryBudget,
}

impl MemoryBudget {
    /// Creates a budget of so many bytes.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let total = to_units(bytes);
        Self { permits: Arc::new(Semaphore::new(total as usize)), total, exception: Arc::new(Semaphore::new(1)) }
    }

    /// Begins a reservation that grows, from nothing.
    pub(super) async fn begin(&self) -> Reservation {
        self.acquire(0).await
    }

    /// Waits until a page of this size may be read. A page that is too large for the whole budget is read alone.
    pub async fn reserve_for_page(&self, page_bytes: usize) -> Reservation {
        self.acquire(page_units(page_bytes)).await
    }

    /// Waits until nothing else is reserved.
    pub(super) async fn reserve_all(&self) -> Reservation {
        self.acquire(self.total).await
    }

    async fn acquire(&self, units: u32) -> Reservation {
        let part = Arc::clone(&self.permits).acquire_many_owned(units.min(self.total)).await;
        Reservation { part: part.expect(NEVER_CLOSED), exception: None, budget: self.clone() }
    }
}

impl Default for MemoryBudget {
    fn default() -> Self {
        Self::new(MAX_DEFAULT_BYTES)
    }
}

impl Reservation {
    /// Gives back what a page of this size does not need.
    pub(super) fn shrink_to_page(&mut self, page_bytes: usize) {
        self.shrink(page_units(page_bytes) as usize);
    }

    /// Gives back what so many bytes do not need, or waits until there is room for them. When all is taken, one reservation
    /// at a time goes beyond the budget. So those who hold a part of it and need more all come to their end.
    pub(super) async fn resize(&mut self, bytes: usize) {
        let wanted = to_units(bytes as u64);
        let more = wanted.saturating_sub(u32::try_from(self.part.num_permits()).unwrap_or(u32::MAX));
        if more == 0 {
            return self.shrink(wanted as usize);
        }
        if self.exception.is_some() {
            return;
        }
        tokio::select! {
            biased;
            part = Arc::clone(&self.budget.permits).acquire_many_owned(more) => {
                self.part.merge(part.expect(NEVER_CLOSED));
            }
            exception = Arc::clone(&self.budget.exception).acquire_owned() => {
                self.exception = Some(exception.expect(NEVER_CLOSED));
            }
        }
    }

    fn shrink(&mut self, units: usize) {
        let surplus = self.part.num_permits().saturating_sub(units);
        drop(self.part.split(surplus));
    }
}

fn page_units(page_bytes: usize) -> u32 {
    to_units((page_bytes as u64).saturating_mul(BYTES_PER_PAGE_BYTE))
}

fn to_units(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX).clamp(1, 1 << 24)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    const MIB: usize = 1024 * 1024;

    #[test]
    fn pages_wait_until_there_is_room_for_them() {
        let budget = MemoryBudget::new(512 << 20);
        let mut first = budget.reserve_for_page(25 * MIB).now_or_never().unwrap();
        let second = budget.reserve_for_page(25 * MIB).now_or_never().unwrap();
        assert!(budget.reserve_for_page(25 * MIB).now_or_never().is_none());
        assert!(budget.reserve_all().now_or_never().is_none());
        // The page was smaller than announced.
        first.shrink_to_page(MIB);
        let third = budget.reserve_for_page(25 * MIB).now_or_never().unwrap();
        drop((first, second, third));
        assert!(budget.reserve_all().now_or_never().is_some());
    }

    #[test]
    fn those_who_need_more_do_not_wait_for_each_other() {
        let budget = MemoryBudget::new(10 << 20);
        let begin = || budget.begin().now_or_never().unwrap();
        let grow = |part: &mut Reservation, size: usize| part.resize(size * MIB).now_or_never().is_some();
        let (mut first, mut second, mut third) = (begin(), begin(), begin());
        assert!(grow(&mut first, 5) && grow(&mut second, 5));
        assert!(grow(&mut first, 16), "one goes beyond the budget");
        assert!(!grow(&mut second, 6) && !grow(&mut third, 1), "and no other");
        assert!(grow(&mut second, 4) && grow(&mut third, 1));
        drop(first);
        assert!(grow(&mut second, 8));
        assert!(grow(&mut third, 16), "another is the exception now");
    }

    #[test]
    fn a_page_larger_than_the_budget_is_read_alone() {
        let budget = MemoryBudget::new(10 << 20);
        let alone = budget.reserve_for_page(25 * MIB).now_or_never().unwrap();
        assert!(budget.reserve_for_page(1).now_or_never().is_none());
        drop(alone);
        assert!(budget.reserve_for_page(1).now_or_never().is_some());
        assert!(MemoryBudget::new(0).reserve_for_page(usize::MAX).now_or_never().is_some());
    }
}
