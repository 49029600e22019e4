//! What an article looks like on standard output.

use extract::{Article, Direction, Image};
use serde_json::{Value, json};
use url::Url;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Html,
    Markdown,
    Text,
}

/// The article in this form, with a line break at its end. `address` is where its page was found.
pub(super) fn written(article: &Article, address: Option<&Url>, form: Form) -> String {
    let written = match form {
        Form::Json => format!("{:#}", everything(article)),
        Form::Html => page(article, address),
        Form::Markdown => markdown(article),
        Form::Text => article.text.clone(),
    };
    written + "\n"
}

/// All fields, with the names they have in the library.
fn everything(article: &Article) -> Value {
    let picture = |picture: &Image| json!({ "url": picture.url.as_str(), "description": picture.description });
    let left_out = article
        .removed
        .iter()
        .map(|block| json!({ "reason": block.reason, "words": block.reason.label(), "text": block.text }));
    json!({
        "title": article.title,
        "byline": article.byline,
        "published": day(article),
        "published_at": article.published.map(|time| time.to_string()),
        "site_name": article.site_name,
        "canonical": article.canonical_url.as_ref().map(Url::as_str),
        "sections": article.sections,
        "tags": article.tags,
        "language": article.language,
        "direction": direction(article),
        "excerpt": article.excerpt,
        "lead_image": article.lead_image.as_ref().map(picture),
        "pictures": article.images.iter().map(picture).collect::<Vec<_>>(),
        "word_count": article.word_count,
        "text": article.text,
        "html": body(article),
        "removed": left_out.collect::<Vec<_>>(),
        "verdict": article.verdict.as_str(),
        "next_page": article.next_page.as_ref().map(Url::as_str),
    })
}

/// One page of a batch, with the fields that extractors are compared by.
pub(super) fn line(set: &Value, id: &Value, article: &Article, micros: u64) -> Value {
    json!({
        "set": set,
        "id": id,
        "title": article.title,
        "byline": article.byline,
        "published": day(article),
        "language": article.language,
        "lead_image": article.lead_image.as_ref().map(|picture| picture.url.as_str()),
        "text": article.text,
        "html": body(article),
        "micros": micros,
    })
}

fn day(article: &Article) -> Option<String> {
    article.published_day.map(|day| day.to_string())
}

const fn direction(article: &Article) -> &'static str {
    match article.direction {
        Direction::Ltr => "ltr",
        Direction::Rtl => "rtl",
    }
}

/// The lead image, where it does not stand in the text: the reading page shows it above that, so it is part of the article here.
fn lead(article: &Article) -> Option<&Image> {
    article.lead_image.as_ref().filter(|picture| !article.body.shows_lead_image(picture.url.as_str()))
}

/// The text with its pictures.
/// Names within the page have a prefix, so that they cannot meet the reading page's own; here there is no such page.
fn body(article: &Article) -> String {
    let lead = lead(article).map(picture);
    let body = article.body.as_str().replace("href=\"#a-", "href=\"#").replace(" id=\"a-", " id=\"");
    lead.unwrap_or_default() + &body
}

fn page(article: &Article, address: Option<&Url>) -> String {
    let element = |name: &str, text: &str| format!("<{name}>{}</{name}>\n", escape(text));
    let language = article.language.as_deref().map(|language| format!(" lang=\"{}\"", escape(language)));
    let name = name(article, address).map(|name| element("title", &name));
    let headline = Some(&article.title).filter(|title| !title.is_empty()).map(|title| element("h1", title));
    let about = about(article).map(|about| element("p", &about));
    format!(
        "<!doctype html>\n<html{} dir=\"{}\">\n<meta charset=\"utf-8\">\n{}{}{}{}",
        language.unwrap_or_default(),
        direction(article),
        name.unwrap_or_default(),
        headline.unwrap_or_default(),
        about.unwrap_or_default(),
        body(article)
    )
}

/// What a tab or a bookmark is called: the title, else the site, else the address.
fn name(article: &Article, address: Option<&Url>) -> Option<String> {
    let title = Some(&article.title).filter(|title| !title.is_empty());
    let address = article.canonical_url.as_ref().or(address);
    title.or(article.site_name.as_ref()).cloned().or_else(|| address.map(Url::to_string))
}

fn markdown(article: &Article) -> String {
    let element = |name: &str, text: &str| in_markdown(&format!("<{name}>{}</{name}>", escape(text)));
    let title = Some(&article.title).filter(|title| !title.is_empty());
    // The text has no heading of the first order, so none is written for it either.
    let title = title.map(|title| element("h2", title).replacen("##", "#", 1));
    let about = about(article).map(|about| element("p", &about));
    let lead = lead(article).map(|lead| in_markdown(&picture(lead)));
    let parts = [title, about, lead, Some(article.body.to_markdown())];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

fn in_markdown(html: &str) -> String {
    extract::sanitize_html(html, None).to_markdown()
}

fn picture(picture: &Image) -> String {
    let (url, description) = (escape(picture.url.as_str()), escape(&picture.description));
    format!("<p><img src=\"{url}\" alt=\"{description}\"></p>")
}

/// Who wrote it, and when.
fn about(article: &Article) -> Option<String> {
    let parts: Vec<String> = [article.byline.clone(), day(article)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
