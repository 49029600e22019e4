//! `/article/{id}/recording/{recording}`: streams a recording of an article from its publisher, so that the reader's browser asks nobody
//! but us. Nothing is stored.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use url::Url;

use crate::app::App;
use crate::ingest::recordings::{self, Unplayable};
use crate::library::feeds::recordings::{self as stored, Recording};
use crate::urls;
use crate::web::shell::error::ErrorMessage;
use crate::web::shell::headers::SANDBOX_POLICY;
use crate::web::shell::{Error, Reader, Result};

/// A player on the page of an article.
pub(crate) struct Player {
    /// Where our own server streams it from.
    pub url: String,
    pub is_video: bool,
    /// "Audio, 1:02:03".
    pub label: String,
    /// The file at its publisher.
    pub file_url: String,
    /// The host of that.
    pub host: String,
}

impl Player {
    pub fn new(article: i64, recording: Recording) -> Self {
        let is_video = recording.media_type.starts_with("video/");
        let kind = if is_video { "Video" } else { "Audio" };
        let length = recording.seconds.map(|seconds| format!(", {}", format_length(seconds))).unwrap_or_default();
        let size = recording.bytes.filter(|bytes| *bytes >= 1_000_000);
        let size = size.map(|bytes| format!(", {} MB", bytes / 1_000_000)).unwrap_or_default();
        let host = Url::parse(&recording.url).ok().map(|url| urls::display_host(&url)).unwrap_or_default();
        Self {
            url: format!("/article/{article}/recording/{}", recording.id),
            is_video,
            label: format!("{kind}{length}{size}"),
            file_url: recording.url,
            host,
        }
    }
}

/// Formats a length in seconds: `1:02:03`, `4:05`.
fn format_length(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

pub(crate) async fn play(
    State(app): State<App>,
    reader: Reader,
    Path((article, recording)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let (Ok(article), Ok(recording)) = (article.parse(), recording.parse()) else { return Err(Error::NotFound) };
    let recording = stored::find(&reader.library, article, recording).await?.ok_or(Error::NotFound)?;
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let (received, media_type) = match recordings::open(&app.fetcher, &recording, range, reader.library.id()).await {
        Ok(opened) => opened,
        Err(why) => return Ok(refuse(&why)),
    };
    let mut answer = Response::builder()
        .status(received.status)
        .header(header::CONTENT_TYPE, media_type)
        .header(header::CONTENT_SECURITY_POLICY, SANDBOX_POLICY)
        .header(header::CACHE_CONTROL, "private, no-store");
    for (name, value) in &received.headers {
        answer = answer.header(name, value);
    }
    let body = if received.status == 416 { Body::empty() } else { Body::from_stream(received.into_stream()) };
    Ok(answer.body(body)?)
}

fn refuse(why: &Unplayable) -> Response {
    let (status, sentence) = match why {
        Unplayable::Busy => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many recordings are being played at once. Stop one, or try again later.",
        ),
        Unplayable::NoRecording => (
            StatusCode::BAD_GATEWAY,
            "The publisher sent something else than a recording. Open the file at its site instead.",
        ),
        Unplayable::Unreachable => (
            StatusCode::BAD_GATEWAY,
            "The recording couldn’t be fetched. Open the file at its publisher’s site instead.",
        ),
    };
    ErrorMessage::new("Not playable here", sentence).with_status(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_players_show_them() {
        for (seconds, text) in [(5, "0:05"), (245, "4:05"), (3723, "1:02:03"), (36_000, "10:00:00")] {
            assert_eq!(format_length(seconds), text);
        }
    }
}
