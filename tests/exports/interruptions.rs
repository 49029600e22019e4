//! Long files that are interrupted on the way: every line is accounted for, and nothing is doubled.

use broadsheet::ingest::intake::{AfterReceiving, receive_export};
use broadsheet::library::exports::{self, ExportState, LinkOutcome, NewLink};
use broadsheet::library::{Library, export_queue, imports};
use jiff::SignedDuration;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::task::JoinHandle;

use crate::export_fixtures::{rejected_and_repeated, write};
use crate::{noon, read};

/// Lines of a file: a long one takes ten seconds for each format, so only continuous integration waits for it.
fn lines() -> usize {
    if std::env::var_os("CI").is_some() { 20_000 } else { 2_000 }
}

/// Queues links until the file is done, or `batches` are.
async fn queue(library: &Library, batches: usize) {
    for _ in 0..batches {
        if !export_queue::queue_next(library, noon()).await.unwrap() {
            return;
        }
    }
}

/// Stops a task once it has written this often.
async fn stop_after_writes<T>(library: &Library, task: JoinHandle<T>, writes: u64) {
    let before = library.generation();
    while library.generation() < before + writes && !task.is_finished() {
        tokio::task::yield_now().await;
    }
    task.abort();
    let _ = task.await;
}

/// Imports a file that is interrupted three times: once while its links are stored, and twice while they are queued.
async fn import_with_interruptions(format: &str) {
    let folder = tempfile::tempdir().unwrap();
    let open = async || Library::open(folder.path(), 1).await.unwrap();
    let lines = lines();
    let bytes = write(format, lines);
    let library = open().await;
    let interrupted = tokio::spawn({
        let (library, export) = (library.clone(), read(format, bytes.clone()));
        async move { receive_export(&library, export, AfterReceiving::Import, noon()).await }
    });
    stop_after_writes(&library, interrupted, 3).await;
    assert!(exports::find(&library, 1).await.unwrap().is_none(), "a file that was not received as a whole is not here");

    let library = open().await;
    exports::interrupt_unfinished(&library, noon() + SignedDuration::from_hours(1)).await.unwrap();
    assert_eq!(
        exports::find(&library, 1).await.unwrap().unwrap().state,
        ExportState::Interrupted,
        "the reader is told"
    );
    let id = receive_export(&library, read(format, bytes.clone()), AfterReceiving::Import, noon()).await.unwrap();
    queue(&library, 7).await;
    let library = open().await;
    let running = tokio::spawn({
        let library = library.clone();
        async move { queue(&library, usize::MAX).await }
    });
    stop_after_writes(&library, running, 5).await;
    let library = open().await;
    queue(&library, usize::MAX).await;

    let (rejected, repeated) = rejected_and_repeated(lines);
    let queued = lines - rejected - repeated;
    let expected =
        [(LinkOutcome::Repeated, repeated), (LinkOutcome::Queued, queued), (LinkOutcome::Rejected, rejected)];
    let found = exports::count(&library, id).await.unwrap();
    assert_eq!(found, expected.map(|(outcome, number)| (outcome, i64::try_from(number).unwrap())), "{format}");
    let listed = imports::list(&library, i64::MAX, 100_000).await.unwrap();
    assert_eq!(listed.len(), queued, "{format}: each link is queued once");

    // The same file again adds nothing.
    let again = receive_export(&library, read(format, bytes), AfterReceiving::Import, noon()).await.unwrap();
    queue(&library, usize::MAX).await;
    assert_eq!(exports::count(&library, again).await.unwrap(), found, "{format}");
    assert_eq!(imports::list(&library, i64::MAX, 100_000).await.unwrap().len(), queued, "{format}");
}

#[tokio::test]
async fn a_file_whose_last_step_fails_is_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path(), 1).await.unwrap();
    let file = folder.path().join("library.db");
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    let trigger =
        "CREATE TRIGGER broken BEFORE UPDATE OF state ON export_file BEGIN SELECT raise(ABORT, 'broken'); END";
    sqlx::query(trigger).execute(&mut connection).await.unwrap();
    let export = read("pocket.csv", write("pocket.csv", 20));
    receive_export(&library, export, AfterReceiving::Preview, noon()).await.unwrap_err();
    assert_eq!(exports::find(&library, 1).await.unwrap().unwrap().state, ExportState::Interrupted);
}

#[tokio::test]
async fn a_file_that_is_still_being_stored_is_not_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path(), 1).await.unwrap();
    let id = exports::create(&library, ("p.csv", "Pocket", "{}"), noon()).await.unwrap();
    let minute = |number| noon() + SignedDuration::from_mins(number);
    let state = async || exports::list_open(&library).await.unwrap()[0].state;
    exports::add_links(&library, id, &[NewLink::default()], minute(10)).await.unwrap();
    exports::interrupt_unfinished(&library, minute(9)).await.unwrap();
    assert_eq!(state().await, ExportState::Receiving, "it began long ago, but goes on");
    exports::interrupt_unfinished(&library, minute(10)).await.unwrap();
    assert_eq!(state().await, ExportState::Interrupted);
}

macro_rules! interrupted_imports {
    ($($name:ident: $format:literal,)*) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                import_with_interruptions($format).await;
            }
        )*

        #[test]
        fn every_format_is_interrupted() {
            assert_eq!([$($format),*], crate::export_fixtures::FORMATS);
        }
    };
}

interrupted_imports! {
    a_table_of_pocket_adds_up: "pocket.csv",
    an_archive_of_pocket_adds_up: "pocket.zip",
    an_older_page_of_pocket_adds_up: "ril_export.html",
    a_table_of_instapaper_adds_up: "instapaper.csv",
    an_archive_of_omnivore_adds_up: "omnivore.zip",
    bookmarks_add_up: "bookmarks.html",
    a_table_of_raindrop_adds_up: "raindrop.csv",
    a_table_of_readwise_adds_up: "readwise.csv",
    a_list_of_wallabag_adds_up: "wallabag.json",
    a_list_of_pinboard_adds_up: "pinboard.json",
    an_archive_of_matter_adds_up: "matter.zip",
    an_archive_of_readeck_adds_up: "readeck.zip",
    a_table_of_readeck_adds_up: "readeck.csv",
    a_backup_of_linkwarden_adds_up: "linkwarden.json",
    a_list_of_karakeep_adds_up: "karakeep.json",
    starred_articles_add_up: "freshrss.json",
    a_plain_table_adds_up: "plain.csv",
}
