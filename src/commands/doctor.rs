//! `broadsheet doctor`: checks all data, and repairs what can be repaired.

use std::process::ExitCode;
use std::time::Duration;

use broadsheet::ops::config::Settings;
use broadsheet::ops::doctor::{Checkup, Finding, Mode, Remedy, examine};
use indicatif::ProgressBar;
use jiff::Timestamp;

use super::{format_count, print_line};

pub async fn run(settings: &Settings, mode: Mode) -> anyhow::Result<ExitCode> {
    let spinner = ProgressBar::new_spinner();
    spinner.enable_steady_tick(Duration::from_millis(200));
    let show = |step: &str| spinner.set_message(format!("Checking {step}"));
    let checkup = examine(&settings.data, mode, Timestamp::now(), &show).await;
    spinner.finish_and_clear();
    let checkup = checkup?;
    for finding in &checkup.findings {
        print_line(&describe(finding));
    }
    print_line(&summarize(&checkup));
    let is_done = |finding: &Finding| matches!(finding.remedy, Remedy::Repaired(_));
    Ok(if checkup.findings.iter().all(is_done) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn describe(finding: &Finding) -> String {
    let Finding { place, problem, remedy } = finding;
    match remedy {
        Remedy::Repairable(remedy) => format!("{place}: {problem} With --repair: {remedy}"),
        Remedy::Repaired(remedy) => format!("{place}: {problem} Repaired: {remedy}"),
        Remedy::Manual(advice) => format!("{place}: {problem} {advice}"),
    }
}

fn summarize(checkup: &Checkup) -> String {
    let count = |is_one: fn(&Remedy) -> bool| checkup.findings.iter().filter(|finding| is_one(&finding.remedy)).count();
    let repairable = count(|remedy| matches!(remedy, Remedy::Repairable(_)));
    let repaired = count(|remedy| matches!(remedy, Remedy::Repaired(_)));
    let manual = count(|remedy| matches!(remedy, Remedy::Manual(_)));
    let checked = format!(
        "Checked {}, {}, {} and {}.",
        match checkup.libraries {
            1 => "1 library".to_owned(),
            number => format!("{number} libraries"),
        },
        format_count(checkup.articles, "article"),
        format_count(checkup.images, "image"),
        format_count(checkup.snapshots, "original page")
    );
    if checkup.findings.is_empty() {
        return format!("{checked} Everything is sound.");
    }
    let mut parts = vec![checked, format!("{} found.", format_count(checkup.findings.len(), "problem"))];
    if repaired > 0 {
        parts.push(format!("{repaired} repaired."));
    }
    if repairable > 0 {
        parts.push(format!("{repairable} can be repaired: stop the server and run broadsheet doctor --repair."));
    }
    if manual > 0 {
        parts.push(format!("{manual} can't be repaired here; see above what to do."));
    }
    parts.join(" ")
}
