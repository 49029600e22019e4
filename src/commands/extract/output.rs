//! Output formats of an extracted article.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use broadsheet::ingest::fetch::FetchedImage;
use extract::{Article, Direction, Image, InlineImage};
use serde_json::{Value, json};
use url::Url;

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Html,
    Markdown,
    Text,
}

/// Formats an article, with a final line break. `url` is that of its page.
///
/// Images that the page contains itself are written as `data:` URLs, so that the output needs nothing else.
pub(super) fn format_article(
    article: &Article,
    url: Option<&Url>,
    inline_images: Vec<InlineImage>,
    format: Format,
) -> String {
    let text = match format {
        Format::Json => format!("{:#}", to_json(article)),
        Format::Html => html_page(article, url),
        Format::Markdown => to_markdown(article),
        Format::Text => return article.text.clone() + "\n",
    };
    let insert = |text: String, (name, data): (String, String)| text.replace(&name, &data);
    inline_images.into_iter().filter_map(data_url).fold(text, insert) + "\n"
}

/// Returns the name of an image and its bytes as a `data:` URL.
fn data_url(image: InlineImage) -> Option<(String, String)> {
    let FetchedImage { bytes, media_type } = FetchedImage::recognize(image.bytes)?;
    Some((image.url.into(), format!("data:{media_type};base64,{}", STANDARD.encode(bytes))))
}

/// Returns all fields as JSON.
fn to_json(article: &Article) -> Value {
    let image = |image: &Image| json!({ "url": image.url.as_str(), "description": image.description });
    let removed = article
        .removed
        .iter()
        .map(|block| json!({ "reason": block.reason, "words": block.reason.label(), "text": block.text }));
    json!({
        "title": article.title,
        "byline": article.byline,
        "published": published_day(article),
        "published_at": article.published.map(|time| time.to_string()),
        "site_name": article.site_name,
        "canonical": article.canonical_url.as_ref().map(Url::as_str),
        "sections": article.sections,
        "tags": article.tags,
        "language": article.language,
        "direction": direction(article),
        "excerpt": article.excerpt,
        "lead_image": article.lead_image.as_ref().map(image),
        "images": article.images.iter().map(image).collect::<Vec<_>>(),
        "word_count": article.word_count,
        "text": article.text,
        "html": body_html(article),
        "removed": removed.collect::<Vec<_>>(),
        "verdict": article.verdict.as_str(),
        "next_page": article.next_page.as_ref().map(Url::as_str),
    })
}

/// Returns the JSON line of one page in a batch, with the fields that extractors are compared on.
pub(super) fn batch_line(set: &Value, id: &Value, article: &Article, micros: u64) -> Value {
    json!({
        "set": set,
        "id": id,
        "title": article.title,
        "byline": article.byline,
        "published": published_day(article),
        "language": article.language,
        "lead_image": article.lead_image.as_ref().map(|image| image.url.as_str()),
        "text": article.text,
        "html": body_html(article),
        "micros": micros,
    })
}

fn published_day(article: &Article) -> Option<String> {
    article.published_day.map(|day| day.to_string())
}

const fn direction(article: &Article) -> &'static str {
    match article.direction {
        Direction::Ltr => "ltr",
        Direction::Rtl => "rtl",
    }
}

/// Returns the lead image unless the body contains it. The article page shows it above the body, so the output does
/// too.
fn lead_image(article: &Article) -> Option<&Image> {
    article.lead_image.as_ref().filter(|image| !article.body.shows_lead_image(image.url.as_str()))
}

/// Returns the lead image and the body, without the prefix that keeps IDs in the body apart from those of the article
/// page.
fn body_html(article: &Article) -> String {
    let lead = lead_image(article).map(image_html);
    let body = article.body.as_str().replace("href=\"#a-", "href=\"#").replace(" id=\"a-", " id=\"");
    lead.unwrap_or_default() + &body
}

fn html_page(article: &Article, url: Option<&Url>) -> String {
    let element = |name: &str, text: &str| format!("<{name}>{}</{name}>\n", escape_html(text));
    let language = article.language.as_deref().map(|language| format!(" lang=\"{}\"", escape_html(language)));
    let title = page_title(article, url).map(|title| element("title", &title));
    let headline = Some(&article.title).filter(|title| !title.is_empty()).map(|title| element("h1", title));
    let byline_and_date = byline_and_date(article).map(|text| element("p", &text));
    format!(
        "<!doctype html>\n<html{} dir=\"{}\">\n<meta charset=\"utf-8\">\n{}{}{}{}",
        language.unwrap_or_default(),
        direction(article),
        title.unwrap_or_default(),
        headline.unwrap_or_default(),
        byline_and_date.unwrap_or_default(),
        body_html(article)
    )
}

/// Returns the title, else the site name, else the URL.
fn page_title(article: &Article, url: Option<&Url>) -> Option<String> {
    let title = Some(&article.title).filter(|title| !title.is_empty());
    let url = article.canonical_url.as_ref().or(url);
    title.or(article.site_name.as_ref()).cloned().or_else(|| url.map(Url::to_string))
}

fn to_markdown(article: &Article) -> String {
    let element = |name: &str, text: &str| html_to_markdown(&format!("<{name}>{}</{name}>", escape_html(text)));
    let title = Some(&article.title).filter(|title| !title.is_empty());
    // Sanitised HTML has no `h1`, so this makes a level 1 heading from `h2`.
    let title = title.map(|title| element("h2", title).replacen("##", "#", 1));
    let byline_and_date = byline_and_date(article).map(|text| element("p", &text));
    let lead = lead_image(article).map(|lead| html_to_markdown(&image_html(lead)));
    let parts = [title, byline_and_date, lead, Some(article.body.to_markdown())];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

fn html_to_markdown(html: &str) -> String {
    extract::sanitize_html(html, None).to_markdown()
}

fn image_html(image: &Image) -> String {
    let (url, description) = (escape_html(image.url.as_str()), escape_html(&image.description));
    format!("<p><img src=\"{url}\" alt=\"{description}\"></p>")
}

/// Returns the byline and the date.
fn byline_and_date(article: &Article) -> Option<String> {
    let parts: Vec<String> = [article.byline.clone(), published_day(article)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
