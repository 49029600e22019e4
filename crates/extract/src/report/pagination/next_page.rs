//! Whether an article goes on on another page.
//!
//! `rel=next` alone means little: on blogs it is the next post. So the address decides: it must be this page's own with the
//! next number for a page in it, and the link must be one of a pager.

use dom_query::{Document, NodeRef};
use url::Url;

use crate::dom::tree::{self, attribute};
use crate::dom::{urls, words};

/// Query parameters that number the pages of one text.
const PARAMETERS: &[&str] = &[
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
/// Words before a number in a path: `/page/2`, `-seite-2.html`.
const WORDS: &[&str] = &["page", "p", "pg", "seite", "pagina", "part", "teil", "sida", "side", "strona", "str"];
/// Endings of files, which may stand behind the number or not.
const ENDINGS: &[&str] = &[".html", ".htm", ".php", ".aspx", ".shtml"];
/// The words of a link in a pager are few.
const LONGEST: usize = 30;

/// Where this page goes on, if it is one page of several.
pub(crate) fn next(page: &Document, url: Option<&Url>, base: Option<&Url>) -> Option<Url> {
    let here = url.filter(|url| url.path().len() > 1 || url.query().is_some())?;
    let links = tree::elements(&page.root(), |node| tree::has_name(node, &["a", "link"]) && node.has_attr("href"));
    let mut found = links.iter().filter_map(|link| {
        let is_numbered =
            |address: &String| !address.starts_with('#') && address.bytes().any(|byte| byte.is_ascii_digit());
        let address = attribute(link, "href").filter(is_numbered)?;
        let there = urls::resolve_http(&address, base)?;
        let step = Step::between(here, &there)?;
        is_of_pager(link, step).then_some(there)
    });
    let mut next = found.next()?;
    next.set_fragment(None);
    Some(next)
}

/// How an address leads to the next page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// By a number that can only be a page's: `?page=2`, `/page/2`.
    Named,
    /// By a number alone, which may be part of another article's name: `/2`, `-2.html`.
    Bare,
}

impl Step {
    /// The step from one address to another, if that is the next page.
    fn between(here: &Url, there: &Url) -> Option<Self> {
        if here.host_str() != there.host_str() || here == there {
            return None;
        }
        let (stem, own) = (stem(here), numbered(here));
        numbered(there).into_iter().find_map(|reading| {
            let before =
                own.iter().find(|own| own.stem == reading.stem && own.step == reading.step).map(|own| own.number);
            let before = before.or((stem == reading.stem).then_some(1))?;
            (reading.number == before + 1).then_some(reading.step)
        })
    }
}

/// One way to read an address: what it is without its number.
struct Reading {
    stem: String,
    number: u32,
    step: Step,
}

/// The address in a form in which pages of one article are equal but for their number.
fn stem(url: &Url) -> String {
    let url = urls::strip_tracking(url);
    let path = without_ending(url.path().trim_end_matches('/'));
    joined(path, url.query().unwrap_or_default())
}

fn joined(path: &str, query: &str) -> String {
    let mut parameters: Vec<&str> = query.split('&').filter(|parameter| !parameter.is_empty()).collect();
    parameters.sort_unstable();
    format!("{path}?{}", parameters.join("&"))
}

fn without_ending(path: &str) -> &str {
    ENDINGS.iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path)
}

/// Every way in which an address may hold the number of a page.
fn numbered(url: &Url) -> Vec<Reading> {
    let url = urls::strip_tracking(url);
    let (path, query) = (without_ending(url.path().trim_end_matches('/')), url.query().unwrap_or_default());
    let mut readings = Vec::new();
    for parameter in query.split('&') {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        if let Some(number) = number(value).filter(|_| PARAMETERS.contains(&name.to_ascii_lowercase().as_str())) {
            let others: Vec<&str> = query.split('&').filter(|other| *other != parameter).collect();
            readings.push(Reading { stem: joined(path, &others.join("&")), number, step: Step::Named });
        }
    }
    let digits = path.len() - path.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
    let (before, value) = path.split_at(path.len() - digits);
    let (Some(number), Some(mark)) = (number(value), before.chars().last()) else { return readings };
    if !matches!(mark, '/' | '-' | '_' | ',') {
        return readings;
    }
    let before = &before[..before.len() - 1];
    let word = before.rsplit(['/', '-', '_', ',']).next().unwrap_or_default().to_ascii_lowercase();
    if WORDS.contains(&word.as_str()) {
        let shorter = before[..before.len() - word.len()].trim_end_matches(['/', '-', '_', ',']);
        readings.push(Reading { stem: joined(without_ending(shorter), query), number, step: Step::Named });
    }
    readings.push(Reading { stem: joined(without_ending(before), query), number, step: Step::Bare });
    readings
}

/// A page's number is small; a larger one is a year or the number of an article.
fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| (1..=99).contains(number) && text.len() <= 2)
}

/// Whether a link is one of a pager: it says "2", "next" or the like, and stands nowhere near comments.
fn is_of_pager(link: &NodeRef<'_>, step: Step) -> bool {
    if tree::has_name(link, &["link"]) {
        return step == Step::Named && is_next(link);
    }
    let text = tree::line_text(link);
    let is_number = text.trim().parse::<u32>().is_ok();
    let is_short = text.chars().count() <= LONGEST && words::count(&text) <= 5;
    let fits = match step {
        Step::Named => is_short || is_next(link),
        Step::Bare => {
            is_number || (is_short && text.chars().any(|letter| letter.is_ascii_digit())) || (is_short && is_next(link))
        }
    };
    fits && !link.ancestors_it(Some(8)).any(|above| tree::class_and_id(&above).contains("comment"))
}

fn is_next(link: &NodeRef<'_>) -> bool {
    attribute(link, "rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("next")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(here: &str, html: &str) -> Option<String> {
        let here = Url::parse(here).unwrap();
        let tree = crate::parse::parse_page(html).tree;
        next(&tree, Some(&here), Some(&here)).map(String::from)
    }

    #[test]
    fn the_next_page_has_the_same_address_with_the_next_number() {
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
    fn the_next_article_and_the_next_comments_are_no_next_page() {
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
