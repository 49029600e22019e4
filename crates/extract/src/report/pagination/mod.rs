pub(crate) mod append_page;
pub(crate) mod next_page;
