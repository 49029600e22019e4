//! Reads response bodies and counts the bytes as they arrive.

use reqwest::Response;
use tokio::time::{Instant, timeout_at};

use crate::ingest::fetch::error::{Error, NetworkError};

/// Bytes that are enough to detect the content type.
const SNIFF_BYTES: usize = 4096;

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

/// Reads a body to its end. Counts bytes chunk by chunk after decompression, so a decompression bomb costs no more than
/// `max_bytes`. `check_head` gets the first 4 kB, or all bytes of a shorter body, and may reject it.
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
        if bytes.len() + chunk.len() > limits.room {
            return Err(Error::NoRoom(limits.room));
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
