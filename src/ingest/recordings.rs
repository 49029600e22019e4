//! Recordings of articles: which files of an item are some, and how they reach the reader without the reader's browser asking
//! anybody else.

use feeds::Item;
use url::Url;

use crate::ingest::fetch::{Error, Fetcher, MediaResponse};
use crate::library::feeds::recordings::{NewRecording, Recording};

/// Most recordings of an item.
const MAX_RECORDINGS: usize = 5;

/// Why a recording cannot be played here.
#[derive(Debug, PartialEq, Eq)]
pub enum Unplayable {
    /// Too many are played already.
    Busy,
    /// What its publisher sends is no recording.
    NoRecording,
    /// It cannot be had.
    Unreachable,
}

/// Returns the recordings and films that an item comes with.
#[must_use]
pub fn list(item: &Item) -> Vec<NewRecording> {
    let playable = item.enclosures.iter().filter_map(|file| {
        let media_type = file.media_type.as_deref()?.split(';').next()?.trim().to_ascii_lowercase();
        let bytes = file.length.and_then(|length| i64::try_from(length).ok()).filter(|length| *length > 0);
        let is_web = matches!(file.url.scheme(), "http" | "https");
        (is_web && is_playable(&media_type)).then(|| NewRecording {
            url: file.url.clone(),
            media_type,
            seconds: None,
            bytes,
        })
    });
    let mut recordings: Vec<NewRecording> = playable.take(MAX_RECORDINGS).collect();
    if let Some(first) = recordings.first_mut() {
        first.seconds =
            item.duration.and_then(|length| i64::try_from(length.as_secs()).ok()).filter(|length| *length > 0);
    }
    recordings
}

/// Returns whether browsers play this type. A playlist only names files elsewhere.
fn is_playable(media_type: &str) -> bool {
    (media_type.starts_with("audio/") || media_type.starts_with("video/")) && !media_type.contains("mpegurl")
}

/// Opens a recording, or a part of it, for a reader, by the id of their library, and returns it with its media type. A site that says of no file what it is, is taken at the
/// word of the feed.
///
/// # Errors
/// It cannot be played here.
pub async fn open(
    fetcher: &Fetcher,
    recording: &Recording,
    range: Option<&str>,
    reader: i64,
) -> Result<(MediaResponse, String), Unplayable> {
    let url = Url::parse(&recording.url).map_err(|_| Unplayable::Unreachable)?;
    let named_by = fetcher.named_by_page(Url::parse(&recording.feed_url).ok().as_ref());
    let response = fetcher.open_media((&url, named_by), range, reader).await.map_err(|error| {
        tracing::info!(host = url.host_str(), %error, "a recording could not be opened");
        if matches!(error, Error::Busy) { Unplayable::Busy } else { Unplayable::Unreachable }
    })?;
    let media_type = match response.media_type.as_deref() {
        None | Some("application/octet-stream" | "binary/octet-stream") => recording.media_type.clone(),
        Some("application/ogg") => "audio/ogg".to_owned(),
        Some(stated) => stated.to_owned(),
    };
    if is_playable(&media_type) || response.status == 416 {
        Ok((response, media_type))
    } else {
        Err(Unplayable::NoRecording)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_browsers_play_is_a_recording() {
        for (media_type, is_one) in [
            ("audio/mpeg", true),
            ("video/mp4", true),
            ("audio/x-mpegurl", false),
            ("application/vnd.apple.mpegurl", false),
            ("text/html", false),
            ("image/png", false),
        ] {
            assert_eq!(is_playable(media_type), is_one, "{media_type}");
        }
    }
}
