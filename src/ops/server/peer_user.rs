//! Whose program is at the other end of a connection within this computer.
//!
//! A proxy can pass on a stranger's request so that it looks like one from a browser here: recent versions of nginx do by
//! default. But a proxy usually runs as a user of its own, and Linux knows the user of every socket. See proc_net_tcp.txt
//! in the kernel's documentation.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use rustix::process::geteuid;

/// The superuser may read the library anyway. Programs of theirs pass on connections from a browser, too: the one that
/// connects Windows with its Linux subsystem.
const ROOT: u32 = 0;

/// The number of an open connection's state in the kernel's table.
const ESTABLISHED: u8 = 1;

/// Whose program is at the other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerUser {
    /// The user's that this program runs as, or root's.
    Ours,
    /// Another user's, or nobody's any more.
    Other,
    /// This system does not tell.
    Unknown,
}

/// A row of the kernel's table of TCP sockets.
#[derive(Debug, PartialEq, Eq)]
struct Socket {
    local: SocketAddr,
    remote: SocketAddr,
    state: u8,
    user: u32,
}

/// Finds whose socket is at `peer`, connected to ours at `local`.
pub(super) fn find(peer: SocketAddr, local: SocketAddr) -> PeerUser {
    // An IPv4 connection of a program that uses IPv6 sockets is in the second table.
    let tables =
        ["/proc/self/net/tcp", "/proc/self/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
    find_in(&tables.concat(), peer, local, geteuid().as_raw())
}

fn find_in(table: &str, peer: SocketAddr, local: SocketAddr, our_user: u32) -> PeerUser {
    let ends = (canonical(peer), canonical(local));
    let sockets = table.lines().filter_map(parse_row);
    match sockets.into_iter().find(|socket| (socket.local, socket.remote) == ends) {
        Some(socket) if socket.state == ESTABLISHED && [our_user, ROOT].contains(&socket.user) => PeerUser::Ours,
        // Of a socket that its program has closed, the table does not say whose it was.
        Some(_) => PeerUser::Other,
        None => PeerUser::Unknown,
    }
}

/// Parses a row; `None` for the heading.
fn parse_row(row: &str) -> Option<Socket> {
    let mut columns = row.split_ascii_whitespace().skip(1);
    let local = parse_address(columns.next()?)?;
    let remote = parse_address(columns.next()?)?;
    let state = u8::from_str_radix(columns.next()?, 16).ok()?;
    // After queues, timer and retransmissions.
    let user = columns.nth(3)?.parse().ok()?;
    Some(Socket { local, remote, state, user })
}

/// Parses an address such as `0100007F:1F90`: each four bytes as a number of this machine, then the port.
fn parse_address(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let words: Vec<[u8; 4]> = (0..address.len() / 8)
        .map(|word| Some(u32::from_str_radix(address.get(word * 8..word * 8 + 8)?, 16).ok()?.to_ne_bytes()))
        .collect::<Option<_>>()?;
    let address: IpAddr = match words.as_slice() {
        [word] => Ipv4Addr::from(*word).into(),
        [..] => Ipv6Addr::from(<[u8; 16]>::try_from(words.concat()).ok()?).into(),
    };
    Some(canonical(SocketAddr::new(address, port)))
}

fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    const HEADING: &str =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

    fn hex(address: &str) -> String {
        let address: SocketAddr = address.parse().unwrap();
        let words: Vec<u8> = match address.ip() {
            IpAddr::V4(v4) => v4.octets().to_vec(),
            IpAddr::V6(v6) => v6.octets().to_vec(),
        };
        let words = words.chunks(4).map(|word| format!("{:08X}", u32::from_ne_bytes(word.try_into().unwrap())));
        format!("{}:{:04X}", words.collect::<String>(), address.port())
    }

    fn row(local: &str, remote: &str, state: &str, user: u32) -> String {
        let (local, remote) = (hex(local), hex(remote));
        format!(
            "   7: {local} {remote} {state} 00000000:00000000 00:00000000 00000000 {user:5}        0 4711 1 0 20 4 30 10 -1\n"
        )
    }

    fn find_among(rows: &[String]) -> PeerUser {
        let table = format!("{HEADING}\n{}", rows.concat());
        find_in(&table, "127.0.0.1:40000".parse().unwrap(), "127.0.0.1:8080".parse().unwrap(), 1000)
    }

    #[test]
    fn the_socket_at_the_other_end_tells_the_user() {
        let ours = row("127.0.0.1:8080", "127.0.0.1:40000", "01", 1000);
        let neighbour = row("127.0.0.1:40001", "127.0.0.1:8080", "01", 1000);
        for (user, expected) in [(1000, PeerUser::Ours), (0, PeerUser::Ours), (33, PeerUser::Other)] {
            let theirs = row("127.0.0.1:40000", "127.0.0.1:8080", "01", user);
            assert_eq!(find_among(&[ours.clone(), neighbour.clone(), theirs]), expected, "{user}");
            let by_ipv6 = row("[::ffff:127.0.0.1]:40000", "[::ffff:127.0.0.1]:8080", "01", user);
            assert_eq!(find_among(&[by_ipv6]), expected, "{user}");
        }
        assert_eq!(find_among(&[ours, neighbour]), PeerUser::Unknown);
        assert_eq!(find_among(&[]), PeerUser::Unknown);
    }

    #[test]
    fn a_socket_that_was_closed_is_nobodys() {
        for state in ["05", "06"] {
            assert_eq!(find_among(&[row("127.0.0.1:40000", "127.0.0.1:8080", state, 0)]), PeerUser::Other);
        }
    }

    #[test]
    fn a_connection_of_this_process_is_ours() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, peer) = listener.accept().unwrap();
        let found = find(peer, server.local_addr().unwrap());
        assert_eq!(found, if cfg!(target_os = "linux") { PeerUser::Ours } else { PeerUser::Unknown });
        drop(client);
    }

    #[test]
    fn rubbish_is_no_row() {
        for rubbish in
            ["", "a b c d e f g h", "0: 0100007F 0100007F:1 01 a b c 0", "0: 010000é:1 00000000:0 01 a b c 0"]
        {
            assert_eq!(parse_row(rubbish), None, "{rubbish}");
        }
    }
}
