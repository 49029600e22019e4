//! Reads response bodies and counts the bytes as they arrive.

use std::borrow::Cow;
use std::io::Write as _;

use flate2::write::MultiGzDecoder;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};
use tokio::time::{Instant, timeout_at};

use crate::ingest::fetch::error::{Error, NetworkError};
use crate::ingest::memory_budget::{MemoryBudget, Reservation};

/// Bytes that are enough to detect the content type.
const SNIFF_BYTES: usize = 4096;

/// Bytes of a page that may be held without a reservation: nearly all pages are smaller, and only a few are fetched at a
/// time.
pub(in crate::ingest) const UNRESERVED_BYTES: usize = 1024 * 1024;

/// Limits for one body.
#[derive(Debug, Clone, Copy)]
pub(super) struct BodyLimits {
    /// Bytes after decompression.
    pub(super) max_bytes: usize,
    /// Bytes that there is room for on the disk.
    pub(super) room: usize,
    /// When to give up, and the full timeout for the error message.
    pub(super) deadline: Instant,
    pub(super) total_timeout: std::time::Duration,
}

/// A body that was read to its end.
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// The memory reserved for a large page.
    pub(super) reservation: Option<Reservation>,
}

/// What the memory for a body is taken from.
#[derive(Clone, Copy)]
pub(super) enum Memory<'a> {
    /// Nothing: the body is small, or few are read.
    Unweighed,
    /// For reading pages, at once, when they turn out to be large: for each byte of them, several are needed.
    OfPages(&'a MemoryBudget),
    /// For answers of feeds, as they grow: hundreds may arrive at the same time, slowly, and wait to be stored.
    OfFeeds(&'a MemoryBudget),
}

impl Memory<'_> {
    /// Waits until there is room for a body that grows to `length` bytes and may have `expected`.
    async fn reserve(self, body: &mut Body, length: usize, expected: usize) {
        match (self, &mut body.reservation) {
            (Memory::OfPages(memory), None) if length > UNRESERVED_BYTES => {
                body.reservation = Some(memory.reserve_for_page(expected).await);
            }
            (Memory::OfFeeds(memory), None) => {
                let mut reservation = memory.begin().await;
                reservation.resize(length).await;
                body.reservation = Some(reservation);
            }
            (Memory::OfFeeds(_), Some(reservation)) if length > body.bytes.capacity() => {
                reservation.resize(length.saturating_mul(2)).await;
            }
            _ => {}
        }
    }
}

/// Reads a body to its end. Counts bytes chunk by chunk after decompression, so a decompression bomb costs no more than
/// `max_bytes`. `check_head` gets the first 4 kB, or all bytes of a shorter body, and may reject it. The body waits for room
/// in `memory`; since we caused this wait, it does not count against the site.
pub(super) async fn read_body(
    mut response: Response,
    mut limits: BodyLimits,
    memory: Memory<'_>,
    check_head: impl Fn(&[u8]) -> Result<(), Error>,
) -> Result<Body, Error> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
    let expected = announced.unwrap_or(limits.max_bytes).min(limits.max_bytes);
    let mut body = Body { bytes: Vec::new(), reservation: None };
    let (mut checked, mut unpacker) = (false, None);
    loop {
        let chunk = match next_chunk(&mut response, limits).await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            // Some servers never send the end of a body that is whole.
            Err(_) if is_whole_page(&body.bytes) => break,
            Err(error) => return Err(error),
        };
        if body.bytes.is_empty() && unpacker.is_none() {
            unpacker = Unpacker::for_response(&response, &chunk);
        }
        for piece in chunk.chunks(unpacker.as_ref().map_or(usize::MAX, |_| PACKED_PIECE)) {
            let unpacked = match &mut unpacker {
                Some(unpacker) => Cow::Owned(unpacker.unpack(piece)?),
                None => Cow::Borrowed(piece),
            };
            let length = body.bytes.len() + unpacked.len();
            if length > limits.max_bytes {
                return Err(Error::TooLarge(limits.max_bytes));
            }
            if length > limits.room {
                return Err(Error::NoRoom(limits.room));
            }
            let queued = Instant::now();
            // How long a packed body is, only unpacking it tells.
            let expected = if unpacker.is_some() { limits.max_bytes } else { expected };
            memory.reserve(&mut body, length, expected).await;
            limits.deadline += queued.elapsed();
            body.bytes.extend_from_slice(&unpacked);
        }
        if !checked && body.bytes.len() >= SNIFF_BYTES {
            check_head(&body.bytes[..SNIFF_BYTES])?;
            checked = true;
        }
    }
    if !checked {
        check_head(&body.bytes)?;
    }
    match (&mut body.reservation, memory) {
        (Some(reservation), Memory::OfFeeds(_)) => reservation.resize(body.bytes.len()).await,
        (Some(reservation), _) => reservation.shrink_to_page(body.bytes.len()),
        (None, _) => {}
    }
    Ok(body)
}

/// Returns whether a page has its end, whatever the connection says.
fn is_whole_page(bytes: &[u8]) -> bool {
    let end = bytes.trim_ascii_end();
    end.last_chunk::<7>().is_some_and(|tag| tag.eq_ignore_ascii_case(b"</html>"))
}

/// Bytes that are unpacked at a time, so that a decompression bomb takes a few megabytes before it is noticed.
const PACKED_PIECE: usize = 4096;

/// Unpacks a body that is packed by gzip although its headers don't say so in a way that the HTTP client understands:
/// `x-gzip` (RFC 9110, section 8.4.1.3), `GZIP`, or packed twice.
struct Unpacker {
    decoder: MultiGzDecoder<Vec<u8>>,
    host: String,
}

impl Unpacker {
    /// Returns the unpacker for a body that begins with `start`; `None` if it is not packed, or if it is a packed file.
    fn for_response(response: &Response, start: &[u8]) -> Option<Self> {
        let header = |name| response.headers().get(name)?.to_str().ok();
        let is_labelled = header(CONTENT_ENCODING).is_some_and(|label| label.to_ascii_lowercase().contains("gzip"));
        let is_page = header(CONTENT_TYPE).is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/"));
        let host = response.url().host_str().unwrap_or_default().to_owned();
        let is_packed = start.starts_with(&[0x1f, 0x8b, 8]) && (is_labelled || is_page);
        is_packed.then(|| Self { decoder: MultiGzDecoder::new(Vec::new()), host })
    }

    fn unpack(&mut self, piece: &[u8]) -> Result<Vec<u8>, Error> {
        let broken = |_| NetworkError::ConnectionBroken(self.host.clone());
        self.decoder.write_all(piece).and_then(|()| self.decoder.flush()).map_err(broken)?;
        Ok(std::mem::take(self.decoder.get_mut()))
    }
}

/// Reads the first `max_bytes` bytes. If the connection breaks, returns what has arrived.
pub(super) async fn read_prefix(mut response: Response, limits: BodyLimits) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = next_chunk(&mut response, limits).await {
        let room = limits.max_bytes - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if bytes.len() == limits.max_bytes {
            break;
        }
    }
    bytes
}

async fn next_chunk(
    response: &mut Response,
    limits: BodyLimits,
) -> Result<Option<impl std::ops::Deref<Target = [u8]> + use<>>, Error> {
    match timeout_at(limits.deadline, response.chunk()).await {
        Err(_) => Err(Error::Timeout(limits.total_timeout)),
        Ok(Ok(chunk)) => Ok(chunk),
        Ok(Err(_)) => {
            let host = response.url().host_str().unwrap_or_default().to_owned();
            Err(NetworkError::ConnectionBroken(host).into())
        }
    }
}
