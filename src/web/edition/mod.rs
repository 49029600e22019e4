//! The newspaper: the front page, which is the edition of today, past editions, and their list.

pub mod book;
pub mod days;
mod edition_page;
mod edition_list;
mod front_page;
mod read_edition;
pub mod send_book;
mod story_card;
mod view;

use crate::web::shell::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/", front_page::show)
        .get("/editions", edition_list::show)
        .get("/edition/{day}", edition_page::show)
        .post("/edition/read", read_edition::mark_read)
}
