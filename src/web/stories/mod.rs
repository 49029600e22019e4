//! Stories: the page of one, splitting and joining by hand, and the choice of what reading one article means for the others.

pub mod additions;
pub mod changes;
pub mod choice;
pub mod page;

use crate::web::shell::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/story/{id}", page::show)
        .post("/story/{id}/read", changes::read)
        .post("/story/{id}/split", changes::split)
        .post("/story/{id}/join", changes::join)
        .post("/settings/stories", choice::save)
}
