//! The files of other services, for `broadsheet import`.

use anyhow::Context as _;
use broadsheet::app::App;
use broadsheet::ingest::intake::exports::Export;
use broadsheet::ingest::intake::{self, AfterReceiving};
use broadsheet::library::exports::{self, ExportState, LinkOutcome};
use broadsheet::library::{Library, export_queue};

use super::import::Progress;
use super::{format_count, print_line};

/// Links that are listed at a time.
const PAGE_SIZE: i64 = 500;

/// Stores a file, queues its links and says what was left out. Returns the id and name of each pending import.
pub(super) async fn queue(
    app: &App,
    library: &Library,
    export: Export,
    progress: &mut Progress,
) -> anyhow::Result<Vec<(i64, String)>> {
    let (name, service) = (export.file_name.clone(), export.service.name());
    let export = export.limit_pages(app.max_page_bytes());
    let id = intake::receive_export(library, export, AfterReceiving::Import, app.now())
        .await
        .with_context(|| format!("storing {name}; run the same command again, nothing is added twice"))?;
    // A server may queue some of them; each is queued once.
    while exports::find(library, id).await?.is_some_and(|file| file.state == ExportState::Importing) {
        export_queue::queue_next(library, app.now()).await?;
    }
    let counts = exports::count(library, id).await?;
    let count = |wanted: LinkOutcome| {
        let found = counts.iter().find(|(outcome, _)| *outcome == wanted);
        usize::try_from(found.map_or(0, |(_, number)| *number)).unwrap_or_default()
    };
    let all: i64 = counts.iter().map(|(_, number)| number).sum();
    print_line(&format!("{name}: {service}, {}", format_count(all, "line")));
    progress.add_total(usize::try_from(all)? - count(LinkOutcome::Repeated));
    progress.record_repeated(count(LinkOutcome::Repeated));
    (0..count(LinkOutcome::Existing)).for_each(|_| progress.record_already_saved());
    let mut after = 0;
    loop {
        let links = exports::list_links(library, id, LinkOutcome::Rejected, (after, PAGE_SIZE)).await?;
        let Some(last) = links.last() else { break };
        after = last.id;
        for link in &links {
            let problem = link.problem.as_deref().unwrap_or_default();
            progress.record_failure(&format!("{name}, {}", link.place), problem);
        }
    }
    Ok(exports::list_imports(library, id).await?)
}
