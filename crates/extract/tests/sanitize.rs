//! Sanitizing, case by case: the markup that goes in, and the canonical form that comes out.

#![expect(clippy::unwrap_used, reason = "a test may stop at what should not happen")]

use extract::sanitize_html;
use extract::{Page, Source};
use url::Url;

/// Checks that each input becomes the output, and that sanitizing the output changes nothing.
fn check(cases: &[(&str, &str)]) {
    let base = Url::parse("https://a.example/rain").unwrap();
    for (given, wanted) in cases {
        let found = sanitize_html(given, Some(&base));
        assert_eq!(found.as_str(), *wanted, "{given}");
        assert_eq!(sanitize_html(wanted, Some(&base)), found, "sanitized again: {given}");
    }
}

#[test]
fn image_source_is_the_size_shown_in_the_page() {
    let shown = |name: &str| format!("<p><img src=\"https://a.example/{name}.jpg\" alt=\"\"></p>");
    for (attributes, wanted) in [
        ("src=column.jpg srcset='small.jpg 80w, huge.jpg 1800w'", "column"),
        ("src=column.jpg data-large-file=huge.jpg data-hi-res-src=other.jpg", "column"),
        ("src=grey.jpg data-src=column.jpg", "column"),
        ("src=column.jpg data-src='{\"json\": 1}'", "column"),
        ("src='data:image/gif;base64,R0lGOD' srcset='small.jpg 80w, column.jpg 800w'", "column"),
        ("src='lqip/rain.jpg' data-srcset='column.jpg 800w'", "column"),
        ("src='rain.jpg?w=20&blur=5' data-full-src=column.jpg", "column"),
        ("src=placeholder.png data-orig-file=column.jpg", "column"),
    ] {
        let base = Url::parse("https://a.example/").unwrap();
        assert_eq!(sanitize_html(&format!("<img {attributes}>"), Some(&base)).as_str(), shown(wanted), "{attributes}");
    }
}

#[test]
fn figures_keep_images_and_captions_together() {
    check(&[
        (
            "<figure><div><img src=/1.jpg alt=One></div><div><img src=/2.jpg alt=Two></div><figcaption>Both</figcaption></figure>",
            "<figure><img src=\"https://a.example/1.jpg\" alt=\"One\"><img src=\"https://a.example/2.jpg\" alt=\"Two\">\
             <figcaption>Both</figcaption></figure>",
        ),
        (
            "<figure><picture><source srcset='/big.webp 2x' type=image/webp><img src=/1.jpg alt=One></picture></figure>",
            "<figure><img src=\"https://a.example/1.jpg\" alt=\"One\"></figure>",
        ),
        (
            "<div class='wp-caption alignleft'><a href=/1.jpg><img src=/1.jpg alt=One></a><p class=wp-caption-text>A dam</p></div>",
            "<figure><a href=\"https://a.example/1.jpg\" rel=\"noopener noreferrer\"><img src=\"https://a.example/1.jpg\" \
             alt=\"One\"></a><figcaption>A dam</figcaption></figure>",
        ),
        (
            "<div><img src=/1.jpg alt=One><span class=caption>A dam</span><p>And a long text that has nothing to do with the \
             picture, and goes on for more than a line, so that it is no caption at all.</p></div>",
            "<p><img src=\"https://a.example/1.jpg\" alt=\"One\">A dam</p><p>And a long text that has nothing to do with the \
             picture, and goes on for more than a line, so that it is no caption at all.</p>",
        ),
        (
            "<figure><iframe src=https://www.youtube.com/embed/abc></iframe></figure>",
            "<p class=\"embed\"><a href=\"https://www.youtube.com/watch?v=abc\" rel=\"noopener noreferrer\">Video on \
             youtube.com</a></p>",
        ),
    ]);
}

#[test]
fn blocks_keep_their_language_and_direction() {
    check(&[
        (
            "<div dir=rtl lang=ar><p>مطر</p><p>ثلج</p></div>",
            "<p lang=\"ar\" dir=\"rtl\">مطر</p><p lang=\"ar\" dir=\"rtl\">ثلج</p>",
        ),
        (
            "<section lang=fr>Il pleut.<p lang=de>Es regnet.</p></section>",
            "<p lang=\"fr\">Il pleut.</p><p lang=\"de\">Es regnet.</p>",
        ),
        ("<div lang=fr><ul><li>Pluie</li></ul></div>", "<ul lang=\"fr\"><li>Pluie</li></ul>"),
        ("<blockquote lang=la dir=ltr>Pluit.</blockquote>", "<blockquote lang=\"la\" dir=\"ltr\">Pluit.</blockquote>"),
    ]);
}

#[test]
fn page_language_is_not_repeated_on_every_block() {
    let words = |what: &str| {
        format!("It rained all day in the {what}, and the river rose by a metre before noon, as the mayor said. ")
            .repeat(2)
    };
    let german = "Es regnete den ganzen Tag im Tal, und der Fluss stieg um einen Meter, wie es die Bürgermeisterin gesagt hatte.";
    let html = format!(
        "<html lang=en><title>Rain</title><article lang=en><p>{}</p><p lang=en>{}</p><div><p lang=de>{german}</p></div>\
         <p>{}</p></article></html>",
        words("valley"),
        words("town"),
        words("hills"),
    );
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    let article = extract::article(&Page { source: Source::Html(&html), url: None, now, rules: &[] });
    assert_eq!(article.body.as_str().matches("lang=").count(), 1, "{}", article.body.as_str());
    assert!(article.body.as_str().contains("<p lang=\"de\">Es regnete"));
}

#[test]
fn ruby_annotations_are_kept_without_extra_space() {
    check(&[(
        "<p>今日は<ruby>雨<rp>(</rp><rt>あめ</rt><rp>)</rp></ruby>です。<ruby><rb>東</rb><rt>とう</rt><rb>京</rb><rt>きょう</rt></ruby>も。</p>",
        "<p>今日は<ruby>雨<rp>(</rp><rt>あめ</rt><rp>)</rp></ruby>です。<ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby>も。</p>",
    )]);
    let words = "昨日の夜から降り続いた雨で、谷の川の水位は一メートル上がり、橋は朝まで閉鎖された。".repeat(4);
    let html = format!(
        "<html lang=ja><title>雨</title><article><p>{words}</p><p>今日は<ruby>雨<rt>あめ</rt></ruby>です。</p><p>{words}</p></article>"
    );
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    let article = extract::article(&Page { source: Source::Html(&html), url: None, now, rules: &[] });
    assert!(!article.text.contains(' '), "{}", article.text);
}

#[test]
fn tables_code_quotes_lists_and_notes_are_kept() {
    check(&[
        (
            "<table><caption>Rain</caption><tr><th scope=row>May<td>3<td>4</table>",
            "<table><caption>Rain</caption><tbody><tr><th scope=\"row\">May</th><td>3</td><td>4</td></tr></tbody></table>",
        ),
        ("<table><tr><td><p>One</p><p>Two</p></table>", "<p>One</p><p>Two</p>"),
        (
            "<div class=highlight><pre class='language-rust hl'>\n<span class=k>fn</span> rain() {\n}\n</pre></div>",
            "<pre class=\"language-rust\">fn rain() {\n}\n</pre>",
        ),
        (
            "<ol start=3><li>Three<ul><li>A</ul><li value=7>Seven</ol>",
            "<ol start=\"3\"><li>Three<ul><li>A</li></ul></li><li value=\"7\">Seven</li></ol>",
        ),
        (
            "<p>Rain<sup><a href=#n1 id=r1>1</a></sup></p><div id=n1><p>A note. <a href=#r1>Back</a></p></div>",
            "<p>Rain<sup><a href=\"#a-n1\" id=\"a-r1\" rel=\"noopener noreferrer\">1</a></sup></p><p id=\"a-n1\">A note. \
             <a href=\"#a-r1\" rel=\"noopener noreferrer\">Back</a></p>",
        ),
        (
            "<dl><dt>Rain</dt><dd>Water</dd></dl><details><summary>More</summary><p>Words</p></details>",
            "<dl><dt>Rain</dt><dd>Water</dd></dl><details><summary>More</summary><p>Words</p></details>",
        ),
    ]);
}

#[test]
fn unknown_elements_are_unwrapped() {
    check(&[
        ("<my-box><font color=red>Rain</font> fell.</my-box>", "<p>Rain fell.</p>"),
        (
            "<a href=/x>Home</a> <font>It rained.<p>It snowed.</p></font>",
            "<p><a href=\"https://a.example/x\" rel=\"noopener noreferrer\">Home</a></p><p>It rained.</p><p>It snowed.</p>",
        ),
        ("<p>Press <button>Subscribe</button>the bell<svg><title>x</title></svg>.</p>", "<p>Press the bell.</p>"),
    ]);
}

#[test]
fn many_captions_and_figures_take_linear_time() {
    let began = std::time::Instant::now();
    let captions = "<p class=caption>A dam</p>".repeat(20_000);
    let figures = format!("{}{}", "<figure>".repeat(300), "<b>Rain</b> ".repeat(20_000));
    assert!(sanitize_html(&format!("<div>{captions}</div>"), None).as_str().len() > 20_000);
    assert!(sanitize_html(&figures, None).as_str().len() > 20_000);
    // Half a second in a release build; comparing each caption with all others would take minutes.
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
}
