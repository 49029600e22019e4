//! The commands, run from a shell: output and exit code.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod extract;
#[path = "../support/golden.rs"]
mod golden;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

fn broadsheet(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_broadsheet"));
    command.env_clear().env("BROADSHEET_DATA", data).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(data: &Path, arguments: &[&str]) -> (i32, String, String) {
    outcome(&broadsheet(data).args(arguments).output().unwrap())
}

fn outcome(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// Returns a loopback address whose port was free a moment ago.
fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// A server that is killed when dropped.
struct Server(Child);

impl Server {
    fn log(&mut self) -> BufReader<ChildStderr> {
        BufReader::new(self.0.stderr.take().unwrap())
    }

    /// Stops the server with SIGTERM. Returns whether it exited successfully.
    fn stop(mut self) -> bool {
        let sent = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().unwrap();
        sent.success() && self.0.wait().unwrap().success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a server and waits until it listens.
fn start_server(data: &Path, listen: &str) -> (Server, BufReader<ChildStderr>) {
    let mut server = Server(broadsheet(data).args(["--listen", listen]).spawn().unwrap());
    let mut log = server.log();
    let mut line = String::new();
    while !line.contains(&format!("Broadsheet is at http://{listen}")) {
        line.clear();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "the server exited at startup");
    }
    (server, log)
}

const ARTICLE: &str = "<h1>The late ferry</h1><p>The ferry left an hour late on Monday, because its captain could not find \
    his hat, and nobody leaves the harbour without one. Forty people waited on the quay in the rain.</p><p>He found it \
    in the galley, where the cook had kept the bread warm in it.</p>";

#[test]
fn every_command_has_help() {
    let folder = tempfile::tempdir().unwrap();
    for command in [
        "serve",
        "import",
        "extract",
        "re-extract",
        "fetch-again",
        "backup",
        "restore",
        "doctor",
        "password",
        "healthcheck",
    ] {
        let (code, help, _) = run(folder.path(), &[command, "--help"]);
        assert_eq!(code, 0, "{command}");
        assert!(help.contains("Usage:"), "{command}: {help}");
        assert_eq!(help.contains("BROADSHEET_DATA"), command == "serve", "{command}: {help}");
        assert_eq!(help.contains("see broadsheet serve --help"), command != "serve", "{command}: {help}");
    }
}

#[test]
fn help_matches_the_golden_file() {
    let folder = tempfile::tempdir().unwrap();
    let overview = run(folder.path(), &["--help"]).1.replace(folder.path().to_str().unwrap(), "");
    let list = overview.split_once("Commands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let names: Vec<&str> = list.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert!(names.len() > 8, "{names:?}");
    let mut text = format!("$ broadsheet --help\n{overview}");
    for name in names.iter().filter(|name| **name != "help") {
        let help = run(folder.path(), &[*name, "--help"]).1.replace(folder.path().to_str().unwrap(), "");
        text += &format!("\n$ broadsheet {name} --help\n{help}");
    }
    golden::compare("tests/golden/help.txt", &text);
}

#[test]
fn usage_errors_name_the_missing_argument_only() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, problem) = run(folder.path(), &["import"]);
    assert_eq!(code, 2);
    assert!(problem.contains("<URL|FILE>") && !problem.contains("--data"), "{problem}");
    let nowhere = folder.path().join("nowhere");
    let (code, _, problem) = run(folder.path(), &["restore", nowhere.to_str().unwrap()]);
    assert!(code == 1 && problem.contains("No backup in") && !problem.contains("os error"), "{problem}");
}

#[test]
fn import_reports_successes_and_failures() {
    let folder = tempfile::tempdir().unwrap();
    let (data, page) = (folder.path().join("data"), folder.path().join("ferry.html"));
    std::fs::write(&page, ARTICLE).unwrap();
    let (code, output, _) = run(&data, &["import", page.to_str().unwrap()]);
    assert_eq!((code, output.trim_end()), (0, "1 imported, 0 already saved, 0 failed"));

    let missing = folder.path().join("missing.html");
    let (code, output, _) = run(&data, &["import", missing.to_str().unwrap(), "no address at all"]);
    assert_eq!(code, 1);
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines[0], format!("{}: No such file.", missing.display()));
    assert!(lines[1].starts_with("no address at all: "), "{output}");
    assert_eq!(lines[2], "0 imported, 0 already saved, 2 failed");
}

/// Returns a folder with `ferry.html`, and the path of a data folder that does not exist.
fn temp_folder_with_page() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ferry.html"), ARTICLE).unwrap();
    let data = folder.path().join("data");
    (folder, data)
}

#[test]
fn running_server_does_the_imports_and_shuts_down_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let (data, page, listen) = (folder.path().join("data"), folder.path().join("ferry.html"), free_address());
    std::fs::write(&page, ARTICLE).unwrap();
    let (server, log) = start_server(&data, &listen);
    assert_eq!(run(&data, &["healthcheck", "--listen", &listen]).0, 0);
    let (code, output, _) = run(&data, &["import", page.to_str().unwrap()]);
    assert_eq!((code, output.trim_end()), (0, "1 imported, 0 already saved, 0 failed"));

    let (code, _, problem) = run(&data, &["--listen", &listen]);
    assert!(code == 1 && problem.contains("is in use"), "{problem}");
    let (code, _, problem) = run(&data, &["--listen", &free_address()]);
    assert!(code == 1 && problem.contains("Another Broadsheet is using this folder"), "{problem}");

    assert!(server.stop());
    let log: Vec<String> = log.lines().map(Result::unwrap).collect();
    assert!(log.iter().any(|line| line.contains("imported")), "the server did not do the import: {log:?}");
    let (code, _, problem) = run(&data, &["healthcheck", "--listen", &listen]);
    assert!(code == 1 && problem.contains(&format!("Nothing is listening at http://{listen}. Is the")), "{problem}");
    assert!(!problem.contains("os error"), "{problem}");
}

#[test]
fn metrics_are_served_where_the_setting_says() {
    let folder = tempfile::tempdir().unwrap();
    let (data, listen, metrics) = (folder.path().join("data"), free_address(), free_address());
    let (code, _, problem) = run(&data, &["--listen", &listen, "--metrics", "0.0.0.0:9090"]);
    assert!(code != 0 && problem.contains("Metrics are never public."), "{problem}");
    let mut server = Server(broadsheet(&data).args(["--listen", &listen, "--metrics", &metrics]).spawn().unwrap());
    let mut log = server.log();
    let mut line = String::new();
    while !line.contains("Broadsheet is at") {
        line.clear();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "the server exited at startup");
    }
    let mut stream = std::net::TcpStream::connect(&metrics).unwrap();
    write!(stream, "GET /metrics HTTP/1.1\r\nHost: {metrics}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("broadsheet_imports_listed{library=\"1\",state=\"failed\"} 0"), "{answer}");
    assert!(server.stop());
}

#[test]
fn restored_backup_has_the_article() {
    let folder = tempfile::tempdir().unwrap();
    let (data, page, copy) = (folder.path().join("data"), folder.path().join("ferry.html"), folder.path().join("copy"));
    std::fs::write(&page, ARTICLE).unwrap();
    run(&data, &["import", page.to_str().unwrap()]);
    let (code, output, problem) = run(&data, &["backup", copy.to_str().unwrap()]);
    assert!(code == 0 && output.contains("Library 1: 2 articles, 1 original page, 0 images"), "{output}{problem}");
    let elsewhere = folder.path().join("elsewhere");
    let (code, output, _) = run(&elsewhere, &["restore", copy.to_str().unwrap()]);
    assert!(code == 0 && output.ends_with(&format!("Backup restored to {}.\n", elsewhere.display())), "{output}");
    let (code, _, problem) = run(&elsewhere, &["restore", copy.to_str().unwrap()]);
    assert!(code == 1 && problem.contains("Use --force to move its contents aside"), "{problem}");
    assert_eq!(run(&elsewhere, &["restore", copy.to_str().unwrap(), "--force"]).0, 0);

    let (code, output, _) = run(&data, &["backup", "--verify", copy.to_str().unwrap()]);
    assert!(code == 0 && output.contains("3 files checked, nothing has changed"), "{output}");
    std::fs::write(copy.join("libraries/1/snapshots.db"), "dear diary").unwrap();
    let (code, output, _) = run(&data, &["backup", "--verify", copy.to_str().unwrap()]);
    assert!(code == 1 && output.contains("libraries/1/snapshots.db is damaged: it has changed since"), "{output}");
    let (code, _, problem) = run(&elsewhere, &["restore", copy.to_str().unwrap(), "--force"]);
    assert!(code == 1 && problem.contains("libraries/1/snapshots.db is damaged: it has changed since"), "{problem}");
}

#[test]
fn password_is_read_from_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let set = |name: &str, typed: &str| {
        let mut command = broadsheet(folder.path()).args(["password", name]).stdin(Stdio::piped()).spawn().unwrap();
        command.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        outcome(&command.wait_with_output().unwrap())
    };
    let (code, _, problem) = set("ada", "short\n");
    assert!(code == 1 && problem.contains("at least 8 characters"), "{problem}");
    assert_eq!(set("ada", "a long enough one\n").1, "First account created: ada.\n");
    assert!(set("ada", "another long one").1.starts_with("Password changed. ada must log in again."));
    let (code, _, problem) = set("bob", "a long enough one\n");
    assert!(code == 1 && problem.contains("No account named bob"), "{problem}");
}

#[test]
fn settings_create_the_first_account() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file, listen) = (folder.path().join("data"), folder.path().join("password"), free_address());
    std::fs::write(&file, "a long enough one\n").unwrap();
    let owner = ["--owner", "ada", "--owner-password-file"];
    let (code, _, problem) =
        outcome(&broadsheet(&data).args(owner).arg("/nowhere").args(["--listen", &listen]).output().unwrap());
    assert!(code == 1 && problem.contains("BROADSHEET_OWNER_PASSWORD_FILE: can't read /nowhere"), "{problem}");
    let mut command = broadsheet(&data);
    let mut server =
        Server(command.args(owner).arg(&file).args(["--listen", &listen, "--log-format", "json"]).spawn().unwrap());
    let mut lines = server.log().lines().map(Result::unwrap);
    let first = lines.next().unwrap();
    assert!(first.starts_with('{') && first.contains("created the first account") && first.contains("ada"), "{first}");
    assert!(lines.any(|line| line.contains("Broadsheet is at")));
    assert!(server.stop());
}

#[test]
fn fetch_again_leaves_alone_what_has_no_link_and_names_an_unknown_source() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let page = folder.path().join("ferry.txt");
    std::fs::write(&page, "The ferry was late\n\n".to_owned() + &"It was late again, the board said. ".repeat(30))
        .unwrap();
    assert_eq!(run(&data, &["import", page.to_str().unwrap()]).0, 0);
    for arguments in
        [&["fetch-again"][..], &["fetch-again", "--failed-verdicts"], &["fetch-again", "--source", "uploaded"]]
    {
        let (code, output, problem) = run(&data, arguments);
        assert_eq!((code, output.trim()), (0, "0 changed, 0 unchanged, 0 failed"), "{problem}");
    }
    let (code, _, problem) = run(&data, &["fetch-again", "--source", "nowhere.example"]);
    assert!(code == 1 && problem.contains("No source nowhere.example"), "{problem}");
}

#[test]
fn re_extract_works_with_and_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let (data, page, listen) = (folder.path().join("data"), folder.path().join("ferry.html"), free_address());
    std::fs::write(&page, ARTICLE).unwrap();
    run(&data, &["import", page.to_str().unwrap()]);
    let (code, output, _) = run(&data, &["re-extract"]);
    assert_eq!((code, output.trim_end()), (0, "0 articles changed, 1 unchanged, 0 failed"));
    let (code, _, problem) = run(&data, &["re-extract", "--source", "nowhere.example"]);
    assert!(code == 1 && problem.contains("No source nowhere.example"), "{problem}");
    let (server, _log) = start_server(&data, &listen);
    let (code, output, _) = run(&data, &["re-extract", "--source", "uploaded", "--dry-run", "--diff"]);
    assert_eq!((code, output.trim_end()), (0, "0 articles would change, 1 unchanged, 0 failed"));
    assert!(server.stop());
}
