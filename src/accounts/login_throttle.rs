//! Slows down guessing: at most so many tries to log in per name, and per address they come from.
//!
//! Tries are counted before the password is looked at, so that a hundred guesses sent at once do not all pass. The count
//! lives in memory: a restart forgets it, and an attacker cannot cause restarts.
//!
//! Tries at a name count for the password it has: whoever sets another one, from the command line too, begins anew. Whoever
//! is logged in and changes their password has a count of their own, so that no stranger can keep them from it.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};

use jiff::{SignedDuration, Timestamp};

use crate::accounts::tokens::TokenHash;

/// Tries are counted over this long.
pub const THROTTLE_WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// Tries per name and window, and per session that would change its password: 10,000 guesses take ten days.
pub const MAX_ATTEMPTS_PER_NAME: usize = 10;

/// Tries per address and window; more than per name, since a household shares one.
pub const MAX_ATTEMPTS_PER_IP: usize = 50;

/// Names and addresses remembered at most, so that made-up ones cannot fill the memory (about 4 MB when full).
const MAX_KEYS: usize = 10_000;

/// What tries are counted by.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// A name, and what is kept of the password it has.
    Name(String, Option<String>),
    /// Where they come from.
    Peer(IpAddr),
    /// Who is logged in already.
    Session(TokenHash),
}

/// The tries of the last [`THROTTLE_WINDOW`].
#[derive(Default)]
pub(super) struct LoginThrottle(HashMap<Key, VecDeque<Timestamp>>);

impl LoginThrottle {
    /// Counts a try, or says how long to wait. What is refused is not counted, so waiting that long helps. Answers with the
    /// word for what has had its last try by this, if that is so.
    pub(super) fn register(&mut self, keys: &[Key], now: Timestamp) -> Result<Option<&'static str>, SignedDuration> {
        let wait = keys.iter().filter_map(|key| self.remaining_wait(key, now)).max();
        if let Some(wait) = wait {
            return Err(wait);
        }
        let mut full = None;
        for key in keys {
            self.evict(key, now);
            let attempts = self.0.entry(key.clone()).or_default();
            attempts.push_back(now);
            full = full.or((attempts.len() >= key.limit()).then_some(key.label()));
        }
        Ok(full)
    }

    /// Forgets the tries of a name once somebody has logged in with it.
    pub(super) fn reset(&mut self, key: &Key) {
        self.0.remove(key);
    }

    /// How long until the next try of this key, if it has had too many.
    fn remaining_wait(&mut self, key: &Key, now: Timestamp) -> Option<SignedDuration> {
        let attempts = self.0.get_mut(key)?;
        attempts.retain(|at| is_recent(*at, now));
        let oldest = *attempts.front().filter(|_| attempts.len() >= key.limit())?;
        Some(oldest.duration_until(now).abs()).map(|age| THROTTLE_WINDOW - age)
    }

    /// Keeps the number of keys bounded: what has expired goes first, then what was tried longest ago.
    fn evict(&mut self, key: &Key, now: Timestamp) {
        if self.0.len() < MAX_KEYS || self.0.contains_key(key) {
            return;
        }
        self.0.retain(|_, attempts| attempts.back().is_some_and(|at| is_recent(*at, now)));
        if self.0.len() >= MAX_KEYS {
            let oldest = self.0.iter().min_by_key(|(_, attempts)| attempts.back()).map(|(key, _)| key.clone());
            oldest.map(|key| self.0.remove(&key));
        }
    }
}

/// Whether a try still counts. A clock that was set back must not lock anybody out, so only the distance matters.
fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at).abs() < THROTTLE_WINDOW
}

impl Key {
    /// Names differ neither by case nor by the spaces around them; a long one is cut, as no account has it.
    pub(super) fn name(name: &str, password_hash: Option<&str>) -> Self {
        let name = name.trim().chars().take(64).flat_map(char::to_lowercase).collect();
        Self::Name(name, password_hash.map(str::to_owned))
    }

    /// One subscriber has a whole IPv6 /64, so that counts as one address.
    pub(super) fn peer(peer: IpAddr) -> Self {
        Self::Peer(match peer.to_canonical() {
            IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
            v4 => v4,
        })
    }

    const fn limit(&self) -> usize {
        match self {
            Self::Name(..) | Self::Session(_) => MAX_ATTEMPTS_PER_NAME,
            Self::Peer(_) => MAX_ATTEMPTS_PER_IP,
        }
    }

    const fn label(&self) -> &'static str {
        match self {
            Self::Name(..) => "name",
            Self::Peer(_) => "address",
            Self::Session(_) => "session",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::constant(1_795_435_200, 0);

    fn name(name: &str) -> Vec<Key> {
        vec![Key::name(name, Some("hash"))]
    }

    fn from(name: &str, peer: &str) -> Vec<Key> {
        vec![Key::name(name, Some("hash")), Key::peer(peer.parse().unwrap())]
    }

    #[test]
    fn the_eleventh_attempt_waits_until_the_first_expires() {
        let mut attempts = LoginThrottle::default();
        for second in 0..10 {
            let full = attempts.register(&name("Ann"), NOON + SignedDuration::from_secs(second)).unwrap();
            assert_eq!(full, (second == 9).then_some("name"), "said once, by the last");
        }
        let soon = NOON + SignedDuration::from_mins(5);
        assert_eq!(attempts.register(&from(" ANN", "192.0.2.1"), soon), Err(SignedDuration::from_mins(10)));
        assert_eq!(attempts.register(&from("Bob", "192.0.2.1"), soon), Ok(None));
        assert!(attempts.register(&name("Ann"), NOON + THROTTLE_WINDOW).is_ok());
        assert!(attempts.register(&name("Ann"), NOON + THROTTLE_WINDOW).is_err());
    }

    #[test]
    fn attempts_on_a_replaced_password_do_not_count() {
        let mut attempts = LoginThrottle::default();
        for _ in 0..10 {
            attempts.register(&name("Ann"), NOON).unwrap();
        }
        assert!(attempts.register(&name("Ann"), NOON).is_err());
        assert_eq!(attempts.register(&[Key::name("Ann", Some("another hash"))], NOON), Ok(None));
    }

    #[test]
    fn an_ip_is_limited_to_fifty_attempts_across_names() {
        let mut attempts = LoginThrottle::default();
        for number in 0..50 {
            let neighbour = format!("2001:db8::{number:x}");
            let full = attempts.register(&from(&format!("name {number}"), &neighbour), NOON).unwrap();
            assert_eq!(full, (number == 49).then_some("address"));
        }
        assert_eq!(attempts.register(&from("another", "2001:db8::ffff"), NOON), Err(THROTTLE_WINDOW));
        assert_eq!(attempts.register(&from("another", "2001:db8:0:1::1"), NOON), Ok(None));
    }

    #[test]
    fn invented_names_do_not_fill_memory() {
        let mut attempts = LoginThrottle::default();
        for number in 0..MAX_KEYS + 500 {
            attempts.register(&name(&number.to_string()), NOON).unwrap();
        }
        assert_eq!(attempts.0.len(), MAX_KEYS);
    }

    #[test]
    fn a_login_resets_attempts_and_a_clock_set_back_locks_nobody_out() {
        let mut attempts = LoginThrottle::default();
        for _ in 0..9 {
            attempts.register(&name("Ann"), NOON).unwrap();
        }
        attempts.reset(&name("ann")[0]);
        for _ in 0..10 {
            attempts.register(&name("Ann"), NOON).unwrap();
        }
        assert_eq!(attempts.register(&name("Ann"), NOON - SignedDuration::from_hours(24)), Ok(None));
    }
}
