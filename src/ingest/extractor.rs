//! Runs extractions: on threads of their own, few at a time, within the memory budget, and not for long.

use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use extract::{Stop, Stopped};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::ingest::memory_budget::{MemoryBudget, Reservation};
use crate::ingest::trial::Trial;

/// How long one extraction may run. The worst pages that pass the limits on size take a third of this on a slow machine.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How long a stopped extraction may take to give its thread back.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// Runs extractions. Clones share the limits.
#[derive(Debug, Clone)]
pub struct Extractor {
    slots: Arc<Semaphore>,
    slot_count: u32,
    memory: MemoryBudget,
    time_limit: Duration,
    /// For pages that may have ended the program; without one, they are read as others are.
    pub(super) trial: Option<Trial>,
}

/// An extraction took longer than it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Reading this page took longer than {} seconds, so Broadsheet gave up.", TIME_LIMIT.as_secs())]
pub struct TooSlow;

/// What else may run during an extraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Company {
    /// Other extractions, as far as the limits allow.
    Others,
    /// No other extraction: this page may have ended the program before.
    Nobody,
}

impl Extractor {
    /// Creates an extractor that leaves one core to people's requests.
    #[must_use]
    pub fn new(memory: MemoryBudget) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let slot_count = u32::try_from(cores).unwrap_or(1).saturating_sub(1).max(1);
        Self {
            slots: Arc::new(Semaphore::new(slot_count as usize)),
            slot_count,
            memory,
            time_limit: TIME_LIMIT,
            trial: None,
        }
    }

    /// Sets how suspected pages are tried.
    #[must_use]
    pub fn with_trial(self, trial: Trial) -> Self {
        Self { trial: Some(trial), ..self }
    }

    /// Waits for memory for a page of this size.
    pub(super) async fn reserve(&self, page_bytes: usize, company: Company) -> Reservation {
        match company {
            Company::Others => self.memory.reserve_for_page(page_bytes).await,
            Company::Nobody => self.memory.reserve_all().await,
        }
    }

    /// Waits until there is a thread to spare.
    pub(super) async fn acquire_slots(&self, company: Company) -> anyhow::Result<SemaphorePermit<'_>> {
        let wanted = if company == Company::Nobody { self.slot_count } else { 1 };
        Ok(self.slots.acquire_many(wanted).await?)
    }

    /// Waits for memory for pages of this size and for a thread to spare, and runs `work`.
    ///
    /// # Errors
    /// See [`Extractor::run`].
    pub async fn run_in_turn<T: Send + 'static>(
        &self,
        page_bytes: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> anyhow::Result<T> {
        let _reservation = self.reserve(page_bytes, Company::Others).await;
        let _slot = self.acquire_slots(Company::Others).await?;
        self.run(work).await
    }

    /// Runs `work`, for which the caller has reserved memory and acquired slots.
    ///
    /// # Errors
    /// `work` takes longer than the limit ([`TooSlow`]) or panics.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
        run_within(self.time_limit, work).await
    }
}

/// Runs an extraction for a reader who waits for it, and whose page has passed the limits on size before.
///
/// # Errors
/// See [`Extractor::run`].
pub async fn run_for_reader<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
    run_within(TIME_LIMIT, work).await
}

async fn run_within<T: Send + 'static>(
    time_limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> anyhow::Result<T> {
    let stop = Stop::default();
    let mut task = tokio::task::spawn_blocking({
        let stop = stop.clone();
        move || stop.run(work)
    });
    let ended = match timeout(time_limit, &mut task).await {
        Ok(ended) => ended,
        Err(_) => {
            stop.set();
            timeout(STOP_TIMEOUT, task).await.map_err(|_| {
                tracing::error!("an extraction doesn't stop, and keeps its thread until the program ends");
                TooSlow
            })?
        }
    };
    ended.context("an extraction panicked")?.map_err(|Stopped| TooSlow.into())
}

impl Default for Extractor {
    fn default() -> Self {
        Self::new(MemoryBudget::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_extraction_that_takes_too_long_is_stopped_and_gives_its_thread_back() {
        let extractor = Extractor { time_limit: Duration::ZERO, ..Extractor::default() };
        let slow = extractor.run(|| {
            loop {
                extract::count_words("It rained.");
            }
        });
        let stopped: anyhow::Result<()> = slow.await;
        assert!(stopped.unwrap_err().is::<TooSlow>());
        assert_eq!(Extractor::default().run(|| 1 + 1).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn a_panic_is_an_error() {
        let panics: anyhow::Result<()> = Extractor::default().run(|| panic!("of its own")).await;
        assert!(!panics.unwrap_err().is::<TooSlow>());
    }
}
