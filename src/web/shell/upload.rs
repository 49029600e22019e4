//! Reads forms with files, to the end even if too large: browsers read the response only after sending everything, and
//! would otherwise show a connection error instead of our message.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header;
use futures_util::StreamExt as _;
use url::form_urlencoded;

use crate::ingest::intake::UploadedFile;
use crate::web::shell::form_data::{self, Part};

/// Bytes accepted in one upload.
pub(crate) const MAX_BYTES: usize = 32 * 1024 * 1024;

/// Files accepted in one upload: a large folder of saved pages.
const MAX_FILES: usize = 2000;

/// Fields of the form; others are ignored, however many there are.
const FIELDS: &[&str] = &["url", "text", "original_url", "replaces", "article", "list", "format"];

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
    /// More than [`MAX_FILES`] were sent. The files are not here.
    pub(crate) too_many: bool,
    /// The connection was interrupted. The first fields are here, the files are not.
    pub(crate) interrupted: bool,
}

/// Reads a form of either encoding. Unreadable fields count as empty.
pub(crate) async fn read(request: Request) -> Upload {
    let (parts, body) = request.into_parts();
    let content_type =
        parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_multipart = content_type.to_ascii_lowercase().starts_with("multipart/");
    let LimitedBody { bytes, too_large, interrupted } = read_body(body).await;
    let mut upload = Upload { too_large, interrupted, ..Upload::default() };
    match form_data::boundary(content_type) {
        Some(boundary) => read_parts(&bytes, &boundary, &mut upload),
        None if is_multipart => upload.interrupted = true,
        None => upload.fields = form_urlencoded::parse(&bytes).into_owned().collect(),
    }
    if upload.too_large || upload.too_many || upload.interrupted {
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

/// Adds the parts of a form.
fn read_parts(body: &[u8], boundary: &str, upload: &mut Upload) {
    let form = form_data::parse(body, boundary);
    upload.interrupted |= !form.is_complete;
    for Part { name, file_name, bytes } in form.parts {
        // Some programs send a file without its name.
        let is_nameless_file = file_name.is_none() && name == "files";
        match file_name.or(is_nameless_file.then(String::new)) {
            // Browsers send this for a file field that was left empty.
            Some(file_name) if file_name.is_empty() && bytes.is_empty() => {}
            Some(_) if upload.files.len() == MAX_FILES => {
                upload.too_many = true;
                return;
            }
            Some(name) => upload.files.push(UploadedFile { name, bytes: bytes.to_vec() }),
            None if FIELDS.contains(&name.as_str()) => {
                upload.fields.push((name, String::from_utf8_lossy(bytes).into_owned()));
            }
            None => {}
        }
    }
}
