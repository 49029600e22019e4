//! What readers are told after others failed to log in as them.

use crate::accounts::FailedLogins;
use crate::web::shell::dates::LocalClock;

/// Returns the notice.
pub(crate) fn text(failed: FailedLogins, clock: &LocalClock) -> String {
    let at = clock.format_date_time(failed.last_at);
    let what = match failed.count {
        1 => format!("One login with your name failed since your last one, on {at}."),
        count => format!("{count} logins with your name failed since your last one, the latest on {at}."),
    };
    format!("{what} If that wasn’t you, somebody may be guessing your password.")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn the_notice_says_how_many_logins_failed_and_when() {
        let at: Timestamp = "2026-11-22T18:40:05Z".parse().unwrap();
        let text = |count| super::text(FailedLogins { count, last_at: at }, &LocalClock::new(at, TimeZone::UTC));
        assert!(
            text(1).starts_with("One login with your name failed since your last one, on 22 November 2026, 18:40.")
        );
        let many = "12 logins with your name failed since your last one, the latest on 22 November 2026, 18:40. If that \
                    wasn’t you";
        assert!(text(12).starts_with(many), "{}", text(12));
    }
}
