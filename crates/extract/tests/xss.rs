//! Runs every case of two sanitizer corpora through the sanitizer and the extractor: nothing forbidden comes out, and
//! sanitizing the output again changes nothing.

#![expect(clippy::unwrap_used, reason = "a test may stop at what should not happen")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

use std::collections::{HashMap, HashSet};

use dom_query::Document;
use extract::sanitize_html;
use extract::{Page, Source};

/// A second copy of the allow-list, so that an error in the crate's own is noticed: elements with their attributes.
const ALLOWED: &str = "a:href abbr:title b bdi bdo blockquote br caption cite code:class col:span colgroup:span dd del \
    details:open dfn dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img:src,alt,width,height ins kbd li:value mark \
    ol:start,reversed,type p:class pre:class q rp rt ruby s samp small span strong sub summary sup table tbody \
    td:colspan,rowspan tfoot th:colspan,rowspan,scope thead time:datetime tr u ul var wbr";
const ALLOWED_EVERYWHERE: [&str; 3] = ["lang", "dir", "id"];

fn allow_list() -> HashMap<&'static str, HashSet<&'static str>> {
    let entries = ALLOWED.split_whitespace().map(|entry| entry.split_once(':').unwrap_or((entry, "")));
    entries.map(|(tag, names)| (tag, names.split(',').filter(|name| !name.is_empty()).collect())).collect()
}

/// Returns whether `ammonia`, with the same list, changes nothing.
fn ammonia_agrees(html: &str) -> bool {
    let list = allow_list();
    ammonia::Builder::empty()
        .tags(list.keys().copied().collect())
        .tag_attributes(list)
        .generic_attributes(ALLOWED_EVERYWHERE.into_iter().collect())
        .id_prefix(Some("a-"))
        .url_schemes(["http", "https", "mailto"].into_iter().collect())
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .clean(html)
        .to_string()
        == html
}

fn is_web(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}

/// Parses the output like a browser and checks that it holds only what is allowed.
fn assert_harmless(html: &str, case: &str) {
    let tree = Document::from(format!("<body>{html}"));
    let body = tree.body().unwrap();
    assert_eq!(&*body.inner_html(), html, "it changes when parsed: {case}");
    let list = allow_list();
    for node in body.descendants_it().filter(|node| node.is_element()) {
        let name = node.node_name().unwrap();
        let own = list.get(&*name).unwrap_or_else(|| panic!("<{name}> of {case}"));
        for attribute in node.attrs() {
            let (key, value) = (&*attribute.name.local, &*attribute.value);
            let fine = match key {
                "href" => is_web(value) || value.starts_with("mailto:") || value.starts_with("#a-"),
                "src" => is_web(value),
                "id" => value.starts_with("a-"),
                "rel" => value == "noopener noreferrer",
                _ => true,
            };
            assert!(fine, "{key}={value} of {case}");
            assert!(
                own.contains(key) || ALLOWED_EVERYWHERE.contains(&key) || (&*name, key) == ("a", "rel"),
                "{key} of {case}"
            );
        }
    }
    assert!(ammonia_agrees(html), "ammonia would change {html} of {case}");
    assert_eq!(sanitize_html(html, None).as_str(), html, "cleaning twice: {case}");
}

fn read(html: &str) -> extract::Article {
    let url = url::Url::parse("https://a.example/news/page.html").unwrap();
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    extract::article(&Page { source: Source::Html(html), url: Some(&url), now, rules: &[] })
}

/// Puts the case into an article that is long enough to be kept.
fn within_an_article(case: &str) -> String {
    let before =
        "It rained all day in the valley, and the river rose by a metre before noon, as the mayor had said it would. ";
    let after = "By the evening the water had gone back, and the keeper of the bridge swept the mud from the road to the mill. ";
    format!(
        "<!doctype html><title>Rain</title><body><article><h1>Rain</h1><p>{0}</p><p>{0}{0}</p><div>{case}</div>\
         <p>{1}{1}</p><p>{1}</p></article></body>",
        before.repeat(2),
        after
    )
}

fn shared(path: &str) -> Option<Vec<serde_json::Value>> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora/xss").to_owned() + "/" + path;
    match std::fs::read(&file) {
        Ok(bytes) => Some(serde_json::from_slice(&bytes).unwrap()),
        Err(_) => {
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{path} is missing");
            println!("skipped: no ../shared");
            None
        }
    }
}

/// Returns the number of cases after which the article around the case was complete.
fn assert_all_harmless(cases: &[&str]) -> usize {
    let base = url::Url::parse("https://a.example/news/page.html").unwrap();
    let mut whole = 0;
    for case in cases {
        assert_harmless(sanitize_html(case, None).as_str(), case);
        assert_harmless(sanitize_html(case, Some(&base)).as_str(), case);
        assert_harmless(read(case).body.as_str(), case);
        let article = read(&within_an_article(case));
        assert_harmless(article.body.as_str(), case);
        let shown = article.body.resolve_images(|_| extract::ImageState::Missing);
        assert!(!shown.as_str().contains("<img"), "{case}");
        whole += usize::from(article.text.contains("It rained all day") && article.text.contains("By the evening"));
    }
    whole
}

#[test]
fn dompurify_cases_do_no_harm() {
    let Some(cases) = shared("dompurify.json") else { return };
    let cases: Vec<&str> = cases.iter().map(|case| case["payload"].as_str().unwrap()).collect();
    assert!(cases.len() > 200);
    let whole = assert_all_harmless(&cases);
    // The others leave a comment, script or the like open, which swallows the rest of the page.
    assert!(whole * 10 >= cases.len() * 8, "{whole} of {}", cases.len());
}

#[test]
fn html5lib_cases_do_no_harm() {
    let Some(cases) = shared("html5lib.json") else { return };
    let cases: Vec<&str> = cases.iter().map(|case| case["data"].as_str().unwrap()).collect();
    assert!(cases.len() > 1_700);
    let whole = assert_all_harmless(&cases);
    assert!(whole * 10 >= cases.len() * 7, "{whole} of {}", cases.len());
}

#[test]
fn our_own_cases_do_no_harm() {
    let cases = [
        "<a href='  jav\tascript:alert(1)'>x</a><a href='vbscript:x'>y</a><a href='data:text/html,<script>x()</script>'>z</a>",
        "<img src=x onerror=alert(1)><img src='https://a.example/p.jpg' onload=alert(1) srcset='javascript:x 1x'>",
        "<svg><style><!--</style><img title='--><img src=x onerror=alert(1)>'></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<p id=cookie name=body>x</p><a id=location href='#location'>y</a><img name=forms src=https://a.example/p.jpg>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe><object data='javascript:x'></object><embed src='javascript:x'>",
        "<pre>\n\n\n two lines</pre><pre>\r\n<b>x</b></pre><textarea></textarea><xmp><img src=x onerror=alert(1)></xmp>",
        "<p lang='\"><script>' dir='x'>x</p><p lang=de-AT dir=rtl class='embed x' style='x:expression(y)'>y</p>",
        "<base href='javascript:/x'><a href='/y'>x</a><meta http-equiv=refresh content='0;url=javascript:x'>",
        "<font><a href=http://a.example/1><a href=http://a.example/2><table><a href=http://a.example/3>x",
        "<a href='https://a.example/&quot;&gt;&lt;script&gt;'>x&nbsp;<b>y</a></b>",
        "<template><img src=x onerror=alert(1)></template><select><option><style></option></select><img src onerror=x>",
    ];
    assert_all_harmless(&cases);
}
