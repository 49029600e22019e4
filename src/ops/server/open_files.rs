//! The limit of open files. Every connection is one, and so is every file of the databases.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More are never needed, and some systems refuse to go up to a limit that is as good as none.
const MOST: u64 = 1 << 20;

/// Raises the soft limit to the hard one, and returns the limit from then on. The soft one is often 1,024, for programs
/// of the eighties that this one is not.
pub(super) fn raise_limit() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let now = limit.current.unwrap_or(MOST);
    let most = limit.maximum.unwrap_or(MOST).min(MOST);
    if now >= most {
        return now;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum: limit.maximum }) {
        Ok(()) => most,
        Err(error) => {
            tracing::warn!(%error, now, "couldn't raise the limit of open files");
            now
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_of_open_files_is_raised_to_the_hard_one() {
        // Each test is a process of its own, or at least leaves a limit that the others can live with.
        let hard = getrlimit(Resource::Nofile).maximum;
        setrlimit(Resource::Nofile, Rlimit { current: Some(256), maximum: hard }).unwrap();
        let raised = raise_limit();
        assert_eq!(raised, hard.unwrap_or(MOST).min(MOST));
        assert_eq!(getrlimit(Resource::Nofile).current, Some(raised));
    }
}
