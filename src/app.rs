//! What every request and every job shares.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::accounts::{Access, Accounts};
use crate::library::Libraries;

/// The running program. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The data folder.
    pub data: Arc<PathBuf>,
    /// Every reader's library.
    pub libraries: Libraries,
    /// Who may open which.
    pub accounts: Accounts,
    /// Who may come in at all.
    pub access: Arc<Access>,
    /// Rung when there is an import or a picture to see to.
    pub work: Arc<Notify>,
    clock: fn() -> Timestamp,
}

impl App {
    /// Opens what is in the data folder, creating it if it is missing. `clock` tells the time; tests hand in their own.
    ///
    /// # Errors
    /// The folder or accounts.db cannot be opened.
    pub async fn open(data: &Path, access: Access, clock: fn() -> Timestamp) -> anyhow::Result<Self> {
        Ok(Self {
            accounts: Accounts::open(data).await?,
            libraries: Libraries::new(data),
            data: Arc::new(data.to_owned()),
            access: Arc::new(access),
            work: Arc::default(),
            clock,
        })
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The one-time link to print when a first account must be made from elsewhere; `None` when there is an account,
    /// or when none is needed. It holds a secret: it goes to the log and nowhere else.
    ///
    /// # Errors
    /// The database fails.
    pub async fn set_up_link(&self) -> anyhow::Result<Option<String>> {
        if !self.access.needs_set_up() || self.accounts.has_anybody(self.now()).await? {
            return Ok(None);
        }
        Ok(Some(format!("{}/setup?token={}", self.access.address(), self.accounts.set_up_token().reveal())))
    }
}
