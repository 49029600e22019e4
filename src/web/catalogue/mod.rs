//! The catalogue of editions for e-readers: OPDS 1.2, a profile of Atom that KOReader, Kobo's add-ons, Moon+ and others read.
//!
//! E-readers have no cookies, so the token of the catalogue is in its URL, or the password of HTTP Basic authentication. It is
//! made and revoked in the settings, opens nothing but these routes, and is written into no log.

mod access;
mod feeds;
mod token_form;

use axum::http::{HeaderName, HeaderValue, header};

use crate::web::shell::Routes;

/// The routes of the catalogue, which need its token.
pub fn catalogue_routes() -> Routes {
    Routes::new()
        .get("/opds", feeds::root)
        .get("/opds/editions", feeds::editions)
        .get("/opds/edition/{file}", feeds::file)
        .get("/opds/{token}", feeds::root)
        .get("/opds/{token}/editions", feeds::editions)
        .get("/opds/{token}/edition/{file}", feeds::file)
}

/// The routes by which readers make and revoke the token.
pub fn routes() -> Routes {
    Routes::new()
        .post("/settings/catalogue/create", token_form::create)
        .post("/settings/catalogue/revoke", token_form::revoke)
}

/// Headers of all answers: no search engine lists them, and no proxy keeps them.
const PRIVATE: [(HeaderName, HeaderValue); 2] = [
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
    (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
];
