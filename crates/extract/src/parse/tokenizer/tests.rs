//! The trees are those of `html5ever` alone, and tags are bounded.

use std::path::Path;
use std::time::{Duration, Instant};

use dom_query::Document;
use html5ever::ParseOpts;
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use proptest::prelude::*;

use crate::parse::parse_page;

/// Serializes the tree that `html5ever` alone builds, without what we skip.
fn parse_with_html5ever(html: &str) -> String {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tree_builder, ..ParseOpts::default() };
    serialize(html5ever::parse_document(Document::default(), options).one(html))
}

fn serialize(tree: Document) -> String {
    tree.select("script, style").remove();
    let root = tree.root();
    root.descendants_it().filter(|node| node.is_comment()).collect::<Vec<_>>().iter().for_each(|node| {
        node.remove_from_parent();
    });
    tree.html().to_string()
}

#[test]
fn sample_pages_parse_as_with_html5ever() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut count = 0;
    for folder in std::fs::read_dir(pages).unwrap() {
        let Ok(html) = std::fs::read_to_string(folder.unwrap().path().join("page.html")) else { continue };
        assert_eq!(serialize(parse_page(&html).tree), parse_with_html5ever(&html));
        count += 1;
    }
    assert!(count > 20, "{count} pages");
}

#[test]
fn character_references_nulls_and_line_ends_follow_the_standard() {
    for html in [
        "<p title='&amp;&notit;&not;&#0;&#x80;a&b=c'>&amp;&notit;&not;&#0;&#x80;&#xD800;&nbsp;&ampl&&lt",
        "<p a=1 A=2 =3 b='\r\n' c>a\r\nb\rc\n\r\nd<pre>\r\n\r\ne</pre>",
        "a\0b<p\0c d\0=e\0>f<svg>\0<path/>g</svg><textarea>\0</textarea>",
        "<svg><![CDATA[a<b\0c]]></svg><![CDATA[c]]><?php echo 1 ?><!doctype html></ x><p/ d>",
        "<title>a</titl></title ><textarea>\n<b></text></textarea><plaintext>a</plaintext>",
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\" 'x'><table><p>a</table>",
        "<!DOCTYPE><table><p>a</table>",
        "<!DOCTYPE éHTMLÄ PUBLIC 'é' \"Ü\"><table><p>a</table>",
        "<svg><title><p><b></p>x<![CDATA[y]]>z",
        "\u{feff}a<xmp><b></xmp><iframe><p></iframe><noembed><p></noembed><noscript><p>b</noscript>",
        "<p>a<",
        "<p>a</",
        "<p>a<b c",
        "<p>a&",
        "",
    ] {
        assert_eq!(serialize(parse_page(html).tree), parse_with_html5ever(html), "{html:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tag_soup_parses_as_with_html5ever(parts in prop::collection::vec(prop::sample::select(SOUP), 0..40)) {
        let html: String = parts.concat();
        prop_assert_eq!(serialize(parse_page(&html).tree), parse_with_html5ever(&html));
    }
}

/// No tables and templates: there, skipped content changes where text goes.
const SOUP: &[&str] = &[
    "<xmp>",
    "</xmp>",
    "<iframe>",
    "</iframe>",
    "<plaintext>",
    "</math>",
    "<mi>",
    "<foreignObject>",
    "</foreignObject>",
    "-",
    "]",
    "<P>",
    "</DIV>",
    "&notit",
    "&#x",
    "1F600;",
    "\u{fffd}",
    "<p>",
    "</p>",
    "<div a=b>",
    "</div>",
    "<b>",
    "</b>",
    "<svg>",
    "</svg>",
    "<math>",
    "<script>",
    "</script>",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea>",
    "<select>",
    "<option>",
    "<noscript>",
    "</noscript>",
    "<!--",
    "-->",
    "--!>",
    "<![CDATA[",
    "]]>",
    "<!doctype html>",
    "&amp;",
    "&am",
    "&#3",
    "2;",
    "\0",
    "\r",
    "\n",
    " ",
    "é",
    "雨",
    "x",
    "=",
    "'",
    "\"",
    "<",
    ">",
    "/",
    "<a href=",
    "<a ",
    "<br/>",
    "<li>",
    "<ul>",
    "</ul>",
    "<body c=d>",
    "<html e>",
    "<head>",
    "</body>",
];

#[test]
fn drops_attributes_beyond_the_limit() {
    for attribute in [" a{}=1", " a{}=\"<b>\"", " <a{}", " x='>' y{}", "\n<1{} ", "/a{}", " a{} </script"] {
        let all: String = (0..100_000).map(|number| attribute.replace("{}", &number.to_string())).collect();
        let html = format!("<p{all}>It rained.</p{all}>");
        let began = Instant::now();
        // Threads usually have a stack eight times this size.
        let small = std::thread::Builder::new().stack_size(256 << 10);
        let read = small.spawn(move || {
            let tree = parse_page(&html).tree;
            let few = tree.select("p").nodes().iter().all(|p| p.attrs().len() <= super::MAX_ATTRIBUTES);
            (tree.root().text().contains("It rained."), few)
        });
        assert_eq!(read.unwrap().join().unwrap(), (true, true), "{attribute}");
        assert!(began.elapsed() < Duration::from_secs(10), "{attribute}");
    }
}
