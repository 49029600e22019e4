//! Limits concurrent requests per host.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Concurrent requests to one host.
const MAX_PER_HOST: usize = 2;

/// A semaphore for each host in use.
#[derive(Default)]
pub(super) struct HostLimiter(Mutex<HashMap<String, Arc<Semaphore>>>);

impl HostLimiter {
    /// Waits until `host` has room. Dropping the permit frees the place.
    pub(super) async fn acquire(&self, host: &str) -> OwnedSemaphorePermit {
        let semaphore = self.semaphore(host);
        semaphore.acquire_owned().await.expect("semaphores are dropped, never closed")
    }

    fn semaphore(&self, host: &str) -> Arc<Semaphore> {
        let mut semaphores = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Running and waiting requests hold their semaphore, so those only the map holds are unused. This keeps the map
        // as small as the number of hosts in use.
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
