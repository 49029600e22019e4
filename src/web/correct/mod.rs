//! Correcting the extraction: blocks of a page, changed at once; rules, and their preview.

pub mod blocks;
pub mod change_block;
pub mod rule_draft;
pub mod rule_preview;
pub mod edit_rules;

use crate::web::shell::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/article/{id}/blocks", blocks::show)
        .post("/article/{id}/blocks", change_block::change)
        .post("/source/{domain}/rules", edit_rules::save)
        .get("/source/{domain}/rules/preview", edit_rules::preview)
        .post("/source/{domain}/rules/{rule}/delete", edit_rules::delete)
}
