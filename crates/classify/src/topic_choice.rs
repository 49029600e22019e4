//! Methods of [`TopicChoice`].

use crate::{Topic, TopicChoice, TopicReason};

impl TopicChoice {
    /// Returns the topic's slug; `unsorted` if there is none.
    #[must_use]
    pub fn topic_slug(&self) -> &str {
        self.topic.map(Topic::slug).or_else(|| self.reason.own_topic()).unwrap_or("unsorted")
    }

    /// Returns a reader's choice.
    #[must_use]
    pub const fn from_reader(topic: Option<Topic>) -> Self {
        Self { topic, reason: TopicReason::Reader, suggestions: Vec::new() }
    }
}

impl Default for TopicChoice {
    fn default() -> Self {
        Self { topic: None, reason: TopicReason::Unsure { between: Vec::new() }, suggestions: Vec::new() }
    }
}
