//! `/feed/{id}/settings`: the name of a feed, its pause, its articles and its folders.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::app::App;
use crate::ingest::feeds::of_declared_feed;
use crate::library::Library;
use crate::library::feeds::folders::{self, Folder};
use crate::library::feeds::limits::Limits;
use crate::library::feeds::{self, Feed, FeedSettings, TextFrom};
use crate::web::browse::limit_words;
use crate::web::feeds::folder_paths::{add_path, find_innermost, paths};
use crate::web::feeds::followed_feed::find_followed;
use crate::web::feeds::keep_form::KeepFields;
use crate::web::feeds::limit_change::{LimitChange, SentForm};
use crate::web::feeds::settings_form::{Pause, Problems, SettingsForm};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Layout, Reader, Result};

#[derive(Template)]
#[template(path = "feed_settings.html")]
struct SettingsPage {
    layout: Layout,
    feed: Feed,
    form: SettingsForm,
    problems: Problems,
    /// Ids and paths.
    folders: Vec<(i64, String)>,
    keep: KeepFields,
}

impl SettingsPage {
    async fn load(
        library: &Library,
        layout: Layout,
        feed: Feed,
        form: SettingsForm,
        problems: Problems,
    ) -> sqlx::Result<Self> {
        let (all, limits) = (folders::list(library).await?, Limits::load(library).await?);
        let own: Vec<i64> = all.iter().filter(|folder| folder.feeds.contains(&feed.id)).map(|it| it.id).collect();
        let inherited = match limits.of_folders(&own) {
            Some(limit) => format!("As its folders say (now: {})", limit_words::describe(limit)),
            None => "As its folders say (now: for ever)".to_owned(),
        };
        let keep = KeepFields {
            form: form.keep.clone(),
            inherited: Some(inherited),
            legend: "Keep articles",
            problem: problems.keep.clone(),
        };
        let folders = paths(&all).into_iter().map(|(path, folder)| (folder.id, path)).collect();
        Ok(Self { layout, feed, form, problems, folders, keep })
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
) -> Result<Response> {
    let library = &reader.library;
    let feed = find_followed(library, id).await?;
    let clock = crate::web::shell::local_clock(&app);
    let all = folders::list(library).await?;
    let own = all.iter().filter(|folder| folder.feeds.contains(&id)).map(|folder| folder.id).collect();
    let form = SettingsForm::of(&feed, own, &clock);
    crate::web::shell::fresh_page(&SettingsPage::load(library, layout, feed, form, Problems::default()).await?)
}

pub(crate) async fn save(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    ArticleId(id): ArticleId,
    body: Bytes,
) -> Result<Response> {
    let library = &reader.library;
    let feed = find_followed(library, id).await?;
    let form = SettingsForm::parse(&body);
    match form.check(&crate::web::shell::local_clock(&app)) {
        Ok((settings, new_folder)) => {
            let settings = FeedSettings { links: feed.settings.links.clone(), ..settings };
            let change = plan_change(library, &feed, &form, (&settings, &new_folder)).await?;
            let url = format!("/feed/{id}/settings");
            let sent = SentForm { cancel_url: url.clone(), url, fields: form.to_fields() };
            if !form.is_confirmed
                && let Some(question) = change.ask(&app, library, layout, sent).await?
            {
                return Ok(question);
            }
            feeds::change_settings(library, id, &settings).await?;
            let mut chosen = form.folders.clone();
            chosen.extend(add_path(library, &new_folder).await?);
            folders::move_feed(library, id, &chosen).await?;
            app.wakeups.feeds.notify_one();
            let said = change.follow_up(&app, library).await?.unwrap_or_else(|| "saved=settings".to_owned());
            Ok(Redirect::to(&format!("/feed/{id}?{said}")).into_response())
        }
        Err(problems) => {
            let page = SettingsPage::load(library, layout, feed, form, problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
        }
    }
}

/// Returns what would hold for a feed with other settings and in other folders.
async fn plan_change(
    library: &Library,
    feed: &Feed,
    form: &SettingsForm,
    (settings, new_folder): (&FeedSettings, &[String]),
) -> sqlx::Result<LimitChange> {
    let (all, mut limits) = (folders::list(library).await?, Limits::load(library).await?);
    let is_there = |id: &i64| all.iter().any(|folder: &Folder| folder.id == *id);
    let mut chosen: Vec<i64> = form.folders.iter().copied().filter(is_there).collect();
    // A folder that is not there yet has no limit of its own.
    chosen.extend((!new_folder.is_empty()).then(|| find_innermost(&all, new_folder).unwrap_or_default()));
    limits.set_feed(feed.id, settings.keep, chosen);
    Ok(LimitChange { limits, feeds: vec![feed.id], name: feed.display_name().to_owned() })
}

/// For the template.
impl SettingsPage {
    const fn pauses(&self) -> [(Pause, &'static str); 3] {
        [
            (Pause::No, "Look for new articles"),
            (Pause::Open, "Pause until I resume"),
            (Pause::Until, "Pause until a date"),
        ]
    }

    /// Where the text comes from: the word, what it says, and whether it is chosen.
    fn texts(&self) -> [(&'static str, String, bool); 3] {
        let measured = match self.feed.measured_text {
            Some((TextFrom::Feed, _)) => "Automatic (now: from the feed, which has whole texts)",
            Some((TextFrom::Page, _)) => "Automatic (now: from the pages, since the feed has teasers)",
            None => "Automatic",
        };
        [
            ("", measured.to_owned(), self.form.text.is_none()),
            ("feed", "From the feed".to_owned(), self.form.text == Some(TextFrom::Feed)),
            ("page", "From the page of each article".to_owned(), self.form.text == Some(TextFrom::Page)),
        ]
    }

    /// Says that the page whose links are followed has a feed now.
    fn suggestion(&self) -> Option<String> {
        of_declared_feed(&self.feed)
    }

    fn is_in(&self, folder: &i64) -> bool {
        self.form.folders.contains(folder)
    }
}
