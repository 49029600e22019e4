//! `/article/{id}/versions`: lists all texts of an article that its publisher has changed, and compares any two of them word by word.
//! `POST /article/{id}/seen` says that the reader has seen what changed.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::ingest::re_extraction;
use crate::library::Library;
use crate::library::articles::versions::earlier::{self, Arrival, KEPT};
use crate::library::articles::versions::seen::{self, History};
use crate::library::articles::versions::{self, TextOrigin};
use crate::library::articles::{self, Article, Content};
use crate::web::read::text_history::TextHistory;
use crate::web::read::word_changes::{DiffBlock, DiffSpan, WordChanges};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::dates::LocalClock;
use crate::web::shell::origin::{Origin, add_parameters};
use crate::web::shell::{Error, Layout, Reader, Result};

/// The value of the newest text in forms and URLs.
const NOW: &str = "now";

#[derive(Template)]
#[template(path = "versions.html")]
struct VersionsPage {
    layout: Layout,
    article: Article,
    /// The list that the article was opened from.
    origin: Origin,
    /// The newest first.
    texts: Vec<TextRow>,
    comparison: Option<Comparison>,
    /// What was wrong with the choice.
    problem: Option<&'static str>,
    /// When the reader saw the article, if this shows what was changed since.
    unseen_since: Option<String>,
    /// Whether texts between were not kept.
    has_many: bool,
}

/// A text in the list.
struct TextRow {
    /// Its value in forms and URLs.
    key: String,
    date: String,
    /// How it came.
    from: &'static str,
    is_seen: bool,
    /// Where it is compared with the text before.
    url: Option<String>,
}

struct Comparison {
    from: String,
    to: String,
    changed_fields: Vec<(&'static str, String, String)>,
    changes: WordChanges,
}

/// The texts to compare.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Choice {
    from: Option<String>,
    to: Option<String>,
    list: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    Query(choice): Query<Choice>,
) -> Result<Response> {
    let library = &reader.library;
    let article = articles::find(library, id).await?.ok_or(Error::NotFound)?;
    let current = earlier::find_current(library, id).await?.ok_or(Error::NotFound)?;
    let (kept, history) = (earlier::list(library, id).await?, seen::find(library, id).await?);
    let origin = Origin::parse(choice.list.as_deref());
    let clock = crate::web::shell::local_clock(&app);
    let texts = list_texts((&article, &origin), &kept, current, &clock);
    let (chosen, problem) = choose(&texts, &history, &choice);
    let comparison = match &chosen {
        Some((from, to)) => Some(compare(library, id, (from, to)).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    let shows_change =
        history.change().is_some_and(|(_, version)| chosen == Some((version.to_string(), NOW.to_owned())));
    let unseen = TextHistory::new(id, &history, &origin, &clock).and_then(|history| history.change);
    crate::web::shell::fresh_page(&VersionsPage {
        unseen_since: unseen.filter(|_| shows_change).map(|(day, _)| day),
        has_many: kept.len() as i64 > KEPT,
        layout,
        article,
        origin,
        texts,
        comparison,
        problem,
    })
}

/// Notes that the reader has seen what was changed, and goes back to the article.
pub(crate) async fn mark_seen(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(origin): Form<Origin>,
) -> Result<Redirect> {
    if !seen::mark(&reader.library, id, app.now()).await? {
        return Err(Error::NotFound);
    }
    Ok(Redirect::to(&origin.page_url(id, "")))
}

/// Lists all texts, the newest first.
fn list_texts(
    (article, origin): (&Article, &Origin),
    kept: &[earlier::Version],
    current: Arrival,
    clock: &LocalClock,
) -> Vec<TextRow> {
    let now = (NOW.to_owned(), current, false);
    let all: Vec<_> = kept.iter().map(|text| (text.id.to_string(), text.came, text.is_seen)).chain([now]).collect();
    let before = std::iter::once(None).chain(all.iter().map(|(key, ..)| Some(key)));
    let rows = all.iter().zip(before).map(|((key, came, is_seen), before)| TextRow {
        key: key.clone(),
        date: came.at.map_or_else(|| "an unknown day".to_owned(), |at| clock.format_date_time(at)),
        from: origin_words(came.from, article),
        is_seen: *is_seen,
        url: before.map(|before| {
            add_parameters(&origin.page_url(article.id, "versions"), &[("from", before.as_str()), ("to", key.as_str())])
        }),
    });
    let mut rows: Vec<TextRow> = rows.collect();
    rows.reverse();
    rows
}

/// Says how a text came.
fn origin_words(from: Option<TextOrigin>, article: &Article) -> &'static str {
    match from {
        Some(TextOrigin::Feed) => "from the feed",
        Some(TextOrigin::FetchedAgain) => "page fetched again",
        Some(TextOrigin::ExtractedAgain) => "extracted again from the stored page",
        Some(TextOrigin::Pasted) => "pasted by you",
        Some(TextOrigin::Restored) => "restored by you",
        None if article.has_feed_text => "from the feed",
        None if article.url.is_some() => "from the page",
        None => "as you added it",
    }
}

/// Returns the texts to compare: those chosen, else the one that the reader saw, or the one before, with the newest. A choice that
/// cannot be shown is answered with a sentence.
fn choose(texts: &[TextRow], history: &History, choice: &Choice) -> (Option<(String, String)>, Option<&'static str>) {
    let [newest, before, ..] = texts else { return (None, None) };
    let usual = history.seen_version.map(|version| version.to_string()).unwrap_or_else(|| before.key.clone());
    let is_known = |key: &String| texts.iter().any(|text| text.key == *key);
    let from = choice.from.as_ref().filter(|key| is_known(key));
    let to = choice.to.as_ref().filter(|key| is_known(key));
    let is_lost = from.is_none() && choice.from.is_some() || to.is_none() && choice.to.is_some();
    let problem = match (from, to) {
        _ if is_lost => Some("That text isn’t kept anymore. Choose another one."),
        (Some(from), Some(to)) if from == to => Some("Choose two different texts to compare."),
        _ => None,
    };
    let chosen = (from.cloned().unwrap_or(usual), to.cloned().unwrap_or_else(|| newest.key.clone()));
    (Some(chosen), problem)
}

async fn compare(library: &Library, article: i64, (from, to): (&str, &str)) -> anyhow::Result<Option<Comparison>> {
    let (Some(before), Some(after)) = (load(library, article, from).await?, load(library, article, to).await?) else {
        return Ok(None);
    };
    Ok(Some(Comparison {
        from: from.to_owned(),
        to: to.to_owned(),
        changed_fields: re_extraction::changed_metadata(&before, &after),
        changes: WordChanges::between(before.text, after.text).await,
    }))
}

async fn load(library: &Library, article: i64, key: &str) -> anyhow::Result<Option<Content>> {
    match key.parse() {
        Ok(version) => earlier::load(library, article, version).await,
        Err(_) => Ok(versions::load_current(library, article).await?),
    }
}

impl VersionsPage {
    /// Returns the URL of another page about the article; of its own, if that is empty.
    fn page_url(&self, page: &str) -> String {
        self.origin.page_url(self.article.id, page)
    }

    /// Returns the date of a text.
    fn date(&self, key: &str) -> &str {
        self.texts.iter().find(|text| text.key == key).map_or("", |text| &text.date)
    }
}
