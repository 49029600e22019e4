//! The form for an article's topic and tags.

use serde::Deserialize;

use crate::library::articles::Article;
use crate::library::tags::{Tag, normalize_name};

/// The form with the article's values or those typed.
#[derive(Debug, Deserialize)]
pub(crate) struct TopicAndTagsForm {
    /// Slug of an existing topic.
    #[serde(default)]
    pub topic: String,
    /// The topic when the form was shown, which an old form must not bring back; `None`: the one that the article has now.
    pub topic_before: Option<String>,
    /// Name of a new topic; takes precedence over `topic`.
    #[serde(default)]
    pub new_topic: String,
    /// Tags separated by commas; `None` keeps them.
    pub tags: Option<String>,
    /// The tags when the form was shown, so that only the changes are applied; `None`: those that the article has now.
    pub tags_before: Option<String>,
    /// The list that the reader came from.
    pub list: Option<String>,
    /// What is wrong with the topic.
    #[serde(skip)]
    pub topic_problem: Option<String>,
    /// What is wrong with the tags.
    #[serde(skip)]
    pub tags_problem: Option<String>,
}

impl TopicAndTagsForm {
    pub fn new(article: &Article, tags: &[Tag]) -> Self {
        let topic = article.topic.clone();
        Self {
            topic_before: Some(topic.clone()),
            topic,
            new_topic: String::new(),
            tags: Some(join_tags(tags)),
            tags_before: Some(join_tags(tags)),
            list: None,
            topic_problem: None,
            tags_problem: None,
        }
    }

    pub fn tags_text(&self) -> &str {
        self.tags.as_deref().unwrap_or_default()
    }

    pub const fn has_problems(&self) -> bool {
        self.topic_problem.is_some() || self.tags_problem.is_some()
    }
}

/// Returns the line of an article's tags. Older versions of the program stored names with commas, which are left out, so
/// that the line can be parsed again.
pub(crate) fn join_tags(tags: &[Tag]) -> String {
    tags.iter().map(|tag| normalize_name(&tag.name)).collect::<Vec<_>>().join(", ")
}
