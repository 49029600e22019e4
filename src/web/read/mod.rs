//! Reading one article, and what a reader does with it.

pub mod article;
pub mod article_actions;
pub mod changes;
pub mod image;
pub mod page_notice;
pub mod topic_and_tags;
pub mod topic_and_tags_form;
pub mod topic_suggestions;

use crate::web::shell::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/article/{id}", article::show)
        .get("/article/{id}/original", article::original)
        .post("/article/{id}/action", article_actions::mark)
        .post("/article/{id}/topic-and-tags", topic_and_tags::save)
        .post("/article/{id}/re-extract", article::extract_again)
        .get("/article/{id}/changes", changes::show)
        .post("/article/{id}/restore-version", changes::undo)
        .post("/article/{id}/dismiss-notice", page_notice::keep)
        .get("/image/{hash}", image::show)
}
