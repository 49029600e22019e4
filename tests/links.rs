//! Symbolic links inside the data folder are refused with a message; the data folder itself may be one.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

fn run(data: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_broadsheet"));
    command.env_clear().env("BROADSHEET_DATA", data).env("BROADSHEET_LISTEN", "127.0.0.1:0");
    let output = command.args(arguments).stdin(Stdio::null()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

/// Returns a folder with a data folder, which has one article, and a page to import.
fn data_with_article() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("ferry.txt");
    fs::write(&page, "The late ferry\n\nThe ferry left an hour late on Monday, since nobody leaves without a hat.")
        .unwrap();
    let (code, output) = run(&folder.path().join("data"), &["import", page.to_str().unwrap()]);
    assert_eq!(code, 0, "{output}");
    folder
}

#[test]
fn a_link_inside_the_data_folder_is_refused_by_every_command() {
    for place in [
        "libraries",
        "libraries/1",
        "libraries/1/library.db",
        "libraries/1/snapshots.db",
        "libraries/1/images",
        "libraries/1/images/ab",
        "accounts.db",
    ] {
        let folder = data_with_article();
        let (data, elsewhere, backup) =
            (folder.path().join("data"), folder.path().join("elsewhere"), folder.path().join("backup"));
        let link = data.join(place);
        if link.exists() {
            fs::rename(&link, &elsewhere).unwrap();
        } else {
            fs::create_dir(&elsewhere).unwrap();
        }
        fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o755)).unwrap();
        symlink(&elsewhere, &link).unwrap();
        let page = folder.path().join("ferry.txt");
        let commands: [&[&str]; 4] =
            [&["serve"], &["import", page.to_str().unwrap()], &["backup", backup.to_str().unwrap()], &["doctor"]];
        for arguments in commands {
            let (code, output) = run(&data, arguments);
            let message = format!("{} is a symbolic link, and Broadsheet does not follow links", link.display());
            assert!(code == 1 && output.contains(&message), "{arguments:?} with {place}: {code} {output}");
        }
        assert!(!backup.join("backup.json").exists());
        let mode = fs::metadata(&elsewhere).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o755, "the mode of a folder elsewhere was changed: {place}");
    }
}

#[test]
fn the_data_folder_itself_may_be_a_link() {
    let folder = data_with_article();
    let link = folder.path().join("link");
    symlink(folder.path().join("data"), &link).unwrap();
    let (code, output) = run(&link, &["doctor"]);
    assert!(code == 0 && output.contains("2 articles"), "{output}");
    let backup = folder.path().join("backup");
    let (code, output) = run(&link, &["backup", backup.to_str().unwrap()]);
    assert!(code == 0 && output.contains("2 articles"), "{output}");
}
