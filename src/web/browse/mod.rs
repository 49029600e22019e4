//! Finding articles: lists with filters, topics, sources, tags, trash; changing many at once.

pub mod article_card;
pub mod bulk;
mod bulk_form;
pub mod edit_source;
pub mod edit_tag;
pub mod edit_topic;
mod feed_head;
mod feed_page;
mod folder_head;
mod folder_page;
pub mod feed_words;
pub mod filters;
pub mod index_pages;
pub mod lane_switch;
pub mod list;
pub mod list_done;
mod list_heads;
pub mod list_sort;
mod list_stories;
pub mod limit_words;
mod list_words;
pub mod operation_words;
pub mod outage;
mod query_problem;
mod reason_words;
mod search_help;
pub mod topic_sections;
mod topic_view;
mod topic_words;
mod week_chart;
pub mod topic_arrangement;
pub mod topics_page;
pub mod recent_changes;
pub mod source_form;
pub mod topic_filing;
pub mod tidy_tags;
pub mod trash;

use crate::web::shell::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/articles", list::articles)
        .post("/articles/change", bulk::change)
        .post("/articles/sort", list_sort::choose)
        .post("/articles/lane", lane_switch::choose)
        .get("/recent-changes", recent_changes::show)
        .post("/recent-changes/{id}/undo", recent_changes::undo)
        .get("/topic/{slug}", list::topic)
        .get("/topic/{slug}/edit", edit_topic::show)
        .post("/topic/{slug}/edit", edit_topic::rename)
        .post("/topic/{slug}/hide", edit_topic::hide)
        .post("/topic/{slug}/show", edit_topic::show_again)
        .post("/topic/{slug}/merge", edit_topic::merge)
        .post("/topic/{slug}/delete", edit_topic::delete)
        .get("/topic/{slug}/filing", topic_filing::show)
        .post("/topic/{slug}/filing/delete-rule", topic_filing::delete_rule)
        .post("/topic/{slug}/arrange", topic_arrangement::arrange)
        .get("/source/{domain}", list::source)
        .get("/source/{domain}/edit", edit_source::show)
        .post("/source/{domain}/edit", edit_source::edit)
        .post("/source/{domain}/merge", edit_source::merge)
        .post("/source/{domain}/split", edit_source::split)
        .get("/feed/{id}", feed_page::show)
        .get("/folder/{id}", folder_page::show)
        .get("/tag/{slug}", list::tag)
        .get("/tag/{slug}/edit", edit_tag::show)
        .post("/tag/{slug}/edit", edit_tag::rename)
        .post("/tag/{slug}/names", edit_tag::set_aliases)
        .post("/tag/{slug}/delete", edit_tag::delete)
        .get("/topics", topics_page::show)
        .post("/topics/sections", topic_sections::change)
        .get("/topics/{number}", topic_arrangement::go_to)
        .get("/sources", index_pages::sources)
        .get("/tags", index_pages::tags)
        .get("/tags/tidy", tidy_tags::show)
        .post("/tags/tidy/merge", tidy_tags::merge)
        .post("/tags/tidy/delete", tidy_tags::delete)
        .post("/tags/tidy/suggest", tidy_tags::suggest_again)
        .get("/search/help", search_help::show)
        .get("/trash", trash::show)
        .get("/trash/empty", trash::confirm_empty)
        .post("/trash/empty", trash::empty)
        .get("/trash/{id}/delete", trash::confirm_delete)
        .post("/trash/{id}/delete", trash::delete)
}
