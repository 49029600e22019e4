//! How much memory this process may use: that of the machine, or less in a container.

use std::fs;
use std::path::{Path, PathBuf};

/// What is assumed where nothing can be read.
const UNKNOWN: u64 = 1024 * 1024 * 1024;

/// Returns the memory that this process may use, in bytes: the least of the machine's memory (`/proc/meminfo`) and the
/// limits of the control groups that the process is in (versions 1 and 2).
#[must_use]
pub fn available_memory() -> u64 {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| parse_meminfo(&text));
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let limits = limit_files(&groups).into_iter().filter_map(|file| fs::read_to_string(file).ok()?.trim().parse().ok());
    machine.into_iter().chain(limits).min().unwrap_or(UNKNOWN)
}

/// Parses the line `MemTotal:  16384 kB`.
fn parse_meminfo(text: &str) -> Option<u64> {
    let total = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    total.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// Returns the files that may hold a limit for the groups in `/proc/self/cgroup`: in each group and those around it.
/// Without a limit, version 2 says `max` and version 1 a number near 2⁶³.
fn limit_files(groups: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for line in groups.lines() {
        let mut fields = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(group)) = (fields.next(), fields.next()) else { continue };
        let (root, name) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            v1 if v1.split(',').any(|controller| controller == "memory") => {
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            }
            _ => continue,
        };
        let within = Path::new(group.trim_start_matches('/'));
        files.extend(within.ancestors().map(|above| Path::new(root).join(above).join(name)));
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_and_its_groups_are_asked() {
        assert_eq!(parse_meminfo("MemTotal:       24576 kB\nMemFree:  1 kB\n"), Some(24 << 20));
        assert_eq!(parse_meminfo("MemFree: 1 kB\n"), None);
        let files = limit_files("12:cpu,cpuacct:/a\n4:memory:/docker/b\n0::/system.slice/broadsheet.service\nnonsense");
        let files: Vec<String> = files.into_iter().map(|file| file.display().to_string()).collect();
        assert_eq!(
            files,
            [
                "/sys/fs/cgroup/memory/docker/b/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/docker/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes",
                "/sys/fs/cgroup/system.slice/broadsheet.service/memory.max",
                "/sys/fs/cgroup/system.slice/memory.max",
                "/sys/fs/cgroup/memory.max",
            ]
        );
        assert!(available_memory() > 0);
    }
}
