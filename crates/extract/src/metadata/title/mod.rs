//! Finds the title: in metadata, in headings, and where the two agree.

pub(crate) mod site_name;

use std::collections::HashSet;

use dom_query::NodeRef;
use url::Url;

use crate::dom::{short_text, tree, words};
use crate::metadata::json_ld::JsonLdFacts;
use crate::metadata::meta_elements::{Heading, PageElements};

const TITLE_NAMES: &[&str] = &[
    "og:title",
    "parsely-title",
    "dc.title",
    "dcterms.title",
    "sailthru.title",
    "twitter:title",
    "title",
    "headline",
    "citation_title",
    "rnews:headline",
];

/// Maximum number of stated titles compared with the headings.
const MAX_STATED_TITLES: usize = 8;

/// The title, and the heading that shows it.
pub(super) struct FoundTitle<'a> {
    pub(super) title: String,
    pub(super) heading: Option<NodeRef<'a>>,
}

/// Finds the title. `sites` are the names of the site.
pub(super) fn find<'a>(
    elements: &PageElements<'a>,
    facts: &JsonLdFacts,
    sites: &[String],
    url: Option<&Url>,
) -> FoundTitle<'a> {
    let stated = stated_titles(elements, facts);
    let context = TitleContext { sites, stated: &stated, slug: url.and_then(slug_words).unwrap_or_default() };
    let heading = best_heading(elements, &context);
    let title = match heading {
        Some(heading) => context.title_from_heading(heading),
        None => context.title_from_stated(elements),
    };
    let heading = heading.map(|heading| heading.node).or_else(|| heading_of_title(elements, &title));
    FoundTitle { title, heading }
}

/// A title in the page's metadata.
struct StatedTitle {
    text: String,
    key: String,
    /// Keys of its parts between separators.
    parts: Vec<String>,
}

impl StatedTitle {
    fn new(text: String) -> Self {
        Self { key: words::match_key(&text), parts: site_name::part_keys(&text), text }
    }
}

/// Returns the stated titles, the most trusted first.
fn stated_titles(elements: &PageElements<'_>, facts: &JsonLdFacts) -> Vec<StatedTitle> {
    let named = elements.metas.contents(TITLE_NAMES).chain(facts.headline.iter().map(String::as_str));
    let mut stated: Vec<StatedTitle> = Vec::new();
    for text in named.filter_map(short_text::clean_text).chain(elements.title_element.clone()) {
        if stated.len() < MAX_STATED_TITLES && !stated.iter().any(|known| known.text == text) {
            stated.push(StatedTitle::new(text));
        }
    }
    stated
}

/// Minimum words of a descriptive slug.
const MIN_SLUG_WORDS: usize = 4;

/// Returns the words of the last path segment.
fn slug_words(url: &Url) -> Option<Vec<String>> {
    let last = url.path_segments()?.rfind(|step| !step.is_empty())?;
    let words: Vec<String> = last.split(['-', '_', '.']).filter(|word| word.len() > 1).map(str::to_lowercase).collect();
    (words.len() >= MIN_SLUG_WORDS).then_some(words)
}

struct TitleContext<'s> {
    sites: &'s [String],
    stated: &'s [StatedTitle],
    /// Words of the URL's last segment, if it is descriptive.
    slug: Vec<String>,
}

impl TitleContext<'_> {
    fn is_site(&self, text: &str) -> bool {
        let key = short_text::compact_key(text);
        self.sites.iter().any(|site| short_text::compact_key(site) == key)
    }

    /// Returns whether a heading is a slogan: the URL agrees with a stated title and not with the heading.
    fn is_slogan(&self, heading: &Heading<'_>) -> bool {
        let shared = |key: &str| self.slug.iter().filter(|word| key.split(' ').any(|one| one == *word)).count();
        let says = |key: &str, tenths: usize| shared(key) * 10 >= self.slug.len() * tenths;
        !self.slug.is_empty() && !says(&heading.key, 6) && self.stated.iter().any(|one| says(&one.key, 9))
    }

    /// Scores how well a heading agrees with the stated titles; 0 for not at all.
    fn agreement(&self, heading: &Heading<'_>) -> u8 {
        let of_one = |stated: &StatedTitle| {
            if stated.key == heading.key {
                4
            } else if stated.parts.contains(&heading.key) {
                3
            } else if shares_most_words(&heading.key, &stated.key) || ends_with_words(&heading.key, &stated.key) {
                2
            } else {
                0
            }
        };
        self.stated.iter().map(of_one).max().unwrap_or(0)
    }

    /// Returns the title in a heading, without kicker and site name.
    fn title_from_heading(&self, heading: &Heading<'_>) -> String {
        let (text, ends) = heading_text(&heading.node);
        // The stated title may end before a further element: a date, a source, a number of comments.
        let is_stated = |text: &str| {
            let key = words::match_key(text);
            key.split(' ').count() >= 3 && self.stated.iter().any(|one| one.key == key || one.parts.contains(&key))
        };
        let mut cuts = ends.into_iter().map(|end| text.split_at(end));
        let cut = cuts.find(|(start, rest)| is_stated(start) && !is_stated(rest));
        let text = cut.map_or(text.as_str(), |(start, _)| start);
        let text = short_text::clean_text(text).unwrap_or_else(|| heading.text.clone());
        let key = words::match_key(&text);
        // The stated title may lack the words before it in the heading.
        let shorter =
            self.stated.iter().map(|stated| site_name::strip_site_name(&stated.text, self.sites, &[])).find(|stated| {
                let stated = words::match_key(stated);
                stated.len() < key.len() && stated.split(' ').count() >= 3 && ends_with_words(&key, &stated)
            });
        shorter.unwrap_or_else(|| site_name::strip_label(&site_name::strip_site_name(&text, self.sites, &[])))
    }

    /// Returns the title from metadata alone, cut to a matching heading.
    fn title_from_stated(&self, elements: &PageElements<'_>) -> String {
        let texts = || self.stated.iter().map(|stated| stated.text.as_str());
        let best = texts().find(|text| !self.is_site(text)).or(texts().next());
        let headings: Vec<String> = elements.headings.iter().map(|heading| heading.text.clone()).collect();
        match best {
            Some(raw) => site_name::strip_site_name(raw, self.sites, &headings),
            None => elements.headings.iter().find(|one| one.rank == 1).map(|one| one.text.clone()).unwrap_or_default(),
        }
    }
}

/// Minimum letters and words of a heading that no stated title agrees with.
const MIN_LONE_HEADING: (usize, usize) = (15, 4);

/// Returns the heading that shows the title: of rank 1, the first with the best agreement. A single one may differ,
/// since pages often tell search engines another title.
fn best_heading<'s, 'a>(elements: &'s PageElements<'a>, context: &TitleContext<'_>) -> Option<&'s Heading<'a>> {
    let first: Vec<&Heading<'a>> = elements
        .headings
        .iter()
        .filter(|heading| heading.rank == 1 && !context.is_site(&heading.text))
        .take(12)
        .filter(|heading| !is_site_name_heading(heading, elements, context))
        .collect();
    let best = |headings: &[&'s Heading<'a>], least: u8| {
        let mut best: Option<(u8, &'s Heading<'a>)> = None;
        for heading in headings {
            let agreement = context.agreement(heading);
            if agreement >= least && best.is_none_or(|(known, _)| agreement > known) {
                best = Some((agreement, heading));
            }
        }
        best
    };
    let agreed = best(&first, 2);
    let lower: Vec<&Heading<'a>> = elements
        .headings
        .iter()
        .filter(|heading| heading.rank > 1 && heading.key.split(' ').count() >= 2 && !context.is_site(&heading.text))
        .take(40)
        .collect();
    let lone = || match first.as_slice() {
        [only] if is_long_enough(&only.key) && !context.is_slogan(only) && !holds_controls(&only.node) => Some(*only),
        _ => None,
    };
    agreed.map(|(_, heading)| heading).or_else(|| best(&lower, 3).map(|(_, heading)| heading)).or_else(lone)
}

/// Returns whether a heading holds buttons or a list: its tag is broken, and it runs on into a toolbar.
fn holds_controls(heading: &NodeRef<'_>) -> bool {
    heading.descendants_it().any(|inside| tree::has_name(&inside, &["button", "ul", "ol", "nav", "form", "select"]))
}

fn is_long_enough(key: &str) -> bool {
    let wordless = key.chars().filter(|letter| words::is_unspaced_script(*letter)).count();
    (key.len() >= MIN_LONE_HEADING.0 && key.split(' ').count() >= MIN_LONE_HEADING.1) || wordless >= 8
}

/// Returns whether a heading is the site's name: it is one part of the title element, and another heading, more likely
/// the topic, is another part.
fn is_site_name_heading(heading: &Heading<'_>, elements: &PageElements<'_>, context: &TitleContext<'_>) -> bool {
    let Some(title) =
        elements.title_element.as_ref().and_then(|title| context.stated.iter().find(|one| one.text == *title))
    else {
        return false;
    };
    let place = |heading: &Heading<'_>| title.parts.iter().position(|part| *part == heading.key);
    let is_stated =
        |heading: &Heading<'_>| context.stated.iter().any(|one| one.key == heading.key && one.text != title.text);
    let Some(own) = place(heading) else { return false };
    let another = |other: &Heading<'_>| {
        let Some(place) = place(other).filter(|place| *place != own && !context.is_site(&other.text)) else {
            return false;
        };
        let (length, other_length) = (heading.key.len(), other.key.len());
        // Also stated separately; or much longer; or of similar length and earlier.
        match (is_stated(heading), is_stated(other)) {
            (true, false) => false,
            (false, true) => true,
            _ if other_length * 2 >= length * 3 => true,
            _ => other_length * 3 > length * 2 && place < own,
        }
    };
    elements.headings.iter().any(another)
}

/// Returns whether `key` ends with the words of `end`.
fn ends_with_words(key: &str, end: &str) -> bool {
    end.len() >= 12 && key.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with(' '))
}

/// Returns whether a heading is the title in other words: most words of the shorter are in the longer.
fn shares_most_words(heading: &str, title: &str) -> bool {
    let of = |text| str::split(text, ' ').collect::<HashSet<&str>>();
    let (one, other) = (of(heading), of(title));
    let fewer = one.len().min(other.len());
    let enough = if fewer < 5 { 7 } else { 6 };
    fewer >= 3 && one.len() <= 30 && one.intersection(&other).count() * 10 >= fewer * enough
}

/// Returns the heading with this text, else the first of rank 1.
fn heading_of_title<'a>(elements: &PageElements<'a>, title: &str) -> Option<NodeRef<'a>> {
    let key = words::match_key(title);
    let says = elements.headings.iter().find(|heading| !key.is_empty() && heading.key == key);
    let first = || elements.headings.iter().find(|heading| heading.rank == 1);
    says.or_else(first).map(|heading| heading.node)
}

/// Maximum nodes of a heading.
const MAX_NODES: usize = 400;

/// Classes of kickers and labels within a heading.
const KICKER_CLASSES: &[&str] = &[
    "kicker",
    "overline",
    "topline",
    "dachzeile",
    "roofline",
    "pretitle",
    "pre-title",
    "supertitle",
    "suptitle",
    "uppertitle",
    "overtitle",
    "eyebrow",
    "spitzmarke",
    "subhead",
    "subtitle",
    "subline",
    "unterzeile",
    "label",
    "badge",
    "category",
    "rubrik",
    "hidden",
    "sr-only",
    "screen-reader",
    "upper-",
    "antetitulo",
    "surtitre",
    "occhiello",
];

/// Returns the text of a heading without kickers and labels, and the offsets where its elements start.
fn heading_text(heading: &NodeRef<'_>) -> (String, Vec<usize>) {
    let mut text = String::new();
    let mut ends = Vec::new();
    let mut dropped = false;
    let mut nodes = 0;
    tree::walk(
        heading,
        |inside| {
            nodes += 1;
            if nodes > MAX_NODES {
                return tree::Walk::Skip;
            }
            let Some(name) = inside.qual_name_ref() else {
                tree::read_text(inside, |words| text.push_str(words));
                return tree::Walk::Skip;
            };
            let marks = tree::class_and_id(inside);
            if tree::is_non_text(&name.local) || tree::is_ruby_annotation(&name.local) {
                return tree::Walk::Skip;
            }
            if KICKER_CLASSES.iter().any(|kicker| marks.contains(kicker)) {
                dropped = true;
                return tree::Walk::Skip;
            }
            ends.push(text.len());
            if !tree::is_inline(&name.local) {
                text.push(' ');
            }
            tree::Walk::Enter
        },
        |_| {},
    );
    let rest = text.trim_start();
    let rest = if dropped { rest.trim_start_matches([':', '|', '–', '-', '/', ' ']).trim_start() } else { rest };
    let cut = text.len() - rest.len();
    let ends = ends.into_iter().filter_map(|end| end.checked_sub(cut)).collect();
    (rest.to_owned(), ends)
}

#[cfg(test)]
mod tests {
    use url::Url;

    fn title(html: &str) -> String {
        let page = crate::page::Page {
            source: crate::page::Source::Html(html),
            url: None,
            now: jiff::Timestamp::UNIX_EPOCH,
            rules: &[],
        };
        crate::article(&page).title
    }

    #[test]
    fn url_slug_rules_out_a_slogan_as_title() {
        let html = "<title>How to sail a ferry up the river</title><h1>Your own ferry with us today</h1><p>It rained.";
        let at = |text: &str| {
            let url = Url::parse(text).unwrap();
            let source = crate::page::Source::Html(html);
            let now = jiff::Timestamp::UNIX_EPOCH;
            crate::article(&crate::page::Page { source, url: Some(&url), now, rules: &[] }).title
        };
        assert_eq!(at("https://a.example/how-to-sail-a-ferry-up-the-river"), "How to sail a ferry up the river");
        assert_eq!(at("https://a.example/7"), "Your own ferry with us today");
    }

    #[test]
    fn visible_heading_is_the_title_if_metadata_agrees() {
        for (html, wanted) in [
            ("<title>Rain in the Valley [2024]: All You Need</title><h1>Rain in the valley</h1>", "Rain in the valley"),
            ("<title>Rain in the valley: all day</title><h1>The Valley Post</h1>", "Rain in the valley: all day"),
            ("<title>Rain all day | The Post</title><h1>The Post</h1><h2>Rain all day</h2>", "Rain all day"),
            ("<title>The Post » Rain all day</title><h1>The Post</h1><h2>Rain all day</h2>", "Rain all day"),
            (
                "<title>Rain: why it fell and fell</title><h1>What the river did to our old town</h1>",
                "What the river did to our old town",
            ),
            (
                "<meta property=og:title content='Rain all day'><title>Rain all day - The Post of the Valley</title>\
                 <h1>Rain all day</h1><h2>The Post of the Valley</h2>",
                "Rain all day",
            ),
            ("<title>Rain in the valley</title><h1>Details</h1>", "Rain in the valley"),
            (
                "<title>古い灯台に新しい明かり</title><h1>古い<ruby>灯台<rt>とうだい</rt></ruby>に新しい明かり</h1>",
                "古い灯台に新しい明かり",
            ),
            (
                "<title>Rain in the valley</title><h1><span class=kicker>Weather</span>: Rain in the valley</h1>",
                "Rain in the valley",
            ),
            (
                "<meta property=og:title content='Rain in the valley'><h1>Weather Rain in the valley</h1>",
                "Rain in the valley",
            ),
            (
                "<title>Two days of rain in the valley | Opinion</title><h1>Two days of rain in the valley | Opinion</h1>",
                "Two days of rain in the valley",
            ),
            (
                "<title>Rain in the valley | The Post</title><h1>Rain in the valley<br><small>02.02.2022 Weather</small></h1>",
                "Rain in the valley",
            ),
        ] {
            assert_eq!(title(&format!("{html}<p>It rained.</p>")), wanted, "{html}");
        }
    }
}
