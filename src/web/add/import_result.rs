//! What became of the inputs: how many were queued, and which were rejected and why.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::ingest::intake::RejectedInput;
use crate::library::Library;
use crate::library::imports::{Accepted, PartlyAccepted};
use crate::storage::disk_full;
use crate::web::add::export_page::FileLine;
use crate::web::add::import_status;
use crate::web::shell::origin::Origin;
use crate::web::shell::{Layout, Result};

#[derive(Template)]
#[template(path = "import_rejected.html")]
struct RejectedPage {
    layout: Layout,
    summary: String,
    /// Other inputs were accepted.
    any_accepted: bool,
    rejected: Vec<RejectedInput>,
    /// Files of other services that came along.
    files: Vec<FileLine>,
}

pub(super) async fn respond(
    library: &Library,
    layout: Layout,
    accepted: &[Accepted],
    (rejected, repeated): (Vec<RejectedInput>, usize),
    files: Vec<FileLine>,
) -> Result<Response> {
    let (new, already_saved) = count_accepted(accepted);
    if !rejected.is_empty() {
        let summary = summarize_counts(new, already_saved, (rejected.len(), repeated));
        let page = RejectedPage { layout, summary, any_accepted: new > 0, rejected, files };
        return Ok(crate::web::shell::page(&page)?.into_response());
    }
    Ok(match accepted {
        [import] if files.is_empty() => {
            import_status::redirect_when_done(library, *import, &Origin::default()).await?.into_response()
        }
        _ => {
            let repeated = if repeated > 0 { format!("&repeated={repeated}") } else { String::new() };
            Redirect::to(&format!("/imports?accepted={new}&already={already_saved}{repeated}")).into_response()
        }
    })
}

/// Says how much of a long list was queued before the database failed.
pub(super) fn respond_partly(layout: Layout, partly: PartlyAccepted, files: Vec<FileLine>) -> Result<Response> {
    if partly.accepted.is_empty() {
        return Err(partly.into());
    }
    let (new, already_saved) = count_accepted(&partly.accepted);
    let name = format!("{} of {}", partly.total - partly.accepted.len(), partly.total);
    let (status, reason) = if disk_full::is_disk_full(&partly) {
        (StatusCode::INSUFFICIENT_STORAGE, "The disk is full. Free some space")
    } else {
        (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong in Broadsheet. See the server’s log")
    };
    let problem = format!("{reason}, then add all of them again; none is added twice.");
    let rejected = vec![RejectedInput { name, problem }];
    let summary = summarize_counts(new, already_saved, (partly.total - partly.accepted.len(), 0));
    let page = RejectedPage { layout, summary, any_accepted: new > 0, rejected, files };
    let mut response = crate::web::shell::page(&page)?.into_response();
    tracing::error!(error = format!("{:#}", anyhow::Error::from(partly)), "couldn't queue all imports");
    *response.status_mut() = status;
    Ok(response)
}

/// Returns how many are queued, and how many were saved already.
fn count_accepted(accepted: &[Accepted]) -> (usize, usize) {
    let already_saved = accepted.iter().filter(|accepted| matches!(accepted, Accepted::ArticleExists { .. })).count();
    (accepted.len() - already_saved, already_saved)
}

/// Returns the counts above zero: `12 queued, 1 already saved, 2 rejected, 3 repeated.`
pub(crate) fn summarize_counts(accepted: usize, already_saved: usize, (rejected, repeated): (usize, usize)) -> String {
    let counts =
        [(accepted, "queued"), (already_saved, "already saved"), (rejected, "rejected"), (repeated, "repeated")];
    let nonzero = counts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = nonzero.map(|(count, label)| format!("{count} {label}")).collect();
    if parts.is_empty() { "Nothing to add.".to_owned() } else { format!("{}.", parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_leaves_out_zero_counts() {
        assert_eq!(summarize_counts(12, 1, (2, 3)), "12 queued, 1 already saved, 2 rejected, 3 repeated.");
        assert_eq!(summarize_counts(0, 3, (0, 0)), "3 already saved.");
        assert_eq!(summarize_counts(0, 0, (0, 0)), "Nothing to add.");
    }
}
