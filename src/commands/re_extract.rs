//! `broadsheet re-extract`: re-extracts saved articles with this version of the program. Works beside a running server,
//! because each article is updated in its own transaction.

use std::process::ExitCode;

use anyhow::Context as _;
use broadsheet::accounts::FIRST_LIBRARY_ID;
use broadsheet::app::App;
use broadsheet::ingest::re_extraction::{self, ContentChange, ReExtractionPreview};
use broadsheet::ingest::text_diff::{self, DiffPart};
use broadsheet::jobs;
use broadsheet::library::Library;
use broadsheet::library::articles::versions;
use broadsheet::library::sources;
use broadsheet::ops::config::Settings;
use broadsheet::ops::data_dir::DataDir;
use broadsheet::ops::server;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{format_count, print_line};

/// Articles per query.
const BATCH_SIZE: i64 = 200;

/// The options of the command.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only articles from this source, given by its domain.
    #[arg(long, value_name = "DOMAIN")]
    source: Option<String>,
    /// Show what would change without changing anything.
    #[arg(long)]
    dry_run: bool,
    /// Show the differences, article by article.
    #[arg(long)]
    diff: bool,
}

pub async fn run(settings: &Settings, options: &Options) -> anyhow::Result<ExitCode> {
    super::data_folder::require_library(settings)?;
    let mut data_dir = DataDir::open_shared(&settings.data).await?;
    let app = super::open_app::open_app(settings).await?;
    let library = app.libraries.get(FIRST_LIBRARY_ID).await?;
    let source = match &options.source {
        Some(domain) => {
            let found = sources::find(&library, domain).await?;
            Some(found.with_context(|| format!("No source {domain}. Use a domain from the Sources page"))?.id)
        }
        None => None,
    };
    let stop = CancellationToken::new();
    server::stop_on_signal(stop.clone())?;
    let progress = re_extract_all(&app, &library, source, options, &stop).await?;
    // The new texts may have new images. A running server fetches them itself.
    if progress.changed > 0 && !options.dry_run && !stop.is_cancelled() && data_dir.try_become_server()? {
        jobs::fetch_due_images(&app, &library, &stop).await?;
    }
    app.libraries.close().await;
    Ok(progress.print_summary(options))
}

async fn re_extract_all(
    app: &App,
    library: &Library,
    source: Option<i64>,
    options: &Options,
    stop: &CancellationToken,
) -> anyhow::Result<Progress> {
    let mut progress = Progress::new(versions::count_with_snapshot(library, source).await?);
    let mut after = 0;
    loop {
        let batch = versions::list_with_snapshot(library, source, after, BATCH_SIZE).await?;
        let Some((last, _)) = batch.last() else { return Ok(progress) };
        after = *last;
        for (id, title) in &batch {
            if stop.is_cancelled() {
                progress.stopped = true;
                return Ok(progress);
            }
            let re_extracted = re_extract_article((app, library), *id, options, stop, &mut progress).await;
            if let Err(error) = re_extracted
                && !stop.is_cancelled()
            {
                progress.record_failure(*id, title, &format!("{error:#}"));
            }
        }
    }
}

async fn re_extract_article(
    (app, library): (&App, &Library),
    id: i64,
    options: &Options,
    stop: &CancellationToken,
    progress: &mut Progress,
) -> anyhow::Result<()> {
    let now = Timestamp::now();
    let _guard = library.lock_extraction().await;
    match re_extraction::preview(library, id, now).await? {
        ReExtractionPreview::Unchanged => progress.record_unchanged(),
        ReExtractionPreview::Changed(change) if change.rejected => progress.record_skipped(),
        ReExtractionPreview::Changed(change) => {
            if !options.dry_run {
                let replace = || versions::replace(library, id, &change.after, now);
                app.write_when_there_is_room(stop, replace).await?;
            }
            progress.record_changed(id, &change, options);
        }
        ReExtractionPreview::NoSnapshot => anyhow::bail!("its original page is no longer stored"),
        ReExtractionPreview::NoText => anyhow::bail!("no text was found in its original page, so nothing was changed"),
    }
    Ok(())
}

/// A progress bar and the counts for the summary.
struct Progress {
    bar: ProgressBar,
    changed: usize,
    unchanged: usize,
    skipped: usize,
    failed: usize,
    stopped: bool,
}

impl Progress {
    fn new(articles: i64) -> Self {
        let style =
            ProgressStyle::with_template("{bar:30} {pos} of {len} {elapsed} {msg}").expect("the template is valid");
        let bar = ProgressBar::new(u64::try_from(articles).unwrap_or_default()).with_style(style);
        Self { bar, changed: 0, unchanged: 0, skipped: 0, failed: 0, stopped: false }
    }

    fn record_unchanged(&mut self) {
        self.unchanged += 1;
        self.bar.inc(1);
    }

    /// The reader has rejected this change before.
    fn record_skipped(&mut self) {
        self.skipped += 1;
        self.bar.inc(1);
    }

    fn record_changed(&mut self, id: i64, change: &ContentChange, options: &Options) {
        self.changed += 1;
        self.bar.inc(1);
        self.bar.set_message(format!("{} changed", self.changed));
        if options.diff {
            self.bar.suspend(|| print_diff(id, change));
        }
    }

    fn record_failure(&mut self, id: i64, title: &str, problem: &str) {
        self.failed += 1;
        self.bar.inc(1);
        self.bar.suspend(|| print_line(&format!("/article/{id} {title}: {problem}")));
    }

    fn print_summary(self, options: &Options) -> ExitCode {
        self.bar.finish_and_clear();
        let changed = if options.dry_run { "would change" } else { "changed" };
        print_line(&format!(
            "{} {changed}, {} unchanged, {} failed",
            format_count(self.changed, "article"),
            self.unchanged,
            self.failed
        ));
        if self.skipped > 0 {
            print_line(&format!("{} skipped: you restored the previous version after this same change.", self.skipped));
        }
        if self.changed > 0 && !options.dry_run {
            print_line("Each article's page shows what changed and can restore the previous version for 30 days.");
        }
        if self.stopped {
            print_line("Stopped early. Run it again to continue.");
        }
        if self.failed > 0 || self.stopped { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// Prints the changes of one article, like `diff`.
fn print_diff(id: i64, change: &ContentChange) {
    print_line(&format!("/article/{id} {}", change.before.title));
    for (name, before, after) in change.changed_metadata() {
        print_line(&format!("  {name}: {before} → {after}"));
    }
    for piece in text_diff::diff_paragraphs(&change.before.text, &change.after.text) {
        match piece {
            DiffPart::Same(count) => print_line(&format!("  … {}", format_count(count, "unchanged paragraph"))),
            DiffPart::Removed(text) => print_line(&format!("- {}", text.replace('\n', " "))),
            DiffPart::Added(text) => print_line(&format!("+ {}", text.replace('\n', " "))),
        }
    }
}
