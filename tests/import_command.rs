//! `broadsheet import`: which data folder it uses, and libraries of other services.
#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const ARTICLE: &str = "<!doctype html><html lang=en><title>The ferry was late</title><article><h1>The ferry was late</h1>\
    <p>The ferry came in two hours late on Monday, the harbour board said in a statement at noon.</p>\
    <p>Passengers waited in the rain and were given soup, which most of them called very good indeed.</p></article>";

/// Runs a command in a folder. Returns its exit code, output and messages.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = command(folder, arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_broadsheet"));
    command.env_clear().env("XDG_RUNTIME_DIR", folder.parent().unwrap()).current_dir(folder).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A server that is killed when dropped.
struct Server(Child);

impl Server {
    /// Starts a server in a folder, and waits until it listens.
    fn start(folder: &Path) -> Self {
        let mut server = Self(command(folder, &["--listen", "127.0.0.1:0"]).spawn().unwrap());
        let mut log = BufReader::new(server.0.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("Broadsheet is at") {
            line.clear();
            assert!(log.read_line(&mut line).unwrap() > 0, "the server ended");
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Returns two folders, `a` and `b`, each with `ferry.html`.
fn two_folders() -> (tempfile::TempDir, std::path::PathBuf, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    for folder in [&a, &b] {
        std::fs::create_dir(folder).unwrap();
        std::fs::write(folder.join("ferry.html"), ARTICLE).unwrap();
    }
    (folder, a, b)
}

#[test]
fn a_new_library_is_created_only_if_asked_for() {
    let (_folder, a, b) = two_folders();
    let (code, output, problem) = run(&a, &["import", "ferry.html"]);
    let data = a.canonicalize().unwrap().join("data");
    assert_eq!((code, output.as_str()), (1, ""));
    assert!(problem.contains(&format!("There is no library in {}. Name its folder", data.display())), "{problem}");
    assert!(!data.exists());

    let (code, output, note) = run(&a, &["import", "--new", "ferry.html"]);
    assert_eq!((code, output.trim_end()), (0, "1 imported, 0 already saved, 0 failed"), "{note}");
    assert!(note.contains(&format!("Data folder: {} (new)\n", data.display())), "{note}");
    let (_, output, note) = run(&a, &["import", "ferry.html"]);
    assert_eq!(output.trim_end(), "0 imported, 1 already saved, 0 failed");
    assert!(note.contains(&format!("Data folder: {}\n", data.display())), "{note}");

    let (_, output, note) = run(&b, &["import", "ferry.html", "--data", data.to_str().unwrap()]);
    assert_eq!(output.trim_end(), "0 imported, 1 already saved, 0 failed", "{note}");
    let (_, output, note) = run(&b, &["--data", "elsewhere", "import", "ferry.html"]);
    assert_eq!(output.trim_end(), "1 imported, 0 already saved, 0 failed", "a named folder is meant: {note}");
    assert!(b.join("elsewhere").is_dir() && !b.join("data").exists());
}

#[test]
fn commands_that_need_a_library_make_none() {
    let (_folder, a, _b) = two_folders();
    let commands: [&[&str]; 3] = [&["backup", "copy"], &["re-extract"], &["--data", "dta", "fetch-again"]];
    for arguments in commands {
        let (code, output, problem) = run(&a, arguments);
        assert_eq!((code, output.as_str()), (1, ""), "{arguments:?}");
        assert!(problem.contains("There is no library in") && problem.contains("--data FOLDER"), "{problem}");
    }
    let left: Vec<_> = a.read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["ferry.html"]);
    let (_, _, note) = run(&a, &["password", "ann"]);
    assert!(note.contains("/a/data (new)\n"), "a first account may be made here, but not silently: {note}");
}

#[test]
fn a_mistyped_file_is_no_link() {
    let (_folder, a, _b) = two_folders();
    let mistyped =
        ["fery.html", "Pocket.ZIP", "pocket export.csv", "lists/links.md", "./ferry", "../b/ferry", "old.json"];
    let arguments: Vec<&str> = ["import", "--new"].into_iter().chain(mistyped).collect();
    let (code, output, _) = run(&a, &arguments);
    for name in mistyped {
        let hint = if name.starts_with('.') { "" } else { " Check its name; if it is a link" };
        assert!(output.contains(&format!("{name}: No such file.{hint}")), "{name}: {output}");
    }
    assert!(code == 1 && output.contains("0 imported, 0 already saved, 7 failed"), "{output}");
}

#[test]
fn the_folder_of_the_running_server_is_used() {
    let (folder, a, b) = two_folders();
    let server = Server::start(&a);
    let (code, output, note) = run(&b, &["import", "ferry.html"]);
    assert_eq!((code, output.trim_end()), (0, "1 imported, 0 already saved, 0 failed"), "{note}");
    assert!(note.contains("/a/data (of the running server)"), "{note}");
    drop(server);
    // A note of a server that was killed counts no more.
    assert!(folder.path().join("broadsheet").read_dir().unwrap().count() > 0);
    let (code, _, problem) = run(&b, &["import", "ferry.html"]);
    assert!(code == 1 && problem.contains("There is no library in"), "{problem}");
}
