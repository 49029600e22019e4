//! Time grows linearly with the size of a page, for every shape of page.

use std::time::Duration;

use extract::Source;

use super::{read, shapes};

/// Bytes of the smallest page.
const PAGE_BYTES: usize = 100_000;

/// How often the page is doubled before a shape counts as slow. Time that grows with the square does so in each step,
/// while one step may be long for another reason: blocks that are harder to decide pass more decision trees.
const DOUBLINGS: u32 = 4;

/// How much longer twice the page may take.
const MAX_RATIO: f64 = 2.3;

/// Times below this are too short to compare.
const SHORT: Duration = Duration::from_millis(1);

/// How often each page is read before a shape counts as slow. The shortest time is the least disturbed.
const MAX_ROUNDS: usize = 8;

#[test]
fn twice_the_page_takes_twice_the_time() {
    let slow: Vec<String> = shapes::all().iter().filter_map(find_slowness).collect();
    assert!(slow.is_empty(), "more than {MAX_RATIO} times as long for twice the page:\n{}", slow.join("\n"));
}

/// Returns a message if twice the page takes much more than twice the time, each time it is doubled.
fn find_slowness(shape: &shapes::Shape) -> Option<String> {
    let mut steps = Vec::new();
    for doubling in 0..DOUBLINGS {
        let bytes = PAGE_BYTES << doubling;
        let (page, double) = (shape.with_bytes(bytes), shape.with_bytes(2 * bytes));
        let (mut once, mut twice) = (Duration::MAX, Duration::MAX);
        for _ in 0..MAX_ROUNDS {
            once = once.min(cpu_time(|| drop(read(Source::Html(&page)))));
            twice = twice.min(cpu_time(|| drop(read(Source::Html(&double)))));
            if twice.as_secs_f64() <= MAX_RATIO * once.max(SHORT).as_secs_f64() {
                return None;
            }
        }
        steps.push(format!("{once:?}, then {twice:?}"));
    }
    Some(format!("{}: {}", shape.name, steps.join("; ")))
}

/// Returns the CPU time of this thread, which other processes disturb less than the time on the clock.
fn cpu_time(work: impl FnOnce()) -> Duration {
    let now = || {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap())
    };
    let began = now();
    work();
    now() - began
}
