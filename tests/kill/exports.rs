//! Kills the program three times while it imports the library of another service from the command line.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use broadsheet::library::exports::{self, LinkOutcome};
use broadsheet::library::{Library, imports};

use crate::assert_databases_are_intact;
use crate::export_fixtures::{rejected_and_repeated, write};

const LINES: usize = 20_000;

/// Starts the import. It is killed before it fetches anything.
fn start(data: &Path, file: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_broadsheet"));
    command.arg("import").arg(file).env("BROADSHEET_DATA", data).env("BROADSHEET_LOG", "error");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits until the rows of a file fulfil a condition, then kills the program.
async fn kill_when(mut program: Child, library: &Library, is_time: impl AsyncFn(&Library) -> bool) {
    let began = Instant::now();
    while !is_time(library).await {
        assert!(program.try_wait().unwrap().is_none(), "the program ended too early");
        assert!(began.elapsed() < Duration::from_secs(120), "the program does not go on");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    program.kill().unwrap();
    program.wait().unwrap();
}

async fn count(library: &Library, export: i64, wanted: LinkOutcome) -> usize {
    let counts = exports::count(library, export).await.unwrap();
    counts.iter().find(|(outcome, _)| *outcome == wanted).map_or(0, |(_, number)| usize::try_from(*number).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_that_is_killed_three_times_on_the_way_adds_up() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("pocket.zip"));
    std::fs::write(&file, write("pocket.zip", LINES)).unwrap();
    let library = Library::open(&data.join("libraries/1"), 1).await.unwrap();
    // While its links are stored: it counts as not handed in.
    kill_when(start(&data, &file), &library, async |library| count(library, 1, LinkOutcome::Pending).await > 1_000)
        .await;
    // While they are queued: the next start of the program goes on with these.
    kill_when(start(&data, &file), &library, async |library| count(library, 2, LinkOutcome::Queued).await > 1_000)
        .await;
    kill_when(start(&data, &file), &library, async |library| count(library, 3, LinkOutcome::Queued).await > 10_000)
        .await;
    let is_all_queued = async |library: &Library| {
        let is_done = async |id| {
            exports::find(library, id).await.unwrap().is_some_and(|file| file.state == exports::ExportState::Done)
        };
        is_done(2).await && is_done(3).await && is_done(4).await
    };
    kill_when(start(&data, &file), &library, is_all_queued).await;

    assert!(exports::find(&library, 1).await.unwrap().is_none());
    let (rejected, repeated) = rejected_and_repeated(LINES);
    for id in [2, 3, 4] {
        assert_eq!(count(&library, id, LinkOutcome::Rejected).await, rejected);
        assert_eq!(count(&library, id, LinkOutcome::Repeated).await, repeated);
        let total: i64 = exports::count(&library, id).await.unwrap().iter().map(|(_, number)| number).sum();
        assert_eq!(usize::try_from(total).unwrap(), LINES);
        assert_eq!(count(&library, id, LinkOutcome::Pending).await, 0);
    }
    let listed = imports::list(&library, i64::MAX, 100_000).await.unwrap();
    assert_eq!(listed.len(), LINES - rejected - repeated, "each link is queued once, however often it was handed in");
    drop(library);
    assert_databases_are_intact(&data).await;
}
