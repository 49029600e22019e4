//! What others ask of a choice.

use crate::classify::{Choice, Reason, Topic};

impl Choice {
    /// The topic's word in an address; `unsorted` when there is none.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        self.topic.map_or("unsorted", Topic::slug)
    }

    /// The choice of a reader, which needs no reason.
    #[must_use]
    pub const fn of_reader(topic: Option<Topic>) -> Self {
        Self { topic, reason: Reason::Reader, suggestions: Vec::new() }
    }
}

impl Default for Choice {
    fn default() -> Self {
        Self { topic: None, reason: Reason::Unsure { between: Vec::new() }, suggestions: Vec::new() }
    }
}
