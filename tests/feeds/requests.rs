//! What the cases expect of requests.

use serde_json::Value;

use crate::origin::{Asked, Origin};
use crate::rss_shorthand::hours;
use crate::script::{clock, hours_since_start};

struct Wanted<'a>(&'a Value);

impl Wanted<'_> {
    fn text(&self, key: &str) -> Option<&str> {
        self.0[key].as_str()
    }

    fn hours(&self, key: &str, default: f64) -> f64 {
        self.text(key).map_or(default, hours)
    }

    fn number(&self, key: &str, default: u64) -> usize {
        usize::try_from(self.0[key].as_u64().unwrap_or(default)).unwrap()
    }

    fn is_meant(&self, asked: &Asked) -> bool {
        let at = hours_since_start(asked.at);
        self.text("url").is_none_or(|url| asked.url == url)
            && self.text("url_prefix").is_none_or(|start| asked.url.starts_with(start))
            && self.text("host").is_none_or(|host| asked.host() == host)
            && (self.hours("from", 0.0)..self.hours("to", f64::MAX)).contains(&at)
    }
}

/// Checks one expectation. Returns what was found instead.
pub fn check(origin: &Origin, expectation: &Value) -> Result<(), String> {
    let (wanted, all) = (Wanted(expectation), origin.asked());
    let asked: Vec<&Asked> = all.iter().filter(|it| wanted.is_meant(it)).collect();
    let times: Vec<f64> = asked.iter().map(|it| hours_since_start(it.at)).collect();
    let gaps: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let is_fine = match wanted.text("assert").unwrap() {
        "no_request" => asked.is_empty(),
        "count" => (wanted.number("min", 0)..=wanted.number("max", u64::from(u32::MAX))).contains(&asked.len()),
        "gap" | "gap_host" => {
            let allowed = wanted.hours("min", 0.0)..=wanted.hours("max", f64::MAX);
            !gaps.is_empty() && gaps.iter().all(|gap| allowed.contains(gap))
        }
        "backoff" => {
            let is_growing = gaps.windows(2).all(|pair| pair[1] > pair[0] * 0.9);
            gaps.len() > 1 && is_growing && gaps.iter().all(|gap| *gap <= wanted.hours("max_gap", f64::MAX))
        }
        "header" => has_header(&wanted, &asked),
        "header_never" => !asked.is_empty() && asked.iter().all(|it| lacks_header(&wanted, it)),
        "unconditional" => {
            let asked = asked.iter().filter(|it| !it.is_conditional());
            let times: Vec<f64> = asked.map(|it| hours_since_start(it.at)).collect();
            (wanted.number("min", 0)..=wanted.number("max", 0)).contains(&times.len())
                && times.first().is_none_or(|first| *first >= wanted.hours("first_not_before", 0.0))
                && times.windows(2).all(|pair| pair[1] - pair[0] >= wanted.hours("gap_min", 0.0))
        }
        "no_request_daily" => {
            let quiet = clock(wanted.text("daily_from").unwrap())..clock(wanted.text("daily_to").unwrap());
            let later: Vec<&f64> = times.iter().filter(|at| **at > wanted.hours("after", 0.0)).collect();
            !later.is_empty() && later.iter().all(|at| !quiet.contains(&(*at + 8.0).rem_euclid(24.0)))
        }
        "no_request_weekday" => {
            let day = |it: &&Asked| it.at.strftime("%A").to_string();
            !asked.is_empty() && asked.iter().all(|it| Some(&*day(it)) != wanted.text("weekday"))
        }
        "no_request_host" => is_left_alone(&wanted, &asked),
        "in_flight_max" => {
            let most = origin.most_in_flight(wanted.text("host").unwrap());
            most > 0 && most <= wanted.number("max", 0)
        }
        other => return Err(format!("nothing checks {other}")),
    };
    if is_fine { Ok(()) } else { Err(format!("{times:?}")) }
}

fn has_header(wanted: &Wanted<'_>, asked: &[&Asked]) -> bool {
    let picked = match wanted.text("select").unwrap() {
        "first" => asked.first(),
        "second" => asked.get(1),
        _ => asked.last(),
    };
    let sent = |it: &&Asked| it.headers.get(wanted.text("header").unwrap()).cloned();
    picked.is_some_and(|it| sent(it).as_deref() == wanted.text("equals"))
}

fn lacks_header(wanted: &Wanted<'_>, asked: &Asked) -> bool {
    let sent = asked.headers.get(wanted.text("header").unwrap());
    sent.is_none_or(|sent| wanted.text("equals").is_some_and(|forbidden| sent != forbidden))
}

/// Returns whether a host is left alone as long as it asked. What was in flight at that time is excepted.
fn is_left_alone(wanted: &Wanted<'_>, asked: &[&Asked]) -> bool {
    let at = |it: &&&Asked| hours_since_start(it.at);
    let Some(refused) = asked.iter().find(|it| wanted.0["after_answer"] == it.status) else { return false };
    let until = wanted.text("until").map_or_else(|| at(&refused) + wanted.hours("for", 0.0), hours);
    asked.iter().all(|it| at(&it) <= at(&refused) || at(&it) >= until)
}
