//! Manners: no site is asked for more than two things at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests that may be under way at one host at once.
const AT_ONCE: usize = 2;

/// Who is at which host now.
#[derive(Default)]
pub(super) struct Turns(Mutex<HashMap<String, Arc<Semaphore>>>);

impl Turns {
    /// Waits until `host` has room; the place is given back when the permit is dropped.
    pub(super) async fn wait_at(&self, host: &str) -> OwnedSemaphorePermit {
        let gate = self.gate(host);
        gate.acquire_owned().await.expect("a gate is never closed, only forgotten")
    }

    fn gate(&self, host: &str) -> Arc<Semaphore> {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Those inside and those who wait hold their gate, so what only the map holds is unused.
        // With this the map is never larger than the number of hosts visited right now.
        gates.retain(|_, gate| Arc::strong_count(gate) > 1);
        let gate = gates.entry(host.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE)));
        Arc::clone(gate)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn the_third_waits_until_one_of_two_has_left() {
        let turns = Turns::default();
        let first = turns.wait_at("a.example").await;
        let _second = turns.wait_at("a.example").await;
        let mut third = Box::pin(turns.wait_at("a.example"));
        assert!(third.as_mut().now_or_never().is_none());
        assert!(turns.wait_at("b.example").now_or_never().is_some());
        drop(first);
        assert!(third.as_mut().now_or_never().is_some());
    }

    #[tokio::test]
    async fn hosts_are_forgotten_when_nobody_is_there() {
        let turns = Turns::default();
        for number in 0..1000 {
            drop(turns.wait_at(&format!("host{number}.example")).await);
        }
        let _here = turns.wait_at("here.example").await;
        assert_eq!(turns.0.lock().unwrap().len(), 1);
    }
}
