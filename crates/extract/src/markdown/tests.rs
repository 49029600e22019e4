use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::dom::tree;
use crate::parse;
use crate::sanitize::sanitize_html;

fn markdown(html: &str) -> String {
    sanitize_html(html, None).to_markdown()
}

/// Splits a text into words, joining letters that nothing separates.
fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Returns the words that an independent Markdown parser finds.
fn read(markdown: &str) -> Vec<String> {
    let (mut text, mut pictures) = (String::new(), 0);
    for event in
        Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH)
    {
        match event {
            Event::Start(Tag::Image { .. }) => pictures += 1,
            Event::End(TagEnd::Image) => pictures -= 1,
            Event::Text(words) | Event::Code(words) if pictures == 0 => text.push_str(&words),
            Event::FootnoteReference(label) => text.push_str(&label),
            Event::InlineHtml(tag) if &*tag != "<br>" => {}
            Event::Start(tag) if is_mark(&tag.to_end()) => {}
            Event::End(tag) if is_mark(&tag) => {}
            _ => text.push(' '),
        }
    }
    words(&text)
}

fn is_mark(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}

/// Returns the visible words of HTML.
fn shown(html: &str) -> Vec<String> {
    let parsed = parse::parse_fragment(html);
    let text = std::cell::RefCell::new(String::new());
    let edge = |node: &dom_query::NodeRef<'_>| {
        let name = tree::name(node);
        if !tree::is_inline(&name) || tree::is_ruby_annotation(&name) {
            text.borrow_mut().push(' ');
        }
    };
    tree::walk(
        &tree::body(&parsed),
        |node| {
            if tree::read_text(node, |words| text.borrow_mut().push_str(words)).is_some() {
                return tree::Walk::Skip;
            }
            edge(node);
            tree::Walk::Enter
        },
        edge,
    );
    words(&text.into_inner())
}

fn assert_says_the_same(html: &str) {
    let body = sanitize_html(html, None);
    let markdown = body.to_markdown();
    assert_eq!(read(&markdown), shown(body.as_str()), "{}\n---\n{markdown}", body.as_str());
}

#[test]
fn every_allowed_element_has_a_markdown_form() {
    let body = "<p>See <a href='https://a.example/x'>the map</a>, and <b>mind</b> the <code>gap</code>.</p>\
        <ul><li>salt</li><li>bread<ul><li>rye</li></ul></li></ul><ol><li>one</li><li>two</li></ol>\
        <blockquote><p>Wet.</p></blockquote><pre>let a = 1;\nlet b = 2;</pre><p>a<br>b</p><hr>\
        <table><tr><th>Day</th><th>Rain</th></tr><tr><td>Monday</td><td>3</td></tr></table>";
    let wanted = "See [the map](https://a.example/x), and **mind** the `gap`.\n\n- salt\n- bread\n  - rye\n\n1. one\n2. two\n\n\
        > Wet.\n\n```\nlet a = 1;\nlet b = 2;\n```\n\na  \nb\n\n---\n\n| Day | Rain |\n| --- | --- |\n| Monday | 3 |";
    assert_eq!(markdown(body), wanted);
}

#[test]
fn superscripts_and_subscripts_stay_separate() {
    assert_eq!(
        markdown("<p>10<sup>6</sup> years.<sup>2</sup> H<sub>2</sub>O</p>"),
        "10<sup>6</sup> years.<sup>2</sup> H<sub>2</sub>O"
    );
}

#[test]
fn definition_terms_and_descriptions_are_separate_blocks() {
    assert_eq!(
        markdown("<dl><dt>Boat</dt><dd>It floats.</dd><dt>Duck</dt><dd>It says so.</dd></dl>"),
        "**Boat**\n\nIt floats.\n\n**Duck**\n\nIt says so."
    );
}

#[test]
fn footnotes_are_converted_and_other_internal_links_become_text() {
    let listed = "<p>Locks<sup id=r1><a href='#n1'>[1]</a></sup> rise.<sup><a href='#n2'>2</a></sup> See <a href='#top'>above</a>.</p>\
        <h2 id=top>Notes</h2><ol><li id=n1>Ann <i>was</i> Nan. <a href='#r1'>↩</a></li><li id=n2><p>Two.</p><p>More.</p></li></ol>";
    assert_eq!(
        markdown(listed),
        "Locks[^1] rise.[^2] See above.\n\n## Notes\n\n[^1]: Ann *was* Nan.\n\n[^2]: Two.\n\n    More."
    );
    let paragraph = "<p>Boats<a href='#n' id=r>*</a> float.</p><p id=n><a href='#r'>*</a> They do.</p>";
    assert_eq!(markdown(paragraph), "Boats[^1] float.\n\n[^1]: \\* They do.".replace("\\* ", ""));
    let numbered = "<p>Boats<sup><a href='#n' id=r>7</a></sup> float.</p><p id=n>7. They do. <a href='#r'>back</a></p>";
    assert_eq!(markdown(numbered), "Boats[^7] float.\n\n[^7]: They do.");
}

#[test]
fn table_of_contents_links_are_no_footnotes() {
    let html = "<ul><li><a href='#one' id=c1>One</a></li></ul><h2 id=one><a href='#c1'>One</a></h2><p>It rained.</p>";
    assert_eq!(markdown(html), "- One\n\n## One\n\nIt rained.");
}

#[test]
fn table_cells_with_several_blocks_stay_on_one_line() {
    let html = "<table><tr><th>Day</th><th>Work</th></tr><tr><td><p>Monday</p></td><td><p>Dig|ging.</p><ul><li>holes</li>\
        <li>ditches</li></ul></td></tr><tr><td rowspan=2>Both</td><td>Rest</td></tr><tr><td>Sleep</td></tr>\
        <tr><td colspan=2>Sunday</td></tr></table>";
    assert_eq!(
        markdown(html),
        "| Day | Work |\n| --- | --- |\n| Monday | Dig\\|ging.<br>- holes<br>- ditches |\n| Both | Rest |\n|  | Sleep |\n| Sunday |  |"
    );
    assert!(
        markdown("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>")
            .starts_with("|  |  |\n| --- | --- |\n| a | b |")
    );
}

#[test]
fn captions_are_separate_paragraphs() {
    let picture =
        "<figure><img src='https://a.example/p.jpg' alt='A [hill]'><figcaption>The <em>hill</em></figcaption></figure>";
    assert_eq!(markdown(picture), "![A \\[hill\\]](https://a.example/p.jpg)\n\n*The hill*");
    let table =
        "<table><caption>Rain</caption><tr><th>Day</th><th>Rain</th></tr><tr><td>Monday</td><td>3</td></tr></table>";
    assert!(markdown(table).starts_with("*Rain*\n\n| Day |"), "{}", markdown(table));
}

#[test]
fn struck_text_and_summaries_are_marked_and_empty_headings_dropped() {
    assert_eq!(markdown("<p>It <del>snowed</del> rained.</p>"), "It ~~snowed~~ rained.");
    assert_eq!(markdown("<details><summary>More</summary><p>Rain.</p></details>"), "**More**\n\nRain.");
    assert_eq!(markdown("<h2 id=a></h2><p>Rain.</p><h3>  </h3>"), "Rain.");
}

#[test]
fn ambiguous_marks_are_written_as_html() {
    assert_eq!(markdown("<p><b>a.</b>b <b>c.</b> d</p>"), "<strong>a.</strong>b **c.** d");
    assert_eq!(markdown("<p><b>a</b><i>b</i></p>"), "<strong>a</strong>*b*");
    assert_eq!(markdown("<p><b>a <b>b</b> </b>c</p>"), "**a b** c");
}

#[test]
fn code_is_kept_verbatim() {
    assert_eq!(
        markdown("<p><code>a`b</code> <code><a href='https://a.example'>c</a>()</code></p>"),
        "``a`b`` [`c`](https://a.example/)`()`"
    );
    assert_eq!(markdown("<pre><code class='language-md'>```\na\n```\n</code></pre>"), "````md\n```\na\n```\n````");
    assert_eq!(markdown("<ul><li>Do:<pre>a\n\n  b</pre></li></ul>"), "- Do:\n\n  ```\n  a\n\n    b\n  ```");
}

#[test]
fn links_around_blocks_are_split_per_block() {
    assert_eq!(
        markdown("<a href='https://a.example/'><h3>Rain</h3><p>It <b>poured</b>.</p></a>"),
        "### [Rain](https://a.example/)\n\n[It **poured**.](https://a.example/)"
    );
}

#[test]
fn text_that_resembles_markup_is_escaped() {
    for html in [
        "<p>5 * 3 * 2 and a_b_c and [no] &lt;link&gt; &amp;amp; `x` ~~y~~ ![z](u)</p><p># no heading</p><p>1. no item</p>",
        "<p>Title<br>===</p><p>-<br>+ a</p><p>a | b<br>--- | ---</p><p>Wow!<a href='https://a.example/'>this</a></p>",
        "<p>&gt; no quote</p><p>```</p><p>    no code</p><p>[a]: b</p><p>&lt;div&gt;</p><p>\\*a\\*</p>",
        "<h2>C # #</h2><p>a<sup>2</sup>(b)</p><ul><li># a</li><li>1. b</li></ul>",
    ] {
        assert_says_the_same(html);
    }
    assert!(!markdown("<p># no heading</p>").starts_with('#'));
}

#[test]
fn sample_pages_keep_their_words_in_markdown() {
    let pages = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut read = 0;
    for folder in std::fs::read_dir(pages).unwrap().map(|entry| entry.unwrap().path()) {
        let body = std::fs::read_to_string(folder.join("expected.html")).unwrap();
        // Footnotes lose the link back.
        if !body.contains("href=\"#a-") {
            assert_says_the_same(&body);
            read += 1;
        }
    }
    assert!(read > 20);
}

#[test]
fn deeply_nested_elements_are_flattened() {
    let html = "<blockquote><ul><li>".repeat(150) + "<b><i>".repeat(100).as_str() + "Rain.";
    let markdown = markdown(&html);
    assert!(markdown.contains("Rain") && markdown.len() < 1_000, "{markdown}");
}

fn inline() -> impl Strategy<Value = String> {
    let signs = "[ab1 .,!*_`~#>&\\[\\]()|\\\\<=+-]{0,8}";
    let leaf = signs.prop_map(|text: String| text.replace('&', "&amp;").replace('<', "&lt;"));
    leaf.prop_recursive(3, 12, 4, |inner| {
        let tags = prop::sample::select(vec![
            "b",
            "i",
            "del",
            "code",
            "sup",
            "span lang=en",
            "a href='https://a.example/_(b)_'",
            "br",
        ]);
        prop::collection::vec((tags, inner), 1..4).prop_map(|parts| {
            let element = |(tag, inner): (&str, String)| format!("<{tag}>{inner}</{}>", tag.split(' ').next().unwrap());
            parts.into_iter().map(element).collect()
        })
    })
}

fn blocks() -> impl Strategy<Value = String> {
    let tags = || {
        prop::sample::select(vec![
            "p",
            "h2",
            "li",
            "ul",
            "ol",
            "blockquote",
            "pre",
            "td",
            "th",
            "figure",
            "figcaption",
            "dt",
            "dd",
        ])
    };
    let leaf = (tags(), inline()).prop_map(|(tag, inner)| format!("<{tag}>{inner}</{tag}>"));
    leaf.prop_recursive(4, 24, 4, move |inner| {
        (tags(), prop::collection::vec(inner, 1..4)).prop_map(|(tag, parts)| match tag {
            // List numbers become words in the single line of a cell.
            "td" | "th" => format!(
                "<table><tr><{tag}>{}</{tag}></tr></table>",
                parts.join(&format!("</{tag}><{tag}>")).replace("<ol>", "<ul>").replace("</ol>", "</ul>")
            ),
            "ul" | "ol" => format!("<{tag}><li>{}</li></{tag}>", parts.join("</li><li>")),
            tag => format!("<{tag}>{}</{tag}>", parts.concat()),
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn independent_markdown_parser_finds_the_same_words(html in blocks()) {
        assert_says_the_same(&html);
    }
}
