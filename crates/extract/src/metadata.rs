//! What the page says about itself: JSON-LD first, then meta elements, then what is visible.

mod published;
mod visible;

use std::collections::{HashMap, HashSet};

use dom_query::Document;
use url::Url;

use crate::dates::Dated;
use crate::jsonld::{self, Facts};
use crate::tree::{self, attribute};
use crate::{Page, bylines, language, names, urls, words};
use published::Asked;

/// Most of the publisher's keywords that are kept.
const MOST_TAGS: usize = 12;

/// What is known about the article besides its text.
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    pub(crate) title: String,
    pub(crate) byline: Option<String>,
    pub(crate) published: Option<Dated>,
    pub(crate) site_name: Option<String>,
    pub(crate) canonical: Option<Url>,
    pub(crate) sections: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) languages: Vec<String>,
    pub(crate) direction: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) lead_image: Option<(Url, String)>,
    /// The whole text as JSON-LD has it, perhaps with markup.
    pub(crate) body: Option<String>,
}

/// The page's `meta` elements: lower-case name → contents in page order.
type Metas = HashMap<String, Vec<String>>;

/// Reads the page's facts. `base` is what its relative addresses stand against.
pub(crate) fn read(page: &Document, asked: &Page<'_>, base: Option<&Url>) -> Metadata {
    let metas = metas(page);
    let facts = jsonld::read(page);
    let site_name = site_name(&facts, &metas);
    let canonical = canonical(page, &metas, &facts, base);
    let html = page.html_root();
    let mut languages: Vec<String> =
        attribute(&html, "lang").or_else(|| attribute(&html, "xml:lang")).into_iter().collect();
    languages.extend(all(
        &metas,
        &["content-language", "og:locale", "dc.language", "dcterms.language", "language", "inlanguage"],
    ));
    languages.extend(facts.language.clone());
    let sites = site_names(&site_name, asked.url);
    let title = title(page, &metas, &facts, &sites);
    let stated = facts.published.iter().cloned().chain(all(&metas, DATES)).collect();
    let published = published::find(page, &title, stated, &Asked { page: asked, languages: &languages });
    Metadata {
        byline: byline(page, &metas, &facts, (&sites, &title)),
        title,
        published,
        sections: sections(page, &metas, &facts),
        tags: tags(&metas, &facts, &site_name),
        description: all(&metas, DESCRIPTIONS).chain(facts.description.clone()).find_map(|text| names::fact(&text)),
        lead_image: lead_image(&metas, &facts, base),
        body: facts.body.clone(),
        direction: attribute(&html, "dir").or_else(|| page.body().and_then(|body| attribute(&body, "dir"))),
        site_name,
        canonical,
        languages,
    }
}

const TITLES: &[&str] = &[
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
const AUTHORS: &[&str] = &[
    "author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "article:author",
    "article:author_name",
    "og:article:author",
    "citation_author",
    "byl",
    "byline",
    "creator",
    "cxenseparse:author",
    "rbauthors",
    "auteur",
    "twitter:data1_author",
];
const DATES: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "published_time",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "citation_date",
    "article.published",
    "article:published",
    "bt:pubdate",
    "published-date",
    "published",
    "displaydate",
    "rnews:datepublished",
    "og:pubdate",
    "date",
    "datecreated",
    "shareaholic:article_published_time",
    "last-modified_created",
    "og:published_time",
    "article_date_original",
    "originalpublicationdate",
    "ptime",
    "eomportal-firstpub",
    "iso-8601-publish-date",
];
const DESCRIPTIONS: &[&str] = &[
    "og:description",
    "description",
    "dc.description",
    "dcterms.description",
    "twitter:description",
    "sailthru.description",
];
const SITES: &[&str] = &[
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "dc.publisher",
    "dcterms.publisher",
    "cre",
    "source",
    "twitter:app:name:iphone",
];
const SECTIONS: &[&str] = &[
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
const TAGS: &[&str] = &[
    "article:tag",
    "og:article:tag",
    "parsely-tags",
    "sailthru.tags",
    "news_keywords",
    "keywords",
    "dc.subject",
    "dcterms.subject",
];
const IMAGES: &[&str] = &[
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
    "parsely-image-url",
    "sailthru.image.full",
    "thumbnail",
    "image",
];

fn metas(page: &Document) -> Metas {
    let mut metas = Metas::new();
    for meta in tree::elements(&page.root(), |node| tree::is_any(node, &["meta"])).iter().take(2_000) {
        let Some(content) = attribute(meta, "content") else { continue };
        for kind in ["property", "name", "itemprop", "http-equiv"] {
            for name in attribute(meta, kind).unwrap_or_default().split_ascii_whitespace() {
                metas.entry(name.to_ascii_lowercase()).or_default().push(content.clone());
            }
        }
    }
    metas
}

fn all<'m>(metas: &'m Metas, names: &'m [&'m str]) -> impl Iterator<Item = String> + 'm {
    names.iter().filter_map(|name| metas.get(*name)).flatten().cloned()
}

fn site_name(facts: &Facts, metas: &Metas) -> Option<String> {
    let stated = all(metas, SITES).take(1).next();
    stated
        .or_else(|| facts.site_name.clone())
        .and_then(|name| names::fact(&name))
        .filter(|name| name.chars().count() <= 100)
}

/// The names a site may go by in a title: its own, and that in its address.
fn site_names(site_name: &Option<String>, url: Option<&Url>) -> Vec<String> {
    let mut names: Vec<String> = site_name.iter().cloned().collect();
    if let Some(url) = url {
        let host = urls::host(url);
        names.push(host.to_owned());
        names.extend(host.rsplit('.').nth(1).map(str::to_owned));
        names.extend(host.rsplit('.').nth(2).filter(|name| name.len() > 3).map(str::to_owned));
    }
    names
}

fn title(page: &Document, metas: &Metas, facts: &Facts, sites: &[String]) -> String {
    let headings: Vec<String> = tree::elements(&tree::body(page), |node| tree::is_any(node, &["h1"]))
        .iter()
        .take(10)
        .filter_map(|heading| names::fact(&tree::line(heading)))
        .collect();
    let element = page.select_single("title").text().to_string();
    let candidates = all(metas, TITLES).chain(facts.headline.iter().cloned()).chain([element]);
    let stated: Vec<String> = candidates.filter_map(|text| names::fact(&text)).collect();
    let is_site = |text: &str| {
        let key = words::key(text).replace(' ', "");
        sites.iter().any(|site| words::key(site).replace(' ', "") == key)
    };
    let best = stated.iter().find(|text| !is_site(text)).or(stated.first());
    match best {
        Some(raw) => {
            let title = names::title(raw, sites, &headings);
            match headings.as_slice() {
                [only] if !is_site(only) && says_the_same(only, &title) => only.clone(),
                _ => title,
            }
        }
        None => headings.into_iter().next().unwrap_or_default(),
    }
}

/// Whether the page's only heading is the title in other words, as the page shows it to readers rather than to search
/// engines: most words of the shorter are in the longer.
fn says_the_same(heading: &str, title: &str) -> bool {
    let (heading, title) = (words::key(heading), words::key(title));
    let of = |text: &str| text.split(' ').map(str::to_owned).collect::<HashSet<_>>();
    let (one, other) = (of(&heading), of(&title));
    let fewer = one.len().min(other.len());
    fewer >= 3 && one.len() <= 25 && one.intersection(&other).count() * 10 >= fewer * 7
}

/// Who wrote it: as the page states, unless that is the site or an account and a reader sees a person's name.
fn byline(page: &Document, metas: &Metas, facts: &Facts, (sites, title): (&[String], &str)) -> Option<String> {
    let stated = bylines::byline(&facts.authors)
        .or_else(|| AUTHORS.iter().filter_map(|name| metas.get(*name)).find_map(|authors| bylines::byline(authors)));
    if stated.as_ref().is_some_and(|name| !bylines::is_weak(name, sites)) {
        return stated;
    }
    let seen = visible::byline(page, title).filter(|name| stated.is_none() || !bylines::is_weak(name, sites));
    seen.or(stated)
}

fn canonical(page: &Document, metas: &Metas, facts: &Facts, base: Option<&Url>) -> Option<Url> {
    let link = tree::elements(&page.root(), |node| {
        tree::is_any(node, &["link"])
            && attribute(node, "rel")
                .is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("canonical")))
    });
    let mut stated =
        link.iter().filter_map(|link| attribute(link, "href")).chain(all(metas, &["og:url"])).chain(facts.url.clone());
    stated.find_map(|address| urls::web(&address, base)).map(|mut url| {
        url.set_fragment(None);
        url
    })
}

fn sections(page: &Document, metas: &Metas, facts: &Facts) -> Vec<String> {
    let mut stated = facts.sections.clone();
    stated.extend(all(metas, SECTIONS));
    if stated.is_empty() {
        stated.extend(facts.breadcrumbs.clone());
    }
    if stated.is_empty() {
        stated.extend(visible::breadcrumbs(page));
    }
    unique(stated.iter().flat_map(|text| listed(text)), 8)
}

fn tags(metas: &Metas, facts: &Facts, site: &Option<String>) -> Vec<String> {
    // The publisher's own tags, else the keywords meant for search engines. Its own name among them is the source, no tag.
    let is_site = |tag: &String| site.as_ref().is_some_and(|site| words::key(site) == words::key(tag));
    let source = TAGS.iter().filter_map(|name| metas.get(*name)).find(|tags| !tags.is_empty());
    let stated = if facts.keywords.is_empty() { source.cloned().unwrap_or_default() } else { facts.keywords.clone() };
    unique(stated.iter().flat_map(|text| listed(text)).filter(|tag| !is_site(tag)), MOST_TAGS)
}

/// A list in one text: by commas, semicolons or bars.
fn listed(text: &str) -> Vec<String> {
    let text = names::fact(&text.chars().take(4_000).collect::<String>()).unwrap_or_default();
    text.split([',', ';', '|', '，', '、', '،'])
        .map(|part| part.trim().trim_matches(['#', '"', '\'']).trim().to_owned())
        .collect()
}

fn unique(found: impl IntoIterator<Item = String>, most: usize) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for one in found {
        let length = one.chars().count();
        let sane = (2..=60).contains(&length)
            && one.chars().any(char::is_alphabetic)
            && !one.contains("://")
            && !one.contains(':');
        if sane && !kept.iter().any(|known| words::key(known) == words::key(&one)) {
            kept.push(one);
        }
        if kept.len() == most {
            break;
        }
    }
    kept
}

fn lead_image(metas: &Metas, facts: &Facts, base: Option<&Url>) -> Option<(Url, String)> {
    let stated = all(metas, IMAGES).chain(facts.images.iter().cloned());
    let url = stated
        .filter(|address| !crate::pictures::is_placeholder(address))
        .find_map(|address| urls::web(&address, base))?;
    let words =
        all(metas, &["og:image:alt", "twitter:image:alt"]).find_map(|text| names::fact(&text)).unwrap_or_default();
    Some((url, words))
}

/// The language of the article by these facts and its text.
pub(crate) fn language(metadata: &Metadata, text: &str) -> Option<String> {
    language::of(&metadata.languages, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_heading_is_the_title_if_it_says_the_same() {
        for (stated, heading, wanted) in [
            ("Rain in the Valley [2024]: All You Need", "Rain in the valley", "Rain in the valley"),
            ("Rain in the valley: all day", "The Valley Post", "Rain in the valley: all day"),
            ("Rain in the valley", "What the river did to our old town", "Rain in the valley"),
        ] {
            let html = format!("<title>{stated}</title><h1>{heading}</h1><p>It rained.</p>");
            let page = Page { source: crate::Source::Html(&html), url: None, now: jiff::Timestamp::UNIX_EPOCH };
            assert_eq!(crate::article(&page).title, wanted);
        }
    }
}
