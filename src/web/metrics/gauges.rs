//! How the libraries are at this moment.

use std::collections::HashMap;

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use crate::app::App;
use crate::library::feeds::health::{self, Pulse, Trouble};
use crate::library::{Library, feeds, images, imports, topics};
use crate::ops::disk_usage;

/// Gauges by library and one more label.
type Gauges = Family<[(&'static str, String); 2], Gauge>;

/// Gauges by library.
type LibraryGauges = Family<[(&'static str, String); 1], Gauge>;

#[derive(Default)]
struct AllGauges {
    feeds: Gauges,
    imports: Gauges,
    jobs: Gauges,
    database: Gauges,
    unreachable: LibraryGauges,
}

/// Measures all libraries, and adds what was found to the registry.
///
/// # Errors
/// A database fails, or the size of one cannot be read.
pub(super) async fn register(app: &App, registry: &mut Registry) -> anyhow::Result<()> {
    let gauges = AllGauges::default();
    for library in app.open_all_libraries().await {
        gauges.measure(app, &library).await?;
    }
    let unreachable = "How long no site of a feed could be reached; 0 while some can";
    registry.register("feeds", "Feeds that are followed, by state", gauges.feeds);
    registry.register("imports_listed", "Imports that wait, run or have failed", gauges.imports);
    registry.register("jobs_waiting", "What waits for a job in the background", gauges.jobs);
    registry.register_with_unit("database", "Size of the databases, with their journals", Unit::Bytes, gauges.database);
    registry.register_with_unit("unreachable", unreachable, Unit::Seconds, gauges.unreachable);
    Ok(())
}

impl AllGauges {
    async fn measure(&self, app: &App, library: &Library) -> anyhow::Result<()> {
        let (id, now) = (library.id().to_string(), app.now());
        let labels = |name: &'static str, value: &str| [("library", id.clone()), (name, value.to_owned())];
        let pulses: HashMap<i64, Pulse> =
            health::list_pulses(library, now).await?.into_iter().map(|pulse| (pulse.feed, pulse)).collect();
        for trouble in
            [Trouble::None, Trouble::Failing, Trouble::HostWaits, Trouble::Silent, Trouble::Paused, Trouble::Gone]
        {
            self.feeds.get_or_create(&labels("state", name_of(trouble))).set(0);
        }
        for feed in feeds::list(library).await? {
            let pulse = pulses.get(&feed.id).copied().unwrap_or_default();
            self.feeds.get_or_create(&labels("state", name_of(Trouble::of(&feed, &pulse, now)))).inc();
        }
        for (state, count) in imports::count_by_state(library).await? {
            self.imports.get_or_create(&labels("state", state)).set(count);
        }
        let (due_images, to_learn) =
            (images::count_due(library, now).await?, topics::learning::count_waiting(library).await?);
        self.jobs.get_or_create(&labels("job", "images")).set(due_images);
        self.jobs.get_or_create(&labels("job", "learning")).set(to_learn);
        for (name, file) in [("articles", "library.db"), ("snapshots", "snapshots.db")] {
            let bytes = disk_usage::database_size(&library.folder().join(file))?;
            self.database.get_or_create(&labels("database", name)).set(i64::try_from(bytes)?);
        }
        let since = health::find_outage(library, now).await?;
        let seconds = since.map_or(0, |since| now.duration_since(since).as_secs());
        self.unreachable.get_or_create(&[("library", id.clone())]).set(seconds);
        Ok(())
    }
}

const fn name_of(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::None => "well",
        Trouble::Failing => "failing",
        Trouble::HostWaits => "host_waits",
        Trouble::Silent => "silent",
        Trouble::Paused => "paused",
        Trouble::Gone => "gone",
    }
}
