//! Speed and memory beside the fastest peer, `dom_smoothie`: `cargo bench -p extract --bench peers`, or `-- FOLDER` for
//! other pages than `../shared/extraction`; `--json` prints JSON.
//!
//! Both extract every page from its HTML, parsing included, in turns on one thread; CPU time of that thread counts.
//! Then hostile pages are timed, and the peak memory over all sets is measured in a separate process.

#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]
#![expect(clippy::print_stdout, reason = "results go to standard output")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use extract::Source;
use rustix::time::{ClockId, clock_gettime};
use url::Url;

/// URL of pages whose own is missing or invalid; Mozilla's test pages expect it.
const DEFAULT_URL: &str = "http://fakehost/test/page.html";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let given_folder = arguments.iter().find(|argument| !argument.starts_with("--"));
    let default_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/extraction");
    let folder = given_folder.map_or(default_folder, PathBuf::from);
    let has_flag = |flag: &str| arguments.iter().any(|argument| argument == flag);
    if !folder.join("manifest.jsonl").exists() {
        println!("skipped: no pages in {}", folder.display());
        return;
    }
    let pages = PageSets::read(&folder);
    if has_flag("--memory") {
        println!("{}", measure_memory(&pages));
        return;
    }
    let result = Report {
        sets: measure_speed(&pages),
        memory: measure_memory_in_child(&folder),
        worst: measure_hostile_pages(),
    };
    println!("{}", if has_flag("--json") { result.json() } else { result.table() });
}

struct Report {
    /// Number of pages and times, per set.
    sets: BTreeMap<String, Times>,
    /// Peak memory in bytes, minus the size of the largest page.
    memory: u64,
    /// CPU seconds per 10 MB of each hostile page.
    worst: Vec<(&'static str, f64)>,
}

#[derive(Default, Clone, Copy)]
struct Times {
    pages: u32,
    ours: Duration,
    peer: Duration,
}

impl Times {
    fn rates(self) -> (f64, f64, f64) {
        let rate = |time: Duration| f64::from(self.pages) / time.as_secs_f64();
        (rate(self.ours), rate(self.peer), rate(self.ours) / rate(self.peer))
    }

    fn plus(self, other: Times) -> Times {
        Times { pages: self.pages + other.pages, ours: self.ours + other.ours, peer: self.peer + other.peer }
    }
}

impl Report {
    fn all(&self) -> Times {
        self.sets.values().fold(Times::default(), |all, set| all.plus(*set))
    }

    fn rows(&self) -> Vec<(&str, Times)> {
        let rows = self.sets.iter().map(|(name, times)| (name.as_str(), *times));
        rows.chain([("all", self.all())]).collect()
    }

    fn table(&self) -> String {
        let mut out = "pages per CPU-second    pages   extract   dom_smoothie   ratio\n".to_owned();
        for (name, times) in self.rows() {
            let (ours, peer, ratio) = times.rates();
            out += &format!("{name:22} {:6} {ours:9.0} {peer:14.0} {ratio:7.2}\n", times.pages);
        }
        out += &format!(
            "\nmemory over the largest page {:.0} MB\n\nworst pages, CPU seconds per 10 MB\n",
            megabytes(self.memory)
        );
        for (name, seconds) in &self.worst {
            out += &format!("{name:40} {seconds:.2}\n");
        }
        out
    }

    fn json(&self) -> String {
        let sets: serde_json::Map<_, _> = self
            .rows()
            .into_iter()
            .map(|(name, times)| {
                let (ours, peer, ratio) = times.rates();
                (
                    name.to_owned(),
                    serde_json::json!({ "pages": times.pages, "ours": ours, "peer": peer, "ratio": ratio }),
                )
            })
            .collect();
        let worst: serde_json::Map<_, _> =
            self.worst.iter().map(|(name, seconds)| ((*name).to_owned(), (*seconds).into())).collect();
        serde_json::json!({ "sets": sets, "memory_mb": megabytes(self.memory), "worst": worst }).to_string()
    }
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// The pages of the sets, unpacked one at a time.
struct PageSets {
    folder: PathBuf,
    entries: Vec<serde_json::Value>,
}

impl PageSets {
    fn read(folder: &Path) -> Self {
        let manifest = std::fs::read_to_string(folder.join("manifest.jsonl")).unwrap();
        let entries = manifest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        Self { folder: folder.to_owned(), entries }
    }

    fn for_each(&self, mut then: impl FnMut(&str, &str, &Url)) {
        for entry in &self.entries {
            let (set, id) = (entry["set"].as_str().unwrap(), entry["id"].as_str().unwrap());
            let packed = std::fs::File::open(self.folder.join(format!("pages/{set}/{id}.html.gz"))).unwrap();
            let mut bytes = Vec::new();
            flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
            let stated = entry["url"].as_str().and_then(|url| Url::parse(url).ok());
            then(set, &String::from_utf8_lossy(&bytes), &stated.unwrap_or(Url::parse(DEFAULT_URL).unwrap()));
        }
    }
}

fn run_ours(html: &str, url: &Url) {
    let now = jiff::Timestamp::now();
    black_box(extract::article(&extract::Page { source: Source::Html(html), url: Some(url), now, rules: &[] }));
}

/// Pages that the peer refuses count as well.
fn run_peer(html: &str, url: &Url) {
    let answer = dom_smoothie::Readability::new(html, Some(url.as_str()), None).and_then(|mut page| page.parse());
    let _ = black_box(answer);
}

/// Times both on each page. They take turns at going first, so that neither gets warmer caches more often.
fn measure_speed(pages: &PageSets) -> BTreeMap<String, Times> {
    let mut sets = BTreeMap::<String, Times>::new();
    let mut ours_first = false;
    pages.for_each(|set, html, url| {
        let times = sets.entry(set.to_owned()).or_default();
        ours_first = !ours_first;
        if ours_first {
            times.ours += cpu_time(|| run_ours(html, url));
        }
        times.peer += cpu_time(|| run_peer(html, url));
        if !ours_first {
            times.ours += cpu_time(|| run_ours(html, url));
        }
        times.pages += 1;
    });
    sets
}

fn cpu_time(work: impl FnOnce()) -> Duration {
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
    };
    let before = now();
    work();
    now() - before
}

/// Runs [`measure_memory`] in a new process.
fn measure_memory_in_child(folder: &Path) -> u64 {
    let program = std::env::current_exe().unwrap();
    let output = std::process::Command::new(program).arg(folder).arg("--memory").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

/// Returns the peak memory of this process minus the largest page, in bytes; 0 if the system does not tell.
fn measure_memory(pages: &PageSets) -> u64 {
    let mut largest = 0;
    pages.for_each(|_, html, url| {
        largest = largest.max(html.len() as u64);
        run_ours(html, url);
    });
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse().ok());
    peak.map_or(0, |kilobytes: u64| kilobytes * 1024 - largest)
}

/// Times hostile pages of 10 MB, each with another problem.
fn measure_hostile_pages() -> Vec<(&'static str, f64)> {
    const BYTES: usize = 10_000_000;
    let words = "It rained all day in the valley, and the river rose by a metre before noon, as the mayor had said. ";
    let filled = |piece: &str| piece.repeat(BYTES / piece.len());
    let numbered = |piece: &dyn Fn(usize) -> String| {
        let mut page = String::with_capacity(BYTES + 1_000);
        for number in 0.. {
            if page.len() >= BYTES {
                break;
            }
            page += &piece(number);
        }
        page
    };
    let pages = [
        ("divs within divs", filled("<div>") + words),
        ("lists within lists", filled("<ul><li>") + words),
        ("formatting never closed", filled("<b><p>word ")),
        ("tables within tables", filled("<table><tr><td>") + words),
        ("one paragraph", format!("<p>{}", filled(words))),
        ("paragraphs", numbered(&|number| format!("<p>{number} {words}</p>"))),
        ("paragraphs that are all the same", filled(&format!("<p>{words}</p>"))),
        ("links", numbered(&|number| format!("<li><a href='/{number}'>Number {number} of a long list</a></li>"))),
        ("attributes", format!("<p{}>{words}", numbered(&|number| format!(" a{number}=1")))),
        ("names", numbered(&|number| format!("<x-{number:08}>")) + words),
        ("classes", format!("<p class='{}'>{words}", filled("content article "))),
        ("comments", filled("<!-- no -->") + words),
        ("entities", filled("&amp;&#x41;&nosuch;")),
        ("line breaks", filled("word<br><br>")),
        ("scripts", filled("<script>if (a < b) { c('</p>') }</script>") + words),
        (
            "pictures",
            numbered(&|number| format!("<p>{words}<img src='/{number}.jpg' srcset='/{number}-2.jpg 2x'></p>")),
        ),
        ("brackets never closed", filled("<a ") + words),
        ("JSON-LD", format!("<script type='application/ld+json'>{}</script><p>{words}", filled("[{\"a\":"))),
    ];
    let url = Url::parse(DEFAULT_URL).unwrap();
    pages.map(|(name, html)| (name, cpu_time(|| run_ours(&html, &url)).as_secs_f64() * 10e6 / html.len() as f64)).into()
}
