//! What was done to a topic itself, in words for readers.

use crate::library::articles::changes::{BulkAction, TopicChange, TopicEdit};
use crate::library::operations::{Operation, OperationState};

/// Says what was done to a topic: `Merged “Crime” into “Society”, with 3 articles`. `articles` says how many moved.
pub(crate) fn describe(change: &TopicChange, articles: &str) -> String {
    let name = &change.name;
    match &change.what {
        TopicEdit::Rename { to } => format!("Renamed the topic “{name}” to “{to}”"),
        TopicEdit::Hide => format!("Hid the topic “{name}”"),
        TopicEdit::Show => format!("Showed the topic “{name}” again"),
        TopicEdit::Delete => format!("Deleted the topic “{name}”"),
        TopicEdit::Merge { into_name, .. } => format!("Merged the topic “{name}” into “{into_name}”, with {articles}"),
        TopicEdit::BeginSections { .. } => format!("Began to sort new articles into “{name}” by their sections"),
        TopicEdit::EndSections { .. } => format!("Stopped sorting articles into “{name}” by their sections"),
        TopicEdit::FileBySection => format!("Moved {articles} to “{name}” by their sections"),
    }
}

/// Says what an undo did, if it was about the topic alone.
pub(crate) fn report_undo(operation: &Operation) -> Option<&'static str> {
    let Some(BulkAction::ChangeTopic(change)) = &operation.action else { return None };
    if change.what.moves_articles() {
        return None;
    }
    match operation.state {
        OperationState::Undoing => Some("Undoing."),
        OperationState::Undone if operation.restored > 0 => Some("Undone: the topic is as it was before."),
        OperationState::Undone => Some("The topic has changed since, so it stays as it is."),
        OperationState::Running | OperationState::Done => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_to_a_topic_is_described() {
        let merge = TopicEdit::Merge { into: "society".into(), into_name: "People".into() };
        for (what, expected) in [
            (TopicEdit::Rename { to: "Law".into() }, "Renamed the topic “Crime” to “Law”"),
            (TopicEdit::Hide, "Hid the topic “Crime”"),
            (TopicEdit::Show, "Showed the topic “Crime” again"),
            (TopicEdit::Delete, "Deleted the topic “Crime”"),
            (merge, "Merged the topic “Crime” into “People”, with 3 articles"),
            (
                TopicEdit::BeginSections { section: "world".into() },
                "Began to sort new articles into “Crime” by their sections",
            ),
            (
                TopicEdit::EndSections { section: "world".into() },
                "Stopped sorting articles into “Crime” by their sections",
            ),
            (TopicEdit::FileBySection, "Moved 3 articles to “Crime” by their sections"),
        ] {
            let change = TopicChange { slug: "crime".into(), name: "Crime".into(), what };
            assert_eq!(describe(&change, "3 articles"), expected);
        }
    }
}
