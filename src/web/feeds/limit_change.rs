//! What a change of limits, folders or feeds would remove today: the question before it, and what follows.

use axum::response::{IntoResponse as _, Response};

use crate::app::App;
use crate::library::Library;
use crate::library::feeds::limits::Limits;
use crate::library::operations;
use crate::web::browse::{bulk, operation_words};
use crate::web::shell::confirm_page::ConfirmPage;
use crate::web::shell::{Layout, Result};

/// A change that may put articles over their limit.
pub(super) struct LimitChange {
    /// What would hold then.
    pub limits: Limits,
    /// The feeds whose articles may go.
    pub feeds: Vec<i64>,
    /// Names the feed or folder.
    pub name: String,
}

/// The form that is sent again once the reader has said yes.
pub(super) struct SentForm {
    pub url: String,
    pub fields: Vec<(&'static str, String)>,
    pub cancel_url: String,
}

impl LimitChange {
    /// Asks before articles go, and says how many; `None` if none would go today.
    ///
    /// # Errors
    /// The database fails.
    pub async fn ask(&self, app: &App, library: &Library, layout: Layout, form: SentForm) -> Result<Option<Response>> {
        let over = self.limits.list_over(library, Some(&self.feeds), app.now(), i64::MAX).await?;
        if over.is_empty() {
            return Ok(None);
        }
        let articles = operation_words::count(i64::try_from(over.len())?);
        let page = ConfirmPage {
            layout,
            heading: format!("Move {articles} to the trash?"),
            text: format!(
                "With this change, {articles} of “{}” would be over the limit today. What you kept, starred, tagged, archived, \
                 edited or moved to a topic stays. You can undo this for 30 days.",
                self.name
            ),
            action: form.url,
            fields: form.fields,
            button: format!("Save and move {articles} to the trash"),
            cancel_url: form.cancel_url,
        };
        Ok(Some(page.show()?.into_response()))
    }

    /// Moves what is over the limits to the trash, once the change is saved. Returns what the URL of the next page says of that.
    ///
    /// # Errors
    /// The database fails.
    pub async fn follow_up(&self, app: &App, library: &Library) -> Result<Option<String>> {
        let Some(operation) = operations::limit_feeds(library, &self.feeds, &self.name, app.now()).await? else {
            return Ok(None);
        };
        bulk::run(app, library, operation).await?;
        Ok(Some(format!("operation={operation}")))
    }
}
