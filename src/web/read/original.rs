//! `/article/{id}/original`: leads on to the publisher's page, for the shortcut `v` in lists.
//!
//! Not a redirect: another site that frames one learns where it leads from its own Content-Security-Policy, and with that
//! which articles are here. A page of ours is not shown in frames, so it leads nowhere in them.

use askama::Template;
use axum::response::{IntoResponse as _, Redirect, Response};
use url::Url;

use crate::library::articles;
use crate::urls;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "original.html")]
struct OriginalPage {
    layout: Layout,
    url: String,
    label: String,
}

/// Without a URL, leads to the article.
pub(crate) async fn show(reader: Reader, layout: Layout, ArticleId(id): ArticleId) -> Result<Response> {
    let article = articles::find(&reader.library, id).await?.ok_or(Error::NotFound)?;
    let Some(url) = article.url.as_deref().and_then(http_url) else {
        return Ok(Redirect::to(&format!("/article/{id}")).into_response());
    };
    let label = label(&url).to_owned();
    Ok(crate::web::shell::page(&OriginalPage { layout, url, label })?.into_response())
}

/// Returns the URL as linked to, without tracking parameters; `None` unless it is http or https.
pub(super) fn http_url(url: &str) -> Option<String> {
    let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(urls::strip_tracking_and_fragment(&url).into())
}

/// Returns a URL without scheme and `www.`.
pub(super) fn label(url: &str) -> &str {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    url.strip_prefix("www.").unwrap_or(url).trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_urls_become_links() {
        assert!(http_url("https://example.org/a").is_some() && http_url("http://example.org/").is_some());
        assert!(http_url("javascript:alert(1)").is_none() && http_url("mailto:a@example.org").is_none());
    }

    #[test]
    fn a_label_is_what_people_call_the_page() {
        assert_eq!(label("https://www.harbour.example/7/"), "harbour.example/7");
    }
}
