//! Reads JSON-LD (schema.org) in its many forms.

use serde_json::Value;

/// Maximum bytes of a JSON-LD block.
const MAX_BYTES: usize = 2_000_000;
/// Maximum depth of nested objects.
const MAX_DEPTH: usize = 6;

/// Facts about the article; empty where the page states nothing.
#[derive(Debug, Default)]
pub(crate) struct JsonLdFacts {
    pub(crate) headline: Vec<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) published: Vec<String>,
    pub(crate) modified: Vec<String>,
    pub(crate) site_name: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) sections: Vec<String>,
    pub(crate) breadcrumbs: Vec<String>,
    pub(crate) keywords: Vec<String>,
    pub(crate) language: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) images: Vec<String>,
    /// Logos of publishers.
    pub(crate) logos: Vec<String>,
    /// The full text of the article, perhaps with markup.
    pub(crate) body: Option<String>,
    pub(crate) kind: crate::metadata::stated_kind::StatedKind,
}

/// Facts from other parts of the page that tell its own article from others it lists.
pub(crate) struct PageHints<'a> {
    /// The keys of its titles and first headings.
    pub(crate) titles: &'a [String],
    /// The URL of the page without its query.
    pub(crate) url: Option<&'a str>,
}

/// Collects the facts about the page's article from all JSON-LD blocks.
pub(crate) fn collect_facts(blocks: &[Value], hints: &PageHints<'_>) -> JsonLdFacts {
    let mut objects = Vec::new();
    blocks.iter().for_each(|block| collect_objects(block, 0, &mut objects));
    let mut facts = JsonLdFacts {
        kind: crate::metadata::stated_kind::StatedKind::from_json_ld(&objects),
        ..JsonLdFacts::default()
    };
    // The page's own article comes first; pages (WebPage) and other articles only fill gaps.
    let articles: Vec<&Value> =
        objects.iter().copied().filter(|object| object_rank(object) == ObjectRank::Article).collect();
    let main = articles.iter().copied().rev().max_by_key(|article| match_score(article, hints));
    let others = articles.iter().copied().filter(|article| main.is_none_or(|main| !std::ptr::eq(*article, main)));
    let is_listing = articles.len() > 3 && main.is_some_and(|main| match_score(main, hints) == 0);
    if let Some(main) = main.filter(|_| !is_listing) {
        add_object(&mut facts, main, ObjectRank::Article, &objects);
    }
    for rank in [ObjectRank::Page, ObjectRank::Other] {
        for object in objects.iter().filter(|object| object_rank(object) == rank) {
            add_object(&mut facts, object, rank, &objects);
        }
    }
    for object in others.filter(|_| articles.len() <= 3) {
        add_object(&mut facts, object, ObjectRank::Article, &objects);
    }
    facts
}

/// Scores how surely an object is the page's own article, from 0 to 3.
fn match_score(article: &Value, hints: &PageHints<'_>) -> u8 {
    let says = ["headline", "name", "alternativeHeadline"]
        .iter()
        .filter_map(|name| article.get(*name).and_then(as_text))
        .filter_map(|text| crate::dom::short_text::clean_text(&text))
        .map(|text| crate::dom::words::match_key(&text))
        .any(|key| {
            key.len() > 3 && hints.titles.iter().any(|title| title.contains(&key) || key.contains(title.as_str()))
        });
    let points = ["url", "mainEntityOfPage", "@id"].iter().filter_map(|name| article.get(*name)).any(|value| {
        let url = value.as_str().or_else(|| value.get("@id").and_then(Value::as_str)).unwrap_or_default();
        let plain = url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        hints.url.is_some_and(|own| plain.len() > 8 && own.trim_end_matches('/').ends_with(plain))
    });
    2 * u8::from(says) + u8::from(points)
}

/// Parses a JSON-LD block. Tolerates common errors: comments or CDATA around it, line breaks in strings, trailing
/// commas.
pub(crate) fn parse(text: &str) -> Option<Value> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let text = text
        .trim_start_matches("//")
        .trim()
        .trim_start_matches("<![CDATA[")
        .trim_end_matches("//]]>")
        .trim_end_matches("]]>")
        .trim();
    let text = text.trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&repair_json(text)).ok())
}

/// Replaces raw control characters and removes commas before closing brackets.
fn repair_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '}' | ']' => {
                let end = out.trim_end().len();
                if out[..end].ends_with(',') {
                    out.truncate(end - 1);
                }
                out.push(letter);
            }
            control if control.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

fn collect_objects<'v>(value: &'v Value, depth: usize, objects: &mut Vec<&'v Value>) {
    if depth > MAX_DEPTH || objects.len() > 500 {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|inner| collect_objects(inner, depth + 1, objects)),
        Value::Object(fields) => {
            objects.push(value);
            for name in ["@graph", "mainEntity", "mainEntityOfPage", "breadcrumb", "author", "creator"] {
                if let Some(inner) = fields.get(name) {
                    collect_objects(inner, depth + 1, objects);
                }
            }
        }
        _ => {}
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ObjectRank {
    Article,
    Page,
    Other,
}

fn types(object: &Value) -> Vec<&str> {
    match object.get("@type") {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_type(object: &Value, ends: &[&str]) -> bool {
    types(object).iter().any(|name| {
        let name = name.rsplit(['/', ':']).next().unwrap_or(name);
        ends.iter().any(|end| name.ends_with(end))
    })
}

fn object_rank(object: &Value) -> ObjectRank {
    if is_type(
        object,
        &[
            "Article",
            "BlogPosting",
            "Posting",
            "Report",
            "Review",
            "Recipe",
            "APIReference",
            "CreativeWork",
            "Column",
            "HowTo",
            "VideoObject",
            "Episode",
            "article",
        ],
    ) {
        ObjectRank::Article
    } else if is_type(object, &["Page", "Question"]) {
        ObjectRank::Page
    } else {
        ObjectRank::Other
    }
}

fn add_object(facts: &mut JsonLdFacts, object: &Value, rank: ObjectRank, all: &[&Value]) {
    if is_type(object, &["BreadcrumbList"]) && facts.breadcrumbs.is_empty() {
        facts.breadcrumbs = breadcrumb_names(object);
    }
    if is_type(object, &["WebSite"]) && facts.site_name.is_none() {
        facts.site_name = object.get("name").and_then(as_text);
    }
    for publisher in [Some(object), object.get("publisher")].into_iter().flatten() {
        collect_images(publisher.get("logo"), all, &mut facts.logos);
    }
    if rank == ObjectRank::Other {
        return;
    }
    for name in ["author", "creator"] {
        if facts.authors.is_empty() {
            collect_names(object.get(name), all, &mut facts.authors);
        }
    }
    if rank == ObjectRank::Article {
        facts.headline.extend(["headline", "name"].iter().filter_map(|name| object.get(*name).and_then(as_text)));
        let publisher = object.get("publisher").and_then(|publisher| as_name(publisher, all));
        facts.site_name = publisher.or(facts.site_name.take());
        collect_strings(object.get("articleSection"), &mut facts.sections);
        collect_strings(object.get("keywords"), &mut facts.keywords);
    }
    let dates = |names: &[&str]| -> Vec<String> {
        names.iter().filter_map(|name| object.get(*name).and_then(as_text)).collect()
    };
    facts.published.extend(dates(&["datePublished", "uploadDate", "dateCreated"]));
    facts.modified.extend(dates(&["dateModified"]));
    let fill = |field: &mut Option<String>, name: &str| {
        if field.is_none() {
            *field = object.get(name).and_then(as_text);
        }
    };
    fill(&mut facts.url, "url");
    fill(&mut facts.language, "inLanguage");
    fill(&mut facts.description, "description");
    fill(&mut facts.body, "articleBody");
    for name in ["image", "primaryImageOfPage", "thumbnailUrl"] {
        collect_images(object.get(name), all, &mut facts.images);
    }
}

/// Returns a string, a number, the `@value` or name of an object, or the first of these in an array.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values.iter().find_map(as_text),
        Value::Object(fields) => ["@value", "name", "alternateName"]
            .iter()
            .find_map(|name| fields.get(*name).and_then(Value::as_str))
            .map(str::to_owned),
        _ => None,
    }
}

/// Returns the object that `{"@id": …}` refers to, else the value itself.
fn resolve_reference<'v>(value: &'v Value, all: &[&'v Value]) -> &'v Value {
    let (Some(id), None) = (value.get("@id").and_then(Value::as_str), value.get("name")) else {
        return value;
    };
    all.iter()
        .find(|object| object.get("@id").and_then(Value::as_str) == Some(id) && object.get("name").is_some())
        .copied()
        .unwrap_or(value)
}

fn as_name(value: &Value, all: &[&Value]) -> Option<String> {
    match resolve_reference(value, all) {
        Value::String(text) => Some(text.clone()),
        Value::Array(values) => values.iter().find_map(|inner| as_name(inner, all)),
        object => object.get("name").and_then(as_text),
    }
}

fn collect_names(value: Option<&Value>, all: &[&Value], into: &mut Vec<String>) {
    match value {
        Some(Value::Array(values)) => values.iter().take(20).for_each(|inner| collect_names(Some(inner), all, into)),
        Some(value) => match resolve_reference(value, all) {
            Value::Array(values) => values.iter().take(20).for_each(|inner| collect_names(Some(inner), all, into)),
            object => match object.get("name") {
                Some(Value::Array(several)) => into.extend(several.iter().take(20).filter_map(as_text)),
                Some(name) => into.extend(as_text(name)),
                None => into.extend(object.as_str().map(str::to_owned).or_else(|| full_name(object))),
            },
        },
        None => {}
    }
}

/// Returns the name given as first name and family name.
fn full_name(object: &Value) -> Option<String> {
    let part = |name: &str| object.get(name).and_then(Value::as_str).map(str::trim).filter(|part| !part.is_empty());
    Some(format!("{} {}", part("givenName")?, part("familyName")?))
}

fn collect_strings(value: Option<&Value>, into: &mut Vec<String>) {
    match value {
        Some(Value::Array(values)) => values.iter().take(50).for_each(|inner| collect_strings(Some(inner), into)),
        Some(value) => into.extend(as_text(value)),
        None => {}
    }
}

fn collect_images(value: Option<&Value>, all: &[&Value], into: &mut Vec<String>) {
    match value {
        Some(Value::String(url)) => into.push(url.clone()),
        Some(Value::Array(values)) => values.iter().take(5).for_each(|inner| collect_images(Some(inner), all, into)),
        Some(object @ Value::Object(_)) => {
            let by_id = object.get("@id").and_then(Value::as_str);
            let full = by_id.and_then(|id| {
                let holds = |other: &Value| other.get("url").is_some() || other.get("contentUrl").is_some();
                all.iter().find(|other| other.get("@id").and_then(Value::as_str) == Some(id) && holds(other))
            });
            let object = full.copied().unwrap_or(object);
            into.extend(["url", "contentUrl"].iter().find_map(|name| object.get(*name).and_then(as_text)));
        }
        _ => {}
    }
}

/// Returns the names in a breadcrumb list, outermost first.
fn breadcrumb_names(object: &Value) -> Vec<String> {
    let Some(Value::Array(items)) = object.get("itemListElement") else {
        return Vec::new();
    };
    let mut found: Vec<(u64, String)> = items
        .iter()
        .take(20)
        .enumerate()
        .filter_map(|(at, item)| {
            let name = item
                .get("name")
                .and_then(as_text)
                .or_else(|| item.get("item").and_then(|item| item.get("name")).and_then(as_text))?;
            Some((item.get("position").and_then(Value::as_u64).unwrap_or(at as u64), name))
        })
        .collect();
    found.sort_by_key(|(position, _)| *position);
    found.into_iter().map(|(_, name)| name).collect()
}
