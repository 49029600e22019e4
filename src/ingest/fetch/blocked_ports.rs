//! Ports on which no web pages are served. Pure.
//!
//! A request to such a port reaches something other than a web server: a mail server, a database, a container engine. A
//! request can make those with a text protocol act on it.

/// The bad ports of the Fetch standard (<https://fetch.spec.whatwg.org/#port-blocking>), ascending.
const BAD_PORTS: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// Ports of databases and infrastructure that speak HTTP or a text protocol and that browsers don't block, ascending:
/// Docker 2375/2376, etcd 2379/2380, MySQL, PostgreSQL, SQL Server, Oracle, Redis, Elasticsearch 9200/9300, memcached,
/// MongoDB.
const DATABASE_PORTS: &[u16] = &[1433, 1521, 2375, 2376, 2379, 2380, 3306, 5432, 6379, 9200, 9300, 11211, 27017];

/// Returns whether `port` belongs to a service that is not the web.
pub(super) fn is_blocked(port: u16) -> bool {
    BAD_PORTS.binary_search(&port).is_ok() || DATABASE_PORTS.binary_search(&port).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_tables_are_sorted() {
        assert!(BAD_PORTS.is_sorted() && DATABASE_PORTS.is_sorted());
    }

    #[test]
    fn web_ports_are_open_and_mail_and_database_ports_are_blocked() {
        for port in [80, 443, 8000, 8080, 8443, 3000] {
            assert!(!is_blocked(port), "{port}");
        }
        for port in [0, 22, 25, 5432, 6379, 10080, 11211, 27017] {
            assert!(is_blocked(port), "{port}");
        }
    }
}
