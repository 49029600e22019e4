//! A full disk: reading continues, writing is rejected with a message, and work resumes when there is space.
//!
//! The disk is a tmpfs, which needs root or sudo without a password.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../support/server_process.rs"]
mod server_process;
#[path = "../support/mock_web.rs"]
mod mock_web;

mod imports;
mod reading;

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use mock_web::MockResponse;

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

/// An article of about `bytes` bytes that do not compress, with an image.
fn article(n: usize, bytes: usize) -> MockResponse {
    let paragraphs: String = ["ferry", "bridge", "harbour", "lantern"]
        .map(|thing| {
            format!(
                "<p>Report number {n} says that the {thing} of town {n} was mended in {} days, which the council of town {n} \
                 calls a record for any {thing}.</p>",
                n + 3
            )
        })
        .concat();
    MockResponse::html(format!(
        "<title>Report number {n}</title><article>{paragraphs}<img src='/{n}.png' width=600 height=400 alt='The town'>\
         </article><script>{}</script>",
        ballast(bytes)
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

/// A PNG of one pixel, followed by `bytes` bytes that do not compress.
fn image(n: usize, bytes: usize) -> MockResponse {
    let mut content = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0".to_vec();
    content.extend_from_slice(&n.to_be_bytes());
    content.extend_from_slice(ballast(bytes).as_bytes());
    MockResponse::new("image/png", content)
}

/// Waits until the condition holds.
fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
