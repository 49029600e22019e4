//! `POST /articles/change`: changes many articles of a list at once, which can be undone as one.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::app::App;
use crate::library::Library;
use crate::library::articles::changes::BulkAction;
use crate::library::articles::lists;
use crate::library::operations::{self, Progress};
use crate::library::topics::Topic;
use crate::web::browse::bulk_form::{BulkForm, Scope};
use crate::web::browse::filters::{self, ActiveFilters};
use crate::web::browse::list;
use crate::web::browse::operation_words;
use crate::web::shell::confirm_page::ConfirmPage;
use crate::web::shell::origin::add_parameters;
use crate::web::shell::{Layout, Reader, Result};

/// Batches done at once; the rest follows in the background.
const BATCHES_AT_ONCE: usize = 10;

/// More articles than this are changed only after a confirmation that says how many they are.
pub(crate) const MAX_UNCONFIRMED: usize = 1000;

pub(crate) async fn change(State(app): State<App>, reader: Reader, layout: Layout, body: Bytes) -> Result<Response> {
    let library = &reader.library;
    let mut form = BulkForm::parse(&body);
    let clock = crate::web::shell::local_clock(&app);
    let filters = filters::resolve(library, form.list_url(), &clock, app.search_time).await?;
    let (_, topics) = lists::find_form_context(library).await?;
    let articles = find_articles(library, &form, &filters).await?;
    let action = match form.parse_action(&topics) {
        Ok(_) if articles.is_empty() && form.scope == Scope::Selected => Err("Select at least one article.".to_owned()),
        action => action,
    };
    match action {
        Err(problem) => {
            form.problem = Some(problem);
            let page = list::show_with_form(&app, &reader, layout, &filters, form).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Ok(action) if articles.len() > MAX_UNCONFIRMED && !form.is_confirmed => {
            confirm(layout, form, &filters, (&action, articles.len(), &topics))
        }
        Ok(action) => {
            let place = (form.scope == Scope::All).then(|| list::name(&filters));
            let id = operations::start(library, &action, place.as_deref(), &articles, app.now()).await?;
            run(&app, library, id).await?;
            Ok(Redirect::to(&add_parameters(&filters.url.to_string(), &[("operation", &id.to_string())]))
                .into_response())
        }
    }
}

async fn find_articles(library: &Library, form: &BulkForm, filters: &ActiveFilters) -> sqlx::Result<Vec<i64>> {
    match form.scope {
        Scope::Selected => Ok(form.selected_ids()),
        Scope::Page => Ok(form.page.clone()),
        // A list without the filter that was meant would be another list.
        Scope::All if !filters.problems.is_empty() => Ok(Vec::new()),
        Scope::All => lists::list_ids(library, &filters.filter, form.seen_up_to).await,
    }
}

/// Asks before a large operation, and says how large it is.
fn confirm(
    layout: Layout,
    form: BulkForm,
    filters: &ActiveFilters,
    (action, articles, topics): (&BulkAction, usize, &[Topic]),
) -> Result<Response> {
    let what = operation_words::announce(action, i64::try_from(articles)?, topics);
    let page = ConfirmPage {
        layout,
        heading: format!("{what}?"),
        text: format!("These are all articles of the list “{}”. You can undo this for 30 days.", list::name(filters)),
        action: "/articles/change".to_owned(),
        fields: vec![
            ("list", form.list),
            ("scope", form.scope.as_str().to_owned()),
            ("seen_up_to", form.seen_up_to.to_string()),
            ("tags", form.tags),
            ("topic", form.topic),
            ("action", form.action),
            ("confirmed", "yes".to_owned()),
        ],
        button: what,
        cancel_url: filters.url.to_string(),
    };
    Ok(page.show()?.into_response())
}

/// Does the first batches of an operation, or of its undo, and leaves the rest to the background.
///
/// # Errors
/// The database fails; the rest is still to be done then.
pub(crate) async fn run(app: &App, library: &Library, operation: i64) -> sqlx::Result<()> {
    for _ in 0..BATCHES_AT_ONCE {
        if operations::run_batch(library, operation, app.now()).await? == Progress::Finished {
            // Sources that were merged or split are read again by their rules.
            app.wakeups.rules.notify_one();
            // So is a feed that comes back.
            app.wakeups.feeds.notify_one();
            app.wakeups.stories.notify_one();
            return Ok(());
        }
    }
    app.wakeups.operations.notify_one();
    Ok(())
}
