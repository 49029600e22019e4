//! Writes feeds from the shorthand of the cases.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// When the histories begin.
pub(crate) const START: &str = "2026-10-05T08:00:00Z";

/// Returns the hours of `6h30m`, `-5d` or `48h+8d`.
pub(crate) fn hours(text: &str) -> f64 {
    let (mut total, mut sign, mut number) = (0.0, 1.0, String::new());
    for character in text.chars() {
        match character {
            '+' => sign = 1.0,
            '-' => sign = -1.0,
            'd' | 'h' | 'm' | 's' => {
                let unit = match character {
                    'd' => 24.0,
                    'h' => 1.0,
                    'm' => 1.0 / 60.0,
                    _ => 1.0 / 3600.0,
                };
                total += sign * number.parse::<f64>().unwrap() * unit;
                number.clear();
            }
            other => number.push(other),
        }
    }
    total
}

/// Returns the time so many hours after the start.
pub(crate) fn time(hours: f64) -> Timestamp {
    START.parse::<Timestamp>().unwrap() + SignedDuration::from_secs_f64((hours * 3600.0).round())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Returns the items that are listed so many hours after the start.
fn items(rss: &Value, now: f64) -> Vec<Value> {
    if let Some(items) = rss["items"].as_array() {
        return items.clone();
    }
    let text = |name: &str| rss[name].as_str().unwrap().to_owned();
    let (step, first) = (hours(&text("items_every")), hours(&text("first_item_at")));
    let shift = rss["pub_shift"].as_str().map_or(0.0, hours);
    let mut items = Vec::new();
    while first + items.len() as f64 * step <= now {
        let n = items.len();
        let numbered = |name: &str| text(name).replace("{n}", &n.to_string());
        items.push(serde_json::json!({
            "guid": numbered("guid"), "link": numbered("link"), "title": format!("Item {n}"),
            "pub": format!("{}h", first + n as f64 * step + shift), "text": format!("<p>Text of item {n}.</p>"),
        }));
    }
    items.into_iter().rev().take(rss["list_newest"].as_u64().unwrap() as usize).collect()
}

/// Returns the feed that is served so many hours after the start.
pub(crate) fn render(rss: &Value, now: f64) -> String {
    let mut xml = format!(
        "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>{}</title><link>https://buoy.example.org/</link>",
        escape(rss["title"].as_str().unwrap())
    );
    if let Some(link) = rss["self"].as_str() {
        xml += &format!("<atom:link rel=\"self\" href=\"{}\"/>", escape(link));
    }
    if !rss["ttl"].is_null() {
        xml += &format!("<ttl>{}</ttl>", rss["ttl"]);
    }
    for (list, entry) in [("skipHours", "hour"), ("skipDays", "day")] {
        let entries = rss[list].as_array().into_iter().flatten();
        let entries = entries.map(|it| format!("<{entry}>{}</{entry}>", it.to_string().trim_matches('"')));
        xml += &format!("<{list}>{}</{list}>", entries.collect::<String>());
    }
    for item in items(rss, now) {
        let text = |name: &str| escape(item[name].as_str().unwrap_or_default());
        let published = time(hours(item["pub"].as_str().unwrap()));
        xml += &format!(
            "<item><title>{}</title><link>{}</link><guid isPermaLink=\"false\">{}</guid><pubDate>{published}</pubDate><description>{}</description></item>",
            text("title"),
            text("link"),
            text("guid"),
            text("text")
        );
    }
    xml + "</channel></rss>"
}
