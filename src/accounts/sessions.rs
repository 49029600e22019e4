//! Who has logged in: a random token in the browser's cookie, its hash in the database.
//!
//! Every page asks, so answers are kept in memory for a few seconds. What ends sessions in this process empties that
//! memory at once; what another process does (a password changed from the command line) is noticed after [`BELIEVED`].

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::accounts::store::{self, NewSession};
use crate::accounts::tokens::TokenHash;
use crate::accounts::{Accounts, Person, Token};

/// A session ends after this long without a visit.
pub const SESSION_DURATION: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A session is renewed at most this often, so that reading does not write.
const RENEWED: SignedDuration = SignedDuration::from_hours(24);

/// How long an answer is believed without asking the database.
const BELIEVED: SignedDuration = SignedDuration::from_secs(10);

/// Answers kept; when there are more, all are asked for anew.
const MAX_KEPT: usize = 1024;

/// What a browser calls itself is cut to so many characters.
const MAX_AGENT: usize = 200;

/// Somebody's session.
#[derive(Clone)]
pub struct Session {
    /// Whose it is.
    pub person: Arc<Person>,
    pub(super) token: TokenHash,
    expires: Timestamp,
}

impl Accounts {
    /// Begins a session with a new token, and sweeps away expired ones.
    ///
    /// # Errors
    /// The database cannot be written to.
    pub async fn log_in(&self, person: &Person, agent: &str, now: Timestamp) -> anyhow::Result<Token> {
        let token = Token::random()?;
        let agent: String = agent.chars().filter(|c| !c.is_control()).take(MAX_AGENT).collect();
        let new = NewSession {
            token: token.hash(),
            person: person.id,
            user_agent: &agent,
            now,
            expires: now + SESSION_DURATION,
        };
        store::add_session(&self.database, new).await?;
        Ok(token)
    }

    /// The session of a token, if it goes on.
    ///
    /// # Errors
    /// The database fails.
    pub async fn find_session(&self, token: &Token, now: Timestamp) -> sqlx::Result<Option<Session>> {
        let hash = token.hash();
        let asked = match crate::accounts::lock(&self.sessions).find(hash, now) {
            Found::Kept(session) => return Ok(Some(session)),
            Found::Ask(asked) => asked,
        };
        let Some((person, expires)) = store::find_session(&self.database, hash, now).await? else { return Ok(None) };
        let expires = Timestamp::from_second(expires).unwrap_or(now);
        let session = Session { person: Arc::new(person), token: hash, expires };
        crate::accounts::lock(&self.sessions).keep(session.clone(), asked, now);
        Ok(Some(session))
    }

    /// Renews a session that was not renewed today; `true` when it was, so that the cookie is to be sent again.
    ///
    /// # Errors
    /// The database cannot be written to.
    pub async fn renew_session(&self, session: &Session, now: Timestamp) -> sqlx::Result<bool> {
        if now.duration_until(session.expires) > SESSION_DURATION - RENEWED {
            return Ok(false);
        }
        store::renew_session(&self.database, session.token, now + SESSION_DURATION).await?;
        crate::accounts::lock(&self.sessions).forget(session.token);
        Ok(true)
    }

    /// Ends the session of a token, if there is one.
    ///
    /// # Errors
    /// The database cannot be written to.
    pub async fn log_out(&self, token: &Token) -> sqlx::Result<()> {
        store::end_session(&self.database, token.hash()).await?;
        crate::accounts::lock(&self.sessions).forget(token.hash());
        Ok(())
    }

    /// Sweeps expired sessions away; how many there were.
    ///
    /// # Errors
    /// The database cannot be written to.
    pub async fn delete_expired_sessions(&self, now: Timestamp) -> sqlx::Result<u64> {
        store::delete_expired_sessions(&self.database, now).await
    }
}

/// Answers of the last few seconds.
#[derive(Default)]
pub(super) struct Cache {
    kept: HashMap<TokenHash, (Session, Timestamp)>,
    /// Another number after each forgetting: an answer asked for before it is not kept after it.
    forgotten: u64,
}

/// What the cache knows of a token.
enum Found {
    Kept(Session),
    /// Nothing; hand the number back with the answer.
    Ask(u64),
}

impl Cache {
    fn find(&self, token: TokenHash, now: Timestamp) -> Found {
        match self.kept.get(&token) {
            Some((session, asked)) if now.duration_since(*asked).abs() < BELIEVED && now < session.expires => {
                Found::Kept(session.clone())
            }
            _ => Found::Ask(self.forgotten),
        }
    }

    fn keep(&mut self, session: Session, asked: u64, now: Timestamp) {
        if asked != self.forgotten {
            return;
        }
        if self.kept.len() >= MAX_KEPT {
            self.kept.clear();
        }
        self.kept.insert(session.token, (session, now));
    }

    fn forget(&mut self, token: TokenHash) {
        self.kept.remove(&token);
        self.forgotten += 1;
    }

    pub(super) fn forget_all(&mut self) {
        self.kept.clear();
        self.forgotten += 1;
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
        let token = accounts.log_in(&ann(&accounts).await, "Firefox", NOON).await.unwrap();
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
    async fn a_session_once_seen_is_known_without_a_query() {
        let (accounts, _folder) = test_accounts().await;
        let token = accounts.log_in(&ann(&accounts).await, "", NOON).await.unwrap();
        assert!(accounts.find_session(&token, NOON).await.unwrap().is_some());
        accounts.database.close().await;
        assert!(accounts.find_session(&token, NOON).await.unwrap().is_some());
        assert!(accounts.find_session(&token, NOON + BELIEVED).await.is_err());
    }

    #[tokio::test]
    async fn the_token_is_not_in_the_database() {
        let (accounts, folder) = test_accounts().await;
        let token = accounts.log_in(&ann(&accounts).await, "", NOON).await.unwrap();
        accounts.database.close().await;
        let bytes = std::fs::read(folder.path().join("accounts.db")).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!holds(token.reveal()) && holds(&token.hash().hex()));
    }

    #[tokio::test]
    async fn an_answer_from_before_a_logout_is_not_kept_after_it() {
        let (accounts, _folder) = test_accounts().await;
        let token = accounts.log_in(&ann(&accounts).await, "", NOON).await.unwrap();
        let session = accounts.find_session(&token, NOON).await.unwrap().unwrap();
        let mut cache = Cache::default();
        let Found::Ask(asked) = cache.find(session.token, NOON) else { panic!("the cache is empty") };
        cache.forget_all();
        cache.keep(session.clone(), asked, NOON);
        assert!(matches!(cache.find(session.token, NOON), Found::Ask(_)));
    }

    #[tokio::test]
    async fn another_password_from_another_process_ends_a_session_within_seconds() {
        let (accounts, folder) = test_accounts().await;
        let token = accounts.log_in(&ann(&accounts).await, "", NOON).await.unwrap();
        assert!(accounts.find_session(&token, NOON).await.unwrap().is_some());
        let other = Accounts::open(folder.path()).await.unwrap();
        assert!(other.set_password("ann", &Password::parse("battery staple").unwrap()).await.unwrap());
        assert!(accounts.find_session(&token, NOON + BELIEVED).await.unwrap().is_none());
    }
}
