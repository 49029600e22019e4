//! `/article/{id}`: the page everything else is for. Reading it writes nothing; what a reader does with an article are the
//! posts in [`super::marks`] and [`super::labels`].

use std::collections::HashMap;
use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use extract::{CleanHtml, Direction, ImageState, Reason, RemovedBlock};
use jiff::civil::Date;
use serde::Deserialize;
use url::Url;

use crate::app::App;
use crate::ingest::re_extraction;
use crate::library::articles::article_page::{self, PageContext};
use crate::library::articles::{self, Article, ArticleAction};
use crate::library::images::Image;
use crate::library::tags::Tag;
use crate::library::topics::Topic;
use crate::urls;
use crate::web::correct::edit_rules;
use crate::web::read::notice::{self, Advice};
use crate::web::read::topic_and_tags_form::Labels;
use crate::web::read::topic_suggestions;
use crate::web::shell::action_notice::{self, Done, Notice};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::dates::{self, Present};
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage {
    layout: Layout,
    article: Article,
    published: Option<Moment>,
    received: Moment,
    length: String,
    original: Option<String>,
    lead: Option<Lead>,
    body: Body,
    tags: Vec<Tag>,
    topics: Vec<Topic>,
    /// Topics it may be about, each filed under by a click.
    suggestions: Vec<Topic>,
    labels: Labels,
    left_out: Vec<LeftOut>,
    notice: Option<Notice>,
    advice: Option<Advice>,
    marks_itself_read: bool,
}

/// A time for people and for programs.
struct Moment {
    words: String,
    machine: String,
}

impl Moment {
    fn new(at: jiff::Timestamp, present: &Present) -> Self {
        Self { words: present.exact(at), machine: dates::machine(at.as_second()) }
    }
}

impl Moment {
    /// A page's own date. Where that is another day than here, the day alone is told, as the page writes it.
    fn published(at: jiff::Timestamp, day: Option<Date>, present: &Present) -> Self {
        match day {
            Some(day) if day != present.date(at.as_second()) => {
                Self { words: dates::in_full(day), machine: day.to_string() }
            }
            _ => Self::new(at, present),
        }
    }
}

/// The picture above the text.
enum Lead {
    Here { address: String, size: Option<(u32, u32)> },
    Waiting(String),
    Missing(String),
}

/// Foreign HTML that may stand in a page as it is: only [`CleanHtml`] becomes one.
struct Body(CleanHtml);

impl HtmlSafe for Body {}

impl fmt::Display for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str())
    }
}

/// The blocks that were left out for one reason.
#[derive(Debug, PartialEq, Eq)]
struct LeftOut {
    reason: &'static str,
    texts: Vec<LeftOutText>,
}

/// A text that was left out.
#[derive(Debug, PartialEq, Eq)]
struct LeftOutText {
    /// Its place in the list of all that was left out.
    at: usize,
    text: String,
    /// There is something to put back.
    is_block: bool,
}

/// What was just done, for the words of the notice.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
    /// The rule that was just made.
    rule: Option<i64>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Query(asked): Query<Asked>,
) -> Result<Html<String>> {
    let found = article_page::find_page(&reader.library, id).await?.ok_or(Error::NotFound)?;
    let done = asked.done.as_deref().and_then(Done::parse);
    let mut page = ArticlePage::new(layout, found, done, &crate::web::shell::present(&app));
    if let (Some(Done::Ruled), Some(rule)) = (done, asked.rule) {
        page.notice = edit_rules::notice(&reader.library, &page.article, rule).await?.or(page.notice);
    }
    crate::web::shell::page(&page)
}

/// The page once more, with the form for topic and tags as it was filled in and what is wrong with it.
pub(crate) async fn show_again(
    app: &App,
    reader: &Reader,
    layout: Layout,
    article: i64,
    labels: Labels,
) -> Result<Response> {
    let layout = Layout { here: action_notice::address(article, None), ..layout };
    let found = article_page::find_page(&reader.library, article).await?.ok_or(Error::NotFound)?;
    let mut page = ArticlePage::new(layout, found, None, &crate::web::shell::present(app));
    page.labels = labels;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
}

/// To where the article was read, for the key `v` in lists; to our own page when it has no address.
pub(crate) async fn original(reader: Reader, ArticleId(id): ArticleId) -> Result<Redirect> {
    let article = articles::find(&reader.library, id).await?.ok_or(Error::NotFound)?;
    let here = || action_notice::address(id, None);
    Ok(Redirect::to(&article.url.as_deref().and_then(web_address).unwrap_or_else(here)))
}

/// Extracts the article again from the page as it arrived.
pub(crate) async fn extract_again(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
) -> Result<Redirect> {
    if articles::find_snapshot_id(&reader.library, id).await?.is_none()
        && articles::find(&reader.library, id).await?.is_none()
    {
        return Err(Error::NotFound);
    }
    let again = re_extraction::re_extract(&reader.library, id, app.now()).await?;
    // It may show other pictures now.
    app.wakeups.images.notify_one();
    Ok(Redirect::to(&action_notice::address(id, Some(Done::from(again)))))
}

impl ArticlePage {
    fn new(layout: Layout, found: (Article, PageContext), done: Option<Done>, present: &Present) -> Self {
        let (mut article, PageContext { tags, images: pictures, topics, topics_by_size: by_use }) = found;
        let known: HashMap<&str, &Image> = pictures.iter().map(|picture| (picture.url.as_str(), picture)).collect();
        let shown = |address: &str| known.get(address).map_or(ImageState::Missing, |picture| shown(picture));
        let words = i64::try_from(article.word_count).unwrap_or(i64::MAX);
        article.byline = article.byline.take().filter(|byline| !same_name(byline, &article.source_name));
        let lead_image = article.lead_image_url.take().filter(|address| !article.html.shows_lead_image(address));
        Self {
            published: article.published_at.map(|at| Moment::published(at, article.published_date, present)),
            received: Moment::new(article.received_at, present),
            length: dates::reading_time(words, article.language.as_deref()),
            original: article.url.as_deref().and_then(web_address),
            lead: lead_image.map(|address| lead(shown(&address), address)),
            body: Body(article.html.resolve_images(shown)),
            suggestions: topic_suggestions::of(&article, &by_use),
            labels: Labels::of(&article, &tags),
            left_out: grouped(std::mem::take(&mut article.removed_blocks)),
            notice: action_notice::notice(&article, done, present),
            advice: notice::advice(&article),
            marks_itself_read: !article.state.read && !article.state.deleted && done != Some(Done::Unread),
            layout,
            article,
            tags,
            topics,
        }
    }

    /// For the template: the attributes of the article's own words.
    fn direction(&self) -> &'static str {
        match self.article.direction {
            Direction::Rtl => "rtl",
            Direction::Ltr => "ltr",
        }
    }

    fn lead_text(&self) -> &str {
        self.article.lead_image_alt.as_deref().unwrap_or_default()
    }

    /// What is said under the lead picture; a repetition of the title says nothing.
    fn caption(&self) -> Option<&str> {
        let text = self.lead_text();
        (!text.is_empty() && text != self.article.title).then_some(text)
    }

    /// The link to the original, if there is one that a browser may follow.
    fn original(&self) -> Option<&str> {
        self.original.as_deref()
    }

    /// The address without what nobody reads.
    fn short_original(&self) -> &str {
        let address = self.original().unwrap_or_default();
        let address = address.split_once("://").map_or(address, |(_, rest)| rest);
        address.strip_prefix("www.").unwrap_or(address).trim_end_matches('/')
    }

    fn left_out_count(&self) -> usize {
        self.left_out.iter().map(|group| group.texts.len()).sum()
    }

    /// Whether parts of the page can be put back or taken out.
    fn can_be_corrected(&self) -> bool {
        edit_rules::is_possible(&self.article)
    }

    const fn mark(&self, mark: ArticleAction) -> &'static str {
        action_notice::word(mark)
    }

    fn is_unsorted(&self) -> bool {
        topic_suggestions::is_unsorted(&self.article)
    }
}

/// The address as it is linked to; none if it is not one that a browser may follow.
fn web_address(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(urls::strip_tracking_and_fragment(&url).into())
}

/// Where a publication signs as a whole, its name says the same twice.
fn same_name(byline: &str, source: &str) -> bool {
    byline.trim().to_lowercase() == source.trim().to_lowercase()
}

fn shown(picture: &Image) -> ImageState {
    match &picture.hash {
        Some(hash) => {
            ImageState::Available { url: format!("/picture/{hash}"), width: picture.width, height: picture.height }
        }
        None if picture.is_pending => ImageState::Pending,
        None => ImageState::Missing,
    }
}

fn lead(shown: ImageState, original: String) -> Lead {
    match shown {
        ImageState::Available { url, width, height } => Lead::Here { address: url, size: width.zip(height) },
        ImageState::Pending => Lead::Waiting(original),
        ImageState::Missing => Lead::Missing(original),
    }
}

/// One group for each reason, in the order in which the reasons occur on the page.
fn grouped(removed: Vec<RemovedBlock>) -> Vec<LeftOut> {
    let mut groups: Vec<LeftOut> = Vec::new();
    for (at, block) in removed.into_iter().enumerate() {
        let reason = block.reason.label();
        let text = LeftOutText { at, text: block.text, is_block: block.reason != Reason::TrackingPixel };
        match groups.iter_mut().find(|group| group.reason == reason) {
            Some(group) => group.texts.push(text),
            None => groups.push(LeftOut { reason, texts: vec![text] }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_out_is_told_reason_by_reason() {
        let block = |reason, text: &str| RemovedBlock { reason, text: text.into() };
        let removed = vec![
            block(Reason::Promotion, "Subscribe"),
            block(Reason::Navigation, "Home"),
            block(Reason::Promotion, "Subscribe again"),
        ];
        let text = |at, text: &str| LeftOutText { at, text: text.into(), is_block: true };
        let expected = [
            LeftOut { reason: "promotion", texts: vec![text(0, "Subscribe"), text(2, "Subscribe again")] },
            LeftOut { reason: "navigation", texts: vec![text(1, "Home")] },
        ];
        assert_eq!(grouped(removed), expected);
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert!(web_address("https://example.org/a").is_some() && web_address("http://example.org/").is_some());
        assert!(web_address("javascript:alert(1)").is_none() && web_address("mailto:a@example.org").is_none());
    }
}
