//! What a form with files brought. It is read to its end even when it is too large: a browser listens only after it has
//! sent everything, and would otherwise show a broken connection in place of our sentence.

use axum::body::{Body, Bytes};
use axum::extract::multipart::Field;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header;
use futures_util::StreamExt as _;
use url::form_urlencoded;

use crate::imports::intake::File;

/// Bytes that are taken at once.
pub(super) const LIMIT: usize = 32 * 1024 * 1024;

/// Bytes that are listened to before hanging up on whoever sends without end.
const PATIENCE: usize = 16 * LIMIT;

/// A form as it was sent.
#[derive(Debug, Default)]
pub(super) struct Upload {
    /// Names and values of its fields, in order.
    pub(super) fields: Vec<(String, String)>,
    /// Its files.
    pub(super) files: Vec<File>,
    /// There was more than [`LIMIT`]; then the fields that came first are here and the files are not.
    pub(super) too_large: bool,
}

/// Reads a form of either kind. What cannot be read is as if it had not been filled in.
pub(super) async fn read(request: Request) -> Upload {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_multipart = kind.starts_with("multipart/form-data");
    let (bytes, too_large) = collect(body).await;
    let mut upload = Upload { too_large, ..Upload::default() };
    if is_multipart {
        read_parts(Request::from_parts(parts, Body::from(bytes)), &mut upload).await;
    } else {
        upload.fields = form_urlencoded::parse(&bytes).into_owned().collect();
    }
    if too_large {
        upload.files.clear();
    }
    upload
}

/// The bytes up to the limit, and whether there were more.
async fn collect(body: Body) -> (Bytes, bool) {
    let mut stream = body.into_data_stream();
    let (mut bytes, mut total) = (Vec::new(), 0);
    while let Some(Ok(chunk)) = stream.next().await {
        let room = LIMIT - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        total += chunk.len();
        if total > PATIENCE {
            break;
        }
    }
    (bytes.into(), total > LIMIT)
}

async fn read_parts(request: Request, upload: &mut Upload) {
    let Ok(mut parts) = Multipart::from_request(request, &()).await else { return };
    while let Ok(Some(part)) = parts.next_field().await {
        if read_part(part, upload).await.is_none() {
            return;
        }
    }
}

/// `None`: it broke off.
async fn read_part(part: Field<'_>, upload: &mut Upload) -> Option<()> {
    let name = part.name().unwrap_or_default().to_owned();
    let file_name = part.file_name().map(str::to_owned);
    let bytes = part.bytes().await.ok()?;
    match file_name {
        // A browser sends this for a field where no file was chosen.
        Some(name) if name.is_empty() && bytes.is_empty() => {}
        Some(name) => upload.files.push(File { name, bytes: bytes.into() }),
        None => upload.fields.push((name, String::from_utf8_lossy(&bytes).into_owned())),
    }
    Some(())
}
