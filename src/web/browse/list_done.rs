//! The notice above a list: what was just done to one article or to many, with its undo button.

use url::form_urlencoded;

use crate::library::operations::Operation;
use crate::library::topics::Topic;
use crate::library::{Library, articles, operations, topics};
use crate::web::browse::operation_words;
use crate::web::shell::action_notice::{self, ActionResult, Notice, UndoForm};
use crate::web::shell::list_url::ListUrl;

/// What was just done, as the URL says. Anyone can write it there; the notice is shown only if it is true.
#[derive(Debug, Default)]
pub(crate) struct ListDone {
    /// What was done to the article `of`, or why there is no next one.
    result: Option<ActionResult>,
    of: Option<i64>,
    /// What was done to many articles.
    operation: Option<i64>,
}

impl ListDone {
    pub fn parse(query: &str) -> Self {
        let mut done = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "done" => done.result = ActionResult::parse(&value),
                "of" => done.of = value.parse().ok(),
                "operation" => done.operation = value.parse().ok(),
                _ => {}
            }
        }
        done
    }

    pub async fn find_notice(&self, library: &Library, list: &ListUrl) -> sqlx::Result<Option<Notice>> {
        if let Some(id) = self.operation {
            let Some(operation) = operations::find(library, id).await? else { return Ok(None) };
            return Ok(Some(operation_notice(&operation, list, &topics::list_all(library).await?)));
        }
        let article = match self.of {
            Some(id) => articles::find(library, id).await?,
            None => None,
        };
        Ok(self
            .result
            .and_then(|result| action_notice::notice_elsewhere(article.as_ref(), result, Some(list.to_query()))))
    }
}

/// Returns the notice for what was done to many articles. Undoing it leads to the list.
pub(crate) fn operation_notice(operation: &Operation, list: &ListUrl, topics: &[Topic]) -> Notice {
    let undo = operation.can_undo().then(|| UndoForm {
        url: format!("/recent-changes/{}/undo", operation.id),
        field: ("list", list.to_query()),
        label: "Undo",
        list: None,
    });
    Notice { text: operation_words::report(operation, topics), undo, link: None }
}
