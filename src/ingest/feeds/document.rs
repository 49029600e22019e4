//! The item of a feed as a page, so that its text is cleaned, stored and extracted again like that of any page. Pure.

use std::fmt::Write as _;

use feeds::{Enclosure, Feed, Item};

use crate::ingest::html_page::{PageHead, escape, write_page};

/// Publisher's keywords of an item that are read.
const MAX_CATEGORIES: usize = 12;

/// Returns an item as an HTML page. `site_name` is the name of its site, if its link leads there.
#[must_use]
pub fn build_page(item: &Item, feed: &Feed, site_name: Option<&str>) -> String {
    let text = item.body().unwrap_or_default();
    let mut body = String::with_capacity(text.len());
    if let Some(image) = item.image.as_ref().filter(|_| !text.contains("<img")) {
        let _ = write!(body, "<img src=\"{}\" alt=\"\">", escape(image.as_str()));
    }
    body.push_str(text);
    item.enclosures.iter().for_each(|enclosure| add_enclosure(&mut body, enclosure));
    add_chapters(&mut body, item);
    let (author, published) = (item.authors.join(", "), item.published_at().map(|at| at.to_string()));
    let head = PageHead {
        title: item.title.as_deref().unwrap_or_default(),
        language: item.language.as_deref().or(feed.language.as_deref()),
        author: Some(author.as_str()).filter(|author| !author.is_empty()),
        published: published.as_deref(),
        site_name,
        tags: &item.categories[..item.categories.len().min(MAX_CATEGORIES)],
    };
    write_page(&head, &body)
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
