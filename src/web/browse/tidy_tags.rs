//! `/tags/tidy`: tags that may mean the same, to merge in one step; rare ones, to delete many at once; and names that are
//! never suggested. Merging and deleting can be undone.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use tokio::task::spawn_blocking;
use url::form_urlencoded;

use crate::app::App;
use crate::library::tags::similar::{self, AllTags, ComparedTag};
use crate::library::tags::suggestions::{self, NeverSuggested};
use crate::library::tags::{self, Tag, TagSummary};
use crate::library::{Library, operations};
use crate::web::browse::{bulk, operation_words};
use crate::web::shell::action_notice::{Notice, UndoForm};
use crate::web::shell::dates::format_number;
use crate::web::shell::origin::add_parameters;
use crate::web::shell::{Layout, Reader, Result};

/// Where this page is.
const PATH: &str = "/tags/tidy";

/// Groups of tags per page.
const GROUPS_PER_PAGE: usize = 30;

/// Rare tags per page.
const RARE_PER_PAGE: usize = 200;

/// Articles of a rare tag at most.
const MOST_ARTICLES: i64 = 2;

/// Names that are listed as never suggested.
const MAX_NEVER_SUGGESTED: i64 = 500;

#[derive(Template)]
#[template(path = "tidy_tags.html")]
struct TidyTagsPage {
    layout: Layout,
    notice: Option<Notice>,
    /// What is wrong with a form: the slug of a tag in it, or nothing for the rare ones, and a sentence.
    problem: Option<(Option<String>, String)>,
    groups: Vec<Group>,
    /// How many groups there are on all pages.
    group_count: String,
    more_groups_url: Option<String>,
    rare: Vec<Row>,
    /// The slugs of the rare tags shown.
    rare_slugs: String,
    more_rare_url: Option<String>,
    is_first: bool,
    never_suggested: Vec<NeverSuggested>,
}

/// Tags that may mean the same.
struct Group {
    /// Their names.
    legend: String,
    rows: Vec<Row>,
}

struct Row {
    slug: String,
    name: String,
    articles: String,
}

/// Position in the lists, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct TidyQuery {
    /// Page of the groups, from 1.
    groups: Option<usize>,
    /// Position in the rare tags: `2-ferry` is after the tag with two articles and that slug.
    after: Option<String>,
    operation: Option<i64>,
    /// Slugs of tags that were kept apart.
    apart: Option<String>,
}

pub(crate) async fn show(reader: Reader, layout: Layout, Query(query): Query<TidyQuery>) -> Result<Html<String>> {
    crate::web::shell::page(&TidyTagsPage::load(&reader.library, layout, &query).await?)
}

impl TidyTagsPage {
    async fn load(library: &Library, layout: Layout, query: &TidyQuery) -> Result<Self> {
        let all = similar::load(library).await?;
        let page = query.groups.unwrap_or(1).max(1);
        // Thousands of tags take some milliseconds, in which requests would wait.
        let find = move || {
            let found = similar::find_groups(&all);
            let shown = found.iter().skip((page - 1).saturating_mul(GROUPS_PER_PAGE)).take(GROUPS_PER_PAGE);
            let (groups, count) = (shown.map(|group| Group::new(group)).collect(), found.len());
            (all, groups, count)
        };
        let (all, groups, group_count): (AllTags, Vec<Group>, usize) = spawn_blocking(find).await?;
        let has_more = group_count > page.saturating_mul(GROUPS_PER_PAGE);
        let limit = i64::try_from(RARE_PER_PAGE + 1).unwrap_or(i64::MAX);
        let mut rare = similar::list_rare(library, MOST_ARTICLES, query.position(), limit).await?;
        let has_more_rare = rare.len() > RARE_PER_PAGE;
        rare.truncate(RARE_PER_PAGE);
        let last = rare.last().filter(|_| has_more_rare);
        Ok(Self {
            notice: query.find_notice(library, &all).await?,
            problem: None,
            groups,
            group_count: format_number(i64::try_from(group_count).unwrap_or(i64::MAX)),
            more_groups_url: has_more.then(|| format!("{PATH}?groups={}", page + 1)),
            more_rare_url: last
                .map(|last| add_parameters(PATH, &[("after", &format!("{}-{}", last.articles, last.slug))])),
            rare_slugs: rare.iter().map(|tag| tag.slug.as_str()).collect::<Vec<_>>().join(","),
            rare: rare.into_iter().map(Row::from).collect(),
            is_first: query.after.is_none() && page == 1,
            never_suggested: suggestions::list_never_suggested(library, MAX_NEVER_SUGGESTED).await?,
            layout,
        })
    }

    /// Returns what is wrong with the form of a group.
    fn problem_of(&self, group: &Group) -> Option<&str> {
        let (slug, problem) = self.problem.as_ref()?;
        let slug = slug.as_ref()?;
        group.rows.iter().any(|row| row.slug == *slug).then_some(problem)
    }

    fn problem_of_rare(&self) -> Option<&str> {
        self.problem.as_ref().filter(|(slug, _)| slug.is_none()).map(|(_, problem)| problem.as_str())
    }
}

impl Group {
    fn new(tags: &[&ComparedTag]) -> Self {
        let rows: Vec<Row> = tags.iter().map(|tag| Row::new(&tag.slug, &tag.name, tag.articles)).collect();
        Self { legend: rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join(", "), rows }
    }
}

impl Row {
    fn new(slug: &str, name: &str, articles: i64) -> Self {
        Self { slug: slug.to_owned(), name: name.to_owned(), articles: operation_words::count(articles) }
    }
}

impl From<TagSummary> for Row {
    fn from(tag: TagSummary) -> Self {
        Self::new(&tag.slug, &tag.name, tag.articles)
    }
}

impl TidyQuery {
    fn position(&self) -> (i64, &str) {
        let position = self.after.as_deref().and_then(|after| after.split_once('-'));
        position.and_then(|(articles, slug)| Some((articles.parse().ok()?, slug))).unwrap_or((0, ""))
    }

    async fn find_notice(&self, library: &Library, all: &AllTags) -> sqlx::Result<Option<Notice>> {
        if let Some(slugs) = self.apart.as_ref().filter(|slugs| all.keeps_apart(&split(slugs, MAX_APART))) {
            let undo = UndoForm {
                url: format!("{PATH}/merge"),
                field: ("undo_apart", slugs.clone()),
                label: "Undo",
                list: None,
            };
            let text = "These tags stay apart, and aren’t shown here again.".to_owned();
            return Ok(Some(Notice { text, undo: Some(undo), link: None }));
        }
        let Some(id) = self.operation else { return Ok(None) };
        let found = operations::find(library, id).await?;
        Ok(found.map(|operation| Notice {
            text: operation_words::report(&operation, &[]),
            undo: operation.can_undo().then(|| UndoForm {
                url: format!("/recent-changes/{id}/undo"),
                field: ("page", PATH.to_owned()),
                label: "Undo",
                list: None,
            }),
            link: None,
        }))
    }
}

/// Merges the ticked tags of a group into the one whose name stays, or keeps them apart.
pub(crate) async fn merge(State(app): State<App>, reader: Reader, layout: Layout, body: Bytes) -> Result<Response> {
    let library = &reader.library;
    let form = TidyForm::parse(&body);
    if let Some(apart) = &form.undo_apart {
        similar::delete_distinct(library, &split(apart, MAX_APART)).await?;
        return Ok(Redirect::to(PATH).into_response());
    }
    let ticked = find_tags(library, &form.tags).await?;
    if form.action == "apart" && ticked.len() > MAX_APART {
        let problem = format!("You can keep up to {MAX_APART} tags apart at once. Tick fewer.");
        return reject(library, layout, (form.keep.or_else(|| form.tags.first().cloned()), problem)).await;
    }
    if form.action == "apart" && ticked.len() > 1 {
        let slugs: Vec<String> = ticked.into_iter().map(|tag| tag.slug).collect();
        similar::keep_apart(library, &slugs).await?;
        return Ok(Redirect::to(&add_parameters(PATH, &[("apart", &slugs.join(","))])).into_response());
    }
    let into = find_tags(library, form.keep.as_slice()).await?.pop();
    let from: Vec<Tag> = ticked.into_iter().filter(|tag| Some(tag.id) != into.as_ref().map(|into| into.id)).collect();
    match into {
        Some(into) if !from.is_empty() => match operations::merge_tags(library, &from, &into, app.now()).await? {
            Ok(operation) => finish(&app, library, operation).await,
            Err(count) => {
                let problem = operation_words::refuse_names(&into.name, count);
                reject(library, layout, (form.keep, problem)).await
            }
        },
        _ => {
            let problem = "Tick at least two tags, and choose the name that stays.".to_owned();
            reject(library, layout, (form.keep, problem)).await
        }
    }
}

/// Deletes the ticked rare tags, or all of the page.
pub(crate) async fn delete(State(app): State<App>, reader: Reader, layout: Layout, body: Bytes) -> Result<Response> {
    let library = &reader.library;
    let form = TidyForm::parse(&body);
    let slugs = if form.action == "page" { split(&form.page, MAX_TAGS) } else { form.tags };
    let tags = find_tags(library, &slugs).await?;
    if tags.is_empty() {
        return reject(library, layout, (None, "Tick at least one tag.".to_owned())).await;
    }
    let operation = operations::delete_tags(library, &tags, app.now()).await?;
    finish(&app, library, operation).await
}

/// The name that may be suggested again.
#[derive(Debug, Deserialize)]
pub(crate) struct SuggestForm {
    name: String,
}

pub(crate) async fn suggest_again(reader: Reader, axum::Form(form): axum::Form<SuggestForm>) -> Result<Redirect> {
    suggestions::allow(&reader.library, &form.name).await?;
    Ok(Redirect::to(&format!("{PATH}#never-suggested")))
}

async fn find_tags(library: &Library, slugs: &[String]) -> sqlx::Result<Vec<Tag>> {
    let mut found: Vec<Tag> = Vec::new();
    for slug in slugs {
        // Only by its own name: another name may be that of a tag that was merged meanwhile.
        let tag = tags::find(library, slug).await?.filter(|tag| tag.slug == *slug);
        found.extend(tag.filter(|tag| found.iter().all(|other| other.id != tag.id)));
    }
    Ok(found)
}

async fn reject(library: &Library, layout: Layout, problem: (Option<String>, String)) -> Result<Response> {
    let layout = Layout { current_url: PATH.to_owned(), ..layout };
    let page = TidyTagsPage::load(library, layout, &TidyQuery::default()).await?;
    let page = TidyTagsPage { problem: Some(problem), ..page };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(&page)?).into_response())
}

async fn finish(app: &App, library: &Library, operation: i64) -> Result<Response> {
    bulk::run(app, library, operation).await?;
    Ok(Redirect::to(&format!("{PATH}?operation={operation}")).into_response())
}

fn split(slugs: &str, most: usize) -> Vec<String> {
    slugs.split(',').filter(|slug| !slug.is_empty()).take(most).map(str::to_owned).collect()
}

/// Tags that one form can name.
const MAX_TAGS: usize = 500;

/// Tags that are kept apart at once: each pair of them is remembered.
const MAX_APART: usize = 20;

/// A form of this page as it was sent.
#[derive(Debug, Default)]
struct TidyForm {
    /// Slugs of the ticked tags.
    tags: Vec<String>,
    /// Slug of the tag whose name stays.
    keep: Option<String>,
    action: String,
    /// Slugs of all tags of the page.
    page: String,
    undo_apart: Option<String>,
}

impl TidyForm {
    /// Parses the body of a request. Unknown fields are ignored.
    fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            let value = value.into_owned();
            match &*name {
                "tag" if form.tags.len() < MAX_TAGS => form.tags.push(value),
                "keep" => form.keep = Some(value),
                "action" => form.action = value,
                "page" => form.page = value,
                "undo_apart" => form.undo_apart = Some(value),
                _ => {}
            }
        }
        form
    }
}
