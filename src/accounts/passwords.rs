//! Password rules and hashing (Argon2id).

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

/// Minimum and maximum length of a password in bytes. The maximum only limits hashing time; every byte counts.
const LENGTH_IN_BYTES: std::ops::RangeInclusive<usize> = 8..=1024;

/// OWASP's first choice for Argon2id (Password Storage Cheat Sheet, 2026): 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes computed at the same time; more would take memory and cores away from serving pages.
const MAX_CONCURRENT_HASHES: usize = 2;

/// A hash that no password has, with the same parameters, so that unknown names take as long as known ones.
const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Tm9ib2R5J3Mgc2FsdC4uLg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password of valid length. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// # Errors
    /// A message for the user if it is too short or too long.
    pub fn parse(text: impl Into<String>) -> Result<Self, &'static str> {
        let text = text.into();
        if text.len() < *LENGTH_IN_BYTES.start() {
            return Err("Use a password of at least 8 characters.");
        }
        if text.len() > *LENGTH_IN_BYTES.end() {
            return Err("Use a password of at most 1,024 bytes.");
        }
        Ok(Self(text))
    }

    /// Parses a new password, typed twice because it is not displayed.
    ///
    /// # Errors
    /// A message for the user if it is too short or too long, or if the two differ.
    pub fn parse_repeated(text: impl Into<String>, repeated: &str) -> Result<Self, &'static str> {
        let password = Self::parse(text)?;
        if password.0 != repeated {
            return Err("The passwords don’t match.");
        }
        Ok(password)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Computes hashes on threads that serve no pages, [`MAX_CONCURRENT_HASHES`] at a time.
#[derive(Clone)]
pub(super) struct Hasher(Arc<Semaphore>);

impl Default for Hasher {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_CONCURRENT_HASHES)))
    }
}

impl Hasher {
    /// Returns the hash of a password as a PHC string.
    pub(super) async fn hash(&self, password: &Password) -> anyhow::Result<String> {
        let password = password.clone();
        self.run_blocking(move || Ok(argon2id().hash_password(password.0.as_bytes())?.to_string())).await
    }

    /// Returns whether the password matches the hash. With `None`, takes as long and returns `false`.
    pub(super) async fn verify(&self, password: &Password, stored_hash: Option<String>) -> anyhow::Result<bool> {
        let password = password.clone();
        self.run_blocking(move || {
            let hash = PasswordHash::new(stored_hash.as_deref().unwrap_or(DUMMY_HASH))?;
            Ok(argon2id().verify_password(password.0.as_bytes(), &hash).is_ok() && stored_hash.is_some())
        })
        .await
    }

    async fn run_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        // The thread owns the permit: a client that disconnects does not free it while the hash is still computed.
        let permit = Arc::clone(&self.0).acquire_owned().await?;
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await?
    }
}

fn argon2id() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the constants above are within argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::parse(text).unwrap()
    }

    #[tokio::test]
    async fn every_byte_of_a_password_counts() {
        let hasher = Hasher::default();
        let long = "a".repeat(72);
        let hash = hasher.hash(&password(&format!("{long}b"))).await.unwrap();
        assert!(hasher.verify(&password(&format!("{long}b")), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(&password(&format!("{long}c")), Some(hash)).await.unwrap());
        let with_nul = hasher.hash(&password("before\0after")).await.unwrap();
        assert!(!hasher.verify(&password("before\0other"), Some(with_nul)).await.unwrap());
    }

    #[tokio::test]
    async fn a_missing_account_takes_as_long_and_has_no_password() {
        let hasher = Hasher::default();
        let real = hasher.hash(&password("a real password")).await.unwrap();
        let parameters = |hash: &str| hash.rsplitn(3, '$').last().unwrap().to_owned();
        assert_eq!(parameters(DUMMY_HASH), parameters(&real));
        assert_eq!(DUMMY_HASH.len(), real.len());
        assert!(!hasher.verify(&password("a real password"), None).await.unwrap());
    }

    #[test]
    fn passwords_of_wrong_length_are_refused() {
        assert!(Password::parse("1234567").unwrap_err().contains("at least 8"));
        assert!(Password::parse("x".repeat(1025)).unwrap_err().contains("at most 1,024"));
        assert!(Password::parse("x".repeat(1024)).is_ok());
        assert!(!format!("{:?}", password("correct horse")).contains("horse"));
    }
}
