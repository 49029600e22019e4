//! What looking at feeds costs: `cargo bench --bench refresh [-- new|hostile]`.
//!
//! `new` follows 200 feeds of 50 items with whole texts, and prints the CPU time of a server until all items are articles,
//! until its work in the background has ended, too, and of another refresh that brings nothing new. `hostile` follows 5,000
//! feeds: all healthy, and then a quarter of them silent, slow, endless or reset; it prints how long it takes until
//! the healthy ones have been read, and the pages and the memory of the server meanwhile. Fails if a figure is above its bound.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may stop at errors")]

#[path = "../../tests/support/server_process.rs"]
mod server_process;
mod origin;

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use origin::{Feeds, Origin, is_hostile};
use server_process::{ServerProcess, read_response, upload};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use tempfile::TempDir;

const NEW: (usize, Feeds) = (200, Feeds { items: 50, words_per_item: 300, has_hostile: false });
const MANY: (usize, Feeds) = (5_000, Feeds { items: 2, words_per_item: 120, has_hostile: false });

/// The bounds.
const MAX_CPU_FIRST: Duration = Duration::from_secs(8);
const MAX_CPU_AGAIN: Duration = Duration::from_millis(200);
const MAX_SLOWDOWN: f64 = 1.5;
const MAX_PAGE_TIME: Duration = Duration::from_millis(50);
const MAX_MEMORY: u64 = 150 << 20;

/// After this, something hangs.
const PATIENCE: Duration = Duration::from_secs(1_200);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let wanted = arguments.first().map(String::as_str).unwrap_or_default();
    // `cargo test --benches` passes this; there is nothing to test.
    if wanted == "--test" {
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut figures = Vec::new();
    if "new".contains(wanted) {
        figures.extend(runtime.block_on(measure_new()));
    }
    if "hostile".contains(wanted) {
        figures.extend(runtime.block_on(measure_hostile()));
    }
    let over = figures.iter().filter(|figure| figure.is_over).count();
    println!();
    for Figure { text, is_over } in &figures {
        println!("{:<5}{text}", if *is_over { "OVER" } else { "ok" });
    }
    println!("{over} above the bounds");
    if over == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A figure with its bound.
struct Figure {
    text: String,
    is_over: bool,
}

impl Figure {
    fn new<T: PartialOrd + std::fmt::Debug>(name: &str, value: T, bound: T) -> Self {
        Self { text: format!("{name}: {value:.2?} (bound {bound:.2?})"), is_over: value > bound }
    }
}

async fn measure_new() -> Vec<Figure> {
    let (count, feeds) = NEW;
    let mut world = World::start(count, feeds).await;
    let before = world.server.cpu_time();
    world.follow(count);
    let items = i64::try_from(count * feeds.items).unwrap();
    world.wait_for("SELECT count(*) FROM feed_item WHERE article_id IS NOT NULL", items).await;
    world.wait_for("SELECT count(*) FROM feed WHERE succeeded_at IS NOT NULL", i64::try_from(count).unwrap()).await;
    let first = world.server.cpu_time() - before;
    let settled = world.wait_until_idle().await - before;
    println!("{count} feeds of {} items: {settled:.2?} CPU with the work in the background", feeds.items);
    let (before, requests) = (world.server.cpu_time(), world.origin.requests.load(Ordering::Relaxed));
    assert_eq!(world.server.post("/feeds/refresh", &[]).unwrap().status, 303);
    while world.origin.requests.load(Ordering::Relaxed) < requests + count {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let again = world.wait_until_idle().await - before;
    let mut figures = vec![
        Figure::new("CPU time until all are articles", first, MAX_CPU_FIRST),
        Figure::new("CPU time of a refresh without news", again, MAX_CPU_AGAIN),
    ];
    figures.push(world.count_locked());
    figures
}

async fn measure_hostile() -> Vec<Figure> {
    let (count, feeds) = MANY;
    let mut figures = Vec::new();
    let mut times = Vec::new();
    for has_hostile in [false, true] {
        let feeds = Feeds { has_hostile, ..feeds };
        let healthy = (0..count).filter(|n| !is_hostile(feeds, *n)).count();
        let mut world = World::start(count, feeds).await;
        world.server.reset_peak_memory();
        let pages = Pages::request(&world.server);
        let began = Instant::now();
        world.follow(count);
        let read = "SELECT count(*) FROM feed WHERE succeeded_at IS NOT NULL";
        world.wait_for(read, i64::try_from(healthy).unwrap()).await;
        times.push(began.elapsed().as_secs_f64());
        let name = if has_hostile { "a quarter hostile" } else { "all healthy" };
        println!("{count} feeds, {name}: {healthy} were read after {:.1} s", began.elapsed().as_secs_f64());
        world.wait_for("SELECT count(*) FROM feed WHERE looked_at IS NOT NULL", i64::try_from(count).unwrap()).await;
        println!("    and all were asked after {:.1} s", began.elapsed().as_secs_f64());
        figures.push(Figure::new(&format!("{name}: 99th percentile of pages"), pages.stop(), MAX_PAGE_TIME));
        for path in PATHS {
            let (began, mut browser) = (Instant::now(), Browser::connect(world.server.address));
            (0..20).for_each(|_| browser.get(path));
            println!("    afterwards, {path} takes {:.2?}", began.elapsed() / 20);
        }
        let memory =
            Figure::new(&format!("{name}: peak memory in MB"), world.server.peak_memory() >> 20, MAX_MEMORY >> 20);
        figures.push(memory);
        figures.push(world.count_locked());
    }
    figures.push(Figure::new(
        "time of the healthy feeds among hostile ones, as a multiple",
        times[1] / times[0],
        MAX_SLOWDOWN,
    ));
    figures
}

/// A server and the feeds that it follows.
struct World {
    folder: TempDir,
    origin: Origin,
    server: ServerProcess,
    database: SqliteConnection,
}

impl World {
    async fn start(count: usize, feeds: Feeds) -> Self {
        let origin = Origin::start(feeds).await;
        let folder = tempfile::tempdir().unwrap();
        let hosts: Vec<String> = (0..count).map(|n| origin.host(n).to_string()).collect();
        let log = File::create(folder.path().join("log")).unwrap();
        let allowed = [("BROADSHEET_ALLOW_HOSTS", hosts.join(","))];
        let server = ServerProcess::start_with_log(&folder.path().join("data"), &allowed, log.into());
        // The first page opens the library.
        assert_eq!(server.get("/").unwrap().status, 200);
        let file = folder.path().join("data/libraries/1/library.db");
        let database = SqliteConnectOptions::new().filename(file).read_only(true).connect().await.unwrap();
        Self { folder, origin, server, database }
    }

    /// Follows the feeds by a list that says that their texts are whole.
    fn follow(&self, count: usize) {
        let mut list = format!(r#"<opml version="2.0" xmlns:bs="{}"><body>"#, feeds::opml::NAMESPACE);
        for n in 0..count {
            let url = self.origin.url(n);
            write!(list, r#"<outline type="rss" text="Paper {n}" xmlUrl="{url}" bs:wholeText="feed"/>"#).unwrap();
        }
        list.push_str("</body></opml>");
        let response = upload(self.server.address, "/feeds/list", "feeds.opml", &list).unwrap();
        assert_eq!(response.status, 200, "{}", response.body);
    }

    async fn wait_for(&mut self, count: &'static str, goal: i64) {
        let began = Instant::now();
        loop {
            let reached: i64 = sqlx::query_scalar(count).fetch_one(&mut self.database).await.unwrap();
            if reached >= goal {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{reached} of {goal}: {count}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until the server has done nothing for a second. Returns its CPU time.
    async fn wait_until_idle(&self) -> Duration {
        let began = Instant::now();
        let mut last = self.server.cpu_time();
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let now = self.server.cpu_time();
            if now == last {
                return now;
            }
            assert!(began.elapsed() < PATIENCE, "the server works on and on");
            last = now;
        }
    }

    /// Counts how often the server wrote that its database is locked.
    fn count_locked(&self) -> Figure {
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
        for line in log.lines().filter(|line| line.contains("ERROR")).take(5) {
            println!("    {line}");
        }
        Figure::new("database is locked", log.matches("database is locked").count(), 0)
    }
}

/// Requests pages on one connection, as browsers do: the server looks at whose a new one is.
struct Browser {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
}

impl Browser {
    fn connect(address: SocketAddr) -> Self {
        Self { stream: BufReader::new(TcpStream::connect(address).unwrap()), address }
    }

    fn get(&mut self, path: &str) {
        let host = self.address;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\n\r\n");
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        assert_eq!(read_response(&mut self.stream).unwrap().status, 200);
    }
}

/// Pages that are requested while the server works.
struct Pages {
    is_over: Arc<AtomicBool>,
    thread: thread::JoinHandle<Vec<(&'static str, Duration)>>,
}

const PATHS: [&str; 3] = ["/", "/feeds", "/?lane=stream"];

impl Pages {
    fn request(server: &ServerProcess) -> Self {
        let (is_over, address) = (Arc::new(AtomicBool::new(false)), server.address);
        let stop = Arc::clone(&is_over);
        let thread = thread::spawn(move || {
            let (mut times, mut browser) = (Vec::new(), Browser::connect(address));
            for path in PATHS.into_iter().cycle() {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let began = Instant::now();
                browser.get(path);
                times.push((path, began.elapsed()));
                thread::sleep(Duration::from_millis(50));
            }
            times
        });
        Self { is_over, thread }
    }

    /// Stops, prints the 99th percentile of the times of each, and returns that of all.
    fn stop(self) -> Duration {
        self.is_over.store(true, Ordering::Relaxed);
        let times = self.thread.join().unwrap();
        let percentile = |path: Option<&str>| {
            let wanted = times.iter().filter(|(found, _)| path.is_none_or(|path| path == *found));
            let mut times: Vec<Duration> = wanted.map(|(_, time)| *time).collect();
            times.sort_unstable();
            times[times.len() * 99 / 100]
        };
        for path in PATHS {
            println!("    99th percentile of {path}: {:.2?}", percentile(Some(path)));
        }
        percentile(None)
    }
}
