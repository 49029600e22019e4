//! `/feed/{id}/settings`: the name of a feed, its pause, its articles and its folders.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::app::App;
use crate::ingest::feeds::of_declared_feed;
use crate::library::feeds::folders::{self, Folder};
use crate::library::feeds::{self, Feed, FeedSettings, TextFrom};
use crate::web::feeds::folder_paths::{add_path, paths};
use crate::web::feeds::followed_feed::find_followed;
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
    let (folders, problems) = (list_paths(&all), Problems::default());
    crate::web::shell::fresh_page(&SettingsPage { layout, feed, form, problems, folders })
}

fn list_paths(folders: &[Folder]) -> Vec<(i64, String)> {
    paths(folders).into_iter().map(|(path, folder)| (folder.id, path)).collect()
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
            feeds::change_settings(library, id, &settings).await?;
            let mut chosen = form.folders.clone();
            chosen.extend(add_path(library, &new_folder).await?);
            folders::move_feed(library, id, &chosen).await?;
            app.wakeups.feeds.notify_one();
            Ok(Redirect::to(&format!("/feed/{id}?saved=settings")).into_response())
        }
        Err(problems) => {
            let folders = list_paths(&folders::list(library).await?);
            let page = SettingsPage { layout, feed, form, problems, folders };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
        }
    }
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
