use super::*;

/// Returns the day found on a page with this language, markup and URL.
fn day_in(language: &str, html: &str, url: &str) -> String {
    let url = Url::parse(url).unwrap();
    let page = Page {
        source: crate::page::Source::Html(html),
        url: Some(&url),
        now: "2026-11-23T12:00:00Z".parse().unwrap(),
        rules: &[],
    };
    let html = format!("<html lang={language}>{html}");
    let found = crate::article(&Page { source: crate::page::Source::Html(&html), ..page }).published_day;
    found.map_or("none".into(), |day| day.to_string())
}

fn day(html: &str, url: &str, stated: &[&str]) -> String {
    let head: String =
        stated.iter().map(|text| format!("<meta property=article:published_time content='{text}'>")).collect();
    day_in("de", &format!("<title>Rain</title>{head}{html}"), url)
}

#[test]
fn date_beside_the_headline_is_the_date() {
    let address = "https://a.example/rain";
    for (html, wanted) in [
        ("<h1>Rain</h1><p>Ann Lee | 17. Mai 2024</p><p>It rained.</p>", "2024-05-17"),
        ("<div class='head-date'>17.05.2024</div><h1>Rain</h1><p>It rained.</p>", "2024-05-17"),
        ("<h1>Rain</h1><time datetime='2024-05-17'>last week</time>", "2024-05-17"),
        ("<h1>Rain</h1><p>Aktualisiert: 18.05.2024</p><p class=date>17.05.2024</p>", "2024-05-17"),
        ("<h1>Rain</h1><p>It rained.</p><div class=comments><p class=date>18.05.2024</p></div>", "none"),
        ("<h1>Rain</h1><p>It rained.</p><p>© 17.05.2024 The Valley Post</p>", "none"),
        ("<h1>Rain</h1><blockquote>So it was on 17. Mai 2024</blockquote>", "none"),
        ("<h1>Rain</h1><p>It rained on 17. Mai 2024 as it had rained on all the days before that one.</p>", "none"),
        ("<h1>Rain</h1><p>It rained.</p><p>Dieser Text ist am 17.05.2024 erschienen</p>", "2024-05-17"),
        ("<div>Rain</div><p>17.05.2024</p><p>It rained.</p>", "2024-05-17"),
        ("<h1>Rain</h1><p>Give the day (z.B.: 17.05.2024)</p>", "none"),
        ("<h1>Rain</h1><p><span>Ann Lee</span><span>17.05.2024</span><span>Weather</span></p>", "2024-05-17"),
        (
            "<h1>Rain</h1><p>17.05.2024 – It rained all day in the valley, and the river rose and rose.</p>",
            "2024-05-17",
        ),
        (
            "<h1>Rain</h1><p>(17. Mai 2024) It rained all day in the valley, and the river rose and rose.</p>",
            "2024-05-17",
        ),
        (
            "<article><h1>Rain</h1><aside class=meta><time datetime=2024-05-17>17.5.</time></aside></article>",
            "2024-05-17",
        ),
        ("<div class='content right-sidebar'><h1>Rain</h1><p>17.05.2024</p></div>", "2024-05-17"),
        ("<div class=teaser><p class=date>17.05.2024</p></div><h1>Rain</h1><p>It rained.</p>", "2024-05-17"),
        (
            "<article><h1>Rain</h1><p>It rained.</p><div class=footer><time datetime=2024-05-17></time></div></article>",
            "2024-05-17",
        ),
        ("<p class=todays-date>18.05.2024</p><h1>Rain</h1><p>17.05.2024</p>", "2024-05-17"),
        (
            "<h1>Rain</h1><p class=post-date>17.05.2024, 9:14 (This post was last modified: 18.05.2024 by Ann. Edited 1 time in total. Reason: a word was missing in it.)</p>",
            "2024-05-17",
        ),
        ("<div class=layout-sidebar-end><h1>Rain</h1><p>17.05.2024</p></div>", "2024-05-17"),
        ("<h1>Rain</h1><p>Termin: 17.05.2024, 19 Uhr</p><p>It rained.</p>", "none"),
        ("<h1>Rain</h1><p>Mitglied seit 17.05.2024</p>", "none"),
        ("<h1>Rain</h1><p>Geschrieben am 17.05.2024, aktualisiert am 19.05.2024</p>", "2024-05-17"),
        ("<h1>Rain</h1><p>17.05.2024 15:03 / Aktualisiert: 19.05.2024 15:30</p>", "2024-05-17"),
        (&format!("<h1>Rain</h1><p>Ann Lee{}17. Mai 2024</p>", "\n    ".repeat(120)), "2024-05-17"),
        (
            "<h1>Rain</h1><p>Valley, 17. Mai 2024 – It rained all day in the valley, and the river rose and rose.</p>",
            "2024-05-17",
        ),
        (
            "<h1>Rain</h1><p>17.05.2024 It rained all day in the valley, and the river rose and rose and rose.</p>",
            "2024-05-17",
        ),
        (
            "<h1>Rain</h1><p>Published: <time datetime=2024-05-17>17.5.</time> | Updated: <time datetime=2024-05-18>18.5.</time>",
            "2024-05-17",
        ),
    ] {
        assert_eq!(day(html, address, &[]), wanted, "{html}");
    }
}

#[test]
fn date_in_url_corrects_a_later_date() {
    let dated = "https://a.example/2024/05/17/rain";
    for (stated, wanted) in [
        ("2025-01-02", "2024-05-17"),
        ("2024-05-18T03:00:00Z", "2024-05-17"),
        ("2023-12-31", "2023-12-31"),
        ("2024-05-18T18:00:00+02:00", "2024-05-18"),
    ] {
        assert_eq!(day("<h1>Rain</h1>", dated, &[stated]), wanted, "{stated}");
    }
    assert_eq!(day("<h1>Rain</h1>", "https://a.example/20240517-rain", &[]), "2024-05-17");
    assert_eq!(day("<h1>Rain</h1>", "https://a.example/2024/may/17/rain", &[]), "2024-05-17");
    assert_eq!(day("<h1>Rain</h1>", "https://a.example/17-05-2024-rain", &[]), "2024-05-17");
    assert_eq!(day("<h1>Rain</h1>", "https://a.example/1/2024/rain", &[]), "none");
}

#[test]
fn much_older_date_in_url_wins_over_the_visible_date() {
    let (old, html) = ("https://a.example/2022/07/12/rain", "<h1>Rain</h1><p class=date>17.05.2024</p>");
    assert_eq!(day(html, old, &["2024-05-17"]), "2022-07-12");
    assert_eq!(day(html, "https://a.example/2024/05/10/rain", &["2024-05-17"]), "2024-05-17");
}

#[test]
fn single_day_in_short_lines_is_the_fallback() {
    let text = "<p>It rained all day in the valley.</p>".repeat(40);
    let page = |line: &str| format!("<h1>Rain</h1>{text}<p>{line}</p>");
    for (line, wanted) in [
        ("Ann Lee am 17.05.2024, 13:36 Uhr", "2024-05-17"),
        ("Ann Lee 17.05.2024</p><p>Otto 17.05.2024", "2024-05-17"),
        ("Ann Lee 17.05.2024</p><p>Otto 18.05.2024", "none"),
        ("Es regnete auch am 17.05.2024.", "none"),
        ("https://b.example/2024/05/17/snow", "none"),
        ("Copyright 17.05.2024", "none"),
    ] {
        assert_eq!(day(&page(line), "https://a.example/rain", &[]), wanted, "{line}");
    }
}

#[test]
fn dates_in_scripts_are_the_last_resort() {
    let html = r#"<h1>Rain</h1><script>x={"headline":"Rain","datePublished":"2024-05-17T10:00:00Z"}</script>"#;
    assert_eq!(day(html, "https://a.example/", &[]), "2024-05-17");
}

#[test]
fn visible_and_machine_dates_are_reconciled() {
    let data = r#"<script type="application/ld+json">{"@type":"Article","headline":"Rain","datePublished":"2024-05-17"}</script>"#;
    let in_meta =
        r#"<meta name="script:ld+json" content='{"@type":"Article","headline":"Rain","datePublished":"2024-05-17"}'>"#;
    let head = "<meta property=article:published_time content=2024-05-17>";
    let other = "<meta property=article:published_time content=2024-06-02>";
    let turned = "<meta property=article:published_time content=2024-04-03>";
    let property = "<meta itemprop=datePublished content=2024-05-17>";
    for (html, wanted, why) in [
        (format!("{data}<h1>Rain</h1><p>17.05.2024</p>"), "2024-05-17", "both agree"),
        (format!("{in_meta}<h1>Rain</h1><p>It rained.</p>"), "2024-05-17", "data in a meta element"),
        (format!("{data}<h1>Rain</h1><p>18.05.2024</p>"), "2024-05-18", "the same date in the page's own zone"),
        (format!("{data}<h1>Rain</h1><p class=date>02.06.2024</p>"), "2024-06-02", "in one machine-readable place only"),
        (format!("{data}{head}<h1>Rain</h1><p class=date>02.06.2024</p>"), "none", "head and JSON-LD agree, but a later date is visible"),
        (format!("{data}{head}<h1>Rain</h1><p class=date>Aktualisiert: 02.06.2024</p>"), "2024-05-17", "head and JSON-LD agree, and it was modified"),
        (format!("{data}{other}<h1>Rain</h1><p class=date>02.06.2024</p>"), "2024-06-02", "of two dates the visible one"),
        (format!("<h1>Rain</h1>{property}<p class=date>Aktualisiert: 02.06.2024</p>"), "2024-06-02", "a hidden property, and a visible modification"),
        (format!("<h1>Rain</h1>{property}<p>It rained.</p>"), "2024-05-17", "a hidden property only"),
        (format!("{turned}<h1>Rain</h1><p class=date>4. März 2024</p>"), "2024-03-04", "a month name cannot be a day"),
        (format!("{turned}<h1>Rain</h1><p class=date>04/03/2024</p>"), "2024-04-03", "two numbers may be swapped"),
        (format!("{data}{head}<h1>Rain</h1><p class=date>12.03.2024</p>"), "2024-03-12", "an earlier date is plainly visible"),
        (format!("{head}<h1>Rain</h1><p>It rained on 12.03.2024 as never before in this valley of ours.</p>"), "2024-05-17", "a date in the running text"),
        ("<h1>Rain</h1><p class=date>Aktualisiert: 02.06.2024</p>".into(), "2024-06-02", "no other date is known"),
        (format!("{head}<h1>Rain</h1><p class=date>Aktualisiert: 02.06.2024</p>"), "2024-05-17", "a modification is no publication"),
        ("<meta name=date content=2024-06-02><h1>Rain</h1><p>17.05.2024</p>".into(), "2024-05-17", "a vague meta name"),
        ("<meta property=article:published_time content=2024-05-17T03:30:00Z><h1>Rain</h1><time datetime=2024-05-16T23:30:00-04:00></time>".into(), "2024-05-16", "the same time"),
    ] {
        assert_eq!(day_in("de", &format!("<title>Rain</title>{html}"), "https://a.example/rain"), wanted, "{why}");
    }
}

#[test]
fn day_month_order_follows_the_language() {
    let html = "<title>Rain</title><h1>Rain</h1><p class=date>05/06/2024</p><p>It rained.</p>";
    for (language, url, wanted) in [
        ("de", "https://a.example/rain", "2024-06-05"),
        ("fr-FR", "https://a.example/rain", "2024-06-05"),
        ("en-US", "https://a.example/rain", "2024-05-06"),
        ("en", "https://a.co.uk/rain", "2024-06-05"),
        ("en", "https://a.example/rain", "none"),
    ] {
        assert_eq!(day_in(language, html, url), wanted, "{language} {url}");
    }
}
