//! Thousands of feeds from the tests of other programs: none may fail, and valid ones must give all their items. They are
//! read from `../shared`; without that folder they are skipped, but not on continuous integration.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

#[path = "cases/folder.rs"]
#[expect(dead_code, reason = "cases are another test")]
mod folder;

use std::collections::HashMap;
use std::io::Read as _;
use std::path::Path;
use std::time::Instant;

use feeds::{Document, Feed, NotAFeed, Problem};
use url::Url;

/// A document of an archive: its path, its bytes, the header it is served with, and what the list says of it.
struct Member {
    path: String,
    bytes: Vec<u8>,
    header: String,
    expected: String,
}

/// Reads the files of a tar archive (ustar).
fn unpack(archive: &Path) -> Vec<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(std::fs::File::open(archive).unwrap()).read_to_end(&mut bytes).unwrap();
    let (mut files, mut at) = (Vec::new(), 0);
    let field = |from: usize, length: usize| {
        let field = &bytes[from..from + length];
        String::from_utf8_lossy(field.split(|byte| *byte == 0).next().unwrap()).trim().to_owned()
    };
    while at + 512 <= bytes.len() && bytes[at] != 0 {
        let size = usize::from_str_radix(&field(at + 124, 12), 8).unwrap();
        let (name, prefix) = (field(at, 100), field(at + 345, 155));
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if bytes[at + 156] == b'0' {
            files.push((path, bytes[at + 512..at + 512 + size].to_vec()));
        }
        at += 512 + size.div_ceil(512) * 512;
    }
    files
}

fn members(folder: &Path) -> Vec<Member> {
    let list = std::fs::read_to_string(folder.join("cases.tsv")).unwrap();
    let rows = list.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let rows: HashMap<&str, Vec<&str>> = rows.map(|row| (row[0], row)).collect();
    let mut archives: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    archives.retain(|path| path.extension().is_some_and(|ending| ending == "gz"));
    archives.sort();
    let files = archives.iter().flat_map(|archive| unpack(archive));
    let members = files.map(|(path, bytes)| {
        let row = rows.get(path.as_str());
        let column = |at: usize| row.and_then(|row| row.get(at)).map_or(String::new(), |it| (*it).to_owned());
        Member { header: column(1), expected: column(3), path, bytes }
    });
    members.collect()
}

fn corpus() -> Vec<Member> {
    let Some(folder) = folder::shared("corpora/feeds") else { return Vec::new() };
    let found: Vec<Member> =
        ["wellformed", "illformed", "feedvalidator"].iter().flat_map(|it| members(&folder.join(it))).collect();
    assert!(found.len() > 4_000, "only {} documents", found.len());
    found
}

fn parse(member: &Member) -> Result<Feed, NotAFeed> {
    let url = Url::parse("http://example.com/feed").unwrap();
    let header = member.header.to_ascii_lowercase();
    let content_type = header.split("content-type:").nth(1).map(str::trim).filter(|it| !it.is_empty());
    feeds::parse(&Document { bytes: &member.bytes, url: Some(&url), content_type: content_type.or(Some("text/xml")) })
}

/// Counts the items that stand in a document, without comments.
fn count_items(text: &str) -> usize {
    let mut text = text.to_owned();
    while let Some(start) = text.find("<!--") {
        let end = text[start..].find("-->").map_or(text.len(), |end| start + end + 3);
        text.replace_range(start..end, "");
    }
    let begins = |rest: &str| rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
    let names = ["<item", "<entry", "<rss:item", "<atom:entry", "<ITEM"];
    names.iter().map(|name| text.match_indices(name).filter(|(at, _)| begins(&text[at + name.len()..])).count()).sum()
}

/// Whether the list says that a document is a valid feed.
fn is_valid(member: &Member) -> bool {
    let is_feed = !["kml/", "opensearch/", "opml/", "xml/", "gbase/"].iter().any(|it| member.path.starts_with(it));
    is_feed && (member.expected == "!Error" || member.expected.contains("not bozo"))
}

#[test]
fn no_document_takes_a_second_or_fails_in_a_way_that_is_not_foreseen() {
    for member in corpus() {
        for length in [member.bytes.len(), member.bytes.len() / 2, member.bytes.len() * 9 / 10] {
            let part = Member { bytes: member.bytes[..length].to_vec(), ..member.clone_names() };
            let start = Instant::now();
            let _ = parse(&part);
            assert!(start.elapsed().as_secs_f64() < 1.0, "{} takes {:?}", member.path, start.elapsed());
        }
    }
}

impl Member {
    fn clone_names(&self) -> Member {
        Member {
            path: self.path.clone(),
            bytes: Vec::new(),
            header: self.header.clone(),
            expected: self.expected.clone(),
        }
    }
}

#[test]
fn valid_feeds_give_all_their_items() {
    let (mut valid, mut failures) = (0, Vec::new());
    for member in corpus().iter().filter(|member| is_valid(member)) {
        let Ok(text) = std::str::from_utf8(&member.bytes) else { continue };
        let expected = count_items(text);
        valid += 1;
        let found = parse(member);
        let items = found.as_ref().map(|feed| feed.items.len() + feed.problems.count(Problem::EmptyItem));
        if items.as_ref().ok() != Some(&expected) {
            failures.push(format!("{}: {expected} expected, {items:?}", member.path));
        }
    }
    eprintln!("{} of {valid} valid feeds give all their items", valid - failures.len());
    assert!(failures.len() * 100 <= valid, "{} of {valid}\n{}", failures.len(), failures.join("\n"));
}
