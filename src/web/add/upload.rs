//! Reads forms with files, to the end even if too large: browsers read the response only after sending everything, and
//! would otherwise show a connection error instead of our message.

use axum::body::{Body, Bytes};
use axum::extract::multipart::Field;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header;
use futures_util::StreamExt as _;
use url::form_urlencoded;

use crate::ingest::intake::UploadedFile;

/// Bytes accepted in one upload.
pub(crate) const MAX_BYTES: usize = 32 * 1024 * 1024;

/// Bytes read before closing the connection.
const MAX_BYTES_READ: usize = 16 * MAX_BYTES;

/// A form as sent.
#[derive(Debug, Default)]
pub(crate) struct Upload {
    /// Names and values in order.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) files: Vec<UploadedFile>,
    /// More than [`MAX_BYTES`] were sent. The first fields are here, the files are not.
    pub(crate) too_large: bool,
    /// The connection was interrupted. The first fields are here, the files are not.
    pub(crate) interrupted: bool,
}

/// Reads a form of either encoding. Unreadable fields count as empty.
pub(crate) async fn read(request: Request) -> Upload {
    let (parts, body) = request.into_parts();
    let content_type =
        parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_multipart = content_type.starts_with("multipart/form-data");
    let LimitedBody { bytes, too_large, interrupted } = read_body(body).await;
    let mut upload = Upload { too_large, interrupted, ..Upload::default() };
    if is_multipart {
        let is_complete = read_parts(Request::from_parts(parts, Body::from(bytes)), &mut upload).await.is_some();
        upload.interrupted |= !is_complete;
    } else {
        upload.fields = form_urlencoded::parse(&bytes).into_owned().collect();
    }
    if upload.too_large || upload.interrupted {
        upload.files.clear();
    }
    upload
}

/// The first [`MAX_BYTES`] of a body.
struct LimitedBody {
    bytes: Bytes,
    too_large: bool,
    interrupted: bool,
}

async fn read_body(body: Body) -> LimitedBody {
    let mut stream = body.into_data_stream();
    let (mut bytes, mut total, mut interrupted) = (Vec::new(), 0, false);
    while let Some(chunk) = stream.next().await {
        let Ok(chunk) = chunk else {
            interrupted = true;
            break;
        };
        let room = MAX_BYTES - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        total += chunk.len();
        if total > MAX_BYTES_READ {
            break;
        }
    }
    LimitedBody { bytes: bytes.into(), too_large: total > MAX_BYTES, interrupted }
}

/// Returns `None` if the body ends too early.
async fn read_parts(request: Request, upload: &mut Upload) -> Option<()> {
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    while let Some(part) = parts.next_field().await.ok()? {
        read_part(part, upload).await?;
    }
    Some(())
}

/// Returns `None` if the body ends too early.
async fn read_part(part: Field<'_>, upload: &mut Upload) -> Option<()> {
    let name = part.name().unwrap_or_default().to_owned();
    let file_name = part.file_name().map(str::to_owned);
    let bytes = part.bytes().await.ok()?;
    match file_name {
        // Browsers send this for a file field that was left empty.
        Some(name) if name.is_empty() && bytes.is_empty() => {}
        Some(name) => upload.files.push(UploadedFile { name, bytes: bytes.into() }),
        None => upload.fields.push((name, String::from_utf8_lossy(&bytes).into_owned())),
    }
    Some(())
}
