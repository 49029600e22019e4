//! How feeds are doing.

mod store;
mod trouble;
mod words;

pub use store::{Pulse, find_outage, find_pulse, list_pulses, list_pulses_of};
pub use trouble::Trouble;
pub use words::{describe_outage, describe_rate, describe_text};

use jiff::SignedDuration;

/// Articles of this time are counted to say how often a feed publishes.
pub const RECENT: SignedDuration = SignedDuration::from_hours(28 * 24);

/// No site that was due for this long could be reached: something is wrong here rather than there.
pub const OUTAGE: SignedDuration = SignedDuration::from_hours(2);

#[cfg(test)]
mod tests {
    use ::feeds::schedule::History;
    use jiff::Timestamp;

    use super::*;
    use crate::library::Library;
    use crate::library::articles::tests::{library_with, noon};
    use crate::library::feeds::looks::{self, Look, LookResult};
    use crate::library::feeds::{self, FeedSettings, LookError, NamedBy, NewFeed};

    /// Follows a feed and records looks at it: hours after noon, and the code of the error, if any.
    async fn follow(library: &Library, url: &str, looks: &[(i64, &str)]) {
        let url = format!("https://{url}/feed").parse().unwrap();
        let settings = FeedSettings::default();
        let new = NewFeed { url, title: "Tides".into(), site_url: None, named_by: NamedBy::Reader, settings };
        let id = feeds::follow(library, &new, noon()).await.unwrap().id();
        for (hours, code) in looks {
            let error = |code: &str| LookError { code: code.to_owned(), message: "It can’t be read.".into() };
            let result = if code.is_empty() { LookResult::Unchanged } else { LookResult::Nothing(error(code)) };
            let (history, now) = (History::default(), after_noon(*hours));
            let look = Look {
                history,
                next: Some(now),
                host_pause: None,
                refused_by: None,
                moved_to: None,
                links: None,
                declared: None,
                result,
            };
            looks::record(library, id, &look, now).await.unwrap();
        }
    }

    fn after_noon(hours: i64) -> Timestamp {
        noon() + SignedDuration::from_hours(hours)
    }

    /// Returns since which hour an outage is said to last, five hours after noon.
    async fn outage_of(feeds: &[(&str, &[(i64, &str)])]) -> Option<i64> {
        let (library, _folder) = library_with(&[]).await;
        for (url, looks) in feeds {
            follow(&library, url, looks).await;
        }
        let since = find_outage(&library, after_noon(5)).await.unwrap()?;
        Some(since.duration_since(noon()).as_hours())
    }

    #[tokio::test]
    async fn only_sites_that_cannot_be_reached_make_an_outage() {
        assert_eq!(outage_of(&[("a.example", &[(0, ""), (2, "timeout"), (4, "network")])]).await, Some(2));
        assert_eq!(outage_of(&[("a.example", &[(1, "no-host")]), ("b.example", &[(0, "")])]).await, Some(1));
        assert_eq!(outage_of(&[("a.example", &[(4, "timeout")])]).await, None, "that may pass");
        for code in ["status-404", "status-5xx", "not-a-feed", "bot-check", "too-large"] {
            assert_eq!(outage_of(&[("a.example", &[(1, code)]), ("b.example", &[(0, "")])]).await, None, "{code}");
        }
    }

    #[tokio::test]
    async fn any_answer_since_then_speaks_against_an_outage() {
        let unreachable: &[(i64, &str)] = &[(1, "timeout")];
        for answer in ["", "status-404", "status-5xx", "status-429"] {
            let other: &[(i64, &str)] = &[(2, answer)];
            assert_eq!(outage_of(&[("a.example", unreachable), ("b.example", other)]).await, None, "{answer}");
        }
        // The last look alone doesn't tell.
        let flapping: &[(i64, &str)] = &[(0, "status-5xx"), (3, "status-5xx"), (4, "timeout")];
        assert_eq!(outage_of(&[("a.example", flapping)]).await, None);
        assert_eq!(outage_of(&[("a.example", unreachable), ("b.example", flapping)]).await, None);
    }

    #[tokio::test]
    async fn what_nobody_was_asked_for_says_nothing_of_the_network() {
        let unreachable: &[(i64, &str)] = &[(1, "network"), (3, "network")];
        for code in ["blocked-url", "invalid-url", "no-room", "internal"] {
            let other: &[(i64, &str)] = &[(2, code)];
            assert_eq!(outage_of(&[("a.example", unreachable), ("b.example", other)]).await, Some(1), "{code}");
            assert_eq!(outage_of(&[("b.example", other)]).await, None, "{code}");
        }
    }
}
