//! What must agree inside a library, for `broadsheet doctor`: counts with rows, the search index with the texts, image
//! files with their rows, snapshots with the articles that refer to them. Each has a check, which changes nothing and can
//! run beside a server, and a repair, which needs the library for itself. Running a repair twice changes nothing more.

mod images;
mod search_index;
mod snapshots;
mod store;

pub use images::{ImageProblems, check_images, repair_images};
pub use search_index::{SCRATCH_PREFIX, check_search_index, rebuild_search_index};
pub use snapshots::{SnapshotProblems, check_snapshots, repair_snapshots};
pub use store::{
    count_articles, count_articles_without_text, count_wrong_copies, count_wrong_counts, count_wrong_lessons,
    recompute_counts, repair_copies,
};
