//! The commands, run from a shell: output and exit code.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

#[path = "support/golden.rs"]
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
fn extract_prints_the_requested_format() {
    let (folder, data) = temp_folder_with_page();
    let page = folder.path().join("ferry.html").display().to_string();
    let (code, text, _) = run(&data, &["extract", &page]);
    assert!(code == 0 && text.starts_with("The ferry left an hour late on Monday"), "{text}");
    assert_eq!(run(&data, &["extract", "--text", &page]).1, text);
    let markdown = run(&data, &["extract", "--markdown", &page]).1;
    assert!(markdown.starts_with("# The late ferry\n\nThe ferry left"), "{markdown}");
    let html = run(&data, &["extract", "--html", &page]).1;
    assert!(html.contains("<h1>The late ferry</h1>") && html.contains("<p>The ferry left"), "{html}");
    let json = run(&data, &["extract", "--json", "--url", "https://valley.example/ferry", &page]).1;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((json["title"].as_str(), json["language"].as_str()), (Some("The late ferry"), Some("en")));
    assert!(json["removed"].is_array() && json["next_page"].is_null());
    assert_eq!(json["verdict"].as_str(), Some("article"));
    assert!(!data.exists(), "a data folder was created");
}

#[test]
fn titles_are_escaped_in_markdown() {
    let (folder, data) = temp_folder_with_page();
    let page = folder.path().join("marked.html");
    std::fs::write(&page, ARTICLE.replace("The late ferry", "The *late* ferry_ and [its hat]")).unwrap();
    let markdown = run(&data, &["extract", "--markdown", page.to_str().unwrap()]).1;
    assert!(markdown.starts_with("# The \\*late\\* ferry\\_ and \\[its hat\\]\n\nThe ferry left"), "{markdown}");
}

#[test]
fn lead_image_in_the_body_is_printed_once() {
    let (folder, data) = temp_folder_with_page();
    let page = folder.path().join("pictured.html");
    let image_url = "https://valley.example/ferry.png";
    let image = format!("<img src='{image_url}' alt='The ferry'>");
    for (body, count) in [(ARTICLE.replacen("<p>", &format!("{image}<p>"), 1), 1), (ARTICLE.to_owned(), 1)] {
        std::fs::write(&page, format!("<meta property=og:image content='{image_url}'>{body}")).unwrap();
        for form in ["--html", "--markdown"] {
            let written = run(&data, &["extract", form, page.to_str().unwrap()]).1;
            assert_eq!(written.matches(image_url).count(), count, "{form}: {written}");
        }
    }
}

#[test]
fn charset_option_overrides_the_page() {
    let (_folder, data) = temp_folder_with_page();
    let page = ARTICLE.replace("harbour", "h\u{e1}rbour").replace("<h1>", "<meta charset=windows-1251><h1>");
    let latin: Vec<u8> = page.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b' ')).collect();
    let piped = |page: &[u8], arguments: &[&str]| {
        let mut command = broadsheet(&data).arg("extract").args(arguments).stdin(Stdio::piped()).spawn().unwrap();
        command.stdin.take().unwrap().write_all(page).unwrap();
        outcome(&command.wait_with_output().unwrap()).1
    };
    assert!(piped(&latin, &["-"]).contains("h\u{431}rbour"), "the declared charset is used");
    assert!(piped(&latin, &["-", "--charset", "windows-1252"]).contains("h\u{e1}rbour"));
    assert!(piped(page.as_bytes(), &["-"]).contains("h\u{e1}rbour"), "a false declaration is not");
    assert!(piped(page.as_bytes(), &["-", "--charset", "windows-1252"]).contains("h\u{c3}\u{a1}rbour"));
}

#[test]
fn extract_errors_are_explained() {
    let (folder, data) = temp_folder_with_page();
    let empty = folder.path().join("empty.html");
    std::fs::write(&empty, "<title>Nothing</title>").unwrap();
    let endless = folder.path().join("endless.html");
    std::fs::write(&endless, "<p>".to_owned() + &"Rain. ".repeat(2_000_000)).unwrap();
    for (arguments, code, sentence) in [
        (vec!["extract", endless.to_str().unwrap()], 1, "more than 8 MB of text"),
        (vec!["extract", empty.to_str().unwrap()], 1, "No text found on this page."),
        (vec!["extract", "missing.html"], 1, "can't read missing.html"),
        (vec!["extract", "http://127.0.0.1/"], 1, "http://127.0.0.1/: "),
        (vec!["extract", "no address at all"], 1, "isn’t a link"),
        (vec!["extract", "https://valley.example/", "--url", "https://a.example/"], 1, "--url is for saved pages"),
        (vec!["extract"], 2, "FILE|-|URL"),
        (vec!["extract", "-", "--json", "--text"], 2, "cannot be used with"),
        (vec!["extract", "-", "--charset", "utf-99"], 2, "Unknown charset"),
    ] {
        let (actual, _, problem) = run(&data, &arguments);
        assert!(actual == code && problem.contains(sentence), "{arguments:?}: {actual} {problem}");
    }
}

#[test]
fn files_that_are_not_pages_are_refused() {
    let (folder, data) = temp_folder_with_page();
    let noise: Vec<u8> = (0..9_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (name, bytes, kind) in [
        ("hill.png", &b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR and words enough"[..], "an image"),
        ("report.html", b"%PDF-1.7\nwords enough for an article", "a PDF file"),
        ("program", b"\x7FELF\x02\x01\x01\0 words", "a program"),
        ("noise.txt", &noise, "a binary file"),
    ] {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        let (code, output, problem) = run(&data, &["extract", file.to_str().unwrap()]);
        assert_eq!((code, output.as_str()), (1, ""), "{name}");
        assert!(problem.contains(&format!("{name} is {kind}, not a page.")), "{problem}");
    }
}

#[test]
fn html_parser_warnings_are_not_logged() {
    let (folder, data) = temp_folder_with_page();
    let page = folder.path().join("table.html");
    std::fs::write(&page, format!("{ARTICLE}<table><!-- a -->b<p>c</p><form><tr><td>d</table>").repeat(3)).unwrap();
    let (code, _, problem) = run(&data, &["extract", page.to_str().unwrap()]);
    assert_eq!((code, problem.as_str()), (0, ""));
}

#[test]
fn untitled_pages_are_named_after_site_or_url() {
    let (folder, data) = temp_folder_with_page();
    let page = folder.path().join("untitled.html");
    let body =
        "<p>It rained all day in the valley, and the ferry left an hour late. Nobody was there to see it go.</p>";
    let url = "https://valley.example/rain";
    for (head, arguments, name) in [
        ("<meta property=og:site_name content='Valley Post'>", vec!["--url", url], "<title>Valley Post</title>\n"),
        ("", vec!["--url", url], "<title>https://valley.example/rain</title>\n"),
        ("", vec![], ""),
    ] {
        std::fs::write(&page, format!("{head}{body}")).unwrap();
        let written = run(&data, &[&["extract", "--html", page.to_str().unwrap()], &arguments[..]].concat()).1;
        let start = format!("<meta charset=\"utf-8\">\n{name}<p>");
        assert!(written.contains(&start), "{written}");
    }
}

#[test]
fn batch_prints_one_line_per_page_and_reports_failures() {
    let (folder, data) = temp_folder_with_page();
    let set = folder.path().join("pages/news");
    std::fs::create_dir_all(&set).unwrap();
    let packed = std::fs::File::create(set.join("2.html.gz")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::default());
    packed.write_all(ARTICLE.as_bytes()).unwrap();
    packed.finish().unwrap();
    let manifest = folder.path().join("manifest.jsonl");
    let lines = [
        r#"{"set": "own", "id": "1", "url": "", "path": "ferry.html"}"#,
        r#"{"set": "news", "id": "2", "url": "https://valley.example/2026/05/04/ferry", "bytes": 400}"#,
        r#"{"set": "news", "id": "3", "url": ""}"#,
    ];
    std::fs::write(&manifest, lines.join("\n")).unwrap();
    let (code, answers, problem) = run(&data, &["extract", "--batch", manifest.to_str().unwrap()]);
    let missing = format!("can't read {}", set.join("3.html.gz").display());
    assert!(code == 1 && problem.contains(&missing) && problem.contains("2 pages extracted, 1 failed"), "{problem}");
    let answers: Vec<serde_json::Value> = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.iter().map(|line| line["id"].as_str().unwrap()).collect::<Vec<_>>(), ["1", "2"]);
    for line in &answers {
        assert_eq!(line["title"], "The late ferry");
        assert!(line["micros"].as_u64().unwrap() > 0 && line["text"].as_str().unwrap().contains("galley"), "{line}");
    }
}

#[test]
fn invalid_manifest_lines_do_not_stop_a_batch() {
    let (folder, data) = temp_folder_with_page();
    let manifest = folder.path().join("manifest.jsonl");
    let page = br#"{"set": "own", "id": "1", "path": "ferry.html"}"#;
    std::fs::write(&manifest, [&page[..], b"[]", b"", b"no JSON", b"\"\xFF\"", page].join(&b'\n')).unwrap();
    let (code, answers, problem) = run(&data, &["extract", "--batch", manifest.to_str().unwrap()]);
    assert_eq!((code, answers.lines().count()), (1, 2), "{problem}");
    for message in ["line 2: an id is required", "line 4: not JSON", "line 5: not JSON", "2 pages extracted, 3 failed"]
    {
        assert!(problem.contains(message), "{message} in {problem}");
    }
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
