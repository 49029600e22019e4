//! What is shown of imports that wait for their site, and of those whose page is gone.

use crate::ingest::failures;
use crate::library::imports::{Import, ImportState};
use crate::web::shell::dates::LocalClock;

/// What is shown of an import that waits for its site.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wait {
    /// "Waits until 14:05".
    pub(super) label: String,
    /// What the site said or did: one sentence. `None` if only its host pauses.
    pub(super) reason: Option<String>,
}

impl Wait {
    /// Returns the wait of an import, if it has one that is not over.
    pub(super) fn find(import: &Import, clock: &LocalClock) -> Option<Self> {
        let until = import.waits_until.filter(|until| *until > clock.now())?;
        let is_waiting = import.state == ImportState::Waiting && !import.waits_for_room;
        let reason = import.wait_reason.as_ref().map(|reason| first_sentence(&reason.message).to_owned());
        is_waiting.then(|| Self { label: format!("Waits until {}", clock.format_time(until)), reason })
    }
}

/// Returns whether a copy in the web archive may help: the page is gone, and the archive was not asked for it.
pub(super) fn offers_archive(import: &Import) -> bool {
    let code = match &import.state {
        ImportState::Failed { code, .. } => Some(code),
        ImportState::Waiting => import.wait_reason.as_ref().map(|reason| &reason.code),
        _ => None,
    };
    import.url.is_some() && !import.is_from_archive && code.is_some_and(|code| failures::is_gone(code))
}

/// Returns the first sentence: what happened, without advice for the reader, since the import goes on by itself.
fn first_sentence(message: &str) -> &str {
    message.find(". ").map_or(message, |end| &message[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_of_a_wait_is_one_sentence() {
        for (message, reason) in [
            ("Too many requests (429). Try again in an hour.", "Too many requests (429)."),
            ("No site named a.test was found. Check the link.", "No site named a.test was found."),
            ("It broke.", "It broke."),
        ] {
            assert_eq!(first_sentence(message), reason);
        }
    }
}
