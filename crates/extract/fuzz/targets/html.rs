//! Any HTML: no panic, the body is sanitized, and joining it to another page keeps it so.

#![no_main]

use extract::{Page, Source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|html: &str| {
    let url = url::Url::parse("https://a.example/news/page.html").expect("a constant");
    let now = jiff::Timestamp::constant(1_795_435_200, 0);
    let page = Page { source: Source::Html(html), url: Some(&url), now, rules: &[] };
    let article = extract::article(&page);
    assert!(article.published.is_none_or(|date| date <= now));
    assert!(!article.title.contains('\n'));
    let joined = extract::append_page(article.clone(), &article);
    for body in [&article.body, &joined.body] {
        assert_eq!(extract::sanitize_html(body.as_str(), None).as_str(), body.as_str());
        body.to_markdown();
    }
    extract::blocks(&page);
});
