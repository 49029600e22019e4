//! How feeds are doing.

mod store;

pub use store::{Pulse, find_outage, find_pulse, list_pulses};

use jiff::SignedDuration;

/// Articles of this time are counted to say how often a feed publishes.
pub const RECENT: SignedDuration = SignedDuration::from_hours(28 * 24);

/// Nothing that was due for this long could be fetched: something is wrong here rather than there.
pub const OUTAGE: SignedDuration = SignedDuration::from_hours(2);
