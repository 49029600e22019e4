//! The folders of cases beside this repository, each case with what must come out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A case: its name, its bytes, and what must come out.
pub struct Case {
    pub name: String,
    pub bytes: Vec<u8>,
    pub expected: Value,
}

/// Reads the cases of a folder, in the order of their names. Without the folder there are none.
pub fn read(folder: &str) -> Vec<Case> {
    let Some(folder) = shared("cases/feeds").map(|path| path.join(folder)) else { return Vec::new() };
    let ending = ".expect.json";
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_str().unwrap().ends_with(ending));
    files.sort();
    assert!(files.len() > 5, "only {} cases in {}", files.len(), folder.display());
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().trim_end_matches(ending).to_owned();
        let bytes = fs::read(folder.join(&name)).unwrap_or_default();
        Case { name, bytes, expected: serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap() }
    };
    files.iter().map(read).collect()
}

/// Returns a folder beside this repository; `None` if it is missing and may be.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(folder);
    if path.exists() {
        return Some(path);
    }
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{} is missing", path.display());
    eprintln!("skipped: no ../shared");
    None
}

/// Checks that each key of the expectations is read, or named as a remark.
pub fn check_keys(cases: &[Case], read: &[&str], remarks: &[&str]) {
    let mut found = BTreeSet::new();
    cases.iter().for_each(|case| collect_keys(&case.expected, &mut found));
    let unknown: Vec<&&str> = found.iter().filter(|key| !read.contains(key) && !remarks.contains(key)).collect();
    assert!(unknown.is_empty(), "nothing reads {unknown:?}");
}

fn collect_keys<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| {
            found.insert(key);
            collect_keys(value, found);
        }),
        Value::Array(values) => values.iter().for_each(|value| collect_keys(value, found)),
        _ => {}
    }
}

/// Returns the texts of a list; none if there is no list.
pub fn texts<'a>(expected: &'a Value, key: &str) -> Vec<&'a str> {
    expected[key].as_array().map(|values| values.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}
