//! `/picture/{hash}`: our own copy of a publisher's picture. Foreign bytes, so they can do nothing when opened on their own,
//! and a name that is their hash, so they never change.

use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, stream};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use crate::library::image_files::{self, ImageHash};
use crate::library::images;
use crate::web::shell::headers::FOREIGN;
use crate::web::shell::{Error, Reader, Result};

const CACHING: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

/// Bytes read at once.
const PIECE: usize = 64 * 1024;

pub(crate) async fn show(reader: Reader, Path(name): Path<String>, headers: HeaderMap) -> Result<Response> {
    let hash = ImageHash::parse(&name).ok_or(Error::NotFound)?;
    let kept = images::find(&reader.library, &hash).await?.ok_or(Error::NotFound)?;
    // Weak, since an SVG may be sent compressed.
    let tag = format!("W/\"{name}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let is_known = known.is_some_and(|known| known.contains(&tag));
    let about = [
        (header::CACHE_CONTROL, CACHING),
        (header::CONTENT_SECURITY_POLICY, FOREIGN),
        (header::ETAG, HeaderValue::try_from(tag)?),
    ];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let file = match File::open(image_files::path(&reader.library, &hash)).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Error::NotFound),
        file => file?,
    };
    let length = HeaderValue::from(file.metadata().await?.len());
    let about_bytes =
        [(header::CONTENT_TYPE, HeaderValue::try_from(kept.media_type)?), (header::CONTENT_LENGTH, length)];
    Ok((about, about_bytes, Body::from_stream(pieces(file))).into_response())
}

fn pieces(file: File) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(file, async |mut file| {
        let mut piece = Vec::with_capacity(PIECE);
        let read = file.read_buf(&mut piece).await?;
        Ok((read > 0).then(|| (Bytes::from(piece), file)))
    })
}
