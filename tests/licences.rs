//! Every linked crate has a licence that `deny.toml` allows.
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::process::Command;

/// Returns the licences that `deny.toml` allows.
fn allowed_licences() -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml")).unwrap();
    let list = text.split_once("[licenses]").unwrap().1.split_once("allow = [").unwrap().1.split_once("\n]").unwrap().0;
    let lines = list.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","));
    lines.map(str::to_owned).collect()
}

/// Returns the names and licences of all crates linked into the program on this platform.
fn linked_crates() -> Vec<(String, String)> {
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

/// Returns whether a licence expression (SPDX, or the older `MIT/Apache-2.0`) is satisfied by the allowed licences.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut tokens = expression.split_whitespace().peekable();
    let result = parse_or(&mut tokens, allowed);
    result && tokens.next().is_none()
}

type Tokens<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn parse_or(tokens: &mut Tokens<'_>, allowed: &[String]) -> bool {
    let mut result = parse_and(tokens, allowed);
    while tokens.next_if_eq(&"OR").is_some() {
        result |= parse_and(tokens, allowed);
    }
    result
}

fn parse_and(tokens: &mut Tokens<'_>, allowed: &[String]) -> bool {
    let mut result = parse_term(tokens, allowed);
    while tokens.next_if_eq(&"AND").is_some() {
        result &= parse_term(tokens, allowed);
    }
    result
}

fn parse_term(tokens: &mut Tokens<'_>, allowed: &[String]) -> bool {
    match tokens.next() {
        Some("(") => {
            let result = parse_or(tokens, allowed);
            result & (tokens.next() == Some(")"))
        }
        Some(name) => {
            let with = tokens.next_if_eq(&"WITH").and_then(|_| tokens.next());
            let name = with.map_or_else(|| name.to_owned(), |exception| format!("{name} WITH {exception}"));
            allowed.contains(&name)
        }
        None => false,
    }
}

#[test]
fn spdx_expressions_are_evaluated() {
    let allowed = ["MIT".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()];
    for (expression, expected) in [
        ("MIT", true),
        ("MIT/GPL-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("(GPL-3.0 OR MIT) AND Apache-2.0 WITH LLVM-exception", true),
        ("GPL-3.0-only", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    }
}

#[test]
fn every_crate_has_an_allowed_licence() {
    let (allowed, crates) = (allowed_licences(), linked_crates());
    assert!(allowed.len() > 5 && crates.len() > 100, "a list is incomplete");
    let refused: Vec<_> = crates.iter().filter(|(_, licence)| !is_allowed(licence, &allowed)).collect();
    assert!(refused.is_empty(), "{refused:?}");
}
