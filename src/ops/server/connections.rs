//! The open connections, and which one is closed to make room for another.
//!
//! A stranger can hold a connection by sending half a request, or one every half minute. A reader must be answered all
//! the same. So when there are too many connections, one is closed for each new one: the one that has been silent
//! longest among those whose last request was not a reader's, or of which no request has arrived whole. Only if all are
//! readers' is one of theirs closed, and never one that is being answered.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use super::peer_user::{self, PeerUser};

/// Connections at most. Each may hold some 100 kB while it sends; six per browser are usual.
const MAX_CONNECTIONS: usize = 1024;

/// Share of the open files that connections may be: databases, images and fetches need the rest.
const SHARE_OF_OPEN_FILES: u64 = 2;

/// All open connections.
pub(super) struct Connections(Arc<Table>);

/// An open connection. Cheap to clone; it is open until the last clone is gone.
#[derive(Clone)]
pub struct Connection(Arc<Inner>);

struct Inner {
    id: u64,
    peer: SocketAddr,
    local: SocketAddr,
    user: OnceCell<PeerUser>,
    evicted: CancellationToken,
    table: Arc<Table>,
}

struct Table {
    max: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    by_id: HashMap<u64, State>,
    /// Counts connections and requests, so that later ones have larger numbers.
    counter: u64,
    /// Whether it was logged that there are too many.
    is_crowded: bool,
}

/// What decides whether a connection is closed for another.
struct State {
    /// When it was opened or sent the head of its last request, by [`Open::counter`].
    last_sign: u64,
    activity: Activity,
    evicted: CancellationToken,
}

/// In the order in which connections are closed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Activity {
    /// Its last request, if any, was not a reader's as far as is known.
    Stranger,
    /// Its last request was a reader's and is answered.
    IdleReader,
    /// A reader's request is being answered.
    BusyReader,
}

impl Connections {
    /// `open_files`: how many files the process may open.
    pub(super) fn new(open_files: u64) -> Self {
        let max = usize::try_from(open_files / SHARE_OF_OPEN_FILES).unwrap_or(usize::MAX).clamp(1, MAX_CONNECTIONS);
        Self(Arc::new(Table { max, open: Mutex::default() }))
    }

    /// Admits a new connection, for which another may be closed. Returns `None` if all are busy with readers.
    pub(super) fn admit(&self, peer: SocketAddr, local: SocketAddr) -> Option<Connection> {
        let evicted = CancellationToken::new();
        let mut open = self.0.lock();
        if open.by_id.len() >= self.0.max {
            open.evict_one()?;
            if !open.is_crowded {
                open.is_crowded = true;
                tracing::warn!(max = self.0.max, "too many connections; the oldest that aren't readers' are closed");
            }
        }
        open.counter += 1;
        let id = open.counter;
        let state = State { last_sign: id, activity: Activity::Stranger, evicted: evicted.clone() };
        open.by_id.insert(id, state);
        drop(open);
        let table = Arc::clone(&self.0);
        Some(Connection(Arc::new(Inner { id, peer, local, user: OnceCell::new(), evicted, table })))
    }
}

impl Connection {
    /// Returns the address of the other end.
    #[must_use]
    pub fn peer(&self) -> SocketAddr {
        self.0.peer
    }

    /// Returns whose program on this computer is at the other end. Looked up once.
    pub async fn peer_user(&self) -> PeerUser {
        let (peer, local) = (self.0.peer, self.0.local);
        let find = async move || {
            let found = tokio::task::spawn_blocking(move || peer_user::find(peer, local)).await;
            found.unwrap_or(PeerUser::Other)
        };
        *self.0.user.get_or_init(find).await
    }

    /// Notes that the current request is a reader's.
    pub fn mark_reader(&self) {
        self.update(|state| state.activity = Activity::BusyReader);
    }

    pub(super) fn begin_request(&self) {
        let mut open = self.0.table.lock();
        open.counter += 1;
        let last_sign = open.counter;
        if let Some(state) = open.by_id.get_mut(&self.0.id) {
            *state = State { last_sign, activity: Activity::Stranger, evicted: state.evicted.clone() };
        }
    }

    pub(super) fn end_request(&self) {
        self.update(|state| state.activity = state.activity.min(Activity::IdleReader));
    }

    /// Is cancelled when the connection must close to make room for another.
    pub(super) fn evicted(&self) -> CancellationToken {
        self.0.evicted.clone()
    }

    fn update(&self, change: impl FnOnce(&mut State)) {
        self.0.table.lock().by_id.get_mut(&self.0.id).map(change);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let mut open = self.table.lock();
        open.by_id.remove(&self.id);
        if open.by_id.len() < self.table.max / 2 {
            open.is_crowded = false;
        }
    }
}

impl Table {
    /// Locks even if poisoned: the table is consistent at every step.
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn evict_one(&mut self) -> Option<()> {
        let may_close = self.by_id.iter().filter(|(_, state)| state.activity != Activity::BusyReader);
        let (&id, _) = may_close.min_by_key(|(_, state)| (state.activity, state.last_sign))?;
        self.by_id.remove(&id)?.evicted.cancel();
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Room for three connections.
    fn three() -> Connections {
        Connections::new(3 * SHARE_OF_OPEN_FILES)
    }

    fn admit(connections: &Connections) -> Connection {
        try_admit(connections).expect("there is room")
    }

    fn try_admit(connections: &Connections) -> Option<Connection> {
        connections.admit(([127, 0, 0, 1], 50_000).into(), ([127, 0, 0, 1], 8080).into())
    }

    fn is_open(connection: &Connection) -> bool {
        !connection.evicted().is_cancelled()
    }

    #[test]
    fn the_connection_that_is_silent_longest_makes_room() {
        let connections = three();
        let [first, second, third] = [0; 3].map(|_| admit(&connections));
        first.begin_request();
        first.end_request();
        let fourth = admit(&connections);
        assert!(!is_open(&second) && [&first, &third, &fourth].into_iter().all(is_open));
        let fifth = admit(&connections);
        assert!(!is_open(&third) && [&first, &fourth, &fifth].into_iter().all(is_open));
    }

    #[test]
    fn strangers_make_room_before_readers() {
        let connections = three();
        let reader = admit(&connections);
        reader.begin_request();
        reader.mark_reader();
        reader.end_request();
        for _ in 0..1000 {
            let stranger = admit(&connections);
            stranger.begin_request();
            drop(connections.admit(stranger.peer(), stranger.peer()));
        }
        let flood: Vec<_> = (0..1000).map(|_| admit(&connections)).collect();
        assert!(is_open(&reader));
        assert_eq!(flood.iter().filter(|stranger| is_open(stranger)).count(), 2);
    }

    #[test]
    fn a_reader_who_is_being_answered_is_never_cut_off() {
        let connections = three();
        let readers: Vec<_> = (0..3).map(|_| admit(&connections)).collect();
        for reader in &readers {
            reader.begin_request();
            reader.mark_reader();
        }
        assert!(try_admit(&connections).is_none());
        readers[1].end_request();
        let new = admit(&connections);
        assert!(!is_open(&readers[1]) && is_open(&readers[0]) && is_open(&readers[2]) && is_open(&new));
    }

    #[test]
    fn a_connection_counts_as_a_readers_for_one_request_only() {
        let connections = three();
        let shared = admit(&connections);
        shared.begin_request();
        shared.mark_reader();
        shared.end_request();
        shared.begin_request();
        let _others = [admit(&connections), admit(&connections)];
        let _new = admit(&connections);
        assert!(!is_open(&shared), "a proxy sends a stranger's request on the same connection");
    }

    #[test]
    fn a_closed_connection_makes_room() {
        let connections = three();
        let first = admit(&connections);
        for _ in 0..100 {
            drop(admit(&connections));
        }
        let _others = [admit(&connections), admit(&connections)];
        assert!(is_open(&first));
    }

    #[test]
    fn connections_leave_half_of_the_open_files_to_others() {
        for (open_files, max) in [(1024, 512), (256, 128), (1 << 20, MAX_CONNECTIONS), (1, 1)] {
            assert_eq!(Connections::new(open_files).0.max, max);
        }
    }
}
