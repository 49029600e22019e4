//! Changes of a topic itself, for the operation log: each is made only if the topic still is as expected, so that it can be
//! undone.

mod store;

pub(in crate::library) use store::{
    Row, delete, find, find_name, find_root, list_merged, number_name, put_back, restore, set_hidden, set_merged,
    set_name, set_section,
};
