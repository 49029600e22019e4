//! Any plain text: no panic, and the body is sanitized.

#![no_main]

use extract::{Page, Source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let now = jiff::Timestamp::constant(1_795_435_200, 0);
    let article = extract::article(&Page { source: Source::Text(text), url: None, now, rules: &[] });
    assert_eq!(extract::sanitize_html(article.body.as_str(), None).as_str(), article.body.as_str());
    article.body.to_markdown();
});
