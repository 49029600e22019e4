//! URLs of articles: which of them lead to the same article, and which site they belong to. Pure.

mod url_key;
mod service_page;
mod site;
mod wrappers;

pub use service_page::is_service_page;
pub use site::{display_domain, display_host, registrable_domain, same_site, strip_www};
pub use url_key::{UrlKey, is_front_page, strip_tracking_and_fragment};

pub use wrappers::unwrap;

pub(crate) use site::{is_public_suffix, subdomain};
