//! Phrases that read like a riddle, and must not come back.

use std::fs;

use crate::source::{files, name, program_and_extract, root};

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
