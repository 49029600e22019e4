//! Whose import is next. Libraries take turns, so that one with a long queue holds up no other; what readers have added comes
//! before what the feeds of anybody bring.

use std::collections::{HashMap, VecDeque};

use tokio::task::{Id, JoinSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::app::App;
use crate::jobs::imports::{MAX_CONCURRENT, POLL_INTERVAL, process_import, resume};
use crate::library::Library;
use crate::library::imports::{self, Import, QueuedBy};
use crate::ops::disk_space::DiskState;
use crate::urls::unwrap;

/// Imports of one host that run at the same time, in all libraries together.
const MAX_PER_HOST: usize = 2;

/// The queues that are worked through.
#[derive(Clone, Copy)]
pub(super) enum Queues<'a> {
    All,
    Of(&'a Library),
}

/// The libraries, and the imports that run.
pub(super) struct Turns<'a> {
    app: &'a App,
    queues: Queues<'a>,
    /// The first is the one whose turn it is.
    libraries: VecDeque<Library>,
    tasks: JoinSet<anyhow::Result<()>>,
    running: HashMap<Id, Running>,
    /// Libraries whose queue could not be read or written, and why. They have no turn until the queues are looked at again.
    failed: HashMap<i64, anyhow::Error>,
    next_look: Instant,
}

struct Running {
    library: i64,
    host: Option<String>,
}

impl<'a> Turns<'a> {
    pub fn new(app: &'a App, queues: Queues<'a>) -> Self {
        Self {
            app,
            queues,
            libraries: VecDeque::new(),
            tasks: JoinSet::new(),
            running: HashMap::new(),
            failed: HashMap::new(),
            next_look: Instant::now(),
        }
    }

    /// Runs imports until none is left that need not wait. After `stop`, and while the disk is full, starts no more.
    ///
    /// # Errors
    /// A queue cannot be read or written. Imports in progress, and those of other libraries, are finished first.
    pub async fn run(mut self, stop: &CancellationToken) -> anyhow::Result<()> {
        self.look_at_queues().await;
        loop {
            while self.tasks.len() < MAX_CONCURRENT && !stop.is_cancelled() && self.start_next(stop).await {}
            tokio::select! {
                ended = self.tasks.join_next_with_id() => match ended {
                    None => return self.failed.into_values().next().map_or(Ok(()), Err),
                    Some(Ok((id, result))) => self.finish(id, result),
                    Some(Err(panic)) => self.finish(panic.id(), Err(panic.into())),
                },
                () = self.app.wakeups.imports.notified() => {}
                // The pause of a host or import may be over.
                () = tokio::time::sleep_until(self.next_look), if !self.tasks.is_empty() => self.look_at_queues().await,
            }
        }
    }

    /// Finds the libraries, which may be new, and requeues what an earlier run has left unfinished.
    async fn look_at_queues(&mut self) {
        self.next_look = Instant::now() + POLL_INTERVAL;
        if let Queues::All = self.queues {
            self.failed.drain().for_each(|(library, error)| report(library, &error));
        }
        let found = match self.queues {
            Queues::All => self.app.open_all_libraries().await,
            Queues::Of(library) => vec![library.clone()],
        };
        self.libraries.retain(|known| found.iter().any(|library| library.id() == known.id()));
        for library in found {
            if self.running.values().any(|running| running.library == library.id()) {
                continue;
            }
            if let Err(error) = resume(self.app, &library).await {
                self.failed.insert(library.id(), error);
            }
            if self.libraries.iter().all(|known| known.id() != library.id()) {
                self.libraries.push_back(library);
            }
        }
    }

    /// Starts an import of the library whose turn it is. Returns `false` if there is none.
    async fn start_next(&mut self, stop: &CancellationToken) -> bool {
        if self.app.disk_state() == DiskState::Full {
            return false;
        }
        let busy = self.list_busy_hosts();
        let Some(position) = self.find_turn(&busy).await else { return false };
        let Some(library) = self.libraries.remove(position) else { return false };
        self.libraries.push_back(library.clone());
        match imports::claim_next(&library, &busy, self.app.now()).await {
            Ok(Some(import)) => self.start(library, import, stop),
            Ok(None) => return false,
            Err(error) => drop(self.failed.insert(library.id(), error.into())),
        }
        true
    }

    /// Returns the place of the library whose turn it is: the first whose reader waits, else the first for whose feeds
    /// something waits.
    async fn find_turn(&mut self, busy_hosts: &[String]) -> Option<usize> {
        let mut for_feeds = None;
        for (position, library) in self.libraries.iter().enumerate() {
            if self.failed.contains_key(&library.id()) {
                continue;
            }
            match imports::find_next(library, busy_hosts, self.app.now()).await {
                Ok(Some(QueuedBy::Reader)) => return Some(position),
                Ok(Some(QueuedBy::Feed)) => for_feeds = for_feeds.or(Some(position)),
                Ok(None) => {}
                Err(error) => drop(self.failed.insert(library.id(), error.into())),
            }
        }
        for_feeds
    }

    fn start(&mut self, library: Library, import: Import, stop: &CancellationToken) {
        let running = Running { library: library.id(), host: find_asked_host(self.app, &import) };
        let task = self.tasks.spawn(process_import(self.app.clone(), library, import, stop.clone()));
        self.running.insert(task.id(), running);
    }

    fn finish(&mut self, task: Id, result: anyhow::Result<()>) {
        let Some(Running { library, .. }) = self.running.remove(&task) else { return };
        if let Err(error) = result {
            self.failed.insert(library, error);
        }
    }

    fn list_busy_hosts(&self) -> Vec<String> {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let hosts = self.running.values().filter_map(|running| running.host.as_deref());
        hosts.for_each(|host| *counts.entry(host).or_default() += 1);
        counts.into_iter().filter(|(_, count)| *count >= MAX_PER_HOST).map(|(host, _)| host.to_owned()).collect()
    }
}

/// Returns the host that an import asks; `None` if its page is here.
fn find_asked_host(app: &App, import: &Import) -> Option<String> {
    let url = import.url.as_deref().filter(|_| import.snapshot_id.is_none())?;
    match import.is_from_archive {
        true => Some(app.fetcher.archive_host().to_owned()),
        false => unwrap(&Url::parse(url).ok()?).host_str().map(str::to_owned),
    }
}

fn report(library: i64, error: &anyhow::Error) {
    tracing::error!(library, error = format_args!("{error:#}"), "couldn't work through the import queue");
}
