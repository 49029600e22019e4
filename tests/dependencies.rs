//! The crates that the program is built from: no known hole, an allowed licence, no banned crate, no foreign source. All of
//! it without a network, from `Cargo.lock` and `deny.toml`.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/golden.rs"]
mod golden;

use std::path::Path;
use std::process::Command;

/// The day on which the advisories below were compared with the RustSec database.
const CHECKED_ON: &str = "2026-11-30";

/// The oldest sound version of a crate without advisories.
const ANY: &str = "0";

/// Crates that read strangers' bytes or guard something: what for, the oldest sound version, and the advisories about
/// older ones.
const GUARDS: &[(&str, &str, &str, &str)] = &[
    (
        "ammonia",
        "second opinion on sanitised HTML, in tests",
        "4.1.4",
        "2019-0001, 2021-0074, 2022-0003, 2025-0071, 2026-0193, 2026-0213",
    ),
    ("html5ever", "builds the tree of a page", "0", "none; nesting is quadratic, so `extract` limits it"),
    ("comrak", "reads Markdown", "0", "none"),
    ("html5gum", "tokenizes a page", "0", "none"),
    ("encoding_rs", "decodes pages", "0", "none"),
    ("csv", "reads exported lists", "0", "none"),
    ("zip", "reads exported archives, within limits", "2.3.0", "none; CVE-2025-29787 is about unpacking to files"),
    ("plist", "reads files that are one link", "0", "none"),
    ("quick-xml", "reads XML for plist", "0", "none"),
    ("flate2", "decompresses answers (gzip, deflate)", "0", "none"),
    ("brotli", "decompresses answers (Brotli)", "0", "none (brotli-sys, not used: 2021-0131)"),
    ("zstd", "compresses stored pages", "0", "none"),
    ("image", "makes small copies of images, within limits", "0.23.12", "2019-0014, 2020-0073"),
    ("image-webp", "decodes WebP", "0", "none"),
    ("png", "decodes PNG", "0", "none"),
    ("zune-jpeg", "decodes JPEG", "0", "none"),
    ("url", "parses URLs", "0", "none of its own; see idna"),
    ("idna", "host names", "1.0.0", "2024-0421"),
    ("reqwest", "fetches pages", "0", "none"),
    (
        "hyper",
        "HTTP on both sides",
        "1.0.0",
        "2016-0002, 2017-0002, 2020-0008, 2021-0020, 2021-0078, 2021-0079, 2022-0022",
    ),
    ("httparse", "parses HTTP headers", "0", "none"),
    ("axum", "routes and forms", "0.6.0", "2022-0055"),
    ("axum-core", "limits of request bodies", "0.3.0", "2022-0055"),
    ("tower-http", "compression, timeouts", "0.2.1", "2021-0135, 2022-0043"),
    ("rustls", "TLS", "0.23.45", "2024-0336, 2024-0399, 2026-0285"),
    ("rustls-webpki", "checks certificates", "0.103.13", "2023-0053, 2026-0049, 2026-0098, 2026-0099, 2026-0104"),
    ("ring", "cryptography for TLS", "0.17.12", "2025-0007, 2025-0009, 2025-0010"),
    ("argon2", "hashes passwords", "0", "none"),
    ("sqlx", "talks to SQLite", "0.8.1", "2024-0363"),
    ("libsqlite3-sys", "SQLite itself", "0.37.0", "2022-0090; needs SQLite 3.51.3 for the bug in its log of writes"),
    ("tokio", "runs everything", "1.44.2", "2021-0072, 2021-0124, 2023-0001, 2023-0005, 2025-0023"),
    ("bytes", "buffers", "1.11.1", "2026-0007"),
    ("slab", "tables of tokio and hyper", "0.4.11", "2025-0047"),
    ("smallvec", "short lists", "1.6.1", "2018-0003, 2018-0018, 2019-0009, 2019-0012, 2021-0003"),
    ("tracing-subscriber", "writes the log", "0.3.20", "2025-0055"),
    ("time", "dates of cookies, in tests", "0.3.47", "2020-0071, 2026-0009"),
    ("cookie", "cookies of the test browser", "0.7.6", "2017-0005"),
];

/// Crates with a hole and no sound version, unmaintained ones, and kinds of code that must not be linked: foreign decoders
/// and archives that are unpacked.
const REJECTED: &[&str] =
    &["brotli-sys", "encoding", "kuchiki", "xml-rs", "multipart", "libwebp-sys", "webp", "tar", "openssl"];

fn read(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// A package of `Cargo.lock`.
struct Locked {
    name: String,
    version: String,
    /// `None`: a crate of this workspace.
    source: Option<String>,
    has_checksum: bool,
}

fn locked_crates() -> Vec<Locked> {
    let text = read("Cargo.lock");
    let packages = text.split("[[package]]\n").skip(1).map(|package| {
        let field = |name: &str| {
            let start = format!("{name} = \"");
            package.lines().find_map(|line| Some(line.strip_prefix(start.as_str())?.strip_suffix('"')?.to_owned()))
        };
        Locked {
            name: field("name").unwrap(),
            version: field("version").unwrap(),
            source: field("source"),
            has_checksum: field("checksum").is_some(),
        }
    });
    packages.collect()
}

/// Returns the numbers of a version, for comparison.
fn numbers(version: &str) -> Vec<u64> {
    version.split(['-', '+']).next().unwrap().split('.').map(|number| number.parse().unwrap()).collect()
}

#[test]
fn no_crate_has_a_known_hole_and_the_docs_list_their_versions() {
    let locked = locked_crates();
    let mut table = format!(
        "Checked on {CHECKED_ON}.\n\n| crate | what for | version | sound from | advisories (RUSTSEC-) |\n|---|---|---|---|---|\n"
    );
    for (name, purpose, sound, advisories) in GUARDS {
        let versions: Vec<&str> = locked.iter().filter(|it| it.name == *name).map(|it| it.version.as_str()).collect();
        assert!(!versions.is_empty(), "{name} is no longer used: remove its row");
        for version in &versions {
            assert!(numbers(version) >= numbers(sound), "{name} {version} has a known hole; use {sound} or newer");
        }
        let sound = if *sound == ANY { "any" } else { sound };
        table += &format!("| {name} | {purpose} | {} | {sound} | {advisories} |\n", versions.join(", "));
    }
    golden::compare_section("docs/dependencies.md", "versions", &table);
}

#[test]
fn versions_are_compared_by_their_numbers() {
    for (older, newer) in
        [("0.9.1", "0.10.0"), ("1.2.3", "1.2.10"), ("0.23.44", "0.23.45"), ("2.1.3+zstd.1.5.7", "2.1.4")]
    {
        assert!(numbers(older) < numbers(newer), "{older} {newer}");
    }
}

#[test]
fn no_rejected_or_banned_crate_is_used() {
    let text = read("deny.toml");
    let bans = text.split_once("[bans]").unwrap().1.split_once("\n]").unwrap().0;
    let banned: Vec<&str> =
        bans.lines().filter_map(|line| line.trim().strip_prefix("{ crate = \"")?.split('"').next()).collect();
    assert!(banned.len() > 5, "{banned:?}");
    let names = locked_crates();
    let found = |list: &[&str]| -> Vec<String> {
        names.iter().filter(|it| list.contains(&it.name.as_str())).map(|it| it.name.clone()).collect()
    };
    assert_eq!((found(&banned), found(REJECTED)), (Vec::new(), Vec::new()));
}

#[test]
fn every_crate_comes_from_the_registry_with_a_checksum() {
    let (mut own, mut others) = (0, 0);
    for Locked { name, source, has_checksum, .. } in locked_crates() {
        match source.as_deref() {
            None => own += 1,
            Some("registry+https://github.com/rust-lang/crates.io-index") => {
                others += 1;
                assert!(has_checksum, "{name} has no checksum");
            }
            Some(other) => panic!("{name} comes from {other}"),
        }
    }
    assert!(own == 8 && others > 100, "{own} own crates, {others} others");
}

/// Returns the licences that `deny.toml` allows.
fn allowed_licences() -> Vec<String> {
    let text = read("deny.toml");
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
