//! Golden tests: every folder in `tests/pages` holds a page and its expected output. Add a folder to add a test;
//! `UPDATE=1` accepts the current output.
//!
//! The input is `page.html` or `page.txt`; `expected.html` is the body and `expected.txt` everything else.

#![expect(clippy::unwrap_used, reason = "a test may stop at what should not happen")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

use std::fmt::Write;
use std::path::Path;

use extract::{Article, Page, Source};

const NOW: &str = "2026-11-23T12:00:00Z";

fn read(folder: &Path) -> Article {
    let url = url::Url::parse("https://www.valley-post.example/news/today/page.html?utm_source=mail").unwrap();
    let now = NOW.parse().unwrap();
    let html = std::fs::read_to_string(folder.join("page.html"));
    let text = std::fs::read_to_string(folder.join("page.txt"));
    match (html, text) {
        (Ok(html), _) => extract::article(&Page { source: Source::Html(&html), url: Some(&url), now, rules: &[] }),
        (_, Ok(text)) => extract::article(&Page { source: Source::Text(&text), url: None, now, rules: &[] }),
        _ => panic!("no page in {}", folder.display()),
    }
}

fn facts(article: &Article) -> String {
    let mut out = String::new();
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".into());
    writeln!(out, "title      {}", article.title).unwrap();
    writeln!(out, "byline     {}", or_none(&article.byline)).unwrap();
    writeln!(out, "published  {}", or_none(&article.published.map(|date| date.to_string()))).unwrap();
    writeln!(out, "site       {}", or_none(&article.site_name)).unwrap();
    writeln!(out, "canonical  {}", or_none(&article.canonical_url.as_ref().map(url::Url::to_string))).unwrap();
    writeln!(out, "sections   {}", article.sections.join(" › ")).unwrap();
    writeln!(out, "tags       {}", article.tags.join(", ")).unwrap();
    writeln!(out, "language   {} {:?}", or_none(&article.language), article.direction).unwrap();
    writeln!(out, "excerpt    {}", or_none(&article.excerpt)).unwrap();
    writeln!(out, "words      {}", article.word_count).unwrap();
    let lead = article.lead_image.as_ref().map(|image| image.url.to_string());
    writeln!(out, "lead       {}", or_none(&lead)).unwrap();
    for image in &article.images {
        writeln!(out, "image      {} {}", image.url, image.description).unwrap();
    }
    for block in &article.removed {
        writeln!(out, "removed    {}: {}", block.reason.label(), block.text).unwrap();
    }
    write!(out, "\n{}\n", article.text).unwrap();
    out
}

/// Puts each block of the body on a line of its own, for readable diffs.
fn lines(html: &str) -> String {
    let mut out = html.to_owned();
    for tag in [
        "</p>",
        "</h2>",
        "</h3>",
        "</li>",
        "</tr>",
        "</figure>",
        "</blockquote>",
        "</pre>",
        "<ul>",
        "</ul>",
        "</ol>",
        "</table>",
    ] {
        out = out.replace(tag, &format!("{tag}\n"));
    }
    out
}

#[test]
fn sample_pages_match_their_expected_output() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut folders: Vec<_> = std::fs::read_dir(&pages).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 12, "pages went missing");
    let mut wrong = Vec::new();
    for folder in folders {
        let article = read(&folder);
        for (name, now) in [("expected.txt", facts(&article)), ("expected.html", lines(article.body.as_str()))] {
            let file = folder.join(name);
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&file, now).unwrap();
                continue;
            }
            let before = std::fs::read_to_string(&file).unwrap_or_default();
            if before != now {
                wrong.push(format!("{}\n--- expected\n{before}\n--- now\n{now}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n(UPDATE=1 accepts)", wrong.join("\n\n"));
}

#[test]
fn sample_pages_hold_the_invariants() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    for folder in std::fs::read_dir(&pages).unwrap().map(|entry| entry.unwrap().path()) {
        let article = read(&folder);
        let body = article.body.as_str();
        assert!(!article.text.is_empty(), "{}", folder.display());
        assert!(!body.contains("<h1"), "{}", folder.display());
        assert!(!body.contains("utm_"), "{}", folder.display());
        assert!(!body.to_lowercase().contains("advertisement</"), "{}", folder.display());
        assert_eq!(article.text.matches(article.title.as_str()).count(), 0, "{}: the title once", folder.display());
        assert_eq!(extract::sanitize_html(body, None).as_str(), body, "{}", folder.display());
        assert!(article.published.is_none_or(|date| date <= NOW.parse().unwrap()));
    }
}

fn shared(path: &str) -> Option<std::path::PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path);
    if file.exists() {
        return Some(file);
    }
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{path} is missing");
    println!("skipped: no ../shared");
    None
}

#[test]
fn cluttered_text_is_reduced_to_the_article() {
    let Some(file) = shared("seed/kremlin-dialogue.txt") else { return };
    let text = std::fs::read_to_string(file).unwrap();
    let article =
        extract::article(&Page { source: Source::Text(&text), url: None, now: NOW.parse().unwrap(), rules: &[] });
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(article.title, lines[1]);
    // The body is between the second copy of the repeated sentence and the promotions.
    let first = lines.iter().position(|line| line.starts_with("The Kremlin said Wednesday")).unwrap();
    let end = lines.iter().position(|line| line.starts_with("Enhance Your")).unwrap();
    let body: Vec<&str> = lines[first..end].iter().copied().filter(|line| *line != "ADVERTISEMENT").collect();
    assert_eq!(article.text.split("\n\n").collect::<Vec<_>>(), body);
    assert_eq!(article.text.matches("Russia finds itself locked").count(), 1);
    let html: Vec<String> = body.iter().map(|line| format!("<p>{line}</p>")).collect();
    assert_eq!(article.body.as_str(), html.concat());
    let left_out: String = article.removed.iter().map(|block| format!("{} ", block.text)).collect();
    for line in &lines[end..] {
        let squeezed = line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(left_out.contains(&squeezed), "{line}");
    }
}

#[test]
fn benchmark_pages_with_text_are_not_empty() {
    let Some(folder) = shared("extraction") else { return };
    let manifest = std::fs::read_to_string(folder.join("manifest.jsonl")).unwrap();
    let with_text = pages_with_text(&folder);
    let mut read = 0;
    // A debug build reads every eighth page.
    let step = if cfg!(debug_assertions) { 8 } else { 1 };
    for line in manifest.lines().step_by(step) {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let (set, id) = (entry["set"].as_str().unwrap(), entry["id"].as_str().unwrap());
        let file = std::fs::File::open(folder.join(format!("pages/{set}/{id}.html.gz"))).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(file), &mut bytes).unwrap();
        let html = String::from_utf8_lossy(&bytes);
        let url = entry["url"].as_str().and_then(|url| url::Url::parse(url).ok());
        let now = NOW.parse().unwrap();
        let article = extract::article(&Page { source: Source::Html(&html), url: url.as_ref(), now, rules: &[] });
        assert!(!article.text.is_empty() || !with_text.contains(&(set.into(), id.into())), "{set} {id}");
        assert_eq!(extract::sanitize_html(article.body.as_str(), None), article.body, "sanitized again: {set} {id}");
        read += 1;
    }
    assert!(read >= 200);
}

/// Returns set and id of the pages with an annotated text.
fn pages_with_text(folder: &Path) -> std::collections::HashSet<(String, String)> {
    let mut found = std::collections::HashSet::new();
    for set in ["trafilatura", "wcxb", "mozilla"] {
        let file = std::fs::File::open(folder.join(format!("truth/{set}.json.gz"))).unwrap();
        let truth: serde_json::Map<String, serde_json::Value> =
            serde_json::from_reader(flate2::read::GzDecoder::new(file)).unwrap();
        for (id, truth) in truth {
            let filled = |name: &str| match &truth[name] {
                serde_json::Value::String(text) => text.trim().len() > 100,
                serde_json::Value::Array(segments) => !segments.is_empty(),
                _ => false,
            };
            if ["text", "with", "html"].iter().any(|name| filled(name)) {
                found.insert((set.to_owned(), id));
            }
        }
    }
    found
}
