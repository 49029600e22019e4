//! People, their passwords and sessions, and the library each may open.
//!
//! [`access`] decides which requests are accepted, `people` stores names and passwords, `password_check` checks them,
//! `sessions` knows who is logged in, `login_throttle` limits guessing, `devices` keeps those who guess from locking out
//! those who know. All of it is stored in accounts.db.

pub mod access;
mod catalogue;
mod password_check;
mod devices;
mod login_throttle;
mod passwords;
mod people;
mod sessions;
mod store;
mod tokens;

pub use access::AccessPolicy;
pub use devices::DEVICE_DURATION;
pub use login_throttle::{MAX_ATTEMPTS_PER_IP, MAX_ATTEMPTS_PER_NAME, THROTTLE_WINDOW};
pub use password_check::{Attempt, PasswordCheck, Pause};
pub use passwords::Password;
pub use people::{Added, FIRST_LIBRARY_ID, OwnerSetup, Username};
pub use sessions::{FailedLogins, SESSION_DURATION, Session};
pub use tokens::Token;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use sqlx::migrate::Migrator;

use crate::storage::database::{self, Database, SchemaMismatch};
use crate::storage::private_files;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/accounts");

/// Returns why this program cannot read accounts.db in the data folder, if so. Changes nothing in it.
pub async fn find_mismatch(data: &Path) -> Option<SchemaMismatch> {
    SchemaMismatch::find(&data.join("accounts.db"), &MIGRATIONS).await
}

/// Returns whether opening accounts.db would change its schema. Changes nothing in it.
pub async fn needs_migration(data: &Path) -> bool {
    database::needs_migration(&data.join("accounts.db"), &MIGRATIONS).await
}

/// A person who may log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Row id in accounts.db.
    pub id: i64,
    /// Login name.
    pub name: String,
    /// The library this person may open.
    pub library_id: i64,
}

/// All people and their sessions. Cheap to clone.
#[derive(Clone)]
pub struct Accounts {
    database: Database,
    hasher: passwords::Hasher,
    sessions: Arc<Mutex<sessions::SessionCache>>,
    login_throttle: Arc<Mutex<login_throttle::LoginThrottle>>,
    presence: Arc<Mutex<people::AccountPresence>>,
    setup_token: Arc<Token>,
    device_key: devices::DeviceKey,
    slow_answers: password_check::SlowAnswers,
}

impl Accounts {
    /// Opens accounts.db in the data folder, creating it if it is missing.
    ///
    /// # Errors
    /// See [`Database::open`].
    pub async fn open(data: &Path) -> anyhow::Result<Self> {
        if let Some(mismatch) = find_mismatch(data).await {
            anyhow::bail!(mismatch.message(data));
        }
        private_files::create_folder(data).with_context(|| format!("creating {}", data.display()))?;
        let database = Database::open(&data.join("accounts.db"), &MIGRATIONS).await?;
        let mut new_key = [0; 32];
        getrandom::fill(&mut new_key)?;
        let key = store::secret(&database, "device cookies", &new_key).await?;
        Ok(Self {
            database,
            hasher: passwords::Hasher::default(),
            sessions: Arc::default(),
            login_throttle: Arc::default(),
            presence: Arc::default(),
            setup_token: Arc::new(Token::random()?),
            device_key: devices::DeviceKey::new(&key).context("the key of device cookies is damaged")?,
            slow_answers: password_check::SlowAnswers::default(),
        })
    }

    /// Returns the database, for backups and checks.
    #[must_use]
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// Checks that the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> sqlx::Result<()> {
        store::ping(&self.database).await
    }
}

/// Locks a mutex even if it is poisoned: the guarded values are consistent at every step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
pub(crate) async fn test_accounts() -> (Accounts, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let accounts = Accounts::open(folder.path()).await.unwrap();
    (accounts, folder)
}
