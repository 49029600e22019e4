//! State shared by all requests and background jobs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::accounts::{AccessPolicy, Accounts};
use crate::epub::Binder;
use crate::ingest::extractor::Extractor;
use crate::ingest::fetch::Fetcher;
use crate::library::articles::lists::FacetsCache;
use crate::library::thumbnails::Thumbnailer;
use crate::library::{Libraries, Library, search};
use crate::ops::disk_space::{DiskSpace, DiskState, LARGE_PAGE_BYTES};
use crate::ops::login_reserve;
use crate::ops::metrics::Metrics;
use crate::storage::disk_full;

/// How often to look for space on a full disk.
const DISK_FULL_POLL_INTERVAL: Duration = Duration::from_millis(500);

/// The running program. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The data folder.
    pub data_dir: Arc<PathBuf>,
    /// The readers' libraries.
    pub libraries: Libraries,
    /// Accounts, sessions, and who may open which library.
    pub accounts: Accounts,
    /// How people may sign in.
    pub access: Arc<AccessPolicy>,
    /// The only HTTP client.
    pub fetcher: Fetcher,
    /// Extracts imported pages.
    pub extractor: Extractor,
    /// Makes small copies of images.
    pub thumbnails: Thumbnailer,
    /// Makes books.
    pub binder: Binder,
    /// Wake-ups for background jobs.
    pub wakeups: Arc<Wakeups>,
    /// Cached counts for filters.
    pub facets: FacetsCache,
    /// Bytes that images may use in each library.
    pub images_limit: u64,
    /// What runs apart from requests, and is waited for at the end: the jobs, and uploads that take long.
    pub tasks: TaskTracker,
    /// The room on the disk.
    pub disk: DiskSpace,
    /// What was done since the start.
    pub metrics: Metrics,
    /// How long a search may take.
    pub search_time: Duration,
    clock: fn() -> Timestamp,
}

/// Wake-ups, one for each job that waits for new work.
#[derive(Default)]
pub struct Wakeups {
    /// The file of another service is to be imported.
    pub exports: Notify,
    /// An import was queued.
    pub imports: Notify,
    /// An image is due.
    pub images: Notify,
    /// A feed is due.
    pub feeds: Notify,
    /// The rules of a source have changed.
    pub rules: Notify,
    /// The keywords of a source should become tags.
    pub keywords: Notify,
    /// Articles have arrived, changed, gone or come back, so stories may be others.
    pub stories: Notify,
    /// An operation on many articles goes on in the background.
    pub operations: Notify,
}

impl App {
    /// Opens the data folder, creating it if it is missing. `clock` returns the time; tests pass their own.
    ///
    /// # Errors
    /// The folder or accounts.db cannot be opened.
    pub async fn open(
        data_dir: &Path,
        access: AccessPolicy,
        fetcher: Fetcher,
        clock: fn() -> Timestamp,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            accounts: Accounts::open(data_dir).await?,
            libraries: Libraries::new(data_dir),
            data_dir: Arc::new(data_dir.to_owned()),
            access: Arc::new(access),
            extractor: Extractor::new(fetcher.memory().clone()),
            fetcher,
            thumbnails: Thumbnailer::default(),
            binder: Binder::default(),
            tasks: TaskTracker::new(),
            wakeups: Arc::default(),
            facets: FacetsCache::default(),
            images_limit: u64::MAX,
            disk: DiskSpace::new(|| None, None),
            metrics: Metrics::default(),
            search_time: search::MAX_TIME,
            clock,
        })
    }

    /// Returns the current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Returns whether there is room on the disk.
    #[must_use]
    pub fn disk_state(&self) -> DiskState {
        self.disk.state(self.now())
    }

    /// Returns the size up to which pages are fetched and accepted.
    #[must_use]
    pub fn max_page_bytes(&self) -> usize {
        if self.disk_state() == DiskState::Enough { usize::MAX } else { LARGE_PAGE_BYTES }
    }

    /// Runs a write, and runs it again while the disk is full, once there is room.
    ///
    /// # Errors
    /// The write fails for another reason, or the disk is still full at `stop`.
    pub async fn write_when_there_is_room<T, F: Future<Output = anyhow::Result<T>>>(
        &self,
        stop: &CancellationToken,
        write: impl Fn() -> F,
    ) -> anyhow::Result<T> {
        loop {
            match write().await {
                Err(error) if disk_full::is_disk_full(error.as_ref()) => {
                    self.report_full_disk(&error);
                    if !self.wait_for_room(stop).await {
                        return Err(error);
                    }
                }
                result => return result,
            }
        }
    }

    /// Waits while the disk is full. Returns `false` if it still is at `stop`.
    pub async fn wait_for_room(&self, stop: &CancellationToken) -> bool {
        while self.disk_state() == DiskState::Full {
            tokio::select! {
                () = stop.cancelled() => return false,
                () = tokio::time::sleep(DISK_FULL_POLL_INTERVAL) => {}
            }
        }
        true
    }

    /// Makes jobs wait and pages say why, after a write failed for lack of room.
    pub fn report_full_disk(&self, error: &anyhow::Error) {
        if self.disk_state() != DiskState::Full {
            tracing::error!(error = format_args!("{error:#}"), "the disk is full; jobs wait until there is room");
        }
        self.disk.report_full(self.now());
    }

    /// Runs a small write that must succeed even on a full disk, such as a login: uses the room that is kept for it.
    ///
    /// # Errors
    /// The write fails for another reason, or that room is used up.
    pub async fn write_on_full_disk<T, F: Future<Output = anyhow::Result<T>>>(
        &self,
        write: impl Fn() -> F,
    ) -> anyhow::Result<T> {
        match write().await {
            Err(error) if disk_full::is_disk_full(error.as_ref()) => {
                self.report_full_disk(&error);
                if login_reserve::release(&self.data_dir) { write().await } else { Err(error) }
            }
            result => result,
        }
    }

    /// Opens all libraries. Logs and skips those that fail, so that they don't hold up the others.
    pub async fn open_all_libraries(&self) -> Vec<Library> {
        let ids = self.libraries.list_ids().unwrap_or_else(|error| {
            tracing::error!(error = format_args!("{error:#}"), "couldn't list the libraries");
            Vec::new()
        });
        let mut opened = Vec::with_capacity(ids.len());
        for id in ids {
            match self.libraries.get(id).await {
                Ok(library) => opened.push(library),
                Err(error) => {
                    tracing::error!(library = id, error = format_args!("{error:#}"), "couldn't open a library")
                }
            }
        }
        opened
    }

    /// Returns the one-time setup link, or `None` if there is an account or none is needed. The link is a secret: print
    /// it to the log and nowhere else.
    ///
    /// # Errors
    /// The database fails.
    pub async fn setup_link(&self) -> anyhow::Result<Option<String>> {
        if !self.access.requires_setup() || self.accounts.has_accounts(self.now()).await? {
            return Ok(None);
        }
        Ok(Some(format!("{}/setup?token={}", self.access.public_url(), self.accounts.setup_token().reveal())))
    }
}
