//! Manners: no site is asked for more than two things at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests that may be under way at one host at once.
const MAX_PER_HOST: usize = 2;

/// Who is at which host now.
#[derive(Default)]
pub(super) struct HostLimiter(Mutex<HashMap<String, Arc<Semaphore>>>);

impl HostLimiter {
    /// Waits until `host` has room; the place is given back when the permit is dropped.
    pub(super) async fn acquire(&self, host: &str) -> OwnedSemaphorePermit {
        let semaphore = self.semaphore(host);
        semaphore.acquire_owned().await.expect("a gate is never closed, only forgotten")
    }

    fn semaphore(&self, host: &str) -> Arc<Semaphore> {
        let mut semaphores = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Those inside and those who wait hold their gate, so what only the map holds is unused.
        // With this the map is never larger than the number of hosts visited right now.
        semaphores.retain(|_, semaphore| Arc::strong_count(semaphore) > 1);
        let semaphore = semaphores.entry(host.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(MAX_PER_HOST)));
        Arc::clone(semaphore)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn third_request_waits_until_one_of_two_has_finished() {
        let limiter = HostLimiter::default();
        let first = limiter.acquire("a.example").await;
        let _second = limiter.acquire("a.example").await;
        let mut third = Box::pin(limiter.acquire("a.example"));
        assert!(third.as_mut().now_or_never().is_none());
        assert!(limiter.acquire("b.example").now_or_never().is_some());
        drop(first);
        assert!(third.as_mut().now_or_never().is_some());
    }

    #[tokio::test]
    async fn unused_hosts_are_dropped() {
        let limiter = HostLimiter::default();
        for number in 0..1000 {
            drop(limiter.acquire(&format!("host{number}.example")).await);
        }
        let _here = limiter.acquire("here.example").await;
        assert_eq!(limiter.0.lock().unwrap().len(), 1);
    }
}
