//! Prints what is extracted from a page: `cargo run --example show -- page.html https://example.org/page`. A file that
//! does not end in `.html` or `.htm` is treated as plain text.

use std::io::Write;

use extract::{Page, Source};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().ok_or("usage: show FILE [URL]")?;
    let url = arguments.next().map(|url| url::Url::parse(&url)).transpose()?;
    let text = String::from_utf8_lossy(&std::fs::read(&name)?).into_owned();
    let is_html = name.ends_with(".html") || name.ends_with(".htm");
    let source = if is_html { Source::Html(&text) } else { Source::Text(&text) };
    let article = extract::article(&Page { source, url: url.as_ref(), now: jiff::Timestamp::now(), rules: &[] });
    let mut out = std::io::stdout().lock();
    writeln!(out, "title      {}", article.title)?;
    writeln!(out, "verdict    {:?}", article.verdict)?;
    writeln!(out, "byline     {:?}", article.byline)?;
    writeln!(out, "published  {:?}", article.published)?;
    writeln!(out, "site       {:?}", article.site_name)?;
    writeln!(out, "language   {:?} {:?}", article.language, article.direction)?;
    writeln!(out, "sections   {:?}", article.sections)?;
    writeln!(out, "tags       {:?}", article.tags)?;
    writeln!(out, "lead       {:?}", article.lead_image)?;
    writeln!(out, "\n{}\n", article.body.as_str())?;
    for block in &article.removed {
        writeln!(out, "– {}: {}", block.reason.label(), block.text)?;
    }
    Ok(())
}
