//! Checks the rules of docs/architecture.md and docs/style.md.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod layout;
mod phrases;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use source::{files, relative_path, root, sources};

/// Files with SQL besides `store.rs`: one opens databases, one has a database of its own, and one has the columns that the stores
/// of feeds select.
const SQL_FILES: &[&str] = &["src/storage/database.rs", "src/library/snapshots.rs", "src/library/feeds/row.rs"];

/// Tables that a second store writes to. The reason is given there.
const SHARED_TABLES: &[(&str, &str)] = &[
    ("article", "src/library/images/store.rs"),
    ("article", "src/library/articles/versions/store.rs"),
    ("article", "src/library/articles/versions/earlier/store.rs"),
    ("article", "src/library/articles/versions/seen/store.rs"),
    ("article", "src/library/articles/changes/store.rs"),
    ("article", "src/library/articles/changes/topics/store.rs"),
    // A topic in three parts: what it is, its place in the order, and what is logged.
    ("topic", "src/library/topics/arrangement/store.rs"),
    ("topic", "src/library/topics/edits/store.rs"),
    ("article", "src/library/articles/edits/store.rs"),
    // The queue in three parts: what is accepted and ended, what waits, what is fetched again.
    ("import", "src/library/imports/waiting/store.rs"),
    ("import", "src/library/imports/renewal/store.rs"),
    ("import", "src/library/imports/from_feeds/store.rs"),
    ("article", "src/library/articles/saved_state/store.rs"),
    ("article", "src/library/articles/imported/store.rs"),
    // The page that came along with a link, in the transaction that queues the link.
    ("import", "src/library/export_queue/store.rs"),
    // What keeps an article, whoever asks for it.
    ("article", "src/library/lanes/store.rs"),
    // A feed in further parts: a refresh of all, and what unfollowing takes along.
    ("feed", "src/library/feeds/refresh/store.rs"),
    ("feed", "src/library/feeds/unfollowing/store.rs"),
    ("feed_folder", "src/library/feeds/unfollowing/store.rs"),
    ("feed_item", "src/library/feeds/unfollowing/store.rs"),
    // Two feeds that turn out to be one.
    ("feed", "src/library/feeds/merging/store.rs"),
    ("feed_folder", "src/library/feeds/merging/store.rs"),
    ("feed_item", "src/library/feeds/merging/store.rs"),
    ("import", "src/library/feeds/merging/store.rs"),
    ("article", "src/library/articles/departures/store.rs"),
    ("article", "src/library/articles/trash/store.rs"),
    // What limits move to the trash, and what they leave alone.
    ("article", "src/library/articles/limits/store.rs"),
    ("operation", "src/library/operations/limits/store.rs"),
    ("operation", "src/library/operations/unfollowing/store.rs"),
    ("operation_change", "src/library/operations/unfollowing/store.rs"),
    ("feed", "src/library/feeds/folders/store.rs"),
    // What feeds say of articles, which know nothing of feeds.
    ("article", "src/library/articles/from_feed/store.rs"),
    ("feed_item", "src/library/articles/from_feed/store.rs"),
    ("article_previous_version", "src/library/articles/versions/retention/store.rs"),
    // What the reader sets, and what became of looking.
    ("feed", "src/library/feeds/looks/store.rs"),
    // Repairs what does not agree.
    ("article", "src/library/consistency/store.rs"),
    ("article_image", "src/library/consistency/store.rs"),
    ("article_tag", "src/library/consistency/store.rs"),
    ("image", "src/library/consistency/store.rs"),
];

/// Files that trust HTML without sanitising it: it was stored sanitised, or is our own.
const TRUSTED_HTML: &[&str] = &[
    "src/library/articles/article_page/store.rs",
    "src/library/articles/edits/store.rs",
    "src/library/articles/versions/store.rs",
    "src/library/consistency/search_index/store.rs",
    "src/library/search/store.rs",
    "src/library/welcome/mod.rs",
];

const MAX_TEMPLATE_LINES: usize = 120;

#[test]
fn stores_are_used_only_by_their_own_module() {
    for source in sources("src") {
        let foreign = source.used_paths().into_iter().find(|path| {
            let owner = path.iter().position(|step| step == "store");
            owner.is_some_and(|owner| {
                let folder = format!("src/{}/", path[1..owner.max(1)].join("/"));
                path[0] == "crate" && !source.path.starts_with(&folder)
            })
        });
        let fine = foreign.is_none();
        assert!(fine, "{}: {foreign:?}", source.path);
    }
}

#[test]
fn sql_is_in_store_files_only() {
    let words = ["sqlx::query", "SELECT ", "INSERT INTO", "DELETE FROM", "query_as!", "query_scalar!"];
    for source in sources("src") {
        if source.path.ends_with("/store.rs") || SQL_FILES.contains(&source.path.as_str()) {
            continue;
        }
        let sql = source.statements().find(|line| words.iter().any(|word| line.contains(word)));
        assert_eq!(sql, None, "{}", source.path);
    }
}

#[test]
fn each_table_has_one_writer() {
    let starts = [
        "INSERT INTO ",
        "INSERT OR IGNORE INTO ",
        "UPDATE ",
        "UPDATE OR IGNORE ",
        "UPDATE OR REPLACE ",
        "DELETE FROM ",
    ];
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
fn templates_are_escaped_and_short() {
    for path in files("templates", ".html") {
        let text = fs::read_to_string(&path).unwrap();
        let unspaced: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        for forbidden in
            ["|safe", "{%autoescape", "escape(\"none\")", "|escape(", "<script>", "<style", "style=\"", "onclick="]
        {
            assert!(!unspaced.contains(forbidden), "{} has {forbidden}", relative_path(&path));
        }
        let lines = text.lines().count();
        assert!(
            lines <= MAX_TEMPLATE_LINES,
            "{} has {lines} lines: move a part to templates/parts",
            relative_path(&path)
        );
    }
}

#[test]
fn only_fetch_uses_an_http_client() {
    for source in sources("src") {
        let is_fetch = source.path.starts_with("src/ingest/fetch/");
        let is_server = source.path.starts_with("src/ops/server/");
        for client in
            ["reqwest::", "hyper::", "hyper_util::", "hyper::client", "hyper_util::client", "ureq::", "fantoccini::"]
        {
            let used = source.statements().any(|line| line.contains(client));
            let is_allowed = match client {
                "reqwest::" => is_fetch,
                // The server's part of it.
                "hyper::" | "hyper_util::" => is_server,
                _ => false,
            };
            assert!(!used || is_allowed, "{} uses {client}", source.path);
        }
        let connects = source.statements().any(|line| line.contains("TcpStream::connect"));
        assert!(!connects || source.path == "src/commands/healthcheck.rs", "{} opens a connection", source.path);
    }
    // `[dev-dependencies]` may have other clients, for the browser tests.
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest = manifest.split("\n[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    for client in ["ureq", "isahc", "attohttpc", "surf", "minreq", "curl"] {
        let declared = manifest.lines().any(|line| line.starts_with(&format!("{client} ")));
        assert!(!declared, "{client} is a second HTTP client");
    }
    let is_client = |line: &&str| line.starts_with("hyper") && line.contains("client");
    assert_eq!(manifest.lines().find(is_client), None, "hyper is for the server");
}

#[test]
fn stored_html_is_trusted_only_where_it_is_read() {
    for source in sources("src") {
        let trusts = source.statements().any(|line| line.contains("CleanHtml::from_trusted"));
        assert!(!trusts || TRUSTED_HTML.contains(&source.path.as_str()), "{} makes clean HTML", source.path);
    }
}

#[test]
fn pure_crates_use_no_network_clock_database_or_async() {
    for name in ["classify", "extract", "feeds", "words"] {
        let manifest = fs::read_to_string(root().join(format!("crates/{name}/Cargo.toml"))).unwrap();
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
        for forbidden in ["tokio", "reqwest", "sqlx", "futures"] {
            assert!(!dependencies.contains(forbidden), "{name} depends on {forbidden}");
        }
        for source in sources(&format!("crates/{name}/src")) {
            for forbidden in
                ["std::net", "std::fs", "std::env", "SystemTime", "Instant::now", "Timestamp::now", "Zoned::now"]
            {
                assert!(!source.statements().any(|line| line.contains(forbidden)), "{} has {forbidden}", source.path);
            }
        }
    }
}

#[test]
fn only_commands_read_the_clock() {
    for source in sources("src") {
        let reads_clock =
            source.statements().any(|line| line.contains("Timestamp::now") || line.contains("Zoned::now"));
        assert!(!reads_clock || source.top_folder() == "commands", "{} asks for the time", source.path);
    }
}

#[test]
fn no_unfinished_work_markers() {
    // Split, so that this file passes.
    let markers = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    let folders = [("src", ".rs"), ("crates", ".rs"), ("tests", ".rs"), ("templates", ".html"), ("static", ".js")];
    for path in folders.iter().flat_map(|(folder, ending)| files(folder, ending)) {
        // Test pages are other people's words.
        let is_data = relative_path(&path).contains("/tests/pages/");
        let text = if is_data { String::new() } else { fs::read_to_string(&path).unwrap_or_default() };
        for marker in markers {
            assert!(!text.contains(marker), "{} has {marker}", relative_path(&path));
        }
    }
}

#[test]
fn documented_paths_exist() {
    let roots = ["src/", "crates/", "tests/", "templates/", "static/", "docs/", "scripts/", "benches/", "migrations/"];
    for document in ["README.md", "docs/architecture.md", "docs/style.md"] {
        let text = fs::read_to_string(root().join(document)).unwrap();
        let quoted = text.split('`').skip(1).step_by(2);
        let paths: Vec<&str> =
            quoted.filter(|path| roots.iter().any(|root| path.starts_with(root)) && !path.contains('*')).collect();
        let missing: Vec<&&str> = paths.iter().filter(|path| !root().join(path).exists()).collect();
        assert!(missing.is_empty(), "{document}: {missing:?}");
    }
}
