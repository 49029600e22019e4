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

/// A budget. Clones share it.
#[derive(Debug, Clone)]
pub struct MemoryBudget {
    permits: Arc<Semaphore>,
    total: u32,
}

/// A part of the budget, given back when dropped.
#[derive(Debug)]
pub struct Reservation(OwnedSemaphorePermit);

impl MemoryBudget {
    /// Creates a budget of so many bytes.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let total = to_units(bytes);
        Self { permits: Arc::new(Semaphore::new(total as usize)), total }
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
        let permit = Arc::clone(&self.permits).acquire_many_owned(units.min(self.total)).await;
        Reservation(permit.expect("the semaphore is never closed"))
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
        let surplus = self.0.num_permits().saturating_sub(page_units(page_bytes) as usize);
        drop(self.0.split(surplus));
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
    fn a_page_larger_than_the_budget_is_read_alone() {
        let budget = MemoryBudget::new(10 << 20);
        let alone = budget.reserve_for_page(25 * MIB).now_or_never().unwrap();
        assert!(budget.reserve_for_page(1).now_or_never().is_none());
        drop(alone);
        assert!(budget.reserve_for_page(1).now_or_never().is_some());
        assert!(MemoryBudget::new(0).reserve_for_page(usize::MAX).now_or_never().is_some());
    }
}
