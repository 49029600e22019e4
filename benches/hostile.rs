//! What hostile pages cost: `cargo bench --bench hostile [-- NAME]`.
//!
//! First reads each shape of page at its largest (25 MB, the limit of a fetch) and each flood of one character in a
//! process of its own, and prints CPU time and peak memory. Then imports the floods into a server, one after the other
//! and six at once, and prints its peak memory and how long its front page took meanwhile. Fails if a figure is above
//! its bound.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may stop at errors")]

#[path = "../tests/support/mock_web.rs"]
mod mock_web;
#[path = "../tests/support/server_process.rs"]
mod server_process;
#[path = "../crates/extract/tests/malformed_pages/shapes.rs"]
mod shapes;

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use broadsheet::ingest::fetch;
use extract::Page;
use mock_web::{MockResponse, MockWeb};
use server_process::ServerProcess;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Bytes of each page: the most that is fetched.
const PAGE_BYTES: usize = 25 * 1024 * 1024;

/// The bounds for one page.
const MAX_BYTES: u64 = 256 << 20;
const MAX_TIME: Duration = Duration::from_secs(10);

/// The bounds for six pages at once.
const MAX_BYTES_OF_SIX: u64 = 512 << 20;
const MAX_FRONT_PAGE_TIME: Duration = Duration::from_millis(100);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match &arguments[..] {
        // `cargo test --benches` passes this; there is nothing to test.
        [only] if only == "--test" => return ExitCode::SUCCESS,
        [mode, name] if mode == "--read" => {
            read_one(name);
            return ExitCode::SUCCESS;
        }
        _ => {}
    }
    let wanted = arguments.first().map(String::as_str).unwrap_or_default();
    let mut over = 0;
    println!("read in a process of its own");
    for name in names().into_iter().filter(|name| name.contains(wanted)) {
        let (bytes, time) = measure(&name).unwrap_or((u64::MAX, Duration::MAX));
        over += print_figures(&name, (bytes, MAX_BYTES), (time, MAX_TIME));
    }
    let floods: Vec<&Flood> = FLOODS.iter().filter(|flood| flood.name.contains(wanted)).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    over += runtime.block_on(import_into_server(&floods));
    println!("{over} above the bounds");
    if over == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints a line, and returns 1 if a figure is above its bound.
fn print_figures(name: &str, bytes: (u64, u64), time: (Duration, Duration)) -> u32 {
    let is_over = bytes.0 > bytes.1 || time.0 > time.1;
    println!("{:<5}{:>6} MB {:>6} ms  {name}", if is_over { "OVER" } else { "ok" }, bytes.0 >> 20, time.0.as_millis());
    u32::from(is_over)
}

/// Imports the floods one after the other, and then six at a time.
async fn import_into_server(floods: &[&Flood]) -> u32 {
    let web = MockWeb::start().await;
    for flood in floods {
        let response = MockResponse::new(flood.content_type, flood.page());
        web.serve(&format!("{}/{}", web.addr, path_of(flood.name)), response);
    }
    let folder = tempfile::tempdir().unwrap();
    let server = ServerProcess::start(folder.path(), &[("BROADSHEET_ALLOW_HOSTS", web.addr.to_string())]);
    let options = SqliteConnectOptions::new().filename(folder.path().join("libraries/1/library.db")).read_only(true);
    let mut database = options.connect().await.unwrap();
    let mut over = 0;
    println!("\nimported one after the other: peak memory of the server, time until the import has ended");
    for flood in floods {
        server.reset_peak_memory();
        let began = Instant::now();
        import(&server, &web, flood, 0);
        wait_until_idle(&mut database).await;
        over += print_figures(flood.name, (server.peak_memory(), MAX_BYTES), (began.elapsed(), MAX_TIME));
    }
    println!("\nimported six at once: peak memory of the server, 99th percentile of the front page's time");
    for (nth, six) in floods.chunks(6).enumerate() {
        server.reset_peak_memory();
        for flood in six.iter().cycle().take(6).enumerate() {
            import(&server, &web, flood.1, 1 + flood.0);
        }
        let slowest = front_page_times(&server, &mut database).await;
        let name = format!("{nth}: {} and others", six[0].name);
        over += print_figures(&name, (server.peak_memory(), MAX_BYTES_OF_SIX), (slowest, MAX_FRONT_PAGE_TIME));
    }
    over
}

/// Hands in a page. The query makes it another page each time.
fn import(server: &ServerProcess, web: &MockWeb, flood: &Flood, nth: usize) {
    let url = format!("http://{}/{}?{nth}", web.addr, path_of(flood.name));
    assert_eq!(server.post("/import", &[("url", &url)]).unwrap().status, 303);
}

fn path_of(name: &str) -> String {
    name.replace([' ', '<', '&', ';'], "-")
}

async fn wait_until_idle(database: &mut SqliteConnection) {
    while is_busy(database).await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn is_busy(database: &mut SqliteConnection) -> bool {
    let busy = "SELECT EXISTS (SELECT 1 FROM import WHERE state IN ('waiting', 'running'))";
    sqlx::query_scalar(busy).fetch_one(database).await.unwrap()
}

/// Requests the front page until all imports have ended. Returns the 99th percentile of its times.
async fn front_page_times(server: &ServerProcess, database: &mut SqliteConnection) -> Duration {
    let mut times = Vec::new();
    while is_busy(database).await || times.len() < 100 {
        let began = Instant::now();
        assert_eq!(server.get("/").unwrap().status, 200);
        times.push(began.elapsed());
    }
    times.sort_unstable();
    times[times.len() * 99 / 100]
}

fn names() -> Vec<String> {
    let floods = FLOODS.iter().map(|flood| flood.name.to_owned());
    floods.chain(shapes::all().into_iter().map(|shape| shape.name)).collect()
}

/// Reads a page in a process of its own. Returns its peak memory and its CPU time; `None` if it ended early.
fn measure(name: &str) -> Option<(u64, Duration)> {
    let output = Command::new(std::env::current_exe().unwrap()).args(["--read", name]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut numbers = text.split_whitespace().map(|number| number.parse::<u64>().ok());
    Some((numbers.next()??, Duration::from_millis(numbers.next()??)))
}

fn read_one(name: &str) {
    let (bytes, content_type) = match FLOODS.iter().find(|flood| flood.name == name) {
        Some(flood) => (flood.page(), flood.content_type),
        None => {
            let shape = shapes::all().into_iter().find(|shape| shape.name == name).unwrap();
            (shape.with_bytes(PAGE_BYTES).into_bytes(), "text/html")
        }
    };
    let document = fetch::decode(&bytes, Some(content_type));
    drop(bytes);
    let source = document.as_source();
    let url = url::Url::parse("https://a.example/news/rain.html").unwrap();
    let page = Page { source, url: Some(&url), now: jiff::Timestamp::UNIX_EPOCH, rules: &[] };
    std::hint::black_box(extract::article(&page));
    let peak = server_process::peak_memory(std::process::id());
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    println!("{peak} {}", time.tv_sec * 1000 + time.tv_nsec / 1_000_000);
}

/// A page of one piece, repeated.
struct Flood {
    name: &'static str,
    open: &'static [u8],
    piece: &'static [u8],
    content_type: &'static str,
    bytes: usize,
}

impl Flood {
    /// Returns the page.
    fn page(&self) -> Vec<u8> {
        let count = (self.bytes - self.open.len()) / self.piece.len();
        [self.open, &self.piece.repeat(count)].concat()
    }
}

const FLOODS: &[Flood] = &[
    Flood { name: "flood of NUL", open: b"<p>", piece: b"\0", content_type: "text/html", bytes: PAGE_BYTES },
    Flood { name: "flood of NUL as text", open: b"rain", piece: b"\0", content_type: "text/plain", bytes: PAGE_BYTES },
    Flood { name: "flood of a", open: b"<p>", piece: b"a", content_type: "text/html", bytes: PAGE_BYTES },
    Flood { name: "flood of a as text", open: b"", piece: b"a", content_type: "text/plain", bytes: PAGE_BYTES },
    Flood { name: "flood of spaces", open: b"<p>", piece: b" ", content_type: "text/html", bytes: PAGE_BYTES },
    Flood { name: "flood of line ends", open: b"<p>", piece: b"\n", content_type: "text/html", bytes: PAGE_BYTES },
    Flood { name: "flood of line ends as text", open: b"", piece: b"\n", content_type: "text/plain", bytes: PAGE_BYTES },
    Flood { name: "flood of words as text", open: b"", piece: b"It rained. ", content_type: "text/plain", bytes: PAGE_BYTES },
    Flood {
        name: "flood of lines as text",
        open: b"",
        piece: b"It rained all day in the valley.\n",
        content_type: "text/plain",
        bytes: PAGE_BYTES,
    },
    Flood {
        name: "flood of paragraphs as text",
        open: b"",
        piece: b"It rained all day in the valley, and the river rose.\n\n",
        content_type: "text/plain",
        bytes: PAGE_BYTES,
    },
    Flood { name: "flood of <", open: b"<p>", piece: b"<", content_type: "text/html", bytes: PAGE_BYTES },
    Flood { name: "flood of &", open: b"<p>", piece: b"&", content_type: "text/html", bytes: PAGE_BYTES },
    Flood { name: "flood of ;", open: b"<p>", piece: b";", content_type: "text/html", bytes: PAGE_BYTES },
    Flood { name: "flood of CR", open: b"<p>", piece: b"\r", content_type: "text/html", bytes: PAGE_BYTES },
    Flood {
        name: "flood of quotes in windows-1252",
        open: b"<p>",
        piece: b"\x93",
        content_type: "text/html; charset=windows-1252",
        bytes: PAGE_BYTES,
    },
    Flood {
        name: "flood of a euro sign in windows-1252",
        open: b"<p>",
        piece: b"\x80 ",
        content_type: "text/html; charset=windows-1252",
        bytes: PAGE_BYTES,
    },
    Flood {
        name: "flood of half-width katakana",
        open: b"<p>",
        piece: b"\xb1",
        content_type: "text/html; charset=shift_jis",
        bytes: PAGE_BYTES,
    },
    Flood { name: "flood of broken UTF-8", open: b"<p>", piece: b"\xff", content_type: "text/html; charset=utf-8", bytes: PAGE_BYTES },
    Flood { name: "flood of broken UTF-16", open: b"<p>", piece: b"\xd8", content_type: "text/html; charset=utf-16le", bytes: PAGE_BYTES },
    Flood { name: "flood of Chinese in GBK", open: b"<p>", piece: b"\xd3\xea", content_type: "text/html; charset=gbk", bytes: PAGE_BYTES },
    Flood { name: "flood of undeclared bytes", open: b"<p>", piece: b"\xe9\xe8 ", content_type: "text/html", bytes: PAGE_BYTES },
    Flood {
        name: "flood of high bytes as text",
        open: b"",
        piece: b"\x93\x94",
        content_type: "text/plain; charset=windows-1252",
        bytes: PAGE_BYTES,
    },
    Flood {
        name: "flood of paragraphs, as long as an article may be",
        open: b"<title>Rain</title><article>",
        piece: b"<p>It rained all day in the valley, and the river rose by a metre before noon, as the mayor had said.</p>\n\
                 <p>Members had warned that nearly four hundred jobs depend on the timetable, which carries freight.</p>",
        content_type: "text/html",
        bytes: 8 << 20,
    },
    Flood {
        name: "flood of one word, as long as an article may be",
        open: b"<title>Rain</title><p>It rained all day in the valley, and the river rose.<p>",
        piece: "\u{fdfa}".as_bytes(),
        content_type: "text/html; charset=utf-8",
        bytes: 8 << 20,
    },
    Flood {
        name: "flood of & in paragraphs",
        open: b"<title>Rain</title><article>",
        piece: b"<p>&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&",
        content_type: "text/html",
        bytes: PAGE_BYTES,
    },
    Flood {
        name: "flood of links, as long as an article may be",
        open: b"<title>Rain</title><article>",
        piece: b"<p>It rained <a href='/rain/in/the/valley'>all day in the valley</a>, and the river rose by a metre.</p>",
        content_type: "text/html",
        bytes: 8 << 20,
    },
    Flood {
        name: "flood of Chinese, as long as an article may be",
        open: "<title>雨</title><article>".as_bytes(),
        piece: "<p>昨天整个山谷都在下雨，河水上涨了一米，市长说，今年的冬天会比往年更冷。</p>".as_bytes(),
        content_type: "text/html",
        bytes: 8 << 20,
    },
];
