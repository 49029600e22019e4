//! A server for thousands of feeds: each at a loopback address of its own, so that each is a host of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the feeds are like.
#[derive(Debug, Clone, Copy)]
pub struct Feeds {
    pub items: usize,
    pub words_per_item: usize,
    /// Every fourth does harm.
    pub has_hostile: bool,
}

/// How a hostile server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Harm {
    /// Never.
    Silence,
    /// A byte every ten seconds.
    Trickle,
    /// Without an end.
    Endless,
    /// The connection is reset in the middle.
    Reset,
}

const HARMS: [Harm; 4] = [Harm::Silence, Harm::Trickle, Harm::Endless, Harm::Reset];

/// The server. Stops with the runtime.
pub struct Origin {
    pub port: u16,
    pub requests: Arc<AtomicUsize>,
}

impl Origin {
    pub async fn start(feeds: Feeds) -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let (port, requests) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let counter = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, feeds, Arc::clone(&counter)));
            }
        });
        Self { port, requests }
    }

    /// Returns the address of the nth feed's host.
    pub fn host(&self, n: usize) -> SocketAddr {
        ([127, 0, u8::try_from(n / 250).unwrap(), u8::try_from(1 + n % 250).unwrap()], self.port).into()
    }

    /// Returns the URL of the nth feed.
    pub fn url(&self, n: usize) -> String {
        format!("http://{}/feed/{n}", self.host(n))
    }
}

/// Returns whether the nth feed does harm.
pub fn is_hostile(feeds: Feeds, n: usize) -> bool {
    feeds.has_hostile && n % 4 == 3
}

/// Answers the requests of a connection.
async fn answer(stream: TcpStream, feeds: Feeds, requests: Arc<AtomicUsize>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut first, mut is_conditional) = (String::new(), false);
        stream.read_line(&mut first).await.ok().filter(|read| *read > 0)?;
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
            is_conditional |= line.to_ascii_lowercase().starts_with("if-none-match:");
            if line == "\r\n" {
                break;
            }
        }
        requests.fetch_add(1, Ordering::Relaxed);
        let n: usize = first.split(' ').nth(1)?.rsplit('/').next()?.parse().ok()?;
        if is_hostile(feeds, n) {
            return harm(stream.into_inner(), HARMS[n / 4 % HARMS.len()]).await;
        }
        let response = if is_conditional {
            "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n".to_owned()
        } else {
            let feed = write_feed(feeds, n);
            let length = feed.len();
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: \"1\"\r\nContent-Length: {length}\r\n\r\n{feed}"
            )
        };
        stream.write_all(response.as_bytes()).await.ok()?;
    }
}

async fn harm(mut stream: TcpStream, harm: Harm) -> Option<()> {
    const HEAD: &[u8] =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n<rss><channel><title>Harm</title>";
    if harm != Harm::Silence {
        stream.write_all(HEAD).await.ok()?;
    }
    match harm {
        Harm::Silence => tokio::time::sleep(Duration::from_secs(3600)).await,
        Harm::Trickle => loop {
            tokio::time::sleep(Duration::from_secs(10)).await;
            stream.write_all(b" ").await.ok()?;
        },
        Harm::Endless => loop {
            stream.write_all(&b"<item><title>More</title></item>".repeat(512)).await.ok()?;
        },
        // Closed with unread data or without lingering, a connection is reset.
        Harm::Reset => stream.set_zero_linger().ok()?,
    }
    Some(())
}

/// Writes a feed whose items have their whole texts. No two texts are the same.
fn write_feed(feeds: Feeds, n: usize) -> String {
    const SUBJECTS: [&str; 8] =
        ["The harbour", "The council", "A ferry", "The museum", "Her team", "The school", "Our bridge", "The market"];
    const VERBS: [&str; 7] = ["opened", "repaired", "closed", "praised", "measured", "painted", "moved"];
    const OBJECTS: [&str; 11] = [
        "the old gate",
        "a long fence",
        "nine lamps",
        "the north road",
        "a wooden boat",
        "the town hall",
        "its garden",
        "the railway line",
        "a small library",
        "the stone wall",
        "two engines",
    ];
    let mut xml = format!("<rss version=\"2.0\"><channel><title>Paper {n}</title><link>http://127.0.0.1/</link>");
    for item in 0..feeds.items {
        let (day, hour) = (1 + item / 24 % 28, item % 24);
        xml.push_str(&format!(
            "<item><title>Report {item} of paper {n}</title><guid isPermaLink=\"false\">{n}-{item}</guid>\
             <pubDate>{day:02} Oct 2026 {hour:02}:00:00 GMT</pubDate><description>&lt;p&gt;"
        ));
        for sentence in 0..feeds.words_per_item / 10 {
            let mixed = (n * 31 + item * 17 + sentence * 7) ^ (sentence * 1_009);
            xml.push_str(&format!(
                "{} {} {} in {} after some {} days of work. ",
                SUBJECTS[mixed % 8],
                VERBS[mixed / 8 % 7],
                OBJECTS[mixed / 56 % 11],
                2000 + mixed % 26,
                mixed % 97
            ));
            if sentence % 5 == 4 {
                xml.push_str("&lt;/p&gt;&lt;p&gt;");
            }
        }
        xml.push_str("&lt;/p&gt;</description></item>");
    }
    xml.push_str("</channel></rss>");
    xml
}
