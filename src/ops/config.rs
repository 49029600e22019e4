//! The settings, parsed once at startup. A test in `src/commands/tests.rs` generates the table in README.md from this
//! file.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use tracing_subscriber::filter::Targets;
use url::Url;

use crate::ops::disk_usage;

/// The default of the `log` setting.
pub const DEFAULT_LOG: &str = "info";

/// The settings, each a flag and an environment variable.
#[derive(clap::Args, Debug, Clone)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// Listen address: an IP address and a port, or a port alone. Anything but loopback requires a password.
    #[arg(
        long,
        env = "BROADSHEET_LISTEN",
        default_value = "127.0.0.1:8080",
        value_parser = parse_listen_address,
        global = true,
        value_name = "[ADDRESS:]PORT"
    )]
    pub listen: SocketAddr,

    /// Data folder; created if missing.
    #[arg(long, env = "BROADSHEET_DATA", default_value = "./data", global = true, value_name = "FOLDER")]
    pub data: PathBuf,

    /// Whether the data folder was not named.
    #[arg(skip)]
    pub is_data_default: bool,

    /// Public URL when behind a TLS proxy. Used for cookies and origin checks.
    #[arg(long, env = "BROADSHEET_BASE_URL", value_parser = parse_base_url, global = true, value_name = "URL")]
    pub base_url: Option<Url>,

    /// Listen address for monitoring programs such as Prometheus, which find counts at /metrics there. Off unless it is set; a
    /// loopback or private address.
    #[arg(long, env = "BROADSHEET_METRICS", value_parser = parse_metrics_address, global = true, value_name = "[ADDRESS:]PORT")]
    pub metrics: Option<SocketAddr>,

    /// Log level: error, warn, info, debug or trace; also per module, as in info,broadsheet=debug.
    #[arg(long, env = "BROADSHEET_LOG", default_value = DEFAULT_LOG, value_parser = parse_log_filter, global = true, value_name = "FILTER")]
    pub log: String,

    /// Log format: text, or json with one object per line. The log goes to standard error.
    #[arg(long, env = "BROADSHEET_LOG_FORMAT", default_value = "text", global = true, value_name = "FORMAT")]
    pub log_format: LogFormat,

    /// Hosts on your private network that articles may be fetched from, comma-separated, such as
    /// nas.lan,192.168.1.5:8080. Redirects and images of public sites may lead to such a host only if its port is named.
    #[arg(long, env = "BROADSHEET_ALLOW_HOSTS", value_parser = parse_hosts, global = true, value_name = "HOST,…")]
    pub allow_hosts: Option<Hosts>,

    /// Ports that articles may be fetched from although they usually belong to other services, comma-separated.
    #[arg(long, env = "BROADSHEET_ALLOW_PORTS", value_parser = parse_ports, global = true, value_name = "PORT,…")]
    pub allow_ports: Option<Ports>,

    /// PEM file with extra certificates to trust when fetching articles.
    #[arg(long, env = "BROADSHEET_EXTRA_CA", global = true, value_name = "FILE")]
    pub extra_ca: Option<PathBuf>,

    /// Web archive that is asked for copies of pages that are gone, when a reader chooses so. It must understand the URLs of
    /// the Wayback Machine.
    #[arg(long, env = "BROADSHEET_ARCHIVE", default_value = "https://web.archive.org", value_parser = parse_archive, global = true, value_name = "URL")]
    pub archive: Url,

    /// Username of the first account, created at startup. Needs the password file; without both, the set-up page asks.
    #[arg(long, env = "BROADSHEET_OWNER", requires = "owner_password_file", global = true, value_name = "NAME")]
    pub owner: Option<String>,

    /// File whose first line is the password of the first account.
    #[arg(long, env = "BROADSHEET_OWNER_PASSWORD_FILE", requires = "owner", global = true, value_name = "FILE")]
    pub owner_password_file: Option<PathBuf>,

    /// Disk limit for images per library, such as 500MiB or 20GiB. At the limit, new images aren't saved; 0 saves none.
    #[arg(long, env = "BROADSHEET_IMAGES_LIMIT", default_value = "20GiB", value_parser = disk_usage::parse_size, global = true, value_name = "SIZE")]
    pub images_limit: u64,

    /// Free disk space to keep, such as 2GiB: while less is free, no images and no pages over 2 MB are saved. Default: 5% of
    /// the disk, at most 500 MB.
    #[arg(long, env = "BROADSHEET_MIN_FREE_SPACE", value_parser = disk_usage::parse_size, global = true, value_name = "SIZE")]
    pub min_free_space: Option<u64>,

    /// Memory for reading pages, such as 128MiB; large pages wait for each other. By default a quarter of the machine's
    /// or container's memory, at most 512MiB.
    #[arg(long, env = "BROADSHEET_MEMORY", value_parser = disk_usage::parse_size, global = true, value_name = "SIZE")]
    pub memory: Option<u64>,
}

/// The format of log lines.
#[derive(clap::ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Plain text.
    Text,
    /// One JSON object per line.
    Json,
}

/// Host names or IP addresses, each optionally with a port. An alias, because clap treats a bare `Vec` as a repeated
/// flag.
pub type Hosts = Vec<String>;

/// Port numbers.
pub type Ports = Vec<u16>;

/// Parses the listen address. A port alone and `localhost` mean 127.0.0.1: only an explicit IP address opens the server
/// to the network.
fn parse_listen_address(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    if (host.is_empty() || host.eq_ignore_ascii_case("localhost")) && port.bytes().all(|byte| byte.is_ascii_digit()) {
        return port.parse().map(|port| (Ipv4Addr::LOCALHOST, port).into()).map_err(|_| LISTEN_HELP.to_owned());
    }
    text.parse().map_err(|_| LISTEN_HELP.to_owned())
}

const LISTEN_HELP: &str = "Use an IP address and a port, such as 127.0.0.1:8080.";

/// Parses the listen address for monitoring, which must not be public.
fn parse_metrics_address(text: &str) -> Result<SocketAddr, String> {
    const HELP: &str =
        "Use a loopback or private address and a port, such as 127.0.0.1:9090. Metrics are never public.";
    let address = parse_listen_address(text).map_err(|_| HELP.to_owned())?;
    let is_private = match address.ip().to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    };
    if is_private { Ok(address) } else { Err(HELP.to_owned()) }
}

fn parse_base_url(text: &str) -> Result<Url, String> {
    let help = "Use the full public URL, such as https://news.example.org.";
    let url = Url::parse(text).map_err(|_| help.to_owned())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(help.to_owned());
    }
    let is_origin = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !is_origin || !url.username().is_empty() || url.password().is_some() {
        return Err("Use a host name of its own, without a path or a username; sub-paths aren't supported.".to_owned());
    }
    Ok(url)
}

fn parse_archive(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.query().is_none());
    url.ok_or_else(|| "Use the URL of a web archive, such as https://web.archive.org.".to_owned())
}

fn parse_log_filter(text: &str) -> Result<String, String> {
    text.parse::<Targets>()
        .map(|_| text.to_owned())
        .map_err(|_| "Use error, warn, info, debug or trace, or a list such as info,broadsheet=debug.".to_owned())
}

fn parse_hosts(text: &str) -> Result<Hosts, String> {
    let hosts: Hosts = split_list(text).map(str::to_lowercase).collect();
    match hosts.iter().find(|host| host.contains(['/', '*', '@']) || host.contains(char::is_whitespace)) {
        Some(bad) => {
            Err(format!("{bad} isn't a host. Use a name or an IP address, such as nas.lan or 192.168.1.5:8080."))
        }
        None => Ok(hosts),
    }
}

fn parse_ports(text: &str) -> Result<Ports, String> {
    split_list(text)
        .map(|item| item.parse().map_err(|_| format!("{item} isn't a port. Use numbers from 0 to 65535.")))
        .collect()
}

fn split_list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_are_origins_without_a_path() {
        assert_eq!(parse_base_url("https://news.example.org").unwrap().as_str(), "https://news.example.org/");
        for bad in [
            "",
            "news.example.org",
            "ftp://a.example",
            "https://a.example/news",
            "https://me@a.example",
            "https://a.example/?a",
        ] {
            assert!(parse_base_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ports_alone_and_localhost_mean_loopback() {
        for (text, expected) in [
            ("8080", "127.0.0.1:8080"),
            (":8080", "127.0.0.1:8080"),
            ("localhost:8080", "127.0.0.1:8080"),
            (" LocalHost:80 ", "127.0.0.1:80"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("0.0.0.0:8080", "0.0.0.0:8080"),
            ("[::1]:8080", "[::1]:8080"),
            ("[::]:80", "[::]:80"),
        ] {
            assert_eq!(parse_listen_address(text), Ok(expected.parse().unwrap()), "{text}");
        }
        for bad in [
            "",
            ":",
            "localhost",
            "localhost:",
            "127.0.0.1",
            "::1",
            "::1:8080",
            "65536",
            "+80",
            "-1",
            "*:8080",
            "news.example.org:8080",
            "localhost:http",
            "http://127.0.0.1:8080",
            "127.0.0.1:8080/",
        ] {
            assert_eq!(parse_listen_address(bad), Err(LISTEN_HELP.to_owned()), "{bad}");
        }
    }

    #[test]
    fn metrics_have_no_public_address() {
        for (good, address) in [
            ("9090", "127.0.0.1:9090"),
            ("127.0.0.1:9090", "127.0.0.1:9090"),
            ("10.1.2.3:9090", "10.1.2.3:9090"),
            ("[::1]:9090", "[::1]:9090"),
            ("[fd00::7]:9090", "[fd00::7]:9090"),
        ] {
            assert_eq!(parse_metrics_address(good), Ok(address.parse().unwrap()), "{good}");
        }
        for bad in ["0.0.0.0:9090", "[::]:9090", "203.0.113.5:9090", "[2001:db8::1]:9090", "[::ffff:8.8.8.8]:90", "on"]
        {
            assert!(parse_metrics_address(bad).unwrap_err().contains("never public"), "{bad}");
        }
    }

    #[test]
    fn lists_may_contain_spaces_and_be_empty() {
        assert_eq!(parse_hosts(" NAS.lan:8080, [fd00::7],").unwrap(), ["nas.lan:8080", "[fd00::7]"]);
        assert_eq!(parse_hosts("").unwrap(), Hosts::new());
        assert!(parse_hosts("http://nas.lan/").unwrap_err().contains("http://nas.lan/ isn't a host"));
        assert_eq!(parse_ports("81, 8443").unwrap(), [81, 8443]);
        assert!(parse_ports("https").unwrap_err().contains("https isn't a port"));
    }

    #[test]
    fn invalid_log_filters_are_rejected() {
        assert!(parse_log_filter("info,broadsheet=debug").is_ok());
        assert!(parse_log_filter("broadsheet=loud").is_err());
    }
}
