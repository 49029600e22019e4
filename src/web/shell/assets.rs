//! Serves the files of `static/`, built into the program.
//!
//! Their URLs contain a hash of the content, so browsers can cache them for good.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::web::shell::error::{Error, Result};

#[derive(RustEmbed)]
#[folder = "static/"]
struct StaticFiles;

/// URL of every file, with the hash of its content.
static URLS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let url = |name: &str| Some(format!("/static/{name}?v={}", hash(&StaticFiles::get(name)?)));
    StaticFiles::iter().filter_map(|name| Some((name.to_string(), url(&name)?))).collect()
});

/// Returns the URL of a file in `static/`. For a missing file it is one that leads nowhere, which a test of the pages
/// finds.
#[must_use]
pub fn url(name: &str) -> &'static str {
    URLS.get(name).map_or("/static/missing", String::as_str)
}

pub(crate) async fn show(Path(name): Path<String>, query: RawQuery, headers: HeaderMap) -> Result<Response> {
    let file = StaticFiles::get(&name).ok_or(Error::NotFound)?;
    let hash = hash(&file);
    // Weak, since the response may be compressed.
    let tag = format!("W/\"{hash}\"");
    let if_none_match = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let is_named_by_hash = query.0.is_some_and(|query| query.strip_prefix("v=") == Some(&hash));
    // Fonts have their version in the name, since the stylesheet cannot contain their hash.
    let caching = if is_named_by_hash || name.ends_with(".woff2") {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    let cache_headers = [(header::CACHE_CONTROL, caching.to_owned()), (header::ETAG, tag.clone())];
    if if_none_match.is_some_and(|tags| tags.contains(&tag)) {
        return Ok((StatusCode::NOT_MODIFIED, cache_headers).into_response());
    }
    Ok((cache_headers, [(header::CONTENT_TYPE, media_type(&name))], file.data).into_response())
}

/// Serves the web app manifest, by which browsers install the app.
pub(crate) async fn manifest(headers: HeaderMap) -> Result<Response> {
    show(Path("manifest.webmanifest".to_owned()), RawQuery(None), headers).await
}

/// Serves browsers that ignore the page's own icon link.
pub(crate) async fn favicon() -> Redirect {
    Redirect::permanent(url("icons/icon-192.png"))
}

/// Returns enough of the SHA-256 to tell versions of a file apart.
fn hash(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("webmanifest") => "application/manifest+json",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_with_the_hash_of_its_content() {
        let url = url("app.css");
        assert!(url.starts_with("/static/app.css?v=") && url.len() == 18 + 16, "{url}");
        assert_eq!(super::url("no-such-file.css"), "/static/missing");
    }

    #[test]
    fn every_file_has_a_known_type() {
        for name in StaticFiles::iter() {
            assert_ne!(media_type(&name), "application/octet-stream", "{name}");
        }
    }
}
