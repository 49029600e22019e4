//! The item of a feed as a page, so that its text is cleaned, stored and extracted again like that of any page. Pure.

use std::fmt::Write as _;

use feeds::{Enclosure, Feed, Item};

/// Publisher's keywords of an item that are read.
const MAX_CATEGORIES: usize = 12;

/// Returns an item as an HTML page. `site_name` is the name of its site, if its link leads there.
#[must_use]
pub fn build_page(item: &Item, feed: &Feed, site_name: Option<&str>) -> String {
    let mut page = String::from("<!DOCTYPE html><html");
    if let Some(language) = item.language.as_ref().or(feed.language.as_ref()) {
        let _ = write!(page, " lang=\"{}\"", escape(language));
    }
    page.push_str("><head><meta charset=\"utf-8\">");
    let title = item.title.as_deref().unwrap_or_default();
    let _ = write!(page, "<title>{}</title>", escape(title));
    let meta = |page: &mut String, name: &str, value: &str| {
        let _ = write!(page, "<meta property=\"{name}\" content=\"{}\">", escape(value));
    };
    if let Some(published) = item.published_at() {
        meta(&mut page, "article:published_time", &published.to_string());
    }
    if let Some(name) = site_name {
        meta(&mut page, "og:site_name", name);
    }
    for category in item.categories.iter().take(MAX_CATEGORIES) {
        meta(&mut page, "article:tag", category);
    }
    if !item.authors.is_empty() {
        let _ = write!(page, "<meta name=\"author\" content=\"{}\">", escape(&item.authors.join(", ")));
    }
    let _ = write!(page, "</head><body><article><h1>{}</h1>", escape(title));
    let body = item.body().unwrap_or_default();
    if let Some(image) = item.image.as_ref().filter(|_| !body.contains("<img")) {
        let _ = write!(page, "<img src=\"{}\" alt=\"\">", escape(image.as_str()));
    }
    page.push_str(body);
    item.enclosures.iter().for_each(|enclosure| add_enclosure(&mut page, enclosure));
    add_chapters(&mut page, item);
    page.push_str("</article></body></html>");
    page
}

/// Adds a recording or film; other files are links.
fn add_enclosure(page: &mut String, enclosure: &Enclosure) {
    let url = escape(enclosure.url.as_str());
    let kind = enclosure.media_type.as_deref().and_then(|kind| kind.split('/').next()).unwrap_or_default();
    let _ = match kind {
        "audio" => write!(page, "<audio controls src=\"{url}\"></audio>"),
        "video" => write!(page, "<video controls src=\"{url}\"></video>"),
        "image" if page.contains(&url) => Ok(()),
        "image" => write!(page, "<img src=\"{url}\" alt=\"\">"),
        _ => write!(page, "<p><a href=\"{url}\">{}</a></p>", escape(file_name(enclosure))),
    };
}

fn file_name(enclosure: &Enclosure) -> &str {
    let name = enclosure.url.path_segments().and_then(|mut segments| segments.next_back());
    name.filter(|name| !name.is_empty()).unwrap_or(enclosure.url.as_str())
}

fn add_chapters(page: &mut String, item: &Item) {
    if item.chapters.is_empty() {
        return;
    }
    page.push_str("<ul>");
    for chapter in &item.chapters {
        let seconds = chapter.start.as_secs();
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let _ = write!(page, "<li>{hours}:{minutes:02}:{seconds:02} {}</li>", escape(&chapter.title));
    }
    page.push_str("</ul>");
}

/// Writes a text as HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
