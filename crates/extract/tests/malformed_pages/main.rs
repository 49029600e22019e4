//! Malformed pages: truncated, damaged, spliced or random. Extraction does not panic, and its output is sanitized.
//!
//! Uses the sample pages and, if present, those of `../shared/extraction`. Random numbers have a fixed seed, so that
//! failures can be repeated.

#![expect(clippy::unwrap_used, reason = "a test may stop at what should not happen")]

mod linear_time;
mod random_markup;
mod shapes;

use std::io::Read as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use extract::{Article, Page, Source};

/// Time limit of each test, since debug builds are slow and machines differ. Pages come in an order that mixes the
/// sets; the rest is skipped when the time is up.
const TIME_LIMIT: Duration = if cfg!(debug_assertions) { Duration::from_secs(12) } else { Duration::from_secs(60) };

/// Larger pages are truncated, so that many can be read.
const MAX_PAGE_BYTES: usize = 60_000;

/// The present time, in November 2026.
const NOW: jiff::Timestamp = jiff::Timestamp::constant(1_795_435_200, 0);

fn read(source: Source<'_>) -> Article {
    let url = url::Url::parse("https://a.example/news/page.html").unwrap();
    extract::article(&Page { source, url: Some(&url), now: NOW, rules: &[] })
}

/// Extracts a page and checks the result. `what` names the page and its damage in messages.
fn check_page(html: &str, what: &dyn std::fmt::Display) {
    let article = catch_unwind(AssertUnwindSafe(|| read(Source::Html(html))));
    let Ok(article) = article else { panic!("{what}: a panic") };
    let body = article.body.as_str();
    assert!(!body.to_lowercase().contains("<script"), "{what}: a script");
    assert_eq!(extract::sanitize_html(body, None).as_str(), body, "{what}: sanitizing twice");
    assert!(article.published.is_none_or(|date| date.as_second() <= NOW.as_second()), "{what}");
    assert!(!article.title.contains('\n'), "{what}: a title of several lines");
}

/// Pseudo-random numbers with a fixed seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        // splitmix64, public domain.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

fn sample_pages() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("page.html")).collect();
    files.sort();
    files.retain(|file| file.exists());
    files.into_iter().map(|file| (file.display().to_string(), std::fs::read_to_string(file).unwrap())).collect()
}

/// Returns all pages: the samples first, then the others in a shuffled order.
fn all_pages() -> impl Iterator<Item = (String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/extraction/pages");
    let sets = std::fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> =
        sets.flat_map(|set| std::fs::read_dir(set.unwrap().path()).unwrap()).map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut random = Random(7);
    for at in (1..files.len()).rev() {
        files.swap(at, random.below(at + 1));
    }
    sample_pages().into_iter().chain(files.into_iter().map(|file| {
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(std::fs::File::open(&file).unwrap()).read_to_end(&mut bytes).unwrap();
        bytes.truncate(MAX_PAGE_BYTES);
        (file.display().to_string(), String::from_utf8_lossy(&bytes).into_owned())
    }))
}

fn time_budget() -> impl FnMut() -> bool {
    let began = Instant::now();
    move || began.elapsed() < TIME_LIMIT
}

#[test]
fn truncated_pages_do_not_panic() {
    let mut time = time_budget();
    for (name, page) in sample_pages() {
        for end in (0..page.len()).step_by(97) {
            let part = String::from_utf8_lossy(&page.as_bytes()[..end]);
            check_page(&part, &format_args!("{name} up to {end}"));
        }
        if !time() {
            break;
        }
    }
    // Of other pages only a few offsets each, so that many pages are read.
    for (at, (name, page)) in all_pages().take_while(|_| time()).enumerate() {
        for end in (97 * (at % 31)..page.len()).step_by(97 * 31) {
            let part = String::from_utf8_lossy(&page.as_bytes()[..end]);
            check_page(&part, &format_args!("{name} up to {end}"));
        }
    }
}

/// Replacements for damaged bytes.
const DAMAGE_PIECES: &[&str] = &[
    "",
    "<",
    ">",
    "\"",
    "'",
    "&",
    "=",
    "/",
    "\0",
    "\u{feff}",
    "\u{fffd}",
    "\u{202e}",
    "\u{200b}",
    "\r",
    "<!--",
    "-->",
    "</",
    "<p>",
    "</div>",
    "<table>",
    "</table>",
    "<svg>",
    "<math>",
    "<template>",
    "<select>",
    "<textarea>",
    "<title>",
    "<plaintext>",
    "<![CDATA[",
    "]]>",
    "<script>",
    "</script>",
    "<style>",
    "<noscript>",
    "<frameset>",
    "<body>",
    "</body>",
    "<html lang=zz>",
    "<base href='javascript:x'>",
    "<base href='//'>",
    "<br>",
    "<ruby><rt>",
    "<dl><dd>",
    "&#xD800;",
    "&#0;",
    "&#x110000;",
    "&#99999999999;",
    "&lt;script&gt;",
    "&nbsp;",
    "&notit;",
    "\u{1F468}\u{200D}\u{1F469}",
    "ﷺ",
    "𝕬",
    "\u{0301}",
    "İ",
    "ß",
];

#[test]
fn damaged_pages_do_not_panic() {
    let mut time = time_budget();
    let mut random = Random(97);
    for round in 0..20 {
        for (name, page) in all_pages().take(400) {
            if !time() {
                return;
            }
            check_page(&damage(&page, &mut random), &format_args!("{name}, round {round}"));
        }
    }
}

/// Removes, doubles, moves and replaces bytes in some twenty places.
fn damage(page: &str, random: &mut Random) -> String {
    let mut bytes = page.as_bytes().to_vec();
    for _ in 0..1 + random.below(40) {
        let (start, other) = (random.below(bytes.len()), random.below(bytes.len()));
        let end = (start + random.below(200)).min(bytes.len());
        match random.below(5) {
            0 => drop(bytes.drain(start..end)),
            1 => {
                let part = bytes[start..end].to_vec();
                let at = other.min(bytes.len());
                drop(bytes.splice(at..at, part));
            }
            2 => drop(bytes.splice(start..start, random.pick(DAMAGE_PIECES).bytes())),
            3 => drop(bytes.splice(start..end.min(start + 3), random.pick(DAMAGE_PIECES).bytes())),
            _ => {
                if let Some(byte) = bytes.get_mut(start) {
                    *byte = random.below(256) as u8;
                }
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn spliced_pages_do_not_panic() {
    let mut time = time_budget();
    let mut random = Random(13);
    let pages: Vec<(String, String)> = all_pages().take(60).collect();
    while time() {
        let ((one, first), (other, second)) = (random.pick(&pages), random.pick(&pages));
        let part = |page: &str, random: &mut Random| {
            let (start, length) = (random.below(page.len()), random.below(8_000));
            String::from_utf8_lossy(&page.as_bytes()[start..(start + length).min(page.len())]).into_owned()
        };
        let page: String = (0..4).map(|turn| part(if turn % 2 == 0 { first } else { second }, &mut random)).collect();
        check_page(&page, &format_args!("{one} and {other}"));
    }
}
