//! The server as a process: started, sent HTTP requests, killed.
#![allow(dead_code, reason = "no test uses all of it")]

use std::io::{BufRead, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running server. Killed when dropped.
pub struct ServerProcess {
    child: Child,
    pub address: SocketAddr,
}

impl ServerProcess {
    /// Starts `serve` on a loopback port and waits until it is healthy. `settings` are environment variables.
    pub fn start(data: &Path, settings: &[(&str, String)]) -> Self {
        Self::start_with_log(data, settings, Stdio::inherit())
    }

    /// Starts `serve`, whose warnings and errors go to `log`.
    pub fn start_with_log(data: &Path, settings: &[(&str, String)], log: Stdio) -> Self {
        let address = free_address();
        let mut command = Command::new(env!("CARGO_BIN_EXE_broadsheet"));
        command.arg("serve").env("BROADSHEET_LISTEN", address.to_string()).env("BROADSHEET_DATA", data);
        command.env("BROADSHEET_LOG", "warn").stdout(Stdio::null()).stderr(log);
        for (name, value) in settings {
            command.env(name, value);
        }
        let mut server = Self { child: command.spawn().unwrap(), address };
        server.wait_until_healthy();
        server
    }

    fn wait_until_healthy(&mut self) {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(60) {
            assert!(self.child.try_wait().unwrap().is_none(), "the server exited");
            if self.get("/healthcheck").is_ok_and(|response| response.status == 200) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the server does not respond");
    }

    /// Kills the server with SIGKILL, so that it cannot clean up.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Returns the most memory that the server has used since it started, or since [`Self::reset_peak_memory`], in bytes.
    pub fn peak_memory(&self) -> u64 {
        peak_memory(self.child.id())
    }

    /// Starts to measure the peak memory anew (Linux).
    pub fn reset_peak_memory(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }

    pub fn get(&self, path: &str) -> std::io::Result<HttpResponse> {
        self.get_with_cookie(path, "")
    }

    pub fn get_with_cookie(&self, path: &str, cookie: &str) -> std::io::Result<HttpResponse> {
        get(self.address, path, cookie)
    }

    /// Returns the CPU time that it has used, in steps of a hundredth of a second (Linux).
    pub fn cpu_time(&self) -> Duration {
        let stat = std::fs::read_to_string(self.proc("stat")).unwrap();
        // The name of the program, which may have spaces, ends with the last bracket.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks: u64 = [11, 12].map(|field: usize| fields[field].parse::<u64>().unwrap()).iter().sum();
        Duration::from_millis(ticks * 10)
    }

    /// Returns the memory it occupies, in bytes.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(self.proc("status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Returns the number of its open files, connections included.
    pub fn open_files(&self) -> usize {
        std::fs::read_dir(self.proc("fd")).unwrap().count()
    }

    /// Returns its soft and its hard limit of open files.
    pub fn open_files_limits(&self) -> (String, String) {
        let limits = std::fs::read_to_string(self.proc("limits")).unwrap();
        let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
        let mut limits = line.split_whitespace().map(str::to_owned);
        (limits.next().unwrap(), limits.next().unwrap())
    }

    fn proc(&self, file: &str) -> String {
        format!("/proc/{}/{file}", self.child.id())
    }

    /// Submits a form from a page of the app.
    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> std::io::Result<HttpResponse> {
        post(self.address, path, form)
    }
}

/// Returns the peak memory of a process in bytes (Linux).
pub fn peak_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap() * 1024
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A response of the server.
pub struct HttpResponse {
    pub status: u16,
    pub location: Option<String>,
    /// Names and values.
    pub cookies: Vec<String>,
    pub body: String,
}

/// Requests a page. The server may be killed meanwhile.
pub fn get(address: SocketAddr, path: &str, cookie: &str) -> std::io::Result<HttpResponse> {
    send_request(
        address,
        &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nAccept: text/html\r\n\r\n"),
    )
}

/// Submits a form. The server may be killed meanwhile.
pub fn post(address: SocketAddr, path: &str, form: &[(&str, &str)]) -> std::io::Result<HttpResponse> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let length = body.len();
    send_request(
        address,
        &format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
    )
}

/// Uploads a text file from a page of the app.
pub fn upload(address: SocketAddr, path: &str, name: &str, text: &str) -> std::io::Result<HttpResponse> {
    let body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n\
         {text}\r\n--edge--\r\n"
    );
    let length = body.len();
    send_request(
        address,
        &format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\
             Content-Type: multipart/form-data; boundary=edge\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
    )
}

/// Sends a request as browsers do: the connection stays open, so the length of the body tells where it ends.
fn send_request(address: SocketAddr, request: &str) -> std::io::Result<HttpResponse> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(request.as_bytes())?;
    read_response(&mut BufReader::new(stream))
}

/// Reads a response whose length is stated.
pub fn read_response(stream: &mut impl BufRead) -> std::io::Result<HttpResponse> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    let header = |name: &str| head.lines().find_map(|line| line.to_lowercase().strip_prefix(name).map(str::to_owned));
    let status =
        head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(std::io::ErrorKind::InvalidData)?;
    let length = header("content-length: ").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body).into_owned();
    let cookies =
        head.lines().filter_map(|line| line.strip_prefix("set-cookie: ").or(line.strip_prefix("Set-Cookie: ")));
    let cookies = cookies.filter_map(|cookie| Some(cookie.split_once(';')?.0.to_owned())).collect();
    Ok(HttpResponse { status, location: header("location: "), cookies, body })
}

/// Returns a loopback address with a port that nobody uses.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
