//! What a reader does with an article, and the notice that says so and offers the way back.

use crate::ingest::re_extraction::Again;
use crate::library::articles::{self, Article, Mark};
use crate::web::shell::dates::Present;

/// What was just done with an article. It stands in an address, so anybody can write it there: it chooses words, and only
/// where they are true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    Unread,
    Archived,
    Deleted,
    Restored,
    Filed,
    Already,
    Extracted,
    ExtractedTheSame,
    NothingToExtract,
    Ruled,
    Unruled,
    WentBack,
    Pasted,
    KeptAsItIs,
}

impl From<Again> for Done {
    fn from(again: Again) -> Self {
        match again {
            Again::Changed => Self::Extracted,
            Again::Unchanged => Self::ExtractedTheSame,
            Again::NoPage | Again::NothingToRead => Self::NothingToExtract,
        }
    }
}

const WORDS: [(Done, &str); 14] = [
    (Done::Unread, "unread"),
    (Done::Archived, "archived"),
    (Done::Deleted, "deleted"),
    (Done::Restored, "restored"),
    (Done::Filed, "topic-and-tags-saved"),
    (Done::Already, "already-saved"),
    (Done::Extracted, "re-extracted"),
    (Done::ExtractedTheSame, "re-extracted-unchanged"),
    (Done::NothingToExtract, "no-text-found"),
    (Done::Ruled, "rule-saved"),
    (Done::Unruled, "rule-deleted"),
    (Done::WentBack, "version-restored"),
    (Done::Pasted, "text-replaced"),
    (Done::KeptAsItIs, "notice-dismissed"),
];

impl Done {
    pub fn parse(word: &str) -> Option<Self> {
        WORDS.iter().find(|(_, known)| *known == word).map(|(done, _)| *done)
    }

    fn word(self) -> &'static str {
        WORDS.iter().find(|(done, _)| *done == self).map_or("", |(_, word)| word)
    }
}

/// The value of a form's `mark` field.
pub(crate) const fn word(mark: Mark) -> &'static str {
    match mark {
        Mark::Read => "read",
        Mark::Unread => "unread",
        Mark::Star => "star",
        Mark::Unstar => "unstar",
        Mark::Archive => "archive",
        Mark::Unarchive => "unarchive",
        Mark::Delete => "delete",
        Mark::Restore => "restore",
    }
}

/// The address of an article's page, and what it is to say.
pub(crate) fn address(id: i64, done: Option<Done>) -> String {
    done.map_or_else(|| format!("/article/{id}"), |done| format!("/article/{id}?done={}", done.word()))
}

/// A sentence above the article, with the button that takes back what it says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub words: String,
    pub undo: Option<Undo>,
}

/// A form of one button.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Undo {
    /// Where it is posted.
    pub action: String,
    /// Its one field.
    pub field: (&'static str, String),
    /// What stands on it.
    pub button: &'static str,
}

/// What there is to say above an article: that it is in the trash, or what was just done if that is so.
pub(crate) fn notice(article: &Article, done: Option<Done>, present: &Present) -> Option<Notice> {
    let say = |words: &str, undo: Option<(&'static str, &'static str)>| {
        let undo = undo.map(|(mark, button)| Undo {
            action: format!("/article/{}/action", article.id),
            field: ("action", mark.to_owned()),
            button,
        });
        Some(Notice { words: words.to_owned(), undo })
    };
    let went_back = |words: &str| {
        let field = ("version", "previous".to_owned());
        let undo = Undo { action: format!("/article/{}/restore-version", article.id), field, button: "Undo" };
        Some(Notice { words: words.to_owned(), undo: article.has_before.then_some(undo) })
    };
    if let Some(deleted) = article.deleted_at {
        let until = present.day(deleted + articles::TRASH);
        let (words, button) = match done {
            Some(Done::Deleted) => ("Moved to trash.", "Undo"),
            _ => ("This article is in the trash.", "Restore"),
        };
        return say(&format!("{words} You can restore it until {until}."), Some((word(Mark::Restore), button)));
    }
    match done? {
        Done::Archived if article.state.archived => say("Archived.", Some((word(Mark::Unarchive), "Undo"))),
        Done::Unread if !article.state.read => say("Marked unread.", Some((word(Mark::Read), "Undo"))),
        Done::Restored => say("Restored.", None),
        Done::Filed => say("Topic and tags saved.", None),
        Done::Already => say("Already in your library.", None),
        Done::Extracted => say("Extracted again.", None),
        Done::ExtractedTheSame => say("Extracted again. Nothing changed.", None),
        Done::WentBack if article.has_before => say("Version restored.", None),
        Done::Pasted => went_back("Replaced with your pasted text."),
        Done::KeptAsItIs if article.verdict_kept => say("Dismissed.", None),
        Done::NothingToExtract => say("No text was found in the original page, so nothing was changed.", None),
        Done::Unruled => say("Rule deleted, and its changes undone.", None),
        // What a rule did, and how to go back, is told by whoever knows it.
        Done::Archived | Done::Unread | Done::Deleted | Done::Ruled | Done::WentBack | Done::KeptAsItIs => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_survives_its_way_through_the_address() {
        for (done, word) in WORDS {
            assert_eq!(Done::parse(word), Some(done));
            assert_eq!(address(7, Some(done)), format!("/article/7?done={word}"));
        }
        assert_eq!(Done::parse("<script>"), None);
        assert_eq!(address(7, None), "/article/7");
    }
}
