//! The manifest of a backup: what it contains, with the size and SHA-256 of every file, and a SHA-256 of itself.
//!
//! `backup.json` is one JSON object whose last field, `manifest_sha256`, is the SHA-256 of all bytes before that field. So
//! a manifest that was changed or cut off is recognised, whatever its format. A new field needs a new [`FORMAT`].

use std::collections::BTreeMap;
use std::path::{Component, Path};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::storage::checksum::{self, Checksum};

/// The format that this program writes. Format 1 had no checksums.
pub const FORMAT: u32 = 2;

/// Stands between the fields of a manifest and its SHA-256.
const SEAL_START: &str = ",\"manifest_sha256\":\"";
const SEAL_END: &str = "\"}\n";

/// The manifest of a backup, stored as `backup.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of the manifest: [`FORMAT`], or 1 if it has no checksums.
    pub format: u32,
    /// When the backup started, in Unix seconds.
    pub created_at: i64,
    /// The program version that made it.
    pub version: String,
    /// Number of accounts.
    pub people: i64,
    /// The libraries, by ID.
    pub libraries: Vec<LibraryCounts>,
    /// Every file except the manifest, by its path in the backup, with `/`.
    pub files: BTreeMap<String, Checksum>,
}

/// What one library in a backup contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryCounts {
    /// The ID of the library.
    pub id: i64,
    /// Articles, including deleted ones in the trash.
    pub articles: i64,
    /// Imports in any state.
    pub imports: i64,
    /// Original pages.
    pub snapshots: i64,
    /// Images in the backup.
    pub images: i64,
    /// Images that articles reference but the library itself no longer had.
    pub images_missing: i64,
    /// Original pages that articles or imports reference but the library itself no longer had.
    pub snapshots_missing: i64,
}

/// A manifest as written before there were checksums.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WithoutChecksums {
    created_at: i64,
    version: String,
    people: i64,
    libraries: Vec<LibraryCounts>,
}

/// Why a manifest cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It was changed or cut off after it was written.
    Damaged,
    /// A newer program wrote it in this format.
    Newer(u32),
}

impl Manifest {
    /// Returns a manifest without libraries and files.
    pub(super) fn new(now: Timestamp, people: i64) -> Self {
        Self {
            format: FORMAT,
            created_at: now.as_second(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            people,
            libraries: Vec::new(),
            files: BTreeMap::new(),
        }
    }

    /// Returns the contents of `backup.json`.
    pub(super) fn to_text(&self) -> anyhow::Result<String> {
        let mut text = serde_json::to_string(self)?;
        text.pop();
        let seal = checksum::hex(&Sha256::digest(&text));
        Ok(format!("{text}{SEAL_START}{seal}{SEAL_END}"))
    }

    /// Reads the contents of `backup.json`.
    pub(super) fn parse(text: &[u8]) -> Result<Self, Unreadable> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        if !is_seal_intact(text) {
            let old = serde_json::from_slice::<WithoutChecksums>(text).map_err(|_| Unreadable::Damaged)?;
            return Ok(Self::from(old));
        }
        match serde_json::from_slice::<Format>(text) {
            Ok(Format { format }) if format > FORMAT => return Err(Unreadable::Newer(format)),
            _ => {}
        }
        let manifest: Self = serde_json::from_slice(text).map_err(|_| Unreadable::Damaged)?;
        let stays_inside =
            |path: &String| Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if manifest.files.keys().all(stays_inside) { Ok(manifest) } else { Err(Unreadable::Damaged) }
    }

    /// Returns whether it has the checksums of all files.
    #[must_use]
    pub const fn has_checksums(&self) -> bool {
        self.format > 1
    }
}

impl From<WithoutChecksums> for Manifest {
    fn from(old: WithoutChecksums) -> Self {
        let WithoutChecksums { created_at, version, people, libraries } = old;
        Self { format: 1, created_at, version, people, libraries, files: BTreeMap::new() }
    }
}

/// Returns whether the last field is the SHA-256 of everything before it.
fn is_seal_intact(text: &[u8]) -> bool {
    let Some(rest) = text.strip_suffix(SEAL_END.as_bytes()) else { return false };
    let Some((rest, seal)) = rest.split_at_checked(rest.len().saturating_sub(64)) else { return false };
    let Some(fields) = rest.strip_suffix(SEAL_START.as_bytes()) else { return false };
    checksum::hex(&Sha256::digest(fields)).as_bytes() == seal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let sum = Checksum { size: 5, sha256: checksum::hex(&Sha256::digest(b"words")) };
        let files = BTreeMap::from([("accounts.db".to_owned(), sum)]);
        Manifest { files, ..Manifest::new(Timestamp::constant(1_795_435_200, 0), 1) }
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let text = manifest().to_text().unwrap();
        assert_eq!(Manifest::parse(text.as_bytes()), Ok(manifest()));
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(json["manifest_sha256"].is_string(), "it is one JSON object");
    }

    #[test]
    fn every_changed_bit_and_every_cut_is_recognised() {
        let text = manifest().to_text().unwrap().into_bytes();
        for at in 0..text.len() {
            assert_eq!(Manifest::parse(&text[..at]), Err(Unreadable::Damaged), "cut at {at}");
            for bit in 0..8 {
                let mut changed = text.clone();
                changed[at] ^= 1 << bit;
                assert_eq!(Manifest::parse(&changed), Err(Unreadable::Damaged), "bit {bit} of byte {at}");
            }
        }
        for addition in [" ", "\n", "{}"] {
            let longer = [&text, addition.as_bytes()].concat();
            assert_eq!(Manifest::parse(&longer), Err(Unreadable::Damaged), "{addition:?} was appended");
        }
    }

    #[test]
    fn newer_and_older_formats_are_told_from_damage() {
        let newer = Manifest { format: 7, ..manifest() }.to_text().unwrap();
        assert_eq!(Manifest::parse(newer.as_bytes()), Err(Unreadable::Newer(7)));
        let older = br#"{"created_at": 1, "version": "0.1.0", "people": 2, "libraries": []}"#;
        let older = Manifest::parse(older).unwrap();
        assert!(older.people == 2 && !older.has_checksums());
    }

    #[test]
    fn a_manifest_that_names_files_elsewhere_is_refused() {
        for path in ["../accounts.db", "/etc/passwd", "a/../../b"] {
            let sum = Checksum { size: 0, sha256: String::new() };
            let text = Manifest { files: BTreeMap::from([(path.to_owned(), sum)]), ..manifest() }.to_text().unwrap();
            assert_eq!(Manifest::parse(text.as_bytes()), Err(Unreadable::Damaged), "{path}");
        }
    }
}
