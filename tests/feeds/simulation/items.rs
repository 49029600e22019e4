//! What the feeds publish.

use crate::rss_shorthand::time;

/// How an item is written by its feed at some time.
#[derive(Debug, Clone)]
pub struct Written {
    pub guid: Option<String>,
    pub link: Option<String>,
    pub title: String,
    pub date: Option<f64>,
    pub text: String,
}

/// Returns a number that looks like chance (SplitMix64).
pub fn chance(seed: u64, salt: u64) -> u64 {
    let mut z = seed.wrapping_mul(31).wrapping_add(salt).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Returns when an item is published, in hours from the start.
pub fn published(feed: usize, number: u64, seed: u64) -> f64 {
    let gap = 48.0 + (chance(seed, feed as u64) % 60) as f64;
    let jitter = (chance(seed, feed as u64 * 1000 + number) % 20) as f64;
    (number as f64 - 6.0) * gap + jitter
}

/// Returns the numbers of the items that a feed lists at a time, the newest first.
pub fn listed(feed: usize, at: f64, seed: u64) -> Vec<u64> {
    const LISTED: usize = 12;
    let mut out: Vec<u64> = (0..).take_while(|number| published(feed, *number, seed) <= at).collect();
    out.reverse();
    out.truncate(LISTED);
    out
}

/// Returns an item as it is usually written.
pub fn write(feed: usize, number: u64, seed: u64) -> Written {
    Written {
        guid: Some(format!("http://f{feed}.example/?p={number}")),
        link: Some(format!("http://f{feed}.example/p/{number}")),
        title: format!("Entry {number} of {feed}"),
        date: Some(published(feed, number, seed)),
        text: format!("<p>Text of entry #{number}.</p>"),
    }
}

/// Returns a feed with these items.
pub fn render(feed: usize, items: &[Written], extra: &str) -> String {
    let mut xml =
        format!("<rss version=\"2.0\"><channel><title>Feed {feed}</title><link>http://f{feed}.example/</link>{extra}");
    for item in items {
        let tag = |name: &str, value: Option<&str>| {
            value.map(|value| format!("<{name}>{}</{name}>", value.replace('&', "&amp;")))
        };
        let date = item.date.map(|at| time(at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
        let parts = [
            tag("title", Some(&item.title)),
            tag("link", item.link.as_deref()),
            item.guid.as_ref().map(|guid| format!("<guid isPermaLink=\"false\">{guid}</guid>")),
            tag("pubDate", date.as_deref()),
            Some(format!("<description>{}</description>", item.text.replace('<', "&lt;"))),
        ];
        xml += &format!("<item>{}</item>", parts.into_iter().flatten().collect::<String>());
    }
    xml + "</channel></rss>"
}
