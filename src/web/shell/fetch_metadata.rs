//! What browsers say about where a request began and what for (W3C Fetch Metadata). Pages cannot forge it. Browsers send
//! it over https and to this computer; over plain http to another one they do not.

use axum::http::{HeaderMap, HeaderValue, Method};

/// Where a request began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    /// Our own page.
    SameOrigin,
    /// The reader: the address bar, a bookmark.
    User,
    /// A page of another origin, or something new.
    Other,
    /// The browser does not say, or it is none.
    Unknown,
}

impl Site {
    /// Returns where a request began.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut values = headers.get_all("sec-fetch-site").iter();
        match (values.next().map(HeaderValue::as_bytes), values.next()) {
            (None, _) => Self::Unknown,
            (Some(b"same-origin"), None) => Self::SameOrigin,
            (Some(b"none"), None) => Self::User,
            (Some(_), _) => Self::Other,
        }
    }
}

/// Returns whether a request opens a page in a tab: not in a frame, as an image or by a script, and not only in case the
/// reader wants to see it.
pub(crate) fn is_navigation(method: &Method, headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|found| found == value);
    method == Method::GET
        && is("sec-fetch-mode", "navigate")
        && is("sec-fetch-dest", "document")
        && !headers.contains_key("sec-purpose")
}
