//! Imports and images around a full disk.

use std::collections::BTreeMap;
use std::thread;

use broadsheet::library::Library;
use broadsheet::library::images;
use broadsheet::library::imports::{self, ImportState};
use jiff::Timestamp;

use crate::mock_web::MockWeb;
use crate::server_process::{ServerProcess, post};
use crate::{Disk, article, image, wait_until};

const ROUNDS: usize = 4;

/// Imports per round.
const IMPORTS: usize = 8;

/// How much is left free when the disk is filled, in bytes, and after how many requests of the round that happens.
const FILLS: [(usize, usize); ROUNDS] = [(0, 2), (20_000, 1), (300_000, 3), (0, 7)];

/// Submits links at once, each on a thread. Returns those that were accepted.
async fn submit(server: &ServerProcess, urls: Vec<String>) -> Vec<String> {
    let address = server.address;
    let submit = move |url: String| (post(address, "/import", &[("url", &url)]).unwrap().status, url);
    let threads: Vec<_> = urls.into_iter().map(|url| thread::spawn(move || submit(url))).collect();
    let answers = tokio::task::spawn_blocking(|| threads.into_iter().map(|thread| thread.join().unwrap()).collect());
    let answers: Vec<(u16, String)> = answers.await.unwrap();
    assert!(answers.iter().all(|(status, _)| [303, 507].contains(status)), "{answers:?}");
    answers.into_iter().filter(|(status, _)| *status == 303).map(|(_, url)| url).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_accepted_import_becomes_an_article_and_no_image_is_fetched_twice() {
    let web = MockWeb::start().await;
    for n in 0..ROUNDS * IMPORTS {
        web.serve(&format!("{}/{n}", web.addr), article(n, 60_000));
        web.serve(&format!("{}/{n}.png", web.addr), image(n, 50_000));
    }
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(folder.path()) else { return };
    let server = ServerProcess::start(folder.path(), &[("BROADSHEET_ALLOW_HOSTS", web.addr.to_string())]);
    let mut accepted = Vec::new();
    for (round, (left, after)) in FILLS.into_iter().enumerate() {
        let urls = (round * IMPORTS..(round + 1) * IMPORTS).map(|n| format!("http://{}/{n}", web.addr)).collect();
        let requests = web.requests().len();
        let submitted = submit(&server, urls);
        let filled = async {
            tokio::task::block_in_place(|| {
                wait_until("the pages are requested", || web.requests().len() >= requests + after);
                disk.fill(left);
            });
        };
        accepted.extend(tokio::join!(submitted, filled).0);
        if left == 0 {
            assert!(server.get("/").unwrap().body.contains("The disk is full."), "round {round}");
        }
        disk.free();
    }
    let library = Library::open(&folder.path().join("libraries/1"), 1).await.unwrap();
    let all = wait_until_finished(&library).await;
    assert!(accepted.len() > IMPORTS, "only {} were accepted", accepted.len());
    for url in &accepted {
        let import = all.iter().find(|import| import.url.as_ref() == Some(url)).expect("an accepted import is here");
        assert!(matches!(import.state, ImportState::Done { .. }), "{url}: {:?}", import.state);
    }
    let mut requests: BTreeMap<String, usize> = BTreeMap::new();
    for url in web.requests().into_iter().filter(|url| url.ends_with(".png")) {
        *requests.entry(url).or_default() += 1;
    }
    assert!(requests.len() >= accepted.len() && requests.values().all(|count| *count == 1), "{requests:?}");
    server.kill();
}

/// Waits until all imports have ended and all images are here. Returns the imports.
async fn wait_until_finished(library: &Library) -> Vec<imports::Import> {
    let began = std::time::Instant::now();
    loop {
        let all = imports::list(library, i64::MAX, 1000).await.unwrap();
        let due = images::find_due(library, Timestamp::MAX, 1000).await.unwrap();
        if all.iter().all(|import| import.state.is_final()) && due.is_empty() {
            return all;
        }
        assert!(began.elapsed().as_secs() < 60, "{all:?} {due:?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}
