//! `POST /articles/sort`: chooses the order of a list, which is remembered in the library.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

use crate::app::App;
use crate::library::articles::lists::{self, Sort};
use crate::web::browse::filters::{self, ActiveFilters};
use crate::web::shell::list_url::ListUrl;
use crate::web::shell::{Reader, Result};

/// Each order and its name.
const NAMES: [(Sort, &str); 6] = [
    (Sort::Newest, "Newest first"),
    (Sort::Oldest, "Oldest first"),
    (Sort::Shortest, "Shortest first"),
    (Sort::Longest, "Longest first"),
    (Sort::RecentlyArchived, "Recently archived"),
    (Sort::Random(0), "Random"),
];

/// An order to choose.
pub(crate) struct SortOption {
    pub value: &'static str,
    pub name: &'static str,
    pub is_selected: bool,
}

/// Returns the orders that a list can have.
pub(crate) fn options(filters: &ActiveFilters) -> Vec<SortOption> {
    let is_possible = |sort: Sort| sort.within(&filters.filter) == sort;
    let options = NAMES.iter().filter(|(sort, _)| is_possible(*sort));
    options
        .map(|(sort, name)| SortOption {
            value: sort.as_str(),
            name,
            is_selected: sort.as_str() == filters.sort.as_str(),
        })
        .collect()
}

#[derive(Debug, Deserialize)]
pub(crate) struct SortForm {
    /// The list, as the query of its URL.
    list: String,
    sort: String,
}

pub(crate) async fn choose(State(app): State<App>, reader: Reader, Form(form): Form<SortForm>) -> Result<Redirect> {
    let clock = crate::web::shell::local_clock(&app);
    let list = ListUrl { sort: Some(form.sort), ..ListUrl::parse(&form.list) };
    let active = filters::resolve(&reader.library, list, &clock, app.search_time).await?;
    let mut url = active.url.with(|_| {});
    if let Sort::Random(_) = active.sort {
        // Each choice shuffles again.
        let seconds = u32::try_from(app.now().as_second().rem_euclid(1 << 32)).unwrap_or_default();
        url.sort = Some(format!("random-{}", seconds.wrapping_mul(2_654_435_761)));
    }
    if let Some(key) = url.sort_key() {
        let sort = (active.sort != Sort::Newest).then_some(active.sort);
        lists::set_sort(&reader.library, &key, sort).await?;
        if !matches!(active.sort, Sort::Random(_)) {
            url.sort = None;
        }
    }
    Ok(Redirect::to(&url.to_string()))
}
