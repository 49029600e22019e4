//! Broadsheet behind a real nginx. Without an account and with default settings, nothing opens through it; with a public
//! URL, everything works.

use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::server_process::{HttpResponse, ServerProcess, free_address, read_response};

/// What nginx has sent by default since version 1.29.7: as if a browser on this computer asked. Only the user it runs as
/// tells it from one.
const LIKE_A_BROWSER: &str = "proxy_http_version 1.1; proxy_set_header Connection '';";

/// A running nginx. Stopped when dropped.
struct Nginx {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Nginx {
    /// Starts nginx in front of a server. Without nginx, returns `None` and prints that the test is skipped.
    fn start(server: SocketAddr, lines: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let address = free_address();
        let user = if rustix::process::geteuid().is_root() { "user nobody nogroup;" } else { "" };
        let at = folder.path().display();
        let config = format!(
            "daemon off; {user} pid {at}/pid; error_log {at}/error.log; worker_processes 1;\n\
             events {{ worker_connections 64; }}\n\
             http {{ access_log off; client_body_temp_path {at}/body; proxy_temp_path {at}/proxy;\n\
             fastcgi_temp_path {at}/fastcgi; uwsgi_temp_path {at}/uwsgi; scgi_temp_path {at}/scgi;\n\
             server {{ listen {address}; location / {{ proxy_pass http://{server}; {lines} }} }} }}\n"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, config).unwrap();
        let spawned =
            Command::new("nginx").arg("-p").arg(folder.path()).arg("-c").arg(&file).stderr(Stdio::null()).spawn();
        let Ok(child) = spawned else {
            eprintln!("skipped: no nginx");
            return None;
        };
        let mut nginx = Self { child, address, _folder: folder };
        nginx.wait();
        Some(nginx)
    }

    fn wait(&mut self) {
        let began = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            assert!(self.child.try_wait().unwrap().is_none(), "nginx exited");
            assert!(began.elapsed() < Duration::from_secs(30), "nginx does not listen");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Sends a request as a browser or program elsewhere does; `headers` end with a line break.
    fn send(&self, method: &str, path: &str, headers: &str, form: &str) -> HttpResponse {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let length = form.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: news.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             {headers}Content-Length: {length}\r\n\r\n{form}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        read_response(&mut BufReader::new(stream)).unwrap()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The master stops its workers on SIGTERM, not on SIGKILL.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// Starts a server with default settings and without an account, behind nginx with these lines.
fn start_behind(data: &Path, lines: &str) -> Option<(ServerProcess, Nginx)> {
    let server = ServerProcess::start(data, &[]);
    let nginx = Nginx::start(server.address, lines)?;
    Some((server, nginx))
}

fn assert_closed_to_strangers(server: &ServerProcess, nginx: &Nginx, lines: &str) {
    let own_page = format!("Sec-Fetch-Site: same-origin\r\nOrigin: http://{}\r\n", server.address);
    let public_page = "Sec-Fetch-Site: same-origin\r\nOrigin: http://news.example.org\r\n";
    for headers in ["", "Sec-Fetch-Site: none\r\n", public_page, &own_page] {
        for path in ["/", "/articles", "/settings", "/setup", "/article/1/original"] {
            let page = nginx.send("GET", path, headers, "");
            assert_eq!(page.status, 403, "{path} by nginx with {lines:?} and {headers:?}");
            assert!(
                page.body.contains("create an account") && page.body.contains("BROADSHEET_BASE_URL"),
                "{}",
                page.body
            );
        }
        for (path, form) in [
            ("/article/1/action", "action=star"),
            ("/setup", "name=eve&password=stranger+here&repeat=stranger+here"),
            ("/import", "input=https%3A%2F%2Fharbour.example%2F"),
        ] {
            assert_eq!(nginx.send("POST", path, headers, form).status, 403, "{path} with {lines:?} and {headers:?}");
        }
    }
    assert_eq!(server.get("/articles").unwrap().status, 200, "this computer needs no account, still");
}

#[test]
fn nginx_with_default_settings_opens_nothing_without_an_account() {
    let mut settings = vec![
        "",
        "proxy_set_header Host $host;",
        "proxy_set_header X-Real-IP $remote_addr;",
        "proxy_http_version 1.1;",
        "proxy_http_version 1.1; proxy_set_header Connection upgrade; proxy_set_header Host localhost;",
        "proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $host;",
    ];
    // As the same user, nginx cannot be told from a browser by anything.
    if rustix::process::geteuid().is_root() {
        settings.push(LIKE_A_BROWSER);
        settings
            .push("proxy_http_version 1.1; proxy_set_header Connection keep-alive; proxy_set_header Host localhost;");
    }
    for lines in settings {
        let folder = tempfile::tempdir().unwrap();
        let Some((server, nginx)) = start_behind(folder.path(), lines) else { return };
        assert_closed_to_strangers(&server, &nginx, lines);
    }
}

#[test]
fn behind_nginx_with_a_public_url_readers_log_in_and_strangers_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let password = folder.path().join("password");
    std::fs::write(&password, "correct horse\n").unwrap();
    let settings = [
        ("BROADSHEET_BASE_URL", "http://news.example.org".to_owned()),
        ("BROADSHEET_OWNER", "Ann".to_owned()),
        ("BROADSHEET_OWNER_PASSWORD_FILE", password.display().to_string()),
    ];
    let server = ServerProcess::start(&folder.path().join("data"), &settings);
    // As the README says.
    let lines = "proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;";
    let Some(nginx) = Nginx::start(server.address, lines) else { return };
    let page = nginx.send("GET", "/articles", "Accept: text/html\r\n", "");
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/login?next=%2farticles")));
    let ours = "Origin: http://news.example.org\r\n";
    assert_eq!(nginx.send("POST", "/login", ours, "name=Ann&password=a+wrong+guess").status, 422);
    let page = nginx.send("POST", "/login", ours, "name=Ann&password=correct+horse");
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/")));
    let cookies = format!("Cookie: {}\r\n", page.cookies.join("; "));
    assert_eq!(nginx.send("GET", "/articles", &cookies, "").status, 200);
    assert_eq!(nginx.send("POST", "/article/1/action", &format!("{cookies}{ours}"), "action=star").status, 303);
    let foreign = format!("{cookies}Origin: http://evil.example\r\n");
    assert_eq!(nginx.send("POST", "/article/1/action", &foreign, "action=star").status, 403);
}
