//! Kills the program while readers mark, file, correct, extract and add articles and a backup runs, and compares what is
//! saved with a model of what was acknowledged.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use broadsheet::library::image_files::{self, ImageHash};
use broadsheet::library::{Library, articles, images, imports, rules};
use jiff::Timestamp;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::mock_web::{MockResponse, MockWeb};
use crate::model::{Model, Operation};
use crate::sample_library::Random;
use crate::server_process::{ServerProcess, post};
use crate::{assert_databases_are_intact, image};

const KILLS: usize = 40;
const SEED: u64 = 0x2026_1130;

/// Readers who work at the same time, each with articles of their own: number `n` has every article whose id is `n`
/// modulo their number.
const READERS: u64 = 3;

/// Articles that are here from the start, the welcome article among them.
const ARTICLES: i64 = 9;

/// Articles that are never deleted. Every rule is applied to them, except to the welcome article, which has no page.
const NEVER_DELETED: std::ops::RangeInclusive<i64> = 1..=6;

const BUTTONS: [&str; 6] = ["read", "unread", "star", "unstar", "archive", "unarchive"];
const TOPICS: [&str; 4] = ["science", "sport", "unsorted", "harbours"];
const TAGS: [&[&str]; 4] = [&[], &["ferries"], &["bridges", "ferries"], &["lanterns"]];

/// A part that is removed unless a rule keeps it, and one that is kept unless a rule removes it.
const BOX: (&str, &str) = (".promo-box", "two metres and ten");
const LINE: (&str, &str) = (".house-line", "printed in this town");

/// The page of a link, with two images.
fn page(n: usize) -> MockResponse {
    MockResponse::html(format!(
        "<html lang=en><title>The lock, part {n}</title><article class=story-body><h1>The lock, part {n}</h1>\
         <p>In part {n} the lock at Millbrook was closed, and {n} barges waited in the rain until the keeper found the second \
         key of part {n} in a drawer.</p><p>Nobody had looked there, the keeper of lock {n} said, because the drawer was where \
         the old key had been kept, and the old key of lock {n} was lost.</p>\
         <p class=house-line>The Valley Post has been {} by the same family since bridge {n} was built.</p>\
         <aside class=promo-box><h3>What the water rose to</h3><p>On day {n} the gauge at the lock showed {}, the highest \
         since flood {n}.</p></aside><p>The council has ordered key {n}, which will be kept by the baker of street {n}, who is \
         awake when nobody else is and lives beside lock {n}.</p><img src='/{n}.png' width=600 height=400 alt='The lock'>\
         <img src='/{n}-gate.png' width=600 height=400 alt='The gate'></article>",
        LINE.1, BOX.1
    ))
}

/// A reader: chooses at random what to do next.
struct Reader {
    server: SocketAddr,
    number: u64,
    numbers: Random,
    /// The link to add next.
    next_link: String,
    /// Operations acknowledged to all readers.
    count: Arc<AtomicUsize>,
}

impl Reader {
    /// Works until the server is killed. Returns what was acknowledged, and the last operation, which was not.
    fn work(mut self) -> (Vec<Operation>, Operation) {
        let mut acknowledged = Vec::new();
        loop {
            let operation = self.choose(acknowledged.len());
            match operation.send(self.server) {
                Ok(response) => assert_eq!(response.status, 303, "{operation:?}: {}", response.body),
                Err(_) => return (acknowledged, operation),
            }
            acknowledged.push(operation);
            self.count.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn choose(&mut self, done: usize) -> Operation {
        let index = |bound: usize, numbers: &mut Random| usize::try_from(numbers.below(bound as u64)).unwrap();
        let article = i64::try_from(1 + self.number + READERS * self.numbers.below(3)).unwrap();
        let kind = self.numbers.below(12);
        match (self.number, kind) {
            _ if done == 1 => Operation::Import(self.next_link.clone()),
            (0, 0..=2) => {
                let selector = [BOX.0, LINE.0][index(2, &mut self.numbers)];
                Operation::SaveRule { selector, action: ["keep", "promotion"][index(2, &mut self.numbers)] }
            }
            (1, 0..=2) => Operation::ReExtract(article),
            (_, 3..=6) => Operation::File {
                article,
                topic: TOPICS[index(TOPICS.len(), &mut self.numbers)],
                tags: TAGS[index(TAGS.len(), &mut self.numbers)].to_vec(),
            },
            (_, 7..=8) if !NEVER_DELETED.contains(&article) => {
                Operation::Press(article, ["delete", "restore"][index(2, &mut self.numbers)])
            }
            _ => Operation::Press(article, BUTTONS[index(BUTTONS.len(), &mut self.numbers)]),
        }
    }
}

fn start_readers(
    server: &ServerProcess,
    web: &MockWeb,
    round: usize,
    count: &Arc<AtomicUsize>,
) -> Vec<JoinHandle<(Vec<Operation>, Operation)>> {
    let reader = |number| Reader {
        server: server.address,
        number,
        numbers: Random(SEED ^ (round as u64) << 8 ^ number),
        next_link: format!("http://{}/{}", web.addr, 1000 + round as u64 * READERS + number),
        count: Arc::clone(count),
    };
    (0..READERS)
        .map(|number| {
            let reader = reader(number);
            thread::spawn(move || reader.work())
        })
        .collect()
}

/// Waits until so many more operations are acknowledged: on a busy machine, not every kill may come before the first.
fn wait_for_operations(count: &AtomicUsize, more: usize) {
    let (enough, began) = (count.load(Ordering::Relaxed) + more, Instant::now());
    while count.load(Ordering::Relaxed) < enough && began.elapsed() < Duration::from_secs(5) {
        thread::sleep(Duration::from_millis(1));
    }
}

/// A data folder, and a folder for its backup.
struct Folders {
    root: tempfile::TempDir,
}

impl Folders {
    fn data(&self) -> PathBuf {
        self.root.path().join("data")
    }

    fn backup(&self) -> PathBuf {
        self.root.path().join("backup")
    }

    async fn open_library(&self) -> Library {
        Library::open(&self.data().join("libraries/1"), 1).await.unwrap()
    }

    fn start_backup(&self) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_broadsheet"));
        command.arg("backup").arg(self.backup()).env("BROADSHEET_DATA", self.data());
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Restores the backup into a new folder and returns what is saved there.
    async fn restore(&self, name: &str, ids: impl IntoIterator<Item = i64>) -> Model {
        let target = self.root.path().join(name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_broadsheet"));
        let restored = command.arg("restore").arg(self.backup()).env("BROADSHEET_DATA", &target).output().unwrap();
        assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
        assert_databases_are_intact(&target).await;
        let library = Library::open(&target.join("libraries/1"), 1).await.unwrap();
        let restored = Model::read(&library, ids).await;
        library.close().await;
        restored
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_kills_lose_double_or_halve_nothing_that_was_acknowledged() {
    println!("seed {SEED:#x}");
    let web = MockWeb::start().await;
    for n in (1..9).chain(1000..1000 + KILLS * 3) {
        web.serve(&format!("{}/{n}", web.addr), page(n));
        web.serve(&format!("{}/{n}.png", web.addr), image(n));
        web.serve(&format!("{}/{n}-gate.png", web.addr), image(100_000 + n));
    }
    let folders = Folders { root: tempfile::tempdir().unwrap() };
    let ids = import_first_articles(&folders, &web).await;
    let start = || ServerProcess::start(&folders.data(), &[("BROADSHEET_ALLOW_HOSTS", web.addr.to_string())]);
    let library = folders.open_library().await;
    let mut model = Model::read(&library, ids.clone()).await;
    library.close().await;
    assert!(folders.start_backup().wait().unwrap().success());
    let first_links = model.links.clone();
    let (mut numbers, count) = (Random(SEED), Arc::new(AtomicUsize::new(0)));
    for round in 0..KILLS {
        let server = start();
        let readers = start_readers(&server, &web, round, &count);
        let mut backup = (round % 4 == 1).then(|| folders.start_backup());
        wait_for_operations(&count, (round % 2) * 6);
        // A backup takes longer than a form.
        let at_most = if backup.is_some() { 700_000 } else { 230_000 };
        thread::sleep(Duration::from_micros(numbers.below(at_most)));
        server.kill();
        if let Some(backup) = &mut backup {
            let _ = backup.kill();
            backup.wait().unwrap();
        }
        let mut unacknowledged = Vec::new();
        for reader in readers {
            let (acknowledged, last) = reader.join().unwrap();
            acknowledged.iter().for_each(|operation| model.apply(operation));
            unacknowledged.push(last);
        }
        assert_every_image_has_its_file(&folders.data()).await;
        let library = folders.open_library().await;
        let saved = Model::read(&library, ids.clone()).await;
        library.close().await;
        model.assert_saved(&saved, &unacknowledged, &format!("after kill {round}"));
        model = saved;
    }
    let count = count.load(Ordering::Relaxed);
    println!("{count} operations were acknowledged between kills");
    assert!(count > KILLS * 2, "the program was killed too early to acknowledge operations: {count}");
    let restored = folders.restore("from-interrupted-backup", ids.clone()).await;
    assert!(restored.links.is_superset(&first_links), "{restored:?}");
    let server = start();
    let library = folders.open_library().await;
    wait_until_quiet(&library).await;
    model.assert_saved(&Model::read(&library, ids.clone()).await, &[], "at the end");
    assert_rules_are_applied(&library, &model).await;
    assert!(folders.start_backup().wait().unwrap().success());
    assert_eq!(folders.restore("from-backup", ids).await, model);
    server.kill();
    library.close().await;
    assert_every_image_has_its_file(&folders.data()).await;
    assert_every_file_is_an_image(&folders, start()).await;
    assert_databases_are_intact(&folders.data()).await;
}

/// Imports the articles that are here from the start. Returns their ids.
async fn import_first_articles(folders: &Folders, web: &MockWeb) -> std::ops::RangeInclusive<i64> {
    std::fs::create_dir(folders.data()).unwrap();
    let server = ServerProcess::start(&folders.data(), &[("BROADSHEET_ALLOW_HOSTS", web.addr.to_string())]);
    // One after the other, so that the ids are known: the welcome article is the first.
    for n in 1..ARTICLES {
        let link = format!("http://{}/{n}", web.addr);
        let imported = post(server.address, "/import", &[("url", &link)]).unwrap();
        assert_eq!((imported.status, imported.location), (303, Some(format!("/article/{}", n + 1))));
    }
    let library = folders.open_library().await;
    wait_until_quiet(&library).await;
    library.close().await;
    server.kill();
    1..=ARTICLES
}

/// Waits until every import has ended, every image is here and every rule is applied.
async fn wait_until_quiet(library: &Library) {
    let began = Instant::now();
    loop {
        let all = imports::list(library, i64::MAX, 10_000).await.unwrap();
        let due = images::find_due(library, Timestamp::MAX, 10).await.unwrap();
        let job = rules::next_job(library).await.unwrap();
        if all.iter().all(|import| import.state.is_final()) && due.is_empty() && job.is_none() {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{all:?} {due:?} {job:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn assert_rules_are_applied(library: &Library, model: &Model) {
    for id in NEVER_DELETED.skip(1) {
        let text = articles::find_text(library, id).await.unwrap().unwrap();
        for ((selector, words), default) in [(BOX, false), (LINE, true)] {
            let expected = model.rules.get(selector).copied().unwrap_or(default);
            assert_eq!(text.contains(words), expected, "article {id}, {selector}: {text}");
        }
    }
}

/// Returns the hashes in the table of images, read apart from the program, which lets nobody at its tables.
async fn image_rows(data: &Path) -> Vec<ImageHash> {
    let file = data.join("libraries/1/library.db");
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    let rows: Vec<String> = sqlx::query_scalar("SELECT hash FROM image").fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|hash| ImageHash::parse(hash).unwrap()).collect()
}

async fn assert_every_image_has_its_file(data: &Path) {
    for hash in image_rows(data).await {
        let bytes = std::fs::read(image_files::path_in(&data.join("libraries/1"), &hash)).unwrap();
        assert_eq!(ImageHash::compute(&bytes), hash);
    }
}

/// Waits until the server has deleted files without a row and temporary files.
async fn assert_every_file_is_an_image(folders: &Folders, server: ServerProcess) {
    let rows: BTreeSet<PathBuf> = image_rows(&folders.data())
        .await
        .iter()
        .map(|hash| image_files::path_in(&folders.data().join("libraries/1"), hash))
        .collect();
    let images = folders.data().join("libraries/1/images");
    let began = Instant::now();
    loop {
        let subfolders = std::fs::read_dir(&images).unwrap().map(|folder| folder.unwrap().path());
        let files: BTreeSet<PathBuf> =
            subfolders.flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path()).collect();
        if files == rows {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", files.symmetric_difference(&rows));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.kill();
}
