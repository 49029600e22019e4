//! Reads source files.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file.
pub struct Source {
    /// The path from the root of the repository, with `/`.
    pub path: String,
    /// The whole file.
    pub text: String,
    /// The file without the tests at its end.
    pub code: String,
}

impl Source {
    /// Returns the lines that are not comments.
    pub fn statements(&self) -> impl Iterator<Item = &str> {
        self.code.lines().filter(|line| !line.trim_start().starts_with("//"))
    }

    /// Returns the top-level folder or file of `src/` it belongs to.
    pub fn top_folder(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        below.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// Returns every path that begins with `crate`, `super` or `self`, with lists in braces expanded.
    pub fn used_paths(&self) -> Vec<Vec<String>> {
        let code: String = self.statements().collect::<Vec<_>>().join("\n");
        let mut paths = Vec::new();
        for (at, _) in code.match_indices("::") {
            let start = code[..at].rfind(|c: char| !is_identifier(c)).map_or(0, |before| before + 1);
            let is_first = !code[..start].ends_with("::");
            if is_first && ["crate", "super", "self"].contains(&&code[start..at]) {
                collect_paths(&code[start..], &mut Vec::new(), &mut paths);
            }
        }
        paths
    }

    /// Returns the paths that `pub use` re-exports.
    pub fn reexported_paths(&self) -> Vec<Vec<String>> {
        let code: String = self.statements().collect::<Vec<_>>().join("\n");
        let mut paths = Vec::new();
        for start in ["pub use ", "pub(crate) use ", "pub(super) use "] {
            for after in code.split(start).skip(1) {
                collect_paths(after, &mut Vec::new(), &mut paths);
            }
        }
        paths
    }
}

fn is_identifier(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Parses a path or tree of paths into `paths`. Returns the rest of the text.
fn collect_paths<'a>(text: &'a str, prefix: &mut Vec<String>, paths: &mut Vec<Vec<String>>) -> &'a str {
    let text = text.trim_start();
    if let Some(mut list) = text.strip_prefix('{') {
        while !list.trim_start().starts_with('}') && !list.trim().is_empty() {
            list = collect_paths(list, &mut prefix.clone(), paths).trim_start();
            // An entry may be `name as other`.
            let end = list.find([',', '}']).unwrap_or(list.len());
            list = list[end..].trim_start_matches(',');
        }
        return list.trim_start().strip_prefix('}').unwrap_or(list);
    }
    let end = text.find(|c| !is_identifier(c)).unwrap_or(text.len());
    if end > 0 {
        prefix.push(text[..end].to_owned());
    }
    match text[end..].strip_prefix("::") {
        Some(rest) => collect_paths(rest, prefix, paths),
        None => {
            // `a::{self}` is `a`.
            if prefix.len() > 1 && prefix.last().is_some_and(|last| last == "self") {
                prefix.pop();
            }
            paths.push(prefix.clone());
            text[end..].strip_prefix('*').unwrap_or(&text[end..])
        }
    }
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Lists the files below a folder whose names end with `ending`.
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
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

/// Returns the path of a file from the root of the repository, with `/`.
pub fn relative_path(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/")
}

/// Reads the source files below a folder, except test files.
pub fn sources(folder: &str) -> Vec<Source> {
    let without_tests = |text: &str| match text.find("\n#[cfg(test)]\nmod ") {
        Some(tests) => text[..tests].to_owned(),
        None => text.to_owned(),
    };
    files(folder, ".rs")
        .iter()
        .map(|path| (relative_path(path), fs::read_to_string(path).unwrap()))
        .map(|(path, text)| Source { path, code: without_tests(&text), text })
        .filter(|source| !source.path.ends_with("/tests.rs") && !source.path.contains("/tests/"))
        .collect()
}

pub fn program_and_crates() -> impl Iterator<Item = Source> {
    ["src", "crates/classify/src", "crates/extract/src", "crates/feeds/src", "crates/query/src", "crates/words/src"]
        .into_iter()
        .flat_map(sources)
}

#[test]
fn used_paths_are_parsed() {
    let code = "use crate::{app::App, ingest::{self, fetch::{Fetcher, Policy as Rules}}};\nlet x = super::one(self::two::three);\n";
    let source = Source { path: "src/x.rs".into(), text: code.into(), code: code.into() };
    let paths: Vec<String> = source.used_paths().iter().map(|path| path.join("::")).collect();
    let expected = [
        "crate::app::App",
        "crate::ingest",
        "crate::ingest::fetch::Fetcher",
        "crate::ingest::fetch::Policy",
        "super::one",
        "self::two::three",
    ];
    assert_eq!(paths, expected);
}
