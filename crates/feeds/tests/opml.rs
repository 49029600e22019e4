//! Lists of feeds, in and out.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::time::Instant;

use feeds::opml::{self, Child, Folder, Import, Keep, List, ListedFeed, Outcome, Pause, Settings, WholeText};
use proptest::prelude::*;
use url::Url;

fn read(text: &str) -> Import {
    opml::read(text.as_bytes(), &|_| true).unwrap()
}

fn outcomes(import: &Import) -> Vec<Outcome> {
    import.report.iter().map(|line| line.outcome).collect()
}

#[test]
fn a_list_that_was_written_is_read_as_it_was() {
    let feed = |address: &str, name: &str, settings| ListedFeed {
        url: Url::parse(address).unwrap(),
        name: name.to_owned(),
        site_link: Url::parse("https://example.org/?a=1&b=\"2").ok(),
        settings,
    };
    let settings = Settings {
        pause: Some(Pause::Until("2027-01-01T23:00:00Z".parse().unwrap())),
        newest: Some(20),
        never_unread: true,
        whole_text: Some(WholeText::Page),
        keep: Some(Keep::Forever),
        links: Some("ul.posts > li > a".into()),
    };
    let folder = |name: &str, children| Folder { name: name.to_owned(), children, ..Folder::default() };
    let list = List {
        title: Some("Mine & <yours>".to_owned()),
        folders: vec![
            folder("", vec![Child::Folder(1), Child::Feed(0)]),
            folder("A \"b\" & c", vec![Child::Feed(1), Child::Folder(2), Child::Feed(0)]),
            folder("Empty", vec![]),
        ],
        feeds: vec![
            feed("https://example.org/b?x=1&y=2", "Möwe 🐟", settings),
            feed("http://example.org/a", "a < b", Settings::default()),
        ],
    };
    // Feeds are counted in the order in which they stand.
    let again = read(&opml::write(&list)).list;
    let children: Vec<_> = again.folders.iter().map(|folder| (&*folder.name, &*folder.children)).collect();
    let expected: [(&str, &[Child]); 3] = [
        ("", &[Child::Folder(1), Child::Feed(1)]),
        ("A \"b\" & c", &[Child::Feed(0), Child::Folder(2), Child::Feed(1)]),
        ("Empty", &[]),
    ];
    assert_eq!(children, expected);
    assert_eq!(again.title, list.title);
    assert_eq!(again.feeds, [list.feeds[1].clone(), list.feeds[0].clone()]);
    assert_eq!(read(&opml::write(&again)).list, again);
}

#[test]
fn a_limit_is_written_and_ignored_when_it_is_read() {
    let text = r#"<opml xmlns:bs="urn:broadsheet:opml"><body>
        <outline text="News" bs:keep="newest 5"><outline text="A" xmlUrl="https://example.org/a" bs:keep="30 days"/></outline>
        <outline text="Sea" bs:keep="forever"><outline text="B" xmlUrl="https://example.org/b" bs:keep="forever"/></outline>
        <outline text="C" xmlUrl="https://example.org/c" bs:keep="nothing"/>
    </body></opml>"#;
    let import = read(text);
    let told: Vec<(usize, &str, Outcome)> =
        import.report.iter().map(|line| (line.line, &*line.name, line.outcome)).collect();
    let expected = [
        (2, "News", Outcome::LimitIgnored),
        (2, "A", Outcome::LimitIgnored),
        (2, "A", Outcome::Added),
        (3, "B", Outcome::Added),
        (4, "C", Outcome::Added),
    ];
    assert_eq!(told, expected);
    let mut list = import.list;
    let keeps =
        |list: &List| (list.feeds.iter().map(|feed| feed.settings.keep).collect::<Vec<_>>(), list.folders[1].keep);
    assert_eq!(keeps(&list), (vec![None, Some(Keep::Forever), None], None));
    (list.feeds[0].settings.keep, list.folders[1].keep) = (Some(Keep::Days(30)), Some(Keep::Newest(5)));
    let written = opml::write(&list);
    assert!(
        written.contains(r#"<outline text="News" bs:keep="newest 5">"#) && written.contains(r#"bs:keep="30 days""#)
    );
    assert_eq!(keeps(&read(&written).list), (vec![None, Some(Keep::Forever), None], None));
}

#[test]
fn a_hundred_thousand_outlines_of_any_depth_are_answered_at_once() {
    let outlines: String = (0..100_001).map(|n| format!("<outline xmlUrl='https://example.org/{n}'/>")).collect();
    let start = Instant::now();
    let import = read(&format!("<opml><body>{outlines}"));
    assert_eq!(import.list.feeds.len(), opml::MAX_OUTLINES);
    assert_eq!(import.report.last().unwrap().outcome, Outcome::Truncated);

    let deep = format!(
        "<opml>{}<outline text='deep' xmlUrl='https://example.org/deep'/>{}<outline text='top' xmlUrl='https://example.org/top'/>",
        "<outline text='f'>".repeat(90_000),
        "</outline>".repeat(90_000)
    );
    let import = read(&deep);
    assert_eq!(outcomes(&import), [Outcome::TooDeep, Outcome::Added]);
    assert_eq!(import.list.folders.len(), opml::MAX_FOLDER_DEPTH + 1);
    assert_eq!(import.list.folders[0].children.len(), 2);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn a_plain_list_of_addresses_is_a_list() {
    let import = read(
        "# mine\n\nhttps://example.org/a\nTown news - https://example.org/b\nhttps://example.org/a\nhello\nfeed:https://example.org/c\nftp://example.org/d\n",
    );
    let names: Vec<&str> = import.list.feeds.iter().map(|feed| feed.name.as_str()).collect();
    assert_eq!(names, ["example.org", "Town news", "example.org"]);
    assert_eq!(
        outcomes(&import),
        [
            Outcome::Comment,
            Outcome::Added,
            Outcome::Added,
            Outcome::DuplicateInFolder,
            Outcome::NoLink,
            Outcome::Added,
            Outcome::UnusableAddress
        ]
    );
    assert_eq!(import.report[1].line, 3);
}

#[test]
fn what_is_no_list_is_said_to_be_none() {
    for text in ["", "Dear reader,\nthere is nothing here.", "{}", "<html><body><p>x</p></body></html>"] {
        assert!(opml::read(text.as_bytes(), &|_| true).is_err(), "{text}");
    }
    assert_eq!(outcomes(&read("<opml><body/></opml>")), []);
}

#[test]
fn a_list_that_is_cut_off_says_so() {
    let import =
        read("<opml><body><outline text='a' xmlUrl='https://example.org/a'/><outline text='b' xmlUrl='https://exa");
    assert_eq!(outcomes(&import), [Outcome::Added, Outcome::Truncated]);
}

proptest! {
    #[test]
    fn any_list_is_read_and_what_is_written_of_it_is_read_as_it_is(bytes in prop::collection::vec(any::<u8>(), 0..300), pieces in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let _ = opml::read(&bytes, &|_| true);
        let text: String = pieces.iter().map(|at| PIECES[*at]).collect();
        if let Ok(import) = opml::read(text.as_bytes(), &|_| true) {
            let again = read(&opml::write(&import.list)).list;
            prop_assert_eq!(opml::write(&import.list), opml::write(&again));
            prop_assert_eq!(&read(&opml::write(&again)).list, &again);
        }
    }
}

const PIECES: &[&str] = &[
    "<opml>",
    "<outline text='a'>",
    "<outline text=\"&amp;b\" xmlUrl='https://example.org/1'/>",
    "</outline>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<outline xmlUrl='feed://example.org'",
    ">",
    "/>",
    "'",
    "\"",
    "&#10;",
    "<!DOCTYPE x [",
    "]>",
    "<?",
    "\n",
    "<title>t</title>",
    "é",
];

#[test]
fn a_list_has_a_thousand_folders_and_the_feeds_of_more_are_in_the_one_around_them() {
    let folders: String = (0..1_005)
        .map(|n| format!("<outline text='f{n}'><outline text='x{n}' xmlUrl='https://example.org/{n}'/></outline>\n"))
        .collect();
    let import = read(&format!("<opml><body><outline text='all'>{folders}</outline></body></opml>"));
    assert_eq!(import.list.folders.len(), 1 + opml::MAX_FOLDERS);
    assert_eq!(import.list.feeds.len(), 1_005);
    let around = &import.list.folders[1];
    assert_eq!(around.children.iter().filter(|child| matches!(child, Child::Feed(_))).count(), 6);
    let told: Vec<&str> = import
        .report
        .iter()
        .filter(|line| line.outcome == Outcome::TooManyFolders)
        .map(|line| line.name.as_str())
        .collect();
    assert_eq!(told, ["f999", "f1000", "f1001", "f1002", "f1003", "f1004"]);
    // A folder that is there already takes more.
    let again = read(&format!(
        "<opml>{folders}<outline text='f1'><outline text='y' xmlUrl='https://example.org/y'/></outline></opml>"
    ));
    assert_eq!(again.list.folders.iter().find(|folder| folder.name == "f1").unwrap().children.len(), 2);
}
