//! `/image/{hash}`: sends a stored image. Its bytes are foreign, so it is sandboxed; its name is its hash, so it never
//! changes.

use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, stream};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use crate::library::image_files::{self, ImageHash};
use crate::library::images;
use crate::web::shell::headers::SANDBOX_POLICY;
use crate::web::shell::{Error, Reader, Result};

const CACHE_FOREVER: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

/// Bytes read at once.
const CHUNK_BYTES: usize = 64 * 1024;

pub(crate) async fn show(reader: Reader, Path(name): Path<String>, headers: HeaderMap) -> Result<Response> {
    let hash = ImageHash::parse(&name).ok_or(Error::NotFound)?;
    let image = images::find(&reader.library, &hash).await?.ok_or(Error::NotFound)?;
    // Weak, since an SVG may be compressed.
    let tag = format!("W/\"{name}\"");
    let if_none_match = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let is_cached = if_none_match.is_some_and(|tags| tags.contains(&tag));
    let cache_headers = [
        (header::CACHE_CONTROL, CACHE_FOREVER),
        (header::CONTENT_SECURITY_POLICY, SANDBOX_POLICY),
        (header::ETAG, HeaderValue::try_from(tag)?),
    ];
    if is_cached {
        return Ok((StatusCode::NOT_MODIFIED, cache_headers).into_response());
    }
    let file = match File::open(image_files::path(&reader.library, &hash)).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Error::NotFound),
        file => file?,
    };
    let length = HeaderValue::from(file.metadata().await?.len());
    let content_headers =
        [(header::CONTENT_TYPE, HeaderValue::try_from(image.media_type)?), (header::CONTENT_LENGTH, length)];
    Ok((cache_headers, content_headers, Body::from_stream(chunks(file))).into_response())
}

fn chunks(file: File) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(file, async |mut file| {
        let mut chunk = Vec::with_capacity(CHUNK_BYTES);
        let read = file.read_buf(&mut chunk).await?;
        Ok((read > 0).then(|| (Bytes::from(chunk), file)))
    })
}
