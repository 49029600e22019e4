//! Every crate in the program may be linked into one under MIT OR Apache-2.0. The list of what may be is `deny.toml`'s.
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::process::Command;

/// The licences `deny.toml` allows.
fn allowed() -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml")).unwrap();
    let list = text.split_once("[licenses]").unwrap().1.split_once("allow = [").unwrap().1.split_once("\n]").unwrap().0;
    let lines = list.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","));
    lines.map(str::to_owned).collect()
}

/// Names and licences of all crates that this computer's program is built from.
fn crates() -> Vec<(String, String)> {
    let version = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned();
    let found = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", &host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    let found: serde_json::Value = serde_json::from_slice(&found.stdout).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    found["packages"].as_array().unwrap().iter().map(|it| (text(&it["name"]), text(&it["license"]))).collect()
}

/// Whether a licence expression (SPDX, and the older `MIT/Apache-2.0`) can be met by what is allowed.
fn is_met(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = expression.split_whitespace().peekable();
    let met = any(&mut words, allowed);
    met && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any(words: &mut Words<'_>, allowed: &[String]) -> bool {
    let mut met = all(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        met |= all(words, allowed);
    }
    met
}

fn all(words: &mut Words<'_>, allowed: &[String]) -> bool {
    let mut met = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut Words<'_>, allowed: &[String]) -> bool {
    match words.next() {
        Some("(") => {
            let met = any(words, allowed);
            met & (words.next() == Some(")"))
        }
        Some(name) => {
            let with = words.next_if_eq(&"WITH").and_then(|_| words.next());
            let name = with.map_or_else(|| name.to_owned(), |exception| format!("{name} WITH {exception}"));
            allowed.contains(&name)
        }
        None => false,
    }
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let allowed = ["MIT".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()];
    for (expression, met) in [
        ("MIT", true),
        ("MIT/GPL-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("(GPL-3.0 OR MIT) AND Apache-2.0 WITH LLVM-exception", true),
        ("GPL-3.0-only", false),
        ("", false),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}

#[test]
fn every_crate_may_be_in_the_program() {
    let (allowed, crates) = (allowed(), crates());
    assert!(allowed.len() > 5 && crates.len() > 100, "both lists were read");
    let refused: Vec<_> = crates.iter().filter(|(_, licence)| !is_met(licence, &allowed)).collect();
    assert!(refused.is_empty(), "{refused:?}");
}
