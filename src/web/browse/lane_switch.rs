//! The switch between kept articles, the stream, and both: `POST /articles/lane` remembers the choice in the library.

use axum::Form;
use axum::response::Redirect;
use serde::Deserialize;

use crate::library::articles::lists::Count;
use crate::library::lanes::{self, Lanes};
use crate::web::browse::topic_view::View;
use crate::web::shell::list_url::ListUrl;
use crate::web::shell::origin::add_parameters;
use crate::web::shell::{Error, Reader, Result};

/// The switch, for `templates/parts/lane_switch.html`.
pub(crate) struct LaneSwitch {
    /// The list that it is beside, as the query of its URL; `None` on the front page.
    pub list: Option<String>,
    /// The page of a topic is shown by its sources.
    pub is_by_source: bool,
    pub options: [LaneOption; 3],
}

/// A button of the switch.
pub(crate) struct LaneOption {
    pub value: &'static str,
    pub name: &'static str,
    /// Number of articles, if it is known.
    pub count: Option<Count>,
    pub is_selected: bool,
}

impl LaneSwitch {
    /// Creates the switch of the front page.
    pub fn new(selected: Lanes) -> Self {
        let option = |lanes: Lanes| LaneOption {
            value: lanes.as_str(),
            name: name(lanes),
            count: None,
            is_selected: lanes == selected,
        };
        Self { list: None, is_by_source: false, options: Lanes::ALL.map(option) }
    }

    /// Creates the switch beside a list, with the number of articles that each choice would show.
    pub fn beside_list(list: &ListUrl, view: View, counts: [(Lanes, Count); 3]) -> Self {
        let selected = list.lane.unwrap_or_default();
        let is_by_source = view == View::BySource;
        let mut switch = Self { list: Some(list.to_query()), is_by_source, ..Self::new(selected) };
        for (option, (_, count)) in switch.options.iter_mut().zip(counts) {
            option.count = Some(count);
        }
        switch
    }
}

/// Names lanes for readers.
pub(crate) const fn name(lanes: Lanes) -> &'static str {
    match lanes {
        Lanes::Kept => "Kept",
        Lanes::Stream => "Stream",
        Lanes::Both => "Both",
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct LaneForm {
    lane: String,
    /// The list to return to, as the query of its URL; the front page without.
    list: Option<String>,
    /// `source`: the page of a topic by its sources.
    by: Option<String>,
}

pub(crate) async fn choose(reader: Reader, Form(form): Form<LaneForm>) -> Result<Redirect> {
    let lanes = Lanes::parse(&form.lane).ok_or(Error::NotFound)?;
    lanes::choose(&reader.library, lanes).await?;
    let Some(list) = form.list else { return Ok(Redirect::to("/")) };
    let url = ListUrl::parse(&list).with(|url| url.lane = None).to_string();
    let is_by_source = form.by.as_deref() == Some("source");
    Ok(Redirect::to(&if is_by_source { add_parameters(&url, &[("by", "source")]) } else { url }))
}
