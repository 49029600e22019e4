//! `/story/{id}`: the articles about one event in order of time, what each adds, and why each is in it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;

use crate::app::App;
use crate::library::stories::{self, Story, StoryMember};
use crate::library::{operations, topics};
use crate::web::browse::operation_words;
use crate::web::shell::action_notice::{Notice, UndoForm};
use crate::web::shell::dates::{self, LocalClock};
use crate::web::shell::{Error, Layout, Reader, Result};
use crate::web::stories::additions::{self, Additions};

/// How far apart articles may be that are joined by hand, in seconds. The program looks at a week around each article.
pub(super) const MAX_DISTANCE: i64 = 7 * 24 * 3600;

#[derive(Template)]
#[template(path = "story.html")]
struct StoryPage {
    layout: Layout,
    id: i64,
    heading: String,
    language: Option<String>,
    /// `4 articles by 3 publishers`
    summary: String,
    rows: Vec<Row>,
    unread: usize,
    notice: Option<Notice>,
    /// Other stories that may be joined: the id of an article, and its headline.
    near: Vec<(i64, String)>,
    problems: Problems,
}

/// What was wrong with a form, beside it.
#[derive(Debug, Default)]
pub(super) struct Problems {
    pub split: Option<&'static str>,
    pub join: Option<&'static str>,
    /// The link that was typed.
    pub link: String,
}

struct Row {
    id: i64,
    title: String,
    language: Option<String>,
    direction: &'static str,
    /// The day, where another begins.
    day: Option<String>,
    time: String,
    datetime: String,
    source_name: String,
    source_url: String,
    is_read: bool,
    /// Whose text it repeats.
    copies: Option<String>,
    adds: Additions,
    /// The words that it shares with the others.
    why: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct StoryQuery {
    /// What was just done.
    operation: Option<i64>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(id): Path<String>,
    Query(query): Query<StoryQuery>,
) -> Result<Response> {
    let story = find(&reader, &id).await?;
    show_story(&app, &reader, layout, (story, query.operation, Problems::default())).await
}

/// Returns the story with the id of a path.
pub(super) async fn find(reader: &Reader, id: &str) -> Result<Story> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    stories::find(&reader.library, id).await?.ok_or(Error::NotFound)
}

pub(super) async fn show_story(
    app: &App,
    reader: &Reader,
    layout: Layout,
    (story, operation, problems): (Story, Option<i64>, Problems),
) -> Result<Response> {
    let library = &reader.library;
    let clock = crate::web::shell::local_clock(app);
    let notice = match operation {
        Some(operation) => find_notice(library, operation, story.id).await?,
        None => None,
    };
    let (first, last) = (story.members.first(), story.members.last());
    let around =
        |member: Option<&StoryMember>, days: i64| member.map_or(0, |member| member.sorted_at + days * MAX_DISTANCE);
    let near = stories::list_near(library, story.id, (around(first, -1), around(last, 1))).await?;
    crate::web::shell::fresh_page(&StoryPage {
        layout,
        id: story.id,
        heading: first.map(|member| member.title.clone()).unwrap_or_default(),
        language: first.and_then(|member| member.language.clone()),
        summary: summarize(&story.members),
        unread: story.members.iter().filter(|member| !member.is_read).count(),
        rows: rows(story.members, &clock),
        notice,
        near,
        problems,
    })
}

/// Says what was just done, with a way back to this page.
async fn find_notice(library: &crate::library::Library, operation: i64, story: i64) -> sqlx::Result<Option<Notice>> {
    let Some(operation) = operations::find(library, operation).await? else { return Ok(None) };
    let undo = operation.can_undo().then(|| UndoForm {
        url: format!("/recent-changes/{}/undo", operation.id),
        field: ("page", format!("/story/{story}")),
        label: "Undo",
        list: None,
    });
    Ok(Some(Notice { text: operation_words::report(&operation, &topics::list_all(library).await?), undo, link: None }))
}

fn summarize(members: &[StoryMember]) -> String {
    let articles = members.len();
    match additions::count_owners(members) {
        1 => format!("{articles} articles by one publisher"),
        owners => format!("{articles} articles by {owners} publishers"),
    }
}

fn rows(members: Vec<StoryMember>, clock: &LocalClock) -> Vec<Row> {
    let additions = additions::find(&members);
    let names: Vec<(i64, String)> = members.iter().map(|member| (member.id, member.source_name.clone())).collect();
    let mut day_before = None;
    let row = |(member, adds): (StoryMember, Additions)| {
        let at = Timestamp::from_second(member.sorted_at).unwrap_or_default();
        let day = clock.date(member.sorted_at);
        let is_new_day = day_before.replace(day) != Some(day);
        let copied = member.copy_of.and_then(|copied| names.iter().find(|(id, _)| *id == copied));
        Row {
            id: member.id,
            title: member.title,
            language: member.language,
            direction: if member.is_right_to_left { "rtl" } else { "ltr" },
            day: is_new_day.then(|| clock.format_date(at)),
            time: clock.format_time(at),
            datetime: dates::datetime_attribute(member.sorted_at),
            source_url: format!("/source/{}", member.source_domain),
            source_name: member.source_name,
            is_read: member.is_read,
            copies: copied.map(|(_, name)| name.clone()),
            adds,
            why: member.words.join(", "),
        }
    };
    members.into_iter().zip(additions).map(row).collect()
}
