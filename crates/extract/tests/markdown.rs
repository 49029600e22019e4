//! Whatever a text says, two renderers of Markdown show it letter for letter and make no element of it.
#![allow(clippy::unwrap_used, missing_docs)]

use dom_query::Document;
use extract::CleanHtml;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

/// Elements that texts may become. A bare URL may be a link.
const ALLOWED: &[&str] = &[
    "html",
    "head",
    "body",
    "p",
    "br",
    "ul",
    "ol",
    "li",
    "h2",
    "blockquote",
    "a",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
];

/// What a renderer shows: the text, with single spaces, and elements that no text should become.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    text: String,
    elements: Vec<String>,
}

impl Shown {
    fn new(text: &str, elements: Vec<String>) -> Self {
        Self { text: text.split_whitespace().collect::<Vec<_>>().join(" "), elements }
    }
}

/// Parses HTML so that its text has a space after each block and line.
fn parse(html: &str) -> Document {
    let ends = ["<br>", "<br />", "</p>", "</li>", "</h2>", "</td>", "</th>"];
    Document::from(ends.iter().fold(html.to_owned(), |html, end| html.replace(end, &format!("{end} "))))
}

/// Renders as GitHub does, with further extensions that some programs have.
fn render_with_comrak(markdown: &str) -> Shown {
    let mut options = comrak::Options::default();
    let extension = &mut options.extension;
    (extension.table, extension.strikethrough, extension.autolink, extension.tasklist) = (true, true, true, true);
    (extension.footnotes, extension.math_dollars, extension.highlight, extension.description_lists) =
        (true, true, true, true);
    options.render.r#unsafe = true;
    let html = comrak::markdown_to_html(markdown, &options);
    let page = parse(&html);
    let names: Vec<String> =
        page.select("*").iter().filter_map(|element| Some(element.nodes().first()?.node_name()?.to_string())).collect();
    let elements = names.into_iter().filter(|name| !ALLOWED.contains(&name.as_str())).collect();
    Shown::new(&page.text(), elements)
}

fn render_with_pulldown_cmark(markdown: &str) -> Shown {
    let (mut text, mut elements) = (String::new(), Vec::new());
    for event in Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
        match event {
            Event::Text(words) => text.push_str(&words),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push(' '),
            Event::InlineHtml(tag) if &*tag == "<br>" => text.push(' '),
            Event::Start(
                Tag::Paragraph
                | Tag::List(_)
                | Tag::Item
                | Tag::Heading { .. }
                | Tag::BlockQuote(None)
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::TableCell,
            ) => {}
            other => elements.push(format!("{other:?}")),
        }
    }
    Shown::new(&text, elements)
}

/// Makes HTML that shows this text; line ends become line breaks.
fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>")
}

/// Returns articles that have `text` in each kind of block that text can be in.
fn in_blocks(text: &str) -> Vec<CleanHtml> {
    let html = escape_html(text);
    ["p", "li", "h2", "blockquote", "td"]
        .map(|name| match name {
            "li" => format!("<ul><li>{html}</li></ul>"),
            "td" => format!("<table><tr><td>{html}</td></tr></table>"),
            name => format!("<{name}>{html}</{name}>"),
        })
        .iter()
        .map(|html| extract::sanitize_html(html, None))
        .collect()
}

/// Asserts that both renderers show what the article shows.
#[track_caller]
fn assert_shown(article: &CleanHtml) {
    let expected = Shown::new(&parse(article.as_str()).text(), Vec::new());
    let markdown = article.to_markdown();
    assert_eq!(render_with_comrak(&markdown), expected, "comrak\n{markdown}");
    assert_eq!(render_with_pulldown_cmark(&markdown), expected, "pulldown-cmark\n{markdown}");
}

#[test]
fn texts_about_markup_are_shown_as_they_are() {
    for text in [
        "http://www.<b>x</b>",
        "www.<i>x</i> and https://a.example/<script>alert(1)</script>",
        "http://a.example/?a=b&copy;=c and &amp; and AT&T &lt;b&gt;",
        "mail x@y.example<br> or <x@y.example>, ftp://a.example/*b*_c_`d`",
        "**bold** _it_ `code` ~~gone~~ ~sub~ ==mark== $x^2$ $$y$$ ||spoiler||",
        "costs $5 or 6$ or US$7",
        "[^1] and [link](http://a.example) and ![x](y) and [ref]: z",
        "[^1]: a note\n[ref]: http://a.example",
        "Title\n===\nand\n---\nmore\n=",
        "a | b\n--- | ---\n1 | 2",
        "a\n|-|\n:-:\n| - |",
        "# a\n## b #\n> c\n- d\n+ e\n* f\n1. g\n2) h\n: i\n~~~\n```\n    j",
        "<!-- no comment --> <?php ?> <![CDATA[x]]> </p> <div\n<details>",
        "\\*a\\* \\<b\\> C:\\<dir> \\\\ \\",
        "http:\\//a.example www\\.a.example http://a.example/\\",
        "[x] done [ ] open\n- [x] done",
    ] {
        let articles = in_blocks(text);
        assert!(articles.iter().all(|article| article.as_str().len() >= text.len()), "{articles:?}");
        articles.iter().for_each(assert_shown);
    }
}

#[test]
fn escapes_are_references_where_renderers_differ() {
    let markdown = |text: &str| in_blocks(text)[0].to_markdown();
    assert_eq!(markdown("http://www.<b>x</b>"), "http&#58;//www.&lt;b>x&lt;/b>");
    assert_eq!(markdown("a<b and c&lt;d"), "a&lt;b and c&amp;lt;d");
    assert_eq!(markdown("See http://a.example/b_c?d=e&f=g."), "See http://a.example/b_c?d=e&f=g.");
}

#[test]
fn marks_and_split_texts_do_not_join_to_other_markup() {
    for (html, text) in [
        ("<p>http://a.example/<b>x</b>y</p>", "http://a.example/xy"),
        ("<p>www.a.example<i>b</i></p>", "www.a.exampleb"),
        ("<p>&amp;<span>lt;</span>b&gt;</p>", "&lt;b>"),
        ("<p>&amp;#<span>60;</span></p>", "&#60;"),
        ("<p>http:<span>//a.example/*b*</span></p>", "http://a.example/*b*"),
        ("<p>&lt;<b>b</b>&gt;</p>", "<b>"),
        ("<p>~a<i>~</i></p>", "~a~"),
        ("<p>$a<i>$</i></p>", "$a$"),
    ] {
        let markdown = extract::sanitize_html(html, None).to_markdown();
        for mut shown in [render_with_comrak(&markdown), render_with_pulldown_cmark(&markdown)] {
            shown
                .elements
                .retain(|name| !["strong", "em", "Strong", "Emphasis"].iter().any(|mark| name.contains(mark)));
            assert_eq!(shown.text.replace(' ', ""), text, "{markdown}");
            assert_eq!(shown.elements, [""; 0], "{markdown}");
        }
    }
}

/// Pieces of which hostile texts are made, besides spaces and line ends.
const PIECES: &str = "a b1 é x http:// https:// www. a.example /p x@y.example ftp:// <b> </b> < > & amp; lt; #39; &copy ; \
    \\ * ** _ ` `` ~ ~~ | - --- = == $ $$ [ ] ( ) [^1] : ! # ## + 1. 2) <!-- --> ' \" ^ { } % ? , .";

fn text() -> impl Strategy<Value = String> {
    let pieces: Vec<&str> = PIECES.split_whitespace().chain([" ", " ", "\n"]).collect();
    prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn every_text_is_shown_letter_for_letter(text in text()) {
        in_blocks(&text).iter().for_each(assert_shown);
    }
}
