//! Names and passwords; `password_check` checks them.

use jiff::{SignedDuration, Timestamp};

use crate::accounts::store::{self, NewPerson};
use crate::accounts::{Accounts, Password, Person, Session, Token};

/// The library of the first person, and of the reader without an account.
pub const FIRST_LIBRARY_ID: i64 = 1;

/// How long "no account yet" is cached: another process (the command line) may add one. That there is one is cached for
/// good.
const PRESENCE_TTL: SignedDuration = SignedDuration::from_secs(10);

/// A username: 1 to 64 characters, trimmed, on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// # Errors
    /// A message for the user.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Err("Enter a username.");
        }
        if text.chars().count() > 64 || text.chars().any(char::is_control) {
            return Err("Use a username of at most 64 characters, on one line.");
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Result of adding a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// The person was added.
    New(Person),
    /// Somebody has that name already.
    NameTaken,
}

/// Result of creating an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnerSetup {
    /// The owner was created as the first person.
    Created(Person),
    /// There is an account already; nothing was changed.
    AlreadyExists,
}

/// Whether there is any account, and when that was last checked.
#[derive(Default)]
pub(super) enum AccountPresence {
    #[default]
    Unknown,
    NoneAt(Timestamp),
    Exists,
}

impl Accounts {
    /// Returns the number of people with an account.
    ///
    /// # Errors
    /// The database fails.
    pub async fn count_people(&self) -> sqlx::Result<i64> {
        store::count_people(&self.database).await
    }

    /// Returns whether anybody has an account. Cached, since every request without a session asks.
    ///
    /// # Errors
    /// The database fails.
    pub async fn has_accounts(&self, now: Timestamp) -> sqlx::Result<bool> {
        match *crate::accounts::lock(&self.presence) {
            AccountPresence::Exists => return Ok(true),
            AccountPresence::NoneAt(checked_at) if now.duration_since(checked_at).abs() < PRESENCE_TTL => {
                return Ok(false);
            }
            AccountPresence::NoneAt(_) | AccountPresence::Unknown => {}
        }
        let anybody = self.count_people().await? > 0;
        let mut presence = crate::accounts::lock(&self.presence);
        match (&*presence, anybody) {
            // Somebody may have been added since the query.
            (AccountPresence::Exists, _) => return Ok(true),
            (_, true) => *presence = AccountPresence::Exists,
            (_, false) => *presence = AccountPresence::NoneAt(now),
        }
        Ok(anybody)
    }

    /// Adds a person who may open the library.
    ///
    /// # Errors
    /// The database fails.
    pub async fn add_person(
        &self,
        name: &Username,
        password: &Password,
        library_id: i64,
        now: Timestamp,
    ) -> anyhow::Result<Added> {
        let password_hash = self.hasher.hash(password).await?;
        let new = NewPerson { name: name.as_str(), password_hash: &password_hash, library_id, now };
        let id = store::add_person(&self.database, new).await?;
        Ok(id.map_or(Added::NameTaken, |id| Added::New(self.register(id, name, library_id))))
    }

    /// Creates the owner if nobody has an account yet: for the set-up link and for settings at startup.
    ///
    /// # Errors
    /// The database fails.
    pub async fn ensure_owner(
        &self,
        name: &Username,
        password: &Password,
        now: Timestamp,
    ) -> anyhow::Result<OwnerSetup> {
        if self.has_accounts(now).await? {
            return Ok(OwnerSetup::AlreadyExists);
        }
        let password_hash = self.hasher.hash(password).await?;
        let new = NewPerson { name: name.as_str(), password_hash: &password_hash, library_id: FIRST_LIBRARY_ID, now };
        let id = store::add_first_person(&self.database, new).await?;
        *crate::accounts::lock(&self.presence) = AccountPresence::Exists;
        Ok(id.map_or(OwnerSetup::AlreadyExists, |id| OwnerSetup::Created(self.register(id, name, FIRST_LIBRARY_ID))))
    }

    /// Changes the password of the session's person, ends all other sessions of theirs, and returns the new token of
    /// this one: whoever has copied the old one must not stay logged in.
    ///
    /// # Errors
    /// The database fails.
    pub async fn change_password(&self, session: &Session, password: &Password) -> anyhow::Result<Token> {
        let hash = self.hasher.hash(password).await?;
        let token = Token::random()?;
        let kept = store::NewToken { old: session.token_hash, new: token.hash() };
        store::change_password(&self.database, session.person.id, &hash, Some(kept)).await?;
        crate::accounts::lock(&self.sessions).clear();
        Ok(token)
    }

    /// Changes a password without the old one, from the command line, and ends all sessions of that person. Returns
    /// `false` if nobody has that name.
    ///
    /// # Errors
    /// The database fails.
    pub async fn set_password(&self, name: &str, password: &Password) -> anyhow::Result<bool> {
        let Some((person, _)) = store::find_person(&self.database, name.trim()).await? else { return Ok(false) };
        let hash = self.hasher.hash(password).await?;
        store::change_password(&self.database, person.id, &hash, None).await?;
        crate::accounts::lock(&self.sessions).clear();
        Ok(true)
    }

    /// Returns the secret of the set-up link, which allows creating the first account. It changes with each start.
    #[must_use]
    pub fn setup_token(&self) -> &Token {
        &self.setup_token
    }

    fn register(&self, id: i64, name: &Username, library_id: i64) -> Person {
        *crate::accounts::lock(&self.presence) = AccountPresence::Exists;
        Person { id, name: name.as_str().to_owned(), library_id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{Attempt, PasswordCheck, test_accounts};

    const NOON: Timestamp = Timestamp::constant(1_795_435_200, 0);

    fn name(text: &str) -> Username {
        Username::parse(text).unwrap()
    }

    fn password(text: &str) -> Password {
        Password::parse(text).unwrap()
    }

    #[tokio::test]
    async fn only_one_of_two_owners_is_created() {
        let (accounts, _folder) = test_accounts().await;
        let (ann, bob) = (name("Ann"), name("Bob"));
        let secret = password("correct horse");
        let (one, two) =
            tokio::join!(accounts.ensure_owner(&ann, &secret, NOON), accounts.ensure_owner(&bob, &secret, NOON));
        let news = [one.unwrap(), two.unwrap()].iter().filter(|owned| matches!(owned, OwnerSetup::Created(_))).count();
        assert_eq!((news, accounts.count_people().await.unwrap()), (1, 1));
    }

    #[tokio::test]
    async fn names_ignore_case() {
        let (accounts, _folder) = test_accounts().await;
        let secret = password("correct horse");
        assert!(matches!(accounts.add_person(&name("Ann"), &secret, 1, NOON).await.unwrap(), Added::New(_)));
        assert_eq!(accounts.add_person(&name("ANN"), &secret, 2, NOON).await.unwrap(), Added::NameTaken);
        assert!(matches!(
            accounts.check_password("ann", &secret, Attempt::default(), NOON).await.unwrap(),
            PasswordCheck::Correct(_)
        ));
        let wrong = password("battery staple");
        assert_eq!(
            accounts.check_password("Ann", &wrong, Attempt::default(), NOON).await.unwrap(),
            PasswordCheck::Wrong
        );
    }

    #[tokio::test]
    async fn an_account_added_by_another_process_is_noticed() {
        let (accounts, folder) = test_accounts().await;
        assert!(!accounts.has_accounts(NOON).await.unwrap());
        let other = Accounts::open(folder.path()).await.unwrap();
        other.add_person(&name("Ann"), &password("correct horse"), 1, NOON).await.unwrap();
        assert!(accounts.has_accounts(NOON + PRESENCE_TTL).await.unwrap());
    }

    #[test]
    fn a_name_is_one_line() {
        assert!(
            Username::parse(" ").is_err()
                && Username::parse("a\nb").is_err()
                && Username::parse(&"x".repeat(65)).is_err()
        );
        assert_eq!(name("  Ann ").as_str(), "Ann");
    }
}
