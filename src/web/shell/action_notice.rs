//! The notice after an action on an article, with its undo button.

use classify::TopicReason;

use crate::ingest::re_extraction::ReExtractionOutcome;
use crate::library::articles::{self, Article, ArticleAction, Channel};
use crate::library::lanes::Lane;
use crate::library::tags::truncate_for_display;
use crate::web::shell::dates::LocalClock;

/// What was just done with an article. It is in the URL, so anyone can write it there; the notice is shown only if it
/// is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ActionResult {
    MarkedUnread,
    Kept,
    MovedToStream,
    Archived,
    Deleted,
    Restored,
    TopicAndTagsSaved,
    TopicTakenBack,
    TopicRuleSaved,
    DetailsSaved,
    OriginalRestored,
    AlreadySaved,
    ReExtracted,
    ReExtractedUnchanged,
    NoTextFound,
    RuleSaved,
    RuleDeleted,
    VersionRestored,
    TextReplaced,
    NoticeDismissed,
    EndOfList,
    NoneUnread,
    FetchedAgain,
    FetchedAgainUnchanged,
    KeptOld,
}

impl From<ReExtractionOutcome> for ActionResult {
    fn from(outcome: ReExtractionOutcome) -> Self {
        match outcome {
            ReExtractionOutcome::Changed => Self::ReExtracted,
            ReExtractionOutcome::Unchanged => Self::ReExtractedUnchanged,
            ReExtractionOutcome::NoSnapshot | ReExtractionOutcome::NoText => Self::NoTextFound,
        }
    }
}

const CODES: [(ActionResult, &str); 25] = [
    (ActionResult::MarkedUnread, "unread"),
    (ActionResult::Kept, "kept"),
    (ActionResult::MovedToStream, "moved-to-stream"),
    (ActionResult::Archived, "archived"),
    (ActionResult::Deleted, "deleted"),
    (ActionResult::Restored, "restored"),
    (ActionResult::TopicAndTagsSaved, "topic-and-tags-saved"),
    (ActionResult::TopicTakenBack, "topic-taken-back"),
    (ActionResult::TopicRuleSaved, "topic-rule-saved"),
    (ActionResult::DetailsSaved, "details-saved"),
    (ActionResult::OriginalRestored, "original-restored"),
    (ActionResult::AlreadySaved, "already-saved"),
    (ActionResult::ReExtracted, "re-extracted"),
    (ActionResult::ReExtractedUnchanged, "re-extracted-unchanged"),
    (ActionResult::NoTextFound, "no-text-found"),
    (ActionResult::RuleSaved, "rule-saved"),
    (ActionResult::RuleDeleted, "rule-deleted"),
    (ActionResult::VersionRestored, "version-restored"),
    (ActionResult::TextReplaced, "text-replaced"),
    (ActionResult::NoticeDismissed, "notice-dismissed"),
    (ActionResult::EndOfList, "end-of-list"),
    (ActionResult::NoneUnread, "none-unread"),
    (ActionResult::FetchedAgain, "fetched-again"),
    (ActionResult::FetchedAgainUnchanged, "fetched-again-unchanged"),
    (ActionResult::KeptOld, "kept-old"),
];

impl ActionResult {
    pub fn parse(code: &str) -> Option<Self> {
        CODES.iter().find(|(_, known)| *known == code).map(|(result, _)| *result)
    }

    pub fn code(self) -> &'static str {
        CODES.iter().find(|(result, _)| *result == self).map_or("", |(_, code)| code)
    }
}

/// Returns the value of the `action` form field.
pub(crate) const fn form_value(action: ArticleAction) -> &'static str {
    match action {
        ArticleAction::Read => "read",
        ArticleAction::Unread => "unread",
        ArticleAction::Star => "star",
        ArticleAction::Unstar => "unstar",
        ArticleAction::Archive => "archive",
        ArticleAction::Unarchive => "unarchive",
        ArticleAction::Delete => "delete",
        ArticleAction::Restore => "restore",
        ArticleAction::Keep => "keep",
        ArticleAction::Stream => "stream",
    }
}

/// A notice above an article, with a button to undo the action.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub text: String,
    pub undo: Option<UndoForm>,
    /// Label and URL of what may be done next.
    pub link: Option<(String, String)>,
}

/// A form with a single button.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UndoForm {
    /// Where it is posted.
    pub url: String,
    /// Name and value of its field.
    pub field: (&'static str, String),
    pub label: &'static str,
    /// The list that the reader came from, which the form passes on.
    pub list: Option<String>,
}

/// Returns the notice for an article in the trash, or for the action just done if it is true of the article.
pub(crate) fn notice_for(
    article: &Article,
    result: Option<ActionResult>,
    list: Option<String>,
    clock: &LocalClock,
) -> Option<Notice> {
    let notice = |text: &str, undo: Option<(&'static str, &'static str)>| {
        let undo = undo.map(|(action, label)| UndoForm {
            url: format!("/article/{}/action", article.id),
            field: ("action", action.to_owned()),
            label,
            list: list.clone(),
        });
        Some(Notice { text: text.to_owned(), undo, link: None })
    };
    let with_previous_version = |text: &str| {
        let field = ("version", "previous".to_owned());
        let url = format!("/article/{}/restore-version", article.id);
        let undo = UndoForm { url, field, label: "Undo", list: list.clone() };
        Some(Notice { text: text.to_owned(), undo: article.has_previous_version.then_some(undo), link: None })
    };
    if let Some(deleted) = article.deleted_at {
        let until = clock.format_date(deleted + articles::TRASH_RETENTION);
        let (text, label) = match result {
            Some(ActionResult::Deleted) => ("Moved to trash.", "Undo"),
            _ => ("This article is in the trash.", "Restore"),
        };
        return notice(
            &format!("{text} You can restore it until {until}."),
            Some((form_value(ArticleAction::Restore), label)),
        );
    }
    if let Some(notice) = topic_notice(article, result?) {
        return Some(notice);
    }
    match result? {
        ActionResult::Archived if article.state.archived => {
            notice("Archived.", Some((form_value(ArticleAction::Unarchive), "Undo")))
        }
        ActionResult::MarkedUnread if !article.state.read => {
            notice("Marked unread.", Some((form_value(ArticleAction::Read), "Undo")))
        }
        ActionResult::Kept if article.channel == Channel::Feed && article.lane == Lane::Kept => {
            notice("Kept.", Some((form_value(ArticleAction::Stream), "Undo")))
        }
        ActionResult::MovedToStream if article.lane == Lane::Stream => {
            notice("Moved to the stream.", Some((form_value(ArticleAction::Keep), "Undo")))
        }
        ActionResult::DetailsSaved => Some(details_saved()),
        ActionResult::AlreadySaved => Some(already_saved(article, list)),
        ActionResult::FetchedAgain => with_previous_version("Fetched again. The text has changed."),
        ActionResult::VersionRestored if article.has_previous_version => notice("Version restored.", None),
        ActionResult::TextReplaced => with_previous_version("Replaced with your pasted text."),
        ActionResult::NoticeDismissed if article.is_notice_dismissed => notice("Dismissed.", None),
        result => notice(plain_words(result)?, None),
    }
}

/// Returns the notice on the page that follows an article: the next one, or the list. `article` is the one that the action
/// was for.
pub(crate) fn notice_elsewhere(
    article: Option<&Article>,
    result: ActionResult,
    list: Option<String>,
) -> Option<Notice> {
    let about = |text: &str, action: ArticleAction| {
        let article = article?;
        let undo = UndoForm {
            url: format!("/article/{}/action", article.id),
            field: ("action", form_value(action).to_owned()),
            label: "Undo",
            list: list.clone(),
        };
        let text = format!("{text} “{}”.", truncate_for_display(&article.title));
        Some(Notice { text, undo: Some(undo), link: None })
    };
    let state = article.map(|article| article.state);
    match result {
        ActionResult::Archived if state?.archived => about("Archived", ArticleAction::Unarchive),
        ActionResult::Kept if article?.channel == Channel::Feed && article?.lane == Lane::Kept => {
            about("Kept", ArticleAction::Stream)
        }
        ActionResult::MovedToStream if article?.lane == Lane::Stream => {
            about("Moved to the stream:", ArticleAction::Keep)
        }
        ActionResult::Deleted if state?.deleted => about("Moved to the trash:", ArticleAction::Restore),
        ActionResult::EndOfList => {
            Some(Notice { text: "That was the last article of this list.".to_owned(), undo: None, link: None })
        }
        ActionResult::NoneUnread => {
            Some(Notice { text: "You’ve read all articles of this list.".to_owned(), undo: None, link: None })
        }
        _ => None,
    }
}

/// Returns what is said of what is always true. The notice for a rule is made where rules are known.
const fn plain_words(result: ActionResult) -> Option<&'static str> {
    Some(match result {
        ActionResult::Restored => "Restored.",
        ActionResult::TopicAndTagsSaved => "Topic and tags saved.",
        ActionResult::OriginalRestored => "The original is back.",
        ActionResult::FetchedAgainUnchanged => "Fetched again. Nothing changed.",
        ActionResult::KeptOld => {
            "Fetched again, but the new page is worse: a check, an error, a part or much less text. The saved text was kept."
        }
        ActionResult::ReExtracted => "Extracted again.",
        ActionResult::ReExtractedUnchanged => "Extracted again. Nothing changed.",
        ActionResult::NoTextFound => "No text was found in the original page, so nothing was changed.",
        ActionResult::RuleDeleted => "Rule deleted, and its changes undone.",
        _ => return None,
    })
}

/// Returns the notice after a correction was undone, and after a rule for a topic was saved, which leads to where it can be
/// deleted.
fn topic_notice(article: &Article, result: ActionResult) -> Option<Notice> {
    match result {
        ActionResult::TopicTakenBack if article.topic_choice.reason != TopicReason::Reader => {
            let text = "Undone: it has its former topic again, and what was learned from it is forgotten.".to_owned();
            Some(Notice { text, undo: None, link: None })
        }
        ActionResult::TopicRuleSaved => {
            let link = ("Show your rules".to_owned(), format!("/topic/{}/filing#rules", article.topic));
            let text = format!("Rule saved: new articles go to {}.", article.topic_name);
            Some(Notice { text, undo: None, link: Some(link) })
        }
        _ => None,
    }
}

/// Returns the notice after an edit, which leads to where it can be undone.
fn details_saved() -> Notice {
    let link = ("Show the originals".to_owned(), "#edit-details".to_owned());
    Notice { text: "Details saved.".to_owned(), undo: None, link: Some(link) }
}

/// Returns the notice for a link that was added although its article is here. Its page may have changed since.
fn already_saved(article: &Article, list: Option<String>) -> Notice {
    let fetch_again = article.url.is_some().then(|| UndoForm {
        url: format!("/article/{}/fetch-again", article.id),
        field: ("from", "notice".to_owned()),
        label: "Fetch again",
        list,
    });
    Notice { text: "Already in your library.".to_owned(), undo: fetch_again, link: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_result_has_a_code() {
        for (result, code) in CODES {
            assert_eq!(ActionResult::parse(code), Some(result));
            assert_eq!(result.code(), code);
        }
        assert_eq!(ActionResult::parse("<script>"), None);
    }
}
