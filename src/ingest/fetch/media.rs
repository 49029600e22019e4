//! Streams recordings and films: through the same guard and the same redirects as everything, but without holding or storing
//! them, in part if only a part is asked for.

use std::collections::HashMap;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};
use reqwest::header::{self, HeaderName};
use reqwest::{Response, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::timeout;
use url::Url;

use crate::ingest::fetch::client::ResourceKind;
use crate::ingest::fetch::error::{Error, NetworkError};
use crate::ingest::fetch::redirects::redirect_target;
use crate::ingest::fetch::{Fetcher, NamedBy, header_text};

/// Recordings that are streamed at once, to all readers.
const MAX_STREAMS: usize = 8;

/// Recordings that are streamed to one reader at once, so that nobody takes all places.
const MAX_STREAMS_OF_READER: usize = 4;

/// How long a site may send nothing.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a player may take nothing: it is paused, or has enough for now. It asks for the rest when it goes on.
const MAX_PAUSE: Duration = Duration::from_secs(120);

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
    place: Place,
}

/// The places for streams.
#[derive(Debug)]
pub(super) struct Places {
    all: Arc<Semaphore>,
    /// Those of each reader, by the ids of their libraries.
    of_readers: Mutex<HashMap<i64, Arc<Semaphore>>>,
}

/// A place, given back when dropped.
type Place = (OwnedSemaphorePermit, OwnedSemaphorePermit);

impl Places {
    /// Takes a place for a reader; `None` if all are taken.
    fn take(&self, reader: i64) -> Option<Place> {
        let mut readers = self.of_readers.lock().unwrap_or_else(PoisonError::into_inner);
        let own = readers.entry(reader).or_insert_with(|| Arc::new(Semaphore::new(MAX_STREAMS_OF_READER)));
        let own = Arc::clone(own).try_acquire_owned().ok()?;
        Some((own, Arc::clone(&self.all).try_acquire_owned().ok()?))
    }
}

impl Default for Places {
    fn default() -> Self {
        Self { all: Arc::new(Semaphore::new(MAX_STREAMS)), of_readers: Mutex::default() }
    }
}

impl MediaResponse {
    /// Returns the body as it arrives. It breaks off if the site sends nothing for a while, or the player takes nothing.
    pub fn into_stream(self) -> impl Stream<Item = io::Result<Bytes>> {
        let chunks = stream::try_unfold(self.response, |mut response| async move {
            let chunk = timeout(IDLE_TIMEOUT, response.chunk()).await.map_err(|_| io::ErrorKind::TimedOut)?;
            Ok(chunk.map_err(io::Error::other)?.map(|chunk| (chunk, response)))
        });
        relay(chunks, self.place)
    }
}

/// Hands chunks on from a task that owns them and their place: nobody looks at the stream itself while a player is paused, so it
/// could not tell how long that is. The last message is `None`.
fn relay(
    chunks: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    place: impl Send + 'static,
) -> impl Stream<Item = io::Result<Bytes>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(timeout(MAX_DURATION, async move {
        let _place = place;
        let mut chunks = pin!(chunks.map(Some).chain(stream::iter([None])));
        while let Some(chunk) = chunks.next().await {
            if !matches!(timeout(MAX_PAUSE, sender.send(chunk)).await, Ok(Ok(()))) {
                return;
            }
        }
    }));
    stream::unfold(Some(receiver), |receiver| async {
        let mut receiver: mpsc::Receiver<Option<io::Result<Bytes>>> = receiver?;
        match receiver.recv().await {
            Some(chunk) => Some((chunk?, Some(receiver))),
            None => Some((Err(io::ErrorKind::TimedOut.into()), None)),
        }
    })
}

impl Fetcher {
    /// Opens a recording for a reader, by the id of their library. `range` is the part that is asked for, as in the `Range` header; one
    /// that is not a single range of bytes is ignored.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Busy`] if too many are streamed already.
    pub async fn open_media(
        &self,
        (url, named_by): (&Url, NamedBy),
        range: Option<&str>,
        reader: i64,
    ) -> Result<MediaResponse, Error> {
        let place = self.inner.streams.take(reader).ok_or(Error::Busy)?;
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
        // An answer without the part has no body here.
        let has_part = status != StatusCode::RANGE_NOT_SATISFIABLE;
        let passed_on = PASSED_ON.into_iter().filter(|name| has_part || *name != header::CONTENT_LENGTH);
        let headers =
            passed_on.filter_map(|name| Some((name.clone(), header_text(response.headers(), &name)?))).collect();
        Ok(MediaResponse { status: status.as_u16(), media_type, headers, response, place })
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

    #[tokio::test(start_paused = true)]
    async fn a_player_that_takes_nothing_gives_its_place_back() {
        let places = Places::default();
        let chunks = || stream::repeat_with(|| Ok(Bytes::from_static(b"la"))).boxed();
        let take = |reader| places.take(reader);
        let mut paused = vec![Box::pin(relay(chunks(), take(1)))];
        assert_eq!(paused[0].next().await.unwrap().unwrap(), "la");
        paused.extend((1..MAX_STREAMS_OF_READER).map(|_| Box::pin(relay(chunks(), take(1)))));
        assert!(take(1).is_none() && take(2).is_some(), "another reader has places");
        tokio::time::sleep(MAX_PAUSE * 2).await;
        assert!(take(1).is_some());
        let rest: Vec<_> = paused.remove(0).collect().await;
        assert!(rest.last().unwrap().is_err(), "it is told from a recording that has ended");
        let whole: Vec<_> = relay(chunks().take(3), take(1)).collect().await;
        assert!(whole.len() == 3 && whole.iter().all(Result::is_ok));
    }

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
