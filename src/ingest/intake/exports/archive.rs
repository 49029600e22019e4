//! Reads zip archives from memory, within limits: what an archive says of its sizes may not be true. Names are labels,
//! never paths. Pure.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

/// Entries of an archive; a library of 30,000 articles with their images has fewer.
const MAX_ENTRIES: usize = 500_000;

/// Bytes of one entry, unpacked.
const MAX_ENTRY_BYTES: u64 = 64 << 20;

/// Bytes of all entries that are read, for each byte of the archive: text shrinks to a fifth or a tenth.
const MAX_RATIO: u64 = 40;

/// The same for small archives.
const MIN_BUDGET: u64 = 64 << 20;

/// A zip archive.
#[derive(Debug)]
pub struct Archive {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    /// Bytes that may still be unpacked.
    budget: u64,
}

impl Archive {
    /// Opens an archive.
    ///
    /// # Errors
    /// A sentence for the reader.
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, String> {
        let budget = (u64::try_from(bytes.len()).unwrap_or(u64::MAX)).saturating_mul(MAX_RATIO).max(MIN_BUDGET);
        let zip = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| "This zip file is damaged or incomplete. Download it again.".to_owned())?;
        if zip.len() > MAX_ENTRIES {
            return Err(format!("This zip file has {} files; the limit is {MAX_ENTRIES}.", zip.len()));
        }
        Ok(Self { zip, budget })
    }

    /// Returns the names of its entries, in order, without what macOS adds.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .zip
            .file_names()
            .filter_map(|name| name.ok().map(std::borrow::Cow::into_owned))
            .filter(|name| !name.starts_with("__MACOSX/") && !base_name(name).starts_with("._"))
            .collect();
        names.sort_by_key(|name| natural_key(name));
        names
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// A sentence for the reader.
    pub fn read(&mut self, name: &str) -> Result<Vec<u8>, String> {
        let limit = self.budget.min(MAX_ENTRY_BYTES);
        let entry = self.zip.by_name(name).map_err(|_| format!("“{name}” in this zip file can’t be read."))?;
        let mut bytes = Vec::new();
        let read = entry.take(limit + 1).read_to_end(&mut bytes);
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.budget = self.budget.saturating_sub(size);
        match read {
            Ok(_) if size > limit => Err(format!("“{name}” in this zip file is too large when unpacked.")),
            Ok(_) => Ok(bytes),
            Err(_) => Err(format!("“{name}” in this zip file is damaged.")),
        }
    }
}

/// Returns the last part of a name: people pack folders again.
pub(super) fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Sorts `part_10` behind `part_9`.
fn natural_key(name: &str) -> (String, u64) {
    let start = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
    let digits: String = name[start..].chars().take_while(char::is_ascii_digit).collect();
    (name[..start].to_owned(), digits.parse().unwrap_or(0))
}
