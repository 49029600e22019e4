//! What goes on while the disk is full: reading, logging in, starting.

use std::path::Path;

use crate::mock_web::MockWeb;
use crate::server_process::{HttpResponse, ServerProcess};
use crate::{Disk, article, wait_until};

const NOTICE: &str = "The disk is full. You can read, but nothing can be saved.";

/// Starts a server that may fetch from the mock web.
fn start(data: &Path, web: &MockWeb) -> ServerProcess {
    ServerProcess::start(data, &[("BROADSHEET_ALLOW_HOSTS", web.addr.to_string())])
}

/// Waits until the server keeps room for logins.
fn wait_for_reserve(data: &Path) {
    let is_complete = || std::fs::metadata(data.join("room-for-logins")).is_ok_and(|file| file.len() == 512 * 1024);
    wait_until("the server keeps room for logins", is_complete);
}

fn import(server: &ServerProcess, web: &MockWeb, n: usize) -> HttpResponse {
    server.post("/import", &[("url", &format!("http://{}/{n}", web.addr))]).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_writing_but_not_reading() {
    let web = MockWeb::start().await;
    for (n, bytes) in [(1, 0), (2, 3_000_000), (3, 0)] {
        web.serve(&format!("{}/{n}", web.addr), article(n, bytes));
    }
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(folder.path()) else { return };
    let server = start(folder.path(), &web);
    let first = import(&server, &web, 1).location.unwrap();
    assert!(first.contains("/article/"), "{first}");

    // Enough space for the import's row, not for its page.
    disk.fill(1_000_000);
    let second = import(&server, &web, 2);
    assert_eq!(second.status, 303, "{}", second.body);
    let second = second.location.unwrap();
    assert!(second.contains("/import/"), "{second}");

    disk.fill(0);
    for path in [&first, "/", "/articles", "/imports"] {
        let page = server.get(path).unwrap();
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains(NOTICE), "{path}");
    }
    let rejected = import(&server, &web, 3);
    assert_eq!(rejected.status, 507, "{}", rejected.body);
    assert!(rejected.body.contains("disk is full"), "{}", rejected.body);
    let starred = server.post(&format!("{first}/action"), &[("action", "star")]).unwrap();
    let page = server.get("/articles?starred=1").unwrap().body;
    assert_eq!(starred.status == 507, !page.contains("Report number 1"), "all or nothing");

    disk.free();
    let is_article =
        |path: &str| server.get(path).unwrap().location.is_some_and(|location| location.contains("/article/"));
    wait_until("the import resumes by itself after the disk was full", || is_article(&second));
    assert!(import(&server, &web, 3).location.unwrap().contains("/article/"), "new imports are accepted again");
    assert!(!server.get("/").unwrap().body.contains(NOTICE));
    server.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn people_log_in_and_stay_logged_in_on_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let password_file = folder.path().join("password");
    std::fs::write(&password_file, "correct horse\n").unwrap();
    let Some(disk) = Disk::mount(&data) else { return };
    let settings = [
        ("BROADSHEET_OWNER", "Ada".to_owned()),
        ("BROADSHEET_OWNER_PASSWORD_FILE", password_file.to_str().unwrap().to_owned()),
    ];
    let server = ServerProcess::start(&data, &settings);
    let log_in = || server.post("/login", &[("name", "Ada"), ("password", "correct horse")]).unwrap();
    let before = log_in().cookies.join("; ");
    wait_for_reserve(&data);
    disk.fill(0);
    let during = log_in();
    assert_eq!(during.status, 303, "{}", during.body);
    for cookie in [before, during.cookies.join("; ")] {
        let page = server.get_with_cookie("/", &cookie).unwrap();
        assert_eq!(page.status, 200);
        assert!(page.body.contains(NOTICE), "{}", page.body);
    }
    disk.free();
    assert_eq!(log_in().status, 303);
    server.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_starts_on_a_full_disk_and_shows_what_is_saved() {
    let web = MockWeb::start().await;
    web.serve(&format!("{}/1", web.addr), article(1, 0));
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(folder.path()) else { return };
    let server = start(folder.path(), &web);
    let first = import(&server, &web, 1).location.unwrap();
    wait_for_reserve(folder.path());
    server.kill();
    // What an orderly end deletes is missing, and so is the room to create it.
    for journal in ["accounts.db-shm", "libraries/1/library.db-shm", "libraries/1/snapshots.db-shm"] {
        std::fs::remove_file(folder.path().join(journal)).unwrap();
    }
    disk.fill(0);
    let server = start(folder.path(), &web);
    let page = server.get(&first).unwrap();
    assert!(page.status == 200 && page.body.contains("Report number 1") && page.body.contains(NOTICE), "{}", page.body);
    server.kill();
}
