//! What every request and every job shares.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::accounts::{Access, Accounts};
use crate::ingest::fetch::Fetcher;
use crate::library::articles::lists::FacetsCache;
use crate::library::{Libraries, Library};

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
    /// The only way out.
    pub fetcher: Fetcher,
    /// Bells of the jobs.
    pub wakeups: Arc<Wakeups>,
    /// Counts beside lists, worked out before.
    pub facets: FacetsCache,
    /// Bytes that pictures may take in each library.
    pub images_limit: u64,
    clock: fn() -> Timestamp,
}

/// Bells: each wakes the job that sees to what has come in.
#[derive(Default)]
pub struct Wakeups {
    /// An import waits.
    pub imports: Notify,
    /// A picture waits.
    pub images: Notify,
    /// The rules of a source have changed.
    pub rules: Notify,
}

impl App {
    /// Opens what is in the data folder, creating it if it is missing. `clock` tells the time; tests hand in their own.
    ///
    /// # Errors
    /// The folder or accounts.db cannot be opened.
    pub async fn open(data: &Path, access: Access, fetcher: Fetcher, clock: fn() -> Timestamp) -> anyhow::Result<Self> {
        Ok(Self {
            accounts: Accounts::open(data).await?,
            libraries: Libraries::new(data),
            data: Arc::new(data.to_owned()),
            access: Arc::new(access),
            fetcher,
            wakeups: Arc::default(),
            facets: FacetsCache::default(),
            images_limit: u64::MAX,
            clock,
        })
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// All libraries there are, opened. One that cannot be opened is logged and left out, so that it keeps no other waiting.
    pub async fn open_all_libraries(&self) -> Vec<Library> {
        let ids = self.libraries.all().unwrap_or_else(|error| {
            tracing::error!(error = format_args!("{error:#}"), "couldn't list the libraries");
            Vec::new()
        });
        let mut opened = Vec::with_capacity(ids.len());
        for id in ids {
            match self.libraries.get(id, self.now()).await {
                Ok(library) => opened.push(library),
                Err(error) => {
                    tracing::error!(library = id, error = format_args!("{error:#}"), "couldn't open a library")
                }
            }
        }
        opened
    }

    /// The one-time link to print when a first account must be made from elsewhere; `None` when there is an account,
    /// or when none is needed. It holds a secret: it goes to the log and nowhere else.
    ///
    /// # Errors
    /// The database fails.
    pub async fn setup_link(&self) -> anyhow::Result<Option<String>> {
        if !self.access.needs_set_up() || self.accounts.has_anybody(self.now()).await? {
            return Ok(None);
        }
        Ok(Some(format!("{}/setup?token={}", self.access.address(), self.accounts.set_up_token().reveal())))
    }
}
