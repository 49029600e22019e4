//! How often hosts may be asked at most, where that is known.

use std::sync::LazyLock;

use jiff::SignedDuration;

/// What a host asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostFloor {
    /// The host, which has the pause between requests in common with its subdomains.
    pub site: &'static str,
    /// The least time between two looks at one feed.
    pub per_feed: SignedDuration,
    /// The least time between two requests to the host.
    pub per_host: SignedDuration,
}

static FLOORS: LazyLock<Vec<(&str, HostFloor)>> = LazyLock::new(|| {
    let lines = include_str!("host_floors.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(read_line).collect()
});

fn read_line(line: &'static str) -> Option<(&'static str, HostFloor)> {
    let mut fields = line.split('\t');
    let host = fields.next()?;
    let minutes = fields.next()?.parse().ok()?;
    let seconds = fields.next()?.parse().ok()?;
    Some((
        host,
        HostFloor {
            site: host,
            per_feed: SignedDuration::from_mins(minutes),
            per_host: SignedDuration::from_secs(seconds),
        },
    ))
}

/// Returns what a host asks for, if that is known.
#[must_use]
pub fn find_host_floor(host: &str) -> Option<HostFloor> {
    let is_of = |site: &str| host.strip_suffix(site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    FLOORS.iter().find(|(site, _)| is_of(site)).map(|(_, floor)| *floor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_and_its_subdomains_have_a_floor() {
        let minutes = |host| find_host_floor(host).map(|floor| floor.per_feed.as_mins());
        assert_eq!(minutes("www.youtube.com"), Some(60));
        assert_eq!(minutes("reddit.com"), Some(60));
        assert_eq!(minutes("notreddit.com"), None);
        assert_eq!(FLOORS.len(), include_str!("host_floors.tsv").lines().filter(|line| !line.starts_with('#')).count());
    }
}
