//! Feeds of our own, each with something that feeds do.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::time::{Duration, Instant};

use feeds::limits::MAX_ITEMS;
use feeds::{Document, Feed, Format, Item, NotAFeed, Problem};
use proptest::prelude::*;
use url::Url;

fn try_parse(text: &str) -> Result<Feed, NotAFeed> {
    let url = Url::parse("https://example.org/blog/feed").unwrap();
    feeds::parse(&Document { bytes: text.as_bytes(), url: Some(&url), content_type: Some("application/xml") })
}

fn parse(text: &str) -> Feed {
    try_parse(text).unwrap()
}

fn item(inner: &str) -> Item {
    let feed = parse(&format!(
        "<rss version='2.0'><channel><link>https://example.org/</link><item>{inner}</item></channel></rss>"
    ));
    feed.items.into_iter().next().unwrap()
}

fn entry(inner: &str) -> Item {
    let feed = parse(&format!("<feed xmlns='http://www.w3.org/2005/Atom'><entry>{inner}</entry></feed>"));
    feed.items.into_iter().next().unwrap()
}

fn link(item: &Item) -> Option<&str> {
    item.link.as_ref().map(Url::as_str)
}

#[test]
fn a_channel_says_who_it_is_and_when_to_ask() {
    let feed = parse(
        "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>
        <channel><title>Pier &amp;amp; <![CDATA[quay]]></title><link>/</link><description>All &lt;b&gt;news&lt;/b&gt;</description>
        <language>pt_BR</language><ttl> 90 </ttl><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
        <skipHours><hour>24</hour><hour>3</hour><hour>99</hour></skipHours><skipDays><day>Sunday</day></skipDays>
        <atom:link rel='self' href='feed'/><atom:link rel='hub' href='https://hub.example.org/'/>
        <image><url>/logo.png</url><title>Logo</title></image></channel></rss>",
    );
    assert_eq!(feed.format, Format::Rss);
    assert_eq!(feed.title.as_deref(), Some("Pier & quay"));
    assert_eq!(feed.description.as_deref(), Some("All news"));
    assert_eq!(feed.site_link.unwrap().as_str(), "https://example.org/");
    assert_eq!(feed.self_link.unwrap().as_str(), "https://example.org/blog/feed");
    assert_eq!(feed.hubs[0].as_str(), "https://hub.example.org/");
    assert_eq!(feed.icon.unwrap().as_str(), "https://example.org/logo.png");
    assert_eq!(feed.language.as_deref(), Some("pt-BR"));
    assert_eq!(feed.rhythm.ttl, Some(Duration::from_secs(5400)));
    assert_eq!(feed.rhythm.update_interval, Some(Duration::from_secs(1800)));
    assert_eq!(feed.rhythm.skip_hours, [0, 3]);
    assert_eq!(feed.rhythm.skip_days, [jiff::civil::Weekday::Sunday]);
    assert!(feed.problems.is_empty(), "{:?}", feed.problems);
}

#[test]
fn links_lead_to_pages_of_the_web() {
    for (inner, expected) in [
        ("<link> /a\n</link>", Some("https://example.org/a")),
        ("<link href='b'/>", Some("https://example.org/b")),
        ("<link>javascript:alert(1)</link><guid>tag:x</guid>", None),
        ("<link>file:///etc/passwd</link>", None),
        ("<guid>https://example.org/c</guid>", Some("https://example.org/c")),
        ("<guid>/d</guid><title>x</title>", None),
        ("<link/><atom:link href='https://example.org/e'/>", Some("https://example.org/e")),
        (
            "<link>https://track.example.net/1</link><feedburner:origLink>https://example.org/f</feedburner:origLink>",
            Some("https://example.org/f"),
        ),
    ] {
        assert_eq!(link(&item(&format!("<title>t</title>{inner}"))), expected, "{inner}");
    }
}

#[test]
fn authors_and_categories_are_names() {
    let found = item(
        "<title>t</title><author>ada@example.org (Ada Byron)</author><dc:creator><![CDATA[Grace &amp; Co]]></dc:creator><author>joan@example.org</author>
        <category domain='x'>A &amp;amp; B</category><category>A &amp;amp; B</category><dc:subject>C</dc:subject>",
    );
    assert_eq!(found.authors, ["Ada Byron", "Grace & Co", "joan"]);
    assert_eq!(found.categories, ["A & B", "C"]);
}

#[test]
fn markup_that_nobody_escaped_is_kept() {
    let found = item(
        "<title>Vec<T> and <i>more</i></title><description>One<br>two <a href='/x'>three</a><p>four</description>",
    );
    assert_eq!(found.title.as_deref(), Some("Vec<T> and more"));
    assert_eq!(found.summary.as_deref(), Some("One<br>two <a href=\"https://example.org/x\">three</a><p>four"));
}

#[test]
fn a_tag_or_item_without_end_swallows_nothing() {
    let feed = parse(
        "<rss><channel><item><title>If a <b and c=d</title><guid>1</guid><description>x<item><title>Two</title><guid>2</guid></item>
        <item><guid>3</guid><title>Three<item><guid>4</guid><title>Four</title></item></channel></rss>",
    );
    let found: Vec<_> =
        feed.items.iter().map(|it| (it.guid.as_deref().unwrap(), it.title.as_deref().unwrap())).collect();
    assert_eq!(found, [("1", "If a <b and c=d"), ("2", "Two"), ("3", "Three"), ("4", "Four")]);
    assert!(feed.problems.contains(Problem::BrokenMarkup) && !feed.problems.contains(Problem::Truncated));
}

#[test]
fn texts_of_atom_are_what_their_type_says() {
    let found = entry(
        "<title type='html'>A &amp;amp; &lt;i&gt;b&lt;/i&gt;</title><summary>1 &lt; 2</summary><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>x <br/>&lt;y&gt; <img src='i.png'/></div></content>",
    );
    assert_eq!(found.title.as_deref(), Some("A & b"));
    assert_eq!(found.summary.as_deref(), Some("1 &lt; 2"));
    assert_eq!(found.content.as_deref(), Some("x <br>&lt;y&gt; <img src=\"https://example.org/blog/i.png\">"));
    assert_eq!(entry("<title>&lt;b&gt;x&lt;/b&gt; &amp;amp;</title>").title.as_deref(), Some("<b>x</b> &amp;"));
    assert_eq!(entry("<content>&lt;p&gt;x&lt;/p&gt;</content>").content.as_deref(), Some("<p>x</p>"));
    assert_eq!(entry("<title>t</title><content type='image/png'>iVBORw0=</content>").content, None);
}

#[test]
fn films_have_their_description_and_picture() {
    let found = entry(
        "<id>yt:video:1</id><title>Film</title><media:group><media:title>Film</media:title><media:content url='https://example.org/v/1' type='application/x-shockwave-flash'/>
        <media:thumbnail url='https://example.org/t.jpg'/><media:description>One &amp; two\nthree</media:description></media:group>",
    );
    assert_eq!(found.body(), Some("One &amp; two<br>three"));
    assert_eq!(found.image.unwrap().as_str(), "https://example.org/t.jpg");
    assert_eq!(found.enclosures, []);
}

#[test]
fn chapters_of_a_recording_are_listed() {
    let found = item(
        "<enclosure url='https://example.org/a.opus' length='12' type=''/><psc:chapters><psc:chapter start='00:00:00.000' title='Start'/>
        <psc:chapter start='1:02.5' title=' The  end ' href='/end'/></psc:chapters>",
    );
    assert_eq!(found.enclosures[0].media_type.as_deref(), Some("audio/ogg"));
    let chapters: Vec<_> = found.chapters.iter().map(|it| (it.start.as_millis(), it.title.as_str())).collect();
    assert_eq!(chapters, [(0, "Start"), (62_500, "The end")]);
}

#[test]
fn a_fault_in_a_json_feed_costs_what_is_faulty() {
    let items = |items: &str| {
        parse(&format!("{{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"T\", \"items\": [{items}"))
    };
    let guids = |feed: &Feed| feed.items.iter().filter_map(|item| item.guid.clone()).collect::<Vec<_>>().join(" ");
    for (faulty, expected) in [
        ("{\"id\": \"2\", \"title\": \"\\ud83d\"}", "1 2 3"),
        ("{\"id\": \"2\", \"rating\": 1e999, \"_x\": {\"y\": 1e999}}", "1 2 3"),
        (
            "{\"id\": \"2\", \"attachments\": [{\"url\": \"https://example.org/a.mp3\", \"size_in_bytes\": 1e999}]}",
            "1 2 3",
        ),
        ("{\"id\": \"2\", \"title\": }", "1 2 3"),
        ("{\"id\": \"2\", \"tags\": [\"a\"}", "1 2 3"),
        ("{\"id\": \"2\", title: 'x',}", "1 2 3"),
        ("{\"id\": 1e999, \"url\": []}", "1 3"),
        ("{\"id\": \"2\" \"title\": \"x\"}", "1 3"),
        ("not an item", "1 3"),
        ("null", "1 3"),
        ("[[]]", "1 3"),
        ("", "1 3"),
    ] {
        let feed = items(&format!("{{\"id\": \"1\"}}, {faulty}, {{\"id\": \"3\", \"title\": \"Three\"}}]}}"));
        assert_eq!(guids(&feed), expected, "{faulty}");
        assert_eq!(feed.items.last().unwrap().title.as_deref(), Some("Three"), "{faulty}");
        assert!(!feed.problems.contains(Problem::Truncated), "{faulty}");
    }
    let with_file = items("{\"attachments\": [{\"url\": \"https://example.org/a.mp3\", \"size_in_bytes\": 1e999}]}]}");
    assert_eq!(with_file.items[0].enclosures.len(), 1);
    let with_lines = items("{\"content_text\": \"one\ntwo\"}]}");
    assert_eq!(with_lines.items[0].body(), Some("one<br>two"));
    let deep = items(&format!("{{\"id\": \"1\", \"_x\": {}1{}}}]}}", "[".repeat(500), "]".repeat(500)));
    assert_eq!(guids(&deep), "1");
    for cut_off in ["{\"id\": \"1\"}, {\"id\": \"2", "{\"id\": \"1\"}", "{\"id\": \"1\"}, {\"id\": \"2\""] {
        let feed = items(cut_off);
        assert_eq!(guids(&feed), "1", "{cut_off}");
        assert!(feed.problems.contains(Problem::Truncated), "{cut_off}");
    }
}

#[test]
fn what_is_no_feed_is_told_apart() {
    for (text, expected) in [
        ("  ", NotAFeed::Empty),
        ("<!doctype html><title>Pier</title><p>x", NotAFeed::Page { title: Some("Pier".to_owned()) }),
        ("<html><head><title>Just a moment...</title>", NotAFeed::BrowserCheck),
        ("<p>404 not found", NotAFeed::Unknown),
        ("<opml version='2.0'/>", NotAFeed::ListOfFeeds),
        ("{\"error\": \"no\"}", NotAFeed::Json),
        ("{\"items\": [", NotAFeed::Json),
        ("<urlset><url/></urlset>", NotAFeed::Unknown),
        ("hello", NotAFeed::Unknown),
    ] {
        assert_eq!(try_parse(text).unwrap_err(), expected, "{text}");
    }
}

#[test]
fn only_a_page_that_does_nothing_but_check_is_a_browser_check() {
    let page = |title: &str, body: &str| {
        try_parse(&format!("<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"))
            .unwrap_err()
    };
    let article = "<p>The harbour was quiet, and nobody had seen the keeper for days.</p>".repeat(40);
    for (title, body) in [
        ("Attention Required! | Cloudflare", "<p>Enable cookies.</p>"),
        ("Nur einen Moment …", "<p>x</p>"),
        ("example.org", "<script>window._cf_chl_opt={}</script><noscript>Enable JavaScript.</noscript>"),
        ("example.org", "<script src='https://ct.captcha-delivery.com/c.js'></script>"),
    ] {
        assert_eq!(page(title, body), NotAFeed::BrowserCheck, "{title} {body}");
    }
    for (title, body) in [
        ("Tides", "<p>Short.</p><form><div class='g-recaptcha'></div><textarea></textarea></form>"),
        ("Tides", "<p>Short.</p><div class='cf-turnstile'></div>"),
        ("Tides", "<p>Short.</p><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"),
        ("How a captcha works", "<p>Short.</p>"),
        ("Please wait for the ferry", "<p>Short.</p>"),
        ("Just a moment of rest", "<p>Short.</p>"),
        ("Just a moment", &*article),
        ("Tides", &*format!("{article}<code>_cf_chl_opt</code>")),
    ] {
        assert_eq!(page(title, body), NotAFeed::Page { title: Some(title.to_owned()) }, "{title} {body:.90}");
    }
}

#[test]
fn entities_of_a_document_are_never_expanded() {
    let bomb = "<!DOCTYPE rss [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;'><!ENTITY f SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>&b;&f;</title></item></channel></rss>";
    let feed = parse(bomb);
    assert_eq!(feed.items[0].title.as_deref(), Some("&b;&f;"));
    assert!(feed.problems.contains(Problem::DeclaresEntities));
}

#[test]
fn hostile_documents_take_no_time() {
    let many = |piece: &str| piece.repeat(2_000_000 / piece.len());
    let rss = |inner: String| format!("<rss><channel><item><title>t</title><description>{inner}");
    let start = Instant::now();
    for document in [
        rss(many("<a>")),
        rss(many("</a>")),
        rss(many("<a></b>")),
        rss(many("<![CDATA[")),
        rss(many("<!DOCTYPE x [")),
        rss(many("<?x ")),
        rss(many("&lt;p&gt;")),
        rss(many("&x")),
        rss(many("&nbsp;")),
        rss(many("<x y='")),
        rss(many("<x xmlns:a='b'>")),
        format!("<rss {}><channel/></rss>", (0..20_000).map(|n| format!("xmlns:a{n}='b' ")).collect::<String>()),
        format!("<rss><channel>{}", many("<item><title>t</title></item>")),
        format!("<rss><channel>{}", many("<item>")),
        many("<b>"),
        "[".repeat(2_000_000),
        format!("{{\"items\":{}", "[".repeat(2_000_000)),
    ] {
        let begin = Instant::now();
        let _ = try_parse(&document);
        assert!(begin.elapsed().as_secs() < 5, "{:.60} takes {:?}", document, begin.elapsed());
    }
    assert!(start.elapsed().as_secs() < 40, "{:?}", start.elapsed());
}

#[test]
fn an_identifier_at_different_items_is_told_as_identity_counts_it() {
    for (second, is_shared) in [
        ("<title>B</title><link>https://example.org/</link>", true),
        ("<title>B</title><link>https://example.org/b</link>", true),
        ("<title>B</title>", true),
        ("<title>A</title><link>https://example.org/</link>", false),
    ] {
        let items = format!(
            "<item><guid>x</guid><title>A</title><link>https://example.org/</link></item><item><guid>x</guid>{second}</item>"
        );
        let feed = parse(&format!("<rss><channel><link>https://example.org/</link>{items}</channel></rss>"));
        assert_eq!(feed.problems.contains(Problem::SharedId), is_shared, "{second}");
    }
}

#[test]
fn a_feed_has_so_many_items_at_most() {
    let feed =
        parse(&format!("<rss><channel>{}</channel></rss>", "<item><title>t</title></item>".repeat(MAX_ITEMS + 1)));
    assert_eq!(feed.items.len(), MAX_ITEMS);
    assert!(feed.problems.contains(Problem::ExceedsLimits));
}

const PIECES: &[&str] = &[
    "<rss>",
    "<channel>",
    "<item>",
    "</item>",
    "<title>",
    "</title>",
    "<link>",
    "<guid>",
    "<description>",
    "</description>",
    "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "<entry>",
    "<content type='xhtml'>",
    "<content:encoded>",
    "<pubDate>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "&lt;p&gt;",
    "&#0;",
    "&#xffff;",
    "&amp;lt;",
    "'",
    "\"",
    "=",
    "<enclosure url='",
    "<a href=x>",
    "<base href=//y>",
    "2026-10-01",
    "Thu, 1 Oct 2026 24:00:00 +9999",
    "{\"items\":[{\"id\":1,",
    "\"x\":[]}]}",
    "é",
    "\u{feff}",
    "<html>",
    "<body>",
    "</",
    "<",
    ">",
];

proptest! {
    #[test]
    fn no_document_panics(bytes in prop::collection::vec(any::<u8>(), 0..400), content_type in ".{0,40}") {
        let _ = feeds::parse(&Document { bytes: &bytes, url: None, content_type: Some(&content_type) });
    }

    #[test]
    fn no_row_of_pieces_panics(pieces in prop::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = pieces.iter().map(|at| PIECES[*at]).collect();
        let _ = try_parse(&text);
        let _ = try_parse(&format!("<rss><channel><item><title>{text}</title><description>{text}</description><pubDate>{text}</pubDate>"));
    }
}
