//! Which groups of links may be lists of articles, the best first.

use foldhash::{HashMap, HashMapExt as _, HashSet};
use url::Url;

use crate::dom::{urls, words};
use crate::links::entries;
use crate::links::outline::{Element, Outline};
use crate::links::shapes::{Group, Shapes};
use crate::links::{LinkList, ListedLink};
use crate::stop;

/// The most lists that are offered.
const MAX_LISTS: usize = 6;

/// The most groups that are judged.
const MAX_JUDGED: usize = 40;

/// Fewer links are no list.
const MIN_LINKS: usize = 3;

/// Links of a list that count for its rank.
const RANKED: usize = 30;

/// Half of the titles of a list are at least this wide, in letters.
const MIN_WIDTH: usize = 15;

/// The same for lists with headings or dates.
const MIN_WIDTH_OF_ENTRIES: usize = 5;

/// Letters of a title that count for its rank.
const RANKED_WIDTH: usize = 80;

/// Elements and roles that hold what is no article.
const REGIONS: &[&str] = &["nav", "header", "footer", "aside", "menu", "form"];
const ROLES: &[&str] =
    &["navigation", "banner", "contentinfo", "complementary", "menu", "menubar", "search", "toolbar", "tablist"];

/// Words of classes and ids of such elements.
const REGION_WORDS: &[&str] = &[
    "nav",
    "navbar",
    "navigation",
    "menu",
    "submenu",
    "breadcrumb",
    "breadcrumbs",
    "pagination",
    "pager",
    "paging",
    "footer",
    "sidebar",
    "tagcloud",
    "social",
    "share",
    "sharing",
    "toc",
    "blogroll",
    "languages",
    "masthead",
    "topbar",
    "cookie",
];

/// Steps of paths behind which a name follows that is no article's.
const OF_OTHERS: &[&str] = &[
    "tag",
    "tags",
    "category",
    "categories",
    "cat",
    "author",
    "authors",
    "user",
    "users",
    "member",
    "members",
    "profile",
    "profiles",
    "label",
    "labels",
    "page",
    "login",
    "register",
    "signup",
    "search",
    "share",
];

/// Finds the lists.
pub(super) fn find(outline: &Outline) -> Vec<LinkList> {
    let (shapes, regions) = (Shapes::of(outline), Regions::of(outline));
    let mut found: Vec<(usize, LinkList)> = Vec::new();
    for group in shapes.groups.iter().filter(|group| group.links.len() >= MIN_LINKS).take(MAX_JUDGED) {
        stop::check();
        let Some(selector) = shapes.selector(group).filter(|_| !regions.hold(group)) else { continue };
        let links = entries::list(outline, &outline.find(&selector));
        if let Some(score) = score(outline, group, &links) {
            found.push((score, LinkList { selector, links }));
        }
    }
    // The sort is stable: of two that are as good the larger one comes first.
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let mut lists: Vec<LinkList> = Vec::new();
    for (_, list) in found {
        if lists.len() < MAX_LISTS && !lists.iter().any(|better| holds_most(better, &list)) {
            lists.push(list);
        }
    }
    lists
}

/// Returns whether most pages of a list are in a better one, too: its links are pictures or "Read more" of the same entries.
fn holds_most(better: &LinkList, list: &LinkList) -> bool {
    let known: HashSet<&Url> = better.links.iter().map(|link| &link.url).collect();
    list.links.iter().filter(|link| known.contains(&link.url)).count() * 3 >= list.links.len() * 2
}

/// Returns how good a list is; `None` if it is none of articles.
fn score(outline: &Outline, group: &Group, links: &[ListedLink]) -> Option<usize> {
    let count = links.len();
    let is_most = |wanted: &dyn Fn(&ListedLink) -> bool| links.iter().filter(|link| wanted(link)).count() * 2 > count;
    let titles: HashSet<&str> = links.iter().map(|link| link.title.as_str()).collect();
    let is_article = |link: &ListedLink| is_same_site(&link.url, &outline.url) && !is_of_others(&link.url);
    if count < MIN_LINKS || titles.len() * 10 < count * 7 || !is_most(&is_article) {
        return None;
    }
    let mut widths: Vec<usize> = links.iter().map(|link| width(&link.title)).collect();
    let total: usize = widths.iter().take(RANKED).map(|width| (*width).min(RANKED_WIDTH)).sum();
    widths.sort_unstable();
    let has_dates = is_most(&|link| link.date.is_some());
    let around = |names: &[&str]| {
        let first = group.links.first().map(|link| outline.links[*link].element);
        first.is_some_and(|first| outline.path(first).any(|it| names.contains(&&*outline.elements[it].name)))
    };
    let is_heading = around(&["h1", "h2", "h3", "h4", "h5"])
        || group.links.iter().any(|link| outline.links[*link].heading.is_some());
    let min_width = if has_dates || is_heading { MIN_WIDTH_OF_ENTRIES } else { MIN_WIDTH };
    if widths[count / 2] < min_width {
        return None;
    }
    let factors = [(has_dates, 3), (is_heading, 3), (around(&["main", "article"]), 3)];
    Some(factors.iter().filter(|(holds, _)| *holds).fold(total * 8, |score, (_, by)| score * by / 2))
}

/// Returns how wide a title is: a character of East Asian scripts counts as three letters.
fn width(title: &str) -> usize {
    title.chars().map(|letter| if words::is_wide(letter) || words::is_unspaced_script(letter) { 3 } else { 1 }).sum()
}

/// Returns whether two addresses belong together: articles may be on a subdomain.
fn is_same_site(url: &Url, page: &Url) -> bool {
    let (link, page) = (urls::host_without_www(url), urls::host_without_www(page));
    link == page || link.ends_with(&format!(".{page}")) || page.ends_with(&format!(".{link}"))
}

/// Returns whether an address is that of a tag, an author, a further page or an archive by date.
fn is_of_others(url: &Url) -> bool {
    let steps: Vec<&str> = url.path_segments().into_iter().flatten().filter(|step| !step.is_empty()).collect();
    let is_name =
        |at: usize, step: &str| OF_OTHERS.iter().any(|known| known.eq_ignore_ascii_case(step)) && steps.len() - at <= 2;
    let is_archive = !steps.is_empty() && steps.len() <= 3 && steps.iter().all(|step| is_date_part(step));
    let is_next =
        || url.query_pairs().any(|(name, _)| matches!(&*name, "page" | "paged" | "tag" | "replytocom" | "share"));
    is_archive || steps.iter().enumerate().any(|(at, step)| is_name(at, step)) || is_next()
}

fn is_date_part(step: &str) -> bool {
    let is_year = |step: &str| step.len() == 4 && (step.starts_with("19") || step.starts_with("20"));
    step.bytes().all(|byte| byte.is_ascii_digit()) && (step.len() == 2 || is_year(step))
}

/// Which elements hold what is no article.
struct Regions<'o> {
    outline: &'o Outline,
    /// Of each element, whether it is such a region.
    kinds: Vec<Region>,
    /// Of each element, how many links are in it.
    links: Vec<usize>,
    /// Of each element, whether a heading is in it.
    has_heading: Vec<bool>,
}

impl<'o> Regions<'o> {
    fn of(outline: &'o Outline) -> Self {
        let (mut links, mut has_heading) = (vec![0; outline.elements.len()], vec![false; outline.elements.len()]);
        for link in &outline.links {
            outline.path(link.element).for_each(|element| links[element] += 1);
        }
        for heading in &outline.headings {
            outline.path(heading.element).for_each(|element| has_heading[element] = true);
        }
        Self { outline, kinds: outline.elements.iter().map(region).collect(), links, has_heading }
    }

    /// Returns whether most links of a group are in such regions, which hold several of them.
    fn hold(&self, group: &Group) -> bool {
        let path = |link: &usize| self.outline.path(self.outline.links[*link].element);
        let mut counts: HashMap<usize, usize> = HashMap::new();
        for element in group.links.iter().flat_map(path) {
            *counts.entry(element).or_default() += 1;
        }
        let is_in_one = |link: &&usize| {
            path(link).filter(|element| counts[element] > 1).any(|element| match self.kinds[element] {
                Region::Element => true,
                Region::Words => !self.is_page(element, counts[&element]),
                Region::None => false,
            })
        };
        group.links.iter().filter(is_in_one).count() * 2 > group.links.len()
    }

    /// Returns whether an element holds the whole page, which may have a sidebar or a menu and say so: most links, and
    /// others than these or headings.
    fn is_page(&self, element: usize, in_group: usize) -> bool {
        let held = self.links[element];
        held * 2 > self.outline.links.len() && (held > in_group || self.has_heading[element])
    }
}

enum Region {
    None,
    /// By its name or role.
    Element,
    /// By words of its classes or id.
    Words,
}

fn region(element: &Element) -> Region {
    if REGIONS.contains(&&*element.name) || ROLES.contains(&&*element.role) {
        return Region::Element;
    }
    let names = format!("{} {}", element.class, element.id).to_ascii_lowercase();
    let mut words = names.split(|letter: char| !letter.is_ascii_alphanumeric());
    if words.any(|word| REGION_WORDS.contains(&word)) { Region::Words } else { Region::None }
}
