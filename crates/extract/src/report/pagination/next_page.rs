//! Finds the next page of an article.
//!
//! `rel=next` alone means little: on blogs it is the next post. So the URL decides: it must be that of this page with
//! the next page number, and the link must look like one of a pager.

use dom_query::{Document, NodeRef};
use url::Url;

use crate::dom::tree::{self, attribute};
use crate::dom::{urls, words};

/// Query parameters for page numbers.
const PAGE_PARAMETERS: &[&str] = &[
    "page",
    "p",
    "pg",
    "pn",
    "paged",
    "page_no",
    "pageno",
    "pagenumber",
    "seite",
    "pagina",
    "pag",
    "part",
    "sida",
    "side",
];
/// Words before a page number in a path: `/page/2`, `-seite-2.html`.
const PAGE_WORDS: &[&str] = &["page", "p", "pg", "seite", "pagina", "part", "teil", "sida", "side", "strona", "str"];
/// File extensions that may follow the number or be absent.
const FILE_EXTENSIONS: &[&str] = &[".html", ".htm", ".php", ".aspx", ".shtml"];
/// Maximum characters of a link in a pager.
const MAX_LINK_CHARS: usize = 30;

/// Returns the URL of the next page, if this is one page of several.
pub(crate) fn find(page: &Document, url: Option<&Url>, base: Option<&Url>) -> Option<Url> {
    let here = url.filter(|url| url.path().len() > 1 || url.query().is_some())?;
    let links = tree::elements(&page.root(), |node| tree::has_name(node, &["a", "link"]) && node.has_attr("href"));
    let mut found = links.iter().filter_map(|link| {
        let is_numbered = |href: &String| !href.starts_with('#') && href.bytes().any(|byte| byte.is_ascii_digit());
        let href = attribute(link, "href").filter(is_numbered)?;
        let there = urls::resolve_http(&href, base)?;
        let style = NumberStyle::between(here, &there)?;
        is_pager_link(link, style).then_some(there)
    });
    let mut next = found.next()?;
    next.set_fragment(None);
    Some(next)
}

/// How the URL numbers its pages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NumberStyle {
    /// With a number that can only be a page number: `?page=2`, `/page/2`.
    Named,
    /// With a plain number, which may belong to another article: `/2`, `-2.html`.
    Bare,
}

impl NumberStyle {
    /// Returns the style if `there` is the page after `here`.
    fn between(here: &Url, there: &Url) -> Option<Self> {
        if here.host_str() != there.host_str() || here == there {
            return None;
        }
        let (stem, own) = (url_stem(here), numbered_forms(here));
        numbered_forms(there).into_iter().find_map(|candidate| {
            let before =
                own.iter().find(|own| own.stem == candidate.stem && own.style == candidate.style).map(|own| own.number);
            let before = before.or((stem == candidate.stem).then_some(1))?;
            (candidate.number == before + 1).then_some(candidate.style)
        })
    }
}

/// A URL split into a page number and the rest.
struct NumberedUrl {
    stem: String,
    number: u32,
    style: NumberStyle,
}

/// Normalizes a URL so that pages of one article differ only in their number.
fn url_stem(url: &Url) -> String {
    let url = urls::strip_tracking(url);
    let path = strip_extension(url.path().trim_end_matches('/'));
    join_path_and_query(path, url.query().unwrap_or_default())
}

fn join_path_and_query(path: &str, query: &str) -> String {
    let mut parameters: Vec<&str> = query.split('&').filter(|parameter| !parameter.is_empty()).collect();
    parameters.sort_unstable();
    format!("{path}?{}", parameters.join("&"))
}

fn strip_extension(path: &str) -> &str {
    FILE_EXTENSIONS.iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path)
}

/// Lists all ways to read a page number from a URL.
fn numbered_forms(url: &Url) -> Vec<NumberedUrl> {
    let url = urls::strip_tracking(url);
    let (path, query) = (strip_extension(url.path().trim_end_matches('/')), url.query().unwrap_or_default());
    let mut candidates = Vec::new();
    for parameter in query.split('&') {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        if let Some(number) =
            page_number(value).filter(|_| PAGE_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()))
        {
            let others: Vec<&str> = query.split('&').filter(|other| *other != parameter).collect();
            candidates.push(NumberedUrl {
                stem: join_path_and_query(path, &others.join("&")),
                number,
                style: NumberStyle::Named,
            });
        }
    }
    let digits = path.len() - path.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
    let (before, value) = path.split_at(path.len() - digits);
    let (Some(number), Some(mark)) = (page_number(value), before.chars().last()) else { return candidates };
    if !matches!(mark, '/' | '-' | '_' | ',') {
        return candidates;
    }
    let before = &before[..before.len() - 1];
    let word = before.rsplit(['/', '-', '_', ',']).next().unwrap_or_default().to_ascii_lowercase();
    if PAGE_WORDS.contains(&word.as_str()) {
        let shorter = before[..before.len() - word.len()].trim_end_matches(['/', '-', '_', ',']);
        candidates.push(NumberedUrl {
            stem: join_path_and_query(strip_extension(shorter), query),
            number,
            style: NumberStyle::Named,
        });
    }
    candidates.push(NumberedUrl {
        stem: join_path_and_query(strip_extension(before), query),
        number,
        style: NumberStyle::Bare,
    });
    candidates
}

/// Parses a page number. Larger numbers are years or article ids.
fn page_number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| (1..=99).contains(number) && text.len() <= 2)
}

/// Returns whether a link belongs to a pager: it says "2", "next" or the like, and is not part of a comment section.
fn is_pager_link(link: &NodeRef<'_>, style: NumberStyle) -> bool {
    if tree::has_name(link, &["link"]) {
        return style == NumberStyle::Named && has_rel_next(link);
    }
    let text = tree::line_text(link);
    let is_number = text.trim().parse::<u32>().is_ok();
    let is_short = text.chars().count() <= MAX_LINK_CHARS && words::count(&text) <= 5;
    let fits = match style {
        NumberStyle::Named => is_short || has_rel_next(link),
        NumberStyle::Bare => {
            is_number
                || (is_short && text.chars().any(|letter| letter.is_ascii_digit()))
                || (is_short && has_rel_next(link))
        }
    };
    fits && !link.ancestors_it(Some(8)).any(|above| tree::class_and_id(&above).contains("comment"))
}

fn has_rel_next(link: &NodeRef<'_>) -> bool {
    attribute(link, "rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("next")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(here: &str, html: &str) -> Option<String> {
        let here = Url::parse(here).unwrap();
        let tree = crate::parse::parse_page(html).tree;
        find(&tree, Some(&here), Some(&here)).map(String::from)
    }

    #[test]
    fn next_page_has_the_same_url_with_the_next_number() {
        for (here, link, expected) in [
            ("https://a.example/rain", "?page=2", Some("https://a.example/rain?page=2")),
            ("https://a.example/rain?page=2&x=1", "/rain?x=1&page=3", Some("https://a.example/rain?x=1&page=3")),
            ("https://a.example/rain/", "/rain/2/", Some("https://a.example/rain/2/")),
            ("https://a.example/rain/2/", "/rain/3/", Some("https://a.example/rain/3/")),
            ("https://a.example/rain.html", "/rain-2.html", Some("https://a.example/rain-2.html")),
            (
                "https://a.example/rain.html?utm_source=x",
                "rain.html/page/2#top",
                Some("https://a.example/rain.html/page/2"),
            ),
            ("https://a.example/rain", "/rain/seite-2", Some("https://a.example/rain/seite-2")),
            ("https://a.example/rain?page=2", "/rain?page=1", None),
            ("https://a.example/rain", "/rain?page=3", None),
            ("https://a.example/rain", "/snow/2", None),
            ("https://a.example/rain", "https://b.example/rain/2", None),
            ("https://a.example/2025/11", "/2025/12", Some("https://a.example/2025/12")),
            ("https://a.example/rain-2024", "/rain-2025", None),
            ("https://a.example/", "/?page=2", None),
        ] {
            assert_eq!(
                found(here, &format!("<p>It rained.</p><a href='{link}'>2</a>")).as_deref(),
                expected,
                "{here} {link}"
            );
        }
    }

    #[test]
    fn links_to_next_article_or_comments_are_ignored() {
        let here = "https://a.example/rain";
        for html in [
            "<a rel=next href=/snow>Next post: Snow</a>",
            "<link rel=next href=/rain-2>",
            "<a rel=next href=/rain-2>Next post: Rain, the second part of the story</a>",
            "<a href=/rain-2>Rain returns to the valley</a>",
            "<div id=comments><a href='/rain?page=2'>Older</a></div>",
            "<a href='#page-2'>2</a>",
        ] {
            assert_eq!(found(here, html), None, "{html}");
        }
        for html in
            ["<link rel=next href='?page=2'>", "<a rel=next href=/rain/2>Next</a>", "<a href='?page=2'>Weiter</a>"]
        {
            assert!(found(here, html).is_some(), "{html}");
        }
    }
}
