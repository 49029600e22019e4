//! The publishers' keywords, which become tags one by one or, for sources that the reader chooses, all of them.

mod store;

pub(in crate::library) use store::{add_for_new_article, end_keywords, pass_on_keywords, take_keywords_after_move};
pub use store::{set_takes_keywords, take_next_keywords};
