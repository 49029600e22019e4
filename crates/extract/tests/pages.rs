//! Every folder in `tests/pages` is a page and what must come out of it. Add a folder to add a test;
//! `UPDATE=1` accepts what comes out now.
//!
//! `page.html` or `page.txt` goes in; `expected.html` is the body and `expected.txt` everything else.

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
        (Ok(html), _) => extract::article(&Page { source: Source::Html(&html), url: Some(&url), now }),
        (_, Ok(text)) => extract::article(&Page { source: Source::Text(&text), url: None, now }),
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
    writeln!(out, "canonical  {}", or_none(&article.canonical.as_ref().map(url::Url::to_string))).unwrap();
    writeln!(out, "sections   {}", article.sections.join(" › ")).unwrap();
    writeln!(out, "tags       {}", article.tags.join(", ")).unwrap();
    writeln!(out, "language   {} {:?}", or_none(&article.language), article.direction).unwrap();
    writeln!(out, "excerpt    {}", or_none(&article.excerpt)).unwrap();
    writeln!(out, "words      {}", article.word_count).unwrap();
    let lead = article.lead_image.as_ref().map(|picture| picture.url.to_string());
    writeln!(out, "lead       {}", or_none(&lead)).unwrap();
    for picture in &article.pictures {
        writeln!(out, "picture    {} {}", picture.url, picture.description).unwrap();
    }
    for block in &article.removed {
        writeln!(out, "removed    {}: {}", block.reason.words(), block.text).unwrap();
    }
    write!(out, "\n{}\n", article.text).unwrap();
    out
}

/// The body with a line per block, so that a difference is easy to see.
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
fn every_page_reads_as_it_should() {
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
fn each_page_of_the_folder_obeys_the_rules_that_hold_everywhere() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    for folder in std::fs::read_dir(&pages).unwrap().map(|entry| entry.unwrap().path()) {
        let article = read(&folder);
        let body = article.body.as_str();
        assert!(!article.text.is_empty(), "{}", folder.display());
        assert!(!body.contains("<h1"), "{}", folder.display());
        assert!(!body.contains("utm_"), "{}", folder.display());
        assert!(!body.to_lowercase().contains("advertisement</"), "{}", folder.display());
        assert_eq!(article.text.matches(article.title.as_str()).count(), 0, "{}: the title once", folder.display());
        assert_eq!(extract::clean::clean(body, None).as_str(), body, "{}", folder.display());
        assert!(article.published.is_none_or(|date| date <= NOW.parse().unwrap()));
    }
}
