//! The folders of cases.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A case: its name, its bytes, and what must come out.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) input: Vec<u8>,
    pub(crate) expected: Value,
}

/// Returns a folder beside this repository; `None` if it is missing and may be.
pub(crate) fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{} is missing", path.display());
    eprintln!("skipped: no ../shared");
    None
}

/// Reads the cases of a folder, in the order of their names.
pub(crate) fn cases(folder: &str) -> Vec<Case> {
    let Some(folder) = shared("cases/feeds").map(|path| path.join(folder)) else { return Vec::new() };
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let ending = ".expect.json";
    let expectations = files.iter().filter(|path| path.to_str().unwrap().ends_with(ending));
    let cases: Vec<Case> = expectations
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().trim_end_matches(ending).to_owned();
            Case {
                input: fs::read(folder.join(&name)).unwrap_or_default(),
                expected: serde_json::from_slice(&fs::read(path).unwrap()).unwrap(),
                name,
            }
        })
        .collect();
    assert!(cases.len() > 5, "only {} cases in {}", cases.len(), folder.display());
    cases
}

/// Checks that each key of the expectations of a folder is read here or named as the business of something else, and that no
/// other is named. What stands below `inputs` is no expectation.
pub(crate) fn check_keys(folder: &str, inputs: &[&str], read: &[&str], elsewhere: &[&str]) {
    let mut found = BTreeSet::new();
    let cases = cases(folder);
    cases.iter().for_each(|case| collect_keys(&case.expected, inputs, &mut found));
    let named: BTreeSet<&str> = [inputs, read, elsewhere].concat().into_iter().collect();
    let differing: Vec<&&str> = found.symmetric_difference(&named).collect();
    assert!(cases.is_empty() || differing.is_empty(), "{folder}: {differing:?} are not read, or not there");
}

fn collect_keys<'a>(value: &'a Value, inputs: &[&str], found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                found.insert(key);
                if !inputs.contains(&&**key) {
                    collect_keys(value, inputs, found);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect_keys(value, inputs, found)),
        _ => {}
    }
}

/// Returns whether a value is what is expected under `key`, or one of `key_any`. What is not mentioned is not checked.
pub(crate) fn accepts(expected: &Value, key: &str, found: Option<&str>) -> bool {
    match (expected.get(key), expected.get(format!("{key}_any")).and_then(Value::as_array)) {
        (_, Some(values)) => values.iter().any(|value| value.as_str() == found),
        (Some(value), None) => value.as_str() == found,
        (None, None) => true,
    }
}

/// Returns the texts of a list.
pub(crate) fn texts<'a>(expected: &'a Value, key: &str) -> Vec<&'a str> {
    expected[key].as_array().map(|values| values.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}
