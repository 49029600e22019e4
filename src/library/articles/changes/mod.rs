//! Changes to many articles at once. Each says what was before, so that [`operations`](crate::library::operations) can log
//! it and take it back.

mod store;
mod story_members;
pub(in crate::library) mod topics;

pub(in crate::library::articles) use store::delete;
pub(in crate::library) use store::{
    apply, find_newest, list_arrivals, list_from_host, list_in_source, move_back, move_some, revert,
};
pub use topics::{TopicChange, TopicEdit};

use serde::{Deserialize, Serialize};

/// Something done to many articles at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "lowercase")]
pub enum BulkAction {
    /// Mark read.
    Read,
    /// Mark unread.
    Unread,
    /// Star.
    Star,
    /// Remove the stars.
    Unstar,
    /// Archive.
    Archive,
    /// Return from the archive.
    Unarchive,
    /// Move to the trash.
    Delete,
    /// Keep those of the stream.
    Keep,
    /// Move those that came from feeds back to the stream.
    Stream,
    /// Add tags, by their names.
    Tag(Vec<String>),
    /// Move to a topic, by its slug.
    Topic(String),
    /// Delete articles that are in the trash for good. Cannot be undone.
    Purge,
    /// Move all articles of a source to another, into which it is merged.
    #[serde(rename = "merge-source")]
    MergeSource(SourceMove),
    /// Move the articles of a host to a source of its own.
    #[serde(rename = "split-source")]
    SplitSource(SourceMove),
    /// Give a tag another name.
    #[serde(rename = "rename-tag")]
    RenameTag(TagMove),
    /// Replace a tag by another on all its articles.
    #[serde(rename = "merge-tag")]
    MergeTag(TagMove),
    /// Remove a tag from all its articles, by its name.
    #[serde(rename = "delete-tag")]
    DeleteTag(String),
    /// Replace several tags by another on all their articles.
    #[serde(rename = "merge-tags")]
    MergeTags(TagsMove),
    /// Remove several tags from all their articles, by their names.
    #[serde(rename = "delete-tags")]
    DeleteTags(Vec<String>),
    /// Give a tag other names beside its own, or take some away.
    #[serde(rename = "tag-names")]
    TagNames(NamesChange),
    /// Change a topic itself, and what follows for its articles.
    #[serde(rename = "change-topic")]
    ChangeTopic(TopicChange),
    /// Unfollow a feed, and move its articles that are not kept to the trash.
    Unfollow(FeedName),
    /// Move those over the limit of their feeds to the trash.
    Limit,
    /// Take articles out of their story, by its headline.
    #[serde(rename = "split-story")]
    SplitStory(StoryName),
    /// Join articles with the story of another, or with that article.
    #[serde(rename = "join-story")]
    JoinStory(StoryName),
}

/// A story: one of its articles, and the headline by which it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryName {
    /// Id of the article.
    pub article: i64,
    /// The headline.
    pub title: String,
}

/// A feed: its id, and its name at that time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedName {
    /// Its id.
    pub feed: i64,
    /// What it is called.
    pub name: String,
}

/// Where articles go from one source to another: ids, and names at that time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceMove {
    /// Id of the source they are filed under.
    pub from: i64,
    /// Id of the source that they go to.
    pub to: i64,
    /// What the first is called.
    pub from_name: String,
    /// What the second is called.
    pub to_name: String,
}

/// The names of a tag before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagMove {
    /// Name before.
    pub from: String,
    /// Name after.
    pub to: String,
}

/// The names of tags that become another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagsMove {
    /// Names of those that go.
    pub from: Vec<String>,
    /// Name of the one that stays.
    pub to: String,
}

/// A change of the other names of a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamesChange {
    /// The tag's own name.
    pub tag: String,
    /// Other names it was given.
    pub added: Vec<String>,
    /// Other names that were taken away.
    pub removed: Vec<String>,
}

impl BulkAction {
    /// Returns whether it changes a source, a tag or a topic itself, so that it counts without articles too.
    #[must_use]
    pub fn changes_more_than_articles(&self) -> bool {
        match self {
            Self::MergeSource(_)
            | Self::SplitSource(_)
            | Self::RenameTag(_)
            | Self::TagNames(_)
            | Self::Unfollow(_) => true,
            Self::ChangeTopic(change) => change.what != TopicEdit::FileBySection,
            _ => false,
        }
    }

    /// Returns whether it decides which articles are one story.
    #[must_use]
    pub const fn changes_stories(&self) -> bool {
        matches!(self, Self::SplitStory(_) | Self::JoinStory(_))
    }

    /// Returns whether it is for articles in the trash: for these alone, for these too, or not.
    const fn accepts(&self, is_in_trash: bool) -> bool {
        match self {
            Self::Purge => is_in_trash,
            Self::MergeSource(_)
            | Self::SplitSource(_)
            | Self::MergeTag(_)
            | Self::MergeTags(_)
            | Self::DeleteTag(_)
            | Self::DeleteTags(_)
            | Self::ChangeTopic(_) => true,
            _ => !is_in_trash,
        }
    }

    /// Returns its name, and its topic or tags as JSON, as the log stores them.
    pub(in crate::library) fn to_columns(&self) -> (String, Option<String>) {
        let json = serde_json::to_value(self).expect("our own types have only string keys");
        let kind = json["kind"].as_str().unwrap_or_default().to_owned();
        (kind, json.get("value").map(ToString::to_string))
    }

    /// Reads the action from the log. `None` if another version of the program wrote it.
    pub(in crate::library) fn from_columns(kind: &str, value: Option<&str>) -> Option<Self> {
        let value: Option<serde_json::Value> = value.map(serde_json::from_str).transpose().ok()?;
        let json = match value {
            Some(value) => serde_json::json!({ "kind": kind, "value": value }),
            None => serde_json::json!({ "kind": kind }),
        };
        serde_json::from_value(json).ok()
    }
}

/// What a reader can change of an article.
pub(super) struct Row {
    pub id: i64,
    pub read_at: Option<i64>,
    pub starred_at: Option<i64>,
    pub archived_at: Option<i64>,
    pub deleted_at: Option<i64>,
    /// When an article from a feed was kept.
    pub kept_at: Option<i64>,
    /// It is in the stream.
    pub is_in_stream: bool,
    pub topic: String,
    pub topic_choice: String,
}

/// What of an article was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::library) enum Field {
    /// When it was read, in Unix seconds.
    Read,
    /// When it was starred.
    Starred,
    /// When it was archived.
    Archived,
    /// When it was deleted.
    Deleted,
    /// When it was kept, if it came from a feed.
    Kept,
    /// Its topic and why, as JSON.
    Topic,
    /// A tag it has, by name.
    Tag,
    /// The source it is filed under, by id.
    Source,
    /// Whether it belongs to the story of others, as JSON.
    Story,
}

/// A change of one article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::library) struct Change {
    pub article: i64,
    pub field: Field,
    /// `None`: there was nothing.
    pub before: Option<String>,
    pub after: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_stored_and_read_back() {
        for action in [
            BulkAction::Read,
            BulkAction::Purge,
            BulkAction::Limit,
            BulkAction::Topic("sport".into()),
            BulkAction::DeleteTag("Ferries".into()),
            BulkAction::ChangeTopic(TopicChange {
                slug: "crime".into(),
                name: "Crime".into(),
                what: TopicEdit::Merge { into: "society".into(), into_name: "Life".into() },
            }),
            BulkAction::ChangeTopic(TopicChange { slug: "sport".into(), name: "Sport".into(), what: TopicEdit::Hide }),
            BulkAction::MergeTag(TagMove { from: "Boats".into(), to: "Ferries".into() }),
            BulkAction::MergeTags(TagsMove { from: vec!["Boats".into(), "Ships".into()], to: "Ferries".into() }),
            BulkAction::TagNames(NamesChange { tag: "A".into(), added: vec!["B".into()], removed: Vec::new() }),
            BulkAction::Unfollow(FeedName { feed: 3, name: "A".into() }),
            BulkAction::SplitStory(StoryName { article: 3, title: "A".into() }),
            BulkAction::JoinStory(StoryName { article: 4, title: "B".into() }),
            BulkAction::SplitSource(SourceMove { from: 1, to: 2, from_name: "A".into(), to_name: "B".into() }),
            BulkAction::Tag(vec!["Ferries".into(), "“quoted”, \"twice\"".into()]),
        ] {
            let (kind, value) = action.to_columns();
            assert_eq!(BulkAction::from_columns(&kind, value.as_deref()), Some(action), "{kind}");
        }
        assert_eq!(BulkAction::Star.to_columns(), ("star".to_owned(), None));
        assert_eq!(BulkAction::from_columns("recolour-tags", None), None);
        assert_eq!(BulkAction::from_columns("tag", Some("[")), None);
    }
}
