//! Articles on several pages: `next_page` finds the next page, `append_page` appends it.

pub(crate) mod append_page;
pub(crate) mod next_page;
mod next_words;
mod page_numbers;
