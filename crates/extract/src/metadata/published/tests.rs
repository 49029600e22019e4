use super::*;

fn day(html: &str, url: &str, stated: &[&str]) -> String {
    let url = Url::parse(url).unwrap();
    let page = Page {
        source: crate::Source::Html(html),
        url: Some(&url),
        now: "2026-11-23T12:00:00Z".parse().unwrap(),
        rules: &[],
    };
    let stated = stated.iter().map(|text| (*text).to_owned()).collect();
    let found = find(&crate::parse::page(html).tree, "Rain", stated, &Asked { page: &page, languages: &["de".into()] });
    found.map_or("none".into(), |found| found.day.to_string())
}

#[test]
fn a_date_beside_the_headline_is_the_date() {
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
    ] {
        assert_eq!(day(html, address, &[]), wanted, "{html}");
    }
}

#[test]
fn an_address_corrects_a_later_date() {
    let dated = "https://a.example/2024/05/17/rain";
    for (stated, wanted) in
        [("2025-01-02", "2024-05-17"), ("2024-05-18T03:00:00Z", "2024-05-17"), ("2023-12-31", "2023-12-31")]
    {
        assert_eq!(day("<h1>Rain</h1>", dated, &[stated]), wanted, "{stated}");
    }
    assert_eq!(day("<h1>Rain</h1>", "https://a.example/20240517-rain", &[]), "2024-05-17");
    assert_eq!(day("<h1>Rain</h1>", "https://a.example/1/2024/rain", &[]), "none");
}

#[test]
fn the_data_of_scripts_is_the_last_resort() {
    let html = r#"<h1>Rain</h1><script>x={"headline":"Rain","datePublished":"2024-05-17T10:00:00Z"}</script>"#;
    assert_eq!(day(html, "https://a.example/", &[]), "2024-05-17");
}
