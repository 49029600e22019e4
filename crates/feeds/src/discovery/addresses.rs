//! Addresses that look like those of feeds.

use url::Url;

/// Paths where feeds usually are, the most frequent first.
const WELL_KNOWN: &[&str] = &["feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json"];

/// Names of files and folders that are feeds.
const NAMES: &[&str] = &[
    "feed",
    "feeds",
    "rss",
    "rss2",
    "atom",
    "rdf",
    "feed.xml",
    "rss.xml",
    "atom.xml",
    "index.xml",
    "index.rdf",
    "rss.php",
    "feed.php",
    "rss.aspx",
    "feed.json",
    "feed.rss",
    "feed.atom",
    "rssfeed",
    "newsfeed",
    ".rss",
    "posts.xml",
    "blog.xml",
    "news.xml",
    "podcast.xml",
];

const ENDINGS: &[&str] = &[".rss", ".atom", ".rdf"];

/// Returns whether an address looks like that of a feed.
pub(super) fn looks_like_feed(url: &Url) -> bool {
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let by_path = NAMES.contains(&last) || ENDINGS.iter().any(|ending| last.ends_with(ending));
    by_path || url.query_pairs().any(|(name, value)| is_feed_parameter(&name, &value))
}

fn is_feed_parameter(name: &str, value: &str) -> bool {
    let (name, value) = (name.to_ascii_lowercase(), value.to_ascii_lowercase());
    let names_format = matches!(&*value, "rss" | "rss2" | "atom" | "feed" | "rdf");
    names_format && matches!(&*name, "feed" | "format" | "type" | "output" | "alt" | "view")
}

/// Returns whether an address belongs to an interface of a program, which answers with JSON or XML that is no feed.
pub(super) fn is_interface(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    ["/wp-json/", "/oembed", "/xmlrpc.php", "/rsd"].iter().any(|part| path.contains(part))
}

/// Returns where feeds of a page usually are: beside it, then at the root of the site.
pub(super) fn well_known(page: &Url) -> Vec<Url> {
    let folder = page.path().trim_matches('/').split('/').next().unwrap_or_default();
    let is_folder = !folder.is_empty() && !folder.contains('.');
    let beside = is_folder.then(|| format!("/{folder}/feed"));
    let paths = beside.into_iter().chain(WELL_KNOWN.iter().map(|path| format!("/{path}")));
    paths.filter_map(|path| page.join(&path).ok()).collect()
}
