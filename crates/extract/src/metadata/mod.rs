//! Metadata of the article: from JSON-LD first, then meta elements, then the visible page.
//!
//! The page is walked twice: `meta_elements` collects meta elements, JSON-LD (`json_ld`), links and headings;
//! `visible_lines` collects the short lines around the headline. From these follow `title`, `author` (names parsed by
//! `byline`), `published` (dates parsed by `dates`), `lead_image` and `stated_kind`. `site_logo` recognizes images that
//! stand for the site, `language` detects the language of a text.

mod author;
pub(crate) mod byline;
pub(crate) mod dates;
pub(crate) mod json_ld;
pub(crate) mod language;
mod lead_image;
mod meta_elements;
mod published;
pub(crate) mod site_logo;
pub(crate) mod stated_kind;
pub(crate) mod title;
mod visible_lines;

use dom_query::NodeRef;
use url::Url;

use crate::dom::tree::{self, attribute};
use crate::dom::{short_text, urls, words};
use crate::page::Page;
use crate::parse::ParsedPage;
use dates::ParsedDate;
use json_ld::{JsonLdFacts, PageHints};
use meta_elements::{MetaElements, PageElements};
use published::{DateContext, DateSources};
use title::site_name;
use visible_lines::VisibleLines;

/// Maximum number of tags.
const MAX_TAGS: usize = 12;

/// What is known about the article besides its text.
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    pub(crate) title: String,
    /// The page names several people, each in a box of its own.
    pub(crate) lists_authors: bool,
    pub(crate) byline: Option<String>,
    pub(crate) published: Option<ParsedDate>,
    pub(crate) site_name: Option<String>,
    pub(crate) canonical_url: Option<Url>,
    pub(crate) sections: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) languages: Vec<String>,
    pub(crate) direction: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) lead_image: Option<(Url, String)>,
    /// The full text in JSON-LD, perhaps with markup.
    pub(crate) stated_body: Option<String>,
    pub(crate) stated_kind: crate::metadata::stated_kind::StatedKind,
}

/// Collects the metadata of a page. Relative URLs are resolved against `base`.
pub(crate) fn collect(parsed: &ParsedPage, input: &Page<'_>, base: Option<&Url>) -> Metadata {
    let page = &parsed.tree;
    let mut elements = PageElements::collect(page);
    let title_parts = elements.title_element.as_deref().map(site_name::single_part_keys).unwrap_or_default();
    elements.add_title_line(page, &title_parts);
    let metas = &elements.metas;
    let facts = json_ld::collect_facts(
        &elements.json_ld,
        &PageHints { titles: &title_keys(&elements), url: input.url.map(Url::as_str) },
    );
    let site_name = find_site_name(&facts, metas);
    let mut sites = site_name_candidates(&site_name, input.url);
    let found = title::find(&elements, &facts, &sites, input.url);
    sites.extend(elements.title_element.iter().flat_map(|whole| site_name::other_parts(whole, &found.title)));
    let body = tree::body(page);
    let lines = VisibleLines::read(&body, &found.title, found.heading.as_ref());
    let html = page.html_root();
    let languages = stated_languages(&html, metas, &facts);
    let sources = DateSources { metas, facts: &facts, lines: &lines, scripts: &parsed.scripts, body: &body };
    Metadata {
        byline: author::find(metas, &facts, &lines, &sites),
        lists_authors: author::lists_several(&lines),
        title: found.title,
        published: published::find(&sources, &DateContext { page: input, languages: &languages }),
        sections: find_sections(&lines, metas, &facts),
        tags: find_tags(metas, &facts, &site_name),
        description: metas
            .contents(DESCRIPTION_NAMES)
            .chain(facts.description.as_deref())
            .find_map(short_text::clean_text),
        lead_image: lead_image::find(&elements, &facts, base),
        direction: attribute(&html, "dir").or_else(|| page.body().and_then(|body| attribute(&body, "dir"))),
        canonical_url: elements.canonical_url(&facts, base),
        site_name,
        languages,
        stated_body: facts.body,
        stated_kind: facts.kind,
    }
}

/// Returns the keys of likely titles, which identify the page's own article in JSON-LD.
fn title_keys(elements: &PageElements<'_>) -> Vec<String> {
    let stated =
        elements.metas.get("og:title").iter().take(1).chain(&elements.title_element).map(|text| words::match_key(text));
    let headings =
        elements.headings.iter().filter(|heading| heading.rank == 1).take(3).map(|heading| heading.key.clone());
    stated.chain(headings).filter(|key| key.len() > 3).collect()
}

/// Returns the declared languages, the most trusted first.
fn stated_languages(html: &NodeRef<'_>, metas: &MetaElements, facts: &JsonLdFacts) -> Vec<String> {
    const NAMES: &[&str] =
        &["content-language", "og:locale", "dc.language", "dcterms.language", "language", "itemprop:inlanguage"];
    let own = attribute(html, "lang").or_else(|| attribute(html, "xml:lang"));
    own.into_iter().chain(metas.contents(NAMES).map(str::to_owned)).chain(facts.language.clone()).collect()
}

const DESCRIPTION_NAMES: &[&str] = &[
    "og:description",
    "description",
    "dc.description",
    "dcterms.description",
    "twitter:description",
    "sailthru.description",
];
const SITE_NAMES: &[&str] = &[
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "dc.publisher",
    "dcterms.publisher",
    "cre",
    "source",
    "twitter:app:name:iphone",
];
const SECTION_NAMES: &[&str] = &[
    "article:section",
    "og:article:section",
    "parsely-section",
    "sailthru.section",
    "section",
    "category",
    "dc.subject_section",
    "cxenseparse:section",
    "article:section:name",
    "lp:section",
];
const TAG_NAMES: &[&str] = &[
    "article:tag",
    "og:article:tag",
    "parsely-tags",
    "sailthru.tags",
    "news_keywords",
    "keywords",
    "dc.subject",
    "dcterms.subject",
];
fn find_site_name(facts: &JsonLdFacts, metas: &MetaElements) -> Option<String> {
    let stated = metas.contents(SITE_NAMES).next().map(str::to_owned);
    stated
        .or_else(|| facts.site_name.clone())
        .and_then(|name| short_text::clean_text(&name))
        .filter(|name| name.chars().count() <= 100)
}

/// Returns the names of the site that may occur in a title: its own, and those in the host.
fn site_name_candidates(site_name: &Option<String>, url: Option<&Url>) -> Vec<String> {
    let mut names: Vec<String> = site_name.iter().cloned().collect();
    if let Some(url) = url {
        let host = urls::host_without_www(url);
        names.push(host.to_owned());
        names.extend(host.rsplit('.').nth(1).map(str::to_owned));
        names.extend(host.rsplit('.').nth(2).filter(|name| name.len() > 3).map(str::to_owned));
    }
    names
}

fn find_sections(lines: &VisibleLines<'_>, metas: &MetaElements, facts: &JsonLdFacts) -> Vec<String> {
    let mut stated = facts.sections.clone();
    stated.extend(metas.contents(SECTION_NAMES).map(str::to_owned));
    if stated.is_empty() {
        stated.extend(facts.breadcrumbs.clone());
    }
    if stated.is_empty() {
        stated.extend(lines.breadcrumbs.iter().flat_map(breadcrumb_names));
    }
    deduplicate(stated.iter().flat_map(|text| split_list(text)), 8)
}

/// Returns the link texts of a breadcrumb trail, without the front page.
fn breadcrumb_names(trail: &NodeRef<'_>) -> Vec<String> {
    let links = tree::elements(trail, |node| tree::has_name(node, &["a"]));
    let home = [
        "home",
        "start",
        "startseite",
        "accueil",
        "inicio",
        "início",
        "главная",
        "首页",
        "ホーム",
        "homepage",
        "front page",
    ];
    links
        .iter()
        .take(6)
        .map(tree::line_text)
        .filter(|text| text.chars().count() <= 40 && !home.contains(&text.to_lowercase().as_str()))
        .collect()
}

fn find_tags(metas: &MetaElements, facts: &JsonLdFacts, site: &Option<String>) -> Vec<String> {
    // The publisher's own tags, else the keywords for search engines. The site's own name is no tag.
    let is_site = |tag: &String| site.as_ref().is_some_and(|site| words::match_key(site) == words::match_key(tag));
    let source = TAG_NAMES.iter().map(|name| metas.get(name)).find(|tags| !tags.is_empty());
    let stated = if facts.keywords.is_empty() { source.unwrap_or_default().to_vec() } else { facts.keywords.clone() };
    deduplicate(stated.iter().flat_map(|text| split_list(text)).filter(|tag| !is_site(tag)), MAX_TAGS)
}

/// Splits a list at commas, semicolons or bars outside brackets.
fn split_list(text: &str) -> Vec<String> {
    let text = short_text::clean_text(&text.chars().take(4_000).collect::<String>()).unwrap_or_default();
    let has_pairs = text.matches('(').count() == text.matches(')').count();
    let mut open = 0_usize;
    let is_separator = |letter: char| {
        match letter {
            '(' if has_pairs => open += 1,
            ')' if has_pairs => open = open.saturating_sub(1),
            _ => {}
        }
        open == 0 && matches!(letter, ',' | ';' | '|' | '，' | '、' | '،')
    };
    text.split(is_separator).map(|part| part.trim().trim_matches(['#', '"', '\'']).trim().to_owned()).collect()
}

fn deduplicate(found: impl IntoIterator<Item = String>, most: usize) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for one in found {
        let length = one.chars().count();
        let sane = (2..=60).contains(&length)
            && one.chars().any(char::is_alphabetic)
            && !one.contains("://")
            && !one.contains(':');
        if sane && !kept.iter().any(|known| words::match_key(known) == words::match_key(&one)) {
            kept.push(one);
        }
        if kept.len() == most {
            break;
        }
    }
    kept
}

/// Returns the language of the article.
pub(crate) fn detect_language(metadata: &Metadata, text: &str) -> Option<String> {
    language::detect(&metadata.languages, text)
}
