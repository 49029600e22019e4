//! Generates the tables of commands and settings in README.md from the definition of the command line.

use clap::{Arg, Command};

use super::{command_line, golden};

#[test]
fn readme_lists_every_command_and_setting() {
    let command_line = command_line();
    golden::compare_section("README.md", "commands", &commands(&command_line));
    golden::compare_section("README.md", "settings", &settings(&command_line));
}

fn commands(command_line: &Command) -> String {
    let mut table = "| command | what it does | options |\n|---|---|---|\n".to_owned();
    for command in command_line.get_subcommands().filter(|command| command.get_name() != "help") {
        let own = || command.get_arguments().filter(|argument| is_own(argument));
        let inputs: String = own()
            .filter(|argument| argument.is_positional())
            .map(|input| format!(" {}", value(input).replace('|', "\\|")))
            .collect();
        let options: Vec<String> = own().filter(|argument| !argument.is_positional()).map(option).collect();
        let about = command.get_about().unwrap().to_string();
        table += &format!(
            "| `broadsheet {}{inputs}` | {} | {} |\n",
            command.get_name(),
            sentence(&about),
            options.join(" ")
        );
    }
    table
}

fn settings(command_line: &Command) -> String {
    let mut table = "| name | default | meaning |\n|---|---|---|\n".to_owned();
    let settings: Vec<&Arg> = command_line.get_arguments().filter(|argument| argument.get_env().is_some()).collect();
    assert!(settings.len() > 5, "{settings:?}");
    for setting in settings {
        let name = setting.get_env().unwrap().display();
        let default: String =
            setting.get_default_values().iter().map(|value| format!("`{}`", value.display())).collect();
        table += &format!("| `{name}` | {default} | {} |\n", sentence(&setting.get_help().unwrap().to_string()));
    }
    table
}

/// Returns whether an argument is the command's own, rather than a setting.
fn is_own(argument: &Arg) -> bool {
    argument.get_env().is_none() && !["help", "version"].contains(&argument.get_id().as_str())
}

fn option(argument: &Arg) -> String {
    let name = argument.get_long().unwrap();
    if argument.get_action().takes_values() { format!("`--{name} {}`", value(argument)) } else { format!("`--{name}`") }
}

/// Returns `FILE`, or `FILE…` for a list.
fn value(argument: &Arg) -> String {
    let name = argument.get_value_names().unwrap().join(" ");
    let is_list = argument.get_num_args().is_some_and(|count| count.max_values() > 1);
    if is_list { name + "…" } else { name }
}

/// Restores the full stop that clap drops.
fn sentence(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}
