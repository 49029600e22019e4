//! Tests of the pages, served in this process.
#![allow(clippy::unwrap_used, dead_code, missing_docs)]

#[path = "../support/fixtures.rs"]
mod fixtures;
#[path = "../support/golden.rs"]
mod golden;
#[path = "../support/mock_web.rs"]
mod mock_web;
#[path = "../support/mod.rs"]
mod support;

mod account {
    mod guessing;
    mod login;
    mod setup;
}
mod add {
    mod disk_space;
    mod fetch_again;
    mod export_page;
    mod file_names;
    mod import_form;
    mod import_list;
    mod import_wait;
    mod lead_image;
    mod replace_text;
    mod uploaded_files;
}
mod catalogue;
mod browse {
    mod bulk;
    mod edit_source;
    mod edit_tag;
    mod index_pages;
    mod lanes;
    mod list;
    mod tidy_tags;
    mod topics;
    mod topic_page;
    mod topics_page;
    mod trash;
}
mod edition {
    mod front_page;
    mod past_editions;
}
mod correct {
    mod change_block;
    mod rules;
}
mod feeds {
    mod feed_list;
    mod feed_settings;
    mod folder_lists;
    mod follow;
    mod limits;
    mod page_links;
    mod lists;
    pub(crate) mod site;
    mod unfollow;
    mod unfollow_in_flight;
}
mod read {
    mod details;
    mod article;
    mod image;
    mod page_notice;
    mod suggested_tags;
    mod tags;
    mod reading_on;
    mod recordings;
    mod topic_reason;
    mod versions;
}
mod settings;
mod stories;
mod shell {
    mod metrics;
    mod proxies;
    mod routes;
    mod security;
}
