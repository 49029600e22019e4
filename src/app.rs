//! What every request and every job shares.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::accounts::{AccessPolicy, Accounts};
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
    pub access: Arc<AccessPolicy>,
    /// The only way out.
    pub fetcher: Fetcher,
    /// Bells of the jobs.
    pub work: Arc<Work>,
    /// Counts beside lists, worked out before.
    pub facets: FacetsCache,
    /// Bytes that pictures may take in each library.
    pub pictures_limit: u64,
    clock: fn() -> Timestamp,
}

/// Bells: each wakes the job that sees to what has come in.
#[derive(Default)]
pub struct Work {
    /// An import waits.
    pub imports: Notify,
    /// A picture waits.
    pub pictures: Notify,
    /// The rules of a source have changed.
    pub rules: Notify,
}

impl App {
    /// Opens what is in the data folder, creating it if it is missing. `clock` tells the time; tests hand in their own.
    ///
    /// # Errors
    /// The folder or accounts.db cannot be opened.
    pub async fn open(
        data: &Path,
        access: AccessPolicy,
        fetcher: Fetcher,
        clock: fn() -> Timestamp,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            accounts: Accounts::open(data).await?,
            libraries: Libraries::new(data),
            data: Arc::new(data.to_owned()),
            access: Arc::new(access),
            fetcher,
            work: Arc::default(),
            facets: FacetsCache::default(),
            pictures_limit: u64::MAX,
            clock,
        })
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// All libraries there are, opened. One that cannot be opened is logged and left out, so that it keeps no other waiting.
    pub async fn every_library(&self) -> Vec<Library> {
        let ids = self.libraries.list_ids().unwrap_or_else(|error| {
            tracing::error!(error = format_args!("{error:#}"), "couldn't list the libraries");
            Vec::new()
        });
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            match self.libraries.get(id, self.now()).await {
                Ok(library) => found.push(library),
                Err(error) => {
                    tracing::error!(library = id, error = format_args!("{error:#}"), "couldn't open a library")
                }
            }
        }
        found
    }

    /// The one-time link to print when a first account must be made from elsewhere; `None` when there is an account,
    /// or when none is needed. It holds a secret: it goes to the log and nowhere else.
    ///
    /// # Errors
    /// The database fails.
    pub async fn set_up_link(&self) -> anyhow::Result<Option<String>> {
        if !self.access.requires_setup() || self.accounts.has_accounts(self.now()).await? {
            return Ok(None);
        }
        Ok(Some(format!("{}/setup?token={}", self.access.public_url(), self.accounts.setup_token().reveal())))
    }
}
