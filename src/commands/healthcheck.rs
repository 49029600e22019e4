//! `broadsheet healthcheck`: checks a running server, since a `FROM scratch` container has no curl. Writes HTTP/1.0 by
//! hand, because the program's HTTP client is for fetching pages only.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use broadsheet::ops::config::Settings;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::print_line;

const TIMEOUT: Duration = Duration::from_secs(5);

/// Enough for the answer.
const MAX_RESPONSE_BYTES: u64 = 4096;

pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let address = connect_address(settings.listen);
    let host =
        settings.base_url.as_ref().and_then(|url| url.host_str()).map_or_else(|| address.to_string(), str::to_owned);
    let response = match tokio::time::timeout(TIMEOUT, get_healthcheck(address, &host)).await {
        Err(_) => anyhow::bail!("No answer from http://{address} within {} seconds.", TIMEOUT.as_secs()),
        Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => {
            anyhow::bail!("Nothing is listening at http://{address}. Is the server running?")
        }
        Ok(response) => response.with_context(|| format!("checking http://{address}"))?,
    };
    let status = response.split_ascii_whitespace().nth(1).unwrap_or("without a status");
    anyhow::ensure!(status == "200", "http://{address} answered {status}");
    // What else is wrong, which starting again would not mend.
    if let Some((_, warning)) = response.split_once("\r\n\r\nok\n") {
        print_line(warning.trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

async fn get_healthcheck(address: SocketAddr, host: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(format!("GET /healthcheck HTTP/1.0\r\nHost: {host}\r\n\r\n").as_bytes()).await?;
    let mut response = Vec::new();
    stream.take(MAX_RESPONSE_BYTES).read_to_end(&mut response).await?;
    Ok(String::from_utf8_lossy(&response).into_owned())
}

/// Returns the address to connect to: loopback if the server listens on all addresses.
fn connect_address(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unspecified_addresses_become_loopback() {
        for (listen, expected) in
            [("0.0.0.0:80", "127.0.0.1:80"), ("[::]:81", "[::1]:81"), ("192.0.2.1:8080", "192.0.2.1:8080")]
        {
            assert_eq!(connect_address(listen.parse().unwrap()), expected.parse().unwrap());
        }
    }
}
