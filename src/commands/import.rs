//! `broadsheet import`: queues the inputs, waits for all imports to finish, and prints the results.

use std::collections::VecDeque;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use broadsheet::accounts::FIRST_LIBRARY_ID;
use broadsheet::app::App;
use broadsheet::ingest::intake::exports::{Export, take_exports};
use broadsheet::ingest::intake::{self, ImportRequest, RejectedInput, UploadedFile};
use broadsheet::jobs;
use broadsheet::library::Library;
use broadsheet::library::imports::{self, Accepted, Import, ImportOutcome, ImportState};
use broadsheet::library::welcome;
use broadsheet::ops::config::Settings;
use broadsheet::ops::data_dir::DataDir;
use broadsheet::ops::server;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::data_folder::{self, NewLibrary};
use super::{import_export, print_line};

/// How often to poll the queue. Another process may do the imports, so there is no notification.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// Imports to poll. They finish roughly in order, so the first ones are enough.
const POLL_COUNT: usize = 32;

/// Inputs queued per transaction.
const BATCH_SIZE: usize = 500;

/// Larger files are refused.
const MAX_FILE_SIZE: usize = 32 << 20;

/// The same for files of other services, which may have thousands of pages in them.
const MAX_EXPORT_SIZE: u64 = 512 << 20;

/// Endings of files that people import, or try to.
const FILE_ENDINGS: &[&str] = &[
    "html",
    "htm",
    "xhtml",
    "xht",
    "mhtml",
    "mht",
    "webarchive",
    "txt",
    "text",
    "md",
    "markdown",
    "csv",
    "tsv",
    "json",
    "jsonl",
    "xml",
    "opml",
    "zip",
    "gz",
    "7z",
    "rar",
    "url",
    "webloc",
    "desktop",
    "eml",
    "pdf",
    "epub",
    "doc",
    "docx",
    "odt",
    "rtf",
    "bak",
];

pub async fn run(settings: &Settings, inputs: &[String], new: NewLibrary) -> anyhow::Result<ExitCode> {
    let settings = &data_folder::with_folder(settings, data_folder::choose(settings, new)?);
    let data_dir = DataDir::open_shared(&settings.data).await?;
    let app = super::open_app::open_app(settings).await?;
    let library = app.libraries.get(FIRST_LIBRARY_ID).await?;
    welcome::add_to_new_library(&library, app.now()).await?;
    let mut progress = Progress::new(["imported", "already saved"]);
    let (mut ready, mut exports) = (Vec::new(), Vec::new());
    let inputs = inputs.iter().flat_map(|input| parse_input(input, &mut exports)).collect();
    let (inputs, repeated) = intake::drop_repeated(inputs);
    progress.record_repeated(repeated);
    for input in intake::reject_large_pages(inputs, app.max_page_bytes()) {
        match input {
            Ok(input) => ready.push(input),
            Err(refused) => progress.record_failure(&refused.name, &refused.problem),
        }
    }
    progress.set_total(ready.len());
    let mut pending = queue_imports(&app, &library, ready, &mut progress).await?;
    for export in exports {
        pending.extend(import_export::queue(&app, &library, export, &mut progress).await?);
    }
    finish_imports(app, library, data_dir, (pending, progress)).await
}

/// Waits for the imports and the images that are due, and prints the results.
pub(super) async fn finish_imports(
    app: App,
    library: Library,
    mut data_dir: DataDir,
    (pending, mut progress): (VecDeque<(i64, String)>, Progress),
) -> anyhow::Result<ExitCode> {
    let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
    server::stop_on_signal(stop.clone())?;
    wait_for_imports(
        &app,
        &library,
        &mut data_dir,
        PendingImports { pending, tracker: &tracker, stop: &stop },
        &mut progress,
    )
    .await?;
    // Fetches images that are due. Slow ones are fetched at the next start.
    if !tracker.is_empty() && !stop.is_cancelled() {
        jobs::fetch_due_images(&app, &library, &stop).await?;
    }
    stop.cancel();
    tracker.close();
    tracker.wait().await;
    app.libraries.close().await;
    Ok(progress.print_summary())
}

/// Reads one command-line argument: a link or a file, which may contain several links. Files of other services are added to
/// `exports`.
fn parse_input(input: &str, exports: &mut Vec<Export>) -> Vec<Result<ImportRequest, RejectedInput>> {
    let refuse = |problem: String| vec![Err(RejectedInput { name: input.to_owned(), problem })];
    let path = Path::new(input);
    if !path.exists() {
        if looks_like_file(input) {
            let may_be_link = !input.starts_with(['/', '.', '~']);
            let hint = if may_be_link { " Check its name; if it is a link, begin it with https://." } else { "" };
            return refuse(format!("No such file.{hint}"));
        }
        return intake::read_urls(input).unwrap_or_else(refuse);
    }
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => return refuse("This is a folder. Name the files in it instead.".to_owned()),
        Ok(found) if found.len() > MAX_EXPORT_SIZE => return refuse("This file is over 512 MiB.".to_owned()),
        _ => {}
    }
    match std::fs::read(path) {
        Ok(bytes) => {
            let size = bytes.len();
            let (found, rest, rejected) = take_exports(vec![UploadedFile { name: input.to_owned(), bytes }]);
            exports.extend(found);
            if size > MAX_FILE_SIZE && !rest.is_empty() {
                return refuse("This file is over 32 MiB.".to_owned());
            }
            rejected.into_iter().map(Err).chain(intake::read_files(rest)).collect()
        }
        Err(error) => refuse(format!("Can't read this file: {error}.")),
    }
}

/// Returns whether an input that is no file was meant to be one: it is a path, or ends as files do. Some of the endings are
/// also those of sites, but nearly nobody types links by hand, and copied ones have a scheme.
fn looks_like_file(input: &str) -> bool {
    let name = input.to_lowercase();
    let is_path = name.starts_with(['.', '/', '~']) || name.contains('\\');
    let has_ending = name.rsplit_once('.').is_some_and(|(_, ending)| FILE_ENDINGS.contains(&ending));
    !name.contains("://") && (is_path || has_ending)
}

/// Queues the inputs. Returns the ID and name of each pending import.
async fn queue_imports(
    app: &App,
    library: &Library,
    ready: Vec<ImportRequest>,
    progress: &mut Progress,
) -> anyhow::Result<VecDeque<(i64, String)>> {
    let mut pending = VecDeque::new();
    for batch in ready.chunks(BATCH_SIZE) {
        let accepted = intake::enqueue(library, batch, app.now()).await.with_context(|| {
            format!(
                "{} inputs were queued; run the same command again for the rest, none is added twice",
                pending.len()
            )
        })?;
        for (input, accepted) in batch.iter().zip(accepted) {
            match accepted {
                Accepted::New(id) | Accepted::AlreadyQueued(id) => pending.push_back((id, input.display_name())),
                Accepted::ArticleExists { .. } => progress.record_already_saved(),
            }
        }
    }
    Ok(pending)
}

struct PendingImports<'a> {
    pending: VecDeque<(i64, String)>,
    tracker: &'a TaskTracker,
    stop: &'a CancellationToken,
}

/// Waits until all imports have finished, or until `stop`. If no server is running, or it stops meanwhile, this process
/// does the imports.
async fn wait_for_imports(
    app: &App,
    library: &Library,
    data_dir: &mut DataDir,
    mut queue: PendingImports<'_>,
    progress: &mut Progress,
) -> anyhow::Result<()> {
    while !queue.pending.is_empty() {
        if queue.tracker.is_empty() && data_dir.try_become_server()? {
            jobs::start(app, queue.tracker, queue.stop);
        }
        let mut unfinished = Vec::new();
        for (id, name) in queue.pending.drain(..POLL_COUNT.min(queue.pending.len())) {
            let import = imports::find(library, id).await?;
            if let Some(wait) = import.as_ref().and_then(|import| find_long_wait(import, app.now())) {
                progress.record_wait(&name, &wait);
                continue;
            }
            match import.map(|import| import.state) {
                Some(ImportState::Done {
                    outcome: ImportOutcome::Existing | ImportOutcome::RenewedUnchanged, ..
                }) => {
                    progress.record_already_saved();
                }
                Some(ImportState::Done { kept_because: Some(reason), .. }) => progress.record_kept(&name, &reason),
                Some(ImportState::Done { .. }) => progress.record_imported(),
                Some(ImportState::Failed { message, .. }) => progress.record_failure(&name, &message),
                // Dismissed, which is possible only after it has finished.
                None => progress.record_already_saved(),
                Some(ImportState::Waiting | ImportState::Running) => unfinished.push((id, name)),
            }
        }
        let nothing_ended = unfinished.len() == POLL_COUNT || queue.pending.is_empty();
        for entry in unfinished.into_iter().rev() {
            queue.pending.push_front(entry);
        }
        if nothing_ended {
            tokio::select! {
                () = queue.stop.cancelled() => break,
                () = tokio::time::sleep(POLL_INTERVAL) => {}
            }
        }
    }
    progress.pending += queue.pending.len();
    Ok(())
}

/// Returns why an import waits for its site, if that takes longer than anyone watches.
fn find_long_wait(import: &Import, now: Timestamp) -> Option<String> {
    const WATCHED: SignedDuration = SignedDuration::from_secs(10);
    let until = import.waits_until.filter(|until| import.state == ImportState::Waiting && *until > now + WATCHED)?;
    let reason = import.wait_reason.as_ref().map(|reason| format!(" {}", reason.message)).unwrap_or_default();
    let time = TimeZone::system().to_datetime(until);
    Some(format!("waits until {:02}:{:02}.{reason}", time.hour(), time.minute()))
}

/// A progress bar and the counts for the summary.
pub(super) struct Progress {
    bar: ProgressBar,
    /// What happened to the first two counts.
    words: [&'static str; 2],
    imported: usize,
    already_saved: usize,
    failed: usize,
    repeated: usize,
    pending: usize,
}

impl Progress {
    pub(super) fn new(words: [&'static str; 2]) -> Self {
        let style = ProgressStyle::with_template("{bar:30} {pos} of {len} {elapsed}").expect("the template is valid");
        Self {
            bar: ProgressBar::new(0).with_style(style),
            words,
            imported: 0,
            already_saved: 0,
            failed: 0,
            repeated: 0,
            pending: 0,
        }
    }

    pub(super) fn set_total(&self, inputs: usize) {
        self.bar.set_length(u64::try_from(inputs + self.failed).unwrap_or(u64::MAX));
    }

    fn record_imported(&mut self) {
        self.imported += 1;
        self.bar.inc(1);
    }

    pub(super) fn record_repeated(&mut self, count: usize) {
        self.repeated += count;
    }

    /// Adds inputs to the total.
    pub(super) fn add_total(&self, inputs: usize) {
        self.bar.inc_length(u64::try_from(inputs).unwrap_or_default());
    }

    pub(super) fn record_already_saved(&mut self) {
        self.already_saved += 1;
        self.bar.inc(1);
    }

    pub(super) fn record_failure(&mut self, what: &str, problem: &str) {
        self.failed += 1;
        self.bar.inc(1);
        self.bar.suspend(|| print_line(&format!("{what}: {problem}")));
    }

    /// The page is worse now, so the saved text was kept.
    fn record_kept(&mut self, what: &str, reason: &str) {
        self.record_already_saved();
        self.bar.suspend(|| print_line(&format!("{what}: {reason}")));
    }

    fn record_wait(&mut self, what: &str, wait: &str) {
        self.pending += 1;
        self.bar.inc(1);
        self.bar.suspend(|| print_line(&format!("{what}: {wait}")));
    }

    fn print_summary(self) -> ExitCode {
        self.bar.finish_and_clear();
        if self.pending > 0 {
            print_line(&format!("{} pending; they resume when Broadsheet next runs.", self.pending));
        }
        let repeated = if self.repeated > 0 { format!(", {} repeated", self.repeated) } else { String::new() };
        print_line(&format!(
            "{} {}, {} {}, {} failed{repeated}",
            self.imported, self.words[0], self.already_saved, self.words[1], self.failed
        ));
        if self.failed + self.pending > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}
