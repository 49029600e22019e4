//! Reads a page in a process of its own first. A page that is suspected of having ended the program (it was being read
//! when the program ended) can then only end that process, and is blamed for certain: the program may also have been
//! killed, or the power have failed.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long the process may take: starting it and reading the page.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// The program that reads pages in a trial: this one, with the command `extract`.
#[derive(Debug, Clone)]
pub struct Trial {
    program: PathBuf,
}

/// The result of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrialResult {
    /// The process read the page. Whether it found an article does not matter here.
    Survived,
    /// The process was ended by the page: it crashed, had no memory left or took too long.
    Ended,
}

impl Trial {
    /// Creates a trial with a program that takes `extract - --charset utf-8` and the page on standard input.
    #[must_use]
    pub const fn new(program: PathBuf) -> Self {
        Self { program }
    }

    /// Reads a page in a process of its own.
    ///
    /// # Errors
    /// The process cannot be started.
    pub async fn read(&self, page: &str) -> anyhow::Result<TrialResult> {
        let mut child = Command::new(&self.program)
            .args(["extract", "-", "--charset", "utf-8"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {} to try a page", self.program.display()))?;
        prefer_as_victim(&child);
        let Ok(status) = timeout(TIME_LIMIT, feed(&mut child, page)).await else { return Ok(TrialResult::Ended) };
        // A process that was ended by a signal has no exit code.
        Ok(if status?.code().is_some() { TrialResult::Survived } else { TrialResult::Ended })
    }
}

/// Writes the page to the process and waits until it ends.
async fn feed(child: &mut Child, page: &str) -> std::io::Result<ExitStatus> {
    if let Some(mut input) = child.stdin.take() {
        // A process that ends early closes its end; its status says why.
        let _ = input.write_all(page.as_bytes()).await;
    }
    child.wait().await
}

/// Makes Linux end the process rather than this one if there is no memory left (`proc(5)`, `oom_score_adj`).
fn prefer_as_victim(child: &Child) {
    const FIRST: &str = "1000";
    if let Some(id) = child.id() {
        // Elsewhere the file is missing, and the trial is less careful.
        let _ = std::fs::write(format!("/proc/{id}/oom_score_adj"), FIRST);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// Tries a page with a program that runs this script.
    async fn result_of(script: &str) -> TrialResult {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("program");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        Trial::new(program).read(&"It rained. ".repeat(100_000)).await.unwrap()
    }

    #[tokio::test]
    async fn a_page_is_blamed_only_if_the_process_is_ended() {
        assert_eq!(result_of("cat >/dev/null").await, TrialResult::Survived);
        assert_eq!(result_of("exit 1").await, TrialResult::Survived);
        assert_eq!(result_of("kill -9 $$").await, TrialResult::Ended);
        assert!(Trial::new("/missing".into()).read("It rained.").await.is_err());
    }
}
