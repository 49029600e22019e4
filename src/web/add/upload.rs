//! What a form with files brought. It is read to its end even when it is too large: a browser listens only after it has
//! sent everything, and would otherwise show a broken connection in place of our sentence.

use axum::body::{Body, Bytes};
use axum::extract::multipart::Field;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header;
use futures_util::StreamExt as _;
use url::form_urlencoded;

use crate::ingest::intake::UploadedFile;

/// Bytes that are taken at once.
pub(crate) const LIMIT: usize = 32 * 1024 * 1024;

/// Bytes that are listened to before hanging up on whoever sends without end.
const PATIENCE: usize = 16 * LIMIT;

/// A form as it was sent.
#[derive(Debug, Default)]
pub(crate) struct Upload {
    /// Names and values of its fields, in order.
    pub(crate) fields: Vec<(String, String)>,
    /// Its files.
    pub(crate) files: Vec<UploadedFile>,
    /// There was more than [`LIMIT`]; then the fields that came first are here and the files are not.
    pub(crate) too_large: bool,
    /// It broke off on its way; then what came first is here, and is not the whole.
    pub(crate) broken_off: bool,
}

/// Reads a form of either kind. What cannot be read is as if it had not been filled in.
pub(crate) async fn read(request: Request) -> Upload {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_multipart = kind.starts_with("multipart/form-data");
    let Collected { bytes, too_large, broken_off } = collect(body).await;
    let mut upload = Upload { too_large, broken_off, ..Upload::default() };
    if is_multipart {
        let is_whole = read_parts(Request::from_parts(parts, Body::from(bytes)), &mut upload).await.is_some();
        upload.broken_off |= !is_whole;
    } else {
        upload.fields = form_urlencoded::parse(&bytes).into_owned().collect();
    }
    if upload.too_large || upload.broken_off {
        upload.files.clear();
    }
    upload
}

/// The bytes up to the limit, whether there were more, and whether that was not all.
struct Collected {
    bytes: Bytes,
    too_large: bool,
    broken_off: bool,
}

async fn collect(body: Body) -> Collected {
    let mut stream = body.into_data_stream();
    let (mut bytes, mut total, mut broken_off) = (Vec::new(), 0, false);
    while let Some(chunk) = stream.next().await {
        let Ok(chunk) = chunk else {
            broken_off = true;
            break;
        };
        let room = LIMIT - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        total += chunk.len();
        if total > PATIENCE {
            break;
        }
    }
    Collected { bytes: bytes.into(), too_large: total > LIMIT, broken_off }
}

/// `None`: they broke off.
async fn read_parts(request: Request, upload: &mut Upload) -> Option<()> {
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    while let Some(part) = parts.next_field().await.ok()? {
        read_part(part, upload).await?;
    }
    Some(())
}

/// `None`: it broke off.
async fn read_part(part: Field<'_>, upload: &mut Upload) -> Option<()> {
    let name = part.name().unwrap_or_default().to_owned();
    let file_name = part.file_name().map(str::to_owned);
    let bytes = part.bytes().await.ok()?;
    match file_name {
        // A browser sends this for a field where no file was chosen.
        Some(name) if name.is_empty() && bytes.is_empty() => {}
        Some(name) => upload.files.push(UploadedFile { name, bytes: bytes.into() }),
        None => upload.fields.push((name, String::from_utf8_lossy(&bytes).into_owned())),
    }
    Some(())
}
