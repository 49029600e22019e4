//! URLs of articles: when two of them lead to the same article, and which site they belong to. Pure.

mod key;
mod site;

pub use key::{AddressKey, is_front_page, plain};
pub use site::{display_host, registrable_domain, same_site};

pub(crate) use site::subdomain;
