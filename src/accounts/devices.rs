//! Browsers that somebody has logged in with before. Each has a signed cookie, so that strangers who guess passwords
//! cannot lock it out: see `login_throttle`, and OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
//!
//! The cookie opens nothing. It names the person, when it was issued and a random number, and the server keeps only the
//! key it is signed with. It stays valid when the password changes: that is when a stranger's guesses must not keep the
//! person out.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

use crate::accounts::tokens::{hex, parse_hex};
use crate::accounts::{Accounts, Person, Token};

/// How long a browser is known after its last login or visit.
pub const DEVICE_DURATION: SignedDuration = SignedDuration::from_hours(365 * 24);

/// The longest cookie that is ours: a row id, Unix seconds, and 64 hex digits twice.
const MAX_COOKIE_BYTES: usize = 200;

/// A browser that a person has logged in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Device {
    pub(super) person_id: i64,
    /// Random, and the same as long as the cookie is renewed in time.
    pub(super) number: String,
}

/// Signs device cookies.
#[derive(Clone)]
pub(super) struct DeviceKey([u8; 32]);

impl DeviceKey {
    /// Returns `None` if the key has the wrong length.
    pub(super) fn new(key: &[u8]) -> Option<Self> {
        Some(Self(key.try_into().ok()?))
    }

    fn sign(&self, device: &Device, now: Timestamp) -> String {
        let claim = format!("{}.{}.{}", device.person_id, now.as_second(), device.number);
        let signature = hex(&self.mac(&claim).finalize().into_bytes());
        format!("{claim}.{signature}")
    }

    fn parse(&self, cookie: &str, now: Timestamp) -> Option<Device> {
        let (claim, signature) = cookie.rsplit_once('.').filter(|_| cookie.len() <= MAX_COOKIE_BYTES)?;
        // Compares in constant time.
        self.mac(claim).verify_slice(&parse_hex(signature)?).ok()?;
        let mut fields = claim.split('.');
        let (person_id, issued_at) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        let age = now.duration_since(Timestamp::from_second(issued_at).ok()?);
        (age < DEVICE_DURATION).then(|| Device { person_id, number: fields.collect() })
    }

    fn mac(&self, claim: &str) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.chain_update("device cookie ").chain_update(claim)
    }
}

impl Accounts {
    /// Returns the cookie by which the browser is known from now on. `sent`: the one it sent, if any.
    ///
    /// # Errors
    /// The system has no randomness available.
    pub fn issue_device_cookie(&self, person: &Person, sent: Option<&str>, now: Timestamp) -> anyhow::Result<String> {
        let device = match sent.and_then(|cookie| self.find_device(cookie, person, now)) {
            Some(device) => device,
            None => Device { person_id: person.id, number: Token::random()?.reveal().to_owned() },
        };
        Ok(self.device_key.sign(&device, now))
    }

    /// Returns the device of a cookie, if this person has logged in with it.
    pub(super) fn find_device(&self, cookie: &str, person: &Person, now: Timestamp) -> Option<Device> {
        self.device_key.parse(cookie, now).filter(|device| device.person_id == person.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::constant(1_795_435_200, 0);

    fn device() -> Device {
        Device { person_id: 7, number: "c0ffee".into() }
    }

    #[test]
    fn a_device_is_known_for_a_year() {
        let key = DeviceKey::new(&[1; 32]).unwrap();
        let cookie = key.sign(&device(), NOON);
        assert_eq!(key.parse(&cookie, NOON), Some(device()));
        let almost = NOON + DEVICE_DURATION - SignedDuration::from_secs(1);
        assert_eq!(key.parse(&cookie, almost), Some(device()));
        assert_eq!(key.parse(&cookie, NOON + DEVICE_DURATION), None);
        assert_eq!(key.parse(&cookie, NOON - SignedDuration::from_hours(24)), Some(device()), "a clock set back");
    }

    #[test]
    fn nobody_makes_or_changes_a_device_cookie() {
        let key = DeviceKey::new(&[1; 32]).unwrap();
        let cookie = key.sign(&device(), NOON);
        let (claim, signature) = cookie.rsplit_once('.').unwrap();
        let other = DeviceKey::new(&[2; 32]).unwrap().sign(&device(), NOON);
        let forged = [
            String::new(),
            ".".into(),
            "...".into(),
            claim.into(),
            format!("{claim}."),
            format!("{claim}.{}", &signature[2..]),
            format!("{claim}.{}", "0".repeat(64)),
            format!("{claim}.é{}", &signature[2..]),
            format!("8{}.{signature}", &claim[1..]),
            format!("{claim}0.{signature}"),
            format!("7.{}.c0ffee.{signature}", NOON.as_second() + 1),
            other,
            "7".repeat(1_000_000),
        ];
        for cookie in &forged {
            assert_eq!(key.parse(cookie, NOON), None, "{}", &cookie[..cookie.len().min(100)]);
        }
        assert!(DeviceKey::new(&[1; 31]).is_none());
    }
}
