//! What happens by itself, one file per job. Every job can run twice without harm, and ends when it is told to stop, after
//! the work in hand.

mod imports;
mod pictures;
mod rules;
mod sweep;

pub use imports::work_off;
pub use pictures::fetch_due;
pub use rules::apply_changed;
pub use sweep::sweep;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::App;

/// Starts all jobs. Only one process at a time may do so for a data folder.
pub fn start(app: &App, tracker: &TaskTracker, stop: &CancellationToken) {
    tracker.spawn(imports::run(app.clone(), stop.clone()));
    tracker.spawn(pictures::run(app.clone(), stop.clone()));
    tracker.spawn(rules::run(app.clone(), stop.clone()));
    tracker.spawn(sweep::run(app.clone(), stop.clone()));
}
