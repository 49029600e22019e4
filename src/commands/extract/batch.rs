//! `broadsheet extract --batch`: extracts many pages, to compare extractors.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use rustix::time::{ClockId, clock_gettime};
use serde_json::Value;
use url::Url;

use super::{PageReader, output};

/// Extracts every page in the manifest, one at a time so that the times are comparable.
pub(super) fn run(manifest: &Path, reader: &PageReader) -> anyhow::Result<ExitCode> {
    let entries = read_manifest(manifest)?;
    let folder = manifest.parent().unwrap_or(Path::new("."));
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} {elapsed}").expect("the template is valid");
    let bar = ProgressBar::new(u64::try_from(entries.len()).unwrap_or(u64::MAX)).with_style(style);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut failed = 0;
    let count = entries.len();
    for entry in entries {
        match entry.and_then(|entry| extract_entry(&entry, folder, reader)).map(|line| writeln!(out, "{line}")) {
            Ok(Ok(())) => {}
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
            Ok(Err(error)) => return Err(error).context("writing a line"),
            Err(problem) => {
                failed += 1;
                bar.suspend(|| eprintln!("{problem:#}"));
            }
        }
        bar.inc(1);
    }
    out.flush().context("writing the last lines")?;
    bar.finish_and_clear();
    eprintln!("{} extracted, {failed} failed", super::super::format_count(count - failed, "page"));
    Ok(if failed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Parses the lines of the manifest. An invalid line is an error of its own and does not stop the batch.
fn read_manifest(manifest: &Path) -> anyhow::Result<Vec<anyhow::Result<Value>>> {
    let name = manifest.display();
    let text = std::fs::read(manifest).with_context(|| format!("can't read {name}"))?;
    let lines = text.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    Ok(lines.map(|(at, line)| parse_entry(line).with_context(|| format!("{name}, line {}", at + 1))).collect())
}

fn parse_entry(line: &[u8]) -> anyhow::Result<Value> {
    let entry: Value = serde_json::from_slice(line).context("not JSON")?;
    let has_id_and_path = entry["id"].is_string() && (entry["set"].is_string() || entry["path"].is_string());
    anyhow::ensure!(has_id_and_path, "an id is required, and a set or a path");
    Ok(entry)
}

fn extract_entry(entry: &Value, folder: &Path, reader: &PageReader) -> anyhow::Result<Value> {
    let path = entry_path(entry, folder);
    let mut page = reader.read_file(&path.to_string_lossy())?;
    if let Some(url) = entry["url"].as_str().filter(|url| !url.is_empty()) {
        page.url = Url::parse(url).ok();
    }
    let start = thread_cpu_micros();
    let article = page.extract();
    let micros = thread_cpu_micros() - start;
    Ok(output::batch_line(&entry["set"], &entry["id"], &article, micros))
}

/// Returns the path of a page: the entry's own, or `pages/SET/ID.html` or `.html.gz`.
fn entry_path(entry: &Value, folder: &Path) -> PathBuf {
    if let Some(path) = entry["path"].as_str() {
        return folder.join(path);
    }
    let (set, id) = (entry["set"].as_str().unwrap_or_default(), entry["id"].as_str().unwrap_or_default());
    let html = folder.join("pages").join(set).join(format!("{id}.html"));
    if html.exists() { html } else { html.with_file_name(format!("{id}.html.gz")) }
}

/// Returns the CPU time of this thread, in microseconds.
fn thread_cpu_micros() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let micros = time.tv_sec * 1_000_000 + time.tv_nsec / 1_000;
    u64::try_from(micros).unwrap_or_default()
}
