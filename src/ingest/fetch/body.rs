//! The body of an answer, counted while it streams in.

use reqwest::Response;
use tokio::time::{Instant, timeout_at};

use crate::ingest::fetch::error::{Error, NetworkError};

/// How many bytes are looked at to say what kind of thing this is.
const SNIFF_BYTES: usize = 4096;

/// What one body may cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct BodyLimits {
    /// Bytes after decompression.
    pub(super) max_bytes: usize,
    /// When to give up, and the time that was given in all, for the message.
    pub(super) deadline: Instant,
    pub(super) total_timeout: std::time::Duration,
}

/// Reads the body to its end. The bytes are counted as they come out of the decompressor, piece by
/// piece, so a bomb costs no more than `max_bytes`. `check_head` sees the first bytes (at most 4 kB, fewer
/// only when there are no more) and may turn the whole away.
pub(super) async fn read_body(
    mut response: Response,
    limits: BodyLimits,
    check_head: impl Fn(&[u8]) -> Result<(), Error>,
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut checked = false;
    while let Some(chunk) = next_chunk(&mut response, limits).await? {
        if bytes.len() + chunk.len() > limits.max_bytes {
            return Err(Error::TooLarge(limits.max_bytes));
        }
        bytes.extend_from_slice(&chunk);
        if !checked && bytes.len() >= SNIFF_BYTES {
            check_head(&bytes[..SNIFF_BYTES])?;
            checked = true;
        }
    }
    if !checked {
        check_head(&bytes)?;
    }
    Ok(bytes)
}

/// The first `max_bytes` bytes of a body that is only glanced at; what breaks off is simply shorter.
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
