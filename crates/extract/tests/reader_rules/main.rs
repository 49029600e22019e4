//! Reader's rules: from the selected block to the resulting article.

#![expect(clippy::unwrap_used, reason = "a test may stop at what should not happen")]

mod blocks;
mod rules;
mod selectors;

use extract::{Action, Article, Block, Page, Reason, Rule, Source};

const PAGE: &str = r#"<html><head><title>The lock at Millbrook</title></head><body>
<nav class="site-nav"><a href="/">Home</a> <a href="/news">News</a></nav>
<article class="story-body">
<h1>The lock at Millbrook</h1>
<p>The lock at Millbrook was closed on Monday, and four barges waited in the rain until the keeper found the second key in a drawer.</p>
<p>Nobody had looked there, the keeper said, because the drawer was where the old key had been kept, and the old key was lost.</p>
<p class="house-line">The Valley Post has been printed in this town by the same family since the second bridge was built.</p>
<p>By the evening all of them had gone through, the last one with a dog on its roof that barked at every bird on the bank.</p>
<aside class="promo-box"><h3>What the water rose to</h3><p>On Monday the gauge at the lock showed two metres and ten, the highest since the flood of the spring before.</p></aside>
<p>The council has ordered a third key, which will be kept by the baker, who is awake when nobody else is and lives beside the lock.</p>
</article>
<div class="correction-x"><p>An earlier version of this report said that there were five barges. There were four, and a raft.</p></div>
<footer class="site-footer"><p>All rights reserved by the Valley Post.</p></footer>
</body></html>"#;

const GAUGE: &str = "two metres and ten";
const HOUSE: &str = "printed in this town";

fn read(html: &str, rules: &[Rule]) -> Article {
    extract::article(&Page { source: Source::Html(html), url: None, now: jiff::Timestamp::UNIX_EPOCH, rules })
}

fn blocks(html: &str, rules: &[Rule]) -> Vec<Block> {
    extract::blocks(&Page { source: Source::Html(html), url: None, now: jiff::Timestamp::UNIX_EPOCH, rules })
}

fn rule(selector: &str, action: Action) -> Rule {
    Rule { selector: selector.parse().unwrap(), action }
}

fn keep(selector: &str) -> Rule {
    rule(selector, Action::Keep)
}

fn remove(selector: &str) -> Rule {
    rule(selector, Action::Remove(Reason::Promotion))
}

/// Returns copies of a paragraph, each with a different text.
fn numbered_paragraphs(paragraph: &str, count: usize) -> String {
    (1..=count).map(|number| paragraph.replace("again, and again", &format!("on day {number}, and then"))).collect()
}
