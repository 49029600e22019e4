//! Time grows linearly with the size of a page.

use std::time::{Duration, Instant};

use extract::Source;

use super::read;

#[test]
fn time_is_linear_in_the_size_of_the_page() {
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
        ("linked images in one paragraph", &|n| {
            format!("{}<a href='/{n}'><img src='/{n}.jpg'></a>", if n == 0 { "<p>" } else { "" })
        }),
        ("repeated icons in one figure", &|n| {
            format!("{}<img src='/icon.png' width=16 height=16>", if n == 0 { "<figure>" } else { "" })
        }),
        ("advertisements with captions in one block", &|n| {
            format!(
                "{}<figure><img src='/ad{n}.jpg' alt=Werbung><figcaption>Buy {n}</figcaption></figure><img src='/{n}.jpg'>",
                if n == 0 { "<div>" } else { "" }
            )
        }),
        ("formulas in one paragraph", &|n| {
            format!("{}<math><mi>x</mi><mo>=</mo><mn>{n}</mn></math> and ", if n == 0 { "<p>" } else { "" })
        }),
        ("labels", &|n| format!("<p>{words}<span>Weather {n}</span><i></i><span>Monday {n}</span></p>")),
    ];
    let count = if cfg!(debug_assertions) { 400 } else { 4_000 };
    for (name, piece) in kinds {
        let took = |count: usize| {
            let page = format!("<title>Rain</title><article>{}</article>", (0..count).map(piece).collect::<String>());
            // The shortest of three measurements is the least disturbed.
            let times = [(); 3].map(|()| {
                let began = Instant::now();
                read(Source::Html(&page));
                began.elapsed()
            });
            times.into_iter().min().unwrap()
        };
        let (once, eightfold) = (took(count), took(count * 8));
        // Quadratic time would be 64 times as long.
        let allowed = once * 28 + Duration::from_millis(50);
        assert!(eightfold < allowed, "{name}: {once:?}, and {eightfold:?} for eight times as much");
    }
}
