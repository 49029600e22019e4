//! Kills the program a hundred times while it imports.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use broadsheet::library::Library;
use broadsheet::library::articles::lists::{self, Filter, Position};
use broadsheet::library::imports::{self, Import, ImportState};

use crate::mock_web::{MockResponse, MockWeb};
use crate::sample_library::Random;
use crate::server_process::{ServerProcess, post, upload};
use crate::{assert_databases_are_intact, image};

const KILLS: usize = 100;
const IMPORTS: usize = 200;
const SEED: u64 = 0x2026_1123;

/// The page of an import. Every tenth URL does not exist, so that failed imports are interrupted too.
fn page(n: usize) -> MockResponse {
    if n % 10 == 9 {
        return MockResponse::status(404);
    }
    let paragraphs: String = ["ferry", "bridge", "harbour", "lantern"]
        .map(|thing| format!("<p>Report number {n} says that the {thing} of town {n} was mended in {} days, which the council of town {n} calls a record for any {thing}.</p>", n + 3))
        .concat();
    MockResponse::html(format!(
        "<html lang=en><head><title>Report number {n}</title></head><body><article><h1>Report number {n}</h1>{paragraphs}\
         <img src='/{n}.png' width=600 height=400 alt='The town'></article></body></html>"
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_kills_neither_lose_nor_duplicate_an_import() {
    println!("seed {SEED:#x}");
    let web = MockWeb::start().await;
    for n in 0..IMPORTS {
        web.serve(&format!("{}/{n}", web.addr), page(n));
        web.serve(&format!("{}/{n}.png", web.addr), image(n));
    }
    let folder = tempfile::tempdir().unwrap();
    let allowed = [("BROADSHEET_ALLOW_HOSTS", web.addr.to_string())];
    let mut numbers = Random(SEED);
    let mut accepted = BTreeSet::new();
    let mut pending: Vec<String> = Vec::new();
    for round in 0..KILLS {
        let program = ServerProcess::start(folder.path(), &allowed);
        let range = round * IMPORTS / KILLS..(round + 1) * IMPORTS / KILLS;
        pending.extend(range.map(|n| format!("http://{}/{n}", web.addr)));
        let submitting = submit(&program, pending.clone());
        std::thread::sleep(Duration::from_micros(numbers.below(200_000)));
        program.kill();
        accepted.extend(submitting.join().unwrap());
        // What was not accepted is submitted again, as a person would do.
        pending.retain(|url| !accepted.contains(url));
    }
    println!("{} of {IMPORTS} were accepted between kills", accepted.len());
    assert!(accepted.len() > IMPORTS / 2, "the program was killed too early to accept imports");
    let program = ServerProcess::start(folder.path(), &allowed);
    if !pending.is_empty() {
        accepted.extend(submit(&program, pending).join().unwrap());
    }
    assert_eq!(accepted.len(), IMPORTS);
    let library = Library::open(&folder.path().join("libraries/1"), 1).await.unwrap();
    let finished = wait_until_finished(&library).await;
    program.kill();
    assert_each_import_finished_once(&accepted, &finished);
    assert_no_duplicate_articles(&library, &finished).await;
    drop(library);
    assert_databases_are_intact(folder.path()).await;
}

/// Submits URLs on a thread, since the server may be killed before it responds; then nothing was accepted. In some
/// rounds the first is submitted on its own: the response comes once it is an article. The rest go as a file: the
/// response comes once they are accepted.
fn submit(program: &ServerProcess, urls: Vec<String>) -> std::thread::JoinHandle<Vec<String>> {
    let server = program.address;
    std::thread::spawn(move || {
        let mut accepted = Vec::new();
        let is_single_first = urls[0].contains(['1', '3', '5']);
        let rest = if is_single_first { &urls[1..] } else { &urls[..] };
        // An empty file is rejected, so a single URL is not submitted that way.
        if !rest.is_empty()
            && let Ok(response) = upload(server, "/import", "urls.txt", &rest.join("\n"))
        {
            assert_eq!(response.status, 303, "{}", response.body);
            accepted.extend_from_slice(rest);
        }
        if is_single_first && let Ok(response) = post(server, "/import", &[("url", &urls[0])]) {
            assert_eq!(response.status, 303, "{}", response.body);
            accepted.push(urls[0].clone());
        }
        accepted
    })
}

async fn wait_until_finished(library: &Library) -> Vec<Import> {
    let began = Instant::now();
    loop {
        let all = imports::list(library, i64::MAX, 10_000).await.unwrap();
        if all.iter().all(|import| import.state.is_final()) {
            return all;
        }
        assert!(began.elapsed() < Duration::from_secs(120), "some imports do not finish");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn assert_each_import_finished_once(accepted: &BTreeSet<String>, finished: &[Import]) {
    let mut by_url: BTreeMap<&str, Vec<&Import>> = BTreeMap::new();
    for import in finished {
        by_url.entry(import.url.as_deref().unwrap()).or_default().push(import);
    }
    for url in accepted {
        let imports = by_url.get(url.as_str()).unwrap_or_else(|| panic!("{url} was accepted and is gone"));
        // Only a failed import may be listed twice: its first response was lost in a kill, and it was submitted again.
        let is_missing = url.ends_with('9');
        assert!(is_missing || imports.len() == 1, "{url} is listed more than once");
        for import in imports {
            match &import.state {
                ImportState::Done { article_id: Some(_), .. } => assert!(!is_missing, "{url}"),
                ImportState::Failed { code, .. } => {
                    assert!(is_missing && code == "status-404", "{url}: {:?}", import.state)
                }
                other => panic!("{url}: {other:?}"),
            }
        }
    }
}

async fn assert_no_duplicate_articles(library: &Library, finished: &[Import]) {
    let done = finished.iter().filter(|import| matches!(import.state, ImportState::Done { .. })).count();
    let page = lists::list(library, &Filter::default(), Position::START, 10_000).await.unwrap();
    let reports: Vec<&str> =
        page.cards.iter().map(|card| card.title.as_str()).filter(|title| title.starts_with("Report")).collect();
    let distinct: BTreeSet<&str> = reports.iter().copied().collect();
    assert_eq!((reports.len(), distinct.len()), (done, done));
}
