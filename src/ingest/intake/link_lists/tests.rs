//! Tests for lists of links.

use super::*;

/// Returns the URLs of a list, and what was rejected; empty if the text is none.
fn read(text: &str) -> Vec<String> {
    describe(parse_text_list("l.txt", text, max_chars_beside_links(false)))
}

fn read_html(html: &str) -> Vec<String> {
    describe(parse_html_list("l.html", html))
}

fn describe(list: Option<Vec<Result<ImportRequest, RejectedInput>>>) -> Vec<String> {
    let words = |one: Result<ImportRequest, RejectedInput>| match one {
        Ok(request) => request.display_name(),
        Err(rejected) => rejected.name,
    };
    list.into_iter().flatten().map(words).collect()
}

const THREE: [&str; 3] = ["https://a.example/1", "https://a.example/2", "https://b.example/3"];

#[test]
fn a_list_is_read_in_any_form() {
    for list in [
        "https://a.example/1 https://a.example/2 https://b.example/3",
        "https://a.example/1,\r\nhttps://a.example/2,\r\nhttps://b.example/3",
        "https://a.example/1\rhttps://a.example/2\rhttps://b.example/3\r",
        "https://a.example/1\u{2028}https://a.example/2\u{2028}https://b.example/3",
        "The ferry - https://a.example/1\nSoup - https://a.example/2\nRain – https://b.example/3",
        "The ferry\thttps://a.example/1\nSoup\thttps://a.example/2\nRain\thttps://b.example/3",
        "https://a.example/1 | The ferry | late\n\nhttps://a.example/2 | Soup\nhttps://b.example/3 | Rain",
        "1. https://a.example/1\n2) https://a.example/2\n3: https://b.example/3",
        "1. a.example/1\n2. a.example/2\n- [ ] b.example/3",
        "- [The ferry](https://a.example/1)\n* [Soup](https://a.example/2)\n+ [Rain](https://b.example/3)",
        "# To read\n\n## [The ferry](https://a.example/1)\n[Soup]: https://a.example/2\n<https://b.example/3>",
        "The ferry\nhttps://a.example/1\n\nSoup\nhttps://a.example/2\n\nRain\nhttps://b.example/3",
        "\u{feff}\"https://a.example/1\",\n\"https://a.example/2\",\n\"https://b.example/3\"",
        "[\"https:\\/\\/a.example\\/1\", \"https:\\/\\/a.example\\/2\", \"https:\\/\\/b.example\\/3\"]",
        "https://a.exa\u{200b}mple/1;https://a.example/2;https://b.example/3",
        "* [[https://a.example/1][The ferry]]\n* [[https://a.example/2]]\n* https://b.example/3 :soup:",
    ] {
        assert_eq!(read(list), THREE, "{list}");
    }
}

#[test]
fn lines_without_a_link_are_named_and_a_broken_link_is_joined() {
    let list = "https://a.example/1\nferry timetable\nhttps://a.example/2\n\nhttps://b.example/the-late-\nferry\nsoup\nb.example/4\nb.example/5\nb.example/6";
    assert_eq!(
        read(list),
        [
            "https://a.example/1",
            "l.txt, line 2",
            "https://a.example/2",
            "https://b.example/the-late-ferry",
            "l.txt, line 7",
            "https://b.example/4",
            "https://b.example/5",
            "https://b.example/6"
        ]
    );
}

#[test]
fn a_link_is_joined_up_to_the_length_that_a_link_may_have() {
    let (links, pieces, start) = (6_000, 2_000, "https://b.example/late");
    let list = format!("{}{start}{}", "https://a.example/1\n".repeat(links), "\n-ferry".repeat(pieces));
    let joined = (MAX_BYTES - start.len()) / "-ferry".len();
    assert_eq!(read(&list).len(), links + 1 + pieces - joined, "the other pieces are named");
}

#[test]
fn a_text_with_links_is_no_list() {
    let prose = "The ferry was late on Monday, and its passengers waited in the rain for two hours. ".repeat(3);
    for text in [
        "A headline\nA sentence.\nhttps://a.example/1",
        &format!("{prose}\n\n{prose}https://a.example/1"),
        "Words alone.",
        "",
    ] {
        assert_eq!(read(text), Vec::<String>::new(), "{text}");
    }
    let notes = "- The board wants the [ferry](https://a.example/1) to sail on time from May on, weather permitting\n"
        .repeat(3);
    assert!(parse_text_list("n.md", &notes, max_chars_beside_links(true)).is_none());
}

#[test]
fn a_page_of_nothing_but_links_is_a_list() {
    for html in [
        "<ul><li><a href=https://a.example/1>The ferry</a><li><a href='https://a.example/2'>Soup</a>, hot<li><a href=\"https://b.example/3\">Rain</a></ul>",
        "<!doctype html><title>Links</title><h1>A long heading of my own</h1><a href=https://a.example/1>1</a><br><a href=https://a.example/2>2</a><br><a href=https://b.example/3>3</a><a href=#top>Top</a>",
        "<table><tr><td>1<td><a href=https://a.example/1>x</a><tr><td>2<td><a href=https://a.example/2>y</a><tr><td>3<td><a href=https://b.example/3>z</a></table>",
    ] {
        assert_eq!(read_html(html), THREE, "{html}");
    }
    let with_mail = "<p><a href=https://a.example/1>1</a> <a href=mailto:ann@a.example>Ann</a></p>";
    assert_eq!(read_html(with_mail), ["https://a.example/1", "l.html, link 2"]);
    let text = "The ferry was late on Monday, and everybody waited. ".repeat(6);
    for page in [
        format!("<p>{text}<a href=https://a.example/1>More</a></p>"),
        "<script>1</script><a href=https://a.example/1>x</a>".to_owned(),
        "<p>Words, and <a href=#note>a note</a></p>".to_owned(),
    ] {
        assert_eq!(read_html(&page), Vec::<String>::new(), "{page}");
    }
}
