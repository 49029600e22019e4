//! SHA-256 of files, read in pieces so that a large file needs no memory.

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Bytes read at a time.
const PIECE: usize = 128 * 1024;

/// Size and SHA-256 of some bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checksum {
    /// Number of bytes.
    pub size: u64,
    /// 64 lower-case hex digits.
    pub sha256: String,
}

/// Computes the checksum of a file.
///
/// # Errors
/// The file cannot be read.
pub fn of_file(path: &Path) -> io::Result<Checksum> {
    copy(&mut File::open(path)?, &mut io::sink())
}

/// Copies the rest of a file, and returns the checksum of what was copied.
///
/// # Errors
/// The file cannot be read, or the target cannot be written.
pub fn copy(from: &mut File, to: &mut impl Write) -> io::Result<Checksum> {
    let (mut hasher, mut size, mut piece) = (Sha256::new(), 0, vec![0; PIECE]);
    loop {
        let read = match from.read(&mut piece) {
            Ok(0) => return Ok(Checksum { size, sha256: hex(&hasher.finalize()) }),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(&piece[..read]);
        to.write_all(&piece[..read])?;
        size += read as u64;
    }
}

/// Returns bytes as lower-case hex digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_all_bytes() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let bytes: Vec<u8> = (0..PIECE * 2 + 17).map(|at| (at % 251) as u8).collect();
        file.write_all(&bytes).unwrap();
        let sum = of_file(file.path()).unwrap();
        assert_eq!(sum, Checksum { size: bytes.len() as u64, sha256: hex(&Sha256::digest(&bytes)) });
        let mut copied = Vec::new();
        assert_eq!(copy(&mut File::open(file.path()).unwrap(), &mut copied).unwrap(), sum);
        assert_eq!(copied, bytes);
        assert_eq!(of_file(Path::new("/dev/null")).unwrap().sha256[..8], *"e3b0c442");
    }
}
