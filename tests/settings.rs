//! The settings: their values, and where they are named. `src/commands/tests.rs` generates their table in README.md.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use broadsheet::ops::config::Settings;
use clap::{CommandFactory as _, Parser};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
}

/// The names of all settings.
fn names() -> BTreeSet<String> {
    let command = Cli::command();
    let names = command.get_arguments().filter_map(|setting| Some(setting.get_env()?.to_str()?.to_owned()));
    names.collect()
}

#[test]
fn every_setting_has_a_meaning() {
    for setting in Cli::command().get_arguments().filter(|setting| setting.get_env().is_some()) {
        assert!(setting.get_help().is_some_and(|help| help.to_string().len() > 20), "{}", setting.get_id());
    }
}

#[test]
fn only_existing_settings_are_named() {
    let names = names();
    let mut places: Vec<PathBuf> = ["README.md", "Dockerfile", "docker-compose.yml", "docs", "src", "templates"]
        .map(|name| root().join(name))
        .into();
    let mut found = 0;
    while let Some(place) = places.pop() {
        if place.is_dir() {
            places.extend(std::fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        // Screenshots are no text.
        let text = String::from_utf8_lossy(&std::fs::read(&place).unwrap()).into_owned();
        for after in text.split("BROADSHEET_").skip(1) {
            let name: String =
                after.chars().take_while(|letter| letter.is_ascii_uppercase() || *letter == '_').collect();
            assert!(names.contains(&format!("BROADSHEET_{name}")), "{}: BROADSHEET_{name}", place.display());
            found += 1;
        }
    }
    assert!(found > 20, "{found}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
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
