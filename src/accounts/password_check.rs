//! Checks passwords. Every check passes the login throttle, which first slows answers down and then refuses.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::slice;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;

use crate::accounts::login_throttle::{Admitted, Key};
use crate::accounts::{Accounts, Password, Person, Session, store};

/// Answers held back at the same time. When strangers keep more waiting, the rest are not slowed; how many attempts a
/// name has is limited all the same.
const MAX_SLOW_ANSWERS: usize = 64;

/// Result of checking a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordCheck {
    /// The password is correct.
    Correct(Person),
    /// The name or the password is wrong; which one is not revealed.
    Wrong,
    /// Not checked because of too many attempts; holds how long to wait.
    Throttled(SignedDuration),
}

/// Where a login attempt comes from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Attempt<'a> {
    /// The client's IP address.
    pub peer: Option<IpAddr>,
    /// The device cookie it sent.
    pub device_cookie: Option<&'a str>,
}

/// Waits. A parameter, so that tests need not.
pub type Pause = fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// Holds answers back, a few at a time.
#[derive(Clone)]
pub(super) struct SlowAnswers {
    pause: Pause,
    places: Arc<Semaphore>,
}

impl Default for SlowAnswers {
    fn default() -> Self {
        let pause: Pause = |duration| Box::pin(tokio::time::sleep(duration));
        Self { pause, places: Arc::new(Semaphore::new(MAX_SLOW_ANSWERS)) }
    }
}

impl SlowAnswers {
    async fn wait(&self, delay: Duration) {
        if let (false, Ok(_place)) = (delay.is_zero(), self.places.try_acquire()) {
            (self.pause)(delay).await;
        }
    }
}

impl Accounts {
    /// Waits in another way before slow answers.
    #[must_use]
    pub fn with_pause(mut self, pause: Pause) -> Self {
        self.slow_answers.pause = pause;
        self
    }

    /// Checks a name and a password. Counts as an attempt on the name and from the IP address or, from a browser that the
    /// person has logged in with before, as one of this browser only. The more attempts, the later the answer, whatever it
    /// is: a fast one would tell that it is the right one.
    ///
    /// # Errors
    /// The database fails.
    pub async fn check_password(
        &self,
        name: &str,
        password: &Password,
        attempt: Attempt<'_>,
        now: Timestamp,
    ) -> anyhow::Result<PasswordCheck> {
        let (person, password_hash) = store::find_person(&self.database, name.trim()).await?.unzip();
        let device = attempt.device_cookie.zip(person.as_ref());
        let device = device.and_then(|(cookie, person)| self.find_device(cookie, person, now));
        let is_known = device.is_some();
        let keys = match device {
            Some(device) => vec![Key::device(device, password_hash.as_deref())],
            None => {
                let name = Key::name(name, password_hash.as_deref());
                [Some(name), attempt.peer.map(Key::peer)].into_iter().flatten().collect()
            }
        };
        let admitted = crate::accounts::lock(&self.login_throttle).register(&keys, now);
        let delay = match admitted {
            Err(wait) => return Ok(PasswordCheck::Throttled(wait)),
            Ok(admitted) => log_lockout(admitted, person.as_ref(), attempt.peer),
        };
        self.slow_answers.wait(delay).await;
        let is_correct = self.hasher.verify(password, password_hash).await?;
        match person {
            Some(person) if is_correct => {
                crate::accounts::lock(&self.login_throttle).reset(&keys[0]);
                Ok(PasswordCheck::Correct(person))
            }
            Some(person) => {
                if !is_known {
                    self.count_failed_login(&person, now);
                }
                Ok(PasswordCheck::Wrong)
            }
            None => Ok(PasswordCheck::Wrong),
        }
    }

    /// Counts a failed login, for the notice at the next one. In the background, since a write takes time, and would tell
    /// that the name exists.
    fn count_failed_login(&self, person: &Person, now: Timestamp) {
        let (database, person) = (self.database.clone(), person.id);
        tokio::spawn(async move {
            if let Err(error) = store::count_failed_login(&database, person, now).await {
                tracing::warn!(%error, "couldn't count a failed login");
            }
        });
    }

    /// Checks the password of whoever is logged in. These attempts are counted apart from those of strangers.
    ///
    /// # Errors
    /// The database fails.
    pub async fn check_session_password(
        &self,
        session: &Session,
        password: &Password,
        now: Timestamp,
    ) -> anyhow::Result<PasswordCheck> {
        let key = Key::Session(session.token_hash);
        let admitted = crate::accounts::lock(&self.login_throttle).register(slice::from_ref(&key), now);
        let delay = match admitted {
            Err(wait) => return Ok(PasswordCheck::Throttled(wait)),
            Ok(admitted) => log_lockout(admitted, Some(&session.person), None),
        };
        self.slow_answers.wait(delay).await;
        let (person, password_hash) = store::find_person(&self.database, &session.person.name).await?.unzip();
        let is_correct = self.hasher.verify(password, password_hash).await?;
        let Some(person) = person.filter(|_| is_correct) else { return Ok(PasswordCheck::Wrong) };
        crate::accounts::lock(&self.login_throttle).reset(&key);
        Ok(PasswordCheck::Correct(person))
    }
}

/// Logs that an attempt is the last for a while, and returns how long to hold the answer back. Logged once per lock, by the
/// attempt that causes it. Unknown names are not logged: one may be a password typed in the wrong field.
fn log_lockout(admitted: Admitted, person: Option<&Person>, peer: Option<IpAddr>) -> Duration {
    if let Some(full) = admitted.full {
        let name = person.map_or("(unknown)", |person| person.name.as_str());
        let address = peer.map(tracing::field::display);
        tracing::warn!(name, address, "too many failed logins: this {full} is locked for a quarter of an hour");
    }
    admitted.delay
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{Added, Username, test_accounts};

    const NOON: Timestamp = Timestamp::constant(1_795_435_200, 0);

    async fn with_ann() -> (Accounts, Person, tempfile::TempDir) {
        let (accounts, folder) = test_accounts().await;
        let accounts = accounts.with_pause(|_| Box::pin(async {}));
        let (name, password) = (Username::parse("Ann").unwrap(), password("correct horse"));
        let Added::New(ann) = accounts.add_person(&name, &password, 1, NOON).await.unwrap() else {
            panic!("she is new")
        };
        (accounts, ann, folder)
    }

    fn password(text: &str) -> Password {
        Password::parse(text).unwrap()
    }

    async fn check(accounts: &Accounts, cookie: Option<&str>, text: &str) -> PasswordCheck {
        let attempt = Attempt { peer: Some([192, 0, 2, 7].into()), device_cookie: cookie };
        accounts.check_password("Ann", &password(text), attempt, NOON).await.unwrap()
    }

    #[tokio::test]
    async fn strangers_and_known_browsers_are_counted_apart() {
        let (accounts, ann, _folder) = with_ann().await;
        let desk = accounts.issue_device_cookie(&ann, None, NOON).unwrap();
        let phone = accounts.issue_device_cookie(&ann, None, NOON).unwrap();
        for _ in 0..10 {
            assert_eq!(check(&accounts, None, "a wrong guess").await, PasswordCheck::Wrong);
        }
        assert!(matches!(check(&accounts, None, "correct horse").await, PasswordCheck::Throttled(_)));
        assert!(matches!(check(&accounts, Some(&desk), "correct horse").await, PasswordCheck::Correct(_)));
        for _ in 0..10 {
            assert_eq!(check(&accounts, Some(&phone), "a wrong guess").await, PasswordCheck::Wrong);
        }
        assert!(matches!(check(&accounts, Some(&phone), "correct horse").await, PasswordCheck::Throttled(_)));
        let renewed = accounts.issue_device_cookie(&ann, Some(&phone), NOON + SignedDuration::from_secs(1)).unwrap();
        assert_ne!(renewed, phone);
        let check_renewed = check(&accounts, Some(&renewed), "correct horse").await;
        assert!(matches!(check_renewed, PasswordCheck::Throttled(_)), "a renewed cookie has no new attempts");
        assert!(matches!(check(&accounts, Some(&desk), "correct horse").await, PasswordCheck::Correct(_)));
    }

    #[tokio::test]
    async fn the_cookie_of_one_person_does_not_help_to_guess_anothers_password() {
        let (accounts, ann, _folder) = with_ann().await;
        let bob = Person { id: ann.id + 1, name: "Bob".into(), library_id: 2 };
        let cookie = accounts.issue_device_cookie(&bob, None, NOON).unwrap();
        for _ in 0..10 {
            assert_eq!(check(&accounts, Some(&cookie), "a wrong guess").await, PasswordCheck::Wrong);
        }
        assert!(matches!(check(&accounts, Some(&cookie), "correct horse").await, PasswordCheck::Throttled(_)));
    }

    #[tokio::test]
    async fn a_device_cookie_is_known_after_a_restart() {
        let (accounts, ann, folder) = with_ann().await;
        let cookie = accounts.issue_device_cookie(&ann, None, NOON).unwrap();
        drop(accounts);
        let accounts = Accounts::open(folder.path()).await.unwrap();
        assert!(accounts.find_device(&cookie, &ann, NOON).is_some());
    }

    #[tokio::test]
    async fn no_more_than_some_answers_are_held_back() {
        let slow = SlowAnswers { pause: |_| Box::pin(std::future::pending()), ..SlowAnswers::default() };
        let mut held = tokio::task::JoinSet::new();
        for _ in 0..MAX_SLOW_ANSWERS {
            let slow = slow.clone();
            held.spawn(async move { slow.wait(Duration::from_secs(1)).await });
        }
        while slow.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        slow.wait(Duration::from_secs(1)).await;
        assert!(held.try_join_next().is_none(), "the others still wait");
    }
}
