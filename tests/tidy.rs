//! The rules of docs/architecture.md and docs/style.md that a program can check.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which module of `src/` may use which. `commands` and `main` stand above all of them. A new module needs a line here:
/// think about where it belongs before you write it.
const MAY_USE: &[(&str, &[&str])] = &[
    // At the bottom: know nothing of the rest.
    ("address", &[]),
    ("classify", &["address"]),
    ("fetch", &[]),
    ("private", &[]),
    ("database", &["private"]),
    ("library", &["database", "private"]),
    // What is kept, one domain each.
    ("sources", &["articles", "library"]),
    ("tags", &["library"]),
    ("topics", &["classify", "library", "tags"]),
    ("search", &["library"]),
    ("pictures", &["library"]),
    ("rules", &["library"]),
    ("imports", &["address", "articles", "fetch", "library"]),
    (
        "articles",
        &["address", "classify", "database", "imports", "library", "pictures", "search", "sources", "tags", "topics"],
    ),
    ("accounts", &["database", "private"]),
    // What happens to it.
    ("differences", &[]),
    ("reading", &["articles", "fetch", "library"]),
    ("ingest", &["address", "articles", "classify", "fetch", "imports", "library", "reading", "rules"]),
    ("reextract", &["articles", "library", "reading", "rules"]),
    ("trial", &["articles", "library", "reading", "reextract", "rules"]),
    ("welcome", &["address", "articles", "classify", "library"]),
    ("app", &["accounts", "articles", "fetch", "library"]),
    ("jobs", &["app", "articles", "database", "imports", "ingest", "library", "pictures", "reextract", "rules"]),
    (
        "web",
        &[
            "accounts",
            "address",
            "app",
            "articles",
            "classify",
            "database",
            "differences",
            "disk",
            "imports",
            "ingest",
            "library",
            "pictures",
            "reading",
            "reextract",
            "rules",
            "search",
            "sources",
            "tags",
            "topics",
            "trial",
        ],
    ),
    // What keeps it running.
    ("config", &["disk"]),
    ("data", &["private"]),
    ("logs", &["config"]),
    ("server", &[]),
    ("backup", &["data", "library", "private"]),
    ("disk", &["library"]),
];

/// Files besides `store.rs` in which SQL stands: they open the database, or keep snapshots in a file of their own.
const SQL: &[&str] = &["src/database.rs", "src/library/pages.rs"];

/// Tables that a second store writes to, each with the reason in the place where it does.
const SHARED_TABLES: &[(&str, &str)] =
    &[("article", "src/pictures/store.rs"), ("article", "src/articles/versions/store.rs")];

/// Where HTML is clean without being cleaned: read back from where it was stored clean, or written by ourselves.
const BELIEVED: &[&str] = &["src/articles/one/store.rs", "src/articles/versions/store.rs", "src/welcome/mod.rs"];

/// Phrases that must not come back anywhere: in code, comments, templates, scripts, README or docs. Lower case.
const BANNED_PHRASES: &[&str] = &[
    "do not belong together",
    "have this already",
    "keep it as it is",
    "take it off the list",
    "take off the list",
    "replace its text by",
    "this and what is made like it",
    "this did not work",
    "was here already",
    "which is the most",
    "would have no text left",
];

/// Phrases that comments, README or docs still use, and that must not come back on screen or in a message. Move a phrase to
/// [`BANNED_PHRASES`] once it is gone from there.
const BANNED_ON_SCREEN: &[&str] = &[
    "as it arrived",
    "as it is kept",
    "goes on on",
    "is to stay",
    "left out",
    "only the article",
    "put away",
    "taken back",
    "taken out",
    "what there is",
    "went back from",
];

const LONGEST_FILE: usize = 400;
const LONGEST_MAIN: usize = 60;
const LONGEST_TEMPLATE: usize = 120;

/// A source file without its tests.
struct Source {
    /// From the root of the repository, with `/`.
    path: String,
    code: String,
}

impl Source {
    /// The lines that are not comments, so that prose may speak of what code may not do.
    fn statements(&self) -> impl Iterator<Item = &str> {
        self.code.lines().filter(|line| !line.trim_start().starts_with("//"))
    }

    /// The module of `src/` it belongs to.
    fn module(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap();
        below.split('/').next().unwrap().trim_end_matches(".rs")
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_str().is_some_and(|path| path.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "no {ending} in {folder}");
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/")
}

fn sources(folder: &str) -> Vec<Source> {
    let without_tests = |text: &str| match text.find("\n#[cfg(test)]\nmod ") {
        Some(tests) => text[..tests].to_owned(),
        None => text.to_owned(),
    };
    files(folder, ".rs")
        .iter()
        .map(|path| Source { path: name(path), code: without_tests(&fs::read_to_string(path).unwrap()) })
        .filter(|source| !source.path.ends_with("/tests.rs") && !source.path.contains("/tests/"))
        .collect()
}

fn program_and_extract() -> impl Iterator<Item = Source> {
    sources("src").into_iter().chain(sources("crates/extract/src"))
}

/// The modules that a file names after `crate::`, in braces or not.
fn used_modules(source: &Source) -> BTreeSet<String> {
    let code: String = source.statements().collect::<Vec<_>>().join(" ");
    let mut used = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let names: Vec<&str> = match after.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap().split(',').collect(),
            None => vec![after],
        };
        for name in names {
            let word: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            used.extend(Some(word).filter(|word| !word.is_empty()));
        }
    }
    used.remove(source.module());
    used
}

#[test]
fn every_module_uses_only_what_lies_below_it() {
    let rules: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut broken = Vec::new();
    for source in sources("src") {
        let module = source.module();
        if ["main", "lib", "commands"].contains(&module) {
            continue;
        }
        let Some(allowed) = rules.get(module) else {
            broken.push(format!("{module} has no line in MAY_USE"));
            continue;
        };
        for used in used_modules(&source).iter().filter(|used| !allowed.contains(&used.as_str())) {
            broken.push(format!("{} uses {used}", source.path));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn a_store_is_used_through_its_own_module() {
    for source in sources("src") {
        let foreign = source.statements().find(|line| line.contains("crate::") && line.contains("::store::"));
        let ours = format!("crate::{}::store::", source.module());
        let ours_below = format!("crate::{}::lists::store::", source.module());
        let fine = foreign.is_none_or(|line| line.contains(&ours) || line.contains(&ours_below));
        assert!(fine, "{}: {foreign:?}", source.path);
    }
}

#[test]
fn sql_stands_in_store_files() {
    let words = ["sqlx::query", "SELECT ", "INSERT INTO", "DELETE FROM", "query_as!", "query_scalar!"];
    for source in sources("src") {
        if source.path.ends_with("/store.rs") || SQL.contains(&source.path.as_str()) {
            continue;
        }
        let sql = source.statements().find(|line| words.iter().any(|word| line.contains(word)));
        assert_eq!(sql, None, "{}", source.path);
    }
}

#[test]
fn each_table_is_written_by_one_store() {
    let starts = ["INSERT INTO ", "INSERT OR IGNORE INTO ", "UPDATE ", "UPDATE OR IGNORE ", "DELETE FROM "];
    let mut writers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources("src") {
        let code: String = source.statements().collect::<Vec<_>>().join("\n");
        for after in starts.iter().flat_map(|start| code.split(start).skip(1)) {
            let table: String = after.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if !table.is_empty() && !SHARED_TABLES.contains(&(&table, &source.path)) {
                writers.entry(table).or_default().insert(source.path.clone());
            }
        }
    }
    assert!(writers.len() > 10, "only these were found: {writers:?}");
    writers.retain(|_, files| files.len() > 1);
    assert!(writers.is_empty(), "{writers:#?}");
}

#[test]
fn no_template_writes_anything_unescaped_and_none_is_long() {
    for path in files("templates", ".html") {
        let text = fs::read_to_string(&path).unwrap();
        let unspaced: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        for forbidden in
            ["|safe", "{%autoescape", "escape(\"none\")", "|escape(", "<script>", "<style", "style=\"", "onclick="]
        {
            assert!(!unspaced.contains(forbidden), "{} has {forbidden}", name(&path));
        }
        let lines = text.lines().count();
        assert!(lines <= LONGEST_TEMPLATE, "{} has {lines} lines: move a part to templates/parts", name(&path));
    }
}

#[test]
fn only_fetch_speaks_http_to_others() {
    for source in sources("src") {
        let is_fetch = source.module() == "fetch";
        for client in ["reqwest::", "hyper::", "hyper_util::", "ureq::", "fantoccini::"] {
            let used = source.statements().any(|line| line.contains(client));
            assert!(!used || (is_fetch && client == "reqwest::"), "{} uses {client}", source.path);
        }
        let dials = source.statements().any(|line| line.contains("TcpStream::connect"));
        assert!(!dials || source.path == "src/commands/healthcheck.rs", "{} opens a connection", source.path);
    }
    // What the browser journeys need to speak with their browser is not in the program.
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest = manifest.split("\n[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    for client in ["ureq", "hyper", "hyper-util", "isahc", "attohttpc", "surf", "minreq", "curl"] {
        let declared = manifest.lines().any(|line| line.starts_with(&format!("{client} ")));
        assert!(!declared, "{client} is a second HTTP client");
    }
}

#[test]
fn stored_html_is_believed_only_where_it_was_stored() {
    for source in sources("src") {
        let believes = source.statements().any(|line| line.contains("CleanHtml::stored"));
        assert!(!believes || BELIEVED.contains(&source.path.as_str()), "{} makes clean HTML", source.path);
    }
}

#[test]
fn extract_knows_no_network_clock_database_or_async() {
    let manifest = fs::read_to_string(root().join("crates/extract/Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    for forbidden in ["tokio", "reqwest", "sqlx", "futures"] {
        assert!(!dependencies.contains(forbidden), "extract depends on {forbidden}");
    }
    for source in sources("crates/extract/src") {
        for forbidden in
            ["std::net", "std::fs", "std::env", "SystemTime", "Instant::now", "Timestamp::now", "Zoned::now"]
        {
            assert!(!source.statements().any(|line| line.contains(forbidden)), "{} has {forbidden}", source.path);
        }
    }
}

#[test]
fn time_is_handed_in() {
    for source in sources("src") {
        let asks = source.statements().any(|line| line.contains("Timestamp::now") || line.contains("Zoned::now"));
        assert!(!asks || source.module() == "commands", "{} asks for the time", source.path);
    }
}

#[test]
fn files_stay_short() {
    let long: Vec<String> = program_and_extract()
        .map(|source| (source.code.lines().count(), source.path))
        .filter(|(lines, path)| *lines > if path == "src/main.rs" { LONGEST_MAIN } else { LONGEST_FILE })
        .map(|(lines, path)| format!("{path} has {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn nothing_is_left_for_later() {
    // In two pieces, so that this file may pass.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    let folders = [("src", ".rs"), ("crates", ".rs"), ("tests", ".rs"), ("templates", ".html"), ("static", ".js")];
    for path in folders.iter().flat_map(|(folder, ending)| files(folder, ending)) {
        // Pages that tests read are other people's words.
        let is_data = name(&path).contains("/tests/pages/");
        let text = if is_data { String::new() } else { fs::read_to_string(&path).unwrap_or_default() };
        for mark in marks {
            assert!(!text.contains(mark), "{} has {mark}", name(&path));
        }
    }
}

/// All text of a folder's files with that ending, or of the one file, in lower case and with single spaces, by path.
fn texts(place: &str, ending: &str) -> Vec<(String, String)> {
    let paths = if place.ends_with(ending) { vec![root().join(place)] } else { files(place, ending) };
    paths.iter().map(|path| (name(path), squeezed(&fs::read_to_string(path).unwrap()))).collect()
}

/// In lower case, with single spaces, so that a phrase is found across lines.
fn squeezed(text: &str) -> String {
    text.to_lowercase()
        .split_whitespace()
        .filter(|word| !["//", "///", "//!", "\\"].contains(word))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn phrases_that_must_not_come_back() {
    let shown = || [("templates", ".html"), ("static", ".js")].into_iter().flat_map(|(place, end)| texts(place, end));
    let others =
        [("src", ".rs"), ("src", ".html"), ("crates/extract/src", ".rs"), ("README.md", ".md"), ("docs", ".md")];
    let messages = program_and_extract().map(|source| {
        let statements = squeezed(&source.statements().collect::<Vec<_>>().join("\n"));
        (source.path, statements)
    });
    let everywhere: Vec<_> = shown().chain(others.iter().flat_map(|(place, end)| texts(place, end))).collect();
    let on_screen: Vec<_> = shown().chain(texts("src", ".html")).chain(messages).collect();
    let mut found = Vec::new();
    for (phrases, texts) in [(BANNED_PHRASES, everywhere), (BANNED_ON_SCREEN, on_screen)] {
        for (path, text) in texts {
            found.extend(
                phrases.iter().filter(|phrase| text.contains(**phrase)).map(|phrase| format!("{path}: {phrase}")),
            );
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
