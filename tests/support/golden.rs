//! Golden files: generated from code and committed, so that every change shows in review.
//!
//! A test fails if the committed text differs. `UPDATE=1 cargo test` accepts the new text.
#![allow(dead_code, reason = "no test uses all of it")]

use std::path::PathBuf;

/// Asserts that a file holds `text`. `path` is relative to the repository.
pub fn compare(path: &str, text: &str) {
    let file = absolute(path);
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    if committed != text {
        accept_or_fail(path, (&committed, text), text);
    }
}

/// Asserts that the part of a file between `<!-- begin NAME -->` and `<!-- end NAME -->` holds `text`.
pub fn compare_section(path: &str, name: &str, text: &str) {
    let file = std::fs::read_to_string(absolute(path)).unwrap();
    let (begin, end) = (format!("<!-- begin {name} -->\n"), format!("<!-- end {name} -->\n"));
    let parts = file.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?)));
    let Some((before, (committed, after))) = parts else { panic!("{path} has no section {name}") };
    if committed != text {
        accept_or_fail(path, (committed, text), &[before, &begin, text, &end, after].concat());
    }
}

/// Writes the whole file with UPDATE=1, else fails with the first line that differs.
fn accept_or_fail(path: &str, (committed, generated): (&str, &str), whole: &str) {
    if std::env::var_os("UPDATE").is_some_and(|update| update == "1") {
        let file = absolute(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, whole).unwrap();
        return;
    }
    let (mut old, mut new) = (committed.lines(), generated.lines());
    let (number, old, new) =
        (1..).map(|number| (number, old.next(), new.next())).find(|(_, old, new)| old != new || old.is_none()).unwrap();
    panic!(
        "{path} is out of date; accept the new text with UPDATE=1.\nline {number}, committed: {}\nline {number}, generated: {}",
        old.unwrap_or("(end)"),
        new.unwrap_or("(end)")
    );
}

fn absolute(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}
