//! What hostile pages cost: `cargo bench --bench hostile [-- NAME]`.
//!
//! Reads each shape of page at its largest (25 MB, the limit of a fetch) and each flood of one byte in a process of its
//! own, and prints CPU time and peak memory. Fails if one is above the bounds.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may stop at errors")]

#[path = "../crates/extract/tests/malformed_pages/shapes.rs"]
mod shapes;

use std::process::{Command, ExitCode};
use std::time::Duration;

use broadsheet::ingest::fetch::{self, Document};
use extract::{Page, Source};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Bytes of each page: the most that is fetched.
const PAGE_BYTES: usize = 25 * 1024 * 1024;

/// The bounds for one page, in bytes and CPU time.
const MAX_MEMORY: u64 = 256 << 20;
const MAX_TIME: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [mode, name] = &arguments[..]
        && mode == "--read"
    {
        read_one(name);
        return ExitCode::SUCCESS;
    }
    let wanted = arguments.first().map(String::as_str).unwrap_or_default();
    let mut failed = 0;
    for name in names().into_iter().filter(|name| name.contains(wanted)) {
        let line = measure(&name);
        let (memory, time) = line.unwrap_or((u64::MAX, Duration::MAX));
        let verdict = if memory <= MAX_MEMORY && time <= MAX_TIME { "ok" } else { "OVER" };
        failed += u32::from(verdict != "ok");
        println!("{verdict:<5}{:>6} MB {:>6} ms  {name}", memory >> 20, time.as_millis());
    }
    println!("{failed} above {} MB or {} s", MAX_MEMORY >> 20, MAX_TIME.as_secs());
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn names() -> Vec<String> {
    let floods = FLOODS.iter().map(|(name, ..)| (*name).to_owned());
    floods.chain(shapes::all().into_iter().map(|shape| shape.name)).collect()
}

/// Reads a page in a process of its own. Returns its peak memory and its CPU time; `None` if it ended early.
fn measure(name: &str) -> Option<(u64, Duration)> {
    let output = Command::new(std::env::current_exe().unwrap()).args(["--read", name]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut numbers = text.split_whitespace().map(|number| number.parse::<u64>().ok());
    Some((numbers.next()?? * 1024, Duration::from_millis(numbers.next()??)))
}

fn read_one(name: &str) {
    let (bytes, content_type) = match FLOODS.iter().find(|(flood, ..)| *flood == name) {
        Some((_, open, piece, content_type)) => {
            let mut bytes = open.to_vec();
            while bytes.len() < PAGE_BYTES {
                bytes.extend_from_slice(piece);
            }
            (bytes, *content_type)
        }
        None => {
            let shape = shapes::all().into_iter().find(|shape| shape.name == name).unwrap();
            (shape.with_bytes(PAGE_BYTES).into_bytes(), "text/html")
        }
    };
    let document = fetch::decode(&bytes, Some(content_type));
    drop(bytes);
    let source = match &document {
        Document::Html(html) => Source::Html(html),
        Document::Text(text) => Source::Text(text),
    };
    let url = url::Url::parse("https://a.example/news/rain.html").unwrap();
    let article = extract::article(&Page { source, url: Some(&url), now: jiff::Timestamp::now(), rules: &[] });
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    println!(
        "{} {} {} {}",
        peak.trim_end_matches("kB").trim(),
        time.tv_sec * 1000 + time.tv_nsec / 1_000_000,
        article.text.len(),
        article.body.as_str().len()
    );
}

const FLOODS: &[(&str, &[u8], &[u8], &str)] = &[
    ("flood of NUL", b"<p>", b"\0", "text/html"),
    ("flood of NUL as text", b"rain", b"\0", "text/plain"),
    ("flood of a", b"<p>", b"a", "text/html"),
    ("flood of a as text", b"", b"a", "text/plain"),
    ("flood of spaces", b"<p>", b" ", "text/html"),
    ("flood of line ends", b"<p>", b"\n", "text/html"),
    ("flood of line ends as text", b"", b"\n", "text/plain"),
    ("flood of words as text", b"", b"It rained. ", "text/plain"),
    ("flood of lines as text", b"", b"It rained all day in the valley.\n", "text/plain"),
    ("flood of paragraphs as text", b"", b"It rained all day in the valley, and the river rose.\n\n", "text/plain"),
    ("flood of <", b"<p>", b"<", "text/html"),
    ("flood of &", b"<p>", b"&", "text/html"),
    ("flood of ;", b"<p>", b";", "text/html"),
    ("flood of CR", b"<p>", b"\r", "text/html"),
    ("flood of quotes in windows-1252", b"<p>", b"\x93", "text/html; charset=windows-1252"),
    ("flood of a euro sign in windows-1252", b"<p>", b"\x80 ", "text/html; charset=windows-1252"),
    ("flood of half-width katakana", b"<p>", b"\xb1", "text/html; charset=shift_jis"),
    ("flood of broken UTF-8", b"<p>", b"\xff", "text/html; charset=utf-8"),
    ("flood of broken UTF-16", b"<p>", b"\xd8", "text/html; charset=utf-16le"),
    ("flood of Chinese in GBK", b"<p>", b"\xd3\xea", "text/html; charset=gbk"),
    ("flood of undeclared bytes", b"<p>", b"\xe9\xe8 ", "text/html"),
    ("flood of high bytes as text", b"", b"\x93\x94", "text/plain; charset=windows-1252"),
];
