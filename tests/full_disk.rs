//! A full disk: reading continues, writing is rejected with a message, and work resumes when there is space.
//!
//! The disk is a tmpfs, which needs root or sudo without a password.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/server_process.rs"]
mod server_process;
#[path = "support/mock_web.rs"]
mod mock_web;

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use mock_web::{MockResponse, MockWeb};
use server_process::ServerProcess;

/// A small disk, unmounted when dropped.
struct Disk(PathBuf);

impl Disk {
    /// Mounts a tmpfs as root or with sudo. Without either, returns `None` and prints that the test is skipped; fails
    /// in CI.
    fn mount(folder: &Path) -> Option<Self> {
        let owner = folder.metadata().unwrap().uid();
        let mount = |command: &mut Command| {
            let options = format!("size=24m,uid={owner}");
            command
                .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
                .arg(folder)
                .output()
                .is_ok_and(|it| it.status.success())
        };
        if mount(&mut Command::new("mount")) || mount(Command::new("sudo").args(["-n", "mount"])) {
            return Some(Self(folder.to_owned()));
        }
        eprintln!("skipped: mounting a small disk needs root");
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "CI must be able to mount a small disk");
        None
    }

    /// Fills the free space except for `left` bytes.
    fn fill(&self, left: usize) {
        let mut file = File::create(self.0.join("filler")).unwrap();
        let chunk = [7_u8; 4096];
        while file.write_all(&chunk).is_ok() {}
        let length = file.metadata().unwrap().len();
        file.set_len(length - u64::try_from(left).unwrap()).unwrap();
    }

    fn free(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let unmount = |command: &mut Command| command.arg("--lazy").arg(&self.0).status().is_ok_and(|it| it.success());
        let _ = unmount(&mut Command::new("umount")) || unmount(Command::new("sudo").args(["-n", "umount"]));
    }
}

fn page(n: usize, ballast: &str) -> MockResponse {
    let paragraphs: String = ["ferry", "bridge", "harbour", "lantern"]
        .map(|thing| format!("<p>Report number {n} says that the {thing} was mended in {} days, which the council calls a record for any {thing}.</p>", n + 3))
        .concat();
    MockResponse::html(format!(
        "<title>Report number {n}</title><article>{paragraphs}</article><script>{ballast}</script>"
    ))
}

/// Text that does not compress.
fn ballast(bytes: usize) -> String {
    let mut state = 7_u64;
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'!' + u8::try_from((state >> 40) % 90).unwrap())
    })
    .filter(|character| *character != '<')
    .take(bytes)
    .collect()
}

fn wait_for(program: &ServerProcess, path: &str, what: &str) {
    let began = Instant::now();
    while !program.get(path).unwrap().location.is_some_and(|location| location.contains("/article/")) {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_writing_but_not_reading() {
    let web = MockWeb::start().await;
    let site = format!("http://{}", web.addr);
    web.serve(&format!("{site}/1"), page(1, ""));
    web.serve(&format!("{site}/2"), page(2, &ballast(3_000_000)));
    web.serve(&format!("{site}/3"), page(3, ""));
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(folder.path()) else { return };
    let program = ServerProcess::start(folder.path(), &[("BROADSHEET_ALLOW_HOSTS", web.addr.to_string())]);
    let import = |n: usize| program.post("/import", &[("url", &format!("{site}/{n}"))]).unwrap();
    let first = import(1).location.unwrap();
    assert!(first.contains("/article/"), "{first}");

    // Enough space for the import's row, not for its page.
    disk.fill(1_000_000);
    let second = import(2);
    assert_eq!(second.status, 303, "{}", second.body);
    let second = second.location.unwrap();
    assert!(second.contains("/import/"), "{second}");

    disk.fill(0);
    assert_eq!(program.get(&first).unwrap().status, 200, "reading continues");
    assert_eq!(program.get("/").unwrap().status, 200, "reading continues");
    let rejected = import(3);
    assert_eq!(rejected.status, 507, "{}", rejected.body);
    assert!(rejected.body.contains("disk is full"), "{}", rejected.body);

    disk.free();
    wait_for(&program, &second, "the import resumes by itself after the disk was full");
    assert!(import(3).location.unwrap().contains("/article/"), "new imports are accepted again");
    program.kill();
}
