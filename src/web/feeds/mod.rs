//! Following sites: finding their feeds, the list of all feeds with how they are doing, and the settings of each.
//! The articles of a feed are a list, and so in `browse`.

mod feed_order;
mod feed_settings;
mod folder_paths;
mod folder_settings;
mod folders;
pub mod follow;
mod followed_feed;
mod found;
mod page_links;
mod feed_list;
mod keep_form;
mod limit_change;
mod lists;
mod refresh;
mod settings_form;
mod typed_link;
mod unfollow;

use crate::web::shell::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/feeds", feed_list::show)
        .get("/feeds/follow", follow::show)
        .get("/feeds/list", lists::show)
        .post_upload("/feeds/list", lists::take)
        .get("/feeds/feeds.opml", lists::download)
        .post("/feeds/find", follow::find)
        .post("/feeds/follow", follow::follow)
        .post("/feeds/links", page_links::choose)
        .post("/feeds/refresh", refresh::start)
        .post("/feeds/refresh/stop", refresh::stop)
        .get("/feeds/folders", folders::show)
        .post("/feeds/folders", folders::add)
        .post("/feeds/folders/{id}/rename", folders::rename)
        .post("/feeds/folders/{id}/delete", folders::delete)
        .get("/folder/{id}/settings", folder_settings::show)
        .post("/folder/{id}/settings", folder_settings::save)
        .get("/feed/{id}/settings", feed_settings::show)
        .post("/feed/{id}/settings", feed_settings::save)
        .post("/feed/{id}/links", page_links::choose_again)
        .post("/feed/{id}/links/save", page_links::save)
        .post("/feed/{id}/refresh", refresh::one)
        .get("/feed/{id}/unfollow", unfollow::confirm)
        .post("/feed/{id}/unfollow", unfollow::submit)
}
