//! What is made of a document stays in proportion to it.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use feeds::limits::{MAX_FEED_AUTHORS, MAX_JOINED_BYTES, MAX_NAME_CHARS, MAX_NODES, MAX_URL_BYTES};
use feeds::{Document, Feed, Item, Problem};
use url::Url;

fn parse(text: &str) -> Feed {
    let url = Url::parse(&format!("https://example.org/{}/feed", "x".repeat(3_900))).unwrap();
    feeds::parse(&Document { bytes: text.as_bytes(), url: Some(&url), content_type: None }).unwrap()
}

/// Returns how many bytes of addresses and texts a feed has.
fn size(feed: &Feed) -> usize {
    let of_item = |item: &Item| {
        let texts = [&item.summary, &item.content].into_iter().flatten().map(String::len).sum::<usize>();
        let links = [&item.link, &item.image, &item.comments_link, &item.chapters_link].into_iter().flatten();
        let links = links.chain(item.enclosures.iter().map(|it| &it.url));
        let links = links.chain(item.chapters.iter().filter_map(|it| it.link.as_ref()));
        texts + links.map(|it| it.as_str().len()).sum::<usize>() + item.authors.iter().map(String::len).sum::<usize>()
    };
    feed.items.iter().map(of_item).sum()
}

#[test]
fn short_links_do_not_become_endless_addresses() {
    let links = "<a href=y>".repeat(40_000);
    let base = format!("<base href='https://example.org/{}/'>", "z".repeat(4_000));
    let files: String = (0..100).map(|n| format!("<enclosure url='{n}'/>")).collect();
    let html = |html: &str| format!("<rss><channel><item><description><![CDATA[{html}]]></description></item>");
    let atom = |inner: &str| format!("<feed xmlns='http://www.w3.org/2005/Atom'>{inner}</feed>");
    for text in [
        html(&links),
        html(&format!("{base}{links}")),
        atom(&format!("<entry><content type='xhtml'><div>{links}</div></content></entry>")),
        atom(&format!("<entry><summary type='html'><![CDATA[{links}]]></summary></entry>")),
        format!("<rss><channel>{}</channel></rss>", format!("<item><title>t</title>{files}</item>").repeat(400)),
        format!("{{\"version\":\"jsonfeed\",\"items\":[{{\"content_html\":\"{links}\"}}]}}"),
    ] {
        let found = size(&parse(&text));
        assert!(found < MAX_JOINED_BYTES + 16 * text.len(), "{found} of {}: {:.60}", text.len(), text);
        assert!(found > 10_000, "links are resolved at all: {:.60}", text);
    }
}

#[test]
fn an_address_has_a_longest_length() {
    let long = "y".repeat(MAX_URL_BYTES);
    let feed = parse(&format!(
        "<rss><channel><item><title>t</title><link>https://example.org/{long}</link><guid>https://example.org/{long}</guid>
        <description>&lt;base href='https://example.org/{long}/'>&lt;img src=/a.png>&lt;img srcset='{long} 1x, /b.png 2x'></description></item>"
    ));
    assert_eq!(feed.items[0].link, None);
    let summary = feed.items[0].summary.as_deref().unwrap();
    assert!(summary.starts_with("<img src=\"https://example.org/a.png\">"), "{summary}");
    assert!(summary.ends_with(&format!("<img srcset=\"{long} 1x, https://example.org/b.png 2x\">")), "{summary}");
}

#[test]
fn authors_are_few_and_their_names_are_short() {
    let name = "é".repeat(10_000);
    let persons = |tag: &str| (0..90).map(|n| format!("<{tag}><name>{n}{name}</name></{tag}>")).collect::<String>();
    let names = |tag: &str| (0..90).map(|n| format!("<{tag}>{n}{name}</{tag}>")).collect::<String>();
    let json: Vec<String> = (0..90).map(|n| format!("{{\"name\":\"{n}{name}\"}}")).collect();
    let json = json.join(",");
    for (text, most) in [
        (
            format!("<feed xmlns='http://www.w3.org/2005/Atom'>{}<entry><id>1</id></entry></feed>", persons("author")),
            MAX_FEED_AUTHORS,
        ),
        (
            format!("<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id>{}</entry></feed>", persons("author")),
            100,
        ),
        (format!("<rss><channel><item><title>t</title>{}</item></channel></rss>", names("author")), 100),
        (format!("<rss><channel><item><title>t</title>{}</item></channel></rss>", names("dc:creator")), 100),
        (format!("{{\"title\":\"t\",\"authors\":[{json}],\"items\":[{{\"id\":1}}]}}"), MAX_FEED_AUTHORS),
        (format!("{{\"title\":\"t\",\"items\":[{{\"id\":1,\"authors\":[{json}]}}]}}"), 100),
    ] {
        let authors = &parse(&text).items[0].authors;
        assert!((1..=most).contains(&authors.len()), "{} {:.60}", authors.len(), text);
        assert!(authors.iter().all(|it| it.chars().count() == MAX_NAME_CHARS), "{:.60}", text);
    }
}

#[test]
fn attributes_count_as_parts_of_a_document() {
    let attributes: String = (0..200).map(|n| format!(" a{n}")).collect();
    let feed = parse(&format!(
        "<rss><channel>{}<item><title>t</title></item>",
        format!("<x{attributes}/>").repeat(MAX_NODES / 200)
    ));
    assert!(feed.problems.contains(Problem::ExceedsLimits));
}
