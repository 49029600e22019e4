//! Reading an article, and what a reader does with it.

pub mod article;
pub mod article_actions;
pub mod changes;
pub mod details;
pub mod details_form;
mod facts;
mod follower;
pub mod image;
pub mod keywords;
pub mod languages;
pub mod original;
pub mod page_notice;
pub mod recordings;
pub mod removed_texts;
pub mod suggested_tags;
pub mod text_changes;
mod text_history;
pub mod topic_and_tags;
pub mod topic_and_tags_form;
pub mod topic_reason;
pub mod topic_suggestions;
pub mod versions;
mod word_changes;

use crate::web::shell::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/article/{id}", article::show)
        .get("/article/{id}/original", original::show)
        .post("/article/{id}/action", article_actions::apply)
        .get("/article/{id}/next", article_actions::next)
        .post("/article/{id}/topic-and-tags", topic_and_tags::save)
        .post("/article/{id}/topic-rule", topic_reason::save_rule)
        .post("/article/{id}/details", details::save)
        .post("/article/{id}/details/original", details::go_back)
        .post("/article/{id}/suggested-tags", suggested_tags::answer)
        .post("/article/{id}/keywords", keywords::take)
        .post("/source/{domain}/keywords", keywords::take_all)
        .post("/article/{id}/re-extract", article::re_extract)
        .get("/article/{id}/changes", changes::show)
        .get("/article/{id}/versions", versions::show)
        .post("/article/{id}/seen", versions::mark_seen)
        .post("/article/{id}/restore-version", changes::restore_version)
        .post("/article/{id}/dismiss-notice", page_notice::dismiss)
        .get("/article/{id}/recording/{recording}", recordings::play)
        .get("/image/{hash}", image::show)
        .get("/image/{hash}/small", image::show_small)
}
