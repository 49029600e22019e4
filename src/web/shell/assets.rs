//! Our own files in `static/`, built into the program.
//!
//! Pages name them with a hash of their content, so a browser keeps them for good and still sees every change.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::web::shell::error::{Error, Result};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// Every file's address, with the hash of its content.
static ADDRESSES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let address = |name: &str| Some(format!("/static/{name}?v={}", hash(&Static::get(name)?)));
    Static::iter().filter_map(|name| Some((name.to_string(), address(&name)?))).collect()
});

/// The address of a file in `static/`; one where nothing is for a file that is missing, which a test of the pages finds.
#[must_use]
pub fn address(name: &str) -> &'static str {
    ADDRESSES.get(name).map_or("/static/missing", String::as_str)
}

pub(crate) async fn show(Path(name): Path<String>, query: RawQuery, headers: HeaderMap) -> Result<Response> {
    let file = Static::get(&name).ok_or(Error::NotFound)?;
    let hash = hash(&file);
    // Weak, since the bytes sent may be compressed.
    let tag = format!("W/\"{hash}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let is_named_by_hash = query.0.is_some_and(|query| query.strip_prefix("v=") == Some(&hash));
    // Fonts carry their version in their name, and the stylesheet that names them cannot know a hash.
    let caching = if is_named_by_hash || name.ends_with(".woff2") {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    let about = [(header::CACHE_CONTROL, caching.to_owned()), (header::ETAG, tag.clone())];
    if known.is_some_and(|known| known.contains(&tag)) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, [(header::CONTENT_TYPE, media_type(&name))], file.data).into_response())
}

/// What browsers and telephones ask for to install us; at the root, since that is where they look.
pub(crate) async fn manifest(headers: HeaderMap) -> Result<Response> {
    show(Path("manifest.webmanifest".to_owned()), RawQuery(None), headers).await
}

/// Asked for by what does not read the page's own link to an icon.
pub(crate) async fn favicon() -> Redirect {
    Redirect::permanent(address("icons/icon-192.png"))
}

/// Enough of the SHA-256 to tell versions of a file apart.
fn hash(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
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
        let address = address("app.css");
        assert!(address.starts_with("/static/app.css?v=") && address.len() == 18 + 16, "{address}");
        assert_eq!(super::address("no-such-file.css"), "/static/missing");
    }

    #[test]
    fn every_file_has_a_known_type() {
        for name in Static::iter() {
            assert_ne!(media_type(&name), "application/octet-stream", "{name}");
        }
    }
}
