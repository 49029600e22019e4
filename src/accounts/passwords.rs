//! Passwords: what one must be, and how it is kept (argon2id).

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

/// Fewest and most bytes of a password. The upper bound only keeps the hashing short; every byte counts.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=1024;

/// OWASP's first choice for argon2id (Password Storage Cheat Sheet, 2026): 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes worked out at the same time; more would only take memory and cores from the pages of others.
const AT_ONCE: usize = 2;

/// The hash of no password, with our parameters: an unknown name costs as much time as a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Tm9ib2R5J3Mgc2FsdC4uLg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password of acceptable length. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// # Errors
    /// A sentence for the person, when it is too short or too long.
    pub fn parse(text: impl Into<String>) -> Result<Self, &'static str> {
        let text = text.into();
        if text.len() < *LENGTH.start() {
            return Err("Use a password of at least 8 characters.");
        }
        if text.len() > *LENGTH.end() {
            return Err("Use a password of at most 1,024 bytes.");
        }
        Ok(Self(text))
    }

    /// A password that somebody chooses. They type it twice, since they do not see what they type.
    ///
    /// # Errors
    /// A sentence for the person, when it is too short or too long, or not the same twice.
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

/// Works out hashes away from the threads that serve pages, [`AT_ONCE`] at a time.
#[derive(Clone)]
pub(super) struct Hasher(Arc<Semaphore>);

impl Default for Hasher {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Hasher {
    /// What to keep of a password: a PHC string.
    pub(super) async fn hash(&self, password: &Password) -> anyhow::Result<String> {
        let password = password.clone();
        self.run(move || Ok(argon2id().hash_password(password.0.as_bytes())?.to_string())).await
    }

    /// Whether the password is the one that was kept; with `None` it takes as long, and is not.
    pub(super) async fn is_right(&self, password: &Password, kept: Option<String>) -> anyhow::Result<bool> {
        let password = password.clone();
        self.run(move || {
            let hash = PasswordHash::new(kept.as_deref().unwrap_or(NOBODY))?;
            Ok(argon2id().verify_password(password.0.as_bytes(), &hash).is_ok() && kept.is_some())
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        // The permit goes into the thread: a visitor who hangs up does not make room while the work goes on.
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
        assert!(hasher.is_right(&password(&format!("{long}b")), Some(hash.clone())).await.unwrap());
        assert!(!hasher.is_right(&password(&format!("{long}c")), Some(hash)).await.unwrap());
        let with_nul = hasher.hash(&password("before\0after")).await.unwrap();
        assert!(!hasher.is_right(&password("before\0other"), Some(with_nul)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_a_password_and_finding_that_out_costs_the_same() {
        let hasher = Hasher::default();
        let real = hasher.hash(&password("a real password")).await.unwrap();
        let parameters = |hash: &str| hash.rsplitn(3, '$').last().unwrap().to_owned();
        assert_eq!(parameters(NOBODY), parameters(&real));
        assert_eq!(NOBODY.len(), real.len());
        assert!(!hasher.is_right(&password("a real password"), None).await.unwrap());
    }

    #[test]
    fn a_password_too_short_or_too_long_is_refused_with_a_sentence() {
        assert!(Password::parse("1234567").unwrap_err().contains("at least 8"));
        assert!(Password::parse("x".repeat(1025)).unwrap_err().contains("at most 1,024"));
        assert!(Password::parse("x".repeat(1024)).is_ok());
        assert!(!format!("{:?}", password("correct horse")).contains("horse"));
    }
}
