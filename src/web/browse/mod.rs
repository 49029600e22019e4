//! Finding articles: front page, lists with filters, topics, sources, tags, trash.

pub mod article_card;
pub mod edit_topic;
pub mod filters;
pub mod front_page;
pub mod index_pages;
pub mod list;
pub mod list_url;
pub mod trash;

use crate::web::shell::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/", front_page::show)
        .get("/articles", list::articles)
        .get("/topic/{slug}", list::topic)
        .get("/topic/{slug}/edit", edit_topic::show)
        .post("/topic/{slug}/edit", edit_topic::rename)
        .post("/topic/{slug}/delete", edit_topic::delete)
        .get("/source/{domain}", list::source)
        .get("/tag/{slug}", list::tag)
        .get("/topics", index_pages::topics)
        .get("/sources", index_pages::sources)
        .get("/tags", index_pages::tags)
        .get("/trash", trash::show)
}
