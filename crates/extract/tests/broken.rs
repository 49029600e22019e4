//! Pages as they come from a broken wire, a broken program or a person with bad intentions: whatever is done to a page, it
//! is read without a panic, and what is shown of it is clean.
//!
//! The pages are our own, and those of `../shared/extraction` where they lie beside the repository. What is random has a
//! fixed seed, so that what fails once fails again.

#![expect(clippy::unwrap_used, reason = "a test may stop at what should not happen")]

use std::io::Read as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use extract::{Article, Page, Source};

/// How long each of these tests may go on, since an unoptimised build is slow and machines differ: pages come in an order
/// that mixes the sets, and those for which there is no time are left out.
const LONGEST: Duration = if cfg!(debug_assertions) { Duration::from_secs(12) } else { Duration::from_secs(60) };

/// Larger pages are cut to this, so that many can be read.
const LARGEST: usize = 60_000;

/// The present, in November 2026.
const NOW: jiff::Timestamp = jiff::Timestamp::constant(1_795_435_200, 0);

fn read(source: Source<'_>) -> Article {
    let url = url::Url::parse("https://a.example/news/page.html").unwrap();
    extract::article(&Page { source, url: Some(&url), now: NOW, rules: &[] })
}

/// Reads a page and looks at the answer; the message says which page and what was done to it.
fn survives(html: &str, what: &dyn std::fmt::Display) {
    let article = catch_unwind(AssertUnwindSafe(|| read(Source::Html(html))));
    let Ok(article) = article else { panic!("{what}: a panic") };
    let body = article.body.as_str();
    assert!(!body.to_lowercase().contains("<script"), "{what}: a script");
    assert_eq!(extract::sanitize_html(body, None).as_str(), body, "{what}: cleaning twice");
    assert!(article.published.is_none_or(|date| date.as_second() <= NOW.as_second()), "{what}");
    assert!(!article.title.contains('\n'), "{what}: a title of several lines");
}

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        // splitmix64, from the public domain.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

fn own_pages() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("page.html")).collect();
    files.sort();
    files.retain(|file| file.exists());
    files.into_iter().map(|file| (file.display().to_string(), std::fs::read_to_string(file).unwrap())).collect()
}

/// Every page there is, ours first, the others in a mixed order.
fn pages() -> impl Iterator<Item = (String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/extraction/pages");
    let sets = std::fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> =
        sets.flat_map(|set| std::fs::read_dir(set.unwrap().path()).unwrap()).map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut random = Random(7);
    for at in (1..files.len()).rev() {
        files.swap(at, random.below(at + 1));
    }
    own_pages().into_iter().chain(files.into_iter().map(|file| {
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(std::fs::File::open(&file).unwrap()).read_to_end(&mut bytes).unwrap();
        bytes.truncate(LARGEST);
        (file.display().to_string(), String::from_utf8_lossy(&bytes).into_owned())
    }))
}

fn until_time_is_up() -> impl FnMut() -> bool {
    let began = Instant::now();
    move || began.elapsed() < LONGEST
}

#[test]
fn pages_cut_off_at_every_97th_byte_are_read() {
    let mut time = until_time_is_up();
    for (name, page) in own_pages() {
        for end in (0..page.len()).step_by(97) {
            let part = String::from_utf8_lossy(&page.as_bytes()[..end]);
            survives(&part, &format_args!("{name} up to {end}"));
        }
        if !time() {
            break;
        }
    }
    // Of foreign pages a few places each, so that many pages have their turn.
    for (at, (name, page)) in pages().take_while(|_| time()).enumerate() {
        for end in (97 * (at % 31)..page.len()).step_by(97 * 31) {
            let part = String::from_utf8_lossy(&page.as_bytes()[..end]);
            survives(&part, &format_args!("{name} up to {end}"));
        }
    }
}

/// What a damaged page has where something else stood.
const DAMAGE: &[&str] = &[
    "",
    "<",
    ">",
    "\"",
    "'",
    "&",
    "=",
    "/",
    "\0",
    "\u{feff}",
    "\u{fffd}",
    "\u{202e}",
    "\u{200b}",
    "\r",
    "<!--",
    "-->",
    "</",
    "<p>",
    "</div>",
    "<table>",
    "</table>",
    "<svg>",
    "<math>",
    "<template>",
    "<select>",
    "<textarea>",
    "<title>",
    "<plaintext>",
    "<![CDATA[",
    "]]>",
    "<script>",
    "</script>",
    "<style>",
    "<noscript>",
    "<frameset>",
    "<body>",
    "</body>",
    "<html lang=zz>",
    "<base href='javascript:x'>",
    "<base href='//'>",
    "<br>",
    "<ruby><rt>",
    "<dl><dd>",
    "&#xD800;",
    "&#0;",
    "&#x110000;",
    "&#99999999999;",
    "&lt;script&gt;",
    "&nbsp;",
    "&notit;",
    "\u{1F468}\u{200D}\u{1F469}",
    "ﷺ",
    "𝕬",
    "\u{0301}",
    "İ",
    "ß",
];

#[test]
fn damaged_pages_are_read() {
    let mut time = until_time_is_up();
    let mut random = Random(97);
    for round in 0..20 {
        for (name, page) in pages().take(400) {
            if !time() {
                return;
            }
            survives(&damaged(&page, &mut random), &format_args!("{name}, round {round}"));
        }
    }
}

/// Bytes are lost, doubled, swapped and replaced in some twenty places.
fn damaged(page: &str, random: &mut Random) -> String {
    let mut bytes = page.as_bytes().to_vec();
    for _ in 0..1 + random.below(40) {
        let (start, other) = (random.below(bytes.len()), random.below(bytes.len()));
        let end = (start + random.below(200)).min(bytes.len());
        match random.below(5) {
            0 => drop(bytes.drain(start..end)),
            1 => {
                let part = bytes[start..end].to_vec();
                let at = other.min(bytes.len());
                drop(bytes.splice(at..at, part));
            }
            2 => drop(bytes.splice(start..start, random.of(DAMAGE).bytes())),
            3 => drop(bytes.splice(start..end.min(start + 3), random.of(DAMAGE).bytes())),
            _ => {
                if let Some(byte) = bytes.get_mut(start) {
                    *byte = random.below(256) as u8;
                }
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn two_pages_spliced_into_each_other_are_read() {
    let mut time = until_time_is_up();
    let mut random = Random(13);
    let pages: Vec<(String, String)> = pages().take(60).collect();
    while time() {
        let ((one, first), (other, second)) = (random.of(&pages), random.of(&pages));
        let part = |page: &str, random: &mut Random| {
            let (start, length) = (random.below(page.len()), random.below(8_000));
            String::from_utf8_lossy(&page.as_bytes()[start..(start + length).min(page.len())]).into_owned()
        };
        let page: String = (0..4).map(|turn| part(if turn % 2 == 0 { first } else { second }, &mut random)).collect();
        survives(&page, &format_args!("{one} and {other}"));
    }
}

/// Elements and attributes that one part of the crate or another looks at.
const NAMES: &[&str] = &[
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
fn soup_of_tags_and_attributes_is_read() {
    let mut time = until_time_is_up();
    let mut random = Random(41);
    for number in 0.. {
        if !time() {
            break;
        }
        survives(&soup(&mut random), &format_args!("soup number {number}"));
    }
}

fn soup(random: &mut Random) -> String {
    let mut page = String::new();
    for _ in 0..random.below(120) {
        match random.below(4) {
            0 => page += *random.of(TEXTS),
            1 => page += &format!("</{}>", random.of(NAMES)),
            _ => {
                page += &format!("<{}", random.of(NAMES));
                for _ in 0..random.below(4) {
                    let (name, values) = random.of(ATTRIBUTES);
                    let quote = *random.of(&["\"", "'", ""]);
                    page += &format!(" {name}={quote}{}{quote}", random.of(values));
                }
                page += *random.of(&[">", ">", ">", "/>", ""]);
            }
        }
    }
    page
}

#[test]
fn texts_of_any_kind_are_read() {
    let mut time = until_time_is_up();
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
            .map(|_| if random.below(2) == 0 { *random.of(TEXTS) } else { *random.of(&marks) })
            .collect();
        let article = catch_unwind(AssertUnwindSafe(|| read(Source::Text(&text))));
        let Ok(article) = article else { panic!("a panic in {text:?}") };
        let body = article.body.as_str();
        assert_eq!(extract::sanitize_html(body, None).as_str(), body, "{text:?}");
    }
}

#[test]
fn twice_the_page_takes_about_twice_the_time() {
    let words = "It rained all day in the valley, and the river rose by a metre before noon, as the mayor had said. ";
    let kinds: &[(&str, &dyn Fn(usize) -> String)] = &[
        ("paragraphs", &|n| format!("<p>{n} {words}</p>")),
        ("attributes", &|n| format!("<p data-{n}='{n}' class='c{n}'>{words}</p>")),
        ("links", &|n| format!("<li><a href='/{n}'>Number {n} of a list of links that is long</a></li>")),
        ("table rows", &|n| format!("<table><tr><td>{n}<td>{words}</table>")),
        ("nested", &|n| format!("<div><p>{n}")),
        ("captions", &|n| format!("<figure><img src='/{n}.jpg'><figcaption>{n} {words}</figcaption></figure>")),
        ("line breaks", &|n| format!("{n} {words}<br><br>")),
        ("embeds", &|n| format!("<iframe src='https://www.youtube.com/embed/{n}'></iframe><p>{words}</p>")),
        ("notes", &|n| format!("<p>{words}<sup id=r{n}><a href='#n{n}'>{n}</a></sup></p><li id=n{n}>{words}</li>")),
        ("bylines", &|n| {
            format!("<span class='byline author'>By Iris Reed{n}</span><time datetime='2026-01-01'>{n}</time>")
        }),
        ("headings", &|n| format!("<h2>Heading {n}</h2><p>{words}</p>")),
        ("lines that promote", &|n| {
            format!("<p>Read also: <a href='/{n}'>Ten knots that everybody knows {n}</a></p><p>{words}</p>")
        }),
        ("words read aloud", &|n| format!("{words} {n} <span class=sr-only>opens at {n}</span>")),
        ("captions of one figure", &|n| {
            format!("{}<figcaption>{n} {words}</figcaption>", if n == 0 { "<figure>" } else { "" })
        }),
        ("headings of nothing", &|n| format!("<h2>Heading {n}</h2><div class=advertisement><p>Buy {words}</p></div>")),
        ("large letters", &|n| format!("<p><span class=dropcap>A</span> bridge {n} {words}</p>")),
        ("sentences set large", &|n| {
            format!("<blockquote><p>{words}</p>Reed{n}</blockquote><p>{n} {words}{words}</p>")
        }),
        ("ampersands", &|n| format!("<p>{n} {words}{}</p>", "&&a".repeat(40))),
        ("labels", &|n| format!("<p>{words}<span>Weather {n}</span><i></i><span>Monday {n}</span></p>")),
    ];
    let count = if cfg!(debug_assertions) { 400 } else { 4_000 };
    for (name, piece) in kinds {
        let took = |count: usize| {
            let page = format!("<title>Rain</title><article>{}</article>", (0..count).map(piece).collect::<String>());
            // The shortest of three is the one that was disturbed least.
            let times = [(); 3].map(|()| {
                let began = Instant::now();
                read(Source::Html(&page));
                began.elapsed()
            });
            times.into_iter().min().unwrap()
        };
        let (once, eightfold) = (took(count), took(count * 8));
        // Were it quadratic, it would be 64 times as long.
        let allowed = once * 28 + Duration::from_millis(50);
        assert!(eightfold < allowed, "{name}: {once:?}, and {eightfold:?} for eight times as much");
    }
}
