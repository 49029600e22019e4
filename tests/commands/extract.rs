//! `broadsheet extract`: formats, options and errors.

use std::io::Write as _;
use std::process::Stdio;

use super::{ARTICLE, broadsheet, outcome, run, temp_folder_with_page};

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
