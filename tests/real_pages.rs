//! Real pages from fetch to screen: a loopback server simulates their hosts. Each must become a readable article within
//! a second and load nothing from other sites.
#![allow(clippy::unwrap_used, dead_code, missing_docs)]

#[path = "support/import.rs"]
mod import;
#[path = "support/mock_web.rs"]
mod mock_web;
#[path = "support/mod.rs"]
mod support;

use std::collections::HashSet;
use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, Instant};

use broadsheet::ingest::intake;
use broadsheet::urls::registrable_domain;
use dom_query::Document;
use mock_web::{MockResponse, MockWeb};
use serde_json::Value;
use support::{Page, TestApp};
use url::Url;

/// Pages to test, spread evenly over both sets.
const PAGE_COUNT: usize = 72;

/// Time until the article is on the screen. Holds without optimisation too, so a release build is far below it.
const TIME_LIMIT: Duration = Duration::from_secs(1);

/// A page of the corpus that has a URL and a reference text.
struct CorpusPage {
    file: String,
    url: Url,
    /// Texts that annotators found on it.
    reference: Vec<String>,
}

#[tokio::test]
async fn pages_of_many_sites_are_extracted_within_a_second_each() {
    let shared = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/extraction"));
    if !shared.join("pages").is_dir() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", shared.display());
        eprintln!("skipped: no ../shared");
        return;
    }
    let web = MockWeb::start().await;
    let app = TestApp::with_mock_web(web.addr).await;
    let chosen = choose_pages(shared);
    assert!(chosen.len() >= 60, "{}", chosen.len());
    let mut failures = Vec::new();
    for CorpusPage { file, url, reference } in chosen {
        web.serve(url.as_str(), MockResponse::html(read_gzip(&shared.join("pages").join(&file))));
        let (result, mut elapsed) = import_and_render(&app, &url).await;
        // A busy computer may slow down one run, hardly three.
        for _ in 0..2 {
            if elapsed > TIME_LIMIT {
                elapsed = import_and_render(&TestApp::with_mock_web(web.addr).await, &url).await.1;
            }
        }
        eprintln!("{} ms {file}", elapsed.as_millis());
        let problems = match result {
            Ok(page) => find_problems(&page, &reference, elapsed),
            Err(problem) => vec![problem],
        };
        failures.extend(problems.into_iter().map(|problem| format!("{file} {url}: {problem}")));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Imports a page, renders the article, and measures the time.
async fn import_and_render(app: &TestApp, url: &Url) -> (Result<Page, String>, Duration) {
    let start = Instant::now();
    let result = app.import_and_open(intake::read_url(url.as_str()).unwrap()).await;
    (result, start.elapsed())
}

/// Lists problems of an article on the screen.
fn find_problems(page: &Page, reference: &[String], elapsed: Duration) -> Vec<String> {
    let mut problems = Vec::new();
    if elapsed > TIME_LIMIT {
        problems.push(format!("took {} ms", elapsed.as_millis()));
    }
    let text = page.text(".text");
    if !reference.iter().any(|part| text.contains(part)) {
        problems.push(format!("not the article: {text}"));
    }
    let document = Document::from(page.body.as_str());
    for name in ["src", "srcset", "poster", "data", "background", "style"] {
        for element in document.select(&format!("[{name}]")).iter() {
            let value = element.attr(name).unwrap_or_default();
            if !value.starts_with("/static/") && !value.starts_with("/image/") {
                problems.push(format!("{name}={value}"));
            }
        }
    }
    let active_elements = document
        .select("main :is(script, style, link, iframe, object, embed, audio, video, base, meta, form[action*='//'])");
    problems.extend(active_elements.iter().map(|element| element.html().chars().take(200).collect()));
    problems
}

/// Chooses evenly spread pages with a reference text, one per site.
fn choose_pages(shared: &Path) -> Vec<CorpusPage> {
    let references = ["trafilatura", "wcxb"].map(|set| {
        let bytes = read_gzip(&shared.join(format!("truth/{set}.json.gz")));
        (set, serde_json::from_slice::<Value>(&bytes).unwrap())
    });
    let manifest = std::fs::read_to_string(shared.join("manifest.jsonl")).unwrap();
    let mut sites = HashSet::new();
    let all: Vec<CorpusPage> = manifest
        .lines()
        .filter_map(|line| {
            let entry: Value = serde_json::from_str(line).unwrap();
            let (set, id) = (entry["set"].as_str().unwrap(), entry["id"].as_str().unwrap());
            let (_, references) = references.iter().find(|(name, _)| *name == set)?;
            let reference = reference_texts(&references[id])?;
            // The simulated web speaks plain HTTP.
            let mut url = Url::parse(&entry["url"].as_str()?.replacen("https://", "http://", 1)).ok()?;
            url.set_fragment(None);
            let is_new = sites.insert(registrable_domain(&url)?);
            is_new.then(|| CorpusPage { file: format!("{set}/{id}.html.gz"), url, reference })
        })
        .collect();
    let step = all.len() / PAGE_COUNT;
    all.into_iter().step_by(step.max(1)).take(PAGE_COUNT).collect()
}

/// Returns the annotated segments, or the longer sentences of the annotated text, with white space collapsed; `None`
/// without text.
fn reference_texts(reference: &Value) -> Option<Vec<String>> {
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let segments = reference["with"].as_array().into_iter().flatten().filter_map(Value::as_str).map(fold);
    let body = reference["body"].as_str().unwrap_or_default();
    let sentences = body.split(['.', '\n']).map(fold).filter(|sentence| sentence.len() >= 40);
    let reference_texts: Vec<String> = segments.chain(sentences).collect();
    (!reference_texts.is_empty()).then_some(reference_texts)
}

fn read_gzip(file: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let packed = std::fs::File::open(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    bytes
}
