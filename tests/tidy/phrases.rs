//! Banned phrases: old wording that readers could not understand.

use std::fs;

use crate::source::{files, program_and_crates, relative_path, root};

/// Phrases banned everywhere: in code, comments, templates, scripts, README and docs. Lower case.
const BANNED_PHRASES: &[&str] = &[
    " anew",
    "as it arrived",
    "as it is kept",
    "as they arrived",
    "do not belong together",
    "goes on on",
    "have this already",
    "is to stay",
    "keep it as it is",
    "once more",
    "only the article",
    "put away",
    "replace its text by",
    "take it off the list",
    "take off the list",
    "taken back",
    "taken out",
    "this and what is made like it",
    "this did not work",
    "was here already",
    "went back from",
    "what stands around",
    "what there is",
    "which is the most",
    "would have no text left",
];

/// Phrases banned on screen and in messages only, because comments or docs still use them.
const BANNED_ON_SCREEN: &[&str] = &["left out"];

/// Returns the path and normalized text of each file in a folder with this ending, or of a single file.
fn read_texts(place: &str, ending: &str) -> Vec<(String, String)> {
    let paths = if place.ends_with(ending) { vec![root().join(place)] } else { files(place, ending) };
    paths.iter().map(|path| (relative_path(path), normalize(&fs::read_to_string(path).unwrap()))).collect()
}

/// Makes text lower case with single spaces and no comment markers, so that phrases are found across lines.
fn normalize(text: &str) -> String {
    text.to_lowercase()
        .split_whitespace()
        .filter(|word| !["//", "///", "//!", "\\"].contains(word))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn no_banned_phrases() {
    let shown =
        || [("templates", ".html"), ("static", ".js")].into_iter().flat_map(|(place, end)| read_texts(place, end));
    let others =
        [("src", ".rs"), ("src", ".html"), ("crates/extract/src", ".rs"), ("README.md", ".md"), ("docs", ".md")];
    let messages = program_and_crates().map(|source| {
        let statements = normalize(&source.statements().collect::<Vec<_>>().join("\n"));
        (source.path, statements)
    });
    let everywhere: Vec<_> = shown().chain(others.iter().flat_map(|(place, end)| read_texts(place, end))).collect();
    let on_screen: Vec<_> = shown().chain(read_texts("src", ".html")).chain(messages).collect();
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
