//! `broadsheet import`: queues everything, waits for each import to finish, and prints the results.

use std::collections::VecDeque;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use broadsheet::accounts::FIRST_LIBRARY;
use broadsheet::app::App;
use broadsheet::ingest::intake::{self, ImportRequest, RejectedInput, UploadedFile};
use broadsheet::jobs;
use broadsheet::library::Library;
use broadsheet::library::imports::{self, Accepted, Before, State};
use broadsheet::library::welcome;
use broadsheet::ops::config::Settings;
use broadsheet::ops::data_dir::DataFolder;
use broadsheet::ops::server;
use indicatif::{ProgressBar, ProgressStyle};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::say;

/// How often the queue is looked at: the work may be done by another process, which rings no bell here.
const LOOK: Duration = Duration::from_millis(200);

/// Imports end almost in the order of the queue, so only its head is looked at.
const HEAD: usize = 32;

/// How many inputs are handed in with one write.
const BATCH: usize = 500;

/// A file larger than this is no article.
const LARGEST_FILE: u64 = 32 << 20;

pub async fn run(settings: &Settings, inputs: &[String]) -> anyhow::Result<ExitCode> {
    let mut folder = DataFolder::share(&settings.data).await?;
    let app = super::open::app(settings).await?;
    let library = app.libraries.get(FIRST_LIBRARY, app.now()).await?;
    welcome::put(&library, app.now()).await?;
    let mut tally = Tally::new();
    let mut ready = Vec::new();
    for input in inputs.iter().flat_map(|input| read(input)) {
        match input {
            Ok(input) => ready.push(input),
            Err(refused) => tally.failed(&refused.name, &refused.problem),
        }
    }
    tally.expect(ready.len());
    let under_way = hand_in(&app, &library, ready, &mut tally).await?;

    let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
    server::stop_on_signal(stop.clone())?;
    wait(&app, &library, &mut folder, Waiting { under_way, tracker: &tracker, stop: &stop }, &mut tally).await?;
    // Pictures that are due have their turn before the program ends; what is slow has it at the next start.
    if !tracker.is_empty() && !stop.is_cancelled() {
        jobs::fetch_due_images(&app, &library, &stop).await?;
    }
    stop.cancel();
    tracker.close();
    tracker.wait().await;
    app.libraries.close().await;
    Ok(tally.end())
}

/// What one word on the command line means.
fn read(input: &str) -> Vec<Result<ImportRequest, RejectedInput>> {
    let refuse = |problem: String| vec![Err(RejectedInput { name: input.to_owned(), problem })];
    let path = Path::new(input);
    if !path.exists() {
        let names_a_file = [".html", ".htm", ".txt"].iter().any(|ending| input.to_lowercase().ends_with(ending));
        if names_a_file && !input.contains("://") {
            return refuse("No such file.".to_owned());
        }
        return intake::read_urls(input).unwrap_or_else(refuse);
    }
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => return refuse("This is a folder. Name the files in it instead.".to_owned()),
        Ok(found) if found.len() > LARGEST_FILE => return refuse("This file is over 32 MiB.".to_owned()),
        _ => {}
    }
    match std::fs::read(path) {
        Ok(bytes) => intake::read_files(vec![UploadedFile { name: input.to_owned(), bytes }]),
        Err(error) => refuse(format!("Can't read this file: {error}.")),
    }
}

/// Hands all in, and answers with the numbers of those whose outcome is to be waited for.
async fn hand_in(
    app: &App,
    library: &Library,
    ready: Vec<ImportRequest>,
    tally: &mut Tally,
) -> anyhow::Result<VecDeque<(i64, String)>> {
    let mut under_way = VecDeque::new();
    for batch in ready.chunks(BATCH) {
        let accepted = intake::enqueue(library, batch, app.now()).await?;
        for (input, accepted) in batch.iter().zip(accepted) {
            match accepted {
                Accepted::New(id) | Accepted::Waiting(id) => under_way.push_back((id, input.display_name())),
                Accepted::Already { .. } => tally.already(),
            }
        }
    }
    Ok(under_way)
}

struct Waiting<'a> {
    under_way: VecDeque<(i64, String)>,
    tracker: &'a TaskTracker,
    stop: &'a CancellationToken,
}

/// Until all have ended or somebody stops this. The work is done by the server that runs, or else here: also when that
/// server ends meanwhile.
async fn wait(
    app: &App,
    library: &Library,
    folder: &mut DataFolder,
    mut waiting: Waiting<'_>,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    while !waiting.under_way.is_empty() {
        if waiting.tracker.is_empty() && folder.take_over()? {
            jobs::start(app, waiting.tracker, waiting.stop);
        }
        let mut still = Vec::new();
        for (id, name) in waiting.under_way.drain(..HEAD.min(waiting.under_way.len())) {
            match imports::find(library, id).await?.map(|import| import.state) {
                Some(State::Done { before: Before::Here, .. }) => tally.already(),
                Some(State::Done { .. }) => tally.imported(),
                Some(State::Failed { problem, .. }) => tally.failed(&name, &problem),
                // Somebody took it off the list, which is only possible once it has ended.
                None => tally.already(),
                Some(State::Waiting | State::Running) => still.push((id, name)),
            }
        }
        let nothing_ended = still.len() == HEAD || waiting.under_way.is_empty();
        for entry in still.into_iter().rev() {
            waiting.under_way.push_front(entry);
        }
        if nothing_ended {
            tokio::select! {
                () = waiting.stop.cancelled() => break,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }
    tally.left(waiting.under_way.len());
    Ok(())
}

/// What became of the inputs, shown as it grows.
struct Tally {
    bar: ProgressBar,
    imported: usize,
    already: usize,
    failed: usize,
    left: usize,
}

impl Tally {
    fn new() -> Self {
        let style = ProgressStyle::with_template("{bar:30} {pos} of {len} {elapsed}").expect("the template is valid");
        Self { bar: ProgressBar::new(0).with_style(style), imported: 0, already: 0, failed: 0, left: 0 }
    }

    fn expect(&self, inputs: usize) {
        self.bar.set_length(u64::try_from(inputs + self.failed).unwrap_or(u64::MAX));
    }

    fn imported(&mut self) {
        self.imported += 1;
        self.bar.inc(1);
    }

    fn already(&mut self) {
        self.already += 1;
        self.bar.inc(1);
    }

    fn failed(&mut self, what: &str, problem: &str) {
        self.failed += 1;
        self.bar.inc(1);
        self.bar.suspend(|| say(&format!("{what}: {problem}")));
    }

    const fn left(&mut self, inputs: usize) {
        self.left = inputs;
    }

    fn end(self) -> ExitCode {
        self.bar.finish_and_clear();
        if self.left > 0 {
            say(&format!("{} pending; they resume when Broadsheet next runs.", self.left));
        }
        say(&format!("{} imported, {} already saved, {} failed", self.imported, self.already, self.failed));
        if self.failed + self.left > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}
