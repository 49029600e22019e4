//! The settings: their values, and where they are mentioned. `src/commands/tests.rs` generates their table in
//! README.md.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use broadsheet::ops::config::Settings;
use clap::{CommandFactory as _, Parser};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
}

/// Returns the environment variables of all settings.
fn setting_names() -> BTreeSet<String> {
    let command = Cli::command();
    let names = command.get_arguments().filter_map(|setting| Some(setting.get_env()?.to_str()?.to_owned()));
    names.collect()
}

#[test]
fn every_setting_has_help() {
    for setting in Cli::command().get_arguments().filter(|setting| setting.get_env().is_some()) {
        assert!(setting.get_help().is_some_and(|help| help.to_string().len() > 20), "{}", setting.get_id());
    }
}

#[test]
fn no_unknown_settings_are_mentioned() {
    let settings = setting_names();
    let mut paths: Vec<PathBuf> = ["README.md", "Dockerfile", "docker-compose.yml", "docs", "src", "templates"]
        .map(|name| root().join(name))
        .into();
    let mut mentions = 0;
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            paths.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        // Screenshots are not UTF-8.
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        for after in text.split("BROADSHEET_").skip(1) {
            let name: String =
                after.chars().take_while(|letter| letter.is_ascii_uppercase() || *letter == '_').collect();
            assert!(settings.contains(&format!("BROADSHEET_{name}")), "{}: BROADSHEET_{name}", path.display());
            mentions += 1;
        }
    }
    assert!(mentions > 20, "{mentions}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn invalid_values_are_explained() {
    for (flags, words) in [
        (["--listen", "news.example.org:8080"], "Use an IP address and a port, such as 127.0.0.1:8080."),
        (["--base-url", "news.example.org"], "Use the full public URL"),
        (["--log", "broadsheet=loud"], "Use error, warn, info, debug or trace"),
        (["--allow-ports", "https"], "https isn't a port"),
        (["--images-limit", "much"], "isn't a size"),
        (["--owner", "ada"], "--owner-password-file"),
    ] {
        let error = Cli::try_parse_from(std::iter::once("broadsheet").chain(flags)).err().unwrap().to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn flags_are_parsed_into_their_types() {
    let cli = Cli::parse_from(["broadsheet", "--images-limit", "1MiB", "--listen", "[::1]:80"]);
    assert_eq!((cli.settings.images_limit, cli.settings.listen.port()), (1 << 20, 80));
}
