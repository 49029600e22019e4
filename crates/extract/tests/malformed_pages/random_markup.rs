//! Random markup and random text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use extract::Source;

use super::{Random, check_page, read, time_budget};

/// Elements and attributes that some part of the crate handles.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "base",
    "blockquote",
    "body",
    "br",
    "button",
    "caption",
    "center",
    "code",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frameset",
    "h1",
    "h2",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "img",
    "input",
    "ins",
    "li",
    "link",
    "main",
    "math",
    "meta",
    "nav",
    "noscript",
    "object",
    "ol",
    "option",
    "p",
    "picture",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "script",
    "section",
    "select",
    "source",
    "span",
    "style",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "th",
    "time",
    "title",
    "tr",
    "u",
    "ul",
    "video",
    "wbr",
    "amp-img",
    "x-y",
];

const ATTRIBUTES: &[(&str, &[&str])] = &[
    (
        "class",
        &["content", "byline author", "tip", "twitter-tweet", "hidden", "article-body entry-content", "comment", ""],
    ),
    ("id", &["", "a-1", "content", "x\"y", "comments"]),
    (
        "href",
        &["", "#", "#x", "javascript:alert(1)", "/b?utm_source=c", "//", "http://[", "data:text/html,x", "mailto:a"],
    ),
    ("src", &["", "x", "//a.example/p.jpg", "data:image/png;base64,AAAA", "https://www.youtube.com/embed/x", "\u{1}"]),
    ("srcset", &["", ",", "a 1x, b 2x", "a 99999999999999999999w", "a -1w", " , ,a"]),
    ("data-src", &["", "/lazy.jpg", "{{x}}"]),
    ("style", &["display:none", "width:1px;height:1px", "background-image:url(x)", "::::"]),
    ("width", &["0", "1", "99999999999999999999", "-5", "100%", "x"]),
    ("height", &["1", "900", "é"]),
    ("itemprop", &["author", "datePublished", "articleBody", "headline"]),
    ("property", &["og:title", "og:image", "article:published_time", "og:url"]),
    ("name", &["author", "date", "keywords", "twitter:title"]),
    (
        "content",
        &["", "2026-13-45T99:99:99Z", "0000-00-00", "9999-12-31", "2026-02-30", "By By By", "1764000000000000000"],
    ),
    ("datetime", &["2026", "2026-11-23T12:00:00+99:99", "-1", "12/31/2026", ""]),
    ("rel", &["canonical", "author", "next", "stylesheet"]),
    ("role", &["tooltip", "main", "navigation", "dialog"]),
    ("type", &["application/ld+json", "module", "text/template"]),
    ("lang", &["", "en", "x-y-z-", "zh-Hant-TW", "é"]),
    ("dir", &["rtl", "auto", ""]),
    ("colspan", &["0", "1000000", "-1"]),
    ("hidden", &[""]),
    ("aria-hidden", &["true"]),
    ("\u{0}", &["\u{0}"]),
    ("<", &["<"]),
];

const TEXTS: &[&str] = &[
    "It rained all day in the valley, and the river rose by a metre before noon, as the mayor had said. ",
    "By Iris Reed",
    "4 March 2026",
    "Advertisement",
    "Read also: Ten knots",
    "©",
    "· ",
    "東京で雨が降った。",
    "نزل المطر طوال اليوم. ",
    "{\"@type\":\"NewsArticle\",\"headline\":[[[[{}]]]],\"author\":{\"name\":{\"name\":7}},\"datePublished\":1e400}",
    "{\"@graph\":[{\"@type\":[\"Article\",null],\"articleBody\":\"\\ud800\"}]}",
    "&#x80;",
    "&Aopf;",
    "]]>",
    "\u{0c}",
    " \u{a0} ",
    "İİ",
    "a",
];

#[test]
fn random_markup_does_not_panic() {
    let mut time = time_budget();
    let mut random = Random(41);
    for number in 0.. {
        if !time() {
            break;
        }
        check_page(&random_markup(&mut random), &format_args!("soup number {number}"));
    }
}

fn random_markup(random: &mut Random) -> String {
    let mut page = String::new();
    for _ in 0..random.below(120) {
        match random.below(4) {
            0 => page += *random.pick(TEXTS),
            1 => page += &format!("</{}>", random.pick(ELEMENTS)),
            _ => {
                page += &format!("<{}", random.pick(ELEMENTS));
                for _ in 0..random.below(4) {
                    let (name, values) = random.pick(ATTRIBUTES);
                    let quote = *random.pick(&["\"", "'", ""]);
                    page += &format!(" {name}={quote}{}{quote}", random.pick(values));
                }
                page += *random.pick(&[">", ">", ">", "/>", ""]);
            }
        }
    }
    page
}

#[test]
fn random_text_does_not_panic() {
    let mut time = time_budget();
    let mut random = Random(5);
    let marks = [
        "\n",
        "\n\n",
        "\r\n",
        "- ",
        "* ",
        "1. ",
        "# ",
        "> ",
        "> > ",
        "```\n",
        "| a | b |\n",
        "---\n",
        "\t",
        "    ",
        "• \n",
    ];
    while time() {
        let text: String = (0..random.below(200))
            .map(|_| if random.below(2) == 0 { *random.pick(TEXTS) } else { *random.pick(&marks) })
            .collect();
        let article = catch_unwind(AssertUnwindSafe(|| read(Source::Text(&text))));
        let Ok(article) = article else { panic!("a panic in {text:?}") };
        let body = article.body.as_str();
        assert_eq!(extract::sanitize_html(body, None).as_str(), body, "{text:?}");
    }
}
