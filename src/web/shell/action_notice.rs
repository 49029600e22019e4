//! What a reader does with an article, and the notice that says so and offers the way back.

use crate::ingest::re_extraction::ReExtractionOutcome;
use crate::library::articles::{self, Article, ArticleAction};
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

impl From<ReExtractionOutcome> for Done {
    fn from(again: ReExtractionOutcome) -> Self {
        match again {
            ReExtractionOutcome::Changed => Self::Extracted,
            ReExtractionOutcome::Unchanged => Self::ExtractedTheSame,
            ReExtractionOutcome::NoSnapshot | ReExtractionOutcome::NoText => Self::NothingToExtract,
        }
    }
}

const WORDS: [(Done, &str); 14] = [
    (Done::Unread, "unread"),
    (Done::Archived, "archived"),
    (Done::Deleted, "deleted"),
    (Done::Restored, "restored"),
    (Done::Filed, "filed"),
    (Done::Already, "already"),
    (Done::Extracted, "extracted"),
    (Done::ExtractedTheSame, "extracted-the-same"),
    (Done::NothingToExtract, "nothing-to-extract"),
    (Done::Ruled, "ruled"),
    (Done::Unruled, "unruled"),
    (Done::WentBack, "went-back"),
    (Done::Pasted, "pasted"),
    (Done::KeptAsItIs, "kept"),
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
pub(crate) const fn word(mark: ArticleAction) -> &'static str {
    match mark {
        ArticleAction::Read => "read",
        ArticleAction::Unread => "unread",
        ArticleAction::Star => "star",
        ArticleAction::Unstar => "unstar",
        ArticleAction::Archive => "archive",
        ArticleAction::Unarchive => "unarchive",
        ArticleAction::Delete => "delete",
        ArticleAction::Restore => "restore",
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
            action: format!("/article/{}/mark", article.id),
            field: ("mark", mark.to_owned()),
            button,
        });
        Some(Notice { words: words.to_owned(), undo })
    };
    let went_back = |words: &str| {
        let field = ("undo", "text".to_owned());
        let undo = Undo { action: format!("/article/{}/undo", article.id), field, button: "Undo" };
        Some(Notice { words: words.to_owned(), undo: article.has_previous_version.then_some(undo) })
    };
    if let Some(deleted) = article.deleted_at {
        let until = present.day(deleted + articles::TRASH_RETENTION);
        let (words, button) = match done {
            Some(Done::Deleted) => ("Moved to trash.", "Undo"),
            _ => ("This article is in the trash.", "Restore"),
        };
        return say(
            &format!("{words} You can restore it until {until}."),
            Some((word(ArticleAction::Restore), button)),
        );
    }
    match done? {
        Done::Archived if article.state.archived => say("Archived.", Some((word(ArticleAction::Unarchive), "Undo"))),
        Done::Unread if !article.state.read => say("Marked unread.", Some((word(ArticleAction::Read), "Undo"))),
        Done::Restored => say("Restored.", None),
        Done::Filed => say("Topic and tags saved.", None),
        Done::Already => say("Already in your library.", None),
        Done::Extracted => say("Extracted again.", None),
        Done::ExtractedTheSame => say("Extracted again. Nothing changed.", None),
        Done::WentBack if article.has_previous_version => say("Version restored.", None),
        Done::Pasted => went_back("Replaced with your pasted text."),
        Done::KeptAsItIs if article.is_notice_dismissed => say("Dismissed.", None),
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
