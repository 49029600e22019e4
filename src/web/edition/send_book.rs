//! `/edition/{day}.epub`: the edition of a day as a book. With `?for=e-reader`, its images are grey and small.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, stream};
use jiff::civil::Date;
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use url::form_urlencoded;

use crate::app::App;
use crate::library::Library;
use crate::library::thumbnails::for_books::Paper;
use crate::web::edition::book;
use crate::web::shell::Result;

/// The media type of books.
pub(crate) const MEDIA_TYPE: &str = "application/epub+zip";

/// Bytes read at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// Returns for what a book is asked for.
pub(crate) fn parse_paper(query: Option<&str>) -> Paper {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    if pairs.any(|(name, value)| name == "for" && value == "e-reader") { Paper::Grey } else { Paper::Color }
}

/// Makes a book and sends it, with its length.
pub(crate) async fn send(app: &App, library: &Library, day: Date, paper: Paper) -> Result<Response> {
    let file = File::from_std(book::make(app, library, day, paper).await?);
    let length = HeaderValue::from(file.metadata().await?.len());
    let name = HeaderValue::try_from(format!("attachment; filename=\"broadsheet-{day}.epub\""))
        .map_err(anyhow::Error::from)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE)),
        (header::CONTENT_LENGTH, length),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, Body::from_stream(chunks(file))).into_response())
}

fn chunks(file: File) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(file, async |mut file| {
        let mut chunk = Vec::with_capacity(CHUNK_BYTES);
        let read = file.read_buf(&mut chunk).await?;
        Ok((read > 0).then(|| (Bytes::from(chunk), file)))
    })
}
