//! A simulated network.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use broadsheet::ingest::fetch::{Fetcher, Policy, Resolver};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// A request that reached the listener.
#[derive(Debug, Clone)]
pub struct ReceivedRequest {
    /// The `Host` header.
    pub host: String,
    /// Path and query as sent.
    pub path: String,
    /// The request line and all headers, in lower case.
    pub head: String,
}

/// A site's response.
pub enum Response {
    /// Sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Sends these bytes and keeps the connection open.
    Stalled(Vec<u8>),
    /// Sends the first bytes once, then repeats the others until the client closes the connection.
    Endless(Vec<u8>, Vec<u8>),
}

/// A network in which one listener is every host.
pub struct FakeNetwork {
    pub origin: SocketAddr,
    requests: Arc<Mutex<Vec<ReceivedRequest>>>,
}

impl FakeNetwork {
    /// Starts a network in which every site answers with `response`.
    pub async fn serving(response: impl Fn(&ReceivedRequest) -> Response + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let origin = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        let response = Arc::new(response);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&log), Arc::clone(&response)));
            }
        });
        Self { origin, requests }
    }

    /// Starts a network in which every URL has the same response.
    pub async fn serving_everywhere(response: Vec<u8>) -> Self {
        Self::serving(move |_| Response::Bytes(response.clone())).await
    }

    /// Returns a fetcher with the default policy; every name exists and is public.
    pub fn fetcher(&self) -> Fetcher {
        self.fetcher_with_policy(Policy::default())
    }

    pub fn fetcher_with_policy(&self, policy: Policy) -> Fetcher {
        Fetcher::new(policy, Resolver::all_hosts_at(self.origin)).unwrap()
    }

    pub fn fetcher_with_dns(
        &self,
        policy: Policy,
        script: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static,
    ) -> Fetcher {
        Fetcher::new(policy, Resolver::scripted(self.origin, script)).unwrap()
    }

    /// Returns the requests since the last call.
    pub fn take_requests(&self) -> Vec<ReceivedRequest> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

async fn serve(
    mut stream: TcpStream,
    log: Arc<Mutex<Vec<ReceivedRequest>>>,
    response: Arc<impl Fn(&ReceivedRequest) -> Response>,
) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let request = request(&String::from_utf8_lossy(&head));
    log.lock().unwrap().push(request.clone());
    match response(&request) {
        Response::Bytes(bytes) => {
            stream.write_all(&bytes).await?;
            stream.shutdown().await
        }
        Response::Stalled(bytes) => {
            stream.write_all(&bytes).await?;
            std::future::pending().await
        }
        Response::Endless(bytes, repeated) => {
            stream.write_all(&bytes).await?;
            loop {
                stream.write_all(&repeated).await?;
            }
        }
    }
}

fn request(head: &str) -> ReceivedRequest {
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let head = head.to_lowercase();
    let host = head.lines().find_map(|line| line.strip_prefix("host: "));
    ReceivedRequest { host: host.unwrap_or_default().to_owned(), path, head }
}

/// Builds a response with a status line, headers and a body that ends with the connection.
pub fn response(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status} Played\r\nConnection: close\r\n");
    for (name, value) in headers {
        bytes.push_str(&format!("{name}: {value}\r\n"));
    }
    bytes.push_str("\r\n");
    [bytes.as_bytes(), body.as_ref()].concat()
}

/// Builds a response with an HTML page.
pub fn html(body: &str) -> Vec<u8> {
    response(200, &[("Content-Type", "text/html; charset=utf-8")], body)
}

/// Returns a page with an article that is long enough to count as one.
pub fn article(words: &str) -> String {
    let text = "The council met on Tuesday evening and spoke at length about the new bridge. ";
    format!("<!doctype html><title>News</title><article><p>{words}</p><p>{}</p></article>", text.repeat(20))
}

pub fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}
