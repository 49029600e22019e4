//! Writes texts that came without a page as HTML pages, which are stored and extracted like any other. Pure.

use std::fmt::Write as _;

/// What a page says of its text. What is not known is empty or `None`.
#[derive(Debug, Default)]
pub(super) struct PageHead<'a> {
    pub title: &'a str,
    pub language: Option<&'a str>,
    pub author: Option<&'a str>,
    /// As it was given.
    pub published: Option<&'a str>,
    pub site_name: Option<&'a str>,
    pub tags: &'a [String],
}

/// Returns a page with this text, which is HTML.
pub(super) fn write_page(head: &PageHead<'_>, body: &str) -> String {
    let mut page = String::from("<!doctype html><html");
    if let Some(language) = head.language {
        let _ = write!(page, " lang=\"{}\"", escape(language));
    }
    let title = escape(head.title);
    let _ = write!(page, "><head><meta charset=\"utf-8\"><title>{title}</title>");
    let named = [
        ("name=\"author\"", head.author),
        ("property=\"article:published_time\"", head.published),
        ("property=\"og:site_name\"", head.site_name),
    ];
    let tags = head.tags.iter().map(|tag| ("property=\"article:tag\"", Some(tag.as_str())));
    for (name, value) in named.into_iter().chain(tags) {
        if let Some(value) = value {
            let _ = write!(page, "<meta {name} content=\"{}\">", escape(value));
        }
    }
    let heading = if title.is_empty() { String::new() } else { format!("<h1>{title}</h1>") };
    let _ = write!(page, "</head><body><article>{heading}{body}</article></body></html>");
    page
}

/// Writes a text as HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
