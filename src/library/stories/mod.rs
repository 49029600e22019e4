//! Stories: articles of several sources about one event. Triggers note every article that arrives, changes, goes or comes back in
//! a queue, so none is forgotten, whoever changes it. [`file_next`] takes the newest of them, groups what is around them
//! (`stories::Index`, in memory), and writes which article is in which story.

mod decisions;
mod memory;
mod placing;
mod filing;
mod page;
mod store;

pub(in crate::library) use decisions::{Decided, Decision, join, revert, split};
pub use filing::file_next;
pub use memory::Memory;
pub use page::{OtherMember, Story, StoryInShort, StoryMember, find, list_for_articles, list_near};
pub use store::{count_waiting, find_choice, find_of_article, list_members, set_choice};

/// Whether marking an article read marks all of its story read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReadingChoice {
    /// That one alone.
    #[default]
    Article,
    /// All articles of its story.
    Story,
}
