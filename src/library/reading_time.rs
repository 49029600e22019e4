//! How long it takes to read an article. Pure.

/// In scripts without spaces, where characters are counted as words, readers manage about 500 a minute, in others about
/// 230.
#[must_use]
pub fn words_per_minute(language: Option<&str>) -> i64 {
    if matches!(language, Some("zh" | "ja" | "th" | "lo" | "km" | "my")) { 500 } else { 230 }
}

/// Returns the minutes to read this many words, at least 1.
#[must_use]
pub fn minutes(words: i64, language: Option<&str>) -> i64 {
    let words_per_minute = words_per_minute(language);
    words.max(1).saturating_add(words_per_minute - 1) / words_per_minute
}
