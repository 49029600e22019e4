//! `broadsheet re-extract`: re-extracts saved articles with this version of the program. Works with or without a running
//! server: each article is updated in a transaction of its own.

use std::process::ExitCode;

use anyhow::Context as _;
use broadsheet::accounts::FIRST_LIBRARY;
use broadsheet::ingest::re_extraction::{self, ContentChange, ReExtractionPreview};
use broadsheet::ingest::text_diff::{self, DiffPart};
use broadsheet::jobs;
use broadsheet::library::Library;
use broadsheet::library::articles::versions;
use broadsheet::library::sources;
use broadsheet::ops::config::Settings;
use broadsheet::ops::data_dir::DataFolder;
use broadsheet::ops::server;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{counted, say};

/// Articles that are looked up at once.
const BATCH: i64 = 200;

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
    let mut folder = DataFolder::share(&settings.data).await?;
    let app = super::open::app(settings).await?;
    let library = app.libraries.get(FIRST_LIBRARY, app.now()).await?;
    let source = match &options.source {
        Some(domain) => {
            let found = sources::find(&library, domain).await?;
            Some(found.with_context(|| format!("No source {domain}. Use a domain from the Sources page"))?.id)
        }
        None => None,
    };
    let stop = CancellationToken::new();
    server::stop_on_signal(stop.clone())?;
    let tally = walk(&library, source, options, &stop).await?;
    // The new texts may show other pictures. A server that runs fetches them itself.
    if tally.changed > 0 && !options.dry_run && !stop.is_cancelled() && folder.take_over()? {
        jobs::fetch_due_images(&app, &library, &stop).await?;
    }
    app.libraries.close().await;
    Ok(tally.end(options))
}

async fn walk(
    library: &Library,
    source: Option<i64>,
    options: &Options,
    stop: &CancellationToken,
) -> anyhow::Result<Tally> {
    let mut tally = Tally::new(versions::count_with_page(library, source).await?);
    let mut after = 0;
    loop {
        let batch = versions::with_page(library, source, after, BATCH).await?;
        let Some((last, _)) = batch.last() else { return Ok(tally) };
        after = *last;
        for (id, title) in &batch {
            if stop.is_cancelled() {
                tally.stopped = true;
                return Ok(tally);
            }
            if let Err(error) = one(library, *id, options, &mut tally).await {
                tally.failed(*id, title, &format!("{error:#}"));
            }
        }
    }
}

async fn one(library: &Library, id: i64, options: &Options, tally: &mut Tally) -> anyhow::Result<()> {
    let now = Timestamp::now();
    match re_extraction::preview(library, id, now).await? {
        ReExtractionPreview::Unchanged => tally.unchanged(),
        ReExtractionPreview::Changed(change) if change.rejected => tally.left(),
        ReExtractionPreview::Changed(change) => {
            if !options.dry_run {
                versions::replace(library, id, &change.after, now).await?;
            }
            tally.changed(id, &change, options);
        }
        ReExtractionPreview::NoSnapshot => anyhow::bail!("its original page is no longer stored"),
        ReExtractionPreview::NoText => anyhow::bail!("no text was found in its original page, so nothing was changed"),
    }
    Ok(())
}

/// What became of the articles, shown as it grows.
struct Tally {
    bar: ProgressBar,
    changed: usize,
    unchanged: usize,
    left: usize,
    failed: usize,
    stopped: bool,
}

impl Tally {
    fn new(articles: i64) -> Self {
        let style =
            ProgressStyle::with_template("{bar:30} {pos} of {len} {elapsed} {msg}").expect("the template is valid");
        let bar = ProgressBar::new(u64::try_from(articles).unwrap_or_default()).with_style(style);
        Self { bar, changed: 0, unchanged: 0, left: 0, failed: 0, stopped: false }
    }

    fn unchanged(&mut self) {
        self.unchanged += 1;
        self.bar.inc(1);
    }

    /// The reader has gone back from this text before.
    fn left(&mut self) {
        self.left += 1;
        self.bar.inc(1);
    }

    fn changed(&mut self, id: i64, change: &ContentChange, options: &Options) {
        self.changed += 1;
        self.bar.inc(1);
        self.bar.set_message(format!("{} changed", self.changed));
        if options.diff {
            self.bar.suspend(|| show(id, change));
        }
    }

    fn failed(&mut self, id: i64, title: &str, problem: &str) {
        self.failed += 1;
        self.bar.inc(1);
        self.bar.suspend(|| say(&format!("/article/{id} {title}: {problem}")));
    }

    fn end(self, options: &Options) -> ExitCode {
        self.bar.finish_and_clear();
        let changed = if options.dry_run { "would change" } else { "changed" };
        say(&format!(
            "{} {changed}, {} unchanged, {} failed",
            counted(self.changed, "article"),
            self.unchanged,
            self.failed
        ));
        if self.left > 0 {
            say(&format!("{} skipped: you restored the previous version after this same change.", self.left));
        }
        if self.changed > 0 && !options.dry_run {
            say("Each article's page shows what changed and can restore the previous version for 30 days.");
        }
        if self.stopped {
            say("Stopped early. Run it again to continue.");
        }
        if self.failed > 0 || self.stopped { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// The differences of one article, as `diff` writes them.
fn show(id: i64, change: &ContentChange) {
    say(&format!("/article/{id} {}", change.before.title));
    for (name, before, after) in change.changed_metadata() {
        say(&format!("  {name}: {before} → {after}"));
    }
    for piece in text_diff::diff_paragraphs(&change.before.plain, &change.after.plain) {
        match piece {
            DiffPart::Same(count) => say(&format!("  … {}", counted(count, "unchanged paragraph"))),
            DiffPart::Removed(text) => say(&format!("- {}", text.replace('\n', " "))),
            DiffPart::Added(text) => say(&format!("+ {}", text.replace('\n', " "))),
        }
    }
}
