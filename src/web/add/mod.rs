//! Adding articles from links, text and files, and following each import.

pub mod bookmarklet;
pub mod fetch_again;
mod export_page;
mod import_actions;
pub mod import_form;
mod import_result;
mod import_problems;
pub mod import_list;
pub mod import_status;
mod import_wait;
pub mod replace_text;
mod wait_until;

use crate::web::shell::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/import", import_form::show)
        .post_upload("/import", import_form::submit)
        .get("/bookmarklet", import_form::show_shared)
        .get("/import/{id}", import_status::show)
        .post("/import/{id}/retry", import_status::retry)
        .post("/import/{id}/dismiss", import_status::dismiss)
        .get("/import/file/{id}", export_page::show)
        .post("/import/file/{id}/start", export_page::start)
        .post("/import/file/{id}/delete", export_page::delete)
        .get("/imports", import_list::show)
        .post("/imports/retry", import_list::retry_all)
        .get("/imports/dismiss", import_list::confirm_dismiss)
        .post("/imports/dismiss", import_list::dismiss_all)
        .post("/import/{id}/stop", import_actions::stop)
        .post("/imports/stop", import_actions::stop_all)
        .post("/import/{id}/archived-copy", import_actions::fetch_archived_copy)
        .post("/article/{id}/fetch-again", fetch_again::submit)
}
