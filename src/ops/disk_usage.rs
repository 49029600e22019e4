//! Disk usage: the size of a library, and sizes as text.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;

use crate::library::Library;
use crate::ops::disk_space;

/// Disk usage of a library, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskUsage {
    /// library.db with its journal: articles and the search index.
    pub articles: u64,
    /// snapshots.db with its journal: original pages.
    pub snapshots: u64,
    /// Image files and their small copies.
    pub images: u64,
    /// Free space on the disk that holds the library; `None` if unknown.
    pub free: Option<u64>,
}

impl DiskUsage {
    /// Returns the size of the whole library.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.articles + self.snapshots + self.images
    }
}

/// Measures a library. Reads the size of every image file, which is slow in a large library.
///
/// # Errors
/// The library's folder cannot be read.
pub async fn measure(library: &Library) -> anyhow::Result<DiskUsage> {
    let folder = library.folder().to_owned();
    tokio::task::spawn_blocking(move || {
        let size = |name: &str| {
            let folder = folder.join(name);
            folder_size(&folder).with_context(|| format!("measuring {}", folder.display()))
        };
        Ok(DiskUsage {
            articles: database_size(&folder.join("library.db"))?,
            snapshots: database_size(&folder.join("snapshots.db"))?,
            images: size("images")? + size("thumbnails")?,
            free: disk_space::measure(&folder).map(|size| size.free),
        })
    })
    .await?
}

/// Formats a size: `0 bytes`, `17.5 MiB`.
#[must_use]
pub fn format_size(bytes: u64) -> String {
    let (unit, name) = UNITS.iter().rev().find(|(unit, _)| bytes >= *unit).unwrap_or(&(1, "bytes"));
    let mut words = (bytes / unit).to_string();
    let tenths = bytes % unit * 10 / unit;
    if tenths > 0 {
        write!(words, ".{tenths}").expect("writing to a String does not fail");
    }
    format!("{words} {name}")
}

/// Parses a size such as `20GiB`, `1.5 GB` or `0`. Without a unit, the number is in bytes.
///
/// # Errors
/// A message that shows the format.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let help = || format!("{text:?} isn't a size. Use a number and a unit, such as 500MiB or 20GiB.");
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(text.len()));
    let unit = unit_bytes(&unit.trim().to_ascii_lowercase()).ok_or_else(help)?;
    let (whole, tenths) = number.split_once('.').unwrap_or((number, "0"));
    let whole: u64 = whole.parse().map_err(|_| help())?;
    // One decimal, as `format_size` writes it.
    let tenths: u64 = tenths.parse().ok().filter(|tenths| *tenths < 10).ok_or_else(help)?;
    whole.checked_mul(unit).and_then(|bytes| bytes.checked_add(unit * tenths / 10)).ok_or_else(help)
}

const UNITS: [(u64, &str); 4] = [(1 << 10, "KiB"), (1 << 20, "MiB"), (1 << 30, "GiB"), (1 << 40, "TiB")];

fn unit_bytes(unit: &str) -> Option<u64> {
    Some(match unit {
        "" | "b" | "byte" | "bytes" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "t" | "tib" => 1 << 40,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        _ => return None,
    })
}

/// Returns the size of a database with its write-ahead log.
/// Returns the size of a database with its journal, in bytes.
///
/// # Errors
/// The file cannot be read.
pub fn database_size(path: &Path) -> anyhow::Result<u64> {
    let size = |path: &Path| std::fs::metadata(path).map(|file| file.len());
    let database = size(path).with_context(|| format!("measuring {}", path.display()))?;
    Ok(database + size(&path.with_extension("db-wal")).unwrap_or(0))
}

/// Returns the total size of all files in a folder. Skips files that are deleted meanwhile.
fn folder_size(folder: &Path) -> std::io::Result<u64> {
    let mut total = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        total += match entry.metadata() {
            Ok(found) if found.is_dir() => folder_size(&entry.path())?,
            Ok(found) => found.len(),
            Err(_) => 0,
        };
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::{image_files, test_library};

    #[test]
    fn sizes_are_parsed_and_formatted() {
        for (text, bytes) in
            [("0", 0), ("20GiB", 20 << 30), ("1.5 gib", 3 << 29), ("500 MB", 500_000_000), (" 7k ", 7 << 10)]
        {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        for bad in ["", "GiB", "-1", "1.25GiB", "1 house", "99999999999 TiB", "1..2", "½"] {
            assert!(parse_size(bad).unwrap_err().contains("isn't a size"), "{bad}");
        }
        for (bytes, words) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1 << 10, "1 KiB"),
            (3 << 29, "1.5 GiB"),
            (u64::MAX, "16777215.9 TiB"),
        ] {
            assert_eq!(format_size(bytes), words);
        }
    }

    #[tokio::test]
    async fn image_files_are_measured() {
        let (library, _folder) = test_library().await;
        let before = measure(&library).await.unwrap();
        image_files::save(&library, vec![7; 12_345]).await.unwrap();
        let after = measure(&library).await.unwrap();
        assert_eq!((before.images, after.images), (0, 12_345));
        assert!(after.articles > 0 && after.snapshots > 0 && after.free.is_some_and(|free| free > 0));
        assert_eq!(after.total(), after.articles + after.snapshots + after.images);
    }
}
