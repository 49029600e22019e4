//! What a page says of itself in JSON-LD (schema.org), in whichever of its many shapes.

use dom_query::Document;
use serde_json::Value;

use crate::tree;

/// Largest block of JSON-LD that is read, in bytes.
const LARGEST: usize = 2_000_000;
/// How deep objects are looked into.
const DEEPEST: usize = 6;

/// The facts about the article; empty where the page says nothing.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) headline: Vec<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) published: Vec<String>,
    pub(crate) site_name: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) sections: Vec<String>,
    pub(crate) breadcrumbs: Vec<String>,
    pub(crate) keywords: Vec<String>,
    pub(crate) language: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) images: Vec<String>,
    /// The article's whole text, perhaps with markup.
    pub(crate) body: Option<String>,
}

/// Reads every block of JSON-LD on the page.
pub(crate) fn read(page: &Document) -> Facts {
    let mut blocks = Vec::new();
    for script in tree::elements(&page.root(), |node| tree::is_any(node, &["script"])) {
        let is_data = script.attr("type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"));
        if !is_data {
            continue;
        }
        blocks.extend(parse(&script.text()));
    }
    let mut objects = Vec::new();
    blocks.iter().for_each(|block| collect(block, 0, &mut objects));
    let mut facts = Facts::default();
    // The first object that is an article speaks first; a page (WebPage) only fills the gaps.
    for rank in [Rank::Article, Rank::Page, Rank::Other] {
        for object in objects.iter().filter(|object| rank_of(object) == rank) {
            add(&mut facts, object, rank, &objects);
        }
    }
    facts
}

/// Broken JSON is common: comments or CDATA around it, line breaks inside strings, a comma too many.
fn parse(text: &str) -> Option<Value> {
    if text.len() > LARGEST {
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
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&mended(text)).ok())
}

/// Without raw control characters and without commas before a closing bracket.
fn mended(text: &str) -> String {
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

fn collect<'v>(value: &'v Value, depth: usize, objects: &mut Vec<&'v Value>) {
    if depth > DEEPEST || objects.len() > 500 {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|inner| collect(inner, depth + 1, objects)),
        Value::Object(fields) => {
            objects.push(value);
            for name in ["@graph", "mainEntity", "mainEntityOfPage", "breadcrumb"] {
                if let Some(inner) = fields.get(name) {
                    collect(inner, depth + 1, objects);
                }
            }
        }
        _ => {}
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
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

fn rank_of(object: &Value) -> Rank {
    if is_type(
        object,
        &["Article", "BlogPosting", "Posting", "Report", "Review", "Recipe", "APIReference", "CreativeWork", "Column"],
    ) {
        Rank::Article
    } else if is_type(object, &["WebPage", "ItemPage", "AboutPage", "QAPage", "FAQPage", "Question"]) {
        Rank::Page
    } else {
        Rank::Other
    }
}

fn add(facts: &mut Facts, object: &Value, rank: Rank, all: &[&Value]) {
    if is_type(object, &["BreadcrumbList"]) && facts.breadcrumbs.is_empty() {
        facts.breadcrumbs = breadcrumbs(object);
    }
    if is_type(object, &["WebSite"]) && facts.site_name.is_none() {
        facts.site_name = object.get("name").and_then(text_of);
    }
    if rank == Rank::Other {
        return;
    }
    if rank == Rank::Article {
        facts.headline.extend(["headline", "name"].iter().filter_map(|name| object.get(*name).and_then(text_of)));
        if facts.authors.is_empty() {
            names(object.get("author").or_else(|| object.get("creator")), all, &mut facts.authors);
        }
        let publisher = object.get("publisher").and_then(|publisher| name_of(publisher, all));
        facts.site_name = publisher.or(facts.site_name.take());
        strings(object.get("articleSection"), &mut facts.sections);
        strings(object.get("keywords"), &mut facts.keywords);
    }
    facts.published.extend(
        ["datePublished", "dateCreated", "uploadDate"].iter().filter_map(|name| object.get(*name).and_then(text_of)),
    );
    let fill = |field: &mut Option<String>, name: &str| {
        if field.is_none() {
            *field = object.get(name).and_then(text_of);
        }
    };
    fill(&mut facts.url, "url");
    fill(&mut facts.language, "inLanguage");
    fill(&mut facts.description, "description");
    fill(&mut facts.body, "articleBody");
    images(object.get("image").or_else(|| object.get("thumbnailUrl")), all, &mut facts.images);
}

/// A string, or the `@value` or first string of what stands for one.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values.iter().find_map(text_of),
        Value::Object(fields) => ["@value", "name", "alternateName"]
            .iter()
            .find_map(|name| fields.get(*name).and_then(Value::as_str))
            .map(str::to_owned),
        _ => None,
    }
}

/// The object that `{"@id": …}` points at, else the value itself.
fn resolved<'v>(value: &'v Value, all: &[&'v Value]) -> &'v Value {
    let (Some(id), None) = (value.get("@id").and_then(Value::as_str), value.get("name")) else {
        return value;
    };
    all.iter()
        .find(|object| object.get("@id").and_then(Value::as_str) == Some(id) && object.get("name").is_some())
        .copied()
        .unwrap_or(value)
}

fn name_of(value: &Value, all: &[&Value]) -> Option<String> {
    match resolved(value, all) {
        Value::String(text) => Some(text.clone()),
        Value::Array(values) => values.iter().find_map(|inner| name_of(inner, all)),
        object => object.get("name").and_then(text_of),
    }
}

fn names(value: Option<&Value>, all: &[&Value], into: &mut Vec<String>) {
    match value {
        Some(Value::Array(values)) => values.iter().take(20).for_each(|inner| names(Some(inner), all, into)),
        Some(value) => into.extend(name_of(value, all)),
        None => {}
    }
}

fn strings(value: Option<&Value>, into: &mut Vec<String>) {
    match value {
        Some(Value::Array(values)) => values.iter().take(50).for_each(|inner| strings(Some(inner), into)),
        Some(value) => into.extend(text_of(value)),
        None => {}
    }
}

fn images(value: Option<&Value>, all: &[&Value], into: &mut Vec<String>) {
    match value {
        Some(Value::String(address)) => into.push(address.clone()),
        Some(Value::Array(values)) => values.iter().take(5).for_each(|inner| images(Some(inner), all, into)),
        Some(object @ Value::Object(_)) => {
            let by_id = object.get("@id").and_then(Value::as_str);
            let full = by_id.and_then(|id| {
                all.iter()
                    .find(|other| other.get("@id").and_then(Value::as_str) == Some(id) && other.get("url").is_some())
            });
            let object = full.copied().unwrap_or(object);
            into.extend(["url", "contentUrl"].iter().find_map(|name| object.get(*name).and_then(text_of)));
        }
        _ => {}
    }
}

/// Names on the way from the front page to the article, outermost first.
fn breadcrumbs(object: &Value) -> Vec<String> {
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
                .and_then(text_of)
                .or_else(|| item.get("item").and_then(|item| item.get("name")).and_then(text_of))?;
            Some((item.get("position").and_then(Value::as_u64).unwrap_or(at as u64), name))
        })
        .collect();
    found.sort_by_key(|(position, _)| *position);
    found.into_iter().map(|(_, name)| name).collect()
}
