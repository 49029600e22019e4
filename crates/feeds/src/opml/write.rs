//! Writes a list as OPML 2.0.

use super::settings::{self, NAMESPACE};
use super::{Child, List, ListedFeed};
use crate::markup::entities::{escape, escape_attribute, is_allowed};

/// Writes a list. Reading it again gives the same list, without limits for articles.
pub fn write(list: &List) -> String {
    let mut xml =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\" xmlns:bs=\"{NAMESPACE}\">\n");
    let title = list.title.as_deref().map(|title| format!("<title>{}</title>", escape(&allowed(title))));
    xml.push_str(&format!("<head>{}</head>\n<body>\n", title.unwrap_or_default()));
    // The children of the open folders that are still to be written.
    let mut open = vec![children(list, 0)];
    while let Some(folder) = open.last_mut() {
        let next = folder.next();
        let indent = "  ".repeat(open.len());
        match next {
            Some(Child::Feed(position)) => {
                if let Some(feed) = list.feeds.get(position) {
                    xml.push_str(&format!("{indent}{}\n", feed_outline(feed)));
                }
            }
            Some(Child::Folder(position)) => {
                let Some(folder) = list.folders.get(position).filter(|_| open.len() <= list.folders.len()) else {
                    continue;
                };
                let keep = folder.keep.map(|keep| format!(" bs:keep=\"{}\"", settings::keep_value(keep)));
                let (name, keep) = (attribute(&folder.name), keep.unwrap_or_default());
                xml.push_str(&format!("{indent}<outline text=\"{name}\"{keep}>\n"));
                open.push(children(list, position));
            }
            None => {
                open.pop();
                if !open.is_empty() {
                    xml.push_str(&format!("{}</outline>\n", "  ".repeat(open.len())));
                }
            }
        }
    }
    xml.push_str("</body>\n</opml>\n");
    xml
}

fn children(list: &List, folder: usize) -> std::vec::IntoIter<Child> {
    list.folders.get(folder).map(|folder| folder.children.clone()).unwrap_or_default().into_iter()
}

fn feed_outline(feed: &ListedFeed) -> String {
    let name = attribute(&feed.name);
    let mut outline =
        format!("<outline type=\"rss\" text=\"{name}\" title=\"{name}\" xmlUrl=\"{}\"", attribute(feed.url.as_str()));
    if let Some(link) = &feed.site_link {
        outline.push_str(&format!(" htmlUrl=\"{}\"", attribute(link.as_str())));
    }
    for (name, value) in settings::attributes(&feed.settings) {
        outline.push_str(&format!(" {name}=\"{}\"", attribute(&value)));
    }
    outline + "/>"
}

fn attribute(text: &str) -> String {
    escape_attribute(&allowed(text))
}

/// Leaves out characters that XML forbids.
fn allowed(text: &str) -> String {
    text.chars().filter(|character| is_allowed(*character)).collect()
}
