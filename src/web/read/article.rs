//! `/article/{id}`: shows an article. A GET writes nothing; see [`super::article_actions`] and
//! [`super::topic_and_tags`] for what readers change.

use std::collections::HashMap;
use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use extract::{CleanHtml, Direction, ImageState};
use serde::Deserialize;

use crate::app::App;
use crate::ingest::re_extraction;
use crate::library::articles::article_page::{self, PageContext};
use crate::library::articles::{self, Article, ArticleAction, Channel};
use crate::library::feeds::{self, recordings::Recording};
use crate::library::images::Image;
use crate::library::lanes::Lane;
use crate::library::tags::Tag;
use crate::library::topics::Topic;
use crate::web::correct::{change_block, edit_rules};
use crate::web::read::details_form::{self, DetailsForm, Original};
use crate::web::read::facts::{Claim, DateText};
use crate::web::read::page_notice::{self, PageNotice};
use crate::web::read::recordings::Player;
use crate::web::read::removed_texts::RemovedTexts;
use crate::web::read::suggested_tags::{self, SuggestionDone, TagSuggestion};
use crate::web::read::text_history::TextHistory;
use crate::web::read::topic_and_tags_form::TopicAndTagsForm;
use crate::web::read::topic_reason::{self, ReasonView};
use crate::web::read::topic_suggestions::{self, TopicNames};
use crate::web::read::{keywords, original};
use crate::web::shell::action_notice::{self, ActionResult, Notice};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::dates::{self, LocalClock};
use crate::web::shell::origin::Origin;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage {
    layout: Layout,
    article: Article,
    published: Option<DateText>,
    received: DateText,
    reading_time: String,
    original: Option<String>,
    claim: Option<Claim>,
    lead_image: Option<LeadImage>,
    /// Some images are still to arrive.
    waits_for_images: bool,
    body: ArticleBody,
    tags: Vec<Tag>,
    topics: Vec<Topic>,
    /// Topics the article may be about, each chosen with one click.
    suggestions: Vec<Topic>,
    /// Tags it may get, each with one click or key.
    tag_suggestions: Vec<TagSuggestion>,
    /// What was just done with one of them.
    tag_notice: Option<Notice>,
    /// Keywords that the reader may take as tags.
    keywords: Vec<String>,
    takes_keywords: bool,
    reason: ReasonView,
    form: TopicAndTagsForm,
    details: DetailsForm,
    /// The publisher's values of what was edited.
    originals: Vec<Original>,
    removed: RemovedTexts,
    action_notice: Option<Notice>,
    page_notice: Option<PageNotice>,
    /// Its earlier texts, if its publisher has changed it.
    history: Option<TextHistory>,
    /// The feeds it came by: ids and names.
    feeds: Vec<(i64, String)>,
    /// Recordings that came with it.
    players: Vec<Player>,
    marks_read_automatically: bool,
    /// Seconds in view after which it counts as read.
    seconds_until_read: i64,
    /// The list it was opened from.
    origin: Origin,
}

/// The image above the text.
enum LeadImage {
    Stored { url: String, size: Option<(u32, u32)> },
    Pending(String),
    Missing(String),
}

/// The article's HTML, included unescaped. Only [`CleanHtml`] becomes one.
struct ArticleBody(CleanHtml);

impl HtmlSafe for ArticleBody {}

impl fmt::Display for ArticleBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str())
    }
}

/// Which notice to show.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ArticleQuery {
    done: Option<String>,
    /// The rule just saved.
    rule: Option<i64>,
    /// The operation that just changed its topic.
    change: Option<i64>,
    /// The article that was archived or deleted before this one was shown.
    of: Option<i64>,
    /// The list it was opened from.
    list: Option<String>,
    /// What was just done with a suggested tag, and its name.
    suggestion: Option<SuggestionDone>,
    name: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Query(query): Query<ArticleQuery>,
) -> Result<Response> {
    let found = article_page::find_page(&reader.library, id).await?.ok_or(Error::NotFound)?;
    let result = query.done.as_deref().and_then(ActionResult::parse);
    let origin = Origin::parse(query.list.as_deref());
    let clock = crate::web::shell::local_clock(&app);
    let mut page = match query.of {
        Some(other) => {
            let mut page = ArticlePage::new(layout, found, (None, origin), &clock);
            let other = articles::find(&reader.library, other).await?;
            let notice =
                result.and_then(|result| action_notice::notice_elsewhere(other.as_ref(), result, page.origin.value()));
            page.action_notice = page.action_notice.or(notice);
            page
        }
        None => ArticlePage::new(layout, found, (result, origin), &clock),
    };
    page.feeds = feeds::list_for_article(&reader.library, id).await?;
    if !page.feeds.is_empty() {
        page.add_players(feeds::recordings::list_for_article(&reader.library, id).await?);
    }
    if let (Some(ActionResult::RuleSaved), Some(rule)) = (result, query.rule) {
        page.action_notice = change_block::saved_rule_notice(&reader.library, &page.article, rule, &page.origin)
            .await?
            .or(page.action_notice);
    }
    if let (Some(ActionResult::TopicAndTagsSaved), Some(operation)) = (result, query.change) {
        let notice = topic_reason::find_notice(&reader.library, &page.article, operation, &page.origin).await?;
        page.reason.is_open = notice.is_some();
        page.action_notice = notice.or(page.action_notice);
    }
    if let (Some(done), Some(name)) = (query.suggestion, query.name) {
        let (article, tags) = ((page.article.id, page.origin.value()), page.tags.as_slice());
        page.tag_notice = suggested_tags::find_notice(&reader.library, article, tags, (done, &name)).await?;
    }
    crate::web::shell::fresh_page(&page)
}

/// A form below the article as it was filled in, with what is wrong with it.
pub(crate) enum RejectedForm {
    TopicAndTags(TopicAndTagsForm),
    Details(DetailsForm),
}

/// Shows the article with a form as filled in, and what is wrong with it.
pub(crate) async fn show_with_form(
    app: &App,
    reader: &Reader,
    layout: Layout,
    (article, origin): (i64, Origin),
    form: RejectedForm,
) -> Result<Response> {
    let layout = Layout { current_url: origin.page_url(article, ""), ..layout };
    let found = article_page::find_page(&reader.library, article).await?.ok_or(Error::NotFound)?;
    let mut page = ArticlePage::new(layout, found, (None, origin), &crate::web::shell::local_clock(app));
    match form {
        RejectedForm::TopicAndTags(form) => page.form = form,
        RejectedForm::Details(form) => page.details = form,
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
}

/// Extracts the article again from its snapshot.
pub(crate) async fn re_extract(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(origin): Form<Origin>,
) -> Result<Redirect> {
    if articles::find_snapshot_id(&reader.library, id).await?.is_none()
        && articles::find(&reader.library, id).await?.is_none()
    {
        return Err(Error::NotFound);
    }
    let outcome = re_extraction::re_extract(&reader.library, id, app.now()).await?;
    // There may be other images now.
    app.wakeups.images.notify_one();
    Ok(Redirect::to(&origin.notice_url(id, ActionResult::from(outcome))))
}

impl ArticlePage {
    fn new(
        layout: Layout,
        found: (Article, PageContext),
        (result, origin): (Option<ActionResult>, Origin),
        clock: &LocalClock,
    ) -> Self {
        let (
            mut article,
            PageContext {
                history,
                tags,
                keywords,
                candidates,
                edits,
                takes_keywords,
                images,
                topics,
                merged_topics,
                topics_by_size,
            },
        ) = found;
        let names = TopicNames { shown: &topics, merged: &merged_topics };
        let details = DetailsForm::new(&article, clock);
        let images_by_url: HashMap<&str, &Image> = images.iter().map(|image| (image.url.as_str(), image)).collect();
        let image_state = |url: &str| images_by_url.get(url).map_or(ImageState::Missing, |image| image_state(image));
        let words = i64::try_from(article.word_count).unwrap_or(i64::MAX);
        article.byline = article.byline.take().filter(|byline| !is_same_name(byline, &article.source_name));
        let lead_image_url = article.lead_image_url.take().filter(|url| !article.html.shows_lead_image(url));
        Self {
            published: article.published_at.map(|at| DateText::published(at, article.published_date, clock)),
            received: DateText::new(article.saved_at.unwrap_or(article.received_at), clock),
            reading_time: dates::reading_time(words, article.language.as_deref()),
            original: article.url.as_deref().and_then(original::http_url),
            claim: article.claimed_url.as_deref().and_then(Claim::new),
            lead_image: lead_image_url.map(|url| lead_image(image_state(&url), url)),
            waits_for_images: images.iter().any(|image| image.is_pending),
            body: ArticleBody(article.html.resolve_images(image_state)),
            suggestions: topic_suggestions::suggest(&article, names, &topics_by_size),
            tag_suggestions: suggested_tags::suggest(&article, &tags, &candidates),
            tag_notice: None,
            keywords: keywords::suggest(keywords, &tags),
            takes_keywords,
            reason: ReasonView::new(&article, names),
            form: TopicAndTagsForm::new(&article, &tags),
            details,
            originals: details_form::originals(&edits, clock),
            removed: RemovedTexts::new(std::mem::take(&mut article.removed_blocks)),
            action_notice: action_notice::notice_for(&article, result, origin.value(), clock),
            page_notice: page_notice::page_notice(&article),
            history: TextHistory::new(article.id, &history, &origin, clock),
            feeds: Vec::new(),
            players: Vec::new(),
            // Also one that was read before: so it is known which text the reader saw.
            marks_read_automatically: (!article.state.read
                || history.seen_at.is_none()
                || history.seen_version.is_some())
                && !article.state.deleted
                && result != Some(ActionResult::MarkedUnread),
            seconds_until_read: dates::seconds_until_read(words, article.language.as_deref()),
            origin,
            layout,
            article,
            tags,
            topics,
        }
    }

    /// Adds players of recordings, which take the place of the links to them.
    fn add_players(&mut self, recordings: Vec<Recording>) {
        let urls: Vec<&str> = recordings.iter().map(|recording| recording.url.as_str()).collect();
        self.body = ArticleBody(self.body.0.without_cards(&urls));
        self.players = recordings.into_iter().map(|recording| Player::new(self.article.id, recording)).collect();
    }

    /// Returns the URL of the page that follows the text and couldn't be fetched, unless that was dismissed.
    fn missing_page(&self) -> Option<&str> {
        let next = self.article.next_page.as_ref().filter(|_| self.page_notice.is_some())?;
        Some(&next.url)
    }

    /// Returns the day of the copy in a web archive that the text comes from.
    fn archived_copy_day(&self) -> Option<String> {
        self.article.archived_on.map(dates::format_date)
    }

    fn text_direction(&self) -> &'static str {
        match self.article.direction {
            Direction::Rtl => "rtl",
            Direction::Ltr => "ltr",
        }
    }

    fn lead_text(&self) -> &str {
        self.article.lead_image_alt.as_deref().unwrap_or_default()
    }

    /// Returns the caption of the lead image, unless it repeats the title.
    fn caption(&self) -> Option<&str> {
        let text = self.lead_text();
        (!text.is_empty() && text != self.article.title).then_some(text)
    }

    /// Returns the link to the original, if a browser may follow it.
    fn original(&self) -> Option<&str> {
        self.original.as_deref()
    }

    fn original_label(&self) -> &str {
        original::label(self.original().unwrap_or_default())
    }

    fn can_edit_blocks(&self) -> bool {
        edit_rules::can_edit_blocks(&self.article)
    }

    /// Returns the button that moves the article to the other lane: its value and what it says. What did not come from a feed
    /// is always kept.
    fn lane_button(&self) -> Option<(&'static str, &'static str)> {
        match (self.article.lane, self.article.channel) {
            (Lane::Stream, _) => Some((action_notice::form_value(ArticleAction::Keep), "Keep")),
            (Lane::Kept, Channel::Feed) => Some((action_notice::form_value(ArticleAction::Stream), "Move to stream")),
            (Lane::Kept, Channel::Saved) => None,
        }
    }

    const fn action_value(&self, action: ArticleAction) -> &'static str {
        action_notice::form_value(action)
    }

    /// Returns the URL of another page about the article, from which the list can still be reached.
    fn page_url(&self, page: &str) -> String {
        self.origin.page_url(self.article.id, page)
    }

    /// Returns the URL of the form for the full text.
    fn paste_url(&self) -> String {
        self.origin.add_to(&format!("/import?article={}#text", self.article.id))
    }

    /// Returns the list, and what its link says.
    fn way_back(&self) -> (String, &'static str) {
        let label = if self.origin.list.is_some() { "Back to the list" } else { "Front page" };
        (self.origin.list_url(self.article.id), label)
    }

    fn is_unsorted(&self) -> bool {
        topic_suggestions::is_unsorted(&self.article)
    }
}

/// Returns whether the byline only repeats the source.
fn is_same_name(byline: &str, source: &str) -> bool {
    byline.trim().to_lowercase() == source.trim().to_lowercase()
}

fn image_state(image: &Image) -> ImageState {
    match &image.hash {
        Some(hash) => ImageState::Available { url: format!("/image/{hash}"), width: image.width, height: image.height },
        None if image.is_pending => ImageState::Pending,
        None => ImageState::Missing,
    }
}

fn lead_image(state: ImageState, original: String) -> LeadImage {
    match state {
        ImageState::Available { url, width, height } => LeadImage::Stored { url, size: width.zip(height) },
        ImageState::Pending => LeadImage::Pending(original),
        ImageState::Missing => LeadImage::Missing(original),
    }
}
