//! Articles on several pages: `next_page` finds where one continues, `append_page` adds what is found there.

pub(crate) mod append_page;
pub(crate) mod next_page;
