//! Background jobs, one file each. Every job can safely run twice, and on `stop` finishes its work in progress and
//! ends.

mod exports;
mod feeds;
mod imports;
mod images;
mod apply_rules;
mod search_index;
mod keywords;
mod learning;
mod key_phrases;
mod operations;
mod stories;
mod editions;
mod cleanup;

pub use apply_rules::apply_changed_rules;
pub use cleanup::{CleanUp, clean_up, clean_up_library};
pub use editions::close_editions;
pub use exports::queue_exported_links;
pub use feeds::look_at_due_feeds;
pub use images::fetch_due_images;
pub use imports::{process_all_imports, process_imports};
pub use key_phrases::find_key_phrases;
pub use keywords::take_keywords;
pub use learning::learn_topics;
pub use search_index::complete_search_index;
pub use stories::{find_stories, find_stories_now};

pub use operations::run_operations;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::App;

/// How long to wait after an error, and for work without a wake-up.
const RETRY_INTERVAL: Duration = Duration::from_secs(60);

/// Starts all jobs. Only one process at a time may do so for a data folder.
pub fn start(app: &App, tracker: &TaskTracker, stop: &CancellationToken) {
    tracker.spawn(exports::run(app.clone(), stop.clone()));
    tracker.spawn(imports::run(app.clone(), stop.clone()));
    tracker.spawn(feeds::run(app.clone(), stop.clone()));
    tracker.spawn(images::run(app.clone(), stop.clone()));
    tracker.spawn(apply_rules::run(app.clone(), stop.clone()));
    tracker.spawn(keywords::run(app.clone(), stop.clone()));
    tracker.spawn(key_phrases::run(app.clone(), stop.clone()));
    tracker.spawn(search_index::run(app.clone(), stop.clone()));
    tracker.spawn(learning::run(app.clone(), stop.clone()));
    tracker.spawn(stories::run(app.clone(), stop.clone()));
    tracker.spawn(operations::run(app.clone(), stop.clone()));
    tracker.spawn(editions::run(app.clone(), stop.clone()));
    tracker.spawn(cleanup::run(app.clone(), stop.clone()));
}
