//! A database file as SQLite sees it: its pages and indexes, and references between rows.

use std::path::Path;

use crate::ops::doctor::store::{self, BrokenReference};
use crate::ops::doctor::{Doctor, count};

/// What to do about a database that is damaged.
pub(super) const RESTORE: &str =
    "Restore your last backup: broadsheet restore --force FOLDER. It moves the data that is here aside.";

/// Problems of one file named at most.
const MAX_NAMED: usize = 3;

/// What a message of SQLite's check means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    /// Of an index, which can be made from its table.
    Index,
    /// Of the full-text index. It is compared with the texts later.
    SearchIndex,
    /// Of anything else.
    Data,
}

impl Damage {
    fn classify(message: &str) -> Self {
        if message.contains("for FTS5 table") || message.starts_with("fts5: ") {
            return Self::SearchIndex;
        }
        let is_index = message.starts_with("wrong # of entries in index ")
            || message.starts_with("non-unique entry in index ")
            || message.starts_with("row ") && message.contains(" missing from index ")
            || message.starts_with("rowid not at end-of-record");
        if is_index { Self::Index } else { Self::Data }
    }
}

impl Doctor<'_> {
    /// Checks one file. Returns whether it can be used.
    pub(super) async fn check_database(&mut self, file: &Path, place: &str) -> anyhow::Result<bool> {
        let messages = store::check_integrity(file).await?;
        let damage: Vec<Damage> = messages.iter().map(|message| Damage::classify(message)).collect();
        if damage.contains(&Damage::Data) {
            let named = messages.iter().take(MAX_NAMED).map(|message| message.trim_end_matches('.').replace('\n', " "));
            let named = named.collect::<Vec<_>>().join("; ");
            self.manual(place, format!("The file is damaged: {named}."), RESTORE);
            return Ok(false);
        }
        if damage.contains(&Damage::Index) {
            let problem = "An index is damaged, so lists may leave out articles.".to_owned();
            self.repairable(place, problem, "The indexes are built again.", store::rebuild_indexes(file)).await?;
        }
        for broken in store::find_broken_references(file).await? {
            self.check_reference(file, place, broken).await?;
        }
        Ok(true)
    }

    async fn check_reference(&mut self, file: &Path, place: &str, broken: BrokenReference) -> anyhow::Result<()> {
        // The check of images knows these better.
        if (broken.table.as_str(), broken.parent.as_str()) == ("article_image", "image") {
            return Ok(());
        }
        let refer = count(broken.rows, "row", ["refers", "refer"]);
        let problem = format!("In {}, {refer} to a missing {}.", broken.table, broken.parent);
        match broken.on_delete.as_str() {
            "CASCADE" => {
                self.repairable(place, problem, "They are deleted.", store::repair_reference(file, &broken)).await
            }
            "SET NULL" => {
                let remedy = "The references are removed.";
                self.repairable(place, problem, remedy, store::repair_reference(file, &broken)).await
            }
            _ => {
                self.manual(place, problem, RESTORE);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_of_indexes_is_told_from_damage_of_data() {
        for (message, expected) in [
            ("row 3 missing from index article_newest", Damage::Index),
            ("wrong # of entries in index article_newest", Damage::Index),
            ("malformed inverted index for FTS5 table main.article_search", Damage::SearchIndex),
            ("fts5: corruption found reading blob 10 from table \"article_search\"", Damage::SearchIndex),
            ("Tree 4 page 9: btreeInitPage() returns error code 11", Damage::Data),
            ("NULL value in article.title", Damage::Data),
            ("*** in database main ***", Damage::Data),
        ] {
            assert_eq!(Damage::classify(message), expected, "{message}");
        }
    }
}
