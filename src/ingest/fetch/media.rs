//! Streams recordings and films: through the same guard and the same redirects as everything, but without holding or storing
//! them, in part if only a part is asked for.

use std::time::Duration;

use futures_util::stream::{self, Stream};
use reqwest::header::{self, HeaderName};
use reqwest::{Response, StatusCode};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::ingest::fetch::client::ResourceKind;
use crate::ingest::fetch::error::{Error, NetworkError};
use crate::ingest::fetch::redirects::redirect_target;
use crate::ingest::fetch::{Fetcher, NamedBy, header_text};

/// Recordings that are streamed at once, to all readers.
pub(super) const MAX_STREAMS: usize = 8;

/// How long a site may send nothing.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// How long one stream may last. A player that needs more asks again for the rest.
const MAX_DURATION: Duration = Duration::from_secs(4 * 3600);

/// Headers that say which part is sent, and how to ask for another.
const PASSED_ON: [HeaderName; 5] =
    [header::CONTENT_RANGE, header::ACCEPT_RANGES, header::ETAG, header::LAST_MODIFIED, header::CONTENT_LENGTH];

/// A recording that is being received.
#[derive(Debug)]
pub struct MediaResponse {
    /// 200, 206 or 416 (no such part).
    pub status: u16,
    /// Its media type as the site gives it, without parameters.
    pub media_type: Option<String>,
    /// What the site says of the part: names and values.
    pub headers: Vec<(HeaderName, String)>,
    response: Response,
    permit: OwnedSemaphorePermit,
}

impl MediaResponse {
    /// Returns the body as it arrives. It ends early if the site sends nothing for a while.
    pub fn into_stream(self) -> impl Stream<Item = std::io::Result<axum::body::Bytes>> {
        let end = Instant::now() + MAX_DURATION;
        stream::try_unfold((self.response, self.permit), move |(mut response, permit)| async move {
            let until = end.min(Instant::now() + IDLE_TIMEOUT);
            let chunk = timeout_at(until, response.chunk()).await.map_err(|_| std::io::ErrorKind::TimedOut)?;
            Ok(chunk.map_err(std::io::Error::other)?.map(|chunk| (chunk, (response, permit))))
        })
    }
}

impl Fetcher {
    /// Opens a recording. `range` is the part that is asked for, as in the `Range` header; one that is not a single range of bytes is
    /// ignored.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Busy`] if too many are streamed already.
    pub async fn open_media(&self, url: &Url, named_by: NamedBy, range: Option<&str>) -> Result<MediaResponse, Error> {
        let permit = self.inner.streams.clone().try_acquire_owned().map_err(|_| Error::Busy)?;
        let mut chain = self.start_chain(url, named_by);
        chain.range = range.filter(|range| is_single_range(range)).map(str::to_owned);
        let response = loop {
            let pending = match self.send_request(&mut chain, ResourceKind::Media).await {
                Ok(pending) => pending,
                Err(error) => self.retry_with_https(&mut chain, ResourceKind::Media, error).await?,
            };
            match redirect_target(&pending.response, &chain.url) {
                Some(next) => chain.follow(&next)?,
                // A recording takes as long as somebody listens, so it does not keep its place at the host.
                None => break pending.response,
            }
        };
        let status = response.status();
        if !matches!(status, StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE) {
            return Err(Error::Status(status.as_u16()));
        }
        if response.headers().contains_key(header::CONTENT_ENCODING) {
            // Lengths and parts would be those of something else.
            return Err(NetworkError::ConnectionBroken(chain.url.host_str().unwrap_or_default().to_owned()).into());
        }
        let media_type = header_text(response.headers(), &header::CONTENT_TYPE).map(|value| essence(&value));
        let passed_on = PASSED_ON.into_iter();
        let headers =
            passed_on.filter_map(|name| Some((name.clone(), header_text(response.headers(), &name)?))).collect();
        Ok(MediaResponse { status: status.as_u16(), media_type, headers, response, permit })
    }
}

/// Returns a media type without its parameters, in small letters.
fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Returns whether this is one range of bytes (RFC 9110, section 14.1.2): `bytes=0-`, `bytes=5-9`, `bytes=-500`.
fn is_single_range(range: &str) -> bool {
    let digits = |text: &str| text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    range
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
        .is_some_and(|(first, last)| digits(first) && digits(last) && !(first.is_empty() && last.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_single_range_is_passed_on() {
        for (range, is_one) in [
            ("bytes=0-", true),
            ("bytes=5-9", true),
            ("bytes=-500", true),
            ("bytes=-", false),
            ("bytes=0-1,5-9", false),
            ("bytes=a-b", false),
            ("bytes=0-1\r\nCookie: x", false),
            ("items=0-1", false),
            ("", false),
        ] {
            assert_eq!(is_single_range(range), is_one, "{range:?}");
        }
    }
}
