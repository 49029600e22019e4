//! Login sessions: a random token in the browser's cookie, and its hash in the database.
//!
//! Every request looks up its session, so results are cached for a few seconds. This process clears the cache whenever
//! it ends sessions; a change by another process (a new password from the command line) takes effect after
//! [`CACHE_TTL`].

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::accounts::store::{self, NewSession};
use crate::accounts::tokens::TokenHash;
use crate::accounts::{Accounts, Person, Token};

/// How long a session lasts after the last visit.
pub const SESSION_DURATION: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Minimum time between renewals of a session, so that reading does not write each time.
const RENEWAL_INTERVAL: SignedDuration = SignedDuration::from_hours(24);

/// How long a lookup is cached.
const CACHE_TTL: SignedDuration = SignedDuration::from_secs(10);

/// Maximum number of cached sessions; when it is reached, the cache is cleared.
const MAX_CACHED_SESSIONS: usize = 1024;

/// Maximum stored length of a User-Agent header.
const MAX_USER_AGENT_CHARS: usize = 200;

/// A login session.
#[derive(Clone)]
pub struct Session {
    /// Who is logged in.
    pub person: Arc<Person>,
    /// Failed logins between this one and the one before, until the person dismisses the notice.
    pub failed_logins: Option<FailedLogins>,
    pub(super) token_hash: TokenHash,
    expires_at: Timestamp,
}

/// Logins under a person's name with a wrong password, from browsers that the person had not logged in with before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedLogins {
    /// How many, at least 1.
    pub count: i64,
    /// When the last one was.
    pub last_at: Timestamp,
}

impl Accounts {
    /// Creates a session with a new token, and ends the one of `replaced`.
    ///
    /// # Errors
    /// The database cannot be written to; nothing is changed then.
    pub async fn log_in(
        &self,
        person: &Person,
        user_agent: &str,
        replaced: Option<&Token>,
        now: Timestamp,
    ) -> anyhow::Result<Token> {
        let token = Token::random()?;
        let user_agent: String = user_agent.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT_CHARS).collect();
        let new = NewSession {
            token_hash: token.hash(),
            replaced: replaced.map(Token::hash),
            person: person.id,
            user_agent: &user_agent,
            now,
            expires_at: now + SESSION_DURATION,
        };
        store::add_session(&self.database, new).await?;
        if let Some(replaced) = replaced {
            crate::accounts::lock(&self.sessions).remove(replaced.hash());
        }
        Ok(token)
    }

    /// Finds the session of a token, unless it has expired.
    ///
    /// # Errors
    /// The database fails.
    pub async fn find_session(&self, token: &Token, now: Timestamp) -> sqlx::Result<Option<Session>> {
        let hash = token.hash();
        let generation = match crate::accounts::lock(&self.sessions).find(hash, now) {
            CacheLookup::Hit(session) => return Ok(Some(session)),
            CacheLookup::Miss(generation) => generation,
        };
        let Some(row) = store::find_session(&self.database, hash, now).await? else { return Ok(None) };
        let expires_at = Timestamp::from_second(row.expires_at).unwrap_or(now);
        let last_at = row.last_failed_login_at.and_then(|at| Timestamp::from_second(at).ok());
        let failed_logins = last_at.filter(|_| row.failed_logins > 0);
        let failed_logins = failed_logins.map(|last_at| FailedLogins { count: row.failed_logins, last_at });
        let session = Session { person: Arc::new(row.person), failed_logins, token_hash: hash, expires_at };
        crate::accounts::lock(&self.sessions).insert(session.clone(), generation, now);
        Ok(Some(session))
    }

    /// Renews a session that has not been renewed for a day. Returns `true` if it did, so that the cookie must be sent
    /// again.
    ///
    /// # Errors
    /// The database cannot be written to.
    pub async fn renew_session(&self, session: &Session, now: Timestamp) -> sqlx::Result<bool> {
        if now.duration_until(session.expires_at) > SESSION_DURATION - RENEWAL_INTERVAL {
            return Ok(false);
        }
        store::renew_session(&self.database, session.token_hash, now + SESSION_DURATION).await?;
        crate::accounts::lock(&self.sessions).remove(session.token_hash);
        Ok(true)
    }

    /// Forgets the failed logins that a session tells of.
    ///
    /// # Errors
    /// The database cannot be written to.
    pub async fn dismiss_failed_logins(&self, session: &Session) -> sqlx::Result<()> {
        store::dismiss_failed_logins(&self.database, session.token_hash).await?;
        crate::accounts::lock(&self.sessions).remove(session.token_hash);
        Ok(())
    }

    /// Ends the session of a token, if there is one.
    ///
    /// # Errors
    /// The database cannot be written to.
    pub async fn log_out(&self, token: &Token) -> sqlx::Result<()> {
        store::end_session(&self.database, token.hash()).await?;
        crate::accounts::lock(&self.sessions).remove(token.hash());
        Ok(())
    }

    /// Deletes expired sessions and returns their number.
    ///
    /// # Errors
    /// The database cannot be written to.
    pub async fn delete_expired_sessions(&self, now: Timestamp) -> sqlx::Result<u64> {
        store::delete_expired_sessions(&self.database, now).await
    }
}

/// Sessions looked up in the last few seconds.
#[derive(Default)]
pub(super) struct SessionCache {
    entries: HashMap<TokenHash, (Session, Timestamp)>,
    /// Incremented by each removal: a lookup that began before it is not cached after it.
    generation: u64,
}

/// Result of a cache lookup.
enum CacheLookup {
    Hit(Session),
    /// Not cached. Holds the generation to pass to [`SessionCache::insert`].
    Miss(u64),
}

impl SessionCache {
    fn find(&self, token: TokenHash, now: Timestamp) -> CacheLookup {
        match self.entries.get(&token) {
            Some((session, cached_at))
                if now.duration_since(*cached_at).abs() < CACHE_TTL && now < session.expires_at =>
            {
                CacheLookup::Hit(session.clone())
            }
            _ => CacheLookup::Miss(self.generation),
        }
    }

    fn insert(&mut self, session: Session, generation: u64, now: Timestamp) {
        if generation != self.generation {
            return;
        }
        if self.entries.len() >= MAX_CACHED_SESSIONS {
            self.entries.clear();
        }
        self.entries.insert(session.token_hash, (session, now));
    }

    fn remove(&mut self, token: TokenHash) {
        self.entries.remove(&token);
        self.generation += 1;
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.generation += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{Added, Password, Username, test_accounts};

    const NOON: Timestamp = Timestamp::constant(1_795_435_200, 0);

    async fn ann(accounts: &Accounts) -> Person {
        let (name, password) = (Username::parse("Ann").unwrap(), Password::parse("correct horse").unwrap());
        match accounts.add_person(&name, &password, 1, NOON).await.unwrap() {
            Added::New(person) => person,
            Added::NameTaken => panic!("the accounts were empty"),
        }
    }

    #[tokio::test]
    async fn a_session_ends_thirty_days_after_the_last_visit() {
        let (accounts, _folder) = test_accounts().await;
        let token = accounts.log_in(&ann(&accounts).await, "Firefox", None, NOON).await.unwrap();
        let later = NOON + SignedDuration::from_hours(29 * 24);
        let session = accounts.find_session(&token, later).await.unwrap().unwrap();
        assert!(accounts.renew_session(&session, later).await.unwrap());
        let session = accounts.find_session(&token, later).await.unwrap().unwrap();
        assert!(!accounts.renew_session(&session, later + SignedDuration::from_hours(23)).await.unwrap());
        assert!(accounts.find_session(&token, NOON + SESSION_DURATION).await.unwrap().is_some());
        assert!(accounts.find_session(&token, later + SESSION_DURATION).await.unwrap().is_none());
        assert_eq!(accounts.delete_expired_sessions(later + SESSION_DURATION).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_cached_session_needs_no_query() {
        let (accounts, _folder) = test_accounts().await;
        let token = accounts.log_in(&ann(&accounts).await, "", None, NOON).await.unwrap();
        assert!(accounts.find_session(&token, NOON).await.unwrap().is_some());
        accounts.database.close().await;
        assert!(accounts.find_session(&token, NOON).await.unwrap().is_some());
        assert!(accounts.find_session(&token, NOON + CACHE_TTL).await.is_err());
    }

    #[tokio::test]
    async fn the_token_is_not_in_the_database() {
        let (accounts, folder) = test_accounts().await;
        let token = accounts.log_in(&ann(&accounts).await, "", None, NOON).await.unwrap();
        accounts.database.close().await;
        let bytes = std::fs::read(folder.path().join("accounts.db")).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!holds(token.reveal()) && holds(&token.hash().hex()));
    }

    #[tokio::test]
    async fn a_lookup_from_before_a_logout_is_not_cached_after_it() {
        let (accounts, _folder) = test_accounts().await;
        let token = accounts.log_in(&ann(&accounts).await, "", None, NOON).await.unwrap();
        let session = accounts.find_session(&token, NOON).await.unwrap().unwrap();
        let mut cache = SessionCache::default();
        let CacheLookup::Miss(generation) = cache.find(session.token_hash, NOON) else { panic!("the cache is empty") };
        cache.clear();
        cache.insert(session.clone(), generation, NOON);
        assert!(matches!(cache.find(session.token_hash, NOON), CacheLookup::Miss(_)));
    }

    #[tokio::test]
    async fn a_password_change_in_another_process_ends_sessions_within_seconds() {
        let (accounts, folder) = test_accounts().await;
        let token = accounts.log_in(&ann(&accounts).await, "", None, NOON).await.unwrap();
        assert!(accounts.find_session(&token, NOON).await.unwrap().is_some());
        let other = Accounts::open(folder.path()).await.unwrap();
        assert!(other.set_password("ann", &Password::parse("battery staple").unwrap()).await.unwrap());
        assert!(accounts.find_session(&token, NOON + CACHE_TTL).await.unwrap().is_none());
    }
}
