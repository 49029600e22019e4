//! Articles that went to the trash with their feed, or by a limit. The reader has not deleted them, so another feed brings them back.

mod store;

pub(in crate::library) use store::{bring_back, note_unfollowed};
