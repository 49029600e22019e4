//! What is read from the file of each service.

use broadsheet::ingest::intake::UploadedFile;
use broadsheet::ingest::intake::exports::{Record, SavedLink, read_export};

use crate::export_fixtures::{FORMATS, links, rejected_and_repeated, write, zip};
use crate::read;

/// What a format cannot say.
const WITHOUT_STATE: &[&str] = &["bookmarks.html", "raindrop.csv", "linkwarden.json", "freshrss.json", "plain.csv"];

fn link(records: &[Record], url: &str) -> SavedLink {
    let found = records.iter().flatten().find(|link| link.url.as_ref().is_some_and(|own| own.as_str() == url));
    found.unwrap_or_else(|| panic!("no {url}")).clone()
}

#[test]
fn each_format_is_recognised_whatever_its_name_and_keeps_tags_dates_and_states() {
    let count = 300;
    let (rejected, _) = rejected_and_repeated(count);
    for format in FORMATS {
        let export = read("download", write(format, count));
        let found = export.count();
        assert_eq!((found.links, found.left_out), (count - rejected, rejected), "{format}");
        for expected in links(count).filter(|link| [2, 33, 299].contains(&link.number)) {
            let link = link(&export.records, &expected.url);
            assert_eq!(link.title.as_deref(), Some(expected.title.as_str()), "{format}");
            let tag = if *format == "pinboard.json" { expected.tag.replace(' ', "-") } else { expected.tag };
            assert!(link.tags.contains(&tag), "{format}: {:?}", link.tags);
            assert_eq!(link.saved_at.map(|date| date.as_second()), Some(expected.saved_at), "{format}");
            let has_state = !WITHOUT_STATE.contains(format);
            assert_eq!(link.archived, expected.archived && has_state, "{format}");
        }
    }
}

#[test]
fn places_in_the_file_are_named() {
    let export = read(
        "p.csv",
        "title,url,time_added,tags,status\r\n\"A title\r\non two lines\",https://a.example/1,1,,unread\r\n\r\nB,nowhere,1,,unread\r\n",
    );
    let places: Vec<String> = export
        .records
        .iter()
        .map(|record| record.as_ref().map_or_else(|left_out| left_out.place.clone(), |link| link.place.clone()))
        .collect();
    assert_eq!(places, ["line 2", "line 5"]);
}

#[test]
fn a_quotation_mark_that_is_never_closed_costs_no_line() {
    let rows = |broken: &str| {
        format!(
            "title,url,time_added,tags,status\n{broken}\n\"B\",https://a.example/2,2,,unread\nC,https://a.example/3,3,,unread\n"
        )
    };
    for broken in [
        "\"A,https://a.example/1,1,,unread",
        "A,https://a.example/1,1,\"sea,unread",
        "A,https://a.example/1,1,,\"unread",
    ] {
        let export = read("p.csv", rows(broken));
        let urls: Vec<&str> =
            export.records.iter().flatten().filter_map(|link| link.url.as_ref()).map(|url| url.as_str()).collect();
        assert_eq!(urls, ["https://a.example/1", "https://a.example/2", "https://a.example/3"], "{broken}");
        let said: Vec<_> = export.records.iter().filter_map(|record| record.as_ref().err()).collect();
        assert_eq!((said.len(), said[0].place.as_str()), (1, "line 2"), "{broken}");
        assert!(said[0].reason.contains("never closed"), "{}", said[0].reason);
    }
    let plain = read("mine.csv", "url,name\nhttps://a.example/1,\"One\nhttps://a.example/2,Two\n");
    assert_eq!((plain.count().links, plain.count().left_out), (2, 1));
}

#[test]
fn folders_become_tags_in_any_shape_of_bookmarks() {
    for body in [
        "<DL><p><DT><H3>Boats</H3><DL><p><DT><H3>Ferries</H3><DL><p><DT><A HREF=\"https://a.example/1\">A</A></DL></DL></DL>",
        "<DL><DT><H3>Boats</H3><DD>words about it<DL><DT><H3>Ferries</H3><DD>more<DL><DT><A HREF=\"https://a.example/1\">A</A></DL></DL></DL>",
        "<dl><p><dt><h3>Boats</h3></dt><dl><p><dt><h3>Ferries</h3></dt><dl><p><dt><a href=\"https://a.example/1\">A</a></dt></p></dl></p></dl></p></dl>",
        "<DT><H3 FOLDED>Boats</H3><DL><DT><H3>Ferries</H3><DL><p><DT><A HREF=\"https://a.example/1\">A</A></DL></DL>",
    ] {
        let html = format!("<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<H1>Mine</H1>\n{body}");
        let export = read("b.html", html);
        assert_eq!(link(&export.records, "https://a.example/1").tags, ["Boats", "Ferries"], "{body}");
        assert_eq!(export.records.len(), 1);
    }
    let own = "<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><DT><H3 PERSONAL_TOOLBAR_FOLDER=\"true\">Toolbar</H3><DL><DT><A HREF=\"https://a.example/1\" TAGS=\"sea,soup\">A</A><DD>My note <a href=x>x</a>\n<DT><A HREF=\"place:x\">B</A></DL></DL>";
    let export = read("b.html", own);
    let first = link(&export.records, "https://a.example/1");
    assert_eq!(
        (first.tags, first.highlights[0].note.as_deref()),
        (vec!["sea".into(), "soup".into()], Some("My note x"))
    );
    assert!(export.records[1].as_ref().unwrap_err().reason.contains("place:"));
}

#[test]
fn a_deep_folder_closes_itself_and_no_other() {
    let depth = 150;
    let html = format!(
        "<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><DT><H3>Boats</H3><DL>{}<DT><A HREF=\"https://a.example/1\">A</A>{}\
         <DT><A HREF=\"https://a.example/2\">B</A></DL><DT><A HREF=\"https://a.example/3\">C</A></DL>",
        "<DT><H3>Deeper</H3><DL>".repeat(depth),
        "</DL>".repeat(depth)
    );
    let export = read("b.html", html);
    assert_eq!(link(&export.records, "https://a.example/1").tags, ["Boats", "Deeper"]);
    assert_eq!(link(&export.records, "https://a.example/2").tags, ["Boats"]);
    assert_eq!(link(&export.records, "https://a.example/3").tags, Vec::<String>::new());
}

#[test]
fn a_text_gets_its_heading_whatever_stands_in_it() {
    for text in [
        format!("<p>{}</p><svg><title>A plan</title></svg>", "я".repeat(600)),
        format!("<p>x{}</p><svg><title>A plan</title></svg>", "я".repeat(600)),
        "<header>By Ann</header><p>The ferry was late.</p>".to_owned(),
    ] {
        let item = serde_json::json!([{"url": "https://a.example/1", "title": "Late", "is_archived": 0, "is_starred": 0, "content": text}]);
        let mut export = read("w.json", item.to_string());
        let late = link(&export.records, "https://a.example/1");
        let page = String::from_utf8(export.read_page(&late).unwrap().unwrap().bytes).unwrap();
        assert!(page.contains("<h1>Late</h1>"), "{page}");
    }
}

#[test]
fn highlights_and_pages_come_along() {
    let pocket = read("pocket.zip", write("pocket.zip", 100));
    assert_eq!(link(&pocket.records, "http://site2.example/2").highlights[0].quote, "The ferry");
    let mut omnivore = read("omnivore.zip", write("omnivore.zip", 100));
    assert_eq!(omnivore.count().pages, 2);
    let third = link(&omnivore.records, "http://site3.example/3");
    let mut limited = read("omnivore.zip", write("omnivore.zip", 100)).limit_pages(10);
    assert!(limited.read_page(&third).unwrap_err().contains("too large"));
    let page = String::from_utf8(omnivore.read_page(&third).unwrap().unwrap().bytes).unwrap();
    assert!(page.contains("<h1>Title, 3 “quoted”</h1>") && page.contains("readability-page-1"), "{page}");
    let slug = serde_json::json!([{"id": "1", "slug": "ferry", "title": "Ferry", "url": "https://a.example/1", "state": "Active"}]);
    let without_pages = zip([
        ("metadata_0_to_1.json".to_owned(), slug.to_string()),
        ("highlights/ferry.md".to_owned(), "> The ferry was late\n\nmy note\n".to_owned()),
    ]);
    let omnivore = read("omnivore.zip", without_pages);
    let ferry = link(&omnivore.records, "https://a.example/1");
    assert_eq!(
        (ferry.highlights[0].quote.trim(), ferry.highlights[0].note.as_deref()),
        ("The ferry was late", Some("my note"))
    );
    assert_eq!(omnivore.count().pages, 0);
    let notes = read(
        "w.json",
        r#"[{"url":"https://a.example/1","is_archived":0,"is_starred":1,"title":"A &amp; <b>B</b>","content":"<p>Wet</p>","annotations":[{"quote":"Wet","text":"my note"}]}]"#,
    );
    let first = link(&notes.records, "https://a.example/1");
    assert_eq!((first.title.as_deref(), first.starred), (Some("A & B"), true));
    assert_eq!((first.highlights[0].quote.as_str(), first.highlights[0].note.as_deref()), ("Wet", Some("my note")));
}

#[test]
fn what_must_not_be_imported_is_refused_or_no_export() {
    let read = |bytes: &[u8]| read_export(&UploadedFile { name: "f".into(), bytes: bytes.to_vec() });
    let refused = |bytes: &[u8]| read(bytes).expect("it is recognised").expect_err("it is refused");
    assert!(refused(b"Title,URL,Username,Password\nBank,https://bank.example/,ann,secret\n").contains("passwords"));
    // Notes and passwords may have any sign in them, and then their rows have other widths.
    let irregular = b"name,url,username,password\nBank,https://bank.example/,ann,a,b\nPost,https://post.example/,ann\n\
        Ferry,https://ferry.example/,ann,c,d,e,f\n";
    assert!(refused(irregular).contains("passwords"));
    assert!(
        refused(b"url;login_password;note\nhttps://bank.example/;x;;;;\nhttps://b.example/\n").contains("passwords")
    );
    assert!(refused(b"[]").contains("nothing in this file"));
    assert!(refused(b"PK\x03\x04 broken").contains("damaged"));
    let bomb = zip([("part_000000.csv".to_owned(), "a".repeat(100 << 20))]);
    assert!(bomb.len() < 1 << 20 && refused(&bomb).contains("too large when unpacked"));
    for other in [
        &b"A headline\n\nThe ferry was late, and nobody, not even Ann, minded.\n"[..],
        b"https://a.example/1, https://a.example/2\nhttps://a.example/3, https://a.example/4\n",
        b"https://a.example/1,\nhttps://a.example/2,\n",
        b"The ferry\thttps://a.example/1\nSoup\thttps://a.example/2\n",
        b"<html><title>A page</title><p>Words",
        b"<!doctype html><title>A page</title><dl><dt><a href=https://a.example/>A</a></dl><p>Words",
        b"Password\n\nNobody on the ferry knew it.\n",
        b"Username, password, and other secrets\n\nThe board has lost them.\nNobody, not even Ann, minded.\n",
        b"Link, address or name\n\nThe ferry has none of them, and nobody, not even Ann, minded.\nIt was late.\n",
        b"{\"a\":1}",
        b"[1,2",
        b"{{{{",
        &zip([("readme.txt".to_owned(), "Words".to_owned())]),
    ] {
        assert!(read(other).is_none(), "{}", String::from_utf8_lossy(other));
    }
}

#[test]
fn one_bad_item_costs_one_item() {
    let export = read(
        "p.json",
        r#"[{"href":"https://a.example/1","toread":"yes","description":false,"tags":null},7,{"href":{},"toread":1}]"#,
    );
    let found = export.count();
    assert_eq!((found.links, found.left_out), (1, 2));
}
