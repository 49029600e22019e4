use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::process::Command;

use proptest::prelude::*;

use super::*;

fn chapter(html: &str) -> Chapter {
    Chapter {
        title: "Fish & “chips” <at> sea".into(),
        facts: "The Harbour Post · Ann & Bo".into(),
        language: Some("en".into()),
        is_right_to_left: false,
        url: Some("https://harbour.example/a?b=1&c=[2]|x y".into()),
        lead_image: Some(("lead".into(), "A \"boat\"".into())),
        html: html.into(),
        images: HashMap::from([
            ("https://a.example/1.png".into(), "one".into()),
            ("https://a.example/2".into(), "gone".into()),
        ]),
    }
}

fn book(chapters: Vec<Chapter>) -> Book {
    Book {
        title: "Broadsheet, Monday, 23 November 2026".into(),
        identifier: "urn:uuid:0f0e0d0c-0b0a-8908-8706-050403020100".into(),
        language: "en".into(),
        modified: "2026-11-23T00:00:00Z".into(),
        sections: vec![Section { name: "Front page & more".into(), chapters }],
    }
}

fn picture() -> Picture {
    let mut bytes = Cursor::new(Vec::new());
    image::RgbImage::new(4, 3).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    Picture { format: PictureFormat::Png, bytes: bytes.into_inner() }
}

fn write_to_bytes(book: &Book, cover: Option<&Picture>) -> Vec<u8> {
    let read = |key: &str| (key != "gone").then(picture);
    write(book, cover, read, Cursor::new(Vec::new())).unwrap().into_inner()
}

fn unpack(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut text = |name: &str| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    names.iter().map(|name| (name.clone(), text(name))).collect()
}

/// What sites write that books do not allow, or only elsewhere.
const HOSTILE: &str = r##"<p id="a-1" lang="en_US">Fish<br>and <a href="#a-fn1"><sup>1</sup></a> <a href="#a-none">nowhere</a>
<a href="https://a.example/?q=[x]|{y} z#a#b">link <b>bold</b></a> <abbr title="a &quot;b&quot;">x</abbr></p>
<ul><p>no item</p>text<li>one<ul></ul></li></ul><ol start="3" reversed="" type="a"><li value="7">x</li></ol>
<dl><dt>term</dt><dd>definition</dd></dl>
<figure><figcaption>first</figcaption><img src="https://a.example/1.png" alt="A & b"><img src="https://a.example/2" alt="gone"></figure>
<table><caption>c</caption><colgroup span="2"><col></colgroup><thead><tr><th scope="col">h<p>block</p></th></tr></thead><tbody></tbody><tbody><tr></tr><tr><td colspan="0" rowspan="2">d</td></tr></tbody></table>
<table></table><details open=""><summary>s</summary><p>more</p></details><hr>
<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字</ruby> <ruby>plain</ruby> <em><h3>heading in em</h3><ul><li>x</li></ul></em>
<blockquote class="reply" id="a-1"><p id="a-fn1">note</p></blockquote><pre class="language-rust"><code>let x = 1 &lt; 2;
</code></pre><time datetime="yesterday">t</time><bdo>b</bdo><a>no link</a><a href="mailto:a@b.example">m</a><s>s</s><p><img src="https://a.example/1.png" alt=""></p>"##;

#[test]
fn a_package_has_all_its_files_and_each_image_once() {
    let bytes = write_to_bytes(&book(vec![chapter(HOSTILE), chapter("<p>شيء</p>")]), Some(&picture()));
    assert_eq!(&bytes[30..58], b"mimetypeapplication/epub+zip", "recognised by its first bytes");
    let files = unpack(&bytes);
    let package = &files["EPUB/package.opf"];
    for name in files.keys().filter_map(|name| name.strip_prefix("EPUB/")).filter(|name| *name != "package.opf") {
        assert_eq!(package.matches(&format!("href=\"{name}\"")).count(), 1, "{name} in {package}");
    }
    assert_eq!(files.keys().filter(|name| name.starts_with("EPUB/images/")).count(), 2, "{:?}", files.keys());
    assert!(files["EPUB/nav.xhtml"].contains("Fish &amp; “chips” &lt;at&gt; sea"));
    assert!(files["EPUB/toc.ncx"].contains("src=\"a2.xhtml\""));
}

#[test]
fn texts_keep_their_words_and_lose_what_books_do_not_allow() {
    let files = unpack(&write_to_bytes(&book(vec![chapter(HOSTILE)]), None));
    let page = &files["EPUB/a1.xhtml"];
    for kept in
        ["no item", "text", "[gone]", "block", "heading in em", "plain", "href=\"#a-fn1\"", "A &amp; b", "%7By%7D"]
    {
        assert!(page.contains(kept), "{kept}: {page}");
    }
    for lost in ["#a-none", "<figure", "<dl", "datetime", "colspan=\"0\"", "en_US", "<col", "a.example/2", "<rp"] {
        assert!(!page.contains(lost), "{lost}: {page}");
    }
    assert_eq!(page.matches("id=\"a-1\"").count(), 1);
    assert!(!files["EPUB/package.opf"].contains("cover-image"));
}

/// Checks a book with epubcheck, the program of the makers of the standard, where it is installed.
#[test]
fn epubcheck_finds_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    let mut arabic = chapter("<p>شيء</p>");
    (arabic.language, arabic.is_right_to_left) = (Some("ar".into()), true);
    for (name, cover, chapters) in [
        ("full.epub", Some(picture()), vec![chapter(HOSTILE), arabic]),
        ("bare.epub", None, vec![chapter("Text alone")]),
    ] {
        let file = folder.path().join(name);
        std::fs::write(&file, write_to_bytes(&book(chapters), cover.as_ref())).unwrap();
        let Ok(answer) = Command::new("epubcheck").arg(&file).output() else {
            println!("epubcheck is not installed");
            return;
        };
        let said = format!("{}{}", String::from_utf8_lossy(&answer.stdout), String::from_utf8_lossy(&answer.stderr));
        assert!(answer.status.success() && !said.contains("ERROR") && !said.contains("FATAL"), "{name}: {said}");
    }
}

/// Any row of tags, closed or not.
fn arbitrary_html() -> impl Strategy<Value = String> {
    let names = [
        "p",
        "ul",
        "li",
        "ol",
        "table",
        "tr",
        "td",
        "th",
        "tbody",
        "caption",
        "a href='#a-1'",
        "em",
        "ruby",
        "rt",
        "h2",
        "pre",
        "blockquote",
        "figure",
        "figcaption",
        "dl",
        "dt",
        "dd",
        "details",
        "summary",
        "span id=a-1",
        "rp",
        "hr",
        "br",
    ];
    proptest::collection::vec((0..names.len(), any::<bool>(), "[a-z<& ]{0,3}"), 0..40).prop_map(move |parts| {
        let part = |(at, closes, text): (usize, bool, String)| {
            let name = names[at];
            let name = if closes { name.split(' ').next().unwrap_or(name) } else { name };
            format!("<{}{name}>{}", if closes { "/" } else { "" }, text.replace('&', "&amp;").replace('<', "&lt;"))
        };
        parts.into_iter().map(part).collect()
    })
}

proptest! {
    #[test]
    fn whatever_comes_in_what_goes_out_is_well_formed(html in arbitrary_html()) {
        let page = xhtml::convert(&html, |_| None);
        let mut open: Vec<&str> = Vec::new();
        for tag in page.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').unwrap();
            let name = tag.trim_matches('/').split(' ').next().unwrap();
            if tag.starts_with('/') {
                prop_assert_eq!(open.pop(), Some(name), "{}", &page);
            } else if !tag.ends_with('/') {
                let parent = open.last().copied().unwrap_or("body");
                let fits = match name {
                    "li" => matches!(parent, "ul" | "ol"),
                    "td" | "th" => parent == "tr",
                    "tr" => matches!(parent, "table" | "tbody"),
                    "tbody" | "caption" => parent == "table",
                    _ => !matches!(parent, "ul" | "ol" | "table" | "tr" | "tbody"),
                };
                prop_assert!(fits, "{} in {}: {}", name, parent, &page);
                open.push(name);
            }
        }
        prop_assert!(open.is_empty());
    }
}
