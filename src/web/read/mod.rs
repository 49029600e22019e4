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
        .post("/article/{id}/mark", article_actions::mark)
        .post("/article/{id}/labels", topic_and_tags::save)
        .post("/article/{id}/extract", article::extract_again)
        .get("/article/{id}/differences", changes::show)
        .post("/article/{id}/undo", changes::undo)
        .post("/article/{id}/keep", page_notice::keep)
        .get("/picture/{hash}", image::show)
}
