//! Stops an extraction that takes too long. This crate has no clock: the caller has one, and says when.
//!
//! An extraction has hundreds of loops, and a page may be slow in any of them. So the functions that all of them call
//! ([`check`] lists them) look at a flag of the current thread, and unwind the stack once it is set.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that stops extractions. Clones share it.
///
/// ```
/// let stop = extract::Stop::default();
/// assert_eq!(stop.run(|| 1 + 1), Ok(2));
/// stop.set();
/// let page = extract::Source::Html("<p>It rained all day.");
/// let page = extract::Page { source: page, url: None, now: jiff::Timestamp::UNIX_EPOCH, rules: &[] };
/// assert_eq!(stop.run(|| extract::article(&page)), Err(extract::Stopped));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

/// An extraction was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped;

thread_local! {
    static CURRENT: RefCell<Option<Stop>> = const { RefCell::new(None) };
}

impl Stop {
    /// Stops what runs now and what is run later.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Runs extractions on this thread until the flag is set.
    ///
    /// # Errors
    /// The flag was set before `work` had finished. Its stack is unwound.
    ///
    /// # Panics
    /// `work` panics.
    pub fn run<T>(&self, work: impl FnOnce() -> T) -> Result<T, Stopped> {
        let outer = CURRENT.replace(Some(self.clone()));
        // What `work` has left half done is dropped, or belongs to a caller that drops it.
        let result = catch_unwind(AssertUnwindSafe(work));
        CURRENT.set(outer);
        result.map_err(|payload| *payload.downcast::<Stopped>().unwrap_or_else(|panic| resume_unwind(panic)))
    }
}

/// Unwinds the stack if the extraction on this thread is to stop. The parser calls it for each tag and piece of text, and
/// `dom` for each attribute, walk and text that is read: between two calls, no more than one walk of the tree passes.
pub(crate) fn check() {
    if CURRENT.with_borrow(|current| current.as_ref().is_some_and(|stop| stop.0.load(Ordering::Relaxed))) {
        // Not a panic, so that it is not reported as one.
        resume_unwind(Box::new(Stopped));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_checks_the_flag_ends_and_other_threads_go_on() {
        let stop = Stop::default();
        let endless = std::thread::spawn({
            let stop = stop.clone();
            move || {
                stop.run(|| {
                    loop {
                        check();
                    }
                })
            }
        });
        stop.set();
        assert_eq!(endless.join().unwrap(), Err::<(), _>(Stopped));
        assert_eq!(Stop::default().run(check), Ok(()));
        check();
    }

    #[test]
    fn a_panic_stays_a_panic() {
        let panics = std::thread::spawn(|| Stop::default().run(|| panic!("of its own")));
        assert!(panics.join().unwrap_err().downcast_ref::<&str>().is_some());
    }
}
