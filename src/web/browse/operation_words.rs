//! What was done to many articles at once, in words for readers.

use crate::library::articles::changes::{BulkAction, NamesChange};
use crate::library::operations::{Operation, OperationState, TooManyNames};
use crate::library::tags::aliases::MAX_ALIASES;
use crate::library::topics::Topic;
use crate::web::browse::topic_words;
use crate::web::shell::dates::format_number;

/// Names that are told of many.
const MAX_QUOTED: usize = 5;

/// Says why a tag can't take the names of others.
pub(crate) fn refuse_names(tag: &str, TooManyNames(count): TooManyNames) -> String {
    format!("“{tag}” would have {count} other names, but a tag can have up to {MAX_ALIASES}. Remove some first.")
}

/// Says what an operation did: `Archived 50 articles`.
pub(crate) fn describe(action: Option<&BulkAction>, articles: i64, topics: &[Topic]) -> String {
    let is_any = articles > 0;
    let articles = count(articles);
    match action {
        Some(BulkAction::Read) => format!("Marked {articles} read"),
        Some(BulkAction::Unread) => format!("Marked {articles} unread"),
        Some(BulkAction::Star) => format!("Starred {articles}"),
        Some(BulkAction::Unstar) => format!("Removed the star from {articles}"),
        Some(BulkAction::Archive) => format!("Archived {articles}"),
        Some(BulkAction::Unarchive) => format!("Moved {articles} back from the archive"),
        Some(BulkAction::Delete) => format!("Moved {articles} to the trash"),
        Some(BulkAction::Keep) => format!("Kept {articles}"),
        Some(BulkAction::Stream) => format!("Moved {articles} back to the stream"),
        Some(BulkAction::Tag(names)) => format!("Tagged {articles} {}", quote(names)),
        Some(BulkAction::Topic(slug)) => {
            let name = topics.iter().find(|topic| topic.slug == *slug).map_or(slug, |topic| &topic.name);
            format!("Moved {articles} to {name}")
        }
        Some(BulkAction::Purge) => format!("Deleted {articles} for good"),
        Some(BulkAction::MergeSource(way)) => {
            format!("Merged “{}” into “{}”, with {articles}", way.from_name, way.to_name)
        }
        Some(BulkAction::SplitSource(way)) => {
            format!("Split “{}” off “{}”, with {articles}", way.to_name, way.from_name)
        }
        Some(BulkAction::RenameTag(names)) => format!("Renamed the tag “{}” to “{}”", names.from, names.to),
        Some(BulkAction::MergeTag(names)) => {
            format!("Merged the tag “{}” into “{}” on {articles}", names.from, names.to)
        }
        Some(BulkAction::DeleteTag(name)) => format!("Deleted the tag “{name}” from {articles}"),
        Some(BulkAction::MergeTags(names)) => {
            format!("Merged the tags {} into “{}” on {articles}", quote_some(&names.from), names.to)
        }
        Some(BulkAction::DeleteTags(names)) => format!("Deleted the tags {} from {articles}", quote_some(names)),
        Some(BulkAction::TagNames(change)) => describe_names(change),
        Some(BulkAction::ChangeTopic(change)) => topic_words::describe(change, &articles),
        Some(BulkAction::Unfollow(feed)) if is_any => {
            format!("Unfollowed “{}”, and moved {articles} to the trash", feed.name)
        }
        Some(BulkAction::Unfollow(feed)) => format!("Unfollowed “{}”", feed.name),
        Some(BulkAction::Limit) => format!("Moved {articles} over their limit to the trash"),
        Some(BulkAction::SplitStory(story)) => format!("Split {articles} off the story “{}”", story.title),
        Some(BulkAction::JoinStory(story)) => format!("Joined {articles} with “{}”", story.title),
        None => format!("Changed {articles}"),
    }
}

/// Says what an operation is about to do: `Archive 1,234 articles`.
pub(crate) fn announce(action: &BulkAction, articles: i64, topics: &[Topic]) -> String {
    let described = describe(Some(action), articles, topics);
    let (verb, rest) = described.split_once(' ').unwrap_or((&described, ""));
    let verb = match verb {
        "Marked" => "Mark",
        "Starred" => "Star",
        "Kept" => "Keep",
        "Removed" => "Remove",
        "Archived" => "Archive",
        "Moved" => "Move",
        "Tagged" => "Tag",
        "Deleted" => "Delete",
        "Joined" => "Join",
        other => other,
    };
    format!("{verb} {rest}")
}

/// Says how far an operation is, and what an undo did, as sentences.
pub(crate) fn report(operation: &Operation, topics: &[Topic]) -> String {
    let what = describe(operation.action.as_ref(), operation.articles, topics);
    if let Some(undone) = topic_words::report_undo(operation) {
        return undone.to_owned();
    }
    match operation.state {
        OperationState::Running => format!("{what} so far. The rest follows in the background."),
        OperationState::Undone if is_rename(operation) => if operation.restored > 0 {
            match operation.action {
                Some(BulkAction::TagNames(_)) => "Undone: the tag has the other names it had before.",
                _ => "Undone: the tag has its old name again.",
            }
        } else {
            "The tag has changed since, so it stays as it is."
        }
        .to_owned(),
        OperationState::Undoing if is_rename(operation) => "Undoing.".to_owned(),
        OperationState::Done if operation.articles == 0 && !operation.can_undo() => {
            "There was nothing to change.".to_owned()
        }
        OperationState::Done => format!("{what}."),
        OperationState::Undoing => format!("Undoing: restored {} so far.", count(operation.restored)),
        OperationState::Undone => match &operation.action {
            Some(BulkAction::Unfollow(feed)) => {
                format!("Following “{}” again. {}", feed.name, describe_undo(operation))
            }
            Some(BulkAction::Limit) => format!("{} What you restore stays.", describe_undo(operation)),
            _ => describe_undo(operation),
        },
    }
}

/// Returns whether it changed only how a tag is called.
const fn is_rename(operation: &Operation) -> bool {
    matches!(operation.action, Some(BulkAction::RenameTag(_) | BulkAction::TagNames(_)))
}

fn describe_undo(operation: &Operation) -> String {
    if operation.articles == 0 {
        return "Undone.".to_owned();
    }
    match operation.articles - operation.restored {
        0 => format!("Undone: {} restored.", count(operation.restored)),
        1 => format!("Undone: {} restored. One has changed since, so it stays as it is.", count(operation.restored)),
        kept => format!(
            "Undone: {} restored. {} have changed since, so they stay as they are.",
            count(operation.restored),
            format_number(kept)
        ),
    }
}

/// Counts articles in words: `1 article`.
pub(crate) fn count(articles: i64) -> String {
    if articles == 1 { "1 article".to_owned() } else { format!("{} articles", format_number(articles)) }
}

fn describe_names(NamesChange { tag, added, removed }: &NamesChange) -> String {
    match (added.as_slice(), removed.as_slice()) {
        (added, []) => format!("Added other names of the tag “{tag}”: {}", quote(added)),
        ([], removed) => format!("Removed other names of the tag “{tag}”: {}", quote(removed)),
        (added, removed) => {
            format!("Changed other names of the tag “{tag}”: added {}, removed {}", quote(added), quote(removed))
        }
    }
}

/// Quotes the first names of many.
fn quote_some(names: &[String]) -> String {
    match names.len().checked_sub(MAX_QUOTED) {
        Some(more) if more > 0 => format!("{} and {more} more", quote(&names[..MAX_QUOTED])),
        _ => quote(names),
    }
}

fn quote(names: &[String]) -> String {
    names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::library::articles::changes::{TagMove, TagsMove};

    fn operation(state: OperationState, articles: i64, restored: i64) -> Operation {
        let at = Timestamp::UNIX_EPOCH;
        let action = Some(BulkAction::Archive);
        Operation { id: 1, action, place: None, articles, restored, state, created_at: at, expires_at: at }
    }

    #[test]
    fn an_operation_is_described() {
        let sport = [Topic { slug: "sport".into(), name: "Sport".into(), is_custom: false }];
        for (action, done, todo) in [
            (BulkAction::Read, "Marked 1,234 articles read", "Mark 1,234 articles read"),
            (BulkAction::Unstar, "Removed the star from 1,234 articles", "Remove the star from 1,234 articles"),
            (BulkAction::Keep, "Kept 1,234 articles", "Keep 1,234 articles"),
            (
                BulkAction::Limit,
                "Moved 1,234 articles over their limit to the trash",
                "Move 1,234 articles over their limit to the trash",
            ),
            (BulkAction::Stream, "Moved 1,234 articles back to the stream", "Move 1,234 articles back to the stream"),
            (BulkAction::Delete, "Moved 1,234 articles to the trash", "Move 1,234 articles to the trash"),
            (
                BulkAction::Tag(vec!["Sea".into(), "Hills".into()]),
                "Tagged 1,234 articles “Sea”, “Hills”",
                "Tag 1,234 articles “Sea”, “Hills”",
            ),
            (BulkAction::Topic("sport".into()), "Moved 1,234 articles to Sport", "Move 1,234 articles to Sport"),
        ] {
            assert_eq!(describe(Some(&action), 1234, &sport), done);
            assert_eq!(announce(&action, 1234, &sport), todo);
        }
        let names = TagMove { from: "Ships".into(), to: "Boats".into() };
        for (action, done) in [
            (BulkAction::RenameTag(names.clone()), "Renamed the tag “Ships” to “Boats”"),
            (BulkAction::MergeTag(names), "Merged the tag “Ships” into “Boats” on 2 articles"),
            (BulkAction::DeleteTag("Ships".into()), "Deleted the tag “Ships” from 2 articles"),
            (
                BulkAction::DeleteTags((1..=7).map(|number| number.to_string()).collect()),
                "Deleted the tags “1”, “2”, “3”, “4”, “5” and 2 more from 2 articles",
            ),
            (
                BulkAction::MergeTags(TagsMove { from: vec!["Ship".into(), "Ships".into()], to: "Boats".into() }),
                "Merged the tags “Ship”, “Ships” into “Boats” on 2 articles",
            ),
            (
                BulkAction::TagNames(NamesChange {
                    tag: "A".into(),
                    added: vec!["B".into()],
                    removed: vec!["C".into()],
                }),
                "Changed other names of the tag “A”: added “B”, removed “C”",
            ),
        ] {
            assert_eq!(describe(Some(&action), 2, &[]), done);
        }
        assert_eq!(describe(Some(&BulkAction::Topic("gone".into())), 1, &[]), "Moved 1 article to gone");
        assert_eq!(describe(None, 2, &[]), "Changed 2 articles");
    }

    #[test]
    fn the_report_is_honest_about_what_is_left() {
        for (state, articles, restored, expected) in [
            (OperationState::Running, 200, 0, "Archived 200 articles so far. The rest follows in the background."),
            (OperationState::Done, 0, 0, "There was nothing to change."),
            (OperationState::Done, 1, 0, "Archived 1 article."),
            (OperationState::Undoing, 9, 4, "Undoing: restored 4 articles so far."),
            (OperationState::Undone, 9, 9, "Undone: 9 articles restored."),
            (OperationState::Undone, 9, 8, "Undone: 8 articles restored. One has changed since, so it stays as it is."),
            (
                OperationState::Undone,
                9,
                1,
                "Undone: 1 article restored. 8 have changed since, so they stay as they are.",
            ),
        ] {
            assert_eq!(report(&operation(state, articles, restored), &[]), expected);
        }
    }
}
