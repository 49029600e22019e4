//! Tells the language of an article that does not say it.

/// Characters at the beginning that are looked at.
const MAX_CHARS: usize = 600;

/// Returns the tag that is known, in lower case, else the code of the language that is detected; empty if unclear.
pub(crate) fn known_or_detected(known: Option<&str>, title: &str, text: &str) -> String {
    if let Some(known) = known.filter(|tag| !tag.is_empty()) {
        return known.to_lowercase();
    }
    let beginning: String = title.chars().chain([' ']).chain(text.chars()).take(MAX_CHARS).collect();
    let detect = || whatlang::detect_lang(&beginning).map_or("", |language| language.code());
    words::detect_language(&beginning).unwrap_or_else(detect).to_owned()
}
