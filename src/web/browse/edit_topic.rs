//! `/topic/{slug}/edit`: renames, hides or merges a topic, and deletes one that the reader made and that is empty.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::library::Library;
use crate::library::articles::changes::TopicEdit;
use crate::library::operations;
use crate::library::tags::truncate_for_display;
use crate::library::topics::{self, EditableTopic, Topic, UNSORTED};
use crate::web::browse::topic_view::topic_url;
use crate::web::browse::{bulk, operation_words};
use crate::web::shell::confirm_page::ConfirmPage;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "edit_topic.html")]
struct EditTopicPage {
    layout: Layout,
    topic: EditableTopic,
    /// The current name, or the one typed.
    name: String,
    problem: Option<String>,
    merge_problem: Option<String>,
    articles: String,
    /// Topics that it can be merged into.
    others: Vec<Topic>,
}

impl EditTopicPage {
    async fn load(library: &Library, layout: Layout, topic: EditableTopic) -> Result<Self> {
        let mut others = topics::list_shown(library).await?;
        others.retain(|other| other.slug != topic.slug);
        let (name, articles) = (topic.name.clone(), operation_words::count(topic.articles));
        Ok(Self { layout, topic, name, problem: None, merge_problem: None, articles, others })
    }

    /// Unsorted has what no other topic takes.
    fn can_merge(&self) -> bool {
        self.topic.slug != UNSORTED
    }

    fn reject(&self) -> Result<Response> {
        Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::shell::page(self)?).into_response())
    }
}

#[derive(Deserialize)]
pub(crate) struct NameForm {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
pub(crate) struct MergeForm {
    #[serde(default)]
    into: String,
    /// The reader knows what is merged.
    confirmed: Option<String>,
}

pub(crate) async fn show(reader: Reader, layout: Layout, Path(slug): Path<String>) -> Result<Html<String>> {
    let topic = find_editable(&reader.library, &slug).await?;
    crate::web::shell::page(&EditTopicPage::load(&reader.library, layout, topic).await?)
}

pub(crate) async fn rename(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(slug): Path<String>,
    Form(form): Form<NameForm>,
) -> Result<Response> {
    let library = &reader.library;
    let topic = find_editable(library, &slug).await?;
    let name = match topics::parse_name(&form.name) {
        Ok(name) => name,
        Err(reason) => {
            let problem = Some(format!("“{}” can’t be a topic: {reason}", truncate_for_display(&form.name)));
            let page = EditTopicPage { name: form.name, problem, ..EditTopicPage::load(library, layout, topic).await? };
            return page.reject();
        }
    };
    let mut others = topics::list_unmerged(library).await?;
    others.retain(|other| other.slug != topic.slug);
    match topics::find_by_name(&others, &name) {
        Some(_) if topic.slug == UNSORTED => {
            let problem = Some(format!("There is a topic “{name}” already. Choose another name."));
            let page = EditTopicPage { name: form.name, problem, ..EditTopicPage::load(library, layout, topic).await? };
            page.reject()
        }
        Some(other) => confirm_merge(layout, &topic, other),
        None => change(&app, library, &topic, TopicEdit::Rename { to: name }).await,
    }
}

pub(crate) async fn hide(State(app): State<App>, reader: Reader, Path(slug): Path<String>) -> Result<Response> {
    let topic = find_editable(&reader.library, &slug).await?;
    change(&app, &reader.library, &topic, TopicEdit::Hide).await
}

pub(crate) async fn show_again(State(app): State<App>, reader: Reader, Path(slug): Path<String>) -> Result<Response> {
    let topic = find_editable(&reader.library, &slug).await?;
    change(&app, &reader.library, &topic, TopicEdit::Show).await
}

pub(crate) async fn delete(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(slug): Path<String>,
) -> Result<Response> {
    let library = &reader.library;
    let topic = find_editable(library, &slug).await?;
    if !topic.is_custom {
        return Err(Error::NotFound);
    }
    if topic.is_unused {
        return change(&app, library, &topic, TopicEdit::Delete).await;
    }
    // An article has come since the page was shown.
    EditTopicPage::load(library, layout, topic).await?.reject()
}

pub(crate) async fn merge(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(slug): Path<String>,
    Form(form): Form<MergeForm>,
) -> Result<Response> {
    let library = &reader.library;
    let topic = find_editable(library, &slug).await?;
    let into = topics::find(library, &form.into).await?.filter(|into| into.slug != topic.slug);
    let Some(into) = into.filter(|_| topic.slug != UNSORTED) else {
        let merge_problem = Some("Choose the topic that takes its articles.".to_owned());
        return EditTopicPage { merge_problem, ..EditTopicPage::load(library, layout, topic).await? }.reject();
    };
    if form.confirmed.is_none() {
        return confirm_merge(layout, &topic, &into);
    }
    match operations::merge_topics(library, &topic.as_topic(), &into, app.now()).await? {
        Some(operation) => finish(&app, library, operation, &topic_url(&into.slug)).await,
        // Another window merged one of them.
        None => Err(Error::NotFound),
    }
}

fn confirm_merge(layout: Layout, topic: &EditableTopic, into: &Topic) -> Result<Response> {
    let page = ConfirmPage {
        layout,
        heading: format!("Merge “{}” into “{}”?", topic.name, into.name),
        text: format!(
            "{} in “{}” move to “{}”, and so do new ones that would have come here. You can undo this for 30 days.",
            operation_words::count(topic.articles),
            topic.name,
            into.name
        ),
        action: format!("{}/merge", topic_url(&topic.slug)),
        fields: vec![("into", into.slug.clone()), ("confirmed", "yes".to_owned())],
        button: "Merge topics".to_owned(),
        cancel_url: format!("{}/edit", topic_url(&topic.slug)),
    };
    Ok(page.show()?.into_response())
}

/// Changes the topic itself, and shows that with its undo button: on its page, or among all topics if it left the menus.
async fn change(app: &App, library: &Library, topic: &EditableTopic, what: TopicEdit) -> Result<Response> {
    let page = match what {
        TopicEdit::Hide | TopicEdit::Delete => "/topics".to_owned(),
        _ => topic_url(&topic.slug),
    };
    match operations::change_topic(library, &topic.as_topic(), what, app.now()).await? {
        Some(operation) => finish(app, library, operation, &page).await,
        None => Ok(Redirect::to(&page).into_response()),
    }
}

async fn finish(app: &App, library: &Library, operation: i64, page: &str) -> Result<Response> {
    bulk::run(app, library, operation).await?;
    Ok(Redirect::to(&format!("{page}?operation={operation}")).into_response())
}

async fn find_editable(library: &Library, slug: &str) -> Result<EditableTopic> {
    topics::find_editable(library, slug).await?.ok_or(Error::NotFound)
}
