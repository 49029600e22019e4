//! Thousands of connections that never finish a request: readers are answered all the same, and memory stays flat.

use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::server_process::{HttpResponse, ServerProcess, read_response};

/// More than the server keeps open.
const FLOOD: usize = 5_000;

/// Raises the limit of open files of this process, so that it can flood, and returns how many connections it can hold.
fn raise_own_limit() -> usize {
    let hard = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: hard, maximum: hard }).unwrap();
    hard.map_or(FLOOD, |hard| usize::try_from(hard).unwrap().saturating_sub(100)).min(FLOOD)
}

/// Opens connections and sends the same to each. The server may close any of them meanwhile.
fn flood(server: &ServerProcess, connections: usize, request: &[u8]) -> Vec<TcpStream> {
    (0..connections)
        .map(|_| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            stream.set_write_timeout(Some(Duration::from_secs(5))).unwrap();
            let _ = stream.write_all(request);
            stream
        })
        .collect()
}

/// Starts a server with Ann's account.
fn start_with_account(folder: &std::path::Path) -> ServerProcess {
    let password = folder.join("password");
    std::fs::write(&password, "correct horse").unwrap();
    let file = password.display().to_string();
    let settings = [("BROADSHEET_OWNER", "Ann".to_owned()), ("BROADSHEET_OWNER_PASSWORD_FILE", file)];
    ServerProcess::start(&folder.join("data"), &settings)
}

fn log_in(server: &ServerProcess) -> HttpResponse {
    server.post("/login", &[("name", "Ann"), ("password", "correct horse")]).unwrap()
}

#[test]
fn five_thousand_half_sent_requests_leave_the_reader_served() {
    let (folder, held) = (tempfile::tempdir().unwrap(), raise_own_limit());
    let server = start_with_account(folder.path());
    let cookies = log_in(&server).cookies.join("; ");
    let host = server.address;
    let read = format!("GET /articles HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\n\r\n");
    // Ann's connection is older than all others, and idle meanwhile.
    let mut ann = BufReader::new(TcpStream::connect(host).unwrap());
    ann.get_mut().write_all(read.as_bytes()).unwrap();
    assert_eq!(read_response(&mut ann).unwrap().status, 200);
    for half in [
        String::new(),
        "GET /".to_owned(),
        format!("GET /articles HTTP/1.1\r\nHost: {host}\r\nCookie: broadsheet=00"),
        format!(
            "POST /login HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 90\r\n\r\nname="
        ),
    ] {
        let flood = flood(&server, held / 4, half.as_bytes());
        ann.get_mut().write_all(read.as_bytes()).unwrap();
        assert_eq!(read_response(&mut ann).unwrap().status, 200, "{half:?}");
        assert_eq!(log_in(&server).status, 303, "a new connection, with {half:?}");
        drop(flood);
    }
    let all = flood(&server, held, b"GET / HTTP/1.1\r\nHost: ");
    ann.get_mut().write_all(read.as_bytes()).unwrap();
    assert_eq!(read_response(&mut ann).unwrap().status, 200);
    assert_eq!(log_in(&server).status, 303);
    assert!(server.open_files() < 2_000, "{} open files", server.open_files());
    drop(all);
}

#[test]
fn bodies_of_strangers_take_no_memory() {
    const CONNECTIONS: usize = 800;
    let (folder, _) = (tempfile::tempdir().unwrap(), raise_own_limit());
    let server = start_with_account(folder.path());
    let cookies = log_in(&server).cookies.join("; ");
    let before = server.memory();
    let megabyte = "a".repeat(1_000_000);
    let head = |path: &str, length: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\n{length}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n",
            server.address
        )
    };
    let requests = [
        // Stated, and not: each chunk is short, and there is no last one.
        head("/login", "Content-Length: 1000000") + &megabyte,
        head("/login", "Transfer-Encoding: chunked") + &format!("3a98\r\n{}\r\n", &megabyte[..15_000]),
        head("/setup", "Transfer-Encoding: chunked") + &format!("3a98\r\n{}\r\n", &megabyte[..15_000]).repeat(60),
        head("/settings/display", "Content-Length: 16000") + &megabyte[..15_999],
        head("/import", "Content-Length: 30000000") + &megabyte,
        head("/settings/password", "Content-Length: 1000000") + &megabyte,
        format!("GET /login HTTP/1.1\r\nHost: {}", megabyte),
    ];
    for request in &requests {
        let flood = flood(&server, CONNECTIONS, request.as_bytes());
        let grown = server.memory().saturating_sub(before);
        assert!(grown < 100 << 20, "{} MB for {CONNECTIONS} × {:?}", grown >> 20, &request[..60]);
        drop(flood);
    }
    let again = format!("GET /articles HTTP/1.1\r\nHost: {}\r\nCookie: {cookies}\r\n\r\n", server.address);
    let mut ann = BufReader::new(TcpStream::connect(server.address).unwrap());
    ann.get_mut().write_all(again.as_bytes()).unwrap();
    assert_eq!(read_response(&mut ann).unwrap().status, 200);
}

#[test]
fn a_long_body_is_refused_before_it_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let server = start_with_account(folder.path());
    for (path, length, status) in [
        ("/login", 16_385, 413),
        ("/setup", 50_000_000, 413),
        ("/settings/display", 16_385, 413),
        // The login check comes first, and nothing is read before it.
        ("/import", 30_000_000, 401),
        ("/settings/password", 900_000, 401),
        ("/no-such-page", 900_000, 401),
    ] {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: {length}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n",
            server.address
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut stream = BufReader::new(stream);
        assert_eq!(read_response(&mut stream).unwrap().status, status, "{path}");
        stream.get_mut().set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap(), 0, "the connection is closed: {path}");
    }
}

#[test]
fn the_server_raises_its_limit_of_open_files() {
    let folder = tempfile::tempdir().unwrap();
    let hard = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: Some(300), maximum: hard }).unwrap();
    let server = start_with_account(folder.path());
    raise_own_limit();
    let (soft, hard) = server.open_files_limits();
    assert_eq!(soft, hard);
}
