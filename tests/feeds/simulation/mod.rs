//! Many feeds over months, each with a server of its own kind, while the program is ended and started again: nothing is lost or
//! doubled, each request has its reason, and each wish to wait is granted.
//!
//! `SIMULATED_FEEDS`, `SIMULATED_DAYS` and `SIMULATION_SEED` change the size and the chances.

mod servers;
mod items;
mod checks;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

use crate::rss_shorthand::time;
use crate::support::{be_quiet, now, set_clock};
use crate::world::{World, with_own_texts};
use servers::{BEHAVIOURS, Visit};

/// What an origin saw and said.
pub struct Log {
    pub feed: usize,
    pub visit: Visit,
    pub said: servers::Said,
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_and_every_request_has_its_reason() {
    be_quiet();
    let seed = number("SIMULATION_SEED", 20_261_005);
    let feeds = usize::try_from(number("SIMULATED_FEEDS", BEHAVIOURS.len() as u64)).unwrap();
    let days = i64::try_from(number("SIMULATED_DAYS", 90)).unwrap();
    eprintln!("SIMULATION_SEED={seed} SIMULATED_FEEDS={feeds} SIMULATED_DAYS={days}");
    let logs: Arc<Mutex<Vec<Log>>> = Arc::default();
    let (seen, mut past) = (Arc::clone(&logs), HashMap::new());
    let mut world = World::start(move |asked, _| {
        let visit = Visit::of(asked, &mut past, seed);
        let said = servers::respond(&visit);
        if said.wait_until.is_some() {
            past.get_mut(&visit.feed).unwrap().refused = Some(visit.hours);
        }
        let answer = said.answer.clone();
        seen.lock().unwrap().push(Log { feed: visit.feed, visit, said });
        answer
    })
    .await;
    let mut ids = Vec::new();
    for feed in 0..feeds {
        ids.push(world.follow(&servers::address(feed), with_own_texts()).await);
    }
    let (restarts, end) = (30, time(0.0) + SignedDuration::from_hours(24 * days));
    for part in 1..=restarts {
        let until = time(0.0) + SignedDuration::from_hours(24 * days * part / restarts);
        run_in_steps(&world, until).await;
        let addr = world.origin.addr;
        world.app.restart(addr).await;
    }
    assert_eq!(now(), end);
    let logs = std::mem::take(&mut *logs.lock().unwrap());
    let mut failures = checks::check_requests(&logs);
    for (feed, id) in ids.iter().enumerate() {
        let (row, articles) = (world.feed(*id).await, world.items(*id).await);
        failures.extend(checks::check_items(feed, &articles, &logs, seed));
        failures.extend(checks::check_state(feed, &row));
    }
    eprintln!("{} requests", logs.len());
    assert!(failures.is_empty(), "SIMULATION_SEED={seed}\n{}", failures.join("\n"));
}

/// Looks at what is due a quarter of an hour together, which is faster.
async fn run_in_steps(world: &World, until: jiff::Timestamp) {
    const STEP: i64 = 15 * 60;
    let library = world.app.library().await;
    while let Some(due) =
        broadsheet::library::feeds::next_due(&library, Timestamp::MIN, now()).await.unwrap().filter(|due| *due < until)
    {
        let step = due.as_second().div_euclid(STEP) * STEP + STEP;
        set_clock(jiff::Timestamp::from_second(step).unwrap().clamp(now(), until));
        world.app.library().await.note_opened(now());
        broadsheet::jobs::look_at_due_feeds(&world.app.app, &tokio_util::sync::CancellationToken::new()).await.unwrap();
    }
    set_clock(until);
}
