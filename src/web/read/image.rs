//! `/image/{hash}`: sends a stored image. Its bytes are foreign, so it is sandboxed; its name is its hash, so it never
//! changes. `/image/{hash}/small`: sends a small copy, for lists.

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, stream};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use crate::app::App;
use crate::library::Library;
use crate::library::image_files::{self, ImageHash};
use crate::library::images::{self, StoredImage};
use crate::library::thumbnails::Thumbnail;
use crate::web::shell::headers::SANDBOX_POLICY;
use crate::web::shell::{Error, Reader, Result};

const CACHE_FOREVER: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

/// Bytes read at once.
const CHUNK_BYTES: usize = 64 * 1024;

pub(crate) async fn show(reader: Reader, Path(name): Path<String>, headers: HeaderMap) -> Result<Response> {
    let (hash, image) = find(&reader, &name).await?;
    let caching = Caching::new(&name, &headers)?;
    if caching.is_cached {
        return Ok((StatusCode::NOT_MODIFIED, caching.headers).into_response());
    }
    send_original(&reader.library, &hash, image, caching.headers).await
}

/// Sends the small copy for lists, or the original where that is better.
pub(crate) async fn show_small(
    State(app): State<App>,
    reader: Reader,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let (hash, image) = find(&reader, &name).await?;
    let mut caching = Caching::new(&format!("{name}-small"), &headers)?;
    if caching.is_cached {
        return Ok((StatusCode::NOT_MODIFIED, caching.headers).into_response());
    }
    if !image_files::path(&reader.library, &hash).exists() {
        return Err(Error::NotFound);
    }
    match app.thumbnails.find_or_make(&reader.library, &hash, image.size).await? {
        Thumbnail::Small(media_type, bytes) => {
            Ok((caching.headers, [(header::CONTENT_TYPE, media_type)], bytes).into_response())
        }
        Thumbnail::Original => send_original(&reader.library, &hash, image, caching.headers).await,
        Thumbnail::OriginalForNow => {
            caching.headers[0].1 = HeaderValue::from_static("no-store");
            send_original(&reader.library, &hash, image, caching.headers).await
        }
    }
}

async fn find(reader: &Reader, name: &str) -> Result<(ImageHash, StoredImage)> {
    let hash = ImageHash::parse(name).ok_or(Error::NotFound)?;
    let image = images::find(&reader.library, &hash).await?.ok_or(Error::NotFound)?;
    Ok((hash, image))
}

/// The headers that all answers have, and whether the browser has the image.
struct Caching {
    headers: [(HeaderName, HeaderValue); 3],
    is_cached: bool,
}

impl Caching {
    fn new(name: &str, headers: &HeaderMap) -> anyhow::Result<Self> {
        // Weak, since an SVG may be compressed.
        let tag = format!("W/\"{name}\"");
        let if_none_match = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        let is_cached = if_none_match.is_some_and(|tags| tags.contains(&tag));
        let headers = [
            (header::CACHE_CONTROL, CACHE_FOREVER),
            (header::CONTENT_SECURITY_POLICY, SANDBOX_POLICY),
            (header::ETAG, HeaderValue::try_from(tag)?),
        ];
        Ok(Self { headers, is_cached })
    }
}

async fn send_original(
    library: &Library,
    hash: &ImageHash,
    image: StoredImage,
    headers: [(HeaderName, HeaderValue); 3],
) -> Result<Response> {
    let file = match File::open(image_files::path(library, hash)).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Error::NotFound),
        file => file?,
    };
    let length = HeaderValue::from(file.metadata().await?.len());
    let content_headers =
        [(header::CONTENT_TYPE, HeaderValue::try_from(image.media_type)?), (header::CONTENT_LENGTH, length)];
    Ok((headers, content_headers, Body::from_stream(chunks(file))).into_response())
}

fn chunks(file: File) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(file, async |mut file| {
        let mut chunk = Vec::with_capacity(CHUNK_BYTES);
        let read = file.read_buf(&mut chunk).await?;
        Ok((read > 0).then(|| (Bytes::from(chunk), file)))
    })
}
