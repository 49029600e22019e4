//! What an article looks like on standard output.

use extract::{Article, Direction, Picture};
use serde_json::{Value, json};

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Html,
    Markdown,
    Text,
}

/// The article in this form, with a line break at its end.
pub(super) fn written(article: &Article, form: Form) -> String {
    let written = match form {
        Form::Json => format!("{:#}", everything(article)),
        Form::Html => page(article),
        Form::Markdown => markdown(article),
        Form::Text => article.text.clone(),
    };
    written + "\n"
}

/// All fields, with the names they have in the library.
fn everything(article: &Article) -> Value {
    let picture = |picture: &Picture| json!({ "url": picture.url.as_str(), "description": picture.description });
    let left_out = article
        .removed
        .iter()
        .map(|block| json!({ "reason": block.reason, "words": block.reason.words(), "text": block.text }));
    json!({
        "title": article.title,
        "byline": article.byline,
        "published": day(article),
        "published_at": article.published.map(|time| time.to_string()),
        "site_name": article.site_name,
        "canonical": article.canonical.as_ref().map(url::Url::as_str),
        "sections": article.sections,
        "tags": article.tags,
        "language": article.language,
        "direction": direction(article),
        "excerpt": article.excerpt,
        "lead_image": article.lead_image.as_ref().map(picture),
        "pictures": article.pictures.iter().map(picture).collect::<Vec<_>>(),
        "word_count": article.word_count,
        "text": article.text,
        "html": body(article),
        "removed": left_out.collect::<Vec<_>>(),
        "verdict": article.verdict.word(),
        "next_page": article.next_page.as_ref().map(url::Url::as_str),
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
fn lead(article: &Article) -> Option<&Picture> {
    article.lead_image.as_ref().filter(|picture| !article.body.shows(picture.url.as_str()))
}

/// The text with its pictures.
/// Names within the page have a prefix, so that they cannot meet the reading page's own; here there is no such page.
fn body(article: &Article) -> String {
    let lead = lead(article).map(|picture| {
        let (url, description) = (escape(picture.url.as_str()), escape(&picture.description));
        format!("<p><img src=\"{url}\" alt=\"{description}\"></p>")
    });
    let body = article.body.as_str().replace("href=\"#a-", "href=\"#").replace(" id=\"a-", " id=\"");
    lead.unwrap_or_default() + &body
}

fn page(article: &Article) -> String {
    let language = article.language.as_deref().map(|language| format!(" lang=\"{}\"", escape(language)));
    let title = escape(&article.title);
    let about = about(article).map(|about| format!("<p>{}</p>\n", escape(&about))).unwrap_or_default();
    format!(
        "<!doctype html>\n<html{} dir=\"{}\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<h1>{title}</h1>\n{about}{}",
        language.unwrap_or_default(),
        direction(article),
        body(article)
    )
}

fn markdown(article: &Article) -> String {
    let lead =
        lead(article).map(|picture| format!("![{}]({})", picture.description.replace(['[', ']'], ""), picture.url));
    let title = (!article.title.is_empty()).then(|| format!("# {}", article.title));
    let parts = [title, about(article), lead, Some(article.body.markdown())];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// Who wrote it, and when.
fn about(article: &Article) -> Option<String> {
    let parts: Vec<String> = [article.byline.clone(), day(article)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
