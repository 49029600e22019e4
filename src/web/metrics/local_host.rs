//! A page in a browser at home must not read the numbers by a name that it has led to this computer (DNS rebinding).

use std::net::IpAddr;

use axum::http::{HeaderMap, header};

/// Returns whether a request names this server as a name server of the internet cannot: by an IP address, or by a name without
/// dots, such as that of a container.
pub(super) fn is_named_locally(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Ok(host) = host.to_str() else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    address.parse::<IpAddr>().is_ok() || (!name.is_empty() && !name.contains(['.', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_the_internet_cannot_have_are_answered() {
        for (host, is_local) in [
            ("127.0.0.1:9090", true),
            ("[::1]:9090", true),
            ("192.168.1.4", true),
            ("localhost:9090", true),
            ("broadsheet:9090", true),
            ("attacker.example:9090", false),
            ("attacker.example", false),
            ("localhost.attacker.example:9090", false),
            ("a:b:9090", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            assert_eq!(is_named_locally(&headers), is_local, "{host}");
        }
        assert!(!is_named_locally(&HeaderMap::new()));
    }
}
