//! The settings in README.md are those of the program, no more, no fewer, with the same defaults.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::collections::BTreeMap;

use broadsheet::ops::config::Settings;
use clap::{CommandFactory as _, Parser};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
}

/// Name → default, of the program.
fn settings() -> BTreeMap<String, String> {
    let command = Cli::command();
    let settings: BTreeMap<String, String> = command
        .get_arguments()
        .filter_map(|setting| {
            let default = setting.get_default_values().iter().map(|value| value.to_str().unwrap()).collect();
            Some((setting.get_env()?.to_str()?.to_owned(), default))
        })
        .collect();
    assert!(settings.len() > 5, "{settings:?}");
    settings
}

/// Name → default and meaning, of the rows of the table: | `NAME` | `default` | meaning |.
fn documented() -> BTreeMap<String, (String, String)> {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let rows = readme.lines().filter(|line| line.starts_with("| `BROADSHEET_"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [name, default, meaning] = cells[..] else { panic!("this row has not three cells: {row}") };
        (name.replace('`', ""), (default.replace('`', ""), meaning.to_owned()))
    })
    .collect()
}

#[test]
fn the_readme_lists_every_setting_with_its_default() {
    let documented: BTreeMap<String, String> =
        documented().into_iter().map(|(name, (default, _))| (name, default)).collect();
    assert_eq!(documented, settings());
}

#[test]
fn every_setting_has_a_meaning_in_both_places() {
    for (name, (_, meaning)) in documented() {
        assert!(meaning.len() > 20 && meaning.ends_with('.'), "{name}: {meaning}");
    }
    for setting in Cli::command().get_arguments().filter(|setting| setting.get_env().is_some()) {
        assert!(setting.get_help().is_some_and(|help| help.to_string().len() > 20), "{}", setting.get_id());
    }
}

#[test]
fn bad_values_are_explained() {
    for (flags, words) in [
        (["--listen", "news.example.org:8080"], "Use an IP address and a port, such as 127.0.0.1:8080."),
        (["--base-url", "news.example.org"], "Use the full public URL"),
        (["--log", "broadsheet=loud"], "Use error, warn, info, debug or trace"),
        (["--allow-ports", "https"], "https isn't a port"),
        (["--images-limit", "much"], "isn't a size"),
        (["--owner", "ada"], "--owner-password-file"),
    ] {
        let refused = Cli::try_parse_from(std::iter::once("broadsheet").chain(flags)).err().unwrap().to_string();
        assert!(refused.contains(words), "{refused}");
    }
}

#[test]
fn a_setting_given_as_a_flag_is_read_into_its_type() {
    let cli = Cli::parse_from(["broadsheet", "--images-limit", "1MiB", "--listen", "[::1]:80"]);
    assert_eq!((cli.settings.images_limit, cli.settings.listen.port()), (1 << 20, 80));
}
