//! Reads page numbers from URLs.

use url::Url;

use crate::dom::urls;

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
    "pagenum",
    "page_num",
    "currentpage",
    "seite",
    "pagina",
    "pag",
    "part",
    "sida",
    "side",
    "strona",
    "sayfa",
    "sivu",
    "stranica",
    "trang",
    "halaman",
];
/// Query parameters for the number of items or characters before a page.
const OFFSET_PARAMETERS: &[&str] = &["start", "offset", "from", "skip", "limitstart"];
/// Words before a page number in a path: `/page/2`, `-seite-2.html`.
const PAGE_WORDS: &[&str] = &[
    "page", "p", "pg", "seite", "pagina", "part", "teil", "sida", "side", "strona", "str", "sayfa", "sivu", "pag",
    "stranica",
];
/// File extensions that may follow the number or be absent.
const FILE_EXTENSIONS: &[&str] = &[".html", ".htm", ".php", ".aspx", ".shtml", ".asp", ".jsp", ".xhtml"];

/// The maximum number of digits of a page number, and of an offset.
const MAX_DIGITS: usize = 2;
const MAX_OFFSET_DIGITS: usize = 5;
/// The maximum number of page numbers that are read from one query.
const MAX_QUERY_NUMBERS: usize = 4;

/// How a URL numbers its pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NumberStyle {
    /// With a number that can only be a page number: `?page=2`, `/page/2`.
    Named,
    /// With what comes before the page: `?start=20`.
    Offset,
    /// With a plain number, which may belong to another article: `/2`, `-2.html`.
    Bare,
    /// With a number at the end of a word, which many things may have: `walk2.html`.
    Glued,
}

/// Two URLs that differ only in the number of a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct PagePair {
    pub(super) style: NumberStyle,
    /// The number of this page, if its URL has one.
    pub(super) here: Option<u32>,
    pub(super) there: u32,
}

/// Compares URLs with that of this page.
pub(super) struct PageUrl<'u> {
    url: &'u Url,
    stem: String,
    forms: Vec<NumberedUrl>,
}

impl<'u> PageUrl<'u> {
    pub(super) fn new(url: &'u Url) -> Self {
        PageUrl { url, stem: url_stem(url), forms: numbered_forms(url) }
    }

    /// Returns how the numbers of two pages differ, if nothing else does.
    pub(super) fn compare(&self, there: &Url) -> Option<PagePair> {
        if self.url.host_str() != there.host_str() || self.url == there {
            return None;
        }
        numbered_forms(there).into_iter().find_map(|candidate| {
            let is_same = |own: &&NumberedUrl| own.stem == candidate.stem && own.style == candidate.style;
            let own = self.forms.iter().find(is_same).map(|own| own.number);
            let is_first = own.is_none() && self.stem == candidate.stem;
            (own.is_some() || is_first).then_some(PagePair {
                style: candidate.style,
                here: own,
                there: candidate.number,
            })
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

/// Returns whether the URL in a link may have a page number. Cheaper than resolving it, which most links are not worth.
pub(super) fn may_have_page_number(href: &str) -> bool {
    let (href, _) = href.split_once('#').unwrap_or((href, ""));
    let (path, query) = href.split_once('?').unwrap_or((href, ""));
    let path = strip_extension(path.trim_end_matches('/'));
    let digits = path.bytes().rev().take_while(u8::is_ascii_digit).count();
    // Relative steps and other signs are for the parser.
    let is_odd = || path.is_empty() || path.ends_with('.') || path.contains(['\\', '\t', '\n', '\r']);
    (1..=MAX_DIGITS).contains(&digits) || !query.is_empty() || is_odd()
}

/// Lists all ways to read a page number from a URL.
fn numbered_forms(url: &Url) -> Vec<NumberedUrl> {
    let url = urls::strip_tracking(url);
    let (path, query) = (strip_extension(url.path().trim_end_matches('/')), url.query().unwrap_or_default());
    let mut candidates = Vec::new();
    for parameter in query.split('&') {
        // Each candidate is as long as the URL.
        if candidates.len() == MAX_QUERY_NUMBERS {
            break;
        }
        let Some((name, value)) = parameter.split_once('=') else { continue };
        let name = name.to_ascii_lowercase();
        let offset = || value.parse().ok().filter(|_| value.len() <= MAX_OFFSET_DIGITS);
        let found = if PAGE_PARAMETERS.contains(&name.as_str()) {
            page_number(value).map(|number| (number, NumberStyle::Named))
        } else if OFFSET_PARAMETERS.contains(&name.as_str()) {
            offset().map(|number| (number, NumberStyle::Offset))
        } else {
            None
        };
        if let Some((number, style)) = found {
            let others: Vec<&str> = query.split('&').filter(|other| *other != parameter).collect();
            let stem = join_path_and_query(path, &others.join("&"));
            candidates.push(NumberedUrl { stem, number, style });
        }
    }
    let (before, value) = path.split_at(path.trim_end_matches(|letter: char| letter.is_ascii_digit()).len());
    let (Some(number), Some(mark)) = (page_number(value), before.chars().last()) else { return candidates };
    let mut add = |stem: &str, style| {
        candidates.push(NumberedUrl { stem: join_path_and_query(strip_extension(stem), query), number, style });
    };
    let is_mark = |letter: char| matches!(letter, '/' | '-' | '_' | ',');
    let name = before.trim_end_matches(is_mark);
    let word = name.rsplit(is_mark).next().unwrap_or_default();
    let has_mark = is_mark(mark);
    // `/page/2`, `-page-2`; but `page2` at the start of a name is a name like any other.
    let shorter = name[..name.len() - word.len()].trim_end_matches(is_mark);
    let is_suffix = has_mark || name[..name.len() - word.len()].ends_with(['-', '_', ',']);
    if is_suffix && PAGE_WORDS.contains(&word.to_ascii_lowercase().as_str()) {
        add(shorter, NumberStyle::Named);
    }
    if has_mark {
        add(&before[..before.len() - 1], NumberStyle::Bare);
    } else if mark.is_ascii_alphabetic() {
        add(before, NumberStyle::Glued);
    }
    candidates
}

/// Parses a page number. Larger numbers are years or article ids.
fn page_number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_: &u32| text.len() <= MAX_DIGITS)
}
