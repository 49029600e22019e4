//! The body of an answer, counted while it streams in.

use reqwest::Response;
use tokio::time::{Instant, timeout_at};

use crate::ingest::fetch::error::{Error, Trouble};

/// How many bytes are looked at to say what kind of thing this is.
const HEAD: usize = 4096;

/// What one body may cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    /// Bytes after decompression.
    pub(super) most: usize,
    /// When to give up, and the time that was given in all, for the message.
    pub(super) deadline: Instant,
    pub(super) total: std::time::Duration,
}

/// Reads the body to its end. The bytes are counted as they come out of the decompressor, piece by
/// piece, so a bomb costs no more than `most`. `admit` sees the first bytes (at most 4 kB, fewer
/// only when there are no more) and may turn the whole away.
pub(super) async fn read(
    mut response: Response,
    allowance: Allowance,
    admit: impl Fn(&[u8]) -> Result<(), Error>,
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut admitted = false;
    while let Some(piece) = next_piece(&mut response, allowance).await? {
        if bytes.len() + piece.len() > allowance.most {
            return Err(Error::TooLarge(allowance.most));
        }
        bytes.extend_from_slice(&piece);
        if !admitted && bytes.len() >= HEAD {
            admit(&bytes[..HEAD])?;
            admitted = true;
        }
    }
    if !admitted {
        admit(&bytes)?;
    }
    Ok(bytes)
}

/// The first `most` bytes of a body that is only glanced at; what breaks off is simply shorter.
pub(super) async fn glimpse(mut response: Response, allowance: Allowance) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Ok(Some(piece)) = next_piece(&mut response, allowance).await {
        let room = allowance.most - bytes.len();
        bytes.extend_from_slice(&piece[..piece.len().min(room)]);
        if bytes.len() == allowance.most {
            break;
        }
    }
    bytes
}

async fn next_piece(
    response: &mut Response,
    allowance: Allowance,
) -> Result<Option<impl std::ops::Deref<Target = [u8]> + use<>>, Error> {
    match timeout_at(allowance.deadline, response.chunk()).await {
        Err(_) => Err(Error::Timeout(allowance.total)),
        Ok(Ok(piece)) => Ok(piece),
        Ok(Err(_)) => {
            let host = response.url().host_str().unwrap_or_default().to_owned();
            Err(Trouble::Broken(host).into())
        }
    }
}
