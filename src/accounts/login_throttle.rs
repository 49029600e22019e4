//! Limits login attempts per name and per IP address, against guessing.
//!
//! Attempts are counted before the password is checked, so that a hundred simultaneous guesses do not all pass. The
//! counts are kept in memory: a restart clears them, but an attacker cannot cause one.
//!
//! Attempts on a name count for its current password hash, so setting a new password, even from the command line,
//! resets them. Attempts of browsers that the person has logged in with before, and password changes in a session, are
//! counted apart, so that a stranger cannot block them.
//!
//! Before attempts are refused, answers become slow: see [`Key::delay`].

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::accounts::devices::Device;
use crate::accounts::tokens::TokenHash;

/// Attempts are counted over this period.
pub const THROTTLE_WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// Attempts per period for a name, for a browser that is known, and for a session that changes its password: 10,000
/// guesses take ten days.
pub const MAX_ATTEMPTS_PER_NAME: usize = 10;

/// Attempts per period for an IP address; higher than per name, since a household shares one.
pub const MAX_ATTEMPTS_PER_IP: usize = 50;

/// Keys kept at most, so that invented names cannot fill memory (about 4 MB when full).
const MAX_KEYS: usize = 10_000;

/// What attempts are counted for.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// A name and the hash of its password.
    Name(String, Option<String>),
    /// The client's IP address.
    Peer(IpAddr),
    /// A browser that the person has logged in with before, by the number in its cookie, and the hash of the password.
    Device(String, Option<String>),
    /// A session that changes its password.
    Session(TokenHash),
}

/// An attempt that is not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Admitted {
    /// How long to hold back the answer.
    pub(super) delay: Duration,
    /// The label of the key that has reached its limit with this attempt, if any.
    pub(super) full: Option<&'static str>,
}

/// The attempts of the last [`THROTTLE_WINDOW`].
#[derive(Default)]
pub(super) struct LoginThrottle(HashMap<Key, VecDeque<Timestamp>>);

impl LoginThrottle {
    /// Counts an attempt, or returns how long to wait. Rejected attempts are not counted, so waiting that long is
    /// enough.
    pub(super) fn register(&mut self, keys: &[Key], now: Timestamp) -> Result<Admitted, SignedDuration> {
        let wait = keys.iter().filter_map(|key| self.remaining_wait(key, now)).max();
        if let Some(wait) = wait {
            return Err(wait);
        }
        let mut admitted = Admitted { delay: Duration::ZERO, full: None };
        for key in keys {
            self.evict(key, now);
            let attempts = self.0.entry(key.clone()).or_default();
            attempts.push_back(now);
            admitted.full = admitted.full.or((attempts.len() >= key.limit()).then_some(key.label()));
            admitted.delay = admitted.delay.max(key.delay(attempts.len()));
        }
        Ok(admitted)
    }

    /// Clears the attempts of a key, after a successful login.
    pub(super) fn reset(&mut self, key: &Key) {
        self.0.remove(key);
    }

    /// Returns how long until the next attempt of this key, if it has reached its limit.
    fn remaining_wait(&mut self, key: &Key, now: Timestamp) -> Option<SignedDuration> {
        let attempts = self.0.get_mut(key)?;
        attempts.retain(|at| is_recent(*at, now));
        let oldest = *attempts.front().filter(|_| attempts.len() >= key.limit())?;
        Some(oldest.duration_until(now).abs()).map(|age| THROTTLE_WINDOW - age)
    }

    /// Bounds the number of keys: drops expired ones, then the one used longest ago.
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

/// Returns whether an attempt still counts. Uses the distance in time, so that a clock set back locks nobody out.
fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at).abs() < THROTTLE_WINDOW
}

impl Key {
    /// Ignores case and surrounding whitespace, and truncates long names, which no account has.
    pub(super) fn name(name: &str, password_hash: Option<&str>) -> Self {
        let name = name.trim().chars().take(64).flat_map(char::to_lowercase).collect();
        Self::Name(name, password_hash.map(str::to_owned))
    }

    /// Counts an IPv6 /64 as one address, since one subscriber has all of it.
    pub(super) fn peer(peer: IpAddr) -> Self {
        Self::Peer(match peer.to_canonical() {
            IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
            v4 => v4,
        })
    }

    /// Takes the password for the same reason as [`Key::name`].
    pub(super) fn device(device: Device, password_hash: Option<&str>) -> Self {
        Self::Device(device.number, password_hash.map(str::to_owned))
    }

    /// Returns how long the answer to an attempt is held back: longer with each tenth of the limit, after a few that are
    /// free, since people mistype.
    fn delay(&self, attempts: usize) -> Duration {
        let tenths = (attempts * 10).div_ceil(self.limit());
        Duration::from_secs(match tenths {
            ..=3 => 0,
            4 => 1,
            5 => 2,
            6 => 4,
            _ => 8,
        })
    }

    const fn limit(&self) -> usize {
        match self {
            Self::Name(..) | Self::Device(..) | Self::Session(_) => MAX_ATTEMPTS_PER_NAME,
            Self::Peer(_) => MAX_ATTEMPTS_PER_IP,
        }
    }

    const fn label(&self) -> &'static str {
        match self {
            Self::Name(..) => "name",
            Self::Peer(_) => "address",
            Self::Device(..) => "browser",
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
            let admitted = attempts.register(&name("Ann"), NOON + SignedDuration::from_secs(second)).unwrap();
            assert_eq!(admitted.full, (second == 9).then_some("name"), "returned once, by the last");
        }
        let soon = NOON + SignedDuration::from_mins(5);
        assert_eq!(attempts.register(&from(" ANN", "192.0.2.1"), soon), Err(SignedDuration::from_mins(10)));
        assert!(attempts.register(&from("Bob", "192.0.2.1"), soon).is_ok());
        assert!(attempts.register(&name("Ann"), NOON + THROTTLE_WINDOW).is_ok());
        assert!(attempts.register(&name("Ann"), NOON + THROTTLE_WINDOW).is_err());
    }

    #[test]
    fn answers_become_slow_before_they_are_refused() {
        let mut attempts = LoginThrottle::default();
        let mut seconds = |keys: &[Key]| attempts.register(keys, NOON).unwrap().delay.as_secs();
        let slower: Vec<u64> = (0..10).map(|_| seconds(&name("Ann"))).collect();
        assert_eq!(slower, [0, 0, 0, 1, 2, 4, 8, 8, 8, 8]);
        let of_address: Vec<u64> =
            (0..50).map(|number| seconds(&from(&format!("name {number}"), "192.0.2.1"))).collect();
        assert_eq!((of_address[14], of_address[15], of_address[24], of_address[49]), (0, 1, 2, 8));
        assert!(of_address.is_sorted());
    }

    #[test]
    fn attempts_on_a_replaced_password_do_not_count() {
        let mut attempts = LoginThrottle::default();
        for _ in 0..10 {
            attempts.register(&name("Ann"), NOON).unwrap();
        }
        assert!(attempts.register(&name("Ann"), NOON).is_err());
        assert!(attempts.register(&[Key::name("Ann", Some("another hash"))], NOON).is_ok());
    }

    #[test]
    fn an_ip_is_limited_to_fifty_attempts_across_names() {
        let mut attempts = LoginThrottle::default();
        for number in 0..50 {
            let neighbour = format!("2001:db8::{number:x}");
            let admitted = attempts.register(&from(&format!("name {number}"), &neighbour), NOON).unwrap();
            assert_eq!(admitted.full, (number == 49).then_some("address"));
        }
        assert_eq!(attempts.register(&from("another", "2001:db8::ffff"), NOON), Err(THROTTLE_WINDOW));
        assert!(attempts.register(&from("another", "2001:db8:0:1::1"), NOON).is_ok());
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
        assert!(attempts.register(&name("Ann"), NOON - SignedDuration::from_hours(24)).is_ok());
    }
}
